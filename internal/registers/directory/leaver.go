package directory

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory/directorydb"
)

const dayForm = "2006-01-02"

// untilFaults notes a last day that is none, or is over.
func untilFaults(wrong Invalid, until string, now time.Time) {
	if until == "" {
		return
	}
	day, err := time.Parse(dayForm, until)
	switch {
	case err != nil:
		wrong.Note("until", "Enter the last day like 2027-01-31")
	case !now.Before(day.AddDate(0, 0, 1)):
		wrong.Note("until", "Enter a last day that is not over")
	}
}

// endOf is when a last day is over.
func endOf(until string) sql.NullTime {
	day, err := time.Parse(dayForm, until)
	if err != nil {
		return sql.NullTime{}
	}
	return nullTime(day.AddDate(0, 0, 1))
}

// dayOf is the last day of what ends at a time.
func dayOf(end sql.NullTime) string {
	if !end.Valid {
		return ""
	}
	return end.Time.AddDate(0, 0, -1).Format(dayForm)
}

// ChangeUntil gives a membership a last day, or with an empty one no end. From
// the day after, the account may do nothing at the agency.
func (r *Register) ChangeUntil(ctx context.Context, actor policy.Actor, account string, version int64, until string) error {
	agency, permit, err := r.mayChange(ctx, actor, ActEndMembership, account)
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		wrong := Invalid{}
		if untilFaults(wrong, until, tx.Now()); len(wrong) > 0 {
			return wrong
		}
		err := store.Changed(directorydb.New(tx).ChangeUntil(ctx, directorydb.ChangeUntilParams{
			AgencyID: string(agency), AccountID: account, Until: endOf(until), Version: version,
		}))
		if err != nil {
			return err
		}
		return permit.Append(tx, ActEndMembership, "last day "+until, memberSubjects(agency, account, nil)...)
	})
}

// reasonMax bounds a reason: it stands in the ledger, for good.
const reasonMax = 200

// cleanReason is a reason as it is kept. It must name nobody.
func cleanReason(text string) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	switch {
	case text == "":
		return "", Invalid{"reason": "Enter the reason. It is recorded for good: name nobody in it"}
	case len([]rune(text)) > reasonMax:
		return "", Invalid{"reason": fmt.Sprintf("Enter a reason of %d characters or fewer", reasonMax)}
	}
	return text, nil
}

// Suspend keeps a member out at once, with a reason: their sessions, links and
// tokens end. The membership stays.
func (r *Register) Suspend(ctx context.Context, actor policy.Actor, account, reason string) error {
	return r.withAccount(ctx, actor, ActSuspend, account, reason, func(ctx context.Context, tx *store.Tx, permit audit.Permit, reason string) error {
		return r.accounts.Disable(ctx, tx, permit, account, reason)
	})
}

// Restore lets a suspended member in again.
func (r *Register) Restore(ctx context.Context, actor policy.Actor, account string) error {
	return r.withAccount(ctx, actor, ActSuspend, account, "restored", func(ctx context.Context, tx *store.Tx, permit audit.Permit, _ string) error {
		return r.accounts.Enable(ctx, tx, permit, account)
	})
}

// ResetSecondFactor takes away the second factor that a member has lost, and
// the password with it, with a reason. It returns the token of a one-time link,
// to be given by hand to somebody whom one knows.
func (r *Register) ResetSecondFactor(ctx context.Context, actor policy.Actor, account, reason string) (string, error) {
	var token string
	err := r.withAccount(ctx, actor, ActResetFactor, account, reason, func(ctx context.Context, tx *store.Tx, permit audit.Permit, reason string) (err error) {
		token, err = r.accounts.ResetSecondFactor(ctx, tx, permit, account, reason)
		return err
	})
	return token, err
}

// Vouch lets a member sign in with a provider, as whoever proves to be an
// address there. Its faults are those of the field email.
func (r *Register) Vouch(ctx context.Context, actor policy.Actor, account, issuer, email string) error {
	err := r.withAccount(ctx, actor, ActVouch, account, "vouched", func(ctx context.Context, tx *store.Tx, permit audit.Permit, _ string) error {
		return r.accounts.Vouch(ctx, tx, permit, account, issuer, email)
	})
	switch {
	case errors.Is(err, auth.ErrIdentity):
		return Invalid{"email": sentence(auth.ErrIdentity)}
	case errors.Is(err, store.ErrExists):
		return Invalid{"email": "Somebody else signs in with this address"}
	}
	return err
}

// withAccount judges a change of a member's account and makes it.
func (r *Register) withAccount(ctx context.Context, actor policy.Actor, action policy.Action, account, reason string,
	change func(context.Context, *store.Tx, audit.Permit, string) error,
) error {
	_, permit, err := r.mayChange(ctx, actor, action, account)
	if err != nil {
		return err
	}
	if reason, err = cleanReason(reason); err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return change(ctx, tx, permit, reason) })
}

// NewToken is what is needed to let a program in. Its faults are those of the
// fields name, actions and until.
type NewToken struct {
	Account string // the program's
	Name    string // what it is for
	Actions []policy.Action
	Until   string // its last day
	// Client makes it the secret of a client, with which it gets tokens that last
	// minutes (OAuth 2, client credentials).
	Client bool
}

