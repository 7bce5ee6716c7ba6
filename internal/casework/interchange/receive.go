package interchange

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"mime"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/interchange/interchangedb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// Incoming is what a program posts.
type Incoming struct {
	MediaType string
	Target    string // the header NHSD-Target-Identifier, or empty
	Body      []byte
}

// errSeen is returned when a message is there already.
var errSeen = errors.New("the message is there already")

// Receive takes a message from a program: the referral in it lies in the inbox of
// the team as one from inside does. It returns the answer, and a *[Refusal] for
// what is not taken, of which nothing is kept.
func (s *Service) Receive(ctx context.Context, actor policy.Actor, in Incoming) ([]byte, error) {
	// It is judged before anything is read.
	if _, err := s.guard.Act(ctx, actor, ActDeliver, exchange(actor.Agency), true); err != nil {
		return nil, err
	}
	if media, _, err := mime.ParseMediaType(in.MediaType); err != nil || media != MediaType {
		return nil, refuse(wrongMedia, "not-supported", "", "Send "+MediaType)
	}
	come, err := Read(in.Body)
	if err != nil {
		return nil, err
	}
	mark := s.db.Vault().Keyed("message "+actor.Agency, string(come.Same))
	if answer, err := s.again(ctx, actor, come, mark); !errors.Is(err, store.ErrNotFound) {
		return answer, err
	}
	if err := s.belongs(ctx, actor, come); err != nil {
		return nil, err
	}
	if come.Status == "revoked" && come.Reason != "new" {
		return s.recall(ctx, actor, come, mark)
	}
	to, err := s.addressed(ctx, actor, come, in.Target)
	if err != nil {
		return nil, err
	}
	switch {
	case come.Status != "active":
		return nil, refuse(unprocessable, "not-supported", "ServiceRequest.status", "A referral comes with the status active and the reason new, and is taken back with the status revoked and the reason update")
	case come.Reason != "new":
		return nil, refuse(unprocessable, "not-supported", "MessageHeader.reason", "A referral is not changed by a message. Withdraw it with the status revoked, and send it anew under another id")
	case len(actor.Teams) == 0:
		return nil, refuse(unprocessable, "business-rule", "", "The program belongs to no team of its agency, so that nobody there would hear what becomes of the referral. Ask your administrator to put it into one")
	}
	// The packet names the worker whom the message names, and how it came.
	actor.Name = come.Author + ", by message"
	if come.Author == "" {
		actor.Name = "Somebody who is not named, by message"
	}
	permit, err := s.guard.Act(ctx, actor, ActDeliver, exchange(actor.Agency), true)
	if err != nil {
		return nil, err
	}
	return s.keep(ctx, actor, come, mark, func(ctx context.Context, tx *store.Tx) ([]byte, error) {
		return s.take(ctx, tx, permit, actor, come, to, mark)
	})
}

// keep does what a message asks for in one transaction, once.
func (s *Service) keep(ctx context.Context, actor policy.Actor, come Come, mark []byte, do func(context.Context, *store.Tx) ([]byte, error)) ([]byte, error) {
	var answer []byte
	err := s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		answer, err = do(ctx, tx)
		return err
	})
	if errors.Is(err, errSeen) {
		return s.again(ctx, actor, come, mark) // it came twice at once
	}
	if errs, is := forms.AsErrors(err); is {
		return nil, faulty(errs)
	}
	return answer, err
}

// recall takes a referral back that the same program brought. What the message
// says besides is not kept.
func (s *Service) recall(ctx context.Context, actor policy.Actor, come Come, mark []byte) ([]byte, error) {
	permit, err := s.guard.Act(ctx, actor, ActDeliver, exchange(actor.Agency), true)
	if err != nil {
		return nil, err
	}
	return s.keep(ctx, actor, come, mark, func(ctx context.Context, tx *store.Tx) ([]byte, error) {
		q := interchangedb.New(tx)
		brought, err := q.RequestReceived(ctx, interchangedb.RequestReceivedParams{AgencyID: actor.Agency, RequestID: come.Request})
		if errors.Is(err, sql.ErrNoRows) || err == nil && brought.ReceivedBy != actor.Account {
			return nil, refuse(unprocessable, "not-found", "MessageHeader.focus", "This program brought no referral that it calls so")
		}
		if err != nil {
			return nil, err
		}
		row, err := s.insert(ctx, tx, actor, come, mark, KindRevoked, brought.FileID)
		if err != nil {
			return nil, err
		}
		err = s.referral.RecallTx(ctx, tx, permit, sharing.ID(brought.ShareID))
		if errors.Is(err, store.ErrConflict) {
			return nil, refuse(conflict, "conflict", "ServiceRequest.status", "The referral was taken back before, or the team has decided on it already. Then speak to the team")
		}
		if err != nil {
			return nil, err
		}
		return s.answer(row), permit.Append(tx, ActDeliver, come.ID, sharing.ID(brought.ShareID).Subject(), cases.ID(brought.FileID).Subject())
	})
}

