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
	Taken   State = "taken"     // the receiver's system has it
	Refused State = "refused"   // it said that it will not take it
	Dropped State = "dropped"   // it was withdrawn before it was taken
	Expired State = "expired"   // what it says expired before it was taken
	Aside   State = "set_aside" // it cannot be read here, and holds nobody up
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
		return "Withdrawn before it was taken"
	case Expired:
		return "Expired before it was taken"
	case Aside:
		return "Set aside: it cannot be read here"
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
	return s.write(ctx, tx, f, sharing.ID(row.ShareID), referral.Subject(row.Subject), directory.AgencyID(row.ToAgency), directory.TeamID(row.ToTeam))
}

// withdrawn takes a message back: what it says leaves no more. If it may have
// left, its withdrawal goes after it, also to a team whose endpoint is not in use
// now: it waits until it is.
func (s *Service) withdrawn(ctx context.Context, tx *store.Tx, f *cases.File, e cases.Event) error {
	return s.takeBack(ctx, tx, f.Agency(), string(f.ID()), e.Ref)
}

func (s *Service) takeBack(ctx context.Context, tx *store.Tx, agency, file, share string) error {
	q := interchangedb.New(tx)
	rows, err := q.OutgoingOfShare(ctx, interchangedb.OutgoingOfShareParams{AgencyID: agency, ShareID: share})
	if err != nil || len(rows) == 0 {
		return err
	}
	if _, err := q.DropOutgoing(ctx, interchangedb.DropOutgoingParams{
		AgencyID: agency, ShareID: share, State: string(Dropped), Body: []byte{}, Now: sql.NullTime{Time: tx.Now(), Valid: true},
	}); err != nil {
		return err
	}
	left, at := false, tx.Now()
	for _, row := range rows {
		if Kind(row.Kind) == KindRevoked {
			return nil // it is on its way already
		}
		left = left || State(row.State) != Refused && row.Tries > 0
		if row.HeldUntil.Valid && row.HeldUntil.Time.After(at) {
			at = row.HeldUntil.Time // not before the try that goes on now has ended
		}
	}
	if !left {
		return nil
	}
	row, err := q.ReferralOfShare(ctx, interchangedb.ReferralOfShareParams{AgencyID: agency, ShareID: share})
	if err != nil {
		return err
	}
	// It says nothing of what was shared, so that the packet is not opened for it.
	return s.enqueue(ctx, tx, file, Message{Request: share, Kind: KindRevoked, Subject: referral.Subject(row.Subject)},
		agency, directory.AgencyID(row.ToAgency), directory.TeamID(row.ToTeam), at)
}

// write writes a referral and puts it into the outbox, if its team is reached by
// messages now.
func (s *Service) write(ctx context.Context, tx *store.Tx, f *cases.File, share sharing.ID, subject referral.Subject, agency directory.AgencyID, team directory.TeamID) error {
	end, err := interchangedb.New(tx).Endpoint(ctx, interchangedb.EndpointParams{AgencyID: string(agency), TeamID: string(team)})
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
	c := held.Content
	return s.enqueue(ctx, tx, string(f.ID()), Message{
		Request: string(share), Kind: KindNew, Author: c.Sender, Subject: subject, Urgent: held.ActedNow, Person: c.Person, Items: c.Items,
		Share: sharing.NewShare{Protects: c.Protects, Harm: c.Harm, Basis: held.Basis, Rationale: c.Rationale, Views: c.Views, Grounds: held.Grounds},
	}, f.Agency(), agency, team, tx.Now())
}

// enqueue says of a message from whom and to whom it goes, and puts it into the
// outbox; it is not tried before the given time.
func (s *Service) enqueue(ctx context.Context, tx *store.Tx, file string, m Message, sender string, agency directory.AgencyID, team directory.TeamID, at time.Time) error {
	q := interchangedb.New(tx)
	end, err := q.Endpoint(ctx, interchangedb.EndpointParams{AgencyID: string(agency), TeamID: string(team)})
	if err != nil {
		return err
	}
	from, err := directory.AgencyIn(ctx, tx, directory.AgencyID(sender))
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
	if m.ID, err = tx.NewID(); err != nil {
		return err
	}
	m.Sent, m.Source, m.Target = tx.Now(), s.source(sender), end.Address
	m.From = Side{Agency: sender, Name: from.Name}
	m.To = Side{Agency: string(agency), Name: receiver.Name, Team: string(team), TeamName: receiving.Name, System: end.KnownSystem, Value: end.KnownValue}
	body, err := Write(m)
	if err != nil {
		return err
	}
	sealed, err := tx.Vault().Seal(ctx, tx, bodyPlace(sender, m.ID), string(body))
	if err != nil {
		return err
	}
	return q.InsertOutgoing(ctx, interchangedb.InsertOutgoingParams{
		AgencyID: sender, ID: m.ID, FileID: file, ShareID: m.Request, ToAgency: string(agency), ToTeam: string(team),
		Kind: string(m.Kind), Body: sealed.Bytes(), NextAt: at, CreatedAt: tx.Now(),
	})
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

// TryAgain lets a message that waits, or was set aside, be tried at once. It
// returns [store.ErrNotFound].
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
	case "not-readable":
		return "The message cannot be read here"
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
