package rights_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/rights"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	rights *rights.Service
}

func each(t *testing.T, test func(*testing.T, world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, rights.Rules())
		test(t, world{w, rights.New(db, w.Guard, w.Cases, w.Registry)})
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w world) read(t *testing.T, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), fn))
}

func (w world) open(t *testing.T, who string, f *cases.File) *cases.File {
	t.Helper()
	got, err := w.Cases.Open(t.Context(), w.Actor(t, who), f.ID(), cases.Care)
	must(t, err)
	return got
}

// request is a request of the person, confirmed or not.
func (w world) request(t *testing.T, f *cases.File, kind cases.RequestKind, confirmed bool) string {
	t.Helper()
	must(t, w.Cases.Receive(t.Context(), f, cases.NewRequest{Kind: kind, Came: cases.InWriting, Words: "Please.", Present: "Not known"}))
	var list []cases.Request
	w.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
		list, err = w.Cases.Requests(ctx, tx, f)
		return err
	})
	if confirmed {
		must(t, w.Cases.Confirm(t.Context(), f, list[0].ID, cases.Confirmation{Version: 1, Theirs: true, How: cases.FaceToFace, Words: "Yes.", Alone: true}))
	}
	return list[0].ID
}

// prepared is a file with a copy that was collected.
func (w world) prepared(t *testing.T, pressed, holding rights.Told) (*cases.File, rights.ID) {
	t.Helper()
	f := w.Begin(t, w.Actor(t, casestest.Nurse))
	w.Add(t, f, cases.Perpetrator, people.Details{GivenName: "Ysolde", FamilyName: "Quarrel"})
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		for _, text := range []string{"Ysolde came to the house.", "She sleeps badly."} {
			if _, err := w.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, On: "2026-01-02", Text: text}); err != nil {
				return err
			}
		}
		return nil
	}))
	id, err := w.rights.Begin(t.Context(), f, w.request(t, f, cases.RecordAccess, true))
	must(t, err)
	must(t, w.rights.Held(t.Context(), f, id, rights.Talk{Version: 1, Pressed: pressed, Holding: holding, SeenBy: "Nobody", Words: "Fine."}))
	_, err = w.rights.Collect(t.Context(), f, id, 2)
	must(t, err)
	return f, id
}

func (w world) items(t *testing.T, f *cases.File, id rights.ID) (out []rights.Item) {
	t.Helper()
	w.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = w.rights.Items(ctx, tx, f, id)
		return err
	})
	return out
}

func (w world) get(t *testing.T, f *cases.File, id rights.ID) (a rights.Access) {
	t.Helper()
	w.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
		a, err = w.rights.Get(ctx, tx, f, id)
		return err
	})
	return a
}

func (w world) submit(t *testing.T, f *cases.File, id rights.ID) {
	t.Helper()
	for _, i := range w.items(t, f, id) {
		if i.Decision == rights.Undecided {
			must(t, w.rights.Decide(t.Context(), f, id, w.get(t, f, id).Version, i.Seq, rights.Choice{Decision: rights.Withhold, Reason: rights.AboutOther, Note: "Not theirs."}))
		}
	}
	must(t, w.rights.Submit(t.Context(), f, id, w.get(t, f, id).Version))
}

func refusedAt(t *testing.T, err error, field string) {
	t.Helper()
	if errs, is := forms.AsErrors(err); !is || errs.Get(field) == "" {
		t.Errorf("got %v, want a refusal at %s", err, field)
	}
}

// Nothing begins on a request that the person has not confirmed, spoken to
// alone.
func TestACopyNeedsAConfirmedRequest(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		_, err := w.rights.Begin(t.Context(), f, w.request(t, f, cases.RecordAccess, false))
		refusedAt(t, err, "request")
		if _, err := w.rights.Begin(t.Context(), f, "made-up"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a request that never was: %v", err)
		}
	})
}

// What names somebody else is proposed for a decision; it is not given before
// there is one, and whoever prepared the copy never gives it.
func TestASecondPersonGivesTheCopy(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ctx := t.Context()
		f, id := w.prepared(t, rights.No, rights.Yes)
		flagged := 0
		for _, i := range w.items(t, f, id) {
			if i.Finds("Ysolde") {
				flagged++
				if i.Decision != rights.Undecided || !slices.Contains(i.Tags, rights.TagOther) {
					t.Errorf("%s names somebody else and is %s %v", i.Title, i.Decision, i.Tags)
				}
			}
		}
		if flagged < 2 {
			t.Fatalf("%d pieces name the other person", flagged)
		}
		refusedAt(t, w.rights.Submit(ctx, f, id, w.get(t, f, id).Version), "submit")
		w.submit(t, f, id)

		version := w.get(t, f, id).Version
		if _, is := policy.IsDenied(w.rights.Release(ctx, f, id, version, rights.Handed)); !is {
			t.Error("whoever prepared it gave it")
		}
		if _, _, err := w.rights.ReadCopy(ctx, f, id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a copy before it was released: %v", err)
		}
		second := w.open(t, casestest.Receptionist, f)
		must(t, w.rights.Release(ctx, second, id, version, rights.Handed))
		a, c, err := w.rights.ReadCopy(ctx, f, id)
		must(t, err)
		text := c.Text(a.Mark)
		if strings.Contains(text, "Ysolde") || !strings.Contains(text, "She sleeps badly.") || !strings.Contains(text, a.Mark) {
			t.Errorf("the copy says %q", text)
		}
		done := map[policy.Action]bool{}
		for _, e := range w.Ledger(t) {
			if e.Outcome == audit.Done && slices.Contains(e.Subjects, id.Subject()) {
				done[e.Action] = true
			}
		}
		if !done[rights.ActAccess] || !done[rights.ActRelease] {
			t.Errorf("the ledger has %v", done)
		}
	})
}

