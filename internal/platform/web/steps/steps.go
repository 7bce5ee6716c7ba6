package steps

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/web/ui"
)

// The pages that are no step of their own, by the names that the buttons send.
const (
	Check = "check" // everything, before it is sent
	Now   = "now"   // the short way
	Send  = "send"
)

// The controls of the form that are no questions.
const (
	stepField    = "step" // of a button: where it leads
	atField      = "at"
	nowField     = "act_now"
	returnsField = "returns"
)

// What stands before the name of a page on a button.
const (
	change = "change:" // from the check to a step, and back to the check
	going  = "go:"     // on from a step that may be the last
)

// Step is one page of a form.
type Step struct {
	Name   string   // in the form, such as "views"
	Title  string   // the heading of its page
	Fields []string // the names of its controls, as errors give them
	Short  bool     // it is on the page of the short way too
	Last   bool     // with some answers there is nothing to ask after it: going on may record them
}

// Form is a form in steps, and where it stands.
type Form struct {
	Action string // where it is sent
	Name   string // what it does, in neutral words: "Send a referral"
	Steps  []Step // all but the check

	// At is the page that is shown: the name of a step, [Check] or [Now].
	At string
	// Urgent tells that there is no time: the short way was taken.
	Urgent bool
	// Returns tells that the page leads back to the check.
	Returns bool

	from, to string
	posted   bool
	pressed  bool
}

// New is a form that stands at its first step.
func New(action, name string, list []Step) Form {
	return Form{Action: action, Name: name, Steps: list, At: list[0].Name}
}

// Read reads from what was sent where the form stood and where it is to go.
// [Form.Move] goes there.
func (f *Form) Read(v url.Values) {
	f.posted = true
	f.from, f.to = v.Get(atField), v.Get(stepField)
	f.Urgent, f.Returns = v.Get(nowField) == "yes", v.Get(returnsField) == "yes"
	f.to, f.pressed = strings.CutPrefix(f.to, going)
	if name, is := strings.CutPrefix(f.to, change); is {
		f.from, f.to, f.Returns = Check, name, true
		if f.Urgent {
			f.to, f.Returns = Now, false
		}
		return
	}
	switch {
	case f.to == Now:
		f.Urgent, f.Returns = true, false
	case f.index(f.to) < len(f.Steps):
		f.Urgent, f.Returns = false, false
	case f.to != Send:
		f.to = Check
	}
}

// Sends tells whether the form is to be sent, rather than to be gone on with.
func (f *Form) Sends() bool { return f.to == Send }

// Ends tells whether somebody went on from a step that may be the last. The script
// of a page never does that of itself.
func (f *Form) Ends() bool { return f.pressed }

// Move goes to the page that was asked for, or to the first before it on which
// something is wrong. It returns what is wrong there.
func (f *Form) Move(errs forms.Errors) forms.Errors {
	if !f.Goes() {
		f.At = f.to
		return nil
	}
	return f.Fail(errs, f.index(f.to))
}

// Goes tells whether the form is to go on, rather than back or to the short way.
func (f *Form) Goes() bool {
	to := f.index(f.to)
	return f.to != Now && (to == len(f.Steps) || to > f.index(f.from) && f.from != Now)
}

// Stay goes to the first step: nothing is wrong, and nothing is to be asked after it.
func (f *Form) Stay() { f.At, f.Returns = f.Steps[0].Name, false }

// Wrong goes to the first step on which something is wrong, or to the check.
func (f *Form) Wrong(errs forms.Errors) forms.Errors { return f.Fail(errs, len(f.Steps)) }

// Fail goes to the first step before one on which something is wrong, or to that
// one; the check is the one after all steps. It returns what is wrong there.
func (f *Form) Fail(errs forms.Errors, before int) forms.Errors {
	for i, s := range f.Steps[:before] {
		here := f.of(errs, s)
		if len(here) == 0 {
			continue
		}
		switch {
		case f.Urgent && s.Short:
			f.At, f.Returns = Now, false
			return f.here(errs)
		case before == len(f.Steps) && s.Name != f.from:
			f.Returns = true
		}
		f.At = f.Steps[i].Name
		return here
	}
	if before < len(f.Steps) {
		f.At = f.Steps[before].Name
		return nil
	}
	f.At, f.Returns = Check, false
	return f.here(errs)
}

