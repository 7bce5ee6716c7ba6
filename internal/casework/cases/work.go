package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: true} }

func containsTeam(actor policy.Actor, team string) bool { return slices.Contains(actor.Teams, team) }

// Party is another person who belongs to a file.
type Party struct {
	Person   people.ID
	Role     Role
	Relation string // to the person the work is with
	Details  people.Details
}

// AddParty adds a person to a file in a role.
func (s *Service) AddParty(ctx context.Context, tx *store.Tx, f *File, role Role, relation string, d people.Details) (people.ID, error) {
	p, err := s.people.Add(ctx, tx, f.Permit(), f.agency, d)
	if err != nil {
		return "", err
	}
	agency, file := f.key()
	words, err := tx.Vault().Seal(ctx, tx, partyTie.Place(agency, "relation", file, string(p.ID), string(role)), relation)
	if err != nil {
		return "", err
	}
	err = casesdb.New(tx).InsertParty(ctx, casesdb.InsertPartyParams{
		AgencyID: agency, FileID: file, PersonID: string(p.ID), Role: string(role), RelationSealed: words.Bytes(), AddedAt: tx.Now(),
	})
	if err != nil {
		return "", err
	}
	if _, err = s.Record(ctx, tx, f, Event{Kind: PartyAdded, On: tx.Now().Format(time.DateOnly), Text: role.Label(), Ref: string(p.ID)}); err != nil {
		return "", err
	}
	return p.ID, s.watch(ctx, tx, f.Permit(), f.agency, f.id)
}

// Parties are the other people of a file: those in the given roles, all of
// them when none is given. Those returned are named in the ledger.
func (s *Service) Parties(ctx context.Context, tx *store.Tx, f *File, roles ...Role) ([]Party, error) {
	agency, file := f.key()
	rows, err := casesdb.New(tx).Parties(ctx, casesdb.PartiesParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	var out []Party
	var shown []audit.Subject
	o := s.opener(ctx, tx, agency)
	for _, r := range rows {
		if len(roles) > 0 && !slices.Contains(roles, Role(r.Role)) {
			continue
		}
		p := Party{
			Person: people.ID(r.PersonID), Role: Role(r.Role), Relation: o.plain(partyTie, "relation", r.RelationSealed, r.Relation, file, r.PersonID, r.Role),
			Details: people.Details{GivenName: r.GivenName, FamilyName: r.FamilyName, KnownAs: r.KnownAs, Born: r.Born},
		}
		out, shown = append(out, p), append(shown, p.Person.Subject())
	}
	if o.err != nil {
		return nil, o.err
	}
	return out, f.Permit().Show(ctx, shown...)
}

// To is whom a file is handed to: a colleague, or a team of the agency.
type To struct {
	Account string
	Team    string
}

// HandOver gives a file to a colleague or a team of the same agency, who find
// a task in their inbox. It returns [store.ErrConflict] when the file was
// changed since version was read, and [store.ErrNotFound] when the colleague
// or the team is not of the agency.
func (s *Service) HandOver(ctx context.Context, actor policy.Actor, id ID, version int64, to To, why string) error {
	f, err := s.open(ctx, actor, id, ActHandOver, Care)
	if err != nil {
		return err
	}
	return s.Change(ctx, f, ActHandOver, func(ctx context.Context, tx *store.Tx) error {
		if err := s.checkTo(ctx, tx, f, to); err != nil {
			return err
		}
		agency, file := f.key()
		q := casesdb.New(tx)
		team, lead := f.team, f.lead
		if to.Account != "" {
			lead = to.Account
		} else {
			team = to.Team
		}
		n, err := q.HandOver(ctx, casesdb.HandOverParams{AgencyID: agency, ID: file, TeamID: team, LeadID: lead, TouchedAt: tx.Now(), Version: version})
		if err := store.Changed(n, err); err != nil {
			return err
		}
		if to.Account != "" {
			if err := q.InsertInvolvement(ctx, casesdb.InsertInvolvementParams{AgencyID: agency, FileID: file, AccountID: to.Account, Since: tx.Now()}); err != nil {
				return err
			}
		}
		if _, err := s.AddTask(ctx, tx, f, NewTask{Kind: TakeOver, Team: to.Team, Account: to.Account}); err != nil {
			return err
		}
		if err := s.movedTo(ctx, tx, f, to.Account); err != nil {
			return err
		}
		if err := s.tellWatchers(ctx, tx, agency, f.id); err != nil {
			return err
		}
		_, err = s.Record(ctx, tx, f, Event{Kind: HandedOver, On: tx.Now().Format(time.DateOnly), Text: why})
		return err
	})
}

// checkTo sees that a file can go to a colleague or team: they are of its
// agency, not tied to its people, and not on the other side of the wall. On
// the side of the person who harms the wall refuses nothing: it would tell.
func (s *Service) checkTo(ctx context.Context, tx *store.Tx, f *File, to To) error {
	switch {
	case to.Account != "" && to.Team == "":
		agency, err := directory.AgencyOf(ctx, tx, to.Account)
		if err != nil {
			return err
		}
		if string(agency) != f.agency {
			return store.ErrNotFound
		}
		is, err := tied(ctx, tx, f, to.Account)
		if err != nil {
			return err
		}
		if is || f.side == Experiencing && f.has("across", to.Account) {
			return errRefusedTo
		}
		return nil
	case to.Team != "" && to.Account == "":
		_, err := directory.TeamIn(ctx, tx, directory.AgencyID(f.agency), directory.TeamID(to.Team))
		if err == nil && f.side == Experiencing && f.has("across_teams", to.Team) {
			return errRefusedTo
		}
		return err
	}
	return errors.New("a file is handed to a colleague or to a team")
}

// has tells whether a set that rules know of a file holds a value.
func (f *File) has(set, value string) bool {
	values, _ := f.attrs[set].([]string)
	return slices.Contains(values, value)
}

// Row is a line of a caseload.
type Row struct {
	ID      ID
	Number  int64
	Person  people.ID
	Details people.Details
	Contact people.State
	Kind    Kind
	Lead    string
	Team    string
	Touched time.Time
}

// Path is the address of the file's page.
func (r Row) Path() string { return "/cases/" + string(r.ID) }

// Which narrows a caseload.
type Which string

// The caseloads people ask for.
const (
	Mine Which = "mine" // the actor holds them
	All  Which = "all"  // all the actor may see
)

// Caseload lists files the actor may see, most recently touched first, those
// after the given row, at most limit of them. The people shown are named in
// one ledger entry.
func (s *Service) Caseload(ctx context.Context, actor policy.Actor, which Which, after *Row, limit int) ([]Row, error) {
	return s.Sift(ctx, actor, which, after, limit, func(rows []Row) ([]Row, error) { return rows, nil })
}

// Sift is as [Service.Caseload], of those files alone that keep returns: the people
// of the others are not shown, and the ledger entry does not name them.
func (s *Service) Sift(ctx context.Context, actor policy.Actor, which Which, after *Row, limit int, keep func([]Row) ([]Row, error)) ([]Row, error) {
	m := Mapping(store.Moment(s.db.Clock()()))
	m.Agency = actor.Agency
	pieces, permit, err := s.guard.ListPieces(ctx, actor, ActList, m)
	if err != nil {
		return nil, err
	}
	query, args := caseloadQuery(actor, pieces, which, after, limit)
	var out []Row
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var r Row
			var state, checked string
			if err := rows.Scan(&r.ID, &r.Number, &r.Person, &r.Kind, &r.Lead, &r.Team, &r.Touched,
				&r.Details.GivenName, &r.Details.FamilyName, &r.Details.KnownAs, &r.Details.Born, &state, &checked); err != nil {
				return err
			}
			r.Contact = s.people.Summary(state, checked, tx.Now()).State
			out = append(out, r)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err
	}
	if out, err = keep(out); err != nil {
		return nil, err
	}
	var shown []audit.Subject
	for _, r := range out {
		shown = append(shown, r.Person.Subject())
	}
	return out, permit.Show(ctx, shown...)
}

