package main

import (
	"strings"
	"testing"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/web/webtest"
)

// Rules S1, S3, S4, S5, S7, S13, S19, and: signed out leads to sign-in, every
// change has its cross-origin check, every link leads somewhere.
func TestTheWholeRouteTable(t *testing.T) {
	c := newCounty(t)
	var walkers []*webtest.Browser
	for _, who := range []string{"amira.nurse", "lena.idva", "nia.manager", "carl.manager", "ines.commissioner", "tom.admin", "greta.contact", "cora.marac"} {
		walkers = append(walkers, c.as(t, who))
	}
	examples := c.examples(t, cards()...)
	for _, r := range c.frame.Routes() {
		if strings.Contains(r.Pattern, "{") && len(examples[r.Pattern]) == 0 && !strings.Contains(r.Pattern, "{$}") {
			t.Errorf("no link of the demo leads to %s", r)
		}
	}
	closed := map[string]string{
		"/account/drafts/{draft}":                             "nobody of the cast left a form unsent; authweb tests it",
		"/fhir/Task":                                          "programs ask there, and get no page; interchangeweb tests it",
		"/fhir/Task/{task}":                                   "programs ask there, and get no page; interchangeweb tests it",
		"/api/v1/referrals":                                   "programs ask there, and get no page; gatewayweb tests it",
		"/api/v1/referrals/{referral}":                        "programs ask there, and get no page; gatewayweb tests it",
		"/api/v1/webhooks":                                    "programs ask there, and get no page; gatewayweb tests it",
		"/api/v1/webhooks/{webhook}":                          "programs ask there, and get no page; gatewayweb tests it",
		"/research/lines/{line}":                              "nobody alike is in the files of the cast; researchweb tests it",
		"/research/boards/{meeting}":                          "everybody of the demo was asked about everything; researchweb tests it",
		"/research/packs/{meeting}/{depth}/print":             "nobody of the cast has accepted the statement of a meeting with returns; researchweb tests it",
		"/marac/{agency}/meetings/{meeting}/run/{case}/since": "a script asks there, and gets no page; meetingweb tests it",
		"/marac/{agency}/meetings/{meeting}/room/pulse":       "a script asks there, and gets no page; meetingweb tests it",
		"/marac/{agency}/meetings/{meeting}/minutes":          "its form stands on the minutes of a meeting that has ended; meetingweb tests it",
		"/feeds/{token}":                                      "an address is shown once and is no page; appointmentsweb tests it",
	}
	webtest.CheckAll(t, webtest.Walk{Closed: closed, Frame: c.frame, Examples: examples, DB: c.site.waymark.db, Names: []string{"Zephyrine", "Walker"}, People: walkers})
}

// docs/generated/routes.md lists the table.
func TestTheListOfRoutesIsCurrent(t *testing.T) {
	c := newCounty(t)
	want := routesDocument(c.frame.Routes())
	checkDocument(t, "routes.md", want)
}

// docs/generated/rules.md lists every rule with its sentence.
func TestTheListOfRulesIsCurrent(t *testing.T) {
	rules, err := policy.New(sources()...)
	if err != nil {
		t.Fatal(err)
	}
	checkDocument(t, "rules.md", rulesDocument(rules.Rules()))
}
