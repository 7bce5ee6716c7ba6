// Package meeting holds a meeting of a MARAC: who is here, the cases one by one in
// the order of the agenda, and the minutes, which are written while people talk.
//
// # Words
//
//   - A [Run] is a meeting as it is held: begun, ended, and which case is open to the room.
//   - A [Hearing] is a case at it: how long it was on the table, who represents the victim,
//     how their views were put, what was decided.
//   - A [Section] is one part of the minutes, of a case or of the meeting. Everything that is
//     ever saved of it is a [Version], and stays.
//   - A text is kept apart where it and what somebody else wrote meanwhile do not go together
//     by themselves: both are shown until a person settles it.
//   - Minutes are frozen when they are approved. What was wrong in them is an [Addendum].
//
// # Rules
//
//   - [Merge] puts two texts together that were typed upon the same one, line by line. It
//     leaves out no line that somebody wrote, and takes back none that somebody took out.
//   - A case is not heard before it is said who represents the victim and how their views
//     were put (G7), and before there is a decision with its reasons. None of it is asked
//     before something can be written down.
//   - Those who work with people who harm read the section that is written for them, and no
//     other: what is said in the others cannot be told apart afterwards.
//
// Obligations: G7.
package meeting
