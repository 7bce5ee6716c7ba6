package register

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/register/registerdb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Service is the only door to referrals to a MARAC, and to its register.
type Service struct {
	cases   *cases.Service
	guard   *audit.Guard
	sharing *sharing.Service
	marac   *marac.Service
	listed  []Listener
}

// New makes the service.
func New(files *cases.Service, guard *audit.Guard, shares *sharing.Service, m *marac.Service) *Service {
	return &Service{cases: files, guard: guard, sharing: shares, marac: m}
}

// Listener hears, in the same transaction, that a case was put on the list of a
// meeting.
type Listener func(ctx context.Context, tx *store.Tx, permit audit.Permit, meeting marac.MeetingID, id marac.CaseID) error

// OnList has others hear of it.
func (s *Service) OnList(l Listener) { s.listed = append(s.listed, l) }

// Marac is the MARAC's own service.
func (s *Service) Marac() *marac.Service { return s.marac }

// Sharing is the service of the shares that referrals travel in.
func (s *Service) Sharing() *sharing.Service { return s.sharing }

func (s *Service) db() *store.DB { return s.cases.DB() }

// Outcome is what became of a referral at the MARAC.
type Outcome string

// The outcomes.
const (
	Sent        Outcome = "sent"
	Taken       Outcome = "taken"
	Listed      Outcome = "listed"
	Declined    Outcome = "declined"
	WrongArea   Outcome = "wrong_area"
	Duplicate   Outcome = "duplicate"
	Transferred Outcome = "transferred"
)

// Label is the outcome in words for people.
func (o Outcome) Label() string {
	switch o {
	case Sent:
		return "Sent to the MARAC"
	case Taken:
		return "Being screened"
	case Listed:
		return "Listed for a meeting"
	case Declined:
		return "Not taken"
	case WrongArea:
		return "For another MARAC"
	case Duplicate:
		return "The same as one that is being dealt with"
	case Transferred:
		return "Transferred to another MARAC"
	}
	return string(o)
}

// Referral is what was told beside a share, and what became of it.
type Referral struct {
	Share    sharing.ID
	From, To string // agencies
	Sheet    Sheet
	Outcome  Outcome
	Answer   Answer
	SentAt   time.Time
	Answered time.Time // zero: not yet
}

// Answer is what the MARAC tells the referrer.
type Answer struct {
	Words   string `json:"words,omitempty"`
	Meeting string `json:"meeting,omitempty"` // when it is heard, in words
	Marac   string `json:"marac,omitempty"`   // the one that it belongs to
}

func sheetPlace(agency string, share sharing.ID) store.Place {
	return store.Place{Agency: agency, Table: "marac_referral", Column: "words_sealed", Row: string(share)}
}

func answerPlace(agency string, share sharing.ID) store.Place {
	return store.Place{Agency: agency, Table: "marac_referral", Column: "answer_sealed", Row: string(share)}
}

func stepPlace(agency, id string) store.Place {
	return store.Place{Agency: agency, Table: "marac_step", Column: "words_sealed", Row: id}
}

func (s *Service) asReferral(ctx context.Context, tx *store.Tx, r registerdb.MaracReferral) (Referral, error) {
	out := Referral{Share: sharing.ID(r.ShareID), From: r.FromAgency, To: r.ToAgency, Outcome: Outcome(r.Answer), SentAt: r.SentAt, Answered: r.AnsweredAt.Time}
	if err := tx.Vault().OpenJSON(ctx, tx, sheetPlace(r.AgencyID, out.Share), r.WordsSealed, &out.Sheet); err != nil {
		return out, err
	}
	return out, tx.Vault().OpenJSON(ctx, tx, answerPlace(r.AgencyID, out.Share), r.AnswerSealed, &out.Answer)
}

// Of is what was told beside a packet: only whoever received that sees it.
func (s *Service) Of(ctx context.Context, p *sharing.Packet) (Referral, error) {
	if !p.Permit().Valid() {
		return Referral{}, audit.ErrNoPermit
	}
	var out Referral
	err := s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = s.of(ctx, tx, p)
		return err
	})
	return out, err
}

func (s *Service) of(ctx context.Context, tx *store.Tx, p *sharing.Packet) (Referral, error) {
	row, err := registerdb.New(tx).ReferralByShare(ctx, registerdb.ReferralByShareParams{AgencyID: p.Share().To.Agency, ShareID: string(p.Share().ID)})
	if err != nil {
		return Referral{}, missing(err)
	}
	return s.asReferral(ctx, tx, row)
}

// OfFile are the referrals of a file, sent from it or taken into it, the newest first.
func (s *Service) OfFile(ctx context.Context, f *cases.File) ([]Referral, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return nil, err
	}
	var out []Referral
	err := s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = s.ofFile(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	var shown []audit.Subject
	for _, r := range out {
		shown = append(shown, r.Share.Subject())
	}
	return out, f.Permit().Show(ctx, shown...)
}

func (s *Service) ofFile(ctx context.Context, tx *store.Tx, f *cases.File) ([]Referral, error) {
	rows, err := registerdb.New(tx).ReferralsOfFile(ctx, registerdb.ReferralsOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	out := make([]Referral, len(rows))
	for i, r := range rows {
		if out[i], err = s.asReferral(ctx, tx, r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// judge judges a change to a file before its transaction begins.
func (s *Service) judge(ctx context.Context, f *cases.File, action policy.Action) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	_, err := s.guard.Act(ctx, f.Actor(), action, f.Resource(), true, f.ID().Subject())
	return err
}
