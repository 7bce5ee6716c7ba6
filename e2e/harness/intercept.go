package harness

import (
	"context"
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"waymark/internal/platform/web/ui"
)

// held keeps the answers that a test holds back.
type held struct {
	mu    sync.Mutex
	paths map[string]chan struct{}
}

func (h *held) gate(path string) chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.paths[path]
}

// Hold keeps the answers to a path from the page until the returned function is called: to see what a
// page does while it waits. A page that waits for another page answers no questions: it must tell by
// itself (Tell).
func (p *Page) Hold(path string) (release func()) {
	p.t.Helper()
	gate := make(chan struct{})
	p.w.held.mu.Lock()
	if p.w.held.paths == nil {
		p.w.held.paths = map[string]chan struct{}{}
	}
	p.w.held.paths[path] = gate
	p.w.held.mu.Unlock()
	p.intercept()
	return sync.OnceFunc(func() { close(gate) })
}

// intercept asks the browser to show the harness what it must change or hold back.
func (p *Page) intercept() {
	p.t.Helper()
	var patterns []*fetch.RequestPattern
	if p.opts.Dir == "rtl" {
		patterns = append(patterns, &fetch.RequestPattern{
			ResourceType: network.ResourceTypeDocument, RequestStage: fetch.RequestStageResponse,
		})
	}
	p.w.held.mu.Lock()
	for path := range p.w.held.paths {
		patterns = append(patterns, &fetch.RequestPattern{URLPattern: "*" + path + "*", RequestStage: fetch.RequestStageRequest})
	}
	p.w.held.mu.Unlock()
	if len(patterns) == 0 {
		return
	}
	p.w.intercepting.Do(func() {
		// The listener must not wait for the browser, so each pause is dealt with on its own.
		err := chromedp.Listen(p.ctx, func(event any) {
			if paused, ok := event.(*fetch.EventRequestPaused); ok {
				go p.paused(paused)
			}
		})
		if err != nil {
			p.t.Errorf("the browser's requests: %v", err)
		}
	})
	call(p, fetch.Enable, fetch.EnableParams{Patterns: patterns})
}

// paused lets a request go on, or its answer, changed where it must be. It runs beside the test, which
// may be over: what fails here shows as a page that does not load.
func (p *Page) paused(e *fetch.EventRequestPaused) {
	ctx := p.ctx
	if e.ResponseStatusCode == 0 && e.ResponseErrorReason == "" {
		if u := e.Request.URL; strings.HasPrefix(u, "http") {
			if gate := p.w.held.gate(pathOf(u)); gate != nil {
				select {
				case <-gate:
				case <-ctx.Done():
				}
			}
		}
		_, _ = chromedp.Call(ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: e.RequestID})
		return
	}
	if !p.turnRound(ctx, e) {
		_, _ = chromedp.Call(ctx, fetch.ContinueResponse, fetch.ContinueResponseParams{RequestID: e.RequestID})
	}
}

var htmlDir = regexp.MustCompile(`(<html\b[^>]*?\sdir=)"ltr"`)

// turnRound answers with the page as a reader of a right-to-left language gets it: the direction of the
// whole and the style sheet that goes with it.
func (p *Page) turnRound(ctx context.Context, e *fetch.EventRequestPaused) bool {
	if e.ResponseStatusCode >= 300 && e.ResponseStatusCode < 400 {
		return false
	}
	var headers []*fetch.HeaderEntry
	html := false
	for _, h := range e.ResponseHeaders {
		switch strings.ToLower(h.Name) {
		case "content-length", "content-encoding":
			continue
		case "content-type":
			html = strings.HasPrefix(h.Value, "text/html")
		}
		headers = append(headers, h)
	}
	if !html {
		return false
	}
	res, err := chromedp.Call(ctx, responseBody, fetch.GetResponseBodyParams{RequestID: e.RequestID})
	if err != nil {
		return false
	}
	body, err := decodeBody(res.Body, res.Base64Encoded)
	if err != nil {
		return false
	}
	turned := htmlDir.ReplaceAllString(body, `$1"rtl"`)
	turned = strings.ReplaceAll(turned, ui.Asset(ui.AssetBase), ui.Asset(ui.AssetBaseRTL))
	_, err = chromedp.Call(ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{
		RequestID: e.RequestID, ResponseCode: e.ResponseStatusCode, ResponseHeaders: headers, Body: []byte(turned),
	})
	return err == nil
}

// responseBody is Fetch.getResponseBody with the text as the browser sends it: encoded or not, as it
// says.
var responseBody = cdp.Command[fetch.GetResponseBodyParams, struct {
	Body          string `json:"body"`
	Base64Encoded bool   `json:"base64Encoded"`
}]{Method: fetch.CommandGetResponseBody}

func decodeBody(body string, encoded bool) (string, error) {
	if !encoded {
		return body, nil
	}
	b, err := base64.StdEncoding.DecodeString(body)
	return string(b), err
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Path
}
