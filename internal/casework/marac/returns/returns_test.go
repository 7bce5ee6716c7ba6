package returns_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/returns"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/directory"
)

// world is a MARAC, which is Haven here, with a file that its cases hang on.
type world struct {
	*casestest.World
	s      *returns.Service
	maracs *marac.Service
	file   *cases.File
	cora   policy.Actor // a coordinator
	agency string
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, returns.Rules())}
		london, err := time.LoadLocation("Europe/London")
		must(t, err)
		w.s, w.maracs, w.agency = returns.New(db, w.Guard, london), marac.New(w.Cases, w.Guard, london), string(w.Haven.ID)
		w.cora = w.Actor(t, casestest.IDVA)
		w.file = w.Begin(t, w.cora)
		w.write(t, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO marac (agency_id, team_id, minutes, refer_days, circulate_days, close_days, women, recorded_at, recorded_by, version)
				VALUES ($1, $2, 12, 8, 5, 5, 76500, $3, 'test', 1)`, w.agency, string(w.Advocates.ID), tx.Now())
			return err
		})
		fn(t, w)
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) write(t *testing.T, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	must(t, w.DB.Write(t.Context(), fn))
}

// meeting adds a meeting that was held.
func (w *world) meeting(t *testing.T, id string, starts time.Time, state string) {
	t.Helper()
	w.write(t, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO marac_meeting (agency_id, id, kind, starts_at, minutes, closes_list, circulate_at, close_at, state, words_sealed, recorded_at, recorded_by, version)
			VALUES ($1, $2, 'scheduled', $3, 180, $3, $3, $3, $4, $5, $3, 'test', 1)`, w.agency, id, store.Moment(starts), state, []byte{})
		return err
	})
}

func (w *world) insert(t *testing.T, all ...marac.Case) {
	t.Helper()
	w.write(t, func(ctx context.Context, tx *store.Tx) error {
		for _, c := range all {
			if _, err := w.maracs.InsertTx(ctx, tx, w.file, c, nil); err != nil {
				return err
			}
		}
		return nil
	})
}

// quarterOf is the quarter of a day, counted by hand.
func quarterOf(day string) string {
	month, _ := strconv.Atoi(day[5:7])
	return fmt.Sprintf("%s-Q%d", day[:4], (month+2)/3)
}

