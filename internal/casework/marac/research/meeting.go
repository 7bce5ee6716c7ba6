package research

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/research/researchdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/agreements"
)

// Cell is how far one agency is with one case.
type Cell struct {
	Ask      AskID // empty: it was not asked
	Answer   Known
	Looked   bool
	Overdue  bool
	Due      time.Time
	Answered time.Time
}

// Label is the cell in words for people.
func (c Cell) Label() string {
	switch {
	case c.Ask == "":
		return "Not asked"
	case c.Answer != "":
		return c.Answer.Label()
	case c.Overdue:
		return "Overdue"
	case c.Looked:
		return "Looked at"
	}
	return "Asked"
}

// BoardCase is a case on the list of a meeting, by its number.
type BoardCase struct {
	ID     marac.CaseID
	Number string
	Urgent bool
}

// BoardAgency is an agency on the board.
type BoardAgency struct {
	Sits
	Gone   bool // it was asked, and nobody sits for it any more
	Chased int
	Cells  map[marac.CaseID]Cell
}

// Of is how far it is with a case.
func (a BoardAgency) Of(id marac.CaseID) Cell { return a.Cells[id] }

// Open is how many cases it has not answered.
func (a BoardAgency) Open() (n int) {
	for _, c := range a.Cells {
		if c.Answer == "" {
			n++
		}
	}
	return n
}

// Board is how far the agencies of a meeting are. It names nobody.
type Board struct {
	Meeting  marac.MeetingID
	Starts   time.Time
	Kind     marac.Kind
	Agencies []BoardAgency
	Cases    []BoardCase
}

// Unasked is how many pairs of an agency and a case have not been asked.
func (b Board) Unasked() (n int) {
	for _, a := range b.Agencies {
		if a.Gone {
			continue
		}
		for _, c := range b.Cases {
			if a.Of(c.ID).Ask == "" {
				n++
			}
		}
	}
	return n
}

// meeting reads a meeting, whosever it is: one that never was is judged as nobody's.
func (s *Service) meeting(ctx context.Context, id marac.MeetingID) (m researchdb.MeetingByIDRow, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if m, err = researchdb.New(tx).MeetingByID(ctx, string(id)); errors.Is(err, sql.ErrNoRows) {
			m, err = researchdb.MeetingByIDRow{ID: string(id)}, nil
		}
		return err
	})
	return m, err
}

// open judges something on a meeting of the actor's MARAC, and records it.
func (s *Service) open(ctx context.Context, actor policy.Actor, action policy.Action, id marac.MeetingID) (researchdb.MeetingByIDRow, audit.Permit, error) {
	m, err := s.meeting(ctx, id)
	if err != nil {
		return m, audit.Permit{}, err
	}
	permit, err := s.guard.Open(ctx, actor, action, of(m.AgencyID), string(cases.Sharing), false, id.Subject())
	return m, permit, err
}

// Board shows the coordinator how far the agencies are.
func (s *Service) Board(ctx context.Context, actor policy.Actor, id marac.MeetingID) (Board, error) {
	m, permit, err := s.open(ctx, actor, ActBoard, id)
	if err != nil || !permit.Valid() {
		return Board{}, err
	}
	out := Board{Meeting: id, Starts: m.StartsAt, Kind: marac.Kind(m.Kind)}
	err = s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := researchdb.New(tx)
		list, err := q.OnList(ctx, researchdb.OnListParams{AgencyID: m.AgencyID, MeetingID: string(id)})
		if err != nil {
			return err
		}
		for _, c := range list {
			out.Cases = append(out.Cases, BoardCase{ID: marac.CaseID(c.ID), Number: c.Number, Urgent: c.Urgent})
		}
		sits, err := s.sitting(ctx, tx, m.AgencyID)
		if err != nil {
			return err
		}
		for _, one := range sits {
			out.Agencies = append(out.Agencies, BoardAgency{Sits: one, Cells: map[marac.CaseID]Cell{}})
		}
		return s.cells(ctx, tx, m.AgencyID, &out)
	})
	return out, err
}

