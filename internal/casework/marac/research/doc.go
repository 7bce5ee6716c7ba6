// Package research asks each agency of a MARAC about the cases of a meeting, and
// brings what it answers to the meeting.
//
// # Words
//
//   - An ask is one case put to one agency: a line ([Line]) of the list that those
//     who sit for the agency work through. It holds the identities, and nothing
//     else of the case.
//   - A proposal ([Proposal]) is somebody in the agency's own files who may be one of
//     them, with the reasons in words. A person decides.
//   - A draft ([Draft]) is what was found so far. It is the agency's own and in
//     nobody else's hands.
//   - A release ([Release]) sends what was drafted for several cases at once. Each of
//     them is a return ([Return]): an immutable packet to the meeting.
//   - A pack ([Pack]) is what was returned about the cases of a meeting, to be read or
//     printed: the brief pack is what there is now, the full pack says also what is
//     missing.
//   - A flag ([Flag]) says on a file that its person is on the list of a MARAC.
//
// # Rules
//
//   - Nothing leaves without the release of a worker, who has seen exactly what
//     leaves. What was released never changes: a later return points back to it.
//   - Each agency sees what it is asked, and nothing of what others are asked or
//     answer. What it is asked lies under its own key.
//   - Where the person harmed and the children are is told only to agencies all of
//     whose people at the MARAC the coordinator gave everything when they accepted
//     them: who works with people who harm is told no such thing.
//   - Matching runs in the agency's own files, within what the worker may list. A
//     file that is restricted, or with whose people they are tied, is not found, and
//     not hinted at. That too many were found is said, never passed over.
//   - A line about somebody to whom a worker is tied is not in their list. Those who
//     sit beside them have it, and where there is nobody, their managers.
//   - An agency that keeps no files here looks elsewhere, and answers the same way.
//   - What was returned is opened by the coordinators in the cases that they may
//     open, and by those who have a seat, but for cases with somebody to whom they
//     are tied. Who is not given everything is shown no item that tells where somebody
//     is, how they can be reached, what keeps them safe, or that they told something,
//     and not which agency knows them.
//   - Due dates, reminders and the end of a flag follow from the time: nothing has to
//     run for them.
//
// Obligations: B6.15, B6.22, B14.13.
package research
