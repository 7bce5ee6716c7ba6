package intake

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"log/slog"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/intake/intakedb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// KeepDays is for how many days what went into no case is kept where the agency
// has decided nothing. It is a choice of this project.
const KeepDays = 90

// ID names an ask.
type ID string

// Subject is the ask in a ledger entry.
func (id ID) Subject() audit.Subject { return audit.Subject{Kind: "ask", ID: string(id)} }

// Words are all that somebody typed. Nothing of it is checked.
type Words struct {
	Device Say     `json:"device"` // is what they type on safe
	Reply  Reply   `json:"reply"`
	Means  []Means `json:"means,omitempty"`
	When   string  `json:"when,omitempty"`
	Answer string  `json:"answer,omitempty"` // who else may answer
	Voice  Say     `json:"voice,omitempty"`  // may a message be left
	Who    Say     `json:"who,omitempty"`    // may they say which service it is
	Never  string  `json:"never,omitempty"`  // what must never be done

	Agreed Agreed `json:"agreed,omitempty"` // somebody else asks: does the person know
	Asker  string `json:"asker,omitempty"`  // their name
	Role   string `json:"role,omitempty"`   // where they work and as what, or how they know them
	Back   string `json:"back,omitempty"`   // how they can be reached

	Name     string `json:"name"`
	Number   string `json:"number,omitempty"`
	Address  string `json:"address,omitempty"` // of e-mail
	Trusted  string `json:"trusted,omitempty"` // through whom, and how they are reached
	Language string `json:"language,omitempty"`
	Danger   Say    `json:"danger,omitempty"`
	Feared   string `json:"feared,omitempty"` // of whom they are afraid
	Text     string `json:"text,omitempty"`
}

// LogValue implements [slog.LogValuer].
func (Words) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String keeps the words out of messages.
func (Words) String() string { return "[redacted]" }

// NewAsk is what is sent from the public pages.
type NewAsk struct {
	Who   Who
	To    Place
	Once  string // what the page was sent with
	Words Words
}

// Place is a team.
type Place struct{ Agency, Team string }

const (
	lineMax = 300
	textMax = 4000
)

// CheckSafe returns what is wrong with the first page, by field.
func (n NewAsk) CheckSafe() forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Whos(), n.Who) {
		errs.Add("who", "Select who this is for")
	}
	if !slices.Contains(Says(), n.Words.Device) {
		errs.Add("device", "Select whether what you are using is safe")
	}
	return errs
}

// CheckContact returns what is wrong with the page on safe contact, by field.
func (n NewAsk) CheckContact() forms.Errors {
	var errs forms.Errors
	w := n.Words
	if !slices.Contains(Replies(), w.Reply) {
		errs.Add("reply", "Select whether a service may get in touch")
	}
	if w.Reply == Reach {
		if len(w.Means) == 0 {
			errs.Add("means", "Select at least one safe way")
		}
		for _, m := range w.Means {
			if !slices.Contains(MeansList(), m) {
				errs.Add("means", "Select at least one safe way")
			}
		}
		if w.When == "" {
			errs.Add("when", "Enter when it is safe, or “any time”")
		}
		if slices.Contains(w.Means, Call) && !slices.Contains(Says(), w.Voice) {
			errs.Add("voice", "Select whether a message may be left")
		}
		if !slices.Contains(Says(), w.Who) {
			errs.Add("say_who", "Select whether they may say who is calling")
		}
	}
	if n.Who != Self && n.Who != "" && !slices.Contains(Agreeds(), w.Agreed) {
		errs.Add("agreed", "Select whether the person knows that you ask")
	}
	tooLong(&errs, lineMax, map[string]string{"when": w.When, "answer": w.Answer})
	tooLong(&errs, textMax, map[string]string{"never": w.Never})
	return errs
}

// CheckAbout returns what is wrong with the last page, by field.
func (n NewAsk) CheckAbout() forms.Errors {
	var errs forms.Errors
	w := n.Words
	if n.To.Agency == "" || n.To.Team == "" {
		errs.Add("to", "Select which service is to be asked")
	}
	if w.Name == "" {
		errs.Add("name", map[bool]string{true: "Enter a name that we can use for you", false: "Enter the name that you know them by"}[n.Who == Self])
	}
	if w.Reply == Reach && (slices.Contains(w.Means, Call) || slices.Contains(w.Means, Text)) && !hasDigit(w.Number) {
		errs.Add("number", "Enter the telephone number")
	}
	if w.Reply == Reach && slices.Contains(w.Means, Mail) && !strings.Contains(w.Address, "@") {
		errs.Add("address", "Enter the e-mail address, such as name@example.org")
	}
	if w.Reply == Through && n.Who == Self && w.Trusted == "" {
		errs.Add("trusted", "Enter who they are, and how they can be reached")
	}
	if !slices.Contains(Says(), w.Danger) {
		errs.Add("danger", "Select whether somebody is in danger now")
	}
	if n.Who != Self && w.Asker == "" {
		errs.Add("asker", "Enter your name")
	}
	if n.Who != Self && w.Back == "" {
		errs.Add("back", "Enter how the service can reach you")
	}
	if n.Who == Work && w.Role == "" {
		errs.Add("role", "Enter where you work, and what you do there")
	}
	if w.Text == "" && w.Reply == Wait && n.Who != Self {
		errs.Add("text", "Enter what the service should know")
	}
	tooLong(&errs, lineMax, map[string]string{
		"name": w.Name, "number": w.Number, "address": w.Address, "trusted": w.Trusted, "language": w.Language, "feared": w.Feared, "asker": w.Asker, "role": w.Role, "back": w.Back,
	})
	tooLong(&errs, textMax, map[string]string{"text": w.Text})
	return errs
}

