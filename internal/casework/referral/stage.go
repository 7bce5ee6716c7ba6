package referral

import (
	"context"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral/referraldb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// Stage is how far the receiver has come with a referral.
type Stage string

// The stages.
const (
	WaitingStage Stage = "waiting"
	ContactStage Stage = "contact"
	EngagedStage Stage = "engaged"
	EndedStage   Stage = "ended"
	PassedStage  Stage = "passed_on"
)

// Stages lists those that a worker records, in the order in which they are
// offered. That a referral was passed on is recorded by passing it on.
func Stages() []Stage { return []Stage{WaitingStage, ContactStage, EngagedStage, EndedStage} }

// Label is the stage in words for people.
func (s Stage) Label() string {
	switch s {
	case WaitingStage:
		return "They are on our waiting list"
	case ContactStage:
		return "First contact was made"
	case EngagedStage:
		return "They take up the support"
	case EndedStage:
		return "The support has ended, or did not begin"
	case PassedStage:
		return "Passed on to another service"
	}
	return string(s)
}

func (s Stage) event() Event {
	switch s {
	case WaitingStage:
		return PutOnList
	case ContactStage:
		return MakeContact
	case EngagedStage:
		return Engage
	case PassedStage:
		return PassOn
	case EndedStage:
	}
	return EndIt
}

// Cause is why they wait, or how it ended.
type Cause string

// The causes.
const (
	NoCause     Cause = ""
	NoPlaceYet  Cause = "no_place_yet"
	NoWorkerYet Cause = "no_worker_yet"
	NoInterpret Cause = "no_interpreter_yet"
	TheirWish   Cause = "their_wish"
	Finished    Cause = "finished"
	DidNotWant  Cause = "did_not_want"
	Unreachable Cause = "not_reached"
	MovedAway   Cause = "moved_away"
	Elsewhere   Cause = "support_elsewhere"
	OtherCause  Cause = "other"
)

// Causes lists those that fit a stage, in the order in which they are offered.
func Causes(s Stage) []Cause {
	switch s {
	case WaitingStage:
		return []Cause{NoPlaceYet, NoWorkerYet, NoInterpret, TheirWish, OtherCause}
	case EndedStage:
		return []Cause{Finished, DidNotWant, Unreachable, MovedAway, Elsewhere, OtherCause}
	case ContactStage, EngagedStage, PassedStage:
	}
	return nil
}

// Label is the cause in words for people.
func (c Cause) Label() string {
	switch c {
	case NoPlaceYet:
		return "There is no place yet"
	case NoWorkerYet:
		return "There is no worker yet"
	case NoInterpret:
		return "There is no interpreter yet"
	case TheirWish:
		return "They want to wait"
	case Finished:
		return "The work that was agreed is done"
	case DidNotWant:
		return "They did not want it, or no more"
	case Unreachable:
		return "They could not be reached safely"
	case MovedAway:
		return "They have moved away"
	case Elsewhere:
		return "They have support elsewhere"
	case OtherCause:
		return "Another reason"
	case NoCause:
	}
	return ""
}

// Step is one stage on record at the receiver.
type Step struct {
	ID       string
	Referral ID
	Stage    Stage
	Cause    Cause
	Share    sharing.ID // what the referrer was told; empty: nothing
	Words    string     // for those who work on the case alone
	At       time.Time
	By       string
}

// Line is the stage with its cause.
func (s Step) Line() string { return line(s.Stage, s.Cause) }

func line(s Stage, c Cause) string {
	if c == NoCause {
		return s.Label()
	}
	return s.Label() + ": " + c.Label()
}

// NewStep is a stage to be recorded.
type NewStep struct {
	Stage Stage
	Cause Cause
	Words string // for those who work on the case alone
	// After is the step that was the newest when the form was shown; empty for
	// none. Somebody who records another meanwhile is not overwritten.
	After string
	// Tell sends it to the referrer: the stage and its cause, and nothing else.
	Tell  bool
	Share sharing.NewShare // the decision to share it
}

func (n NewStep) feedback() NewFeedback {
	if n.Stage == PassedStage {
		return NewFeedback{News: "Passed on to " + n.Words, Share: n.Share}
	}
	return NewFeedback{News: line(n.Stage, n.Cause), Share: n.Share}
}

// Check returns what is wrong with a step, by field. Where the person said no,
// the referrer hears nothing.
func (n NewStep) Check(now time.Time) forms.Errors {
	var errs forms.Errors
	if !known(Stages(), n.Stage) {
		errs.Add("stage", "Select how far it has come")
	}
	if causes := Causes(n.Stage); len(causes) > 0 && !known(causes, n.Cause) || len(causes) == 0 && n.Cause != NoCause && n.Stage != "" {
		errs.Add("cause", "Select a reason that fits it")
	}
	if len(n.Words) > wordsMax {
		errs.Add("words", "Shorten this to 4,000 characters or fewer")
	}
	if !n.Tell {
		return errs
	}
	if n.Share.Views.Asked == sharing.Opposes {
		errs.Add("tell", "They do not agree that the referrer hears of it: record it without telling them")
	}
	for _, e := range n.feedback().Check(now) {
		if e.Field != "news" {
			errs.Add(e.Field, e.Message)
		}
	}
	return errs
}

// StepDraft is what the referrer would be told of a step.
func (s *Service) StepDraft(ctx context.Context, f *cases.File, n NewStep) (sharing.NewShare, error) {
	return s.FeedbackDraft(ctx, f, n.feedback())
}

// Step records how far a referral has come, and tells the referrer if that was
// decided. It returns forms.Errors, [store.ErrNotFound] when the file did not
// begin with a referral, and [store.ErrConflict] when somebody recorded another
// meanwhile, or it has come further already.
func (s *Service) Step(ctx context.Context, f *cases.File, n NewStep) error {
	if err := s.judge(ctx, f, ActFeedback); err != nil {
		return err
	}
	if n.Tell {
		if err := s.sharing.MaySend(ctx, f); err != nil {
			return err
		}
	}
	if errs := n.Check(s.db.Clock()()); errs.Any() {
		return errs
	}
	r, to, err := s.referrer(ctx, f)
	if err != nil {
		return err
	}
	return s.cases.Change(ctx, f, ActFeedback, func(ctx context.Context, tx *store.Tx) error {
		last, err := s.newest(ctx, tx, f)
		if err != nil {
			return err
		}
		if last.ID != n.After {
			return store.ErrConflict
		}
		return s.step(ctx, tx, f, r, to, last, n)
	})
}

// step keeps a step that was checked.
func (s *Service) step(ctx context.Context, tx *store.Tx, f *cases.File, r Referral, to sharing.Recipient, last Step, n NewStep) error {
	at := r.State
	if last.ID != "" {
		if from, err := Accepted.Next(last.Stage.event()); err == nil {
			at = from
		}
	}
	if _, err := at.Next(n.Stage.event()); err != nil {
		return err
	}
	var told sharing.ID
	if n.Tell {
		state, err := r.State.Next(n.Stage.event())
		if err != nil {
			return err
		}
		if told, err = s.reply(ctx, tx, f, r, to, n.feedback(), state); err != nil {
			return err
		}
	}
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	words, err := s.db.Vault().Seal(ctx, tx, stagePlace(f.Agency(), id), n.Words)
	if err != nil {
		return err
	}
	err = referraldb.New(tx).InsertStage(ctx, referraldb.InsertStageParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), ReferralID: string(r.ID), Stage: string(n.Stage), Reason: string(n.Cause),
		ShareID: string(told), Words: words.Bytes(), MadeAt: tx.Now(), MadeBy: f.Actor().Account,
	})
	if err != nil {
		return err
	}
	text := line(n.Stage, n.Cause)
	if told == "" {
		text += ". The referrer was told nothing."
	}
	_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.ReferralStage, On: today(tx), Text: text, Ref: string(r.ID)})
	return err
}

