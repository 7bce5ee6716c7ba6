package referral

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions on referrals. Offers, referrals and feedback go out from a file;
// what arrives is a share.
const (
	ActOffer       policy.Action = "referral.offer"
	ActSend        policy.Action = "referral.send"
	ActWithdraw    policy.Action = "referral.withdraw"
	ActFeedback    policy.Action = "referral.feedback"
	ActAcknowledge policy.Action = "referral.acknowledge" // in the ledger, beside the share's own entry
	ActAccept      policy.Action = "referral.accept"
	ActDecline     policy.Action = "referral.decline"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "referral", Schema: shapes, Rules: rules} }
