package main

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/demo"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
)

// county is the demo with its whole route table, and what the examples of the
// table lead to.
type county struct {
	site  *demoSite
	frame *web.Frame
	files map[string]*cases.File // by the user name of who began it
	place place
}

// seeded makes the demo once a process; every test works on a copy of it.
var seeded = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "waymark-walk-")
	if err != nil {
		return "", err
	}
	seededDir = dir
	site, err := openDemo(context.Background(), placeIn(dir), io.Discard)
	if err != nil {
		return "", err
	}
	return dir, site.waymark.close()
})

var seededDir string // once it was made

func TestMain(m *testing.M) {
	code := m.Run()
	if seededDir != "" {
		_ = os.RemoveAll(seededDir)
	}
	os.Exit(code)
}

func placeIn(dir string) place {
	return place{Dir: filepath.Join(dir, "data"), Key: filepath.Join(dir, "keys", "demo.key")}
}

func newCounty(t *testing.T) *county {
	t.Helper()
	t.Setenv("DATABASE_URL", "")
	from, err := seeded()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	site, err := openDemo(t.Context(), placeIn(dir), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = site.waymark.close() })
	// The program that makes documents makes none: the page to print comes instead.
	frame, err := site.waymark.site(slog.New(slog.DiscardHandler), serveCommand{Name: "Waymark", ExitURL: "https://weather.example/", Chromium: "true"}, site)
	if err != nil {
		t.Fatal(err)
	}
	return &county{site: site, frame: frame, files: map[string]*cases.File{}, place: placeIn(dir)}
}

// as signs somebody of the cast in.
func (c *county) as(t *testing.T, username string) *webtest.Browser {
	t.Helper()
	if !slices.Contains(cards(), username) {
		account, err := c.site.waymark.auth.AccountNamed(t.Context(), username)
		if err != nil {
			t.Fatal(err)
		}
		return webtest.SignedIn(t, c.frame, c.site.waymark.auth, c.site.waymark.guard.Log, account.ID)
	}
	b := webtest.NewBrowser(t, c.frame)
	b.Post("/demo/as/"+username, url.Values{}).SeeOther(t, "/home")
	b.Actor = c.actor(t, username)
	return b
}

// actor is somebody of the cast as the frame makes them.
func (c *county) actor(t *testing.T, username string) policy.Actor {
	t.Helper()
	ctx := t.Context()
	account, err := c.site.waymark.auth.AccountNamed(ctx, username)
	if err != nil {
		t.Fatal(err)
	}
	permit, err := c.site.waymark.guard.Allow(ctx, webtest.Operator, auth.ActTakeRole, "")
	if err != nil {
		t.Fatal(err)
	}
	token, err := c.site.waymark.auth.SignInAs(ctx, permit, account.ID)
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.site.waymark.auth.Session(ctx, token)
	if err != nil {
		t.Fatal(err)
	}
	return s.Actor
}

// begin begins a case for people with names that occur nowhere else.
func (c *county) begin(t *testing.T, username, name string) *cases.File {
	t.Helper()
	actor := c.actor(t, username)
	n := cases.NewFile{Person: people.Details{GivenName: name, FamilyName: "Walker"}, Kind: cases.Full, Origin: cases.OwnContact}
	if len(actor.Teams) > 0 {
		n.Team = actor.Teams[0]
	}
	f, err := c.site.waymark.cases.Begin(t.Context(), actor, n)
	if err != nil {
		t.Fatal(err)
	}
	c.files[username] = f
	return f
}

// address is a page that a link leads to, or where a form is sent.
type address struct {
	method, pattern, path string
	by                    string     // the user name of who found it
	form                  url.Values // what a form sends as it stands
	words                 []string   // the fields of it that words are typed into
}

// likePages bounds how many pages of a kind one person opens: those of one
// route that are asked for with the same parameters and were found on the same
// kind of page. With WAYMARK_SOAK the whole cast opens more of them.
const likePages = 2

// morePages bounds how many pages of cases somebody opens beyond that, to meet
// what few cases have: two examples of each page and form, in different cases.
const morePages = 600

// mostNearer bounds how many pages of a kind are opened before others, because they
// may be a missing example.
const mostNearer = 12

func soak() bool { return os.Getenv("WAYMARK_SOAK") != "" }

