package forms

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// maxText is how long an answer may be where the form sets no length: some ten pages.
	maxText = 20_000
	// maxValues is how many answers a question that repeats may have.
	maxValues = 200
)

// Validate says what is wrong with answers, required questions without one included.
func (q *Questionnaire) Validate(a Answers) Errors { return q.validate(a, true) }

// ValidateDraft says what is wrong with the answers there are. Nothing need be answered.
func (q *Questionnaire) ValidateDraft(a Answers) Errors { return q.validate(a, false) }

func (q *Questionnaire) validate(a Answers, whole bool) Errors {
	var e Errors
	s := q.settle(a)
	a = s.answers
	asking := asking{q, a, map[*Item]bool{}, s.said}
	for i := range q.Questions() {
		values := a.Values(i.LinkID)
		asked := asking.asked(i)
		var message string
		switch {
		case len(values) == 0 && whole && i.Required && asked && i.calculated == nil && !i.Hidden:
			message = fmt.Sprintf("Answer “%s”", i.name())
		case whole && asked && len(values) < i.MinOccurs && (len(values) > 0 || i.Required):
			message = fmt.Sprintf("Give at least %d answers to “%s”", i.MinOccurs, i.name())
		case len(values) == 0, i.Hidden, i.calculated != nil:
		case !asked:
			message = q.notAsked(i, asking)
		default:
			message = i.wrong(values)
		}
		if message != "" {
			e.Add(i.Field(), message)
		}
	}
	for n, c := range s.broken {
		if i := s.brokenOn[n]; i == nil || asking.asked(i) {
			e.Add(q.fieldFor(i), c.human)
		}
	}
	for _, linkID := range a.links() {
		if i := q.byLink[linkID]; i == nil || !i.IsQuestion() {
			e.Add(fieldOf(linkID), "This is not a question of the form")
		}
	}
	return e
}

// links are the linkIds that have an answer, in the order of the alphabet.
func (a Answers) links() []string {
	var links []string
	for linkID, answer := range a {
		if len(answer.Values) > 0 {
			links = append(links, linkID)
		}
	}
	slices.Sort(links)
	return links
}

// notAsked explains an answer to a question that is not asked. It is not dropped: somebody wrote it.
func (q *Questionnaire) notAsked(i *Item, asking asking) string {
	a := asking.a
	for at := i; at != nil; at = at.parent {
		if up := at.parent; up != nil && up.IsQuestion() && !a.Answered(up.LinkID) {
			return fmt.Sprintf("Answer “%s” first, or clear “%s”", up.name(), i.name())
		}
	}
	for at := i; at != nil; at = at.parent {
		if words := q.ConditionWords(at); words != "" && !asking.holds(at) {
			return fmt.Sprintf("“%s” is asked only if %s: change that answer, or clear this one", i.name(), words)
		}
	}
	return fmt.Sprintf("“%s” is not asked with these answers: clear it, or change the answer that it depends on", i.name())
}

// wrong says what is wrong with the values of a question, and how to put it right, or nothing.
func (i *Item) wrong(values []string) string {
	name := i.name()
	if len(values) > 1 && !i.Repeats {
		return fmt.Sprintf("Give one answer to “%s”", name)
	}
	if i.Type == TypeChoice {
		return i.wrongChoice(values)
	}
	if i.MaxOccurs > 0 && len(values) > i.MaxOccurs {
		return fmt.Sprintf("Give no more than %d answers to “%s”", i.MaxOccurs, name)
	}
	if len(values) > maxValues {
		return fmt.Sprintf("Give no more than %d answers to “%s”", maxValues, name)
	}
	for _, typed := range values {
		v, ok := i.valueOf(typed)
		switch length := utf8.RuneCountInString(typed); {
		case !ok:
			return i.unread()
		case i.MaxLength > 0 && length > i.MaxLength:
			return fmt.Sprintf("“%s” must be %d characters or fewer. It has %d", name, i.MaxLength, length)
		case length < i.MinLength:
			return fmt.Sprintf("“%s” must be %d characters or more. It has %d", name, i.MinLength, length)
		case i.Type == TypeDecimal && i.MaxDecimals >= 0 && decimals(typed) > i.MaxDecimals:
			return fmt.Sprintf("“%s” must have %d digits or fewer after the point", name, i.MaxDecimals)
		case i.pattern != nil && !i.pattern.MatchString(typed):
			return i.unlike()
		case length > maxText:
			return fmt.Sprintf("“%s” must be %d characters or fewer. It has %d", name, maxText, length)
		case i.Min != "" && !i.within(v.Text, i.Min, OpGreaterOrEqual):
			return fmt.Sprintf("“%s” must be %s or %s", name, i.limitWords(i.Min), i.either("more", "later"))
		case i.Max != "" && !i.within(v.Text, i.Max, OpLessOrEqual):
			return fmt.Sprintf("“%s” must be %s or %s", name, i.limitWords(i.Max), i.either("less", "earlier"))
		}
	}
	return ""
}

