package e2e

import (
	_ "embed"
	"fmt"
	"os"
	"testing"

	"waymark/e2e/harness"
)

//go:embed zoom.js
var zoomScript string

// wayOut says what is wrong with the control to leave the page, Exit or Hide
// screen, at the top of the page, on the way down and at the end: it is in view,
// whole, large enough, and nothing lies over it (S11).
func wayOut(p *harness.Page) []string {
	return harness.Evaluate[[]string](p, "(() => {"+zoomScript+"\nreturn wayOut()})()")
}

// nothingCut says which text of the page is cut off by what holds it.
func nothingCut(p *harness.Page) []string {
	return harness.Evaluate[[]string](p, "(() => {"+zoomScript+"\nreturn cutOff()})()")
}

// unfolded opens every fold of the page.
func unfolded(p *harness.Page) {
	harness.Evaluate[int](p, `[...document.querySelectorAll("details")].map(d => d.open = true).length`)
}

// widths are the windows of S11: the ends, and both sides of where the layout changes.
var widths = []int{320, 640, 641, 1019, 1020, 1280}

// Rule S11, and the reflow of WCAG 1.4.10, in both directions.
func TestTheWayOutStaysInView(t *testing.T) {
	s := harness.Demo(t).Serve("--demo")
	for _, dir := range []string{"ltr", "rtl"} {
		t.Run("at every width, "+dir, func(t *testing.T) {
			public := harness.Open(t, harness.Options{Base: s.URL, Dir: dir})
			m := asStaff(t, s, "Midwife", dir)
			file := m.link(aCase, "/cases?show=all")
			for page, paths := range map[*harness.Page][]string{
				public: turnedPages,
				m.page: {"/home", "/cases?show=all", file, file + "/chronology", file + "/referrals/new"},
			} {
				for _, path := range paths {
					page.Goto(path)
					unfolded(page)
					for _, w := range widths {
						page.Resize(w, 640)
						reports(t, fmt.Sprintf("%s at %d px", path, w), wayOut(page))
					}
					page.Resize(1280, 900)
				}
			}
		})
		// A window of 1280 × 1024 at 400 %. The keyboard walk finds whatever the
		// control that stays in view covers.
		t.Run("at 400 per cent, "+dir, func(t *testing.T) {
			zoomed := harness.Options{Base: s.URL, Dir: dir, Width: 320, Height: 256, Zoom: 4}
			public := harness.Open(t, zoomed)
			m := comesIn(t, harness.Open(t, zoomed), "Midwife")
			file := m.link(aCase, "/cases?show=all")
			for page, paths := range map[*harness.Page][]string{
				public: {"/", "/pathway", "/pathway/8", "/pathway/before", "/pathway/search", "/safety", "/sign-in"},
				m.page: {"/home", file, file + "/contact"},
			} {
				for _, path := range paths {
					page.Goto(path)
					unfolded(page)
					reports(t, path, wayOut(page))
					reports(t, path, nothingCut(page))
					page.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.Quiet)
				}
			}
			zoomedPicture(m.page.Goto(file), "zoom/case-"+dir)
			zoomedPicture(public.Goto("/pathway/8"), "zoom/box-"+dir)
		})
	}
}

// zoomedPicture keeps what stands in the window, when pictures are wanted.
func zoomedPicture(p *harness.Page, name string) {
	if os.Getenv("WAYMARK_SHOTS") != "" {
		p.Screenshot(name)
	}
}

func reports(t *testing.T, where string, problems []string) {
	t.Helper()
	for _, p := range problems {
		t.Errorf("%s: %s", where, p)
	}
}

// Rules S11 and S29 where the window is smallest and the page longest: the
// drawing of the pathway for somebody who is signed in.
func TestTheDrawingAtTheNarrowestWindow(t *testing.T) {
	s := harness.Demo(t).Serve("--demo")
	p := comesIn(t, harness.Open(t, harness.Options{Base: s.URL, Width: 320, Height: 640}), "Midwife").page
	for _, path := range []string{"/pathway", "/pathway/all"} {
		p.Goto(path).Keeps(harness.Keyboard)
	}
}
