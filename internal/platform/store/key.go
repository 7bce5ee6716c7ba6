package store

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// Key is the key of a deployment: 32 random bytes, from which the key of the
// SQLite file and the key that wraps the agencies' data keys are derived. It may
// have older keys behind it, which still open what they closed; what is closed
// from now on is closed with the newest.
type Key struct {
	secret [32]byte
	older  []Key // newest first, without older ones of their own
}

const keyPrefix = "waymark-key-1:"

// NewKey makes a key.
func NewKey() (Key, error) {
	var k Key
	if _, err := rand.Read(k.secret[:]); err != nil {
		return Key{}, fmt.Errorf("making a key: %w", err)
	}
	return k, nil
}

// String and LogValue keep the key out of messages and logs.
func (Key) String() string { return "[redacted]" }

// LogValue implements [slog.LogValuer].
func (Key) LogValue() slog.Value { return slog.StringValue("[redacted]") }

func (k Key) isZero() bool { return k.secret == [32]byte{} }

// Each is the key and its older ones, each alone, the newest first.
func (k Key) Each() []Key {
	return append([]Key{{secret: k.secret}}, k.older...)
}

// Older tells how many older keys stand behind this one.
func (k Key) Older() int { return len(k.older) }

// Renewed is a new key with this one and its older ones behind it.
func (k Key) Renewed() (Key, error) {
	next, err := NewKey()
	next.older = k.Each()
	return next, err
}

// Alone is the newest key without those behind it.
func (k Key) Alone() Key { return Key{secret: k.secret} }

func (k Key) derive(use string) []byte {
	out, err := hkdf.Key(sha256.New, k.secret[:], nil, "waymark "+use, 32)
	if err != nil {
		// Only a length beyond 255 hashes can fail, and this one is constant.
		panic(err)
	}
	return out
}

func (k Key) file() []byte { return k.derive("database file") }

// ReadKey reads a key file. It returns an error that wraps fs.ErrNotExist when
// there is none.
func ReadKey(path string) (Key, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		return Key{}, err
	}
	key, err := ParseKey(string(text))
	if err != nil {
		return Key{}, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

// ErrNoKey is returned for a text that is not a key.
var ErrNoKey = errors.New("this is not a Waymark key")

// ParseKey reads the text of a key: a line for each, the newest first.
func ParseKey(text string) (Key, error) {
	var keys []Key
	for line := range strings.Lines(strings.TrimSpace(text)) {
		body, ok := strings.CutPrefix(strings.TrimSpace(line), keyPrefix)
		raw, err := base64.StdEncoding.DecodeString(body)
		var k Key
		if !ok || err != nil || len(raw) != len(k.secret) {
			return Key{}, fmt.Errorf("%w (line %d)", ErrNoKey, len(keys)+1)
		}
		copy(k.secret[:], raw)
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return Key{}, ErrNoKey
	}
	keys[0].older = keys[1:]
	return keys[0], nil
}

// Text is what [ParseKey] reads. It is the secret itself.
func (k Key) Text() string {
	var b strings.Builder
	for _, one := range k.Each() {
		b.WriteString(keyPrefix + base64.StdEncoding.EncodeToString(one.secret[:]) + "\n")
	}
	return b.String()
}

// CreateKey makes a key and writes it to path, readable by its owner only. It
// never replaces a file.
func CreateKey(path string) (Key, error) {
	k, err := NewKey()
	if err != nil {
		return Key{}, err
	}
	return k, k.Save(path)
}

// Derive is key material for another use of the same key: 32 bytes that tell
// nothing of the key or of what is derived for other uses.
func (k Key) Derive(use string) []byte { return k.derive("for " + use) }

// Save writes the key to path, as [CreateKey] does with a new one. The file has
// its name only when it is whole on the disk: a set-up that is killed here finds
// no key when it starts again, never half of one.
func (k Key) Save(path string) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.WriteString(k.Text())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("writing the key: %w", err)
	}
	// A link, unlike a rename, never takes the place of a file.
	err = os.Link(f.Name(), path)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already", path)
	}
	if err != nil {
		return fmt.Errorf("writing the key: %w", err)
	}
	return syncFile(dir)
}

// Replace puts the key in the place of the one in the file, in one step.
func (k Key) Replace(path string) error {
	next := path + ".next"
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := k.Save(next); err != nil {
		return err
	}
	return os.Rename(next, path)
}
