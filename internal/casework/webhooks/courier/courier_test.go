package courier_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"waymark/internal/casework/interchange/carrier"
	"waymark/internal/casework/webhooks"
	"waymark/internal/casework/webhooks/courier"
)

func parcel(address string) webhooks.Parcel {
	return webhooks.Parcel{ID: "one", Address: address, Timestamp: "1", Signature: "v1,x", Body: []byte(`{"id":"one"}`)}
}

// What the other side says counts by its status alone, and no redirect is followed.
func TestAnAnswerCountsByItsStatus(t *testing.T) {
	c := courier.New(carrier.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	for status, want := range map[int]struct {
		verdict webhooks.Verdict
		why     string
	}{
		200: {webhooks.Took, "ok"}, 204: {webhooks.Took, "ok"}, 302: {webhooks.Failed, "redirected"}, 410: {webhooks.Gone, "http 410"},
		404: {webhooks.Failed, "http 404"}, 503: {webhooks.Failed, "http 503"},
	} {
		asked := 0
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked++
			body, err := io.ReadAll(r.Body)
			if err != nil || string(body) != `{"id":"one"}` || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" ||
				r.Header.Get("webhook-id") != "one" || r.Header.Get("webhook-timestamp") != "1" || r.Header.Get("webhook-signature") != "v1,x" {
				t.Errorf("%s %v %q", r.Method, r.Header, body)
			}
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		}))
		v, why := c.Take(t.Context(), parcel(s.URL))
		s.Close()
		if v != want.verdict || why != want.why || asked != 1 {
			t.Errorf("%d: %s, %s after %d", status, v, why, asked)
		}
	}
}

// Nothing goes into a private network, whatever a name says, and who does not answer
// is given up.
func TestNothingGoesIntoAPrivateNetwork(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was asked") }))
	defer s.Close()
	if v, why := courier.New(carrier.Config{}).Take(t.Context(), parcel(s.URL)); v != webhooks.Failed || why != "not-allowed" {
		t.Errorf("%s, %s", v, why)
	}
	open := carrier.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Limit: 20 * time.Millisecond}
	if v, why := courier.New(open).Take(t.Context(), parcel("http://127.0.0.1:9")); v != webhooks.Failed || why != "not-reached" {
		t.Errorf("%s, %s", v, why)
	}
	held := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-held }))
	defer slow.Close()
	defer close(held)
	if v, why := courier.New(open).Take(t.Context(), parcel(slow.URL)); v != webhooks.Failed || why != "too-slow" {
		t.Errorf("%s, %s", v, why)
	}
}
