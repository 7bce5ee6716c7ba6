package cases_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

func inUse(t *testing.T, w *casestest.World, f *cases.File, person people.ID) people.Home {
	t.Helper()
	var home people.Home
	unlocked, err := w.Cases.MustWhereabouts(t.Context(), f)
	mustDo(t, err)
	mustDo(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		home, err = w.People.Home(ctx, tx, unlocked, people.Person{ID: person, Agency: f.Agency()})
		return err
	}))
	return home
}

func guards(t *testing.T, w *casestest.World, f *cases.File) cases.Guards {
	t.Helper()
	var g cases.Guards
	mustDo(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		g, err = w.Cases.Guards(ctx, tx, f)
		return err
	}))
	return g
}

var (
	refuge = people.Address{House: "The Old Mill, Fictional Lane", Postcode: "EX99 1AA"}
	new2   = people.Address{House: "3 Fictional Close", Postcode: "EX99 2BB"}
)

// One person takes a confidential address out of use, at once; it takes two to
// release a new one; and the one that was left stays guarded.
//
// Proves: B6.26
func TestOneRetiresAConfidentialAddressAndTwoReleaseANewOne(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		idva, colleague := w.Actor(t, casestest.IDVA), w.Actor(t, casestest.Colleague)
		f := w.Begin(t, idva)
		mustDo(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: refuge, Confidential: true}))
		if err := w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: new2}); !errors.Is(err, people.ErrSecondPerson) {
			t.Fatalf("one person released it alone: %v", err)
		}
		mustDo(t, w.Cases.RetireHome(t.Context(), f, f.Person()))
		if got := inUse(t, w, f, f.Person()); !got.IsZero() || !got.Confidential {
			t.Errorf("after it was retired: %+v", got)
		}
		if err := w.Cases.RetireHome(t.Context(), f, f.Person()); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("retired twice: %v", err)
		}
		if !guards(t, w, f).Tell("She is at the old mill, fictional lane now") {
			t.Error("the address that was left may leave")
		}
		if err := w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: new2}); !errors.Is(err, people.ErrSecondPerson) {
			t.Errorf("one person released a new one alone: %v", err)
		}
		if errs, is := forms.AsErrors(w.Cases.AskHome(t.Context(), f, f.Person(), people.Home{Address: new2}, " ")); !is || !errs.Has("why") {
			t.Error("asked for without a reason")
		}
		mustDo(t, w.Cases.AskHome(t.Context(), f, f.Person(), people.Home{Address: new2}, "He is in prison, and she told everybody herself."))
		if got := inUse(t, w, f, f.Person()); !got.IsZero() {
			t.Errorf("what was asked for holds before it was released: %+v", got)
		}
		asked := waits(t, w, f)
		if errs, is := forms.AsErrors(w.Cases.SettleHome(t.Context(), f, f.Person(), asked, true)); !is || !errs.Has("settle") {
			t.Error("whoever asked released it")
		}
		theirs, err := w.Cases.Open(t.Context(), colleague, f.ID(), cases.Care)
		mustDo(t, err)
		mustDo(t, w.Cases.SettleHome(t.Context(), theirs, f.Person(), asked, true))
		if got := inUse(t, w, f, f.Person()); got.Address != new2 || got.Confidential {
			t.Errorf("after two: %+v", got)
		}
		if err := w.Cases.SettleHome(t.Context(), theirs, f.Person(), asked, false); !errors.Is(err, store.ErrConflict) {
			t.Errorf("settled twice: %v", err)
		}
		g := guards(t, w, f)
		if g.Tell("3 Fictional Close, EX99 2BB") || !g.Tell("ex99-1aa") {
			t.Error("what was released is guarded still, or what was left is not")
		}
		tasks, err := w.Cases.Inbox(t.Context(), colleague, string(w.Advocates.ID), cases.Task{}, 20)
		mustDo(t, err)
		for _, task := range tasks {
			if task.Kind == cases.ReleaseAddress {
				t.Error("a task to settle it is left")
			}
		}
	})
}

// waits is the release that waits in a file.
func waits(t *testing.T, w *casestest.World, f *cases.File) string {
	t.Helper()
	var list []cases.Dwelling
	mustDo(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		list, err = w.Cases.Dwellings(ctx, tx, f)
		return err
	}))
	for _, d := range list {
		if !d.Guard.IsZero() {
			t.Errorf("the list holds an address: %+v", d.Guard)
		}
		if d.Asked != "" {
			return d.Asked
		}
	}
	t.Fatal("nothing waits")
	return ""
}

// A release that waits ends when the address is retired or replaced meanwhile:
// nobody releases an address that another has taken the place of.
//
// Proves: B6.26
func TestAReleaseEndsWithWhatItWouldReplace(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		for name, meanwhile := range map[string]func(f *cases.File) error{
			"retired": func(f *cases.File) error { return w.Cases.RetireHome(t.Context(), f, f.Person()) },
			"replaced": func(f *cases.File) error {
				return w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: new2, Confidential: true})
			},
			"hidden": func(f *cases.File) error {
				return w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: refuge, Confidential: true, Hidden: true})
			},
		} {
			f := w.Begin(t, w.Actor(t, casestest.IDVA))
			mustDo(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: refuge, Confidential: true}))
			mustDo(t, w.Cases.AskHome(t.Context(), f, f.Person(), people.Home{Address: refuge}, "She told everybody herself."))
			asked := waits(t, w, f)
			mustDo(t, meanwhile(f))
			after := inUse(t, w, f, f.Person())
			theirs, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.Colleague), f.ID(), cases.Care)
			mustDo(t, err)
			if err := w.Cases.SettleHome(t.Context(), theirs, f.Person(), asked, true); !errors.Is(err, store.ErrConflict) {
				t.Errorf("%s: it was released all the same: %v", name, err)
			}
			if got := inUse(t, w, f, f.Person()); got != after || !got.Guarded() {
				t.Errorf("%s: then %+v is in use", name, got)
			}
			mustDo(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				tasks, err := w.Cases.Tasks(ctx, tx, f)
				for _, task := range tasks {
					if task.Kind == cases.ReleaseAddress {
						t.Errorf("%s: a task to settle it is left", name)
					}
				}
				return err
			}))
		}
	})
}

