package forms

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// What a document may be at most. The limits are far above any form that people fill in, and keep a
// broken or hostile file from taking the machine.
const (
	maxBytes    = 2 << 20
	maxDepth    = 64 // of the JSON
	maxNesting  = 8  // of items
	maxItems    = 2000
	maxOptions  = 1000
	maxProblems = 100
)

// object is one JSON object with everything that came in it. Names are compared exactly, as FHIR does.
type object map[string]json.RawMessage

// readDocument reads one JSON object. Names that stand twice are refused, because readers would differ
// in which one they take.
func readDocument(data []byte) (object, error) {
	if err := wellFormed(data); err != nil {
		return nil, Problems{{Reason: err.Error()}}
	}
	var o object
	if err := json.Unmarshal(data, &o); err != nil || o == nil {
		return nil, Problems{{Reason: "the file is not a JSON object"}}
	}
	return o, nil
}

func wellFormed(data []byte) error {
	if len(data) > maxBytes {
		return fmt.Errorf("the file is larger than %d MB", maxBytes>>20)
	}
	if !utf8.Valid(data) {
		return errors.New("the file is not UTF-8 text")
	}
	type level struct {
		names map[string]bool // nil in a list
		value bool            // a value comes next, not a name
	}
	var stack []level
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	for first := true; ; first = false {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && !first && len(stack) == 0 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the file is not JSON (near byte %d)", d.InputOffset())
		}
		if !first && len(stack) == 0 {
			return errors.New("the file goes on after its end")
		}
		top := len(stack) - 1
		if delim, is := token.(json.Delim); is && (delim == '}' || delim == ']') {
			stack = stack[:top]
			continue
		}
		if top >= 0 && stack[top].names != nil {
			if name, is := token.(string); is && !stack[top].value {
				if stack[top].names[name] {
					return fmt.Errorf("the name %q stands twice in one object (near byte %d)", name, d.InputOffset())
				}
				stack[top].names[name] = true
				stack[top].value = true
				continue
			}
			stack[top].value = false
		}
		switch token {
		case json.Delim('{'):
			stack = append(stack, level{names: map[string]bool{}})
		case json.Delim('['):
			stack = append(stack, level{})
		}
		if len(stack) > maxDepth {
			return errors.New("the file is nested too deeply")
		}
	}
}

// encode writes JSON with the letters as they are: a form is text, not part of a page.
func encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// reading collects what is wrong while a document is read, so that all of it can be said at once.
type reading struct {
	problems Problems
	notices  []Problem
	items    int
}

// text reads a string. An empty one is wrong in FHIR: what is not there is left out.
func (r *reading) text(o object, linkID, key string) string {
	raw, there := o[key]
	if !there {
		return ""
	}
	var s *string
	if json.Unmarshal(raw, &s) != nil || s == nil {
		r.problems.add(linkID, "%s is not text", key)
		return ""
	}
	if strings.TrimSpace(*s) == "" {
		r.problems.add(linkID, "%s is empty", key)
		return ""
	}
	return *s
}

func (r *reading) flag(o object, linkID, key string) bool {
	raw, there := o[key]
	if !there {
		return false
	}
	var b *bool
	if json.Unmarshal(raw, &b) != nil || b == nil {
		r.problems.add(linkID, "%s is neither true nor false", key)
		return false
	}
	return *b
}

func (r *reading) number(o object, linkID, key string) int {
	raw, there := o[key]
	if !there {
		return 0
	}
	var n *int
	if json.Unmarshal(raw, &n) != nil || n == nil || *n < 1 {
		r.problems.add(linkID, "%s is not a whole number above 0", key)
		return 0
	}
	return *n
}

// list reads a list of objects.
func (r *reading) list(o object, linkID, key string) []object {
	raw, there := o[key]
	if !there {
		return nil
	}
	var list []object
	if json.Unmarshal(raw, &list) != nil || slices.ContainsFunc(list, func(o object) bool { return o == nil }) {
		r.problems.add(linkID, "%s is not a list of objects", key)
		return nil
	}
	if len(list) == 0 {
		r.problems.add(linkID, "%s is an empty list", key)
	}
	return list
}

func (r *reading) object(o object, linkID, key string) object {
	raw, there := o[key]
	if !there {
		return nil
	}
	var inner object
	if json.Unmarshal(raw, &inner) != nil || inner == nil {
		r.problems.add(linkID, "%s is not an object", key)
	}
	return inner
}

func (r *reading) coding(o object, linkID string) Coding {
	return Coding{
		System: r.text(o, linkID, "system"), Version: r.text(o, linkID, "version"),
		Code: r.text(o, linkID, "code"), Display: r.text(o, linkID, "display"), Weight: r.weight(o, linkID),
	}
}

// put sets a text of an object that is about to be written, or takes it away.
func (o object) put(key, value string) error {
	if value == "" {
		delete(o, key)
		return nil
	}
	raw, err := encode(value)
	o[key] = raw
	return err
}

// putList sets a list, or takes it away when there is nothing in it.
func putList[T any](o object, key string, list []T) error {
	if len(list) == 0 {
		delete(o, key)
		return nil
	}
	raw, err := encode(list)
	o[key] = raw
	return err
}

func (o object) clone() object {
	if o == nil {
		return object{}
	}
	return maps.Clone(o)
}

// names are the keys in the order of the alphabet, so that what is said does not depend on chance.
func (o object) names() []string { return slices.Sorted(maps.Keys(o)) }
