package marac

import (
	"context"
	"database/sql"
	"slices"

	"waymark/internal/casework/marac/maracdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Watch is [Service.Sit] for what an open page asks by itself, every few seconds. A
// refusal is recorded; what is allowed leaves no entry, so nothing may be shown under
// it that its reader has not opened with one.
func (s *Service) Watch(ctx context.Context, actor policy.Actor, id MeetingID) (*Seat, error) {
	return s.sit(ctx, actor, id, func(r policy.Resource) (audit.Permit, error) {
		return s.guard.Act(ctx, actor, ActSit, r, false, id.Subject())
	})
}

// WatchCase is [Service.Open] for the same, and for what is written about a case: the
// writing is recorded.
func (s *Service) WatchCase(ctx context.Context, seat *Seat, id CaseID) (Opened, error) {
	return s.open(ctx, seat, id, func(r policy.Resource, subjects []audit.Subject) (audit.Permit, error) {
		return s.guard.Act(ctx, seat.Actor(), ActCase, r, false, subjects...)
	})
}

// StandsTx is where a meeting stands now.
func (s *Service) StandsTx(ctx context.Context, tx *store.Tx, seat *Seat) (Meeting, error) {
	row, err := maracdb.New(tx).MeetingByID(ctx, string(seat.meeting.ID))
	if err != nil {
		return Meeting{}, missing(err)
	}
	return openMeeting(ctx, tx, row)
}

// SetStateTx says that a meeting is begun or has ended. It returns
// [store.ErrConflict] when it is not where that comes next.
func (s *Service) SetStateTx(ctx context.Context, tx *store.Tx, permit audit.Permit, seat *Seat, to MeetingState) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	from := map[MeetingState]MeetingState{Begun: Planned, Ended: Begun}[to]
	return store.Changed(maracdb.New(tx).SetMeetingState(ctx, maracdb.SetMeetingStateParams{
		AgencyID: seat.Agency(), MeetingID: string(seat.meeting.ID), State: string(to), WasState: string(from), RecordedAt: tx.Now(), RecordedBy: permit.Actor().Account,
	}))
}

// Board is who was asked to a meeting, and who might be and was not.
type Board struct {
	Places []Place
	Others []Member // who sit at the MARAC today and were not asked
	Who    map[string]Who
	Names  map[string]string // of agencies
}

// BoardTx reads it.
func (s *Service) BoardTx(ctx context.Context, tx *store.Tx, permit audit.Permit, seat *Seat) (b Board, err error) {
	if !permit.Valid() {
		return b, audit.ErrNoPermit
	}
	q := maracdb.New(tx)
	rows, err := q.Seats(ctx, maracdb.SeatsParams{AgencyID: seat.Agency(), MeetingID: string(seat.meeting.ID)})
	if err != nil {
		return b, err
	}
	var accounts []string
	for _, r := range rows {
		b.Places = append(b.Places, asPlace(r))
		accounts = append(accounts, r.AccountID)
	}
	members, err := q.CurrentMembers(ctx, maracdb.CurrentMembersParams{AgencyID: seat.Agency(), Today: s.today(tx)})
	if err != nil {
		return b, err
	}
	for _, m := range asMembers(members) {
		if m.Sits(s.today(tx)) && !slices.Contains(accounts, m.Account) {
			b.Others = append(b.Others, m)
			accounts = append(accounts, m.Account)
		}
	}
	slices.Sort(accounts)
	if b.Who, err = s.whoAre(ctx, tx, slices.Compact(accounts)); err != nil {
		return b, err
	}
	b.Names, err = agencyNames(ctx, tx)
	return b, err
}

// agencyNames are the names of all agencies, which are no secret, in one statement.
func agencyNames(ctx context.Context, tx *store.Tx) (map[string]string, error) {
	out := map[string]string{}
	err := store.Each(ctx, tx, "SELECT id, name FROM agency", nil, func(rows *sql.Rows) error {
		var id, name string
		err := rows.Scan(&id, &name)
		out[id] = name
		return err
	})
	return out, err
}

