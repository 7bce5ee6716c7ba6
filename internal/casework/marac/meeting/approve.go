package meeting

import (
	"context"
	"fmt"
	"slices"
	"time"

	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/meeting/meetingdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// Piece is what another capability puts into the minutes of a case, such as its actions.
type Piece struct {
	Title string
	Lines []string
	// Harmers is set where those who work with people who harm are given it too.
	Harmers bool
}

// Source gives the pieces of all cases of a meeting in a few statements.
type Source func(ctx context.Context, tx *store.Tx, seat *marac.Seat) (map[marac.CaseID][]Piece, error)

// Written is a section as it stands in minutes.
type Written struct {
	Name Name
	Text string
}

// Came is somebody on the board, in minutes.
type Came struct {
	Name, Agency, Capacity string
	Here                   bool
	Sent                   bool // apologies, and information was sent
	Signed                 bool // conditions for observers, or the statement of confidentiality
	Observer               bool
}

// Front is what minutes say of a meeting as a whole (domain.md, section 5.5).
type Front struct {
	Kind     marac.Kind
	Starts   time.Time
	Begun    time.Time
	Ended    time.Time
	Where    string
	Chair    string
	Board    []Came
	Sections []Written
	Cases    int
	Heard    int
}

// Minute is what minutes say of one case. It has no name: the number is what its
// readers open it by.
type Minute struct {
	Case     marac.CaseID
	Number   string
	Slot     int // its place on the list
	IDVA     marac.Represented
	Views    ViewsHow
	Decision Decision
	Heard    time.Time
	Seconds  int
	Sections []Written
	Pieces   []Piece
}

// Addendum is what was wrong in minutes, said afterwards.
type Addendum struct {
	ID   string
	Case marac.CaseID
	Name Name // the section it is about
	Text string
	At   time.Time
	By   string // account
}

// Minutes are those of a meeting, as their reader is given them.
type Minutes struct {
	Meeting  marac.Meeting
	Front    Front
	Cases    []Minute
	Addenda  []Addendum
	Approved time.Time // zero: they are a draft
	By       string
	Who      map[string]string
	Without  bool // what is not for those who work with people who harm was left out
	MayAdd   bool
	MayPrint bool
	Apart    int // texts that nobody settled, in a draft
}

func minutePlace(agency string, meeting marac.MeetingID, c marac.CaseID) store.Place {
	return store.Place{Agency: agency, Table: "marac_minute", Column: "doc_sealed", Row: fmt.Sprintf("%s/%s", meeting, c)}
}

func addendumPlace(agency, id string) store.Place {
	return store.Place{Agency: agency, Table: "marac_addendum", Column: "text_sealed", Row: id}
}

// compose puts the minutes together from the record of the meeting: all of it, whoever
// asks. It costs the same few statements however many cases there are.
func (s *Service) compose(ctx context.Context, tx *store.Tx, permit audit.Permit, seat *marac.Seat) (front Front, list []Minute, apart int, err error) {
	m, err := s.marac.StandsTx(ctx, tx, seat)
	if err != nil {
		return front, nil, 0, err
	}
	run, err := s.run(ctx, tx, seat)
	if err != nil {
		return front, nil, 0, err
	}
	board, err := s.marac.BoardTx(ctx, tx, permit, seat)
	if err != nil {
		return front, nil, 0, err
	}
	front = Front{Kind: m.Kind, Starts: m.Starts, Begun: run.Begun, Ended: run.Ended, Where: m.Words.Where, Board: asBoard(board)}
	for _, c := range front.Board {
		if c.Here && c.Capacity == marac.Chair.Label() {
			front.Chair = c.Name
		}
	}
	q := meetingdb.New(tx)
	rows, err := q.AllSections(ctx, meetingdb.AllSectionsParams{AgencyID: seat.Agency(), MeetingID: string(m.ID)})
	if err != nil {
		return front, nil, 0, err
	}
	texts := map[marac.CaseID]map[Name]string{}
	for _, r := range rows {
		one, err := asSection(ctx, tx, r)
		if err != nil {
			return front, nil, 0, err
		}
		if texts[one.Case] == nil {
			texts[one.Case] = map[Name]string{}
		}
		texts[one.Case][one.Name], apart = one.Text, apart+one.Apart
	}
	front.Sections = written("", texts[""])
	numbers, err := s.marac.ListedTx(ctx, tx, permit, seat)
	if err != nil {
		return front, nil, 0, err
	}
	hearings, err := q.Hearings(ctx, meetingdb.HearingsParams{AgencyID: seat.Agency(), MeetingID: string(m.ID)})
	if err != nil {
		return front, nil, 0, err
	}
	heard := map[marac.CaseID]Hearing{}
	for _, h := range hearings {
		heard[marac.CaseID(h.CaseID)] = asHearing(h)
	}
	pieces := map[marac.CaseID][]Piece{}
	for _, source := range s.sources {
		more, err := source(ctx, tx, seat)
		if err != nil {
			return front, nil, 0, err
		}
		for c, list := range more {
			pieces[c] = append(pieces[c], list...)
		}
	}
	for _, c := range numbers {
		h := heard[c.ID]
		one := Minute{Case: c.ID, Number: c.Number, Slot: c.Slot, IDVA: h.IDVA, Views: h.Views, Decision: h.Decision, Heard: h.Heard, Seconds: h.Seconds, Sections: written(c.ID, texts[c.ID]), Pieces: pieces[c.ID]}
		if one.IDVA == "" {
			one.IDVA = c.IDVA
		}
		front.Cases++
		if !h.Heard.IsZero() {
			front.Heard++
		}
		list = append(list, one)
	}
	return front, list, apart, nil
}

func written(c marac.CaseID, texts map[Name]string) []Written {
	var out []Written
	for _, n := range Sections(c) {
		if texts[n] != "" {
			out = append(out, Written{Name: n, Text: texts[n]})
		}
	}
	return out
}

func asBoard(b marac.Board) []Came {
	var out []Came
	for _, p := range b.Places {
		out = append(out, Came{
			Name: b.Who[p.Account].Name, Agency: b.Names[p.Of], Capacity: p.Capacity.Label(), Here: !p.Came.IsZero(), Sent: p.Sent, Signed: !p.Stated.IsZero(), Observer: p.Capacity == marac.Observer,
		})
	}
	return out
}

// Approve freezes the minutes of a meeting that has ended: what they say from then on is
// what was put together at that moment. It returns [forms.Errors] while a text is kept
// apart that nobody settled, and [store.ErrConflict] for a meeting that goes on, or whose
// minutes are approved.
func (s *Service) Approve(ctx context.Context, seat *marac.Seat) error {
	permit, err := s.may(ctx, seat, ActApprove, "", false)
	if err != nil {
		return err
	}
	return s.marac.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q, agency, id := meetingdb.New(tx), seat.Agency(), seat.Meeting().ID
		if err := s.ensure(ctx, tx, seat); err != nil {
			return err
		}
		run, err := q.NextChange(ctx, meetingdb.NextChangeParams{AgencyID: agency, MeetingID: string(id)})
		if err != nil {
			return err
		}
		front, list, apart, err := s.compose(ctx, tx, permit, seat)
		switch {
		case err != nil:
			return err
		case !run.EndedAt.Valid || run.ApprovedAt.Valid:
			return store.ErrConflict
		case apart > 0:
			return forms.Errors{{Field: "approve", Message: "Settle the texts first that are kept beside the minutes"}}
		}
		docs := map[marac.CaseID]any{"": front}
		for _, one := range list {
			docs[one.Case] = one
		}
		for c, doc := range docs {
			sealed, err := tx.Vault().SealJSON(ctx, tx, minutePlace(agency, id, c), doc)
			if err != nil {
				return err
			}
			if err := q.InsertMinute(ctx, meetingdb.InsertMinuteParams{AgencyID: agency, MeetingID: string(id), CaseID: string(c), DocSealed: sealed.Bytes()}); err != nil {
				return err
			}
		}
		if err := q.ApproveRun(ctx, meetingdb.ApproveRunParams{AgencyID: agency, MeetingID: string(id), ApprovedAt: nullTime(tx.Now()), ApprovedBy: seat.Actor().Account}); err != nil {
			return err
		}
		return permit.Append(tx, ActApprove, "approve", id.Subject())
	})
}

