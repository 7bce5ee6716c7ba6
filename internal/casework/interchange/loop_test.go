package interchange_test

import (
	"slices"
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
