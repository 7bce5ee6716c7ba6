package courtweb

import (
	"context"
	"net/url"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/court"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
)

// hearingFields ask about a hearing, whether it is new or not.
func hearingFields(h court.Hearing) []fields.Field {
	return []fields.Field{
		{Sort: fields.Area, Name: "purpose", Label: "What is it for?", Value: h.Words.Purpose},
		{Sort: fields.Line, Name: "place", Label: "Which court?", Value: h.Words.Place},
		{Sort: fields.Radios, Name: "attends", Label: "Does the person go?", Items: fields.Items(court.Attendings()), Value: string(h.Attends)},
		{Sort: fields.Line, Name: "with", Label: "Who goes with them?", Value: h.Words.With},
		{Sort: fields.Radios, Name: "measures", Label: "Special measures", Hint: "What keeps the person safe and able to speak in court.", Items: fields.Items(court.MeasureStates()), Value: string(h.Measures)},
		{Sort: fields.Area, Name: "measures_words", Label: "Which special measures?", Value: h.Words.Measures},
	}
}

func hearingOf(v url.Values) court.Hearing {
	return court.Hearing{
		Court: court.Court(v.Get("court")), On: fields.Day(v, "on"), At: strings.TrimSpace(v.Get("at")), Attends: court.Attends(v.Get("attends")),
		Measures: court.Measures(v.Get("measures")), State: court.State(v.Get("state")), Version: version(v),
		Words: court.HearingWords{Place: v.Get("place"), Purpose: v.Get("purpose"), With: v.Get("with"), Measures: v.Get("measures_words"), Outcome: v.Get("outcome")},
	}
}

func (p *Pages) hearingEditor() editor {
	return editor{
		Title: "Add a hearing",
		Build: func(_ context.Context, f *cases.File, _ *web.Request) (fields.Form, error) {
			ask := append([]fields.Field{
				{Sort: fields.Radios, Name: "court", Label: "What kind of court?", Items: fields.Items(court.Courts())},
				{Sort: fields.Date, Name: "on", Label: "On which day?", Hint: "A reminder comes some days before it, and the safety plan is looked at again."},
				{Sort: fields.Clock, Name: "at", Label: "At what time?", Hint: "For example, 10:30. Leave it empty if it is not known."},
			}, hearingFields(court.Hearing{Attends: court.NotDecided, Measures: court.NotAsked})...)
			return fields.Form{Action: path(f) + "/hearings/new", Button: "Record the hearing", Fields: append(ask,
				fields.Field{Sort: fields.Area, Name: "outcome", Heading: "If it has been held already", Label: "What came of it?"})}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			_, err := p.court.List(ctx, f, hearingOf(v))
			return path(f) + "?done=hearing", err
		},
	}
}

func (p *Pages) hearingChangeEditor() editor {
	return editor{
		Title: "Hearing",
		Build: func(ctx context.Context, f *cases.File, r *web.Request) (fields.Form, error) {
			var h court.Hearing
			err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				h, err = p.court.Hearing(ctx, tx, f, court.HearingID(r.Path("hearing")))
				return err
			})
			if err == nil && h.State != court.Ahead {
				err = store.ErrNotFound // it is over: there is nothing to change
			}
			ask := append([]fields.Field{
				{Sort: fields.Hidden, Name: "version", Value: itoa(h.Version)},
				{Sort: fields.Radios, Name: "state", Label: "Where does it stand?", Items: fields.Items([]court.State{court.Ahead, court.Held, court.Moved, court.Cancelled}), Value: string(court.Ahead)},
				{Sort: fields.Area, Name: "outcome", Label: "If it was held: what came of it?", Hint: "An order that was made is recorded by itself, too."},
				{Sort: fields.Date, Name: "on", Label: "If it was moved: to which day?", Value: h.On},
				{Sort: fields.Clock, Name: "at", Label: "At what time?", Hint: "For example, 10:30", Value: h.At},
			}, hearingFields(h)...)
			return fields.Form{
				Title: h.Court.Label() + ", " + day(h.On), Action: path(f) + "/hearings/" + string(h.ID), Button: "Record", Fields: ask,
			}, err
		},
		Save: func(ctx context.Context, f *cases.File, r *web.Request, v url.Values) (string, error) {
			h := hearingOf(v)
			h.ID = court.HearingID(r.Path("hearing"))
			return path(f) + "?done=hearing", p.court.ChangeHearing(ctx, f, h)
		},
	}
}

