package guideline

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/registers/guideline/official"
)

// FindingKind says what a search found.
type FindingKind string

// The kinds, in the order in which equals are shown.
const (
	FoundBox            FindingKind = "box"
	FoundStatement      FindingKind = "statement"
	FoundTerm           FindingKind = "term"
	FoundRecommendation FindingKind = "recommendation"
	FoundItem           FindingKind = "item"
)

func findingKinds() []FindingKind {
	return []FindingKind{FoundBox, FoundStatement, FoundTerm, FoundRecommendation, FoundItem}
}

// Label is the kind in words for people.
func (k FindingKind) Label() string {
	switch k {
	case FoundBox:
		return "Box"
	case FoundStatement:
		return "Quality statement"
	case FoundTerm:
		return "Word explained"
	case FoundRecommendation:
		return "Recommendation"
	case FoundItem:
		return "What to do"
	}
	return string(k)
}

// Target says what a finding is about; pages know the addresses.
type Target struct {
	Kind     FindingKind
	Official bool   // from the imported text
	Box      int    // of a box or an item
	Number   int    // of a statement or a recommendation
	ID       string // an obligation, for an item of our own
	Slug     string // of a term
}

// Finding is one answer to a search.
type Finding struct {
	Target
	Title   string // what it stands in, or is called
	Snippet []Span // words that were searched for have Mark set
}

// Findings are the answers, the best first.
type Findings struct {
	Query Query
	List  []Finding
	Total int // how many there are; the list holds at most findingsMost
	// Version is the id of the edition whose official text was searched too, "" without one.
	Version string
}

const (
	findingsMost = 50
	snippetLen   = 220
)

// index is what a text is searched by. It is made once for each text.
type index struct{ entries []entry }

type entry struct {
	target Target
	title  string
	text   string
	fields [fieldCount][]token
}

// The fields of an entry, and how much a word found in each counts. The context (what an item is
// nested in) helps to find it but is not enough by itself.
const (
	inTitle = iota
	inText
	inContext
	fieldCount
)

var fieldWorth = [fieldCount]int{8, 3, 1}

func (x *index) add(t Target, title, text string, context ...string) {
	e := entry{target: t, title: title, text: text}
	if t.Kind == FoundItem {
		// Its title is that of its box, which it shares with many.
		context = append([]string{title}, context...)
	} else {
		e.fields[inTitle] = tokens(title)
	}
	e.fields[inText] = tokens(text)
	e.fields[inContext] = tokens(strings.Join(context, " "))
	x.entries = append(x.entries, e)
}

// Search finds the entries in which every word of the query begins a word.
func (s *Service) Search(ctx context.Context, q Query) (Findings, error) {
	out := Findings{Query: q}
	if q.IsZero() {
		return out, nil
	}
	newest, err := s.Newest(ctx)
	if err != nil {
		return out, err
	}
	indexes := []*index{s.index}
	if newest != nil {
		indexes = append(indexes, newest.index)
		out.Version = newest.ID
	}
	out.List, out.Total = search(q, indexes...)
	return out, nil
}

type ranked struct {
	entry *entry
	score int
}