// again is the answer to a message that is there already.
func (s *Service) again(ctx context.Context, actor policy.Actor, come Come, mark []byte) ([]byte, error) {
	var row interchangedb.InterchangeReceived
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		q := interchangedb.New(tx)
		if row, err = q.Received(ctx, interchangedb.ReceivedParams{AgencyID: actor.Agency, MessageID: come.ID}); !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if come.Reason != "new" || come.Status != "active" {
			return err
		}
		_, earlier := q.RequestReceived(ctx, interchangedb.RequestReceivedParams{AgencyID: actor.Agency, RequestID: come.Request})
		if earlier == nil {
			return refuse(conflict, "duplicate", "MessageHeader.focus", "This referral came in another message already")
		}
		if !errors.Is(earlier, sql.ErrNoRows) {
			return earlier
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(row.Mark, mark) != 1 {
		return nil, refuse(conflict, "duplicate", "MessageHeader.id", "Another message came under this id. Give each message an id of its own")
	}
	return s.answer(row), nil
}

// team is one to which a message goes.
type team struct{ id, agency string }

// belongs refuses a message that says that it is from another agency of ours than
// the program that brings it.
func (s *Service) belongs(ctx context.Context, actor policy.Actor, come Come) error {
	return s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, id := range come.Agencies {
			if id == actor.Agency {
				continue
			}
			if _, err := directory.AgencyIn(ctx, tx, directory.AgencyID(id)); err == nil {
				return refuse(forbidden, "forbidden", "MessageHeader.sender", "The message is from another agency than the program that brings it")
			} else if !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		return nil
	})
}

// addressed finds the team that a message is for.
func (s *Service) addressed(ctx context.Context, actor policy.Actor, come Come, target string) (team, error) {
	var out team
	elsewhere := refuse(unprocessable, "not-found", "ServiceRequest.performer", "The message is not for a team that takes referrals here")
	teams := slices.Compact(slices.Sorted(slices.Values(come.Teams)))
	if len(teams) != 1 {
		return out, refuse(unprocessable, "required", "ServiceRequest.performer", "It leads to the HealthcareService that the referral is for, with the identifier that its agency gave you")
	}
	if target != "" {
		var named identifier
		raw, err := base64.StdEncoding.DecodeString(target)
		if err != nil || json.Unmarshal(raw, &named) != nil {
			return out, refuse(badRequest, "value", "NHSD-Target-Identifier", "The header is base64 of an identifier with system and value")
		}
		if ids := own([]identifier{named}); len(ids) != 1 || ids[0] != teams[0] {
			return out, refuse(unprocessable, "conflict", "NHSD-Target-Identifier", "The header and the message name different receivers")
		}
	}
	owner, err := s.owner(ctx, directory.TeamID(teams[0]))
	if err != nil {
		return out, err
	}
	if owner == "" || owner == actor.Agency || come.Agency != "" && come.Agency != owner {
		return out, elsewhere
	}
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		found, err := directory.TeamIn(ctx, tx, directory.AgencyID(owner), directory.TeamID(teams[0]))
		if err == nil && !found.TakesReferrals {
			return elsewhere
		}
		return err
	})
	return team{id: teams[0], agency: owner}, err
}

