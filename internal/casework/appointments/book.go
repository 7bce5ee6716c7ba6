package appointments

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/appointments/appointmentsdb"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// Asking is an appointment as it is asked for.
type Asking struct {
	With          people.ID // empty: the person of the file
	Worker        string
	At            time.Time
	Minutes       int
	Way           Way
	Place, Room   string
	Alone         bool
	Interpreter   Interpreter
	OtherLocality bool
	Agreed        bool // with them, in person: they know of it
	// Manager asks a manager to let a slot stand that is not safe.
	Manager bool
	Words   Words
}

// Unsafe is all that is said of a slot at which somebody might be met: nothing
// of whom, or why.
const Unsafe = "This slot is not safe for them. Choose another time, place or worker"

const (
	shortest = 5
	longest  = 8 * 60
)

// Lengths are the minutes that are offered.
func Lengths() []int { return []int{15, 30, 45, 60, 90, 120} }

func (s *Service) check(a Asking) forms.Errors {
	var errs forms.Errors
	if a.At.IsZero() {
		errs.Add("at", "Enter a day and a time")
	}
	if a.Minutes < shortest || a.Minutes > longest {
		errs.Add("minutes", "Choose how long it takes")
	}
	if a.Worker == "" {
		errs.Add("worker", "Choose who meets them")
	}
	switch {
	case !slices.Contains(Ways(), a.Way):
		errs.Add("way", "Select how they are met")
	case a.Way == AtPlace && a.Place == "":
		errs.Add("place", "Choose a place")
	case a.Way == Elsewhere && a.Words.Where == "":
		errs.Add("where", "Enter where it is")
	}
	if a.Manager && a.Words.Why == "" {
		errs.Add("why", "Write why it cannot be another time, place or worker")
	}
	for field, text := range map[string]string{"where": a.Words.Where, "companions": a.Words.Companions, "ref": a.Words.Ref} {
		if len(text) > lineMax {
			errs.Add(field, "Shorten this to 300 characters or fewer")
		}
	}
	for field, text := range map[string]string{"about": a.Words.About, "why": a.Words.Why} {
		if len(text) > textMax {
			errs.Add(field, "Shorten this to 4000 characters or fewer")
		}
	}
	return append(errs, checkInterpreter(a)...)
}

// checkInterpreter holds the booking of an interpreter to what the guideline
// asks of one (B7.25, B7.26, B7.27).
func checkInterpreter(a Asking) forms.Errors {
	var errs forms.Errors
	switch a.Interpreter {
	case NotSaid, NotNeeded, Shared, ToBook:
		return nil
	case Professional:
		if a.Words.Ref == "" {
			errs.Add("ref", "Enter the reference of the booking")
		}
		switch {
		case a.Words.Circle == SameCircle:
			errs.Add("circle", "Book another interpreter: this one may know them or their family")
		case !slices.Contains(Circles(), a.Words.Circle):
			errs.Add("circle", "Say whether the interpreter may know them or their family")
		case a.Words.Circle == CircleUnknown && !a.OtherLocality:
			errs.Add("circle", "Find out, or book an interpreter from another locality")
		}
	case Operator:
		if a.Words.Ref == "" {
			errs.Add("ref", "Enter the operator’s number")
		}
	default:
		errs.Add("interpreter", "Select how their language is met")
		return errs
	}
	if !a.Words.Agreed {
		errs.Add("confidential", "An interpreter agrees to confidentiality before anything is said")
	}
	return errs
}

// Speaks tells whether a language on file is one that the worker has without
// being asked. Which languages a worker has is not known to Waymark.
func Speaks(language string) bool {
	language = strings.ToLower(strings.TrimSpace(language))
	return language == "" || strings.HasPrefix(language, "english")
}

// Book books an appointment. On the side of a person harmed a slot at which they
// might meet whoever harmed them is refused next to the time, the refusal is
// kept, and a manager can be asked. Nothing of that exists on the other side.
func (s *Service) Book(ctx context.Context, f *cases.File, a Asking) (ID, error) {
	if errs := s.check(a); errs.Any() {
		return "", errs
	}
	var id string
	var refused forms.Errors
	err := s.cases.Do(ctx, f, ActBook, func(ctx context.Context, tx *store.Tx) (err error) {
		if id, err = tx.NewID(); err != nil {
			return err
		}
		made := Appointment{ID: ID(id), AskedBy: f.Actor().Account, State: Booked}
		if refused, err = s.slotFor(ctx, tx, f, a, &made); err != nil || refused.Any() {
			return err
		}
		if err := s.insert(ctx, tx, f, made); err != nil {
			return err
		}
		return s.settled(ctx, tx, f, made, cases.Appointed)
	})
	if err == nil && refused.Any() {
		return "", refused
	}
	return ID(id), err
}

