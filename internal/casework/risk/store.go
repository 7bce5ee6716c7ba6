package risk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	questioncontent "waymark/content/questions"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/risk/riskdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/registers/questions"
)

func itoa(n int) string { return strconv.Itoa(n) }

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return itoa(n) + " " + word + "s"
}

// ID names an identification.
type ID string

// Identification is one identification of risk as it was recorded.
type Identification struct {
	ID         ID
	Kind       Kind
	Questions  string // question set, url|version
	Instrument Instrument
	Response   *forms.Response
	Aside      map[string][]string // answers to questions that were no longer asked, by linkId
	Tally      Tally
	Finding    Finding
	Danger     Danger // empty for a follow-up
	Level      int    // of training, of whoever assessed
	RecordedAt time.Time
	RecordedBy string
}

// High tells whether risk was high.
func (i Identification) High() bool { return i.Danger == Grave }

// Raised tells whether judgement alone made it high.
func (i Identification) Raised() bool {
	return i.Finding.Judgement == High && !i.Instrument.Rules.Visible(i.Tally)
}

// Routes are the four routes to MARAC.
func (i Identification) Routes() []Route { return i.Instrument.Rules.Routes(i.Tally, i.Finding) }

// Service records and reads identifications.
type Service struct {
	cases *cases.Service
	guard *audit.Guard
	sets  *questions.Register
	first Instrument // that ships, and is used where nobody chose
	rules sync.Map   // parsed rule files by the fingerprint of their set
}

// New makes the service. It fails when an instrument that ships is not whole.
func New(service *cases.Service, guard *audit.Guard, sets *questions.Register) (*Service, error) {
	s := &Service{cases: service, guard: guard, sets: sets}
	all, err := questioncontent.Instruments()
	if err != nil {
		return nil, err
	}
	for n, set := range all {
		q, err := forms.ParseQuestionnaire(set.Form)
		if err != nil {
			return nil, fmt.Errorf("instrument %d of those that ship: %w", n+1, err)
		}
		rules, err := ParseRules(q, set.Rules)
		if err != nil {
			return nil, fmt.Errorf("instrument %s: %w", q.Canonical(), err)
		}
		if n == 0 {
			s.first = Instrument{Form: q, Rules: rules}
		}
	}
	return s, nil
}

// Questions is the question set that identifications are made with where
// nobody chose another.
func (s *Service) Questions() *forms.Questionnaire { return s.first.Form }

// Floor is the training level for identifying risk (B14.12).
const Floor = 3

// NewIdentification is an identification as it was asked and answered.
type NewIdentification struct {
	Set     string // url|version; empty for the first that ships
	Answers forms.Answers
	Finding Finding
	// After is the identification of this kind the worker had before them, empty
	// for none.
	After ID

	draft        DraftID // from which it is made, and which goes with it
	draftVersion int64
}

// ErrNewer is returned when somebody else recorded an identification since the
// worker began: nothing is lost, and they are to read it first.
var ErrNewer = errors.New("a newer identification was recorded meanwhile")

// Identify records an identification of risk. Below the training floor it asks
// for [Finding.ActNow] and leaves a review; it returns [ErrBelowFloor] when
// that was not chosen, forms.Errors for what cannot be kept, and [ErrNewer].
func (s *Service) Identify(ctx context.Context, f *cases.File, n NewIdentification) (ID, error) {
	actor := f.Actor()
	if n.Set == "" {
		n.Set = s.first.Form.Canonical()
	}
	action, err := s.cases.Judge(ctx, f, cases.Floor{Level: Floor, Act: ActIdentify, Now: ActIdentifyNow}, n.Finding.ActNow)
	if errors.Is(err, cases.ErrBelowFloor) {
		return "", ErrBelowFloor
	}
	if err != nil {
		return "", err
	}
	if actor.Level >= Floor {
		n.Finding.ActNow, n.Finding.WhyNow = false, ""
	}
	if errs := n.Finding.Check(); errs.Any() {
		return "", errs
	}
	var id string
	err = s.cases.Change(ctx, f, action, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = s.identify(ctx, tx, f, n)
		return err
	})
	return ID(id), err
}

