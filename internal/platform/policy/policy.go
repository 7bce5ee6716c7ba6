package policy

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// Kind tells what sort of actor acts.
type Kind string

// The kinds of actor. Only a Human can acknowledge a share (B6.31).
const (
	Human    Kind = "human"
	Service  Kind = "service"  // another program, with an account of its own
	Operator Kind = "operator" // the command line
)

// Role is what an account does at its agency; one account can have several.
type Role string

// The roles of design.md, "Who uses it".
const (
	Practitioner  Role = "practitioner"
	Specialist    Role = "specialist"
	Manager       Role = "manager"
	KeyContact    Role = "key_contact"
	Commissioner  Role = "commissioner"
	Administrator Role = "administrator"
)

// Roles lists every role, in the order in which they are offered.
func Roles() []Role {
	return []Role{Practitioner, Specialist, Manager, KeyContact, Commissioner, Administrator}
}

// Label is the role in words for people.
func (r Role) Label() string {
	switch r {
	case Practitioner:
		return "Frontline practitioner"
	case Specialist:
		return "Specialist"
	case Manager:
		return "Service manager"
	case KeyContact:
		return "Information-sharing key contact"
	case Commissioner:
		return "Commissioner or partnership lead"
	case Administrator:
		return "Administrator"
	default:
		return string(r)
	}
}

// ParseRole reads a role as it is stored.
func ParseRole(s string) (Role, error) {
	if r := Role(s); slices.Contains(Roles(), r) {
		return r, nil
	}
	var known []string
	for _, r := range Roles() {
		known = append(known, string(r))
	}
	return "", fmt.Errorf("%q is not a role; the roles are %s", s, strings.Join(known, ", "))
}

// Actor is who acts. It is made once a request and never changed.
type Actor struct {
	Account string
	Kind    Kind
	Name    string // for pages; never in the ledger
	Agency  string
	Place   string // the agency and teams in words, for pages; no rule sees it
	Teams   []string
	Roles   []Role
	Level   int // training level on the day, 0 to 4
	// Only are the actions that the token of a program is for: it can do nothing
	// else. Of no account for other kinds of actor.
	Only []Action
}

// Has tells whether the actor has a role.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// IsZero tells whether nobody is signed in.
func (a Actor) IsZero() bool { return a.Account == "" }

// LogValue implements [slog.LogValuer]: an actor is logged by account only.
func (a Actor) LogValue() slog.Value { return slog.StringValue(a.Account) }

// Action names what is done: the capability, a dot, the verb.
type Action string

// Resource is what an action is done to.
type Resource struct {
	Type  string
	ID    string
	Attrs Attrs
}

// Attrs are the attributes that rules may speak of. Values are string, bool,
// int, int64 or []string.
type Attrs map[string]any

// Decision is what the rules say, and why. The zero Decision is a refusal.
type Decision struct {
	Allowed bool
	// Rules holds the ids of the rules that decided: the permits of an allowed
	// act, the forbids of a forbidden one, none when nothing permits it.
	Rules []string
}

// Reason is the decision in one line for the ledger.
func (d Decision) Reason() string {
	if len(d.Rules) == 0 {
		return "no rule permits it"
	}
	return strings.Join(d.Rules, " ")
}

// Denied is the error of a refused act. It says nothing about the record: to
// most people, what is not allowed looks like what is not there.
type Denied struct {
	Action   Action
	Decision Decision
	// Known is set where the actor may know that the record exists, or where
	// there is no record: then the answer may say that permission is missing.
	Known bool
}

func (d *Denied) Error() string {
	return fmt.Sprintf("%s refused: %s", d.Action, d.Decision.Reason())
}

// IsDenied tells whether err is a refusal, and returns it.
func IsDenied(err error) (*Denied, bool) {
	var d *Denied
	ok := errors.As(err, &d)
	return d, ok
}
