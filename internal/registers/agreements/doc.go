// Package agreements keeps information-sharing agreements: who may tell whom
// what, for what, under which conditions, in plain words and, beside them, as
// rules that answer.
//
// # Words
//
//   - An [Agreement] is written by one agency and is between several, its
//     parties. It has versions.
//   - A [Version] is a draft, in sign-off, in force, superseded or ended. What it
//     says is its [Document]: plain words and [Clause]s.
//   - A clause permits, denies, or asks for review, from a party to a party, for
//     a purpose, about a kind of person, of kinds of information, when its
//     conditions hold. What it leaves open it says of all.
//   - A [Request] is a question to the agreements in force; an [Answer] is what
//     they say of each kind of information, with the clauses that said so.
//   - A key contact is the person of a party who advises. A stand-in advises in
//     their place on sharing with agencies with which they have a conflict of
//     interest.
//   - A [Finding] is what an author should know before the parties sign.
//   - A [Kind] is a kind of information. The list is in kinds.go and nowhere else.
//
// # Rules
//
//   - Deny wins over review, and review over permit. What no clause speaks of is
//     for the key contact to review: never permitted, and never denied either.
//   - Each kind of information is answered by itself: of one packet some may
//     go, and some be asked about first.
//   - Once signing has begun a version never changes. It is in force when every
//     party has signed and its first day has come; then earlier ones are
//     superseded. A new version is signed again by every party.
//   - A key contact signs for their own agency alone, and names with it who
//     advises there. A party that withdraws ends a version that is in force, for
//     all.
//   - A document without a review date, or with a party that nobody could sign
//     for, does not go to signing. Clauses that answer differently may stand: the
//     author has to have seen them.
//   - Only parties, and the agency that writes it, see an agreement; its drafts
//     only key contacts and managers of the latter. The explorer answers everybody
//     at work about their own agency, and names no person.
//
// Obligations: B6.15, B6.16, B6.17, B6.18, B6.20, B6.27, B6.28.
package agreements
