package rights

import (
	"context"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/rights/rightsdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// ID names a subject access.
type ID string

// Subject is the access in a ledger entry.
func (id ID) Subject() audit.Subject { return audit.Subject{Kind: "subject_access", ID: string(id)} }

// State is where a subject access stands.
type State string

// The states.
const (
	Asked     State = "asked"     // the talk has not been held
	Preparing State = "preparing" // the working copy is being made
	Waiting   State = "waiting"   // for a second person
	Released  State = "released"
	Ended     State = "ended" // without a copy
)

// Label is the state in words for people.
func (s State) Label() string {
	switch s {
	case Asked:
		return "First: talk with the person"
	case Preparing:
		return "In preparation"
	case Waiting:
		return "Waits for a second person"
	case Released:
		return "The copy was given"
	case Ended:
		return "Ended without a copy"
	}
	return string(s)
}

// Told is an answer to a question that is asked about coercion.
type Told string

// The answers.
const (
	Yes      Told = "yes"
	No       Told = "no"
	NotKnown Told = "not_known"
)

// Tolds lists them in the order in which they are offered.
func Tolds() []Told { return []Told{Yes, No, NotKnown} }

// Label is the answer in words for people.
func (t Told) Label() string {
	switch t {
	case Yes:
		return "Yes"
	case No:
		return "No"
	case NotKnown:
		return "They do not know, or would rather not say"
	}
	return string(t)
}

// Giving is how the copy comes to the person.
type Giving string

// The ways. A copy is never sent.
const (
	ReadHere Giving = "read_here"
	Handed   Giving = "handed"
)

// Givings lists them in the order in which they are offered.
func Givings() []Giving { return []Giving{ReadHere, Handed} }

// Label is the way in words for people.
func (g Giving) Label() string {
	switch g {
	case ReadHere:
		return "They read it here with a worker, and nothing leaves the building"
	case Handed:
		return "It is handed to them, alone"
	}
	return string(g)
}

// Access is the answer to a request to see what is on record.
type Access struct {
	ID          ID
	Request     string // of the person
	State       State
	Pressed     Told // is somebody making them ask?
	Holding     Told // is it safe to hold a copy?
	SeenBy      string
	Talk        string
	TalkedAt    time.Time
	TalkedBy    string
	Received    string // YYYY-MM-DD: the day the request came
	Due         string // YYYY-MM-DD, as far as nothing is awaited
	Times       []Span // what stopped or lengthened the time
	CollectedAt time.Time
	SubmittedAt time.Time
	SubmittedBy string
	Returned    string // what the second person wants looked at again
	ReleasedAt  time.Time
	ReleasedBy  string
	Given       Giving
	Mark        string
	EndedWhy    string
	Hands       []string // the accounts that prepared it
	Version     int64
}

// Path is the address of its page.
func (a Access) Path(f *cases.File) string { return f.Path() + "/copies/" + string(a.ID) }

const tableAccess = "subject_access"

// Begin begins the answer to a request that the person has confirmed. It
// returns forms.Errors when they have not, and [store.ErrConflict] when it was
// begun already.
func (s *Service) Begin(ctx context.Context, f *cases.File, request string) (ID, error) {
	if err := s.judge(ctx, f, ActAccess); err != nil {
		return "", err
	}
	var id string
	err := s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		asked, err := s.confirmed(ctx, tx, f, request, cases.RecordAccess)
		if err != nil {
			return err
		}
		due, err := DueOn(asked.ReceivedOn, nil, s.terms)
		if err != nil {
			return err
		}
		if id, err = tx.NewID(); err != nil {
			return err
		}
		err = rightsdb.New(tx).InsertAccess(ctx, rightsdb.InsertAccessParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), RequestID: request, SeenBy: []byte{}, Talk: []byte{},
			DueOn: due, Returned: []byte{}, EndedWhy: []byte{}, ReceivedOn: asked.ReceivedOn,
		})
		if err != nil {
			return err
		}
		return f.Permit().Append(tx, ActAccess, "begin", f.ID().Subject(), f.Person().Subject(), ID(id).Subject())
	})
	return ID(id), err
}

