package letters_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/letters"
	"waymark/internal/casework/support"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

// world is a partnership in which letters ask the gate of support, as they do
// in the program.
type world struct {
	*casestest.World
	letters *letters.Service
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := world{World: casestest.New(t, db, clock, letters.Rules(), support.Rules())}
		help := support.New(w.Cases, w.Guard, w.Registry, support.Config{})
		var err error
		w.letters, err = letters.New(w.Cases, w.Guard, func(ctx context.Context, tx *store.Tx, f *cases.File, channel people.Channel, conditions bool) (letters.Verdict, error) {
			v, err := help.May(ctx, tx, f, support.Reach{Channel: channel, At: help.Now(), Conditions: conditions})
			return letters.Verdict{OK: v.Answer == support.Permitted, Why: v.Reason.Label(), Next: v.Reason.Next()}, err
		})
		must(t, err)
		fn(t, w)
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w world) begin(t *testing.T) *cases.File {
	t.Helper()
	return w.Begin(t, w.Actor(t, casestest.IDVA))
}

func (w world) says(t *testing.T, f *cases.File, ways ...people.Way) {
	t.Helper()
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		p, err := w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		return w.People.RecordSafeContact(ctx, tx, f.Permit(), p, people.ContactForm{Version: p.Version, Ways: ways})
	}))
}

func (w world) again(t *testing.T, f *cases.File) *cases.File {
	t.Helper()
	f, err := w.Cases.Open(t.Context(), f.Actor(), f.ID(), cases.Care)
	must(t, err)
	return f
}

func (w world) get(t *testing.T, f *cases.File, id letters.ID) (l letters.Letter) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		l, err = w.letters.Get(ctx, tx, f, id)
		return err
	}))
	return l
}

func (w world) kinds(t *testing.T, f *cases.File) (kinds []cases.EventKind) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		events, err := w.Cases.Chronology(ctx, tx, f, "", 100)
		for _, e := range events {
			kinds = append(kinds, e.Kind)
		}
		return err
	}))
	return kinds
}

// written is a letter without a fault.
func written(way letters.Way) letters.Draft {
	d := letters.Draft{Template: "own", Way: way, Subject: "Your time on Monday", Body: "Dear Maya,\n\nMonday at ten.", Holding: true}
	if way == letters.Text {
		d.Subject = ""
	}
	return d
}

// No text that ships says what the service is for, and each can be finished: what
// is to be filled in is found, and the rest passes. S13.
func TestTheTextsThatShipAreNeutral(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.Colleague)) // whose name says nothing
		for _, template := range w.letters.Templates() {
			for _, way := range template.Ways {
				d, err := w.letters.Begin(t.Context(), f, template.Code, way)
				must(t, err)
				if told := cases.TellsTopic(d.Subject + " " + d.Body); told != "" {
					t.Errorf("%s says %q", template.Code, told)
				}
				if strings.ContainsAny(d.Subject+d.Body, "{}") {
					t.Errorf("%s leaves a name open: %s", template.Code, d.Body)
				}
				if template.Body != "" && !strings.Contains(d.Body, "Maya") {
					t.Errorf("%s does not speak to the person", template.Code)
				}
				if errs := d.Check(); strings.Contains(d.Body, "[") && errs.Get("body") == "" {
					t.Errorf("%s passes with something to fill in", template.Code)
				}
			}
		}
	})
}

// What is wrong with a letter is said by field.
func TestAFaultyLetter(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*letters.Draft)
		field  string
	}{
		"no way":                     {func(d *letters.Draft) { d.Way = "pigeon" }, "way"},
		"by hand, without asking":    {func(d *letters.Draft) { d.Way, d.Holding = letters.Hand, false }, "holding"},
		"no subject":                 {func(d *letters.Draft) { d.Subject = " " }, "subject"},
		"a subject that tells":       {func(d *letters.Draft) { d.Subject = "Your safety plan" }, "subject"},
		"a subject with a gap":       {func(d *letters.Draft) { d.Subject = "Your time on [day]" }, "subject"},
		"nothing":                    {func(d *letters.Draft) { d.Body = "\n" }, "body"},
		"a gap":                      {func(d *letters.Draft) { d.Body = "Ring me on [number]." }, "body"},
		"a text with a subject":      {func(d *letters.Draft) { d.Way = letters.Text }, "subject"},
		"a text that tells":          {func(d *letters.Draft) { d.Way, d.Subject, d.Body = letters.Text, "", "About the refuge." }, "body"},
		"a text of too many letters": {func(d *letters.Draft) { d.Way, d.Subject, d.Body = letters.Text, "", strings.Repeat("x", 301) }, "body"},
	} {
		d := written(letters.Post)
		c.change(&d)
		if errs := d.Check(); errs.Get(c.field) == "" || len(errs) != 1 {
			t.Errorf("%s: %v", name, errs)
		}
	}
	for _, way := range letters.Ways() {
		if errs := written(way).Check(); errs.Any() {
			t.Errorf("%s: %v", way, errs)
		}
	}
}