// kinds tells which kind of page an address is.
type kinds struct{ mux *http.ServeMux }

func (c *county) kinds() kinds {
	k := kinds{http.NewServeMux()}
	for _, r := range c.frame.Routes() {
		k.mux.Handle(r.String(), http.NotFoundHandler())
	}
	return k
}

// of is the pattern of the route that an address leads to.
func (k kinds) of(method, path string) string {
	_, route := k.mux.Handler(httptest.NewRequest(method, path, nil))
	_, pattern, _ := strings.Cut(route, " ")
	return pattern
}

// crawl opens pages the way people do: by following links from page to page,
// from every page that has an address of its own. It calls open with each of
// them, and returns them with the forms that stand on them.
func (c *county) crawl(t *testing.T, who string, most int, open func(address) *webtest.Answer) []address {
	t.Helper()
	k, opened := c.kinds(), map[string]int{}
	type link struct{ path, from, page string }
	var queue, rest []link
	seen := map[string]bool{web.ExitPath: true}
	var found []address
	add := func(path, from string) {
		path, _, _ = strings.Cut(path, "#")
		if strings.HasPrefix(path, "/") && !seen[path] {
			seen[path] = true
			queue = append(queue, link{path: path, from: from})
		}
	}
	add(casesweb.Home, "")
	for _, r := range c.frame.Routes() {
		if path := strings.TrimSuffix(r.Pattern, "{$}"); r.Method == http.MethodGet && !strings.Contains(path, "{") {
			add(path, "")
		}
	}
	add("/cases?show=all", "")
	forms := map[string]int{}
	rare, nearer := newRarities(c.frame.Routes()), map[string]int{}
	for extra := 0; len(queue) > 0 || len(rest) > 0 && extra < morePages && rare.wanted(); {
		beyond := len(queue) == 0
		if beyond {
			// What may be a missing example itself comes first, some of each kind.
			missing := rare.missing()
			next := max(0, slices.IndexFunc(rest, func(l link) bool {
				return missing[l.page] && nearer[l.page] < mostNearer
			}))
			nearer[rest[next].page]++
			queue, rest = []link{rest[next]}, slices.Delete(slices.Clone(rest), next, next+1)
			if !rare.leadsTo(k.of(http.MethodGet, queue[0].path)) {
				queue = nil
				continue
			}
			extra++
		}
		path, from := queue[0].path, queue[0].from
		queue = slices.Clone(queue[1:])
		u, err := url.Parse(path)
		if err != nil {
			t.Errorf("%s is no address: %v", path, err)
			continue
		}
		pattern := k.of(http.MethodGet, path)
		page := pattern + "?" + strings.Join(slices.Sorted(maps.Keys(u.Query())), "&")
		kind := page + " from " + from
		if opened[kind] >= most && !beyond {
			rest = append(rest, link{path, from, pattern})
			continue
		}
		a := open(address{method: http.MethodGet, pattern: pattern, path: path, by: who})
		if a.Status != http.StatusOK {
			continue
		}
		opened[kind]++
		if news := rare.note(http.MethodGet, pattern, path); news || !beyond {
			found = append(found, address{method: http.MethodGet, pattern: pattern, path: path, by: who})
		}
		for _, form := range a.Select("form[method=post][action]") {
			action := form.Attr("action")
			pattern := k.of(http.MethodPost, action)
			forms[pattern]++
			if news := rare.note(http.MethodPost, pattern, action); news || forms[pattern] <= likePages && !beyond {
				found = append(found, address{method: http.MethodPost, pattern: pattern, path: action, by: who, form: filled(form), words: words(form)})
			}
		}
		if box := u.Query().Get("box"); box != "" {
			page += box
		}
		for _, l := range a.Links() {
			add(l.Href, page)
		}
	}
	return found
}

// rarities are the pages and forms of cases of which two examples in different
// cases are looked for.
type rarities map[string]map[string]bool // by route: the cases

func newRarities(routes []web.Route) rarities {
	r := rarities{}
	for _, route := range routes {
		// Only the cases of a MARAC have what is below its address there, and its coordinator meets them anyway.
		// The cases of a MARAC are found by its register, which has all of them.
		registered := strings.HasPrefix(route.Pattern, "/cases/{case}/marac/{marac}")
		if strings.HasPrefix(route.Pattern, "/cases/{") && !strings.HasPrefix(route.Pattern, "/cases/{case}/marac") && unlinked[route.Pattern] == "" && !registered {
			r[route.String()] = map[string]bool{}
		}
	}
	return r
}

// wanted tells whether examples are missing.
func (r rarities) wanted() bool {
	for _, files := range r {
		if len(files) < 2 {
			return true
		}
	}
	return false
}

// missing are the pages of something in a case that may be, or have the form of, a
// missing example.
func (r rarities) missing() map[string]bool {
	out := map[string]bool{}
	for route, files := range r {
		if _, page, _ := strings.Cut(route, " "); len(files) < 2 && strings.Count(page, "{") > 1 {
			out[page] = true
		}
	}
	return out
}

// leadsTo tells whether a page may lead to a missing example: it is one, or its
// address is the beginning of one's.
func (r rarities) leadsTo(page string) bool {
	for route, files := range r {
		_, pattern, _ := strings.Cut(route, " ")
		if len(files) < 2 && strings.HasPrefix(page, "/cases/{") && (pattern == page || strings.HasPrefix(pattern, page+"/")) {
			return true
		}
	}
	return false
}

// note takes an example, and tells whether it was missing.
func (r rarities) note(method, pattern, path string) bool {
	files := r[method+" "+pattern]
	file := anID.FindString(path)
	if files == nil || len(files) >= 2 || files[file] {
		return false
	}
	files[file] = true
	return true
}

// filled is what a form sends when somebody writes something into every field
// and takes the first of every choice.
func filled(form webtest.Node) url.Values {
	out := url.Values{}
	for _, e := range form.Select("input, select, textarea") {
		name := e.Attr("name")
		switch {
		case name == "" || e.Has("disabled") || len(out[name]) > 0:
		case e.Tag() == "select":
			for _, v := range e.Select("option").Attrs("value") {
				if v != "" && out.Get(name) == "" {
					out.Set(name, v)
				}
			}
		case e.Tag() == "textarea":
			out.Set(name, "made up")
		case e.Attr("value") != "" || e.Attr("type") == "hidden":
			out.Set(name, e.Attr("value"))
		default:
			out.Set(name, "made up")
		}
	}
	return out
}

