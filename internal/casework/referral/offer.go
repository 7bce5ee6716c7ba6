package referral

import (
	"context"
	"errors"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral/referraldb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
)

const wordsMax = 4000

// NewOffer is an offer of support, with what the person answered.
type NewOffer struct {
	Subject Subject
	To      sharing.Recipient
	Answer  Answer
	Words   string // what they said
	Why     Why    // why it was not wanted, or not safe to ask; empty where they gave no reason
	// After is where it was not safe to ask before; empty for none.
	After ID
}

// Check returns what is wrong with an offer, by field.
func (n NewOffer) Check() forms.Errors {
	var errs forms.Errors
	if !known(Subjects(), n.Subject) {
		errs.Add("subject", "Select what the support is for")
	}
	if n.To.Agency == "" || n.To.Team == "" {
		errs.Add("to", "Select the service that you offered")
	}
	checkAnswer(&errs, n.Answer, n.Words, n.Why)
	return errs
}

func checkAnswer(errs *forms.Errors, a Answer, words string, why Why) {
	if why != NoWhy && !known(Whys(a), why) {
		errs.Add("why", "Select a reason that fits the answer")
	}
	if a == NotSafe && why == NoWhy {
		errs.Add("why", "Select why it was not safe to ask")
	}
	if !known(Answers(), a) {
		errs.Add("answer", "Select what they answered")
	}
	if len(words) > wordsMax {
		errs.Add("words", "Shorten this to 4,000 characters or fewer")
	}
}

// Offer records that support was offered, and the answer. It returns
// forms.Errors for what is missing.
func (s *Service) Offer(ctx context.Context, f *cases.File, n NewOffer) (ID, error) {
	if err := s.judge(ctx, f, ActOffer); err != nil {
		return "", err
	}
	if errs := n.Check(); errs.Any() {
		return "", errs
	}
	var id string
	err := s.cases.Change(ctx, f, ActOffer, func(ctx context.Context, tx *store.Tx) error {
		name, specialist, err := service(ctx, tx, n.To)
		if errors.Is(err, store.ErrNotFound) {
			return forms.Errors{{Field: "to", Message: "Select the service that you offered"}}
		}
		if err != nil {
			return err
		}
		state, err := n.first()
		if err != nil {
			return err
		}
		if id, err = tx.NewID(); err != nil {
			return err
		}
		err = referraldb.New(tx).InsertReferral(ctx, referraldb.InsertReferralParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Subject: string(n.Subject),
			ToAgency: n.To.Agency, ToTeam: n.To.Team, ToAccount: n.To.Account, Specialist: specialist, State: string(state),
			OfferedAt: nullTime(tx.Now()), Answer: string(n.Answer), DecisionWords: []byte{},
			CreatedBy: f.Actor().Account, CreatedAt: tx.Now(), Reason: string(n.Why), Follows: string(n.After),
		})
		if err != nil {
			return err
		}
		counted, err := s.countedWith(ctx, tx, f, ID(id), n.After)
		if err != nil {
			return err
		}
		if n.After != "" && counted == ID(id) {
			return store.ErrConflict // there it was offered
		}
		if err := s.recordOffer(ctx, tx, f, id, name, n); err != nil {
			return err
		}
		if n.Answer != NotSafe {
			err := s.facts.Emit(ctx, tx, measures.Fact{
				Kind: "offer.made", Agency: f.Agency(), Person: string(f.Person()), File: string(f.ID()), At: tx.Now(),
				Source:     measures.Source{Kind: "offer", ID: string(counted)},
				Dimensions: measures.Dimensions{"subject": string(n.Subject), "to_specialist": specialist},
			})
			if err != nil {
				return err
			}
		}
		return s.answered(ctx, tx, f, counted, n.Subject, specialist, n.Answer, n.Why)
	})
	if err != nil {
		return "", err
	}
	return ID(id), nil
}

// countedWith is the offer with which what is said of one is counted: where it was
// not safe to ask before, with that.
func (s *Service) countedWith(ctx context.Context, tx *store.Tx, f *cases.File, id, after ID) (ID, error) {
	for after != "" {
		before, err := s.get(ctx, tx, f, after)
		if err != nil {
			return "", err
		}
		if before.State != NotAsked {
			break
		}
		id, after = before.ID, before.Follows
	}
	return id, nil
}

