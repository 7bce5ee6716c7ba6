package rights

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"waymark/internal/casework/cases"
	"waymark/internal/registers/people"
)

// Decision is what was decided about a piece of the working copy.
type Decision string

// The decisions. What is not decided is not given.
const (
	Undecided Decision = "undecided"
	Give      Decision = "give"
	GivePart  Decision = "part" // with passages left out
	Withhold  Decision = "withhold"
)

// Decisions lists them in the order in which they are offered.
func Decisions() []Decision { return []Decision{Give, GivePart, Withhold} }

// Label is the decision in words for people.
func (d Decision) Label() string {
	switch d {
	case Undecided:
		return "To be decided"
	case Give:
		return "Give all of it"
	case GivePart:
		return "Give it without some words"
	case Withhold:
		return "Leave all of it out"
	}
	return string(d)
}

// Reason is why something is left out. It stands on the working copy only.
type Reason string

// The reasons.
const (
	AboutOther Reason = "about_other"
	Harm       Reason = "harm"
	Reach      Reason = "reach"
	Originator Reason = "originator"
	OtherLaw   Reason = "other"
)

// Reasons lists them in the order in which they are offered.
func Reasons() []Reason { return []Reason{AboutOther, Harm, Reach, Originator, OtherLaw} }

// Label is the reason in words for people.
func (r Reason) Label() string {
	switch r {
	case AboutOther:
		return "It is about somebody else, who has not agreed and for whom it is not reasonable"
	case Harm:
		return "It would do serious harm to somebody"
	case Reach:
		return "It tells where somebody is or how they are reached"
	case Originator:
		return "The agency it came from was asked and objects"
	case OtherLaw:
		return "Another reason in law, given in the words below"
	}
	return string(r)
}

// Tag is why a piece was proposed to be looked at.
type Tag string

// The tags.
const (
	TagOther    Tag = "other"    // about somebody else, or naming them
	TagReceived Tag = "received" // from another agency
	TagReach    Tag = "reach"    // how or where somebody is reached
	TagPart     Tag = "compartment"
	TagChanged  Tag = "changed" // since it was first collected
)

// Label is the tag in words for people.
func (t Tag) Label() string {
	switch t {
	case TagOther:
		return "About somebody else"
	case TagReceived:
		return "From another agency"
	case TagReach:
		return "How somebody is reached"
	case TagPart:
		return "From a compartment"
	case TagChanged:
		return "Changed since it was first collected"
	}
	return string(t)
}

// Item is a piece of the working copy.
type Item struct {
	Seq         int64
	Part        string
	Ref         string
	Source      string
	Compartment cases.Compartment
	Tags        []Tag
	On          string
	Title       string
	Lines       []string
	About       []people.ID
	Decision    Decision
	Reason      Reason
	Note        string
	Cuts        []string
	DecidedBy   string
	DecidedAt   time.Time
	// Apart tells that the reader has no permission for its compartment: there
	// is nothing here but that it exists.
	Apart bool
}

// Left is what of the item goes into the copy.
func (i Item) Left() (Entry, bool) {
	if i.Decision != Give && i.Decision != GivePart || i.Apart {
		return Entry{}, false
	}
	e := Entry{On: i.On, Title: i.Title}
	cut := func(text string) string { return text }
	if i.Decision == GivePart {
		cut = i.cut
		e.Title = cut(e.Title)
	}
	for _, whole := range i.Lines {
		l := cut(whole)
		cutAway := l != whole
		// A name of a line with nothing behind it would tell that something stood there.
		if l = tidy(l); l != "" && !(cutAway && label.MatchString(l)) {
			e.Lines = append(e.Lines, l)
		}
	}
	e.Title = tidy(e.Title)
	return e, e.Title != "" || len(e.Lines) > 0
}

// cut takes the passages out of a line. A passage is whole words,
// and takes what marks the possessive with it: of a name, nothing stays behind.
func (i Item) cut(line string) string {
	var b strings.Builder
	at := 0
	for _, span := range i.Spans(line) {
		b.WriteString(line[at:span[0]] + " ")
		at = span[1]
	}
	b.WriteString(line[at:])
	return b.String()
}

// passage finds some words, however they are spaced and whatever their case.
func passage(words string) *regexp.Regexp {
	fields := strings.Fields(words)
	if len(fields) == 0 {
		return nil
	}
	for n, f := range fields {
		fields[n] = regexp.QuoteMeta(f)
	}
	at, err := regexp.Compile(`(?i)` + strings.Join(fields, `\s+`))
	if err != nil {
		return nil
	}
	return at
}

// inWord tells whether a rune is part of a word.
func inWord(c rune) bool {
	return unicode.IsLetter(c) || unicode.IsMark(c) || unicode.IsNumber(c) || c == '_'
}

