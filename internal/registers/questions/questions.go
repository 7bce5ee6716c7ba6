package questions

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	questioncontent "waymark/content/questions"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/questions/questionsdb"
)

// ErrAnswered is returned for a file that would change a set to which answers have been given.
var ErrAnswered = errors.New("answers have been given to this version: give the file a new version")

// ErrShips is returned for a file with the address of a set that ships with Waymark.
var ErrShips = errors.New("a set with this address ships with Waymark: give the file an address of its own")

// ErrChanged is returned for answers to a set that was replaced while they were given.
var ErrChanged = errors.New("the questions were replaced while they were being answered")

// Set is a version of a question set.
type Set struct {
	URL, Version, Title, Status string
	Items                       int
	Ships                       bool // with Waymark; the times are empty then
	AddedAt                     time.Time
	AddedBy                     string
	AnsweredAt                  time.Time // zero while nobody has answered it
}

// Canonical is the name of the set.
func (s Set) Canonical() string { return s.URL + "|" + s.Version }

// Outcome says what adding did.
type Outcome string

// The outcomes.
const (
	Added     Outcome = "added"
	Replaced  Outcome = "replaced"
	Unchanged Outcome = "unchanged"
)

// Label is the outcome in words for people.
func (o Outcome) Label() string {
	switch o {
	case Added:
		return "Added"
	case Replaced:
		return "Replaced: nobody had answered it yet"
	case Unchanged:
		return "Known already: nothing was changed"
	}
	return string(o)
}

// subjectKind names sets in the ledger.
const subjectKind = "question_set"

// maxListed is how many sets are listed at most.
const maxListed = 10_000

type shipped struct {
	form *forms.Questionnaire
	data []byte
}

// Register keeps the question sets. It is safe for concurrent use.
type Register struct {
	db    *store.DB
	guard *audit.Guard
	ships []shipped
}

// New makes the register. It fails when a set that ships is not whole.
func New(db *store.DB, guard *audit.Guard) (*Register, error) {
	r := &Register{db: db, guard: guard}
	for n, data := range [][]byte{questioncontent.RiskIdentification, questioncontent.SafetyPlan} {
		q, err := forms.ParseQuestionnaire(data)
		if err != nil {
			return nil, fmt.Errorf("question set %d of those that ship: %w", n+1, err)
		}
		r.ships = append(r.ships, shipped{q, data})
	}
	return r, nil
}

func count(q *forms.Questionnaire) int {
	n := 0
	for range q.All() {
		n++
	}
	return n
}

func (r *Register) shipping(url string) *shipped {
	for i := range r.ships {
		if r.ships[i].form.URL == url {
			return &r.ships[i]
		}
	}
	return nil
}

// Add keeps the set that a file holds. It returns forms.Problems for a file that is not supported whole,
// ErrAnswered, ErrShips and a *policy.Denied; then nothing is changed.
func (r *Register) Add(ctx context.Context, actor policy.Actor, data []byte) (Set, Outcome, error) {
	permit, err := r.guard.Act(ctx, actor, ActAdd, register, true)
	if err != nil {
		return Set{}, "", err
	}
	q, err := forms.ParseQuestionnaire(data)
	if err != nil {
		return Set{}, "", err
	}
	if r.shipping(q.URL) != nil {
		return Set{}, "", ErrShips
	}
	var set Set
	var outcome Outcome
	keep := func() error {
		return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			set, outcome, err = r.keep(ctx, tx, permit, actor, q, data)
			return err
		})
	}
	err = keep()
	if errors.Is(err, store.ErrExists) {
		err = keep() // somebody added it at the same moment
	}
	return set, outcome, err
}

