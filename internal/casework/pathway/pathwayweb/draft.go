package pathwayweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/pathway"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/provision"
)

// onDraft is a page of a draft: of the whole of it, or of one step.
type onDraft struct {
	pathway.Draft
	Step pathway.Step // zero on pages of the whole
	Part string       // of its conditions; empty on pages of none
}

func draftAddress(id string) string { return Home + "/" + url.PathEscape(id) + "/draft" }

func (d onDraft) address() string { return draftAddress(d.Document.ID) }

func stepAddress(d onDraft, step string) string {
	return d.address() + "/steps/" + url.PathEscape(step)
}

func (d onDraft) versionField() fields.Field {
	return fields.Field{Sort: fields.Hidden, Name: "version", Value: strconv.FormatInt(d.Version, 10)}
}

// draftRoutes are those under which a pathway is changed without its data being
// read.
func (p *Pages) draftRoutes() []web.Route {
	const draft, step = Home + "/{pathway}/draft", Home + "/{pathway}/draft/steps/{step}"
	const part = step + "/{part}"
	starting := fields.Pages[onDraft]{
		Open: func(context.Context, *web.Request) (onDraft, error) { return onDraft{}, nil },
		Page: func(_ context.Context, _ onDraft, title string, body templ.Component, invalid bool) (web.Response, error) {
			return web.Page{Title: title, Body: body, Invalid: invalid, Current: Home, Back: &ui.Link{Text: "All local pathways", Href: Home}}, nil
		},
	}
	changing := fields.Pages[onDraft]{Open: p.onDraft, Page: func(_ context.Context, d onDraft, title string, body templ.Component, invalid bool) (web.Response, error) {
		return draftPage(d, title, body, invalid, nil), nil
	}}
	var out []web.Route
	add := func(pattern string, show, send web.Handler) {
		if show != nil {
			out = append(out, web.Route{Method: http.MethodGet, Pattern: pattern, Action: pathway.ActPublish, Handler: show})
		}
		if send != nil {
			out = append(out, web.Route{Method: http.MethodPost, Pattern: pattern, Action: pathway.ActPublish, Handler: send})
		}
	}
	add(Home+"/new", starting.Show(p.aboutEditor(true)), starting.Send(p.aboutEditor(true)))
	add(draft, p.showDraft, nil)
	add(draft+"/begin", nil, p.beginDraft)
	add(draft+"/about", changing.Show(p.aboutEditor(false)), changing.Send(p.aboutEditor(false)))
	add(draft+"/add", changing.Show(p.stepEditor(true)), changing.Send(p.stepEditor(true)))
	add(step, changing.Show(p.stepEditor(false)), changing.Send(p.stepEditor(false)))
	add(step+"/move", nil, p.changeDraft("moved", moveStep))
	add(step+"/remove", nil, p.changeDraft("removed", removeStep))
	add(part, changing.Show(p.partEditor()), changing.Send(p.partEditor()))
	add(part+"/fact", changing.Show(p.factEditor()), changing.Send(p.factEditor()))
	add(part+"/remove", nil, p.removePart)
	add(draft+"/publish", nil, p.publishDraft)
	add(draft+"/discard", nil, p.discardDraft)
	return out
}

// parts are the conditions of a step, in words for people.
var parts = []struct{ Name, Title, Of string }{
	{"when", "When it is due", "It is due when this is recorded"},
	{"unless", "What makes it unnecessary", "It is not due when this is recorded"},
	{"done", "What shows that it was taken", "The case shows that it was taken when this is recorded"},
}

// condition is the one of a step that a page is about.
func condition(s *pathway.Step, part string) *pathway.Condition {
	switch part {
	case "when":
		return &s.When
	case "unless":
		return &s.Unless
	case "done":
		return &s.Done
	}
	return nil
}

func (p *Pages) onDraft(ctx context.Context, r *web.Request) (onDraft, error) {
	d, err := p.pathways.Draft(ctx, r.Actor, r.Path("pathway"))
	if err != nil {
		return onDraft{}, err
	}
	out := onDraft{Draft: d, Part: r.Path("part")}
	if id := r.Path("step"); id != "" {
		at := d.Document.Step(id)
		if at < 0 {
			return onDraft{}, store.ErrNotFound
		}
		out.Step = d.Document.Steps[at]
	}
	if out.Part != "" && condition(&out.Step, out.Part) == nil {
		return onDraft{}, store.ErrNotFound
	}
	return out, nil
}

