package court_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	courtcontent "waymark/content/court"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/court"
	"waymark/internal/casework/safetyplan"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

// world is a partnership that keeps dates in court, and safety plans.
type world struct {
	*casestest.World
	s     *court.Service
	plans *safetyplan.Service
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, court.Rules(), safetyplan.Rules())
		kinds, err := court.ParseKinds(courtcontent.Orders)
		must(t, err)
		plans, err := safetyplan.New(w.Cases, w.Guard, w.Registry, w.Directory)
		must(t, err)
		fn(t, world{w, court.New(w.Cases, w.Guard, kinds, court.Config{}), plans})
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func hasField(err error, field string) bool {
	errs, is := forms.AsErrors(err)
	return is && errs.Has(field)
}

func (w world) day(days int) string { return w.Clock.Now().AddDate(0, 0, days).Format(time.DateOnly) }

func (w world) tasks(t *testing.T, f *cases.File) map[cases.TaskKind]string {
	t.Helper()
	out := map[cases.TaskKind]string{}
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		list, err := w.Cases.Tasks(ctx, tx, f)
		for _, task := range list {
			out[task.Kind] = task.Due
		}
		return err
	}))
	return out
}

func (w world) kinds(t *testing.T, f *cases.File) []cases.EventKind {
	t.Helper()
	var out []cases.EventKind
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		events, err := w.Cases.Chronology(ctx, tx, f, "", 100)
		for _, e := range events {
			out = append(out, e.Kind)
		}
		return err
	}))
	return out
}

// waiting are the changes that ask for a look at the safety plan.
func (w world) waiting(t *testing.T, f *cases.File) []safetyplan.ChangeKind {
	t.Helper()
	var out []safetyplan.ChangeKind
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		list, err := w.plans.Waiting(ctx, tx, f)
		for _, c := range list {
			out = append(out, c.Kind)
		}
		return err
	}))
	return out
}

// planned makes a safety plan for a file.
func (w world) planned(t *testing.T, f *cases.File) {
	t.Helper()
	answers := forms.Answers{}
	answers.Set("danger.fear", "His brother knows the road")
	_, err := w.plans.Make(t.Context(), f, safetyplan.NewPlan{Answers: answers, Made: safetyplan.Together, Present: "Nobody else", Views: "It will do", ReviewOn: w.day(60)})
	must(t, err)
}

func hearing(on string) court.Hearing {
	return court.Hearing{Court: court.Family, On: on, Attends: court.InPerson, Measures: court.Asked, Words: court.HearingWords{Purpose: "An order that he stays away", Measures: "A screen"}}
}

func (w world) hearings(t *testing.T, f *cases.File) []court.Hearing {
	t.Helper()
	var out []court.Hearing
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = w.s.Hearings(ctx, tx, f)
		return err
	}))
	return out
}

func TestAHearingIsPreparedAndWhatCameOfItRecorded(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		id, err := w.s.List(t.Context(), f, hearing(w.day(10)))
		must(t, err)
		if due := w.tasks(t, f)[cases.PrepareHearing]; due != w.day(7) {
			t.Errorf("it is prepared by %q", due)
		}
		h := w.hearings(t, f)[0]
		if h.State != court.Ahead || h.Words.Measures != "A screen" {
			t.Errorf("kept as %+v", h)
		}
		moved := h
		moved.State, moved.On = court.Moved, w.day(1)
		must(t, w.s.ChangeHearing(t.Context(), f, moved))
		if due := w.tasks(t, f)[cases.PrepareHearing]; due != w.day(0) {
			t.Errorf("moved to tomorrow, it is prepared by %q", due)
		}
		if err := w.s.ChangeHearing(t.Context(), f, moved); !errors.Is(err, store.ErrConflict) && !hasField(err, "on") {
			t.Errorf("somebody else's change is overwritten: %v", err)
		}
		held := w.hearings(t, f)[0]
		held.State = court.Held
		if err := w.s.ChangeHearing(t.Context(), f, held); !hasField(err, "outcome") {
			t.Errorf("it was held, and nobody says what came of it: %v", err)
		}
		held.Words.Outcome = "The order was made"
		must(t, w.s.ChangeHearing(t.Context(), f, held))
		if _, waits := w.tasks(t, f)[cases.PrepareHearing]; waits {
			t.Error("it is still to be prepared")
		}
		if got := w.hearings(t, f)[0]; got.ID != id || got.State != court.Held {
			t.Errorf("in the end: %+v", got)
		}
	})
}

