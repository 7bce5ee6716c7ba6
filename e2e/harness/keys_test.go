package harness

import (
	"strings"
	"testing"
)

// A reader with a keyboard alone does not get at what only the mouse reaches, or at what lies under
// something else; the harness says so instead of going on.
func TestKeysReachWhatAPersonReaches(t *testing.T) {
	base := faultSite(t, map[string]string{
		"mouse-alone": `<h1>Page</h1><button tabindex="-1">Send</button>`,
		"covered":     `<h1>Page</h1><div style="position:fixed;inset:0;background:#fff"></div><p style="margin-top:9em"><button>Send</button></p>`,
	})
	for page, want := range map[string]string{"/mouse-alone": `no key leads to control "Send"`, "/covered": "lies over it"} {
		said := failure(t, func(t testing.TB) {
			p := Open(t, Options{Base: base, Keys: true})
			p.Goto(page).Click("Send")
		})
		if !strings.Contains(said, want) {
			t.Errorf("%s: want %q, it says %q", page, want, said)
		}
	}
}
