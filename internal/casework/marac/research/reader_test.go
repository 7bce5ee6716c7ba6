package research_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/research"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

// tellsNothing are the questions whose answers may stand beside whoever harms, as the
// question set has them; every other answer tells where somebody is, how they are
// reached, what keeps them safe, what they told, or is of no kind.
var tellsNothing = []string{"contact", "involvement", "raises", "orders", "children", "health", "harmer", "view"}

// Over random meetings: what somebody reads in a pack is what the slow and obvious
// rule says, whoever they are.
func TestAReaderGetsWhatTheSlowRuleSays(t *testing.T) {
	for seed := range uint64(4) {
		storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
			r := rand.New(rand.NewPCG(seed, 7))
			w := newWorld(t, db, clock)
			given := map[string]string{}
			for _, who := range []string{casestest.IDVA, casestest.Nurse} {
				given[who] = []string{"everything", "without_whereabouts", ""}[r.IntN(3)]
				w.exec(t, "UPDATE marac_member SET given = $1 WHERE account_id = $2", given[who], w.Actor(t, who).Account)
			}
			names := []string{"Ann", "Bea", "Cat", "Dot", "Eve"}[:1+r.IntN(5)]
			var ids []marac.CaseID
			for _, name := range names {
				ids = append(ids, w.list(t, name))
			}
			w.ask(t)
			said := map[string]map[string]string{} // by number of the case and agency: what was released, by question
			for _, who := range []string{casestest.IDVA, casestest.Nurse} {
				a := w.Actor(t, who)
				var any bool
				for _, l := range w.names(t, a) {
					answer := map[string]string{}
					for _, q := range append([]string{"incidents", "lowers", "measures", "reach"}, tellsNothing...) {
						if r.IntN(3) == 0 {
							answer[q] = "About " + q
						}
					}
					switch {
					case r.IntN(4) == 0 || len(answer) == 0:
						continue // nobody answers
					case r.IntN(4) == 0:
						answer = nil
						must(t, w.s.NothingKnown(t.Context(), []*research.Line{l}))
					default:
						must(t, w.s.Answer(t.Context(), l, research.Answering{Answer: research.IsKnown, Said: answer}))
					}
					any = true
					said[l.Number+"/"+a.Agency] = answer
				}
				if any {
					must(t, w.release(t, a, basis))
				}
			}
			for _, who := range []string{casestest.IDVA, casestest.Nurse} {
				a := w.Actor(t, who)
				tied := map[string]bool{}
				for _, name := range names {
					if r.IntN(4) == 0 {
						tied[name] = true
						must(t, w.Cases.Declare(t.Context(), a, cases.NewTie{Relation: cases.Friend, Person: woman(name)}))
					}
				}
				w.exec(t, `INSERT INTO marac_seat (agency_id, meeting_id, account_id, of_agency, capacity, answer, sent, statement_at, recorded_at, recorded_by, version)
					VALUES ($1, $2, $3, $4, 'representative', 'accepted', false, $5, $5, '', 1)`, string(w.agency.ID), string(w.meeting), a.Account, a.Agency, w.Clock.Now())
				seat, err := w.marac.Sit(t.Context(), a, w.meeting)
				must(t, err)
				p, err := w.s.PackFor(t.Context(), seat, research.Full, false)
				must(t, err)

				var want, got []string
				for i, name := range names {
					if tied[name] {
						continue
					}
					number := fmt.Sprintf("2026/%03d", i+3) // after the two who sit
					want = append(want, "case "+string(ids[i]))
					for _, from := range []string{string(w.Haven.ID), string(w.Trust.ID)} {
						answer, sent := said[number+"/"+from]
						if !sent {
							continue
						}
						whole := given[who] == "everything"
						var items []string
						for q := range answer {
							if whole || slices.Contains(tellsNothing, q) {
								items = append(items, q)
							}
						}
						slices.Sort(items)
						if whole {
							want = append(want, string(ids[i])+" "+from+" "+strings.Join(items, ","))
						} else if len(items) > 0 {
							want = append(want, string(ids[i])+"  "+strings.Join(items, ","))
						}
					}
				}
				for _, c := range p.Cases {
					got = append(got, "case "+string(c.ID))
					for _, one := range c.Returns {
						var items []string
						for _, i := range one.Content.Items {
							items = append(items, i.Part)
						}
						slices.Sort(items)
						got = append(got, string(c.ID)+" "+one.Agency+" "+strings.Join(items, ","))
					}
				}
				slices.Sort(want)
				slices.Sort(got)
				if !slices.Equal(want, got) {
					t.Errorf("%s, given %q, reads\n%s\nand should read\n%s", who, given[who], strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
		})
	}
}
