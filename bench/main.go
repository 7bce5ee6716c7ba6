// Command bench measures the program as it ships, as ratios to the least code
// that could do the same, or to the same without what it costs to be sure.
// README.md says what is compared with what.
//
// A job is something that is done again and again. A round measures both sides
// once; what counts is the ratio inside a round, because absolute figures say
// more about the machine than about the code.
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
	"slices"
	"strings"
	"syscall"
	"time"
)

type options struct {
	program   string
	peer      string
	rounds    int
	length    time.Duration // of a side in a round
	notes     int
	size      int
	serversOn string
	jobs      []string
	keep      bool
	markdown  bool
}

// The jobs. Those on pages are requests to the program that is served; the
// others are the same code without the program around it.
var (
	onPages = []string{"pathway", "case", "enquiry", restartJob}
	inside  = []string{ledgerJob, auditedJob, decideJob, listJob, formJob, agreementsJob, shareJob, pathwaysJob, maracJob}
)

// does tells whether one of some jobs is to be measured.
func (o options) does(jobs ...string) bool {
	return slices.ContainsFunc(jobs, func(j string) bool { return slices.Contains(o.jobs, j) })
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
	o, err := parse(args)
	if err != nil {
		return err
	}
	at, err := newFolder(os.TempDir())
	if err != nil {
		return err
	}
	return errors.Join(measure(ctx, o, at.place, out), at.remove())
}

func parse(args []string) (options, error) {
	var o options
	all := slices.Concat(onPages, inside)
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&o.program, "waymark", "bin/waymark", "the `program` that is measured")
	flags.StringVar(&o.peer, "pocketbase", "bin/bench-pocketbase", "the peer of the job \"case\", made from bench/pocketbase")
	flags.IntVar(&o.rounds, "rounds", 5, "rounds of each job")
	seconds := flags.Float64("seconds", 2, "how long each side is measured in a round")
	flags.IntVar(&o.notes, "notes", 200, "entries in the chronology of the case that is read")
	flags.IntVar(&o.size, "size", 100_000, "cases in the database of the list and of the restart")
	flags.StringVar(&o.serversOn, "servers-on", "", "`cores` for the servers, as taskset takes them; start this program under taskset with the others")
	jobs := flags.String("jobs", strings.Join(all, ","), "the `jobs` that are measured")
	flags.BoolVar(&o.keep, "keep", false, "keep every figure in bench/evidence/<date>.json")
	flags.BoolVar(&o.markdown, "markdown", false, "print the ratios once more, as the table in docs/architecture.md")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.length = time.Duration(*seconds * float64(time.Second)); o.rounds < 1 || o.length <= 0 || flags.NArg() > 0 {
		return o, errors.New("there is at least one round, it lasts some time, and nothing follows the flags")
	}
	if o.size < sizeLeast {
		return o, fmt.Errorf("a list of %d out of fewer than %d cases says nothing", listed, sizeLeast)
	}
	o.jobs = strings.Split(*jobs, ",")
	for _, j := range o.jobs {
		if !slices.Contains(all, j) {
			return o, fmt.Errorf("%q is no job: there are %s", j, strings.Join(all, ", "))
		}
	}
	return o, nil
}

// measure is the whole run.
func measure(ctx context.Context, o options, at place, out io.Writer) error {
	found := newEvidence(ctx, o)
	if o.does(onPages...) {
		if err := measurePages(ctx, o, at, found); err != nil {
			return err
		}
	}
	if o.does(inside...) {
		if err := measureInside(ctx, o, place{filepath.Join(at.dir, "inside")}, found); err != nil {
			return err
		}
	}
	if err := found.print(out); err != nil {
		return err
	}
	if o.markdown {
		if err := found.paste(out); err != nil {
			return err
		}
	}
	if !o.keep {
		return nil
	}
	return found.keep(filepath.Join("bench", "evidence"))
}
