package main

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/directory"
)

// absent is an id that never was.
const absent = "0190b0b0-0000-7000-8000-000000000000"

var anID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// strangers are somebody of each role in an agency that is none of those the
// others work in.
func (c *county) strangers(t *testing.T) []*webtest.Browser {
	t.Helper()
	w := c.site.waymark
	operator := policy.Actor{Account: "operator:test", Kind: policy.Operator, Name: "test"}
	agency, err := w.directory.AddAgency(t.Context(), operator, directory.NewAgency{Code: "elsewhere", Name: "Elsewhere (fictional)", Sector: directory.Health})
	if err != nil {
		t.Fatal(err)
	}
	team, err := w.directory.AddTeam(t.Context(), operator, directory.NewTeam{Agency: agency.ID, Code: "team", Name: "Team", TakesReferrals: true})
	if err != nil {
		t.Fatal(err)
	}
	var out []*webtest.Browser
	for _, role := range policy.Roles() {
		added, err := w.directory.AddUser(t.Context(), operator, directory.NewUser{
			Agency: agency.ID, Username: "elsewhere." + string(role), Name: "Somebody (fictional)", Kind: policy.Human,
			Roles: []policy.Role{role}, Teams: []directory.TeamID{team.ID},
			Training: &directory.Trained{Level: 4, AchievedOn: "2026-01-05", Source: "made up"},
		})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, webtest.SignedIn(t, c.frame, w.auth, w.guard.Log, added.Account.ID))
	}
	return out
}

// asked is what a request came to: the answer and what the ledger says of it.
type asked struct {
	answer  *webtest.Answer
	entries []audit.Entry
}

func (c *county) ask(t *testing.T, b *webtest.Browser, a address) asked {
	t.Helper()
	before := c.entries(t)
	answer := b.Send(webtest.Ask{Method: a.method, Path: a.path, Form: a.form})
	return asked{answer, c.entriesSince(t, before)}
}

// refused tells whether one refusal is all that was recorded.
func (a asked) refused() bool { return len(a.entries) == 1 && a.entries[0].Outcome == audit.Refused }

// findings are what the cast found, one address of a route and a file each.
func (c *county) findings(t *testing.T) []address {
	t.Helper()
	tried := map[string]bool{}
	var out []address
	for _, a := range c.walked(t) {
		key := a.method + " " + a.pattern + " " + anID.FindString(a.path)
		if strings.Contains(a.pattern, "{") && anID.MatchString(a.path) && !tried[key] {
			tried[key] = true
			out = append(out, a)
		}
	}
	return append(out, c.unlinked()...)
}

// Another agency's records are not there: on every route of the table that
// leads to one, with every form that is sent to one, the answer is that for an
// id that never was, and each leaves the one entry of a refusal.
func TestAnotherAgencysRecordsAreNotThere(t *testing.T) {
	c := newCounty(t)
	strangers := c.strangers(t)
	tried := map[string]bool{}
	for _, a := range c.findings(t) {
		route := a.method + " " + a.pattern
		if tried[route] || ofThePartnership(a.pattern) {
			continue
		}
		tried[route] = true
		never := a
		never.path = anID.ReplaceAllString(a.path, absent)
		for _, stranger := range strangers {
			for _, form := range sendings(a) {
				a.form, never.form = form, form
				theirs, nobodys := c.ask(t, stranger, a), c.ask(t, stranger, never)
				by := fmt.Sprintf("%v of another agency", stranger.Actor.Roles)
				sameAnswer(t, by, a, theirs, nobodys)
				if s := theirs.answer.Status; s != http.StatusNotFound && s != http.StatusForbidden {
					t.Errorf("%s: %s %s gives %d", by, a.method, a.path, s)
				}
				if !theirs.refused() || !nobodys.refused() {
					t.Errorf("%s: %s %s: %s; for an id that never was: %s", by, a.method, a.path, theirs.outcomes(), nobodys.outcomes())
				}
			}
		}
	}
	for _, r := range c.frame.Routes() {
		if r.Action != "" && strings.Contains(r.Pattern, "{") && !tried[r.String()] && !ofThePartnership(r.Pattern) {
			t.Errorf("no link or form of the demo leads to %s", r)
		}
	}
}

