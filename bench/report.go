package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// round is answers a second on both sides.
type round struct{ Waymark, Limit float64 }

// comparison is all rounds of a job with a number of clients.
type comparison struct {
	*job
	Clients          int
	Status, Bytes    int // of the right answer
	Rounds           []round
	Rate             round   // medians
	Median, Min, Max float64 // of the ratios inside the rounds
}

func (c *comparison) sum() {
	c.Rate.Waymark, _, _ = spread(c.Rounds, func(r round) float64 { return r.Waymark })
	c.Rate.Limit, _, _ = spread(c.Rounds, func(r round) float64 { return r.Limit })
	c.Median, c.Min, c.Max = spread(c.Rounds, func(r round) float64 { return r.Waymark / r.Limit })
}

// spread is the median, the smallest and the largest. Of an even number it
// takes the lower of the two in the middle.
func spread(rounds []round, of func(round) float64) (median, least, most float64) {
	var list []float64
	for _, r := range rounds {
		list = append(list, of(r))
	}
	slices.Sort(list)
	return list[(len(list)-1)/2], list[0], list[len(list)-1]
}

// evidence is a whole run.
type evidence struct {
	At                   time.Time
	Program, Go, Machine string
	Cores                int    // that this program may use
	ServersOn            string // cores, when they were set apart
	Folder               string // whose disk the writes go to
	Seconds              float64
	Notes                int
	Comparisons          []comparison
	Kill                 afterKill
	FirstAnswer          float64 // seconds from starting again; noted, not judged
}

func newEvidence(ctx context.Context, o options) *evidence {
	version, _ := exec.CommandContext(ctx, o.program, "version").Output()
	return &evidence{
		At: time.Now().UTC().Truncate(time.Second), Program: strings.TrimSpace(string(version)), Go: runtime.Version(),
		Machine: runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.NumCPU(), ServersOn: o.serversOn, Folder: os.TempDir(), Seconds: o.length.Seconds(), Notes: o.notes,
	}
}

func (e *evidence) print(out io.Writer) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "job\tclients\tWaymark req/s\tlimit req/s\tratio\tmin–max\t")
	for _, c := range e.Comparisons {
		fmt.Fprintf(t, "%s\t%d\t%.0f\t%.0f\t%.2f\t%.2f–%.2f\t\n", c.Name, c.Clients, c.Rate.Waymark, c.Rate.Limit, c.Median, c.Min, c.Max)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out)
	for _, c := range e.Comparisons {
		if c.Clients == 1 {
			writes := map[bool]string{false: "", true: ", one durable write"}[c.Durable]
			fmt.Fprintf(out, "%s: %s. Limit: %d × read by primary key%s, the same %d with %d bytes.\n", c.Name, c.Route, c.Reads, writes, c.Status, c.Bytes)
		}
	}
	fmt.Fprintf(out, "After kill -9 while 16 clients wrote: of %d enquiries sent %d were acknowledged and %d found, none lost. %s First answer after %.1f s.\n",
		e.Kill.Sent, e.Kill.Acknowledged, e.Kill.Found, e.Kill.Ledger, e.FirstAnswer)
	cores := fmt.Sprintf("clients and servers share %d cores (README.md says how to part them)", e.Cores)
	if e.ServersOn != "" {
		cores = fmt.Sprintf("%d cores for the clients, the servers on %s", e.Cores, e.ServersOn)
	}
	_, err := fmt.Fprintf(out, "Each side %g s a round, data below %s. %s, %s, %s; %s.\n",
		e.Seconds, e.Folder, e.Program, e.Go, e.Machine, cores)
	return err
}

// keep writes every figure down.
func (e *evidence) keep(dir string) error {
	text, err := json.MarshalIndent(e, "", "\t")
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, e.At.Format(time.DateOnly)+".json"), append(text, '\n'), 0o644)
}
