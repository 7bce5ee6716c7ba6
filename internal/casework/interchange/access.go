package interchange

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions of interchange.
const (
	ActDeliver   policy.Action = "interchange.deliver"   // a program brings a message
	ActFollow    policy.Action = "interchange.follow"    // a program asks where referrals stand
	ActOversee   policy.Action = "interchange.oversee"   // the outbox and the endpoints of an agency
	ActConfigure policy.Action = "interchange.configure" // its endpoints
	ActCarry     policy.Action = "interchange.carry"     // the deployment itself takes messages out
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "interchange", Schema: shapes, Rules: rules} }

func exchange(agency string) policy.Resource {
	return policy.Resource{Type: "Exchange", ID: agency, Attrs: policy.Attrs{"agency": agency}}
}

// Mapping tells lists where the attributes of a referral lie between two teams; s
// is the share that it travels in.
func Mapping() policy.Mapping {
	return policy.Mapping{
		Type: "Between", ID: "s.id",
		Columns: map[string]string{"from": "s.agency_id", "from_team": "s.sender_team", "to": "s.to_agency", "to_team": "s.to_team"},
	}
}

// Between is a referral between two teams, as rules know it.
func Between(from, fromTeam, to, toTeam string) policy.Resource {
	return policy.Resource{Type: "Between", ID: from + "/" + to, Attrs: policy.Attrs{"from": from, "from_team": fromTeam, "to": to, "to_team": toTeam}}
}
