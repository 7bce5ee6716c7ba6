package safetyplan

import (
	"context"
	"errors"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/safetyplan/safetyplandb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
)

// ChangeKind is what happened that asks for another look at the plan.
type ChangeKind string

// The kinds. The last two are read from the chronology, as are a date in court
// and an order that were recorded as such; a worker records the others.
const (
	Separation  ChangeKind = "separation"
	CourtDate   ChangeKind = "court_date"
	Release     ChangeKind = "release"
	OrderServed ChangeKind = "order_served"
	NewContact  ChangeKind = "new_contact"
	Pregnancy   ChangeKind = "pregnancy"
	TheirRisk   ChangeKind = "perpetrator_risk"
	RiskAgain   ChangeKind = "risk_identified"
	RiskHigh    ChangeKind = "risk_high"
)

const changeLength = 2000

// ChangeKinds lists those that a worker records, in the order in which they are
// offered.
func ChangeKinds() []ChangeKind {
	return []ChangeKind{Separation, CourtDate, Release, OrderServed, NewContact, Pregnancy, TheirRisk}
}

// Label is the kind in words for people.
func (k ChangeKind) Label() string {
	switch k {
	case Separation:
		return "They separate, or speak of it"
	case CourtDate:
		return "A date in court"
	case Release:
		return "The person who harms is released"
	case OrderServed:
		return "An order is served, changed or ends"
	case NewContact:
		return "New contact with the person who harms"
	case Pregnancy:
		return "A pregnancy or a birth"
	case TheirRisk:
		return "News of the risk from the person who harms"
	case RiskAgain:
		return "Risk was identified again"
	case RiskHigh:
		return "The risk is high"
	}
	return string(k)
}

// Change is what happened, or will, and asks for another look.
type Change struct {
	ID         string
	Kind       ChangeKind
	On         string // the day it happens
	Words      string
	DueOn      string // by when the plan is looked at
	RecordedAt time.Time
	RecordedBy string
	SettledAt  time.Time // zero: it waits
	SettledBy  string
}

// NewChange is what a worker records.
type NewChange struct {
	Kind  ChangeKind
	On    string
	Words string
}

// Changed records what happened, or will, and asks for a look at the plan by the
// next working day. It returns forms.Errors and [ErrHarmingSide].
func (s *Service) Changed(ctx context.Context, f *cases.File, n NewChange) error {
	if err := s.May(ctx, f); err != nil {
		return err
	}
	if _, err := s.guard.Act(ctx, f.Actor(), ActWork, f.Resource(), true, f.ID().Subject()); err != nil {
		return err
	}
	var errs forms.Errors
	offered := false
	for _, k := range ChangeKinds() {
		offered = offered || k == n.Kind
	}
	if !offered {
		errs.Add("change", "Select what has changed")
	}
	if _, err := time.Parse(time.DateOnly, n.On); err != nil {
		errs.Add("changed_on", "Enter the day it happens, such as 27 3 2027")
	}
	if len(n.Words) > changeLength {
		errs.Add("change_words", "Shorten this to 2,000 characters or fewer")
	}
	if errs.Any() {
		return errs
	}
	return s.cases.Change(ctx, f, ActWork, func(ctx context.Context, tx *store.Tx) error {
		id, err := s.insertChange(ctx, tx, f, n)
		if err != nil {
			return err
		}
		text := n.Kind.Label() + "."
		if n.Words != "" {
			text += " " + n.Words
		}
		_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.PlanChange, On: n.On, Text: text, Ref: id})
		return err
	})
}

