package pathway_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/pathway"
	"waymark/internal/casework/pathway/pathwaytest"
)

var london = func() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic(err)
	}
	return zone
}()

// monday is 2 March 2026, ten in the morning.
var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

var (
	onHighRisk = pathway.Condition{Event: cases.HighRisk}
	disclosed  = pathway.Condition{Event: cases.Disclosed}
	child      = pathway.Condition{Party: cases.Child}
)

func happened(kind cases.EventKind, at time.Time) pathway.Happening {
	return pathway.Happening{Event: kind, At: at}
}

func one(s pathway.Step) pathway.Document { return pathway.Document{Steps: []pathway.Step{s}} }

func TestWhereAStepStands(t *testing.T) {
	later := monday.AddDate(0, 0, 10)
	friday := time.Date(2026, 3, 6, 16, 0, 0, 0, time.UTC)
	marac := pathway.Step{ID: "marac", When: onHighRisk, Within: pathway.Within{Days: 1}, Each: true, Done: pathway.Condition{Event: cases.ReferralSent}}
	once := marac
	once.Each = false
	for name, tt := range map[string]struct {
		step    pathway.Step
		facts   pathway.Facts
		answers map[string]pathway.Answer
		now     time.Time
		want    pathway.State // empty: it is not called for
		by      string
	}{
		"nothing calls for it": {step: marac, now: monday},
		"due":                  {step: marac, facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.HighRisk, monday)}}, now: monday, want: pathway.Due, by: "2026-03-03 23:59"},
		"over a weekend":       {step: marac, facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.HighRisk, friday)}}, now: friday.AddDate(0, 0, 3), want: pathway.Due, by: "2026-03-09 23:59"},
		"overdue":              {step: marac, facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.HighRisk, monday)}}, now: later, want: pathway.Overdue, by: "2026-03-03 23:59"},
		"the record shows it": {
			step: marac, facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.HighRisk, monday), happened(cases.ReferralSent, monday.Add(time.Hour))}},
			now: later, want: pathway.Done,
		},
		"what was sent before does not count for what came after, of a step for each time": {
			step: marac, facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.ReferralSent, monday), happened(cases.HighRisk, later)}}, now: later, want: pathway.Due, by: "2026-03-13 23:59",
		},
		"and of one that is taken once it does": {
			step: once, facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.ReferralSent, monday), happened(cases.HighRisk, later)}}, now: later, want: pathway.Done,
		},
		"again after it was declined": {
			step: marac, facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.HighRisk, monday), happened(cases.HighRisk, later)}},
			answers: map[string]pathway.Answer{"marac": {ID: "1", State: pathway.Declined, At: monday.Add(time.Hour)}}, now: later, want: pathway.Due, by: "2026-03-13 23:59",
		},
		"declined": {
			step: marac, facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.HighRisk, monday)}},
			answers: map[string]pathway.Answer{"marac": {ID: "1", State: pathway.Declined, At: monday.Add(time.Hour)}}, now: later, want: pathway.Declined, by: "2026-03-03 23:59",
		},
		"planned": {
			step: marac, facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.HighRisk, monday)}},
			answers: map[string]pathway.Answer{"marac": {ID: "1", State: pathway.Planned, On: "2026-03-12", At: monday.Add(time.Hour)}}, now: later, want: pathway.Planned, by: "2026-03-12 23:59",
		},
		"planned and forgotten": {
			step: marac, facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.HighRisk, monday)}},
			answers: map[string]pathway.Answer{"marac": {ID: "1", State: pathway.Planned, On: "2026-03-11", At: monday.Add(time.Hour)}}, now: later, want: pathway.Overdue, by: "2026-03-11 23:59",
		},
		"hours": {
			step: pathway.Step{When: disclosed, Within: pathway.Within{Hours: 24}}, facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.Disclosed, monday)}},
			now: monday.Add(25 * time.Hour), want: pathway.Overdue, by: "2026-03-03 10:00",
		},
		"both are needed": {step: pathway.Step{When: pathway.Condition{All: []pathway.Condition{child, disclosed}}, Within: pathway.Within{Days: 1}}, facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.Disclosed, monday)}}, now: monday},
		"the clock begins with the last of both": {
			step:  pathway.Step{When: pathway.Condition{All: []pathway.Condition{child, disclosed}}, Within: pathway.Within{Days: 1}},
			facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.Disclosed, monday)}, Parties: map[cases.Role]time.Time{cases.Child: later}},
			now:   later, want: pathway.Due, by: "2026-03-13 23:59",
		},
		"with the first of either": {
			step:  pathway.Step{When: pathway.Condition{Any: []pathway.Condition{onHighRisk, disclosed}}, Within: pathway.Within{Days: 1}},
			facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.Disclosed, monday), happened(cases.HighRisk, later)}}, now: monday, want: pathway.Due, by: "2026-03-03 23:59",
		},
		"unless": {
			step:  pathway.Step{When: disclosed, Unless: pathway.Condition{Event: cases.SupportBegun}, Within: pathway.Within{Days: 1}},
			facts: pathway.Facts{Happened: []pathway.Happening{happened(cases.Disclosed, monday), happened(cases.SupportBegun, later)}}, now: later,
		},
		"a fact with another property": {
			step:  pathway.Step{When: pathway.Condition{Fact: "need.recorded", Where: map[string]string{"domain": "alcohol"}}, Within: pathway.Within{Days: 1}},
			facts: pathway.Facts{Happened: []pathway.Happening{{Fact: "need.recorded", Where: map[string]string{"domain": "drugs"}, At: monday}}}, now: monday,
		},
		"a fact": {
			step:  pathway.Step{When: pathway.Condition{Fact: "need.recorded", Where: map[string]string{"domain": "alcohol"}}, Within: pathway.Within{Days: 1}},
			facts: pathway.Facts{Happened: []pathway.Happening{{Fact: "need.recorded", Where: map[string]string{"domain": "alcohol", "term": "immediate"}, At: monday}}}, now: monday, want: pathway.Due, by: "2026-03-03 23:59",
		},
	} {
		got := one(tt.step).Follow(tt.facts, tt.answers, tt.now, london)
		if tt.want == "" {
			if len(got) > 0 {
				t.Errorf("%s: %+v", name, got)
			}
			continue
		}
		if len(got) != 1 || got[0].State != tt.want {
			t.Errorf("%s: %+v, want %s", name, got, tt.want)
			continue
		}
		if by := got[0].By.In(london).Format("2006-01-02 15:04"); tt.by != "" && by != tt.by {
			t.Errorf("%s: by %s, want %s", name, by, tt.by)
		}
		if len(got[0].Why) == 0 {
			t.Errorf("%s: nothing says why", name)
		}
	}
}

