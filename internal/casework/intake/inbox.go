package intake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/intake/intakedb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// List lists one box of what was asked of the teams of the actor: what waits
// with danger first and then the oldest, the others with the newest first. It
// names nobody.
func (s *Service) List(ctx context.Context, actor policy.Actor, box Box, after ID, limit int) ([]Ask, error) {
	scope, permit, err := s.guard.List(ctx, actor, ActList, Mapping(), string(cases.Care))
	if err != nil {
		return nil, err
	}
	if !permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	condition, order, follows := "a.state = 'arrived'", "ASC", "a.id > $1"
	switch box {
	case TakenBox:
		condition = "a.state = 'acknowledged'"
	case MovedBox: // what is left of it is no ask: [Service.Gone]
		return nil, permit.Show(ctx)
	case SettledBox:
		condition, order, follows = "a.state IN ('accepted', 'declined')", "DESC", "a.id < $1"
	case WaitingBox:
	}
	var out []Ask
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		var w store.Where
		w.And(store.Fragment{SQL: "a.agency_id = $1", Args: []any{actor.Agency}})
		w.And(store.Fragment{SQL: condition})
		w.And(scope)
		if after != "" {
			w.And(store.Fragment{SQL: follows, Args: []any{string(after)}})
		}
		where, _ := w.SQL()
		query := `SELECT a.id, a.team_id, a.who, a.reference, a.state, a.danger, a.due_on, a.arrived_at, a.came_at, a.held_by, a.settled_at FROM ask a WHERE ` +
			where + ` ORDER BY a.id ` + order + ` LIMIT ` + w.Arg(limit)
		return store.Each(ctx, tx, query, w.Args(), func(rows *sql.Rows) error {
			a := Ask{Agency: actor.Agency}
			var came, settled sql.NullTime
			err := rows.Scan(&a.ID, &a.Team, &a.Who, &a.Reference, &a.State, &a.Danger, &a.DueOn, &a.Arrived, &came, &a.HeldBy, &settled)
			a.Came, a.SettledAt = a.Arrived, settled.Time
			if came.Valid {
				a.Came = came.Time
			}
			out = append(out, a)
			return err
		})
	})
	if err == nil && box == WaitingBox {
		err = s.stages(ctx, out)
	}
	if box == WaitingBox {
		slices.SortStableFunc(out, func(a, b Ask) int {
			switch {
			case a.Danger == b.Danger:
				return 0
			case a.Danger:
				return -1
			}
			return 1
		})
	}
	return out, err
}

// Opened is an ask that somebody may read. Holding one is proof of it: only
// [Service.Open] makes them.
type Opened struct {
	ask    Ask
	words  Words
	answer string
	tied   []string
	permit audit.Permit
}

// Ask is what is known of it beside its words.
func (o *Opened) Ask() Ask { return o.ask }

// Words are what was typed.
func (o *Opened) Words() Words { return o.words }

// Answer is what was written when it was declined.
func (o *Opened) Answer() string { return o.answer }

// Actor is who opened it.
func (o *Opened) Actor() policy.Actor { return o.permit.Actor() }

func (o *Opened) resource() policy.Resource { return resource(o.ask, o.tied) }

func resource(a Ask, tied []string) policy.Resource {
	return policy.Resource{Type: "Ask", ID: string(a.ID), Attrs: policy.Attrs{"agency": a.Agency, "team": a.Team, "tied": tied}}
}

// Open opens what somebody asked. To whoever may not read it, it is not there:
// the refusal is recorded, and the error is that of one that never was.
func (s *Service) Open(ctx context.Context, actor policy.Actor, id ID) (*Opened, error) {
	o := &Opened{}
	var row intakedb.Ask
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		q := intakedb.New(tx)
		if row, err = q.AskByID(ctx, string(id)); errors.Is(err, sql.ErrNoRows) {
			row, err = intakedb.Ask{ID: string(id)}, nil // judged, recorded and answered as somebody else's is
		}
		if err != nil {
			return err
		}
		o.ask = asAsk(row)
		o.tied, err = q.TiedToAsk(ctx, intakedb.TiedToAskParams{AgencyID: row.AgencyID, AskID: string(id)})
		return err
	})
	if err != nil {
		return nil, err
	}
	subjects := []audit.Subject{id.Subject()}
	if o.ask.Person != "" {
		subjects = append(subjects, o.ask.Person.Subject())
	}
	if o.permit, err = s.guard.Open(ctx, actor, ActRead, o.resource(), string(cases.Care), false, subjects...); err != nil {
		return nil, err
	}
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		o.words, o.answer, err = unseal(ctx, tx, row)
		return err
	})
	if err != nil {
		return nil, err
	}
	return o, nil
}

func unseal(ctx context.Context, tx *store.Tx, row intakedb.Ask) (w Words, answer string, err error) {
	if err = tx.Vault().OpenJSON(ctx, tx, place(row.AgencyID, "words", row.ID), row.Words, &w); err != nil {
		return w, "", err
	}
	answer, err = tx.Vault().Open(ctx, tx, place(row.AgencyID, "answer", row.ID), row.Answer)
	return w, answer, err
}

