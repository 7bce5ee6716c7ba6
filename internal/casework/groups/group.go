package groups

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/groups/groupsdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// ID names a group.
type ID string

// Words are what is said of a group.
type Words struct {
	Name     string `json:"name,omitempty"`
	About    string `json:"about,omitempty"`    // what it offers
	Language string `json:"language,omitempty"` // in which it is held
	By       string `json:"by,omitempty"`       // who runs a local group
	Join     string `json:"join,omitempty"`     // how one joins
	Where    string `json:"where,omitempty"`    // where, if it is at none of our places
}

// Group is a group that a team runs, or a local one.
type Group struct {
	ID           ID
	Team         string
	Kind         Kind
	Side         Side
	Ours         bool
	Closed       bool
	Confidential Confidential
	Capacity     int
	Way          appointments.Way
	Place, Room  string
	Minutes      int
	State        GroupState
	Words        Words
	Facilitators []string // accounts
	Next         time.Time
	Version      int64
}

// Path is the address of the group's page.
func (g Group) Path() string { return "/groups/" + string(g.ID) }

// Bounds of a group.
const (
	capacityMost = 200
	longest      = 8 * 60
	groupsMost   = 200
	runMost      = 10 // people who run one group
)

// Ways are how a group meets.
func Ways() []appointments.Way {
	return []appointments.Way{appointments.AtPlace, appointments.Video, appointments.Elsewhere}
}

func (g Group) check() forms.Errors {
	var errs forms.Errors
	if g.Words.Name == "" {
		errs.Add("name", "Enter what the group is called")
	}
	if !slices.Contains(Kinds(), g.Kind) {
		errs.Add("kind", "Select what it is")
	}
	if !slices.Contains(Sides(), g.Side) {
		errs.Add("side", "Select for whom it is")
	}
	if g.Kind == Change && g.Side != ForPerpetrating {
		errs.Add("side", "This kind of group is for people who harm")
	}
	if g.Kind == Children && g.Side != ForChildren {
		errs.Add("side", "This kind of group is for children and young people")
	}
	if !slices.Contains(Confidentials(), g.Confidential) {
		errs.Add("confidential", "Select whether it keeps what is said to itself")
	}
	if g.Capacity < 0 || g.Capacity > capacityMost {
		errs.Add("capacity", "Enter how many places it has, from 1 to 200, or leave it empty for no limit")
	}
	for field, text := range map[string]string{"name": g.Words.Name, "language": g.Words.Language, "by": g.Words.By, "where": g.Words.Where} {
		if len(text) > lineMax {
			errs.Add(field, "Shorten this to 300 characters or fewer")
		}
	}
	for field, text := range map[string]string{"about": g.Words.About, "join": g.Words.Join} {
		if len(text) > textMax {
			errs.Add(field, "Shorten this to 4000 characters or fewer")
		}
	}
	if g.Ours {
		return append(errs, g.checkOurs()...)
	}
	if g.Words.By == "" {
		errs.Add("by", "Enter who runs it")
	}
	if g.Words.Join == "" {
		errs.Add("join", "Write how one joins")
	}
	return errs
}

func (g Group) checkOurs() forms.Errors {
	var errs forms.Errors
	if len(g.Facilitators) == 0 || len(g.Facilitators) > runMost {
		errs.Add("facilitators", "Choose who runs it")
	}
	if g.Minutes < 15 || g.Minutes > longest {
		errs.Add("minutes", "Choose how long a session takes")
	}
	switch {
	case !slices.Contains(Ways(), g.Way):
		errs.Add("way", "Select how it meets")
	case g.Way == appointments.AtPlace && g.Place == "":
		errs.Add("place", "Choose a place")
	case g.Way == appointments.Elsewhere && g.Words.Where == "":
		errs.Add("where", "Enter where it is")
	}
	return errs
}

// normal leaves out what a group of its sort does not have.
func (g *Group) normal() {
	if !g.Ours {
		g.Way, g.Place, g.Room, g.Minutes, g.Capacity, g.Closed, g.Facilitators = "", "", "", 0, 0, false, nil
		return
	}
	if g.Way != appointments.AtPlace {
		g.Place, g.Room = "", ""
	}
	g.Words.By, g.Words.Join = "", ""
	slices.Sort(g.Facilitators)
	g.Facilitators = slices.Compact(g.Facilitators)
}

