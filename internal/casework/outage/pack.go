package outage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Hold is for how long a pack can be opened.
type Hold string

// The lengths: until the same time tomorrow, and over a weekend.
const (
	OneDay    Hold = "day"
	ThreeDays Hold = "three_days"
)

// Holds lists them in the order in which they are offered.
func Holds() []Hold { return []Hold{OneDay, ThreeDays} }

// Label is the length in words for people.
func (h Hold) Label() string {
	switch h {
	case OneDay:
		return "One day"
	case ThreeDays:
		return "Three days, for a weekend"
	}
	return string(h)
}

func (h Hold) until(now time.Time) time.Time {
	if h == ThreeDays {
		return now.AddDate(0, 0, 3)
	}
	return now.AddDate(0, 0, 1)
}

// Most is how many cases a pack holds: those touched last.
const Most = 150

// Pack is what stands in the file.
type Pack struct {
	Said  string    `json:"said"` // when it was made, and until when it holds
	Until time.Time `json:"-"`
	Cases []Case    `json:"cases"`
	Left  []string  `json:"left,omitempty"` // what is not in it
}

// Case is one case in a pack.
type Case struct {
	Title string `json:"title"`
	Parts []Part `json:"parts"`
}

// Part is what a capability says of a case.
type Part struct {
	Heading string   `json:"heading"`
	Lines   []string `json:"lines"`
}

// LogValue implements [slog.LogValuer].
func (Pack) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// File is a pack as it is saved.
type File struct {
	Name  string
	Body  []byte
	Cases int
	Until time.Time
}

// Service makes packs.
type Service struct {
	cases   *cases.Service
	guard   *audit.Guard
	zone    *time.Location
	devices store.Clock
	sources []cases.Digester
}

// New makes the service. The digests of a case stand in a pack in the order of
// the sources; times are those of the zone. A pack ends by the clock of the
// devices on which it is opened, which is another than the database's in a
// demo only.
func New(files *cases.Service, guard *audit.Guard, zone *time.Location, devices store.Clock, sources ...cases.Digester) *Service {
	return &Service{cases: files, guard: guard, zone: zone, devices: devices, sources: sources}
}

// Make makes a pack of the open cases that the actor holds. It returns
// forms.Errors by the fields key and hold, and names every case and person in
// the pack in one entry of the ledger.
func (s *Service) Make(ctx context.Context, actor policy.Actor, key string, hold Hold) (File, error) {
	permit, err := s.guard.Act(ctx, actor, ActMake, policy.Resource{Type: "Caseload", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}, true)
	if err != nil {
		return File{}, err
	}
	var errs forms.Errors
	k, err := ParseKey(key)
	if err != nil {
		errs.Add("key", "The key is not whole. Load this page again for a new one")
	}
	if !slices.Contains(Holds(), hold) {
		errs.Add("hold", "Select for how long it can be opened")
	}
	if errs.Any() {
		return File{}, errs
	}
	now := store.Moment(s.cases.DB().Clock()()).In(s.zone)
	until := hold.until(now)
	p := Pack{Until: hold.until(store.Moment(s.devices()).In(s.zone))}
	p.Said = fmt.Sprintf("As it was on %s. Ends %s.", now.Format("2 January 2006, 15:04"), p.Until.Format("2 January 2006, 15:04"))
	files, err := s.held(ctx, actor, &p)
	if err != nil {
		return File{}, err
	}
	if len(files) == 0 {
		return File{}, forms.Errors{{Field: "key", Message: "You hold no open case, so there is nothing to put into it"}}
	}
	var subjects []audit.Subject
	var words []word
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		p.Cases, words = nil, nil
		for i, f := range files {
			c, w, err := s.carry(ctx, tx, f, until)
			if err != nil {
				return err
			}
			p.Cases = append(p.Cases, c)
			if w != nil {
				w.at = i
				words = append(words, *w)
			}
		}
		return nil
	})
	if err != nil {
		return File{}, err
	}
	for _, f := range files {
		subjects = append(subjects, f.ID().Subject(), f.Person().Subject())
	}
	var said []string
	err = s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		said = nil
		for _, w := range words {
			text, err := s.cases.People().CodeWord(ctx, tx, w.whereabouts, w.person)
			if err != nil {
				return err
			}
			said = append(said, text)
		}
		return permit.Append(tx, ActMake, string(hold), subjects...)
	})
	if err != nil {
		return File{}, err
	}
	for i, w := range words {
		c := &p.Cases[w.at]
		c.Parts = slices.Insert(c.Parts, 0, Part{Heading: "Code word", Lines: said[i : i+1]})
	}
	slices.SortStableFunc(p.Cases, func(a, b Case) int { return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)) })
	body, err := seal(p, k, s.zone)
	return File{Name: name(now), Body: body, Cases: len(p.Cases), Until: p.Until}, err
}

