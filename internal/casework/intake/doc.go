// Package intake takes what people ask for on the public pages: somebody who
// needs help themselves, somebody who knows one who does, or somebody who works
// with them.
//
// # Words
//
//   - A [Door] is a team that takes what is asked on the public pages, and what
//     those pages say of it. A team has none until its agency opens one.
//   - An [Ask] is what somebody sent. It lies in the inbox of one team, like a
//     referral, until a named person of that team takes it and accepts or
//     declines it.
//   - The reference is what whoever asked can quote. It says nothing.
//
// # Rules
//
//   - How the person can be reached safely is asked before anything by which they
//     could be known, and every question has a way not to answer it.
//   - What was said of safe contact is not checked: nothing of it is recorded as
//     safe. First contact is asked of the gate of contacts, which has the cautious
//     first attempt for it.
//   - What was sent is sealed under the key of the team's agency. Where it came
//     from is not kept: sending too much is slowed down by a keyed hash that is
//     forgotten again.
//   - Nothing is told to whoever asked for somebody else, unless that person
//     agrees. They read that before they send it.
//   - People take it, one at a time, and the second is told who was first. For a
//     worker tied to the person, or to whoever they fear, it is not there.
//   - Somebody who asks for themselves is to be reached by the next working day,
//     others within two. The clock runs from when they asked.
//   - Accepting opens a case of the agency, or goes into one that is there: people
//     decide whether it is the same person, the names only propose it.
//   - What was declined is kept for [KeepDeclined] days, so that a mistake can be
//     mended, and goes then.
//
// Obligations: B6.2, B6.12, B6.31, B8.11, B9.2.
package intake
