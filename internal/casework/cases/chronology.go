package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
)

// EventID names an entry of a chronology.
type EventID string

// Event is one entry of a chronology.
type Event struct {
	ID    EventID
	Kind  EventKind
	On    string // the day it happened: YYYY-MM-DD, YYYY-MM, YYYY, or empty when not known
	About bool   // the day is approximate
	Text  string // what happened, in words
	// Source is the agency whose entry it is, empty for one's own.
	Source string
	// Ref is the id of the record behind it.
	Ref        string
	RecordedAt time.Time
	RecordedBy string // account
	// Struck tells that a later entry corrects this one. It stays readable.
	Struck bool
}

const eventTextMax = 10_000

// The columns that held words of a file before they were sealed. What is said
// when tasks are cleared can be the same for several, so it lies in the place of
// their file.
var (
	entryText = store.Plain{Table: "event", Key: []string{"file_id", "id"}, Row: []string{"id"}, Columns: []string{"text"}}
	taskNote  = store.Plain{Table: "task", Key: []string{"id"}, Row: []string{"file_id"}, Columns: []string{"done_note"}}
	partyTie  = store.Plain{
		Table: "party", Key: []string{"file_id", "person_id", "role"}, Row: []string{"file_id", "person_id", "role"}, Columns: []string{"relation"},
	}
)

// Plain lists the columns that older binaries left unsealed.
func Plain() []store.Plain { return []store.Plain{entryText, taskNote, partyTie} }

// entry is an entry of the chronology as it was recorded.
func (o *opener) entry(r casesdb.EventsBeforeRow) Event {
	return Event{
		ID: EventID(r.ID), Kind: EventKind(r.Kind), On: r.HappenedOn, About: r.About, Text: o.plain(entryText, "text", r.TextSealed, r.Text, r.ID),
		Source: r.Source, Ref: r.Ref, RecordedAt: r.RecordedAt, RecordedBy: r.RecordedBy,
	}
}

// Record adds an entry to the chronology in the transaction of what happened.
func (s *Service) Record(ctx context.Context, tx *store.Tx, f *File, e Event) (EventID, error) {
	if !f.Permit().Valid() {
		return "", audit.ErrNoPermit
	}
	if !e.Kind.Known() {
		return "", fmt.Errorf("%q is not in the vocabulary of the chronology", e.Kind)
	}
	if len(e.Text) > eventTextMax {
		return "", fmt.Errorf("an entry of %d bytes is too long", len(e.Text))
	}
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	agency, file := f.key()
	e.ID, e.RecordedBy = EventID(id), f.permit.Actor().Account
	if err := insertEntry(ctx, tx, agency, file, e); err != nil {
		return "", err
	}
	if err := casesdb.New(tx).TouchFile(ctx, casesdb.TouchFileParams{AgencyID: agency, ID: file, TouchedAt: tx.Now(), Kind: string(f.kind)}); err != nil {
		return "", err
	}
	for _, follow := range s.followers[e.Kind] {
		if err := follow(ctx, tx, f, e); err != nil {
			return "", err
		}
	}
	return e.ID, nil
}

// Follower reads an entry of the chronology in the transaction in which it is
// recorded.
type Follower func(ctx context.Context, tx *store.Tx, f *File, e Event) error

// Follow lets a workflow read entries of a kind as they are recorded, so that
// workflows that do not know each other can act on each other's work. It is
// called while the program is put together, before anything is recorded.
func (s *Service) Follow(kind EventKind, fn Follower) {
	if s.followers == nil {
		s.followers = map[EventKind][]Follower{}
	}
	s.followers[kind] = append(s.followers[kind], fn)
}

// Watcher looks at a file whose people have changed, or whose worker has, in the
// transaction of the change. What it does must not depend on who asks: it runs
// on both sides of a harm.
type Watcher func(ctx context.Context, tx *store.Tx, agency string, file ID) error

// Watch lets a workflow look again when the people of a file change. It is
// called while the program is put together.
func (s *Service) Watch(fn Watcher) { s.watchers = append(s.watchers, fn) }

func (s *Service) tellWatchers(ctx context.Context, tx *store.Tx, agency string, file ID) error {
	for _, watch := range s.watchers {
		if err := watch(ctx, tx, agency, file); err != nil {
			return err
		}
	}
	return nil
}

// insertEntry writes an entry with its words sealed.
func insertEntry(ctx context.Context, tx *store.Tx, agency, file string, e Event) error {
	words, err := tx.Vault().Seal(ctx, tx, entryText.Place(agency, "text", string(e.ID)), e.Text)
	if err != nil {
		return err
	}
	return casesdb.New(tx).InsertEvent(ctx, casesdb.InsertEventParams{
		AgencyID: agency, FileID: file, ID: string(e.ID), Kind: string(e.Kind), HappenedOn: e.On, About: e.About,
		RecordedAt: tx.Now(), RecordedBy: e.RecordedBy, Source: e.Source, TextSealed: words.Bytes(), Ref: e.Ref,
	})
}

// Chronology returns the entries of a file, newest first, those before the
// given one (empty: from the newest), at most limit of them.
func (s *Service) Chronology(ctx context.Context, tx *store.Tx, f *File, before EventID, limit int) ([]Event, error) {
	if err := f.Permit().Show(ctx, f.id.Subject(), f.person.Subject()); err != nil {
		return nil, err
	}
	if before == "" {
		before = "~" // after every id
	}
	agency, file := f.key()
	rows, err := casesdb.New(tx).EventsBefore(ctx, casesdb.EventsBeforeParams{AgencyID: agency, FileID: file, ID: string(before), Limit: rows32(limit)})
	if err != nil {
		return nil, err
	}
	return s.entries(ctx, tx, f, rows)
}

// struck are the entries that a later one corrects, as far as they can be
// among the given ones.
func struck(ctx context.Context, tx *store.Tx, f *File, rows []casesdb.EventsBeforeRow) ([]string, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	agency, file := f.key()
	oldest := slices.MinFunc(rows, func(a, b casesdb.EventsBeforeRow) int { return strings.Compare(a.ID, b.ID) })
	return casesdb.New(tx).CorrectedEvents(ctx, casesdb.CorrectedEventsParams{AgencyID: agency, FileID: file, ID: oldest.ID})
}

// Latest returns the newest entries of one kind.
func (s *Service) Latest(ctx context.Context, tx *store.Tx, f *File, kind EventKind, limit int) ([]Event, error) {
	if err := f.Permit().Show(ctx, f.id.Subject()); err != nil {
		return nil, err
	}
	agency, file := f.key()
	rows, err := casesdb.New(tx).LastEvents(ctx, casesdb.LastEventsParams{AgencyID: agency, FileID: file, Kind: string(kind), Limit: rows32(limit)})
	if err != nil {
		return nil, err
	}
	out := make([]Event, len(rows))
	o := s.opener(ctx, tx, agency)
	for i, r := range rows {
		out[i] = o.entry(casesdb.EventsBeforeRow(r))
	}
	return out, o.err
}

// DayInWords puts a stored day into words: 27 March 1991, March 1991, 1991, or
// "not known".
func DayInWords(day string) string {
	for _, f := range []struct{ layout, words string }{
		{time.DateOnly, "2 January 2006"}, {"2006-01", "January 2006"}, {"2006", "2006"},
	} {
		if t, err := time.Parse(f.layout, day); err == nil {
			return t.Format(f.words)
		}
	}
	return unknownDay
}

const unknownDay = "not known"
