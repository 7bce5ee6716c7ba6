package agreements_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/training/trainingtest"
)

func code(agency directory.AgencyID, team directory.TeamID) string {
	if team == "" {
		return string(agency)
	}
	return string(agency) + "/" + string(team)
}

// world has a hospital and a school, each with a key contact, and an agency with
// none.
type world struct {
	*trainingtest.House
	clock    *storetest.Clock
	register *agreements.Register
	hospital directory.AgencyID
	school   directory.AgencyID
	nobodys  directory.AgencyID

	greta, sam, midwife, teacher, manager, stranger policy.Actor
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{House: trainingtest.New(t, db, agreements.Rules()), clock: clock}
		w.register = agreements.New(db, w.Guard, nil)
		w.hospital, w.school, w.nobodys = w.Agency("hospital", directory.Health).ID, w.Agency("school", directory.Education).ID, w.Agency("nobodys", directory.Housing).ID
		add := func(agency directory.AgencyID, name string, role policy.Role) policy.Actor {
			return w.Add(trainingtest.Worker{Agency: agency, Username: name, Roles: []policy.Role{role}})
		}
		w.greta, w.sam = add(w.hospital, "greta.contact", policy.KeyContact), add(w.school, "sam.contact", policy.KeyContact)
		w.midwife, w.teacher = add(w.hospital, "amira.midwife", policy.Practitioner), add(w.school, "anna.teacher", policy.Practitioner)
		w.manager, w.stranger = add(w.hospital, "nia.manager", policy.Manager), add(w.nobodys, "kim.housing", policy.Practitioner)
		fn(t, w)
	})
}

func (w *world) day(days int) string {
	return w.clock.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly)
}

func (w *world) document() agreements.Document {
	return agreements.Document{
		Title: "Fictional agreement", About: "To keep children safe", StartOn: w.day(0), ReviewOn: w.day(365),
		Parties: []agreements.Party{{Agency: w.hospital}, {Agency: w.school}},
		Clauses: []agreements.Clause{{
			ID: "1", Effect: agreements.Permit, From: agreements.Side{Agency: w.hospital}, To: agreements.Side{Agency: w.school}, Purpose: agreements.ProtectChild,
			Subject: agreements.Child, Kinds: []agreements.Kind{agreements.Address}, Words: "The hospital may tell the school where a child lives.",
		}},
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) newest(t *testing.T, actor policy.Actor, id agreements.ID) agreements.Version {
	t.Helper()
	a, err := w.register.Get(t.Context(), actor, id)
	must(t, err)
	return a.Newest()
}

func (w *world) ask(t *testing.T) agreements.Effect {
	t.Helper()
	a, _, err := w.register.Explain(t.Context(), w.midwife, agreements.Request{
		From: agreements.End{Agency: w.hospital}, To: agreements.End{Agency: w.school}, Purpose: agreements.ProtectChild, Subject: agreements.Child,
		Kinds: []agreements.Kind{agreements.Address},
	})
	must(t, err)
	return a.Effect
}

// signing brings a draft to its signing.
func (w *world) signing(t *testing.T, id agreements.ID, number int) {
	t.Helper()
	must(t, w.register.SetContact(t.Context(), w.greta, id, number, agreements.Advice{Contact: w.greta.Account}))
	must(t, w.register.StartSigning(t.Context(), w.greta, id, number, w.newest(t, w.greta, id).Revision, true))
}

func (w *world) sign(t *testing.T, actor policy.Actor, id agreements.ID, number int) {
	t.Helper()
	must(t, w.register.Sign(t.Context(), actor, id, number, agreements.Advice{Contact: actor.Account}))
}

// Proves: B6.15, B6.28
func TestAnAgreementIsInForceWhenEveryPartyHasSigned(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		id, err := w.register.Begin(ctx, w.greta, w.document())
		must(t, err)
		if got := w.newest(t, w.greta, id); got.State != agreements.Draft || got.Document.Title != "Fictional agreement" || len(got.Parties) != 2 {
			t.Fatalf("%+v", got)
		}
		err = w.register.StartSigning(ctx, w.greta, id, 1, w.newest(t, w.greta, id).Revision, true)
		if errs, ok := forms.AsErrors(err); !ok || !errs.Has("seen") {
			t.Errorf("without a key contact of the author: %v", err)
		}
		w.signing(t, id, 1)
		if w.ask(t) != agreements.Review {
			t.Error("it answers before anybody signed")
		}
		w.sign(t, w.greta, id, 1)
		if s := w.newest(t, w.teacher, id); s.State != agreements.Signing || len(s.Unsigned()) != 1 {
			t.Errorf("after one signature: %s, %v", s.State, s.Unsigned())
		}
		if err := w.register.Sign(ctx, w.greta, id, 1, agreements.Advice{Contact: w.greta.Account}); !errors.Is(err, store.ErrConflict) {
			t.Errorf("signing twice: %v", err)
		}
		w.sign(t, w.sam, id, 1)
		v := w.newest(t, w.teacher, id)
		if s, _ := v.Signature(w.school); v.State != agreements.InForce || s.Names.Signer != "Fictional sam.contact" || s.Names.Contact != "Fictional sam.contact" {
			t.Errorf("%s, %+v", v.State, s)
		}
		if w.ask(t) != agreements.Permit {
			t.Error("it is in force and does not answer")
		}
		if err := w.register.Keep(ctx, w.greta, id, 1, v.Revision, w.document()); !errors.Is(err, store.ErrConflict) {
			t.Errorf("changing what was signed: %v", err)
		}
	})
}

