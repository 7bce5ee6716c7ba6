package web_test

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
)

func guardOf(t *testing.T, rules *policy.Engine) *audit.Guard {
	t.Helper()
	clock := storetest.NewClock()
	return audit.NewGuard(audit.New(storetest.Open(t, store.SQLite, clock.Now)), rules)
}

const elsewhere = "/other"

func TestNextLeadsNowhereElse(t *testing.T) {
	r := new(web.Request)
	to := func(next, want string) {
		t.Helper()
		if got := r.NextOr(next, elsewhere); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
	to("/", "/")
	to("/cases/7", "/cases/7")
	to("/cases/a%20b", "/cases/a%20b")
	to("/cases/a%2Fb", "/cases/a%2Fb")
	to("/cases/é", "/cases/%C3%A9")
	to("/cases?q=secret#part", "/cases") // addresses hold nothing else
	to("/a//b", "/a//b")
	to("/a?b=//evil.example", "/a")
	for _, next := range []string{
		"", "cases", "?a=b", "#a", "./a", "../a",
		"https://evil.example/", "HTTPS:/evil.example", "https:evil.example", "javascript:alert(1)", "data:text/html,x", "mailto:a@evil.example",
		"//evil.example", "///evil.example", "////evil.example", "//evil.example/a", "//user@evil.example", "//",
		`\\evil.example`, `/\evil.example`, `\/evil.example`, `/a\b`, "/a\\",
		// The same, hidden by percent signs: decoded they are what browsers follow.
		"/%2fevil.example", "/%2Fevil.example", "/%5cevil.example", "/%5Cevil.example", "%2f%2fevil.example", "/%2f%2fevil.example",
		// Browsers leave tabs and line breaks out before they read an address.
		"/\t/evil.example", "/\n/evil.example", "\t//evil.example", "/%09/evil.example", "/%0a/evil.example", "/%0d%0aSet-Cookie:a=b", "/a\r\nb",
		"/\x00", "/%00", "/%7f", " /a", "/%zz", "/a:b\x7f", "http://[::1", "/%c2%85",
	} {
		to(next, elsewhere)
	}
}

// asBrowsers reads an address as browsers do (the URL standard, section 4.4):
// tabs and line breaks are left out, a backslash is a slash.
func asBrowsers(t *testing.T, address string) *url.URL {
	t.Helper()
	address = strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(strings.Trim(address, "\x00 \t\r\n\f\v"))
	base, err := url.Parse("https://waymark.test/sign-in")
	if err != nil {
		t.Fatal(err)
	}
	u, err := base.Parse(address)
	if err != nil {
		t.Fatalf("%q: %v", address, err)
	}
	return u
}

func FuzzNextOr(f *testing.F) {
	for _, s := range []string{
		"/", "/cases/7?a=b#c", "//evil.example", "/%2fevil.example", `/\evil.example`, "/\t/evil.example", "/%09/evil.example",
		"https://evil.example", "/a%2f..%2f", "/é\u202e", "/;a=b/c", "/%E2%80%AE", "/a b", "/%", "/..//evil.example", "/.//evil.example",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, next string) {
		got := new(web.Request).NextOr(next, elsewhere)
		if !strings.HasPrefix(got, "/") || strings.ContainsFunc(got, func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '\\' }) {
			t.Fatalf("%q leads to %q", next, got)
		}
		if u := asBrowsers(t, got); u.Host != "waymark.test" || u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
			t.Fatalf("%q leads to %q, which is %q", next, got, u)
		}
		if again := new(web.Request).NextOr(got, elsewhere); again != got {
			t.Fatalf("%q leads to %q, that to %q", next, got, again)
		}
	})
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                     "",
		"  a b \n":             "a b",
		"a\r\nb\nc":            "a\nb\nc",
		"a\tb":                 "a\tb",
		"a\x00b\x07\x1b[31mc":  "ab[31mc",
		"a\u0085b\u009bc\x7fd": "abcd",
		"a\xffb":               "a\uFFFDb",
		"\u00a0a\u2003":        "a",
		"\x00 a":               "a",
		"שלום \u200f!":         "שלום \u200f!", // marks of direction belong to the text
		"👩‍👧":                  "👩‍👧",
	} {
		if got := web.Clean(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", " a ", "a\r\n\r\nb", "\r\x00\n", "\xff\xfe", "\u0085x\u00a0", "a\u2028b", "\t\x00\t"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := web.Clean(in)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }) {
			t.Fatalf("%q became %q", in, got)
		}
		if again := web.Clean(got); again != got {
			t.Fatalf("%q became %q, that became %q", in, got, again)
		}
		keep := func(s string) string {
			return strings.Map(func(c rune) rune {
				if unicode.IsControl(c) || unicode.IsSpace(c) {
					return -1
				}
				return c
			}, strings.ToValidUTF8(s, "\uFFFD"))
		}
		if keep(got) != keep(in) {
			t.Fatalf("%q became %q: something else was lost", in, got)
		}
	})
}

