package letters

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/letters/lettersdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// ID names a letter.
type ID string

// Subject is the letter in a ledger entry.
func (id ID) Subject() audit.Subject { return audit.Subject{Kind: "letter", ID: string(id)} }

// State is how far a letter has come.
type State string

// The states.
const (
	Made    State = "made"
	Sent    State = "sent"
	NotSent State = "not_sent"
)

// Label is the state in words for people.
func (s State) Label() string {
	switch s {
	case Made:
		return "Not sent yet"
	case Sent:
		return "Sent or handed over"
	case NotSent:
		return "Not sent"
	}
	return string(s)
}

// Letter is a letter as it is kept.
type Letter struct {
	ID        ID
	Template  string
	Way       Way
	State     State
	Subject   string
	Body      string
	Why       string // it was not sent
	Flagged   bool   // it was sent though it would have been refused
	MadeAt    time.Time
	MadeBy    string // account
	SettledAt time.Time
	SettledBy string
}

// LogValue implements [slog.LogValuer].
func (Letter) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// words are what is sealed of a letter.
type words struct {
	Subject string `json:"subject,omitempty"`
	Body    string `json:"body,omitempty"`
	Why     string `json:"why,omitempty"`
}

// Verdict is what the gate says of a way, in words for people.
type Verdict struct {
	OK        bool
	Why, Next string
}

// Gate asks whether the person of a file may be reached on a channel now. With
// conditions the worker keeps to what the person said of it.
type Gate func(ctx context.Context, tx *store.Tx, f *cases.File, channel people.Channel, conditions bool) (Verdict, error)

// RefusedError is returned for a letter that may not leave.
type RefusedError struct{ Verdict Verdict }

func (e *RefusedError) Error() string { return "the letter may not leave: " + e.Verdict.Why }

// Service writes letters.
type Service struct {
	cases     *cases.Service
	guard     *audit.Guard
	gate      Gate
	templates []Template
}

// New makes the service. It fails when a text that ships is not whole.
func New(files *cases.Service, guard *audit.Guard, gate Gate) (*Service, error) {
	templates, err := shipped()
	return &Service{cases: files, guard: guard, gate: gate, templates: templates}, err
}

// Templates are the texts to begin with.
func (s *Service) Templates() []Template { return slices.Clone(s.templates) }

// Template is the text with a code; the empty one for a code that is none.
func (s *Service) Template(code string) Template {
	i := slices.IndexFunc(s.templates, func(t Template) bool { return t.Code == code })
	if i < 0 {
		return Template{}
	}
	return s.templates[i]
}

// Begin is a letter to begin with, from a text.
func (s *Service) Begin(ctx context.Context, f *cases.File, code string, way Way) (Draft, error) {
	var d Draft
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		t, err := s.find(ctx, tx, f, code)
		if err != nil {
			return err
		}
		p, err := s.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		name := p.KnownAs
		if name == "" {
			name = p.GivenName
		}
		d = t.For(name, f.Actor().Name)
		return nil
	})
	d.Way = way
	return d, err
}

// Ask is what the gate says of a way now, and the conditions that the person
// made. By hand there is nothing to ask.
func (s *Service) Ask(ctx context.Context, f *cases.File, way Way) (v Verdict, conditions string, err error) {
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if v, err = s.ask(ctx, tx, f, way, true); err != nil || !v.OK || way == Hand {
			return err
		}
		var on people.Way
		on, err = s.way(ctx, tx, f, way)
		conditions = on.Conditions
		return err
	})
	return v, conditions, err
}

// ask is the gate, and for post whether the address is one that is kept
// confidential.
func (s *Service) ask(ctx context.Context, tx *store.Tx, f *cases.File, way Way, conditions bool) (Verdict, error) {
	if way == Hand {
		return Verdict{OK: true}, nil
	}
	v, err := s.gate(ctx, tx, f, way.channel(), conditions)
	if err != nil || !v.OK || way != Post {
		return v, err
	}
	on, err := s.way(ctx, tx, f, way)
	if err != nil {
		return v, err
	}
	if strings.TrimSpace(on.Detail) == "" {
		return Verdict{Why: "Letters are safe, but nobody recorded where they go", Next: "Ask where letters are safe, and record it with how they can be reached."}, nil
	}
	guards, err := s.cases.Guards(ctx, tx, f)
	if err != nil {
		return v, err
	}
	if guards.Tell(on.Detail) {
		return Verdict{Why: "That is the address that is kept confidential: no letter goes there", Next: "Hand it over when they come, or ask for another address."}, nil
	}
	feared, err := s.cases.FearedAt(ctx, tx, f, on.Detail)
	if feared {
		v = Verdict{Why: "Somebody they fear is recorded as living at that address: no letter goes there", Next: "Hand it over when they come, or ask for another address."}
	}
	return v, err
}

