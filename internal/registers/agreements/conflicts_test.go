package agreements_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"waymark/internal/registers/agreements"
	"waymark/internal/registers/agreements/agreementstest"
)

// Whatever is asked: where two clauses speak of the same and say different
// things, the author was told of them.
//
// Proves: B6.15
func TestEveryContradictionIsShownToTheAuthor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mine, theirs := boundOf("mine").Draw(t, "mine"), boundOf("theirs").Draw(t, "theirs")
		found := agreements.Conflicts(mine.Document, theirs)
		q := request().Draw(t, "request")
		for _, kind := range q.Kinds {
			for _, c := range mine.Document.Clauses {
				if !agreementstest.SpeaksOf(mine.Document, c, q, kind) {
					continue
				}
				for _, other := range mine.Document.Clauses {
					if agreementstest.SpeaksOf(mine.Document, other, q, kind) && other.Effect.Over(c.Effect) && !told(found, c, agreements.Ref{Clause: other.ID}) {
						t.Fatalf("%+v and %+v of the same agreement both speak of %+v", c, other, q)
					}
				}
				for _, other := range theirs.Document.Clauses {
					ref := agreements.Ref{Agreement: "theirs", Version: theirs.Version, Clause: other.ID}
					if agreementstest.SpeaksOf(theirs.Document, other, q, kind) && other.Effect != c.Effect && !told(found, c, ref) {
						t.Fatalf("%+v and %+v of another agreement both speak of %+v", c, other, q)
					}
				}
			}
		}
		// What is called unreachable never decides.
		answer := agreements.Decide(agreements.NewSet(mine), q)
		for _, f := range found {
			if f.Kind == agreements.Unreachable && slices.ContainsFunc(answer.Clauses, func(r agreements.Ref) bool { return r.Clause == f.Clause.ID }) {
				t.Fatalf("clause %s decides %+v and was called unreachable", f.Clause.ID, q)
			}
		}
	})
}

func told(found []agreements.Finding, c agreements.Clause, other agreements.Ref) bool {
	return slices.ContainsFunc(found, func(f agreements.Finding) bool { return f.Clause.ID == c.ID && f.Other == other })
}

