package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is a line of `go test -json` (go doc test2json), and of the build output it carries.
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build-output: the package that was being compiled
	Test        string
	Elapsed     float64
	Output      string
	FailedBuild string
}

// summary keeps what is known of the packages that have not ended, and the count of those that have.
type summary struct {
	out      io.Writer
	follow   io.Writer // everything that tests say, as they say it
	packages map[string]*packageRun
	builds   map[string]*strings.Builder // compiler output by import path
	named    map[string]bool             // builds whose output has been shown

	passed, failed, skipped int
	failures, skips         []string
}

type packageRun struct {
	tests  map[string]*testRun
	output strings.Builder // lines that belong to no test
}

type testRun struct {
	outcome  string // pass, fail, skip; empty while it runs
	output   strings.Builder
	children int
}

func newSummary(out io.Writer) *summary {
	return &summary{
		out:      out,
		follow:   io.Discard,
		packages: map[string]*packageRun{},
		builds:   map[string]*strings.Builder{},
		named:    map[string]bool{},
	}
}

func (s *summary) printf(format string, args ...any) { fmt.Fprintf(s.out, format, args...) }

// check runs a command as one test.
func (s *summary) check(name string, command func() (string, error)) {
	text, err := command()
	if err == nil {
		s.passed++
		s.printf("ok    %s\n", name)
		return
	}
	s.failed++
	s.failures = append(s.failures, name)
	s.printf("FAIL  %s: %v\n%s", name, err, indent(text))
}

// read takes the events until there are no more.
func (s *summary) read(r *bufio.Reader) error {
	for {
		line, err := r.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				// Not an event: a program wrote past the test framework. Show it as it is.
				s.printf("%s", line)
			} else {
				s.event(e)
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

func (s *summary) event(e event) {
	switch e.Action {
	case "build-output":
		if s.builds[e.ImportPath] == nil {
			s.builds[e.ImportPath] = &strings.Builder{}
		}
		s.builds[e.ImportPath].WriteString(e.Output)
		return
	case "build-fail":
		return
	}

	if e.Action == "output" {
		fmt.Fprintf(s.follow, "%s: %s", e.Package, e.Output)
	}
	p := s.packages[e.Package]
	if p == nil {
		p = &packageRun{tests: map[string]*testRun{}}
		s.packages[e.Package] = p
	}
	if e.Test == "" {
		switch e.Action {
		case "output":
			p.output.WriteString(e.Output)
		case "pass", "fail", "skip":
			s.endPackage(e, p)
			delete(s.packages, e.Package)
		}
		return
	}

	t := p.tests[e.Test]
	if t == nil {
		t = &testRun{}
		p.tests[e.Test] = t
		if i := strings.LastIndexByte(e.Test, '/'); i > 0 {
			if parent := p.tests[e.Test[:i]]; parent != nil {
				parent.children++
			}
		}
	}
	switch e.Action {
	case "output":
		t.output.WriteString(e.Output)
	case "pass", "fail", "skip":
		t.outcome = e.Action
	}
}

func (s *summary) endPackage(e event, p *packageRun) {
	passed, failed, skipped := 0, 0, 0
	var report strings.Builder
	for _, name := range sortedKeys(p.tests) {
		t := p.tests[name]
		full := e.Package + "." + name
		switch {
		case t.outcome == "pass" && t.children == 0:
			passed++
		case t.outcome == "skip" && t.children == 0:
			skipped++
			s.skips = append(s.skips, full+": "+reason(t.output.String()))
		case t.outcome == "fail" && !p.childFailed(name), t.outcome == "" && e.Action == "fail" && !p.childFailed(name):
			// A test with no outcome was running when the package ended: a panic or the time limit.
			failed++
			s.failures = append(s.failures, full)
			fmt.Fprintf(&report, "      --- %s\n%s", name, indent(t.output.String()))
		}
	}
	if e.Action == "fail" && failed == 0 {
		failed++
		s.failures = append(s.failures, e.Package)
		text := p.output.String()
		if e.FailedBuild != "" && !s.named[e.FailedBuild] {
			s.named[e.FailedBuild] = true
			if b := s.builds[e.FailedBuild]; b != nil {
				text = b.String()
			}
		}
		report.WriteString(indent(text))
	} else if e.Action == "fail" {
		report.WriteString(indent(notable(p.output.String())))
	}

	s.passed += passed
	s.failed += failed
	s.skipped += skipped
	switch {
	case failed > 0:
		s.printf("FAIL  %s  %d passed, %d failed (%.1f s)\n%s", e.Package, passed, failed, e.Elapsed, report.String())
	case passed+skipped > 0:
		note := ""
		if skipped > 0 {
			note = fmt.Sprintf(", %d skipped", skipped)
		}
		s.printf("ok    %s  %d passed%s (%.1f s)\n", e.Package, passed, note, e.Elapsed)
	}
}

func (p *packageRun) childFailed(name string) bool {
	for other, t := range p.tests {
		if strings.HasPrefix(other, name+"/") && t.outcome != "pass" && t.outcome != "skip" {
			return true
		}
	}
	return false
}

// close prints the end and returns the exit status. A run that broke off, or that go test calls a
// failure though no package said so, is a failure.
func (s *summary) close(err error) int {
	for _, name := range sortedKeys(s.packages) {
		s.failed++
		s.failures = append(s.failures, name+" (did not end)")
	}
	if err != nil && s.failed == 0 {
		s.failed++
		s.failures = append(s.failures, "go test: "+err.Error())
	}
	s.list("skipped", s.skips)
	s.list("failed", s.failures)
	s.printf("%d passed, %d failed, %d skipped\n", s.passed, s.failed, s.skipped)
	if s.failed > 0 {
		return 1
	}
	return 0
}

func (s *summary) list(title string, items []string) {
	if len(items) == 0 {
		return
	}
	s.printf("%s:\n", title)
	for _, item := range items {
		s.printf("  %s\n", item)
	}
}

// reason is what a skipped test said: its last line that is not the framework's own.
func reason(output string) string {
	for _, line := range slices.Backward(strings.Split(output, "\n")) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "---") && !strings.HasPrefix(line, "===") {
			return line
		}
	}
	return "no reason given"
}

// notable is the output of a failed package without the lines that only repeat its outcome.
func notable(output string) string {
	var keep []string
	for line := range strings.Lines(output) {
		if t := strings.TrimSpace(line); t == "FAIL" || strings.HasPrefix(t, "FAIL\t") || strings.HasPrefix(t, "exit status") {
			continue
		}
		keep = append(keep, line)
	}
	return strings.Join(keep, "")
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("      " + strings.TrimRight(line, "\n") + "\n")
	}
	return b.String()
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
