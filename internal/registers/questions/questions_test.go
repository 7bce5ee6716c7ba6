package questions

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	questioncontent "waymark/content/questions"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

var operator = policy.Actor{Account: "operator:ada", Kind: policy.Operator, Name: "Ada Fictional"}

// each runs a test of the register on both engines.
func each(t *testing.T, fn func(t *testing.T, r *Register, db *store.DB)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		rules, err := policy.New(Rules())
		if err != nil {
			t.Fatal(err)
		}
		r, err := New(db, audit.NewGuard(audit.New(db), rules))
		if err != nil {
			t.Fatal(err)
		}
		fn(t, r, db)
	})
}

func file(version, text string) []byte {
	return []byte(`{"resourceType":"Questionnaire","url":"https://example.invalid/forms/local","version":"` + version +
		`","title":"Local","status":"active","item":[{"linkId":"a","type":"string","text":"` + text + `"}]}`)
}

func TestASetIsReplacedUntilItIsAnsweredAndNeverAfter(t *testing.T) {
	each(t, func(t *testing.T, r *Register, db *store.DB) {
		add := func(data []byte) (Outcome, error) {
			_, outcome, err := r.Add(t.Context(), operator, data)
			return outcome, err
		}
		answered := func(q *forms.Questionnaire) error {
			return db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return r.Answered(ctx, tx, q) })
		}
		const name = "https://example.invalid/forms/local|1"
		for _, c := range []struct {
			data []byte
			want Outcome
		}{{file("1", "First"), Added}, {file("1", "First"), Unchanged}, {file("1", "Better"), Replaced}} {
			if got, err := add(c.data); got != c.want || err != nil {
				t.Errorf("%s: %s (%v), want %s", c.data, got, err, c.want)
			}
		}
		old, err := forms.ParseQuestionnaire(file("1", "First"))
		if err != nil {
			t.Fatal(err)
		}
		if err := answered(old); !errors.Is(err, ErrChanged) {
			t.Errorf("answers to what was replaced: %v", err)
		}
		now, err := r.Get(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := answered(now); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := add(file("1", "Other")); !errors.Is(err, ErrAnswered) {
			t.Errorf("an answered set is changed: %v", err)
		}
		if got, err := add(file("2", "Other")); got != Added || err != nil {
			t.Errorf("a new version: %s (%v)", got, err)
		}
		if data, err := r.Export(t.Context(), name); err != nil || !bytes.Equal(data, file("1", "Better")) {
			t.Errorf("exported %s (%v)", data, err)
		}
		sets, err := r.List(t.Context())
		if err != nil || len(sets) < 3 {
			t.Fatalf("listed %+v (%v)", sets, err)
		}
		if own := sets[len(sets)-2:]; !sets[0].Ships || own[0].Ships || own[0].AnsweredAt.IsZero() || !own[1].AnsweredAt.IsZero() {
			t.Errorf("listed %+v", sets)
		}
	})
}

func TestAFileThatIsNotSupportedWholeIsNotKept(t *testing.T) {
	each(t, func(t *testing.T, r *Register, _ *store.DB) {
		var problems forms.Problems
		bad := bytes.Replace(file("1", "x"), []byte(`"string"`), []byte(`"hologram"`), 1)
		if _, _, err := r.Add(t.Context(), operator, bad); !errors.As(err, &problems) || problems[0].LinkID != "a" {
			t.Errorf("kept, or refused with %v", err)
		}
		ship := bytes.Replace(questioncontent.RiskIdentification, []byte(`"title"`), []byte(`"copyright":"x","title"`), 1)
		if _, _, err := r.Add(t.Context(), operator, questioncontent.RiskIdentification); !errors.Is(err, ErrShips) {
			t.Errorf("a set that ships: %v", err)
		}
		if _, _, err := r.Add(t.Context(), operator, ship); err == nil {
			t.Error("a set that ships was replaced")
		}
		if _, err := r.Export(t.Context(), "https://example.invalid/forms/local|1"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("exported: %v", err)
		}
	})
}

func TestOnlyTheOperatorAddsSets(t *testing.T) {
	each(t, func(t *testing.T, r *Register, _ *store.DB) {
		who := policy.Actor{Account: "p1", Kind: policy.Human, Agency: "a1"}
		_, _, err := r.Add(t.Context(), who, file("1", "x"))
		if _, denied := policy.IsDenied(err); !denied {
			t.Errorf("%v, want that it is denied", err)
		}
	})
}

func TestASetThatShipsIsExportedAsItIs(t *testing.T) {
	each(t, func(t *testing.T, r *Register, _ *store.DB) {
		sets, err := r.List(t.Context())
		if err != nil || len(sets) == 0 {
			t.Fatalf("%d sets (%v)", len(sets), err)
		}
		data, err := r.Export(t.Context(), sets[0].Canonical())
		if err != nil || !bytes.Equal(data, questioncontent.RiskIdentification) || !strings.Contains(sets[0].Canonical(), "|") {
			t.Errorf("%s: %d bytes (%v)", sets[0].Canonical(), len(data), err)
		}
	})
}
