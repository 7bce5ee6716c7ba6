package forms

import (
	"encoding/json"
	"errors"
	"log/slog"
	"time"
)

// ErrOtherForm is returned where answers meet another form, or another version of it, than they were
// given to.
var ErrOtherForm = errors.New("the answers were given to another form or another version of it")

// ResponseStatus is how far a response has come.
type ResponseStatus string

const (
	StatusInProgress     ResponseStatus = "in-progress"
	StatusCompleted      ResponseStatus = "completed"
	StatusAmended        ResponseStatus = "amended"
	StatusEnteredInError ResponseStatus = "entered-in-error"
	StatusStopped        ResponseStatus = "stopped"
)

// Label is the status in words.
func (s ResponseStatus) Label() string {
	switch s {
	case StatusCompleted:
		return "Completed"
	case StatusAmended:
		return "Amended"
	case StatusEnteredInError:
		return "Entered in error"
	case StatusStopped:
		return "Stopped"
	default:
		return "In progress"
	}
}

// Response is a QuestionnaireResponse: answers with the version of the form they were given to.
type Response struct {
	ID            string
	Questionnaire string // as Questionnaire.Canonical says it
	Status        ResponseStatus
	Authored      time.Time
	Author        string // references
	Source        string
	Subject       string
	Items         []ResponseItem

	keep object
}

// ResponseItem is an item with its answers, or a group with its items.
type ResponseItem struct {
	LinkID  string
	Text    string // as it stood in the form
	Answers []ResponseAnswer
	Items   []ResponseItem

	keep object
}

// ResponseAnswer is one value, where it came from, and the items that hang under the question.
type ResponseAnswer struct {
	Value      Value
	Provenance Provenance
	Items      []ResponseItem

	keep object
}

// String implements fmt.Stringer: answers do not print.
func (*Response) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (*Response) GoString() string { return redacted }

// LogValue implements slog.LogValuer.
func (*Response) LogValue() slog.Value { return slog.StringValue(redacted) }

// Record is how a response is made.
type Record struct {
	ID     string         // that of Previous if empty
	Status ResponseStatus // in progress if empty

	// Who, When and How are the provenance of every answer that is new or has changed. The response has
	// Who as its author and When as its time.
	Who  string
	When time.Time
	How  How

	Source  string
	Subject string

	// Previous is what the answers follow on. Those that have not changed keep where they came from, and
	// what came in with it and is not understood here is kept.
	Previous *Response
}

// Response makes a response of answers. It returns Errors where they do not hold: those of Validate when
// the response is completed or amended, otherwise those of ValidateDraft. Unanswered questions and those
// that are not asked do not stand in it.
func (q *Questionnaire) Response(a Answers, r Record) (*Response, error) {
	if r.Status == "" {
		r.Status = StatusInProgress
	}
	s := q.settle(a)
	a = s.answers
	whole := r.Status == StatusCompleted || r.Status == StatusAmended
	if err := q.validate(a, whole).Err(); err != nil {
		return nil, err
	}
	resp := &Response{
		ID: r.ID, Questionnaire: q.Canonical(), Status: r.Status, Authored: r.When, Author: r.Who,
		Source: r.Source, Subject: r.Subject,
	}
	w := writing{answers: a, asking: asking{q, a, map[*Item]bool{}, s.said}, record: r, previous: map[string]ResponseItem{}}
	if p := r.Previous; p != nil {
		if p.Questionnaire != q.Canonical() {
			return nil, ErrOtherForm
		}
		resp.keep = p.keep
		if resp.ID == "" {
			resp.ID = p.ID
		}
		w.index(p.Items)
	}
	resp.Items = w.items(q.Items)
	return resp, nil
}

type writing struct {
	answers  Answers
	asking   asking
	record   Record
	previous map[string]ResponseItem
}

func (w writing) index(items []ResponseItem) {
	for _, i := range items {
		w.previous[i.LinkID] = i
		w.index(i.Items)
		for _, a := range i.Answers {
			w.index(a.Items)
		}
	}
}

