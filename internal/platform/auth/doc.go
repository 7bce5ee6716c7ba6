// Package auth knows who can sign in, and recognises them.
//
// # Words
//
//   - An account is one human being, or one program, that can act.
//   - A session is one sign-in on one browser. It ends by signing out, by
//     leaving with the Exit control, after [Idle] without use, and after
//     [Longest] at the latest. A locked session hides everything until the
//     password is given again.
//   - An invitation is a one-time link with which a person sets their own
//     password. Without an account it is the link of the first administrator,
//     who sets the deployment up.
//
// # Rules
//
//   - Passwords are kept as Argon2id hashes; of sessions and invitations only
//     the hash of the token is kept.
//   - What a person may do follows from their work, which the registers know
//     and tell through [AtWork].
//   - Trying passwords is slowed down for each account and each network. A try
//     that was right is given back: an office shares an address.
//   - Whatever is wrong with a sign-in, the answer, the work done and the entry
//     in the ledger are alike. A run of tries that were too fast leaves one
//     entry: anybody can make as many as they like.
//   - A new password ends every session of its account.
//   - What cannot be recorded does not happen, but for leaving by the Exit
//     control, which is not recorded (S10).
//
// Obligations: B6.25.
package auth
