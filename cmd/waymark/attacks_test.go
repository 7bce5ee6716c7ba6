package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web/webtest"
)

// What follows tries what an attacker would, on every route and every form that
// the cast of the demo finds.

// attacked is a county whose log can be read.
func attacked(t *testing.T) (*county, *watched) {
	t.Helper()
	c, log := newCounty(t), &watched{}
	command := serveCommand{Name: "Waymark", ExitURL: "https://weather.example/"}
	frame, err := c.site.waymark.site(slog.New(slog.NewTextHandler(log, nil)), command, c.site)
	if err != nil {
		t.Fatal(err)
	}
	c.frame = frame
	return c, log
}

// forms are the forms of the table, one of each route.
func (c *county) forms(t *testing.T) []address {
	t.Helper()
	tried := map[string]bool{}
	var out []address
	note := func(a address) {
		if a.method == http.MethodPost && !tried[a.pattern] {
			tried[a.pattern] = true
			out = append(out, a)
		}
	}
	for _, a := range c.walked(t) {
		note(a)
	}
	for _, a := range c.unlinked() {
		note(a)
	}
	for _, r := range c.frame.Routes() { // those that no page shows to whoever is signed in
		if path := strings.ReplaceAll(r.Pattern, "{token}", "a-link-that-never-was"); r.Method == http.MethodPost && !strings.Contains(path, "{") {
			note(address{method: r.Method, pattern: r.Pattern, path: path, by: "tom.admin", form: url.Values{"username": {"x"}, "password": {"x"}, "code": {"x"}, "name": {"x"}}})
		}
		if r.Method == http.MethodPost && !tried[r.Pattern] && r.Pattern != "/welcome/{token}" {
			t.Errorf("nothing is sent to %s", r)
		}
	}
	note(address{method: http.MethodPost, pattern: "/welcome/{token}", path: "/welcome/a-link-that-never-was", by: "tom.admin", form: url.Values{"password": {"x"}}})
	return out
}

// pages are the pages of the table, one of each route.
func (c *county) pages(t *testing.T) []address {
	t.Helper()
	tried := map[string]bool{}
	var out []address
	for _, a := range c.walked(t) {
		if a.method == http.MethodGet && !tried[a.pattern] {
			tried[a.pattern] = true
			out = append(out, a)
		}
	}
	return out
}

// typed is a form with words typed into every field that takes them.
func (a address) typed(words string) url.Values {
	form := url.Values{}
	for name, values := range a.form {
		form[name] = slices.Clone(values)
	}
	for _, name := range a.words {
		form.Set(name, words)
	}
	return form
}

// everywhere is a form with words in every field, those chosen from included.
func (a address) everywhere(words string) url.Values {
	form := url.Values{}
	for name := range a.form {
		form.Set(name, words)
	}
	return form
}

// Markers of what was typed: as an element, as an attribute, as the outcome of a
// template, and as a line of a log or a header.
const (
	injected = `'); DROP TABLE person; -- " onwmx="1" ><wmx-tag></wmx-tag></textarea><script>wmx()</script>{{print "wmt" "emp"}}${7*7}#{7*7}%00` +
		"\u202e\r\nX-Wmx: set\r\nlevel=ERROR msg=wmx-line\x00\x1b[2J"
	formula  = `=cmd|'/c calc'!wmx`
	scripted = "javascript:wmx()//%0d%0aX-Wmx:%20set"
)