func (w writing) items(items []*Item) []ResponseItem {
	var out []ResponseItem
	for _, i := range items {
		if i.Type == TypeDisplay || !w.asking.asked(i) {
			continue
		}
		was := w.previous[i.LinkID]
		item := ResponseItem{LinkID: i.LinkID, Text: i.Text, keep: was.keep}
		if i.Type == TypeGroup {
			item.Items = w.items(i.Items)
		} else {
			item.Answers = w.values(i, was)
		}
		if len(item.Answers) > 0 || len(item.Items) > 0 {
			out = append(out, item)
		}
	}
	return out
}

// values are the answers to one question. What hangs under it hangs under the first: a question that
// repeats has no questions under it.
func (w writing) values(i *Item, was ResponseItem) []ResponseAnswer {
	given := w.answers[i.LinkID]
	taken := make([]bool, len(was.Answers)) // the same text given twice is two answers
	var out []ResponseAnswer
	for n, typed := range given.Values {
		v, ok := i.valueOf(typed)
		if !ok {
			continue // validate has refused it
		}
		answer := ResponseAnswer{Value: v, Provenance: Provenance{w.record.Who, w.record.When, w.record.How}}
		unchanged := false
		for at, p := range was.Answers {
			if !taken[at] && p.Value.Is(v) {
				taken[at], unchanged = true, true
				answer.Provenance, answer.keep = p.Provenance, p.keep
				break
			}
		}
		// An answer that says itself where it comes from is believed. Where a question has several, it
		// can only be said for those that are new.
		if !given.Provenance.isZero() && (!unchanged || !i.Repeats) {
			answer.Provenance = given.Provenance
		}
		if n == 0 {
			answer.Items = w.items(i.Items)
		}
		out = append(out, answer)
	}
	return out
}

// Answers reads a response under the version of the form that it names. It returns ErrOtherForm for
// another version, and Problems where the response does not fit the form.
func (q *Questionnaire) Answers(r *Response) (Answers, error) {
	if r.Questionnaire != q.Canonical() {
		return nil, ErrOtherForm
	}
	f := fitting{q: q, answers: Answers{}}
	f.items(r.Items, nil, 1)
	return f.answers, f.problems.err()
}

type fitting struct {
	q        *Questionnaire
	answers  Answers
	problems Problems
}

func (f *fitting) items(items []ResponseItem, parent *Item, depth int) {
	if depth > maxNesting {
		f.problems.add("", "items are nested more than %d deep", maxNesting)
		return
	}
	for _, ri := range items {
		i := f.q.Item(ri.LinkID)
		switch {
		case i == nil:
			f.problems.add(ri.LinkID, "is not in the form")
		case i.parent != parent:
			f.problems.add(ri.LinkID, "does not stand where the form has it")
		case f.answers.Answered(ri.LinkID):
			f.problems.add(ri.LinkID, "stands twice")
		case !i.IsQuestion() && len(ri.Answers) > 0:
			f.problems.add(ri.LinkID, "is no question and has an answer")
		case i.IsQuestion() && len(ri.Items) > 0:
			f.problems.add(ri.LinkID, "is a question, and items hang under it instead of under its answer")
		default:
			f.item(i, ri, depth)
		}
	}
}

func (f *fitting) item(i *Item, ri ResponseItem, depth int) {
	var given Answer
	for _, ra := range ri.Answers {
		typed, ok := i.typed(ra.Value)
		if !ok {
			f.problems.add(i.LinkID, "has an answer that the question does not take")
			continue
		}
		given.Values = append(given.Values, typed)
	}
	if len(given.Values) > 1 && !i.Repeats {
		f.problems.add(i.LinkID, "has several answers and does not repeat")
	}
	if len(given.Values) > 0 {
		given.Provenance = ri.Answers[0].Provenance
		f.answers[i.LinkID] = given
	}
	f.items(ri.Items, i, depth+1)
	for _, ra := range ri.Answers {
		f.items(ra.Items, i, depth+1)
	}
}

