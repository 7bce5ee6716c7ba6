package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"waymark/internal/platform/store"
	"waymark/migrations"
)

// place is where a deployment is: a data directory or a PostgreSQL database,
// and the key that belongs to it.
type place struct {
	Dir string
	URL string
	Key string // path of the key file; "" for the default
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

// idFile names a data directory, so that its key can be found when it moves.
const idFile = "deployment-id"

// open opens the deployment, and sets a new one up where the command may.
func (p place) open(ctx context.Context, o opening) (*store.DB, error) {
	if p.URL == "" {
		if err := p.prepareDir(o.create); err != nil {
			return nil, err
		}
	}
	key, err := p.key(o)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, store.Config{Dir: p.Dir, URL: p.URL, Key: key, Clock: o.clock, Random: o.random, Quick: o.quick})
	if err != nil {
		return nil, err
	}
	if err := p.bringUp(ctx, db, o); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (p place) bringUp(ctx context.Context, db *store.DB, o opening) error {
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
	_, err := db.Claim(ctx, o.kind)
	return err
}

// prepareDir makes the directory and its name, or refuses a new one.
func (p place) prepareDir(create bool) error {
	_, err := os.Stat(filepath.Join(p.Dir, store.FileName))
	if err == nil {
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if !create {
		return fmt.Errorf("%w: %s holds no Waymark data", errNotSetUp, p.Dir)
	}
	return os.MkdirAll(p.Dir, 0o700)
}

// key reads the key of the deployment, or makes it with a new one.
func (p place) key(o opening) (store.Key, error) {
	path, err := p.keyPath()
	if err != nil {
		return store.Key{}, err
	}
	if err := p.apart(path); err != nil {
		return store.Key{}, err
	}
	key, err := store.ReadKey(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if p.hasData() {
		return store.Key{}, fmt.Errorf("%w: there is data, but no key at %s; give the key's place with --key", store.ErrWrongKey, path)
	}
	if !o.create {
		return store.Key{}, fmt.Errorf("%w: there is no key at %s", errNotSetUp, path)
	}
	key, err = store.CreateKey(path)
	if err == nil && o.notes != nil {
		fmt.Fprintf(o.notes, "A new key was made: %s\nKeep a copy of it in another place than the data. A backup without the key is worthless,\nand nobody can make the key again.\n", path)
	}
	return key, err
}

// hasData tells whether a directory holds a database already. A PostgreSQL
// database tells by itself, when its key is checked.
func (p place) hasData() bool {
	if p.URL != "" {
		return false
	}
	_, err := os.Stat(filepath.Join(p.Dir, store.FileName))
	return err == nil
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
	path := filepath.Join(p.Dir, idFile)
	text, err := os.ReadFile(path) //nolint:gosec // the operator names the directory
	if err == nil {
		name := strings.TrimSpace(string(text))
		if _, err := hex.DecodeString(name); err != nil || name == "" {
			return "", fmt.Errorf("%s is damaged; give the key's place with --key", path)
		}
		return name, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	var id [8]byte
	if _, err := rand.Read(id[:]); err != nil {
		return "", err
	}
	name := hex.EncodeToString(id[:])
	return name, os.WriteFile(path, []byte(name+"\n"), 0o600)
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
