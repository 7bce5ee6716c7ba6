package waiting

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/waiting/waitingdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
)

// Register keeps what people wait for.
type Register struct {
	cases *cases.Service
	guard *audit.Guard
	facts *measures.Registry
	zone  *time.Location
}

// New makes the register, and lets it read in the chronology that risk was
// identified and that a case was closed. zone is where days are counted; nil
// means UTC.
func New(files *cases.Service, guard *audit.Guard, facts *measures.Registry, zone *time.Location) *Register {
	if zone == nil {
		zone = time.UTC
	}
	s := &Register{cases: files, guard: guard, facts: facts, zone: zone}
	files.Follow(cases.RiskIdentified, s.riskIdentified)
	files.Follow(cases.HighRisk, s.riskIdentified)
	files.Follow(cases.Closed, s.caseClosed)
	return s
}

// Today is the day in the place.
func (s *Register) Today() string {
	return store.Moment(s.cases.DB().Clock()()).In(s.zone).Format(time.DateOnly)
}

func (s *Register) today(tx *store.Tx) string { return tx.Now().In(s.zone).Format(time.DateOnly) }

// Bounds of what pages read at once, and of what is typed.
const (
	listMost = 200
	textMax  = 4000
	lineMax  = 300
)

// EntryID names an entry.
type EntryID string

// EntryWords are what is said of an entry.
type EntryWords struct {
	Name string `json:"name,omitempty"` // which service
	Why  string `json:"why,omitempty"`  // what they need, and why they wait
}

// Entry is one service that one person waits for, or could not have.
type Entry struct {
	ID       EntryID
	Service  Service
	Ours     bool
	Domain   Domain
	Priority Priority
	Since    string // YYYY-MM-DD
	ReviewOn string // by when they are spoken to again; empty when it ended
	State    State
	Reason   Reason
	EndedOn  string
	Words    EntryWords
	// Apart tells that its words, or its reason, are behind a compartment that
	// the reader may not read.
	Apart      bool
	RecordedAt time.Time
	RecordedBy string
	Version    int64
}

// Days is how many days somebody has waited, or did until it ended.
func (e Entry) Days(today string) int {
	until := e.EndedOn
	if until == "" {
		until = today
	}
	return daysBetween(e.Since, until)
}

func daysBetween(from, to string) int {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil || b.Before(a) {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

const (
	entryTable = "waiting_entry"
	lookTable  = "waiting_look"
)

// check returns what is wrong with an entry as it was typed, by field.
func (e Entry) check(today string) forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Services(), e.Service) {
		errs.Add("service", "Select what they wait for")
	}
	if !slices.Contains(Domains(), e.Domain) {
		errs.Add("domain", "Select what it is about")
	}
	switch _, err := time.Parse(time.DateOnly, e.Since); {
	case err != nil:
		errs.Add("since", "Enter the day since when they wait")
	case e.Since > today:
		errs.Add("since", "Enter a day that has been")
	}
	switch e.State {
	case Waits, Offered:
		checkReview(&errs, e.ReviewOn, today)
	case NotAvailable:
		checkReason(&errs, e.State, e.Reason)
	case TakenUp, Declined, Withdrawn:
		errs.Add("state", "Select whether they wait, or it cannot be had")
	default:
		errs.Add("state", "Select whether they wait, or it cannot be had")
	}
	if e.Words.Why == "" && e.Domain.kept() == "" {
		errs.Add("why", "Write what they need, and why they wait")
	}
	tooLong(&errs, lineMax, "name", e.Words.Name)
	tooLong(&errs, textMax, "why", e.Words.Why)
	return errs
}

func checkReview(errs *forms.Errors, on, today string) {
	if _, err := time.Parse(time.DateOnly, on); err != nil || on < today {
		errs.Add("review_on", "Enter the day by which they are spoken to again, today or later")
	}
}

func checkReason(errs *forms.Errors, state State, r Reason) {
	list := map[State][]Reason{Declined: WhyDeclined(), NotAvailable: WhyUnmet()}[state]
	if list != nil && !slices.Contains(list, r) {
		errs.Add("reason", map[State]string{Declined: "Select why they declined", NotAvailable: "Select why it cannot be had"}[state])
	}
}

func tooLong(errs *forms.Errors, most int, field, text string) {
	if len(text) > most {
		errs.Add(field, fmt.Sprintf("Shorten this to %d characters or fewer", most))
	}
}

