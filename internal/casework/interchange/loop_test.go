package interchange_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/interchange"
	"waymark/internal/casework/referral"
)

// Wherever a referral stands, a program is told so in a word that it can ask
// for; one that is new to this package is found here.
func TestEveryStateHasAStatusThatCanBeAskedFor(t *testing.T) {
	now := time.Date(2026, time.June, 15, 9, 0, 0, 0, time.UTC)
	want := map[referral.State]string{
		referral.Sent: "requested", referral.Acknowledged: "received", referral.Accepted: "accepted", referral.Declined: "rejected", referral.FedBack: "in-progress",
		referral.OnList: "on-hold", referral.Contacted: "in-progress", referral.Engaged: "in-progress", referral.Ended: "completed", referral.PassedOn: "completed",
	}
	before := []referral.State{referral.Offered, referral.DeclinedByPerson, referral.Agreed, referral.NotAsked} // nothing was sent
	for _, state := range referral.States() {
		st := interchange.Standing{State: state, ExpiresAt: now.Add(time.Hour)}
		if state == referral.Withdrawn {
			st.WithdrawnAt = now
			want[state] = "cancelled"
		}
		if slices.Contains(before, state) {
			continue
		}
		if got := st.Status(now); got != want[state] || !slices.Contains(interchange.Statuses(), got) {
			t.Errorf("%s is %q, want %q", state, got, want[state])
		}
	}
	if got := (interchange.Standing{State: referral.Sent, ExpiresAt: now}).Status(now); got != "failed" {
		t.Errorf("one that expired is %q", got)
	}
}

// A Task of what expired says so, and is among what is new since. Why nothing came
// of a referral is said in words that tell nothing about anybody.
func TestATaskSaysWhyAndNothingOfThePerson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		now := w.Clock.Now()
		read := func(st interchange.Standing) (out struct {
			Status, LastModified string
			StatusReason         struct{ Text string }
			BusinessStatus       struct{ Text string }
		},
		) {
			doc := w.Interchange.Task(st)
			isFHIR(t, "Task", doc)
			must(t, json.Unmarshal(doc, &out))
			return out
		}
		st := interchange.Standing{Share: "0190b0b0-2222-7000-8000-000000000001", State: referral.Acknowledged, SentAt: now.Add(-2 * time.Hour), ExpiresAt: now.Add(-time.Hour)}
		got := read(st)
		if got.Status != "failed" || got.BusinessStatus.Text != "Expired before anybody decided" || got.StatusReason.Text == "" || !st.Changed(now).Equal(st.ExpiresAt) {
			t.Errorf("expired: %+v", got)
		}
		if live := (interchange.Standing{State: referral.Sent, SentAt: now, ExpiresAt: now.Add(time.Hour)}); !live.Changed(now).Equal(now) {
			t.Error("it moved before it expired")
		}
		for _, reason := range append(referral.Reasons(), "He lives at 1 Made Up Lane") {
			st := interchange.Standing{Share: st.Share, State: referral.Declined, Reason: reason, SentAt: now, ExpiresAt: now.Add(time.Hour)}
			doc := string(w.Interchange.Task(st))
			for _, word := range []string{"known", "person could", "reached", "They live", "Made Up"} {
				if strings.Contains(doc, word) {
					t.Errorf("%s: the Task says %q", reason, word)
				}
			}
			if read(st).StatusReason.Text == "" {
				t.Errorf("%s: it is not said why", reason)
			}
		}
	})
}
