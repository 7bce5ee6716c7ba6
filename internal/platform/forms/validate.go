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
	s := q.settle(a)
	return s.validate(whole)
}

func (s settled) validate(whole bool) Errors {
	var e Errors
	q, a, asking := s.q, s.answers, s.asking()
	for i := range q.All() {
		if message := s.wrong(i, asking, whole); message != "" {
			e.Add(q.fieldOf(i), message)
		}
	}
	if q.cut {
		e.Add(q.fieldFor(nil), "There are more entries than the form can hold: remove some")
	}
	for n, c := range s.broken {
		if i := s.brokenOn[n]; i == nil || asking.asked(i) && !absent(i, a) {
			e.Add(q.fieldFor(i), c.human)
		}
	}
	for _, key := range a.links() {
		if !q.knows(key) {
			e.Add(fieldOf(key), "This is not a question of the form")
		}
	}
	return e
}

// knows says whether answers can lie under a key: those of a question, or of a repetition that was removed.
func (q *Questionnaire) knows(key string) bool {
	linkID, at := originOf(key)
	if at == "" {
		i := q.byLink[key]
		return i != nil && i.IsQuestion()
	}
	i := q.form().byLink[linkID]
	if i == nil {
		return false
	}
	deep := strings.Count(at, ".") + 1
	if strings.HasSuffix(at, seriesEnd) {
		return i.multiplies() && deep == len(i.chain())
	}
	return i.IsQuestion() && deep == len(i.chain())
}

// fieldOf is the field at which an error of an item stands.
func (q *Questionnaire) fieldOf(i *Item) string {
	if i.IsQuestion() || i.Series != nil {
		return i.Field()
	}
	return q.fieldFor(i)
}

// wrong says what is wrong with an item, or nothing.
func (s settled) wrong(i *Item, asking asking, whole bool) string {
	a := s.answers
	whole = whole && asking.asked(i) && !absent(i, a)
	switch {
	case i.Series != nil:
		return s.wrongSeries(i, whole)
	case i.Type == TypeGroup:
		if whole && i.Required && !isGiven(i, a) {
			return fmt.Sprintf("Answer at least one question of “%s”", i.name())
		}
		return ""
	case !i.IsQuestion():
		return ""
	}
	values := a.Values(i.LinkID)
	switch {
	case len(values) == 0 && whole && i.Required && i.calculated == nil && !i.Hidden:
		return fmt.Sprintf("Answer “%s”", i.name())
	case whole && len(values) < i.MinOccurs && (len(values) > 0 || i.Required):
		return fmt.Sprintf("Give at least %d answers to “%s”", i.MinOccurs, i.name())
	case len(values) == 0, i.Hidden, i.calculated != nil:
		return ""
	case !asking.asked(i):
		return s.q.notAsked(i, asking)
	default:
		return i.wrong(values)
	}
}

// wrongSeries says whether a part of the form is filled in too often or not often enough.
func (s settled) wrongSeries(i *Item, whole bool) string {
	filled := 0
	for _, r := range i.Items {
		if isGiven(r, s.answers) {
			filled++
		}
	}
	least := i.MinOccurs
	if i.Required {
		least = max(least, 1)
	}
	switch {
	case len(i.Series.ids) > i.Series.Most:
		return fmt.Sprintf("Fill in “%s” no more than %d times: remove one", i.name(), i.Series.Most)
	case whole && i.Required && least == 1 && filled == 0:
		return fmt.Sprintf("Fill in “%s”", i.name())
	case whole && filled < least && (filled > 0 || i.Required):
		return fmt.Sprintf("Fill in “%s” at least %d times", i.name(), least)
	}
	return ""
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
		case (i.Type == TypeDecimal || i.Type == TypeQuantity) && i.MaxDecimals >= 0 && decimals(v.Text) > i.MaxDecimals:
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
	case TypeDateTime:
		return fmt.Sprintf("“%s” must be a real date with its time, such as 27 3 2026, 14:30. The date, the month and year, or the year alone, will do", i.name())
	case TypeQuantity:
		if len(i.Units) > 1 {
			return fmt.Sprintf("“%s” must be a number with one of its units", i.name())
		}
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
	between := span
	switch i.Type {
	case TypeTime:
		return op.suits(strings.Compare(text, limit))
	case TypeDate:
	case TypeDateTime:
		between = moments
	default:
		order, ok := compareNumbers(text, limit)
		return ok && op.suits(order)
	}
	first, last := between(text)
	firstLimit, lastLimit := between(limit)
	if op == OpGreaterOrEqual {
		return last >= firstLimit
	}
	return first <= lastLimit
}

func (i *Item) limitWords(limit string) string {
	if i.Type == TypeQuantity {
		return joined(limit, i.Unit)
	}
	return Value{Type: i.valueType(), Text: limit}.Label()
}

func (i *Item) either(number, date string) string {
	if slices.Contains([]Type{TypeDate, TypeTime, TypeDateTime}, i.Type) {
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
	case TypeDateTime:
		wall, ok := onTheWall(typed)
		return v, ok && wall == typed
	case TypeQuantity:
		return i.quantity(typed)
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
	case TypeString, TypeText, TypeReference, TypeAttachment:
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
	switch i.Type {
	case TypeQuantity:
		return i.typedQuantity(v)
	case TypeDateTime:
		wall, ok := onTheWall(v.Text)
		return wall, ok && v.Type == ValueDateTime
	default:
	}
	_, ok := i.valueOf(v.Text)
	return v.Text, ok && v.Type == i.valueType()
}
