package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"waymark/internal/platform/store"
)

// afterKill is what was found after the program was killed in the middle of
// writing and started again.
type afterKill struct {
	Sent, Acknowledged, Found int64
	Ledger                    string // what the program says of it
	answered                  time.Time
}

// killWhileWriting ends the program with kill -9 while every client writes.
func (s *server) killWhileWriting(ctx context.Context, j *job, after time.Duration) {
	timer := time.AfterFunc(after, func() { _ = s.cmd.Process.Kill() })
	defer timer.Stop()
	// To be killed is an error to every client.
	_, _ = load(ctx, s.address, j, len(j.requests), patience, true)
	<-s.ended
}

// check counts a write when it is found: every acknowledged one must be there,
// and none that was not sent. The ledger must be whole.
func (p place) check(ctx context.Context, o options, address string, jobs []*job) (afterKill, error) {
	var out afterKill
	first, err := dial(address)
	if err != nil {
		return out, err
	}
	defer first.Close()
	if err := first.ask(jobs[0].requests[0]); err != nil {
		return out, err
	}
	out.answered = time.Now()
	db, err := open(ctx, p.data(), p.key())
	if err != nil {
		return out, err
	}
	defer db.Close()
	var faults []error
	err = db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, r := range jobs[len(jobs)-1].requests {
			var found int64
			file := strings.Split(r.path, "/")[2]
			if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM enquiry WHERE file_id = $1`, file).Scan(&found); err != nil {
				return err
			}
			out.Sent, out.Acknowledged, out.Found = out.Sent+r.sent.Load(), out.Acknowledged+r.acked.Load(), out.Found+found
			faults = append(faults, r.judge(found))
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	said, err := exec.CommandContext(ctx, o.program, "audit", "verify", "--data", p.data(), "--key", p.key()).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("audit verify: %w: %s", err, said)
	}
	out.Ledger, _, _ = strings.Cut(string(said), "\n")
	return out, errors.Join(append(faults, err)...)
}

// judge compares what was found of a request with what was sent and answered.
func (r *request) judge(found int64) error {
	if sent, acked := r.sent.Load(), r.acked.Load(); found < acked || found > sent {
		return fmt.Errorf("%s: %d sent, %d acknowledged, %d found", r.path, sent, acked, found)
	}
	return nil
}
