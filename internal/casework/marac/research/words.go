package research

import (
	"slices"

	"waymark/internal/registers/agreements"
)

// Known is what an agency answers about a case, or about one of its people.
type Known string

// The answers. The zero value is that nobody has answered.
const (
	IsKnown Known = "known"
	Nothing Known = "nothing"
	Cannot  Known = "cannot"
)

// Answers lists them in the order in which they are offered.
func Answers() []Known { return []Known{IsKnown, Nothing, Cannot} }

// Label is the answer in words for people.
func (k Known) Label() string {
	switch k {
	case IsKnown:
		return "Known to us"
	case Nothing:
		return "Nothing known"
	case Cannot:
		return "Cannot say"
	}
	return "Not answered"
}

// guardedKinds are the kinds of information that tell where somebody is, how they
// can be reached, what keeps them safe, or that they told something: whoever
// works with people who harm is never shown them.
func guardedKinds() []agreements.Kind {
	return []agreements.Kind{agreements.SafeContact, agreements.Address, agreements.OwnAccount, agreements.Safety, agreements.Whereabouts, agreements.Wishes}
}

// beside tells whether something may be shown to an agency that works with people
// who harm. What is of no known kind is not; nor is where anybody is, but for
// what is said of whoever harms.
func (i Item) beside() bool {
	if len(i.Kinds) == 0 {
		return false
	}
	for _, k := range i.Kinds {
		if k == agreements.Whereabouts && i.About == agreements.Perpetrating {
			continue
		}
		if slices.Contains(guardedKinds(), k) {
			return false
		}
	}
	return true
}

// Verdict is what a key contact says of what left against an agreement.
type Verdict string

// The verdicts.
const (
	Stands   Verdict = "stands"
	NotAgain Verdict = "not_again"
)

// Verdicts lists them in the order in which they are offered.
func Verdicts() []Verdict { return []Verdict{Stands, NotAgain} }

// Label is the verdict in words for people.
func (v Verdict) Label() string {
	switch v {
	case Stands:
		return "It was right to send it"
	case NotAgain:
		return "It should not have left"
	}
	return "Not looked at yet"
}
