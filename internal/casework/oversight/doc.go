// Package oversight is how an agency looks after the reading of its own files:
// the key contact's view of the ledger, and a person's view of their own record.
//
// # Words
//
//   - A [Trail] is what the ledger holds about a file: who opened it, when, why,
//     what they did, and who was refused.
//   - An opening is involved, under supervision (a service manager who does not
//     work on the file) or in an emergency. The ledger keeps by which rule a file
//     was opened, so that this stays known when the work has gone to others.
//   - A [Finding] is reading that is unusual. It is a proposal to look, made by
//     counting; it accuses nobody. A key contact settles it with words.
//   - A [Report] tells a person who has looked at their record. They are asked
//     first how it may be given.
//
// # Rules
//
//   - All of it ends at the agency: what workers of other agencies did is not here.
//   - A file is named by its number, never by whom it is about.
//   - Nobody settles what is found about themselves, and a file with whose people
//     a key contact is tied is not there for them, here either.
//   - Administrators have no part in it.
//   - Looking at the ledger is in the ledger.
//   - A worker is proposed to be tied to somebody by the marks of package people,
//     or by a surname together with a second fact. A surname alone is nothing.
//   - Whoever holds a file sees who opened it. What concerns a conflict of interest,
//     a refusal or a finding they do not see: that is the key contact's.
//   - A person's report tells of their own file alone: that they are named in
//     somebody else's would tell what somebody else said. What workers did who are
//     on the other side of the same harm or tied to one of its people, what was
//     refused, and what concerns reviews is left out; how much that was stands on
//     the page of whoever makes the report and never on what is given.
//   - The figures from which reading counts as unusual are choices of this project
//     ([DefaultManyFiles], [DefaultSupervised]), not figures of the field. An
//     agency decides its own.
//
// The ledger is looked through in steps of a fixed size, from where the last one
// ended ([Service.Watch]); no page looks through all of it.
//
// Obligations: B6.12, B6.14, B6.28
package oversight
