package directory_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/internal/platform/policy"
	"waymark/internal/registers/directory"
)

func TestEverySectorHasWords(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range directory.Sectors() {
		if s.Label() == string(s) || seen[s.Label()] {
			t.Errorf("%s is called %q", s, s.Label())
		}
		seen[s.Label()] = true
		if got, err := directory.ParseSector(" " + string(s)); err != nil || got != s {
			t.Errorf("%s reads back as %q (%v)", s, got, err)
		}
	}
	if len(seen) != 13 {
		t.Errorf("%d sectors", len(seen))
	}
	_, err := directory.ParseSector("nhs")
	if err == nil || !strings.Contains(err.Error(), "health, criminal_justice") {
		t.Errorf("an unknown sector is answered with %v", err)
	}
}

func TestParseRoles(t *testing.T) {
	got, err := directory.ParseRoles("manager, practitioner manager,")
	if d := cmp.Diff([]policy.Role{policy.Practitioner, policy.Manager}, got); d != "" || err != nil {
		t.Error(d, err)
	}
	if got, err := directory.ParseRoles("  "); len(got) > 0 || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	_, err = directory.ParseRoles("practitioner,boss")
	if err == nil || !strings.Contains(err.Error(), `"boss"`) || !strings.Contains(err.Error(), "key_contact") {
		t.Errorf("an unknown role is answered with %v", err)
	}
	rapid.Check(t, func(r *rapid.T) {
		roles := rapid.SliceOf(rapid.SampledFrom(policy.Roles())).Draw(r, "roles")
		words := make([]string, len(roles))
		for i, role := range roles {
			words[i] = string(role)
		}
		once, err := directory.ParseRoles(strings.Join(words, rapid.SampledFrom([]string{",", " ", ", "}).Draw(r, "between")))
		if err != nil {
			r.Fatal(err)
		}
		for _, role := range policy.Roles() {
			given, kept := 0, 0
			for _, g := range roles {
				if g == role {
					given++
				}
			}
			for _, k := range once {
				if k == role {
					kept++
				}
			}
			if kept != min(given, 1) {
				r.Fatalf("%s was given %d times and kept %d times", role, given, kept)
			}
		}
	})
}

func FuzzParseRoles(f *testing.F) {
	for _, seed := range []string{"", "manager", "manager practitioner", ",,", "mànager", "manager\x00", "administrator,key_contact"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		roles, err := directory.ParseRoles(text)
		if err != nil {
			return
		}
		words := make([]string, len(roles))
		for i, r := range roles {
			words[i] = string(r)
		}
		again, err := directory.ParseRoles(strings.Join(words, " "))
		if d := cmp.Diff(roles, again); d != "" || err != nil {
			t.Errorf("%q: %s %v", text, d, err)
		}
	})
}