// What has happened may be written down whenever somebody hears of it.
func TestAHearingOfThePastIsRecordedWithWhatCameOfIt(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		h := hearing(w.day(-4))
		if _, err := w.s.List(t.Context(), f, h); !hasField(err, "outcome") {
			t.Errorf("without what came of it: %v", err)
		}
		h.Words.Outcome = "He pleaded guilty"
		_, err := w.s.List(t.Context(), f, h)
		must(t, err)
		if _, waits := w.tasks(t, f)[cases.PrepareHearing]; waits || !slices.Contains(w.kinds(t, f), cases.HearingEnded) {
			t.Error("it is to be prepared, or the chronology does not have it")
		}
	})
}

// A date in court and an order that is served ask for another look at the
// safety plan, without either package knowing the other.
//
// Proves: G11
func TestAHearingAndAnOrderThatIsServedAskForALookAtTheSafetyPlan(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		_, err := w.s.List(t.Context(), f, hearing(w.day(10)))
		must(t, err)
		if got := w.waiting(t, f); len(got) != 0 {
			t.Errorf("without a plan: %v", got)
		}
		w.planned(t, f)
		_, err = w.s.List(t.Context(), f, hearing(w.day(20)))
		must(t, err)
		if got := w.waiting(t, f); !slices.Equal(got, []safetyplan.ChangeKind{safetyplan.CourtDate}) {
			t.Errorf("after a hearing was listed: %v", got)
		}
		o := court.Order{Kind: "non_molestation", State: court.Made, MadeOn: w.day(-2), ExpiresOn: w.day(300), Words: court.OrderWords{Conditions: "Not to come near her home"}}
		id, err := w.s.Record(t.Context(), f, o)
		must(t, err)
		if got := w.waiting(t, f); slices.Contains(got, safetyplan.OrderServed) {
			t.Error("an order that nobody has served counts as served")
		}
		o.ID, o.Version, o.ServedOn = id, 1, w.day(0)
		must(t, w.s.ChangeOrder(t.Context(), f, o))
		if got := w.waiting(t, f); !slices.Contains(got, safetyplan.OrderServed) {
			t.Errorf("after it was served: %v", got)
		}
		if due := w.tasks(t, f)[cases.ReviewPlan]; due != cases.NextWorkingDay(w.Clock.Now()) {
			t.Errorf("the plan is looked at by %q", due)
		}
	})
}

