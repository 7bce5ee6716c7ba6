package repeats

import "time"

// Rule is a published rule of what a repeat is. Both versions are in use: an
// agency, and a MARAC, says which it goes by, and since when.
type Rule string

// The rules (domain.md, section 4.3).
const (
	AnyAbuse Rule = "any_abuse" // the current one
	Crime    Rule = "crime"     // the older one
)

// Rules lists them, the current one first.
func Rules() []Rule { return []Rule{AnyAbuse, Crime} }

// Label is the rule in words for people.
func (r Rule) Label() string {
	switch r {
	case AnyAbuse:
		return "Current version: any further abuse"
	case Crime:
		return "Older version: what would be a crime if it were reported"
	}
	return string(r)
}

// Counts says what counts as a repeat.
func (r Rule) Counts() string {
	switch r {
	case AnyAbuse:
		return "Any further abuse between the same people within 12 months of the last referral. It need not be a crime, violent or threatening. Any agency that is told of it can identify it."
	case Crime:
		return "Behaviour between the same people, within 12 months of the last referral, that would be a crime if it were reported, whether or not it was. It goes back to MARAC whatever the local threshold. Later than that it is a new referral."
	}
	return ""
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
