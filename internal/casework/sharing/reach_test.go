package sharing_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// addressed says, without the rules, who a share is for: a person who works
// with cases at the agency it went to, named on it or in the team whose inbox
// it went to, while it is open.
func addressed(a policy.Actor, to sharing.Recipient, open bool) bool {
	worker := a.Has(policy.Practitioner) || a.Has(policy.Specialist) || a.Has(policy.Manager)
	reached := to.Account == a.Account || to.Team != "" && slices.Contains(a.Teams, to.Team)
	return open && worker && a.Kind == policy.Human && a.Agency == to.Agency && reached
}

// A share reaches exactly those it is addressed to: over agencies, teams and
// roles at random, in the list and one by one.
func TestAShareReachesExactlyItsAddressees(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		random := rand.New(rand.NewPCG(3, 5))
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		agencies, teams, accounts := []string{"x", "y", "z"}, []string{"t1", "t2", "t3", "t4"}, []string{"a", "b", "c", "d", "e"}
		one := func(list []string) string { return list[random.IntN(len(list))] }
		some := func(list []string) (out []string) {
			for _, s := range list {
				if random.IntN(3) == 0 {
					out = append(out, s)
				}
			}
			return out
		}
		to, open := map[string]sharing.Recipient{}, map[string]bool{}
		err := w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for n := range 60 {
				id := fmt.Sprintf("share-%02d", n)
				r := sharing.Recipient{Agency: one(agencies)}
				if random.IntN(2) == 0 {
					r.Team = one(teams)
				} else {
					r.Account = one(accounts)
				}
				to[id], open[id] = r, random.IntN(4) > 0
				expires := tx.Now().Add(time.Hour)
				if !open[id] {
					expires = tx.Now()
				}
				_, err := tx.ExecContext(ctx, `INSERT INTO share (agency_id, id, file_id, person_id, reason, answers, sender_account, sender_team, to_agency, to_team, to_account,
					basis, agreement, asked, informed, tell_on, serious_risk, child_at_risk, other_ground, acted_now, due_on, sent_at, expires_at, acknowledged_by, outcome)
					VALUES ($1, $2, $3, $4, 'referral', '', 'sender', '', $5, $6, $7, '', '', '', '', '', false, false, false, false, '', $8, $9, '', '')`,
					f.Agency(), id, string(f.ID()), string(f.Person()), r.Agency, r.Team, r.Account, tx.Now(), expires)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		reached := 0
		for range 60 {
			a := policy.Actor{Account: one(accounts), Kind: policy.Human, Agency: one(agencies), Teams: some(teams), Level: random.IntN(5)}
			if random.IntN(8) == 0 {
				a.Kind = policy.Service
			}
			for _, role := range policy.Roles() {
				if random.IntN(3) == 0 {
					a.Roles = append(a.Roles, role)
				}
			}
			listed := map[string]bool{}
			rows, err := w.Sharing.Waiting(t.Context(), a, "", 100)
			if _, denied := policy.IsDenied(err); err != nil && !denied {
				t.Fatal(err)
			}
			for _, r := range rows {
				listed[string(r.ID)] = true
			}
			for id, r := range to {
				want := addressed(a, r, open[id])
				got := w.Guard.Rules().Decide(a, sharing.ActReceive, policy.Resource{Type: "Share", ID: id, Attrs: policy.Attrs{
					"from": f.Agency(), "sender": "sender", "to": r.Agency, "team": r.Team, "account": r.Account, "open": open[id], "tied": []string{},
				}}).Allowed
				if got != want || listed[id] != want {
					t.Errorf("%+v and %+v, open %v: decided %v, listed %v", a, r, open[id], got, listed[id])
				}
				if want {
					reached++
				}
			}
		}
		if reached < 100 {
			t.Errorf("only %d pairs were reached", reached)
		}
	})
}

// A share about somebody a receiver's worker is tied to is not there for them,
// whether they said so before it was sent or after.
func TestAShareIsNotThereForWhoIsTiedToThePerson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, id := w.sent(t)
		if _, err := w.receive(t, casestest.IDVA, id); err != nil {
			t.Fatal(err)
		}
		must(t, w.Cases.Declare(t.Context(), w.Actor(t, casestest.IDVA), cases.NewTie{
			Relation: cases.Friend, Person: people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27"},
		}))
		if _, err := w.receive(t, casestest.IDVA, id); err == nil {
			t.Error("received by somebody who is tied")
		}
		rows, err := w.Sharing.Waiting(t.Context(), w.Actor(t, casestest.IDVA), "", 10)
		if err != nil || len(rows) != 0 {
			t.Errorf("listed %v, %v", rows, err)
		}
		if _, err := w.receive(t, casestest.Colleague, id); err != nil {
			t.Errorf("a colleague: %v", err)
		}
		_, later := w.sent(t)
		if _, err := w.receive(t, casestest.IDVA, later); err == nil {
			t.Error("a later one was received")
		}
	})
}
