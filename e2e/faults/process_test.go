package faults

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is the program serving a site.
type process struct {
	address string // http://host:port
	cmd     *exec.Cmd
	log     *lines
	ended   chan struct{}
}

// lines collects what a program says.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// tail is the end of it.
func (l *lines) tail() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := strings.Split(strings.TrimSpace(l.text.String()), "\n")
	return strings.Join(all[max(0, len(all)-20):], "\n")
}

var printed = regexp.MustCompile(`http://127\.0\.0\.1:[0-9]+`)

// launch starts the program; what it prints is read by wait.
func (s *site) launch(t *testing.T, args ...string) (*process, io.Reader) {
	t.Helper()
	p := &process{log: new(lines), ended: make(chan struct{})}
	p.cmd = s.command(t.Context(), append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	p.cmd.Stderr = p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p, out
}

// wait waits until the program has printed its address, or has ended.
func (p *process) wait(out io.Reader) error {
	scanner := bufio.NewScanner(out)
	for p.address == "" && scanner.Scan() {
		p.address = printed.FindString(scanner.Text())
	}
	go func() {
		_, _ = io.Copy(io.Discard, out)
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	if p.address == "" {
		<-p.ended
		return fmt.Errorf("%w (%v): %s", errNoAddress, p.cmd.ProcessState, p.log.tail())
	}
	return nil
}

// serve serves the demo.
func (s *site) serve(t *testing.T) *process {
	t.Helper()
	p, out := s.launch(t, "--demo")
	if err := p.wait(out); err != nil {
		t.Fatal(err)
	}
	return p
}

// serveUntil starts the program and kills it after a time, serving or not.
func (s *site) serveUntil(t *testing.T, after time.Duration) {
	t.Helper()
	p, out := s.launch(t, "--demo")
	timer := time.AfterFunc(after, func() { _ = p.cmd.Process.Kill() })
	err := p.wait(out)
	<-p.ended
	timer.Stop()
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if err != nil && (!ok || status.Signal() != syscall.SIGKILL) {
		t.Fatalf("before it was killed: %v", err)
	}
}

// kill is kill -9.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// stop tells the program to end, as an operator would.
func (p *process) stop(t *testing.T) {
	t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.kill()
		t.Errorf("the program does not stop when it is told to: %s", p.log.tail())
	}
}
