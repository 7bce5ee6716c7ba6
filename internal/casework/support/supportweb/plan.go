package supportweb

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
)

type overviewView struct {
	File     *cases.File
	Standing support.Standing
	Late     bool
	Due      string
	Reached  string
	Needs    []support.Need
	Goals    []support.Goal
	Actions  []support.Action
	Offers   []support.Offer
	Plan     *support.Plan
	Missing  []support.Suggestion
	Sets     []support.OutcomeSet
	Feedback []support.Feedback
	Risk     cases.Event
	Today    string
	Names    map[string]string
	Pointers templ.Component // to specialist advice, of the open needs
}

// pointers lead to specialist advice on needs.
func (p *Pages) pointers(ctx context.Context, f *cases.File, needs ...support.Need) (templ.Component, error) {
	if p.Pointers == nil {
		return nil, nil
	}
	var domains []string
	for _, n := range needs {
		if n.State == support.Open {
			domains = append(domains, string(n.Domain))
		}
	}
	return p.Pointers(ctx, f, domains)
}

func (p *Pages) load(ctx context.Context, f *cases.File) (overviewView, error) {
	v := overviewView{File: f}
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.Standing, err = p.support.Standing(ctx, tx, f); err != nil {
			return err
		}
		if v.Needs, err = p.support.Needs(ctx, tx, f); err != nil {
			return err
		}
		if v.Goals, err = p.support.Goals(ctx, tx, f); err != nil {
			return err
		}
		if v.Actions, err = p.support.Actions(ctx, tx, f); err != nil {
			return err
		}
		if v.Offers, err = p.support.Offers(ctx, tx, f); err != nil {
			return err
		}
		plans, err := p.support.Plans(ctx, tx, f, 1)
		if err != nil {
			return err
		}
		if len(plans) > 0 {
			v.Plan = &plans[0]
		}
		if v.Sets, v.Feedback, err = p.support.Told(ctx, tx, f); err != nil {
			return err
		}
		risks, err := p.cases.Latest(ctx, tx, f, cases.RiskIdentified, 1)
		if len(risks) > 0 {
			v.Risk = risks[0]
		}
		return err
	})
	if err != nil {
		return v, err
	}
	now := p.support.Now()
	v.Today, v.Late = now.Format("2006-01-02"), v.Standing.Late(now)
	v.Due, v.Reached = p.moment(v.Standing.Due), p.moment(v.Standing.ReachedAt)
	v.Missing = support.Suggest(v.Needs, v.Offers)
	if v.Pointers, err = p.pointers(ctx, f, v.Needs...); err != nil {
		return v, err
	}
	accounts := []string{v.Standing.Primary}
	for _, a := range v.Actions {
		accounts = append(accounts, a.Owner)
	}
	v.Names, err = p.directory.MemberNames(ctx, f.Actor(), accounts)
	return v, err
}

func (p *Pages) overview(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v, err := p.load(ctx, f)
	if err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Support", overviewBody(v), false, r.Done(done))
}

// workers are those who work on a case, to choose from.
func (p *Pages) workers(ctx context.Context, f *cases.File) ([]ui.RadioItem, error) {
	accounts := f.Workers()
	if !slices.Contains(accounts, f.Lead()) {
		accounts = append(accounts, f.Lead())
	}
	names, err := p.directory.MemberNames(ctx, f.Actor(), accounts)
	var out []ui.RadioItem
	for _, a := range accounts {
		if names[a] != "" {
			out = append(out, ui.RadioItem{Value: a, Text: names[a]})
		}
	}
	return out, err
}

