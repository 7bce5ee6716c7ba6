package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
)

// The peer of the job "case" (pocketbase/main.go): what it signs in as, and how
// the case is asked for with what belongs to it.
const (
	peerWorker   = "worker@bench.invalid"
	peerPassword = "a password of the benchmark"
	peerCase     = "/api/collections/cases/records/benchmarkcase01?expand=agency,person,worker,parties_via_case.person," +
		"events_via_case.recorded_by,assessments_via_case.assessed_by,tasks_via_case.holder"
)

// comparePeer measures the page of the case beside the same case in PocketBase,
// as it ships and with writes that are on the disk before they are answered.
func comparePeer(ctx context.Context, o options, at place, site *server, page *job, found *evidence) error {
	for _, variant := range []struct {
		name string
		args []string
	}{{"PocketBase as shipped", nil}, {"PocketBase FULL", []string{"-full"}}} {
		if err := at.besidePeer(ctx, o, variant.name, variant.args, site, page, found); err != nil {
			return fmt.Errorf("%s: %w", variant.name, err)
		}
	}
	return nil
}

func (p place) besidePeer(ctx context.Context, o options, name string, args []string, site *server, page *job, found *evidence) (err error) {
	args = append(args, "-data", filepath.Join(p.dir, "peer-"+strconv.Itoa(len(args))), "-events", strconv.Itoa(o.notes), "-assessments", strconv.Itoa(assessments))
	peer, err := p.start(ctx, o, nil, o.peer, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, peer.stop()) }()
	there, err := preparePeer(peer.address, o.notes)
	if err != nil {
		return err
	}
	for _, clients := range []int{1, 16} {
		c := comparison{
			Name: page.Name, Beside: name, Clients: clients,
			Says: fmt.Sprintf("%s, %d bytes; the read is in the ledger. PocketBase: one request that expands %d entries and %d assessments, %d bytes of JSON; no page is drawn, nothing is recorded of who read what.",
				page.Route, len(page.requests[0].want.Body), o.notes, assessments, len(there.requests[0].want.Body)),
		}
		err := c.run(ctx, o,
			func(ctx context.Context) (float64, error) {
				return load(ctx, site.address, page, clients, o.length, true)
			},
			func(ctx context.Context) (float64, error) {
				return load(ctx, peer.address, there, clients, o.length, false)
			})
		if err != nil {
			return fmt.Errorf("%d clients: %w", clients, err)
		}
		found.Comparisons = append(found.Comparisons, c)
	}
	return nil
}

// preparePeer signs in and asks once: the case must come with everything.
func preparePeer(address string, notes int) (*job, error) {
	b := browser{address: address}
	_, _, body := b.send(newRequest(http.MethodPost, "/api/collections/users/auth-with-password", "", url.Values{"identity": {peerWorker}, "password": {peerPassword}}))
	var session struct{ Token string }
	if b.err == nil {
		b.err = json.Unmarshal(body, &session)
	}
	b.signed = "Authorization: " + session.Token
	out := &job{Name: "case", Route: "GET " + peerCase}
	out.requests = append(out.requests, newRequest(http.MethodGet, peerCase, b.signed, nil))
	b.record(out, out.requests[0])
	if b.err != nil {
		return nil, b.err
	}
	var got struct {
		Expand struct {
			Events      []json.RawMessage `json:"events_via_case"`
			Assessments []json.RawMessage `json:"assessments_via_case"`
		}
	}
	if err := json.Unmarshal(out.requests[0].want.Body, &got); err != nil {
		return nil, err
	}
	if e := got.Expand; len(e.Events) != notes || len(e.Assessments) != assessments {
		return nil, fmt.Errorf("the case comes with %d entries and %d assessments", len(e.Events), len(e.Assessments))
	}
	return out, nil
}
