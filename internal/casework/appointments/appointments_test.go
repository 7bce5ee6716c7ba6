package appointments_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

// world is a partnership that makes appointments.
type world struct {
	*casestest.World
	s *appointments.Service
}

// refusedWay is what the gate of these tests refuses.
const refusedWay = people.Text

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, appointments.Rules())
		fn(t, world{w, appointments.New(w.Cases, w.Guard, w.Registry, appointments.Config{
			Gate: func(_ context.Context, _ *store.Tx, _ *cases.File, channel people.Channel, _ time.Time, _ bool) (string, error) {
				if channel == refusedWay {
					return "This way is recorded as unsafe", nil
				}
				return "", nil
			},
			Who: func(ctx context.Context, account string) (policy.Actor, error) { return w.Auth.Worker(ctx, account) },
		})})
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read[T any](t *testing.T, w world, fn func(ctx context.Context, tx *store.Tx) (T, error)) T {
	t.Helper()
	var out T
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = fn(ctx, tx)
		return err
	}))
	return out
}

func (w world) idva(t *testing.T) policy.Actor { return w.Actor(t, casestest.IDVA) }

// tomorrow is an appointment that can be booked: with the IDVA, by telephone.
func (w world) tomorrow(t *testing.T) appointments.Asking {
	t.Helper()
	return appointments.Asking{Worker: w.idva(t).Account, At: w.Clock.Now().AddDate(0, 0, 1), Minutes: 60, Way: appointments.Telephone, Alone: true}
}

func (w world) stored(t *testing.T, f *cases.File, id appointments.ID) appointments.Appointment {
	t.Helper()
	return read(t, w, func(ctx context.Context, tx *store.Tx) (appointments.Appointment, error) {
		return w.s.Appointment(ctx, tx, f, id)
	})
}

func (w world) kinds(t *testing.T, f *cases.File) (out []cases.EventKind) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		events, err := w.Cases.Chronology(ctx, tx, f, "", 100)
		for _, e := range events {
			out = append(out, e.Kind)
		}
		return err
	}))
	return out
}

func (w world) tasks(t *testing.T, f *cases.File) (out []cases.TaskKind) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		list, err := w.Cases.Tasks(ctx, tx, f)
		for _, task := range list {
			out = append(out, task.Kind)
		}
		return err
	}))
	return out
}

func said(t *testing.T, err error, field, want string) {
	t.Helper()
	errs, _ := forms.AsErrors(err)
	if got := errs.Get(field); got != want {
		t.Errorf("%s says %q, want %q (%v)", field, got, want, err)
	}
}

// couple is a woman's case, and that of the man who harms her, whose worker is a
// colleague.
func (w world) couple(t *testing.T) (hers, his *cases.File) {
	t.Helper()
	his = w.BeginFor(t, w.Actor(t, casestest.Colleague), man(0), cases.Perpetrating)
	hers = w.Begin(t, w.idva(t))
	w.Add(t, hers, cases.Perpetrator, man(0))
	return hers, his
}

// Proves: B6.8
func TestARefusedSlotSaysNoMoreThanThatItIsNotSafe(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		hers, his := w.couple(t)
		place, err := w.s.AddPlace(t.Context(), w.Actor(t, casestest.HavenManager), appointments.Place{Name: "Ferry Road", Kind: appointments.Office, Before: 15, After: 15})
		must(t, err)
		a := w.tomorrow(t)
		a.Worker, a.Way, a.Place = w.Actor(t, casestest.Colleague).Account, appointments.AtPlace, place
		_, err = w.s.Book(t.Context(), his, a)
		must(t, err)
		b := w.tomorrow(t)
		b.Way, b.Place, b.At = appointments.AtPlace, place, a.At.Add(75*time.Minute)
		_, err = w.s.Book(t.Context(), hers, b)
		said(t, err, "at", appointments.Unsafe)
		if !slices.Contains(w.kinds(t, hers), cases.AppointmentUnsafe) {
			t.Error("her chronology does not say that it was refused")
		}
		if kinds := w.kinds(t, his); slices.Contains(kinds, cases.AppointmentUnsafe) {
			t.Error("his does")
		}
		b.At = a.At.Add(90 * time.Minute)
		if _, err = w.s.Book(t.Context(), hers, b); err != nil {
			t.Errorf("when he has gone and the time is kept clear: %v", err)
		}
		other := w.tomorrow(t)
		other.At = other.At.AddDate(0, 0, 20)
		other.Worker = w.Actor(t, casestest.Colleague).Account
		_, err = w.s.Book(t.Context(), hers, other)
		said(t, err, "at", appointments.Unsafe)
	})
}

