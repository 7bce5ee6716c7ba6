package forms

import "strings"

// valueSet reads the answers of a choice from a value set that the form contains. One from elsewhere is
// refused: nothing is asked of a server.
func (r *reading) valueSet(q *Questionnaire, i *Item) {
	address := r.text(i.keep, i.LinkID, "answerValueSet")
	if address == "" || len(i.Options) > 0 {
		return
	}
	id, contained := strings.CutPrefix(address, "#")
	if !contained {
		r.problems.add(i.LinkID, "answerValueSet names %s, which is not contained in the form", address)
		return
	}
	for _, set := range r.list(q.keep, i.LinkID, "contained") {
		if r.text(set, i.LinkID, "resourceType") == "ValueSet" && r.text(set, i.LinkID, "id") == id {
			r.optionsOf(i, set)
			return
		}
	}
	r.problems.add(i.LinkID, "answerValueSet names #%s, which the form does not contain", id)
}

func (r *reading) optionsOf(i *Item, set object) {
	if expansion := r.object(set, i.LinkID, "expansion"); expansion != nil {
		for _, c := range r.list(expansion, i.LinkID, "contains") {
			r.option(i, c, r.text(c, i.LinkID, "system"))
		}
		return
	}
	compose := r.object(set, i.LinkID, "compose")
	if _, there := compose["exclude"]; there {
		r.problems.add(i.LinkID, "its value set leaves codes out by a rule, which is not supported: list those that stay")
	}
	for _, include := range r.list(compose, i.LinkID, "include") {
		concepts := r.list(include, i.LinkID, "concept")
		_, rule := include["filter"]
		_, other := include["valueSet"]
		if len(concepts) == 0 || rule || other {
			r.problems.add(i.LinkID, "its value set does not list its codes, which is not supported")
			return
		}
		for _, c := range concepts {
			r.option(i, c, r.text(include, i.LinkID, "system"))
		}
	}
	if len(i.Options) == 0 {
		r.problems.add(i.LinkID, "its value set is empty")
	}
}

// option adds a concept of a value set.
func (r *reading) option(i *Item, c object, system string) {
	o := Option{Coding: Coding{
		System: system, Code: r.text(c, i.LinkID, "code"), Display: r.text(c, i.LinkID, "display"), Weight: r.weight(c, i.LinkID),
	}}
	switch {
	case o.Coding.Code == "" || system == "":
		r.problems.add(i.LinkID, "its value set has a concept without a code or a system")
	case i.Option(o.Key()) != nil:
		r.problems.add(i.LinkID, "its value set has the code %q twice", o.Key())
	case len(i.Options) == maxOptions:
		r.problems.add(i.LinkID, "has more than %d options", maxOptions)
	case len(i.Options) < maxOptions:
		i.Options = append(i.Options, o)
	}
}
