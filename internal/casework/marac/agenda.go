package marac

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac/maracdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Line is a case on an agenda: its number, and nobody's name.
type Line struct {
	ID     CaseID
	Number string
	From   string    // the agency that referred; empty for those who are not given whereabouts, whom it would lead there
	At     time.Time // about when it is heard
	Urgent bool
	Repeat bool
	IDVA   Represented // empty for them too
}

// Flagged tells whether somebody has to find out who represents the victim (G7).
func (l Line) Flagged() bool { return l.IDVA == NotKnown }

// Agenda is the list of a meeting, in its order.
type Agenda struct {
	Lines     []Line
	PerCase   int        // minutes
	Conflicts []Conflict // for coordinators: who must not hear a case
	Who       map[string]Who
}

// Minutes is how long the cases on it take.
func (a Agenda) Minutes() int { return len(a.Lines) * a.PerCase }

// Conflict is somebody who comes, and is tied to one of those a case is about. What
// ties them is not said.
type Conflict struct {
	Account string
	Number  string
}

// Agenda reads the agenda of a meeting. A case about somebody to whom they are tied is
// not on theirs. It costs the same few statements however many cases there are.
func (s *Service) Agenda(ctx context.Context, seat *Seat) (a Agenda, err error) {
	if !seat.Permit().Valid() {
		return a, audit.ErrNoPermit
	}
	if !seat.Stated() {
		return a, ErrStatement
	}
	err = s.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		goes, err := s.MaracTx(ctx, tx, seat.Agency())
		if err != nil {
			return err
		}
		a.PerCase = goes.Minutes
		list, err := casesOf(ctx, tx, seat.Agency(), seat.meeting.ID)
		if err != nil {
			return err
		}
		about, err := s.PartiesTx(ctx, tx, seat.permit, seat.Agency(), seat.meeting.ID)
		if err != nil {
			return err
		}
		for i, c := range list {
			if seat.Tied(about[c.ID]) {
				continue
			}
			l := Line{
				ID: c.ID, Number: c.Number, From: c.From, Urgent: c.Urgent, Repeat: c.Repeats != "" || c.Routes.Repeat == Yes, IDVA: c.IDVA,
				At: seat.meeting.Starts.Add(time.Duration(i*goes.Minutes) * time.Minute),
			}
			if l.IDVA == "" {
				l.IDVA = NotKnown
			}
			if seat.WithoutWhereabouts() {
				l.From, l.IDVA = "", ""
			}
			a.Lines = append(a.Lines, l)
		}
		if seat.coordinates {
			return s.conflicts(ctx, tx, seat, list, about, &a)
		}
		return nil
	})
	return a, err
}

// conflicts are those who come, or may yet, and must not hear a case.
func (s *Service) conflicts(ctx context.Context, tx *store.Tx, seat *Seat, list []Case, about map[CaseID][]Identity, a *Agenda) error {
	rows, err := maracdb.New(tx).Seats(ctx, maracdb.SeatsParams{AgencyID: seat.Agency(), MeetingID: string(seat.meeting.ID)})
	if err != nil {
		return err
	}
	var workers []cases.Worker
	for _, r := range rows {
		if Reply(r.Answer) != Apologies {
			workers = append(workers, cases.Worker{Agency: r.OfAgency, Account: r.AccountID})
		}
	}
	ties, err := s.cases.TiedWorkers(ctx, tx, workers)
	if err != nil || !ties.Any() {
		return err
	}
	var accounts []string
	for _, c := range list {
		if seat.Tied(about[c.ID]) {
			continue
		}
		for _, w := range workers {
			if tied(ties, w.Account, about[c.ID]) {
				a.Conflicts = append(a.Conflicts, Conflict{Account: w.Account, Number: c.Number})
				accounts = append(accounts, w.Account)
			}
		}
	}
	slices.Sort(accounts)
	a.Who, err = s.whoAre(ctx, tx, slices.Compact(accounts))
	return err
}

// Opened is a case of a pack, as whoever opened it may see it.
type Opened struct {
	Case    Case
	About   []Identity
	Without bool // whereabouts and what was said were left out
}

// Open opens a case on the agenda of a meeting, which is an entry of the ledger with
// everybody it is about. To somebody tied to one of them it is not there, like one
// that never was.
func (s *Service) Open(ctx context.Context, seat *Seat, id CaseID) (o Opened, err error) {
	return s.open(ctx, seat, id, func(r policy.Resource, subjects []audit.Subject) (audit.Permit, error) {
		return s.guard.Open(ctx, seat.Actor(), ActCase, r, string(cases.Sharing), false, subjects...)
	})
}

