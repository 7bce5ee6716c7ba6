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
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
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
	frame, err := site.waymark.site(slog.New(slog.DiscardHandler), serveCommand{Name: "Waymark", ExitURL: "https://weather.example/"}, site)
	if err != nil {
		t.Fatal(err)
	}
	return &county{site: site, frame: frame, files: map[string]*cases.File{}}
}

// as signs somebody of the cast in.
func (c *county) as(t *testing.T, username string) *webtest.Browser {
	t.Helper()
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
	token, err := c.site.waymark.auth.SignInAs(ctx, account.ID)
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

// crawlMost bounds how many pages are opened to find examples.
const crawlMost = 600

// examples finds an address for each pattern with a wildcard the way people
// do: by following links from page to page, as several of the cast.
func (c *county) examples(t *testing.T, walkers ...*webtest.Browser) map[string][]string {
	t.Helper()
	mux := http.NewServeMux()
	for _, r := range c.frame.Routes() {
		mux.Handle(r.String(), http.NotFoundHandler())
	}
	found := map[string]string{} // pattern → address
	note := func(method, path string) {
		request := httptest.NewRequest(method, path, nil)
		if _, pattern := mux.Handler(request); strings.Contains(pattern, "{") && found[pattern] == "" {
			found[pattern] = path
		}
	}
	note("GET", ui.Asset(ui.AssetBase))
	note("GET", "/welcome/a-link-that-never-was")
	for _, b := range walkers {
		queue, seen := []string{"/home", "/pathway/readers", "/referrals", "/cases?show=all", "/agency"}, map[string]bool{}
		for n := 0; n < len(queue) && n < crawlMost; n++ {
			a := b.Get(queue[n])
			if a.Status != 200 {
				continue
			}
			for _, action := range a.Select("form[method=post][action]").Attrs("action") {
				note("POST", action)
			}
			for _, l := range a.Links() {
				path, _, _ := strings.Cut(l.Href, "#")
				if strings.HasPrefix(path, "/") && path != web.ExitPath && !seen[path] {
					seen[path] = true
					note("GET", path)
					queue = append(queue, path)
				}
			}
		}
	}
	out := map[string][]string{}
	for pattern, path := range found {
		_, p, _ := strings.Cut(pattern, " ")
		out[p] = append(out[p], path)
	}
	return out
}

// Rules S1, S3, S4, S5, S7, S13, S19, and: signed out leads to sign-in, every
// change has its cross-origin check, every link leads somewhere.
func TestTheWholeRouteTable(t *testing.T) {
	c := newCounty(t)
	var walkers []*webtest.Browser
	for _, who := range []string{"amira.nurse", "lena.idva", "nia.manager", "ines.commissioner", "tom.admin"} {
		walkers = append(walkers, c.as(t, who))
	}
	examples := c.examples(t, walkers...)
	for _, r := range c.frame.Routes() {
		if strings.Contains(r.Pattern, "{") && len(examples[r.Pattern]) == 0 && !strings.Contains(r.Pattern, "{$}") {
			t.Errorf("no link of the demo leads to %s", r)
		}
	}
	webtest.CheckAll(t, webtest.Walk{Frame: c.frame, Examples: examples, DB: c.site.waymark.db, Names: []string{"Zephyrine", "Walker"}, People: walkers})
}

// Another agency's case and one that never was give the same page, on every
// page of a case.
func TestAnotherAgencysCaseIsNotThere(t *testing.T) {
	c := newCounty(t)
	f := c.begin(t, "amira.nurse", "Zephyrine")
	stranger := c.as(t, "lena.idva")
	absent := "0190b0b0-0000-7000-8000-000000000000"
	for _, r := range c.frame.Routes() {
		if r.Method != "GET" || !strings.Contains(r.Pattern, "{case}") {
			continue
		}
		at := func(id string) string {
			path := strings.ReplaceAll(r.Pattern, "{case}", id)
			for strings.Contains(path, "{") {
				a, b := strings.Index(path, "{"), strings.Index(path, "}")
				path = path[:a] + absent + path[b+1:]
			}
			return path
		}
		webtest.SameAsAbsent(t, stranger, at(string(f.ID())), at(absent))
	}
}

// TestEveryReadIsRecorded walks every page as several people, and holds the
// names that stand on it against the one ledger entry it left: exactly the
// persons shown are named.
func TestEveryReadIsRecorded(t *testing.T) {
	c := newCounty(t)
	w := c.site.waymark
	names := map[string]people.ID{}
	for _, n := range []struct{ who, name string }{
		{"amira.nurse", "Zephyrine"}, {"bea.midwife", "Quillon"}, {"otto.nurse", "Xanthippe"}, {"lena.idva", "Wolfhart"},
	} {
		names[n.name] = c.begin(t, n.who, n.name).Person()
	}
	f := c.files["amira.nurse"]
	err := w.cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		for role, name := range map[cases.Role]string{cases.Perpetrator: "Ysolde", cases.Child: "Vesperine"} {
			id, err := w.cases.AddParty(ctx, tx, f, role, "family", people.Details{GivenName: name})
			if err != nil {
				return err
			}
			names[name] = id
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("{case}", string(f.ID()), "{box}", "8", "{kind}", "commissioners")
	pages := 0
	for _, who := range []string{"amira.nurse", "sol.visitor", "nia.manager", "lena.idva", "ines.commissioner", "tom.admin"} {
		b := c.as(t, who)
		for _, r := range c.frame.Routes() {
			path := fill.Replace(strings.TrimSuffix(r.Pattern, "{$}"))
			if r.Method != "GET" || strings.Contains(path, "{") || path == web.ExitPath {
				continue
			}
			before := c.entries(t)
			a := b.Get(path)
			if a.Status != 200 {
				continue
			}
			pages++
			shown := map[people.ID]bool{}
			for name, id := range names {
				if strings.Contains(string(a.Body), name) {
					shown[id] = true
				}
			}
			var named map[people.ID]bool
			allowed := 0
			for _, e := range c.entriesSince(t, before) {
				if e.Outcome != audit.Allowed {
					continue
				}
				allowed++
				named = map[people.ID]bool{}
				for _, s := range e.Subjects {
					if s.Kind == "person" && slices.Contains(slices.Collect(maps.Values(names)), people.ID(s.ID)) {
						named[people.ID(s.ID)] = true
					}
				}
			}
			if allowed > 1 {
				t.Errorf("%s: %s left %d entries", who, path, allowed)
			}
			if !maps.Equal(named, shown) && (len(named) > 0 || len(shown) > 0) {
				t.Errorf("%s: %s shows %d of the people and its entry names %d", who, path, len(shown), len(named))
			}
		}
	}
	if pages < 60 {
		t.Errorf("only %d pages were walked", pages)
	}
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

// queriesMost bounds the statements of one page, the session's and the
// ledger's own left out.
const queriesMost = 40

// A page's number of queries does not grow with what there is.
func TestPagesCostABoundedNumberOfQueries(t *testing.T) {
	c := newCounty(t)
	f := c.begin(t, "amira.nurse", "Zephyrine")
	fill := strings.NewReplacer("{case}", string(f.ID()), "{box}", "8", "{kind}", "commissioners")
	b := c.as(t, "amira.nurse")
	measure := func() map[string]int {
		out := map[string]int{}
		for _, r := range c.frame.Routes() {
			path := fill.Replace(strings.TrimSuffix(r.Pattern, "{$}"))
			if r.Method == "GET" && !strings.Contains(path, "{") && path != web.ExitPath {
				out[path] = b.Get(path).Queries
			}
		}
		return out
	}
	few := measure()
	for i := range 30 {
		c.begin(t, "amira.nurse", "Zephyrine")
		err := c.site.waymark.cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			if _, err := c.site.waymark.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.AskAgain}); err != nil {
				return err
			}
			_, err := c.site.waymark.cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, Text: strings.Repeat("x", i)})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for path, n := range measure() {
		if n > few[path]+2 {
			t.Errorf("%s took %d statements, and %d with thirty more of everything", path, few[path], n)
		}
		if n > queriesMost {
			t.Errorf("%s takes %d statements", path, n)
		}
	}
}

// docs/generated/routes.md lists the table.
func TestTheListOfRoutesIsCurrent(t *testing.T) {
	c := newCounty(t)
	want := routesDocument(c.frame.Routes())
	checkDocument(t, "routes.md", want)
}

// docs/generated/rules.md lists every rule with its sentence.
func TestTheListOfRulesIsCurrent(t *testing.T) {
	rules, err := policy.New(sources()...)
	if err != nil {
		t.Fatal(err)
	}
	checkDocument(t, "rules.md", rulesDocument(rules.Rules()))
}
