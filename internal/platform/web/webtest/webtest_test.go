package webtest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web/ui"
	"waymark/internal/platform/web/webtest"
)

// trial is a test whose failures are wanted.
type trial struct {
	testing.TB
	mu     sync.Mutex
	failed []string
}

func (r *trial) Helper()                        {}
func (r *trial) Error(args ...any)              { r.fail(fmt.Sprint(args...)) }
func (r *trial) Errorf(format string, a ...any) { r.fail(fmt.Sprintf(format, a...)) }
func (r *trial) Fatal(args ...any)              { r.fail(fmt.Sprint(args...)); runtime.Goexit() }
func (r *trial) Fatalf(format string, a ...any) { r.fail(fmt.Sprintf(format, a...)); runtime.Goexit() }
func (r *trial) FailNow()                       { r.fail("failed"); runtime.Goexit() }
func (r *trial) fail(message string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = append(r.failed, message)
}

// try runs fn as a test of its own and returns what failed in it.
func try(t *testing.T, fn func(t testing.TB)) []string {
	t.Helper()
	r := &trial{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		fn(r)
	}()
	<-done
	return r.failed
}

// passes and fails say what must become of a test.
func passes(t *testing.T, what string, fn func(t testing.TB)) {
	t.Helper()
	if failed := try(t, fn); len(failed) > 0 {
		t.Errorf("%s: failed with %q", what, failed)
	}
}

func fails(t *testing.T, what, says string, fn func(t testing.TB)) {
	t.Helper()
	failed := try(t, fn)
	if !strings.Contains(strings.Join(failed, "\n"), says) {
		t.Errorf("%s: failed with %q, want %q", what, failed, says)
	}
}

// safe are the headers an answer must have.
func safe() http.Header {
	return http.Header{
		"Content-Security-Policy": {"default-src 'none'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
		"Cache-Control":           {"no-store"}, "Referrer-Policy": {"no-referrer"}, "X-Content-Type-Options": {"nosniff"},
		"Permissions-Policy": {"geolocation=(), camera=(), microphone=()"}, "Cross-Origin-Opener-Policy": {"same-origin"},
	}
}

// says is a site that answers everything alike.
func says(header http.Header, status int, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		if r.Method != http.MethodHead {
			_, _ = io.WriteString(w, body)
		}
	})
}

func htmlPage(body string) http.Handler {
	h := safe()
	h.Set("Content-Type", "text/html; charset=utf-8")
	return says(h, http.StatusOK, "<!DOCTYPE html><html><head><title>A page</title></head><body>"+body+"</body></html>")
}

func TestAnAnswerWithoutTheSafetyHeadersFails(t *testing.T) {
	get := func(h http.Handler) func(testing.TB) {
		return func(t testing.TB) { webtest.NewBrowser(t, h).Get("/page") }
	}
	passes(t, "safe", get(says(safe(), 200, "")))
	without := func(name, value, complaint string) {
		t.Helper()
		h := safe()
		h.Del(name)
		if value != "" {
			h.Set(name, value)
		}
		fails(t, name+" "+value, complaint, get(says(h, 200, "")))
	}
	const csp = "Content-Security-Policy"
	without(csp, "", "0 content security policies")
	without(csp, "default-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'", "begins with")
	without(csp, safe().Get(csp)+"; style-src 'unsafe-inline'", "allows style-src 'unsafe-inline'")
	without(csp, safe().Get(csp)+"; img-src https://elsewhere.example", "allows img-src")
	without(csp, safe().Get(csp)+"; img-src data:", "allows img-src data:")
	without(csp, "default-src 'none'; form-action 'self'; base-uri 'none'", "no frame-ancestors")
	without(csp, "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'", "frame-ancestors 'self'")
	without(csp, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'", "no form-action")
	without("Cache-Control", "", "Cache-Control")
	without("Cache-Control", "no-cache", "Cache-Control")
	without("Cache-Control", "public, max-age=31536000, immutable", "no hashed asset")
	without("Referrer-Policy", "", "Referrer-Policy")
	without("Referrer-Policy", "same-origin", "Referrer-Policy")
	without("X-Content-Type-Options", "", "X-Content-Type-Options")
	without("Cross-Origin-Opener-Policy", "", "Cross-Origin-Opener-Policy")
	without("Permissions-Policy", "", "geolocation=()")
	without("Permissions-Policy", "geolocation=(), camera=(self), microphone=()", "camera=()")
	without("Content-Disposition", `attachment; filename="marac-list.csv"`, "not neutral")
	without("Content-Disposition", `attachment; filename=`, "not neutral")
	without("Location", "https://elsewhere.example/", "leads away")
	without("Location", "//elsewhere.example/", "leads away")

	kept := safe()
	kept.Set("Cache-Control", "public, max-age=31536000, immutable")
	passes(t, "an asset", func(t testing.TB) { webtest.NewBrowser(t, says(kept, 200, "")).Get(ui.Asset(ui.AssetBase)) })
	fails(t, "a made-up asset", "no hashed asset", func(t testing.TB) { webtest.NewBrowser(t, says(kept, 200, "")).Get("/assets/app.css") })
	fails(t, "a body for HEAD", "has a body", func(t testing.TB) {
		webtest.NewBrowser(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for name, values := range safe() {
				w.Header()[name] = values
			}
			_, _ = io.WriteString(w, "body")
		})).Head("/")
	})
}

