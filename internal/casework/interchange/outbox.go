package interchange

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/interchange/interchangedb"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// State is where a message stands that leaves.
type State string

// The states.
const (
	Waiting State = "waiting"
	Taken   State = "taken"   // the receiver's system has it
	Refused State = "refused" // it said that it will not take it
	Dropped State = "dropped" // it was withdrawn before it left
)

// Label is the state in words for people.
func (s State) Label() string {
	switch s {
	case Waiting:
		return "Waits"
	case Taken:
		return "Taken by their system"
	case Refused:
		return "Refused by their system"
	case Dropped:
		return "Withdrawn before it left"
	}
	return string(s)
}

func bodyPlace(agency, id string) store.Place {
	return store.Place{Agency: agency, Table: "interchange_outbox", Column: "body", Row: id}
}

// sent puts a referral into the outbox in the transaction in which it is sent,
// if its team is reached by messages.
func (s *Service) sent(ctx context.Context, tx *store.Tx, f *cases.File, e cases.Event) error {
	if f.Actor().Kind == policy.Service {
		return nil // it came as a message, and goes no further
	}
	q := interchangedb.New(tx)
	row, err := q.SentReferral(ctx, interchangedb.SentReferralParams{AgencyID: f.Agency(), ID: e.Ref})
	if err != nil {
		return err
	}
	if row.ToTeam == "" {
		return nil
	}
	return s.write(ctx, tx, f, KindNew, sharing.ID(row.ShareID), referral.Subject(row.Subject), directory.AgencyID(row.ToAgency), directory.TeamID(row.ToTeam))
}

// withdrawn takes a message back that has not left; if it may have, another one
// goes after it.
func (s *Service) withdrawn(ctx context.Context, tx *store.Tx, f *cases.File, e cases.Event) error {
	q := interchangedb.New(tx)
	rows, err := q.OutgoingOfShare(ctx, interchangedb.OutgoingOfShareParams{AgencyID: f.Agency(), ShareID: e.Ref})
	if err != nil || len(rows) == 0 {
		return err
	}
	n, err := q.DropUntried(ctx, interchangedb.DropUntriedParams{AgencyID: f.Agency(), ShareID: e.Ref, SettledAt: sql.NullTime{Time: tx.Now(), Valid: true}, Body: []byte{}})
	if err != nil || n > 0 || State(rows[0].State) == Refused {
		return err
	}
	row, err := q.ReferralOfShare(ctx, interchangedb.ReferralOfShareParams{AgencyID: f.Agency(), ShareID: e.Ref})
	if err != nil {
		return err
	}
	return s.write(ctx, tx, f, KindRevoked, sharing.ID(e.Ref), referral.Subject(row.Subject), directory.AgencyID(row.ToAgency), directory.TeamID(row.ToTeam))
}

// write writes a message and puts it into the outbox, if there is an endpoint.
func (s *Service) write(ctx context.Context, tx *store.Tx, f *cases.File, kind Kind, share sharing.ID, subject referral.Subject, agency directory.AgencyID, team directory.TeamID) error {
	q := interchangedb.New(tx)
	end, err := q.Endpoint(ctx, interchangedb.EndpointParams{AgencyID: string(agency), TeamID: string(team)})
	if errors.Is(err, sql.ErrNoRows) || err == nil && !end.Active {
		return nil
	}
	if err != nil {
		return err
	}
	held, err := s.sharing.CopyTx(ctx, tx, f, share)
	if err != nil {
		return err
	}
	from, err := directory.AgencyIn(ctx, tx, directory.AgencyID(f.Agency()))
	if err != nil {
		return err
	}
	receiver, err := directory.AgencyIn(ctx, tx, agency)
	if err != nil {
		return err
	}
	receiving, err := directory.TeamIn(ctx, tx, agency, team)
	if err != nil {
		return err
	}
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	c := held.Content
	body, err := Write(Message{
		ID: id, Request: string(share), Kind: kind, Sent: tx.Now(), Source: s.source(f.Agency()), Target: end.Address,
		From:   Side{Agency: f.Agency(), Name: from.Name},
		To:     Side{Agency: string(agency), Name: receiver.Name, Team: string(team), TeamName: receiving.Name, System: end.KnownSystem, Value: end.KnownValue},
		Author: c.Sender, Subject: subject, Urgent: held.ActedNow, Person: c.Person, Items: c.Items,
		Share: sharing.NewShare{Protects: c.Protects, Harm: c.Harm, Basis: held.Basis, Rationale: c.Rationale, Views: c.Views, Grounds: held.Grounds},
	})
	if err != nil {
		return err
	}
	sealed, err := tx.Vault().Seal(ctx, tx, bodyPlace(f.Agency(), id), string(body))
	if err != nil {
		return err
	}
	return q.InsertOutgoing(ctx, interchangedb.InsertOutgoingParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), ShareID: string(share), ToAgency: string(agency), ToTeam: string(team),
		Kind: string(kind), Body: sealed.Bytes(), NextAt: tx.Now(),
	})
}

