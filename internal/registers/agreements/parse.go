package agreements

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"waymark/internal/platform/policy"
	"waymark/internal/registers/directory"
)

// File is an agreement as a file has it: agencies and teams by their codes. Who
// advises and who signs is not in it: each party says that itself.
type File struct {
	Title    string       `json:"title"`
	About    string       `json:"about"`
	StartOn  string       `json:"start_on"`
	ReviewOn string       `json:"review_on"`
	Parties  []string     `json:"parties"` // "hospital", or "hospital/maternity" for a team of it
	Clauses  []FileClause `json:"clauses"`
}

// FileClause is a clause as a file has it.
type FileClause struct {
	ID         string   `json:"id"`
	Effect     string   `json:"effect"`
	From       string   `json:"from,omitempty"` // as in parties; empty: every party
	Role       string   `json:"role,omitempty"`
	To         string   `json:"to,omitempty"`
	Purpose    string   `json:"purpose,omitempty"`
	Subject    string   `json:"subject,omitempty"`
	Kinds      []string `json:"kinds,omitempty"`
	Conditions []string `json:"conditions,omitempty"`
	Days       int      `json:"days,omitempty"`
	Months     int      `json:"months,omitempty"`
	Words      string   `json:"words"`
}

// Problems are what keeps a file from being used, each a line.
type Problems []string

func (p Problems) Error() string { return strings.Join(p, "; ") }

// fileMax is more than any agreement may be.
const fileMax = 4 << 20

// ParseFile reads a file and says everything that is wrong with it. The document
// has codes where one that is kept has ids: [Resolve] puts them in.
func ParseFile(data []byte) (Document, error) {
	if len(data) > fileMax {
		return Document{}, Problems{"the file is larger than any agreement"}
	}
	var f File
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	if err := in.Decode(&f); err != nil {
		return Document{}, Problems{"it is no agreement as JSON: " + err.Error()}
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return Document{}, Problems{"something follows the agreement"}
	}
	d := f.document()
	var wrong Problems
	for _, e := range d.Check() {
		wrong = append(wrong, e.Field+": "+e.Message)
	}
	if wrong != nil {
		return Document{}, wrong
	}
	return d, nil
}

func (f File) document() Document {
	d := Document{Title: f.Title, About: f.About, StartOn: f.StartOn, ReviewOn: f.ReviewOn}
	for _, text := range f.Parties {
		s := side(text)
		i := slices.IndexFunc(d.Parties, func(p Party) bool { return p.Agency == s.Agency })
		switch {
		case i < 0 && s.Team == "":
			d.Parties = append(d.Parties, Party{Agency: s.Agency})
		case i < 0:
			d.Parties = append(d.Parties, Party{Agency: s.Agency, Teams: []directory.TeamID{s.Team}})
		case s.Team == "" || len(d.Parties[i].Teams) == 0:
			// The whole agency, and a team of it again: said twice, which Check names.
			d.Parties = append(d.Parties, Party{Agency: s.Agency})
		default:
			d.Parties[i].Teams = append(d.Parties[i].Teams, s.Team)
		}
	}
	for _, c := range f.Clauses {
		clause := Clause{
			ID: c.ID, Effect: Effect(c.Effect), From: side(c.From), To: side(c.To), Purpose: Purpose(c.Purpose), Subject: Subject(c.Subject),
			Days: c.Days, Months: c.Months, Words: c.Words,
		}
		clause.From.Role = policy.Role(c.Role)
		for _, k := range c.Kinds {
			clause.Kinds = append(clause.Kinds, Kind(k))
		}
		for _, k := range c.Conditions {
			clause.Conditions = append(clause.Conditions, Condition(k))
		}
		d.Clauses = append(d.Clauses, clause)
	}
	return d
}

func side(text string) Side {
	agency, team, _ := strings.Cut(text, "/")
	return Side{Agency: directory.AgencyID(agency), Team: directory.TeamID(team)}
}

// FileOf is a document as a file has it, with the codes of agencies and teams.
func FileOf(d Document, code func(directory.AgencyID, directory.TeamID) string) File {
	f := File{Title: d.Title, About: d.About, StartOn: d.StartOn, ReviewOn: d.ReviewOn, Parties: []string{}, Clauses: []FileClause{}}
	end := func(s Side) string {
		if s.Agency == "" {
			return ""
		}
		return code(s.Agency, s.Team)
	}
	for _, p := range d.Parties {
		if len(p.Teams) == 0 {
			f.Parties = append(f.Parties, code(p.Agency, ""))
		}
		for _, t := range p.Teams {
			f.Parties = append(f.Parties, code(p.Agency, t))
		}
	}
	for _, c := range d.Clauses {
		out := FileClause{
			ID: c.ID, Effect: string(c.Effect), From: end(c.From), Role: string(c.From.Role), To: end(c.To), Purpose: string(c.Purpose),
			Subject: string(c.Subject), Days: c.Days, Months: c.Months, Words: c.Words,
		}
		for _, k := range c.Kinds {
			out.Kinds = append(out.Kinds, string(k))
		}
		for _, k := range c.Conditions {
			out.Conditions = append(out.Conditions, string(k))
		}
		f.Clauses = append(f.Clauses, out)
	}
	return f
}

// Resolve puts ids where a document has codes. find returns the ids of an
// agency, and of a team of it where one is named.
func Resolve(d Document, find func(agency, team string) (directory.AgencyID, directory.TeamID, error)) (Document, error) {
	var wrong Problems
	put := func(agency directory.AgencyID, team directory.TeamID) (directory.AgencyID, directory.TeamID) {
		if agency == "" {
			return "", ""
		}
		a, t, err := find(string(agency), string(team))
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("%s/%s: %v", agency, team, err))
		}
		return a, t
	}
	out := d
	out.Parties, out.Clauses = nil, nil
	for _, p := range d.Parties {
		party := Party{}
		party.Agency, _ = put(p.Agency, "")
		for _, t := range p.Teams {
			_, team := put(p.Agency, t)
			party.Teams = append(party.Teams, team)
		}
		out.Parties = append(out.Parties, party)
	}
	for _, c := range d.Clauses {
		c.From.Agency, c.From.Team = put(c.From.Agency, c.From.Team)
		c.To.Agency, c.To.Team = put(c.To.Agency, c.To.Team)
		out.Clauses = append(out.Clauses, c)
	}
	if wrong != nil {
		return Document{}, wrong
	}
	return out, nil
}
