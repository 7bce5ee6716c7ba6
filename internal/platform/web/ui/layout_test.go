package ui

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// layouts are pages of each kind, with everything on them.
func layouts() map[string]LayoutParams {
	full := LayoutParams{
		Title: "Find a local service – Local Services", ProductName: "Local Services",
		Nav:         []NavItem{{Text: "Find", Href: "/", Current: true}, {Text: "Read", Href: "/read"}},
		Languages:   []LanguageItem{{Text: "English", Lang: "en", Current: true}, {Text: "اردو", Lang: "ur", Dir: "rtl", Href: "/ur/"}},
		Demo:        &DemoBannerParams{SwitchURL: "/demo"},
		Flash:       &Flash{Kind: "success", Text: "Saved."},
		Back:        &Link{Href: "/back"},
		Breadcrumbs: []Link{{Text: "Home", Href: "/"}},
		CaseBar:     IdentityBar(IdentityBarParams{Title: "Case 1042"}),
		FooterLinks: []Link{{Text: "Accessibility", Href: "/accessibility"}},
		FooterText:  "Run by the partnership.",
		Help:        Text("Telephone"),
		Wide:        true, NoIndex: true, PrintNote: "Case 1042",
	}
	public, staff, rtl := full, full, full
	public.Public = true
	staff.SignedIn = &SignedIn{Name: "A. Example", Role: "Worker", Agency: "Harbour", AccountURL: "/account"}
	rtl.Public, rtl.Lang, rtl.Dir = true, "ur", "rtl"
	both := public
	both.SignedIn = staff.SignedIn
	return map[string]LayoutParams{"public": public, "staff": staff, "right to left": rtl, "public, signed in": both, "bare": {}}
}

func parsePage(t testing.TB, page string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// find lists the elements for which the test holds, in the order of the document.
func find(n *html.Node, test func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	if n.Type == html.ElementNode && test(n) {
		found = append(found, n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		found = append(found, find(c, test)...)
	}
	return found
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasClass(class string) func(*html.Node) bool {
	return func(n *html.Node) bool {
		for _, c := range strings.Fields(attr(n, "class")) {
			if c == class {
				return true
			}
		}
		return false
	}
}

func tag(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == name }
}

func focusable(n *html.Node) bool {
	switch n.Data {
	case "a":
		return attr(n, "href") != ""
	case "button", "input", "select", "textarea", "summary":
		return true
	}
	return attr(n, "tabindex") == "0"
}

func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(text(c))
	}
	return b.String()
}

// TestExitComesFirst is safety rule S7: exactly one Exit control and one second skip link, both to the exit,
// and nothing else that takes the focus before them but the skip link.
func TestExitComesFirst(t *testing.T) {
	for _, name := range []string{"public", "right to left", "public, signed in"} {
		doc := parsePage(t, renderString(t, Page(layouts()[name])))
		if n := len(find(doc, hasClass("govuk-exit-this-page"))); n != 1 {
			t.Errorf("%s: %d Exit controls", name, n)
		}
		if n := len(find(doc, hasClass("govuk-js-exit-this-page-skiplink"))); n != 1 {
			t.Errorf("%s: %d second skip links", name, n)
		}
		stops := find(doc, focusable)
		if len(stops) < 3 {
			t.Fatalf("%s: nothing takes the focus", name)
		}
		got := []string{attr(stops[0], "href"), attr(stops[1], "href"), attr(stops[2], "href")}
		if diff := cmp.Diff([]string{"#main-content", "/exit", "/exit"}, got); diff != "" {
			t.Errorf("%s: the first stops lead elsewhere (-want +got):\n%s", name, diff)
		}
		if !hasClass("govuk-js-exit-this-page-skiplink")(stops[1]) || !hasClass("govuk-js-exit-this-page-button")(stops[2]) {
			t.Errorf("%s: skip link or button is not where it belongs", name)
		}
		if strings.Contains(text(doc), "Hide screen") {
			t.Errorf("%s: has Hide screen as well", name)
		}
	}
}

func TestExitAddressCanBeSet(t *testing.T) {
	p := layouts()["public"]
	p.ExitURL = "/ur/exit"
	for _, n := range find(parsePage(t, renderString(t, Page(p))), func(n *html.Node) bool { return strings.HasSuffix(attr(n, "href"), "/exit") }) {
		if attr(n, "href") != "/ur/exit" {
			t.Errorf("leads to %s", attr(n, "href"))
		}
	}
}

