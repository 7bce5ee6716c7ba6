// Package waiting keeps what somebody waits for, and what they could not have:
// a service of ours or of others, since when, why, and what came of it.
//
// # Words
//
//   - An [Entry] is one service that one person waits for. It goes on until it is
//     taken up, declined, withdrawn, or not available.
//   - A [Look] is contact while they wait, an offer, or how it ended.
//   - Unmet need is an entry that ended as not available, with a coded reason:
//     no such service, no room, not eligible, no language, no recourse, too far,
//     not safe. It may be recorded at once, without anybody having waited.
//   - The priority of an entry is that of the newest identification of risk in
//     its case. It moves with it; a risk that nobody identified comes second.
//
// # Rules
//
//   - Who waits is spoken to again by a day that is set, and a task says so:
//     nobody is forgotten on a list. Whether and how they may be contacted is
//     asked of the gate like every other contact.
//   - What is declined, and what is not available, has a coded reason, so that a
//     partnership can count it. The two are never counted together.
//   - A list names cases by number and nobody by name.
//   - What is said of immigration and entitlement, and that somebody has no
//     recourse to public funds, lies behind its compartment.
//   - A case that is closed waits for nothing.
//
// Obligations: B9.9, B6.5, B9.8.
package waiting