func stagePlace(agency, id string) store.Place {
	return store.Place{Agency: agency, Table: "referral_stage", Column: "words", Row: id}
}

// Steps are how far the receiver has come with the referral that a file began
// with, the newest first.
func (s *Service) Steps(ctx context.Context, f *cases.File) ([]Step, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return nil, err
	}
	var out []Step
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = s.stages(ctx, tx, f)
		return err
	})
	return out, err
}

func (s *Service) stages(ctx context.Context, tx *store.Tx, f *cases.File) ([]Step, error) {
	rows, err := referraldb.New(tx).StagesOfFile(ctx, referraldb.StagesOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: listMax})
	if err != nil {
		return nil, err
	}
	return s.asSteps(ctx, tx, rows)
}

func (s *Service) asSteps(ctx context.Context, tx *store.Tx, rows []referraldb.ReferralStage) ([]Step, error) {
	var out []Step
	var err error
	for _, row := range rows {
		st := Step{ID: row.ID, Referral: ID(row.ReferralID), Stage: Stage(row.Stage), Cause: Cause(row.Reason), Share: sharing.ID(row.ShareID), At: row.MadeAt, By: row.MadeBy}
		if st.Words, err = s.db.Vault().Open(ctx, tx, stagePlace(row.AgencyID, row.ID), row.Words); err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, nil
}

// newest is the last step; the zero value when there is none.
func (s *Service) newest(ctx context.Context, tx *store.Tx, f *cases.File) (Step, error) {
	all, err := s.stages(ctx, tx, f)
	if err != nil || len(all) == 0 {
		return Step{}, err
	}
	return all[0], nil
}

// passing is the referral that a file began with, and where news of it go.
type passing struct {
	r  Referral
	to sharing.Recipient
}

// passed looks up what a referral passes on. It returns forms.Errors where the
// file did not begin with one.
func (s *Service) passed(ctx context.Context, f *cases.File, n NewReferral) (passing, error) {
	if !n.PassesOn {
		return passing{}, nil
	}
	r, to, err := s.referrer(ctx, f)
	if errors.Is(err, store.ErrNotFound) {
		return passing{}, forms.Errors{{Field: "passes_on", Message: "This case did not begin with a referral that could be passed on"}}
	}
	return passing{r, to}, err
}

// passOn records that the referral that a file began with was passed on. Whoever
// sent it is told where it went, if that was decided and the person agrees.
func (s *Service) passOn(ctx context.Context, tx *store.Tx, f *cases.File, n NewReferral, p passing) error {
	name, _, err := service(ctx, tx, n.Share.To)
	if err != nil {
		return err
	}
	last, err := s.newest(ctx, tx, f)
	if err != nil {
		return err
	}
	step := NewStep{Stage: PassedStage, Words: name, Tell: n.tells(p.r), Share: n.loop()}
	if _, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.PassedOn, On: today(tx), Text: "To " + name, Ref: string(p.r.ID)}); err != nil {
		return err
	}
	err = s.step(ctx, tx, f, p.r, p.to, last, step)
	if _, held := forms.AsErrors(err); held && step.Tell {
		// An agreement between the two holds it back. Nothing was written yet: the
		// person is passed on, and whoever sent them hears nothing.
		step.Tell = false
		return s.step(ctx, tx, f, p.r, p.to, last, step)
	}
	return err
}