// cells fills a board with what was asked about the cases that are on the list.
func (s *Service) cells(ctx context.Context, tx *store.Tx, agency string, b *Board) error {
	q := researchdb.New(tx)
	asks, err := q.AsksOfMeeting(ctx, researchdb.AsksOfMeetingParams{MaracID: agency, MeetingID: string(b.Meeting)})
	if err != nil {
		return err
	}
	names, err := q.AgencyNames(ctx, researchdb.AgencyNamesParams{MaracID: agency, MeetingID: string(b.Meeting)})
	if err != nil {
		return err
	}
	for _, a := range asks {
		if !slices.ContainsFunc(b.Cases, func(c BoardCase) bool { return string(c.ID) == a.CaseID }) {
			continue
		}
		i := slices.IndexFunc(b.Agencies, func(one BoardAgency) bool { return one.Agency == a.AgencyID })
		if i < 0 {
			gone := BoardAgency{Sits: Sits{Agency: a.AgencyID}, Gone: true, Cells: map[marac.CaseID]Cell{}}
			for _, n := range names {
				if n.ID == a.AgencyID {
					gone.Name = n.Name
				}
			}
			b.Agencies = append(b.Agencies, gone)
			i = len(b.Agencies) - 1
		}
		b.Agencies[i].Cells[marac.CaseID(a.CaseID)] = Cell{
			Ask: AskID(a.ID), Answer: Known(a.Answer), Looked: a.LookedAt.Valid, Due: a.DueAt, Answered: a.AnsweredAt.Time, Overdue: a.Answer == "" && !tx.Now().Before(a.DueAt),
		}
	}
	chases, err := q.Chases(ctx, researchdb.ChasesParams{MaracID: agency, MeetingID: string(b.Meeting)})
	for _, c := range chases {
		for i := range b.Agencies {
			if b.Agencies[i].Agency == c.AgencyID {
				b.Agencies[i].Chased = int(c.Times)
			}
		}
	}
	return err
}

// Chase asks agencies again that have not answered about every case. Those who sit for
// them see it on their list.
func (s *Service) Chase(ctx context.Context, actor policy.Actor, id marac.MeetingID, agencies []string) error {
	m, err := s.meeting(ctx, id)
	if err != nil {
		return err
	}
	permit, err := s.guard.Act(ctx, actor, ActChase, of(m.AgencyID), false, id.Subject())
	if err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := researchdb.New(tx)
		asks, err := q.AsksOfMeeting(ctx, researchdb.AsksOfMeetingParams{MaracID: m.AgencyID, MeetingID: string(id)})
		if err != nil {
			return err
		}
		done := map[string]bool{}
		for _, a := range asks {
			if a.Answer != "" || done[a.AgencyID] || !slices.Contains(agencies, a.AgencyID) {
				continue
			}
			done[a.AgencyID] = true
			row, err := tx.NewID()
			if err != nil {
				return err
			}
			err = q.InsertChase(ctx, researchdb.InsertChaseParams{AgencyID: a.AgencyID, ID: row, MaracID: m.AgencyID, MeetingID: string(id), MadeAt: tx.Now(), MadeBy: actor.Account})
			if err != nil {
				return err
			}
		}
		if len(done) == 0 {
			return store.ErrConflict // they have all answered meanwhile
		}
		return permit.Append(tx, ActChase, "", id.Subject())
	})
}

// Return is one that was released, as a copy has it.
type Return struct {
	ID       ReturnID
	Agency   string // which sent it
	Name     string // of it, where it is read by others
	Case     marac.CaseID
	Answer   Known
	Corrects ReturnID
	Basis    string
	Under    string
	ActedNow bool
	Released time.Time
	By       string // account
	Content  Content
}

// LogValue implements [slog.LogValuer].
func (Return) LogValue() slog.Value { return slog.StringValue("[redacted]") }

func returned(ctx context.Context, tx *store.Tx, holder string, r researchdb.ReturnsOfAskRow) (Return, error) {
	out := Return{
		ID: ReturnID(r.ID), Agency: r.AgencyID, Case: marac.CaseID(r.CaseID), Answer: Known(r.Answer), Corrects: ReturnID(r.Corrects),
		Basis: r.Basis, Under: r.Agreement, ActedNow: r.ActedNow, Released: r.ReleasedAt, By: r.ReleasedBy,
	}
	return out, tx.Vault().OpenJSON(ctx, tx, place(holder, "marac_return_copy", "words_sealed", r.ID), r.WordsSealed, &out.Content)
}