// insertChange keeps a change and puts the look at the plan into the inbox, once
// for all changes that wait.
func (s *Service) insertChange(ctx context.Context, tx *store.Tx, f *cases.File, n NewChange) (string, error) {
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	waiting, err := s.changes(ctx, tx, f)
	if err != nil {
		return "", err
	}
	v := s.vault(ctx, tx, f)
	due := cases.NextWorkingDay(tx.Now())
	row := safetyplandb.InsertChangeParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Kind: string(n.Kind), HappensOn: n.On, Words: v.seal("safety_plan_change", "words", id, n.Words),
		DueOn: due, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
	}
	if v.err != nil {
		return "", v.err
	}
	if err := safetyplandb.New(tx).InsertChange(ctx, row); err != nil {
		return "", err
	}
	if len(waiting) == 0 {
		if _, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.ReviewPlan, Due: due}); err != nil {
			return "", err
		}
	}
	return id, s.emit(ctx, tx, f, "plan.change", id, measures.Dimensions{"change": string(n.Kind)})
}

func (s *Service) emit(ctx context.Context, tx *store.Tx, f *cases.File, kind, id string, d measures.Dimensions) error {
	return s.facts.Emit(ctx, tx, measures.Fact{
		Kind: kind, Agency: f.Agency(), Person: string(f.Person()), File: string(f.ID()), At: tx.Now(),
		Source: measures.Source{Kind: "safety_plan_change", ID: id}, Dimensions: d,
	})
}

// followed are the changes that are read from the chronology: a date in court
// and an order come from whoever keeps them, and risk from whoever identifies
// it.
var followed = map[cases.EventKind]ChangeKind{
	cases.RiskIdentified: RiskAgain, cases.RiskFollowedUp: RiskAgain, cases.HighRisk: RiskHigh,
	cases.HearingListed: CourtDate, cases.OrderServed: OrderServed, cases.OrderChanged: OrderServed,
}

// changedBy follows the chronology: what is recorded after a plan was made, and
// asks for another look, is a change.
func (s *Service) changedBy(ctx context.Context, tx *store.Tx, f *cases.File, e cases.Event) error {
	if f.Side() == cases.Perpetrating {
		return nil
	}
	if _, err := s.newest(ctx, tx, f); errors.Is(err, store.ErrNotFound) {
		return nil // there is no plan to look at
	} else if err != nil {
		return err
	}
	_, err := s.insertChange(ctx, tx, f, NewChange{Kind: followed[e.Kind], On: e.On})
	return err
}

// Waiting are the changes that ask for a look at the plan, the oldest first.
func (s *Service) Waiting(ctx context.Context, tx *store.Tx, f *cases.File) ([]Change, error) {
	if err := s.show(ctx, f); err != nil {
		return nil, err
	}
	return s.changes(ctx, tx, f)
}

