package forms

import (
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Answers are what was typed or chosen, by linkId, whether it holds or not. Reading from nil is fine.
type Answers map[string]Answer

// Answer is what was given to one question: texts as typed, the keys of options, "true" or "false", and
// dates as JoinDate makes them. It has no values when nothing was given.
type Answer struct {
	Values     []string
	Provenance Provenance // the zero value: whoever makes the response, then
}

// Provenance is where an answer comes from.
type Provenance struct {
	Who  string // a reference, such as "Practitioner/…"
	When time.Time
	How  How
}

func (p Provenance) isZero() bool { return p.Who == "" && p.When.IsZero() && p.How == HowUnknown }

func (p Provenance) is(other Provenance) bool {
	return p.Who == other.Who && p.How == other.How && p.When.Equal(other.When)
}

// How an answer came.
type How string

const (
	HowUnknown How = ""
	HowAsked   How = "asked"  // the person was asked
	HowRecord  How = "record" // it stood in a record
	HowPaper   How = "paper"  // it was copied from a form on paper
)

// Hows are the ways to choose from.
func Hows() []How { return []How{HowAsked, HowRecord, HowPaper} }

// Label is the way in words.
func (h How) Label() string {
	switch h {
	case HowAsked:
		return "Asked"
	case HowRecord:
		return "From a record"
	case HowPaper:
		return "From a paper form"
	default:
		return "Not recorded"
	}
}

// Give is an answer.
func Give(values ...string) Answer { return Answer{Values: values} }

// Text is the first value of an answer, or nothing.
func (a Answers) Text(linkID string) string {
	if values := a[linkID].Values; len(values) > 0 {
		return values[0]
	}
	return ""
}

// Values are the values of an answer.
func (a Answers) Values(linkID string) []string { return a[linkID].Values }

// Answered says whether there is an answer, right or wrong.
func (a Answers) Answered(linkID string) bool { return len(a[linkID].Values) > 0 }

// Set changes an answer, or takes it away when there are no values. Where it came from is forgotten.
func (a Answers) Set(linkID string, values ...string) {
	if len(values) == 0 {
		delete(a, linkID)
		return
	}
	a[linkID] = Give(values...)
}

// Answers are about a person, so they do not print.
const redacted = "[redacted]"

// String implements fmt.Stringer.
func (Answers) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (Answers) GoString() string { return redacted }

// LogValue implements slog.LogValuer.
func (Answers) LogValue() slog.Value { return slog.StringValue(redacted) }

// Start is what a new form begins with: the initial values that the question set names.
func (q *Questionnaire) Start() Answers {
	a := Answers{}
	for i := range q.Questions() {
		if len(i.Initial) > 0 {
			a[i.LinkID] = Give(i.Initial...)
		}
	}
	return a
}

// Decode takes the form's fields out of what was sent and keeps what was typed, right or wrong. Fields of
// others are left alone.
func Decode(q *Questionnaire, form url.Values) Answers {
	a := Answers{}
	for i := range q.Questions() {
		if i.Hidden || i.calculated != nil {
			continue // not on the page, or not to be typed
		}
		if i.ReadOnly && len(i.Initial) > 0 {
			a[i.LinkID] = Give(i.Initial...) // the form gives it, whatever was sent
			continue
		}
		if values := i.decode(form); len(values) > 0 {
			a[i.LinkID] = Give(values...)
		}
	}
	return a
}

func (i *Item) decode(form url.Values) []string {
	name := i.Field()
	if i.Type == TypeDate {
		box := func(part string) string {
			return clean(strings.Join(form[name+"-"+part], " "))
		}
		if value := JoinDate(box("day"), box("month"), box("year")); value != "" {
			return []string{value}
		}
		return nil
	}
	var values []string
	sentAll := form[name]
	if i.Open {
		sentAll = slices.Concat(sentAll, form[name+otherField])
	}
	for _, sent := range sentAll {
		lines := []string{sent}
		if i.Repeats && i.Type != TypeChoice { // one answer a line
			lines = strings.Split(clean(sent), "\n")
		}
		for _, v := range lines {
			if v = clean(v); i.Type != TypeText {
				v = oneLine(v)
			}
			if i.Type == TypeTime {
				v = joinTime(v)
			}
			if v != "" && !(i.Type == TypeChoice && slices.Contains(values, v)) {
				values = append(values, v)
			}
		}
	}
	return values
}

// otherField is what the name of the field of another answer ends with.
const otherField = "-other"

// clean brings typed text to the form in which it is stored: valid, with \n for line ends, without
// control characters and the space around it.
func clean(s string) string {
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(c rune) rune {
		switch {
		case c == '\r':
			return '\n'
		case c < ' ' && c != '\n' && c != '\t', c >= 0x7f && c < 0xa0:
			return -1
		}
		return c
	}, s)
	return strings.TrimSpace(s)
}
