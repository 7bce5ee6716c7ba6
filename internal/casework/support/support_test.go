package support_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/risk"
	"waymark/internal/casework/support"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
	"waymark/internal/registers/questions"
)

// world is a partnership with support in it.
type world struct {
	*casestest.World
	s *support.Service
	r *risk.Service
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, support.Rules(), risk.Rules(), questions.Rules())
		sets, err := questions.New(db, w.Guard)
		must(t, err)
		r, err := risk.New(w.Cases, w.Guard, sets)
		must(t, err)
		fn(t, world{w, support.New(w.Cases, w.Guard, w.Registry, support.Config{}), r})
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w world) idva(t *testing.T) policy.Actor { return w.Actor(t, casestest.IDVA) }

// referred is a case of somebody whom an agency referred, and whom nobody has
// reached.
func (w world) referred(t *testing.T) *cases.File {
	t.Helper()
	f := w.Begin(t, w.idva(t))
	must(t, w.s.SetArrival(t.Context(), f, support.Arrival{Came: support.AgencyReferred}))
	return f
}

// says records what the person said of how they can be reached.
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

func read[T any](t *testing.T, w world, fn func(ctx context.Context, tx *store.Tx) (T, error)) T {
	t.Helper()
	var out T
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = fn(ctx, tx)
		return err
	}))
	return out
}

func (w world) kinds(t *testing.T, f *cases.File) []cases.EventKind {
	t.Helper()
	return read(t, w, func(ctx context.Context, tx *store.Tx) ([]cases.EventKind, error) {
		events, err := w.Cases.Chronology(ctx, tx, f, "", 100)
		var out []cases.EventKind
		for _, e := range events {
			out = append(out, e.Kind)
		}
		return out, err
	})
}

func (w world) tasks(t *testing.T, f *cases.File) map[cases.TaskKind]string {
	t.Helper()
	return read(t, w, func(ctx context.Context, tx *store.Tx) (map[cases.TaskKind]string, error) {
		list, err := w.Cases.Tasks(ctx, tx, f)
		out := map[cases.TaskKind]string{}
		for _, task := range list {
			out[task.Kind] = task.Due
		}
		return out, err
	})
}

func (w world) standing(t *testing.T, f *cases.File) support.Standing {
	t.Helper()
	return read(t, w, func(ctx context.Context, tx *store.Tx) (support.Standing, error) { return w.s.Standing(ctx, tx, f) })
}

func mobile(cautious bool) support.Asking {
	return support.Asking{Whom: support.Person, Reach: support.Reach{Channel: people.Mobile, Cautious: cautious}}
}

func TestARefusedContactIsKeptAndAsksForASafeWay(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		_, v, err := w.s.Ask(t.Context(), f, mobile(true))
		must(t, err)
		if v.OK() || v.Reason != support.UnknownWay {
			t.Fatalf("somebody nobody referred, with nothing recorded: %+v", v)
		}
		if kinds := w.kinds(t, f); !slices.Contains(kinds, cases.ContactRefused) {
			t.Errorf("the chronology says nothing of it: %v", kinds)
		}
		if _, asked := w.tasks(t, f)[cases.AskSafeContact]; !asked {
			t.Error("nobody is asked for a safe way")
		}
		w.says(t, f, people.Way{Channel: people.Mobile, Allowed: people.Yes, Detail: "07700 900001"})
		if _, v, err = w.s.Ask(t.Context(), f, mobile(false)); err != nil || v.Answer != support.Permitted {
			t.Errorf("after they said it is safe: %+v %v", v, err)
		}
		w.Clock.Advance(people.DefaultRecheck + 48*time.Hour)
		f = w.reopen(t, f)
		if _, v, err = w.s.Ask(t.Context(), f, mobile(false)); err != nil || v.Reason != support.Expired {
			t.Errorf("after it was checked too long ago: %+v %v", v, err)
		}
	})
}

func (w world) reopen(t *testing.T, f *cases.File) *cases.File {
	t.Helper()
	again, err := w.Cases.Open(t.Context(), w.idva(t), f.ID(), cases.Care)
	must(t, err)
	return again
}

