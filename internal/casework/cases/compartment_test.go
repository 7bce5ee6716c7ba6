package cases_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Proves: G8
func TestCompartmentsHaveTheirOwnPermission(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse, manager, midwife := w.Actor(t, casestest.Nurse), w.Actor(t, casestest.TrustManager), w.Actor(t, casestest.Midwife)
		f := w.Begin(t, nurse)
		child := w.Add(t, f, cases.Child, people.Details{GivenName: "Ari"})
		readable := func(who string, want ...cases.Compartment) {
			t.Helper()
			if got := w.Cases.Readable(there(t, w, who, f.ID())); !slices.Equal(got, want) {
				t.Errorf("%s reads %v, want %v", who, got, want)
			}
		}
		readable(casestest.Nurse, cases.Whereabouts)
		readable(casestest.TrustManager, cases.Supervised)

		// Everybody who works with the file may write down what they were told.
		mustDo(t, w.Cases.Keep(t.Context(), f, cases.ChildWords, child, "I hide in the wardrobe"))
		if err := w.Cases.Keep(t.Context(), f, cases.ChildWords, "", "x"); err == nil {
			t.Error("a child's words about nobody")
		}
		before := len(w.Ledger(t))
		if _, err := w.Cases.Kept(t.Context(), f, cases.ChildWords); err == nil {
			t.Error("read without the permission")
		}
		if e := w.Ledger(t)[before:]; len(e) != 1 || e[0].Outcome != audit.Refused || e[0].Action != cases.ChildWords.Action() {
			t.Errorf("the refusal left %+v", e)
		}

		// The lead and a manager open one to a colleague by name, nobody to themselves.
		g := there(t, w, casestest.TrustManager, f.ID())
		if err := w.Cases.Grant(t.Context(), g, cases.ChildWords, manager.Account, true); err == nil {
			t.Error("a manager opened it to themselves")
		}
		if err := w.Cases.Grant(t.Context(), there(t, w, casestest.Receptionist, f.ID()), cases.ChildWords, midwife.Account, true); err == nil {
			t.Error("opened by somebody who does not hold the file")
		}
		if err := w.Cases.Grant(t.Context(), f, cases.ChildWords, w.Actor(t, casestest.IDVA).Account, true); err == nil {
			t.Error("opened to another agency")
		}
		mustDo(t, w.Cases.Grant(t.Context(), g, cases.ChildWords, nurse.Account, true))
		readable(casestest.Nurse, cases.Whereabouts, cases.ChildWords)
		kept, err := w.Cases.Kept(t.Context(), there(t, w, casestest.Nurse, f.ID()), cases.ChildWords)
		if err != nil || len(kept) != 1 || kept[0].Text != "I hide in the wardrobe" || kept[0].About != child {
			t.Errorf("%+v, %v", kept, err)
		}
		mustDo(t, w.Cases.Grant(t.Context(), g, cases.ChildWords, nurse.Account, false))
		readable(casestest.Nurse, cases.Whereabouts)

		// The key contact decides which roles read what.
		if err := w.Cases.SetOpenings(t.Context(), manager, cases.Openings{}); err == nil {
			t.Error("a manager decided it")
		}
		mustDo(t, w.Cases.SetOpenings(t.Context(), w.Actor(t, casestest.KeyContact), cases.Openings{cases.Whereabouts: {policy.Manager}}))
		readable(casestest.Nurse)
		readable(casestest.TrustManager, cases.Whereabouts)
		mustDo(t, w.Cases.SetOpenings(t.Context(), w.Actor(t, casestest.KeyContact), cases.Openings{}))
		readable(casestest.TrustManager)
		o, own, err := w.Cases.Openings(t.Context(), w.Actor(t, casestest.KeyContact))
		if err != nil || !own || len(o) != 0 {
			t.Errorf("%v %v %v", o, own, err)
		}
		// Another agency keeps what ships.
		if got := w.Cases.Readable(w.Begin(t, w.Actor(t, casestest.IDVA))); !slices.Equal(got, []cases.Compartment{cases.Whereabouts, cases.Entitlement, cases.ChildWords}) {
			t.Errorf("an IDVA reads %v", got)
		}
	})
}