// Add records that somebody waits for a service, or that it cannot be had.
func (s *Register) Add(ctx context.Context, f *cases.File, e Entry) (EntryID, error) {
	if e.State == NotAvailable && e.Since == "" {
		e.Since = s.Today()
	}
	if errs := e.check(s.Today()); errs.Any() {
		return "", errs
	}
	var id string
	err := s.cases.Do(ctx, f, ActWait, func(ctx context.Context, tx *store.Tx) (err error) {
		if id, err = tx.NewID(); err != nil {
			return err
		}
		if e.Priority, err = s.priority(ctx, tx, f); err != nil {
			return err
		}
		if e.State == NotAvailable {
			e.EndedOn, e.ReviewOn = s.today(tx), ""
		} else {
			e.Reason = NoReason
		}
		words, err := seal(ctx, tx, f, entryTable, id, e.Words)
		if err != nil {
			return err
		}
		err = waitingdb.New(tx).InsertEntry(ctx, waitingdb.InsertEntryParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Service: string(e.Service), Ours: e.Ours, Domain: string(e.Domain), Priority: int64(e.Priority),
			SinceOn: e.Since, ReviewOn: e.ReviewOn, State: string(e.State), Reason: string(e.Reason), EndedOn: e.EndedOn, Words: words,
			RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
		})
		if err != nil {
			return err
		}
		if err := s.cases.Promote(ctx, tx, f); err != nil {
			return err
		}
		e.ID = EntryID(id)
		kind := cases.WaitingBegun
		if e.State == NotAvailable {
			kind = cases.WaitingEnded
		}
		if err := s.record(ctx, tx, f, kind, e, e.Words.Why); err != nil {
			return err
		}
		if e.State.Goes() {
			err = s.emit(ctx, tx, f, "waiting.begun", e, measures.Dimensions{})
		} else {
			err = s.ended(ctx, tx, f, e)
		}
		if err != nil {
			return err
		}
		return s.remind(ctx, tx, f)
	})
	return EntryID(id), err
}

// NewLook is contact while somebody waits, an offer, or how it ended.
type NewLook struct {
	State    State
	Reason   Reason
	ReviewOn string
	Text     string
	Version  int64 // of the entry as it was read
}

// Look is one look at an entry.
type Look struct {
	State      State
	Reason     Reason
	Text       string
	Apart      bool
	RecordedAt time.Time
	RecordedBy string
}

// Look records contact while they wait, an offer, or how it ended. It returns
// [store.ErrConflict] when somebody else looked at it since, or it has ended.
func (s *Register) Look(ctx context.Context, f *cases.File, id EntryID, n NewLook) error {
	return s.cases.Do(ctx, f, ActWait, func(ctx context.Context, tx *store.Tx) error {
		e, err := s.entry(ctx, tx, f, id)
		if err != nil {
			return err
		}
		var errs forms.Errors
		if !slices.Contains(States(), n.State) {
			errs.Add("state", "Select where it stands")
		}
		if n.State.Goes() {
			checkReview(&errs, n.ReviewOn, s.today(tx))
		}
		checkReason(&errs, n.State, n.Reason)
		if n.Text == "" && n.State != TakenUp {
			errs.Add("text", "Write what was said")
		}
		tooLong(&errs, textMax, "text", n.Text)
		if errs.Any() {
			return errs
		}
		if n.State != Declined && n.State != NotAvailable {
			n.Reason = NoReason
		}
		return s.looked(ctx, tx, f, e, n)
	})
}

// looked keeps a look that was checked.
func (s *Register) looked(ctx context.Context, tx *store.Tx, f *cases.File, e Entry, n NewLook) error {
	e.State, e.Reason, e.ReviewOn = n.State, n.Reason, n.ReviewOn
	if !n.State.Goes() {
		e.ReviewOn, e.EndedOn = "", s.today(tx)
	}
	q := waitingdb.New(tx)
	err := store.Changed(q.SetEntry(ctx, waitingdb.SetEntryParams{
		AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(e.ID), Version: n.Version, ReviewOn: e.ReviewOn, State: string(e.State), Reason: string(e.Reason), EndedOn: e.EndedOn,
	}))
	if err != nil {
		return err
	}
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	words, err := seal(ctx, tx, f, lookTable, id, lookWords{n.Text})
	if err != nil {
		return err
	}
	err = q.InsertLook(ctx, waitingdb.InsertLookParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), EntryID: string(e.ID), State: string(n.State), Reason: string(n.Reason), Words: words,
		RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
	})
	if err != nil {
		return err
	}
	kind := cases.WaitingLooked
	if !n.State.Goes() {
		kind = cases.WaitingEnded
	}
	if err := s.record(ctx, tx, f, kind, e, n.Text); err != nil {
		return err
	}
	if !n.State.Goes() {
		if err := s.ended(ctx, tx, f, e); err != nil {
			return err
		}
	}
	return s.remind(ctx, tx, f)
}

