package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"waymark/internal/platform/backup"
	"waymark/internal/platform/store"
)

// The doctor's measures. They are our own: nobody prescribes them.
const (
	roomLeft    = 1 << 30             // free bytes below which the disk counts as nearly full
	skewAllowed = 2 * time.Second     // between this machine and the database
	certWarning = 14 * 24 * time.Hour // before a certificate ends
	backupAge   = 48 * time.Hour      // since the last backup
)

type doctorCommand struct {
	Deep bool   `help:"Also have the embedded database check its whole file, and read the whole ledger."`
	Addr string `help:"Address that \"serve\" listens on." default:"127.0.0.1:8080" placeholder:"HOST:PORT" env:"WAYMARK_ADDR"`
	transport
}

var errMend = errors.New("something has to be mended")

// findings is what the doctor says, a line for each thing looked at.
type findings struct {
	shell *shell
	bad   int
}

func (f *findings) ok(topic, format string, args ...any)   { f.say("ok", topic, format, args...) }
func (f *findings) note(topic, format string, args ...any) { f.say("note", topic, format, args...) }

// mend is for what must not stay as it is.
func (f *findings) mend(topic, format string, args ...any) {
	f.bad++
	f.say("MEND", topic, format, args...)
}

func (f *findings) say(word, topic, format string, args ...any) {
	fmt.Fprintf(f.shell.out, "%-5s %-12s %s\n", word, topic, fmt.Sprintf(format, args...))
}

func (c doctorCommand) Run(s *shell) (err error) {
	p, err := s.place()
	if err != nil {
		return err
	}
	f := &findings{shell: s}
	c.transportOf(f)
	c.address(f)
	clock(f)
	if err := p.keyAndFiles(s, f); err != nil {
		return err
	}
	w, err := s.open(false)
	if err != nil {
		f.mend("database", "cannot be opened: %v", err)
		return fmt.Errorf("%w: %w", errMend, err)
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if err := c.database(s, w, f); err != nil {
		return err
	}
	f.ok("mail", "nothing is sent by mail, so there is nothing to set up")
	if f.bad > 0 {
		return fmt.Errorf("%w (%d)", errMend, f.bad)
	}
	return nil
}

// transportOf looks at how the pages are reached.
func (c doctorCommand) transportOf(f *findings) {
	if c.TLSCert == "" {
		if loopback(c.Addr) == nil {
			f.ok("transport", "%s is reached from this machine only; a proxy in front has to speak HTTPS", c.Addr)
			return
		}
		if len(c.Proxy) == 0 {
			f.mend("transport", "%s can be reached by others without HTTPS: give --tls-cert and --tls-key, or listen on this machine only and name the proxy", c.Addr)
			return
		}
		f.note("transport", "%s trusts the proxies %v; nobody else may reach it", c.Addr, c.Proxy)
		return
	}
	pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		f.mend("transport", "the certificate cannot be used: %v", err)
		return
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		f.mend("transport", "the certificate cannot be read: %v", err)
		return
	}
	switch left := time.Until(leaf.NotAfter); {
	case left <= 0:
		f.mend("transport", "the certificate ended on %s", leaf.NotAfter.Format(time.DateOnly))
	case left < certWarning:
		f.mend("transport", "the certificate ends on %s: renew it", leaf.NotAfter.Format(time.DateOnly))
	default:
		f.ok("transport", "HTTPS, with a certificate until %s", leaf.NotAfter.Format(time.DateOnly))
	}
}

// address looks at the name by which people reach the pages: links that are
// handed on and passkeys are made for it.
func (c doctorCommand) address(f *findings) {
	site, err := c.known()
	switch {
	case err != nil:
		f.mend("address", "%v", err)
	case site == "":
		f.note("address", "links and passkeys are made for whatever host a request names: give --site with the address that people use")
	case c.Site.Scheme != "https":
		f.note("address", "%s is no HTTPS address: browsers make passkeys on this machine only", site)
	default:
		f.ok("address", "people know the service as %s", site)
	}
}

// clock asks the machine whether its clock is kept right by others.
func clock(f *findings) {
	const unsynchronised = 5 // TIME_ERROR of adjtimex(2)
	var t syscall.Timex
	state, err := syscall.Adjtimex(&t)
	switch {
	case err != nil:
		f.note("clock", "the machine does not say whether its clock is kept right: %v", err)
	case state == unsynchronised:
		f.note("clock", "the machine says that nothing keeps its clock right: set up a time service (NTP)")
	default:
		f.ok("clock", "kept right by a time service")
	}
}

