package provision

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/provision/provisiondb"
)

// Details are what the list says of a service.
type Details struct {
	Name     string  `json:"name"`
	Provider string  `json:"provider,omitempty"`
	How      string  `json:"how,omitempty"` // to refer
	Kinds    []Kind  `json:"kinds"`
	Sides    []Side  `json:"sides"`
	Places   []Place `json:"places"`
	// Not is whom it cannot take; Made is for whom it was made.
	Not  []Trait `json:"not,omitempty"`
	Made []Trait `json:"made,omitempty"`
}

// Service is a line of the list.
type Service struct {
	Details

	ID         string
	Agency     string // that keeps the line
	AgencyName string
	EndedAt    time.Time
	Version    int64
}

// Goes tells whether it takes people.
func (s Service) Goes() bool { return s.EndedAt.IsZero() }

// Of is which of some services are of one of some kinds and for a side, in their
// order. Nothing about a person is asked.
func Of(services []Service, side Side, kinds ...Kind) []Service {
	var out []Service
	for _, s := range services {
		if s.Goes() && slices.Contains(s.Sides, side) && slices.ContainsFunc(s.Kinds, func(k Kind) bool { return slices.Contains(kinds, k) }) {
			out = append(out, s)
		}
	}
	return out
}

// Takes tells whether it takes somebody who is somewhere and about whom some
// things are so.
func (s Service) Takes(at Place, are []Trait) bool {
	return s.Goes() && slices.Contains(s.Places, at) && !slices.ContainsFunc(are, func(t Trait) bool { return slices.Contains(s.Not, t) })
}

const (
	lineMax = 200
	textMax = 1000
)

func (d Details) check() forms.Errors {
	var errs forms.Errors
	if strings.TrimSpace(d.Name) == "" || len(d.Name) > lineMax {
		errs.Add("name", "Enter the name of the service, in 200 characters or fewer")
	}
	if len(d.Provider) > lineMax {
		errs.Add("provider", "Shorten this to 200 characters or fewer")
	}
	if len(d.How) > textMax {
		errs.Add("how", "Shorten this to 1000 characters or fewer")
	}
	if !known(d.Kinds, Kinds()) || len(d.Kinds) == 0 {
		errs.Add("kind", "Select what it does")
	}
	if !known(d.Sides, Sides()) || len(d.Sides) == 0 {
		errs.Add("side", "Select whom it is for")
	}
	if !known(d.Places, Places()) || len(d.Places) == 0 {
		errs.Add("place", "Select from where it takes people")
	}
	if !known(d.Not, Traits()) || !known(d.Made, Traits()) {
		errs.Add("not", "Select from the list")
	}
	for _, t := range d.Not {
		if slices.Contains(d.Made, t) {
			errs.Add("made", "It cannot be made for those whom it does not take: "+t.Label())
		}
	}
	return errs
}

func known[T comparable](given, all []T) bool {
	return !slices.ContainsFunc(given, func(one T) bool { return !slices.Contains(all, one) })
}

// Register keeps the list.
type Register struct {
	db    *store.DB
	guard *audit.Guard
}

// New makes the register.
func New(db *store.DB, guard *audit.Guard) *Register { return &Register{db: db, guard: guard} }

func subject(id string) audit.Subject { return audit.Subject{Kind: "service", ID: id} }

// judge judges the keeping of a line, or of a new one. To another agency it is
// not there, like one that never was.
func (r *Register) judge(ctx context.Context, actor policy.Actor, id string) (audit.Permit, error) {
	if id == "" {
		return r.guard.Act(ctx, actor, ActKeep, listOf(actor.Agency), true)
	}
	whose := ""
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		whose, err = provisiondb.New(tx).ServiceAgency(ctx, id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return audit.Permit{}, err
	}
	return r.guard.Act(ctx, actor, ActKeep, listOf(whose), false, subject(id))
}

// Keep adds a service to those of the actor's agency, or replaces what the list
// says of one; with ended, it takes people no longer. It returns
// [store.ErrConflict] when somebody changed it since it was read.
func (r *Register) Keep(ctx context.Context, actor policy.Actor, s Service, ended bool) error {
	permit, err := r.judge(ctx, actor, s.ID)
	if err != nil {
		return err
	}
	s.Name, s.Provider, s.How = strings.TrimSpace(s.Name), strings.TrimSpace(s.Provider), strings.TrimSpace(s.How)
	if errs := s.check(); errs.Any() {
		return errs
	}
	text, err := json.Marshal(s.Details)
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		q := provisiondb.New(tx)
		if s.ID == "" {
			if s.ID, err = tx.NewID(); err != nil {
				return err
			}
			err = q.InsertService(ctx, provisiondb.InsertServiceParams{AgencyID: actor.Agency, ID: s.ID, Details: string(text), RecordedAt: tx.Now(), RecordedBy: actor.Account})
		} else {
			err = store.Changed(q.SetService(ctx, provisiondb.SetServiceParams{
				AgencyID: actor.Agency, ID: s.ID, Details: string(text), EndedAt: sql.NullTime{Time: tx.Now(), Valid: ended}, RecordedAt: tx.Now(), RecordedBy: actor.Account, Version: s.Version,
			}))
		}
		if err != nil {
			return err
		}
		return permit.Append(tx, ActKeep, "", subject(s.ID))
	})
}

// Service is a line of the actor's own agency, to be changed.
func (r *Register) Service(ctx context.Context, actor policy.Actor, id string) (Service, error) {
	permit, err := r.judge(ctx, actor, id)
	if err != nil {
		return Service{}, err
	}
	all, err := r.all(ctx)
	if err != nil {
		return Service{}, err
	}
	for _, s := range all {
		if s.ID == id && s.Agency == actor.Agency {
			return s, permit.Show(ctx, subject(id))
		}
	}
	return Service{}, store.ErrNotFound
}

// List are the services of the area, by name, those that have ended too.
func (r *Register) List(ctx context.Context, actor policy.Actor) ([]Service, error) {
	if _, err := r.guard.Act(ctx, actor, ActRead, listOf(""), true); err != nil {
		return nil, err
	}
	return r.all(ctx)
}

func (r *Register) all(ctx context.Context) (out []Service, err error) {
	err = r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		out, err = r.In(ctx, tx)
		return err
	})
	return out, err
}

// In are all services by name, in one statement, for who decides inside a
// transaction: the list is open.
func (r *Register) In(ctx context.Context, tx *store.Tx) ([]Service, error) {
	rows, err := provisiondb.New(tx).Services(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Service, len(rows))
	for i, row := range rows {
		s := Service{ID: row.ID, Agency: row.AgencyID, AgencyName: row.Agency, EndedAt: row.EndedAt.Time, Version: row.Version}
		if err := json.Unmarshal([]byte(row.Details), &s.Details); err != nil {
			return nil, fmt.Errorf("service %s: %w", row.ID, err)
		}
		out[i] = s
	}
	slices.SortFunc(out, func(a, b Service) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}
