package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/internal/platform/store/storetest"
)

// onDisk keeps the files of a test on a disk, where those of others lie in memory.
func onDisk(t *testing.T) {
	t.Helper()
	if dir := os.Getenv("WAYMARK_TEST_DISK"); dir != "" {
		t.Setenv("TMPDIR", dir)
	}
}

func TestTheDoctorSaysWhatToMend(t *testing.T) {
	onDisk(t)
	d := newDeployment(t)
	d.wants(exitNotSetUp, "doctor")
	d.must("migrate")
	lines := func(code int, args ...string) map[string]string {
		t.Helper()
		got, out, errs := d.try(append([]string{"doctor", "--deep"}, args...)...)
		if got != code {
			t.Errorf("exit code %d, want %d: %s%s", got, code, out, errs)
		}
		found := map[string]string{}
		for line := range strings.Lines(out) {
			parts := strings.Fields(line)
			found[parts[1]] += line
		}
		return found
	}
	if said := lines(exitFailure); !strings.Contains(said["backup"], "MEND") || !strings.Contains(said["ledger"], "ok") {
		t.Errorf("without a backup: %v", said)
	}
	d.must("backup", filepath.Join(t.TempDir(), "backup"))
	for topic, text := range lines(exitOK) {
		if strings.Contains(text, "MEND") {
			t.Errorf("%s: %s", topic, text)
		}
	}
	if said := lines(exitFailure, "--addr", "0.0.0.0:8080"); !strings.Contains(said["transport"], "MEND") {
		t.Errorf("open to others without HTTPS: %v", said)
	}
	if said := lines(exitOK, "--addr", "0.0.0.0:8080", "--proxy", "10.0.0.1/32"); !strings.Contains(said["transport"], "note") {
		t.Errorf("behind a proxy: %v", said)
	}
	for site, want := range map[string]string{"": "note", "http://waymark.example": "note", "https://waymark.example": "ok", "https://waymark.example/path": "MEND"} {
		code, args := exitOK, []string{"--site", site}
		if site == "" {
			args = nil
		}
		if want == "MEND" {
			code = exitFailure
		}
		if said := lines(code, args...); !strings.HasPrefix(said["address"], want) {
			t.Errorf("known as %q: want %s, it says %q", site, want, said["address"])
		}
	}
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	selfSigned(t, cert, key) // for an hour
	if said := lines(exitFailure, "--tls-cert", cert, "--tls-key", key); !strings.Contains(said["transport"], "MEND") {
		t.Errorf("a certificate that ends soon: %v", said)
	}
	if err := os.Chmod(d.key, 0o644); err != nil {
		t.Fatal(err)
	}
	if said := lines(exitFailure); !strings.Contains(said["key"], "chmod 600") {
		t.Errorf("a key that others can read: %v", said)
	}
}

func TestTheDoctorLooksAtPostgreSQL(t *testing.T) {
	onDisk(t)
	if len(storetest.Engines(t)) < 2 {
		return // said by Engines
	}
	d := newDeployment(t)
	cfg := storetest.Blank(t, "postgresql")
	t.Setenv("DATABASE_URL", cfg.URL)
	d.must("migrate")
	_, out, _ := d.try("doctor")
	for _, want := range []string{"postgresql 1", "not encrypted", "durability"} {
		if !strings.Contains(out, want) {
			t.Errorf("nothing of %q: %s", want, out)
		}
	}
}
