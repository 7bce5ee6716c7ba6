package actions

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/actions/actionsdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Rate is how many of the actions of an agency were done.
type Rate struct {
	Agency  string
	Name    string
	Given   int64
	Done    int64
	InTime  int64 // of those done, on their day or before
	NotDone int64
	Gone    int64 // no longer possible
	Open    int64
	Overdue int64 // of those open
}

// Of is of how many a share is made: what is due and was possible.
func (r Rate) Of() int64 { return r.Done + r.NotDone + r.Overdue }

// Share is the share of these that was done, in per cent; ok is false where nothing
// was due.
func (r Rate) Share() (percent int64, ok bool) {
	if r.Of() == 0 {
		return 0, false
	}
	return (200*r.Done + r.Of()) / (2 * r.Of()), true
}

// Board is how the actions of a MARAC stand, for its coordinators.
type Board struct {
	Today string
	Since string // rates are of actions due from that day on
	Rates []Rate
	Open  []Action // a page, what is due first
	More  bool
	Next  Cursor
}

// rateMonths is over how many months rates are counted: a choice of this project.
const rateMonths = 12

// Board reads it.
func (s *Service) Board(ctx context.Context, actor policy.Actor, agency string, after Cursor, size int) (b Board, err error) {
	size = min(max(size, 1), SizeMost)
	permit, err := s.guard.Open(ctx, actor, ActBoard, board(agency), string(cases.Sharing), agency == actor.Agency, ofMarac(agency))
	if err != nil {
		return b, err
	}
	err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		b.Today = s.today(tx)
		if _, err := s.marac.MaracTx(ctx, tx, agency); err != nil {
			return err
		}
		b.Since = tx.Now().In(s.zone).AddDate(0, -rateMonths, 0).Format(time.DateOnly)
		if b.Rates, err = rates(ctx, tx, agency, b.Since, b.Today); err != nil {
			return err
		}
		rows, err := actionsdb.New(tx).OpenBefore(ctx, actionsdb.OpenBeforeParams{
			AgencyID: agency, MeetingID: "none", AfterDue: after.Due, AfterID: string(after.ID), StartsAt: never, Size: int32(size) + 1, //nolint:gosec // it is bounded
		})
		if err != nil {
			return err
		}
		if len(rows) > size {
			rows, b.More = rows[:size], true
			b.Next = Cursor{Due: rows[size-1].DueOn, ID: ID(rows[size-1].ID)}
		}
		if rows, err = s.withoutTies(ctx, tx, actor, rows); err != nil {
			return err
		}
		b.Open, err = opened(ctx, tx, rows)
		return err
	})
	if err != nil {
		return b, err
	}
	return b, permit.Show(ctx, append(subjectsOf(b.Open), ofMarac(agency))...)
}

// never is after every meeting.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

func opened(ctx context.Context, tx *store.Tx, rows []actionsdb.MaracAction) ([]Action, error) {
	var out []Action
	for _, r := range rows {
		a, err := asAction(ctx, tx, r)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

func rates(ctx context.Context, tx *store.Tx, agency, since, today string) ([]Rate, error) {
	rows, err := actionsdb.New(tx).Rates(ctx, actionsdb.RatesParams{AgencyID: agency, Since: since, Today: today})
	var out []Rate
	for _, r := range rows {
		out = append(out, Rate{
			Agency: r.OwnerID, Name: r.Name, Given: r.Given, Done: r.Done, InTime: r.InTime, NotDone: r.NotDone, Gone: r.Gone, Open: r.StillOpen, Overdue: r.Overdue,
		})
	}
	return out, err
}

// Sitting are the actions of a meeting: those still open from before it first, which a
// meeting goes through first, and then its own.
type Sitting struct {
	Today   string
	Earlier []Action
	More    bool // there are more open ones from before
	Here    []Action
	Names   map[string]string // agencies by name
}

// earlierMost bounds what a meeting goes through from before.
const earlierMost = 200

// Sitting reads them. To those who are no coordinators, what an earlier meeting agreed
// for another agency is its number, its owner and how it stands, without words: the
// pack of that meeting is not theirs any more. Those who work with people who harm see
// the words of their own agency's alone.
func (s *Service) Sitting(ctx context.Context, seat *marac.Seat) (out Sitting, err error) {
	if !seat.Permit().Valid() {
		return out, audit.ErrNoPermit
	}
	if !seat.Stated() {
		return out, marac.ErrStatement
	}
	m := seat.Meeting()
	err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		out.Today = s.today(tx)
		q := actionsdb.New(tx)
		rows, err := q.OpenBefore(ctx, actionsdb.OpenBeforeParams{AgencyID: m.Agency, MeetingID: string(m.ID), StartsAt: m.Starts, Size: earlierMost + 1})
		if err != nil {
			return err
		}
		if len(rows) > earlierMost {
			rows, out.More = rows[:earlierMost], true
		}
		if rows, err = s.withoutTies(ctx, tx, seat.Actor(), rows); err != nil {
			return err
		}
		if out.Earlier, err = opened(ctx, tx, rows); err != nil {
			return err
		}
		if rows, err = q.OfMeeting(ctx, actionsdb.OfMeetingParams{AgencyID: m.Agency, MeetingID: string(m.ID)}); err != nil {
			return err
		}
		if rows, err = s.withoutTies(ctx, tx, seat.Actor(), rows); err != nil {
			return err
		}
		if out.Here, err = opened(ctx, tx, rows); err != nil {
			return err
		}
		out.Names, err = s.namesTx(ctx, tx, m.Agency)
		return err
	})
	if err != nil {
		return out, err
	}
	for i, a := range out.Earlier {
		if !seat.Coordinates() && a.Owner != seat.Of() {
			out.Earlier[i].Words = Words{}
		}
	}
	for i, a := range out.Here {
		out.Here[i] = seen(seat, a)
	}
	return out, seat.Permit().Show(ctx, append(subjectsOf(out.Earlier), subjectsOf(out.Here)...)...)
}

