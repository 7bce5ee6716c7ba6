// Package store opens Waymark's database, SQLite or PostgreSQL, and hands out
// transactions.
//
// # Words
//
//   - A [DB] is one open database. [DB.Read] runs a function on one read
//     snapshot; [DB.Write] runs it in a transaction and returns after the
//     commit.
//   - A [Tx] has one time, [Tx.Now], for everything done in it; identifiers are
//     made by [Tx.NewID] from that time.
//   - A [Sealed] value is ciphertext under the data key of one agency; the
//     [Vault] makes and opens it.
//
// # Rules
//
//   - SQL is written once, in PostgreSQL's dialect, with $1, $2 … as
//     parameters; for SQLite each statement is rewritten once so that $n names
//     the nth argument and nothing else.
//   - Times are stored in UTC with microseconds, in columns of type timestamp.
//     Every time argument is brought to that form here, so that text order is
//     time order on SQLite.
//   - On SQLite there is one writer: writes that arrive together share a
//     commit, each in its own savepoint, so that one failing harms no other.
//     On PostgreSQL each write is a transaction of its own.
//   - Whatever must be written together with a change (the ledger) is queued
//     with [Tx.Queue] and written by the function given to [DB.BeforeCommit],
//     as the last thing before the commit.
//   - Driver errors become [ErrNotFound], [ErrExists], [ErrConflict],
//     [ErrReadOnly] and [ErrFull] by code, never by message.
//   - The SQLite file is encrypted; sealed columns are encrypted on both
//     engines. What older binaries left plain is sealed by [DB.SealPlain] (ADR
//     0011).
//
// Obligations: B6.25, B6.26.
package store
