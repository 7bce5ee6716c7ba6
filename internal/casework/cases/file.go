package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// ID names a file.
type ID string

// Subject is the file in a ledger entry.
func (id ID) Subject() audit.Subject { return audit.Subject{Kind: "case", ID: string(id)} }

// File is one agency's work with one person, as it was when it was opened.
// Holding one is proof that the actor was judged: only [Service.Begin] and
// [Service.Open] make them, and the zero File opens nothing.
type File struct {
	id      ID
	agency  string
	number  int64
	person  people.ID
	kind    Kind
	origin  Origin
	team    string
	lead    string
	workers []string
	opened  time.Time
	closed  time.Time
	version int64
	permit  audit.Permit
	side    Side
	// what rules know of it
	attrs policy.Attrs
}

// ID names the file.
func (f *File) ID() ID { return f.id }

// Agency is whose file it is.
func (f *File) Agency() string { return f.agency }

// Number is the number people use within the agency.
func (f *File) Number() int64 { return f.number }

// Person is whom the work is with.
func (f *File) Person() people.ID { return f.person }

// Kind tells whether there is work in it.
func (f *File) Kind() Kind { return f.kind }

// Origin is how the work came to the agency.
func (f *File) Origin() Origin { return f.origin }

// Team is the team that holds it, empty for none.
func (f *File) Team() string { return f.team }

// Lead is the worker who holds it.
func (f *File) Lead() string { return f.lead }

// Workers are the accounts involved.
func (f *File) Workers() []string { return slices.Clone(f.workers) }

// Side is on which side of the harm the work is.
func (f *File) Side() Side { return f.side }

// Restricted tells whether it is closed to all but the workers named on it.
func (f *File) Restricted() bool { restricted, _ := f.attrs["restricted"].(bool); return restricted }

// Version is for telling whether it was changed meanwhile.
func (f *File) Version() int64 { return f.version }

// Opened is when it was begun.
func (f *File) Opened() time.Time { return f.opened }

// Actor is who opened it.
func (f *File) Actor() policy.Actor { return f.permit.Actor() }

// Permit is what packages below ask for.
func (f *File) Permit() audit.Permit {
	if f == nil {
		return audit.Permit{}
	}
	return f.permit
}

// Path is the address of the file's page.
func (f *File) Path() string { return "/cases/" + string(f.id) }

func (f *File) key() (agency, id string) { return f.agency, string(f.id) }

// resource is what the rules know of a file.
func resource(row casesdb.File, facts map[string][]string) policy.Resource {
	attrs := policy.Attrs{
		"agency": row.AgencyID, "team": row.TeamID, "lead": row.LeadID, "restricted": row.Restricted, "side": row.Side,
		"workers": facts["worker"], "tied": facts["tied"], "colleague": len(facts["colleague"]) > 0,
		"emergency": facts["emergency"], "emergency_contact": facts["emergency_contact"],
		"across": facts["across"], "across_teams": facts["across_team"],
	}
	for _, c := range Compartments() {
		for _, by := range []string{"_roles", "_named"} {
			attrs[string(c)+by] = facts[string(c)+by]
		}
	}
	return policy.Resource{Type: "File", ID: row.ID, Attrs: attrs}
}

// readFacts reads what rules ask of a file beside its row.
func readFacts(ctx context.Context, tx *store.Tx, row casesdb.File) (map[string][]string, error) {
	rows, err := casesdb.New(tx).FileFacts(ctx, casesdb.FileFactsParams{AgencyID: row.AgencyID, FileID: row.ID, At: tx.Now()})
	out := map[string][]string{}
	for _, r := range rows {
		out[r.Fact] = append(out[r.Fact], r.Value)
	}
	return out, err
}

// fileOf is a judged file.
func fileOf(row casesdb.File, r policy.Resource, permit audit.Permit) *File {
	workers, _ := r.Attrs["workers"].([]string)
	return &File{
		id: ID(row.ID), agency: row.AgencyID, number: row.Number, person: people.ID(row.PersonID), kind: Kind(row.Kind), origin: Origin(row.Origin),
		team: row.TeamID, lead: row.LeadID, workers: workers, opened: row.OpenedAt, closed: row.ClosedAt.Time, version: row.Version, permit: permit,
		side: Side(row.Side), attrs: r.Attrs,
	}
}

