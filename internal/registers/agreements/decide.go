package agreements

import (
	"cmp"
	"fmt"
	"slices"

	"waymark/internal/platform/policy"
	"waymark/internal/registers/directory"
)

// ID names an agreement.
type ID string

// Ref names a clause of a version.
type Ref struct {
	Agreement ID
	Version   int
	Clause    string
}

// String is the reference as it is kept with a share.
func (r Ref) String() string { return fmt.Sprintf("%s/%d/%s", r.Agreement, r.Version, r.Clause) }

// Contact is who advises at a party.
type Contact struct {
	Agency  directory.AgencyID
	Account string
	StandIn string               // account, or empty
	NotFor  []directory.AgencyID // about which the stand-in advises instead
}

// For is the account that advises on sharing between the party and another
// agency; empty when there is nobody without a conflict of interest.
func (c Contact) For(other directory.AgencyID) string {
	if slices.Contains(c.NotFor, other) {
		return c.StandIn
	}
	return c.Account
}

// Bound is a version as it binds its parties.
type Bound struct {
	Agreement ID
	Version   int
	Document  Document
	Contacts  []Contact
}

// End is who sends, or receives: an agency, and the teams and roles that somebody
// has there.
type End struct {
	Agency directory.AgencyID
	Teams  []directory.TeamID
	Roles  []policy.Role // of who sends
}

// Request asks whether something may be shared. It names no person.
type Request struct {
	From, To End
	Purpose  Purpose
	Subject  Subject
	Kinds    []Kind      // of information, each answered by itself
	Facts    []Condition // what holds
}

// ItemAnswer is what the agreements say of one kind of information.
type ItemAnswer struct {
	Kind    Kind
	Effect  Effect
	Missing bool  // no clause speaks of it
	Clauses []Ref // that said so
}

// Answer is what the agreements say of a request.
type Answer struct {
	Effect   Effect // the strongest of its items
	Items    []ItemAnswer
	Clauses  []Ref // of all items, each once
	Contacts []string
	Days     int // how long the receiver may see it: the shortest of the permits; 0 when none says
	Months   int // how long the receiver keeps it, likewise
}

// rule is a clause of a version, ready to be asked.
type rule struct {
	ref        Ref
	bound      int
	effect     Effect
	from, to   Side
	purpose    Purpose
	subject    Subject
	conditions uint64
	days       int
	months     int
}

// between is where a rule is filed: the agencies it names, which may be none,
// and a kind of information.
type between struct {
	from, to directory.AgencyID
	kind     Kind
}

// Set are agreements that are asked together. It does not change and is safe for
// concurrent use.
type Set struct {
	bound   []Bound
	parties []map[directory.AgencyID]Party // of each
	rules   map[between][]rule
}

// NewSet makes a set of agreements.
func NewSet(bound ...Bound) *Set {
	s := &Set{bound: bound, rules: map[between][]rule{}}
	for i, b := range bound {
		parties := map[directory.AgencyID]Party{}
		for _, p := range b.Document.Parties {
			parties[p.Agency] = p
		}
		s.parties = append(s.parties, parties)
		for _, c := range b.Document.Clauses {
			r := rule{
				ref: Ref{b.Agreement, b.Version, c.ID}, bound: i, effect: c.Effect, from: c.From, to: c.To, purpose: c.Purpose, subject: c.Subject,
				conditions: mask(c.Conditions), days: c.Days, months: c.Months,
			}
			kinds := c.Kinds
			if len(kinds) == 0 {
				kinds = Kinds()
			}
			for _, k := range kinds {
				at := between{c.From.Agency, c.To.Agency, k}
				s.rules[at] = append(s.rules[at], r)
			}
		}
	}
	return s
}

// Bound are the agreements of the set.
func (s *Set) Bound() []Bound { return s.bound }

func mask(conditions []Condition) uint64 {
	var out uint64
	for _, c := range conditions {
		out |= 1 << slices.Index(conditionList, c)
	}
	return out
}

var conditionList = Conditions()

