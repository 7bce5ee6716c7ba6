// Package referralweb has the pages of referrals: the inbox of what was sent
// to a team or a person, the packet with its answer, and the forms that offer,
// refer and feed back from a case. On the case page it shows what went out and
// what was received.
//
// # Rules
//
//   - Lists and titles name nobody.
//   - Before a referral goes, a page says exactly what goes to whom.
//   - Every received item says why the reader can see it.
//
// Obligations: B6.12, B6.31.
package referralweb