// first is where an offer stands with its first answer. Where nobody could be
// asked, nothing was offered.
func (n NewOffer) first() (State, error) {
	if n.Answer == NotSafe {
		return None.Next(CannotAsk)
	}
	offered, err := None.Next(MakeOffer)
	if err != nil {
		return offered, err
	}
	return offered.Next(n.Answer.event())
}

// answered counts an answer, with its reason.
func (s *Service) answered(ctx context.Context, tx *store.Tx, f *cases.File, id ID, subject Subject, specialist bool, a Answer, why Why) error {
	return s.facts.Emit(ctx, tx, measures.Fact{
		Kind: "offer.answered", Agency: f.Agency(), Person: string(f.Person()), File: string(f.ID()), At: tx.Now(),
		Source:     measures.Source{Kind: "offer", ID: string(id)},
		Dimensions: measures.Dimensions{"subject": string(subject), "to_specialist": specialist, "answer": string(a), "reason": orNone(string(why))},
	})
}

func orNone(code string) string {
	if code == "" {
		return "none"
	}
	return code
}

func (s *Service) recordOffer(ctx context.Context, tx *store.Tx, f *cases.File, id, name string, n NewOffer) error {
	if n.Answer == NotSafe {
		// Nothing was offered: the task to offer it stays.
		return s.recordAnswer(ctx, tx, f, id, n.Answer, n.Why, n.Words)
	}
	if _, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.Offered, On: today(tx), Text: name, Ref: id}); err != nil {
		return err
	}
	if err := s.recordAnswer(ctx, tx, f, id, n.Answer, n.Why, n.Words); err != nil {
		return err
	}
	if err := s.cases.Promote(ctx, tx, f); err != nil {
		return err
	}
	return s.cases.FinishTasks(ctx, tx, f, cases.OfferReferral, "a referral was offered")
}

func (s *Service) recordAnswer(ctx context.Context, tx *store.Tx, f *cases.File, id string, a Answer, why Why, words string) error {
	text := a.Label()
	if why != NoWhy {
		text += ". " + why.Label()
	}
	if words != "" {
		text += ": " + words
	}
	_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.OfferAnswered, On: today(tx), Text: text, Ref: id})
	return err
}

// AnswerOffer records a later answer to an offer: people change their minds.
// It returns [store.ErrConflict] when it was changed since version was read, and
// where it was not safe to ask: nothing was offered that could be answered, and
// what is offered later is an offer of its own.
func (s *Service) AnswerOffer(ctx context.Context, f *cases.File, id ID, version int64, a Answer, words string) error {
	return s.AnswerOfferWith(ctx, f, id, version, a, NoWhy, words)
}

// AnswerOfferWith is AnswerOffer with the reason that they gave.
func (s *Service) AnswerOfferWith(ctx context.Context, f *cases.File, id ID, version int64, a Answer, why Why, words string) error {
	if err := s.judge(ctx, f, ActOffer); err != nil {
		return err
	}
	var errs forms.Errors
	if checkAnswer(&errs, a, words, why); errs.Any() {
		return errs
	}
	return s.cases.Change(ctx, f, ActOffer, func(ctx context.Context, tx *store.Tx) error {
		r, err := s.get(ctx, tx, f, id)
		if err != nil {
			return err
		}
		state, err := r.State.Next(a.event())
		if err != nil {
			return err
		}
		err = store.Changed(referraldb.New(tx).SetAnswer(ctx, referraldb.SetAnswerParams{
			AgencyID: f.Agency(), ID: string(id), State: string(state), Answer: string(a), Version: version, Reason: string(why),
		}))
		if err != nil {
			return err
		}
		counted, err := s.countedWith(ctx, tx, f, id, r.Follows)
		if err != nil {
			return err
		}
		if err := s.answered(ctx, tx, f, counted, r.Subject, r.Specialist, a, why); err != nil {
			return err
		}
		return s.recordAnswer(ctx, tx, f, string(id), a, why, words)
	})
}