func (r *Register) keep(ctx context.Context, tx *store.Tx, permit audit.Permit, actor policy.Actor, q *forms.Questionnaire, data []byte) (Set, Outcome, error) {
	sum := sha256.Sum256(data)
	print := hex.EncodeToString(sum[:])
	db := questionsdb.New(tx)
	set := Set{URL: q.URL, Version: q.Version, Title: q.Title, Status: q.Status, Items: count(q), AddedAt: tx.Now(), AddedBy: actor.Account}
	row, err := db.Set(ctx, questionsdb.SetParams{Url: q.URL, Version: q.Version})
	outcome := Added
	switch {
	case errors.Is(err, sql.ErrNoRows):
		err = db.InsertSet(ctx, questionsdb.InsertSetParams{
			Url: q.URL, Version: q.Version, Title: q.Title, Status: q.Status, Items: int64(set.Items), Content: string(data), Sha256: print,
			AddedAt: set.AddedAt, AddedBy: set.AddedBy,
		})
	case err != nil:
	case row.Sha256 == print:
		return Set{
			URL: row.Url, Version: row.Version, Title: row.Title, Status: row.Status, Items: int(row.Items),
			AddedAt: row.AddedAt, AddedBy: row.AddedBy, AnsweredAt: row.AnsweredAt.Time,
		}, Unchanged, nil
	case row.AnsweredAt.Valid:
		return Set{}, "", ErrAnswered
	default:
		outcome = Replaced
		var n int64
		n, err = db.ReplaceSet(ctx, questionsdb.ReplaceSetParams{
			Url: q.URL, Version: q.Version, Title: q.Title, Status: q.Status, Items: int64(set.Items), Content: string(data), Sha256: print,
			AddedAt: set.AddedAt, AddedBy: set.AddedBy,
		})
		if err == nil && n == 0 {
			return Set{}, "", ErrAnswered // meanwhile
		}
	}
	if err != nil {
		return Set{}, "", err
	}
	return set, outcome, permit.Append(tx, ActAdd, string(outcome), audit.Subject{Kind: subjectKind, ID: set.Canonical()})
}

// List lists the sets: those that ship, then those that were added.
func (r *Register) List(ctx context.Context) ([]Set, error) {
	var all []Set
	for _, s := range r.ships {
		q := s.form
		all = append(all, Set{URL: q.URL, Version: q.Version, Title: q.Title, Status: q.Status, Items: count(q), Ships: true})
	}
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := questionsdb.New(tx).Sets(ctx, maxListed)
		for _, row := range rows {
			all = append(all, Set{
				URL: row.Url, Version: row.Version, Title: row.Title, Status: row.Status, Items: int(row.Items),
				AddedAt: row.AddedAt, AddedBy: row.AddedBy, AnsweredAt: row.AnsweredAt.Time,
			})
		}
		return err
	})
	return all, err
}

// Export is the file of a set as it came. The name is url|version.
func (r *Register) Export(ctx context.Context, canonical string) ([]byte, error) {
	url, version, _ := strings.Cut(canonical, "|")
	if s := r.shipping(url); s != nil && s.form.Version == version {
		return s.data, nil
	}
	var data []byte
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := questionsdb.New(tx).Set(ctx, questionsdb.SetParams{Url: url, Version: version})
		if errors.Is(err, sql.ErrNoRows) {
			return store.ErrNotFound
		}
		data = []byte(row.Content)
		return err
	})
	return data, err
}

// Get is a set, ready to be asked.
func (r *Register) Get(ctx context.Context, canonical string) (*forms.Questionnaire, error) {
	data, err := r.Export(ctx, canonical)
	if err != nil {
		return nil, err
	}
	return forms.ParseQuestionnaire(data)
}

// Answered notes, in the transaction that keeps an answer, that the set is answered. From then on it never
// changes. It returns store.ErrNotFound for a set that is not there, and ErrChanged for one that is no longer
// what was asked; then the answer must not be kept.
func (r *Register) Answered(ctx context.Context, tx *store.Tx, asked *forms.Questionnaire) error {
	url, version := asked.URL, asked.Version
	if s := r.shipping(url); s != nil && s.form.Version == version {
		return nil // it changes with a release and its version only
	}
	db := questionsdb.New(tx)
	row, err := db.Set(ctx, questionsdb.SetParams{Url: url, Version: version})
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return store.ErrNotFound
	case err != nil:
		return err
	}
	if same, err := isSame(asked, row.Content); err != nil || !same {
		return errors.Join(err, ErrChanged)
	}
	if row.AnsweredAt.Valid {
		return nil
	}
	_, err = db.MarkAnswered(ctx, questionsdb.MarkAnsweredParams{Url: url, Version: version, AnsweredAt: sql.NullTime{Time: tx.Now(), Valid: true}})
	return err
}

// isSame says whether a set is still the one that was asked.
func isSame(asked *forms.Questionnaire, content string) (bool, error) {
	kept, err := forms.ParseQuestionnaire([]byte(content))
	if err != nil {
		return false, err
	}
	one, err := asked.MarshalJSON()
	if err != nil {
		return false, err
	}
	two, err := kept.MarshalJSON()
	return bytes.Equal(one, two), err
}
