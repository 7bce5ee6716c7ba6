package harness

import (
	"strings"
	"testing"
)

func TestAGoodPageKeepsEveryRule(t *testing.T) {
	eachReader(t, func(t *testing.T, p *Page) {
		p.Goto("/")
		p.Keeps(Everything...)
		p.Keeps(NothingStored)
		// Checking leaves the page as it was.
		p.See("Find a service")
		if p.Group("Is it safe to write?").Chosen("Yes") || p.Group("Is it safe to write?").Chosen("No") {
			t.Error("the walk has answered a question")
		}
	})
}

func TestAPageTurnedRoundIsCheckedToo(t *testing.T) {
	p := Open(t, Options{Dir: "rtl"})
	p.Goto(site(t, nil).URL)
	p.Keeps(Everything...)
}

// A page with one fault each, and what the check must say of it.
var faults = map[string]struct {
	check Check
	page  string
	says  string
}{
	"axe: a picture without words": {
		Axe, `<main><h1>A</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></main>`, "axe image-alt",
	},
	"axe: words too pale": {
		Axe, `<main><h1>A</h1><p><font color="#cccccc">pale</font></p></main>`, "axe color-contrast",
	},
	"keyboard: a picture of a button": {
		Keyboard, `<main><div id="go">Go</div><script src="/click.js"></script></main>`, `div#go "Go" answers a click and is no link`,
	},
	"keyboard: a hand that points at nothing": {
		Keyboard, `<main><link rel="stylesheet" href="/hand.css"><p><span id="hand">Go</span></p></main>`, `span#hand "Go" looks as if it could be clicked`,
	},
	"keyboard: a role that Tab does not reach": {
		Keyboard, `<main><div role="button" id="go">Go</div></main>`, `div#go "Go" is shown and the keyboard does not reach it`,
	},
	"keyboard: a link taken out of the order": {
		Keyboard, `<main><a href="/second" tabindex="-1">Go</a></main>`, `a "Go" is shown and the keyboard does not reach it`,
	},
	"keyboard: a control under a bar": {
		Keyboard, `<main><link rel="stylesheet" href="/bar.css"><div id="bar">A bar</div><p><a href="/second">Go</a></p></main>`, `a "Go" has the focus and is covered by div#bar`,
	},
	"keyboard: a control past the edge": {
		Keyboard, `<main><link rel="stylesheet" href="/edge.css"><p><a id="edge" href="/second">Go</a></p></main>`, `a#edge "Go" has the focus and is covered by the edge of the window`,
	},
	"keyboard: focus that does not show": {
		Keyboard, `<main><link rel="stylesheet" href="/dark.css"><p><a href="/second">Go</a></p></main>`, `a "Go" does not show that it has the focus`,
	},
	"keyboard: focus in a colour that cannot be seen": {
		Keyboard, `<main><link rel="stylesheet" href="/clear.css"><p><a href="/second">Go</a></p></main>`, `a "Go" does not show that it has the focus`,
	},
	"keyboard: a trap": {
		Keyboard, `<main><p><label for="trap">Name</label> <input id="trap"> <a href="/second">Go</a></p><script src="/trap.js"></script></main>`, `input#trap "Name" does not let go of the focus`,
	},
	"keyboard: a circle": {
		Keyboard, `<main><p><a id="one" href="/a">One</a> <a id="two" href="/b">Two</a> <a href="/c">Three</a></p><script src="/circle.js"></script></main>`, `Tab comes back to a#one "One"`,
	},
	"keyboard: an order of its own": {
		Keyboard, `<main><p><a href="/a">One</a> <a href="/b" tabindex="5">Two</a></p></main>`, `a "Two" has a tabindex of 5`,
	},
	"keyboard: a radio button that arrows do not reach": {
		Keyboard, `<main><fieldset><legend>Which?</legend><label><input type="radio" name="x" value="1">One</label> <label><input type="radio" name="x" value="2" id="two">Two</label></fieldset><script src="/arrows.js"></script></main>`,
		`input#two "Two" is shown and the keyboard does not reach it`,
	},
	"reflow: a wide box": {
		Reflow, `<main><link rel="stylesheet" href="/wide.css"><h1>A</h1><div id="wide">Wide</div></main>`, `at 320 px: the page is 600 px wide in a window of 320: div#wide "Wide"`,
	},
	"reflow: a wide box that is cut off": {
		Reflow, `<main><link rel="stylesheet" href="/wide.css"><link rel="stylesheet" href="/cut.css"><h1>A</h1><div id="wide">Wide</div></main>`, `at 320 px: body hides what is wider`,
	},
	"reflow: text that does not grow": {
		Reflow, `<main><link rel="stylesheet" href="/fixed.css"><p>Text of a fixed size</p></main>`, `with text at 200 %: the text only grows from 16.0 to 16.0 px`,
	},
	"reflow: a box for the text's first size": {
		Reflow, `<main><link rel="stylesheet" href="/row.css"><p id="row">Wordsthatneverbreak Wordsthatneverbreak</p></main>`, `with text at 200 %: the page is`,
	},
	"another origin: a picture": {
		OwnOrigin, `<main><img alt="" src="http://example.org/pixel.gif"></main>`, `a request to another origin: GET http://example.org/pixel.gif`,
	},
	"another origin: a script's request": {
		OwnOrigin, `<main><script src="/elsewhere.js"></script></main>`, `a request to another origin: GET http://127.0.0.1:9/`,
	},
	"quiet: a style in the page": {
		Quiet, `<main><p style="color: red">Red</p></main>`, `security error: `,
	},
	"quiet: an error of a script": {
		Quiet, `<main><script src="/throws.js"></script></main>`, `exception: Error: on purpose`,
	},
	"quiet: a word in the console": {
		Quiet, `<main><script src="/warns.js"></script></main>`, `console.warning: on purpose`,
	},
	"quiet: a file that is not there": {
		Quiet, `<main><script src="/nowhere.js"></script></main>`, `/nowhere.js answered 404`,
	},
	"stored: local storage": {
		NoWrites, `<main><script src="/local.js"></script></main>`, `stored: local storage was given seen`,
	},
	"stored: session storage, taken away again": {
		NoWrites, `<main><script src="/session.js"></script></main>`, `stored: session storage was given seen`,
	},
	"stored: IndexedDB": {
		NoWrites, `<main><p id="out"></p><script src="/indexed.js"></script></main>`, `stored: IndexedDB: seen`,
	},
	"stored: a cache": {
		NoWrites, `<main><p id="out"></p><script src="/cache.js"></script></main>`, `stored: cache: seen`,
	},
	"stored: a cookie": {
		NothingStored, `<main><script src="/cookie.js"></script></main>`, `cookie: seen`,
	},
}

