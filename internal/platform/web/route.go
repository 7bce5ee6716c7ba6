package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
)

// Handler answers one kind of request.
type Handler func(ctx context.Context, r *Request) (Response, error)

// Route is one line of the route table.
type Route struct {
	Method  string // GET or POST; where programs ask, DELETE too
	Pattern string // as net/http.ServeMux takes it, without the method
	// Action is what the actor must be able to do on at least one record.
	Action policy.Action
	// Public is why anyone may call it, signed in or not. A route has either
	// an action or this.
	Public string
	// Alike is set where a public answer is the same whoever asks, so that
	// nobody need be recognised for it.
	Alike bool
	// During are the stages of a sign-in in which the page is open beside its
	// end: those that ask for the second factor.
	During []auth.Stage
	// Recent is set where something is changed that people prove themselves
	// with: whoever did not do that lately is asked to again.
	Recent bool
	// Unattended is set where an open page asks by itself: it does not count as use
	// of the session.
	Unattended bool
	// Upload is how large a file the form may bring along; 0 for none.
	Upload  int64
	Handler Handler
	// Fault is set where programs ask: what an error looks like to them. Who is
	// not recognised there is told so, and not led to a page for people.
	Fault func(Fault) Answer
}

// String is the route as the mux takes it.
func (r Route) String() string { return r.Method + " " + r.Pattern }

// check refuses a route that is not fit for the table.
func (r Route) check(rules *policy.Engine) error {
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodPost && (r.Method != http.MethodDelete || r.Fault == nil):
		return fmt.Errorf("route %s: only GET and POST", r)
	case !strings.HasPrefix(r.Pattern, "/"):
		return fmt.Errorf("route %s: a pattern begins with a slash", r)
	case r.Handler == nil:
		return fmt.Errorf("route %s has no handler", r)
	case r.Action == "" && r.Public == "":
		return fmt.Errorf("route %s has neither an action nor a reason to be public", r)
	case r.Action != "" && r.Public != "":
		return fmt.Errorf("route %s has both an action and a reason to be public", r)
	case r.Action != "" && r.Alike:
		return fmt.Errorf("route %s needs an action and recognises nobody", r)
	case r.Action == "" && (r.Recent || len(r.During) > 0):
		return fmt.Errorf("route %s speaks of a sign-in and needs no action", r)
	case r.Action != "" && !rules.Knows(r.Action):
		return fmt.Errorf("route %s: no rules know the action %s", r, r.Action)
	}
	return nil
}

func checkRoutes(routes []Route, rules *policy.Engine) error {
	var faults []error
	seen := map[string]bool{}
	for _, r := range routes {
		faults = append(faults, r.check(rules))
		if seen[r.String()] {
			faults = append(faults, fmt.Errorf("route %s is there twice", r))
		}
		seen[r.String()] = true
	}
	return errors.Join(faults...)
}
