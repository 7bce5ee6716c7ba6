package rightsweb

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/rights"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

type copiesView struct {
	File     *cases.File
	List     []rights.Access
	Requests []cases.Request // to see the record, not begun
	Errors   forms.Errors
}

func (p *Pages) copies(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.copiesPage(ctx, r, copiesView{File: f})
}

func (p *Pages) copiesPage(ctx context.Context, r *web.Request, v copiesView) (web.Response, error) {
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.List, err = p.rights.List(ctx, tx, v.File); err != nil {
			return err
		}
		all, err := p.cases.Requests(ctx, tx, v.File)
		for _, q := range all {
			begun := slices.ContainsFunc(v.List, func(a rights.Access) bool { return a.Request == q.ID })
			if q.Kind == cases.RecordAccess && q.State != cases.NotTheirs && !begun {
				v.Requests = append(v.Requests, q)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return p.page(ctx, r, v.File, "Copies for the person", copiesBody(v), toCase(v.File), v.Errors)
}

func (p *Pages) begin(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.opened(ctx, r)
	if err != nil {
		return nil, err
	}
	id, err := p.rights.Begin(ctx, f, form.Get("request"))
	if errors.Is(err, store.ErrExists) { // sent twice, or somebody else was faster
		return nil, store.ErrConflict
	}
	if err != nil {
		errs, err := failed(err)
		if err != nil {
			return nil, err
		}
		return p.copiesPage(ctx, r, copiesView{File: f, Errors: errs})
	}
	return web.SeeOther(rights.Access{ID: id}.Path(f) + "?done=begun"), nil
}

type workingView struct {
	File    *cases.File
	Access  rights.Access
	Items   []rights.Item
	Parts   []cases.Part
	Names   map[string]string
	Still   []string // other people's names in what is given
	Second  bool     // may give it
	Handed  bool     // had a hand in it
	Errors  forms.Errors
	Pressed string
	Holding string
	SeenBy  string
	Talk    string
	Why     string
	EndWhy  string
	Given   string
	Apart   int
	Changed int
	Terms   rights.Terms
	Typed   func(string) string // what was typed about the time
}

// stopping tells whether the time may be stopped, lengthened or let go on.
func (v workingView) stopping() bool {
	return v.Access.State == rights.Asked || v.Access.State == rights.Preparing
}

// awaited is what the time stands still for.
func (v workingView) awaited() []rights.Span {
	var out []rights.Span
	for _, s := range v.Access.Times {
		if s.Awaited() {
			out = append(out, s)
		}
	}
	return out
}

func (v workingView) path() string { return v.Access.Path(v.File) }

func (v workingView) version() string { return strconv.FormatInt(v.Access.Version, 10) }

func (v workingView) open() int {
	n := 0
	for _, i := range v.Items {
		if i.Decision == rights.Undecided {
			n++
		}
	}
	return n
}

func (v workingView) of(part string) []rights.Item {
	var out []rights.Item
	for _, i := range v.Items {
		if i.Part == part {
			out = append(out, i)
		}
	}
	return out
}

func (p *Pages) working(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := workingView{File: f, Typed: func(string) string { return "" }}
	v.Apart, _ = strconv.Atoi(r.Query("apart"))
	v.Changed, _ = strconv.Atoi(r.Query("changed"))
	return p.workingPage(ctx, r, v)
}

func (p *Pages) workingPage(ctx context.Context, r *web.Request, v workingView) (web.Response, error) {
	id := rights.ID(r.Path("copy"))
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.Access, err = p.rights.Get(ctx, tx, v.File, id); err != nil {
			return err
		}
		if v.Items, err = p.rights.Items(ctx, tx, v.File, id); err != nil {
			return err
		}
		v.Still, err = p.rights.StillNamed(ctx, tx, v.File, v.Items)
		return err
	})
	if err != nil {
		return nil, err
	}
	v.Terms = p.rights.Terms()
	v.Parts, v.Second = p.rights.Parts(), p.rights.MayRelease(v.File, v.Access)
	v.Handed = slices.Contains(v.Access.Hands, v.File.Actor().Account)
	accounts := append([]string{v.Access.TalkedBy, v.Access.SubmittedBy, v.Access.ReleasedBy}, v.Access.Hands...)
	for _, i := range v.Items {
		accounts = append(accounts, i.DecidedBy)
	}
	for _, s := range v.Access.Times {
		accounts = append(accounts, s.RecordedBy)
	}
	if v.Names, err = p.names(ctx, v.File, accounts...); err != nil {
		return nil, err
	}
	return p.page(ctx, r, v.File, "Working copy", workingBody(v), ui.Link{Text: "Copies for the person", Href: v.File.Path() + "/copies"}, v.Errors)
}

