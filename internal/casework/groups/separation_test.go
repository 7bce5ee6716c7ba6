package groups_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/groups"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

func man(i int) people.Details {
	return people.Details{GivenName: fmt.Sprintf("Rob%c", 'a'+i), FamilyName: "Fictional", Born: fmt.Sprintf("198%d-05-01", i)}
}

// county is a handful of people some of whom harm others, two groups for each
// side, and workers who run groups and meet people.
type county struct {
	*world
	women, men []*cases.File
	groups     map[groups.Side][]groups.ID
	places     []string
	workers    []string
}

// inHaven makes it. One of the men is somebody harmed as well, by nobody here: he
// may ask for the groups that the women ask for.
func (w *world) inHaven(t *testing.T, women, men int) *county {
	t.Helper()
	c := &county{world: w, groups: map[groups.Side][]groups.ID{}, places: []string{w.place}}
	for _, name := range []string{casestest.IDVA, casestest.Colleague} {
		c.workers = append(c.workers, w.Actor(t, name).Account)
	}
	c.workers = append(c.workers, w.ferry.Account)
	for i := range women {
		c.women = append(c.women, w.BeginFor(t, w.Actor(t, casestest.IDVA), people.Details{GivenName: fmt.Sprintf("May%c", 'a'+i), FamilyName: "Fictional", Born: fmt.Sprintf("199%d-02-01", i)}, cases.Experiencing))
	}
	for i := range men {
		side := cases.Perpetrating
		if i == 0 {
			side = cases.Experiencing
		}
		c.men = append(c.men, w.BeginFor(t, w.Actor(t, casestest.Colleague), man(i), side))
	}
	second, err := w.meetings.AddPlace(t.Context(), w.manager(t), appointments.Place{Name: "Market Hall", Kind: appointments.Office, Before: 15, After: 15})
	must(t, err)
	c.places = append(c.places, second)
	for _, side := range []groups.Side{groups.ForExperiencing, groups.ForPerpetrating} {
		for i := range 2 {
			g := w.course(side)
			g.Kind, g.Capacity, g.Place, g.Words.Name = groups.OtherKind, 1+i, c.places[i], fmt.Sprint(side, i)
			// Those of the men are run by who works with them, so that the place
			// and the time alone can be what two groups share.
			g.Facilitators = []string{c.workers[1]}
			if side == groups.ForExperiencing {
				g.Facilitators = []string{c.workers[2-2*i]}
			}
			c.groups[side] = append(c.groups[side], w.begin(t, g))
		}
	}
	return c
}

// when is a time of the week, the same few.
func (c *county) when(t *rapid.T) time.Time {
	return c.Clock.Now().Truncate(24 * time.Hour).Add(time.Duration(48*4+40+rapid.IntRange(0, 8).Draw(t, "quarters")) * 15 * time.Minute)
}

func (c *county) asking(t *rapid.T) appointments.Asking {
	a := appointments.Asking{Worker: rapid.SampledFrom(c.workers).Draw(t, "worker"), Minutes: 60, At: c.when(t), Way: appointments.AtPlace, Place: rapid.SampledFrom(c.places).Draw(t, "place")}
	if rapid.IntRange(0, 3).Draw(t, "telephone") == 0 {
		a.Way, a.Place = appointments.Telephone, ""
	}
	return a
}

// refusal is what a form says, and nothing for what was kept.
func refusal(t *testing.T, err error) forms.Errors {
	t.Helper()
	errs, _ := forms.AsErrors(err)
	if err != nil && len(errs) == 0 && !errors.Is(err, store.ErrConflict) && !errors.Is(err, groups.ErrOwnAsking) {
		t.Fatal(err)
	}
	return errs
}