func TestACarelessCookieFails(t *testing.T) {
	post := func(cookie string) func(testing.TB) {
		h := safe()
		h.Set("Set-Cookie", cookie)
		return func(t testing.TB) { webtest.NewBrowser(t, says(h, 303, "")).Post("/sign-in", nil) }
	}
	const good = "__Host-session=t; Path=/; HttpOnly; Secure; SameSite=Lax"
	passes(t, "good", post(good))
	for cut, complaint := range map[string]string{
		"__Host-": "__Host- prefix", "HttpOnly; ": "HttpOnly", "Secure; ": "Secure", "; SameSite=Lax": "SameSite", "Path=/; ": "this host alone",
	} {
		fails(t, "without "+cut, complaint, post(strings.Replace(good, cut, "", 1)))
	}
	fails(t, "for long", "outlives", post(good+"; Max-Age=100"))
	fails(t, "of a domain", "this host alone", post(good+"; Domain=waymark.test"))
	fails(t, "telling", "neutral", post(strings.Replace(good, "session", "refuge", 1)))
	fails(t, "none at all", "cannot be read", post("="))

	h := safe()
	h.Set("Set-Cookie", good)
	fails(t, "on a page that is read", "reading a page sets a cookie", func(t testing.TB) { webtest.NewBrowser(t, says(h, 200, "")).Get("/") })
	h.Set("Set-Cookie", "__Host-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax")
	fails(t, "taken from nobody", "reading a page sets a cookie", func(t testing.TB) { webtest.NewBrowser(t, says(h, 200, "")).Get("/") })
	passes(t, "taken when leaving", func(t testing.TB) { webtest.NewBrowser(t, says(h, 303, "")).Get("/exit") })
}

func TestAPageThatThePolicyWouldRefuseFails(t *testing.T) {
	page := func(body string) func(testing.TB) {
		return func(t testing.TB) { webtest.NewBrowser(t, htmlPage(body)).Get("/page") }
	}
	passes(t, "plain", page(`<p id="a">x</p><a href="#a">up</a><a href="https://help.example/">help</a><img src="`+ui.Asset(ui.AssetIcon)+`" alt=""><form action="/x"></form>`))
	for body, complaint := range map[string]string{
		`<script>x</script>`:           "inline script",
		`<style>x{}</style>`:           "the policy refuses it",
		`<p style="x">`:                "inline style",
		`<p onclick="x">`:              "inline onclick",
		`<a href="javascript:x">x</a>`: "inline script",
		`<iframe src="/x"></iframe>`:   "the policy refuses it",
		`<script src="https://elsewhere.example/x.js"></script>`: "not a file of ours",
		`<img src="//elsewhere.example/x.png">`:                  "not a file of ours",
		`<link rel="stylesheet" href="https://fonts.example/">`:  "not a file of ours",
		`<img src="data:image/png;base64,AAAA">`:                 "not a file of ours",
		`<script src="/assets/missing/app.js"></script>`:         "not a file of ours",
		`<form action="https://elsewhere.example/"></form>`:      "sends to another site",
		`<button formaction="//elsewhere.example/">x</button>`:   "sends to another site",
		`<meta http-equiv="refresh" content="0">`:                "a header in the page",
		`<p id="a"></p><p id="a"></p>`:                           `2 elements have the id "a"`,
		`<a href="#none">x</a>`:                                  "leads nowhere",
		`<label for="none">x</label>`:                            `for="none" names nothing`,
		`<input aria-describedby="a none"><p id="a"></p>`:        `aria-describedby="none" names nothing`,
	} {
		fails(t, body, complaint, page(body))
	}
}

