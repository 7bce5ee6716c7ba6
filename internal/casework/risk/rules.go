package risk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/platform/forms"
)

// Kind is what an instrument is for.
type Kind string

// The kinds of instrument.
const (
	Assessment Kind = "assessment" // it identifies risk, by itself
	FollowUp   Kind = "follow_up"  // it finds out more where an answer called for it
)

// Label is the kind in words for people.
func (k Kind) Label() string {
	switch k {
	case Assessment:
		return "Risk identification and assessment"
	case FollowUp:
		return "Follow-up"
	}
	return string(k)
}

// Audience is whom an instrument is asked of.
type Audience string

// The audiences.
const (
	Adults      Audience = "adult"
	YoungPeople Audience = "young_person"
	Anyone      Audience = "anyone"
)

// Label is the audience in words for people.
func (a Audience) Label() string {
	switch a {
	case Adults:
		return "For adults"
	case YoungPeople:
		return "For young people of about 13 to 17"
	case Anyone:
		return "For anyone"
	}
	return string(a)
}

// rulesFormat is the one shape of rule files there is.
const rulesFormat = "waymark-risk/1"

// Scoring is what the answers to a question set mean for risk. It is loaded
// with the set and never changes once it has been answered.
type Scoring struct {
	Set   string // url|version
	Kind  Kind
	For   Audience
	Frame bool // it holds no wording yet and is offered to nobody
	// Count names a count of the question set, Total a question that is worked
	// out. One of them is the score.
	Count, Total string
	// From is from which score risk is visibly high, and Incidents how many
	// incidents reported to police in twelve months are an escalation; 0 where
	// there is no number. Local tells that the partnership set them.
	From, Incidents int
	Local           bool
	// Bands are local words for scores. There are none unless they are on.
	Bands   []Band
	Reviews map[Danger]int // days
	Prompts []Prompt
	Limits  []string
}

// Band is a local word for scores from a number on.
type Band struct {
	Label string `json:"label"`
	From  int    `json:"from"`
}

// Prompt is an answer that calls for a follow-up.
type Prompt struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
	Set      string `json:"set"` // address of the set that follows, without its version
	Why      string `json:"why"`
}

// rulesFile is the file as it is written.
type rulesFile struct {
	Rules      string         `json:"rules"`
	Set        string         `json:"set"`
	Kind       Kind           `json:"kind"`
	For        Audience       `json:"for"`
	Frame      bool           `json:"frame"`
	Score      scoreFile      `json:"score"`
	MARAC      maracFile      `json:"marac"`
	Bands      bandsFile      `json:"bands"`
	ReviewDays map[string]int `json:"review_days"`
	Prompts    []Prompt       `json:"prompts"`
	Limits     []string       `json:"limits"`
}

type scoreFile struct {
	Count string `json:"count"`
	Total string `json:"total"`
}

type maracFile struct {
	CountFrom     int  `json:"count_from"`
	IncidentsFrom int  `json:"incidents_from"`
	Local         bool `json:"local"`
}

type bandsFile struct {
	On bool   `json:"on"`
	Of []Band `json:"of"`
}

const (
	rulesMost   = 64 << 10
	limitsMost  = 12
	wordsMost   = 1000
	promptsMost = 20
	bandsMost   = 8
	daysMost    = 400
)

// ParseRules reads the rule file of a question set. It returns forms.Problems:
// everything that keeps it from being used, each by name.
func ParseRules(q *forms.Questionnaire, data []byte) (*Scoring, error) {
	file, err := readRules(data)
	if err != nil {
		return nil, forms.Problems{{Reason: "rule file: " + err.Error()}}
	}
	c := checking{q: q}
	r := &Scoring{
		Set: file.Set, Kind: file.Kind, For: file.For, Frame: file.Frame, Count: file.Score.Count, Total: file.Score.Total,
		From: file.MARAC.CountFrom, Incidents: file.MARAC.IncidentsFrom, Local: file.MARAC.Local,
		Prompts: file.Prompts, Limits: file.Limits, Reviews: map[Danger]int{},
	}
	if file.Rules != rulesFormat {
		c.bad("", "rules is %q; the shape that is known is %q", file.Rules, rulesFormat)
	}
	if file.Set != q.Canonical() {
		c.bad("", "set is %q, and the question set is %q", file.Set, q.Canonical())
	}
	if r.Kind != Assessment && r.Kind != FollowUp {
		c.bad("", "kind is %q, and neither assessment nor follow_up", string(r.Kind))
	}
	if !slices.Contains([]Audience{Adults, YoungPeople, Anyone}, r.For) {
		c.bad("", "for is %q, and none of adult, young_person, anyone", string(r.For))
	}
	c.score(r)
	c.marac(r)
	r.Bands = c.bands(file.Bands)
	c.reviews(r, file.ReviewDays)
	c.prompts(r)
	c.limits(r)
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return r, nil
}

