package interchange

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/interchange/interchangedb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// Verdict is what became of a try.
type Verdict string

// The verdicts.
const (
	Took     Verdict = "took"
	Declined Verdict = "declined" // it will not take this message, now or later
	Failed   Verdict = "failed"   // another time perhaps

	unreadable Verdict = "unreadable" // here: it did not even leave
)

// Carrier takes one message to a system. Why is a code, without a word of what
// the other side said.
type Carrier interface {
	Carry(ctx context.Context, p Parcel) (v Verdict, why string)
}

// Parcel is one message with where it goes.
type Parcel struct {
	ID       string
	Endpoint Endpoint
	Target   []byte // the identifier of the receiver, as JSON
	Sender   []byte // whose message it is, as JSON
	Body     []byte
}

// CarryOut tries what waits: for each team the first message. It returns how many
// were settled, so that the next ones can be tried at once. What was withdrawn or
// has expired is dropped before, whether or not its endpoint is in use.
func (s *Service) CarryOut(ctx context.Context, carrier Carrier) (int, error) {
	var heads []interchangedb.InterchangeOutbox
	var stale []interchangedb.StaleRow
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		q := interchangedb.New(tx)
		if stale, err = q.Stale(ctx, tx.Now()); err != nil {
			return err
		}
		heads, err = q.Heads(ctx)
		return err
	})
	if err != nil {
		return 0, err
	}
	settled := 0
	var faults []error
	did := func(done bool, err error) {
		if err != nil {
			faults = append(faults, err)
		}
		if done {
			settled++
		}
	}
	for _, row := range stale {
		did(s.drop(ctx, row))
	}
	for _, head := range heads {
		if head.NextAt.After(s.Now()) || head.HeldUntil.Valid && head.HeldUntil.Time.After(s.Now()) {
			continue
		}
		did(s.carry(ctx, carrier, head))
	}
	return settled, errors.Join(faults...)
}

// drop takes a message out of the outbox whose share was withdrawn or has expired.
func (s *Service) drop(ctx context.Context, row interchangedb.StaleRow) (bool, error) {
	permit, err := s.guard.Act(ctx, deployment, ActCarry, exchange(row.AgencyID), true)
	if err != nil {
		return false, err
	}
	done := false
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if row.WithdrawnAt.Valid { // before withdrawals were followed at once
			done = true
			return s.takeBack(ctx, tx, row.AgencyID, row.FileID, row.ShareID)
		}
		n, err := interchangedb.New(tx).DropOutgoing(ctx, interchangedb.DropOutgoingParams{
			AgencyID: row.AgencyID, ShareID: row.ShareID, State: string(Expired), Body: []byte{}, Now: sql.NullTime{Time: tx.Now(), Valid: true},
		})
		if err != nil || n == 0 {
			return err
		}
		done = true
		return s.say(ctx, tx, permit, line{row.AgencyID, row.FileID, row.ShareID, Kind(row.Kind)}, cases.MessageHeldUp, "What was shared has expired, so that it does not leave any more.", !row.Told)
	})
	return done, err
}

func (s *Service) carry(ctx context.Context, carrier Carrier, row interchangedb.InterchangeOutbox) (bool, error) {
	permit, err := s.guard.Act(ctx, deployment, ActCarry, exchange(row.AgencyID), true)
	if err != nil {
		return false, err
	}
	held := false
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := interchangedb.New(tx).Hold(ctx, interchangedb.HoldParams{
			AgencyID: row.AgencyID, ID: row.ID, Now: tx.Now(), Until: sql.NullTime{Time: tx.Now().Add(holding), Valid: true},
		})
		held = n > 0 // or somebody else has it in hand
		return err
	})
	if err != nil || !held {
		return false, err
	}
	row.Tries++
	p, err := s.parcel(ctx, row)
	if err != nil && ctx.Err() != nil {
		return false, err // it ends here, and the message is taken up later
	}
	if err != nil {
		// It is not for ever the first: what is wrong with it may be with it alone.
		last := row.Faults+1 >= faultsMost
		return last, errors.Join(fmt.Errorf("preparing message %s: %w", row.ID, err), s.settle(context.WithoutCancel(ctx), permit, row, unreadable, "not-readable"))
	}
	verdict, why := carrier.Carry(ctx, p)
	return verdict != Failed, s.settle(context.WithoutCancel(ctx), permit, row, verdict, why)
}

