package oversight_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/oversight"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	*oversight.Service
	clock *storetest.Clock
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, oversight.Rules()), clock: clock}
		w.Service = oversight.New(db, w.Guard, w.People, oversight.Config{})
		fn(t, w)
	})
}

// catchUp looks the ledger through to its end.
func (w *world) catchUp(t *testing.T) {
	t.Helper()
	for {
		more, err := w.Watch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return
		}
	}
}

func (w *world) opens(t *testing.T, who string, f *cases.File) {
	t.Helper()
	if _, err := w.Cases.Open(t.Context(), w.Actor(t, who), f.ID(), cases.Care); err != nil {
		t.Fatal(err)
	}
}

func (w *world) refuses(t *testing.T, who string, f *cases.File) {
	t.Helper()
	if _, err := w.Cases.Open(t.Context(), w.Actor(t, who), f.ID(), cases.Care); err == nil {
		t.Fatalf("%s opened the case", who)
	}
}

func (w *world) found(t *testing.T, who string) []oversight.Finding {
	t.Helper()
	w.catchUp(t)
	list, _, err := w.Findings(t.Context(), w.Actor(t, who), false, "")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func did(rows []oversight.Row) []string {
	var out []string
	for _, r := range rows {
		line := r.Who.Name + ": " + r.Did
		if r.Involved != oversight.NotKnown {
			line += " (" + r.Involved.Label() + ")"
		}
		out = append(out, line)
	}
	return out
}

// Proves: B6.14
func TestATrailSaysWhoOpenedAFileAndWhetherTheyWereInvolved(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		w.opens(t, casestest.Receptionist, f) // the team's
		w.opens(t, casestest.TrustManager, f)
		w.refuses(t, casestest.Midwife, f)
		w.refuses(t, casestest.IDVA, f) // another agency's: not here
		trail, err := w.Trail(t.Context(), w.Actor(t, casestest.KeyContact), string(f.ID()), 0)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			"Fictional midwife: Was refused to open a case",
			"Fictional trustmanager: Opened the case (No: as service manager)", "Fictional receptionist: Opened the case (Yes)",
			"Fictional nurse: Added a person", "Fictional nurse: Opened a new case",
		}
		got := did(trail.Rows)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("the trail is\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// What the ledger says of involvement stays when the work has gone to others.
func TestInvolvementIsAsItWas(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		nurse := w.Actor(t, casestest.Nurse)
		f := w.Begin(t, nurse)
		w.opens(t, casestest.Nurse, f)
		manager, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.TrustManager), f.ID(), cases.Supervision)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Cases.Restrict(t.Context(), f, f.Version(), nil, "A reason"); err != nil {
			t.Fatal(err)
		}
		_ = manager
		w.refuses(t, casestest.Receptionist, f)
		trail, err := w.Trail(t.Context(), w.Actor(t, casestest.KeyContact), string(f.ID()), 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := did(trail.Rows); !slices.Contains(got, "Fictional nurse: Opened the case (Yes)") || !slices.Contains(got, "Fictional trustmanager: Opened the case (No: as service manager)") {
			t.Errorf("the trail is\n%s", strings.Join(got, "\n"))
		}
	})
}

func TestATrailIsThereForTheKeyContactAndTheLeadAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		for who, allowed := range map[string]bool{
			casestest.KeyContact: true, casestest.Nurse: true, casestest.Receptionist: false, casestest.TrustManager: false, casestest.TrustAdmin: false,
			casestest.HavenContact: false, casestest.IDVA: false, casestest.Commissioner: false, casestest.Robot: false,
		} {
			before := len(w.Ledger(t))
			_, err := w.Trail(t.Context(), w.Actor(t, who), string(f.ID()), 0)
			if (err == nil) != allowed {
				t.Errorf("%s: %v", who, err)
			}
			if n := len(w.Ledger(t)) - before; n != 1 {
				t.Errorf("%s left %d entries", who, n)
			}
		}
		_, theirs := w.Trail(t.Context(), w.Actor(t, casestest.HavenContact), string(f.ID()), 0)
		_, absent := w.Trail(t.Context(), w.Actor(t, casestest.HavenContact), "no-such-file", 0)
		if theirs == nil || absent == nil || theirs.Error() != absent.Error() {
			t.Errorf("another agency's is %v, one that is not there %v", theirs, absent)
		}
	})
}

