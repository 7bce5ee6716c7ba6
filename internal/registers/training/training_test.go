package training_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/training"
	"waymark/internal/registers/training/trainingtest"
)

func TestEveryLevelHasWords(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range append(training.Levels(), training.Unrecorded) {
		if seen[l.Label()] {
			t.Errorf("%q stands for two levels", l.Label())
		}
		seen[l.Label()] = true
	}
	for i, l := range training.Levels() {
		if int(l) != i+1 || !strings.HasPrefix(l.Label(), fmt.Sprintf("Level %d: ", l)) {
			t.Errorf("%d is called %q", l, l.Label())
		}
		if got, err := training.ParseLevel(fmt.Sprintf(" %d ", l)); err != nil || got != l {
			t.Errorf("%d reads back as %d (%v)", l, got, err)
		}
	}
	for _, text := range []string{"", "0", "5", "-1", "three", "3.5", "99999999999999999999"} {
		_, err := training.ParseLevel(text)
		if err == nil || !strings.Contains(err.Error(), "1, 2, 3, 4") {
			t.Errorf("%q is answered with %v", text, err)
		}
	}
}

func FuzzParseLevel(f *testing.F) {
	for _, seed := range []string{"", "1", " 4", "0", "+2", "٣", "1e0", "0x2", "level 3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := training.ParseLevel(text)
		if (err == nil) != slices.Contains(training.Levels(), l) {
			t.Errorf("%q: %d, %v", text, l, err)
		}
	})
}

// Proves: B14.7, B14.9, B14.15
func TestTheStartingTableOfOccupations(t *testing.T) {
	want := map[string]struct {
		level training.Level
		n     int
	}{
		"B14.7": {training.Hears, 8}, "B14.9": {training.Asks, 14}, "B14.13": {training.Assesses, 6}, "B14.15": {training.Advises, 5},
	}
	count := map[string]int{}
	codes := map[string]bool{}
	last := training.Unrecorded
	for _, o := range training.Occupations() {
		if o.Name == "" || o.Code == "" || codes[o.Code] {
			t.Errorf("%+v has no name or code, or another's", o)
		}
		codes[o.Code] = true
		if o.Level != want[o.Obligation].level {
			t.Errorf("%s: level %d by %s", o.Code, o.Level, o.Obligation)
		}
		if o.Level < last {
			t.Errorf("%s is out of order", o.Code)
		}
		last = o.Level
		if o.Raised != 0 && o.Raised <= o.Level {
			t.Errorf("%s is lowered", o.Code)
		}
		count[o.Obligation]++
	}
	for obligation, w := range want {
		if count[obligation] != w.n {
			t.Errorf("%s: %d occupations, want %d", obligation, count[obligation], w.n)
		}
	}
	if o, ok := training.OccupationByCode("youth_worker"); !ok || o.Level != training.Hears || o.Raised != training.Asks {
		t.Errorf("%+v", o)
	}
	if _, ok := training.OccupationByCode("wizard"); ok {
		t.Error("found")
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	rules, err := policy.New(training.Rules())
	if err != nil {
		t.Fatal(err)
	}
	person := func(agency string, roles ...policy.Role) policy.Actor {
		return policy.Actor{Account: "x", Kind: policy.Human, Agency: agency, Roles: roles, Level: 4}
	}
	all := map[string]policy.Actor{
		"nobody":   {},
		"operator": {Account: "op", Kind: policy.Operator},
		"admin":    person("a", policy.Administrator),
		"manager":  person("a", policy.Manager),
		"worker":   person("a", policy.Practitioner, policy.Specialist, policy.KeyContact, policy.Commissioner),
		"stranger": person("b", policy.Administrator, policy.Manager),
		"homeless": person("", policy.Administrator, policy.Manager),
	}
	for _, l := range []struct {
		action policy.Action
		agency string
		own    bool
		may    string
	}{
		{training.ActRecord, "a", false, "operator admin manager"},
		{training.ActRecord, "a", true, "operator admin manager"}, // a worker does not attest their own
		{training.ActRecord, "", false, "operator"},
		{training.ActWithdraw, "a", false, "operator admin manager"},
		{training.ActWithdraw, "b", false, "operator stranger"},
		{training.ActWithdraw, "", true, "operator"},
		{training.ActRead, "a", false, "manager"},
		{training.ActRead, "b", false, "stranger"},
		{training.ActRead, "a", true, "operator admin manager worker stranger homeless"},
		{training.ActRead, "", false, ""},
	} {
		for name, actor := range all {
			r := policy.Resource{Type: "Trainee", ID: "x", Attrs: policy.Attrs{"agency": l.agency, "own": l.own}}
			d := rules.Decide(actor, l.action, r)
			if want := slices.Contains(strings.Fields(l.may), name); d.Allowed != want {
				t.Errorf("%s %s of %q, own %v: allowed %v (%s), want %v", name, l.action, l.agency, l.own, d.Allowed, d.Reason(), want)
			}
		}
	}
}

func each(t *testing.T, fn func(t *testing.T, h *trainingtest.House, clock *storetest.Clock)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { fn(t, trainingtest.New(t, db), clock) })
}

