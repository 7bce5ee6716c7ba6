package directory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/training/trainingtest"
)

func each(t *testing.T, fn func(t *testing.T, h *trainingtest.House)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) { fn(t, trainingtest.New(t, db)) })
}

// acts are the actions of entries with their outcomes.
func acts(entries []audit.Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, string(e.Action)+" "+string(e.Outcome))
	}
	return out
}

// faults are the fields that an error names.
func faults(err error) []string {
	invalid, _ := directory.IsInvalid(err)
	var fields []string
	for field, message := range invalid {
		if message == "" || strings.ToUpper(message[:1]) != message[:1] || strings.HasSuffix(message, ".") {
			fields = append(fields, field+" without a proper message: "+message)
			continue
		}
		fields = append(fields, field)
	}
	slices.Sort(fields)
	return fields
}

func wantFaults(t *testing.T, err error, fields ...string) {
	t.Helper()
	if d := cmp.Diff(fields, faults(err)); d != "" {
		t.Errorf("%v\n%s", err, d)
	}
}

// refused checks that an act was refused and that the refusal is in the ledger,
// and nothing else.
func refused(t *testing.T, h *trainingtest.House, known bool, act func() error) {
	t.Helper()
	mark := h.Mark()
	denied, is := policy.IsDenied(act())
	if !is {
		t.Error("not refused")
		return
	}
	if denied.Known != known {
		t.Errorf("%s: known %v", denied.Action, denied.Known)
	}
	if d := cmp.Diff([]string{string(denied.Action) + " refused"}, acts(h.Since(mark))); d != "" {
		t.Error(d)
	}
}

func TestAnAgencyIsAddedWithItsKey(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		mark := h.Mark()
		a, err := h.Directory.AddAgency(t.Context(), trainingtest.Operator, directory.NewAgency{
			Code: " North-Refuge ", Name: " North   Refuge ", Sector: directory.Specialist,
		})
		if err != nil {
			t.Fatal(err)
		}
		want := directory.Agency{ID: a.ID, Code: "north-refuge", Name: "North Refuge", Sector: directory.Specialist, CreatedAt: storetest.Start, Version: 1}
		if d := cmp.Diff(want, a); d != "" {
			t.Error(d)
		}
		entries := h.Since(mark)
		if d := cmp.Diff([]string{"directory.add_agency done"}, acts(entries)); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff([]audit.Subject{{Kind: "agency", ID: string(a.ID)}}, entries[0].Subjects); d != "" {
			t.Error(d)
		}
		place := store.Place{Agency: string(a.ID), Table: "t", Column: "c", Row: "r"}
		err = h.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			sealed, err := h.DB.Vault().Seal(ctx, tx, place, "words")
			if err != nil {
				return err
			}
			text, err := h.DB.Vault().Open(ctx, tx, place, sealed)
			if text != "words" {
				t.Errorf("opened as %q", text)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		anyone := policy.Actor{Account: "x", Kind: policy.Human}
		byID, err := h.Directory.Agency(t.Context(), anyone, a.ID)
		if d := cmp.Diff(a, byID, cmpopts.EquateApproxTime(0)); d != "" || err != nil {
			t.Error(d, err)
		}
		byCode, err := h.Directory.AgencyByCode(t.Context(), anyone, "NORTH-refuge ")
		if d := cmp.Diff(a, byCode, cmpopts.EquateApproxTime(0)); d != "" || err != nil {
			t.Error(d, err)
		}
		if _, err := h.Directory.Agency(t.Context(), anyone, "none"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}

func TestWhatIsWrongWithAnAgencyIsToldFieldByField(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		add := func(n directory.NewAgency) error {
			_, err := h.Directory.AddAgency(t.Context(), trainingtest.Operator, n)
			return err
		}
		wantFaults(t, add(directory.NewAgency{}), "code", "name", "sector")
		wantFaults(t, add(directory.NewAgency{Code: "a b", Name: strings.Repeat("n", 101), Sector: "nhs"}), "code", "name", "sector")
		for _, code := range []string{"x", "-a", "a-", "a--b", "a_b", "ä-code", strings.Repeat("a", 41)} {
			wantFaults(t, add(directory.NewAgency{Code: code, Name: "N\u200b", Sector: directory.Police}), "code")
		}
		wantFaults(t, add(directory.NewAgency{Code: "ok", Name: "bell\x07", Sector: directory.Police}), "name")
		h.Agency("taken", directory.Police)
		before := h.Rows("agency", "agency_key", "ledger_entry")
		wantFaults(t, add(directory.NewAgency{Code: "Taken", Name: "Another", Sector: directory.Police}), "code")
		if d := cmp.Diff(before, h.Rows("agency", "agency_key", "ledger_entry")); d != "" {
			t.Error("something was left:", d)
		}
	})
}

