package people

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people/peopledb"
)

// MarkKind tells what a mark was made from.
type MarkKind string

// The kinds of mark. Names are marked with a full date of birth, without one,
// and, for people whose date of birth is not known, as such: a declared tie
// that names a date of birth still finds somebody whose own is not recorded.
const (
	MarkBirth      MarkKind = "birth" // name and date of birth
	MarkName       MarkKind = "name"
	MarkUnborn     MarkKind = "unborn" // name, of somebody whose date of birth is not known
	MarkKnownBirth MarkKind = "known_birth"
	MarkKnown      MarkKind = "known"
	MarkKnownUnb   MarkKind = "known_unborn"
	MarkHome       MarkKind = "home" // postcode and house
)

// Mark is a keyed hash of what somebody is called or where they live. Two
// marks of one agency are equal when what they were made from is; neither can
// be turned back.
type Mark struct {
	Kind  MarkKind
	Value string
}

// Address is where somebody lives.
type Address struct {
	House    string // number or name, and street
	Postcode string
}

// IsZero tells whether nothing is known.
func (a Address) IsZero() bool { return a == Address{} }

// Marker makes the marks of one agency.
type Marker struct{ secret []byte }

// markKeys are the secrets that were read, by agency.
type markKeys struct {
	mu   sync.RWMutex
	keys map[string][]byte
}

// Marker returns what makes the marks of an agency. The secret is made on
// first use, in a transaction that writes, and is sealed under the agency's
// data key: with that key the marks lose their meaning.
func (s *Store) Marker(ctx context.Context, tx *store.Tx, agency string) (Marker, error) {
	s.marks.mu.RLock()
	secret, ok := s.marks.keys[agency]
	s.marks.mu.RUnlock()
	if ok {
		return Marker{secret}, nil
	}
	q := peopledb.New(tx)
	sealed, err := q.MarkKey(ctx, agency)
	if errors.Is(err, sql.ErrNoRows) {
		if sealed, err = s.newMarkKey(ctx, tx, agency); err != nil {
			return Marker{}, err
		}
	}
	if err != nil {
		return Marker{}, err
	}
	text, err := s.vault.Open(ctx, tx, markKeyPlace(agency), sealed)
	if err != nil {
		return Marker{}, err
	}
	secret = []byte(text)
	tx.OnCommit(func() {
		s.marks.mu.Lock()
		defer s.marks.mu.Unlock()
		s.marks.keys[agency] = secret
	})
	return Marker{secret}, nil
}

// MarkerIf is [Store.Marker] where nothing is written: the marks of an agency that
// has none yet are those of nobody.
func (s *Store) MarkerIf(ctx context.Context, tx *store.Tx, agency string) (Marker, error) {
	if _, err := peopledb.New(tx).MarkKey(ctx, agency); errors.Is(err, sql.ErrNoRows) {
		return Marker{}, nil
	} else if err != nil {
		return Marker{}, err
	}
	return s.Marker(ctx, tx, agency)
}

func markKeyPlace(agency string) store.Place {
	return store.Place{Agency: agency, Table: "mark_key", Column: "secret", Row: agency}
}

// newMarkKey makes the secret of an agency; where another instance was first,
// its secret holds.
func (s *Store) newMarkKey(ctx context.Context, tx *store.Tx, agency string) ([]byte, error) {
	fresh, err := s.vault.Seal(ctx, tx, markKeyPlace(agency), rand.Text()+rand.Text())
	if err != nil {
		return nil, err
	}
	q := peopledb.New(tx)
	if err := q.InsertMarkKey(ctx, peopledb.InsertMarkKeyParams{AgencyID: agency, Secret: fresh.Bytes(), CreatedAt: tx.Now()}); err != nil {
		return nil, err
	}
	return q.MarkKey(ctx, agency)
}

func (m Marker) of(kind MarkKind, as string, parts ...string) Mark {
	h := hmac.New(sha256.New, m.secret)
	h.Write([]byte(as))
	for _, p := range parts {
		h.Write([]byte{0})
		h.Write([]byte(p))
	}
	return Mark{Kind: kind, Value: hex.EncodeToString(h.Sum(nil)[:16])}
}

