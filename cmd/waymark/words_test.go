package main

import (
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/oversight"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/people"
)

// Whoever reads the ledger reads words: every action that a rule knows, those
// that stand in the ledger beside the one that was judged, and every one that a
// year of work left there.
func TestEveryActionOfTheLedgerHasWords(t *testing.T) {
	rules, err := policy.New(sources()...)
	if err != nil {
		t.Fatal(err)
	}
	actions := map[policy.Action]bool{}
	for _, a := range rules.Actions() {
		actions[a] = true
	}
	for _, a := range []policy.Action{
		auth.ActCreate, auth.ActInvite, auth.ActSignIn, auth.ActSignOut, auth.ActLock, auth.ActAccept, auth.ActCrossSite,
		cases.ActDeliver, cases.ActConflictFound, cases.ActRequest, cases.ActKeep,
		people.ActAdd, people.ActChange, people.ActContact, people.ActCode, people.ActHome,
		sharing.ActSettle, sharing.ActTakeIn, referral.ActAcknowledge, oversight.ActFound, oversight.ActPrint,
	} {
		actions[a] = true
	}
	c := newCounty(t)
	for seq := int64(0); ; {
		entries, err := c.site.waymark.guard.Since(t.Context(), seq, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) == 0 {
			break
		}
		for _, e := range entries {
			actions[e.Action] = true
			if said := oversight.Say(audit.Entry{Action: e.Action, Outcome: e.Outcome}); said == "" {
				t.Errorf("nothing is said of %s, %s", e.Action, e.Outcome)
			}
		}
		seq = entries[len(entries)-1].Seq + 1
	}
	for a := range actions {
		if !oversight.Has(a) {
			t.Errorf("%s has no words", a)
		}
	}
}
