package risk

import "time"

// RepeatRule is a published rule of what a repeat is. Both versions are in use:
// an agency says which it goes by, and since when.
type RepeatRule string

// The rules (domain.md, section 4.3).
const (
	AnyAbuse RepeatRule = "any_abuse" // the current one
	Crime    RepeatRule = "crime"     // the older one
)

// RepeatRules lists them, the current one first.
func RepeatRules() []RepeatRule { return []RepeatRule{AnyAbuse, Crime} }

// Label is the rule in words for people.
func (r RepeatRule) Label() string {
	switch r {
	case AnyAbuse:
		return "Current version: any further abuse"
	case Crime:
		return "Older version: what would be a crime if it were reported"
	}
	return string(r)
}

// Counts says what counts as a repeat.
func (r RepeatRule) Counts() string {
	switch r {
	case AnyAbuse:
		return "Any further abuse between the same people within 12 months of the last referral. It need not be a crime, violent or threatening. Any agency that is told of it can identify it."
	case Crime:
		return "Behaviour between the same people, within 12 months of the last referral, that would be a crime if it were reported, whether or not it was. It goes back to MARAC whatever the local threshold. Later than that it is a new referral."
	}
	return ""
}

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
	within, known := WithinTwelveMonths(f.LastReferral, f.RepeatOn)
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

// WithinTwelveMonths tells whether a day lies within twelve months of the last
// referral, the same day of the next year included. After 29 February the
// twelve months end on 28 February. It is not known unless both are days.
func WithinTwelveMonths(lastReferral, on string) (within, known bool) {
	from, err := time.Parse(time.DateOnly, lastReferral)
	if err != nil {
		return false, false
	}
	day, err := time.Parse(time.DateOnly, on)
	if err != nil {
		return false, false
	}
	last := from.AddDate(1, 0, 0)
	if last.Day() != from.Day() { // there is no 29 February
		last = last.AddDate(0, 0, -1)
	}
	return !day.Before(from) && !day.After(last), true
}
