package cases

import (
	"context"
	"errors"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// RequestKind is what was asked for in a person's name.
type RequestKind string

// The kinds of request. Each holds as unverified: somebody may be speaking for
// the person, or standing beside them.
const (
	Withdrawal    RequestKind = "withdrawal" // of agreement, or from support
	Retraction    RequestKind = "retraction" // of what they said
	Closure       RequestKind = "closure"
	RecordAccess  RequestKind = "access" // to what is on record
	AddressChange RequestKind = "address"
	Rectification RequestKind = "correction" // of what is on record
	Erasure       RequestKind = "erasure"
)

// RequestKinds lists them in the order in which they are offered.
func RequestKinds() []RequestKind {
	return []RequestKind{Withdrawal, Retraction, Closure, RecordAccess, AddressChange, Rectification, Erasure}
}

// Label is the kind in words for people.
func (k RequestKind) Label() string {
	switch k {
	case Withdrawal:
		return "To withdraw agreement, or from support"
	case Retraction:
		return "To take back what they said"
	case Closure:
		return "To close the case"
	case RecordAccess:
		return "To see what is on record"
	case AddressChange:
		return "To change their address or how they are reached"
	case Rectification:
		return "To correct what is on record"
	case Erasure:
		return "To erase what is on record"
	}
	return string(k)
}

// Way is how a request came, or how it was confirmed.
type Way string

// The ways.
const (
	FaceToFace   Way = "in_person"
	OnThePhone   Way = "telephone"
	InWriting    Way = "writing"
	ThroughOther Way = "somebody_else"
)

// Ways lists them.
func Ways() []Way { return []Way{FaceToFace, OnThePhone, InWriting, ThroughOther} }

// Label is the way in words for people.
func (w Way) Label() string {
	switch w {
	case FaceToFace:
		return "Face to face"
	case OnThePhone:
		return "On the telephone"
	case InWriting:
		return "In writing: letter, email, text message"
	case ThroughOther:
		return "Through somebody else"
	}
	return string(w)
}

// confirms tells whether a request can be confirmed in this way: by the person
// themselves, spoken to.
func (w Way) confirms() bool { return w == FaceToFace || w == OnThePhone }

// RequestState is where a request stands.
type RequestState string

// The states. Nothing is done on an unverified request that cannot be undone.
const (
	Unverified RequestState = "unverified"
	Confirmed  RequestState = "confirmed"
	NotTheirs  RequestState = "not_theirs" // the person did not want it
)

// Label is the state in words for people.
func (s RequestState) Label() string {
	switch s {
	case Unverified:
		return "Not verified: do not act on it"
	case Confirmed:
		return "Confirmed by the person"
	case NotTheirs:
		return "Not what the person wants"
	}
	return string(s)
}

// ActRequest is a request in the ledger.
const ActRequest policy.Action = "case.request"

// Request is something that was asked for in the name of the person of a file.
type Request struct {
	ID          string
	Kind        RequestKind
	Came        Way
	ReceivedOn  string
	Words       string
	Present     string // who was there
	State       RequestState
	RecordedAt  time.Time
	RecordedBy  string
	ConfirmedAt time.Time
	ConfirmedBy string
	How         Way    // how it was confirmed
	What        string // what the person said then
	With        string // who was there then
	Version     int64
}

// NewRequest is a request as it came.
type NewRequest struct {
	Kind    RequestKind
	Came    Way
	Words   string
	Present string
}

// Receive records a request, unverified, with a task to confirm it safely.
func (s *Service) Receive(ctx context.Context, f *File, n NewRequest) error {
	var errs forms.Errors
	if !contains(RequestKinds(), n.Kind) {
		errs.Add("kind", "Select what was asked for")
	}
	if !contains(Ways(), n.Came) {
		errs.Add("came", "Select how the request came")
	}
	for _, e := range checkReason("words", n.Words, "Write what was asked for, in their words if you can") {
		errs.Add(e.Field, e.Message)
	}
	for _, e := range checkReason("present", n.Present, "Write who was there, or that it cannot be known") {
		errs.Add(e.Field, e.Message)
	}
	if errs.Any() {
		return errs
	}
	return s.Change(ctx, f, ActRequest, func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		agency, file := f.key()
		o := s.opener(ctx, tx, agency)
		p := casesdb.InsertRequestParams{
			AgencyID: agency, ID: id, FileID: file, Kind: string(n.Kind), Came: string(n.Came), ReceivedOn: tx.Now().Format(time.DateOnly),
			Words: o.seal("named_request", "words", id, n.Words), Present: o.seal("named_request", "present", id, n.Present),
			RecordedAt: tx.Now(), RecordedBy: f.Actor().Account, ConfirmedWords: []byte{}, ConfirmedPresent: []byte{},
		}
		if o.err != nil {
			return o.err
		}
		if err := casesdb.New(tx).InsertRequest(ctx, p); err != nil {
			return err
		}
		if _, err := s.AddTask(ctx, tx, f, NewTask{Kind: ConfirmRequest, Due: NextWorkingDay(tx.Now()), Team: f.team}); err != nil {
			return err
		}
		_, err = s.Record(ctx, tx, f, Event{Kind: RequestReceived, On: tx.Now().Format(time.DateOnly), Text: n.Kind.Label() + ".", Ref: id})
		return err
	})
}

