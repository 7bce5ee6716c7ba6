package appointmentsweb

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// around is what a form about an appointment needs to know.
type around struct {
	Person   people.Person
	Children []cases.Party
	Places   []appointments.Place
	Foreign  bool // the language on file of one of them must be met
}

func (p *Pages) around(ctx context.Context, f *cases.File) (a around, err error) {
	err = p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if a.Person, err = p.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person()); err != nil {
			return err
		}
		if a.Children, err = p.service.Children(ctx, tx, f); err != nil {
			return err
		}
		a.Foreign = !appointments.Speaks(a.Person.Language)
		for _, c := range a.Children {
			a.Foreign = a.Foreign || !appointments.Speaks(c.Details.Language)
		}
		a.Places, err = p.service.Places(ctx, tx, f)
		return err
	})
	return a, err
}

// language is what is on file of speaking with them, so that nobody asks again.
func (a around) language() string {
	words := []string{"Language on file: " + or(a.Person.Language, "none recorded")}
	if a.Person.AccessNeeds != "" {
		words = append(words, "Access needs on file: "+a.Person.AccessNeeds)
	}
	for _, c := range a.Children {
		if !appointments.Speaks(c.Details.Language) {
			words = append(words, c.Details.GivenName+": "+c.Details.Language)
		}
	}
	return strings.Join(words, ". ") + "."
}

func (a around) with() []ui.RadioItem {
	out := []ui.RadioItem{{Value: string(a.Person.ID), Text: a.Person.Name()}}
	for _, c := range a.Children {
		out = append(out, ui.RadioItem{Value: string(c.Person), Text: c.Details.Name() + " (child)"})
	}
	return out
}

// somewhere are the places and rooms that can be booked.
func (a around) somewhere() []ui.RadioItem {
	var out []ui.RadioItem
	for _, place := range a.Places {
		if !place.Active {
			continue
		}
		out = append(out, ui.RadioItem{Value: place.ID, Text: place.Name})
		for _, room := range place.Rooms {
			if room.Active {
				out = append(out, ui.RadioItem{Value: place.ID + "/" + room.ID, Text: place.Name + ", " + room.Name})
			}
		}
	}
	return out
}

func (p *Pages) workers(ctx context.Context, f *cases.File) ([]ui.RadioItem, error) {
	list, err := p.directory.Colleagues(ctx, f.Actor(), "", directory.Page{Size: 500})
	if err != nil {
		return nil, err
	}
	var out []ui.RadioItem
	for _, c := range list.Items {
		out = append(out, ui.RadioItem{Value: c.Account, Text: c.Name})
	}
	if !slices.ContainsFunc(out, func(i ui.RadioItem) bool { return i.Value == f.Actor().Account }) {
		out = append(out, ui.RadioItem{Value: f.Actor().Account, Text: f.Actor().Name})
	}
	return out, nil
}

func lengths() []ui.RadioItem {
	var out []ui.RadioItem
	for _, n := range appointments.Lengths() {
		out = append(out, ui.RadioItem{Value: strconv.Itoa(n), Text: strconv.Itoa(n) + " minutes"})
	}
	return out
}

