package circumstances_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	circumstancescontent "waymark/content/circumstances"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/circumstances"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

// world is a partnership that keeps circumstances.
type world struct {
	*casestest.World
	s *circumstances.Service
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, circumstances.Rules())
		guide, err := circumstances.ParseGuide(circumstancescontent.Circumstances)
		must(t, err)
		fn(t, world{w, circumstances.New(w.Cases, w.Guard, guide, circumstances.Config{})})
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func hasField(err error, field string) bool {
	errs, is := forms.AsErrors(err)
	return is && errs.Has(field)
}

func (w world) day(days int) string { return w.Clock.Now().AddDate(0, 0, days).Format(time.DateOnly) }

func (w world) known(t *testing.T, f *cases.File) (k circumstances.Known) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		k, err = w.s.Known(ctx, tx, f)
		return err
	}))
	return k
}

func (w world) tasks(t *testing.T, f *cases.File) map[cases.TaskKind]string {
	t.Helper()
	out := map[cases.TaskKind]string{}
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		list, err := w.Cases.Tasks(ctx, tx, f)
		for _, task := range list {
			out[task.Kind] = task.Due
		}
		return err
	}))
	return out
}

// chronology is what the chronology says, in one text.
func (w world) chronology(t *testing.T, f *cases.File) string {
	t.Helper()
	var out []string
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		events, err := w.Cases.Chronology(ctx, tx, f, "", 100)
		for _, e := range events {
			out = append(out, string(e.Kind)+": "+e.Text)
		}
		return err
	}))
	return strings.Join(out, "\n")
}

func (w world) open(t *testing.T, who string, id cases.ID) *cases.File {
	t.Helper()
	f, err := w.Cases.Open(t.Context(), w.Actor(t, who), id, cases.Care)
	must(t, err)
	return f
}

func words(kind string) circumstances.CircumstanceWords {
	return circumstances.CircumstanceWords{Kind: kind, Bearing: circumstances.Bears, Raised: circumstances.ByPerson, What: "They sent me away when they saw my name.", How: "She does not call the police any more."}
}

// How discrimination, prejudice and insecure status bear on the danger is kept
// in the words of the person, and another version takes nothing away.
//
// Proves: B9.12
func TestACircumstanceIsKeptInTheirWordsAndInVersions(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		first, err := w.s.Tell(t.Context(), f, words("discrimination"))
		must(t, err)
		again := words("discrimination")
		again.How = "She calls, when I am there."
		second, err := w.s.TellAgain(t.Context(), f, first, again)
		must(t, err)
		if _, err := w.s.TellAgain(t.Context(), f, first, again); !errors.Is(err, store.ErrConflict) {
			t.Errorf("a version after one that another came after: %v", err)
		}
		k := w.known(t, f)
		if len(k.Heads()) != 1 || k.Heads()[0].ID != second || len(k.Versions(first)) != 2 {
			t.Fatalf("versions: %+v", k.Circumstances)
		}
		want := words("discrimination")
		if diff := cmp.Diff(want, k.Versions(first)[1].Words); diff != "" {
			t.Errorf("the first version changed: %s", diff)
		}
		if !strings.Contains(w.chronology(t, f), "Discrimination or prejudice. It bears on risk or support") {
			t.Errorf("the chronology:\n%s", w.chronology(t, f))
		}
	})
}

func TestACircumstanceSaysWhatItIsAndHowItBears(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		_, err := w.s.Tell(t.Context(), f, circumstances.CircumstanceWords{Kind: "guessed", Bearing: circumstances.Bears})
		for _, field := range []string{"kind", "what", "how", "raised"} {
			if !hasField(err, field) {
				t.Errorf("%s is not asked for: %v", field, err)
			}
		}
		if _, err := w.s.TellAgain(t.Context(), f, "0190b0b0-1111-7000-8000-000000000000", words("other")); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a version of nothing: %v", err)
		}
	})
}