func TestTheCautiousFirstAttemptIsMadeOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.referred(t)
		id, v, err := w.s.Ask(t.Context(), f, mobile(true))
		must(t, err)
		if v.Answer != support.Cautious {
			t.Fatalf("the first: %+v", v)
		}
		must(t, w.s.Finish(t.Context(), f, id, support.Happened{At: w.s.Now(), Outcome: support.NoAnswer}))
		if _, asked := w.tasks(t, f)[cases.AskSafeContact]; !asked {
			t.Error("nobody asks again safely after it")
		}
		if _, v, err = w.s.Ask(t.Context(), f, mobile(true)); err != nil || v.OK() {
			t.Errorf("the second: %+v %v", v, err)
		}
		colleague, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.Colleague), f.ID(), cases.Care)
		must(t, err)
		a := support.Asking{Whom: support.TheProfessional, Reach: support.Reach{Channel: people.Professional, Cautious: true}}
		if _, v, err = w.s.Ask(t.Context(), colleague, a); err != nil || v.OK() {
			t.Errorf("a colleague's, by another way: %+v %v", v, err)
		}
	})
}

// What happened is written down whatever the gate would have said, marked, and
// looked at by somebody else on the next working day.
func TestWhatHappenedIsAlwaysRecorded(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		id, err := w.s.Record(t.Context(), f, support.Happened{
			Outward: true, Whom: support.Person, Channel: people.Landline, At: w.s.Now(), Outcome: support.SomebodyElse, Words: support.Words{Text: "A man answered."},
		})
		must(t, err)
		c := read(t, w, func(ctx context.Context, tx *store.Tx) (support.Contact, error) { return w.s.Contact(ctx, tx, f, id) })
		if !c.Flagged || c.Reason != support.UnknownWay || c.Words.Text != "A man answered." || c.Outcome != support.SomebodyElse {
			t.Errorf("kept as %+v", c)
		}
		tasks := w.tasks(t, f)
		if tasks[cases.ReviewActNow] != cases.NextWorkingDay(w.Clock.Now()) {
			t.Errorf("nobody looks at it on the next working day: %v", tasks)
		}
		_, err = w.s.Record(t.Context(), f, support.Happened{Outward: false, Whom: support.Person, Channel: people.Mobile, At: w.s.Now(), Outcome: support.Spoke})
		must(t, err)
		if c := read(t, w, func(ctx context.Context, tx *store.Tx) ([]support.Contact, error) { return w.s.Contacts(ctx, tx, f, 1) })[0]; c.Flagged || c.Verdict != "" {
			t.Errorf("a call that the person made is judged: %+v", c)
		}
	})
}

func TestARequestThatIsNotConfirmedMakesNothingSafe(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		w.says(t, f, people.Way{Channel: people.Mobile, Allowed: people.Yes}, people.Way{Channel: people.InPerson, Allowed: people.Yes})
		must(t, w.Cases.Receive(t.Context(), f, cases.NewRequest{Kind: cases.AddressChange, Came: cases.InWriting, Words: "Please use my new number.", Present: "Not known"}))
		if _, v, err := w.s.Ask(t.Context(), f, mobile(false)); err != nil || v.Reason != support.NotConfirmed {
			t.Errorf("by telephone: %+v %v", v, err)
		}
		a := support.Asking{Whom: support.Person, Reach: support.Reach{Channel: people.InPerson}}
		if _, v, err := w.s.Ask(t.Context(), f, a); err != nil || !v.OK() {
			t.Errorf("in person, which is how it is confirmed: %+v %v", v, err)
		}
	})
}

func TestAPlanPermitsNothingByItself(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		w.says(t, f, people.Way{Channel: people.Mobile, Allowed: people.Yes})
		a := mobile(false)
		a.At = w.s.Now().Add(24 * time.Hour)
		id, err := w.s.Plan(t.Context(), f, a)
		must(t, err)
		if due := w.tasks(t, f)[cases.PlannedContact]; due != a.At.Format(time.DateOnly) {
			t.Errorf("its task is due on %q", due)
		}
		w.Clock.Advance(24 * time.Hour)
		w.says(t, f, people.Way{Channel: people.Mobile, Allowed: people.No})
		v, err := w.s.Begin(t.Context(), f, id, true)
		must(t, err)
		if v.Reason != support.UnsafeWay {
			t.Errorf("when its time came: %+v", v)
		}
		if _, waits := w.tasks(t, f)[cases.PlannedContact]; waits {
			t.Error("its task still waits")
		}
		a.At = w.s.Now().Add(time.Hour)
		if _, err := w.s.Plan(t.Context(), f, a); !hasField(err, "channel") {
			t.Errorf("an unsafe contact is planned: %v", err)
		}
	})
}

