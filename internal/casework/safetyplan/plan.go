package safetyplan

import (
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
)

// ID names one version of a plan.
type ID string

// Subject is the version in a ledger entry.
func (id ID) Subject() audit.Subject { return audit.Subject{Kind: "safety_plan", ID: string(id)} }

// Made is how a plan came about.
type Made string

// The ways. The zero value is not answered.
const (
	NotSaid  Made = ""
	Together Made = "together"
	Alone    Made = "alone"
)

// Label is the way in words for people.
func (m Made) Label() string {
	switch m {
	case Together:
		return "Together with the person"
	case Alone:
		return "By the worker, without the person"
	case NotSaid:
		return "Not recorded"
	}
	return string(m)
}

// Form is how a person holds a plan.
type Form string

// The forms. Nothing is the default, and nothing else is assumed.
const (
	Nothing Form = "none"
	Spoken  Form = "spoken"
	Card    Form = "card"
	Page    Form = "page"
)

// Forms lists them in the order in which they are offered.
func Forms() []Form { return []Form{Nothing, Spoken, Card, Page} }

// Label is the form in words for people.
func (f Form) Label() string {
	switch f {
	case Nothing:
		return "Nothing: they hold no copy"
	case Spoken:
		return "Spoken: it is read out to them"
	case Card:
		return "A small card that tells nobody anything"
	case Page:
		return "A plain page"
	}
	return string(f)
}

// Hint says what a form means.
func (f Form) Hint() string {
	switch f {
	case Nothing:
		return "Choose this unless the person said that something else is safe."
	case Spoken:
		return "As often as they like. Nothing is printed."
	case Card:
		return "It carries only the lines that were written for it, without a name."
	case Page:
		return "The plan in full, without safe places and the code word."
	}
	return ""
}

func (f Form) known() bool { return f == Nothing || f == Spoken || f == Card || f == Page }

// Plan is one version as it was recorded, without what is kept apart.
type Plan struct {
	ID         ID
	Number     int64
	Questions  string // question set, url|version
	Response   *forms.Response
	HasApart   bool // something is kept apart
	Made       Made
	WhyAlone   string
	Present    string
	Views      string
	ReviewOn   string // YYYY-MM-DD
	ActNow     bool
	WhyNow     string
	Level      int
	RecordedAt time.Time
	RecordedBy string // account
}

// LogValue and String keep words out of logs.
func (Plan) String() string { return "[redacted]" }

// NewPlan is a plan as it was written.
type NewPlan struct {
	// Answers are those of the page. What is kept apart never stands on it: an
	// empty answer to one of those questions keeps what was there.
	Answers  forms.Answers
	Made     Made
	WhyAlone string
	Present  string
	Views    string
	ReviewOn string
	Copy     Form // empty: nothing
	CopyWhy  string
	ActNow   bool
	WhyNow   string
	// After is the version the worker had before them, empty for none.
	After ID
}

const textMax = 8000

// Check returns what is wrong with a plan as it was written, by field. today is
// the day of the deployment.
func (f *Frame) Check(n NewPlan, today string) forms.Errors {
	var errs forms.Errors
	if n.Made != Together && n.Made != Alone {
		errs.Add("made", "Select who made this plan")
	}
	if n.Made == Alone && n.WhyAlone == "" {
		errs.Add("why_alone", "Write why it was made without the person, and when you go through it with them")
	}
	if n.Made == Together && n.Present == "" {
		errs.Add("present", "Write who was there, or “nobody else”")
	}
	checkReview(&errs, n.ReviewOn, today)
	if !n.Copy.known() {
		errs.Add("copy", "Select how the person can hold it safely")
	}
	if n.Copy == Card && f.cardText(n.Answers) == "" {
		errs.Add("copy", "Write the lines of the card, or select another form")
	}
	for _, link := range f.card {
		if word := cases.TellsTopic(n.Answers.Text(link)); word != "" {
			errs.Add(f.Whole.Item(link).Field(), "Find other words for “"+word+"”: whoever finds the card must not learn from it what it is for")
		}
	}
	if len(n.Answers) == 0 && n.After == "" {
		for i := range f.Whole.Questions() {
			errs.Add(i.Field(), "Write down at least one thing")
			break
		}
	}
	for _, t := range []struct{ name, text string }{
		{"why_alone", n.WhyAlone}, {"present", n.Present}, {"views", n.Views}, {"copy_why", n.CopyWhy}, {"why_now", n.WhyNow},
	} {
		checkLength(&errs, t.name, t.text)
	}
	return errs
}

func (f *Frame) cardText(a forms.Answers) string {
	var out string
	for _, link := range f.card {
		out += strings.TrimSpace(a.Text(link))
	}
	return out
}

func checkReview(errs *forms.Errors, on, today string) {
	switch _, err := time.Parse(time.DateOnly, on); {
	case err != nil:
		errs.Add("review_on", "Enter the day to look at this plan again, such as 27 3 2027")
	case on < today:
		errs.Add("review_on", "The day to look at it again has passed: enter today or a later one")
	}
}

func checkLength(errs *forms.Errors, name, text string) {
	if len(text) > textMax {
		errs.Add(name, "Shorten this to 8,000 characters or fewer")
	}
}
