package backup

import (
	"context"
	_ "embed"
	"io"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// The actions of this package.
const (
	ActBackup  policy.Action = "deployment.backup"
	ActRestore policy.Action = "deployment.restore"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "backup", Schema: shapes, Rules: rules} }

func deployment(name string) (policy.Resource, audit.Subject) {
	return policy.Resource{Type: "Deployment", ID: name}, audit.Subject{Kind: "deployment", ID: name}
}

// Take is [Write] for an actor who may: that everything was copied stands in
// the ledger, and so in the backup itself.
func Take(ctx context.Context, guard *audit.Guard, actor policy.Actor, db *store.DB, key store.Key, name string, w io.Writer) (Summary, error) {
	resource, subject := deployment(name)
	if _, err := guard.Open(ctx, actor, ActBackup, resource, "backup", true, subject); err != nil {
		return Summary{}, err
	}
	return Write(ctx, db, key, name, w)
}

// Note records in a database that was just filled that it was, and by whom.
func Note(ctx context.Context, guard *audit.Guard, actor policy.Actor, db *store.DB, name string) error {
	resource, subject := deployment(name)
	permit, err := guard.Act(ctx, actor, ActRestore, resource, true, subject)
	if err != nil {
		return err
	}
	return db.Write(ctx, func(_ context.Context, tx *store.Tx) error { return permit.Append(tx, ActRestore, "", subject) })
}
