package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

const (
	ledgerJob = "ledger"
	appenders = 64
)

// compareLedger measures entries that are appended one by one by 64 clients,
// each of which waits until its own is on the disk: beside a bare log, and
// beside the same ledger where nobody's entry shares a commit.
func (d *domain) compareLedger(ctx context.Context, o options, dir string) ([]comparison, error) {
	actor := policy.Actor{Account: "fictional-worker", Kind: policy.Human, Agency: agencyName(0)}
	entry := audit.Of(actor, cases.ActOpen, audit.Allowed,
		audit.Subject{Kind: "case", ID: "f1c7f11e-0000-7000-8000-000000000000"}, audit.Subject{Kind: "person", ID: "f1c71000-0000-7000-8000-000000000000"})
	entry.Purpose, entry.Reason = string(cases.Care), "case-involved"
	body, err := d.written(ctx, entry)
	if err != nil {
		return nil, err
	}
	bare, err := newBareLog(filepath.Join(dir, "bare.log"), body)
	if err != nil {
		return nil, err
	}
	defer bare.close()

	record := func(int) error { return d.guard.Record(ctx, entry) }
	together := func(ctx context.Context) (float64, error) { return d.appending(ctx, o, record) }
	beside := []struct {
		name, says string
		other      side
	}{
		{
			"bare log", fmt.Sprintf("%d clients append to the ledger, each waits until its entry is on the disk. The bare log writes the %d bytes of the entry's text and nothing else into a file with room made beforehand, one write and one fdatasync for all that wait.", appenders, len(body)),
			func(ctx context.Context) (float64, error) { return bare.appending(ctx, o) },
		},
		{
			"one a commit", "The same ledger, each entry in a commit of its own.",
			func(ctx context.Context) (float64, error) {
				var turn sync.Mutex
				return d.appending(ctx, o, func(i int) error {
					turn.Lock()
					defer turn.Unlock()
					return record(i)
				})
			},
		},
	}
	var out []comparison
	for _, b := range beside {
		c := comparison{Name: ledgerJob, Beside: b.name, Clients: appenders, Says: b.says}
		if err := c.run(ctx, o, together, b.other); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// written is the text that the ledger keeps of an entry.
func (d *domain) written(ctx context.Context, e audit.Entry) ([]byte, error) {
	if err := d.guard.Record(ctx, e); err != nil {
		return nil, err
	}
	var body string
	err := d.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT body FROM ledger_entry ORDER BY seq DESC LIMIT 1`).Scan(&body)
	})
	return []byte(body), err
}

// appending has clients append, and finds each acknowledged entry again.
func (d *domain) appending(ctx context.Context, o options, record func(int) error) (float64, error) {
	before, err := d.entries(ctx)
	if err != nil {
		return 0, err
	}
	var acked atomic.Int64
	rate, err := busy(ctx, appenders, o.length, func(i int) error {
		err := record(i)
		if err == nil {
			acked.Add(1)
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	after, err := d.entries(ctx)
	if err == nil && after-before != acked.Load() {
		err = fmt.Errorf("%d entries were acknowledged and %d were written", acked.Load(), after-before)
	}
	return rate, errors.Join(err, ctx.Err())
}