func (p *Pages) arrivalEditor() editor {
	return editor{
		Title: "How the case came",
		Build: func(ctx context.Context, f *cases.File, _ *web.Request) (form, error) {
			workers, err := p.workers(ctx, f)
			if err != nil {
				return form{}, err
			}
			var t support.Standing
			err = p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				t, err = p.support.Standing(ctx, tx, f)
				return err
			})
			at := t.CameAt.In(p.support.Zone())
			return form{
				Action: f.Path() + "/support/arrival", Button: "Record", Fields: []field{
					{Sort: radios, Name: "came", Label: "How did the case come?", Items: fields.Items(support.Cames()), Value: string(t.Came)},
					{Sort: date, Name: "at", Label: "On which day?", Hint: "The clock of the first contact begins then.", Value: at.Format("2006-01-02")},
					{Sort: clock, Name: "at-time", Label: "At what time?", Hint: "For example, 14:30", Value: at.Format(clockTime)},
					{Sort: choice, Name: "primary", Label: "Whom does the person turn to first?", Items: workers, Value: t.Primary},
				},
			}, err
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			err := p.support.SetArrival(ctx, f, support.Arrival{Came: support.Came(v.Get("came")), At: momentOf(v, "at", p.support.Zone()), Primary: v.Get("primary")})
			return f.Path() + "/support?done=arrival", err
		},
	}
}

// treatmentFields ask where a need is treated.
func treatmentFields(n support.Need) []field {
	weeks := ""
	if n.Weeks > 0 {
		weeks = strconv.Itoa(n.Weeks)
	}
	return []field{
		{Sort: radios, Name: "abuse", Label: "Does the abuse go on?", Hint: "Always answered for mental health.", Items: fields.Items(support.Abuses()), Value: string(n.Abuse)},
		{Sort: radios, Name: "treated", Heading: "Treatment", Label: "Is it treated?", Items: fields.Items(support.Treateds()), Value: string(n.Treated)},
		{Sort: line, Name: "provider", Label: "Who treats it?", Value: n.Words.Provider},
		{Sort: choice, Name: "treatment", Label: "What kind of treatment?", Items: fields.Items(support.Treatments()), Value: string(n.Treatment)},
		{Sort: radios, Name: "qualified", Label: "Are they qualified clinicians?", Items: fields.Items(support.Knowings()), Value: string(n.Qualified)},
		{Sort: radios, Name: "trained", Label: "Are they trained in addressing abuse?", Items: fields.Items(support.Knowings()), Value: string(n.Trained)},
		{Sort: area, Name: "preferences", Label: "What does the person want of treatment, and what not?", Value: n.Words.Preferences},
		{Sort: number, Name: "weeks", Label: "For mental health: after how many weeks is the risk looked at again?", Value: weeks},
	}
}

func needOf(v url.Values) support.Need {
	weeks, err := strconv.Atoi(v.Get("weeks"))
	if err != nil && v.Get("weeks") != "" {
		weeks = -1
	}
	return support.Need{
		Domain: support.Domain(v.Get("domain")), Term: support.Term(v.Get("term")), Abuse: support.Abuse(v.Get("abuse")), State: support.NeedState(v.Get("state")),
		Treated: support.Treated(v.Get("treated")), Treatment: support.Treatment(v.Get("treatment")), Trained: support.Knowing(v.Get("trained")), Qualified: support.Knowing(v.Get("qualified")),
		Weeks: weeks, Words: support.NeedWords{Text: v.Get("text"), Preferences: v.Get("preferences"), Provider: v.Get("provider")},
	}
}

func (p *Pages) needEditor() editor {
	return editor{
		Title: "Add a need",
		Build: func(ctx context.Context, f *cases.File, _ *web.Request) (form, error) {
			var weeks int
			err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				weeks, err = p.support.ReassessWeeks(ctx, tx, f)
				return err
			})
			return form{Action: f.Path() + "/support/needs/new", Button: "Record the need", Fields: append([]field{
				{Sort: choice, Name: "domain", Label: "What is it about?", Hint: "What is said of immigration and entitlement is kept apart.", Items: fields.Items(support.Domains())},
				{Sort: area, Name: "text", Label: "What is needed"},
				{Sort: radios, Name: "term", Label: "When is it needed?", Items: fields.Items(support.Terms())},
			}, treatmentFields(support.Need{Weeks: weeks})...)}, err
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			_, err := p.support.AddNeed(ctx, f, needOf(v))
			return f.Path() + "/support?done=need", err
		},
	}
}

