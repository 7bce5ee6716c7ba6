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
// SQLite file and the key that wraps the agencies' data keys are derived.
type Key struct{ secret [32]byte }

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

func (k Key) isZero() bool { return k == Key{} }

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
	body, ok := strings.CutPrefix(strings.TrimSpace(string(text)), keyPrefix)
	raw, err := base64.StdEncoding.DecodeString(body)
	var k Key
	if !ok || err != nil || len(raw) != len(k.secret) {
		return Key{}, fmt.Errorf("%s is not a Waymark key file", path)
	}
	copy(k.secret[:], raw)
	return k, nil
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

// Save writes the key to path, as [CreateKey] does with a new one.
func (k Key) Save(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names it
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already", path)
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(keyPrefix + base64.StdEncoding.EncodeToString(k.secret[:]) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("writing the key: %w", err)
	}
	return nil
}
