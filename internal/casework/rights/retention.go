package rights

import (
	"context"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/rights/rightsdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// RecordKind is a kind of file that an agency decides a period for.
type RecordKind string

// The kinds. A file with a child in it is kept for the longer of two periods.
const (
	AskedOnly RecordKind = "light"
	Harmed    RecordKind = "experiencing"
	Harming   RecordKind = "perpetrating"
	WithChild RecordKind = "with_child"
	// NoCase is what was asked on the public pages and went into no case.
	NoCase RecordKind = "asked"
)

const (
	monthsMost    = 1200
	authorityMost = 500
)

// RecordKinds lists them in the order in which they are offered.
func RecordKinds() []RecordKind { return []RecordKind{AskedOnly, Harmed, Harming, WithChild, NoCase} }

// Label is the kind in words for people.
func (k RecordKind) Label() string {
	switch k {
	case AskedOnly:
		return "Cases that hold an enquiry and nothing else"
	case Harmed:
		return "Cases of somebody who experiences harm"
	case Harming:
		return "Cases of somebody who harms"
	case WithChild:
		return "Any case with a child in it"
	case NoCase:
		return "What was asked on the public pages and went into no case"
	}
	return string(k)
}

// Schedule is for how long an agency keeps files of a kind after they closed.
type Schedule struct {
	ID        string
	Kind      RecordKind
	Months    int
	Authority string // on what it rests
	DecidedBy string // account
	DecidedAt time.Time
}

// Schedules are those that hold at the actor's agency.
func (s *Service) Schedules(ctx context.Context, actor policy.Actor) ([]Schedule, error) {
	if _, err := s.guard.Act(ctx, actor, ActRegister, caseload(actor), true); err != nil {
		return nil, err
	}
	var out []Schedule
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = s.schedules(ctx, tx, actor.Agency)
		return err
	})
	return out, err
}

func (s *Service) schedules(ctx context.Context, tx *store.Tx, agency string) ([]Schedule, error) {
	rows, err := rightsdb.New(tx).Schedules(ctx, agency)
	out := make([]Schedule, len(rows))
	for i, r := range rows {
		out[i] = Schedule{ID: r.ID, Kind: RecordKind(r.Kind), Months: int(r.Months), Authority: r.Authority, DecidedBy: r.DecidedBy, DecidedAt: r.DecidedAt}
	}
	return out, err
}

// MonthsOf is for how many months an agency keeps what is of a kind, if it has
// decided that.
func (s *Service) MonthsOf(ctx context.Context, tx *store.Tx, agency string, kind RecordKind) (months int, decided bool, err error) {
	list, err := s.schedules(ctx, tx, agency)
	if err != nil {
		return 0, false, err
	}
	n := slices.IndexFunc(list, func(x Schedule) bool { return x.Kind == kind })
	if n < 0 {
		return 0, false, nil
	}
	return list[n].Months, true, nil
}

// SetSchedule decides for how long files of a kind are kept, in place of what
// held before.
func (s *Service) SetSchedule(ctx context.Context, actor policy.Actor, kind RecordKind, months int, authority string) error {
	var errs forms.Errors
	if !known(RecordKinds(), kind) {
		errs.Add("kind", "Select which cases it is for")
	}
	if months < 1 || months > monthsMost {
		errs.Add("months", "Enter a number of months from 1 to 1,200")
	}
	need(&errs, "authority", authority, "Write on what the period rests: a code, a policy, a decision and its date")
	if len(authority) > authorityMost {
		errs.Add("authority", "Shorten this to 500 characters or fewer")
	}
	if errs.Any() {
		return errs
	}
	permit, err := s.guard.Act(ctx, actor, ActSchedule, caseload(actor), true)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		q := rightsdb.New(tx)
		if err := q.EndSchedules(ctx, rightsdb.EndSchedulesParams{AgencyID: actor.Agency, Kind: string(kind), EndedAt: nullTime(tx.Now())}); err != nil {
			return err
		}
		err = q.InsertSchedule(ctx, rightsdb.InsertScheduleParams{
			AgencyID: actor.Agency, ID: id, Kind: string(kind), Months: int64(months), Authority: authority, DecidedBy: actor.Account, DecidedAt: tx.Now(),
		})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActSchedule, string(kind), audit.Subject{Kind: "schedule", ID: id})
	})
}

