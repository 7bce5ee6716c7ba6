package harness

import (
	"bytes"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Server is the program serving a deployment.
type Server struct {
	URL string // its address, without a slash at the end

	d    *Deployment
	cmd  *exec.Cmd
	out  *output
	done chan struct{}
	once sync.Once
}

var printedAddress = regexp.MustCompile(`https?://(?:127\.0\.0\.1|localhost|\[::1\]):[0-9]+`)

// Serve starts the server on a free port and waits until it has printed its address. It stops with the
// test.
func (d *Deployment) Serve(args ...string) *Server {
	d.t.Helper()
	s := &Server{d: d, out: newOutput(), done: make(chan struct{})}
	s.cmd = exec.Command(d.program, append([]string{"serve", "--data", d.Data, "--addr", "127.0.0.1:0"}, args...)...)
	s.cmd.Env, s.cmd.Stdout, s.cmd.Stderr = d.Env, s.out, s.out
	if err := s.cmd.Start(); err != nil {
		d.t.Fatalf("waymark serve: %v", err)
	}
	go func() {
		_ = s.cmd.Wait()
		close(s.done)
	}()
	d.t.Cleanup(s.Stop)
	s.URL = s.Find(printedAddress.String())
	return s
}

// Find waits until the server has printed something that a pattern matches, and returns the match, or
// the pattern's last group where it has one.
func (s *Server) Find(pattern string) string {
	s.d.t.Helper()
	re := regexp.MustCompile(pattern)
	timeout := time.After(max(s.d.wait, patience))
	for {
		text, more := s.out.read()
		if m := re.FindStringSubmatch(text); m != nil {
			return m[len(m)-1]
		}
		select {
		case <-more:
		case <-s.done:
			if text, _ := s.out.read(); !re.MatchString(text) {
				s.d.t.Fatalf("waymark serve ended without printing %s:\n%s", pattern, text)
			}
		case <-timeout:
			s.d.t.Fatalf("waymark serve does not print %s:\n%s", pattern, text)
		}
	}
}

// Output is what the server has printed so far.
func (s *Server) Output() string {
	text, _ := s.out.read()
	return text
}

// Stop tells the server to stop, as an operator would, and waits until it has. One that does not stop
// fails the test.
func (s *Server) Stop() {
	s.d.t.Helper()
	s.once.Do(func() {
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-s.done:
		case <-time.After(patience):
			_ = s.cmd.Process.Kill()
			<-s.done
			s.d.t.Errorf("waymark serve does not stop when it is told to")
		}
		if s.d.t.Failed() {
			s.d.t.Logf("waymark serve printed:\n%s", tail(s.Output(), 60))
		}
	})
}

// Kill ends the server at once, as a power cut would.
func (s *Server) Kill() {
	s.d.t.Helper()
	s.once.Do(func() {
		_ = s.cmd.Process.Kill()
		<-s.done
	})
}

// output collects what a program prints and lets readers wait for more.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func newOutput() *output { return &output{more: make(chan struct{})} }

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.more)
	o.more = make(chan struct{})
	return o.text.Write(b)
}

func (o *output) read() (text string, more <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String(), o.more
}

func tail(text string, lines int) string {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