// held opens the cases that belong into a pack.
func (s *Service) held(ctx context.Context, actor policy.Actor, p *Pack) ([]*cases.File, error) {
	rows, err := s.cases.Caseload(ctx, actor, cases.Mine, nil, Most+1)
	if err != nil {
		return nil, err
	}
	if len(rows) > Most {
		rows = rows[:Most]
		p.Left = append(p.Left, fmt.Sprintf("You hold more than %d open cases. Those that nobody has worked on for longest are not here.", Most))
	}
	var files []*cases.File
	for _, r := range rows {
		if r.Kind == cases.Light {
			continue // asked, and there was nothing to work on
		}
		f, err := s.cases.Open(ctx, actor, r.ID, cases.Care)
		if _, denied := policy.IsDenied(err); denied || errors.Is(err, store.ErrNotFound) {
			continue // it was shut meanwhile
		}
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// word is a code word that is to be read for a pack. The reading is an entry of
// its own in the ledger.
type word struct {
	at          int // in the pack
	whereabouts people.Whereabouts
	person      people.Person
}

// carry is a case as it stands in a pack, with its code word when there is one
// that the reader may have.
func (s *Service) carry(ctx context.Context, tx *store.Tx, f *cases.File, until time.Time) (Case, *word, error) {
	person, err := s.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
	if err != nil {
		return Case{}, nil, err
	}
	c := Case{Title: fmt.Sprintf("%s, case %d", person.Details.Name(), f.Number())}
	code, err := s.word(ctx, tx, f, person)
	if err != nil {
		return c, nil, err
	}
	tasks, err := s.tasks(ctx, tx, f, until)
	if err != nil {
		return c, nil, err
	}
	guards, err := s.cases.Guards(ctx, tx, f)
	if err != nil {
		return c, nil, err
	}
	parts := []cases.Digest{about(person)}
	for _, source := range s.sources {
		d, err := source(ctx, tx, f, until)
		if err != nil {
			return c, nil, err
		}
		parts = append(parts, d)
	}
	for _, d := range append(parts, tasks) {
		lines := slices.DeleteFunc(slices.Clone(d.Lines), func(line string) bool { return people.TellsPlace(line) || guards.Tell(line) })
		if len(lines) < len(d.Lines) {
			lines = append(lines, "What looks like an address, or is kept apart, was left out.")
		}
		if len(lines) > 0 {
			c.Parts = append(c.Parts, Part{Heading: d.Heading, Lines: lines})
		}
	}
	return c, code, nil
}

// about is what is said of the person.
func about(person people.Person) cases.Digest {
	d := cases.Digest{Heading: "The person"}
	for _, l := range [][2]string{{"Born: ", person.Details.Born}, {"Language: ", person.Details.Language}, {"Needs to take part: ", person.Details.AccessNeeds}} {
		if l[1] != "" {
			d.Lines = append(d.Lines, l[0]+l[1])
		}
	}
	return d
}

// word tells whether there is a code word that the reader may have.
func (s *Service) word(ctx context.Context, tx *store.Tx, f *cases.File, person people.Person) (*word, error) {
	w, may := s.cases.Whereabouts(f)
	if !may {
		return nil, nil
	}
	known, err := s.cases.SafeContact(ctx, tx, f, person)
	if err != nil || !known.HasCodeWord {
		return nil, err
	}
	return &word{whereabouts: w, person: person}, nil
}

// tasks are those that fall due while the pack holds, or are overdue.
func (s *Service) tasks(ctx context.Context, tx *store.Tx, f *cases.File, until time.Time) (cases.Digest, error) {
	d := cases.Digest{Heading: "Due"}
	tasks, err := s.cases.Tasks(ctx, tx, f)
	for _, t := range tasks {
		if t.Due <= until.Format(time.DateOnly) {
			d.Lines = append(d.Lines, t.Kind.Label()+", by "+cases.DayInWords(t.Due))
		}
	}
	return d, err
}
