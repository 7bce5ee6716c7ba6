package sharing

import (
	"net/url"
	"slices"
	"strings"

	"waymark/internal/platform/forms"
)

// Typed is a decision to share as it was typed, by the names that [NewShare.Check]
// gives back. What belongs to another answer is not kept: without scripts
// everything is on the page.
func Typed(form url.Values) NewShare {
	n := NewShare{
		Protects: form.Get("protects"), Harm: form.Get("harm"), Basis: Basis(form.Get("basis")), Rationale: form.Get("rationale"),
		Views: Views{
			Asked: Asked(form.Get("asked")), Words: form.Get("view_words"), Present: form.Get("present"),
			Informed: Informed(form.Get("informed")), How: strings.TrimSpace(form.Get("informed_how")),
		},
		Grounds: Grounds{
			SeriousRisk: slices.Contains(form["grounds"], "serious_risk"), ChildAtRisk: slices.Contains(form["grounds"], "child_at_risk"),
			Incapacity: slices.Contains(form["grounds"], "incapacity"), CourtOrder: slices.Contains(form["grounds"], "court_order"),
			Other: slices.Contains(form["grounds"], "other"),
		},
		Danger: strings.TrimSpace(form.Get("danger")), Urgent: form.Get("urgent") == "yes",
		ActNow: form.Get("act_now") == "yes", Override: strings.TrimSpace(form.Get("override")),
	}
	if n.Views.Asked != Agrees && n.Views.Asked != Opposes {
		n.Views.Why = form.Get("view_why")
	}
	if n.Views.Informed == Unsafe {
		n.Views.NotTold, n.Views.TellOn = form.Get("not_told"), forms.JoinDate(form.Get("tell_on-day"), form.Get("tell_on-month"), form.Get("tell_on-year"))
	}
	return n
}

// Codes are the grounds as they are typed.
func (g Grounds) Codes() []string {
	var out []string
	for _, of := range []struct {
		holds bool
		code  string
	}{
		{g.SeriousRisk, "serious_risk"}, {g.ChildAtRisk, "child_at_risk"}, {g.Incapacity, "incapacity"}, {g.CourtOrder, "court_order"}, {g.Other, "other"},
	} {
		if of.holds {
			out = append(out, of.code)
		}
	}
	return out
}