// MayReadTx tells whether somebody reads the minutes as they are now, for pages that offer them.
func (s *Service) MayReadTx(ctx context.Context, tx *store.Tx, seat *marac.Seat) (bool, error) {
	run, err := s.run(ctx, tx, seat)
	return err == nil && s.allows(seat, ActRead, !run.Approved.IsZero()), err
}

// Minutes reads the minutes of a meeting: a draft for those who write them, and what was
// approved for everybody with a seat, until the pack closes. A case to which the reader
// is tied is not in them, and for those who work with people who harm there is of each
// case what was written for them.
func (s *Service) Minutes(ctx context.Context, seat *marac.Seat) (Minutes, error) {
	return s.minutes(ctx, seat, false)
}

// Printed are the minutes for paper, which is a permission of its own.
func (s *Service) Printed(ctx context.Context, seat *marac.Seat) (Minutes, error) {
	return s.minutes(ctx, seat, true)
}

func (s *Service) minutes(ctx context.Context, seat *marac.Seat, paper bool) (out Minutes, err error) {
	if !seat.Permit().Valid() {
		return out, audit.ErrNoPermit
	}
	var run Run
	err = s.marac.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		run, err = s.run(ctx, tx, seat)
		return err
	})
	if err != nil {
		return out, err
	}
	permit, err := s.may(ctx, seat, ActRead, "", !run.Approved.IsZero())
	if err == nil && paper {
		permit, err = s.may(ctx, seat, ActPrint, "", !run.Approved.IsZero())
	}
	if err != nil {
		return out, err
	}
	subjects := []audit.Subject{seat.Meeting().ID.Subject()}
	err = s.marac.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if out, err = s.asMinutes(ctx, tx, permit, seat, run); err != nil {
			return err
		}
		for _, c := range out.Cases {
			subjects = append(subjects, c.Case.Subject())
		}
		return nil
	})
	if err != nil {
		return Minutes{}, err
	}
	return out, permit.Show(ctx, subjects...)
}

