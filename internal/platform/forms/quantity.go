package forms

import (
	"encoding/json"
	"slices"
	"strings"
)

// A quantity is kept, while it is answered, as its number and, where the form gives several units or none, its
// unit on a second line: the code of one that the form gives, or a word.

// JoinQuantity makes one value of the two boxes of a quantity.
func (i *Item) JoinQuantity(number, unit string) string {
	number, unit = oneLine(number), oneLine(unit)
	if unit == "" || len(i.Units) == 1 || number == "" && len(i.Units) > 0 {
		return number // a unit that stands there to choose from is no answer
	}
	return number + "\n" + unit
}

// SplitQuantity gives back the two boxes of a quantity.
func SplitQuantity(value string) (number, unit string) {
	number, unit, _ = strings.Cut(value, "\n")
	return number, unit
}

func (i *Item) quantity(typed string) (Value, bool) {
	number, unit := SplitQuantity(typed)
	v := Value{Type: ValueQuantity, Text: number}
	if !decimalText.MatchString(number) {
		return v, false
	}
	switch at := slices.IndexFunc(i.Units, func(c Coding) bool { return c.Code == unit }); {
	case len(i.Units) == 1 && unit == "":
		v.Coding = i.Units[0]
	case at >= 0:
		v.Coding = i.Units[at]
	case len(i.Units) > 0:
		return v, false
	default:
		v.Coding.Display = unit
	}
	return v, true
}

// typedQuantity is what stands for a quantity in Answers.
func (i *Item) typedQuantity(v Value) (string, bool) {
	unit := v.Coding.Display
	if len(i.Units) > 0 {
		at := slices.IndexFunc(i.Units, func(c Coding) bool { return sameUnit(c, v.Coding) })
		if at < 0 {
			return "", false
		}
		unit = i.Units[at].Code
	} else if v.Coding.Code != "" {
		return "", false // the code would be lost
	}
	typed := i.JoinQuantity(v.Text, unit)
	_, ok := i.quantity(typed)
	return typed, ok && v.Type == ValueQuantity
}

// sameUnit says whether two units are one. Without codes, their words count.
func sameUnit(a, b Coding) bool {
	if a.Code == "" || b.Code == "" {
		return unitWords(a) == unitWords(b)
	}
	return a.Is(b)
}

func unitWords(c Coding) string {
	if c.Display != "" {
		return c.Display
	}
	return c.Code
}

// UnitWords is a unit as people read it.
func UnitWords(c Coding) string { return unitWords(c) }

// readQuantity reads the parts of a Quantity.
func (r *reading) readQuantity(o object, linkID, key string) (Value, bool) {
	inner := r.object(o, linkID, key)
	if inner == nil {
		return Value{}, false
	}
	v := Value{Type: ValueQuantity, Text: string(inner["value"]), Coding: Coding{
		System: r.text(inner, linkID, "system"), Code: r.text(inner, linkID, "code"), Display: r.text(inner, linkID, "unit"),
	}}
	switch _, compares := inner["comparator"]; {
	case compares:
		r.problems.add(linkID, "%s says less or more than a number, which is not supported", key)
		return v, false
	case !decimalText.MatchString(v.Text):
		r.problems.add(linkID, "%s has no number that can be read", key)
		return v, false
	}
	return v, true
}

// quantityParts writes a Quantity.
func (v Value) quantityParts() (object, error) {
	o := object{"value": json.RawMessage(v.Text)}
	for name, text := range map[string]string{"unit": v.Coding.Display, "system": v.Coding.System, "code": v.Coding.Code} {
		if err := o.put(name, text); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// units reads in which units a quantity may be given.
func (r *reading) units(i *Item) {
	var all []Coding
	for _, e := range r.list(i.keep, i.LinkID, "extension") {
		url := r.text(e, i.LinkID, "url")
		if url != extUnitOption && (url != extUnit || i.Type != TypeQuantity) {
			continue
		}
		v := r.object(e, i.LinkID, "valueCoding")
		if v == nil {
			r.problems.add(i.LinkID, "%s is not a coding", shortURL(url))
			continue
		}
		c := r.coding(v, i.LinkID)
		c.Version, c.Weight = "", ""
		switch {
		case i.Type != TypeQuantity:
			r.problems.add(i.LinkID, "questionnaire-unitOption does not go with the type %s", i.Type)
		case c.Code == "" || strings.ContainsAny(c.Code, "\n\r"):
			r.problems.add(i.LinkID, "has a unit without a code")
		case slices.ContainsFunc(all, func(o Coding) bool { return o.Code == c.Code }):
			if url == extUnitOption && !slices.ContainsFunc(all, c.Is) {
				r.problems.add(i.LinkID, "two units have the code %q", c.Code)
			}
		default:
			all = append(all, c)
		}
	}
	if len(all) > maxOptions {
		r.problems.add(i.LinkID, "has more than %d units", maxOptions)
		return
	}
	i.Units = all
	if len(all) == 1 {
		i.Unit = unitWords(all[0])
	}
}