// caseloadQuery takes the newest files of each piece of the scope, which an
// index leads to, and of those the newest. However many files an agency has,
// no more of them are looked at than somebody might see on this page, save
// those that a rule shuts.
func caseloadQuery(actor policy.Actor, pieces []policy.Piece, which Which, after *Row, limit int) (string, []any) {
	var newest []store.Fragment
	for _, piece := range pieces {
		var w store.Where
		w.And(store.Fragment{SQL: "f.agency_id = $1 AND f.closed_at IS NULL", Args: []any{actor.Agency}})
		w.And(piece.Where)
		if which == Mine {
			w.And(store.Fragment{SQL: "f.lead_id = $1", Args: []any{actor.Account}})
		}
		if after != nil {
			w.And(store.Fragment{SQL: "(f.touched_at, f.id) < ($1, $2)", Args: []any{after.Touched, string(after.ID)}})
		}
		from := piece.From("file", "f", &w)
		where, _ := w.SQL()
		last := w.Arg(limit)
		newest = append(newest, store.Join([]store.Fragment{
			{SQL: "SELECT * FROM (SELECT f.agency_id, f.id FROM "},
			from,
			{SQL: " WHERE " + where + " ORDER BY f.touched_at DESC, f.id DESC LIMIT " + last + fmt.Sprintf(") AS piece%d", len(newest)), Args: w.Args()},
		}, ""))
	}
	if len(newest) == 0 {
		newest = []store.Fragment{{SQL: "SELECT f.agency_id, f.id FROM file f WHERE false"}}
	}
	all := store.Join(newest, " UNION ")
	query := `SELECT f.id, f.number, f.person_id, f.kind, f.lead_id, f.team_id, f.touched_at,
		p.given_name, p.family_name, p.known_as, p.born, p.contact_state, p.contact_check
		FROM (` + all.SQL + `) AS n CROSS JOIN file f CROSS JOIN person p
		WHERE f.agency_id = n.agency_id AND f.id = n.id AND p.agency_id = f.agency_id AND p.id = f.person_id
		ORDER BY f.touched_at DESC, f.id DESC LIMIT ` + fmt.Sprintf("$%d", len(all.Args)+1)
	return query, append(all.Args, limit)
}
