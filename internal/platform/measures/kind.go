package measures

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
)

// Kind declares a kind of fact.
type Kind struct {
	Name    string `json:"kind"`
	Meaning string `json:"meaning"`
	// Person says that each fact of the kind is about one person.
	Person     bool        `json:"person"`
	Dimensions []Dimension `json:"dimensions"`
}

// Dimension declares one property that every fact of a kind has.
type Dimension struct {
	Name    string `json:"name"`
	Type    Type   `json:"type"`
	Meaning string `json:"meaning"`
	// Values are the values of a choice, or those words of an open list that
	// have a label.
	Values []Value `json:"values,omitempty"`
}

// Type is the type of a dimension.
type Type string

// The types of dimension.
const (
	Bool   Type = "bool"
	Int    Type = "int"
	Choice Type = "choice" // one of the declared values
	Word   Type = "word"   // any short lower-case word: a list that grows locally
)

// Value is a value of a dimension and its words for people.
type Value struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// Label is a value of the dimension in words for people.
func (d Dimension) Label(value string) string {
	for _, v := range d.Values {
		if v.Value == value {
			return v.Label
		}
	}
	return value
}

// Possible says why no fact of a kind can have some properties, nil when one can.
func (r *Registry) Possible(kind string, where map[string]string) error {
	k, ok := r.kinds[kind]
	if !ok {
		return fmt.Errorf("names the fact %q, which nobody records", kind)
	}
	for name, value := range where {
		at := slices.IndexFunc(k.Dimensions, func(d Dimension) bool { return d.Name == name })
		if at < 0 {
			return fmt.Errorf("names the property %q, which the fact %q does not have", name, kind)
		}
		if d := k.Dimensions[at]; !d.possible(value) {
			return fmt.Errorf("names the value %q, which the property %q of the fact %q cannot have", value, name, kind)
		}
	}
	return nil
}

// possible tells whether a stored value can be this.
func (d Dimension) possible(stored string) bool {
	switch d.Type {
	case Bool:
		return stored == "true" || stored == "false"
	case Int:
		_, err := strconv.ParseInt(stored, 10, 64)
		return err == nil
	case Choice:
		return slices.ContainsFunc(d.Values, func(v Value) bool { return v.Value == stored })
	case Word:
	}
	return word.MatchString(stored)
}

// text brings a value to the form in which it is stored, or refuses it.
func (d Dimension) text(value any) (string, error) {
	var got Type
	var text string
	switch v := value.(type) {
	case bool:
		got, text = Bool, strconv.FormatBool(v)
	case int:
		got, text = Int, strconv.Itoa(v)
	case int64:
		got, text = Int, strconv.FormatInt(v, 10)
	case string:
		got, text = d.Type, v
		if d.Type == Bool || d.Type == Int {
			return "", fmt.Errorf("%s is a text, not a %s", d.Name, d.Type)
		}
	default:
		return "", fmt.Errorf("%s is a %T; a dimension is text, a number or a truth", d.Name, value)
	}
	switch {
	case got != d.Type:
		return "", fmt.Errorf("%s is a %s, not a %s", d.Name, got, d.Type)
	case d.Type == Choice && !slices.ContainsFunc(d.Values, func(v Value) bool { return v.Value == text }):
		return "", fmt.Errorf("%s has no value %q", d.Name, text)
	case d.Type == Word && !word.MatchString(text):
		return "", fmt.Errorf("%s: %q is not a short lower-case word", d.Name, text)
	}
	return text, nil
}

var (
	kindName = regexp.MustCompile(`^[a-z][a-z_]*(\.[a-z][a-z_]*)*$`)
	word     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
)

func (k Kind) dimension(name string) (Dimension, bool) {
	i := slices.IndexFunc(k.Dimensions, func(d Dimension) bool { return d.Name == name })
	if i < 0 {
		return Dimension{}, false
	}
	return k.Dimensions[i], true
}

// check says what is wrong with a declaration.
func (k Kind) check() error {
	var faults []error
	bad := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("kind %s: "+format, append([]any{k.Name}, args...)...))
	}
	if !kindName.MatchString(k.Name) {
		bad("a name is lower-case words joined by dots")
	}
	if k.Meaning == "" {
		bad("it does not say what it means")
	}
	seen := map[string]bool{}
	for _, d := range k.Dimensions {
		if seen[d.Name] {
			bad("%s is there twice", d.Name)
		}
		seen[d.Name] = true
		if !word.MatchString(d.Name) {
			bad("%q is not the name of a dimension", d.Name)
		}
		if d.Meaning == "" {
			bad("%s does not say what it means", d.Name)
		}
		switch d.Type {
		case Bool, Int:
			if len(d.Values) > 0 {
				bad("%s is a %s and lists values", d.Name, d.Type)
			}
		case Choice, Word:
			if d.Type == Choice && len(d.Values) == 0 {
				bad("%s has nothing to choose from", d.Name)
			}
			known := map[string]bool{}
			for _, v := range d.Values {
				if !word.MatchString(v.Value) || v.Label == "" || known[v.Value] {
					bad("%s: the value %q is not a word of its own with a label", d.Name, v.Value)
				}
				known[v.Value] = true
			}
		default:
			bad("%s has the type %q", d.Name, d.Type)
		}
	}
	return errors.Join(faults...)
}

// ParseKinds reads declared kinds: {"kinds": […]}.
func ParseKinds(data []byte) ([]Kind, error) {
	var file struct {
		Kinds []Kind `json:"kinds"`
	}
	if err := strict(data, &file); err != nil {
		return nil, fmt.Errorf("reading the kinds of fact: %w", err)
	}
	return file.Kinds, nil
}

// strict decodes one JSON value, refusing fields that nobody declared: a slip
// of the pen must not silently change what is counted.
func strict(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is something after the end")
	}
	return nil
}
