package trainingweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/training"
)

const path = "/agency/equivalents"

// Pages are the pages of this package.
type Pages struct {
	training  *training.Register
	directory *directory.Register
}

// New makes the pages.
func New(register *training.Register, people *directory.Register) *Pages {
	return &Pages{training: register, directory: people}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: path, Action: training.ActEquivalents, Handler: p.show},
		{Method: http.MethodPost, Pattern: path, Action: training.ActDecide, Handler: p.decide},
		{Method: http.MethodPost, Pattern: path + "/record", Action: training.ActRecord, Handler: p.record},
		{Method: http.MethodPost, Pattern: path + "/{equivalent}/revoke", Action: training.ActDecide, Handler: p.revoke},
	}
}

type view struct {
	List       []training.Equivalent
	Names      map[string]string
	Colleagues []ui.SelectItem
	MayDecide  bool
	MayRecord  bool
	New        training.Equivalent
	Level      string
	Account    string
	Choice     string
	Achieved   string
	Expires    string
	Wrong      training.Invalid
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.page(ctx, r, view{})
}

func (p *Pages) page(ctx context.Context, r *web.Request, v view) (web.Response, error) {
	var err error
	if v.List, err = p.training.Equivalents(ctx, r.Actor); err != nil {
		return nil, err
	}
	v.MayDecide = r.Actor.Has(policy.Manager)
	v.MayRecord = v.MayDecide || r.Actor.Has(policy.Administrator)
	var accounts []string
	for _, e := range v.List {
		accounts = append(accounts, e.DecidedBy)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
		return nil, err
	}
	if v.MayRecord {
		list, err := p.directory.Colleagues(ctx, r.Actor, "", directory.Page{Size: 500})
		if err != nil {
			return nil, err
		}
		v.Colleagues = []ui.SelectItem{{Value: "", Text: "Choose"}}
		for _, c := range list.Items {
			v.Colleagues = append(v.Colleagues, ui.SelectItem{Value: c.Account, Text: c.Name})
		}
	}
	var flash *ui.Flash
	if r.Query("done") == "yes" {
		flash = &ui.Flash{Kind: "success", Text: "It is recorded"}
	}
	return web.Page{
		Title: "What other training counts as", Body: body(v), Invalid: len(v.Wrong) > 0, Flash: flash, Current: "/agency",
		Back: &ui.Link{Text: "Directory", Href: "/directory"},
	}, nil
}

// answer shows the page again with what is wrong, or goes on.
func (p *Pages) answer(ctx context.Context, r *web.Request, v view, err error) (web.Response, error) {
	if wrong, is := directory.IsInvalid(err); is {
		v.Wrong = wrong
		return p.page(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(path + "?done=yes"), nil
}

func (p *Pages) decide(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	level, err := training.ParseLevel(form.Get("level"))
	if err != nil {
		level = training.Unrecorded // the check names it
	}
	v := view{Level: form.Get("level"), New: training.Equivalent{
		Training: form.Get("training"), Level: level, FromOn: form.Get("from_on"), UntilOn: form.Get("until_on"),
	}}
	return p.answer(ctx, r, v, p.training.Decide(ctx, r.Actor, v.New))
}

func (p *Pages) record(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := view{Account: form.Get("account"), Choice: form.Get("choice"), Achieved: form.Get("achieved_on"), Expires: form.Get("expires_on")}
	if v.Account == "" {
		return p.answer(ctx, r, v, training.Invalid{"account": "Select a colleague"})
	}
	err = p.training.RecordEquivalent(ctx, r.Actor, v.Account, training.EquivalentID(v.Choice), v.Achieved, v.Expires)
	if wrong, is := directory.IsInvalid(err); is && wrong["training"] != "" {
		wrong["choice"] = wrong["training"]
		delete(wrong, "training")
		err = wrong
	}
	return p.answer(ctx, r, v, err)
}

func (p *Pages) revoke(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.answer(ctx, r, view{}, p.training.Revoke(ctx, r.Actor, training.EquivalentID(r.Path("equivalent"))))
}

func day(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return t.Format("2 January 2006")
}

func days(e training.Equivalent) string {
	if e.UntilOn == "" {
		return "from " + day(e.FromOn)
	}
	return "from " + day(e.FromOn) + " to " + day(e.UntilOn)
}

func levels() []ui.SelectItem {
	items := []ui.SelectItem{{Value: "", Text: "Choose"}}
	for _, l := range training.Levels() {
		items = append(items, ui.SelectItem{Value: strconv.Itoa(int(l)), Text: l.Label()})
	}
	return items
}

func choices(v view) []ui.SelectItem {
	items := []ui.SelectItem{{Value: "", Text: "Choose"}}
	for _, e := range v.List {
		items = append(items, ui.SelectItem{Value: string(e.ID), Text: e.Training + ", " + days(e)})
	}
	return items
}

func faults(v view) []ui.Link {
	var out []ui.Link
	for _, field := range []string{"training", "level", "from_on", "until_on", "account", "choice", "achieved_on", "expires_on"} {
		if v.Wrong[field] != "" {
			out = append(out, ui.Link{Text: v.Wrong[field], Href: "#" + field})
		}
	}
	return out
}
