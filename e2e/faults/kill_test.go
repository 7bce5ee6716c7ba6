package faults

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

// clients is how many work at once.
const clients = 8

// loop kills the program that serves a site again and again.
type loop struct {
	site    *site
	shapes  shapes
	random  *rand.Rand
	from    point // before the first cycle
	here    point // after the last one that was judged
	last    *crowd
	all     []*client // of all cycles
	total   result
	cycles  int
	starts  int // that were killed
	startup time.Duration
	spent   spent
	// verified in full is the ledger after every so many cycles, and at the end.
	// It is only ever added to: a break stays until somebody looks.
	verified int
	// forgiving clients take no wrong answer amiss: then only what is found
	// after a kill counts.
	forgiving bool
}

// spent is where the time of the cycles went, for whoever waits for them.
type spent struct{ starting, waiting, looking, working time.Duration }

func (s spent) String() string {
	round := func(d time.Duration) time.Duration { return d.Round(100 * time.Millisecond) }
	return fmt.Sprintf("starting %v, letting go %v, looking %v, working %v", round(s.starting), round(s.waiting), round(s.looking), round(s.working))
}

// since adds the time since a moment, and returns the next moment.
func since(d *time.Duration, from time.Time) time.Time {
	now := time.Now()
	*d += now.Sub(from)
	return now
}

// newLoop notes what there is before the first cycle.
func newLoop(t *testing.T, s *site, known shapes) *loop {
	t.Helper()
	db := s.open(t)
	defer db.Close()
	l := &loop{site: s, shapes: known, random: chance(t), verified: 1}
	l.from = mustLook(t, db, point{}).point
	l.here = l.from
	return l
}

// cycle starts the program, judges what the last cycle left, has people work
// and kills it. It returns what is wrong.
func (l *loop) cycle(t *testing.T) []string {
	t.Helper()
	ctx := t.Context()
	before := l.site.identity(t)
	old := l.backends(t)
	if l.startup > 0 && l.random.IntN(4) == 0 {
		l.starts++
		l.site.serveUntil(t, time.Duration(l.random.Int64N(int64(l.startup))))
	}
	from := time.Now()
	p := l.site.serve(t)
	l.startup = time.Since(from)
	from = since(&l.spent.starting, from)
	before.mustBe(t, l.site.identity(t))
	l.gone(t, old)
	from = since(&l.spent.waiting, from)
	if problems := l.judge(ctx, t); len(problems) > 0 {
		p.kill()
		return problems
	}
	from = since(&l.spent.looking, from)
	defer func() { since(&l.spent.working, from) }()
	w, err := newCrowd(ctx, p, strconv.Itoa(l.cycles), clients, l.random)
	if err != nil {
		t.Fatalf("%v\n%s", err, p.log.tail())
	}
	l.cycles++
	for _, c := range w.clients {
		c.forgiving = l.forgiving
	}
	w.start(ctx)
	w.kill(p, 10+l.random.Int64N(120), time.Duration(l.random.IntN(8000))*time.Microsecond, l.moment(t))
	l.last, l.all = w, append(l.all, w.clients...)
	if err := w.end(); err != nil {
		return []string{err.Error(), p.log.tail()}
	}
	return nil
}

// moment is what a kill waits for, besides answers: in one cycle of three on
// SQLite for the database file to be written to, which a checkpoint does.
func (l *loop) moment(t *testing.T) func() bool {
	if l.site.engine != store.SQLite || l.random.IntN(3) > 0 {
		return nil
	}
	at := func() time.Time {
		info, err := os.Stat(l.site.file())
		if err != nil {
			t.Error(err)
			return time.Time{}
		}
		return info.ModTime()
	}
	before := at()
	return func() bool { return !at().Equal(before) }
}

// finish judges the last cycle, and then everything of all cycles again.
func (l *loop) finish(t *testing.T) []string {
	t.Helper()
	ctx := t.Context()
	before := l.site.identity(t)
	old := l.backends(t)
	p := l.site.serve(t)
	defer p.stop(t)
	before.mustBe(t, l.site.identity(t))
	l.gone(t, old)
	l.verified = 1
	problems := l.judge(ctx, t)
	db := l.site.open(t)
	defer db.Close()
	r, more := l.shapes.judge(l.all, mustLook(t, db, l.from))
	if r != l.total {
		more = append(more, fmt.Sprintf("cycle by cycle there were %+v, at the end %+v", l.total, r))
	}
	return append(problems, more...)
}

// judge looks at what the last cycle left behind.
func (l *loop) judge(ctx context.Context, t *testing.T) []string {
	t.Helper()
	if l.last == nil {
		return nil
	}
	db := l.site.open(t)
	defer db.Close()
	f, err := look(ctx, db, l.here)
	if err != nil {
		return []string{err.Error()}
	}
	r, problems := l.shapes.judge(l.last.clients, f)
	l.total.add(r)
	l.here, l.last = f.point, nil
	if l.cycles%l.verified > 0 {
		return problems
	}
	if said, err := l.site.do("audit", "verify"); err != nil || !strings.Contains(said, "The ledger is whole") {
		problems = append(problems, fmt.Sprintf("the ledger: %s %v", said, err))
	}
	return problems
}

