// Package provision keeps the services of the area: what each does, for whom, and
// from where it takes people.
//
// # Words
//
//   - A [Service] is something people can be referred to, whoever gives it: an
//     agency that works with this program or one that does not.
//   - A [Kind] is what it does. Local pathways name kinds, never services.
//   - Its catchment are the [Place]s from which it takes people: those who live in
//     the area, those in prison, those who live across its boundary (B2.13).
//   - A [Trait] is something about people on which services turn some away, or for
//     which some are made. A service says whom it cannot take, and for whom it was
//     made.
//
// # Rules
//
//   - Everybody at work reads the list: it is open, and about nobody.
//   - Managers and commissioners keep the lines of their own agency. It is one
//     list of the partnership.
//   - Nothing here looks at a person. Which service somebody is offered is decided
//     with them; a service that was made for some is offered to everybody.
//   - A service that has ended takes nobody, and stays readable.
//
// Obligations: B2.12, B2.13, B2.14, B8.11.
package provision
