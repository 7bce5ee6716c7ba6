package referral_test

import (
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/people"
)

var (
	rob  = people.Details{GivenName: "Rob", FamilyName: "Example", Born: "1988-05-05"}
	maya = people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27", Language: "English"}
)

// harming is a referral of a person who harms, sent by the hospital.
func (w *world) harming(t *testing.T) sharing.ID {
	t.Helper()
	n := w.newReferral()
	n.Subject, n.Why, n.Said = referral.Perpetrating, "He asked for help to change", "I shout at her and cannot stop"
	f := w.BeginFor(t, w.Actor(t, casestest.Nurse), rob, cases.Experiencing)
	id, err := w.Referrals.Send(t.Context(), f, n)
	must(t, err)
	r, err := w.Referrals.Get(t.Context(), f, id)
	must(t, err)
	return r.Share
}

func (w *world) accepts(t *testing.T, who string, share sharing.ID) *cases.File {
	t.Helper()
	p := w.receive(t, who, share)
	must(t, w.Referrals.Acknowledge(t.Context(), p))
	f, err := w.Referrals.Accept(t.Context(), p, "")
	must(t, err)
	return f
}

// sees tells whether a file is there for somebody: opened, and in their list.
func (w *world) sees(t *testing.T, actor policy.Actor, f *cases.File) bool {
	t.Helper()
	_, err := w.Cases.Open(t.Context(), actor, f.ID(), cases.Care)
	rows, listErr := w.Cases.Caseload(t.Context(), actor, cases.All, nil, 50)
	must(t, listErr)
	listed := false
	for _, r := range rows {
		listed = listed || r.ID == f.ID()
	}
	if listed != (err == nil) {
		t.Errorf("%s: opened %v, listed %v", actor.Name, err, listed)
	}
	return err == nil
}

// hers begins the file of the person harmed at the same agency, held by one
// worker without a team, with the person who harms in it.
func (w *world) hers(t *testing.T, who string) *cases.File {
	t.Helper()
	actor := w.Actor(t, who)
	actor.Teams = nil
	f := w.BeginFor(t, actor, maya, cases.Experiencing)
	w.Add(t, f, cases.Perpetrator, rob)
	return f
}

// The file that an accepted referral of a person who harms opens is on their
// side, and the wall to the file of the person harmed stands at once, whichever
// of the two was there first.
//
// Proves: B6.8
func TestAcceptingSomebodyWhoHarmsPutsTheWallUp(t *testing.T) {
	for name, first := range map[string]bool{"his file first": true, "her file first": false} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				idva, colleague := w.Actor(t, casestest.IDVA), w.Actor(t, casestest.Colleague)
				share := w.harming(t)
				var his, hers *cases.File
				if first {
					his = w.accepts(t, casestest.Colleague, share)
					hers = w.hers(t, casestest.IDVA)
				} else {
					hers = w.hers(t, casestest.IDVA)
					his = w.accepts(t, casestest.Colleague, share)
				}
				if his.Side() != cases.Perpetrating || hers.Side() != cases.Experiencing {
					t.Fatalf("his file is on the side %q, hers on %q", his.Side(), hers.Side())
				}
				if !w.sees(t, colleague, his) || !w.sees(t, idva, hers) {
					t.Error("a worker does not see their own side")
				}
				if w.sees(t, colleague, hers) || w.sees(t, idva, his) {
					t.Error("a worker sees across")
				}
				manager := w.Actor(t, casestest.HavenManager)
				if !w.sees(t, manager, his) || !w.sees(t, manager, hers) {
					t.Error("the manager, who works with neither, has lost one")
				}
			})
		})
	}
}

// Who works with the person harmed and accepts the person who harms has lost
// the first, and their key contact is told, so that somebody else takes it.
func TestWhoeverAcceptsBothSidesLosesTheHarmed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		idva := w.Actor(t, casestest.IDVA)
		hers := w.hers(t, casestest.IDVA)
		his := w.accepts(t, casestest.IDVA, w.harming(t))
		if w.sees(t, idva, hers) || !w.sees(t, idva, his) {
			t.Error("the wall does not stand between the two files of one worker")
		}
		notices, err := w.Cases.Notices(t.Context(), w.Actor(t, casestest.HavenContact), 10)
		must(t, err)
		if len(notices) != 1 || notices[0].Kind != cases.NoticeBothSides || notices[0].File != hers.ID() {
			t.Errorf("the key contact is told of %+v", notices)
		}
	})
}

func TestAcceptingSomebodyHarmedIsOnTheirSide(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, _, share := w.send(t)
		if f := w.accepts(t, casestest.IDVA, share); f.Side() != cases.Experiencing {
			t.Errorf("the file is on the side %q", f.Side())
		}
	})
}