// Files of the pages with faults.
var faultFiles = map[string]string{
	"click.js":     `document.getElementById('go').addEventListener('click', () => {})`,
	"trap.js":      `document.getElementById('trap').addEventListener('keydown', e => { if (e.key === 'Tab') e.preventDefault() })`,
	"circle.js":    `document.getElementById('two').addEventListener('keydown', e => { if (e.key === 'Tab') { e.preventDefault(); document.getElementById('one').focus() } })`,
	"arrows.js":    `addEventListener('keydown', e => { if (e.key.startsWith('Arrow')) e.preventDefault() }, true)`,
	"elsewhere.js": `fetch('http://127.0.0.1:9/').catch(() => {})`,
	"throws.js":    `throw new Error('on purpose')`,
	"warns.js":     `console.warn('on purpose')`,
	"local.js":     `localStorage.setItem('seen', '1')`,
	"session.js":   `sessionStorage.setItem('seen', '1'); sessionStorage.removeItem('seen')`,
	"indexed.js":   `indexedDB.open('seen').onsuccess = () => { document.getElementById('out').textContent = 'Done.' }`,
	"cache.js":     `caches.open('seen').then(() => { document.getElementById('out').textContent = 'Done.' })`,
	"cookie.js":    `document.cookie = 'seen=1'`,
	"hand.css":     `#hand { cursor: pointer }`,
	"bar.css":      `#bar { position: fixed; inset: 0; background: #fff }`,
	"edge.css":     `#edge { position: fixed; left: -200px; top: 0 }`,
	"dark.css":     `:focus-visible { outline: none; background: none }`,
	"clear.css":    `:focus-visible { outline: 3px solid transparent; background: none; box-shadow: 0 0 3px 3px rgb(0 0 0 / 0) }`,
	"wide.css":     `#wide { width: 600px; margin: 0 } body { margin: 0 }`,
	"cut.css":      `body { overflow-x: hidden }`,
	"fixed.css":    `p { font-size: 16px }`,
	"row.css":      `#row { white-space: nowrap; font-size: 2.2rem; margin: 0 }`,
}

func TestFaultsAreCaught(t *testing.T) {
	pages := map[string]string{}
	for name, c := range faults {
		pages["fault/"+slug(name)] = c.page
	}
	server := faultSite(t, pages)
	for name, c := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := Open(t, Options{})
			p.Goto(server + "/fault/" + slug(name))
			if strings.Contains(c.page, `id="out"`) {
				p.Await("Done.")
			}
			if said := c.check(p); !strings.Contains(strings.Join(said, "\n"), c.says) {
				t.Errorf("the check says %q and not %q", said, c.says)
			}
		})
	}
}

// What a person could not use, a test cannot use either. The message names what is there instead.
func TestWhatCannotBeUsedIsAnError(t *testing.T) {
	server := faultSite(t, map[string]string{
		"covered":  `<main><link rel="stylesheet" href="/bar.css"><p><a href="/second">Go</a></p><div id="bar">A bar</div></main>`,
		"hidden":   `<main><p hidden><a href="/second">Go</a></p><p><a href="/people/1">Stay</a></p></main>`,
		"disabled": `<main><form><button disabled>Go</button></form></main>`,
		"twice":    `<main><p><a href="/people/1">Go</a> <a href="/people/2">Go</a></p></main>`,
	})
	for name, says := range map[string]string{
		"covered": `a "Go" cannot be clicked: div#bar "A bar" lies over it`, "hidden": `there is no control "Go"; there is: a "Stay"`,
		"disabled": `there is no control "Go"`, "twice": `there are 2 of control "Go"`,
	} {
		t.Run(name, func(t *testing.T) {
			said := failure(t, func(t testing.TB) {
				p := Open(t, Options{})
				p.Goto(server + "/" + name)
				p.Click("Go")
			})
			if !strings.Contains(said, says) {
				t.Errorf("it says %q and not %q", said, says)
			}
		})
	}
	if said := failure(t, func(t testing.TB) {
		p := Open(t, Options{})
		p.Goto(server+"/twice").See("Go", "Went")
		p.DontSee("Go")
	}); !strings.Contains(said, `does not say "Went"`) || !strings.Contains(said, `says "Go"`) || strings.Contains(said, `does not say "Go"`) {
		t.Errorf("seeing says %q", said)
	}
}
