package directory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/training"
	"waymark/internal/registers/training/trainingtest"
)

func TestWhoWorksHere(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a, b := h.Agency("aa", directory.Health), h.Agency("bb", directory.Police)
		ward, desk := h.Team(a.ID, "ward"), h.Team(a.ID, "desk")
		ann := h.Add(trainingtest.Worker{Agency: a.ID, Username: "ann", Roles: []policy.Role{policy.Administrator}})
		cat := h.Add(trainingtest.Worker{Agency: a.ID, Username: "cat", Teams: []directory.TeamID{ward.ID, desk.ID, ward.ID}})
		feed := h.Add(trainingtest.Worker{Agency: a.ID, Username: "feed", Kind: policy.Service, Teams: []directory.TeamID{ward.ID}})
		left := h.Add(trainingtest.Worker{Agency: a.ID, Username: "left", Teams: []directory.TeamID{ward.ID}})
		bob := h.Add(trainingtest.Worker{Agency: b.ID, Username: "bob", Roles: []policy.Role{policy.Manager}})
		d, ctx := h.Directory, t.Context()
		if err := d.EndMembership(ctx, ann, left.Account, 1); err != nil {
			t.Fatal(err)
		}

		mark := h.Mark()
		counted, count := store.CountQueries(ctx)
		list, err := d.Members(counted, ann, a.ID, directory.Page{})
		if err != nil {
			t.Fatal(err)
		}
		// Two for the list whatever its length; the rest is the ledger's.
		if n := count.N(); n > 12 {
			t.Errorf("%d statements", n)
		}
		both := []directory.TeamID{ward.ID, desk.ID}
		slices.Sort(both)
		want := []directory.Member{
			{Account: ann.Account, Agency: a.ID, Name: "Fictional ann", Username: "ann", Kind: policy.Human, Roles: []policy.Role{policy.Administrator}, StartedAt: storetest.Start, Version: 1},
			{Account: cat.Account, Agency: a.ID, Name: "Fictional cat", Username: "cat", Kind: policy.Human, Roles: []policy.Role{policy.Practitioner}, Teams: both, StartedAt: storetest.Start, Version: 1},
			{Account: feed.Account, Agency: a.ID, Name: "Fictional feed", Username: "feed", Kind: policy.Service, Roles: []policy.Role{policy.Practitioner}, Teams: []directory.TeamID{ward.ID}, StartedAt: storetest.Start, Version: 1},
		}
		if d := cmp.Diff(want, list.Items, cmpopts.EquateApproxTime(0)); d != "" {
			t.Error(d)
		}
		entries := h.Since(mark)
		var shown []audit.Subject
		for _, m := range want {
			shown = append(shown, audit.Subject{Kind: "account", ID: m.Account})
		}
		if len(entries) != 1 || entries[0].Outcome != audit.Allowed || !cmp.Equal(shown, entries[0].Subjects) {
			t.Errorf("the list left %+v", entries)
		}

		mark = h.Mark()
		one, err := d.Member(ctx, ann, cat.Account)
		if d := cmp.Diff(want[1], one, cmpopts.EquateApproxTime(0)); d != "" || err != nil {
			t.Error(d, err)
		}
		if d := cmp.Diff([]string{"directory.list_members allowed"}, acts(h.Since(mark))); d != "" {
			t.Error(d)
		}
		if _, err := d.Member(ctx, trainingtest.Operator, left.Account); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("somebody who left is a member: %v", err)
		}

		mark = h.Mark()
		colleagues, err := d.Colleagues(ctx, cat, "", directory.Page{})
		people := []directory.Colleague{{Account: ann.Account, Name: "Fictional ann"}, {Account: cat.Account, Name: "Fictional cat"}}
		if d := cmp.Diff(people, colleagues.Items); d != "" || err != nil {
			t.Error("to hand work to:", d, err)
		}
		ofWard, err := d.Colleagues(ctx, ann, ward.ID, directory.Page{})
		if d := cmp.Diff(people[1:], ofWard.Items); d != "" || err != nil {
			t.Error("of the ward:", d, err)
		}
		if other, err := d.Colleagues(ctx, bob, ward.ID, directory.Page{}); len(other.Items) > 0 || err != nil {
			t.Errorf("another agency's team: %v (%v)", len(other.Items), err)
		}
		// Who left keeps a name for what they wrote; another agency's people have
		// none here.
		names, err := d.MemberNames(ctx, cat, []string{cat.Account, left.Account, bob.Account, cat.Account, "gone"})
		if d := cmp.Diff(map[string]string{cat.Account: "Fictional cat", left.Account: "Fictional left"}, names); d != "" || err != nil {
			t.Error(d, err)
		}
		if names, err := d.MemberNames(ctx, cat, nil); len(names) > 0 || err != nil {
			t.Errorf("%v, %v", names, err)
		}
		if n := len(h.Since(mark)); n != 0 {
			t.Errorf("colleagues' names left %d entries", n)
		}
	})
}