func (s *Service) identify(ctx context.Context, tx *store.Tx, f *cases.File, n NewIdentification) (string, error) {
	instrument, err := s.instrument(ctx, tx, n.Set)
	if err != nil {
		return "", err
	}
	if instrument.Rules.Frame {
		return "", store.ErrNotFound // nobody is asked a frame
	}
	latest, err := s.latest(ctx, tx, f, instrument.Rules.Kind)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	if latest.ID != n.After {
		return "", ErrNewer
	}
	if err := s.sets.Answered(ctx, tx, instrument.Form); err != nil {
		return "", err
	}
	if n.draft != "" {
		if err := s.used(ctx, tx, f, n.draft, n.draftVersion); err != nil {
			return "", err
		}
	}
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	today := tx.Now().Format(time.DateOnly)
	if n.Finding.RepeatRule, err = s.ruleOn(ctx, tx, f.Agency(), today); err != nil {
		return "", err
	}
	i := Identification{ID: ID(id), Kind: instrument.Rules.Kind, Instrument: instrument, Questions: instrument.Form.Canonical(), Finding: n.Finding}
	if i.Kind == FollowUp {
		i.Finding = Finding{ActNow: n.Finding.ActNow, WhyNow: n.Finding.WhyNow}
	}
	form := instrument.Form.At(Here(tx.Now()))
	given, aside := form.Aside(n.Answers)
	i.Tally = instrument.Count(form, given)
	i.Danger = instrument.Rules.Danger(i.Tally, i.Finding)
	i.Finding.ReviewOn = instrument.Rules.Review(i.Danger, i.Finding.ReviewOn, today)
	if err := s.insert(ctx, tx, f, form, i, given, aside, latest.Response); err != nil {
		return "", err
	}
	return id, s.tell(ctx, tx, f, i, instrument.Rules.Called(given))
}

// Review is when risk is looked at again: when the clock of its level says, or
// earlier where the worker wants it. It is never later.
func (r *Scoring) Review(d Danger, wanted, today string) string {
	days, there := r.Reviews[d]
	if !there {
		return ""
	}
	from, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return wanted
	}
	due := from.AddDate(0, 0, days).Format(time.DateOnly)
	if wanted != "" && wanted < due {
		return wanted
	}
	return due
}

// ErrBelowFloor is returned to a worker below the training floor who has not
// chosen to act now.
var ErrBelowFloor = errors.New("identifying risk asks for training level 3; act now and have it reviewed, or ask a colleague")

// insert keeps an identification with its words sealed.
func (s *Service) insert(ctx context.Context, tx *store.Tx, f *cases.File, form *forms.Questionnaire, i Identification, given, aside forms.Answers, previous *forms.Response) error {
	actor := f.Actor()
	if previous != nil && previous.Questionnaire != form.Canonical() {
		previous = nil // another set, or an earlier version
	}
	status := forms.StatusCompleted
	if form.Validate(given).Any() {
		status = forms.StatusInProgress // something that it wants is open: it is kept all the same
	}
	response, err := form.Response(given, forms.Record{
		ID: string(i.ID), Status: status, Who: "Practitioner/" + actor.Account, When: tx.Now(), How: forms.HowAsked,
		Subject: "Patient/" + string(f.Person()), Previous: previous,
	})
	if err != nil {
		return err
	}
	raw, err := json.Marshal(response)
	if err != nil {
		return err
	}
	kept, err := packed(aside)
	if err != nil {
		return err
	}
	fd, tally := i.Finding, i.Tally
	words := map[string][]byte{}
	for column, text := range map[string]string{
		"response": string(raw), "reason": fd.Reason, "escalation_evidence": fd.EscalationEvidence,
		"repeat_evidence": fd.RepeatEvidence, "views": fd.Views, "why_now": fd.WhyNow, "aside": kept,
	} {
		sealed, err := tx.Vault().Seal(ctx, tx, inWords.Place(f.Agency(), column, string(i.ID)), text)
		if err != nil {
			return err
		}
		words[column] = sealed.Bytes()
	}
	return riskdb.New(tx).InsertIdentification(ctx, riskdb.InsertIdentificationParams{
		AgencyID: f.Agency(), ID: string(i.ID), FileID: string(f.ID()), Questions: i.Questions, ResponseSealed: words["response"],
		YesCount: int64(tally.Yes), UnknownCount: int64(tally.Unknown), Unanswered: int64(tally.Unanswered), Asked: int64(tally.Of),
		Judgement: string(fd.Judgement), ReasonSealed: words["reason"], Escalation: string(fd.Escalation), EscalationEvidenceSealed: words["escalation_evidence"],
		Repeat: string(fd.Repeat), RepeatEvidenceSealed: words["repeat_evidence"], ViewsSealed: words["views"], ReviewOn: fd.ReviewOn, ActNow: fd.ActNow, WhyNowSealed: words["why_now"],
		Level: int64(actor.Level), RecordedAt: tx.Now(), RecordedBy: actor.Account,
		Kind: string(i.Kind), Danger: string(i.Danger), Total: tally.Total, Incidents: fd.Incidents, LastReferral: fd.LastReferral, RepeatOn: fd.RepeatOn,
		RepeatCrime: string(fd.RepeatCrime), RepeatRule: string(fd.RepeatRule), AsideSealed: words["aside"],
	})
}

