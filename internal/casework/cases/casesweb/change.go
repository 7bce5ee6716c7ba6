package casesweb

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// links are the errors of a form for its summary.
func links(errs forms.Errors) []ui.Link {
	var out []ui.Link
	for _, e := range errs.List() {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}

// personFields is a person as typed.
type personFields struct {
	people.Details
	Day, Month, Year string
	Errors           forms.Errors
}

func readPerson(form url.Values) personFields {
	p := personFields{
		Details: people.Details{
			GivenName: form.Get("given_name"), FamilyName: form.Get("family_name"), KnownAs: form.Get("known_as"),
			Gender: form.Get("gender"), Language: form.Get("language"), AccessNeeds: form.Get("access_needs"),
		},
		Day: form.Get("born-day"), Month: form.Get("born-month"), Year: form.Get("born-year"),
	}
	p.Born = bornOf(p.Day, p.Month, p.Year)
	return p
}

func fieldsOf(d people.Details) personFields {
	p := personFields{Details: d}
	parts := strings.SplitN(d.Born, "-", 3)
	p.Year = parts[0]
	if len(parts) > 1 {
		p.Month = strings.TrimLeft(parts[1], "0")
	}
	if len(parts) > 2 {
		p.Day = strings.TrimLeft(parts[2], "0")
	}
	return p
}

// bornOf puts the boxes of a date together; the day, or day and month, may not
// be known. What is no date comes out as what was typed, for the check to see.
func bornOf(day, month, year string) string {
	pad := func(s string) string {
		if len(s) == 1 {
			return "0" + s
		}
		return s
	}
	switch {
	case day == "" && month == "":
		return year
	case day == "":
		return year + "-" + pad(month)
	}
	return year + "-" + pad(month) + "-" + pad(day)
}

type beginView struct {
	Person personFields
	Team   string
	Teams  []ui.SelectItem
	Alike  []foundRow // people who may be the same
}

// known is which details the worker was shown likenesses of: other details are
// looked for again.
func (v beginView) known() string {
	return strings.Join([]string{v.Person.GivenName, v.Person.FamilyName, v.Person.Born}, "|")
}

func (p *Pages) teamsOf(ctx context.Context, r *web.Request) ([]ui.SelectItem, error) {
	names, err := p.teamNames(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	items := []ui.SelectItem{{Value: "", Text: "No team: only me and managers"}}
	for _, t := range r.Actor.Teams {
		items = append(items, ui.SelectItem{Value: t, Text: names[t]})
	}
	return items, nil
}

func (p *Pages) beginForm(ctx context.Context, r *web.Request) (web.Response, error) {
	v := beginView{}
	if len(r.Actor.Teams) > 0 {
		v.Team = r.Actor.Teams[0]
	}
	return p.beginPage(ctx, r, v, false)
}

func (p *Pages) beginPage(ctx context.Context, r *web.Request, v beginView, invalid bool) (web.Response, error) {
	var err error
	if v.Teams, err = p.teamsOf(ctx, r); err != nil {
		return nil, err
	}
	return web.Page{Title: "Open a case", Body: beginBody(v), Invalid: invalid, Current: "/cases", Back: &ui.Link{Text: "Caseload", Href: "/cases"}}, nil
}

func (p *Pages) begin(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := beginView{Person: readPerson(form), Team: form.Get("team")}
	if form.Get("known") != v.known() && !v.Person.Check().Any() {
		alike, err := p.cases.Alike(ctx, r.Actor, v.Person.Details)
		if err != nil {
			return nil, err
		}
		if len(alike) > 0 {
			if v.Alike, err = p.foundRows(ctx, r, alike); err != nil {
				return nil, err
			}
			return p.beginPage(ctx, r, v, false)
		}
	}
	f, err := p.cases.Begin(ctx, r.Actor, cases.NewFile{Person: v.Person.Details, Kind: cases.Full, Origin: cases.OwnContact, Team: v.Team})
	if errs, ok := forms.AsErrors(err); ok {
		v.Person.Errors = errs
		return p.beginPage(ctx, r, v, true)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=begun"), nil
}

func (p *Pages) personForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, person, err := p.openPerson(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Change details", personBody(f, fieldsOf(person.Details), person.Version), false)
}

func (p *Pages) openPerson(ctx context.Context, r *web.Request) (*cases.File, people.Person, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, people.Person{}, err
	}
	var person people.Person
	err = p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		person, err = p.people.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		return err
	})
	return f, person, err
}