// open opens a case where a judge permits it.
func (s *Service) open(ctx context.Context, seat *Seat, id CaseID, judge func(policy.Resource, []audit.Subject) (audit.Permit, error)) (o Opened, err error) {
	if !seat.Permit().Valid() {
		return o, audit.ErrNoPermit
	}
	if !seat.Stated() {
		return o, ErrStatement
	}
	var st standing
	err = s.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		// The seat was proof when it was made; what it rests on is looked at again.
		if st, err = s.standing(ctx, tx, seat.Actor(), seat.meeting.ID); err != nil {
			return err
		}
		o.Case, o.About, err = s.caseOf(ctx, tx, seat, id)
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	attrs := st.attrs()
	attrs["stated"], attrs["tied"] = st.seat.StatementAt.Valid, []string{}
	subjects := []audit.Subject{id.Subject(), seat.meeting.ID.Subject()}
	if o.Case.ID == "" {
		attrs["agency"], attrs["open"] = "", false
	} else {
		subjects = append(subjects, o.Case.File.Subject())
		for _, p := range o.About {
			subjects = append(subjects, p.Person.Subject())
		}
		if seat.Tied(o.About) {
			attrs["tied"] = []string{seat.Actor().Account}
			subjects = subjects[:2]
		}
	}
	r := policy.Resource{Type: "MaracCase", ID: string(id), Attrs: attrs}
	if _, err := judge(r, subjects); err != nil {
		return Opened{}, err
	}
	if seat.WithoutWhereabouts() || !seat.coordinates && st.given() != Everything {
		return without(o), nil
	}
	return o, nil
}

// caseOf is a case of the meeting with those it is about, and an empty one for an id
// that is not on its list.
func (s *Service) caseOf(ctx context.Context, tx *store.Tx, seat *Seat, id CaseID) (Case, []Identity, error) {
	q := maracdb.New(tx)
	row, err := q.CaseByID(ctx, maracdb.CaseByIDParams{AgencyID: seat.Agency(), ID: string(id)})
	if none(err) || err == nil && row.MeetingID != string(seat.meeting.ID) {
		return Case{}, nil, nil
	}
	if err != nil {
		return Case{}, nil, err
	}
	c, err := asCase(ctx, tx, row)
	if err != nil {
		return Case{}, nil, err
	}
	parties, err := q.PartiesOfCase(ctx, maracdb.PartiesOfCaseParams{AgencyID: seat.Agency(), CaseID: string(id)})
	if err != nil {
		return Case{}, nil, err
	}
	var about []Identity
	for _, r := range parties {
		one, err := asIdentity(ctx, tx, r)
		if err != nil {
			return Case{}, nil, err
		}
		about = append(about, one)
	}
	order := []Part{Victim, Perpetrator, Child, Other}
	slices.SortStableFunc(about, func(a, b Identity) int { return slices.Index(order, a.Part) - slices.Index(order, b.Part) })
	return c, about, nil
}

// without leaves out what somebody who works with people who harm is never shown:
// where anybody but whoever harms lives or learns, how they are reached, whom they trust,
// what they said, who referred and who works with them. What is left is a new value, and
// names what it keeps: what is added to a case later is left out until it is named here.
func without(o Opened) Opened {
	c := o.Case
	out := Opened{Without: true, Case: Case{
		ID: c.ID, Number: c.Number, On: c.On, State: c.State, Urgent: c.Urgent, Routes: c.Routes, Rule: c.Rule, Meeting: c.Meeting, Slot: c.Slot, HeardOn: c.HeardOn, Version: c.Version,
	}}
	for _, p := range o.About {
		kept := Identity{Person: p.Person, Part: p.Part, Aliases: p.Aliases, Details: people.Details{GivenName: p.Details.GivenName, FamilyName: p.Details.FamilyName, KnownAs: p.Details.KnownAs, Born: p.Details.Born}}
		if p.Part == Perpetrator {
			kept = p
		}
		out.About = append(out.About, kept)
	}
	return out
}

// Order puts cases of a meeting in an order. Those that it does not name, because they
// were listed meanwhile or are not there for whoever orders, stay in their places. It
// returns [store.ErrConflict] when it names one that is not on the list, or one twice.
func (s *Service) Order(ctx context.Context, actor policy.Actor, id MeetingID, order []CaseID) error {
	m, permit, err := s.meetingFor(ctx, actor, id)
	if err != nil {
		return err
	}
	return s.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := maracdb.New(tx)
		rows, err := q.CasesOfMeeting(ctx, maracdb.CasesOfMeetingParams{AgencyID: m.Agency, MeetingID: string(id)})
		if err != nil {
			return err
		}
		named := map[CaseID]bool{}
		for _, one := range order {
			if named[one] || !slices.ContainsFunc(rows, func(r maracdb.MaracCase) bool { return r.ID == string(one) }) {
				return store.ErrConflict
			}
			named[one] = true
		}
		next := 0
		for i, r := range rows {
			one := CaseID(r.ID)
			if named[one] {
				one, next = order[next], next+1
			}
			if err := q.SetSlot(ctx, maracdb.SetSlotParams{AgencyID: m.Agency, MeetingID: string(id), ID: string(one), Slot: int64(i + 1)}); err != nil {
				return err
			}
		}
		return permit.Append(tx, ActKeep, "order", Subject(m.Agency), id.Subject())
	})
}

// home is where somebody lives, as far as the words for it tell: what stands before the
// last comma, and the postcode behind it.
func (i Identity) home() people.Address {
	at := strings.LastIndex(i.Address, ",")
	if at < 0 || !postcode.MatchString(strings.ToUpper(strings.TrimSpace(i.Address[at+1:]))) {
		return people.Address{}
	}
	return people.Address{House: strings.TrimSpace(i.Address[:at]), Postcode: strings.TrimSpace(i.Address[at+1:])}
}

var postcode = regexp.MustCompile(`^[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}$`)
