package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// measurePages measures the program as it is served: its pages beside the
// limit's, what is there after kill -9, and how soon it answers again.
func measurePages(ctx context.Context, o options, at place, found *evidence) (err error) {
	site, err := at.serve(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, site.stop()) }()
	jobs, err := prepare(site.address, o.notes)
	if err != nil {
		return fmt.Errorf("preparing the jobs: %w", err)
	}
	if err := comparePages(ctx, o, at, site, jobs, found); err != nil {
		return err
	}
	if o.does("case") {
		if err := comparePeer(ctx, o, at, site, jobs[1], found); err != nil {
			return err
		}
	}
	file, err := at.written()
	if err != nil {
		return err
	}
	writes := jobs[len(jobs)-1]
	site.killWhileWriting(ctx, writes, min(o.length, time.Second))
	if err := file.still(at); err != nil {
		return err // before the program could make itself another one
	}
	from := time.Now()
	again, err := at.serve(ctx, o)
	if err != nil {
		return fmt.Errorf("after kill -9: %w", err)
	}
	site = again // for stop
	if err := file.still(at); err != nil {
		return err
	}
	killed, err := at.check(ctx, o, site.address, jobs)
	if err != nil {
		return fmt.Errorf("after kill -9: %w", err)
	}
	found.Kill, found.FirstAnswer = &killed, killed.answered.Sub(from).Seconds()
	if !o.does(restartJob) {
		return nil
	}
	if err := site.stop(); err != nil {
		return err
	}
	c, err := at.compareRestarts(ctx, o, jobs)
	found.Comparisons = append(found.Comparisons, c)
	return err
}

// comparePages measures requests beside the limit.
func comparePages(ctx context.Context, o options, at place, site *server, jobs []*job, found *evidence) (err error) {
	limit, err := at.limit(ctx, o, jobs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, limit.stop()) }()
	for _, j := range jobs {
		if !o.does(j.Name) {
			continue
		}
		for _, clients := range []int{1, 16} {
			c := j.comparison(clients)
			err := c.run(ctx, o,
				func(ctx context.Context) (float64, error) { return load(ctx, site.address, j, clients, o.length, true) },
				func(ctx context.Context) (float64, error) {
					return load(ctx, limit.address, j, clients, o.length, false)
				})
			if err != nil {
				return fmt.Errorf("%s, %d clients: %w", j.Name, clients, err)
			}
			found.Comparisons = append(found.Comparisons, c)
		}
	}
	return nil
}

func (j *job) comparison(clients int) comparison {
	writes := map[bool]string{false: "", true: ", one durable write"}[j.Durable]
	want := j.requests[0].want
	return comparison{
		Name: j.Name, Beside: "limit", Clients: clients,
		Says: fmt.Sprintf("%s. Limit: %d × read by primary key%s, the same %d with %d bytes.", j.Route, j.Reads, writes, want.Status, len(want.Body)),
	}
}
