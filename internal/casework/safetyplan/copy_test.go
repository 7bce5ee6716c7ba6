package safetyplan_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/safetyplan"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// text is everything that stands on a copy.
func text(c safetyplan.Copy) string {
	var b strings.Builder
	for _, s := range c.Sections {
		b.WriteString(s.Heading + "\n")
		for _, e := range s.Entries {
			b.WriteString(e.Heading + "\n" + strings.Join(e.Lines, "\n") + "\n")
		}
	}
	return b.String()
}

// TestACopyHasNothingThatIsKeptApart: whatever is written anywhere in a plan, the
// code word, the safe places and postcodes stand on no copy of it, and a card has
// nothing but its own lines, without a name.
func TestACopyHasNothingThatIsKeptApart(t *testing.T) {
	w := safetyplanFrame(t)
	word := rapid.SampledFrom([]string{"heron", "tea", "Blue", "at my sister's", "14 Elm Road, EX1 2AB", "the mill by the river", "Zoë"})
	postcodes := rapid.SampledFrom([]string{"EX1 2AB", "ex99 7zz", "SW1A1AA"})
	filler := rapid.SampledFrom([]string{"She rings", "and waits for", "by the door", "at nine", "", "then"})
	rapid.Check(t, func(r *rapid.T) {
		places, code := word.Draw(r, "places"), word.Draw(r, "code")
		apart := forms.Answers{}
		apart.Set("apart.places", places)
		apart.Set("apart.word", code)
		open := forms.Answers{}
		for q := range w.Open.Questions() {
			if q.Type == forms.TypeChoice {
				open.Set(q.LinkID, "nowhere")
				continue
			}
			var lines []string
			for range rapid.IntRange(0, 3).Draw(r, "lines") {
				secret := rapid.SampledFrom([]string{"", places, code, strings.ToUpper(code), "Maya", "Haven"}).Draw(r, "secret")
				if rapid.Bool().Draw(r, "postcode") {
					secret += " " + postcodes.Draw(r, "which")
				}
				lines = append(lines, filler.Draw(r, "before")+" "+secret+", "+filler.Draw(r, "after"))
			}
			open.Set(q.LinkID, strings.Join(lines, "\n"))
		}
		page, card := w.Compose(safetyplan.Page, open, apart, cases.Guards{}), w.Compose(safetyplan.Card, open, apart, cases.Guards{}, "Maya Example", "Fictional Haven Service")
		for name, c := range map[string]safetyplan.Copy{"page": page, "card": card} {
			for line := range strings.Lines(text(c)) {
				low := " " + strings.Join(strings.FieldsFunc(strings.ToLower(line), notAWord), " ") + " "
				for _, secret := range []string{places, code, "ex1 2ab", "ex99 7zz", "sw1a1aa"} {
					if needle := " " + strings.Join(strings.FieldsFunc(strings.ToLower(secret), notAWord), " ") + " "; strings.Contains(low, needle) && !isHeading(w, line) {
						r.Fatalf("the %s has %q, which is kept apart, in %q", name, secret, line)
					}
				}
				if name == "card" && (strings.Contains(low, " maya ") || strings.Contains(low, " haven ")) {
					r.Fatalf("the card has a name: %q", line)
				}
			}
		}
		for _, s := range card.Sections {
			for _, e := range s.Entries {
				for _, line := range e.Lines {
					if !strings.Contains(open.Text("slip.lines"), line) {
						r.Fatalf("the card has %q, which was not written for it", line)
					}
				}
			}
		}
	})
}

func isHeading(f *safetyplan.Frame, line string) bool {
	for i := range f.Whole.All() {
		if strings.TrimSpace(line) == i.Text {
			return true
		}
	}
	return false
}

