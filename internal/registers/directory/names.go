package directory

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory/directorydb"
)

// EndsSoon is how long before its end an account is named to whoever looks
// after it.
const EndsSoon = 30 * 24 * time.Hour

// Counts are how many work at an agency.
type Counts struct {
	Members   int
	Ending    int // within [EndsSoon]
	Over      int // whose last day has passed
	Suspended int
}

// Counts counts the members of an agency, for those who may list them.
func (r *Register) Counts(ctx context.Context, actor policy.Actor, agency AgencyID) (Counts, error) {
	if _, err := r.guard.Act(ctx, actor, ActListMembers, agencyResource(agency), true, subjects(ofAgency(agency))...); err != nil {
		return Counts{}, err
	}
	var c Counts
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		soon := tx.Now().Add(EndsSoon)
		row, err := directorydb.New(tx).CountMembers(ctx, directorydb.CountMembersParams{
			AgencyID: string(agency), Now: nullTime(tx.Now()), Soon: nullTime(soon),
		})
		c = Counts{Members: int(row.AllOfThem), Ending: int(row.Ending), Over: int(row.Over), Suspended: int(row.Suspended)}
		return err
	})
	return c, err
}

// Members lists the members of an agency by name, with roles and teams, for
// those who manage them. The list is recorded, as one entry that names them.
func (r *Register) Members(ctx context.Context, actor policy.Actor, agency AgencyID, page Page) (List[Member], error) {
	permit, err := r.guard.Act(ctx, actor, ActListMembers, agencyResource(agency), true, subjects(ofAgency(agency))...)
	if err != nil {
		return List[Member]{}, err
	}
	var list List[Member]
	err = r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := directorydb.New(tx).Members(ctx, directorydb.MembersParams{AgencyID: string(agency), After: page.After, Size: page.more()})
		if err != nil {
			return err
		}
		var members []Member
		for _, row := range rows {
			m, err := asMember(row)
			if err != nil {
				return err
			}
			members = append(members, m)
		}
		list = listOf(page, members, func(m Member) Member { return m }, func(m Member) string { return m.Account })
		if err := r.advise(ctx, tx, list.Items); err != nil {
			return err
		}
		return readTeams(ctx, tx, agency, list.Items)
	})
	if err != nil {
		return List[Member]{}, err
	}
	shown := subjects()
	for _, m := range list.Items {
		shown = append(shown, ofAccount(m.Account))
	}
	return list, permit.Show(ctx, shown...)
}

// readTeams fills in the teams of members of one agency.
func readTeams(ctx context.Context, tx *store.Tx, agency AgencyID, members []Member) error {
	if len(members) == 0 {
		return nil
	}
	accounts := make([]string, len(members))
	for i, m := range members {
		accounts[i] = m.Account
	}
	in := among("account_id", accounts)
	var w store.Where
	w.And(store.Fragment{SQL: "agency_id = $1", Args: []any{string(agency)}})
	w.And(in)
	where, args := w.SQL()
	rows, err := tx.QueryContext(ctx, `SELECT account_id, team_id FROM team_member WHERE `+where+` ORDER BY account_id, team_id`, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var account, team string
		if err := rows.Scan(&account, &team); err != nil {
			return err
		}
		i := slices.Index(accounts, account)
		members[i].Teams = append(members[i].Teams, TeamID(team))
	}
	return rows.Err()
}

// Colleague is somebody at work in one's own agency.
type Colleague struct {
	Account string
	Name    string
}

// LogValue implements [slog.LogValuer].
func (c Colleague) LogValue() slog.Value { return slog.StringValue(c.Account) }

// String keeps names out of messages.
func (c Colleague) String() string { return "[redacted]" }

// Colleagues lists the people who work at the actor's own agency by name, or
// those in one of its teams, to choose whom to hand work to. Programs and
// disabled accounts are left out. That somebody saw colleagues' names is not
// recorded.
func (r *Register) Colleagues(ctx context.Context, actor policy.Actor, team TeamID, page Page) (List[Colleague], error) {
	agency := AgencyID(actor.Agency)
	if _, err := r.guard.Act(ctx, actor, ActListColleagues, agencyResource(agency), true, subjects(ofAgency(agency))...); err != nil {
		return List[Colleague]{}, err
	}
	var rows []directorydb.ColleaguesRow
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		q := directorydb.New(tx)
		if team == "" {
			rows, err = q.Colleagues(ctx, directorydb.ColleaguesParams{AgencyID: actor.Agency, Now: nullTime(tx.Now()), After: page.After, Size: page.more()})
			return err
		}
		inTeam, err := q.ColleaguesOfTeam(ctx, directorydb.ColleaguesOfTeamParams{
			AgencyID: actor.Agency, TeamID: string(team), Now: nullTime(tx.Now()), After: page.After, Size: page.more(),
		})
		for _, row := range inTeam {
			rows = append(rows, directorydb.ColleaguesRow(row))
		}
		return err
	})
	item := func(row directorydb.ColleaguesRow) Colleague { return Colleague{Account: row.ID, Name: row.Name} }
	return listOf(page, rows, item, func(c Colleague) string { return c.Account }), err
}

