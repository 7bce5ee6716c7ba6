package actions

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/actions/actionsdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Keyer writes by what the people of a case are found again when they are referred once
// more.
type Keyer func(ctx context.Context, tx *store.Tx, f *cases.File, id marac.CaseID, about []marac.Identity) error

// Service is the only door to actions.
type Service struct {
	cases *cases.Service
	marac *marac.Service
	guard *audit.Guard
	zone  *time.Location
	keys  Keyer
}

// New makes the service; zone is where days are counted.
func New(files *cases.Service, maracs *marac.Service, guard *audit.Guard, zone *time.Location) *Service {
	return &Service{cases: files, marac: maracs, guard: guard, zone: zone}
}

// KeyedBy says what writes the keys of cases that are taken from a list.
func (s *Service) KeyedBy(k Keyer) { s.keys = k }

func (s *Service) db() *store.DB { return s.cases.DB() }

func (s *Service) today(tx *store.Tx) string { return tx.Now().In(s.zone).Format(time.DateOnly) }

// ID names an action.
type ID string

// Named is somebody an action is about, as its owner is told.
type Named struct {
	Part marac.Part `json:"part"`
	Name string     `json:"name"`
	Born string     `json:"born,omitempty"`
}

// Words are what an action is.
type Words struct {
	What  string  `json:"what"`            // what is done
	Tell  string  `json:"tell,omitempty"`  // what the person may be given about it; empty: nothing
	About []Named `json:"about,omitempty"` // about whom
	By    string  `json:"by,omitempty"`    // who volunteered it, by name
}

// Action is what an agency took on about a case.
type Action struct {
	ID       ID
	Marac    string // agency
	Owner    string // agency
	Meeting  marac.MeetingID
	Case     marac.CaseID
	File     cases.ID // of the MARAC
	Number   string   // of the case
	Kind     Kind
	Account  string // to whom it was given; empty for nobody yet
	Target   Target
	Due      string // YYYY-MM-DD
	State    State
	Answered string // YYYY-MM-DD; empty while it is open
	Words    Words
	Version  int64

	managerOn, coordinatorOn string
}

// Stage is how far its clock has run on a day.
func (a Action) Stage(today string) Stage {
	switch {
	case a.State != Open || today < a.Due:
		return InTime
	case today >= a.coordinatorOn:
		return WithCoordinator
	case today >= a.managerOn:
		return WithManager
	}
	return Due
}

// Overdue tells whether it is open after its day.
func (a Action) Overdue(today string) bool { return a.State == Open && a.Due < today }

// After how many working days somebody else is asked: a choice of this project.
const (
	managerDays     = 2
	coordinatorDays = 5
)

// clock is when a manager is asked, and the coordinator.
func clock(due string) (manager, coordinator string, err error) {
	day, err := time.Parse(time.DateOnly, due)
	if err != nil {
		return "", "", err
	}
	on := func(days int) string {
		at := day
		for range days {
			next, err := time.Parse(time.DateOnly, cases.NextWorkingDay(at))
			if err != nil {
				return due // a day that was just made can be read
			}
			at = next
		}
		return at.Format(time.DateOnly)
	}
	return on(managerDays), on(coordinatorDays), nil
}

// Step is one thing that happened to an action.
type Step struct {
	Kind  StepKind
	At    time.Time
	By    string // account
	Words StepWords
}

// StepWords are what was said with a step.
type StepWords struct {
	By     string `json:"by,omitempty"`     // by name, as it was then
	Text   string `json:"text,omitempty"`   // evidence, a reason, what was asked; what it was before it was changed
	To     string `json:"to,omitempty"`     // to whom it was given, by name; in the copy of its owner alone
	On     string `json:"on,omitempty"`     // when the person was told: YYYY-MM-DD
	Teller string `json:"teller,omitempty"` // who told them
	Safely Safely `json:"safely,omitempty"`
	Back   string `json:"back,omitempty"` // what they said
	Theirs bool   `json:"theirs,omitempty"`
}