// tell writes to the chronology what was found, and puts what follows from it
// into inboxes: a person decides what to do about it.
func (s *Service) tell(ctx context.Context, tx *store.Tx, f *cases.File, i Identification, called []Prompt) error {
	today := tx.Now().Format(time.DateOnly)
	record := func(kind cases.EventKind, text string) error {
		_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: kind, On: today, Text: text, Ref: string(i.ID)})
		return err
	}
	if err := s.cases.Promote(ctx, tx, f); err != nil {
		return err
	}
	words, kind := i.Tally.Words()+". ", cases.RiskIdentified
	if i.Kind == FollowUp { // how high the risk is stays as it was identified
		kind = cases.RiskFollowedUp
		words += i.Instrument.Form.Title + "."
	} else {
		words += i.Finding.Judgement.Label() + "."
	}
	if i.Finding.Reason != "" {
		words += " " + i.Finding.Reason
	}
	if err := record(kind, words); err != nil {
		return err
	}
	if err := s.tasks(ctx, tx, f, i, called); err != nil {
		return err
	}
	if i.High() {
		if err := record(cases.HighRisk, i.Tally.Words()); err != nil {
			return err
		}
	}
	routes := false
	for _, r := range i.Routes() {
		if r.Met != Yes {
			continue
		}
		routes = true
		if err := record(cases.MARACRoute, r.Name+". "+r.Evidence); err != nil {
			return err
		}
	}
	if routes {
		if _, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.ConsiderMARAC, Due: today}); err != nil {
			return err
		}
	}
	if !i.Finding.ActNow {
		return nil
	}
	return s.cases.ActNow(ctx, tx, f, "Risk was identified below training level 3. "+i.Finding.WhyNow, string(i.ID))
}

// tasks clears what asked for this, and puts what comes next into an inbox.
func (s *Service) tasks(ctx context.Context, tx *store.Tx, f *cases.File, i Identification, called []Prompt) error {
	if err := s.cases.FinishTasks(ctx, tx, f, cases.FollowUpRisk, "risk was looked at again"); err != nil {
		return err
	}
	if i.Kind == FollowUp {
		return nil
	}
	for _, kind := range []cases.TaskKind{cases.IdentifyRisk, cases.ReviewRisk} {
		if err := s.cases.FinishTasks(ctx, tx, f, kind, "risk was identified"); err != nil {
			return err
		}
	}
	if len(called) > 0 {
		if _, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.FollowUpRisk}); err != nil {
			return err
		}
	}
	if i.Finding.ReviewOn == "" {
		return nil
	}
	if _, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.ReviewRisk, Due: i.Finding.ReviewOn}); err != nil {
		return err
	}
	return s.setReview(ctx, tx, f, i)
}

// NextWorkingDay is the next day that is no Saturday or Sunday. Bank holidays
// are not known here.
func NextWorkingDay(now time.Time) string { return cases.NextWorkingDay(now) }

// Latest is the newest assessment of a file; [store.ErrNotFound] when there is
// none.
func (s *Service) Latest(ctx context.Context, tx *store.Tx, f *cases.File) (Identification, error) {
	return s.LatestOf(ctx, tx, f, Assessment)
}

// LatestOf is the newest of a kind.
func (s *Service) LatestOf(ctx context.Context, tx *store.Tx, f *cases.File, kind Kind) (Identification, error) {
	if err := f.Permit().Show(ctx, f.Person().Subject()); err != nil {
		return Identification{}, err
	}
	return s.latest(ctx, tx, f, kind)
}

func (s *Service) latest(ctx context.Context, tx *store.Tx, f *cases.File, kind Kind) (Identification, error) {
	row, err := riskdb.New(tx).LatestIdentification(ctx, riskdb.LatestIdentificationParams{AgencyID: f.Agency(), FileID: string(f.ID()), Kind: string(kind)})
	if err != nil {
		return Identification{}, missing(err)
	}
	return s.fromRow(ctx, tx, row)
}

// Made is a recorded identification in a list: what there is without opening
// its words.
type Made struct {
	ID         ID
	Kind       Kind
	Questions  string
	Danger     Danger
	RecordedAt time.Time
	RecordedBy string
}

