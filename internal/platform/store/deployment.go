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
			if check, err = db.vault.wrap.Encrypt([]byte(kind), deploymentPlace.bytes()); err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, `INSERT INTO deployment (one, kind, key_check, created_at) VALUES (1, $1, $2, $3)`,
				string(kind), check, tx.Now())
			return err
		}
		if err != nil {
			return err
		}
		text, err := db.vault.wrap.Decrypt(check, deploymentPlace.bytes())
		if err != nil {
			return ErrWrongKey
		}
		if string(text) != have || kind != Any && have != string(kind) {
			return fmt.Errorf("%w: it holds %s data", ErrKind, have)
		}
		return nil
	})
	return isNew, err
}
