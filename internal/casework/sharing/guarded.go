package sharing

import (
	"context"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// guarded lists, by field, where an address that is confidential, or anything
// of somebody who is hidden, stands in what would leave. Nobody needs to be
// able to read the address to be kept from sending it.
func (s *Service) guarded(ctx context.Context, tx *store.Tx, f *cases.File, n NewShare) (forms.Errors, error) {
	guards, err := s.cases.Guards(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	var errs forms.Errors
	for _, said := range n.said() {
		if guards.Tell(said.text) && !errs.Has(said.field) {
			errs.Add(said.field, "Take out the address or number that is kept apart: it does not leave. If there is no time, choose to act now")
		}
	}
	return errs, nil
}

// said is everything that is typed into a share, by field.
func (n NewShare) said() []struct{ field, text string } {
	out := []struct{ field, text string }{
		{"protects", n.Protects},
		{"harm", n.Harm},
		{"rationale", n.Rationale},
		{"present", n.Views.Present},
		{"danger", n.Danger},
		{"informed_how", n.Views.How},
		{"view_words", n.Views.Words},
		{"view_why", n.Views.Why},
		{"not_told", n.Views.NotTold},
	}
	for _, i := range n.Items {
		out = append(out, struct{ field, text string }{string(i.Kind), i.Title + " " + i.Text})
	}
	return out
}
