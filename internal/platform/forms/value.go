package forms

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ValueType is the FHIR type of an answer.
type ValueType string

const (
	ValueBoolean ValueType = "boolean"
	ValueDecimal ValueType = "decimal"
	ValueInteger ValueType = "integer"
	ValueDate    ValueType = "date"
	ValueString  ValueType = "string"
	ValueCoding  ValueType = "coding"
	ValueTime    ValueType = "time"
	ValueURI     ValueType = "uri"
	// ValueDateTime is a date with a time, or a date.
	ValueDateTime ValueType = "dateTime"
	ValueQuantity ValueType = "quantity"
	// ValueReference is what another record is called, and ValueAttachment what a document is called.
	ValueReference  ValueType = "reference"
	ValueAttachment ValueType = "attachment"
)

var valueTypes = []ValueType{
	ValueBoolean, ValueDecimal, ValueInteger, ValueDate, ValueString, ValueCoding, ValueTime, ValueURI, ValueDateTime, ValueQuantity,
	ValueReference, ValueAttachment,
}

// callings are the element in which a record or a document is called by name. What else came with one that
// was read, an address or the document itself, stays where it is until the answer is another one.
var callings = map[ValueType]string{ValueReference: "display", ValueAttachment: "title"}

// Value is one answer, or what an answer is compared with. Numbers stay the text they were, so that 1.50
// is not 1.5.
type Value struct {
	Type   ValueType
	Text   string // of everything but a coding; the number of a quantity
	Coding Coding // the unit of a quantity, its words as Display
}

// Is says whether two values are the same answer.
func (v Value) Is(other Value) bool {
	if v.Type == ValueCoding && other.Type == ValueCoding {
		return v.Coding.Is(other.Coding)
	}
	if v.Type == ValueQuantity {
		return v.Type == other.Type && v.Text == other.Text && sameUnit(v.Coding, other.Coding)
	}
	if v.Type == ValueDateTime {
		return v.Type == other.Type && sameMoment(v.Text, other.Text)
	}
	return v.Type == other.Type && v.Text == other.Text
}

// Label is the value in words.
func (v Value) Label() string {
	switch v.Type {
	case ValueBoolean:
		return yesNo(v.Text)
	case ValueDate:
		return dateWords(v.Text)
	case ValueTime:
		return strings.TrimSuffix(v.Text, ":00")
	case ValueDateTime:
		return momentWords(v.Text)
	case ValueQuantity:
		return joined(v.Text, unitWords(v.Coding))
	case ValueCoding:
		if v.Coding.Display != "" {
			return v.Coding.Display
		}
		return v.Coding.Code
	default:
		return v.Text
	}
}

func yesNo(text string) string {
	if text == "true" {
		return "Yes"
	}
	return "No"
}

// element is the name of value[x] for the type.
func (t ValueType) element(prefix string) string {
	return prefix + strings.ToUpper(string(t[:1])) + string(t[1:])
}

// valueType is the FHIR type that an answer to the item has.
func (i *Item) valueType() ValueType {
	switch i.Type {
	case TypeBoolean:
		return ValueBoolean
	case TypeDate:
		return ValueDate
	case TypeInteger:
		return ValueInteger
	case TypeDecimal:
		return ValueDecimal
	case TypeTime:
		return ValueTime
	case TypeURL:
		return ValueURI
	case TypeDateTime:
		return ValueDateTime
	case TypeQuantity:
		return ValueQuantity
	case TypeReference:
		return ValueReference
	case TypeAttachment:
		return ValueAttachment
	case TypeChoice:
		if len(i.Options) > 0 {
			return i.Options[0].value().Type
		}
		return ValueCoding
	default:
		return ValueString
	}
}

var (
	// Exponents are bounded so that comparing two numbers costs nothing.
	decimalText = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?([eE][-+]?[0-9]{1,2})?$`)
	integerText = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,9})$`)
)

