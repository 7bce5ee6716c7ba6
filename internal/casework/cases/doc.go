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
//   - A conflict of interest is a worker's tie to one of the people of a file,
//     declared by them or found by the marks of package people. [Service.Declare]
//   - Emergency access ([EmergencyAccess]) opens a file of one's own agency for
//     some hours, and is reviewed by a key contact.
//   - A [Compartment] is a part of a file with a permission of its own.
//   - A [Notice] waits for the key contacts of an agency. It names a file by
//     number and nobody of those it is about.
//   - A [Request] was made in a person's name and is not theirs until they said
//     so themselves, safely.
//   - Looking for somebody ([Service.Find]) answers with people in files: in
//     which, and in which role.
//   - A task waits in the inbox of a person or of a team, and is cleared by
//     recording what was done.
//
// # Rules
//
//   - A file is seen within its agency by those involved: the workers on it,
//     its team, and managers. Nobody sees it by being an administrator.
//   - To everybody else the file is not there. Colleagues who would see a file
//     if it were not restricted are told that it is, and whom to ask.
//   - For whoever is tied to one of its people a file is not there, whatever
//     their role and in an emergency too. The key contact is told, nobody else.
//   - Nobody works on both sides of one harm. What that takes happens on the side
//     of the person harmed; the other side never varies with it.
//   - A file about a colleague is there for those who work on it only.
//   - What was told may always be written down; reading it may take more.
//   - Who is found is in a file that the actor may list. What tells where or how
//     somebody can be reached finds them only where that may be read, and is
//     answered like no match otherwise, by the same work. A restricted file is
//     answered for by its own number alone.
//   - Entries are never changed or removed. Their words are sealed.
//
// Obligations: B6.8, B6.14, B6.26, B7.15a, B8.7, G8.
package cases
