package marac

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/marac/maracdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// MemberID names a member.
type MemberID string

// Level3 is the training that somebody who represents an agency at a MARAC
// typically has (B14.13). Whoever has less attends, and is flagged.
const Level3 = 3

// Member is somebody who sits at a MARAC for an agency.
type Member struct {
	ID         MemberID
	Account    string
	Of         string // the agency
	Capacity   Capacity
	Given      Given  // empty until they are accepted
	Since      string // YYYY-MM-DD
	Until      string // the last day; empty while it goes on
	NamedBy    string
	NamedAt    time.Time
	AcceptedBy string
	AcceptedAt time.Time // zero: they wait to be accepted
	SignedAt   time.Time // zero: no conditions were signed
	Version    int64
}

// Sits tells whether they sit on a day. Observers do not before they signed.
func (m Member) Sits(day string) bool {
	return !m.AcceptedAt.IsZero() && m.Since <= day && (m.Until == "" || day <= m.Until) && (m.Capacity != Observer || !m.SignedAt.IsZero())
}

// Who is somebody at a MARAC, as those of the MARAC see them.
type Who struct {
	Name  string
	Level int  // of their training today
	Known bool // whether training is looked up at all
}

// Lapsed tells whether they are flagged: below what is typical of a representative.
func (w Who) Lapsed() bool { return w.Known && w.Level < Level3 }

// NewMember is whom an agency names. Its faults are those of account, capacity,
// since and until.
type NewMember struct {
	Account  string
	Capacity Capacity
	Since    string // YYYY-MM-DD; empty: today
	Until    string
}

func asMember(r maracdb.MaracMember) Member {
	return Member{
		ID: MemberID(r.ID), Account: r.AccountID, Of: r.OfAgency, Capacity: Capacity(r.Capacity), Given: Given(r.Given), Since: r.SinceOn, Until: r.UntilOn,
		NamedBy: r.NamedBy, NamedAt: r.NamedAt, AcceptedBy: r.AcceptedBy, AcceptedAt: r.AcceptedAt.Time, SignedAt: r.SignedAt.Time, Version: r.Version,
	}
}

func asMembers(rows []maracdb.MaracMember) []Member {
	out := make([]Member, len(rows))
	for i, r := range rows {
		out[i] = asMember(r)
	}
	return out
}

func ofAccount(account string) audit.Subject { return audit.Subject{Kind: "account", ID: account} }

func names(agency, of string) policy.Resource {
	return policy.Resource{Type: "MaracNames", ID: agency, Attrs: policy.Attrs{"agency": agency, "of": of}}
}

// Name names somebody of the actor's own agency to sit at a MARAC. The coordinator
// accepts them, or does not. It returns [forms.Errors].
func (s *Service) Name(ctx context.Context, actor policy.Actor, agency string, n NewMember) (MemberID, error) {
	permit, err := s.guard.Act(ctx, actor, ActName, names(agency, actor.Agency), true, Subject(agency), ofAccount(n.Account))
	if err != nil {
		return "", err
	}
	var id string
	err = s.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.MaracTx(ctx, tx, agency); err != nil {
			return err
		}
		if n.Since == "" {
			n.Since = s.today(tx)
		}
		if err := s.checkNamed(ctx, tx, actor.Agency, n); err != nil {
			return err
		}
		if id, err = tx.NewID(); err != nil {
			return err
		}
		err := maracdb.New(tx).InsertMember(ctx, maracdb.InsertMemberParams{
			AgencyID: agency, ID: id, AccountID: n.Account, OfAgency: actor.Agency, Capacity: string(n.Capacity), SinceOn: n.Since, UntilOn: n.Until,
			NamedBy: actor.Account, NamedAt: tx.Now(),
		})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActName, "", Subject(agency), ofAccount(n.Account))
	})
	return MemberID(id), err
}

func (s *Service) checkNamed(ctx context.Context, tx *store.Tx, own string, n NewMember) error {
	var errs forms.Errors
	works, err := directory.AgencyOf(ctx, tx, n.Account)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && string(works) != own:
		errs.Add("account", "Select somebody who works at your agency")
	case err != nil:
		return err
	}
	if !slices.Contains(Capacities(), n.Capacity) {
		errs.Add("capacity", "Select in what capacity they sit")
	}
	checkDays(&errs, n.Since, n.Until)
	return errs.Err()
}

func checkDays(errs *forms.Errors, since, until string) {
	if _, err := time.Parse(time.DateOnly, since); err != nil {
		errs.Add("since", "Enter the day from which they sit, such as 27 3 2027")
	}
	if until == "" {
		return
	}
	if _, err := time.Parse(time.DateOnly, until); err != nil {
		errs.Add("until", "Enter their last day, such as 27 3 2027, or leave it empty")
	} else if until < since {
		errs.Add("until", "Their last day must not be before their first")
	}
}

// Change is what a coordinator, or the agency that named somebody, does about them.
type Change string

// The changes. An agency ends what it named; the rest is the coordinator's.
const (
	Accept Change = "accept"
	Sign   Change = "sign" // they signed the conditions for observers
	End    Change = "end"
)

// Decide records a change of a member by a coordinator. To accept somebody says
// what of a pack they are given. It returns [forms.Errors], [store.ErrNotFound], and
// [store.ErrConflict] when somebody was quicker.
func (s *Service) Decide(ctx context.Context, actor policy.Actor, agency string, id MemberID, version int64, change Change, given Given) error {
	permit, err := s.guard.Act(ctx, actor, ActKeep, resource(agency), agency == actor.Agency, Subject(agency))
	if err != nil {
		return err
	}
	return s.change(ctx, permit, ActKeep, agency, "", id, version, change, given)
}

