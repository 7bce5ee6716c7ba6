package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"
)

// ErrInUse is returned when the SQLite file cannot be written anew because
// another process has it open.
var ErrInUse = errors.New("another process has the database open")

// RekeyFile writes the SQLite file in dir anew under the newest key, when it
// still lies under an older one, and tells whether it did. It needs the file
// for itself. A stop at any moment leaves one whole file or the other.
func RekeyFile(ctx context.Context, dir string, key Key) (bool, error) {
	path, err := filepath.Abs(filepath.Join(dir, FileName))
	if err != nil {
		return false, err
	}
	db := &DB{}
	if err := db.openPools(ctx, Config{Dir: dir, Key: key}); err != nil {
		return false, err
	}
	age := db.fileKeyAge
	if err := db.closePools(); err != nil || age == 0 {
		return false, err
	}
	next := path + ".next"
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if err := ownFile(next); err != nil {
		return false, err
	}
	if err := copyUnder(ctx, path, next, key.Each()[age], key); err != nil {
		return false, errors.Join(err, removeIf(next))
	}
	if err := syncFile(next); err != nil {
		return false, err
	}
	return true, errors.Join(os.Rename(next, path), syncFile(filepath.Dir(path)))
}

// copyUnder copies the database with nobody else in it. The file is taken out
// of its write-ahead log first, which succeeds only then.
func copyUnder(ctx context.Context, from, to string, old, newest Key) (err error) {
	pool, err := openPool(fileURL(from, "vfs="+fileSystem), func(c *sqlite3.Conn) error {
		return c.Exec("PRAGMA hexkey='" + hex.EncodeToString(old.file()) + "'; PRAGMA busy_timeout=500; PRAGMA locking_mode=EXCLUSIVE;")
	})
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, pool.Close()) }()
	var mode string
	if err := pool.QueryRowContext(ctx, `PRAGMA journal_mode=DELETE`).Scan(&mode); err != nil || mode != "delete" {
		if err == nil || errors.Is(err, sqlite3.BUSY) {
			return ErrInUse
		}
		return translate(err)
	}
	_, err = pool.ExecContext(ctx, `VACUUM INTO ?`, fileURL(to, "vfs="+fileSystem+"&hexkey="+hex.EncodeToString(newest.file())))
	if err != nil {
		return fmt.Errorf("writing the database anew: %w", translate(err))
	}
	return nil
}

// ownFile makes an empty file that only its owner can use, where there is none:
// SQLite would let others read it, and its log takes its permissions.
func ownFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // our own file
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

func fileURL(path, query string) string {
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: query}).String()
}

func removeIf(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.Open(path) //nolint:gosec // our own file
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
