package actions

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/internal/casework/marac"
	"waymark/internal/registers/people"
)

// What a list may be, at most.
const (
	ListBytes = 1 << 20
	ListLines = 2000
	cellMost  = 2000 // bytes
)

// ListKind is what a list brings along.
type ListKind string

// The kinds of list.
const (
	Register ListKind = "register" // cases that were heard, or not taken
	Actions  ListKind = "actions"  // those still open
)

// Label is it in words for people.
func (k ListKind) Label() string {
	switch k {
	case Register:
		return "Cases of the register"
	case Actions:
		return "Open actions"
	}
	return string(k)
}

// ListState is where a list stands.
type ListState string

// The states of a list.
const (
	Checked   ListState = "checked"
	Taken     ListState = "taken"
	Discarded ListState = "discarded"
)

// Label is it in words for people.
func (s ListState) Label() string {
	switch s {
	case Checked:
		return "To be looked at"
	case Taken:
		return "Taken"
	case Discarded:
		return "Left"
	}
	return string(s)
}

// Columns are those of a kind of list, in the order of the example.
// docs/marac-import.md says what each may hold.
func Columns(k ListKind) []string {
	if k == Actions {
		return []string{"case_number", "agency", "action", "target", "due_on", "volunteered_by"}
	}
	return []string{
		"case_number", "referred_on", "outcome", "heard_on", "referred_by", "repeat_of",
		"victim_given", "victim_family", "victim_aliases", "victim_born", "victim_address",
		"perpetrator_1_given", "perpetrator_1_family", "perpetrator_1_aliases", "perpetrator_1_born", "perpetrator_1_address", "perpetrator_1_relation",
		"perpetrator_2_given", "perpetrator_2_family", "perpetrator_2_aliases", "perpetrator_2_born", "perpetrator_2_address", "perpetrator_2_relation",
		"children", "repeat", "idva", "bme", "lgbt", "disabled", "male", "victim_16_17", "perpetrator_to_17",
	}
}

// needed are the columns without which a list is none.
func needed(k ListKind) []string {
	if k == Actions {
		return []string{"case_number", "agency", "action", "target", "due_on"}
	}
	return []string{"case_number", "referred_on", "outcome", "referred_by", "victim_family", "perpetrator_1_family"}
}

// Row is one line of a list, as it was read.
type Row struct {
	Line  int               `json:"line"` // in the file, the head is 1
	Cells map[string]string `json:"cells"`

	Faults  []Fault `json:"-"`
	Already bool    `json:"-"` // it is on the register
}

// Fault is what is wrong with a cell.
type Fault struct {
	Column string
	Says   string
}

// ErrList is returned for a file that is no list at all. It says why in words for
// people.
type ErrList struct{ Says string }

func (e *ErrList) Error() string { return e.Says }

// read reads a list. What is not a list is an [*ErrList]: nothing is guessed.
func read(body []byte) (ListKind, []Row, error) {
	none := func(format string, args ...any) (ListKind, []Row, error) {
		return "", nil, &ErrList{fmt.Sprintf(format, args...)}
	}
	switch {
	case len(body) == 0:
		return none("The file is empty")
	case len(body) > ListBytes:
		return none("The file is larger than 1 MB. Bring it along in parts")
	case bytes.IndexByte(body, 0) >= 0 || !utf8.Valid(body):
		return none("The file is not written in UTF-8. Save it as “CSV UTF-8”, and bring it along again")
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(body))
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if err != nil {
		return none("The first line cannot be read. It must name the columns")
	}
	at := map[string]int{}
	for i, h := range head {
		h = strings.ToLower(strings.TrimSpace(h))
		if h == "" {
			continue
		}
		if _, twice := at[h]; twice {
			return none("The column %q stands there twice", h)
		}
		at[h] = i
	}
	kind := Register
	if _, ok := at["due_on"]; ok {
		kind = Actions
	}
	for _, c := range needed(kind) {
		if _, ok := at[c]; !ok {
			return none("The column %q is missing", c)
		}
	}
	for h := range at {
		if !slices.Contains(Columns(kind), h) {
			return none("The column %q is not known", h)
		}
	}
	rows, err := lines(r, len(head), at)
	var said *ErrList
	if errors.As(err, &said) {
		return "", nil, said
	}
	if len(rows) == 0 {
		return none("There is no line below the names of the columns")
	}
	return kind, rows, err
}

