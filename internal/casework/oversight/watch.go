package oversight

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/oversight/oversightdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// watchStep is how many entries are looked through at a time.
const watchStep = 1000

// hourLayout is an hour as it is kept.
const hourLayout = "2006-01-02T15"

// Watched is how far the ledger was looked through, and when; zero when it never
// was.
func (s *Service) Watched(ctx context.Context) (at time.Time, err error) {
	_, at, err = s.place(ctx)
	return at, err
}

func (s *Service) place(ctx context.Context) (seq int64, at time.Time, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := oversightdb.New(tx).Place(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		seq, at = row.Seq, row.At
		return err
	})
	return seq, at, err
}

// Watch looks through the next entries of the ledger for unusual reading, and
// tells whether there are more. Where several instances watch at a time, each
// step is one's alone.
func (s *Service) Watch(ctx context.Context) (more bool, err error) {
	from, _, err := s.place(ctx)
	if err != nil {
		return false, err
	}
	entries, err := s.guard.Since(ctx, from, watchStep)
	if err != nil {
		return false, err
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := oversightdb.New(tx).MovePlace(ctx, oversightdb.MovePlaceParams{Seq: from + int64(len(entries)), At: tx.Now(), Was: from})
		if err != nil || n == 0 {
			return err
		}
		w := watch{s: s, tx: tx, q: oversightdb.New(tx), days: map[dayKey]*dayCount{}, opened: map[openKey]*opening{}}
		for _, e := range entries {
			w.see(e)
		}
		return w.keep(ctx)
	})
	return err == nil && len(entries) == watchStep, err
}

type dayKey struct{ agency, account, day string }

type dayCount struct{ first, last, entries, refused int64 }

type openKey struct{ agency, account, hour, file string }

type opening struct {
	way   Involvement
	times int64
}

// watch is one step.
type watch struct {
	s      *Service
	tx     *store.Tx
	q      *oversightdb.Queries
	days   map[dayKey]*dayCount
	opened map[openKey]*opening
	ties   []openKey // found in this step: the worker and the file
}

// see adds up one entry.
func (w *watch) see(e audit.Entry) {
	if e.Agency == "" || e.Actor == Watcher {
		return
	}
	at := e.At.In(w.s.zone)
	d := w.days[dayKey{e.Agency, e.Actor, at.Format(time.DateOnly)}]
	if d == nil {
		d = &dayCount{first: e.Seq}
		w.days[dayKey{e.Agency, e.Actor, at.Format(time.DateOnly)}] = d
	}
	d.last = e.Seq
	d.entries++
	if e.Outcome == audit.Refused {
		d.refused++
	}
	if e.Action == cases.ActConflictFound && e.Reason == "found" {
		tie := openKey{agency: e.Agency}
		for _, sub := range e.Subjects {
			switch sub.Kind {
			case "account":
				tie.account = sub.ID
			case "case":
				tie.file = sub.ID
			}
		}
		w.ties = append(w.ties, tie)
		return
	}
	way := involvementOf(e)
	if way == NotKnown || e.Kind != policy.Human {
		return
	}
	for _, sub := range e.Subjects {
		if sub.Kind != "case" {
			continue
		}
		key := openKey{e.Agency, e.Actor, at.Format(hourLayout), sub.ID}
		if w.opened[key] == nil {
			w.opened[key] = &opening{}
		}
		w.opened[key].way = way
		w.opened[key].times++
	}
}

// sorted are the keys of a step in an order that is the same each time.
func sorted[K comparable, V any](m map[K]V, text func(K) string) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b K) int { return strings.Compare(text(a), text(b)) })
	return keys
}

func (k dayKey) text() string  { return k.agency + " " + k.account + " " + k.day }
func (k openKey) text() string { return k.agency + " " + k.account + " " + k.hour + " " + k.file }

// forget leaves out the files that have been destroyed since: nothing that
// belongs to them comes back.
func (w *watch) forget(ctx context.Context) error {
	var files []string
	for k := range w.opened {
		files = append(files, k.file)
	}
	for _, k := range w.ties {
		files = append(files, k.file)
	}
	gone, err := destroyedAmong(ctx, w.tx, files)
	if err != nil || len(gone) == 0 {
		return err
	}
	maps.DeleteFunc(w.opened, func(k openKey, _ *opening) bool { return gone[k.file] })
	w.ties = slices.DeleteFunc(w.ties, func(k openKey) bool { return gone[k.file] })
	return nil
}

// keep writes what was added up, and proposes what is unusual.
func (w *watch) keep(ctx context.Context) error {
	if err := w.forget(ctx); err != nil {
		return err
	}
	for _, k := range sorted(w.days, dayKey.text) {
		d := w.days[k]
		err := w.q.AddWorkerDay(ctx, oversightdb.AddWorkerDayParams{
			AgencyID: k.agency, AccountID: k.account, OnDay: k.day, FirstSeq: d.first, LastSeq: d.last, Entries: d.entries, Refused: d.refused,
		})
		if err != nil {
			return err
		}
	}
	open := sorted(w.opened, openKey.text)
	for _, k := range open {
		o := w.opened[k]
		err := w.q.AddOpened(ctx, oversightdb.AddOpenedParams{
			AgencyID: k.agency, AccountID: k.account, OnHour: k.hour, FileID: k.file, Way: string(o.way), Times: o.times,
		})
		if err != nil {
			return err
		}
	}
	if err := w.counts(ctx, open); err != nil {
		return err
	}
	if err := w.surnames(ctx, open); err != nil {
		return err
	}
	return w.tied(ctx)
}

