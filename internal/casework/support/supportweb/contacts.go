package supportweb

import (
	"context"
	"net/url"
	"slices"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/people"
)

const (
	contactsPage = 50
	clockTime    = "15:04"
)

// reach is what the pages of contacts show of reaching the person.
type reach struct {
	Person   people.Person
	Contact  people.SafeContact
	Standing support.Standing
	Names    map[string]string
}

func (p *Pages) reach(ctx context.Context, tx *store.Tx, f *cases.File) (reach, error) {
	var v reach
	var err error
	if v.Person, err = p.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person()); err != nil {
		return v, err
	}
	if v.Contact, err = p.cases.SafeContact(ctx, tx, f, v.Person); err != nil {
		return v, err
	}
	v.Standing, err = p.support.Standing(ctx, tx, f)
	return v, err
}

// never tells whether the cautious first attempt is there to be made.
func (v reach) never() bool {
	return v.Standing.Unasked && v.Standing.ReachedAt.IsZero() && v.Standing.CautiousAt.IsZero() && v.Contact.Summary.State != people.Recorded
}

type contactsView struct {
	File *cases.File
	reach
	List []support.Contact
	Ask  form
}

func (p *Pages) contacts(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.contactsPage(ctx, r, f, p.askForm(f))
}

func (p *Pages) contactsPage(ctx context.Context, r *web.Request, f *cases.File, ask form) (web.Response, error) {
	v := contactsView{File: f, Ask: ask}
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.reach, err = p.reach(ctx, tx, f); err != nil {
			return err
		}
		v.List, err = p.support.Contacts(ctx, tx, f, contactsPage)
		return err
	})
	if err != nil {
		return nil, err
	}
	accounts := []string{v.Standing.Primary}
	for _, c := range v.List {
		accounts = append(accounts, c.RecordedBy)
	}
	if v.Names, err = p.directory.MemberNames(ctx, f.Actor(), accounts); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Contacts", contactsBody(v, p.support.Zone()), ask.Errors.Any(), r.Done(done))
}

func (p *Pages) askForm(f *cases.File) form {
	return form{Action: f.Path() + "/contacts", Button: "Is it safe to make this contact now?", Fields: askFields()}
}

func askFields() []field {
	return []field{
		{Sort: radios, Name: "whom", Label: "Who is to be spoken to?", Items: fields.Items(support.Whoms())},
		{Sort: choice, Name: "channel", Label: "How?", Items: fields.Items(people.Channels())},
		{Sort: line, Name: "with", Label: "Name of the professional, if it goes through one"},
		{Sort: tick, Name: "message", Label: "A message would be left if nobody answers"},
		{Sort: tick, Name: "conditions", Label: "I have read the conditions of this way, and keep to them"},
	}
}

func asking(v url.Values) support.Asking {
	return support.Asking{
		Whom: support.Whom(v.Get("whom")), Words: support.Words{With: v.Get("with"), Text: v.Get("text")},
		Reach: support.Reach{Channel: people.Channel(v.Get("channel")), Message: v.Get("message") == "yes", Conditions: v.Get("conditions") == "yes", Cautious: v.Get("cautious") == "yes"},
	}
}

// ask asks the gate, and leads to the contact that is under way or that was
// refused.
func (p *Pages) ask(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	id, _, err := p.support.Ask(ctx, f, asking(v))
	if errs, ok := forms.AsErrors(err); ok {
		ask := p.askForm(f)
		ask.Refill(v, errs)
		return p.contactsPage(ctx, r, f, ask)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "/contacts/" + string(id)), nil
}

type contactView struct {
	File *cases.File
	reach
	Contact support.Contact
	Way     people.Way
	Form    form
	Zone    string
	At      string
	Refused string // why the time or the conditions of a plan do not fit
}

func (p *Pages) contact(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.contactPage(ctx, r, f, nil, nil, "")
}

func (p *Pages) contactPage(ctx context.Context, r *web.Request, f *cases.File, typed url.Values, errs forms.Errors, refused string) (web.Response, error) {
	v := contactView{File: f, Refused: refused}
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.reach, err = p.reach(ctx, tx, f); err != nil {
			return err
		}
		v.Contact, err = p.support.Contact(ctx, tx, f, support.ContactID(r.Path("contact")))
		return err
	})
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(v.reach.Contact.Ways, func(w people.Way) bool { return w.Channel == v.Contact.Channel }); i >= 0 {
		v.Way = v.reach.Contact.Ways[i]
	}
	if v.Names, err = p.directory.MemberNames(ctx, f.Actor(), []string{v.Contact.RecordedBy}); err != nil {
		return nil, err
	}
	v.At = v.Contact.At.In(p.support.Zone()).Format("2 January 2006, 15:04")
	v.Form = form{Action: f.Path() + "/contacts/" + string(v.Contact.ID), Button: "Record what happened", Fields: append([]field{{Sort: hidden, Name: "do", Value: "record"}}, p.outcomeFields()...), Errors: errs}
	v.Form.Refill(typed, errs)
	return p.page(ctx, f, "Contact", contactBody(v), errs.Any(), r.Done(done))
}

