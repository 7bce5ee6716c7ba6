package appointments_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// county is a handful of people some of whom harm others, with cases at one
// agency, two places and three workers.
type county struct {
	world
	harmed, harming []*cases.File
	places          []string
	workers         []string
	manager         policy.Actor
	ids             map[cases.ID][]appointments.ID
	last            *appointments.Asking // what was asked for last for one of those harmed
}

func man(i int) people.Details {
	return people.Details{GivenName: fmt.Sprintf("Rob%c", 'a'+i), FamilyName: "Fictional", Born: fmt.Sprintf("198%d-05-01", i)}
}

// inHaven makes it. Who harms whom is added by the caller, so that it can come
// late.
func (w world) inHaven(t *testing.T, women, men int) *county {
	t.Helper()
	c := &county{world: w, manager: w.Actor(t, casestest.HavenManager), ids: map[cases.ID][]appointments.ID{}}
	for _, name := range []string{casestest.IDVA, casestest.Colleague, casestest.HavenManager} {
		c.workers = append(c.workers, w.Actor(t, name).Account)
	}
	for i := range women {
		f := w.BeginFor(t, w.Actor(t, casestest.IDVA), people.Details{GivenName: fmt.Sprintf("May%c", 'a'+i), FamilyName: "Fictional", Born: fmt.Sprintf("199%d-02-01", i)}, cases.Experiencing)
		c.harmed = append(c.harmed, f)
	}
	for i := range men {
		f := w.BeginFor(t, w.Actor(t, casestest.Colleague), man(i), cases.Perpetrating)
		c.harming = append(c.harming, f)
	}
	for _, name := range []string{"Ferry Road", "Market Hall"} {
		id, err := w.s.AddPlace(t.Context(), c.manager, appointments.Place{Name: name, Kind: appointments.Office, Before: 15, After: 15})
		must(t, err)
		c.places = append(c.places, id)
	}
	return c
}

func (c *county) harms(t *testing.T, man, woman int) {
	t.Helper()
	c.Add(t, c.harmed[woman], cases.Perpetrator, manOf(man))
}

func manOf(i int) people.Details { return man(i) }

// row is a booking as the database holds it.
type row struct {
	File     cases.ID
	State    string
	MustMove bool
	Allowed  bool
	Task     bool
	Slot     appointments.Slot
}