func (p *Pages) needChangeEditor() editor {
	return editor{
		Title: "Look at a need again",
		Build: func(ctx context.Context, f *cases.File, r *web.Request) (form, error) {
			var n support.Need
			err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				n, err = p.support.Need(ctx, tx, f, support.NeedID(r.Path("need")))
				return err
			})
			asked := []field{
				{Sort: hidden, Name: "version", Value: strconv.FormatInt(n.Version, 10)},
				{Sort: radios, Name: "state", Label: "Where does it stand?", Items: fields.Items(support.NeedStates()), Value: string(n.State)},
			}
			if !n.Apart {
				asked = append(asked, field{Sort: area, Name: "text", Label: "What is needed", Value: n.Words.Text})
			}
			if err != nil {
				return form{}, err
			}
			advice, err := p.pointers(ctx, f, n)
			return form{
				Intro: advice, Title: n.Domain.Label(), Action: f.Path() + "/support/needs/" + string(n.ID), Button: "Record", Fields: append(asked, treatmentFields(n)...),
			}, err
		},
		Save: func(ctx context.Context, f *cases.File, r *web.Request, v url.Values) (string, error) {
			n := needOf(v)
			n.ID, n.Version = support.NeedID(r.Path("need")), version(v)
			return f.Path() + "/support?done=need", p.support.ChangeNeed(ctx, f, n)
		},
	}
}

// version is the version the page was made from; 0 fits nothing.
func version(v url.Values) int64 {
	n, err := strconv.ParseInt(v.Get("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (p *Pages) goalEditor() editor {
	return editor{
		Title: "Add what they want",
		Build: func(_ context.Context, f *cases.File, _ *web.Request) (form, error) {
			return form{Action: f.Path() + "/support/goals/new", Button: "Record it", Fields: []field{
				{Sort: area, Name: "text", Label: "What do they want, in their own words?"},
				{Sort: choice, Name: "domain", Label: "What is it about?", Items: fields.Items(support.Domains())},
			}}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			return f.Path() + "/support?done=goal", p.support.SetGoal(ctx, f, support.Goal{Domain: support.Domain(v.Get("domain")), Text: v.Get("text")})
		},
	}
}

func (p *Pages) goalChangeEditor() editor {
	find := func(ctx context.Context, f *cases.File, id string) (support.Goal, error) {
		var list []support.Goal
		err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			list, err = p.support.Goals(ctx, tx, f)
			return err
		})
		if err != nil {
			return support.Goal{}, err
		}
		i := slices.IndexFunc(list, func(g support.Goal) bool { return string(g.ID) == id })
		if i < 0 {
			return support.Goal{}, store.ErrNotFound
		}
		return list[i], nil
	}
	return editor{
		Title: "What they want",
		Build: func(ctx context.Context, f *cases.File, r *web.Request) (form, error) {
			g, err := find(ctx, f, r.Path("goal"))
			return form{
				Intro: quoted(g.Text), Action: f.Path() + "/support/goals/" + string(g.ID), Button: "Record", Fields: []field{
					{Sort: hidden, Name: "version", Value: strconv.FormatInt(g.Version, 10)},
					{Sort: radios, Name: "state", Label: "Where does it stand, as they see it?", Items: fields.Items(support.GoalStates()), Value: string(g.State)},
				},
			}, err
		},
		Save: func(ctx context.Context, f *cases.File, r *web.Request, v url.Values) (string, error) {
			return f.Path() + "/support?done=goal", p.support.ChangeGoal(ctx, f, support.GoalID(r.Path("goal")), version(v), support.GoalState(v.Get("state")))
		},
	}
}

