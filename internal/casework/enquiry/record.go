package enquiry

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/enquiry/enquirydb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Service records enquiries.
type Service struct {
	cases    *cases.Service
	guard    *audit.Guard
	registry *measures.Registry
	cfg      Config
}

// New makes the service.
func New(service *cases.Service, guard *audit.Guard, registry *measures.Registry, cfg Config) *Service {
	if cfg.AskAgainDays <= 0 {
		cfg.AskAgainDays = DefaultAskAgainDays
	}
	return &Service{cases: service, guard: guard, registry: registry, cfg: cfg}
}

// Recorded is an enquiry as it is stored.
type Recorded struct {
	ID ID
	Enquiry
	Counted    bool // as it was judged when it was recorded
	Level      int  // of whoever asked, on the day
	AskedBy    string
	AskedName  string // as they were called then
	RecordedBy string // account
	RecordedAt time.Time
	Corrects   ID // the record it replaces, or empty
	ReplacedBy ID // the record that replaced it, or empty
	Version    int64
	// ChildRead tells that what a child said is here, for a reader who may read
	// that compartment.
	ChildRead bool
	child     store.Sealed // what a child said
	plain     Enquiry      // without it
}

// Path is the address of the enquiry's page.
func (r Recorded) Path(f *cases.File) string { return f.Path() + "/enquiries/" + string(r.ID) }

// envelope is what is sealed: the answers, and who asked.
type envelope struct {
	Enquiry
	AskedName string `json:"askedName,omitempty"`
}

// Today is the day of the deployment's calendar.
func (s *Service) Today(now time.Time) string { return s.registry.Day(now) }

// asker is who asked, and how they were trained on the day.
type asker struct {
	account, name string
	level         int
}

// Begin records an enquiry about somebody who has no file yet, and begins the
// file in the same transaction: a light one when there is nothing to do. The
// actor holds it, with a team of theirs or without. What is wrong with the
// person's details or the enquiry comes back as forms.Errors.
func (s *Service) Begin(ctx context.Context, actor policy.Actor, person people.Details, team string, e Enquiry) (*cases.File, ID, error) {
	permit, err := s.cases.MayBegin(ctx, actor)
	if err != nil {
		return nil, "", err
	}
	var f *cases.File
	var id ID
	err = s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if errs := both(e.Check(s.Today(tx.Now())), person.Check()); errs.Any() {
			return errs
		}
		kind := cases.Light
		if e.Work() {
			kind = cases.Full
		}
		f, err = s.cases.BeginTx(ctx, tx, permit, cases.NewFile{Person: person, Kind: kind, Origin: cases.OwnContact, Team: team})
		if err != nil {
			return err
		}
		id, err = s.record(ctx, tx, f, e, known{unset: true, born: person.Born})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActRecord, "", f.ID().Subject(), f.Person().Subject(), id.Subject())
	})
	if err != nil {
		return nil, "", err
	}
	return f, id, nil
}

func both(a, b forms.Errors) forms.Errors {
	for _, e := range b.List() {
		a.Add(e.Field, e.Message)
	}
	return a
}

// Record records an enquiry in a file. What is wrong with it comes back as
// forms.Errors.
func (s *Service) Record(ctx context.Context, f *cases.File, e Enquiry) (ID, error) {
	if err := s.may(ctx, f, ActRecord); err != nil {
		return "", err
	}
	k, err := s.know(ctx, f, "")
	if err != nil {
		return "", err
	}
	var id ID
	err = s.cases.Change(ctx, f, ActRecord, func(ctx context.Context, tx *store.Tx) (err error) {
		if errs := e.Check(s.Today(tx.Now())); errs.Any() {
			return errs
		}
		id, err = s.record(ctx, tx, f, e, k)
		return err
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// Correct records what really happened in place of an enquiry of the file. Who
// asked, and their level on the day, stay as they were. It returns
// [store.ErrConflict] when the enquiry was corrected since version was read.
func (s *Service) Correct(ctx context.Context, f *cases.File, id ID, version int64, e Enquiry) (ID, error) {
	if err := s.may(ctx, f, ActCorrect); err != nil {
		return "", err
	}
	k, err := s.know(ctx, f, id)
	if err != nil {
		return "", err
	}
	if k.old.ReplacedBy != "" || k.old.Version != version {
		return "", store.ErrConflict
	}
	var next ID
	err = s.cases.Change(ctx, f, ActCorrect, func(ctx context.Context, tx *store.Tx) (err error) {
		if errs := e.Check(s.Today(tx.Now())); errs.Any() {
			return errs
		}
		next, err = s.record(ctx, tx, f, e, k)
		return err
	})
	if err != nil {
		return "", err
	}
	return next, nil
}

// may judges a change of a file's enquiries.
func (s *Service) may(ctx context.Context, f *cases.File, action policy.Action) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	_, err := s.guard.Act(ctx, f.Actor(), action, f.Resource(), true, f.ID().Subject())
	return err
}

// known is what was read of a file before something is recorded in it. It is
// read before the change, because a reading is an entry of the ledger by
// itself; a correction is held by its version all the same.
type known struct {
	old     *Recorded    // what is corrected; nil for none
	born    string       // the person's date of birth, as far as it is known
	unset   bool         // nobody knows how the person can be reached safely
	waiting []cases.Task // what is to be done already
}

func (s *Service) know(ctx context.Context, f *cases.File, corrects ID) (known, error) {
	var k known
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if corrects != "" {
			old, err := s.get(ctx, tx, f, corrects)
			if err != nil {
				return err
			}
			k.old = &old
		}
		person, err := s.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		k.born = person.Born
		k.unset = person.Contact.State == people.Unset
		k.waiting, err = s.cases.Tasks(ctx, tx, f)
		return err
	})
	return k, err
}