func (s *Service) asMinutes(ctx context.Context, tx *store.Tx, permit audit.Permit, seat *marac.Seat, run Run) (out Minutes, err error) {
	out = Minutes{Approved: run.Approved, By: run.By, Without: seat.WithoutWhereabouts(), MayAdd: s.allows(seat, ActApprove, true), MayPrint: s.MayPrint(seat, !run.Approved.IsZero())}
	if out.Meeting, err = s.marac.StandsTx(ctx, tx, seat); err != nil {
		return out, err
	}
	var all []Minute
	if run.Approved.IsZero() {
		out.Front, all, out.Apart, err = s.compose(ctx, tx, permit, seat)
	} else {
		out.Front, all, err = s.frozen(ctx, tx, seat)
	}
	if err != nil {
		return out, err
	}
	list, _, err := s.marac.CasesTx(ctx, tx, permit, seat)
	if err != nil {
		return out, err
	}
	mine := map[marac.CaseID]bool{"": true}
	for _, c := range list {
		mine[c.ID] = true
	}
	for _, one := range all {
		if mine[one.Case] {
			out.Cases = append(out.Cases, one.given(out.Without))
		}
	}
	accounts := []string{run.By}
	rows, err := meetingdb.New(tx).Addenda(ctx, meetingdb.AddendaParams{AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID)})
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		a := Addendum{ID: r.ID, Case: marac.CaseID(r.CaseID), Name: Name(r.Section), At: r.RecordedAt, By: r.RecordedBy}
		if !mine[a.Case] || out.Without && a.Case != "" && a.Name != Harmers {
			continue
		}
		if a.Text, err = tx.Vault().Open(ctx, tx, addendumPlace(r.AgencyID, r.ID), store.Sealed(r.TextSealed)); err != nil {
			return out, err
		}
		out.Addenda, accounts = append(out.Addenda, a), append(accounts, a.By)
	}
	out.Who, err = s.marac.NamesTx(ctx, tx, accounts)
	return out, err
}