func hasField(err error, field string) bool {
	errs, is := forms.AsErrors(err)
	return is && errs.Has(field)
}

// A clock of hours on working days, from the referral; reaching the person ends
// it, and clears the task.
func TestTheClockOfTheFirstContact(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		friday := time.Date(2026, time.June, 12, 15, 0, 0, 0, time.UTC)
		w.Clock.Advance(friday.Sub(w.Clock.Now()))
		f := w.Begin(t, w.idva(t))
		if s := w.standing(t, f); !s.Due.IsZero() {
			t.Errorf("a case that began with a meeting has a clock: %+v", s)
		}
		must(t, w.s.SetArrival(t.Context(), f, support.Arrival{Came: support.SelfReferred, At: friday}))
		if s := w.standing(t, f); !s.Due.Equal(friday.AddDate(0, 0, 3)) {
			t.Errorf("from a Friday: due %s", s.Due)
		}
		must(t, w.s.SetArrival(t.Context(), f, support.Arrival{Came: support.AgencyReferred, At: friday}))
		s := w.standing(t, f)
		if !s.Due.Equal(friday.AddDate(0, 0, 4)) || s.Late(s.Due) || !s.Late(s.Due.Add(time.Minute)) {
			t.Errorf("referred on a Friday: due %s", s.Due)
		}
		w.Clock.Advance(5 * 24 * time.Hour)
		w.says(t, f, people.Way{Channel: people.Mobile, Allowed: people.Yes})
		id, _, err := w.s.Ask(t.Context(), f, mobile(false))
		must(t, err)
		must(t, w.s.Finish(t.Context(), f, id, support.Happened{At: w.s.Now(), Outcome: support.Spoke}))
		if s := w.standing(t, f); s.ReachedAt.IsZero() || !s.Late(w.s.Now()) {
			t.Errorf("reached on Wednesday: %+v", s)
		}
	})
}

func TestNotReachingSomebodyClosesNothingAndHasTheRiskLookedAt(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		w.says(t, f, people.Way{Channel: people.Mobile, Allowed: people.Yes})
		for i := range 3 {
			if _, due := w.tasks(t, f)[cases.IdentifyRisk]; due {
				t.Fatalf("after %d attempts the risk is to be looked at already", i)
			}
			id, _, err := w.s.Ask(t.Context(), f, mobile(false))
			must(t, err)
			must(t, w.s.Finish(t.Context(), f, id, support.Happened{At: w.s.Now(), Outcome: support.NoAnswer}))
		}
		if _, due := w.tasks(t, f)[cases.IdentifyRisk]; !due || !slices.Contains(w.kinds(t, f), cases.NotReached) {
			t.Error("nobody looks at the risk")
		}
		f = w.reopen(t, f)
		if !f.ClosedAt().IsZero() {
			t.Error("the case was closed")
		}
		leaving := support.Leaving{Version: f.Version(), Ending: support.CouldNotReach, WayBack: "Through the surgery.", NoReport: "Not reached."}
		if err := w.s.End(t.Context(), f, leaving); !hasField(err, "ending") {
			t.Fatalf("it ends without anybody looking at the risk: %v", err)
		}
		w.Clock.Advance(time.Hour)
		w.identify(t, f)
		f = w.reopen(t, f)
		leaving.Version = f.Version()
		must(t, w.s.End(t.Context(), f, leaving))
	})
}

func (w world) identify(t *testing.T, f *cases.File) {
	t.Helper()
	_, err := w.r.Identify(t.Context(), f, risk.NewIdentification{Finding: risk.Finding{Judgement: risk.High, Reason: "He waits outside."}})
	must(t, err)
}

func (w world) needs(t *testing.T, f *cases.File) []support.Need {
	t.Helper()
	return read(t, w, func(ctx context.Context, tx *store.Tx) ([]support.Need, error) { return w.s.Needs(ctx, tx, f) })
}

func (w world) missing(t *testing.T, f *cases.File) string {
	t.Helper()
	offers := read(t, w, func(ctx context.Context, tx *store.Tx) ([]support.Offer, error) { return w.s.Offers(ctx, tx, f) })
	var out []string
	for _, m := range support.Suggest(w.needs(t, f), offers) {
		out = append(out, string(m.Option))
	}
	return strings.Join(out, " ")
}