func acts(entries []audit.Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, string(e.Action)+" "+string(e.Outcome)+" "+e.Reason)
	}
	return out
}

func wantFaults(t *testing.T, err error, fields ...string) {
	t.Helper()
	invalid, _ := directory.IsInvalid(err)
	var got []string
	for field := range invalid {
		got = append(got, field)
	}
	slices.Sort(got)
	if d := cmp.Diff(fields, got); d != "" {
		t.Errorf("%v\n%s", err, d)
	}
}

// staff is an agency with a manager, an administrator and a nurse, and another
// agency with a manager.
func staff(h *trainingtest.House) (manager, admin, nurse, stranger policy.Actor) {
	a, b := h.Agency("aa", directory.Health), h.Agency("bb", directory.Police)
	manager = h.Add(trainingtest.Worker{Agency: a.ID, Username: "manager", Roles: []policy.Role{policy.Manager}})
	admin = h.Add(trainingtest.Worker{Agency: a.ID, Username: "admin", Roles: []policy.Role{policy.Administrator}})
	nurse = h.Add(trainingtest.Worker{Agency: a.ID, Username: "nurse"})
	stranger = h.Add(trainingtest.Worker{Agency: b.ID, Username: "other", Roles: []policy.Role{policy.Manager, policy.Administrator}})
	return manager, admin, nurse, stranger
}