// Begin adds a group to those of the actor's agency. It belongs to the first of
// their teams, or to the team they name when they are a manager.
func (s *Service) Begin(ctx context.Context, actor policy.Actor, g Group) (ID, error) {
	permit, err := s.guard.Act(ctx, actor, ActBegin, caseload(actor), true)
	if err != nil {
		return "", err
	}
	g.normal()
	if g.Team == "" && len(actor.Teams) > 0 {
		g.Team = actor.Teams[0]
	}
	errs := g.check()
	if !actor.Has(policy.Manager) && !slices.Contains(actor.Teams, g.Team) {
		errs.Add("team", "Choose a team of yours")
	}
	if errs.Any() {
		return "", errs
	}
	var id string
	err = s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if id, err = tx.NewID(); err != nil {
			return err
		}
		if err := s.fits(ctx, tx, actor.Agency, g); err != nil {
			return err
		}
		words, err := seal(ctx, tx, actor.Agency, groupTable, id, g.Words)
		if err != nil {
			return err
		}
		q := groupsdb.New(tx)
		err = q.InsertGroup(ctx, groupsdb.InsertGroupParams{
			AgencyID: actor.Agency, ID: id, TeamID: g.Team, Kind: string(g.Kind), Side: string(g.Side), Ours: g.Ours, Closed: g.Closed, Confidential: string(g.Confidential),
			Capacity: int64(g.Capacity), Way: string(g.Way), PlaceID: g.Place, RoomID: g.Room, Minutes: int64(g.Minutes), State: string(Active), WordsSealed: words,
			RecordedAt: tx.Now(), RecordedBy: actor.Account,
		})
		if err != nil {
			return err
		}
		for _, account := range g.Facilitators {
			if err := q.InsertFacilitator(ctx, groupsdb.InsertFacilitatorParams{AgencyID: actor.Agency, GroupID: id, AccountID: account, Since: tx.Now()}); err != nil {
				return err
			}
		}
		return permit.Append(tx, ActBegin, "", subject(id))
	})
	return ID(id), err
}

// fits holds a group to what there is: places that can be booked, and colleagues.
func (s *Service) fits(ctx context.Context, tx *store.Tx, agency string, g Group) error {
	var errs forms.Errors
	if g.Team != "" {
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM team WHERE agency_id = $1 AND id = $2", agency, g.Team).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			errs.Add("team", "Choose a team of your agency")
		}
	}
	if g.Place != "" {
		places, err := s.meetings.PlacesOf(ctx, tx, agency)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(places, func(p appointments.Place) bool { return p.ID == g.Place && p.Active })
		if i < 0 || g.Room != "" && !slices.ContainsFunc(places[i].Rooms, func(r appointments.Room) bool { return r.ID == g.Room && r.Active }) {
			errs.Add("place", "Choose a place")
		}
	}
	for _, account := range g.Facilitators {
		works, err := directory.AgencyOf(ctx, tx, account)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if string(works) != agency {
			errs.Add("facilitators", "Choose colleagues")
		}
	}
	if errs.Any() {
		return errs
	}
	return nil
}

// Change replaces what is said of a group. Who runs it may change with it: then
// everybody in it is looked at again. Where it meets holds for sessions that are
// planned from then on.
func (s *Service) Change(ctx context.Context, actor policy.Actor, id ID, version int64, g Group) error {
	return s.keep(ctx, actor, id, "", func(ctx context.Context, tx *store.Tx) error {
		was, err := s.group(ctx, tx, actor.Agency, id)
		if err != nil {
			return err
		}
		g.ID, g.Team, g.Kind, g.Side, g.Ours, g.State = id, was.Team, was.Kind, was.Side, was.Ours, was.State
		g.normal()
		if errs := g.check(); errs.Any() {
			return errs
		}
		if err := s.fits(ctx, tx, actor.Agency, g); err != nil {
			return err
		}
		if err := s.set(ctx, tx, actor, g, version); err != nil {
			return err
		}
		if slices.Equal(was.Facilitators, g.Facilitators) {
			return nil
		}
		if err := s.meetings.Lock(ctx, tx, actor.Agency); err != nil {
			return err
		}
		if err := s.runs(ctx, tx, actor.Agency, was, g); err != nil {
			return err
		}
		return s.lookAll(ctx, tx, actor.Agency, id)
	})
}