// A follow-up finds out more and says nothing anew of how high the risk is: a
// case at high risk stays one in the caseload.
func TestAFollowUpLowersNothingInTheCaseload(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		w.identify(t, f)
		w.Clock.Advance(time.Hour)
		_, err := w.r.Identify(t.Context(), f, risk.NewIdentification{Set: "https://waymark.invalid/questions/stalking|1", Finding: risk.Finding{Judgement: risk.NotHigh}})
		must(t, err)
		lines, load, err := w.s.Caseload(t.Context(), w.idva(t), nil, 10)
		must(t, err)
		if load.High != 1 || len(lines) != 1 || lines[0].Level != support.HighRisk {
			t.Errorf("after the follow-up: %+v %+v", load, lines)
		}
	})
}

// How heavy the caseloads of workers are is seen by who may see the cases,
// worker by worker.
func TestASupervisorSeesHowHeavyCaseloadsAre(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		w.identify(t, f)
		w.Begin(t, w.idva(t))
		w.Begin(t, w.Actor(t, casestest.Colleague))
		w.Begin(t, w.Actor(t, casestest.Nurse))
		must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			_, err := w.Cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.ReviewPlan, Due: w.Clock.Now().AddDate(0, 0, -1).Format(time.DateOnly)})
			return err
		}))
		manager := w.Actor(t, casestest.HavenManager)
		got := map[string]support.Load{}
		for after := ""; ; {
			page, err := w.s.Loads(t.Context(), manager, after, 1)
			must(t, err)
			if len(page) == 0 {
				break
			}
			got[page[0].Worker], after = page[0].Load, page[0].Worker
		}
		own, other := got[w.idva(t).Account], got[w.Actor(t, casestest.Colleague).Account]
		if len(got) != 2 || own.Cases != 2 || own.High != 1 || own.Unknown != 1 || own.Reviews != 1 || other.Cases != 1 {
			t.Errorf("the loads: %+v", got)
		}
		lines, load, err := w.s.CaseloadOf(t.Context(), manager, w.idva(t).Account, nil, 1)
		must(t, err)
		if len(lines) != 1 || lines[0].ID != f.ID() || lines[0].Reviews != 1 || load != own {
			t.Errorf("the caseload: %+v %+v", lines, load)
		}
		if lines, _, err := w.s.CaseloadOf(t.Context(), w.Actor(t, casestest.TrustManager), w.idva(t).Account, nil, 10); err != nil || len(lines) != 0 {
			t.Errorf("the manager of another agency sees %+v %v", lines, err)
		}
	})
}

// A need suggests each referral that belongs to it until it was offered, or
// left out with a reason.
//
// Proves: B6.5, B9.8
func TestANeedSuggestsEachMissingReferral(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		_, err := w.s.AddNeed(t.Context(), f, support.Need{Domain: support.Alcohol, Term: support.Immediate, Words: support.NeedWords{Text: "Drinks to sleep."}})
		must(t, err)
		if got := w.missing(t, f); got != "alcohol_service specialist social_care" {
			t.Errorf("missing: %q", got)
		}
		err = w.s.RecordOffer(t.Context(), f, support.Offer{Option: support.SocialCare, Answer: support.NotSuitable})
		if !hasField(err, "text") {
			t.Errorf("left out without a reason: %v", err)
		}
		for _, o := range []support.Offer{
			{Option: support.AlcoholService, Answer: support.Considered},
			{Option: support.SocialCare, Answer: support.NotSuitable, Text: "They work with her already."},
			{Option: support.Specialist, Answer: support.Declined},
		} {
			must(t, w.s.RecordOffer(t.Context(), f, o))
		}
		if got := w.missing(t, f); got != "alcohol_service" {
			t.Errorf("what was only considered counts as offered: %q is missing", got)
		}
	})
}

