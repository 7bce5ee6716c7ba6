package oversight

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/oversight/oversightdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// From how much on reading counts as unusual where an agency has not decided
// otherwise. Both are choices of this project.
const (
	DefaultManyFiles  = 20 // different files, by one worker, in an hour of the clock
	DefaultSupervised = 3  // different files opened as service manager, without working on them, in a day
)

// PageSize is how many entries a page shows.
const PageSize = 50

// Config is what a deployment decides.
type Config struct {
	// Zone is where days and hours are counted; nil means UTC.
	Zone *time.Location
}

// Service is the only door to what this package keeps.
type Service struct {
	db     *store.DB
	guard  *audit.Guard
	people *people.Store
	zone   *time.Location
}

// New makes the service.
func New(db *store.DB, guard *audit.Guard, people *people.Store, cfg Config) *Service {
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	return &Service{db: db, guard: guard, people: people, zone: cfg.Zone}
}

// Zone is where days and hours are counted.
func (s *Service) Zone() *time.Location { return s.zone }

// Setting is what an agency decided.
type Setting struct {
	ManyFiles   int64
	Supervised  int64
	WorkerNames bool // on the report a person is given
}

// settingMost bounds a threshold: above it nothing would ever be found.
const settingMost = 1000

// Check returns what is wrong with it, by field.
func (v Setting) Check() forms.Errors {
	var errs forms.Errors
	if v.ManyFiles < 2 || v.ManyFiles > settingMost {
		errs.Add("many_files", "Enter a number from 2 to 1,000")
	}
	if v.Supervised < 1 || v.Supervised > settingMost {
		errs.Add("supervised", "Enter a number from 1 to 1,000")
	}
	return errs
}

func setting(ctx context.Context, tx *store.Tx, agency string) (Setting, error) {
	row, err := oversightdb.New(tx).Setting(ctx, agency)
	if errors.Is(err, sql.ErrNoRows) {
		return Setting{ManyFiles: DefaultManyFiles, Supervised: DefaultSupervised}, nil
	}
	return Setting{ManyFiles: row.ManyFiles, Supervised: row.Supervised, WorkerNames: row.WorkerNames}, err
}

// Settings are those of the actor's agency.
func (s *Service) Settings(ctx context.Context, actor policy.Actor) (v Setting, err error) {
	if _, err := s.guard.Open(ctx, actor, ActConfigure, whole(actor), string(cases.Review), true, agencySubject(actor)); err != nil {
		return v, err
	}
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		v, err = setting(ctx, tx, actor.Agency)
		return err
	})
	return v, err
}

// Configure replaces the settings of the actor's agency. It returns forms.Errors.
func (s *Service) Configure(ctx context.Context, actor policy.Actor, v Setting) error {
	permit, err := s.guard.Act(ctx, actor, ActConfigure, whole(actor), true, agencySubject(actor))
	if err != nil {
		return err
	}
	if errs := v.Check(); errs.Any() {
		return errs
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		err := oversightdb.New(tx).PutSetting(ctx, oversightdb.PutSettingParams{
			AgencyID: actor.Agency, ManyFiles: v.ManyFiles, Supervised: v.Supervised, WorkerNames: v.WorkerNames, DecidedBy: actor.Account, DecidedAt: tx.Now(),
		})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActConfigure, "", agencySubject(actor))
	})
}

func agencySubject(actor policy.Actor) audit.Subject {
	return audit.Subject{Kind: "agency", ID: actor.Agency}
}

func accountSubject(id string) audit.Subject { return audit.Subject{Kind: "account", ID: id} }

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: true} }

// Worker is a colleague, as this package names them.
type Worker struct {
	Account string
	Name    string
	Roles   []policy.Role
}

// RoleWords are their roles in words.
func (w Worker) RoleWords() string {
	text := ""
	for _, r := range w.Roles {
		if text != "" {
			text += ", "
		}
		text += r.Label()
	}
	return text
}

// workers are those of some accounts who work or worked at an agency.
func workers(ctx context.Context, tx *store.Tx, agency string, accounts []string) (map[string]Worker, error) {
	out := map[string]Worker{}
	accounts = distinct(accounts)
	if len(accounts) == 0 {
		return out, nil
	}
	var w store.Where
	w.And(store.Fragment{SQL: "m.agency_id = $1", Args: []any{agency}})
	w.And(among("m.account_id", accounts))
	where, args := w.SQL()
	// The last membership says which roles they have.
	query := `SELECT m.account_id, c.name, m.roles FROM member m JOIN account c ON c.id = m.account_id WHERE ` + where + ` ORDER BY m.started_at`
	err := store.Each(ctx, tx, query, args, func(rows *sql.Rows) error {
		var v Worker
		var roles string
		if err := rows.Scan(&v.Account, &v.Name, &roles); err != nil {
			return err
		}
		var err error
		v.Roles, err = directory.ParseRoles(roles)
		out[v.Account] = v
		return err
	})
	return out, err
}

// numbers are the files among some ids that are there for the actor.
func (s *Service) numbers(ctx context.Context, tx *store.Tx, actor policy.Actor, ids []string) (map[string]int64, error) {
	out := map[string]int64{}
	ids = distinct(ids)
	if len(ids) == 0 {
		return out, nil
	}
	scope, err := s.guard.Rules().Scope(actor, ActTrail, TrailMapping())
	if err != nil {
		return nil, err
	}
	var w store.Where
	w.And(store.Fragment{SQL: "f.agency_id = $1", Args: []any{actor.Agency}})
	w.And(among("f.id", ids))
	w.And(scope)
	where, args := w.SQL()
	err = store.Each(ctx, tx, `SELECT f.id, f.number FROM file f WHERE `+where, args, func(rows *sql.Rows) error {
		var id string
		var n int64
		err := rows.Scan(&id, &n)
		out[id] = n
		return err
	})
	return out, err
}

func distinct(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// among is true where a column has one of some values, of which there is one
// at least.
func among(column string, values []string) store.Fragment {
	var w store.Where
	text := column + " IN ("
	for i, v := range values {
		if i > 0 {
			text += ", "
		}
		text += w.Arg(v)
	}
	return store.Fragment{SQL: text + ")", Args: w.Args()}
}

// place is where a word of this package is sealed.
func place(agency, table, column, row string) store.Place {
	return store.Place{Agency: agency, Table: table, Column: column, Row: row}
}

// reasonMax bounds what somebody writes.
const reasonMax = 4000

// checkWords is what is wrong with words as they were typed.
func checkWords(errs *forms.Errors, field, words, ask string) {
	switch {
	case words == "":
		errs.Add(field, ask)
	case len(words) > reasonMax:
		errs.Add(field, "Shorten this to 4,000 characters or fewer")
	}
}
