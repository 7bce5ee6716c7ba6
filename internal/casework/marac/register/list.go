package register

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/register/registerdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
	"waymark/internal/registers/people/linkage"
)

// Line is a case as the register lists it.
type Line struct {
	ID      marac.CaseID
	File    cases.ID
	Person  people.ID
	Number  string
	Name    people.Details // of the victim, as the MARAC's file has it
	On      string         // YYYY-MM-DD: the day of the referral
	From    string         // agency
	State   marac.State
	Urgent  bool
	IDVA    marac.Represented
	Repeats marac.CaseID
	Origin  string // the MARAC that it came from
}

// Path is the address of the case.
func (l Line) Path() string { return "/cases/" + string(l.File) + "/marac/" + string(l.ID) }

// Flagged tells whether further abuse on a day would be a repeat.
func (l Line) Flagged(today string) bool { return today <= Until(l.On) }

// Which says which cases of the register are listed.
type Which struct {
	State  marac.State // empty: all
	Name   string      // as it was typed; empty: everybody
	After  *Line       // the last line before
	Search string      // a number such as 2026/014
}

// List is the register of the actor's own MARAC, as far as its cases are there for
// them: the newest referral first, those after a line, at most limit. One entry of the
// ledger names those shown.
func (s *Service) List(ctx context.Context, actor policy.Actor, which Which, limit int) ([]Line, error) {
	m := cases.Mapping(store.Moment(s.db().Clock()()))
	m.Agency = actor.Agency
	scope, permit, err := s.guard.List(ctx, actor, ActRegister, m, "")
	if err != nil {
		return nil, err
	}
	var out []Line
	err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		query, args, err := s.listQuery(ctx, tx, permit, actor, which, scope, limit)
		if err != nil {
			return err
		}
		return store.Each(ctx, tx, query, args, func(rows *sql.Rows) error {
			var l Line
			err := rows.Scan(&l.ID, &l.File, &l.Person, &l.Number, &l.Name.GivenName, &l.Name.FamilyName, &l.Name.KnownAs, &l.On, &l.From, &l.State, &l.Urgent, &l.IDVA, &l.Repeats, &l.Origin)
			out = append(out, l)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	shown := []audit.Subject{{Kind: "agency", ID: actor.Agency}}
	for _, l := range out {
		shown = append(shown, l.Person.Subject())
	}
	return out, permit.Show(ctx, shown...)
}

// Waiting counts the cases of the actor's own MARAC that wait to be screened, up to
// most. It names nobody.
func (s *Service) Waiting(ctx context.Context, actor policy.Actor, most int) (n int, err error) {
	m := cases.Mapping(store.Moment(s.db().Clock()()))
	m.Agency = actor.Agency
	scope, permit, err := s.guard.List(ctx, actor, ActRegister, m, "")
	if err != nil || !permit.Valid() {
		return 0, err
	}
	err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		query, args, err := s.listQuery(ctx, tx, permit, actor, Which{State: marac.Screening}, scope, most)
		if err != nil {
			return err
		}
		return store.Each(ctx, tx, "SELECT COUNT(*) FROM ("+query+") w", args, func(rows *sql.Rows) error { return rows.Scan(&n) })
	})
	return n, err
}

// listQuery goes along the index of the days of referral, or, where a name is
// sought, from those whom an index leads to.
func (s *Service) listQuery(ctx context.Context, tx *store.Tx, permit audit.Permit, actor policy.Actor, which Which, scope store.Fragment, limit int) (string, []any, error) {
	var w store.Where
	w.And(store.Fragment{SQL: "c.agency_id = $1 AND f.agency_id = c.agency_id AND f.id = c.file_id AND f.destroyed_at IS NULL AND p.agency_id = c.agency_id AND p.id = f.person_id", Args: []any{actor.Agency}})
	w.And(scope)
	if which.State != "" {
		w.And(store.Fragment{SQL: "c.state = $1", Args: []any{string(which.State)}})
	}
	if which.Search != "" {
		w.And(store.Fragment{SQL: "c.number = $1", Args: []any{which.Search}})
	}
	if which.Name != "" {
		named, err := s.named(ctx, tx, permit, actor, which.Name)
		if err != nil {
			return "", nil, err
		}
		w.And(named)
	}
	if which.After != nil {
		w.And(store.Fragment{SQL: "(c.referred_on, c.id) < ($1, $2)", Args: []any{which.After.On, string(which.After.ID)}})
	}
	where, _ := w.SQL()
	query := "SELECT c.id, c.file_id, f.person_id, c.number, p.given_name, p.family_name, p.known_as, c.referred_on, c.from_agency, c.state, c.urgent, c.idva, c.repeats, c.came_from" +
		" FROM marac_case c CROSS JOIN file f CROSS JOIN person p WHERE " + where + " ORDER BY c.referred_on DESC, c.id DESC LIMIT " + w.Arg(limit)
	return query, w.Args(), nil
}

