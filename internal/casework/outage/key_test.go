package outage

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A key is read however it was written down, and nothing else is one.
func TestAKeyIsReadAsPeopleWriteItDown(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		k := NewKey()
		text := k.Groups()
		if rapid.Bool().Draw(r, "small letters") {
			text = strings.ToLower(text)
		}
		text = strings.ReplaceAll(text, "-", rapid.SampledFrom([]string{"-", " ", "", " - "}).Draw(r, "between"))
		text = strings.ReplaceAll(text, "0", rapid.SampledFrom([]string{"0", "O", "o"}).Draw(r, "nought"))
		text = strings.ReplaceAll(text, "1", rapid.SampledFrom([]string{"1", "I", "l"}).Draw(r, "one"))
		got, err := ParseKey(text)
		if err != nil || got != k {
			r.Fatalf("%q is not read", text)
		}
	})
	for _, text := range []string{"", "abcd", strings.Repeat("A", 19), strings.Repeat("A", 21), strings.Repeat("U", 20), strings.Repeat("é", 10)} {
		if _, err := ParseKey(text); !errors.Is(err, ErrKey) {
			t.Errorf("%q passes for a key", text)
		}
	}
	if k := NewKey(); strings.Contains(fmt.Sprintf("%v %s", k, k), k.Groups()[:4]) {
		t.Error("a key stands in what is printed of it")
	}
}
