package risk

import (
	"strconv"
	"strings"
	"time"

	"waymark/internal/platform/forms"
)

// Danger is how high risk was at the moment of an assessment. There is none
// that says there is no risk.
type Danger string

// The levels, the highest first.
const (
	Grave   Danger = "high"
	Open    Danger = "open"
	NotSeen Danger = "not_high"
)

// Dangers lists them, the highest first.
func Dangers() []Danger { return []Danger{Grave, Open, NotSeen} }

// Label is the level in words for people.
func (d Danger) Label() string {
	switch d {
	case Grave:
		return "High risk"
	case Open:
		return "Not known to be high: some themes are open"
	case NotSeen:
		return "Not identified as high at that moment"
	}
	return string(d)
}

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

// Finding is what the worker found, besides the answers.
type Finding struct {
	Judgement          Judgement
	Reason             string
	Escalation         Answer // potential escalation: more, or worse, incidents
	EscalationEvidence string
	Incidents          string // reported to police in the past 12 months, as a number
	Repeat             Answer // further abuse since the last referral to MARAC
	RepeatEvidence     string
	LastReferral       string // the day of it, YYYY-MM-DD or empty
	RepeatOn           string // the day of the further abuse
	RepeatCrime        Answer // whether it would be a crime if it were reported
	Views              string // the person's own view of the danger
	ReviewOn           string // YYYY-MM-DD or empty
	ActNow             bool
	WhyNow             string

	// RepeatRule is the rule that applied on the day; it is set when the
	// finding is recorded.
	RepeatRule RepeatRule
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
	if n, err := strconv.Atoi(f.Incidents); f.Incidents != "" && (err != nil || n < 0 || n > 10_000) {
		errs.Add("incidents", "Enter how many incidents were reported to police, such as 3, or leave it empty")
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
	for _, d := range []struct{ name, day, what string }{
		{"last_referral", f.LastReferral, "Enter the day of the last referral to MARAC, such as 27 3 2027, or leave it empty"},
		{"repeat_on", f.RepeatOn, "Enter the day of the further abuse, such as 27 3 2027, or leave it empty"},
		{"review_on", f.ReviewOn, "Enter the day to look at this again, such as 27 3 2027, or leave it empty"},
	} {
		if _, err := time.Parse(time.DateOnly, d.day); d.day != "" && err != nil {
			errs.Add(d.name, d.what)
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

// Tally is what the answers of an identification come to.
type Tally struct {
	Yes, Unknown, Unanswered, Of int
	// Total is what the form worked out, where that is its score: ByTotal. It is
	// empty when nothing could be worked out.
	Total   string
	ByTotal bool
}

// Routes are the four routes to MARAC, each with its evidence. They are four
// facts; none is taken from another.
func (r *Scoring) Routes(t Tally, f Finding) []Route {
	if r.Kind == FollowUp {
		return nil
	}
	visible := Route{Name: "Visible high risk", Met: r.visible(t), Evidence: t.Words()}
	switch {
	case r.From == 0:
		visible.Evidence += ". No number is set for these questions"
	case r.Local:
		visible.Evidence += ". Met from " + itoa(r.From) + " on: a local number"
	default:
		visible.Evidence += ". Met from " + itoa(r.From) + " on"
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
	return []Route{visible, judged, r.escalation(f), f.repeat()}
}

// escalation is met when the worker sees it, and when the number of incidents
// reported to police in twelve months is reached.
func (r *Scoring) escalation(f Finding) Route {
	route := Route{Name: "Potential escalation", Met: f.Escalation, Evidence: f.EscalationEvidence}
	n, err := strconv.Atoi(f.Incidents)
	if err != nil {
		return route
	}
	words := plural(n, "incident") + " reported to police in the past 12 months"
	if r.Incidents > 0 && n >= r.Incidents {
		route.Met = Yes
		words += " (" + itoa(r.Incidents) + " or more)"
	}
	route.Evidence = sentences(route.Evidence, words)
	return route
}

func (f Finding) repeat() Route {
	met, looked := f.RepeatRule.Judge(f)
	return Route{Name: "Repeat", Met: met, Evidence: sentences(f.RepeatEvidence, looked)}
}

// sentences puts what was written before what is known of it.
func sentences(written, known string) string {
	switch {
	case written == "":
		return known
	case known == "":
		return written
	}
	return strings.TrimRight(written, ". ") + ". " + known
}

// Words is the score in words, with what it leaves open.
func (t Tally) Words() string {
	var b strings.Builder
	switch {
	case t.ByTotal && t.Total == "":
		b.WriteString("No total could be worked out over " + plural(t.Of, "question"))
	case t.ByTotal:
		b.WriteString("Total " + t.Total + " over " + plural(t.Of, "question"))
	default:
		b.WriteString(plural(t.Yes, "theme") + " answered yes of " + itoa(t.Of))
	}
	if t.Unknown > 0 {
		b.WriteString(", " + itoa(t.Unknown) + " not known")
	}
	if t.Unanswered > 0 {
		b.WriteString(", " + itoa(t.Unanswered) + " not answered")
	}
	return b.String()
}
