package training

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/registers/directory"
)

// Level is a training level. Levels are in order: a higher one includes what the
// lower ones allow.
type Level int

// The levels.
const (
	Unrecorded Level = iota // none that counts
	Hears                   // 1, universal
	Asks                    // 2, universal
	Assesses                // 3, specialist
	Advises                 // 4, specialist
)

// Levels lists the levels that can be recorded.
func Levels() []Level { return []Level{Hears, Asks, Assesses, Advises} }

// Label is the level in words for people.
func (l Level) Label() string {
	switch l {
	case Unrecorded:
		return "No training level recorded"
	case Hears:
		return "Level 1: hears a disclosure well and says where help is"
	case Asks:
		return "Level 2: asks, judges immediate safety and offers a referral"
	case Assesses:
		return "Level 3: assesses risk, plans safety and stays in touch"
	case Advises:
		return "Level 4: gives expert advice and support"
	default:
		return "Level " + strconv.Itoa(int(l))
	}
}

// Topic is what a training was in that gives no level.
type Topic = string

// Sharing is training in how to advise on safe sharing: whoever is named as a key
// contact has it (B6.29). The guideline gives it no level and no length.
const Sharing Topic = directory.OfSharing

// ParseLevel reads a level that can be recorded.
func ParseLevel(text string) (Level, error) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if l := Level(n); err == nil && slices.Contains(Levels(), l) {
		return l, nil
	}
	known := make([]string, len(Levels()))
	for i, l := range Levels() {
		known[i] = strconv.Itoa(int(l))
	}
	return Unrecorded, fmt.Errorf("%q is not a training level; the levels are %s", text, strings.Join(known, ", "))
}
