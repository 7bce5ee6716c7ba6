package agreements_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"waymark/internal/platform/policy"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/agreements/agreementstest"
	"waymark/internal/registers/directory"
)

var agencies = []directory.AgencyID{"a", "b", "c", "d"}

func teams(agency directory.AgencyID) []directory.TeamID {
	return []directory.TeamID{directory.TeamID(agency) + "1", directory.TeamID(agency) + "2"}
}

func some[T any](list []T) *rapid.Generator[[]T] {
	return rapid.Custom(func(t *rapid.T) []T {
		var out []T
		for _, v := range list {
			if rapid.IntRange(0, 2).Draw(t, "in") == 0 {
				out = append(out, v)
			}
		}
		return out
	})
}

func maybe[T any](list []T) *rapid.Generator[T] {
	var none T
	return rapid.SampledFrom(append([]T{none, none}, list...))
}

func parties() *rapid.Generator[[]agreements.Party] {
	return rapid.Custom(func(t *rapid.T) []agreements.Party {
		var out []agreements.Party
		for i, agency := range agencies {
			if i < 2 || rapid.Bool().Draw(t, "party") {
				out = append(out, agreements.Party{Agency: agency, Teams: some(teams(agency)).Draw(t, "teams")})
			}
		}
		return out
	})
}

func clause(id string, list []agreements.Party) *rapid.Generator[agreements.Clause] {
	return rapid.Custom(func(t *rapid.T) agreements.Clause {
		side := func(name string) agreements.Side {
			p := maybe(list).Draw(t, name)
			s := agreements.Side{Agency: p.Agency}
			switch {
			case p.Agency == "":
			case len(p.Teams) > 0:
				s.Team = maybe(p.Teams).Draw(t, name+" team")
			default:
				s.Team = maybe(teams(p.Agency)).Draw(t, name+" team")
			}
			return s
		}
		c := agreements.Clause{
			ID: id, Effect: rapid.SampledFrom(agreements.Effects()).Draw(t, "effect"), From: side("from"), To: side("to"),
			Purpose: maybe(agreements.Purposes()[:2]).Draw(t, "purpose"), Subject: maybe(agreements.Subjects()[:2]).Draw(t, "subject"),
			Kinds: some(agreements.Kinds()[:4]).Draw(t, "kinds"), Conditions: some(agreements.Conditions()[:2]).Draw(t, "conditions"), Words: "Words",
		}
		c.From.Role = maybe(agreements.Roles()[:2]).Draw(t, "role")
		if c.From.Agency != "" && c.From.Agency == c.To.Agency {
			c.To = agreements.Side{}
		}
		if c.Effect == agreements.Permit {
			c.Days, c.Months = rapid.IntRange(0, 3).Draw(t, "days"), rapid.IntRange(0, 3).Draw(t, "months")
		}
		return c
	})
}

func boundOf(id agreements.ID) *rapid.Generator[agreements.Bound] {
	return rapid.Custom(func(t *rapid.T) agreements.Bound {
		d := agreements.Document{Title: "T", About: "A", StartOn: "2026-01-01", ReviewOn: "2027-01-01", Parties: parties().Draw(t, "parties")}
		for i := range rapid.IntRange(0, 6).Draw(t, "clauses") {
			d.Clauses = append(d.Clauses, clause(fmt.Sprint(i+1), d.Parties).Draw(t, "clause"))
		}
		b := agreements.Bound{Agreement: id, Version: rapid.IntRange(1, 2).Draw(t, "version"), Document: d}
		for _, p := range d.Parties {
			b.Contacts = append(b.Contacts, agreements.Contact{
				Agency: p.Agency, Account: maybe([]string{"key " + string(p.Agency)}).Draw(t, "contact"), StandIn: maybe([]string{"stand-in"}).Draw(t, "stand-in"),
				NotFor: some(agencies).Draw(t, "not for"),
			})
		}
		return b
	})
}

func request() *rapid.Generator[agreements.Request] {
	return rapid.Custom(func(t *rapid.T) agreements.Request {
		from, to := rapid.SampledFrom(agencies).Draw(t, "from"), rapid.SampledFrom(agencies).Draw(t, "to")
		q := agreements.Request{
			From:    agreements.End{Agency: from, Teams: some(teams(from)).Draw(t, "sender's teams"), Roles: some(agreements.Roles()[:2]).Draw(t, "roles")},
			To:      agreements.End{Agency: to},
			Purpose: rapid.SampledFrom(agreements.Purposes()[:2]).Draw(t, "purpose"), Subject: rapid.SampledFrom(agreements.Subjects()[:2]).Draw(t, "subject"),
			Kinds: some(agreements.Kinds()[:5]).Draw(t, "kinds"), Facts: some(agreements.Conditions()[:3]).Draw(t, "facts"),
		}
		if team := maybe(teams(to)).Draw(t, "receiver's team"); team != "" {
			q.To.Teams = []directory.TeamID{team}
		}
		return q
	})
}

// Proves: B6.15, B6.17
func TestTheEvaluatorAgreesWithTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bound := []agreements.Bound{boundOf("x").Draw(t, "x"), boundOf("y").Draw(t, "y"), boundOf("z").Draw(t, "z")}
		set := agreements.NewSet(bound...)
		for range 5 {
			q := request().Draw(t, "request")
			got, want := agreements.Decide(set, q), agreementstest.Reference(bound, q)
			anyOrder := cmp.Options{
				cmpopts.EquateEmpty(), cmpopts.SortSlices(func(a, b agreements.Ref) bool { return a.String() < b.String() }), cmpopts.SortSlices(func(a, b string) bool { return a < b }),
			}
			if d := cmp.Diff(want, got, anyOrder); d != "" {
				t.Fatalf("%+v:\n%s", q, d)
			}
		}
	})
}

