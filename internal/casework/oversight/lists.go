package oversight

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/oversight/oversightdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// daysPage is how many days a page about a worker shows.
const daysPage = 31

// Day is what a worker's day left in the ledger.
type Day struct {
	On      string // YYYY-MM-DD
	Entries int64
	Refused int64
}

// Read is how often a file was opened in a day, and by which way.
type Read struct {
	File  FileRef
	Times int64
	Way   Involvement
}

// reader judges the looking at a colleague.
func (s *Service) reader(ctx context.Context, actor policy.Actor, account string) (Worker, error) {
	var who Worker
	r := policy.Resource{Type: "Reader", ID: account, Attrs: policy.Attrs{"agency": "", "account": account}}
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		found, err := workers(ctx, tx, actor.Agency, []string{account})
		if w, ok := found[account]; ok {
			who, r.Attrs["agency"] = w, actor.Agency
		}
		return err
	})
	if err != nil {
		return who, err
	}
	_, err = s.guard.Open(ctx, actor, ActWorker, r, string(cases.Review), false, accountSubject(account))
	return who, err
}

// WorkerDays are the days of a colleague, the newest first, before a day (empty:
// from the last).
func (s *Service) WorkerDays(ctx context.Context, actor policy.Actor, account, before string) (Worker, []Day, error) {
	who, err := s.reader(ctx, actor, account)
	if err != nil {
		return who, nil, err
	}
	if before == "" {
		before = "9999"
	}
	var out []Day
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := oversightdb.New(tx).WorkerDays(ctx, oversightdb.WorkerDaysParams{AgencyID: actor.Agency, AccountID: account, Before: before, Size: daysPage})
		for _, r := range rows {
			out = append(out, Day{On: r.OnDay, Entries: r.Entries, Refused: r.Refused})
		}
		return err
	})
	return who, out, err
}

// FullDays tells whether a list of days was cut.
func FullDays(days []Day) bool { return len(days) == daysPage }

// WorkerDay is a page of what a colleague did on a day.
type WorkerDay struct {
	Who   Worker
	Day   Day
	Reads []Read // by file, the most often opened first
	Rows  []Row
	More  int64
}

// WorkerDay opens a day of a colleague; [store.ErrNotFound] when they left
// nothing in the ledger on it.
func (s *Service) WorkerDay(ctx context.Context, actor policy.Actor, account, on string, before int64) (WorkerDay, error) {
	v := WorkerDay{}
	var err error
	if v.Who, err = s.reader(ctx, actor, account); err != nil {
		return v, err
	}
	day, err := time.Parse(time.DateOnly, on)
	if err != nil {
		return v, store.ErrNotFound
	}
	var first, last int64
	var opened []oversightdb.OpenedOnRow
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := oversightdb.New(tx)
		row, err := q.WorkerDay(ctx, oversightdb.WorkerDayParams{AgencyID: actor.Agency, AccountID: account, OnDay: on})
		if errors.Is(err, sql.ErrNoRows) {
			return store.ErrNotFound
		}
		if err != nil {
			return err
		}
		v.Day, first, last = Day{On: row.OnDay, Entries: row.Entries, Refused: row.Refused}, row.FirstSeq, row.LastSeq
		opened, err = q.OpenedOn(ctx, oversightdb.OpenedOnParams{
			AgencyID: actor.Agency, AccountID: account, Since: on, Until: day.AddDate(0, 0, 1).Format(time.DateOnly), Size: 2000,
		})
		return err
	})
	if err != nil {
		return v, err
	}
	if before <= 0 || before > last+1 {
		before = last + 1
	}
	entries, err := s.guard.Find(ctx, audit.Search{Agency: actor.Agency, Actor: account, From: first, Before: before, Limit: PageSize + 1})
	if err != nil {
		return v, err
	}
	entries, v.More = paged(entries, PageSize)
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if v.Rows, err = s.rows(ctx, tx, actor, entries); err != nil {
			return err
		}
		v.Reads, err = s.reads(ctx, tx, actor, opened)
		return err
	})
	return v, err
}

// reads adds up hours by file.
func (s *Service) reads(ctx context.Context, tx *store.Tx, actor policy.Actor, opened []oversightdb.OpenedOnRow) ([]Read, error) {
	var ids []string
	by := map[string]Read{}
	for _, o := range opened {
		r := by[o.FileID]
		r.File, r.Way = FileRef{ID: cases.ID(o.FileID), Number: o.Number}, Involvement(o.Way)
		r.Times += o.Times
		by[o.FileID] = r
		ids = append(ids, o.FileID)
	}
	there, err := s.numbers(ctx, tx, actor, ids)
	if err != nil {
		return nil, err
	}
	var out []Read
	for id, r := range by {
		if _, ok := there[id]; ok {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Read) int {
		if a.Times != b.Times {
			return int(b.Times - a.Times)
		}
		return int(a.File.Number - b.File.Number)
	})
	return out, nil
}

// Refusal is one refusal, or several alike.
type Refusal struct {
	Who   Worker
	What  string
	Files []FileRef
	Times int
	First time.Time
	Last  time.Time
}