func TestANewVersionIsSignedAgainAndTakesTheOldOnesPlace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		id, err := w.register.Begin(ctx, w.greta, w.document())
		must(t, err)
		w.signing(t, id, 1)
		if _, err := w.register.NewVersion(ctx, w.greta, id); !errors.Is(err, store.ErrConflict) {
			t.Errorf("a new version while one is signed: %v", err)
		}
		w.sign(t, w.greta, id, 1)
		w.sign(t, w.sam, id, 1)
		n, err := w.register.NewVersion(ctx, w.greta, id)
		must(t, err)
		d := w.newest(t, w.greta, id).Document
		d.StartOn, d.ReviewOn = w.day(3), w.day(300)
		d.Clauses[0].Effect = agreements.Deny
		must(t, w.register.Keep(ctx, w.greta, id, n, w.newest(t, w.greta, id).Revision, d))
		if len(w.versions(t, w.teacher, id)) != 1 {
			t.Error("the school sees a draft of the hospital's")
		}
		w.signing(t, id, n)
		w.sign(t, w.greta, id, n)
		w.sign(t, w.sam, id, n)
		if got := w.versions(t, w.teacher, id); got[0] != agreements.Coming || got[1] != agreements.InForce || w.ask(t) != agreements.Permit {
			t.Errorf("before its first day: %v", got)
		}
		w.clock.Advance(4 * 24 * time.Hour)
		if got := w.versions(t, w.teacher, id); got[0] != agreements.InForce || got[1] != agreements.Superseded || w.ask(t) != agreements.Deny {
			t.Errorf("from its first day on: %v, %s", got, w.ask(t))
		}
		must(t, w.register.Withdraw(ctx, w.sam, id, n, "We cannot keep to it"))
		if got := w.versions(t, w.teacher, id); got[0] != agreements.Ended || got[1] != agreements.Superseded || w.ask(t) != agreements.Review {
			t.Errorf("after a party withdrew nothing is in force: %v, %s", got, w.ask(t))
		}
	})
}

func (w *world) versions(t *testing.T, actor policy.Actor, id agreements.ID) []agreements.State {
	t.Helper()
	a, err := w.register.Get(t.Context(), actor, id)
	must(t, err)
	var out []agreements.State
	for _, v := range a.Versions {
		out = append(out, v.State)
	}
	return out
}

func TestAPartyThatChangesItsMindBeforeTheFirstDay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		d := w.document()
		d.StartOn = w.day(10)
		id, err := w.register.Begin(t.Context(), w.greta, d)
		must(t, err)
		w.signing(t, id, 1)
		w.sign(t, w.sam, id, 1)
		w.sign(t, w.greta, id, 1)
		if v := w.newest(t, w.sam, id); v.State != agreements.Coming {
			t.Fatalf("all signed, not begun: %s", v.State)
		}
		if errs, ok := forms.AsErrors(w.register.Withdraw(t.Context(), w.sam, id, 1, " ")); !ok || !errs.Has("reason") {
			t.Error("withdrawn without a reason")
		}
		must(t, w.register.Withdraw(t.Context(), w.sam, id, 1, "Our governors have to meet first"))
		w.clock.Advance(11 * 24 * time.Hour)
		v := w.newest(t, w.greta, id)
		if s, _ := v.Signature(w.school); v.State != agreements.Signing || s.Names.Withdrawn != "Our governors have to meet first" || !s.SignedAt.IsZero() {
			t.Errorf("%s, %+v", v.State, s)
		}
		w.sign(t, w.sam, id, 1)
		if v := w.newest(t, w.greta, id); v.State != agreements.InForce {
			t.Errorf("signed again: %s", v.State)
		}
	})
}

