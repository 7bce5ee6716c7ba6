package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// place is the folder with the deployment that is measured.
type place struct{ dir string }

func (p place) data() string { return filepath.Join(p.dir, "data") }
func (p place) key() string  { return filepath.Join(p.dir, "key", "bench.key") }

// server is one side, a process of its own.
type server struct {
	address string // host:port
	cmd     *exec.Cmd
	ended   chan struct{}
}

// serve starts the program on the demo, with its log in a file, as an operator
// would have it.
func (p place) serve(ctx context.Context, o options) (*server, error) {
	if err := os.MkdirAll(filepath.Dir(p.key()), 0o700); err != nil {
		return nil, err
	}
	return p.start(ctx, o, nil, o.program, "serve", "--demo", "--data", p.data(), "--key", p.key(), "--addr", "127.0.0.1:0")
}

// limitCommand, alone on the command line, makes this program the limit. It
// runs as a process of its own because the other side does.
const limitCommand = "limit"

// limit starts the limit for some jobs. For jobs that only read it is a bare
// program that opens the file and answers.
func (p place) limit(ctx context.Context, o options, jobs []*job) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	spec, err := json.Marshal(limitSpec{Data: p.data(), Key: p.key(), Answers: answers(jobs)})
	if err != nil {
		return nil, err
	}
	return p.start(ctx, o, bytes.NewReader(spec), self, limitCommand)
}

var printed = regexp.MustCompile(`http://([0-9.]+:[0-9]+)`)

// start runs a program and waits until it has printed its address.
func (p place) start(ctx context.Context, o options, in io.Reader, program string, args ...string) (*server, error) {
	if o.serversOn != "" {
		program, args = "taskset", append([]string{"-c", o.serversOn, program}, args...)
	}
	log, err := os.OpenFile(filepath.Join(p.dir, "log"), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s := &server{cmd: exec.CommandContext(ctx, program, args...), ended: make(chan struct{})}
	s.cmd.Stdin, s.cmd.Stderr = in, log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for s.address == "" && lines.Scan() {
		if m := printed.FindStringSubmatch(lines.Text()); m != nil {
			s.address = m[1]
		}
	}
	go func() {
		_, _ = io.Copy(io.Discard, out)
		_ = s.cmd.Wait()
		close(s.ended)
	}()
	if s.address == "" {
		<-s.ended
		said, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("%s ended without an address: %s", program, said)
	}
	return s, nil
}

// stop tells the server to end and waits until it has.
func (s *server) stop() error {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
		return nil
	case <-time.After(30 * time.Second):
		s.kill()
		return fmt.Errorf("%s does not stop when it is told to", s.cmd.Path)
	}
}

// kill ends the server at once.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	<-s.ended
}