// Given is what an administrator puts into a program. The secret is shown once:
// only its hash is kept.
type Given struct {
	ID     string // of a client
	Secret string
}

// everything is a program that works at an agency in every role, with a token
// for everything: what it cannot
// do, no program can.
func (r *Register) everything(agency AgencyID) policy.Actor {
	return policy.Actor{Account: "program", Kind: policy.Service, Agency: string(agency), Roles: policy.Roles(), Level: 4, Only: r.guard.Rules().Actions()}
}

// ProgramActions are the actions that a program at an agency can be let do. To
// acknowledge is for a human being alone (B6.31), and so is not among them.
func (r *Register) ProgramActions(agency AgencyID) []policy.Action {
	var out []policy.Action
	program := r.everything(agency)
	for _, a := range program.Only {
		if r.guard.Rules().Possible(program, a).Allowed {
			out = append(out, a)
		}
	}
	return out
}

// GiveToken gives a program of the agency a token for the actions named and no
// others. It is returned once: only its hash is kept.
func (r *Register) GiveToken(ctx context.Context, actor policy.Actor, n NewToken) (string, error) {
	n.Client = false
	given, err := r.give(ctx, actor, n)
	return given.Secret, err
}

// GiveClient gives a program of the agency a client and its secret, for the
// actions named and no others.
func (r *Register) GiveClient(ctx context.Context, actor policy.Actor, n NewToken) (Given, error) {
	n.Client = true
	return r.give(ctx, actor, n)
}

func (r *Register) give(ctx context.Context, actor policy.Actor, n NewToken) (Given, error) {
	agency, permit, err := r.mayChange(ctx, actor, ActGiveToken, n.Account)
	if err != nil {
		return Given{}, err
	}
	var given Given
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		wrong := Invalid{}
		name, fault := cleanName(n.Name, "program's use")
		wrong.Note("name", fault)
		if n.Until == "" {
			wrong.Note("until", "Enter the last day of the token, like 2027-01-31")
		}
		untilFaults(wrong, n.Until, tx.Now())
		can := r.ProgramActions(agency)
		if len(n.Actions) == 0 {
			wrong.Note("actions", "Select at least one action")
		}
		for _, a := range n.Actions {
			if !slices.Contains(can, a) {
				wrong.Note("actions", "Select actions that a program can be let do")
			}
		}
		if kind, err := directorydb.New(tx).AccountKind(ctx, n.Account); err != nil {
			return missing(err)
		} else if kind != string(policy.Service) {
			wrong.Note("account", "Only a program has a token; people sign in")
		}
		if err := wrong.OrNil(); err != nil {
			return err
		}
		var err error
		given.ID, given.Secret, err = r.accounts.GiveToken(ctx, tx, permit, auth.NewServiceToken{
			Account: n.Account, Agency: string(agency), Name: name, Actions: n.Actions, Ends: endOf(n.Until).Time, Client: n.Client,
		})
		return err
	})
	if err != nil {
		return Given{}, err
	}
	return given, nil
}

// RevokeToken takes a token back.
func (r *Register) RevokeToken(ctx context.Context, actor policy.Actor, account, id string) error {
	return r.withAccount(ctx, actor, ActGiveToken, account, "revoked", func(ctx context.Context, tx *store.Tx, permit audit.Permit, _ string) error {
		return r.accounts.RevokeToken(ctx, tx, permit, account, id)
	})
}

// Tokens lists the tokens of a program of the agency.
func (r *Register) Tokens(ctx context.Context, actor policy.Actor, account string) ([]auth.ServiceToken, error) {
	_, permit, err := r.mayChange(ctx, actor, ActGiveToken, account)
	if err != nil {
		return nil, err
	}
	return r.accounts.Tokens(ctx, permit, account)
}

// Held is one kind of work that a member has in hand and somebody else must
// take over.
type Held struct {
	What   string // "Open cases", for people
	Number int
	Of     []string // what they are called, without anybody's name
}

// Holder is a capability in which people have work in hand.
type Holder interface {
	// Held tells what an account has in hand at an agency, under the permit to
	// end its membership. It names nobody.
	Held(ctx context.Context, tx *store.Tx, permit audit.Permit, agency, account string) ([]Held, error)
}

// AskWhenLeaving has the directory ask holders what a leaver has in hand. It is
// called before the first request.
func (r *Register) AskWhenLeaving(holders ...Holder) { r.holders = append(r.holders, holders...) }

// ToHandOver lists what must be handed over when a member leaves, for those who
// may end the membership. What is not there any more is left out.
func (r *Register) ToHandOver(ctx context.Context, actor policy.Actor, account string) ([]Held, error) {
	agency, permit, err := r.mayChange(ctx, actor, ActEndMembership, account)
	if err != nil {
		return nil, err
	}
	var out []Held
	err = r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, h := range r.holders {
			held, err := h.Held(ctx, tx, permit, string(agency), account)
			if err != nil {
				return err
			}
			for _, kind := range held {
				if kind.Number > 0 {
					out = append(out, kind)
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, permit.Show(ctx, ofAccount(account))
}