// tells tells whether whoever sent a referral hears that it was passed on: it was
// decided, and the person agrees and knows.
func (n NewReferral) tells(passed Referral) bool {
	v := n.Share.Views
	return n.Tell && v.Asked == sharing.Agrees && v.Informed == sharing.Told && n.Share.Basis != "" && n.Share.To.Agency != passed.Agency
}

// loop is the decision to tell it, in fixed words. Those of the decision to refer
// on were written for the service it goes to, and stay with that.
func (n NewReferral) loop() sharing.NewShare {
	return sharing.NewShare{
		Protects: "The person who was referred", Harm: "Being lost between services", Basis: n.Share.Basis,
		Rationale: "Whoever referred them needs to know who answers for them now. Nothing else is told.",
		Views:     sharing.Views{Asked: sharing.Agrees, Informed: sharing.Told, Present: "It is on record at the sender’s"},
	}
}

// Earlier says what a referral follows: when it was, and why it came to nothing.
// It returns forms.Errors where there is nothing to follow.
func (s *Service) Earlier(ctx context.Context, f *cases.File, id ID) (string, error) {
	if id == "" {
		return "", nil
	}
	r, err := s.Get(ctx, f, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !r.State.Again() {
		return "", forms.Errors{{Field: "why", Message: "The earlier referral is not one after which they can be referred again"}}
	}
	if err != nil {
		return "", err
	}
	on := r.SentAt
	if on.IsZero() {
		on = r.CreatedAt
	}
	text := "They were referred before, on " + on.Format("2 January 2006") + ". " + r.State.Label() + "."
	if r.Reason != "" {
		text += " " + r.Reason.Label() + "."
	}
	return text, nil
}

// After are the referrals of a file after which the person can be referred
// again.
func After(list []Referral) []Referral {
	return slices.DeleteFunc(slices.Clone(list), func(r Referral) bool { return !r.State.Again() })
}
