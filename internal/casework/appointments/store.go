package appointments

import (
	"context"
	"time"

	"waymark/internal/casework/appointments/appointmentsdb"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// ID names an appointment.
type ID string

// Words are what is said of an appointment.
type Words struct {
	Where      string `json:"where,omitempty"`      // when it is somewhere else
	Companions string `json:"companions,omitempty"` // who comes along
	About      string `json:"about,omitempty"`
	// Ref is the reference of an interpreter's booking, or the operator's number.
	Ref    string `json:"ref,omitempty"`
	Agreed bool   `json:"agreed,omitempty"` // bound to confidentiality
	Circle Circle `json:"circle,omitempty"`
	Why    string `json:"why,omitempty"`   // why a manager is asked
	Allow  string `json:"allow,omitempty"` // what the manager said
	Came   string `json:"came,omitempty"`  // what became of it
	Spoke  Spoke  `json:"spoke,omitempty"` // who interpreted
	Off    string `json:"off,omitempty"`   // why it was cancelled
	By     string `json:"by,omitempty"`    // how they were told
}

// Appointment is one appointment of a file.
type Appointment struct {
	ID            ID
	With          people.ID
	Worker        string
	Way           Way
	Place, Room   string
	Starts, Ends  time.Time
	Alone         bool
	Interpreter   Interpreter
	OtherLocality bool
	State         State
	CancelledBy   By
	Told          bool
	Moves         int
	MustMove      bool
	AskedBy       string // who booked the slot or asked for it
	AllowedAt     time.Time
	AllowedBy     string
	Words         Words
	RecordedAt    time.Time
	RecordedBy    string
	Version       int64

	file              cases.ID
	from, until       time.Time // with what is kept clear
	slotAt            time.Time
	moveTask, askTask string
}

// Open tells whether it is still to come about.
func (a Appointment) Open() bool { return a.State == Booked || a.State == Asked }

// Minutes is how long it takes.
func (a Appointment) Minutes() int { return int(a.Ends.Sub(a.Starts) / time.Minute) }

func (a Appointment) slot() Slot {
	return Slot{Worker: a.Worker, Way: a.Way, Place: a.Place, From: a.from, Until: a.until}
}

func appointmentOf(ctx context.Context, tx *store.Tx, r appointmentsdb.Appointment) (Appointment, error) {
	a := Appointment{
		ID: ID(r.ID), With: people.ID(r.PersonID), Worker: r.WorkerID, Way: Way(r.Way), Place: r.PlaceID, Room: r.RoomID, Starts: r.StartsAt, Ends: r.EndsAt,
		Alone: r.Alone, Interpreter: Interpreter(r.Interpreter), OtherLocality: r.Locality, State: State(r.State), CancelledBy: By(r.CancelledBy), Told: r.Told,
		Moves: int(r.Moves), MustMove: r.MustMove, AskedBy: r.AskedBy, AllowedAt: r.AllowedAt.Time, AllowedBy: r.AllowedBy,
		RecordedAt: r.RecordedAt, RecordedBy: r.RecordedBy, Version: r.Version,
		file: cases.ID(r.FileID), from: r.BusyFrom, until: r.BusyUntil, slotAt: r.SlotAt, moveTask: r.MoveTask, askTask: r.AskTask,
	}
	return a, unseal(ctx, tx, wordsAt(r.AgencyID, r.ID), r.WordsSealed, &a.Words)
}

func (s *Service) insert(ctx context.Context, tx *store.Tx, f *cases.File, a Appointment) error {
	words, err := seal(ctx, tx, wordsAt(f.Agency(), string(a.ID)), a.Words)
	if err != nil {
		return err
	}
	return appointmentsdb.New(tx).InsertAppointment(ctx, appointmentsdb.InsertAppointmentParams{
		AgencyID: f.Agency(), ID: string(a.ID), FileID: string(f.ID()), PersonID: string(a.With), WorkerID: a.Worker, Way: string(a.Way), PlaceID: a.Place, RoomID: a.Room,
		StartsAt: a.Starts, EndsAt: a.Ends, BusyFrom: a.from, BusyUntil: a.until, SlotAt: a.slotAt, Alone: a.Alone, Interpreter: string(a.Interpreter), Locality: a.OtherLocality,
		State: string(a.State), CancelledBy: string(a.CancelledBy), Told: a.Told, Moves: int64(a.Moves), MustMove: a.MustMove, MoveTask: a.moveTask, AskTask: a.askTask,
		AskedBy: a.AskedBy, AllowedAt: nullTime(a.AllowedAt), AllowedBy: a.AllowedBy, WordsSealed: words, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
	})
}

// set keeps a changed appointment, when nobody changed it since it was read.
func (s *Service) set(ctx context.Context, tx *store.Tx, f *cases.File, a Appointment) error {
	words, err := seal(ctx, tx, wordsAt(f.Agency(), string(a.ID)), a.Words)
	if err != nil {
		return err
	}
	return store.Changed(appointmentsdb.New(tx).SetAppointment(ctx, appointmentsdb.SetAppointmentParams{
		AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(a.ID), WorkerID: a.Worker, Way: string(a.Way), PlaceID: a.Place, RoomID: a.Room,
		StartsAt: a.Starts, EndsAt: a.Ends, BusyFrom: a.from, BusyUntil: a.until, SlotAt: a.slotAt, Alone: a.Alone, Interpreter: string(a.Interpreter), Locality: a.OtherLocality,
		State: string(a.State), CancelledBy: string(a.CancelledBy), Told: a.Told, Moves: int64(a.Moves), MustMove: a.MustMove, MoveTask: a.moveTask, AskTask: a.askTask,
		AskedBy: a.AskedBy, AllowedAt: nullTime(a.AllowedAt), AllowedBy: a.AllowedBy, WordsSealed: words, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account, Version: a.Version,
	}))
}

// Appointment is one appointment of a file.
func (s *Service) Appointment(ctx context.Context, tx *store.Tx, f *cases.File, id ID) (Appointment, error) {
	if err := show(ctx, f); err != nil {
		return Appointment{}, err
	}
	row, err := appointmentsdb.New(tx).AppointmentByID(ctx, appointmentsdb.AppointmentByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return Appointment{}, missing(err)
	}
	return appointmentOf(ctx, tx, row)
}

// List are the appointments of a file, the latest first, those before a key, at
// most [listMost].
func (s *Service) List(ctx context.Context, tx *store.Tx, f *cases.File, before time.Time, beforeID ID) ([]Appointment, error) {
	if err := show(ctx, f); err != nil {
		return nil, err
	}
	if before.IsZero() {
		before = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	rows, err := appointmentsdb.New(tx).OfFile(ctx, appointmentsdb.OfFileParams{
		AgencyID: f.Agency(), FileID: string(f.ID()), Before: before, BeforeID: string(beforeID), Most: listMost,
	})
	if err != nil {
		return nil, err
	}
	return all(ctx, tx, rows)
}

// Children are the children of a file, with the language of each that is on file.
func (s *Service) Children(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Party, error) {
	children, err := s.cases.Parties(ctx, tx, f, cases.Child)
	if err != nil {
		return nil, err
	}
	rows, err := appointmentsdb.New(tx).ChildLanguages(ctx, appointmentsdb.ChildLanguagesParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	for _, r := range rows {
		for i := range children {
			if string(children[i].Person) == r.PersonID {
				children[i].Details.Language = r.Language
			}
		}
	}
	return children, err
}

// Full tells whether a list may go on.
func Full(list []Appointment) bool { return len(list) == listMost }

// Ahead are the next appointments of a file, the earliest first, for the page of
// the case.
func (s *Service) Ahead(ctx context.Context, tx *store.Tx, f *cases.File) ([]Appointment, error) {
	if err := show(ctx, f); err != nil {
		return nil, err
	}
	rows, err := appointmentsdb.New(tx).Ahead(ctx, appointmentsdb.AheadParams{AgencyID: f.Agency(), FileID: string(f.ID()), Now: tx.Now()})
	if err != nil {
		return nil, err
	}
	return all(ctx, tx, rows)
}

func all(ctx context.Context, tx *store.Tx, rows []appointmentsdb.Appointment) (out []Appointment, err error) {
	out = make([]Appointment, len(rows))
	for i, row := range rows {
		if out[i], err = appointmentOf(ctx, tx, row); err != nil {
			return nil, err
		}
	}
	return out, nil
}