func notAWord(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789ë", r) }

func safetyplanFrame(t *testing.T) *safetyplan.Frame {
	t.Helper()
	f, err := safetyplan.ShippedFrame()
	must(t, err)
	return f
}

func TestAPlainPageHasThePlanWithoutTheCard(t *testing.T) {
	frame := safetyplanFrame(t)
	a := said("danger.fear", "On Fridays", "slip.lines", "Milk", "holders.keep", "nowhere")
	c := frame.Compose(safetyplan.Page, a, nil, cases.Guards{})
	if got := text(c); got != "What could happen\nWhat they are afraid of, and when\nOn Fridays\nWho holds this plan\nWhere it is safe to keep it\nNowhere on paper\n" || c.LeftOut != 0 {
		t.Errorf("%d left out, %q", c.LeftOut, got)
	}
}

func TestNothingIsPrintedThatThePersonDidNotChoose(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		id := w.make(t, f, plan(said("danger.fear", "On Fridays", "slip.lines", "Milk\nRing Maya")))
		try := map[safetyplan.Form]func() error{
			safetyplan.Card:   func() error { _, err := w.plans.Print(t.Context(), f, id, safetyplan.Card); return err },
			safetyplan.Page:   func() error { _, err := w.plans.Print(t.Context(), f, id, safetyplan.Page); return err },
			safetyplan.Spoken: func() error { return w.plans.Give(t.Context(), f, id, safetyplan.Spoken, "2026-03-02") },
		}
		acts := map[safetyplan.Form]policy.Action{safetyplan.Card: safetyplan.ActPrintCard, safetyplan.Page: safetyplan.ActPrintPage, safetyplan.Spoken: safetyplan.ActReadOut}
		refused := map[safetyplan.Form]int{}
		for _, chosen := range safetyplan.Forms() {
			if chosen != safetyplan.Nothing { // which holds from the beginning
				must(t, w.plans.Choose(t.Context(), f, id, chosen, "In her locker at work"))
			}
			for form, do := range try {
				err := do()
				if form == chosen {
					must(t, err)
					continue
				}
				refused[form]++
				if _, denied := policy.IsDenied(err); !denied || !errors.Is(err, safetyplan.ErrNotChosen) {
					t.Errorf("%s was chosen, %s gives %v", chosen, form, err)
				}
				if n := w.refusals(t, acts[form]); n != refused[form] {
					t.Errorf("%s: %d of %d refusals are in the ledger", form, n, refused[form])
				}
			}
		}
		list := w.copies(t, f, id)
		if safetyplan.Choice(list) != safetyplan.Page || len(list) != 7 { // 4 choices, 2 prints, once read out
			t.Errorf("%d records, %s", len(list), safetyplan.Choice(list))
		}
		if k := w.kinds(t, f); strings.Count(k, string(cases.PlanCopied)) != 7 {
			t.Errorf("chronology: %s", k)
		}
	})
}

func TestAChoiceIsForOneVersion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		n := plan(said("danger.fear", "x"))
		n.Copy = safetyplan.Page
		first := w.make(t, f, n)
		next := plan(said("danger.fear", "y"))
		next.After = first
		second := w.make(t, f, next)
		if _, err := w.plans.Print(t.Context(), f, second, safetyplan.Page); !errors.Is(err, safetyplan.ErrNotChosen) {
			t.Errorf("what was safe for the version before: %v", err)
		}
		other := w.Begin(t, w.Actor(t, casestest.IDVA))
		if _, err := w.plans.Print(t.Context(), other, first, safetyplan.Page); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a version of another case: %v", err)
		}
	})
}

func TestACardNamesNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		w.Add(t, f, cases.Perpetrator, people.Details{GivenName: "Oswin", FamilyName: "Thessaly"})
		n := plan(said("slip.lines", "Milk\nOswin works late on Fridays\nMaya, Tuesday\nHaven 01632 960417\nHeron\nBread", "apart.word", "heron"))
		n.Copy = safetyplan.Card
		id := w.make(t, f, n)
		c, err := w.plans.Print(t.Context(), f, id, safetyplan.Card)
		must(t, err)
		if got := strings.Fields(text(c)); strings.Join(got, " ") != "Milk Bread" || c.LeftOut != 4 {
			t.Errorf("%d left out of %q", c.LeftOut, got)
		}
	})
}

