package sharing

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing/sharingdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Row is a line of an inbox. It names nobody.
type Row struct {
	ID      ID
	Reason  Reason
	From    string // agency
	Team    string // whose inbox; empty for a named person's
	DueOn   string
	Sent    time.Time
	State   State
	Outcome Outcome
	HeldBy  string // the account that acknowledged it
	Urgent  bool
	// Reminded tells that the time to acknowledge it has passed.
	Reminded bool
	// Withdrawn is when the sender took it back. What it said is gone.
	Withdrawn time.Time
}

// Path is the address of the share.
func (r Row) Path() string { return "/referrals/" + string(r.ID) }

// Waiting lists what nobody has acknowledged yet in the inboxes of the actor
// and their teams, the oldest first, after the given one.
func (s *Service) Waiting(ctx context.Context, actor policy.Actor, after ID, limit int) ([]Row, error) {
	return s.Inbox(ctx, actor, WaitingBox, after, limit)
}

// Inbox lists one box of what was sent to the actor and their teams: what
// waits with the oldest first, the others with the newest first. That something
// was withdrawn is listed until it would have expired; it cannot be opened.
func (s *Service) Inbox(ctx context.Context, actor policy.Actor, box Box, after ID, limit int) ([]Row, error) {
	scope, permit, err := s.guard.List(ctx, actor, ActList, Mapping(), string(cases.Sharing))
	if err != nil {
		return nil, err
	}
	if !permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	condition, order, follows, withdrawn := "s.acknowledged_at IS NULL", "ASC", "s.id > $1", "s.withdrawn_at IS NULL"
	switch box {
	case AcknowledgedBox:
		condition, order, follows = "s.acknowledged_at IS NOT NULL AND s.settled_at IS NULL", "DESC", "s.id < $1"
	case DecidedBox:
		condition, order, follows = "s.settled_at IS NOT NULL", "DESC", "s.id < $1"
	case WithdrawnBox:
		condition, order, follows, withdrawn = "s.withdrawn_at IS NOT NULL", "DESC", "s.id < $1", "s.withdrawn_at IS NOT NULL"
	case WaitingBox:
	}
	var out []Row
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		var w store.Where
		w.And(store.Fragment{SQL: "s.to_agency = $1", Args: []any{actor.Agency}})
		w.And(store.Fragment{SQL: condition})
		w.And(store.Fragment{SQL: withdrawn + " AND s.expires_at > $1", Args: []any{tx.Now()}})
		w.And(scope)
		if after != "" {
			w.And(store.Fragment{SQL: follows, Args: []any{string(after)}})
		}
		where, _ := w.SQL()
		query := `SELECT s.id, s.reason, s.agency_id, s.to_team, s.due_on, s.sent_at, s.acknowledged_at, s.acknowledged_by, s.settled_at, s.outcome, s.urgent, s.remind_at, s.withdrawn_at
			FROM share s WHERE ` + where + ` ORDER BY s.id ` + order + ` LIMIT ` + w.Arg(limit)
		rows, err := tx.QueryContext(ctx, query, w.Args()...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var r Row
			var acknowledged, settled, remind, withdrawn sql.NullTime
			if err := rows.Scan(&r.ID, &r.Reason, &r.From, &r.Team, &r.DueOn, &r.Sent, &acknowledged, &r.HeldBy, &settled, &r.Outcome, &r.Urgent, &remind, &withdrawn); err != nil {
				return err
			}
			r.Withdrawn = withdrawn.Time
			r.Reminded = !acknowledged.Valid && remind.Valid && !tx.Now().Before(remind.Time)
			switch {
			case withdrawn.Valid:
				r.State = Withdrawn
			case settled.Valid:
				r.State = Settled
			case acknowledged.Valid:
				r.State = Acknowledged
			default:
				r.State = Waiting
			}
			out = append(out, r)
		}
		return rows.Err()
	})
	return out, err
}

// fileMax bounds how many shares of one file are listed.
const fileMax = 50

// Sent are the shares that went out from a file, the newest first.
func (s *Service) Sent(ctx context.Context, f *cases.File) ([]Share, error) {
	return s.ofFile(ctx, f, func(q *sharingdb.Queries) ([]sharingdb.Share, error) {
		return q.SharesOfFile(ctx, sharingdb.SharesOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: fileMax})
	})
}

// TakenIn are the shares that were taken into a file, the newest first.
func (s *Service) TakenIn(ctx context.Context, f *cases.File) ([]Share, error) {
	return s.ofFile(ctx, f, func(q *sharingdb.Queries) ([]sharingdb.Share, error) {
		return q.SharesTakenIn(ctx, sharingdb.SharesTakenInParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: fileMax})
	})
}

func (s *Service) ofFile(ctx context.Context, f *cases.File, rows func(*sharingdb.Queries) ([]sharingdb.Share, error)) ([]Share, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject()); err != nil {
		return nil, err
	}
	var out []Share
	err := s.db.Read(ctx, func(_ context.Context, tx *store.Tx) error {
		list, err := rows(sharingdb.New(tx))
		out = asShares(list)
		return err
	})
	return out, err
}

// Held is a share as the file that holds a copy has it: the one it was sent
// from, or the one it was taken into.
type Held struct {
	Share
	Content        Content
	AcknowledgedBy string // by name; the sender's file only
	Corrected      ID     // by which share it was put right, empty while it was not
}

