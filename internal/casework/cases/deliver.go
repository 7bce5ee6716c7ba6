package cases

import (
	"context"
	"fmt"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// ActDeliver is the action of [Deliver] in the ledger.
const ActDeliver policy.Action = "case.deliver"

// Address is a file of another agency, as a share names it.
type Address struct {
	Agency string
	File   ID
}

// Deliver writes what came back into the chronology of a file, whosever it is:
// that a share was acknowledged, what was decided, that there is feedback. It
// is the only write that crosses the boundary of an agency. The entry names
// the acting agency as its source. A task may come with it; one for nobody in
// particular goes to whoever holds the file. Nothing of the file is given
// back.
func Deliver(ctx context.Context, tx *store.Tx, permit audit.Permit, to Address, e Event, task *NewTask) error {
	actor := permit.Actor()
	switch {
	case !permit.Valid():
		return audit.ErrNoPermit
	case !e.Kind.Known():
		return fmt.Errorf("%q is not in the vocabulary of the chronology", e.Kind)
	case len(e.Text) > eventTextMax:
		return fmt.Errorf("an entry of %d bytes is too long", len(e.Text))
	}
	var lead string
	err := tx.QueryRowContext(ctx, `UPDATE file SET touched_at = $3 WHERE agency_id = $1 AND id = $2 RETURNING lead_id`,
		to.Agency, string(to.File), tx.Now()).Scan(&lead)
	if err != nil {
		return fmt.Errorf("delivering to a file: %w", err)
	}
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	if e.On == "" {
		e.On = tx.Now().Format(time.DateOnly)
	}
	e.ID, e.RecordedBy, e.Source = EventID(id), actor.Account, actor.Agency
	if err := insertEntry(ctx, tx, to.Agency, string(to.File), e); err != nil {
		return err
	}
	if task != nil {
		if err := deliverTask(ctx, tx, casesdb.New(tx), to, *task, actor.Account, lead); err != nil {
			return err
		}
	}
	return permit.Append(tx, ActDeliver, string(e.Kind), to.File.Subject())
}

func deliverTask(ctx context.Context, tx *store.Tx, q *casesdb.Queries, to Address, n NewTask, by, lead string) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	if n.Team == "" && n.Account == "" {
		n.Account = lead
	}
	if n.Due == "" {
		n.Due = tx.Now().Format(time.DateOnly)
	}
	return q.InsertTask(ctx, casesdb.InsertTaskParams{
		AgencyID: to.Agency, ID: id, FileID: string(to.File), Kind: string(n.Kind), DueOn: n.Due,
		TeamID: n.Team, AccountID: n.Account, CreatedAt: tx.Now(), CreatedBy: by,
	})
}
