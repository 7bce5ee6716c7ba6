package rights

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/rights/rightsdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Verdict is what a review before destruction found.
type Verdict string

// The verdicts.
const (
	ToDestroy  Verdict = "destroy"
	KeepLonger Verdict = "keep"
)

// Verdicts lists them in the order in which they are offered.
func Verdicts() []Verdict { return []Verdict{KeepLonger, ToDestroy} }

// Label is the verdict in words for people.
func (v Verdict) Label() string {
	switch v {
	case ToDestroy:
		return "It can be destroyed"
	case KeepLonger:
		return "It has to be kept longer"
	}
	return string(v)
}

// Destruction is a review before a destruction and, once it was done, its
// certificate.
type Destruction struct {
	ID          string
	Number      int64 // of the file
	Kind        RecordKind
	Schedule    string
	Months      int
	Authority   string
	Verdict     Verdict
	Why         string // empty once it was destroyed
	KeepUntil   string
	ReviewedAt  time.Time
	ReviewedBy  string
	DestroyedAt time.Time
	DestroyedBy string
	Counts      map[string]int64
}

// Path is the address of the certificate.
func (d Destruction) Path() string { return "/records/certificates/" + d.ID }

// NewReview is what a manager found.
type NewReview struct {
	Verdict   Verdict
	Why       string
	KeepUntil string // YYYY-MM-DD
}

// refusals why a file cannot be destroyed now.
func (k Keeping) refusal() string {
	switch {
	case k.Closed.IsZero():
		return "The case is open. Only a closed case is destroyed"
	case !k.Decided:
		return "Your agency has decided no period for this kind of case"
	case k.Held:
		return "A legal hold keeps it"
	case !k.Passed:
		return "Its period has not passed"
	}
	return ""
}

// Review looks at a file before it is destroyed. Nothing happens to the file.
func (s *Service) Review(ctx context.Context, f *cases.File, n NewReview) error {
	var errs forms.Errors
	if !known(Verdicts(), n.Verdict) {
		errs.Add("verdict", "Select what you found")
	}
	need(&errs, "review_why", n.Why, "Write what you looked at and why")
	if errs.Any() {
		return errs
	}
	if err := s.judge(ctx, f, ActReview); err != nil {
		return err
	}
	return s.change(ctx, f, ActReview, f.ID().Subject(), string(n.Verdict), func(ctx context.Context, tx *store.Tx) error {
		k, err := s.keeping(ctx, tx, f)
		if err != nil {
			return err
		}
		if why := k.refusal(); why != "" {
			return forms.Errors{{Field: "verdict", Message: why}}
		}
		if n.Verdict == KeepLonger {
			if until, err := time.Parse(time.DateOnly, n.KeepUntil); err != nil || !until.After(tx.Now()) {
				return forms.Errors{{Field: "keep_until", Message: "Enter the day, in the future, until which it is kept"}}
			}
		} else {
			n.KeepUntil = ""
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		v := s.vault(ctx, tx, f.Agency())
		p := rightsdb.InsertDestructionParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Number: f.Number(), Kind: string(k.Schedule.Kind), ScheduleID: k.Schedule.ID,
			Months: int64(k.Schedule.Months), Authority: k.Schedule.Authority, Verdict: string(n.Verdict), Why: v.seal("destruction", "why", id, n.Why),
			KeepUntil: n.KeepUntil, ReviewedAt: tx.Now(), ReviewedBy: f.Actor().Account,
		}
		if v.err != nil {
			return v.err
		}
		return rightsdb.New(tx).InsertDestruction(ctx, p)
	})
}

func (s *Service) lastReview(ctx context.Context, tx *store.Tx, f *cases.File) (*Destruction, error) {
	row, err := rightsdb.New(tx).LastDestruction(ctx, rightsdb.LastDestructionParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nobody has looked at it
	}
	if err != nil {
		return nil, err
	}
	d, err := asDestruction(rightsdb.CertificatesRow(row))
	if err != nil {
		return nil, err
	}
	v := s.vault(ctx, tx, f.Agency())
	d.Why = v.open("destruction", "why", row.ID, row.Why)
	return &d, v.err
}

