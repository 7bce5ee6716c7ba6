package main

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// small is a run that only shows that the jobs are right.
func small() options {
	return options{rounds: 1, length: 5 * time.Millisecond, notes: 5, size: sizeLeast}
}

// inside is a database with the code on it.
func insideOf(t *testing.T, at place) *domain {
	t.Helper()
	d, err := at.domain(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.db.Close() })
	return d
}

func newInside(t *testing.T) *domain {
	t.Helper()
	at := place{t.TempDir()}
	if err := at.create(t.Context()); err != nil {
		t.Fatal(err)
	}
	return insideOf(t, at)
}

// measured fails unless each comparison has its rounds.
func measured(t *testing.T, list []comparison, err error, want int) {
	t.Helper()
	if err != nil || len(list) != want {
		t.Fatalf("%d comparisons, %v", len(list), err)
	}
	for _, c := range list {
		if len(c.Rounds) != 1 || c.Rate.Waymark <= 0 || c.Rate.Other <= 0 || c.Says == "" {
			t.Errorf("%s beside %s: %+v", c.Name, c.Beside, c)
		}
	}
}

func TestTheJobsInsideAreDoneRightAndLeaveAWholeLedger(t *testing.T) {
	d := newInside(t)
	ledger, err := d.compareLedger(t.Context(), small(), t.TempDir())
	measured(t, ledger, err, 2)
	audited, err := d.compareAudited(t.Context(), small())
	measured(t, audited, err, 2)
	decided, err := compareDecisions(t.Context(), small(), d.guard.Rules())
	measured(t, decided, err, 2)
	formed, err := compareForms(t.Context(), small(), t.TempDir())
	measured(t, formed, err, 1)
	agreed, err := compareAgreements(t.Context(), small())
	measured(t, agreed, err, 1)
	shared, err := d.compareShares(t.Context(), small())
	measured(t, shared, err, 1)
	followed, err := comparePathways(t.Context(), small())
	measured(t, followed, err, 2)
	met, err := d.compareMarac(t.Context(), small())
	measured(t, met, err, 1)
	if err := d.whole(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTheListsUnderRulesAndWithoutAreTheSame(t *testing.T) {
	at := place{t.TempDir()}
	if err := at.create(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := at.fillMore(t.Context(), sizeLeast); err != nil {
		t.Fatal(err)
	}
	d := insideOf(t, at)
	lists, err := d.compareLists(t.Context(), small())
	measured(t, lists, err, 3)

	// A rule that shuts one of the cases out makes them differ, and is noticed.
	first, err := d.plainList(t.Context(), listings()[0])
	if err != nil {
		t.Fatal(err)
	}
	err = d.db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE file SET restricted = true WHERE agency_id = $1 AND id = $2`, agencyName(0), string(first[7].ID))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.compareLists(t.Context(), small()); err == nil || !strings.Contains(err.Error(), "not the right one") {
		t.Errorf("another list passes: %v", err)
	}
}

func TestTheCountyHasAsManyCasesAsAskedForAndEachRuleHasSomethingToDo(t *testing.T) {
	at := place{t.TempDir()}
	if err := at.create(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := at.fillMore(t.Context(), sizeLeast); err != nil {
		t.Fatal(err)
	}
	d := insideOf(t, at)
	counts := map[string]int{
		`SELECT COUNT(*) FROM file`: sizeLeast, `SELECT COUNT(*) FROM person`: sizeLeast,
		`SELECT COUNT(DISTINCT agency_id) FROM file`:                                                agencies,
		`SELECT COUNT(*) FROM file f JOIN involvement i ON i.file_id = f.id`:                        0,
		`SELECT COUNT(*) FROM file WHERE restricted`:                                                0,
		`SELECT COUNT(*) FROM conflict_of_interest`:                                                 0,
		`SELECT COUNT(*) FROM couple`:                                                               0,
		`SELECT COUNT(*) FROM file WHERE side = 'perpetrating'`:                                     0,
		`SELECT COUNT(*) FROM involvement WHERE account_id = '` + single().Account + `'`:            0,
		`SELECT COUNT(*) FROM file WHERE team_id = '` + member().Teams[0] + `'`:                     0,
		`SELECT COUNT(*) FROM file WHERE touched_at LIKE '____-__-__T__:__:__.000000Z'`:             sizeLeast,
		`SELECT COUNT(*) FROM person WHERE given_name = 'Fictional' AND name_key LIKE '%fictional'`: sizeLeast,
	}
	err := d.db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, query := range slices.Sorted(maps.Keys(counts)) {
			var n int
			if err := tx.QueryRowContext(ctx, query).Scan(&n); err != nil {
				return err
			}
			if want := counts[query]; n == 0 || want > 0 && n != want {
				t.Errorf("%s: %d, not %d", query, n, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// What is measured is every rule of the program, not those that came to mind.
func TestTheRulesAreThoseOfTheProgram(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "generated", "rules.md"))
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, m := range regexp.MustCompile(`(?m)^@id\("(.+)"\)`).FindAllSubmatch(text, -1) {
		want = append(want, string(m[1]))
	}
	rules, err := allRules()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules.Rules() {
		got = append(got, r.ID)
	}
	slices.Sort(want)
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" || len(got) == 0 {
		t.Errorf("the benchmark decides by other rules (-documents +benchmark):\n%s", d)
	}
}

func TestTheRulesWrittenByHandSayTheSame(t *testing.T) {
	rules, err := allRules()
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range ask(rand.New(rand.NewPCG(1, 1)), 10_000) {
		d := rules.Decide(q.actor, cases.ActOpen, q.resource)
		if want := byHand(q.actor, q.file); d.Allowed != want {
			t.Fatalf("question %d: by the rules %v (%v), by hand %v: %+v, %+v", i, d.Allowed, d.Rules, want, q.actor, q.file)
		}
	}
}

func TestABareLogHoldsWhatItAcknowledged(t *testing.T) {
	l, err := newBareLog(filepath.Join(t.TempDir(), "log"), []byte("a body"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	if _, err := l.appending(t.Context(), small()); err != nil {
		t.Fatal(err)
	}
	acked := l.acked.Load()
	if err := l.check(acked + 1); err == nil {
		t.Error("a record that was never written is found")
	}
	if _, err := l.file.WriteAt([]byte("A"), (l.next-1)%l.slots*l.slot+numberLen); err != nil {
		t.Fatal(err)
	}
	if err := l.check(acked); err == nil {
		t.Error("a record that was changed passes")
	}
}

func TestABareLogGoesRoundAndKeepsTheLastRecords(t *testing.T) {
	l, err := newBareLog(filepath.Join(t.TempDir(), "log"), []byte("a body"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	for l.next <= 2*bareSlots+bareBatch { // in batches that do not divide the file
		if err := l.write(bareBatch - 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.check(l.next - 1); err != nil {
		t.Error(err)
	}
}

func TestAnEntryThatIsMissingOrTooManyEndsTheRun(t *testing.T) {
	d := newInside(t)
	actor := policy.Actor{Account: "fictional-worker", Kind: policy.Human, Agency: agencyName(0)}
	record := func(int) error {
		return d.guard.Record(t.Context(), audit.Of(actor, cases.ActOpen, audit.Allowed))
	}
	if _, err := d.appending(t.Context(), small(), record); err != nil {
		t.Error(err)
	}
	if _, err := d.appending(t.Context(), small(), func(int) error { return nil }); err == nil {
		t.Error("entries that were never written pass")
	}
	if _, err := d.reading(t.Context(), small(), 1, false, func() error { return record(0) }); err == nil {
		t.Error("entries of a reading that was to leave none pass")
	}
	if _, err := d.reading(t.Context(), small(), 1, true, func() error { return nil }); err == nil {
		t.Error("readings without entries pass")
	}
}

func TestAStartCountsWhenTheAnswerIsRight(t *testing.T) {
	page := jobsOf()[0]
	page.requests[0].want.Reads = 0
	crashed := false
	crash := func() error { crashed = true; return nil }
	start := func() (string, func(), error) {
		s := httptest.NewServer(&limit{answers: answers([]*job{page})})
		return s.Listener.Addr().String(), s.Close, nil
	}
	rate, err := firstAnswer(page, crash, start)
	if err != nil || rate <= 0 || !crashed {
		t.Errorf("%g a second, after a crash %v: %v", rate, crashed, err)
	}
	wrong := func() (string, func(), error) {
		address, end, err := start()
		page.requests[0].want.Body = []byte("another page")
		return address, end, err
	}
	if _, err := firstAnswer(page, crash, wrong); err == nil || !strings.Contains(err.Error(), "right is 200") {
		t.Errorf("a wrong first answer passes: %v", err)
	}
	gone := errors.New("it did not start")
	if _, err := firstAnswer(page, crash, func() (string, func(), error) { return "", nil, gone }); !errors.Is(err, gone) {
		t.Errorf("a start that fails: %v", err)
	}
}

func TestOnlyJobsThatThereAreAreMeasured(t *testing.T) {
	o, err := parse([]string{"-jobs", "ledger,list", "-size", "1000000"})
	if err != nil || !o.does(ledgerJob) || !o.does(inside...) || o.does(onPages...) || o.size != 1_000_000 {
		t.Errorf("%+v, %v", o, err)
	}
	if o, err := parse(nil); err != nil || !o.does(restartJob) || !o.does(decideJob) || !o.does("pathway") {
		t.Errorf("without a flag: %+v, %v", o, err)
	}
	for _, args := range [][]string{{"-jobs", "nothing"}, {"-jobs", ""}, {"-size", "10"}, {"-rounds", "0"}, {"more"}} {
		if _, err := parse(args); err == nil {
			t.Errorf("%v passes", args)
		}
	}
}