// Insecure status lies in its compartment, HIV with those who work on the case
// by name: everybody on the case writes it down, the chronology says nothing of
// it, and it is not in the copy of whoever may not read it.
func TestWhatIsKeptApartIsWrittenByAllAndReadByFew(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		_, err := w.s.Tell(t.Context(), f, words("hiv"))
		must(t, err)
		_, err = w.s.Tell(t.Context(), f, words("insecure_status"))
		must(t, err)
		_, err = w.s.Point(t.Context(), f, circumstances.PointingWords{Pointer: "hiv", On: w.day(0), Answer: circumstances.Told, Text: "The clinic."})
		must(t, err)
		_, err = w.s.NoteCapacity(t.Context(), f, note())
		must(t, err)
		if said := w.chronology(t, f); strings.Contains(said, "HIV") || strings.Contains(said, "mmigration") || strings.Contains(said, "my name") || strings.Contains(said, "aunt") {
			t.Errorf("the chronology tells:\n%s", said)
		}
		mate := w.open(t, casestest.Receptionist, f.ID()) // of the team, not named on the case
		for _, c := range w.known(t, mate).Circumstances {
			if c.Words.Kind == "hiv" || !c.Apart && c.Words.Kind == "insecure_status" && !w.Cases.MayRead(mate, cases.Entitlement) {
				t.Errorf("a colleague of the team reads %+v", c)
			}
		}
		if k := w.known(t, mate); !k.Pointed[0].Apart || k.Pointed[0].Words.Text != "" || !k.Capacity[0].Apart || k.Capacity[0].Words.Which != "" {
			t.Errorf("a colleague of the team reads %+v and %+v", k.Pointed, k.Capacity)
		}
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			pieces, apart, err := w.s.Pieces(ctx, tx, mate)
			if len(pieces)+apart != 4 || apart < 3 {
				t.Errorf("a colleague copies %d and leaves %d", len(pieces), apart)
			}
			return err
		}))
		if _, err := w.s.TellAgain(t.Context(), mate, w.known(t, f).Circumstances[1].ID, words("hiv")); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("somebody changes what they cannot read: %v", err)
		}
		own := w.known(t, f)
		if own.Pointed[0].Apart || own.Capacity[0].Apart || own.Capacity[0].Words.Reasons == "" {
			t.Errorf("whoever works on the case reads %+v", own)
		}
	})
}

func note() circumstances.CapacityWords {
	return circumstances.CapacityWords{
		Decision: circumstances.ToMarry, Which: "Whether to marry the man her aunt names", Result: circumstances.Lacks, On: "2026-01-02", By: "Dr Ash (fictional)", Role: "Social worker",
		Reasons: "She could not say what a marriage is.", Advocate: circumstances.Yes, Best: circumstances.NotKnown,
	}
}

// A forced marriage is told from an arranged one; it brings safeguarding the same
// day and asks anew how the person is reached.
//
// Proves: G5
func TestAForcedMarriageIsFlaggedAndAnArrangedOneIsNot(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		arranged := circumstances.MarriageWords{Stands: circumstances.Arranged, Agreement: circumstances.Pressed}
		if _, err := w.s.TellMarriage(t.Context(), f, "", arranged); !hasField(err, "stands") {
			t.Errorf("arranged, without free agreement: %v", err)
		}
		arranged.Agreement = circumstances.Agrees
		first, err := w.s.TellMarriage(t.Context(), f, "", arranged)
		must(t, err)
		if w.known(t, f).Marked() || len(w.tasks(t, f)) != 0 {
			t.Errorf("an arranged marriage brings %v", w.tasks(t, f))
		}
		threat := circumstances.MarriageWords{Stands: circumstances.Threatened, Agreement: circumstances.CannotFor, What: "They have bought a ticket.", Never: "Her aunt"}
		if _, err := w.s.TellMarriage(t.Context(), f, "", threat); !errors.Is(err, store.ErrConflict) {
			t.Errorf("over what somebody else wrote: %v", err)
		}
		_, err = w.s.TellMarriage(t.Context(), f, first, threat)
		must(t, err)
		want := map[cases.TaskKind]string{cases.ReferSafeguarding: w.day(0), cases.AskSafeContact: w.day(0), cases.NoteCapacity: w.day(0)}
		if diff := cmp.Diff(want, w.tasks(t, f)); diff != "" {
			t.Errorf("tasks: %s", diff)
		}
		k := w.known(t, f)
		if !k.Marked() || !k.CapacityMissing() || len(k.Marriage) != 2 {
			t.Errorf("known: %+v", k.Marriage)
		}
		wrong := note()
		wrong.Which, wrong.Role, wrong.On = "", "", ""
		_, err = w.s.NoteCapacity(t.Context(), f, wrong)
		for _, field := range []string{"which", "role", "on"} {
			if !hasField(err, field) {
				t.Errorf("%s is not asked for: %v", field, err)
			}
		}
		_, err = w.s.NoteCapacity(t.Context(), f, note())
		must(t, err)
		if _, waits := w.tasks(t, f)[cases.NoteCapacity]; waits || w.known(t, f).CapacityMissing() {
			t.Error("the note is asked for though it is written")
		}
	})
}