func TestWhoSeesWhichAgreement(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		id, err := w.register.Begin(ctx, w.greta, w.document())
		must(t, err)
		gone := func(actor policy.Actor) {
			t.Helper()
			_, err := w.register.Get(ctx, actor, id)
			if denied, ok := policy.IsDenied(err); !ok || denied.Known {
				t.Errorf("%s of %s: %v", actor.Name, actor.Agency, err)
			}
			if list, err := w.register.List(ctx, actor); err != nil || len(list) != 0 {
				t.Errorf("%s lists %d (%v)", actor.Name, len(list), err)
			}
		}
		gone(w.midwife) // a draft is for key contacts and managers
		gone(w.teacher)
		gone(w.sam)
		w.newest(t, w.manager, id)
		w.signing(t, id, 1)
		w.newest(t, w.midwife, id)
		w.newest(t, w.teacher, id)
		gone(w.stranger)
		for name, act := range map[string]func(policy.Actor) error{
			"begin": func(a policy.Actor) error { _, err := w.register.Begin(ctx, a, w.document()); return err },
			"sign": func(a policy.Actor) error {
				return w.register.Sign(ctx, a, id, 1, agreements.Advice{Contact: a.Account})
			},
			"withdraw": func(a policy.Actor) error { return w.register.Withdraw(ctx, a, id, 1, "why") },
		} {
			for _, actor := range []policy.Actor{w.midwife, w.manager, w.teacher, w.stranger} {
				if _, denied := policy.IsDenied(act(actor)); !denied {
					t.Errorf("%s may %s", actor.Name, name)
				}
			}
		}
		if _, denied := policy.IsDenied(w.register.Keep(ctx, w.sam, id, 1, 1, w.document())); !denied {
			t.Error("the other party may write it")
		}
	})
}

func TestWhatKeepsADraftFromBeingSigned(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		d := w.document()
		d.StartOn, d.ReviewOn = "", ""
		d.Parties = append(d.Parties, agreements.Party{Agency: w.nobodys})
		id, err := w.register.Begin(ctx, w.greta, d)
		must(t, err)
		found, err := w.register.Findings(ctx, w.greta, id)
		must(t, err)
		kinds := map[agreements.FindingKind]int{}
		for _, f := range found {
			kinds[f.Kind]++
		}
		for _, k := range []agreements.FindingKind{agreements.NoReviewDate, agreements.NoStartDate, agreements.NobodySigns, agreements.NoContact} {
			if kinds[k] != 1 {
				t.Errorf("%s is found %d times: %v", k, kinds[k], kinds)
			}
		}
		d = w.document()
		d.Parties = d.Parties[1:]
		if errs, ok := forms.AsErrors(w.register.Keep(ctx, w.greta, id, 1, 1, d)); !ok || !errs.Has("parties") {
			t.Error("an agreement without its author is kept")
		}
		d = w.document()
		d.Clauses = append(d.Clauses, agreements.Clause{ID: "2", Effect: agreements.Deny, Kinds: []agreements.Kind{agreements.Address, agreements.Risk}, Conditions: []agreements.Condition{agreements.NotTold}, Words: "Never where it is not safe."})
		must(t, w.register.Keep(ctx, w.greta, id, 1, w.newest(t, w.greta, id).Revision, d))
		must(t, w.register.SetContact(ctx, w.greta, id, 1, agreements.Advice{Contact: w.greta.Account}))
		err = w.register.StartSigning(ctx, w.greta, id, 1, w.newest(t, w.greta, id).Revision, false)
		if errs, ok := forms.AsErrors(err); !ok || !errs.Has("seen") {
			t.Errorf("clauses that differ were not seen by the author: %v", err)
		}
		must(t, w.register.StartSigning(ctx, w.greta, id, 1, w.newest(t, w.greta, id).Revision, true))
	})
}

