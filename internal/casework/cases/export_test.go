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

// CaseloadQuery is the statement of a caseload.
func (s *Service) CaseloadQuery(ctx context.Context, actor policy.Actor, which Which, after *Row) (string, []any, error) {
	m := Mapping(store.Moment(s.db.Clock()()))
	m.Agency = actor.Agency
	pieces, _, err := s.guard.ListPieces(ctx, actor, ActList, m)
	if err != nil {
		return "", nil, err
	}
	query, args := caseloadQuery(actor, pieces, which, after, 50)
	return query, args, nil
}

// FindQuery is the statement of a search.
func (s *Service) FindQuery(ctx context.Context, tx *store.Tx, actor policy.Actor, what Sought) (string, []any, error) {
	m := Mapping(tx.Now())
	scope, permit, err := s.guard.List(ctx, actor, ActFind, m, "")
	if err != nil {
		return "", nil, err
	}
	return s.findQuery(ctx, tx, permit, scope, m, what, nil, 25)
}
