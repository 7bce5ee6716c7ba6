package directory

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory/directorydb"
)

// Register is the directory of one deployment.
type Register struct {
	db       *store.DB
	guard    *audit.Guard
	accounts *auth.Service
	training Training
	holders  []Holder
}

// New opens the directory. accounts makes the accounts of new members, training
// keeps the level they bring along.
func New(db *store.DB, guard *audit.Guard, accounts *auth.Service, training Training) *Register {
	return &Register{db: db, guard: guard, accounts: accounts, training: training}
}

// Agency is an organisation that works with the others.
type Agency struct {
	ID        AgencyID
	Code      string // short, in addresses and on the command line
	Name      string
	Sector    Sector
	CreatedAt time.Time
	Version   int64
}

// NewAgency is what is needed to add an agency. Its faults are those of the
// fields code, name and sector.
type NewAgency struct {
	Code   string
	Name   string
	Sector Sector
}

func (n NewAgency) clean() (NewAgency, Invalid) {
	wrong := Invalid{}
	var fault string
	n.Code, fault = cleanCode(n.Code, "north-refuge")
	wrong.Note("code", fault)
	n.Name, fault = cleanName(n.Name, "agency")
	wrong.Note("name", fault)
	if n.Sector == "" {
		wrong.Note("sector", "Select the sector of the agency")
	} else if _, err := ParseSector(string(n.Sector)); err != nil {
		wrong.Note("sector", sentence(err))
	}
	return n, wrong
}

// AddAgency adds an agency and makes its data key. It returns [Invalid].
func (r *Register) AddAgency(ctx context.Context, actor policy.Actor, n NewAgency) (Agency, error) {
	permit, err := r.guard.Act(ctx, actor, ActAddAgency, agencyResource(""), true)
	if err != nil {
		return Agency{}, err
	}
	n, wrong := n.clean()
	if err := wrong.OrNil(); err != nil {
		return Agency{}, err
	}
	var added Agency
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		added, err = r.addAgency(ctx, tx, permit, n)
		return err
	})
	if err != nil {
		return Agency{}, err
	}
	return added, nil
}

func (r *Register) addAgency(ctx context.Context, tx *store.Tx, permit audit.Permit, n NewAgency) (Agency, error) {
	id, err := tx.NewID()
	if err != nil {
		return Agency{}, err
	}
	a := Agency{ID: AgencyID(id), Code: n.Code, Name: n.Name, Sector: n.Sector, CreatedAt: tx.Now(), Version: 1}
	err = directorydb.New(tx).InsertAgency(ctx, directorydb.InsertAgencyParams{
		ID: id, Code: a.Code, Name: a.Name, Sector: string(a.Sector), CreatedAt: a.CreatedAt,
	})
	if errors.Is(err, store.ErrExists) {
		return Agency{}, Invalid{"code": fmt.Sprintf("There is already an agency with the code %s. Enter a different code", a.Code)}
	}
	if err != nil {
		return Agency{}, err
	}
	if err := r.db.Vault().CreateKey(ctx, tx, id); err != nil {
		return Agency{}, fmt.Errorf("making the data key of an agency: %w", err)
	}
	return a, permit.Append(tx, ActAddAgency, "", ofAgency(a.ID))
}

// read checks that the actor may read the open directory and runs fn. What is
// open to everyone who is signed in leaves no entry in the ledger; a refusal
// does.
func (r *Register) read(ctx context.Context, actor policy.Actor, fn func(context.Context, *directorydb.Queries) error) error {
	if _, err := r.guard.Act(ctx, actor, ActRead, open(), true); err != nil {
		return err
	}
	return r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error { return fn(ctx, directorydb.New(tx)) })
}

// Agency returns an agency. It returns [store.ErrNotFound].
func (r *Register) Agency(ctx context.Context, actor policy.Actor, id AgencyID) (Agency, error) {
	var row directorydb.Agency
	err := r.read(ctx, actor, func(ctx context.Context, q *directorydb.Queries) (err error) {
		row, err = q.AgencyByID(ctx, string(id))
		return err
	})
	return asAgency(row), err
}

// AgencyByCode returns the agency with a code. It returns [store.ErrNotFound].
func (r *Register) AgencyByCode(ctx context.Context, actor policy.Actor, code string) (Agency, error) {
	var row directorydb.Agency
	err := r.read(ctx, actor, func(ctx context.Context, q *directorydb.Queries) (err error) {
		row, err = q.AgencyByCode(ctx, strings.ToLower(strings.TrimSpace(code)))
		return err
	})
	return asAgency(row), err
}

// Agencies lists the agencies by name.
func (r *Register) Agencies(ctx context.Context, actor policy.Actor, page Page) (List[Agency], error) {
	var rows []directorydb.Agency
	err := r.read(ctx, actor, func(ctx context.Context, q *directorydb.Queries) (err error) {
		rows, err = q.Agencies(ctx, directorydb.AgenciesParams{After: page.After, Size: page.more()})
		return err
	})
	return listOf(page, rows, asAgency, func(a Agency) string { return string(a.ID) }), err
}

func asAgency(row directorydb.Agency) Agency {
	return Agency{
		ID: AgencyID(row.ID), Code: row.Code, Name: row.Name, Sector: Sector(row.Sector),
		CreatedAt: row.CreatedAt, Version: row.Version,
	}
}