var someKinds = []cases.EventKind{cases.Disclosed, cases.HighRisk, cases.ReferralSent, cases.SupportBegun}

var someFactKinds = []string{"interpreter.needed", "disclosure.honour"}

// alike takes together what is alike.
func alike(f pathway.Facts) pathway.Facts {
	out := pathway.Facts{Parties: f.Parties}
	for _, h := range f.Happened {
		same := func(other pathway.Happening) bool {
			return other.Event == h.Event && other.Fact == h.Fact && other.Where["by"] == h.Where["by"]
		}
		if i := slices.IndexFunc(out.Happened, same); i >= 0 {
			out.Happened[i].Last = h.At
			continue
		}
		out.Happened = append(out.Happened, h)
	}
	return out
}

func someCondition(r *rapid.T, depth int) pathway.Condition {
	kinds := 2
	if depth > 0 {
		kinds = 5
	}
	list := func() []pathway.Condition {
		out := make([]pathway.Condition, rapid.IntRange(1, 3).Draw(r, "parts"))
		for i := range out {
			out[i] = someCondition(r, depth-1)
		}
		return out
	}
	switch rapid.IntRange(0, kinds).Draw(r, "kind") {
	case 0:
		c := pathway.Condition{Fact: rapid.SampledFrom(someFactKinds).Draw(r, "fact")}
		if rapid.Bool().Draw(r, "which") {
			c.Where = map[string]string{"by": rapid.SampledFrom([]string{"none", "relative"}).Draw(r, "by")}
		}
		return c
	case 1:
		return pathway.Condition{Event: rapid.SampledFrom(someKinds).Draw(r, "event")}
	case 2:
		return pathway.Condition{Party: rapid.SampledFrom(cases.PartyRoles()).Draw(r, "party")}
	case 3:
		return pathway.Condition{All: list()}
	case 4:
		return pathway.Condition{Any: list()}
	}
	inner := someCondition(r, depth-1)
	return pathway.Condition{Not: &inner}
}

