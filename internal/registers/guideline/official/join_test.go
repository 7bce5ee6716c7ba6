package official

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// boxItems lists the texts of a box's items with their depth.
func boxItems(b *Box) []string {
	var out []string
	for _, s := range b.Sections {
		out = append(out, s.texts()...)
	}
	return out
}

func TestSentencesBrokenByPageEndsAreWhole(t *testing.T) {
	const audience = "Wardens should:\n\n"
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{
			"a mark that the page end made", "- Show the help on\n\n- offer at the gate.\n- Keep quiet.",
			[]string{"Show the help on offer at the gate.", "Keep quiet."},
		},
		{
			"two marks in a nested list", "- Tell them to:\n - Look: it\n\n- - is only a shed.\n - Go on.",
			[]string{"Tell them to:", "  Look: it is only a shed.", "  Go on."},
		},
		{
			"two marks and a new nested entry", "- Tell them to:\n - Look.\n\n- - Go on.\n - Stop.\n- Rest.",
			[]string{"Tell them to:", "  Look.", "  Go on.", "  Stop.", "Rest."},
		},
		{"no mark", "- Write rules for lending and\n\nreturning.", []string{"Write rules for lending and returning."}},
		{
			"an open bracket", "- Mend it (for\n\n- example, the handle) at once.\n- Rest.",
			[]string{"Mend it (for example, the handle) at once.", "Rest."},
		},
		{
			"a capital after a word that cannot end", "- Send it to the\n\n- Town Hall today.\n- Rest.",
			[]string{"Send it to the Town Hall today.", "Rest."},
		},
		{
			"a capital in a list of full sentences", "- Rest well.\n- Send it to our Town\n\n- Hall today.",
			[]string{"Rest well.", "Send it to our Town Hall today."},
		},
		{"a sentence that refers back", "- Have a bell.\n\n- It should ring.", []string{"Have a bell. It should ring."}},
		{"no page end, so a new entry", "- Have a bell.\n- This bell should ring.", []string{"Have a bell.", "This bell should ring."}},
		{"a new entry after a page end", "- Have a bell.\n\n- Ring it.", []string{"Have a bell.", "Ring it."}},
		{"entries that are no sentences stay apart", "- Keep:\n - bells\n\n - ropes\n - oil.", []string{"Keep:", "  bells", "  ropes", "  oil."}},
		{"commas part entries", "- Keep:\n - bells,\n\n - ropes, and\n\n - oil.", []string{"Keep:", "  bells,", "  ropes, and", "  oil."}},
		{"an entry that cannot end goes on", "- Keep:\n - bells of\n\n - brass\n - oil.", []string{"Keep:", "  bells of brass", "  oil."}},
		{"three pieces", "- Show the\n\n- help on\n\n- offer.", []string{"Show the help on offer."}},
		{"a parted hyphen", "- Ring the multi-\n\n- tone bell.", []string{"Ring the multi-tone bell."}},
		{"residue between the pieces", "- Show the help on\n\n[\\[See page 3\\]](#)\n\n- offer.", []string{"Show the help on offer."}},
		{"wrapped lines", "- Show the help\non offer\nat the gate.\n- Rest.", []string{"Show the help on offer at the gate.", "Rest."}},
		{"a lone full stop", "- Show the help\n\n.", []string{"Show the help."}},
		{"a figure", "- Open it for those aged\n\n16 or over only.", []string{"Open it for those aged 16 or over only."}},
		{"a page number between", "- Show the help on\n\nPage 3 of 9\n\n- offer.", []string{"Show the help on offer."}},
		{"a reference broken in two", "- Look (see the gate [See\n\n- page 6]) again.", []string{"Look (see the gate) again."}},
		{"deep lists", "- A b:\n  - C d:\n    - E f.\n  - G h.\n- I j.", []string{"A b:", "  C d:", "    E f.", "  G h.", "I j."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, v := box1(t, audience+c.body+"\n\n2 Next box\n\nNo additional information\n")
			if diff := cmp.Diff(c.want, boxItems(b)); diff != "" {
				t.Errorf("items differ (-want +got):\n%s\n%v", diff, v.Warnings)
			}
			if b.Sections[0].Audience != "Wardens should:" {
				t.Errorf("audience is %q", b.Sections[0].Audience)
			}
		})
	}
}

