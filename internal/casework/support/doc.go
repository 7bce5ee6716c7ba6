// Package support is the daily work of an advocate with one person: reaching
// them without danger, what they need and want, what is offered and done, and
// what has changed when the work ends.
//
// # Words
//
//   - An attempt is a try to reach somebody, a contact one at which they were
//     reached. Before either, the gate is asked ([Gate]); it permits, permits a
//     cautious first attempt, or refuses with the reason and what to do.
//   - The cautious first attempt is the one try that may be made to somebody who
//     was referred, has never been reached and has told nobody how it is safe:
//     number withheld, neutral words, no message; or through a professional they
//     trust. There is one of it in a case.
//   - A need is coded by its domain and by whether it is immediate or for the
//     longer term. A goal is what the person wants, in their words.
//   - An offer is an option that was considered or offered, with the answer.
//   - A plan of support rests on an identification of risk and on needs. Without
//     them it may be written and does not count.
//   - An outcome is how the person says things are, at intake, review and exit,
//     in five domains (domain.md, section 7), without a scale that needs a
//     licence.
//
// # Rules
//
//   - Nobody is contacted by a way that is unsafe, unknown or was last checked
//     too long ago, nor outside the times that are safe, save by the cautious
//     first attempt; what was asked for in the person's name and is not
//     confirmed never counts as safe.
//   - What happened may always be written down. What the gate would have refused
//     is marked, and a colleague looks at it on the next working day.
//   - A contact that fails closes nothing. After several the risk is looked at.
//   - A need that is known brings the referrals that belong to it. One is left
//     out with a reason only.
//   - What is said of immigration and entitlement lies behind its compartment.
//
// Obligations: B6.5, B9.3, B9.4, B9.5, B9.6, B9.7, B9.8, B9.10, B10.1, B10.2, B10.3, B10.4, B10.6, B10.7, B10.8, G6, G12.
package support
