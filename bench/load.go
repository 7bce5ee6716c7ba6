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

// load has clients send a job's requests, each its next one when the last is
// answered, and returns answers a second. Only what the program is sent is
// counted in the requests.
func load(ctx context.Context, address string, j *job, clients int, length time.Duration, count bool) (float64, error) {
	open := make([]*client, clients)
	defer func() {
		for _, c := range open {
			if c != nil {
				_ = c.Close()
			}
		}
	}()
	return busy(ctx, clients, length, func(i int) (err error) {
		if open[i] == nil {
			if open[i], err = dial(address); err != nil {
				return err
			}
		}
		r := j.requests[i%len(j.requests)]
		if count {
			r.sent.Add(1)
		}
		if err := open[i].ask(r); err != nil {
			return err
		}
		if count {
			r.acked.Add(1)
		}
		return nil
	})
}

// busy keeps clients busy for a time, each doing it again when it is done, and
// returns how often a second it was done. It ends with the first error of each.
func busy(ctx context.Context, clients int, length time.Duration, do func(client int) error) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var all sync.WaitGroup
	var done atomic.Int64
	errs := make([]error, clients)
	from := time.Now()
	for i := range clients {
		all.Go(func() {
			for errs[i] == nil && ctx.Err() == nil {
				if errs[i] = do(i); errs[i] == nil {
					done.Add(1)
				}
			}
		})
	}
	all.Wait()
	return float64(done.Load()) / time.Since(from).Seconds(), errors.Join(errs...)
}

// side does for a while what one side does and returns how often a second.
type side func(context.Context) (float64, error)

// run measures both sides in rounds, after one to warm up. Each round begins
// with the other side.
func (c *comparison) run(ctx context.Context, o options, waymark, other side) error {
	for n := range o.rounds + 1 {
		var r round
		var errs [2]error
		for turn := range 2 {
			if ours := (turn+n)%2 == 0; ours {
				r.Waymark, errs[0] = waymark(ctx)
			} else {
				r.Other, errs[1] = other(ctx)
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
