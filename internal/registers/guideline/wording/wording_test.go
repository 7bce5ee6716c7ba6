package wording_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/registers/guideline/wording"
)

func TestPlainWords(t *testing.T) {
	got := wording.Words("The 'honest' keeper’s multi-site, A1 sheds' – NOW?")
	want := []string{"the", "honest", "keeper", "multi", "site", "a1", "sheds", "now"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