func TestManyNamesAtOnce(t *testing.T) {
	db := storetest.Open(t, store.SQLite, storetest.NewClock().Now)
	h := trainingtest.New(t, db)
	a := h.Agency("aa", directory.Health)
	ann := h.Add(trainingtest.Worker{Agency: a.ID, Username: "ann"})
	wanted := []string{ann.Account}
	for i := range 1200 {
		wanted = append(wanted, fmt.Sprint("none-", i))
	}
	names, err := h.Directory.MemberNames(t.Context(), ann, wanted)
	if err != nil || names[ann.Account] != "Fictional ann" || len(names) != 1 {
		t.Errorf("%v, %v", names, err)
	}
}

func TestAMembersRolesAndTeamsChange(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a, b := h.Agency("aa", directory.Health), h.Agency("bb", directory.Police)
		ward, theirs := h.Team(a.ID, "ward"), h.Team(b.ID, "desk")
		ann := h.Add(trainingtest.Worker{Agency: a.ID, Username: "ann", Roles: []policy.Role{policy.Administrator}})
		cat := h.Add(trainingtest.Worker{Agency: a.ID, Username: "cat", Teams: []directory.TeamID{ward.ID}})
		d, ctx := h.Directory, t.Context()
		mark := h.Mark()
		if err := d.ChangeRoles(ctx, ann, cat.Account, 1, []policy.Role{policy.Manager, policy.Practitioner}); err != nil {
			t.Fatal(err)
		}
		if err := d.ChangeRoles(ctx, ann, cat.Account, 1, []policy.Role{policy.Specialist}); !errors.Is(err, store.ErrConflict) {
			t.Errorf("got %v", err)
		}
		wantFaults(t, d.ChangeRoles(ctx, ann, cat.Account, 2, nil), "roles")
		wantFaults(t, d.ChangeRoles(ctx, ann, cat.Account, 2, []policy.Role{"boss"}), "roles")
		wantFaults(t, d.ChangeTeams(ctx, ann, cat.Account, 2, []directory.TeamID{theirs.ID}), "teams")
		if err := d.ChangeTeams(ctx, ann, cat.Account, 1, nil); !errors.Is(err, store.ErrConflict) {
			t.Errorf("got %v", err)
		}
		got := h.Actor(cat.Account)
		if d := cmp.Diff([]policy.Role{policy.Practitioner, policy.Manager}, got.Roles); d != "" || len(got.Teams) != 1 {
			t.Error(d, got.Teams)
		}
		if err := d.ChangeTeams(ctx, ann, cat.Account, 2, nil); err != nil {
			t.Error(err)
		}
		if got := h.Actor(cat.Account); len(got.Teams) > 0 {
			t.Errorf("still in %v", got.Teams)
		}
		entries := h.Since(mark)
		if d := cmp.Diff([]string{"directory.change_roles done", "directory.change_teams done"}, acts(entries)); d != "" {
			t.Fatal(d)
		}
		if entries[0].Reason != "practitioner manager" || entries[0].Actor != ann.Account {
			t.Errorf("%+v", entries[0])
		}
		if err := d.ChangeRoles(ctx, trainingtest.Operator, "gone", 1, []policy.Role{policy.Manager}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAMembershipEndsAndAnotherBegins(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a, b := h.Agency("aa", directory.Health), h.Agency("bb", directory.Police)
		ward, desk := h.Team(a.ID, "ward"), h.Team(b.ID, "desk")
		cat := h.Add(trainingtest.Worker{Agency: a.ID, Username: "cat", Teams: []directory.TeamID{ward.ID}, Level: 3})
		d, ctx := h.Directory, t.Context()
		there := directory.NewMember{Agency: b.ID, Account: cat.Account, Roles: []policy.Role{policy.Specialist}, Teams: []directory.TeamID{desk.ID}}
		wantFaults(t, d.AddMember(ctx, trainingtest.Operator, there), "account")
		if err := d.EndMembership(ctx, trainingtest.Operator, cat.Account, 7); !errors.Is(err, store.ErrConflict) {
			t.Errorf("got %v", err)
		}
		mark := h.Mark()
		if err := d.EndMembership(ctx, trainingtest.Operator, cat.Account, 1); err != nil {
			t.Fatal(err)
		}
		if got := h.Actor(cat.Account); got.Agency != "" || len(got.Roles)+len(got.Teams)+got.Level > 0 {
			t.Errorf("who left still acts as %+v", got)
		}
		if err := d.EndMembership(ctx, trainingtest.Operator, cat.Account, 2); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
		if err := d.AddMember(ctx, trainingtest.Operator, there); err != nil {
			t.Fatal(err)
		}
		got := h.Actor(cat.Account)
		want := policy.Actor{
			Account: cat.Account, Kind: policy.Human, Name: "Fictional cat", Agency: string(b.ID),
			Teams: []string{string(desk.ID)}, Roles: []policy.Role{policy.Specialist}, Level: 3,
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff([]string{"account.disable done", "directory.end_membership done", "account.enable done", "directory.add_member done"}, acts(h.Since(mark))); d != "" {
			t.Error(d)
		}
		bad := there
		bad.Roles, bad.Teams = nil, []directory.TeamID{ward.ID}
		wantFaults(t, d.AddMember(ctx, trainingtest.Operator, bad), "roles", "teams")
		bad.Agency = "none"
		if err := d.AddMember(ctx, trainingtest.Operator, bad); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
		there.Account = "none"
		if err := d.AddMember(ctx, trainingtest.Operator, there); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAMemberIsAddedInATransactionUnderAPermitOnly(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a := h.Agency("aa", directory.Health)
		err := h.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return h.Directory.AddMemberTx(ctx, tx, audit.Permit{}, directory.NewMember{Agency: a.ID, Account: "x", Roles: []policy.Role{policy.Manager}})
		})
		if !errors.Is(err, audit.ErrNoPermit) {
			t.Errorf("got %v", err)
		}
	})
}

