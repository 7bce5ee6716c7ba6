package appointments

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"waymark/internal/casework/appointments/appointmentsdb"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Line is an appointment in a calendar.
type Line struct {
	ID       ID
	File     cases.ID
	Number   int64
	Person   people.ID // of the file
	Name     people.Details
	Worker   string
	Way      Way
	Place    string
	Starts   time.Time
	Ends     time.Time
	State    State
	MustMove bool
}

// Path is the address of the appointment's page.
func (l Line) Path() string { return "/cases/" + string(l.File) + "/appointments/" + string(l.ID) }

// calendarMost bounds what one calendar shows.
const calendarMost = 500

// Calendar are the appointments of some days, the earliest first: the actor's
// own, or those of their agency for a manager. Those of files that are not there
// for the actor are not there either. The people shown are named in one ledger
// entry.
func (s *Service) Calendar(ctx context.Context, actor policy.Actor, from time.Time, days int, everybody bool) ([]Line, error) {
	if everybody {
		if _, err := s.guard.Act(ctx, actor, cases.ActSupervise, caseload(actor), true); err != nil {
			return nil, err
		}
	}
	m := cases.Mapping(store.Moment(s.cases.DB().Clock()()))
	m.Agency = actor.Agency
	scope, permit, err := s.guard.List(ctx, actor, cases.ActList, m, "")
	if err != nil {
		return nil, err
	}
	first := s.dayOf(from)
	w := span(actor.Agency, first, first.AddDate(0, 0, days))
	if !everybody {
		w.And(store.Fragment{SQL: "a.worker_id = $1", Args: []any{actor.Account}})
	}
	w.And(scope)
	where, _ := w.SQL()
	query := `SELECT a.id, a.file_id, f.number, p.id, p.given_name, p.family_name, p.known_as, a.worker_id, a.way, a.place_id, a.starts_at, a.ends_at, a.state, a.must_move
		FROM appointment a JOIN file f ON f.agency_id = a.agency_id AND f.id = a.file_id JOIN person p ON p.agency_id = f.agency_id AND p.id = f.person_id
		WHERE ` + where + ` ORDER BY a.starts_at, a.id LIMIT ` + w.Arg(calendarMost)
	var out []Line
	var shown []audit.Subject
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return store.Each(ctx, tx, query, w.Args(), func(rows *sql.Rows) error {
			var l Line
			err := rows.Scan(&l.ID, &l.File, &l.Number, &l.Person, &l.Name.GivenName, &l.Name.FamilyName, &l.Name.KnownAs, &l.Worker, &l.Way, &l.Place, &l.Starts, &l.Ends, &l.State, &l.MustMove)
			out, shown = append(out, l), append(shown, l.Person.Subject())
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return out, permit.Show(ctx, shown...)
}

// span are the conditions on appointments of some time that were not called off.
func span(agency string, from, until time.Time) store.Where {
	var w store.Where
	w.And(store.Fragment{
		SQL:  "a.agency_id = $1 AND a.starts_at >= $2 AND a.starts_at < $3 AND a.state NOT IN ('cancelled', 'declined')",
		Args: []any{agency, store.Moment(from), store.Moment(until)},
	})
	return w
}

// Today is how many appointments of their own the actor has today, and how many
// of those that are booked must move. It names no file.
func (s *Service) Today(ctx context.Context, actor policy.Actor) (today, move int, err error) {
	spans, err := s.own(ctx, actor, s.dayOf(s.Now()), 1)
	for _, one := range spans {
		today++
		if one.mustMove {
			move++
		}
	}
	return today, move, err
}

// Span is a time at which a worker has an appointment, and nothing else of it.
type Span struct {
	Key          string // tells one from another, and nothing more
	Starts, Ends time.Time
	mustMove     bool
}

// own are the times of the actor's own booked appointments, of files that are
// there for them.
func (s *Service) own(ctx context.Context, actor policy.Actor, from time.Time, days int) (out []Span, err error) {
	scope, err := s.guard.Rules().Scope(actor, cases.ActList, cases.Mapping(store.Moment(s.cases.DB().Clock()())))
	if err != nil {
		return nil, err
	}
	w := span(actor.Agency, from, from.AddDate(0, 0, days))
	w.And(store.Fragment{SQL: "a.worker_id = $1 AND a.state = 'booked'", Args: []any{actor.Account}})
	w.And(scope)
	where, _ := w.SQL()
	query := `SELECT a.id, a.starts_at, a.ends_at, a.must_move FROM appointment a JOIN file f ON f.agency_id = a.agency_id AND f.id = a.file_id
		WHERE ` + where + ` ORDER BY a.starts_at, a.id LIMIT ` + w.Arg(calendarMost)
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return store.Each(ctx, tx, query, w.Args(), func(rows *sql.Rows) error {
			var one Span
			err := rows.Scan(&one.Key, &one.Starts, &one.Ends, &one.mustMove)
			out = append(out, one)
			return err
		})
	})
	return out, err
}