// Proves: B14.1
func TestALevelIsRecordedReadAndWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House, clock *storetest.Clock) {
		manager, admin, nurse, _ := staff(h)
		ctx := t.Context()
		mark := h.Mark()
		two := training.Trained{Level: 2, AchievedOn: "2025-06-30", ExpiresOn: "2027-06-30", Source: " Fictional course "}
		if err := h.Training.Record(ctx, manager, nurse.Account, two); err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Hour)
		three := training.Trained{Level: 3, AchievedOn: "2026-03-02", Source: "Fictional certificate"}
		if err := h.Training.Record(ctx, admin, nurse.Account, three); err != nil {
			t.Fatal(err)
		}
		if got := h.Actor(nurse.Account).Level; got != 3 {
			t.Errorf("level %d", got)
		}
		history, err := h.Training.History(ctx, nurse, nurse.Account)
		if err != nil || len(history) != 2 {
			t.Fatal(history, err)
		}
		want := []training.Entry{
			{
				ID: history[0].ID, Agency: directory.AgencyID(nurse.Agency), Account: nurse.Account, Level: training.Assesses,
				AchievedOn: "2026-03-02", Source: "Fictional certificate", RecordedBy: admin.Account, RecordedAt: storetest.Start.Add(time.Hour),
			},
			{
				ID: history[1].ID, Agency: directory.AgencyID(nurse.Agency), Account: nurse.Account, Level: training.Asks,
				AchievedOn: "2025-06-30", ExpiresOn: "2027-06-30", Source: "Fictional course", RecordedBy: manager.Account, RecordedAt: storetest.Start,
			},
		}
		if d := cmp.Diff(want, history, cmpopts.EquateApproxTime(0)); d != "" {
			t.Error(d)
		}
		if err := h.Training.Withdraw(ctx, manager, nurse.Account, history[0].ID); err != nil {
			t.Fatal(err)
		}
		if got := h.Actor(nurse.Account).Level; got != 2 {
			t.Errorf("level %d after the withdrawal", got)
		}
		// Of two who withdraw it the second is told.
		if err := h.Training.Withdraw(ctx, admin, nurse.Account, history[0].ID); !errors.Is(err, store.ErrConflict) {
			t.Errorf("got %v", err)
		}
		for account, id := range map[string]training.EntryID{nurse.Account: "none", manager.Account: history[1].ID} {
			if err := h.Training.Withdraw(ctx, admin, account, id); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("got %v", err)
			}
		}
		history, err = h.Training.History(ctx, manager, nurse.Account)
		if err != nil || len(history) != 2 || history[0].WithdrawnAt.IsZero() || !history[1].WithdrawnAt.IsZero() {
			t.Errorf("%+v, %v", history, err)
		}
		entries := h.Since(mark)
		if d := cmp.Diff([]string{
			"training.record done level 2", "training.record done level 3", "training.read allowed training-own",
			"training.withdraw done ", "training.read allowed training-manager-reads",
		}, acts(entries)); d != "" {
			t.Error(d)
		}
		for _, e := range entries {
			if !slices.Contains(e.Subjects, audit.Subject{Kind: "account", ID: nurse.Account}) {
				t.Errorf("%s does not name the nurse: %v", e.Action, e.Subjects)
			}
		}
	})
}

func TestRefusalsAreRecorded(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House, _ *storetest.Clock) {
		manager, admin, nurse, stranger := staff(h)
		ctx := t.Context()
		level := training.Trained{Level: 4, AchievedOn: "2025-06-30", Source: "Fictional course"}
		if err := h.Training.Record(ctx, manager, nurse.Account, level); err != nil {
			t.Fatal(err)
		}
		history, err := h.Training.History(ctx, nurse, nurse.Account)
		if err != nil {
			t.Fatal(err)
		}
		id := history[0].ID
		for name, c := range map[string]struct {
			known bool
			act   func() error
		}{
			"a nurse records her own":        {true, func() error { return h.Training.Record(ctx, nurse, nurse.Account, level) }},
			"a nurse withdraws her own":      {true, func() error { return h.Training.Withdraw(ctx, nurse, nurse.Account, id) }},
			"a stranger records":             {false, func() error { return h.Training.Record(ctx, stranger, nurse.Account, level) }},
			"a stranger withdraws":           {false, func() error { return h.Training.Withdraw(ctx, stranger, nurse.Account, id) }},
			"a stranger reads":               {false, func() error { _, err := h.Training.History(ctx, stranger, nurse.Account); return err }},
			"a stranger reads of nobody":     {false, func() error { _, err := h.Training.History(ctx, stranger, "none"); return err }},
			"an administrator reads":         {false, func() error { _, err := h.Training.History(ctx, admin, nurse.Account); return err }},
			"a nurse reads a colleague's":    {false, func() error { _, err := h.Training.History(ctx, nurse, manager.Account); return err }},
			"the command line reads":         {false, func() error { _, err := h.Training.History(ctx, trainingtest.Operator, nurse.Account); return err }},
			"nobody reads, whoever is meant": {true, func() error { _, err := h.Training.History(ctx, policy.Actor{}, ""); return err }},
		} {
			mark := h.Mark()
			denied, is := policy.IsDenied(c.act())
			if !is || denied.Known != c.known {
				t.Errorf("%s: %+v", name, denied)
				continue
			}
			entries := h.Since(mark)
			if len(entries) != 1 || entries[0].Outcome != audit.Refused || entries[0].Action != denied.Action {
				t.Errorf("%s left %v", name, acts(entries))
			}
		}
		if got := h.Rows("training_level")["training_level"]; got != 1 {
			t.Errorf("%d entries", got)
		}
	})
}

func TestWhatIsWrongWithALevelIsToldAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House, clock *storetest.Clock) {
		manager, _, nurse, _ := staff(h)
		record := func(x training.Trained) error {
			return h.Training.Record(t.Context(), manager, nurse.Account, x)
		}
		before := h.Rows("training_level", "ledger_entry")
		wantFaults(t, record(training.Trained{}), "achieved_on", "level", "source")
		good := training.Trained{Level: 1, AchievedOn: "2026-03-02", ExpiresOn: "2026-03-02", Source: "Fictional course"}
		for field, bad := range map[string][]training.Trained{
			"level":       {{Level: 5}, {Level: -1}},
			"achieved_on": {{AchievedOn: "2026-03-03"}, {AchievedOn: "2026-02-30"}, {AchievedOn: "2 March 2026"}, {AchievedOn: "9999-01-01"}},
			"expires_on":  {{ExpiresOn: "2026-03-01"}, {ExpiresOn: "soon"}},
			"source":      {{Source: " "}, {Source: strings.Repeat("é", 201)}},
		} {
			for _, b := range bad {
				x := good
				if b.Level != 0 {
					x.Level = b.Level
				}
				if b.AchievedOn != "" {
					x.AchievedOn, x.ExpiresOn = b.AchievedOn, ""
				}
				if b.ExpiresOn != "" {
					x.ExpiresOn = b.ExpiresOn
				}
				if b.Source != "" {
					x.Source = b.Source
				}
				wantFaults(t, record(x), field)
			}
		}
		if d := cmp.Diff(before, h.Rows("training_level", "ledger_entry")); d != "" {
			t.Error("something was left:", d)
		}
		// Half past midnight in a British summer is the evening before in UTC.
		clock.Advance(time.Date(2026, time.July, 14, 23, 30, 0, 0, time.UTC).Sub(storetest.Start))
		x := good
		x.AchievedOn, x.ExpiresOn = "2026-07-15", ""
		if err := record(x); err != nil {
			t.Error(err)
		}
	})
}

func TestALevelIsOfSomebodyAtWork(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House, _ *storetest.Clock) {
		manager, _, nurse, stranger := staff(h)
		ctx := t.Context()
		level := training.Trained{Level: 2, AchievedOn: "2025-06-30", Source: "Fictional course"}
		if err := h.Training.Record(ctx, manager, nurse.Account, level); err != nil {
			t.Fatal(err)
		}
		if err := h.Directory.EndMembership(ctx, trainingtest.Operator, nurse.Account, 1); err != nil {
			t.Fatal(err)
		}
		for _, account := range []string{nurse.Account, "none"} {
			if err := h.Training.Record(ctx, trainingtest.Operator, account, level); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("got %v", err)
			}
		}
		if _, err := h.Training.History(ctx, manager, nurse.Account); !isDenied(err) {
			t.Errorf("the manager reads of somebody who left: %v", err)
		}
		if own, err := h.Training.History(ctx, h.Actor(nurse.Account), nurse.Account); len(own) != 1 || err != nil {
			t.Errorf("%v, %v", own, err)
		}
		// The level goes along to the next agency, whose manager reads it.
		err := h.Directory.AddMember(ctx, trainingtest.Operator, directory.NewMember{
			Agency: directory.AgencyID(stranger.Agency), Account: nurse.Account, Roles: []policy.Role{policy.Practitioner},
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := h.Training.History(ctx, stranger, nurse.Account)
		if err != nil || len(got) != 1 || got[0].Agency != directory.AgencyID(manager.Agency) || h.Actor(nurse.Account).Level != 2 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func isDenied(err error) bool {
	_, is := policy.IsDenied(err)
	return is
}

func TestALevelIsRecordedInATransactionUnderAPermitOnly(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House, _ *storetest.Clock) {
		_, _, nurse, _ := staff(h)
		err := h.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return h.Training.RecordTx(ctx, tx, audit.Permit{}, directory.AgencyID(nurse.Agency), nurse.Account,
				training.Trained{Level: 2, AchievedOn: "2025-06-30", Source: "Fictional course"})
		})
		if !errors.Is(err, audit.ErrNoPermit) {
			t.Errorf("got %v", err)
		}
	})
}

