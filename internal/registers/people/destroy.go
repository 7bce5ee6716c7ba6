package people

import (
	"context"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people/peopledb"
)

// ActDestroy is in the ledger when what was known of a person was destroyed.
const ActDestroy policy.Action = "person.destroyed"

// Destroy removes everything that is known of a person of the agency: who they
// are, where and how they are reached, the marks, and the words and keys by which
// they were found. An empty row stays, which
// the packets that other agencies hold of their own point at.
func (s *Store) Destroy(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID) error {
	q := peopledb.New(tx)
	for _, do := range []func() (int64, error){
		func() (int64, error) {
			return q.DeleteHome(ctx, peopledb.DeleteHomeParams{AgencyID: agency, PersonID: string(id)})
		},
		func() (int64, error) {
			return q.DeletePlaces(ctx, peopledb.DeletePlacesParams{AgencyID: agency, PersonID: string(id)})
		},
		func() (int64, error) {
			return q.DeleteAllMarks(ctx, peopledb.DeleteAllMarksParams{AgencyID: agency, PersonID: string(id)})
		},
		func() (int64, error) {
			return q.DeleteWords(ctx, peopledb.DeleteWordsParams{AgencyID: agency, PersonID: string(id)})
		},
		func() (int64, error) {
			return q.DeleteContacts(ctx, peopledb.DeleteContactsParams{AgencyID: agency, PersonID: string(id)})
		},
		func() (int64, error) {
			return q.DeleteContactNote(ctx, peopledb.DeleteContactNoteParams{AgencyID: agency, PersonID: string(id)})
		},
		func() (int64, error) {
			return q.BlankPerson(ctx, peopledb.BlankPersonParams{AgencyID: agency, ID: string(id), Nothing: []byte{}})
		},
	} {
		if _, err := do(); err != nil {
			return err
		}
	}
	return permit.Append(tx, ActDestroy, "", id.Subject())
}
