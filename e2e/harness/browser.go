package harness

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/domstorage"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience is how long anything may take before a test says that it did not happen. It bounds a hang
// and measures nothing, so it is generous.
const patience = 60 * time.Second

// Options say what kind of reader opens a page. The zero value is a desktop reader with JavaScript.
type Options struct {
	NoScript bool   // JavaScript is off
	Keys     bool   // what is used is reached and used with the keyboard alone, never the mouse
	Width    int    // of the window in CSS pixels; 1280 if zero
	Height   int    // 900 if zero
	Zoom     int    // of the browser, as a factor: a window of 1280 × 1024 at 400 % is 320 × 256 with a Zoom of 4; 1 if zero
	Dir      string // "rtl" turns every page round: the direction and the style sheet
	Base     string // what addresses that begin with a slash follow; otherwise the first origin visited
}

// shared is the one browser of a test program. Pages are kept apart by browser contexts.
var shared struct {
	once sync.Once
	dir  string
	ctx  context.Context
	stop func()
	err  error
}

// Open opens a page for a reader with empty cookies and storage. It closes with the test.
func Open(t testing.TB, o Options) *Page {
	t.Helper()
	startBrowser(t)
	p := newPage(t, o, newWatch(o.Base))
	p.attach(shared.ctx, chromedp.WithNewBrowserContext())
	return p
}

// Tab opens a second tab for the same reader: the same cookies, the same options.
func (p *Page) Tab() *Page {
	p.t.Helper()
	second := newPage(p.t, p.opts, newWatch(p.w.origin()))
	second.attach(p.ctx)
	return second
}

func newPage(t testing.TB, o Options, w *watch) *Page {
	if o.Width == 0 {
		o.Width = 1280
	}
	if o.Height == 0 {
		o.Height = 900
	}
	return &Page{t: t, opts: o, w: w}
}

// attach starts the tab and everything that watches it.
func (p *Page) attach(parent context.Context, how ...chromedp.ContextOption) {
	p.t.Helper()
	ctx, cancel := chromedp.NewContext(parent, append(how, chromedp.WithListener(p.w.see))...)
	p.ctx = ctx
	p.t.Cleanup(func() {
		p.leaveShot()
		cancel()
	})
	// The first call must not have a time limit: the tab lives as long as its context.
	if err := chromedp.Do(ctx); err != nil {
		p.t.Fatalf("the browser does not open a tab: %v", err)
	}
	call(p, network.Enable, network.EnableParams{})
	call(p, log.Enable, cdp.Empty{})
	call(p, domstorage.Enable, cdp.Empty{})
	p.resize(p.opts.Width, p.opts.Height)
	if p.opts.NoScript {
		p.script(false)
	}
	p.intercept()
}

func (p *Page) resize(width, height int) {
	p.t.Helper()
	if err := p.tryResize(width, height); err != nil {
		p.fatalf("the window: %v", err)
	}
}

func (p *Page) tryResize(width, height int) error {
	_, err := tryCall(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(width), Height: int64(height), DeviceScaleFactor: float64(max(p.opts.Zoom, 1)),
	})
	return err
}

func (p *Page) script(on bool) {
	p.t.Helper()
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// call sends one command to the tab and fails the test if the browser refuses it.
func call[P, R any](p *Page, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	res, err := tryCall(p, command, params)
	if err != nil {
		p.fatalf("%s: %v", command.Method, err)
	}
	return res
}

func tryCall[P, R any](p *Page, command cdp.Command[P, R], params P) (R, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Call(ctx, command, params)
}

func startBrowser(t testing.TB) {
	t.Helper()
	mustBePrepared(t)
	program := findBrowser()
	if program == "" {
		require(t, "chromium", "install Debian's chromium, or set WAYMARK_CHROMIUM")
	}
	shared.once.Do(func() { shared.err = launch(program) })
	if shared.err != nil {
		t.Fatalf("%s does not start: %v", program, shared.err)
	}
}

func findBrowser() string {
	for _, name := range []string{os.Getenv("WAYMARK_CHROMIUM"), "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"} {
		if name == "" {
			continue
		}
		if program, err := exec.LookPath(name); err == nil {
			return program
		}
	}
	return ""
}

func launch(program string) error {
	home := filepath.Join(shared.dir, "browser")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	flags := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(program),
		chromedp.UserDataDir(filepath.Join(home, "profile")),
		// The browser's own files go where the tests' files go, also where there is no home.
		chromedp.Env("HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home),
		chromedp.Headless,
		chromedp.DisableGPU,
		chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
	}
	for _, name := range []string{
		"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync",
		"disable-breakpad", "disable-client-side-phishing-detection", "disable-default-apps", "disable-extensions",
		"disable-dev-shm-usage", "disable-domain-reliability", "disable-hang-monitor", "disable-prompt-on-repost",
		"disable-background-timer-throttling", "disable-backgrounding-occluded-windows", "disable-renderer-backgrounding",
		"metrics-recording-only", "no-pings", "no-proxy-server", "no-service-autorun", "hide-scrollbars", "mute-audio",
		"use-mock-keychain",
	} {
		flags = append(flags, chromedp.Flag(name, true))
	}
	flags = append(flags,
		chromedp.Flag("disable-features", "Translate,MediaRouter,DialMediaRouteProvider,OptimizationHints,AutofillServerCommunication,CertificateTransparencyComponentUpdater"),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("password-store", "basic"),
		chromedp.Flag("lang", "en-GB"),
		// Nothing leaves the machine, whatever a page asks for.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
	)
	if os.Geteuid() == 0 {
		flags = append(flags, chromedp.NoSandbox)
	}

	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, stopContext := chromedp.NewContext(allocator)
	shared.ctx = ctx
	shared.stop = func() {
		stopContext()
		stopAllocator()
	}
	return chromedp.Do(ctx)
}

func stopBrowser() {
	if shared.stop != nil {
		shared.stop()
	}
}