// Link are the marks of the keys by which records are brought together to be
// compared, in their order.
func (m Marker) Link(keys []string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = m.of("", "link", k).Value
	}
	return out
}

// Person are the marks of a person who is on record.
func (m Marker) Person(d Details) []Mark {
	var out []Mark
	add := func(name string, plain, birth, unborn MarkKind) {
		if name == "" {
			return
		}
		out = append(out, m.of(plain, "name", name))
		if len(d.Born) == len("2006-01-02") {
			out = append(out, m.of(birth, "birth", name, d.Born))
		} else {
			out = append(out, m.of(unborn, "unborn", name))
		}
	}
	full := plain(d.GivenName, d.FamilyName)
	add(full, MarkName, MarkBirth, MarkUnborn)
	if known := plain(d.KnownAs, d.FamilyName); known != full && d.KnownAs != "" {
		add(known, MarkKnown, MarkKnownBirth, MarkKnownUnb)
	}
	return out
}

// Self are the marks by which a worker is found among the people on record:
// the name alone would be too little.
func (m Marker) Self(d Details) []Mark {
	if name := plain(d.GivenName, d.FamilyName); name != "" && len(d.Born) == len("2006-01-02") {
		return []Mark{m.of(MarkBirth, "birth", name, d.Born)}
	}
	return nil
}

// Declared are the marks by which somebody a worker says they are tied to is
// found. Without a date of birth the name alone finds them, and the key
// contact lifts what was found wrongly: that is the safer way round.
func (m Marker) Declared(d Details) []Mark {
	name := plain(d.GivenName, d.FamilyName)
	switch {
	case name == "":
		return nil
	case len(d.Born) == len("2006-01-02"):
		return []Mark{m.of(MarkBirth, "birth", name, d.Born), m.of(MarkUnborn, "unborn", name)}
	}
	return []Mark{m.of(MarkName, "name", name)}
}

// Home is the mark of an address; none when it is not known well enough.
func (m Marker) Home(a Address) []Mark {
	code, house := plain(a.Postcode), houseOf(a.House)
	if code == "" || house == "" {
		return nil
	}
	return []Mark{m.of(MarkHome, "home", code, house)}
}

// plain keeps the letters and digits of some words, without case, accents or
// spaces, so that two ways of writing one name are one.
func plain(words ...string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.Join(words, "")) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// houseOf is the number of a house, or its name when it has none: with the
// postcode it says enough, and the street is written in many ways.
func houseOf(line string) string {
	for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ' ' || r == ',' || r == '/' }) {
		if strings.ContainsFunc(word, unicode.IsDigit) {
			return plain(word)
		}
	}
	return plain(line)
}

// remark writes the marks of a person's names anew.
func (s *Store) remark(ctx context.Context, tx *store.Tx, agency string, id ID, d Details, fresh bool) error {
	m, err := s.Marker(ctx, tx, agency)
	if err != nil {
		return err
	}
	q := peopledb.New(tx)
	if !fresh {
		if err := q.DeleteMarks(ctx, peopledb.DeleteMarksParams{AgencyID: agency, PersonID: string(id)}); err != nil {
			return err
		}
	}
	if err := insertMarks(ctx, q, agency, id, m.Person(d)); err != nil {
		return err
	}
	return reword(ctx, q, agency, id, d, fresh)
}

func insertMarks(ctx context.Context, q *peopledb.Queries, agency string, id ID, marks []Mark) error {
	for _, m := range marks {
		if err := q.InsertMark(ctx, peopledb.InsertMarkParams{AgencyID: agency, PersonID: string(id), Kind: string(m.Kind), Mark: m.Value}); err != nil {
			return err
		}
	}
	return nil
}

// MarksOf are the marks of a person on record.
func (s *Store) MarksOf(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID) ([]Mark, error) {
	if !permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	rows, err := peopledb.New(tx).MarksOf(ctx, peopledb.MarksOfParams{AgencyID: agency, PersonID: string(id)})
	out := make([]Mark, len(rows))
	for i, r := range rows {
		out[i] = Mark{Kind: MarkKind(r.Kind), Value: r.Mark}
	}
	return out, err
}
