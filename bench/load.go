package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// client is one connection. It does less than the client of net/http, so that
// more of the cores is left for the side that is measured.
type client struct {
	net.Conn
	in *bufio.Reader
}

// patience is how long an answer may take before the run is given up.
const patience = time.Minute

func dial(address string) (*client, error) {
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return nil, err
	}
	return &client{conn, bufio.NewReader(conn)}, nil
}

// send sends a request and copies the body of the answer.
func (c *client) send(r *request, body io.Writer) (*http.Response, error) {
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	if _, err := c.Write(r.raw); err != nil {
		return nil, err
	}
	res, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(body, res.Body)
	return res, err
}

// size is a writer that only counts.
type size int

func (n *size) Write(b []byte) (int, error) { *n += size(len(b)); return len(b), nil }

// ask sends a request and checks the answer: a time counts for a right one.
func (c *client) ask(r *request) error {
	var got size
	res, err := c.send(r, &got)
	if err == nil && (res.StatusCode != r.want.Status || int(got) != len(r.want.Body)) {
		err = fmt.Errorf("%s answers %d with %d bytes; right is %d with %d", r.path, res.StatusCode, got, r.want.Status, len(r.want.Body))
	}
	return err
}

// load keeps clients busy for a time, each sending its next request when the
// last one is answered, and returns answers a second. Only what the program is
// sent is counted in the requests.
func load(ctx context.Context, address string, j *job, clients int, length time.Duration, count bool) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var all sync.WaitGroup
	var done atomic.Int64
	errs := make([]error, clients)
	from := time.Now()
	for i := range clients {
		r := j.requests[i%len(j.requests)]
		all.Go(func() {
			c, err := dial(address)
			for err == nil && ctx.Err() == nil {
				if count {
					r.sent.Add(1)
				}
				if err = c.ask(r); err == nil {
					done.Add(1)
					if count {
						r.acked.Add(1)
					}
				}
			}
			if errs[i] = err; c != nil {
				_ = c.Close()
			}
		})
	}
	all.Wait()
	return float64(done.Load()) / time.Since(from).Seconds(), errors.Join(errs...)
}

// run measures both sides in rounds, after one to warm up. Each round begins
// with the other side.
func (c *comparison) run(ctx context.Context, site, limit string, o options) error {
	for n := range o.rounds + 1 {
		var r round
		var errs [2]error
		for side := range 2 {
			if ours := (side+n)%2 == 0; ours {
				r.Waymark, errs[0] = load(ctx, site, c.job, c.Clients, o.length, true)
			} else {
				r.Limit, errs[1] = load(ctx, limit, c.job, c.Clients, o.length, false)
			}
		}
		if err := errors.Join(errs[0], errs[1], ctx.Err()); err != nil {
			return err
		}
		if n > 0 {
			c.Rounds = append(c.Rounds, r)
		}
	}
	c.sum()
	return nil
}
