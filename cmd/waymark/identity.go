package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// identityFile names a data directory, so that its key can be found when the
// directory moves, and says whether a database was ever set up in it.
const identityFile = "deployment-id"

// settledWord follows the name once the database has been set up whole.
const settledWord = "set-up"

var identityName = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// identity is what the file says; the zero identity is a directory without one.
type identity struct {
	name    string // hexadecimal, or of a PostgreSQL database that was restored here
	settled bool   // a database was set up here: if it is missing, it was lost
}

func (i identity) String() string {
	if i.settled {
		return i.name + " " + settledWord
	}
	return i.name
}

// readIdentity reads the file, if it is there.
func (p place) readIdentity() (identity, error) {
	path := filepath.Join(p.Dir, identityFile)
	text, err := os.ReadFile(path) //nolint:gosec // the operator names the directory
	if errors.Is(err, fs.ErrNotExist) {
		return identity{}, nil
	}
	if err != nil {
		return identity{}, err
	}
	name, word, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	if !identityName.MatchString(name) || word != "" && word != settledWord {
		return identity{}, fmt.Errorf("%s is damaged; put back what it said, it names the key of this directory", path)
	}
	return identity{name: name, settled: word == settledWord}, nil
}

// identity reads the file, and gives a new directory a name.
func (p place) identity() (identity, error) {
	id, err := p.readIdentity()
	if err != nil || id.name != "" {
		return id, err
	}
	var random [8]byte
	if _, err := rand.Read(random[:]); err != nil {
		return id, err
	}
	id.name = hex.EncodeToString(random[:])
	return id, p.writeIdentity(id)
}

// markSettled notes that the database is set up.
func (p place) markSettled() error {
	id, err := p.identity()
	if err != nil || id.settled {
		return err
	}
	id.settled = true
	return p.writeIdentity(id)
}

// writeIdentity replaces the file in one step, so that it is never half written.
func (p place) writeIdentity(id identity) error {
	path := filepath.Join(p.Dir, identityFile)
	next := path + ".new"
	file, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // the operator names the directory
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, id)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(next, path)
}
