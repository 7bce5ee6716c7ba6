package directory_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/training/trainingtest"
)

// entered is a session of a member, begun without what the test is not about.
func entered(t *testing.T, h *trainingtest.House, account string) string {
	t.Helper()
	permit, err := h.Log.Allow(t.Context(), trainingtest.Operator, auth.ActTakeRole, "")
	if err != nil {
		t.Fatal(err)
	}
	token, err := h.Accounts.SignInAs(t.Context(), permit, account)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func agencyNow(t *testing.T, h *trainingtest.House, token string) string {
	t.Helper()
	s, err := h.Accounts.Session(t.Context(), token)
	if err != nil && !errors.Is(err, auth.ErrNoSession) {
		t.Fatal(err)
	}
	return s.Actor.Agency
}

// held is a holder with a fixed answer.
type held []directory.Held

func (h held) Held(context.Context, *store.Tx, audit.Permit, string, string) ([]directory.Held, error) {
	return h, nil
}

func TestALeaverIsOutAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		ctx := t.Context()
		a, b := h.Agency("aa", directory.Health), h.Agency("bb", directory.Specialist)
		ann := h.Add(trainingtest.Worker{Agency: a.ID, Username: "ann", Roles: []policy.Role{policy.Administrator}})
		ben := h.Add(trainingtest.Worker{Agency: b.ID, Username: "ben", Roles: []policy.Role{policy.Administrator}})
		cat := h.Add(trainingtest.Worker{Agency: a.ID, Username: "cat"})
		h.Directory.AskWhenLeaving(held{{What: "Open cases", Number: 2, Of: []string{"Case 1", "Case 2"}}, {What: "Open tasks"}})
		token := entered(t, h, cat.Account)

		if _, err := h.Directory.ToHandOver(ctx, ben, cat.Account); err == nil {
			t.Error("another agency sees what somebody has in hand")
		}
		hand, err := h.Directory.ToHandOver(ctx, ann, cat.Account)
		if err != nil || len(hand) != 1 || hand[0].Number != 2 {
			t.Errorf("%+v, %v", hand, err)
		}
		m, err := h.Directory.Member(ctx, ann, cat.Account)
		if err != nil {
			t.Fatal(err)
		}
		mark := h.Mark()
		if err := h.Directory.EndMembership(ctx, ann, cat.Account, m.Version); err != nil {
			t.Fatal(err)
		}
		if got := acts(h.Since(mark)); !slices.Equal(got, []string{"account.disable done", "directory.end_membership done"}) {
			t.Error(got)
		}
		if _, err := h.Accounts.Session(ctx, token); !errors.Is(err, auth.ErrNoSession) {
			t.Errorf("the session lives: %v", err)
		}
		// Another agency vouches for them, and they come back.
		if err := h.Directory.AddMember(ctx, ben, directory.NewMember{Agency: b.ID, Account: cat.Account, Roles: []policy.Role{policy.Practitioner}}); err != nil {
			t.Fatal(err)
		}
		if got := agencyNow(t, h, entered(t, h, cat.Account)); got != string(b.ID) {
			t.Errorf("works at %q", got)
		}
	})
}

func TestKeepingSomebodyOutAndLettingThemInAgain(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		ctx := t.Context()
		a, b := h.Agency("aa", directory.Health), h.Agency("bb", directory.Health)
		ann := h.Add(trainingtest.Worker{Agency: a.ID, Username: "ann", Roles: []policy.Role{policy.Administrator}})
		ben := h.Add(trainingtest.Worker{Agency: b.ID, Username: "ben", Roles: []policy.Role{policy.Administrator}})
		cat := h.Add(trainingtest.Worker{Agency: a.ID, Username: "cat"})
		token := entered(t, h, cat.Account)
		for _, err := range []error{
			h.Directory.Suspend(ctx, ben, cat.Account, "why not"), h.Directory.Suspend(ctx, cat, cat.Account, "why not"), h.Directory.Restore(ctx, ben, cat.Account),
		} {
			if _, denied := policy.IsDenied(err); !denied {
				t.Errorf("got %v", err)
			}
		}
		wantFaults(t, h.Directory.Suspend(ctx, ann, cat.Account, " "), "reason")
		wantFaults(t, h.Directory.Suspend(ctx, ann, cat.Account, strings.Repeat("x", 201)), "reason")
		if err := h.Directory.Suspend(ctx, ann, cat.Account, "on leave"); err != nil {
			t.Fatal(err)
		}
		if got := agencyNow(t, h, token); got != "" {
			t.Errorf("still at %q", got)
		}
		m, err := h.Directory.Member(ctx, ann, cat.Account)
		if err != nil || !m.Suspended {
			t.Errorf("%+v, %v", m.Suspended, err)
		}
		if err := h.Directory.Restore(ctx, ann, cat.Account); err != nil {
			t.Fatal(err)
		}
		if got := agencyNow(t, h, entered(t, h, cat.Account)); got != string(a.ID) {
			t.Errorf("works at %q", got)
		}
		if _, err := h.Directory.ResetSecondFactor(ctx, ben, cat.Account, "lost"); err == nil {
			t.Error("another agency takes a second factor away")
		}
		link, err := h.Directory.ResetSecondFactor(ctx, ann, cat.Account, "telephone lost")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Accounts.Accept(ctx, link, password); err != nil {
			t.Error(err)
		}
	})
}