// AlreadyTaken is returned to the second who takes what somebody asked.
type AlreadyTaken struct {
	By string // account
	At time.Time
}

func (e *AlreadyTaken) Error() string { return fmt.Sprintf("taken by %s already", e.By) }

// Take records that a named person has what somebody asked, and sees to it. The
// second is told who was first (*AlreadyTaken), and nothing is overwritten.
func (s *Service) Take(ctx context.Context, o *Opened) error {
	permit, err := s.judge(ctx, o, ActTake)
	if err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := intakedb.New(tx)
		n, err := q.TakeAsk(ctx, intakedb.TakeAskParams{
			AgencyID: o.ask.Agency, ID: string(o.ask.ID), HeldBy: o.Actor().Account, HeldAt: sql.NullTime{Time: tx.Now(), Valid: true},
		})
		if err != nil {
			return err
		}
		if n == 0 {
			row, err := q.AskByID(ctx, string(o.ask.ID))
			if err != nil {
				return err
			}
			if !row.HeldAt.Valid { // it was moved to another team meanwhile
				return store.ErrConflict
			}
			return &AlreadyTaken{By: row.HeldBy, At: row.HeldAt.Time}
		}
		if err := s.emit(ctx, tx, "ask.taken", o.ask, tx.Now(), measures.Dimensions{"in_time": o.ask.inTime(tx.Now())}); err != nil {
			return err
		}
		return permit.Append(tx, ActTake, "", o.ask.ID.Subject())
	})
}

func (s *Service) judge(ctx context.Context, o *Opened, action policy.Action) (audit.Permit, error) {
	if o == nil || !o.permit.Valid() {
		return audit.Permit{}, audit.ErrNoPermit
	}
	return s.guard.Act(ctx, o.Actor(), action, o.resource(), true, o.ask.ID.Subject())
}

// Alike is a case of somebody with the name that was typed, among those the
// reader may see. It may be somebody else.
type Alike struct {
	File   cases.ID
	Number int64
	Closed bool
}

// alikeMax bounds how many cases are proposed.
const alikeMax = 10