// given is what of a case its reader is given. For those who work with people who harm it
// is a new value that names what it keeps: what is added to a case later is left out until it is named here.
func (m Minute) given(harmers bool) Minute {
	if !harmers {
		return m
	}
	out := Minute{Case: m.Case, Number: m.Number, Slot: m.Slot, Heard: m.Heard, Decision: m.Decision}
	for _, w := range m.Sections {
		if w.Name == Harmers {
			out.Sections = append(out.Sections, w)
		}
	}
	for _, p := range m.Pieces {
		if p.Harmers {
			out.Pieces = append(out.Pieces, p)
		}
	}
	return out
}

// frozen are the minutes as they were approved.
func (s *Service) frozen(ctx context.Context, tx *store.Tx, seat *marac.Seat) (front Front, list []Minute, err error) {
	rows, err := meetingdb.New(tx).MinutesOf(ctx, meetingdb.MinutesOfParams{AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID)})
	if err != nil {
		return front, nil, err
	}
	for _, r := range rows {
		at := minutePlace(r.AgencyID, marac.MeetingID(r.MeetingID), marac.CaseID(r.CaseID))
		if r.CaseID == "" {
			if err := tx.Vault().OpenJSON(ctx, tx, at, r.DocSealed, &front); err != nil {
				return front, nil, err
			}
			continue
		}
		var one Minute
		if err := tx.Vault().OpenJSON(ctx, tx, at, r.DocSealed, &one); err != nil {
			return front, nil, err
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b Minute) int { return a.Slot - b.Slot })
	return front, list, nil
}

// addendumMost bounds what is added at once.
const addendumMost = 5_000

// Add adds to approved minutes what was wrong in them. What they said stays.
func (s *Service) Add(ctx context.Context, seat *marac.Seat, a Addendum) error {
	if err := s.ofCase(ctx, seat, a.Case); err != nil {
		return err
	}
	permit, err := s.may(ctx, seat, ActApprove, "", true, subjectsOf(a.Case)...)
	if err != nil {
		return err
	}
	var errs forms.Errors
	if !slices.Contains(Sections(a.Case), a.Name) {
		errs.Add("section", "Select what it is about")
	}
	if a.Text == "" || len(a.Text) > addendumMost {
		errs.Add("text", "Say what was wrong, and what is right, in up to 5,000 characters")
	}
	if err := errs.Err(); err != nil {
		return err
	}
	return s.marac.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		run, err := s.run(ctx, tx, seat)
		if err != nil {
			return err
		}
		if run.Approved.IsZero() {
			return store.ErrConflict
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		sealed, err := tx.Vault().Seal(ctx, tx, addendumPlace(seat.Agency(), id), a.Text)
		if err != nil {
			return err
		}
		err = meetingdb.New(tx).InsertAddendum(ctx, meetingdb.InsertAddendumParams{
			AgencyID: seat.Agency(), ID: id, MeetingID: string(seat.Meeting().ID), CaseID: string(a.Case), Section: string(a.Name), TextSealed: sealed.Bytes(),
			RecordedAt: tx.Now(), RecordedBy: seat.Actor().Account,
		})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActApprove, "addendum", append([]audit.Subject{seat.Meeting().ID.Subject()}, subjectsOf(a.Case)...)...)
	})
}
