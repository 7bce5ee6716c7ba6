package web

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
)

// bodyMax bounds what a form may send.
const bodyMax = 1 << 20

// Request is one request as handlers see it.
type Request struct {
	// ID names the request in the log and the ledger.
	ID string
	// Actor is who asks; zero when nobody is signed in.
	Actor policy.Actor
	// Session is the recognised browser; zero when nobody is signed in.
	Session auth.Session

	http    *http.Request
	proxies []netip.Prefix
	site    string // as configured
	cookie  string
	form    url.Values
	formErr error
}

// readable tells whether the address is text: there is nothing under one with
// control characters or broken UTF-8 in it, and a database need not be asked.
func (r *Request) readable() bool {
	path := r.http.URL.Path
	return utf8.ValidString(path) && !strings.ContainsFunc(path, unicode.IsControl)
}

// Path is a wildcard of the route's pattern.
func (r *Request) Path(name string) string { return r.http.PathValue(name) }

// Query is a parameter of the address. Nothing about a person is ever there.
func (r *Request) Query(name string) string { return Clean(r.http.URL.Query().Get(name)) }

// Address is where the request comes from, without the port. It is for
// slowing down attempts and is not kept. A proxy's word is taken: behind it
// everybody would come from the same place, and one attempt too many would
// slow everybody down.
func (r *Request) Address() string {
	host, _, err := net.SplitHostPort(r.http.RemoteAddr)
	if err != nil {
		host = r.http.RemoteAddr
	}
	// Each proxy adds at the end whom it took the request from. What stands
	// before the first that is not a proxy of ours can be made up.
	hops := strings.Split(strings.Join(r.http.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && r.isProxy(host); i-- {
		hop := strings.TrimSpace(hops[i])
		if _, err := netip.ParseAddr(hop); err != nil {
			break
		}
		host = hop
	}
	return host
}

func (r *Request) isProxy(host string) bool {
	a, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	a = a.Unmap()
	return a.IsLoopback() || slices.ContainsFunc(r.proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// Site is the address of the service as the browser knows it, without a slash
// at its end: the one that was configured, whatever host a request names. Where
// none was, anything but this very machine is served over HTTPS by what stands
// in front.
func (r *Request) Site() string {
	if r.site != "" {
		return r.site
	}
	host, _, err := net.SplitHostPort(r.http.Host)
	if err != nil {
		host = r.http.Host
	}
	scheme := "https"
	if ip := net.ParseIP(host); r.http.TLS == nil && (host == "localhost" || ip != nil && ip.IsLoopback()) {
		scheme = "http"
	}
	return scheme + "://" + r.http.Host
}

// From is where somebody signs in, for the list of their own sessions.
func (r *Request) From() auth.From {
	return auth.From{Address: r.Address(), Browser: browserWords(r.http.UserAgent())}
}

// browserWords are coarse words for a browser, by which its owner knows it
// again and nobody else does.
func browserWords(agent string) string {
	find := func(pairs ...string) string {
		for i := 0; i < len(pairs); i += 2 {
			if strings.Contains(agent, pairs[i]) {
				return pairs[i+1]
			}
		}
		return ""
	}
	name := find("Edg/", "Edge", "Firefox/", "Firefox", "Chrome/", "Chrome", "Safari/", "Safari")
	system := find("Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS", "Mac", "Linux", "Linux")
	switch {
	case name != "" && system != "":
		return name + " on " + system
	case name+system != "":
		return name + system
	}
	return "A browser"
}

// Token is the session token the browser sent.
func (r *Request) Token() string { return r.cookie }

// errTooLarge is returned for a form that is larger than any form of ours.
var errTooLarge = errors.New("what was sent is too large")

// Form is what was typed. Values come trimmed, with line ends as \n and
// without control characters.
func (r *Request) Form() (url.Values, error) {
	if r.form != nil || r.formErr != nil {
		return r.form, r.formErr
	}
	if err := r.http.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if r.formErr = errTooLarge; !errors.As(err, &large) {
			r.formErr = &badRequest{err}
		}
		return nil, r.formErr
	}
	r.form = url.Values{}
	for name, values := range r.http.PostForm {
		for _, v := range values {
			r.form.Add(name, Clean(v))
		}
	}
	return r.form, nil
}

// Clean brings typed text to one form: valid UTF-8, \n for line ends, no
// control characters, no white space around it.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) && c != '\n' && c != '\t' {
			return -1
		}
		return c
	}, s)
	return strings.TrimSpace(s)
}

// badRequest is a request no browser of ours makes.
type badRequest struct{ cause error }

func (e *badRequest) Error() string { return "a request that cannot be read: " + e.cause.Error() }
func (e *badRequest) Unwrap() error { return e.cause }
