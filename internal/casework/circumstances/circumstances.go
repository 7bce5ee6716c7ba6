package circumstances

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/circumstances/circumstancesdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// Config is what a deployment decides. The defaults are this project's.
type Config struct {
	// Zone is where days are counted; nil means UTC.
	Zone *time.Location
}

// Service keeps circumstances.
type Service struct {
	cases *cases.Service
	guard *audit.Guard
	guide Guide
	cfg   Config
}

// New makes the service with what can be recorded.
func New(files *cases.Service, guard *audit.Guard, guide Guide, cfg Config) *Service {
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	return &Service{cases: files, guard: guard, guide: guide, cfg: cfg}
}

// Guide is what can be recorded.
func (s *Service) Guide() Guide { return s.guide }

// Today is the day in the place.
func (s *Service) Today() string {
	return store.Moment(s.cases.DB().Clock()()).In(s.cfg.Zone).Format(time.DateOnly)
}

func (s *Service) today(tx *store.Tx) string { return tx.Now().In(s.cfg.Zone).Format(time.DateOnly) }

// Bounds of what is read at once, and of what is typed.
const (
	listMost = 500
	textMax  = 4000
	lineMax  = 300
)

// ID names a version of something that is kept here.
type ID string

// section is what a row is about.
type section string

const (
	aboutThem section = "circumstance"
	pointedTo section = "pointer"
	consent   section = "consent"
	capacity  section = "capacity"
	report    section = "report"
	judgement section = "judgement"
	opinion   section = "opinion"
)

// Version is one version of what was recorded: which it is, what it comes
// after, when and by whom.
type Version struct {
	ID, Root, After ID
	At              time.Time
	By              string // account
}

const table = "circumstance"

func place(agency, id string) store.Place {
	return store.Place{Agency: agency, Table: table, Column: "words", Row: id}
}

// add writes a row. It returns [store.ErrConflict] when somebody else has
// written another version after the same one.
func (s *Service) add(ctx context.Context, tx *store.Tx, f *cases.File, of section, v Version, words any) (ID, error) {
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	if v.Root == "" {
		v.Root, v.After = ID(id), ""
	}
	sealed, err := tx.Vault().SealJSON(ctx, tx, place(f.Agency(), id), words)
	if err != nil {
		return "", err
	}
	err = store.Changed(circumstancesdb.New(tx).Insert(ctx, circumstancesdb.InsertParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Section: string(of), RootID: string(v.Root), AfterID: string(v.After),
		Words: sealed.Bytes(), RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
	}))
	if err != nil {
		return "", err
	}
	return ID(id), s.cases.Promote(ctx, tx, f)
}

// Known is everything that is kept here of a file, the newest first. Of what
// has versions these are all of them.
type Known struct {
	Circumstances []Circumstance
	Pointed       []Pointing
	Marriage      []Marriage
	Capacity      []Capacity
	Reports       []Report
	Patterns      []Pattern
	Opinions      []Opinion
}

// Known reads it. The words of what is kept apart are left out for whoever may
// not read them.
func (s *Service) Known(ctx context.Context, tx *store.Tx, f *cases.File) (Known, error) {
	k, err := s.known(ctx, tx, f)
	if err != nil {
		return k, err
	}
	for i := range k.Circumstances {
		if k.Circumstances[i].Apart {
			k.Circumstances[i].Words = CircumstanceWords{}
		}
	}
	for i := range k.Pointed {
		if k.Pointed[i].Apart {
			k.Pointed[i].Words = PointingWords{}
		}
	}
	for i := range k.Capacity {
		if k.Capacity[i].Apart {
			k.Capacity[i].Words = CapacityWords{}
		}
	}
	return k, nil
}

