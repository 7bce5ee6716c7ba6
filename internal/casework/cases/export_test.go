package cases

import (
	"context"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// ResourceOf is what the rules know of a stored file, as opening reads it.
func ResourceOf(ctx context.Context, tx *store.Tx, id ID) (policy.Resource, error) {
	row, err := casesdb.New(tx).FileByID(ctx, string(id))
	if err != nil {
		return policy.Resource{}, err
	}
	facts, err := readFacts(ctx, tx, row)
	return resource(row, facts), err
}
