package webhooks

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/sharing"
	"waymark/internal/casework/webhooks/webhooksdb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

func (s *Service) sent(ctx context.Context, tx *store.Tx, f *cases.File, e cases.Event) error {
	share, err := webhooksdb.New(tx).ShareOfReferral(ctx, webhooksdb.ShareOfReferralParams{AgencyID: f.Agency(), ID: e.Ref})
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, Received, share)
}

func (s *Service) withdrawn(ctx context.Context, tx *store.Tx, _ *cases.File, e cases.Event) error {
	return s.tell(ctx, tx, Withdrawn, e.Ref)
}

// told is that the receiver let the sender know how far it has come. What it tells
// itself alone is nobody else's.
func (s *Service) told(ctx context.Context, tx *store.Tx, f *cases.File, _ cases.Event) error {
	share, err := webhooksdb.New(tx).ShareBehindFile(ctx, webhooksdb.ShareBehindFileParams{ToAgency: f.Agency(), ReceiverFile: string(f.ID())})
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, Stage, share)
}

func (s *Service) moved(ctx context.Context, tx *store.Tx, m sharing.Moment) error {
	e := Acknowledged
	if m.Outcome != "" {
		e = Decided
	}
	return s.tell(ctx, tx, e, string(m.Share))
}

// tell writes down, in the transaction in which it happens, that programs are to be
// told: those that listen to it and may ask about this referral.
func (s *Service) tell(ctx context.Context, tx *store.Tx, e Event, share string) error {
	q := webhooksdb.New(tx)
	ends, err := q.Ends(ctx, share)
	if err != nil || ends.Reason != string(sharing.Referral) {
		return err
	}
	listening, err := q.Listening(ctx, webhooksdb.ListeningParams{AgencyID: ends.AgencyID, AgencyID_2: ends.ToAgency})
	if err != nil {
		return err
	}
	between := interchange.Between(ends.AgencyID, ends.SenderTeam, ends.ToAgency, ends.ToTeam)
	for _, w := range listening {
		if !slices.Contains(splitEvents(w.Events), e) || e == Received && w.AgencyID != ends.ToAgency {
			continue
		}
		work, err := s.member(ctx, tx, w.AccountID)
		if err != nil {
			return err
		}
		program := policy.Actor{
			Account: w.AccountID, Kind: policy.Service, Agency: work.Agency, Teams: work.Teams, Roles: work.Roles, Level: work.Level,
			Only: []policy.Action{interchange.ActFollow},
		}
		if work.Agency != w.AgencyID || !s.guard.Rules().Decide(program, interchange.ActFollow, between).Allowed {
			continue
		}
		if err := s.write(ctx, tx, w.AgencyID, w.ID, e, share); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) write(ctx context.Context, tx *store.Tx, agency, webhook string, e Event, share string) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	return webhooksdb.New(tx).InsertDelivery(ctx, webhooksdb.InsertDeliveryParams{
		AgencyID: agency, ID: id, WebhookID: webhook, Event: string(e), ShareID: share, NextAt: tx.Now(),
	})
}
