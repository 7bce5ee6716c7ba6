package appointments

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/internal/casework/appointments/appointmentsdb"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Gate says whether the person of a file may be contacted now by a channel:
// why not, in words for the page, empty when they may.
type Gate func(ctx context.Context, tx *store.Tx, f *cases.File, channel people.Channel, at time.Time, conditions bool) (refused string, err error)

// Who is an account at work, as the rules know them; [auth.ErrNoSession] for one
// that does not work anywhere.
type Who func(ctx context.Context, account string) (policy.Actor, error)

// Config is what a deployment decides about appointments. The defaults are this
// project's.
type Config struct {
	// Zone is where days and times are counted; nil means UTC.
	Zone *time.Location
	// Clear is how many minutes are kept clear before and after an appointment
	// somewhere else, and at a new place until somebody says otherwise; 0 means
	// 15 each.
	Clear int
	Gate  Gate
	Who   Who
}

// Service keeps appointments.
type Service struct {
	cases *cases.Service
	guard *audit.Guard
	facts *measures.Registry
	cfg   Config
	// who else keeps something at which people could meet
	others []Others
}

// New makes the service, and has it look again when the people or the workers of
// a file change.
func New(files *cases.Service, guard *audit.Guard, registry *measures.Registry, cfg Config) *Service {
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.Clear <= 0 {
		cfg.Clear = 15
	}
	s := &Service{cases: files, guard: guard, facts: registry, cfg: cfg}
	files.Watch(s.look)
	return s
}

// Zone is where days and times are counted.
func (s *Service) Zone() *time.Location { return s.cfg.Zone }

// Clear is how many minutes are kept clear where nobody said otherwise.
func (s *Service) Clear() int { return s.cfg.Clear }

// Now is the present in the time of the place.
func (s *Service) Now() time.Time { return store.Moment(s.cases.DB().Clock()()).In(s.cfg.Zone) }

// At is a day and a time of the clock in the place. Times that the clock leaves
// out when it is put forward are none.
func (s *Service) At(day, clock string) (time.Time, bool) {
	const layout = "2006-01-02 15:04"
	t, err := time.ParseInLocation(layout, day+" "+clock, s.cfg.Zone)
	if err != nil || t.Format(layout) != day+" "+clock {
		return time.Time{}, false
	}
	return t, true
}

// Bounds of what pages read at once, and of what is typed.
const (
	listMost = 50
	textMax  = 4000
	lineMax  = 300
)

// look marks every booking of a person harmed that meets one of whoever harmed
// them, and asks that side to move. It runs the same two statements whatever
// there is, on both sides.
func (s *Service) look(ctx context.Context, tx *store.Tx, agency string, file cases.ID) error {
	q := appointmentsdb.New(tx)
	if err := q.MarkMeeting(ctx, appointmentsdb.MarkMeetingParams{AgencyID: agency, FileID: string(file), Now: tx.Now()}); err != nil {
		return err
	}
	if err := q.AskToMove(ctx, appointmentsdb.AskToMoveParams{AgencyID: agency, Now: tx.Now(), DueOn: s.today(tx)}); err != nil {
		return err
	}
	for _, o := range s.others {
		if err := o.Look(ctx, tx, agency, file); err != nil {
			return err
		}
	}
	return nil
}

// today is the day in the place.
func (s *Service) today(tx *store.Tx) string { return tx.Now().In(s.cfg.Zone).Format(time.DateOnly) }

// show names the person in the ledger entry of the page before anything of
// theirs is read.
func show(ctx context.Context, f *cases.File) error {
	return f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject())
}

func (s *Service) record(ctx context.Context, tx *store.Tx, f *cases.File, kind cases.EventKind, text, ref string) error {
	_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: kind, On: s.today(tx), Text: text, Ref: ref})
	return err
}

func (s *Service) emit(ctx context.Context, tx *store.Tx, f *cases.File, kind, id string, d measures.Dimensions) error {
	return s.facts.Emit(ctx, tx, measures.Fact{
		Kind: kind, Agency: f.Agency(), Person: string(f.Person()), File: string(f.ID()), At: tx.Now(),
		Source: measures.Source{Kind: "appointment", ID: id}, Dimensions: d,
	})
}

// seal puts what was typed under the key of the agency.
func seal(ctx context.Context, tx *store.Tx, at store.Place, words any) ([]byte, error) {
	sealed, err := tx.Vault().SealJSON(ctx, tx, at, words)
	return sealed.Bytes(), err
}

func unseal(ctx context.Context, tx *store.Tx, at store.Place, sealed []byte, words any) error {
	return tx.Vault().OpenJSON(ctx, tx, at, sealed, words)
}

func wordsAt(agency, id string) store.Place {
	return store.Place{Agency: agency, Table: "appointment", Column: "words_sealed", Row: id}
}

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: !t.IsZero()} }

// missing gives the absence of a row its name.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}