func search(q Query, indexes ...*index) ([]Finding, int) {
	var hits []ranked
	for _, x := range indexes {
		for i := range x.entries {
			if score := x.entries[i].score(q); score > 0 {
				hits = append(hits, ranked{&x.entries[i], score})
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b ranked) int {
		if c := cmp.Compare(b.score, a.score); c != 0 {
			return c
		}
		return cmp.Compare(slices.Index(findingKinds(), a.entry.target.Kind), slices.Index(findingKinds(), b.entry.target.Kind))
	})
	var out []Finding
	for _, h := range hits[:min(len(hits), findingsMost)] {
		out = append(out, Finding{Target: h.entry.target, Title: h.entry.title, Snippet: snippet(h.entry.text, h.entry.fields[inText], q)})
	}
	return out, len(hits)
}

// score is zero when a word is missing, or when every word is only in the context.
func (e *entry) score(q Query) int {
	total, own := 0, false
	for _, w := range q.Words {
		best := 0
		for field := range e.fields {
			worth := matchWorth(e.fields[field], w) * fieldWorth[field]
			best = max(best, worth)
			own = own || worth > 0 && field != inContext
		}
		if best == 0 {
			return 0
		}
		total += best
	}
	if !own {
		return 0
	}
	for _, field := range []int{inTitle, inText} {
		if len(q.Words) > 1 && hasRun(e.fields[field], q.Words) {
			total += 5 * fieldWorth[field]
		}
	}
	if !e.target.Official {
		total++ // our own words before the official ones where both say it
	}
	return total
}

// matchWorth is 3 for the word itself, 2 for a word that begins with it, 0 otherwise.
func matchWorth(list []token, w string) int {
	best := 0
	for _, t := range list {
		switch {
		case t.plain == w:
			return 3
		case strings.HasPrefix(t.plain, w):
			best = 2
		}
	}
	return best
}

// hasRun tells whether the words stand one after the other.
func hasRun(list []token, words []string) bool {
	for i := 0; i+len(words) <= len(list); i++ {
		same := true
		for j, w := range words {
			same = same && strings.HasPrefix(list[i+j].plain, w)
		}
		if same {
			return true
		}
	}
	return false
}

// snippet is the text around the first word that was searched for, with each such word marked.
func snippet(text string, list []token, q Query) []Span {
	hit := func(t token) bool {
		return slices.ContainsFunc(q.Words, func(w string) bool { return strings.HasPrefix(t.plain, w) })
	}
	from, to := 0, len(text)
	if len(text) > snippetLen {
		from, to = window(text, list, max(0, slices.IndexFunc(list, hit)))
	}
	var out []Span
	if from > 0 {
		out = append(out, Span{Text: "… "})
	}
	done := from
	for _, t := range list {
		if t.from < from || t.to > to || !hit(t) {
			continue
		}
		if t.from > done {
			out = append(out, Span{Text: text[done:t.from]})
		}
		out = append(out, Span{Text: text[t.from:t.to], Mark: true})
		done = t.to
	}
	if done < to {
		out = append(out, Span{Text: text[done:to]})
	}
	if to < len(text) {
		out = append(out, Span{Text: " …"})
	}
	return out
}

// window chooses whole words around the word at a place.
func window(text string, list []token, at int) (from, to int) {
	if len(list) == 0 {
		return 0, 0
	}
	first := at
	for first > 0 && list[at].from-list[first-1].from < snippetLen/4 {
		first--
	}
	last := at
	for last+1 < len(list) && list[last+1].to-list[first].from <= snippetLen {
		last++
	}
	from, to = list[first].from, list[last].to
	if first == 0 {
		from = 0
	}
	if last == len(list)-1 {
		to = len(text)
	}
	return from, to
}

// searchable makes the index of the plain-English pathway.
func (o *Own) searchable() *index {
	x := &index{}
	for i := range o.Boxes {
		b := &o.Boxes[i]
		name := boxName(b.Number, b.Title)
		x.add(Target{Kind: FoundBox, Box: b.Number}, name, b.Summary)
		for j := range b.Sections {
			s := &b.Sections[j]
			for k := range s.Items {
				x.addOwn(b.Number, name, &s.Items[k], []string{s.Title, s.Audience})
			}
		}
	}
	for _, r := range o.Recommendations {
		x.add(Target{Kind: FoundRecommendation, Number: r.Number}, "Recommendation "+strconv.Itoa(r.Number), r.Text, r.Actors...)
	}
	for _, s := range o.Statements {
		x.add(Target{Kind: FoundStatement, Number: s.Number}, "Quality statement "+strconv.Itoa(s.Number)+": "+s.Title, s.Text)
	}
	o.searchableTerms(x)
	return x
}

// searchableTerms adds the glossary. Words that mean the same are one entry under all their names.
func (o *Own) searchableTerms(x *index) {
	done := map[string]bool{}
	for _, t := range o.Glossary {
		if done[t.Term] {
			continue
		}
		name := t.Term
		for _, other := range t.SameAs {
			done[other] = true
			if !t.WhoActs() {
				name += ", " + other
			}
		}
		x.add(Target{Kind: FoundTerm, Slug: t.Slug}, name, t.Definition)
	}
}

// addOwn adds an item that states an obligation, with the plain lists in it, and goes on inside.
func (x *index) addOwn(box int, name string, it *OwnItem, context []string) {
	if len(it.Obligations) > 0 {
		text := it.Text
		for i := range it.Items {
			if len(it.Items[i].Obligations) == 0 {
				text += " " + it.Items[i].Text
			}
		}
		x.add(Target{Kind: FoundItem, Box: box, ID: it.Obligations[0]}, name, text, context...)
		// An obligation is found by its id alone.
		e := &x.entries[len(x.entries)-1]
		for _, id := range it.Obligations {
			e.fields[inTitle] = append(e.fields[inTitle], tokens(id)...)
		}
	}
	for i := range it.Items {
		x.addOwn(box, name, &it.Items[i], append(slices.Clone(context), it.Text))
	}
}

// searchable makes the index of an imported edition.
func searchable(v *official.Version) *index {
	x := &index{}
	for i := range v.Boxes {
		b := &v.Boxes[i]
		name := boxName(b.Number, b.Title)
		x.add(Target{Kind: FoundBox, Official: true, Box: b.Number}, name, "")
		for j := range b.Sections {
			for k := range b.Sections[j].Items {
				text := ""
				for _, it := range b.Sections[j].Items[k].All() {
					text = strings.TrimSpace(text + " " + it.Text)
				}
				x.add(Target{Kind: FoundItem, Official: true, Box: b.Number}, name, text, b.Sections[j].Title, b.Sections[j].Audience)
			}
		}
	}
	for _, r := range v.Recommendations {
		x.add(Target{Kind: FoundRecommendation, Official: true, Number: r.Number}, "Recommendation "+strconv.Itoa(r.Number), r.Text)
	}
	for _, s := range v.Statements {
		x.add(Target{Kind: FoundStatement, Official: true, Number: s.Number}, "Quality statement "+strconv.Itoa(s.Number), s.Title)
	}
	for _, t := range v.Glossary {
		x.add(Target{Kind: FoundTerm, Official: true, Slug: slug(t.Term)}, t.Term, t.Definition)
	}
	return x
}

func boxName(number int, title string) string { return "Box " + strconv.Itoa(number) + ": " + title }
