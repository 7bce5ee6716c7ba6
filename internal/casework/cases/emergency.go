package cases

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// DefaultEmergencyAccess is how long emergency access lasts when a deployment
// does not say otherwise: half a working day. It is a choice of this project,
// not a figure of the field.
const DefaultEmergencyAccess = 4 * time.Hour

// EmergencyReason is why emergency access is needed.
type EmergencyReason string

// The reasons.
const (
	DangerNow      EmergencyReason = "danger_now"
	ChildDanger    EmergencyReason = "child_danger"
	PersonIsHere   EmergencyReason = "person_is_here"
	WorkerAway     EmergencyReason = "worker_away"
	OtherEmergency EmergencyReason = "other"
)

// EmergencyReasons lists them in the order in which they are offered.
func EmergencyReasons() []EmergencyReason {
	return []EmergencyReason{DangerNow, ChildDanger, PersonIsHere, WorkerAway, OtherEmergency}
}

// Label is the reason in words for people.
func (r EmergencyReason) Label() string {
	switch r {
	case DangerNow:
		return "Somebody is in danger now"
	case ChildDanger:
		return "A child is in danger"
	case PersonIsHere:
		return "The person is here, or on the telephone, and needs help now"
	case WorkerAway:
		return "Something urgent is due and nobody who works on the case can be reached"
	case OtherEmergency:
		return "Another reason"
	}
	return string(r)
}

// Verdict is what a review came to.
type Verdict string

// The verdicts. The zero value waits for review.
const (
	NotReviewed  Verdict = ""
	Justified    Verdict = "justified"
	NotJustified Verdict = "not_justified"
)

// Label is the verdict in words for people.
func (v Verdict) Label() string {
	switch v {
	case Justified:
		return "Justified"
	case NotJustified:
		return "Not justified"
	case NotReviewed:
	}
	return "Waits for review"
}

// EmergencyAccess is one time somebody opened a file in an emergency. It stays
// on the file for good.
type EmergencyAccess struct {
	ID         string
	File       ID
	Account    string
	Reason     EmergencyReason
	Words      string
	Reach      bool // with how the person can be reached
	GivenAt    time.Time
	ExpiresAt  time.Time
	DueOn      string
	ReviewedAt time.Time
	ReviewedBy string
	Verdict    Verdict
	Review     string
}

// Open tells whether it is in force.
func (e EmergencyAccess) Open(now time.Time) bool { return now.Before(e.ExpiresAt) }

// NewEmergency is what is asked of somebody who takes emergency access.
type NewEmergency struct {
	Number int64 // of the file, within the agency
	Reason EmergencyReason
	Words  string
	Reach  bool
}

// Check returns what is wrong with it, by field.
func (n NewEmergency) Check() forms.Errors {
	var errs forms.Errors
	if n.Number <= 0 {
		errs.Add("number", "Enter the number of the case")
	}
	known := false
	for _, r := range EmergencyReasons() {
		known = known || r == n.Reason
	}
	if !known {
		errs.Add("reason", "Select why you need it now")
	}
	for _, e := range checkReason("words", n.Words, "Write what is happening, for whoever reviews this") {
		errs.Add(e.Field, e.Message)
	}
	return errs
}

// noSuchNumber is the one answer for a number that no file has, for a file
// whose people the actor is tied to, and for one that is not opened this way.
const noSuchNumber = "No case of your agency with this number can be opened this way"

// TakeEmergencyAccess gives the actor a file of their own agency for some
// hours. The key contact and whoever holds the file are told in the same
// transaction, and it is reviewed by the next working day. It returns
// forms.Errors by the fields number, reason and words.
func (s *Service) TakeEmergencyAccess(ctx context.Context, actor policy.Actor, n NewEmergency) (ID, error) {
	if _, err := s.guard.Act(ctx, actor, ActAsk, caseload(actor), true); err != nil {
		return "", err
	}
	if errs := n.Check(); errs.Any() {
		return "", errs
	}
	row, facts, err := s.byNumber(ctx, actor.Agency, n.Number)
	if err != nil {
		return "", err
	}
	r := resource(row, facts)
	permit, err := s.guard.Act(ctx, actor, ActEmergency, r, false, audit.Subject{Kind: "case_number", ID: strconv.FormatInt(n.Number, 10)})
	if _, denied := policy.IsDenied(err); denied {
		return "", forms.Errors{{Field: "number", Message: noSuchNumber}}
	}
	if err != nil {
		return "", err
	}
	id := ID(row.ID)
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return s.giveEmergency(ctx, tx, permit, row, n) })
	return id, err
}

