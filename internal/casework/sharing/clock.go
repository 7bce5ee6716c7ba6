package sharing

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing/sharingdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// The actions around the clock of an acknowledgement.
const (
	// ActFollow is what a sender does with what nobody has answered.
	ActFollow policy.Action = "share.follow"
	// ActChase is what those do who are asked because nobody acknowledges.
	ActChase policy.Action = "share.chase"
)

// Times are when somebody is asked about a share that nobody acknowledges. They
// are choices of this project, not figures of the field; a deployment sets its own.
type Times struct {
	// What is urgent: how long after it was sent, by night and at weekends too.
	UrgentRemind, UrgentManager, UrgentContact time.Duration
	// What is not: on which working day after it was sent, at which hour.
	RemindDays, ManagerDays, ContactDays, Hour int
	Zone                                       *time.Location
}

// london is where days are counted when a deployment does not say otherwise.
var london = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.UTC
	}
	return l
}()

// DefaultTimes are used where a deployment does not say otherwise.
func DefaultTimes() Times {
	return Times{
		UrgentRemind: 30 * time.Minute, UrgentManager: time.Hour, UrgentContact: 2 * time.Hour,
		RemindDays: 1, ManagerDays: 2, ContactDays: 3, Hour: 10, Zone: london,
	}
}

// or fills in what is not set.
func (t Times) or(d Times) Times {
	if t.UrgentRemind <= 0 || t.UrgentManager < t.UrgentRemind || t.UrgentContact < t.UrgentManager {
		t.UrgentRemind, t.UrgentManager, t.UrgentContact = d.UrgentRemind, d.UrgentManager, d.UrgentContact
	}
	if t.RemindDays <= 0 || t.ManagerDays < t.RemindDays || t.ContactDays < t.ManagerDays {
		t.RemindDays, t.ManagerDays, t.ContactDays = d.RemindDays, d.ManagerDays, d.ContactDays
	}
	if t.Hour <= 0 || t.Hour > 23 {
		t.Hour = d.Hour
	}
	if t.Zone == nil {
		t.Zone = d.Zone
	}
	return t
}

// moments are when the team is reminded, a manager is asked, and the key contact.
func (t Times) moments(sent time.Time, urgent bool) (remind, manager, contact time.Time) {
	if urgent {
		return sent.Add(t.UrgentRemind), sent.Add(t.UrgentManager), sent.Add(t.UrgentContact)
	}
	on := func(days int) time.Time {
		day, err := time.ParseInLocation(time.DateOnly, WorkingDay(sent.In(t.Zone), days), t.Zone)
		if err != nil {
			return sent.AddDate(0, 0, days) // a day that was just made can be read
		}
		return time.Date(day.Year(), day.Month(), day.Day(), t.Hour, 0, 0, 0, t.Zone).UTC()
	}
	return on(t.RemindDays), on(t.ManagerDays), on(t.ContactDays)
}

// dueOn is the day by which a person should have acknowledged it.
func (t Times) dueOn(sent time.Time, urgent bool) string {
	if urgent {
		return sent.Add(t.UrgentRemind).In(t.Zone).Format(time.DateOnly)
	}
	return WorkingDay(sent.In(t.Zone), DueWorkingDays)
}

// Stage is how far the clock of a share has run.
type Stage string

// The stages. Nothing moves a share from one to the next: it follows from the time
// and from who works there.
const (
	InTime      Stage = ""
	Reminded    Stage = "reminded"
	WithManager Stage = "manager"
	WithContact Stage = "contact"
	WithNobody  Stage = "nobody"
)

// Label is the stage in words for people.
func (s Stage) Label() string {
	switch s {
	case Reminded:
		return "They were reminded"
	case WithManager:
		return "Escalated to a manager there"
	case WithContact:
		return "Escalated to the key contact there"
	case WithNobody:
		return "Nobody there can be asked: call them"
	case InTime:
	}
	return "Waiting"
}

// Responsible is somebody who is asked when nobody acknowledges.
type Responsible struct {
	Account string
	Manager bool
	Contact bool
	Teams   []string
}

// Turn is whose turn it is with a share that nobody has acknowledged.
type Turn struct {
	Stage    Stage
	Accounts []string
}

// TurnOf tells whose turn it is. It passes over everybody who is tied to the person
// it is about: where no manager is left, the key contact is asked at once.
func TurnOf(s Share, now time.Time, staff []Responsible, tied []string) Turn {
	switch {
	case s.State(now) != Waiting || s.RemindAt.IsZero() || now.Before(s.RemindAt):
		return Turn{}
	case now.Before(s.ManagerAt):
		return Turn{Stage: Reminded}
	}
	return Escalated(s.To.Team, !now.Before(s.ContactAt), staff, tied)
}

// listMost bounds what is listed of what nobody acknowledges.
const listMost = 50