// Proves: B6.8
func TestWhoHarmsIsBookedAndTheOtherSideIsAskedToMove(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		hers, his := w.couple(t)
		room := w.tomorrow(t)
		id, err := w.s.Book(t.Context(), hers, room)
		must(t, err)
		w.Clock.Advance(time.Minute)
		his1 := w.tomorrow(t)
		his1.At = his1.At.Add(-time.Minute)
		if _, err = w.s.Book(t.Context(), his, his1); err != nil { // with her own worker, at her own time
			t.Fatalf("refused on his side: %v", err)
		}
		got := w.stored(t, hers, id)
		if !got.MustMove || !slices.Contains(w.tasks(t, hers), cases.MoveAppointment) {
			t.Fatalf("must move %v, tasks %v", got.MustMove, w.tasks(t, hers))
		}
		if tasks := w.tasks(t, his); len(tasks) > 0 {
			t.Errorf("his side has %v to do", tasks)
		}
		moved := room
		moved.Worker = w.Actor(t, casestest.HavenManager).Account
		must(t, w.s.Move(t.Context(), hers, id, got.Version, moved))
		if got = w.stored(t, hers, id); got.MustMove || slices.Contains(w.tasks(t, hers), cases.MoveAppointment) {
			t.Errorf("after it was moved: must move %v, tasks %v", got.MustMove, w.tasks(t, hers))
		}
	})
}

// Proves: B6.8
func TestAWorkerWhoTakesTheOtherSideCannotKeepTheAppointment(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		hers, his := w.couple(t)
		a := w.tomorrow(t)
		id, err := w.s.Book(t.Context(), hers, a)
		must(t, err)
		w.Clock.Advance(time.Minute)
		manager := w.Actor(t, casestest.HavenManager)
		must(t, w.Cases.HandOver(t.Context(), manager, his.ID(), his.Version(), cases.To{Account: a.Worker}, "Leave"))
		if !w.stored(t, hers, id).MustMove {
			t.Error("her worker works with him now, and her appointment stands")
		}
	})
}

// Proves: B6.8
func TestMoreTimeKeptClearAsksToMoveWhatMeetsNow(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		hers, his := w.couple(t)
		manager := w.Actor(t, casestest.HavenManager)
		place := appointments.Place{Name: "Ferry Road", Kind: appointments.Office, Before: 0, After: 0, Version: 1, Active: true}
		var err error
		place.ID, err = w.s.AddPlace(t.Context(), manager, place)
		must(t, err)
		a := w.tomorrow(t)
		a.Worker, a.Way, a.Place = w.Actor(t, casestest.Colleague).Account, appointments.AtPlace, place.ID
		_, err = w.s.Book(t.Context(), his, a)
		must(t, err)
		b := w.tomorrow(t)
		b.Way, b.Place, b.At = appointments.AtPlace, place.ID, a.At.Add(time.Hour)
		id, err := w.s.Book(t.Context(), hers, b)
		must(t, err)
		place.After = 20
		must(t, w.s.ChangePlace(t.Context(), manager, place))
		if !w.stored(t, hers, id).MustMove {
			t.Error("it stands, though he leaves when she comes")
		}
	})
}

