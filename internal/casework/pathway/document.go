package pathway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/measures"
	"waymark/internal/registers/provision"
)

// Format is the one shape of documents there is.
const Format = "waymark-pathway/1"

// For is the kind of person a pathway is for.
type For string

// The kinds of person. A child's pathway stands beside that of the adult.
const (
	Experiencing For = "experiencing"
	Perpetrating For = "perpetrating"
	Child        For = "child"
)

// Label is it in words for people.
func (f For) Label() string {
	switch f {
	case Experiencing:
		return "People who experience abuse"
	case Perpetrating:
		return "People who harm"
	case Child:
		return "Children and young people"
	}
	return string(f)
}

// Document is one version of a pathway, as it is written. Local tells that the
// partnership has set the deadlines itself.
type Document struct {
	Format   string   `json:"pathway"`
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Summary  string   `json:"summary"`
	For      For      `json:"for"`
	Settings []string `json:"settings,omitempty"` // of the enquiry; none means every one
	Boxes    []int    `json:"boxes"`
	Local    bool     `json:"local,omitempty"`
	Steps    []Step   `json:"steps"`
}

// Step is one thing that is due when its condition holds.
type Step struct {
	ID     string    `json:"id"`
	Title  string    `json:"title"`
	Text   string    `json:"text,omitempty"`
	When   Condition `json:"when"`
	Unless Condition `json:"unless,omitzero"`
	Done   Condition `json:"done,omitzero"` // which record shows that it was taken
	Within Within    `json:"within"`
	Each   bool      `json:"each,omitempty"` // it is due again when it is called for again
	Urgent bool      `json:"urgent,omitempty"`
	Assess Assess    `json:"assesses,omitempty"`
	Offers []string  `json:"services,omitempty"` // who takes it, in words, where no kind of service does
	// Takers are the kinds of service that take it: which of them there are, the
	// list of services says.
	Takers  []provision.Kind `json:"takers,omitempty"`
	Page    string           `json:"page,omitempty"` // of the case, on which it is done
	Serves  []string         `json:"obligations"`
	Follows []int            `json:"recommendations,omitempty"`
}

// Assess is whose risk a step assesses.
type Assess string

// Whose risk.
const (
	Adults   Assess = "adults"
	Children Assess = "children"
)

// Within is how soon. Exactly one of the two is set: hours count from the moment
// of what calls for the step, days are working days after it; weekends are not.
type Within struct {
	Hours int `json:"hours,omitempty"`
	Days  int `json:"days,omitempty"`
}

// Words is it in words for people.
func (w Within) Words() string {
	switch {
	case w.Hours == 1:
		return "within an hour"
	case w.Hours > 0:
		return fmt.Sprintf("within %d hours", w.Hours)
	case w.Days == 1:
		return "by the next working day"
	}
	return fmt.Sprintf("within %d working days", w.Days)
}

// Condition is what must be recorded of a case. Exactly one of its parts is set;
// the zero Condition is none at all.
type Condition struct {
	Event cases.EventKind   `json:"event,omitempty"`
	Fact  string            `json:"fact,omitempty"`
	Where map[string]string `json:"where,omitempty"` // properties of the fact
	Party cases.Role        `json:"party,omitempty"`
	All   []Condition       `json:"all,omitempty"`
	Any   []Condition       `json:"any,omitempty"`
	Not   *Condition        `json:"not,omitempty"`
}

// IsZero tells whether nothing is asked.
func (c Condition) IsZero() bool {
	return c.Event == "" && c.Fact == "" && len(c.Where) == 0 && c.Party == "" && len(c.All) == 0 && len(c.Any) == 0 && c.Not == nil
}

// Problem is one thing that is wrong with a document: where, and what.
type Problem struct{ At, What string }

// Problems are all that is wrong with a document.
type Problems []Problem

// Error implements error, a problem a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.At + ": " + one.What
	}
	return strings.Join(lines, "\n")
}

// Known says which facts and obligations there are, so that a document names
// nothing that is not. Fact reports whether a fact of a kind can have properties
// with such values; it returns an error that says why not.
type Known struct {
	Settings   []string
	Fact       func(kind string, where map[string]string) error
	Obligation func(id string) bool
	// Facts are the kinds there are, for whoever puts a condition together.
	Facts []measures.Kind
}

