package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"waymark/internal/platform/store"
)

const folderPrefix = "waymark-bench-"

// folder is a folder of a run's own. As long as the run lives it holds a lock on
// it, so that later runs can tell it from what a run that was killed left
// behind: those they remove, and no other. Nobody has to clean up by hand.
type folder struct {
	place
	lock *os.File
}

func newFolder(below string) (*folder, error) {
	if err := sweep(below); err != nil {
		return nil, err
	}
	// It gets its name when it is locked, so that it is never taken for one that
	// was left behind.
	making, err := os.MkdirTemp(below, "waymark-new-bench-")
	if err != nil {
		return nil, err
	}
	lock, err := os.Create(filepath.Join(making, "lock"))
	if err == nil {
		err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	dir := filepath.Join(below, folderPrefix+strings.TrimPrefix(filepath.Base(making), "waymark-new-bench-"))
	if err == nil {
		err = os.Rename(making, dir)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(making))
	}
	return &folder{place{dir}, lock}, nil
}

// sweep removes what runs that were killed have left.
func sweep(below string) error {
	left, err := filepath.Glob(filepath.Join(below, folderPrefix+"*", "lock"))
	if err != nil {
		return err
	}
	for _, path := range left {
		lock, err := os.Open(path)
		if err != nil {
			continue // another run was faster, or it is somebody else's
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(filepath.Dir(path))
		}
		lock.Close()
	}
	return nil
}

func (f *folder) remove() error {
	return errors.Join(os.RemoveAll(f.dir), f.lock.Close())
}

// written is the file that a run writes to, to be known again.
type written struct {
	info     os.FileInfo
	identity string // of the deployment
}

var errTakenAway = errors.New("the data was taken away by something else than the program: this run says nothing of what it loses")

// written looks at the file of the database.
func (p place) written() (written, error) {
	info, err := os.Stat(filepath.Join(p.data(), store.FileName))
	if err != nil {
		return written{}, fmt.Errorf("%w: %w", errTakenAway, err)
	}
	text, err := os.ReadFile(filepath.Join(p.data(), "deployment-id"))
	if err != nil {
		return written{}, fmt.Errorf("%w: %w", errTakenAway, err)
	}
	return written{info, string(text)}, nil
}

// still makes sure that the file is the one that was written to. Everything
// lost because a folder was deleted looks like a program that loses everything.
func (w written) still(p place) error {
	now, err := p.written()
	if err != nil {
		return err
	}
	if !os.SameFile(w.info, now.info) || w.identity != now.identity {
		return fmt.Errorf("%w: %s is another file than before", errTakenAway, filepath.Join(p.data(), store.FileName))
	}
	return nil
}
