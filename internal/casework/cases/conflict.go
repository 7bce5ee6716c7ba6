package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Relation is how a worker is tied to somebody.
type Relation string

// The relations. Same address is found, or declared as living together.
const (
	IsThem       Relation = "self"
	Partner      Relation = "partner"
	FormerPart   Relation = "former_partner"
	Relative     Relation = "relative"
	Household    Relation = "household"
	Friend       Relation = "friend"
	OtherTie     Relation = "other"
	SameAddress  Relation = "home" // found
	particulars           = "particulars"
	declaredTie           = "declared"
	foundTie              = "found"
	tieNoteMax            = 500
	birthMarkLen          = len("2006-01-02")
)

// Relations lists what can be declared, in the order in which it is offered.
func Relations() []Relation {
	return []Relation{IsThem, Partner, FormerPart, Relative, Household, Friend, OtherTie}
}

// Label is the relation in words for people.
func (r Relation) Label() string {
	switch r {
	case IsThem:
		return "It is me"
	case Partner:
		return "Partner"
	case FormerPart:
		return "Former partner"
	case Relative:
		return "Relative"
	case Household:
		return "Lives with me"
	case Friend:
		return "Friend or neighbour"
	case OtherTie:
		return "Another tie"
	case SameAddress:
		return "Same address"
	}
	return string(r)
}

// Tie is what a worker has declared, as they see it themselves.
type Tie struct {
	ID       string
	Own      bool // their own particulars
	Relation Relation
	Words    string
	At       time.Time
}

// NewTie is a tie as it was declared: to whom, and what is known of them.
type NewTie struct {
	Relation Relation
	Person   people.Details
	Home     people.Address
}

// Check returns what is wrong with it, by field.
func (n NewTie) Check() forms.Errors {
	errs := n.Person.Check()
	if !isRelation(n.Relation) {
		errs.Add("relation", "Select how you are tied to them")
	}
	if n.Person.GivenName == "" || n.Person.FamilyName == "" {
		errs.Add("given_name", "Enter the first name and the last name")
	}
	for _, e := range (people.Home{Address: n.Home}).Check().List() {
		errs.Add(e.Field, e.Message)
	}
	return errs
}

func isRelation(r Relation) bool {
	for _, known := range Relations() {
		if r == known {
			return true
		}
	}
	return false
}

// Declare records that the actor is tied to somebody, whoever that is. Every
// file of the agency with that person in it is gone for them, now and when one
// is begun later. The key contact is told; nobody else.
func (s *Service) Declare(ctx context.Context, actor policy.Actor, n NewTie) error {
	if errs := n.Check(); errs.Any() {
		return errs
	}
	words := n.Relation.Label() + ": " + n.Person.GivenName + " " + n.Person.FamilyName
	return s.declare(ctx, actor, declaredTie, n.Relation, words, func(m people.Marker) []people.Mark {
		return append(m.Declared(n.Person), m.Home(n.Home)...)
	})
}

// Particulars records who a worker is, for finding ties: their name with their
// date of birth, and where they live. Both are turned into marks that cannot
// be read; neither is kept. New particulars take the place of old ones, and
// what was found by the old ones stays.
func (s *Service) Particulars(ctx context.Context, actor policy.Actor, own people.Details, home people.Address) error {
	errs := own.Check()
	if (own.GivenName == "" || own.FamilyName == "" || len(own.Born) != birthMarkLen) && home.IsZero() {
		errs.Add("given_name", "Enter your first and last name with your date of birth, or your address, or both")
	}
	for _, e := range (people.Home{Address: home}).Check().List() {
		errs.Add(e.Field, e.Message)
	}
	if errs.Any() {
		return errs
	}
	return s.declare(ctx, actor, particulars, IsThem, "", func(m people.Marker) []people.Mark {
		return append(m.Self(own), m.Home(home)...)
	})
}

