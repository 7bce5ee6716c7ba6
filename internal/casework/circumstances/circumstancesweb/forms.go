package circumstancesweb

import (
	"context"
	"net/url"
	"slices"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/circumstances"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// circumstanceFields ask about a circumstance, whether it is new or not.
func circumstanceFields(w circumstances.CircumstanceWords) []fields.Field {
	return []fields.Field{
		{Sort: fields.Area, Name: "what", Label: "What is it, in their own words?", Value: w.What},
		{Sort: fields.Area, Name: "how", Label: "How does it bear on the danger, or on the support they can have?", Value: w.How},
		{Sort: fields.Area, Name: "help", Label: "What would help, they say?", Value: w.Help},
		{Sort: fields.Radios, Name: "raised", Label: "Who raised it?", Items: fields.Items(circumstances.Raiseds()), Value: string(w.Raised)},
		{Sort: fields.Radios, Name: "bearing", Label: "Does it bear on risk or support now?", Items: fields.Items(circumstances.Bearings()), Value: string(w.Bearing)},
	}
}

func circumstanceOf(v url.Values) circumstances.CircumstanceWords {
	return circumstances.CircumstanceWords{
		Kind: v.Get("kind"), Bearing: circumstances.Bearing(v.Get("bearing")), Raised: circumstances.Raised(v.Get("raised")),
		What: v.Get("what"), How: v.Get("how"), Help: v.Get("help"),
	}
}

func (p *Pages) newEditor() editor {
	return editor{
		Title: "Add a circumstance",
		Build: func(_ context.Context, f *cases.File, _ *web.Request) (fields.Form, error) {
			var kinds []ui.RadioItem
			for _, k := range p.s.Guide().Kinds {
				kinds = append(kinds, ui.RadioItem{Value: k.Code, Text: k.Label})
			}
			ask := append([]fields.Field{{
				Sort: fields.Choice, Name: "kind", Label: "What is it about?", Hint: "What is said of immigration and entitlement, and of HIV, is kept apart.", Items: kinds,
			}}, circumstanceFields(circumstances.CircumstanceWords{})...)
			return fields.Form{Intro: askIntro(p.s.Guide().Kinds), Action: path(f) + "/new", Button: "Record it", Fields: ask}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			_, err := p.s.Tell(ctx, f, circumstanceOf(v))
			return path(f) + "?done=told", err
		},
	}
}

// version is the version of a circumstance that a page is about: the newest of
// its root, with all before it.
func (p *Pages) version(ctx context.Context, f *cases.File, id circumstances.ID) ([]circumstances.Circumstance, error) {
	k, err := p.known(ctx, f)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(k.Circumstances, func(c circumstances.Circumstance) bool { return c.ID == id || c.Root == id })
	if i < 0 || k.Circumstances[i].Apart {
		return nil, store.ErrNotFound
	}
	return k.Versions(k.Circumstances[i].Root), nil
}

func (p *Pages) againEditor() editor {
	return editor{
		Title: "Circumstance",
		Build: func(ctx context.Context, f *cases.File, r *web.Request) (fields.Form, error) {
			list, err := p.version(ctx, f, circumstances.ID(r.Path("circumstance")))
			if err != nil {
				return fields.Form{}, err
			}
			now := list[0]
			var who []string
			for _, one := range list {
				who = append(who, one.By)
			}
			names, err := p.directory.MemberNames(ctx, f.Actor(), who)
			kind, _ := p.s.Guide().Kind(now.Words.Kind)
			ask := append([]fields.Field{{Sort: fields.Hidden, Name: "after", Value: string(now.ID)}}, circumstanceFields(now.Words)...)
			return fields.Form{
				Title: kind.Label, Intro: askIntro([]circumstances.Kind{kind}), Action: path(f) + "/" + string(now.Root), Button: "Record another version", Fields: ask,
				After: versions(list, names),
			}, err
		},
		Save: func(ctx context.Context, f *cases.File, r *web.Request, v url.Values) (string, error) {
			list, err := p.version(ctx, f, circumstances.ID(r.Path("circumstance")))
			if err != nil {
				return "", err
			}
			after := circumstances.ID(v.Get("after"))
			if !slices.ContainsFunc(list, func(c circumstances.Circumstance) bool { return c.ID == after }) {
				return "", store.ErrConflict
			}
			_, err = p.s.TellAgain(ctx, f, after, circumstanceOf(v))
			return path(f) + "?done=told", err
		},
	}
}

// localMost is how many services of the directory a pointer shows.
const localMost = 500

// local are the services of the directory that may know, by sector.
func (p *Pages) local(ctx context.Context, f *cases.File, pointer circumstances.Pointer) ([]directory.ReferralTeam, error) {
	list, err := p.directory.TeamsTakingReferrals(ctx, f.Actor(), directory.Page{Size: localMost})
	return slices.DeleteFunc(list.Items, func(t directory.ReferralTeam) bool { return !slices.Contains(pointer.Sectors, t.Sector) }), err
}

func advicePath(f *cases.File, code string) string {
	return path(f) + "/advice?about=" + url.QueryEscape(code)
}

// pointer is the one that a page is about; the first where nobody chose.
func (p *Pages) pointer(r *web.Request) (circumstances.Pointer, error) {
	g := p.s.Guide()
	if r.Query("about") == "" && len(g.Pointers) > 0 {
		return g.Pointers[0], nil
	}
	if one, is := g.Pointer(r.Query("about")); is {
		return one, nil
	}
	return circumstances.Pointer{}, store.ErrNotFound
}

func (p *Pages) pointerEditor() editor {
	return editor{
		Title: "Specialist advice",
		Build: func(ctx context.Context, f *cases.File, r *web.Request) (fields.Form, error) {
			pointer, err := p.pointer(r)
			if err != nil {
				return fields.Form{}, err
			}
			services, err := p.local(ctx, f, pointer)
			return fields.Form{
				Title: pointer.Title, Intro: pointerIntro(pointer, services), Action: advicePath(f, pointer.Code), Button: "Record it", Fields: []fields.Field{
					{Sort: fields.Radios, Name: "answer", Label: "What became of it?", Items: fields.Items(circumstances.Answers())},
					{Sort: fields.Date, Name: "on", Label: "On which day?", Value: p.s.Today()},
					{Sort: fields.Area, Name: "text", Label: "What was said, and of which service?"},
				},
			}, err
		},
		Save: func(ctx context.Context, f *cases.File, r *web.Request, v url.Values) (string, error) {
			pointer, err := p.pointer(r)
			if err != nil {
				return "", err
			}
			_, err = p.s.Point(ctx, f, circumstances.PointingWords{Pointer: pointer.Code, On: fields.Day(v, "on"), Answer: circumstances.Answer(v.Get("answer")), Text: v.Get("text")})
			return path(f) + "?done=pointed", err
		},
	}
}

func (p *Pages) marriageEditor() editor {
	return editor{
		Title: "Forced marriage",
		Build: func(ctx context.Context, f *cases.File, _ *web.Request) (fields.Form, error) {
			k, err := p.known(ctx, f)
			var now circumstances.Marriage
			if len(k.Marriage) > 0 {
				now = k.Marriage[0]
			}
			pointer, _ := p.s.Guide().Pointer("forced_marriage")
			return fields.Form{
				Intro: marriageIntro(f, pointer), Action: path(f) + "/marriage", Button: "Record it", Fields: []fields.Field{
					{Sort: fields.Hidden, Name: "after", Value: string(now.ID)},
					{Sort: fields.Radios, Name: "stands", Label: "What is known?", Items: fields.Items(circumstances.Standings()), Value: string(now.Words.Stands)},
					{Sort: fields.Radios, Name: "agreement", Label: "Does the person agree?", Items: fields.Items(circumstances.Agreements()), Value: string(now.Words.Agreement)},
					{Sort: fields.Area, Name: "what", Label: "What is known, in their own words?", Value: now.Words.What},
					{Sort: fields.Area, Name: "never", Label: "Who must not interpret, and not be spoken to?", Hint: "Record it with how they can be reached, too: a task asks for it.", Value: now.Words.Never},
					{Sort: fields.Area, Name: "safety", Label: "What keeps them safe, they say?", Value: now.Words.Safety},
				},
			}, err
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			_, err := p.s.TellMarriage(ctx, f, circumstances.ID(v.Get("after")), circumstances.MarriageWords{
				Stands: circumstances.Stands(v.Get("stands")), Agreement: circumstances.Agreement(v.Get("agreement")), What: v.Get("what"), Never: v.Get("never"), Safety: v.Get("safety"),
			})
			return path(f) + "?done=marriage", err
		},
	}
}

func (p *Pages) capacityEditor() editor {
	return editor{
		Title: "Capacity note",
		Build: func(_ context.Context, f *cases.File, _ *web.Request) (fields.Form, error) {
			return fields.Form{
				Intro: capacityIntro(), Action: path(f) + "/capacity", Button: "Record the note", Fields: []fields.Field{
					{Sort: fields.Radios, Name: "decision", Label: "Which decision is it about?", Items: fields.Items(circumstances.Decisions())},
					{Sort: fields.Area, Name: "which", Label: "The decision, in words"},
					{Sort: fields.Radios, Name: "result", Label: "What did it come to?", Items: fields.Items(circumstances.Results())},
					{Sort: fields.Date, Name: "on", Label: "On which day was it assessed?"},
					{Sort: fields.Line, Name: "by", Label: "Who assessed it?"},
					{Sort: fields.Line, Name: "role", Label: "In what role?"},
					{Sort: fields.Area, Name: "reasons", Label: "For what reasons?"},
					{Sort: fields.Radios, Name: "best", Label: "Were their best interests decided?", Items: fields.Items(circumstances.Knowings())},
					{Sort: fields.Radios, Name: "advocate", Label: "Does an advocate speak for them?", Items: fields.Items(circumstances.Knowings())},
					{Sort: fields.Area, Name: "who", Label: "Who was there for that, and what was decided?"},
				},
			}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			_, err := p.s.NoteCapacity(ctx, f, circumstances.CapacityWords{
				Decision: circumstances.Decision(v.Get("decision")), Which: v.Get("which"), Result: circumstances.Result(v.Get("result")), On: fields.Day(v, "on"),
				By: v.Get("by"), Role: v.Get("role"), Reasons: v.Get("reasons"), Advocate: circumstances.Knowing(v.Get("advocate")), Best: circumstances.Knowing(v.Get("best")), Who: v.Get("who"),
			})
			return path(f) + "?done=capacity", err
		},
	}
}

func (p *Pages) reportEditor() editor {
	return editor{
		Title: "What somebody is said to have done",
		Build: func(_ context.Context, f *cases.File, _ *web.Request) (fields.Form, error) {
			return fields.Form{
				Action: path(f) + "/reports", Button: "Record it", Fields: []fields.Field{
					{Sort: fields.Radios, Name: "direction", Label: "To whom is it said to have been done?", Items: fields.Items(circumstances.Directions())},
					{Sort: fields.Choice, Name: "sort", Label: "What was it?", Items: fields.Items(circumstances.Sorts())},
					{Sort: fields.Date, Name: "on", Label: "On which day?", Hint: "Leave it empty if it is not known."},
					{Sort: fields.Area, Name: "what", Label: "What is said to have happened?"},
					{Sort: fields.Choice, Name: "source", Label: "Who says so?", Items: fields.Items(circumstances.Sources())},
					{Sort: fields.Radios, Name: "fear", Heading: "What it did to whom it was done to", Label: "Were they afraid?", Items: fields.Items(circumstances.Knowings())},
					{Sort: fields.Radios, Name: "injury", Label: "Were they hurt?", Items: fields.Items(circumstances.Knowings())},
					{Sort: fields.Radios, Name: "control", Label: "Were they less free after it?", Items: fields.Items(circumstances.Knowings())},
					{Sort: fields.Area, Name: "effect", Label: "In words"},
				},
			}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			_, err := p.s.Report(ctx, f, circumstances.ReportWords{
				Direction: circumstances.Direction(v.Get("direction")), Sort: circumstances.Sort(v.Get("sort")), Source: circumstances.Source(v.Get("source")), On: fields.Day(v, "on"),
				What: v.Get("what"), Fear: circumstances.Knowing(v.Get("fear")), Injury: circumstances.Knowing(v.Get("injury")), Control: circumstances.Knowing(v.Get("control")), Effect: v.Get("effect"),
			})
			return path(f) + "?done=report", err
		},
	}
}

func (p *Pages) judgementEditor() editor {
	return editor{
		Title: "Who does what to whom",
		Build: func(ctx context.Context, f *cases.File, _ *web.Request) (fields.Form, error) {
			k, err := p.known(ctx, f)
			var now circumstances.Pattern
			if len(k.Patterns) > 0 {
				now = k.Patterns[0]
			}
			ask := []fields.Field{{Sort: fields.Hidden, Name: "after", Value: string(now.ID)}}
			if f.Actor().Level < circumstances.Floor {
				ask = append(ask,
					fields.Field{Sort: fields.Tick, Name: "act_now", Label: "Record my view now, and have it reviewed", Hint: "To judge this asks for training level 3."},
					fields.Field{Sort: fields.Area, Name: "why_now", Label: "Why can it not wait?"})
			}
			return fields.Form{
				Intro: judgementIntro(k), Action: path(f) + "/judgement", Button: "Record the judgement", Fields: append(ask,
					fields.Field{Sort: fields.Area, Name: "fear", Label: "Who is afraid of whom, and of what?"},
					fields.Field{Sort: fields.Area, Name: "injury", Label: "Who was hurt, and how?"},
					fields.Field{Sort: fields.Area, Name: "control", Label: "Who decides over whose life?"},
					fields.Field{Sort: fields.Radios, Name: "verdict", Label: "What is your judgement?", Items: fields.Items(circumstances.Verdicts())},
					fields.Field{Sort: fields.Area, Name: "reason", Label: "Your reasons, and what speaks against it"},
					fields.Field{Sort: fields.Date, Name: "review_on", Label: "On which day is it looked at again?"},
				),
			}, err
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			_, err := p.s.Judge(ctx, f, circumstances.ID(v.Get("after")), circumstances.PatternWords{
				Verdict: circumstances.Verdict(v.Get("verdict")), Fear: v.Get("fear"), Injury: v.Get("injury"), Control: v.Get("control"), Reason: v.Get("reason"),
				ReviewOn: fields.Day(v, "review_on"), ActNow: v.Get("act_now") == "yes", WhyNow: v.Get("why_now"),
			})
			return path(f) + "?done=judged", err
		},
	}
}

// judged is the newest judgement, for managers.
func (p *Pages) judged(ctx context.Context, f *cases.File) (circumstances.Pattern, error) {
	if err := p.s.MustSecond(ctx, f); err != nil {
		return circumstances.Pattern{}, err
	}
	k, err := p.known(ctx, f)
	if err == nil && len(k.Patterns) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return circumstances.Pattern{}, err
	}
	return k.Patterns[0], nil
}

