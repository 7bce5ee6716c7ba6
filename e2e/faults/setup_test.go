package faults

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"waymark/internal/platform/store"
)

// TestASetUpThatIsKilledIsDoneAgain kills the making of a deployment: its
// folder, its key, its tables and its first record.
func TestASetUpThatIsKilledIsDoneAgain(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine store.Engine) {
		random, taken := chance(t), timeOfSetUp(t, engine)
		kills := 0
		for n := range cycles(t, 20, 300) {
			killed, problem := killedSetUp(t, blank(t, engine), random, taken)
			if problem != "" {
				t.Fatalf("set-up %d, after %d kills: %s", n, killed, problem)
			}
			kills += killed
		}
		if kills == 0 {
			t.Fatal("no set-up was killed: this run says nothing")
		}
		t.Logf("%d set-ups were killed", kills)
	})
}

// timeOfSetUp is how long an undisturbed one takes.
func timeOfSetUp(t *testing.T, engine store.Engine) time.Duration {
	t.Helper()
	s := blank(t, engine)
	from := time.Now()
	if _, err := s.do(agency...); err != nil {
		t.Fatal(err)
	}
	return time.Since(from)
}

var agency = []string{"agency", "add", "trust", "Fictional Hospital Trust", "--sector", "health"}

// killedSetUp kills one up to three times, lets it go through and looks at it.
func killedSetUp(t *testing.T, s *site, random *rand.Rand, taken time.Duration) (kills int, problem string) {
	t.Helper()
	done := false // it went through before it could be killed
	for range 3 {
		cmd := s.command(t.Context(), agency...)
		var said strings.Builder
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(random.Int64N(int64(taken))), func() { _ = cmd.Process.Kill() })
		err := cmd.Wait()
		timer.Stop()
		if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signal() == syscall.SIGKILL {
			kills++
			// It may have been added before the program could say so.
			done = done || strings.Contains(said.String(), "was added")
			continue
		}
		switch {
		case err == nil && !done:
			done = true
		case err != nil && strings.Contains(said.String(), "code:"):
			done = true // another agency has the code: the one that was killed
		default:
			return kills, fmt.Sprintf("it ends with %v, after it was done: %v: %s", err, done, said.String())
		}
		break
	}
	// Set up it is now, once: the same agency again is refused.
	out, err := s.do(agency...)
	if done && err == nil {
		return kills, "what was acknowledged is not there: " + out
	}
	if err != nil && !strings.Contains(err.Error(), "code:") {
		return kills, err.Error()
	}
	if said, err := s.do("audit", "verify"); err != nil || !strings.Contains(said, "The ledger is whole") {
		return kills, fmt.Sprintf("the ledger: %s %v", said, err)
	}
	return kills, ""
}

// noticedInSetUps holds the same to a build that must fail it.
func noticedInSetUps(t *testing.T, engine store.Engine, broken string) {
	t.Helper()
	random, taken := chance(t), timeOfSetUp(t, engine)
	for n := range cycles(t, 60, 200) {
		s := blank(t, engine)
		s.program = broken
		if _, problem := killedSetUp(t, s, random, taken); problem != "" {
			t.Logf("it is noticed in set-up %d: %s", n, problem)
			return
		}
	}
	t.Fatal("set-ups that are killed do not notice migrations in pieces: they are no test of that")
}