func (i *Item) wrongChoice(values []string) string {
	if i.MaxOccurs > 0 && len(values) > i.MaxOccurs {
		return fmt.Sprintf("Choose no more than %d answers to “%s”", i.MaxOccurs, i.name())
	}
	exclusive := ""
	for n, key := range values {
		o := i.Option(key)
		if o == nil && i.Open {
			if length := utf8.RuneCountInString(key); length > i.room() {
				return fmt.Sprintf("“%s” must be %d characters or fewer. It has %d", i.name(), i.room(), length)
			}
			o = &Option{String: key}
		}
		if o == nil {
			return fmt.Sprintf("Choose one of the answers that “%s” offers", i.name())
		}
		if slices.Contains(values[:n], key) {
			return fmt.Sprintf("Choose each answer to “%s” once", i.name())
		}
		if o.Exclusive {
			exclusive = o.Label()
		}
	}
	if exclusive != "" && len(values) > 1 {
		return fmt.Sprintf("For “%s”, choose “%s” alone, or other answers without it", i.name(), exclusive)
	}
	return ""
}

// room is how long an answer in words may be.
func (i *Item) room() int {
	if i.MaxLength > 0 {
		return i.MaxLength
	}
	return maxText
}

// unread says what the answer must look like.
func (i *Item) unread() string {
	switch i.Type {
	case TypeBoolean:
		return fmt.Sprintf("Answer “%s” with yes or no", i.name())
	case TypeInteger:
		return fmt.Sprintf("“%s” must be a whole number, such as 3", i.name())
	case TypeDecimal:
		return fmt.Sprintf("“%s” must be a number, such as 3 or 2.5", i.name())
	case TypeTime:
		return fmt.Sprintf("“%s” must be a time of day, such as 14:30", i.name())
	case TypeURL:
		return fmt.Sprintf("“%s” must be an address, such as https://example.org", i.name())
	case TypeDate:
		return fmt.Sprintf("“%s” must be a real date, such as 27 3 2026. The month and year, or the year alone, will do", i.name())
	default:
		return fmt.Sprintf("“%s” must be text", i.name())
	}
}

// within compares with a limit. A date that is a month or a year is within the limit if one of its days
// is: nobody is made to know the day.
func (i *Item) within(text, limit string, op Operator) bool {
	if i.Type != TypeDate {
		order, ok := compareNumbers(text, limit)
		return ok && op.suits(order)
	}
	first, last := span(text)
	firstLimit, lastLimit := span(limit)
	if op == OpGreaterOrEqual {
		return last >= firstLimit
	}
	return first <= lastLimit
}

func (i *Item) limitWords(limit string) string {
	return Value{Type: i.valueType(), Text: limit}.Label()
}

func (i *Item) either(number, date string) string {
	if i.Type == TypeDate {
		return date
	}
	return number
}

// valueOf is the value that a typed text or a key stands for.
func (i *Item) valueOf(typed string) (Value, bool) {
	v := Value{Type: i.valueType(), Text: typed}
	switch i.Type {
	case TypeChoice:
		o := i.Option(typed)
		switch {
		case o != nil:
			return o.value(), true
		case i.Open:
			return Value{Type: ValueString, Text: typed}, strings.TrimSpace(typed) != "" && utf8.ValidString(typed)
		default:
			return Value{}, false
		}
	case TypeTime:
		return v, isTime(typed)
	case TypeURL:
		return v, isURI(typed)
	case TypeBoolean:
		return v, typed == "true" || typed == "false"
	case TypeInteger:
		return v, isInteger(typed)
	case TypeDecimal:
		return v, decimalText.MatchString(typed)
	case TypeDate:
		return v, isDate(typed)
	case TypeString, TypeText:
		return v, strings.TrimSpace(typed) != "" && utf8.ValidString(typed)
	default:
		return Value{}, false
	}
}

// typed is what stands for a value in Answers.
func (i *Item) typed(v Value) (string, bool) {
	if i.Type == TypeChoice {
		o := i.optionOf(v)
		switch {
		case o != nil:
			return o.Key(), true
		case i.Open && v.Type == ValueString && i.Option(v.Text) == nil:
			_, ok := i.valueOf(v.Text)
			return v.Text, ok
		default:
			return "", false
		}
	}
	_, ok := i.valueOf(v.Text)
	return v.Text, ok && v.Type == i.valueType()
}