// told refuses a letter that tells an address which is guarded, whichever way
// it goes: what is on paper is found.
func (s *Service) told(ctx context.Context, tx *store.Tx, f *cases.File, texts ...string) error {
	guards, err := s.cases.Guards(ctx, tx, f)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(texts, guards.Tell) {
		return &RefusedError{Verdict: Verdict{Why: "An address or a number that is kept apart stands in the text: it is in no letter", Next: "Take it out. Say it to them when you speak to them safely."}}
	}
	return nil
}

// way is what was said of the channel of a way.
func (s *Service) way(ctx context.Context, tx *store.Tx, f *cases.File, way Way) (people.Way, error) {
	p, err := s.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
	if err != nil {
		return people.Way{}, err
	}
	c, err := s.cases.SafeContact(ctx, tx, f, p)
	i := slices.IndexFunc(c.Ways, func(w people.Way) bool { return w.Channel == way.channel() })
	if err != nil || i < 0 {
		return people.Way{}, err
	}
	return c.Ways[i], nil
}

// Check returns what is wrong with a letter, and a [RefusedError] for one that
// may not leave.
func (s *Service) Check(ctx context.Context, f *cases.File, d Draft) error {
	if errs := d.Check(); errs.Any() {
		return errs
	}
	return s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return s.pass(ctx, tx, f, d.Way, d.Conditions, d.Subject, d.Body)
	})
}

func (s *Service) pass(ctx context.Context, tx *store.Tx, f *cases.File, way Way, conditions bool, texts ...string) error {
	v, err := s.ask(ctx, tx, f, way, conditions)
	switch {
	case err != nil:
		return err
	case !v.OK:
		return &RefusedError{Verdict: v}
	}
	return s.told(ctx, tx, f, texts...)
}

// Make keeps a letter in the case. It returns forms.Errors and a
// [RefusedError]; that a letter was refused is in the chronology.
func (s *Service) Make(ctx context.Context, f *cases.File, d Draft) (ID, error) {
	if errs := d.Check(); errs.Any() {
		return "", errs
	}
	var id string
	var refused *RefusedError
	err := s.cases.Do(ctx, f, ActWrite, func(ctx context.Context, tx *store.Tx) (err error) {
		refused = nil
		if _, err := s.find(ctx, tx, f, d.Template); err != nil {
			return err
		}
		if err = s.pass(ctx, tx, f, d.Way, d.Conditions, d.Subject, d.Body); errors.As(err, &refused) {
			return s.record(ctx, tx, f, cases.ContactRefused, d.Way.Label()+". "+refused.Verdict.Why, "")
		}
		if err != nil {
			return err
		}
		if id, err = tx.NewID(); err != nil {
			return err
		}
		sealed, err := seal(ctx, tx, f, id, words{Subject: strings.TrimSpace(d.Subject), Body: strings.TrimSpace(d.Body)})
		if err != nil {
			return err
		}
		err = lettersdb.New(tx).Insert(ctx, lettersdb.InsertParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Template: d.Template, Way: string(d.Way), State: string(Made), Words: sealed, MadeAt: tx.Now(), MadeBy: f.Actor().Account,
		})
		if err != nil {
			return err
		}
		return s.record(ctx, tx, f, cases.LetterWritten, d.Way.Label(), id)
	})
	if err == nil && refused != nil {
		return "", refused
	}
	return ID(id), err
}

// Sheet is a letter as it leaves.
type Sheet struct {
	To      []string // the lines of the address; none for what is handed over
	On      string   // the day, in words
	Subject string
	Body    string
}

// Leave asks the gate again and is the letter as it is printed or copied. It
// returns a [RefusedError]. Each is an entry of its own in the ledger.
func (s *Service) Leave(ctx context.Context, f *cases.File, id ID, conditions bool) (Sheet, error) {
	return s.leave(ctx, f, ActPrint, id, conditions)
}

// Take is [Service.Leave] for a letter that is taken away as a document: an
// entry of its own in the ledger, too. What is no paper is not taken away.
func (s *Service) Take(ctx context.Context, f *cases.File, id ID, conditions bool) (Sheet, error) {
	return s.leave(ctx, f, ActTake, id, conditions)
}

func (s *Service) leave(ctx context.Context, f *cases.File, action policy.Action, id ID, conditions bool) (Sheet, error) {
	var out Sheet
	var refused *RefusedError
	err := s.cases.Do(ctx, f, action, func(ctx context.Context, tx *store.Tx) error {
		refused = nil
		l, err := s.get(ctx, tx, f, id)
		if err != nil {
			return err
		}
		if l.State == NotSent || action == ActTake && !l.Way.Paper() {
			return store.ErrNotFound
		}
		if err = s.pass(ctx, tx, f, l.Way, conditions, l.Subject, l.Body); errors.As(err, &refused) {
			return s.record(ctx, tx, f, cases.ContactRefused, l.Way.Label()+". "+refused.Verdict.Why, string(id))
		}
		if err != nil {
			return err
		}
		out = Sheet{On: cases.DayInWords(tx.Now().Format(time.DateOnly)), Subject: l.Subject, Body: l.Body}
		if l.Way == Post {
			way, err := s.way(ctx, tx, f, l.Way)
			if err != nil {
				return err
			}
			out.To = strings.FieldsFunc(way.Detail, func(r rune) bool { return r == '\n' || r == ',' })
			for i := range out.To {
				out.To[i] = strings.TrimSpace(out.To[i])
			}
		}
		return nil
	})
	if err == nil && refused != nil {
		return Sheet{}, refused
	}
	return out, err
}