func TestWithoutThePermissionWhereaboutsAreNotRead(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		contact := func(f *cases.File) people.SafeContact {
			t.Helper()
			var c people.SafeContact
			read(t, w, func(ctx context.Context, tx *store.Tx) error {
				p, err := w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
				if err != nil {
					return err
				}
				c, err = w.Cases.SafeContact(ctx, tx, f, p)
				return err
			})
			return c
		}
		record := func(f *cases.File, form people.ContactForm) {
			t.Helper()
			mustDo(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
				p, err := w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
				if err != nil {
					return err
				}
				form.Version = p.Version
				return w.People.RecordSafeContact(ctx, tx, f.Permit(), p, form)
			}))
		}
		record(f, people.ContactForm{CodeWord: "blue kettle", NeverSpeak: "her brother", Ways: []people.Way{{Channel: people.Mobile, Allowed: people.Yes, Detail: "07700 900123"}}})
		manager := there(t, w, casestest.TrustManager, f.ID())
		c := contact(manager)
		if !c.Withheld || c.Summary.State != people.Recorded || len(c.Ways) > 0 || c.NeverSpeak != "" || c.HasCodeWord || c.May(people.Mobile) {
			t.Errorf("a manager reads %+v", c)
		}
		if _, err := w.Cases.MustWhereabouts(t.Context(), manager); err == nil {
			t.Error("a manager may read the code word")
		}
		// What they are told they record, and what was there stays.
		record(manager, people.ContactForm{Add: true, Ways: []people.Way{{Channel: people.Email, Allowed: people.No}}})
		c = contact(there(t, w, casestest.Nurse, f.ID()))
		if len(c.Ways) != 2 || !c.HasCodeWord || c.NeverSpeak != "her brother" {
			t.Errorf("after that there is %+v", c)
		}
		read(t, w, func(ctx context.Context, tx *store.Tx) error {
			_, err := w.People.Home(ctx, tx, people.Whereabouts{}, people.Person{ID: f.Person(), Agency: f.Agency()})
			if !errors.Is(err, audit.ErrNoPermit) {
				t.Errorf("the zero proof reads an address: %v", err)
			}
			return nil
		})
	})
}

// Proves: B6.8
func TestNobodyHasBothSidesOfOneHarm(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		idva, colleague, manager := w.Actor(t, casestest.IDVA), w.Actor(t, casestest.Colleague), w.Actor(t, casestest.HavenManager)
		him := people.Details{GivenName: "Rob", FamilyName: "Example", Born: "1988-05-05"}
		// Neither is in a team, so that each is seen by those who work on it.
		idva.Teams, colleague.Teams = nil, nil
		harmed := w.BeginFor(t, idva, maya, cases.Experiencing)
		harming := w.BeginFor(t, colleague, him, cases.Perpetrating)
		w.Add(t, harmed, cases.Perpetrator, him)

		open := func(a policy.Actor, f *cases.File) bool {
			_, err := w.Cases.Open(t.Context(), a, f.ID(), cases.Care)
			return err == nil
		}
		if !open(idva, harmed) || !open(colleague, harming) || open(idva, harming) || open(colleague, harmed) {
			t.Fatal("each does not see their own side alone")
		}
		// On the side of the person harmed the hand-over is refused.
		again, err := w.Cases.Open(t.Context(), idva, harmed.ID(), cases.Care)
		mustDo(t, err)
		err = w.Cases.HandOver(t.Context(), idva, harmed.ID(), again.Version(), cases.To{Account: colleague.Account}, "leave")
		if _, refused := cases.IsRefusedTo(err); !refused {
			t.Errorf("handed to whoever works with him: %v", err)
		}
		// On the other side nothing varies: it goes through, and the file of
		// the person harmed moves.
		mustDo(t, w.Cases.HandOver(t.Context(), colleague, harming.ID(), harming.Version(), cases.To{Account: idva.Account}, "leave"))
		if !open(idva, harming) || open(idva, harmed) || !open(manager, harmed) {
			t.Error("whoever took his file still has hers, or her manager has lost it")
		}
		notices, err := w.Cases.Notices(t.Context(), w.Actor(t, casestest.HavenContact), 10)
		if err != nil || len(notices) != 1 || notices[0].Kind != cases.NoticeBothSides || notices[0].File != harmed.ID() {
			t.Errorf("%+v, %v", notices, err)
		}
		// Nothing on his file tells of hers.
		his, err := w.Cases.Open(t.Context(), idva, harming.ID(), cases.Care)
		mustDo(t, err)
		read(t, w, func(ctx context.Context, tx *store.Tx) error {
			events, err := w.Cases.Chronology(ctx, tx, his, "", 50)
			if len(events) != 2 {
				t.Errorf("his chronology says %+v", events)
			}
			return err
		})
		// A team that holds the one does not see the other, save who works on it.
		w2 := w.BeginFor(t, w.Actor(t, casestest.IDVA), people.Details{GivenName: "Ida", FamilyName: "Example", Born: "1990-02-02"}, cases.Experiencing)
		other := people.Details{GivenName: "Sam", FamilyName: "Example", Born: "1985-03-03"}
		w.Add(t, w2, cases.Perpetrator, other)
		theirs := w.BeginFor(t, w.Actor(t, casestest.Colleague), other, cases.Perpetrating)
		if open(w.Actor(t, casestest.Colleague), w2) || !open(w.Actor(t, casestest.IDVA), w2) || open(w.Actor(t, casestest.IDVA), theirs) {
			t.Error("a team that holds both sees across")
		}
	})
}

