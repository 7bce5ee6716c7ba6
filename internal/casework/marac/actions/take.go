package actions

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/actions/actionsdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// ListID names a list.
type ListID string

// Subject is the list in a ledger entry.
func (id ListID) Subject() audit.Subject { return audit.Subject{Kind: "marac_list", ID: string(id)} }

// List is one that was brought along.
type List struct {
	ID      ListID
	Agency  string // the MARAC
	Kind    ListKind
	State   ListState
	Lines   int
	Taken   int
	At      time.Time
	Version int64
	Rows    []Row // checked anew against the register; empty once it was taken or left
}

// Path is the address of the list.
func (l List) Path() string { return "/marac/" + l.Agency + "/lists/" + string(l.ID) }

// Faulty is how many lines have something wrong, Already how many are there already,
// and New how many would be taken.
func (l List) Faulty() (n int) {
	for _, r := range l.Rows {
		if len(r.Faults) > 0 {
			n++
		}
	}
	return n
}

// Already is how many lines are on the register already.
func (l List) Already() (n int) {
	for _, r := range l.Rows {
		if r.Already && len(r.Faults) == 0 {
			n++
		}
	}
	return n
}

// New is how many lines would be taken.
func (l List) New() int { return len(l.Rows) - l.Faulty() - l.Already() }

func digest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:16]
}

func listPlace(agency string, id ListID) store.Place {
	return store.Place{Agency: agency, Table: "marac_list", Column: "words_sealed", Row: string(id)}
}

// Bring keeps a list so that it can be looked at. Nothing of it is on the register. The
// same file brought along again is the list it was. It returns [*ErrList] for a file
// that is none.
func (s *Service) Bring(ctx context.Context, actor policy.Actor, agency string, body []byte) (ListID, error) {
	permit, err := s.guard.Act(ctx, actor, ActTake, board(agency), agency == actor.Agency, ofMarac(agency))
	if err != nil {
		return "", err
	}
	kind, rows, err := read(body)
	if err != nil {
		return "", err
	}
	var made ListID
	err = s.db().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.marac.MaracTx(ctx, tx, agency); err != nil {
			return err
		}
		q := actionsdb.New(tx)
		hash := hex.EncodeToString(tx.Vault().Keyed("marac-list/"+agency, string(body)))
		same, err := q.SameList(ctx, actionsdb.SameListParams{AgencyID: agency, Hash: hash})
		if err == nil {
			made = ListID(same)
			return permit.Append(tx, ActTake, "again", ofMarac(agency), made.Subject())
		}
		if !none(err) {
			return err
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		made = ListID(id)
		words, err := tx.Vault().SealJSON(ctx, tx, listPlace(agency, made), rows)
		if err != nil {
			return err
		}
		err = q.InsertList(ctx, actionsdb.InsertListParams{AgencyID: agency, ID: id, Kind: string(kind), Hash: hash, Lines: int64(len(rows)), WordsSealed: words.Bytes(), RecordedAt: tx.Now(), RecordedBy: actor.Account})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActTake, "brought", ofMarac(agency), made.Subject())
	})
	return made, err
}

// Lists are those that were brought along, the newest first, without their lines.
func (s *Service) Lists(ctx context.Context, actor policy.Actor, agency string) (out []List, err error) {
	if _, err := s.guard.Open(ctx, actor, ActTake, board(agency), "", agency == actor.Agency, ofMarac(agency)); err != nil {
		return nil, err
	}
	err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.marac.MaracTx(ctx, tx, agency); err != nil {
			return err
		}
		rows, err := actionsdb.New(tx).Lists(ctx, agency)
		for _, r := range rows {
			out = append(out, List{ID: ListID(r.ID), Agency: agency, Kind: ListKind(r.Kind), State: ListState(r.State), Lines: int(r.Lines), Taken: int(r.Taken), At: r.RecordedAt, Version: r.Version})
		}
		return err
	})
	return out, err
}

