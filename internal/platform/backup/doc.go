// Package backup copies a whole deployment to one file and fills a new one from
// it.
//
// # Words
//
//   - A backup is every table of one moment, encrypted and authenticated with
//     the deployment's key. It says outside the encryption only which deployment
//     it is of and when it was taken, so that its key can be found.
//   - The format is the same for both engines: what was taken on SQLite can be
//     restored on PostgreSQL, and the other way round.
//   - A [Summary] counts what is in it.
//
// # Rules
//
//   - A backup is taken while work goes on, from one snapshot.
//   - It counts only after it has been read back whole ([Check]).
//   - A restore fills a new, empty database, in one transaction: a file that is
//     cut off, altered, of another key or of a newer program changes nothing.
//   - Sessions, one-time links and codes are not restored: what had ended or
//     been used stays so.
package backup
