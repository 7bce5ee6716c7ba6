package cases

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// NoticeKind is what a key contact is told about.
type NoticeKind string

// The kinds of notice.
const (
	NoticeEmergency NoticeKind = "emergency"
	NoticeConflict  NoticeKind = "conflict"
	NoticeBothSides NoticeKind = "both_sides"
	NoticeLifted    NoticeKind = "lifted" // by a manager who was not named on the file
)

// Label is the notice in words for people.
func (k NoticeKind) Label() string {
	switch k {
	case NoticeEmergency:
		return "Emergency access to review"
	case NoticeConflict:
		return "Conflict of interest"
	case NoticeBothSides:
		return "A worker has both sides"
	case NoticeLifted:
		return "A restriction was lifted by a manager"
	}
	return string(k)
}

// Notice waits for the key contacts of an agency. It names a file by number
// and nobody of those it is about.
type Notice struct {
	ID      string
	Kind    NoticeKind
	File    ID
	Number  int64
	Account string // the worker it is about
	Due     string
	At      time.Time
}

// Path is the address of its page.
func (n Notice) Path() string { return "/access/reviews/" + n.ID }

// notify tells the key contacts of an agency, in the transaction of what
// happened.
func (s *Service) notify(ctx context.Context, tx *store.Tx, agency string, kind NoticeKind, file ID, account, ref string) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	return casesdb.New(tx).InsertNotice(ctx, casesdb.InsertNoticeParams{
		AgencyID: agency, ID: id, Kind: string(kind), FileID: string(file), AccountID: account, Ref: ref, DueOn: NextWorkingDay(tx.Now()), CreatedAt: tx.Now(),
	})
}

// Notices are what waits for the actor as a key contact, the earliest due
// first, at most limit of them.
func (s *Service) Notices(ctx context.Context, actor policy.Actor, limit int) ([]Notice, error) {
	scope, _, err := s.guard.List(ctx, actor, ActReview, NoticeMapping(), string(Review))
	if err != nil {
		return nil, err
	}
	var w store.Where
	w.And(store.Fragment{SQL: "n.agency_id = $1 AND n.done_at IS NULL", Args: []any{actor.Agency}})
	w.And(scope)
	where, _ := w.SQL()
	query := `SELECT n.id, n.kind, n.file_id, n.account_id, n.due_on, n.created_at, f.number
		FROM notice n JOIN file f ON f.agency_id = n.agency_id AND f.id = n.file_id
		WHERE ` + where + ` ORDER BY n.due_on, n.id LIMIT ` + w.Arg(limit)
	var out []Notice
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return store.Each(ctx, tx, query, w.Args(), func(rows *sql.Rows) error {
			var n Notice
			err := rows.Scan(&n.ID, &n.Kind, &n.File, &n.Account, &n.Due, &n.At, &n.Number)
			out = append(out, n)
			return err
		})
	})
	return out, err
}

// Reviewed is a notice with everything a key contact decides on.
type Reviewed struct {
	Notice
	Holds     bool // the worker it is about holds the file
	Basis     Relation
	Declared  bool
	Lifted    bool
	Emergency EmergencyAccess
	Done      bool
	permit    audit.Permit
}

// NoticeFor opens a notice for a key contact of its agency. To everybody else
// it is not there.
func (s *Service) NoticeFor(ctx context.Context, actor policy.Actor, id string) (Reviewed, error) {
	var v Reviewed
	r := policy.Resource{Type: "Notice", ID: id, Attrs: policy.Attrs{"agency": "", "account": "", "tied": []string(nil)}}
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := casesdb.New(tx)
		row, err := q.NoticeByID(ctx, casesdb.NoticeByIDParams{AgencyID: actor.Agency, ID: id})
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		tied, tiedErr := q.TiedTo(ctx, casesdb.TiedToParams{AgencyID: row.AgencyID, FileID: row.FileID})
		if tiedErr != nil || err != nil {
			return tiedErr
		}
		r.Attrs = policy.Attrs{"agency": row.AgencyID, "account": row.AccountID, "tied": tied}
		v.Notice = Notice{
			ID: row.ID, Kind: NoticeKind(row.Kind), File: ID(row.FileID), Number: row.Number, Account: row.AccountID, Due: row.DueOn, At: row.CreatedAt,
		}
		v.Holds, v.Done = row.LeadID == row.AccountID, row.DoneAt.Valid
		return s.readReviewed(ctx, tx, q, &v, row)
	})
	if err != nil {
		return Reviewed{}, err
	}
	subjects := []audit.Subject{{Kind: "notice", ID: id}}
	if v.File != "" {
		subjects = append(subjects, v.File.Subject())
	}
	if v.permit, err = s.guard.Open(ctx, actor, ActReview, r, string(Review), false, subjects...); err != nil {
		return Reviewed{}, err
	}
	return v, nil
}