func (s *Service) declare(ctx context.Context, actor policy.Actor, source string, relation Relation, words string, marks func(people.Marker) []people.Mark) error {
	permit, err := s.guard.Act(ctx, actor, ActDeclare, caseload(actor), true)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := casesdb.New(tx)
		if source == particulars {
			err := q.WithdrawParticulars(ctx, casesdb.WithdrawParticularsParams{AgencyID: actor.Agency, AccountID: actor.Account, WithdrawnAt: nullTime(tx.Now())})
			if err != nil {
				return err
			}
		}
		m, err := s.people.Marker(ctx, tx, actor.Agency)
		if err != nil {
			return err
		}
		if err := s.insertTie(ctx, tx, actor, source, relation, words, marks(m)); err != nil {
			return err
		}
		rows, err := q.MatchesOfAccount(ctx, casesdb.MatchesOfAccountParams{AgencyID: actor.Agency, AccountID: actor.Account})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := s.found(ctx, tx, permit, actor.Agency, casesdb.MatchesOfFileRow(r)); err != nil {
				return err
			}
		}
		return permit.Append(tx, ActDeclare, source, audit.Subject{Kind: "account", ID: actor.Account})
	})
}

func (s *Service) insertTie(ctx context.Context, tx *store.Tx, actor policy.Actor, source string, relation Relation, words string, marks []people.Mark) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	o := s.opener(ctx, tx, actor.Agency)
	sealed := o.seal("worker_tie", "words", id, words)
	if o.err != nil {
		return o.err
	}
	q := casesdb.New(tx)
	err = q.InsertTie(ctx, casesdb.InsertTieParams{
		AgencyID: actor.Agency, ID: id, AccountID: actor.Account, Source: source, Relation: string(relation), Words: sealed, DeclaredAt: tx.Now(),
	})
	if err != nil {
		return err
	}
	for _, mark := range marks {
		err := q.InsertWorkerMark(ctx, casesdb.InsertWorkerMarkParams{AgencyID: actor.Agency, TieID: id, Kind: string(mark.Kind), Mark: mark.Value})
		if err != nil {
			return err
		}
	}
	return nil
}

// Ties are what the actor has declared.
func (s *Service) Ties(ctx context.Context, actor policy.Actor) ([]Tie, error) {
	permit, err := s.guard.Act(ctx, actor, ActDeclare, caseload(actor), true)
	if err != nil {
		return nil, err
	}
	if err := permit.Show(ctx, audit.Subject{Kind: "account", ID: actor.Account}); err != nil {
		return nil, err
	}
	var out []Tie
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := casesdb.New(tx).TiesOf(ctx, casesdb.TiesOfParams{AgencyID: actor.Agency, AccountID: actor.Account})
		o := s.opener(ctx, tx, actor.Agency)
		for _, r := range rows {
			out = append(out, Tie{
				ID: r.ID, Own: r.Source == particulars, Relation: Relation(r.Relation), At: r.DeclaredAt,
				Words: o.open("worker_tie", "words", r.ID, r.Words),
			})
		}
		return errors.Join(err, o.err)
	})
	return out, err
}

// DeclareOn records that the actor is tied to one of the people of a file they
// have open. From then on neither that file nor any other with the person is
// there for them.
func (s *Service) DeclareOn(ctx context.Context, f *File, person people.ID, relation Relation) error {
	actor := f.Actor()
	permit, err := s.guard.Act(ctx, actor, ActDeclare, caseload(actor), true)
	if err != nil {
		return err
	}
	if !isRelation(relation) {
		return forms.Errors{{Field: "relation", Message: "Select how you are tied to them"}}
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		name, err := s.nameIn(ctx, tx, f, person)
		if err != nil {
			return err
		}
		marks, err := s.people.MarksOf(ctx, tx, f.Permit(), f.agency, person)
		if err != nil {
			return err
		}
		if err := s.insertTie(ctx, tx, actor, declaredTie, relation, relation.Label()+": "+name, named(marks)); err != nil {
			return err
		}
		q := casesdb.New(tx)
		n, err := q.DeclareAgain(ctx, casesdb.DeclareAgainParams{
			AgencyID: f.agency, FileID: string(f.id), AccountID: actor.Account, Basis: string(relation), FoundAt: tx.Now(),
		})
		if err != nil {
			return err
		}
		match := casesdb.MatchesOfFileRow{FileID: string(f.id), AccountID: actor.Account, Source: declaredTie, Relation: string(relation)}
		if n > 0 {
			err = s.notify(ctx, tx, f.agency, NoticeConflict, f.id, actor.Account, "")
		} else {
			err = s.found(ctx, tx, permit, f.agency, match)
		}
		if err != nil {
			return err
		}
		rows, err := q.MatchesOfAccount(ctx, casesdb.MatchesOfAccountParams{AgencyID: f.agency, AccountID: actor.Account})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := s.found(ctx, tx, permit, f.agency, casesdb.MatchesOfFileRow(r)); err != nil {
				return err
			}
		}
		return permit.Append(tx, ActDeclare, declaredTie, f.id.Subject(), person.Subject())
	})
}

