package questioncontent

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/forms"
)

func loadPlan(t *testing.T) *forms.Questionnaire {
	t.Helper()
	q, err := forms.ParseQuestionnaire(SafetyPlan)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// Judging the risk, spotting the signs, what to do when it is near and while it
// is happening come first, and everything around it after.
//
// Proves: G11
func TestTheSafetyPlanHasThesePartsInThisOrder(t *testing.T) {
	q := loadPlan(t)
	if q.Canonical() != "https://waymark.invalid/questions/safety-plan|1" {
		t.Errorf("the set is called %s", q.Canonical())
	}
	for _, n := range q.Notices() {
		t.Errorf("not used: %s", n)
	}
	var got []string
	for _, i := range q.Items {
		got = append(got, i.LinkID)
	}
	want := []string{
		"start", "danger", "signs", "near", "during", "people", "ready", "children", "devices", "work", "leaving", "after", "meeting", "orders", "holders", "apart", "slip",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNothingOfASafetyPlanIsAnsweredBeforehandOrRequired(t *testing.T) {
	q := loadPlan(t)
	if start := q.Start(); len(start) != 0 {
		t.Errorf("a new plan begins with %d answers", len(start))
	}
	for i := range q.Questions() {
		if i.Required || i.Hint() == "" {
			t.Errorf("%s is required, or does not say what to talk about", i.LinkID)
		}
	}
}

// What stands on a plain page are the headings and questions: a person near it
// must not read from them what it is about.
func TestTheHeadingsOfASafetyPlanGiveNothingAway(t *testing.T) {
	topic := regexp.MustCompile(`(?i)abus|violen|refuge|victim|survivor|perpetrat|coerciv|domestic|marac|idva|person who harms`)
	who := regexp.MustCompile(`(?i)\b(he|she|his|her|him|husband|wife|man|men|woman|women|gender)\b`)
	for i := range loadPlan(t).All() {
		if i.Type != forms.TypeDisplay && topic.MatchString(i.Text) {
			t.Errorf("%s says what it is about: %q", i.LinkID, i.Text)
		}
		if found := who.FindString(i.Text + " " + i.Hint()); found != "" {
			t.Errorf("%s speaks of %q, as if it were asked of one kind of person", i.LinkID, found)
		}
		if i.Text != strings.TrimSpace(i.Text) || strings.Contains(i.Text, "  ") {
			t.Errorf("%s has stray space: %q", i.LinkID, i.Text)
		}
		if i.Type == forms.TypeDisplay && !strings.HasSuffix(i.Text, ".") {
			t.Errorf("%s does not end: %q", i.LinkID, i.Text)
		}
	}
}
