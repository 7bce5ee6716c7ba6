// Package marac keeps a multi-agency risk assessment conference: by which rules it
// goes, who sits at it, when it meets, and its register of cases.
//
// # Words
//
//   - A MARAC ([Marac]) is an agency of its own in the directory, and the controller
//     of its register (ADR 0025). Its people are its coordinators; everybody else
//     who sits at it belongs to another agency.
//   - A [Member] sits at it for an agency: that agency names them, the coordinator
//     accepts them.
//   - A [Meeting] is one sitting: of the calendar, a daily one, or an emergency.
//   - A seat is somebody's place at one meeting. [Seat] is proof that it was
//     accepted and that the pack is open to them now.
//   - A [Case] is one victim with those who harm them, referred once. Its people
//     are in a file of the MARAC; referred again they are a case of their own.
//   - An [Identity] is what is said of somebody so that another agency can tell
//     whether it knows them, and nothing more.
//
// # Rules
//
//   - Rules of what a repeat is and when a case is at visible high risk have
//     versions; a case keeps the one of the day it was referred.
//   - The four routes are four answers with their evidence. None of them refers by
//     itself, and none is needed: a judgement with its reasons is enough.
//   - The pack of a meeting is open to whoever accepted a place there and still sits
//     for their agency, from circulation until it closes; each case is opened by
//     itself. Nobody is refused for their training: who is below level 3 is flagged.
//   - To whoever works with people who harm a case shows neither where somebody is nor
//     what they said; to whoever is tied to somebody in it, it is not there.
//
// Obligations: B14.13, G7.
package marac