func TestSelectors(t *testing.T) {
	b := webtest.NewBrowser(t, htmlPage(`<main id="m" class="one two">
		<p class="a">First <b>bold</b>er</p><div><p class="a b" data-x="y z">Second</p></div>
		<ul><li>1</li><li lang="en-GB">2<ul><li>3</li></ul></li></ul>
		<a href="/x?y=1">Link</a><input name="n" value="a]b"></main>`))
	a := b.Get("/")
	finds := func(selector string, want ...string) {
		t.Helper()
		if d := cmp.Diff(want, a.Select(selector).Texts()); d != "" {
			t.Errorf("%s: %s", selector, d)
		}
	}
	finds("p", "First bolder", "Second")
	finds("p.a.b", "Second")
	finds("main > p", "First bolder")
	finds("main p", "First bolder", "Second")
	finds("#m.two p b", "bold")
	finds("ul ul li, b", "bold", "3")
	finds("main>ul>li", "1", "2 3")
	finds("ul > li > ul li", "3")
	finds("div > b")
	finds("[lang]", "2 3")
	finds("[lang^=en]", "2 3")
	finds("[lang$=GB]", "2 3")
	finds("li[lang*='n-G']", "2 3")
	finds(`[data-x~="z"]`, "Second")
	finds(`[data-x~=y][data-x="y z"]`, "Second")
	finds("[data-x=y]")
	finds(`a[href="/x?y=1"]`, "Link")
	finds("div *", "Second")
	if got := a.Select(`[value="a]b"]`).Attrs("name"); !slices.Equal(got, []string{"n"}) {
		t.Errorf("%q", got)
	}
	for _, bad := range []string{"", "p,", "p >", ">p", "#", "p.", "[", "[a", "[a=b", "[a!b]", "p:hover", "p + p"} {
		if !panics(func() { a.Select(bad) }) {
			t.Errorf("%q is taken for a selector", bad)
		}
	}
}

func panics(fn func()) (did bool) {
	defer func() { did = recover() != nil }()
	fn()
	return false
}

const bigForm = `<main><form method="post" action="/save?x=1">
	<input type="hidden" name="version" value="7">
	<input name="name" value="old"><input name="locked" value="fixed" readonly><input name="off" value="off" disabled>
	<textarea name="text">
one
two</textarea>
	<select name="level"><option value="">Choose</option><option value="1">One</option><option selected>Two</option><option value="3" disabled>Three</option></select>
	<select name="many" multiple><option>a</option><option selected>b</option><option selected>c</option></select>
	<input type="radio" name="asked" value="yes"><input type="radio" name="asked" value="no"><input type="radio" name="asked" value="never" disabled>
	<input type="checkbox" name="types" value="p" checked><input type="checkbox" name="types" value="e"><input type="checkbox" name="agree">
	<fieldset disabled><input name="inside" value="x"></fieldset>
	<button type="button" name="nothing" value="1">Nothing</button>
	<button name="act" value="save">Save</button><button name="act" value="draft" formaction="/draft">Keep a draft</button>
	</form></main><form method="post" action="/hide"><button>Hide screen</button></form>`

// echo answers a POST with what was sent, and everything else with a page.
func echo(page string) (http.Handler, *[]string) {
	var got []string
	form := htmlPage(page)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost || r.URL.RawQuery != "" {
			body, _ := io.ReadAll(r.Body)
			got = append(got, r.Method+" "+r.URL.RequestURI()+" "+string(body))
		}
		form.ServeHTTP(w, r)
	}), &got
}

