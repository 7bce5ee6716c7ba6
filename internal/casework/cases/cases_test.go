package cases_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

func each(t *testing.T, fn func(t *testing.T, w *casestest.World)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { fn(t, casestest.New(t, db, clock)) })
}

func read(t *testing.T, w *casestest.World, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := w.DB.Read(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// Proves: B6.14
func TestWhoSeesAFile(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		allow := func(who string) {
			t.Helper()
			if _, err := w.Cases.Open(t.Context(), w.Actor(t, who), f.ID(), cases.Care); err != nil {
				t.Errorf("%s: %v", who, err)
			}
		}
		deny := func(who string) {
			t.Helper()
			_, err := w.Cases.Open(t.Context(), w.Actor(t, who), f.ID(), cases.Care)
			if d, denied := policy.IsDenied(err); !denied || d.Known {
				t.Errorf("%s: %v", who, err)
			}
		}
		allow(casestest.Nurse)
		allow(casestest.Receptionist) // the same team
		allow(casestest.TrustManager)
		deny(casestest.Midwife)      // the same agency, not involved
		deny(casestest.TrustAdmin)   // administrators manage accounts, not files
		deny(casestest.Commissioner) //
		deny(casestest.IDVA)         // another agency
		deny(casestest.HavenManager)
		deny(casestest.Robot)
	})
}

func TestWhatIsNotAllowedLooksLikeWhatIsNotThere(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		stranger := w.Actor(t, casestest.IDVA)
		before := len(w.Ledger(t))
		work := func(id cases.ID) (string, int) {
			ctx, n := store.CountQueries(t.Context())
			_, err := w.Cases.Open(ctx, stranger, id, cases.Care)
			return err.Error(), n.N()
		}
		forbidden, n1 := work(f.ID())
		absent, n2 := work("0190b0b0-0000-7000-8000-000000000000")
		if forbidden != absent {
			t.Errorf("%q and %q", forbidden, absent)
		}
		if n1 != n2 {
			t.Errorf("%d and %d statements", n1, n2)
		}
		entries := w.Ledger(t)[before:]
		if len(entries) != 2 || entries[0].Outcome != audit.Refused || entries[1].Outcome != audit.Refused {
			t.Errorf("the refusals left %+v", entries)
		}
	})
}

func TestOpeningIsRecordedWithItsPurpose(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		if _, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.TrustManager), f.ID(), cases.Supervision); err != nil {
			t.Fatal(err)
		}
		last := w.Ledger(t)[len(w.Ledger(t))-1]
		if last.Action != cases.ActOpen || last.Purpose != "supervision" || !slices.Contains(last.Subjects, f.ID().Subject()) {
			t.Errorf("%+v", last)
		}
	})
}

func TestTheZeroFileOpensNothing(t *testing.T) {
	w := casestest.New(t, storetest.Open(t, store.SQLite, storetest.NewClock().Now), storetest.NewClock())
	for _, f := range []*cases.File{nil, {}} {
		err := w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := w.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note})
			return err
		})
		if !errors.Is(err, audit.ErrNoPermit) {
			t.Errorf("got %v", err)
		}
	}
}

func TestTheChronologyIsNewestFirstAndPaged(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		for i := range 5 {
			w.Clock.Advance(time.Hour)
			err := w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
				_, err := w.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, Text: string(rune('a' + i)), On: "2026-03", About: true})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		var texts string
		var before cases.EventID
		for range 10 {
			var page []cases.Event
			read(t, w, func(ctx context.Context, tx *store.Tx) (err error) {
				page, err = w.Cases.Chronology(ctx, tx, f, before, 2)
				return err
			})
			if len(page) == 0 {
				break
			}
			for _, e := range page {
				texts += e.Text
			}
			before = page[len(page)-1].ID
		}
		if texts != "edcba" {
			t.Errorf("got %q", texts)
		}
	})
}

func TestAnUnknownKindOfEntryIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		err := w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			_, err := w.Cases.Record(ctx, tx, f, cases.Event{Kind: "made.up"})
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "vocabulary") {
			t.Errorf("got %v", err)
		}
	})
}