// Check returns what is wrong with all of it, by field.
func (n NewAsk) Check() forms.Errors {
	errs := n.CheckSafe()
	for _, e := range slices.Concat(n.CheckContact(), n.CheckAbout()) {
		errs.Add(e.Field, e.Message)
	}
	if len(n.Once) < 16 || len(n.Once) > 64 {
		errs.Add("name", "Start again: this page was left open too long")
	}
	return errs
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

func tooLong(errs *forms.Errors, most int, fields map[string]string) {
	for _, name := range sorted(fields) {
		if len(fields[name]) > most {
			errs.Add(name, map[int]string{lineMax: "Shorten this to 300 characters or fewer", textMax: "Shorten this to 4,000 characters or fewer"}[most])
		}
	}
}

func sorted(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Details are what is known of the person: a name, as it was typed.
func (w Words) Details() people.Details { return details(w.Name, w.Language) }

func details(name, language string) people.Details {
	given, family, _ := strings.Cut(name, " ")
	return people.Details{GivenName: given, FamilyName: strings.TrimSpace(family), Language: language}
}

// Ask is one that was sent, without its words.
type Ask struct {
	ID        ID
	Agency    string
	Team      string
	Who       Who
	Reference string
	State     State
	Danger    bool
	DueOn     string // by when the person is to be reached
	Arrived   time.Time
	Came      time.Time // to the team that has it: when it arrived, or was moved there
	Stage     Stage     // how far the clock of that team has run; of lists of what waits
	HeldBy    string    // account: who took it
	HeldAt    time.Time
	SettledAt time.Time
	SettledBy string
	Reason    Reason
	File      cases.ID
	Person    people.ID
	Version   int64
}

// Path is the address of its page.
func (a Ask) Path() string { return "/asks/" + string(a.ID) }

func asAsk(row intakedb.Ask) Ask {
	came := row.ArrivedAt
	if row.CameAt.Valid {
		came = row.CameAt.Time
	}
	return Ask{
		Came: came,
		ID:   ID(row.ID), Agency: row.AgencyID, Team: row.TeamID, Who: Who(row.Who), Reference: row.Reference, State: State(row.State), Danger: row.Danger,
		DueOn: row.DueOn, Arrived: row.ArrivedAt, HeldBy: row.HeldBy, HeldAt: row.HeldAt.Time, SettledAt: row.SettledAt.Time, SettledBy: row.SettledBy,
		Reason: Reason(row.Reason), File: cases.ID(row.FileID), Person: people.ID(row.PersonID), Version: row.Version,
	}
}

// reference is what whoever asked can quote: letters and digits that say
// nothing, read easily on a telephone.
func reference(id string) string {
	sum := sha256.Sum256([]byte("reference " + id))
	text := base32.NewEncoding("ABCDEFGHJKLMNPQRSTUVWXYZ23456789").WithPadding(base32.NoPadding).EncodeToString(sum[:5])
	return text[:4] + "-" + text[4:]
}

func place(agency, column, id string) store.Place {
	return store.Place{Agency: agency, Table: "ask", Column: column, Row: id}
}

// Config is what lies beside this package, and what a deployment decides.
type Config struct {
	// Times are when somebody is asked about what nobody takes.
	Times sharing.Times
	// Months is for how many months an agency keeps what went into no case, if it
	// has decided that.
	Months func(ctx context.Context, tx *store.Tx, agency string) (months int, decided bool, err error)
	// Asked begins the clock of the first contact of a case at the asking.
	Asked func(ctx context.Context, tx *store.Tx, f *cases.File, self bool, at time.Time) error
}

// Service is the only door to what was asked.
type Service struct {
	cases *cases.Service
	guard *audit.Guard
	facts *measures.Registry
	cfg   Config
}

// New makes the service.
func New(files *cases.Service, guard *audit.Guard, facts *measures.Registry) *Service {
	s := &Service{cases: files, guard: guard, facts: facts}
	s.Use(Config{})
	return s
}

// Use sets what lies beside the service.
func (s *Service) Use(cfg Config) {
	cfg.Times = cfg.Times.Filled()
	s.cfg = cfg
}
