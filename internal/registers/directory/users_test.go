package directory_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/training/trainingtest"
)

const password = "a long enough password"

func TestAUserIsAddedWhole(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a := h.Agency("aa", directory.Health)
		ward := h.Team(a.ID, "ward")
		ann := h.Add(trainingtest.Worker{Agency: a.ID, Username: "ann", Roles: []policy.Role{policy.Administrator}})
		ctx := t.Context()
		mark := h.Mark()
		added, err := h.Directory.AddUser(ctx, ann, directory.NewUser{
			Agency: a.ID, Username: " Cat.Nurse", Name: " Cat Fictional ", Roles: []policy.Role{policy.Practitioner},
			Teams:    []directory.TeamID{ward.ID},
			Training: &directory.Trained{Level: 2, AchievedOn: "2026-03-02", Source: "Fictional course"},
		})
		if err != nil {
			t.Fatal(err)
		}
		id := added.Account.ID
		if d := cmp.Diff(auth.Account{ID: id, Username: "cat.nurse", Name: "Cat Fictional", Kind: policy.Human}, added.Account); d != "" {
			t.Error(d)
		}
		entries := h.Since(mark)
		if d := cmp.Diff([]string{
			"account.create done", "directory.add_member done", "training.record done", "account.invite done",
		}, acts(entries)); d != "" {
			t.Error(d)
		}
		for _, e := range entries {
			if e.Actor != ann.Account {
				t.Errorf("%s is put down to %s", e.Action, e.Actor)
			}
		}
		if text := fmt.Sprint(entries); strings.Contains(text, "Fictional") || strings.Contains(text, "cat.nurse") {
			t.Error("a name is in the ledger")
		}
		if _, err := h.Accounts.Accept(ctx, added.Token, password); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Accounts.SignIn(ctx, "cat.nurse", password, auth.From{Address: "test"}); err != nil {
			t.Fatal(err)
		}
		permit, err := h.Log.Allow(ctx, ann, auth.ActTakeRole, "")
		if err != nil {
			t.Fatal(err)
		}
		token, err := h.Accounts.SignInAs(ctx, permit, id)
		if err != nil {
			t.Fatal(err)
		}
		session, err := h.Accounts.Session(ctx, token)
		want := policy.Actor{
			Account: id, Kind: policy.Human, Name: "Cat Fictional", Agency: string(a.ID), Place: "Agency aa (Team ward)", Teams: []string{string(ward.ID)},
			Roles: []policy.Role{policy.Practitioner}, Level: 2,
		}
		if d := cmp.Diff(want, session.Actor); d != "" || err != nil {
			t.Error(d, err)
		}
	})
}

var userTables = []string{"account", "member", "team_member", "training_level", "invitation", "ledger_entry"}

func TestWhatIsWrongWithAUserIsToldAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a, b := h.Agency("aa", directory.Health), h.Agency("bb", directory.Police)
		theirs := h.Team(b.ID, "desk")
		h.Add(trainingtest.Worker{Agency: b.ID, Username: "taken"})
		before := h.Rows(userTables...)
		add := func(n directory.NewUser) error {
			_, err := h.Directory.AddUser(t.Context(), trainingtest.Operator, n)
			return err
		}
		good := directory.NewUser{Agency: a.ID, Username: "cat", Name: "Cat", Roles: []policy.Role{policy.Practitioner}}
		wantFaults(t, add(directory.NewUser{
			Agency: a.ID, Username: "c t", Kind: policy.Operator, Roles: []policy.Role{"boss"}, Teams: []directory.TeamID{theirs.ID},
			Training: &directory.Trained{Level: 5},
		}), "achieved_on", "kind", "level", "name", "roles", "source", "teams", "username")
		n := good
		n.Roles, n.Name = nil, strings.Repeat("n", 201)
		wantFaults(t, add(n), "name", "roles")
		n = good
		n.Username = "Taken"
		wantFaults(t, add(n), "username")
		if i, _ := directory.IsInvalid(add(n)); i["username"] != "This user name is taken. Enter a different one" {
			t.Errorf("told %q", i["username"])
		}
		n = good
		n.Agency = "none"
		if err := add(n); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
		if d := cmp.Diff(before, h.Rows(userTables...)); d != "" {
			t.Error("something was left:", d)
		}
	})
}

