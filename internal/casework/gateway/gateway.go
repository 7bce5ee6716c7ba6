package gateway

import (
	"context"
	_ "embed"
	"errors"
	"time"

	"waymark/internal/casework/gateway/gatewaydb"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

//go:embed openapi.json
var description []byte

// Description is what programs can ask, as OpenAPI 3.1.
func Description() []byte { return description }

// Service answers programs.
type Service struct {
	db          *store.DB
	guard       *audit.Guard
	interchange *interchange.Service
}

// New makes the service.
func New(db *store.DB, guard *audit.Guard, systems *interchange.Service) *Service {
	return &Service{db: db, guard: guard, interchange: systems}
}

// Now is the time by the clock of the store.
func (s *Service) Now() time.Time { return s.db.Clock()() }

// Direction is on which side of a referral the agency of a program is.
type Direction string

// The directions.
const (
	Sent     Direction = "sent"
	Received Direction = "received"
)

// Referral is where a referral stands.
type Referral struct {
	ID             string     `json:"id"`
	Reference      string     `json:"reference"` // what the sender's messages call it
	Direction      Direction  `json:"direction"`
	Status         string     `json:"status"`
	State          string     `json:"state"`
	StateLabel     string     `json:"state_label"`
	Priority       string     `json:"priority"`
	From           Party      `json:"from"`
	To             Party      `json:"to"`
	Declined       *Code      `json:"declined,omitempty"`
	AcknowledgeBy  string     `json:"acknowledge_by"`
	SentAt         time.Time  `json:"sent_at"`
	AcknowledgedAt *time.Time `json:"acknowledged_at"`
	DecidedAt      *time.Time `json:"decided_at"`
	FeedbackAt     *time.Time `json:"feedback_at"`
	WithdrawnAt    *time.Time `json:"withdrawn_at"`
	ExpiresAt      time.Time  `json:"expires_at"`
	ChangedAt      time.Time  `json:"changed_at"`
	Stages         []Stage    `json:"stages,omitzero"` // of one alone
	Links          Links      `json:"links"`
}

// Party is an agency, or a team of one.
type Party struct {
	Agency   string `json:"agency"`
	Name     string `json:"name,omitempty"`
	Team     string `json:"team,omitempty"`
	TeamName string `json:"team_name,omitempty"`
}

// Code is a code with what it means.
type Code struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// Stage is that the receiver told the sender how far it has come.
type Stage struct {
	Stage string    `json:"stage"`
	Label string    `json:"label"`
	At    time.Time `json:"at"`
}

// Links lead on.
type Links struct {
	Self string `json:"self"`
}

// List are the referrals of the program's teams that fit a question.
func (s *Service) List(ctx context.Context, actor policy.Actor, q interchange.Question, link func(id string) string) ([]Referral, bool, error) {
	list, more, err := s.interchange.Standings(ctx, actor, q)
	if err != nil {
		return nil, false, err
	}
	out := []Referral{}
	for _, st := range list {
		out = append(out, s.referral(actor, st, link))
	}
	return out, more, nil
}

// One is a referral with its stages. What the program may not see is not there, and
// that it asked is in the ledger.
func (s *Service) One(ctx context.Context, actor policy.Actor, id string, link func(id string) string) (Referral, error) {
	var ends gatewaydb.EndsOfReferralRow
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		ends, err = gatewaydb.New(tx).EndsOfReferral(ctx, id)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return Referral{}, err
	}
	// One that is not there is judged as somebody else's is.
	between := interchange.Between(ends.AgencyID, ends.SenderTeam, ends.ToAgency, ends.ToTeam)
	if _, err := s.guard.Open(ctx, actor, interchange.ActFollow, between, "", false, sharing.ID(id).Subject()); err != nil {
		return Referral{}, err
	}
	list, _, err := s.interchange.Standings(ctx, actor, interchange.Question{ID: id})
	if err == nil && len(list) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Referral{}, err
	}
	out := s.referral(actor, list[0], link)
	out.Stages = []Stage{}
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := gatewaydb.New(tx).ToldStages(ctx, gatewaydb.ToldStagesParams{AgencyID: ends.AgencyID, ShareID: id})
		for _, row := range rows {
			out.Stages = append(out.Stages, Stage{Stage: row.Stage, Label: referral.Stage(row.Stage).Label(), At: instant(row.MadeAt)})
		}
		return err
	})
	return out, err
}

func (s *Service) referral(actor policy.Actor, st interchange.Standing, link func(string) string) Referral {
	out := Referral{
		ID: string(st.Share), Reference: st.Request, Direction: Received, Status: st.Status(s.Now()), State: string(st.State), StateLabel: st.State.Label(),
		Priority: "routine", From: Party{Agency: st.From, Name: st.FromName}, To: Party{Agency: st.To, Team: st.Team, TeamName: st.TeamName},
		AcknowledgeBy: st.DueOn, SentAt: instant(st.SentAt), AcknowledgedAt: when(st.AcknowledgedAt), DecidedAt: when(st.DecidedAt), FeedbackAt: when(st.FeedbackAt),
		WithdrawnAt: when(st.WithdrawnAt), ExpiresAt: instant(st.ExpiresAt), ChangedAt: instant(st.Changed(s.Now())), Links: Links{Self: link(string(st.Share))},
	}
	if st.From == actor.Agency {
		out.Direction = Sent
	}
	if st.Urgent {
		out.Priority = "urgent"
	}
	if st.Reason != "" {
		out.Declined = &Code{Code: string(st.Reason), Label: st.Reason.Label()}
	}
	return out
}

// instant is a time as it is told: in UTC, to the millisecond.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = instant(t)
	return &t
}
