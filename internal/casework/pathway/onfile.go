package pathway

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/pathway/pathwaydb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// Course is a pathway on a case: what it calls for.
type Course struct {
	Version Version
	Steps   []Standing
}

// Open are the steps that wait for somebody.
func (c Course) Open() int {
	n := 0
	for _, s := range c.Steps {
		if s.State == Due || s.State == Overdue || s.State == Planned {
			n++
		}
	}
	return n
}

// On is what the pathways call for on a case: each that is for its side and for
// a setting in which the person was seen, and for the children in it. Pathways
// that call for nothing are left out. The person is named in the ledger entry of
// the page.
func (s *Service) On(ctx context.Context, tx *store.Tx, f *cases.File) ([]Course, error) {
	return s.on(ctx, tx, f, true)
}

func (s *Service) on(ctx context.Context, tx *store.Tx, f *cases.File, words bool) ([]Course, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return nil, err
	}
	versions, err := s.current(ctx, tx)
	if err != nil {
		return nil, err
	}
	recorded, err := readRecorded(ctx, tx, f.Agency(), string(f.ID()))
	if err != nil {
		return nil, err
	}
	answers, err := readAnswers(ctx, tx, words, f.Agency(), string(f.ID()))
	if err != nil {
		return nil, err
	}
	return s.courses(versions, recorded[string(f.ID())], f.Side(), answers[string(f.ID())], tx.Now()), nil
}

// courses are the pathways that call for something on a case.
func (s *Service) courses(versions []Version, r recorded, side cases.Side, answers map[string]map[string]Answer, now time.Time) []Course {
	var out []Course
	for _, v := range versions {
		if !v.Document.fits(side, r.settings) {
			continue
		}
		if steps := v.plan.Follow(r.facts, answers[v.Document.ID], now, s.zone); len(steps) > 0 {
			out = append(out, Course{v, steps})
		}
	}
	return out
}

// fits tells whether a pathway is for work on a side of the harm, with somebody
// who was seen in some settings. That of a child stands beside both.
func (d Document) fits(side cases.Side, settings map[string]bool) bool {
	switch {
	case d.For == Experiencing && side != cases.Experiencing, d.For == Perpetrating && side != cases.Perpetrating:
		return false
	case len(d.Settings) == 0:
		return true
	}
	return slices.ContainsFunc(d.Settings, func(s string) bool { return settings[s] })
}

// Reply is what a worker says of a step.
type Reply struct {
	Pathway string
	Step    string
	State   State  // planned, done or declined
	On      string // YYYY-MM-DD, of what is planned
	Words   string
	// After is the id of the answer that was shown, empty where there was none.
	After string
}

const answerTable = "pathway_answer"

type answerWords struct {
	Words string `json:"words,omitempty"`
}

func place(agency, id string) store.Place {
	return store.Place{Agency: agency, Table: answerTable, Column: "words", Row: id}
}

// latest are the latest answers of some files: by file, pathway and step.
type latest map[string]map[string]map[string]Answer

func (l latest) add(row pathwaydb.PathwayAnswer, a Answer) {
	if l[row.FileID] == nil {
		l[row.FileID] = map[string]map[string]Answer{}
	}
	if l[row.FileID][row.Pathway] == nil {
		l[row.FileID][row.Pathway] = map[string]Answer{}
	}
	l[row.FileID][row.Pathway][row.Step] = a
}

