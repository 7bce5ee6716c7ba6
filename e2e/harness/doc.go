// Package harness runs Waymark's real program and opens its pages in a real browser.
//
// Words: a deployment is a folder for data and a home of its own, on one of the two engines, in which
// commands are run and the server is started; a page is a tab of the browser with cookies and storage
// of its own; a check is a rule that a page must keep, which returns what is wrong with it.
//
// Rules:
//   - A person at the browser finds things by the words on them, and so does a test: by the text of a
//     link or button, the label of a field, the legend of a group. What is not shown, or is covered by
//     something else, cannot be used. What the words do not settle is an error that names the choices.
//   - Clicks and keys are the browser's own, so that what works only for a script does not work here.
//   - Using a link or a submit button waits for the page it leads to; nothing sleeps.
//   - Nothing leaves the machine: every host but this one does not resolve, and what a page tried to
//     reach is recorded all the same.
//   - Without a browser a test skips; where WAYMARK_REQUIRE names chromium, as `make test` does, it fails.
//
// A package of browser tests has one line of set-up:
//
//	func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }
//
// A test that fails leaves a picture of the page in WAYMARK_SHOTS, where that is set, beside those it
// asked for.
package harness
