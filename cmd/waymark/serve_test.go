package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// serving is a server that runs until stop is called.
type serving struct {
	address string
	stop    func() (code int, errs string)
}

// serve starts the program as an operator would and waits for its address.
func (d deployment) serve(args ...string) serving {
	d.t.Helper()
	ctx, cancel := context.WithCancel(d.t.Context())
	out, errs := &watched{found: make(chan string, 1)}, &watched{}
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, append([]string{"--data", d.data, "--key", d.key, "serve", "--addr", "127.0.0.1:0"}, args...), out, errs)
	}()
	stop := sync.OnceValues(func() (int, string) { cancel(); return <-code, errs.String() })
	d.t.Cleanup(func() { stop() })
	select {
	case address := <-out.found:
		return serving{address, stop}
	case n := <-code:
		d.t.Fatalf("ended with %d: %s", n, errs)
	}
	return serving{}
}

// watched is a buffer that tells when an address has been printed.
type watched struct {
	mu    sync.Mutex
	text  bytes.Buffer
	found chan string
}

var printedAddress = regexp.MustCompile(`https?://127\.0\.0\.1:\d+/`)

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := w.text.Write(p)
	if at := printedAddress.FindString(w.text.String()); at != "" && w.found != nil {
		w.found <- at
		w.found = nil
	}
	return n, err
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// selfSigned writes a certificate for 127.0.0.1 and returns what trusts it.
func selfSigned(t *testing.T, cert, key string) *x509.CertPool {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"waymark.test"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return pool
}

func fetch(t *testing.T, address string, trusted *x509.CertPool) error {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{RootCAs: trusted, ServerName: "waymark.test", MinVersion: tls.VersionTLS12},
	}}
	answer, err := client.Get(address + "pathway")
	if err != nil {
		return err
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("status %d", answer.StatusCode)
	}
	return nil
}

func TestTheCertificateIsReadAnewWhenItChanges(t *testing.T) {
	d := newDeployment(t)
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	trusted := selfSigned(t, cert, key)
	s := d.serve("--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(s.address, "https://") {
		t.Errorf("the address is %s", s.address)
	}
	if err := fetch(t, s.address, trusted); err != nil {
		t.Error(err)
	}
	renewed := selfSigned(t, cert, key)
	later := time.Now().Add(time.Minute)
	if err := os.Chtimes(cert, later, later); err != nil {
		t.Fatal(err)
	}
	if err := fetch(t, s.address, renewed); err != nil {
		t.Errorf("after it was renewed: %v", err)
	}
	if err := fetch(t, s.address, trusted); err == nil {
		t.Error("the old certificate is still in use")
	}
	// Half a renewal leaves the last pair in use.
	if err := os.WriteFile(key, []byte("not yet"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := fetch(t, s.address, renewed); err != nil {
		t.Errorf("in the middle of a renewal: %v", err)
	}
	if code, errs := s.stop(); code != exitOK {
		t.Errorf("exit code %d: %s", code, errs)
	}
	d.wants(exitUsage, "serve", "--tls-cert", cert)
	d.wants(exitFailure, "serve", "--tls-cert", cert, "--tls-key", key)
}

// What a witness keeps is checked against the ledger; one that was rewritten
// does not pass.
func TestAWitnessKeepsHeads(t *testing.T) {
	d := newDeployment(t)
	d.must("agency", "add", "refuge", "Fictional Refuge", "--sector", "other_voluntary")
	witness := filepath.Join(t.TempDir(), "heads")
	s := d.serve("--witness", witness)
	if code, errs := s.stop(); code != exitOK {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	d.must("audit", "head", "--witness", witness)
	text, err := os.ReadFile(witness)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(text, []byte("\nat ")); n != 3 {
		t.Errorf("%d heads, want one at the start, one at the end and one by hand:\n%s", n, text)
	}
	if out := d.must("audit", "verify", "--witness", witness); !strings.Contains(out, "whole") {
		t.Error(out)
	}
	other := newDeployment(t)
	other.must("migrate")
	other.wants(exitFaults, "audit", "verify", "--witness", witness)
}

func TestAnEntryIsProvedOnPaper(t *testing.T) {
	d := newDeployment(t)
	d.must("agency", "add", "refuge", "Fictional Refuge", "--sector", "other_voluntary")
	_, _, public := d.try("audit", "head")
	_, public, ok := strings.Cut(strings.TrimSpace(public), "Public key: ")
	if !ok {
		t.Fatal("no public key was printed")
	}
	paper := filepath.Join(t.TempDir(), "proof.json")
	if err := os.WriteFile(paper, []byte(d.must("audit", "prove", "0")), 0o600); err != nil {
		t.Fatal(err)
	}
	nobody := newDeployment(t)
	if out := nobody.must("audit", "check", paper, "--public", public); !strings.Contains(out, "Entry 0 is in the ledger") {
		t.Error(out)
	}
	text, err := os.ReadFile(paper)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(paper, bytes.Replace(text, []byte("tester"), []byte("nobody"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	nobody.wants(exitFaults, "audit", "check", paper, "--public", public)
	d.wants(exitNotThere, "audit", "prove", "999")
	if out := d.must("audit", "export"); strings.Count(out, "\n") < 3 || !strings.Contains(out, `"seq":0`) || strings.Contains(out, "Fictional") {
		t.Error(out)
	}
}
