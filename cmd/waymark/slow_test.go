package main

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/platform/web/webtest"
)

// Who sends slowly, or nothing, or too much about themselves, does not hold a
// connection: the server ends it, and a form that did not come whole is refused.
func TestSlowAndEndlessRequestsAreEnded(t *testing.T) {
	c, log := attacked(t)
	// As in earnest, but for how long it waits.
	p := inEarnest
	p.header, p.request, p.idle = 300*time.Millisecond, 600*time.Millisecond, 300*time.Millisecond
	server := newServer(c.frame, slog.New(slog.NewTextHandler(log, nil)), p)
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	t.Cleanup(func() {
		_ = server.Close()
		<-served
	})
	// says sends a text and returns what comes until the server hangs up.
	says := func(text string) string {
		t.Helper()
		var d net.Dialer
		conn, err := d.DialContext(t.Context(), "tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, text); err != nil && len(text) < 1<<16 {
			t.Fatal(err)
		}
		// A server that hangs up on what it did not read resets the connection.
		got, err := io.ReadAll(conn)
		if timeout, ok := err.(net.Error); ok && timeout.Timeout() { //nolint:errorlint // net's own
			t.Errorf("the server did not hang up on %.60q", text)
		}
		return string(got)
	}
	const host = "Host: waymark.test\r\n"
	form := "POST /sign-in HTTP/1.1\r\n" + host + "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	for what, text := range map[string]string{
		"nothing at all":         "",
		"headers without an end": "GET / HTTP/1.1\r\n" + host + "X-A: b\r\n",
	} {
		if got := says(text); strings.Contains(got, " 200 ") {
			t.Errorf("%s: %.100q", what, got)
		}
	}
	for what, text := range map[string]string{
		"a body that does not come":  form + "Content-Length: 100\r\n\r\nusername=a",
		"a chunk that does not come": form + "Transfer-Encoding: chunked\r\n\r\n5\r\nusern\r\n",
	} {
		got := says(text)
		answer, err := http.ReadResponse(bufio.NewReader(strings.NewReader(got)), httptest.NewRequest(http.MethodPost, "/sign-in", nil))
		if err != nil {
			t.Errorf("%s: %q: %v", what, got, err)
			continue
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", what, answer.StatusCode)
		}
		for _, fault := range webtest.HeaderFaults("/sign-in", answer.Header) {
			t.Errorf("%s: %s", what, fault)
		}
	}
	for what, c := range map[string]struct{ text, status string }{
		"headers of a megabyte":        {"GET / HTTP/1.1\r\n" + host + strings.Repeat("X-A: "+strings.Repeat("b", 1000)+"\r\n", 1000) + "\r\n", " 431 "},
		"one header of 100 kilobytes":  {"GET / HTTP/1.1\r\n" + host + "Cookie: " + strings.Repeat("b", 100<<10) + "\r\n\r\n", " 431 "},
		"two hosts":                    {"GET / HTTP/1.1\r\n" + host + host + "\r\n", " 400 "},
		"no host":                      {"GET / HTTP/1.1\r\n\r\n", " 400 "},
		"a host that is none":          {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", " 400 "},
		"a line break in a header":     {"GET / HTTP/1.1\r\n" + host + "X-A: b\rc\r\n\r\n", " 400 "},
		"two lengths":                  {form + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", " 400 "},
		"a length that is no number":   {form + "Content-Length: -1\r\n\r\n", " 400 "},
		"a coding that is none":        {form + "Transfer-Encoding: xchunked\r\n\r\n", " 501 "},
		"a chunk of more than all":     {form + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", " 400 "},
		"a request that is none":       {"GET\r\n\r\n", " 400 "},
		"a space in the address":       {"GET /a b HTTP/1.1\r\n" + host + "\r\n", " 400 "},
		"asking for another site":      {"GET http://evil.example/sign-in HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n", " 200 "},
		"a body longer than any of us": {form + "Content-Length: 9000000000\r\n\r\n" + strings.Repeat("a=b&", 512<<10), " 413 "},
	} {
		got := says(c.text)
		status, _, _ := strings.Cut(got, "\r\n")
		// The answer may be lost with the connection when much was not read.
		if !strings.Contains(status, c.status) && (got != "" || len(c.text) < 1<<16) {
			t.Errorf("%s: %q, want %s", what, status, c.status)
		}
		if strings.Contains(got, "evil.example") {
			t.Errorf("%s: %.300q", what, got)
		}
	}
}

// The address by which people know the service has no path and no name in it.
func TestTheAddressOfTheServiceIsChecked(t *testing.T) {
	for address, want := range map[string]string{
		"https://waymark.example": "https://waymark.example", "https://waymark.example:8443/": "https://waymark.example:8443", "http://127.0.0.1:8080": "http://127.0.0.1:8080",
		"https://waymark.example/sub": "", "waymark.example": "", "ftp://waymark.example": "", "https://me@waymark.example": "", "https://": "", "https://waymark.example/?a=b": "",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		got, err := transport{Site: u}.known()
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", address, got, err)
		}
	}
	if got, err := (transport{}).known(); got != "" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
