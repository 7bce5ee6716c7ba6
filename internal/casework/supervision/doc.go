// Package supervision keeps the supervision of casework: who looks after whose
// work, when they meet, what was said of a case, what was agreed, and what a
// supervisor put their name to.
//
// # Words
//
//   - A [Pair] is a worker and whoever supervises them, with how often they meet.
//   - A note is what supervision brought up about a case. It lies in the
//     compartment for it, sealed.
//   - An [Action] was agreed in supervision. It is a task of the worker, who reads
//     it whoever reads the note.
//   - A [SignOff] is a supervisor's name under a case at high risk, under a
//     closure, or under the work as a whole, with the day: agreed, or not.
//
// # Rules
//
//   - A service manager supervises the files of their own agency. Nobody writes
//     supervision of, or signs off, a case that they hold themselves.
//   - Who reads a note is decided by the compartment and by nothing else: the
//     roles for which the agency opens it, and the workers named for it. A worker
//     who may not read it sees that there is one, the actions, and the sign-offs.
//   - The note is no part of the chronology, which says only that the case was
//     looked at; so it goes with nothing that is shared from it.
//   - Not agreeing brings an action: what is to be done instead, and by when.
//   - When a case of a worker who has a supervisor is found to be at high risk,
//     or is closed, a task asks the supervisor to sign it off. Nothing waits for
//     the signature.
//   - A meeting names no case. What is overdue is shown to who supervises.
//
// Obligations: B7.13.
package supervision
