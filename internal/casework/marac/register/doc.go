// Package register brings people to a MARAC: the referral from a worker's own file,
// its screening by the coordinator, the register of the MARAC, and whether a case
// repeats an earlier one.
//
// # Words
//
//   - A [Sheet] is what a referral tells of who is who, and by which routes. What it
//     says is written out in the items of the share, word for word, and is kept
//     beside them so that it need not be typed again.
//   - A referral is taken when the coordinator puts it on the register, and answered
//     when they list it or say why not.
//   - A [Proposal] is an earlier case of the register that may be about the same
//     people. A person decides, and can decide otherwise later.
//   - The flag of a case is the twelve months after the referral in which further
//     abuse is a repeat. It ends by itself; that it was there stays to be seen.
//
// # Rules
//
//   - A referral leaves as a share: the agreements are asked, guarded addresses are
//     kept back, its preview is what arrives, and the clock of acknowledgement runs.
//     Where somebody is in danger no missing answer stops it.
//   - None of the four routes is needed: a judgement with its reasons is enough.
//   - What is referred must name somebody who harms, even if nobody knows the name.
//   - Each case is checked for an IDVA. A missing one is a task of the referrer, and
//     a flag on the register.
//   - A repeat is the same victim and at least one of the same people who harm,
//     within twelve months of the last referral, whoever referred. Where others harm
//     as well, the page says so.
//   - Candidates come from the register of the MARAC alone, through keyed hashes of
//     names and dates. Nothing of another agency's file is read.
//
// Obligations: B6.2, B9.2, B14.13.
package register