// Move gives an appointment another slot. It returns [store.ErrConflict] when
// somebody changed it since version was read, and when it is over.
func (s *Service) Move(ctx context.Context, f *cases.File, id ID, version int64, a Asking) error {
	if errs := s.check(a); errs.Any() {
		return errs
	}
	var refused forms.Errors
	err := s.cases.Do(ctx, f, ActBook, func(ctx context.Context, tx *store.Tx) error {
		was, err := s.Appointment(ctx, tx, f, id)
		if err != nil {
			return err
		}
		if !was.Open() || was.Version != version {
			return store.ErrConflict
		}
		moved := was
		moved.State, moved.MustMove, moved.AskedBy, moved.Moves = Booked, false, f.Actor().Account, was.Moves+1
		moved.AllowedAt, moved.AllowedBy, moved.askTask = time.Time{}, "", ""
		if refused, err = s.slotFor(ctx, tx, f, a, &moved); err != nil || refused.Any() {
			return err
		}
		if err := s.cleared(ctx, tx, f, was, "Moved"); err != nil {
			return err
		}
		if err := s.set(ctx, tx, f, moved); err != nil {
			return err
		}
		return s.settled(ctx, tx, f, moved, cases.AppointmentMoved)
	})
	if err == nil && refused.Any() {
		return refused
	}
	return err
}

// slotFor fits what is asked for into an appointment: it finds the place, asks
// the guard, and looks whether worker and room are free. What it returns beside
// an error is a refusal that was kept: the transaction goes on.
func (s *Service) slotFor(ctx context.Context, tx *store.Tx, f *cases.File, a Asking, to *Appointment) (forms.Errors, error) {
	q := appointmentsdb.New(tx)
	if err := q.Lock(ctx, f.Agency()); err != nil {
		return nil, err
	}
	if err := s.fill(ctx, tx, f, a, to); err != nil {
		return nil, err
	}
	var err error
	if to.moveTask, err = tx.NewID(); err != nil {
		return nil, err
	}
	clash, err := s.clash(ctx, tx, f, *to)
	if err != nil {
		return nil, err
	}
	switch {
	case clash == NoClash:
	case !a.Manager:
		return s.refuse(ctx, tx, f, *to, clash)
	default:
		to.State = Asked
		return nil, nil
	}
	return nil, s.free(ctx, tx, f, *to)
}

// fill takes over what was asked for, and holds it to what is on file.
func (s *Service) fill(ctx context.Context, tx *store.Tx, f *cases.File, a Asking, to *Appointment) error {
	var errs forms.Errors
	with := a.With
	if with == "" {
		with = f.Person()
	}
	person, err := s.person(ctx, tx, f, with)
	if errors.Is(err, store.ErrNotFound) {
		errs.Add("with", "Choose the person, or a child of the case")
	} else if err != nil {
		return err
	}
	if err == nil && !Speaks(person.Language) && a.Interpreter == NotSaid {
		errs.Add("interpreter", "Their language on file is "+person.Language+". Select how it is met")
	}
	agency, err := directory.AgencyOf(ctx, tx, a.Worker)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	tied, err := appointmentsdb.New(tx).Tied(ctx, appointmentsdb.TiedParams{AgencyID: f.Agency(), FileID: string(f.ID()), AccountID: a.Worker})
	if err != nil {
		return err
	}
	if string(agency) != f.Agency() || tied > 0 {
		errs.Add("worker", "This colleague cannot meet them. Choose somebody else")
	}
	place := Place{Before: s.cfg.Clear, After: s.cfg.Clear}
	room := ""
	switch a.Way {
	case AtPlace:
		if place, room, err = s.placeFor(ctx, tx, f, a, &errs); err != nil {
			return err
		}
	case Telephone, Video:
		place = Place{}
	case Elsewhere:
	}
	if errs.Any() {
		return errs
	}
	to.With, to.Worker, to.Way, to.Place, to.Room, to.Alone = with, a.Worker, a.Way, place.ID, room, a.Alone
	to.Starts = store.Moment(a.At)
	to.Ends = to.Starts.Add(time.Duration(a.Minutes) * time.Minute)
	to.from, to.until = place.busy(to.Starts, to.Ends)
	to.slotAt, to.Told = tx.Now(), a.Agreed
	to.Interpreter, to.OtherLocality, to.Words = a.Interpreter, a.OtherLocality, a.Words
	if a.Agreed {
		to.Words.By = "Agreed with them in person"
	}
	return nil
}

// person is whom an appointment is with: the person of the file, or a child of
// it.
func (s *Service) person(ctx context.Context, tx *store.Tx, f *cases.File, id people.ID) (people.Person, error) {
	if id != f.Person() {
		children, err := s.cases.Parties(ctx, tx, f, cases.Child)
		if err != nil {
			return people.Person{}, err
		}
		if !slices.ContainsFunc(children, func(p cases.Party) bool { return p.Person == id }) {
			return people.Person{}, store.ErrNotFound
		}
	}
	return s.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), id)
}

func (s *Service) placeFor(ctx context.Context, tx *store.Tx, f *cases.File, a Asking, errs *forms.Errors) (Place, string, error) {
	places, err := s.places(ctx, tx, f.Agency())
	if err != nil {
		return Place{}, "", err
	}
	i := slices.IndexFunc(places, func(p Place) bool { return p.ID == a.Place && p.Active })
	if i < 0 {
		errs.Add("place", "Choose a place")
		return Place{}, "", nil
	}
	if a.Room == "" {
		return places[i], "", nil
	}
	if !slices.ContainsFunc(places[i].Rooms, func(r Room) bool { return r.ID == a.Room && r.Active }) {
		errs.Add("place", "Choose a room of this place")
	}
	return places[i], a.Room, nil
}