func asDestruction(r rightsdb.CertificatesRow) (Destruction, error) {
	d := Destruction{
		ID: r.ID, Number: r.Number, Kind: RecordKind(r.Kind), Schedule: r.ScheduleID, Months: int(r.Months), Authority: r.Authority,
		Verdict: Verdict(r.Verdict), KeepUntil: r.KeepUntil, ReviewedAt: r.ReviewedAt, ReviewedBy: r.ReviewedBy,
		DestroyedAt: r.DestroyedAt.Time, DestroyedBy: r.DestroyedBy,
	}
	if r.Counts == "" {
		return d, nil
	}
	if err := json.Unmarshal([]byte(r.Counts), &d.Counts); err != nil {
		return d, fmt.Errorf("the counts of a certificate: %w", err)
	}
	return d, nil
}

// MayDestroy tells whether whoever opened the file may destroy it now.
func (s *Service) MayDestroy(f *cases.File, k Keeping) bool {
	return k.refusal() == "" && k.Review != nil && k.Review.Verdict == ToDestroy && s.maySecond(f, ActDestroy, k.Review.ID, []string{k.Review.ReviewedBy})
}

// errChanged is a file that was worked on since it was reviewed.
const errChanged = "Somebody worked on this case after it was reviewed. It has to be reviewed again"

// Destroy removes everything a file held, after a review by somebody else. All
// of it goes in one transaction or nothing does. The number of the file, the
// ledger and the certificate stay.
func (s *Service) Destroy(ctx context.Context, f *cases.File, review string) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	var k Keeping
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		k, err = s.keeping(ctx, tx, f)
		return err
	})
	if err != nil {
		return err
	}
	if k.Review == nil || k.Review.ID != review {
		return store.ErrConflict
	}
	if err := s.second(ctx, f, ActDestroy, review, []string{k.Review.ReviewedBy}); err != nil {
		return err
	}
	return s.change(ctx, f, ActDestroy, f.ID().Subject(), "", func(ctx context.Context, tx *store.Tx) error {
		k, err := s.keeping(ctx, tx, f)
		if err != nil {
			return err
		}
		if why := k.refusal(); why != "" {
			return forms.Errors{{Field: "destroy", Message: why}}
		}
		if k.Review == nil || k.Review.ID != review || k.Review.Verdict != ToDestroy {
			return store.ErrConflict
		}
		newest, err := s.cases.Chronology(ctx, tx, f, "", 1)
		if err != nil {
			return err
		}
		if len(newest) > 0 && newest[0].RecordedAt.After(k.Review.ReviewedAt) {
			return forms.Errors{{Field: "destroy", Message: errChanged}}
		}
		counts := map[string]int64{}
		for _, keeper := range s.keepers {
			n, err := keeper.Destroy(ctx, tx, f)
			if not := (*cases.NotYet)(nil); errors.As(err, &not) {
				return forms.Errors{{Field: "destroy", Message: not.Why}}
			}
			if err != nil {
				return fmt.Errorf("destroying %s: %w", keeper.Part().Code, err)
			}
			for kind, rows := range n {
				if rows > 0 {
					counts[kind] += rows
				}
			}
		}
		if s.drafts != nil {
			if counts["forms that were not sent"], err = s.drafts.DropDraftsAbout(ctx, tx, f.Permit(), f.Agency(), string(f.ID())); err != nil {
				return err
			}
		}
		if counts["facts behind counts, kept without anything that leads to the case"], err = s.facts.Forget(ctx, tx, f.Agency(), string(f.ID())); err != nil {
			return err
		}
		body, err := json.Marshal(counts)
		if err != nil {
			return err
		}
		q := rightsdb.New(tx)
		if err := q.EmptyReviews(ctx, rightsdb.EmptyReviewsParams{AgencyID: f.Agency(), FileID: string(f.ID()), Why: []byte{}}); err != nil {
			return err
		}
		err = store.Changed(q.Destroyed(ctx, rightsdb.DestroyedParams{
			AgencyID: f.Agency(), FileID: string(f.ID()), ID: review, DestroyedAt: nullTime(tx.Now()), DestroyedBy: f.Actor().Account, Counts: string(body),
		}))
		if err != nil {
			return err
		}
		return s.cases.FinishRow(ctx, tx, f)
	})
}

