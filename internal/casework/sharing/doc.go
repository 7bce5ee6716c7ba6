// Package sharing sends what one agency must tell another, and proves that a
// person there received it. Nothing else crosses the boundary of an agency.
//
// # Words
//
//   - A share is a packet of items about a person, from one worker to a team's
//     inbox or a named person of another agency, for a purpose, on a lawful
//     basis, until a day.
//   - The purpose names who is protected and from what. To let somebody know is
//     no purpose.
//   - Views are what the person said about it. They are kept apart from the
//     lawful basis, of which consent is none.
//   - A ground is why it may be shared without the person's agreement.
//   - A [Packet] is what a checked receipt returns: holding one is proof that
//     the actor is one of those it was addressed to.
//   - An acknowledgement is a named person confirming that a share arrived.
//
// # Rules
//
//   - A share never changes after it was sent. It is acknowledged, settled or
//     withdrawn once, and its expiry was set when it was sent.
//   - Both agencies hold a copy, each sealed under its own key.
//   - Without agreement a share needs serious risk, a child at risk or another
//     ground, and the reasons. Nobody is refused for want of them: acting now
//     sends it, and puts a review into the inbox of the sender's team for the
//     next working day.
//   - To everybody it is not addressed to, and to everybody once it has expired
//     or was withdrawn, the share is not there.
//   - Only people acknowledge, one share at a time. The second is told who was
//     first.
//   - The list of what waits names nobody.
//   - What a receiver took into a file of their own stays with that file.
//
// Sharing agreements are not looked at yet: a share says that there is none and
// on which basis it stands.
//
// Obligations: B6.11, B6.12, B6.13, B6.20, B6.22, B6.24, B6.25, B6.31.
package sharing
