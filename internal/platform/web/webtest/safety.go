package webtest

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// faults are what is wrong with any answer of the site, whatever was asked.
func (a *Answer) faults(signedIn bool) []string {
	out := HeaderFaults(a.path, a.Header)
	out = append(out, a.cookieFaults(signedIn)...)
	if a.method == http.MethodHead && a.Body != "" {
		out = append(out, "an answer to HEAD has a body")
	}
	if to := a.Header.Get("Location"); to != "" && pathOf(a.path) != web.ExitPath && pathOf(a.path) != web.ProviderPath && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
		out = append(out, "leads away from the site: "+to)
	}
	if a.isPage() {
		out = append(out, a.documentFaults()...)
	}
	return out
}

func pathOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return path
}

// HeaderFaults are what is wrong with the headers of an answer (S1, S4).
func HeaderFaults(path string, h http.Header) []string {
	out := policyFaults(h)
	must := func(name, want string) {
		if got := h.Get(name); got != want {
			out = append(out, fmt.Sprintf("%s is %q, want %q (S4)", name, got, want))
		}
	}
	must("Referrer-Policy", "no-referrer")
	must("X-Content-Type-Options", "nosniff")
	must("Cross-Origin-Opener-Policy", "same-origin")
	for _, feature := range []string{"geolocation=()", "camera=()", "microphone=()"} {
		if !slices.Contains(list(h.Get("Permissions-Policy"), ","), feature) {
			out = append(out, "Permissions-Policy does not say "+feature+" (S4)")
		}
	}
	if keeps := h.Get("Cache-Control"); keeps != "no-store" {
		name, isAsset := strings.CutPrefix(pathOf(path), "/assets/")
		if _, known := ui.FindAsset(name); !isAsset || !known {
			out = append(out, fmt.Sprintf("Cache-Control is %q on what is no hashed asset (S4)", keeps))
		}
	}
	if disposition := h.Get("Content-Disposition"); disposition != "" {
		_, params, err := mime.ParseMediaType(disposition)
		if word := TopicWord(params["filename"]); err != nil || word != "" {
			out = append(out, fmt.Sprintf("the download's name %q is not neutral: %s (S13)", disposition, word))
		}
	}
	return out
}

// policyFaults reads the content security policy: everything is refused but
// what is our own (S1).
func policyFaults(h http.Header) []string {
	var out []string
	policies := h.Values("Content-Security-Policy")
	if len(policies) != 1 {
		return append(out, fmt.Sprintf("%d content security policies, want one (S1)", len(policies)))
	}
	seen := map[string]bool{}
	for i, directive := range list(policies[0], ";") {
		words := strings.Fields(directive)
		if len(words) == 0 {
			continue
		}
		seen[words[0]] = true
		if i == 0 && directive != "default-src 'none'" {
			out = append(out, "the content security policy begins with "+directive+" (S1)")
		}
		for _, source := range words[1:] {
			if source != "'self'" && source != "'none'" {
				out = append(out, "the content security policy allows "+directive+" (S1)")
			}
		}
		if (words[0] == "frame-ancestors" || words[0] == "base-uri") && directive != words[0]+" 'none'" {
			out = append(out, "the content security policy says "+directive+" (S4)")
		}
	}
	// These do not fall back to default-src.
	for _, needed := range []string{"default-src", "form-action", "base-uri", "frame-ancestors"} {
		if !seen[needed] {
			out = append(out, "the content security policy has no "+needed+" (S1)")
		}
	}
	return out
}

func list(s, sep string) []string {
	var out []string
	for part := range strings.SplitSeq(s, sep) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// cookieFaults: only signing in sets a cookie, and only one of the careful
// kind (S3, S6).
func (a *Answer) cookieFaults(signedIn bool) []string {
	var out []string
	for _, line := range a.Header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			out = append(out, "a cookie that cannot be read: "+err.Error())
			continue
		}
		out = append(out, CookieFaults(c)...)
		leaves := c.MaxAge < 0 && c.Value == ""
		// Going to a provider of identities and coming back is signing in, and no
		// reading: a form may not lead to another site.
		provider := pathOf(a.path) == web.ProviderPath || pathOf(a.path) == web.ProviderReturnPath
		if a.method != http.MethodPost && !provider && !(leaves && (signedIn || pathOf(a.path) == web.ExitPath)) {
			out = append(out, "reading a page sets a cookie (S3)")
		}
	}
	return out
}

