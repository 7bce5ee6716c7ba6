package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func keyText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The key is renewed under a running server, the file at its next start, and
// the old key, dropped afterwards, opens only what it closed.
func TestTheKeyIsRenewedWhileWorkGoesOn(t *testing.T) {
	d := newDeployment(t)
	d.must("agency", "add", "refuge", "Fictional Refuge", "--sector", "other_voluntary")
	file := filepath.Join(t.TempDir(), "before.backup")
	d.must("backup", file)
	old := keyText(t, d.key)

	s := d.serve()
	if out := d.must("keys", "renew"); !strings.Contains(out, "in use") {
		t.Errorf("the file was written anew under a running server: %s", out)
	}
	if err := fetch(t, s.address, nil); err != nil {
		t.Error(err)
	}
	older := filepath.Join(t.TempDir(), "older.key")
	d.wants(exitRefused, "keys", "forget", "--keep", older)
	s.stop()
	d.serve().stop()
	d.must("keys", "forget", "--keep", older)
	d.must("keys", "forget", "--keep", older)
	if now := keyText(t, d.key); now == old || strings.Count(now, "\n") != 1 {
		t.Errorf("the key file holds %d lines", strings.Count(now, "\n"))
	}
	d.must("audit", "verify")
	d.must("restore", "--check", file, "--key", older)
	d.wants(exitKey, "restore", "--check", file)
	stale := d
	stale.key = filepath.Join(t.TempDir(), "old.key")
	if err := os.WriteFile(stale.key, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	stale.wants(exitKey, "audit", "verify")
}

func TestTheKeyIsRenewedAtOnceWhenNobodyWorks(t *testing.T) {
	d := newDeployment(t)
	d.must("agency", "add", "refuge", "Fictional Refuge", "--sector", "other_voluntary")
	if out := d.must("keys", "renew"); !strings.Contains(out, "written anew") {
		t.Error(out)
	}
	d.must("keys", "forget", "--keep", filepath.Join(t.TempDir(), "older.key"))
	d.must("audit", "verify")
}

func TestTheKeyComesFromElsewhere(t *testing.T) {
	d := newDeployment(t)
	first := d.must("keys", "new", "--first")
	d.key = ""
	command := deployment{t: t, data: d.data}
	held := filepath.Join(t.TempDir(), "held")
	if err := os.WriteFile(held, []byte(first), 0o600); err != nil {
		t.Fatal(err)
	}
	with := func(args ...string) []string { return append([]string{"--key-command", "cat " + held}, args...) }
	command.must(with("migrate")...)
	command.must(with("agency", "add", "refuge", "Fictional Refuge", "--sector", "other_voluntary")...)
	t.Setenv(keyVariable, first)
	d.must("audit", "verify")
	d.wants(exitUsage, with("audit", "verify")...)
	t.Setenv(keyVariable, "nonsense")
	d.wants(exitKey, "audit", "verify")
	t.Setenv(keyVariable, "")
	command.wants(exitKey, "--key-command", "false", "audit", "verify")

	if err := os.WriteFile(held, []byte(command.must(with("keys", "new")...)), 0o600); err != nil {
		t.Fatal(err)
	}
	command.must(with("keys", "renew")...)
	command.must(with("keys", "forget", "--keep", filepath.Join(t.TempDir(), "older.key"))...)
	newest, _, _ := strings.Cut(keyText(t, held), "\n")
	if err := os.WriteFile(held, []byte(newest), 0o600); err != nil {
		t.Fatal(err)
	}
	command.must(with("audit", "verify")...)
}

func TestAnAgencysKeyIsRenewedAndDestroyed(t *testing.T) {
	d := newDeployment(t)
	d.must("agency", "add", "refuge", "Fictional Refuge", "--sector", "other_voluntary")
	d.must("keys", "agency", "refuge")
	d.wants(exitNotThere, "keys", "agency", "nobody")
	d.wants(exitUsage, "keys", "destroy", "refuge", "--reason", "retention/1", "--confirm", "refuges")
	d.wants(exitUsage, "keys", "destroy", "refuge", "--reason", "Amira said so", "--confirm", "refuge")
	d.must("keys", "destroy", "refuge", "--reason", "retention/2026-041", "--confirm", "refuge")
	d.wants(exitNotThere, "keys", "destroy", "refuge", "--reason", "retention/2026-041", "--confirm", "refuge")
	d.wants(exitNotThere, "keys", "agency", "refuge")
	if out := d.must("audit", "export"); !strings.Contains(out, "retention/2026-041") || !strings.Contains(out, "keyring.destroy_agency") {
		t.Error("the ledger does not say so")
	}
}