func TestHandOver(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse, midwife := w.Actor(t, casestest.Nurse), w.Actor(t, casestest.Midwife)
		f := w.Begin(t, nurse)
		give := func(version int64, to cases.To) error {
			return w.Cases.HandOver(t.Context(), nurse, f.ID(), version, to, "on leave from tomorrow")
		}
		if err := give(1, cases.To{Account: w.Actor(t, casestest.IDVA).Account}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("to another agency: %v", err)
		}
		if err := give(1, cases.To{Team: string(w.Advocates.ID)}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("to another agency's team: %v", err)
		}
		if err := give(1, cases.To{Account: midwife.Account}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Cases.Open(t.Context(), midwife, f.ID(), cases.Care); err != nil {
			t.Errorf("the colleague cannot open it: %v", err)
		}
		inbox, err := w.Cases.Inbox(t.Context(), midwife, "", cases.Task{}, 10)
		if err != nil || len(inbox) != 1 || inbox[0].Kind != cases.TakeOver {
			t.Errorf("the colleague's inbox: %+v, %v", inbox, err)
		}
		// The second of two who hand over at once is told.
		if err := give(1, cases.To{Team: string(w.Midwives.ID)}); !errors.Is(err, store.ErrConflict) {
			t.Errorf("from an old page: %v", err)
		}
	})
}

func TestATaskIsClearedByRecordingWhatWasDone(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse := w.Actor(t, casestest.Nurse)
		f := w.Begin(t, nurse)
		var id cases.TaskID
		err := w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) (err error) {
			id, err = w.Cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.AskAgain, Due: "2026-03-03", Team: f.Team()})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		inbox := func(team string) int {
			got, err := w.Cases.Inbox(t.Context(), nurse, team, cases.Task{}, 10)
			if err != nil {
				t.Fatal(err)
			}
			return len(got)
		}
		if inbox("") != 0 || inbox(f.Team()) != 1 {
			t.Errorf("own %d, team %d", inbox(""), inbox(f.Team()))
		}
		if err := w.Cases.FinishTask(t.Context(), f, id, ""); !errors.Is(err, cases.ErrTaskNote) {
			t.Errorf("with nothing said: %v", err)
		}
		if err := w.Cases.FinishTask(t.Context(), f, id, "asked on her own today"); err != nil {
			t.Fatal(err)
		}
		if err := w.Cases.FinishTask(t.Context(), f, id, "again"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("twice: %v", err)
		}
		if inbox(f.Team()) != 0 {
			t.Error("it is still there")
		}
		if _, err := w.Cases.Inbox(t.Context(), nurse, string(w.Advocates.ID), cases.Task{}, 10); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another team's inbox: %v", err)
		}
	})
}

// Proves: B8.7
func TestAFileHoldsSeveralPerpetrators(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		err := w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			for _, name := range []string{"One", "Two"} {
				if _, err := w.Cases.AddParty(ctx, tx, f, cases.Perpetrator, "brother", people.Details{GivenName: name}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var parties []cases.Party
		read(t, w, func(ctx context.Context, tx *store.Tx) (err error) {
			parties, err = w.Cases.Parties(ctx, tx, f)
			return err
		})
		if len(parties) != 2 || parties[0].Role != cases.Perpetrator || parties[1].Details.GivenName != "Two" {
			t.Errorf("%+v", parties)
		}
	})
}

func TestBadDetailsComeBackByField(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		_, err := w.Cases.Begin(t.Context(), w.Actor(t, casestest.Nurse), cases.NewFile{
			Person: people.Details{GivenName: strings.Repeat("x", 300), Born: "31 February"}, Kind: cases.Full, Origin: cases.OwnContact,
		})
		errs, ok := forms.AsErrors(err)
		if !ok || !errs.Has("given_name") || !errs.Has("born") {
			t.Errorf("got %v", err)
		}
		if _, err := w.Cases.Begin(t.Context(), w.Actor(t, casestest.TrustAdmin), cases.NewFile{Kind: cases.Full}); err == nil {
			t.Error("an administrator began a file")
		}
	})
}

func TestTheCaseloadIsPagedAndNamesWhomItShows(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse := w.Actor(t, casestest.Nurse)
		var want []cases.ID
		for range 5 {
			w.Clock.Advance(time.Minute)
			want = append([]cases.ID{w.Begin(t, nurse).ID()}, want...)
		}
		w.Begin(t, w.Actor(t, casestest.IDVA))
		var got []cases.ID
		var after *cases.Row
		for range 10 {
			ctx, n := store.CountQueries(t.Context())
			rows, err := w.Cases.Caseload(ctx, nurse, cases.All, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			if n.N() > 10 {
				t.Errorf("%d statements", n.N())
			}
			if len(rows) == 0 {
				break
			}
			for _, r := range rows {
				got = append(got, r.ID)
			}
			after = &rows[len(rows)-1]
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		last := w.Ledger(t)[len(w.Ledger(t))-1]
		if last.Action != cases.ActList || len(last.Subjects) != 1 || last.Subjects[0].Kind != "person" {
			t.Errorf("%+v", last)
		}
	})
}