func draftPage(d onDraft, title string, body templ.Component, invalid bool, flash *ui.Flash) web.Page {
	back := &ui.Link{Text: "Back to the draft", Href: d.address()}
	if d.Part != "" {
		back = &ui.Link{Text: "Back to the step", Href: stepAddress(d, d.Step.ID)}
	}
	return web.Page{Title: title, Body: body, Invalid: invalid, Current: Home, Flash: flash, Back: back}
}

type draftView struct {
	onDraft
	Newest pathway.Version // that is followed now; zero where none was published
	New    bool            // nobody has published one yet
	By     string
	Zone   *time.Location
}

// After is the number of the version that the draft follows on.
func (v draftView) After() string { return strconv.FormatInt(v.Newest.Number, 10) }

func (p *Pages) showDraft(ctx context.Context, r *web.Request) (web.Response, error) {
	d, err := p.onDraft(ctx, r)
	if err != nil {
		return nil, err
	}
	v := draftView{onDraft: d, Zone: p.zone}
	versions, err := p.versions(ctx, r)
	switch {
	case errors.Is(err, store.ErrNotFound):
		v.New = true
	case err != nil:
		return nil, err
	default:
		v.Newest = versions[0]
	}
	names, err := p.directory.MemberNames(ctx, r.Actor, []string{d.ChangedBy})
	if err != nil {
		return nil, err
	}
	v.By = names[d.ChangedBy]
	page := draftPage(d, "Draft: "+d.Document.Title, draftBody(v), false, r.Done(done))
	page.Back = &ui.Link{Text: "All local pathways", Href: Home}
	if !v.New {
		page.Back = &ui.Link{Text: "Back to the pathway", Href: address(v.Newest)}
	}
	return page, nil
}

func (p *Pages) beginDraft(ctx context.Context, r *web.Request) (web.Response, error) {
	id := r.Path("pathway")
	if err := p.pathways.Begin(ctx, r.Actor, id); err != nil {
		return nil, err
	}
	return web.SeeOther(draftAddress(id)), nil
}

// version is that of the draft which was shown; none that there is, for anything
// else.
func version(v url.Values) int64 {
	n, err := strconv.ParseInt(v.Get("version"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// changeDraft changes a draft by a button.
func (p *Pages) changeDraft(said string, change func(d *pathway.Document, step int, v url.Values)) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		v, err := r.Form()
		if err != nil {
			return nil, err
		}
		d, err := p.onDraft(ctx, r)
		if err != nil {
			return nil, err
		}
		err = p.pathways.Change(ctx, r.Actor, d.Document.ID, version(v), func(doc *pathway.Document) error {
			at := doc.Step(d.Step.ID)
			if at < 0 {
				return store.ErrNotFound
			}
			change(doc, at, v)
			return nil
		})
		if err != nil {
			return nil, err
		}
		return web.SeeOther(d.address() + "?done=" + said), nil
	}
}

func moveStep(d *pathway.Document, at int, v url.Values) {
	to := at + 1
	if v.Get("way") == "up" {
		to = at - 1
	}
	if to >= 0 && to < len(d.Steps) {
		d.Steps[at], d.Steps[to] = d.Steps[to], d.Steps[at]
	}
}

func removeStep(d *pathway.Document, at int, _ url.Values) {
	d.Steps = slices.Delete(d.Steps, at, at+1)
}

func (p *Pages) publishDraft(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	after, err := strconv.ParseInt(v.Get("after"), 10, 64)
	if err != nil {
		return nil, store.ErrConflict
	}
	id := r.Path("pathway")
	err = p.pathways.PublishDraft(ctx, r.Actor, id, version(v), after)
	var problems pathway.Problems
	if errors.As(err, &problems) {
		return web.SeeOther(draftAddress(id)), nil // which says them
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(Home + "/" + url.PathEscape(id) + "?done=published"), nil
}

func (p *Pages) discardDraft(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	if err := p.pathways.Discard(ctx, r.Actor, r.Path("pathway"), version(v)); err != nil {
		return nil, err
	}
	return web.SeeOther(Home + "?done=discarded"), nil
}

// inWords is a code in words: the codes of settings say what they mean.
func inWords(code string) string {
	text := strings.ReplaceAll(code, "_", " ")
	return strings.ToUpper(text[:1]) + text[1:]
}

func numbers(list []int) string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = strconv.Itoa(n)
	}
	return strings.Join(out, ", ")
}

// listed are the words of a line, with commas between.
func listed(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\r' })
}

