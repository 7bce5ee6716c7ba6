package groups

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/groups/groupsdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Service keeps groups.
type Service struct {
	cases    *cases.Service
	guard    *audit.Guard
	facts    *measures.Registry
	meetings *appointments.Service
}

// New makes the service. Where people must not meet, it and appointments look for
// each other; a case that is closed leaves its groups.
func New(files *cases.Service, guard *audit.Guard, facts *measures.Registry, meetings *appointments.Service) *Service {
	s := &Service{cases: files, guard: guard, facts: facts, meetings: meetings}
	meetings.Also(appointments.Others{Look: s.look, Clear: s.clear})
	files.Follow(cases.Closed, s.caseClosed)
	return s
}

// Mapping tells lists where the attributes of a file lie now, for the register of
// a group.
func Mapping(at time.Time) policy.Mapping { return cases.Mapping(at) }

// Zone is where days and times are counted.
func (s *Service) Zone() *time.Location { return s.meetings.Zone() }

// Now is the present in the time of the place.
func (s *Service) Now() time.Time { return s.meetings.Now() }

// At is a day and a time of the clock in the place.
func (s *Service) At(day, clock string) (time.Time, bool) { return s.meetings.At(day, clock) }

func (s *Service) today(tx *store.Tx) string { return tx.Now().In(s.Zone()).Format(time.DateOnly) }

// Bounds of what is typed.
const (
	textMax = 4000
	lineMax = 300
)

func caseload(actor policy.Actor) policy.Resource {
	return policy.Resource{Type: "Caseload", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}
}

func subject(id string) audit.Subject { return audit.Subject{Kind: "group", ID: id} }

// judge judges running a group. To another agency it is not there, like one that
// never was.
func (s *Service) judge(ctx context.Context, actor policy.Actor, id ID) (audit.Permit, error) {
	r, err := s.resource(ctx, id)
	if err != nil {
		return audit.Permit{}, err
	}
	return s.guard.Act(ctx, actor, ActRun, r, r.Attrs["agency"] == actor.Agency, subject(string(id)))
}

func (s *Service) resource(ctx context.Context, id ID) (policy.Resource, error) {
	agency, team, run := "", "", []string{}
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := groupsdb.New(tx).GroupFacts(ctx, string(id))
		for _, r := range rows {
			agency, team = r.AgencyID, r.TeamID
			if r.AccountID != "" {
				run = append(run, r.AccountID)
			}
		}
		return err
	})
	return policy.Resource{Type: "SupportGroup", ID: string(id), Attrs: policy.Attrs{"agency": agency, "team": team, "facilitators": run}}, err
}

// keep judges running a group, and runs a change with its ledger entry.
func (s *Service) keep(ctx context.Context, actor policy.Actor, id ID, reason string, fn func(context.Context, *store.Tx) error) error {
	permit, err := s.judge(ctx, actor, id)
	if err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return permit.Append(tx, ActRun, reason, subject(string(id)))
	})
}

// look marks every place in a group of a person harmed that meets something of
// whoever harmed them, and asks that side to look at it. It runs the same two
// statements whatever there is, on both sides.
func (s *Service) look(ctx context.Context, tx *store.Tx, agency string, file cases.ID) error {
	q := groupsdb.New(tx)
	if err := q.MarkMeeting(ctx, groupsdb.MarkMeetingParams{AgencyID: agency, FileID: string(file), Now: tx.Now()}); err != nil {
		return err
	}
	return q.AskToMove(ctx, groupsdb.AskToMoveParams{AgencyID: agency, Now: tx.Now(), DueOn: s.today(tx)})
}

// lookAll looks again at every file with somebody in a group.
func (s *Service) lookAll(ctx context.Context, tx *store.Tx, agency string, group ID) error {
	files, err := groupsdb.New(tx).FilesOf(ctx, groupsdb.FilesOfParams{AgencyID: agency, GroupID: string(group)})
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := s.meetings.Look(ctx, tx, agency, cases.ID(file)); err != nil {
			return err
		}
	}
	return nil
}

// clear takes over how much time is kept clear at a place.
func (s *Service) clear(ctx context.Context, tx *store.Tx, agency string, place appointments.Place) ([]cases.ID, error) {
	q := groupsdb.New(tx)
	ahead, err := q.FutureAt(ctx, groupsdb.FutureAtParams{AgencyID: agency, PlaceID: place.ID, EndsAt: tx.Now()})
	if err != nil {
		return nil, err
	}
	var out []cases.ID
	seen := map[string]bool{}
	for _, one := range ahead {
		from, until := s.meetings.Busy(appointments.AtPlace, place, one.StartsAt, one.EndsAt)
		if err := q.SetBusy(ctx, groupsdb.SetBusyParams{AgencyID: agency, ID: one.ID, BusyFrom: from, BusyUntil: until}); err != nil {
			return nil, err
		}
		if seen[one.GroupID] {
			continue
		}
		seen[one.GroupID] = true
		files, err := q.FilesOf(ctx, groupsdb.FilesOfParams{AgencyID: agency, GroupID: one.GroupID})
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			out = append(out, cases.ID(file))
		}
	}
	return out, nil
}

// show names the person in the ledger entry of the page before anything of
// theirs is read.
func show(ctx context.Context, f *cases.File) error {
	return f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject())
}

func (s *Service) record(ctx context.Context, tx *store.Tx, f *cases.File, kind cases.EventKind, text, ref string) error {
	_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: kind, On: s.today(tx), Text: text, Ref: ref})
	return err
}

func (s *Service) emit(ctx context.Context, tx *store.Tx, f *cases.File, kind, id string, d measures.Dimensions) error {
	return s.facts.Emit(ctx, tx, measures.Fact{
		Kind: kind, Agency: f.Agency(), Person: string(f.Person()), File: string(f.ID()), At: tx.Now(),
		Source: measures.Source{Kind: memberTable, ID: id}, Dimensions: d,
	})
}

const (
	groupTable  = "support_group"
	memberTable = "group_member"
)

func place(agency, table, id string) store.Place {
	return store.Place{Agency: agency, Table: table, Column: "words_sealed", Row: id}
}

// seal puts what was typed under the key of the agency.
func seal(ctx context.Context, tx *store.Tx, agency, table, id string, words any) ([]byte, error) {
	sealed, err := tx.Vault().SealJSON(ctx, tx, place(agency, table, id), words)
	return sealed.Bytes(), err
}

func unseal(ctx context.Context, tx *store.Tx, agency, table, id string, sealed []byte, words any) error {
	return tx.Vault().OpenJSON(ctx, tx, place(agency, table, id), sealed, words)
}

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: !t.IsZero()} }

// missing gives the absence of a row its name.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}