// kinds offer the kinds of order.
func (p *Pages) kinds() []ui.RadioItem {
	var out []ui.RadioItem
	for _, k := range p.court.Kinds() {
		out = append(out, ui.RadioItem{Value: k.Code, Text: k.Label})
	}
	return out
}

func orderFields(o court.Order) []fields.Field {
	return []fields.Field{
		{Sort: fields.Radios, Name: "state", Label: "Where does it stand?", Items: fields.Items(court.OrderStates()), Value: string(o.State)},
		{Sort: fields.Area, Name: "conditions", Label: "What does it forbid or ask?", Value: o.Words.Conditions},
		{Sort: fields.Line, Name: "by", Label: "Who made it?", Hint: "Which court, or who set the conditions.", Value: o.Words.By},
		{Sort: fields.Date, Name: "made_on", Label: "When was it made?", Value: o.MadeOn},
		{Sort: fields.Date, Name: "served_on", Label: "When was it served?", Hint: "The day on which the person it binds was given it. Leave it empty until that is known.", Value: o.ServedOn},
		{Sort: fields.Date, Name: "expires_on", Label: "When does it end?", Hint: "Leave it empty if it has no end.", Value: o.ExpiresOn},
	}
}

func orderOf(v url.Values) court.Order {
	return court.Order{
		Kind: v.Get("kind"), State: court.OrderState(v.Get("state")), MadeOn: fields.Day(v, "made_on"), ServedOn: fields.Day(v, "served_on"), ExpiresOn: fields.Day(v, "expires_on"),
		Version: version(v), Words: court.OrderWords{Conditions: v.Get("conditions"), By: v.Get("by"), Note: v.Get("note")},
	}
}

func (p *Pages) orderEditor() editor {
	return editor{
		Title: "Add an order or conditions",
		Build: func(_ context.Context, f *cases.File, _ *web.Request) (fields.Form, error) {
			ask := append([]fields.Field{{Sort: fields.Choice, Name: "kind", Label: "What kind?", Items: p.kinds()}}, orderFields(court.Order{})...)
			return fields.Form{Action: path(f) + "/orders/new", Button: "Record the order", Fields: append(ask,
				fields.Field{Sort: fields.Area, Name: "note", Label: "Anything else", Hint: "If it has ended: why, and what protects the person now."})}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			_, err := p.court.Record(ctx, f, orderOf(v))
			return path(f) + "?done=order", err
		},
	}
}

func (p *Pages) orderChangeEditor() editor {
	return editor{
		Title: "Order",
		Build: func(ctx context.Context, f *cases.File, r *web.Request) (fields.Form, error) {
			var o court.Order
			err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				o, err = p.court.Order(ctx, tx, f, court.OrderID(r.Path("order")))
				return err
			})
			ask := append([]fields.Field{{Sort: fields.Hidden, Name: "version", Value: itoa(o.Version)}}, orderFields(o)...)
			return fields.Form{
				Title: p.court.KindLabel(o.Kind), Action: path(f) + "/orders/" + string(o.ID), Button: "Record", Fields: append(ask,
					fields.Field{Sort: fields.Area, Name: "note", Label: "Anything else", Hint: "If it has ended: why, and what protects the person now.", Value: o.Words.Note}),
			}, err
		},
		Save: func(ctx context.Context, f *cases.File, r *web.Request, v url.Values) (string, error) {
			o := orderOf(v)
			o.ID = court.OrderID(r.Path("order"))
			return path(f) + "?done=order", p.court.ChangeOrder(ctx, f, o)
		},
	}
}