func (s *Service) readReviewed(ctx context.Context, tx *store.Tx, q *casesdb.Queries, v *Reviewed, row casesdb.NoticeByIDRow) error {
	if row.Ref != "" {
		e, err := q.EmergencyByID(ctx, casesdb.EmergencyByIDParams{AgencyID: row.AgencyID, ID: row.Ref})
		if err != nil {
			return err
		}
		o := s.opener(ctx, tx, row.AgencyID)
		v.Emergency = asEmergency(o, e)
		return o.err
	}
	c, err := q.ConflictOf(ctx, casesdb.ConflictOfParams{AgencyID: row.AgencyID, FileID: row.FileID, AccountID: row.AccountID})
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	v.Basis, v.Declared, v.Lifted = Relation(c.Basis), c.Source == declaredTie, c.LiftedAt.Valid
	return err
}

// ReviewEmergency records whether an emergency access was justified. One that
// was not ends at once. It stays in the chronology of the file.
func (s *Service) ReviewEmergency(ctx context.Context, v Reviewed, verdict Verdict, words string) error {
	if !v.permit.Valid() {
		return audit.ErrNoPermit
	}
	errs := checkReason("words", words, "Write what you looked at and why you decided so")
	if verdict != Justified && verdict != NotJustified {
		errs.Add("verdict", "Select whether it was justified")
	}
	if errs.Any() {
		return errs
	}
	if v.Kind != NoticeEmergency {
		return store.ErrNotFound
	}
	actor := v.permit.Actor()
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := casesdb.New(tx)
		o := s.opener(ctx, tx, actor.Agency)
		review := o.seal("emergency_access", "review", v.Emergency.ID, words)
		if o.err != nil {
			return o.err
		}
		err := store.Changed(q.ReviewEmergency(ctx, casesdb.ReviewEmergencyParams{
			AgencyID: actor.Agency, ID: v.Emergency.ID, ReviewedAt: nullTime(tx.Now()), ReviewedBy: actor.Account, Verdict: string(verdict), Review: review,
		}))
		if err != nil {
			return err
		}
		if verdict == NotJustified {
			_, err := q.EndEmergency(ctx, casesdb.EndEmergencyParams{AgencyID: actor.Agency, ID: v.Emergency.ID, ExpiresAt: tx.Now()})
			if err != nil {
				return err
			}
		}
		if err := s.append(ctx, tx, v.permit, actor.Agency, v.File, Event{Kind: EmergencyReviewed, Text: verdict.Label() + ".", Ref: v.Emergency.ID}); err != nil {
			return err
		}
		return s.settle(ctx, tx, q, v, string(verdict))
	})
}

// settle ends a notice.
func (s *Service) settle(ctx context.Context, tx *store.Tx, q *casesdb.Queries, v Reviewed, reason string) error {
	actor := v.permit.Actor()
	err := store.Changed(q.FinishNotice(ctx, casesdb.FinishNoticeParams{AgencyID: actor.Agency, ID: v.ID, DoneAt: nullTime(tx.Now()), DoneBy: actor.Account}))
	if err != nil {
		return err
	}
	return v.permit.Append(tx, ActReview, reason, v.File.Subject(), audit.Subject{Kind: "account", ID: v.Account})
}

// ReviewConflict settles a conflict of interest: it stands, or it was found
// wrongly and is lifted, with the reason.
func (s *Service) ReviewConflict(ctx context.Context, v Reviewed, lift bool, why string) error {
	if !v.permit.Valid() {
		return audit.ErrNoPermit
	}
	if v.Kind == NoticeEmergency {
		return store.ErrNotFound
	}
	if lift {
		if errs := checkReason("why", why, "Write how you know that they are not tied"); errs.Any() {
			return errs
		}
		if v.Kind != NoticeConflict || v.Declared {
			return forms.Errors{{Field: "lift", Message: "What a worker declared themselves is not lifted"}}
		}
	}
	actor := v.permit.Actor()
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := casesdb.New(tx)
		if !lift {
			return s.settle(ctx, tx, q, v, "stands")
		}
		o := s.opener(ctx, tx, actor.Agency)
		words := o.seal("conflict_of_interest", "lifted_why", string(v.File)+"/"+v.Account, why)
		if o.err != nil {
			return o.err
		}
		err := store.Changed(q.LiftConflict(ctx, casesdb.LiftConflictParams{
			AgencyID: actor.Agency, FileID: string(v.File), AccountID: v.Account, LiftedAt: nullTime(tx.Now()), LiftedBy: actor.Account, LiftedWhy: words,
		}))
		if err != nil {
			return err
		}
		return s.settle(ctx, tx, q, v, "lifted")
	})
}
