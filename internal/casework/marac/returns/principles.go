package returns

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"waymark/internal/casework/marac/returns/returnsdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Principle is one of the ten of an effective MARAC (domain.md, section 5.1).
type Principle int

// The principles, by their numbers.
const (
	Identification Principle = iota + 1
	AllOverTheThreshold
	Engagement
	Representation
	Information
	Planning
	Volume
	Equality
	Operation
	Governance
)

// Principles lists them.
func Principles() []Principle {
	return []Principle{Identification, AllOverTheThreshold, Engagement, Representation, Information, Planning, Volume, Equality, Operation, Governance}
}

// Label is the principle in words of our own.
func (p Principle) Label() string {
	switch p {
	case Identification:
		return "People at risk are recognised, by every agency"
	case AllOverTheThreshold:
		return "Everybody over the threshold is referred to the MARAC and to an IDVA"
	case Engagement:
		return "The agencies that matter take part"
	case Representation:
		return "An IDVA is offered to everybody, and puts their views to the meeting"
	case Information:
		return "What is shared is relevant, proportionate and about risk"
	case Planning:
		return "Actions for the victim, the children, adults at risk and the perpetrator"
	case Volume:
		return "As many cases are heard as are to be expected"
	case Equality:
		return "It serves everybody alike"
	case Operation:
		return "There is somebody to run it"
	case Governance:
		return "Somebody steers it, and looks at how it works"
	}
	return ""
}

// Evidence is something that the records say about a principle: so many, of so
// many. It names nobody.
type Evidence struct {
	Principle Principle
	What      string
	N, Of     int64 // Of is 0 where there is nothing to set it against
	// Workers tells that those counted are workers, or what workers did, and
	// nobody's cases: such a count is not suppressed.
	Workers bool
}

// Witness gives what another package keeps about a MARAC in a period, in a bounded
// number of statements.
type Witness func(ctx context.Context, tx *store.Tx, agency string, period measures.Period) ([]Evidence, error)

// Also has another package give evidence.
func (s *Service) Also(w Witness) { s.witnesses = append(s.witnesses, w) }

