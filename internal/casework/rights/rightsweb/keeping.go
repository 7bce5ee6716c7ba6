package rightsweb

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/rights"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

type keepingView struct {
	File    *cases.File
	Keeping rights.Keeping
	Names   map[string]string
	May     map[string]bool // close, lift, review, destroy
	Typed   func(string) string
	Errors  forms.Errors
}

// offered tells whether the page offers an act as things are now.
func (v keepingView) offered(act string) bool {
	open := v.Keeping.Closed.IsZero()
	switch act {
	case "close":
		return v.May["close"] && open
	case "reopen":
		return v.May["close"] && !open
	case "hold":
		return v.May["hold"] && !v.Keeping.Held
	case "lift":
		return v.May["lift"] && v.Keeping.Held
	case "review":
		return v.May["review"] && v.Keeping.Due()
	case "destroy":
		return v.May["destroy"]
	}
	return false
}

func (p *Pages) keeping(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.keepingPage(ctx, r, keepingView{File: f, Typed: func(string) string { return "" }})
}

func (p *Pages) keepingPage(ctx context.Context, r *web.Request, v keepingView) (web.Response, error) {
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Keeping, err = p.rights.Keeping(ctx, tx, v.File)
		return err
	})
	if err != nil {
		return nil, err
	}
	var accounts []string
	for _, h := range v.Keeping.Holds {
		accounts = append(accounts, h.SetBy, h.LiftedBy)
	}
	if v.Keeping.Review != nil {
		accounts = append(accounts, v.Keeping.Review.ReviewedBy)
	}
	if v.Names, err = p.names(ctx, v.File, accounts...); err != nil {
		return nil, err
	}
	v.May = map[string]bool{
		"close": p.cases.May(v.File, cases.ActClose), "hold": p.cases.May(v.File, rights.ActHold), "lift": p.cases.May(v.File, rights.ActLift),
		"review": p.cases.May(v.File, rights.ActReview), "destroy": p.rights.MayDestroy(v.File, v.Keeping),
	}
	if v.Errors.Any() && !v.offered(v.Typed("do")) {
		return nil, store.ErrConflict
	}
	return p.page(ctx, r, v.File, "How long this case is kept", keepingBody(v), toCase(v.File), v.Errors)
}

func (p *Pages) keep(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.opened(ctx, r)
	if err != nil {
		return nil, err
	}
	v := keepingView{File: f, Typed: form.Get}
	next := f.Path() + "/keeping?done=kept"
	switch form.Get("do") {
	case "close":
		err = p.cases.CloseCase(ctx, f, number(form.Get("version")), form.Get("why"))
	case "reopen":
		err = p.cases.Reopen(ctx, f, number(form.Get("version")), form.Get("why"))
	case "hold":
		err = p.rights.SetHold(ctx, f, rights.HoldReason(form.Get("hold")), form.Get("hold_words"))
	case "lift":
		err = p.rights.LiftHold(ctx, f, form.Get("id"), form.Get("lift_why"))
	case "review":
		err = p.rights.Review(ctx, f, rights.NewReview{
			Verdict: rights.Verdict(form.Get("verdict")), Why: form.Get("review_why"),
			KeepUntil: forms.JoinDate(form.Get("keep_until-day"), form.Get("keep_until-month"), form.Get("keep_until-year")),
		})
	case "destroy":
		if form.Get("sure") != "yes" {
			err = forms.Errors{{Field: "sure", Message: "Say that you have looked at the case and the review"}}
			break
		}
		if err = p.rights.Destroy(ctx, f, form.Get("id")); err == nil {
			next = rights.Destruction{ID: form.Get("id")}.Path()
		}
	default:
		err = store.ErrNotFound
	}
	if err != nil {
		if v.Errors, err = failed(err); err != nil {
			return nil, err
		}
		return p.keepingPage(ctx, r, v)
	}
	return web.SeeOther(next), nil
}