// No letter is made and none leaves by a way that the gate refuses: whatever was
// said of the ways. What leaves by post goes where the person said.
func TestNoLetterGoesRoundTheGate(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		rapid.Check(t, func(r *rapid.T) {
			f := w.begin(t)
			channels := map[letters.Way]people.Channel{letters.Post: people.Post, letters.Email: people.Email, letters.Text: people.Text}
			safe := map[letters.Way]bool{letters.Hand: true}
			var ways []people.Way
			for way, channel := range channels {
				said := rapid.SampledFrom([]people.Allowance{people.NotAsked, people.Yes, people.No, people.OnlyIf}).Draw(r, string(way))
				detail := rapid.SampledFrom([]string{"", "c/o Example, 1 Example Road"}).Draw(r, "where")
				condition := ""
				if said == people.OnlyIf {
					condition = "in a plain envelope"
				}
				if said != people.NotAsked {
					if said != people.No && detail == "" && channel != people.Post {
						detail = "somewhere"
					}
					ways = append(ways, people.Way{Channel: channel, Allowed: said, Detail: detail, Conditions: condition})
				}
				safe[way] = (said == people.Yes || said == people.OnlyIf) && (way != letters.Post || detail != "")
			}
			form := people.ContactForm{Ways: ways}
			if errs := form.Check(); errs.Any() {
				return // nobody can record that
			}
			if len(ways) > 0 {
				w.says(t, f, ways...)
			}
			f = w.again(t, f)
			for _, way := range letters.Ways() {
				d := written(way)
				d.Conditions = true
				id, err := w.letters.Make(t.Context(), f, d)
				var refused *letters.RefusedError
				if safe[way] != (err == nil) || err != nil && !errors.As(err, &refused) {
					r.Fatalf("%s, safe %v: %v", way, safe[way], err)
				}
				if err != nil {
					continue
				}
				sheet, err := w.letters.Leave(t.Context(), f, id, true)
				if err != nil || (way == letters.Post) != (len(sheet.To) > 0) {
					r.Fatalf("%s leaves: %v %v", way, sheet.To, err)
				}
				if _, err := w.letters.Take(t.Context(), f, id, true); (err == nil) != way.Paper() {
					r.Fatalf("%s is taken away: %v", way, err)
				}
			}
		})
	})
}

// What was safe when a letter was made and is not when it is printed does not
// leave; that it was tried is in the chronology. What happened all the same is
// recorded, marked, and reviewed.
func TestALetterIsAskedAgainBeforeItLeaves(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.begin(t)
		w.says(t, f, people.Way{Channel: people.Post, Allowed: people.Yes, Detail: "c/o Example, 1 Example Road"})
		f = w.again(t, f)
		id, err := w.letters.Make(t.Context(), f, written(letters.Post))
		must(t, err)
		sheet, err := w.letters.Leave(t.Context(), f, id, false)
		must(t, err)
		if strings.Join(sheet.To, "/") != "c/o Example/1 Example Road" || sheet.Subject != "Your time on Monday" {
			t.Errorf("it leaves as %+v", sheet)
		}
		w.says(t, f, people.Way{Channel: people.Post, Allowed: people.No})
		f = w.again(t, f)
		var refused *letters.RefusedError
		if _, err := w.letters.Leave(t.Context(), f, id, true); !errors.As(err, &refused) || refused.Verdict.Next == "" {
			t.Errorf("it leaves though the way is unsafe now: %v", err)
		}
		if _, err := w.letters.Take(t.Context(), f, id, true); !errors.As(err, &refused) {
			t.Errorf("it is taken away though the way is unsafe now: %v", err)
		}
		if !slices.Contains(w.kinds(t, f), cases.ContactRefused) {
			t.Error("the chronology does not say that it was tried")
		}
		must(t, w.letters.Settle(t.Context(), f, id, letters.Sent, ""))
		if l := w.get(t, f, id); l.State != letters.Sent || !l.Flagged {
			t.Errorf("what happened is kept as %+v", l)
		}
		kinds := w.kinds(t, f)
		if !slices.Contains(kinds, cases.LetterSettled) || !slices.Contains(kinds, cases.ActedNow) {
			t.Errorf("the chronology says %v", kinds)
		}
		if err := w.letters.Settle(t.Context(), f, id, letters.NotSent, "found at home"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("settled twice: %v", err)
		}
	})
}