// keyAndFiles looks at the key and at the data directory.
func (p place) keyAndFiles(s *shell, f *findings) error {
	if p.URL == "" {
		if err := p.prepareDir(false); err != nil {
			return err
		}
	}
	source, err := p.keySource()
	if err != nil {
		return err
	}
	key, err := p.key(s.ctx, opening{})
	if err != nil {
		f.mend("key", "%v", err)
		return fmt.Errorf("%w: %w", errMend, err)
	}
	switch {
	case key.Older() > 0:
		f.note("key", "%s holds %d older keys: run \"waymark keys renew\" and then \"waymark keys forget\"", source, key.Older())
	case source.given():
		f.ok("key", "from %s", source)
	default:
		f.ok("key", "%s; a copy of it has to lie elsewhere", source)
	}
	if !source.given() {
		private(f, "key", source.path, 0o600)
	}
	if p.URL != "" {
		return nil
	}
	private(f, "data", p.Dir, 0o700)
	private(f, "data", filepath.Join(p.Dir, store.FileName), 0o600)
	return p.room(f)
}

// private makes sure that nobody but the owner can use a file.
func private(f *findings, topic, path string, want fs.FileMode) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		f.mend(topic, "%v", err)
	case info.Mode().Perm()&^want != 0:
		f.mend(topic, "%s can be used by others (%v): chmod %o", path, info.Mode().Perm(), want)
	default:
		f.ok(topic, "%s is its owner's alone", path)
	}
}

// Kinds of file system on which a database is not safe; see statfs(2).
var unsafeSystems = map[int64]string{
	0x01021994: "a memory file system: everything is gone when the machine stops",
	0x6969:     "NFS: locks on it are not to be relied on",
	0xff534d42: "CIFS: locks on it are not to be relied on",
	0x517b:     "SMB: locks on it are not to be relied on",
}

func (p place) room(f *findings) error {
	var s syscall.Statfs_t
	if err := syscall.Statfs(p.Dir, &s); err != nil {
		return err
	}
	free := s.Bavail * uint64(s.Bsize) //nolint:gosec // a block size is positive
	if free < roomLeft {
		f.mend("disk", "%d MiB are left", free>>20)
	} else {
		f.ok("disk", "%d GiB are left", free>>30)
	}
	if what, ok := unsafeSystems[int64(s.Type)]; ok { //nolint:unconvert // its type differs between machines
		f.mend("disk", "the data lies on %s", what)
	}
	return nil
}

func (c doctorCommand) database(s *shell, w *waymark, f *findings) error {
	h, err := w.db.Health(s.ctx, c.Deep)
	if err != nil {
		return err
	}
	for _, fault := range h.Faults {
		f.mend("durability", "%s", fault)
	}
	if len(h.Faults) == 0 {
		f.ok("durability", "%s %s: what is acknowledged is on the disk", h.Engine, h.Version)
	}
	for _, line := range h.Damage {
		f.mend("database", "%s", line)
	}
	if !h.Encrypted {
		say := f.mend
		if p, err := s.place(); err == nil && local(p.URL) {
			say = f.note
		}
		say("database", "the connection to PostgreSQL is not encrypted: add sslmode=verify-full to its address")
	}
	if h.Skew.Abs() > skewAllowed {
		f.mend("clock", "the database's clock is %v away from this machine's", h.Skew.Round(time.Millisecond))
	}
	if err := c.ledger(s, w, f); err != nil {
		return err
	}
	return lastBackup(s, w, f)
}

// local tells whether a PostgreSQL address is on this machine.
func local(url string) bool {
	host, err := store.HostOf(url)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || filepath.IsAbs(host) || ip != nil && ip.IsLoopback()
}

func (c doctorCommand) ledger(s *shell, w *waymark, f *findings) error {
	newest, err := w.guard.Newest(s.ctx)
	if err != nil {
		return err
	}
	if ahead := newest.At.Sub(w.db.Clock()()); ahead > skewAllowed {
		f.mend("clock", "the newest entry of the ledger is of %s, which is %v ahead: the clock went back", newest.At.Format(time.RFC3339), ahead.Round(time.Second))
	}
	if !c.Deep {
		f.note("ledger", "not read; \"waymark audit verify\" or --deep does that")
		return nil
	}
	report, err := w.guard.Verify(s.ctx)
	if err != nil {
		return err
	}
	if len(report.Faults) > 0 {
		f.mend("ledger", "not whole: %s", report.Faults[0])
		return nil
	}
	f.ok("ledger", "whole: %d entries", report.Head.Size)
	return nil
}

func lastBackup(s *shell, w *waymark, f *findings) error {
	last, err := w.guard.LastOf(s.ctx, backup.ActBackup)
	switch {
	case errors.Is(err, store.ErrNotFound):
		f.mend("backup", "none was ever taken with \"waymark backup\"")
	case err != nil:
		return err
	case w.db.Clock()().Sub(last.At) > backupAge:
		f.mend("backup", "the last one was taken on %s", last.At.Format(time.DateOnly))
	default:
		f.ok("backup", "the last one was taken at %s; it has to lie on another machine, and its key apart from it", last.At.Format(time.RFC3339))
	}
	return nil
}
