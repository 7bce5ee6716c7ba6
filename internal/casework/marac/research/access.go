package research

import (
	_ "embed"
	"time"

	"waymark/internal/casework/marac"
	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActList    policy.Action = "research.list"    // the lines, which name nobody
	ActLook    policy.Action = "research.look"    // the names, and what the agency's own files say
	ActAnswer  policy.Action = "research.answer"  // writing down what was found
	ActHand    policy.Action = "research.hand"    // handing a line to a colleague
	ActRelease policy.Action = "research.release" // sending it to the meeting

	ActAsk   policy.Action = "research.ask"
	ActBoard policy.Action = "research.board" // who has answered; it names nobody
	ActChase policy.Action = "research.chase"
	ActRead  policy.Action = "research.read"
	ActPrint policy.Action = "research.print"

	ActReview policy.Action = "research.review"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "research", Schema: shapes, Rules: rules} }

const (
	tiedSQL = "EXISTS (SELECT 1 FROM marac_ask_mark k JOIN worker_mark w ON w.agency_id = k.agency_id AND w.mark = k.mark " +
		"JOIN worker_tie t ON t.agency_id = w.agency_id AND t.id = w.tie_id " +
		"WHERE k.agency_id = a.agency_id AND k.ask_id = a.id AND t.withdrawn_at IS NULL AND t.account_id = "
	// onList is true of a line whose case is on the list of its meeting: what is
	// taken off it, or moved to another one, is asked no more.
	onList = "EXISTS (SELECT 1 FROM marac_case c WHERE c.agency_id = a.marac_id AND c.id = a.case_id AND c.meeting_id = a.meeting_id AND c.state IN ('listed', 'heard'))"
)

// sitting is the SQL of those who sit for the agency of a line on a day.
func sitting(day string) string {
	return "m.agency_id = a.marac_id AND m.of_agency = a.agency_id AND m.accepted_at IS NOT NULL AND m.capacity IN ('representative', 'deputy', 'idva') " +
		"AND m.since_on <= '" + day + "' AND (m.until_on = '' OR m.until_on >= '" + day + "')"
}

// Mapping tells lists where the attributes of a line lie; a is its table. Lists
// leave out themselves what is not open.
func Mapping(at time.Time) policy.Mapping {
	who := sitting(at.Format(time.DateOnly))
	return policy.Mapping{
		Type: "MaracAsk", ID: "a.id", At: at,
		Columns: map[string]string{
			"agency": "a.agency_id", "holder": "a.holder", "open": "true",
			"alone": "NOT EXISTS (SELECT 1 FROM marac_member m WHERE " + who + " AND NOT " + tiedSQL + "m.account_id))",
		},
		Sets: map[string]string{
			"sits": "EXISTS (SELECT 1 FROM marac_member m WHERE " + who + " AND m.account_id = $1)",
			"tied": tiedSQL + "$1)",
		},
	}
}

// of is research for a MARAC, as the rules see it.
func of(agency string) policy.Resource {
	return policy.Resource{Type: "MaracResearch", ID: agency, Attrs: policy.Attrs{"agency": agency, "seated": []string{}}}
}

// seated is research for a MARAC, as the rules see it for somebody whose seat is open.
func seated(seat *marac.Seat) policy.Resource {
	r := of(seat.Agency())
	r.Attrs["seated"] = []string{seat.Actor().Account}
	return r
}
