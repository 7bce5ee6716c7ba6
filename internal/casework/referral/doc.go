// Package referral offers people other services, sends referrals, answers the
// ones that arrive, and lets the referrer hear back.
//
// # Words
//
//   - An offer is support put to the person, with their answer.
//   - A referral is a request to another agency to take the person on. It
//     travels as a share; this package keeps where it stands.
//   - A decision is the receiver's: accepted, or declined with a reason.
//   - Feedback is the least that the referrer needs to hear of what became of
//     it. It is a share back, and is acknowledged by hand as well.
//
// # Rules
//
//   - A referral moves as the table of states says and no other way. Of two
//     people who act on the same one, the second is told.
//   - A referral can be sent in one step, whether or not anything was offered
//     before.
//   - Accepting opens a file of the receiver's own, filled from the packet, so
//     that nobody is asked to tell it again. What was received stays what the
//     sender said: safe contact above all counts as unsafe until it was checked.
//   - Declining never deletes anything.
//
// Obligations: B6.31, B9.2.
package referral
