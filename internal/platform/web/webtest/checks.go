package webtest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html/atom"
)

// SameAsAbsent fails the test unless a record that is not for this browser and
// one that is not there at all give the same answer: status, body, headers.
func SameAsAbsent(t testing.TB, b *Browser, denied, absent string) {
	t.Helper()
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		one := b.With(t).Send(Ask{Method: method, Path: denied})
		other := b.With(t).Send(Ask{Method: method, Path: absent})
		if one.Status != http.StatusNotFound || other.Status != http.StatusNotFound {
			t.Errorf("%s: %s gives %d and %s gives %d, want 404 twice", method, denied, one.Status, absent, other.Status)
		}
		if one.Body != other.Body {
			t.Errorf("%s: %s and %s do not look the same:\n%s\n%s", method, denied, absent, one.brief(), other.brief())
		}
		if diff := headerDiff(one.Header, other.Header); diff != "" {
			t.Errorf("%s: %s and %s differ in the header %s", method, denied, absent, diff)
		}
	}
}

// headerDiff names a header in which two answers differ.
func headerDiff(a, b http.Header) string {
	names := map[string]bool{}
	for name := range a {
		names[name] = true
	}
	for name := range b {
		names[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !slices.Equal(a[name], b[name]) {
			return name
		}
	}
	return ""
}

// textTypes are the inputs into which a browser offers what was typed before.
var textTypes = []string{"", "text", "email", "tel", "url", "search", "number", "password", "date", "month", "week", "time", "datetime-local"}

func takesText(e Node) bool {
	return e.n.DataAtom == atom.Textarea || e.n.DataAtom == atom.Select ||
		e.n.DataAtom == atom.Input && slices.Contains(textTypes, e.Attr("type"))
}

// autocompletion is what holds for a control: its own word or the form's.
func autocompletion(form, control Node) string {
	if control.Has("autocomplete") {
		return control.Attr("autocomplete")
	}
	return form.Attr("autocomplete")
}

// CheckAutocompleteOff fails the test unless a form about somebody else keeps
// browsers from offering and remembering what is typed ("" for the form of the
// main part; S19).
func CheckAutocompleteOff(t testing.TB, a *Answer, form string) {
	t.Helper()
	f := a.Form(t, form)
	for _, c := range f.node.controls() {
		if takesText(c) && autocompletion(f.node, c) != "off" {
			t.Errorf("%s: not off: %s", a.path, describe(c))
		}
	}
}

// CheckAutocomplete fails the test unless the fields of a form about oneself
// have their tokens (S19).
func CheckAutocomplete(t testing.TB, a *Answer, tokens map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(tokens)) {
		for _, form := range a.forms("") {
			for _, c := range form.controls() {
				if c.Attr("name") == name && autocompletion(form, c) != tokens[name] {
					t.Errorf("%s: autocomplete of %s is %q, want %q", a.path, name, autocompletion(form, c), tokens[name])
				}
			}
		}
		if len(a.Select("main form [name="+name+"]")) == 0 {
			t.Errorf("%s has no field %s", a.path, name)
		}
	}
}

// autocompleteFaults are the fields of a page that do not say whether browsers
// may offer what was typed before, and passwords that refuse managers.
func autocompleteFaults(a *Answer) []string {
	var out []string
	for _, form := range a.Select("form") {
		for _, c := range form.controls() {
			// A choice from a list gives nothing away that the page does not.
			if !takesText(c) || c.n.DataAtom == atom.Select {
				continue
			}
			word := autocompletion(form, c)
			switch {
			case c.Attr("type") == "password" && word != "current-password" && word != "new-password":
				out = append(out, "a password field that managers cannot fill: "+describe(c))
			case word == "":
				out = append(out, "says neither off nor what it is: "+describe(c))
			}
		}
	}
	return out
}

// exitFaults are what is wrong with the way out of a page in a hurry: for
// anyone the second skip link and the Exit control, for who is signed in Hide
// screen, each the first thing after the skip link (S7).
func exitFaults(a *Answer, signedIn bool) []string {
	var out []string
	want := func(selector string, n int) Nodes {
		found := a.Select(selector)
		if len(found) != n {
			out = append(out, strings.TrimSpace(selector+": not as often as it should be"))
		}
		return found
	}
	order := []string{"a.govuk-skip-link[href=#main-content]"}
	want("main#main-content", 1)
	if signedIn {
		want(".govuk-exit-this-page", 0)
		want(".govuk-js-exit-this-page-skiplink", 0)
		want("form[method=post][action=/hide]", 1)
		order = append(order, "form[method=post][action=/hide] button")
	} else {
		want(".govuk-exit-this-page", 1)
		want("form[action=/hide]", 0)
		for _, link := range []string{"a.govuk-js-exit-this-page-skiplink", ".govuk-exit-this-page a.govuk-js-exit-this-page-button"} {
			for _, e := range want(link, 1) {
				if e.Attr("href") != "/exit" {
					out = append(out, "leads elsewhere: "+describe(e))
				}
			}
			order = append(order, link)
		}
	}
	focus := a.focusable()
	for i, selector := range order {
		if i >= len(focus) || !slices.Contains(a.Select(selector), focus[i]) {
			out = append(out, "stop of Tab number "+string(rune('1'+i))+" is not "+selector)
		}
	}
	return out
}