func TestARequestInAPersonsNameHoldsAsUnverified(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse := w.Actor(t, casestest.Nurse)
		f := w.Begin(t, nurse)
		if err := w.Cases.Receive(t.Context(), f, cases.NewRequest{Kind: cases.Retraction, Came: cases.OnThePhone, Words: "I made it up"}); err == nil {
			t.Error("recorded without who was there")
		}
		mustDo(t, w.Cases.Receive(t.Context(), f, cases.NewRequest{Kind: cases.Retraction, Came: cases.OnThePhone, Words: "I made it up", Present: "a man's voice behind her"}))
		list := func() []cases.Request {
			t.Helper()
			var out []cases.Request
			read(t, w, func(ctx context.Context, tx *store.Tx) (err error) {
				out, err = w.Cases.Requests(ctx, tx, f)
				return err
			})
			return out
		}
		r := list()[0]
		if r.State != cases.Unverified || r.Present != "a man's voice behind her" {
			t.Errorf("%+v", r)
		}
		inbox, err := w.Cases.Inbox(t.Context(), nurse, f.Team(), cases.Task{}, 10)
		if err != nil || len(inbox) != 1 || inbox[0].Kind != cases.ConfirmRequest {
			t.Errorf("%+v, %v", inbox, err)
		}
		for name, c := range map[string]cases.Confirmation{
			"by letter":        {How: cases.InWriting, Words: "Yes", Alone: true, Theirs: true},
			"by somebody else": {How: cases.ThroughOther, Words: "Yes", Alone: true, Theirs: true},
			"with him there":   {How: cases.FaceToFace, Words: "Yes", Present: "Rob", Theirs: true},
			"nobody said":      {How: cases.FaceToFace, Words: "Yes", Theirs: true},
			"without words":    {How: cases.FaceToFace, Alone: true, Theirs: true},
		} {
			c.Version = r.Version
			if _, refused := forms.AsErrors(w.Cases.Confirm(t.Context(), f, r.ID, c)); !refused {
				t.Errorf("confirmed %s", name)
			}
		}
		mustDo(t, w.Cases.Confirm(t.Context(), f, r.ID, cases.Confirmation{Version: r.Version, How: cases.FaceToFace, Words: "He made me call", Alone: true}))
		if got := list()[0]; got.State != cases.NotTheirs || got.What != "He made me call" {
			t.Errorf("%+v", got)
		}
		err = w.Cases.Confirm(t.Context(), f, r.ID, cases.Confirmation{Version: r.Version, How: cases.FaceToFace, Words: "x", Alone: true})
		if !errors.Is(err, store.ErrConflict) {
			t.Errorf("settled twice: %v", err)
		}
		if inbox, err := w.Cases.Inbox(t.Context(), nurse, f.Team(), cases.Task{}, 10); err != nil || len(inbox) != 0 {
			t.Errorf("%+v, %v", inbox, err)
		}
	})
}
