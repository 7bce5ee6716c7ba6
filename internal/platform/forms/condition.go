package forms

import (
	"slices"
	"strings"
)

// Operator is how an answer is compared.
type Operator string

const (
	OpExists         Operator = "exists"
	OpEqual          Operator = "="
	OpNotEqual       Operator = "!="
	OpGreater        Operator = ">"
	OpLess           Operator = "<"
	OpGreaterOrEqual Operator = ">="
	OpLessOrEqual    Operator = "<="
)

var operatorWords = map[Operator]string{
	OpEqual: "is", OpNotEqual: "is not", OpGreater: "is more than", OpLess: "is less than",
	OpGreaterOrEqual: "is at least", OpLessOrEqual: "is at most",
}

// Condition is what must be answered elsewhere for an item to be asked.
type Condition struct {
	Question string // linkId
	Operator Operator
	Answer   Value
}

func (r *reading) condition(o object, linkID string) Condition {
	c := Condition{Question: r.text(o, linkID, "question"), Operator: Operator(r.text(o, linkID, "operator"))}
	if c.Question == "" {
		r.problems.add(linkID, "enableWhen names no question")
	}
	if c.Operator != OpExists && operatorWords[c.Operator] == "" {
		r.problems.add(linkID, "enableWhen has the operator %q, which is none", c.Operator)
	}
	before := len(r.problems)
	answer, ok := r.value(o, linkID, "answer")
	if !ok && len(r.problems) == before {
		r.problems.add(linkID, "enableWhen compares with no answer")
	}
	c.Answer = answer
	return c
}

// conditions checks what items depend on, once all are known.
func (r *reading) conditions(q *Questionnaire) {
	for i := range q.All() {
		for _, c := range i.EnableWhen {
			if c.Question != "" && c.Answer.Type != "" {
				r.dependence(i, c, q.byLink[c.Question])
			}
		}
	}
	// An item hangs on the one it stands in and on those its conditions name. Whoever hangs on itself
	// would never be asked, or would come and go with its own answer.
	const started, done = 1, 2
	state := map[*Item]int{}
	var visit func(i *Item)
	visit = func(i *Item) {
		if i == nil || state[i] == done {
			return
		}
		if state[i] == started {
			r.problems.add(i.LinkID, "enableWhen leads back to the item itself")
			return
		}
		state[i] = started
		visit(i.parent)
		for _, c := range i.EnableWhen {
			visit(q.byLink[c.Question])
		}
		state[i] = done
	}
	for i := range q.All() {
		visit(i)
	}
}

func (r *reading) dependence(i *Item, c Condition, on *Item) {
	ordered := c.Operator != OpEqual && c.Operator != OpNotEqual && c.Operator != OpExists
	switch {
	case on == nil:
		r.problems.add(i.LinkID, "enableWhen names %q, which is not in the form", c.Question)
	case !on.IsQuestion():
		r.problems.add(i.LinkID, "enableWhen names %q, which is not a question", c.Question)
	case c.Operator == OpExists:
		if c.Answer.Type != ValueBoolean {
			r.problems.add(i.LinkID, "enableWhen asks whether there is an answer, and does not say true or false")
		}
	case c.Answer.Type != on.valueType():
		r.problems.add(i.LinkID, "enableWhen compares %q, a %s, with a %s", c.Question, on.valueType(), c.Answer.Type)
	case callings[c.Answer.Type] != "":
		r.problems.add(i.LinkID, "enableWhen compares %q with a %s: people write what it is called, and not always alike", c.Question, c.Answer.Type)
	case ordered && limits[on.Type] == nil:
		r.problems.add(i.LinkID, "enableWhen asks whether %q is %s something, and it has no order", c.Question, c.Operator)
	case on.Type == TypeChoice && on.optionOf(c.Answer) == nil:
		r.problems.add(i.LinkID, "enableWhen compares %q with an answer that it does not offer", c.Question)
	}
}

// asking knows, for one set of answers, what is asked.
type asking struct {
	q    *Questionnaire
	a    Answers
	memo map[*Item]bool
	said map[*Item]bool // what enableWhenExpression says
}

// Enabled says whether an item is asked, given the answers: what it stands in is asked, the question it
// hangs under has an answer, and its conditions hold.
func (q *Questionnaire) Enabled(i *Item, a Answers) bool { return q.asking(a).asked(i) }

func (q *Questionnaire) asking(a Answers) asking { return q.settle(a).asking() }

func (s settled) asking() asking { return asking{s.q, s.answers, map[*Item]bool{}, s.said} }

func (s asking) asked(i *Item) bool {
	if own := s.q.byLink[i.LinkID]; own != nil {
		i = own // it may come from the form, from before it was spread out, or be in another language
	}
	if was, known := s.memo[i]; known {
		return was
	}
	is := s.above(i) && s.holds(i)
	s.memo[i] = is
	return is
}

func (s asking) above(i *Item) bool {
	if i.parent == nil {
		return true
	}
	// A text under a question belongs to it whether or not it is answered.
	return s.asked(i.parent) && (i.Type == TypeDisplay || !i.parent.IsQuestion() || s.a.Answered(i.parent.LinkID))
}