// counts proposes many files in an hour, and files opened under supervision.
func (w *watch) counts(ctx context.Context, open []openKey) error {
	settings := map[string]Setting{}
	seen := map[dayKey]bool{}
	for _, k := range open {
		day := dayKey{k.agency, k.account, k.hour[:len(time.DateOnly)]}
		if seen[day] {
			continue
		}
		seen[day] = true
		limits, ok := settings[k.agency]
		if !ok {
			var err error
			if limits, err = setting(ctx, w.tx, k.agency); err != nil {
				return err
			}
			settings[k.agency] = limits
		}
		if err := w.day(ctx, day, limits); err != nil {
			return err
		}
	}
	return nil
}

func (w *watch) day(ctx context.Context, k dayKey, limits Setting) error {
	rows, err := w.q.OpenedOn(ctx, oversightdb.OpenedOnParams{AgencyID: k.agency, AccountID: k.account, Since: k.day, Until: k.day + "U", Size: 5000})
	if err != nil {
		return err
	}
	hours := map[string]map[string]int64{}
	supervised := map[string]int64{}
	for _, r := range rows {
		if hours[r.OnHour] == nil {
			hours[r.OnHour] = map[string]int64{}
		}
		hours[r.OnHour][r.FileID] += r.Times
		if Involvement(r.Way) == Supervision {
			supervised[r.FileID] += r.Times
		}
	}
	for _, hour := range sorted(hours, func(s string) string { return s }) {
		if int64(len(hours[hour])) < limits.ManyFiles {
			continue
		}
		err := w.propose(ctx, proposal{kind: ManyFiles, agency: k.agency, account: k.account, period: hour, threshold: limits.ManyFiles, files: hours[hour]})
		if err != nil {
			return err
		}
	}
	if len(supervised) == 0 {
		return nil
	}
	works, err := w.worksOn(ctx, keysOf(supervised))
	if err != nil {
		return err
	}
	for file := range supervised {
		if works[[2]string{k.account, file}] {
			delete(supervised, file)
		}
	}
	if int64(len(supervised)) < limits.Supervised {
		return nil
	}
	return w.propose(ctx, proposal{kind: Uninvolved, agency: k.agency, account: k.account, period: k.day, threshold: limits.Supervised, files: supervised})
}

func keysOf(m map[string]int64) []string { return sorted(m, func(s string) string { return s }) }

// worksOn are the workers of some files: account and file.
func (w *watch) worksOn(ctx context.Context, files []string) (map[[2]string]bool, error) {
	out := map[[2]string]bool{}
	in := among("f.id", distinct(files))
	query := `SELECT i.account_id, i.file_id FROM file f JOIN involvement i ON i.agency_id = f.agency_id AND i.file_id = f.id WHERE ` + in.SQL
	err := store.Each(ctx, w.tx, query, in.Args, func(rows *sql.Rows) error {
		var pair [2]string
		err := rows.Scan(&pair[0], &pair[1])
		out[pair] = true
		return err
	})
	return out, err
}

// surnames proposes a reader who has the surname of somebody in a file on which
// they do not work. The name alone is nothing: many people share it, and
// whoever works on a file has been given it.
func (w *watch) surnames(ctx context.Context, open []openKey) error {
	if len(open) == 0 {
		return nil
	}
	var accounts, files []string
	for _, k := range open {
		accounts, files = append(accounts, k.account), append(files, k.file)
	}
	names := map[string]string{}
	in := among("id", distinct(accounts))
	err := store.Each(ctx, w.tx, `SELECT id, name FROM account WHERE `+in.SQL, in.Args, func(rows *sql.Rows) error {
		var id, name string
		err := rows.Scan(&id, &name)
		names[id] = surname(name)
		return err
	})
	if err != nil {
		return err
	}
	called := map[string]map[string]bool{}
	in = among("f.id", distinct(files))
	query := `SELECT f.id, n.family_name FROM file f JOIN person n ON n.agency_id = f.agency_id AND n.id = f.person_id WHERE ` + in.SQL + `
		UNION ALL SELECT f.id, n.family_name FROM file f JOIN party p ON p.agency_id = f.agency_id AND p.file_id = f.id
		JOIN person n ON n.agency_id = p.agency_id AND n.id = p.person_id WHERE ` + in.SQL
	err = store.Each(ctx, w.tx, query, in.Args, func(rows *sql.Rows) error {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return err
		}
		if called[id] == nil {
			called[id] = map[string]bool{}
		}
		called[id][surname(name)] = true
		return nil
	})
	if err != nil {
		return err
	}
	var alike []openKey
	for _, k := range open {
		if n := names[k.account]; n != "" && called[k.file][n] {
			alike = append(alike, k)
		}
	}
	if len(alike) == 0 {
		return nil
	}
	return w.alike(ctx, alike)
}

