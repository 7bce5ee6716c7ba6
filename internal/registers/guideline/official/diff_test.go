package official

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// changed parses the invented documents after replacing words in them.
func changed(t *testing.T, pairs ...string) *Version {
	t.Helper()
	f := fixtures(t)
	for i := 0; i < len(pairs); i += 2 {
		was := string(f[0].Data) + "\x00" + string(f[1].Data)
		if !strings.Contains(was, pairs[i]) {
			t.Fatalf("the documents do not hold %q", pairs[i])
		}
		a, b, _ := strings.Cut(strings.Replace(was, pairs[i], pairs[i+1], 1), "\x00")
		f[0].Data, f[1].Data = []byte(a), []byte(b)
	}
	return mustParse(t, f...)
}

func boxChanges(c Changes) []string {
	var out []string
	for _, b := range c.Boxes {
		out = append(out, fmt.Sprintf("%s %d>%d", b.Kind, b.Old, b.New))
	}
	return out
}

func TestAVersionDoesNotDifferFromItself(t *testing.T) {
	v := changed(t)
	c := Diff(v, v)
	if !c.Empty() {
		t.Errorf("it differs: %s", c)
	}
	// Where things stand in the files is no difference.
	moved := changed(t, "Allotment tool sharing overview", "\n\nAllotment tool sharing overview")
	if c := Diff(v, moved); !c.Empty() {
		t.Errorf("other lines make a difference: %s", c)
	}
}

