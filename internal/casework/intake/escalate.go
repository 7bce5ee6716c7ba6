package intake

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/intake/intakedb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Stage is how far the clock of something has run that nobody takes. Nothing moves
// it from one to the next: it follows from the time and from who works there. The
// clock is that of shares which nobody acknowledges.
type Stage = sharing.Stage

// turnOf tells whose turn it is with what nobody has taken. It passes over
// everybody who is tied to the person, or to whoever they fear.
func (s *Service) turnOf(a Ask, now time.Time, staff []sharing.Responsible, tied []string) sharing.Turn {
	remind, manager, contact := s.cfg.Times.Moments(a.Came, a.Danger)
	switch {
	case a.State != Arrived || now.Before(remind):
		return sharing.Turn{}
	case now.Before(manager):
		return sharing.Turn{Stage: sharing.Reminded}
	}
	return sharing.Escalated(a.Team, !now.Before(contact), staff, tied)
}

// turns are whose turn it is with each of some asks of an agency: a few statements,
// however many they are.
func (s *Service) turns(ctx context.Context, tx *store.Tx, agency string, asks []Ask) (map[ID]sharing.Turn, error) {
	out := map[ID]sharing.Turn{}
	now := tx.Now()
	var ids []any
	for _, a := range asks {
		out[a.ID] = s.turnOf(a, now, nil, nil)
		if out[a.ID].Stage == sharing.WithNobody { // beyond the team: who that is is looked up
			ids = append(ids, string(a.ID))
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	staff, err := sharing.Staff(ctx, tx, agency)
	if err != nil {
		return nil, err
	}
	var w store.Where
	w.And(store.Fragment{SQL: "m.agency_id = $1 AND t.withdrawn_at IS NULL", Args: []any{agency}})
	var marks []string
	for _, id := range ids {
		marks = append(marks, w.Arg(id))
	}
	where, _ := w.SQL()
	tied := map[ID][]string{}
	err = store.Each(ctx, tx, `SELECT DISTINCT m.ask_id, t.account_id FROM ask_mark m
		JOIN worker_mark k ON k.agency_id = m.agency_id AND k.mark = m.mark
		JOIN worker_tie t ON t.agency_id = k.agency_id AND t.id = k.tie_id
		WHERE `+where+` AND m.ask_id IN (`+strings.Join(marks, ", ")+`)`, w.Args(), func(rows *sql.Rows) error {
		var id ID
		var account string
		err := rows.Scan(&id, &account)
		tied[id] = append(tied[id], account)
		return err
	})
	for _, a := range asks {
		out[a.ID] = s.turnOf(a, now, staff, tied[a.ID])
	}
	return out, err
}

// stages says of what waits how far its clock has run.
func (s *Service) stages(ctx context.Context, list []Ask) error {
	if len(list) == 0 {
		return nil
	}
	return s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		turn, err := s.turns(ctx, tx, list[0].Agency, list)
		for i := range list {
			list[i].Stage = turn[list[i].ID].Stage
		}
		return err
	})
}

// Pressing tells whether it stands on the first page until somebody takes it: they
// said that somebody is in danger now, or nobody took it in time.
func (a Ask) Pressing() bool {
	return a.State == Arrived && (a.Danger || a.Stage != sharing.InTime)
}

// Untaken is what nobody has taken, for those who are asked about it. It is the
// envelope: what it says is for the team.
type Untaken struct {
	Ask    Ask // without whoever holds it
	SeenBy string
	SeenAt time.Time
}

// Path is where it is said what was done about it.
func (u Untaken) Path() string { return "/untaken/" + string(u.Ask.ID) }

// untakenMost bounds how much is looked at, and untakenShown how much is shown.
const (
	untakenMost  = 200
	untakenShown = 50
)

// Untaken are those about which the actor is asked: with danger first, then the
// longest waiting.
func (s *Service) Untaken(ctx context.Context, actor policy.Actor) ([]Untaken, error) {
	permit, err := s.guard.Act(ctx, actor, ActChase, turnResource(actor.Agency, []string{actor.Account}), true)
	if err != nil {
		return nil, err
	}
	var out []Untaken
	var shown []audit.Subject
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := intakedb.New(tx)
		rows, err := q.AsksWaiting(ctx, intakedb.AsksWaitingParams{AgencyID: actor.Agency, Before: sql.NullTime{Time: tx.Now().Add(-s.cfg.Times.UrgentManager), Valid: true}, Size: untakenMost})
		if err != nil {
			return err
		}
		var asks []Ask
		for _, row := range rows {
			asks = append(asks, asAsk(row))
		}
		turn, err := s.turns(ctx, tx, actor.Agency, asks)
		if err != nil {
			return err
		}
		for _, a := range asks {
			t := turn[a.ID]
			if len(out) == untakenShown || !s.guard.Rules().Decide(actor, ActChase, turnResource(a.Agency, t.Accounts)).Allowed {
				continue
			}
			a.Stage = t.Stage
			u := Untaken{Ask: a}
			steps, err := q.StepsOfAsk(ctx, intakedb.StepsOfAskParams{AgencyID: a.Agency, AskID: string(a.ID)})
			if err != nil {
				return err
			}
			for _, step := range steps {
				// What was done about it before it was moved was done about another team.
				if StepKind(step.Kind) == SeenTo && step.MadeAt.After(a.Came) {
					u.SeenBy, u.SeenAt = step.MadeBy, step.MadeAt
				}
			}
			out, shown = append(out, u), append(shown, a.ID.Subject())
		}
		return nil
	})
	if err != nil || len(shown) == 0 {
		return out, err
	}
	return out, permit.Show(ctx, shown...)
}