// Part says why a condition on a case cannot ask for something, nil when it can.
func (k Known) Part(c Condition) error {
	check := checker{known: k}
	check.condition("this", c, 1)
	if len(check.problems) > 0 {
		return check.problems
	}
	return nil
}

// Bounds of a document.
const (
	sizeMost  = 256 << 10
	stepsMost = 100
	depthMost = 6
	partsMost = 20
	wordsMost = 600
)

var code = regexp.MustCompile(`^[a-z][a-z0-9-]{0,59}$`)

// Parse reads a document. It returns [Problems]: everything that keeps it from
// being published, each where it is.
func Parse(data []byte, known Known) (Document, error) {
	var d Document
	if len(data) > sizeMost {
		return d, Problems{{"the file", fmt.Sprintf("is larger than %d KB", sizeMost>>10)}}
	}
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	if err := in.Decode(&d); err != nil {
		return d, Problems{{"the file", "is not a pathway: " + strings.TrimPrefix(err.Error(), "json: ")}}
	}
	if _, err := in.Token(); err == nil {
		return d, Problems{{"the file", "goes on after the pathway has ended"}}
	}
	return d, d.Check(known)
}

// Check is everything that keeps a document from being published, or nil.
func (d Document) Check(known Known) error {
	c := checker{known: known}
	c.document(d)
	if len(c.problems) > 0 {
		return c.problems
	}
	return nil
}

// reserved are the ids that pages have.
var reserved = []string{"coverage", "new", "overdue"}

// rests tells whether something recorded makes a condition hold whenever it does,
// so that there is a moment from which time counts.
func (c Condition) rests() bool {
	return c.Event != "" || c.Fact != "" || c.Party != "" || slices.ContainsFunc(c.All, Condition.rests) ||
		len(c.Any) > 0 && !slices.ContainsFunc(c.Any, func(inner Condition) bool { return !inner.rests() })
}

type checker struct {
	known    Known
	problems Problems
}

func (c *checker) bad(at, format string, args ...any) {
	c.problems = append(c.problems, Problem{at, fmt.Sprintf(format, args...)})
}

func (c *checker) words(at, what, text string, needed bool) {
	switch {
	case needed && strings.TrimSpace(text) == "":
		c.bad(at, "has no %s", what)
	case len(text) > wordsMost:
		c.bad(at, "has a %s of more than %d characters", what, wordsMost)
	}
}

func (c *checker) document(d Document) {
	const top = "the pathway"
	if d.Format != Format {
		c.bad(top, "is of the format %q, and %q can be read", d.Format, Format)
	}
	if !code.MatchString(d.ID) {
		c.bad(top, "has the id %q: small letters, digits and hyphens make one", d.ID)
	}
	if slices.Contains(reserved, d.ID) {
		c.bad(top, "has the id %q, which is the name of a page", d.ID)
	}
	c.words(top, "title", d.Title, true)
	c.words(top, "summary", d.Summary, true)
	if !slices.Contains([]For{Experiencing, Perpetrating, Child}, d.For) {
		c.bad(top, "is for %q, which is no kind of person", d.For)
	}
	for _, s := range d.Settings {
		if !slices.Contains(c.known.Settings, s) {
			c.bad(top, "names the setting %q, which there is not", s)
		}
	}
	for _, b := range d.Boxes {
		if b < 1 || b > 16 {
			c.bad(top, "names box %d, and there are sixteen", b)
		}
	}
	if len(d.Boxes) == 0 {
		c.bad(top, "names no box of the guideline")
	}
	if len(d.Steps) == 0 || len(d.Steps) > stepsMost {
		c.bad(top, "has %d steps: one to %d can be followed", len(d.Steps), stepsMost)
	}
	seen := map[string]bool{}
	assessed := map[Assess]bool{}
	for n, s := range d.Steps {
		at := fmt.Sprintf("step %d", n+1)
		if s.ID != "" {
			at = "step " + s.ID
		}
		if !code.MatchString(s.ID) || seen[s.ID] {
			c.bad(at, "has no id of its own made of small letters, digits and hyphens")
		}
		seen[s.ID], assessed[s.Assess] = true, true
		c.step(at, s)
	}
	if d.For != Child && !assessed[Adults] {
		c.bad(top, "has no step that assesses the risk to adults (B6.6)")
	}
	if !assessed[Children] {
		c.bad(top, "has no step that assesses the risk to children (B6.7)")
	}
}

