package courier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"waymark/internal/casework/interchange/carrier"
	"waymark/internal/casework/webhooks"
)

// limit is how long a try may take. A program says at once that it has it.
const limit = 10 * time.Second

// answerMost bounds how much of an answer is read, so that a connection can be used
// again. What it says does not count.
const answerMost = 16 << 10

// Courier implements [webhooks.Courier].
type Courier struct{ client *http.Client }

// New makes the client.
func New(cfg carrier.Config) *Courier {
	if cfg.Limit <= 0 {
		cfg.Limit = limit
	}
	return &Courier{client: carrier.Client(cfg)}
}

// Take implements [webhooks.Courier].
func (c *Courier) Take(ctx context.Context, p webhooks.Parcel) (webhooks.Verdict, string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Address, bytes.NewReader(p.Body))
	if err != nil {
		return webhooks.Failed, "not-reached"
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "Waymark", "webhook-id": p.ID, "webhook-timestamp": p.Timestamp, "webhook-signature": p.Signature,
	} {
		req.Header.Set(name, value)
	}
	res, err := c.client.Do(req)
	if err != nil {
		return webhooks.Failed, unreached(err)
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, answerMost)) // the status has said it
	switch {
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return webhooks.Took, "ok"
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return webhooks.Failed, "redirected"
	case res.StatusCode == http.StatusGone:
		return webhooks.Gone, "http 410"
	}
	return webhooks.Failed, fmt.Sprintf("http %d", res.StatusCode)
}

// unreached is why there was no answer.
func unreached(err error) string {
	var timeout net.Error
	switch {
	case errors.Is(err, carrier.ErrNotAllowed):
		return "not-allowed"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "too-slow"
	}
	return "not-reached"
}
