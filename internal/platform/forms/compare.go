package forms

import (
	"slices"
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
// reworded is marked.
func Compare(before, after *Response) ([]Change, error) {
	if formOf(before) != formOf(after) {
		return nil, ErrOtherForm
	}
	was, now := flat(before.Items), flat(after.Items)
	earlier, later := byLink(was), byLink(now)
	var changes []Change
	for _, n := range now {
		b, there := earlier[n.LinkID]
		c := Change{LinkID: n.LinkID, Text: n.Text, Before: labels(b), After: labels(n), Reworded: there && b.Text != n.Text}
		if c.Reworded || !sameAnswers(b, n) {
			changes = append(changes, c)
		}
	}
	for _, b := range was {
		if _, there := later[b.LinkID]; !there {
			changes = append(changes, Change{LinkID: b.LinkID, Text: b.Text, Before: labels(b)})
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
// question of the form stands there, answered or not. Under two, the questions that were answered do, and two
// stand side by side only where linkId and words are the same. It returns ErrOtherForm where the forms differ.
func (q *Questionnaire) Beside(before, after *Response) ([]Pair, error) {
	if formOf(before) != formOf(after) || formOf(after) != q.URL {
		return nil, ErrOtherForm
	}
	was, now := byLink(flat(before.Items)), byLink(flat(after.Items))
	var pairs []Pair
	if before.Questionnaire == q.Canonical() && after.Questionnaire == q.Canonical() {
		for i := range q.Questions() {
			if i.Hidden {
				continue
			}
			b, n := was[i.LinkID], now[i.LinkID]
			pairs = append(pairs, Pair{i.LinkID, i.Title(), labels(b), labels(n), !sameAnswers(b, n), true, true})
		}
		return pairs, nil
	}
	for _, n := range flat(after.Items) {
		p := Pair{LinkID: n.LinkID, Text: n.Text, After: labels(n), Is: true}
		if b, there := was[n.LinkID]; there && b.Text == n.Text {
			p.Was, p.Before, p.Changed = true, labels(b), !sameAnswers(b, n)
		}
		pairs = append(pairs, p)
	}
	for _, b := range flat(before.Items) {
		if n, there := now[b.LinkID]; !there || n.Text != b.Text {
			pairs = append(pairs, Pair{LinkID: b.LinkID, Text: b.Text, Before: labels(b), Was: true})
		}
	}
	return pairs, nil
}

// formOf is the address of the form without its version.
func formOf(r *Response) string {
	url, _, _ := strings.Cut(r.Questionnaire, "|")
	return url
}

// flat lists the items that have answers, in the order of the response.
func flat(items []ResponseItem) []ResponseItem {
	var out []ResponseItem
	for _, i := range items {
		if len(i.Answers) > 0 {
			out = append(out, i)
		}
		out = append(out, flat(i.Items)...)
		for _, a := range i.Answers {
			out = append(out, flat(a.Items)...)
		}
	}
	return out
}

// ByLink are the items that have answers, by their linkId.
func (r *Response) ByLink() map[string]ResponseItem { return byLink(flat(r.Items)) }

func byLink(items []ResponseItem) map[string]ResponseItem {
	m := map[string]ResponseItem{}
	for _, i := range items {
		m[i.LinkID] = i
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
