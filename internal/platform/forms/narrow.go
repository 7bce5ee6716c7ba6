package forms

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// maxPattern is how long a pattern may be. Patterns take time in proportion to the answer.
const maxPattern = 1000

// narrow reads the extensions that narrow what the answer may be, and how it is kept.
func (r *reading) narrow(i *Item) {
	i.MaxDecimals = -1
	if e := r.extension(i.keep, i.LinkID, extHidden); e != nil {
		i.Hidden = r.flag(e, i.LinkID, "valueBoolean")
	}
	for _, set := range []struct {
		url string
		to  *int
		on  []Type
	}{
		{extMinLength, &i.MinLength, []Type{TypeString, TypeText}},
		{extDecimals, &i.MaxDecimals, []Type{TypeDecimal, TypeQuantity}},
		{extMinOccurs, &i.MinOccurs, nil},
		{extMaxOccurs, &i.MaxOccurs, nil},
	} {
		r.count(i, set.url, set.to, set.on)
	}
	if i.MaxOccurs > 1 && !i.Repeats || i.MinOccurs > 1 && !i.Repeats {
		r.problems.add(i.LinkID, "says how many answers it takes and does not repeat")
	}
	if i.MaxOccurs > 0 && i.MinOccurs > i.MaxOccurs {
		r.problems.add(i.LinkID, "wants more answers than it takes")
	}
	if e := r.extension(i.keep, i.LinkID, extRegex); e != nil {
		r.regex(i, r.text(e, i.LinkID, "valueString"))
	}
	if e := r.extension(i.keep, i.LinkID, extUnit); e != nil && i.Type != TypeQuantity {
		if i.Type != TypeInteger && i.Type != TypeDecimal {
			r.problems.add(i.LinkID, "has a unit and is no number")
		}
		if v := r.object(e, i.LinkID, "valueCoding"); v != nil {
			c := r.coding(v, i.LinkID)
			if i.Unit = c.Display; i.Unit == "" {
				i.Unit = c.Code
			}
		}
	}
}

func (r *reading) count(i *Item, url string, to *int, on []Type) {
	e := r.extension(i.keep, i.LinkID, url)
	if e == nil {
		return
	}
	var n *int
	if json.Unmarshal(e["valueInteger"], &n) != nil || n == nil || *n < 0 || *n > maxText {
		r.problems.add(i.LinkID, "%s is not a whole number from 0", shortURL(url))
		return
	}
	suits := len(on) == 0 && i.Type != TypeDisplay
	for _, t := range on {
		suits = suits || t == i.Type
	}
	if !suits {
		r.problems.add(i.LinkID, "%s does not go with the type %s", shortURL(url), i.Type)
		return
	}
	*to = *n
}

// regex takes a pattern that an answer must be like from its beginning to its end.
func (r *reading) regex(i *Item, pattern string) {
	if i.Type != TypeString && i.Type != TypeText {
		r.problems.add(i.LinkID, "regex does not go with the type %s", i.Type)
		return
	}
	if len(pattern) > maxPattern {
		r.problems.add(i.LinkID, "regex is longer than %d bytes", maxPattern)
		return
	}
	re, err := regexp.Compile(`^(?:` + pattern + `)$`)
	if err != nil {
		r.problems.add(i.LinkID, "regex is not a pattern that is supported")
		return
	}
	i.pattern = re
}

// unlike says that an answer is not like its pattern. A pattern is nothing to read; how to write the answer
// is, where the form says it.
func (i *Item) unlike() string {
	if i.format != "" {
		return fmt.Sprintf("“%s” must be written like this: %s", i.name(), i.format)
	}
	return fmt.Sprintf("“%s” is not written in the way that is asked for", i.name())
}

// decimals is how many digits a number has after the point.
func decimals(text string) int {
	text, exponent, there := strings.Cut(strings.ToLower(text), "e")
	_, after, _ := strings.Cut(text, ".")
	n := len(after)
	if there {
		if e, err := strconv.Atoi(exponent); err == nil {
			n -= e
		}
	}
	return max(n, 0)
}

// weight reads what a form counts for an answer.
func (r *reading) weight(o object, linkID string) string {
	if _, there := o["extension"]; !there {
		return ""
	}
	for _, url := range []string{extOrdinal, extWeight, extOldOrdinal} {
		if e := r.extension(o, linkID, url); e != nil {
			if text := string(e["valueDecimal"]); decimalText.MatchString(text) {
				return text
			}
			r.problems.add(linkID, "%s is not a number that can be read", shortURL(url))
		}
	}
	return ""
}

// putWeight writes the weight where forms of R4 look for it: on the coding of the answer.
func (o object) putWeight(weight string) error {
	if weight == "" {
		return nil
	}
	e := object{"valueDecimal": json.RawMessage(weight)}
	if err := e.put("url", extOrdinal); err != nil {
		return err
	}
	return putList(o, "extension", []object{e})
}

// fieldFor is the field that an error of the whole form stands at: its first question.
func (q *Questionnaire) fieldFor(i *Item) string {
	if i != nil && (i.IsQuestion() || i.Series != nil) {
		return i.Field()
	}
	from := q.Items
	if i != nil {
		from = i.Items
	}
	field := ""
	walk(from, func(c *Item) bool {
		if c.IsQuestion() && !c.Hidden {
			field = c.Field()
		}
		return field == ""
	})
	return field
}