// Proves: B6.8
func TestAManagerWhoDidNotBookItDecidesAboutASlotThatIsNotSafe(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		hers, his := w.couple(t)
		manager := w.Actor(t, casestest.HavenManager)
		_, err := w.s.Book(t.Context(), his, w.tomorrow(t))
		must(t, err)
		w.Clock.Advance(time.Minute)
		a := w.tomorrow(t)
		a.At, a.Manager = a.At.Add(2*time.Hour), true
		_, err = w.s.Book(t.Context(), hers, a)
		said(t, err, "why", "Write why it cannot be another time, place or worker")
		a.Words.Why = "She speaks with nobody else."
		id, err := w.s.Book(t.Context(), hers, a)
		must(t, err)
		if got := w.stored(t, hers, id); got.State != appointments.Asked || !slices.Contains(w.tasks(t, hers), cases.DecideMeeting) {
			t.Fatalf("%s, %v", got.State, w.tasks(t, hers))
		}
		reviews, err := w.Cases.Reviews(t.Context(), manager, 10)
		must(t, err)
		if len(reviews) != 1 || reviews[0].Kind != cases.DecideMeeting {
			t.Errorf("the manager finds %v", reviews)
		}
		if err := w.s.Decide(t.Context(), hers, id, 2, true, "I booked it"); err == nil {
			t.Error("a worker decides")
		}
		asManager, err := w.Cases.Open(t.Context(), manager, hers.ID(), cases.Supervision)
		must(t, err)
		said(t, w.s.Decide(t.Context(), asManager, id, 2, true, ""), "why", "Write why, in 4000 characters or fewer")
		must(t, w.s.Decide(t.Context(), asManager, id, 2, true, "By telephone only, and he comes on another day."))
		got := w.stored(t, hers, id)
		if got.State != appointments.Booked || got.MustMove || got.AllowedBy != manager.Account {
			t.Fatalf("%+v", got)
		}
		if !slices.Contains(w.kinds(t, hers), cases.AppointmentStands) || slices.Contains(w.tasks(t, hers), cases.DecideMeeting) {
			t.Error("the chronology or the tasks do not say it")
		}
		if last := w.Ledger(t); !slices.ContainsFunc(last, func(e audit.Entry) bool {
			return e.Action == appointments.ActAllow && e.Actor == manager.Account && e.Outcome == audit.Done
		}) {
			t.Error("the decision is not in the ledger")
		}
		w.Clock.Advance(time.Minute)
		again := w.tomorrow(t)
		again.At = again.At.AddDate(0, 0, 5)
		_, err = w.s.Book(t.Context(), his, again)
		must(t, err)
		if !w.stored(t, hers, id).MustMove {
			t.Error("what came after the decision is not looked at")
		}
		mine := w.tomorrow(t)
		mine.Manager, mine.Words.Why, mine.At = true, "There is no other way.", mine.At.Add(4*time.Hour)
		own, err := w.s.Book(t.Context(), asManager, mine)
		must(t, err)
		if err := w.s.Decide(t.Context(), asManager, own, 2, true, "I say so"); !errors.Is(err, appointments.ErrOwnBooking) {
			t.Errorf("the booker decides: %v", err)
		}
	})
}

// Proves: B6.8
func TestAPerpetratorKnownByNameAloneIsKnownAgain(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		his := w.BeginFor(t, w.Actor(t, casestest.Colleague), man(0), cases.Perpetrating)
		hers := w.Begin(t, w.idva(t))
		nameOnly := man(0)
		nameOnly.Born = ""
		w.Add(t, hers, cases.Perpetrator, nameOnly)
		_, err := w.s.Book(t.Context(), his, w.tomorrow(t))
		must(t, err)
		_, err = w.s.Book(t.Context(), hers, w.tomorrow(t))
		said(t, err, "at", appointments.Unsafe)
	})
}

func TestAWorkerAndARoomAreBookedOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		manager := w.Actor(t, casestest.HavenManager)
		place, err := w.s.AddPlace(t.Context(), manager, appointments.Place{Name: "Market Hall", Kind: appointments.Community})
		must(t, err)
		room, err := w.s.AddRoom(t.Context(), manager, place, "Room 1")
		must(t, err)
		a := w.tomorrow(t)
		a.Way, a.Place, a.Room = appointments.AtPlace, place, room
		id, err := w.s.Book(t.Context(), f, a)
		must(t, err)
		a.At = a.At.Add(59 * time.Minute)
		_, err = w.s.Book(t.Context(), f, a)
		said(t, err, "worker", "They have another appointment at this time")
		said(t, err, "place", "This room is taken at this time")
		if err := w.s.Move(t.Context(), f, id, 7, a); !errors.Is(err, store.ErrConflict) {
			t.Errorf("moved by somebody who read an older one: %v", err)
		}
		a.At = a.At.Add(time.Minute)
		_, err = w.s.Book(t.Context(), f, a)
		must(t, err)
		must(t, w.s.SetRoom(t.Context(), manager, place, room, false))
		a.At = a.At.AddDate(0, 0, 3)
		_, err = w.s.Book(t.Context(), f, a)
		said(t, err, "place", "Choose a room of this place")
	})
}

