package forms

import (
	"fmt"
	"slices"
	"strings"

	"waymark/internal/platform/fhirpath"
)

const fhirPath = "text/fhirpath"

// variable is a name for what an expression gives, for the item that declares it and those under it.
type variable struct {
	name string
	is   *fhirpath.Expression
	on   *Item // nil for the whole form
}

// constraint is what must hold of the answers.
type constraint struct {
	key     string
	holds   *fhirpath.Expression
	human   string // what is said when it does not hold
	warning bool   // it is said, and stops nobody
}

// Launch contexts that are known: who the form is about, who fills it in, and the meeting it belongs to.
var contexts = []string{"patient", "user", "encounter"}

// inner are variables that every expression of a form can read.
var inner = []string{"questionnaire", "qitem"}

// expression reads the valueExpression of an extension.
func (r *reading) expression(e object, linkID string) (name string, x *fhirpath.Expression) {
	short := shortURL(r.text(e, linkID, "url"))
	v := r.object(e, linkID, "valueExpression")
	if v == nil {
		r.problems.add(linkID, "%s has no expression", short)
		return "", nil
	}
	if language := r.text(v, linkID, "language"); language != fhirPath {
		r.problems.add(linkID, "%s is written in %q, which is not supported", short, language)
		return "", nil
	}
	return r.text(v, linkID, "name"), r.parseExpression(r.text(v, linkID, "expression"), linkID, short)
}

func (r *reading) parseExpression(text, linkID, short string) *fhirpath.Expression {
	if text == "" {
		r.problems.add(linkID, "%s has no expression", short)
		return nil
	}
	x, err := fhirpath.Parse(text)
	if err != nil {
		r.problems.add(linkID, "%s: %v", short, err)
		return nil
	}
	return x
}

func shortURL(url string) string { return url[strings.LastIndex(url, "/")+1:] }

// variables reads what a form or an item declares.
func (r *reading) variables(o object, on *Item) []variable {
	linkID := ""
	if on != nil {
		linkID = on.LinkID
	}
	var all []variable
	for _, e := range r.list(o, linkID, "extension") {
		if r.text(e, linkID, "url") != extVariable {
			continue
		}
		name, x := r.expression(e, linkID)
		switch {
		case x == nil:
		case name == "":
			r.problems.add(linkID, "a variable has no name")
		case slices.Contains(inner, name) || slices.Contains(contexts, name) || fhirpath.Known(name):
			r.problems.add(linkID, "the variable %q has a name that means something else", name)
		case slices.ContainsFunc(all, func(v variable) bool { return v.name == name }):
			r.problems.add(linkID, "the variable %q stands twice", name)
		default:
			all = append(all, variable{name, x, on})
		}
	}
	return all
}

func (r *reading) constraints(o object, linkID string) []constraint {
	var all []constraint
	for _, e := range r.list(o, linkID, "extension") {
		if r.text(e, linkID, "url") != extConstraint {
			continue
		}
		var c constraint
		for _, part := range r.list(e, linkID, "extension") {
			switch url := r.text(part, linkID, "url"); url {
			case "key":
				c.key = r.text(part, linkID, "valueId")
			case "severity":
				severity := r.text(part, linkID, "valueCode")
				if c.warning = severity == "warning"; !c.warning && severity != "error" {
					r.problems.add(linkID, "a constraint has the severity %q and not error or warning", severity)
				}
			case "human":
				c.human = r.text(part, linkID, "valueString")
			case "expression":
				c.holds = r.parseExpression(r.text(part, linkID, "valueString"), linkID, "questionnaire-constraint")
			case "requirements":
			default:
				r.problems.add(linkID, "a constraint has a part %q, which is not supported", url)
			}
		}
		if c.human == "" || c.holds == nil {
			r.problems.add(linkID, "a constraint has no words for people or no expression")
			continue
		}
		all = append(all, c)
	}
	return all
}

// computed reads the expressions of an item.
func (r *reading) computed(i *Item) {
	read := func(url string) *fhirpath.Expression {
		if e := r.extension(i.keep, i.LinkID, url); e != nil {
			_, x := r.expression(e, i.LinkID)
			return x
		}
		return nil
	}
	i.variables = r.variables(i.keep, i)
	i.constraints = r.constraints(i.keep, i.LinkID)
	i.calculated, i.initially, i.enabled = read(extCalculated), read(extInitial), read(extEnableWhen)
	switch {
	case i.calculated != nil && !i.IsQuestion(), i.initially != nil && !i.IsQuestion():
		r.problems.add(i.LinkID, "is a %s and has an expression for its answer", i.Type)
	case i.calculated != nil && (i.initially != nil || len(i.Initial) > 0):
		r.problems.add(i.LinkID, "is calculated and has an initial answer")
	case i.calculated != nil && i.Repeats:
		r.problems.add(i.LinkID, "is calculated and repeats, which is not supported")
	case i.enabled != nil && len(i.EnableWhen) > 0:
		r.problems.add(i.LinkID, "has enableWhen and enableWhenExpression, which contradict each other")
	case i.initially != nil && len(i.Initial) > 0:
		r.problems.add(i.LinkID, "has an initial answer and an expression for one")
	}
}

