package circumstances

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"waymark/internal/casework/cases"
	"waymark/internal/registers/directory"
)

// Apart is where the words of something are kept apart.
type Apart string

// Where they are.
const (
	Open        Apart = ""            // with the case
	Entitlement Apart = "entitlement" // in the compartment for immigration and entitlement
	Close       Apart = "close"       // with those who work on the case by name, and managers
)

// compartment is the compartment that it lies in, if it lies in one.
func (a Apart) compartment() cases.Compartment {
	if a == Entitlement {
		return cases.Entitlement
	}
	return ""
}

// Kind is a kind of circumstance, with what to ask about it.
type Kind struct {
	Code     string   `json:"code"`
	Label    string   `json:"label"`
	Ask      []string `json:"ask"`
	Apart    Apart    `json:"apart"`
	Pointers []string `json:"pointers"`
}

// Pointer is where specialist advice is to be had.
type Pointer struct {
	Code    string             `json:"code"`
	Title   string             `json:"title"`
	Text    []string           `json:"text"`
	Sources []string           `json:"sources"` // obligations, by number
	Sectors []directory.Sector `json:"sectors"` // of the services that may know
	Domains []string           `json:"domains"` // of needs that bring it
	Apart   Apart              `json:"apart"`
}

// Guide is the circumstances and the pointers that can be recorded.
type Guide struct {
	Kinds    []Kind    `json:"circumstances"`
	Pointers []Pointer `json:"pointers"`
}

// ParseGuide reads them.
func ParseGuide(data []byte) (Guide, error) {
	var g Guide
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&g); err != nil {
		return Guide{}, fmt.Errorf("the circumstances: %w", err)
	}
	known := []Apart{Open, Entitlement, Close}
	seen := map[string]bool{}
	for _, p := range g.Pointers {
		if p.Code == "" || p.Title == "" || len(p.Text) == 0 || len(p.Sources) == 0 || seen[p.Code] || !slices.Contains(known, p.Apart) {
			return Guide{}, fmt.Errorf("the pointer %q is not whole", p.Code)
		}
		for _, s := range p.Sectors {
			if !slices.Contains(directory.Sectors(), s) {
				return Guide{}, fmt.Errorf("the pointer %q names the sector %q", p.Code, s)
			}
		}
		seen[p.Code] = true
	}
	kinds := map[string]bool{}
	for _, k := range g.Kinds {
		if k.Code == "" || k.Label == "" || len(k.Ask) == 0 || kinds[k.Code] || !slices.Contains(known, k.Apart) {
			return Guide{}, fmt.Errorf("the circumstance %q is not whole", k.Code)
		}
		for _, p := range k.Pointers {
			if !seen[p] {
				return Guide{}, fmt.Errorf("the circumstance %q names the pointer %q, and there is none", k.Code, p)
			}
		}
		kinds[k.Code] = true
	}
	if len(g.Kinds) == 0 {
		return Guide{}, errors.New("the circumstances: there is none")
	}
	return g, nil
}

// Kind is the kind with a code.
func (g Guide) Kind(code string) (Kind, bool) {
	i := slices.IndexFunc(g.Kinds, func(k Kind) bool { return k.Code == code })
	if i < 0 {
		return Kind{}, false
	}
	return g.Kinds[i], true
}

// Pointer is the pointer with a code.
func (g Guide) Pointer(code string) (Pointer, bool) {
	i := slices.IndexFunc(g.Pointers, func(p Pointer) bool { return p.Code == code })
	if i < 0 {
		return Pointer{}, false
	}
	return g.Pointers[i], true
}

// ForNeeds are the pointers that needs in these parts of life bring (B9.16).
func (g Guide) ForNeeds(domains []string) []Pointer {
	var out []Pointer
	for _, p := range g.Pointers {
		if slices.ContainsFunc(p.Domains, func(d string) bool { return slices.Contains(domains, d) }) {
			out = append(out, p)
		}
	}
	return out
}
