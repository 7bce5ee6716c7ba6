package harness

import (
	"os"
	"strings"
	"testing"
	"time"
)

// eachReader opens a page for readers with scripts, without, and with a keyboard alone.
func eachReader(t *testing.T, test func(t *testing.T, p *Page)) {
	for name, o := range map[string]Options{
		"with scripts": {}, "without scripts": {NoScript: true}, "with keys": {Keys: true}, "with keys, without scripts": {Keys: true, NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.Base = site(t, nil).URL
			test(t, Open(t, o))
		})
	}
}

func TestAFormIsFilledInByItsWords(t *testing.T) {
	eachReader(t, func(t *testing.T, p *Page) {
		p.Goto("/")
		p.Fill("Your name", "first")
		p.Fill("Your name", "Ash & Élan")
		p.Select("Kind of service", "Refuge")
		p.Group("Is it safe to write?").Choose("No")
		p.Group("Is it safe to call?").Choose("Yes")
		p.Choose("Ask me again")
		p.Fill("Notes", "two\nlines")
		if got := p.Value("Your name"); got != "Ash & Élan" {
			t.Errorf("the field holds %q", got)
		}
		if !p.Chosen("Ask me again") || p.Group("Is it safe to write?").Chosen("Yes") {
			t.Error("choices are not as they were made")
		}
		p.Click("Send")
		p.See("Answers", "name=Ash & Élan kind=r safe=no call=yes again=1 notes=two lines")
		if p.Status() != 200 || p.Path() != "/answer" || p.Title() != "Answers" {
			t.Errorf("status %d, path %s, title %q", p.Status(), p.Path(), p.Title())
		}
		if got := p.Header("cache-control"); got != "no-store" {
			t.Errorf("Cache-Control is %q", got)
		}
	})
}

func TestAPageThatIsAnErrorIsAPage(t *testing.T) {
	eachReader(t, func(t *testing.T, p *Page) {
		p.Goto("/")
		p.Choose("Ask me again")
		p.Untick("Ask me again")
		p.Click("Send")
		if p.Status() != 422 {
			t.Errorf("status %d", p.Status())
		}
		p.See("again= notes=")
		p.Keeps(Quiet)
	})
}

func TestLinksRowsAndHistory(t *testing.T) {
	eachReader(t, func(t *testing.T, p *Page) {
		p.Goto("/")
		p.Row("Birch").Click("Change")
		p.See("Person 2")
		p.Back()
		p.Click("a second page")
		p.See("Second")
		p.DontSee("Find a service")
		p.Click("Back to the first")
		p.Click("Exit this page") // a redirect
		if p.Path() != "/second" {
			t.Errorf("the redirect led to %s", p.Path())
		}
		p.Goto("/")
		p.Press("Tab", "Enter") // the skip link, which only the keyboard shows, leads to a part of the page
		if !strings.HasSuffix(p.URL(), "#main") {
			t.Errorf("the skip link led to %s", p.URL())
		}
		p.DontSee("What was folded away")
		p.Click("More about this")
		p.See("What was folded away")
		if n := p.Count("tr"); n != 3 {
			t.Errorf("%d rows", n)
		}
		if n := len(p.In("table").Links()); n != 2 {
			t.Errorf("%d links in the table", n)
		}
	})
}

func TestScriptsRunOnlyWhereTheyAreOn(t *testing.T) {
	address := site(t, nil).URL + "/scripted"
	with, without := Open(t, Options{}), Open(t, Options{NoScript: true})
	with.Goto(address).See("A script has run.")
	without.Goto(address).See("No script has run.")

	with.Click("A link that a script takes")
	with.Await("It was fetched.")
	without.Click("A link that a script takes")
	without.See("Second")
}

func TestAnAnswerIsHeldBack(t *testing.T) {
	p := Open(t, Options{})
	p.Goto(site(t, nil).URL + "/scripted")
	release := p.Hold("/slow")
	p.Tap("A link that a script takes")
	p.See("A script has run.")
	release()
	p.Await("It was fetched.")
}

