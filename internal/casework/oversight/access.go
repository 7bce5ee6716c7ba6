package oversight

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions.
const (
	ActLook      policy.Action = "oversight.look"
	ActConfigure policy.Action = "oversight.configure"
	ActTrail     policy.Action = "oversight.trail"
	ActWorker    policy.Action = "oversight.worker"
	ActSettle    policy.Action = "oversight.settle"
	ActReport    policy.Action = "oversight.report"
	ActPrint     policy.Action = "oversight.print" // in the ledger, judged as a report
	ActFound     policy.Action = "oversight.found" // in the ledger, by the watch
)

// Watcher is who finds, in the ledger: nobody did anything.
const Watcher = "oversight"

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "oversight", Schema: shapes, Rules: rules} }

func whole(actor policy.Actor) policy.Resource {
	return policy.Resource{Type: "Oversight", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}
}

func hangs(table, agency, file, value, more string) string {
	return "EXISTS (SELECT 1 FROM " + table + " x WHERE x.agency_id = " + agency + " AND x.file_id = " + file + " AND x." + value + " = $1" + more + ")"
}

// TrailMapping tells lists where the attributes of a trail lie; f is the file
// table.
func TrailMapping() policy.Mapping {
	return policy.Mapping{
		Type: "Trail", ID: "f.id",
		Columns: map[string]string{"agency": "f.agency_id", "lead": "f.lead_id"},
		Sets: map[string]string{
			"workers": hangs("involvement", "f.agency_id", "f.id", "account_id", ""),
			"tied":    hangs("conflict_of_interest", "f.agency_id", "f.id", "account_id", " AND x.lifted_at IS NULL"),
			"across": "EXISTS (SELECT 1 FROM couple o JOIN involvement x ON x.agency_id = o.agency_id AND x.file_id = o.other_file " +
				"WHERE o.agency_id = f.agency_id AND o.file_id = f.id AND x.account_id = $1)",
		},
	}
}

// FindingMapping tells lists where the attributes of a finding lie; n is the
// finding table.
func FindingMapping() policy.Mapping {
	return policy.Mapping{
		Type: "Finding", ID: "n.id",
		Columns: map[string]string{"agency": "n.agency_id", "account": "n.account_id"},
		Sets: map[string]string{
			"tied": "EXISTS (SELECT 1 FROM finding_file y JOIN conflict_of_interest x ON x.agency_id = y.agency_id AND x.file_id = y.file_id " +
				"WHERE y.agency_id = n.agency_id AND y.finding_id = n.id AND x.account_id = $1 AND x.lifted_at IS NULL)",
		},
	}
}