// runs takes over who runs a group.
func (s *Service) runs(ctx context.Context, tx *store.Tx, agency string, was, g Group) error {
	q := groupsdb.New(tx)
	for _, account := range was.Facilitators {
		if slices.Contains(g.Facilitators, account) {
			continue
		}
		if err := q.EndFacilitator(ctx, groupsdb.EndFacilitatorParams{AgencyID: agency, GroupID: string(g.ID), AccountID: account, UntilAt: nullTime(tx.Now())}); err != nil {
			return err
		}
	}
	for _, account := range g.Facilitators {
		if slices.Contains(was.Facilitators, account) {
			continue
		}
		if err := q.InsertFacilitator(ctx, groupsdb.InsertFacilitatorParams{AgencyID: agency, GroupID: string(g.ID), AccountID: account, Since: tx.Now()}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) set(ctx context.Context, tx *store.Tx, actor policy.Actor, g Group, version int64) error {
	words, err := seal(ctx, tx, actor.Agency, groupTable, string(g.ID), g.Words)
	if err != nil {
		return err
	}
	return store.Changed(groupsdb.New(tx).SetGroup(ctx, groupsdb.SetGroupParams{
		AgencyID: actor.Agency, ID: string(g.ID), Closed: g.Closed, Confidential: string(g.Confidential), Capacity: int64(g.Capacity), Way: string(g.Way), PlaceID: g.Place, RoomID: g.Room,
		Minutes: int64(g.Minutes), State: string(g.State), WordsSealed: words, RecordedAt: tx.Now(), RecordedBy: actor.Account, Version: version,
	}))
}

// SetState ends a group, or lets it go on. One that has ended is offered to nobody
// more; who is in it leaves on the pages of their cases.
func (s *Service) SetState(ctx context.Context, actor policy.Actor, id ID, version int64, state GroupState) error {
	return s.keep(ctx, actor, id, string(state), func(ctx context.Context, tx *store.Tx) error {
		g, err := s.group(ctx, tx, actor.Agency, id)
		if err != nil {
			return err
		}
		g.State = state
		return s.set(ctx, tx, actor, g, version)
	})
}

// Groups are the groups of the actor's agency, by name.
func (s *Service) Groups(ctx context.Context, actor policy.Actor) (out []Group, err error) {
	permit, err := s.guard.Act(ctx, actor, ActList, caseload(actor), true)
	if err != nil {
		return nil, err
	}
	if err := permit.Show(ctx, audit.Subject{Kind: "agency", ID: actor.Agency}); err != nil {
		return nil, err
	}
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		out, err = s.all(ctx, tx, actor.Agency)
		return err
	})
	return out, err
}

// MayRun tells whether the actor runs a group, for pages that offer it.
func (s *Service) MayRun(actor policy.Actor, g Group) bool {
	return s.guard.Rules().Decide(actor, ActRun, policy.Resource{
		Type: "SupportGroup", ID: string(g.ID), Attrs: policy.Attrs{"agency": actor.Agency, "team": g.Team, "facilitators": g.Facilitators},
	}).Allowed
}

// MayBegin tells whether the actor may add a group.
func (s *Service) MayBegin(actor policy.Actor) bool {
	return s.guard.Rules().Decide(actor, ActBegin, caseload(actor)).Allowed
}

func (s *Service) all(ctx context.Context, tx *store.Tx, agency string) ([]Group, error) {
	q := groupsdb.New(tx)
	rows, err := q.Groups(ctx, agency)
	if err != nil {
		return nil, err
	}
	run, err := q.Facilitators(ctx, agency)
	if err != nil {
		return nil, err
	}
	next, err := q.NextSessions(ctx, groupsdb.NextSessionsParams{AgencyID: agency, Now: tx.Now()})
	if err != nil {
		return nil, err
	}
	out := make([]Group, len(rows))
	for i, r := range rows {
		if out[i], err = groupOf(ctx, tx, r); err != nil {
			return nil, err
		}
		for _, f := range run {
			if f.GroupID == r.ID {
				out[i].Facilitators = append(out[i].Facilitators, f.AccountID)
			}
		}
		for _, n := range next {
			if n.GroupID == r.ID {
				out[i].Next = n.StartsAt
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Group) int { return strings.Compare(a.Words.Name, b.Words.Name) })
	return out, nil
}

func groupOf(ctx context.Context, tx *store.Tx, r groupsdb.SupportGroup) (Group, error) {
	g := Group{
		ID: ID(r.ID), Team: r.TeamID, Kind: Kind(r.Kind), Side: Side(r.Side), Ours: r.Ours, Closed: r.Closed, Confidential: Confidential(r.Confidential), Capacity: int(r.Capacity),
		Way: appointments.Way(r.Way), Place: r.PlaceID, Room: r.RoomID, Minutes: int(r.Minutes), State: GroupState(r.State), Version: r.Version,
	}
	return g, unseal(ctx, tx, r.AgencyID, groupTable, r.ID, r.WordsSealed, &g.Words)
}

// group is one group of an agency.
func (s *Service) group(ctx context.Context, tx *store.Tx, agency string, id ID) (Group, error) {
	q := groupsdb.New(tx)
	row, err := q.GroupByID(ctx, groupsdb.GroupByIDParams{AgencyID: agency, ID: string(id)})
	if err != nil {
		return Group{}, missing(err)
	}
	g, err := groupOf(ctx, tx, row)
	if err != nil {
		return g, err
	}
	run, err := q.GroupFacts(ctx, string(id))
	for _, r := range run {
		if r.AccountID != "" {
			g.Facilitators = append(g.Facilitators, r.AccountID)
		}
	}
	slices.Sort(g.Facilitators)
	return g, err
}

// Places are the places of the actor's agency with their rooms, for whoever keeps
// a group there.
func (s *Service) Places(ctx context.Context, actor policy.Actor) (out []appointments.Place, err error) {
	if _, err := s.guard.Act(ctx, actor, ActList, caseload(actor), true); err != nil {
		return nil, err
	}
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		out, err = s.meetings.PlacesOf(ctx, tx, actor.Agency)
		return err
	})
	return out, err
}
