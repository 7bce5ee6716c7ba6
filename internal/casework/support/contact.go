package support

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support/supportdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// ContactID names a contact.
type ContactID string

// Words are what is said of a contact.
type Words struct {
	With string `json:"with,omitempty"` // the professional who was spoken to
	Text string `json:"text,omitempty"` // what was planned, or happened
	Why  string `json:"why,omitempty"`  // why it was made though it would have been refused
}

// Contact is a contact or an attempt, planned or as it was.
type Contact struct {
	ID         ContactID
	State      State
	Outward    bool
	Whom       Whom
	Channel    people.Channel
	Message    bool
	At         time.Time
	Outcome    Outcome
	Verdict    Answer
	Reason     Reason
	Flagged    bool
	Words      Words
	RecordedAt time.Time
	RecordedBy string
	task       string
}

// Asking is what the gate is asked about, with whom is spoken to.
type Asking struct {
	Whom Whom
	Reach
	Words Words
}

func (s *Service) checkAsking(a Asking) forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Whoms(), a.Whom) {
		errs.Add("whom", "Select who is to be spoken to")
	}
	if !slices.Contains(people.Channels(), a.Channel) {
		errs.Add("channel", "Select how")
	}
	if (a.Whom == TheProfessional) != (a.Channel == people.Professional) && !errs.Any() {
		errs.Add("channel", "A professional they trust is one way of its own: choose it for both")
	}
	tooLong(&errs, lineMax, map[string]string{"with": a.Words.With})
	tooLong(&errs, textMax, map[string]string{"text": a.Words.Text, "why": a.Words.Why})
	return errs
}

// known is what is known of reaching the person of a file, as the reader may
// know it.
func (s *Service) known(ctx context.Context, tx *store.Tx, f *cases.File) (Known, error) {
	person, err := s.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
	if err != nil {
		return Known{}, err
	}
	k := Known{Recheck: s.cases.People().Recheck()}
	if k.Contact, err = s.cases.SafeContact(ctx, tx, f, person); err != nil {
		return Known{}, err
	}
	requests, err := s.cases.Requests(ctx, tx, f)
	if err != nil {
		return Known{}, err
	}
	k.Unconfirmed = slices.ContainsFunc(requests, func(r cases.Request) bool { return r.Kind == cases.AddressChange && r.State == cases.Unverified })
	t, err := s.standing(ctx, tx, f)
	k.Referred, k.Reached, k.Cautioned = t.Unasked, !t.ReachedAt.IsZero(), !t.CautiousAt.IsZero()
	return k, err
}

// May asks the gate for a file. Letters, calendars and whatever else reaches a
// person ask here.
func (s *Service) May(ctx context.Context, tx *store.Tx, f *cases.File, r Reach) (Verdict, error) {
	if err := show(ctx, f); err != nil {
		return Verdict{}, err
	}
	k, err := s.known(ctx, tx, f)
	if err != nil {
		return Verdict{}, err
	}
	r.At = r.At.In(s.cfg.Zone)
	return Gate(k, r), nil
}

// Ask asks the gate whether somebody may be contacted now. When it permits, the
// contact is under way, and waits for what happened. A refusal is kept: the
// chronology says that no contact was made and why, and a task asks for a safe
// way. The cautious first attempt is made once, whoever asks.
func (s *Service) Ask(ctx context.Context, f *cases.File, a Asking) (ContactID, Verdict, error) {
	a.At = s.Now()
	if errs := s.checkAsking(a); errs.Any() {
		return "", Verdict{}, errs
	}
	var id string
	var v Verdict
	err := s.cases.Do(ctx, f, ActContact, func(ctx context.Context, tx *store.Tx) (err error) {
		if v, err = s.May(ctx, tx, f, a.Reach); err != nil {
			return err
		}
		if v.Answer == Cautious {
			if err := s.takeCautious(ctx, tx, f); err != nil {
				return err
			}
		}
		c := Contact{State: Begun, Outward: true, Whom: a.Whom, Channel: a.Channel, Message: a.Message, At: tx.Now(), Verdict: v.Answer, Reason: v.Reason, Words: a.Words}
		if !v.OK() {
			c.State = NotMade
		}
		if id, err = s.insert(ctx, tx, f, c); err != nil {
			return err
		}
		if v.OK() {
			if v.Answer == Cautious {
				return s.record(ctx, tx, f, cases.CautiousAttempt, "", a.Channel.Label(), id)
			}
			return nil
		}
		return s.refused(ctx, tx, f, a, v, id)
	})
	return ContactID(id), v, err
}