// turns are whose turn it is with each of some shares: a few statements for each
// agency they went to, however many they are.
func turns(ctx context.Context, tx *store.Tx, shares []Share) (map[ID]Turn, error) {
	out := map[ID]Turn{}
	if len(shares) == 0 {
		return out, nil
	}
	staff := map[string][]Responsible{}
	var ids []string
	for _, s := range shares {
		ids = append(ids, string(s.ID))
		if _, has := staff[s.To.Agency]; has {
			continue
		}
		list, err := responsible(ctx, tx, s.To.Agency)
		if err != nil {
			return nil, err
		}
		staff[s.To.Agency] = list
	}
	tied := map[ID][]string{}
	in := among("m.share_id", ids)
	err := store.Each(ctx, tx, `SELECT DISTINCT m.share_id, t.account_id FROM share_mark m
		JOIN worker_mark k ON k.agency_id = m.agency_id AND k.mark = m.mark
		JOIN worker_tie t ON t.agency_id = k.agency_id AND t.id = k.tie_id
		JOIN share s ON s.id = m.share_id AND s.to_agency = m.agency_id
		WHERE t.withdrawn_at IS NULL AND `+in.SQL, in.Args, func(rows *sql.Rows) error {
		var id ID
		var account string
		err := rows.Scan(&id, &account)
		tied[id] = append(tied[id], account)
		return err
	})
	for _, s := range shares {
		out[s.ID] = TurnOf(s, tx.Now(), staff[s.To.Agency], tied[s.ID])
	}
	return out, err
}

func responsible(ctx context.Context, tx *store.Tx, agency string) ([]Responsible, error) {
	q := sharingdb.New(tx)
	rows, err := q.Responsible(ctx, agency)
	if err != nil {
		return nil, err
	}
	teams, err := q.ManagersTeams(ctx, agency)
	if err != nil {
		return nil, err
	}
	out := []Responsible{}
	for _, row := range rows {
		roles := strings.Fields(row.Roles)
		r := Responsible{Account: row.AccountID, Manager: slices.Contains(roles, string(policy.Manager)), Contact: slices.Contains(roles, string(policy.KeyContact))}
		for _, t := range teams {
			if t.AccountID == r.Account {
				r.Teams = append(r.Teams, t.TeamID)
			}
		}
		out = append(out, r)
	}
	return out, nil
}

func among(column string, values []string) store.Fragment {
	var w store.Where
	var b strings.Builder
	b.WriteString(column + " IN (")
	for i, v := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(w.Arg(v))
	}
	return store.Fragment{SQL: b.String() + ")", Args: w.Args()}
}

func turnResource(agency string, accounts []string) policy.Resource {
	if accounts == nil {
		accounts = []string{}
	}
	return policy.Resource{Type: "Turn", ID: agency, Attrs: policy.Attrs{"agency": agency, "accounts": accounts}}
}

// Urgent is something urgent that a worker sent and nobody has acknowledged.
type Urgent struct {
	Share
	Number int64 // of the case
	Stage  Stage
}

// Urgent are those of the actor, and those that programs sent from the actor's
// teams, the longest waiting first. It names nobody.
func (s *Service) Urgent(ctx context.Context, actor policy.Actor) ([]Urgent, error) {
	permit, err := s.guard.Act(ctx, actor, ActFollow, turnResource(actor.Agency, []string{actor.Account}), true)
	if err != nil {
		return nil, err
	}
	var out []Urgent
	var shown []audit.Subject
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := sharingdb.New(tx).UrgentOf(ctx, sharingdb.UrgentOfParams{AgencyID: actor.Agency, Account: actor.Account, OpenAt: tx.Now(), Size: listMost})
		if err != nil {
			return err
		}
		var shares []Share
		for _, row := range rows {
			shares = append(shares, asShare(row.Share))
		}
		turn, err := turns(ctx, tx, shares)
		if err != nil {
			return err
		}
		for i, share := range shares {
			out = append(out, Urgent{Share: share, Number: rows[i].Number, Stage: turn[share.ID].Stage})
			shown = append(shown, share.ID.Subject(), share.File.Subject())
		}
		return nil
	})
	if err != nil || len(shown) == 0 {
		return out, err
	}
	return out, permit.Show(ctx, shown...)
}

// StageOf is how far the clock of a share has run that was sent from a file.
func (s *Service) StageOf(ctx context.Context, f *cases.File, share Share) (Stage, error) {
	if !f.Permit().Valid() {
		return "", audit.ErrNoPermit
	}
	if share.From != f.Agency() {
		return "", store.ErrNotFound
	}
	var turn map[ID]Turn
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		turn, err = turns(ctx, tx, []Share{share})
		return err
	})
	return turn[share.ID].Stage, err
}

