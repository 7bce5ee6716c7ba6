// Package webhooks tells programs of agencies that something happened to a
// referral, so that they need not ask all the time.
//
// # Words
//
//   - A [Subscription] is where a program wants to be told, of what, and the secret
//     with which that is signed.
//   - An [Event] is a kind of thing that happens to a referral.
//   - A [Delivery] is one thing that happened, for one subscription. It has an id,
//     which stays the same however often it is tried.
//   - A try is one attempt to tell. What it came to is a code.
//
// # Rules
//
//   - What is told is that something happened: an id, the kind, the time and a link.
//     Nothing about anybody, and nothing of what was said. The link opens to nobody
//     without a token, and to no program that could not have found it by itself.
//   - A program is told of what it may ask about, by the same rule: the referrals of
//     its teams.
//   - A delivery is written in the transaction in which the thing happens.
//   - It is signed as Standard Webhooks 1.0.0 says (HMAC-SHA256). A secret is shown
//     once, and kept sealed. When it is renewed, both sign for a day.
//   - It arrives at least once. What does not get through is tried again, later each
//     time; after the last try nothing more is sent there until an administrator says
//     so, who is told on their first page. What happened meanwhile waits.
//   - After thirty days a delivery is forgotten, and with the case that it is about.
//
// Obligations: B6.31.
package webhooks
