// Package release keeps how an agency shares figures in which nobody is named, and
// which figures left.
//
// # Words
//
//   - There are two ways in which something leaves an agency. What is about
//     somebody leaves as a share (package sharing), with its basis, their views
//     and an acknowledgement. What is about nobody leaves as a [Release].
//   - A [Protocol] is what an agency has agreed of releases: what for, to whom, how
//     they are kept. It holds until the day on which it is looked at again.
//   - A [Release] is a file of figures of a period that is over: exactly what left,
//     to whom, what for, under which protocol, when and by whom.
//
// # Rules
//
//   - Nothing is released without a protocol that holds.
//   - Figures are those of package measures with small counts suppressed and the
//     others rounded, never as they are, and of whole months, quarters and years.
//     Whoever makes them says that nobody can be known from them in the area they
//     are of: few people in a small place are known without a name.
//   - What left is kept as it was, and what is agreed later changes nothing of it.
//
// Obligations: B6.23.
package release