// unsound is what is wrong with an answer to somebody who typed all that, "" if
// nothing.
func unsound(a *webtest.Answer) string {
	for name, values := range a.Header {
		if strings.EqualFold(name, "X-Wmx") || strings.ContainsAny(strings.Join(values, ""), "\r\n\x00") {
			return fmt.Sprintf("it has the header %q", name)
		}
	}
	switch {
	case a.Status >= http.StatusInternalServerError:
		return "it is a fault of ours"
	case a.Header.Get("X-Frame-Options") != "DENY" || !strings.Contains(a.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'"):
		return "another site can frame it"
	case strings.Contains(a.Body, "<wmx-tag"), strings.Contains(a.Body, "<script>"):
		return "what was typed is markup in it"
	case strings.Contains(a.Body, "wmtemp"):
		return "what was typed was taken for a template"
	case strings.HasPrefix(a.Header.Get("Content-Type"), "text/") && strings.ContainsAny(a.Body, "\x00\x1b"):
		return "it has control characters in it"
	case len(a.Select("wmx-tag, [onwmx]")) > 0:
		return "what was typed is markup in it"
	}
	for _, name := range []string{"href", "action", "src", "formaction"} {
		for _, to := range a.Select("[" + name + "]").Attrs(name) {
			if leadsElsewhere(to) {
				return "it leads to " + to
			}
		}
	}
	return unsoundCells(a)
}

// leadsElsewhere reads an address as browsers do, and knows only those that an
// attacker would have: what the service itself links to is not looked at.
func leadsElsewhere(to string) bool {
	to = strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(strings.ToLower(strings.TrimSpace(to)))
	u, err := url.Parse(to)
	return err != nil || u.Scheme == "javascript" || u.Scheme == "data" || strings.Contains(u.Host, "evil.example") || strings.Contains(u.Opaque, "evil.example")
}

// unsoundCells looks for formulas in what a spreadsheet would open.
func unsoundCells(a *webtest.Answer) string {
	if !strings.Contains(a.Header.Get("Content-Type"), "csv") {
		return ""
	}
	rows, err := csv.NewReader(strings.NewReader(a.Body)).ReadAll()
	if err != nil {
		return err.Error()
	}
	for _, cell := range slices.Concat(rows...) {
		if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
			return "a cell is a formula: " + cell
		}
	}
	return ""
}