// Service is the only door to files.
type Service struct {
	db     *store.DB
	guard  *audit.Guard
	people *people.Store
	cfg    Config
	// who reads entries of a kind as they are recorded
	followers map[EventKind][]Follower
	// who looks again when the people of a file change
	watchers []Watcher
}

// Config is what a deployment decides about files.
type Config struct {
	// EmergencyAccess is how long emergency access lasts; 0 means
	// [DefaultEmergencyAccess].
	EmergencyAccess time.Duration
}

// New makes the service with the defaults of this project.
func New(db *store.DB, guard *audit.Guard, people *people.Store) *Service {
	return Configured(db, guard, people, Config{})
}

// Configured makes the service as a deployment wants it.
func Configured(db *store.DB, guard *audit.Guard, people *people.Store, cfg Config) *Service {
	if cfg.EmergencyAccess <= 0 {
		cfg.EmergencyAccess = DefaultEmergencyAccess
	}
	return &Service{db: db, guard: guard, people: people, cfg: cfg}
}

// People is the store of people that files refer to.
func (s *Service) People() *people.Store { return s.people }

// DB is the database, for workflows that write with the file.
func (s *Service) DB() *store.DB { return s.db }

// NewFile is what is needed to begin a file.
type NewFile struct {
	Person people.Details
	Kind   Kind
	Origin Origin
	Team   string // empty: the actor holds it without a team
	Side   Side   // empty: experiencing
}

// Begin begins a file of the actor's agency for a new person. The actor holds
// it. It returns forms.Errors for details that cannot be kept.
func (s *Service) Begin(ctx context.Context, actor policy.Actor, n NewFile) (*File, error) {
	permit, err := s.guard.Act(ctx, actor, ActBegin, caseload(actor), true)
	if err != nil {
		return nil, err
	}
	var f *File
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		f, err = s.BeginTx(ctx, tx, permit, n)
		return err
	})
	return f, err
}

// MayBegin judges the beginning of a file for a workflow that begins one in a
// transaction of its own.
func (s *Service) MayBegin(ctx context.Context, actor policy.Actor) (audit.Permit, error) {
	return s.guard.Act(ctx, actor, ActBegin, caseload(actor), true)
}

func caseload(actor policy.Actor) policy.Resource {
	return policy.Resource{Type: "Caseload", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}
}

// BeginTx is Begin within a transaction, under a permit of [Service.MayBegin].
func (s *Service) BeginTx(ctx context.Context, tx *store.Tx, permit audit.Permit, n NewFile) (*File, error) {
	actor := permit.Actor()
	person, err := s.people.Add(ctx, tx, permit, actor.Agency, n.Person)
	if err != nil {
		return nil, err
	}
	if n.Team != "" && !slices.Contains(actor.Teams, n.Team) {
		return nil, fmt.Errorf("team %s is not one of the actor's: %w", n.Team, store.ErrNotFound)
	}
	q := casesdb.New(tx)
	number, err := q.NextNumber(ctx, actor.Agency)
	if err != nil {
		return nil, err
	}
	id, err := tx.NewID()
	if err != nil {
		return nil, err
	}
	if n.Side == "" {
		n.Side = Experiencing
	}
	row := casesdb.File{
		AgencyID: actor.Agency, ID: id, Number: number, PersonID: string(person.ID), Kind: string(n.Kind), Origin: string(n.Origin),
		TeamID: n.Team, LeadID: actor.Account, OpenedAt: tx.Now(), TouchedAt: tx.Now(), Version: 1, Side: string(n.Side),
	}
	err = q.InsertFile(ctx, casesdb.InsertFileParams{
		AgencyID: row.AgencyID, ID: id, Number: number, PersonID: row.PersonID, Kind: row.Kind, Origin: row.Origin,
		TeamID: row.TeamID, LeadID: row.LeadID, OpenedAt: tx.Now(), TouchedAt: tx.Now(), Side: row.Side,
	})
	if err != nil {
		return nil, err
	}
	if err := q.InsertInvolvement(ctx, casesdb.InsertInvolvementParams{AgencyID: row.AgencyID, FileID: id, AccountID: row.LeadID, Since: tx.Now()}); err != nil {
		return nil, err
	}
	if err := permit.Append(tx, ActBegin, "", ID(id).Subject(), person.ID.Subject()); err != nil {
		return nil, err
	}
	if err := s.watch(ctx, tx, permit, row.AgencyID, ID(id)); err != nil {
		return nil, err
	}
	facts, err := readFacts(ctx, tx, row)
	if err != nil {
		return nil, err
	}
	f := fileOf(row, resource(row, facts), permit)
	_, err = s.Record(ctx, tx, f, Event{Kind: Opened, On: tx.Now().Format(time.DateOnly)})
	return f, err
}

