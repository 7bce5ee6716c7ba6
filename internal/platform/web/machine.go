package web

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
)

// Answer is an answer to a program.
type Answer struct {
	Status int // 0 for 200
	Type   string
	Header map[string]string
	Body   []byte
}

func (a Answer) render(context.Context, *Frame, *Request) (*answer, error) { return a.answer(), nil }

func (a Answer) answer() *answer {
	h := http.Header{}
	for k, v := range a.Header {
		h.Set(k, v)
	}
	if a.Type != "" {
		h.Set("Content-Type", a.Type)
	}
	status := a.Status
	if status == 0 {
		status = http.StatusOK
	}
	return &answer{status: status, header: h, body: a.Body}
}

// Fault is an error as a program hears of it: the words are the route's.
type Fault struct {
	Status    int
	Reference string // in the log
	// Header is what the route said before it went wrong, such as an id that is
	// sent back.
	Header map[string]string
	// Asked is a header of the request: it may have gone wrong before the route
	// was asked.
	Asked func(name string) string
}

// fault is an error as the route's programs hear of it.
func (r Route) fault(status int, req *Request) *answer {
	a := r.Fault(Fault{Status: status, Reference: req.ID, Header: maps.Clone(req.echo), Asked: req.Header})
	a.Status = status
	if status == http.StatusUnauthorized {
		a.Header = maps.Clone(a.Header)
		if a.Header == nil {
			a.Header = map[string]string{}
		}
		a.Header["WWW-Authenticate"] = `Bearer realm="programs"`
	}
	return a.answer()
}

// Header is a header of the request, as it came.
func (r *Request) Header(name string) string { return r.http.Header.Get(name) }

// QueryNames are the names of what was asked for behind the question mark, in order.
func (r *Request) QueryNames() []string { return slices.Sorted(maps.Keys(r.http.URL.Query())) }

// Echo sets a header that the answer has, whatever becomes of it. It counts for
// routes with a [Route.Fault] and where the answer takes it over.
func (r *Request) Echo(name, value string) {
	if r.echo == nil {
		r.echo = map[string]string{}
	}
	r.echo[name] = value
}

// Echoed are the headers that were set with Echo.
func (r *Request) Echoed() map[string]string { return maps.Clone(r.echo) }

// BasicAuth is the name and the password that a program sent along (RFC 7617).
func (r *Request) BasicAuth() (name, password string, ok bool) { return r.http.BasicAuth() }

// Body is what was sent, whole, for routes that take something else than a
// form. What is larger than forms are is refused as too large.
func (r *Request) Body() ([]byte, error) {
	body, err := io.ReadAll(r.http.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, errTooLarge
	case err != nil:
		return nil, &badRequest{err}
	}
	return body, nil
}
