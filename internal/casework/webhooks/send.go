package webhooks

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"waymark/internal/casework/webhooks/webhooksdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
)

// Verdict is what became of a try.
type Verdict string

// The verdicts.
const (
	Took   Verdict = "took"
	Gone   Verdict = "gone"   // nobody listens there any more
	Failed Verdict = "failed" // another time perhaps
)

// Parcel is one delivery as it leaves.
type Parcel struct {
	ID, Address, Timestamp, Signature string
	Body                              []byte
}

// Courier takes one delivery to a program. Why is a code, without a word of what the
// other side said.
type Courier interface {
	Take(ctx context.Context, p Parcel) (v Verdict, why string)
}

// CarryOut tells what is due, and forgets what is old. It returns how many were
// taken, so that the next ones can be tried at once.
func (s *Service) CarryOut(ctx context.Context, courier Courier) (int, error) {
	var due []webhooksdb.WebhookDelivery
	old := false
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		q := webhooksdb.New(tx)
		if due, err = q.Due(ctx, webhooksdb.DueParams{Now: tx.Now(), Most: roundMost}); err != nil {
			return err
		}
		n, err := q.CountOld(ctx, tx.Now().Add(-keep))
		old = n > 0
		return err
	})
	if err != nil {
		return 0, err
	}
	taken := 0
	var faults []error
	silent := map[string]bool{} // who did not answer is not asked again this round
	for _, row := range due {
		if silent[row.WebhookID] || ctx.Err() != nil {
			continue
		}
		v, err := s.carry(ctx, courier, row)
		faults = append(faults, err)
		switch v {
		case Took:
			taken++
		case Gone, Failed:
			silent[row.WebhookID] = true
		}
	}
	if old {
		faults = append(faults, s.forget(ctx))
	}
	return taken, errors.Join(faults...)
}

func (s *Service) forget(ctx context.Context) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := webhooksdb.New(tx)
		before := tx.Now().Add(-keep)
		if err := q.DeleteOldTries(ctx, before); err != nil {
			return err
		}
		_, err := q.DeleteOld(ctx, before)
		return err
	})
}

// carry tries one delivery. It returns no verdict where somebody else has it in
// hand.
func (s *Service) carry(ctx context.Context, courier Courier, row webhooksdb.WebhookDelivery) (Verdict, error) {
	permit, err := s.guard.Act(ctx, deployment, ActCarry, resource(row.AgencyID, ""), true)
	if err != nil {
		return "", err
	}
	var p Parcel
	held := false
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := webhooksdb.New(tx)
		n, err := q.Hold(ctx, webhooksdb.HoldParams{AgencyID: row.AgencyID, ID: row.ID, Now: tx.Now(), Until: moment(tx.Now().Add(holding))})
		if err != nil || n == 0 {
			return err
		}
		w, err := q.WebhookByID(ctx, row.WebhookID)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // it was taken back meanwhile
		}
		if err != nil {
			return err
		}
		held = true
		row.Tries++
		p, err = s.parcel(ctx, tx, w, row)
		return err
	})
	if err != nil || !held {
		return "", err
	}
	v, why := courier.Take(ctx, p)
	return v, s.settle(context.WithoutCancel(ctx), permit, row, v, why)
}

func (s *Service) parcel(ctx context.Context, tx *store.Tx, w webhooksdb.WebhookByIDRow, row webhooksdb.WebhookDelivery) (Parcel, error) {
	secret, err := tx.Vault().Open(ctx, tx, place(w.AgencyID, "secret", w.ID), w.Secret)
	if err != nil {
		return Parcel{}, err
	}
	secrets := []string{secret}
	if w.OldUntil.Valid && tx.Now().Before(w.OldUntil.Time) {
		old, err := tx.Vault().Open(ctx, tx, place(w.AgencyID, "old_secret", w.ID), w.OldSecret)
		if err != nil {
			return Parcel{}, err
		}
		secrets = append(secrets, old)
	}
	body, err := Body{ID: row.ID, Type: Event(row.Event), Timestamp: row.HappenedAt, Link: s.link(row.ShareID)}.encode()
	if err != nil {
		return Parcel{}, err
	}
	signature, err := Sign(row.ID, tx.Now(), body, secrets...)
	return Parcel{ID: row.ID, Address: w.Address, Timestamp: stamp(tx.Now()), Signature: signature, Body: body}, err
}

// settle keeps what a try came to.
func (s *Service) settle(ctx context.Context, permit audit.Permit, row webhooksdb.WebhookDelivery, v Verdict, why string) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := webhooksdb.New(tx)
		var n int64
		var err error
		switch {
		case v == Failed && row.Tries < mostTries:
			n, err = q.Later(ctx, webhooksdb.LaterParams{AgencyID: row.AgencyID, ID: row.ID, NextAt: tx.Now().Add(wait(row.ID, row.Tries))})
		case v == Took:
			n, err = q.Settle(ctx, webhooksdb.SettleParams{AgencyID: row.AgencyID, ID: row.ID, State: string(Taken), SettledAt: moment(tx.Now())})
		default:
			n, err = q.Settle(ctx, webhooksdb.SettleParams{AgencyID: row.AgencyID, ID: row.ID, State: string(GivenUp), SettledAt: moment(tx.Now())})
		}
		if err != nil || n == 0 {
			return err // it was taken back meanwhile
		}
		at, err := q.NextTry(ctx, webhooksdb.NextTryParams{AgencyID: row.AgencyID, DeliveryID: row.ID})
		if err != nil {
			return err
		}
		err = q.InsertTry(ctx, webhooksdb.InsertTryParams{AgencyID: row.AgencyID, DeliveryID: row.ID, N: at, At: tx.Now(), Why: why})
		if err != nil || v == Failed && row.Tries < mostTries {
			return err
		}
		subject := audit.Subject{Kind: subjectKind, ID: row.WebhookID}
		if v == Took {
			return permit.Append(tx, ActCarry, "", subject)
		}
		reason := "failing"
		if v == Gone {
			reason = "gone"
		}
		_, err = q.PauseFailing(ctx, webhooksdb.PauseFailingParams{AgencyID: row.AgencyID, ID: row.WebhookID, Why: reason, ChangedAt: tx.Now()})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActCarry, "paused", subject)
	})
}

func moment(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: true} }

// Reason is what a try came to, in words for people.
func Reason(why string) string {
	switch why {
	case "ok":
		return "Taken"
	case "not-allowed":
		return "The address leads to where nothing may be sent"
	case "not-reached":
		return "Their system does not answer"
	case "too-slow":
		return "Their system took too long"
	case "redirected":
		return "Their system points to another address. That is not followed"
	}
	if len(why) == 8 && why[:5] == "http " {
		if n, err := strconv.Atoi(why[5:]); err == nil {
			return "Their system answered with status " + strconv.Itoa(n)
		}
	}
	return why
}