func TestWhatPlacesAreCalled(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a, b := h.Agency("aa", directory.Health), h.Agency("bb", directory.Police)
		ward, desk := h.Team(a.ID, "ward"), h.Team(b.ID, "desk")
		ann := h.Add(trainingtest.Worker{Agency: a.ID, Username: "ann"})
		mark := h.Mark()
		ask := func(want map[directory.Place]string, statements int, of ...directory.Place) {
			t.Helper()
			ctx, count := store.CountQueries(t.Context())
			got, err := h.Directory.PlaceNames(ctx, ann, of...)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
			if count.N() != statements {
				t.Errorf("%d statements for %d places, want %d", count.N(), len(of), statements)
			}
		}
		agency, team := directory.Place{Agency: a.ID}, directory.Place{Agency: b.ID, Team: desk.ID}
		ask(map[directory.Place]string{}, 0)
		ask(map[directory.Place]string{}, 0, directory.Place{})
		ask(map[directory.Place]string{agency: a.Name}, 1, agency, agency, directory.Place{Agency: "gone"})
		ask(map[directory.Place]string{agency: a.Name, {Agency: b.ID}: b.Name, team: desk.Name}, 1, agency, team, team)
		// A team of one agency is not found under another's id.
		ask(map[directory.Place]string{agency: a.Name, team: desk.Name, {Agency: b.ID}: b.Name, {Agency: a.ID, Team: ward.ID}: ward.Name}, 1,
			team, directory.Place{Agency: a.ID, Team: ward.ID}, directory.Place{Agency: a.ID, Team: desk.ID})
		if n := len(h.Since(mark)); n != 0 {
			t.Errorf("the open directory left %d entries", n)
		}
		if _, err := h.Directory.PlaceNames(t.Context(), policy.Actor{}, agency); err == nil {
			t.Error("nobody is told the names of places")
		}
	})
}