// Adding a clause that denies, or that asks for review, never lets more go.
func TestDenyAndReviewWin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := boundOf("x").Draw(t, "x")
		q := request().Draw(t, "request")
		before := agreements.Decide(agreements.NewSet(b), q)
		more := clause("99", b.Document.Parties).Draw(t, "more")
		more.Effect = rapid.SampledFrom([]agreements.Effect{agreements.Deny, agreements.Review}).Draw(t, "effect")
		more.Days, more.Months = 0, 0
		b.Document.Clauses = append(slices.Clone(b.Document.Clauses), more)
		after := agreements.Decide(agreements.NewSet(b), q)
		for i, item := range after.Items {
			if before.Items[i].Effect.Over(item.Effect) {
				t.Fatalf("%s was %s and is %s", item.Kind, before.Items[i].Effect, item.Effect)
			}
		}
	})
}

// Proves: B6.20
func TestWhatNoClauseSpeaksOfIsReviewedAndNeverPermitted(t *testing.T) {
	a := agreements.Decide(agreements.NewSet(), agreements.Request{
		From: agreements.End{Agency: "a"}, To: agreements.End{Agency: "b"}, Kinds: agreements.Kinds(),
	})
	if a.Effect != agreements.Review {
		t.Errorf("with no agreement at all the answer is %s", a.Effect)
	}
	for _, item := range a.Items {
		if item.Effect != agreements.Review || !item.Missing {
			t.Errorf("%s: %+v", item.Kind, item)
		}
	}
}

func hospitalAndSchool(clauses ...agreements.Clause) agreements.Bound {
	return agreements.Bound{
		Agreement: "x", Version: 1,
		Document: agreements.Document{Parties: []agreements.Party{{Agency: "hospital"}, {Agency: "school"}, {Agency: "police"}}, Clauses: clauses},
		Contacts: []agreements.Contact{{Agency: "hospital", Account: "greta", StandIn: "nia", NotFor: []directory.AgencyID{"police"}}},
	}
}

// Proves: B6.16, B6.28
func TestMayAMidwifeSendTheAddressOfAChildToASchoolToSafeguardIt(t *testing.T) {
	set := agreements.NewSet(hospitalAndSchool(
		agreements.Clause{
			ID: "1", Effect: agreements.Permit, From: agreements.Side{Agency: "hospital", Team: "maternity"}, To: agreements.Side{Agency: "school"},
			Purpose: agreements.ProtectChild, Subject: agreements.Child, Kinds: []agreements.Kind{agreements.Address, agreements.Identity}, Days: 30,
		},
		agreements.Clause{ID: "2", Effect: agreements.Deny, Subject: agreements.Child, Kinds: []agreements.Kind{agreements.Address}, Conditions: []agreements.Condition{agreements.NotTold}},
	))
	q := agreements.Request{
		From: agreements.End{Agency: "hospital", Teams: []directory.TeamID{"maternity"}, Roles: []policy.Role{policy.Practitioner}}, To: agreements.End{Agency: "school"},
		Purpose: agreements.ProtectChild, Subject: agreements.Child, Kinds: []agreements.Kind{agreements.Address},
	}
	if a := agreements.Decide(set, q); a.Effect != agreements.Permit || a.Days != 30 || len(a.Clauses) != 1 || a.Clauses[0].String() != "x/1/1" {
		t.Errorf("a midwife: %+v", a)
	}
	told := q
	told.Facts = []agreements.Condition{agreements.NotTold}
	if a := agreements.Decide(set, told); a.Effect != agreements.Deny || a.Days != 0 || !slices.Equal(a.Contacts, []string{"greta"}) {
		t.Errorf("where they were not told: %+v", a)
	}
	other := q
	other.From.Teams = []directory.TeamID{"emergency"}
	if a := agreements.Decide(set, other); a.Effect != agreements.Review || !a.Items[0].Missing {
		t.Errorf("somebody of another team: %+v", a)
	}
	adult := q
	adult.Subject = agreements.Experiencing
	if a := agreements.Decide(set, adult); a.Effect != agreements.Review {
		t.Errorf("about an adult: %+v", a)
	}
	both := q
	both.Kinds = []agreements.Kind{agreements.Identity, agreements.Health}
	if a := agreements.Decide(set, both); a.Effect != agreements.Review || a.Items[0].Effect != agreements.Permit || a.Items[1].Effect != agreements.Review {
		t.Errorf("of one packet one part may go and one is asked about: %+v", a)
	}
	police := q
	police.To = agreements.End{Agency: "police"}
	if a := agreements.Decide(set, police); !slices.Equal(a.Contacts, []string{"nia"}) {
		t.Errorf("the key contact has a conflict of interest with the police, and %v advises", a.Contacts)
	}
}

func BenchmarkDecideAmongAThousandRules(b *testing.B) {
	bound, requests := agreementstest.Thousand()
	set := agreements.NewSet(bound...)
	b.Run("indexed", func(b *testing.B) {
		for b.Loop() {
			agreements.Decide(set, requests[0])
		}
	})
	b.Run("reference", func(b *testing.B) {
		for b.Loop() {
			agreementstest.Reference(bound, requests[0])
		}
	})
}