func (s *Service) known(ctx context.Context, tx *store.Tx, f *cases.File) (Known, error) {
	var k Known
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return k, err
	}
	rows, err := circumstancesdb.New(tx).OfFile(ctx, circumstancesdb.OfFileParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: listMost})
	if err != nil {
		return k, err
	}
	may := s.mayRead(f)
	for _, row := range rows {
		var words json.RawMessage
		if err := tx.Vault().OpenJSON(ctx, tx, place(row.AgencyID, row.ID), row.Words, &words); err != nil {
			return k, err
		}
		v := Version{ID: ID(row.ID), Root: ID(row.RootID), After: ID(row.AfterID), At: row.RecordedAt, By: row.RecordedBy}
		switch section(row.Section) {
		case aboutThem:
			k.Circumstances, err = decoded(k.Circumstances, words, Circumstance{Version: v}, func(c *Circumstance) any { return &c.Words })
		case pointedTo:
			k.Pointed, err = decoded(k.Pointed, words, Pointing{Version: v}, func(p *Pointing) any { return &p.Words })
		case consent:
			k.Marriage, err = decoded(k.Marriage, words, Marriage{Version: v}, func(m *Marriage) any { return &m.Words })
		case capacity:
			k.Capacity, err = decoded(k.Capacity, words, Capacity{Version: v, Apart: !may[Close]}, func(c *Capacity) any { return &c.Words })
		case report:
			k.Reports, err = decoded(k.Reports, words, Report{Version: v}, func(r *Report) any { return &r.Words })
		case judgement:
			k.Patterns, err = decoded(k.Patterns, words, Pattern{Version: v}, func(p *Pattern) any { return &p.Words })
		case opinion:
			k.Opinions, err = decoded(k.Opinions, words, Opinion{Version: v}, func(o *Opinion) any { return &o.Words })
		default:
			err = fmt.Errorf("a circumstance of the section %q", row.Section)
		}
		if err != nil {
			return k, err
		}
	}
	for i, c := range k.Circumstances {
		kind, _ := s.guide.Kind(c.Words.Kind)
		k.Circumstances[i].Apart = !may[kind.Apart]
	}
	for i, p := range k.Pointed {
		pointer, _ := s.guide.Pointer(p.Words.Pointer)
		k.Pointed[i].Apart = !may[pointer.Apart]
	}
	return k, nil
}

func decoded[T any](list []T, words json.RawMessage, one T, into func(*T) any) ([]T, error) {
	err := json.Unmarshal(words, into(&one))
	return append(list, one), err
}

// mayRead tells what the reader may read of what is kept apart.
func (s *Service) mayRead(f *cases.File) map[Apart]bool {
	return map[Apart]bool{Open: true, Entitlement: s.cases.MayRead(f, cases.Entitlement), Close: s.cases.May(f, ActClose)}
}

// Heads are the newest versions of the circumstances, the newest first.
func (k Known) Heads() []Circumstance {
	var out []Circumstance
	seen := map[ID]bool{}
	for _, c := range k.Circumstances {
		if !seen[c.Root] {
			seen[c.Root] = true
			out = append(out, c)
		}
	}
	return out
}

// Versions are the versions of one circumstance, the newest first.
func (k Known) Versions(root ID) []Circumstance {
	return slices.DeleteFunc(slices.Clone(k.Circumstances), func(c Circumstance) bool { return c.Root != root })
}

// record writes into the chronology what happened today.
func (s *Service) record(ctx context.Context, tx *store.Tx, f *cases.File, kind cases.EventKind, text string, ref ID) error {
	_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: kind, On: s.today(tx), Text: text, Ref: string(ref)})
	return err
}

// taskOnce puts a task for whoever holds the case, unless one of its kind waits.
func (s *Service) taskOnce(ctx context.Context, tx *store.Tx, f *cases.File, kind cases.TaskKind, due string) error {
	open, err := s.cases.Tasks(ctx, tx, f)
	if err != nil || slices.ContainsFunc(open, func(t cases.Task) bool { return t.Kind == kind }) {
		return err
	}
	_, err = s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: kind, Due: due})
	return err
}

const keptApart = "What it is about is kept apart"

// tooLong adds an error for each text that is.
func tooLong(errs *forms.Errors, most int, texts map[string]string) {
	for field, text := range texts {
		if len(text) > most {
			errs.Add(field, fmt.Sprintf("Shorten this to %d characters or fewer", most))
		}
	}
}

// been checks a day that has been, where there is one.
func been(errs *forms.Errors, field, on, today string) {
	if on == "" {
		return
	}
	if _, err := time.Parse(time.DateOnly, on); err != nil {
		errs.Add(field, "Enter a real day")
	} else if on > today {
		errs.Add(field, "Enter a day that has been")
	}
}

// asErrors is the errors of a form, or nil when there is none.
func asErrors(errs forms.Errors) error {
	if errs.Any() {
		return errs
	}
	return nil
}

// newest is the first of a list, when that is the one that was read. It returns
// [store.ErrConflict] when it is another.
func newest(have []Version, read ID) (Version, error) {
	if len(have) == 0 {
		if read != "" {
			return Version{}, store.ErrConflict
		}
		return Version{}, nil
	}
	if have[0].ID != read {
		return Version{}, store.ErrConflict
	}
	return Version{Root: have[0].Root, After: have[0].ID}, nil
}
