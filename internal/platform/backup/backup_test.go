package backup_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/backup"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/migrations"
)

const planted = "14 Hazel Close, behind the mill"

var awkward = []string{"", "plain", "a ' and a \\ and a \" and\na tab\t", "naïve 🙂", planted}

// filled is a database with values of every type: sealed bytes, truth values,
// JSON, times that are there and times that are not, a reference to itself.
func filled(t *testing.T, engine store.Engine) (*store.DB, store.Key) {
	t.Helper()
	cfg := storetest.Config(t, engine)
	cfg.Clock = storetest.NewClock().Now
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	log := audit.New(db)
	if _, err := db.Claim(t.Context(), store.Real); err != nil {
		t.Fatal(err)
	}
	for i, text := range awkward {
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			if i == 0 {
				if err := db.Vault().CreateKey(ctx, tx, "refuge"); err != nil {
					return err
				}
			}
			sealed, err := db.Vault().Seal(ctx, tx, at, text)
			if err != nil {
				return err
			}
			id := fmt.Sprint(i)
			for _, s := range []struct {
				query string
				args  []any
			}{
				{
					`INSERT INTO account (id, username, name, kind, password_hash, disabled, created_at, version) VALUES ($1, $1, $2, 'human', '', $3, $4, $5)`,
					[]any{id, text, i%2 == 0, tx.Now(), int64(i)},
				},
				{`INSERT INTO session (token_hash, account_id, created_at, seen_at, locked) VALUES ($1, $2, $3, $3, false)`, []any{[]byte{byte(i), 0, 255}, id, tx.Now()}},
				{
					`INSERT INTO invitation (token_hash, account_id, created_at, expires_at, used_at) VALUES ($1, $2, $3, $3, $4)`,
					[]any{append([]byte{byte(i)}, sealed.Bytes()...), nil, tx.Now(), nil},
				},
				{
					`INSERT INTO fact (id, agency_id, kind, day, at, person_id, file_id, source_kind, source_id, dimensions) VALUES ($1, 'refuge', 'k', '2026-01-01', $2, '', '', '', '', $3)`,
					[]any{id, tx.Now(), `{"a": "1"}`},
				},
			} {
				if _, err := tx.ExecContext(ctx, s.query, s.args...); err != nil {
					return err
				}
			}
			return log.Append(tx, audit.Of(policy.Actor{Account: "operator:tester", Kind: policy.Operator}, "test.write", audit.Done))
		})
	}
	return db, cfg.Key
}

var at = store.Place{Agency: "refuge", Table: "t", Column: "c", Row: "1"}

func write(t *testing.T, db *store.DB, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func take(t *testing.T, db *store.DB, key store.Key) ([]byte, backup.Summary) {
	t.Helper()
	var out bytes.Buffer
	s, err := backup.Write(t.Context(), db, key, "0123456789abcdef", &out)
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), s
}

func blank(t *testing.T, engine store.Engine) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), storetest.Blank(t, engine))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	audit.New(db)
	return db
}

