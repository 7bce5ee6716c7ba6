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
	to, err := s.addressed(ctx, actor, come, in.Target)
	if err != nil {
		return nil, err
	}
	switch {
	case come.Reason != "new" || come.Status != "active":
		return nil, refuse(unprocessable, "not-supported", "MessageHeader.reason", "Only new referrals are taken as messages. To change one or take it back, speak to the team")
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
	var answer []byte
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		answer, err = s.take(ctx, tx, permit, actor, come, to, mark)
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

// again is the answer to a message that is there already.
func (s *Service) again(ctx context.Context, actor policy.Actor, come Come, mark []byte) ([]byte, error) {
	var row interchangedb.InterchangeReceived
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		q := interchangedb.New(tx)
		if row, err = q.Received(ctx, interchangedb.ReceivedParams{AgencyID: actor.Agency, MessageID: come.ID}); !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		n, countErr := q.RequestReceived(ctx, interchangedb.RequestReceivedParams{AgencyID: actor.Agency, RequestID: come.Request})
		if countErr == nil && n > 0 && come.Reason == "new" && come.Status == "active" {
			return refuse(conflict, "duplicate", "MessageHeader.focus", "This referral came in another message already")
		}
		return errors.Join(err, countErr)
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
type team struct{ id, name, agency, agencyName string }

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
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := interchangedb.New(tx)
		row, err := q.AgencyOfTeam(ctx, teams[0])
		if errors.Is(err, sql.ErrNoRows) {
			return elsewhere
		}
		if err != nil {
			return err
		}
		if !row.TakesReferrals || row.AgencyID == actor.Agency || come.Agency != "" && come.Agency != row.AgencyID {
			return elsewhere
		}
		out = team{id: teams[0], name: row.Name, agency: row.AgencyID, agencyName: row.AgencyName}
		for _, id := range come.Agencies {
			if id == actor.Agency {
				continue
			}
			if _, err := q.AgencyName(ctx, id); err == nil {
				return refuse(forbidden, "forbidden", "MessageHeader.sender", "The message is from another agency than the program that brings it")
			} else if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		return nil
	})
	return out, err
}

// take keeps a message and sends the referral in it.
func (s *Service) take(ctx context.Context, tx *store.Tx, permit audit.Permit, actor policy.Actor, come Come, to team, mark []byte) ([]byte, error) {
	q := interchangedb.New(tx)
	answer, err := tx.NewID()
	if err != nil {
		return nil, err
	}
	n, err := q.InsertReceived(ctx, interchangedb.InsertReceivedParams{
		AgencyID: actor.Agency, MessageID: come.ID, BundleID: come.BundleID, RequestID: come.Request, Mark: mark, AnswerID: answer,
		ReceivedAt: tx.Now(), ReceivedBy: actor.Account,
	})
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, errSeen
	}
	file, share, err := s.deliver(ctx, tx, permit, come, to)
	if err != nil {
		return nil, err
	}
	err = q.SetReceived(ctx, interchangedb.SetReceivedParams{AgencyID: actor.Agency, MessageID: come.ID, FileID: string(file), ShareID: string(share)})
	if err != nil {
		return nil, err
	}
	if err := permit.Append(tx, ActDeliver, come.ID, share.Subject(), file.Subject()); err != nil {
		return nil, err
	}
	return s.answer(interchangedb.InterchangeReceived{AgencyID: actor.Agency, MessageID: come.ID, RequestID: come.Request, AnswerID: answer, ReceivedAt: tx.Now()}), nil
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
	said := operationOutcome{ResourceType: "OperationOutcome", ID: outcomeID, Issue: []issue{{
		Severity: "information", Code: "informational", Details: &concept{Text: "It is in the inbox of the team. No person has acknowledged it yet: ask for the Task whose focus is this referral"},
	}}}
	bundleID := uriIdentifier(derived(row.AnswerID, "bundle"))
	return encoded(bundle{
		ResourceType: "Bundle", ID: derived(row.AnswerID, "bundle"), Identifier: &bundleID, Type: "message", Timestamp: instant(row.ReceivedAt.Truncate(time.Millisecond)),
		Entry: []entry{{FullURL: urn(row.AnswerID), Resource: encoded(header)}, {FullURL: urn(outcomeID), Resource: encoded(said)}},
	})
}
