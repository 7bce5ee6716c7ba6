package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// DeploymentKind tells real data from made-up data. A database is one or the
// other for good.
type DeploymentKind string

// The kinds of deployment.
const (
	Real DeploymentKind = "real"
	Demo DeploymentKind = "demo"
	// Any is for commands that only look, whatever they look at.
	Any DeploymentKind = ""
)

// ErrKind is returned when a demo is opened as real data or real data as a
// demo.
var ErrKind = errors.New("the database is of the other kind")

// deploymentPlace is where the check of the key belongs.
var deploymentPlace = Place{Table: "deployment", Column: "key_check", Row: "1"}

// Claim makes a new database a deployment of the kind, or checks that it is
// one already and that the key is the one it was made with. It returns
// [ErrKind] and [ErrWrongKey], and true when the database was new. With [Any] it
// only checks, and returns [ErrNotFound] when there is nothing to check.
func (db *DB) Claim(ctx context.Context, kind DeploymentKind) (bool, error) {
	isNew, err := db.claim(ctx, kind)
	if errors.Is(err, ErrExists) {
		// Another program made it at the same moment, or one that was killed and
		// whose last statement the server still carried out.
		return db.claim(ctx, kind)
	}
	return isNew, err
}

func (db *DB) claim(ctx context.Context, kind DeploymentKind) (bool, error) {
	isNew := false
	err := db.Write(ctx, func(ctx context.Context, tx *Tx) error {
		var have string
		var check []byte
		err := tx.QueryRowContext(ctx, `SELECT kind, key_check FROM deployment WHERE one = 1`).Scan(&have, &check)
		if errors.Is(err, sql.ErrNoRows) {
			if kind == Any {
				return ErrNotFound
			}
			isNew = true
			if check, err = db.vault.wrap([]byte(kind), deploymentPlace.bytes()); err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, `INSERT INTO deployment (one, kind, key_check, created_at) VALUES (1, $1, $2, $3)`,
				string(kind), check, tx.Now())
			return err
		}
		if err != nil {
			return err
		}
		text, _, err := db.vault.unwrap(check, deploymentPlace.bytes())
		if err != nil {
			return err
		}
		if string(text) != have || kind != Any && have != string(kind) {
			return fmt.Errorf("%w: it holds %s data", ErrKind, have)
		}
		return nil
	})
	return isNew, err
}

// Rewrap wraps everything that lies under an older key under the newest one:
// the agencies' data keys and the check of the key. Data itself is not touched.
// It returns how many were wrapped anew.
func (db *DB) Rewrap(ctx context.Context) (int, error) {
	n := 0
	err := db.Write(ctx, func(ctx context.Context, tx *Tx) error {
		n = 0
		return db.vault.under(ctx, tx, func(table string, place, raw []byte, age int, where string, args ...any) error {
			if age == 0 {
				return nil
			}
			wrapped, err := db.vault.wrap(raw, place)
			if err != nil {
				return err
			}
			n++
			_, err = tx.ExecContext(ctx, `UPDATE `+table+` WHERE `+where, append([]any{wrapped}, args...)...)
			return err
		})
	})
	return n, err
}

// UnderOlder counts what still lies under an older key.
func (db *DB) UnderOlder(ctx context.Context) (int, error) {
	n := 0
	err := db.Read(ctx, func(ctx context.Context, tx *Tx) error {
		return db.vault.under(ctx, tx, func(_ string, _, _ []byte, age int, _ string, _ ...any) error {
			if age > 0 {
				n++
			}
			return nil
		})
	})
	if db.fileKeyAge > 0 {
		n++
	}
	return n, err
}

// under goes through everything that is wrapped by the deployment's key.
func (v *Vault) under(ctx context.Context, tx *Tx, fn func(table string, place, raw []byte, age int, where string, args ...any) error) error {
	var check []byte
	if err := tx.QueryRowContext(ctx, `SELECT key_check FROM deployment WHERE one = 1`).Scan(&check); err != nil {
		return err
	}
	raw, age, err := v.unwrap(check, deploymentPlace.bytes())
	if err != nil {
		return err
	}
	if err := fn(`deployment SET key_check = $1`, deploymentPlace.bytes(), raw, age, `one = 1`); err != nil {
		return err
	}
	keys, err := wrappedKeys(ctx, tx, ``)
	if err != nil {
		return err
	}
	for _, k := range keys {
		place := wrapPlace(k.agency, k.version)
		raw, age, err := v.unwrap(k.wrapped, place)
		if err != nil {
			return err
		}
		if err := fn(`agency_key SET wrapped = $1`, place, raw, age, `agency_id = $2 AND version = $3`, k.agency, k.version); err != nil {
			return err
		}
	}
	return nil
}

// KindOf tells what a deployment is, [Any] when it was never claimed: a test's.
func KindOf(ctx context.Context, tx *Tx) (DeploymentKind, error) {
	var kind string
	err := tx.QueryRowContext(ctx, `SELECT kind FROM deployment WHERE one = 1`).Scan(&kind)
	if errors.Is(err, sql.ErrNoRows) {
		return Any, nil
	}
	return DeploymentKind(kind), err
}
