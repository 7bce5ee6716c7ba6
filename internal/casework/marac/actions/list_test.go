package actions_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/actions"
	"waymark/internal/platform/store"
)

const registerHead = "case_number,referred_on,outcome,heard_on,referred_by,repeat_of,victim_given,victim_family,victim_born,perpetrator_1_given,perpetrator_1_family,children,idva\n"

// count is how much is on record of what a list could take.
func (w *world) count(t *testing.T) string {
	t.Helper()
	var out []string
	for _, table := range []string{"file", "person", "marac_case", "marac_party", "marac_action"} {
		var n int
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n)
		}))
		out = append(out, fmt.Sprint(table, " ", n))
	}
	return strings.Join(out, ", ")
}

// The register and the open actions of before are taken over line by line, once: a
// repeat goes onto the file of the case that it repeats, and the actions are on the
// lists of those who took them on.
func TestAListIsTakenOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		register := "\xef\xbb\xbf" + registerHead +
			"2025/101,2025-11-03,heard,2025-11-19,trust,,Ada,Fictional,1990-01-02,Bo,Fictional,2,accepted\n" +
			"2025/102,03/02/2026,heard,18/02/2026,Fictional Haven Service,2025/101,Ada,Fictional,1990-01-02,Bo,Fictional,2,accepted\n" +
			"L-7,2026-01-05,not taken,,trust,,Cy,\"Fictional, jr\",,,not known,,\n"
		var keyed []marac.CaseID
		w.s.KeyedBy(func(_ context.Context, _ *store.Tx, _ *cases.File, id marac.CaseID, about []marac.Identity) error {
			if len(about) != 2 || about[0].Person == "" || about[1].Person == "" {
				t.Errorf("keyed without people: %v", id)
			}
			keyed = append(keyed, id)
			return nil
		})
		before := w.count(t)
		id, err := w.s.Bring(ctx, w.cora, w.id, []byte(register))
		must(t, err)
		if again, err := w.s.Bring(ctx, w.cora, w.id, []byte(register)); err != nil || again != id {
			t.Fatalf("the same file is another list: %v, %v", again, err)
		}
		l, err := w.s.List(ctx, w.cora, w.id, id)
		must(t, err)
		if l.Faulty() != 0 || l.New() != 3 || w.count(t) != before {
			t.Fatalf("before it is taken: %+v, %s", l.Rows, w.count(t))
		}
		n, err := w.s.Take(ctx, w.cora, w.id, id, l.Version)
		must(t, err)
		if n != 3 || len(keyed) != 3 {
			t.Fatalf("%d were taken, %d keyed", n, len(keyed))
		}
		if _, err := w.s.Take(ctx, w.cora, w.id, id, l.Version+1); !errors.Is(err, store.ErrConflict) {
			t.Fatalf("taken twice: %v", err)
		}
		if l, err = w.s.List(ctx, w.cora, w.id, id); err != nil || l.State != actions.Taken || len(l.Rows) != 0 {
			t.Fatalf("its lines are kept: %+v, %v", l, err)
		}
		taken := w.count(t)
		if !strings.Contains(taken, "file 2,") || !strings.Contains(taken, "marac_case 3,") || !strings.Contains(taken, "person 4,") {
			t.Fatalf("it took %s", taken)
		}
		longer, err := w.s.Bring(ctx, w.cora, w.id, []byte(register+"2025/103,2026-02-05,heard,2026-02-18,trust,2025/102,Ada,Fictional,1990-01-02,Bo,Fictional,2,\n"))
		must(t, err)
		l, err = w.s.List(ctx, w.cora, w.id, longer)
		must(t, err)
		if l.Already() != 3 || l.New() != 1 {
			t.Fatalf("again: %d are there, %d are new", l.Already(), l.New())
		}
		if n, err = w.s.Take(ctx, w.cora, w.id, longer, l.Version); err != nil || n != 1 || !strings.Contains(w.count(t), "file 2,") {
			t.Fatalf("%d were taken: %v, %s", n, err, w.count(t))
		}

		open := "case_number,agency,action,target,due_on\n2025/102,trust,Fit an alarm,victim,2026-01-31\n2025/102,programme,See him every week,perpetrator,2026-12-01\n"
		id, err = w.s.Bring(ctx, w.cora, w.id, []byte(open))
		must(t, err)
		l, err = w.s.List(ctx, w.cora, w.id, id)
		must(t, err)
		if n, err = w.s.Take(ctx, w.cora, w.id, id, l.Version); err != nil || n != 2 {
			t.Fatalf("%d actions were taken: %v, %+v", n, err, l.Rows)
		}
		mine, err := w.s.Mine(ctx, w.Actor(t, casestest.Midwife), false, actions.Cursor{}, 10)
		must(t, err)
		if len(mine.List) != 1 || mine.List[0].Words.What != "Fit an alarm" || mine.List[0].Number != "2025/102" || mine.List[0].Words.About[0].Name != "Ada Fictional" {
			t.Fatalf("on the list of its owner: %+v", mine.List)
		}
		id, err = w.s.Bring(ctx, w.cora, w.id, []byte(open+"\n"))
		must(t, err)
		if l, err = w.s.List(ctx, w.cora, w.id, id); err != nil || l.Already() != 2 || l.New() != 0 {
			t.Fatalf("the actions again: %+v, %v", l, err)
		}
		must(t, w.s.Discard(ctx, w.cora, w.id, id, l.Version))
		if l, err = w.s.List(ctx, w.cora, w.id, id); err != nil || l.State != actions.Discarded || len(l.Rows) != 0 {
			t.Fatalf("what was discarded is kept: %+v, %v", l, err)
		}
		for _, name := range []string{casestest.Midwife, casestest.HavenManager, casestest.Commissioner} {
			if _, err := w.s.Bring(ctx, w.Actor(t, name), w.id, []byte(open)); !denied(err) {
				t.Fatalf("%s brings a list: %v", name, err)
			}
			if _, err := w.s.List(ctx, w.Actor(t, name), w.id, id); !denied(err) {
				t.Fatalf("%s looks at it: %v", name, err)
			}
		}
	})
}