// CheckRules is [ParseRules] for whoever loads a file and does not use it.
func CheckRules(q *forms.Questionnaire, data []byte) error {
	_, err := ParseRules(q, data)
	return err
}

func readRules(data []byte) (rulesFile, error) {
	var f rulesFile
	if len(data) > rulesMost {
		return f, fmt.Errorf("it is larger than %d kB", rulesMost>>10)
	}
	if err := namedOnce(data); err != nil {
		return f, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return f, errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return f, errors.New("it goes on after its end")
	}
	return f, nil
}

// namedOnce refuses a name that stands twice in one object: readers would
// differ in which one they take.
func namedOnce(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	type level struct {
		names map[string]bool // nil in a list
		value bool
	}
	var stack []*level
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && len(stack) == 0 {
			return nil
		}
		if err != nil {
			return errors.New("it is not JSON")
		}
		delim, isDelim := token.(json.Delim)
		if isDelim && (delim == '}' || delim == ']') {
			stack = stack[:len(stack)-1]
			continue
		}
		if n := len(stack); n > 0 && stack[n-1].names != nil {
			top := stack[n-1]
			if name, is := token.(string); is && !top.value {
				if top.names[name] {
					return fmt.Errorf("%q stands twice in one object", name)
				}
				top.names[name], top.value = true, true
				continue
			}
			top.value = false
		}
		if isDelim {
			l := &level{}
			if delim == '{' {
				l.names = map[string]bool{}
			}
			stack = append(stack, l)
		}
	}
}

// checking checks a rule file against its question set.
type checking struct {
	q        *forms.Questionnaire
	problems forms.Problems
}

func (c *checking) bad(linkID, format string, args ...any) {
	c.problems = append(c.problems, forms.Problem{LinkID: linkID, Reason: "rule file: " + fmt.Sprintf(format, args...)})
}

func (c *checking) score(r *Scoring) {
	switch {
	case (r.Count == "") == (r.Total == ""):
		c.bad("", "score names a count or a total, one of the two")
	case r.Count != "" && c.q.Score(r.Count) == nil:
		c.bad("", "score names the count %q, which the question set does not declare", r.Count)
	case r.Total != "":
		i := c.q.Item(r.Total)
		switch {
		case i == nil || !i.Worked() || i.Type != forms.TypeInteger && i.Type != forms.TypeDecimal:
			c.bad(r.Total, "score names it as the total, and it is no number that the form works out")
		case i.InSeries():
			c.bad(r.Total, "score names it as the total, and it stands in a part of the form that repeats")
		case i.Hidden:
			c.bad(r.Total, "score names it as the total, and it is hidden: what decides something is shown")
		}
	}
}

func (c *checking) marac(r *Scoring) {
	for name, n := range map[string]int{"marac.count_from": r.From, "marac.incidents_from": r.Incidents} {
		if n < 0 || n > 10_000 {
			c.bad("", "%s is %d", name, n)
		}
	}
	if s := c.q.Score(r.Count); r.Count != "" && s != nil && r.From > len(s.Questions) {
		c.bad("", "marac.count_from is %d, and %d questions are counted: it could never be reached", r.From, len(s.Questions))
	}
	if r.Kind == FollowUp && (r.From > 0 || r.Incidents > 0) {
		c.bad("", "a follow_up has no marac numbers: what it tells goes into an assessment")
	}
}

func (c *checking) bands(f bandsFile) []Band {
	if len(f.Of) > bandsMost {
		c.bad("", "there are more than %d bands", bandsMost)
	}
	for n, b := range f.Of {
		if strings.TrimSpace(b.Label) == "" || len(b.Label) > 60 {
			c.bad("", "band %d has no label, or a long one", n+1)
		}
		if n == 0 && b.From != 0 {
			c.bad("", "the first band begins at %d and not at 0", b.From)
		}
		if n > 0 && b.From <= f.Of[n-1].From {
			c.bad("", "band %d does not begin above the one before it", n+1)
		}
	}
	if f.On && len(f.Of) == 0 {
		c.bad("", "bands are on, and there are none")
	}
	if !f.On {
		return nil
	}
	return f.Of
}

