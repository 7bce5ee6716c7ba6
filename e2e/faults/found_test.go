package faults

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"waymark/internal/platform/store"
)

// tally counts what there is of each kind.
type tally map[string]int

func (t tally) add(other tally, times int) {
	for k, n := range other {
		t[k] += n * times
	}
}

func (t tally) minus(other tally) tally {
	out := maps.Clone(t)
	out.add(other, -1)
	maps.DeleteFunc(out, func(_ string, n int) bool { return n == 0 })
	return out
}

func (t tally) String() string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(t)) {
		fmt.Fprintf(&b, " %s:%+d", k, t[k])
	}
	return strings.TrimSpace(b.String())
}

// caseFound is a case as it is in the database.
type caseFound struct {
	whole     tally          // everything of it, by kind
	marks     map[string]int // how often each text was found
	enquiries int
	reads     tally // entries of the ledger, by action
}

// found is what there is from a point on.
type found struct {
	cases map[string]*caseFound
	point point
}

// point is how far the database went at some time.
type point struct {
	id    string          // the newest identifier
	seq   int64           // the size of the ledger
	known map[string]bool // the cases
}

// since is an identifier some time before the newest: identifiers follow the
// time at which a transaction began, not at which it was committed. What lies
// behind it is opened again in each cycle, so the time is short; it is much
// longer than any request takes.
func (p point) since() string {
	if len(p.id) < 13 {
		return ""
	}
	ms, err := strconv.ParseInt(p.id[:8]+p.id[9:13], 16, 64)
	if err != nil {
		return ""
	}
	text := fmt.Sprintf("%012x", ms-15*1000)
	return text[:8] + "-" + text[8:]
}

var marked = regexp.MustCompile(`\[m\.[^\]]+\]`)

// look reads the cases that are not known at a point: all for the zero point.
func look(ctx context.Context, db *store.DB, from point) (found, error) {
	out := found{cases: map[string]*caseFound{}, point: from}
	err := db.Read(ctx, func(ctx context.Context, tx *store.Tx) error { return out.read(ctx, tx, db, from) })
	out.point.known = maps.Clone(from.known)
	if out.point.known == nil {
		out.point.known = map[string]bool{}
	}
	for id := range out.cases {
		out.point.known[id] = true
	}
	return out, err
}