// refused keeps that a contact was not made.
func (s *Service) refused(ctx context.Context, tx *store.Tx, f *cases.File, a Asking, v Verdict, id string) error {
	if err := s.record(ctx, tx, f, cases.ContactRefused, "", a.Channel.Label()+". "+v.Reason.Label()+".", id); err != nil {
		return err
	}
	err := s.emit(ctx, tx, f, "contact.refused", "support_contact", id, tx.Now(), measures.Dimensions{"reason": string(v.Reason)})
	if err != nil {
		return err
	}
	switch v.Reason {
	case UnknownWay, UnsafeWay, Expired, NotConfirmed:
		return s.askSafely(ctx, tx, f)
	case NoReason, WithheldFrom, TheyWillContact, OutsideHours, ConditionsFirst, NoMessage:
	}
	return nil
}

// takeCautious takes the one cautious attempt there is. Of two workers who ask
// at the same time one gets it.
func (s *Service) takeCautious(ctx context.Context, tx *store.Tx, f *cases.File) error {
	q := supportdb.New(tx)
	if err := s.ensure(ctx, q, f); err != nil {
		return err
	}
	return store.Changed(q.TakeCautious(ctx, supportdb.TakeCautiousParams{AgencyID: f.Agency(), FileID: string(f.ID()), CautiousAt: nullTime(tx.Now())}))
}

// askSafely puts the task to ask how somebody can be reached into the inbox,
// unless it is there.
func (s *Service) askSafely(ctx context.Context, tx *store.Tx, f *cases.File) error {
	return s.taskOnce(ctx, tx, f, cases.AskSafeContact, cases.NextWorkingDay(tx.Now()))
}

func (s *Service) taskOnce(ctx context.Context, tx *store.Tx, f *cases.File, kind cases.TaskKind, due string) error {
	open, err := s.cases.Tasks(ctx, tx, f)
	if err != nil || slices.ContainsFunc(open, func(t cases.Task) bool { return t.Kind == kind }) {
		return err
	}
	_, err = s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: kind, Due: due})
	return err
}

// Plan plans a contact for a time. The gate is asked for that time now, and
// again when the time has come: a plan permits nothing.
func (s *Service) Plan(ctx context.Context, f *cases.File, a Asking) (ContactID, error) {
	errs := s.checkAsking(a)
	if a.At.IsZero() || a.At.Before(s.Now()) {
		errs.Add("at", "Enter a day and a time that is still to come")
	}
	if errs.Any() {
		return "", errs
	}
	a.Cautious, a.Conditions = false, true
	var id string
	err := s.cases.Do(ctx, f, ActContact, func(ctx context.Context, tx *store.Tx) error {
		v, err := s.May(ctx, tx, f, a.Reach)
		if err != nil {
			return err
		}
		if !v.OK() {
			words := v.Reason.Label() + ". " + v.Reason.Next()
			if !v.Hours.IsZero() {
				words += " It is safe: " + v.Hours.Label() + "."
			}
			return forms.Errors{{Field: "channel", Message: words}}
		}
		task, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.PlannedContact, Due: a.At.In(s.cfg.Zone).Format(time.DateOnly)})
		if err != nil {
			return err
		}
		id, err = s.insert(ctx, tx, f, Contact{State: Planned, Outward: true, Whom: a.Whom, Channel: a.Channel, Message: a.Message, At: a.At, Words: a.Words, task: string(task)})
		if err != nil {
			return err
		}
		return s.record(ctx, tx, f, cases.ContactPlanned, "", a.Channel.Label()+", "+a.At.In(s.cfg.Zone).Format("2 January 2006, 15:04"), id)
	})
	return ContactID(id), err
}

// Happened is a contact as it was, which is always kept.
type Happened struct {
	Outward bool
	Whom    Whom
	Channel people.Channel
	Message bool
	At      time.Time
	Outcome Outcome
	Words   Words
}

func (s *Service) checkHappened(h Happened) forms.Errors {
	errs := s.checkAsking(Asking{Whom: h.Whom, Reach: Reach{Channel: h.Channel}, Words: h.Words})
	if h.At.IsZero() || h.At.After(s.Now().Add(time.Minute)) {
		errs.Add("at", "Enter the day and the time when it happened")
	}
	if !slices.Contains(Outcomes(), h.Outcome) {
		errs.Add("outcome", "Select what happened")
	}
	return errs
}

