package harness

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

func slug(name string) string {
	return strings.Trim(regexp.MustCompile(`[^a-z]+`).ReplaceAllString(strings.ToLower(name), "-"), "-")
}

// faultSite serves pages and their files without a content security policy where one would hide the
// fault before the check sees it.
func faultSite(t *testing.T, pages map[string]string) string {
	t.Helper()
	inner := site(t, pages)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if file, known := faultFiles[strings.TrimPrefix(r.URL.Path, "/")]; known {
			w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(r.URL.Path)))
			fmt.Fprint(w, file)
			return
		}
		inner.Config.Handler.ServeHTTP(open{w, r.URL.Path}, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// open takes the policy from pages whose fault it would stop.
type open struct {
	http.ResponseWriter
	path string
}

func (o open) WriteHeader(status int) {
	if !strings.Contains(o.path, "quiet") {
		o.Header().Del("Content-Security-Policy")
	}
	o.ResponseWriter.WriteHeader(status)
}

// failing is a testing.TB that keeps what it is told instead of failing.
type failing struct {
	testing.TB
	said    strings.Builder
	cleanup []func()
}

func (f *failing) Helper()          {}
func (f *failing) Failed() bool     { return false }
func (f *failing) Cleanup(c func()) { f.cleanup = append(f.cleanup, c) }
func (f *failing) Errorf(format string, args ...any) {
	fmt.Fprintf(&f.said, format+"\n", args...)
}

func (f *failing) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	runtime.Goexit()
}

func (f *failing) Fatal(args ...any) { f.Fatalf("%s", fmt.Sprint(args...)) }

// failure runs what should fail and returns what it said.
func failure(t *testing.T, test func(t testing.TB)) string {
	t.Helper()
	f := &failing{TB: t}
	done, end := context.WithCancel(t.Context())
	go func() {
		defer end()
		defer func() {
			for _, c := range f.cleanup {
				c()
			}
		}()
		test(f)
	}()
	<-done.Done()
	return f.said.String()
}
