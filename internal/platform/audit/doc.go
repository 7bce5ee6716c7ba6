// Package audit keeps the ledger: every read of a person's data, every write,
// every refusal, in an append-only Merkle log.
//
// # Words
//
//   - An [Entry] says who did what to which records, when, for what purpose,
//     and whether it was allowed. It holds identifiers and codes only, never a
//     name or what somebody typed.
//   - A [Head] is the size of the log and the hash over all of it. Whoever
//     keeps yesterday's head can prove tomorrow that nothing was altered or
//     removed.
//   - A [Look] gathers what one page shows into one entry, which is committed
//     before the first byte of the page leaves.
//   - A [Permit] is what a checked act is given to work with; only this package
//     makes one. Packages that hold people's data ask for it.
//
// # Rules
//
//   - An entry of a change is written in the transaction of the change.
//   - A refusal is committed before it is answered.
//   - There is one log a deployment. On PostgreSQL its lock is the last thing a
//     transaction takes.
//   - Entries stand alone: they refer to nothing that could be deleted.
package audit
