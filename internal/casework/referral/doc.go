// Package referral offers people other services, sends referrals, answers the
// ones that arrive, and lets the referrer hear back.
//
// # Words
//
//   - An offer is support put to the person, with their answer.
//   - A referral is a request to another agency to take the person on. It
//     travels as a share; this package keeps where it stands.
//   - A decision is the receiver's: accepted, or declined with a reason.
//   - A step is a stage that the receiver has come to with a referral.
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
//   - Where it was not safe to ask, that is recorded as what it is: it is no offer
//     and no answer, and the task to offer stays. Asked later, it is an offer of its
//     own that follows it. Answers, their reasons and decisions are counted.
//   - Once it was accepted, the receiver records how far it has come: waiting,
//     first contact, support, its end. The referrer is told the stage with its
//     reason and nothing else, each time as a share of its own; where the person
//     said no, or nobody decided to tell, nothing of it is with the referrer.
//   - A referral can be passed on to another service, and after it was declined,
//     withdrawn or has ended the person can be referred again. The new one says so.
//   - Whoever has no case of the person refers on one page: the case and the
//     referral begin together, or neither does.
//
// Obligations: B6.2, B6.31, B9.2, B15.5.
package referral