// outcomeFields ask what became of a contact.
func (p *Pages) outcomeFields() []field {
	now := p.support.Now()
	return []field{
		{Sort: radios, Name: "outcome", Label: "What happened?", Items: fields.Items(support.Outcomes())},
		{Sort: date, Name: "at", Label: "On which day?", Value: now.Format("2006-01-02")},
		{Sort: clock, Name: "at-time", Label: "At what time?", Hint: "For example, 14:30", Value: now.Format(clockTime)},
		{Sort: area, Name: "text", Label: "What was said and done", Hint: "Keep fact and opinion apart."},
	}
}

func (p *Pages) happened(v url.Values) support.Happened {
	return support.Happened{
		Outward: v.Get("outward") != "no", Whom: support.Whom(v.Get("whom")), Channel: people.Channel(v.Get("channel")), Message: v.Get("message") == "yes",
		At: momentOf(v, "at", p.support.Zone()), Outcome: support.Outcome(v.Get("outcome")), Words: support.Words{With: v.Get("with"), Text: v.Get("text"), Why: v.Get("why")},
	}
}

// recordOf records what became of a contact, begins one that was planned, or
// calls it off.
func (p *Pages) recordOf(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	id := support.ContactID(r.Path("contact"))
	switch v.Get("do") {
	case "begin":
		verdict, err := p.support.Begin(ctx, f, id, v.Get("conditions") == "yes")
		if err != nil {
			return nil, err
		}
		if verdict.Reason == support.ConditionsFirst || verdict.Reason == support.OutsideHours {
			return p.contactPage(ctx, r, f, nil, nil, verdict.Reason.Label()+". "+verdict.Reason.Next())
		}
		return web.SeeOther(f.Path() + "/contacts/" + string(id)), nil
	case "off":
		if err := p.support.CallOff(ctx, f, id); err != nil {
			return nil, err
		}
		return web.SeeOther(f.Path() + "/contacts?done=called-off"), nil
	}
	err = p.support.Finish(ctx, f, id, p.happened(v))
	if errs, ok := forms.AsErrors(err); ok {
		return p.contactPage(ctx, r, f, v, errs, "")
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "/contacts?done=contact-recorded"), nil
}

func (p *Pages) recordEditor() editor {
	return editor{
		Title: "Record a contact",
		Build: func(_ context.Context, f *cases.File, _ *web.Request) (form, error) {
			asked := append([]field{
				{Sort: radios, Name: "outward", Label: "Who made contact?", Value: "yes", Items: []ui.RadioItem{{Value: "yes", Text: "We did"}, {Value: "no", Text: "They did"}}},
				{Sort: radios, Name: "whom", Label: "With whom?", Items: fields.Items(support.Whoms())},
				{Sort: choice, Name: "channel", Label: "How?", Items: fields.Items(people.Channels())},
				{Sort: line, Name: "with", Label: "Name of the professional, if it was one"},
				{Sort: tick, Name: "message", Label: "A message was left"},
			}, p.outcomeFields()...)
			asked = append(asked, field{Sort: area, Name: "why", Label: "If it was not known to be safe: why could it not wait?", Hint: "You may leave it empty. A colleague looks at it on the next working day."})
			return form{Intro: recordIntro(), Action: f.Path() + "/contacts/new", Button: "Record it", Fields: asked}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			_, err := p.support.Record(ctx, f, p.happened(v))
			return f.Path() + "/contacts?done=contact-recorded", err
		},
	}
}

func (p *Pages) planEditor() editor {
	return editor{
		Title: "Plan a contact",
		Build: func(_ context.Context, f *cases.File, _ *web.Request) (form, error) {
			return form{
				Intro: planIntro(), Action: f.Path() + "/contacts/plan", Button: "Plan it",
				Fields: []field{
					{Sort: radios, Name: "whom", Label: "Who is to be spoken to?", Items: fields.Items(support.Whoms())},
					{Sort: choice, Name: "channel", Label: "How?", Items: fields.Items(people.Channels())},
					{Sort: line, Name: "with", Label: "Name of the professional, if it goes through one"},
					{Sort: date, Name: "at", Label: "On which day?"},
					{Sort: clock, Name: "at-time", Label: "At what time?", Hint: "For example, 14:30"},
					{Sort: tick, Name: "message", Label: "A message would be left if nobody answers"},
					{Sort: area, Name: "text", Label: "What it is about"},
				},
			}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			a := asking(v)
			a.At = momentOf(v, "at", p.support.Zone())
			_, err := p.support.Plan(ctx, f, a)
			return f.Path() + "/contacts?done=contact-planned", err
		},
	}
}