// Record writes down a contact that happened. Nothing refuses it: had the gate
// refused the contact, it is marked, and somebody else looks at it on the next
// working day.
func (s *Service) Record(ctx context.Context, f *cases.File, h Happened) (ContactID, error) {
	if errs := s.checkHappened(h); errs.Any() {
		return "", errs
	}
	var id string
	err := s.cases.Do(ctx, f, ActContact, func(ctx context.Context, tx *store.Tx) (err error) {
		c := Contact{State: Done, Outward: h.Outward, Whom: h.Whom, Channel: h.Channel, Message: h.Message, At: store.Moment(h.At), Outcome: h.Outcome, Words: h.Words}
		if c.Outward {
			if err := s.look(ctx, tx, f, &c); err != nil {
				return err
			}
		}
		if id, err = s.insert(ctx, tx, f, c); err != nil {
			return err
		}
		c.ID = ContactID(id)
		return s.follow(ctx, tx, f, c)
	})
	return ContactID(id), err
}

// look marks a contact that the gate would have refused.
func (s *Service) look(ctx context.Context, tx *store.Tx, f *cases.File, c *Contact) error {
	message := c.Message || c.Outcome == LeftMessage
	v, err := s.May(ctx, tx, f, Reach{Channel: c.Channel, At: c.At, Message: message, Conditions: true})
	if err != nil {
		return err
	}
	// Whoever may not read how the person is reached is not judged for it.
	c.Verdict, c.Reason, c.Flagged = v.Answer, v.Reason, !v.OK() && v.Reason != WithheldFrom
	return nil
}

// Finish records what became of a contact that was planned or is under way.
// One that was planned is looked at like any other that was made without
// asking. It returns [store.ErrConflict] when somebody else recorded it.
func (s *Service) Finish(ctx context.Context, f *cases.File, id ContactID, h Happened) error {
	return s.cases.Do(ctx, f, ActContact, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.contact(ctx, tx, f, id)
		if err != nil {
			return err
		}
		if c.State != Planned && c.State != Begun {
			return store.ErrConflict
		}
		h.Whom, h.Channel, h.Message, h.Outward = c.Whom, c.Channel, c.Message, true
		if errs := s.checkHappened(h); errs.Any() {
			return errs
		}
		planned := c.State == Planned
		if h.Words.With == "" {
			h.Words.With = c.Words.With
		}
		c.State, c.At, c.Outcome, c.Words = Done, store.Moment(h.At), h.Outcome, h.Words
		if planned {
			if err := s.look(ctx, tx, f, &c); err != nil {
				return err
			}
		} else if h.Outcome == LeftMessage && !c.Message && IsVoice(c.Channel) {
			c.Flagged, c.Reason = true, NoMessage
		}
		if err := s.set(ctx, tx, f, c); err != nil {
			return err
		}
		return s.follow(ctx, tx, f, c)
	})
}

// Begin asks the gate for a contact whose time has come.
func (s *Service) Begin(ctx context.Context, f *cases.File, id ContactID, conditions bool) (Verdict, error) {
	var v Verdict
	err := s.cases.Do(ctx, f, ActContact, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.contact(ctx, tx, f, id)
		if err != nil {
			return err
		}
		if c.State != Planned {
			return store.ErrConflict
		}
		r := Reach{Channel: c.Channel, At: tx.Now(), Message: c.Message, Conditions: conditions}
		if v, err = s.May(ctx, tx, f, r); err != nil {
			return err
		}
		c.Verdict, c.Reason, c.At = v.Answer, v.Reason, tx.Now()
		if v.OK() {
			c.State = Begun
			return s.set(ctx, tx, f, c)
		}
		if v.Reason == ConditionsFirst || v.Reason == OutsideHours {
			return nil // it stays planned
		}
		c.State = NotMade
		if err := s.set(ctx, tx, f, c); err != nil {
			return err
		}
		if err := s.finishTask(ctx, tx, f, c, "it was refused when its time came"); err != nil {
			return err
		}
		return s.refused(ctx, tx, f, Asking{Whom: c.Whom, Reach: r}, v, string(c.ID))
	})
	return v, err
}

