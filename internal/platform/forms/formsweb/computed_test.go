package formsweb

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"waymark/internal/platform/forms"
)

func computing(t testing.TB) *forms.Questionnaire {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "computing.json"))
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, data).At(forms.Launch{Now: monday})
}

func named(p page, name string) []*html.Node {
	return p.find(func(n *html.Node) bool { return attr(n, "name") == name })
}

// A total is text and not a field, and follows the answers when the page is asked for again.
func TestAComputedAnswerIsShownAndCannotBeTyped(t *testing.T) {
	q := computing(t)
	before := render(t, Fields(q, nil, nil))
	after := render(t, Fields(q, forms.Answers{"a": forms.Give("3"), "b": forms.Give("4")}, nil))
	if len(named(before, q.Item("sum").Field())) > 0 || !strings.Contains(text(before.root), notWorkedOut) {
		t.Error("the total can be typed, or is there before its answers")
	}
	if !strings.Contains(text(after.root), "7 points") {
		t.Errorf("the total is not shown in %q", text(after.root))
	}
	if len(named(after, forms.AgainField)) != 1 {
		t.Error("there is no button to see what answers change")
	}
}

// Without script: the question comes when the page is asked for again, goes, and comes back with its answer.
func TestAQuestionThatIsLeftOutKeepsItsAnswerAside(t *testing.T) {
	q := computing(t)
	field := q.Item("why").Field()
	sent := url.Values{"q-a": {"9"}, "q-b": {"9"}, field: {"because"}, forms.AgainField: {"yes"}}
	if !Again(sent) || Again(url.Values{}) {
		t.Error("asking again is not told from keeping")
	}
	asked := render(t, Fields(q, forms.Decode(q, sent), nil))
	if got := named(asked, field); len(got) != 1 || attr(got[0], "type") == "hidden" {
		t.Fatalf("asked: %d fields", len(got))
	}
	sent.Set("q-a", "1")
	aside := render(t, Fields(q, forms.Decode(q, sent), nil))
	got := named(aside, field)
	if len(got) != 1 || attr(got[0], "type") != "hidden" || attr(got[0], "value") != "because" {
		t.Fatalf("left out: %d fields", len(got))
	}
	given, kept := q.Aside(forms.Decode(q, sent))
	if given.Answered("why") || kept.Text("why") != "because" {
		t.Error("the answer that is aside is sent")
	}
}

func TestWhatCannotBeWorkedOutIsSaid(t *testing.T) {
	q := computing(t)
	p := render(t, Fields(q.At(forms.Launch{}), nil, nil))
	if !strings.Contains(text(p.root), "could not be worked out") {
		t.Errorf("nothing is said in %q", text(p.root))
	}
}

func TestAnotherAnswerToAnOpenChoiceIsTypedBelowIt(t *testing.T) {
	q := computing(t)
	p := render(t, Fields(q, forms.Answers{"open": forms.Give("by boat")}, nil))
	got := named(p, q.Item("open").Field()+"-other")
	if len(got) != 1 || attr(got[0], "value") != "by boat" || !strings.Contains(text(p.root), "Some other way") {
		t.Errorf("%d fields for another answer", len(got))
	}
}

func TestAHiddenItemIsNowhereOnThePage(t *testing.T) {
	q := computing(t)
	for name, p := range map[string]page{"to fill in": render(t, Fields(q, nil, nil)), "on paper": render(t, Paper(q))} {
		if strings.Contains(text(p.root), "Never shown") {
			t.Errorf("%s: the hidden item is shown", name)
		}
	}
}