// of are the errors of one step. What belongs to no step stands on the first.
func (f *Form) of(errs forms.Errors, s Step) forms.Errors {
	var out forms.Errors
	for _, e := range errs {
		first := s.Name == f.Steps[0].Name && f.owner(e.Field) == len(f.Steps) && !f.checked(e.Field)
		if first || slices.Contains(s.Fields, e.Field) {
			out.Add(e.Field, e.Message)
		}
	}
	return out
}

// checked are the fields of the check itself.
func (f *Form) checked(field string) bool { return field == "override" }

// here are the errors of what the page shows.
func (f *Form) here(errs forms.Errors) forms.Errors {
	var out forms.Errors
	if f.At == Check {
		for _, e := range errs {
			if f.checked(e.Field) {
				out.Add(e.Field, e.Message)
			}
		}
		return out
	}
	for _, s := range f.Steps {
		if f.Shows(s.Name) {
			for _, e := range f.of(errs, s) {
				out.Add(e.Field, e.Message)
			}
		}
	}
	return out
}

// owner is the number of the step that has a field, or that of the check.
func (f *Form) owner(field string) int {
	i := slices.IndexFunc(f.Steps, func(s Step) bool { return slices.Contains(s.Fields, field) })
	if i < 0 {
		return len(f.Steps)
	}
	return i
}

// index is the number of a step, from 0; the check is the one after all.
func (f *Form) index(name string) int {
	i := slices.IndexFunc(f.Steps, func(s Step) bool { return s.Name == name })
	if i < 0 {
		return len(f.Steps)
	}
	return i
}

// Shows tells whether the page shows a step.
func (f Form) Shows(name string) bool {
	if f.At == Now {
		i := f.index(name)
		return i < len(f.Steps) && f.Steps[i].Short
	}
	return f.At == name
}

// shortens tells whether the short way leaves anything out, and is open still.
func (f Form) shortens() bool {
	some := slices.ContainsFunc(f.Steps, func(s Step) bool { return s.Short })
	all := !slices.ContainsFunc(f.Steps, func(s Step) bool { return !s.Short })
	return !f.Urgent && some && !all
}

// Heading is the heading of the page.
func (f Form) Heading() string {
	switch f.At {
	case Check:
		return "Check before you send"
	case Now:
		return "Act now, justify after"
	}
	return f.Steps[f.index(f.At)].Title
}

// Progress says how far the form has come: "Send a referral, step 2 of 6".
func (f Form) Progress() string {
	if f.At == Now {
		return f.Name
	}
	return f.Name + ", step " + strconv.Itoa(f.index(f.At)+1) + " of " + strconv.Itoa(len(f.Steps)+1)
}

// Title is the title of the page, which is read out first.
func (f Form) Title() string { return f.Progress() + ": " + f.Heading() }

// title is the heading of a step where several stand on one page.
func (f Form) title(name string) string { return f.Steps[f.index(name)].Title }

// place is the page as a button names it.
func (f Form) place() string {
	if f.Returns {
		return change + f.At
	}
	return f.At
}

// before is the step to which Back leads; empty on the first page.
func (f Form) before() string {
	switch i := f.index(f.At); {
	case f.At == Now || f.At == Check && f.Urgent, i == 0, f.Returns:
		return ""
	default:
		return f.Steps[i-1].Name
	}
}

// lasting is the page that comes before in the browser's history when the page
// came as the answer to a form.
func (f Form) lasting() string {
	switch {
	case !f.posted:
		return ""
	case f.Returns:
		return Check
	case f.At == Check && f.Urgent:
		return Now
	}
	return f.before()
}

// next is the page to which the first button leads, with its words.
func (f Form) next() (name, words string) {
	i := f.index(f.At) + 1
	switch {
	case slices.ContainsFunc(f.Steps, func(s Step) bool { return s.Last && f.Shows(s.Name) }):
		if f.Returns || f.At == Now || i == len(f.Steps) {
			return going + Check, "Continue"
		}
		return going + f.Steps[i].Name, "Continue"
	case f.Returns:
		return Check, "Go back to the check"
	case f.At == Now || i == len(f.Steps):
		return Check, "Check before you send"
	}
	return f.Steps[i].Name, "Continue"
}

func (f Form) hidden() []ui.HiddenField {
	out := []ui.HiddenField{{Name: atField, Value: f.At}}
	if f.Urgent {
		out = append(out, ui.HiddenField{Name: nowField, Value: "yes"})
	}
	if f.Returns {
		out = append(out, ui.HiddenField{Name: returnsField, Value: "yes"})
	}
	return out
}