// CameTx records that somebody came, whatever they had answered, or that they went.
// Whoever was not asked and sits at the MARAC today is given a place. It returns
// [store.ErrNotFound] for anybody else.
func (s *Service) CameTx(ctx context.Context, tx *store.Tx, permit audit.Permit, seat *Seat, account string, came bool) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	q := maracdb.New(tx)
	members, err := q.MembersOfAccount(ctx, maracdb.MembersOfAccountParams{AccountID: account, AgencyID: seat.Agency()})
	if err != nil {
		return err
	}
	at := slices.IndexFunc(asMembers(members), func(m Member) bool { return m.Sits(s.today(tx)) })
	if at < 0 && came {
		return store.ErrNotFound
	}
	if came {
		m := asMember(members[at])
		err := q.InsertSeat(ctx, maracdb.InsertSeatParams{
			AgencyID: seat.Agency(), MeetingID: string(seat.meeting.ID), AccountID: account, OfAgency: m.Of, Capacity: string(m.Capacity), RecordedAt: tx.Now(), RecordedBy: permit.Actor().Account,
		})
		if err != nil {
			return err
		}
	}
	if !came {
		return store.Changed(q.SetGone(ctx, maracdb.SetGoneParams{AgencyID: seat.Agency(), MeetingID: string(seat.meeting.ID), AccountID: account, RecordedAt: tx.Now(), RecordedBy: permit.Actor().Account}))
	}
	return store.Changed(q.SetCame(ctx, maracdb.SetCameParams{
		AgencyID: seat.Agency(), MeetingID: string(seat.meeting.ID), AccountID: account, CameAt: nullTime(tx.Now()), RecordedAt: tx.Now(), RecordedBy: permit.Actor().Account,
	}))
}

// CasesTx are the cases on the list of a meeting in their order, with those they are
// about, without those to whom the reader is tied. Three statements, however many
// there are. What is left out for those who work with people who harm is left to the caller.
func (s *Service) CasesTx(ctx context.Context, tx *store.Tx, permit audit.Permit, seat *Seat) (list []Case, about map[CaseID][]Identity, err error) {
	if about, err = s.PartiesTx(ctx, tx, permit, seat.Agency(), seat.meeting.ID); err != nil {
		return nil, nil, err
	}
	all, err := casesOf(ctx, tx, seat.Agency(), seat.meeting.ID)
	for _, c := range all {
		if !seat.Tied(about[c.ID]) {
			list = append(list, c)
		}
	}
	return list, about, err
}

// HeardTx says that a case was heard today, and who represents the victim (G7). It
// returns [store.ErrConflict] when the case is not listed any more.
func (s *Service) HeardTx(ctx context.Context, tx *store.Tx, permit audit.Permit, seat *Seat, id CaseID, idva Represented, state State) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	return store.Changed(maracdb.New(tx).SetHeard(ctx, maracdb.SetHeardParams{
		AgencyID: seat.Agency(), MeetingID: string(seat.meeting.ID), ID: string(id), State: string(state), HeardOn: s.today(tx), Idva: string(idva),
		RecordedAt: tx.Now(), RecordedBy: permit.Actor().Account,
	}))
}

// SetIDVATx says who represents the victim of a case, as the meeting was told.
func (s *Service) SetIDVATx(ctx context.Context, tx *store.Tx, permit audit.Permit, seat *Seat, id CaseID, idva Represented) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	return store.Changed(maracdb.New(tx).SetIDVA(ctx, maracdb.SetIDVAParams{AgencyID: seat.Agency(), MeetingID: string(seat.meeting.ID), ID: string(id), Idva: string(idva)}))
}

// NamesTx are names of accounts, in one statement. They are of workers, and what they
// are shown with was judged.
func (s *Service) NamesTx(ctx context.Context, tx *store.Tx, accounts []string) (map[string]string, error) {
	out := map[string]string{}
	accounts = slices.DeleteFunc(slices.Clone(accounts), func(a string) bool { return a == "" })
	slices.Sort(accounts)
	who, err := s.whoAre(ctx, tx, slices.Compact(accounts))
	for account, w := range who {
		out[account] = w.Name
	}
	return out, err
}

// ListedTx are all cases on the list of a meeting in their order, whoever asks: for what
// is put together from the record and then given to each reader by [Service.CasesTx].
func (s *Service) ListedTx(ctx context.Context, tx *store.Tx, permit audit.Permit, seat *Seat) ([]Case, error) {
	if !permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	return casesOf(ctx, tx, seat.Agency(), seat.meeting.ID)
}