func TestWhatIsFoundInADraft(t *testing.T) {
	d := hospitalAndSchool(
		agreements.Clause{ID: "1", Effect: agreements.Permit, From: agreements.Side{Agency: "hospital"}, Kinds: []agreements.Kind{agreements.Risk}},
		agreements.Clause{ID: "2", Effect: agreements.Deny, From: agreements.Side{Agency: "hospital"}},
		agreements.Clause{ID: "3", Effect: agreements.Permit, From: agreements.Side{Agency: "school"}, Subject: agreements.Child},
	).Document
	others := hospitalAndSchool(agreements.Clause{ID: "7", Effect: agreements.Review, Purpose: agreements.Support, To: agreements.Side{Agency: "hospital"}})
	var got []string
	for _, f := range agreements.Conflicts(d, others) {
		got = append(got, string(f.Kind)+" "+f.Clause.ID+" "+f.Other.Clause)
	}
	want := []string{"no_start_date  ", "no_review_date  ", "unreachable 1 2", "differs 3 7"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsWrongWithAClauseIsToldFieldByField(t *testing.T) {
	d := hospitalAndSchool().Document
	for name, c := range map[string]struct {
		change func(*agreements.Clause)
		field  string
	}{
		"no words":               {func(c *agreements.Clause) { c.Words = " " }, "words"},
		"no effect":              {func(c *agreements.Clause) { c.Effect = "perhaps" }, "effect"},
		"a sender not bound":     {func(c *agreements.Clause) { c.From.Agency = "council" }, "from"},
		"a team of nobody":       {func(c *agreements.Clause) { c.From.Team = "maternity" }, "from"},
		"to itself":              {func(c *agreements.Clause) { c.From.Agency, c.To.Agency = "hospital", "hospital" }, "to"},
		"a role that receives":   {func(c *agreements.Clause) { c.To.Role = "manager" }, "to"},
		"a kind twice":           {func(c *agreements.Clause) { c.Kinds = []agreements.Kind{agreements.Risk, agreements.Risk} }, "kinds"},
		"an unknown condition":   {func(c *agreements.Clause) { c.Conditions = []agreements.Condition{"x"} }, "conditions"},
		"a time for what stays":  {func(c *agreements.Clause) { c.Effect, c.Days = agreements.Deny, 3 }, "days"},
		"a number with a slash":  {func(c *agreements.Clause) { c.ID = "1/2" }, "id"},
		"an unknown purpose":     {func(c *agreements.Clause) { c.Purpose = "to let them know" }, "purpose"},
		"a role that sends none": {func(c *agreements.Clause) { c.From.Role = "administrator" }, "role"},
	} {
		good := agreements.Clause{ID: "1", Effect: agreements.Permit, Words: "Words"}
		if errs := d.CheckClause(good); errs.Any() {
			t.Fatal(errs)
		}
		c.change(&good)
		if errs := d.CheckClause(good); len(errs) != 1 || !errs.Has(c.field) {
			t.Errorf("%s: %v", name, errs)
		}
	}
}

func TestEveryWordHasALabel(t *testing.T) {
	labels := map[string]bool{}
	note := func(code, label string) {
		if label == "" || label == code || labels[label] {
			t.Errorf("%s is called %q", code, label)
		}
		labels[label] = true
	}
	for _, v := range agreements.Effects() {
		note(string(v), v.Label())
	}
	for _, v := range agreements.Purposes() {
		note(string(v), v.Label())
	}
	for _, v := range agreements.Subjects() {
		note(string(v), v.Label())
	}
	for _, v := range agreements.Conditions() {
		note(string(v), v.Label())
	}
	for _, v := range agreements.Kinds() {
		note(string(v), v.Label())
	}
}

// Proves: B6.18
func TestTheListOfInformationHasTheCriminalHistoryOfWhoHarms(t *testing.T) {
	if !slices.Contains(agreements.Kinds(), agreements.CriminalHistory) {
		t.Error("it is not in the list")
	}
}

const aFile = `{"title": "T", "about": "A", "start_on": "2026-01-01", "review_on": "2027-01-01", "parties": ["hospital/maternity", "hospital/emergency", "schools"],
 "clauses": [{"id": "1", "effect": "permit", "from": "hospital/maternity", "to": "schools", "role": "practitioner", "purpose": "protect_child", "subject": "child",
 "kinds": ["address"], "conditions": ["child_at_risk"], "days": 30, "months": 12, "words": "A midwife may tell the school."}]}`

func TestAFileIsReadWhole(t *testing.T) {
	d, err := agreements.ParseFile([]byte(aFile))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Parties) != 2 || len(d.Parties[0].Teams) != 2 || len(d.Clauses) != 1 || d.Clauses[0].From.Role != "practitioner" || d.Clauses[0].Days != 30 {
		t.Errorf("%+v", d)
	}
	for name, text := range map[string]string{
		"not JSON": "{", "a field that is not known": `{"titel": "T"}`, "two of them": aFile + aFile, "no parties": `{"title": "T", "about": "A", "parties": [], "clauses": []}`,
		"an agency and its team": `{"title": "T", "about": "A", "parties": ["a/b", "a", "c"], "clauses": []}`,
	} {
		var wrong agreements.Problems
		if _, err := agreements.ParseFile([]byte(text)); !errors.As(err, &wrong) || len(wrong) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever a file says, it is refused with reasons, or it reads back as it is.
func FuzzParseFile(f *testing.F) {
	f.Add([]byte(aFile))
	f.Add([]byte(`{"title": "T", "about": "A", "parties": ["a", "b", "a/c"], "clauses": [{"id": "1"}]}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := agreements.ParseFile(data)
		if err != nil {
			var wrong agreements.Problems
			if !errors.As(err, &wrong) || len(wrong) == 0 {
				t.Errorf("refused without a reason: %v", err)
			}
			return
		}
		agreements.Conflicts(d)
		agreements.NewSet(agreements.Bound{Agreement: "x", Version: 1, Document: d})
		again, err := json.Marshal(agreements.FileOf(d, code))
		if err != nil {
			t.Fatal(err)
		}
		back, err := agreements.ParseFile(again)
		if diff := cmp.Diff(d, back, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%v\n%s\n%s", err, again, diff)
		}
	})
}
