package rights

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActAccess   policy.Action = "rights.access"  // preparing a copy
	ActRelease  policy.Action = "rights.release" // giving it
	ActHold     policy.Action = "rights.hold"
	ActLift     policy.Action = "rights.lift"
	ActCorrect  policy.Action = "rights.correct"
	ActErase    policy.Action = "rights.erase"
	ActReview   policy.Action = "rights.review" // before a destruction
	ActDestroy  policy.Action = "rights.destroy"
	ActSchedule policy.Action = "rights.schedule"
	ActRegister policy.Action = "rights.register" // schedules, what is due, certificates
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "rights", Schema: shapes, Rules: rules} }

// prepared is something that a second person has to look at.
func prepared(agency, id string, by []string) policy.Resource {
	return policy.Resource{Type: "Prepared", ID: id, Attrs: policy.Attrs{"agency": agency, "by": by}}
}

func caseload(actor policy.Actor) policy.Resource {
	return policy.Resource{Type: "Caseload", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}
}
