package intake

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"waymark/internal/casework/intake/intakedb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// forgetMost bounds how much is removed in one step.
const forgetMost = 100

// Forget removes what went into no case once the time is over for which the
// agency keeps it, step by step, and tells whether there is more.
func (s *Service) Forget(ctx context.Context) (more bool, err error) {
	var agencies []string
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		agencies, err = intakedb.New(tx).AgenciesWithAsks(ctx)
		return err
	})
	if err != nil {
		return false, err
	}
	for _, agency := range agencies {
		due, err := s.over(ctx, agency)
		if err != nil {
			return false, err
		}
		if !due { // reading first: most of the time there is nothing to write
			continue
		}
		err = s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			n, err := s.forget(ctx, tx, agency)
			more = more || n == forgetMost
			return err
		})
		if err != nil {
			return false, err
		}
	}
	return more, nil
}

// over tells whether something of an agency is kept for longer than its time.
func (s *Service) over(ctx context.Context, agency string) (due bool, err error) {
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		before, err := s.keptSince(ctx, tx, agency)
		if err != nil {
			return err
		}
		q := intakedb.New(tx)
		rows, err := q.AsksOver(ctx, intakedb.AsksOverParams{AgencyID: agency, Before: sql.NullTime{Time: before, Valid: true}, Size: 1})
		if err != nil || len(rows) > 0 {
			due = len(rows) > 0
			return err
		}
		first, err := q.FirstLeft(ctx, agency)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		due = first.Before(before)
		return err
	})
	return due, err
}

// forget removes what an agency kept long enough, and tells how much it was.
func (s *Service) forget(ctx context.Context, tx *store.Tx, agency string) (int, error) {
	before, err := s.keptSince(ctx, tx, agency)
	if err != nil {
		return 0, err
	}
	q := intakedb.New(tx)
	rows, err := q.AsksOver(ctx, intakedb.AsksOverParams{AgencyID: agency, Before: sql.NullTime{Time: before, Valid: true}, Size: forgetMost})
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		a := Ask{Agency: agency, ID: ID(row.ID), Version: row.Version}
		if err := s.drop(ctx, tx, a); err != nil {
			return 0, err
		}
		if err := s.guard.Log.Append(tx, audit.Of(policy.Actor{Account: audit.Nobody, Agency: agency}, ActForget, audit.Done, a.ID.Subject())); err != nil {
			return 0, err
		}
	}
	_, err = q.DeleteLeft(ctx, intakedb.DeleteLeftParams{AgencyID: agency, Before: before})
	return len(rows), err
}

// keptSince is the moment from which on an agency keeps what went into no case.
func (s *Service) keptSince(ctx context.Context, tx *store.Tx, agency string) (time.Time, error) {
	months, decided, err := s.months(ctx, tx, agency)
	if err != nil || !decided {
		return tx.Now().AddDate(0, 0, -KeepDays), err
	}
	return tx.Now().AddDate(0, -months, 0), nil
}

func (s *Service) months(ctx context.Context, tx *store.Tx, agency string) (int, bool, error) {
	if s.cfg.Months == nil {
		return 0, false, nil
	}
	return s.cfg.Months(ctx, tx, agency)
}

// Kept is for how long the actor's agency keeps what went into no case, in words.
func (s *Service) Kept(ctx context.Context, actor policy.Actor) (words string, err error) {
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		months, decided, err := s.months(ctx, tx, actor.Agency)
		switch {
		case !decided:
			words = strconv.Itoa(KeepDays) + " days"
		case months == 1:
			words = "one month"
		default:
			words = strconv.Itoa(months) + " months"
		}
		return err
	})
	return words, err
}
