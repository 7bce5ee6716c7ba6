package fhirpath

import "slices"

// Where a weight may stand: as forms of R4 write it, and as later ones do.
var weightExtensions = []string{
	"http://hl7.org/fhir/StructureDefinition/ordinalValue",
	"http://hl7.org/fhir/StructureDefinition/itemWeight",
	"http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue",
	"http://hl7.org/fhir/StructureDefinition/codesystem-ordinalValue",
}

// weights finds the weight of each answer: on the answer, on its value, on the option of the question or
// the coding inside it, in a value set or a code system that the form contains. Nothing is asked of a
// server. An answer without a weight adds nothing.
func weights(e *evaluation, c call) (Collection, error) {
	var all Collection
	for i := range c.input {
		v := &c.input[i]
		if err := e.step(c.x, 1); err != nil {
			return nil, err
		}
		w, err := e.weight(c, v)
		if err != nil {
			return nil, err
		}
		if w != nil {
			all = append(all, part(w, nil, "decimal", "value", v))
		}
	}
	return all, nil
}

func weightOn(n *node) *node {
	for _, x := range n.field("extension").all() {
		if !slices.Contains(weightExtensions, x.string("url")) {
			continue
		}
		for _, name := range []string{"valueDecimal", "valueInteger"} {
			if w := x.field(name); w != nil && w.kind == nodeNumber {
				return w
			}
		}
	}
	return nil
}

func (e *evaluation) weight(c call, v *Value) (*node, error) {
	answer := v
	if v.name == "value" && v.parent != nil {
		answer = v.parent
	}
	for _, n := range []*node{v.node, v.ext} {
		if w := weightOn(n); w != nil {
			return w, nil
		}
	}
	value, name, beside := valueOf(answer.node)
	for _, n := range []*node{answer.node, value, beside} {
		if w := weightOn(n); w != nil {
			return w, nil
		}
	}
	if value == nil || answer.parent == nil {
		return nil, nil
	}
	form := e.env.Variables["questionnaire"]
	if len(form) != 1 || form[0].node == nil {
		return nil, fail(c.x.pos, "%s() needs the form as %%questionnaire", c.x.name)
	}
	item, err := e.findItem(c, form[0].node, answer.parent.node.string("linkId"))
	if err != nil || item == nil {
		return nil, err
	}
	return e.weightInForm(c, form[0].node, item, value, name)
}

// valueOf is the value of an answer or an option, the name it has, and what stands beside it.
func valueOf(n *node) (value *node, name string, beside *node) {
	if n == nil {
		return nil, "", nil
	}
	for _, name := range n.names {
		if len(name) > len("value") && name[:len("value")] == "value" {
			return n.fields[name], name, n.field("_" + name)
		}
	}
	return nil, "", nil
}

func (e *evaluation) findItem(c call, n *node, linkID string) (*node, error) {
	for _, item := range n.field("item").all() {
		if err := e.step(c.x, 1); err != nil {
			return nil, err
		}
		if item.string("linkId") == linkID {
			return item, nil
		}
		if inner, err := e.findItem(c, item, linkID); inner != nil || err != nil {
			return inner, err
		}
	}
	return nil, nil
}

func sameAnswer(a, b *node) bool {
	if a == nil || b == nil {
		return false
	}
	if a.kind == nodeObject && a.field("code") != nil {
		return a.string("code") == b.string("code") && a.string("system") == b.string("system")
	}
	return part(a, nil, "", "", nil).key() == part(b, nil, "", "", nil).key()
}

func (e *evaluation) weightInForm(c call, form, item, value *node, name string) (*node, error) {
	for _, o := range item.field("answerOption").all() {
		if err := e.step(c.x, 1); err != nil {
			return nil, err
		}
		inner := o.field(name)
		if !sameAnswer(value, inner) {
			continue
		}
		for _, n := range []*node{o, inner, o.field("_" + name)} {
			if w := weightOn(n); w != nil {
				return w, nil
			}
		}
	}
	if value.kind != nodeObject {
		return nil, nil
	}
	code, system, set := value.string("code"), value.string("system"), item.string("answerValueSet")
	for _, r := range form.field("contained").all() {
		if r.string("resourceType") == "ValueSet" && set == "#"+r.string("id") {
			if w, err := e.weightInSet(c, r, code, system); w != nil || err != nil {
				return w, err
			}
		}
	}
	for _, r := range form.field("contained").all() {
		if r.string("resourceType") == "CodeSystem" && r.string("url") == system {
			if w, err := e.weightOfConcept(c, r.field("concept"), code); w != nil || err != nil {
				return w, err
			}
		}
	}
	return nil, nil
}

func (e *evaluation) weightInSet(c call, set *node, code, system string) (*node, error) {
	for _, include := range set.field("compose").field("include").all() {
		if include.string("system") != system {
			continue
		}
		if w, err := e.weightOfConcept(c, include.field("concept"), code); w != nil || err != nil {
			return w, err
		}
	}
	for _, concept := range set.field("expansion").field("contains").all() {
		if err := e.step(c.x, 1); err != nil {
			return nil, err
		}
		if concept.string("code") == code && concept.string("system") == system {
			if w := weightOn(concept); w != nil {
				return w, nil
			}
		}
	}
	return nil, nil
}

func (e *evaluation) weightOfConcept(c call, concepts *node, code string) (*node, error) {
	for _, concept := range concepts.all() {
		if err := e.step(c.x, 1); err != nil {
			return nil, err
		}
		if concept.string("code") == code {
			if w := weightOn(concept); w != nil {
				return w, nil
			}
		}
		if inner, err := e.weightOfConcept(c, concept.field("concept"), code); inner != nil || err != nil {
			return inner, err
		}
	}
	return nil, nil
}