// In random years the return, its file and the query behind each of its cells say
// what a slow count over the raw records says.
//
// Proves: B3.14, G7
func TestTheReturnIsWhatTheRecordsSay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		seed := uint64(time.Now().UnixNano()) //nolint:gosec // any number will do
		t.Log("seed", seed)
		random := rand.New(rand.NewPCG(seed, 6)) //nolint:gosec // nothing secret
		answers := []marac.Answer{marac.Yes, marac.No, marac.Unknown}
		any3 := func() marac.Answer { return answers[random.IntN(3)] }
		from := []string{string(w.Trust.ID), string(w.Haven.ID)}
		sectors := map[string]directory.Sector{string(w.Trust.ID): directory.Health, string(w.Haven.ID): directory.Specialist}
		start := time.Date(2025, 3, 20, 9, 30, 0, 0, time.UTC)
		var raw []marac.Case
		for i := range 12 {
			at := start.AddDate(0, 0, 14*i)
			id := fmt.Sprintf("meeting-%02d", i)
			w.meeting(t, id, at, "ended")
			for k := range random.IntN(7) {
				c := marac.Case{
					Number: fmt.Sprintf("2025/%02d%02d", i, k), From: from[random.IntN(2)], On: at.AddDate(0, 0, -random.IntN(40)).Format(time.DateOnly), State: marac.Heard,
					Meeting: marac.MeetingID(id), Slot: k + 1, HeardOn: at.Format(time.DateOnly), IDVA: marac.Accepted,
					Routes:  marac.Routes{Visible: any3(), Judgement: any3(), Escalation: any3(), Repeat: any3()},
					Counted: marac.Counted{Children: random.IntN(4), BME: any3(), LGBT: any3(), Disabled: any3(), Male: any3(), Young: any3(), YoungWhoHarms: any3()},
				}
				if random.IntN(6) == 0 { // listed, and never heard
					c.State, c.HeardOn = marac.Listed, ""
				}
				raw = append(raw, c)
			}
		}
		w.insert(t, raw...)

		yes := func(a marac.Answer) int64 {
			if a == marac.Yes {
				return 1
			}
			return 0
		}
		for _, quarter := range []string{"2025-Q1", "2025-Q2", "2025-Q3", "2024-Q4"} {
			_, got, err := w.s.Return(t.Context(), w.cora, w.agency, quarter)
			must(t, err)
			want := map[string]*returns.Line{}
			for _, c := range raw { // the slow count
				if c.HeardOn == "" || quarterOf(c.HeardOn) != quarter {
					continue
				}
				l := want[string(c.Meeting)]
				if l == nil {
					l = &returns.Line{Meeting: c.Meeting, On: c.HeardOn, From: map[string]int64{}}
					want[string(c.Meeting)] = l
				}
				l.Cases++
				l.From[c.From]++
				l.Represented++
				l.Repeats += yes(c.Routes.Repeat)
				l.Children += int64(c.Counted.Children)
				l.BME += yes(c.Counted.BME)
				l.LGBT += yes(c.Counted.LGBT)
				l.Disabled += yes(c.Counted.Disabled)
				l.Male += yes(c.Counted.Male)
				l.Young += yes(c.Counted.Young)
				l.YoungWhoHarms += yes(c.Counted.YoungWhoHarms)
				for _, u := range []struct {
					a marac.Answer
					n *int64
				}{{c.Counted.BME, &l.BMEUnknown}, {c.Counted.LGBT, &l.LGBTUnknown}, {c.Counted.Disabled, &l.DisabledUnknown}, {c.Counted.Male, &l.MaleUnknown}} {
					if u.a == marac.Unknown {
						*u.n++
					}
				}
			}
			for _, l := range got.Lines {
				expected := want[string(l.Meeting)]
				if expected == nil {
					if l.Cases != 0 || quarterOf(l.On) != quarter {
						t.Fatalf("%s: %+v was not heard", quarter, l)
					}
					continue
				}
				if l.Tally != expected.Tally || l.On != expected.On || !maps.Equal(l.From, expected.From) {
					t.Fatalf("%s: got %+v, want %+v", quarter, l, *expected)
				}
				delete(want, string(l.Meeting))
				w.sameBehind(t, quarter, l, raw)
			}
			if len(want) > 0 {
				t.Fatalf("%s: %d meetings are missing", quarter, len(want))
			}
			sameFile(t, got, sectors)
		}
	})
}

// sameBehind compares the cases behind each cell of a line with its count.
func (w *world) sameBehind(t *testing.T, quarter string, l returns.Line, raw []marac.Case) {
	t.Helper()
	for _, cell := range returns.Cells() {
		behind, err := w.s.Cases(t.Context(), w.cora, w.agency, quarter, l.Meeting, cell.Code)
		must(t, err)
		n := int64(len(behind))
		if cell.Code == "children" { // people, and not cases
			n = 0
			for _, b := range behind {
				n += b.Children
			}
		}
		if n != cell.Of(l.Tally) {
			t.Fatalf("%s at %s: %d, and its query finds %d", cell.Code, l.Meeting, cell.Of(l.Tally), n)
		}
		for _, b := range behind {
			found := false
			for _, c := range raw {
				found = found || c.Number == b.Number && c.Meeting == l.Meeting && c.HeardOn != ""
			}
			if !found {
				t.Fatalf("%s was not heard at %s", b.Number, l.Meeting)
			}
		}
	}
}

