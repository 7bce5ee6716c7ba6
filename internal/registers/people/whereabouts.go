package people

import (
	"regexp"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
)

// The actions on whereabouts. ActWhereabouts is declared by the package that
// knows who works with whom.
const (
	ActWhereabouts policy.Action = "compartment.whereabouts"
	ActHome        policy.Action = "person.home"
)

// Whereabouts is the proof that the actor may read how and where somebody can
// be reached: only [Unlock] makes one, and the zero value reads nothing.
type Whereabouts struct{ permit audit.Permit }

// Unlock judges whether whoever holds the permit may read whereabouts and code
// words on a record. Where they may not, the answer holds nothing to be read
// with and nothing was refused: pages leave that part out.
func Unlock(guard *audit.Guard, permit audit.Permit, r policy.Resource) (Whereabouts, bool) {
	if !permit.Valid() || !guard.Rules().Decide(permit.Actor(), ActWhereabouts, r).Allowed {
		return Whereabouts{}, false
	}
	return Whereabouts{permit: permit}, true
}

// postcode is what a postcode looks like, wherever it stands and however it is
// written.
var postcode = regexp.MustCompile(`(?i)\b[a-z]{1,2}[0-9][a-z0-9]?\s*[0-9][a-z]{2}\b`)

// TellsPlace tells whether something like a postcode stands in a text, for what
// leaves Waymark without addresses.
func TellsPlace(text string) bool { return postcode.MatchString(text) }
