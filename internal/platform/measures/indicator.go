package measures

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Indicator declares a measure.
type Indicator struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// NICE marks a measure that is the official one; the others are our own.
	NICE bool `json:"nice"`
	// Unit is what the percentage is about.
	Unit        Unit        `json:"unit"`
	Denominator Denominator `json:"denominator"`
	Numerator   Numerator   `json:"numerator"`
	// By is the dimension of the denominator that the figure is also shown by;
	// none when empty.
	By string `json:"by,omitempty"`
	// Note is what must be said beside the figure, such as a reading of ours.
	Note        string   `json:"note,omitempty"`
	Boxes       []int    `json:"boxes,omitempty"`
	Obligations []string `json:"obligations,omitempty"`
}

// Unit is what is counted first; the other is shown next to it.
type Unit string

// The counting units.
const (
	Persons  Unit = "persons"  // distinct persons within an agency
	Contacts Unit = "contacts" // records
)

// Label is the unit in words for people.
func (u Unit) Label() string {
	switch u {
	case Persons:
		return "people"
	case Contacts:
		return "contacts"
	default:
		return string(u)
	}
}

// Denominator says which facts form the whole.
type Denominator struct {
	Words string  `json:"words"`
	Facts []Facts `json:"facts"` // any of these, each kind at most once
}

// Numerator says what lifts a fact of the denominator into the part.
type Numerator struct {
	Words string `json:"words"`
	Facts Facts  `json:"facts"`
	Link  Link   `json:"link"`
}

// Link says how the numerator's fact belongs to the denominator's. The agency
// and the person are always the same, and both facts are of the period.
type Link string

// The links.
const (
	// SameSource: both facts come from the same record.
	SameSource Link = "source"
	// SamePerson: the numerator's fact is of the day of the denominator's or
	// later.
	SamePerson Link = "person"
)

// Label is the link in words for people.
func (l Link) Label() string {
	switch l {
	case SameSource:
		return "Counted when the same record says so, for a day of the period."
	case SamePerson:
		return "Counted when the same agency recorded it for the same person, for that day or a later one of the period."
	default:
		return string(l)
	}
}

// Facts selects facts of one kind that meet every condition.
type Facts struct {
	Kind  string      `json:"kind"`
	Where []Condition `json:"where,omitempty"`
}

// Condition is met by a fact whose dimension is a value, or at least a number.
type Condition struct {
	Dimension string
	Is        any // string, bool or int; nil with AtLeast
	AtLeast   *int
}

type conditionJSON struct {
	Dimension string          `json:"dimension"`
	Is        json.RawMessage `json:"is,omitempty"`
	AtLeast   *int            `json:"at_least,omitempty"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (c *Condition) UnmarshalJSON(data []byte) error {
	var in conditionJSON
	if err := strict(data, &in); err != nil {
		return err
	}
	*c = Condition{Dimension: in.Dimension, AtLeast: in.AtLeast}
	if len(in.Is) == 0 {
		return nil
	}
	var number int
	if json.Unmarshal(in.Is, &number) == nil {
		c.Is = number
		return nil
	}
	var is any
	if err := json.Unmarshal(in.Is, &is); err != nil {
		return err
	}
	switch is.(type) {
	case string, bool:
		c.Is = is
		return nil
	}
	return fmt.Errorf("%s is compared with %s", in.Dimension, in.Is)
}

// MarshalJSON implements [json.Marshaler].
func (c Condition) MarshalJSON() ([]byte, error) {
	out := conditionJSON{Dimension: c.Dimension, AtLeast: c.AtLeast}
	if c.Is != nil {
		is, err := json.Marshal(c.Is)
		if err != nil {
			return nil, err
		}
		out.Is = is
	}
	return json.Marshal(out)
}

// ParseIndicators reads declared indicators: {"indicators": […]}. They are
// checked by [NewRegistry].
func ParseIndicators(data []byte) ([]Indicator, error) {
	var file struct {
		Indicators []Indicator `json:"indicators"`
	}
	if err := strict(data, &file); err != nil {
		return nil, fmt.Errorf("reading the indicators: %w", err)
	}
	return file.Indicators, nil
}

// check says what is wrong with a declaration, given the kinds of fact.
func (in Indicator) check(kinds map[string]Kind) error {
	var faults []error
	bad := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("indicator %s: "+format, append([]any{in.ID}, args...)...))
	}
	if in.ID == "" || in.Title == "" || in.Denominator.Words == "" || in.Numerator.Words == "" {
		bad("it needs an id, a title and words for its numerator and denominator")
	}
	if in.Unit != Persons && in.Unit != Contacts {
		bad("%q is not a unit", in.Unit)
	}
	if in.Numerator.Link != SameSource && in.Numerator.Link != SamePerson {
		bad("%q is not a link", in.Numerator.Link)
	}
	if len(in.Denominator.Facts) == 0 {
		bad("it has no denominator")
	}
	used := map[string]bool{}
	for _, f := range in.Denominator.Facts {
		if used[f.Kind] {
			bad("its denominator takes %s twice, which would mix two denominators", f.Kind)
		}
		used[f.Kind] = true
		if _, ok := kinds[f.Kind].dimension(in.By); in.By != "" && !ok {
			bad("%s has no dimension %s to be shown by", f.Kind, in.By)
		}
	}
	for _, f := range append(slices.Clone(in.Denominator.Facts), in.Numerator.Facts) {
		if err := f.check(kinds); err != nil {
			bad("%w", err)
		}
	}
	for _, b := range in.Boxes {
		if b < 1 {
			bad("%d is not a box", b)
		}
	}
	return errors.Join(faults...)
}

func (f Facts) check(kinds map[string]Kind) error {
	kind, ok := kinds[f.Kind]
	switch {
	case !ok:
		return fmt.Errorf("there is no kind %q", f.Kind)
	case !kind.Person:
		return fmt.Errorf("%s is not about people", f.Kind)
	}
	var faults []error
	seen := map[string]bool{}
	for _, c := range f.Where {
		d, ok := kind.dimension(c.Dimension)
		switch {
		case !ok:
			faults = append(faults, fmt.Errorf("%s has no dimension %q", f.Kind, c.Dimension))
			continue
		case seen[c.Dimension]:
			faults = append(faults, fmt.Errorf("%s of %s has two conditions", c.Dimension, f.Kind))
		case (c.Is == nil) == (c.AtLeast == nil):
			faults = append(faults, fmt.Errorf("%s of %s needs one of is and at_least", c.Dimension, f.Kind))
		case c.AtLeast != nil && d.Type != Int:
			faults = append(faults, fmt.Errorf("%s of %s is a %s and has no least", c.Dimension, f.Kind, d.Type))
		case c.Is != nil:
			if _, err := d.text(c.Is); err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", f.Kind, err))
			}
		}
		seen[c.Dimension] = true
	}
	return errors.Join(faults...)
}

// text is the value that the condition asks for as it is stored. It is called
// on checked conditions only.
func (c Condition) text() string {
	switch v := c.Is.(type) {
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case string:
		return v
	default:
		return ""
	}
}