func someFacts(r *rapid.T) pathway.Facts {
	f := pathway.Facts{Parties: map[cases.Role]time.Time{}}
	at := monday
	for range rapid.IntRange(0, 8).Draw(r, "happened") {
		at = at.Add(time.Duration(rapid.IntRange(1, 3000).Draw(r, "minutes")) * time.Minute)
		if rapid.Bool().Draw(r, "a fact") {
			by := rapid.SampledFrom([]string{"none", "relative", "professional"}).Draw(r, "by whom")
			f.Happened = append(f.Happened, pathway.Happening{Fact: rapid.SampledFrom(someFactKinds).Draw(r, "fact"), Where: map[string]string{"by": by}, At: at})
			continue
		}
		f.Happened = append(f.Happened, happened(rapid.SampledFrom(someKinds).Draw(r, "event"), at))
	}
	for _, role := range cases.PartyRoles() {
		if rapid.Bool().Draw(r, "there") {
			f.Parties[role] = monday.Add(time.Duration(rapid.IntRange(0, 9000).Draw(r, "since")) * time.Minute)
		}
	}
	return f
}

// A step is called for exactly when its condition holds and what takes it away
// does not; what is recorded later never makes it go, but by what it names.
func TestAStepIsCalledForWhenItsConditionHolds(t *testing.T) {
	called, not := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		s := pathway.Step{ID: "x", When: someCondition(r, 2), Within: pathway.Within{Days: rapid.IntRange(1, 5).Draw(r, "days")}, Each: rapid.Bool().Draw(r, "each")}
		if rapid.Bool().Draw(r, "unless") {
			s.Unless = someCondition(r, 1)
		}
		facts := someFacts(r)
		why, want := pathwaytest.CalledFor(one(s), facts)["x"]
		now := monday.AddDate(0, 0, rapid.IntRange(0, 20).Draw(r, "now"))
		got := one(s).Follow(facts, nil, now, london)
		if (len(got) == 1) != want {
			r.Fatalf("called for %v, want %v: %+v of %+v", len(got) == 1, want, s, facts)
		}
		if !want {
			not++
			return
		}
		called++
		if diff := cmp.Diff(why, got[0].Why, cmpopts.EquateEmpty()); diff != "" {
			r.Errorf("why, as the slow one says and as it is said:\n%s", diff)
		}
		// What is alike may be handed over as one, with its first and its last time.
		if summed := one(s).Follow(alike(facts), nil, now, london); !cmp.Equal(got, summed, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(pathway.Answer{})) {
			r.Errorf("of what is alike taken together: %+v, and not %+v", summed, got)
		}
		if overdue := now.After(got[0].By); overdue != (got[0].State == pathway.Overdue) {
			r.Errorf("%s by %s at %s", got[0].State, got[0].By, now)
		}
		for _, w := range got[0].Why {
			if w.At.After(got[0].By) {
				r.Errorf("it was to be done before what calls for it: %+v", got[0])
			}
		}
	})
	if called == 0 || not == 0 {
		t.Errorf("called for %d times, not %d", called, not)
	}
}
