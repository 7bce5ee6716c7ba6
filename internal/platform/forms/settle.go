package forms

import (
	"maps"
	"slices"
	"time"

	"waymark/internal/platform/fhirpath"
)

// Launch is what the expressions of a form can see besides its answers.
type Launch struct {
	Now time.Time // in the place whose days count
	// Contexts are the documents of the person the form is about (patient), of who fills it in (user) and
	// of the meeting (encounter), as far as the reader may see them. What is not there is empty.
	Contexts map[string]*fhirpath.Document
}

// At is the form at a moment and with its surroundings. Without it, expressions have no clock and nobody
// they are about.
func (q *Questionnaire) At(l Launch) *Questionnaire {
	at := *q
	at.launch = l
	if q.base != nil {
		at.base = q.base.At(l)
	}
	return &at
}

// Computes says whether the form has expressions, so that its page has to be worked out again when answers
// change.
func (q *Questionnaire) Computes() bool { return q.expressive }

const (
	maxRounds = 12 // until answers that are computed of each other stand still
	maxSteps  = 100_000
)

// settled is a form with everything worked out.
type settled struct {
	q        *Questionnaire // spread out
	answers  Answers
	said     map[*Item]bool // what enableWhenExpression says
	broken   []constraint
	brokenOn []*Item // nil for the whole form
	troubles Problems
}

// Settle works out what is computed. It gives the answers with those that are, and names what could not be
// worked out: such an answer is empty, never 0 and never what it was before.
func (q *Questionnaire) Settle(a Answers) (Answers, []Problem) {
	s := q.settle(a)
	return s.answers, s.troubles
}

func (q *Questionnaire) settle(a Answers) settled {
	q = q.Spread(a)
	s := settled{q: q, answers: maps.Clone(a), said: map[*Item]bool{}}
	if s.answers == nil {
		s.answers = Answers{}
	}
	for i := range q.Questions() {
		switch {
		case i.calculated != nil:
			delete(s.answers, i.LinkID)
		case i.Hidden && len(i.Initial) > 0 && !s.answers.Answered(i.LinkID):
			s.answers[i.LinkID] = Give(i.Initial...)
		}
	}
	if !q.expressive {
		return s
	}
	for range maxRounds {
		if q.round(&s) {
			return s
		}
	}
	for i := range q.Questions() {
		if i.calculated != nil {
			delete(s.answers, i.LinkID)
			s.troubles.add(i.LinkID, "the expressions of the form change each other without end")
		}
	}
	return s
}

// round evaluates everything once, and says whether nothing has changed by it.
func (q *Questionnaire) round(s *settled) bool {
	s.troubles, s.broken, s.brokenOn = nil, nil, nil
	w, err := q.working(*s)
	if err != nil {
		s.troubles.add("", "the answers cannot be read by the expressions of the form")
		return true
	}
	still := true
	for i := range q.All() {
		if i.enabled != nil {
			is := w.condition(i, s)
			if was, known := s.said[i]; !known || was != is {
				s.said[i], still = is, false
			}
		}
		if i.calculated != nil && w.calculate(i, s) {
			still = false
		}
		w.constraints(i.constraints, i, s)
	}
	w.constraints(q.constraints, nil, s)
	return still
}

// working is a form while its expressions are evaluated.
type working struct {
	q         *Questionnaire
	resource  *fhirpath.Document
	places    map[*Item]fhirpath.Collection // where each item stands in the response
	written   map[*Item]int                 // which of its series a repetition is there
	variables map[*Item]map[string]fhirpath.Collection
}

func (q *Questionnaire) working(s settled) (working, error) {
	r := Response{Questionnaire: q.Canonical(), Status: StatusInProgress, Authored: q.launch.Now}
	w := working{q: q, places: map[*Item]fhirpath.Collection{}, written: map[*Item]int{}, variables: map[*Item]map[string]fhirpath.Collection{}}
	r.Items = writing{q: q, answers: s.answers, asking: s.asking(), written: w.written}.items(q.Items)
	data, err := r.MarshalJSON()
	if err != nil {
		return working{}, err
	}
	w.resource, err = fhirpath.ParseDocument(data)
	return w, err
}

// where is the part of the response that an item is: the repetition that it stands in, and no other.
func (w working) where(i *Item) fhirpath.Collection {
	if known, is := w.places[i]; is {
		return known
	}
	above := fhirpath.Collection{w.resource.Root()}
	if i.parent != nil {
		above = w.where(i.parent)
	}
	var found fhirpath.Collection
	switch nth, there := w.written[i]; {
	case i.Nth == 0:
		for _, item := range slices.Concat(above.Parts("item"), above.Parts("answer").Parts("item")) {
			if item.Part("linkId") == i.origin() {
				found = append(found, item)
			}
		}
	case !there:
	case i.IsQuestion():
		above = above.Parts("answer")
		fallthrough
	default:
		if nth < len(above) {
			found = above[nth : nth+1]
		}
	}
	w.places[i] = found
	return found
}