// Certificates are those of the actor's agency, the newest first.
func (s *Service) Certificates(ctx context.Context, actor policy.Actor) ([]Destruction, error) {
	if _, err := s.guard.Act(ctx, actor, ActRegister, caseload(actor), true); err != nil {
		return nil, err
	}
	var out []Destruction
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := rightsdb.New(tx).Certificates(ctx, actor.Agency)
		for _, r := range rows {
			d, derr := asDestruction(r)
			out, err = append(out, d), errors.Join(err, derr)
		}
		return err
	})
	return out, err
}

// Certificate is one of the actor's agency. Another agency's is not there, and
// asking for it leaves the same record as asking for one that never was.
func (s *Service) Certificate(ctx context.Context, actor policy.Actor, id string) (Destruction, error) {
	var row rightsdb.Destruction
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		row, err = rightsdb.New(tx).Certificate(ctx, id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return Destruction{}, err
	}
	of := policy.Resource{Type: "Caseload", ID: row.AgencyID, Attrs: policy.Attrs{"agency": row.AgencyID}}
	if _, err := s.guard.Open(ctx, actor, ActRegister, of, string(cases.Review), false, audit.Subject{Kind: "certificate", ID: id}); err != nil {
		return Destruction{}, err
	}
	return asDestruction(rightsdb.CertificatesRow{
		ID: row.ID, FileID: row.FileID, Number: row.Number, Kind: row.Kind, ScheduleID: row.ScheduleID, Months: row.Months, Authority: row.Authority,
		Verdict: row.Verdict, KeepUntil: row.KeepUntil, ReviewedAt: row.ReviewedAt, ReviewedBy: row.ReviewedBy, DestroyedAt: row.DestroyedAt,
		DestroyedBy: row.DestroyedBy, Counts: row.Counts,
	})
}

// ownKeeper is what this package keeps with a file. The reviews and the
// certificate are not among it: they stay.
type ownKeeper struct{ s *Service }

func (ownKeeper) Part() cases.Part {
	return cases.Part{Code: "rights", Name: "Copies, holds and corrections"}
}

func (k ownKeeper) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	var out []cases.Piece
	list, err := k.s.List(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	for _, a := range list {
		if a.State == Released {
			out = append(out, cases.Piece{Ref: string(a.ID), On: a.ReleasedAt.Format(time.DateOnly), Title: "A copy was given", Lines: []string{a.Given.Label()}})
		}
	}
	asks, err := k.s.corrections(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	for _, c := range asks {
		p := cases.Piece{Ref: c.ID, On: c.AskedAt.Format(time.DateOnly), Title: c.Kind.Label(), Lines: []string{c.State.Label()}}
		for _, l := range []string{c.Asked, c.Reason} {
			if l != "" {
				p.Lines = append(p.Lines, l)
			}
		}
		out = append(out, p)
	}
	return out, 0, nil
}

func (ownKeeper) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

func (k ownKeeper) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q := rightsdb.New(tx)
	agency, file := f.Agency(), string(f.ID())
	out := map[string]int64{}
	for _, d := range []struct {
		kind string
		do   func() (int64, error)
	}{
		{"pieces of working copies", func() (int64, error) {
			return q.DeleteItems(ctx, rightsdb.DeleteItemsParams{AgencyID: agency, FileID: file})
		}},
		{"", func() (int64, error) {
			return q.DeleteHands(ctx, rightsdb.DeleteHandsParams{AgencyID: agency, FileID: file})
		}},
		{"", func() (int64, error) {
			return q.DeleteTimes(ctx, rightsdb.DeleteTimesParams{AgencyID: agency, FileID: file})
		}},
		{"copies for the person", func() (int64, error) {
			return q.DeleteAccesses(ctx, rightsdb.DeleteAccessesParams{AgencyID: agency, FileID: file})
		}},
		{"legal holds", func() (int64, error) {
			return q.DeleteHolds(ctx, rightsdb.DeleteHoldsParams{AgencyID: agency, FileID: file})
		}},
		{"corrections", func() (int64, error) {
			return q.DeleteCorrections(ctx, rightsdb.DeleteCorrectionsParams{AgencyID: agency, FileID: file})
		}},
	} {
		n, err := d.do()
		if err != nil {
			return nil, err
		}
		if d.kind != "" {
			out[d.kind] = n
		}
	}
	return out, nil
}