// CallOff takes back a contact that was planned.
func (s *Service) CallOff(ctx context.Context, f *cases.File, id ContactID) error {
	return s.cases.Do(ctx, f, ActContact, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.contact(ctx, tx, f, id)
		if err != nil {
			return err
		}
		c.State = CalledOff
		if err := s.set(ctx, tx, f, c); err != nil {
			return err
		}
		return s.finishTask(ctx, tx, f, c, "it was called off")
	})
}

func (s *Service) finishTask(ctx context.Context, tx *store.Tx, f *cases.File, c Contact, note string) error {
	if c.task == "" {
		return nil
	}
	err := s.cases.Finished(ctx, tx, f, cases.TaskID(c.task), note)
	if errors.Is(err, store.ErrConflict) { // somebody cleared it by hand
		return nil
	}
	return err
}

// reached tells whether the person themselves was spoken to.
func (c Contact) reached() bool {
	return c.Whom == Person && (c.Outcome == Spoke || c.Outcome == NotSafeNow && IsVoice(c.Channel))
}

// attempted tells whether it was a try to reach them that failed.
func (c Contact) attempted() bool {
	return c.Outward && !c.reached() && c.Outcome != ThroughThem && c.Outcome != Sent
}

// follow does what follows from a contact: entries, facts, tasks, and the risk
// looked at when nobody was reached for the third time. It closes nothing.
func (s *Service) follow(ctx context.Context, tx *store.Tx, f *cases.File, c Contact) error {
	kind := cases.ContactTried
	if c.reached() {
		kind = cases.ContactMade
	}
	words := []string{c.Channel.Label(), c.Outcome.Label()}
	if !c.Outward {
		words[0] = "They made contact: " + strings.ToLower(c.Channel.Label())
	}
	words = append(words, c.Words.Text)
	on := c.At.In(s.cfg.Zone).Format(time.DateOnly)
	if err := s.record(ctx, tx, f, kind, on, sentence(words), string(c.ID)); err != nil {
		return err
	}
	if err := s.finishTask(ctx, tx, f, c, "the contact was recorded"); err != nil {
		return err
	}
	if c.Flagged {
		what := "Contact was made where it would have been refused: " + c.Channel.Label() + ". " + c.Reason.Label() + "."
		if c.Words.Why != "" {
			what += " " + c.Words.Why
		}
		if err := s.cases.ActNow(ctx, tx, f, what, string(c.ID)); err != nil {
			return err
		}
	}
	err := s.emit(ctx, tx, f, "contact.made", "support_contact", string(c.ID), c.At, measures.Dimensions{"reached": c.reached(), "flagged": c.Flagged})
	if err != nil {
		return err
	}
	if err := s.count(ctx, tx, f, c); err != nil {
		return err
	}
	if c.Flagged || c.Verdict == Cautious || c.Outcome == NotSafeNow || c.Outcome == SomebodyElse || c.Outcome == Failed {
		return s.askSafely(ctx, tx, f)
	}
	return nil
}

// count keeps the clock of the first contact and the number of attempts.
func (s *Service) count(ctx context.Context, tx *store.Tx, f *cases.File, c Contact) error {
	q := supportdb.New(tx)
	if err := s.ensure(ctx, q, f); err != nil {
		return err
	}
	if c.reached() {
		before, err := s.standing(ctx, tx, f)
		if err != nil {
			return err
		}
		if err := q.SetReached(ctx, supportdb.SetReachedParams{AgencyID: f.Agency(), FileID: string(f.ID()), At: nullTime(c.At)}); err != nil {
			return err
		}
		if before.ReachedAt.IsZero() && !before.Due.IsZero() {
			err = s.emit(ctx, tx, f, "contact.first", "support_contact", string(c.ID), c.At, measures.Dimensions{"came": string(before.Came), "in_time": !c.At.After(before.Due)})
			if err != nil {
				return err
			}
		}
		return s.cases.FinishTasks(ctx, tx, f, cases.FirstContact, "the person was reached")
	}
	if !c.attempted() {
		return nil
	}
	n, err := q.CountUnanswered(ctx, supportdb.CountUnansweredParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return err
	}
	settings, err := s.now(ctx, tx, f.Agency())
	if err != nil || int(n)%settings.ReviewAfter != 0 {
		return err
	}
	text := "After " + itoa(int(n)) + " attempts. The case stays open: look at the risk, and at another way."
	if err := s.record(ctx, tx, f, cases.NotReached, "", text, string(c.ID)); err != nil {
		return err
	}
	return s.taskOnce(ctx, tx, f, cases.IdentifyRisk, cases.NextWorkingDay(tx.Now()))
}
