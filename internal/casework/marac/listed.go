package marac

import (
	"context"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
)

// OfMeetingTx are the cases on the list of a meeting of a MARAC, in their order. The
// permit is of whoever was let see them.
func (s *Service) OfMeetingTx(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, meeting MeetingID) ([]Case, error) {
	if !permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	return casesOf(ctx, tx, agency, meeting)
}