// Verdict is what became of a try.
type Verdict string

// The verdicts.
const (
	Took     Verdict = "took"
	Declined Verdict = "declined" // it will not take this message, now or later
	Failed   Verdict = "failed"   // another time perhaps
)

// Carrier takes one message to a system. Why is a code, without a word of what
// the other side said.
type Carrier interface {
	Carry(ctx context.Context, p Parcel) (v Verdict, why string)
}

// Parcel is one message with where it goes.
type Parcel struct {
	ID, Agency string
	Endpoint   Endpoint
	Target     []byte // the identifier of the receiver, as JSON
	Sender     []byte // whose message it is, as JSON
	Body       []byte
}

// CarryOut tries what waits: for each team the first message. It returns how many
// were taken, so that the next ones can be tried at once.
func (s *Service) CarryOut(ctx context.Context, carrier Carrier) (int, error) {
	var heads []interchangedb.InterchangeOutbox
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		heads, err = interchangedb.New(tx).Heads(ctx)
		return err
	})
	if err != nil {
		return 0, err
	}
	settled := 0
	var faults []error
	for _, head := range heads {
		if head.NextAt.After(s.Now()) || head.HeldUntil.Valid && head.HeldUntil.Time.After(s.Now()) {
			continue
		}
		done, err := s.carry(ctx, carrier, head)
		if err != nil {
			faults = append(faults, err)
		}
		if done {
			settled++
		}
	}
	return settled, errors.Join(faults...)
}

func (s *Service) carry(ctx context.Context, carrier Carrier, row interchangedb.InterchangeOutbox) (bool, error) {
	permit, err := s.guard.Act(ctx, deployment, ActCarry, exchange(row.AgencyID), true)
	if err != nil {
		return false, err
	}
	p := Parcel{ID: row.ID, Agency: row.AgencyID}
	held := false
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := interchangedb.New(tx)
		n, err := q.Hold(ctx, interchangedb.HoldParams{
			AgencyID: row.AgencyID, ID: row.ID, Now: tx.Now(), Until: sql.NullTime{Time: tx.Now().Add(holding), Valid: true},
		})
		if err != nil || n == 0 {
			return err // somebody else has it in hand
		}
		held = true
		row.Tries++
		body, err := tx.Vault().Open(ctx, tx, bodyPlace(row.AgencyID, row.ID), row.Body)
		if err != nil {
			return err
		}
		p.Body = []byte(body)
		if p.Endpoint, err = s.endpoint(ctx, tx, directory.AgencyID(row.ToAgency), directory.TeamID(row.ToTeam)); err != nil {
			return err
		}
		name, err := q.AgencyName(ctx, row.AgencyID)
		target := uriIdentifier(row.ToTeam)
		if p.Endpoint.KnownSystem != "" {
			target = identifier{System: p.Endpoint.KnownSystem, Value: p.Endpoint.KnownValue}
		}
		p.Target = encoded(target)
		p.Sender = encoded(organization{ResourceType: "Organization", Identifier: []identifier{uriIdentifier(row.AgencyID)}, Name: name})
		return err
	})
	if err != nil || !held {
		return false, err
	}
	verdict, why := carrier.Carry(ctx, p)
	return verdict != Failed, s.settle(context.WithoutCancel(ctx), permit, row, verdict, why)
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
		q := interchangedb.New(tx)
		if v == Failed {
			tell := !row.Told && tx.Now().Sub(row.CreatedAt) >= patience
			_, err := q.Later(ctx, interchangedb.LaterParams{
				AgencyID: row.AgencyID, ID: row.ID, Why: why, NextAt: tx.Now().Add(wait(row.Tries)), Told: row.Told || tell,
			})
			if err != nil || !tell {
				return err
			}
			return s.say(ctx, tx, permit, row, cases.MessageHeldUp, "It is tried again and again. Nobody there has it yet.", true)
		}
		state := Taken
		if v == Declined {
			state = Refused
		}
		n, err := q.Settle(ctx, interchangedb.SettleParams{
			AgencyID: row.AgencyID, ID: row.ID, State: string(state), Why: why, Body: []byte{}, Now: sql.NullTime{Time: tx.Now(), Valid: true},
		})
		if err != nil || n == 0 {
			return err
		}
		if v == Declined {
			return s.say(ctx, tx, permit, row, cases.MessageRefused, "Nobody there will read it from the message.", true)
		}
		return s.say(ctx, tx, permit, row, cases.MessageTaken, "No person there has acknowledged it yet.", false)
	})
}

