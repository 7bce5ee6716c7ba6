package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// database is a new one with a line in its ledger.
func database(t *testing.T) (place, *store.DB) {
	t.Helper()
	at := place{t.TempDir()}
	if err := at.create(t.Context()); err != nil {
		t.Fatal(err)
	}
	db, err := open(t.Context(), at.data(), at.key())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	someone := policy.Actor{Account: "operator:test", Kind: policy.Operator}
	if err := audit.New(db).Record(t.Context(), audit.Of(someone, "bench.test", audit.Done)); err != nil {
		t.Fatal(err)
	}
	return at, db
}

// jobsOf are a page and a form as prepare would have recorded them.
func jobsOf() []*job {
	page := newRequest(http.MethodGet, "/page", "", nil)
	page.want = answer{Status: http.StatusOK, Type: "text/html", Body: []byte("<p>A page</p>"), Reads: 3}
	form := newRequest(http.MethodPost, "/cases/7/enquiries/new", "Cookie: session=1", url.Values{"asked": {"yes"}})
	form.want = answer{Status: http.StatusSeeOther, Location: "/cases/7", Reads: 1, Durable: true}
	return []*job{{Name: "page", requests: []*request{page}}, {Name: "form", Durable: true, requests: []*request{form}}}
}

func TestTheLimitAnswersTheSameAndKeepsWhatItAnswered(t *testing.T) {
	_, db := database(t)
	jobs := jobsOf()
	l, err := newLimit(t.Context(), db, answers(jobs))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(l)
	defer s.Close()
	b := browser{address: s.Listener.Addr().String()}
	for _, j := range jobs {
		want := j.requests[0].want
		status, header, body := b.send(j.requests[0])
		if b.err != nil || status != want.Status || !bytes.Equal(body, want.Body) ||
			header.Get("Location") != want.Location || want.Type != "" && header.Get("Content-Type") != want.Type {
			t.Errorf("%s answers %d, %v, %q (%v)", j.Name, status, header, body, b.err)
		}
	}
	if status, _, _ := b.send(newRequest(http.MethodGet, "/elsewhere", "", nil)); status != http.StatusNotFound {
		t.Errorf("an address that is no job answers %d", status)
	}
	var kept string
	err = db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT body FROM bench_limit`).Scan(&kept)
	})
	if err != nil || kept != "asked=yes" {
		t.Errorf("what was answered is kept as %q (%v)", kept, err)
	}
}

func TestALoadCountsAnswersAndStopsAtAWrongOne(t *testing.T) {
	jobs := jobsOf()
	form := jobs[1]
	wrong := false
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if wrong {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Location", "/cases/7")
		w.WriteHeader(http.StatusSeeOther)
	}))
	defer s.Close()
	address := s.Listener.Addr().String()
	rate, err := load(t.Context(), address, form, 3, 50*time.Millisecond, true)
	if err != nil || rate <= 0 {
		t.Fatalf("%g a second, %v", rate, err)
	}
	r := form.requests[0]
	if sent, acked := r.sent.Load(), r.acked.Load(); sent != acked || sent == 0 {
		t.Errorf("%d were sent and %d answered", sent, acked)
	}
	before := r.acked.Load()
	wrong = true
	if _, err := load(t.Context(), address, form, 1, time.Hour, true); err == nil || !strings.Contains(err.Error(), "right is 303") {
		t.Errorf("a wrong answer passes: %v", err)
	}
	if r.acked.Load() != before || r.sent.Load() != before+1 {
		t.Errorf("after a wrong answer %d are sent and %d answered, before it %d", r.sent.Load(), r.acked.Load(), before)
	}
}

func TestAnAcknowledgedWriteThatIsNotFoundIsAFault(t *testing.T) {
	r := newRequest(http.MethodPost, "/cases/7/enquiries/new", "", nil)
	r.sent.Store(5)
	r.acked.Store(3)
	for found, sound := range map[int64]bool{2: false, 3: true, 5: true, 6: false} {
		if err := r.judge(found); (err == nil) != sound {
			t.Errorf("5 sent, 3 acknowledged, %d found: %v", found, err)
		}
	}
}

// Once everything was found to be lost, because the folder had been deleted
// while the program was being killed.
func TestAFolderThatWasTakenAwayIsNoFaultOfTheProgram(t *testing.T) {
	at, _ := database(t)
	identity := filepath.Join(at.data(), "deployment-id")
	if err := os.WriteFile(identity, []byte("0102"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := at.written()
	if err != nil {
		t.Fatal(err)
	}
	if err := before.still(at); err != nil {
		t.Errorf("nothing happened: %v", err)
	}
	file := filepath.Join(at.data(), store.FileName)
	if err := os.Rename(file, file+".old"); err != nil {
		t.Fatal(err)
	}
	if err := before.still(at); !errors.Is(err, errTakenAway) {
		t.Errorf("without its file: %v", err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := before.still(at); !errors.Is(err, errTakenAway) {
		t.Errorf("with another file: %v", err)
	}
	if err := os.Rename(file+".old", file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(identity, []byte("0103"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := before.still(at); !errors.Is(err, errTakenAway) {
		t.Errorf("with another deployment: %v", err)
	}
}

func TestRunsRemoveWhatWasLeftBehindAndNeverEachOther(t *testing.T) {
	below := t.TempDir()
	one, err := newFolder(below)
	if err != nil {
		t.Fatal(err)
	}
	killed, err := newFolder(below)
	if err != nil {
		t.Fatal(err)
	}
	killed.lock.Close() // as the system does for a process that ends
	elses := filepath.Join(below, folderPrefix+"of-somebody-else")
	if err := os.Mkdir(elses, 0o700); err != nil {
		t.Fatal(err)
	}
	two, err := newFolder(below)
	if err != nil {
		t.Fatal(err)
	}
	there := func(dir string) bool { _, err := os.Stat(dir); return err == nil }
	if !there(one.dir) || !there(two.dir) || !there(elses) || there(killed.dir) {
		t.Errorf("the first run's is there: %v; the second's: %v; somebody else's: %v; the one left behind: %v",
			there(one.dir), there(two.dir), there(elses), there(killed.dir))
	}
	if err := errors.Join(one.remove(), two.remove()); err != nil || there(one.dir) || there(two.dir) {
		t.Errorf("at the end: %v", err)
	}
}

func TestWhatCountsIsTheRatioInsideARound(t *testing.T) {
	c := comparison{Rounds: []round{{100, 1000}, {10, 20}, {30, 100}}}
	c.sum()
	if c.Median != 0.3 || c.Min != 0.1 || c.Max != 0.5 || c.Rate != (round{30, 100}) {
		t.Errorf("ratios %g, %g to %g; rates %v", c.Median, c.Min, c.Max, c.Rate)
	}
}

func TestEveryFigureIsKept(t *testing.T) {
	at, db := database(t)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	e := newEvidence(t.Context(), options{program: filepath.Join(at.dir, "none"), length: time.Second})
	page := &job{Name: "page", Route: "GET /page", Reads: 3, requests: []*request{{want: answer{Status: http.StatusOK}}}}
	c := page.comparison(1)
	c.Rounds = []round{{12.5, 50}}
	c.sum()
	e.Comparisons = append(e.Comparisons, c)
	var out strings.Builder
	if err := e.print(&out); err != nil || !strings.Contains(out.String(), "0.25") || !strings.Contains(out.String(), "3 × read") {
		t.Errorf("the table is %q (%v)", out.String(), err)
	}
	if err := e.paste(&out); err != nil || !strings.Contains(out.String(), "| `page` | limit | 1 | 0.25 (0.25–0.25) |") {
		t.Errorf("the table to paste is %q (%v)", out.String(), err)
	}
	if err := e.keep(at.dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(at.dir, e.At.Format(time.DateOnly)+".json"))
	if err != nil || !bytes.Contains(text, []byte(`"Waymark": 12.5`)) {
		t.Errorf("the evidence is %s (%v)", text, err)
	}
}

func TestTheLimitAsAProcessTellsItsAddressAndEnds(t *testing.T) {
	at, db := database(t)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	spec := `{"Data": "` + at.data() + `", "Key": "` + at.key() + `", "Answers": {"/page": {"Status": 200, "Reads": 2}}}`
	ctx, stop := context.WithCancel(t.Context())
	said, out := net.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{limitCommand}, strings.NewReader(spec), out) }()
	line := make([]byte, 64)
	n, err := said.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	found := printed.FindSubmatch(line[:n])
	if found == nil {
		t.Fatalf("it prints %q", line[:n])
	}
	b := browser{address: string(found[1])}
	if status, _, _ := b.send(newRequest(http.MethodGet, "/page", "", nil)); status != http.StatusOK {
		t.Errorf("it answers %d (%v)", status, b.err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("it ends with %v", err)
	}
}

// The peer counts only when it answers with all that belongs to the case, for
// somebody who signed in.
func TestThePeerMustAnswerWithEverything(t *testing.T) {
	events := 3
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.PostFormValue("identity") == peerWorker && r.PostFormValue("password") == peerPassword {
			fmt.Fprint(w, `{"token":"t"}`)
			return
		}
		if r.Header.Get("Authorization") != "t" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		fmt.Fprintf(w, `{"expand":{"events_via_case":[%s],"assessments_via_case":[1,2,3,4,5]}}`, strings.TrimSuffix(strings.Repeat("{},", events), ","))
	}))
	defer s.Close()
	there, err := preparePeer(s.Listener.Addr().String(), 3)
	if err != nil {
		t.Fatal(err)
	}
	if rate, err := load(t.Context(), s.Listener.Addr().String(), there, 2, 20*time.Millisecond, false); err != nil || rate <= 0 {
		t.Errorf("%g a second, %v", rate, err)
	}
	events = 2
	if _, err := preparePeer(s.Listener.Addr().String(), 3); err == nil || !strings.Contains(err.Error(), "2 entries") {
		t.Errorf("too few entries: %v", err)
	}
}
