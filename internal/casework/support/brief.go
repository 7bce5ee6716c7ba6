package support

import (
	"context"
	"slices"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support/supportdb"
	"waymark/internal/platform/store"
)

// Brief is what the page of a case shows of its support.
type Brief struct {
	Standing Standing
	Last     *Contact // the newest contact
	Open     int      // open needs
	Missing  []Suggestion
	Reassess []string // days by which risk is to be looked at again
	Plan     *Plan    // the newest
}

// Brief reads it. Of a case without support it reads one row.
func (s *Service) Brief(ctx context.Context, tx *store.Tx, f *cases.File) (Brief, error) {
	var b Brief
	if err := show(ctx, f); err != nil {
		return b, err
	}
	row, err := supportdb.New(tx).Brief(ctx, supportdb.BriefParams{AgencyID: f.Agency(), ID: string(f.ID())})
	if err != nil {
		return b, missing(err)
	}
	b.Standing, err = s.standingFor(stood{
		Came: row.Came, CameAt: row.CameAt, ReachedAt: row.ReachedAt, CautiousAt: row.CautiousAt,
		Unanswered: row.Unanswered, PrimaryID: row.PrimaryID, SettingThen: row.SettingThen,
	}, f)
	if err != nil {
		return b, err
	}
	if row.Contacts > 0 {
		list, err := s.Contacts(ctx, tx, f, 1)
		if err != nil {
			return b, err
		}
		b.Last = &list[0]
	}
	if row.Plans > 0 {
		list, err := s.Plans(ctx, tx, f, 1)
		if err != nil {
			return b, err
		}
		b.Plan = &list[0]
	}
	if row.Needs > 0 {
		err = s.briefNeeds(ctx, tx, f, &b)
	}
	return b, err
}

func (s *Service) briefNeeds(ctx context.Context, tx *store.Tx, f *cases.File, b *Brief) error {
	needs, err := s.Needs(ctx, tx, f)
	if err != nil {
		return err
	}
	open := slices.DeleteFunc(slices.Clone(needs), func(n Need) bool { return n.State != Open })
	b.Open = len(open)
	if slices.ContainsFunc(open, func(n Need) bool { return len(Linked(n.Domain)) > 0 }) {
		offers, err := s.Offers(ctx, tx, f)
		if err != nil {
			return err
		}
		b.Missing = Suggest(open, offers)
	}
	if !slices.ContainsFunc(open, func(n Need) bool { return n.Domain == MentalHealth }) {
		return nil
	}
	risk, err := s.lastRisk(ctx, tx, f)
	for _, n := range open {
		if by := n.Reassess(risk.On); by != "" {
			b.Reassess = append(b.Reassess, by)
		}
	}
	return err
}