// MaySchedule tells whether the actor decides about schedules.
func (s *Service) MaySchedule(actor policy.Actor) bool {
	return s.guard.Rules().Decide(actor, ActSchedule, caseload(actor)).Allowed
}

// kindsOf are the kinds that a file is of.
func kindsOf(kind cases.Kind, side cases.Side, child bool) []RecordKind {
	base := Harmed
	switch {
	case kind == cases.Light:
		base = AskedOnly
	case side == cases.Perpetrating:
		base = Harming
	}
	if child {
		return []RecordKind{base, WithChild}
	}
	return []RecordKind{base}
}

// governing is the schedule with the longest period of those that a file's
// kinds have. There is none unless each of them has one.
func governing(kinds []RecordKind, list []Schedule) (Schedule, bool) {
	var out Schedule
	for _, k := range kinds {
		n := slices.IndexFunc(list, func(s Schedule) bool { return s.Kind == k })
		if n < 0 {
			return Schedule{}, false
		}
		if list[n].Months > out.Months {
			out = list[n]
		}
	}
	return out, out.Months > 0
}

// HoldReason is why a file must not be destroyed.
type HoldReason string

// The reasons.
const (
	Inquiry     HoldReason = "inquiry"
	DeathReview HoldReason = "death_review"
	Proceedings HoldReason = "proceedings"
	Complaint   HoldReason = "complaint"
	OtherHold   HoldReason = "other"
)

// HoldReasons lists them in the order in which they are offered.
func HoldReasons() []HoldReason {
	return []HoldReason{Inquiry, DeathReview, Proceedings, Complaint, OtherHold}
}

// Label is the reason in words for people.
func (r HoldReason) Label() string {
	switch r {
	case Inquiry:
		return "A public inquiry"
	case DeathReview:
		return "A homicide or death review"
	case Proceedings:
		return "Court proceedings, or a claim"
	case Complaint:
		return "A complaint"
	case OtherHold:
		return "Another reason, given in the words below"
	}
	return string(r)
}

// Hold is a legal hold on a file.
type Hold struct {
	ID        string
	Reason    HoldReason
	Words     string
	SetAt     time.Time
	SetBy     string
	LiftedAt  time.Time // zero: it holds
	LiftedBy  string
	LiftedWhy string
}

// SetHold keeps a file from being destroyed or erased.
func (s *Service) SetHold(ctx context.Context, f *cases.File, reason HoldReason, words string) error {
	var errs forms.Errors
	if !known(HoldReasons(), reason) {
		errs.Add("hold", "Select why it must be kept")
	}
	need(&errs, "hold_words", words, "Write who asked for it, and what about")
	if errs.Any() {
		return errs
	}
	if err := s.judge(ctx, f, ActHold); err != nil {
		return err
	}
	return s.change(ctx, f, ActHold, f.ID().Subject(), string(reason), func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		v := s.vault(ctx, tx, f.Agency())
		p := rightsdb.InsertHoldParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Reason: string(reason), Words: v.seal("legal_hold", "words", id, words),
			SetAt: tx.Now(), SetBy: f.Actor().Account, LiftedWhy: []byte{},
		}
		if v.err != nil {
			return v.err
		}
		if err := rightsdb.New(tx).InsertHold(ctx, p); err != nil {
			return err
		}
		_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.HoldSet, On: today(tx), Text: reason.Label() + ".", Ref: id})
		return err
	})
}

// LiftHold ends a legal hold.
func (s *Service) LiftHold(ctx context.Context, f *cases.File, id, why string) error {
	var errs forms.Errors
	need(&errs, "lift_why", why, "Write why it need not be kept any longer")
	if errs.Any() {
		return errs
	}
	if err := s.judge(ctx, f, ActLift); err != nil {
		return err
	}
	return s.change(ctx, f, ActLift, f.ID().Subject(), "", func(ctx context.Context, tx *store.Tx) error {
		v := s.vault(ctx, tx, f.Agency())
		p := rightsdb.LiftHoldParams{
			AgencyID: f.Agency(), FileID: string(f.ID()), ID: id, LiftedAt: nullTime(tx.Now()), LiftedBy: f.Actor().Account,
			LiftedWhy: v.seal("legal_hold", "lifted_why", id, why),
		}
		if v.err != nil {
			return v.err
		}
		if err := store.Changed(rightsdb.New(tx).LiftHold(ctx, p)); err != nil {
			return err
		}
		_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.HoldLifted, On: today(tx), Ref: id})
		return err
	})
}