func (p *Pages) actionEditor() editor {
	return editor{
		Title: "Agree an action",
		Build: func(ctx context.Context, f *cases.File, _ *web.Request) (form, error) {
			workers, err := p.workers(ctx, f)
			return form{Action: f.Path() + "/support/actions/new", Button: "Record the action", Fields: []field{
				{Sort: area, Name: "text", Label: "What is to be done?"},
				{Sort: radios, Name: "owner", Label: "Who does it?", Items: append(workers, ui.RadioItem{Value: "person", Text: "The person themselves"})},
				{Sort: date, Name: "due", Label: "By which day?"},
			}}, err
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			owner := v.Get("owner")
			if owner == "" {
				owner = "nobody chosen"
			}
			if owner == "person" {
				owner = ""
			}
			_, err := p.support.Agree(ctx, f, support.Action{Owner: owner, Due: fields.Day(v, "due"), Text: v.Get("text")})
			return f.Path() + "/support?done=action", err
		},
	}
}

func (p *Pages) actionEndEditor() editor {
	return editor{
		Title: "Record an action",
		Build: func(ctx context.Context, f *cases.File, r *web.Request) (form, error) {
			var a support.Action
			err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				a, err = p.support.Action(ctx, tx, f, support.ActionID(r.Path("action")))
				return err
			})
			return form{
				Intro: quoted(a.Text), Action: f.Path() + "/support/actions/" + string(a.ID), Button: "Record", Fields: []field{
					{Sort: hidden, Name: "version", Value: strconv.FormatInt(a.Version, 10)},
					{Sort: radios, Name: "state", Label: "Was it done?", Items: fields.Items([]support.ActionState{support.ActionDone, support.ActionNotDone})},
					{Sort: area, Name: "result", Label: "What came of it?", Hint: "If it was not done, write why and what happens instead."},
				},
			}, err
		},
		Save: func(ctx context.Context, f *cases.File, r *web.Request, v url.Values) (string, error) {
			err := p.support.EndAction(ctx, f, support.ActionID(r.Path("action")), version(v), support.ActionState(v.Get("state")), v.Get("result"))
			return f.Path() + "/support?done=action", err
		},
	}
}

func (p *Pages) offerEditor() editor {
	return editor{
		Title: "Support considered or offered",
		Build: func(_ context.Context, f *cases.File, r *web.Request) (form, error) {
			option := support.Option(r.Query("option"))
			if !slices.Contains(support.Options(), option) {
				option = ""
			}
			return form{Action: f.Path() + "/support/offers/new", Button: "Record it", After: offerAfter(f), Fields: []field{
				{Sort: choice, Name: "option", Label: "What was considered or offered?", Items: fields.Items(support.Options()), Value: string(option)},
				{Sort: radios, Name: "answer", Label: "What became of it?", Items: fields.Items(support.OfferAnswers())},
				{Sort: area, Name: "text", Label: "In their words, or why it is not offered", Hint: "What is not offered needs a reason."},
			}}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			err := p.support.RecordOffer(ctx, f, support.Offer{Option: support.Option(v.Get("option")), Answer: support.OfferAnswer(v.Get("answer")), Text: v.Get("text")})
			return f.Path() + "/support?done=offer", err
		},
	}
}

func (p *Pages) supportPlanEditor() editor {
	return editor{
		Title: "Plan of support",
		Build: func(ctx context.Context, f *cases.File, _ *web.Request) (form, error) {
			v, err := p.load(ctx, f)
			return form{Intro: supportPlanIntro(v), Action: f.Path() + "/support/plan", Button: "Record the plan", Fields: []field{
				{Sort: area, Name: "text", Label: "The plan", Hint: "What is done first, by whom, and what the person wants."},
				{Sort: tick, Name: "together", Label: "It was made together with the person"},
				{Sort: date, Name: "review_on", Label: "When is it looked at again?"},
			}}, err
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			plan, err := p.support.MakePlan(ctx, f, support.Plan{Text: v.Get("text"), Together: v.Get("together") == "yes", ReviewOn: fields.Day(v, "review_on")})
			if plan.Counts {
				return f.Path() + "/support?done=plan", err
			}
			return f.Path() + "/support?done=plan-without", err
		},
	}
}

