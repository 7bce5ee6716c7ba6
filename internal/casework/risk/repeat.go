package risk

import "waymark/internal/casework/repeats"

// RepeatRule is a published rule of what a repeat is. Both versions are in use:
// an agency says which it goes by, and since when.
type RepeatRule repeats.Rule

// The rules (domain.md, section 4.3).
const (
	AnyAbuse = RepeatRule(repeats.AnyAbuse) // the current one
	Crime    = RepeatRule(repeats.Crime)    // the older one
)

// RepeatRules lists them, the current one first.
func RepeatRules() []RepeatRule { return []RepeatRule{AnyAbuse, Crime} }

// Label is the rule in words for people.
func (r RepeatRule) Label() string { return repeats.Rule(r).Label() }

// Counts says what counts as a repeat.
func (r RepeatRule) Counts() string { return repeats.Rule(r).Counts() }

// Judge says whether a repeat is one under the rule, and what was looked at. A
// day that is not recorded is not held against it.
func (r RepeatRule) Judge(f Finding) (Answer, string) {
	if r == "" || f.Repeat != Yes { // recorded before there were rules to go by
		return f.Repeat, ""
	}
	if r == Crime && f.RepeatCrime != Yes {
		if f.RepeatCrime == No {
			return No, "Under the older version it is no repeat: it would not be a crime if it were reported."
		}
		return Unknown, "Under the older version it is a repeat if it would be a crime if it were reported, and that is not known."
	}
	within, known := repeats.WithinTwelveMonths(f.LastReferral, f.RepeatOn)
	switch {
	case !known:
		return Yes, "The 12 months were not checked: a day is not recorded."
	case f.RepeatOn < f.LastReferral:
		return No, "It was before the last referral."
	case !within:
		return No, "It was more than 12 months after the last referral: it would be a new referral, and that is open to you."
	}
	return Yes, "Within 12 months of the last referral."
}