func (s *Service) holds(ctx context.Context, tx *store.Tx, f *cases.File) ([]Hold, error) {
	rows, err := rightsdb.New(tx).Holds(ctx, rightsdb.HoldsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	v := s.vault(ctx, tx, f.Agency())
	out := make([]Hold, len(rows))
	for i, r := range rows {
		out[i] = Hold{
			ID: r.ID, Reason: HoldReason(r.Reason), Words: v.open("legal_hold", "words", r.ID, r.Words), SetAt: r.SetAt, SetBy: r.SetBy,
			LiftedAt: r.LiftedAt.Time, LiftedBy: r.LiftedBy, LiftedWhy: v.open("legal_hold", "lifted_why", r.ID, r.LiftedWhy),
		}
	}
	return out, errors.Join(err, v.err)
}

func held(list []Hold) bool {
	return slices.ContainsFunc(list, func(h Hold) bool { return h.LiftedAt.IsZero() })
}

// Keeping is for how long a file is kept, and what stands against destroying
// it.
type Keeping struct {
	Closed   time.Time // zero: it is open
	Kinds    []RecordKind
	Schedule Schedule
	Decided  bool   // a schedule governs it
	Until    string // YYYY-MM-DD; empty while it is open, or nothing is decided
	Passed   bool
	Holds    []Hold
	Held     bool
	Review   *Destruction // the last
}

// Due tells whether the file waits to be reviewed.
func (k Keeping) Due() bool {
	return k.Passed && !k.Held && (k.Review == nil || k.Review.Verdict == KeepLonger)
}

// Keeping tells how a file is kept.
func (s *Service) Keeping(ctx context.Context, tx *store.Tx, f *cases.File) (Keeping, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return Keeping{}, err
	}
	return s.keeping(ctx, tx, f)
}

func (s *Service) keeping(ctx context.Context, tx *store.Tx, f *cases.File) (Keeping, error) {
	k := Keeping{Closed: f.ClosedAt()}
	child, err := s.cases.HasParty(ctx, tx, f, cases.Child)
	if err != nil {
		return k, err
	}
	k.Kinds = kindsOf(f.Kind(), f.Side(), child)
	list, err := s.schedules(ctx, tx, f.Agency())
	if err != nil {
		return k, err
	}
	k.Schedule, k.Decided = governing(k.Kinds, list)
	if k.Holds, err = s.holds(ctx, tx, f); err != nil {
		return k, err
	}
	k.Held = held(k.Holds)
	if k.Review, err = s.lastReview(ctx, tx, f); err != nil {
		return k, err
	}
	if k.Decided && !k.Closed.IsZero() {
		k.Until = k.Closed.AddDate(0, k.Schedule.Months, 0).Format(time.DateOnly)
		if k.Review != nil && k.Review.Verdict == KeepLonger {
			k.Until = max(k.Until, k.Review.KeepUntil)
		}
		k.Passed = k.Until < today(tx)
	}
	return k, nil
}

// DueFile is a closed file on the list of those to be looked at.
type DueFile struct {
	cases.Shut
	Kind  RecordKind
	Until string // YYYY-MM-DD by its kind alone; empty: nothing is decided
}

// DueFiles are the closed files that the actor may see, with the day until which
// their kind is kept. A child in the file, a hold or a review can make it
// longer; the file's own page says.
func (s *Service) DueFiles(ctx context.Context, actor policy.Actor, limit int) ([]DueFile, error) {
	list, err := s.Schedules(ctx, actor)
	if err != nil {
		return nil, err
	}
	files, err := s.cases.ClosedFiles(ctx, actor, limit)
	if err != nil {
		return nil, err
	}
	out := make([]DueFile, len(files))
	for i, f := range files {
		kinds := kindsOf(f.Kind, f.Side, false)
		out[i] = DueFile{Shut: f, Kind: kinds[0]}
		if g, ok := governing(kinds, list); ok {
			out[i].Until = f.Closed.AddDate(0, g.Months, 0).Format(time.DateOnly)
		}
	}
	return out, nil
}
