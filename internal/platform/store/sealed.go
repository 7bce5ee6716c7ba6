package store

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

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
// wrapped by the deployment's key; destroying an agency's key destroys what was
// sealed under it. A data key has versions: a sealed value says under which it
// lies.
type Vault struct {
	reread func() (Key, error)

	mu    sync.RWMutex
	wraps []tink.AEAD // the newest first
	keys  map[string]*dataKeys
	mac   []byte
}

// dataKeys are the versions of one agency's key as they were at a time.
type dataKeys struct {
	versions []tink.AEAD // version 1 first
	read     time.Time
}

// keysFresh is for how long the keys of an agency are believed. After that they
// are read again, so that a key destroyed by another process is soon gone here.
const keysFresh = time.Minute

func newVault(key Key, reread func() (Key, error)) (*Vault, error) {
	v := &Vault{reread: reread, keys: map[string]*dataKeys{}}
	return v, v.use(key)
}

func (v *Vault) use(key Key) error {
	var wraps []tink.AEAD
	for _, k := range key.Each() {
		wrap, err := subtle.NewXChaCha20Poly1305(k.derive("agency keys"))
		if err != nil {
			return err
		}
		wraps = append(wraps, wrap)
	}
	v.mu.Lock()
	v.wraps, v.mac = wraps, key.derive("keyed hashes")
	v.mu.Unlock()
	return nil
}

// Keyed is a hash of text that nobody can make, or try texts against, without
// the key of the deployment. use keeps hashes for different uses apart. After a
// change of the key it is another one.
func (v *Vault) Keyed(use, text string) []byte {
	v.mu.RLock()
	mac := v.mac
	v.mu.RUnlock()
	h := hmac.New(sha256.New, mac)
	h.Write([]byte(use + "\x00" + text))
	return h.Sum(nil)
}

func wrapPlace(agency string, version int64) []byte {
	row := agency
	if version > 1 {
		row += "/" + strconv.FormatInt(version, 10)
	}
	return Place{Agency: agency, Table: "agency_key", Column: "wrapped", Row: row}.bytes()
}

func (v *Vault) wrap(raw, place []byte) ([]byte, error) {
	v.mu.RLock()
	newest := v.wraps[0]
	v.mu.RUnlock()
	return newest.Encrypt(raw, place)
}

// unwrap tries the newest key first; age is 0 when that was the one. A key that
// was renewed since this process read it is read again.
func (v *Vault) unwrap(wrapped, place []byte) (raw []byte, age int, err error) {
	if raw, age, err = v.tryUnwrap(wrapped, place); err == nil || v.reread == nil {
		return raw, age, err
	}
	key, rereadErr := v.reread()
	if rereadErr != nil {
		return nil, 0, errors.Join(err, rereadErr)
	}
	if err := v.use(key); err != nil {
		return nil, 0, err
	}
	return v.tryUnwrap(wrapped, place)
}

func (v *Vault) tryUnwrap(wrapped, place []byte) ([]byte, int, error) {
	v.mu.RLock()
	wraps := v.wraps
	v.mu.RUnlock()
	for i, w := range wraps {
		if raw, err := w.Decrypt(wrapped, place); err == nil {
			return raw, i, nil
		}
	}
	return nil, 0, ErrWrongKey
}

// CreateKey makes the data key of a new agency.
func (v *Vault) CreateKey(ctx context.Context, tx *Tx, agency string) error {
	return v.addVersion(ctx, tx, agency, 1)
}

// RotateKey makes a new version of the data key of an agency. What is sealed
// from now on lies under it; what was sealed before stays readable.
func (v *Vault) RotateKey(ctx context.Context, tx *Tx, agency string) error {
	keys, err := v.load(ctx, tx, agency)
	if err != nil {
		return err
	}
	return v.addVersion(ctx, tx, agency, int64(len(keys.versions))+1)
}

func (v *Vault) addVersion(ctx context.Context, tx *Tx, agency string, version int64) error {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return err
	}
	wrapped, err := v.wrap(raw, wrapPlace(agency, version))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO agency_key (agency_id, version, wrapped, created_at) VALUES ($1, $2, $3, $4)`,
		agency, version, wrapped, tx.Now())
	tx.OnCommit(func() { v.forget(agency) })
	return err
}

// DestroyKey removes the data key of an agency, all its versions, for good.
// Other processes notice within a minute.
func (v *Vault) DestroyKey(ctx context.Context, tx *Tx, agency string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM agency_key WHERE agency_id = $1`, agency)
	v.forget(agency)
	tx.OnCommit(func() { v.forget(agency) })
	return err
}

func (v *Vault) forget(agency string) {
	v.mu.Lock()
	delete(v.keys, agency)
	v.mu.Unlock()
}