type lookWords struct {
	Text string `json:"text,omitempty"`
}

// record writes an entry into the chronology, without what is kept apart.
func (s *Register) record(ctx context.Context, tx *store.Tx, f *cases.File, kind cases.EventKind, e Entry, text string) error {
	parts := []string{e.Service.Label(), e.Domain.Label(), e.State.Label(), e.Reason.Label(), text}
	if e.Domain.kept() != "" {
		parts = []string{e.Service.Label(), e.State.Label(), "What it is about is kept apart"}
	} else if e.Reason.kept() != "" {
		parts = []string{e.Service.Label(), e.Domain.Label(), e.State.Label(), "Why is kept apart"}
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: kind, On: s.today(tx), Text: strings.Join(parts, ". "), Ref: string(e.ID)})
	return err
}

// remind puts one task for all that the person waits for, due when the first is
// to be spoken of again.
func (s *Register) remind(ctx context.Context, tx *store.Tx, f *cases.File) error {
	if err := s.cases.FinishTasks(ctx, tx, f, cases.SpeakWaiting, "they were spoken to"); err != nil {
		return err
	}
	open, err := waitingdb.New(tx).OpenEntries(ctx, waitingdb.OpenEntriesParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil || open.Open == 0 {
		return err
	}
	_, err = s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.SpeakWaiting, Due: open.ReviewOn})
	return err
}

// priority is that of the newest identification of risk.
func (s *Register) priority(ctx context.Context, tx *store.Tx, f *cases.File) (Priority, error) {
	last, err := s.cases.Latest(ctx, tx, f, cases.RiskIdentified, 1)
	if err != nil || len(last) == 0 {
		return Unidentified, err
	}
	high, err := s.cases.Latest(ctx, tx, f, cases.HighRisk, 1)
	if err != nil || len(high) == 0 || high[0].Ref != last[0].Ref {
		return NotHigh, err
	}
	return High, nil
}

// riskIdentified follows the chronology: who is at high risk comes first on
// every list from then on.
func (s *Register) riskIdentified(ctx context.Context, tx *store.Tx, f *cases.File, e cases.Event) error {
	p := NotHigh
	if e.Kind == cases.HighRisk {
		p = High
	}
	return waitingdb.New(tx).SetPriority(ctx, waitingdb.SetPriorityParams{AgencyID: f.Agency(), FileID: string(f.ID()), Priority: int64(p)})
}

