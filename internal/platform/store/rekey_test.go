package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"

	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/migrations"
)

var sealedAt = store.Place{Agency: "refuge", Table: "t", Column: "c", Row: "1"}

func sealText(t *testing.T, db *store.DB, text string) store.Sealed {
	t.Helper()
	var sealed store.Sealed
	write(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
		sealed, err = db.Vault().Seal(ctx, tx, sealedAt, text)
		return err
	})
	return sealed
}

func openText(t *testing.T, db *store.DB, s store.Sealed) (string, error) {
	t.Helper()
	var text string
	err := db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		text, err = db.Vault().Open(ctx, tx, sealedAt, s)
		return err
	})
	return text, err
}

func opened(t *testing.T, cfg store.Config) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func renewed(t *testing.T, k store.Key) store.Key {
	t.Helper()
	next, err := k.Renewed()
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func claimed(t *testing.T, db *store.DB) {
	t.Helper()
	if _, err := db.Claim(t.Context(), store.Real); err != nil {
		t.Fatal(err)
	}
	write(t, db, func(ctx context.Context, tx *store.Tx) error { return db.Vault().CreateKey(ctx, tx, "refuge") })
}

// The deployment's key is renewed while a process goes on working with the old
// one; afterwards the new one alone opens everything.
func TestTheDeploymentsKeyIsRenewed(t *testing.T) {
	for _, engine := range storetest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			clock := storetest.NewClock()
			cfg := storetest.Config(t, engine)
			cfg.Clock = clock.Now
			next := renewed(t, cfg.Key)
			running := cfg
			running.Reread = func() (store.Key, error) { return next, nil }
			working := opened(t, running)
			claimed(t, working)
			before := sealText(t, working, "Hazel Close")

			cfg.Key = next
			other := opened(t, cfg)
			if n, err := other.UnderOlder(t.Context()); err != nil || n < 2 {
				t.Errorf("%d under the older key, %v", n, err)
			}
			if n, err := other.Rewrap(t.Context()); err != nil || n != 2 {
				t.Errorf("%d wrapped anew, %v", n, err)
			}
			// Its keys are read again after a minute, now under a key that it
			// did not know.
			clock.Advance(2 * time.Minute)
			after := sealText(t, working, "Mill Lane")
			for text, s := range map[string]store.Sealed{"Hazel Close": before, "Mill Lane": after} {
				for name, db := range map[string]*store.DB{"working": working, "other": other} {
					if got, err := openText(t, db, s); err != nil || got != text {
						t.Errorf("%s: %q, %v", name, got, err)
					}
				}
			}
			if engine == store.SQLite {
				if _, err := store.RekeyFile(t.Context(), cfg.Dir, next); !errors.Is(err, store.ErrInUse) {
					t.Errorf("while others have the file open: %v", err)
				}
			}
			if err := errors.Join(working.Close(), other.Close()); err != nil {
				t.Fatal(err)
			}
			if engine == store.SQLite {
				if done, err := store.RekeyFile(t.Context(), cfg.Dir, next); err != nil || !done {
					t.Fatalf("written anew: %v, %v", done, err)
				}
				if done, err := store.RekeyFile(t.Context(), cfg.Dir, next); err != nil || done {
					t.Errorf("a second time: %v, %v", done, err)
				}
			}
			cfg.Key = next.Alone()
			alone := opened(t, cfg)
			if n, err := alone.UnderOlder(t.Context()); err != nil || n != 0 {
				t.Errorf("%d under an older key, %v", n, err)
			}
			if _, err := alone.Claim(t.Context(), store.Real); err != nil {
				t.Error(err)
			}
			if got, err := openText(t, alone, before); err != nil || got != "Hazel Close" {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestTheOldKeyOpensNothingAfterwards(t *testing.T) {
	cfg := storetest.Config(t, store.SQLite)
	db := opened(t, cfg)
	claimed(t, db)
	next := renewed(t, cfg.Key)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(cfg.Dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if done, err := store.RekeyFile(t.Context(), cfg.Dir, next); err != nil || !done {
		t.Fatalf("%v, %v", done, err)
	}
	after, err := os.ReadFile(filepath.Join(cfg.Dir, store.FileName))
	if err != nil || bytes.Equal(before[:4096], after[:4096]) {
		t.Errorf("the first page is the same, %v", err)
	}
	if _, err := store.Open(t.Context(), cfg); !errors.Is(err, store.ErrWrongKey) {
		t.Errorf("the old key: %v", err)
	}
	if info, err := os.Stat(filepath.Join(cfg.Dir, store.FileName)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	left, err := filepath.Glob(filepath.Join(cfg.Dir, "*"))
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAnAgencysKeyHasVersions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		claimed(t, db)
		var values []store.Sealed
		for i := range 3 {
			values = append(values, sealText(t, db, "words"))
			if i < 2 {
				write(t, db, func(ctx context.Context, tx *store.Tx) error { return db.Vault().RotateKey(ctx, tx, "refuge") })
			}
		}
		for i, s := range values {
			if got, err := openText(t, db, s); err != nil || got != "words" {
				t.Errorf("version %d: %q, %v", i+1, got, err)
			}
			for j := range s {
				damaged := bytes.Clone(s)
				damaged[j] ^= 1
				if got, err := openText(t, db, damaged); err == nil {
					t.Errorf("version %d, byte %d altered: %q", i+1, j, got)
				}
			}
		}
		write(t, db, func(ctx context.Context, tx *store.Tx) error { return db.Vault().DestroyKey(ctx, tx, "refuge") })
		for i, s := range values {
			if _, err := openText(t, db, s); !errors.Is(err, store.ErrDestroyed) {
				t.Errorf("version %d after the key was destroyed: %v", i+1, err)
			}
		}
	})
}

// A key that another process destroys is soon gone in this one.
func TestADestroyedKeyIsGoneInOtherProcesses(t *testing.T) {
	for _, engine := range storetest.Engines(t) {
		clock := storetest.NewClock()
		cfg := storetest.Config(t, engine)
		cfg.Clock = clock.Now
		one, two := opened(t, cfg), opened(t, cfg)
		claimed(t, one)
		s := sealText(t, one, "words")
		write(t, two, func(ctx context.Context, tx *store.Tx) error { return two.Vault().DestroyKey(ctx, tx, "refuge") })
		clock.Advance(time.Minute)
		if _, err := openText(t, one, s); !errors.Is(err, store.ErrDestroyed) {
			t.Errorf("%s: %v", engine, err)
		}
	}
}

// What was sealed before keys had versions still opens.
func TestValuesFromBeforeVersionsOpen(t *testing.T) {
	for _, engine := range storetest.Engines(t) {
		cfg := storetest.Blank(t, engine)
		db := opened(t, cfg)
		if err := db.MigrateTo(t.Context(), migrations.FS, 15); err != nil {
			t.Fatal(err)
		}
		sealed := sealAsBefore(t, db, cfg.Key, "words")
		if _, err := db.Migrate(t.Context(), migrations.FS); err != nil {
			t.Fatal(err)
		}
		if got, err := openText(t, db, sealed); err != nil || got != "words" {
			t.Errorf("%s: %q, %v", engine, got, err)
		}
	}
}

// sealAsBefore does what the program did at step 15 of the migrations.
func sealAsBefore(t *testing.T, db *store.DB, key store.Key, text string) store.Sealed {
	t.Helper()
	seal := func(secret, plain []byte, place string) []byte {
		aead, err := subtle.NewXChaCha20Poly1305(secret)
		if err != nil {
			t.Fatal(err)
		}
		out, err := aead.Encrypt(plain, []byte(place))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	data := bytes.Repeat([]byte{7}, 32)
	wrapped := seal(store.WrapSecret(key), data, "refuge\x00agency_key\x00wrapped\x00refuge")
	write(t, db, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO agency_key (agency_id, wrapped, created_at) VALUES ('refuge', $1, $2)`, wrapped, tx.Now())
		return err
	})
	return seal(data, []byte(text), "refuge\x00t\x00c\x001")
}