// pages are those of a case that a step can lead to.
var pages = []string{"", "circumstances", "enquiries/new", "plan/new", "referrals/new", "referrals/offer", "risk/new", "support"}

func (c *checker) step(at string, s Step) {
	c.words(at, "title", s.Title, true)
	c.words(at, "text", s.Text, false)
	if s.When.IsZero() {
		c.bad(at, "says nothing of when it is due")
	}
	if !s.When.IsZero() && !s.When.rests() {
		c.bad(at, "rests only on what is not recorded, so that nothing says since when it is due")
	}
	c.condition(at+", when", s.When, 1)
	c.condition(at+", unless", s.Unless, 1)
	c.condition(at+", done", s.Done, 1)
	if (s.Within.Hours > 0) == (s.Within.Days > 0) || s.Within.Hours < 0 || s.Within.Days < 0 || s.Within.Hours > 24*366 || s.Within.Days > 366 {
		c.bad(at, "is to be taken within hours or working days, one of the two, and within a year")
	}
	if !slices.Contains([]Assess{"", Adults, Children}, s.Assess) {
		c.bad(at, "assesses %q, which is nobody", s.Assess)
	}
	if !slices.Contains(pages, s.Page) {
		c.bad(at, "leads to the page %q, which there is not", s.Page)
	}
	for _, o := range s.Offers {
		c.words(at, "kind of service", o, true)
	}
	for _, k := range s.Takers {
		if !slices.Contains(provision.Kinds(), k) {
			c.bad(at, "names the kind of service %q, which there is not", k)
		}
	}
	if len(s.Serves) == 0 {
		c.bad(at, "serves no obligation")
	}
	for _, id := range s.Serves {
		if !c.known.Obligation(id) {
			c.bad(at, "serves %q, which is no obligation", id)
		}
	}
	for _, r := range s.Follows {
		if r < 1 || r > 17 {
			c.bad(at, "follows recommendation %d, and there are seventeen", r)
		}
	}
}

func (c *checker) condition(at string, of Condition, depth int) {
	if of.IsZero() {
		return
	}
	if depth > depthMost {
		c.bad(at, "is nested too deeply")
		return
	}
	parts := 0
	for _, set := range []bool{of.Event != "", of.Fact != "", of.Party != "", len(of.All) > 0, len(of.Any) > 0, of.Not != nil} {
		if set {
			parts++
		}
	}
	if parts != 1 || of.Fact == "" && len(of.Where) > 0 || len(of.All)+len(of.Any) > partsMost {
		c.bad(at, "asks for more than one thing at once: use all or any, with up to %d parts", partsMost)
	}
	if of.Event != "" && !of.Event.Known() {
		c.bad(at, "names the entry %q, which no chronology has", of.Event)
	}
	if slices.Contains([]string{of.Where["domain"], of.Where["reason"]}, "entitlement") || of.Where["reason"] == "no_recourse" {
		c.bad(at, "asks for what lies in a compartment of the case: not everybody who sees what is due may know of it")
	}
	if of.Fact != "" {
		if err := c.known.Fact(of.Fact, of.Where); err != nil {
			c.bad(at, "%v", err)
		}
	}
	if of.Party != "" && !slices.Contains(cases.PartyRoles(), of.Party) {
		c.bad(at, "names the role %q, which nobody has", of.Party)
	}
	for _, inner := range slices.Concat(of.All, of.Any) {
		if inner.IsZero() {
			c.bad(at, "has a part that asks for nothing")
		}
		c.condition(at, inner, depth+1)
	}
	if of.Not != nil {
		if of.Not.IsZero() {
			c.bad(at, "has a part that asks for nothing")
		}
		c.condition(at, *of.Not, depth+1)
	}
}

// errNoPathway is what nobody has published.
var errNoPathway = errors.New("there is no such pathway")