// Proves: B7.25, B7.26, B7.27
func TestOnlyAProfessionalBoundToConfidentialityIsBookedToInterpret(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.BeginFor(t, w.idva(t), people.Details{GivenName: "Ewa", FamilyName: "Example", Born: "1990-01-01", Language: "Polish"}, cases.Experiencing)
		for _, way := range appointments.Interpreters() {
			if strings.Contains(strings.ToLower(way.Label()), "relative") || strings.Contains(strings.ToLower(way.Label()), "friend") {
				t.Errorf("%q is offered", way.Label())
			}
		}
		ask := func(change func(*appointments.Asking)) error {
			a := w.tomorrow(t)
			a.Interpreter, a.Words = appointments.Professional, appointments.Words{Ref: "LL-4711", Agreed: true, Circle: appointments.OtherCircle}
			change(&a)
			_, err := w.s.Book(t.Context(), f, a)
			return err
		}
		said(t, ask(func(a *appointments.Asking) { a.Interpreter = "relative" }), "interpreter", "Select how their language is met")
		said(t, ask(func(a *appointments.Asking) { a.Words.Ref = "" }), "ref", "Enter the reference of the booking")
		said(t, ask(func(a *appointments.Asking) { a.Words.Agreed = false }), "confidential", "An interpreter agrees to confidentiality before anything is said")
		said(t, ask(func(a *appointments.Asking) { a.Words.Circle = "" }), "circle", "Say whether the interpreter may know them or their family")
		said(t, ask(func(a *appointments.Asking) { a.Words.Circle, a.OtherLocality = appointments.SameCircle, true }), "circle", "Book another interpreter: this one may know them or their family")
		said(t, ask(func(a *appointments.Asking) { a.Words.Circle = appointments.CircleUnknown }), "circle", "Find out, or book an interpreter from another locality")
		said(t, ask(func(a *appointments.Asking) { a.Interpreter, a.Words.Ref = appointments.Operator, "" }), "ref", "Enter the operator’s number")
		must(t, ask(func(a *appointments.Asking) { a.Words.Circle, a.OtherLocality = appointments.CircleUnknown, true }))
		must(t, ask(func(a *appointments.Asking) { a.Interpreter, a.At = appointments.ToBook, a.At.Add(2*time.Hour) }))
		if !slices.Contains(w.tasks(t, f), cases.BookInterpreter) {
			t.Error("nobody is asked to book one")
		}
		must(t, ask(func(a *appointments.Asking) { a.Interpreter, a.At = appointments.Operator, a.At.Add(4*time.Hour) }))
		if slices.Contains(w.tasks(t, f), cases.BookInterpreter) {
			t.Error("one is booked, and the task is still there")
		}
	})
}

// Proves: B7.27
func TestARelativeWhoInterpretedIsWrittenDownAndSomebodyAsksAgain(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		a := w.tomorrow(t)
		id, err := w.s.Book(t.Context(), f, a)
		must(t, err)
		said(t, w.s.End(t.Context(), f, id, 1, appointments.Ending{State: appointments.Attended}), "outcome", "It has not begun yet. Move it or cancel it instead")
		w.Clock.Advance(25 * time.Hour)
		must(t, w.s.End(t.Context(), f, id, 1, appointments.Ending{State: appointments.Attended, Spoke: appointments.ByRelative, Text: "Her sister spoke for her."}))
		if !slices.Contains(w.tasks(t, f), cases.AskAgain) {
			t.Error("nobody asks again")
		}
		if got := w.stored(t, f, id); got.State != appointments.Attended || got.Words.Spoke != appointments.ByRelative {
			t.Errorf("%+v", got)
		}
		if err := w.s.Cancel(t.Context(), f, id, 2, appointments.ByPerson, ""); !errors.Is(err, store.ErrConflict) {
			t.Errorf("cancelled after it was: %v", err)
		}
	})
}

