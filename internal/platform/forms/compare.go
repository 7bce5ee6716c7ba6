package forms

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Change is an item whose answer differs between two responses.
type Change struct {
	LinkID string
	Text   string // of the later response, or of the earlier one where the later has none
	Before []string
	After  []string
	// Reworded says that the two were asked in other words, so that the answers may not compare even if
	// they are alike.
	Reworded bool
}

// Compare lists what changed from one response to a later one of the same form, in the order of the
// later. It returns ErrOtherForm where the forms differ; versions of one form are compared, and what was
// reworded is marked. Repetitions are compared by their number.
func Compare(before, after *Response) ([]Change, error) {
	if formOf(before) != formOf(after) {
		return nil, ErrOtherForm
	}
	was, now := flat(before.Items), flat(after.Items)
	earlier, later := byKey(was), byKey(now)
	var changes []Change
	for _, n := range now {
		b, there := earlier[n.key]
		c := Change{LinkID: n.LinkID, Text: n.words(), Before: labels(b), After: labels(n.ResponseItem), Reworded: there && b.Text != n.Text}
		if c.Reworded || !sameAnswers(b, n.ResponseItem) {
			changes = append(changes, c)
		}
	}
	for _, b := range was {
		if _, there := later[b.key]; !there {
			changes = append(changes, Change{LinkID: b.LinkID, Text: b.words(), Before: labels(b.ResponseItem)})
		}
	}
	return changes, nil
}

// Pair is a question with its answers in two responses, side by side.
type Pair struct {
	LinkID  string
	Text    string
	Before  []string
	After   []string
	Changed bool
	// Was and Is tell on which side the question was asked at all, in these words. A question of another
	// version is never put beside one that was asked in other words.
	Was, Is bool
}

// Beside lists the questions of two responses of one form with the answers of both. Under one version every
// question of the form stands there, answered or not, in every repetition that one of the two has. Under two,
// the questions that were answered do, and two stand side by side only where linkId, repetition and words are
// the same. It returns ErrOtherForm where the forms differ.
func (q *Questionnaire) Beside(before, after *Response) ([]Pair, error) {
	if formOf(before) != formOf(after) || formOf(after) != q.URL {
		return nil, ErrOtherForm
	}
	if before.Questionnaire == q.Canonical() && after.Questionnaire == q.Canonical() {
		return q.besideAsked(before, after), nil
	}
	earlier, later := flat(before.Items), flat(after.Items)
	was, now := byKey(earlier), byKey(later)
	var pairs []Pair
	for _, n := range later {
		p := Pair{LinkID: n.LinkID, Text: n.words(), After: labels(n.ResponseItem), Is: true}
		if b, there := was[n.key]; there && b.Text == n.Text {
			p.Was, p.Before, p.Changed = true, labels(b), !sameAnswers(b, n.ResponseItem)
		}
		pairs = append(pairs, p)
	}
	for _, b := range earlier {
		if n, there := now[b.key]; !there || n.Text != b.Text {
			pairs = append(pairs, Pair{LinkID: b.LinkID, Text: b.words(), Before: labels(b.ResponseItem), Was: true})
		}
	}
	return pairs, nil
}

// besideAsked puts two responses to this version side by side.
func (q *Questionnaire) besideAsked(before, after *Response) []Pair {
	was, now := q.ByKey(before), q.ByKey(after)
	both := Answers{}
	for key, item := range was {
		both.Set(key, labels(item)...)
	}
	for key, item := range now {
		both.Set(key, labels(item)...)
	}
	seen := q.form().seen(both)
	for series, ids := range seen {
		slices.SortFunc(ids, byNumber)
		both.Set(series, ids...)
	}
	var pairs []Pair
	for i := range q.Spread(both).Questions() {
		if i.Hidden {
			continue
		}
		b, n := was[i.LinkID], now[i.LinkID]
		pairs = append(pairs, Pair{i.origin(), i.TitleInPlace(), labels(b), labels(n), !sameAnswers(b, n), true, true})
	}
	return pairs
}

func byNumber(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// formOf is the address of the form without its version.
func formOf(r *Response) string {
	url, _, _ := strings.Cut(r.Questionnaire, "|")
	return url
}

// answeredItem is an item that has answers, with the repetitions it stands in. What stands once, or is the
// first, has its linkId as its key.
type answeredItem struct {
	ResponseItem

	key   string
	place string // in words, where there are several
}

func (a answeredItem) words() string {
	if a.place == "" {
		return a.Text
	}
	return a.place + ": " + a.Text
}

// flat lists the items that have answers, in the order of the response.
func flat(items []ResponseItem) []answeredItem { return flatIn(items, "", "") }

func flatIn(items []ResponseItem, at, place string) []answeredItem {
	total, count := map[string]int{}, map[string]int{}
	for _, i := range items {
		total[i.LinkID]++
	}
	var out []answeredItem
	for _, i := range items {
		count[i.LinkID]++
		at, place := repeated(i, at, place, count[i.LinkID], i.Number, total[i.LinkID])
		if len(i.Answers) > 0 {
			out = append(out, answeredItem{i, keyOf(i.LinkID, at), place})
		}
		out = append(out, flatIn(i.Items, at, place)...)
		for n, a := range i.Answers {
			at, place := repeated(i, at, place, n+1, a.Number, len(i.Answers))
			out = append(out, flatIn(a.Items, at, place)...)
		}
	}
	return out
}

// repeated goes on into one of several items or answers.
func repeated(i ResponseItem, at, place string, nth, number, of int) (inAt, inPlace string) {
	if number == 0 {
		number = nth
	}
	if of > 1 || number > 1 {
		words := joined(i.Text, strconv.Itoa(nth))
		if place != "" {
			words = place + ", " + words
		}
		place = words
	}
	if number > 1 {
		at = within(at, i.LinkID+"="+strconv.Itoa(number))
	}
	return at, place
}

// ByLink are the items that have answers, by their linkId; of what repeats, the first.
func (r *Response) ByLink() map[string]ResponseItem {
	all := byKey(flat(r.Items))
	maps.DeleteFunc(all, func(key string, _ ResponseItem) bool { return strings.Contains(key, keyTab) })
	return all
}

func byKey(items []answeredItem) map[string]ResponseItem {
	m := map[string]ResponseItem{}
	for _, i := range items {
		m[i.key] = i.ResponseItem
	}
	return m
}

func labels(i ResponseItem) []string {
	var out []string
	for _, a := range i.Answers {
		out = append(out, a.Value.Label())
	}
	return out
}

func sameAnswers(a, b ResponseItem) bool {
	return slices.EqualFunc(a.Answers, b.Answers, func(x, y ResponseAnswer) bool { return x.Value.Is(y.Value) })
}
