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
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// round is how often a second both sides did it.
type round struct{ Waymark, Other float64 }

// comparison is all rounds of a job beside another way to do it.
type comparison struct {
	Name, Beside     string
	Clients          int
	Says             string // what each side does
	Rounds           []round
	Rate             round   // medians
	Median, Min, Max float64 // of the ratios inside the rounds
}

func (c *comparison) sum() {
	c.Rate.Waymark, _, _ = spread(c.Rounds, func(r round) float64 { return r.Waymark })
	c.Rate.Other, _, _ = spread(c.Rounds, func(r round) float64 { return r.Other })
	c.Median, c.Min, c.Max = spread(c.Rounds, func(r round) float64 { return r.Waymark / r.Other })
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
	Notes, Size          int
	Comparisons          []comparison
	Kill                 *afterKill // nil when nothing was served
	FirstAnswer          float64    // seconds from starting again; noted, not judged
}

func newEvidence(ctx context.Context, o options) *evidence {
	version, _ := exec.CommandContext(ctx, o.program, "version").Output()
	return &evidence{
		At: time.Now().UTC().Truncate(time.Second), Program: strings.TrimSpace(string(version)), Go: runtime.Version(),
		Machine: runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.NumCPU(), ServersOn: o.serversOn, Folder: os.TempDir(), Seconds: o.length.Seconds(), Notes: o.notes, Size: o.size,
	}
}

func (e *evidence) print(out io.Writer) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "job\tbeside\tclients\tWaymark a second\tthe other\tratio\tmin–max\t")
	for _, c := range e.Comparisons {
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\t%s–%s\t\n", c.Name, c.Beside, c.Clients,
			digits(c.Rate.Waymark), digits(c.Rate.Other), digits(c.Median), digits(c.Min), digits(c.Max))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out)
	for i, c := range e.Comparisons {
		if i == 0 || c.Says != e.Comparisons[i-1].Says {
			fmt.Fprintf(out, "%s beside %s: %s\n", c.Name, c.Beside, c.Says)
		}
	}
	if e.Kill != nil {
		fmt.Fprintf(out, "After kill -9 while 16 clients wrote: of %d enquiries sent %d were acknowledged and %d found, none lost. %s First answer after %.1f s.\n",
			e.Kill.Sent, e.Kill.Acknowledged, e.Kill.Found, e.Kill.Ledger, e.FirstAnswer)
	}
	cores := fmt.Sprintf("clients and servers share %d cores (README.md says how to part them)", e.Cores)
	if e.ServersOn != "" {
		cores = fmt.Sprintf("%d cores for the clients, the servers on %s", e.Cores, e.ServersOn)
	}
	_, err := fmt.Fprintf(out, "Each side %g s a round, data below %s. %s, %s, %s; %s.\n",
		e.Seconds, e.Folder, e.Program, e.Go, e.Machine, cores)
	return err
}

// paste prints the table as docs/architecture.md has it.
func (e *evidence) paste(out io.Writer) error {
	fmt.Fprintln(out, "\n| Job | Beside | Clients | Ratio |\n| --- | --- | --- | --- |")
	for _, c := range e.Comparisons {
		if _, err := fmt.Fprintf(out, "| `%s` | %s | %d | %s (%s–%s) |\n", c.Name, c.Beside, c.Clients, digits(c.Median), digits(c.Min), digits(c.Max)); err != nil {
			return err
		}
	}
	return nil
}

// digits writes a number so that two or three of its digits are seen.
func digits(v float64) string {
	switch {
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 0.1:
		return strconv.FormatFloat(v, 'f', 2, 64)
	default:
		return strconv.FormatFloat(v, 'g', 2, 64)
	}
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
