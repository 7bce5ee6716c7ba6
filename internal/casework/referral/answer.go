package referral

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral/referraldb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// FeedbackDays is within how many working days of accepting a referral its
// sender should have heard back. It is a choice of this project.
const FeedbackDays = 10

// Acknowledge records that a named person has received what was sent, a
// referral or feedback, and tells the sender. Feedback needs no more than
// that. A second person is told who was first (*sharing.AlreadyAcknowledged).
func (s *Service) Acknowledge(ctx context.Context, p *sharing.Packet) error {
	return s.sharing.Acknowledge(ctx, p, func(ctx context.Context, tx *store.Tx) error {
		switch p.Share().Reason {
		case sharing.MARACReferral: // it is settled when it is screened
			return nil
		case sharing.Feedback, sharing.Correction:
			return s.sharing.SettleTx(ctx, tx, p.Permit(), p, sharing.Read)
		case sharing.Referral:
		}
		r, err := s.of(ctx, tx, p)
		if err != nil {
			return err
		}
		state, err := r.State.Next(Acknowledge)
		if err != nil {
			return err
		}
		err = store.Changed(referraldb.New(tx).SetAcknowledged(ctx, referraldb.SetAcknowledgedParams{
			AgencyID: r.Agency, ID: string(r.ID), State: string(state), AcknowledgedAt: nullTime(tx.Now()), Version: r.Version,
		}))
		if err != nil {
			return err
		}
		return p.Permit().Append(tx, ActAcknowledge, "", r.ID.Subject())
	})
}

// judgePacket judges an answer to a packet before its transaction begins.
func (s *Service) judgePacket(ctx context.Context, p *sharing.Packet, action policy.Action) (audit.Permit, error) {
	if !p.Permit().Valid() {
		return audit.Permit{}, audit.ErrNoPermit
	}
	if p.Share().Reason != sharing.Referral {
		return audit.Permit{}, store.ErrNotFound
	}
	return s.guard.Act(ctx, p.Actor(), action, p.Resource(), true, p.Share().ID.Subject())
}

