package sharing

import (
	"context"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

var _ directory.Holder = (*Service)(nil)

// Held tells how many shares wait for an account by name, and how many that it
// sent nobody has acknowledged, for whoever ends its work at the agency.
func (s *Service) Held(ctx context.Context, tx *store.Tx, permit audit.Permit, agency, account string) ([]directory.Held, error) {
	if !permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	to, from := directory.Held{What: "Shares sent to them that nobody has acknowledged"}, directory.Held{What: "Shares they sent that nobody has acknowledged"}
	err := tx.QueryRowContext(ctx, `SELECT
  (SELECT COUNT(*) FROM share WHERE to_agency = $1 AND to_account = $2 AND acknowledged_at IS NULL AND withdrawn_at IS NULL AND expires_at > $3),
  (SELECT COUNT(*) FROM share WHERE agency_id = $1 AND sender_account = $2 AND acknowledged_at IS NULL AND withdrawn_at IS NULL AND expires_at > $3)`,
		agency, account, tx.Now()).Scan(&to.Number, &from.Number)
	if err != nil {
		return nil, err
	}
	return []directory.Held{to, from}, nil
}
