package appointments

import (
	"context"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/appointments/appointmentsdb"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// ErrOwnBooking is returned to a manager who would decide about a slot that they
// booked themselves.
var ErrOwnBooking = errors.New("somebody else decides about what you booked")

// turn changes an appointment that is as it was read, and lets the other side of
// a harm move.
func (s *Service) turn(ctx context.Context, f *cases.File, action policy.Action, id ID, version int64, fn func(context.Context, *store.Tx, *Appointment) error) error {
	return s.cases.Do(ctx, f, action, func(ctx context.Context, tx *store.Tx) error {
		a, err := s.Appointment(ctx, tx, f, id)
		if err != nil {
			return err
		}
		if a.Version != version {
			return store.ErrConflict
		}
		if err := fn(ctx, tx, &a); err != nil {
			return err
		}
		if err := s.set(ctx, tx, f, a); err != nil {
			return err
		}
		return s.look(ctx, tx, f.Agency(), f.ID())
	})
}

// Cancel calls an appointment off.
func (s *Service) Cancel(ctx context.Context, f *cases.File, id ID, version int64, by By, why string) error {
	var errs forms.Errors
	if !slices.Contains(Bys(), by) {
		errs.Add("by", "Select who cancelled it")
	}
	if len(why) > textMax {
		errs.Add("why", "Shorten this to 4000 characters or fewer")
	}
	if errs.Any() {
		return errs
	}
	return s.turn(ctx, f, ActBook, id, version, func(ctx context.Context, tx *store.Tx, a *Appointment) error {
		if !a.Open() {
			return store.ErrConflict
		}
		if err := s.cleared(ctx, tx, f, *a, "Cancelled"); err != nil {
			return err
		}
		a.State, a.CancelledBy, a.MustMove, a.Words.Off = Cancelled, by, false, why
		return s.record(ctx, tx, f, cases.AppointmentOff, s.when(*a)+" "+by.Label()+".", string(id))
	})
}

// Ending is what became of an appointment.
type Ending struct {
	State State
	Spoke Spoke // who interpreted
	Text  string
}

// End records what became of an appointment. That a relative interpreted is kept
// as what happened; somebody asks again safely (B7.27).
func (s *Service) End(ctx context.Context, f *cases.File, id ID, version int64, e Ending) error {
	var errs forms.Errors
	if !slices.Contains(Outcomes(), e.State) {
		errs.Add("outcome", "Select what became of it")
	}
	if e.Spoke != NobodyInterpreted && !slices.Contains(Spokes(), e.Spoke) {
		errs.Add("spoke", "Select who interpreted")
	}
	if len(e.Text) > textMax {
		errs.Add("text", "Shorten this to 4000 characters or fewer")
	}
	if errs.Any() {
		return errs
	}
	return s.turn(ctx, f, ActBook, id, version, func(ctx context.Context, tx *store.Tx, a *Appointment) error {
		if a.State != Booked {
			return store.ErrConflict
		}
		if a.Starts.After(tx.Now()) {
			return forms.Errors{{Field: "outcome", Message: "It has not begun yet. Move it or cancel it instead"}}
		}
		if err := s.cleared(ctx, tx, f, *a, "It has been"); err != nil {
			return err
		}
		a.State, a.MustMove, a.Words.Came, a.Words.Spoke = e.State, false, e.Text, e.Spoke
		if e.Spoke == ByRelative {
			if _, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.AskAgain, Due: cases.NextWorkingDay(tx.Now())}); err != nil {
				return err
			}
		}
		text := s.when(*a) + " " + e.State.Label() + "."
		if e.Spoke != NobodyInterpreted {
			text += " Interpreted: " + e.Spoke.Label() + "."
		}
		if err := s.record(ctx, tx, f, cases.AppointmentEnded, text, string(id)); err != nil {
			return err
		}
		return s.emit(ctx, tx, f, "appointment.ended", string(id), measures.Dimensions{
			"outcome": string(e.State), "alone": a.Alone, "interpreter": or(string(e.Spoke), "none"),
		})
	})
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// Decide is how a manager who did not book it decides about an appointment at a
// slot that is not safe: one that is asked for, or one that would have to move.
// That it stands, and why, is in the ledger and in the chronology. It returns
// [ErrOwnBooking].
func (s *Service) Decide(ctx context.Context, f *cases.File, id ID, version int64, stands bool, why string) error {
	if why == "" || len(why) > textMax {
		return forms.Errors{{Field: "why", Message: "Write why, in 4000 characters or fewer"}}
	}
	return s.turn(ctx, f, ActAllow, id, version, func(ctx context.Context, tx *store.Tx, a *Appointment) (err error) {
		if a.State != Asked && (a.State != Booked || !a.MustMove || !stands) {
			return store.ErrConflict
		}
		if a.AskedBy == f.Actor().Account {
			return ErrOwnBooking
		}
		was, answer := *a, "Did not let it stand"
		a.Words.Allow, a.MustMove = why, false
		if stands {
			answer = "Let it stand"
			if err := appointmentsdb.New(tx).Lock(ctx, f.Agency()); err != nil {
				return err
			}
			if err := s.free(ctx, tx, f, *a); err != nil {
				return err
			}
			a.State, a.AllowedAt, a.AllowedBy = Booked, tx.Now(), f.Actor().Account
			if a.moveTask, err = tx.NewID(); err != nil {
				return err
			}
		} else {
			a.State = Declined
		}
		if err := s.cleared(ctx, tx, f, was, answer); err != nil {
			return err
		}
		if err := s.record(ctx, tx, f, cases.AppointmentStands, s.when(*a)+" "+answer+": "+why, string(id)); err != nil {
			return err
		}
		fact, err := tx.NewID() // a slot can be decided about again after a move
		if err != nil {
			return err
		}
		return s.emit(ctx, tx, f, "appointment.decided", fact, measures.Dimensions{"stands": stands})
	})
}

