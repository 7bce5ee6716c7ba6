package main

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"waymark/internal/casework/interchange"
	"waymark/internal/casework/webhooks"
)

// carryEvery is how often the outbox is looked at. A message that does not get
// through has a time of its own at which it is tried again.
const carryEvery = 10 * time.Second

// carryOut takes messages to other systems for as long as the context lasts. What
// it returns waits for the last try, of which the outcome is kept.
func (w *waymark) carryOut(ctx context.Context, carrier interchange.Carrier, logger *slog.Logger) (wait func()) {
	return again(ctx, logger, "taking messages to other systems", func(ctx context.Context) (int, error) { return w.interchange.CarryOut(ctx, carrier) })
}

// tellPrograms tells programs that something happened, for as long.
func (w *waymark) tellPrograms(ctx context.Context, courier webhooks.Courier, logger *slog.Logger) (wait func()) {
	return again(ctx, logger, "telling programs", func(ctx context.Context) (int, error) { return w.webhooks.CarryOut(ctx, courier) })
}

// again does a round over and over.
func again(ctx context.Context, logger *slog.Logger, what string, round func(context.Context) (int, error)) (wait func()) {
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(carryEvery)
		defer ticker.Stop()
		for {
			taken, err := round(ctx)
			if err != nil && ctx.Err() == nil {
				logger.ErrorContext(ctx, what, "error", err)
			}
			if taken > 0 && err == nil && ctx.Err() == nil {
				continue // the next ones may go at once
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

// allowed are the private networks to which messages may go. The demo has a system
// on this machine, which does not answer.
func (c serveCommand) allowed() []netip.Prefix {
	if c.Demo {
		return append(c.Allow, netip.MustParsePrefix("127.0.0.0/8"))
	}
	return c.Allow
}