// Behind a proxy everybody comes from the proxy; its word is taken, and nobody
// else's.
func TestWhereARequestComesFrom(t *testing.T) {
	var got string
	o := options(&noteSite{}, public("/where", func(_ context.Context, r *web.Request) (web.Response, error) {
		got = r.Address()
		return web.SeeOther("/"), nil
	}))
	o.Frame = func(c *web.Config) { c.Proxies = []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")} }
	s := webtest.New(t, o)
	from := func(address, forwarded, want string) {
		t.Helper()
		s.Anyone(t).Sending("X-Forwarded-For", forwarded).Send(webtest.Ask{Path: "/where", Address: address})
		if got != want {
			t.Errorf("%s, forwarded for %q: %q, want %q", address, forwarded, got, want)
		}
	}
	from("203.0.113.9:4711", "", "203.0.113.9")
	from("[2001:db8::1]:4711", "", "2001:db8::1")
	from("no-port", "", "no-port")
	from("203.0.113.9:4711", "198.51.100.1", "203.0.113.9") // a stranger's word
	from("127.0.0.1:4711", "", "127.0.0.1")
	from("127.0.0.1:4711", "198.51.100.1", "198.51.100.1")
	from("[::1]:4711", "198.51.100.1", "198.51.100.1")
	from("10.1.2.3:4711", "198.51.100.1", "198.51.100.1")
	from("[::ffff:10.1.2.3]:4711", "198.51.100.1", "198.51.100.1")
	from("10.2.2.3:4711", "198.51.100.1", "10.2.2.3")
	from("10.1.2.3:4711", "6.6.6.6, 198.51.100.1", "198.51.100.1") // what comes before can be made up
	from("10.1.2.3:4711", "6.6.6.6, 198.51.100.1, 10.1.9.9, 127.0.0.1", "198.51.100.1")
	from("10.1.2.3:4711", "10.1.9.9", "10.1.9.9")
	from("10.1.2.3:4711", "unknown", "10.1.2.3")
	from("10.1.2.3:4711", "198.51.100.1, ", "10.1.2.3")
}

// An address that is given on is the one that was configured, whatever host a
// request names; what a proxy is said to have been asked for is nobody's word.
func TestTheAddressOfTheServiceIsNotTakenFromARequest(t *testing.T) {
	var got string
	site := func(configured string) *webtest.Site {
		o := options(&noteSite{}, public("/where", func(_ context.Context, r *web.Request) (web.Response, error) {
			got = r.Site()
			return web.SeeOther("/"), nil
		}))
		o.Frame = func(c *web.Config) { c.Site = configured }
		return webtest.New(t, o)
	}
	for configured, want := range map[string]string{"https://services.example": "https://services.example", "": "https://waymark.test"} {
		s := site(configured)
		for _, b := range []*webtest.Browser{
			s.Anyone(t), s.Anyone(t).Sending("X-Forwarded-Host", "evil.example"), s.Anyone(t).Sending("Forwarded", "host=evil.example"),
			s.Anyone(t).Sending("X-Forwarded-Proto", "http"), s.Anyone(t).Sending("X-Original-URL", "https://evil.example/"),
		} {
			b.Get("/where")
			if got != want {
				t.Errorf("configured %q: %q", configured, got)
			}
		}
	}
	s := site("https://services.example")
	webtest.NewBrowser(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host = "evil.example"
		s.Frame.ServeHTTP(w, r)
	})).Get("/where")
	if got != "https://services.example" {
		t.Errorf("asked for as another site: %q", got)
	}
}