// parcel opens a message, with where it goes.
func (s *Service) parcel(ctx context.Context, row interchangedb.InterchangeOutbox) (Parcel, error) {
	p := Parcel{ID: row.ID}
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		body, err := tx.Vault().Open(ctx, tx, bodyPlace(row.AgencyID, row.ID), row.Body)
		if err != nil {
			return err
		}
		p.Body = []byte(body)
		if p.Endpoint, err = s.endpoint(ctx, tx, directory.AgencyID(row.ToAgency), directory.TeamID(row.ToTeam)); err != nil {
			return err
		}
		from, err := directory.AgencyIn(ctx, tx, directory.AgencyID(row.AgencyID))
		target := uriIdentifier(row.ToTeam)
		if p.Endpoint.KnownSystem != "" {
			target = identifier{System: p.Endpoint.KnownSystem, Value: p.Endpoint.KnownValue}
		}
		p.Target = encoded(target)
		p.Sender = encoded(organization{ResourceType: "Organization", Identifier: []identifier{uriIdentifier(row.AgencyID)}, Name: from.Name})
		return err
	})
	return p, err
}

// wait is how long after the nth try the next one is made.
func wait(n int64) time.Duration {
	d := firstWait
	for range min(n-1, 20) {
		if d *= 2; d >= mostWait {
			return mostWait
		}
	}
	return d
}

func (s *Service) settle(ctx context.Context, permit audit.Permit, row interchangedb.InterchangeOutbox, v Verdict, why string) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if v == Failed || v == unreadable {
			return s.later(ctx, tx, permit, row, v, why)
		}
		state := Taken
		if v == Declined {
			state = Refused
		}
		n, err := interchangedb.New(tx).Settle(ctx, interchangedb.SettleParams{
			AgencyID: row.AgencyID, ID: row.ID, State: string(state), Why: why, Body: []byte{}, Now: sql.NullTime{Time: tx.Now(), Valid: true},
		})
		if err != nil || n == 0 {
			return err
		}
		if v == Declined {
			return s.say(ctx, tx, permit, lineOf(row), cases.MessageRefused, "Nobody there will read it from the message.", true)
		}
		return s.say(ctx, tx, permit, lineOf(row), cases.MessageTaken, "No person there has acknowledged it yet.", false)
	})
}

// later keeps when a message is tried next, and tells its sender and those of the
// messages behind it when that takes long. One that cannot be read here is set
// aside after some tries, so that those behind it leave.
func (s *Service) later(ctx context.Context, tx *store.Tx, permit audit.Permit, row interchangedb.InterchangeOutbox, v Verdict, why string) error {
	q := interchangedb.New(tx)
	state, tell := Waiting, tx.Now().Sub(row.CreatedAt) >= patience
	if v == unreadable {
		row.Faults++
		if row.Faults >= faultsMost {
			state, tell = Aside, true
		}
	}
	n, err := q.Later(ctx, interchangedb.LaterParams{
		AgencyID: row.AgencyID, ID: row.ID, Why: why, NextAt: tx.Now().Add(wait(row.Tries)), Told: row.Told || tell, Faults: row.Faults, State: string(state),
	})
	if err != nil || n == 0 {
		return err // it was withdrawn meanwhile
	}
	switch {
	case row.Told || !tell:
	case state == Aside:
		err = s.say(ctx, tx, permit, lineOf(row), cases.MessageHeldUp, "It cannot be read here any more and was set aside. Nobody there has it.", true)
	default:
		err = s.say(ctx, tx, permit, lineOf(row), cases.MessageHeldUp, "It is tried again and again. Nobody there has it yet.", true)
	}
	if err != nil || state == Aside {
		return err
	}
	behind, err := q.Behind(ctx, interchangedb.BehindParams{ToAgency: row.ToAgency, ToTeam: row.ToTeam, Since: tx.Now().Add(-patience)})
	if err != nil {
		return err
	}
	for _, b := range behind {
		n, err := q.MarkTold(ctx, interchangedb.MarkToldParams{AgencyID: b.AgencyID, ID: b.ID})
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := s.say(ctx, tx, permit, lineOf(b), cases.MessageHeldUp, "It waits behind another message that does not get through. Nobody there has it yet.", true); err != nil {
			return err
		}
	}
	return nil
}

// line is what of a message leads to the case that it is from.
type line struct {
	agency, file, share string
	kind                Kind
}

func lineOf(row interchangedb.InterchangeOutbox) line {
	return line{row.AgencyID, row.FileID, row.ShareID, Kind(row.Kind)}
}

// say writes on the sender's case what came of a message.
func (s *Service) say(ctx context.Context, tx *store.Tx, permit audit.Permit, l line, kind cases.EventKind, words string, todo bool) error {
	var task *cases.NewTask
	if todo {
		task = &cases.NewTask{Kind: cases.TellAnotherWay, Due: tx.Now().Format(time.DateOnly)}
	}
	return cases.Deliver(ctx, tx, permit, cases.Address{Agency: l.agency, File: cases.ID(l.file)}, cases.Event{Kind: kind, Text: l.kind.Label() + ". " + words, Ref: l.share}, task)
}