// launch reads the contexts that a form asks for.
func (r *reading) launch(q *Questionnaire) {
	for _, e := range r.list(q.keep, "", "extension") {
		if r.text(e, "", "url") != extLaunch {
			continue
		}
		name := ""
		for _, part := range r.list(e, "", "extension") {
			if r.text(part, "", "url") == "name" {
				if v := r.object(part, "", "valueCoding"); v != nil {
					name = r.text(v, "", "code")
				} else {
					name = r.text(part, "", "valueId")
				}
			}
		}
		if !slices.Contains(contexts, name) {
			r.problems.add("", "the launchContext %q is not one of %s", name, strings.Join(contexts, ", "))
		}
	}
}

// expressions checks what expressions read, once all are known.
func (r *reading) expressions(q *Questionnaire) {
	var check func(items []*Item, names []string)
	look := func(linkID string, x *fhirpath.Expression, names []string) {
		if x == nil {
			return
		}
		q.expressive = true
		for _, name := range x.Variables() {
			if !slices.Contains(names, name) && !fhirpath.Known(name) {
				r.problems.add(linkID, "an expression reads %%%s, which is not declared", name)
			}
		}
	}
	declare := func(linkID string, declared []variable, names []string) []string {
		names = slices.Clone(names)
		for _, v := range declared {
			look(linkID, v.is, names)
			names = append(names, v.name)
		}
		return names
	}
	check = func(items []*Item, names []string) {
		for _, i := range items {
			mine := declare(i.LinkID, i.variables, names)
			for _, x := range []*fhirpath.Expression{i.calculated, i.initially, i.enabled} {
				look(i.LinkID, x, mine)
			}
			for _, c := range i.constraints {
				look(i.LinkID, c.holds, mine)
			}
			check(i.Items, mine)
		}
	}
	names := declare("", q.variables, slices.Concat(contexts, inner))
	for _, c := range q.constraints {
		look("", c.holds, names)
	}
	check(q.Items, names)
}

// typedOf is what an expression gives, as an answer to the question.
func (i *Item) typedOf(c fhirpath.Collection) ([]string, error) {
	if len(c) > 1 && !i.Repeats {
		return nil, fmt.Errorf("it gives %d answers and one is needed", len(c))
	}
	var typed []string
	for _, v := range c {
		text, ok := i.typedValue(v)
		if !ok {
			return nil, fmt.Errorf("what it gives is no answer to the question")
		}
		typed = append(typed, text)
	}
	return typed, nil
}

func (i *Item) typedValue(v fhirpath.Value) (string, bool) {
	if i.Type == TypeChoice {
		if v.FHIRType() == "Coding" {
			return i.typed(Value{Type: ValueCoding, Coding: Coding{System: v.Part("system"), Code: v.Part("code")}})
		}
		o := i.Option(v.Text())
		return v.Text(), (o != nil || i.Open) && v.Kind() != fhirpath.KindNone
	}
	if i.Type == TypeQuantity {
		number, unit, ok := v.Quantity()
		if !ok {
			number, unit = v.Text(), ""
			if len(i.Units) == 1 {
				unit = i.Units[0].Code
			}
		}
		if slices.ContainsFunc(i.Units, func(c Coding) bool { return c.Code == unit }) || len(i.Units) == 0 {
			typed := i.JoinQuantity(number, unit)
			_, fits := i.quantity(typed)
			return typed, fits
		}
		return "", false
	}
	text := v.Text()
	switch v.Kind() {
	case fhirpath.KindNone, fhirpath.KindQuantity:
		return "", false
	case fhirpath.KindDateTime:
		if i.Type == TypeDate {
			text, _, _ = strings.Cut(text, "T")
		}
		if i.Type == TypeDateTime {
			text, _ = onTheWall(text)
		}
	default:
	}
	if i.Type == TypeString {
		text = oneLine(text)
	}
	_, ok := i.valueOf(text)
	return text, ok
}