func (s *Service) changes(ctx context.Context, tx *store.Tx, f *cases.File) ([]Change, error) {
	rows, err := safetyplandb.New(tx).OpenChanges(ctx, safetyplandb.OpenChangesParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	v := s.vault(ctx, tx, f)
	out := make([]Change, len(rows))
	for i, r := range rows {
		out[i] = Change{
			ID: r.ID, Kind: ChangeKind(r.Kind), On: r.HappensOn, Words: v.open("safety_plan_change", "words", r.ID, r.Words), DueOn: r.DueOn,
			RecordedAt: r.RecordedAt, RecordedBy: r.RecordedBy,
		}
	}
	return out, v.err
}

// settle finishes every change that waits, because the plan was looked at.
func (s *Service) settle(ctx context.Context, tx *store.Tx, f *cases.File, ref string) error {
	waiting, err := s.changes(ctx, tx, f)
	if err != nil {
		return err
	}
	today := tx.Now().Format(time.DateOnly)
	for _, c := range waiting {
		if err := s.emit(ctx, tx, f, "plan.looked", c.ID, measures.Dimensions{"change": string(c.Kind), "in_time": today <= c.DueOn}); err != nil {
			return err
		}
	}
	err = safetyplandb.New(tx).SettleChanges(ctx, safetyplandb.SettleChangesParams{
		AgencyID: f.Agency(), FileID: string(f.ID()), SettledAt: nullTime(tx.Now()), SettledBy: f.Actor().Account, SettledRef: ref,
	})
	if err != nil {
		return err
	}
	return s.cases.FinishTasks(ctx, tx, f, cases.ReviewPlan, "the safety plan was looked at again")
}

// NewReview says that the newest version is still right.
type NewReview struct {
	Reason   string
	ReviewOn string
	ActNow   bool
	WhyNow   string
	// After is the version that the worker looked at.
	After ID
}

// Review is a look at a version that found it still right.
type Review struct {
	ID         string
	Plan       ID
	Reason     string
	ReviewOn   string
	ActNow     bool
	RecordedAt time.Time
	RecordedBy string
}

// StillRight records that the newest version was looked at and is still right,
// and settles what asked for it. It returns forms.Errors, [ErrBelowFloor],
// [ErrNewer] and [ErrHarmingSide].
func (s *Service) StillRight(ctx context.Context, f *cases.File, n NewReview) error {
	action, err := s.judge(ctx, f, &n.ActNow, &n.WhyNow)
	if err != nil {
		return err
	}
	var errs forms.Errors
	if n.Reason == "" {
		errs.Add("reason", "Write why the plan is still right, and how the person sees it")
	}
	checkLength(&errs, "reason", n.Reason)
	checkLength(&errs, "why_now", n.WhyNow)
	checkReview(&errs, n.ReviewOn, s.today())
	if errs.Any() {
		return errs
	}
	return s.cases.Change(ctx, f, action, func(ctx context.Context, tx *store.Tx) error {
		newest, err := s.newest(ctx, tx, f)
		if err != nil {
			return err
		}
		if newest.ID != n.After {
			return ErrNewer
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		v := s.vault(ctx, tx, f)
		row := safetyplandb.InsertReviewParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), PlanID: string(newest.ID), Reason: v.seal("safety_plan_review", "reason", id, n.Reason), ReviewOn: n.ReviewOn,
			ActNow: n.ActNow, WhyNow: v.seal("safety_plan_review", "why_now", id, n.WhyNow), Level: int64(f.Actor().Level), RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
		}
		if v.err != nil {
			return v.err
		}
		q := safetyplandb.New(tx)
		if err := q.InsertReview(ctx, row); err != nil {
			return err
		}
		err = q.SetNewest(ctx, safetyplandb.SetNewestParams{AgencyID: f.Agency(), FileID: string(f.ID()), PlanID: string(newest.ID), Number: newest.Number, ReviewOn: n.ReviewOn})
		if err != nil {
			return err
		}
		_, err = s.cases.Record(ctx, tx, f, cases.Event{
			Kind: cases.PlanReviewed, On: tx.Now().Format(time.DateOnly), Text: "Still right. To be looked at again by " + cases.DayInWords(n.ReviewOn) + ".", Ref: id,
		})
		if err != nil {
			return err
		}
		if err := s.settle(ctx, tx, f, id); err != nil {
			return err
		}
		if !n.ActNow {
			return nil
		}
		return s.cases.ActNow(ctx, tx, f, "A safety plan was found still right below training level 3. "+n.WhyNow, id)
	})
}

// Reviews are those of a file that found the plan still right, the newest first.
func (s *Service) Reviews(ctx context.Context, tx *store.Tx, f *cases.File) ([]Review, error) {
	if err := s.show(ctx, f); err != nil {
		return nil, err
	}
	rows, err := safetyplandb.New(tx).Reviews(ctx, safetyplandb.ReviewsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	v := s.vault(ctx, tx, f)
	out := make([]Review, len(rows))
	for i, r := range rows {
		out[i] = Review{
			ID: r.ID, Plan: ID(r.PlanID), Reason: v.open("safety_plan_review", "reason", r.ID, r.Reason), ReviewOn: r.ReviewOn, ActNow: r.ActNow,
			RecordedAt: r.RecordedAt, RecordedBy: r.RecordedBy,
		}
	}
	return out, v.err
}
