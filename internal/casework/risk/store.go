package risk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	questioncontent "waymark/content/questions"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/risk/riskdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
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
	Questions  string // question set, url|version
	Response   *forms.Response
	Tally      Tally
	Finding    Finding
	Level      int
	RecordedAt time.Time
	RecordedBy string
}

// High tells whether risk was high.
func (i Identification) High() bool { return IsHigh(i.Tally, i.Finding) }

// Routes are the four routes to MARAC.
func (i Identification) Routes() []Route { return Routes(i.Tally, i.Finding) }

// Service records and reads identifications.
type Service struct {
	cases     *cases.Service
	guard     *audit.Guard
	questions *forms.Questionnaire
}

// New makes the service with the question set that Waymark ships.
func New(service *cases.Service, guard *audit.Guard) (*Service, error) {
	q, err := forms.ParseQuestionnaire(questioncontent.RiskIdentification)
	if err != nil {
		return nil, fmt.Errorf("the question set of risk identification: %w", err)
	}
	if q.Score(scoreName) == nil {
		return nil, fmt.Errorf("the question set of risk identification declares no count %q", scoreName)
	}
	return &Service{cases: service, guard: guard, questions: q}, nil
}

const scoreName = "yes"

// Questions is the question set that new identifications are made with.
func (s *Service) Questions() *forms.Questionnaire { return s.questions }

// Floor is the training level for identifying risk (B14.12).
const Floor = 3

// NewIdentification is an identification as it was asked and answered.
type NewIdentification struct {
	Answers forms.Answers
	Finding Finding
	// After is the identification the worker had before them, empty for none.
	After ID
}

// ErrNewer is returned when somebody else recorded an identification since the
// worker began: nothing is lost, and they are to read it first.
var ErrNewer = errors.New("a newer identification was recorded meanwhile")

// Identify records an identification of risk. Below the training floor it asks
// for [Finding.ActNow] and leaves a review; it returns [ErrBelowFloor] when
// that was not chosen, forms.Errors for what cannot be kept, and [ErrNewer].
func (s *Service) Identify(ctx context.Context, f *cases.File, n NewIdentification) (ID, error) {
	actor := f.Actor()
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
		latest, err := s.latest(ctx, tx, f)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if latest.ID != n.After {
			return ErrNewer
		}
		if id, err = tx.NewID(); err != nil {
			return err
		}
		tally, err := s.insert(ctx, tx, f, id, n, latest.Response)
		if err != nil {
			return err
		}
		return s.tell(ctx, tx, f, id, tally, n.Finding)
	})
	return ID(id), err
}

// ErrBelowFloor is returned to a worker below the training floor who has not
// chosen to act now.
var ErrBelowFloor = errors.New("identifying risk asks for training level 3; act now and have it reviewed, or ask a colleague")

func (s *Service) insert(ctx context.Context, tx *store.Tx, f *cases.File, id string, n NewIdentification, previous *forms.Response) (Tally, error) {
	actor := f.Actor()
	if previous != nil && previous.Questionnaire != s.questions.Canonical() {
		previous = nil // an earlier version of the questions
	}
	response, err := s.questions.Response(n.Answers, forms.Record{
		ID: id, Status: forms.StatusInProgress, Who: "Practitioner/" + actor.Account, When: tx.Now(), How: forms.HowAsked,
		Subject: "Patient/" + string(f.Person()), Previous: previous,
	})
	if err != nil {
		return Tally{}, err
	}
	raw, err := json.Marshal(response)
	if err != nil {
		return Tally{}, err
	}
	count := s.questions.Score(scoreName).Count(n.Answers)
	tally := Tally{Yes: count.Counted, Unknown: count.Unknown, Unanswered: count.Unanswered, Of: count.Of}
	fd := n.Finding
	words := map[string][]byte{}
	for column, text := range map[string]string{
		"response": string(raw), "reason": fd.Reason, "escalation_evidence": fd.EscalationEvidence,
		"repeat_evidence": fd.RepeatEvidence, "views": fd.Views, "why_now": fd.WhyNow,
	} {
		sealed, err := tx.Vault().Seal(ctx, tx, inWords.Place(f.Agency(), column, id), text)
		if err != nil {
			return Tally{}, err
		}
		words[column] = sealed.Bytes()
	}
	return tally, riskdb.New(tx).InsertIdentification(ctx, riskdb.InsertIdentificationParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Questions: s.questions.Canonical(), ResponseSealed: words["response"],
		YesCount: int64(tally.Yes), UnknownCount: int64(tally.Unknown), Unanswered: int64(tally.Unanswered), Asked: int64(tally.Of),
		Judgement: string(fd.Judgement), ReasonSealed: words["reason"], Escalation: string(fd.Escalation), EscalationEvidenceSealed: words["escalation_evidence"],
		Repeat: string(fd.Repeat), RepeatEvidenceSealed: words["repeat_evidence"], ViewsSealed: words["views"], ReviewOn: fd.ReviewOn, ActNow: fd.ActNow, WhyNowSealed: words["why_now"],
		Level: int64(actor.Level), RecordedAt: tx.Now(), RecordedBy: actor.Account,
	})
}

