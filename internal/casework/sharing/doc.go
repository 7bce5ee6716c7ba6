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
// # Agreements
//
//   - Where an information-sharing agreement is in force between the two agencies,
//     it is asked about each part of a packet ([Information] says what a part is
//     counted among), and what it said, with the clauses, stays with the envelope.
//   - What it denies, or wants the key contact to be asked about first, leaves
//     only with a reason. Nobody is kept from sending: acting now needs none. The
//     key contact reviews it by the next working day ([Override]).
//   - A time limit of the clauses that permit is when the share expires.
//   - Where there is no agreement between the two, a share leaves on its basis,
//     says so before it goes, and is before the key contact without anybody having
//     to ask ([Unagreed]): a missing rule means review, and never that it may go.
//
// # The clock
//
//   - A share that nobody acknowledges reminds the team it went to, then a manager
//     there is asked, then the key contact there ([Times]). Whoever is tied to the
//     person is passed over, and the next is asked at once.
//   - An agency decides, within bounds, when its own people are asked ([Settings]).
//     What was sent keeps the moments it was sent with.
//   - Whose turn it is follows from the time and from who works there: nothing has
//     to run for it, and nothing is missed when nothing ran.
//   - Those who are asked see the envelope and say what they did. They do not read
//     the packet and cannot acknowledge it.
//   - What was sent urgently is on its sender's first page until a person at the
//     receiver acknowledges it.
//
// # Before and after
//
//   - Advice of the key contact is asked and answered by name, and kept with what is
//     sent after. It is never in the packet, and asking stops nobody.
//   - What was sent at once is justified after, beside the packet, which stays.
//   - [Preview] is what a receiver reads. There is nothing else in a packet.
//   - A correction is a share of its own that points to what it puts right; the
//     receiver of the old one is led to it, and where the old one is taken in, so is
//     it. Whether there is time, and whether it is urgent, is decided anew.
//   - What is withdrawn is withdrawn with all that puts it right and all that it puts
//     right, or not at all. The receiver sees that it was.
//   - Opening a packet to print it is a permission of its own. Every time it is
//     opened at the receiver, its sender sees who and when, from the ledger.
//
// Obligations: B6.11, B6.12, B6.13, B6.15, B6.16, B6.17, B6.20, B6.21, B6.22, B6.24, B6.25, B6.28, B6.31.
package sharing
