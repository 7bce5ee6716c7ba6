package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/risk"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
	"waymark/migrations"
)

// place is where a deployment is: a data directory or a PostgreSQL database,
// and the key that belongs to it.
type place struct {
	Dir string
	URL string
	Key string // path of the key file; "" for the default

	// Instead of a file: the key itself, or a command that prints it.
	KeyText    string
	KeyCommand string
}

// opening says how a command opens a deployment.
type opening struct {
	create bool // set a new one up
	kind   store.DeploymentKind
	clock  store.Clock
	random io.Reader
	quick  bool      // only to make a file: see store.Config
	notes  io.Writer // where a person is told about a new key
}

// errNotSetUp is the answer of commands that only look, on a place where
// nothing is.
var errNotSetUp = errors.New("nothing is set up there")

// open opens the deployment, and sets a new one up where the command may.
func (p place) open(ctx context.Context, o opening) (*store.DB, error) {
	key, err := p.prepare(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := p.rekey(ctx, key, o); err != nil {
		return nil, err
	}
	db, err := p.connect(ctx, key, o)
	if err != nil || p.URL != "" || !o.create {
		return db, err
	}
	if err := p.markSettled(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// rekey writes the file of an embedded database anew where the key was renewed
// and nobody else has the file open.
func (p place) rekey(ctx context.Context, key store.Key, o opening) error {
	there, err := p.hasData()
	if err != nil || !there || !o.create || key.Older() == 0 {
		return err
	}
	if _, err := store.RekeyFile(ctx, p.Dir, key); !errors.Is(err, store.ErrInUse) {
		return err
	}
	return nil
}

// prepare makes sure of the directory and the key.
func (p place) prepare(ctx context.Context, o opening) (store.Key, error) {
	if p.URL == "" {
		if err := p.prepareDir(o.create); err != nil {
			return store.Key{}, err
		}
	}
	return p.key(ctx, o)
}

// connect opens the database with its key, and brings it up to this binary.
func (p place) connect(ctx context.Context, key store.Key, o opening) (*store.DB, error) {
	source, err := p.keySource()
	if err != nil {
		return nil, err
	}
	reread := func() (store.Key, error) { return source.read(context.WithoutCancel(ctx)) }
	db, err := store.Open(ctx, store.Config{Dir: p.Dir, URL: p.URL, Key: key, Reread: reread, Clock: o.clock, Random: o.random, Quick: o.quick})
	if err != nil {
		return nil, err
	}
	if err := bringUp(ctx, db, o); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func bringUp(ctx context.Context, db *store.DB, o opening) error {
	if o.create {
		if _, err := db.Migrate(ctx, migrations.FS); err != nil {
			return err
		}
	} else {
		current, err := db.Current(ctx, migrations.FS)
		if err != nil {
			return err
		}
		if !current {
			return fmt.Errorf("%w, or its tables are older than this binary: run \"waymark migrate\" first", errNotSetUp)
		}
	}
	if _, err := db.Claim(ctx, o.kind); err != nil || !o.create {
		return err
	}
	return rewrite(ctx, db)
}

// rewrite brings what an older binary wrote to what this one reads: words that
// lay plain are sealed, and people get the words and keys by which they are found.
func rewrite(ctx context.Context, db *store.DB) error {
	if _, err := db.SealPlain(ctx, plain()); err != nil {
		return err
	}
	_, err := people.New(db, people.DefaultRecheck).BuildKeys(ctx, db)
	return err
}

// plain are the columns that held words before they were sealed: what an older
// binary wrote into them is sealed at every start.
func plain() []store.Plain { return slices.Concat(people.Plain(), cases.Plain(), risk.Plain()) }

// errGone is the answer on a place that was set up and whose database is no
// longer there. To set a new, empty one up would look like everything lost, or
// like nothing ever recorded.
var errGone = errors.New("the database is gone")

// prepareDir makes the directory and its name. It refuses a new directory to
// commands that only look, and one that has lost its database to all.
func (p place) prepareDir(create bool) error {
	there, err := p.hasData()
	if err != nil || there {
		return err
	}
	id, err := p.readIdentity()
	if err != nil {
		return err
	}
	if id.settled {
		return fmt.Errorf("%w: %s was set up before, and %s is missing from it; put the file or a backup back, or, to begin anew with nothing, remove %s",
			errGone, p.Dir, store.FileName, filepath.Join(p.Dir, identityFile))
	}
	if !create {
		return fmt.Errorf("%w: %s holds no Waymark data", errNotSetUp, p.Dir)
	}
	if p.Key != "" && id.name == "" {
		if _, err := os.Stat(p.Key); err == nil {
			return fmt.Errorf("%w: there is a key at %s, but no data in %s; name the directory that the key belongs to, or another file for a new key",
				errGone, p.Key, p.Dir)
		}
	}
	if err := os.MkdirAll(p.Dir, 0o700); err != nil {
		return err
	}
	_, err = p.identity()
	return err
}

// hasData tells whether a directory holds a database already. A PostgreSQL
// database tells by itself, when its key is checked.
func (p place) hasData() (bool, error) {
	if p.URL != "" {
		return false, nil
	}
	_, err := os.Stat(filepath.Join(p.Dir, store.FileName))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// keyPath is where the key lies: where --key says, or in the configuration
// directory of the user, under the name of the deployment.
func (p place) keyPath() (string, error) {
	if p.Key != "" {
		return filepath.Abs(p.Key)
	}
	name, err := p.name()
	if err != nil {
		return "", err
	}
	config, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("there is no configuration directory for the key (%w); say with --key where it is to lie", err)
	}
	return filepath.Join(config, "waymark", name+".key"), nil
}

// name is the name of the deployment: written in the data directory, or made
// from the address of the database without the password in it.
func (p place) name() (string, error) {
	if p.URL != "" {
		address := p.URL
		if u, err := url.Parse(p.URL); err == nil && u.Host != "" {
			address = u.Host + u.Path
		}
		sum := sha256.Sum256([]byte(address))
		return "postgresql-" + hex.EncodeToString(sum[:8]), nil
	}
	id, err := p.identity()
	return id.name, err
}

// apart refuses a key inside the data directory: whoever copies the one would
// have the other.
func (p place) apart(key string) error {
	if p.URL != "" {
		return nil
	}
	dir, err := filepath.Abs(p.Dir)
	if err != nil {
		return err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	folder := filepath.Dir(key)
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		folder = real
	}
	if folder == dir || strings.HasPrefix(folder, dir+string(filepath.Separator)) {
		return fmt.Errorf("the key would lie with the data (%s): whoever copies the data would have the key; say with --key where else", key)
	}
	return nil
}
