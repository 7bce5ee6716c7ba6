package pathwaycontent

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

type line struct{ where, text string }

// sentences returns every text of both files that a person reads, except the
// glossary's terms, which are names.
func sentences(t *testing.T) []line {
	t.Helper()
	p := loadPathway(t)
	var all []line
	add := func(where string, texts ...string) {
		for _, s := range texts {
			if s != "" {
				all = append(all, line{where, s})
			}
		}
	}
	add("title", p.Title)
	for _, b := range p.Boxes {
		add("box "+b.Title, b.Title, b.Summary)
		for _, s := range b.Sections {
			add("box "+b.Title, s.Title, s.Audience)
			walk(s.Recommendations, func(it item) { add("box "+b.Title, it.Text) })
		}
	}
	for _, r := range p.Recommendations {
		add("recommendations", append([]string{r.Text}, r.Actors...)...)
	}
	for _, s := range p.Statements {
		add("statements", s.Title, s.Text)
	}
	for _, a := range p.Actors {
		add("summary", a.Name)
	}
	for _, g := range p.Glossary {
		add("term "+g.Term, g.Definition)
	}
	for _, pt := range p.Pointers {
		add("pointers", pt.Text)
	}
	add("sources", p.Sources...)
	add("responsibility", p.Responsibility...)
	for _, r := range loadReaders(t) {
		add("reader "+r.ID, r.Label, r.Description)
		for _, a := range r.Advice {
			add("reader "+r.ID, a.Text)
		}
	}
	return all
}

func TestSentencesAreWhole(t *testing.T) {
	p := loadPathway(t)
	check := func(where, text, ends string) {
		if text == "" || !strings.ContainsAny(text[len(text)-1:], ends) {
			t.Errorf("%s: %q does not end in one of %q", where, text, ends)
		}
		if strings.TrimSpace(text) != text || strings.Contains(text, "  ") || strings.ContainsAny(text, "\n\t") {
			t.Errorf("%s: %q has stray space", where, text)
		}
		if r := []rune(text)[0]; unicode.IsLower(r) {
			t.Errorf("%s: %q begins small", where, text)
		}
	}
	for _, b := range p.Boxes {
		check(b.Title, b.Summary, ".")
		for _, s := range b.Sections {
			check(b.Title, s.Audience, ".:")
			walk(s.Recommendations, func(it item) {
				check(b.Title, it.Text, ".:")
				if strings.HasSuffix(it.Text, ":") && len(it.Items) == 0 {
					t.Errorf("%s: nothing follows %q", b.Title, it.Text)
				}
			})
		}
	}
	for _, r := range p.Recommendations {
		check("recommendations", r.Text, ".")
	}
	for _, s := range p.Statements {
		check("statements", s.Text, ".")
	}
	for _, g := range p.Glossary {
		check(g.Term, g.Definition, ".")
	}
	for _, text := range slices.Concat(p.Sources, p.Responsibility) {
		check("sources and responsibility", text, ".")
	}
	for _, r := range loadReaders(t) {
		check(r.ID, r.Description, ".")
		for _, a := range r.Advice {
			check(r.ID, a.Text, ".")
		}
	}
}

// avoided are words that the field has learnt not to use: they excuse the abuse,
// judge the person or promise too much. It leaves out the words that are wrong
// in one sense only.
var avoided = []string{
	"volatile relationship", "mutual violence", "as bad as each other",
	"battered", "alleged", "offender", "offenders", "client", "clients", "interview", "screening", "symptom",
	"allegation", "confession", "gut feeling", "victim liaison", "befriending", "shelter", "hostel",
	"money arguments", "cultural issue", "nuisance", "custody", "kids", "minors", "illegal",
	"failed asylum seeker", "bame", "friend helped", "anger management", "no demand", "compliant",
	"failed to engage", "refused", "dna", "break-glass", "vip", "panic button", "committed suicide",
	"family interpreter", "controlling nature", "hides your history", "erases",
	"why did you", "why do you stay", "why they stay", "why she stays", "provoke",
}

func TestAvoidedWordsAreAvoided(t *testing.T) {
	for _, l := range sentences(t) {
		text := strings.ToLower(l.text)
		for _, word := range avoided {
			if regexp.MustCompile(`\b` + regexp.QuoteMeta(word) + `\b`).MatchString(text) {
				t.Errorf("%s: %q contains %q", l.where, l.text, word)
			}
		}
	}
}

