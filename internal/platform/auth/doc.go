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
//   - Trying passwords is slowed down for each account and each address.
//
// Obligations: B6.25.
package auth
