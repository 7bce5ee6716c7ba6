package referral

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral/referraldb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// ID names an offer or a referral.
type ID string

// Subject is the referral in a ledger entry.
func (id ID) Subject() audit.Subject { return audit.Subject{Kind: "referral", ID: string(id)} }

// Referral is an offer, and what became of it.
type Referral struct {
	ID             ID
	Agency         string // the referrer
	File           cases.ID
	Share          sharing.ID
	Subject        Subject
	To             sharing.Recipient
	Specialist     bool
	State          State
	OfferedAt      time.Time // zero: nothing was offered before
	Answer         Answer
	SentAt         time.Time
	AcknowledgedAt time.Time
	DecidedAt      time.Time
	Reason         Reason // for declining
	Words          string // of the receiver, when declining
	ReceiverFile   cases.ID
	FeedbackAt     time.Time
	Feedback       sharing.ID
	Follows        ID  // the earlier one of this file that it follows
	PassesOn       ID  // the referral that this file began with, and that it passes on
	Why            Why // why an offer was not wanted, or not safe to make
	CreatedBy      string
	CreatedAt      time.Time
	Version        int64
}

// Path is the address of its page in the referrer's file.
func (r Referral) Path() string { return "/cases/" + string(r.File) + "/referrals/" + string(r.ID) }

// Service is the only door to referrals.
type Service struct {
	db      *store.DB
	guard   *audit.Guard
	cases   *cases.Service
	sharing *sharing.Service
	facts   *measures.Registry
}

// New makes the service.
func New(db *store.DB, guard *audit.Guard, files *cases.Service, shares *sharing.Service, facts *measures.Registry) *Service {
	return &Service{db: db, guard: guard, cases: files, sharing: shares, facts: facts}
}

// Sharing is the service of the shares that referrals travel in.
func (s *Service) Sharing() *sharing.Service { return s.sharing }

func (s *Service) wordsPlace(agency, id string) store.Place {
	return store.Place{Agency: agency, Table: "referral", Column: "decision_words", Row: id}
}

func (s *Service) asReferral(ctx context.Context, tx *store.Tx, row referraldb.Referral) (Referral, error) {
	words, err := s.db.Vault().Open(ctx, tx, s.wordsPlace(row.AgencyID, row.ID), row.DecisionWords)
	return Referral{
		ID: ID(row.ID), Agency: row.AgencyID, File: cases.ID(row.FileID), Share: sharing.ID(row.ShareID), Subject: Subject(row.Subject),
		To: sharing.Recipient{Agency: row.ToAgency, Team: row.ToTeam, Account: row.ToAccount}, Specialist: row.Specialist,
		State: State(row.State), OfferedAt: row.OfferedAt.Time, Answer: Answer(row.Answer), SentAt: row.SentAt.Time,
		AcknowledgedAt: row.AcknowledgedAt.Time, DecidedAt: row.DecidedAt.Time, Reason: Reason(row.Decision), Words: words,
		ReceiverFile: cases.ID(row.ReceiverFile), FeedbackAt: row.FeedbackAt.Time, Feedback: sharing.ID(row.FeedbackShare),
		CreatedBy: row.CreatedBy, CreatedAt: row.CreatedAt, Version: row.Version, Follows: ID(row.Follows), PassesOn: ID(row.PassesOn), Why: Why(row.Reason),
	}, err
}

// judge judges a change to a file before its transaction begins.
func (s *Service) judge(ctx context.Context, f *cases.File, action policy.Action) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	_, err := s.guard.Act(ctx, f.Actor(), action, f.Resource(), true, f.ID().Subject())
	return err
}

// Get returns an offer or a referral of a file. It returns [store.ErrNotFound].
func (s *Service) Get(ctx context.Context, f *cases.File, id ID) (Referral, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return Referral{}, err
	}
	var r Referral
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		r, err = s.get(ctx, tx, f, id)
		return err
	})
	return r, err
}

func (s *Service) get(ctx context.Context, tx *store.Tx, f *cases.File, id ID) (Referral, error) {
	row, err := referraldb.New(tx).ReferralByID(ctx, referraldb.ReferralByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if errors.Is(err, sql.ErrNoRows) {
		return Referral{}, store.ErrNotFound
	}
	if err != nil {
		return Referral{}, err
	}
	return s.asReferral(ctx, tx, row)
}

// listMax bounds how many referrals of one file are listed.
const listMax = 50

// OfFile are the offers and referrals that went out from a file, the newest
// first.
func (s *Service) OfFile(ctx context.Context, f *cases.File) ([]Referral, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return nil, err
	}
	var out []Referral
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := referraldb.New(tx).ReferralsOfFile(ctx, referraldb.ReferralsOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: listMax})
		if err != nil {
			return err
		}
		for _, row := range rows {
			r, err := s.asReferral(ctx, tx, row)
			if err != nil {
				return err
			}
			out = append(out, r)
		}
		return nil
	})
	return out, err
}

// Received is the referral that a file began with, as its receiver sees it. It
// returns [store.ErrNotFound] when the file did not begin with one.
func (s *Service) Received(ctx context.Context, f *cases.File) (Referral, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return Referral{}, err
	}
	var r Referral
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		row, err := referraldb.New(tx).ReferralByReceiver(ctx, referraldb.ReferralByReceiverParams{ToAgency: f.Agency(), ReceiverFile: string(f.ID())})
		if err != nil {
			return err
		}
		r, err = s.asReferral(ctx, tx, row)
		return err
	})
	return r, err
}

// Of is the referral that a packet brought.
func (s *Service) Of(ctx context.Context, p *sharing.Packet) (Referral, error) {
	if !p.Permit().Valid() {
		return Referral{}, audit.ErrNoPermit
	}
	var r Referral
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		r, err = s.of(ctx, tx, p)
		return err
	})
	return r, err
}

func (s *Service) of(ctx context.Context, tx *store.Tx, p *sharing.Packet) (Referral, error) {
	row, err := referraldb.New(tx).ReferralByShare(ctx, referraldb.ReferralByShareParams{AgencyID: p.Share().From, ShareID: string(p.Share().ID)})
	if errors.Is(err, sql.ErrNoRows) {
		return Referral{}, store.ErrNotFound
	}
	if err != nil {
		return Referral{}, err
	}
	return s.asReferral(ctx, tx, row)
}

// service names where a referral goes, and tells whether it is a specialist
// service.
func service(ctx context.Context, tx *store.Tx, to sharing.Recipient) (name string, specialist bool, err error) {
	agency, err := directory.AgencyIn(ctx, tx, directory.AgencyID(to.Agency))
	if err != nil {
		return "", false, err
	}
	name = agency.Name
	if to.Team != "" {
		team, err := directory.TeamIn(ctx, tx, agency.ID, directory.TeamID(to.Team))
		if err != nil {
			return "", false, err
		}
		name = team.Name + ", " + name
	}
	return name, agency.Sector == directory.Specialist, nil
}

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: !t.IsZero()} }

func today(tx *store.Tx) string { return tx.Now().Format(time.DateOnly) }