// alike proposes those who share a surname and do not work on the file.
func (w *watch) alike(ctx context.Context, open []openKey) error {
	var files []string
	for _, k := range open {
		files = append(files, k.file)
	}
	works, err := w.worksOn(ctx, files)
	if err != nil {
		return err
	}
	for _, k := range open {
		if works[[2]string{k.account, k.file}] {
			continue
		}
		times, err := w.times(ctx, k)
		if err != nil {
			return err
		}
		err = w.propose(ctx, proposal{
			kind: SameSurname, agency: k.agency, account: k.account, period: k.file, threshold: 1, detail: string(w.opened[k].way), files: map[string]int64{k.file: times},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// times is how often a worker opened a file.
func (w *watch) times(ctx context.Context, k openKey) (n int64, err error) {
	rows, err := w.q.OpenedBy(ctx, oversightdb.OpenedByParams{AgencyID: k.agency, FileID: k.file, AccountID: k.account})
	for _, times := range rows {
		n += times
	}
	return n, err
}

// tied proposes what was opened before it came to light that the reader lives
// at the address of somebody in the file, or is one of them. A tie that a worker
// declared themselves is not held against them.
func (w *watch) tied(ctx context.Context) error {
	for _, k := range w.ties {
		times, err := w.times(ctx, k)
		if err != nil {
			return err
		}
		if times == 0 {
			continue
		}
		basis, err := w.basis(ctx, k)
		if err != nil {
			return err
		}
		err = w.propose(ctx, proposal{
			kind: TiedReader, agency: k.agency, account: k.account, period: k.file, threshold: 1, detail: basis, files: map[string]int64{k.file: times},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *watch) basis(ctx context.Context, k openKey) (basis string, err error) {
	err = w.tx.QueryRowContext(ctx, `SELECT basis FROM conflict_of_interest WHERE agency_id = $1 AND file_id = $2 AND account_id = $3`, k.agency, k.file, k.account).Scan(&basis)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return basis, err
}

// proposal is something to look at.
type proposal struct {
	kind                    FindingKind
	agency, account, period string
	detail                  string
	threshold               int64
	files                   map[string]int64 // and how often each was opened
}

// propose keeps a finding, or adds to the one that is open. What was settled
// stays settled: only more than that is proposed again.
func (w *watch) propose(ctx context.Context, p proposal) error {
	before, err := w.q.FindingsOf(ctx, oversightdb.FindingsOfParams{AgencyID: p.agency, Kind: string(p.kind), AccountID: p.account, Period: p.period})
	if err != nil {
		return err
	}
	if len(before) > 0 && !before[0].SettledAt.Valid {
		return w.files(ctx, p, before[0].ID)
	}
	turn := int64(1)
	if len(before) > 0 {
		turn = before[0].Turn + 1
		known, err := w.q.FindingFilesFor(ctx, oversightdb.FindingFilesForParams{AgencyID: p.agency, Kind: string(p.kind), AccountID: p.account, Period: p.period})
		if err != nil {
			return err
		}
		for _, k := range known {
			delete(p.files, k.FileID)
		}
		if int64(len(p.files)) < p.threshold {
			return nil
		}
	}
	id, err := w.tx.NewID()
	if err != nil {
		return err
	}
	err = w.q.InsertFinding(ctx, oversightdb.InsertFindingParams{
		AgencyID: p.agency, ID: id, Kind: string(p.kind), AccountID: p.account, Period: p.period, Turn: turn, Detail: p.detail, Threshold: p.threshold,
		FoundAt: w.tx.Now(), Words: []byte{},
	})
	if err != nil {
		return err
	}
	if err := w.files(ctx, p, id); err != nil {
		return err
	}
	e := audit.Entry{Actor: Watcher, Kind: policy.Service, Agency: p.agency, Action: ActFound, Outcome: audit.Done, Reason: string(p.kind)}
	e.Subjects = append(e.Subjects, findingSubject(id), accountSubject(p.account))
	for _, f := range keysOf(p.files) {
		e.Subjects = append(e.Subjects, cases.ID(f).Subject())
	}
	return w.s.guard.Append(w.tx, e)
}

func (w *watch) files(ctx context.Context, p proposal, id string) error {
	for _, f := range keysOf(p.files) {
		if err := w.q.InsertFindingFile(ctx, oversightdb.InsertFindingFileParams{AgencyID: p.agency, FindingID: id, FileID: f, Times: p.files[f]}); err != nil {
			return err
		}
	}
	return nil
}

// surname is the last word of a name, without case and accents, and without
// what stands in brackets after it.
func surname(name string) string {
	if i := strings.IndexByte(name, '('); i >= 0 {
		name = name[:i]
	}
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(words[len(words)-1]) {
		if unicode.IsLetter(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}