// named are the cases that name somebody so: as one of the words of a name begins, or
// as the name sounds.
func (s *Service) named(ctx context.Context, tx *store.Tx, permit audit.Permit, actor policy.Actor, name string) (store.Fragment, error) {
	var ways []store.Fragment
	if term, errs := people.ParseTerm(name, ""); !errs.Any() && term.By == people.ByName {
		hits, err := s.cases.People().Hits(ctx, tx, permit, actor.Agency, term)
		if err != nil {
			return store.Fragment{}, err
		}
		ways = append(ways, store.Join([]store.Fragment{{SQL: "SELECT y.case_id FROM marac_party y WHERE y.agency_id = $1 AND y.person_id IN (", Args: []any{actor.Agency}}, hits, {SQL: ")"}}, ""))
	}
	if words := strings.Fields(name); len(words) > 1 {
		m, err := s.cases.People().MarkerIf(ctx, tx, actor.Agency)
		if err != nil {
			return store.Fragment{}, err
		}
		sound := store.Fragment{SQL: "SELECT k.case_id FROM marac_key k WHERE k.agency_id = $1 AND k.mark IN (", Args: []any{actor.Agency}}
		for i, mark := range m.Link(linkage.Keys(linkage.Record{Given: strings.Join(words[:len(words)-1], " "), Family: words[len(words)-1]})) {
			if i > 0 {
				sound.SQL += ", "
			}
			sound.Args = append(sound.Args, mark)
			sound.SQL += "$" + strconv.Itoa(len(sound.Args))
		}
		sound.SQL += ")"
		if len(sound.Args) > 1 {
			ways = append(ways, sound)
		}
	}
	if len(ways) == 0 {
		return store.Fragment{SQL: "false"}, nil
	}
	return store.Join([]store.Fragment{{SQL: "c.id IN ("}, store.Join(ways, " UNION "), {SQL: ")"}}, ""), nil
}

// Step is something that was decided about a case.
type Step struct {
	ID    string
	Case  marac.CaseID
	Kind  string
	Words string
	At    time.Time
	By    string // account
}

// StepLabel is the kind of a step in words for people.
func (st Step) StepLabel() string {
	switch st.Kind {
	case "taken":
		return "Put on the register"
	case "corrected":
		return "Corrected at screening"
	case "idva":
		return "IDVA"
	case "repeat":
		return "A repeat of an earlier case"
	case "no_repeat":
		return "No repeat of an earlier case"
	}
	return Outcome(st.Kind).Label()
}

// View is a case of the register as its page shows it.
type View struct {
	Case     marac.Case
	About    []marac.Identity
	Rule     marac.Rule
	Referral *Referral // as it was sent; nil when it came by no share
	Steps    []Step    // the newest first
	Others   []marac.Case
	Meetings []marac.Meeting // that have not begun
}

// Show is a case with its history. It returns [store.ErrNotFound].
func (s *Service) Show(ctx context.Context, f *cases.File, id marac.CaseID) (View, error) {
	if err := s.judge(ctx, f, ActScreen); err != nil {
		return View{}, err
	}
	var v View
	err := s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		all, about, err := s.marac.OfFileTx(ctx, tx, f)
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.ID == id {
				v.Case, v.About = c, about[id]
			} else {
				v.Others = append(v.Others, c)
			}
		}
		if v.Case.ID == "" {
			return store.ErrNotFound
		}
		if v.Rule, err = s.marac.RuleOnTx(ctx, tx, f.Agency(), v.Case.On); err != nil && v.Case.Rule != "" {
			return err
		}
		sent, err := s.ofFile(ctx, tx, f)
		if err != nil {
			return err
		}
		for _, r := range sent {
			if string(r.Share) == v.Case.Share && r.To == f.Agency() {
				v.Referral = &r
			}
		}
		if v.Steps, err = s.steps(ctx, tx, f, id); err != nil {
			return err
		}
		v.Meetings, err = s.marac.ToComeTx(ctx, tx, f.Agency())
		return err
	})
	if err != nil {
		return View{}, err
	}
	shown := []audit.Subject{id.Subject(), f.ID().Subject()}
	for _, a := range v.About {
		shown = append(shown, a.Person.Subject())
	}
	return v, f.Permit().Show(ctx, shown...)
}

func (s *Service) steps(ctx context.Context, tx *store.Tx, f *cases.File, id marac.CaseID) ([]Step, error) {
	rows, err := registerdb.New(tx).StepsOfFile(ctx, registerdb.StepsOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	var out []Step
	for _, r := range rows {
		if id != "" && r.CaseID != string(id) {
			continue
		}
		words, err := tx.Vault().Open(ctx, tx, stepPlace(f.Agency(), r.ID), r.WordsSealed)
		if err != nil {
			return nil, err
		}
		out = append(out, Step{ID: r.ID, Case: marac.CaseID(r.CaseID), Kind: r.Kind, Words: words, At: r.RecordedAt, By: r.RecordedBy})
	}
	return out, nil
}

// OnRegister are the cases of a file of the MARAC, the oldest first. The files of
// other agencies have none.
func (s *Service) OnRegister(ctx context.Context, f *cases.File) ([]marac.Case, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return nil, err
	}
	var out []marac.Case
	err := s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, _, err = s.marac.OfFileTx(ctx, tx, f)
		return err
	})
	return out, err
}
