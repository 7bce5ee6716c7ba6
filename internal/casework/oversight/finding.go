package oversight

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/oversight/oversightdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// FindingKind is what was unusual.
type FindingKind string

// The kinds.
const (
	ManyFiles   FindingKind = "many_files"
	Uninvolved  FindingKind = "uninvolved"
	TiedReader  FindingKind = "tied"
	SameSurname FindingKind = "surname"
)

// FindingKinds lists them.
func FindingKinds() []FindingKind {
	return []FindingKind{TiedReader, SameSurname, Uninvolved, ManyFiles}
}

// Label is the kind in words for people.
func (k FindingKind) Label() string {
	switch k {
	case ManyFiles:
		return "Many cases in an hour"
	case Uninvolved:
		return "Cases opened without being involved"
	case TiedReader:
		return "Opened before a tie came to light"
	case SameSurname:
		return "Same surname, and not working on the case"
	}
	return string(k)
}

// Settlement is what looking at a finding came to.
type Settlement string

// The settlements. The zero value waits.
const (
	Waits     Settlement = ""
	Explained Settlement = "explained"
	FollowUp  Settlement = "follow_up"
)

// Settlements lists what can be chosen.
func Settlements() []Settlement { return []Settlement{Explained, FollowUp} }

// Label is the settlement in words for people.
func (v Settlement) Label() string {
	switch v {
	case Explained:
		return "There is an explanation"
	case FollowUp:
		return "I follow it up with the worker or their manager"
	case Waits:
	}
	return "Waits to be looked at"
}

// Finding is unusual reading, for somebody to look at.
type Finding struct {
	ID        string
	Kind      FindingKind
	Who       Worker
	Period    string // the hour, the day or the file
	Detail    string
	Threshold int64
	FoundAt   time.Time
	Files     []Read
	Count     int64 // of files
	SettledAt time.Time
	SettledBy Worker
	Verdict   Settlement
	Words     string
	permit    audit.Permit
}

// Path is the address of its page.
func (f Finding) Path() string { return "/oversight/findings/" + f.ID }

// Day is the day it is about, empty when it is about a file.
func (f Finding) Day() string {
	if f.Kind == ManyFiles || f.Kind == Uninvolved {
		return f.Period[:min(len(f.Period), len(time.DateOnly))]
	}
	return ""
}

// Second is the second fact, where the kind has one.
func (f Finding) Second() string {
	switch f.Kind {
	case TiedReader:
		if cases.Relation(f.Detail) == cases.SameAddress {
			return "lives at the address of somebody in the case, by the marks of both"
		}
		return "has the name and date of birth of somebody in the case, by the marks of both"
	case SameSurname:
		switch Involvement(f.Detail) {
		case Supervision:
			return "opened it as service manager"
		case InEmergency:
			return "opened it by emergency access"
		case Involved, NotKnown:
		}
		return "opened it as somebody of the team that holds it"
	case ManyFiles, Uninvolved:
	}
	return ""
}

func findingSubject(id string) audit.Subject { return audit.Subject{Kind: "finding", ID: id} }

// findings reads a page of findings under the rules.
func (s *Service) findings(ctx context.Context, actor policy.Actor, settled bool, after string, size int) ([]Finding, audit.Permit, error) {
	scope, permit, err := s.guard.List(ctx, actor, ActSettle, FindingMapping(), string(cases.Review))
	if err != nil {
		return nil, permit, err
	}
	var w store.Where
	w.And(store.Fragment{SQL: "n.agency_id = $1", Args: []any{actor.Agency}})
	if settled {
		w.And(store.Fragment{SQL: "n.settled_at IS NOT NULL"})
	} else {
		w.And(store.Fragment{SQL: "n.settled_at IS NULL"})
	}
	if after != "" {
		w.And(store.Fragment{SQL: "n.id < $1", Args: []any{after}})
	}
	w.And(scope)
	where, _ := w.SQL()
	query := `SELECT n.id, n.kind, n.account_id, n.period, n.detail, n.threshold, n.found_at, n.settled_at, n.settled_by, n.verdict,
		(SELECT COUNT(*) FROM finding_file y WHERE y.agency_id = n.agency_id AND y.finding_id = n.id)
		FROM finding n WHERE ` + where + ` ORDER BY n.id DESC LIMIT ` + w.Arg(size)
	var out []Finding
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		var accounts []string
		err := store.Each(ctx, tx, query, w.Args(), func(rows *sql.Rows) error {
			var f Finding
			var at sql.NullTime
			err := rows.Scan(&f.ID, &f.Kind, &f.Who.Account, &f.Period, &f.Detail, &f.Threshold, &f.FoundAt, &at, &f.SettledBy.Account, &f.Verdict, &f.Count)
			f.SettledAt = at.Time
			out, accounts = append(out, f), append(accounts, f.Who.Account, f.SettledBy.Account)
			return err
		})
		if err != nil {
			return err
		}
		who, err := workers(ctx, tx, actor.Agency, accounts)
		for i := range out {
			out[i].Who, out[i].SettledBy = who[out[i].Who.Account], who[out[i].SettledBy.Account]
		}
		return err
	})
	return out, permit, err
}

// Findings are those of the actor's agency that wait, or those settled, the
// newest first.
func (s *Service) Findings(ctx context.Context, actor policy.Actor, settled bool, after string) (out []Finding, more string, err error) {
	out, permit, err := s.findings(ctx, actor, settled, after, PageSize+1)
	if err != nil {
		return nil, "", err
	}
	if len(out) > PageSize {
		out = out[:PageSize]
		more = out[PageSize-1].ID
	}
	shown := []audit.Subject{agencySubject(actor)}
	for _, f := range out {
		shown = append(shown, findingSubject(f.ID), accountSubject(f.Who.Account))
	}
	return out, more, permit.Show(ctx, shown...)
}