// Sent are the returns of a line that its agency sent, the newest first.
func (s *Service) Sent(ctx context.Context, l *Line) ([]Return, error) {
	if err := l.permit.Show(ctx, l.ID.Subject()); err != nil {
		return nil, err
	}
	var out []Return
	err := s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := researchdb.New(tx).ReturnsOfAsk(ctx, researchdb.ReturnsOfAskParams{AgencyID: l.agency, AskID: string(l.ID)})
		for _, row := range rows {
			one, err := returned(ctx, tx, l.agency, row)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return err
	})
	return out, err
}

// Depth is which pack is read.
type Depth string

// The depths. The brief pack can be had within a day: who has answered what, and what
// was said of the risk. The full pack is all that was returned.
const (
	Brief Depth = "brief"
	Full  Depth = "full"
)

// ParseDepth reads a depth as an address names it; anything else is the brief pack.
func ParseDepth(text string) Depth {
	if text == string(Full) {
		return Full
	}
	return Brief
}

// brief tells whether an item stands in a brief pack: what is said of the risk.
func (i Item) brief() bool {
	return slices.Contains(i.Kinds, agreements.Risk) && i.Part != entryPart
}

// PackCase is what was returned about one case.
type PackCase struct {
	ID      marac.CaseID
	Number  string
	Urgent  bool
	Who     []Party
	Returns []Return
	Waiting []string // names of the agencies that have not answered
}

// Pack is what was returned about the cases of a meeting, as one reader may read it.
type Pack struct {
	Meeting marac.MeetingID
	Starts  time.Time
	Depth   Depth
	Reach   bool // of the reader: all of it
	Cases   []PackCase
}

// Pack opens what was returned about the cases of a meeting that the coordinator may
// open, to be read, or printed, which is a permission of its own.
func (s *Service) Pack(ctx context.Context, actor policy.Actor, id marac.MeetingID, depth Depth, print bool) (Pack, error) {
	action := ActRead
	if print {
		action = ActPrint
	}
	m, permit, err := s.open(ctx, actor, action, id)
	if err != nil {
		return Pack{}, err
	}
	scope, list, err := s.guard.List(ctx, actor, cases.ActList, cases.Mapping(store.Moment(s.cases.DB().Clock()())), string(cases.Sharing))
	if err != nil {
		return Pack{}, err
	}
	if !list.Valid() {
		return Pack{}, audit.ErrNoPermit
	}
	var may []string
	err = s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		var w store.Where
		w.And(store.Fragment{SQL: "c.agency_id = $1 AND c.meeting_id = $2 AND f.destroyed_at IS NULL", Args: []any{m.AgencyID, string(id)}})
		w.And(scope)
		where, args := w.SQL()
		return store.Each(ctx, tx, "SELECT c.id FROM marac_case c JOIN file f ON f.agency_id = c.agency_id AND f.id = c.file_id WHERE "+where, args, func(rows *sql.Rows) error {
			var one string
			err := rows.Scan(&one)
			may = append(may, one)
			return err
		})
	})
	if err != nil {
		return Pack{}, err
	}
	out := Pack{Meeting: id, Starts: m.StartsAt, Depth: depth, Reach: true}
	err = s.pack(ctx, permit, m.AgencyID, &out, func(c marac.CaseID, _ []marac.Identity) bool { return slices.Contains(may, string(c)) })
	return out, err
}

// PackFor opens to somebody with a seat at a meeting, who accepted its statement, what
// was returned about the cases that are there for them.
func (s *Service) PackFor(ctx context.Context, seat *marac.Seat, depth Depth, print bool) (Pack, error) {
	if !seat.Permit().Valid() {
		return Pack{}, audit.ErrNoPermit
	}
	if !seat.Stated() {
		return Pack{}, marac.ErrStatement
	}
	m := seat.Meeting()
	action := ActRead
	if print {
		action = ActPrint
	}
	permit, err := s.guard.Open(ctx, seat.Actor(), action, seated(seat), string(cases.Sharing), true, m.ID.Subject())
	if err != nil {
		return Pack{}, err
	}
	out := Pack{Meeting: m.ID, Starts: m.Starts, Depth: depth, Reach: !seat.WithoutWhereabouts()}
	err = s.pack(ctx, permit, seat.Agency(), &out, func(_ marac.CaseID, who []marac.Identity) bool { return !seat.Tied(who) })
	return out, err
}

