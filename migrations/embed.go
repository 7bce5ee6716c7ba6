// Package migrations holds the steps that make and change the tables, numbered
// in one line for both engines. A step that has landed is never edited; the
// next one is added. hashes.sum keeps their fingerprints.
package migrations

import "embed"

// FS is the folder of steps, as store.DB.Migrate takes it.
//
//go:embed *.sql
var FS embed.FS
