// Package groups keeps the groups in which people are supported, teach each other
// and are taught: who runs them, when they meet, to whom they were offered, who
// has a place, and who came.
//
// # Words
//
//   - A [Group] is run by a team, or by somebody else: a local group, which is
//     only offered. It is for people who experience harm, for their children, or
//     for people who harm; never for two of these.
//   - A [Session] is one time at which a group meets.
//   - A [Member] is a group that was offered to somebody of a case, with what
//     became of it: the answer, waiting, a place, and why they left.
//   - The register of a session is who was to come, and what became of it.
//
// # Rules
//
//   - What is declined has a coded reason, so that it can be counted. That it is
//     not safe now is an answer of its own.
//   - Nobody has more than one open answer to one group. Who waits is served in
//     the order in which it was first offered to them.
//   - A person and whoever has harmed them are not in the same group, at any time;
//     nor does a group of theirs meet where the other is, or have the other's
//     worker, unless a manager other than who asked for it lets it stand, with a
//     reason. Groups and appointments see each other: package appointments asks
//     and looks for both (ADR 0016).
//   - The refusal shows on the side of the person harmed. On the other side they
//     join, wait, or are told that a group is full exactly as if nobody they have
//     harmed were anywhere: such a place counts as free for them. Afterwards the
//     side of the person harmed is asked to look at it again.
//   - A session is planned without looking at appointments, which would tell
//     whoever plans it where somebody is. An appointment is not booked over a
//     session that its worker runs, or in the room of one.
//   - A group judges twice. Whether somebody runs it is judged on the group;
//     whether they may know that a person is in it, on the file of each. Whoever
//     puts somebody into a group thereby tells those who run it their name, and
//     nothing else. A file that is not there for them because it is restricted,
//     because they are tied to its people, or because it is on the other side of a
//     harm they work with, is not in their register, and nothing says that
//     anything is missing. Its attendance is recorded by somebody else who runs
//     the group and may know, or by a manager. If there is nobody, it is not
//     recorded: that is the price of the wall.
//   - What is written into a register lands in the chronology of each case, with
//     who wrote it. Reading a register names exactly those in it in the ledger.
//   - A case that is closed has no place in a group.
//
// Obligations: B6.8, B9.6, B9.7, B9.9.
package groups
