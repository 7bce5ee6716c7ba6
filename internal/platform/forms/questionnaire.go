package forms

import (
	"encoding/json"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/platform/fhirpath"
)

// Questionnaire is one version of a question set. It is never changed after parsing.
type Questionnaire struct {
	URL         string
	Version     string
	Name        string
	Title       string
	Status      string // draft, active, retired or unknown
	Description string
	Copyright   string
	Language    string
	Items       []*Item

	keep    object // everything that came in, at this level
	byLink  map[string]*Item
	scores  []*Score
	notices []Problem

	base  *Questionnaire // what this was spread out from
	cut   bool           // there was more than it can hold
	order map[*Item]int  // of the items of a form in which something repeats

	expressive  bool // something is computed
	variables   []variable
	constraints []constraint
	document    *fhirpath.Document // the form as expressions read it
	launch      Launch
}

// Type is what an item is.
type Type string

const (
	TypeGroup   Type = "group"
	TypeDisplay Type = "display" // a text to read
	TypeBoolean Type = "boolean"
	TypeChoice  Type = "choice"
	TypeString  Type = "string" // one line
	TypeText    Type = "text"   // several lines
	TypeDate    Type = "date"   // a day, a month or a year
	TypeInteger Type = "integer"
	TypeDecimal Type = "decimal"
	TypeTime    Type = "time"
	TypeURL     Type = "url"
	// TypeDateTime is a day with a time, or a day, a month or a year.
	TypeDateTime Type = "dateTime"
	TypeQuantity Type = "quantity" // a number with its unit
	// TypeReference is somebody or something with a record of its own, called by name: who may know of that
	// record is not for a form to say.
	TypeReference Type = "reference"
	// TypeAttachment is a document, called by its name: it is kept where documents are checked.
	TypeAttachment Type = "attachment"
)

// Item is a group, a text to read, or a question.
type Item struct {
	LinkID      string
	Prefix      string // the number people see
	Text        string
	Short       string // for lists and messages, where the text is too long
	Type        Type
	Required    bool
	Repeats     bool
	MaxLength   int
	Min, Max    string // of an integer, a decimal or a date
	Codes       []Coding
	Options     []Option
	EnableWhen  []Condition
	EnableAny   bool     // one condition is enough; otherwise all must hold
	Initial     []string // as in Answer.Values
	Control     Control
	Orientation Orientation
	Open        bool     // a choice that takes another answer, in words
	OpenLabel   string   // what asks for it
	Hidden      bool     // kept in the response and not shown
	ReadOnly    bool     // computed, or given by the form
	Unit        string   // of a number, in words
	Units       []Coding // of a quantity, to choose from
	Series      *Series  // on what holds the repetitions of a part of the form
	Nth         int      // of a repetition, from 1
	MinLength   int
	MaxDecimals int    // below 0 where the form sets none
	MinOccurs   int    // how many answers or repetitions there must be
	MaxOccurs   int    // how many there may be; 0 where the form sets none
	Markdown    string // the text with its marks, where the form has them
	Items       []*Item

	pattern     *regexp.Regexp
	variables   []variable
	constraints []constraint
	calculated  *fhirpath.Expression
	initially   *fhirpath.Expression
	enabled     *fhirpath.Expression

	format string // how to write the answer, from the form's author
	wrote  string // the type as the form has it, where it is another one
	parent *Item
	keep   object

	// Of an item that was spread out: what it is one of, in which repetitions, and which one it is itself.
	of     *Item
	at, id string
}

// Control is how the author of the form wants a question or a text shown.
type Control string

const (
	ControlPlain    Control = ""
	ControlRadio    Control = "radio-button"
	ControlCheckbox Control = "check-box"
	ControlDropDown Control = "drop-down"
	ControlHelp     Control = "help" // a text that explains the question it hangs under
	ControlPage     Control = "page" // a group of the form that has a page of its own
	// ControlAutocomplete is a choice in which one types to find an answer, as one does in a drop-down.
	ControlAutocomplete Control = "autocomplete"
	ControlSlider       Control = "slider" // a number, typed
	ControlUnit         Control = "unit"   // a text that is the unit of the question it hangs under
)

