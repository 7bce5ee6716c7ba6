// Package enquiry records asking about abuse: who was asked, in which
// circumstances, what they said, and what was done at once.
//
// # Words
//
//   - An [Enquiry] is what happened at one contact, as the worker recorded it,
//     whether or not anybody was asked in the end.
//   - It counts as asked, or it does not, with reasons ([Counts]). That is said
//     about the record; it never decides whether a record may be made.
//   - A disclosure is what the person said about experiencing or perpetrating
//     abuse, asked or unasked (G2).
//   - Acting now is what was done at once to keep somebody safe. It is recorded,
//     and reviewed on the next working day (B14.12).
//
// # Rules
//
//   - What happened is never refused. Only what cannot be is: no day or one to
//     come, no setting, two answers that exclude each other, more text than
//     fits. When something was disclosed, whether it is current, recent or
//     historic is asked for (B10.8), "not known yet" being an answer; after
//     acting now not even that holds a record up.
//   - An enquiry counts when the person was asked, in private (B8.3), with
//     nobody there but a professional interpreter or a baby in arms (B8.4), and
//     no relative or friend interpreting (B7.25, B7.26, B7.27). What does not count leads
//     to a task to ask again safely.
//   - Whoever asks should be trained to level 2. Below that nothing is refused;
//     it is said on the record, and the level goes with the figures (B8.10).
//   - That nobody has asked yet is said on every file, signs or not (B8.9).
//   - Types of abuse and relations follow the definition of the guideline (G1).
//     FGM is outside it: it is recorded, does not enter the figures of abuse,
//     and leads to a task to refer along its own route.
//   - What a child said, in their own words, lies in the compartment of [cases]
//     for that, sealed apart from the other answers and in no entry of the
//     chronology. Writing it down is never gated; whoever may not read it is told
//     that something is kept apart, and can take nothing out by a correction.
//   - A light file becomes a full one as soon as there is something to do.
//   - A record is not changed. A correction is a new one that names it; its
//     facts are withdrawn and those of the correction emitted, in one transaction.
//   - A case in which somebody says that they abuse somebody is not put on the
//     side of those who harm by that alone: a worker who asks everybody would lose
//     the file of the person harmed by hearing the other. The wall comes with the
//     work, when a referral is accepted by those who do it.
//
// The possible signs offered on the form are the themes of the indicator list
// that comes with NICE quality standard QS116 (statement 1), in our own words.
// They help to notice; they prove nothing, and none is needed to ask.
//
// Obligations: B7.25, B7.26, B7.27, B8.1, B8.2, B8.3, B8.4, B8.5, B8.7, B8.8,
// B8.9, B8.10, B8.11, B9.1, B10.8, B14.12, G1, G2.
package enquiry