// confirmed is a request that the person confirmed themselves.
func (s *Service) confirmed(ctx context.Context, tx *store.Tx, f *cases.File, id string, kind cases.RequestKind) (cases.Request, error) {
	list, err := s.cases.Requests(ctx, tx, f)
	if err != nil {
		return cases.Request{}, err
	}
	for _, r := range list {
		if r.ID != id || r.Kind != kind {
			continue
		}
		if r.State != cases.Confirmed {
			return r, forms.Errors{{Field: "request", Message: "The person has not confirmed this request themselves, spoken to alone. Do that first"}}
		}
		return r, nil
	}
	return cases.Request{}, store.ErrNotFound
}

// Talk is what was said about who asks, who will see it and whether it is safe.
type Talk struct {
	Version int64
	Pressed Told
	SeenBy  string
	Holding Told
	Words   string
}

// Held records the talk with the person; it can be held again.
func (s *Service) Held(ctx context.Context, f *cases.File, id ID, t Talk) error {
	var errs forms.Errors
	if !known(Tolds(), t.Pressed) {
		errs.Add("pressed", "Select whether somebody is making them ask")
	}
	if !known(Tolds(), t.Holding) {
		errs.Add("holding", "Select whether it is safe for them to hold a copy")
	}
	need(&errs, "seen_by", t.SeenBy, "Write who else will see the copy, or that nobody will")
	need(&errs, "talk", t.Words, "Write what they said")
	if errs.Any() {
		return errs
	}
	if err := s.judge(ctx, f, ActAccess); err != nil {
		return err
	}
	return s.change(ctx, f, ActAccess, id.Subject(), "talk", func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.get(ctx, tx, f, id); err != nil {
			return err
		}
		v := s.vault(ctx, tx, f.Agency())
		p := rightsdb.SetTalkParams{
			AgencyID: f.Agency(), ID: string(id), Version: t.Version, State: string(Preparing), Pressed: string(t.Pressed), Holding: string(t.Holding),
			SeenBy: v.seal(tableAccess, "seen_by", string(id), t.SeenBy), Talk: v.seal(tableAccess, "talk", string(id), t.Words),
			TalkedAt: nullTime(tx.Now()), TalkedBy: f.Actor().Account,
		}
		if v.err != nil {
			return v.err
		}
		return store.Changed(rightsdb.New(tx).SetTalk(ctx, p))
	})
}

// Get returns a subject access of a file.
func (s *Service) Get(ctx context.Context, tx *store.Tx, f *cases.File, id ID) (Access, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject(), id.Subject()); err != nil {
		return Access{}, err
	}
	return s.get(ctx, tx, f, id)
}

func (s *Service) get(ctx context.Context, tx *store.Tx, f *cases.File, id ID) (Access, error) {
	q := rightsdb.New(tx)
	row, err := q.Access(ctx, rightsdb.AccessParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return Access{}, missing(err)
	}
	a, err := s.fromRow(ctx, tx, row)
	if err != nil {
		return a, err
	}
	if a.Hands, err = q.Hands(ctx, rightsdb.HandsParams{AgencyID: f.Agency(), AccessID: string(id)}); err != nil {
		return a, err
	}
	a.Times, err = s.times(ctx, tx, f.Agency(), id)
	return a, err
}

func (s *Service) fromRow(ctx context.Context, tx *store.Tx, row rightsdb.SubjectAccess) (Access, error) {
	v := s.vault(ctx, tx, row.AgencyID)
	return Access{
		ID: ID(row.ID), Request: row.RequestID, State: State(row.State), Pressed: Told(row.Pressed), Holding: Told(row.Holding),
		SeenBy: v.open(tableAccess, "seen_by", row.ID, row.SeenBy), Talk: v.open(tableAccess, "talk", row.ID, row.Talk),
		TalkedAt: row.TalkedAt.Time, TalkedBy: row.TalkedBy, Received: row.ReceivedOn, Due: row.DueOn, CollectedAt: row.CollectedAt.Time,
		SubmittedAt: row.SubmittedAt.Time, SubmittedBy: row.SubmittedBy, Returned: v.open(tableAccess, "returned", row.ID, row.Returned),
		ReleasedAt: row.ReleasedAt.Time, ReleasedBy: row.ReleasedBy, Given: Giving(row.Given), Mark: row.Mark,
		EndedWhy: v.open(tableAccess, "ended_why", row.ID, row.EndedWhy), Version: row.Version,
	}, v.err
}