func TestAnOrderThatEndsIsLookedAtBefore(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		o := court.Order{Kind: "restraining", State: court.Made, MadeOn: w.day(-300), ExpiresOn: w.day(40), Words: court.OrderWords{Conditions: "No contact"}}
		id, err := w.s.Record(t.Context(), f, o)
		must(t, err)
		if due := w.tasks(t, f)[cases.OrderEnds]; due != w.day(12) {
			t.Errorf("it is looked at by %q", due)
		}
		o.ID, o.Version, o.State = id, 1, court.Ended
		if err := w.s.ChangeOrder(t.Context(), f, o); !hasField(err, "note") {
			t.Errorf("it ends, and nobody says what protects her then: %v", err)
		}
		o.Words.Note = "Discharged. The police have marked the address."
		must(t, w.s.ChangeOrder(t.Context(), f, o))
		if _, waits := w.tasks(t, f)[cases.OrderEnds]; waits {
			t.Error("the reminder of an order that has ended waits")
		}
		o.Version = 1
		if err := w.s.ChangeOrder(t.Context(), f, o); !errors.Is(err, store.ErrConflict) {
			t.Errorf("an older page: %v", err)
		}
		for field, wrong := range map[string]func(*court.Order){
			"kind": func(o *court.Order) { o.Kind = "made_up" }, "served_on": func(o *court.Order) { o.ServedOn = w.day(-301) },
			"made_on": func(o *court.Order) { o.MadeOn = w.day(2) }, "conditions": func(o *court.Order) { o.Words.Conditions = "" },
		} {
			bad := court.Order{Kind: "restraining", State: court.Made, MadeOn: w.day(-300), Words: court.OrderWords{Conditions: "No contact"}}
			wrong(&bad)
			if _, err := w.s.Record(t.Context(), f, bad); !hasField(err, field) {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

// The list names what is ahead in cases that the actor may see, page by page,
// and nobody by name.
func TestWhatIsAheadIsListedByDay(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		idva := w.Actor(t, casestest.IDVA)
		f := w.Begin(t, idva)
		for i := range 5 {
			_, err := w.s.List(t.Context(), f, hearing(w.day(9-i)))
			must(t, err)
		}
		_, err := w.s.Record(t.Context(), f, court.Order{Kind: "bail", State: court.Made, MadeOn: w.day(-1), ExpiresOn: w.day(7), Words: court.OrderWords{Conditions: "Not to enter the street"}})
		must(t, err)
		_, err = w.s.Record(t.Context(), f, court.Order{Kind: "restraining", State: court.Made, MadeOn: w.day(-1), ExpiresOn: w.day(700), Words: court.OrderWords{Conditions: "No contact"}})
		must(t, err)
		elsewhere := w.Begin(t, w.Actor(t, casestest.Nurse))
		_, err = w.s.List(t.Context(), elsewhere, hearing(w.day(3)))
		must(t, err)
		var got []string
		var after court.Date
		for {
			page, err := w.s.Ahead(t.Context(), idva, cases.Mine, after, 2)
			must(t, err)
			if len(page) == 0 {
				break
			}
			for _, d := range page {
				if d.Number != f.Number() {
					t.Errorf("case %d is listed", d.Number)
				}
				got = append(got, d.On)
			}
			after = page[len(page)-1]
		}
		want := []string{w.day(5), w.day(6), w.day(7), w.day(7), w.day(8), w.day(9)}
		if !slices.Equal(got, want) {
			t.Errorf("listed %v, want %v", got, want)
		}
	})
}

// What is ahead and what protects the person is said in a few lines, for when
// Waymark is not at hand.
func TestTheDigestSaysWhatIsAheadAndInForce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		_, err := w.s.List(t.Context(), f, hearing(w.day(3)))
		must(t, err)
		_, err = w.s.Record(t.Context(), f, court.Order{Kind: "bail", State: court.Made, MadeOn: w.day(-1), Words: court.OrderWords{Conditions: "No contact."}})
		must(t, err)
		_, err = w.s.Record(t.Context(), f, court.Order{Kind: "restraining", State: court.Applied})
		must(t, err)
		var d cases.Digest
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			d, err = w.s.Digest(ctx, tx, f, w.Clock.Now())
			return err
		}))
		want := []string{cases.DayInWords(w.day(3)) + ": Family court. An order that he stays away", "Bail conditions: No contact. Not served, as far as is known."}
		if !slices.Equal(d.Lines, want) {
			t.Errorf("it says %q", d.Lines)
		}
	})
}

func TestWhoDoesNotWorkWithTheFileKeepsNothingInIt(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		if _, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.Nurse), f.ID(), cases.Care); err == nil {
			t.Fatal("another agency opens it")
		}
		var none cases.File
		if _, err := w.s.List(t.Context(), &none, hearing(w.day(3))); err == nil {
			t.Error("a file that nobody opened is written to")
		}
		if w.Cases.May(f, court.ActCourt) != true || w.Guard.Rules().Decide(w.Actor(t, casestest.TrustManager), court.ActCourt, f.Resource()).Allowed {
			t.Error("the rule is not that of the file")
		}
		if w.Guard.Rules().Decide(policy.Actor{Account: "x", Kind: policy.Service, Agency: f.Agency(), Roles: []policy.Role{policy.Manager}}, court.ActCourt, f.Resource()).Allowed {
			t.Error("a program keeps dates in court")
		}
	})
}

func TestKindsOfOrderAreReadOrRefused(t *testing.T) {
	if _, err := court.ParseKinds(courtcontent.Orders); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{`{`, `{"orders":[]}`, `{"orders":[{"code":"a","label":"A"},{"code":"a","label":"B"}]}`, `{"orders":[{"code":"a"}]}`} {
		if _, err := court.ParseKinds([]byte(bad)); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}
