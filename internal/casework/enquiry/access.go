package enquiry

import (
	_ "embed"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
)

// The actions on enquiries. Reading one is part of having opened the file.
const (
	ActRecord  policy.Action = "enquiry.record"
	ActCorrect policy.Action = "enquiry.correct"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "enquiry", Schema: shapes, Rules: rules} }

// Subject is the enquiry in a ledger entry.
func (id ID) Subject() audit.Subject { return audit.Subject{Kind: "enquiry", ID: string(id)} }
