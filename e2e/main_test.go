// Package e2e holds the journeys: the real program, real browser, as the
// people who use it.
package e2e

import (
	"os"
	"testing"

	"waymark/e2e/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }
