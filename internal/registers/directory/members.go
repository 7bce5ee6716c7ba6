package directory

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory/directorydb"
)

// Member is an account at work in an agency.
type Member struct {
	Account   string
	Agency    AgencyID
	Name      string
	Username  string
	Kind      policy.Kind
	Roles     []policy.Role
	Teams     []TeamID
	StartedAt time.Time
	Until     string // the last day, YYYY-MM-DD; empty when it was not given for a time
	Suspended bool
	// Advises tells of a key contact that they are trained to advise on safe
	// sharing; of others it tells nothing.
	Advises bool
	Version int64
}

// LogValue implements [slog.LogValuer]: a member is logged by account only.
func (m Member) LogValue() slog.Value { return slog.StringValue(m.Account) }

// String keeps names out of messages.
func (m Member) String() string { return "[redacted]" }

// NewMember is what is needed to give an account work. Its faults are those of
// the fields account, roles and teams.
type NewMember struct {
	Agency  AgencyID
	Account string
	Roles   []policy.Role
	Teams   []TeamID
	Until   string // the last day, YYYY-MM-DD; empty for no end
}

// AddMember gives an account that works nowhere a place in an agency: somebody
// who left another one, say. It returns [Invalid], and [store.ErrNotFound] when
// there is no such agency or account.
func (r *Register) AddMember(ctx context.Context, actor policy.Actor, n NewMember) error {
	permit, err := r.guard.Act(ctx, actor, ActAddMember, agencyResource(n.Agency), true, subjects(ofAgency(n.Agency), ofAccount(n.Account))...)
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := directorydb.New(tx).AccountKind(ctx, n.Account); err != nil {
			return missing(err)
		}
		// Leaving closed the account; whoever vouches for it here opens it.
		if err := r.accounts.Enable(ctx, tx, permit, n.Account); err != nil {
			return err
		}
		return r.AddMemberTx(ctx, tx, permit, n)
	})
}

// AddMemberTx is [Register.AddMember] inside a transaction, for an account made
// in it.
func (r *Register) AddMemberTx(ctx context.Context, tx *store.Tx, permit audit.Permit, n NewMember) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	if _, err := AgencyIn(ctx, tx, n.Agency); err != nil {
		return err
	}
	wrong := Invalid{}
	roleFaults(wrong, n.Roles)
	untilFaults(wrong, n.Until, tx.Now())
	if err := teamFaults(ctx, tx, wrong, n.Agency, n.Teams); err != nil {
		return err
	}
	if err := wrong.OrNil(); err != nil {
		return err
	}
	return insertMember(ctx, tx, permit, n)
}

// insertMember adds a member whose roles and teams were checked.
func insertMember(ctx context.Context, tx *store.Tx, permit audit.Permit, n NewMember) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	err = directorydb.New(tx).InsertMember(ctx, directorydb.InsertMemberParams{
		AgencyID: string(n.Agency), ID: id, AccountID: n.Account, Roles: rolesText(n.Roles), StartedAt: tx.Now(), Until: endOf(n.Until),
	})
	if errors.Is(err, store.ErrExists) {
		return Invalid{"account": "This person already works for an agency. End that membership first"}
	}
	if err != nil {
		return err
	}
	if err := insertTeams(ctx, tx, n.Agency, n.Account, n.Teams); err != nil {
		return err
	}
	return permit.Append(tx, ActAddMember, rolesText(n.Roles), memberSubjects(n.Agency, n.Account, n.Teams)...)
}

func insertTeams(ctx context.Context, tx *store.Tx, agency AgencyID, account string, teams []TeamID) error {
	for _, t := range distinct(teams) {
		err := directorydb.New(tx).InsertTeamMember(ctx, directorydb.InsertTeamMemberParams{
			AgencyID: string(agency), TeamID: string(t), AccountID: account,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func distinct(teams []TeamID) []TeamID { return slices.Compact(slices.Sorted(slices.Values(teams))) }

// teamFaults notes teams that are not the agency's.
func teamFaults(ctx context.Context, tx *store.Tx, wrong Invalid, agency AgencyID, teams []TeamID) error {
	if len(teams) == 0 {
		return nil
	}
	known, err := directorydb.New(tx).TeamIDs(ctx, string(agency))
	if err != nil {
		return err
	}
	for _, t := range teams {
		if !slices.Contains(known, string(t)) {
			wrong.Note("teams", "Select teams of this agency only")
		}
	}
	return nil
}

func memberSubjects(agency AgencyID, account string, teams []TeamID) []audit.Subject {
	list := []audit.Subject{ofAgency(agency), ofAccount(account)}
	for _, t := range teams {
		list = append(list, ofTeam(t))
	}
	return list
}

// mayChange judges a change of a membership and tells where the account works.
// An account that works nowhere, or is not there, looks the same as one of
// another agency.
func (r *Register) mayChange(ctx context.Context, actor policy.Actor, action policy.Action, account string) (AgencyID, audit.Permit, error) {
	agency, err := r.workplace(ctx, account)
	if err != nil {
		return "", audit.Permit{}, err
	}
	permit, err := r.guard.Act(ctx, actor, action, memberResource(agency, account), false, subjects(ofAccount(account))...)
	if err != nil {
		return "", audit.Permit{}, err
	}
	if agency == "" {
		return "", audit.Permit{}, store.ErrNotFound
	}
	return agency, permit, nil
}

// workplace is where an account works, empty when nowhere.
func (r *Register) workplace(ctx context.Context, account string) (AgencyID, error) {
	var agency AgencyID
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		agency, err = AgencyOf(ctx, tx, account)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return agency, err
}

// ChangeRoles gives a member other roles. It returns [Invalid], and
// [store.ErrConflict] when the membership is not at the given version any more.
func (r *Register) ChangeRoles(ctx context.Context, actor policy.Actor, account string, version int64, roles []policy.Role) error {
	agency, permit, err := r.mayChange(ctx, actor, ActChangeRoles, account)
	if err != nil {
		return err
	}
	wrong := Invalid{}
	roleFaults(wrong, roles)
	if err := wrong.OrNil(); err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if slices.Contains(roles, policy.KeyContact) {
			if err := r.mayAdvise(ctx, tx, agency, account); err != nil {
				return err
			}
		}
		err := store.Changed(directorydb.New(tx).ChangeRoles(ctx, directorydb.ChangeRolesParams{
			AgencyID: string(agency), AccountID: account, Roles: rolesText(roles), Version: version,
		}))
		if err != nil {
			return err
		}
		return permit.Append(tx, ActChangeRoles, rolesText(roles), memberSubjects(agency, account, nil)...)
	})
}

// untrained is said of somebody who is made a key contact without a record of
// training (B6.29).
const untrained = "Record their training in how to advise on safe sharing first: a key contact has been trained for it"

// mayAdvise refuses to make somebody a key contact who has no record of training
// in how to advise on safe sharing. Who is one stays one.
func (r *Register) mayAdvise(ctx context.Context, tx *store.Tx, agency AgencyID, account string) error {
	row, err := directorydb.New(tx).Member(ctx, directorydb.MemberParams{AgencyID: string(agency), AccountID: account})
	if errors.Is(err, sql.ErrNoRows) {
		return nil // what follows says so
	}
	if err != nil {
		return err
	}
	have, err := readRoles(row.Roles)
	if err != nil || slices.Contains(have, policy.KeyContact) {
		return err
	}
	trained, err := r.training.Advise(ctx, tx, []string{account}, tx.Now())
	if err != nil || trained[account] {
		return err
	}
	wrong := Invalid{}
	wrong.Note("roles", untrained)
	return wrong.OrNil()
}

// advise fills in which members are trained to advise on sharing, where it
// matters.
func (r *Register) advise(ctx context.Context, tx *store.Tx, members []Member) error {
	var contacts []string
	for _, m := range members {
		if slices.Contains(m.Roles, policy.KeyContact) {
			contacts = append(contacts, m.Account)
		}
	}
	if len(contacts) == 0 {
		return nil
	}
	trained, err := r.training.Advise(ctx, tx, contacts, tx.Now())
	for i := range members {
		members[i].Advises = trained[members[i].Account]
	}
	return err
}

// ChangeTeams puts a member into other teams of the agency. It returns
// [Invalid], and [store.ErrConflict] when the membership is not at the given
// version any more.
func (r *Register) ChangeTeams(ctx context.Context, actor policy.Actor, account string, version int64, teams []TeamID) error {
	agency, permit, err := r.mayChange(ctx, actor, ActChangeTeams, account)
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		wrong := Invalid{}
		if err := teamFaults(ctx, tx, wrong, agency, teams); err != nil {
			return err
		}
		if err := wrong.OrNil(); err != nil {
			return err
		}
		q := directorydb.New(tx)
		// The version comes first: on PostgreSQL it holds the row against others.
		err := store.Changed(q.TouchMember(ctx, directorydb.TouchMemberParams{AgencyID: string(agency), AccountID: account, Version: version}))
		if err != nil {
			return err
		}
		if err := q.DeleteTeamMember(ctx, directorydb.DeleteTeamMemberParams{AgencyID: string(agency), AccountID: account}); err != nil {
			return err
		}
		if err := insertTeams(ctx, tx, agency, account, teams); err != nil {
			return err
		}
		return permit.Append(tx, ActChangeTeams, "", memberSubjects(agency, account, teams)...)
	})
}

