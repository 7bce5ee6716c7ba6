// Package circumstances keeps what bears on somebody's risk and support besides
// what was done to them: discrimination, prejudice, insecure status and other
// circumstances; where specialist advice was pointed to; forced marriage and
// capacity; and who does what to whom where both are said to do harm.
//
// # Words
//
//   - A circumstance is something about which somebody spoke, in their words:
//     what it is, how it bears on the danger, and what would help.
//   - A pointer says where specialist advice is to be had ([Pointer]). It ships as
//     data and names sectors; which services there are, the directory says.
//   - Forced is a marriage to which somebody does not freely agree, or cannot for
//     a disability. An arranged marriage to which both freely agree is not.
//   - A capacity note is about one decision on one day.
//   - A report is something that one is said to have done to the other. A pattern
//     is the reasoned judgement of whose pattern causes fear and control: the
//     predominant aggressor (domain.md, glossary).
//
// # Rules
//
//   - Nothing is inferred from who a person is. What is asked, shown and due does
//     not depend on gender, orientation or any other word about a person.
//   - No row changes. Another version stands after the one that was read.
//   - Of which kind a circumstance is, is sealed with its words. What lies in the
//     compartment for immigration and entitlement goes by its permission; HIV and
//     capacity are read by those who work on the case and by managers. Whoever
//     works with the case may write all of it down.
//   - A forced marriage, actual or threatened, brings a look at safeguarding the
//     same day, and asks anew how the person can be reached: never through family.
//   - No judgement of a pattern changes on which side a case is, or anything in
//     another case. It brings tasks for people. It may be undetermined, it is
//     looked at again on a day, and a manager gives a second opinion.
//   - What happened, and what somebody said, is always recorded.
//
// Obligations: B7.23, B7.24, B9.12, B9.16, G5.
package circumstances