// CookieFaults are what is wrong with a cookie (S6).
func CookieFaults(c *http.Cookie) []string {
	var out []string
	bad := func(wrong bool, what string) {
		if wrong {
			out = append(out, "the cookie "+c.Name+" "+what+" (S6)")
		}
	}
	bad(!strings.HasPrefix(c.Name, "__Host-"), "has no __Host- prefix")
	bad(!c.Secure, "is not Secure")
	bad(!c.HttpOnly, "is not HttpOnly")
	bad(c.SameSite != http.SameSiteLaxMode && c.SameSite != http.SameSiteStrictMode, "has no SameSite")
	bad(c.Path != "/" || c.Domain != "", "is not of this host alone")
	bad(TopicWord(c.Name) != "", "has no neutral name")
	bad(c.MaxAge > 0 || !c.Expires.IsZero() && c.MaxAge >= 0, "outlives the browser")
	return out
}

// documentFaults are what the content security policy would refuse, what would
// be loaded from elsewhere, and what leads nowhere on the page itself.
func (a *Answer) documentFaults() []string {
	var out []string
	ids := map[string]int{}
	walk(a.Document().n, func(n *html.Node) {
		if id, ok := attr(n, "id"); ok {
			ids[id]++
		}
		out = append(out, elementFaults(Node{n})...)
	})
	for id, n := range ids {
		if n > 1 {
			out = append(out, fmt.Sprintf("%d elements have the id %q", n, id))
		}
	}
	walk(a.Document().n, func(n *html.Node) {
		e := Node{n}
		for _, name := range []string{"for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-owns"} {
			for _, id := range strings.Fields(e.Attr(name)) {
				if ids[id] == 0 {
					out = append(out, fmt.Sprintf("%s=%q names nothing on the page", name, id))
				}
			}
		}
		if href := e.Attr("href"); n.DataAtom == atom.A && len(href) > 1 && href[0] == '#' && ids[href[1:]] == 0 {
			out = append(out, fmt.Sprintf("the link %q to %s leads nowhere", e.Text(), href))
		}
	})
	slices.Sort(out)
	return out
}

// loads are the attributes by which an element loads something.
var loads = map[atom.Atom][]string{
	atom.Script: {"src"}, atom.Img: {"src", "srcset"}, atom.Source: {"src", "srcset"}, atom.Audio: {"src"},
	atom.Video: {"src", "poster"}, atom.Track: {"src"}, atom.Input: {"src"}, atom.Link: {"href"}, atom.Image: {"href"},
}

func elementFaults(e Node) []string {
	var out []string
	bad := func(what string) { out = append(out, what+": "+describe(e)) }
	switch e.Tag() {
	case "style", "base", "iframe", "frame", "object", "embed":
		bad("the policy refuses it (S1)")
	case "script":
		if !e.Has("src") {
			bad("inline script (S1)")
		}
	case "meta":
		if e.Has("http-equiv") {
			bad("a header in the page")
		}
	}
	for _, at := range e.n.Attr {
		switch {
		case at.Key == "style" || strings.HasPrefix(at.Key, "on"):
			bad("inline " + at.Key + " (S1)")
		case (at.Key == "href" || at.Key == "action" || at.Key == "formaction") && strings.HasPrefix(strings.ToLower(strings.TrimSpace(at.Val)), "javascript:"):
			bad("inline script (S1)")
		}
	}
	for _, name := range loads[e.n.DataAtom] {
		if v := e.Attr(name); e.Has(name) && !loadable(v) {
			bad("loads what is not a file of ours (S1)")
		}
	}
	for _, name := range []string{"action", "formaction"} {
		if v := e.Attr(name); e.Has(name) && v != "" && !local(v) {
			bad("sends to another site (S1)")
		}
	}
	return out
}

// loadable tells whether an address is an asset that is there.
func loadable(address string) bool {
	if fragment := strings.HasPrefix(address, "#"); fragment {
		return true
	}
	if !local(address) {
		return false
	}
	name, isAsset := strings.CutPrefix(address, "/assets/")
	_, known := ui.FindAsset(name)
	return !isAsset || known
}

func local(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "" && u.Host == "" && !strings.HasPrefix(address, "//") && !strings.Contains(address, `\`)
}
