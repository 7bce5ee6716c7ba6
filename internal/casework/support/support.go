package support

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support/supportdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
)

// Config is what a deployment decides about support. What an agency decides are
// [Settings].
type Config struct {
	// Zone is where days and safe times are counted; nil means UTC.
	Zone *time.Location
}

// Service keeps the support of people.
type Service struct {
	cases *cases.Service
	guard *audit.Guard
	facts *measures.Registry
	cfg   Config
}

// New makes the service.
func New(files *cases.Service, guard *audit.Guard, registry *measures.Registry, cfg Config) *Service {
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	return &Service{cases: files, guard: guard, facts: registry, cfg: cfg}
}

// Zone is where days and safe times are counted.
func (s *Service) Zone() *time.Location { return s.cfg.Zone }

// Now is the present in the time of the place.
func (s *Service) Now() time.Time { return store.Moment(s.cases.DB().Clock()()).In(s.cfg.Zone) }

// Bounds of what pages read at once, and of what is typed.
const (
	listMost = 200
	textMax  = 4000
	lineMax  = 300
)

// show names the person in the ledger entry of the page before anything of
// theirs is read.
func show(ctx context.Context, f *cases.File) error {
	return f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject())
}

func place(agency, table, id string) store.Place {
	return store.Place{Agency: agency, Table: table, Column: "words", Row: id}
}

// seal puts what was typed under the key of the agency.
func seal(ctx context.Context, tx *store.Tx, f *cases.File, table, id string, words any) ([]byte, error) {
	sealed, err := tx.Vault().SealJSON(ctx, tx, place(f.Agency(), table, id), words)
	return sealed.Bytes(), err
}

func unseal(ctx context.Context, tx *store.Tx, agency, table, id string, sealed []byte, words any) error {
	return tx.Vault().OpenJSON(ctx, tx, place(agency, table, id), sealed, words)
}

// record writes into the chronology what happened today, or on a day.
func (s *Service) record(ctx context.Context, tx *store.Tx, f *cases.File, kind cases.EventKind, on, text, ref string) error {
	if on == "" {
		on = s.today(tx)
	}
	_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: kind, On: on, Text: text, Ref: ref})
	return err
}

// today is the day in the place.
func (s *Service) today(tx *store.Tx) string { return tx.Now().In(s.cfg.Zone).Format(time.DateOnly) }

func (s *Service) emit(ctx context.Context, tx *store.Tx, f *cases.File, kind, source, id string, at time.Time, d measures.Dimensions) error {
	return s.facts.Emit(ctx, tx, measures.Fact{
		Kind: kind, Agency: f.Agency(), Person: string(f.Person()), File: string(f.ID()), At: at,
		Source: measures.Source{Kind: source, ID: id}, Dimensions: d,
	})
}

// Standing is what support knows of a case as a whole.
type Standing struct {
	Came       Came
	CameAt     time.Time // when the clock of the first contact began
	Due        time.Time // by when they are to be reached
	ReachedAt  time.Time // zero: never yet
	CautiousAt time.Time // zero: the cautious attempt was not made
	// Unasked tells that nobody here could ask them yet how they can be reached:
	// others sent them, or they wrote on the public pages.
	Unasked    bool
	Unanswered int
	Primary    string // account: whom the person turns to first
}

// Late tells whether the first contact is late, or was.
func (t Standing) Late(now time.Time) bool {
	switch {
	case t.Due.IsZero():
		return false
	case t.ReachedAt.IsZero():
		return now.After(t.Due)
	}
	return t.ReachedAt.After(t.Due)
}

// Standing reads what support knows of a case as a whole.
func (s *Service) Standing(ctx context.Context, tx *store.Tx, f *cases.File) (Standing, error) {
	if err := show(ctx, f); err != nil {
		return Standing{}, err
	}
	return s.standing(ctx, tx, f)
}

func (s *Service) standing(ctx context.Context, tx *store.Tx, f *cases.File) (Standing, error) {
	row, err := supportdb.New(tx).CaseRow(ctx, supportdb.CaseRowParams{AgencyID: f.Agency(), ID: string(f.ID())})
	if err != nil {
		return Standing{}, missing(err)
	}
	return s.standingFor(stood(row), f)
}

// stood is what the database says of a case as a whole.
type stood struct {
	Came        string
	CameAt      sql.NullTime
	ReachedAt   sql.NullTime
	CautiousAt  sql.NullTime
	Unanswered  int64
	PrimaryID   string
	SettingThen string // of when the clock began; empty when nothing was set
}

// standingFor is the standing of a file that was opened. Whoever does not work
// on it any more is nobody's main contact.
func (s *Service) standingFor(row stood, f *cases.File) (Standing, error) {
	if !worksOn(f, row.PrimaryID) {
		row.PrimaryID = ""
	}
	return s.standingOf(row, f.Origin(), f.Opened(), f.Lead())
}

// worksOn tells whether an account holds a file, or works on it.
func worksOn(f *cases.File, account string) bool {
	return account == f.Lead() || slices.Contains(f.Workers(), account)
}

