package outage

import (
	"crypto/rand"
	"errors"
	"strings"
)

// alphabet is that of Crockford's base 32: no letter in it is taken for a
// digit, and none spells a word. https://www.crockford.com/base32.html
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// keyLength is how many characters a key has, five bits each: 100 bits.
const keyLength = 20

// Key opens a pack.
type Key string

// ErrKey is returned for characters that are no key.
var ErrKey = errors.New("a key has twenty letters and digits")

// NewKey draws a key.
func NewKey() Key {
	drawn := make([]byte, keyLength)
	_, _ = rand.Read(drawn) // never fails
	for i, b := range drawn {
		drawn[i] = alphabet[b%32]
	}
	return Key(drawn)
}

// ParseKey reads a key as people write it down: in either case, with hyphens or
// spaces, and with an O for a nought, an I or L for a one.
func ParseKey(text string) (Key, error) {
	text = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(text))
	if len(text) != keyLength || strings.Trim(text, alphabet) != "" {
		return "", ErrKey
	}
	return Key(text), nil
}

// Groups is the key as it is written down.
func (k Key) Groups() string {
	var out []string
	for rest := string(k); rest != ""; rest = rest[min(4, len(rest)):] {
		out = append(out, rest[:min(4, len(rest))])
	}
	return strings.Join(out, "-")
}

// String keeps it out of logs.
func (Key) String() string { return "[redacted]" }