// Copy opens the copy of a share that a file holds. It returns
// [store.ErrNotFound] when the file holds none.
func (s *Service) Copy(ctx context.Context, f *cases.File, id ID) (Held, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject(), id.Subject()); err != nil {
		return Held{}, err
	}
	var h Held
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		h, err = s.copyIn(ctx, tx, f, id)
		return err
	})
	if err != nil {
		return Held{}, err
	}
	return h, nil
}

// CopyTx is [Service.Copy] in the transaction in which a share is sent, for what
// carries it on.
func (s *Service) CopyTx(ctx context.Context, tx *store.Tx, f *cases.File, id ID) (Held, error) {
	if !f.Permit().Valid() {
		return Held{}, audit.ErrNoPermit
	}
	return s.copyIn(ctx, tx, f, id)
}

func (s *Service) copyIn(ctx context.Context, tx *store.Tx, f *cases.File, id ID) (Held, error) {
	var h Held
	q := sharingdb.New(tx)
	row, err := q.ShareByID(ctx, string(id))
	if err != nil {
		return Held{}, err
	}
	h.Share = asShare(row)
	if row.AgencyID != f.Agency() && row.ToAgency != f.Agency() {
		return Held{}, store.ErrNotFound
	}
	content, file, err := s.readCopy(ctx, tx, f.Agency(), h.Share)
	if err != nil {
		return Held{}, err
	}
	if file != string(f.ID()) {
		return Held{}, store.ErrNotFound
	}
	h.Content = content
	if h.Corrected, err = correctedBy(ctx, q, h.Share); err != nil {
		return Held{}, err
	}
	if row.AgencyID != f.Agency() || h.AcknowledgedAt.IsZero() {
		return h, nil
	}
	h.AcknowledgedBy, err = s.receipt(ctx, tx, q, h.Share)
	return h, err
}

func (s *Service) receipt(ctx context.Context, tx *store.Tx, q *sharingdb.Queries, share Share) (string, error) {
	sealed, err := q.Receipt(ctx, sharingdb.ReceiptParams{AgencyID: share.From, ShareID: string(share.ID)})
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	r := &sealer{ctx: ctx, tx: tx, vault: s.db.Vault(), agency: share.From, id: share.ID}
	return r.open("share_receipt", "name", "", sealed), r.err
}

// Withdraw takes a share back that nobody has decided on: from then on it is
// not there for its receivers, and neither is what puts it right, or what it puts
// right. That it was sent stays on record.
func (s *Service) Withdraw(ctx context.Context, f *cases.File, id ID, reason string) error {
	if err := s.MayWithdraw(ctx, f); err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return s.WithdrawTx(ctx, tx, f, id, reason) })
}

// MayWithdraw judges it for workflows that withdraw in a transaction of their
// own.
func (s *Service) MayWithdraw(ctx context.Context, f *cases.File) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	_, err := s.guard.Act(ctx, f.Actor(), ActWithdraw, f.Resource(), true, f.ID().Subject())
	return err
}

// WithdrawTx is Withdraw within a transaction. It returns [store.ErrConflict]
// when the receiver has decided on it or on what it puts right, or it was
// withdrawn already: then all of it stands.
func (s *Service) WithdrawTx(ctx context.Context, tx *store.Tx, f *cases.File, id ID, reason string) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	q := sharingdb.New(tx)
	share, err := s.ownShare(ctx, q, f, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !share.SettledAt.IsZero() {
		return store.ErrConflict
	}
	if err != nil {
		return err
	}
	line, err := lineOf(ctx, q, share)
	if err != nil {
		return err
	}
	for _, part := range line {
		if part.ID != id && !part.WithdrawnAt.IsZero() {
			continue
		}
		err := store.Changed(q.Withdraw(ctx, sharingdb.WithdrawParams{AgencyID: f.Agency(), ID: string(part.ID), FileID: string(f.ID()), Now: nullTime(tx.Now())}))
		if err != nil {
			return err
		}
		// What was advised stays for whatever is sent in its place.
		if err := q.ReleaseAdvice(ctx, sharingdb.ReleaseAdviceParams{AgencyID: f.Agency(), ShareID: string(part.ID)}); err != nil {
			return err
		}
		text := reason
		if part.ID != id {
			text = "Withdrawn with what it belongs to: " + part.Reason.Label() + "."
		}
		if _, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.ShareWithdrawn, On: tx.Now().Format(time.DateOnly), Text: text, Ref: string(part.ID)}); err != nil {
			return err
		}
		if err := f.Permit().Append(tx, ActWithdraw, "", part.ID.Subject(), f.ID().Subject(), f.Person().Subject()); err != nil {
			return err
		}
	}
	return nil
}

// RecallTx takes a share back for the program that brought it, in the transaction
// of its message; whoever calls it has judged that. The file is the one that it
// was sent from. It returns [store.ErrConflict] when the receiver has decided, or
// it was withdrawn already.
func (s *Service) RecallTx(ctx context.Context, tx *store.Tx, permit audit.Permit, file cases.ID, id ID) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	agency := permit.Actor().Agency
	err := store.Changed(sharingdb.New(tx).Withdraw(ctx, sharingdb.WithdrawParams{AgencyID: agency, ID: string(id), FileID: string(file), Now: nullTime(tx.Now())}))
	if err != nil {
		return err
	}
	err = cases.Deliver(ctx, tx, permit, cases.Address{Agency: agency, File: file},
		cases.Event{Kind: cases.ShareWithdrawn, Text: "By a message of the system that sent it.", Ref: string(id)}, nil)
	if err != nil {
		return err
	}
	return permit.Append(tx, ActWithdraw, "by message", id.Subject(), file.Subject())
}