// MayDecide tells whether the reader is a manager who can decide about it.
func (s *Service) MayDecide(f *cases.File, a Appointment) bool {
	return (a.State == Asked || a.State == Booked && a.MustMove) && a.AskedBy != f.Actor().Account && s.cases.May(f, ActAllow)
}

// Tell asks the gate whether the person may be told of an appointment now, and
// writes down that they are. A refusal says why, next to the field.
func (s *Service) Tell(ctx context.Context, f *cases.File, id ID, version int64, channel people.Channel, conditions bool) error {
	if !slices.Contains(people.Channels(), channel) {
		return forms.Errors{{Field: "channel", Message: "Select how they are told"}}
	}
	if s.cfg.Gate == nil {
		return errors.New("nobody was given to ask whether somebody may be contacted")
	}
	return s.turn(ctx, f, ActBook, id, version, func(ctx context.Context, tx *store.Tx, a *Appointment) error {
		if a.State != Booked {
			return store.ErrConflict
		}
		refused, err := s.cfg.Gate(ctx, tx, f, channel, tx.Now().In(s.cfg.Zone), conditions)
		if err != nil {
			return err
		}
		if refused != "" {
			return forms.Errors{{Field: "channel", Message: refused}}
		}
		return s.told(ctx, tx, f, a, channel.Label())
	})
}

// Known writes down that the person knows of an appointment: it was agreed with
// them, or they were told. What happened may always be written down.
func (s *Service) Known(ctx context.Context, f *cases.File, id ID, version int64, how string) error {
	if how == "" || len(how) > lineMax {
		return forms.Errors{{Field: "how", Message: "Write how they know, in 300 characters or fewer"}}
	}
	return s.turn(ctx, f, ActBook, id, version, func(ctx context.Context, tx *store.Tx, a *Appointment) error {
		if a.State != Booked {
			return store.ErrConflict
		}
		return s.told(ctx, tx, f, a, how)
	})
}

func (s *Service) told(ctx context.Context, tx *store.Tx, f *cases.File, a *Appointment, how string) error {
	a.Told, a.Words.By = true, how
	return s.record(ctx, tx, f, cases.AppointmentTold, s.when(*a)+" "+how, string(a.ID))
}

// subject names whoever holds an address of a calendar, in the ledger.
func subject(account string) audit.Subject { return audit.Subject{Kind: "account", ID: account} }

// dayOf is the first moment of the day of a time, in the place.
func (s *Service) dayOf(t time.Time) time.Time {
	t = t.In(s.cfg.Zone)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, s.cfg.Zone)
}