// pack fills a pack with the cases that its reader may read. It reads the same few
// statements however many there are, and the ledger names those who are shown.
func (s *Service) pack(ctx context.Context, permit audit.Permit, agency string, p *Pack, may func(marac.CaseID, []marac.Identity) bool) error {
	var shown []audit.Subject
	err := s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		list, err := s.marac.OfMeetingTx(ctx, tx, permit, agency, p.Meeting)
		if err != nil {
			return err
		}
		who, err := s.marac.PartiesTx(ctx, tx, permit, agency, p.Meeting)
		if err != nil {
			return err
		}
		b := Board{Meeting: p.Meeting}
		for _, c := range list {
			b.Cases = append(b.Cases, BoardCase{ID: c.ID})
		}
		if err := s.cells(ctx, tx, agency, &b); err != nil {
			return err
		}
		rows, err := researchdb.New(tx).ReturnsOfMeeting(ctx, researchdb.ReturnsOfMeetingParams{AgencyID: agency, MeetingID: string(p.Meeting)})
		if err != nil {
			return err
		}
		for _, c := range list {
			if !may(c.ID, who[c.ID]) {
				continue
			}
			one := PackCase{ID: c.ID, Number: c.Number, Urgent: c.Urgent}
			shown = append(shown, c.ID.Subject(), c.File.Subject())
			for _, w := range ordered(who[c.ID]) {
				shown = append(shown, w.Person.Subject())
				one.Who = append(one.Who, asked(w, p.Reach, func(string) bool { return false }))
			}
			for _, r := range rows {
				if r.CaseID != string(c.ID) {
					continue
				}
				ret, err := returned(ctx, tx, agency, researchdb.ReturnsOfAskRow{
					AgencyID: r.AgencyID, ID: r.ID, CaseID: r.CaseID, Answer: r.Answer, Corrects: r.Corrects, Basis: r.Basis, Agreement: r.Agreement, ActedNow: r.ActedNow,
					ReleasedAt: r.ReleasedAt, ReleasedBy: r.ReleasedBy, WordsSealed: r.WordsSealed,
				})
				if err != nil {
					return err
				}
				seen := false
				if ret.Content, seen = ret.Content.For(p.Reach); !seen {
					continue
				}
				if ret.Name = r.Name; !p.Reach { // who knows somebody tells where they turn to
					ret.Name, ret.Agency, ret.By, ret.Content.Sender = "", "", "", ""
				}
				if p.Depth == Brief {
					ret.Content.Items = slices.DeleteFunc(slices.Clone(ret.Content.Items), func(i Item) bool { return !i.brief() })
				}
				one.Returns = append(one.Returns, ret)
			}
			for _, a := range b.Agencies {
				if cell := a.Of(c.ID); p.Reach && cell.Ask != "" && cell.Answer == "" {
					one.Waiting = append(one.Waiting, a.Name)
				}
			}
			p.Cases = append(p.Cases, one)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return permit.Show(ctx, append(shown, p.Meeting.Subject())...)
}

// Sitting is a meeting of the actor's MARAC as the list of boards names it.
type Sitting struct {
	ID     marac.MeetingID
	Starts time.Time
	Cases  int
	Open   int // lines that agencies have not answered
}

// sittingsMost bounds the list of boards.
const sittingsMost = 60

// aheadDays is how far ahead a meeting without cases is listed: a choice of this
// project.
const aheadDays = 30

// Meetings are those of the actor's MARAC that have cases, and those soon to come, the
// latest first.
func (s *Service) Meetings(ctx context.Context, actor policy.Actor) ([]Sitting, error) {
	permit, err := s.guard.Open(ctx, actor, ActBoard, of(actor.Agency), string(cases.Sharing), true)
	if err != nil || !permit.Valid() {
		return nil, err
	}
	var out []Sitting
	err = s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := researchdb.New(tx).Meetings(ctx, researchdb.MeetingsParams{AgencyID: actor.Agency, Size: sittingsMost})
		for _, r := range rows {
			if r.Cases == 0 && (r.StartsAt.Before(tx.Now()) || r.StartsAt.After(tx.Now().AddDate(0, 0, aheadDays))) {
				continue // nothing was asked there, or will be soon
			}
			out = append(out, Sitting{ID: marac.MeetingID(r.ID), Starts: r.StartsAt, Cases: int(r.Cases), Open: int(r.Open)})
		}
		return err
	})
	return out, err
}