// Accept takes a referral on: a file of the receiver's own begins, filled from
// the packet and held by the actor and a team of theirs, and the referrer
// hears of it. It returns [store.ErrConflict] when somebody has decided
// already, or nobody has acknowledged it.
func (s *Service) Accept(ctx context.Context, p *sharing.Packet, team string) (*cases.File, error) {
	permit, err := s.judgePacket(ctx, p, ActAccept)
	if err != nil {
		return nil, err
	}
	begin, err := s.cases.MayBegin(ctx, p.Actor())
	if err != nil {
		return nil, err
	}
	var f *cases.File
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, state, err := s.decide(ctx, tx, p, AcceptIt)
		if err != nil {
			return err
		}
		f, err = s.cases.BeginTx(ctx, tx, begin, cases.NewFile{
			Person: p.Content().Person, Kind: cases.Full, Origin: cases.Referred, Team: team, Side: r.Subject.Side(),
		})
		if err != nil {
			return err
		}
		err = store.Changed(referraldb.New(tx).SetDecided(ctx, referraldb.SetDecidedParams{
			AgencyID: r.Agency, ID: string(r.ID), State: string(state), DecidedAt: nullTime(tx.Now()),
			DecisionWords: []byte{}, ReceiverFile: string(f.ID()), Version: r.Version,
		}))
		if err != nil {
			return err
		}
		if err := s.sharing.SettleTx(ctx, tx, permit, p, sharing.Accepted); err != nil {
			return err
		}
		if err := s.fill(ctx, tx, p, f, team); err != nil {
			return err
		}
		err = cases.Deliver(ctx, tx, permit, cases.Address{Agency: r.Agency, File: r.File},
			cases.Event{Kind: cases.ReferralDecided, Text: "Accepted", Ref: string(r.ID)}, nil)
		if err != nil {
			return err
		}
		if err := s.decided(ctx, tx, p, r, Accepted, ""); err != nil {
			return err
		}
		return permit.Append(tx, ActAccept, "", r.ID.Subject(), p.Share().ID.Subject(), f.ID().Subject())
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// decide reads where the referral of a packet stands and where it goes.
func (s *Service) decide(ctx context.Context, tx *store.Tx, p *sharing.Packet, e Event) (Referral, State, error) {
	r, err := s.of(ctx, tx, p)
	if err != nil {
		return r, "", err
	}
	state, err := r.State.Next(e)
	return r, state, err
}

// fill puts what was received into the receiver's new file. The words stay in
// the sealed copy, which becomes part of the file; the chronology says that
// they came, and from whom.
func (s *Service) fill(ctx context.Context, tx *store.Tx, p *sharing.Packet, f *cases.File, team string) error {
	if err := s.sharing.TakeInTx(ctx, tx, p, f); err != nil {
		return err
	}
	_, err := s.cases.Record(ctx, tx, f, cases.Event{
		Kind: cases.ReferralReceived, On: p.Share().SentAt.Format(time.DateOnly), Source: p.Share().From, Ref: string(p.Share().ID),
		Text: "What the referrer said is on this case, under “What was received”. Safe contact is not checked yet.",
	})
	if err != nil {
		return err
	}
	for _, task := range []cases.NewTask{
		{Kind: cases.FirstContact, Due: sharing.WorkingDay(tx.Now(), 1), Team: team},
		{Kind: cases.AskSafeContact, Due: sharing.WorkingDay(tx.Now(), 1)},
		{Kind: cases.GiveFeedback, Due: sharing.WorkingDay(tx.Now(), FeedbackDays)},
	} {
		if _, err := s.cases.AddTask(ctx, tx, f, task); err != nil {
			return err
		}
	}
	return nil
}

// Decline answers a referral with a reason, which the referrer hears. Nothing
// is deleted. It returns forms.Errors when no reason is given, and
// [store.ErrConflict] when somebody has decided already, or nobody has
// acknowledged it.
func (s *Service) Decline(ctx context.Context, p *sharing.Packet, reason Reason, words string) error {
	permit, err := s.judgePacket(ctx, p, ActDecline)
	if err != nil {
		return err
	}
	var errs forms.Errors
	switch {
	case !known(Reasons(), reason):
		errs.Add("reason", "Select why it is declined")
	case reason == OtherReason && words == "":
		errs.Add("words", "Enter the reason")
	case len(words) > wordsMax:
		errs.Add("words", "Shorten this to 4,000 characters or fewer")
	}
	if errs.Any() {
		return errs
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, state, err := s.decide(ctx, tx, p, DeclineIt)
		if err != nil {
			return err
		}
		sealed, err := s.db.Vault().Seal(ctx, tx, s.wordsPlace(r.Agency, string(r.ID)), words)
		if err != nil {
			return err
		}
		err = store.Changed(referraldb.New(tx).SetDecided(ctx, referraldb.SetDecidedParams{
			AgencyID: r.Agency, ID: string(r.ID), State: string(state), DecidedAt: nullTime(tx.Now()),
			Decision: string(reason), DecisionWords: sealed.Bytes(), Version: r.Version,
		}))
		if err != nil {
			return err
		}
		if err := s.sharing.SettleTx(ctx, tx, permit, p, sharing.Declined); err != nil {
			return err
		}
		err = cases.Deliver(ctx, tx, permit, cases.Address{Agency: r.Agency, File: r.File},
			cases.Event{Kind: cases.ReferralDecided, Text: "Declined: " + reason.Label(), Ref: string(r.ID)},
			&cases.NewTask{Kind: cases.ReferElsewhere, Due: sharing.WorkingDay(tx.Now(), 1)})
		if err != nil {
			return err
		}
		if err := s.decided(ctx, tx, p, r, Declined, reason); err != nil {
			return err
		}
		return permit.Append(tx, ActDecline, string(reason), r.ID.Subject(), p.Share().ID.Subject())
	})
}

// decided counts a decision, for the referrer whose referral it is.
func (s *Service) decided(ctx context.Context, tx *store.Tx, p *sharing.Packet, r Referral, state State, reason Reason) error {
	return s.facts.Emit(ctx, tx, measures.Fact{
		Kind: "referral.decided", Agency: r.Agency, Person: string(p.Share().Person), File: string(r.File), At: tx.Now(),
		Source:     measures.Source{Kind: "referral", ID: string(r.ID)},
		Dimensions: measures.Dimensions{"subject": string(r.Subject), "to_specialist": r.Specialist, "outcome": string(state), "reason": orNone(string(reason))},
	})
}

// NewFeedback is what the referrer hears: the least that they need.
type NewFeedback struct {
	News  string
	Share sharing.NewShare // the decision to share it; to whom is known
}

