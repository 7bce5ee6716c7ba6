package questioncontent

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/forms"
)

func load(t *testing.T) *forms.Questionnaire {
	t.Helper()
	q, err := forms.ParseQuestionnaire(RiskIdentification)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func themes(q *forms.Questionnaire) []*forms.Item { return q.Score("yes").Questions }

func TestTheRiskListIsUsedWhole(t *testing.T) {
	q := load(t)
	if q.Canonical() != "https://waymark.invalid/questions/risk-identification|1" {
		t.Errorf("the list is called %s", q.Canonical())
	}
	for _, n := range q.Notices() {
		t.Errorf("not used: %s", n)
	}
}

func TestThereAre24ThemesInAFixedOrder(t *testing.T) {
	// Answers that are stored name these codes and linkIds: neither is ever given to another theme.
	want := []string{
		"injury-now", "fear", "feared-next", "isolation", "low-mood", "separation", "child-contact", "stalking",
		"pregnancy", "more-frequent", "more-severe", "control", "weapons", "threats-to-kill", "strangulation",
		"sexual-harm", "another-feared", "harmed-others", "animals", "money", "drink-drugs-mind",
		"perpetrator-suicide", "terms-broken", "earlier-police",
	}
	q := load(t)
	var counted, asked []string
	for n, i := range themes(q) {
		if number := strconv.Itoa(n + 1); i.LinkID != number || i.Prefix != number {
			t.Errorf("theme %d has the linkId %q and the prefix %q", n+1, i.LinkID, i.Prefix)
		}
		counted = append(counted, i.Codes[0].Code)
	}
	for i := range q.Questions() {
		if i.Type == forms.TypeChoice {
			asked = append(asked, i.Codes[0].Code)
		}
	}
	if diff := cmp.Diff(want, counted); diff != "" {
		t.Errorf("themes that are counted (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("themes in the order asked (-want +got):\n%s", diff)
	}
}

func TestEachThemeHasTheSameThreeAnswers(t *testing.T) {
	for _, i := range themes(load(t)) {
		var got []string
		for _, o := range i.Options {
			got = append(got, o.Key()+" "+o.Label())
		}
		if diff := cmp.Diff([]string{"yes Yes", "no No", "unknown Don't know"}, got); diff != "" {
			t.Errorf("theme %s (-want +got):\n%s", i.LinkID, diff)
		}
		if i.Hint() == "" {
			t.Errorf("theme %s does not say what to find out", i.LinkID)
		}
	}
}

func TestNothingIsAnsweredBeforehandOrRequired(t *testing.T) {
	q := load(t)
	if start := q.Start(); len(start) != 0 {
		t.Errorf("a new form begins with %d answers", len(start))
	}
	for i := range q.Questions() {
		if i.Required {
			t.Errorf("%s is required", i.LinkID)
		}
	}
	if errs := q.Validate(nil); errs.Any() {
		t.Errorf("an empty list is refused: %v", errs)
	}
	if got := q.Score("yes").Count(nil); got.Unanswered != 24 || got.Counted != 0 || got.Complete() {
		t.Errorf("an empty list counts as %+v", got)
	}
}

func TestEachPartEndsWithRoomForNotes(t *testing.T) {
	for _, part := range load(t).Items[1:] {
		last := part.Items[len(part.Items)-1]
		if last.Type != forms.TypeText || last.LinkID != part.LinkID+".note" {
			t.Errorf("part %s ends with %s, a %s", part.LinkID, last.LinkID, last.Type)
		}
	}
}

func TestFollowUpsComeWithTheYesOfTheirTheme(t *testing.T) {
	q := load(t)
	var got []string
	for i := range q.All() {
		if len(i.EnableWhen) == 0 {
			continue
		}
		theme, isFollowUp := strings.CutSuffix(i.LinkID, ".follow-up")
		if !isFollowUp || i.Type != forms.TypeDisplay {
			t.Errorf("%s is conditional and is not a follow-up to read", i.LinkID)
			continue
		}
		got = append(got, theme)
		for answer, want := range map[string]bool{"yes": true, "no": false, "unknown": false} {
			if q.Enabled(i, forms.Answers{theme: forms.Give(answer)}) != want {
				t.Errorf("%s with %q to theme %s: want %v", i.LinkID, answer, theme, want)
			}
		}
		if q.Enabled(i, nil) {
			t.Errorf("%s matters before theme %s is answered", i.LinkID, theme)
		}
	}
	if diff := cmp.Diff([]string{"5", "7", "8", "15", "17"}, got); diff != "" {
		t.Errorf("themes with a follow-up (-want +got):\n%s", diff)
	}
}

// The prompt about 'honour' is there for whoever fears another person. Nothing in the list knows who the
// person is, so nothing could hide it.
//
// Proves: B7.24.
func TestTheHonourPromptDependsOnTheThemeAlone(t *testing.T) {
	q := load(t)
	prompt := q.Item("17.follow-up")
	if !strings.Contains(prompt.Text, "'honour'") || !strings.Contains(prompt.Text, "marriage") {
		t.Errorf("the follow-up of theme 17 does not speak of 'honour' and marriage: %q", prompt.Text)
	}
	if len(prompt.EnableWhen) != 1 || prompt.EnableWhen[0].Question != "17" {
		t.Errorf("the prompt depends on %+v", prompt.EnableWhen)
	}
	who := regexp.MustCompile(`(?i)\b(he|she|his|her|him|hers|husband|wife|man|men|woman|women|male|female|gender|gay|lesbian|bisexual|trans\w*|hetero\w*|religio\w*|faith)\b`)
	for i := range q.All() {
		for _, text := range []string{i.Text, i.Title(), i.Hint()} {
			if found := who.FindString(text); found != "" {
				t.Errorf("%s speaks of %q, as if it were asked of one kind of person: %q", i.LinkID, found, text)
			}
		}
	}
}

func TestTextsAreWhole(t *testing.T) {
	q := load(t)
	telephone := regexp.MustCompile(`[0-9]{3,}`)
	for i := range q.All() {
		if i.Text != strings.TrimSpace(i.Text) || strings.Contains(i.Text, "  ") {
			t.Errorf("%s has stray space: %q", i.LinkID, i.Text)
		}
		if i.Type == forms.TypeDisplay && !strings.HasSuffix(i.Text, ".") {
			t.Errorf("%s does not end: %q", i.LinkID, i.Text)
		}
		if first := []rune(i.Text)[0]; unicode.IsLower(first) {
			t.Errorf("%s begins small: %q", i.LinkID, i.Text)
		}
		for _, number := range telephone.FindAllString(i.Text, -1) {
			if number != "999" {
				t.Errorf("%s gives a number that is for each partnership to set: %s", i.LinkID, number)
			}
		}
	}
}