// The list and the single check follow the same rules.
func TestCaseloadAgreesWithOpen(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		everyone := []string{casestest.Nurse, casestest.Midwife, casestest.TrustManager, casestest.IDVA, casestest.HavenManager}
		var files []cases.ID
		for _, who := range everyone {
			files = append(files, w.Begin(t, w.Actor(t, who)).ID())
		}
		rapid.Check(t, func(r *rapid.T) {
			a := w.Actor(t, rapid.SampledFrom(append(everyone, casestest.Receptionist)).Draw(r, "who"))
			a.Roles = rapid.SliceOfDistinct(rapid.SampledFrom(policy.Roles()), rapid.ID).Draw(r, "roles")
			a.Teams = rapid.SampledFrom([][]string{nil, {string(w.Midwives.ID)}, {string(w.Advocates.ID)}}).Draw(r, "teams")
			listed := map[cases.ID]bool{}
			rows, err := w.Cases.Caseload(context.Background(), a, cases.All, nil, 100)
			if _, denied := policy.IsDenied(err); err != nil && !denied {
				r.Fatal(err)
			}
			for _, row := range rows {
				listed[row.ID] = true
			}
			for _, id := range files {
				_, err := w.Cases.Open(context.Background(), a, id, cases.Care)
				if (err == nil) != listed[id] {
					r.Errorf("roles %v, teams %v: listed %v, opened %v", a.Roles, a.Teams, listed[id], err)
				}
			}
		})
	})
}

// Proves: B6.26
func TestUnknownContactIsUnsafe(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		get := func() (people.Person, people.SafeContact) {
			var p people.Person
			var c people.SafeContact
			read(t, w, func(ctx context.Context, tx *store.Tx) (err error) {
				if p, err = w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person()); err != nil {
					return err
				}
				c, err = w.Cases.SafeContact(ctx, tx, f, p)
				return err
			})
			return p, c
		}
		p, c := get()
		for _, ch := range people.Channels() {
			if c.May(ch) {
				t.Errorf("%s may be used though nothing is known", ch)
			}
		}
		record := func(form people.ContactForm) error {
			return w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
				return w.People.RecordSafeContact(ctx, tx, f.Permit(), p, form)
			})
		}
		if err := record(people.ContactForm{Version: p.Version}); err == nil {
			t.Error("an empty form was taken")
		}
		form := people.ContactForm{Version: p.Version, CodeWord: "blue kettle", NeverSpeak: "her brother", Ways: []people.Way{
			{Channel: people.Mobile, Allowed: people.OnlyIf, Detail: "07700 900123", Conditions: "weekdays, say it is the dentist"},
			{Channel: people.Email, Allowed: people.No},
		}}
		if err := record(form); err != nil {
			t.Fatal(err)
		}
		if err := record(form); !errors.Is(err, store.ErrConflict) {
			t.Errorf("from an old page: %v", err)
		}
		p, c = get()
		if !c.May(people.Mobile) || c.May(people.Email) || c.May(people.Post) || !c.HasCodeWord || c.NeverSpeak != "her brother" || c.Ways[len(c.Ways)-1].Detail != "07700 900123" {
			t.Errorf("%+v", c)
		}
		w.Clock.Advance(people.DefaultRecheck + 48*time.Hour)
		p, c = get()
		if c.Summary.State != people.OutOfDate || c.May(people.Mobile) {
			t.Errorf("after the period: %+v", c.Summary)
		}
		var word string
		unlocked, ok := w.Cases.Whereabouts(f)
		if !ok {
			t.Fatal("whoever holds the case may not read the code word")
		}
		err := w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			word, err = w.People.CodeWord(ctx, tx, unlocked, p)
			return err
		})
		last := w.Ledger(t)[len(w.Ledger(t))-1]
		if err != nil || word != "blue kettle" || last.Action != people.ActCode {
			t.Errorf("%q, %v, %+v", word, err, last)
		}
	})
}

func TestPeopleAreNotReadWithoutAPermit(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := w.People.Get(ctx, tx, audit.Permit{}, f.Agency(), f.Person())
			return err
		})
		if !errors.Is(err, audit.ErrNoPermit) {
			t.Errorf("got %v", err)
		}
	})
}
