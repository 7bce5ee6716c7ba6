package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/platform/store"
)

// Signer signs heads of the log of one deployment, so that whoever keeps them
// can show where they came from. It is made from the deployment's key and needs
// no other secret. The text that is signed is a checkpoint as transparency logs
// write it (C2SP tlog-checkpoint): origin, size, root, and the time as an
// extension line, in a signed note.
type Signer struct {
	origin  string
	private ed25519.PrivateKey
	public  []string // of the newest key first
	hash    uint32
}

// NewSigner makes the signer of a deployment; name tells its log from others.
// What was signed with an older key of the deployment is still believed.
func NewSigner(key store.Key, name string) (*Signer, error) {
	s := &Signer{origin: "waymark/" + name}
	for i, one := range key.Each() {
		private := ed25519.NewKeyFromSeed(one.Derive("heads of the ledger"))
		public, ok := private.Public().(ed25519.PublicKey)
		if !ok {
			return nil, errors.New("the key of the ledger's heads has no public part")
		}
		text, err := note.NewEd25519VerifierKey(s.origin, public)
		if err != nil {
			return nil, fmt.Errorf("the key of the ledger's heads: %w", err)
		}
		s.public = append(s.public, text)
		if i > 0 {
			continue
		}
		verifier, err := note.NewVerifier(text)
		if err != nil {
			return nil, err
		}
		s.private, s.hash = private, verifier.KeyHash()
	}
	return s, nil
}

// Name, KeyHash and Sign implement [note.Signer].
func (s *Signer) Name() string { return s.origin }

// KeyHash implements [note.Signer].
func (s *Signer) KeyHash() uint32 { return s.hash }

// Sign implements [note.Signer].
func (s *Signer) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(s.private, msg), nil }

// Public is the key with which anybody can check what was signed, in the form
// that [ReadHeads] takes.
func (s *Signer) Public() string { return s.public[0] }

// ReadHeads reads a witness file with every key the deployment has signed with;
// see [ReadHeads].
func (s *Signer) ReadHeads(text []byte) ([]Head, error) { return ReadHeads(text, s.public...) }

// Head signs a head: a text of five lines and a signature.
func (s *Signer) Head(h Head) ([]byte, error) {
	text := fmt.Sprintf("%s\n%d\n%s\nat %s\n", s.origin, h.Size, base64.StdEncoding.EncodeToString(h.Root[:]), h.At.UTC().Format(time.RFC3339))
	return note.Sign(&note.Note{Text: text}, s)
}

// endOfHead separates the heads in a witness file.
const endOfHead = "\n\n"

// ErrForged is returned for a head that the deployment did not sign.
var ErrForged = errors.New("this head was not signed by the key of this ledger")

// ReadHeads reads a witness file: signed heads one after another, each followed
// by an empty line. A last one that was only half written is left out; any
// other that cannot be read, or that the key did not sign, is an error that
// wraps [ErrForged].
func ReadHeads(text []byte, public ...string) ([]Head, error) {
	verifiers, err := verifiersOf(public...)
	if err != nil {
		return nil, err
	}
	var heads []Head
	for rest := text; len(bytes.TrimSpace(rest)) > 0; {
		// A signed note is its text, an empty line, and its signatures.
		body, after, _ := bytes.Cut(rest, []byte(endOfHead))
		signature, next, whole := bytes.Cut(after, []byte(endOfHead))
		if !whole {
			break
		}
		h, err := openHead(verifiers, []byte(string(body)+"\n\n"+string(signature)+"\n"))
		if err != nil {
			return heads, fmt.Errorf("head %d of the witness file: %w", len(heads)+1, err)
		}
		heads, rest = append(heads, h), next
	}
	return heads, nil
}

func verifiersOf(public ...string) ([]note.Verifier, error) {
	var list []note.Verifier
	for _, text := range public {
		v, err := note.NewVerifier(text)
		if err != nil {
			return nil, fmt.Errorf("the public key of the ledger: %w", err)
		}
		list = append(list, v)
	}
	return list, nil
}

func openHead(verifiers []note.Verifier, msg []byte) (Head, error) {
	n, err := note.Open(msg, note.VerifierList(verifiers...))
	if err != nil {
		return Head{}, fmt.Errorf("%w: %w", ErrForged, err)
	}
	lines := strings.Split(strings.TrimSuffix(n.Text, "\n"), "\n")
	if len(lines) != 4 || lines[0] != n.Sigs[0].Name {
		return Head{}, fmt.Errorf("%w: it is of another kind", ErrForged)
	}
	var h Head
	size, sizeErr := strconv.ParseInt(lines[1], 10, 64)
	root, rootErr := tlog.ParseHash(lines[2])
	at, atErr := time.Parse("at "+time.RFC3339, lines[3])
	if err := errors.Join(sizeErr, rootErr, atErr); err != nil {
		return h, fmt.Errorf("%w: %w", ErrForged, err)
	}
	return Head{Size: size, Root: root, At: at}, nil
}

// Witnessed is what is added to a witness file.
func Witnessed(signed []byte) []byte { return append(bytes.Clone(signed), '\n') }

// Proof shows to somebody who has no access to the log that an entry is in it:
// the leaf, the hashes beside its way up the tree, and a signed head.
type Proof struct {
	Seq    int64       `json:"seq"`
	Leaf   string      `json:"leaf"`
	Hashes []tlog.Hash `json:"hashes"`
	Head   string      `json:"head"` // a signed note
	Public string      `json:"key"`
}

// Prove proves the entry with the given number under the head of this moment.
// It returns [store.ErrNotFound] when there is no such entry.
func (l *Log) Prove(ctx context.Context, signer *Signer, seq int64) (Proof, error) {
	p := Proof{Seq: seq, Public: signer.Public()}
	err := l.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT body FROM ledger_entry WHERE seq = $1`, seq).Scan(&p.Leaf); err != nil {
			return notFound(err)
		}
		head, err := HeadAt(ctx, tx)
		if err != nil {
			return err
		}
		tree := &growing{ctx: ctx, tx: tx, fresh: map[int64]tlog.Hash{}}
		if p.Hashes, err = tlog.ProveRecord(head.Size, seq, tree); err != nil {
			return err
		}
		signed, err := signer.Head(head)
		p.Head = string(signed)
		return err
	})
	return p, err
}

// Check checks a proof with the public key that the reader holds: the one in
// the proof is not believed. It returns the entry.
func (p Proof) Check(public string) (Entry, Head, error) {
	verifiers, err := verifiersOf(public)
	if err != nil {
		return Entry{}, Head{}, err
	}
	head, err := openHead(verifiers, []byte(p.Head))
	if err != nil {
		return Entry{}, Head{}, err
	}
	if err := tlog.CheckRecord(p.Hashes, head.Size, head.Root, p.Seq, tlog.RecordHash([]byte(p.Leaf))); err != nil {
		return Entry{}, Head{}, fmt.Errorf("the entry is not under this head: %w", err)
	}
	e, err := parseLeaf(p.Seq, p.Leaf)
	return e, head, err
}