// content is everything that a database holds, table by table.
func content(t *testing.T, db *store.DB, key store.Key) map[string]int {
	t.Helper()
	rows := map[string]int{}
	file, _ := take(t, db, key)
	err := backup.Each(key, bytes.NewReader(file), func(table store.Table, values []any) error {
		rows[fmt.Sprint(table.Name, values)]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestABackupIsRestoredOnEitherEngine(t *testing.T) {
	for _, from := range storetest.Engines(t) {
		for _, to := range storetest.Engines(t) {
			t.Run(fmt.Sprintf("%s to %s", from, to), func(t *testing.T) {
				db, key := filled(t, from)
				file, taken := take(t, db, key)
				if taken.Rows == 0 || taken.LedgerSize != int64(len(awkward)) || taken.Kind != "real" {
					t.Errorf("%+v", taken)
				}
				restored := blank(t, to)
				got, err := backup.Restore(t.Context(), restored, migrations.FS, key, bytes.NewReader(file))
				if err != nil {
					t.Fatal(err)
				}
				if got != taken {
					t.Errorf("restored %+v, taken %+v", got, taken)
				}
				if diff := cmp.Diff(content(t, db, key), content(t, restored, key)); diff != "" {
					t.Errorf("row for row (-taken +restored):\n%s", diff)
				}
				report, err := audit.New(restored).Verify(t.Context())
				if err != nil || len(report.Faults) > 0 || report.Head.Root.String() != taken.LedgerRoot {
					t.Errorf("the ledger: %+v, %v", report, err)
				}
				if _, err := restored.Claim(t.Context(), store.Real); err != nil {
					t.Errorf("the key does not open it: %v", err)
				}
			})
		}
	}
}

// Who was signed out when the backup was taken, or has been since, stays out.
func TestTablesCanBeLeftOut(t *testing.T) {
	for _, engine := range storetest.Engines(t) {
		db, key := filled(t, engine)
		file, _ := take(t, db, key)
		restored := blank(t, engine)
		if _, err := backup.Restore(t.Context(), restored, migrations.FS, key, bytes.NewReader(file), "session"); err != nil {
			t.Fatal(err)
		}
		var sessions, accounts int
		err := restored.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM session), (SELECT COUNT(*) FROM account)`).Scan(&sessions, &accounts)
		})
		if err != nil || sessions != 0 || accounts != len(awkward) {
			t.Errorf("%s: %d sessions, %d accounts, %v", engine, sessions, accounts, err)
		}
	}
}

func TestABackupTellsNothingToThoseWithoutItsKey(t *testing.T) {
	db, key := filled(t, store.SQLite)
	file, taken := take(t, db, key)
	for _, text := range []string{planted, "operator", "account", "refuge"} {
		if bytes.Contains(file, []byte(text)) {
			t.Errorf("%q stands in the file", text)
		}
	}
	label, err := backup.ReadLabel(bufio.NewReader(bytes.NewReader(file)))
	if err != nil || label.Deployment != taken.Deployment {
		t.Errorf("the label: %+v, %v", label, err)
	}
	other, err := store.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Check(other, bytes.NewReader(file)); !errors.Is(err, store.ErrWrongKey) {
		t.Errorf("another key: %v", err)
	}
}

// A file that is cut off or altered anywhere is refused, and nothing is made
// of it.
func TestADamagedBackupIsRefusedWhole(t *testing.T) {
	db, key := filled(t, store.SQLite)
	file, _ := take(t, db, key)
	restored := blank(t, store.SQLite)
	refused := func(t interface{ Errorf(string, ...any) }, what string, damaged []byte) {
		_, err := backup.Restore(context.Background(), restored, migrations.FS, key, bytes.NewReader(damaged))
		if !errors.Is(err, backup.ErrDamaged) && !errors.Is(err, store.ErrWrongKey) {
			t.Errorf("%s: %v", what, err)
		}
		var tables int
		err = restored.Read(context.Background(), func(ctx context.Context, tx *store.Tx) error {
			have, err := store.Tables(ctx, tx)
			tables = len(have)
			return err
		})
		if err != nil || tables != 0 {
			t.Errorf("%s: %d tables were made, %v", what, tables, err)
		}
	}
	refused(t, "something follows", append(bytes.Clone(file), 'x'))
	refused(t, "nothing", nil)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, len(file)-1).Draw(t, "position")
		if rapid.Bool().Draw(t, "cut") {
			refused(t, fmt.Sprintf("cut off after %d of %d bytes", n, len(file)), file[:n])
			return
		}
		damaged := bytes.Clone(file)
		damaged[n] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		refused(t, fmt.Sprintf("byte %d of %d altered", n, len(file)), damaged)
	})
}

func TestARestoreReplacesNothing(t *testing.T) {
	for _, engine := range storetest.Engines(t) {
		db, key := filled(t, engine)
		file, _ := take(t, db, key)
		before := content(t, db, key)
		if _, err := backup.Restore(t.Context(), db, migrations.FS, key, bytes.NewReader(file)); !errors.Is(err, backup.ErrNotEmpty) {
			t.Errorf("%s: %v", engine, err)
		}
		if diff := cmp.Diff(before, content(t, db, key)); diff != "" {
			t.Error(diff)
		}
	}
}

// A backup is one moment, whatever is written while it is taken.
func TestABackupIsOneMoment(t *testing.T) {
	for _, engine := range storetest.Engines(t) {
		db, key := filled(t, engine)
		slow := &during{fn: func() {
			write(t, db, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.ExecContext(ctx, `INSERT INTO account (id, username, name, kind, password_hash, disabled, created_at, version)
					VALUES ('late', 'late', 'late', 'human', '', false, $1, 1)`, tx.Now())
				return err
			})
		}}
		s, err := backup.Write(t.Context(), db, key, "0123456789abcdef", slow)
		if err != nil {
			t.Fatal(err)
		}
		late := false
		err = backup.Each(key, bytes.NewReader(slow.Bytes()), func(_ store.Table, values []any) error {
			late = late || values[0] == "late"
			return nil
		})
		if err != nil || late {
			t.Errorf("%s: %+v, later row %v, %v", engine, s, late, err)
		}
	}
}

// during calls fn at the first byte.
type during struct {
	bytes.Buffer
	fn func()
}

func (d *during) Write(p []byte) (int, error) {
	if fn := d.fn; fn != nil {
		d.fn = nil
		fn()
	}
	return d.Buffer.Write(p)
}
