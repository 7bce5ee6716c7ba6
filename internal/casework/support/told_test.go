package support_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support"
	"waymark/internal/platform/store"
)

// facts are the dimensions of the facts of a kind, in the order in which they
// came about.
func (w world) facts(t *testing.T, kind string) []map[string]string {
	t.Helper()
	return read(t, w, func(ctx context.Context, tx *store.Tx) (out []map[string]string, err error) {
		rows, err := tx.QueryContext(ctx, `SELECT CAST(dimensions AS text) FROM fact WHERE kind = $1 ORDER BY id`, kind)
		if err != nil {
			return nil, err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var text string
			var one map[string]string
			if err := rows.Scan(&text); err != nil {
				return nil, err
			}
			if err := json.Unmarshal([]byte(text), &one); err != nil {
				return nil, err
			}
			out = append(out, one)
		}
		return out, rows.Err()
	})
}

// What somebody says of a stage of the work is counted at that stage, so that
// what was said at the start stands beside what was said at the end.
func TestOutcomesAreCountedByTheirStage(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		says := func(stage support.Stage, change support.Change) {
			must(t, w.s.RecordOutcomes(t.Context(), f, support.OutcomeSet{Stage: stage, Said: map[support.Aspect]support.Said{support.FeelingSafe: {Change: change}}}))
		}
		says(support.Intake, support.Worse)
		says(support.Review, support.Same)
		f = w.reopen(t, f)
		must(t, w.s.End(t.Context(), f, support.Leaving{
			Version: f.Version(), Ending: support.PlannedEnd, WayBack: "Rings the centre.",
			Outcomes: support.OutcomeSet{Said: map[support.Aspect]support.Said{support.FeelingSafe: {Change: support.Better}}},
		}))
		want := []map[string]string{
			{"stage": "intake", "aspect": "safe", "change": "worse"},
			{"stage": "review", "aspect": "safe", "change": "same"},
			{"stage": "exit", "aspect": "safe", "change": "better"},
		}
		if diff := cmp.Diff(want, w.facts(t, "outcome.said")); diff != "" {
			t.Errorf("what is counted (-want +got):\n%s", diff)
		}
	})
}

// What somebody says of the support itself is kept as they said it, stands in
// the chronology, and is no outcome.
func TestWhatTheySayOfTheSupportIsKept(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		if err := w.s.RecordFeedback(t.Context(), f, support.Feedback{Text: "It helped."}); !hasField(err, "helped") {
			t.Errorf("without an answer: %v", err)
		}
		must(t, w.s.RecordFeedback(t.Context(), f, support.Feedback{Helped: support.No, Came: "On a card", Text: "Nobody rang when they said."}))
		w.Clock.Advance(1)
		must(t, w.s.RecordFeedback(t.Context(), f, support.Feedback{Helped: support.Yes, Came: "At the last meeting", Text: "Now somebody does."}))
		var sets []support.OutcomeSet
		said := read(t, w, func(ctx context.Context, tx *store.Tx) (said []support.Feedback, err error) {
			sets, said, err = w.s.Told(ctx, tx, f)
			return said, err
		})
		if len(sets) != 0 {
			t.Errorf("it counts as outcomes: %+v", sets)
		}
		if len(said) != 2 || said[0].Helped != support.Yes || said[1].Helped != support.No || said[1].Came != "On a card" || said[1].Text != "Nobody rang when they said." {
			t.Errorf("what was said, the newest first: %+v", said)
		}
		if kinds := w.kinds(t, f); len(kinds) < 2 || kinds[0] != cases.TheirFeedback || kinds[1] != cases.TheirFeedback {
			t.Errorf("the chronology has %v", kinds)
		}
	})
}

// A programme to build skills is support in the longer term, and a group is with
// others: each offer is kept and counted with the person's answer.
//
// Proves: B9.6, B9.7
func TestALongerOfferIsKeptWithItsAnswer(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		for _, o := range []support.Offer{
			{Option: support.LongFloating, Answer: support.Considered},
			{Option: support.Skills, Answer: support.Accepted, Text: "On Tuesdays, while they are at school."},
			{Option: support.LocalGroup, Answer: support.Declined, Text: "Not with others."},
		} {
			must(t, w.s.RecordOffer(t.Context(), f, o))
			w.Clock.Advance(1)
		}
		if err := w.s.RecordOffer(t.Context(), f, support.Offer{Option: support.Skills, Answer: support.NotSuitable}); !hasField(err, "text") {
			t.Errorf("left out without a reason: %v", err)
		}
		offers := read(t, w, func(ctx context.Context, tx *store.Tx) ([]support.Offer, error) { return w.s.Offers(ctx, tx, f) })
		var got []string
		for _, o := range offers {
			got = append(got, string(o.Option)+" "+string(o.Answer)+" "+o.Text)
		}
		kept := []string{
			string(support.LocalGroup) + " " + string(support.Declined) + " Not with others.",
			string(support.Skills) + " " + string(support.Accepted) + " On Tuesdays, while they are at school.",
			string(support.LongFloating) + " " + string(support.Considered) + " ",
		}
		if diff := cmp.Diff(kept, got); diff != "" {
			t.Errorf("the offers (-want +got):\n%s", diff)
		}
		counted := []map[string]string{
			{"option": string(support.LongFloating), "group": "longer_term", "offered": "false", "answer": string(support.Considered)},
			{"option": "skills", "group": "longer_term", "offered": "true", "answer": string(support.Accepted)},
			{"option": string(support.LocalGroup), "group": "group", "offered": "true", "answer": string(support.Declined)},
		}
		if diff := cmp.Diff(counted, w.facts(t, "support.offer")); diff != "" {
			t.Errorf("what is counted (-want +got):\n%s", diff)
		}
	})
}

// A mental-health need says where it is treated and how, whether those who
// treat it are qualified and trained in abuse, and what the person wants of it;
// all of it is found again, and can be changed as it becomes known.
//
// Proves: B10.1, B10.2, B10.3, B10.7, G12
func TestANeedSaysHowAndByWhomItIsTreated(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.idva(t))
		asked := support.Need{
			Domain: support.MentalHealth, Term: support.Immediate, Abuse: support.Abuses()[0], Weeks: 6,
			Treated: support.TreatedElsewhere, Treatment: support.TraumaTherapy, Trained: support.NotKnown, Qualified: support.Yes,
			Words: support.NeedWords{Text: "Starts at every sound.", Preferences: "A woman, and not by telephone.", Provider: "The clinic (fictional)"},
		}
		id, err := w.s.AddNeed(t.Context(), f, asked)
		must(t, err)
		stored := func() support.Need {
			n := read(t, w, func(ctx context.Context, tx *store.Tx) (support.Need, error) { return w.s.Need(ctx, tx, f, id) })
			return n
		}
		same := func(n, want support.Need) {
			t.Helper()
			if n.Treated != want.Treated || n.Treatment != want.Treatment || n.Trained != want.Trained || n.Qualified != want.Qualified || n.Abuse != want.Abuse || n.Words != want.Words {
				t.Errorf("found again is %+v, said was %+v", n, want)
			}
		}
		n := stored()
		same(n, asked)
		n.Treated, n.Treatment, n.Trained, n.Words.Preferences = support.TreatmentEnded, support.GroupTherapy, support.Yes, "Nothing more for now."
		must(t, w.s.ChangeNeed(t.Context(), f, n))
		same(stored(), n)
	})
}