func harm(d circumstances.Direction) circumstances.ReportWords {
	return circumstances.ReportWords{
		Direction: d, Sort: circumstances.Physical, Source: circumstances.PersonSays, What: "A push at the door.", Fear: circumstances.Yes, Injury: circumstances.NotKnown, Control: circumstances.No,
	}
}

func (w world) pattern(v circumstances.Verdict) circumstances.PatternWords {
	return circumstances.PatternWords{Verdict: v, Fear: "She is afraid of what he does when she speaks.", Control: "He keeps the money and the keys.", Reason: "The pattern of a year, not of one night.", ReviewOn: w.day(28)}
}

// Whose pattern causes fear and control is judged with reasons, may be left open,
// is looked at again, and moves nobody to another side.
func TestAJudgementOfThePatternMovesNobody(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		for _, d := range circumstances.Directions() {
			_, err := w.s.Report(t.Context(), f, harm(d))
			must(t, err)
		}
		if !w.known(t, f).Both() {
			t.Error("each is said to have harmed the other, and it does not show")
		}
		bare := circumstances.PatternWords{Verdict: circumstances.PersonHarms, ReviewOn: w.day(0)}
		_, err := w.s.Judge(t.Context(), f, "", bare)
		for _, field := range []string{"reason", "fear", "control", "review_on"} {
			if !hasField(err, field) {
				t.Errorf("%s is not asked for: %v", field, err)
			}
		}
		open := circumstances.PatternWords{Verdict: circumstances.Undetermined, Reason: "We have not met him.", ReviewOn: w.day(7)}
		first, err := w.s.Judge(t.Context(), f, "", open)
		must(t, err)
		monday := cases.NextWorkingDay(w.Clock.Now())
		if diff := cmp.Diff(map[cases.TaskKind]string{cases.ReviewPattern: w.day(7), cases.SecondOpinion: monday}, w.tasks(t, f)); diff != "" {
			t.Errorf("tasks of an open judgement: %s", diff)
		}
		if _, err := w.s.Judge(t.Context(), f, "", open); !errors.Is(err, store.ErrConflict) {
			t.Errorf("over a judgement that was not read: %v", err)
		}
		second, err := w.s.Judge(t.Context(), f, first, w.pattern(circumstances.PersonHarms))
		must(t, err)
		want := map[cases.TaskKind]string{cases.ReviewPattern: w.day(28), cases.SecondOpinion: monday, cases.DecideSide: w.day(0)}
		if diff := cmp.Diff(want, w.tasks(t, f)); diff != "" {
			t.Errorf("tasks of a judgement across: %s", diff)
		}
		if again := w.open(t, casestest.IDVA, f.ID()); again.Side() != cases.Experiencing {
			t.Errorf("the case is on the side %s", again.Side())
		}

		if _, err := w.s.Second(t.Context(), f, second, circumstances.Yes, "Mine."); !refused(err) {
			t.Errorf("an opinion of somebody who is no manager: %v", err)
		}
		boss := w.open(t, casestest.HavenManager, f.ID())
		if _, err := w.s.Second(t.Context(), boss, first, circumstances.Yes, "Read."); !errors.Is(err, store.ErrConflict) {
			t.Errorf("an opinion on an older judgement: %v", err)
		}
		_, err = w.s.Second(t.Context(), boss, second, circumstances.No, "One night is not a pattern.")
		must(t, err)
		if diff := cmp.Diff(map[cases.TaskKind]string{cases.ReviewPattern: monday, cases.DecideSide: w.day(0)}, w.tasks(t, f)); diff != "" {
			t.Errorf("tasks after somebody did not agree: %s", diff)
		}
		must(t, w.s.Decided(t.Context(), boss, "She stays where she is."))
		if _, waits := w.tasks(t, f)[cases.DecideSide]; waits {
			t.Error("it still waits to be decided")
		}
		own, err := w.s.Judge(t.Context(), boss, second, w.pattern(circumstances.OtherHarms))
		must(t, err)
		if _, err := w.s.Second(t.Context(), boss, own, circumstances.Yes, "Mine."); !hasField(err, "agrees") {
			t.Errorf("a second opinion on one's own judgement: %v", err)
		}
	})
}

