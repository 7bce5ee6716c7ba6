package forms

import (
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strconv"
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
	Number  int // of a repetition, where it is not its place among them

	keep object
}

// ResponseAnswer is one value, where it came from, and the items that hang under the question.
type ResponseAnswer struct {
	Value      Value
	Provenance Provenance
	Items      []ResponseItem
	Number     int // of a repetition, where it is not its place among them

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
	whole := r.Status == StatusCompleted || r.Status == StatusAmended
	if err := s.validate(whole).Err(); err != nil {
		return nil, err
	}
	if q.launch.Now.IsZero() && s.q.timed(s.answers) {
		return nil, ErrNoPlace
	}
	resp := &Response{
		ID: r.ID, Questionnaire: q.Canonical(), Status: r.Status, Authored: r.When, Author: r.Who,
		Source: r.Source, Subject: r.Subject,
	}
	w := writing{q: q, answers: s.answers, asking: s.asking(), record: r, written: map[*Item]int{}}
	if p := r.Previous; p != nil {
		if p.Questionnaire != q.Canonical() {
			return nil, ErrOtherForm
		}
		resp.keep = p.keep
		if resp.ID == "" {
			resp.ID = p.ID
		}
		w.previous = q.ByKey(p)
	}
	resp.Items = w.items(s.q.Items)
	return resp, nil
}

type writing struct {
	q        *Questionnaire
	answers  Answers
	asking   asking
	record   Record
	previous map[string]ResponseItem
	written  map[*Item]int // which of its series a repetition is
}

func (w writing) items(items []*Item) []ResponseItem {
	var out []ResponseItem
	for _, i := range items {
		if i.Type == TypeDisplay || !w.asking.asked(i) {
			continue
		}
		if i.Series != nil {
			out = append(out, w.series(i)...)
			continue
		}
		if item := w.item(i); len(item.Answers) > 0 || len(item.Items) > 0 {
			out = append(out, item)
		}
	}
	return out
}

func (w writing) item(i *Item) ResponseItem {
	was := w.previous[i.LinkID]
	item := ResponseItem{LinkID: i.origin(), Text: i.Text, keep: was.keep}
	if i.Type == TypeGroup {
		item.Items = w.items(i.Items)
	} else {
		item.Answers = w.values(i, was)
	}
	return item
}

// series are the repetitions of a group one after another, or the answers to a question as those of one item.
// One in which nothing is answered is not there.
func (w writing) series(i *Item) []ResponseItem {
	var out []ResponseItem
	one := ResponseItem{LinkID: i.origin(), Text: i.Text, keep: w.previous[i.LinkID].keep}
	for _, r := range i.Items {
		if !isGiven(r, w.answers) {
			continue
		}
		item := w.item(r)
		place := len(out)
		if r.IsQuestion() {
			place = len(one.Answers)
		}
		number := 0
		if r.id != strconv.Itoa(place+1) {
			number, _ = strconv.Atoi(r.id)
		}
		switch {
		case len(item.Answers) > 0:
			item.Answers[0].Number = number
			one.Answers = append(one.Answers, item.Answers[0])
		case len(item.Items) > 0:
			item.Number = number
			out = append(out, item)
		default:
			continue
		}
		w.written[r] = place
	}
	if len(one.Answers) > 0 {
		out = append(out, one)
	}
	return out
}

