package cases

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions on files.
const (
	ActBegin     policy.Action = "case.begin"
	ActOpen      policy.Action = "case.open"
	ActWork      policy.Action = "case.work"
	ActHandOver  policy.Action = "case.hand_over"
	ActList      policy.Action = "case.list"
	ActDesk      policy.Action = "desk.use"
	ActSupervise policy.Action = "case.supervise"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "cases", Schema: shapes, Rules: rules} }

// Mapping tells lists where the attributes of a file lie; f is the file table.
func Mapping() policy.Mapping {
	return policy.Mapping{
		Type: "File",
		ID:   "f.id",
		Columns: map[string]string{
			"agency": "f.agency_id", "team": "f.team_id", "lead": "f.lead_id", "restricted": "f.restricted",
		},
		Sets: map[string]string{
			"workers": "EXISTS (SELECT 1 FROM involvement i WHERE i.agency_id = f.agency_id AND i.file_id = f.id AND i.account_id = $1)",
		},
	}
}
