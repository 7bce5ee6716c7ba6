package pathwayweb

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/pathway"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
)

// partAddress is the page of a condition of the step of a page.
func partAddress(d onDraft, part string) string { return stepAddress(d, d.Step.ID) + "/" + part }

// factAddress is the page that asks which facts of a kind are meant.
func factAddress(d onDraft, kind string, q url.Values) string {
	if q == nil {
		q = url.Values{}
	}
	q.Set("fact", kind)
	return partAddress(d, d.Part) + "/fact?" + q.Encode()
}

func (d onDraft) condition() pathway.Condition { return *condition(&d.Step, d.Part) }

// titleOf is what a condition of a step is called.
func titleOf(part string) (title, of string) {
	for _, p := range parts {
		if p.Name == part {
			return p.Title, p.Of
		}
	}
	return "", ""
}

// partEditor is the page of a condition: what it asks for now, and what else it
// could.
func (p *Pages) partEditor() fields.Editor[onDraft] {
	e := fields.Editor[onDraft]{Title: "What is asked of the case"}
	e.Build = func(_ context.Context, d onDraft, _ *web.Request) (fields.Form, error) {
		title, _ := titleOf(d.Part)
		groups, ok := d.condition().Groups()
		form := fields.Form{Title: title, Intro: partIntro(d, groups, ok), Action: partAddress(d, d.Part), Button: "Add"}
		form.Fields = append(form.Fields, d.versionField())
		if !ok {
			form.Button = "Begin it anew"
			return form, nil
		}
		form.Fields = append(form.Fields, beside(groups, "0")...)
		var entries, facts, roles []ui.RadioItem
		for _, k := range cases.EventKinds() {
			if p.pathways.Known().Part(pathway.Condition{Event: k}) == nil {
				entries = append(entries, ui.RadioItem{Value: string(k), Text: pathway.Condition{Event: k}.Words()})
			}
		}
		for _, k := range p.pathways.Known().Facts {
			facts = append(facts, ui.RadioItem{Value: k.Name, Text: short(k.Meaning)})
		}
		for _, r := range cases.PartyRoles() {
			roles = append(roles, ui.RadioItem{Value: string(r), Text: r.Label()})
		}
		for _, list := range [][]ui.RadioItem{entries, facts} {
			slices.SortFunc(list, func(a, b ui.RadioItem) int { return cmp.Compare(a.Text, b.Text) })
		}
		form.Fields = append(form.Fields,
			fields.Field{Sort: fields.Choice, Name: "event", Label: "An entry in the chronology", Hint: "Choose from one of the three lists.", Items: entries},
			fields.Field{Sort: fields.Choice, Name: "fact", Label: "Or something that is counted", Hint: "Then you are asked which of them.", Items: facts},
			fields.Field{Sort: fields.Choice, Name: "party", Label: "Or somebody in the case", Items: roles},
			fields.Field{Sort: fields.Tick, Name: "not", Label: notThere},
		)
		form.After = countedList(d, p.pathways.Known().Facts)
		return form, nil
	}
	e.Save = func(ctx context.Context, d onDraft, r *web.Request, v url.Values) (string, error) {
		here := partAddress(d, d.Part)
		if _, ok := d.condition().Groups(); !ok {
			return here, p.changePart(ctx, r, d, v, func(pathway.Groups) (pathway.Groups, error) { return nil, nil })
		}
		is := pathway.Condition{Event: cases.EventKind(v.Get("event")), Fact: v.Get("fact"), Party: cases.Role(v.Get("party"))}
		chosen := 0
		for _, name := range []string{"event", "fact", "party"} {
			if v.Get(name) != "" {
				chosen++
			}
		}
		if chosen != 1 {
			return "", forms.Errors{{Field: "event", Message: "Choose one thing, from one of the three lists"}}
		}
		if k, ok := p.factKind(is.Fact); ok && len(k.Dimensions) > 0 {
			return factAddress(d, is.Fact, url.Values{"group": {v.Get("group")}, "not": {v.Get("not")}}), nil
		}
		return here, p.addPart(ctx, r, d, v, is)
	}
	return e
}

const notThere = "It must not be there"

// beside asks how something stands beside what a condition asks for now.
func beside(groups pathway.Groups, chosen string) []fields.Field {
	if len(groups) == 0 {
		return nil
	}
	var items []ui.RadioItem
	for n, g := range groups {
		items = append(items, ui.RadioItem{Value: strconv.Itoa(n), Text: "Or: instead of " + joined(g)})
	}
	items = append(items, ui.RadioItem{Value: strconv.Itoa(len(groups)), Text: "And: as well as all that stands there"})
	return []fields.Field{{Sort: fields.Radios, Name: "group", Label: "How does it stand beside what there is?", Items: items, Heading: "Add something", Value: chosen}}
}

// short is the first sentence of what a fact means.
func short(meaning string) string {
	text, _, _ := strings.Cut(meaning, ". ")
	return strings.TrimSuffix(text, ".")
}

// restOf is what a fact means after its first sentence.
func restOf(meaning string) string {
	_, rest, _ := strings.Cut(meaning, ". ")
	return rest
}