func (p *Pages) act(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.opened(ctx, r)
	if err != nil {
		return nil, err
	}
	id, version := rights.ID(r.Path("copy")), number(form.Get("version"))
	v := workingView{
		File: f, Pressed: form.Get("pressed"), Holding: form.Get("holding"), SeenBy: form.Get("seen_by"), Talk: form.Get("talk"),
		Why: form.Get("why"), EndWhy: form.Get("end_why"), Given: form.Get("given"), Typed: form.Get,
	}
	code := ""
	switch form.Get("do") {
	case "talk":
		code = "talked"
		err = p.rights.Held(ctx, f, id, rights.Talk{
			Version: version, Pressed: rights.Told(v.Pressed), SeenBy: v.SeenBy, Holding: rights.Told(v.Holding), Words: v.Talk,
		})
	case "collect":
		code = "collected"
		var got rights.Collected
		if got, err = p.rights.Collect(ctx, f, id, version); got.Apart > 0 {
			code += "&apart=" + strconv.Itoa(got.Apart)
		}
		if got.Changed > 0 {
			code += "&changed=" + strconv.Itoa(got.Changed)
		}
	case "submit":
		code = "submitted"
		err = p.rights.Submit(ctx, f, id, version)
	case "back":
		code = "back"
		err = p.rights.SendBack(ctx, f, id, version, v.Why)
	case "release":
		code = "released"
		err = p.rights.Release(ctx, f, id, version, rights.Giving(v.Given))
	case "stop", "more", "on":
		code = "timed"
		err = p.time(ctx, f, id, version, form)
	case "end":
		code = "ended"
		err = p.rights.End(ctx, f, id, version, v.EndWhy)
	default:
		err = store.ErrNotFound
	}
	if err != nil {
		if v.Errors, err = failed(err); err != nil {
			return nil, err
		}
		if err := p.stillOffered(ctx, f, id, form.Get("do")); err != nil {
			return nil, err
		}
		return p.workingPage(ctx, r, v)
	}
	return web.SeeOther(rights.Access{ID: id}.Path(f) + "?done=" + code), nil
}

// time stops the time for the answer, lengthens it or lets it go on.
func (p *Pages) time(ctx context.Context, f *cases.File, id rights.ID, version int64, form url.Values) error {
	day := func(name string) string {
		return forms.JoinDate(form.Get(name+"-day"), form.Get(name+"-month"), form.Get(name+"-year"))
	}
	switch form.Get("do") {
	case "stop":
		return p.rights.StopClock(ctx, f, id, rights.Stop{
			Version: version, Kind: rights.TimeKind(form.Get("stop")), Since: day("stop_since"), Why: form.Get("stop_why"),
		})
	case "more":
		return p.rights.Lengthen(ctx, f, id, rights.More{
			Version: version, Kind: rights.TimeKind(form.Get("ground")), Told: form.Get("told") == "yes", Why: form.Get("more_why"),
		})
	}
	return p.rights.GoOn(ctx, f, id, version, form.Get("span"), day("until"))
}

