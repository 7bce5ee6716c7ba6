package forms

import (
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Answers are what was typed or chosen, whether it holds or not, by the linkId that a question has where the
// form is spread out: its own, save in what repeats. Reading from nil is fine.
type Answers map[string]Answer

// Answer is what was given to one question: texts as typed, the keys of options, "true" or "false", and
// dates and quantities as JoinDate and the like make them. It has no values when nothing was given.
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

// AnswersOf are answers that were kept as their values alone.
func AnswersOf(values map[string][]string) Answers {
	a := Answers{}
	for key, given := range values {
		a.Set(key, given...)
	}
	return a
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
	q.begin(a, q.form().Items, "")
	return a
}

// begin sets the initial values of items that are new, as they stand in the form.
func (q *Questionnaire) begin(a Answers, items []*Item, at string) {
	for _, i := range items {
		if i.multiplies() {
			ids := countTo(max(i.least(), min(len(i.Initial), i.most())))
			a.setSeries(i, at, ids)
			for _, id := range ids {
				q.beginOne(a, i, within(at, id))
			}
			continue
		}
		if i.IsQuestion() && len(i.Initial) > 0 {
			a[keyOf(i.LinkID, at)] = Give(i.Initial...)
		}
		q.begin(a, i.Items, at)
	}
}

// beginOne sets the initial values of a repetition.
func (q *Questionnaire) beginOne(a Answers, i *Item, at string) {
	n, err := strconv.Atoi(at[strings.LastIndexByte(at, '.')+1:])
	if i.IsQuestion() && err == nil && n <= len(i.Initial) {
		a[keyOf(i.LinkID, at)] = Give(i.Initial[n-1])
	}
	q.begin(a, i.Items, at)
}

// What a page sends to be shown again, with what its answers change, under AgainField: any word, or one of
// these and a field.
const (
	AgainField = "show-again"
	AgainAdd   = "add "    // one more repetition of a series
	AgainTake  = "remove " // a repetition
	AgainBack  = "back "   // one that was removed
	goneField  = "-gone"
)

// GoneField is the field of the numbers of repetitions that were removed.
func (s *Series) GoneField(i *Item) string { return i.Field() + goneField }

// Number is which of a series a repetition is for good.
func (i *Item) Number() string { return i.id }

// Decode takes the form's fields out of what was sent and keeps what was typed, right or wrong. Fields of
// others are left alone. Where the page was sent to add or to remove a repetition, it is done: what was
// answered in one that is removed is kept, and no longer asked.
func Decode(q *Questionnaire, form url.Values) Answers {
	d := decoding{q: q, form: form, a: Answers{}, left: maxSpread}
	d.items(q.form().Items, "")
	return d.a
}

type decoding struct {
	q    *Questionnaire
	form url.Values
	a    Answers
	left int
}

func (d *decoding) items(items []*Item, at string) {
	for _, i := range items {
		if d.left--; d.left < 0 {
			return
		}
		if i.multiplies() {
			d.series(i, at)
			continue
		}
		d.question(i, i, at)
		d.items(i.Items, at)
	}
}

func (d *decoding) series(i *Item, at string) {
	field := fieldOf(keyOf(i.LinkID, within(at, seriesEnd)))
	ids, gone := numbers(d.form[field]), numbers(d.form[field+goneField])
	if len(ids) == 0 {
		ids = countTo(i.least())
	}
	gone = slices.DeleteFunc(gone, func(id string) bool { return slices.Contains(ids, id) })
	press, fresh := d.form.Get(AgainField), ""
	if press == AgainAdd+field && len(ids) < i.most() {
		fresh = nextNumber(ids, gone)
		ids = append(ids, fresh)
	}
	for _, id := range slices.Concat(ids, gone) {
		one := fieldOf(keyOf(i.LinkID, within(at, id)))
		switch at := slices.Index(ids, id); {
		case press == AgainTake+one && at >= 0 && len(ids) > 1:
			ids, gone = slices.Delete(slices.Clone(ids), at, at+1), append(gone, id)
		case press == AgainBack+one && at < 0 && len(ids) < i.most():
			ids = append(ids, id)
		}
	}
	d.a.setSeries(i, at, ids)
	single := *i
	single.Repeats = false
	for _, id := range union(ids, gone) {
		if d.left--; d.left < 0 {
			return
		}
		if id == fresh {
			d.q.beginOne(d.a, i, within(at, id))
			continue
		}
		d.question(i, &single, within(at, id))
		d.items(i.Items, within(at, id))
	}
}

func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// nextNumber is one that no repetition has had.
func nextNumber(lists ...[]string) string {
	most := 0
	for _, id := range slices.Concat(lists...) {
		if n, err := strconv.Atoi(id); err == nil {
			most = max(most, n)
		}
	}
	return strconv.Itoa(most + 1)
}

// question decodes the answers to an item of the form; as is the item as it is asked there.
func (d *decoding) question(i, as *Item, at string) {
	if !i.IsQuestion() || i.Hidden || i.calculated != nil {
		return // not on the page, or not to be typed
	}
	key := keyOf(i.LinkID, at)
	if i.ReadOnly && len(i.Initial) > 0 {
		d.a[key] = Give(i.Initial...) // the form gives it, whatever was sent
		return
	}
	if values := as.decode(d.form, fieldOf(key)); len(values) > 0 {
		d.a[key] = Give(values...)
	}
}

func (i *Item) decode(form url.Values, name string) []string {
	box := func(part string) string {
		return clean(strings.Join(form[name+"-"+part], " "))
	}
	one := func(value string) []string {
		if value == "" {
			return nil
		}
		return []string{value}
	}
	switch i.Type {
	case TypeDate:
		return one(JoinDate(box("day"), box("month"), box("year")))
	case TypeDateTime:
		return one(JoinDateTime(box("day"), box("month"), box("year"), box("time")))
	case TypeQuantity:
		return one(i.JoinQuantity(clean(strings.Join(form[name], " ")), box("unit")))
	default:
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