// aspectFields ask about the five outcomes.
func aspectFields() []field {
	var out []field
	for _, a := range support.Aspects() {
		out = append(out,
			field{Sort: radios, Name: string(a), Heading: a.Label(), Label: "Since it was last asked", Items: fields.Items(append(support.Changes(), support.NotSaid))},
			field{Sort: number, Name: string(a) + "-score", Label: "A number from 0 to 10, if they give one", Hint: "10 is the best they can think of."})
	}
	return out
}

func saidOf(v url.Values) map[support.Aspect]support.Said {
	out := map[support.Aspect]support.Said{}
	for _, a := range support.Aspects() {
		said := support.Said{Change: support.Change(v.Get(string(a)))}
		if text := v.Get(string(a) + "-score"); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil {
				n = -1
			}
			said.Scored, said.Score = true, n
		}
		out[a] = said
	}
	return out
}

func (p *Pages) outcomeEditor() editor {
	return editor{
		Title: "How they say things are",
		Build: func(_ context.Context, f *cases.File, _ *web.Request) (form, error) {
			asked := append([]field{{Sort: radios, Name: "stage", Label: "When is it asked?", Items: fields.Items([]support.Stage{support.Intake, support.Review})}}, aspectFields()...)
			return form{Intro: outcomeIntro(), Action: f.Path() + "/support/outcomes/new", Button: "Record", Fields: append(asked,
				field{Sort: area, Name: "text", Heading: "In their words", Label: "What they said, or why nothing was said"})}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			err := p.support.RecordOutcomes(ctx, f, support.OutcomeSet{Stage: support.Stage(v.Get("stage")), Said: saidOf(v), Text: v.Get("text")})
			return f.Path() + "/support?done=outcome", err
		},
	}
}

func (p *Pages) feedbackEditor() editor {
	return editor{
		Title: "What they say of the support",
		Build: func(_ context.Context, f *cases.File, _ *web.Request) (form, error) {
			return form{Action: f.Path() + "/support/feedback", Button: "Record", Fields: []field{
				{Sort: radios, Name: "helped", Label: "Did it help?", Items: fields.Items(support.Knowings())},
				{Sort: area, Name: "text", Label: "In their words"},
				{Sort: line, Name: "came", Label: "How did they say it?", Hint: "At the last meeting, on a card, to somebody else."},
			}}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			err := p.support.RecordFeedback(ctx, f, support.Feedback{Helped: support.Knowing(v.Get("helped")), Came: v.Get("came"), Text: v.Get("text")})
			return f.Path() + "/support?done=feedback", err
		},
	}
}

func (p *Pages) endEditor() editor {
	return editor{
		Title: "End the work",
		Build: func(_ context.Context, f *cases.File, _ *web.Request) (form, error) {
			asked := append([]field{
				{Sort: hidden, Name: "version", Value: strconv.FormatInt(f.Version(), 10)},
				{Sort: radios, Name: "ending", Label: "Why does the work end?", Items: fields.Items(support.Endings())},
				{Sort: radios, Name: "abuse", Label: "Does the abuse go on?", Items: fields.Items(support.Abuses())},
				{Sort: area, Name: "way_back", Label: "How can they come back, should they want to?"},
				{Sort: area, Name: "text", Label: "Anything else that whoever opens this case again should know"},
			}, aspectFields()...)
			return form{Intro: endIntro(), Action: f.Path() + "/support/end", Button: "End the work and close the case", Fields: append(asked,
				field{Sort: area, Name: "no_report", Heading: "If they were not asked", Label: "Why were they not asked how things are?"})}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			err := p.support.End(ctx, f, support.Leaving{
				Version: version(v), Ending: support.Ending(v.Get("ending")), WayBack: v.Get("way_back"), Abuse: support.Abuse(v.Get("abuse")), Text: v.Get("text"),
				NoReport: v.Get("no_report"), Outcomes: support.OutcomeSet{Said: saidOf(v)},
			})
			return f.Path(), err
		},
	}
}