// Specialist support is suggested beside treatment, wherever somebody is
// treated, and the answer is kept.
//
// Proves: B10.6
func TestTreatmentBringsTheOfferOfSpecialistSupport(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		_, err := w.s.AddNeed(t.Context(), f, support.Need{
			Domain: support.MentalHealth, Term: support.Immediate, Abuse: support.Ongoing, Treated: support.TreatedElsewhere, Words: support.NeedWords{Text: "Cannot sleep."},
		})
		must(t, err)
		if got := w.missing(t, f); got != "specialist social_care" {
			t.Errorf("missing: %q", got)
		}
		must(t, w.s.RecordOffer(t.Context(), f, support.Offer{Option: support.Specialist, Answer: support.UnsafeToOffer, Text: "He sat beside her."}))
		if got := w.missing(t, f); got != "social_care" {
			t.Errorf("after it was not safe to offer: %q", got)
		}
	})
}

// Proves: B10.8
func TestAMentalHealthNeedSaysWhetherTheAbuseGoesOn(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		need := support.Need{Domain: support.MentalHealth, Term: support.LongerTerm, Words: support.NeedWords{Text: "Cannot sleep."}}
		if _, err := w.s.AddNeed(t.Context(), f, need); !hasField(err, "abuse") {
			t.Errorf("without it: %v", err)
		}
		for _, a := range support.Abuses() {
			need.Abuse = a
			_, err := w.s.AddNeed(t.Context(), f, need)
			must(t, err)
		}
		need.Abuse = "sometimes"
		if _, err := w.s.AddNeed(t.Context(), f, need); !hasField(err, "abuse") {
			t.Errorf("with a code of its own: %v", err)
		}
	})
}

// While a mental-health need is open, risk is looked at again after an interval
// that cannot be left out; it is overdue the day after.
//
// Proves: B10.4
func TestRiskIsLookedAtAgainWhileTreatmentGoesOn(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		need := support.Need{Domain: support.MentalHealth, Term: support.LongerTerm, Abuse: support.Historic, Weeks: 60, Words: support.NeedWords{Text: "Cannot sleep."}}
		if _, err := w.s.AddNeed(t.Context(), f, need); !hasField(err, "weeks") {
			t.Errorf("an interval of sixty weeks: %v", err)
		}
		need.Weeks = 2
		_, err := w.s.AddNeed(t.Context(), f, need)
		must(t, err)
		by := w.Clock.Now().AddDate(0, 0, 14).Format(time.DateOnly)
		if got := w.needs(t, f)[0].Reassess(""); got != by {
			t.Errorf("by %s, want %s", got, by)
		}
		if due := w.tasks(t, f)[cases.IdentifyRisk]; due != by {
			t.Errorf("the task is due on %q, want %s", due, by)
		}
		later := w.Clock.Now().AddDate(0, 0, 10).Format(time.DateOnly)
		if got, want := w.needs(t, f)[0].Reassess(later), w.Clock.Now().AddDate(0, 0, 24).Format(time.DateOnly); got != want {
			t.Errorf("after risk was identified: by %s, want %s", got, want)
		}
		n := w.needs(t, f)[0]
		n.Weeks = 0
		if err := w.s.ChangeNeed(t.Context(), f, n); !hasField(err, "weeks") {
			t.Errorf("the interval of an open need is taken away: %v", err)
		}
		n.State = support.Met
		must(t, w.s.ChangeNeed(t.Context(), f, n))
		if got := w.needs(t, f)[0].Reassess(""); got != "" {
			t.Errorf("a need that is met asks for it by %s", got)
		}
		if err := w.s.ChangeNeed(t.Context(), f, n); !errors.Is(err, store.ErrConflict) {
			t.Errorf("the second of two who change it: %v", err)
		}
	})
}

// Proves: B9.10
func TestAPlanRestsOnRiskAndNeeds(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		plan := support.Plan{Text: "Locks first.", ReviewOn: "2026-12-01"}
		made, err := w.s.MakePlan(t.Context(), f, plan)
		must(t, err)
		if made.Counts || made.Without() == "" {
			t.Errorf("without risk and needs: %+v", made)
		}
		if _, asked := w.tasks(t, f)[cases.IdentifyRisk]; !asked {
			t.Error("nobody is asked to identify risk")
		}
		_, err = w.s.AddNeed(t.Context(), f, support.Need{Domain: support.Housing, Term: support.Immediate, Words: support.NeedWords{Text: "Locks."}})
		must(t, err)
		if made, err = w.s.MakePlan(t.Context(), f, plan); err != nil || made.Counts || !strings.Contains(made.Without(), "Without risk identification") {
			t.Errorf("with a need alone: %+v %v", made, err)
		}
		w.identify(t, f)
		if made, err = w.s.MakePlan(t.Context(), f, plan); err != nil || !made.Counts || made.RiskRef == "" || made.Needs != 1 {
			t.Errorf("with both: %+v %v", made, err)
		}
	})
}

