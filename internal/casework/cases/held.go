package cases

import (
	"context"
	"fmt"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

var _ directory.Holder = (*Service)(nil)

// heldMost bounds how many files are called by their number.
const heldMost = 200

// Held tells which open files an account holds and how many tasks wait in its
// inbox, for whoever ends its work at the agency. Files are called by number,
// and nobody by name.
func (s *Service) Held(ctx context.Context, tx *store.Tx, permit audit.Permit, agency, account string) (out []directory.Held, err error) {
	if !permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	files, tasks := directory.Held{What: "Open cases"}, directory.Held{What: "Open tasks"}
	err = tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM file WHERE agency_id = $1 AND lead_id = $2 AND closed_at IS NULL),
  (SELECT COUNT(*) FROM task WHERE agency_id = $1 AND account_id = $2 AND done_at IS NULL)`, agency, account).Scan(&files.Number, &tasks.Number)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT number FROM file WHERE agency_id = $1 AND lead_id = $2 AND closed_at IS NULL ORDER BY number LIMIT $3`, agency, account, heldMost)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var number int64
		if err := rows.Scan(&number); err != nil {
			return nil, err
		}
		files.Of = append(files.Of, fmt.Sprintf("Case %d", number))
	}
	return []directory.Held{files, tasks}, rows.Err()
}
