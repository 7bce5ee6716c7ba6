package guideline

import (
	"slices"
	"strings"

	"waymark/internal/registers/guideline/wording"
)

// Span is a piece of a text. Term is the glossary entry that it is the first use of, nil for
// everything else; Mark is set on words that a search was for.
type Span struct {
	Text string
	Term *OwnTerm
	Mark bool
}

// termFinder finds the words of the glossary in a text.
type termFinder struct {
	forms  map[string][]termForm // by first plain word, longest form first
	groups map[*OwnTerm]string   // terms that say the same have one group
}

type termForm struct {
	words []string
	term  *OwnTerm
}

func newTermFinder(glossary []OwnTerm) termFinder {
	f := termFinder{forms: map[string][]termForm{}, groups: map[*OwnTerm]string{}}
	own := map[string]bool{}
	for _, t := range glossary {
		own[wording.Key(t.Term)] = true
	}
	for i := range glossary {
		t := &glossary[i]
		f.groups[t] = slices.Min(append([]string{t.Term}, t.SameAs...))
		if t.WhoActs() {
			continue
		}
		f.add(wording.Words(t.Term), t)
		// The text may use the singular of a term that is a plural, and the other way round.
		other := t.Term + "s"
		if strings.HasSuffix(t.Term, "s") {
			other = strings.TrimSuffix(t.Term, "s")
		}
		if !own[wording.Key(other)] {
			f.add(wording.Words(other), t)
		}
	}
	return f
}

func (f termFinder) add(words []string, t *OwnTerm) {
	if len(words) == 0 {
		return
	}
	list := append(f.forms[words[0]], termForm{words, t})
	slices.SortStableFunc(list, func(a, b termForm) int { return len(b.words) - len(a.words) })
	f.forms[words[0]] = list
}

// termUse remembers which terms a section has used already.
type termUse struct {
	finder termFinder
	seen   map[string]bool
	found  []*OwnTerm
}

func (f termFinder) begin() *termUse { return &termUse{finder: f, seen: map[string]bool{}} }

// spans splits a text at the first use of each term.
func (u *termUse) spans(text string) []Span {
	var out []Span
	words := wording.Scan(text)
	done := 0
	for i := 0; i < len(words); i++ {
		form, ok := u.finder.at(words[i:])
		if !ok {
			continue
		}
		last := i + len(form.words) - 1
		if group := u.finder.groups[form.term]; !u.seen[group] {
			u.seen[group] = true
			u.found = append(u.found, form.term)
			from, to := words[i].From, words[last].To
			if from > done && text[from-1] == '\'' && form.term.Term[0] == '\'' {
				from-- // the term begins with its quotation mark
			}
			if from > done {
				out = append(out, Span{Text: text[done:from]})
			}
			out = append(out, Span{Text: text[from:to], Term: form.term})
			done = to
		}
		i = last
	}
	if done < len(text) {
		out = append(out, Span{Text: text[done:]})
	}
	return out
}

// at finds the longest term that the words begin with.
func (f termFinder) at(words []wording.Word) (termForm, bool) {
	for _, form := range f.forms[words[0].Plain] {
		if len(form.words) > len(words) {
			continue
		}
		same := true
		for i, w := range form.words {
			same = same && words[i].Plain == w
		}
		if same {
			return form, true
		}
	}
	return termForm{}, false
}