// While somebody makes them ask nothing is given, and nothing is handed to
// somebody for whom it is not known to be safe to hold.
func TestNothingIsGivenUnderPressure(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		for _, try := range []struct {
			pressed, holding rights.Told
			how              rights.Giving
			given            bool
		}{
			{rights.Yes, rights.Yes, rights.ReadHere, false},
			{rights.Yes, rights.Yes, rights.Handed, false},
			{rights.No, rights.NotKnown, rights.Handed, false},
			{rights.No, rights.No, rights.Handed, false},
			{rights.No, rights.No, rights.ReadHere, true},
		} {
			f, id := w.prepared(t, try.pressed, try.holding)
			w.submit(t, f, id)
			err := w.rights.Release(t.Context(), w.open(t, casestest.Receptionist, f), id, w.get(t, f, id).Version, try.how)
			if try.given {
				must(t, err)
			} else {
				refusedAt(t, err, "given")
			}
		}
	})
}

// closed is a closed file whose period has passed, when passed is true.
func (w world) closed(t *testing.T) *cases.File {
	t.Helper()
	f := w.Begin(t, w.Actor(t, casestest.Nurse))
	w.Add(t, f, cases.OtherParty, people.Details{GivenName: "Ottoline", FamilyName: "Ferris"})
	must(t, w.Cases.CloseCase(t.Context(), f, f.Version(), "The work has ended."))
	return f
}

func (w world) keeping(t *testing.T, f *cases.File) (k rights.Keeping) {
	t.Helper()
	w.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
		k, err = w.rights.Keeping(ctx, tx, f)
		return err
	})
	return k
}

// A file is destroyed when it is closed, a schedule of its agency has passed,
// no hold stands, a manager has reviewed it, and somebody else does it. Then
// nobody is in the database any more, the ledger stays, and a certificate says
// what went.
func TestDestruction(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ctx := t.Context()
		f := w.closed(t)
		review := rights.NewReview{Verdict: rights.ToDestroy, Why: "Nothing stands against it."}
		manager := func() *cases.File { return w.open(t, casestest.TrustManager, f) }

		w.Clock.Advance(400 * 24 * time.Hour)
		refusedAt(t, w.rights.Review(ctx, manager(), review), "verdict") // no schedule: nothing ships
		must(t, w.rights.SetSchedule(ctx, w.Actor(t, casestest.KeyContact), rights.Harmed, 24, "Policy of the trust"))
		refusedAt(t, w.rights.Review(ctx, manager(), review), "verdict") // not passed
		must(t, w.rights.SetSchedule(ctx, w.Actor(t, casestest.KeyContact), rights.Harmed, 12, "Policy of the trust, shorter"))

		must(t, w.rights.SetHold(ctx, w.open(t, casestest.Nurse, f), rights.Inquiry, "The inquiry asked."))
		refusedAt(t, w.rights.Review(ctx, manager(), review), "verdict") // held
		if _, is := policy.IsDenied(w.rights.LiftHold(ctx, w.open(t, casestest.Nurse, f), w.keeping(t, f).Holds[0].ID, "Over.")); !is {
			t.Error("a worker lifted a hold")
		}
		must(t, w.rights.LiftHold(ctx, manager(), w.keeping(t, f).Holds[0].ID, "Over."))
		w.Clock.Advance(time.Hour)

		if _, is := policy.IsDenied(w.rights.Review(ctx, w.open(t, casestest.Nurse, f), review)); !is {
			t.Error("a worker reviewed it")
		}
		must(t, w.rights.Review(ctx, manager(), review))
		last := w.keeping(t, manager()).Review
		if _, is := policy.IsDenied(w.rights.Destroy(ctx, manager(), last.ID)); !is {
			t.Error("whoever reviewed it destroyed it")
		}
		before := len(w.Ledger(t))
		must(t, w.rights.Destroy(ctx, w.open(t, casestest.Nurse, f), last.ID))

		if _, err := w.Cases.Open(ctx, w.Actor(t, casestest.TrustManager), f.ID(), cases.Care); err == nil {
			t.Error("it can still be opened")
		}
		w.read(t, func(ctx context.Context, tx *store.Tx) error {
			var n int
			for _, query := range []string{
				"SELECT count(*) FROM event WHERE file_id = $1", "SELECT count(*) FROM task WHERE file_id = $1", "SELECT count(*) FROM party WHERE file_id = $1",
				"SELECT count(*) FROM named_request WHERE file_id = $1", "SELECT count(*) FROM legal_hold WHERE file_id = $1",
				"SELECT count(*) FROM person WHERE given_name <> '' AND $1 <> ''", "SELECT count(*) FROM person_mark WHERE $1 <> ''",
			} {
				if err := tx.QueryRowContext(ctx, query, string(f.ID())).Scan(&n); err != nil {
					return err
				}
				if n > 0 {
					t.Errorf("%s: %d", query, n)
				}
			}
			return nil
		})
		if len(w.Ledger(t)) <= before {
			t.Error("the ledger says nothing of it")
		}
		list, err := w.rights.Certificates(ctx, w.Actor(t, casestest.KeyContact))
		must(t, err)
		if len(list) != 1 || list[0].Counts["people's details"] != 2 || list[0].Why != "" || list[0].Authority != "Policy of the trust, shorter" {
			t.Errorf("the certificate: %+v", list)
		}
		if _, err := w.rights.Certificate(ctx, w.Actor(t, casestest.HavenManager), list[0].ID); err == nil {
			t.Error("another agency reads the certificate")
		}
	})
}

