package cases

import (
	_ "embed"
	"time"

	"waymark/internal/platform/policy"
)

// The actions on files.
const (
	ActBegin     policy.Action = "case.begin"
	ActOpen      policy.Action = "case.open"
	ActWork      policy.Action = "case.work"
	ActHandOver  policy.Action = "case.hand_over"
	ActList      policy.Action = "case.list"
	ActFind      policy.Action = "case.find"
	ActDesk      policy.Action = "desk.use"
	ActSupervise policy.Action = "case.supervise"

	ActKnow      policy.Action = "case.know" // that a file is restricted, and whom to ask
	ActRestrict  policy.Action = "case.restrict"
	ActLift      policy.Action = "case.lift"
	ActGrant     policy.Action = "case.grant"
	ActEmergency policy.Action = "case.emergency"

	ActDeclare       policy.Action = "conflict.declare"
	ActConflictFound policy.Action = "conflict.found" // in the ledger, by whatever led to it
	ActAsk           policy.Action = "access.ask"
	ActReview        policy.Action = "access.review"
	ActConfigure     policy.Action = "access.configure"
	ActSupportUse    policy.Action = "support.use"
	ActSupportRead   policy.Action = "support.read"
	ActSupportAnswer policy.Action = "support.answer"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "cases", Schema: shapes, Rules: rules} }

// of is the SQL of a set that hangs at a file.
func of(table, value, more string) string {
	return "EXISTS (SELECT 1 FROM " + table + " x WHERE x.agency_id = f.agency_id AND x.file_id = f.id AND x." + value + " = $1" + more + ")"
}

// Mapping tells lists where the attributes of a file lie at a moment; f is the
// file table.
func Mapping(at time.Time) policy.Mapping {
	m := policy.Mapping{
		Type: "File",
		ID:   "f.id",
		At:   at,
		Columns: map[string]string{
			"agency": "f.agency_id", "team": "f.team_id", "lead": "f.lead_id", "restricted": "f.restricted", "side": "f.side",
			"colleague": "EXISTS (SELECT 1 FROM conflict_of_interest x WHERE x.agency_id = f.agency_id AND x.file_id = f.id AND x.lifted_at IS NULL AND x.basis = 'self')",
		},
		Lists: map[string]string{
			"workers":   "SELECT DISTINCT x.file_id AS id FROM involvement x WHERE x.agency_id = " + policy.Within + " AND x.account_id = $1",
			"emergency": "SELECT DISTINCT x.file_id AS id FROM emergency_access x WHERE x.agency_id = " + policy.Within + " AND x.account_id = $1 AND x.expires_at > " + policy.Moment,
		},
		Sets: map[string]string{
			"workers":           of("involvement", "account_id", ""),
			"tied":              of("conflict_of_interest", "account_id", " AND x.lifted_at IS NULL"),
			"emergency":         of("emergency_access", "account_id", " AND x.expires_at > "+policy.Moment),
			"emergency_contact": of("emergency_access", "account_id", " AND x.reach AND x.expires_at > "+policy.Moment),
			// SQLite keeps to the order of a CROSS JOIN: from the other file it
			// would rather begin at all files of the team, for every row.
			"across": "EXISTS (SELECT 1 FROM couple o CROSS JOIN involvement x " +
				"WHERE o.agency_id = f.agency_id AND o.file_id = f.id AND x.agency_id = o.agency_id AND x.file_id = o.other_file AND x.account_id = $1)",
			"across_teams": "EXISTS (SELECT 1 FROM couple o CROSS JOIN file x " +
				"WHERE o.agency_id = f.agency_id AND o.file_id = f.id AND x.agency_id = o.agency_id AND x.id = o.other_file AND x.team_id = $1 AND x.team_id <> '')",
		},
	}
	for _, c := range Compartments() {
		m.Sets[string(c)+"_named"] = of("compartment_grant", "account_id", " AND x.compartment = '"+string(c)+"' AND x.ended_at IS NULL")
		m.Sets[string(c)+"_roles"] = "EXISTS (SELECT 1 FROM compartment_role x WHERE x.compartment = '" + string(c) + "' AND x.role = $1 AND (x.agency_id = f.agency_id OR " +
			"(x.agency_id = '' AND NOT EXISTS (SELECT 1 FROM compartment_role own WHERE own.agency_id = f.agency_id))))"
	}
	return m
}

// NoticeMapping tells lists where the attributes of a notice lie; n is the
// notice table.
func NoticeMapping() policy.Mapping {
	return policy.Mapping{
		Type:    "Notice",
		ID:      "n.id",
		Columns: map[string]string{"agency": "n.agency_id", "account": "n.account_id"},
		Sets: map[string]string{
			"tied": "EXISTS (SELECT 1 FROM conflict_of_interest x WHERE x.agency_id = n.agency_id AND x.file_id = n.file_id AND x.account_id = $1 AND x.lifted_at IS NULL)",
		},
	}
}