// caseClosed follows the chronology: nobody waits in a case that is closed.
func (s *Register) caseClosed(ctx context.Context, tx *store.Tx, f *cases.File, _ cases.Event) error {
	list, err := s.entries(ctx, tx, f)
	if err != nil {
		return err
	}
	for _, e := range list {
		if !e.State.Goes() {
			continue
		}
		if err := s.looked(ctx, tx, f, e, NewLook{State: Withdrawn, Reason: CaseClosed, Version: e.Version}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Register) ended(ctx context.Context, tx *store.Tx, f *cases.File, e Entry) error {
	reason := string(e.Reason)
	if reason == "" {
		reason = "none"
	}
	return s.emit(ctx, tx, f, "waiting.ended", e, measures.Dimensions{"state": string(e.State), "reason": reason, "days": min(e.Days(e.EndedOn), 3650)})
}

func (s *Register) emit(ctx context.Context, tx *store.Tx, f *cases.File, kind string, e Entry, d measures.Dimensions) error {
	d["service"], d["domain"], d["priority"], d["ours"] = string(e.Service), string(e.Domain), e.Priority.code(), e.Ours
	return s.facts.Emit(ctx, tx, measures.Fact{
		Kind: kind, Agency: f.Agency(), Person: string(f.Person()), File: string(f.ID()), At: tx.Now(),
		Source: measures.Source{Kind: entryTable, ID: string(e.ID)}, Dimensions: d,
	})
}

// show names the person in the ledger entry of the page before anything of
// theirs is read.
func show(ctx context.Context, f *cases.File) error {
	return f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject())
}

// Entry is one entry of a file, with the looks at it, the newest first.
func (s *Register) Entry(ctx context.Context, tx *store.Tx, f *cases.File, id EntryID) (Entry, []Look, error) {
	if err := show(ctx, f); err != nil {
		return Entry{}, nil, err
	}
	e, err := s.entry(ctx, tx, f, id)
	if err != nil {
		return e, nil, err
	}
	rows, err := waitingdb.New(tx).Looks(ctx, waitingdb.LooksParams{AgencyID: f.Agency(), EntryID: string(id), Limit: listMost})
	if err != nil {
		return e, nil, err
	}
	apart := e.Apart
	var out []Look
	for _, row := range rows {
		l, err := s.lookOf(ctx, tx, f, row, apart)
		if err != nil {
			return e, nil, err
		}
		out = append(out, l)
	}
	return s.cut(e), out, nil
}

func (s *Register) lookOf(ctx context.Context, tx *store.Tx, f *cases.File, row waitingdb.WaitingLook, apart bool) (Look, error) {
	l := Look{State: State(row.State), Reason: Reason(row.Reason), RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy}
	if l.Apart = apart || !s.cases.MayRead(f, l.Reason.kept()); l.Apart {
		l.Reason = NoReason
		return l, nil
	}
	var words lookWords
	err := unseal(ctx, tx, row.AgencyID, lookTable, row.ID, row.Words, &words)
	l.Text = words.Text
	return l, err
}

// cut leaves out of an entry what the reader may not read.
func (s *Register) cut(e Entry) Entry {
	if e.Apart {
		e.Words, e.Reason = EntryWords{}, NoReason
	}
	return e
}

func (s *Register) entry(ctx context.Context, tx *store.Tx, f *cases.File, id EntryID) (Entry, error) {
	row, err := waitingdb.New(tx).EntryByID(ctx, waitingdb.EntryByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if errors.Is(err, sql.ErrNoRows) {
		return Entry{}, store.ErrNotFound
	}
	if err != nil {
		return Entry{}, err
	}
	return s.entryOf(ctx, tx, f, row)
}

func (s *Register) entryOf(ctx context.Context, tx *store.Tx, f *cases.File, row waitingdb.WaitingEntry) (Entry, error) {
	e := Entry{
		ID: EntryID(row.ID), Service: Service(row.Service), Ours: row.Ours, Domain: Domain(row.Domain), Priority: Priority(row.Priority), Since: row.SinceOn, ReviewOn: row.ReviewOn,
		State: State(row.State), Reason: Reason(row.Reason), EndedOn: row.EndedOn, RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy, Version: row.Version,
	}
	e.Apart = !s.cases.MayRead(f, e.Domain.kept()) || !s.cases.MayRead(f, e.Reason.kept())
	return e, unseal(ctx, tx, row.AgencyID, entryTable, row.ID, row.Words, &e.Words)
}

// Entries are the entries of a file, the newest first, without what the reader
// may not read.
func (s *Register) Entries(ctx context.Context, tx *store.Tx, f *cases.File) ([]Entry, error) {
	if err := show(ctx, f); err != nil {
		return nil, err
	}
	list, err := s.entries(ctx, tx, f)
	for i := range list {
		list[i] = s.cut(list[i])
	}
	return list, err
}

func (s *Register) entries(ctx context.Context, tx *store.Tx, f *cases.File) ([]Entry, error) {
	rows, err := waitingdb.New(tx).Entries(ctx, waitingdb.EntriesParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: listMost})
	if err != nil {
		return nil, err
	}
	out := make([]Entry, len(rows))
	for i, row := range rows {
		if out[i], err = s.entryOf(ctx, tx, f, row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Brief is what the page of a case shows of waiting.
type Brief struct {
	Open     int64
	ReviewOn string // by when the first is spoken of again
}

// Brief reads it.
func (s *Register) Brief(ctx context.Context, tx *store.Tx, f *cases.File) (Brief, error) {
	if err := show(ctx, f); err != nil {
		return Brief{}, err
	}
	row, err := waitingdb.New(tx).OpenEntries(ctx, waitingdb.OpenEntriesParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return Brief{Open: row.Open, ReviewOn: row.ReviewOn}, err
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