func TestRefusalsAreRecorded(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a, b := h.Agency("aa", directory.Health), h.Agency("bb", directory.Police)
		teamB := h.Team(b.ID, "duty")
		ann := h.Add(trainingtest.Worker{Agency: a.ID, Username: "ann", Roles: []policy.Role{policy.Administrator}})
		bob := h.Add(trainingtest.Worker{Agency: b.ID, Username: "bob"})
		d, ctx := h.Directory, t.Context()
		before := h.Rows("agency", "team", "member", "account", "team_member")
		nobody := policy.Actor{}
		refused(t, h, true, func() error { _, err := d.Agencies(ctx, nobody, directory.Page{}); return err })
		refused(t, h, true, func() error { _, err := d.Agency(ctx, nobody, a.ID); return err })
		refused(t, h, true, func() error { _, err := d.AgencyByCode(ctx, nobody, "aa"); return err })
		refused(t, h, true, func() error { _, err := d.Teams(ctx, nobody, a.ID, directory.Page{}); return err })
		refused(t, h, true, func() error { _, err := d.Team(ctx, nobody, b.ID, teamB.ID); return err })
		refused(t, h, true, func() error { _, err := d.TeamByCode(ctx, nobody, b.ID, "duty"); return err })
		refused(t, h, true, func() error { _, err := d.TeamsTakingReferrals(ctx, nobody, directory.Page{}); return err })
		refused(t, h, true, func() error {
			_, err := d.AddAgency(ctx, ann, directory.NewAgency{Code: "cc", Name: "C", Sector: directory.Health})
			return err
		})
		refused(t, h, true, func() error {
			_, err := d.AddTeam(ctx, ann, directory.NewTeam{Agency: b.ID, Code: "new", Name: "New"})
			return err
		})
		refused(t, h, true, func() error {
			return d.ChangeTeam(ctx, ann, b.ID, teamB.ID, 1, directory.TeamDetails{Name: "Ours"})
		})
		refused(t, h, true, func() error {
			_, err := d.AddUser(ctx, ann, directory.NewUser{Agency: b.ID, Username: "mole", Name: "Mole", Roles: []policy.Role{policy.Practitioner}})
			return err
		})
		refused(t, h, true, func() error {
			return d.AddMember(ctx, ann, directory.NewMember{Agency: b.ID, Account: ann.Account, Roles: []policy.Role{policy.Manager}})
		})
		refused(t, h, false, func() error { return d.ChangeRoles(ctx, ann, bob.Account, 1, []policy.Role{policy.Manager}) })
		refused(t, h, false, func() error { return d.ChangeTeams(ctx, ann, bob.Account, 1, nil) })
		refused(t, h, false, func() error { return d.EndMembership(ctx, ann, bob.Account, 1) })
		// Somebody of another agency and nobody at all look the same.
		refused(t, h, false, func() error { return d.EndMembership(ctx, ann, "not-there", 1) })
		refused(t, h, false, func() error { _, err := d.Member(ctx, ann, bob.Account); return err })
		refused(t, h, false, func() error { _, err := d.Member(ctx, ann, "not-there"); return err })
		refused(t, h, true, func() error { _, err := d.Members(ctx, ann, b.ID, directory.Page{}); return err })
		refused(t, h, true, func() error { _, err := d.Members(ctx, bob, b.ID, directory.Page{}); return err })
		refused(t, h, true, func() error {
			_, err := d.Colleagues(ctx, trainingtest.Operator, "", directory.Page{})
			return err
		})
		refused(t, h, true, func() error {
			_, err := d.MemberNames(ctx, trainingtest.Operator, []string{ann.Account})
			return err
		})
		if d := cmp.Diff(before, h.Rows("agency", "team", "member", "account", "team_member")); d != "" {
			t.Error("something was left:", d)
		}
	})
}