// A child in the file keeps it until the agency has decided a period for that
// too, and the longer one holds.
func TestTheLongerPeriodHolds(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		w.Add(t, f, cases.Child, people.Details{GivenName: "Wilf"})
		must(t, w.Cases.CloseCase(t.Context(), f, f.Version(), "Ended."))
		f = w.open(t, casestest.Nurse, f)
		must(t, w.rights.SetSchedule(t.Context(), w.Actor(t, casestest.TrustManager), rights.Harmed, 12, "Policy"))
		if k := w.keeping(t, f); k.Decided {
			t.Error("a case with a child in it goes by the period of one without")
		}
		must(t, w.rights.SetSchedule(t.Context(), w.Actor(t, casestest.TrustManager), rights.WithChild, 300, "Policy"))
		if k := w.keeping(t, f); k.Schedule.Months != 300 {
			t.Errorf("it is kept for %d months", k.Schedule.Months)
		}
	})
}

// A correction keeps what was there, struck through. An erasure takes the words
// away for good, needs a second person and no hold, and the ledger stays.
func TestCorrectionAndErasure(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ctx := t.Context()
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		var entry cases.EventID
		must(t, w.Cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) (err error) {
			entry, err = w.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, On: "2026-01-02", Text: "Lives with an aunt."})
			return err
		}))
		last := func() rights.Correction {
			var list []rights.Correction
			w.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
				list, err = w.rights.Corrections(ctx, tx, f)
				return err
			})
			return list[0]
		}
		find := func() cases.Event {
			var list []cases.Event
			w.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
				list, err = w.Cases.Chronology(ctx, tx, f, "", 50)
				return err
			})
			return list[slices.IndexFunc(list, func(e cases.Event) bool { return e.ID == entry })]
		}

		n := rights.NewCorrection{Kind: rights.Rectify, Part: cases.PartChronology, Ref: string(entry), Asked: "It is a cousin."}
		must(t, w.rights.Ask(ctx, f, n))
		must(t, w.rights.Settle(ctx, f, last().ID, rights.Decided{Version: 1, Agreed: true, Reason: "She says so.", Text: "Lives with a cousin."}))
		if e := find(); !e.Struck || e.Text != "Lives with an aunt." {
			t.Errorf("after the correction: %+v", e)
		}

		n.Kind = rights.Erase
		refusedAt(t, w.rights.Ask(ctx, f, n), "request") // nobody asked for it
		n.Request = w.request(t, f, cases.Erasure, true)
		must(t, w.rights.Ask(ctx, f, n))
		agreed := rights.Decided{Version: 1, Agreed: true, Reason: "It endangers her."}
		if _, is := policy.IsDenied(w.rights.Settle(ctx, f, last().ID, agreed)); !is {
			t.Error("whoever asked for an erasure agreed to it")
		}
		second := w.open(t, casestest.Receptionist, f)
		must(t, w.rights.SetHold(ctx, f, rights.Complaint, "A complaint."))
		refusedAt(t, w.rights.Settle(ctx, second, last().ID, agreed), "reason")
		var hold string
		w.read(t, func(ctx context.Context, tx *store.Tx) error {
			k, err := w.rights.Keeping(ctx, tx, f)
			hold = k.Holds[0].ID
			return err
		})
		must(t, w.rights.LiftHold(ctx, w.open(t, casestest.TrustManager, f), hold, "Over."))
		must(t, w.rights.Settle(ctx, second, last().ID, agreed))
		if e := find(); e.Text != "" {
			t.Errorf("after the erasure: %q", e.Text)
		}
		if last().Asked != "" {
			t.Error("what was said about it is still there")
		}
	})
}