// The level of a day is the highest among the entries that count on it.
func TestTheLevelOfADay(t *testing.T) {
	each(t, func(t *testing.T, h *trainingtest.House, _ *storetest.Clock) {
		manager, _, nurse, _ := staff(h)
		ctx := context.Background()
		first := time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)
		on := func(n int) string { return first.AddDate(0, 0, n).Format(time.DateOnly) }
		rapid.Check(t, func(r *rapid.T) {
			from := rapid.IntRange(0, 60).Draw(r, "from")
			x := training.Trained{Level: rapid.IntRange(1, 4).Draw(r, "level"), AchievedOn: on(from), Source: "Fictional course"}
			if rapid.Bool().Draw(r, "expires") {
				x.ExpiresOn = on(from + rapid.IntRange(0, 20).Draw(r, "for"))
			}
			if err := h.Training.Record(ctx, manager, nurse.Account, x); err != nil {
				r.Fatal(err)
			}
			history, err := h.Training.History(ctx, nurse, nurse.Account)
			if err != nil {
				r.Fatal(err)
			}
			standing := slices.DeleteFunc(slices.Clone(history), func(e training.Entry) bool { return !e.WithdrawnAt.IsZero() })
			if len(standing) > 3 {
				e := rapid.SampledFrom(standing).Draw(r, "withdrawn")
				if err := h.Training.Withdraw(ctx, manager, nurse.Account, e.ID); err != nil {
					r.Fatal(err)
				}
				if history, err = h.Training.History(ctx, nurse, nurse.Account); err != nil {
					r.Fatal(err)
				}
			}
			day := first.AddDate(0, 0, rapid.IntRange(-1, 85).Draw(r, "day")).Add(rapid.SampledFrom([]time.Duration{0, 12 * time.Hour, 24*time.Hour - 1}).Draw(r, "at"))
			want := 0
			for _, e := range history {
				if e.CountsOn(day) {
					want = max(want, int(e.Level))
				}
			}
			err = h.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
				counted, count := store.CountQueries(ctx)
				got, err := h.Training.LevelOn(counted, tx, nurse.Account, day)
				if got != want || count.N() != 1 {
					r.Errorf("level %d on %v with %d statements, want %d of %+v", got, day, count.N(), want, history)
				}
				return err
			})
			if err != nil {
				r.Fatal(err)
			}
		})
	})
}

func TestALevelCountsFromItsFirstDayToItsLast(t *testing.T) {
	at := func(day string) time.Time {
		d, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		return d.Add(13 * time.Hour)
	}
	e := training.Entry{Level: training.Asks, AchievedOn: "2025-02-28", ExpiresOn: "2026-02-28"}
	for day, want := range map[string]bool{"2025-02-27": false, "2025-02-28": true, "2026-02-28": true, "2026-03-01": false} {
		if e.CountsOn(at(day)) != want {
			t.Errorf("%s: %v", day, !want)
		}
	}
	e.WithdrawnAt = at("2025-06-01")
	if e.CountsOn(at("2025-03-01")) {
		t.Error("what was recorded wrongly counts")
	}
}