func TestTeams(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a, b := h.Agency("aa", directory.Health), h.Agency("bb", directory.Police)
		ann := h.Add(trainingtest.Worker{Agency: a.ID, Username: "ann", Roles: []policy.Role{policy.Administrator}})
		d, ctx := h.Directory, t.Context()
		mark := h.Mark()
		ward, err := d.AddTeam(ctx, ann, directory.NewTeam{Agency: a.ID, Code: "Ward-3", Name: "Ward 3", TakesReferrals: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.AddTeam(ctx, ann, directory.NewTeam{Agency: a.ID, Code: "desk", Name: "Front desk"}); err != nil {
			t.Fatal(err)
		}
		// A code is unique in its agency only.
		h.Team(b.ID, "ward-3")
		_, err = d.AddTeam(ctx, ann, directory.NewTeam{Agency: a.ID, Code: "ward-3", Name: "Again"})
		wantFaults(t, err, "code")
		_, err = d.AddTeam(ctx, ann, directory.NewTeam{Agency: a.ID})
		wantFaults(t, err, "code", "name")
		if _, err := d.AddTeam(ctx, trainingtest.Operator, directory.NewTeam{Agency: "none", Code: "xx", Name: "X"}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
		if err := d.ChangeTeam(ctx, ann, a.ID, ward.ID, 1, directory.TeamDetails{Name: "Ward three"}); err != nil {
			t.Error(err)
		}
		// The second of two who edit is told, and nothing is overwritten.
		err = d.ChangeTeam(ctx, ann, a.ID, ward.ID, 1, directory.TeamDetails{Name: "Ward III", TakesReferrals: true})
		if !errors.Is(err, store.ErrConflict) {
			t.Errorf("got %v", err)
		}
		wantFaults(t, d.ChangeTeam(ctx, ann, a.ID, ward.ID, 2, directory.TeamDetails{}), "name")
		if err := d.ChangeTeam(ctx, ann, a.ID, "none", 1, directory.TeamDetails{Name: "X"}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
		got, err := d.Team(ctx, ann, a.ID, ward.ID)
		want := directory.Team{ID: ward.ID, Agency: a.ID, Code: "ward-3", Name: "Ward three", CreatedAt: storetest.Start, Version: 2}
		if d := cmp.Diff(want, got, cmpopts.EquateApproxTime(0)); d != "" || err != nil {
			t.Error(d, err)
		}
		byCode, err := d.TeamByCode(ctx, ann, a.ID, " WARD-3")
		if d := cmp.Diff(want, byCode, cmpopts.EquateApproxTime(0)); d != "" || err != nil {
			t.Error(d, err)
		}
		if _, err := d.Team(ctx, ann, b.ID, ward.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("found in another agency: %v", err)
		}
		list, err := d.Teams(ctx, ann, a.ID, directory.Page{})
		if len(list.Items) != 2 || list.Items[0].Code != "desk" || list.Next != "" || err != nil {
			t.Errorf("%+v, %v", list, err)
		}
		if d := cmp.Diff([]string{
			"directory.add_team done", "directory.add_team done", "directory.add_team done", "directory.change_team done",
		}, acts(h.Since(mark))); d != "" {
			t.Error(d)
		}
	})
}

// Lists come in parts that join up, whatever their size, and each part is one
// statement.
func TestListsPageByKey(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		var mine directory.Agency
		for i := range 5 {
			a := h.Agency(fmt.Sprintf("agency-%d", i), directory.Health)
			for j := range 2 {
				h.Team(a.ID, fmt.Sprintf("team-%d", j))
			}
			mine = a
		}
		closed := h.Team(mine.ID, "closed")
		d, ctx := h.Directory, t.Context()
		if err := d.ChangeTeam(ctx, trainingtest.Operator, mine.ID, closed.ID, 1, directory.TeamDetails{Name: "Closed"}); err != nil {
			t.Fatal(err)
		}
		var staff []string
		for i := range 5 {
			// Two people may have the same name.
			staff = append(staff, h.Add(trainingtest.Worker{
				Agency: mine.ID, Username: fmt.Sprint("user-", i), Name: fmt.Sprint("Fictional ", i/2),
				Roles: []policy.Role{policy.Manager}, Teams: []directory.TeamID{closed.ID},
			}).Account)
		}
		boss := h.Actor(staff[0])
		for name, list := range map[string]struct {
			want int
			read func(ctx context.Context, p directory.Page) (ids []string, next string, err error)
		}{
			"agencies": {5, func(ctx context.Context, p directory.Page) ([]string, string, error) {
				l, err := d.Agencies(ctx, boss, p)
				return ids(l.Items, func(a directory.Agency) string { return a.Name + "\x00" + string(a.ID) }), l.Next, err
			}},
			"teams": {3, func(ctx context.Context, p directory.Page) ([]string, string, error) {
				l, err := d.Teams(ctx, boss, mine.ID, p)
				return ids(l.Items, func(a directory.Team) string { return a.Name + "\x00" + string(a.ID) }), l.Next, err
			}},
			"teams taking referrals": {10, func(ctx context.Context, p directory.Page) ([]string, string, error) {
				l, err := d.TeamsTakingReferrals(ctx, boss, p)
				return ids(l.Items, func(a directory.ReferralTeam) string { return a.AgencyName + "\x00" + a.Name + "\x00" + string(a.ID) }), l.Next, err
			}},
			"members": {5, func(ctx context.Context, p directory.Page) ([]string, string, error) {
				l, err := d.Members(ctx, boss, mine.ID, p)
				return ids(l.Items, func(a directory.Member) string { return a.Name + "\x00" + a.Account }), l.Next, err
			}},
			"colleagues": {5, func(ctx context.Context, p directory.Page) ([]string, string, error) {
				l, err := d.Colleagues(ctx, boss, "", p)
				return ids(l.Items, func(a directory.Colleague) string { return a.Name + "\x00" + a.Account }), l.Next, err
			}},
			"colleagues of a team": {5, func(ctx context.Context, p directory.Page) ([]string, string, error) {
				l, err := d.Colleagues(ctx, boss, closed.ID, p)
				return ids(l.Items, func(a directory.Colleague) string { return a.Name + "\x00" + a.Account }), l.Next, err
			}},
		} {
			whole, next, err := list.read(ctx, directory.Page{})
			if err != nil || next != "" || len(whole) != list.want || !slices.IsSorted(whole) {
				t.Errorf("%s: %d of %d, next %q, sorted %v (%v)", name, len(whole), list.want, next, slices.IsSorted(whole), err)
			}
			for size := 1; size <= list.want+1; size++ {
				var got []string
				for page := (directory.Page{Size: size}); ; {
					counted, count := store.CountQueries(ctx)
					part, next, err := list.read(counted, page)
					if err != nil {
						t.Fatal(err)
					}
					if len(part) > size || name != "members" && count.N() != 1 {
						t.Errorf("%s: a part of %d for %d, with %d statements", name, len(part), size, count.N())
					}
					got = append(got, part...)
					if page.After = next; next == "" {
						break
					}
				}
				if !slices.Equal(got, whole) {
					t.Errorf("%s by %d: %v, want %v", name, size, got, whole)
				}
			}
		}
		// A page that asks for far too much gets as much as is sensible, and one
		// that begins nowhere begins at the beginning.
		if l, err := d.Agencies(ctx, boss, directory.Page{After: "gone", Size: 1 << 40}); err != nil || len(l.Items) != 5 {
			t.Errorf("%d, %v", len(l.Items), err)
		}
	})
}