// The lead sees who opened the file, and nothing that is the key contact's.
func TestTheLeadSeesNeitherRefusalsNorReviews(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		w.refuses(t, casestest.Midwife, f)
		w.opens(t, casestest.Receptionist, f)
		if err := w.Cases.Declare(t.Context(), w.Actor(t, casestest.TrustManager), cases.NewTie{
			Relation: cases.Relative, Person: people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27"},
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Trail(t.Context(), w.Actor(t, casestest.KeyContact), string(f.ID()), 0); err != nil {
			t.Fatal(err)
		}
		trail, err := w.Trail(t.Context(), w.Actor(t, casestest.Nurse), string(f.ID()), 0)
		if err != nil {
			t.Fatal(err)
		}
		got := did(trail.Rows)
		want := []string{"Fictional receptionist: Opened the case (Yes)", "Fictional nurse: Opened a new case"}
		if !slices.Equal(got, want) {
			t.Errorf("the lead sees\n%s", strings.Join(got, "\n"))
		}
	})
}

// A file with whose people a key contact is tied is not there for them.
func TestForATiedKeyContactTheFileIsNotThereHereEither(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, contact := t.Context(), w.Actor(t, casestest.KeyContact)
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		w.refuses(t, casestest.Midwife, f)
		tie := cases.NewTie{Relation: cases.Partner, Person: people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27"}}
		if err := w.Cases.Declare(ctx, contact, tie); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Trail(ctx, contact, string(f.ID()), 0); err == nil {
			t.Error("the trail is there")
		}
		if found, err := w.Look(ctx, contact, oversight.Find{Number: f.Number()}); err != nil || len(found) > 0 {
			t.Errorf("by number: %v, %v", found, err)
		}
		if found, err := w.Look(ctx, contact, oversight.Find{Person: tie.Person}); err != nil || len(found) > 0 {
			t.Errorf("by name: %v, %v", found, err)
		}
		refusals, _, err := w.Refusals(ctx, contact, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range refusals {
			if strings.HasPrefix(r.What, "Was refused to open") {
				t.Errorf("a refusal about it is there: %+v", r)
			}
		}
		if _, err := w.AskReport(ctx, contact, string(f.ID()), oversight.NewReport{}); err == nil {
			t.Error("a report about it can be made")
		}
	})
}