var timeText = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$`)

func isTime(text string) bool { return timeText.MatchString(text) }

// isURI says whether a text can be an address: one word with a scheme, as the web has them.
func isURI(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme != "" && !strings.ContainsAny(text, " \t\r\n") && (u.Host != "" || u.Opaque != "")
}

// joinTime brings a time as people type it to the form in which it is kept. What is no time stays as typed.
func joinTime(typed string) string {
	text := strings.ReplaceAll(typed, ".", ":")
	if strings.Count(text, ":") == 1 {
		text += ":00"
	}
	if len(text) == len("9:30:00") {
		text = "0" + text
	}
	if isTime(text) {
		return text
	}
	return typed
}

func isInteger(text string) bool {
	_, err := strconv.ParseInt(text, 10, 32)
	return err == nil && integerText.MatchString(text)
}

// value reads value[x] with the given prefix. It says nothing about a value that is not there.
func (r *reading) value(o object, linkID, prefix string) (Value, bool) {
	var found []string
	for _, key := range o.names() {
		rest, is := strings.CutPrefix(key, prefix)
		if is && rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' {
			found = append(found, key)
		}
	}
	switch len(found) {
	case 0:
		return Value{}, false
	case 1:
	default:
		r.problems.add(linkID, "has more than one of %s", strings.Join(found, ", "))
		return Value{}, false
	}
	key := found[0]
	for _, t := range valueTypes {
		if t.element(prefix) == key {
			return r.valueOf(o, linkID, key, t)
		}
	}
	r.problems.add(linkID, "%s is a type that is not supported", key)
	return Value{}, false
}

func (r *reading) valueOf(o object, linkID, key string, t ValueType) (Value, bool) {
	v := Value{Type: t}
	ok := false
	switch t {
	case ValueBoolean:
		before := len(r.problems)
		v.Text = strconv.FormatBool(r.flag(o, linkID, key))
		ok = len(r.problems) == before
	case ValueInteger, ValueDecimal:
		v.Text = string(o[key])
		ok = t == ValueInteger && isInteger(v.Text) || t == ValueDecimal && decimalText.MatchString(v.Text)
		if !ok {
			r.problems.add(linkID, "%s is not a number that can be read", key)
		}
	case ValueDate:
		if v.Text = r.text(o, linkID, key); v.Text != "" {
			if ok = isDate(v.Text); !ok {
				r.problems.add(linkID, "%s is not a date", key)
			}
		}
	case ValueString:
		v.Text = r.text(o, linkID, key)
		ok = v.Text != ""
	case ValueDateTime:
		if v.Text = r.text(o, linkID, key); v.Text != "" {
			if ok = isMoment(v.Text); !ok {
				r.problems.add(linkID, "%s is not a date with a time", key)
			}
		}
	case ValueQuantity:
		v, ok = r.readQuantity(o, linkID, key)
	case ValueTime, ValueURI:
		if v.Text = r.text(o, linkID, key); v.Text != "" {
			if ok = t == ValueTime && isTime(v.Text) || t == ValueURI && isURI(v.Text); !ok {
				r.problems.add(linkID, "%s is not a %s", key, t)
			}
		}
	case ValueReference, ValueAttachment:
		if inner := r.object(o, linkID, key); inner != nil {
			if v.Text = r.text(inner, linkID, callings[t]); strings.TrimSpace(v.Text) == "" {
				r.problems.add(linkID, "%s has no %s, which is what people read", key, callings[t])
			} else {
				ok = true
			}
		}
	case ValueCoding:
		if inner := r.object(o, linkID, key); inner != nil {
			v.Coding = r.coding(inner, linkID)
			switch {
			case v.Coding.Code == "":
				r.problems.add(linkID, "%s has no code", key)
			case v.Coding.System == "":
				r.problems.add(linkID, "%s has a code and no system", key)
			default:
				ok = true
			}
		}
	}
	return v, ok
}

// put writes the value into an object that is about to be written. A coding that is already there and
// names the same thing stays with all that came with it.
func (v Value) put(o object, prefix string) error {
	if !slices.Contains(valueTypes, v.Type) {
		return fmt.Errorf("an answer has no type that can be written: %q", v.Type)
	}
	key := v.Type.element(prefix)
	var r reading
	if was, is := r.value(o, "", prefix); is {
		if v.Coding.Weight == "" {
			was.Coding.Weight = "" // one that came with the answer stays
		}
		if was == v || v.Type == ValueQuantity && was.Is(v) {
			return nil
		}
	}
	for _, t := range valueTypes {
		delete(o, t.element(prefix))
	}
	var err error
	switch v.Type {
	case ValueBoolean, ValueInteger, ValueDecimal:
		o[key] = json.RawMessage(v.Text)
	case ValueQuantity:
		inner, err := v.quantityParts()
		if err != nil {
			return err
		}
		o[key], err = encode(inner)
		return err
	case ValueReference, ValueAttachment:
		inner := object{}
		if err := inner.put(callings[v.Type], v.Text); err != nil {
			return err
		}
		o[key], err = encode(inner)
	case ValueCoding:
		inner := object{}
		for name, text := range map[string]string{
			"system": v.Coding.System, "version": v.Coding.Version, "code": v.Coding.Code, "display": v.Coding.Display,
		} {
			if err := inner.put(name, text); err != nil {
				return err
			}
		}
		if err := inner.putWeight(v.Coding.Weight); err != nil {
			return err
		}
		o[key], err = encode(inner)
	default:
		o[key], err = encode(v.Text)
	}
	return err
}

// compareNumbers compares two numbers that decimalText lets through.
func compareNumbers(a, b string) (int, bool) {
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	if !okX || !okY {
		return 0, false
	}
	return x.Cmp(y), true
}