// words are the fields of a form that somebody types into, numbers left out.
func words(form webtest.Node) []string {
	var out []string
	for _, e := range form.Select("input, textarea") {
		typed := e.Tag() == "textarea" || slices.Contains([]string{"", "text", "email", "search", "password", "tel"}, e.Attr("type"))
		if name := e.Attr("name"); typed && name != "" && !e.Has("disabled") && e.Attr("inputmode") != "numeric" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// unlinked are the routes that no page of the demo leads to, with an id that is
// nobody's.
var unlinked = map[string]string{
	"/marac/{agency}/meetings/{meeting}/minutes":          "/marac/" + nobodys + "/meetings/" + nobodys + "/minutes",                   // its form stands on the minutes of a meeting that has ended; meetingweb tests it
	"/marac/{agency}/meetings/{meeting}/run/{case}/here":  "/marac/" + nobodys + "/meetings/" + nobodys + "/run/" + nobodys + "/here",  // a script's
	"/marac/{agency}/meetings/{meeting}/run/{case}/since": "/marac/" + nobodys + "/meetings/" + nobodys + "/run/" + nobodys + "/since", // a script's
	"/marac/{agency}/meetings/{meeting}/room/pulse":       "/marac/" + nobodys + "/meetings/" + nobodys + "/room/pulse",                // a script's
	"/research/lines/{line}":                              "/research/lines/" + nobodys,                                                // its form: nobody alike is in the files of the cast
	"/research/boards/{meeting}":                          "/research/boards/" + nobodys,                                               // its form: everybody was asked about everything
	"/research/boards/{meeting}/chase":                    "/research/boards/" + nobodys + "/chase",                                    // it has ticks alone
	"/research/packs/{meeting}/{depth}/print":             "/research/packs/" + nobodys + "/full/print",                                // nobody of the cast has accepted the statement of a meeting with returns
	"/account/factors/{factor}/remove":                    "/account/factors/" + nobodys + "/remove",
	"/account/drafts/{draft}":                             "/account/drafts/" + nobodys,
	"/account/drafts/{draft}/drop":                        "/account/drafts/" + nobodys + "/drop",
	"/cases/{case}/risk-begun/{draft}/save":               "/cases/" + nobodys + "/risk-begun/" + nobodys + "/save", // a script's
	"/fhir/Task/{task}":                                   "/fhir/Task/" + nobodys,                                  // a program's
	"/api/v1/referrals/{referral}":                        "/api/v1/referrals/" + nobodys,                           // a program's
	"/api/v1/webhooks/{webhook}":                          "/api/v1/webhooks/" + nobodys,                            // a program's
	"/api/v1/webhooks/{webhook}/ping":                     "/api/v1/webhooks/" + nobodys + "/ping",                  // a program's
	"/agency/webhooks/{webhook}/resume":                   "/agency/webhooks/" + nobodys + "/resume",
	"/agency/interchange/messages/{message}/again":        "/agency/interchange/messages/" + nobodys + "/again",
	"/agency/people/{account}/restore":                    "/agency/people/" + nobodys + "/restore",
	"/agency/people/{account}/token":                      "/agency/people/" + nobodys + "/token",
	"/agency/people/{account}/tokens/{token}/revoke":      "/agency/people/" + nobodys + "/tokens/" + nobodys + "/revoke",
}

const nobodys = "0190b0b0-1111-7000-8000-000000000000"

// unlinked are the addresses of unlinked, as an administrator would ask for them.
func (c *county) unlinked() []address {
	var out []address
	for _, r := range c.frame.Routes() {
		if path := unlinked[r.Pattern]; path != "" {
			out = append(out, address{method: r.Method, pattern: r.Pattern, path: path, by: "tom.admin", form: url.Values{}})
		}
	}
	return out
}

// examples are addresses for each pattern with a wildcard, found by crawling
// as several of the cast.
func (c *county) examples(t *testing.T, walkers ...string) map[string][]string {
	t.Helper()
	found := map[string]map[string]string{} // pattern → method → address
	note := func(a address) {
		if !strings.Contains(a.pattern, "{") || strings.HasSuffix(a.pattern, "/{$}") {
			return
		}
		if found[a.pattern] == nil {
			found[a.pattern] = map[string]string{}
		}
		if found[a.pattern][a.method] == "" {
			found[a.pattern][a.method] = a.path
		}
	}
	note(address{method: http.MethodGet, pattern: "/assets/{name}", path: ui.Asset(ui.AssetBase)})
	note(address{method: http.MethodGet, pattern: "/welcome/{token}", path: "/welcome/a-link-that-never-was"})
	note(address{method: http.MethodGet, pattern: "/feeds/{token}", path: "/feeds/an-address-that-never-was"})
	for _, a := range c.unlinked() {
		note(a)
	}
	for _, a := range c.walked(t) {
		if slices.Contains(walkers, a.by) {
			note(a)
		}
	}
	out := map[string][]string{}
	for pattern, addresses := range found {
		for _, path := range addresses {
			if !slices.Contains(out[pattern], path) {
				out[pattern] = append(out[pattern], path)
			}
		}
	}
	return out
}

// walked are the pages and forms that those who have a card find. Every county
// is the same, so it is walked once a process.
func (c *county) walked(t *testing.T) []address {
	t.Helper()
	walking.Lock()
	defer walking.Unlock()
	if walking.found == nil {
		for _, who := range cards() {
			b := c.as(t, who)
			walking.found = append(walking.found, c.crawl(t, who, likePages, func(a address) *webtest.Answer { return b.Get(a.path) })...)
		}
	}
	return walking.found
}

var walking struct {
	sync.Mutex
	found []address
}

// cards are the user names of those who have a card on the demo's page.
func cards() []string {
	var out []string
	for _, m := range demo.Cast {
		if m.Card != nil {
			out = append(out, m.Username)
		}
	}
	return out
}

func (c *county) entries(t *testing.T) int64 {
	t.Helper()
	head, err := c.site.waymark.guard.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head.Size
}

func (c *county) entriesSince(t *testing.T, seq int64) []audit.Entry {
	t.Helper()
	entries, err := c.site.waymark.guard.Since(t.Context(), seq, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// everybody is the whole cast.
func everybody() []string {
	var out []string
	for _, m := range demo.Cast {
		out = append(out, m.Username)
	}
	return out
}