// stillOffered tells whether an act is one of those at which a copy stands:
// what was wrong with it is told where it was typed.
func (p *Pages) stillOffered(ctx context.Context, f *cases.File, id rights.ID, act string) error {
	states := map[string][]rights.State{
		"talk": {rights.Asked, rights.Preparing}, "submit": {rights.Preparing}, "release": {rights.Waiting}, "back": {rights.Waiting},
		"end": {rights.Asked, rights.Preparing, rights.Waiting}, "stop": {rights.Asked, rights.Preparing}, "more": {rights.Asked, rights.Preparing},
		"on": {rights.Asked, rights.Preparing},
	}
	return p.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := p.rights.Get(ctx, tx, f, id)
		if err == nil && !slices.Contains(states[act], a.State) {
			err = store.ErrConflict
		}
		return err
	})
}

type pieceView struct {
	File   *cases.File
	Access rights.Access
	Item   rights.Item
	Part   string
	From   string // the agency it came from, by name
	Choice rights.Choice
	Cuts   string
	Errors forms.Errors
}

func (v pieceView) path() string {
	return v.Access.Path(v.File) + "/pieces/" + strconv.FormatInt(v.Item.Seq, 10)
}

func (p *Pages) piece(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.piecePage(ctx, r, pieceView{File: f})
}

func (p *Pages) piecePage(ctx context.Context, r *web.Request, v pieceView) (web.Response, error) {
	id, seq := rights.ID(r.Path("copy")), number(r.Path("piece"))
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.Access, err = p.rights.Get(ctx, tx, v.File, id); err != nil {
			return err
		}
		v.Item, err = p.rights.Item(ctx, tx, v.File, id, seq)
		return err
	})
	if err != nil {
		return nil, err
	}
	if v.Errors.Any() && v.Access.State != rights.Preparing {
		return nil, store.ErrConflict
	}
	if !v.Errors.Any() {
		v.Choice = rights.Choice{Decision: v.Item.Decision, Reason: v.Item.Reason, Note: v.Item.Note}
		v.Cuts = strings.Join(v.Item.Cuts, "\n")
	}
	for _, part := range p.rights.Parts() {
		if part.Code == v.Item.Part {
			v.Part = part.Name
		}
	}
	return p.page(ctx, r, v.File, "One piece of the working copy", pieceBody(v), ui.Link{Text: "Working copy", Href: v.Access.Path(v.File)}, v.Errors)
}

func (p *Pages) decide(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.opened(ctx, r)
	if err != nil {
		return nil, err
	}
	id, seq := rights.ID(r.Path("copy")), number(r.Path("piece"))
	v := pieceView{File: f, Cuts: form.Get("cuts"), Choice: rights.Choice{
		Decision: rights.Decision(form.Get("decision")), Reason: rights.Reason(form.Get("reason")), Note: form.Get("note"),
	}}
	for l := range strings.Lines(v.Cuts) {
		if l = strings.TrimSpace(l); l != "" {
			v.Choice.Cuts = append(v.Choice.Cuts, l)
		}
	}
	err = p.rights.Decide(ctx, f, id, number(form.Get("version")), seq, v.Choice)
	if err != nil {
		if v.Errors, err = failed(err); err != nil {
			return nil, err
		}
		return p.piecePage(ctx, r, v)
	}
	// On to the next that is open.
	next := rights.Access{ID: id}.Path(f)
	err = p.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		at, err := p.rights.NextOpen(ctx, tx, f, id, seq)
		if at > 0 {
			next += "/pieces/" + strconv.FormatInt(at, 10)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return web.SeeOther(next + "?done=decided"), nil
}

func (p *Pages) given(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	a, c, err := p.rights.ReadCopy(ctx, f, rights.ID(r.Path("copy")))
	if err != nil {
		return nil, err
	}
	// No bar of the case: this page is printed and given away.
	return web.Page{Title: "Copy", Body: copyBody(a, c), Current: "/cases", Back: &ui.Link{Text: "Working copy", Href: a.Path(f)}}, nil
}

func (p *Pages) file(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	a, c, err := p.rights.ReadCopy(ctx, f, rights.ID(r.Path("copy")))
	if err != nil {
		return nil, err
	}
	return web.Content{Type: "text/plain; charset=utf-8", Body: []byte(c.Text(a.Mark)), Name: "copy.txt"}, nil
}
