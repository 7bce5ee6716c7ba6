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
	"sync"
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
	Ruled                       bool // there is a rule file with it
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
	form        *forms.Questionnaire
	data, rules []byte
}

// Register keeps the question sets. It is safe for concurrent use.
type Register struct {
	db    *store.DB
	guard *audit.Guard
	ships []shipped

	parsed sync.Map // by canonical: the last that was parsed
}

// New makes the register. It fails when a set that ships is not whole.
func New(db *store.DB, guard *audit.Guard) (*Register, error) {
	r := &Register{db: db, guard: guard}
	sets, err := questioncontent.Sets()
	if err != nil {
		return nil, err
	}
	for n, set := range sets {
		q, err := forms.ParseQuestionnaire(set.Form)
		if err != nil {
			return nil, fmt.Errorf("question set %d of those that ship: %w", n+1, err)
		}
		r.ships = append(r.ships, shipped{q, set.Form, set.Rules})
	}
	return r, nil
}

// fingerprint tells one loaded set from another: that of the file alone where it has no rules.
func fingerprint(f File) string {
	sum := sha256.Sum256(f.Form)
	if len(f.Rules) > 0 {
		rules := sha256.Sum256(f.Rules)
		sum = sha256.Sum256(append(sum[:], rules[:]...))
	}
	return hex.EncodeToString(sum[:])
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

// File is a set as it is loaded: the question set, and the rule file of the capability that asks it, if it has
// one. Check is that capability's check of the two together.
type File struct {
	Form, Rules []byte
	Check       func(*forms.Questionnaire, []byte) error
}

// Add keeps the set that a file holds. It returns forms.Problems for a file that is not supported whole,
// ErrAnswered, ErrShips and a *policy.Denied; then nothing is changed.
func (r *Register) Add(ctx context.Context, actor policy.Actor, data []byte) (Set, Outcome, error) {
	return r.AddFile(ctx, actor, File{Form: data})
}

// AddFile is [Register.Add] with a rule file beside it.
func (r *Register) AddFile(ctx context.Context, actor policy.Actor, file File) (Set, Outcome, error) {
	permit, err := r.guard.Act(ctx, actor, ActAdd, register, true)
	if err != nil {
		return Set{}, "", err
	}
	q, err := forms.ParseQuestionnaire(file.Form)
	if err != nil {
		return Set{}, "", err
	}
	if len(file.Rules) > 0 {
		if err := file.Check(q, file.Rules); err != nil {
			return Set{}, "", err
		}
	}
	if r.shipping(q.URL) != nil {
		return Set{}, "", ErrShips
	}
	var set Set
	var outcome Outcome
	keep := func() error {
		return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			set, outcome, err = r.keep(ctx, tx, permit, actor, q, file)
			return err
		})
	}
	err = keep()
	if errors.Is(err, store.ErrExists) {
		err = keep() // somebody added it at the same moment
	}
	return set, outcome, err
}

func (r *Register) keep(ctx context.Context, tx *store.Tx, permit audit.Permit, actor policy.Actor, q *forms.Questionnaire, file File) (Set, Outcome, error) {
	print := fingerprint(file)
	db := questionsdb.New(tx)
	set := Set{URL: q.URL, Version: q.Version, Title: q.Title, Status: q.Status, Items: count(q), AddedAt: tx.Now(), AddedBy: actor.Account, Ruled: len(file.Rules) > 0}
	row, err := db.Set(ctx, questionsdb.SetParams{Url: q.URL, Version: q.Version})
	outcome := Added
	switch {
	case errors.Is(err, sql.ErrNoRows):
		err = db.InsertSet(ctx, questionsdb.InsertSetParams{
			Url: q.URL, Version: q.Version, Title: q.Title, Status: q.Status, Items: int64(set.Items), Content: string(file.Form), Rules: string(file.Rules), Sha256: print,
			AddedAt: set.AddedAt, AddedBy: set.AddedBy,
		})
	case err != nil:
	case row.Sha256 == print:
		return Set{
			URL: row.Url, Version: row.Version, Title: row.Title, Status: row.Status, Items: int(row.Items),
			AddedAt: row.AddedAt, AddedBy: row.AddedBy, AnsweredAt: row.AnsweredAt.Time, Ruled: row.Rules != "",
		}, Unchanged, nil
	case row.AnsweredAt.Valid:
		return Set{}, "", ErrAnswered
	default:
		outcome = Replaced
		var n int64
		n, err = db.ReplaceSet(ctx, questionsdb.ReplaceSetParams{
			Url: q.URL, Version: q.Version, Title: q.Title, Status: q.Status, Items: int64(set.Items), Content: string(file.Form), Rules: string(file.Rules), Sha256: print,
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
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = r.ListIn(ctx, tx)
		return err
	})
	return all, err
}

// ListIn is [Register.List] in a transaction.
func (r *Register) ListIn(ctx context.Context, tx *store.Tx) ([]Set, error) {
	var all []Set
	for _, s := range r.ships {
		q := s.form
		all = append(all, Set{URL: q.URL, Version: q.Version, Title: q.Title, Status: q.Status, Items: count(q), Ships: true, Ruled: len(s.rules) > 0})
	}
	rows, err := questionsdb.New(tx).Sets(ctx, maxListed)
	for _, row := range rows {
		all = append(all, Set{
			URL: row.Url, Version: row.Version, Title: row.Title, Status: row.Status, Items: int(row.Items),
			AddedAt: row.AddedAt, AddedBy: row.AddedBy, AnsweredAt: row.AnsweredAt.Time, Ruled: row.Rules != "",
		})
	}
	return all, err
}

// Rules is the rule file of a set as it came, empty where it has none. The name is url|version.
func (r *Register) Rules(ctx context.Context, canonical string) ([]byte, error) {
	var l Loaded
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		l, err = r.Load(ctx, tx, canonical)
		return err
	})
	return l.Rules, err
}

// Loaded is a set ready to be asked, with its rule file as it came; no rules where it has none. Print changes
// when either does.
type Loaded struct {
	Form  *forms.Questionnaire
	Rules []byte
	Print string
	Ships bool
}

// Load reads a set in a transaction. The name is url|version. It returns store.ErrNotFound for one that is not
// there. A set is parsed once for as long as it is the same.
func (r *Register) Load(ctx context.Context, tx *store.Tx, canonical string) (Loaded, error) {
	url, version, _ := strings.Cut(canonical, "|")
	if s := r.shipping(url); s != nil && s.form.Version == version {
		return Loaded{Form: s.form, Rules: s.rules, Print: canonical, Ships: true}, nil
	}
	row, err := questionsdb.New(tx).Set(ctx, questionsdb.SetParams{Url: url, Version: version})
	if errors.Is(err, sql.ErrNoRows) {
		return Loaded{}, store.ErrNotFound
	}
	if err != nil {
		return Loaded{}, err
	}
	if was, known := r.parsed.Load(canonical); known {
		if l, ok := was.(Loaded); ok && l.Print == row.Sha256 {
			return l, nil
		}
	}
	q, err := forms.ParseQuestionnaire([]byte(row.Content))
	if err != nil {
		return Loaded{}, err
	}
	l := Loaded{Form: q, Rules: []byte(row.Rules), Print: row.Sha256}
	r.parsed.Store(canonical, l)
	return l, nil
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
