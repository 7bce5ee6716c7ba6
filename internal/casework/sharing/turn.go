package sharing

import (
	"context"
	"slices"
	"time"

	"waymark/internal/platform/store"
)

// Filled is t with what is not set as it is by default.
func (t Times) Filled() Times { return t.or(DefaultTimes()) }

// Moments are when a team is reminded of what came at a time, a manager is asked,
// and the key contact.
func (t Times) Moments(came time.Time, urgent bool) (remind, manager, contact time.Time) {
	return t.moments(came, urgent)
}

// Staff are the managers and key contacts of an agency.
func Staff(ctx context.Context, tx *store.Tx, agency string) ([]Responsible, error) {
	return responsible(ctx, tx, agency)
}

// Escalated tells who is asked where a team does not see to something: its
// managers, or the key contacts once their time has come. It passes over
// everybody who is tied to the person it is about.
func Escalated(team string, contact bool, staff []Responsible, tied []string) Turn {
	var own, managers, contacts []string
	for _, r := range staff {
		if slices.Contains(tied, r.Account) {
			continue
		}
		if r.Manager {
			managers = append(managers, r.Account)
			if team != "" && slices.Contains(r.Teams, team) {
				own = append(own, r.Account)
			}
		}
		if r.Contact {
			contacts = append(contacts, r.Account)
		}
	}
	if len(own) > 0 {
		managers = own
	}
	switch {
	case len(managers) > 0 && (!contact || len(contacts) == 0):
		return Turn{WithManager, managers}
	case len(contacts) > 0:
		for _, m := range managers {
			if !slices.Contains(contacts, m) {
				contacts = append(contacts, m)
			}
		}
		return Turn{WithContact, contacts}
	}
	return Turn{Stage: WithNobody}
}
