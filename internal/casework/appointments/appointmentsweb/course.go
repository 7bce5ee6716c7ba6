package appointmentsweb

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/people"
)

type listView struct {
	File  *cases.File
	List  []appointments.Appointment
	Names map[string]string
	Where map[string]string // places and rooms, by id
	More  string
}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := listView{File: f}
	before, _ := time.Parse(time.RFC3339Nano, r.Query("before")) // nothing: from the latest
	err = p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.List, err = p.service.List(ctx, tx, f, before, appointments.ID(r.Query("after"))); err != nil {
			return err
		}
		v.Where, err = p.where(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	if appointments.Full(v.List) {
		last := v.List[len(v.List)-1]
		v.More = f.Path() + "/appointments?" + url.Values{"before": {last.Starts.Format(time.RFC3339Nano)}, "after": {string(last.ID)}}.Encode()
	}
	if v.Names, err = p.names(ctx, f, v.List...); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Appointments", listBody(v, p), false, r.Done(done))
}

func (p *Pages) where(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]string, error) {
	places, err := p.service.Places(ctx, tx, f)
	return namesOf(places), err
}

func namesOf(places []appointments.Place) map[string]string {
	out := map[string]string{}
	for _, place := range places {
		out[place.ID] = place.Name
		for _, room := range place.Rooms {
			out[room.ID] = room.Name
		}
	}
	return out
}

func (p *Pages) names(ctx context.Context, f *cases.File, list ...appointments.Appointment) (map[string]string, error) {
	var accounts []string
	for _, a := range list {
		for _, account := range []string{a.Worker, a.AskedBy, a.AllowedBy} {
			if account != "" && !slices.Contains(accounts, account) {
				accounts = append(accounts, account)
			}
		}
	}
	return p.directory.MemberNames(ctx, f.Actor(), accounts)
}

// oneView is an appointment with what can be done about it.
type oneView struct {
	File      *cases.File
	A         appointments.Appointment
	With      string
	Names     map[string]string
	Where     map[string]string
	When      string
	Path      string
	Begun     bool
	MayDecide bool
	Errors    forms.Errors
	Typed     url.Values
}

func (p *Pages) one(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.onePage(ctx, r, f, nil, nil)
}

func (p *Pages) onePage(ctx context.Context, r *web.Request, f *cases.File, typed url.Values, errs forms.Errors) (web.Response, error) {
	v := oneView{File: f, Errors: errs, Typed: typed}
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.A, err = p.service.Appointment(ctx, tx, f, appointments.ID(r.Path("appointment"))); err != nil {
			return err
		}
		person, err := p.cases.PersonIn(ctx, tx, f, v.A.With)
		if err != nil {
			return err
		}
		v.With = person.Name()
		v.Where, err = p.where(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	if v.Names, err = p.names(ctx, f, v.A); err != nil {
		return nil, err
	}
	v.When, v.Path = p.when(v.A), f.Path()+"/appointments/"+string(v.A.ID)
	v.Begun = !v.A.Starts.After(p.service.Now())
	v.MayDecide = p.service.MayDecide(f, v.A)
	return p.page(ctx, f, "Appointment", oneBody(v), errs.Any(), r.Done(done))
}

// change does what a button of an appointment's page says.
func (p *Pages) change(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	id, version := appointments.ID(r.Path("appointment")), versionOf(v)
	word := "told"
	switch v.Get("do") {
	case "cancel":
		word, err = "cancelled", p.service.Cancel(ctx, f, id, version, appointments.By(v.Get("by")), v.Get("off"))
	case "known":
		err = p.service.Known(ctx, f, id, version, v.Get("how"))
	case "stands", "declined":
		word = v.Get("do")
		err = p.service.Decide(ctx, f, id, version, word == "stands", v.Get("why"))
	default:
		err = p.service.Tell(ctx, f, id, version, people.Channel(v.Get("channel")), v.Get("conditions") == "yes")
	}
	if errors.Is(err, appointments.ErrOwnBooking) {
		err = forms.Errors{{Field: "why", Message: "You booked it yourself: another manager decides"}}
	}
	if errs, ok := forms.AsErrors(err); ok {
		return p.onePage(ctx, r, f, v, errs)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "/appointments?done=" + word), nil
}

type panelView struct {
	File *cases.File
	Rows []ui.SummaryRow
	Move bool
}

// Panel is what the case page shows of appointments.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	if !p.cases.May(f, appointments.ActBook) {
		return nil, nil
	}
	v := panelView{File: f}
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		list, err := p.service.Ahead(ctx, tx, f)
		for _, a := range list {
			v.Move = v.Move || a.MustMove
			v.Rows = append(v.Rows, ui.SummaryRow{Key: p.when(a), Value: a.Way.Label() + ". " + stateWords(a)})
		}
		return err
	})
	return panelBody(v), err
}

// stateWords is where an appointment stands.
func stateWords(a appointments.Appointment) string {
	words := a.State.Label()
	if a.MustMove {
		words += ": to be moved, they would meet"
	}
	if a.State == appointments.Booked && !a.Told {
		words += ". They do not know of it yet"
	}
	return words
}

// whereWords is where an appointment is.
func whereWords(a appointments.Appointment, where map[string]string) string {
	switch {
	case a.Way == appointments.Elsewhere:
		return a.Words.Where
	case a.Room != "":
		return where[a.Place] + ", " + where[a.Room]
	case a.Place != "":
		return where[a.Place]
	}
	return a.Way.Label()
}

func version(a appointments.Appointment) string { return strconv.FormatInt(a.Version, 10) }