func (c *checking) reviews(r *Scoring, days map[string]int) {
	for _, name := range slices.Sorted(maps.Keys(days)) {
		d, n := Danger(name), days[name]
		switch {
		case !slices.Contains(Dangers(), d):
			c.bad("", "review_days names %q, and none of high, open, not_high", name)
		case n < 1 || n > daysMost:
			c.bad("", "review_days.%s is %d, and not 1 to %d days", name, n, daysMost)
		}
		r.Reviews[d] = n
	}
	if r.Kind == FollowUp {
		if len(days) > 0 {
			c.bad("", "a follow_up has no review_days: the assessment has")
		}
		return
	}
	for _, d := range Dangers() {
		if _, there := days[string(d)]; !there {
			c.bad("", "review_days does not say when %q is looked at again", string(d))
		}
	}
	if r.Reviews[Grave] > r.Reviews[Open] || r.Reviews[Open] > r.Reviews[NotSeen] {
		c.bad("", "review_days lets a higher risk wait longer than a lower one")
	}
}

func (c *checking) prompts(r *Scoring) {
	if len(r.Prompts) > promptsMost {
		c.bad("", "there are more than %d prompts", promptsMost)
	}
	for _, p := range r.Prompts {
		i := c.q.Item(p.Question)
		switch {
		case i == nil || i.Type != forms.TypeChoice:
			c.bad(p.Question, "a prompt hangs on it, and it is no choice of the form")
		case i.InSeries():
			c.bad(p.Question, "a prompt hangs on it, and it stands in a part of the form that repeats")
		case i.Option(p.Answer) == nil:
			c.bad(p.Question, "a prompt hangs on the answer %q, which it does not offer", p.Answer)
		}
		if p.Set == "" || strings.Contains(p.Set, "|") {
			c.bad(p.Question, "a prompt names the address of the set that follows, without its version")
		}
		if strings.TrimSpace(p.Why) == "" || len(p.Why) > wordsMost {
			c.bad(p.Question, "a prompt does not say why, or at length")
		}
	}
}

func (c *checking) limits(r *Scoring) {
	if len(r.Limits) == 0 {
		c.bad("", "limits is empty: a score is not shown without what it cannot tell")
	}
	if len(r.Limits) > limitsMost {
		c.bad("", "there are more than %d limits", limitsMost)
	}
	for n, l := range r.Limits {
		if strings.TrimSpace(l) == "" || len(l) > wordsMost {
			c.bad("", "limit %d is empty or too long", n+1)
		}
	}
}

// score is what counts, as a number. It is not there when nothing was worked
// out: it is never 0 instead.
func (r *Scoring) score(t Tally) (float64, bool) {
	if r.Total == "" {
		return float64(t.Yes), true
	}
	n, err := strconv.ParseFloat(t.Total, 64)
	return n, err == nil
}

// Visible tells whether the score makes risk visibly high.
func (r *Scoring) Visible(t Tally) bool {
	n, there := r.score(t)
	return r.From > 0 && there && n >= float64(r.From)
}

// visible is the first route: what is not known could make it so.
func (r *Scoring) visible(t Tally) Answer {
	switch {
	case r.From == 0:
		return NotAsked
	case r.Visible(t):
		return Yes
	case r.Total != "" && t.Unanswered+t.Unknown > 0, r.Total == "" && t.Yes+t.Unknown+t.Unanswered >= r.From:
		return Unknown
	}
	return No
}

// Danger is how high the risk was at that moment: by the score or by the
// worker's judgement, whichever is higher. Neither takes from the other.
func (r *Scoring) Danger(t Tally, f Finding) Danger {
	switch {
	case r.Kind == FollowUp:
		return ""
	case r.Visible(t) || f.Judgement == High:
		return Grave
	case f.Judgement == Unclear || t.Unknown+t.Unanswered > 0:
		return Open
	}
	return NotSeen
}

// Band is the local word for a score, the highest where the worker judged risk
// to be high; empty where bands are off.
func (r *Scoring) Band(t Tally, f Finding) string {
	if len(r.Bands) == 0 {
		return ""
	}
	if r.Danger(t, f) == Grave {
		return r.Bands[len(r.Bands)-1].Label
	}
	n, there := r.score(t)
	band := ""
	for _, b := range r.Bands {
		if there && n >= float64(b.From) {
			band = b.Label
		}
	}
	return band
}

// Called are the prompts that answers set off.
func (r *Scoring) Called(a forms.Answers) []Prompt {
	var out []Prompt
	for _, p := range r.Prompts {
		if slices.Contains(a.Values(p.Question), p.Answer) {
			out = append(out, p)
		}
	}
	return out
}