func refused(err error) bool {
	var denied *policy.Denied
	return errors.As(err, &denied)
}

// Below the level nothing is lost: the view is recorded at once and reviewed.
func TestBelowTheLevelAViewIsRecordedAndReviewed(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse)) // level 2
		p := w.pattern(circumstances.OtherHarms)
		if _, err := w.s.Judge(t.Context(), f, "", p); !hasField(err, "act_now") {
			t.Errorf("below the level: %v", err)
		}
		p.ActNow, p.WhyNow = true, "She goes home tonight."
		_, err := w.s.Judge(t.Context(), f, "", p)
		must(t, err)
		if _, reviewed := w.tasks(t, f)[cases.ReviewActNow]; !reviewed {
			t.Errorf("nobody reviews it: %v", w.tasks(t, f))
		}
	})
}

// What is recorded on one side leaves nothing on the other, and whoever works
// with the other side finds nothing of it.
func TestNothingOfItReachesTheOtherSide(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		him := people.Details{GivenName: "Ivo", FamilyName: "Marlowe", Born: "1980-01-01"}
		hers := w.Begin(t, w.Actor(t, casestest.IDVA))
		his := w.BeginFor(t, w.Actor(t, casestest.Colleague), him, cases.Perpetrating)
		w.Add(t, hers, cases.Perpetrator, him)
		before, due := w.chronology(t, his), w.tasks(t, his)
		for _, d := range circumstances.Directions() {
			_, err := w.s.Report(t.Context(), hers, harm(d))
			must(t, err)
		}
		_, err := w.s.Tell(t.Context(), hers, words("discrimination"))
		must(t, err)
		_, err = w.s.Judge(t.Context(), hers, "", w.pattern(circumstances.PersonHarms))
		must(t, err)
		if after := w.chronology(t, his); after != before {
			t.Errorf("his case says:\n%s", after)
		}
		if diff := cmp.Diff(due, w.tasks(t, his)); diff != "" {
			t.Errorf("his case is due: %s", diff)
		}
		if k := w.known(t, his); len(k.Reports)+len(k.Patterns)+len(k.Circumstances) > 0 {
			t.Errorf("his case knows %+v", k)
		}
		if _, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.Colleague), hers.ID(), cases.Care); !refused(err) {
			t.Errorf("his worker opens her case: %v", err)
		}
		for _, task := range w.inbox(t, casestest.Colleague) {
			if task.File == hers.ID() {
				t.Errorf("his worker is told of %s", task.Kind)
			}
		}
	})
}

func (w world) inbox(t *testing.T, who string) []cases.Task {
	t.Helper()
	own, err := w.Cases.Inbox(t.Context(), w.Actor(t, who), "", cases.Task{}, 50)
	must(t, err)
	return own
}

// Managers find what waits for them.
func TestASecondOpinionWaitsForManagers(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		_, err := w.s.Judge(t.Context(), f, "", w.pattern(circumstances.PersonHarms))
		must(t, err)
		var kinds []cases.TaskKind
		list, err := w.Cases.Reviews(t.Context(), w.Actor(t, casestest.HavenManager), 10)
		must(t, err)
		for _, task := range list {
			kinds = append(kinds, task.Kind)
		}
		if !slices.Contains(kinds, cases.SecondOpinion) || !slices.Contains(kinds, cases.DecideSide) {
			t.Errorf("a manager finds %v", kinds)
		}
	})
}