// What is kept apart is read with the permission for whereabouts, may be written
// by everybody who works on the file, and loses nothing by it.
func TestPlacesAndTheCodeWordAreKeptApart(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		idva := w.Actor(t, casestest.IDVA)
		f := w.Begin(t, idva)
		first := w.make(t, f, plan(said("danger.fear", "x", "apart.word", "heron", "apart.places", "With Ada")))
		p := w.latest(t, f)
		if len(w.plans.Answers(p)) != 1 || !p.HasApart || p.Response.ByLink()["apart.word"].LinkID != "" {
			t.Errorf("what everybody reads: %v", p.Response.ByLink())
		}
		_, a, err := w.plans.Apart(ctx, f, first)
		must(t, err)
		if a.Text("apart.word") != "heron" || a.Text("apart.places") != "With Ada" {
			t.Error("what was kept apart is gone")
		}
		// Left empty, it stays; written anew, it takes the place of what was there.
		n := plan(said("danger.fear", "y", "apart.word", "swan"))
		n.After = first
		second := w.make(t, f, n)
		_, a, err = w.plans.Apart(ctx, f, second)
		must(t, err)
		if a.Text("apart.word") != "swan" || a.Text("apart.places") != "With Ada" {
			t.Errorf("%q, %q", a.Text("apart.word"), a.Text("apart.places"))
		}
		// For somebody who may not read it nothing is taken out.
		must(t, w.Cases.SetOpenings(ctx, w.Actor(t, casestest.HavenContact), cases.Openings{}))
		f, err = w.Cases.Open(ctx, idva, f.ID(), cases.Care)
		must(t, err)
		if _, _, err := w.plans.Apart(ctx, f, second); err == nil {
			t.Error("read without the permission")
		}
		if w.refusals(t, cases.Whereabouts.Action()) != 1 {
			t.Error("the refusal is not in the ledger")
		}
		n = plan(said("danger.fear", "z", "apart.places", "Or with Bea"))
		n.After = second
		third := w.make(t, f, n)
		must(t, w.Cases.SetOpenings(ctx, w.Actor(t, casestest.HavenContact), cases.Openings{cases.Whereabouts: {policy.Specialist}}))
		f, err = w.Cases.Open(ctx, idva, f.ID(), cases.Care)
		must(t, err)
		_, a, err = w.plans.Apart(ctx, f, third)
		must(t, err)
		if a.Text("apart.word") != "swan" || a.Text("apart.places") != "With Ada\nOr with Bea" {
			t.Errorf("%q, %q", a.Text("apart.word"), a.Text("apart.places"))
		}
	})
}

// No answer of a plan, and nothing that is kept apart in it, stands in the
// chronology: what is shared is taken from there.
func TestNoAnswerOfAPlanIsInTheChronology(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		n := plan(said("danger.fear", "kingfisher", "apart.word", "heron", "slip.lines", "wagtail"))
		n.Views, n.Present, n.Copy, n.CopyWhy = "bittern", "curlew", safetyplan.Card, "dunlin"
		id := w.make(t, f, n)
		step, err := w.plans.AddStep(t.Context(), f, safetyplan.NewStep{What: "plover", Owner: safetyplan.ThePerson, DueOn: "2026-03-05"})
		must(t, err)
		must(t, w.plans.SettleStep(t.Context(), f, step, safetyplan.Done, "redshank"))
		must(t, w.plans.StillRight(t.Context(), f, safetyplan.NewReview{Reason: "sandpiper", ReviewOn: "2026-05-01", After: id}))
		w.read(t, func(ctx context.Context, tx *store.Tx) error {
			events, err := w.Cases.Chronology(ctx, tx, f, "", 50)
			for _, e := range events {
				for _, bird := range []string{"kingfisher", "heron", "wagtail", "bittern", "curlew", "dunlin", "plover", "redshank", "sandpiper"} {
					if strings.Contains(e.Text, bird) {
						t.Errorf("%s says %q", e.Kind, e.Text)
					}
				}
			}
			return err
		})
	})
}

