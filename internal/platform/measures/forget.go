package measures

import (
	"context"

	"waymark/internal/platform/measures/measuresdb"
	"waymark/internal/platform/store"
)

// Forget cuts the facts of a file off from the file, its people and the
// records behind them, and tells how many there are. The counts of the years
// they belong to stay as they were: facts of the same person, file and record
// stay together under new names that mean nothing anywhere else.
func (r *Registry) Forget(ctx context.Context, tx *store.Tx, agency, file string) (int64, error) {
	if file == "" {
		return 0, nil
	}
	q := measuresdb.New(tx)
	sources, err := q.FactsOfFile(ctx, measuresdb.FactsOfFileParams{AgencyID: agency, FileID: file})
	if err != nil {
		return 0, err
	}
	for _, s := range sources {
		id, err := tx.NewID()
		if err != nil {
			return 0, err
		}
		if err := q.RenameSource(ctx, measuresdb.RenameSourceParams{AgencyID: agency, FileID: file, SourceKind: s.SourceKind, SourceID: s.SourceID, NewID: id}); err != nil {
			return 0, err
		}
	}
	people, err := q.PeopleOfFacts(ctx, measuresdb.PeopleOfFactsParams{AgencyID: agency, FileID: file})
	if err != nil {
		return 0, err
	}
	for _, p := range people {
		if p == "" {
			continue
		}
		id, err := tx.NewID()
		if err != nil {
			return 0, err
		}
		if err := q.RenamePerson(ctx, measuresdb.RenamePersonParams{AgencyID: agency, FileID: file, PersonID: p, NewID: id}); err != nil {
			return 0, err
		}
	}
	id, err := tx.NewID()
	if err != nil {
		return 0, err
	}
	return q.RenameFile(ctx, measuresdb.RenameFileParams{AgencyID: agency, FileID: file, NewID: id})
}