var errStep = errors.New("the step failed")

// brokenTraining fails as the last but one step of adding a user.
type brokenTraining struct{}

func (brokenTraining) CheckLevel(*store.Tx, directory.Trained) directory.Invalid { return nil }

func (brokenTraining) RecordTx(context.Context, *store.Tx, audit.Permit, directory.AgencyID, string, directory.Trained) error {
	return errStep
}

func (brokenTraining) Advise(context.Context, *store.Tx, []string, time.Time) (map[string]bool, error) {
	return nil, errStep
}

func TestAFailingStepLeavesNothingOfAUser(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a := h.Agency("aa", directory.Health)
		ward := h.Team(a.ID, "ward")
		before := h.Rows(userTables...)
		broken := directory.New(h.DB, h.Guard, h.Accounts, brokenTraining{})
		n := directory.NewUser{
			Agency: a.ID, Username: "cat", Name: "Cat", Roles: []policy.Role{policy.Practitioner}, Teams: []directory.TeamID{ward.ID},
			Training: &directory.Trained{Level: 2},
		}
		added, err := broken.AddUser(t.Context(), trainingtest.Operator, n)
		if !errors.Is(err, errStep) || added.Token != "" || added.Account.ID != "" {
			t.Errorf("got %v, %v", added.Account, err)
		}
		if d := cmp.Diff(before, h.Rows(userTables...)); d != "" {
			t.Error("something was left:", d)
		}
		// The name is free again.
		n.Training = nil
		if _, err := broken.AddUser(t.Context(), trainingtest.Operator, n); err != nil {
			t.Error(err)
		}
	})
}

func TestOneUserNameGoesToOneOfTwo(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a := h.Agency("aa", directory.Health)
		var wg sync.WaitGroup
		results := make([]error, 6)
		for i := range results {
			wg.Go(func() {
				_, results[i] = h.Directory.AddUser(context.Background(), trainingtest.Operator, directory.NewUser{
					Agency: a.ID, Username: "cat", Name: "Cat", Roles: []policy.Role{policy.Practitioner},
				})
			})
		}
		wg.Wait()
		added := 0
		for _, err := range results {
			if err == nil {
				added++
				continue
			}
			wantFaults(t, err, "username")
		}
		if added != 1 {
			t.Errorf("added %d times", added)
		}
	})
}