// What is said of immigration lies behind its compartment, in the chronology
// too.
func TestWhatIsSaidOfImmigrationIsKeptApart(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		nurse := w.Actor(t, casestest.Nurse)
		f := w.Begin(t, nurse)
		_, err := w.s.AddNeed(t.Context(), f, support.Need{Domain: support.Entitlement, Term: support.Immediate, Words: support.NeedWords{Text: "Her leave hangs on his."}})
		must(t, err)
		must(t, w.s.SetGoal(t.Context(), f, support.Goal{Domain: support.Entitlement, Text: "My own papers."}))
		n := w.needs(t, f)[0]
		goal := read(t, w, func(ctx context.Context, tx *store.Tx) ([]support.Goal, error) { return w.s.Goals(ctx, tx, f) })[0]
		if !n.Apart || n.Words != (support.NeedWords{}) || !goal.Apart || goal.Text != "" {
			t.Errorf("read without the permission: %+v %+v", n, goal)
		}
		for _, e := range read(t, w, func(ctx context.Context, tx *store.Tx) ([]cases.Event, error) {
			return w.Cases.Chronology(ctx, tx, f, "", 50)
		}) {
			if strings.Contains(e.Text, "leave") || strings.Contains(e.Text, "papers") || strings.Contains(e.Text, "mmigration") {
				t.Errorf("the chronology tells %q", e.Text)
			}
		}
		n.State = support.Met
		must(t, w.s.ChangeNeed(t.Context(), f, n))
		pieces, apart, err := func() (p []cases.Piece, apart int, err error) {
			err = w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				p, apart, err = w.s.Pieces(ctx, tx, f)
				return err
			})
			return p, apart, err
		}()
		if err != nil || len(pieces) != 0 || apart != 2 {
			t.Errorf("a copy would hold %d pieces, %d kept apart: %v", len(pieces), apart, err)
		}
		own := w.Begin(t, w.idva(t))
		_, err = w.s.AddNeed(t.Context(), own, support.Need{Domain: support.Entitlement, Term: support.Immediate, Words: support.NeedWords{Text: "Her leave hangs on his."}})
		must(t, err)
		if n := w.needs(t, own)[0]; n.Apart || n.Words.Text == "" {
			t.Errorf("a specialist, for whom it is open, reads %+v", n)
		}
	})
}

func TestAnActionIsATaskUntilWhatCameOfItIsRecorded(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		id, err := w.s.Agree(t.Context(), f, support.Action{Owner: f.Lead(), Due: "2026-12-01", Text: "Write to the council."})
		must(t, err)
		if due := w.tasks(t, f)[cases.AgreedAction]; due != "2026-12-01" {
			t.Errorf("its task is due on %q", due)
		}
		if err := w.s.EndAction(t.Context(), f, id, 1, support.ActionNotDone, ""); !hasField(err, "result") {
			t.Errorf("not done, and no word why: %v", err)
		}
		must(t, w.s.EndAction(t.Context(), f, id, 1, support.ActionDone, "Sent."))
		if _, waits := w.tasks(t, f)[cases.AgreedAction]; waits {
			t.Error("its task still waits")
		}
		if err := w.s.EndAction(t.Context(), f, id, 1, support.ActionDone, "Sent."); !errors.Is(err, store.ErrConflict) {
			t.Errorf("recorded twice: %v", err)
		}
		if _, err := w.s.Agree(t.Context(), f, support.Action{Owner: w.Actor(t, casestest.Nurse).Account, Due: "2026-12-01", Text: "Call."}); !hasField(err, "owner") {
			t.Errorf("for somebody who does not work on the case: %v", err)
		}
	})
}