func TestAFileIsFoundByItsNumberOrByAnExactName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, contact := t.Context(), w.Actor(t, casestest.KeyContact)
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		w.Begin(t, w.Actor(t, casestest.IDVA)) // the same woman at another agency
		for name, look := range map[string]oversight.Find{
			"number": {Number: f.Number()},
			"name":   {Person: people.Details{GivenName: "MAYA", FamilyName: "example", Born: "1991-03-27"}},
		} {
			found, err := w.Look(ctx, contact, look)
			if err != nil || len(found) != 1 || found[0].ID != f.ID() {
				t.Errorf("by %s: %v, %v", name, found, err)
			}
		}
		for name, look := range map[string]oversight.Find{
			"nothing": {}, "half a name": {Person: people.Details{FamilyName: "Example", Born: "1991-03-27"}},
			"no date": {Person: people.Details{GivenName: "Maya", FamilyName: "Example"}}, "a year": {Person: people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991"}},
		} {
			if _, err := w.Look(ctx, contact, look); err == nil {
				t.Errorf("%s was looked for", name)
			} else if _, ok := forms.AsErrors(err); !ok {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestRefusalsAlikeAreOneLine(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, other := w.Begin(t, w.Actor(t, casestest.Nurse)), w.Begin(t, w.Actor(t, casestest.Nurse))
		for range 3 {
			w.refuses(t, casestest.Midwife, f)
		}
		w.refuses(t, casestest.Midwife, other)
		w.refuses(t, casestest.IDVA, f)
		list, more, err := w.Refusals(t.Context(), w.Actor(t, casestest.KeyContact), 0)
		if err != nil || more != 0 {
			t.Fatal(more, err)
		}
		if len(list) != 2 || list[0].Times != 1 || list[1].Times != 3 || list[1].Who.Name != "Fictional midwife" || list[1].Files[0].Number != f.Number() {
			t.Errorf("the refusals are %+v", list)
		}
	})
}

func TestEmergencyAccessesWaitAndAreReviewed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, contact := t.Context(), w.Actor(t, casestest.KeyContact)
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		_, err := w.Cases.TakeEmergencyAccess(ctx, w.Actor(t, casestest.Midwife), cases.NewEmergency{Number: f.Number(), Reason: cases.DangerNow, Words: "Now"})
		if err != nil {
			t.Fatal(err)
		}
		waiting, _, err := w.Emergencies(ctx, contact, false, "")
		if err != nil || len(waiting) != 1 || waiting[0].File.ID != f.ID() || waiting[0].Who.Name != "Fictional midwife" {
			t.Fatalf("%+v, %v", waiting, err)
		}
		if n, _, err := w.Waiting(ctx, contact); err != nil || n != 1 {
			t.Errorf("%d wait, %v", n, err)
		}
		v, err := w.Cases.NoticeFor(ctx, contact, waiting[0].Notice)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Cases.ReviewEmergency(ctx, v, cases.Justified, "Asked"); err != nil {
			t.Fatal(err)
		}
		reviewed, _, err := w.Emergencies(ctx, contact, true, "")
		if err != nil || len(reviewed) != 1 || reviewed[0].Verdict != cases.Justified || reviewed[0].ReviewedBy.Name != "Fictional keycontact" {
			t.Errorf("%+v, %v", reviewed, err)
		}
		for _, half := range []bool{false, true} {
			if theirs, _, err := w.Emergencies(ctx, w.Actor(t, casestest.HavenContact), half, ""); err != nil || len(theirs) > 0 {
				t.Errorf("another agency sees %+v, %v", theirs, err)
			}
			if _, _, err := w.Emergencies(ctx, w.Actor(t, casestest.TrustAdmin), half, ""); err == nil {
				t.Error("an administrator sees them")
			}
		}
	})
}

func TestAWorkersDayCountsByFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, contact := t.Context(), w.Actor(t, casestest.KeyContact)
		manager := w.Actor(t, casestest.TrustManager)
		a, b := w.Begin(t, w.Actor(t, casestest.Nurse)), w.Begin(t, w.Actor(t, casestest.Nurse))
		first := w.clock.Now()
		w.opens(t, casestest.TrustManager, a)
		w.opens(t, casestest.TrustManager, a)
		w.opens(t, casestest.TrustManager, b)
		w.clock.Advance(24 * time.Hour)
		w.opens(t, casestest.TrustManager, b)
		w.catchUp(t)
		who, days, err := w.WorkerDays(ctx, contact, manager.Account, "")
		if err != nil || len(days) != 2 || who.Name != "Fictional trustmanager" || days[0].Entries != 1 || days[1].Entries != 3 {
			t.Fatalf("%+v %+v, %v", who, days, err)
		}
		day, err := w.WorkerDay(ctx, contact, manager.Account, first.UTC().Format(time.DateOnly), 0)
		if err != nil || len(day.Reads) != 2 || day.Reads[0].Times != 2 || day.Reads[0].File.ID != a.ID() || day.Reads[1].Way != oversight.Supervision || len(day.Rows) != 3 {
			t.Errorf("%+v, %v", day, err)
		}
		if _, _, err := w.WorkerDays(ctx, contact, w.Actor(t, casestest.IDVA).Account, ""); err == nil {
			t.Error("a worker of another agency is there")
		}
		for _, who := range []string{casestest.HavenContact, casestest.TrustAdmin, casestest.TrustManager, casestest.Nurse} {
			if _, _, err := w.WorkerDays(ctx, w.Actor(t, who), manager.Account, ""); err == nil {
				t.Errorf("%s sees it", who)
			}
		}
	})
}