// Orientation is whether options stand side by side.
type Orientation string

const (
	OrientationUnset      Orientation = ""
	OrientationHorizontal Orientation = "horizontal"
	OrientationVertical   Orientation = "vertical"
)

// Coding is a code of a code system, with words for people.
type Coding struct {
	System, Version, Code, Display string
	Weight                         string // a number that the form counts for it, or nothing
}

// Is says whether two codings name the same thing. Words and weights do not count.
func (c Coding) Is(other Coding) bool { return c.System == other.System && c.Code == other.Code }

// Option is one of the answers of a choice: a coding or a text, which may stand for a number, a date or a time.
type Option struct {
	Coding    Coding
	String    string
	Type      ValueType // of the text, where it stands for something else
	Prefix    string
	Exclusive bool // "None of these": goes with no other
}

// Key is what a form sends for the option.
func (o Option) Key() string {
	if o.String != "" {
		return o.String
	}
	return o.Coding.Code
}

// Label is the option in words.
func (o Option) Label() string {
	return joined(o.Prefix, o.value().Label())
}

func (o Option) value() Value {
	if o.String != "" && o.Type != "" {
		return Value{Type: o.Type, Text: o.String}
	}
	if o.String != "" {
		return Value{Type: ValueString, Text: o.String}
	}
	return Value{Type: ValueCoding, Coding: o.Coding}
}

// Canonical is the address and version that a response names.
func (q *Questionnaire) Canonical() string { return q.URL + "|" + q.Version }

// Item finds an item, or nil.
func (q *Questionnaire) Item(linkID string) *Item { return q.byLink[linkID] }

// All yields every item in the order in which they are asked.
func (q *Questionnaire) All() iter.Seq[*Item] {
	return func(yield func(*Item) bool) { walk(q.Items, yield) }
}

func walk(items []*Item, yield func(*Item) bool) bool {
	for _, i := range items {
		if !yield(i) || !walk(i.Items, yield) {
			return false
		}
	}
	return true
}

// Questions yields the items that take an answer, in the order in which they are asked.
func (q *Questionnaire) Questions() iter.Seq[*Item] {
	return func(yield func(*Item) bool) {
		walk(q.Items, func(i *Item) bool { return !i.IsQuestion() || yield(i) })
	}
}

// Pages divides the items of the form into pages: each of its groups that is to have one begins a page, and
// what stands behind it without belongs to it. A form that names none is one page.
func (q *Questionnaire) Pages() [][]*Item {
	var pages [][]*Item
	for _, i := range q.Items {
		if len(pages) == 0 || i.Control == ControlPage && slices.ContainsFunc(pages[len(pages)-1], func(o *Item) bool { return o.Control == ControlPage }) {
			pages = append(pages, nil)
		}
		pages[len(pages)-1] = append(pages[len(pages)-1], i)
	}
	return pages
}

// Notices names what came in, is kept, and is not used here.
func (q *Questionnaire) Notices() []Problem { return q.notices }

// IsQuestion says whether the item takes an answer.
func (i *Item) IsQuestion() bool { return i.Type != TypeGroup && i.Type != TypeDisplay }

// ByExpression says whether an expression decides if the item is asked.
func (i *Item) ByExpression() bool { return i.enabled != nil }

// Worked says whether the answer is worked out, and not given by anybody.
func (i *Item) Worked() bool { return i.calculated != nil }

// Words is an answer as people read it. What does not hold stays as it was typed.
func (i *Item) Words(typed string) string {
	if i.Type == TypeChoice {
		if o := i.Option(typed); o != nil {
			return o.Label()
		}
		return typed
	}
	if v, ok := i.valueOf(typed); ok {
		return v.Label()
	}
	return typed
}

// Title is what people see: the prefix and the text.
func (i *Item) Title() string {
	title := joined(i.Prefix, i.Text)
	if i.Prefix != "" && !strings.ContainsAny(i.Prefix[len(i.Prefix)-1:], ".):") {
		title = joined(i.Prefix+".", i.Text)
	}
	return i.numbered(title)
}