// ParseResponse reads a FHIR R4 QuestionnaireResponse. Whether it fits its form, Questionnaire.Answers
// says. The error is Problems.
func ParseResponse(data []byte) (*Response, error) {
	o, err := readDocument(data)
	if err != nil {
		return nil, err
	}
	var r reading
	if r.text(o, "", "resourceType") != "QuestionnaireResponse" {
		return nil, Problems{{Reason: "the file is not a QuestionnaireResponse"}}
	}
	resp := &Response{
		ID: r.text(o, "", "id"), Questionnaire: r.text(o, "", "questionnaire"),
		Status: ResponseStatus(r.text(o, "", "status")), Authored: r.time(o, "", "authored"),
		Author: r.reference(o, "", "author"), Source: r.reference(o, "", "source"), Subject: r.reference(o, "", "subject"),
		keep: o,
	}
	switch resp.Status {
	case StatusInProgress, StatusCompleted, StatusAmended, StatusEnteredInError, StatusStopped:
	default:
		r.problems.add("", "the status %q is none that a response can have", resp.Status)
	}
	if resp.Questionnaire == "" {
		r.problems.add("", "the response names no questionnaire")
	}
	if _, there := o["implicitRules"]; there || holdsAny(o, "modifierExtension") {
		r.problems.add("", "a modifier changes what the response means, and it is not supported")
	}
	resp.Items = r.responseItems(o, "", 1)
	if err := r.problems.err(); err != nil {
		return nil, err
	}
	return resp, nil
}

func holdsAny(o object, name string) bool {
	for key, raw := range o {
		if key == name || holdsName(raw, name) {
			return true
		}
	}
	return false
}

func (r *reading) responseItems(o object, linkID string, depth int) []ResponseItem {
	list := r.list(o, linkID, "item")
	// Groups and answers take turns, so a response is nested at most twice as deep as its form.
	if len(list) > 0 && depth > 2*maxNesting {
		r.problems.add(linkID, "items are nested too deeply")
		return nil
	}
	var items []ResponseItem
	for _, inner := range list {
		if r.items++; r.items > maxItems {
			r.problems.add(linkID, "the response has more than %d items", maxItems)
			return items
		}
		id := r.text(inner, linkID, "linkId")
		if id == "" {
			r.problems.add(linkID, "an item has no linkId")
			continue
		}
		item := ResponseItem{LinkID: id, Text: r.text(inner, id, "text"), keep: inner}
		for _, answer := range r.list(inner, id, "answer") {
			before := len(r.problems)
			v, ok := r.value(answer, id, "value")
			if !ok {
				if len(r.problems) == before {
					r.problems.add(id, "an answer has no value")
				}
				continue
			}
			item.Answers = append(item.Answers, ResponseAnswer{
				Value: v, Provenance: r.provenance(answer, id), Items: r.responseItems(answer, id, depth+1), keep: answer,
			})
		}
		item.Items = r.responseItems(inner, id, depth+1)
		items = append(items, item)
	}
	return items
}

func (r *reading) reference(o object, linkID, key string) string {
	if inner := r.object(o, linkID, key); inner != nil {
		return r.text(inner, linkID, "reference")
	}
	return ""
}

func (r *reading) time(o object, linkID, key string) time.Time {
	text := r.text(o, linkID, key)
	if text == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	r.problems.add(linkID, "%s is not a time", key)
	return time.Time{}
}

func (r *reading) provenance(answer object, linkID string) Provenance {
	e := r.extension(answer, linkID, extProvenance)
	if e == nil {
		return Provenance{}
	}
	var p Provenance
	for _, part := range r.list(e, linkID, "extension") {
		switch r.text(part, linkID, "url") {
		case "who":
			p.Who = r.reference(part, linkID, "valueReference")
		case "when":
			p.When = r.time(part, linkID, "valueDateTime")
		case "how":
			p.How = How(r.text(part, linkID, "valueCode"))
		}
	}
	return p
}

var (
	_ json.Marshaler = (*Response)(nil)
	_ json.Marshaler = ResponseItem{}
	_ json.Marshaler = ResponseAnswer{}
)
