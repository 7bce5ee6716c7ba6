// Command bench measures whole jobs of the program as it ships, as ratios to
// the least code that could do them on the same database file. README.md says
// what is compared with what.
//
// A job is a request that is sent again and again. The limit answers the same
// requests with the same bytes. A round measures both sides once; what counts
// is the ratio inside a round, because absolute figures say more about the
// machine than about the code.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

type options struct {
	program   string
	rounds    int
	length    time.Duration // of a side in a round
	notes     int
	serversOn string
	only      string
	keep      bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	if len(args) == 1 && args[0] == limitCommand {
		return serveLimit(ctx, in, out)
	}
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&o.program, "waymark", "bin/waymark", "the `program` that is measured")
	flags.IntVar(&o.rounds, "rounds", 5, "rounds of each job")
	seconds := flags.Float64("seconds", 2, "how long each side is measured in a round")
	flags.IntVar(&o.notes, "notes", 200, "entries in the chronology of the case that is read")
	flags.StringVar(&o.serversOn, "servers-on", "", "`cores` for both servers, as taskset takes them; start this program under taskset with the others")
	flags.StringVar(&o.only, "only", "", "the `job` that is measured; empty for all")
	flags.BoolVar(&o.keep, "keep", false, "keep every figure in bench/evidence/<date>.json")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.length = time.Duration(*seconds * float64(time.Second)); o.rounds < 1 || o.length <= 0 || flags.NArg() > 0 {
		return errors.New("there is at least one round, it lasts some time, and nothing follows the flags")
	}
	at, err := newFolder(os.TempDir())
	if err != nil {
		return err
	}
	return errors.Join(measure(ctx, o, at.place, out), at.remove())
}

// measure is the whole run.
func measure(ctx context.Context, o options, at place, out io.Writer) (err error) {
	site, err := at.serve(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, site.stop()) }()
	jobs, err := prepare(site.address, o.notes)
	if err != nil {
		return fmt.Errorf("preparing the jobs: %w", err)
	}
	limit, err := at.limit(ctx, o, jobs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, limit.stop()) }()

	found := newEvidence(ctx, o)
	for _, j := range jobs {
		for _, clients := range []int{1, 16} {
			if o.only != "" && o.only != j.Name {
				continue
			}
			c := comparison{job: j, Clients: clients, Status: j.requests[0].want.Status, Bytes: len(j.requests[0].want.Body)}
			if err := c.run(ctx, site.address, limit.address, o); err != nil {
				return fmt.Errorf("%s, %d clients: %w", j.Name, clients, err)
			}
			found.Comparisons = append(found.Comparisons, c)
		}
	}
	file, err := at.written()
	if err != nil {
		return err
	}
	site.killWhileWriting(ctx, jobs[len(jobs)-1], min(o.length, time.Second))
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
	if found.Kill, err = at.check(ctx, o, site.address, jobs); err != nil {
		return fmt.Errorf("after kill -9: %w", err)
	}
	found.FirstAnswer = found.Kill.answered.Sub(from).Seconds()
	if err := found.print(out); err != nil || !o.keep {
		return err
	}
	return found.keep(filepath.Join("bench", "evidence"))
}