// find returns where some words stand as whole words, with what marks the
// possessive or the plural.
func find(text, words string) [][2]int {
	at := passage(words)
	if at == nil {
		return nil
	}
	var out [][2]int
	for from := 0; from < len(text); {
		m := at.FindStringIndex(text[from:])
		if m == nil || m[1] == m[0] {
			break
		}
		start, end := from+m[0], from+m[1]
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		first, size := utf8.DecodeRuneInString(text[start:])
		whole := start == 0 || !inWord(before) || !inWord(first)
		last, _ := utf8.DecodeLastRuneInString(text[:end])
		if whole && inWord(last) {
			end, whole = wordEnd(text, end)
		}
		if !whole {
			from = start + size
			continue
		}
		out = append(out, [2]int{start, end})
		from = end
	}
	return out
}

// wordEnd is where a word ends that a match reaches into: behind the match, or
// behind what marks the possessive or the plural.
func wordEnd(text string, end int) (int, bool) {
	for _, mark := range []string{"’s", "'s", "s’", "s'", "s", ""} {
		rest, has := strings.CutPrefix(text[end:], mark)
		if next, _ := utf8.DecodeRuneInString(rest); has && (rest == "" || !inWord(next)) {
			return end + len(mark), true
		}
	}
	return end, false
}

// Finds tells whether some words are in the item.
func (i Item) Finds(words string) bool {
	in := func(text string) bool { return len(find(text, words)) > 0 }
	return in(i.Title) || slices.ContainsFunc(i.Lines, in)
}

var (
	spaces   = regexp.MustCompile(`\s+`)
	hollow   = regexp.MustCompile(`\(\s*\)|“\s*”|‘\s*’|"\s*"|\[\s*\]`)
	dangling = regexp.MustCompile(`\s+([,.;:!?])`)
	doubled  = regexp.MustCompile(`([,;:])(\s*[,;:])+`)
	label    = regexp.MustCompile(`^[\p{L} ’']{1,60}:$`)
	nothing  = regexp.MustCompile(`^[\s\p{P}]*$`)
)

// tidy brings a line into one form. Every line of a copy goes through it,
// those from which nothing was taken too: so its form tells nothing.
func tidy(line string) string {
	line = hollow.ReplaceAllString(line, " ")
	line = spaces.ReplaceAllString(line, " ")
	line = dangling.ReplaceAllString(line, "$1")
	line = doubled.ReplaceAllString(line, "$1")
	line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), ",;:."))
	if nothing.MatchString(line) {
		return ""
	}
	return line
}

// Copy is what is given.
type Copy struct{ Sections []Section }

// Section is one part of the file. A part of which nothing is given has none.
type Section struct {
	Name    string
	Entries []Entry
}

// Entry is one thing on record.
type Entry struct {
	On    string
	Title string
	Lines []string
}

// Compose makes the copy from the working copy. Nothing in it depends on what
// is left out: not an order, not a number, not a length.
func Compose(parts []cases.Part, items []Item) Copy {
	var c Copy
	for _, p := range parts {
		s := Section{Name: p.Name}
		for _, i := range items {
			if i.Part != p.Code {
				continue
			}
			if e, ok := i.Left(); ok {
				s.Entries = append(s.Entries, e)
			}
		}
		// In the order of what they say, not of where they stood.
		slices.SortStableFunc(s.Entries, func(a, b Entry) int { return strings.Compare(a.On, b.On) })
		if len(s.Entries) > 0 {
			c.Sections = append(c.Sections, s)
		}
	}
	return c
}

// Text is the copy as a plain file.
func (c Copy) Text(mark string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Copy of a record\r\nMade for the person it is about. Mark: %s\r\n", mark)
	for _, s := range c.Sections {
		fmt.Fprintf(&b, "\r\n\r\n%s\r\n", s.Name)
		for _, e := range s.Entries {
			b.WriteString("\r\n")
			if e.On != "" {
				b.WriteString(e.On + "  ")
			}
			b.WriteString(e.Title + "\r\n")
			for _, l := range e.Lines {
				b.WriteString("  " + l + "\r\n")
			}
		}
	}
	return b.String()
}

// Still are the names that stand in what is given although somebody else
// carries them: a last look for whoever prepares or releases it.
func Still(c Copy, names []string) []string {
	var out []string
	for _, n := range names {
		for _, s := range c.Sections {
			for _, e := range s.Entries {
				if (Item{Title: e.Title, Lines: e.Lines}).Finds(n) {
					out = append(out, n)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Spans are where in a line the passages stand that are left out, in order and
// apart from each other: for the working copy, which shows them.
func (i Item) Spans(line string) [][2]int {
	if i.Decision != GivePart {
		return nil
	}
	var all [][2]int
	for _, p := range i.Cuts {
		all = append(all, find(line, p)...)
	}
	slices.SortFunc(all, func(a, b [2]int) int { return a[0] - b[0] })
	var out [][2]int
	for _, s := range all {
		if n := len(out); n > 0 && s[0] <= out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], s[1])
			continue
		}
		out = append(out, s)
	}
	return out
}