// Whoever is made a key contact has a record of training in how to advise on safe
// sharing; who lost it stays one, and it is said.
//
// Proves: B6.29
func TestAKeyContactIsTrained(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a := h.Agency("aa", directory.Health)
		ann := h.Add(trainingtest.Worker{Agency: a.ID, Username: "ann", Roles: []policy.Role{policy.Administrator}})
		cat := h.Add(trainingtest.Worker{Agency: a.ID, Username: "cat", Level: training.Advises})
		d, ctx := h.Directory, t.Context()
		contact := []policy.Role{policy.KeyContact}
		wantFaults(t, d.ChangeRoles(ctx, ann, cat.Account, 1, contact), "roles")
		_, err := d.AddUser(ctx, ann, directory.NewUser{Agency: a.ID, Username: "dan", Name: "Dan", Roles: contact})
		wantFaults(t, err, "roles")

		wantFaults(t, h.Training.Record(ctx, trainingtest.Operator, cat.Account, training.Trained{Topic: "cooking", AchievedOn: "2026-01-05", Source: "A course"}), "level")
		wantFaults(t, h.Training.Record(ctx, trainingtest.Operator, cat.Account, training.Trained{Topic: training.Sharing, Level: 2, AchievedOn: "2026-01-05", Source: "A course"}), "level")
		said := training.Trained{Topic: training.Sharing, AchievedOn: "2026-01-05", Source: "A course"}
		if err := h.Training.Record(ctx, ann, cat.Account, said); err != nil {
			t.Fatal(err)
		}
		if err := d.ChangeRoles(ctx, ann, cat.Account, 1, contact); err != nil {
			t.Fatal(err)
		}
		if _, err := d.AddUser(ctx, ann, directory.NewUser{Agency: a.ID, Username: "dan", Name: "Dan", Roles: contact, Training: &said}); err != nil {
			t.Error(err)
		}
		if m, err := d.Member(ctx, ann, cat.Account); err != nil || !m.Advises {
			t.Errorf("%+v, %v", m.Advises, err)
		}
		if level := h.Actor(cat.Account).Level; level != int(training.Advises) {
			t.Errorf("the level is %d", level)
		}

		history, err := h.Training.History(ctx, cat, cat.Account)
		if err != nil || history[0].Topic != training.Sharing {
			t.Fatalf("%+v, %v", history, err)
		}
		if err := h.Training.Withdraw(ctx, ann, cat.Account, history[0].ID); err != nil {
			t.Fatal(err)
		}
		if err := d.ChangeRoles(ctx, ann, cat.Account, 2, append(contact, policy.Practitioner)); err != nil {
			t.Errorf("who is a key contact cannot be given another role: %v", err)
		}
		list, err := d.Members(ctx, ann, a.ID, directory.Page{Size: 20})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range list.Items {
			if trained := m.Username == "dan"; m.Advises != trained {
				t.Errorf("%s advises: %t", m.Username, m.Advises)
			}
		}
	})
}