// nameIn is the name of one of the people of a file, who alone is named in
// the ledger; [store.ErrNotFound] when they are none of them.
func (s *Service) nameIn(ctx context.Context, tx *store.Tx, f *File, person people.ID) (string, error) {
	p, err := s.PersonIn(ctx, tx, f, person)
	return p.Name(), err
}

// PersonIn is one of the people of a file; [store.ErrNotFound] when they are
// none of them.
func (s *Service) PersonIn(ctx context.Context, tx *store.Tx, f *File, person people.ID) (people.Person, error) {
	if !f.Permit().Valid() {
		return people.Person{}, audit.ErrNoPermit
	}
	is := person == f.person
	if !is {
		agency, file := f.key()
		rows, err := casesdb.New(tx).Parties(ctx, casesdb.PartiesParams{AgencyID: agency, FileID: file})
		if err != nil {
			return people.Person{}, err
		}
		for _, r := range rows {
			is = is || r.PersonID == string(person)
		}
	}
	if !is {
		return people.Person{}, store.ErrNotFound
	}
	return s.people.Get(ctx, tx, f.Permit(), f.agency, person)
}

// named are the marks by which a person is found in other files: the most
// telling ones there are.
func named(marks []people.Mark) []people.Mark {
	var birth, names []people.Mark
	for _, m := range marks {
		switch m.Kind {
		case people.MarkBirth:
			birth = append(birth, m)
		case people.MarkName, people.MarkUnborn:
			names = append(names, m)
		case people.MarkHome, people.MarkKnown, people.MarkKnownBirth, people.MarkKnownUnb:
		}
	}
	if len(birth) > 0 {
		return birth
	}
	return names
}

// watch looks whether a worker is tied to the people of a file, and whether
// the file stands on the other side of another. It runs whenever the people of
// a file change.
func (s *Service) watch(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, file ID) error {
	rows, err := casesdb.New(tx).MatchesOfFile(ctx, casesdb.MatchesOfFileParams{AgencyID: agency, FileID: string(file)})
	if err != nil {
		return fmt.Errorf("looking for ties: %w", err)
	}
	for _, r := range rows {
		if err := s.found(ctx, tx, permit, agency, r); err != nil {
			return err
		}
	}
	if err := s.pair(ctx, tx, agency, file); err != nil {
		return err
	}
	return s.tellWatchers(ctx, tx, agency, file)
}

// found keeps a conflict of interest and tells the key contact, once: what was
// lifted stays lifted until the worker declares it.
func (s *Service) found(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, m casesdb.MatchesOfFileRow) error {
	basis, source := m.Relation, declaredTie
	if m.Source == particulars {
		source = foundTie
		if m.Kind == string(people.MarkHome) {
			basis = string(SameAddress)
		}
	}
	n, err := casesdb.New(tx).InsertConflict(ctx, casesdb.InsertConflictParams{
		AgencyID: agency, FileID: m.FileID, AccountID: m.AccountID, Basis: basis, Source: source, FoundAt: tx.Now(), LiftedWhy: []byte{},
	})
	if err != nil || n == 0 {
		return err
	}
	if err := s.notify(ctx, tx, agency, NoticeConflict, ID(m.FileID), m.AccountID, ""); err != nil {
		return err
	}
	return permit.Append(tx, ActConflictFound, source, ID(m.FileID).Subject(), audit.Subject{Kind: "account", ID: m.AccountID})
}

// tied tells whether an account is tied to the people of a file.
func tied(ctx context.Context, tx *store.Tx, f *File, account string) (bool, error) {
	row, err := casesdb.New(tx).ConflictOf(ctx, casesdb.ConflictOfParams{AgencyID: f.agency, FileID: string(f.id), AccountID: account})
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil && !row.LiftedAt.Valid, err
}