// evidence is what the register says of a year, and what others say.
func (s *Service) evidence(ctx context.Context, tx *store.Tx, agency string, y Year) ([]Evidence, error) {
	q := returnsdb.New(tx)
	g, err := q.Grounds(ctx, returnsdb.GroundsParams{AgencyID: agency, First: y.Period.From, Last: y.Period.To})
	if err != nil {
		return nil, err
	}
	agencies, err := q.Referrers(ctx, returnsdb.ReferrersParams{AgencyID: agency, First: y.Period.From, Last: y.Period.To})
	if err != nil {
		return nil, err
	}
	var came, asked int64
	for _, a := range y.Seats {
		came, asked = came+a.Came, asked+a.Asked
	}
	needs := Needs(g.Cases, y.Minutes)
	out := []Evidence{
		{Identification, "Agencies that referred a case that was heard", agencies, 0, true},
		{Identification, "Cases at visible high risk", g.Visible, g.Cases, false},
		{Identification, "Cases by professional judgement", g.Judgement, g.Cases, false},
		{Identification, "Cases because it may be getting worse", g.Escalation, g.Cases, false},
		{Identification, "Cases that are repeats", g.Repeated, g.Cases, false},
		{AllOverTheThreshold, "Cases in which an IDVA works with them, or they were referred to one", g.Accepted + g.Referred, g.Cases, false},
		{AllOverTheThreshold, "Cases without an IDVA", g.WithoutIdva, g.Cases, false},
		{Engagement, "Seats at meetings that were taken", came, asked, true},
		{Representation, "Cases in which an IDVA works with them", g.Accepted, g.Cases, false},
		{Representation, "Cases in which they did not want an IDVA", g.Declined, g.Cases, false},
		{Equality, "Cases in which ethnicity, LGBT+, disability and being male are all recorded", g.Equality, g.Cases, false},
		{Operation, "Full-time administrators that so many cases need, rounded up", int64(needs.Admins + 0.999), 0, true},
	}
	if expected := y.Expected(); expected > 0 {
		out = append(out, Evidence{Volume, "Cases heard, of those to be expected", g.Cases, expected, false})
	}
	for _, w := range s.witnesses {
		more, err := w(ctx, tx, agency, y.Period)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// Review is a look at how a MARAC works, by those who steer it.
type Review struct {
	On    string // YYYY-MM-DD
	Next  string // when they will look again; two years are advised (domain.md, section 5.1)
	Who   string
	Found string
}

type reviewWords struct {
	Who   string `json:"who"`
	Found string `json:"found"`
}

const reviewMost, whoMost = 4000, 300

// Check returns what is wrong with a review, by the fields on, next, who and found.
func (r Review) Check(today string) forms.Errors {
	var errs forms.Errors
	on, err := time.Parse(time.DateOnly, r.On)
	if err != nil || r.On > today {
		errs.Add("on", "Enter the day on which it was reviewed, today or before, such as 27 3 2026")
	}
	next, bad := time.Parse(time.DateOnly, r.Next)
	if bad != nil || err == nil && (!next.After(on) || next.After(on.AddDate(5, 0, 0))) {
		errs.Add("next", "Enter when it is reviewed again, within five years after that day")
	}
	switch {
	case strings.TrimSpace(r.Who) == "":
		errs.Add("who", "Enter which group reviewed it")
	case len(r.Who) > whoMost:
		errs.Add("who", "Shorten this to 300 characters or fewer")
	}
	switch {
	case strings.TrimSpace(r.Found) == "":
		errs.Add("found", "Enter what was found, without naming anybody")
	case len(r.Found) > reviewMost:
		errs.Add("found", "Shorten this to 4,000 characters or fewer")
	}
	return errs
}

// Reviewed records a review. It returns [forms.Errors].
func (s *Service) Reviewed(ctx context.Context, actor policy.Actor, agency string, r Review) error {
	permit, err := s.guard.Act(ctx, actor, ActReview, returnsOf(agency), actor.Agency == agency, ofAgency(agency))
	if err != nil {
		return err
	}
	if errs := r.Check(s.Now().Format(time.DateOnly)); errs.Any() {
		return errs
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := returnsdb.New(tx).Settings(ctx, agency); err != nil {
			return err
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		words, err := tx.Vault().SealJSON(ctx, tx, reviewPlace(agency, id), reviewWords{r.Who, r.Found})
		if err != nil {
			return err
		}
		err = returnsdb.New(tx).InsertReview(ctx, returnsdb.InsertReviewParams{
			AgencyID: agency, ID: id, ReviewedOn: r.On, NextOn: r.Next, WordsSealed: words.Bytes(), RecordedAt: tx.Now(), RecordedBy: actor.Account,
		})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActReview, r.On, ofAgency(agency))
	})
}

// MayReview judges whether somebody may record a review.
func (s *Service) MayReview(ctx context.Context, actor policy.Actor, agency string) error {
	_, err := s.guard.OpenFigures(ctx, actor, ActReview, returnsOf(agency), "", false, ofAgency(agency))
	return err
}

func reviewPlace(agency, id string) store.Place {
	return store.Place{Agency: agency, Table: "marac_review", Column: "words_sealed", Row: id}
}

// review is the last one; its day is empty where there was none.
func review(ctx context.Context, tx *store.Tx, agency string) (Review, error) {
	row, err := returnsdb.New(tx).LatestReview(ctx, agency)
	if errors.Is(err, sql.ErrNoRows) {
		return Review{}, nil
	}
	if err != nil {
		return Review{}, err
	}
	var w reviewWords
	err = tx.Vault().OpenJSON(ctx, tx, reviewPlace(agency, row.ID), row.WordsSealed, &w)
	return Review{On: row.ReviewedOn, Next: row.NextOn, Who: w.Who, Found: w.Found}, err
}