// NewAction is an action that is taken on. Its faults are those of what, owner, target, due,
// tell, about and read.
type NewAction struct {
	What   string
	Tell   string // what the person may be given about it
	Owner  string // agency
	Target Target
	Due    string // YYYY-MM-DD
	About  people.ID
	Kind   Kind   // empty: plain
	By     string // who volunteered it; empty: whoever adds it
	Read   bool   // they have looked that it tells the owner nothing that is kept from them
}

// Bounds of what is typed.
const (
	whatMost   = 2000
	answerMost = 5000
	aheadMost  = 366 // days
)

// Owner is an agency that can take actions on.
type Owner struct {
	Agency string
	Name   string
	Walled bool // somebody who sits for it works with people who harm
}

// ownersTx are the agencies that sit at a MARAC today, and the MARAC itself. They are
// no secret.
func (s *Service) ownersTx(ctx context.Context, tx *store.Tx, agency string) ([]Owner, error) {
	rows, err := actionsdb.New(tx).OwnersOf(ctx, actionsdb.OwnersOfParams{AgencyID: agency, Today: s.today(tx)})
	if err != nil {
		return nil, err
	}
	var out []Owner
	for _, r := range rows {
		if r.OfAgency != agency {
			out = append(out, Owner{Agency: r.OfAgency, Name: r.Name, Walled: r.Walled > 0})
		}
	}
	return append(out, Owner{Agency: agency, Name: "The MARAC itself"}), nil
}

// Owners are the agencies that can take on actions at a meeting: one's own, and for
// coordinators all that sit there.
func (s *Service) Owners(ctx context.Context, seat *marac.Seat) (out []Owner, err error) {
	if !seat.Permit().Valid() {
		return nil, audit.ErrNoPermit
	}
	err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		all, err := s.ownersTx(ctx, tx, seat.Agency())
		for _, o := range all {
			if seat.Coordinates() || o.Agency == seat.Of() {
				out = append(out, o)
			}
		}
		return err
	})
	return out, err
}

// check says what cannot be taken on.
func (n NewAction) check(today string, owners []Owner, about []marac.Identity, g marac.Kept) forms.Errors {
	var errs forms.Errors
	n.What, n.Tell = strings.TrimSpace(n.What), strings.TrimSpace(n.Tell)
	at := slices.IndexFunc(owners, func(o Owner) bool { return o.Agency == n.Owner })
	switch {
	case n.What == "":
		errs.Add("what", "Enter what is done")
	case len(n.What) > whatMost:
		errs.Add("what", "Say what is done in up to 2,000 characters")
	case at >= 0 && owners[at].Walled && g.Tells(n.What):
		errs.Add("what", "This tells where somebody lives or how they are reached, and the agency works with people who harm. Leave it out")
	}
	if at < 0 {
		errs.Add("owner", "Select an agency that sits at the MARAC")
	} else if owners[at].Walled && n.Target.Told() {
		errs.Add("target", "This agency works with people who harm. It takes on what is for them, or for staff")
	} else if owners[at].Walled && !n.Read {
		errs.Add("read", "Confirm that it tells nothing of where the victim is, how they are reached, what is planned with them or what they said")
	}
	if !slices.Contains(Targets(), n.Target) {
		errs.Add("target", "Select whom it is for")
	}
	last := today
	if t, err := time.Parse(time.DateOnly, today); err == nil {
		last = t.AddDate(0, 0, aheadMost).Format(time.DateOnly)
	}
	switch _, err := time.Parse(time.DateOnly, n.Due); {
	case err != nil:
		errs.Add("due", "Enter the day by which it is done, such as 27 3 2027")
	case n.Due < today:
		errs.Add("due", "Enter today or a later day")
	case n.Due > last:
		errs.Add("due", "Enter a day within a year")
	}
	switch {
	case n.Tell == "":
	case len(n.Tell) > whatMost:
		errs.Add("tell", "Say what they may be given in up to 2,000 characters")
	case !n.Target.Told():
		errs.Add("tell", "Leave this empty: what is done about whoever harms, or for staff, is in nothing that the person is given")
	case g.Tells(n.Tell):
		errs.Add("tell", "This tells where somebody lives or how they are reached. What the person is given can be found by whoever harms. Leave it out")
	}
	if n.About != "" && !slices.ContainsFunc(about, func(i marac.Identity) bool { return i.Person == n.About }) {
		errs.Add("about", "Select somebody the case is about")
	}
	return errs
}