func TestPersonalAdviceIsSafe(t *testing.T) {
	for _, r := range loadReaders(t) {
		if r.Group != "personal" {
			if len(r.Advice) != 0 {
				t.Errorf("%s has advice; a kind of work has boxes", r.ID)
			}
			continue
		}
		var all string
		for _, a := range r.Advice {
			all += a.Text + "\n"
		}
		if len(r.Advice) == 0 || !strings.Contains(r.Advice[0].Text, "999") {
			t.Errorf("%s does not begin with what to do in danger", r.ID)
		}
		if !strings.Contains(all, "The partnership that runs this site decides") {
			t.Errorf("%s does not say who sets the numbers", r.ID)
		}
		if strings.HasPrefix(r.ID, "people-who-") && !strings.Contains(all, "cannot promise to keep everything to themselves") {
			t.Errorf("%s does not say what a worker may have to pass on", r.ID)
		}
		if strings.Contains(strings.ToLower(all), "confidential") {
			t.Errorf("%s says confidential without saying who will know", r.ID)
		}
	}
}

func TestNoTelephoneNumberBut999(t *testing.T) {
	digits := regexp.MustCompile(`\d[\d ]{2,}\d|\b\d{3}\b`)
	years := []string{"2014", "2016", "2021"}
	for _, l := range sentences(t) {
		for _, n := range digits.FindAllString(l.text, -1) {
			if n != "999" && !slices.Contains(years, n) {
				t.Errorf("%s: %q looks like a telephone number", l.where, n)
			}
		}
	}
}

// run is how many words in a row may not be those of the published documents.
const run = 9

// tokens lowers a text and takes its words apart, so that neither punctuation
// nor a line break in the documents hides a match. An apostrophe is no break.
func tokens(text string) []string {
	text = strings.NewReplacer("'", "", "’", "", "‘", "").Replace(strings.ToLower(text))
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// runs collects every stretch of n words of a text.
func runs(text string, n int) map[string]bool {
	words, all := tokens(text), map[string]bool{}
	for i := 0; i+n <= len(words); i++ {
		all[strings.Join(words[i:i+n], " ")] = true
	}
	return all
}

// borrowed returns the stretches of n words that a text shares with others.
func borrowed(text string, theirs map[string]bool, n int) []string {
	var found []string
	for stretch := range runs(text, n) {
		if theirs[stretch] {
			found = append(found, stretch)
		}
	}
	slices.Sort(found)
	return found
}

func TestBorrowedWordsAreFound(t *testing.T) {
	theirs := runs("- Keep the blue door\n - shut at night, for the cat's sake; and lock it.", run)
	for text, want := range map[string]int{
		"keep the blue door shut at night for the":                      1,
		"Please KEEP the ‘blue door’ shut at night for the cat’s sake.": 3,
		"Keep the green door shut at night for the cat's sake.":         0,
		"Shut the blue door at night, and lock it for the cat's sake.":  0,
	} {
		if got := borrowed(text, theirs, run); len(got) != want {
			t.Errorf("%q: found %q, want %d", text, got, want)
		}
	}
}

// TestTheWordsAreOurOwn compares everything with the published documents. The
// terms of the glossary are not compared, and nothing else is let off: they are
// names, and two of them are longer than a run.
func TestTheWordsAreOurOwn(t *testing.T) {
	folder := os.Getenv("WAYMARK_OFFICIAL_DOCS")
	if folder == "" {
		t.Skip("WAYMARK_OFFICIAL_DOCS is not set, so the wording was not compared with the published documents")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents in %s (%v)", folder, err)
	}
	theirs := map[string]bool{}
	var text strings.Builder
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for stretch := range runs(string(data), run) {
			theirs[stretch] = true
		}
		text.WriteString(strings.ToLower(string(data)))
	}
	for _, l := range sentences(t) {
		if found := borrowed(l.text, theirs, run); len(found) > 0 {
			t.Errorf("%s: %q has words of the documents: %q", l.where, l.text, found)
		}
	}
	for _, g := range loadPathway(t).Glossary {
		if !strings.Contains(text.String(), "\n"+strings.ToLower(g.Term)+"\n") {
			t.Errorf("the documents have no term %q", g.Term)
		}
	}
}