func TestTheOwnListHasWhatIsDueFirstAndNothingOfOthers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		idva := w.Actor(t, casestest.IDVA)
		begin := func(review string) *cases.File {
			f := w.Begin(t, idva)
			n := plan(said("danger.fear", "x"))
			n.ReviewOn = review
			w.make(t, f, n)
			return f
		}
		late, later, changed := begin("2026-03-02"), begin("2026-06-01"), begin("2026-05-01")
		other := w.Begin(t, w.Actor(t, casestest.Colleague))
		w.make(t, other, plan(said("danger.fear", "x")))
		must(t, w.plans.Changed(t.Context(), changed, safetyplan.NewChange{Kind: safetyplan.Pregnancy, On: "2026-03-02"}))
		w.Clock.Advance(24 * 60 * 60 * 1e9)
		for due, want := range map[bool]string{
			true:  fmt.Sprintf("%d %d", late.Number(), changed.Number()),
			false: fmt.Sprintf("%d %d %d", late.Number(), changed.Number(), later.Number()),
		} {
			list, err := w.plans.Own(t.Context(), idva, due, 10)
			must(t, err)
			var got []string
			for _, h := range list {
				got = append(got, fmt.Sprint(h.Number))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("due %t: %v, want %s", due, got, want)
			}
		}
	})
}

// What a person asks to see holds all of it; what is destroyed leaves nothing.
func TestWhatIsKeptIsCollectedAndDestroyed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		n := plan(said("danger.fear", "kingfisher\nheronry", "apart.word", "heron"))
		n.Views, n.CopyWhy = "bittern", "dunlin"
		id := w.make(t, f, n)
		_, err := w.plans.AddStep(t.Context(), f, safetyplan.NewStep{What: "plover", Owner: safetyplan.Other, Other: "curlew", DueOn: "2026-03-05"})
		must(t, err)
		must(t, w.plans.Changed(t.Context(), f, safetyplan.NewChange{Kind: safetyplan.Release, On: "2026-03-05", Words: "redshank"}))
		must(t, w.plans.StillRight(t.Context(), f, safetyplan.NewReview{Reason: "sandpiper", ReviewOn: "2026-05-01", After: id}))
		w.read(t, func(ctx context.Context, tx *store.Tx) error {
			pieces, apart, err := w.plans.Pieces(ctx, tx, f)
			var all string
			for _, p := range pieces {
				all += p.Title + "\n" + strings.Join(p.Lines, "\n") + "\n"
				if strings.Contains(strings.Join(p.Lines, " "), "Code word: heron") && (p.Compartment != cases.Whereabouts || !p.Hidden) {
					t.Errorf("the code word goes with the rest: %+v", p)
				}
			}
			for _, word := range []string{"kingfisher", "heronry", "Code word: heron", "bittern", "dunlin", "plover", "curlew", "redshank", "sandpiper"} {
				if !strings.Contains(all, word) {
					t.Errorf("%s is not collected: %s", word, all)
				}
			}
			if apart != 0 {
				t.Errorf("%d left out", apart)
			}
			return err
		})
		must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			counts, err := w.plans.Destroy(ctx, tx, f)
			if counts["versions of the safety plan"] != 1 || counts["steps of the safety plan"] != 1 {
				t.Errorf("%v", counts)
			}
			return err
		}))
		w.read(t, func(ctx context.Context, tx *store.Tx) error {
			if _, err := w.plans.Latest(ctx, tx, f); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("still there: %v", err)
			}
			return nil
		})
	})
}

// An address that is confidential stands on no copy, whoever wrote it into the
// plan.
func TestNoCopyTellsAGuardedAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		must(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: people.Address{House: "The Old Mill, Fictional Lane"}, Confidential: true}))
		id := w.make(t, f, plan(said("danger.fear", "On Fridays\nThat he finds the old mill (fictional lane)", "slip.lines", "Milk\nOLD MILL, no: the old mill, Fictional Lane")))
		for _, form := range []safetyplan.Form{safetyplan.Page, safetyplan.Card} {
			must(t, w.plans.Choose(t.Context(), f, id, form, ""))
			c, err := w.plans.Print(t.Context(), f, id, form)
			must(t, err)
			if got := strings.ToLower(text(c)); strings.Contains(got, "mill") || c.LeftOut != 1 {
				t.Errorf("%s: %d left out of %q", form, c.LeftOut, got)
			}
		}
	})
}