// named is what the owner is told of whom it is about: the one that was chosen, otherwise
// who is harmed; for whoever works with people who harm, those alone.
func named(about []marac.Identity, chosen people.ID, walled bool) []Named {
	var out []Named
	for _, i := range about {
		if chosen != "" && i.Person != chosen || chosen == "" && (walled && i.Part != marac.Perpetrator || !walled && i.Part != marac.Victim) {
			continue
		}
		out = append(out, Named{Part: i.Part, Name: i.Details.Name(), Born: i.Details.Born})
	}
	return out
}

// Add takes on an action for a case of a meeting: a coordinator for any agency that
// sits there, everybody else for their own. It returns [forms.Errors].
func (s *Service) Add(ctx context.Context, seat *marac.Seat, id marac.CaseID, n NewAction) (ID, error) {
	if !seat.Permit().Valid() {
		return "", audit.ErrNoPermit
	}
	opened, err := s.marac.Open(ctx, seat, id) // judges the case, ties too
	if err != nil {
		return "", err
	}
	attrs := policy.Attrs{"agency": seat.Agency(), "of": n.Owner, "account": "", "sits": []string{}, "late": false, "seated": true, "feedback": n.Kind == Feedback, "tied": false}
	permit, err := s.guard.Act(ctx, seat.Actor(), ActAdd, policy.Resource{Type: "MaracAction", Attrs: attrs}, true, id.Subject(), seat.Meeting().ID.Subject())
	if err != nil {
		return "", err
	}
	if n.Kind == "" {
		n.Kind = Plain
	}
	if n.By = strings.TrimSpace(n.By); n.By == "" {
		n.By = seat.Actor().Name
	}
	var made ID
	err = s.db().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		owners, err := s.ownersTx(ctx, tx, seat.Agency())
		if err != nil {
			return err
		}
		c, g, err := s.marac.KeptTx(ctx, tx, permit, seat.Agency(), id)
		if err != nil {
			return err
		}
		if err := n.check(s.today(tx), owners, opened.About, g).Err(); err != nil {
			return err
		}
		walled := slices.ContainsFunc(owners, func(o Owner) bool { return o.Agency == n.Owner && o.Walled })
		a := Action{
			Marac: seat.Agency(), Owner: n.Owner, Meeting: seat.Meeting().ID, Case: id, File: c.File, Number: opened.Case.Number, Kind: n.Kind, Target: n.Target, Due: n.Due, State: Open,
			Words: Words{What: strings.TrimSpace(n.What), Tell: strings.TrimSpace(n.Tell), By: n.By, About: named(opened.About, n.About, walled)},
		}
		made, err = s.insert(ctx, tx, a, "", seat.Actor())
		if err != nil {
			return err
		}
		return permit.Append(tx, ActAdd, string(n.Kind), made.Subject(), id.Subject(), seat.Meeting().ID.Subject())
	})
	return made, err
}

// insert keeps both copies of an action, with the step that it was taken on.
func (s *Service) insert(ctx context.Context, tx *store.Tx, a Action, source string, by policy.Actor) (ID, error) {
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	a.ID = ID(id)
	if a.managerOn, a.coordinatorOn, err = clock(a.Due); err != nil {
		return "", err
	}
	for _, agency := range copies(a) {
		words, err := tx.Vault().SealJSON(ctx, tx, actionPlace(agency, a.ID), a.Words)
		if err != nil {
			return "", err
		}
		err = actionsdb.New(tx).InsertAction(ctx, actionsdb.InsertActionParams{
			AgencyID: agency, ID: id, MaracID: a.Marac, OwnerID: a.Owner, MeetingID: string(a.Meeting), CaseID: string(a.Case), FileID: string(a.File), Number: a.Number, Kind: string(a.Kind),
			AccountID: a.Account, Target: string(a.Target), DueOn: a.Due, ManagerOn: a.managerOn, CoordinatorOn: a.coordinatorOn, State: string(a.State), AnsweredOn: a.Answered,
			Source: sourceOf(agency, a, source), WordsSealed: words.Bytes(), RecordedAt: tx.Now(), RecordedBy: by.Account,
		})
		if err != nil {
			return "", err
		}
	}
	return a.ID, s.step(ctx, tx, a, Added, by, StepWords{})
}

