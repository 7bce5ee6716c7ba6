// Package agreementstest holds what the decisions of agreements are held to and
// measured with: an evaluator that is slow and obvious, and a thousand rules.
package agreementstest

import (
	"fmt"
	"slices"

	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
)

// Reference is the slow and obvious evaluator that [agreements.Decide] is held
// to: it goes through every clause of every agreement for every kind of information.
func Reference(bound []agreements.Bound, q agreements.Request) agreements.Answer {
	strength := map[agreements.Effect]int{agreements.Permit: 1, agreements.Review: 2, agreements.Deny: 3}
	out := agreements.Answer{Effect: agreements.Permit}
	if len(q.Kinds) == 0 {
		out.Effect = agreements.Review
	}
	for _, kind := range q.Kinds {
		var speaks []agreements.Clause
		var refs []agreements.Ref
		for _, b := range bound {
			for _, c := range b.Document.Clauses {
				if SpeaksOf(b.Document, c, q, kind) {
					speaks = append(speaks, c)
					refs = append(refs, agreements.Ref{Agreement: b.Agreement, Version: b.Version, Clause: c.ID})
				}
			}
		}
		item := agreements.ItemAnswer{Kind: kind, Effect: agreements.Review, Missing: true}
		for _, effect := range []agreements.Effect{agreements.Deny, agreements.Review, agreements.Permit} {
			if !slices.ContainsFunc(speaks, func(c agreements.Clause) bool { return c.Effect == effect }) {
				continue
			}
			item.Effect, item.Missing = effect, false
			for i, c := range speaks {
				if c.Effect != effect {
					continue
				}
				item.Clauses = append(item.Clauses, refs[i])
				if effect == agreements.Permit {
					if c.Days > 0 && (out.Days == 0 || c.Days < out.Days) {
						out.Days = c.Days
					}
					if c.Months > 0 && (out.Months == 0 || c.Months < out.Months) {
						out.Months = c.Months
					}
				}
			}
			break
		}
		if strength[item.Effect] > strength[out.Effect] {
			out.Effect = item.Effect
		}
		out.Items = append(out.Items, item)
		for _, r := range item.Clauses {
			if !slices.Contains(out.Clauses, r) {
				out.Clauses = append(out.Clauses, r)
			}
		}
	}
	if out.Effect == agreements.Permit {
		return out
	}
	for _, between := range []bool{true, false} {
		for _, b := range bound {
			if _, both := b.Document.Party(q.To.Agency); both != between {
				continue
			}
			for _, c := range b.Contacts {
				account := c.Account
				if slices.Contains(c.NotFor, q.To.Agency) {
					account = c.StandIn
				}
				if c.Agency == q.From.Agency && account != "" && !slices.Contains(out.Contacts, account) {
					out.Contacts = append(out.Contacts, account)
				}
			}
		}
		if len(out.Contacts) > 0 {
			break
		}
	}
	return out
}

// SpeaksOf tells whether a clause of a document is about a kind of information
// in a request.
func SpeaksOf(d agreements.Document, c agreements.Clause, q agreements.Request, kind agreements.Kind) bool {
	if q.From.Agency == q.To.Agency {
		return false
	}
	for _, side := range []struct {
		end  agreements.End
		says agreements.Side
	}{{q.From, c.From}, {q.To, c.To}} {
		p, party := d.Party(side.end.Agency)
		if !party {
			return false
		}
		if len(p.Teams) > 0 {
			bound := false
			for _, t := range side.end.Teams {
				bound = bound || slices.Contains(p.Teams, t)
			}
			if !bound {
				return false
			}
		}
		if side.says.Agency != "" && side.says.Agency != side.end.Agency {
			return false
		}
		if side.says.Team != "" && !slices.Contains(side.end.Teams, side.says.Team) {
			return false
		}
		if side.says.Role != "" && !slices.Contains(side.end.Roles, side.says.Role) {
			return false
		}
	}
	if c.Purpose != "" && c.Purpose != q.Purpose || c.Subject != "" && c.Subject != q.Subject {
		return false
	}
	if len(c.Kinds) > 0 && !slices.Contains(c.Kinds, kind) {
		return false
	}
	for _, condition := range c.Conditions {
		if !slices.Contains(q.Facts, condition) {
			return false
		}
	}
	return true
}

// Thousand are a thousand rules in ten agreements among twenty agencies, with
// requests of every pair of them about six kinds of information.
func Thousand() ([]agreements.Bound, []agreements.Request) {
	agency := func(i int) directory.AgencyID { return directory.AgencyID(fmt.Sprint("agency ", i%agencies)) }
	var bound []agreements.Bound
	for n := range 10 {
		one := agreements.Bound{Agreement: agreements.ID(fmt.Sprint(n)), Version: 1}
		for i := range agencies {
			one.Document.Parties = append(one.Document.Parties, agreements.Party{Agency: agency(i)})
		}
		for i := range 100 {
			one.Document.Clauses = append(one.Document.Clauses, agreements.Clause{
				ID: fmt.Sprint(i), Effect: agreements.Effects()[i%3], From: agreements.Side{Agency: agency(i)},
				To: agreements.Side{Agency: agency(i + 1 + i/agencies)}, Kinds: []agreements.Kind{agreements.Kinds()[i%len(agreements.Kinds())]},
			})
		}
		bound = append(bound, one)
	}
	var requests []agreements.Request
	for from := range agencies {
		for to := range agencies {
			if from != to {
				requests = append(requests, agreements.Request{From: agreements.End{Agency: agency(from)}, To: agreements.End{Agency: agency(to)}, Kinds: agreements.Kinds()[:6]})
			}
		}
	}
	return bound, requests
}

const agencies = 20