func TestHideScreenReplacesExitForStaff(t *testing.T) {
	doc := parsePage(t, renderString(t, Page(layouts()["staff"])))
	if len(find(doc, hasClass("govuk-exit-this-page"))) != 0 || strings.Contains(text(doc), "Exit this page") {
		t.Error("a staff page has an Exit control")
	}
	stops := find(doc, focusable)
	if text(stops[1]) != "Hide screen" || stops[1].Data != "button" {
		t.Errorf("after the skip link comes %q", text(stops[1]))
	}
	form := stops[1].Parent
	if attr(form, "action") != "/hide" || attr(form, "method") != "post" {
		t.Errorf("Hide screen does not post to /hide")
	}
	var signOut []string
	for _, f := range find(doc, tag("form")) {
		if strings.TrimSpace(text(f)) == "Sign out" {
			signOut = append(signOut, attr(f, "method")+" "+attr(f, "action"))
		}
	}
	if diff := cmp.Diff([]string{"post /sign-out"}, signOut); diff != "" {
		t.Errorf("sign out (-want +got):\n%s", diff)
	}
	if !strings.Contains(text(doc), "A. Example, Worker, Harbour") {
		t.Error("who is signed in is not said")
	}
}

func TestPageShell(t *testing.T) {
	for name, p := range layouts() {
		page := renderString(t, withChildren(Page(p), "<h1>Hello</h1>"))
		if !strings.HasPrefix(page, "<!doctype html>") {
			t.Errorf("%s: no doctype: %.20q", name, page)
		}
		doc := parsePage(t, page)
		root := find(doc, tag("html"))[0]
		if attr(root, "lang") != or(p.Lang, "en") || attr(root, "dir") != or(p.Dir, "ltr") || attr(root, "class") != "govuk-template" {
			t.Errorf("%s: <html> has %v", name, root.Attr)
		}
		if got := text(find(doc, tag("title"))[0]); got != p.Title {
			t.Errorf("%s: title %q", name, got)
		}
		var styles, scripts []string
		for _, n := range find(doc, func(n *html.Node) bool { return n.Data == "link" && attr(n, "rel") == "stylesheet" }) {
			styles = append(styles, attr(n, "href"))
		}
		base := Asset(AssetBase)
		if p.Dir == "rtl" {
			base = Asset(AssetBaseRTL)
		}
		if diff := cmp.Diff([]string{base, Asset(AssetApp)}, styles); diff != "" {
			t.Errorf("%s: style sheets (-want +got):\n%s", name, diff)
		}
		for _, n := range find(doc, tag("script")) {
			scripts = append(scripts, attr(n, "type")+" "+attr(n, "src"))
			if n.Parent.Data == "body" && n.PrevSibling != nil && n.PrevSibling.Type == html.ElementNode {
				t.Errorf("%s: boot.js does not come straight after <body>", name)
			}
		}
		if diff := cmp.Diff([]string{"module " + Asset(AssetScript), " " + Asset(AssetBoot)}, scripts); diff != "" {
			t.Errorf("%s: scripts (-want +got):\n%s", name, diff)
		}
		mains := find(doc, tag("main"))
		if len(mains) != 1 || attr(mains[0], "id") != "main-content" || !strings.Contains(text(mains[0]), "Hello") {
			t.Errorf("%s: the content is not in one main", name)
		}
		if (len(find(mains[0], hasClass("govuk-notification-banner"))) == 1) != (p.Flash != nil) {
			t.Errorf("%s: notification banner", name)
		}
		if (len(find(doc, hasClass("app-demo"))) == 1) != (p.Demo != nil) {
			t.Errorf("%s: demonstration banner", name)
		}
		for _, n := range find(doc, func(n *html.Node) bool { return attr(n, "src") != "" || n.Data == "link" }) {
			if address := attr(n, "src") + attr(n, "href"); !strings.HasPrefix(address, "/assets/") || strings.Contains(address, "missing") {
				t.Errorf("%s: loads %s", name, address)
			}
		}
	}
}