// values are the answers to one question. What hangs under it hangs under the first: where a question that
// repeats has questions under it, each repetition is a question of its own.
func (w writing) values(i *Item, was ResponseItem) []ResponseAnswer {
	given := w.answers[i.LinkID]
	taken := make([]bool, len(was.Answers)) // the same text given twice is two answers
	var out []ResponseAnswer
	for n, typed := range given.Values {
		v, ok := i.valueOf(typed)
		if !ok {
			continue // validate has refused it
		}
		v = w.q.zoned(v)
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
	f := fitting{q: q, answers: Answers{}, keyed: map[string]ResponseItem{}}
	f.items(r.Items, nil, "", 1)
	return f.answers, f.problems.err()
}

// ByKey are the items of a response to this version of the form, by the linkId that they have where the form
// is spread out.
func (q *Questionnaire) ByKey(r *Response) map[string]ResponseItem {
	f := fitting{q: q, answers: Answers{}, keyed: map[string]ResponseItem{}}
	f.items(r.Items, nil, "", 1)
	return f.keyed
}

type fitting struct {
	q        *Questionnaire
	answers  Answers
	keyed    map[string]ResponseItem
	problems Problems
}

func (f *fitting) items(items []ResponseItem, parent *Item, at string, depth int) {
	if depth > maxNesting {
		f.problems.add("", "items are nested more than %d deep", maxNesting)
		return
	}
	series := map[*Item][]string{}
	for _, ri := range items {
		i := f.q.form().Item(ri.LinkID)
		_, twice := f.keyed[keyOf(ri.LinkID, at)]
		switch {
		case i == nil:
			f.problems.add(ri.LinkID, "is not in the form")
		case i.parent != parent:
			f.problems.add(ri.LinkID, "does not stand where the form has it")
		case twice, i.IsQuestion() && series[i] != nil:
			f.problems.add(ri.LinkID, "stands twice")
		case !i.IsQuestion() && len(ri.Answers) > 0:
			f.problems.add(ri.LinkID, "is no question and has an answer")
		case i.IsQuestion() && len(ri.Items) > 0:
			f.problems.add(ri.LinkID, "is a question, and items hang under it instead of under its answer")
		case i.multiplies() && i.Type == TypeGroup:
			if id := f.number(i, &series, ri.Number); id != "" {
				f.keyed[keyOf(i.LinkID, within(at, id))] = ri
				f.items(ri.Items, i, within(at, id), depth+1)
			}
		case i.multiplies():
			f.keyed[keyOf(i.LinkID, within(at, seriesEnd))] = ri
			single := *i
			single.Repeats = false
			for _, answer := range ri.Answers {
				if id := f.number(i, &series, answer.Number); id != "" {
					one := ri
					one.Answers = []ResponseAnswer{answer}
					f.item(i, &single, one, within(at, id), depth)
				}
			}
		default:
			f.item(i, i, ri, at, depth)
		}
	}
	for i, ids := range series {
		f.answers.setSeries(i, at, ids)
	}
}

// number is the next repetition of a series, or nothing for one that cannot be.
func (f *fitting) number(i *Item, series *map[*Item][]string, own int) string {
	ids := (*series)[i]
	id := strconv.Itoa(len(ids) + 1)
	if own != 0 {
		id = strconv.Itoa(own)
	}
	switch {
	case !idText.MatchString(id) || slices.Contains(ids, id):
		f.problems.add(i.LinkID, "has two repetitions with one number")
		return ""
	case len(ids) == maxRepetitions:
		f.problems.add(i.LinkID, "has more than %d repetitions", maxRepetitions)
		return ""
	}
	(*series)[i] = append(ids, id)
	return id
}

// item fits the answers to an item of the form; as is the item as it is asked there.
func (f *fitting) item(i, as *Item, ri ResponseItem, at string, depth int) {
	f.keyed[keyOf(i.LinkID, at)] = ri
	var given Answer
	for _, ra := range ri.Answers {
		typed, ok := as.typed(f.q.here(ra.Value))
		if !ok {
			f.problems.add(i.LinkID, "has an answer that the question does not take")
			continue
		}
		given.Values = append(given.Values, typed)
	}
	if len(given.Values) > 1 && !as.Repeats {
		f.problems.add(i.LinkID, "has several answers and does not repeat")
	}
	if len(given.Values) > 0 {
		given.Provenance = ri.Answers[0].Provenance
		f.answers[keyOf(i.LinkID, at)] = given
	}
	f.items(ri.Items, i, at, depth+1)
	for _, ra := range ri.Answers {
		f.items(ra.Items, i, at, depth+1)
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
		item := ResponseItem{LinkID: id, Text: r.text(inner, id, "text"), Number: r.repetition(inner, id), keep: inner}
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
				Value: v, Provenance: r.provenance(answer, id), Number: r.repetition(answer, id), Items: r.responseItems(answer, id, depth+1), keep: answer,
			})
		}
		item.Items = r.responseItems(inner, id, depth+1)
		items = append(items, item)
	}
	return items
}

// repetition is the number of a repetition that says it of itself; 0 for one that is where its number is.
func (r *reading) repetition(o object, linkID string) int {
	if _, there := o["extension"]; !there {
		return 0
	}
	if e := r.extension(o, linkID, extRepetition); e != nil {
		return r.number(e, linkID, "valuePositiveInt")
	}
	return 0
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
