package official

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSummaryTablesInOtherForms(t *testing.T) {
	const detail = "\nWho should take action in detail\nRecommendation 1\nWardens\nRecommendation 2\nClerks\n"
	const head = "Who should take action?\nWho should take action | Recommendation |\n"
	want := []string{"Wardens of the site 1, 2", "Clerks 2"}
	for name, table := range map[string]string{
		"a row over two lines":        head + "Wardens of the site |\n1, 2 |\nClerks |\n2 |",
		"a name over two lines":       head + "Wardens\nof the site |\n1, 2 |\nClerks |\n2 |",
		"numbers over two lines":      head + "Wardens of the site |\n1,\n2 |\nClerks |\n2 |",
		"rows in one line":            head + "Wardens of the site | 1, 2 |\nClerks | 2 |",
		"no bar at the end":           head + "Wardens of the site | 1, 2\nClerks | 2",
		"a table in Markdown":         "Who should take action?\n| Who should take action | Recommendations |\n|---|---|\n| Wardens of the site | 1, 2 |\n| Clerks | 2 |",
		"blank lines between":         head + "\nWardens of the site |\n\n1, 2 |\n\nClerks |\n\n2 |\n",
		"bars where the cells end":    head + "Wardens of the site\n| 1, 2\n| Clerks\n| 2 |",
		"emphasis and other noise in": head + "**Wardens** of the site [See page 2] |\n1, 2 |\n*Clerks* |\n2 |",
	} {
		p, err := ParseFiles(File{"list.txt", []byte(table + detail)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, a := range p.Recommendations.Actors {
			got = append(got, a.Name+" "+numberList(a.Recommendations))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(p.Recommendations.Warnings) > 0 {
			t.Errorf("%s: unexpected warnings %v", name, p.Recommendations.Warnings)
		}
	}
}

func TestATableThatIsNotWholeIsReported(t *testing.T) {
	for name, c := range map[string]struct {
		table string
		line  int
	}{
		"a name without numbers":   {"Wardens |\nClerks |\n2 |", 2},
		"numbers without a name":   {"Wardens |\n1 |\n2 |", 4},
		"a last name left alone":   {"Wardens |\n1 |\nClerks", 4},
		"nothing but its headings": {"", 4},
	} {
		p, err := ParseFiles(File{"list.txt", []byte("Who should take action | Recommendation |\n" + c.table + "\nWho should take action in detail\nRecommendation 1\nWardens\n")})
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, w := range p.Recommendations.Warnings {
			found = found || w.From == c.line
		}
		if !found {
			t.Errorf("%s: line %d is not reported: %v", name, c.line, p.Recommendations.Warnings)
		}
	}
}

func TestDetailsOverSeveralLines(t *testing.T) {
	p, err := ParseFiles(File{"list.txt", []byte("Who should take action in detail\n\nRecommendation 1\n\nWardens of sheds; clerks of the\n\nparish. The latter includes: a; b\n\n**Recommendation 2**\n- Bell ringers\n")})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"Wardens of sheds", "clerks of the parish. The latter includes: a; b"}, {"Bell ringers"}}
	var got [][]string
	for _, r := range p.Recommendations.List {
		got = append(got, r.Actors)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if at := p.Recommendations.List[0].Lines; at.From != 3 || at.To != 7 {
		t.Errorf("the first stands at %s", at.Where())
	}
}

func TestTextBeforeTheFirstRecommendationIsReported(t *testing.T) {
	p, err := ParseFiles(File{"list.txt", []byte("Who should take action in detail\nAn odd remark\nRecommendation 1\nWardens\n")})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, w := range p.Recommendations.Warnings {
		found = found || w.Kind == WarnUnplaced && w.From == 2 && strings.Contains(w.Text, "odd remark")
	}
	if !found {
		t.Errorf("the odd remark is not reported: %v", p.Recommendations.Warnings)
	}
}

func TestWhomTheListSaysItIsFor(t *testing.T) {
	v := mustParse(t, fixtures(t)...)
	if len(v.Scope) != 2 || v.Scope[0].Text != "This invented list is for everyone who lends a tool to somebody else." {
		t.Errorf("scope is %+v", v.Scope)
	}
}