// byNumber finds a file of an agency and what rules ask of it; one that is not
// there costs the same.
func (s *Service) byNumber(ctx context.Context, agency string, number int64) (row casesdb.File, facts map[string][]string, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err = casesdb.New(tx).FileByNumber(ctx, casesdb.FileByNumberParams{AgencyID: agency, Number: number})
		if errors.Is(err, sql.ErrNoRows) {
			row, err = casesdb.File{}, nil
		}
		if err != nil {
			return err
		}
		facts, err = readFacts(ctx, tx, row)
		return err
	})
	return row, facts, err
}

func (s *Service) giveEmergency(ctx context.Context, tx *store.Tx, permit audit.Permit, row casesdb.File, n NewEmergency) error {
	actor := permit.Actor()
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	o := s.opener(ctx, tx, row.AgencyID)
	words := o.seal("emergency_access", "words", id, n.Words)
	if o.err != nil {
		return o.err
	}
	q := casesdb.New(tx)
	due := NextWorkingDay(tx.Now())
	err = q.InsertEmergency(ctx, casesdb.InsertEmergencyParams{
		AgencyID: row.AgencyID, ID: id, FileID: row.ID, AccountID: actor.Account, Reason: string(n.Reason), Words: words, Reach: n.Reach,
		GivenAt: tx.Now(), ExpiresAt: tx.Now().Add(s.cfg.EmergencyAccess), DueOn: due, Review: []byte{},
	})
	if err != nil {
		return err
	}
	err = s.append(ctx, tx, permit, row.AgencyID, ID(row.ID), Event{Kind: EmergencyOpened, Text: n.Reason.Label() + ".", Ref: id})
	if err != nil {
		return err
	}
	if err := s.notify(ctx, tx, row.AgencyID, NoticeEmergency, ID(row.ID), actor.Account, id); err != nil {
		return err
	}
	err = deliverTask(ctx, tx, q, Address{Agency: row.AgencyID, File: ID(row.ID)}, NewTask{Kind: EmergencyUsed, Due: due}, actor.Account, row.LeadID)
	if err != nil {
		return err
	}
	return permit.Append(tx, ActEmergency, string(n.Reason), ID(row.ID).Subject())
}

// append adds an entry to a chronology under a permit that is not a file's.
func (s *Service) append(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, file ID, e Event) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	e.ID, e.On, e.RecordedBy = EventID(id), tx.Now().Format(time.DateOnly), permit.Actor().Account
	return insertEntry(ctx, tx, agency, string(file), e)
}

// Emergencies are the times a file was opened in an emergency, the newest
// first.
func (s *Service) Emergencies(ctx context.Context, tx *store.Tx, f *File) ([]EmergencyAccess, error) {
	if err := f.Permit().Show(ctx, f.id.Subject()); err != nil {
		return nil, err
	}
	agency, file := f.key()
	rows, err := casesdb.New(tx).EmergenciesOf(ctx, casesdb.EmergenciesOfParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	out := make([]EmergencyAccess, len(rows))
	o := s.opener(ctx, tx, agency)
	for i, r := range rows {
		out[i] = asEmergency(o, casesdb.EmergencyByIDRow{
			ID: r.ID, FileID: file, AccountID: r.AccountID, Reason: r.Reason, Words: r.Words, Reach: r.Reach, GivenAt: r.GivenAt, ExpiresAt: r.ExpiresAt,
			DueOn: r.DueOn, ReviewedAt: r.ReviewedAt, ReviewedBy: r.ReviewedBy, Verdict: r.Verdict, Review: r.Review,
		})
	}
	return out, o.err
}

func asEmergency(o *opener, r casesdb.EmergencyByIDRow) EmergencyAccess {
	return EmergencyAccess{
		ID: r.ID, File: ID(r.FileID), Account: r.AccountID, Reason: EmergencyReason(r.Reason), Reach: r.Reach, GivenAt: r.GivenAt, ExpiresAt: r.ExpiresAt,
		DueOn: r.DueOn, ReviewedAt: r.ReviewedAt.Time, ReviewedBy: r.ReviewedBy, Verdict: Verdict(r.Verdict),
		Words:  o.open("emergency_access", "words", r.ID, r.Words),
		Review: o.open("emergency_access", "review", r.ID, r.Review),
	}
}