// List are the subject accesses of a file, the newest first.
func (s *Service) List(ctx context.Context, tx *store.Tx, f *cases.File) ([]Access, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return nil, err
	}
	rows, err := rightsdb.New(tx).AccessesOf(ctx, rightsdb.AccessesOfParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	out := make([]Access, len(rows))
	for i, row := range rows {
		if err == nil {
			out[i], err = s.fromRow(ctx, tx, row)
		}
		if err == nil {
			out[i].Times, err = s.times(ctx, tx, f.Agency(), out[i].ID)
		}
	}
	return out, err
}

// Submit hands the working copy to a second person. It returns forms.Errors
// while a piece is undecided.
func (s *Service) Submit(ctx context.Context, f *cases.File, id ID, version int64) error {
	if err := s.judge(ctx, f, ActAccess); err != nil {
		return err
	}
	return s.change(ctx, f, ActAccess, id.Subject(), "submit", func(ctx context.Context, tx *store.Tx) error {
		a, err := s.get(ctx, tx, f, id)
		if err != nil {
			return err
		}
		if a.CollectedAt.IsZero() {
			return forms.Errors{{Field: "submit", Message: "Collect what is on record first"}}
		}
		items, err := s.items(ctx, tx, f, id)
		if err != nil {
			return err
		}
		for _, i := range items {
			if i.Decision == Undecided {
				return forms.Errors{{Field: "submit", Message: "Decide about every piece first: what is marked “To be decided” is still open"}}
			}
		}
		q := rightsdb.New(tx)
		err = store.Changed(q.Submit(ctx, rightsdb.SubmitParams{
			AgencyID: f.Agency(), ID: string(id), Version: version, SubmittedAt: nullTime(tx.Now()), SubmittedBy: f.Actor().Account,
		}))
		if err != nil {
			return err
		}
		if err := s.hand(ctx, q, f, id); err != nil {
			return err
		}
		_, err = s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.ReleaseCopy, Due: a.Due, Team: f.Team()})
		return err
	})
}

func (s *Service) hand(ctx context.Context, q *rightsdb.Queries, f *cases.File, id ID) error {
	return q.InsertHand(ctx, rightsdb.InsertHandParams{AgencyID: f.Agency(), AccessID: string(id), AccountID: f.Actor().Account})
}

// MayRelease tells whether whoever opened the file may give the copy.
func (s *Service) MayRelease(f *cases.File, a Access) bool {
	return a.State == Waiting && s.maySecond(f, ActRelease, string(a.ID), a.Hands)
}

// SendBack gives the working copy back to whoever prepared it, with what to
// look at again. The second person stays one.
func (s *Service) SendBack(ctx context.Context, f *cases.File, id ID, version int64, why string) error {
	var errs forms.Errors
	need(&errs, "why", why, "Write what is to be looked at again")
	if errs.Any() {
		return errs
	}
	if err := s.asSecond(ctx, f, id); err != nil {
		return err
	}
	return s.change(ctx, f, ActRelease, id.Subject(), "send back", func(ctx context.Context, tx *store.Tx) error {
		v := s.vault(ctx, tx, f.Agency())
		p := rightsdb.SendBackParams{AgencyID: f.Agency(), ID: string(id), Version: version, Returned: v.seal(tableAccess, "returned", string(id), why)}
		if v.err != nil {
			return v.err
		}
		if err := store.Changed(rightsdb.New(tx).SendBack(ctx, p)); err != nil {
			return err
		}
		return s.cases.FinishTasks(ctx, tx, f, cases.ReleaseCopy, "sent back")
	})
}

// asSecond judges that the actor is not one of those who prepared it.
func (s *Service) asSecond(ctx context.Context, f *cases.File, id ID) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	var a Access
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		a, err = s.get(ctx, tx, f, id)
		return err
	})
	if err != nil {
		return err
	}
	return s.second(ctx, f, ActRelease, string(id), a.Hands)
}