// Needs and circumstances bring their pointers, each with where its reason
// stands; that somebody was pointed there is on record.
//
// Proves: B7.23, B9.16
func TestNeedsAndCircumstancesBringPointersToSpecialistAdvice(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		g := w.s.Guide()
		for domain, want := range map[string][]string{"alcohol": {"alcohol"}, "drugs": {"drugs"}, "entitlement": {"no_recourse", "insecure_status"}, "housing": nil} {
			var got []string
			for _, p := range g.ForNeeds([]string{domain}) {
				got = append(got, p.Code)
				if len(p.Sources) == 0 || len(p.Sectors) == 0 {
					t.Errorf("%s says neither why nor where", p.Code)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", domain, diff)
			}
		}
		for _, code := range []string{"insecure_status", "no_recourse", "hiv", "alcohol", "drugs"} {
			if k, is := g.Kind(code); !is || len(k.Pointers) == 0 {
				t.Errorf("%s brings no pointer", code)
			}
		}
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		_, err := w.s.Point(t.Context(), f, circumstances.PointingWords{Pointer: "alcohol", On: w.day(1), Answer: "maybe"})
		if !hasField(err, "on") || !hasField(err, "answer") {
			t.Errorf("a day to come, and no answer: %v", err)
		}
		_, err = w.s.Point(t.Context(), f, circumstances.PointingWords{Pointer: "alcohol", On: w.day(-1), Answer: circumstances.Asked})
		must(t, err)
		if p := w.known(t, f).Pointed; len(p) != 1 || p[0].By != f.Actor().Account {
			t.Errorf("pointed: %+v", p)
		}
		if _, err := w.s.Point(t.Context(), f, circumstances.PointingWords{Pointer: "nothing"}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a pointer that is none: %v", err)
		}
	})
}

// Nobody outside the case keeps or reads anything.
func TestOnlyWhoeverWorksWithTheCaseKeepsCircumstances(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		for who, may := range map[string][]policy.Action{
			casestest.IDVA:         {circumstances.ActKeep, circumstances.ActClose, circumstances.ActJudge, circumstances.ActJudgeNow},
			casestest.Colleague:    {circumstances.ActKeep, circumstances.ActJudge, circumstances.ActJudgeNow}, // of the team
			casestest.HavenManager: {circumstances.ActKeep, circumstances.ActClose, circumstances.ActJudge, circumstances.ActJudgeNow, circumstances.ActSecond},
			casestest.HavenContact: nil,
			casestest.Nurse:        nil,
			casestest.TrustManager: nil,
		} {
			for _, action := range []policy.Action{circumstances.ActKeep, circumstances.ActClose, circumstances.ActJudge, circumstances.ActJudgeNow, circumstances.ActSecond} {
				if got, want := w.Guard.Rules().Decide(w.Actor(t, who), action, f.Resource()).Allowed, slices.Contains(may, action); got != want {
					t.Errorf("%s, %s: allowed %v, want %v", who, action, got, want)
				}
			}
		}
	})
}

func TestAGuideThatIsNotWholeIsRefused(t *testing.T) {
	for name, data := range map[string]string{
		"nothing":          `{}`,
		"an unknown name":  `{"circumstances":[{"code":"a","label":"A","ask":["?"],"gender":"x"}],"pointers":[]}`,
		"no pointer":       `{"circumstances":[{"code":"a","label":"A","ask":["?"],"pointers":["b"]}],"pointers":[]}`,
		"no source":        `{"circumstances":[],"pointers":[{"code":"b","title":"B","text":["t"]}]}`,
		"an unknown place": `{"circumstances":[{"code":"a","label":"A","ask":["?"],"apart":"cellar"}],"pointers":[]}`,
		"a sector":         `{"circumstances":[],"pointers":[{"code":"b","title":"B","text":["t"],"sources":["B7.23"],"sectors":["moon"]}]}`,
	} {
		if _, err := circumstances.ParseGuide([]byte(data)); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}
