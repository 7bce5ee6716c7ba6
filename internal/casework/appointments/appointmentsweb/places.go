package appointmentsweb

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"waymark/internal/casework/appointments"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
)

type placesView struct {
	List []appointments.Place
	Form form
}

func (p *Pages) places(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.placesPage(ctx, r, nil, nil)
}

func (p *Pages) placesPage(ctx context.Context, r *web.Request, typed url.Values, errs forms.Errors) (web.Response, error) {
	v := placesView{Form: form{Action: Places, Button: "Add the place", Errors: errs, Fields: p.placeFields(appointments.Place{Before: p.service.Clear(), After: p.service.Clear()})}}
	var err error
	if v.List, err = p.service.KeptPlaces(ctx, r.Actor, ""); err != nil {
		return nil, err
	}
	v.Form.Refill(typed, errs)
	return web.Page{Title: "Places", Body: placesBody(v), Invalid: errs.Any(), Current: "/agency", Flash: r.Done(done), Back: &ui.Link{Text: "Agency", Href: "/agency"}}, nil
}

func (p *Pages) placeFields(was appointments.Place) []field {
	out := []field{
		{Sort: line, Name: "name", Label: "What is the place called?", Hint: "Whoever is told of an appointment hears this name. An address is not needed.", Value: was.Name},
		{Sort: radios, Name: "kind", Label: "What is it?", Items: fields.Items(appointments.PlaceKinds()), Value: string(was.Kind)},
		{Sort: tick, Name: "neutral", Label: "The name says nothing of abuse to whoever hears it", Value: yes(was.Neutral)},
		{Sort: number, Name: "before", Label: "Minutes kept clear before an appointment", Hint: "People come early and leave late by the same door. How long is this service’s choice.", Value: strconv.Itoa(was.Before)},
		{Sort: number, Name: "after", Label: "Minutes kept clear after it", Value: strconv.Itoa(was.After)},
	}
	if was.ID != "" {
		out = append(out, field{Sort: tick, Name: "active", Label: "It can be booked", Value: yes(was.Active)}, field{Sort: hidden, Name: "version", Value: strconv.FormatInt(was.Version, 10)})
	}
	return out
}

func placeTyped(v url.Values) appointments.Place {
	minutes := func(name string) int {
		n, err := strconv.Atoi(v.Get(name))
		if err != nil {
			return -1 // which is refused, next to the field
		}
		return n
	}
	return appointments.Place{
		Name: v.Get("name"), Kind: appointments.PlaceKind(v.Get("kind")), Neutral: v.Get("neutral") == "yes", Active: v.Get("active") == "yes",
		Before: minutes("before"), After: minutes("after"), Version: versionOf(v),
	}
}

func (p *Pages) addPlace(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	id, err := p.service.AddPlace(ctx, r.Actor, placeTyped(v))
	if errs, ok := forms.AsErrors(err); ok {
		return p.placesPage(ctx, r, v, errs)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(Places + "/" + id + "?done=place"), nil
}

type placeView struct {
	Place  appointments.Place
	Form   form
	Room   form
	Errors forms.Errors
}

func (p *Pages) place(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.placePage(ctx, r, nil, nil)
}

func (p *Pages) placePage(ctx context.Context, r *web.Request, typed url.Values, errs forms.Errors) (web.Response, error) {
	list, err := p.service.KeptPlaces(ctx, r.Actor, r.Path("place"))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(one appointments.Place) bool { return one.ID == r.Path("place") })
	if i < 0 {
		return nil, store.ErrNotFound
	}
	v := placeView{Place: list[i], Errors: errs}
	here := Places + "/" + v.Place.ID
	v.Form = form{Action: here, Button: "Keep", Fields: p.placeFields(v.Place), Errors: errs}
	v.Room = form{Action: here, Button: "Add the room", Errors: errs, Fields: []field{{Sort: hidden, Name: "do", Value: "room"}, {Sort: line, Name: "room", Label: "What is the room called?"}}}
	v.Form.Refill(typed, errs)
	return web.Page{Title: "Place", Body: placeBody(v), Invalid: errs.Any(), Current: "/agency", Flash: r.Done(done), Back: &ui.Link{Text: "Places", Href: Places}}, nil
}

func (p *Pages) changePlace(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	id, word := r.Path("place"), "room"
	switch v.Get("do") {
	case "room":
		_, err = p.service.AddRoom(ctx, r.Actor, id, v.Get("room"))
	case "open", "shut":
		err = p.service.SetRoom(ctx, r.Actor, id, v.Get("which"), v.Get("do") == "open")
	default:
		place := placeTyped(v)
		place.ID, word = id, "place"
		err = p.service.ChangePlace(ctx, r.Actor, place)
	}
	if errs, ok := forms.AsErrors(err); ok {
		return p.placePage(ctx, r, v, errs)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(Places + "/" + id + "?done=" + word), nil
}