// Withdraw ends the membership of somebody whom the actor's agency named, today.
func (s *Service) Withdraw(ctx context.Context, actor policy.Actor, agency string, id MemberID, version int64) error {
	permit, err := s.guard.Act(ctx, actor, ActName, names(agency, actor.Agency), true, Subject(agency))
	if err != nil {
		return err
	}
	return s.change(ctx, permit, ActName, agency, actor.Agency, id, version, End, "")
}

// change changes a member; of is whose they must be, empty for anybody's.
func (s *Service) change(ctx context.Context, permit audit.Permit, action policy.Action, agency, of string, id MemberID, version int64, change Change, given Given) error {
	return s.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := maracdb.New(tx)
		row, err := q.MemberByID(ctx, maracdb.MemberByIDParams{AgencyID: agency, ID: string(id)})
		if err != nil {
			return missing(err)
		}
		if of != "" && row.OfAgency != of {
			return store.ErrNotFound
		}
		m, by := asMember(row), permit.Actor().Account
		switch change {
		case Accept:
			if !slices.Contains(Givens(), given) {
				return forms.Errors{{Field: "given", Message: "Select what of a pack they are given"}}
			}
			m.Given, m.AcceptedBy, m.AcceptedAt = given, by, tx.Now()
		case Sign:
			m.SignedAt = tx.Now()
		case End:
			// They do not sit from today on: a pack that is open to them closes now.
			m.Until = dayBefore(s.today(tx))
		default:
			return forms.Errors{{Field: "do", Message: "Select what is to be done"}}
		}
		err = store.Changed(q.SetMember(ctx, maracdb.SetMemberParams{
			AgencyID: agency, ID: string(id), Version: version, Given: string(m.Given), UntilOn: m.Until, AcceptedBy: m.AcceptedBy,
			AcceptedAt: nullTime(m.AcceptedAt), SignedAt: nullTime(m.SignedAt),
		}))
		if err != nil {
			return err
		}
		return permit.Append(tx, action, string(change), Subject(agency), ofAccount(m.Account))
	})
}

func dayBefore(day string) string {
	t, _ := time.Parse(time.DateOnly, day) // it comes from a clock
	return t.AddDate(0, 0, -1).Format(time.DateOnly)
}

// membersMost bounds a list of members; a MARAC of a county has some fifty.
const membersMost = 300

// Members are those named and not yet gone, by agency, with who they are, for
// coordinators. It names the accounts in the ledger.
func (s *Service) Members(ctx context.Context, actor policy.Actor, agency string) (list []Member, who map[string]Who, err error) {
	permit, err := s.guard.Act(ctx, actor, ActKeep, resource(agency), agency == actor.Agency, Subject(agency))
	if err != nil {
		return nil, nil, err
	}
	err = s.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.MaracTx(ctx, tx, agency); err != nil {
			return err
		}
		rows, err := maracdb.New(tx).Members(ctx, maracdb.MembersParams{AgencyID: agency, Today: s.today(tx), Size: membersMost})
		if err != nil {
			return err
		}
		list = asMembers(rows)
		who, err = s.whoAre(ctx, tx, accountsOf(list))
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return list, who, showAccounts(ctx, permit, agency, accountsOf(list))
}

// Ours are those whom the actor's agency named, the newest first.
func (s *Service) Ours(ctx context.Context, actor policy.Actor, agency string) (list []Member, who map[string]Who, err error) {
	permit, err := s.guard.Act(ctx, actor, ActName, names(agency, actor.Agency), true, Subject(agency))
	if err != nil {
		return nil, nil, err
	}
	err = s.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.MaracTx(ctx, tx, agency); err != nil {
			return err
		}
		rows, err := maracdb.New(tx).MembersOf(ctx, maracdb.MembersOfParams{AgencyID: agency, OfAgency: actor.Agency, Limit: membersMost})
		if err != nil {
			return err
		}
		list = asMembers(rows)
		who, err = s.whoAre(ctx, tx, accountsOf(list))
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return list, who, showAccounts(ctx, permit, agency, accountsOf(list))
}

func showAccounts(ctx context.Context, permit audit.Permit, agency string, accounts []string) error {
	shown := []audit.Subject{Subject(agency)}
	for _, a := range accounts {
		shown = append(shown, ofAccount(a))
	}
	return permit.Show(ctx, shown...)
}

func accountsOf(list []Member) []string {
	var out []string
	for _, m := range list {
		out = append(out, m.Account)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// whoAre are names and levels today of accounts, in one statement.
func (s *Service) whoAre(ctx context.Context, tx *store.Tx, accounts []string) (map[string]Who, error) {
	out := map[string]Who{}
	if len(accounts) == 0 {
		return out, nil
	}
	level, args := "0", []any{}
	if s.levels != nil {
		level, args = s.levels.LevelColumn("a.id", 1), append(args, s.levels.Day(tx.Now()))
	}
	marks := make([]string, len(accounts))
	for i, account := range accounts {
		args = append(args, account)
		marks[i] = "$" + strconv.Itoa(len(args))
	}
	err := store.Each(ctx, tx, `SELECT a.id, a.name, `+level+` FROM account a WHERE a.id IN (`+strings.Join(marks, ", ")+`)`, args, func(rows *sql.Rows) error {
		var id string
		w := Who{Known: s.levels != nil}
		err := rows.Scan(&id, &w.Name, &w.Level)
		out[id] = w
		return err
	})
	return out, err
}

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: !t.IsZero()} }