// numbered are the numbers of a line; 0, which is no number of anything, for what
// is none.
func numbered(text string) []int {
	var out []int
	for _, word := range listed(text) {
		n, err := strconv.Atoi(word)
		if err != nil {
			n = 0
		}
		out = append(out, n)
	}
	return out
}

func (p *Pages) aboutEditor(fresh bool) fields.Editor[onDraft] {
	e := fields.Editor[onDraft]{Title: "What the pathway is"}
	if fresh {
		e.Title = "A new local pathway"
	}
	e.Build = func(_ context.Context, d onDraft, _ *web.Request) (fields.Form, error) {
		form := fields.Form{Action: Home + "/new", Button: "Begin"}
		if !fresh {
			form.Action, form.Button = d.address()+"/about", "Save"
			form.Fields = append(form.Fields, d.versionField())
		}
		var settings, whom []ui.RadioItem
		for _, s := range p.pathways.Known().Settings {
			settings = append(settings, ui.RadioItem{Value: s, Text: inWords(s)})
		}
		for _, f := range []pathway.For{pathway.Experiencing, pathway.Perpetrating, pathway.Child} {
			whom = append(whom, ui.RadioItem{Value: string(f), Text: f.Label()})
		}
		form.Fields = append(form.Fields,
			fields.Field{Sort: fields.Line, Name: "title", Label: "Title", Hint: "Who is followed, and where", Value: d.Document.Title},
			fields.Field{Sort: fields.Area, Name: "summary", Label: "What it is for", Value: d.Document.Summary},
			fields.Field{Sort: fields.Radios, Name: "for", Label: "Whom it is for", Items: whom, Value: string(d.Document.For)},
			fields.Field{Sort: fields.Ticks, Name: "settings", Label: "Settings", Hint: "Those in which the person was seen. None means every one.", Items: settings, Value: strings.Join(d.Document.Settings, ",")},
			fields.Field{Sort: fields.Line, Name: "boxes", Label: "Boxes of the guideline", Hint: "Their numbers, with commas between", Value: numbers(d.Document.Boxes)},
			fields.Field{Sort: fields.Tick, Name: "local", Label: "The deadlines are our own", Hint: "Until then they are shown as starting numbers.", Value: yes(d.Document.Local)},
		)
		return form, nil
	}
	e.Save = func(ctx context.Context, d onDraft, r *web.Request, v url.Values) (string, error) {
		about := func(doc *pathway.Document) error {
			doc.Title, doc.Summary, doc.For = strings.TrimSpace(v.Get("title")), strings.TrimSpace(v.Get("summary")), pathway.For(v.Get("for"))
			doc.Settings, doc.Boxes, doc.Local = v["settings"], numbered(v.Get("boxes")), v.Get("local") == "yes"
			if errs := doc.CheckAbout(p.pathways.Known()); errs.Any() {
				return errs
			}
			return nil
		}
		if fresh {
			var doc pathway.Document
			if err := about(&doc); err != nil {
				return "", err
			}
			id, err := p.pathways.BeginNew(ctx, r.Actor, doc)
			return draftAddress(id), err
		}
		return d.address() + "?done=changed", p.pathways.Change(ctx, r.Actor, d.Document.ID, version(v), about)
	}
	return e
}

func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}

// pageNames are the pages of a case that a step can lead to, in words.
var pageNames = map[string]string{
	"circumstances": "What bears on risk", "enquiries/new": "Ask about abuse", "plan/new": "Safety plan", "referrals/new": "Send a referral",
	"referrals/offer": "Offer a referral", "risk/new": "Identify risk", "support": "Support",
}