// List is one of them with its lines, checked against the register as it is now.
func (s *Service) List(ctx context.Context, actor policy.Actor, agency string, id ListID) (l List, err error) {
	if _, err := s.guard.Open(ctx, actor, ActTake, board(agency), "", agency == actor.Agency, ofMarac(agency), id.Subject()); err != nil {
		return l, err
	}
	err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		l, _, err = s.list(ctx, tx, agency, id)
		return err
	})
	return l, err
}

func (s *Service) list(ctx context.Context, tx *store.Tx, agency string, id ListID) (l List, k known, err error) {
	r, err := actionsdb.New(tx).ListByID(ctx, actionsdb.ListByIDParams{AgencyID: agency, ID: string(id)})
	if none(err) {
		return l, k, store.ErrNotFound
	}
	if err != nil {
		return l, k, err
	}
	l = List{ID: id, Agency: agency, Kind: ListKind(r.Kind), State: ListState(r.State), Lines: int(r.Lines), Taken: int(r.Taken), At: r.RecordedAt, Version: r.Version}
	if l.State != Checked {
		return l, k, nil
	}
	if err := tx.Vault().OpenJSON(ctx, tx, listPlace(agency, id), r.WordsSealed, &l.Rows); err != nil {
		return l, k, err
	}
	if k, err = s.known(ctx, tx, agency); err != nil {
		return l, k, err
	}
	check(l.Kind, l.Rows, k)
	return l, k, nil
}

// known reads what lists are checked against, in four statements.
func (s *Service) known(ctx context.Context, tx *store.Tx, agency string) (k known, err error) {
	k = known{today: s.today(tx), agencies: map[string]string{}, numbers: map[string]placed{}, sources: map[string]bool{}}
	q := actionsdb.New(tx)
	all, err := q.AgencyWords(ctx)
	if err != nil {
		return k, err
	}
	for _, a := range all {
		k.agencies[strings.ToLower(a.Code)], k.agencies[strings.ToLower(a.Name)] = a.ID, a.ID
	}
	numbers, err := q.NumbersOf(ctx, agency)
	if err != nil {
		return k, err
	}
	for _, n := range numbers {
		k.numbers[n.Number] = placed{id: marac.CaseID(n.ID), file: n.FileID, meeting: n.MeetingID}
	}
	sources, err := q.SourcesOf(ctx, agency)
	if err != nil {
		return k, err
	}
	for _, one := range sources {
		k.sources[one] = true
	}
	k.owners, err = s.ownersTx(ctx, tx, agency)
	return k, err
}

// ErrFaulty is returned when a list is to be taken in which something is wrong: nothing
// of it was.
var ErrFaulty = errors.New("something is wrong with lines of the list, and nothing of it was taken")

// Take takes a list over, all of it or nothing: what is there already is passed over.
// It returns [ErrFaulty] when a line has something wrong, and [store.ErrConflict] when
// somebody was quicker.
func (s *Service) Take(ctx context.Context, actor policy.Actor, agency string, id ListID, version int64) (taken int, err error) {
	permit, err := s.guard.Act(ctx, actor, ActTake, board(agency), agency == actor.Agency, ofMarac(agency), id.Subject())
	if err != nil {
		return 0, err
	}
	begin, err := s.cases.MayBegin(ctx, actor)
	if err != nil {
		return 0, err
	}
	files, err := s.before(ctx, actor, agency, id)
	if err != nil {
		return 0, err
	}
	err = s.db().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		l, k, err := s.list(ctx, tx, agency, id)
		if err != nil {
			return err
		}
		if l.State != Checked || l.Version != version {
			return store.ErrConflict
		}
		if l.Faulty() > 0 {
			return ErrFaulty
		}
		goes, err := s.marac.MaracTx(ctx, tx, agency)
		if err != nil {
			return err
		}
		shown := []audit.Subject{ofMarac(agency), id.Subject()}
		t := taking{s: s, actor: actor, begin: begin, k: k, goes: goes, files: files}
		for _, r := range l.Rows {
			if r.Already {
				continue
			}
			subject, err := t.row(ctx, tx, l.Kind, r)
			if err != nil {
				return err
			}
			shown = append(shown, subject)
			taken++
		}
		empty, err := tx.Vault().SealJSON(ctx, tx, listPlace(agency, id), []Row{})
		if err != nil {
			return err
		}
		err = store.Changed(actionsdb.New(tx).SettleList(ctx, actionsdb.SettleListParams{
			AgencyID: agency, ID: string(id), Version: version, State: string(Taken), WordsSealed: empty.Bytes(), Taken: int64(taken), RecordedAt: tx.Now(), RecordedBy: actor.Account,
		}))
		if err != nil {
			return err
		}
		return permit.Append(tx, ActTake, "taken", shown...)
	})
	if err != nil {
		return 0, err
	}
	return taken, nil
}

