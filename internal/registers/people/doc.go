// Package people keeps the people an agency works with: who they are and how
// they can be reached without danger.
//
// # Words
//
//   - A person row belongs to one agency. The same human being known to two
//     agencies is two rows, and neither agency sees the other's.
//   - Safe contact says for each way of reaching somebody whether it may be
//     used, how, and when that was last checked. Whatever was not recorded is
//     unsafe, and so is what was not checked within the re-check period.
//   - A code word is agreed with the person. It is shown on demand only, and the
//     reading is recorded.
//   - [Whereabouts] is the proof that the actor may read where and how somebody
//     can be reached; the state of safe contact stands without it.
//   - A [Mark] is a keyed hash of a name or an address, by which a worker's tie
//     to somebody is found without keeping where the worker lives.
//   - A [Term] is what somebody is looked for by: the words of their names, which
//     lie plain in a table of their own, or a telephone number, an email address
//     or a postcode, of which there are keyed hashes only ([Store.Hits]).
//
// # Rules
//
//   - Nothing is read or changed without a permit of the audit guard, which is
//     what an opened file carries. Every person handed out is named in the
//     ledger entry of the page.
//
//   - Numbers, addresses, conditions and code words are sealed under the key of
//     the agency.
//
//   - Gender is in the person's own words and never inferred. It is sealed, and so
//     are language and needs.
//
//   - A confidential address has no mark and no key, and is compared with nothing. One person
//     takes it out of use at once ([Store.RetireHome]); it takes two to record a
//     place of theirs without that guard ([Store.AskRelease], [Store.Settle]). One
//     that was left stays guarded, since others may live there.
//
//   - Of somebody who is hidden no address and no number leaves at all.
//
//   - What must not leave can be asked about without being read ([Store.Guarded]).
//
//   - Words and keys are written with what they are of, and go with it. People whom
//     an older binary left without get them at the next start ([Store.BuildKeys]).
//     Spelling is not guessed.
//
// Obligations: B6.26, G13.
package people
