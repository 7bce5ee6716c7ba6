package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/enquiry"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/risk"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// queriesMost bounds the statements of one page, the session's and the
// ledger's own left out. Most take fewer than thirty; what can be corrected in a
// case is asked of every capability that keeps something with it.
const queriesMost = 66

// more is how many there are more of everything.
const more = 10

// A page's number of queries does not grow with what there is. Every page of
// the table is opened before and after there is more of everything on it.
func TestPagesCostABoundedNumberOfQueries(t *testing.T) {
	c := newCounty(t)
	measured := map[string]bool{}
	pages := map[string][]address{} // by who opens them
	files := map[cases.ID]string{}
	for _, who := range cards() {
		b := c.as(t, who)
		for _, a := range c.crawl(t, who, likePages, func(a address) *webtest.Answer { return b.Get(a.path) }) {
			if a.method != http.MethodGet {
				continue
			}
			measured[a.pattern] = true
			pages[who] = append(pages[who], a)
			if id := anID.FindString(a.path); strings.HasPrefix(a.pattern, "/cases/{case}") && !strings.HasSuffix(a.pattern, "/lift") { // who lifts a restriction does not see the case
				files[cases.ID(id)] = who
			}
		}
	}
	for _, r := range c.frame.Routes() {
		// Nobody of the cast has a second factor to give, or is a program.
		if r.Pattern == web.SecondPath || r.Pattern == web.ConfirmPath || unlinked[r.Pattern] != "" || r.Fault != nil {
			continue
		}
		if r.Method == http.MethodGet && r.Action != "" && !measured[r.Pattern] {
			t.Errorf("no link of the demo leads to %s: it was not measured", r)
		}
	}
	measure := func() map[[2]string]int {
		out := map[[2]string]int{}
		for who, addresses := range pages {
			b := c.as(t, who)
			for _, a := range addresses {
				out[[2]string{who, a.path}] = b.Get(a.path).Queries
			}
		}
		return out
	}
	c.grow(t, files, 0) // some of everything, so that what is measured is more of it
	few := measure()
	c.grow(t, files, more)
	for page, n := range measure() {
		if n > few[page]+2 {
			t.Errorf("%s took %d statements, and %d with %d more of everything", page, few[page], n, more)
		}
		if n > queriesMost {
			t.Errorf("%s takes %d statements", page, n)
		}
	}
}

// grow adds more of everything: to each of the files, to the caseloads and
// inboxes of all who have a card, to the agency. What has to have a name of its
// own is numbered from there on.
func (c *county) grow(t *testing.T, files map[cases.ID]string, from int) {
	t.Helper()
	w := c.site.waymark
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	for id, who := range files {
		f, err := w.cases.Open(t.Context(), c.actor(t, who), id, cases.Care)
		must("a case of "+who, err)
		must(who, w.cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			for i := range more {
				_, task := w.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.AskAgain})
				_, note := w.cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, Text: fmt.Sprint("note ", i)})
				_, party := w.cases.AddParty(ctx, tx, f, cases.Child, "child", people.Details{GivenName: fmt.Sprint("Child ", i)})
				if err := errors.Join(task, note, party); err != nil {
					return err
				}
			}
			return nil
		}))
		for range more {
			_, err := w.enquiry.Record(t.Context(), f, enquiry.Enquiry{Setting: "antenatal", On: c.today(), Asked: enquiry.No, WhyNot: "not_private"})
			must("an enquiry of "+who, err)
			_, err = w.referral.Offer(t.Context(), f, referral.NewOffer{Subject: referral.Experiencing, To: c.service(t, f.Agency()), Answer: referral.Undecided})
			must("an offer of "+who, err)
			if f.Actor().Level >= risk.Floor {
				must("a risk of "+who, c.identify(t, f))
			}
		}
	}
	for _, who := range cards() {
		actor := c.actor(t, who)
		if _, err := w.cases.MayBegin(t.Context(), actor); err != nil {
			continue
		}
		for i := range more {
			f := c.begin(t, who, "Zephyrine")
			if i < 2 || who == "amira.nurse" {
				_, err := w.referral.Send(t.Context(), f, c.packet(t, f.Agency()))
				must("a referral of "+who, err)
			}
		}
	}
	operator := policy.Actor{Account: "operator:test", Kind: policy.Operator, Name: "test"}
	hospital, err := w.directory.AgencyByCode(t.Context(), operator, "hospital")
	must("the hospital", err)
	for i := from; i < from+more; i++ {
		team, err := w.directory.AddTeam(t.Context(), operator, directory.NewTeam{Agency: hospital.ID, Code: fmt.Sprint("more-", i), Name: fmt.Sprint("More ", i), TakesReferrals: true})
		must("a team", err)
		_, err = w.directory.AddUser(t.Context(), operator, directory.NewUser{
			Agency: hospital.ID, Username: fmt.Sprint("more.", i), Name: fmt.Sprint("More ", i), Kind: policy.Human,
			Roles: []policy.Role{policy.Practitioner}, Teams: []directory.TeamID{team.ID},
		})
		must("a colleague", err)
	}
}

func (c *county) today() string { return c.site.waymark.db.Clock()().Format("2006-01-02") }

// service is the team that an agency's referrals go to: the advocates, and from
// their own agency the refuge.
func (c *county) service(t *testing.T, from string) sharing.Recipient {
	t.Helper()
	to := c.actor(t, "lena.idva")
	if to.Agency == from {
		to = c.actor(t, "wren.refuge")
	}
	return sharing.Recipient{Agency: to.Agency, Team: to.Teams[0]}
}

func (c *county) packet(t *testing.T, from string) referral.NewReferral {
	t.Helper()
	return referral.NewReferral{
		Subject: referral.Experiencing, Why: "Wants support that we cannot give.",
		Share: sharing.NewShare{
			To: c.service(t, from), Protects: "The person", Harm: "More abuse", Basis: sharing.PublicTask, Rationale: "They cannot support without it.",
			Override: "No agreement is asked here.",
			Views:    sharing.Views{Asked: sharing.Agrees, Words: "Yes", Present: "nobody else", Informed: sharing.Told},
		},
	}
}

// identify identifies the risk of a file anew.
func (c *county) identify(t *testing.T, f *cases.File) error {
	t.Helper()
	w := c.site.waymark
	n := risk.NewIdentification{Answers: forms.Answers{}, Finding: risk.Finding{Judgement: risk.NotHigh}}
	n.Answers.Set("1", "yes")
	err := w.db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		last, err := w.risk.Latest(ctx, tx, f)
		n.After = last.ID
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	_, err = w.risk.Identify(t.Context(), f, n)
	return err
}
