package keyring

import (
	"context"
	_ "embed"
	"errors"
	"regexp"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// The actions of this package.
const (
	ActRenew         policy.Action = "keyring.renew"
	ActRenewAgency   policy.Action = "keyring.renew_agency"
	ActDestroyAgency policy.Action = "keyring.destroy_agency"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "keyring", Schema: shapes, Rules: rules} }

// Keyring works on the keys of one deployment.
type Keyring struct {
	db    *store.DB
	guard *audit.Guard
}

// New makes a keyring.
func New(db *store.DB, guard *audit.Guard) *Keyring { return &Keyring{db: db, guard: guard} }

var ring = policy.Resource{Type: "Keyring", ID: "1"}

func ofAgency(id string) audit.Subject { return audit.Subject{Kind: "agency", ID: id} }

// Renew wraps whatever lies under an older key of the deployment under the
// newest, and returns how much that was.
func (k *Keyring) Renew(ctx context.Context, actor policy.Actor) (int, error) {
	if _, err := k.guard.Open(ctx, actor, ActRenew, ring, "", true); err != nil {
		return 0, err
	}
	return k.db.Rewrap(ctx)
}

// RenewAgency makes a new version of the data key of an agency. It returns
// [store.ErrDestroyed] for an agency without a key.
func (k *Keyring) RenewAgency(ctx context.Context, actor policy.Actor, agency string) error {
	return k.change(ctx, actor, ActRenewAgency, agency, "", k.db.Vault().RotateKey)
}

// ErrReason is returned when the reason of a destruction is missing or is not a
// code.
var ErrReason = errors.New("the reason is a code of small letters, digits, points, slashes and hyphens, such as retention/2026-041; the ledger keeps no names")

var reasonCode = regexp.MustCompile(`^[a-z0-9][a-z0-9./-]{2,63}$`)

// DestroyAgency destroys the data key of an agency. The reason is a code that
// says where the decision is written down. It returns [store.ErrDestroyed] when
// there is no key any more.
func (k *Keyring) DestroyAgency(ctx context.Context, actor policy.Actor, agency, reason string) error {
	if !reasonCode.MatchString(reason) {
		return ErrReason
	}
	return k.change(ctx, actor, ActDestroyAgency, agency, reason, func(ctx context.Context, tx *store.Tx, agency string) error {
		var there bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM agency_key WHERE agency_id = $1)`, agency).Scan(&there); err != nil {
			return err
		}
		if !there {
			return store.ErrDestroyed
		}
		return k.db.Vault().DestroyKey(ctx, tx, agency)
	})
}

func (k *Keyring) change(ctx context.Context, actor policy.Actor, act policy.Action, agency, reason string, fn func(context.Context, *store.Tx, string) error) error {
	permit, err := k.guard.Act(ctx, actor, act, ring, true, ofAgency(agency))
	if err != nil {
		return err
	}
	return k.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := fn(ctx, tx, agency); err != nil {
			return err
		}
		return permit.Append(tx, act, reason, ofAgency(agency))
	})
}
