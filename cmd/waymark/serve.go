package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"time"

	"waymark/internal/casework/interchange/carrier"
	"waymark/internal/casework/webhooks/courier"
)

type serveCommand struct {
	Addr     string         `help:"Address to listen on. Put a proxy that speaks HTTPS in front of any address but this machine's own." default:"127.0.0.1:8080" placeholder:"HOST:PORT" env:"WAYMARK_ADDR"`
	Demo     bool           `help:"Serve a fictional partnership: made-up data, deleted on exit unless --data names a directory."`
	ExitURL  string         `help:"Neutral site that the Exit control leads to." default:"https://www.bbc.co.uk/weather" placeholder:"URL" name:"exit-url" env:"WAYMARK_EXIT_URL"`
	Witness  string         `help:"File, best on another machine, to which a signed head of the ledger is added at every start and stop and as often as --witness-every says." placeholder:"FILE" type:"path" env:"WAYMARK_WITNESS"`
	Every    time.Duration  `help:"How often." default:"1h" name:"witness-every" placeholder:"DURATION" env:"WAYMARK_WITNESS_EVERY"`
	Name     string         `help:"Name of the service in the header and in page titles; choose one that gives nothing away." default:"Waymark" env:"WAYMARK_NAME"`
	Chromium string         `help:"Program of a Chromium with which letters can be taken away as tagged PDF documents. Without one, letters are printed from their page." placeholder:"PATH" env:"WAYMARK_SERVE_CHROMIUM"`
	Allow    []netip.Prefix `help:"Private network to which messages to other systems and notices to programs may go all the same, such as 10.1.0.0/16; may be given more than once. Otherwise they go to public addresses alone." name:"interchange-allow" placeholder:"NETWORK" env:"WAYMARK_INTERCHANGE_ALLOW"`
	transport
	identities
}

func (c serveCommand) Run(s *shell) (err error) {
	if c.Demo {
		return c.demo(s)
	}
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	return c.listen(s, w, nil, func(address string) error {
		fmt.Fprintf(s.out, "Waymark  %s\n", address)
		empty, err := w.auth.Empty(s.ctx)
		if err != nil || !empty {
			return err
		}
		token, err := w.auth.InviteFirst(s.ctx, s.operator())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.out, "Nobody can sign in yet. This link sets up the first administrator; it works once, for three days:\n%swelcome/%s\n", address, token)
		return err
	})
}

// listen serves until the process is told to stop. ready is called with the
// address once connections are taken.
func (c serveCommand) listen(s *shell, w *waymark, demo *demoSite, ready func(address string) error) (err error) {
	logger := slog.New(slog.NewTextHandler(s.errs, nil))
	secure, err := c.config()
	if err != nil {
		return err
	}
	frame, err := w.site(logger, c, demo)
	if err != nil {
		return err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(s.ctx, "tcp", c.Addr)
	if err != nil {
		return err
	}
	if secure != nil {
		l = tls.NewListener(l, secure)
	}
	server := newServer(frame, logger, inEarnest)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	witnessed, err := c.watch(s, w, logger)
	if err != nil {
		return errors.Join(err, server.Close())
	}
	defer func() { err = errors.Join(err, witnessed()) }()
	defer w.lookOut(s.ctx, logger)()
	defer w.carryOut(s.ctx, carrier.New(carrier.Config{Allow: c.allowed()}), logger)()
	defer w.tellPrograms(s.ctx, courier.New(carrier.Config{Allow: c.allowed()}), logger)()
	if err := ready(c.scheme() + "://" + l.Addr().String() + "/"); err != nil && s.ctx.Err() == nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-failed:
		return err
	case <-s.ctx.Done():
	}
	// Requests under way are answered; nothing acknowledged may be lost.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), 20*time.Second)
	defer cancel()
	return server.Shutdown(ctx)
}

// patience is how long a connection may take, and how much it may say of itself.
type patience struct {
	header, request, answer, idle time.Duration
	headers                       int // bytes
}

// inEarnest lets a slow line send a long form, and ends what only holds a
// connection open. Our own requests have headers of a few kilobytes.
var inEarnest = patience{header: 10 * time.Second, request: time.Minute, answer: 2 * time.Minute, idle: 2 * time.Minute, headers: 64 << 10}

func newServer(handler http.Handler, logger *slog.Logger, p patience) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: p.header,
		ReadTimeout:       p.request,
		WriteTimeout:      p.answer,
		IdleTimeout:       p.idle,
		MaxHeaderBytes:    p.headers,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
}

// watch begins to give heads to the witness. What it returns waits for the last.
func (c serveCommand) watch(s *shell, w *waymark, logger *slog.Logger) (wait func() error, err error) {
	if c.Witness == "" {
		return func() error { return nil }, nil
	}
	if c.Every < time.Minute {
		return nil, fmt.Errorf("%w: --witness-every is at least a minute", errUsage)
	}
	signer, err := s.signer()
	if err != nil {
		return nil, err
	}
	// The last head is given when nothing is served any more.
	ctx, stop := context.WithCancel(context.WithoutCancel(s.ctx))
	first, done := make(chan error, 1), make(chan error, 1)
	go func() { done <- w.witness(ctx, signer, c.Witness, c.Every, first, logger) }()
	if err := <-first; err != nil {
		stop()
		return nil, err
	}
	return func() error { stop(); return <-done }, nil
}

// loopback refuses an address that others could reach.
func loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("%w: the demo signs people in without a password and serves loopback addresses only, not %s", errWrongPlace, addr)
}

// demo serves the fictional partnership.
func (c serveCommand) demo(s *shell) (err error) {
	if err := loopback(c.Addr); err != nil {
		return err
	}
	kept := s.cli.Data != "" || s.cli.DatabaseURL != ""
	p, err := s.place()
	if err != nil {
		return err
	}
	if !kept {
		dir, err := os.MkdirTemp("", "waymark-demo-")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		p.Dir = dir
		if p.Key == "" && p.KeyText == "" && p.KeyCommand == "" {
			// The key of data that is deleted on exit goes with it.
			keys, err := os.MkdirTemp("", "waymark-demo-key-")
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, os.RemoveAll(keys)) }()
			p.Key = keys + "/demo.key"
		}
		s.cli.Data, s.cli.Key = p.Dir, p.Key
	}
	var notes io.Writer
	if kept {
		notes = s.errs
	}
	site, err := openDemo(s.ctx, p, notes)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, site.waymark.close()) }()
	return c.listen(s, site.waymark, site, func(address string) error {
		fate := "deleted on exit"
		if kept {
			fate = "kept"
		}
		_, err := fmt.Fprintf(s.out, "DEMO – fictional data, %s\nPublic site   %s\nStaff         %sdemo   (choose a role, no password)\n", fate, address, address)
		return err
	})
}