// slots are what a file has of everything: appointments, who runs its groups, and
// when they meet.
func (c *county) slots(t *testing.T, f *cases.File) (meetings, groupsOf []held) {
	t.Helper()
	must(t, c.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT a.worker_id, '', a.way, a.place_id, a.busy_from, a.busy_until, a.must_move, a.allowed_at IS NOT NULL,
			EXISTS (SELECT 1 FROM task t WHERE t.agency_id = a.agency_id AND t.id = a.move_task AND t.done_at IS NULL)
			FROM appointment a WHERE a.file_id = $1 AND a.state = 'booked'`, string(f.ID()))
		if err != nil {
			return err
		}
		if meetings, err = scanned(rows); err != nil {
			return err
		}
		rows, err = tx.QueryContext(ctx, `SELECT c.account_id, k.group_id, '', '', k.since, k.since, k.must_move, k.allowed_at IS NOT NULL,
			EXISTS (SELECT 1 FROM task t WHERE t.agency_id = k.agency_id AND t.id = k.move_task AND t.done_at IS NULL)
			FROM group_member k JOIN group_facilitator c ON c.group_id = k.group_id AND c.until_at IS NULL WHERE k.file_id = $1 AND k.state = 'joined'
			UNION ALL SELECT '', k.group_id, s.way, s.place_id, s.busy_from, s.busy_until, k.must_move, k.allowed_at IS NOT NULL,
			EXISTS (SELECT 1 FROM task t WHERE t.agency_id = k.agency_id AND t.id = k.move_task AND t.done_at IS NULL)
			FROM group_member k JOIN group_session s ON s.group_id = k.group_id AND s.state = 'planned' WHERE k.file_id = $2 AND k.state = 'joined'`, string(f.ID()), string(f.ID()))
		if err != nil {
			return err
		}
		groupsOf, err = scanned(rows)
		return err
	}))
	return meetings, groupsOf
}

type held struct {
	Slot                appointments.Slot
	MustMove, Let, Task bool
}

func scanned(rows interface {
	Next() bool
	Scan(...any) error
	Err() error
	Close() error
},
) (out []held, err error) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var h held
		if err := rows.Scan(&h.Slot.Worker, &h.Slot.Group, &h.Slot.Way, &h.Slot.Place, &h.Slot.From, &h.Slot.Until, &h.MustMove, &h.Let, &h.Task); err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, rows.Err()
}

// apart holds every pair to the rule, and returns how much is to be looked at
// again.
func (c *county) apart(t *testing.T, harms map[[2]int]bool) (marked int) {
	t.Helper()
	for pair := range harms {
		him, her := c.men[pair[0]], c.women[pair[1]]
		var his []appointments.Slot
		meetings, group := c.slots(t, him)
		for _, h := range append(meetings, group...) {
			his = append(his, h.Slot)
			if h.MustMove || h.Let {
				t.Fatal("the side of whoever harms is asked to move")
			}
		}
		meetings, group = c.slots(t, her)
		for _, h := range append(meetings, group...) {
			if h.MustMove != h.Task {
				t.Fatalf("must move: %v, a task: %v", h.MustMove, h.Task)
			}
			if h.MustMove {
				marked++
			}
			if clash := appointments.Guard(h.Slot, his, him.Workers()); clash != appointments.NoClash && !h.MustMove && !h.Let {
				t.Fatalf("they share a %s: %+v and %+v", clash, h.Slot, his)
			}
		}
	}
	return marked
}

// Whatever is booked, joined, left, planned, moved and found out, in whichever
// order: nothing of a person harmed meets anything of whoever harms them, unless a
// manager let it stand or somebody is asked to look at it.
//
// Proves: B6.8
func TestWhoWasHarmedAndWhoHarmedThemDoNotMeetInGroups(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		refused, marked, rounds := 0, 0, 0
		rapid.Check(t, func(rt *rapid.T) {
			rounds++
			if rounds > 20 {
				return // a county takes its time to make
			}
			clean(t, w)
			c := w.inHaven(t, 2, 2)
			harms := map[[2]int]bool{}
			if rapid.Bool().Draw(rt, "known from the start") {
				harms[[2]int{0, 0}], harms[[2]int{1, 0}] = true, true
				c.Add(t, c.women[0], cases.Perpetrator, man(0))
				c.Add(t, c.women[0], cases.Perpetrator, man(1))
			}
			for range rapid.IntRange(15, 30).Draw(rt, "steps") {
				w.Clock.Advance(time.Second)
				refused += c.step(t, rt, harms)
				marked += c.apart(t, harms)
			}
		})
		if refused == 0 || marked == 0 {
			t.Errorf("%d refused, %d to be looked at: the property says nothing", refused, marked)
		}
	})
}

// step does one thing, and returns how often a group was refused.
func (c *county) step(t *testing.T, rt *rapid.T, harms map[[2]int]bool) int {
	t.Helper()
	ctx := t.Context()
	all := slices.Concat(c.groups[groups.ForExperiencing], c.groups[groups.ForPerpetrating])
	switch rapid.IntRange(0, 9).Draw(rt, "step") {
	case 0:
		pair := [2]int{rapid.IntRange(0, 1).Draw(rt, "man"), rapid.IntRange(0, 1).Draw(rt, "woman")}
		if !harms[pair] {
			harms[pair] = true
			c.Add(t, c.women[pair[1]], cases.Perpetrator, man(pair[0]))
		}
	case 1:
		_ = refusal(t, c.s.Plan(ctx, c.manager(t), rapid.SampledFrom(all).Draw(rt, "group"), groups.Planning{First: c.when(rt), Count: rapid.IntRange(1, 2).Draw(rt, "count")}))
	case 2:
		id := rapid.SampledFrom(all).Draw(rt, "group")
		v, err := c.s.View(ctx, c.manager(t), id)
		must(t, err)
		if len(v.Sessions) > 0 {
			_ = refusal(t, c.s.Move(ctx, c.manager(t), id, v.Sessions[0].ID, v.Sessions[0].Version, c.when(rt)))
		}
	case 3:
		if rapid.Bool().Draw(rt, "leave it") {
			return 0
		}
		id := rapid.SampledFrom(all).Draw(rt, "group")
		v, err := c.s.View(ctx, c.manager(t), id)
		must(t, err)
		v.Group.Facilitators = []string{rapid.SampledFrom(c.workers).Draw(rt, "who runs it")}
		_ = refusal(t, c.s.Change(ctx, c.manager(t), id, v.Group.Version, v.Group))
	case 4, 5:
		f := c.women[rapid.IntRange(0, 1).Draw(rt, "whose")]
		if rapid.Bool().Draw(rt, "an appointment") {
			_, err := c.meetings.Book(ctx, f, c.asking(rt))
			_ = refusal(t, err)
			return 0
		}
		_, err := c.s.Offer(ctx, f, groups.Offer{Group: rapid.SampledFrom(c.groups[groups.ForExperiencing]).Draw(rt, "group"), Answer: groups.Accepts})
		if refusal(t, err).Get("group") == groups.NotSafeHere {
			return 1
		}
	case 6, 7:
		i := rapid.IntRange(0, 1).Draw(rt, "whose")
		f := c.men[i]
		if rapid.Bool().Draw(rt, "an appointment") {
			_, err := c.meetings.Book(ctx, f, c.asking(rt))
			if refusal(t, err).Get("at") != "" {
				t.Fatal("refused as unsafe on the side that must not know")
			}
			return 0
		}
		_, err := c.s.Offer(ctx, f, groups.Offer{Group: rapid.SampledFrom(c.groups[sideOf(f)]).Draw(rt, "group"), Answer: groups.Accepts})
		if refusal(t, err).Get("group") == groups.NotSafeHere {
			t.Fatal("a group is refused as unsafe on the side that must not know")
		}
	default:
		files := slices.Concat(c.women, c.men)
		f := files[rapid.IntRange(0, len(files)-1).Draw(rt, "whose")]
		for _, m := range c.membersOf(t, f) {
			if rapid.Bool().Draw(rt, "decide") {
				decided, err := c.Cases.Open(ctx, c.manager(t), f.ID(), cases.Supervision)
				must(t, err)
				_ = refusal(t, c.s.Decide(ctx, decided, m.ID, m.Version, true, "There is no other."))
			} else if rapid.Bool().Draw(rt, "leave") {
				_ = refusal(t, c.s.Leave(ctx, f, m.ID, m.Version, groups.HadEnough, ""))
			}
		}
	}
	return 0
}

func sideOf(f *cases.File) groups.Side {
	if f.Side() == cases.Experiencing {
		return groups.ForExperiencing
	}
	return groups.ForPerpetrating
}

func (c *county) membersOf(t *testing.T, f *cases.File) (out []groups.Member) {
	t.Helper()
	must(t, c.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		o, err := c.s.Overview(ctx, tx, f)
		out = o.Members
		return err
	}))
	return out
}

// The side of whoever harms gets the same answers by the same statements, whether
// the person they harmed has a place in a group, waits for one, or has
// appointments, or none of it.
//
// Proves: B6.8
func TestWhoHarmsJoinsTheSameWhateverWhoeverTheyHarmedHasJoined(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		rounds, met := 0, 0
		rapid.Check(t, func(rt *rapid.T) {
			rounds++
			if rounds > 10 {
				return
			}
			clean(t, w)
			c := w.inHaven(t, 1, 2)
			which := rapid.IntRange(0, 1).Draw(rt, "which of them") // the first is on the side of somebody harmed, and may ask for her groups
			c.Add(t, c.women[0], cases.Perpetrator, man(which))
			f := c.men[which]
			for _, id := range slices.Concat(c.groups[groups.ForExperiencing], c.groups[groups.ForPerpetrating]) {
				_ = refusal(t, c.s.Plan(t.Context(), c.manager(t), id, groups.Planning{First: c.when(rt), Count: 1}))
			}
			var asked []appointments.Asking
			for range rapid.IntRange(1, 3).Draw(rt, "appointments") {
				asked = append(asked, c.asking(rt))
			}
			play := func() (out []string) {
				for _, id := range c.groups[sideOf(f)] {
					out = append(out, c.said(t, func(ctx context.Context) error {
						_, err := c.s.Offer(ctx, f, groups.Offer{Group: id, Answer: groups.Accepts})
						return err
					}))
				}
				for _, a := range asked {
					out = append(out, c.said(t, func(ctx context.Context) error {
						_, err := c.meetings.Book(ctx, f, a)
						return err
					}))
				}
				return append(out, c.seen(t, f)...)
			}
			play() // what is read once is read now
			emptied(t, w)
			without := play()
			emptied(t, w)
			for _, id := range c.groups[groups.ForExperiencing] {
				_, err := c.s.Offer(t.Context(), c.women[0], groups.Offer{Group: id, Answer: groups.Accepts})
				_ = refusal(t, err)
			}
			for _, a := range asked {
				_, err := c.meetings.Book(t.Context(), c.women[0], a)
				_ = refusal(t, err)
			}
			if diff := cmp.Diff(without, play()); diff != "" {
				t.Fatalf("what she has shows on his side (-without +with):\n%s", diff)
			}
			meetings, group := c.slots(t, c.women[0])
			for _, h := range append(meetings, group...) {
				if h.MustMove {
					met++
				}
			}
		})
		if met == 0 {
			t.Error("they never met: the property says nothing")
		}
	})
}

// said is what one act answers, and by how many statements.
func (c *county) said(t *testing.T, fn func(context.Context) error) string {
	t.Helper()
	c.Clock.Advance(2 * time.Minute) // the agency's key is read anew each time
	even(t, c.world)
	ctx, count := store.CountQueries(t.Context())
	err := fn(ctx)
	return fmt.Sprint(count.N(), refusal(t, err))
}

// seen is what a case shows of its groups, tasks and chronology, and what the
// register of each group shows to its worker.
func (c *county) seen(t *testing.T, f *cases.File) (out []string) {
	t.Helper()
	must(t, c.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		o, err := c.s.Overview(ctx, tx, f)
		for _, m := range o.Members {
			out = append(out, fmt.Sprint(m.Group, m.State, m.MustMove))
		}
		for _, g := range o.Groups {
			out = append(out, fmt.Sprint(g.Words.Name, o.Room(g)))
		}
		if err != nil {
			return err
		}
		tasks, err := c.Cases.Tasks(ctx, tx, f)
		out = append(out, fmt.Sprint(len(tasks)))
		return err
	}))
	his := c.Actor(t, casestest.Colleague) // who works with him runs the groups of the men
	for _, side := range groups.Sides() {
		for _, id := range c.groups[side] {
			v, err := c.s.View(t.Context(), his, id)
			if isDenied(err) {
				continue
			}
			must(t, err)
			out = append(out, fmt.Sprint(len(v.Joined), len(v.Waiting)))
		}
	}
	return out
}

// even brings the ledger to a length from which a few more entries always take the
// same statements.
func even(t *testing.T, w *world) {
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

// emptied leaves nobody in a group and no appointment behind; clean no group
// either.
func emptied(t *testing.T, w *world) {
	t.Helper()
	run(t, w, "DELETE FROM group_attendance", "DELETE FROM group_member", "DELETE FROM appointment", "DELETE FROM task WHERE kind IN ('move_appointment', 'move_group', 'decide_group')")
}

func clean(t *testing.T, w *world) {
	t.Helper()
	emptied(t, w)
	run(t, w, "DELETE FROM group_session", "DELETE FROM group_facilitator", "DELETE FROM support_group")
}

func run(t *testing.T, w *world, statements ...string) {
	t.Helper()
	must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, s := range statements {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Proves: B6.8
func TestAGroupThatIsNotSafeIsRefusedAndAManagerDecides(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		his := w.BeginFor(t, w.Actor(t, casestest.Colleague), man(0), cases.Perpetrating)
		hers := w.file(t, "Ann")
		w.Add(t, hers, cases.Perpetrator, man(0))
		g := w.course(groups.ForPerpetrating)
		g.Kind = groups.Change
		w.offer(t, his, w.begin(t, g)) // Ferry runs his group, so she cannot run hers
		mine := w.begin(t, w.course(groups.ForExperiencing))
		ask := groups.Offer{Group: mine, Answer: groups.Accepts}
		_, err := w.s.Offer(t.Context(), hers, ask)
		said(t, err, "group")
		if got := w.kinds(t, hers); got[0] != cases.GroupUnsafe {
			t.Errorf("the chronology has %v", got)
		}
		ask.Manager = true
		_, err = w.s.Offer(t.Context(), hers, ask)
		said(t, err, "why")
		ask.Why = "There is no other group."
		m, err := w.s.Offer(t.Context(), hers, ask)
		must(t, err)
		if m.State != groups.Asked || !slices.Contains(w.tasks(t, hers), cases.DecideGroup) {
			t.Errorf("they are %s, with the tasks %v", m.State, w.tasks(t, hers))
		}
		if err := w.s.Decide(t.Context(), hers, m.ID, m.Version, true, "Why not."); !isDenied(err) {
			t.Errorf("who asked decides: %v", err)
		}
		lead, err := w.Cases.Open(t.Context(), w.manager(t), hers.ID(), cases.Supervision)
		must(t, err)
		w.Clock.Advance(time.Minute)
		must(t, w.s.Decide(t.Context(), lead, m.ID, 1, true, "Ferry hands his group over."))
		if m = w.member(t, hers, m.ID); m.State != groups.Joined || m.MustMove {
			t.Errorf("they are %s, and are to be looked at: %v", m.State, m.MustMove)
		}
		w.Clock.Advance(time.Minute)
		_, err = w.meetings.Book(t.Context(), his, appointments.Asking{Worker: w.ferry.Account, At: w.Clock.Now().Add(72 * time.Hour), Minutes: 30, Way: appointments.Telephone})
		must(t, err)
		if m = w.member(t, hers, m.ID); !m.MustMove || !slices.Contains(w.tasks(t, hers), cases.MoveGroup) {
			t.Error("what he was given afterwards is not looked at again")
		}
	})
}