// sameFile reads the file of a return back.
func sameFile(t *testing.T, r returns.Return, sectors map[string]directory.Sector) {
	t.Helper()
	var file bytes.Buffer
	must(t, returns.WriteCSV(&file, r, sectors))
	rows, err := csv.NewReader(&file).ReadAll()
	must(t, err)
	if len(rows) != len(r.Lines)+2 {
		t.Fatalf("%d rows for %d meetings", len(rows), len(r.Lines))
	}
	at := map[string]int{}
	for i, code := range rows[0] {
		at[code] = i
	}
	sum := int64(0)
	for i, l := range r.Lines {
		for _, cell := range returns.Cells() {
			if rows[i+1][at[cell.Code]] != strconv.FormatInt(cell.Of(l.Tally), 10) {
				t.Fatalf("%s: %v", cell.Code, rows[i+1])
			}
		}
		sum += l.Cases
		if health := rows[i+1][at["from_health"]]; health != strconv.FormatInt(returns.BySector(l.From, sectors)[directory.Health], 10) {
			t.Fatalf("from health: %s of %v", health, l.From)
		}
	}
	if all := rows[len(rows)-1]; all[at["cases"]] != strconv.FormatInt(sum, 10) || all[at["women_16_and_over"]] != "76500" {
		t.Fatalf("the last row: %v", all)
	}
}

// What was final is kept as it left; what changes afterwards is shown, and leaves as
// a revised one.
func TestAReturnIsMadeFinalAndRevised(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		day := w.s.Now().AddDate(0, -4, 0)
		quarter := quarterOf(day.Format(time.DateOnly))
		one := func(number string, children int) marac.Case {
			return marac.Case{
				Number: number, From: string(w.Trust.ID), On: day.AddDate(0, 0, -9).Format(time.DateOnly), State: marac.Heard, Meeting: "m1", HeardOn: day.Format(time.DateOnly),
				IDVA: marac.NotKnown, Counted: marac.Counted{Children: children},
			}
		}
		w.meeting(t, "m1", day, "ended")
		w.insert(t, one("a/1", 2))
		must(t, w.s.Finish(ctx, w.cora, w.agency, quarter))
		if errs, ok := forms.AsErrors(w.s.Finish(ctx, w.cora, w.agency, quarter)); !ok || !strings.Contains(errs.Get("quarter"), "nothing has changed") {
			t.Fatalf("made final twice: %v", errs)
		}
		w.insert(t, one("a/2", 1))
		final, now, err := w.s.Return(ctx, w.cora, w.agency, quarter)
		must(t, err)
		if final.Revision != 1 || !final.Changed || final.Total().Cases != 1 || now.Total().Cases != 2 || now.Total().Children != 3 {
			t.Fatalf("final %+v, now %+v", final, now)
		}
		must(t, w.s.Finish(ctx, w.cora, w.agency, quarter))
		if final, _, err = w.s.Return(ctx, w.cora, w.agency, quarter); err != nil || final.Revision != 2 || final.Changed || final.Total().Cases != 2 {
			t.Fatalf("revised: %+v, %v", final, err)
		}
		present := quarterOf(w.s.Now().Format(time.DateOnly))
		if errs, ok := forms.AsErrors(w.s.Finish(ctx, w.cora, w.agency, present)); !ok || errs.Get("quarter") == "" {
			t.Fatalf("a quarter that is not over was made final: %v", errs)
		}
		stands, err := w.s.Stands(ctx, w.cora, w.agency)
		must(t, err)
		var revisions []string
		for _, s := range stands {
			revisions = append(revisions, fmt.Sprint(s.Quarter, " ", s.Over, " ", s.Revision))
		}
		if stands[0].Quarter != present || stands[0].Over || !strings.Contains(strings.Join(revisions, ","), quarter+" true 2") {
			t.Fatalf("quarters: %v", revisions)
		}
		for _, none := range []string{"2025", "2025-Q5", "2025-03", "9998-Q1", "", "../..-Q1"} {
			if _, _, err := w.s.Return(ctx, w.cora, w.agency, none); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%q is a quarter: %v", none, err)
			}
		}
	})
}