// namesAtOnce bounds the parameters of one statement.
const namesAtOnce = 500

// MemberNames gives the names of those accounts that work or worked at the
// actor's own agency, for pages that say who wrote what. Others are left out:
// of another agency's people, a share says who sent it. It is not recorded.
func (r *Register) MemberNames(ctx context.Context, actor policy.Actor, accounts []string) (map[string]string, error) {
	agency := AgencyID(actor.Agency)
	if _, err := r.guard.Act(ctx, actor, ActListColleagues, agencyResource(agency), true, subjects(ofAgency(agency))...); err != nil {
		return nil, err
	}
	wanted := slices.Compact(slices.Sorted(slices.Values(accounts)))
	names := map[string]string{}
	if len(wanted) == 0 {
		return names, nil
	}
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		for part := range slices.Chunk(wanted, namesAtOnce) {
			if err := readNames(ctx, tx, agency, part, names); err != nil {
				return err
			}
		}
		return nil
	})
	return names, err
}

func readNames(ctx context.Context, tx *store.Tx, agency AgencyID, accounts []string, into map[string]string) error {
	var w store.Where
	w.And(among("c.id", accounts))
	w.And(store.Fragment{
		SQL:  "EXISTS (SELECT 1 FROM member m WHERE m.agency_id = $1 AND m.account_id = c.id)",
		Args: []any{string(agency)},
	})
	where, args := w.SQL()
	rows, err := tx.QueryContext(ctx, `SELECT c.id, c.name FROM account c WHERE `+where, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return err
		}
		into[id] = name
	}
	return rows.Err()
}

// Place is an agency, or a team of it, by id.
type Place struct {
	Agency AgencyID
	Team   TeamID // empty: the agency itself
}

// PlaceNames gives the names of agencies, and of teams of theirs, for pages that
// say where something went or came from. What is not there is left out. Like all
// of the open directory it is not recorded.
func (r *Register) PlaceNames(ctx context.Context, actor policy.Actor, places ...Place) (map[Place]string, error) {
	if _, err := r.guard.Act(ctx, actor, ActRead, open(), true); err != nil {
		return nil, err
	}
	names := map[Place]string{}
	var agencies, teams []string
	for _, p := range places {
		agencies = append(agencies, string(p.Agency))
		teams = append(teams, string(p.Team))
	}
	agencies, teams = known(agencies), known(teams)
	if len(agencies) == 0 {
		return names, nil
	}
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		// One statement names them all, but for pages with hundreds of each.
		for len(agencies) > 0 || len(teams) > 0 {
			a, t := agencies[:min(len(agencies), namesAtOnce)], teams[:min(len(teams), namesAtOnce)]
			agencies, teams = agencies[len(a):], teams[len(t):]
			if err := readPlaces(ctx, tx, a, t, names); err != nil {
				return err
			}
		}
		return nil
	})
	return names, err
}

// known are ids in order, each once, without the empty one.
func known(ids []string) []string {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) > 0 && ids[0] == "" {
		ids = ids[1:]
	}
	return ids
}

func readPlaces(ctx context.Context, tx *store.Tx, agencies, teams []string, into map[Place]string) error {
	var parts []string
	var args []any
	for _, of := range []struct {
		sql string
		ids []string
	}{{`SELECT id, '', name FROM agency WHERE id IN (`, agencies}, {`SELECT agency_id, id, name FROM team WHERE id IN (`, teams}} {
		if len(of.ids) == 0 {
			continue
		}
		marks := make([]string, len(of.ids))
		for i, id := range of.ids {
			args = append(args, id)
			marks[i] = "$" + strconv.Itoa(len(args))
		}
		parts = append(parts, of.sql+strings.Join(marks, ", ")+")")
	}
	rows, err := tx.QueryContext(ctx, strings.Join(parts, " UNION ALL "), args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var p Place
		var name string
		if err := rows.Scan(&p.Agency, &p.Team, &name); err != nil {
			return err
		}
		into[p] = name
	}
	return rows.Err()
}

// among is the condition that a column is one of some values.
func among(column string, values []string) store.Fragment {
	marks := make([]string, len(values))
	args := make([]any, len(values))
	for i, v := range values {
		marks[i], args[i] = "$"+strconv.Itoa(i+1), v
	}
	return store.Fragment{SQL: column + " IN (" + strings.Join(marks, ", ") + ")", Args: args}
}