func (c *county) rows(t *testing.T) (out []row) {
	t.Helper()
	must(t, c.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT a.file_id, a.state, a.must_move, a.allowed_at IS NOT NULL, a.worker_id, a.way, a.place_id, a.busy_from, a.busy_until,
			EXISTS (SELECT 1 FROM task t WHERE t.agency_id = a.agency_id AND t.id = a.move_task AND t.file_id = a.file_id AND t.kind = 'move_appointment' AND t.done_at IS NULL)
			FROM appointment a WHERE a.state IN ('booked', 'attended') ORDER BY a.id`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var r row
			if err := rows.Scan(&r.File, &r.State, &r.MustMove, &r.Allowed, &r.Slot.Worker, &r.Slot.Way, &r.Slot.Place, &r.Slot.From, &r.Slot.Until, &r.Task); err != nil {
				return err
			}
			out = append(out, r)
		}
		return rows.Err()
	}))
	return out
}

// asking draws an appointment of the week.
func (c *county) asking(t *rapid.T) appointments.Asking {
	a := appointments.Asking{
		Worker: rapid.SampledFrom(c.workers).Draw(t, "worker"), Minutes: rapid.SampledFrom([]int{30, 60}).Draw(t, "minutes"),
		At:  c.Clock.Now().Truncate(time.Hour).Add(time.Duration(24+rapid.IntRange(0, 8).Draw(t, "quarters")) * 15 * time.Minute),
		Way: rapid.SampledFrom(appointments.Ways()).Draw(t, "way"),
	}
	switch a.Way {
	case appointments.AtPlace:
		a.Place = rapid.SampledFrom(c.places).Draw(t, "place")
	case appointments.Elsewhere:
		a.Words.Where = "At the school"
	case appointments.Telephone, appointments.Video:
	}
	return a
}

// refusal is what a form says, and nothing for what was kept.
func refusal(t *testing.T, err error) forms.Errors {
	t.Helper()
	errs, _ := forms.AsErrors(err)
	if err != nil && len(errs) == 0 && !errors.Is(err, store.ErrConflict) {
		t.Fatal(err)
	}
	return errs
}

// Whatever is booked, moved, found out and decided, in whichever order: no
// booking to come of a person harmed meets one of whoever harms them, unless a
// manager let it stand or somebody is asked to move it.
//
// Proves: B6.8
func TestWhoWasHarmedAndWhoHarmedThemDoNotMeet(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		refused, marked := 0, 0
		rounds := 0
		rapid.Check(t, func(rt *rapid.T) {
			rounds++
			if rounds > 15 {
				return // a county takes its time to make
			}
			c := w.inHaven(t, 2, 2)
			clean(t, w)
			harms := map[[2]int]bool{}
			for range rapid.IntRange(8, 16).Draw(rt, "steps") {
				w.Clock.Advance(time.Second)
				switch rapid.IntRange(0, 8).Draw(rt, "step") {
				case 0:
					pair := [2]int{rapid.IntRange(0, 1).Draw(rt, "man"), rapid.IntRange(0, 1).Draw(rt, "woman")}
					if !harms[pair] {
						harms[pair] = true
						c.harms(t, pair[0], pair[1])
					}
				case 1, 2:
					f := c.harmed[rapid.IntRange(0, 1).Draw(rt, "whose")]
					a := c.asking(rt)
					id, err := w.s.Book(t.Context(), f, a)
					c.last = &a
					if errs := refusal(t, err); errs.Get("at") == appointments.Unsafe {
						refused++
					} else if err == nil {
						c.ids[f.ID()] = append(c.ids[f.ID()], id)
					}
				case 3, 4, 5:
					f := c.harming[rapid.IntRange(0, 1).Draw(rt, "whose")]
					a := c.asking(rt)
					if last := c.last; last != nil && rapid.Bool().Draw(rt, "where she is") {
						a = *last
					}
					id, err := w.s.Book(t.Context(), f, a)
					if refusal(t, err).Get("at") != "" {
						t.Fatal("refused as unsafe on the side that must not know")
					}
					if err == nil {
						c.ids[f.ID()] = append(c.ids[f.ID()], id)
					}
				default:
					files := append(append([]*cases.File{}, c.harmed...), c.harming...)
					f := files[rapid.IntRange(0, len(files)-1).Draw(rt, "whose")]
					if len(c.ids[f.ID()]) == 0 {
						continue
					}
					id := c.ids[f.ID()][rapid.IntRange(0, len(c.ids[f.ID()])-1).Draw(rt, "which")]
					if rapid.Bool().Draw(rt, "decide") {
						_ = refusal(t, ownOr(w.s.Decide(t.Context(), c.asManager(t, f), id, c.version(t, f, id), true, "There is no other day.")))
						continue
					}
					_ = refusal(t, w.s.Move(t.Context(), f, id, c.version(t, f, id), c.asking(rt)))
				}
				marked += c.apart(t, harms)
			}
		})
		if refused == 0 || marked == 0 {
			t.Errorf("%d refused, %d to be moved: the property says nothing", refused, marked)
		}
	})
}

// ownOr leaves out that a manager booked it themselves, and that this side has
// nothing to decide.
func ownOr(err error) error {
	if errors.Is(err, appointments.ErrOwnBooking) {
		return nil
	}
	return err
}

func (c *county) asManager(t *testing.T, f *cases.File) *cases.File {
	t.Helper()
	out, err := c.Cases.Open(t.Context(), c.manager, f.ID(), cases.Supervision)
	must(t, err)
	return out
}

func (c *county) version(t *testing.T, f *cases.File, id appointments.ID) int64 {
	t.Helper()
	return read(t, c.world, func(ctx context.Context, tx *store.Tx) (int64, error) {
		a, err := c.s.Appointment(ctx, tx, f, id)
		return a.Version, err
	})
}

// apart holds every pair of bookings to the rule, and returns how many are to be
// moved.
func (c *county) apart(t *testing.T, harms map[[2]int]bool) (marked int) {
	t.Helper()
	rows := c.rows(t)
	for pair := range harms {
		man, woman := c.harming[pair[0]], c.harmed[pair[1]]
		for _, her := range rows {
			if her.File != woman.ID() {
				continue
			}
			var his []appointments.Slot
			for _, r := range rows {
				if r.File == man.ID() {
					his = append(his, r.Slot)
				}
			}
			if her.MustMove != her.Task {
				t.Fatalf("must move: %v, a task: %v", her.MustMove, her.Task)
			}
			if her.MustMove {
				marked++
			}
			if appointments.Guard(her.Slot, his, man.Workers()) != appointments.NoClash && !her.MustMove && !her.Allowed {
				t.Fatalf("they meet: %+v and %+v", her.Slot, his)
			}
		}
		for _, r := range rows {
			if r.File == man.ID() && (r.MustMove || r.Allowed) {
				t.Fatal("the side of whoever harms is asked to move")
			}
		}
	}
	return marked
}

// The side of whoever harms gets the same answers by the same statements,
// whether the person they harmed has bookings or not.
//
// Proves: B6.8
func TestWhoHarmsIsOfferedTheSameWhateverIsBookedForWhomTheyHarmed(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		rounds, met := 0, 0
		rapid.Check(t, func(rt *rapid.T) {
			rounds++
			if rounds > 10 {
				return
			}
			c := w.inHaven(t, 1, 1)
			clean(t, w)
			c.harms(t, 0, 0)
			var asked []appointments.Asking
			for range rapid.IntRange(1, 5).Draw(rt, "how many") {
				asked = append(asked, c.asking(rt))
			}
			play := func() (said []string) {
				f := c.harming[0]
				var ids []appointments.ID
				for i, a := range asked {
					w.Clock.Advance(2 * time.Minute) // the agency's key is read anew each time
					even(t, w)
					ctx, count := store.CountQueries(t.Context())
					if i%2 == 1 && len(ids) > 0 {
						version := c.version(t, f, ids[0])
						err := w.s.Move(ctx, f, ids[0], version, a)
						said = append(said, fmt.Sprint(count.N(), refusal(t, err)))
						continue
					}
					id, err := w.s.Book(ctx, f, a)
					if err == nil {
						ids = append(ids, id)
					}
					said = append(said, fmt.Sprint(count.N(), refusal(t, err)))
				}
				return append(said, c.seen(t, f)...)
			}
			play() // what is read once is read now
			clean(t, w)
			without := play()
			clean(t, w)
			for range rapid.IntRange(1, 6).Draw(rt, "hers") {
				a := asked[rapid.IntRange(0, len(asked)-1).Draw(rt, "like")]
				a.At = a.At.Add(time.Duration(rapid.IntRange(-2, 2).Draw(rt, "off")) * 15 * time.Minute)
				_, err := w.s.Book(t.Context(), c.harmed[0], a)
				_ = refusal(t, err)
			}
			with := play()
			if diff := cmp.Diff(without, with); diff != "" {
				t.Fatalf("her bookings show on his side (-without +with):\n%s", diff)
			}
			for _, r := range c.rows(t) {
				if r.MustMove {
					met++
				}
			}
		})
		if met == 0 {
			t.Error("they never met: the property says nothing")
		}
	})
}

// seen is what a case shows of its appointments, tasks and chronology.
func (c *county) seen(t *testing.T, f *cases.File) (out []string) {
	t.Helper()
	must(t, c.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		list, err := c.s.List(ctx, tx, f, time.Time{}, "")
		for _, a := range list {
			out = append(out, fmt.Sprint(a.Starts, a.Minutes(), a.Way, a.Worker, a.State, a.MustMove, a.Moves))
		}
		if err != nil {
			return err
		}
		tasks, err := c.Cases.Tasks(ctx, tx, f)
		if err != nil {
			return err
		}
		out = append(out, fmt.Sprint(len(tasks)))
		return nil
	}))
	return out
}

// even brings the ledger to a length from which a few more entries always take
// the same statements: on PostgreSQL its tree is written under the same context.
func even(t *testing.T, w world) {
	t.Helper()
	head, err := w.Guard.Head(t.Context())
	must(t, err)
	must(t, w.DB.Write(t.Context(), func(_ context.Context, tx *store.Tx) error {
		for size := head.Size; size == head.Size || size%64 != 0; size++ { // at least one, which writes the head that is due
			if err := w.Guard.Append(tx, audit.Of(nobody, appointments.ActFeedRead, audit.Allowed)); err != nil {
				return err
			}
		}
		return nil
	}))
}

// nobody is nobody.
var nobody = policy.Actor{Account: audit.Nobody}

// clean leaves no appointment behind.
func clean(t *testing.T, w world) {
	t.Helper()
	must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM appointment"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "DELETE FROM task WHERE kind = 'move_appointment'")
		return err
	}))
}