// ofThePartnership tells whether a page is of something that no agency owns and
// every agency reads: it is about nobody. Every agency says who of its own sits at any
// MARAC, and commissioners see the year of each, with small counts suppressed.
func ofThePartnership(pattern string) bool {
	return slices.ContainsFunc([]string{"/pathways/{pathway}", "/marac/{agency}/ours", "/marac/{agency}/year"}, func(p string) bool { return strings.HasPrefix(pattern, p) })
}

// What belongs to another file is not there in one's own, wherever the other
// file is.
func TestAnotherFilesRecordsAreNotThere(t *testing.T) {
	c := newCounty(t)
	found := c.findings(t)
	tried := map[string]bool{}
	for _, a := range found {
		route := a.method + " " + a.pattern
		ids := anID.FindAllString(a.path, -1)
		if len(ids) < 2 || tried[route] {
			continue
		}
		b := c.as(t, a.by)
		for _, other := range found {
			theirs := anID.FindAllString(other.path, -1)
			if !strings.HasPrefix(a.pattern, other.pattern) || len(theirs) < 2 || theirs[0] == ids[0] {
				continue
			}
			tried[route] = true
			for _, form := range sendings(a) {
				mixed, never := a, a
				mixed.form, never.form = form, form
				mixed.path = strings.Replace(a.path, ids[1], theirs[1], 1)
				never.path = strings.Replace(a.path, ids[1], absent, 1)
				x, y := c.ask(t, b, mixed), c.ask(t, b, never)
				sameAnswer(t, a.by, mixed, x, y)
				if x.outcomes() != y.outcomes() {
					t.Errorf("%s: %s %s: %s; for an id that never was: %s", a.by, a.method, mixed.path, x.outcomes(), y.outcomes())
				}
				if x.answer.Status < http.StatusBadRequest {
					t.Errorf("%s: %s %s gives %d", a.by, a.method, mixed.path, x.answer.Status)
				}
			}
		}
	}
	for _, r := range c.frame.Routes() {
		// A token of a program belongs to no file. A step is a code of its pathway and a
		// clause a number of its agreement: neither is a record that others have, too. What is below the address of a
		// MARAC is its own, and the demo has one: packages marac, meeting and actions ask with two. Of research a
		// depth and of a return a quarter are codes.
		alike := slices.ContainsFunc([]string{"/agency/", "/pathways/{pathway}/draft/", "/cases/{case}/pathway/", "/agreements/{agreement}/clauses/", "/marac/{agency}/", "/research/boards/{meeting}/{depth}", "/research/packs/{meeting}/{depth}"}, func(p string) bool { return strings.HasPrefix(r.Pattern, p) })
		if strings.Count(r.Pattern, "{") > 1 && !alike && !tried[r.String()] {
			t.Errorf("the demo has no two examples of %s in different files", r)
		}
	}
}

func sameAnswer(t *testing.T, by string, a address, one, never asked) {
	t.Helper()
	if one.answer.Status != never.answer.Status || one.answer.Body != never.answer.Body ||
		!maps.EqualFunc(one.answer.Header, never.answer.Header, slices.Equal) {
		t.Errorf("%s: %s %s gives %d, and an id that never was %d: the answers differ", by, a.method, a.path, one.answer.Status, never.answer.Status)
	}
}

// sendings are the forms to send to an address: none for a page, for a form what
// stands in it and nothing at all.
func sendings(a address) []url.Values {
	if a.method == http.MethodGet {
		return []url.Values{nil}
	}
	return []url.Values{a.form, {}}
}

// outcomes are what the ledger says became of it.
func (a asked) outcomes() string {
	var out []string
	for _, e := range a.entries {
		out = append(out, string(e.Outcome)+" "+string(e.Action))
	}
	return "the ledger says [" + strings.Join(out, ", ") + "]"
}
