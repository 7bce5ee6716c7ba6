package letters_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/letters"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

func own(title string) letters.OwnText {
	return letters.OwnText{Ways: []letters.Way{letters.Hand, letters.Email}, Words: letters.TextWords{Title: title, Subject: "Your time on [day]", Body: "Dear {name},\n\nWe meet on [day].\n\n{worker}"}}
}

func (w world) offered(t *testing.T, who string) []string {
	t.Helper()
	list, err := w.letters.Offered(t.Context(), w.Begin(t, w.Actor(t, who)))
	must(t, err)
	var out []string
	for _, one := range list {
		out = append(out, one.Title)
	}
	return out
}

// A text of an agency is offered when a manager who did not word it has approved
// it, in one version at a time, until it is retired; and in that agency alone.
func TestATextOfAnAgencyIsOfferedOnceAManagerApprovedIt(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ctx, worker, boss := t.Context(), w.Actor(t, casestest.IDVA), w.Actor(t, casestest.HavenManager)
		first, err := w.letters.Propose(ctx, worker, own("A walk"))
		must(t, err)
		if slices.Contains(w.offered(t, casestest.IDVA), "A walk") {
			t.Error("nobody has approved it, and it is offered")
		}
		f := w.begin(t)
		if _, err := w.letters.Begin(ctx, f, string(first), letters.Hand); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a letter from a text that nobody approved: %v", err)
		}
		var denied *policy.Denied
		if err := w.letters.Decide(ctx, worker, first, letters.Approved, ""); !errors.As(err, &denied) {
			t.Errorf("a worker approves: %v", err)
		}
		must(t, w.letters.Decide(ctx, boss, first, letters.Approved, ""))
		if !slices.Contains(w.offered(t, casestest.Colleague), "A walk") || slices.Contains(w.offered(t, casestest.Nurse), "A walk") {
			t.Error("it is offered in its agency alone")
		}
		d, err := w.letters.Begin(ctx, f, string(first), letters.Hand)
		must(t, err)
		d.Subject, d.Body, d.Holding = "Your time on Monday", "Dear Maya,\n\nWe meet on Monday.", true
		_, err = w.letters.Make(ctx, f, d)
		must(t, err)

		another := own("A longer walk")
		another.Root = first
		second, err := w.letters.Propose(ctx, boss, another)
		must(t, err)
		if err := w.letters.Decide(ctx, boss, second, letters.Approved, ""); !fieldIs(err, "state") {
			t.Errorf("somebody approves their own words: %v", err)
		}
		if err := w.letters.Decide(ctx, boss, second, letters.NotApproved, ""); !fieldIs(err, "why") {
			t.Errorf("without a reason: %v", err)
		}
		third, err := w.letters.Propose(ctx, worker, another)
		must(t, err)
		must(t, w.letters.Decide(ctx, boss, third, letters.Approved, ""))
		if got := w.offered(t, casestest.IDVA); slices.Contains(got, "A walk") || !slices.Contains(got, "A longer walk") {
			t.Errorf("two versions are offered: %v", got)
		}
		must(t, w.letters.Decide(ctx, boss, third, letters.Retired, "Nobody walks in winter."))
		if slices.Contains(w.offered(t, casestest.IDVA), "A longer walk") {
			t.Error("it is retired, and offered")
		}
		if err := w.letters.Decide(ctx, boss, third, letters.Approved, ""); !errors.Is(err, store.ErrConflict) {
			t.Errorf("decided twice: %v", err)
		}
		if _, err := w.letters.Text(ctx, w.Actor(t, casestest.TrustManager), third); !errors.As(err, &denied) || denied.Known {
			t.Errorf("another agency reads it: %v", err)
		}
	})
}

func fieldIs(err error, field string) bool {
	errs, is := forms.AsErrors(err)
	return is && errs.Has(field)
}

// What an agency words is held to what ships: neutral, and without a place. S13.
func TestATextOfAnAgencyTellsNothing(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*letters.OwnText)
		field  string
	}{
		"a subject that tells": {func(o *letters.OwnText) { o.Words.Subject = "Your safety plan" }, "subject"},
		"a text that tells":    {func(o *letters.OwnText) { o.Words.Body = "The refuge rings you." }, "body"},
		"a postcode":           {func(o *letters.OwnText) { o.Words.Body = "We meet in EX1 1AA." }, "body"},
		"no subject":           {func(o *letters.OwnText) { o.Words.Subject = "" }, "subject"},
		"no title":             {func(o *letters.OwnText) { o.Words.Title = " " }, "title"},
		"no way":               {func(o *letters.OwnText) { o.Ways = nil }, "ways"},
		"a way that is none":   {func(o *letters.OwnText) { o.Ways = []letters.Way{"pigeon"} }, "ways"},
		"a message that is too long": {func(o *letters.OwnText) {
			o.Ways, o.Words.Body = append(o.Ways, letters.Text), strings.Repeat("x", 400)
		}, "body"},
	} {
		o := own("A walk")
		test.change(&o)
		if errs := o.Check(); !errs.Has(test.field) {
			t.Errorf("%s: %v", name, errs)
		}
	}
	if errs := own("A walk").Check(); errs.Any() {
		t.Errorf("a good text: %v", errs)
	}
}

// A letter that is taken away as a document is asked of the gate again, and is
// an entry of its own in the ledger.
func TestALetterIsAskedAgainBeforeItIsTakenAway(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.begin(t)
		id, err := w.letters.Make(t.Context(), f, letters.Draft{Template: "own", Way: letters.Hand, Subject: "Your time", Body: "On Monday.", Holding: true})
		must(t, err)
		sheet, err := w.letters.Take(t.Context(), f, id, false)
		must(t, err)
		if sheet.Body != "On Monday." {
			t.Errorf("taken: %+v", sheet)
		}
		taken := 0
		for _, e := range w.Ledger(t) {
			if e.Action == letters.ActTake {
				taken++
			}
		}
		if taken == 0 {
			t.Error("the ledger has nothing of it")
		}
		must(t, w.letters.Settle(t.Context(), f, id, letters.NotSent, "She came by."))
		if _, err := w.letters.Take(t.Context(), f, id, false); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a letter that is not sent is taken away: %v", err)
		}
	})
}