// historyMost bounds how many identifications of a file are listed.
const historyMost = 100

// History lists the identifications of a file, the newest first.
func (s *Service) History(ctx context.Context, tx *store.Tx, f *cases.File) ([]Made, error) {
	if err := f.Permit().Show(ctx, f.Person().Subject()); err != nil {
		return nil, err
	}
	rows, err := riskdb.New(tx).History(ctx, riskdb.HistoryParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: historyMost})
	out := make([]Made, len(rows))
	for n, r := range rows {
		out[n] = Made{ID: ID(r.ID), Kind: Kind(r.Kind), Questions: r.Questions, Danger: Danger(r.Danger), RecordedAt: r.RecordedAt, RecordedBy: r.RecordedBy}
	}
	return out, err
}

// Get is one identification of a file.
func (s *Service) Get(ctx context.Context, tx *store.Tx, f *cases.File, id ID) (Identification, error) {
	if err := f.Permit().Show(ctx, f.Person().Subject()); err != nil {
		return Identification{}, err
	}
	row, err := riskdb.New(tx).Identification(ctx, riskdb.IdentificationParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return Identification{}, missing(err)
	}
	return s.fromRow(ctx, tx, row)
}

// inWords are the columns that held words before they were sealed.
var inWords = store.Plain{
	Table: "risk_identification", Key: []string{"id"}, Row: []string{"id"},
	Columns: []string{"response", "reason", "escalation_evidence", "repeat_evidence", "views", "why_now"},
}

// Plain lists the columns that older binaries left unsealed.
func Plain() []store.Plain { return []store.Plain{inWords} }

func (s *Service) fromRow(ctx context.Context, tx *store.Tx, row riskdb.RiskIdentification) (Identification, error) {
	for _, w := range []struct {
		column string
		sealed []byte
		words  *string
	}{
		{"response", row.ResponseSealed, &row.Response},
		{"reason", row.ReasonSealed, &row.Reason},
		{"escalation_evidence", row.EscalationEvidenceSealed, &row.EscalationEvidence},
		{"repeat_evidence", row.RepeatEvidenceSealed, &row.RepeatEvidence},
		{"views", row.ViewsSealed, &row.Views},
		{"why_now", row.WhyNowSealed, &row.WhyNow},
	} {
		text, err := tx.Vault().OpenPlain(ctx, tx, inWords.Place(row.AgencyID, w.column, row.ID), w.sealed, *w.words)
		if err != nil {
			return Identification{}, err
		}
		*w.words = text
	}
	response, err := forms.ParseResponse([]byte(row.Response))
	if err != nil {
		return Identification{}, fmt.Errorf("identification %s: %w", row.ID, err)
	}
	aside, err := tx.Vault().Open(ctx, tx, inWords.Place(row.AgencyID, "aside", row.ID), row.AsideSealed)
	if err != nil {
		return Identification{}, fmt.Errorf("identification %s: %w", row.ID, err)
	}
	instrument, err := s.instrument(ctx, tx, row.Questions)
	if err != nil {
		return Identification{}, fmt.Errorf("identification %s: %w", row.ID, err)
	}
	i := Identification{
		ID: ID(row.ID), Kind: Kind(row.Kind), Questions: row.Questions, Response: response, Instrument: instrument,
		Tally: Tally{Yes: int(row.YesCount), Unknown: int(row.UnknownCount), Unanswered: int(row.Unanswered), Of: int(row.Asked), Total: row.Total, ByTotal: instrument.Rules.Total != ""},
		Finding: Finding{
			Judgement: Judgement(row.Judgement), Reason: row.Reason, Escalation: Answer(row.Escalation), EscalationEvidence: row.EscalationEvidence,
			Repeat: Answer(row.Repeat), RepeatEvidence: row.RepeatEvidence, Views: row.Views, ReviewOn: row.ReviewOn, ActNow: row.ActNow, WhyNow: row.WhyNow,
			Incidents: row.Incidents, LastReferral: row.LastReferral, RepeatOn: row.RepeatOn, RepeatCrime: Answer(row.RepeatCrime), RepeatRule: RepeatRule(row.RepeatRule),
		},
		Danger: Danger(row.Danger), Level: int(row.Level), RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy,
	}
	if i.Danger == "" {
		i.Danger = instrument.Rules.Danger(i.Tally, i.Finding)
	}
	i.Aside, err = unpacked(aside)
	return i, err
}

// missing gives the absence of a row its name while the transaction goes on.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}
