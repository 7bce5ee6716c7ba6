package main

import (
	"context"
	"log/slog"
	"time"
)

// lookOutEvery is how often the ledger is looked through for unusual reading
// while it is served.
const lookOutEvery = time.Minute

// lookOut begins to look through the ledger, step by step, and to remove what was
// asked on the public pages once its time is over. What it returns waits for the
// last step.
func (w *waymark) lookOut(ctx context.Context, logger *slog.Logger) (wait func()) {
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(lookOutEvery)
		defer ticker.Stop()
		for {
			if err := w.lookThrough(ctx); err != nil && ctx.Err() == nil {
				logger.ErrorContext(ctx, "looking through the ledger", "error", err)
			}
			if err := w.forgetAsks(ctx); err != nil && ctx.Err() == nil {
				logger.ErrorContext(ctx, "removing what was asked on the public pages", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
		}
	}()
	return func() { stop(); <-done }
}

// lookThrough goes on to the end of the ledger.
func (w *waymark) lookThrough(ctx context.Context) error {
	for ctx.Err() == nil {
		more, err := w.oversight.Watch(ctx)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// forgetAsks removes what was asked on the public pages and is kept no longer.
func (w *waymark) forgetAsks(ctx context.Context) error {
	for ctx.Err() == nil {
		more, err := w.intake.Forget(ctx)
		if err != nil || !more {
			return err
		}
	}
	return nil
}