func TestWhoCanBeNamedToAdvise(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, err := w.register.Begin(t.Context(), w.greta, w.document())
		must(t, err)
		for name, c := range map[string]struct {
			advice agreements.Advice
			field  string
		}{
			"somebody who is no key contact":    {agreements.Advice{Contact: w.midwife.Account}, "contact"},
			"a key contact of another agency":   {agreements.Advice{Contact: w.sam.Account}, "contact"},
			"nobody":                            {agreements.Advice{}, "contact"},
			"a stand-in of another agency":      {agreements.Advice{Contact: w.greta.Account, StandIn: w.sam.Account}, "stand_in"},
			"a conflict and no stand-in":        {agreements.Advice{Contact: w.greta.Account, NotFor: []directory.AgencyID{w.school}, Conflict: "Works there too"}, "stand_in"},
			"a conflict that is not said":       {agreements.Advice{Contact: w.greta.Account, StandIn: w.manager.Account, NotFor: []directory.AgencyID{w.school}}, "conflict"},
			"a conflict with who is no party":   {agreements.Advice{Contact: w.greta.Account, StandIn: w.manager.Account, NotFor: []directory.AgencyID{w.nobodys}, Conflict: "Works there"}, "not_for"},
			"the key contact as their stand-in": {agreements.Advice{Contact: w.greta.Account, StandIn: w.greta.Account}, "stand_in"},
		} {
			if errs, ok := forms.AsErrors(w.register.SetContact(t.Context(), w.greta, id, 1, c.advice)); !ok || !errs.Has(c.field) {
				t.Errorf("%s: %v", name, errs)
			}
		}
		must(t, w.register.SetContact(t.Context(), w.greta, id, 1, agreements.Advice{
			Contact: w.greta.Account, StandIn: w.manager.Account, NotFor: []directory.AgencyID{w.school}, Conflict: "Is a governor of the school",
		}))
		s, _ := w.newest(t, w.greta, id).Signature(w.hospital)
		if s.For(w.school) != w.manager.Account || s.For(w.nobodys) != w.greta.Account || s.Names.Conflict != "Is a governor of the school" {
			t.Errorf("%+v", s)
		}
	})
}

// Proves: B6.27
func TestAnAgreementPastItsReviewIsOverdueAndStaysInForce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, err := w.register.Begin(t.Context(), w.greta, w.document())
		must(t, err)
		w.signing(t, id, 1)
		w.sign(t, w.greta, id, 1)
		w.sign(t, w.sam, id, 1)
		if w.newest(t, w.greta, id).Overdue(w.register.Today()) {
			t.Error("overdue on its first day")
		}
		w.clock.Advance(366 * 24 * time.Hour)
		if v := w.newest(t, w.greta, id); !v.Overdue(w.register.Today()) || v.State != agreements.InForce || w.ask(t) != agreements.Permit {
			t.Errorf("after a year: %s", v.State)
		}
	})
}

type flows []agreements.Flow

// Proves: B6.27
func TestMonitoringLeavesSmallNumbersOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register.Watch(traffic{flows{
			{Agreement: "x", To: w.school, Sent: 40, Acknowledged: 20, Minutes: 20 * 180, Declined: 3, Overrides: 2, Overdue: 1},
			{To: w.school, Sent: 3},
		}})
		by, to, err := w.register.Monitor(t.Context(), w.manager)
		must(t, err)
		if len(by) != 2 || len(to) != 1 {
			t.Fatalf("%+v %+v", by, to)
		}
		if f := by[0]; f.Sent.String() != "40" || f.Hours != "3 hours" || f.Declined.String() != "[c]" || f.Overrides.String() != "[c]" || !f.Late {
			t.Errorf("%+v", f)
		}
		if f := by[1]; f.Sent.String() != "[c]" || f.Hours != "" || f.Late {
			t.Errorf("%+v", f)
		}
		if _, _, err := w.register.Monitor(t.Context(), w.midwife); err == nil {
			t.Error("a midwife monitors")
		}
	})
}

type traffic struct{ flows }

func (f traffic) Flows(_ context.Context, _ *store.Tx, _ audit.Permit, _ string, _, _ time.Time) ([]agreements.Flow, error) {
	return f.flows, nil
}
