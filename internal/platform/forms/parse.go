package forms

import (
	"slices"
	"strings"

	"waymark/internal/platform/fhirpath"
)

// ParseQuestionnaire reads a FHIR R4 Questionnaire. The error is Problems: everything that keeps the form
// from being asked as it was meant, each with its linkId.
func ParseQuestionnaire(data []byte) (*Questionnaire, error) {
	o, err := readDocument(data)
	if err != nil {
		return nil, err
	}
	var r reading
	q := &Questionnaire{
		URL: r.text(o, "", "url"), Version: r.text(o, "", "version"), Name: r.text(o, "", "name"),
		Title: r.text(o, "", "title"), Status: r.text(o, "", "status"), Description: r.text(o, "", "description"),
		Copyright: r.text(o, "", "copyright"), Language: r.text(o, "", "language"),
		keep: o, byLink: map[string]*Item{},
	}
	if r.text(o, "", "resourceType") != "Questionnaire" {
		return nil, Problems{{Reason: "the file is not a Questionnaire"}}
	}
	r.resource(q)
	q.Items = r.children(o, q, nil, 1)
	q.ordered()
	if len(q.Items) == 0 {
		r.problems.add("", "the form has no items")
	}
	r.conditions(q)
	q.variables, q.constraints = r.variables(o, nil), r.constraints(o, "")
	r.launch(q)
	r.expressions(q)
	q.scores = r.scores(q)
	q.notices = r.notices
	if q.document, err = fhirpath.ParseDocument(data); err != nil {
		r.problems.add("", "%v", err)
	}
	if err := r.problems.err(); err != nil {
		return nil, err
	}
	return q, nil
}

func (r *reading) resource(q *Questionnaire) {
	for _, must := range []struct{ name, value string }{
		{"url", q.URL}, {"version", q.Version}, {"title", q.Title}, {"status", q.Status},
	} {
		if must.value == "" {
			r.problems.add("", "the form has no %s", must.name)
		}
	}
	if strings.Contains(q.URL, "|") || strings.Contains(q.Version, "|") {
		r.problems.add("", "the url and the version may not contain |, which joins them")
	}
	if q.Status != "" && !slices.Contains([]string{"draft", "active", "retired", "unknown"}, q.Status) {
		r.problems.add("", "the status %q is none of draft, active, retired, unknown", q.Status)
	}
	if _, there := q.keep["implicitRules"]; there {
		r.problems.add("", "implicitRules change what the form means, and they are not supported")
	}
	for _, c := range r.list(q.keep, "", "contained") {
		if kind := r.text(c, "", "resourceType"); kind != "ValueSet" && kind != "CodeSystem" {
			r.note("", "a contained %s is kept but not used", kind)
		}
	}
	r.extensions(q.keep, "", "item", "contained")
}

// children reads the items of a form or of an item.
func (r *reading) children(o object, q *Questionnaire, parent *Item, depth int) []*Item {
	linkID := ""
	if parent != nil {
		linkID = parent.LinkID
	}
	list := r.list(o, linkID, "item")
	if len(list) > 0 && depth > maxNesting {
		r.problems.add(linkID, "items are nested more than %d deep", maxNesting)
		return nil
	}
	var items []*Item
	for _, inner := range list {
		if r.items++; r.items > maxItems {
			if r.items == maxItems+1 {
				r.problems.add("", "the form has more than %d items", maxItems)
			}
			break
		}
		if i := r.item(inner, q, parent); i != nil {
			i.Items = r.children(inner, q, i, depth+1)
			r.shape(i)
			items = append(items, i)
		}
	}
	return items
}