// How much of a calendar is outside: the days that were, and those to come.
const (
	feedBack  = 14
	feedAhead = 90
)

// tokenBytes make an address that nobody guesses: 256 bits (S27).
const tokenBytes = 32

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Feed tells since when the actor's calendar can be read from outside; the zero
// time when it cannot.
func (s *Service) Feed(ctx context.Context, actor policy.Actor) (since time.Time, err error) {
	permit, err := s.guard.Act(ctx, actor, ActFeed, caseload(actor), true)
	if err != nil {
		return time.Time{}, err
	}
	if err := permit.Show(ctx, subject(actor.Account)); err != nil {
		return time.Time{}, err
	}
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := appointmentsdb.New(tx).OpenFeed(ctx, appointmentsdb.OpenFeedParams{AgencyID: actor.Agency, AccountID: actor.Account})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		since = row.CreatedAt
		return err
	})
	return since, err
}

// OpenFeed makes a new address for the actor's calendar, and ends the one there
// was. What it returns is shown once: only its hash is kept.
func (s *Service) OpenFeed(ctx context.Context, actor policy.Actor) (string, error) {
	secret := make([]byte, tokenBytes)
	if _, err := rand.Read(secret); err != nil {
		return "", err
	}
	token := hex.EncodeToString(secret)
	return token, s.feed(ctx, actor, "opened", func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		return appointmentsdb.New(tx).InsertFeed(ctx, appointmentsdb.InsertFeedParams{
			AgencyID: actor.Agency, ID: id, AccountID: actor.Account, TokenHash: hashOf(token), CreatedAt: tx.Now(),
		})
	})
}

// CloseFeed ends the address of the actor's calendar.
func (s *Service) CloseFeed(ctx context.Context, actor policy.Actor) error {
	return s.feed(ctx, actor, "closed", func(context.Context, *store.Tx) error { return nil })
}

func (s *Service) feed(ctx context.Context, actor policy.Actor, reason string, fn func(context.Context, *store.Tx) error) error {
	permit, err := s.guard.Act(ctx, actor, ActFeed, caseload(actor), true)
	if err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := appointmentsdb.New(tx).RevokeFeeds(ctx, appointmentsdb.RevokeFeedsParams{AgencyID: actor.Agency, AccountID: actor.Account, RevokedAt: nullTime(tx.Now())})
		if err != nil {
			return err
		}
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return permit.Append(tx, ActFeed, reason, subject(actor.Account))
	})
}

// ReadFeed are the times behind an address. It returns [store.ErrNotFound] for
// one that never was, that was closed, and whose worker does not work here any
// more. Each reading is in the ledger.
func (s *Service) ReadFeed(ctx context.Context, token string) ([]Span, error) {
	var row appointmentsdb.FeedByTokenRow
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		row, err = appointmentsdb.New(tx).FeedByToken(ctx, hashOf(token))
		return missing(err)
	})
	if err != nil {
		return nil, err
	}
	actor, err := s.cfg.Who(ctx, row.AccountID)
	if errors.Is(err, auth.ErrNoSession) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	if actor.Agency != row.AgencyID || !s.guard.Rules().Decide(actor, ActFeed, caseload(actor)).Allowed {
		return nil, store.ErrNotFound
	}
	spans, err := s.own(ctx, actor, s.dayOf(s.Now()).AddDate(0, 0, -feedBack), feedBack+feedAhead)
	if err != nil {
		return nil, err
	}
	for i := range spans {
		spans[i].Key = hashOf(row.ID + spans[i].Key)[:32]
	}
	return spans, s.guard.Record(ctx, audit.Of(actor, ActFeedRead, audit.Allowed, subject(actor.Account)))
}
