// Package rights answers what a person may ask of an agency about its records
// of them, and ends those records when their time has come.
//
// # Words
//
//   - A subject access is the answer to a request to see what is on record
//     ([Access]). It begins when the person confirmed the request, with a talk
//     about whether somebody makes them ask, who will see the copy and whether
//     it is safe to hold.
//   - The working copy is everything on record about the file, collected from
//     the keepers ([cases.Keeper]), each piece with what was decided about it and
//     why. The copy given ([Copy]) is made from it.
//   - A schedule ([Schedule]) says for how long an agency keeps files of a kind
//     after they were closed, and on what authority. None ships: an agency that
//     has decided nothing destroys nothing.
//   - A legal hold keeps a file from being destroyed or erased.
//   - A certificate says what was destroyed, when, by whom and under which
//     schedule, and nothing about anybody.
//   - A correction changes nothing that was written: it is a new entry, and the
//     old one stays, struck through. An erasure takes words away for good.
//
// # Rules
//
//   - Nothing is given on a request that the person has not confirmed safely,
//     nor while somebody makes them ask.
//   - The answer is due one month after the request came, and two months later
//     where requests are complex or many and the person was told in time (UK
//     GDPR, articles 12(3) and 12A). The time stands still while the person is
//     asked who they are or which records they mean. [DueOn] counts it, as the
//     Information Commissioner's guidance on the right of access does.
//   - What is collected again is taken anew where it was changed, and decided
//     about again; what did not change keeps its decision.
//   - What is about somebody else, came from another agency, or tells how
//     somebody is reached is proposed for a decision and is not given without
//     one.
//   - On the working copy what is left out stays readable with its reason. The
//     copy given is, byte for byte, that of a file in which it never stood.
//   - Whoever had a hand in preparing a copy does not release it.
//   - Destruction takes a closed file, a schedule whose period has passed, no
//     hold, a review by a named manager and somebody else who does it. Nothing
//     is ever destroyed by the clock.
//   - The ledger stays. The facts behind the counts stay too, cut off from the
//     file, the person and the records: what was counted in a year that has been
//     reported stays counted, and leads to nobody.
//   - A packet that another agency received is theirs. The envelope of it stays
//     with the sender, which names nobody.
//   - Nothing is destroyed while a key contact looks into who read the file.
//
// Obligations: B6.9, B6.26.
package rights