// sourceOf is the line that an action came by: the register of lines is the MARAC's.
func sourceOf(agency string, a Action, source string) string {
	if agency != a.Marac {
		return ""
	}
	return source
}

// copies are whose copies there are of an action.
func copies(a Action) []string {
	if a.Owner == a.Marac {
		return []string{a.Marac}
	}
	return []string{a.Marac, a.Owner}
}

// step adds what happened, in both copies.
func (s *Service) step(ctx context.Context, tx *store.Tx, a Action, kind StepKind, by policy.Actor, w StepWords) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	w.By = by.Name
	w.Theirs = by.Agency == a.Owner
	for _, agency := range copies(a) {
		said := w
		if agency != a.Owner {
			said.To = ""
		}
		words, err := tx.Vault().SealJSON(ctx, tx, stepPlace(agency, id), said)
		if err != nil {
			return err
		}
		err = actionsdb.New(tx).InsertStep(ctx, actionsdb.InsertStepParams{
			AgencyID: agency, ID: id, ActionID: string(a.ID), MaracID: a.Marac, FileID: string(a.File), Kind: string(kind), WordsSealed: words.Bytes(), RecordedAt: tx.Now(), RecordedBy: by.Account,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func actionPlace(agency string, id ID) store.Place {
	return store.Place{Agency: agency, Table: "marac_action", Column: "words_sealed", Row: string(id)}
}

func stepPlace(agency, id string) store.Place {
	return store.Place{Agency: agency, Table: "marac_action_step", Column: "words_sealed", Row: id}
}

func asAction(ctx context.Context, tx *store.Tx, r actionsdb.MaracAction) (Action, error) {
	a := plainAction(r)
	return a, tx.Vault().OpenJSON(ctx, tx, actionPlace(r.AgencyID, a.ID), r.WordsSealed, &a.Words)
}

// plainAction is an action without its words.
func plainAction(r actionsdb.MaracAction) Action {
	return Action{
		ID: ID(r.ID), Marac: r.MaracID, Owner: r.OwnerID, Meeting: marac.MeetingID(r.MeetingID), Case: marac.CaseID(r.CaseID), File: cases.ID(r.FileID), Number: r.Number, Kind: Kind(r.Kind),
		Account: r.AccountID, Target: Target(r.Target), Due: r.DueOn, State: State(r.State), Answered: r.AnsweredOn, Version: r.Version, managerOn: r.ManagerOn, coordinatorOn: r.CoordinatorOn,
	}
}

// standing is an action with what is known of who asks for it.
type standing struct {
	row   actionsdb.MaracAction // the copy that the actor would read; empty: there is none
	sits  []string
	tied  bool
	today string
}

func (st standing) resource(id ID) policy.Resource {
	a := plainAction(st.row)
	return policy.Resource{Type: "MaracAction", ID: string(id), Attrs: policy.Attrs{
		"agency": a.Marac, "of": a.Owner, "account": a.Account, "sits": st.sits, "late": a.State == Open && a.managerOn != "" && a.managerOn <= st.today,
		"seated": false, "feedback": a.Kind == Feedback, "tied": st.tied,
	}}
}

// stand reads an action for somebody: of one that never was, the same is read.
func (s *Service) stand(ctx context.Context, tx *store.Tx, actor policy.Actor, id ID) (st standing, err error) {
	st.today = s.today(tx)
	q := actionsdb.New(tx)
	rows, err := q.CopiesOfAction(ctx, string(id))
	if err != nil {
		return st, err
	}
	for _, r := range rows {
		if st.row.ID == "" || r.AgencyID == actor.Agency {
			st.row = r
		}
	}
	if st.sits, err = q.SitsFor(ctx, actionsdb.SitsForParams{AgencyID: st.row.MaracID, OfAgency: st.row.OwnerID, Today: st.today}); err != nil {
		return st, err
	}
	if st.sits == nil {
		st.sits = []string{}
	}
	ties, err := s.cases.TiedWorkers(ctx, tx, []cases.Worker{{Agency: actor.Agency, Account: actor.Account}})
	if err != nil {
		return st, err
	}
	tied, err := s.marac.TiedTx(ctx, tx, ties, actor.Account, st.row.MaracID, []marac.CaseID{marac.CaseID(st.row.CaseID)})
	st.tied = tied[marac.CaseID(st.row.CaseID)]
	return st, err
}

// Shown is an action as somebody opened it.
type Shown struct {
	Action
	Steps []Step
	Today string
	// What the actor may do with it, for pages that offer it.
	MayAnswer, MayGive, MayChange, MayPlan bool
}

// Get opens an action. To whom the rules do not allow it, it is not there.
func (s *Service) Get(ctx context.Context, actor policy.Actor, id ID) (out Shown, err error) {
	var st standing
	if err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		st, err = s.stand(ctx, tx, actor, id)
		return err
	}); err != nil {
		return out, err
	}
	r := st.resource(id)
	permit, err := s.guard.Open(ctx, actor, ActRead, r, string(cases.Sharing), false, id.Subject())
	if err != nil {
		return out, err
	}
	may := func(a policy.Action) bool { return s.guard.Rules().Decide(actor, a, r).Allowed }
	out.Today, out.MayAnswer, out.MayGive, out.MayChange, out.MayPlan = st.today, may(ActAnswer), may(ActGive), may(ActChange), may(ActPlan) && st.row.Kind == string(Feedback)
	err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if out.Action, err = asAction(ctx, tx, st.row); err != nil {
			return err
		}
		rows, err := actionsdb.New(tx).StepsOf(ctx, actionsdb.StepsOfParams{AgencyID: st.row.AgencyID, ActionID: string(id)})
		if err != nil {
			return err
		}
		for _, r := range rows {
			one := Step{Kind: StepKind(r.Kind), At: r.RecordedAt, By: r.RecordedBy}
			if err := tx.Vault().OpenJSON(ctx, tx, stepPlace(r.AgencyID, r.ID), r.WordsSealed, &one.Words); err != nil {
				return err
			}
			out.Steps = append(out.Steps, one)
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	return out, permit.Show(ctx, id.Subject(), out.Case.Subject())
}

// act judges something that is done with an action, and does it.
func (s *Service) act(ctx context.Context, actor policy.Actor, action policy.Action, id ID, reason string, fn func(context.Context, *store.Tx, audit.Permit, Action) error) error {
	var st standing
	err := s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		st, err = s.stand(ctx, tx, actor, id)
		return err
	})
	if err != nil {
		return err
	}
	permit, err := s.guard.Act(ctx, actor, action, st.resource(id), false, id.Subject())
	if err != nil {
		return err
	}
	return s.db().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := actionsdb.New(tx).CopiesOfAction(ctx, string(id))
		if err != nil {
			return err
		}
		at := slices.IndexFunc(rows, func(r actionsdb.MaracAction) bool { return r.AgencyID == st.row.AgencyID })
		if at < 0 {
			return store.ErrNotFound
		}
		a, err := asAction(ctx, tx, rows[at])
		if err != nil {
			return err
		}
		if err := fn(ctx, tx, permit, a); err != nil {
			return err
		}
		return permit.Append(tx, action, reason, id.Subject(), a.Case.Subject())
	})
}

// changed is [store.Changed] for a statement that changes all copies of an action.
func changed(a Action, rows int64, err error) error {
	if err == nil && rows != int64(len(copies(a))) {
		return store.ErrConflict
	}
	return err
}

// ErrClosed is returned for a change of an action that is open no more.
var ErrClosed = errors.New("the action was answered already")

func none(err error) bool { return errors.Is(err, sql.ErrNoRows) }