// Alikes proposes cases that may be of the same person.
func (s *Service) Alikes(ctx context.Context, o *Opened) ([]Alike, error) {
	if o == nil || !o.permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	scope, permit, err := s.guard.List(ctx, o.Actor(), cases.ActList, cases.Mapping(store.Moment(s.cases.DB().Clock()())), string(cases.Care))
	if err != nil {
		return nil, err
	}
	var out []Alike
	var shown []audit.Subject
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		var w store.Where
		w.And(store.Fragment{SQL: "f.agency_id = $1", Args: []any{o.ask.Agency}})
		w.And(store.Fragment{
			SQL: "EXISTS (SELECT 1 FROM ask_mark k JOIN person_mark p ON p.agency_id = k.agency_id AND p.mark = k.mark " +
				"WHERE k.agency_id = f.agency_id AND k.ask_id = $1 AND k.whose = 'person' AND p.person_id = f.person_id)",
			Args: []any{string(o.ask.ID)},
		})
		w.And(scope)
		where, _ := w.SQL()
		query := "SELECT f.id, f.number, f.closed_at FROM file f WHERE " + where + " ORDER BY f.number DESC LIMIT " + w.Arg(alikeMax)
		return store.Each(ctx, tx, query, w.Args(), func(rows *sql.Rows) error {
			var a Alike
			var closed sql.NullTime
			err := rows.Scan(&a.File, &a.Number, &closed)
			a.Closed = closed.Valid
			out, shown = append(out, a), append(shown, a.File.Subject())
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return out, permit.Show(ctx, shown...)
}

// Acceptance is how something that was asked is taken on.
type Acceptance struct {
	Into   cases.ID       // a case that is there; empty opens a new one
	Person people.Details // as the new case has them
	Team   string         // of the actor, which holds the new case
}

// Accept takes on what somebody asked: a case of the agency begins, or it goes
// into one that is there. It returns forms.Errors, and [store.ErrConflict] when
// nobody has taken it, or somebody has answered already.
func (s *Service) Accept(ctx context.Context, o *Opened, a Acceptance) (*cases.File, error) {
	permit, err := s.judge(ctx, o, ActAccept)
	if err != nil {
		return nil, err
	}
	var begin audit.Permit
	var f *cases.File
	if a.Into != "" {
		if f, err = s.cases.Open(ctx, o.Actor(), a.Into, cases.Care); err != nil {
			return nil, err
		}
		if f.Agency() != o.ask.Agency || !s.cases.May(f, cases.ActWork) {
			return nil, store.ErrNotFound
		}
		if errs := fits(f); errs.Any() {
			return nil, errs
		}
	} else if begin, err = s.cases.MayBegin(ctx, o.Actor()); err != nil {
		return nil, err
	}
	err = s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if a.Into == "" {
			f, err = s.cases.BeginTx(ctx, tx, begin, cases.NewFile{Person: a.Person, Kind: cases.Full, Origin: o.ask.Who.origin(), Team: a.Team})
		} else {
			err = s.cases.Promote(ctx, tx, f)
		}
		if err != nil {
			return err
		}
		if err := s.settle(ctx, tx, o, Accepted, "", "", f); err != nil {
			return err
		}
		if err := s.fill(ctx, tx, o, f); err != nil {
			return err
		}
		return permit.Append(tx, ActAccept, "", o.ask.ID.Subject(), f.ID().Subject(), f.Person().Subject())
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// fits tells why a case is none into which somebody's asking for help can go.
func fits(f *cases.File) forms.Errors {
	var errs forms.Errors
	switch {
	case f.Side() == cases.Perpetrating:
		errs.Add("into", "That case is of somebody who harms: what they asked for themselves does not go into it. Open a new case")
	case !f.ClosedAt().IsZero():
		errs.Add("into", "That case is closed. Open a new case, or have it opened again first")
	}
	return errs
}

// fill says in the case that it was asked for, and what is to be done.
func (s *Service) fill(ctx context.Context, tx *store.Tx, o *Opened, f *cases.File) error {
	_, err := s.cases.Record(ctx, tx, f, cases.Event{
		Kind: cases.AskReceived, On: o.ask.Arrived.Format(time.DateOnly), Ref: string(o.ask.ID),
		Text: o.ask.Who.Staff() + " asked. What they wrote is on this case; how the person can be reached is not checked yet.",
	})
	if err != nil {
		return err
	}
	if s.cfg.Asked != nil {
		if err := s.cfg.Asked(ctx, tx, f, o.ask.Who == Self, o.ask.Arrived); err != nil {
			return err
		}
	}
	due := max(o.ask.DueOn, tx.Now().Format(time.DateOnly))
	for _, task := range []cases.NewTask{{Kind: cases.FirstContact, Due: due, Team: f.Team()}, {Kind: cases.AskSafeContact, Due: due}} {
		if _, err := s.cases.AddTask(ctx, tx, f, task); err != nil {
			return err
		}
	}
	return nil
}

// Decline answers what somebody asked with a reason. It returns forms.Errors,
// and [store.ErrConflict] when nobody has taken it, or somebody has answered.
func (s *Service) Decline(ctx context.Context, o *Opened, reason Reason, words string) error {
	permit, err := s.judge(ctx, o, ActDecline)
	if err != nil {
		return err
	}
	var errs forms.Errors
	if !slices.Contains(Reasons(), reason) {
		errs.Add("reason", "Select why it is declined")
	}
	if words == "" && reason != NoRequest {
		errs.Add("words", "Enter what was done so that the person is not left alone")
	}
	tooLong(&errs, textMax, map[string]string{"words": words})
	if errs.Any() {
		return errs
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := s.settle(ctx, tx, o, Declined, reason, words, nil); err != nil {
			return err
		}
		if _, err := s.forget(ctx, tx, o.ask.Agency); err != nil {
			return err
		}
		return permit.Append(tx, ActDecline, string(reason), o.ask.ID.Subject())
	})
}

// settle answers it, once.
func (s *Service) settle(ctx context.Context, tx *store.Tx, o *Opened, state State, reason Reason, words string, f *cases.File) error {
	answer, err := tx.Vault().Seal(ctx, tx, place(o.ask.Agency, "answer", string(o.ask.ID)), words)
	if err != nil {
		return err
	}
	p := intakedb.SettleAskParams{
		AgencyID: o.ask.Agency, ID: string(o.ask.ID), State: string(state), SettledAt: sql.NullTime{Time: tx.Now(), Valid: true}, SettledBy: o.Actor().Account,
		Reason: string(reason), Answer: answer.Bytes(), Version: o.ask.Version,
	}
	if f != nil {
		p.FileID, p.PersonID = string(f.ID()), string(f.Person())
	}
	if err := store.Changed(intakedb.New(tx).SettleAsk(ctx, p)); err != nil {
		return err
	}
	counted := o.ask
	if f != nil { // counted anew, with the case and the person, as what it is
		counted.File, counted.Person = f.ID(), f.Person()
		if err := s.recount(ctx, tx, counted); err != nil {
			return err
		}
	}
	why := string(reason)
	if why == "" {
		why = "none"
	}
	return s.emit(ctx, tx, "ask.settled", counted, tx.Now(), measures.Dimensions{"outcome": string(state), "reason": why})
}

// MayReach tells whether whoever opened a file may read how its person can be
// reached.
func (s *Service) MayReach(f *cases.File) bool { return s.cases.MayRead(f, cases.Whereabouts) }

// OfFile are what was asked that went into a file, the oldest first.
func (s *Service) OfFile(ctx context.Context, f *cases.File) ([]Ask, []Words, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return nil, nil, err
	}
	var out []Ask
	var words []Words
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := intakedb.New(tx).AskOfFile(ctx, intakedb.AskOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
		if err != nil {
			return err
		}
		for _, row := range rows {
			w, _, err := unseal(ctx, tx, row)
			if err != nil {
				return err
			}
			out, words = append(out, asAsk(row)), append(words, w)
		}
		return nil
	})
	return out, words, err
}
