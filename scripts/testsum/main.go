// Command testsum runs `go test -json` and says what a person wants to know: one line for each
// package as it ends, the output of what failed, the reason of what was skipped, and last, alone
// on its line, the count:
//
//	N passed, N failed, N skipped
//
// It counts leaves: a test with subtests is the sum of them, and counts itself only when it failed
// and none of them did. A package that does not build, or ends without naming a failed test (a
// panic, a TestMain, a time limit), is one failure. Commands given with -check run first, each as
// one test of its own.
//
// A long run can be followed: with -follow, what tests say goes into a file as they say it.
//
// Usage: testsum [-check "command args"]… [-follow FILE] -- arguments of go test
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout))
}

func run(args []string, out io.Writer) int {
	checks, follow, goTest, err := parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
		return 2
	}

	group := newProcesses()
	sum := newSummary(out)
	if follow != "" {
		file, err := os.Create(follow)
		if err != nil {
			fmt.Fprintln(os.Stderr, "testsum:", err)
			return 2
		}
		defer file.Close()
		sum.follow = file
	}
	for _, check := range checks {
		sum.check(check, func() (string, error) { return group.output(strings.Fields(check)) })
	}

	cmd := exec.Command("go", append([]string{"test", "-json"}, goTest...)...)
	// go test reports through its standard output; what it says besides (no packages matched, a
	// broken go.mod) is for people.
	cmd.Stderr = os.Stderr
	events, err := cmd.StdoutPipe()
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
		return 2
	}
	if err := group.start(cmd); err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
		return 2
	}
	readErr := sum.read(bufio.NewReader(events))
	waitErr := group.wait(cmd)
	return sum.close(errors.Join(readErr, waitErr))
}

func parse(args []string) (checks []string, follow string, goTest []string, err error) {
	for i := 0; i < len(args); i++ {
		switch args[i] {
		case "-check":
			if i++; i == len(args) {
				return nil, "", nil, errors.New("-check needs a command")
			}
			checks = append(checks, args[i])
		case "-follow":
			if i++; i == len(args) {
				return nil, "", nil, errors.New("-follow needs a file")
			}
			follow = args[i]
		case "--":
			return checks, follow, args[i+1:], nil
		default:
			return nil, "", nil, fmt.Errorf("unknown argument %q", args[i])
		}
	}
	return nil, "", nil, errors.New("nothing to run: arguments of go test follow --")
}

// processes are what was started and has not ended. They run in groups of their own, so that being
// told to stop ends the tests and the programs those started, and nothing else.
type processes struct {
	mu      sync.Mutex
	running map[int]bool
}

func newProcesses() *processes {
	p := &processes{running: map[int]bool{}}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-stop
		p.mu.Lock()
		defer p.mu.Unlock()
		for pid := range p.running {
			_ = syscall.Kill(-pid, syscall.SIGTERM)
		}
		os.Exit(130)
	}()
	return p
}

func (p *processes) start(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := cmd.Start(); err != nil {
		return err
	}
	p.running[cmd.Process.Pid] = true
	return nil
}

func (p *processes) wait(cmd *exec.Cmd) error {
	err := cmd.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.running, cmd.Process.Pid)
	return err
}

func (p *processes) output(argv []string) (string, error) {
	var text strings.Builder
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = &text, &text
	if err := p.start(cmd); err != nil {
		return "", err
	}
	err := p.wait(cmd)
	return text.String(), err
}
