package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/backup"
	"waymark/internal/platform/store"
	"waymark/migrations"
)

type backupCommand struct {
	File string `arg:"" help:"File to write. It must not exist." type:"path"`
}

func (c backupCommand) Run(s *shell) (err error) {
	p, err := s.place()
	if err != nil {
		return err
	}
	key, err := p.prepare(s.ctx, opening{})
	if err != nil {
		return err
	}
	name, err := p.name()
	if err != nil {
		return err
	}
	w, err := s.open(false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if _, err := os.Lstat(c.File); err == nil {
		return fmt.Errorf("%w: %s exists already", errRefused, c.File)
	}
	var said backup.Summary
	kept, err := writeWhole(c.File, func(out io.Writer) (err error) {
		said, err = backup.Take(s.ctx, w.guard, s.operator(), w.db, key, name, out)
		return err
	}, func(in io.Reader) error {
		read, err := backup.Check(key, in)
		if err == nil && read != said {
			err = fmt.Errorf("%w: reading it back gives something else", backup.ErrDamaged)
		}
		return err
	})
	if err != nil {
		return err
	}
	source, err := p.keySource()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s: %d bytes, written and read back whole.\n%sIt opens with this key and no other: %s\n", c.File, kept, described(said), source)
	return err
}

func described(b backup.Summary) string {
	return fmt.Sprintf("%s data of %s: %d tables, %d rows, %d entries in the ledger (head %s).\n",
		b.Kind, b.Taken.Format(time.RFC3339), b.Tables, b.Rows, b.LedgerSize, b.LedgerRoot)
}

// writeWhole writes a file under another name, has it checked after it has
// reached the disk, and only then gives it its name. It returns the size.
func writeWhole(path string, write func(io.Writer) error, check func(io.Reader) error) (size int64, err error) {
	partial := path + ".partial"
	file, err := os.OpenFile(partial, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names it
	if errors.Is(err, fs.ErrExist) {
		return 0, fmt.Errorf("%w: %s is there from a run that did not end; remove it first", errRefused, partial)
	}
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(partial))
		}
	}()
	out := bufio.NewWriterSize(file, 1<<20)
	err = write(out)
	if err = errors.Join(err, out.Flush(), file.Sync()); err != nil {
		return 0, errors.Join(err, file.Close())
	}
	size, err = file.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err == nil {
		err = check(file)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return 0, err
	}
	return size, os.Rename(partial, path)
}

type restoreCommand struct {
	File  string `arg:"" help:"Backup to restore." type:"existingfile"`
	Check bool   `help:"Only read it to its end and say what is in it."`
}

func (c restoreCommand) Run(s *shell) (err error) {
	p, err := s.place()
	if err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	label, err := backup.ReadLabel(bufio.NewReader(file))
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	key, source, err := p.keyOf(s.ctx, label.Deployment)
	if err != nil {
		return err
	}
	if c.Check {
		b, err := backup.Check(key, file)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.out, "%s is whole.\n%sIts key: %s\n", c.File, described(b), source)
		return err
	}
	if err := p.vacant(label.Deployment); err != nil {
		return err
	}
	b, err := s.restore(p, key, file)
	if err != nil {
		return err
	}
	if err := p.settleAs(label.Deployment, key); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "Restored from %s.\n%sEverybody is signed out. Links that were not used, recovery codes and the tokens of programs have to be made again.\nEverything else is as it was at that time: see who has left, which passwords were changed and what was destroyed since.\n", c.File, described(b))
	return err
}

// restore fills the place and checks what came of it.
func (s *shell) restore(p place, key store.Key, file io.ReadSeeker) (b backup.Summary, err error) {
	clock := &commandClock{}
	db, err := store.Open(s.ctx, store.Config{Dir: p.Dir, URL: p.URL, Key: key, Clock: clock.now})
	if err != nil {
		return b, err
	}
	w, err := wire(db)
	if err == nil {
		b, err = backup.Restore(s.ctx, db, migrations.FS, key, file, auth.Fleeting()...)
	}
	if err == nil {
		_, err = db.Claim(s.ctx, store.Any)
	}
	if err == nil { // the backup may be older than the sealed columns
		err = rewrite(s.ctx, db)
	}
	if err == nil {
		err = clock.inDemo(s.ctx, w)
	}
	if err == nil {
		err = s.verifyRestored(w, b)
	}
	if err = errors.Join(err, db.Close()); err != nil && p.URL == "" {
		err = errors.Join(err, p.removeFile())
	}
	return b, err
}

func (s *shell) verifyRestored(w *waymark, b backup.Summary) error {
	report, err := w.guard.Verify(s.ctx)
	if err != nil {
		return err
	}
	if len(report.Faults) > 0 {
		return fmt.Errorf("%w: %s", errFaults, report.Faults[0])
	}
	return backup.Note(s.ctx, w.guard, s.operator(), w.db, b.Deployment)
}

// keyOf is the key of the place, or where none is named the one kept under the
// name of a deployment.
func (p place) keyOf(ctx context.Context, deployment string) (store.Key, keySource, error) {
	source := keySource{path: p.Key, text: p.KeyText, command: p.KeyCommand}
	if source == (keySource{}) {
		config, err := os.UserConfigDir()
		if err != nil {
			return store.Key{}, source, err
		}
		source.path = filepath.Join(config, "waymark", deployment+".key")
	}
	key, err := source.read(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w: there is no key at %s; say with --key where the key of this backup is", store.ErrWrongKey, source)
	}
	return key, source, err
}

// vacant makes sure that a backup of the deployment may be restored here: in a
// new directory, or in the deployment's own when its database is gone.
func (p place) vacant(deployment string) error {
	if p.URL != "" {
		return nil // the database itself tells
	}
	there, err := p.hasData()
	if err != nil {
		return err
	}
	if there {
		return fmt.Errorf("%w: %s holds data already; name an empty directory", errRefused, p.Dir)
	}
	id, err := p.readIdentity()
	if err != nil {
		return err
	}
	if id.settled && id.name != deployment {
		return fmt.Errorf("%w: %s belongs to another deployment (%s)", errRefused, p.Dir, id.name)
	}
	return os.MkdirAll(p.Dir, 0o700)
}

// settleAs gives the place the name of the deployment that was restored in it,
// so that its key is found.
func (p place) settleAs(deployment string, key store.Key) error {
	if p.URL == "" {
		return p.writeIdentity(identity{name: deployment, settled: true})
	}
	source, err := p.keySource()
	if err != nil || source.given() {
		return err
	}
	path := source.path
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return key.Save(path)
}

// removeFile removes the files of an embedded database.
func (p place) removeFile() error {
	var errs []error
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(p.Dir, store.FileName+suffix)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