// record writes the enquiry and everything that follows from it.
func (s *Service) record(ctx context.Context, tx *store.Tx, f *cases.File, e Enquiry, k known) (ID, error) {
	raw, err := tx.NewID()
	if err != nil {
		return "", err
	}
	id := ID(raw)
	by := asker{account: f.Actor().Account, name: f.Actor().Name, level: f.Actor().Level}
	var was *Enquiry
	e, child := e.apart(mayBeChild(k.born, e.On))
	before, err := s.carried(ctx, tx, f, k.old)
	if err != nil {
		return "", err
	}
	child = before.and(child)
	e.ChildKept = !child.isZero()
	if old := k.old; old != nil {
		by, was = asker{account: old.AskedBy, name: old.AskedName, level: old.Level}, &old.plain
		if err := s.replace(ctx, tx, f, *old, id); err != nil {
			return "", err
		}
	}
	if err := s.insert(ctx, tx, f, id, e, child, by, k.old); err != nil {
		return "", err
	}
	on, err := s.moment(tx.Now(), e.On)
	if err != nil {
		return "", err
	}
	err = s.registry.Emit(ctx, tx, facts(e, about{
		Agency: f.Agency(), Person: string(f.Person()), File: string(f.ID()), ID: id, At: on, Level: by.level,
	})...)
	if err != nil {
		return "", err
	}
	if e.Work() && f.Kind() == cases.Light {
		if err := s.cases.Promote(ctx, tx, f); err != nil {
			return "", err
		}
	}
	for _, entry := range entries(e, was) {
		entry.Ref = string(id)
		if _, err := s.cases.Record(ctx, tx, f, entry); err != nil {
			return "", err
		}
	}
	return id, s.follow(ctx, tx, f, e, k)
}

// replace marks a record as replaced and takes its facts back.
func (s *Service) replace(ctx context.Context, tx *store.Tx, f *cases.File, old Recorded, next ID) error {
	n, err := enquirydb.New(tx).Replace(ctx, enquirydb.ReplaceParams{
		Successor: string(next), AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(old.ID), Version: old.Version,
	})
	if err := store.Changed(n, err); err != nil {
		return err
	}
	return s.registry.Withdraw(ctx, tx, f.Agency(), measures.Source{Kind: "enquiry", ID: string(old.ID)})
}

func (s *Service) insert(ctx context.Context, tx *store.Tx, f *cases.File, id ID, e Enquiry, child childWords, by asker, old *Recorded) error {
	sealed, err := tx.Vault().SealJSON(ctx, tx, place(f, id), envelope{Enquiry: e, AskedName: by.name})
	if err != nil {
		return err
	}
	words, err := sealChild(ctx, tx, f, id, child)
	if err != nil {
		return err
	}
	var corrects ID
	if old != nil {
		corrects = old.ID
	}
	counts, _ := Counts(e)
	return enquirydb.New(tx).Insert(ctx, enquirydb.InsertParams{
		AgencyID: f.Agency(), ID: string(id), FileID: string(f.ID()), PersonID: string(f.Person()),
		HappenedOn: e.On, Setting: e.Setting, Asked: e.Asked == Yes, Counts: counts, Disclosed: e.Abuse(), Level: int64(by.level),
		Definition: Definition, Answers: sealed.Bytes(), AskedBy: by.account, RecordedBy: f.Actor().Account, RecordedAt: tx.Now(),
		Corrects: string(corrects), ChildWords: words.Bytes(),
	})
}