func (s asking) holds(i *Item) bool {
	if i.enabled != nil {
		is, known := s.said[i]
		return is || !known
	}
	if len(i.EnableWhen) == 0 {
		return true
	}
	met := func(c Condition) bool {
		on := s.q.byLink[c.Question]
		if on == nil {
			return c.Operator == OpNotEqual || c.Operator == OpExists && c.Answer.Text == "false" // nowhere: it has no answer
		}
		c.Answer = s.q.here(c.Answer)
		if !s.asked(on) {
			return c.met(on, nil) // an answer to a question that is not asked counts for nothing
		}
		return c.met(on, s.a.Values(c.Question))
	}
	if i.EnableAny {
		return slices.ContainsFunc(i.EnableWhen, met)
	}
	return !slices.ContainsFunc(i.EnableWhen, func(c Condition) bool { return !met(c) })
}

// met compares answers as they were typed. What cannot be read as an answer is unlike every answer.
func (c Condition) met(on *Item, typed []string) bool {
	if c.Operator == OpExists {
		return (len(typed) > 0) == (c.Answer.Text == "true")
	}
	suits := slices.ContainsFunc(typed, func(text string) bool {
		v, ok := on.valueOf(text)
		return ok && c.compare(v)
	})
	if c.Operator == OpNotEqual {
		return !suits // none is equal; so it is too while there is no answer
	}
	return suits
}

func (c Condition) compare(v Value) bool {
	switch v.Type {
	case ValueTime:
		return c.Operator.suits(strings.Compare(v.Text, c.Answer.Text))
	case ValueDateTime:
		v.Text, _ = onTheWall(v.Text)
		limit, _ := onTheWall(c.Answer.Text)
		if c.Operator == OpEqual || c.Operator == OpNotEqual {
			return v.Text == limit
		}
		return c.Operator.suitsSpans(v.Text, limit, moments)
	case ValueQuantity:
		order, ok := compareNumbers(v.Text, c.Answer.Text)
		return ok && sameUnit(v.Coding, c.Answer.Coding) && c.Operator.suits(order)
	case ValueInteger, ValueDecimal:
		order, ok := compareNumbers(v.Text, c.Answer.Text)
		return ok && c.Operator.suits(order)
	case ValueDate:
		if c.Operator == OpEqual || c.Operator == OpNotEqual {
			return v.Is(c.Answer)
		}
		return c.Operator.suitsSpans(v.Text, c.Answer.Text, span)
	default:
		return v.Is(c.Answer)
	}
}

func (op Operator) suits(order int) bool {
	switch op {
	case OpEqual, OpNotEqual:
		return order == 0
	case OpGreater:
		return order > 0
	case OpLess:
		return order < 0
	case OpGreaterOrEqual:
		return order >= 0
	case OpLessOrEqual:
		return order <= 0
	default:
		return false
	}
}

// suitsSpans compares dates of which one may be a month or a year: it must hold for every day or moment that
// they may mean.
func (op Operator) suitsSpans(a, b string, span func(string) (first, last string)) bool {
	firstA, lastA := span(a)
	firstB, lastB := span(b)
	switch op {
	case OpGreater:
		return firstA > lastB
	case OpLess:
		return lastA < firstB
	case OpGreaterOrEqual:
		return firstA >= firstB && (firstA >= lastB || a == b)
	case OpLessOrEqual:
		return lastA <= lastB && (lastA <= firstB || a == b)
	default:
		return false
	}
}

// ConditionWords says when an item is asked, as the end of a sentence that begins with "Only if". It is
// empty for an item that is always asked.
func (q *Questionnaire) ConditionWords(i *Item) string {
	var words []string
	for _, c := range i.EnableWhen {
		on := q.byLink[c.Question]
		if on == nil {
			linkID, _ := originOf(c.Question)
			on = q.form().byLink[linkID]
		}
		if on == nil {
			continue
		}
		answer := "“" + c.Answer.Label() + "”"
		if on.Type == TypeChoice {
			if o := on.optionOf(c.Answer); o != nil {
				answer = "“" + o.Label() + "”"
			}
		}
		switch {
		case c.Operator == OpExists && c.Answer.Text == "true":
			words = append(words, on.mention(i)+" is answered")
		case c.Operator == OpExists:
			words = append(words, on.mention(i)+" is not answered")
		default:
			words = append(words, on.mention(i)+" "+operatorWords[c.Operator]+" "+answer)
		}
	}
	between := ", and "
	if i.EnableAny {
		between = ", or "
	}
	conditions := strings.Join(words, between)
	if !i.hangs() {
		return conditions
	}
	above := i.parent.mention(i) + " is answered"
	if conditions == "" {
		return above
	}
	return above + ", and " + conditions
}

// hangs says whether the item waits for the question above it, without a condition that says more.
func (i *Item) hangs() bool {
	return i.parent != nil && i.parent.IsQuestion() && i.Type != TypeDisplay &&
		!slices.ContainsFunc(i.EnableWhen, func(c Condition) bool { return c.Question == i.parent.LinkID })
}

// mention is how another item of the form speaks of a question. Where the two stand in the same repetitions,
// those are not named.
func (i *Item) mention(by *Item) string {
	name := i.name()
	if strings.HasSuffix(by.Place(), i.Place()) {
		name = i.ownName()
	}
	if i.Prefix != "" && name == i.ownName() {
		return "question " + strings.TrimRight(i.Prefix, ".): ")
	}
	return "“" + name + "”"
}