func joined(group []pathway.Part) string {
	words := make([]string, len(group))
	for i, p := range group {
		words[i] = "“" + p.Words() + "”"
	}
	return strings.Join(words, " or ")
}

func (p *Pages) factKind(name string) (measures.Kind, bool) {
	known := p.pathways.Known().Facts
	i := slices.IndexFunc(known, func(k measures.Kind) bool { return k.Name == name })
	if i < 0 {
		return measures.Kind{}, false
	}
	return known[i], true
}

// factEditor asks which of the facts of a kind are meant.
func (p *Pages) factEditor() fields.Editor[onDraft] {
	e := fields.Editor[onDraft]{Title: "Which of them"}
	e.Build = func(_ context.Context, d onDraft, r *web.Request) (fields.Form, error) {
		k, ok := p.factKind(r.Query("fact"))
		groups, plain := d.condition().Groups()
		if !ok || !plain {
			return fields.Form{}, store.ErrNotFound
		}
		form := fields.Form{Title: short(k.Meaning), Action: factAddress(d, k.Name, nil), Button: "Add"}
		form.Fields = append(form.Fields, d.versionField())
		form.Fields = append(form.Fields, beside(groups, cmp.Or(r.Query("group"), "0"))...)
		for _, dim := range k.Dimensions {
			f := fields.Field{Name: "is." + dim.Name, Label: short(dim.Meaning), Hint: "Leave it empty where it does not matter.", Sort: fields.Choice}
			switch {
			case dim.Type == measures.Bool:
				f.Items = []ui.RadioItem{{Value: "true", Text: "Yes"}, {Value: "false", Text: "No"}}
			case len(dim.Values) > 0:
				for _, v := range dim.Values {
					f.Items = append(f.Items, ui.RadioItem{Value: v.Value, Text: v.Label})
				}
			case dim.Name == "setting":
				for _, s := range p.pathways.Known().Settings {
					f.Items = append(f.Items, ui.RadioItem{Value: s, Text: inWords(s)})
				}
			case dim.Type == measures.Int:
				f.Sort = fields.Number
			default:
				f.Sort = fields.Line
			}
			form.Fields = append(form.Fields, f)
		}
		form.Fields = append(form.Fields, fields.Field{Sort: fields.Tick, Name: "not", Label: notThere, Value: r.Query("not")})
		return form, nil
	}
	e.Save = func(ctx context.Context, d onDraft, r *web.Request, v url.Values) (string, error) {
		k, ok := p.factKind(r.Query("fact"))
		if !ok {
			return "", store.ErrNotFound
		}
		is := pathway.Condition{Fact: k.Name}
		for _, dim := range k.Dimensions {
			value := strings.TrimSpace(v.Get("is." + dim.Name))
			if value == "" {
				continue
			}
			if p.pathways.Known().Part(pathway.Condition{Fact: k.Name, Where: map[string]string{dim.Name: value}}) != nil {
				return "", forms.Errors{{Field: "is." + dim.Name, Message: "A case cannot be asked for this: choose or enter another, or leave it empty"}}
			}
			if is.Where == nil {
				is.Where = map[string]string{}
			}
			is.Where[dim.Name] = value
		}
		return partAddress(d, d.Part), p.addPart(ctx, r, d, v, is)
	}
	return e
}

// addPart adds something to the condition of a page.
func (p *Pages) addPart(ctx context.Context, r *web.Request, d onDraft, v url.Values, is pathway.Condition) error {
	if err := p.pathways.Known().Part(is); err != nil {
		return forms.Errors{{Field: "event", Message: "A case cannot be asked for this: choose something else"}}
	}
	group, err := strconv.Atoi(v.Get("group"))
	if err != nil {
		group = -1 // a group of its own
	}
	return p.changePart(ctx, r, d, v, func(g pathway.Groups) (pathway.Groups, error) {
		return g.With(group, pathway.Part{Is: is, Not: v.Get("not") == "yes"}), nil
	})
}

func (p *Pages) changePart(ctx context.Context, r *web.Request, d onDraft, v url.Values, change func(pathway.Groups) (pathway.Groups, error)) error {
	return p.pathways.Change(ctx, r.Actor, d.Document.ID, version(v), func(doc *pathway.Document) error {
		at := doc.Step(d.Step.ID)
		if at < 0 {
			return store.ErrNotFound
		}
		c := condition(&doc.Steps[at], d.Part)
		groups, ok := c.Groups()
		if !ok {
			groups = nil
		}
		groups, err := change(groups)
		if err == nil {
			*c = groups.Condition()
		}
		return err
	})
}

func (p *Pages) removePart(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	d, err := p.onDraft(ctx, r)
	if err != nil {
		return nil, err
	}
	err = p.changePart(ctx, r, d, v, func(g pathway.Groups) (pathway.Groups, error) {
		group, err := strconv.Atoi(v.Get("group"))
		part, err2 := strconv.Atoi(v.Get("part"))
		if err != nil || err2 != nil || group < 0 || group >= len(g) || part < 0 || part >= len(g[group]) {
			return nil, store.ErrConflict
		}
		return g.Without(group, part), nil
	})
	if err != nil {
		return nil, err
	}
	return web.SeeOther(partAddress(d, d.Part)), nil
}
