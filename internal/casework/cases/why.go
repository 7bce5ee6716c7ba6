package cases

import (
	"slices"

	"waymark/internal/platform/policy"
)

// Why says why the actor sees a file: the sentences of the rules that permit
// it, and what made them apply.
type Why struct {
	Sentences []string
	Facts     []string
	Purpose   Purpose
}

// Why answers "Why can I see this?" for a file.
func (s *Service) Why(f *File) Why {
	actor := f.Actor()
	d := s.guard.Rules().Decide(actor, ActOpen, f.Resource())
	w := Why{Sentences: s.guard.Rules().Sentences(d.Rules...)}
	w.Facts = append(w.Facts, "It is a file of the agency you work at.")
	switch {
	case f.lead == actor.Account:
		w.Facts = append(w.Facts, "You hold it.")
	case slices.Contains(f.workers, actor.Account):
		w.Facts = append(w.Facts, "You work on it.")
	}
	if f.team != "" && slices.Contains(actor.Teams, f.team) {
		w.Facts = append(w.Facts, "One of your teams holds it.")
	}
	if actor.Has(policy.Manager) {
		w.Facts = append(w.Facts, "You are a service manager there.")
	}
	if f.InEmergency() {
		w.Facts = append(w.Facts, "You have emergency access to it, which ends by itself.")
	}
	if f.Restricted() {
		w.Facts = append(w.Facts, "It is restricted, and you are named on it or have emergency access.")
	}
	return w
}

// InEmergency tells whether the actor has emergency access to the file.
func (f *File) InEmergency() bool {
	accounts, _ := f.attrs["emergency"].([]string)
	return slices.Contains(accounts, f.Actor().Account)
}