func (p *Pages) stepEditor(fresh bool) fields.Editor[onDraft] {
	e := fields.Editor[onDraft]{Title: "A step"}
	e.Build = func(_ context.Context, d onDraft, _ *web.Request) (fields.Form, error) {
		form := fields.Form{Title: "Add a step", Action: d.address() + "/add", Button: "Save, and say when it is due"}
		within, unit := "", "days"
		if !fresh {
			form.Title, form.Action, form.Button, form.After = d.Step.Title, stepAddress(d, d.Step.ID), "Save", stepParts(d)
			within = strconv.Itoa(d.Step.Within.Days)
			if d.Step.Within.Hours > 0 {
				within, unit = strconv.Itoa(d.Step.Within.Hours), "hours"
			}
		}
		var takers, at []ui.RadioItem
		for _, k := range provision.Kinds() {
			takers = append(takers, ui.RadioItem{Value: string(k), Text: k.Label()})
		}
		for _, page := range pathway.Pages() {
			at = append(at, ui.RadioItem{Value: page, Text: pageNames[page]})
		}
		var chosen []string
		for _, k := range d.Step.Takers {
			chosen = append(chosen, string(k))
		}
		form.Fields = []fields.Field{
			d.versionField(),
			{Sort: fields.Line, Name: "title", Label: "What is to be done", Value: d.Step.Title},
			{Sort: fields.Area, Name: "text", Label: "What helps to do it well (optional)", Value: d.Step.Text},
			{Sort: fields.Number, Name: "within", Label: "Within", Value: within},
			{Sort: fields.Radios, Name: "unit", Label: "Counted in", Items: []ui.RadioItem{{Value: "hours", Text: "Hours"}, {Value: "days", Text: "Working days"}}, Value: unit},
			{Sort: fields.Tick, Name: "urgent", Label: "Urgent: it stands first", Value: yes(d.Step.Urgent)},
			{Sort: fields.Tick, Name: "each", Label: "Due again each time it is called for", Value: yes(d.Step.Each)},
			{Sort: fields.Radios, Name: "assesses", Label: "Whose risk does it assess?", Items: []ui.RadioItem{
				{Value: "", Text: "Nobody's"}, {Value: string(pathway.Adults), Text: "Adults'"}, {Value: string(pathway.Children), Text: "Children's"},
			}, Value: string(d.Step.Assess)},
			{Sort: fields.Ticks, Name: "takers", Label: "Services that take it", Hint: "Which of them there are, the list of services says.", Items: takers, Value: strings.Join(chosen, ",")},
			{Sort: fields.Area, Name: "services", Label: "Others who take it (optional)", Hint: "One on each line, where no kind of service does", Value: strings.Join(d.Step.Offers, "\n")},
			{Sort: fields.Choice, Name: "page", Label: "Page of the case on which it is taken (optional)", Items: at, Value: d.Step.Page},
			{Sort: fields.Line, Name: "obligations", Label: "Obligations that it serves", Hint: "Such as B8.3, with commas between", Value: strings.Join(d.Step.Serves, ", ")},
			{Sort: fields.Line, Name: "recommendations", Label: "Recommendations that it follows (optional)", Hint: "Their numbers, 1 to 17", Value: numbers(d.Step.Follows)},
		}
		return form, nil
	}
	e.Save = func(ctx context.Context, d onDraft, r *web.Request, v url.Values) (string, error) {
		id := d.Step.ID
		err := p.pathways.Change(ctx, r.Actor, d.Document.ID, version(v), func(doc *pathway.Document) error {
			var s pathway.Step
			at := doc.Step(id)
			if !fresh && at < 0 {
				return store.ErrNotFound
			}
			if !fresh {
				s = doc.Steps[at]
			}
			stepSent(&s, v)
			if errs := s.CheckStep(p.pathways.Known()); errs.Any() {
				return errs
			}
			if !fresh {
				doc.Steps[at] = s
				return nil
			}
			var err error
			id, err = doc.Add(s)
			return err
		})
		if fresh {
			return stepAddress(d, id) + "/when", err
		}
		return d.address() + "?done=changed", err
	}
	return e
}

// stepSent takes what was typed of a step.
func stepSent(s *pathway.Step, v url.Values) {
	s.Title, s.Text = strings.TrimSpace(v.Get("title")), strings.TrimSpace(v.Get("text"))
	n, err := strconv.Atoi(strings.TrimSpace(v.Get("within")))
	if err != nil {
		n = 0
	}
	s.Within = pathway.Within{Days: n}
	if v.Get("unit") == "hours" {
		s.Within = pathway.Within{Hours: n}
	}
	s.Urgent, s.Each = v.Get("urgent") == "yes", v.Get("each") == "yes"
	s.Assess, s.Page = pathway.Assess(v.Get("assesses")), v.Get("page")
	s.Takers, s.Offers = nil, nil
	for _, k := range v["takers"] {
		if slices.Contains(provision.Kinds(), provision.Kind(k)) {
			s.Takers = append(s.Takers, provision.Kind(k))
		}
	}
	for line := range strings.Lines(v.Get("services")) {
		if line = strings.TrimSpace(line); line != "" {
			s.Offers = append(s.Offers, line)
		}
	}
	s.Serves, s.Follows = nil, numbered(v.Get("recommendations"))
	for _, id := range listed(v.Get("obligations")) {
		s.Serves = append(s.Serves, strings.ToUpper(id))
	}
}
