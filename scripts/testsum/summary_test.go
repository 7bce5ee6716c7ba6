package main

import (
	"bufio"
	"errors"
	"strings"
	"testing"
)

// summarise feeds events to a summary and returns what it printed and its exit status.
func summarise(t *testing.T, ended error, lines ...string) (string, int) {
	t.Helper()
	var out strings.Builder
	s := newSummary(&out)
	if err := s.read(bufio.NewReader(strings.NewReader(strings.Join(lines, "\n") + "\n"))); err != nil {
		t.Fatal(err)
	}
	status := s.close(ended)
	return out.String(), status
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

func TestLeavesAreCounted(t *testing.T) {
	out, status := summarise(t, nil,
		`{"Action":"run","Package":"p","Test":"TestA"}`,
		`{"Action":"run","Package":"p","Test":"TestA/one"}`,
		`{"Action":"pass","Package":"p","Test":"TestA/one"}`,
		`{"Action":"run","Package":"p","Test":"TestA/two"}`,
		`{"Action":"pass","Package":"p","Test":"TestA/two"}`,
		`{"Action":"pass","Package":"p","Test":"TestA"}`,
		`{"Action":"run","Package":"p","Test":"TestB"}`,
		`{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:3: no docs here\n"}`,
		`{"Action":"skip","Package":"p","Test":"TestB"}`,
		`{"Action":"pass","Package":"p","Elapsed":0.5}`,
	)
	if got, want := lastLine(out), "2 passed, 0 failed, 1 skipped"; got != want || status != 0 {
		t.Errorf("got %q (exit %d), want %q (exit 0)\n%s", got, status, want, out)
	}
	if !strings.Contains(out, "p.TestB: b_test.go:3: no docs here") {
		t.Errorf("the skip's reason is not named:\n%s", out)
	}
}

func TestAFailureShowsItsOutputAndFailsTheRun(t *testing.T) {
	out, status := summarise(t, errors.New("exit status 1"),
		`{"Action":"run","Package":"p","Test":"TestA"}`,
		`{"Action":"run","Package":"p","Test":"TestA/one"}`,
		`{"Action":"output","Package":"p","Test":"TestA/one","Output":"    a_test.go:9: wrong\n"}`,
		`{"Action":"fail","Package":"p","Test":"TestA/one"}`,
		`{"Action":"fail","Package":"p","Test":"TestA"}`,
		`{"Action":"output","Package":"p","Output":"FAIL\n"}`,
		`{"Action":"fail","Package":"p","Elapsed":0.5}`,
	)
	if got, want := lastLine(out), "0 passed, 1 failed, 0 skipped"; got != want || status != 1 {
		t.Errorf("got %q (exit %d), want %q (exit 1)\n%s", got, status, want, out)
	}
	if !strings.Contains(out, "a_test.go:9: wrong") {
		t.Errorf("the failure's output is missing:\n%s", out)
	}
}

func TestAParentThatFailsAloneCounts(t *testing.T) {
	out, _ := summarise(t, errors.New("exit status 1"),
		`{"Action":"run","Package":"p","Test":"TestA"}`,
		`{"Action":"run","Package":"p","Test":"TestA/one"}`,
		`{"Action":"pass","Package":"p","Test":"TestA/one"}`,
		`{"Action":"fail","Package":"p","Test":"TestA"}`,
		`{"Action":"fail","Package":"p"}`,
	)
	if got, want := lastLine(out), "1 passed, 1 failed, 0 skipped"; got != want {
		t.Errorf("got %q, want %q\n%s", got, want, out)
	}
}

func TestABuildFailureIsAFailure(t *testing.T) {
	out, status := summarise(t, errors.New("exit status 1"),
		`{"ImportPath":"p [p.test]","Action":"build-output","Output":"a.go:1: undefined: x\n"}`,
		`{"ImportPath":"p [p.test]","Action":"build-fail"}`,
		`{"Action":"start","Package":"p"}`,
		`{"Action":"output","Package":"p","Output":"FAIL\tp [build failed]\n"}`,
		`{"Action":"fail","Package":"p","FailedBuild":"p [p.test]"}`,
	)
	if got, want := lastLine(out), "0 passed, 1 failed, 0 skipped"; got != want || status != 1 {
		t.Errorf("got %q (exit %d), want %q (exit 1)\n%s", got, status, want, out)
	}
	if !strings.Contains(out, "undefined: x") {
		t.Errorf("the compiler's message is missing:\n%s", out)
	}
}

func TestAPanicNamesTheTestThatRan(t *testing.T) {
	out, status := summarise(t, errors.New("exit status 1"),
		`{"Action":"run","Package":"p","Test":"TestA"}`,
		`{"Action":"output","Package":"p","Test":"TestA","Output":"panic: boom\n"}`,
		`{"Action":"fail","Package":"p","Elapsed":0.1}`,
	)
	if got, want := lastLine(out), "0 passed, 1 failed, 0 skipped"; got != want || status != 1 {
		t.Errorf("got %q (exit %d), want %q (exit 1)\n%s", got, status, want, out)
	}
	if !strings.Contains(out, "p.TestA") || !strings.Contains(out, "panic: boom") {
		t.Errorf("the panicking test is not named:\n%s", out)
	}
}

func TestARunThatBreaksOffFails(t *testing.T) {
	for name, lines := range map[string][]string{
		"in the middle of a package": {`{"Action":"run","Package":"p","Test":"TestA"}`},
		"before any package":         {`go: no such module`},
	} {
		t.Run(name, func(t *testing.T) {
			out, status := summarise(t, errors.New("exit status 1"), lines...)
			if got, want := lastLine(out), "0 passed, 1 failed, 0 skipped"; got != want || status != 1 {
				t.Errorf("got %q (exit %d), want %q (exit 1)\n%s", got, status, want, out)
			}
		})
	}
}

func TestACheckIsOneTest(t *testing.T) {
	var out strings.Builder
	s := newSummary(&out)
	s.check("go vet", func() (string, error) { return "", nil })
	s.check("imports", func() (string, error) { return "a.go imports net/http\n", errors.New("exit status 1") })
	status := s.close(nil)
	if got, want := lastLine(out.String()), "1 passed, 1 failed, 0 skipped"; got != want || status != 1 {
		t.Errorf("got %q (exit %d), want %q (exit 1)", got, status, want)
	}
	if !strings.Contains(out.String(), "a.go imports net/http") {
		t.Errorf("what the check said is missing:\n%s", out.String())
	}
}

func TestArguments(t *testing.T) {
	checks, follow, rest, err := parse([]string{"-check", "go vet ./...", "-follow", "long.log", "--", "-v", "./..."})
	if err != nil || len(checks) != 1 || follow != "long.log" || strings.Join(rest, " ") != "-v ./..." {
		t.Errorf("parse = %q, %q, %q, %v", checks, follow, rest, err)
	}
	for _, bad := range [][]string{{}, {"-check"}, {"-follow"}, {"./..."}} {
		if _, _, _, err := parse(bad); err == nil {
			t.Errorf("parse(%q) is accepted", bad)
		}
	}
}
