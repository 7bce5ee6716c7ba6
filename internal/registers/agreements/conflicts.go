package agreements

import (
	"slices"

	"waymark/internal/registers/directory"
)

// FindingKind is what an author should know before the parties sign.
type FindingKind string

// The kinds of finding.
const (
	NoReviewDate FindingKind = "no_review_date"
	NoStartDate  FindingKind = "no_start_date"
	NoClauses    FindingKind = "no_clauses"
	NobodySigns  FindingKind = "nobody_signs" // a party has no key contact at all
	NoContact    FindingKind = "no_contact"   // the author's own agency names none yet
	Differs      FindingKind = "differs"      // two clauses answer differently
	Unreachable  FindingKind = "unreachable"  // another clause always wins
)

// Finding is one of them.
type Finding struct {
	Kind  FindingKind
	Party directory.AgencyID // NobodySigns, NoContact
	// Clause is the one that loses, or does not win; Other is what it meets, of
	// this agreement when its Agreement is empty.
	Clause Clause
	Other  Ref
	Clash  Clause // what Other says
	Wins   Effect // the answer where both apply
}

// MustMend tells whether signing does not begin while it is so.
func (f Finding) MustMend() bool { return f.Kind != Differs && f.Kind != Unreachable }

// Conflicts are what an author should know of a document, beside others that
// are in force.
func Conflicts(d Document, others ...Bound) []Finding {
	var out []Finding
	if d.StartOn == "" {
		out = append(out, Finding{Kind: NoStartDate})
	}
	if d.ReviewOn == "" {
		out = append(out, Finding{Kind: NoReviewDate})
	}
	if len(d.Clauses) == 0 {
		out = append(out, Finding{Kind: NoClauses})
	}
	for i, c := range d.Clauses {
		for j, other := range d.Clauses {
			if i != j && other.Effect.Over(c.Effect) && d.meets(c, d, other) {
				kind := Differs
				if covers(other, c) {
					kind = Unreachable
				}
				out = append(out, Finding{Kind: kind, Clause: c, Other: Ref{Clause: other.ID}, Clash: other, Wins: other.Effect})
			}
		}
		for _, b := range others {
			for _, other := range b.Document.Clauses {
				if other.Effect == c.Effect || !d.meets(c, b.Document, other) {
					continue
				}
				f := Finding{Kind: Differs, Clause: c, Other: Ref{b.Agreement, b.Version, other.ID}, Clash: other, Wins: c.Effect}
				if other.Effect.Over(c.Effect) {
					f.Wins = other.Effect
				}
				out = append(out, f)
			}
		}
	}
	return out
}

// meets tells whether there is a request of which a clause of one document and a
// clause of another both speak.
func (d Document) meets(c Clause, e Document, o Clause) bool {
	if !open(c.Purpose, o.Purpose) || !open(c.Subject, o.Subject) || !share(c.Kinds, o.Kinds) {
		return false
	}
	for _, from := range d.Parties {
		for _, to := range d.Parties {
			if from.Agency == to.Agency {
				continue
			}
			otherFrom, isFrom := e.Party(from.Agency)
			otherTo, isTo := e.Party(to.Agency)
			if isFrom && isTo && names(c.From, from) && names(o.From, from) && names(c.To, to) && names(o.To, to) &&
				oneTeam(c.To.Team, o.To.Team, to.Teams, otherTo.Teams) && bound(from, c.From) && bound(otherFrom, o.From) {
				return true
			}
		}
	}
	return false
}

// names tells whether a side speaks of an agency.
func names(s Side, p Party) bool { return s.Agency == "" || s.Agency == p.Agency }

// bound tells whether somebody bound by a party can be on a side. Who sends may
// be in several teams and have several roles.
func bound(p Party, s Side) bool {
	return s.Team == "" || len(p.Teams) == 0 || slices.Contains(p.Teams, s.Team)
}

// oneTeam tells whether one team can be what two clauses say of the receiver,
// and be bound by both agreements.
func oneTeam(a, b directory.TeamID, first, second []directory.TeamID) bool {
	if !open(a, b) {
		return false
	}
	team := a
	if team == "" {
		team = b
	}
	if team != "" {
		return (len(first) == 0 || slices.Contains(first, team)) && (len(second) == 0 || slices.Contains(second, team))
	}
	return share(first, second)
}

// open tells whether two values of which empty is every one can be the same.
func open[T comparable](a, b T) bool {
	var every T
	return a == every || b == every || a == b
}

// share tells whether two lists of which none is everything have one in common.
func share[T comparable](a, b []T) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(v T) bool { return slices.Contains(b, v) })
}

// covers tells whether a clause speaks of everything that another of the same
// document speaks of.
func covers(wide, c Clause) bool {
	return within(wide.From.Agency, c.From.Agency) && within(wide.From.Team, c.From.Team) && within(wide.From.Role, c.From.Role) &&
		within(wide.To.Agency, c.To.Agency) && within(wide.To.Team, c.To.Team) &&
		within(wide.Purpose, c.Purpose) && within(wide.Subject, c.Subject) &&
		(len(wide.Kinds) == 0 || len(c.Kinds) > 0 && all(c.Kinds, wide.Kinds)) && all(wide.Conditions, c.Conditions)
}

func within[T comparable](wide, narrow T) bool {
	var every T
	return wide == every || wide == narrow
}

func all[T comparable](part, of []T) bool {
	return !slices.ContainsFunc(part, func(v T) bool { return !slices.Contains(of, v) })
}