func (f *found) read(ctx context.Context, tx *store.Tx, db *store.DB, from point) error {
	each := func(query string, columns int, fn func(v []string) error) error {
		rows, err := tx.QueryContext(ctx, query, from.since())
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		v, to := make([]string, columns), make([]any, columns)
		for i := range v {
			to[i] = &v[i]
		}
		for rows.Next() {
			if err := rows.Scan(to...); err != nil {
				return err
			}
			if err := fn(v); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	// With their agency, by which the keys begin, rows are found and not looked through.
	saw := func(id string) { f.point.id = max(f.point.id, id) }
	of := func(file string) *caseFound {
		c := f.cases[file]
		if c == nil {
			// Counted all the same: what belongs to no case is half written.
			c = &caseFound{whole: tally{}, marks: map[string]int{}, reads: tally{}}
			if !from.known[file] { // judged before, and again at the end
				f.cases[file] = c
			}
		}
		return c
	}
	var errs []error
	errs = append(errs, each(`SELECT f.id, f.person_id, p.id FROM file f JOIN person p ON p.agency_id = f.agency_id AND p.id = f.person_id WHERE f.agency_id IN (SELECT id FROM agency) AND f.id > $1`, 3, func(v []string) error {
		saw(v[0])
		of(v[0]).whole["case"]++
		return nil
	}), each(`SELECT file_id, account_id FROM involvement WHERE agency_id IN (SELECT id FROM agency) AND file_id > $1`, 2, func(v []string) error {
		of(v[0]).whole["involvement"]++
		return nil
	}), each(`SELECT file_id, kind, id FROM task WHERE agency_id IN (SELECT id FROM agency) AND id > $1`, 3, func(v []string) error {
		saw(v[2])
		of(v[0]).whole["task "+v[1]]++
		return nil
	}), each(`SELECT file_id, kind, id FROM fact WHERE agency_id IN (SELECT id FROM agency) AND id > $1`, 3, func(v []string) error {
		saw(v[2])
		of(v[0]).whole["fact "+v[1]]++
		return nil
	}))
	opened := func(of *caseFound, s sealedFound) error {
		saw(s.place.Row)
		text, err := db.Vault().Open(ctx, tx, s.place, s.words)
		for _, m := range marked.FindAllString(text, -1) {
			of.marks[m]++
		}
		return err
	}
	enquiries, err := sealedIn(ctx, tx, `SELECT agency_id, id, file_id, '', answers FROM enquiry WHERE agency_id IN (SELECT id FROM agency) AND id > $1`, from.since(), store.Place{Table: "enquiry", Column: "answers"})
	errs = append(errs, err)
	for _, s := range enquiries {
		c := of(s.file)
		c.enquiries++
		c.whole["enquiry"]++
		errs = append(errs, opened(c, s))
	}
	entries, err := sealedIn(ctx, tx, `SELECT agency_id, id, file_id, kind, text_sealed FROM event WHERE agency_id IN (SELECT id FROM agency) AND file_id > $1`, from.since(), store.Place{Table: "event", Column: "text"})
	errs = append(errs, err)
	for _, s := range entries {
		c := of(s.file)
		c.whole["event "+s.kind]++
		errs = append(errs, opened(c, s))
	}
	return errors.Join(append(errs, f.readLedger(ctx, tx, from, of))...)
}

// sealedFound are words as they lie in the database.
type sealedFound struct {
	place      store.Place
	file, kind string
	words      store.Sealed
}

// sealedIn reads agency, row, file, kind and words.
func sealedIn(ctx context.Context, tx *store.Tx, query, since string, at store.Place) (out []sealedFound, err error) {
	rows, err := tx.QueryContext(ctx, query, since)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		s := sealedFound{place: at}
		if err := rows.Scan(&s.place.Agency, &s.place.Row, &s.file, &s.kind, &s.words); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// readLedger counts the entries that name cases, but for what the program finds
// by itself when it looks the ledger through: that is nobody's act.
func (f *found) readLedger(ctx context.Context, tx *store.Tx, from point, of func(string) *caseFound) error {
	rows, err := tx.QueryContext(ctx, `SELECT e.seq, e.action, e.outcome, s.id FROM ledger_entry e JOIN ledger_subject s ON s.seq = e.seq
		WHERE s.kind = 'case' AND e.action <> 'oversight.found' AND e.seq >= $1`, from.seq)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var seq int64
		var action, outcome, file string
		if err := rows.Scan(&seq, &action, &outcome, &file); err != nil {
			return err
		}
		c := of(file)
		if outcome == "done" {
			c.whole["done "+action]++
		} else {
			c.reads[outcome+" "+action]++
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), -1) + 1 FROM ledger_entry`).Scan(&f.point.seq)
}

// shapes are what acts leave behind.
type shapes struct {
	begin, first, next, note tally  // the first enquiry of a case asks for more than the next
	read                     string // the entry that a page leaves
	noteEvent                string
}

// learn does each act undisturbed, and takes its shape.
func learn(t *testing.T, s *site, p *process) shapes {
	t.Helper()
	ctx := t.Context()
	db := s.open(t)
	defer db.Close()
	before, err := look(ctx, db, point{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := newCrowd(ctx, p, "shape", 1, chance(t))
	if err != nil {
		t.Fatal(err)
	}
	c := w.clients[0]
	was := tally{}
	after := func(what act) tally {
		t.Helper()
		if err := c.do(ctx, what); err != nil {
			t.Fatal(err)
		}
		now, err := look(ctx, db, before.point)
		if err != nil {
			t.Fatal(err)
		}
		found := now.cases[c.file]
		if found == nil || len(now.cases) != 1 {
			t.Fatalf("%s leaves nothing behind, or more than it should: %d cases", what, len(now.cases))
		}
		change := found.whole.minus(was)
		was = found.whole
		return change
	}
	out := shapes{begin: after(begin), first: after(enquire), next: after(enquire), note: after(note)}
	if again := after(note).minus(out.note); len(again) > 0 {
		t.Fatalf("two notes are not alike: %s", again)
	}
	if again := after(enquire).minus(out.next); len(again) > 0 {
		t.Fatalf("two enquiries are not alike: %s", again)
	}
	earlier := maps.Clone(mustLook(t, db, before.point).cases[c.file].reads)
	if change := after(read); len(change) > 0 {
		t.Fatalf("a page that was read leaves %s", change)
	}
	gained := mustLook(t, db, before.point).cases[c.file].reads.minus(earlier)
	if len(gained) != 1 {
		t.Fatalf("a page that was read leaves the entries %s", gained)
	}
	for k := range gained {
		out.read = k
	}
	if earlier[out.read] > 0 {
		t.Fatalf("%s stands for more than a page that was read", out.read)
	}
	for k := range out.note {
		if strings.HasPrefix(k, "event ") {
			out.noteEvent = k
		}
	}
	// What the loops hold every act to must be worth it.
	kinds := func(shape tally, wanted ...string) {
		t.Helper()
		for _, w := range wanted {
			if !slices.ContainsFunc(slices.Collect(maps.Keys(shape)), func(k string) bool { return strings.HasPrefix(k, w) }) {
				t.Fatalf("an act leaves no %q: %s", w, shape)
			}
		}
	}
	kinds(out.begin, "case", "involvement", "event", "done")
	kinds(out.next, "enquiry", "event", "fact", "done")
	kinds(out.note, "event", "done")
	t.Logf("a case: %s; its first enquiry: %s; another: %s; a note: %s; its page: %s", out.begin, out.first, out.next, out.note, out.read)
	return out
}

func mustLook(t *testing.T, db *store.DB, from point) found {
	t.Helper()
	f, err := look(t.Context(), db, from)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// result counts what the clients sent.
type result struct{ sent, acked, found, reads int }

func (r *result) add(other result) {
	r.sent, r.acked, r.found, r.reads = r.sent+other.sent, r.acked+other.acked, r.found+other.found, r.reads+other.reads
}

// judge compares what the clients remember with what there is, and says what
// is wrong.
func (s shapes) judge(clients []*client, f found) (result, []string) {
	var r result
	var problems []string
	say := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	known := map[string]bool{}
	unanswered := 0 // cases that were sent and not acknowledged
	for _, c := range clients {
		for _, d := range c.doings {
			if d.act == begin && !d.acked {
				unanswered++
				r.sent++
			}
		}
		if c.file == "" {
			continue
		}
		known[c.file] = true
		there := f.cases[c.file]
		if there == nil || there.whole["case"] != 1 {
			say("the case %s, and all in it, was acknowledged and is not there (%d acts)", c.file, len(c.doings))
			r.sent, r.acked = r.sent+len(c.doings), r.acked+len(c.doings)
			continue
		}
		s.judgeOne(c, there, &r, say)
	}
	for file, there := range f.cases {
		if known[file] {
			continue
		}
		unanswered--
		if wrong := there.whole.minus(s.begin); len(wrong) > 0 {
			say("the case %s, which was not acknowledged, is there half: %s", file, wrong)
		}
	}
	if unanswered < 0 {
		say("%d cases are there that nobody sent", -unanswered)
	}
	return r, problems
}

func (s shapes) judgeOne(c *client, there *caseFound, r *result, say func(string, ...any)) {
	sent := map[string]bool{}
	reads := 0
	for _, d := range c.doings {
		n := 0
		switch d.act {
		case begin:
			n = 1
			if !d.acked {
				continue // a second one, after a fault that was said
			}
		case read:
			if d.acked {
				reads++
			}
			continue
		default:
			n = there.marks[d.mark]
			sent[d.mark] = true
		}
		r.sent++
		if d.acked {
			r.acked++
		}
		if n > 0 {
			r.found++
		}
		switch {
		case d.acked && n == 0:
			say("%s %s in case %s was acknowledged and is not there", d.act, d.mark, c.file)
		case n > 1:
			say("%s %s in case %s is there %d times", d.act, d.mark, c.file, n)
		}
	}
	r.reads += reads
	if got := there.reads[s.read]; got < reads {
		say("case %s was shown %d times, and the ledger has %d entries of it", c.file, reads, got)
	}
	for m := range there.marks {
		if !sent[m] {
			say("%s is in case %s, where nobody sent it", m, c.file)
		}
	}
	want := tally{}
	want.add(s.begin, 1)
	if there.enquiries > 0 {
		want.add(s.first, 1)
		want.add(s.next, there.enquiries-1)
	}
	want.add(s.note, there.whole[s.noteEvent]-want[s.noteEvent])
	if wrong := there.whole.minus(want); len(wrong) > 0 {
		say("something in case %s is there half: it has, beside what belongs to its acts,%s%s", c.file, " ", wrong)
	}
}
