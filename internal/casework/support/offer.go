package support

import (
	"context"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support/supportdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
)

// Offer is an option that was considered or offered, with what became of it.
type Offer struct {
	Option     Option
	Answer     OfferAnswer
	Text       string // their words, or the reason
	RecordedAt time.Time
	RecordedBy string
}

type offerWords struct {
	Text string `json:"text,omitempty"`
}

const offerTable = "support_offer"

// Check returns what is wrong with an offer as it was typed, by field. What is
// left out has a reason (B6.5, B9.8).
func (o Offer) Check() forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Options(), o.Option) {
		errs.Add("option", "Select what was considered or offered")
	}
	if !slices.Contains(OfferAnswers(), o.Answer) {
		errs.Add("answer", "Select what became of it")
	}
	if (o.Answer == UnsafeToOffer || o.Answer == NotSuitable) && o.Text == "" {
		errs.Add("text", "Write why it is not offered")
	}
	tooLong(&errs, textMax, map[string]string{"text": o.Text})
	return errs
}

// RecordOffer records what was considered or offered, and the answer.
func (s *Service) RecordOffer(ctx context.Context, f *cases.File, o Offer) error {
	if errs := o.Check(); errs.Any() {
		return errs
	}
	return s.cases.Do(ctx, f, ActPlan, func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		words, err := seal(ctx, tx, f, offerTable, id, offerWords{o.Text})
		if err != nil {
			return err
		}
		err = supportdb.New(tx).InsertOffer(ctx, supportdb.InsertOfferParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Option: string(o.Option), Answer: string(o.Answer), Words: words, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
		})
		if err != nil {
			return err
		}
		if err := s.record(ctx, tx, f, cases.SupportOffered, "", sentence([]string{o.Option.Label(), o.Answer.Label(), o.Text}), id); err != nil {
			return err
		}
		return s.emit(ctx, tx, f, "support.offer", offerTable, id, tx.Now(), measures.Dimensions{
			"option": string(o.Option), "group": string(o.Option.Group()), "offered": o.Answer.offered(), "answer": string(o.Answer),
		})
	})
}

// Offers are what was considered and offered on a file, the newest first.
func (s *Service) Offers(ctx context.Context, tx *store.Tx, f *cases.File) ([]Offer, error) {
	if err := show(ctx, f); err != nil {
		return nil, err
	}
	rows, err := supportdb.New(tx).Offers(ctx, supportdb.OffersParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: listMost})
	if err != nil {
		return nil, err
	}
	out := make([]Offer, len(rows))
	for i, row := range rows {
		var words offerWords
		if err := unseal(ctx, tx, row.AgencyID, offerTable, row.ID, row.Words, &words); err != nil {
			return nil, err
		}
		out[i] = Offer{Option: Option(row.Option), Answer: OfferAnswer(row.Answer), Text: words.Text, RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy}
	}
	return out, nil
}

// Suggestion is a service that a need leads to, and that was neither offered
// nor left out with a reason.
type Suggestion struct {
	Domain Domain
	Option Option
}

// Linked are the services that a need in a domain leads to (B6.5, B9.8, B10.6).
func Linked(d Domain) []Option {
	switch d {
	case MentalHealth:
		return []Option{MentalHealthService, Specialist, SocialCare}
	case Alcohol:
		return []Option{AlcoholService, Specialist, SocialCare}
	case Drugs:
		return []Option{DrugService, Specialist, SocialCare}
	case Safety, Housing, Health, Money, Legal, Children, Entitlement, WorkAndLearning, Community, Daily:
	}
	return nil
}

// Suggest are the services that open needs lead to and that are missing. What
// is treated elsewhere already needs no referral to treatment.
func Suggest(needs []Need, offers []Offer) []Suggestion {
	var out []Suggestion
	for _, n := range needs {
		if n.State != Open {
			continue
		}
		for i, o := range Linked(n.Domain) {
			treated := i == 0 && (n.Treated == TreatedElsewhere || n.Treated == AwaitsTreatment)
			seen := slices.ContainsFunc(out, func(s Suggestion) bool { return s.Option == o })
			if !treated && !seen && !settled(offers, o) {
				out = append(out, Suggestion{n.Domain, o})
			}
		}
	}
	return out
}

// settled tells whether an option was offered, or left out with a reason.
func settled(offers []Offer, o Option) bool {
	return slices.ContainsFunc(offers, func(x Offer) bool {
		return x.Option == o && x.Answer != Considered && (x.Text != "" || x.Answer == Offered || x.Answer == Accepted || x.Answer == Declined)
	})
}

// Group is to which group of options one belongs.
type Group string

// The groups: what helps at once (B9.5), in the longer term (B9.6), with others
// (B9.7), and what a need leads to (B6.5, B9.8).
const (
	AtOnce     Group = "immediate"
	InTime     Group = "longer_term"
	WithOthers Group = "group"
	LinkedTo   Group = "linked"
)

// Group is the group of an option.
func (o Option) Group() Group {
	switch o {
	case Advocacy, Floating, Refuge, HousingWorker, IDVA, MARAC:
		return AtOnce
	case LongFloating, Skills:
		return InTime
	case LocalGroup:
		return WithOthers
	case MentalHealthService, AlcoholService, DrugService, SocialCare, Specialist:
	}
	return LinkedTo
}

// offered tells whether the person was offered something, whatever they said.
func (o OfferAnswer) offered() bool { return o == Offered || o == Accepted || o == Declined }
