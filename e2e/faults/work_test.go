package faults

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// act is what a client does.
type act string

const (
	begin   act = "begin"   // a case
	enquire act = "enquire" // an enquiry about abuse in it
	note    act = "note"    // a note in it
	read    act = "read"    // its page
)

// doing is an act as a client remembers it.
type doing struct {
	act   act
	mark  string // stands in what was typed
	acked bool
}

// client is somebody at the pages.
type client struct {
	name    string
	address string
	http    *http.Client
	cookie  string
	random  *rand.Rand
	file    string // id of the case, once it is acknowledged
	doings  []doing
	acks    *atomic.Int64
	// tolerant clients meet a database that comes and goes: they take a fault
	// that is said for an answer, and go on.
	tolerant bool
	// forgiving clients go on after any answer: what counts is what is found.
	forgiving bool
	faults    int // that were said
}

// worker is who is signed in: a midwife of the demo.
const worker = "amira.nurse"

// answer is what came back.
type answer struct {
	status   int
	location string
	cookie   string
	body     string
}

func (c *client) ask(ctx context.Context, method, path string, form url.Values) (answer, error) {
	var out answer
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, c.address+path, body)
	if err != nil {
		return out, err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if c.cookie != "" {
		req.Header.Set("Cookie", c.cookie)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return out, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return out, err
	}
	out = answer{status: res.StatusCode, location: res.Header.Get("Location"), body: string(text)}
	out.cookie, _, _ = strings.Cut(res.Header.Get("Set-Cookie"), ";")
	return out, nil
}

