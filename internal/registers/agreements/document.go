package agreements

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/directory"
)

// Party is an agency that is bound, whole or with some of its teams.
type Party struct {
	Agency directory.AgencyID `json:"agency"`
	Teams  []directory.TeamID `json:"teams,omitempty"` // none: the whole agency
}

// Side is one end of a clause. What is left open is everybody.
type Side struct {
	Agency directory.AgencyID `json:"agency,omitempty"`
	Team   directory.TeamID   `json:"team,omitempty"`
	Role   policy.Role        `json:"role,omitempty"` // of who sends; never of who receives
}

// Clause is one rule, beside its words.
type Clause struct {
	ID         string      `json:"id"` // within the agreement
	Effect     Effect      `json:"effect"`
	From       Side        `json:"from"`
	To         Side        `json:"to"`
	Purpose    Purpose     `json:"purpose,omitempty"`    // empty: every one
	Subject    Subject     `json:"subject,omitempty"`    // empty: anybody
	Kinds      []Kind      `json:"kinds,omitempty"`      // none: everything
	Conditions []Condition `json:"conditions,omitempty"` // all of them
	Days       int         `json:"days,omitempty"`       // how long the receiver sees it; 0: as long as anything sent
	Months     int         `json:"months,omitempty"`     // how long the receiver keeps what they took in; 0: not said
	Words      string      `json:"words"`
}

// Document is what a version says.
type Document struct {
	Title    string   `json:"title"`
	About    string   `json:"about"` // what it is for, in plain words
	Parties  []Party  `json:"parties"`
	Clauses  []Clause `json:"clauses"`
	StartOn  string   `json:"start_on"`  // YYYY-MM-DD
	ReviewOn string   `json:"review_on"` // YYYY-MM-DD, or empty in a draft
}

// Bounds of a document.
const (
	titleMax   = 120
	wordsMax   = 2000
	partiesMax = 60
	clausesMax = 400
	teamsMax   = 60
	idMax      = 12
	daysMax    = 3660
	monthsMax  = 1200
)

// Party returns the party that an agency is.
func (d Document) Party(agency directory.AgencyID) (Party, bool) {
	for _, p := range d.Parties {
		if p.Agency == agency {
			return p, true
		}
	}
	return Party{}, false
}

// Clause returns the clause with an id.
func (d Document) Clause(id string) (Clause, bool) {
	i := slices.IndexFunc(d.Clauses, func(c Clause) bool { return c.ID == id })
	if i < 0 {
		return Clause{}, false
	}
	return d.Clauses[i], true
}

// NextID is an id that no clause has.
func (d Document) NextID() string {
	for n := len(d.Clauses) + 1; ; n++ {
		if _, has := d.Clause(fmt.Sprint(n)); !has {
			return fmt.Sprint(n)
		}
	}
}

// Check returns what keeps a draft from being kept, by field.
func (d Document) Check() forms.Errors {
	var errs forms.Errors
	line(&errs, "title", d.Title, titleMax, "Enter what the agreement is called")
	line(&errs, "about", d.About, wordsMax, "Enter what it is for, in plain words")
	for _, day := range []struct{ field, text, words string }{
		{"start_on", d.StartOn, "Enter the first day it is in force, such as 27 3 2027, or leave it empty"},
		{"review_on", d.ReviewOn, "Enter the day by which it is looked at again, such as 27 3 2028, or leave it empty"},
	} {
		if _, err := time.Parse(time.DateOnly, day.text); day.text != "" && err != nil {
			errs.Add(day.field, day.words)
		}
	}
	if d.StartOn != "" && d.ReviewOn != "" && d.ReviewOn <= d.StartOn {
		errs.Add("review_on", "Enter a day of review after the first day")
	}
	d.checkParties(&errs)
	if len(d.Clauses) > clausesMax {
		errs.Add("clauses", fmt.Sprintf("An agreement has %d clauses or fewer", clausesMax))
		return errs
	}
	seen := map[string]bool{}
	for _, c := range d.Clauses {
		if seen[c.ID] {
			errs.Add("clauses", "Two clauses are called "+c.ID)
		}
		seen[c.ID] = true
		for _, e := range d.CheckClause(c) {
			errs.Add("clause-"+c.ID, e.Message)
		}
	}
	return errs
}

