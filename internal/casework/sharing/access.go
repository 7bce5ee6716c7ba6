package sharing

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions on shares.
const (
	ActSend        policy.Action = "share.send"
	ActReceive     policy.Action = "share.receive"
	ActList        policy.Action = "share.list"
	ActAcknowledge policy.Action = "share.acknowledge"
	ActSettle      policy.Action = "share.settle"
	ActWithdraw    policy.Action = "share.withdraw"
	ActTakeIn      policy.Action = "share.take_in"
	ActPrint       policy.Action = "share.print"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "sharing", Schema: shapes, Rules: rules} }

// Mapping tells lists where the attributes of a share lie; s is the share
// table. Whether a share is open depends on the time: every list of this
// package leaves closed ones out itself, so that in a list they are open. The box
// of what was withdrawn lists, by the same rule, that something was: its rows are
// the envelope, and nobody opens them.
func Mapping() policy.Mapping {
	return policy.Mapping{
		Type: "Share",
		ID:   "s.id",
		Columns: map[string]string{
			"from": "s.agency_id", "sender": "s.sender_account", "to": "s.to_agency",
			"team": "s.to_team", "account": "s.to_account", "open": "true",
		},
		Sets: map[string]string{
			"tied": "EXISTS (SELECT 1 FROM share_mark m JOIN worker_mark k ON k.agency_id = m.agency_id AND k.mark = m.mark " +
				"JOIN worker_tie t ON t.agency_id = k.agency_id AND t.id = k.tie_id " +
				"WHERE m.agency_id = s.to_agency AND m.share_id = s.id AND t.account_id = $1 AND t.withdrawn_at IS NULL)",
		},
	}
}