func TestAMembershipThatWasGivenForATimeRunsOut(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		ctx := t.Context()
		a := h.Agency("aa", directory.Health)
		ann := h.Add(trainingtest.Worker{Agency: a.ID, Username: "ann", Roles: []policy.Role{policy.Administrator}})
		cat := h.Add(trainingtest.Worker{Agency: a.ID, Username: "cat"})
		token := entered(t, h, cat.Account)
		m, err := h.Directory.Member(ctx, ann, cat.Account)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"tomorrow", "2020-01-01", "2026-02-30"} {
			wantFaults(t, h.Directory.ChangeUntil(ctx, ann, cat.Account, m.Version, bad), "until")
		}
		today := h.DB.Clock()().Format("2006-01-02")
		if err := h.Directory.ChangeUntil(ctx, ann, cat.Account, m.Version, today); err != nil {
			t.Fatal(err)
		}
		if got := agencyNow(t, h, token); got == "" {
			t.Error("out before the last day is over")
		}
		if m, err = h.Directory.Member(ctx, ann, cat.Account); err != nil || m.Until != today {
			t.Errorf("%q, %v", m.Until, err)
		}
		err = h.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE member SET until = $2 WHERE account_id = $1`, cat.Account, tx.Now())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := agencyNow(t, h, token); got != "" {
			t.Errorf("still at %q", got)
		}
		colleagues, err := h.Directory.Colleagues(ctx, ann, "", directory.Page{})
		if err != nil || len(colleagues.Items) != 1 {
			t.Errorf("%d colleagues, %v", len(colleagues.Items), err)
		}
	})
}

// Proves: B6.31.
func TestATokenOpensWhatItNamesAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House) {
		ctx := t.Context()
		a, b := h.Agency("aa", directory.Health), h.Agency("bb", directory.Health)
		ann := h.Add(trainingtest.Worker{Agency: a.ID, Username: "ann", Roles: []policy.Role{policy.Administrator}})
		ben := h.Add(trainingtest.Worker{Agency: b.ID, Username: "ben", Roles: []policy.Role{policy.Administrator}})
		added, err := h.Directory.AddUser(ctx, ann, directory.NewUser{Agency: a.ID, Username: "records", Name: "Records (fictional)", Kind: policy.Service, Roles: []policy.Role{policy.Practitioner}})
		if err != nil {
			t.Fatal(err)
		}
		program := added.Account.ID
		good := directory.NewToken{Account: program, Name: "Nightly count", Actions: []policy.Action{directory.ActRead}, Until: "2027-01-31"}
		if _, err := h.Directory.GiveToken(ctx, ben, good); err == nil {
			t.Error("another agency gives a token")
		}
		for field, change := range map[string]func(*directory.NewToken){
			"name":    func(n *directory.NewToken) { n.Name = "" },
			"until":   func(n *directory.NewToken) { n.Until = "" },
			"actions": func(n *directory.NewToken) { n.Actions = []policy.Action{directory.ActListColleagues} }, // for people alone
			"account": func(n *directory.NewToken) { n.Account = ann.Account },
		} {
			n := good
			change(&n)
			_, err := h.Directory.GiveToken(ctx, ann, n)
			wantFaults(t, err, field)
		}
		token, err := h.Directory.GiveToken(ctx, ann, good)
		if err != nil {
			t.Fatal(err)
		}
		p, err := h.Accounts.Program(ctx, token)
		if err != nil || p.Kind != policy.Service || p.Agency != string(a.ID) || !slices.Contains(p.Only, directory.ActRead) || slices.Contains(p.Only, directory.ActListMembers) {
			t.Errorf("%+v, %v", p, err)
		}
		for _, other := range []string{"", "waymark_", token + "x", strings.TrimPrefix(token, "waymark_")} {
			if _, err := h.Accounts.Program(ctx, other); !errors.Is(err, auth.ErrNoSession) {
				t.Errorf("%q: %v", other, err)
			}
		}
		list, err := h.Directory.Tokens(ctx, ann, program)
		if err != nil || len(list) != 1 {
			t.Fatalf("%v, %v", list, err)
		}
		if err := h.Directory.RevokeToken(ctx, ann, program, list[0].ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Accounts.Program(ctx, token); !errors.Is(err, auth.ErrNoSession) {
			t.Errorf("a token that was taken back: %v", err)
		}
	})
}
