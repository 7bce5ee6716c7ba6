// Package cases keeps the case file: one agency's work with one person, who
// is involved, the chronology, and the tasks.
//
// # Words
//
//   - A [File] is what a checked call returns: holding one is proof that the
//     actor may work with it. Workflows take the file, never a case id.
//   - A file is opened for a [Purpose] and carries the permit of the ledger.
//   - A light file holds an enquiry that found nothing; it becomes a full one
//     when there is work to do.
//   - A party is another person who belongs to the file, in a role. One person
//     can have several roles, and a file several perpetrators (B8.7).
//   - The chronology is made of entries of a kind ([EventKind]); every workflow
//     writes to it and what is due is read from it.
//   - A task waits in the inbox of a person or of a team, and is cleared by
//     recording what was done.
//
// # Rules
//
//   - A file is seen within its agency by those involved: the workers on it,
//     its team, and managers. Nobody sees it by being an administrator.
//   - To everybody else the file is not there.
//   - Entries are never changed or removed.
//
// Obligations: B6.14, B8.7.
package cases