// The language on file is met without anybody being asked for it again.
//
// Proves: B9.11
func TestALanguageOnFileIsMetAndNotAskedAgain(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.BeginFor(t, w.idva(t), people.Details{GivenName: "Ewa", FamilyName: "Example", Born: "1990-01-01", Language: "Polish"}, cases.Experiencing)
		_, err := w.s.Book(t.Context(), f, w.tomorrow(t))
		said(t, err, "interpreter", "Their language on file is Polish. Select how it is met")
		english := w.Begin(t, w.idva(t))
		_, err = w.s.Book(t.Context(), english, w.tomorrow(t))
		must(t, err)
	})
}

func TestTellingSomebodyAsksTheGateAndWritingDownDoesNot(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		id, err := w.s.Book(t.Context(), f, w.tomorrow(t))
		must(t, err)
		said(t, w.s.Tell(t.Context(), f, id, 1, refusedWay, true), "channel", "This way is recorded as unsafe")
		if w.stored(t, f, id).Told {
			t.Error("refused, and they know")
		}
		must(t, w.s.Tell(t.Context(), f, id, 1, people.Mobile, true))
		got := w.stored(t, f, id)
		if !got.Told || !slices.Contains(w.kinds(t, f), cases.AppointmentTold) {
			t.Error("told, and it is not written down")
		}
		a := w.tomorrow(t)
		a.At = a.At.Add(3 * time.Hour)
		must(t, w.s.Move(t.Context(), f, id, got.Version, a))
		if got = w.stored(t, f, id); got.Told {
			t.Error("it was moved, and they are said to know")
		}
		must(t, w.s.Known(t.Context(), f, id, got.Version, "In the corridor, as they left"))
	})
}

// Proves: B8.7, B8.4
func TestThatTheyAreSeenAloneAndWhoComesAlongIsKept(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		child := w.Add(t, f, cases.Child, people.Details{GivenName: "Kit", FamilyName: "Example"})
		a := w.tomorrow(t)
		a.With, a.Words.Companions = child, "His grandmother, who waits outside"
		id, err := w.s.Book(t.Context(), f, a)
		must(t, err)
		if got := w.stored(t, f, id); !got.Alone || got.With != child || got.Words.Companions != a.Words.Companions {
			t.Errorf("%+v", got)
		}
		a.With, a.At = w.Add(t, f, cases.Companion, people.Details{GivenName: "Una", FamilyName: "Example"}), a.At.Add(2*time.Hour)
		_, err = w.s.Book(t.Context(), f, a)
		said(t, err, "with", "Choose the person, or a child of the case")
	})
}

func TestTimesThatTheClockLeavesOutAreNone(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	must(t, err)
	each(t, func(t *testing.T, w world) {
		s := appointments.New(w.Cases, w.Guard, w.Registry, appointments.Config{Zone: london})
		if _, ok := s.At("2026-03-29", "01:30"); ok {
			t.Error("half past one on the night on which there is none")
		}
		if at, ok := s.At("2026-07-01", "14:30"); !ok || at.UTC().Hour() != 13 {
			t.Errorf("%v %v", at, ok)
		}
	})
}

