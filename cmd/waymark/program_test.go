package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/directory"
)

// A program with a token for everything that a program can be let do, at an
// agency and in every role, is refused wherever something is acknowledged.
//
// Proves: B6.31.
func TestNoProgramAcknowledges(t *testing.T) {
	c := newCounty(t)
	w, ctx := c.site.waymark, t.Context()
	lena := c.as(t, "lena.idva")
	examples := c.examples(t, "lena.idva", "amira.nurse")
	admin := webtest.Operator
	agency := directory.AgencyID(lena.Actor.Agency)
	var teams []directory.TeamID
	for _, id := range lena.Actor.Teams {
		teams = append(teams, directory.TeamID(id))
	}
	added, err := w.directory.AddUser(ctx, admin, directory.NewUser{
		Agency: agency, Username: "records.program", Name: "Records (fictional)", Kind: policy.Service, Roles: policy.Roles(), Teams: teams,
	})
	if err != nil {
		t.Fatal(err)
	}
	can := w.directory.ProgramActions(agency)
	if len(can) < 5 || slices.Contains(can, sharing.ActAcknowledge) {
		t.Fatalf("programs can be let do %v", can)
	}
	n := directory.NewToken{Account: added.Account.ID, Name: "Everything", Actions: append(slices.Clone(can), sharing.ActAcknowledge), Until: "2099-01-31"}
	if _, err := w.directory.GiveToken(ctx, admin, n); err == nil {
		t.Fatal("a token for acknowledging was given")
	}
	n.Actions = can
	token, err := w.directory.GiveToken(ctx, admin, n)
	if err != nil {
		t.Fatal(err)
	}
	program := webtest.NewBrowser(t, c.frame).Sending("Authorization", "Bearer "+token)
	before, walked := c.entries(t), 0
	for _, r := range c.frame.Routes() {
		if r.Method != http.MethodPost || r.Action == "" {
			continue
		}
		for _, path := range append(slices.Clone(examples[r.Pattern]), r.Pattern) {
			if strings.Contains(path, "{") {
				continue
			}
			walked++
			if a := program.Post(path, url.Values{}); strings.Contains(path, "acknowledge") && a.Status < 400 {
				t.Errorf("%s is answered with %d", path, a.Status)
			}
		}
	}
	if walked < 10 {
		t.Errorf("only %d routes were walked", walked)
	}
	for _, e := range c.entriesSince(t, before) {
		if e.Actor == added.Account.ID && e.Outcome == audit.Done && strings.HasSuffix(string(e.Action), "acknowledge") {
			t.Errorf("a program acknowledged: %+v", e)
		}
	}

	// With a token for one thing only, everything else is refused by that rule.
	n.Actions = []policy.Action{directory.ActRead}
	token, err = w.directory.GiveToken(ctx, admin, n)
	if err != nil {
		t.Fatal(err)
	}
	reader := webtest.NewBrowser(t, c.frame).Sending("Authorization", "Bearer "+token)
	if a := reader.Get("/directory"); a.Status != http.StatusOK {
		t.Errorf("what the token names: %d", a.Status)
	}
	from := c.entries(t)
	if a := reader.Get("/agency"); a.Status != http.StatusForbidden && a.Status != http.StatusNotFound {
		t.Errorf("what the token does not name: %d", a.Status)
	}
	var refused []audit.Entry
	for _, e := range c.entriesSince(t, from) {
		if e.Actor == added.Account.ID && e.Outcome == audit.Refused {
			refused = append(refused, e)
		}
	}
	if len(refused) != 1 || !strings.Contains(refused[0].Reason, "token-scope") {
		t.Errorf("the ledger says %+v", refused)
	}

	if a := webtest.NewBrowser(t, c.frame).Sending("Authorization", "Bearer made-up").Get("/directory"); a.Status != http.StatusUnauthorized {
		t.Errorf("a token that never was: %d", a.Status)
	}
}