// Settle records what became of a letter: sent, or not and why. What happened is
// recorded whatever the gate says of it, and marked. It returns
// [store.ErrConflict] for one that is settled already.
func (s *Service) Settle(ctx context.Context, f *cases.File, id ID, state State, why string) error {
	var errs forms.Errors
	switch {
	case state != Sent && state != NotSent:
		errs.Add("state", "Select what became of it")
	case state == NotSent && strings.TrimSpace(why) == "":
		errs.Add("why", "Write why it was not sent")
	case len(why) > 2000:
		errs.Add("why", "Shorten this to 2,000 characters or fewer")
	}
	if errs.Any() {
		return errs
	}
	return s.cases.Do(ctx, f, ActWrite, func(ctx context.Context, tx *store.Tx) error {
		l, err := s.get(ctx, tx, f, id)
		if err != nil {
			return err
		}
		flagged := false
		if state == Sent {
			v, err := s.ask(ctx, tx, f, l.Way, true)
			if err != nil {
				return err
			}
			flagged = !v.OK
		}
		sealed, err := seal(ctx, tx, f, string(id), words{Subject: l.Subject, Body: l.Body, Why: strings.TrimSpace(why)})
		if err != nil {
			return err
		}
		err = store.Changed(lettersdb.New(tx).Settle(ctx, lettersdb.SettleParams{
			AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id), State: string(state), Words: sealed, Flagged: flagged,
			SettledAt: sql.NullTime{Time: tx.Now(), Valid: true}, SettledBy: f.Actor().Account,
		}))
		if err != nil {
			return err
		}
		text := l.Way.Label()
		if state == NotSent {
			text = "Not sent: " + strings.TrimSpace(why)
		}
		if flagged {
			text += ". It would have been refused"
			if err := s.cases.ActNow(ctx, tx, f, "A letter was sent though it would have been refused.", string(id)); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, f, cases.LetterSettled, text, string(id))
	})
}

// List are the letters of a file, the newest first, at most limit of them.
func (s *Service) List(ctx context.Context, tx *store.Tx, f *cases.File, limit int) ([]Letter, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return nil, err
	}
	rows, err := lettersdb.New(tx).OfFile(ctx, lettersdb.OfFileParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: int32(min(max(limit, 0), 1000))})
	if err != nil {
		return nil, err
	}
	out := make([]Letter, len(rows))
	for i, row := range rows {
		if out[i], err = letter(ctx, tx, row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Count is how many letters a file has.
func (s *Service) Count(ctx context.Context, tx *store.Tx, f *cases.File) (int64, error) {
	if !f.Permit().Valid() {
		return 0, audit.ErrNoPermit
	}
	return lettersdb.New(tx).Count(ctx, lettersdb.CountParams{AgencyID: f.Agency(), FileID: string(f.ID())})
}

// Get is one letter of a file.
func (s *Service) Get(ctx context.Context, tx *store.Tx, f *cases.File, id ID) (Letter, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject(), id.Subject()); err != nil {
		return Letter{}, err
	}
	return s.get(ctx, tx, f, id)
}

func (s *Service) get(ctx context.Context, tx *store.Tx, f *cases.File, id ID) (Letter, error) {
	row, err := lettersdb.New(tx).ByID(ctx, lettersdb.ByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if errors.Is(err, sql.ErrNoRows) {
		return Letter{}, store.ErrNotFound
	}
	if err != nil {
		return Letter{}, err
	}
	return letter(ctx, tx, row)
}

func letter(ctx context.Context, tx *store.Tx, row lettersdb.Letter) (Letter, error) {
	l := Letter{
		ID: ID(row.ID), Template: row.Template, Way: Way(row.Way), State: State(row.State), Flagged: row.Flagged,
		MadeAt: row.MadeAt, MadeBy: row.MadeBy, SettledAt: row.SettledAt.Time, SettledBy: row.SettledBy,
	}
	var w words
	if err := tx.Vault().OpenJSON(ctx, tx, place(row.AgencyID, row.ID), row.Words, &w); err != nil {
		return l, err
	}
	l.Subject, l.Body, l.Why = w.Subject, w.Body, w.Why
	return l, nil
}

func place(agency, id string) store.Place {
	return store.Place{Agency: agency, Table: "letter", Column: "words", Row: id}
}

func seal(ctx context.Context, tx *store.Tx, f *cases.File, id string, w words) ([]byte, error) {
	sealed, err := tx.Vault().SealJSON(ctx, tx, place(f.Agency(), id), w)
	return sealed.Bytes(), err
}

func (s *Service) record(ctx context.Context, tx *store.Tx, f *cases.File, kind cases.EventKind, text, ref string) error {
	_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: kind, On: tx.Now().Format(time.DateOnly), Text: text, Ref: ref})
	return err
}