// S27: an address of 256 bits, of which the hash is kept; the same answer for
// one that never was and one that is closed.
func TestACalendarOutsideIsClosedForGoodAndSaysNothing(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		idva := w.idva(t)
		f := w.Begin(t, idva)
		_, err := w.s.Book(t.Context(), f, w.tomorrow(t))
		must(t, err)
		if since, err := w.s.Feed(t.Context(), idva); err != nil || !since.IsZero() {
			t.Fatalf("open before anybody opened it: %v %v", since, err)
		}
		token, err := w.s.OpenFeed(t.Context(), idva)
		must(t, err)
		if len(token) < 2*128/8 {
			t.Errorf("%d hexadecimal digits", len(token))
		}
		spans, err := w.s.ReadFeed(t.Context(), token)
		must(t, err)
		if len(spans) != 1 || spans[0].Ends.Sub(spans[0].Starts) != time.Hour {
			t.Fatalf("%+v", spans)
		}
		if !slices.ContainsFunc(w.Ledger(t), func(e audit.Entry) bool { return e.Action == appointments.ActFeedRead && e.Actor == idva.Account }) {
			t.Error("the reading is not in the ledger")
		}
		hashes := read(t, w, func(ctx context.Context, tx *store.Tx) (out []string, err error) {
			return out, store.Each(ctx, tx, "SELECT token_hash FROM calendar_feed", nil, func(rows *sql.Rows) error {
				var h string
				err := rows.Scan(&h)
				out = append(out, h)
				return err
			})
		})
		if len(hashes) != 1 || strings.Contains(hashes[0], token) {
			t.Errorf("kept as %v", hashes)
		}
		unknown := func(token string) {
			t.Helper()
			if _, err := w.s.ReadFeed(t.Context(), token); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%v", err)
			}
		}
		unknown("a" + token[1:] + "b")
		fresh, err := w.s.OpenFeed(t.Context(), idva)
		must(t, err)
		unknown(token)
		must(t, w.s.CloseFeed(t.Context(), idva))
		unknown(fresh)
		last, err := w.s.OpenFeed(t.Context(), idva)
		must(t, err)
		must(t, w.Directory.Suspend(t.Context(), casestest.Operator, idva.Account, "left"))
		unknown(last)
	})
}

// A calendar has what its reader may see, and no more.
func TestACalendarKeepsTheWalls(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		hers, his := w.couple(t)
		a := w.tomorrow(t)
		_, err := w.s.Book(t.Context(), hers, a)
		must(t, err)
		his1 := w.tomorrow(t)
		his1.Worker = w.Actor(t, casestest.Colleague).Account
		_, err = w.s.Book(t.Context(), his, his1)
		must(t, err)
		seen := func(who string, everybody bool) (out []cases.ID) {
			t.Helper()
			lines, err := w.s.Calendar(t.Context(), w.Actor(t, who), a.At, 1, everybody)
			must(t, err)
			for _, l := range lines {
				out = append(out, l.File)
			}
			return out
		}
		if got := seen(casestest.IDVA, false); !slices.Equal(got, []cases.ID{hers.ID()}) {
			t.Errorf("her worker sees %v", got)
		}
		if got := seen(casestest.Colleague, false); !slices.Equal(got, []cases.ID{his.ID()}) {
			t.Errorf("his worker sees %v", got)
		}
		if got := seen(casestest.HavenManager, true); len(got) != 2 {
			t.Errorf("the manager sees %v", got)
		}
		if got := seen(casestest.TrustManager, true); len(got) != 0 {
			t.Errorf("another agency sees %v", got)
		}
		if _, err := w.s.Calendar(t.Context(), w.idva(t), a.At, 1, true); err == nil {
			t.Error("a worker sees everybody's")
		}
	})
}

// What stands in the pack for outages are times, and no place that could be an
// address.
func TestADigestSaysWhenAndNotWhere(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		a := w.tomorrow(t)
		a.Way, a.Words.Where = appointments.Elsewhere, "7 Fictional Row"
		_, err := w.s.Book(t.Context(), f, a)
		must(t, err)
		late := w.tomorrow(t)
		late.At = late.At.AddDate(0, 0, 5)
		_, err = w.s.Book(t.Context(), f, late)
		must(t, err)
		d := read(t, w, func(ctx context.Context, tx *store.Tx) (cases.Digest, error) {
			return w.s.Digest(ctx, tx, f, a.At.Add(time.Hour))
		})
		if len(d.Lines) != 1 || strings.Contains(d.Lines[0], "Row") || !strings.Contains(d.Lines[0], a.At.Format("15:04")) {
			t.Errorf("%q", d.Lines)
		}
	})
}
