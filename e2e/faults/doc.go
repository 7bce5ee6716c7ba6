// Package faults kills Waymark, fills its disk, sets its clock and takes its
// database away while people work with it, and looks at what is left.
//
// # Words
//
//   - A site is a deployment of the demo on one engine, served by the real
//     program as a process of its own.
//   - A client is somebody at the pages who notes what was sent and what was
//     acknowledged, out of the program's reach. An answer counts as an
//     acknowledgement when all of it has arrived.
//   - A cycle is a start, work by many clients at once, and kill -9.
//   - The shape of an act is everything that one undisturbed act leaves behind:
//     rows, chronology, facts, tasks and entries of the ledger, counted by kind.
//
// # Rules
//
//   - What was acknowledged is there, once. What was sent and not acknowledged
//     is there whole or not at all. What was not sent is not there.
//   - What a case has left behind is the sum of the shapes of its acts. So
//     nothing is half written, every change has its entry of the ledger, and
//     every entry its change.
//   - Nothing was shown without its entry.
//   - The ledger verifies from its first entry, by "waymark audit verify".
//   - The loops must notice builds of the program that are broken on purpose
//     (store/broken.go). One of them takes its turn with each commit; in the
//     long runs all do.
//   - The folder that is looked at must be the one that was written to:
//     everything lost because somebody cleaned up is said to be that.
//   - When a fault is made is random. The seed is printed; WAYMARK_FAULT_SEED
//     uses it again. WAYMARK_FAULT_CYCLES sets the number of cycles,
//     WAYMARK_FAULT_BUILD names the broken build.
package faults