// numbered says which repetition it is.
func (i *Item) numbered(words string) string {
	switch {
	case i.Nth == 0:
		return words
	case i.IsQuestion() && i.parent != nil && len(i.parent.Items) == 1:
		return words // there is no other
	case i.IsQuestion():
		return words + " (" + strconv.Itoa(i.Nth) + ")"
	default:
		return joined(words, strconv.Itoa(i.Nth))
	}
}

// Called is what people call the item where its whole text would be too long.
func (i *Item) Called() string { return i.ownName() }

// name is what messages call the item, with the repetition it stands in.
func (i *Item) name() string {
	if place := i.Place(); place != "" {
		return i.ownName() + ", " + place
	}
	return i.ownName()
}

func (i *Item) ownName() string { return i.numbered(i.plainName()) }

func (i *Item) plainName() string {
	if i.Short != "" {
		return i.Short
	}
	if i.Text != "" {
		return i.Text
	}
	if i.Prefix != "" {
		return i.Prefix
	}
	return i.origin()
}

// Hint is what explains the question: the texts under it that are there for that and stand without a
// condition, and how to write the answer.
func (i *Item) Hint() string {
	var parts []string
	for _, child := range i.Items {
		if child.IsHelp() && child.Control == ControlHelp {
			parts = append(parts, child.Text)
		}
	}
	if i.format != "" {
		parts = append(parts, i.format)
	}
	return strings.Join(parts, " ")
}

// IsHelp says whether the item is shown with the one it hangs under: as its hint, or as its unit.
func (i *Item) IsHelp() bool {
	return i.Type == TypeDisplay && (i.Control == ControlHelp || i.Control == ControlUnit) && len(i.EnableWhen) == 0 && i.parent != nil
}

// Option finds the option that a form sends as key, or nil.
func (i *Item) Option(key string) *Option {
	for n := range i.Options {
		if i.Options[n].Key() == key {
			return &i.Options[n]
		}
	}
	return nil
}

func (i *Item) optionOf(v Value) *Option {
	for n := range i.Options {
		if i.Options[n].value().Is(v) {
			return &i.Options[n]
		}
	}
	return nil
}

// Field is the name of the item's control, its id on the page, and its key in Errors. Only letters,
// digits and dots of the linkId stand as they are, so that no field looks like a part of another one.
func (i *Item) Field() string { return fieldOf(i.LinkID) }

// FieldOrigin is the field of an item in the form, for that of one of its repetitions.
func FieldOrigin(field string) string {
	field, _, _ = strings.Cut(field, fieldAt)
	return field
}

// fieldAt stands before the numbers of repetitions: no digit of a letter that is written by its number.
const fieldAt = "_r"

func fieldOf(key string) string {
	linkID, at := originOf(key)
	if at != "" {
		return fieldOf(linkID) + fieldAt + at
	}
	const hex = "0123456789abcdef"
	var b strings.Builder
	b.WriteString("q-")
	for n := range len(linkID) {
		c := linkID[n]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' {
			b.WriteByte(c)
		} else {
			b.WriteByte('_')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

// MarshalJSON writes the question set with everything that came in. Names are in the order of the
// alphabet.
func (q *Questionnaire) MarshalJSON() ([]byte, error) {
	o := q.keep.clone()
	if err := putList(o, "item", q.Items); err != nil {
		return nil, err
	}
	return encode(o)
}

// MarshalJSON writes the item as it came in, but with the R4 name of its type.
func (i *Item) MarshalJSON() ([]byte, error) {
	o := i.keep.clone()
	name := string(i.Type)
	if i.wrote != "" {
		name = i.wrote
	}
	if err := o.put("type", name); err != nil {
		return nil, err
	}
	if err := putList(o, "item", i.Items); err != nil {
		return nil, err
	}
	return encode(o)
}

var (
	_ json.Marshaler = (*Questionnaire)(nil)
	_ json.Marshaler = (*Item)(nil)
)

func joined(words ...string) string {
	var there []string
	for _, w := range words {
		if w != "" {
			there = append(there, w)
		}
	}
	return strings.Join(there, " ")
}