func newClient(name, address string, random *rand.Rand, acks *atomic.Int64) *client {
	return &client{
		name: name, address: address, random: random, acks: acks,
		http: &http.Client{
			Transport:     &http.Transport{DisableCompression: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Timeout:       patience,
		},
	}
}

func (c *client) signIn(ctx context.Context) error {
	a, err := c.ask(ctx, http.MethodPost, "/demo/as/"+worker, url.Values{})
	if err != nil {
		return err
	}
	if a.status != http.StatusSeeOther || a.cookie == "" {
		return fmt.Errorf("signing in answers %d %s", a.status, brief(a.body))
	}
	c.cookie = a.cookie
	return nil
}

// asked is an enquiry that leads to nothing urgent.
func asked(words string) url.Values {
	return url.Values{
		"setting": {"antenatal"}, "on-day": {"2"}, "on-month": {"3"}, "on-year": {"2026"}, "prompts": {"routine"},
		"alone": {"yes"}, "private": {"yes"}, "felt_safe": {"yes"}, "interpreter": {"none"}, "asked": {"yes"}, "said": {"neither"},
		"safe": {"yes"}, "children": {"no"}, "wishes": {words},
	}
}

// do does one act and notes it: before it is sent, and when it is
// acknowledged.
func (c *client) do(ctx context.Context, what act) error {
	mark := fmt.Sprintf("[m.%s.%d]", c.name, len(c.doings))
	c.doings = append(c.doings, doing{act: what, mark: mark})
	method, path, form := http.MethodPost, "/cases/"+c.file, url.Values(nil)
	switch what {
	case begin:
		path, form = "/cases/new", url.Values{"given_name": {"Robin"}, "family_name": {"Example " + strings.ReplaceAll(c.name, ".", "-")}}
	case enquire:
		path, form = path+"/enquiries/new", asked("Would like to be asked again at a later appointment; no letter. "+mark)
	case note:
		path, form = path+"/notes/new", url.Values{"text": {"Rang to say that the appointment is moved. " + mark}}
	case read:
		method = http.MethodGet
	}
	a, err := c.ask(ctx, method, path, form)
	if err != nil {
		return err
	}
	want := http.StatusSeeOther
	if what == read {
		want = http.StatusOK
	}
	if a.status == want && !strings.HasPrefix(a.location, "/sign-in") {
		if what == begin {
			id, _, _ := strings.Cut(strings.TrimPrefix(a.location, "/cases/"), "?")
			c.file = id
		}
		c.doings[len(c.doings)-1].acked = true
		c.acks.Add(1)
		return nil
	}
	if c.forgiving || c.tolerant && saysFault(a) {
		c.faults++
		return nil
	}
	return fmt.Errorf("%w: %s %s answers %d, to %q: %s", errWrongAnswer, method, path, a.status, a.location, brief(a.body))
}

var errWrongAnswer = errors.New("a wrong answer")

// saysFault tells whether an answer is a page that says that something is wrong
// with the service, and so cannot be taken for a record that is not there.
func saysFault(a answer) bool {
	return (a.status == http.StatusInternalServerError || a.status == http.StatusServiceUnavailable) &&
		strings.Contains(a.body, "<h1") && strings.Contains(a.body, "fault of the service")
}

// work goes on until the program is gone, the work is to end, or an answer is
// wrong.
func (c *client) work(ctx context.Context) error {
	for ctx.Err() == nil {
		what := begin
		if c.file != "" {
			what = []act{enquire, enquire, enquire, note, note, read, read}[c.random.IntN(7)]
		}
		if err := c.do(ctx, what); err != nil {
			return err
		}
	}
	return nil
}

// brief is the beginning of what a page says.
func brief(page string) string {
	if _, main, ok := strings.Cut(page, "<h1"); ok {
		page = main
	}
	return page[:min(len(page), 400)]
}

// crowd is the clients of one cycle.
type crowd struct {
	clients []*client
	acks    atomic.Int64
	killed  atomic.Bool
	errs    []error // of each client
	stuck   error
	idle    chan struct{} // closed when nobody works any more
}

// newCrowd signs the clients in.
func newCrowd(ctx context.Context, p *process, name string, size int, random *rand.Rand) (*crowd, error) {
	w := &crowd{}
	var first *client
	for i := range size {
		c := newClient(fmt.Sprintf("%s.%d", name, i), p.address, rand.New(rand.NewPCG(random.Uint64(), random.Uint64())), &w.acks)
		if first == nil {
			if err := c.signIn(ctx); err != nil {
				return nil, err
			}
			first = c
		}
		c.cookie = first.cookie
		w.clients = append(w.clients, c)
	}
	return w, nil
}

// start lets the clients work.
func (w *crowd) start(ctx context.Context) {
	w.errs, w.idle = make([]error, len(w.clients)), make(chan struct{})
	var all sync.WaitGroup
	defer func() {
		go func() {
			all.Wait()
			close(w.idle)
		}()
	}()
	for i, c := range w.clients {
		all.Go(func() {
			err := c.work(ctx)
			c.http.CloseIdleConnections()
			// That nobody answers is no news once the program is killed, or the
			// work was told to end; a wrong answer always is.
			if w.killed.Load() && !errors.Is(err, errWrongAnswer) || ctx.Err() != nil {
				err = nil
			}
			w.errs[i] = err
		})
	}
}

// kill ends the program with kill -9 when the clients have had some answers
// and a little later, or as soon as the moment is there.
func (w *crowd) kill(p *process, answers int64, later time.Duration, moment func() bool) {
	tick := time.NewTicker(100 * time.Microsecond)
	defer tick.Stop()
	stuck := time.After(patience)
	for w.acks.Load() < answers || moment != nil && !moment() {
		select {
		case <-tick.C:
		case <-p.ended:
			return
		case <-w.idle: // all have met with something wrong
			p.kill()
			return
		case <-stuck:
			w.killed.Store(true)
			p.kill()
			w.stuck = fmt.Errorf("after %d answers nobody gets on, or the moment does not come, in %v", w.acks.Load(), patience)
			return
		}
	}
	time.AfterFunc(later, func() {
		w.killed.Store(true)
		_ = p.cmd.Process.Kill()
	})
	<-p.ended
}

// end waits for the clients.
func (w *crowd) end() error {
	<-w.idle
	return errors.Join(append(w.errs, w.stuck)...)
}
