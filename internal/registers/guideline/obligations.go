package guideline

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
)

// Obligation is one testable duty of the guidance, in Waymark's own words. Its id never changes.
type Obligation struct {
	ID             string
	Place          string // the number of a box, "glossary" or "responsibility"
	Recommendation int    // zero where none states it
	Force          Force
	Actor          string // who is bound
	Text           string
	Support        string // what software can do for it
	Class          Class
}

// Box is the number of the box it belongs to, zero for the glossary and the notes on
// responsibility.
func (o Obligation) Box() int {
	n, err := strconv.Atoi(o.Place)
	if err != nil {
		return 0
	}
	return n
}

// Class says how an obligation can be shown to be met. It never says that it has been.
type Class string

// The classes. An attestation is never shown as if it were evidence.
const (
	Enforced Class = "ENF"
	Recorded Class = "REC"
	Attested Class = "ATT"
)

// Classes lists every class, the strictest first.
func Classes() []Class { return []Class{Enforced, Recorded, Attested} }

// Label is the class in words for people.
func (c Class) Label() string {
	switch c {
	case Enforced:
		return "enforced by the software"
	case Recorded:
		return "counted from records"
	case Attested:
		return "attested by a named person"
	}
	return string(c)
}

// Force is how strongly the source puts an obligation.
type Force string

// The strengths, in the source's words.
const (
	Must       Force = "must"
	Should     Force = "should"
	ShouldNot  Force = "should not"
	ThinkAbout Force = "think about"
	Explore    Force = "explore"
	Could      Force = "could"
	May        Force = "may"
	Refer      Force = "refer"
	Defines    Force = "defines"
)

// Forces lists every strength, the strongest first.
func Forces() []Force {
	return []Force{Must, Should, ShouldNot, ThinkAbout, Explore, Could, May, Refer, Defines}
}

// Label is the strength in words for people.
func (f Force) Label() string {
	switch f {
	case Must:
		return "Must"
	case Should:
		return "Should"
	case ShouldNot:
		return "Should not"
	case ThinkAbout:
		return "Think about"
	case Explore:
		return "Explore"
	case Could:
		return "Could"
	case May:
		return "May"
	case Refer:
		return "See other guidance"
	case Defines:
		return "Says what a word means"
	}
	return string(f)
}

// The places of obligations that belong to no box.
const (
	PlaceGlossary       = "glossary"
	PlaceResponsibility = "responsibility"
)

var (
	obligationHead = []string{"id", "box", "recommendation", "force", "actor", "obligation", "software_support", "class"}
	obligationID   = regexp.MustCompile(`^(B[0-9]{1,2}\.[0-9]{1,2}[a-z]?|[GR][0-9]{1,2})$`)
)

// readObligations reads the table. Every fault is reported, each with its line.
func readObligations(data []byte) ([]Obligation, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = len(obligationHead)
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("the table of obligations: %w", err)
	}
	if !slices.Equal(head, obligationHead) {
		return nil, fmt.Errorf("the table of obligations has the columns %q, not %q", head, obligationHead)
	}
	var out []Obligation
	var faults []error
	seen := map[string]bool{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, errors.Join(faults...)
		}
		if err != nil {
			return nil, fmt.Errorf("the table of obligations: %w", err)
		}
		o, err := obligation(row)
		if err == nil && seen[o.ID] {
			err = errors.New("the id is there twice")
		}
		if err != nil {
			line, _ := r.FieldPos(0)
			faults = append(faults, fmt.Errorf("the table of obligations, line %d (%s): %w", line, row[0], err))
			continue
		}
		seen[o.ID] = true
		out = append(out, o)
	}
}

func obligation(row []string) (Obligation, error) {
	o := Obligation{
		ID: row[0], Place: row[1], Force: Force(row[3]), Actor: row[4], Text: row[5], Support: row[6], Class: Class(row[7]),
	}
	if n := row[2]; n != "" && n != "-" {
		var err error
		if o.Recommendation, err = strconv.Atoi(n); err != nil || o.Recommendation < 1 {
			return o, fmt.Errorf("%q is not the number of a recommendation", n)
		}
	}
	switch {
	case !obligationID.MatchString(o.ID):
		return o, errors.New("this is not the form of an id")
	case o.Box() < 1 && o.Place != PlaceGlossary && o.Place != PlaceResponsibility:
		return o, fmt.Errorf("%q is not a box, nor %q or %q", o.Place, PlaceGlossary, PlaceResponsibility)
	case !slices.Contains(Forces(), o.Force):
		return o, fmt.Errorf("%q is not a strength", o.Force)
	case !slices.Contains(Classes(), o.Class):
		return o, fmt.Errorf("%q is not a class", o.Class)
	case o.Actor == "" || o.Text == "":
		return o, errors.New("it does not say who is bound, or to what")
	}
	return o, nil
}