// standingOf puts a row, or none, together with what the case says itself: one
// that another agency referred has a clock from the day it was opened; one that
// the agency began by meeting somebody has none until a worker says so.
func (s *Service) standingOf(row stood, origin cases.Origin, opened time.Time, lead string) (Standing, error) {
	then, err := settingsIn(row.SettingThen)
	if err != nil {
		return Standing{}, err
	}
	t := Standing{
		Came: Came(row.Came), CameAt: row.CameAt.Time, ReachedAt: row.ReachedAt.Time, CautiousAt: row.CautiousAt.Time,
		Unanswered: int(row.Unanswered), Primary: row.PrimaryID,
	}
	if t.Primary == "" {
		t.Primary = lead
	}
	switch {
	case t.Came != AsOpened:
	case origin == cases.Referred, origin == cases.AskedFor:
		t.Came = AgencyReferred
	case origin == cases.AskedSelf:
		t.Came = SelfReferred
	}
	t.Unasked = t.Came == AgencyReferred || origin == cases.AskedSelf
	if t.CameAt.IsZero() {
		t.CameAt = opened
	}
	switch t.Came {
	case SelfReferred:
		t.Due = workingHours(t.CameAt, then.SelfTarget, s.cfg.Zone)
	case AgencyReferred:
		t.Due = workingHours(t.CameAt, then.AgencyTarget, s.cfg.Zone)
	case AsOpened:
	}
	return t, nil
}

// workingHours is so many hours later, those of Saturdays and Sundays left out.
func workingHours(from time.Time, hours int, zone *time.Location) time.Time {
	at := from.In(zone)
	for left := time.Duration(hours) * time.Hour; ; {
		midnight := time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, zone)
		if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
			at = midnight
			continue
		}
		if today := midnight.Sub(at); today < left {
			left -= today
			at = midnight
			continue
		}
		return at.Add(left)
	}
}

// Arrival is how a case came, when, and who is the person's main contact (G6).
type Arrival struct {
	Came    Came
	At      time.Time // zero: when the case was opened
	Primary string    // an account; empty: whoever holds the case
}

// SetArrival records how a case came, from when the clock of the first contact
// runs, and who is the person's main contact: somebody who works on the case.
func (s *Service) SetArrival(ctx context.Context, f *cases.File, a Arrival) error {
	var errs forms.Errors
	if a.Came != SelfReferred && a.Came != AgencyReferred && a.Came != AsOpened {
		errs.Add("came", "Select how the case came")
	}
	if a.At.After(s.Now()) {
		errs.Add("at", "Enter a day and time that has been")
	}
	if a.Primary != "" && !worksOn(f, a.Primary) {
		errs.Add("primary", "Select somebody who works on this case")
	}
	if errs.Any() {
		return errs
	}
	return s.cases.Do(ctx, f, ActPlan, func(ctx context.Context, tx *store.Tx) error {
		q := supportdb.New(tx)
		if err := s.ensure(ctx, q, f); err != nil {
			return err
		}
		err := q.SetCame(ctx, supportdb.SetCameParams{
			AgencyID: f.Agency(), FileID: string(f.ID()), Came: string(a.Came), CameAt: sql.NullTime{Time: store.Moment(a.At), Valid: !a.At.IsZero()}, PrimaryID: a.Primary,
		})
		if err != nil {
			return err
		}
		return s.record(ctx, tx, f, cases.SupportBegun, "", a.Came.Label(), "")
	})
}

// Asked begins the clock of the first contact when somebody asked for it, which is
// before their case was opened. An earlier beginning stays, and whoever was reached
// already is not counted anew.
func (s *Service) Asked(ctx context.Context, tx *store.Tx, f *cases.File, self bool, at time.Time) error {
	t, err := s.standing(ctx, tx, f)
	if err != nil || !t.ReachedAt.IsZero() || !t.Due.IsZero() && !t.CameAt.After(at) {
		return err
	}
	came := AsOpened
	if t.Came == AsOpened { // the case itself does not say how it came
		came = AgencyReferred
		if self {
			came = SelfReferred
		}
	}
	q := supportdb.New(tx)
	if err := s.ensure(ctx, q, f); err != nil {
		return err
	}
	return q.AskedAt(ctx, supportdb.AskedAtParams{AgencyID: f.Agency(), FileID: string(f.ID()), At: nullTime(store.Moment(at)), Came: string(came)})
}

func (s *Service) ensure(ctx context.Context, q *supportdb.Queries, f *cases.File) error {
	return q.EnsureCase(ctx, supportdb.EnsureCaseParams{AgencyID: f.Agency(), FileID: string(f.ID())})
}

// tooLong adds an error for each text that is.
func tooLong(errs *forms.Errors, most int, texts map[string]string) {
	for field, text := range texts {
		if len(text) > most {
			errs.Add(field, fmt.Sprintf("Shorten this to %d characters or fewer", most))
		}
	}
}

func validDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// missing gives the absence of a row its name.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}
