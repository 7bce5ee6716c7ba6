package research

import (
	"context"
	"fmt"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/research/researchdb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
	"waymark/internal/registers/questions"
)

// Service is the only door to research.
type Service struct {
	cases      *cases.Service
	guard      *audit.Guard
	marac      *marac.Service
	questions  *questions.Register
	agreements sharing.Agreements
	zone       *time.Location
}

// Config is what research stands on.
type Config struct {
	Questions  *questions.Register
	Agreements sharing.Agreements // nil where there are none
	Zone       *time.Location     // where days are counted
}

// New makes the service.
func New(files *cases.Service, guard *audit.Guard, conference *marac.Service, cfg Config) *Service {
	return &Service{cases: files, guard: guard, marac: conference, questions: cfg.Questions, agreements: cfg.Agreements, zone: cfg.Zone}
}

// Zone is where days are counted.
func (s *Service) Zone() *time.Location { return s.zone }

// Now is the present in the time of the place.
func (s *Service) Now() time.Time { return store.Moment(s.cases.DB().Clock()()).In(s.zone) }

func (s *Service) today(tx *store.Tx) string { return tx.Now().In(s.zone).Format(time.DateOnly) }

func (s *Service) read(ctx context.Context, fn func(context.Context, *store.Tx) error) error {
	return s.cases.DB().Read(ctx, fn)
}

// AskID names one line.
type AskID string

// Subject is the line in a ledger entry.
func (id AskID) Subject() audit.Subject { return audit.Subject{Kind: "marac_ask", ID: string(id)} }

// Party is one of the people of a case as an agency is asked about them.
type Party struct {
	Part     marac.Part
	Details  people.Details // names, birth and gender alone
	Aliases  []string       `json:",omitempty"`
	Address  string         `json:",omitempty"` // where it may be told to this agency
	Relation string         `json:",omitempty"`
}

// asked is what one agency is told of somebody: whoever may be told where the
// person harmed is not, gets no address of theirs, of the children or of anybody
// beside them. guarded takes out what is kept apart.
func asked(who marac.Identity, reach bool, guarded func(string) bool) Party {
	p := Party{
		Part: who.Part, Relation: who.Relation,
		Details: people.Details{GivenName: who.Details.GivenName, FamilyName: who.Details.FamilyName, KnownAs: who.Details.KnownAs, Born: who.Details.Born, Gender: who.Details.Gender},
	}
	for _, a := range who.Aliases {
		if !guarded(a) {
			p.Aliases = append(p.Aliases, a)
		}
	}
	if guarded(p.Relation) {
		p.Relation = ""
	}
	if (reach || who.Part == marac.Perpetrator) && who.Address != "" && !guarded(who.Address) {
		p.Address = who.Address
	}
	return p
}

// ordered are the people of a case as they are read: whoever is harmed first.
func ordered(who []marac.Identity) []marac.Identity {
	parts := []marac.Part{marac.Victim, marac.Child, marac.Perpetrator, marac.Other}
	return slices.SortedStableFunc(slices.Values(who), func(a, b marac.Identity) int { return slices.Index(parts, a.Part) - slices.Index(parts, b.Part) })
}

// leadDays is how many days before a meeting research is due: a choice of this
// project, so that the pack is whole when it is read.
const leadDays = 2

// due is until when agencies answer about a case that is listed now: two days
// before the meeting, and where these have begun, when it begins.
func due(starts, now time.Time) time.Time {
	if at := starts.AddDate(0, 0, -leadDays); at.After(now) {
		return at
	}
	return starts
}

// Asking is what a coordinator asks.
type Asking struct {
	Cases    []marac.CaseID // none: all on the list
	Agencies []string       // none: all for which somebody sits
}

// Ask asks the agencies of a meeting about its cases. What was asked before stands.
// It returns how many lines are new, and forms.Errors by the field agencies.
func (s *Service) Ask(ctx context.Context, actor policy.Actor, meeting marac.MeetingID, a Asking) (int, error) {
	permit, err := s.guard.Act(ctx, actor, ActAsk, of(actor.Agency), true, meeting.Subject())
	if err != nil {
		return 0, err
	}
	n := 0
	err = s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = s.AskTx(ctx, tx, permit, meeting, a)
		return err
	})
	return n, err
}

// ListedTx asks about a case that is listed after the agencies were asked about the
// others of a meeting, so that none is forgotten. Before that it asks nobody: it is
// for the coordinator to begin.
func (s *Service) ListedTx(ctx context.Context, tx *store.Tx, permit audit.Permit, meeting marac.MeetingID, id marac.CaseID) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	was, err := researchdb.New(tx).AsksOfMeeting(ctx, researchdb.AsksOfMeetingParams{MaracID: permit.Actor().Agency, MeetingID: string(meeting)})
	if err != nil || len(was) == 0 {
		return err
	}
	_, err = s.AskTx(ctx, tx, permit, meeting, Asking{Cases: []marac.CaseID{id}})
	if _, nobody := forms.AsErrors(err); nobody {
		return nil // nobody sits any more: the board says so
	}
	return err
}

