package directory

import (
	"context"
	"slices"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory/directorydb"
)

// Identity is how a member signs in with a provider of identities.
type Identity struct {
	Account   string
	Name      string
	Email     string // there
	VouchedAt time.Time
	Used      bool // they have signed in so
}

// Identities are those of the members of the actor's agency, by name.
func (r *Register) Identities(ctx context.Context, actor policy.Actor) ([]Identity, error) {
	agency := AgencyID(actor.Agency)
	if _, err := r.guard.Open(ctx, actor, ActListIdentities, agencyResource(agency), "", true, subjects(ofAgency(agency))...); err != nil {
		return nil, err
	}
	return r.identities(ctx, agency)
}

func (r *Register) identities(ctx context.Context, agency AgencyID) ([]Identity, error) {
	var out []Identity
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := directorydb.New(tx).Identities(ctx, string(agency))
		for _, row := range rows {
			out = append(out, Identity{Account: row.AccountID, Name: row.Name, Email: row.Email, VouchedAt: row.VouchedAt, Used: row.Used})
		}
		return err
	})
	return out, err
}

// Identity is that of one member. It returns [store.ErrNotFound] when nobody
// vouched for them.
func (r *Register) Identity(ctx context.Context, actor policy.Actor, account string) (Identity, error) {
	agency, err := r.workplace(ctx, account)
	if err != nil {
		return Identity{}, err
	}
	if _, err := r.guard.Open(ctx, actor, ActForget, memberResource(agency, account), "", false, subjects(ofAccount(account))...); err != nil {
		return Identity{}, err
	}
	list, err := r.identities(ctx, agency)
	if err != nil {
		return Identity{}, err
	}
	n := slices.IndexFunc(list, func(i Identity) bool { return i.Account == account })
	if n < 0 {
		return Identity{}, store.ErrNotFound
	}
	return list[n], nil
}

// ForgetIdentity takes a member's sign-in with a provider back. What they have
// open through it ends at once. It returns [store.ErrNotFound] when nobody
// vouched for them.
func (r *Register) ForgetIdentity(ctx context.Context, actor policy.Actor, account string) error {
	return r.withAccount(ctx, actor, ActForget, account, "withdrawn", func(ctx context.Context, tx *store.Tx, permit audit.Permit, _ string) error {
		return r.accounts.ForgetIdentity(ctx, tx, permit, account)
	})
}
