package register_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

// BenchmarkProposals looks for the people of a referral in a register: of 2,000
// cases, or of as many as WAYMARK_BENCH_REGISTER says.
func BenchmarkProposals(b *testing.B) {
	size := 2000
	if text := os.Getenv("WAYMARK_BENCH_REGISTER"); text != "" {
		n, err := strconv.Atoi(text)
		must(b, err)
		size = n
	}
	for _, engine := range storetest.Engines(b) {
		b.Run(string(engine), func(b *testing.B) { propose(b, engine, size) })
	}
}

func propose(b *testing.B, engine store.Engine, size int) {
	clock := storetest.NewClock()
	w := newWorld(b, storetest.Open(b, engine, clock.Now), clock)
	f, _ := w.refer(b, casestest.Nurse, w.referral(maya, rob))
	r := rand.New(rand.NewPCG(1, 1))
	word := func() string {
		out := ""
		for range 2 + r.IntN(2) {
			out += string("bdfgklmnprstvw"[r.IntN(14)]) + string("aeiou"[r.IntN(5)])
		}
		return out
	}
	for done := 0; done < size; done += 1000 {
		must(b, w.DB.Write(b.Context(), func(ctx context.Context, tx *store.Tx) error {
			for i := range min(1000, size-done) {
				var about []marac.Identity
				for k, part := range []marac.Part{marac.Victim, marac.Perpetrator} {
					about = append(about, marac.Identity{Person: people.ID(fmt.Sprintf("p%d-%d", done+i, k)), Part: part, Details: people.Details{
						GivenName: word(), FamilyName: word(), Born: fmt.Sprintf("%d-%02d-%02d", 1950+r.IntN(56), 1+r.IntN(12), 1+r.IntN(28)),
					}})
				}
				c := marac.Case{File: f.ID(), Number: fmt.Sprintf("1999/%07d", done+i), From: "x", On: "2025-12-01", State: marac.Heard, IDVA: marac.Accepted}
				if _, err := w.s.EnterTx(ctx, tx, f, c, about); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	id, err := w.s.Send(b.Context(), w.file(b, w.Actor(b, casestest.IDVA)), w.referral(maya, rob))
	must(b, err)
	p := w.arrive(b, w.cora, id)
	for b.Loop() {
		found, _, err := w.s.Proposals(b.Context(), p)
		must(b, err)
		if len(found) == 0 {
			b.Fatal("she is not found")
		}
	}
}
