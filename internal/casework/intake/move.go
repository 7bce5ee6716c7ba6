package intake

import (
	"context"
	"database/sql"
	"slices"

	"waymark/internal/casework/intake/intakedb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
)

// Move is to whom something is moved, and why.
type Move struct {
	To     Place
	Reason Reason
	Words  string // for the team that it goes to
}

// MoveTo are the teams to which it can be moved: those that take what is asked in
// that way, and are not the one that has it.
func (s *Service) MoveTo(ctx context.Context, o *Opened) ([]Door, error) {
	if o == nil || !o.permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	list, err := s.Doors(ctx)
	return slices.DeleteFunc(list, func(d Door) bool { return !d.Takes(o.ask.Who) || d.Agency == o.ask.Agency && d.Team == o.ask.Team }), err
}

// Move moves it to another team that takes what is asked, of this agency or of
// another. What was typed goes with it as it is; its age stays that of the asking,
// and the clock of the new team begins. An agency that moved it to another one
// keeps nothing but that it did. It returns forms.Errors, and [store.ErrConflict]
// when it is answered, or somebody was quicker.
func (s *Service) Move(ctx context.Context, o *Opened, m Move) error {
	permit, err := s.judge(ctx, o, ActMove)
	if err != nil {
		return err
	}
	var errs forms.Errors
	if m.To.Agency == "" || m.To.Team == "" || m.To == (Place{Agency: o.ask.Agency, Team: o.ask.Team}) {
		errs.Add("to", "Select the service to which it goes")
	}
	if !slices.Contains(MoveReasons(), m.Reason) {
		errs.Add("reason", "Select why it is moved")
	}
	if m.Words == "" {
		errs.Add("words", "Enter what the team that it goes to should know")
	}
	tooLong(&errs, textMax, map[string]string{"words": m.Words})
	if errs.Any() {
		return errs
	}
	if o.ask.State != Arrived && o.ask.State != Acknowledged {
		return store.ErrConflict
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		switch open, err := takes(ctx, tx, m.To, o.ask.Who); {
		case err != nil:
			return err
		case !open:
			return forms.Errors{{Field: "to", Message: "Select a service that takes this"}}
		}
		var err error
		if m.To.Agency == o.ask.Agency {
			err = s.moveHere(ctx, tx, o, m)
		} else {
			err = s.moveAway(ctx, tx, o, m)
		}
		if err != nil {
			return err
		}
		if err := s.emit(ctx, tx, "ask.moved", o.ask, tx.Now(), measures.Dimensions{"reason": string(m.Reason)}); err != nil {
			return err
		}
		return permit.Append(tx, ActMove, string(m.Reason), o.ask.ID.Subject(), audit.Subject{Kind: "team", ID: m.To.Team})
	})
}

func (s *Service) moveHere(ctx context.Context, tx *store.Tx, o *Opened, m Move) error {
	err := store.Changed(intakedb.New(tx).MoveAsk(ctx, intakedb.MoveAskParams{
		AgencyID: o.ask.Agency, ID: string(o.ask.ID), TeamID: m.To.Team, CameAt: sql.NullTime{Time: tx.Now(), Valid: true}, DueOn: dueOn(tx.Now(), o.ask.Who), Version: o.ask.Version,
	}))
	if err != nil {
		return err
	}
	return s.addStep(ctx, tx, o.ask, Step{Kind: MovedOn, Team: o.ask.Team, Other: m.To, Reason: m.Reason, Words: m.Words, By: o.Actor().Account})
}

// moveAway seals it anew under the key of the other agency. Here nothing stays but
// that it went there: no word of it, and no mark of a name.
func (s *Service) moveAway(ctx context.Context, tx *store.Tx, o *Opened, m Move) error {
	q := intakedb.New(tx)
	row, err := q.AskByID(ctx, string(o.ask.ID))
	if err != nil {
		return err
	}
	words, _, err := unseal(ctx, tx, row)
	if err != nil {
		return err
	}
	if err := s.drop(ctx, tx, o.ask); err != nil {
		return err
	}
	sealed, err := tx.Vault().SealJSON(ctx, tx, place(m.To.Agency, "words", row.ID), words)
	if err != nil {
		return err
	}
	err = store.Changed(q.InsertAsk(ctx, intakedb.InsertAskParams{
		AgencyID: m.To.Agency, ID: row.ID, TeamID: m.To.Team, Who: row.Who, Reference: row.Reference, Once: row.Once, State: string(Arrived), Danger: row.Danger,
		DueOn: dueOn(tx.Now(), o.ask.Who), ArrivedAt: row.ArrivedAt, Words: sealed.Bytes(), Answer: []byte{}, CameAt: sql.NullTime{Time: tx.Now(), Valid: true},
	}))
	if err != nil {
		return err
	}
	if err := s.mark(ctx, tx, NewAsk{Who: o.ask.Who, To: m.To, Words: words}, row.ID); err != nil {
		return err
	}
	there := o.ask
	there.Agency, there.Team = m.To.Agency, m.To.Team
	from := Place{Agency: o.ask.Agency, Team: o.ask.Team}
	if err := s.addStep(ctx, tx, there, Step{Kind: CameHere, Team: m.To.Team, Other: from, Reason: m.Reason, Words: m.Words}); err != nil {
		return err
	}
	if err := s.emit(ctx, tx, "ask.received", there, tx.Now(), nil); err != nil {
		return err
	}
	return s.addStep(ctx, tx, o.ask, Step{Kind: Left, Team: from.Team, Other: m.To, Reason: m.Reason, By: o.Actor().Account})
}

// drop removes an ask that went into no case, with all that belongs to it.
func (s *Service) drop(ctx context.Context, tx *store.Tx, a Ask) error {
	q := intakedb.New(tx)
	if err := q.DeleteMarks(ctx, intakedb.DeleteMarksParams{AgencyID: a.Agency, AskID: string(a.ID)}); err != nil {
		return err
	}
	if err := q.DeleteSteps(ctx, intakedb.DeleteStepsParams{AgencyID: a.Agency, AskID: string(a.ID)}); err != nil {
		return err
	}
	return store.Changed(q.DeleteAsk(ctx, intakedb.DeleteAskParams{AgencyID: a.Agency, ID: string(a.ID), Version: a.Version}))
}
