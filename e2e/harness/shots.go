package harness

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// PDF prints the page on A4, tagged and with an outline.
func (p *Page) PDF() []byte {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF(
		chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPreferCSSPageSize(), chromedp.PDFOutlineAndTagged(), chromedp.PDFStream()))
	if err != nil {
		p.fatalf("print: %v", err)
	}
	return pdf
}

// SavePDF prints the page into the folder of pictures.
func (p *Page) SavePDF(name string) string {
	p.t.Helper()
	return p.save(name+".pdf", p.PDF())
}

// Screenshot takes a picture of the whole page into WAYMARK_SHOTS, or a folder that goes with the test,
// and returns its name.
func (p *Page) Screenshot(name string) string {
	p.t.Helper()
	shot, err := p.shot()
	if err != nil {
		p.fatalf("picture: %v", err)
	}
	return p.save(name+".png", shot)
}

// ForcedColours takes a picture of the page as a reader with forced colours sees it.
func (p *Page) ForcedColours(name string) string {
	p.t.Helper()
	p.media("", "forced-colors", "active")
	defer p.media("")
	return p.Screenshot(name + "-forced-colours")
}

// Media shows the page as for print, or again as on a screen ("").
func (p *Page) Media(kind string) {
	p.t.Helper()
	p.media(kind)
}

func (p *Page) media(kind string, feature ...string) {
	p.t.Helper()
	params := emulation.SetEmulatedMediaParams{Media: kind}
	if len(feature) == 2 {
		params.Features = []*emulation.MediaFeature{{Name: feature[0], Value: feature[1]}}
	}
	call(p, emulation.SetEmulatedMedia, params)
}

// Resize gives the page another window.
func (p *Page) Resize(width, height int) {
	p.t.Helper()
	p.opts.Width, p.opts.Height = width, height
	p.resize(width, height)
}

// shot takes the whole page by making the window as high as it is. (Asked for more than its window
// shows, the browser moves pages that run from right to left.)
func (p *Page) shot() ([]byte, error) {
	p.t.Helper()
	height, err := run[int](p, "Math.min(16000, Math.max(innerHeight, document.documentElement.scrollHeight))")
	if err != nil {
		return nil, err
	}
	if err := p.tryResize(p.opts.Width, height); err != nil {
		return nil, err
	}
	res, err := tryCall(p, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	return res.Data, errors.Join(err, p.tryResize(p.opts.Width, p.opts.Height))
}

func (p *Page) save(name string, content []byte) string {
	p.t.Helper()
	dir := os.Getenv("WAYMARK_SHOTS")
	if dir == "" {
		dir = p.t.TempDir()
	}
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o644); err != nil {
		p.t.Fatal(err)
	}
	return file
}

var notForNames = regexp.MustCompile(`[^A-Za-z0-9]+`)

// leaveShot leaves a picture of the page beside the others when its test has failed.
func (p *Page) leaveShot() {
	dir := os.Getenv("WAYMARK_SHOTS")
	if !p.t.Failed() || dir == "" {
		return
	}
	shot, err := p.shot()
	if err != nil {
		return
	}
	name := "failed-" + strings.Trim(notForNames.ReplaceAllString(p.t.Name(), "-"), "-") + ".png"
	if err := os.MkdirAll(dir, 0o755); err == nil {
		_ = os.WriteFile(filepath.Join(dir, name), shot, 0o644)
	}
}