// No letter goes to the address that is kept confidential, whatever was said of
// letters.
func TestNoLetterGoesToAConfidentialAddress(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.begin(t)
		w.says(t, f, people.Way{Channel: people.Post, Allowed: people.Yes, Detail: "12 Example Street, ex1  2ab"})
		must(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: people.Address{House: "12 Example Street", Postcode: "EX1 2AB"}, Confidential: true}))
		f = w.again(t, f)
		var refused *letters.RefusedError
		if _, err := w.letters.Make(t.Context(), f, written(letters.Post)); !errors.As(err, &refused) || !strings.Contains(refused.Verdict.Why, "confidential") {
			t.Errorf("a letter to a confidential address: %v", err)
		}
		must(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: people.Address{House: "9 Other Street", Postcode: "EX9 9ZZ"}, Confidential: true}))
		if _, err := w.letters.Make(t.Context(), f, written(letters.Post)); !errors.As(err, &refused) {
			t.Errorf("a letter to a confidential address they have left, where others may live: %v", err)
		}
		w.says(t, f, people.Way{Channel: people.Post, Allowed: people.Yes, Detail: "c/o Example, 1 Example Road"})
		f = w.again(t, f)
		if _, err := w.letters.Make(t.Context(), f, written(letters.Post)); err != nil {
			t.Errorf("a letter to somewhere else: %v", err)
		}
	})
}

// No letter goes where somebody they fear is recorded as living.
func TestNoLetterGoesToAHouseholdTheyShareWithSomebodyTheyFear(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.begin(t)
		w.says(t, f, people.Way{Channel: people.Post, Allowed: people.Yes, Detail: "Flat 4, 12 Example Street, ex1 2ab"})
		feared := w.Add(t, f, cases.Perpetrator, people.Details{GivenName: "Lee", FamilyName: "Example"})
		f = w.again(t, f)
		if _, err := w.letters.Make(t.Context(), f, written(letters.Post)); err != nil {
			t.Fatalf("before it is known where he lives: %v", err)
		}
		must(t, w.Cases.RecordHome(t.Context(), f, feared, people.Home{Address: people.Address{House: "12 Example Street", Postcode: "EX1 2AB"}}))
		var refused *letters.RefusedError
		if _, err := w.letters.Make(t.Context(), f, written(letters.Post)); !errors.As(err, &refused) || !strings.Contains(refused.Verdict.Why, "fear") {
			t.Errorf("a letter to a household they share: %v", err)
		}
		if _, err := w.letters.Make(t.Context(), f, written(letters.Hand)); err != nil {
			t.Errorf("by hand: %v", err)
		}
	})
}

// An address that is kept apart stands in no letter, whoever's of the case it
// is and whichever way the letter goes.
//
// Proves: B6.26
func TestAnAddressThatIsKeptApartStandsInNoLetter(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.begin(t)
		child := w.Add(t, f, cases.Child, people.Details{GivenName: "Kit", FamilyName: "Example"})
		must(t, w.Cases.RecordHome(t.Context(), f, child, people.Home{Address: people.Address{House: "9 Other Street", Postcode: "EX9 9ZZ"}, Confidential: true}))
		d := written(letters.Hand)
		d.Body += " We meet at ex9 9zz."
		var refused *letters.RefusedError
		if _, err := w.letters.Make(t.Context(), f, d); !errors.As(err, &refused) {
			t.Errorf("a letter that tells it: %v", err)
		}
		if _, err := w.letters.Make(t.Context(), f, written(letters.Hand)); err != nil {
			t.Errorf("a letter that does not: %v", err)
		}
	})
}

// What became of a letter is said by field, and its reason kept.
func TestALetterThatWasNotSent(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.begin(t)
		id, err := w.letters.Make(t.Context(), f, written(letters.Hand))
		must(t, err)
		var errs forms.Errors
		if err := w.letters.Settle(t.Context(), f, id, letters.NotSent, ""); !errors.As(err, &errs) || errs.Get("why") == "" {
			t.Errorf("without a reason: %v", err)
		}
		must(t, w.letters.Settle(t.Context(), f, id, letters.NotSent, "She told us not to write."))
		if l := w.get(t, f, id); l.State != letters.NotSent || l.Why != "She told us not to write." || l.Flagged {
			t.Errorf("kept as %+v", l)
		}
		if _, err := w.letters.Leave(t.Context(), f, id, true); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("it is printed all the same: %v", err)
		}
	})
}
