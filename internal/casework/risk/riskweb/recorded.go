package riskweb

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/risk"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

type showView struct {
	File   *cases.File
	Risk   risk.Identification
	By     string
	Before risk.ID // the one before it with the same questions, to compare
	Agency string
	Print  bool
}

func (v showView) path() string { return v.File.Path() + "/risk/" + string(v.Risk.ID) }

// aside are the answers that were kept apart.
func (v showView) aside() []ui.SummaryRow {
	var rows []ui.SummaryRow
	aside := forms.AnswersOf(v.Risk.Aside)
	for i := range v.Risk.Instrument.Form.Spread(aside).Kept() {
		for _, typed := range aside.Values(i.LinkID) {
			rows = append(rows, ui.SummaryRow{Key: i.TitleInPlace(), Value: i.Words(typed)})
		}
	}
	return rows
}

func (p *Pages) recorded(ctx context.Context, r *web.Request) (showView, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return showView{}, err
	}
	v := showView{File: f}
	var history []risk.Made
	err = p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.Risk, err = p.risk.Get(ctx, tx, f, risk.ID(r.Path("id"))); err != nil {
			return err
		}
		history, err = p.risk.History(ctx, tx, f)
		return err
	})
	if err != nil {
		return showView{}, err
	}
	v.Before = before(history, v.Risk.ID, v.Risk.Questions)
	names, err := p.names(ctx, f.Actor(), v.Risk.RecordedBy)
	v.By = who(names, v.Risk.RecordedBy)
	return v, err
}

// before is the newest identification older than one, made with the same
// questions whatever their version; empty when there is none.
func before(history []risk.Made, id risk.ID, set string) risk.ID {
	at := slices.IndexFunc(history, func(m risk.Made) bool { return m.ID == id })
	for _, m := range history[at+1:] {
		if address(m.Questions) == address(set) {
			return m.ID
		}
	}
	return ""
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := p.recorded(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.page(ctx, v.File, "Risk identified", showBody(v), false)
}

// print is the same to be printed as a letter: with the case by its number, and
// no name of anybody but whoever assessed.
func (p *Pages) print(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := p.recorded(ctx, r)
	if err != nil {
		return nil, err
	}
	v.Print = true
	return web.Page{Title: "To print", Body: printBody(v), Current: "/cases", Back: &ui.Link{Text: "Back", Href: v.path()}}, nil
}

type historyView struct {
	File  *cases.File
	Rows  []historyRow
	Begun []begunRow
	Names map[string]string
}

type historyRow struct {
	Made   risk.Made
	Title  string
	Before risk.ID
}

func (p *Pages) history(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := historyView{File: f}
	known, err := p.risk.Instruments(ctx)
	if err != nil {
		return nil, err
	}
	var made []risk.Made
	err = p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		made, err = p.risk.History(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	var who []string
	for _, m := range made {
		row := historyRow{Made: m, Title: m.Kind.Label(), Before: before(made, m.ID, m.Questions)}
		for _, i := range known {
			if i.Form.URL == address(m.Questions) {
				row.Title = i.Form.Title
			}
		}
		v.Rows, who = append(v.Rows, row), append(who, m.RecordedBy)
	}
	if v.Begun, err = p.begun(ctx, f, known); err != nil {
		return nil, err
	}
	if v.Names, err = p.names(ctx, f.Actor(), who...); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Risk identified so far", historyBody(v), false)
}

type compareView struct {
	File     *cases.File
	Old, New risk.Identification
	Names    map[string]string
	Pairs    []forms.Pair
	All      bool // also what has not changed
}

// same tells whether both were made with one version of the questions.
func (v compareView) same() bool { return v.Old.Questions == v.New.Questions }

// compare puts two identifications side by side, question by question. An
// answer is never put beside another question.
func (p *Pages) compare(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := compareView{File: f, All: r.Query("show") == "all"}
	err = p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.New, err = p.risk.Get(ctx, tx, f, risk.ID(r.Path("id"))); err != nil {
			return err
		}
		with := risk.ID(r.Query("with"))
		if with == "" {
			history, err := p.risk.History(ctx, tx, f)
			if err != nil {
				return err
			}
			if with = before(history, v.New.ID, v.New.Questions); with == "" {
				return store.ErrNotFound
			}
		}
		v.Old, err = p.risk.Get(ctx, tx, f, with)
		return err
	})
	if err != nil {
		return nil, err
	}
	if v.Old.RecordedAt.After(v.New.RecordedAt) {
		v.Old, v.New = v.New, v.Old
	}
	v.Pairs, err = v.New.Instrument.Form.Beside(v.Old.Response, v.New.Response)
	if errors.Is(err, forms.ErrOtherForm) {
		v.Pairs, err = nil, nil // two sets: the page says that they do not compare
	}
	if err != nil {
		return nil, err
	}
	if v.Names, err = p.names(ctx, f.Actor(), v.Old.RecordedBy, v.New.RecordedBy); err != nil {
		return nil, err
	}
	page, err := p.page(ctx, f, "What changed", compareBody(v), false)
	page.Wide = true
	return page, err
}

type panelView struct {
	File   *cases.File
	Found  bool
	Risk   risk.Identification
	Banner ui.RiskBannerParams
	Called []risk.CalledFor
	Begun  []begunRow
	Before risk.ID
}

// Panel is what the case page shows of risk.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	v := panelView{File: f}
	var err error
	if v.Risk, v.Found, err = p.latest(ctx, f, risk.Assessment); err != nil {
		return nil, err
	}
	known, err := p.risk.Instruments(ctx)
	if err != nil {
		return nil, err
	}
	if v.Begun, err = p.begun(ctx, f, known); err != nil {
		return nil, err
	}
	var history []risk.Made
	err = p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		history, err = p.risk.History(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	names, err := p.names(ctx, f.Actor(), v.Risk.RecordedBy)
	if err != nil || !v.Found {
		return panel(v), err
	}
	v.Called = v.Risk.FollowUps(known)
	v.Before = before(history, v.Risk.ID, v.Risk.Questions)
	v.Called = slices.DeleteFunc(v.Called, func(c risk.CalledFor) bool {
		return slices.ContainsFunc(history, func(m risk.Made) bool {
			return address(m.Questions) == c.Instrument.Form.URL && m.ID > v.Risk.ID
		})
	})
	v.Banner = banner(f, v.Risk, who(names, v.Risk.RecordedBy), p.today())
	return panel(v), nil
}

func banner(f *cases.File, i risk.Identification, by, today string) ui.RiskBannerParams {
	b := ui.RiskBannerParams{
		Level: i.Danger.Label(), Severity: severity(i.Danger), Tool: i.Instrument.Name(), Score: i.Tally.Words(),
		AssessedOn: day(i.RecordedAt.Format(time.DateOnly)), AssessedBy: by + ", " + trained(i.Level),
		Link: &ui.Link{Text: "What was recorded", Href: f.Path() + "/risk/" + string(i.ID)},
	}
	if band := i.Instrument.Rules.Band(i.Tally, i.Finding); band != "" {
		b.Score += ". Local band: " + band
	}
	if i.Raised() {
		b.Judgement = i.Finding.Judgement.Label()
	}
	if i.Finding.ReviewOn != "" {
		b.ReviewDue, b.OutOfDate = day(i.Finding.ReviewOn), i.Finding.ReviewOn < today
	}
	return b
}

func severity(d risk.Danger) ui.RiskSeverity {
	switch d {
	case risk.Grave:
		return ui.RiskHigh
	case risk.Open:
		return ui.RiskMedium
	case risk.NotSeen:
	}
	return ui.RiskStandard
}