// A sealed value begins with this mark and the version of its key. Values from
// before keys had versions begin with a random number instead and lie under
// version 1.
var sealMark = []byte("wmk1")

const sealHeader = 8

// Seal encrypts text for its place. An empty text stays empty: that nothing is
// recorded is no secret.
func (v *Vault) Seal(ctx context.Context, tx *Tx, at Place, text string) (Sealed, error) {
	if text == "" {
		return nil, nil
	}
	keys, err := v.load(ctx, tx, at.Agency)
	if err != nil {
		return nil, err
	}
	version := len(keys.versions)
	sealed, err := keys.versions[version-1].Encrypt([]byte(text), at.bytes())
	if err != nil {
		return nil, err
	}
	head := binary.BigEndian.AppendUint32(slices.Clone(sealMark), uint32(version)) //nolint:gosec // a handful
	return append(head, sealed...), nil
}

// Open decrypts what was sealed for the same place. It fails on anything that
// was altered or moved.
func (v *Vault) Open(ctx context.Context, tx *Tx, at Place, s Sealed) (string, error) {
	if len(s) == 0 {
		return "", nil
	}
	keys, err := v.load(ctx, tx, at.Agency)
	if err != nil {
		return "", err
	}
	if bytes.HasPrefix(s, sealMark) && len(s) > sealHeader {
		version := binary.BigEndian.Uint32(s[len(sealMark):])
		if version >= 1 && uint64(version) <= uint64(len(keys.versions)) {
			if text, err := keys.versions[version-1].Decrypt(s[sealHeader:], at.bytes()); err == nil {
				return string(text), nil
			}
		}
	}
	text, err := keys.versions[0].Decrypt(s, at.bytes())
	if err != nil {
		return "", fmt.Errorf("opening %s.%s: %w", at.Table, at.Column, err)
	}
	return string(text), nil
}

// SealJSON seals a value, written as JSON, for its place.
func (v *Vault) SealJSON(ctx context.Context, tx *Tx, at Place, what any) (Sealed, error) {
	body, err := json.Marshal(what)
	if err != nil {
		return nil, fmt.Errorf("sealing %s.%s: %w", at.Table, at.Column, err)
	}
	return v.Seal(ctx, tx, at, string(body))
}

// OpenJSON reads into what, a pointer, what SealJSON sealed for the same place.
// Of nothing it reads nothing.
func (v *Vault) OpenJSON(ctx context.Context, tx *Tx, at Place, s Sealed, what any) error {
	text, err := v.Open(ctx, tx, at, s)
	if err != nil || text == "" {
		return err
	}
	if err := json.Unmarshal([]byte(text), what); err != nil {
		return fmt.Errorf("opening %s.%s: %w", at.Table, at.Column, err)
	}
	return nil
}

// load is the keys of an agency, from memory while they are fresh.
func (v *Vault) load(ctx context.Context, tx *Tx, agency string) (*dataKeys, error) {
	v.mu.RLock()
	keys, ok := v.keys[agency]
	v.mu.RUnlock()
	if ok && tx.Now().Sub(keys.read).Abs() < keysFresh {
		return keys, nil
	}
	wrapped, err := wrappedKeys(ctx, tx, `WHERE agency_id = $1`, agency)
	if err != nil {
		return nil, err
	}
	if len(wrapped) == 0 {
		v.forget(agency)
		return nil, ErrDestroyed
	}
	keys = &dataKeys{read: tx.Now()}
	for _, w := range wrapped {
		raw, _, err := v.unwrap(w.wrapped, wrapPlace(agency, w.version))
		if err != nil {
			return nil, fmt.Errorf("unwrapping the key of an agency: %w", err)
		}
		key, err := subtle.NewXChaCha20Poly1305(raw)
		if err != nil {
			return nil, err
		}
		keys.versions = append(keys.versions, key)
	}
	v.mu.Lock()
	v.keys[agency] = keys
	v.mu.Unlock()
	return keys, nil
}

type wrappedKey struct {
	agency  string
	version int64
	wrapped []byte
}

func wrappedKeys(ctx context.Context, tx *Tx, where string, args ...any) ([]wrappedKey, error) {
	rows, err := tx.QueryContext(ctx, `SELECT agency_id, version, wrapped FROM agency_key `+where+` ORDER BY agency_id, version`, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []wrappedKey
	for rows.Next() {
		var w wrappedKey
		if err := rows.Scan(&w.agency, &w.version, &w.wrapped); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, rows.Err()
}

// Bytes is the ciphertext for a column that may not be null.
func (s Sealed) Bytes() []byte {
	if s == nil {
		return []byte{}
	}
	return s
}