// before opens the files of cases on the register that lines of a list repeat: they go
// onto these.
func (s *Service) before(ctx context.Context, actor policy.Actor, agency string, id ListID) (map[string]*cases.File, error) {
	var l List
	var k known
	err := s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		l, k, err = s.list(ctx, tx, agency, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := map[string]*cases.File{}
	for _, r := range l.Rows {
		of := r.Cells["repeat_of"]
		at, there := k.numbers[of]
		if of == "" || !there || out[of] != nil || r.Already {
			continue
		}
		if out[of], err = s.cases.Open(ctx, actor, cases.ID(at.file), cases.Care); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Discard leaves a list: nothing of it was taken, and its lines are gone.
func (s *Service) Discard(ctx context.Context, actor policy.Actor, agency string, id ListID, version int64) error {
	permit, err := s.guard.Act(ctx, actor, ActTake, board(agency), agency == actor.Agency, ofMarac(agency), id.Subject())
	if err != nil {
		return err
	}
	return s.db().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		l, _, err := s.list(ctx, tx, agency, id)
		if err != nil {
			return err
		}
		if l.State != Checked {
			return store.ErrConflict
		}
		empty, err := tx.Vault().SealJSON(ctx, tx, listPlace(agency, id), []Row{})
		if err != nil {
			return err
		}
		err = store.Changed(actionsdb.New(tx).SettleList(ctx, actionsdb.SettleListParams{
			AgencyID: agency, ID: string(id), Version: version, State: string(Discarded), WordsSealed: empty.Bytes(), RecordedAt: tx.Now(), RecordedBy: actor.Account,
		}))
		if err != nil {
			return err
		}
		return permit.Append(tx, ActTake, "left", ofMarac(agency), id.Subject())
	})
}

// taking is a list while it is taken over.
type taking struct {
	s     *Service
	actor policy.Actor
	begin audit.Permit
	k     known
	goes  marac.Marac
	files map[string]*cases.File // that were begun, by the number of their case
}

func (t *taking) row(ctx context.Context, tx *store.Tx, kind ListKind, r Row) (audit.Subject, error) {
	if kind == Actions {
		return t.action(ctx, tx, r)
	}
	return t.register(ctx, tx, r)
}

func (t *taking) action(ctx context.Context, tx *store.Tx, r Row) (audit.Subject, error) {
	at := t.k.numbers[r.Cells["case_number"]]
	a := Action{
		Marac: t.goes.Agency, Owner: t.k.agency(r.Cells["agency"]), Meeting: marac.MeetingID(at.meeting), Case: at.id, File: cases.ID(at.file), Number: r.Cells["case_number"], Kind: Plain,
		Target: targets[strings.ToLower(r.Cells["target"])], Due: r.day("due_on"), State: Open, Words: Words{What: r.Cells["action"], By: r.Cells["volunteered_by"]},
	}
	_, kept, err := t.s.marac.KeptTx(ctx, tx, t.begin, t.goes.Agency, at.id)
	if err != nil {
		return audit.Subject{}, err
	}
	walled := slices.ContainsFunc(t.k.owners, func(o Owner) bool { return o.Agency == a.Owner && o.Walled })
	a.Words.About = named(kept.About(), "", walled)
	if walled && kept.Tells(a.Words.What) {
		return audit.Subject{}, forms.Errors{{Field: "take", Message: "Line " + strconv.Itoa(r.Line) + " tells where somebody lives or how they are reached, and its agency works with people who harm. Nothing was taken"}}
	}
	id, err := t.s.insert(ctx, tx, a, r.source(), t.actor)
	return id.Subject(), err
}

func (t *taking) register(ctx context.Context, tx *store.Tx, r Row) (audit.Subject, error) {
	about := r.about()
	c := marac.Case{
		Number: r.Cells["case_number"], From: t.k.agency(r.Cells["referred_by"]), On: r.day("referred_on"), State: outcomes[strings.ToLower(r.Cells["outcome"])], HeardOn: r.day("heard_on"),
		IDVA: idvas[strings.ToLower(r.Cells["idva"])], Routes: marac.Routes{Visible: marac.Unknown, Judgement: marac.Unknown, Escalation: marac.Unknown},
	}
	c.Counted.Children, _ = strconv.Atoi(r.Cells["children"]) // it was checked; empty is none known
	for column, into := range map[string]*marac.Answer{
		"repeat": &c.Routes.Repeat, "bme": &c.Counted.BME, "lgbt": &c.Counted.LGBT, "disabled": &c.Counted.Disabled, "male": &c.Counted.Male,
		"victim_16_17": &c.Counted.Young, "perpetrator_to_17": &c.Counted.YoungWhoHarms,
	} {
		*into, _ = r.answer(column)
	}
	rule, err := t.s.marac.RuleOnTx(ctx, tx, t.goes.Agency, c.On)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return audit.Subject{}, err
	}
	c.Rule = rule.Since
	of := r.Cells["repeat_of"]
	f := t.files[of]
	if of != "" {
		c.Repeats, c.Routes.Repeat = t.k.numbers[of].id, marac.Yes
	}
	if f == nil {
		team := t.goes.Team
		if !slices.Contains(t.actor.Teams, team) {
			team = ""
		}
		if f, err = t.s.cases.BeginTx(ctx, tx, t.begin, cases.NewFile{Person: about[0].Details, Kind: cases.Full, Origin: cases.Referred, Team: team}); err != nil {
			return audit.Subject{}, err
		}
	}
	if about, err = t.people(ctx, tx, f, about); err != nil {
		return audit.Subject{}, err
	}
	id, err := t.s.marac.InsertTx(ctx, tx, f, c, about)
	if err != nil {
		return audit.Subject{}, err
	}
	if t.s.keys != nil {
		if err := t.s.keys(ctx, tx, f, id, about); err != nil {
			return audit.Subject{}, err
		}
	}
	t.files[c.Number] = f
	t.k.numbers[c.Number] = placed{id: id, file: string(f.ID())}
	return id.Subject(), nil
}

// people puts those a line names into its file: who is harmed is whom it is about, and
// somebody of the same name and day who harms is there once.
func (t *taking) people(ctx context.Context, tx *store.Tx, f *cases.File, about []marac.Identity) ([]marac.Identity, error) {
	there, err := t.s.cases.Parties(ctx, tx, f, cases.Perpetrator)
	if err != nil {
		return nil, err
	}
	for i := range about {
		if about[i].Part == marac.Victim {
			about[i].Person = f.Person()
			continue
		}
		d := about[i].Details
		at := slices.IndexFunc(there, func(p cases.Party) bool {
			return p.Details.GivenName == d.GivenName && p.Details.FamilyName == d.FamilyName && p.Details.Born == d.Born
		})
		if at >= 0 {
			about[i].Person = there[at].Person
			continue
		}
		person, err := t.s.cases.AddParty(ctx, tx, f, cases.Perpetrator, about[i].Relation, d)
		if err != nil {
			return nil, err
		}
		about[i].Person = person
	}
	return about, nil
}
