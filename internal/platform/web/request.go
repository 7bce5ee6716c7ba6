package web

import (
	"errors"
	"io"
	"mime"
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
	"waymark/internal/platform/web/ui"
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
	upload  int64 // how large a file may come along
	files   map[string]File

	filling *auth.Draft // what a form on this page is to be filled in with
	draft   string      // of which draft what was sent came
	echo    map[string]string
}

// File is what somebody chose to send along with a form.
type File struct {
	Name string // as the browser says; it proves nothing
	Body []byte
	// TooLarge tells that it was larger than the route takes. Nothing of it is
	// kept.
	TooLarge bool
}

// File is the file of a field. It is empty when none was chosen, and until the
// form was read.
func (r *Request) File(name string) File { return r.files[name] }

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

// QueryAll are all values of a parameter of the address, cleaned.
func (r *Request) QueryAll(name string) []string {
	var out []string
	for _, v := range r.http.URL.Query()[name] {
		out = append(out, Clean(v))
	}
	return out
}

// Done is what a page says when it was led to after something was recorded: the
// words for what the parameter "done" names, nil for anything else.
func (r *Request) Done(words map[string]string) *ui.Flash {
	text := words[r.Query("done")]
	if text == "" {
		return nil
	}
	return &ui.Flash{Kind: "success", Text: text}
}

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
	if mediaType, _, err := mime.ParseMediaType(r.http.Header.Get("Content-Type")); r.upload > 0 && err == nil && mediaType == "multipart/form-data" {
		return r.multipart()
	}
	if r.upload > 0 {
		// A form without a file is no larger here than elsewhere.
		r.http.Body = http.MaxBytesReader(nil, r.http.Body, bodyMax)
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
		if name == draftField {
			r.draft = Clean(values[0])
			continue
		}
		for _, v := range values {
			r.form.Add(name, Clean(v))
		}
	}
	return r.form, nil
}

// partsMost bounds how many fields a form with a file has.
const partsMost = 50

// multipart reads a form that brings a file along. All of it stays in memory:
// nothing that somebody sends is ever written to the disk as it came.
func (r *Request) multipart() (url.Values, error) {
	bad := func(err error) (url.Values, error) {
		var large *http.MaxBytesError
		if r.formErr = errTooLarge; !errors.As(err, &large) {
			r.formErr = &badRequest{err}
		}
		return nil, r.formErr
	}
	reader, err := r.http.MultipartReader()
	if err != nil {
		return bad(err)
	}
	form, files := url.Values{}, map[string]File{}
	for n := 0; ; n++ {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && n >= partsMost {
			err = errors.New("a form with too many fields")
		}
		if err != nil {
			return bad(err)
		}
		isFile, limit := part.FileName() != "", int64(bodyMax)
		if isFile {
			limit = r.upload
		}
		body, err := io.ReadAll(io.LimitReader(part, limit+1))
		if err != nil {
			return bad(err)
		}
		name := part.FormName()
		switch {
		case isFile && int64(len(body)) > limit:
			files[name] = File{TooLarge: true}
			// The rest is left where it is: the body as a whole has its bound.
			if _, err := io.Copy(io.Discard, part); err != nil {
				return bad(err)
			}
		case isFile:
			files[name] = File{Name: Clean(part.FileName()), Body: body}
		case int64(len(body)) > limit:
			return bad(&http.MaxBytesError{Limit: limit})
		case name == draftField:
			r.draft = Clean(string(body))
		default:
			form.Add(name, Clean(string(body)))
		}
	}
	r.form, r.files = form, files
	return form, nil
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