// readAnswers reads the latest answer of each step of some files, with their
// words or without: their number follows the pathways, and not how often
// somebody thought again.
func readAnswers(ctx context.Context, tx *store.Tx, words bool, agency string, files ...string) (latest, error) {
	in, args := filesOf(agency, files)
	var found []pathwaydb.PathwayAnswer
	err := store.Each(ctx, tx, `SELECT a.agency_id, a.file_id, a.pathway, a.step, a.id, a.state, a.on_day, a.task_id, a.words, a.answered_at, a.answered_by FROM pathway_answer a
		WHERE a.agency_id = $1 AND a.file_id IN (`+in+`) AND NOT EXISTS (SELECT 1 FROM pathway_answer n
			WHERE n.agency_id = a.agency_id AND n.file_id = a.file_id AND n.pathway = a.pathway AND n.step = a.step AND n.id > a.id)`, args, func(rows *sql.Rows) error {
		var row pathwaydb.PathwayAnswer
		err := rows.Scan(&row.AgencyID, &row.FileID, &row.Pathway, &row.Step, &row.ID, &row.State, &row.OnDay, &row.TaskID, &row.Words, &row.AnsweredAt, &row.AnsweredBy)
		found = append(found, row)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := latest{}
	for _, row := range found {
		a, err := answerOf(ctx, tx, row, words)
		if err != nil {
			return nil, err
		}
		out.add(row, a)
	}
	return out, nil
}

func answerOf(ctx context.Context, tx *store.Tx, row pathwaydb.PathwayAnswer, words bool) (Answer, error) {
	a := Answer{ID: row.ID, Step: row.Step, State: State(row.State), On: row.OnDay, At: row.AnsweredAt, By: row.AnsweredBy, task: row.TaskID}
	if !words {
		return a, nil
	}
	var w answerWords
	err := tx.Vault().OpenJSON(ctx, tx, place(row.AgencyID, row.ID), row.Words, &w)
	a.Words = w.Words
	return a, err
}

const wordsInAnswer = 2000

// Answer records what a worker says of a step that is called for: done, with
// what was done; planned until a day, which puts a task to whoever holds the
// case; or declined, with the reason. It returns [forms.Errors] for what is
// wrong with it, [store.ErrNotFound] for a step that is not called for, and
// [store.ErrConflict] when somebody else has said something of it meanwhile.
func (s *Service) Answer(ctx context.Context, f *cases.File, r Reply) error {
	r.Words = strings.TrimSpace(r.Words)
	return s.cases.Do(ctx, f, ActAnswer, func(ctx context.Context, tx *store.Tx) error {
		v, st, err := s.standing(ctx, tx, f, r.Pathway, r.Step)
		if err != nil {
			return err
		}
		if errs := r.check(tx.Now().In(s.zone).Format(time.DateOnly)); errs.Any() {
			return errs
		}
		if st.Answer.ID != r.After {
			return store.ErrConflict
		}
		return s.keep(ctx, tx, f, v, st, r)
	})
}

func (r Reply) check(today string) forms.Errors {
	var errs forms.Errors
	switch r.State {
	case Planned:
		if day, err := time.Parse(time.DateOnly, r.On); err != nil || day.Format(time.DateOnly) < today {
			errs.Add("on", "Enter the day by which it will be done, today or later, such as 27 3 2027")
		}
	case Declined:
		if r.Words == "" {
			errs.Add("words", "Write why this step is not taken")
		}
	case Done:
		if r.Words == "" {
			errs.Add("words", "Write what was done, and where it is recorded")
		}
	default:
		errs.Add("state", "Select where this step stands")
	}
	if len(r.Words) > wordsInAnswer {
		errs.Add("words", fmt.Sprintf("Shorten this to %d characters or fewer", wordsInAnswer))
	}
	return errs
}

// Standing is one step of a pathway on a case, as it is called for now. It
// returns [store.ErrNotFound] for one that is not.
func (s *Service) Standing(ctx context.Context, tx *store.Tx, f *cases.File, pathway, step string) (Version, Standing, error) {
	return s.standing(ctx, tx, f, pathway, step)
}

func (s *Service) standing(ctx context.Context, tx *store.Tx, f *cases.File, pathway, step string) (Version, Standing, error) {
	courses, err := s.on(ctx, tx, f, true)
	if err != nil {
		return Version{}, Standing{}, err
	}
	for _, c := range courses {
		if c.Version.Document.ID != pathway {
			continue
		}
		for _, st := range c.Steps {
			if st.Step.ID == step {
				return c.Version, st, nil
			}
		}
	}
	return Version{}, Standing{}, store.ErrNotFound
}

func (s *Service) keep(ctx context.Context, tx *store.Tx, f *cases.File, v Version, st Standing, r Reply) error {
	if old := st.Answer.task; old != "" {
		if err := s.cases.Finished(ctx, tx, f, cases.TaskID(old), "Something else was said of the step"); err != nil && !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
	task := ""
	if r.State == Planned {
		id, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.PathwayStep, Due: r.On})
		if err != nil {
			return err
		}
		task = string(id)
	} else {
		r.On = ""
	}
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	words, err := tx.Vault().SealJSON(ctx, tx, place(f.Agency(), id), answerWords{r.Words})
	if err != nil {
		return err
	}
	err = pathwaydb.New(tx).InsertAnswer(ctx, pathwaydb.InsertAnswerParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Pathway: v.Document.ID, Number: v.Number, Step: st.Step.ID, State: string(r.State), OnDay: r.On,
		TaskID: task, Words: words.Bytes(), AnsweredAt: tx.Now(), AnsweredBy: f.Actor().Account,
	})
	if err != nil {
		return err
	}
	text := st.Step.Title + ". " + r.State.Label()
	if r.On != "" {
		text += " until " + cases.DayInWords(r.On)
	}
	if r.Words != "" {
		text += ". " + r.Words
	}
	_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.PathwayAnswered, On: tx.Now().In(s.zone).Format(time.DateOnly), Text: text, Ref: id})
	return err
}

// Brief counts what waits on a case.
type Brief struct{ Open, Overdue int }

// Brief is what waits on a case, with the first steps that do, at most most.
func (s *Service) Brief(ctx context.Context, tx *store.Tx, f *cases.File, most int) (Brief, []Standing, error) {
	courses, err := s.on(ctx, tx, f, false)
	if err != nil {
		return Brief{}, nil, err
	}
	var b Brief
	var open []Standing
	for _, c := range courses {
		for _, st := range c.Steps {
			switch st.State {
			case Overdue:
				b.Overdue++
				open = append(open, st)
			case Due, Planned:
				open = append(open, st)
			case Done, Declined:
			}
		}
	}
	b.Open = len(open)
	slices.SortStableFunc(open, func(a, b Standing) int {
		if a.Step.Urgent != b.Step.Urgent {
			if a.Step.Urgent {
				return -1
			}
			return 1
		}
		return a.By.Compare(b.By)
	})
	return b, open[:min(most, len(open))], nil
}
