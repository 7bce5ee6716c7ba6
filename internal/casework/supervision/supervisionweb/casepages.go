package supervisionweb

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/supervision"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
)

type overviewView struct {
	File     *cases.File
	Actions  []supervision.Action
	Signed   []supervision.SignOff
	Names    map[string]string
	Today    string
	MayWrite bool
	MayRead  bool // the notes
}

func (p *Pages) overview(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := overviewView{
		File: f, Today: p.supervision.Today(), MayWrite: p.cases.May(f, supervision.ActWrite), MayRead: p.cases.MayRead(f, cases.Supervised),
	}
	err = p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Actions, v.Signed, err = p.supervision.Of(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	var accounts []string
	for _, a := range v.Actions {
		accounts = append(accounts, a.Worker, a.RecordedBy)
	}
	for _, o := range v.Signed {
		accounts = append(accounts, o.RecordedBy)
	}
	if v.Names, err = p.directory.MemberNames(ctx, f.Actor(), accounts); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Supervision", overviewBody(v), false, r.Done(done))
}

type notesView struct {
	File  *cases.File
	Notes []supervision.Note
	Names map[string]string
}

// notes opens the compartment: that it was read stands in the ledger by itself.
func (p *Pages) notes(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := notesView{File: f}
	if v.Notes, err = p.supervision.Kept(ctx, f); err != nil {
		return nil, err
	}
	var accounts []string
	for _, n := range v.Notes {
		accounts = append(accounts, n.RecordedBy)
	}
	if v.Names, err = p.directory.MemberNames(ctx, f.Actor(), accounts); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Supervision notes", notesBody(v), false, nil)
}

// actionFields ask what is agreed.
func actionFields(heading string) []fields.Field {
	return []fields.Field{
		{Sort: fields.Area, Name: "action", Heading: heading, Label: "What is to be done?", Hint: "It becomes a task of whoever holds the case. Leave it empty if nothing was agreed."},
		{Sort: fields.Date, Name: "due", Label: "By when?"},
	}
}

func agreed(v url.Values) supervision.NewAction {
	return supervision.NewAction{Text: v.Get("action"), Due: fields.Day(v, "due")}
}

func (p *Pages) discussEditor() fields.Editor[*cases.File] {
	return fields.Editor[*cases.File]{
		Title: "Write down supervision of this case",
		Build: func(ctx context.Context, f *cases.File, _ *web.Request) (fields.Form, error) {
			if err := p.supervision.MayWrite(ctx, f); err != nil {
				return fields.Form{}, err
			}
			return fields.Form{Intro: discussIntro(), Action: path(f) + "/new", Button: "Record", Fields: append([]fields.Field{
				{Sort: fields.Area, Name: "text", Label: "What was said about the case?"},
			}, actionFields("What was agreed")...)}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			return path(f) + "?done=noted", p.supervision.Discuss(ctx, f, v.Get("text"), agreed(v))
		},
	}
}

func (p *Pages) signEditor() fields.Editor[*cases.File] {
	return fields.Editor[*cases.File]{
		Title: "Sign off",
		Build: func(ctx context.Context, f *cases.File, _ *web.Request) (fields.Form, error) {
			if err := p.supervision.MayWrite(ctx, f); err != nil {
				return fields.Form{}, err
			}
			subjects := []supervision.Subject{supervision.HighRisk, supervision.Work}
			if !f.ClosedAt().IsZero() {
				subjects = supervision.Subjects()
			}
			return fields.Form{Intro: signIntro(), Action: path(f) + "/sign", Button: "Put your name under it", Fields: append([]fields.Field{
				{Sort: fields.Radios, Name: "subject", Label: "What do you sign off?", Items: fields.Items(subjects)},
				{Sort: fields.Radios, Name: "verdict", Label: "Do you agree?", Items: fields.Items(supervision.Verdicts())},
				{Sort: fields.Area, Name: "text", Label: "What did you look at, and why do you agree or not?"},
			}, actionFields("What is to be done instead, or as well")...)}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			return path(f) + "?done=signed", p.supervision.Sign(ctx, f, supervision.SignOff{
				Subject: supervision.Subject(v.Get("subject")), Verdict: supervision.Verdict(v.Get("verdict")), Text: v.Get("text"),
			}, agreed(v))
		},
	}
}

func (p *Pages) actionEditor() fields.Editor[*cases.File] {
	return fields.Editor[*cases.File]{
		Title: "What was agreed in supervision",
		Build: func(ctx context.Context, f *cases.File, r *web.Request) (fields.Form, error) {
			var a supervision.Action
			err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				a, err = p.supervision.Action(ctx, tx, f, supervision.ActionID(r.Path("action")))
				return err
			})
			if err == nil && a.State != supervision.Open {
				err = store.ErrNotFound // it stands on the page of the case
			}
			return fields.Form{Intro: quoted(a.Text), Action: path(f) + "/actions/" + string(a.ID), Button: "Record", Fields: []fields.Field{
				{Sort: fields.Hidden, Name: "version", Value: strconv.FormatInt(a.Version, 10)},
				{Sort: fields.Radios, Name: "state", Label: "Was it done?", Items: fields.Items([]supervision.State{supervision.Done, supervision.NotDone})},
				{Sort: fields.Area, Name: "result", Label: "What came of it?", Hint: "If it was not done, write why."},
			}}, err
		},
		Save: func(ctx context.Context, f *cases.File, r *web.Request, v url.Values) (string, error) {
			version, err := strconv.ParseInt(v.Get("version"), 10, 64)
			if err != nil {
				version = 0 // fits nothing
			}
			return path(f) + "?done=action", p.supervision.EndAction(ctx, f, supervision.ActionID(r.Path("action")), version, supervision.State(v.Get("state")), v.Get("result"))
		},
	}
}

// Panel is what the case page shows of supervision: the way to it.
func (p *Pages) Panel(_ context.Context, f *cases.File) (templ.Component, error) {
	if !p.cases.May(f, supervision.ActRead) {
		return nil, nil
	}
	return panelBody(f), nil
}
