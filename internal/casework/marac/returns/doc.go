// Package returns makes the national return of a MARAC, and shows those who steer it
// how it is doing.
//
// # Words
//
//   - The return of a quarter has a [Line] for each meeting, not for each case
//     (domain.md, section 5.6). It is provisional until somebody makes it final.
//   - A [Cell] is one count of a line. Each names the cases that it counted.
//   - The overview of a year sets what the register holds beside the norms of
//     section 5.7.
//
// # Rules
//
//   - A case is counted in the quarter, and at the meeting, in which it was heard;
//     a repeat is a case as well.
//   - What is not known of somebody is counted as that, and never as no.
//   - A quarter is made final once it is over. What was final is kept as it left:
//     when the register says otherwise afterwards, that is shown, and a revised
//     return can be made, which keeps the one before.
//   - The counts of a meeting are of few people in one place. The MARAC's own
//     coordinators read them, and whose cases they are; those who commission
//     services read a year, with small counts suppressed and the others rounded.
//
// Obligations: B3.14, G7.
package returns