func (d Document) checkParties(errs *forms.Errors) {
	seen := map[directory.AgencyID]bool{}
	for _, p := range d.Parties {
		if p.Agency == "" || seen[p.Agency] || len(p.Teams) > teamsMax || slices.Contains(p.Teams, "") {
			errs.Add("parties", "Select each party once")
		}
		seen[p.Agency] = true
	}
	if len(d.Parties) < 2 || len(d.Parties) > partiesMax {
		errs.Add("parties", fmt.Sprintf("Select at least two agencies, and %d or fewer", partiesMax))
	}
}

// CheckClause returns what is wrong with a clause of the document, by field.
func (d Document) CheckClause(c Clause) forms.Errors {
	var errs forms.Errors
	if c.ID == "" || len(c.ID) > idMax || strings.ContainsFunc(c.ID, notInID) {
		errs.Add("id", "Enter a number such as 4 or 4.2")
	}
	if !known(Effects(), c.Effect) {
		errs.Add("effect", "Select what the clause says")
	}
	d.checkSide(&errs, "from", c.From, "sends")
	d.checkSide(&errs, "to", c.To, "receives")
	if c.From.Role != "" && !known(Roles(), c.From.Role) {
		errs.Add("role", "Select the role of whoever sends, or leave it open")
	}
	if c.To.Role != "" {
		errs.Add("to", "A clause names an agency or a team that receives, and no role")
	}
	if c.From.Agency != "" && c.From.Agency == c.To.Agency {
		errs.Add("to", "Select another agency than the one that sends")
	}
	if c.Purpose != "" && !known(Purposes(), c.Purpose) {
		errs.Add("purpose", "Select the purpose, or leave it open")
	}
	if c.Subject != "" && !known(Subjects(), c.Subject) {
		errs.Add("subject", "Select whom it is about, or leave it open")
	}
	each(&errs, "kinds", c.Kinds, Kinds(), "Select kinds of information from the list, each once")
	each(&errs, "conditions", c.Conditions, Conditions(), "Select conditions from the list, each once")
	if c.Days < 0 || c.Days > daysMax {
		errs.Add("days", fmt.Sprintf("Enter a number of days up to %d, or leave it empty", daysMax))
	}
	if c.Months < 0 || c.Months > monthsMax {
		errs.Add("months", fmt.Sprintf("Enter a number of months up to %d, or leave it empty", monthsMax))
	}
	if c.Effect != Permit && (c.Days != 0 || c.Months != 0) {
		errs.Add("days", "Only a clause that lets something be shared says for how long")
	}
	line(&errs, "words", c.Words, wordsMax, "Enter the clause in plain words, as the parties sign it")
	return errs
}

func (d Document) checkSide(errs *forms.Errors, field string, s Side, does string) {
	p, is := d.Party(s.Agency)
	switch {
	case s.Agency == "" && s.Team == "":
	case !is:
		errs.Add(field, "Select a party that "+does+", or leave it open")
	case s.Team != "" && len(p.Teams) > 0 && !slices.Contains(p.Teams, s.Team):
		errs.Add(field, "Select a team that is bound by the agreement")
	}
}

// each adds a message unless every value is of the list, and there once.
func each[T comparable](errs *forms.Errors, field string, values, list []T, message string) {
	for i, v := range values {
		if !known(list, v) || slices.Contains(values[:i], v) {
			errs.Add(field, message)
			return
		}
	}
}

func line(errs *forms.Errors, field, text string, longest int, missing string) {
	switch {
	case strings.TrimSpace(text) == "":
		errs.Add(field, missing)
	case utf8.RuneCountInString(text) > longest:
		errs.Add(field, fmt.Sprintf("Shorten this to %d characters or fewer", longest))
	case !utf8.ValidString(text):
		errs.Add(field, "Enter this without special control characters")
	}
}

// notInID keeps ids to what can stand in an address, and between slashes and
// commas.
func notInID(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') && r != '.' }