func TestManyFilesInAnHourAreProposedFromTheAgencysFigureOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, contact := t.Context(), w.Actor(t, casestest.KeyContact)
		if err := w.Configure(ctx, contact, oversight.Setting{ManyFiles: 4, Supervised: 3}); err != nil {
			t.Fatal(err)
		}
		var files []*cases.File
		for range 4 {
			files = append(files, w.Begin(t, w.Actor(t, casestest.Nurse)))
		}
		for _, f := range files[:3] {
			w.opens(t, casestest.Receptionist, f)
			w.opens(t, casestest.Receptionist, f)
		}
		if list := w.found(t, casestest.KeyContact); len(list) != 0 {
			t.Fatalf("three files are proposed: %+v", list)
		}
		w.opens(t, casestest.Receptionist, files[3])
		list := w.found(t, casestest.KeyContact)
		if len(list) != 1 || list[0].Kind != oversight.ManyFiles || list[0].Count != 4 || list[0].Threshold != 4 {
			t.Fatalf("found %+v", list)
		}
		if again := w.found(t, casestest.KeyContact); len(again) != 1 {
			t.Errorf("looking again found %+v", again)
		}
		if theirs := w.found(t, casestest.HavenContact); len(theirs) != 0 {
			t.Errorf("another agency sees %+v", theirs)
		}
	})
}

func TestFilesOpenedAsServiceManagerAreProposed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 3 {
			w.opens(t, casestest.TrustManager, w.Begin(t, w.Actor(t, casestest.Nurse)))
		}
		list := w.found(t, casestest.KeyContact)
		if len(list) != 1 || list[0].Kind != oversight.Uninvolved || list[0].Count != 3 || list[0].Who.Name != "Fictional trustmanager" {
			t.Errorf("found %+v", list)
		}
	})
}

// A surname alone is nothing: whoever works on a file is not proposed, and
// somebody of the team who does not is.
func TestASurnameCountsTogetherWithASecondFactOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		nurse := w.Actor(t, casestest.Nurse) // Fictional nurse
		own := w.BeginFor(t, nurse, people.Details{GivenName: "Ada", FamilyName: "Nurse"}, cases.Experiencing)
		w.opens(t, casestest.Nurse, own)
		if list := w.found(t, casestest.KeyContact); len(list) != 0 {
			t.Fatalf("the surname alone is proposed: %+v", list)
		}
		f := w.Begin(t, nurse)
		w.Add(t, f, cases.Perpetrator, people.Details{GivenName: "Bo", FamilyName: "RECEPTIONIST"})
		w.opens(t, casestest.Receptionist, f)
		list := w.found(t, casestest.KeyContact)
		if len(list) != 1 || list[0].Kind != oversight.SameSurname || list[0].Who.Name != "Fictional receptionist" || list[0].Second() == "" {
			t.Errorf("found %+v", list)
		}
	})
}