// backends are the processes of PostgreSQL that serve the program. What a
// killed program asked for last may still be under way there.
func (l *loop) backends(t *testing.T) []int {
	t.Helper()
	if l.site.engine != store.PostgreSQL {
		return nil
	}
	var pids []int
	l.query(t, `SELECT pid, 0 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`, func(pid, _ int) {
		pids = append(pids, pid)
	})
	return pids
}

// gone waits until the old ones have noticed.
func (l *loop) gone(t *testing.T, old []int) {
	t.Helper()
	for deadline := time.Now().Add(patience); len(old) > 0; {
		left := false
		l.query(t, `SELECT pid, 0 FROM pg_stat_activity WHERE datname = current_database()`, func(pid, _ int) {
			left = left || slices.Contains(old, pid)
		})
		if !left {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("PostgreSQL does not let go of a program that was killed")
		}
	}
}

func (l *loop) query(t *testing.T, text string, fn func(int, int)) {
	t.Helper()
	db, err := sql.Open("pgx", l.site.url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var a, b int
		if err := rows.Scan(&a, &b); err != nil {
			t.Fatal(err)
		}
		fn(a, b)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestNothingAcknowledgedIsLostWhenTheProgramIsKilled(t *testing.T) {
	for _, engine := range storetest.Engines(t) {
		s, known := county(t, engine)
		t.Run(string(engine), func(t *testing.T) {
			if soak() {
				t.Parallel() // either waits for the disk most of the time
			}
			killed(t, s, known)
		})
	}
}

// killed kills the program of a site many times, and then looks at everything.
func killed(t *testing.T, s *site, known shapes) {
	l := newLoop(t, s, known)
	if soak() {
		l.verified = 20 // it takes longer with each cycle
	}
	for n := range cycles(t, 20, 1000) {
		if problems := l.cycle(t); len(problems) > 0 {
			t.Fatalf("cycle %d: %s", n, strings.Join(problems, "\n"))
		}
		if n%10 == 9 {
			t.Logf("%d cycles: of %d writes sent %d were acknowledged and %d found; %d pages were read; %v", n+1, l.total.sent, l.total.acked, l.total.found, l.total.reads, l.spent)
			l.spent = spent{}
		}
	}
	if problems := l.finish(t); len(problems) > 0 {
		t.Fatal(strings.Join(problems, "\n"))
	}
	if l.total.acked == 0 || l.total.reads == 0 {
		t.Fatal("nothing was acknowledged: this run says nothing")
	}
	t.Logf("killed %d times at work and %d times in a start: %d writes sent, %d acknowledged, %d found, 0 lost; %d pages read, each in the ledger; the ledger is whole",
		l.cycles, l.starts, l.total.sent, l.total.acked, l.total.found, l.total.reads)
}

// wrongs are the builds that are broken on purpose (store/broken.go). The loop
// of kills must notice them; that of set-ups, and that of a database that goes
// away, the last two.
var wrongs = []string{
	"answers-early", "answers-at-savepoint", "ledger-apart", "chronology-apart", "facts-apart", "loses-some", "repeats-some",
	"migrates-in-pieces", "believes-postgresql",
}

// turn are the broken builds whose turn it is: one with each commit, all in
// the long runs.
func turn(t *testing.T) []string {
	t.Helper()
	if named := os.Getenv("WAYMARK_FAULT_BUILD"); named != "" {
		return strings.Split(named, ",")
	}
	if soak() {
		return wrongs
	}
	commit, err := exec.Command("git", "rev-parse", "HEAD").Output()
	if err != nil {
		// A checkout that git refuses: the sources that are broken decide.
		if commit, err = os.ReadFile("../../internal/platform/store/writer.go"); err != nil {
			t.Fatal(err)
		}
	}
	sum := fnv.New32()
	sum.Write(commit)
	return []string{wrongs[sum.Sum32()%uint32(len(wrongs))]}
}

func TestABrokenBuildIsNoticed(t *testing.T) {
	for _, wrong := range turn(t) {
		eachEngine(t, func(t *testing.T, engine store.Engine) {
			broken := program(t, wrong)
			switch {
			case wrong == "migrates-in-pieces":
				noticedInSetUps(t, engine, broken)
				return
			case wrong == "believes-postgresql" && engine == store.PostgreSQL:
				noticedInOutages(t, broken)
				return
			case wrong == "believes-postgresql":
				t.Log("on SQLite this build is as good as the ordinary one")
				return
			}
			s, known := county(t, engine)
			s.program = broken
			l := newLoop(t, s, known)
			l.forgiving = true
			for n := range cycles(t, 100, 300) {
				if problems := l.cycle(t); len(problems) > 0 {
					t.Logf("%s is noticed in cycle %d: %s", wrong, n, problems[0])
					return
				}
			}
			t.Fatalf("the loop does not notice the build %q: it is no test of that", wrong)
		})
	}
}

func TestTheOrdinaryProgramHoldsNothingThatIsBroken(t *testing.T) {
	const mark = "THIS BUILD IS BROKEN ON PURPOSE"
	for wrong, broken := range map[string]bool{"": false, turn(t)[0]: true} {
		text, err := os.ReadFile(program(t, wrong))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), mark) != broken {
			t.Errorf("the program %q is broken on purpose: %v, want %v", wrong, !broken, broken)
		}
	}
}
