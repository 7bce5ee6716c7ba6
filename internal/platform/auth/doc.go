// Package auth knows who can sign in, and recognises them.
//
// # Words
//
//   - An account is one human being, or one program, that can act.
//   - A session is one sign-in on one browser. It ends by signing out, by
//     leaving with the Exit control, after [Idle] without use, and after
//     [Longest] at the latest. A locked session hides everything until the
//     password is given again.
//   - A second factor is what somebody has beside the password: a [TOTP] app, a
//     [Passkey], or a [Provider] of identities that asked for one. Recovery
//     codes stand in for it, each once.
//   - The [Stage] of a session says what it still needs. Until it is [SignedIn]
//     it is a bare account and shows nobody anything.
//   - A ceremony is what the server remembers between two steps of one proof.
//   - A draft is what somebody had typed when their session ended.
//   - A [Program] is recognised by a token for listed actions and has no session.
//   - A client is a program's name with a secret that opens nothing: with it the
//     program gets tokens that last minutes ([Access]).
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
//   - Every human account needs a second factor. The one exception is a role of
//     the demo: [ActTakeRole] has a rule of its own.
//   - Every proof gives its session a new token. What one proves oneself with is
//     changed after a [Recent] proof only.
//   - Secrets are sealed; of recovery codes and tokens only hashes are kept. A
//     code is taken once.
//   - Trying passwords and codes is slowed down for each account and each
//     network, for all instances together. A try that was right is given back:
//     an office shares an address. The trying of many names is recorded.
//   - A provider's word is taken on who somebody is. It makes nobody an account.
//   - A draft is sealed, given back to its account alone in the form that it
//     was typed in, and gone when that was sent or after [DraftLasts]. Of a session that was ended on purpose nothing is kept.
//   - Whatever is wrong with a sign-in, the answer, the work done and the entry
//     in the ledger are alike. A run of tries that were too fast leaves one
//     entry: anybody can make as many as they like.
//   - A new password ends every session of its account.
//   - What cannot be recorded does not happen, but for leaving by the Exit
//     control, which is not recorded (S10).
//
// Obligations: B6.25.
package auth
