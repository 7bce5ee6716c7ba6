package intake

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"waymark/internal/casework/intake/intakedb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// Public is what the public pages say of a team.
type Public struct {
	Name  string `json:"name"` // as the public knows it
	What  string `json:"what"`
	Phone string `json:"phone,omitempty"`
	Hours string `json:"hours,omitempty"`
}

// Door is a team that the public pages name. It may take nothing there, and be
// named with its telephone number only.
type Door struct {
	Agency  string
	Team    string
	Self    bool // from people who need help themselves
	Known   bool // from somebody who knows them
	Work    bool // from somebody who works with them
	Public  Public
	Version int64 // 0: it is new
}

// Takes tells whether it takes what somebody asks.
func (d Door) Takes(w Who) bool {
	switch w {
	case Self:
		return d.Self
	case Known:
		return d.Known
	case Work:
		return d.Work
	}
	return false
}

// Open tells whether it takes anything.
func (d Door) Open() bool { return d.Self || d.Known || d.Work }

// Value names it in a form.
func (d Door) Value() string { return d.Agency + "/" + d.Team }

func (d Door) check() forms.Errors {
	var errs forms.Errors
	if d.Public.Name == "" {
		errs.Add("name", "Enter the name by which the public knows the team")
	}
	if d.Public.What == "" {
		errs.Add("what", "Enter whom it is for, and what it does")
	}
	if !d.Open() && d.Public.Phone == "" {
		errs.Add("phone", "Enter a telephone number, or let it take something")
	}
	tooLong(&errs, lineMax, map[string]string{"name": d.Public.Name, "phone": d.Public.Phone, "hours": d.Public.Hours, "what": d.Public.What})
	return errs
}

// doorsMax bounds how many teams the public pages name.
const doorsMax = 200

// Doors are the teams that the public pages name. They are public.
func (s *Service) Doors(ctx context.Context) ([]Door, error) {
	var out []Door
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := intakedb.New(tx).Doors(ctx, doorsMax)
		for _, row := range rows {
			d, err := asDoor(row)
			if err != nil {
				return err
			}
			out = append(out, d)
		}
		return err
	})
	return out, err
}

// OwnDoors are those of the actor's agency, by team.
func (s *Service) OwnDoors(ctx context.Context, actor policy.Actor) (map[string]Door, error) {
	if _, err := s.guard.Act(ctx, actor, ActOpening, doors(actor.Agency), true); err != nil {
		return nil, err
	}
	out := map[string]Door{}
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := intakedb.New(tx).DoorsOf(ctx, intakedb.DoorsOfParams{AgencyID: actor.Agency, Limit: doorsMax})
		for _, row := range rows {
			d, err := asDoor(row)
			if err != nil {
				return err
			}
			out[d.Team] = d
		}
		return err
	})
	return out, err
}

// OwnDoor is that of a team of the actor's agency; named is false where nothing
// is said of the team.
func (s *Service) OwnDoor(ctx context.Context, actor policy.Actor, team string) (d Door, named bool, err error) {
	if _, err := s.judgeDoor(ctx, actor, team); err != nil {
		return Door{}, false, err
	}
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := intakedb.New(tx).DoorOf(ctx, intakedb.DoorOfParams{AgencyID: actor.Agency, TeamID: team})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		named = true
		d, err = asDoor(row)
		return err
	})
	return d, named, err
}

// judgeDoor judges a decision about a team on the agency that the team is of: a
// team of another agency is not there, and that somebody tried is in the ledger.
func (s *Service) judgeDoor(ctx context.Context, actor policy.Actor, team string) (audit.Permit, error) {
	var owner directory.AgencyID
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		owner, err = directory.OwnerOf(ctx, tx, directory.TeamID(team))
		return err
	})
	if err != nil {
		return audit.Permit{}, err
	}
	return s.guard.Act(ctx, actor, ActOpening, doors(string(owner)), string(owner) == actor.Agency, audit.Subject{Kind: "team", ID: team})
}

func asDoor(row intakedb.AskDoor) (Door, error) {
	d := Door{Agency: row.AgencyID, Team: row.TeamID, Self: row.FromSelf, Known: row.FromKnown, Work: row.FromWork, Version: row.Version}
	if err := json.Unmarshal([]byte(row.Words), &d.Public); err != nil {
		return d, fmt.Errorf("what the public pages say of a team: %w", err)
	}
	return d, nil
}

// SetDoor decides what a team of the actor's agency takes. It returns
// forms.Errors, and [store.ErrConflict] when somebody else changed it since.
func (s *Service) SetDoor(ctx context.Context, actor policy.Actor, d Door) error {
	permit, err := s.judgeDoor(ctx, actor, d.Team)
	if err != nil {
		return err
	}
	if errs := d.check(); errs.Any() {
		return errs
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := directory.TeamIn(ctx, tx, directory.AgencyID(actor.Agency), directory.TeamID(d.Team)); err != nil {
			return err
		}
		words, err := json.Marshal(d.Public)
		if err != nil {
			return err
		}
		q := intakedb.New(tx)
		if d.Version == 0 {
			err = store.Changed(q.InsertDoor(ctx, intakedb.InsertDoorParams{
				AgencyID: actor.Agency, TeamID: d.Team, FromSelf: d.Self, FromKnown: d.Known, FromWork: d.Work, Words: string(words), ChangedAt: tx.Now(), ChangedBy: actor.Account,
			}))
		} else {
			err = store.Changed(q.SetDoor(ctx, intakedb.SetDoorParams{
				AgencyID: actor.Agency, TeamID: d.Team, FromSelf: d.Self, FromKnown: d.Known, FromWork: d.Work, Words: string(words), ChangedAt: tx.Now(), ChangedBy: actor.Account, Version: d.Version,
			}))
		}
		if err != nil {
			return err
		}
		return permit.Append(tx, ActOpening, openness(d), audit.Subject{Kind: "team", ID: d.Team})
	})
}

func openness(d Door) string {
	if d.Open() {
		return "open"
	}
	return "named_only"
}

// CloseDoor takes a team off the public pages. What was sent before stays.
func (s *Service) CloseDoor(ctx context.Context, actor policy.Actor, team string, version int64) error {
	permit, err := s.judgeDoor(ctx, actor, team)
	if err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		err := store.Changed(intakedb.New(tx).DeleteDoor(ctx, intakedb.DeleteDoorParams{AgencyID: actor.Agency, TeamID: team, Version: version}))
		if err != nil {
			return err
		}
		return permit.Append(tx, ActOpening, "closed", audit.Subject{Kind: "team", ID: team})
	})
}

// takes tells whether a team takes what somebody asks, now.
func takes(ctx context.Context, tx *store.Tx, to Place, who Who) (bool, error) {
	row, err := intakedb.New(tx).DoorOf(ctx, intakedb.DoorOfParams{AgencyID: to.Agency, TeamID: to.Team})
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	d, err := asDoor(row)
	return d.Takes(who), err
}
