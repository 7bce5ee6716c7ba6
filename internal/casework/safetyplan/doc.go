// Package safetyplan keeps safety plans: made with the person and in their
// words, version by version, with what is to be done, what asks for another
// look, and the copies a person can hold safely.
//
// # Words
//
//   - A plan is one version. It is made with a versioned question set, keeps
//     that version, and is never changed; another version begins from it.
//   - What is kept apart are the safe places and the code word. They lie sealed
//     by themselves, are read with the permission for whereabouts, and stand on
//     no copy. Everybody who works with the file may write them down.
//   - A [Step] is something to be done, with an owner and a day.
//   - A [Change] is what happened, or will, that asks for another look.
//   - A [Form] is how a person holds a version: not at all, read out to them, as
//     a small card that tells nobody anything, or as a plain page.
//
// # Rules
//
//   - A plan is made with the person. One that was made without them says why,
//     and is counted as such.
//   - Making one, and saying that it is still right, ask for training level 3 or
//     its local equivalent. Below it the worker acts now and the act is reviewed
//     on the next working day; nothing is refused.
//   - A change is looked at by the next working day: by a new version, or by
//     saying why the plan is still right. Risk that is identified again, high risk,
//     a hearing and an order that is served, changed or ends are changes; they
//     are read from the chronology.
//   - A person holds nothing until they said what is safe to hold. That is
//     recorded for one version. Nothing else can be printed, and whoever tries is
//     in the ledger.
//   - A copy has no line in which something stands that is kept apart, or a
//     postcode. A card has only what was written for it, and no line with a name
//     of the case, of the service, or with a word that says what it is for.
//   - A file of a person who harms has no safety plan, and whoever works on one
//     sees none. No answer of a plan is in the chronology, so that none goes
//     with what is shared from it.
//
// Obligations: B5.14, B10.5, B14.12, G11.
package safetyplan