func lines(r *csv.Reader, columns int, at map[string]int) ([]Row, error) {
	var out []Row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, &ErrList{fmt.Sprintf("The file cannot be read: %s", csvSays(err))}
		}
		line, _ := r.FieldPos(0)
		if len(cells) != columns {
			return nil, &ErrList{fmt.Sprintf("Line %d has %d cells, and there are %d columns", line, len(cells), columns)}
		}
		row := Row{Line: line, Cells: map[string]string{}}
		for name, i := range at {
			if v := strings.TrimSpace(cells[i]); v != "" {
				row.Cells[name] = v
			}
		}
		if len(row.Cells) == 0 {
			continue // a line of commas
		}
		if out = append(out, row); len(out) > ListLines {
			return nil, &ErrList{"There are more than 2,000 lines. Bring them along in parts"}
		}
	}
}

// csvSays is what is wrong with a file, without anything that stands in it.
func csvSays(err error) string {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return fmt.Sprintf("a quotation mark is wrong near line %d", p.Line)
	}
	return "it is damaged"
}

// known is what a list is checked against.
type known struct {
	today    string
	agencies map[string]string // id by code and by name, in small letters
	numbers  map[string]placed // of the register
	sources  map[string]bool   // lines that were taken before
	owners   []Owner
}

type placed struct {
	id      marac.CaseID
	file    string
	meeting string
}

// number is a number of a register: of this project's own sort, or one that begins
// with a letter, which cannot be taken for one.
var number = regexp.MustCompile(`^([0-9]{4}/[0-9]{1,6}|[A-Za-z][A-Za-z0-9/._-]{0,39})$`)

// check says what is wrong with the lines of a list, and which are there already.
func check(kind ListKind, rows []Row, k known) {
	seen := map[string]int{}
	for i := range rows {
		r := &rows[i]
		for c, v := range r.Cells {
			if len(v) > cellMost {
				r.fault(c, "It is longer than 2,000 characters")
			} else if strings.ContainsFunc(v, func(c rune) bool { return c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == utf8.RuneError }) {
				r.fault(c, "It has characters that cannot be read")
			}
		}
		if n := r.Cells["case_number"]; !number.MatchString(n) {
			r.fault("case_number", "Enter a number such as 2026/014, or one that begins with a letter")
		}
		if kind == Actions {
			r.checkAction(k)
		} else {
			r.checkCase(k, rows[:i])
		}
		key := r.key(kind)
		if first, twice := seen[key]; twice {
			r.fault("case_number", fmt.Sprintf("It is the same as line %d", first))
		}
		seen[key] = r.Line
		slices.SortFunc(r.Faults, func(a, b Fault) int { return strings.Compare(a.Column, b.Column) })
	}
}

func (r *Row) fault(column, says string) { r.Faults = append(r.Faults, Fault{column, says}) }

// key is what makes a line another line.
func (r Row) key(kind ListKind) string {
	if kind == Register {
		return strings.ToLower(r.Cells["case_number"])
	}
	return strings.ToLower(strings.Join([]string{r.Cells["case_number"], r.Cells["agency"], r.Cells["action"], r.day("due_on")}, "\x00"))
}

func (k known) agency(words string) string { return k.agencies[strings.ToLower(words)] }

