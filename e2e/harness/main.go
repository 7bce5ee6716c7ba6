package harness

import (
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

var prepared atomic.Bool

// Main runs the tests of a package, and afterwards stops the browser and takes away what they left.
func Main(m *testing.M) int {
	scratch, err := os.MkdirTemp("", "waymark-e2e-")
	if err != nil {
		os.Stderr.WriteString("harness: " + err.Error() + "\n")
		return 1
	}
	defer os.RemoveAll(scratch)
	shared.dir = scratch
	prepared.Store(true)
	defer stopBrowser()
	return m.Run()
}

func mustBePrepared(t testing.TB) {
	t.Helper()
	if !prepared.Load() {
		t.Fatal("harness: the package needs func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }")
	}
}

// require skips a test for want of something, or fails it where WAYMARK_REQUIRE names the thing.
func require(t testing.TB, thing, how string) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("WAYMARK_REQUIRE"), ","), thing) {
		t.Fatalf("missing: %s (%s)", thing, how)
	}
	t.Skipf("without %s: %s", thing, how)
}