// seenMost is the longest word on what was done.
const seenMost = 1000

// SeeTo records what somebody who was asked did about it, for the team to read. It
// takes nothing: that is for the team. It returns forms.Errors by the field words,
// and [store.ErrConflict] when somebody has taken it.
func (s *Service) SeeTo(ctx context.Context, actor policy.Actor, id ID, words string) error {
	var a Ask
	var turn sharing.Turn
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := intakedb.New(tx).AskByID(ctx, string(id))
		if errors.Is(err, sql.ErrNoRows) || err == nil && row.AgencyID != actor.Agency {
			return nil // judged, recorded and answered as one that is not there
		}
		if err != nil {
			return err
		}
		a = asAsk(row)
		all, err := s.turns(ctx, tx, a.Agency, []Ask{a})
		turn = all[a.ID]
		return err
	})
	if err != nil {
		return err
	}
	permit, err := s.guard.Act(ctx, actor, ActChase, turnResource(a.Agency, turn.Accounts), false, id.Subject())
	if err != nil {
		return err
	}
	switch words = strings.TrimSpace(words); {
	case words == "":
		return forms.Errors{{Field: "words", Message: "Enter what you did, for the team"}}
	case utf8.RuneCountInString(words) > seenMost:
		return forms.Errors{{Field: "words", Message: "Shorten this to 1,000 characters or fewer"}}
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := intakedb.New(tx).AskByID(ctx, string(id))
		if err != nil {
			return err
		}
		if State(row.State) != Arrived || row.AgencyID != a.Agency {
			return store.ErrConflict
		}
		if err := s.addStep(ctx, tx, asAsk(row), Step{Kind: SeenTo, Team: row.TeamID, Words: words, By: actor.Account}); err != nil {
			return err
		}
		return permit.Append(tx, ActChase, string(turn.Stage), id.Subject())
	})
}

// Step is what happened to what was asked, beside its answer.
type Step struct {
	ID        string
	Kind      StepKind
	Reference string
	Who       Who
	Team      string // of this agency
	Other     Place  // where it went to, or came from
	Reason    Reason
	Words     string
	At        time.Time
	By        string // account; empty where it was somebody of another agency
}

func stepPlace(agency, id string) store.Place {
	return store.Place{Agency: agency, Table: "ask_step", Column: "words", Row: id}
}

func (s *Service) addStep(ctx context.Context, tx *store.Tx, a Ask, step Step) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	words, err := tx.Vault().Seal(ctx, tx, stepPlace(a.Agency, id), step.Words)
	if err != nil {
		return err
	}
	return intakedb.New(tx).InsertStep(ctx, intakedb.InsertStepParams{
		AgencyID: a.Agency, ID: id, AskID: string(a.ID), Kind: string(step.Kind), Who: string(a.Who), Reference: a.Reference, TeamID: step.Team,
		OtherAgency: step.Other.Agency, OtherTeam: step.Other.Team, Reason: string(step.Reason), Words: words.Bytes(), MadeAt: tx.Now(), MadeBy: step.By,
	})
}

func asStep(row intakedb.AskStep) Step {
	return Step{
		ID: row.ID, Kind: StepKind(row.Kind), Reference: row.Reference, Who: Who(row.Who), Team: row.TeamID, Other: Place{Agency: row.OtherAgency, Team: row.OtherTeam},
		Reason: Reason(row.Reason), At: row.MadeAt, By: row.MadeBy,
	}
}

func (s *Service) stepsOf(ctx context.Context, tx *store.Tx, a Ask) ([]Step, error) {
	rows, err := intakedb.New(tx).StepsOfAsk(ctx, intakedb.StepsOfAskParams{AgencyID: a.Agency, AskID: string(a.ID)})
	if err != nil {
		return nil, err
	}
	var out []Step
	for _, row := range rows {
		step := asStep(row)
		if step.Words, err = tx.Vault().Open(ctx, tx, stepPlace(row.AgencyID, row.ID), row.Words); err != nil {
			return nil, err
		}
		out = append(out, step)
	}
	return out, nil
}

// Steps are what happened to it beside its answer, the oldest first.
func (s *Service) Steps(ctx context.Context, o *Opened) ([]Step, error) {
	if o == nil || !o.permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	var out []Step
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = s.stepsOf(ctx, tx, o.ask)
		return err
	})
	return out, err
}

// Gone is what teams of the actor moved to another agency, the newest first: that
// it went there, and nothing that it said.
func (s *Service) Gone(ctx context.Context, actor policy.Actor, limit int) ([]Step, error) {
	scope, permit, err := s.guard.List(ctx, actor, ActList, leftMapping(), string(cases.Care))
	if err != nil {
		return nil, err
	}
	if !permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	var out []Step
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		var w store.Where
		w.And(store.Fragment{SQL: "m.agency_id = $1 AND m.kind = 'left'", Args: []any{actor.Agency}})
		w.And(scope)
		where, _ := w.SQL()
		query := `SELECT m.id, m.who, m.reference, m.team_id, m.other_agency, m.other_team, m.reason, m.made_at, m.made_by FROM ask_step m WHERE ` +
			where + ` ORDER BY m.id DESC LIMIT ` + w.Arg(limit)
		return store.Each(ctx, tx, query, w.Args(), func(rows *sql.Rows) error {
			step := Step{Kind: Left}
			err := rows.Scan(&step.ID, &step.Who, &step.Reference, &step.Team, &step.Other.Agency, &step.Other.Team, &step.Reason, &step.At, &step.By)
			out = append(out, step)
			return err
		})
	})
	return slices.Clip(out), err
}
