package safetyplan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/safetyplan/safetyplandb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// Service makes and reads safety plans.
type Service struct {
	cases     *cases.Service
	guard     *audit.Guard
	facts     *measures.Registry
	directory *directory.Register
	frame     *Frame
}

// New makes the service with the question set that Waymark ships, and lets it
// read in the chronology what asks for another look.
func New(files *cases.Service, guard *audit.Guard, facts *measures.Registry, register *directory.Register) (*Service, error) {
	frame, err := shippedFrame()
	if err != nil {
		return nil, err
	}
	s := &Service{cases: files, guard: guard, facts: facts, directory: register, frame: frame}
	for kind := range followed {
		files.Follow(kind, s.changedBy)
	}
	return s, nil
}

// Frame is the question set of new plans.
func (s *Service) Frame() *Frame { return s.frame }

// Floor is the training level for making a plan (B14.12).
const Floor = 3

// The errors of a plan that cannot be made as it was asked for.
var (
	// ErrNewer is returned when somebody else made a version since the worker
	// began: nothing is lost, and they are to read it first.
	ErrNewer = errors.New("a newer version of the plan was made meanwhile")
	// ErrBelowFloor is returned to a worker below the training floor who has not
	// chosen to act now.
	ErrBelowFloor = errors.New("making a safety plan asks for training level 3; act now and have it reviewed, or ask a colleague")
	// ErrHarmingSide is returned for the file of a person who harms.
	ErrHarmingSide = errors.New("the file of a person who harms has no safety plan")
)

// May judges work with the plan of a file. On the file of a person who harms
// there is none: that is refused by a rule, and in the ledger.
func (s *Service) May(ctx context.Context, f *cases.File) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	if s.cases.May(f, ActRead) {
		return nil
	}
	_, err := s.guard.Act(ctx, f.Actor(), ActRead, f.Resource(), true, f.ID().Subject())
	if f.Side() == cases.Perpetrating {
		return errors.Join(ErrHarmingSide, err)
	}
	return err
}

// judge is the training floor.
func (s *Service) judge(ctx context.Context, f *cases.File, now *bool, why *string) (action policy.Action, err error) {
	if err := s.May(ctx, f); err != nil {
		return "", err
	}
	action, err = s.cases.Judge(ctx, f, cases.Floor{Level: Floor, Act: ActMake, Now: ActMakeNow}, *now)
	if errors.Is(err, cases.ErrBelowFloor) {
		return "", ErrBelowFloor
	}
	if f.Actor().Level >= Floor {
		*now, *why = false, ""
	}
	return action, err
}

// Make makes a version of the plan. It returns forms.Errors for what cannot be
// kept, [ErrBelowFloor], [ErrNewer] and [ErrHarmingSide].
func (s *Service) Make(ctx context.Context, f *cases.File, n NewPlan) (ID, error) {
	action, err := s.judge(ctx, f, &n.ActNow, &n.WhyNow)
	if err != nil {
		return "", err
	}
	if n.Copy == "" {
		n.Copy = Nothing
	}
	errs := s.frame.Check(n, s.today())
	for _, e := range s.frame.Whole.ValidateDraft(n.Answers).List() {
		errs.Add(e.Field, e.Message)
	}
	if errs.Any() {
		return "", errs
	}
	var id string
	err = s.cases.Change(ctx, f, action, func(ctx context.Context, tx *store.Tx) (err error) {
		v := s.vault(ctx, tx, f)
		latest, err := s.latestRow(ctx, tx, f)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if ID(latest.ID) != n.After {
			return ErrNewer
		}
		if id, err = tx.NewID(); err != nil {
			return err
		}
		number := latest.Number + 1
		if err := s.insert(ctx, tx, f, v, id, number, n, latest); err != nil {
			return err
		}
		err = safetyplandb.New(tx).SetNewest(ctx, safetyplandb.SetNewestParams{
			AgencyID: f.Agency(), FileID: string(f.ID()), PlanID: id, Number: number, ReviewOn: n.ReviewOn,
		})
		if err != nil {
			return err
		}
		if err := s.choose(ctx, tx, f, ID(id), n.Copy, n.CopyWhy); err != nil {
			return err
		}
		return s.tell(ctx, tx, f, id, number, n)
	})
	return ID(id), err
}

// today is the day of the deployment, as the pages count days.
func (s *Service) today() string { return store.Moment(s.cases.DB().Clock()()).Format(time.DateOnly) }

