package sharing

import (
	"database/sql"
	"log/slog"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing/sharingdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// ID names a share.
type ID string

// Subject is the share in a ledger entry.
func (id ID) Subject() audit.Subject { return audit.Subject{Kind: "share", ID: string(id)} }

// DefaultLife is after how long a share expires when a deployment does not say
// otherwise. It is a choice of this project, not a figure of the field.
const DefaultLife = 12 // months

// DueWorkingDays is within how many working days a person should have
// acknowledged a share. It is a choice of this project.
const DueWorkingDays = 1

// Config is what a deployment decides about shares.
type Config struct {
	// Months is after how many months a share expires; 0 means DefaultLife.
	Months int
	// Agreements are asked about what is sent; nil where there are none.
	Agreements Agreements
	// Times are when somebody is asked about what nobody acknowledges; what is not
	// set is as in [DefaultTimes].
	Times Times
}

// Service is the only door to shares.
type Service struct {
	db     *store.DB
	guard  *audit.Guard
	cases  *cases.Service
	months int

	agreements Agreements
	times      Times
	followers  []Follower
}

// New makes the service.
func New(db *store.DB, guard *audit.Guard, service *cases.Service, cfg Config) *Service {
	if cfg.Months <= 0 {
		cfg.Months = DefaultLife
	}
	return &Service{db: db, guard: guard, cases: service, months: cfg.Months, agreements: cfg.Agreements, times: cfg.Times.or(DefaultTimes())}
}

// workingDay is the nth working day after a time, and day the day of one, where
// days are counted.
func (s *Service) workingDay(from time.Time, n int) string {
	return WorkingDay(from.In(s.times.Zone), n)
}

func (s *Service) day(at time.Time) string { return at.In(s.times.Zone).Format(time.DateOnly) }

// Recipient is to whom a share goes: the inbox of a team, or a named person.
type Recipient struct {
	Agency  string
	Team    string
	Account string
}

// Item is one thing that a share tells.
type Item struct {
	Kind  ItemKind
	Title string
	Text  string
}

// Views are what the person said about the share. They are no lawful basis.
type Views struct {
	Asked    Asked
	Words    string // in their own words
	Present  string // who was there when they said it
	Why      string // why they were not asked
	Informed Informed
	How      string // how they know, or will be told
	NotTold  string // why they were not told
	TellOn   string // YYYY-MM-DD: when to look again whether they can be told
}

// Grounds are why it may be shared without the person's agreement.
type Grounds struct {
	SeriousRisk bool // to the person or to somebody else
	ChildAtRisk bool
	Incapacity  bool // they cannot decide this themselves now; the rationale says how that is known
	CourtOrder  bool
	Other       bool // the rationale says which
}

// Any tells whether there is a ground.
func (g Grounds) Any() bool {
	return g.SeriousRisk || g.ChildAtRisk || g.Incapacity || g.CourtOrder || g.Other
}

// Labels are the grounds in words for people.
func (g Grounds) Labels() []string {
	var out []string
	if g.SeriousRisk {
		out = append(out, "Serious risk to them or to somebody else")
	}
	if g.ChildAtRisk {
		out = append(out, "A child is at risk")
	}
	if g.Incapacity {
		out = append(out, "They cannot decide this themselves now")
	}
	if g.CourtOrder {
		out = append(out, "A court has ordered it")
	}
	if g.Other {
		out = append(out, "Another ground, given in the reasons")
	}
	return out
}

// Share is the envelope of a packet: everything but the words.
type Share struct {
	ID             ID
	Reason         Reason
	Answers        ID // the share it answers
	From           string
	File           cases.ID  // the sender's
	Person         people.ID // as the sender knows them
	Sender         string    // account
	SenderTeam     string
	To             Recipient
	Basis          Basis
	Agreement      Agreement
	Asked          Asked
	Informed       Informed
	TellOn         string
	Grounds        Grounds
	ActedNow       bool
	DueOn          string
	SentAt         time.Time
	ExpiresAt      time.Time
	AcknowledgedAt time.Time // zero: not yet
	AcknowledgedBy string
	SettledAt      time.Time
	Outcome        Outcome
	WithdrawnAt    time.Time
	Urgent         bool
	RemindAt       time.Time // when the team is reminded,
	ManagerAt      time.Time // a manager there is asked,
	ContactAt      time.Time // and the key contact there
	Corrects       ID        // the share it puts right
}

// Open tells whether a receiver can see it at a time.
func (s Share) Open(now time.Time) bool { return s.WithdrawnAt.IsZero() && now.Before(s.ExpiresAt) }

// State is where it stands at a time.
func (s Share) State(now time.Time) State {
	switch {
	case !s.WithdrawnAt.IsZero():
		return Withdrawn
	case !s.SettledAt.IsZero():
		return Settled
	case !now.Before(s.ExpiresAt):
		return Expired
	case !s.AcknowledgedAt.IsZero():
		return Acknowledged
	}
	return Waiting
}

// Path is the address of the share in its receivers' inbox.
func (s Share) Path() string { return "/referrals/" + string(s.ID) }

func (s Share) resource(now time.Time, tied []string) policy.Resource {
	return policy.Resource{Type: "Share", ID: string(s.ID), Attrs: policy.Attrs{
		"from": s.From, "sender": s.Sender, "to": s.To.Agency, "team": s.To.Team, "account": s.To.Account,
		"open": s.ID != "" && s.Open(now), "tied": tied,
	}}
}

// Content is what a share says, as one agency's copy has it.
type Content struct {
	Sender    string // the name of the worker who sent it
	Protects  string // who is protected
	Harm      string // from what
	Danger    string // what harm sharing could do, and what is done about it
	Rationale string
	Views     Views
	Person    people.Details // as the sender had them
	Items     []Item
	Said      []PartAnswer // what the agreements said of it when it was sent
}

// LogValue implements [slog.LogValuer].
func (Content) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String keeps the words out of messages.
func (Content) String() string { return "[redacted]" }

// Item returns the text of the first item of a kind.
func (c Content) Item(k ItemKind) string {
	for _, i := range c.Items {
		if i.Kind == k {
			return i.Text
		}
	}
	return ""
}

func asShare(row sharingdb.Share) Share {
	return Share{
		ID: ID(row.ID), Reason: Reason(row.Reason), Answers: ID(row.Answers), From: row.AgencyID, File: cases.ID(row.FileID),
		Person: people.ID(row.PersonID), Sender: row.SenderAccount, SenderTeam: row.SenderTeam,
		To:    Recipient{Agency: row.ToAgency, Team: row.ToTeam, Account: row.ToAccount},
		Basis: Basis(row.Basis), Agreement: Agreement(row.Agreement), Asked: Asked(row.Asked), Informed: Informed(row.Informed), TellOn: row.TellOn,
		Grounds:  Grounds{SeriousRisk: row.SeriousRisk, ChildAtRisk: row.ChildAtRisk, Incapacity: row.Incapacity, CourtOrder: row.CourtOrder, Other: row.OtherGround},
		ActedNow: row.ActedNow, DueOn: row.DueOn, SentAt: row.SentAt, ExpiresAt: row.ExpiresAt,
		AcknowledgedAt: row.AcknowledgedAt.Time, AcknowledgedBy: row.AcknowledgedBy,
		SettledAt: row.SettledAt.Time, Outcome: Outcome(row.Outcome), WithdrawnAt: row.WithdrawnAt.Time,
		Urgent: row.Urgent, RemindAt: row.RemindAt.Time, ManagerAt: row.ManagerAt.Time, ContactAt: row.ContactAt.Time, Corrects: ID(row.Corrects),
	}
}

func asShares(rows []sharingdb.Share) []Share {
	out := make([]Share, len(rows))
	for i, row := range rows {
		out[i] = asShare(row)
	}
	return out
}

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: true} }

// WorkingDay is the nth working day after a time, as YYYY-MM-DD. Mondays to
// Fridays count; public holidays are not known here.
func WorkingDay(from time.Time, n int) string {
	day := from
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			n--
		}
	}
	return day.Format(time.DateOnly)
}
