package research

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac/research/researchdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// HeldReturn is something that left for a MARAC against an agreement, or without one,
// by the number of the case: it names nobody.
type HeldReturn struct {
	ID       ReturnID
	Number   string // of the case
	Marac    string // its name
	ActedNow bool
	None     bool // there is no agreement between the two
	Released time.Time
	By       string   // account
	Parts    []string // what was said, by question; only where one is opened
	Why      string   // the reason that was given
	agency   string
	permit   audit.Permit
}

// reviewMost bounds the list of what waits for a key contact.
const reviewMost = 100

func heldResource(agency, by string, tied []string) policy.Resource {
	return policy.Resource{Type: "MaracHeld", ID: agency, Attrs: policy.Attrs{"agency": agency, "by": by, "tied": tied}}
}

// Reviews are what waits for the actor as a key contact, the longest waiting first.
// What they sent themselves, or is about somebody to whom they are tied, is not among
// it: another key contact has it.
func (s *Service) Reviews(ctx context.Context, actor policy.Actor) ([]HeldReturn, error) {
	permit, err := s.guard.Act(ctx, actor, ActReview, heldResource(actor.Agency, "", []string{}), true)
	if err != nil {
		return nil, err
	}
	var out []HeldReturn
	shown := []audit.Subject{{Kind: "agency", ID: actor.Agency}}
	err = s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := researchdb.New(tx).HeldReturns(ctx, researchdb.HeldReturnsParams{AgencyID: actor.Agency, Account: actor.Account, Size: reviewMost})
		for _, r := range rows {
			out = append(out, HeldReturn{ID: ReturnID(r.ID), Number: r.Number, Marac: r.Name, ActedNow: r.ActedNow, None: r.Agreement == "none", Released: r.ReleasedAt, By: r.ReleasedBy})
			shown = append(shown, ReturnID(r.ID).Subject())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, permit.Show(ctx, shown...)
}

// ToReview opens one for a key contact of the agency that it left from. To everybody
// else it is not there.
func (s *Service) ToReview(ctx context.Context, actor policy.Actor, id ReturnID) (HeldReturn, error) {
	out := HeldReturn{ID: id}
	var row researchdb.HeldReturnRow
	tied := []string{}
	err := s.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		q := researchdb.New(tx)
		if row, err = q.HeldReturn(ctx, string(id)); errors.Is(err, sql.ErrNoRows) {
			row, err = researchdb.HeldReturnRow{ID: string(id)}, nil
		}
		if err != nil {
			return err
		}
		if !row.Held || row.ReviewedAt.Valid { // nothing waits
			row.AgencyID = ""
		}
		attrs, err := s.facts(ctx, tx, row.AgencyID, row.MaracID, row.AskID, "", false)
		tied, _ = attrs["tied"].([]string)
		return err
	})
	if err != nil {
		return out, err
	}
	if out.permit, err = s.guard.Open(ctx, actor, ActReview, heldResource(row.AgencyID, row.ReleasedBy, tied), string(cases.Review), false, id.Subject()); err != nil {
		return out, err
	}
	out.agency, out.Number, out.Marac, out.ActedNow, out.None, out.Released, out.By = row.AgencyID, row.Number, row.Name, row.ActedNow, row.Agreement == "none", row.ReleasedAt, row.ReleasedBy
	err = s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		sealed, err := researchdb.New(tx).CopyOf(ctx, researchdb.CopyOfParams{AgencyID: row.AgencyID, ReturnID: string(id)})
		if err != nil {
			return missing(err)
		}
		var c Content
		if err := tx.Vault().OpenJSON(ctx, tx, place(row.AgencyID, "marac_return_copy", "words_sealed", string(id)), sealed, &c); err != nil {
			return err
		}
		out.Why = strings.TrimSpace(c.Rationale + "\n" + c.Override)
		for _, i := range c.Items {
			out.Parts = append(out.Parts, i.Label)
		}
		return nil
	})
	return out, err
}

// Review records what a key contact says of it, once. It returns forms.Errors by the
// fields verdict and words, and [store.ErrConflict] when somebody was first.
func (s *Service) Review(ctx context.Context, v HeldReturn, verdict Verdict, words string) error {
	if !v.permit.Valid() {
		return audit.ErrNoPermit
	}
	var errs forms.Errors
	words = strings.TrimSpace(words)
	if !slices.Contains(Verdicts(), verdict) {
		errs.Add("verdict", "Select what you say of it")
	}
	if words == "" || len(words) > textMax {
		errs.Add("words", "Enter why, in 4,000 characters or fewer")
	}
	if errs.Any() {
		return errs
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		sealed, err := tx.Vault().Seal(ctx, tx, place(v.agency, "marac_return", "review_sealed", string(v.ID)), words)
		if err != nil {
			return err
		}
		err = store.Changed(researchdb.New(tx).Review(ctx, researchdb.ReviewParams{
			AgencyID: v.agency, ID: string(v.ID), ReviewedAt: sql.NullTime{Time: tx.Now(), Valid: true}, ReviewedBy: v.permit.Actor().Account, Verdict: string(verdict), ReviewSealed: sealed.Bytes(),
		}))
		if err != nil {
			return err
		}
		return v.permit.Append(tx, ActReview, string(verdict), v.ID.Subject())
	})
}