// insert writes the version: once without what is kept apart, once with it.
func (s *Service) insert(ctx context.Context, tx *store.Tx, f *cases.File, v *vault, id string, number int64, n NewPlan, latest safetyplandb.SafetyPlan) error {
	actor := f.Actor()
	before := v.response("apart", latest.ID, latest.Apart)
	open, apart := s.frame.split(n.Answers)
	_, kept := s.frame.split(s.frame.answers(before))
	replace := s.cases.MayRead(f, cases.Whereabouts)
	for link, answer := range apart {
		switch old := kept.Text(link); {
		case answer.Values == nil || answer.Values[0] == "":
		case replace || old == "":
			kept[link] = answer
		default: // whoever may not read it takes nothing out
			kept.Set(link, old+"\n"+answer.Values[0])
		}
	}
	previous := v.response("answers", latest.ID, latest.Answers)
	record := forms.Record{
		ID: id, Status: forms.StatusInProgress, Who: "Practitioner/" + actor.Account, When: tx.Now(), How: forms.HowAsked, Subject: "Patient/" + string(f.Person()),
	}
	row := safetyplandb.InsertPlanParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Number: number, Questions: s.frame.Whole.Canonical(), HasApart: len(kept) > 0,
		Together: n.Made == Together, WhyAlone: v.seal("safety_plan", "why_alone", id, n.WhyAlone), Present: v.seal("safety_plan", "present", id, n.Present),
		Views: v.seal("safety_plan", "views", id, n.Views), ReviewOn: n.ReviewOn, ActNow: n.ActNow, WhyNow: v.seal("safety_plan", "why_now", id, n.WhyNow),
		Level: int64(actor.Level), RecordedAt: tx.Now(), RecordedBy: actor.Account,
	}
	for _, of := range []struct {
		column string
		a      forms.Answers
		before *forms.Response
		into   *[]byte
	}{{"answers", open, previous, &row.Answers}, {"apart", kept, before, &row.Apart}} {
		r := record
		if of.before != nil && of.before.Questionnaire == s.frame.Whole.Canonical() {
			r.Previous = of.before
		}
		response, err := s.frame.Whole.Response(of.a, r)
		if err != nil {
			return err
		}
		raw, err := json.Marshal(response)
		if err != nil {
			return err
		}
		*of.into = v.seal("safety_plan", of.column, id, string(raw))
	}
	if v.err != nil {
		return v.err
	}
	return safetyplandb.New(tx).InsertPlan(ctx, row)
}

// tell writes to the chronology that a version was made, counts it, and settles
// what asked for it. No answer stands in the chronology.
func (s *Service) tell(ctx context.Context, tx *store.Tx, f *cases.File, id string, number int64, n NewPlan) error {
	if err := s.cases.Promote(ctx, tx, f); err != nil {
		return err
	}
	text := fmt.Sprintf("Version %d. %s. To be looked at again by %s.", number, n.Made.Label(), cases.DayInWords(n.ReviewOn))
	if _, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.PlanMade, On: tx.Now().Format(time.DateOnly), Text: text, Ref: id}); err != nil {
		return err
	}
	err := s.facts.Emit(ctx, tx, measures.Fact{
		Kind: "plan.made", Agency: f.Agency(), Person: string(f.Person()), File: string(f.ID()), At: tx.Now(),
		Source: measures.Source{Kind: "safety_plan", ID: id}, Dimensions: measures.Dimensions{"together": n.Made == Together, "level": int64(f.Actor().Level)},
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
	return s.cases.ActNow(ctx, tx, f, "A safety plan was made below training level 3. "+n.WhyNow, id)
}

// Latest is the newest version of the plan of a file; [store.ErrNotFound] when
// there is none.
func (s *Service) Latest(ctx context.Context, tx *store.Tx, f *cases.File) (Plan, error) {
	if err := s.show(ctx, f); err != nil {
		return Plan{}, err
	}
	row, err := s.latestRow(ctx, tx, f)
	if err != nil {
		return Plan{}, err
	}
	return s.plan(ctx, tx, f, row)
}

func (s *Service) latestRow(ctx context.Context, tx *store.Tx, f *cases.File) (safetyplandb.SafetyPlan, error) {
	row, err := safetyplandb.New(tx).LatestPlan(ctx, safetyplandb.LatestPlanParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return row, missing(err)
}

// Get is one version of the plan of a file.
func (s *Service) Get(ctx context.Context, tx *store.Tx, f *cases.File, id ID) (Plan, error) {
	if err := s.show(ctx, f); err != nil {
		return Plan{}, err
	}
	row, err := safetyplandb.New(tx).PlanByID(ctx, safetyplandb.PlanByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return Plan{}, missing(err)
	}
	return s.plan(ctx, tx, f, row)
}

// Before is the version before one; [store.ErrNotFound] for the first.
func (s *Service) Before(ctx context.Context, tx *store.Tx, f *cases.File, p Plan) (Plan, error) {
	if err := s.show(ctx, f); err != nil {
		return Plan{}, err
	}
	row, err := safetyplandb.New(tx).PlanByNumber(ctx, safetyplandb.PlanByNumberParams{AgencyID: f.Agency(), FileID: string(f.ID()), Number: p.Number - 1})
	if err != nil {
		return Plan{}, missing(err)
	}
	return s.plan(ctx, tx, f, row)
}

// show names the person in the ledger entry of the page.
func (s *Service) show(ctx context.Context, f *cases.File) error {
	if err := s.May(ctx, f); err != nil {
		return err
	}
	return f.Permit().Show(ctx, f.Person().Subject())
}

func (s *Service) plan(ctx context.Context, tx *store.Tx, f *cases.File, row safetyplandb.SafetyPlan) (Plan, error) {
	v := s.vault(ctx, tx, f)
	p := Plan{
		ID: ID(row.ID), Number: row.Number, Questions: row.Questions, Response: v.response("answers", row.ID, row.Answers), HasApart: row.HasApart,
		Made: Alone, WhyAlone: v.open("safety_plan", "why_alone", row.ID, row.WhyAlone), Present: v.open("safety_plan", "present", row.ID, row.Present),
		Views: v.open("safety_plan", "views", row.ID, row.Views), ReviewOn: row.ReviewOn, ActNow: row.ActNow, WhyNow: v.open("safety_plan", "why_now", row.ID, row.WhyNow),
		Level: int(row.Level), RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy,
	}
	if row.Together {
		p.Made = Together
	}
	return p, v.err
}

// Apart reads what is kept apart in a version, with the permission for
// whereabouts. Without it the refusal is recorded and returned.
func (s *Service) Apart(ctx context.Context, f *cases.File, id ID) (Plan, forms.Answers, error) {
	if err := s.May(ctx, f); err != nil {
		return Plan{}, nil, err
	}
	_, err := s.guard.Open(ctx, f.Actor(), cases.Whereabouts.Action(), f.Resource(), "", true,
		f.ID().Subject(), f.Person().Subject(), f.CompartmentSubject(cases.Whereabouts), id.Subject())
	if err != nil {
		return Plan{}, nil, err
	}
	var p Plan
	var a forms.Answers
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if p, err = s.Get(ctx, tx, f, id); err != nil {
			return err
		}
		a, err = s.apart(ctx, tx, f, id)
		return err
	})
	return p, a, err
}

