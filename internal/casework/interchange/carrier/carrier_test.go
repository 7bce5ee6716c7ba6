package carrier_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/casework/interchange"
	"waymark/internal/casework/interchange/carrier"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

const id = "0190b0b0-2222-7000-8000-000000000001"

// system is a fake one on this machine.
type system struct {
	*httptest.Server
	mu     sync.Mutex
	tokens int // asked for
	posted []*http.Request
	answer http.HandlerFunc
}

func newSystem(t *testing.T, answer http.HandlerFunc) *system {
	t.Helper()
	s := &system{answer: answer}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.tokens++
		s.mu.Unlock()
		if name, word, ok := r.BasicAuth(); !ok || name != "us" || word != "secret" || r.FormValue("grant_type") != "client_credentials" {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error":"invalid_client"}`)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"access_token":"abc","token_type":"Bearer","expires_in":600}`)
	})
	mux.HandleFunc("POST /fhir", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.posted = append(s.posted, r)
		s.mu.Unlock()
		s.answer(w, r)
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *system) parcel() interchange.Parcel {
	return interchange.Parcel{
		ID: id, Body: []byte(`{}`), Target: []byte(`{"system":"urn:ietf:rfc:3986","value":"urn:uuid:x"}`), Sender: []byte(`{"resourceType":"Organization"}`),
		Endpoint: interchange.Endpoint{Address: s.URL + "/fhir", TokenAddress: s.URL + "/token", ClientID: "us", Secret: "secret"},
	}
}

func says(status int, media, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", media)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func response(to, code string) string {
	return `{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"MessageHeader","response":{"identifier":"` + to + `","code":"` + code + `"}}}]}`
}

// Only an answer that says of this message that it was taken counts as that.
func TestWhatAnAnswerSaysOfAMessage(t *testing.T) {
	const fhir = interchange.MediaType
	outcome := func(severity string) string {
		return `{"resourceType":"OperationOutcome","issue":[{"severity":"` + severity + `","code":"x"}]}`
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   interchange.Verdict
		why    string
	}{
		"taken":                    {says(200, fhir, response(id, "ok")), interchange.Took, "ok"},
		"taken, said in words":     {says(202, fhir, outcome("information")), interchange.Took, "ok"},
		"another message's answer": {says(200, fhir, response("another", "ok")), interchange.Failed, "not-understood"},
		"not now":                  {says(200, fhir, response(id, "transient-error")), interchange.Failed, "transient"},
		"never":                    {says(200, fhir, response(id, "fatal-error")), interchange.Declined, "fatal"},
		"a page of a firewall":     {says(200, "text/html", "<html>Welcome</html>"), interchange.Failed, "not-understood"},
		"its text as JSON":         {says(200, "text/html", response(id, "ok")), interchange.Failed, "not-understood"},
		"garbage":                  {says(200, fhir, "\x00\x01{"), interchange.Failed, "not-understood"},
		"nothing":                  {says(200, fhir, ""), interchange.Failed, "not-understood"},
		"an error inside":          {says(200, fhir, outcome("error")), interchange.Failed, "not-understood"},
		"refused":                  {says(422, fhir, outcome("error")), interchange.Declined, "http 422"},
		"refused by who knows":     {says(422, "text/html", "no"), interchange.Failed, "http 422"},
		"not there":                {says(404, fhir, outcome("error")), interchange.Failed, "http 404"},
		"busy":                     {says(503, "text/plain", "busy"), interchange.Failed, "http 503"},
		"too much":                 {says(200, fhir, strings.Repeat(" ", 2<<20)), interchange.Failed, "too-large"},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/token", http.StatusTemporaryRedirect)
		}, interchange.Failed, "redirected"},
		"hung up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, interchange.Failed, "not-reached"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSystem(t, c.answer)
			got, why := carrier.New(carrier.Config{Allow: loopback}).Carry(t.Context(), s.parcel())
			if got != c.want || why != c.why {
				t.Errorf("%s, %s; want %s, %s", got, why, c.want, c.why)
			}
			if len(s.posted) != 1 {
				t.Errorf("posted %d times", len(s.posted))
			}
		})
	}
}

