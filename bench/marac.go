package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/returns"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
	"waymark/internal/registers/training"
)

const (
	maracJob   = "marac"
	maracCases = 435 // of a MARAC in a year (domain.md, section 5.7)
	maracYears = 10  // what a register holds beside the year that is counted
)

// compareMarac measures the return of a quarter and the year of a MARAC, beside a
// plain pass over the rows of the quarter that decides nothing, opens no settings and
// records nothing.
func (d *domain) compareMarac(ctx context.Context, o options) ([]comparison, error) {
	known := training.New(d.db, d.guard)
	register := directory.New(d.db, d.guard, auth.New(d.db, d.guard.Log, directory.AtWork{Levels: known}), known)
	operator := policy.Actor{Account: "operator:bench", Kind: policy.Operator, Name: "bench"}
	a, err := register.AddAgency(ctx, operator, directory.NewAgency{Code: "bench-marac", Name: "Fictional MARAC", Sector: "safeguarding"})
	if err != nil {
		return nil, err
	}
	team, err := register.AddTeam(ctx, operator, directory.NewTeam{Agency: a.ID, Code: "coordination", Name: "Fictional coordination", TakesReferrals: true})
	if err != nil {
		return nil, err
	}
	agency := string(a.ID)
	maracs, s := marac.New(d.cases, d.guard, time.UTC), returns.New(d.db, d.guard, time.UTC)
	last := s.Last()
	period, _, _ := s.Quarter(last)
	to, err := time.Parse(time.DateOnly, period.To)
	if err != nil {
		return nil, err
	}
	if err := maracs.SetUp(ctx, operator, marac.Norms(agency, string(team.ID)), marac.Published(to.AddDate(-maracYears, 0, 0).Format(time.DateOnly))); err != nil {
		return nil, err
	}
	cora := policy.Actor{Account: "bench-coordinator", Kind: policy.Human, Agency: agency, Roles: []policy.Role{policy.Specialist}, Level: 3, Name: "Fictional coordinator"}
	f, err := d.cases.Begin(ctx, cora, cases.NewFile{Person: people.Details{GivenName: "Fictional", FamilyName: "Person"}, Kind: cases.Full, Origin: cases.OwnContact})
	if err != nil {
		return nil, err
	}
	want, err := d.fillRegister(ctx, maracs, f, to, period.From)
	if err != nil {
		return nil, err
	}
	c := comparison{Name: maracJob, Beside: "a plain pass over the rows of the quarter", Clients: 1}
	err = c.run(ctx, o,
		func(ctx context.Context) (float64, error) {
			return busy(ctx, 1, o.length, func(int) error {
				_, now, err := s.Return(context.WithoutCancel(ctx), cora, agency, last)
				if err == nil && now.Total().Cases != want {
					err = fmt.Errorf("%d cases are counted, and there are %d", now.Total().Cases, want)
				}
				return err
			})
		},
		func(ctx context.Context) (float64, error) {
			return busy(ctx, 1, o.length, func(int) error {
				return d.plainReturn(context.WithoutCancel(ctx), agency, period.From, period.To, want)
			})
		})
	if err != nil {
		return nil, err
	}
	from, years := time.Now(), 0
	for ; years == 0 || time.Since(from) < o.length; years++ {
		if _, err := s.Year(ctx, cora, agency, last); err != nil {
			return nil, err
		}
	}
	year := time.Since(from) / time.Duration(years)
	c.Says = fmt.Sprintf("The return of a quarter of %d cases, out of a register of %d: %.2f ms, in the ledger. How a year of %d cases went: %.2f ms.",
		want, maracCases*maracYears, 1e3/c.Rate.Waymark, maracCases, float64(year.Microseconds())/1e3)
	return []comparison{c}, nil
}

// fillRegister adds so many cases a year, at a meeting every fortnight, and returns
// how many of them were heard from a day on.
func (d *domain) fillRegister(ctx context.Context, maracs *marac.Service, f *cases.File, to time.Time, from string) (want int64, err error) {
	random := rand.New(rand.NewPCG(2016, 50)) //nolint:gosec // nothing secret
	answers := []marac.Answer{marac.Yes, marac.No, marac.Unknown}
	one := func() marac.Answer { return answers[random.IntN(len(answers))] }
	err = d.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for n := range maracCases * maracYears {
			day := to.AddDate(0, 0, -14*(n/(maracCases/26))).Format(time.DateOnly)
			if day >= from {
				want++
			}
			_, err := maracs.InsertTx(ctx, tx, f, marac.Case{
				Number: fmt.Sprint("bench/", n), From: fmt.Sprint("agency-", random.IntN(20)), On: day, State: marac.Heard, HeardOn: day, Meeting: marac.MeetingID("meeting-" + day),
				IDVA: marac.NotKnown, Routes: marac.Routes{Repeat: one()},
				Counted: marac.Counted{Children: random.IntN(4), BME: one(), LGBT: one(), Disabled: one(), Male: one(), Young: one(), YoungWhoHarms: one()},
			}, nil)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && want == 0 {
		err = errors.New("nothing was heard in the quarter")
	}
	return want, err
}

// plainReturn counts in a loop what the return counts.
func (d *domain) plainReturn(ctx context.Context, agency, first, last string, want int64) error {
	return d.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT meeting_id, from_agency, repeated, children, bme, lgbt, disabled, male, victim_16_17, harmer_to_17 FROM marac_case
			WHERE agency_id = $1 AND heard_on >= $2 AND heard_on <= $3`, agency, first, last)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		var all int64
		type line struct {
			cases, children int64
			yes             [7]int64
		}
		lines := map[string]*line{}
		for rows.Next() {
			var meeting, from string
			var answers [7]string
			var children int64
			if err := rows.Scan(&meeting, &from, &answers[0], &children, &answers[1], &answers[2], &answers[3], &answers[4], &answers[5], &answers[6]); err != nil {
				return err
			}
			l := lines[meeting+from]
			if l == nil {
				l = &line{}
				lines[meeting+from] = l
			}
			all, l.cases, l.children = all+1, l.cases+1, l.children+children
			for i, a := range answers {
				if a == "yes" {
					l.yes[i]++
				}
			}
		}
		if all != want {
			return fmt.Errorf("%d rows, and there are %d", all, want)
		}
		return rows.Err()
	})
}