// apart is what is kept apart in a version, for what is done with it unseen.
func (s *Service) apart(ctx context.Context, tx *store.Tx, f *cases.File, id ID) (forms.Answers, error) {
	row, err := safetyplandb.New(tx).PlanByID(ctx, safetyplandb.PlanByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return nil, missing(err)
	}
	v := s.vault(ctx, tx, f)
	return s.frame.answers(v.response("apart", row.ID, row.Apart)), v.err
}

// Answers are what the form of the next version begins with: the last one,
// without what is kept apart.
func (s *Service) Answers(p Plan) forms.Answers {
	open, _ := s.frame.split(s.frame.answers(p.Response))
	return open
}

// Version is a line of the list of versions.
type Version struct {
	ID         ID
	Number     int64
	Made       Made
	RecordedAt time.Time
	RecordedBy string
}

// Versions are those of a file, the newest first.
func (s *Service) Versions(ctx context.Context, tx *store.Tx, f *cases.File) ([]Version, error) {
	if err := s.show(ctx, f); err != nil {
		return nil, err
	}
	rows, err := safetyplandb.New(tx).Versions(ctx, safetyplandb.VersionsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	out := make([]Version, len(rows))
	for i, r := range rows {
		out[i] = Version{ID: ID(r.ID), Number: r.Number, Made: Alone, RecordedAt: r.RecordedAt, RecordedBy: r.RecordedBy}
		if r.Together {
			out[i].Made = Together
		}
	}
	return out, err
}

// Newest says which version is the newest, and when it is to be looked at again:
// a review that finds it still right moves that day.
type Newest struct {
	ID       ID
	Number   int64
	ReviewOn string
}

// Newest of a file; [store.ErrNotFound] when there is no plan.
func (s *Service) Newest(ctx context.Context, tx *store.Tx, f *cases.File) (Newest, error) {
	if err := s.show(ctx, f); err != nil {
		return Newest{}, err
	}
	return s.newest(ctx, tx, f)
}

func (s *Service) newest(ctx context.Context, tx *store.Tx, f *cases.File) (Newest, error) {
	row, err := safetyplandb.New(tx).Newest(ctx, safetyplandb.NewestParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return Newest{ID: ID(row.PlanID), Number: row.Number, ReviewOn: row.ReviewOn}, missing(err)
}