// What is recorded again as it was leaves a release that waits as it is.
func TestNothingNewEndsNoRelease(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		same := people.Home{Address: refuge, Confidential: true}
		mustDo(t, w.Cases.RecordHome(t.Context(), f, f.Person(), same))
		mustDo(t, w.Cases.AskHome(t.Context(), f, f.Person(), people.Home{Address: refuge}, "She told everybody herself."))
		asked := waits(t, w, f)
		mustDo(t, w.Cases.RecordHome(t.Context(), f, f.Person(), same))
		if waits(t, w, f) != asked {
			t.Error("another release waits")
		}
	})
}

// An address that was hidden and not confidential stays guarded as well once two
// have put another into its place.
func TestAHiddenAddressThatWasLeftStaysGuarded(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		mustDo(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: refuge, Hidden: true}))
		mustDo(t, w.Cases.AskHome(t.Context(), f, f.Person(), people.Home{Address: new2}, "He is in prison."))
		theirs, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.Colleague), f.ID(), cases.Care)
		mustDo(t, err)
		mustDo(t, w.Cases.SettleHome(t.Context(), theirs, f.Person(), waits(t, w, f), true))
		if g := guards(t, w, f); !g.Tell("EX99 1AA") || g.Tell("EX99 2BB") {
			t.Error("what was left may leave, or what was released may not")
		}
	})
}

// A second person can refuse; then what was recorded holds with its guard.
func TestARefusedReleaseChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		before := people.Home{Address: refuge, Confidential: true, Hidden: true}
		mustDo(t, w.Cases.RecordHome(t.Context(), f, f.Person(), before))
		mustDo(t, w.Cases.AskHome(t.Context(), f, f.Person(), people.Home{Address: refuge, Confidential: true}, "She uses her telephone again."))
		theirs, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.Colleague), f.ID(), cases.Care)
		mustDo(t, err)
		mustDo(t, w.Cases.SettleHome(t.Context(), theirs, f.Person(), waits(t, w, f), false))
		if got := inUse(t, w, f, f.Person()); got != before {
			t.Errorf("after it was refused: %+v", got)
		}
	})
}

// Nothing of somebody who is hidden leaves, not their telephone number either;
// a number that is not theirs does.
func TestOfSomebodyHiddenNoNumberLeaves(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		mustDo(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			p, err := w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
			if err != nil {
				return err
			}
			return w.People.RecordSafeContact(ctx, tx, f.Permit(), p, people.ContactForm{
				Version: p.Version, Ways: []people.Way{{Channel: people.Mobile, Allowed: people.Yes, Detail: "07700 900123, after six"}, {Channel: people.Email, Allowed: people.Yes, Detail: "Maya <maya.example@mail.example>"}},
			})
		}))
		text := "Call her on 07700-900 123, not on 07700 900999"
		if guards(t, w, f).Tell(text) {
			t.Error("a number of somebody who is not hidden is guarded")
		}
		mustDo(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Hidden: true}))
		g := guards(t, w, f)
		for _, tells := range []string{text, "+44 (0)7700 900123", "00447700900123", "write to MAYA.EXAMPLE@mail.example."} {
			if !g.Tell(tells) {
				t.Errorf("%q leaves", tells)
			}
		}
		if g.Tell("07700 900999") || g.Tell("write to sam.example@mail.example") {
			t.Error("what is not theirs does not leave")
		}
	})
}

// However an address is written, among whatever words, it is found; texts
// without it pass.
func TestAGuardedAddressIsFoundHoweverItIsWritten(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		child := w.Add(t, f, cases.Child, people.Details{GivenName: "Kit", FamilyName: "Example"})
		mustDo(t, w.Cases.RecordHome(t.Context(), f, child, people.Home{Address: refuge, Confidential: true}))
		g := guards(t, w, f)
		words := rapid.StringMatching(`[ a-df-z.,;]{0,30}`) // without an e: no text made of these holds the address
		rapid.Check(t, func(t *rapid.T) {
			secret := rapid.SampledFrom([]string{refuge.House, refuge.Postcode, refuge.House + ", " + refuge.Postcode}).Draw(t, "what")
			var b strings.Builder
			for _, r := range secret {
				switch {
				case unicode.IsSpace(r) || unicode.IsPunct(r):
					b.WriteString(rapid.SampledFrom([]string{"", " ", "  ", "-", ", ", "\n", "\u00a0", "."}).Draw(t, "between"))
				case rapid.Bool().Draw(t, "upper"):
					b.WriteRune(unicode.ToUpper(r))
				default:
					b.WriteRune(unicode.ToLower(r))
				}
			}
			before, after := words.Draw(t, "before"), words.Draw(t, "after")
			if !g.Tell(before + b.String() + after) {
				t.Fatalf("%q is not found", before+b.String()+after)
			}
			if g.Tell(before + after) {
				t.Fatalf("%q is taken for it", before+after)
			}
		})
	})
}