// Unanswered is a share that nobody has acknowledged, for those who are asked about
// it. It is the envelope: what it says is for its addressees.
type Unanswered struct {
	ID       ID
	Reason   Reason
	From     string // agency
	To       Recipient
	Urgent   bool
	Sent     time.Time
	Stage    Stage
	ChasedBy string // account of whoever last saw to it
	ChasedAt time.Time
}

// Path is where it is said what was done about it.
func (u Unanswered) Path() string { return "/sharing/unanswered/" + string(u.ID) }

// Unanswered are those about which the actor is asked, the longest waiting first.
func (s *Service) Unanswered(ctx context.Context, actor policy.Actor) ([]Unanswered, error) {
	permit, err := s.guard.Act(ctx, actor, ActChase, turnResource(actor.Agency, []string{actor.Account}), true)
	if err != nil {
		return nil, err
	}
	var out []Unanswered
	var shown []audit.Subject
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := sharingdb.New(tx).Unanswered(ctx, sharingdb.UnansweredParams{AgencyID: actor.Agency, Now: nullTime(tx.Now()), OpenAt: tx.Now(), Size: 4 * listMost})
		if err != nil {
			return err
		}
		shares := asShares(rows)
		turn, err := turns(ctx, tx, shares)
		if err != nil {
			return err
		}
		var ids []string
		for _, share := range shares {
			t := turn[share.ID]
			if len(out) == listMost || !s.guard.Rules().Decide(actor, ActChase, turnResource(share.To.Agency, t.Accounts)).Allowed {
				continue
			}
			out = append(out, Unanswered{ID: share.ID, Reason: share.Reason, From: share.From, To: share.To, Urgent: share.Urgent, Sent: share.SentAt, Stage: t.Stage})
			ids, shown = append(ids, string(share.ID)), append(shown, share.ID.Subject())
		}
		if len(ids) == 0 {
			return nil
		}
		in := among("share_id", ids)
		return store.Each(ctx, tx, `SELECT share_id, account_id, chased_at FROM share_chase WHERE `+in.SQL+` ORDER BY id`, in.Args, func(rows *sql.Rows) error {
			var id ID
			var account string
			var at time.Time
			err := rows.Scan(&id, &account, &at)
			if i := slices.IndexFunc(out, func(u Unanswered) bool { return u.ID == id }); i >= 0 {
				out[i].ChasedBy, out[i].ChasedAt = account, at
			}
			return err
		})
	})
	if err != nil || len(shown) == 0 {
		return out, err
	}
	return out, permit.Show(ctx, shown...)
}

// chaseMost is the longest word on what was done.
const chaseMost = 1000

// Chase records what somebody who was asked did about it, and tells the sender by
// name. It acknowledges nothing: that is for those it was sent to. It returns
// forms.Errors by the field words, and [store.ErrConflict] when it is answered.
func (s *Service) Chase(ctx context.Context, actor policy.Actor, id ID, words string) error {
	var share Share
	var turn Turn
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := sharingdb.New(tx).ShareByID(ctx, string(id))
		if errors.Is(err, sql.ErrNoRows) || err == nil && row.ToAgency != actor.Agency {
			return nil // judged, recorded and answered as one that is not there
		}
		if err != nil {
			return err
		}
		share = asShare(row)
		all, err := turns(ctx, tx, []Share{share})
		turn = all[share.ID]
		return err
	})
	if err != nil {
		return err
	}
	permit, err := s.guard.Act(ctx, actor, ActChase, turnResource(share.To.Agency, turn.Accounts), false, id.Subject())
	if err != nil {
		return err
	}
	switch words = strings.TrimSpace(words); {
	case words == "":
		return forms.Errors{{Field: "words", Message: "Enter what you did, for the sender"}}
	case utf8.RuneCountInString(words) > chaseMost:
		return forms.Errors{{Field: "words", Message: "Shorten this to 1,000 characters or fewer"}}
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := sharingdb.New(tx)
		row, err := q.ShareByID(ctx, string(id))
		if err != nil {
			return err
		}
		if asShare(row).State(tx.Now()) != Waiting {
			return store.ErrConflict
		}
		key, err := tx.NewID()
		if err != nil {
			return err
		}
		err = q.InsertChase(ctx, sharingdb.InsertChaseParams{AgencyID: actor.Agency, ID: key, ShareID: string(id), AccountID: actor.Account, ChasedAt: tx.Now()})
		if err != nil {
			return err
		}
		err = cases.Deliver(ctx, tx, permit, cases.Address{Agency: share.From, File: share.File},
			cases.Event{Kind: cases.ShareChased, Text: actor.Name + ": " + words, Ref: string(id)}, nil)
		if err != nil {
			return err
		}
		return permit.Append(tx, ActChase, string(turn.Stage), id.Subject())
	})
}