// AskTx is [Service.Ask] in the transaction in which a case is listed, under the
// permit of whoever listed it.
func (s *Service) AskTx(ctx context.Context, tx *store.Tx, permit audit.Permit, meeting marac.MeetingID, a Asking) (int, error) {
	if !permit.Valid() {
		return 0, audit.ErrNoPermit
	}
	agency, q := permit.Actor().Agency, researchdb.New(tx)
	m, err := q.MeetingOf(ctx, researchdb.MeetingOfParams{AgencyID: agency, ID: string(meeting)})
	if err != nil {
		return 0, missing(err)
	}
	if marac.MeetingState(m.State) == marac.Cancelled || !tx.Now().Before(m.CloseAt) {
		return 0, store.ErrConflict
	}
	sits, err := s.asks(ctx, tx, agency, a.Agencies)
	if err != nil {
		return 0, err
	}
	listed, err := s.marac.OfMeetingTx(ctx, tx, permit, agency, meeting)
	if err != nil {
		return 0, err
	}
	who, err := s.marac.PartiesTx(ctx, tx, permit, agency, meeting)
	if err != nil {
		return 0, err
	}
	was, err := q.AsksOfMeeting(ctx, researchdb.AsksOfMeetingParams{MaracID: agency, MeetingID: string(meeting)})
	if err != nil {
		return 0, err
	}
	there := map[[2]string]bool{}
	for _, row := range was {
		there[[2]string{row.AgencyID, row.CaseID}] = true
	}
	n := 0
	subjects := []audit.Subject{meeting.Subject()}
	markers := map[string]people.Marker{}
	for _, c := range listed {
		if len(a.Cases) > 0 && !slices.Contains(a.Cases, c.ID) || c.State != marac.Listed {
			continue
		}
		guarded, err := s.guarded(ctx, tx, permit, agency, who[c.ID])
		if err != nil {
			return 0, err
		}
		for _, of := range sits {
			if there[[2]string{of.id, string(c.ID)}] {
				continue
			}
			id, err := s.ask(ctx, tx, permit, m, c, of, who[c.ID], guarded, markers)
			if err != nil {
				return 0, err
			}
			subjects = append(subjects, id.Subject())
			n++
		}
	}
	return n, permit.Append(tx, ActAsk, fmt.Sprint(n), subjects...)
}

// askedAgency is an agency that can be asked.
type askedAgency struct {
	id    string
	reach bool
}

// asks are the agencies for which somebody sits, or those of them that are named.
func (s *Service) asks(ctx context.Context, tx *store.Tx, agency string, named []string) ([]askedAgency, error) {
	list, err := s.sitting(ctx, tx, agency)
	if err != nil {
		return nil, err
	}
	var out []askedAgency
	for _, one := range list {
		if len(named) == 0 || slices.Contains(named, one.Agency) {
			out = append(out, askedAgency{one.Agency, one.Reach})
		}
	}
	if len(out) == 0 {
		return nil, forms.Errors{{Field: "agencies", Message: "Nobody sits for an agency yet. Agencies name who sits for them, and you accept them"}}
	}
	return out, nil
}

// Sits is an agency for which somebody sits at a MARAC.
type Sits struct {
	Agency string
	Name   string
	Reach  bool // it may be told where the person harmed is: all who sit for it are given everything
}

func (s *Service) sitting(ctx context.Context, tx *store.Tx, agency string) ([]Sits, error) {
	rows, err := researchdb.New(tx).Sitting(ctx, researchdb.SittingParams{AgencyID: agency, Today: s.today(tx)})
	if err != nil {
		return nil, err
	}
	out := make([]Sits, len(rows))
	for i, row := range rows {
		out[i] = Sits{Agency: row.OfAgency, Name: row.Name, Reach: row.Reach == 1}
	}
	return out, nil
}

// guarded tells what is kept apart of any of the people of a case.
func (s *Service) guarded(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, who []marac.Identity) (func(string) bool, error) {
	var places []people.GuardedPlaces
	for _, one := range who {
		g, err := s.cases.People().Guarded(ctx, tx, permit, agency, one.Person)
		if err != nil {
			return nil, err
		}
		places = append(places, g)
	}
	return func(text string) bool {
		return slices.ContainsFunc(places, func(g people.GuardedPlaces) bool { return g.Tells(text) })
	}, nil
}

func place(agency, table, column string, id string) store.Place {
	return store.Place{Agency: agency, Table: table, Column: column, Row: id}
}

func (s *Service) ask(
	ctx context.Context, tx *store.Tx, permit audit.Permit, m researchdb.MeetingOfRow, c marac.Case, to askedAgency, who []marac.Identity, guarded func(string) bool, markers map[string]people.Marker,
) (AskID, error) {
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	list := make([]Party, len(who))
	for i, one := range ordered(who) {
		list[i] = asked(one, to.reach, guarded)
	}
	words, err := tx.Vault().SealJSON(ctx, tx, place(to.id, "marac_ask", "who_sealed", id), list)
	if err != nil {
		return "", err
	}
	draft, err := tx.Vault().SealJSON(ctx, tx, place(to.id, "marac_ask", "draft_sealed", id), Draft{})
	if err != nil {
		return "", err
	}
	q := researchdb.New(tx)
	err = q.InsertAsk(ctx, researchdb.InsertAskParams{
		AgencyID: to.id, ID: id, MaracID: m.AgencyID, MeetingID: m.ID, CaseID: string(c.ID), Number: c.Number, Urgent: c.Urgent, People: int64(len(list)),
		DueAt: due(m.StartsAt, tx.Now()), CloseAt: m.CloseAt, AskedAt: tx.Now(), AskedBy: permit.Actor().Account, WhoSealed: words.Bytes(), DraftSealed: draft.Bytes(),
	})
	if err != nil {
		return "", err
	}
	marker, ok := markers[to.id]
	if !ok {
		if marker, err = s.cases.People().Marker(ctx, tx, to.id); err != nil {
			return "", err
		}
		markers[to.id] = marker
	}
	for _, p := range list {
		for _, d := range p.called() {
			for _, mark := range marker.Person(d) {
				if err := q.InsertMark(ctx, researchdb.InsertMarkParams{AgencyID: to.id, AskID: id, Kind: string(mark.Kind), Mark: mark.Value}); err != nil {
					return "", err
				}
			}
		}
	}
	return AskID(id), nil
}