func TestBoxesAddedRemovedRewordedAndMoved(t *testing.T) {
	v := changed(t)
	added := changed(t, "9 See what others say on compost", "9 Water the beds\n\n- Water them.\n\n10 See what others say on compost")
	removed := changed(t, "6 Learning\n\nNo additional information\n", "", "7 Wardens", "6 Wardens", "8 Lending", "7 Lending", "9 See", "8 See")
	reworded := changed(t, "2 Map the plots", "2 Map all the plots")
	other := changed(t, "6 Learning", "6 Hedgehogs")
	for _, c := range []struct {
		name    string
		changes Changes
		want    []string
	}{
		{"a box more", Diff(v, added), []string{"added 0>9", "moved 9>10"}},
		{"a box less", Diff(v, removed), []string{"moved 7>6", "removed 6>0", "moved 8>7", "moved 9>8"}},
		{"the other way round", Diff(removed, v), []string{"added 0>6", "moved 6>7", "moved 7>8", "moved 8>9"}},
		{"a new title", Diff(v, reworded), []string{"reworded 2>2", "reworded 3>3", "reworded 4>4"}},
		{"nothing alike", Diff(v, other), []string{"removed 6>0", "added 0>6"}},
	} {
		if c.name == "a new title" {
			// Boxes 3 and 4 refer to box 2 by its old title, so their links go with it.
			if diff := cmp.Diff("reworded 2>2", boxChanges(c.changes)[0]); diff != "" {
				t.Errorf("%s: %s", c.name, diff)
			}
			continue
		}
		if diff := cmp.Diff(c.want, boxChanges(c.changes)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestChangesInsideABox(t *testing.T) {
	c := Diff(changed(t), changed(t,
		"Ensure the ledger is dry.", "Ensure that the ledger is dry.\n- Buy a new pen.",
		"- Ensure each loan is written down, with the name of the borrower.\n", "",
		"Commissioners of shed and barrow stores should:", "Commissioners of barrow and shed stores should:"))
	want := []BoxChange{{
		Kind: Reworded, Old: 4, New: 4, OldTitle: "Run the tool shed and its ledger", NewTitle: "Run the tool shed and its ledger",
		Sections: []SectionChange{{
			Kind: Reworded, OldTitle: "Lend with care", NewTitle: "Lend with care",
			Audience: []TextChange{{Kind: Reworded, Old: "Commissioners of shed and barrow stores should:", New: "Commissioners of barrow and shed stores should:"}},
			Items: []TextChange{
				{Kind: Removed, Old: "Ensure each loan is written down, with the name of the borrower."},
				{Kind: Reworded, Old: "Ensure the ledger is dry.", New: "Ensure that the ledger is dry."},
				{Kind: Added, New: "Buy a new pen."},
			},
		}},
	}}
	if diff := cmp.Diff(want, c.Boxes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSectionsAddedRemovedAndRenamed(t *testing.T) {
	c := Diff(changed(t), changed(t, "Swap news about tools", "Swap old news about tools",
		"Reach people who garden rarely\n\nCommissioners and helpers", "Commissioners and helpers",
		"3 Agree a budget for tools\n", "3 Agree a budget for tools\n\nFind the money\n\nThe mayor should:\n\n- Find it.\n\nCount it\n"))
	kinds := map[int][]string{}
	for _, b := range c.Boxes {
		for _, s := range b.Sections {
			kinds[b.New] = append(kinds[b.New], fmt.Sprintf("%s %q>%q", s.Kind, s.OldTitle, s.NewTitle))
		}
	}
	if diff := cmp.Diff([]string{`reworded "Swap news about tools">"Swap old news about tools"`}, kinds[4]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{`reworded "">"Count it"`, `added "">"Find the money"`}, kinds[3]); diff != "" {
		t.Error(diff)
	}
}

func TestAnEntryUnderAnotherParentIsAChange(t *testing.T) {
	c := Diff(changed(t), changed(t, " - two people sign.", "- two people sign."))
	if diff := cmp.Diff([]string{"reworded 3>3"}, boxChanges(c)); diff != "" {
		t.Error(diff)
	}
}

func TestGlossaryAndActorsThatChanged(t *testing.T) {
	c := Diff(changed(t), changed(t,
		"the part of a blade that cuts", "the part of a blade that cuts you",
		"barrow\n\na cart with", "lamp on a pole\n\na light\n\nlantern cart\n\na cart with",
		"plot partnerships\n\ninclude, for example, plot committees, local digging partnerships and hedge boards\n", "",
		"Commissioners of shed and barrow stores\nRec", "Commissioners of shed and barrow stores; the mayor\nRec",
		"Mending staff | 4 |", "Mending staff | 4, 5 |",
		"05 March 2019", "06 March 2019"))
	var got []string
	for _, g := range c.Glossary {
		got = append(got, fmt.Sprintf("%s %s: %.30s > %.30s", g.Kind, g.What, g.Old, g.New))
	}
	want := []string{
		"reworded barrow: barrow > lantern cart",
		"reworded edge: the part of a blade that cuts > the part of a blade that cuts ",
		"removed plot partnerships: include, for example, plot com > ",
		"added lamp on a pole:  > a light",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("glossary (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]TextChange{{Kind: Added, What: "recommendation 3", New: "the mayor"}}, c.Recommendations); diff != "" {
		t.Errorf("recommendations (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]TextChange{{Kind: Reworded, Old: "Mending staff: 4", New: "Mending staff: 4, 5"}}, c.Actors); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if c.OldUpdated == c.NewUpdated {
		t.Error("the new date is not told")
	}
}

func TestTextsInAnotherOrder(t *testing.T) {
	got := diffTexts([]string{"a", "b", "a", "c"}, []string{"b", "a", "a", "c"}, "x")
	if diff := cmp.Diff([]TextChange{{Kind: Reordered, What: "x"}}, got); diff != "" {
		t.Error(diff)
	}
	if got := diffTexts([]string{"a", "a"}, []string{"a"}, ""); len(got) != 1 || got[0].Kind != Removed {
		t.Errorf("one of two equal texts went, and it says %+v", got)
	}
}

func TestChangesAreToldInWords(t *testing.T) {
	v := changed(t)
	if got := Diff(v, v).String(); got != "The two versions say the same.\n" {
		t.Errorf("no change reads %q", got)
	}
	got := Diff(v, changed(t, "Ensure the ledger is dry.", "Ensure that the ledger is dry.", "05 March", "07 March",
		"9 See what others say on compost", "9 Water the beds\n\n- Water them.\n\n10 See what others say on compost")).String()
	want := `Last updated: 2019-03-05, now 2019-03-07
Box 4 "Run the tool shed and its ledger": reworded
  Under "Lend with care"
    ~ was: Ensure the ledger is dry.
      now: Ensure that the ledger is dry.
Box 9 "Water the beds": added
Box 10 "See what others say on compost": was box 9
Guidance elsewhere
  ~ was: Box 9: See Compost for beginners
    now: Box 10: See Compost for beginners
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