// EndMembership ends the work of an account at its agency: its sessions end at
// once and the account is closed until another agency vouches for it. What it
// wrote keeps its name. It returns
// [store.ErrConflict] when the membership is not at the given version any more.
func (r *Register) EndMembership(ctx context.Context, actor policy.Actor, account string, version int64) error {
	agency, permit, err := r.mayChange(ctx, actor, ActEndMembership, account)
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := directorydb.New(tx)
		err := store.Changed(q.EndMember(ctx, directorydb.EndMemberParams{
			AgencyID: string(agency), AccountID: account, EndedAt: nullTime(tx.Now()), Version: version,
		}))
		if err != nil {
			return err
		}
		if err := q.DeleteTeamMember(ctx, directorydb.DeleteTeamMemberParams{AgencyID: string(agency), AccountID: account}); err != nil {
			return err
		}
		if err := r.accounts.Disable(ctx, tx, permit, account, "left"); err != nil {
			return err
		}
		return permit.Append(tx, ActEndMembership, "", memberSubjects(agency, account, nil)...)
	})
}

// Member returns a member with roles and teams, for those who manage the
// agency's members, and records that it was looked at. It returns
// [store.ErrNotFound] when the account works nowhere.
func (r *Register) Member(ctx context.Context, actor policy.Actor, account string) (Member, error) {
	agency, err := r.workplace(ctx, account)
	if err != nil {
		return Member{}, err
	}
	if _, err := r.guard.Open(ctx, actor, ActListMembers, agencyResource(agency), "", false, subjects(ofAccount(account))...); err != nil {
		return Member{}, err
	}
	var m Member
	err = r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := directorydb.New(tx)
		row, err := q.Member(ctx, directorydb.MemberParams{AgencyID: string(agency), AccountID: account})
		if err != nil {
			return err
		}
		if m, err = asMember(directorydb.MembersRow(row)); err != nil {
			return err
		}
		teams, err := q.TeamsOf(ctx, directorydb.TeamsOfParams{AgencyID: string(agency), AccountID: account})
		m.Teams = teamIDs(teams)
		if err != nil {
			return err
		}
		list := []Member{m}
		err = r.advise(ctx, tx, list)
		m = list[0]
		return err
	})
	if err != nil {
		return Member{}, err
	}
	return m, nil
}

func asMember(row directorydb.MembersRow) (Member, error) {
	roles, err := readRoles(row.Roles)
	if err != nil {
		return Member{}, fmt.Errorf("account %s: %w", row.AccountID, err)
	}
	return Member{
		Account: row.AccountID, Agency: AgencyID(row.AgencyID), Name: row.Name, Username: row.Username,
		Kind: policy.Kind(row.Kind), Roles: roles, StartedAt: row.StartedAt, Until: dayOf(row.Until), Suspended: row.Disabled, Version: row.Version,
	}, nil
}

func teamIDs(list []string) []TeamID {
	var out []TeamID
	for _, id := range list {
		out = append(out, TeamID(id))
	}
	return out
}