// TestHeadIsNeutral: nothing in the head but the title, which the page composes, says what the site is about.
func TestHeadIsNeutral(t *testing.T) {
	page := renderString(t, Page(layouts()["public"]))
	head, _, _ := strings.Cut(page, "</head>")
	for _, word := range topicWords {
		if word != "exit" && strings.Contains(strings.ToLower(head), word) {
			t.Errorf("the head contains %q", word)
		}
	}
	if strings.Contains(head, "manifest") || strings.Contains(head, "og:") {
		t.Error("the head offers the site to be installed or shared")
	}
}

// TestNoEnglishIsLeft renders a public page with every word replaced, and looks for the English ones.
func TestNoEnglishIsLeft(t *testing.T) {
	var w Words
	v := reflect.ValueOf(&w).Elem()
	for i := range v.NumField() {
		v.Field(i).SetString("⟦" + v.Type().Field(i).Name + "⟧")
	}
	ctx := WithWords(context.Background(), w)
	p := layouts()["right to left"]
	p.Demo, p.CaseBar = nil, nil // staff and demonstration pages are in English
	c := withComponents(Page(p),
		ErrorSummary(ErrorSummaryParams{Errors: []Link{{Text: "x", Href: "#x"}}}), ErrorMessage(ErrorMessageParams{Text: "x"}),
		WarningText(WarningTextParams{Text: "x"}), NotificationBanner(NotificationBannerParams{Text: "x", TitleID: "t2"}),
		Pagination(PaginationParams{Previous: &PageLink{Href: "/1"}, Next: &PageLink{Href: "/2"}, Items: []PageItem{{Number: "1", Href: "/1"}}}),
		DateInput(DateInputParams{NamePrefix: "d"}), PasswordInput(PasswordInputParams{Field: Field{Name: "p"}}),
		CharacterCount(CharacterCountParams{Field: Field{Name: "c"}, MaxLength: 10}), CharacterCount(CharacterCountParams{Field: Field{Name: "e"}, MaxWords: 10}),
		Timeline(TimelineParams{Items: []TimelineItem{{Title: "x", Byline: "x"}}}), StepList(StepListParams{Steps: []Step{{Next: []StepLink{{Text: "x", Href: "#"}}}}}),
		ServiceNavigation(ServiceNavigationParams{ServiceName: "x", NavigationID: "n2"}),
	)
	page := renderWith(t, ctx, c)
	e := reflect.ValueOf(English())
	for i := range e.NumField() {
		name, english := e.Type().Field(i).Name, e.Field(i).String()
		if !strings.Contains(page, "⟦"+name+"⟧") {
			t.Errorf("%s is never said", name)
		}
		if len(english) > 6 && strings.Contains(page, ">"+english+"<") {
			t.Errorf("%q is still in English", english)
		}
	}
}

func withComponents(c templ.Component, children ...templ.Component) templ.Component {
	return withChild(c, templ.Join(children...))
}

// TestTextIsOnlyEverText: whatever somebody types comes back as that text and as nothing else.
func TestTextIsOnlyEverText(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("ab <>&\"'`/=\n{}\\;:#é漢-!"))).Draw(r, "s")
		doc := parsePage(t, renderString(t, templ.Join(
			Button(ButtonParams{Text: s, ID: "b", Value: s}),
			Textarea(TextareaParams{Field: Field{Name: "t", Label: "l", Value: s}}),
			Input(InputParams{Field: Field{Name: "i", Label: "l", Value: s}}),
		)))
		byID := func(id string) *html.Node {
			found := find(doc, func(n *html.Node) bool { return attr(n, "id") == id })
			if len(found) != 1 {
				r.Fatalf("%d elements with id %q", len(found), id)
			}
			return found[0]
		}
		if got := text(byID("b")); strings.TrimSpace(got) != strings.TrimSpace(s) || byID("b").FirstChild != nil && byID("b").FirstChild.NextSibling != nil {
			r.Errorf("button shows %q", got)
		}
		if got := attr(byID("b"), "value"); got != s {
			r.Errorf("button sends %q", got)
		}
		if got := text(byID("t")); got != s {
			r.Errorf("text area holds %q", got)
		}
		if got := attr(byID("i"), "value"); got != s {
			r.Errorf("input holds %q", got)
		}
	})
}

func TestScriptAddressesAreRefused(t *testing.T) {
	for _, href := range []string{"javascript:alert(1)", "data:text/html,x", "vbscript:x"} {
		if page := renderString(t, BackLink(BackLinkParams{Href: href})); strings.Contains(page, href) {
			t.Errorf("%s is a link", href)
		}
	}
}