// rows are how many rows each table has.
func (c *county) rows(t *testing.T) map[string]int {
	t.Helper()
	out := map[string]int{}
	err := c.site.waymark.db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, table := range slices.Sorted(maps.Keys(webtest.State(t, c.site.waymark.db))) {
			var n int
			if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM "`+table+`"`).Scan(&n); err != nil {
				return err
			}
			out[table] = n
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// comeAndGo are the tables out of which rows go in the course of work.
var comeAndGo = []string{"ask_door", "ask_try", "session", "draft", "ceremony", "sign_in_try", "sign_in_wrong", "invitation", "involvement", "recovery_code", "second_factor", "compartment_role", "compartment_grant", "worker_mark", "person_mark", "pathway_draft", "webhook", "webhook_delivery", "webhook_try"}

// What is typed into any field of any form is text: it is not SQL, markup, a
// template, an address, a header, a line of the log or a formula, neither in the
// answer nor on any page that shows it afterwards.
func TestWhateverIsTypedIsTextEverywhere(t *testing.T) {
	c, log := attacked(t)
	before, kept := c.rows(t), 0
	long := strings.Repeat("<wmx-tag>é", 40_000)
	send := func(a address) {
		sendings := map[string]url.Values{
			"everything": a.typed(injected), "a formula": a.typed(formula), "an address": a.typed(scripted), "too much": a.typed(long),
			"unchosen": a.everywhere(injected), "none of ours": {injected: {injected}, "a[b][c][d][e][f]": {"x"}, "__proto__": {"x"}},
		}
		for _, what := range slices.Sorted(maps.Keys(sendings)) {
			form := sendings[what]
			answer := c.as(t, a.by).Post(a.path, form)
			if fault := unsound(answer); fault != "" {
				t.Errorf("%s: %s with %s gives %d: %s; %s", a.by, a.path, what, answer.Status, fault, lastFault(log))
			}
			if answer.Status == http.StatusSeeOther && strings.Contains(answer.Header.Get("Location"), "done=") {
				kept++
			}
		}
	}
	shown := 0
	open := func(b *webtest.Browser, who, path string) *webtest.Answer {
		answer := b.Get(path)
		if fault := unsound(answer); fault != "" {
			t.Errorf("%s: %s gives %d: %s", who, path, answer.Status, fault)
		}
		if strings.Contains(answer.Document().Text(), "wmx") {
			shown++
		}
		return answer
	}
	// Every kind of page, and those from which the forms were sent.
	look := func(who string, forms []address) {
		b := c.as(t, who)
		c.crawl(t, who, 1, func(a address) *webtest.Answer { return open(b, who, a.path) })
		for _, a := range forms {
			if a.by != who {
				continue
			}
			open(b, who, a.path)
			if at := anID.FindStringIndex(a.path); at != nil && strings.HasPrefix(a.path, "/cases/") {
				open(b, who, a.path[:at[1]])
				open(b, who, a.path[:at[1]]+"/chronology")
			}
		}
	}
	var ofAgency, others []address
	for _, a := range c.forms(t) {
		switch {
		case strings.HasPrefix(a.pattern, "/agency"): // afterwards some of the cast work there no more
			ofAgency = append(ofAgency, a)
		case a.pattern != "/demo/as/{username}": // it has no field
			others = append(others, a)
			send(a)
		}
	}
	look("amira.nurse", others)
	look("lena.idva", others)
	for _, a := range ofAgency {
		send(a)
	}
	look("tom.admin", ofAgency)
	if kept < 10 || shown < 10 {
		t.Errorf("%d forms were taken and %d pages show what was typed: this test would not notice much", kept, shown)
	}
	for table, n := range c.rows(t) {
		if n < before[table] && !slices.Contains(comeAndGo, table) {
			t.Errorf("%s had %d rows and has %d", table, before[table], n)
		}
	}
	soundLog(t, log)
}

// lastFault is what the log says of the last fault.
func lastFault(log *watched) string {
	out := ""
	for line := range strings.SplitSeq(log.String(), "\n") {
		if strings.Contains(line, "msg=fault") {
			out = line
		}
	}
	return out
}

// soundLog fails the test when something that was sent stands in the log.
func soundLog(t *testing.T, log *watched) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) < 10 {
		t.Errorf("the log has %d lines", len(lines))
	}
	for _, line := range lines {
		if !strings.HasPrefix(line, "time=") || strings.Contains(line, "wmx") || strings.Contains(line, "evil.example") {
			t.Errorf("the log has the line %.200q", line)
		}
	}
}

// evil are addresses of another site as somebody would hide them.
var evil = []string{
	"//evil.example/", `\\evil.example`, `/\evil.example`, "https:evil.example", "https://evil.example/a", "/%2fevil.example", "/%5cevil.example", "/\t/evil.example",
	"javascript:wmx()", "data:text/html,wmx", "https://waymark.test@evil.example/", "//waymark.test.evil.example", "%2f%2fevil.example", "/.//evil.example",
}

// No parameter of an address and no field of a form leads anywhere else, and no
// header of a request decides what an answer leads to: the links to be handed on
// are those of the address that was configured.
func TestNothingThatIsAskedForLeadsElsewhere(t *testing.T) {
	c, log := attacked(t)
	c.pages(t)
	site, err := url.Parse("https://waymark.test")
	if err != nil {
		t.Fatal(err)
	}
	command := serveCommand{Name: "Waymark", ExitURL: "https://weather.example/", transport: transport{Site: site}}
	if c.frame, err = c.site.waymark.site(slog.New(slog.NewTextHandler(log, nil)), command, c.site); err != nil {
		t.Fatal(err)
	}
	poisoned := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host = "evil.example"
		r.Header.Del("Origin") // a page of evil.example would be another origin
		for _, name := range []string{"X-Forwarded-Host", "X-Forwarded-Server", "X-Original-Host", "Forwarded", "X-Host"} {
			r.Header.Set(name, "host=evil.example")
		}
		for _, name := range []string{"X-Original-Url", "X-Rewrite-Url", "Referer", "X-Http-Host-Override"} {
			r.Header.Set(name, "https://evil.example/account")
		}
		r.Header.Set("X-Request-Id", "wmx\r\nlevel=ERROR msg=wmx-line")
		r.Header.Set("User-Agent", "wmx\r\nX-Wmx: set")
		r.Header.Set("X-Http-Method-Override", http.MethodPost)
		c.frame.ServeHTTP(w, r)
	})
	as := func(who string) *webtest.Browser {
		b := webtest.NewBrowser(t, poisoned)
		for name, value := range c.as(t, who).Cookies() {
			b.SetCookie(name, value)
		}
		return b
	}
	names := []string{"next", "return", "return_to", "returnUrl", "redirect", "redirect_uri", "url", "to", "back", "continue", "done", "path", "dest", "link", "site", "host", "view", "box", "after", "before", "show", "of", "at", "offer", "term"}
	parameters := func(to string) url.Values {
		out := url.Values{}
		for _, name := range names {
			out.Set(name, to)
		}
		return out
	}
	check := func(a address, answer *webtest.Answer) {
		t.Helper()
		if fault := unsound(answer); fault != "" {
			t.Errorf("%s: %s %s gives %d: %s", a.by, a.method, a.path, answer.Status, fault)
		}
		to := answer.Header.Get("Location")
		if a.pattern != "/exit" && (to != "" && !strings.HasPrefix(to, "/") || leadsElsewhere(to)) || strings.Contains(answer.Body, "https://evil.example/welcome") {
			t.Errorf("%s: %s %s leads to %q", a.by, a.method, a.path, to)
		}
	}
	for _, a := range c.pages(t) {
		if a.pattern == "/exit" {
			continue
		}
		path, _, _ := strings.Cut(a.path, "?")
		b := as(a.by)
		for _, to := range evil {
			check(a, b.Get(path+"?"+parameters(to).Encode()))
		}
	}
	for i, a := range c.forms(t) {
		for j := range 3 {
			to := evil[(3*i+j)%len(evil)]
			form := a.typed("made up")
			for name := range form {
				if slices.Contains(names, name) {
					form.Set(name, to)
				}
			}
			for name, values := range parameters(to) {
				if !form.Has(name) {
					form[name] = values
				}
			}
			check(a, as(a.by).Post(a.path+"?"+parameters(to).Encode(), form))
		}
	}
	for _, to := range evil { // where signing in goes on to
		for _, path := range []string{"/sign-in", "/sign-in/second", "/locked", "/account/confirm"} {
			check(address{method: http.MethodGet, path: path}, webtest.NewBrowser(t, poisoned).Get(path+"?"+parameters(to).Encode()))
		}
	}
	invite := url.Values{"username": {"invited.now"}, "name": {"Fictional Person"}, "role": {"practitioner"}}
	if a := as("tom.admin").Post("/agency/people/new", invite); a.Status != http.StatusOK || !strings.Contains(a.Body, "https://waymark.test/welcome/") {
		t.Errorf("the link for a new colleague: %d %.500s", a.Status, a.Text())
	}
	soundLog(t, log)
}

// A form from another site is refused whatever it is sent as, before anything but
// whose it is was looked at; the log says so each time, and the ledger once a
// minute for each account and route.
func TestNoFormIsTakenFromAnotherSite(t *testing.T) {
	c, log := attacked(t)
	forms := c.forms(t)
	kinds := map[string]func(url.Values) string{
		"application/x-www-form-urlencoded":  url.Values.Encode,
		"text/plain":                         url.Values.Encode,
		"multipart/form-data; boundary=wall": func(f url.Values) string { return multi(f) },
		"application/json":                   func(url.Values) string { return `{"a":"b"}` },
		"":                                   func(url.Values) string { return "" },
	}
	led := []http.Header{
		{"Sec-Fetch-Site": {"cross-site"}, "Origin": {""}},
		{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://waymark.test"}},
		{"Sec-Fetch-Site": {"same-site"}, "Origin": {"https://evil.waymark.test"}},
		{"Sec-Fetch-Site": {""}, "Origin": {"null"}},
		{"Sec-Fetch-Site": {""}, "Origin": {"https://evil.example"}},
		{"Sec-Fetch-Site": {""}, "Origin": {"https://waymark.test.evil.example"}},
		{"Sec-Fetch-Site": {""}, "Origin": {"https://waymark.test:8443"}},
		{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"null"}, "X-Http-Method-Override": {http.MethodGet}},
	}
	sent, browsers := 0, map[string]*webtest.Browser{}
	for _, who := range cards() {
		browsers[who] = c.as(t, who)
	}
	refusedBefore := strings.Count(log.String(), "status=403")
	before, err := c.site.waymark.guard.Newest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	webtest.Unchanged(t, c.site.waymark.db, func() {
		for _, a := range forms {
			for kind, body := range kinds {
				for _, header := range led {
					sent++
					answer := browsers[a.by].Send(webtest.Ask{Method: a.method, Path: a.path, ContentType: kind, Body: strings.NewReader(body(a.form)), Header: header})
					if answer.Status != http.StatusForbidden || unsound(answer) != "" {
						t.Errorf("%s as %q from %v gives %d after %d statements", a.path, kind, header, answer.Status, answer.Queries)
					}
				}
			}
		}
	}, webtest.LedgerTables...)
	if n := strings.Count(log.String(), "status=403") - refusedBefore; n != sent {
		t.Errorf("%d were sent and the log says %d were refused", sent, n)
	}
	entries, err := c.site.waymark.guard.Since(t.Context(), before.Seq+1, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Action != auth.ActCrossSite || e.Outcome != audit.Refused || e.Actor == audit.Nobody {
			t.Errorf("the ledger has %s, %s, by %s", e.Action, e.Outcome, e.Actor)
		}
	}
	if len(entries) == 0 || len(entries)*4 > sent {
		t.Errorf("%d refusals at %d forms left %d entries", sent, len(forms), len(entries))
	}
}

// multi is a form as browsers send files.
func multi(form url.Values) string {
	var b strings.Builder
	for name, values := range form {
		for _, v := range values {
			fmt.Fprintf(&b, "--wall\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", name, v)
		}
	}
	return b.String() + "--wall--\r\n"
}

// endless is a body that does not end; it counts what is read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	copy(p, bytes.Repeat([]byte("a=b&c=d&"), len(p)/8+1))
	e.read += len(p)
	return len(p), nil
}

// A body without an end is read as far as the largest form goes and no further;
// a form with more fields than any of ours, and one in parts, are read as
// nothing that could be saved. What is too much is said.
func TestTooMuchIsNotRead(t *testing.T) {
	c, _ := attacked(t)
	many := strings.Repeat("a=b&", 60_000)
	parts := strings.Repeat("--wall\r\nContent-Disposition: form-data; name=\"text\"; filename=\"../../etc/passwd\"\r\n\r\nx\r\n", 2_000)
	said := 0
	for _, a := range c.forms(t) {
		if a.pattern == "/demo/as/{username}" {
			continue
		}
		body := &endless{}
		answer := c.as(t, a.by).Send(webtest.Ask{Method: a.method, Path: a.path, ContentType: "application/x-www-form-urlencoded", Body: body})
		if body.read > 1<<20+64<<10 {
			t.Errorf("%s reads %d bytes of what does not end", a.path, body.read)
		}
		if answer.Status == http.StatusRequestEntityTooLarge {
			said++
			if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") { // and not to a program
				answer.Says(t, "too much at once", "Nothing was saved")
			}
		} else if body.read > 1<<20 || answer.Status >= http.StatusInternalServerError {
			t.Errorf("%s gives %d to what does not end", a.path, answer.Status)
		}
		for _, ask := range []webtest.Ask{
			{ContentType: "application/x-www-form-urlencoded", Body: strings.NewReader(many)},
			{ContentType: "multipart/form-data; boundary=wall", Body: strings.NewReader(parts)},
			{ContentType: "multipart/form-data; boundary=" + strings.Repeat("w", 500), Body: io.LimitReader(&endless{}, 4<<20)},
			{ContentType: "application/x-www-form-urlencoded; charset=utf-7", Body: strings.NewReader("a=%zz&%=;;")},
		} {
			ask.Method, ask.Path = a.method, a.path
			if answer := c.as(t, a.by).Send(ask); unsound(answer) != "" {
				t.Errorf("%s: %s gives %d: %s", ask.Path, ask.ContentType, answer.Status, unsound(answer))
			}
		}
	}
	if said < 40 {
		t.Errorf("only %d forms say that it was too much", said)
	}
}

// tricks stand in an address in place of a name or an id.
var tricks = []string{
	"..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e", "%2e%2e%2f%2e%2e%2fgo.mod", "..%5c..%5cgo.mod", "%252e%252e%252fgo.mod", "..%252f..%252fgo.mod", "%00", "a%00.css",
	"%c0%ae%c0%ae%c0%afgo.mod", "%e0%80%ae%e0%80%ae", "%ff", "...", "....%2f%2fgo.mod", "%2fetc%2fpasswd", "file:%2f%2f%2fetc%2fpasswd", "C:%5cwindows", "a%0d%0aX-Wmx:set",
	"%27%20OR%20%271%27=%271", "%27);%20DROP%20TABLE%20person;--", "*", "%25", "0", "-1", "null", "%7b%7b.%7d%7d", "%3cwmx-tag%3e", "~root", "con", "%20", "%e2%80%ae",
}

// Nothing that stands in an address in place of an id leads to anything: not to
// a file of the machine, not to a record, not to a fault.
func TestNoAddressLeadsOutOfTheTable(t *testing.T) {
	c, log := attacked(t)
	tried := map[string]bool{}
	found := append(c.walked(t),
		address{method: http.MethodGet, pattern: "/assets/{name}", path: "/assets/NAME", by: "tom.admin"},
		address{method: http.MethodGet, pattern: "/welcome/{token}", path: "/welcome/NAME", by: "tom.admin"},
		address{method: http.MethodPost, pattern: "/demo/as/{username}", path: "/demo/as/NAME", by: "tom.admin"})
	found = append(found, c.unlinked()...)
	// A link that never was is told about on a page of its own, and so is a box
	// or a reader whom the pathway does not have.
	told := []string{"/welcome/{token}"}
	before := c.rows(t)
	for _, a := range found {
		route := a.method + " " + a.pattern
		if tried[route] || !strings.Contains(a.pattern, "{") || strings.HasSuffix(a.pattern, "/{$}") {
			continue
		}
		tried[route] = true
		path, _, _ := strings.Cut(a.path, "?")
		b, in, pattern := c.as(t, a.by), strings.Split(path, "/"), strings.Split(a.pattern, "/")
		for i, part := range pattern {
			if !strings.HasPrefix(part, "{") {
				continue
			}
			names := tricks
			if a.pattern == "/assets/{name}" {
				names = append(names, "..", ".", "app.css.", "app.css%20", "app.css%2f", "app.css::$DATA", "%2e%2e/%2e%2e/go.mod", "../go.mod", "//etc/passwd")
			}
			for _, trick := range append(slices.Clone(names), in[i]+".", in[i]+"%20", in[i]+"%00", in[i]+"%2f", in[i]+";x") {
				with := slices.Clone(in)
				with[i] = trick
				answer := b.Send(webtest.Ask{Method: a.method, Path: strings.Join(with, "/"), Form: a.form})
				fault := unsound(answer)
				switch {
				case fault != "":
				case strings.Contains(answer.Body, "root:") || strings.Contains(answer.Body, "module waymark"):
					fault = "it is a file of the machine"
				case answer.Status == http.StatusMovedPermanently, answer.Status == http.StatusTemporaryRedirect, answer.Status == http.StatusPermanentRedirect: // the address without dots
					if to := answer.Header.Get("Location"); !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
						fault = "it leads to " + to
					}
				case answer.Status != http.StatusNotFound && answer.Status != http.StatusForbidden && !slices.Contains(told, a.pattern):
					fault = "it is there"
				}
				if fault != "" {
					t.Errorf("%s: %s %s gives %d: %s", a.by, a.method, strings.Join(with, "/"), answer.Status, fault)
				}
			}
		}
	}
	for table, n := range c.rows(t) {
		if n < before[table] && !slices.Contains(comeAndGo, table) {
			t.Errorf("%s had %d rows and has %d", table, before[table], n)
		}
	}
	soundLog(t, log)
}