// Open opens a file for a purpose. To whom the rules do not allow it the file
// is not there: the error is the same as for an id that never was, and the
// refusal is recorded.
func (s *Service) Open(ctx context.Context, actor policy.Actor, id ID, purpose Purpose) (*File, error) {
	return s.open(ctx, actor, id, ActOpen, purpose)
}

func (s *Service) open(ctx context.Context, actor policy.Actor, id ID, action policy.Action, purpose Purpose) (*File, error) {
	var row casesdb.File
	var facts map[string][]string
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		row, err = casesdb.New(tx).FileByID(ctx, string(id))
		if errors.Is(err, sql.ErrNoRows) {
			// The same work, the same record and the same answer as for a
			// file that is somebody else's.
			row, err = casesdb.File{ID: string(id)}, nil
		}
		if err != nil {
			return err
		}
		facts, err = readFacts(ctx, tx, row)
		return err
	})
	if err != nil {
		return nil, err
	}
	r := resource(row, facts)
	known := s.guard.Rules().Decide(actor, ActKnow, r).Allowed
	permit, err := s.guard.Open(ctx, actor, action, r, string(purpose), known, id.Subject())
	if denied, is := policy.IsDenied(err); is && known {
		return nil, &RestrictedError{Number: row.Number, Lead: row.LeadID, denied: denied}
	}
	if err != nil {
		return nil, err
	}
	return fileOf(row, r, permit), nil
}

// Change runs a change of a file's contents in one transaction. A workflow
// writes its own tables, the chronology and the facts in it; the ledger entry
// of the change is written with it.
func (s *Service) Change(ctx context.Context, f *File, action policy.Action, fn func(context.Context, *store.Tx) error) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return f.permit.Append(tx, action, "", f.id.Subject(), f.person.Subject())
	})
}

// Do judges an action on a file and runs the change that it is, as
// [Service.Change] does. A refusal is recorded and returned.
func (s *Service) Do(ctx context.Context, f *File, action policy.Action, fn func(context.Context, *store.Tx) error) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	if _, err := s.guard.Act(ctx, f.Actor(), action, f.Resource(), true, f.id.Subject()); err != nil {
		return err
	}
	return s.Change(ctx, f, action, fn)
}

// Promote makes a light file a full one: there is work to do now.
func (s *Service) Promote(ctx context.Context, tx *store.Tx, f *File) error {
	f.kind = Full
	agency, id := f.key()
	return casesdb.New(tx).TouchFile(ctx, casesdb.TouchFileParams{AgencyID: agency, ID: id, TouchedAt: tx.Now(), Kind: string(Full)})
}

// Resource is what the rules know of the file, for workflows that judge a
// finer action on it.
func (f *File) Resource() policy.Resource {
	return policy.Resource{Type: "File", ID: string(f.id), Attrs: f.attrs}
}

// May tells whether the actor may do something with the file, for pages that
// offer it. Doing it judges again, and records.
func (s *Service) May(f *File, action policy.Action) bool {
	return f.Permit().Valid() && s.guard.Rules().Decide(f.Actor(), action, f.Resource()).Allowed
}
