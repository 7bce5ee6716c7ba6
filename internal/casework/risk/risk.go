package risk

import (
	"strings"
	"time"

	"waymark/internal/platform/forms"
)

// VisibleHighRisk is the number of themes answered yes from which risk is
// visibly high: 14 of the 24 (domain.md, section 4.2, from the national
// referral form of 2015). Judgement is never used to lower the count.
const VisibleHighRisk = 14

// Judgement is the worker's reasoned view.
type Judgement string

// The judgements. There is none that says there is no risk.
const (
	NoJudgement Judgement = ""
	High        Judgement = "high"
	NotHigh     Judgement = "not_high_now"
	Unclear     Judgement = "unclear"
)

// Judgements lists them in the order in which they are offered.
func Judgements() []Judgement { return []Judgement{High, NotHigh, Unclear} }

// Label is the judgement in words for people.
func (j Judgement) Label() string {
	switch j {
	case High:
		return "In my judgement the risk is high"
	case NotHigh:
		return "I do not judge the risk to be high at this moment"
	case Unclear:
		return "I do not know enough yet to judge"
	case NoJudgement:
		return "No judgement recorded"
	}
	return string(j)
}

// Answer is what was found about a route.
type Answer string

// The answers. Not asked and not known are not no.
const (
	NotAsked Answer = ""
	Yes      Answer = "yes"
	No       Answer = "no"
	Unknown  Answer = "unknown"
)

// Label is the answer in words for people.
func (a Answer) Label() string {
	switch a {
	case Yes:
		return "Yes"
	case No:
		return "No"
	case Unknown:
		return "Don't know"
	case NotAsked:
		return "Not answered"
	}
	return string(a)
}

// Finding is what the worker found, besides the themes.
type Finding struct {
	Judgement          Judgement
	Reason             string
	Escalation         Answer // potential escalation: more, or worse, incidents
	EscalationEvidence string
	Repeat             Answer // further abuse within 12 months of the last referral
	RepeatEvidence     string
	Views              string // the person's own view of the danger
	ReviewOn           string // YYYY-MM-DD or empty
	ActNow             bool
	WhyNow             string
}

const textMax = 8000

// Check returns what is wrong with a finding as it was typed, by field.
func (f Finding) Check() forms.Errors {
	var errs forms.Errors
	if f.Judgement == High && f.Reason == "" {
		errs.Add("reason", "Write why you judge the risk to be high: your concern in words")
	}
	if f.Escalation == Yes && f.EscalationEvidence == "" {
		errs.Add("escalation_evidence", "Write what shows that it is getting more frequent or worse")
	}
	if f.Repeat == Yes && f.RepeatEvidence == "" {
		errs.Add("repeat_evidence", "Write what happened since the last referral to MARAC, and when that was")
	}
	for _, t := range []struct{ name, text string }{
		{"reason", f.Reason}, {"escalation_evidence", f.EscalationEvidence}, {"repeat_evidence", f.RepeatEvidence}, {"views", f.Views}, {"why_now", f.WhyNow},
	} {
		if len(t.text) > textMax {
			errs.Add(t.name, "Shorten this to 8,000 characters or fewer")
		}
	}
	if f.ReviewOn != "" {
		if _, err := time.Parse(time.DateOnly, f.ReviewOn); err != nil {
			errs.Add("review_on", "Enter the day to look at this again, such as 27 3 2027, or leave it empty")
		}
	}
	return errs
}

// Route is one of the four routes to MARAC.
type Route struct {
	Name     string
	Met      Answer
	Evidence string
}

// Tally counts the themes of an identification.
type Tally struct {
	Yes, Unknown, Unanswered, Of int
}

// Visible tells whether enough themes are answered yes.
func (t Tally) Visible() bool { return t.Yes >= VisibleHighRisk }

// Routes are the four routes to MARAC, each with its evidence.
func Routes(t Tally, f Finding) []Route {
	visible := Route{Name: "Visible high risk", Met: No, Evidence: t.Words()}
	switch {
	case t.Visible():
		visible.Met = Yes
	case t.Yes+t.Unknown+t.Unanswered >= VisibleHighRisk:
		visible.Met = Unknown // what is not known could make it so
	}
	judged := Route{Name: "Professional judgement", Met: No, Evidence: f.Reason}
	switch f.Judgement {
	case High:
		judged.Met = Yes
	case Unclear:
		judged.Met = Unknown
	case NoJudgement:
		judged.Met = NotAsked
	case NotHigh:
	}
	return []Route{
		visible, judged,
		{Name: "Potential escalation", Met: f.Escalation, Evidence: f.EscalationEvidence},
		{Name: "Repeat", Met: f.Repeat, Evidence: f.RepeatEvidence},
	}
}

// IsHigh tells whether risk is high: visibly, or in the worker's judgement.
// Neither takes anything from the other.
func IsHigh(t Tally, f Finding) bool { return t.Visible() || f.Judgement == High }

// Words is the count in words, with what it leaves open.
func (t Tally) Words() string {
	var b strings.Builder
	b.WriteString(plural(t.Yes, "theme") + " answered yes of " + itoa(t.Of))
	if t.Unknown > 0 {
		b.WriteString(", " + itoa(t.Unknown) + " not known")
	}
	if t.Unanswered > 0 {
		b.WriteString(", " + itoa(t.Unanswered) + " not answered")
	}
	return b.String()
}