// clash asks the guard about an appointment.
func (s *Service) clash(ctx context.Context, tx *store.Tx, f *cases.File, a Appointment) (Clash, error) {
	return s.Clash(ctx, tx, f, []Slot{a.slot()})
}

// refuse keeps that a slot was not safe, on the side on which it is said.
func (s *Service) refuse(ctx context.Context, tx *store.Tx, f *cases.File, a Appointment, clash Clash) (forms.Errors, error) {
	if err := s.record(ctx, tx, f, cases.AppointmentUnsafe, s.when(a), string(a.ID)); err != nil {
		return nil, err
	}
	id, err := tx.NewID() // of the refusal: one appointment can be refused several slots
	if err != nil {
		return nil, err
	}
	if err := s.emit(ctx, tx, f, "appointment.refused", id, measures.Dimensions{"clash": string(clash)}); err != nil {
		return nil, err
	}
	return forms.Errors{{Field: "at", Message: Unsafe}}, nil
}

// free sees that worker and room are not booked for somebody else.
func (s *Service) free(ctx context.Context, tx *store.Tx, f *cases.File, a Appointment) error {
	rows, err := appointmentsdb.New(tx).Taken(ctx, appointmentsdb.TakenParams{
		AgencyID: f.Agency(), ID: string(a.ID), StartsAt: a.Starts, EndsAt: a.Ends, Earliest: a.Starts.Add(-longest * time.Minute),
		WorkerID: a.Worker, RoomID: a.Room, FileID: string(f.ID()),
	})
	if err != nil {
		return err
	}
	sessions, err := appointmentsdb.New(tx).TakenBySessions(ctx, appointmentsdb.TakenBySessionsParams{
		AgencyID: f.Agency(), StartsAt: a.Starts, EndsAt: a.Ends, Earliest: a.Starts.Add(-longest * time.Minute), WorkerID: a.Worker, RoomID: a.Room,
	})
	if err != nil {
		return err
	}
	for _, r := range sessions {
		rows = append(rows, appointmentsdb.TakenRow(r))
	}
	var errs forms.Errors
	for _, r := range rows {
		if r.WorkerID == a.Worker {
			errs.Add("worker", "They have another appointment at this time")
		}
		if r.RoomID != "" && r.RoomID == a.Room {
			errs.Add("place", "This room is taken at this time")
		}
	}
	if errs.Any() {
		return errs
	}
	return nil
}

// settled writes down a slot that was given, leaves the tasks that follow from
// it, and lets the other side of a harm move.
func (s *Service) settled(ctx context.Context, tx *store.Tx, f *cases.File, a Appointment, kind cases.EventKind) error {
	if a.State == Asked {
		kind = cases.AppointmentAsked
	}
	if err := s.record(ctx, tx, f, kind, s.when(a), string(a.ID)); err != nil {
		return err
	}
	if a.State == Asked {
		task, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.DecideMeeting, Due: s.today(tx)})
		if err != nil {
			return err
		}
		if a, err = s.Appointment(ctx, tx, f, a.ID); err != nil {
			return err
		}
		a.askTask = string(task)
		return s.set(ctx, tx, f, a)
	}
	var err error
	switch a.Interpreter {
	case ToBook:
		err = s.taskOnce(ctx, tx, f, cases.BookInterpreter)
	case Professional, Operator:
		err = s.cases.FinishTasks(ctx, tx, f, cases.BookInterpreter, "Booked")
	case NotSaid, NotNeeded, Shared:
	}
	if err != nil {
		return err
	}
	return s.look(ctx, tx, f.Agency(), f.ID())
}

func (s *Service) taskOnce(ctx context.Context, tx *store.Tx, f *cases.File, kind cases.TaskKind) error {
	open, err := s.cases.Tasks(ctx, tx, f)
	if err != nil || slices.ContainsFunc(open, func(t cases.Task) bool { return t.Kind == kind }) {
		return err
	}
	_, err = s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: kind, Due: cases.NextWorkingDay(tx.Now())})
	return err
}

// cleared finishes the tasks of an appointment that was moved, decided or ended.
func (s *Service) cleared(ctx context.Context, tx *store.Tx, f *cases.File, was Appointment, note string) error {
	for _, task := range []string{was.moveTask, was.askTask} {
		if task == was.moveTask && !was.MustMove || task == was.askTask && was.State != Asked {
			continue
		}
		err := s.cases.Finished(ctx, tx, f, cases.TaskID(task), note)
		if err != nil && !errors.Is(err, store.ErrConflict) { // the case was closed meanwhile, and its tasks with it
			return err
		}
	}
	return nil
}

// when is a slot in words for the chronology.
func (s *Service) when(a Appointment) string {
	return fmt.Sprintf("%s, %d minutes. %s.", a.Starts.In(s.cfg.Zone).Format("2 January 2006, 15:04"), a.Minutes(), a.Way.Label())
}