func TestHeadingsAndAudiencesBrokenByPageEnds(t *testing.T) {
	v := mustParse(t, document("1 Open the gate and\nkeep it so\n\nWelcome all who come to the\n\ngate\n\nWardens and the\n\n- helpers of the site should:\n\n- Greet people.\n\n2 Next\n\nNo additional information\n"))
	b := v.Box(1)
	got := []string{b.Title, b.Sections[0].Title, b.Sections[0].Audience}
	want := []string{"Open the gate and keep it so", "Welcome all who come to the gate", "Wardens and the helpers of the site should:"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := b.Sections[0].AudienceLines; got.To-got.From != 2 {
		t.Errorf("the audience stands at %s, want both its lines", got.Where())
	}
}

func TestAJudgementIsReported(t *testing.T) {
	_, v := box1(t, "- Have a bell.\n\n- It should ring.\n")
	if !hasWarning(v, WarnJoined, "line 9") {
		t.Errorf("no warning of the join in %v", v.Warnings)
	}
	_, v = box1(t, "- Keep:\n - bells\n\n - ropes\n - oil.\n")
	if !hasWarning(v, WarnJoined, "kept apart") {
		t.Errorf("no warning of entries kept apart in %v", v.Warnings)
	}
}

func TestTextsThatAreNotWholeAreReported(t *testing.T) {
	_, v := box1(t, "- Have a bell\n- Ring it.\n")
	if !hasWarning(v, WarnUnfinished, "Have a bell") {
		t.Errorf("no warning of a sentence without an end in %v", v.Warnings)
	}
	_, v = box1(t, "- Have a bell.\n\n- of brass.\n- Ring (it.\n")
	if !hasWarning(v, WarnUnfinished, "of brass") || !hasWarning(v, WarnMarkup, "brackets") {
		t.Errorf("no warning of a sentence without a beginning, or of its bracket, in %v", v.Warnings)
	}
}

// A page end anywhere in a sentence leaves the document as it was.
func TestAPageEndAnywhereInASentenceChangesNothing(t *testing.T) {
	breakSentences(t, fixture(t, "pathway.txt"))
}

func TestAPageEndAnywhereInAnOfficialSentenceChangesNothing(t *testing.T) {
	f, ok := officialFile(t, officialPathway)
	if !ok {
		t.Log("left out: WAYMARK_OFFICIAL_DOCS is not set; the invented document is broken by another test")
		return
	}
	breakSentences(t, f)
}

func breakSentences(t *testing.T, f File) {
	lines := strings.Split(string(f.Data), "\n")
	type place struct{ line, space int }
	var places []place
	inBoxes := false
	for i, l := range lines {
		inBoxes = inBoxes || strings.HasPrefix(l, "2 ")
		if strings.HasPrefix(l, "Glossary") {
			break
		}
		body := strings.TrimLeft(l, " -")
		if !inBoxes || !strings.Contains(l, "- ") || opens(body) != opensUpper {
			continue
		}
		from := len(l) - len(body)
		for j := from; j < len(l)-1; j++ {
			// The halves must show the break: the first without its end, the second in lower case,
			// and no mark of a link parted so that its second half hides how it begins.
			if l[j] == ' ' && opens(l[j+1:]) == opensLower && l[j+1] != '(' && l[j+1] != '\'' && l[j+1] != '[' && l[j+1] != '*' && !finished(cleanMarks(l[from:j])) {
				places = append(places, place{i, j})
			}
		}
	}
	if len(places) < 200 {
		t.Fatalf("only %d places to break, the test has lost its input", len(places))
	}
	whole := mustParse(t, f)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(places).Draw(t, "place")
		mark := rapid.SampledFrom([]string{"", "- ", "- - "}).Draw(t, "mark")
		broken := append([]string{}, lines...)
		broken[p.line] = lines[p.line][:p.space] + "\n\n" + mark + lines[p.line][p.space+1:]
		v, err := Parse(File{f.Name, []byte(strings.Join(broken, "\n"))})
		if err != nil {
			t.Fatal(err)
		}
		for i, b := range v.Boxes {
			if diff := cmp.Diff(boxItems(&whole.Boxes[i]), boxItems(&b)); diff != "" {
				t.Fatalf("broken at %q:\n%s", fmt.Sprint(lines[p.line][:p.space], "|"), diff)
			}
			if diff := cmp.Diff(linkList(whole.Boxes[i].Links), linkList(b.Links)); diff != "" {
				t.Fatalf("links differ:\n%s", diff)
			}
		}
	})
}