// Whoever is found to live at an address was opening the file before that was
// known; a tie that somebody declares themselves is not held against them.
func TestReadingBeforeATieCameToLightIsProposed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, nurse := t.Context(), w.Actor(t, casestest.Nurse)
		home := people.Address{House: "4 Made-up Street", Postcode: "ZZ99 3VZ"}
		if err := w.Cases.Particulars(ctx, w.Actor(t, casestest.Receptionist), people.Details{}, home); err != nil {
			t.Fatal(err)
		}
		f := w.Begin(t, nurse)
		w.opens(t, casestest.Receptionist, f)
		w.opens(t, casestest.TrustManager, f)
		if err := w.Cases.RecordHome(ctx, f, f.Person(), people.Home{Address: home}); err != nil {
			t.Fatal(err)
		}
		if err := w.Cases.Declare(ctx, w.Actor(t, casestest.TrustManager), cases.NewTie{
			Relation: cases.Friend, Person: people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27"},
		}); err != nil {
			t.Fatal(err)
		}
		list := w.found(t, casestest.KeyContact)
		if len(list) != 1 || list[0].Kind != oversight.TiedReader || list[0].Who.Name != "Fictional receptionist" || list[0].Detail != string(cases.SameAddress) {
			t.Errorf("found %+v", list)
		}
	})
}

func TestAFindingIsSettledWithWordsAndStaysSettled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, contact := t.Context(), w.Actor(t, casestest.KeyContact)
		var files []*cases.File
		for range 7 {
			files = append(files, w.Begin(t, w.Actor(t, casestest.Nurse)))
		}
		for _, f := range files[:3] {
			w.opens(t, casestest.TrustManager, f)
		}
		list := w.found(t, casestest.KeyContact)
		if len(list) != 1 {
			t.Fatalf("found %+v", list)
		}
		f, err := w.Finding(ctx, contact, list[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []struct {
			verdict oversight.Settlement
			words   string
		}{{"", "Words"}, {oversight.Explained, ""}, {"guilty", "Words"}} {
			if _, ok := forms.AsErrors(w.Settle(ctx, f, bad.verdict, bad.words)); !ok {
				t.Errorf("%+v was taken", bad)
			}
		}
		if err := w.Settle(ctx, f, oversight.Explained, "She stood in for a colleague on leave."); err != nil {
			t.Fatal(err)
		}
		if err := w.Settle(ctx, f, oversight.FollowUp, "Again"); err == nil {
			t.Error("it was settled twice")
		}
		w.opens(t, casestest.TrustManager, files[0])
		w.opens(t, casestest.TrustManager, files[3])
		w.opens(t, casestest.TrustManager, files[4])
		if list := w.found(t, casestest.KeyContact); len(list) != 0 {
			t.Errorf("two more are proposed: %+v", list)
		}
		w.opens(t, casestest.TrustManager, files[5])
		if list := w.found(t, casestest.KeyContact); len(list) != 1 || list[0].Count != 3 {
			t.Errorf("three more: %+v", list)
		}
		settled, _, err := w.Findings(ctx, contact, true, "")
		if err != nil || len(settled) != 1 || settled[0].Verdict != oversight.Explained || settled[0].SettledBy.Account != contact.Account || settled[0].SettledAt.IsZero() {
			t.Fatalf("settled: %+v, %v", settled, err)
		}
		again, err := w.Finding(ctx, contact, f.ID)
		if err != nil || again.Words != "She stood in for a colleague on leave." {
			t.Errorf("%q, %v", again.Words, err)
		}
		for _, who := range []string{casestest.HavenContact, casestest.TrustAdmin, casestest.TrustManager} {
			if _, err := w.Finding(ctx, w.Actor(t, who), f.ID); err == nil {
				t.Errorf("%s sees it", who)
			}
		}
	})
}

// Nobody settles what was found about themselves.
func TestAKeyContactDoesNotSeeWhatIsFoundAboutThemselves(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		both := w.Actor(t, casestest.TrustManager)
		both.Roles = append(slices.Clone(both.Roles), policy.KeyContact)
		for range 3 {
			w.opens(t, casestest.TrustManager, w.Begin(t, w.Actor(t, casestest.Nurse)))
		}
		list := w.found(t, casestest.KeyContact)
		if len(list) != 1 {
			t.Fatalf("found %+v", list)
		}
		if own, _, err := w.Findings(t.Context(), both, false, ""); err != nil || len(own) != 0 {
			t.Errorf("they see %+v, %v", own, err)
		}
		if _, err := w.Finding(t.Context(), both, list[0].ID); err == nil {
			t.Error("they open it")
		}
	})
}