func TestAFormSendsWhatABrowserWould(t *testing.T) {
	h, got := echo(bigForm)
	page := webtest.NewBrowser(t, h).Get("/page")
	sent := func(want string, values url.Values) {
		t.Helper()
		if d := cmp.Diff(want+" "+values.Encode(), (*got)[len(*got)-1]); d != "" {
			t.Error(d)
		}
	}
	as := url.Values{
		"version": {"7"}, "name": {"old"}, "locked": {"fixed"}, "text": {"one\ntwo"}, "level": {"Two"}, "many": {"b", "c"}, "types": {"p"},
	}
	with := func(changes url.Values) url.Values {
		out := url.Values{}
		for _, v := range []url.Values{as, {"act": {"save"}}, changes} {
			for name, values := range v {
				out[name] = values
			}
		}
		return out
	}
	if d := cmp.Diff(as, page.FormValues(t, "")); d != "" {
		t.Error(d)
	}
	page.Form(t, "main form").Submit()
	sent("POST /save?x=1", with(nil))
	page.Form(t, "").Press("Keep a draft")
	sent("POST /draft", with(url.Values{"act": {"draft"}}))
	page.FillAndSubmit(t, map[string]string{"name": "new", "text": "a\nb", "level": "1", "asked": "no", "types": "e", "agree": "on"})
	sent("POST /save?x=1", with(url.Values{
		"name": {"new"}, "text": {"a\r\nb"}, "level": {"1"}, "asked": {"no"}, "types": {"p", "e"}, "agree": {"on"},
	}))
	page.Form(t, "").Uncheck("types", "p").Check("types", "e", "e").Set("level", "").Submit()
	sent("POST /save?x=1", with(url.Values{"types": {"e"}, "level": {""}}))
	all := with(nil)
	delete(all, "types")
	page.Form(t, "").Uncheck("types").Submit()
	sent("POST /save?x=1", all)
	page.Form(t, "form[action=/hide]").Press("Hide screen")
	sent("POST /hide", nil)

	for what, c := range map[string]struct {
		says string
		do   func(f *webtest.Form)
	}{
		"a field that is not there":   {`no field "missing"`, func(f *webtest.Form) { f.Set("missing", "x") }},
		"a hidden field":              {"hidden", func(f *webtest.Form) { f.Set("version", "8") }},
		"a field to read":             {"only be read", func(f *webtest.Form) { f.Set("locked", "x") }},
		"a disabled field":            {"disabled", func(f *webtest.Form) { f.Set("off", "x") }},
		"a field in a disabled group": {"disabled", func(f *webtest.Form) { f.Set("inside", "x") }},
		"an option that is not there": {`does not offer "9"`, func(f *webtest.Form) { f.Set("level", "9") }},
		"a disabled option":           {`does not offer "3"`, func(f *webtest.Form) { f.Set("level", "3") }},
		"an answer that is not there": {`does not offer "maybe"`, func(f *webtest.Form) { f.Set("asked", "maybe") }},
		"a disabled answer":           {`does not offer "never"`, func(f *webtest.Form) { f.Set("asked", "never") }},
		"a box that is not there":     {`does not offer "z"`, func(f *webtest.Form) { f.Check("types", "z") }},
		"a box as text":               {"use Check", func(f *webtest.Form) { f.Set("types", "p") }},
		"a button that is not there":  {`0 buttons "Delete"`, func(f *webtest.Form) { f.Press("Delete") }},
		"a button that sends nothing": {`0 buttons "Nothing"`, func(f *webtest.Form) { f.Press("Nothing") }},
	} {
		fails(t, what, c.says, func(t testing.TB) { c.do(page.Form(t, "")) })
	}
	fails(t, "a form that is not there", "0 forms", func(t testing.TB) { page.Form(t, "#none") })
	fails(t, "fields of no form", "0 forms have the fields", func(t testing.TB) { page.FillAndSubmit(t, map[string]string{"name": "x", "missing": "y"}) })
}

func TestAFormThatAsksIsSentInTheAddress(t *testing.T) {
	h, got := echo(`<main><form action="/find?old=1"><input name="q"><input type="submit" value="Find"></form><form method="post"><input name="r"></form></main>`)
	page := webtest.NewBrowser(t, h).Get("/page")
	page.FillAndSubmit(t, map[string]string{"q": "a b"})
	if d := cmp.Diff([]string{"GET /find?q=a+b "}, *got); d != "" {
		t.Error(d)
	}
	fails(t, "two forms", "2 forms", func(t testing.TB) { page.Form(t, "") })
	fails(t, "no button", `0 buttons ""`, func(t testing.TB) { page.FillAndSubmit(t, map[string]string{"r": "x"}) })
}

