package oversight_test

import (
	"testing"

	"waymark/internal/casework/oversight"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
)

func TestAnEntryIsSaidInPlainWords(t *testing.T) {
	for _, c := range []struct {
		e    audit.Entry
		want string
	}{
		{audit.Entry{Action: "case.open", Outcome: audit.Allowed}, "Opened the case"},
		{audit.Entry{Action: "case.open", Outcome: audit.Refused}, "Was refused to open a case"},
		{audit.Entry{Action: "enquiry.record", Outcome: audit.Done}, "Recorded asking and what was said"},
		{audit.Entry{Action: "enquiry.record", Outcome: audit.Allowed}, "Opened a page to record asking and what was said"},
		{audit.Entry{Action: "case.from_tomorrow", Outcome: audit.Done}, "Case.from_tomorrow"},
	} {
		if got := oversight.Say(c.e); got != c.want {
			t.Errorf("%s, %s is said as %q, not %q", c.e.Action, c.e.Outcome, got, c.want)
		}
	}
}

// Every rule of this package has its words; the command's test asks for those
// of all others.
func TestEveryActionHereHasWords(t *testing.T) {
	rules, err := policy.New(oversight.Rules())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range rules.Actions() {
		if !oversight.Has(a) {
			t.Errorf("%s has no words", a)
		}
	}
}