var alone = oversight.NewReport{Way: oversight.OnPaper, Words: "She keeps it at work.", Alone: true}

func TestAReportIsAskedForFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, nurse := t.Context(), w.Actor(t, casestest.Nurse)
		f := w.Begin(t, nurse)
		for name, n := range map[string]oversight.NewReport{
			"nothing said":       {},
			"no words":           {Way: oversight.ReadOut, Alone: true},
			"nobody asked about": {Way: oversight.ReadOut, Words: "Yes"},
			"her partner there":  {Way: oversight.OnPaper, Words: "Yes", Present: "Her partner"},
			"by post":            {Way: "post", Words: "Yes", Alone: true},
			"both":               {Way: oversight.ReadOut, Words: "Yes", Alone: true, Present: "A friend"},
		} {
			if _, err := w.AskReport(ctx, nurse, string(f.ID()), n); err == nil {
				t.Errorf("%s was taken", name)
			} else if _, ok := forms.AsErrors(err); !ok {
				t.Errorf("%s: %v", name, err)
			}
		}
		id, err := w.AskReport(ctx, nurse, string(f.ID()), oversight.NewReport{Way: oversight.NotGiven, Words: "Not now.", Present: "Her partner"})
		if err != nil {
			t.Fatal(err)
		}
		v, err := w.Report(ctx, nurse, id)
		if err != nil || len(v.Lines) != 0 || v.Words != "Not now." || v.Present != "Her partner" {
			t.Errorf("%+v, %v", v, err)
		}
		if err := w.Print(ctx, v); err == nil {
			t.Error("it was printed")
		}
	})
}

// Proves: B6.12
func TestAReportTellsWhoLookedAndNothingThatEndangers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, nurse, contact := t.Context(), w.Actor(t, casestest.Nurse), w.Actor(t, casestest.KeyContact)
		f := w.Begin(t, nurse)
		w.opens(t, casestest.Receptionist, f)
		w.opens(t, casestest.TrustManager, f)
		w.opens(t, casestest.TrustManager, f)
		w.refuses(t, casestest.Midwife, f)
		// Somebody who turns out to be tied is the key contact's to speak of.
		if err := w.Cases.Declare(ctx, w.Actor(t, casestest.Receptionist), cases.NewTie{
			Relation: cases.Relative, Person: people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27"},
		}); err != nil {
			t.Fatal(err)
		}
		id, err := w.AskReport(ctx, contact, string(f.ID()), alone)
		if err != nil {
			t.Fatal(err)
		}
		v, err := w.Report(ctx, contact, id)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range v.Lines {
			got = append(got, fmt.Sprintf("%s|%s|%s|%d", l.Name, l.Role, l.Told.Label(), l.Times))
		}
		want := []string{"|Service manager|Looked at your record|2", "|Frontline practitioner|Wrote in your record|1"}
		if !slices.Equal(got, want) || v.Left == 0 || v.Agency != "Fictional Hospital Trust" {
			t.Errorf("it tells %q and leaves %d, at %s", got, v.Left, v.Agency)
		}
		if err := w.Configure(ctx, contact, oversight.Setting{ManyFiles: 20, Supervised: 3, WorkerNames: true}); err != nil {
			t.Fatal(err)
		}
		if v, err = w.Report(ctx, contact, id); err != nil || v.Lines[0].Name != "Fictional trustmanager" {
			t.Errorf("with names: %+v, %v", v.Lines, err)
		}
		for _, who := range []string{casestest.HavenContact, casestest.TrustAdmin, casestest.TrustManager, casestest.Receptionist} {
			if _, err := w.Report(ctx, w.Actor(t, who), id); err == nil {
				t.Errorf("%s sees it", who)
			}
		}
	})
}

