package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The whole of it, as an operator does it: the data directory is lost, and the
// backup brings everything back but the sessions.
func TestALostDeploymentIsRestored(t *testing.T) {
	d := newDeployment(t)
	d.must("agency", "add", "refuge", "Fictional Refuge", "--sector", "other_voluntary")
	d.must("team", "add", "house", "House", "--agency", "refuge")
	d.must("user", "add", "amira", "Amira Fern", "--agency", "refuge", "--team", "house", "--role", "practitioner", "--level", "2")
	file := filepath.Join(t.TempDir(), "backup")
	if out := d.must("backup", file); !strings.Contains(out, "read back whole") || !strings.Contains(out, d.key) {
		t.Error(out)
	}
	d.wants(exitRefused, "backup", file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, []byte("Amira")) {
		t.Error("a name stands in the backup")
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	before := d.must("measures", "--format", "json", "--exact")

	d.wants(exitRefused, "restore", file)
	if err := os.RemoveAll(d.data); err != nil {
		t.Fatal(err)
	}
	if out := d.must("restore", "--check", file); !strings.Contains(out, "is whole") {
		t.Error(out)
	}
	if _, err := os.Stat(d.data); !os.IsNotExist(err) {
		t.Errorf("looking made something: %v", err)
	}
	d.must("restore", file)
	d.must("audit", "verify")
	if after := d.must("measures", "--format", "json", "--exact"); after != before {
		t.Errorf("before %s, after %s", before, after)
	}
	d.wants(exitRefused, "agency", "add", "refuge", "Fictional Refuge", "--sector", "other_voluntary")
}

func TestARestoreThatFailsLeavesNothing(t *testing.T) {
	d := newDeployment(t)
	d.must("agency", "add", "refuge", "Fictional Refuge", "--sector", "other_voluntary")
	file := filepath.Join(t.TempDir(), "backup")
	d.must("backup", file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "cut")
	if err := os.WriteFile(cut, text[:len(text)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	elsewhere := d
	elsewhere.data = filepath.Join(t.TempDir(), "data")
	elsewhere.wants(exitRefused, "restore", cut)
	if _, err := os.Stat(filepath.Join(elsewhere.data, "waymark.db")); !os.IsNotExist(err) {
		t.Errorf("a database was left: %v", err)
	}
	other := newDeployment(t)
	other.must("migrate")
	third := other
	third.data = filepath.Join(t.TempDir(), "data")
	third.wants(exitKey, "restore", file)
	third.key = filepath.Join(t.TempDir(), "none.key")
	third.wants(exitKey, "restore", file)
	elsewhere.must("restore", file)
	elsewhere.must("audit", "verify")
}

// A directory that has lost its database takes its own backup, no other's.
func TestADirectoryThatLostItsDatabaseTakesItsOwnBackup(t *testing.T) {
	d := newDeployment(t)
	d.must("agency", "add", "refuge", "Fictional Refuge", "--sector", "other_voluntary")
	file := filepath.Join(t.TempDir(), "backup")
	d.must("backup", file)
	if err := os.Remove(filepath.Join(d.data, "waymark.db")); err != nil {
		t.Fatal(err)
	}
	other := newDeployment(t)
	other.must("migrate")
	if err := os.Remove(filepath.Join(other.data, "waymark.db")); err != nil {
		t.Fatal(err)
	}
	other.key = d.key
	other.wants(exitRefused, "restore", file)
	d.must("restore", file)
	d.must("audit", "verify")
}