// Release gives the copy. It returns a refusal to whoever had a hand in
// preparing it, and forms.Errors while somebody makes the person ask, when it
// is to be handed to somebody who cannot hold it safely, and when the second
// person cannot read all that is given.
func (s *Service) Release(ctx context.Context, f *cases.File, id ID, version int64, how Giving) error {
	if !known(Givings(), how) {
		return forms.Errors{{Field: "given", Message: "Select how they get it"}}
	}
	if err := s.asSecond(ctx, f, id); err != nil {
		return err
	}
	return s.change(ctx, f, ActRelease, id.Subject(), string(how), func(ctx context.Context, tx *store.Tx) error {
		a, err := s.get(ctx, tx, f, id)
		if err != nil {
			return err
		}
		if _, err := s.confirmed(ctx, tx, f, a.Request, cases.RecordAccess); err != nil {
			return err
		}
		switch {
		case a.Pressed == Yes:
			return forms.Errors{{Field: "given", Message: "Somebody is making them ask. Give nothing; send it back and talk with the person again"}}
		case how == Handed && a.Holding != Yes:
			return forms.Errors{{Field: "given", Message: "It is not known to be safe for them to hold a copy. They can read it here"}}
		}
		items, err := s.items(ctx, tx, f, id)
		if err != nil {
			return err
		}
		for _, i := range items {
			if i.Apart && i.Decision != Withhold {
				return forms.Errors{{Field: "given", Message: "You cannot read all that is given: a part comes from the compartment “" + i.Compartment.Label() + "”. Ask for it to be opened to you, or somebody else to do this"}}
			}
		}
		mark, err := tx.NewID()
		if err != nil {
			return err
		}
		mark = strings.ToUpper(mark[len(mark)-12:len(mark)-6] + "-" + mark[len(mark)-6:])
		err = store.Changed(rightsdb.New(tx).Release(ctx, rightsdb.ReleaseParams{
			AgencyID: f.Agency(), ID: string(id), Version: version, ReleasedAt: nullTime(tx.Now()), ReleasedBy: f.Actor().Account,
			Given: string(how), Mark: mark,
		}))
		if err != nil {
			return err
		}
		if err := s.cases.FinishTasks(ctx, tx, f, cases.ReleaseCopy, "the copy was given"); err != nil {
			return err
		}
		_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.CopyReleased, On: today(tx), Text: how.Label() + ".", Ref: string(id)})
		return err
	})
}

// End ends a subject access without a copy: the person took it back, or it was
// not theirs.
func (s *Service) End(ctx context.Context, f *cases.File, id ID, version int64, why string) error {
	var errs forms.Errors
	need(&errs, "end_why", why, "Write why no copy is given")
	if errs.Any() {
		return errs
	}
	if err := s.judge(ctx, f, ActAccess); err != nil {
		return err
	}
	return s.change(ctx, f, ActAccess, id.Subject(), "end", func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.get(ctx, tx, f, id); err != nil {
			return err
		}
		v := s.vault(ctx, tx, f.Agency())
		p := rightsdb.EndAccessParams{AgencyID: f.Agency(), ID: string(id), Version: version, EndedWhy: v.seal(tableAccess, "ended_why", string(id), why)}
		if v.err != nil {
			return v.err
		}
		if err := store.Changed(rightsdb.New(tx).EndAccess(ctx, p)); err != nil {
			return err
		}
		return s.cases.FinishTasks(ctx, tx, f, cases.ReleaseCopy, "ended without a copy")
	})
}

// ReadCopy is what was given, to be printed or saved. Each reading is in the
// ledger. Before it was released there is none.
func (s *Service) ReadCopy(ctx context.Context, f *cases.File, id ID) (Access, Copy, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject(), id.Subject()); err != nil {
		return Access{}, Copy{}, err
	}
	var a Access
	var c Copy
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if a, err = s.get(ctx, tx, f, id); err != nil {
			return err
		}
		if a.State != Released {
			return store.ErrNotFound
		}
		items, err := s.items(ctx, tx, f, id)
		if err != nil {
			return err
		}
		for _, i := range items {
			if _, given := i.Left(); given {
				if err := show(ctx, f, i); err != nil {
					return err
				}
			}
			// A copy with a hole in it would not be what was given.
			if i.Apart && i.Decision != Withhold {
				return store.ErrNotFound
			}
		}
		c = Compose(s.Parts(), items)
		return nil
	})
	return a, c, err
}

// show names in the ledger whom a piece that is shown is about.
func show(ctx context.Context, f *cases.File, i Item) error {
	var subjects []audit.Subject
	for _, p := range i.About {
		subjects = append(subjects, p.Subject())
	}
	return f.Permit().Show(ctx, subjects...)
}

func known[T comparable](list []T, v T) bool {
	for _, l := range list {
		if l == v {
			return true
		}
	}
	return false
}
