package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const restartJob = "restart"

// compareRestarts measures how soon the first page is answered after kill -9,
// beside a bare program that opens the same file and answers the same. Before
// each start the program is killed while clients write, so that both find
// what that leaves: a journal that is not in the file yet.
func (p place) compareRestarts(ctx context.Context, o options, jobs []*job) (comparison, error) {
	first, writes := jobs[0], jobs[len(jobs)-1]
	c := comparison{
		Name: restartJob, Beside: "bare program", Clients: 1,
		Says: fmt.Sprintf("after kill -9 while %d clients write, from the start of the process to the right answer of %s, with %d cases in the database, as starts a second. The bare program opens the same file, reads a row and answers the same.",
			len(writes.requests), first.Route, o.size),
	}
	if err := p.fillMore(ctx, o.size); err != nil {
		return c, err
	}
	crash := func() error {
		s, err := p.serve(ctx, o)
		if err == nil {
			s.killWhileWriting(ctx, writes, min(o.length, time.Second))
		}
		return err
	}
	err := c.run(ctx, o,
		func(ctx context.Context) (float64, error) {
			return firstAnswer(first, crash, func() (string, func(), error) { return running(p.serve(ctx, o)) })
		},
		func(ctx context.Context) (float64, error) {
			return firstAnswer(first, crash, func() (string, func(), error) { return running(p.limit(ctx, o, []*job{first})) })
		})
	if err != nil {
		return c, fmt.Errorf("%s: %w", restartJob, err)
	}
	// The program comes up once more: nothing acknowledged may be lost.
	last, err := p.serve(ctx, o)
	if err != nil {
		return c, err
	}
	_, err = p.check(ctx, o, last.address, jobs)
	return c, errors.Join(err, last.stop())
}

// running is the address of a server and what ends it.
func running(s *server, err error) (address string, end func(), _ error) {
	if err != nil {
		return "", nil, err
	}
	return s.address, s.kill, nil
}

// firstAnswer is one divided by the seconds from the start to the right answer.
func firstAnswer(j *job, crash func() error, start func() (address string, end func(), err error)) (float64, error) {
	if err := crash(); err != nil {
		return 0, err
	}
	from := time.Now()
	address, end, err := start()
	if err != nil {
		return 0, err
	}
	defer end()
	c, err := dial(address)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	err = c.ask(j.requests[0])
	return 1 / time.Since(from).Seconds(), err
}

// fillMore fills a database that nobody has open.
func (p place) fillMore(ctx context.Context, size int) error {
	d, err := p.domain(ctx, true)
	if err != nil {
		return err
	}
	return errors.Join(d.fill(ctx, size), d.db.Close())
}