// tell writes to the chronology what was found, and puts what follows from it
// into inboxes: a person decides what to do about it.
func (s *Service) tell(ctx context.Context, tx *store.Tx, f *cases.File, id string, tally Tally, fd Finding) error {
	today := tx.Now().Format(time.DateOnly)
	record := func(kind cases.EventKind, text string) error {
		_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: kind, On: today, Text: text, Ref: id})
		return err
	}
	if err := s.cases.Promote(ctx, tx, f); err != nil {
		return err
	}
	words := tally.Words() + ". " + fd.Judgement.Label() + "."
	if fd.Reason != "" {
		words += " " + fd.Reason
	}
	if err := record(cases.RiskIdentified, words); err != nil {
		return err
	}
	if err := s.cases.FinishTasks(ctx, tx, f, cases.IdentifyRisk, "risk was identified"); err != nil {
		return err
	}
	if IsHigh(tally, fd) {
		if err := record(cases.HighRisk, tally.Words()); err != nil {
			return err
		}
	}
	routes := false
	for _, r := range Routes(tally, fd) {
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
	if !fd.ActNow {
		return nil
	}
	return s.cases.ActNow(ctx, tx, f, "Risk was identified below training level 3. "+fd.WhyNow, id)
}

// NextWorkingDay is the next day that is no Saturday or Sunday. Bank holidays
// are not known here.
func NextWorkingDay(now time.Time) string { return cases.NextWorkingDay(now) }

// Latest is the newest identification of a file; [store.ErrNotFound] when
// there is none.
func (s *Service) Latest(ctx context.Context, tx *store.Tx, f *cases.File) (Identification, error) {
	if err := f.Permit().Show(ctx, f.Person().Subject()); err != nil {
		return Identification{}, err
	}
	return s.latest(ctx, tx, f)
}

func (s *Service) latest(ctx context.Context, tx *store.Tx, f *cases.File) (Identification, error) {
	row, err := riskdb.New(tx).LatestIdentification(ctx, riskdb.LatestIdentificationParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return Identification{}, missing(err)
	}
	return fromRow(ctx, tx, row)
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
	return fromRow(ctx, tx, row)
}

// inWords are the columns that held words before they were sealed.
var inWords = store.Plain{
	Table: "risk_identification", Key: []string{"id"}, Row: []string{"id"},
	Columns: []string{"response", "reason", "escalation_evidence", "repeat_evidence", "views", "why_now"},
}

// Plain lists the columns that older binaries left unsealed.
func Plain() []store.Plain { return []store.Plain{inWords} }

func fromRow(ctx context.Context, tx *store.Tx, row riskdb.RiskIdentification) (Identification, error) {
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
	return Identification{
		ID: ID(row.ID), Questions: row.Questions, Response: response,
		Tally: Tally{Yes: int(row.YesCount), Unknown: int(row.UnknownCount), Unanswered: int(row.Unanswered), Of: int(row.Asked)},
		Finding: Finding{
			Judgement: Judgement(row.Judgement), Reason: row.Reason, Escalation: Answer(row.Escalation), EscalationEvidence: row.EscalationEvidence,
			Repeat: Answer(row.Repeat), RepeatEvidence: row.RepeatEvidence, Views: row.Views, ReviewOn: row.ReviewOn, ActNow: row.ActNow, WhyNow: row.WhyNow,
		},
		Level: int(row.Level), RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy,
	}, nil
}

// missing gives the absence of a row its name while the transaction goes on.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}