// day is a cell as a day, YYYY-MM-DD: 2026-03-27 or 27/03/2026; empty for none.
func (r Row) day(column string) string {
	for _, layout := range []string{time.DateOnly, "02/01/2006", "2/1/2006"} {
		if t, err := time.Parse(layout, r.Cells[column]); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}

// answer is a cell as an answer; empty is not known.
func (r Row) answer(column string) (marac.Answer, bool) {
	switch strings.ToLower(r.Cells[column]) {
	case "yes", "y":
		return marac.Yes, true
	case "no", "n":
		return marac.No, true
	case "", "unknown", "not known":
		return marac.Unknown, true
	}
	return "", false
}

// answers are the columns that hold one.
var answers = []string{"repeat", "bme", "lgbt", "disabled", "male", "victim_16_17", "perpetrator_to_17"}

// parts are the columns of somebody, by their beginning.
var parts = []struct {
	begin string
	part  marac.Part
}{{"victim", marac.Victim}, {"perpetrator_1", marac.Perpetrator}, {"perpetrator_2", marac.Perpetrator}}

// identity is somebody of a line; ok is false when nobody is named.
func (r Row) identity(begin string, part marac.Part) (out marac.Identity, ok bool) {
	get := func(end string) string { return r.Cells[begin+"_"+end] }
	out = marac.Identity{Part: part, Address: get("address"), Relation: get("relation"), Details: people.Details{GivenName: get("given"), FamilyName: get("family"), Born: get("born")}}
	if b := r.day(begin + "_born"); b != "" {
		out.Details.Born = b
	}
	for _, a := range strings.Split(get("aliases"), ";") {
		if a = strings.TrimSpace(a); a != "" {
			out.Aliases = append(out.Aliases, a)
		}
	}
	return out, out.Details.GivenName != "" || out.Details.FamilyName != ""
}

func (r Row) about() (out []marac.Identity) {
	for _, p := range parts {
		if i, ok := r.identity(p.begin, p.part); ok {
			out = append(out, i)
		}
	}
	return out
}

// outcomes are what became of a case.
var outcomes = map[string]marac.State{"heard": marac.Heard, "not taken": marac.Declined, "transferred": marac.Transferred}

// idvas are what a list says of an IDVA.
var idvas = map[string]marac.Represented{
	"": marac.NotKnown, "not known": marac.NotKnown, "referred": marac.ReferredIDVA, "accepted": marac.Accepted, "declined": marac.TheyDeclined, "none": marac.NoIDVA,
}

func (r *Row) checkCase(k known, before []Row) {
	_, r.Already = k.numbers[r.Cells["case_number"]]
	on, heard := r.day("referred_on"), r.day("heard_on")
	switch {
	case on == "":
		r.fault("referred_on", "Enter a day such as 2026-03-27 or 27/03/2026")
	case on > k.today:
		r.fault("referred_on", "This day is to come")
	}
	outcome, ok := outcomes[strings.ToLower(r.Cells["outcome"])]
	switch {
	case !ok:
		r.fault("outcome", "Enter heard, not taken or transferred")
	case outcome == marac.Heard && heard == "":
		r.fault("heard_on", "Enter the day on which it was heard, such as 2026-03-27")
	case outcome != marac.Heard && r.Cells["heard_on"] != "":
		r.fault("heard_on", "Leave this empty: it was not heard")
	case heard != "" && (heard > k.today || on != "" && heard < on):
		r.fault("heard_on", "This day is to come, or before it was referred")
	}
	if k.agency(r.Cells["referred_by"]) == "" {
		r.fault("referred_by", "No agency of the directory has this code or name")
	}
	if of := r.Cells["repeat_of"]; of != "" {
		_, there := k.numbers[of]
		if !there && !slices.ContainsFunc(before, func(b Row) bool { return b.Cells["case_number"] == of && len(b.Faults) == 0 }) {
			r.fault("repeat_of", "No case above, and none of the register, has this number")
		}
	}
	for _, p := range parts {
		i, named := r.identity(p.begin, p.part)
		if !named {
			if p.begin != "perpetrator_2" {
				r.fault(p.begin+"_family", "Enter a name, such as “not known”")
			}
			continue
		}
		for _, e := range i.Details.Check() {
			column := "family"
			switch e.Field {
			case "given_name":
				column = "given"
			case "born":
				column = "born"
			}
			r.fault(p.begin+"_"+column, e.Message)
		}
	}
	if n := r.Cells["children"]; n != "" {
		if v, err := strconv.Atoi(n); err != nil || v < 0 || v > 30 {
			r.fault("children", "Enter a number from 0 to 30")
		}
	}
	for _, c := range answers {
		if _, ok := r.answer(c); !ok {
			r.fault(c, "Enter yes or no, or leave it empty where it is not known")
		}
	}
	if _, ok := idvas[strings.ToLower(r.Cells["idva"])]; !ok {
		r.fault("idva", "Enter referred, accepted, declined or none, or leave it empty")
	}
}

// targets are what a list says of whom an action is for.
var targets = map[string]Target{"victim": Victim, "child": Child, "adult at risk": Adult, "perpetrator": Perpetrator, "staff": Staff}

func (r *Row) checkAction(k known) {
	if _, ok := k.numbers[r.Cells["case_number"]]; !ok {
		r.fault("case_number", "No case of the register has this number. Take the register first")
	}
	owner := k.agency(r.Cells["agency"])
	at := slices.IndexFunc(k.owners, func(o Owner) bool { return o.Agency == owner })
	target, ok := targets[strings.ToLower(r.Cells["target"])]
	switch {
	case owner == "":
		r.fault("agency", "No agency of the directory has this code or name")
	case at < 0:
		r.fault("agency", "This agency does not sit at the MARAC. Let it name somebody first")
	case ok && k.owners[at].Walled && target.Told():
		r.fault("target", "This agency works with people who harm. It takes on what is for them, or for staff")
	}
	if !ok {
		r.fault("target", "Enter victim, child, adult at risk, perpetrator or staff")
	}
	if r.Cells["action"] == "" {
		r.fault("action", "Enter what is to be done")
	}
	if r.day("due_on") == "" {
		r.fault("due_on", "Enter a day such as 2026-03-27 or 27/03/2026")
	}
	r.Already = k.sources[r.source()]
}

// source is by what a line is known again once it was taken: a fingerprint that the
// MARAC's register keeps.
func (r Row) source() string {
	return hex.EncodeToString(digest(r.key(Actions)))
}