func (p *Pages) person(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	fields := readPerson(form)
	version := versionOf(form)
	err = p.cases.ChangePerson(ctx, f, version, fields.Details)
	if errs, ok := forms.AsErrors(err); ok {
		fields.Errors = errs
		return p.page(ctx, f, "Change details", personBody(f, fields, version), true)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=person-changed"), nil
}

func (p *Pages) openForm(ctx context.Context, r *web.Request) (*cases.File, url.Values, error) {
	form, err := r.Form()
	if err != nil {
		return nil, nil, err
	}
	f, err := p.open(ctx, r)
	return f, form, err
}

// versionOf is the version the page was made from; 0 fits nothing.
func versionOf(form url.Values) int64 {
	n, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

type noteView struct {
	File   *cases.File
	Text   string
	On     ui.DateInputParams
	About  bool
	Errors forms.Errors
}

func (p *Pages) noteForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Add a note", noteBody(noteView{File: f}), false)
}

const noteMax = 8000

func (p *Pages) note(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := noteView{File: f, Text: form.Get("text"), About: form.Get("about") == "yes"}
	v.On.Day, v.On.Month, v.On.Year = form.Get("on-day"), form.Get("on-month"), form.Get("on-year")
	on := bornOf(v.On.Day, v.On.Month, v.On.Year)
	switch {
	case v.Text == "":
		v.Errors.Add("text", "Write what happened")
	case len(v.Text) > noteMax:
		v.Errors.Add("text", "Shorten the note to 8,000 characters or fewer, or write two")
	}
	if !validDay(on) {
		v.Errors.Add("on-day", "Enter the day it happened, even if it is only the month and year, or leave it empty")
		v.On.DayError, v.On.MonthError, v.On.YearError = true, true, true
	}
	if v.Errors.Any() {
		return p.page(ctx, f, "Add a note", noteBody(v), true)
	}
	err = p.cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		_, err := p.cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, Text: v.Text, On: on, About: v.About})
		return err
	})
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=note-added"), nil
}

func validDay(s string) bool {
	if s == "" {
		return true
	}
	return slices.ContainsFunc([]string{"2006-01-02", "2006-01", "2006"}, func(layout string) bool {
		_, err := time.Parse(layout, s)
		return err == nil
	})
}

type contactView struct {
	File    *cases.File
	Form    people.ContactForm
	HasCode bool
	// Withheld: the worker does not see what is recorded, and adds to it.
	Withheld bool
	Errors   forms.Errors
}

func (v contactView) way(ch people.Channel) people.Way {
	for _, w := range v.Form.Ways {
		if w.Channel == ch {
			return w
		}
	}
	return people.Way{Channel: ch}
}

func (p *Pages) contactForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := contactView{File: f}
	err = p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		person, err := p.people.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		c, err := p.cases.SafeContact(ctx, tx, f, person)
		v.Form = people.ContactForm{Ways: c.Ways, NeverSpeak: c.NeverSpeak, TheyContact: c.TheyContact, Version: person.Version}
		v.HasCode, v.Withheld = c.HasCodeWord, c.Withheld
		return err
	})
	if err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Safe contact", contactBody(v), false)
}

func (p *Pages) contact(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := contactView{File: f, Form: people.ContactForm{
		NeverSpeak: form.Get("never_speak"), TheyContact: form.Get("they_contact") == "yes",
		CodeWord: form.Get("code_word"), Version: versionOf(form),
	}}
	for _, ch := range people.Channels() {
		v.Form.Ways = append(v.Form.Ways, people.Way{
			Channel: ch, Allowed: people.Allowance(form.Get(string(ch))),
			Detail: form.Get(string(ch) + "-detail"), Conditions: form.Get(string(ch) + "-conditions"),
			Hours: hoursOf(form, ch), Message: people.Allowance(form.Get(string(ch) + "-message")),
		})
	}
	err = p.cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		person, err := p.people.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		known, err := p.cases.SafeContact(ctx, tx, f, person)
		if err != nil {
			return err
		}
		v.HasCode, v.Withheld, v.Form.Add = known.HasCodeWord, known.Withheld, known.Withheld
		if err := p.people.RecordSafeContact(ctx, tx, f.Permit(), person, v.Form); err != nil {
			return err
		}
		if err := p.cases.FinishTasks(ctx, tx, f, cases.AskSafeContact, "safe contact was recorded"); err != nil {
			return err
		}
		_, err = p.cases.Record(ctx, tx, f, cases.Event{Kind: cases.ContactRecorded, On: tx.Now().Format(time.DateOnly)})
		return err
	})
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.page(ctx, f, "Safe contact", contactBody(v), true)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=contact-recorded"), nil
}

type partyView struct {
	File     *cases.File
	Person   personFields
	Role     string
	Relation string
}

func (p *Pages) partyForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Add a person", partyBody(partyView{File: f}), false)
}

