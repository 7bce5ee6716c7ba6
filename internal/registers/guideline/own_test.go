package guideline

import (
	"slices"
	"strings"
	"testing"

	pathwaycontent "waymark/content/guideline"
)

func shipped(t testing.TB) *Own {
	t.Helper()
	o, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestTheShippedPathwayHoldsTogether(t *testing.T) {
	o := shipped(t)
	if len(o.Boxes) != 16 || len(o.Recommendations) != 17 || len(o.Statements) != 4 || len(o.Glossary) != 32 {
		t.Errorf("%d boxes, %d recommendations, %d statements, %d terms", len(o.Boxes), len(o.Recommendations), len(o.Statements), len(o.Glossary))
	}
	if len(o.Obligations) != 241 {
		t.Errorf("%d obligations", len(o.Obligations))
	}
}

func TestTheTextOfAnItemIsKeptWholeByItsSpans(t *testing.T) {
	o := shipped(t)
	for _, b := range o.Boxes {
		for _, s := range b.Sections {
			if got := spanText(s.AudienceText); got != s.Audience {
				t.Errorf("box %d: audience %q became %q", b.Number, s.Audience, got)
			}
			for i := range s.Items {
				for it := range s.Items[i].All() {
					if got := spanText(it.Spans); got != it.Text {
						t.Errorf("box %d: %q became %q", b.Number, it.Text, got)
					}
				}
			}
		}
	}
}

func spanText(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

func TestATermIsExplainedAtItsFirstUseOnly(t *testing.T) {
	o := shipped(t)
	for _, b := range o.Boxes {
		for _, s := range b.Sections {
			uses := map[string]int{}
			count := func(spans []Span) {
				for _, sp := range spans {
					if sp.Term != nil {
						uses[sp.Term.Term]++
					}
				}
			}
			count(s.AudienceText)
			for i := range s.Items {
				for it := range s.Items[i].All() {
					count(it.Spans)
				}
			}
			for term, n := range uses {
				if n != 1 {
					t.Errorf("box %d, %q: %q is explained %d times", b.Number, s.Title, term, n)
				}
			}
			if len(uses) != len(s.Terms) {
				t.Errorf("box %d, %q: %d terms are linked and %d are listed", b.Number, s.Title, len(uses), len(s.Terms))
			}
		}
	}
	support := o.Box(9).Sections[0]
	for _, want := range []string{"advocacy", "floating support", "refuge", "independent domestic violence advisers", "multi-agency risk assessment conference"} {
		if !slices.ContainsFunc(support.Terms, func(t *OwnTerm) bool { return t.Term == want }) {
			t.Errorf("box 9 does not explain %q", want)
		}
	}
}

func TestASectionServesTheRecommendationsOfItsObligations(t *testing.T) {
	o := shipped(t)
	for _, b := range o.Boxes {
		var all []int
		for _, s := range b.Sections {
			all = append(all, s.Serves...)
		}
		slices.Sort(all)
		if !slices.Equal(all, b.Recommendations) {
			t.Errorf("box %d states %v, its sections %v", b.Number, b.Recommendations, all)
		}
	}
}

func TestSafetyStepsAreWholeSentences(t *testing.T) {
	steps := shipped(t).SafetySteps()
	if len(steps) != len(safetySteps)-2 { // three of them are one sentence
		t.Fatalf("%d steps", len(steps))
	}
	if want := "When you ask about abuse, ask: in private; one to one; where the person feels safe."; steps[1].Text != want || steps[1].ID != "B8.3" {
		t.Errorf("%s says %q", steps[1].ID, steps[1].Text)
	}
	for _, s := range steps {
		if s.Box == 0 || !strings.HasSuffix(s.Text, ".") {
			t.Errorf("%s says %q of box %d", s.ID, s.Text, s.Box)
		}
	}
}

func TestAPathwayThatDoesNotHoldTogetherIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		file     *[]byte
		old, new string
		want     string
	}{
		"a reference to no box":         {nil, `{ "box": 10, "section": "" }`, `{ "box": 99, "section": "" }`, "box 99, which is not there"},
		"a reference to no section":     {nil, `"section": "Commission joined-up care pathways"`, `"section": "Nowhere"`, `section "Nowhere"`},
		"a field that is not known":     {nil, `"summary"`, `"sumary"`, "unknown field"},
		"an obligation that is missing": {nil, `"B6.31"`, `"B6.3"`, "B6.31 is stated nowhere"},
		"an id that is no obligation":   {nil, `"B6.31"`, `"B6.99"`, "B6.99, which is not an obligation"},
	} {
		t.Run(name, func(t *testing.T) {
			pathway := string(pathwaycontent.Pathway)
			if !strings.Contains(pathway, c.old) {
				c.old = strings.NewReplacer("{ ", "{", " }", "}").Replace(c.old)
			}
			if !strings.Contains(pathway, c.old) {
				t.Fatalf("the pathway does not hold %s", c.old)
			}
			_, err := ReadOwn([]byte(strings.Replace(pathway, c.old, c.new, 1)), pathwaycontent.Obligations, pathwaycontent.Readers)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("said %v, wanted %q", err, c.want)
			}
		})
	}
}

func TestATableOfObligationsThatIsWrongIsRefusedWithItsLine(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"a class":    {"REC\n", "REQ\n", `line 2 (B2.1): "REQ" is not a class`},
		"a strength": {",should,", ",ought,", `"ought" is not a strength`},
		"an id":      {"\nB2.1,", "\nX2.1,", "not the form of an id"},
		"twice":      {"\nB2.2,", "\nB2.1,", "there twice"},
		"a column":   {"id,box", "id,place", "has the columns"},
	} {
		t.Run(name, func(t *testing.T) {
			table := strings.Replace(string(pathwaycontent.Obligations), c.old, c.new, 1)
			_, err := ReadOwn(pathwaycontent.Pathway, []byte(table), pathwaycontent.Readers)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("said %v, wanted %q", err, c.want)
			}
		})
	}
}

func TestEveryClassAndStrengthHasWords(t *testing.T) {
	for _, c := range Classes() {
		if c.Label() == string(c) {
			t.Errorf("%s has no words", c)
		}
	}
	for _, f := range Forces() {
		if f.Label() == string(f) {
			t.Errorf("%s has no words", f)
		}
	}
	for _, g := range []ReaderGroup{ReaderWork, ReaderDetail, ReaderPersonal} {
		if g.Label() == string(g) {
			t.Errorf("%s has no words", g)
		}
	}
	for _, k := range findingKinds() {
		if k.Label() == string(k) {
			t.Errorf("%s has no words", k)
		}
	}
}