func TestTheEndSaysWhyAndHowToComeBackAndWhatChanged(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		said := func(score int) map[support.Aspect]support.Said {
			return map[support.Aspect]support.Said{support.FeelingSafe: {Scored: true, Score: score}}
		}
		must(t, w.s.RecordOutcomes(t.Context(), f, support.OutcomeSet{Stage: support.Intake, Said: said(2)}))
		f = w.reopen(t, f)
		leaving := support.Leaving{Version: f.Version(), Ending: support.PlannedEnd}
		if err := w.s.End(t.Context(), f, leaving); !hasField(err, "way_back") || !hasField(err, "no_report") {
			t.Errorf("without a way back or outcomes: %v", err)
		}
		leaving.WayBack, leaving.Outcomes.Said = "Rings the centre.", said(7)
		must(t, w.s.End(t.Context(), f, leaving))
		if f = w.reopen(t, f); f.ClosedAt().IsZero() {
			t.Error("the case is still open")
		}
		sets := read(t, w, func(ctx context.Context, tx *store.Tx) ([]support.OutcomeSet, error) {
			sets, _, err := w.s.Told(ctx, tx, f)
			return sets, err
		})
		for _, s := range support.Shifts(sets) {
			if s.Aspect == support.FeelingSafe && s.Words() != "Up by 5" {
				t.Errorf("from 2 to 7 is %q", s.Words())
			}
			if s.Aspect != support.FeelingSafe && s.Words() != "Not asked" {
				t.Errorf("what was not asked is %q", s.Words())
			}
		}
	})
}

func TestTheCaseloadIsOrderedByRiskAndPaged(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		actor := w.idva(t)
		var high *cases.File
		for i := range 7 {
			f := w.Begin(t, actor)
			if i == 3 {
				w.identify(t, f)
				high = f
			}
		}
		_ = w.Begin(t, w.Actor(t, casestest.Colleague)) // held by somebody else
		var seen []cases.ID
		var after *support.Key
		for range 4 {
			page, load, err := w.s.Caseload(t.Context(), actor, after, 3)
			must(t, err)
			if load.Cases != 7 || load.High != 1 || load.Unknown != 6 || load.Weight != 3+6*2 {
				t.Fatalf("the load is %+v", load)
			}
			for _, l := range page {
				seen = append(seen, l.ID)
				key := l.Key()
				after = &key
			}
		}
		if len(seen) != 7 || seen[0] != high.ID() {
			t.Errorf("seven cases, the one at high risk first: %v", seen)
		}
		slices.Sort(seen)
		if len(slices.Compact(seen)) != 7 {
			t.Error("a case stands on two pages")
		}
	})
}

// Support is for whoever works with the case: to others it is not there.
func TestWhoMayNotWorkWithTheCaseRecordsNothing(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		for _, who := range []string{casestest.Nurse, casestest.HavenContact, casestest.Robot} {
			if _, err := w.Cases.Open(t.Context(), w.Actor(t, who), f.ID(), cases.Care); err == nil {
				t.Errorf("%s opens the case", who)
			}
		}
		if _, _, err := w.s.Ask(t.Context(), &cases.File{}, mobile(false)); err == nil {
			t.Error("without a file somebody is contacted")
		}
	})
}

// The person's main contact is somebody who works on the case: whoever holds
// it until another is recorded, and again once that one works on it no more.
//
// Proves: G6
func TestTheMainContactWorksOnTheCase(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		colleague := w.Actor(t, casestest.Colleague)
		for _, who := range []string{colleague.Account, w.Actor(t, casestest.Nurse).Account, "nobody"} {
			if err := w.s.SetArrival(t.Context(), f, support.Arrival{Came: support.SelfReferred, Primary: who}); !hasField(err, "primary") {
				t.Errorf("%s does not work on the case, and is its main contact: %v", who, err)
			}
		}
		must(t, w.s.SetArrival(t.Context(), f, support.Arrival{Came: support.SelfReferred, Primary: f.Lead()}))
		if got := w.standing(t, f).Primary; got != f.Lead() {
			t.Errorf("the main contact is %q", got)
		}
		f = w.reopen(t, f)
		must(t, w.Cases.HandOver(t.Context(), f.Actor(), f.ID(), f.Version(), cases.To{Account: colleague.Account}, "On leave."))
		f, err := w.Cases.Open(t.Context(), colleague, f.ID(), cases.Care)
		must(t, err)
		if !slices.Contains(f.Workers(), w.idva(t).Account) {
			if got := w.standing(t, f).Primary; got != colleague.Account {
				t.Errorf("after it was handed over the main contact is %q", got)
			}
		}
	})
}