// seen is an action of a meeting as somebody with a seat there sees it.
func seen(seat *marac.Seat, a Action) Action {
	if !seat.Coordinates() && seat.WithoutWhereabouts() && a.Owner != seat.Of() {
		a.Words = Words{}
	}
	return a
}

// namesTx are the agencies that sit at a MARAC by name.
func (s *Service) namesTx(ctx context.Context, tx *store.Tx, agency string) (map[string]string, error) {
	owners, err := s.ownersTx(ctx, tx, agency)
	out := map[string]string{}
	for _, o := range owners {
		out[o.Agency] = o.Name
	}
	return out, err
}

// OfCase are the actions of a case, for the page on which it is heard: with the case
// opened, which is recorded, and the agencies that can take one on.
func (s *Service) OfCase(ctx context.Context, seat *marac.Seat, id marac.CaseID) (Panel, error) {
	opened, err := s.marac.Open(ctx, seat, id)
	if err != nil {
		return Panel{}, err
	}
	return s.PanelOf(ctx, seat, opened)
}

// Panel are the actions of one case.
type Panel struct {
	Opened marac.Opened
	Today  string
	List   []Action
	Owners []Owner // who can take one on, as far as the reader may say so
	Names  map[string]string
	seat   *marac.Seat
}

// Meeting is at which it is heard.
func (p Panel) Meeting() marac.Meeting { return p.seat.Meeting() }

// Coordinates tells whether the reader is of the MARAC itself.
func (p Panel) Coordinates() bool { return p.seat.Coordinates() }

// Finished tells whether nothing of the case is open, and the person was told, or why
// not is written. It blocks nothing.
func (p Panel) Finished() bool {
	told := false
	for _, a := range p.List {
		if a.State == Open {
			return false
		}
		told = told || a.Kind == Feedback
	}
	return told
}

// Feedback is the action to tell the person, of which there should be one.
func (p Panel) Feedback() (Action, bool) {
	for _, a := range p.List {
		if a.Kind == Feedback {
			return a, true
		}
	}
	return Action{}, false
}

// PanelOf are the actions of a case that was opened with a seat.
func (s *Service) PanelOf(ctx context.Context, seat *marac.Seat, o marac.Opened) (p Panel, err error) {
	err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err = s.PanelTx(ctx, tx, seat, o.Case)
		return err
	})
	if err != nil {
		return p, err
	}
	p.Opened = o
	return p, seat.Permit().Show(ctx, append(subjectsOf(p.List), o.Case.ID.Subject())...)
}

// PanelTx is [Service.PanelOf] in the transaction of a page that opened the case, and
// records it.
func (s *Service) PanelTx(ctx context.Context, tx *store.Tx, seat *marac.Seat, c marac.Case) (p Panel, err error) {
	if !seat.Permit().Valid() || c.ID == "" {
		return p, audit.ErrNoPermit
	}
	p.Opened, p.seat, p.Today, p.Names = marac.Opened{Case: c}, seat, s.today(tx), map[string]string{}
	rows, err := actionsdb.New(tx).OfCase(ctx, actionsdb.OfCaseParams{AgencyID: seat.Agency(), CaseID: string(c.ID)})
	if err != nil {
		return p, err
	}
	if p.List, err = opened(ctx, tx, rows); err != nil {
		return p, err
	}
	for i, a := range p.List {
		p.List[i] = seen(seat, a)
	}
	owners, err := s.ownersTx(ctx, tx, seat.Agency())
	for _, w := range owners {
		p.Names[w.Agency] = w.Name
		if seat.Coordinates() || w.Agency == seat.Of() {
			p.Owners = append(p.Owners, w)
		}
	}
	return p, err
}