type correctionsView struct {
	File     *cases.File
	List     []rights.Correction
	Pieces   []ui.SelectItem
	Requests []ui.SelectItem
	Typed    func(string) string
	Errors   forms.Errors
}

func (p *Pages) corrections(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.correctionsPage(ctx, r, correctionsView{File: f, Typed: func(string) string { return "" }})
}

func (p *Pages) correctionsPage(ctx context.Context, r *web.Request, v correctionsView) (web.Response, error) {
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.List, err = p.rights.Corrections(ctx, tx, v.File); err != nil {
			return err
		}
		pieces, err := p.rights.Choosable(ctx, tx, v.File)
		if err != nil {
			return err
		}
		v.Pieces = []ui.SelectItem{{Value: "", Text: "Select what it is about"}}
		for _, part := range p.rights.Parts() {
			for _, piece := range pieces[part.Code] {
				text := part.Name + ": " + piece.Title
				if piece.On != "" {
					text += ", " + dayOf(piece.On)
				}
				v.Pieces = append(v.Pieces, ui.SelectItem{Value: part.Code + " " + piece.Ref, Text: text})
			}
		}
		all, err := p.cases.Requests(ctx, tx, v.File)
		v.Requests = []ui.SelectItem{{Value: "", Text: "None: noticed at work"}}
		for _, q := range all {
			if (q.Kind == cases.Rectification || q.Kind == cases.Erasure) && q.State == cases.Confirmed {
				v.Requests = append(v.Requests, ui.SelectItem{Value: q.ID, Text: q.Kind.Label() + ", received on " + dayOf(q.ReceivedOn)})
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return p.page(ctx, r, v.File, "Corrections", correctionsBody(v), toCase(v.File), v.Errors)
}

func (p *Pages) ask(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.opened(ctx, r)
	if err != nil {
		return nil, err
	}
	part, ref := cutPiece(form.Get("piece"))
	err = p.rights.Ask(ctx, f, rights.NewCorrection{
		Request: form.Get("request"), Kind: rights.CorrectionKind(form.Get("kind")), Part: part, Ref: ref, Asked: form.Get("asked"),
	})
	if err != nil {
		v := correctionsView{File: f, Typed: form.Get}
		if v.Errors, err = failed(err); err != nil {
			return nil, err
		}
		return p.correctionsPage(ctx, r, v)
	}
	return web.SeeOther(f.Path() + "/corrections?done=asked"), nil
}

type correctionView struct {
	File       *cases.File
	Correction rights.Correction
	Piece      *cases.Piece
	Names      map[string]string
	May        bool
	Typed      func(string) string
	Errors     forms.Errors
}

func (p *Pages) correction(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.correctionPage(ctx, r, correctionView{File: f, Typed: func(string) string { return "" }})
}

func (p *Pages) correctionPage(ctx context.Context, r *web.Request, v correctionView) (web.Response, error) {
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Correction, v.Piece, err = p.rights.Correction(ctx, tx, v.File, r.Path("correction"))
		return err
	})
	if err != nil {
		return nil, err
	}
	if v.Errors.Any() && v.Correction.State != rights.CorrectionAsked {
		return nil, store.ErrConflict
	}
	v.May = v.Correction.Kind == rights.Rectify || p.rights.MayErase(v.File, v.Correction)
	if v.Names, err = p.names(ctx, v.File, v.Correction.AskedBy, v.Correction.DecidedBy); err != nil {
		return nil, err
	}
	return p.page(ctx, r, v.File, "A correction", correctionBody(v), ui.Link{Text: "Corrections", Href: v.File.Path() + "/corrections"}, v.Errors)
}