func TestPrintingLeavesAnEntryAndTheAnswerGrowsOld(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, nurse := t.Context(), w.Actor(t, casestest.Nurse)
		f := w.Begin(t, nurse)
		id, err := w.AskReport(ctx, nurse, string(f.ID()), alone)
		if err != nil {
			t.Fatal(err)
		}
		v, err := w.Report(ctx, nurse, id)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Print(ctx, v); err != nil {
			t.Fatal(err)
		}
		entries := w.Ledger(t)
		if last := entries[len(entries)-1]; last.Action != oversight.ActPrint || last.Outcome != audit.Done || !slices.Contains(last.Subjects, f.ID().Subject()) {
			t.Errorf("the last entry is %+v", last)
		}
		w.clock.Advance(25 * time.Hour)
		old, err := w.Report(ctx, nurse, id)
		if err != nil || !old.Over || len(old.Lines) != 0 {
			t.Errorf("a day later: %+v, %v", old, err)
		}
		if err := w.Print(ctx, old); err == nil {
			t.Error("it was printed a day later")
		}
	})
}

func TestOnlyAKeyContactDecidesWhatCounts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for _, who := range []string{casestest.TrustAdmin, casestest.TrustManager, casestest.Nurse, casestest.Robot} {
			if err := w.Configure(ctx, w.Actor(t, who), oversight.Setting{ManyFiles: 5, Supervised: 5}); err == nil {
				t.Errorf("%s decides", who)
			}
			if _, _, err := w.Refusals(ctx, w.Actor(t, who), 0); err == nil {
				t.Errorf("%s sees the refusals", who)
			}
			if _, err := w.Look(ctx, w.Actor(t, who), oversight.Find{Number: 1}); err == nil {
				t.Errorf("%s looks for files", who)
			}
		}
		for _, bad := range []oversight.Setting{{}, {ManyFiles: 1, Supervised: 1}, {ManyFiles: 5}, {ManyFiles: 5000, Supervised: 1}} {
			if _, ok := forms.AsErrors(w.Configure(ctx, w.Actor(t, casestest.KeyContact), bad)); !ok {
				t.Errorf("%+v was taken", bad)
			}
		}
		got, err := w.Settings(ctx, w.Actor(t, casestest.KeyContact))
		if err != nil || got.ManyFiles != oversight.DefaultManyFiles || got.Supervised != oversight.DefaultSupervised || got.WorkerNames {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// Scope agrees with Decide for trails and findings.
func TestListsAndRulesAgree(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for action, m := range map[policy.Action]policy.Mapping{oversight.ActTrail: oversight.TrailMapping(), oversight.ActReport: oversight.TrailMapping(), oversight.ActSettle: oversight.FindingMapping()} {
			if err := w.Guard.Rules().CheckScope(action, m); err != nil {
				t.Error(err)
			}
		}
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		theirs := w.Begin(t, w.Actor(t, casestest.IDVA))
		for _, who := range []string{
			casestest.Nurse, casestest.Receptionist, casestest.Midwife, casestest.TrustManager, casestest.TrustAdmin, casestest.IDVA, casestest.Colleague,
			casestest.HavenManager, casestest.Commissioner, casestest.Robot, casestest.KeyContact, casestest.HavenContact,
		} {
			actor := w.Actor(t, who)
			scope, err := w.Guard.Rules().Scope(actor, oversight.ActTrail, oversight.TrailMapping())
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range []*cases.File{f, theirs} {
				var where store.Where
				where.And(scope)
				where.And(store.Fragment{SQL: "f.id = $1", Args: []any{string(file.ID())}})
				text, args := where.SQL()
				n := 0
				err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM file f WHERE "+text, args...).Scan(&n)
				})
				if err != nil {
					t.Fatal(err)
				}
				_, err = w.Trail(t.Context(), actor, string(file.ID()), 0)
				if (err == nil) != (n == 1) {
					t.Errorf("%s: %d in the list, and %v", who, n, err)
				}
			}
		}
	})
}