func (p *Pages) opinionEditor() editor {
	return editor{
		Title: "Second opinion",
		Build: func(ctx context.Context, f *cases.File, _ *web.Request) (fields.Form, error) {
			now, err := p.judged(ctx, f)
			return fields.Form{
				Intro: patternIntro(now), Action: path(f) + "/opinion", Button: "Record your opinion", Fields: []fields.Field{
					{Sort: fields.Hidden, Name: "on", Value: string(now.ID)},
					{Sort: fields.Radios, Name: "agrees", Label: "Do you agree?", Items: fields.Items([]circumstances.Knowing{circumstances.Yes, circumstances.No})},
					{Sort: fields.Area, Name: "reason", Label: "For what reasons?"},
				},
			}, err
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			_, err := p.s.Second(ctx, f, circumstances.ID(v.Get("on")), circumstances.Knowing(v.Get("agrees")), v.Get("reason"))
			return path(f) + "?done=opinion", err
		},
	}
}

func (p *Pages) sideEditor() editor {
	return editor{
		Title: "On which side the case is worked",
		Build: func(ctx context.Context, f *cases.File, _ *web.Request) (fields.Form, error) {
			now, err := p.judged(ctx, f)
			return fields.Form{
				Intro: sideIntro(now), Action: path(f) + "/side", Button: "Record the decision", Fields: []fields.Field{
					{Sort: fields.Area, Name: "text", Label: "What was decided, by whom, and what is done now?"},
				},
			}, err
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			return path(f) + "?done=side", p.s.Decided(ctx, f, v.Get("text"))
		},
	}
}