func (p *Pages) settle(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.opened(ctx, r)
	if err != nil {
		return nil, err
	}
	err = p.decideCorrection(ctx, f, r.Path("correction"), form.Get("decision"), rights.Decided{
		Version: number(form.Get("version")), Reason: form.Get("reason"), Text: form.Get("text"),
	})
	if err != nil {
		v := correctionView{File: f, Typed: form.Get}
		if v.Errors, err = failed(err); err != nil {
			return nil, err
		}
		return p.correctionPage(ctx, r, v)
	}
	return web.SeeOther(f.Path() + "/corrections?done=settled"), nil
}

func (p *Pages) decideCorrection(ctx context.Context, f *cases.File, id, decision string, d rights.Decided) error {
	switch decision {
	case "agree":
		d.Agreed = true
	case "refuse":
	default:
		return forms.Errors{{Field: "decision", Message: "Select what you decided"}}
	}
	return p.rights.Settle(ctx, f, id, d)
}

type recordsView struct {
	Schedules    []rights.Schedule
	Due          []rights.DueFile
	Open         []rights.Open
	Certificates []rights.Destruction
	Names        map[string]string
	May          bool // decide
	Listed       bool // closed cases are listed for this reader
	Typed        func(string) string
	Errors       forms.Errors
}

const dueMost = 100

func (p *Pages) records(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.recordsPage(ctx, r, recordsView{Typed: func(string) string { return "" }})
}

func (p *Pages) recordsPage(ctx context.Context, r *web.Request, v recordsView) (web.Response, error) {
	var err error
	if v.Schedules, err = p.rights.Schedules(ctx, r.Actor); err != nil {
		return nil, err
	}
	if r.Actor.Has(policy.Practitioner) || r.Actor.Has(policy.Specialist) || r.Actor.Has(policy.Manager) {
		v.Listed = true
		if v.Due, err = p.rights.DueFiles(ctx, r.Actor, dueMost); err != nil {
			return nil, err
		}
		if v.Open, err = p.rights.Open(ctx, r.Actor, dueMost); err != nil {
			return nil, err
		}
	}
	if v.Certificates, err = p.rights.Certificates(ctx, r.Actor); err != nil {
		return nil, err
	}
	var accounts []string
	for _, s := range v.Schedules {
		accounts = append(accounts, s.DecidedBy)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
		return nil, err
	}
	v.May = p.rights.MaySchedule(r.Actor)
	return web.Page{Title: "Keeping and destroying records", Body: recordsBody(v), Invalid: v.Errors.Any(), Flash: r.Done(done), Current: "/records", Back: &ui.Link{Text: "Your work", Href: "/home"}}, nil
}

func (p *Pages) schedule(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	months, convErr := strconv.Atoi(form.Get("months"))
	if convErr != nil {
		months = 0
	}
	err = p.rights.SetSchedule(ctx, r.Actor, rights.RecordKind(form.Get("kind")), months, form.Get("authority"))
	if err != nil {
		v := recordsView{Typed: form.Get}
		if v.Errors, err = failed(err); err != nil {
			return nil, err
		}
		return p.recordsPage(ctx, r, v)
	}
	return web.SeeOther("/records?done=scheduled"), nil
}

func (p *Pages) certificate(ctx context.Context, r *web.Request) (web.Response, error) {
	d, err := p.rights.Certificate(ctx, r.Actor, r.Path("certificate"))
	if err != nil {
		return nil, err
	}
	names, err := p.directory.MemberNames(ctx, r.Actor, []string{d.ReviewedBy, d.DestroyedBy})
	if err != nil {
		return nil, err
	}
	return web.Page{Title: "Certificate", Body: certificateBody(d, names), Back: &ui.Link{Text: "Keeping and destroying records", Href: "/records"}}, nil
}

func (p *Pages) reply(context.Context, *web.Request) (web.Response, error) {
	return web.Page{Title: "Reply", Body: replyBody(), Back: &ui.Link{Text: "Keeping and destroying records", Href: "/records"}}, nil
}

// Panel is what the case page shows of the person's rights.
func (p *Pages) Panel(_ context.Context, f *cases.File) (templ.Component, error) {
	return panel(f), nil
}
