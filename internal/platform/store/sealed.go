package store

import (
	"context"
	"crypto/rand"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Sealed is the stored form of a value that must stay unreadable in a dump of
// the database: ciphertext under the data key of one agency. The empty value
// means that nothing was recorded. It prints as [sealed].
type Sealed []byte

// String implements fmt.Stringer.
func (Sealed) String() string { return "[sealed]" }

// GoString implements fmt.GoStringer.
func (Sealed) GoString() string { return "[sealed]" }

// LogValue implements [slog.LogValuer].
func (Sealed) LogValue() slog.Value { return slog.StringValue("[sealed]") }

// Value implements driver.Valuer.
func (s Sealed) Value() (driver.Value, error) {
	if len(s) == 0 {
		return []byte{}, nil
	}
	return []byte(s), nil
}

// Scan implements sql.Scanner.
func (s *Sealed) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s = nil
	case []byte:
		*s = append(Sealed(nil), v...)
	default:
		return fmt.Errorf("a sealed column holds bytes, not %T", src)
	}
	return nil
}

// Place names the column and row a sealed value belongs to. It is bound into
// the ciphertext, so that a value moved to another row does not open there.
type Place struct {
	Agency string // whose key
	Table  string
	Column string
	Row    string
}

func (p Place) bytes() []byte {
	return []byte(p.Agency + "\x00" + p.Table + "\x00" + p.Column + "\x00" + p.Row)
}

// ErrDestroyed is returned for the data of an agency whose key is gone.
var ErrDestroyed = errors.New("the agency's data key was destroyed")

// Vault seals columns under a data key for each agency. Data keys are stored
// wrapped by the deployment's key; destroying an agency's key destroys what
// was sealed under it.
type Vault struct {
	wrap tink.AEAD
	mu   sync.RWMutex
	keys map[string]tink.AEAD
}

func newVault(key Key) (*Vault, error) {
	wrap, err := subtle.NewXChaCha20Poly1305(key.derive("agency keys"))
	if err != nil {
		return nil, err
	}
	return &Vault{wrap: wrap, keys: map[string]tink.AEAD{}}, nil
}

func wrapPlace(agency string) []byte {
	return Place{Agency: agency, Table: "agency_key", Column: "wrapped", Row: agency}.bytes()
}

// CreateKey makes the data key of a new agency.
func (v *Vault) CreateKey(ctx context.Context, tx *Tx, agency string) error {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return err
	}
	wrapped, err := v.wrap.Encrypt(raw, wrapPlace(agency))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO agency_key (agency_id, wrapped, created_at) VALUES ($1, $2, $3)`,
		agency, wrapped, tx.Now())
	return err
}

// DestroyKey removes the data key of an agency for good.
func (v *Vault) DestroyKey(ctx context.Context, tx *Tx, agency string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM agency_key WHERE agency_id = $1`, agency); err != nil {
		return err
	}
	v.mu.Lock()
	delete(v.keys, agency)
	v.mu.Unlock()
	return nil
}

// Seal encrypts text for its place. An empty text stays empty: that nothing is
// recorded is no secret.
func (v *Vault) Seal(ctx context.Context, tx *Tx, at Place, text string) (Sealed, error) {
	if text == "" {
		return nil, nil
	}
	key, err := v.key(ctx, tx, at.Agency)
	if err != nil {
		return nil, err
	}
	return key.Encrypt([]byte(text), at.bytes())
}

// Open decrypts what was sealed for the same place. It fails on anything that
// was altered or moved.
func (v *Vault) Open(ctx context.Context, tx *Tx, at Place, s Sealed) (string, error) {
	if len(s) == 0 {
		return "", nil
	}
	key, err := v.key(ctx, tx, at.Agency)
	if err != nil {
		return "", err
	}
	text, err := key.Decrypt(s, at.bytes())
	if err != nil {
		return "", fmt.Errorf("opening %s.%s: %w", at.Table, at.Column, err)
	}
	return string(text), nil
}

func (v *Vault) key(ctx context.Context, tx *Tx, agency string) (tink.AEAD, error) {
	v.mu.RLock()
	key, ok := v.keys[agency]
	v.mu.RUnlock()
	if ok {
		return key, nil
	}
	var wrapped []byte
	err := tx.QueryRowContext(ctx, `SELECT wrapped FROM agency_key WHERE agency_id = $1`, agency).Scan(&wrapped)
	if errors.Is(translate(err), ErrNotFound) {
		return nil, ErrDestroyed
	}
	if err != nil {
		return nil, translate(err)
	}
	raw, err := v.wrap.Decrypt(wrapped, wrapPlace(agency))
	if err != nil {
		return nil, fmt.Errorf("unwrapping the key of an agency: %w", err)
	}
	if key, err = subtle.NewXChaCha20Poly1305(raw); err != nil {
		return nil, err
	}
	v.mu.Lock()
	v.keys[agency] = key
	v.mu.Unlock()
	return key, nil
}

// Bytes is the ciphertext for a column that may not be null.
func (s Sealed) Bytes() []byte {
	if s == nil {
		return []byte{}
	}
	return s
}