func place(f *cases.File, id ID) store.Place {
	return store.Place{Agency: f.Agency(), Table: "enquiry", Column: "answers", Row: string(id)}
}

// moment is when something that happened on a day happened: now, when it is
// today; otherwise the middle of the day, which is that day in every calendar
// a deployment of ours can have.
func (s *Service) moment(now time.Time, on string) (time.Time, error) {
	if on == s.Today(now) {
		return now, nil
	}
	day, err := time.Parse(time.DateOnly, on)
	if err != nil {
		return time.Time{}, fmt.Errorf("the day of an enquiry: %w", err)
	}
	return day.Add(12 * time.Hour), nil
}

// follow puts what is to be done into inboxes and clears what was done. What
// waits already is not put there twice, and a correction asks for nothing that
// the record it corrects has asked for already.
func (s *Service) follow(ctx context.Context, tx *store.Tx, f *cases.File, e Enquiry, k known) error {
	if counts, _ := Counts(e); counts {
		if err := s.cases.FinishTasks(ctx, tx, f, cases.AskAgain, "asked, and it counts"); err != nil {
			return err
		}
	}
	today, err := time.Parse(time.DateOnly, s.Today(tx.Now()))
	if err != nil {
		return err
	}
	var asked []cases.NewTask
	if k.old != nil {
		asked = s.cfg.tasks(k.old.Enquiry, today, k.unset)
	}
	for _, task := range s.cfg.tasks(e, today, k.unset) {
		review := task.Kind == cases.ReviewActNow
		switch {
		case slices.ContainsFunc(asked, func(t cases.NewTask) bool { return t.Kind == task.Kind }):
			continue
		case !review && slices.ContainsFunc(k.waiting, func(t cases.Task) bool { return t.Kind == task.Kind }):
			continue // each act is reviewed; everything else is done once
		}
		if review {
			// Not only for whoever acted: the team sees it, and managers with it.
			task.Team = f.Team()
		}
		if _, err := s.cases.AddTask(ctx, tx, f, task); err != nil {
			return err
		}
	}
	return nil
}

// Get returns an enquiry of the file.
func (s *Service) Get(ctx context.Context, f *cases.File, id ID) (Recorded, error) {
	var out Recorded
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = s.get(ctx, tx, f, id)
		return err
	})
	return out, err
}

// show names whom a reading is about; without a file nothing is read.
func show(ctx context.Context, f *cases.File) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	return f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject())
}

func (s *Service) get(ctx context.Context, tx *store.Tx, f *cases.File, id ID) (Recorded, error) {
	if err := show(ctx, f); err != nil {
		return Recorded{}, err
	}
	row, err := enquirydb.New(tx).ByID(ctx, enquirydb.ByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return Recorded{}, err
	}
	r, err := s.open(ctx, tx, f, enquirydb.NewestRow(row))
	if err != nil {
		return r, err
	}
	return s.readChild(ctx, tx, f, r)
}

func (s *Service) open(ctx context.Context, tx *store.Tx, f *cases.File, row enquirydb.NewestRow) (Recorded, error) {
	out := Recorded{
		ID: ID(row.ID), Counted: row.Counts, Level: int(row.Level), AskedBy: row.AskedBy, RecordedBy: row.RecordedBy,
		RecordedAt: row.RecordedAt, Corrects: ID(row.Corrects), ReplacedBy: ID(row.ReplacedBy), Version: row.Version,
	}
	var in envelope
	if err := tx.Vault().OpenJSON(ctx, tx, place(f, out.ID), row.Answers, &in); err != nil {
		return out, err
	}
	out.Enquiry, out.AskedName, out.plain, out.child = in.Enquiry, in.AskedName, in.Enquiry, row.ChildWords
	return out, nil
}

// Overview is what a case page says about asking.
type Overview struct {
	// Newest are the enquiries that were not corrected, the latest contact first.
	Newest []Recorded
	// EverCounted tells that at least one of all of them counts as asked.
	EverCounted bool
}

// Overview returns the newest enquiries of a file, at most limit of them.
func (s *Service) Overview(ctx context.Context, f *cases.File, limit int) (Overview, error) {
	var out Overview
	if err := show(ctx, f); err != nil {
		return out, err
	}
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := enquirydb.New(tx)
		rows, err := q.Newest(ctx, enquirydb.NewestParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: int32(limit)}) //nolint:gosec // a page
		if err != nil {
			return err
		}
		for _, row := range rows {
			r, err := s.open(ctx, tx, f, row)
			if err != nil {
				return err
			}
			out.Newest = append(out.Newest, r)
		}
		_, err = q.NewestThatCounts(ctx, enquirydb.NewestThatCountsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		out.EverCounted = err == nil
		return err
	})
	return out, err
}
