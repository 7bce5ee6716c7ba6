package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
)

// job is a request that is sent again and again, in one variant a client.
type job struct {
	Name, Route string
	Reads       int // statements of the program that only read; reads.json
	Durable     bool
	requests    []*request
}

// request is a request as bytes, its right answer, and how often the program
// was sent it and answered.
type request struct {
	path        string
	raw         []byte
	want        answer
	sent, acked atomic.Int64
}

//go:embed reads.json
var readsJSON []byte

// Who is signed in: a midwife of the demo, who asks, and an advocate, who
// assesses.
const (
	worker   = "amira.nurse"
	advocate = "lena.idva"
)

// assessments is how many the case has that is read.
const assessments = 5

// enquiryJSON is an enquiry that counts and leads to nothing more, about 500
// bytes as a form.
//
//go:embed enquiry.json
var enquiryJSON []byte

// prepare makes what the jobs need through the pages, as a person would, and
// returns the jobs. The last one is the one that writes.
func prepare(address string, notes int) ([]*job, error) {
	var reads map[string]int
	var asked url.Values
	if err := errors.Join(json.Unmarshal(readsJSON, &reads), json.Unmarshal(enquiryJSON, &asked)); err != nil {
		return nil, err
	}
	pathway := &job{Name: "pathway", Route: "GET /pathway/8, signed out"}
	page := &job{Name: "case", Route: "GET /cases/{case}, signed in", Durable: true}
	enquiry := &job{Name: "enquiry", Route: "POST /cases/{case}/enquiries/new", Durable: true}
	jobs := []*job{pathway, page, enquiry}
	for _, j := range jobs {
		j.Reads = reads[j.Name]
	}
	a := browser{address: address}
	a.signIn(advocate)
	long := a.begin("Long")
	for i := range notes {
		a.post(long+"/notes/new", url.Values{"text": {fmt.Sprintf("Note %d. Rang to say that the appointment is moved, and asked how they are.", i+1)}})
	}
	for range assessments {
		a.assess(long)
	}
	if a.err != nil {
		return nil, a.err
	}
	b := browser{address: address}
	b.signIn(worker)
	pathway.requests = append(pathway.requests, newRequest(http.MethodGet, "/pathway/8", "", nil))
	page.requests = append(page.requests, newRequest(http.MethodGet, long, a.signed, nil))
	for range 16 { // a case a client: none waits for another's
		enquiry.requests = append(enquiry.requests, newRequest(http.MethodPost, b.begin("Short")+"/enquiries/new", b.signed, asked))
	}
	for _, j := range jobs {
		for _, r := range j.requests {
			b.record(j, r)
		}
	}
	return jobs, b.err
}

// answers is what the limit answers: what the program was recorded to answer.
func answers(jobs []*job) map[string]answer {
	out := map[string]answer{}
	for _, j := range jobs {
		for _, r := range j.requests {
			out[r.path] = r.want
		}
	}
	return out
}

// newRequest is a request with one more header line, or none.
func newRequest(method, path, header string, form url.Values) *request {
	body := form.Encode()
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n", method, path)
	if header != "" {
		fmt.Fprintf(&b, "%s\r\n", header)
	}
	if method == http.MethodPost {
		fmt.Fprintf(&b, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n", len(body))
	}
	fmt.Fprintf(&b, "\r\n%s", body)
	return &request{path: path, raw: b.Bytes()}
}

// browser is somebody at the pages. After an error it does nothing more.
type browser struct {
	address string
	signed  string // the header line that says who it is
	err     error
}

func (b *browser) signIn(username string) {
	cookie, _, _ := strings.Cut(b.post("/demo/as/"+username, nil).Get("Set-Cookie"), ";")
	b.signed = "Cookie: " + cookie
}

// begin begins a case and returns the path of its page.
func (b *browser) begin(name string) string {
	path, _, _ := strings.Cut(b.post("/cases/new", url.Values{"given_name": {name}, "family_name": {"Example"}}).Get("Location"), "?")
	return path
}

// What the pages of an assessment say back.
var (
	versionField = regexp.MustCompile(`name="version" value="(\d+)"`)
	afterField   = regexp.MustCompile(`name="after" value="([^"]*)"`)
)

// assess assesses the risk of a case with the first set of questions that is
// offered, one of them answered.
func (b *browser) assess(file string) {
	set := b.find(file+"/risk/new", regexp.MustCompile(`name="set" type="radio" value="([^"]+)"`))
	begun, _, _ := strings.Cut(b.post(file+"/risk/new", url.Values{"set": {html.UnescapeString(set)}}).Get("Location"), "?")
	b.post(begun, url.Values{"version": {b.find(begun, versionField)}})
	at := begun + "/judgement"
	b.post(at, url.Values{"version": {b.find(at, versionField)}, "judgement": {"not-high"}})
	check := begun + "/check"
	b.post(begun+"/record", url.Values{"version": {b.find(check, versionField)}, "after": {b.find(check, afterField)}})
}

// find is what the pattern's group stands for in a page.
func (b *browser) find(path string, pattern *regexp.Regexp) string {
	status, _, body := b.send(newRequest(http.MethodGet, path, b.signed, nil))
	m := pattern.FindSubmatch(body)
	if b.err == nil && m == nil {
		b.err = fmt.Errorf("GET %s answers %d without %s", path, status, pattern)
	}
	if b.err != nil {
		return ""
	}
	return string(m[1])
}

// post sends a form that leads to another page when all is well.
func (b *browser) post(path string, form url.Values) http.Header {
	status, header, _ := b.send(newRequest(http.MethodPost, path, b.signed, form))
	if b.err == nil && status != http.StatusSeeOther {
		b.err = fmt.Errorf("POST %s answers %d", path, status)
	}
	return header
}

// record asks the program once. What it answers counts as right from then on.
func (b *browser) record(j *job, r *request) {
	r.sent.Add(1)
	status, header, body := b.send(r)
	if b.err == nil && status != http.StatusOK && status != http.StatusSeeOther {
		b.err = fmt.Errorf("%s answers %d", j.Route, status)
	}
	r.acked.Add(1)
	r.want = answer{Status: status, Type: header.Get("Content-Type"), Location: header.Get("Location"), Body: body, Reads: j.Reads, Durable: j.Durable}
}

func (b *browser) send(r *request) (int, http.Header, []byte) {
	if b.err != nil {
		return 0, nil, nil
	}
	c, err := dial(b.address)
	if err != nil {
		b.err = err
		return 0, nil, nil
	}
	defer c.Close()
	var body bytes.Buffer
	res, err := c.send(r, &body)
	if err != nil {
		b.err = err
		return 0, nil, nil
	}
	return res.StatusCode, res.Header, body.Bytes()
}
