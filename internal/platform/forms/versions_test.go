package forms

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawn is a question of a set that is made up, or a group with some.
type drawn struct {
	linkID, words, kind string
	repeats             bool
	under               []drawn
}

func (d drawn) item() map[string]any {
	i := map[string]any{"linkId": d.linkID, "text": d.words, "type": d.kind}
	if d.repeats {
		i["repeats"] = true
	}
	if d.kind == "choice" {
		i["answerOption"] = []map[string]any{{"valueCoding": map[string]any{"system": "s", "code": "y", "display": "Yes " + d.words}}}
	}
	if len(d.under) > 0 {
		i["item"] = itemsOf(d.under)
	}
	return i
}

func itemsOf(all []drawn) []map[string]any {
	var items []map[string]any
	for _, d := range all {
		items = append(items, d.item())
	}
	return items
}

func setOf(t testing.TB, version string, all []drawn) *Questionnaire {
	t.Helper()
	data, err := json.Marshal(map[string]any{
		"resourceType": "Questionnaire", "url": "https://example.invalid/forms/drawn", "version": version, "title": "T", "status": "draft", "item": itemsOf(all),
	})
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, data)
}

func drawSet(t *rapid.T) []drawn {
	var all []drawn
	for n := range rapid.IntRange(1, 6).Draw(t, "questions") {
		d := drawn{linkID: fmt.Sprint("l", n), words: fmt.Sprint("Question ", n), kind: rapid.SampledFrom([]string{"string", "choice", "group"}).Draw(t, "kind")}
		if d.kind == "group" {
			d.repeats = rapid.Bool().Draw(t, "repeats")
			for m := range rapid.IntRange(1, 3).Draw(t, "under") {
				d.under = append(d.under, drawn{linkID: fmt.Sprint("l", n, ".", m), words: fmt.Sprint("Question ", n, " ", m), kind: "string"})
			}
		}
		all = append(all, d)
	}
	return all
}

// edit changes a set as an author might: words and places change, linkIds are given to other questions, questions
// come and go, groups begin to repeat.
func edit(t *rapid.T, all []drawn) []drawn {
	all = slices.Clone(all)
	for range rapid.IntRange(0, 5).Draw(t, "edits") {
		at, other := rapid.IntRange(0, len(all)-1).Draw(t, "at"), rapid.IntRange(0, len(all)-1).Draw(t, "other")
		switch rapid.IntRange(0, 6).Draw(t, "edit") {
		case 0:
			all[at].words += " now"
		case 1:
			all[at].linkID, all[other].linkID = all[other].linkID, all[at].linkID
		case 2:
			all[at], all[other] = all[other], all[at]
		case 3:
			if len(all) > 1 {
				all = slices.Delete(all, at, at+1)
			}
		case 4:
			all = append(all, drawn{linkID: fmt.Sprint("new", len(all), at, other), words: "Another", kind: "string"})
		case 5:
			switch all[at].kind {
			case "group":
				all[at].repeats = !all[at].repeats
			case "string":
				all[at].kind = "choice"
			}
		default:
			all[at].words, all[other].words = all[other].words, all[at].words
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(d drawn) bool { was := seen[d.linkID]; seen[d.linkID] = true; return was })
}

// answer gives every question an answer that names the question in its words.
func answer(t *rapid.T, q *Questionnaire) Answers {
	a := Answers{}
	for i := range q.All() {
		if i.multiplies() && rapid.Bool().Draw(t, "more") {
			a.setSeries(i, "", []string{"1", "2", "3"})
		}
	}
	for i := range q.Spread(a).Questions() {
		switch {
		case rapid.IntRange(0, 3).Draw(t, "left open") == 0:
		case i.Type == TypeChoice:
			a.Set(i.LinkID, "y")
		default:
			a.Set(i.LinkID, "said to "+i.Text)
		}
	}
	return a
}

// saidTo says whether an answer was given to a question of these words.
func saidTo(words string, labels []string) bool {
	return !slices.ContainsFunc(labels, func(l string) bool {
		asked, typed := strings.CutPrefix(l, "said to ")
		if !typed {
			asked, _ = strings.CutPrefix(l, "Yes ")
		}
		return asked != words
	})
}

// However a set is edited, an answer never moves to another question: it is not read under another version, and
// stands beside another one, or counts as changed from it, only where the question has the same words.
func TestAnAnswerNeverMovesToAnotherQuestionBetweenVersions(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		first := drawSet(r)
		one := setOf(t, "1", first)
		two := setOf(t, "2", edit(r, first))
		was, now := respond(t, one, answer(r, one), Record{ID: "a"}), respond(t, two, answer(r, two), Record{ID: "b"})
		if _, err := two.Answers(was); !errors.Is(err, ErrOtherForm) {
			r.Fatal("answers are read under another version")
		}
		if _, err := two.Response(nil, Record{Previous: was}); !errors.Is(err, ErrOtherForm) {
			r.Fatal("answers go on under another version")
		}
		pairs, err := two.Beside(was, now)
		if err != nil {
			r.Fatal(err)
		}
		told := 0
		for _, p := range pairs {
			words := p.Text[strings.LastIndex(p.Text, ": ")+1:]
			words = strings.TrimPrefix(words, " ")
			if !saidTo(words, p.Before) || !saidTo(words, p.After) {
				r.Fatalf("beside %q stand %q and %q", p.Text, p.Before, p.After)
			}
			told += len(p.Before) + len(p.After)
		}
		given := 0
		for _, resp := range []*Response{was, now} {
			for _, i := range flat(resp.Items) {
				given += len(i.Answers)
			}
		}
		if told != given {
			r.Fatalf("%d answers are told of %d", told, given)
		}
		changes, err := Compare(was, now)
		if err != nil {
			r.Fatal(err)
		}
		for _, c := range changes {
			words := strings.TrimPrefix(c.Text[strings.LastIndex(c.Text, ": ")+1:], " ")
			if !c.Reworded && len(c.Before) > 0 && len(c.After) > 0 && (!saidTo(words, c.Before) || !saidTo(words, c.After)) {
				r.Fatalf("%q is said to have changed from %q to %q", c.Text, c.Before, c.After)
			}
		}
	})
}