func (n NewFeedback) share(to sharing.Recipient, answers sharing.ID) sharing.NewShare {
	out := n.Share
	out.Reason, out.To, out.Answers = sharing.Feedback, to, answers
	out.Items = nil
	if n.News != "" {
		out.Items = []sharing.Item{{Kind: sharing.NewsItem, Title: sharing.NewsItem.Label(), Text: n.News}}
	}
	return out
}

// Check returns what is wrong with feedback, by field.
func (n NewFeedback) Check(now time.Time) forms.Errors {
	var errs forms.Errors
	if n.News == "" {
		errs.Add("news", "Enter what the referrer needs to hear")
	}
	for _, e := range n.share(sharing.Recipient{Agency: "known", Account: "known"}, "").Check(now) {
		if e.Field != "why" {
			errs.Add(e.Field, e.Message)
		}
	}
	return errs
}

// Feedback sends feedback on the referral that a file began with to whoever
// sent it: into the inbox of their team, or to them when they had none. It
// returns forms.Errors, and [store.ErrNotFound] when the file did not begin
// with a referral.
func (s *Service) Feedback(ctx context.Context, f *cases.File, n NewFeedback) (sharing.ID, error) {
	if err := s.judge(ctx, f, ActFeedback); err != nil {
		return "", err
	}
	if err := s.sharing.MaySend(ctx, f); err != nil {
		return "", err
	}
	if errs := n.Check(s.db.Clock()()); errs.Any() {
		return "", errs
	}
	r, to, err := s.referrer(ctx, f)
	if err != nil {
		return "", err
	}
	var id sharing.ID
	err = s.cases.Change(ctx, f, ActFeedback, func(ctx context.Context, tx *store.Tx) error {
		state, err := r.State.Next(GiveFeedback)
		if err != nil {
			return err
		}
		id, err = s.reply(ctx, tx, f, r, to, n, state)
		return err
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// FeedbackDraft is the share that feedback will be, for the page that shows it
// before it leaves.
func (s *Service) FeedbackDraft(ctx context.Context, f *cases.File, n NewFeedback) (sharing.NewShare, error) {
	r, to, err := s.referrer(ctx, f)
	return n.share(to, r.Share), err
}

// referrer is the referral that a file began with, and where news of it go.
func (s *Service) referrer(ctx context.Context, f *cases.File) (Referral, sharing.Recipient, error) {
	r, err := s.Received(ctx, f)
	if err != nil {
		return r, sharing.Recipient{}, err
	}
	held, err := s.sharing.Copy(ctx, f, r.Share)
	if err != nil {
		return r, sharing.Recipient{}, err
	}
	to := sharing.Recipient{Agency: held.From, Team: held.SenderTeam}
	if to.Team == "" {
		to.Account = held.Sender
	}
	return r, to, nil
}

// reply sends news of a referral back to whoever sent it.
func (s *Service) reply(ctx context.Context, tx *store.Tx, f *cases.File, r Referral, to sharing.Recipient, n NewFeedback, state State) (sharing.ID, error) {
	id, err := s.sharing.SendTx(ctx, tx, f, n.share(to, r.Share))
	if err != nil {
		return "", err
	}
	if err := s.sharing.TakeInAnswerTx(ctx, tx, f, id, r.Share); err != nil {
		return "", err
	}
	err = store.Changed(referraldb.New(tx).SetFedBack(ctx, referraldb.SetFedBackParams{
		AgencyID: r.Agency, ID: string(r.ID), State: string(state), FeedbackAt: nullTime(tx.Now()), FeedbackShare: string(id), Version: r.Version,
	}))
	if err != nil {
		return "", err
	}
	return id, s.recordFeedback(ctx, tx, f, r, id)
}

func (s *Service) recordFeedback(ctx context.Context, tx *store.Tx, f *cases.File, r Referral, id sharing.ID) error {
	if _, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.FeedbackSent, On: today(tx), Text: "To the referrer", Ref: string(id)}); err != nil {
		return err
	}
	if err := s.cases.FinishTasks(ctx, tx, f, cases.GiveFeedback, "feedback was sent"); err != nil {
		return err
	}
	return cases.Deliver(ctx, tx, f.Permit(), cases.Address{Agency: r.Agency, File: r.File}, cases.Event{
		Kind: cases.FeedbackReceived, Ref: string(r.ID), Text: "It waits in the inbox to be acknowledged by a person.",
	}, nil)
}