// Confirmation is what the person themselves said about a request.
type Confirmation struct {
	Version int64
	Theirs  bool
	How     Way
	Words   string
	Alone   bool   // nobody else was there, and nobody could listen
	Present string // who was there otherwise: a professional interpreter
}

// Confirm settles a request by what the person themselves said, spoken to with
// nobody there who could press them. It returns forms.Errors by field, and
// [store.ErrConflict] when it was settled meanwhile.
func (s *Service) Confirm(ctx context.Context, f *File, id string, c Confirmation) error {
	var errs forms.Errors
	if !c.How.confirms() {
		errs.Add("how", "Speak to the person themselves, face to face or on a telephone that is safe. A letter or somebody else cannot confirm it")
	}
	for _, e := range checkReason("words", c.Words, "Write what the person said") {
		errs.Add(e.Field, e.Message)
	}
	if !c.Alone && c.Present == "" {
		errs.Add("present", "Write who else was there, or mark that nobody was")
	}
	if !c.Alone && c.Theirs && c.Present != "" {
		errs.Add("alone", "A request is confirmed by the person on their own, or with a professional interpreter. Ask again when they are")
	}
	if errs.Any() {
		return errs
	}
	return s.Change(ctx, f, ActRequest, func(ctx context.Context, tx *store.Tx) error {
		agency, file := f.key()
		state := NotTheirs
		if c.Theirs {
			state = Confirmed
		}
		o := s.opener(ctx, tx, agency)
		p := casesdb.ConfirmRequestParams{
			AgencyID: agency, FileID: file, ID: id, State: string(state), ConfirmedAt: nullTime(tx.Now()), ConfirmedBy: f.Actor().Account, ConfirmedWay: string(c.How),
			ConfirmedWords: o.seal("named_request", "confirmed_words", id, c.Words), ConfirmedPresent: o.seal("named_request", "confirmed_present", id, c.Present),
			Version: c.Version,
		}
		if o.err != nil {
			return o.err
		}
		if err := store.Changed(casesdb.New(tx).ConfirmRequest(ctx, p)); err != nil {
			return err
		}
		waiting := false
		list, err := s.requests(ctx, tx, f)
		if err != nil {
			return err
		}
		for _, r := range list {
			waiting = waiting || r.State == Unverified
		}
		if !waiting {
			if err := s.FinishTasks(ctx, tx, f, ConfirmRequest, "the request was settled"); err != nil {
				return err
			}
		}
		_, err = s.Record(ctx, tx, f, Event{Kind: RequestSettled, On: tx.Now().Format(time.DateOnly), Text: state.Label() + ".", Ref: id})
		return err
	})
}

// Requests are those of a file, the newest first.
func (s *Service) Requests(ctx context.Context, tx *store.Tx, f *File) ([]Request, error) {
	if err := f.Permit().Show(ctx, f.id.Subject(), f.person.Subject()); err != nil {
		return nil, err
	}
	return s.requests(ctx, tx, f)
}

func (s *Service) requests(ctx context.Context, tx *store.Tx, f *File) ([]Request, error) {
	agency, file := f.key()
	rows, err := casesdb.New(tx).Requests(ctx, casesdb.RequestsParams{AgencyID: agency, FileID: file})
	o := s.opener(ctx, tx, agency)
	out := make([]Request, len(rows))
	for i, r := range rows {
		out[i] = Request{
			ID: r.ID, Kind: RequestKind(r.Kind), Came: Way(r.Came), ReceivedOn: r.ReceivedOn, State: RequestState(r.State), RecordedAt: r.RecordedAt, RecordedBy: r.RecordedBy,
			ConfirmedAt: r.ConfirmedAt.Time, ConfirmedBy: r.ConfirmedBy, How: Way(r.ConfirmedWay), Version: r.Version,
			Words: o.open("named_request", "words", r.ID, r.Words), Present: o.open("named_request", "present", r.ID, r.Present),
			What: o.open("named_request", "confirmed_words", r.ID, r.ConfirmedWords), With: o.open("named_request", "confirmed_present", r.ID, r.ConfirmedPresent),
		}
	}
	return out, errors.Join(err, o.err)
}

func contains[T comparable](list []T, v T) bool {
	for _, l := range list {
		if l == v {
			return true
		}
	}
	return false
}