// waitingMost bounds a count on the first page.
const waitingMost = 100

// Waiting counts what waits for the actor as a key contact, to at most a
// hundred of each.
func (s *Service) Waiting(ctx context.Context, actor policy.Actor) (emergencies, findings int, err error) {
	count := func(action policy.Action, m policy.Mapping, from, where string) (n int, err error) {
		scope, _, err := s.guard.List(ctx, actor, action, m, string(cases.Review))
		if err != nil {
			return 0, err
		}
		var w store.Where
		w.And(store.Fragment{SQL: "n.agency_id = $1 AND " + where, Args: []any{actor.Agency}})
		w.And(scope)
		cond, _ := w.SQL()
		query := `SELECT COUNT(*) FROM (SELECT n.id FROM ` + from + ` n WHERE ` + cond + ` LIMIT ` + w.Arg(waitingMost) + `) c`
		err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			return tx.QueryRowContext(ctx, query, w.Args()...).Scan(&n)
		})
		return n, err
	}
	if emergencies, err = count(cases.ActReview, cases.NoticeMapping(), "notice", "n.done_at IS NULL AND n.kind = 'emergency'"); err != nil {
		return 0, 0, err
	}
	findings, err = count(ActSettle, FindingMapping(), "finding", "n.settled_at IS NULL")
	return emergencies, findings, err
}

// Finding opens one for a key contact of its agency. To everybody else, and to
// whom it is about, it is not there.
func (s *Service) Finding(ctx context.Context, actor policy.Actor, id string) (Finding, error) {
	f := Finding{}
	r := policy.Resource{Type: "Finding", ID: id, Attrs: policy.Attrs{"agency": "", "account": "", "tied": []string(nil)}}
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := oversightdb.New(tx)
		row, err := q.FindingByID(ctx, oversightdb.FindingByIDParams{AgencyID: actor.Agency, ID: id})
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		tied, tiedErr := q.FindingTied(ctx, oversightdb.FindingTiedParams{AgencyID: row.AgencyID, FindingID: row.ID})
		if tiedErr != nil || err != nil {
			return tiedErr
		}
		r.Attrs = policy.Attrs{"agency": row.AgencyID, "account": row.AccountID, "tied": tied}
		f = Finding{
			ID: row.ID, Kind: FindingKind(row.Kind), Period: row.Period, Detail: row.Detail, Threshold: row.Threshold, FoundAt: row.FoundAt,
			SettledAt: row.SettledAt.Time, Verdict: Settlement(row.Verdict),
		}
		if row.SettledAt.Valid {
			if f.Words, err = s.db.Vault().Open(ctx, tx, place(row.AgencyID, "finding", "words", row.ID), row.Words); err != nil {
				return err
			}
		}
		who, err := workers(ctx, tx, row.AgencyID, []string{row.AccountID, row.SettledBy})
		if err != nil {
			return err
		}
		f.Who, f.SettledBy = who[row.AccountID], who[row.SettledBy]
		files, err := q.FindingFiles(ctx, oversightdb.FindingFilesParams{AgencyID: row.AgencyID, FindingID: row.ID})
		for _, file := range files {
			f.Files = append(f.Files, Read{File: FileRef{ID: cases.ID(file.FileID), Number: file.Number}, Times: file.Times})
		}
		f.Count = int64(len(f.Files))
		return err
	})
	if err != nil {
		return Finding{}, err
	}
	subjects := []audit.Subject{findingSubject(id)}
	if f.Who.Account != "" {
		subjects = append(subjects, accountSubject(f.Who.Account))
	}
	for _, file := range f.Files {
		subjects = append(subjects, file.File.ID.Subject())
	}
	if f.permit, err = s.guard.Open(ctx, actor, ActSettle, r, string(cases.Review), false, subjects...); err != nil {
		return Finding{}, err
	}
	return f, nil
}

// Settle records what looking at a finding came to. It returns forms.Errors by
// the fields verdict and words, and [store.ErrConflict] when it was settled
// meanwhile.
func (s *Service) Settle(ctx context.Context, f Finding, verdict Settlement, words string) error {
	if !f.permit.Valid() {
		return audit.ErrNoPermit
	}
	if !f.SettledAt.IsZero() {
		return store.ErrConflict
	}
	var errs forms.Errors
	if verdict != Explained && verdict != FollowUp {
		errs.Add("verdict", "Select what it came to")
	}
	checkWords(&errs, "words", words, "Write what you looked at, whom you asked, and what you decided")
	if errs.Any() {
		return errs
	}
	actor := f.permit.Actor()
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		sealed, err := s.db.Vault().Seal(ctx, tx, place(actor.Agency, "finding", "words", f.ID), words)
		if err != nil {
			return err
		}
		err = store.Changed(oversightdb.New(tx).SettleFinding(ctx, oversightdb.SettleFindingParams{
			AgencyID: actor.Agency, ID: f.ID, SettledAt: nullTime(tx.Now()), SettledBy: actor.Account, Verdict: string(verdict), Words: sealed.Bytes(),
		}))
		if err != nil {
			return err
		}
		return f.permit.Append(tx, ActSettle, string(verdict), findingSubject(f.ID), accountSubject(f.Who.Account))
	})
}