// asked ask for an appointment; was is what it is now.
func (p *Pages) fields(ctx context.Context, f *cases.File, was appointments.Appointment) ([]field, error) {
	a, err := p.around(ctx, f)
	if err != nil {
		return nil, err
	}
	workers, err := p.workers(ctx, f)
	if err != nil {
		return nil, err
	}
	where := was.Place
	if was.Room != "" {
		where += "/" + was.Room
	}
	length := "60"
	day, clockTime := "", ""
	if !was.Starts.IsZero() {
		starts := was.Starts.In(p.service.Zone())
		day, clockTime, length = starts.Format(time.DateOnly), starts.Format("15:04"), strconv.Itoa(was.Minutes())
	}
	var out []field
	if len(a.Children) > 0 {
		out = append(out, field{Sort: radios, Name: "with", Label: "With whom?", Items: a.with(), Value: or(string(was.With), string(f.Person()))})
	}
	out = append(out,
		field{Sort: date, Name: "at", Label: "On which day?", Value: day},
		field{Sort: clock, Name: "at-time", Label: "At what time?", Hint: "For example, 14:30", Value: clockTime},
		field{Sort: choice, Name: "minutes", Label: "How long?", Items: lengths(), Value: length},
		field{Sort: choice, Name: "worker", Label: "Who meets them?", Items: workers, Value: or(was.Worker, f.Actor().Account)},
		field{Sort: radios, Name: "way", Label: "How?", Items: fields.Items(appointments.Ways()), Value: string(was.Way)},
		field{Sort: choice, Name: "place", Label: "Place and room, if it is at one of our places", Items: a.somewhere(), Value: where},
		field{Sort: line, Name: "where", Label: "Where, if it is somewhere else", Value: was.Words.Where},
		field{Sort: tick, Name: "alone", Label: "They are seen alone", Value: yes(was.Alone || was.ID == "")},
		field{Sort: line, Name: "companions", Label: "Who comes along, if anybody", Hint: "Whoever comes along may be part of it. They wait elsewhere while the person is seen alone.", Value: was.Words.Companions},
		field{Sort: area, Name: "about", Label: "What it is about", Hint: "You may leave it empty.", Value: was.Words.About},
	)
	if a.Foreign || was.Interpreter != appointments.NotSaid {
		out = append(out,
			field{Sort: radios, Name: "interpreter", Heading: "Language", Label: "How is their language met?", Hint: a.language(), Items: fields.Items(appointments.Interpreters()), Value: string(was.Interpreter)},
			field{Sort: line, Name: "ref", Label: "Reference of the booking, or the operator’s number", Value: was.Words.Ref},
			field{Sort: tick, Name: "confidential", Label: "The interpreter has agreed to confidentiality", Value: yes(was.Words.Agreed)},
			field{Sort: radios, Name: "circle", Label: "May the interpreter know them, their family, or somebody who has harmed them?", Items: fields.Items(appointments.Circles()), Value: string(was.Words.Circle)},
			field{Sort: tick, Name: "locality", Label: "The interpreter comes from another locality", Hint: "Ask for this where few people here speak the language.", Value: yes(was.OtherLocality)},
		)
	}
	return append(out, field{Sort: tick, Name: "agreed", Label: "It is agreed with them in person: they know of it"}), nil
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// asking is an appointment as it was typed.
func (p *Pages) asking(v url.Values) appointments.Asking {
	minutes, _ := strconv.Atoi(v.Get("minutes")) // 0 is refused with the others
	at, _ := p.service.At(fields.Day(v, "at"), padded(v.Get("at-time")))
	place, room, _ := strings.Cut(v.Get("place"), "/")
	a := appointments.Asking{
		With: people.ID(v.Get("with")), Worker: v.Get("worker"), At: at, Minutes: minutes, Way: appointments.Way(v.Get("way")),
		Alone: v.Get("alone") == "yes", Interpreter: appointments.Interpreter(v.Get("interpreter")), OtherLocality: v.Get("locality") == "yes",
		Agreed: v.Get("agreed") == "yes", Manager: v.Get("manager") == "yes",
		Words: appointments.Words{
			Companions: v.Get("companions"), About: v.Get("about"), Ref: v.Get("ref"), Agreed: v.Get("confidential") == "yes",
			Circle: appointments.Circle(v.Get("circle")), Why: v.Get("why"),
		},
	}
	switch a.Way {
	case appointments.AtPlace:
		a.Place, a.Room = place, room
	case appointments.Elsewhere:
		a.Words.Where = v.Get("where")
	case appointments.Telephone, appointments.Video:
	}
	return a
}

// padded is a time of the clock with two digits for the hour.
func padded(text string) string {
	if len(text) == len("9:30") {
		return "0" + text
	}
	return text
}

// managerFields ask a manager to let a slot stand that is not safe. They come
// with the refusal, and nowhere else.
func managerFields() []field {
	return []field{
		{Sort: tick, Name: "manager", Heading: "If there is no other way", Label: "Ask a manager to let this slot stand", Hint: "Somebody who did not book it decides, with a reason. Until then nothing is booked."},
		{Sort: area, Name: "why", Label: "Why can it not be another time, place or worker?"},
	}
}

// managerAsked comes with a slot that is not safe.
func managerAsked(v url.Values, errs forms.Errors) []field {
	if unsafe(errs) || v.Get("manager") == "yes" {
		return managerFields()
	}
	return nil
}

func (p *Pages) bookEditor() editor {
	return editor{
		Title: "Book an appointment",
		More:  managerAsked,
		Build: func(ctx context.Context, f *cases.File, _ *web.Request) (form, error) {
			asked, err := p.fields(ctx, f, appointments.Appointment{})
			return form{Action: f.Path() + "/appointments/new", Button: "Book it", Fields: asked}, err
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			a := p.asking(v)
			id, err := p.service.Book(ctx, f, a)
			return p.booked(ctx, f, id, "booked"), err
		},
	}
}

// booked is where a booking leads: it may wait for a manager.
func (p *Pages) booked(ctx context.Context, f *cases.File, id appointments.ID, word string) string {
	if id == "" {
		return ""
	}
	_ = p.read(ctx, func(ctx context.Context, tx *store.Tx) error { // what it says on the next page hangs on it, and nothing else
		a, err := p.service.Appointment(ctx, tx, f, id)
		if err == nil && a.State == appointments.Asked {
			word = "asked"
		}
		return err
	})
	return f.Path() + "/appointments?done=" + word
}

func (p *Pages) moveEditor() editor {
	var e editor
	e.Title, e.More = "Move an appointment", managerAsked
	e.Build = func(ctx context.Context, f *cases.File, r *web.Request) (form, error) {
		was, err := p.stored(ctx, f, r)
		if err != nil {
			return form{}, err
		}
		if !was.Open() {
			return form{}, store.ErrConflict
		}
		asked, err := p.fields(ctx, f, was)
		asked = append([]field{{Sort: hidden, Name: "version", Value: strconv.FormatInt(was.Version, 10)}}, asked...)
		return form{Action: f.Path() + "/appointments/" + string(was.ID) + "/move", Button: "Move it", Fields: asked, Intro: moveIntro(was.MustMove)}, err
	}
	e.Save = func(ctx context.Context, f *cases.File, r *web.Request, v url.Values) (string, error) {
		id := appointments.ID(r.Path("appointment"))
		if err := p.service.Move(ctx, f, id, versionOf(v), p.asking(v)); err != nil {
			return "", err
		}
		return p.booked(ctx, f, id, "moved"), nil
	}
	return e
}

func versionOf(v url.Values) int64 {
	n, _ := strconv.ParseInt(v.Get("version"), 10, 64) // 0 is nobody's
	return n
}

func (p *Pages) stored(ctx context.Context, f *cases.File, r *web.Request) (a appointments.Appointment, err error) {
	err = p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		a, err = p.service.Appointment(ctx, tx, f, appointments.ID(r.Path("appointment")))
		return err
	})
	return a, err
}

