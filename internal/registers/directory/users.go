package directory

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Trained is a training level as it was entered, or training in a topic that gives
// none. Dates are calendar days, YYYY-MM-DD; one without ExpiresOn does not lapse.
type Trained struct {
	Level      int
	Topic      string // sharing, where there is no level
	AchievedOn string
	ExpiresOn  string
	Source     string // what shows it: a certificate, say
}

// OfSharing is the topic of training in how to advise on safe sharing.
const OfSharing = "sharing"

// Training keeps the level that a new member brings along.
type Training interface {
	// CheckLevel tells what is wrong with it, by the fields level, achieved_on,
	// expires_on and source.
	CheckLevel(tx *store.Tx, t Trained) Invalid
	// RecordTx keeps it and records that, under the permit.
	RecordTx(ctx context.Context, tx *store.Tx, permit audit.Permit, agency AgencyID, account string, t Trained) error
	// Advise tells which of some accounts are trained to advise on safe sharing.
	Advise(ctx context.Context, tx *store.Tx, accounts []string, on time.Time) (map[string]bool, error)
}

// NewUser is what is needed for somebody, or a program, to begin work. Its
// faults are those of the fields username, name, kind, roles and teams, and of
// the training level.
type NewUser struct {
	Agency   AgencyID
	Username string
	Name     string
	Kind     policy.Kind // Human when empty, or Service
	Roles    []policy.Role
	Teams    []TeamID
	Training *Trained // nil when none is known
	Until    string   // the last day, YYYY-MM-DD; empty for no end
}

// LogValue implements [slog.LogValuer].
func (NewUser) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String keeps names out of messages.
func (NewUser) String() string { return "[redacted]" }

// Added is a new user.
type Added struct {
	Account auth.Account
	Token   string // for the one-time link with which they set a password
}

// LogValue implements [slog.LogValuer]: the token opens the account.
func (a Added) LogValue() slog.Value { return slog.StringValue(a.Account.ID) }

// String keeps the token out of messages.
func (Added) String() string { return "[redacted]" }

// AddUser makes an account, its membership with teams, its training level and
// its invitation, all or nothing. It returns [Invalid], and
// [store.ErrNotFound] when there is no such agency.
func (r *Register) AddUser(ctx context.Context, actor policy.Actor, n NewUser) (Added, error) {
	permit, err := r.guard.Act(ctx, actor, ActAddMember, agencyResource(n.Agency), true, subjects(ofAgency(n.Agency))...)
	if err != nil {
		return Added{}, err
	}
	if n.Kind == "" {
		n.Kind = policy.Human
	}
	var added Added
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if _, err := AgencyIn(ctx, tx, n.Agency); err != nil {
			return err
		}
		if err := r.checkUser(ctx, tx, permit.Actor(), n); err != nil {
			return err
		}
		added.Account, err = r.addAccount(ctx, tx, permit, auth.NewAccount{Username: n.Username, Name: n.Name, Kind: n.Kind})
		if err != nil {
			return err
		}
		id := added.Account.ID
		if err := insertMember(ctx, tx, permit, NewMember{Agency: n.Agency, Account: id, Roles: n.Roles, Teams: n.Teams, Until: n.Until}); err != nil {
			return err
		}
		if n.Training != nil {
			if err := r.training.RecordTx(ctx, tx, permit, n.Agency, id, *n.Training); err != nil {
				return err
			}
		}
		added.Token, err = r.accounts.Invite(ctx, tx, permit, id)
		return err
	})
	if err != nil {
		return Added{}, err
	}
	return added, nil
}

// checkUser tells everything that is wrong at once.
func (r *Register) checkUser(ctx context.Context, tx *store.Tx, actor policy.Actor, n NewUser) error {
	wrong := Invalid{}
	personFaults(wrong, n.Username, n.Name)
	if n.Kind != policy.Human && n.Kind != policy.Service {
		// An operator stands above the agencies and is not made here.
		wrong.Note("kind", fmt.Sprintf("Choose %s for a person or %s for a program", policy.Human, policy.Service))
	}
	roleFaults(wrong, n.Roles)
	// Who sets a deployment up names people before anything is on record of them.
	if actor.Kind == policy.Human && slices.Contains(n.Roles, policy.KeyContact) && (n.Training == nil || n.Training.Topic == "") {
		wrong.Note("roles", untrained)
	}
	untilFaults(wrong, n.Until, tx.Now())
	if err := teamFaults(ctx, tx, wrong, n.Agency, n.Teams); err != nil {
		return err
	}
	if n.Training != nil {
		for field, message := range r.training.CheckLevel(tx, *n.Training) {
			wrong.Note(field, message)
		}
	}
	return wrong.OrNil()
}