// refusalsPage is how many refusals are read for a page; those alike become one
// line of it.
const refusalsPage = 100

// Refusals are those of the actor's agency, the newest first, before an entry
// (0: from the end). Those alike are one line.
func (s *Service) Refusals(ctx context.Context, actor policy.Actor, before int64) (out []Refusal, more int64, err error) {
	permit, err := s.guard.Open(ctx, actor, ActLook, whole(actor), string(cases.Review), true, agencySubject(actor))
	if err != nil {
		return nil, 0, err
	}
	entries, err := s.guard.Find(ctx, audit.Search{Agency: actor.Agency, Refused: true, Before: before, Limit: refusalsPage + 1})
	if err != nil {
		return nil, 0, err
	}
	entries, more = paged(entries, refusalsPage)
	alike := map[int64]string{}
	for _, e := range entries {
		key := e.Actor + "\x00" + string(e.Action)
		for _, sub := range e.Subjects {
			key += "\x00" + sub.Kind + "\x00" + sub.ID
		}
		alike[e.Seq] = key
	}
	var rows []Row
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err = s.rows(ctx, tx, actor, entries)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	at := map[string]int{}
	var shown []audit.Subject
	for _, r := range rows {
		key := alike[r.Seq]
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, Refusal{Who: r.Who, What: r.Did, Files: r.Files, Last: r.At})
			shown = append(shown, accountSubject(r.Who.Account))
			for _, f := range r.Files {
				shown = append(shown, f.ID.Subject())
			}
		}
		out[i].Times++
		out[i].First = r.At
	}
	return out, more, permit.Show(ctx, shown...)
}

// Emergency is an emergency access, with where it is reviewed.
type Emergency struct {
	Notice     string
	File       FileRef
	Who        Worker
	Reason     cases.EmergencyReason
	Reach      bool
	GivenAt    time.Time
	ExpiresAt  time.Time
	DueOn      string
	ReviewedAt time.Time
	ReviewedBy Worker
	Verdict    cases.Verdict
}

// Review is the address of the page where it is reviewed.
func (e Emergency) Review() string { return cases.Notice{ID: e.Notice}.Path() }

// Emergencies are the emergency accesses at the actor's agency that wait for
// review, the earliest due first, or those reviewed, the newest first. Their own
// and those to files with whose people they are tied are not there.
func (s *Service) Emergencies(ctx context.Context, actor policy.Actor, reviewed bool, after string) (out []Emergency, more string, err error) {
	scope, permit, err := s.guard.List(ctx, actor, cases.ActReview, cases.NoticeMapping(), string(cases.Review))
	if err != nil {
		return nil, "", err
	}
	var w store.Where
	w.And(store.Fragment{SQL: "n.agency_id = $1 AND n.kind = 'emergency'", Args: []any{actor.Agency}})
	order := "n.id"
	if reviewed {
		w.And(store.Fragment{SQL: "n.done_at IS NOT NULL"})
		order = "n.id DESC"
		if after != "" {
			w.And(store.Fragment{SQL: "n.id < $1", Args: []any{after}})
		}
	} else {
		w.And(store.Fragment{SQL: "n.done_at IS NULL AND n.id > $1", Args: []any{after}})
	}
	w.And(scope)
	where, _ := w.SQL()
	query := `SELECT n.id, n.file_id, f.number, e.account_id, e.reason, e.reach, e.given_at, e.expires_at, e.due_on, e.reviewed_at, e.reviewed_by, e.verdict
		FROM notice n JOIN emergency_access e ON e.agency_id = n.agency_id AND e.id = n.ref
		JOIN file f ON f.agency_id = n.agency_id AND f.id = n.file_id
		WHERE ` + where + ` ORDER BY ` + order + ` LIMIT ` + w.Arg(PageSize+1)
	var shown []audit.Subject
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		var accounts []string
		err := store.Each(ctx, tx, query, w.Args(), func(rows *sql.Rows) error {
			var e Emergency
			var at sql.NullTime
			err := rows.Scan(&e.Notice, &e.File.ID, &e.File.Number, &e.Who.Account, &e.Reason, &e.Reach, &e.GivenAt, &e.ExpiresAt, &e.DueOn,
				&at, &e.ReviewedBy.Account, &e.Verdict)
			e.ReviewedAt = at.Time
			out, accounts = append(out, e), append(accounts, e.Who.Account, e.ReviewedBy.Account)
			return err
		})
		if err != nil {
			return err
		}
		if len(out) > PageSize {
			out = out[:PageSize]
			more = out[PageSize-1].Notice
		}
		who, err := workers(ctx, tx, actor.Agency, accounts)
		for i := range out {
			out[i].Who, out[i].ReviewedBy = who[out[i].Who.Account], who[out[i].ReviewedBy.Account]
			shown = append(shown, out[i].File.ID.Subject(), accountSubject(out[i].Who.Account))
		}
		return err
	})
	if err != nil {
		return nil, "", err
	}
	return out, more, permit.Show(ctx, append(shown, agencySubject(actor))...)
}