func (p *Pages) endEditor() editor {
	return editor{
		Title: "What became of it",
		Build: func(ctx context.Context, f *cases.File, r *web.Request) (form, error) {
			was, err := p.stored(ctx, f, r)
			if err != nil {
				return form{}, err
			}
			if was.State != appointments.Booked {
				return form{}, store.ErrConflict
			}
			asked := []field{
				{Sort: hidden, Name: "version", Value: strconv.FormatInt(was.Version, 10)},
				{Sort: radios, Name: "outcome", Label: "What became of the appointment?", Items: fields.Items(appointments.Outcomes())},
			}
			if was.Interpreter != appointments.NotSaid {
				asked = append(asked, field{Sort: radios, Name: "spoke", Label: "Who interpreted?", Hint: "A relative who interpreted is written down as what happened. Nothing that was said through them counts as asked, and a task to ask again follows.", Items: fields.Items(appointments.Spokes())})
			}
			asked = append(asked, field{Sort: area, Name: "text", Label: "What came of it", Hint: "Keep fact and opinion apart. You may leave it empty."})
			return form{Action: f.Path() + "/appointments/" + string(was.ID) + "/outcome", Button: "Record it", Fields: asked, Intro: whenIntro(p.when(was))}, nil
		},
		Save: func(ctx context.Context, f *cases.File, r *web.Request, v url.Values) (string, error) {
			e := appointments.Ending{State: appointments.State(v.Get("outcome")), Spoke: appointments.Spoke(v.Get("spoke")), Text: v.Get("text")}
			return f.Path() + "/appointments?done=ended", p.service.End(ctx, f, appointments.ID(r.Path("appointment")), versionOf(v), e)
		},
	}
}

func (p *Pages) when(a appointments.Appointment) string {
	return a.Starts.In(p.service.Zone()).Format("Monday 2 January 2006, 15:04") + ", " + strconv.Itoa(a.Minutes()) + " minutes"
}

// unsafe tells whether a form comes back because the slot is not safe.
func unsafe(errs forms.Errors) bool { return errs.Get("at") == appointments.Unsafe }
