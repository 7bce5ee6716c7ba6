package support

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support/supportdb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part { return cases.Part{Code: "support", Name: "Support"} }

// Pieces is everything that support keeps of a file, in words.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	g := gathering{s: s, f: f}
	for _, part := range []func(context.Context, *store.Tx) error{g.contacts, g.needs, g.goals, g.actions, g.offers, g.plans, g.told} {
		if err := part(ctx, tx); err != nil {
			return nil, 0, err
		}
	}
	return g.out, g.apart, nil
}

// gathering collects the pieces of a file.
type gathering struct {
	s     *Service
	f     *cases.File
	out   []cases.Piece
	apart int
}

func (g *gathering) add(ref, title string, at time.Time, lines ...string) {
	p := cases.Piece{Ref: ref, On: at.Format(time.DateOnly), Title: title}
	for _, l := range lines {
		if l != "" {
			p.Lines = append(p.Lines, l)
		}
	}
	g.out = append(g.out, p)
}

// named puts a name before words, where there are any.
func named(name, words string) string {
	if words == "" {
		return ""
	}
	return name + ": " + words
}

func (g *gathering) contacts(ctx context.Context, tx *store.Tx) error {
	list, err := g.s.Contacts(ctx, tx, g.f, listMost)
	for _, c := range list {
		g.add(string(c.ID), "Contact", c.At, c.State.Label(), c.Whom.Label(), c.Channel.Label(), named("What happened", string(c.Outcome.Label())),
			named("With", c.Words.With), c.Words.Text, named("Refused", c.Reason.Label()), named("Why", c.Words.Why))
	}
	return err
}

func (g *gathering) needs(ctx context.Context, tx *store.Tx) error {
	list, err := g.s.Needs(ctx, tx, g.f)
	for _, n := range list {
		if n.Apart {
			g.apart++
			continue
		}
		g.add(string(n.ID), "Need", n.RecordedAt, n.Domain.Label(), n.Term.Label(), n.State.Label(), named("Abuse", n.Abuse.Label()), n.Words.Text,
			named("What they want of treatment", n.Words.Preferences), named("Treated", n.Treated.Label()), named("By", n.Words.Provider))
		g.out[len(g.out)-1].Compartment = n.Domain.kept()
	}
	return err
}

func (g *gathering) goals(ctx context.Context, tx *store.Tx) error {
	list, err := g.s.Goals(ctx, tx, g.f)
	for _, goal := range list {
		if goal.Apart {
			g.apart++
			continue
		}
		g.add(string(goal.ID), "What they want", goal.RecordedAt, goal.Domain.Label(), goal.Text, goal.State.Label())
		g.out[len(g.out)-1].Compartment = goal.Domain.kept()
	}
	return err
}

func (g *gathering) actions(ctx context.Context, tx *store.Tx) error {
	list, err := g.s.Actions(ctx, tx, g.f)
	for _, a := range list {
		g.add(string(a.ID), "Action agreed", a.RecordedAt, a.Text, "By "+cases.DayInWords(a.Due), a.State.Label(), a.Result)
	}
	return err
}

func (g *gathering) offers(ctx context.Context, tx *store.Tx) error {
	list, err := g.s.Offers(ctx, tx, g.f)
	for i, o := range list {
		g.add("offer-"+itoa(len(list)-i), "Considered or offered", o.RecordedAt, o.Option.Label(), o.Answer.Label(), o.Text)
	}
	return err
}

func (g *gathering) plans(ctx context.Context, tx *store.Tx) error {
	list, err := g.s.Plans(ctx, tx, g.f, listMost)
	for _, p := range list {
		g.add(p.ID, "Plan of support", p.RecordedAt, p.Text, p.Without(), named("To be looked at again", p.ReviewOn))
	}
	return err
}

func (g *gathering) told(ctx context.Context, tx *store.Tx) error {
	sets, said, err := g.s.Told(ctx, tx, g.f)
	for i, set := range sets {
		lines := []string{set.Stage.Label()}
		for _, a := range Aspects() {
			if one := set.Said[a]; one != (Said{}) {
				lines = append(lines, a.Label()+": "+one.Words())
			}
		}
		g.add("outcome-"+itoa(i+1), "How things are, as they see it", set.RecordedAt, append(lines, set.Text)...)
	}
	for i, b := range said {
		g.add("feedback-"+itoa(len(said)-i), "What they say of the support", b.RecordedAt, named("Did it help", b.Helped.Label()), b.Text, b.Came)
	}
	return err
}

// Erase refuses: what support keeps stands together.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes what support keeps of a file.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q, agency, file := supportdb.New(tx), f.Agency(), string(f.ID())
	out := map[string]int64{}
	for kind, do := range map[string]func() (int64, error){
		"contacts": func() (int64, error) {
			return q.DeleteContacts(ctx, supportdb.DeleteContactsParams{AgencyID: agency, FileID: file})
		},
		"needs": func() (int64, error) {
			return q.DeleteNeeds(ctx, supportdb.DeleteNeedsParams{AgencyID: agency, FileID: file})
		},
		"goals": func() (int64, error) {
			return q.DeleteGoals(ctx, supportdb.DeleteGoalsParams{AgencyID: agency, FileID: file})
		},
		"actions": func() (int64, error) {
			return q.DeleteActions(ctx, supportdb.DeleteActionsParams{AgencyID: agency, FileID: file})
		},
		"offers of support": func() (int64, error) {
			return q.DeleteOffers(ctx, supportdb.DeleteOffersParams{AgencyID: agency, FileID: file})
		},
		"plans of support": func() (int64, error) {
			return q.DeletePlans(ctx, supportdb.DeletePlansParams{AgencyID: agency, FileID: file})
		},
		"outcomes": func() (int64, error) {
			return q.DeleteOutcomes(ctx, supportdb.DeleteOutcomesParams{AgencyID: agency, FileID: file})
		},
		"standing of support": func() (int64, error) {
			return q.DeleteCase(ctx, supportdb.DeleteCaseParams{AgencyID: agency, FileID: file})
		},
	} {
		n, err := do()
		if err != nil {
			return nil, err
		}
		out[kind] = n
	}
	return out, nil
}