// say writes on the sender's case what came of a message.
func (s *Service) say(ctx context.Context, tx *store.Tx, permit audit.Permit, row interchangedb.InterchangeOutbox, kind cases.EventKind, words string, todo bool) error {
	text := Kind(row.Kind).Label() + ". " + words
	var task *cases.NewTask
	if todo {
		task = &cases.NewTask{Kind: cases.TellAnotherWay, Due: tx.Now().Format(time.DateOnly)}
	}
	return cases.Deliver(ctx, tx, permit, cases.Address{Agency: row.AgencyID, File: cases.ID(row.FileID)}, cases.Event{Kind: kind, Text: text, Ref: row.ShareID}, task)
}

// Outgoing is a line of the outbox. It names nobody.
type Outgoing struct {
	ID        string
	From, To  string // agencies
	Team      string
	Kind      Kind
	State     State
	Tries     int64
	Why       string
	Written   time.Time
	NextAt    time.Time
	SettledAt time.Time
}

// outboxMost bounds how many messages are listed.
const outboxMost = 200

// Outbox lists the messages from and to the actor's agency, the newest first.
func (s *Service) Outbox(ctx context.Context, actor policy.Actor) ([]Outgoing, error) {
	_, err := s.guard.Open(ctx, actor, ActOversee, exchange(actor.Agency), "", true, audit.Subject{Kind: "agency", ID: actor.Agency})
	if err != nil {
		return nil, err
	}
	var out []Outgoing
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := interchangedb.New(tx).OutboxOf(ctx, interchangedb.OutboxOfParams{AgencyID: actor.Agency, Most: outboxMost})
		for _, r := range rows {
			out = append(out, Outgoing{
				ID: r.ID, From: r.AgencyID, To: r.ToAgency, Team: r.ToTeam, Kind: Kind(r.Kind), State: State(r.State), Tries: r.Tries, Why: r.Why,
				Written: r.CreatedAt, NextAt: r.NextAt, SettledAt: r.SettledAt.Time,
			})
		}
		return err
	})
	return out, err
}

// TryAgain lets a message that waits be tried at once. It returns
// [store.ErrNotFound].
func (s *Service) TryAgain(ctx context.Context, actor policy.Actor, id string) error {
	var ends interchangedb.EndsOfMessageRow
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		ends, err = interchangedb.New(tx).EndsOfMessage(ctx, id)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	owner := ends.AgencyID // or none: judged and answered as somebody else's is
	if ends.ToAgency == actor.Agency {
		owner = ends.ToAgency
	}
	subject := audit.Subject{Kind: "message", ID: id}
	permit, err := s.guard.Act(ctx, actor, ActOversee, exchange(owner), false, subject)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := interchangedb.New(tx).TryAgain(ctx, interchangedb.TryAgainParams{AgencyID: actor.Agency, ID: id, Now: tx.Now()})
		if err == nil && n == 0 {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		return permit.Append(tx, ActOversee, "try again", subject)
	})
}

// Reason is what the last try came to, in words for people.
func Reason(why string) string {
	switch why {
	case "":
		return "Not tried yet"
	case "ok":
		return "Taken"
	case "not-allowed":
		return "The address leads to where messages may not go"
	case "not-reached":
		return "Their system does not answer"
	case "too-slow":
		return "Their system took too long"
	case "no-token":
		return "Their system gave no token for our client and secret"
	case "redirected":
		return "Their system points to another address. That is not followed"
	case "not-understood":
		return "What came back is no answer to the message"
	case "too-large":
		return "What came back is too large to read"
	case "fatal":
		return "Their system says that it cannot take the message"
	case "transient":
		return "Their system says that it cannot take the message now"
	}
	if len(why) == 8 && why[:5] == "http " {
		if n, err := strconv.Atoi(why[5:]); err == nil {
			return "Their system answered with status " + strconv.Itoa(n)
		}
	}
	return why
}