func (r *reading) item(o object, q *Questionnaire, parent *Item) *Item {
	id := r.text(o, "", "linkId")
	if id == "" {
		where := "the form"
		if parent != nil {
			where = "item " + parent.LinkID
		}
		r.problems.add("", "an item of %s has no linkId", where)
		return nil
	}
	if len(id) > 255 || strings.TrimSpace(id) != id || strings.Contains(id, keyTab) {
		r.problems.add(id, "the linkId is too long, or has space around it or a tab in it")
	}
	i := &Item{
		LinkID: id, Prefix: r.text(o, id, "prefix"), Text: r.text(o, id, "text"), Type: Type(r.text(o, id, "type")),
		Required: r.flag(o, id, "required"), Repeats: r.flag(o, id, "repeats"),
		MaxLength: r.number(o, id, "maxLength"), parent: parent, keep: o,
	}
	if q.byLink[id] != nil {
		r.problems.add(id, "the linkId stands twice")
	} else {
		q.byLink[id] = i
	}
	switch _, listed := o["answerOption"]; {
	case i.Type == typeOpenChoice:
		i.Type, i.Open, i.wrote = TypeChoice, true, typeOpenChoice
	case i.Type == "coding":
		i.Type = TypeChoice // the name of R5 for the same thing
	case listed && slices.Contains([]Type{TypeString, TypeInteger, TypeDate, TypeTime}, i.Type):
		i.Type, i.wrote = TypeChoice, string(i.Type) // one of those that are listed
	}
	for _, c := range r.list(o, id, "code") {
		i.Codes = append(i.Codes, r.coding(c, id))
	}
	for _, c := range r.list(o, id, "enableWhen") {
		i.EnableWhen = append(i.EnableWhen, r.condition(c, id))
	}
	behaviour := r.text(o, id, "enableBehavior")
	i.EnableAny = behaviour == "any"
	switch {
	case behaviour == "" && len(i.EnableWhen) > 1:
		r.problems.add(id, "has several enableWhen and no enableBehavior")
	case behaviour != "" && behaviour != "any" && behaviour != "all":
		r.problems.add(id, "enableBehavior is %q and not any or all", behaviour)
	}
	r.options(i)
	r.valueSet(q, i)
	r.appearance(i)
	r.initial(i)
	r.computed(i)
	r.extensions(o, id, "item")
	r.rules(i)
	return i
}

func (r *reading) options(i *Item) {
	list := r.list(i.keep, i.LinkID, "answerOption")
	if len(list) > maxOptions {
		r.problems.add(i.LinkID, "has more than %d options", maxOptions)
		return
	}
	keys := map[string]bool{}
	for _, o := range list {
		before := len(r.problems)
		v, ok := r.value(o, i.LinkID, "value")
		if !ok {
			if len(r.problems) == before {
				r.problems.add(i.LinkID, "an answerOption has no value")
			}
			continue
		}
		option := Option{Coding: v.Coding}
		if w := r.weight(o, i.LinkID); w != "" && v.Type == ValueCoding {
			option.Coding.Weight = w
		}
		switch v.Type {
		case ValueCoding:
		case ValueString:
			option.String = v.Text
		case ValueInteger, ValueDate, ValueTime:
			option.String, option.Type = v.Text, v.Type
		default:
			r.problems.add(i.LinkID, "an answerOption is a %s, which is not supported", v.Type)
			continue
		}
		if e := r.extension(o, i.LinkID, extPrefix); e != nil {
			option.Prefix = r.text(e, i.LinkID, "valueString")
		}
		if e := r.extension(o, i.LinkID, extExclusive); e != nil {
			option.Exclusive = r.flag(e, i.LinkID, "valueBoolean")
		}
		switch {
		case keys[option.Key()]:
			r.problems.add(i.LinkID, "two options have the code or text %q", option.Key())
		case len(i.Options) > 0 && i.Options[0].value().Type != v.Type:
			r.problems.add(i.LinkID, "some options are a %s and some a %s", i.Options[0].value().Type, v.Type)
		case i.wrote != "" && !i.Open && string(v.Type) != i.wrote:
			r.problems.add(i.LinkID, "is a %s and has an answerOption that is a %s", i.wrote, v.Type)
		}
		keys[option.Key()] = true
		i.Options = append(i.Options, option)
		if r.flag(o, i.LinkID, "initialSelected") {
			i.Initial = append(i.Initial, option.Key())
		}
	}
}