func TestTheFirstAdministratorSetsUp(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		ctx := t.Context()
		token, err := h.Accounts.InviteFirst(ctx, trainingtest.Operator)
		if err != nil {
			t.Fatal(err)
		}
		before := h.Rows("agency", "agency_key", "account", "member", "ledger_entry")
		good := directory.SetUp{
			AgencyCode: "council", AgencyName: "Fictional Council", Sector: directory.SocialCare,
			Username: "first", Name: "First Fictional", Password: password,
		}
		_, err = h.Directory.SetUpFirst(ctx, token, directory.SetUp{})
		wantFaults(t, err, "agency_code", "agency_name", "name", "password", "sector", "username")
		for _, weak := range []string{"short", strings.Repeat("p", 201)} {
			s := good
			s.Password = weak
			_, err = h.Directory.SetUpFirst(ctx, token, s)
			wantFaults(t, err, "password")
		}
		s := good
		s.Username, s.Password = "firstfirst", "FirstFirst"
		_, err = h.Directory.SetUpFirst(ctx, token, s)
		wantFaults(t, err, "password")
		if d := cmp.Diff(before, h.Rows("agency", "agency_key", "account", "member", "ledger_entry")); d != "" {
			t.Error("something was left:", d)
		}

		mark := h.Mark()
		account, err := h.Directory.SetUpFirst(ctx, token, good) // faults have not used the link up
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff([]string{
			"directory.add_agency done", "account.create done", "account.set_password done", "directory.add_member done", "directory.set_up done",
		}, acts(h.Since(mark))); d != "" {
			t.Error(d)
		}
		session, err := h.Accounts.SignIn(ctx, "first", password, auth.From{Address: "test"})
		if err != nil {
			t.Fatal(err)
		}
		got, err := h.Accounts.Session(ctx, session)
		if err != nil || got.Account.ID != account.ID || got.Stage != auth.EnrolSecond || got.Actor.Agency != "" {
			t.Errorf("%+v, %v", got, err)
		}
		permit, err := h.Log.Allow(ctx, trainingtest.Operator, auth.ActTakeRole, "")
		if err != nil {
			t.Fatal(err)
		}
		if session, err = h.Accounts.SignInAs(ctx, permit, account.ID); err != nil {
			t.Fatal(err)
		}
		if got, err = h.Accounts.Session(ctx, session); err != nil || !got.Actor.Has(policy.Administrator) || got.Actor.Agency == "" {
			t.Errorf("%+v, %v", got.Actor, err)
		}
		if _, err := h.Directory.SetUpFirst(ctx, token, good); !errors.Is(err, auth.ErrInvitation) {
			t.Errorf("the link works twice: %v", err)
		}
		// A code that is taken is told about the agency's field, and leaves nothing.
		again, err := h.Accounts.InviteFirst(ctx, trainingtest.Operator)
		if err != nil {
			t.Fatal(err)
		}
		before = h.Rows("agency", "account")
		s = good
		s.Username = "second"
		_, err = h.Directory.SetUpFirst(ctx, again, s)
		wantFaults(t, err, "agency_code")
		s.AgencyCode, s.Username = "other", "first"
		_, err = h.Directory.SetUpFirst(ctx, again, s)
		wantFaults(t, err, "username")
		if d := cmp.Diff(before, h.Rows("agency", "account")); d != "" {
			t.Error("something was left:", d)
		}
	})
}

func TestOnlyTheFirstLinkSetsUp(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a := h.Agency("aa", directory.Health)
		added, err := h.Directory.AddUser(t.Context(), trainingtest.Operator, directory.NewUser{
			Agency: a.ID, Username: "cat", Name: "Cat", Roles: []policy.Role{policy.Practitioner},
		})
		if err != nil {
			t.Fatal(err)
		}
		before := h.Rows("agency", "account", "ledger_entry")
		for _, token := range []string{"", "made-up", added.Token} {
			_, err := h.Directory.SetUpFirst(t.Context(), token, directory.SetUp{
				AgencyCode: "mine", AgencyName: "Mine", Sector: directory.Police, Username: "evil", Name: "Evil", Password: password,
			})
			if !errors.Is(err, auth.ErrInvitation) {
				t.Errorf("got %v", err)
			}
		}
		if d := cmp.Diff(before, h.Rows("agency", "account", "ledger_entry")); d != "" {
			t.Error("something was left:", d)
		}
		if _, err := h.Accounts.Accept(t.Context(), added.Token, password); err != nil {
			t.Errorf("the user's own link was used up: %v", err)
		}
	})
}

func TestNamesAndSecretsStayOutOfLogs(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, nil))
	secret := "Hidden-name"
	for _, v := range []any{
		directory.Member{Account: "id", Name: secret, Username: secret},
		directory.Colleague{Account: "id", Name: secret},
		directory.NewUser{Username: secret, Name: secret},
		directory.SetUp{Username: secret, Name: secret, Password: secret},
		directory.Added{Account: auth.Account{ID: "id", Name: secret}, Token: secret},
	} {
		log.Info("seen", "v", v)
		fmt.Fprintf(&out, "%v %+v %s\n", v, v, v)
	}
	if strings.Contains(out.String(), secret) {
		t.Error(out.String())
	}
}