// A message comes with a token, and with the headers that say for whom it is.
func TestAMessageComesWithATokenAndItsHeaders(t *testing.T) {
	s := newSystem(t, says(200, interchange.MediaType, response(id, "ok")))
	c := carrier.New(carrier.Config{Allow: loopback})
	for range 3 {
		if v, why := c.Carry(t.Context(), s.parcel()); v != interchange.Took {
			t.Fatal(v, why)
		}
	}
	if s.tokens != 1 {
		t.Errorf("%d tokens were asked for", s.tokens)
	}
	h := s.posted[0].Header
	if h.Get("Authorization") != "Bearer abc" || h.Get("Content-Type") != interchange.MediaType || h.Get("X-Request-Id") != id {
		t.Errorf("%v", h)
	}
	for _, name := range []string{"NHSD-Target-Identifier", "NHSD-End-User-Organisation", "NHSD-Requesting-Software"} {
		raw, err := base64.StdEncoding.DecodeString(h.Get(name))
		if err != nil || !json.Valid(raw) {
			t.Errorf("%s: %q", name, h.Get(name))
		}
	}
	// A token that is not taken any more is not used again.
	s.answer = says(401, "text/plain", "")
	c.Carry(t.Context(), s.parcel())
	s.answer = says(200, interchange.MediaType, response(id, "ok"))
	if v, _ := c.Carry(t.Context(), s.parcel()); v != interchange.Took || s.tokens != 2 {
		t.Errorf("%s after %d tokens", v, s.tokens)
	}
	wrong := s.parcel()
	wrong.Endpoint.Secret = "another"
	if v, why := c.Carry(t.Context(), wrong); v != interchange.Failed || why != "no-token" {
		t.Error(v, why)
	}
}

// A system that is slow, or not there, is tried another time.
func TestASlowSystemIsGivenUpForNow(t *testing.T) {
	ended := make(chan struct{})
	s := newSystem(t, func(http.ResponseWriter, *http.Request) { <-ended })
	defer close(ended)
	p := s.parcel()
	if v, why := carrier.New(carrier.Config{Allow: loopback, Limit: 200 * time.Millisecond}).Carry(t.Context(), p); v != interchange.Failed || why != "too-slow" {
		t.Error(v, why)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed at once
	if err != nil {
		t.Fatal(err)
	}
	p.Endpoint.TokenAddress = "http://" + l.Addr().String() + "/token"
	_ = l.Close()
	if v, why := carrier.New(carrier.Config{Allow: loopback}).Carry(t.Context(), p); v != interchange.Failed || why != "not-reached" {
		t.Error(v, why)
	}
}

// Where an address leads is looked at when the connection is made: nothing goes to
// this machine or a private network, and nothing is redirected there.
func TestMessagesGoToPublicAddressesAlone(t *testing.T) {
	s := newSystem(t, says(200, interchange.MediaType, response(id, "ok")))
	for _, url := range []string{s.URL, strings.Replace(s.URL, "127.0.0.1", "localhost", 1)} {
		p := s.parcel()
		p.Endpoint.TokenAddress = url + "/token"
		if v, why := carrier.New(carrier.Config{}).Carry(t.Context(), p); v != interchange.Failed || why != "not-allowed" {
			t.Errorf("%s: %s, %s", url, v, why)
		}
	}
	if s.tokens != 0 || len(s.posted) != 0 {
		t.Error("something arrived")
	}
	for _, a := range []string{
		"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255", "198.18.0.1",
		"::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fec0::1",
	} {
		if carrier.Allowed(netip.MustParseAddr(a), nil) {
			t.Errorf("%s may be called", a)
		}
	}
	for _, a := range []string{"8.8.8.8", "2a00:1450::1"} {
		if !carrier.Allowed(netip.MustParseAddr(a), nil) {
			t.Errorf("%s may not be called", a)
		}
	}
	if !carrier.Allowed(netip.MustParseAddr("::ffff:10.1.2.3"), []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}) {
		t.Error("a network that was allowed may not be called")
	}
}

// A try that ends takes the asking for its token with it.
func TestATokenIsAskedForWithinTheTry(t *testing.T) {
	asked, ended := make(chan struct{}), make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(asked)
		<-ended
	}))
	defer s.Close()
	defer close(ended)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	p := interchange.Parcel{ID: id, Body: []byte(`{}`), Endpoint: interchange.Endpoint{Address: s.URL, TokenAddress: s.URL, ClientID: "us", Secret: "secret"}}
	if v, why := carrier.New(carrier.Config{Allow: loopback, Limit: time.Hour}).Carry(ctx, p); v != interchange.Failed || why != "not-reached" {
		t.Error(v, why)
	}
}

// The token and the message share the time of a try.
func TestATryHasOneLimitWithItsToken(t *testing.T) {
	ended := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-ended }))
	defer s.Close()
	defer close(ended)
	p := interchange.Parcel{ID: id, Body: []byte(`{}`), Endpoint: interchange.Endpoint{Address: s.URL, TokenAddress: s.URL, ClientID: "us", Secret: "secret"}}
	if v, why := carrier.New(carrier.Config{Allow: loopback, Limit: 200 * time.Millisecond}).Carry(t.Context(), p); v != interchange.Failed || why != "too-slow" {
		t.Error(v, why)
	}
}