func (r *reading) initial(i *Item) {
	list := r.list(i.keep, i.LinkID, "initial")
	if _, listed := i.keep["answerOption"]; listed && len(list) > 0 {
		r.problems.add(i.LinkID, "has initial beside answerOption; an option says initialSelected")
		return
	}
	for _, o := range list {
		before := len(r.problems)
		v, ok := r.value(o, i.LinkID, "value")
		switch {
		case !ok && len(r.problems) == before:
			r.problems.add(i.LinkID, "an initial has no value")
		case ok && v.Type != i.valueType():
			r.problems.add(i.LinkID, "an initial value is a %s and not a %s", v.Type, i.valueType())
		case ok:
			typed, fits := i.typed(v)
			if !fits {
				r.problems.add(i.LinkID, "an initial value is not one that the question takes")
				continue
			}
			i.Initial = append(i.Initial, typed)
		}
	}
}

var types = []Type{
	TypeGroup, TypeDisplay, TypeBoolean, TypeChoice, TypeString, TypeText, TypeDate, TypeInteger, TypeDecimal,
	TypeTime, TypeURL, TypeDateTime, TypeQuantity, TypeReference, TypeAttachment,
}

const typeOpenChoice = "open-choice"

// rules checks an item by itself: the constraints that FHIR gives (que-1 to que-13), and what is not
// supported here.
func (r *reading) rules(i *Item) {
	has := func(key string) bool { _, there := i.keep[key]; return there }
	bad := func(format string, args ...any) { r.problems.add(i.LinkID, format, args...) }
	switch {
	case i.Type == "":
		bad("has no type")
		return
	case !slices.Contains(types, i.Type):
		bad("the type %q is not supported", i.Type)
		return
	}
	if i.Text == "" && i.Type != TypeGroup {
		bad("has no text")
	}
	if !i.IsQuestion() {
		for _, key := range []string{"answerOption", "answerValueSet", "initial", "maxLength"} {
			if has(key) {
				bad("is a %s and has %s", i.Type, key)
			}
		}
	}
	if i.Type == TypeDisplay {
		for _, key := range []string{"required", "repeats", "readOnly", "code"} {
			if has(key) {
				bad("is a display and has %s", key)
			}
		}
	}
	i.ReadOnly = i.calculated != nil || i.IsQuestion() && r.flag(i.keep, i.LinkID, "readOnly")
	if i.ReadOnly && i.calculated == nil && i.initially == nil && len(i.Initial) == 0 {
		bad("is readOnly, and nothing computes or gives its answer")
	}
	r.answering(i, has, bad)
}

func (r *reading) answering(i *Item, has func(string) bool, bad func(string, ...any)) {
	if has("answerValueSet") && has("answerOption") {
		bad("has answerOption and answerValueSet")
	}
	if i.Type != TypeChoice && has("answerValueSet") {
		bad("is a %s and has answerValueSet", i.Type)
	}
	if i.Type == TypeChoice && len(i.Options) == 0 && !i.Open && !has("answerValueSet") {
		bad("is a choice without answerOption")
	}
	if i.IsQuestion() && i.Type != TypeChoice && has("answerOption") {
		bad("is a %s and has answerOption, which is supported on a choice alone", i.Type)
	}
	if i.MaxLength > 0 && (i.Type == TypeChoice && !i.Open || slices.Contains([]Type{TypeDate, TypeTime, TypeDateTime, TypeQuantity}, i.Type)) {
		bad("is a %s and has maxLength", i.Type)
	}
	if len(i.Initial) > 1 && !i.Repeats {
		bad("has several initial values and does not repeat")
	}
}

// shape checks an item with what is under it.
func (r *reading) shape(i *Item) {
	switch {
	case i.Type == TypeGroup && len(i.Items) == 0:
		r.problems.add(i.LinkID, "is a group without items")
	case i.Type == TypeDisplay && len(i.Items) > 0:
		r.problems.add(i.LinkID, "is a display and has items")
	}
}
