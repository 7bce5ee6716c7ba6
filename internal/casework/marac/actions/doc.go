// Package actions keeps what agencies take on at a MARAC, and what became of it: who
// does what about whom by when, with its end told or the reason why there is none,
// feedback to the person, and the coordinated safety plan that results.
//
// # Words
//
//   - An [Action] is what one agency took on about one case. It is open, done with
//     evidence, not done with a reason, or no longer possible with a reason, which is
//     something else than not done (domain.md, section 5.5).
//   - Feedback is an action as well: to tell the person what was agreed, which is for
//     whoever represents them (section 5.2, step 9).
//   - A [Step] is one thing that happened to an action. Steps are added and never
//     written over.
//   - A [Rate] says how many of the actions of an agency were done.
//   - A [List] is the register, or the open actions, of a MARAC as it was kept before,
//     brought along to be taken over.
//
// # Rules
//
//   - An action is seen by the MARAC, by those who sit for the agency that took it
//     on, by the worker there to whom it was given, by a manager there once it is
//     late, and by those with a seat while the pack of its meeting is open. To
//     somebody tied to one of those the case is about it is not there.
//   - It is kept twice: for the MARAC, and for the agency that took it on, sealed
//     under the key of each. A worker to whom it is given sees the action and no pack.
//   - Who works with people who harm sees the actions of their own agency alone, and
//     none is added for them that tells an address which is kept from them.
//   - The clock follows from the time: the owner is reminded on the day it is due, a
//     manager is asked two working days later, the coordinator five. These days are a
//     choice of this project.
//   - A rate leaves out what is no longer possible and what is not due. A case with
//     something open is never blocked by it: it is shown as unfinished.
//   - Into what the person is given goes only what somebody wrote for it, never
//     anything about whoever harms or about staff, and nothing that tells an address
//     that is kept back.
//   - Of a list nothing is taken before somebody takes it, all of it or nothing, and
//     nothing twice.
//
// Obligations: G7, B14.13.
package actions
