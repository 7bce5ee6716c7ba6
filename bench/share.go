package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
	"waymark/internal/registers/training"
)

const (
	shareJob   = "share"
	shareRate  = 100 // shares a second of the steady run (performance.md)
	shareBytes = 1200
)

// sharers are two agencies, of which one sends and the other receives.
type sharers struct {
	d        *domain
	shares   *sharing.Service
	files    []*cases.File
	to       sharing.Recipient
	receiver policy.Actor
	before   []atomic.Pointer[sharing.ID] // what each sender sent before
}

// compareShares measures a share from its sending to its standing in the inbox
// of the team it goes to, beside two durable writes of as many bytes that are
// read by their key.
func (d *domain) compareShares(ctx context.Context, o options) ([]comparison, error) {
	const clients = 16
	s, err := d.sharers(ctx, clients)
	if err != nil {
		return nil, err
	}
	bare, err := d.bareRows(ctx)
	if err != nil {
		return nil, err
	}
	before, err := d.entries(ctx)
	if err != nil {
		return nil, err
	}
	c := comparison{Name: shareJob, Beside: "two bare rows", Clients: clients}
	err = c.run(ctx, o,
		func(ctx context.Context) (float64, error) {
			return busy(ctx, clients, o.length, func(i int) error { return s.send(context.WithoutCancel(ctx), i) })
		},
		func(ctx context.Context) (float64, error) {
			return busy(ctx, clients, o.length, func(int) error { return bare(context.WithoutCancel(ctx)) })
		})
	if err != nil {
		return nil, err
	}
	steady, err := s.steady(ctx, o.length*time.Duration(o.rounds))
	if err != nil {
		return nil, err
	}
	after, err := d.entries(ctx)
	if err == nil && after == before {
		err = errors.New("the shares are not in the ledger")
	}
	c.Says = fmt.Sprintf("sealed for both agencies, asked about, in the ledger and on the disk, and then in the inbox of the team. At %d a second, from when each is due: %s", shareRate, steady)
	return []comparison{c}, err
}

func (d *domain) sharers(ctx context.Context, clients int) (*sharers, error) {
	known := training.New(d.db, d.guard)
	register := directory.New(d.db, d.guard, auth.New(d.db, d.guard.Log, directory.AtWork{Levels: known}), known)
	operator := policy.Actor{Account: "operator:bench", Kind: policy.Operator, Name: "bench"}
	s := &sharers{d: d, shares: sharing.New(d.db, d.guard, d.cases, sharing.Config{}), before: make([]atomic.Pointer[sharing.ID], clients)}
	from, err := register.AddAgency(ctx, operator, directory.NewAgency{Code: "bench-from", Name: "Fictional sender", Sector: "health"})
	if err != nil {
		return nil, err
	}
	to, err := register.AddAgency(ctx, operator, directory.NewAgency{Code: "bench-to", Name: "Fictional receiver", Sector: "specialist"})
	if err != nil {
		return nil, err
	}
	team, err := register.AddTeam(ctx, operator, directory.NewTeam{Agency: to.ID, Code: "inbox", Name: "Fictional inbox", TakesReferrals: true})
	if err != nil {
		return nil, err
	}
	s.to = sharing.Recipient{Agency: string(to.ID), Team: string(team.ID)}
	s.receiver = policy.Actor{
		Account: "bench-receiver", Kind: policy.Human, Agency: string(to.ID), Teams: []string{string(team.ID)}, Roles: []policy.Role{policy.Specialist}, Level: 4,
	}
	for i := range clients {
		sender := policy.Actor{
			Account: fmt.Sprint("bench-sender-", i), Kind: policy.Human, Agency: string(from.ID), Roles: []policy.Role{policy.Specialist}, Level: 4, Name: "Fictional sender",
		}
		f, err := d.cases.Begin(ctx, sender, cases.NewFile{Person: people.Details{GivenName: "Fictional", FamilyName: "Person"}, Kind: cases.Full, Origin: cases.OwnContact})
		if err != nil {
			return nil, err
		}
		s.files = append(s.files, f)
	}
	return s, nil
}

func (s *sharers) share() sharing.NewShare {
	return sharing.NewShare{
		Reason: sharing.Referral, To: s.to, Protects: "Fictional Person", Harm: "threats at home", Basis: sharing.PublicTask,
		Rationale: "They cannot be called safely without this.",
		Views:     sharing.Views{Asked: sharing.Agrees, Words: "Please do", Present: "nobody else", Informed: sharing.Told},
		Items:     []sharing.Item{{Kind: sharing.WhyItem, Title: "Why", Text: string(bytes.Repeat([]byte("made up "), shareBytes/16))}},
		Person:    people.Details{GivenName: "Fictional", FamilyName: "Person"},
	}
}

// send sends a share and looks for it in the inbox. What stands there of before
// is passed over by its key, as on a second page.
func (s *sharers) send(ctx context.Context, i int) error {
	f := s.files[i]
	if err := s.shares.MaySend(ctx, f); err != nil {
		return err
	}
	var id sharing.ID
	err := s.d.cases.Change(ctx, f, sharing.ActSend, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = s.shares.SendTx(ctx, tx, f, s.share())
		return err
	})
	if err != nil {
		return err
	}
	var after sharing.ID
	// At a steady rate one that was sent later may have arrived first.
	if last := s.before[i].Swap(&id); last != nil && *last < id {
		after = *last
	}
	for {
		rows, err := s.shares.Waiting(ctx, s.receiver, after, 50)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(rows, func(r sharing.Row) bool { return r.ID == id }) {
			return nil
		}
		if len(rows) < 50 {
			return fmt.Errorf("share %s is not in the inbox", id)
		}
		after = rows[len(rows)-1].ID
	}
}

// steady sends shares at a steady rate, whether or not those before are done,
// and tells how long they took from when they were due.
func (s *sharers) steady(ctx context.Context, length time.Duration) (string, error) {
	n := max(1, int(length.Seconds()*shareRate))
	took, errs := make([]time.Duration, n), make([]error, n)
	var all sync.WaitGroup
	from := time.Now()
	for i := range n {
		due := from.Add(time.Duration(i) * time.Second / shareRate)
		time.Sleep(time.Until(due))
		all.Go(func() {
			errs[i] = s.send(ctx, i%len(s.files))
			took[i] = time.Since(due)
		})
	}
	all.Wait()
	slices.Sort(took)
	at := func(part int) float64 { return float64(took[min(n*part/100, n-1)].Microseconds()) / 1000 }
	return fmt.Sprintf("half within %.0f ms, 99 of 100 within %.0f ms (%d shares).", at(50), at(99), n), errors.Join(errs...)
}

// bareRows is what the other side does: two rows, durable, and read.
func (d *domain) bareRows(ctx context.Context) (func(context.Context) error, error) {
	err := d.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, "CREATE TABLE bench_share (id text NOT NULL PRIMARY KEY, words bytea NOT NULL)")
		return err
	})
	words := bytes.Repeat([]byte{1}, shareBytes)
	return func(ctx context.Context) error {
		var id string
		err := d.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			for range 2 {
				if id, err = tx.NewID(); err != nil {
					return err
				}
				if _, err := tx.ExecContext(ctx, "INSERT INTO bench_share (id, words) VALUES ($1, $2)", id, words); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		return d.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			var got []byte
			err := tx.QueryRowContext(ctx, "SELECT words FROM bench_share WHERE id = $1", id).Scan(&got)
			if err == nil && !bytes.Equal(got, words) {
				err = errors.New("the row is not what was written")
			}
			return err
		})
	}, err
}