// scope are the variables that an item sees: those of the form, of what it stands in, and its own.
func (w working) scope(i *Item) (map[string]fhirpath.Collection, error) {
	if known, is := w.variables[i]; is {
		return known, nil
	}
	var names map[string]fhirpath.Collection
	declared := w.q.variables
	if i == nil {
		names = map[string]fhirpath.Collection{
			"resource": {w.resource.Root()}, "rootResource": {w.resource.Root()}, "questionnaire": {w.q.document.Root()},
		}
		for _, name := range contexts {
			names[name] = nil
			if d := w.q.launch.Contexts[name]; d != nil {
				names[name] = fhirpath.Collection{d.Root()}
			}
		}
	} else {
		above, err := w.scope(i.parent)
		if err != nil {
			return nil, err
		}
		names, declared = maps.Clone(above), i.variables
	}
	w.place(i, names)
	for _, v := range declared {
		c, err := v.is.Eval(w.env(i, names))
		if err != nil {
			return nil, err
		}
		names[v.name] = c
	}
	w.variables[i] = names
	return names, nil
}

// place sets what an expression stands at.
func (w working) place(i *Item, names map[string]fhirpath.Collection) {
	if i == nil {
		names["context"], names["qitem"] = names["resource"], nil
		return
	}
	names["context"], names["qitem"] = w.where(i), w.q.document.FindItem(i.origin())
}

func (w working) env(_ *Item, names map[string]fhirpath.Collection) fhirpath.Env {
	return fhirpath.Env{
		Focus: names["context"], Variables: names, Now: w.q.launch.Now, Limits: fhirpath.Limits{Steps: maxSteps},
	}
}

func (w working) eval(x *fhirpath.Expression, i *Item) (fhirpath.Collection, error) {
	names, err := w.scope(i)
	if err != nil {
		return nil, err
	}
	return x.Eval(w.env(i, names))
}

// condition says whether an item is asked. One that cannot be worked out is: a question that is left out
// by mistake is lost, one that is asked by mistake can be left open.
func (w working) condition(i *Item, s *settled) bool {
	c, err := w.eval(i.enabled, i)
	if err == nil && len(c) <= 1 {
		return len(c) == 1 && (c[0].Kind() != fhirpath.KindBoolean || c[0].Bool())
	}
	s.troubles.add(i.LinkID, "whether this is asked could not be worked out, so it is: %s", why(err))
	return true
}

func why(err error) string {
	if err == nil {
		return "it gives several answers"
	}
	return err.Error()
}

// calculate sets a computed answer, and says whether it changed.
func (w working) calculate(i *Item, s *settled) bool {
	var typed []string
	c, err := w.eval(i.calculated, i)
	if err == nil {
		typed, err = i.typedOf(c)
	}
	if err != nil {
		s.troubles.add(i.LinkID, "this could not be worked out: %s", why(err))
	}
	if slices.Equal(typed, s.answers.Values(i.LinkID)) {
		return false
	}
	s.answers.Set(i.LinkID, typed...)
	return true
}

// constraints notes those that do not hold. What gives nothing holds: it is about answers that are not there.
func (w working) constraints(list []constraint, i *Item, s *settled) {
	for _, c := range list {
		got, err := w.eval(c.holds, i)
		linkID := ""
		if i != nil {
			linkID = i.LinkID
		}
		switch {
		case err != nil || len(got) > 1:
			s.troubles.add(linkID, "a rule could not be checked: %s", why(err))
		case len(got) == 1 && got[0].Kind() == fhirpath.KindBoolean && !got[0].Bool():
			if c.warning {
				s.troubles.add(linkID, "%s", c.human)
				continue
			}
			s.broken, s.brokenOn = append(s.broken, c), append(s.brokenOn, i)
		}
	}
}

// StartAnswers is what a new form begins with: the initial values that the question set names, and those
// that its expressions find in what it was launched with. It names what could not be worked out.
func (q *Questionnaire) StartAnswers() (Answers, []Problem) {
	a := q.Start()
	s := q.settle(a)
	var troubles Problems
	if w, err := s.q.working(s); err == nil && q.expressive {
		for i := range s.q.Questions() {
			if i.initially == nil {
				continue
			}
			var typed []string
			c, err := w.eval(i.initially, i)
			if err == nil {
				typed, err = i.typedOf(c)
			}
			if err != nil {
				troubles.add(i.origin(), "this could not be filled in: %s", why(err))
			}
			a.Set(i.LinkID, typed...)
		}
	}
	settledAnswers, more := q.Settle(a)
	for _, p := range more {
		troubles.add(p.LinkID, "%s", p.Reason)
	}
	return settledAnswers, troubles
}

// Aside divides answers into those to questions that are asked, and those to questions that no longer are, or
// that stand in a repetition that was removed. The first are sent; the second are kept for when the question
// comes back.
func (q *Questionnaire) Aside(a Answers) (given, aside Answers) {
	asking := q.asking(a)
	form := q.form()
	given, aside = Answers{}, Answers{}
	for key, answer := range a {
		linkID, at := originOf(key)
		i := asking.q.byLink[key]
		switch known := form.byLink[linkID]; {
		case i != nil && (i.IsQuestion() || i.Series != nil) && !asking.asked(i), i == nil && known != nil && at != "":
			aside[key] = answer
		default:
			given[key] = answer
		}
	}
	return given, aside
}

// Asked says for each item whether it is asked, given the answers. The form is worked out once.
func (q *Questionnaire) Asked(a Answers) func(*Item) bool {
	s := q.asking(a)
	return s.asked
}