// ChangePerson replaces the details of the person a file is about.
func (s *Service) ChangePerson(ctx context.Context, f *File, version int64, d people.Details) error {
	return s.Change(ctx, f, ActWork, func(ctx context.Context, tx *store.Tx) error {
		if err := s.people.Change(ctx, tx, f.Permit(), f.agency, f.person, version, d); err != nil {
			return err
		}
		return s.watch(ctx, tx, f.Permit(), f.agency, f.id)
	})
}

// Whereabouts is the proof that the actor may read how and where the people of
// a file can be reached, where they may.
func (s *Service) Whereabouts(f *File) (people.Whereabouts, bool) {
	return people.Unlock(s.guard, f.Permit(), f.Resource())
}

// MustWhereabouts is [Service.Whereabouts] for an act that asks for it: the
// refusal is recorded and returned.
func (s *Service) MustWhereabouts(ctx context.Context, f *File) (people.Whereabouts, error) {
	if _, err := s.guard.Act(ctx, f.Actor(), people.ActWhereabouts, f.Resource(), true, f.id.Subject()); err != nil {
		return people.Whereabouts{}, err
	}
	w, _ := s.Whereabouts(f)
	return w, nil
}

// SafeContact is what is known about reaching the person of a file. Without the
// permission for whereabouts it is the state alone.
func (s *Service) SafeContact(ctx context.Context, tx *store.Tx, f *File, p people.Person) (people.SafeContact, error) {
	w, ok := s.Whereabouts(f)
	if !ok {
		return people.SafeContact{Summary: p.Contact, Withheld: true}, nil
	}
	return s.people.SafeContact(ctx, tx, w, p)
}

// Worker is somebody who works at an agency.
type Worker struct{ Agency, Account string }

// TiedWorkers are workers of whatever agencies who declared ties, for a workflow at
// which many agencies sit. It tells nothing of the ties.
type TiedWorkers struct {
	agency  map[string]string          // of an account
	marks   map[string]map[string]bool // of an account
	markers map[string]people.Marker   // of an agency
}

// Any tells whether any of them is tied to anybody.
func (t *TiedWorkers) Any() bool { return t != nil && len(t.marks) > 0 }

// To tells whether a worker is tied to somebody who is called so, or lives there.
func (t *TiedWorkers) To(account string, d people.Details, home people.Address) bool {
	if t == nil || len(t.marks[account]) == 0 {
		return false
	}
	m := t.markers[t.agency[account]]
	marks := m.Person(d)
	if !home.IsZero() {
		marks = append(marks, m.Home(home)...)
	}
	for _, mark := range marks {
		if t.marks[account][mark.Value] {
			return true
		}
	}
	return false
}

// TiedWorkers reads the ties of some workers in one statement, and what makes the
// marks of their agencies where there are any.
func (s *Service) TiedWorkers(ctx context.Context, tx *store.Tx, workers []Worker) (*TiedWorkers, error) {
	t := &TiedWorkers{agency: map[string]string{}, marks: map[string]map[string]bool{}, markers: map[string]people.Marker{}}
	if len(workers) == 0 {
		return t, nil
	}
	var args []any
	parts := make([]string, len(workers))
	for i, w := range workers {
		args = append(args, w.Agency, w.Account)
		parts[i] = fmt.Sprintf("(t.agency_id = $%d AND t.account_id = $%d)", 2*i+1, 2*i+2)
	}
	err := store.Each(ctx, tx, `SELECT t.agency_id, t.account_id, k.mark FROM worker_tie t
JOIN worker_mark k ON k.agency_id = t.agency_id AND k.tie_id = t.id
WHERE t.withdrawn_at IS NULL AND (`+strings.Join(parts, " OR ")+`)`, args, func(rows *sql.Rows) error {
		var agency, account, mark string
		if err := rows.Scan(&agency, &account, &mark); err != nil {
			return err
		}
		t.agency[account] = agency
		if t.marks[account] == nil {
			t.marks[account] = map[string]bool{}
		}
		t.marks[account][mark] = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, agency := range t.agency {
		if _, ok := t.markers[agency]; ok {
			continue
		}
		if t.markers[agency], err = s.people.Marker(ctx, tx, agency); err != nil {
			return nil, err
		}
	}
	return t, nil
}