func TestAssertions(t *testing.T) {
	is := func(status int, body string) *webtest.Answer {
		h := safe()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Location", "/there")
		return webtest.NewBrowser(t, says(h, status, body)).Get("/page")
	}
	good := func(what string, fn func(t testing.TB)) { t.Helper(); passes(t, what, fn) }
	bad := func(what, says string, fn func(t testing.TB)) { t.Helper(); fails(t, what, says, fn) }
	good("OK", func(t testing.TB) { is(200, "").OK(t) })
	bad("OK", "404", func(t testing.TB) { is(404, "").OK(t) })
	good("SeeOther", func(t testing.TB) { is(303, "").SeeOther(t, "/there"); is(303, "").SeeOther(t, "") })
	bad("SeeOther elsewhere", "/there", func(t testing.TB) { is(303, "").SeeOther(t, "/here") })
	bad("SeeOther 200", "200", func(t testing.TB) { is(200, "").SeeOther(t, "/there") })
	bad("SignInFirst", "/there", func(t testing.TB) { is(303, "").SignInFirst(t) })
	good("NotThere", func(t testing.TB) { is(404, "").NotThere(t) })
	bad("NotThere", "403", func(t testing.TB) { is(403, "").NotThere(t) })
	bad("Denied", "404", func(t testing.TB) { is(404, "").Denied(t) })
	bad("Conflict", "200", func(t testing.TB) { is(200, "").Conflict(t) })
	bad("Follow", "200", func(t testing.TB) { is(200, "").Follow(t) })

	page := is(200, `<title>T</title><main><h1>Hello <i>there</i></h1><p>A &amp; B</p></main><a href="/x">Go</a><a href="/y">Go</a><!-- a name -->`)
	good("Says", func(t testing.TB) { page.Says(t, "Hello there", "A & B") })
	bad("Says", "does not say", func(t testing.TB) { page.Says(t, "Goodbye") })
	bad("Says what nobody sees", "does not say", func(t testing.TB) { page.Says(t, "a name") })
	bad("SaysNot", "gives away", func(t testing.TB) { page.SaysNot(t, "Hello there") })
	bad("SaysNot of what nobody sees", "gives away", func(t testing.TB) { page.SaysNot(t, "a name") })
	bad("SaysNot of what is escaped", "gives away", func(t testing.TB) { page.SaysNot(t, "A & B") })
	good("SaysNot", func(t testing.TB) { page.SaysNot(t, "Goodbye") })
	bad("One of none", "0 elements", func(t testing.TB) { page.One(t, "table") })
	bad("One of two", "2 elements", func(t testing.TB) { page.One(t, "a") })
	bad("Click", "want one place", func(t testing.TB) { page.Click(t, "Go") })
	if page.Title() != "T" || page.Heading() != "Hello there" || page.Text() != "Hello there A & B" || len(page.Links()) != 2 {
		t.Errorf("%q, %q, %q, %v", page.Title(), page.Heading(), page.Text(), page.Links())
	}
}

func TestInvalidWantsTheFaultInThreePlaces(t *testing.T) {
	const title, summary = `<title>Error: T</title>`, `<div class="govuk-error-summary"><a href="#name">Enter a name</a></div>`
	const field = `<div class="govuk-form-group"><p class="govuk-error-message">Enter a name</p><input id="name" name="name"></div>`
	const radios = `<div class="govuk-form-group"><p class="govuk-error-message">x</p><input type="radio" id="name" name="choice"></div>`
	is := func(status int, body string) func(testing.TB) {
		return func(t testing.TB) {
			h := safe()
			h.Set("Content-Type", "text/html; charset=utf-8")
			webtest.NewBrowser(t, says(h, status, body)).Get("/page").Invalid(t, "name")
		}
	}
	passes(t, "all", is(422, title+summary+field))
	passes(t, "a choice", func(t testing.TB) {
		h := safe()
		h.Set("Content-Type", "text/html; charset=utf-8")
		webtest.NewBrowser(t, says(h, 422, title+summary+radios)).Get("/page").Invalid(t, "choice")
	})
	fails(t, "status", "200", is(200, title+summary+field))
	fails(t, "title", "does not begin with the error", is(422, "<title>T</title>"+summary+field))
	fails(t, "summary", "0 elements match", is(422, title+field))
	fails(t, "another field", "does not lead to it", is(422, title+strings.Replace(summary, "#name", "#main", 1)+`<main id="main">`+field+`</main>`))
	fails(t, "no message", "does not say what is wrong", is(422, title+summary+strings.Replace(field, "govuk-error-message", "x", 1)))
}