func ids[T any](items []T, id func(T) string) []string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = id(item)
	}
	return out
}

func TestTeamsThatTakeReferralsAreSeenFromEverywhere(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a, b := h.Agency("aa", directory.Health), h.Agency("bb", directory.Specialist)
		advice := h.Team(b.ID, "advice")
		ann := h.Add(trainingtest.Worker{Agency: a.ID, Username: "ann"})
		got, err := h.Directory.TeamsTakingReferrals(t.Context(), ann, directory.Page{})
		if err != nil {
			t.Fatal(err)
		}
		want := []directory.ReferralTeam{{Team: advice, AgencyName: "Agency bb", Sector: directory.Specialist}}
		if d := cmp.Diff(want, got.Items, cmpopts.EquateApproxTime(0)); d != "" {
			t.Error(d)
		}
	})
}

func TestAtWorkIsOneStatement(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a := h.Agency("aa", directory.Health)
		var teams []directory.TeamID
		for i := range 4 {
			teams = append(teams, h.Team(a.ID, fmt.Sprint("team-", i)).ID)
		}
		cat := h.Add(trainingtest.Worker{Agency: a.ID, Username: "cat", Teams: teams, Level: 2, Roles: []policy.Role{policy.Manager, policy.Specialist}})
		want := auth.Work{Agency: string(a.ID), Place: "Agency aa", Roles: []policy.Role{policy.Specialist, policy.Manager}, Level: 2}
		for _, id := range teams {
			want.Teams = append(want.Teams, string(id))
		}
		slices.Sort(want.Teams)
		ctx, count := store.CountQueries(t.Context())
		err := h.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			got, err := directory.AtWork{Levels: h.Training}.AtWork(ctx, tx, cat.Account)
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
			return err
		})
		if err != nil || count.N() != 1 {
			t.Errorf("%d statements (%v)", count.N(), err)
		}
		err = h.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			got, err := directory.AtWork{Levels: h.Training}.AtWork(ctx, tx, "none")
			if d := cmp.Diff(auth.Work{}, got); d != "" {
				t.Error(d)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// A role of a newer version must not be guessed at.
func TestAnUnknownStoredRoleLetsNobodyIn(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a := h.Agency("aa", directory.Health)
		cat := h.Add(trainingtest.Worker{Agency: a.ID, Username: "cat"})
		err := h.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE member SET roles = 'practitioner overseer' WHERE account_id = $1`, cat.Account)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = h.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := directory.AtWork{Levels: h.Training}.AtWork(ctx, tx, cat.Account)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "overseer") {
			t.Errorf("got %v", err)
		}
		if _, err := h.Directory.Members(t.Context(), trainingtest.Operator, a.ID, directory.Page{}); err == nil {
			t.Error("listed")
		}
	})
}

func TestFaultsReadAsOneLine(t *testing.T) {
	err := directory.Invalid{"name": "Enter the name of the team", "agency_code": "Enter a code"}.OrNil()
	if err == nil || err.Error() != "agency code: Enter a code; name: Enter the name of the team" {
		t.Errorf("got %v", err)
	}
	if err := (directory.Invalid{}).OrNil(); err != nil {
		t.Errorf("got %v", err)
	}
	if _, is := directory.IsInvalid(fmt.Errorf("adding: %w", err)); !is {
		t.Error("not recognised when wrapped")
	}
}

func TestFactsForOthers(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		a, b := h.Agency("aa", directory.Health), h.Agency("bb", directory.Police)
		ward := h.Team(a.ID, "ward")
		cat := h.Add(trainingtest.Worker{Agency: a.ID, Username: "cat"})
		err := h.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if got, err := directory.AgencyOf(ctx, tx, cat.Account); got != a.ID || err != nil {
				t.Errorf("%v, %v", got, err)
			}
			if _, err := directory.AgencyOf(ctx, tx, "none"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("got %v", err)
			}
			if got, err := directory.AgencyIn(ctx, tx, b.ID); got.Code != "bb" || err != nil {
				t.Errorf("%v, %v", got, err)
			}
			if got, err := directory.TeamIn(ctx, tx, a.ID, ward.ID); got.Code != "ward" || err != nil {
				t.Errorf("%v, %v", got, err)
			}
			if _, err := directory.TeamIn(ctx, tx, b.ID, ward.ID); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("got %v", err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