// applies tells whether a rule speaks of a request, but for the kind of
// information and the agencies, by which it was found.
func (s *Set) applies(r *rule, q *Request, facts uint64) bool {
	parties := s.parties[r.bound]
	from, isFrom := parties[q.From.Agency]
	to, isTo := parties[q.To.Agency]
	return isFrom && isTo && q.From.Agency != q.To.Agency &&
		r.conditions&^facts == 0 &&
		(r.purpose == "" || r.purpose == q.Purpose) &&
		(r.subject == "" || r.subject == q.Subject) &&
		(r.from.Team == "" || slices.Contains(q.From.Teams, r.from.Team)) &&
		(r.from.Role == "" || slices.Contains(q.From.Roles, r.from.Role)) &&
		(r.to.Team == "" || slices.Contains(q.To.Teams, r.to.Team)) &&
		of(from, q.From) && of(to, q.To)
}

// of tells whether an end is bound by a party: the whole agency, or one of the
// teams it is bound with.
func of(p Party, e End) bool {
	return len(p.Teams) == 0 || slices.ContainsFunc(e.Teams, func(t directory.TeamID) bool { return slices.Contains(p.Teams, t) })
}

// Decide answers a request: of each kind of information the strongest of what
// the clauses say that speak of it, and review where none does.
func Decide(s *Set, q Request) Answer {
	out := Answer{Effect: Permit}
	if len(q.Kinds) == 0 {
		out.Effect = Review
	}
	facts := mask(q.Facts)
	for _, kind := range q.Kinds {
		item := ItemAnswer{Kind: kind, Missing: true}
		days, months := 0, 0
		s.speaking(&q, kind, facts, func(r *rule) {
			switch {
			case item.Missing || r.effect.Over(item.Effect):
				item.Effect, item.Clauses = r.effect, append(item.Clauses[:0], r.ref)
				days, months = r.days, r.months
			case r.effect == item.Effect:
				item.Clauses = append(item.Clauses, r.ref)
				days, months = shorter(days, r.days), shorter(months, r.months)
			}
			item.Missing = false
		})
		if item.Missing {
			item.Effect = Review
		}
		if item.Effect == Permit {
			out.Days, out.Months = shorter(out.Days, days), shorter(out.Months, months)
		}
		slices.SortFunc(item.Clauses, compareRefs)
		if item.Effect.Over(out.Effect) {
			out.Effect = item.Effect
		}
		out.Items = append(out.Items, item)
		out.Clauses = append(out.Clauses, item.Clauses...)
	}
	slices.SortFunc(out.Clauses, compareRefs)
	out.Clauses = slices.Compact(out.Clauses)
	if out.Effect != Permit {
		out.Contacts = s.contacts(&q)
	}
	return out
}

// speaking calls fn with every rule that speaks of a kind in a request.
func (s *Set) speaking(q *Request, kind Kind, facts uint64, fn func(*rule)) {
	for _, at := range [...]between{
		{q.From.Agency, q.To.Agency, kind}, {q.From.Agency, "", kind}, {"", q.To.Agency, kind}, {"", "", kind},
	} {
		rules := s.rules[at]
		for i := range rules {
			if s.applies(&rules[i], q, facts) {
				fn(&rules[i])
			}
		}
	}
}

// shorter is the shorter of two times of which 0 is none.
func shorter(a, b int) int {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

func compareRefs(a, b Ref) int {
	return cmp.Or(cmp.Compare(a.Agreement, b.Agreement), cmp.Compare(a.Version, b.Version), cmp.Compare(a.Clause, b.Clause))
}

// contacts are who advises the sender: the key contacts of its agency in the
// agreements between the two, and where there is none between them, those in
// its agreements with others.
func (s *Set) contacts(q *Request) []string {
	var among, other []string
	for i, b := range s.bound {
		_, both := s.parties[i][q.To.Agency]
		for _, c := range b.Contacts {
			account := c.For(q.To.Agency)
			switch {
			case c.Agency != q.From.Agency || account == "":
			case both:
				among = append(among, account)
			default:
				other = append(other, account)
			}
		}
	}
	if len(among) == 0 {
		among = other
	}
	slices.Sort(among)
	return slices.Compact(among)
}
