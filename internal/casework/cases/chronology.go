package cases

import (
	"context"
	"fmt"
	"slices"
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
	q := casesdb.New(tx)
	err = q.InsertEvent(ctx, casesdb.InsertEventParams{
		AgencyID: agency, FileID: file, ID: id, Kind: string(e.Kind), HappenedOn: e.On, About: e.About,
		RecordedAt: tx.Now(), RecordedBy: f.permit.Actor().Account, Source: e.Source, Text: e.Text, Ref: e.Ref,
	})
	if err != nil {
		return "", err
	}
	return EventID(id), q.TouchFile(ctx, casesdb.TouchFileParams{AgencyID: agency, ID: file, TouchedAt: tx.Now(), Kind: string(f.kind)})
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
	corrected, err := struck(ctx, tx, f, rows)
	if err != nil {
		return nil, err
	}
	out := make([]Event, len(rows))
	for i, r := range rows {
		out[i] = Event{
			ID: EventID(r.ID), Kind: EventKind(r.Kind), On: r.HappenedOn, About: r.About, Text: r.Text,
			Source: r.Source, Ref: r.Ref, RecordedAt: r.RecordedAt, RecordedBy: r.RecordedBy, Struck: slices.Contains(corrected, r.ID),
		}
	}
	return out, nil
}

// struck are the entries that a later one corrects, as far as they can be
// among the given ones.
func struck(ctx context.Context, tx *store.Tx, f *File, rows []casesdb.EventsBeforeRow) ([]string, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	agency, file := f.key()
	oldest := rows[len(rows)-1].ID
	return casesdb.New(tx).CorrectedEvents(ctx, casesdb.CorrectedEventsParams{AgencyID: agency, FileID: file, ID: oldest})
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
	for i, r := range rows {
		out[i] = Event{
			ID: EventID(r.ID), Kind: EventKind(r.Kind), On: r.HappenedOn, About: r.About, Text: r.Text,
			Source: r.Source, Ref: r.Ref, RecordedAt: r.RecordedAt, RecordedBy: r.RecordedBy,
		}
	}
	return out, nil
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
	return "not known"
}