// addAccount makes an account and gives what auth finds wrong to its field.
func (r *Register) addAccount(ctx context.Context, tx *store.Tx, permit audit.Permit, n auth.NewAccount) (auth.Account, error) {
	account, err := r.accounts.Create(ctx, tx, permit, n)
	switch {
	case errors.Is(err, store.ErrExists):
		return auth.Account{}, Invalid{"username": "This user name is taken. Enter a different one"}
	case errors.Is(err, auth.ErrUsername):
		return auth.Account{}, Invalid{"username": sentence(auth.ErrUsername)}
	case errors.Is(err, auth.ErrName):
		return auth.Account{}, Invalid{"name": sentence(auth.ErrName)}
	}
	return account, err
}

// SetUp is what the first administrator enters. Its faults are those of the
// fields agency_code, agency_name, sector, username, name and password.
type SetUp struct {
	AgencyCode string
	AgencyName string
	Sector     Sector
	Username   string
	Name       string
	Password   string
}

// LogValue implements [slog.LogValuer].
func (SetUp) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String keeps the password out of messages.
func (SetUp) String() string { return "[redacted]" }

// firstLink is who sets a deployment up. Nobody has an account yet: the link,
// which the operator had printed, is all there is to know them by.
var firstLink = policy.Actor{Account: "first-administrator-link", Kind: policy.Operator}

// SetUpFirst uses up the link of the first administrator: it makes the first
// agency and an account with its password and the administrator's role, all or
// nothing. The token is the proof that the act is allowed. It returns
// [auth.ErrInvitation] for a link that is not such a link or does not work any
// more, and [Invalid], after which the link still works.
func (r *Register) SetUpFirst(ctx context.Context, token string, s SetUp) (auth.Account, error) {
	invited, err := r.accounts.Invitation(ctx, token)
	if err != nil {
		return auth.Account{}, err
	}
	if !invited.First {
		return auth.Account{}, auth.ErrInvitation
	}
	permit, err := r.guard.Act(ctx, firstLink, ActSetUp, agencyResource(""), true)
	if err != nil {
		return auth.Account{}, err
	}
	agency, err := s.check()
	if err != nil {
		return auth.Account{}, err
	}
	var account auth.Account
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		used, err := r.accounts.UseInvitation(ctx, tx, token)
		if err != nil {
			return err
		}
		if !used.First {
			return auth.ErrInvitation
		}
		a, err := r.addAgency(ctx, tx, permit, agency)
		if err != nil {
			return asSetUp(err)
		}
		account, err = r.addAccount(ctx, tx, permit, auth.NewAccount{Username: s.Username, Name: s.Name, Kind: policy.Human})
		if err != nil {
			return err
		}
		if err := r.accounts.SetPassword(ctx, tx, permit, account.ID, s.Password); err != nil {
			return passwordFault(err)
		}
		n := NewMember{Agency: a.ID, Account: account.ID, Roles: []policy.Role{policy.Administrator}}
		if err := insertMember(ctx, tx, permit, n); err != nil {
			return err
		}
		return permit.Append(tx, ActSetUp, "", ofAgency(a.ID), ofAccount(account.ID))
	})
	if err != nil {
		return auth.Account{}, err
	}
	return account, nil
}

// check tells what is wrong as far as it can be seen without the database.
func (s SetUp) check() (NewAgency, error) {
	agency, faults := NewAgency{Code: s.AgencyCode, Name: s.AgencyName, Sector: s.Sector}.clean()
	wrong := Invalid{}
	for field, message := range faults {
		wrong[setUpField(field)] = message
	}
	personFaults(wrong, s.Username, s.Name)
	// auth has the last word on passwords; this tells the usual faults together
	// with the others.
	switch {
	case utf8.RuneCountInString(s.Password) < auth.PasswordMin:
		wrong.Note("password", sentence(auth.ErrPasswordShort))
	case len(s.Password) > auth.PasswordMax:
		wrong.Note("password", sentence(auth.ErrPasswordLong))
	case strings.EqualFold(strings.TrimSpace(s.Password), strings.TrimSpace(s.Username)):
		wrong.Note("password", sentence(auth.ErrPasswordName))
	}
	return agency, wrong.OrNil()
}

// setUpField tells the agency's fields from the person's.
func setUpField(field string) string {
	if field == "code" || field == "name" {
		return "agency_" + field
	}
	return field
}

func asSetUp(err error) error {
	faults, is := IsInvalid(err)
	if !is {
		return err
	}
	wrong := Invalid{}
	for field, message := range faults {
		wrong[setUpField(field)] = message
	}
	return wrong
}

func passwordFault(err error) error {
	for _, fault := range []error{auth.ErrPasswordShort, auth.ErrPasswordLong, auth.ErrPasswordName} {
		if errors.Is(err, fault) {
			return Invalid{"password": sentence(fault)}
		}
	}
	return err
}

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: true} }