func (p *Pages) party(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := partyView{File: f, Person: readPerson(form), Role: form.Get("role"), Relation: form.Get("relation")}
	errs := v.Person.Check()
	if !slices.Contains(cases.PartyRoles(), cases.Role(v.Role)) {
		errs.Add("role", "Select who this person is in the case")
	}
	if len(v.Relation) > 200 {
		errs.Add("relation", "Shorten the relation to 200 characters or fewer")
	}
	if errs.Any() {
		v.Person.Errors = errs
		return p.page(ctx, f, "Add a person", partyBody(v), true)
	}
	err = p.cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		_, err := p.cases.AddParty(ctx, tx, f, cases.Role(v.Role), v.Relation, v.Person.Details)
		return err
	})
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=person-added"), nil
}

type taskView struct {
	File  *cases.File
	Task  cases.Task
	Note  string
	Error string
}

func (p *Pages) findTask(ctx context.Context, r *web.Request, f *cases.File) (cases.Task, error) {
	var tasks []cases.Task
	err := p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		tasks, err = p.cases.Tasks(ctx, tx, f)
		return err
	})
	if err != nil {
		return cases.Task{}, err
	}
	i := slices.IndexFunc(tasks, func(t cases.Task) bool { return string(t.ID) == r.Path("task") })
	if i < 0 {
		return cases.Task{}, store.ErrNotFound
	}
	return tasks[i], nil
}

func (p *Pages) taskForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	t, err := p.findTask(ctx, r, f)
	if err != nil {
		return nil, err
	}
	if place := t.Kind.Place(); place != "" {
		return web.SeeOther(f.Path() + place), nil
	}
	return p.page(ctx, f, "Task", taskBody(taskView{File: f, Task: t}), false)
}

func (p *Pages) task(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	note := form.Get("note")
	err = p.cases.FinishTask(ctx, f, cases.TaskID(r.Path("task")), note)
	if errors.Is(err, cases.ErrElsewhere) {
		return p.taskForm(ctx, r)
	}
	if errors.Is(err, cases.ErrTaskNote) || errors.Is(err, cases.ErrOwnReview) {
		words := "Write what was done"
		if errors.Is(err, cases.ErrOwnReview) {
			words = "You did this yourself: a colleague or a manager reviews it"
		}
		t, err := p.findTask(ctx, r, f)
		if err != nil {
			return nil, err
		}
		return p.page(ctx, f, "Task", taskBody(taskView{File: f, Task: t, Note: note, Error: words}), true)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=task-done"), nil
}

type handOverView struct {
	File       *cases.File
	Colleagues []ui.SelectItem
	Teams      []ui.SelectItem
	To         string
	Why        string
	Errors     forms.Errors
}

func (p *Pages) handOverForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.handOverPage(ctx, r, handOverView{File: f}, false)
}

func (p *Pages) handOverPage(ctx context.Context, r *web.Request, v handOverView, invalid bool) (web.Response, error) {
	list, err := p.directory.Colleagues(ctx, r.Actor, "", directory.Page{Size: 500})
	if err != nil {
		return nil, err
	}
	v.Colleagues = []ui.SelectItem{{Value: "", Text: "Choose"}}
	for _, c := range list.Items {
		if c.Account != v.File.Lead() {
			v.Colleagues = append(v.Colleagues, ui.SelectItem{Value: "account:" + c.Account, Text: c.Name})
		}
	}
	names, err := p.teamNames(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	for id, name := range names {
		v.Teams = append(v.Teams, ui.SelectItem{Value: "team:" + id, Text: "Team: " + name})
	}
	slices.SortFunc(v.Teams, func(a, b ui.SelectItem) int { return strings.Compare(a.Text, b.Text) })
	return p.page(ctx, v.File, "Hand the case over", handOverBody(v), invalid)
}

func (p *Pages) handOver(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := handOverView{File: f, To: form.Get("to"), Why: form.Get("why")}
	kind, id, _ := strings.Cut(v.To, ":")
	if id == "" {
		v.Errors.Add("to", "Choose a colleague or a team")
	}
	if v.Why == "" {
		v.Errors.Add("why", "Write what they need to know first")
	}
	if len(v.Why) > noteMax {
		v.Errors.Add("why", "Shorten this to 8,000 characters or fewer")
	}
	if v.Errors.Any() {
		return p.handOverPage(ctx, r, v, true)
	}
	to := cases.To{Account: id}
	if kind == "team" {
		to = cases.To{Team: id}
	}
	err = p.cases.HandOver(ctx, r.Actor, f.ID(), versionOf(form), to, v.Why)
	if words, is := cases.IsRefusedTo(err); is {
		v.Errors.Add("to", words)
		return p.handOverPage(ctx, r, v, true)
	}
	if errors.Is(err, store.ErrNotFound) {
		v.Errors.Add("to", "Choose a colleague or a team of your agency")
		return p.handOverPage(ctx, r, v, true)
	}
	if err != nil {
		return nil, err
	}
	// Whoever handed it over may not see it any more.
	return web.SeeOther(Home + "?done=handed-over"), nil
}