// While the way to another site is held back the page cannot be asked, so it tells; what was asked
// meanwhile is asked again.
func TestAPageOnItsWayTells(t *testing.T) {
	elsewhere := site(t, nil).URL
	p := Open(t, Options{})
	p.Goto(site(t, map[string]string{
		"leave": `<main><h1>Leave</h1><p><a href="` + strings.Replace(elsewhere, "127.0.0.1", "localhost", 1) + `/second">Go</a></p></main>`,
	}).URL + "/leave")
	p.Tell()
	Evaluate[bool](p, `addEventListener('click', () => { document.title = 'Leaving'; setTimeout(() => tell(document.title), 10) }), true`)
	release := p.Hold("/second")
	p.Tap("Go")
	defer release()
	if got := p.Told(); len(got) != 1 || got[0] != "Leaving" {
		t.Errorf("it told %q", got)
	}
	time.AfterFunc(100*time.Millisecond, release)
	p.Await("Second")
	if !strings.Contains(p.URL(), "localhost") {
		t.Errorf("it led to %s", p.URL())
	}
}

func TestAPageIsTurnedRound(t *testing.T) {
	eachReader(t, func(t *testing.T, left *Page) {
		p := Open(t, Options{Dir: "rtl", NoScript: left.opts.NoScript})
		p.Goto(left.w.origin() + "/")
		if dir, _ := p.Attribute("html", "dir"); dir != "rtl" {
			t.Errorf("the page's direction is %s", dir)
		}
		p.Click("a second page")
		if dir, _ := p.Attribute("html", "dir"); dir != "rtl" {
			t.Errorf("the next page's direction is %s", dir)
		}
		p.Click("Back to the first")
		p.Click("Exit this page") // a redirect
		p.See("Second")
	})
}

func TestReadersAreKeptApart(t *testing.T) {
	base := site(t, nil).URL
	one, other := Open(t, Options{Base: base}), Open(t, Options{Base: base})
	one.Goto("/")
	Evaluate[string](one, `document.cookie = 'seen=1; path=/'`)
	if got := one.Cookies(); len(got) != 1 || got[0].Name != "seen" {
		t.Errorf("cookies: %v", got)
	}
	if second := one.Tab(); len(second.Goto("/").Cookies()) != 1 {
		t.Error("a second tab of the same reader has other cookies")
	}
	if got := other.Goto("/").Cookies(); len(got) != 0 {
		t.Errorf("another reader has the cookies %v", got)
	}
}

func TestKeys(t *testing.T) {
	p := Open(t, Options{})
	p.Goto(site(t, nil).URL)
	Evaluate[bool](p, `window.pressed = [], addEventListener('keydown', e => window.pressed.push(e.key)), true`)
	p.Fill("Your name", "old")
	p.Press("Control+a")
	p.Type("new")
	p.Press("Shift", "Shift")
	if got := p.Value("Your name"); got != "new" {
		t.Errorf("the field holds %q", got)
	}
	pressed := strings.Join(Evaluate[[]string](p, "window.pressed"), " ")
	if !strings.HasSuffix(pressed, "n e w Shift Shift") {
		t.Errorf("the page saw %s", pressed)
	}
	p.Press("Tab")
	if at := Evaluate[string](p, "document.activeElement.id"); at != "kind" {
		t.Errorf("Tab led to %s", at)
	}
	p.Press("Shift+Tab", "Enter") // Enter in a field sends the form
	p.AwaitURL("/answer")
	p.See("name=new")
}

func TestPicturesAndPrint(t *testing.T) {
	t.Setenv("WAYMARK_SHOTS", t.TempDir())
	p := Open(t, Options{Width: 400})
	p.Goto(site(t, nil).URL)
	plain, err := os.ReadFile(p.Screenshot("good/plain"))
	if err != nil {
		t.Fatal(err)
	}
	forced, err := os.ReadFile(p.ForcedColours("good/plain"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(plain), "\x89PNG") || len(forced) == 0 || string(plain) == string(forced) {
		t.Errorf("pictures of %d and %d bytes", len(plain), len(forced))
	}
	if p.In("body").Count(".exit") != 1 {
		t.Error("Exit is not on the screen")
	}
	p.Media("print")
	if p.Count(".exit") != 0 {
		t.Error("Exit is printed")
	}
	p.Media("")
	if pdf, err := os.ReadFile(p.SavePDF("good/plain")); err != nil || !strings.HasPrefix(string(pdf), "%PDF-") {
		t.Errorf("print: %v", err)
	}
}
