// Package trainingtest gives tests a deployment with agencies, teams and people
// at work, all fictional, made through the registers.
package trainingtest

import (
	"context"
	"strconv"
	"testing"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/training"
)

// Operator is the command line.
var Operator = policy.Actor{Account: "operator-test", Kind: policy.Operator, Name: "Operator"}

// House is a deployment without pages.
type House struct {
	t         testing.TB
	DB        *store.DB
	Log       *audit.Log
	Guard     *audit.Guard
	Accounts  *auth.Service
	Directory *directory.Register
	Training  *training.Register
}

// New makes an empty deployment that knows the rules of the directory, of
// training and of the sources given.
func New(t testing.TB, db *store.DB, more ...policy.Source) *House {
	t.Helper()
	rules, err := policy.New(append([]policy.Source{directory.Rules(), training.Rules()}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	h := &House{t: t, DB: db, Log: audit.New(db)}
	h.Guard = audit.NewGuard(h.Log, rules)
	h.Training = training.New(db, h.Guard)
	h.Accounts = auth.New(db, h.Log, directory.AtWork{Levels: h.Training})
	h.Directory = directory.New(db, h.Guard, h.Accounts, h.Training)
	return h
}

// Agency adds an agency.
func (h *House) Agency(code string, sector directory.Sector) directory.Agency {
	h.t.Helper()
	a, err := h.Directory.AddAgency(context.Background(), Operator, directory.NewAgency{Code: code, Name: "Agency " + code, Sector: sector})
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// Team adds a team that takes referrals.
func (h *House) Team(agency directory.AgencyID, code string) directory.Team {
	h.t.Helper()
	team, err := h.Directory.AddTeam(context.Background(), Operator, directory.NewTeam{
		Agency: agency, Code: code, Name: "Team " + code, TakesReferrals: true,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return team
}

// Worker is somebody to add.
type Worker struct {
	Agency   directory.AgencyID
	Username string
	Name     string      // Fictional and the user name when empty
	Kind     policy.Kind // Human when empty
	Roles    []policy.Role
	Teams    []directory.TeamID
	Level    training.Level // Unrecorded when none
}

// Add adds somebody and returns them as they act.
func (h *House) Add(w Worker) policy.Actor {
	h.t.Helper()
	n := directory.NewUser{
		Agency: w.Agency, Username: w.Username, Name: w.Name, Kind: w.Kind, Roles: w.Roles, Teams: w.Teams,
	}
	if n.Name == "" {
		n.Name = "Fictional " + w.Username
	}
	if len(n.Roles) == 0 {
		n.Roles = []policy.Role{policy.Practitioner}
	}
	if w.Level != training.Unrecorded {
		n.Training = &directory.Trained{
			Level: int(w.Level), AchievedOn: "2020-01-31", Source: "Fictional course " + strconv.Itoa(int(w.Level)),
		}
	}
	added, err := h.Directory.AddUser(context.Background(), Operator, n)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.Actor(added.Account.ID)
}

// Actor is an account as it acts now.
func (h *House) Actor(account string) policy.Actor {
	h.t.Helper()
	actor := policy.Actor{Account: account, Kind: policy.Human}
	err := h.DB.Read(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT kind, name FROM account WHERE id = $1`, account).Scan(&actor.Kind, &actor.Name); err != nil {
			return err
		}
		work, err := directory.AtWork{Levels: h.Training}.AtWork(ctx, tx, account)
		actor.Agency, actor.Teams, actor.Roles, actor.Level = work.Agency, work.Teams, work.Roles, work.Level
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return actor
}

// Mark is how many entries the ledger has, to look from there on.
func (h *House) Mark() int64 {
	h.t.Helper()
	head, err := h.Log.Head(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	return head.Size
}

// Since returns the entries of the ledger from a mark on.
func (h *House) Since(mark int64) []audit.Entry {
	h.t.Helper()
	list, err := h.Log.Since(context.Background(), mark, 10_000)
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

// Rows counts the rows of tables, by name.
func (h *House) Rows(tables ...string) map[string]int {
	h.t.Helper()
	counts := map[string]int{}
	err := h.DB.Read(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		for _, table := range tables {
			var n int
			if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+table).Scan(&n); err != nil {
				return err
			}
			counts[table] = n
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return counts
}
