package harness

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// policy is a content security policy as strict as the product's, so that what works here works there.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const style = `
html { font-family: sans-serif; font-size: 100%; overflow-wrap: anywhere }
:focus-visible { outline: 3px solid #000; background: #fd0 }
.away { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
.skip:focus { position: static; width: auto; height: auto; clip-path: none }
.choice { position: relative; min-height: 44px; padding-left: 60px }
.choice input { position: absolute; left: 0; width: 44px; height: 44px; opacity: 0; margin: 0 }
.choice label::before { content: ""; position: absolute; left: 0; top: 0; width: 40px; height: 40px; border: 2px solid }
.choice input:focus + label::before { border-width: 4px; box-shadow: 0 0 0 4px #fd0 }
td { padding: 8px 0; line-height: 2 }
@media print { .exit { display: none } }
`

// good is a page that keeps every rule.
const good = `
<a class="away skip" href="#main">Skip to the main part</a>
<a class="exit" href="/left">Exit this page</a>
<main id="main">
<h1>Find a service</h1>
<p>Words that anybody may read, and <a href="/second">a second page</a>.</p>
<details><summary>More about this</summary><p>What was folded away, with <a href="/deep">a deep link</a>.</p></details>
<form method="post" action="/answer" novalidate>
<p><label for="name">Your name</label> <input id="name" name="name" autocomplete="off"></p>
<p><label for="kind">Kind of service</label> <select id="kind" name="kind"><option value="">Any</option><option value="r">Refuge</option></select></p>
<fieldset><legend>Is it safe to write?</legend>
<div class="choice"><input type="radio" name="safe" id="safe-yes" value="yes"><label for="safe-yes">Yes</label></div>
<div class="choice"><input type="radio" name="safe" id="safe-no" value="no"><label for="safe-no">No</label></div></fieldset>
<fieldset><legend>Is it safe to call?</legend>
<div class="choice"><input type="radio" name="call" id="call-yes" value="yes"><label for="call-yes">Yes</label></div>
<div class="choice"><input type="radio" name="call" id="call-no" value="no"><label for="call-no">No</label></div></fieldset>
<div class="choice"><input type="checkbox" name="again" id="again" value="1"><label for="again">Ask me again</label></div>
<p><label for="notes">Notes</label> <textarea id="notes" name="notes"></textarea></p>
<button>Send</button>
</form>
<table><caption>People</caption><tr><th scope="col">Who<th scope="col">What</tr>
<tr><td>Alder<td><a href="/people/1">Change<span class="away"> Alder</span></a></tr>
<tr><td>Birch<td><a href="/people/2">Change<span class="away"> Birch</span></a></tr></table>
</main>`

// site serves pages by name: the good one, pages with one fault each, and what forms and links of the
// good one lead to. Its header and style are the same for all.
func site(t *testing.T, pages map[string]string) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { answerPage(w, 200, "A page", good) })
	mux.HandleFunc("GET /second", func(w http.ResponseWriter, r *http.Request) {
		answerPage(w, 200, "The second", `<main><h1>Second</h1><p><a href="/">Back to the first</a></p></main>`)
	})
	mux.HandleFunc("GET /people/{id}", func(w http.ResponseWriter, r *http.Request) {
		answerPage(w, 200, "A person", `<main><h1>Person `+r.PathValue("id")+`</h1></main>`)
	})
	mux.HandleFunc("GET /left", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/second", http.StatusSeeOther)
	})
	mux.HandleFunc("POST /answer", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		var said []string
		for _, name := range []string{"name", "kind", "safe", "call", "again", "notes"} {
			said = append(said, name+"="+r.PostForm.Get(name))
		}
		status := http.StatusOK
		if r.PostForm.Get("name") == "" {
			status = http.StatusUnprocessableEntity
		}
		answerPage(w, status, "Answers", `<main><h1>Answers</h1><p id="said">`+strings.Join(said, " ")+`</p></main>`)
	})
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprint(w, style)
	})
	mux.HandleFunc("GET /scripted", func(w http.ResponseWriter, r *http.Request) {
		answerPage(w, 200, "Scripted", `<main><h1>Scripted</h1><script src="/script.js"></script><p id="out">No script has run.</p>
			<p><a href="/second" id="taken">A link that a script takes</a></p></main>`)
	})
	mux.HandleFunc("GET /script.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `addEventListener('DOMContentLoaded', () => {
			document.getElementById('out').textContent = 'A script has run.'
			document.getElementById('taken').addEventListener('click', e => {
				e.preventDefault()
				fetch('/slow').then(r => r.text()).then(t => { document.getElementById('out').textContent = t })
			})
		})`)
	})
	mux.HandleFunc("GET /icon.gif", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/gif")
		fmt.Fprint(w, "GIF89a\x01\x00\x01\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
	})
	mux.HandleFunc("GET /slow", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "It was fetched.") })
	for name, body := range pages {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) { answerPage(w, 200, "A page", body) })
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func answerPage(w http.ResponseWriter, status int, title, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<!DOCTYPE html><html lang="en" dir="ltr"><head><title>%s</title>`+
		`<meta name="viewport" content="width=device-width, initial-scale=1">`+
		`<link rel="icon" href="/icon.gif"><link rel="stylesheet" href="/style.css"></head><body>%s</body></html>`, title, body)
}