// What is no list, or has a fault in any line, takes nothing, and says what and where.
func TestAFaultyListTakesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		good := "2025/101,2025-11-03,heard,2025-11-19,trust,,Ada,Fictional,1990-01-02,Bo,Fictional,2,accepted\n"
		before := w.count(t)
		for name, body := range map[string]string{
			"empty":        "",
			"only a head":  registerHead,
			"no head":      good,
			"other column": "surprise," + registerHead + "x," + good,
			"twice":        "case_number," + registerHead,
			"utf-16":       "\xff\xfec\x00a\x00s\x00e\x00",
			"windows":      registerHead + strings.Replace(good, "Ada", "Zo\xeb", 1),
			"quotation":    registerHead + "2025/101,\"2025-11-03,heard\n" + good,
			"short line":   registerHead + "2025/101,2025-11-03\n",
			"too large":    registerHead + strings.Repeat(good, actions.ListBytes/len(good)+1),
			"too many":     registerHead + strings.Repeat("2025/1,,,,,,,,,,,,\n", actions.ListLines+1),
		} {
			_, err := w.s.Bring(ctx, w.cora, w.id, []byte(body))
			var none *actions.ErrList
			if !errors.As(err, &none) || none.Says == "" || strings.Contains(none.Says, "Ada") {
				t.Errorf("%s: %v", name, err)
			}
		}
		for column, line := range map[string]string{
			"case_number":          strings.Replace(good, "2025/101", "2025/14a", 1),
			"referred_on":          strings.Replace(good, "2025-11-03", "31/02/2025", 1),
			"outcome":              strings.Replace(good, "heard", "perhaps", 1),
			"heard_on":             strings.Replace(good, "2025-11-19", "2025-11-01", 1),
			"referred_by":          strings.Replace(good, "trust", "nobody", 1),
			"repeat_of":            strings.Replace(good, "trust,", "trust,2024/9", 1),
			"victim_family":        strings.Replace(good, "Ada,Fictional", ",", 1),
			"perpetrator_1_family": strings.Replace(good, "Bo,Fictional", ",", 1),
			"victim_born":          strings.Replace(good, "1990-01-02", "long ago", 1),
			"children":             strings.Replace(good, ",2,", ",two,", 1),
			"idva":                 strings.Replace(good, "accepted", "maybe", 1),
			"victim_given":         strings.Replace(good, "Ada", "A\x01da", 1),
		} {
			id, err := w.s.Bring(ctx, w.cora, w.id, []byte(registerHead+"2025/100"+good[len("2025/101"):]+line))
			must(t, err)
			l, err := w.s.List(ctx, w.cora, w.id, id)
			must(t, err)
			if l.Faulty() != 1 || len(l.Rows) != 2 || l.Rows[1].Line != 3 || len(l.Rows[1].Faults) == 0 || l.Rows[1].Faults[0].Column != column {
				t.Errorf("%s: %+v", column, l.Rows)
			}
			if _, err := w.s.Take(ctx, w.cora, w.id, id, l.Version); !errors.Is(err, actions.ErrFaulty) {
				t.Errorf("%s was taken: %v", column, err)
			}
			must(t, w.s.Discard(ctx, w.cora, w.id, id, l.Version))
			if l, err = w.s.List(ctx, w.cora, w.id, id); err != nil || len(l.Rows) != 0 || l.State != actions.Discarded {
				t.Errorf("%s was left, and is there: %+v, %v", column, l, err)
			}
		}
		id, err := w.s.Bring(ctx, w.cora, w.id, []byte(registerHead+good+good))
		must(t, err)
		l, err := w.s.List(ctx, w.cora, w.id, id)
		must(t, err)
		if l.Faulty() != 1 || !strings.Contains(l.Rows[1].Faults[0].Says, "line 2") {
			t.Errorf("a line twice: %+v", l.Rows)
		}
		id, err = w.s.Bring(ctx, w.cora, w.id, []byte("case_number,agency,action,target,due_on\n2025/101,trust,Fit,victim,2026-01-31\n"))
		must(t, err)
		if l, err = w.s.List(ctx, w.cora, w.id, id); err != nil || l.Faulty() != 1 {
			t.Errorf("an action of no case: %+v, %v", l, err)
		}
		if after := w.count(t); after != before {
			t.Errorf("something was taken: %s, then %s", before, after)
		}
	})
}
