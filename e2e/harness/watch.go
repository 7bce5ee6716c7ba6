package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/domstorage"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// Request is one request that a page made or tried to make.
type Request struct {
	Method string
	URL    string
	Type   string // Document, Stylesheet, Script, Image, …
	Status int    // 0 where no answer came
}

// document is the answer to the request for a page itself.
type document struct {
	status  int
	headers map[string]string
}

// watch keeps what a tab does: the requests it makes, what it complains of, what it stores, and
// whether its page has loaded. The browser tells it in the order in which things happen.
type watch struct {
	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change of loads, loaded and told
	loads    int           // documents that the main frame has shown
	loaded   bool          // whether the newest has fired its load event
	doc      document
	docs     map[cdp.LoaderID]document
	base     string // the origin that is the page's own
	requests []*Request
	byID     map[network.RequestID]*Request
	noises   []string
	writes   []string
	told     []string

	held         held
	intercepting sync.Once
}

func newWatch(base string) *watch {
	return &watch{
		changed: make(chan struct{}),
		docs:    map[cdp.LoaderID]document{},
		base:    originOf(base),
		byID:    map[network.RequestID]*Request{},
	}
}

// see takes one event of the tab. It runs on the goroutine that reads them all, so it only notes.
func (w *watch) see(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *page.EventFrameNavigated:
		if e.Frame.ParentID == "" {
			w.loads++
			w.doc = w.docs[e.Frame.LoaderID]
			// A page that comes back out of memory has loaded before.
			w.loaded = e.Type == page.NavigationTypeBackForwardCacheRestore
			w.signal()
		}
	case *page.EventLoadEventFired:
		w.loaded = true
		w.signal()
	case *network.EventRequestWillBeSent:
		r := &Request{Method: e.Request.Method, URL: e.Request.URL + e.Request.URLFragment, Type: string(e.Type)}
		if before := w.byID[e.RequestID]; before != nil && e.RedirectResponse != nil {
			before.Status = int(e.RedirectResponse.Status)
		}
		w.requests = append(w.requests, r)
		w.byID[e.RequestID] = r
	case *network.EventWebSocketCreated:
		w.requests = append(w.requests, &Request{Method: "GET", URL: e.URL, Type: "WebSocket"})
	case *network.EventResponseReceived:
		w.answer(e)
	case *network.EventLoadingFailed:
		if r := w.byID[e.RequestID]; r != nil && r.Type != "Document" && !e.Canceled {
			w.noises = append(w.noises, fmt.Sprintf("%s did not load: %s %s", r.URL, e.ErrorText, e.BlockedReason))
		}
	case *log.EventEntryAdded:
		w.hear(e.Entry)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert ||
			e.Type == runtime.ConsoleAPICalledTypeWarning {
			w.noises = append(w.noises, fmt.Sprintf("console.%s: %s", e.Type, words(e.Args)))
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text = e.ExceptionDetails.Exception.Description
		}
		w.noises = append(w.noises, "exception: "+text)
	case *runtime.EventBindingCalled:
		w.told = append(w.told, e.Payload)
		w.signal()
	case *domstorage.EventDomStorageItemAdded:
		w.writes = append(w.writes, storageName(e.StorageID)+" was given "+e.Key)
	case *domstorage.EventDomStorageItemUpdated:
		w.writes = append(w.writes, storageName(e.StorageID)+" was given "+e.Key)
	}
}

func (w *watch) answer(e *network.EventResponseReceived) {
	status := int(e.Response.Status)
	if r := w.byID[e.RequestID]; r != nil {
		r.Status = status
	}
	if e.Type == network.ResourceTypeDocument {
		headers := map[string]string{}
		for name, value := range e.Response.Headers {
			headers[strings.ToLower(name)] = fmt.Sprint(value)
		}
		w.docs[e.LoaderID] = document{status: status, headers: headers}
		return
	}
	// A form that a script fetches and shows with what is wrong on it is a page as well.
	form := status == http.StatusUnprocessableEntity && e.Type == network.ResourceTypeFetch && e.Response.MimeType == "text/html"
	if status >= 400 && !form {
		w.noises = append(w.noises, fmt.Sprintf("%s answered %d", e.Response.URL, status))
	}
}

// hear notes what the browser itself complains of: the content security policy, mixed content,
// deprecations. That a page answered 404 or 422 is for the test to judge, and that a file is missing
// has been noted with the answer.
func (w *watch) hear(e *log.Entry) {
	if e.Source == log.EntrySourceNetwork && strings.HasPrefix(e.Text, "Failed to load resource") {
		return
	}
	if e.Level == log.EntryLevelError || e.Level == log.EntryLevelWarning {
		w.noises = append(w.noises, fmt.Sprintf("%s %s: %s", e.Source, e.Level, e.Text))
	}
}

func (w *watch) signal() {
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *watch) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.loads
}

// awaitLoad waits for the load event of a document newer than the given count.
func (w *watch) awaitLoad(ctx context.Context, after int) error {
	for {
		w.mu.Lock()
		done, changed := w.loads > after && w.loaded, w.changed
		w.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (w *watch) origin() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.base
}

// visit makes the first origin that is opened the page's own.
func (w *watch) visit(address string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.base == "" {
		w.base = originOf(address)
	}
}

func (w *watch) snapshot() (requests []Request, noises, writes []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.requests {
		requests = append(requests, *r)
	}
	return requests, slices.Clone(w.noises), slices.Clone(w.writes)
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func storageName(id *domstorage.StorageID) string {
	if id != nil && id.IsLocalStorage {
		return "local storage"
	}
	return "session storage"
}

func words(args []*runtime.RemoteObject) string {
	var parts []string
	for _, a := range args {
		var text string
		switch {
		case a.Description != "":
			text = a.Description
		case json.Unmarshal(a.Value, &text) != nil:
			text = string(a.Value)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}