// Plan is the coordinated safety plan of a case, as those with a seat have it (G7).
type Plan struct {
	Panel
	Groups []Group
}

// Group are the actions for one target, the feedback apart.
type Group struct {
	Target Target
	List   []Action
}

// Plan composes it.
func (s *Service) Plan(ctx context.Context, seat *marac.Seat, id marac.CaseID) (p Plan, err error) {
	if p.Panel, err = s.OfCase(ctx, seat, id); err != nil {
		return p, err
	}
	for _, t := range Targets() {
		g := Group{Target: t}
		for _, a := range p.List {
			if a.Target == t && a.Kind == Plain {
				g.List = append(g.List, a)
			}
		}
		if len(g.List) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	return p, nil
}

// Told is what the person may be given: plain lines with who does it and by when.
type Told struct {
	Lines []Line
	Out   int // lines that were left out, since they tell what is kept back
}

// Line is one line of it.
type Line struct {
	Text string
	By   string // the agency, by name
	Due  string // YYYY-MM-DD
}

// ForPerson composes what the person may be given, out of what was written for that and
// nothing else: nobody's name, no number, nothing about whoever harms, nothing that is
// not to be done any more. It is asked through the action to tell them.
func (s *Service) ForPerson(ctx context.Context, actor policy.Actor, id ID) (t Told, err error) {
	var st standing
	if err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		st, err = s.stand(ctx, tx, actor, id)
		return err
	}); err != nil {
		return t, err
	}
	permit, err := s.guard.Open(ctx, actor, ActPlan, st.resource(id), string(cases.Sharing), false, id.Subject())
	if err != nil {
		return t, err
	}
	if Kind(st.row.Kind) != Feedback {
		return t, store.ErrNotFound
	}
	err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, kept, err := s.marac.KeptTx(ctx, tx, permit, st.row.MaracID, marac.CaseID(st.row.CaseID))
		if err != nil {
			return err
		}
		rows, err := actionsdb.New(tx).OfCase(ctx, actionsdb.OfCaseParams{AgencyID: st.row.MaracID, CaseID: st.row.CaseID})
		if err != nil {
			return err
		}
		names, err := s.namesTx(ctx, tx, st.row.MaracID)
		if err != nil {
			return err
		}
		list, err := opened(ctx, tx, rows)
		if err != nil {
			return err
		}
		owners, err := s.ownersTx(ctx, tx, st.row.MaracID)
		if err != nil {
			return err
		}
		walled := map[string]bool{}
		for _, o := range owners {
			walled[o.Agency] = o.Walled
		}
		for _, a := range list {
			switch {
			case a.Words.Tell == "" || !a.Target.Told() || a.Kind != Plain || a.State == NotDone || a.State == NoLongerPossible:
			case kept.Tells(a.Words.Tell) || walled[a.Owner]: // somebody moved since it was written
				t.Out++
			default:
				t.Lines = append(t.Lines, Line{Text: a.Words.Tell, By: names[a.Owner], Due: a.Due})
			}
		}
		return nil
	})
	if err != nil {
		return t, err
	}
	return t, permit.Show(ctx, id.Subject(), marac.CaseID(st.row.CaseID).Subject())
}

// LinesTx are the actions of a meeting as its minutes have them, by case: who does what
// by when. They are for those who may see all of a case.
func (s *Service) LinesTx(ctx context.Context, tx *store.Tx, seat *marac.Seat) (map[marac.CaseID][]string, error) {
	if !seat.Permit().Valid() {
		return nil, audit.ErrNoPermit
	}
	m := seat.Meeting()
	rows, err := actionsdb.New(tx).OfMeeting(ctx, actionsdb.OfMeetingParams{AgencyID: m.Agency, MeetingID: string(m.ID)})
	if err != nil {
		return nil, err
	}
	list, err := opened(ctx, tx, rows)
	if err != nil {
		return nil, err
	}
	names, err := s.namesTx(ctx, tx, m.Agency)
	out := map[marac.CaseID][]string{}
	for _, a := range list {
		if a = seen(seat, a); a.Words.What != "" {
			out[a.Case] = append(out[a.Case], names[a.Owner]+", by "+a.Due+", "+a.Target.Label()+": "+a.Words.What)
		}
	}
	return out, err
}
