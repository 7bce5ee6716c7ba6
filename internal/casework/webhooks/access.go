package webhooks

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions of webhooks.
const (
	ActSubscribe policy.Action = "webhook.subscribe" // a program looks after its own
	ActOversee   policy.Action = "webhook.oversee"   // an administrator looks after those of the agency
	ActCarry     policy.Action = "webhook.carry"     // the deployment itself tells
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "webhooks", Schema: shapes, Rules: rules} }

func resource(agency, account string) policy.Resource {
	return policy.Resource{Type: "Webhook", ID: agency + "/" + account, Attrs: policy.Attrs{"agency": agency, "account": account}}
}

// action is under which rule somebody looks after webhooks.
func action(actor policy.Actor) policy.Action {
	if actor.Kind == policy.Service {
		return ActSubscribe
	}
	return ActOversee
}
