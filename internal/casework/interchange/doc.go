// Package interchange carries referrals to and from agencies that use a system
// of their own, as FHIR R4 message bundles shaped after the NHS's Booking and
// Referral Standard, and tells programs where referrals stand.
//
// # Words
//
//   - A message is a Bundle of the type message: a referral, or its withdrawal.
//   - A program is a service account of an agency. It brings messages, and asks
//     where the referrals of its teams stand. It never acknowledges, accepts or
//     declines: people do (B6.31).
//   - An [Endpoint] is where a team is reached whose agency uses a system of its
//     own. Its administrator says where.
//   - The outbox is what waits to leave. What the receiver's system has is taken;
//     that says nothing of any person there.
//   - A [Refusal] is why a message is not taken, as an OperationOutcome.
//
// # Rules
//
//   - A message that comes twice arrives once and is answered alike. One that has
//     the id of another and says something else is refused.
//   - What comes is kept as a light file of the sender's, under the sender's key, and
//     lies in the inbox of the team as a share from inside does. It is checked like
//     one from a page: nothing is made up that a message does not say.
//   - How somebody can be reached is told in words and counts as unchecked.
//   - What cannot be shown to a person is refused by name, so that it is not lost.
//   - A message says what the packet says. It is written in the transaction in which
//     the share is sent, from the copy that the sender keeps.
//   - To each team messages leave one after the other, in the order in which they
//     were written. One that does not get through holds up those behind it; one that is
//     refused does not, and a task asks the sender to tell the team another way.
//   - What was withdrawn, or has expired, does not leave, whatever was tried. What may
//     have left is followed by its withdrawal.
//   - A message that cannot be read here is set aside after some tries, so that those
//     behind it leave.
//   - A program takes back what it brought itself, and changes nothing.
//   - A referral that a program brought is not carried on: a circle of systems would
//     never end.
//   - Of what has left, and of what will not, the words are deleted here. The packet has them.
//
// Obligations: B6.25, B6.31.
package interchange