// A return is there for the MARAC's own people; a year for commissioners as well,
// with small counts suppressed. All refusals are in the ledger.
func TestWhoReadsReturns(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		day := w.s.Now().AddDate(0, -4, 0)
		quarter := quarterOf(day.Format(time.DateOnly))
		w.meeting(t, "m1", day, "ended")
		w.insert(t, marac.Case{
			Number: "a/1", From: string(w.Trust.ID), On: day.AddDate(0, 0, -9).Format(time.DateOnly), State: marac.Heard, Meeting: "m1", HeardOn: day.Format(time.DateOnly),
			IDVA: marac.NotKnown, Counted: marac.Counted{Children: 2},
		})
		refused := func(err error) bool { var d *policy.Denied; return errors.As(err, &d) }
		for _, name := range []string{casestest.Nurse, casestest.TrustManager, casestest.Commissioner, casestest.Robot, casestest.HavenContact} {
			actor := w.Actor(t, name)
			_, _, err := w.s.Return(ctx, actor, w.agency, quarter)
			_, stands := w.s.Stands(ctx, actor, w.agency)
			_, behind := w.s.Cases(ctx, actor, w.agency, quarter, "m1", "cases")
			if !refused(err) || !refused(stands) || !refused(behind) || !refused(w.s.Finish(ctx, actor, w.agency, quarter)) {
				t.Errorf("%s: %v, %v, %v", name, err, stands, behind)
			}
			if _, err := w.s.Year(ctx, actor, w.agency, quarter); refused(err) == (name == casestest.Commissioner) {
				t.Errorf("%s reads the year: %v", name, err)
			}
		}
		exact, err := w.s.Year(ctx, w.cora, w.agency, quarter)
		must(t, err)
		if exact.Count(exact.Total.Cases).String() != "1" || exact.Half != 9 || exact.Most != 9 || exact.Expected() != 306 || exact.Meetings != 1 || exact.NotPolice(nil) != 1 {
			t.Errorf("the year: %+v", exact)
		}
		theirs, err := w.s.Year(ctx, w.Actor(t, casestest.Commissioner), w.agency, quarter)
		must(t, err)
		if theirs.Count(theirs.Total.Cases).String() != "[c]" || theirs.Exact {
			t.Errorf("a commissioner reads %s", theirs.Count(theirs.Total.Cases))
		}
		if _, err := w.s.Year(ctx, w.Actor(t, casestest.Commissioner), string(w.Trust.ID), quarter); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an agency that is no MARAC has a year: %v", err)
		}
		var said, named bool
		for _, e := range w.Ledger(t) {
			said = said || e.Outcome == audit.Refused && e.Action == returns.ActCases
			for _, s := range e.Subjects {
				named = named || s.Kind == "marac_case" && e.Action == returns.ActCases
			}
		}
		_, err = w.s.Cases(ctx, w.cora, w.agency, quarter, "m1", "cases")
		must(t, err)
		for _, e := range w.Ledger(t) {
			for _, s := range e.Subjects {
				named = named || s.Kind == "marac_case" && e.Action == returns.ActCases
			}
		}
		if !said || !named {
			t.Errorf("in the ledger: refused %v, named %v", said, named)
		}
	})
}

// The example of domain.md, section 5.7: 76,500 women give 306 cases, 3.1 IDVAs and
// 0.77 of an administrator.
func TestWhatAYearNeeds(t *testing.T) {
	y := returns.Year{Women: 76500}
	got := returns.Needs(y.Expected(), 12)
	if got.Cases != 306 || got.IDVAs != 3.06 || got.Admins != 0.765 || got.Meetings != 20 || got.Hours != 61.2 {
		t.Errorf("%+v", got)
	}
}