// insert keeps that a message came; it returns errSeen when it, or the referral
// that it brings, is there already.
func (s *Service) insert(ctx context.Context, tx *store.Tx, actor policy.Actor, come Come, mark []byte, kind Kind, file string) (interchangedb.InterchangeReceived, error) {
	answer, err := tx.NewID()
	if err != nil {
		return interchangedb.InterchangeReceived{}, err
	}
	row := interchangedb.InterchangeReceived{
		AgencyID: actor.Agency, MessageID: come.ID, BundleID: come.BundleID, RequestID: come.Request, Mark: mark, AnswerID: answer,
		FileID: file, ReceivedAt: tx.Now(), ReceivedBy: actor.Account, Kind: string(kind),
	}
	n, err := interchangedb.New(tx).InsertReceived(ctx, interchangedb.InsertReceivedParams{
		AgencyID: row.AgencyID, MessageID: row.MessageID, BundleID: row.BundleID, RequestID: row.RequestID, Mark: mark, AnswerID: answer,
		FileID: file, ReceivedAt: row.ReceivedAt, ReceivedBy: row.ReceivedBy, Kind: row.Kind,
	})
	if err == nil && n == 0 {
		err = errSeen
	}
	return row, err
}

// take keeps a message and sends the referral in it.
func (s *Service) take(ctx context.Context, tx *store.Tx, permit audit.Permit, actor policy.Actor, come Come, to team, mark []byte) ([]byte, error) {
	row, err := s.insert(ctx, tx, actor, come, mark, KindNew, "")
	if err != nil {
		return nil, err
	}
	file, share, err := s.deliver(ctx, tx, permit, come, to)
	if err != nil {
		return nil, err
	}
	err = interchangedb.New(tx).SetReceived(ctx, interchangedb.SetReceivedParams{AgencyID: actor.Agency, MessageID: come.ID, FileID: string(file), ShareID: string(share)})
	if err != nil {
		return nil, err
	}
	if err := permit.Append(tx, ActDeliver, come.ID, share.Subject(), file.Subject()); err != nil {
		return nil, err
	}
	return s.answer(row), nil
}

// deliver sends the referral of a message from a light file of the sender's.
func (s *Service) deliver(ctx context.Context, tx *store.Tx, permit audit.Permit, come Come, to team) (cases.ID, sharing.ID, error) {
	m := come.Message
	person := m.Person
	if errs := person.Check(); errs.Any() {
		return "", "", errs
	}
	if len(come.Author) > 200 {
		return "", "", refuse(unprocessable, "too-long", "Practitioner.name", "The name is too long")
	}
	f, err := s.cases.BeginTx(ctx, tx, permit, cases.NewFile{
		Person: person, Kind: cases.Light, Origin: cases.OwnContact, Team: permit.Actor().Teams[0], Side: m.Subject.Side(),
	})
	if err != nil {
		return "", "", err
	}
	n := come.What
	n.Subject, n.Share = m.Subject, m.Share
	n.Share.To = sharing.Recipient{Agency: to.agency, Team: to.id}
	n.Share.ActNow = m.Urgent
	id, err := s.referral.DeliverTx(ctx, tx, f, n, person)
	if err != nil {
		return "", "", err
	}
	row, err := interchangedb.New(tx).SentReferral(ctx, interchangedb.SentReferralParams{AgencyID: f.Agency(), ID: string(id)})
	return f.ID(), sharing.ID(row.ShareID), err
}

// answer says that a message arrived. It follows from what was kept, so that it
// is the same however often it is given.
func (s *Service) answer(row interchangedb.InterchangeReceived) []byte {
	outcomeID := derived(row.AnswerID, "outcome")
	header := messageHeader{
		ResourceType: "MessageHeader", ID: row.AnswerID, EventCoding: &coding{System: eventSystem, Code: responseEvent},
		Source: source{Software: "Waymark", Endpoint: s.source(row.AgencyID)}, Response: &answered{Identifier: row.MessageID, Code: "ok", Details: to(outcomeID)},
	}
	words := "It is in the inbox of the team. No person has acknowledged it yet: ask for the Task whose focus is this referral"
	if Kind(row.Kind) == KindRevoked {
		words = "The referral is withdrawn. What it said is not there for the team any more; the team sees that it was withdrawn"
	}
	said := operationOutcome{ResourceType: "OperationOutcome", ID: outcomeID, Issue: []issue{{Severity: "information", Code: "informational", Details: &concept{Text: words}}}}
	bundleID := uriIdentifier(derived(row.AnswerID, "bundle"))
	return encoded(bundle{
		ResourceType: "Bundle", ID: derived(row.AnswerID, "bundle"), Identifier: &bundleID, Type: "message", Timestamp: instant(row.ReceivedAt.Truncate(time.Millisecond)),
		Entry: []entry{{FullURL: urn(row.AnswerID), Resource: encoded(header)}, {FullURL: urn(outcomeID), Resource: encoded(said)}},
	})
}
