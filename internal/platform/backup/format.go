package backup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"
	"strings"
	"time"

	"filippo.io/age"

	"waymark/internal/platform/store"
)

// ErrDamaged is returned for a file that is no backup, is cut off or was
// altered.
var ErrDamaged = errors.New("this is not a whole backup")

// Label is what a backup says outside its encryption.
type Label struct {
	Deployment string    // the name under which its key is kept
	Taken      time.Time // UTC, to the second
}

// Summary says what a backup holds.
type Summary struct {
	Label
	Kind   string // of the deployment: real or demo
	Step   int64  // the last migration
	Engine store.Engine
	Tables int
	Rows   int64
	// Ledger is the head of the ledger at that moment.
	LedgerSize int64
	LedgerRoot string
	// Sum is over every line, as hexadecimal SHA-256.
	Sum string
}

const magic = "waymark-backup-1"

var deploymentName = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

func (l Label) line() string {
	return magic + " " + l.Deployment + " " + l.Taken.UTC().Format(time.RFC3339) + "\n"
}

// ReadLabel reads the first line of a backup. Nothing vouches for it: it only
// tells which key to look for.
func ReadLabel(r *bufio.Reader) (Label, error) {
	var line []byte
	for len(line) < 200 {
		b, err := r.ReadByte()
		if err != nil {
			return Label{}, fmt.Errorf("%w: its first line is missing", ErrDamaged)
		}
		if b == '\n' {
			break
		}
		line = append(line, b)
	}
	parts := strings.Split(string(line), " ")
	if len(parts) != 3 || parts[0] != magic || !deploymentName.MatchString(parts[1]) {
		return Label{}, fmt.Errorf("%w: it does not begin as one", ErrDamaged)
	}
	at, err := time.Parse(time.RFC3339, parts[2])
	if err != nil {
		return Label{}, fmt.Errorf("%w: it does not say when it was taken", ErrDamaged)
	}
	return Label{Deployment: parts[1], Taken: at}, nil
}

// passphrase is what age is given. It has 256 random bits, so the work of
// guessing need not be made harder.
func passphrase(key store.Key) string { return hex.EncodeToString(key.Derive("backups")) }

const workFactor = 10

func encrypt(key store.Key, w io.Writer) (io.WriteCloser, error) {
	recipient, err := age.NewScryptRecipient(passphrase(key))
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(workFactor)
	return age.Encrypt(w, recipient)
}

func decrypt(key store.Key, r io.Reader) (io.Reader, error) {
	var identities []age.Identity
	for _, one := range key.Each() {
		identity, err := age.NewScryptIdentity(passphrase(one))
		if err != nil {
			return nil, err
		}
		identity.SetMaxWorkFactor(workFactor)
		identities = append(identities, identity)
	}
	out, err := age.Decrypt(r, identities...)
	var wrong *age.NoIdentityMatchError
	if errors.As(err, &wrong) {
		return nil, store.ErrWrongKey
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return out, nil
}

// header is the first line inside.
type header struct {
	Deployment string       `json:"deployment"`
	Kind       string       `json:"kind"`
	Taken      time.Time    `json:"taken"`
	Step       int64        `json:"step"`
	Engine     store.Engine `json:"engine"`
	LedgerSize int64        `json:"ledger_size"`
	LedgerRoot string       `json:"ledger_root"`
}

// line is any other line: the beginning of a table, a row of it, or the end.
type line struct {
	Table   string            `json:"table,omitempty"`
	Columns []store.Column    `json:"columns,omitempty"`
	Row     []json.RawMessage `json:"row,omitempty"`
	End     *ending           `json:"end,omitempty"`
}

type ending struct {
	Tables int    `json:"tables"`
	Rows   int64  `json:"rows"`
	Sum    string `json:"sum"`
}

// lines writes lines of JSON and keeps their sum.
type lines struct {
	w   *bufio.Writer
	sum hash.Hash
}

func newLines(w io.Writer) *lines { return &lines{w: bufio.NewWriterSize(w, 1<<16), sum: sha256.New()} }

func (l *lines) write(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	text = append(text, '\n')
	_, _ = l.sum.Write(text) // never fails
	_, err = l.w.Write(text)
	return err
}

func (l *lines) total() string { return hex.EncodeToString(l.sum.Sum(nil)) }

// reader reads what lines wrote.
type reader struct {
	r   *bufio.Reader
	sum hash.Hash
}

func newReader(r io.Reader) *reader {
	return &reader{r: bufio.NewReaderSize(r, 1<<16), sum: sha256.New()}
}

func (r *reader) next(v any) (sum string, err error) {
	sum = hex.EncodeToString(r.sum.Sum(nil))
	text, err := r.r.ReadBytes('\n')
	if err != nil {
		return "", fmt.Errorf("%w: it ends before its end: %w", ErrDamaged, err)
	}
	_, _ = r.sum.Write(text)
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return "", fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return sum, nil
}

// finish makes sure that nothing follows.
func (r *reader) finish() error {
	if _, err := r.r.ReadByte(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something follows its end", ErrDamaged)
	}
	return nil
}

// The values of a row are JSON: text and times as strings, numbers, truth
// values, bytes in base64, and null.

func encodeValue(c store.Column, v any) (json.RawMessage, error) {
	switch v := v.(type) {
	case nil:
		return json.RawMessage("null"), nil
	case time.Time:
		return json.Marshal(store.Moment(v).Format(time.RFC3339Nano))
	case []byte:
		if c.Type == "bytea" {
			return json.Marshal(base64.StdEncoding.EncodeToString(v))
		}
		return json.Marshal(string(v))
	case string, int64, bool:
		return json.Marshal(v)
	default:
		return nil, fmt.Errorf("column %s holds a %T", c.Name, v)
	}
}

func decodeValue(c store.Column, raw json.RawMessage) (any, error) {
	if bytes.Equal(raw, []byte("null")) {
		return nil, nil
	}
	var (
		text string
		err  error
	)
	switch c.Type {
	case "bigint":
		var n int64
		err = json.Unmarshal(raw, &n)
		return n, err
	case "boolean":
		var b bool
		err = json.Unmarshal(raw, &b)
		return b, err
	}
	if err := json.Unmarshal(raw, &text); err != nil {
		return nil, err
	}
	switch c.Type {
	case "timestamp":
		return time.Parse(time.RFC3339Nano, text)
	case "bytea":
		return base64.StdEncoding.DecodeString(text)
	}
	return text, nil
}