func TestSameAsAbsentSeesEveryDifference(t *testing.T) {
	site := func(change func(w http.ResponseWriter, path string) string) func(testing.TB) {
		return func(t testing.TB) {
			webtest.SameAsAbsent(t, webtest.NewBrowser(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				for name, values := range safe() {
					w.Header()[name] = values
				}
				body := change(w, r.URL.Path)
				if r.Method != http.MethodHead {
					_, _ = io.WriteString(w, body)
				}
			})), "/denied", "/absent")
		}
	}
	passes(t, "alike", site(func(w http.ResponseWriter, _ string) string { w.WriteHeader(404); return "none" }))
	fails(t, "status", "want 404 twice", site(func(w http.ResponseWriter, path string) string {
		w.WriteHeader(map[string]int{"/denied": 403, "/absent": 404}[path])
		return "none"
	}))
	fails(t, "there", "want 404 twice", site(func(http.ResponseWriter, string) string { return "none" }))
	fails(t, "body", "do not look the same", site(func(w http.ResponseWriter, path string) string { w.WriteHeader(404); return path }))
	fails(t, "header", "differ in the header X-Reason", site(func(w http.ResponseWriter, path string) string {
		w.Header().Set("X-Reason", path)
		w.WriteHeader(404)
		return "none"
	}))
}

func TestAutocomplete(t *testing.T) {
	page := func(form string) *webtest.Answer {
		return webtest.NewBrowser(t, htmlPage("<main>"+form+"</main>")).Get("/")
	}
	off := func(form string) func(testing.TB) {
		return func(t testing.TB) { webtest.CheckAutocompleteOff(t, page(form), "") }
	}
	passes(t, "by the form", off(`<form autocomplete="off"><input name="a"><textarea name="b"></textarea><input type="radio" name="c"></form>`))
	passes(t, "by the field", off(`<form><input name="a" autocomplete="off"><input type="hidden" name="h"></form>`))
	fails(t, "not said", "not off", off(`<form><input name="a"></form>`))
	fails(t, "on for one", "not off", off(`<form autocomplete="off"><input name="a" autocomplete="name"></form>`))
	own := func(form string) func(testing.TB) {
		return func(t testing.TB) { webtest.CheckAutocomplete(t, page(form), map[string]string{"mail": "email"}) }
	}
	passes(t, "token", own(`<form><input name="mail" autocomplete="email"></form>`))
	fails(t, "another token", `is "off", want "email"`, own(`<form autocomplete="off"><input name="mail"></form>`))
	fails(t, "no field", "has no field mail", own(`<form><input name="email"></form>`))
}

func TestTopicWords(t *testing.T) {
	for text, want := range map[string]string{
		"Find a local service": "", "Dashboard": "", "Refugee council": "", "Case 1042": "", "": "", "Maraca": "",
		"Domestic abuse": "domestic", "Abuser": "abus", "VIOLENT": "violen", "Refuges": "refuges", "The MARAC list": "marac", "IDVAs": "idvas",
		"marac-list.csv": "marac", "Survivors": "survivor", "DASH form": "dash",
	} {
		if got := webtest.TopicWord(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestUnchangedNamesTheTable(t *testing.T) {
	webtest.Each(t, webtest.Options{}, func(t *testing.T, s *webtest.Site) {
		id := s.Account(t, webtest.Person{Name: "Ada Fictional"})
		passes(t, "looking", func(t testing.TB) {
			webtest.Unchanged(t, s.DB, func() { webtest.State(t, s.DB) })
		})
		fails(t, "renaming", "table account was changed", func(t testing.TB) {
			webtest.Unchanged(t, s.DB, func() {
				err := s.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					_, err := tx.ExecContext(ctx, `UPDATE account SET name = 'Ada Fictiona1' WHERE id = $1`, id)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		})
	})
}

func TestPeopleOfASite(t *testing.T) {
	webtest.Each(t, webtest.Options{}, func(t *testing.T, s *webtest.Site) {
		b := s.As(t, webtest.Person{Username: "ada", Agency: "trust", Teams: []string{"a"}, Roles: []policy.Role{policy.Manager}, Level: 2})
		want := policy.Actor{
			Account: b.Actor.Account, Kind: policy.Human, Name: "Fictional Person 1", Agency: "trust", Teams: []string{"a"},
			Roles: []policy.Role{policy.Manager}, Level: 2,
		}
		if d := cmp.Diff(want, b.Actor); d != "" || b.Actor.Account == "" {
			t.Error(d)
		}
		s.SetWork(b.Actor.Account, auth.Work{Agency: "council"})
		if got := s.SignedIn(t, b.Actor.Account).Actor; got.Agency != "council" || got.Level != 0 {
			t.Errorf("%+v", got)
		}
	})
}
