// Package training keeps which training level somebody has, from which day and
// until when.
//
// # Words
//
//   - A [Level] is one of the four steps from hearing a disclosure well to
//     expert advice. [Unrecorded] is none.
//   - An [Entry] says that an account reached a level on a day. It may lapse on
//     a day of its own, and it is withdrawn when it was recorded wrongly.
//   - An entry of a [Topic] gives no level: [Sharing] is how to advise on safe
//     sharing.
//   - The level that counts on a day ([Register.LevelOn]) is the highest that
//     was reached by then, has not lapsed and was not withdrawn.
//   - An [Occupation] is the work somebody does, with the level it typically
//     asks for: a starting table, in own words.
//   - An [Equivalent] says what other training, of the police for instance,
//     counts as at an agency, from a day on. A level that was recorded by it
//     stays when the table changes.
//
// # Rules
//
//   - Administrators and managers record levels at their own agency, and the
//     operator anywhere. A person reads their own history, managers that of the
//     people at work in their agency, wherever it was recorded.
//   - A level belongs to the person and goes along to another agency. An entry
//     keeps the agency at which it was recorded.
//   - Whoever is made a key contact has a record of training in how to advise on
//     safe sharing (B6.29); of those who are without one it is said where people
//     are managed. Their advice is not stopped: none would be worse.
//   - Nothing is changed or deleted: a wrong entry is withdrawn and stays.
//   - Days are calendar days, compared with the day of the transaction in UTC. In
//     summer a level that was reached today counts from one in the morning; for
//     what somebody may do in the night of a course that is exact enough.
//
// Obligations: B6.29, B14.1, B14.7, B14.9, B14.10, B14.13, B14.15.
package training
