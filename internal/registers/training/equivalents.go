package training

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/training/trainingdb"
)

// What can be done with the table of equivalents.
const (
	ActEquivalents policy.Action = "training.equivalents"
	ActDecide      policy.Action = "training.decide"
)

// EquivalentID identifies a line of the table of equivalents.
type EquivalentID string

// Equivalent says what other training counts as at an agency, for whoever
// completed it on one of its days.
type Equivalent struct {
	ID        EquivalentID
	Training  string // what it is called
	Level     Level
	FromOn    string // YYYY-MM-DD
	UntilOn   string // the last day; empty when it has none
	DecidedBy string // account
	DecidedAt time.Time
}

// HoldsOn tells whether training that was completed on a day counts by it.
func (e Equivalent) HoldsOn(day string) bool {
	return e.FromOn <= day && (e.UntilOn == "" || day <= e.UntilOn)
}

func table(actor policy.Actor) policy.Resource {
	return policy.Resource{Type: "Equivalents", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}
}

func equivalentOf(r trainingdb.EquivalentByIDRow) Equivalent {
	return Equivalent{
		ID: EquivalentID(r.ID), Training: r.Training, Level: Level(r.Level), FromOn: r.FromOn, UntilOn: r.UntilOn.String,
		DecidedBy: r.DecidedBy, DecidedAt: r.DecidedAt,
	}
}

// Equivalents is the table of the actor's agency.
func (r *Register) Equivalents(ctx context.Context, actor policy.Actor) ([]Equivalent, error) {
	if _, err := r.guard.Act(ctx, actor, ActEquivalents, table(actor), true); err != nil {
		return nil, err
	}
	var out []Equivalent
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := trainingdb.New(tx).Equivalents(ctx, actor.Agency)
		for _, row := range rows {
			out = append(out, equivalentOf(trainingdb.EquivalentByIDRow(row)))
		}
		return err
	})
	return out, err
}

// Decide adds a line to the table of the actor's agency. It returns [Invalid]
// by the fields training, level, from_on and until_on.
func (r *Register) Decide(ctx context.Context, actor policy.Actor, e Equivalent) error {
	permit, err := r.guard.Act(ctx, actor, ActDecide, table(actor), true)
	if err != nil {
		return err
	}
	name := strings.TrimSpace(e.Training)
	wrong := Invalid{}
	switch {
	case name == "":
		wrong.Note("training", "Enter what the training is called")
	case utf8.RuneCountInString(name) > sourceMax:
		wrong.Note("training", fmt.Sprintf("Enter %d characters or fewer", sourceMax))
	}
	if _, err := ParseLevel(strconv.Itoa(int(e.Level))); err != nil {
		wrong.Note("level", "Select a training level from 1 to 4")
	}
	from, err := day(e.FromOn)
	if err != nil {
		wrong.Note("from_on", "Enter the first day as year, month and day, like 2026-01-31")
	}
	var until sql.NullString
	if e.UntilOn != "" {
		if until.String, err = day(e.UntilOn); err != nil || until.String < from {
			wrong.Note("until_on", "Enter a last day that is not before the first, like 2028-01-31, or leave it empty")
		}
		until.Valid = true
	}
	if err := wrong.OrNil(); err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		err = trainingdb.New(tx).InsertEquivalent(ctx, trainingdb.InsertEquivalentParams{
			AgencyID: actor.Agency, ID: id, Training: name, Level: int64(e.Level), FromOn: from, UntilOn: until, DecidedBy: actor.Account, DecidedAt: tx.Now(),
		})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActDecide, "level "+strconv.Itoa(int(e.Level)), audit.Subject{Kind: "training_equivalent", ID: id})
	})
}

// Revoke takes a line out of the table of the actor's agency. Levels that were
// recorded by it stay. Another agency's line is not there.
func (r *Register) Revoke(ctx context.Context, actor policy.Actor, id EquivalentID) error {
	resource := policy.Resource{Type: "Equivalents", ID: string(id), Attrs: policy.Attrs{"agency": ""}}
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := trainingdb.New(tx).EquivalentByID(ctx, trainingdb.EquivalentByIDParams{AgencyID: actor.Agency, ID: string(id)})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		resource.Attrs["agency"] = actor.Agency
		return err
	})
	if err != nil {
		return err
	}
	permit, err := r.guard.Act(ctx, actor, ActDecide, resource, false, audit.Subject{Kind: "training_equivalent", ID: string(id)})
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		err := store.Changed(trainingdb.New(tx).WithdrawEquivalent(ctx, trainingdb.WithdrawEquivalentParams{
			AgencyID: actor.Agency, ID: string(id), WithdrawnAt: sql.NullTime{Time: tx.Now(), Valid: true},
		}))
		if err != nil {
			return err
		}
		return permit.Append(tx, ActDecide, "revoked", audit.Subject{Kind: "training_equivalent", ID: string(id)})
	})
}

// RecordEquivalent keeps other training of somebody who works at the actor's
// agency, at the level that the table of the agency gives it on the day it was
// completed. It returns [Invalid] by the fields training, achieved_on and
// expires_on.
func (r *Register) RecordEquivalent(ctx context.Context, actor policy.Actor, account string, id EquivalentID, achieved, expires string) error {
	agency, permit, err := r.judge(ctx, actor, ActRecord, account)
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := still(ctx, tx, agency, account); err != nil {
			return err
		}
		row, err := trainingdb.New(tx).EquivalentByID(ctx, trainingdb.EquivalentByIDParams{AgencyID: string(agency), ID: string(id)})
		if errors.Is(err, sql.ErrNoRows) || errors.Is(err, store.ErrNotFound) {
			return Invalid{"training": "Select training of the table of your agency"}
		}
		if err != nil {
			return err
		}
		e := equivalentOf(row)
		on, err := day(achieved)
		if err != nil {
			return Invalid{"achieved_on": "Enter the day it was completed as year, month and day, like 2026-01-31"}
		}
		if !e.HoldsOn(on) {
			return Invalid{"achieved_on": "On that day the training did not count at your agency"}
		}
		return r.RecordTx(ctx, tx, permit, agency, account, directory.Trained{
			Level: int(e.Level), AchievedOn: on, ExpiresOn: expires, Source: e.Training,
		})
	})
}
