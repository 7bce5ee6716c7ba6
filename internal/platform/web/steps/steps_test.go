package steps_test

import (
	"net/url"
	"strings"
	"testing"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/web/steps"
)

func form() steps.Form {
	return steps.New("/send", "Send it", []steps.Step{
		{Name: "to", Title: "To whom?", Fields: []string{"to"}, Short: true},
		{Name: "why", Title: "Why?", Fields: []string{"why"}, Short: true},
		{Name: "views", Title: "What do they say?", Fields: []string{"asked"}},
	})
}

// typed is a form that stands at a page and is to go to another.
func typed(at, to string, more ...string) url.Values {
	v := url.Values{"at": {at}, "step": {to}}
	for _, field := range more {
		v.Set(field, "yes")
	}
	return v
}

func wrong(fields ...string) forms.Errors {
	var out forms.Errors
	for _, f := range fields {
		out.Add(f, "Enter "+f)
	}
	return out
}

func TestWhereAFormGoes(t *testing.T) {
	for name, c := range map[string]struct {
		sent    url.Values
		wrong   forms.Errors
		at      string
		says    string // the fields that are wrong there
		urgent  bool
		returns bool
	}{
		"on":                               {sent: typed("to", "why"), at: "why"},
		"on, and not with the next errors": {sent: typed("to", "why"), wrong: wrong("why", "asked"), at: "why"},
		"held by its own errors":           {sent: typed("to", "why"), wrong: wrong("to", "why"), at: "to", says: "to"},
		"held by those of a step before":   {sent: typed("why", "views"), wrong: wrong("to"), at: "to", says: "to"},
		"back asks for nothing":            {sent: typed("why", "to"), wrong: wrong("to", "why"), at: "to"},
		"the same step again":              {sent: typed("why", "why"), wrong: wrong("to", "why"), at: "why"},
		"to the check":                     {sent: typed("views", "check"), at: "check"},
		"not to the check":                 {sent: typed("views", "check"), wrong: wrong("asked"), at: "views", says: "asked"},
		"no button is the check":           {sent: typed("views", ""), at: "check"},
		"from the check to a step":         {sent: typed("check", "change:why"), wrong: wrong("why"), at: "why", returns: true},
		"and back to the check":            {sent: typed("why", "check", "returns"), at: "check"},
		"and not with an error":            {sent: typed("why", "check", "returns"), wrong: wrong("why"), at: "why", says: "why", returns: true},
		"another step held it":             {sent: typed("views", "check"), wrong: wrong("to"), at: "to", says: "to", returns: true},
		"the short way asks for nothing":   {sent: typed("why", "now"), wrong: wrong("to", "why"), at: "now", urgent: true},
		"all of the short way is one page": {sent: typed("now", "check", "act_now"), wrong: wrong("to", "why", "asked"), at: "now", says: "to why", urgent: true},
		"the short way to the check":       {sent: typed("now", "check", "act_now"), at: "check", urgent: true},
		"from that check to the short way": {sent: typed("check", "change:why", "act_now"), at: "now", urgent: true},
		"there is time":                    {sent: typed("now", "to", "act_now"), wrong: wrong("to"), at: "to"},
		"what is asked at the check":       {sent: typed("check", "check"), wrong: wrong("override"), at: "check", says: "override"},
		"what belongs to no step":          {sent: typed("views", "check"), wrong: wrong("elsewhere"), at: "to", says: "elsewhere", returns: true},
		"a page that never was":            {sent: typed("nowhere", "nowhere"), at: "check"},
	} {
		t.Run(name, func(t *testing.T) {
			f := form()
			f.Read(c.sent)
			errs := f.Move(c.wrong)
			var says []string
			for _, e := range errs {
				says = append(says, e.Field)
			}
			if f.At != c.at || f.Urgent != c.urgent || f.Returns != c.returns || strings.Join(says, " ") != c.says {
				t.Errorf("at %q, urgent %v, returns %v, says %q", f.At, f.Urgent, f.Returns, says)
			}
		})
	}
}

func TestWhatCouldNotBeSentStandsWhereItIsWrong(t *testing.T) {
	f := form()
	f.Read(typed("check", "send"))
	if !f.Sends() {
		t.Fatal("it is not sent")
	}
	if errs := f.Wrong(wrong("why")); f.At != "why" || !f.Returns || !errs.Has("why") {
		t.Errorf("at %q, %v", f.At, errs)
	}
}

func TestATitleSaysHowFarItHasCome(t *testing.T) {
	for at, want := range map[string]string{
		"why": "Send it, step 2 of 4: Why?", "check": "Send it, step 4 of 4: Check before you send", "now": "Send it: Act now, justify after",
	} {
		f := form()
		f.At = at
		if got := f.Title(); got != want {
			t.Errorf("%q", got)
		}
	}
}

// Going on from a step that may be the last is told from what a script asks for.
func TestOnlyAPersonEndsAForm(t *testing.T) {
	for to, want := range map[string]bool{"go:why": true, "why": false, "check": false, "go:check": true} {
		f := form()
		f.Read(typed("to", to))
		if f.Ends() != want {
			t.Errorf("%s: %v", to, f.Ends())
		}
		if errs := f.Move(nil); errs.Any() || f.At != strings.TrimPrefix(to, "go:") {
			t.Errorf("%s leads to %s", to, f.At)
		}
	}
}
