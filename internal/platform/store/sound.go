//go:build !broken

package store

import (
	"context"
	"io/fs"
)

// broken is true in builds that are made to lose data, so that the tests for
// faults can be seen to notice (broken.go). It is a constant: an ordinary build
// has none of that in it, and nothing that could switch it on.
const broken = false

func answerEarly(*Tx, string, ...*writeRequest) {}

func lose() bool { return false }

func repeat() bool { return false }

func holdBack(*Tx, string, []any) bool { return false }

func (db *DB) finishBroken(context.Context, *Tx) (bool, error) { return false, nil }

func believe() bool { return false }

func inPieces(folder fs.FS) fs.FS { return folder }
