package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
)

// checkDocument compares a generated document with what it should say. With
// WAYMARK_WRITE=1, as "make generate" sets it, the document is written.
func checkDocument(t *testing.T, name, want string) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", "generated", name)
	if os.Getenv("WAYMARK_WRITE") == "1" {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s is not current (%v): run make generate", path, err)
	}
}

func routesDocument(routes []web.Route) string {
	var b strings.Builder
	b.WriteString("# Routes\n\nGenerated. Every route with the action it needs, or why anyone may call it. Those under /demo are there in the demo only.\n\n| Method | Address | Action, or why it is public |\n| --- | --- | --- |\n")
	slices.SortFunc(routes, func(a, b web.Route) int { return strings.Compare(a.Pattern+a.Method, b.Pattern+b.Method) })
	for _, r := range routes {
		who := "`" + string(r.Action) + "`"
		if r.Action == "" {
			who = "public: " + r.Public
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", r.Method, r.Pattern, who)
	}
	return b.String()
}

func rulesDocument(rules []policy.Rule) string {
	var b strings.Builder
	b.WriteString("# Rules\n\nGenerated. Every rule of access with its sentence. Nothing is allowed unless a rule permits it; a rule that forbids wins.\n")
	capability := ""
	for _, r := range rules {
		if r.Capability != capability {
			capability = r.Capability
			fmt.Fprintf(&b, "\n## %s\n", capability)
		}
		kind := "permits"
		if r.Forbids {
			kind = "forbids"
		}
		fmt.Fprintf(&b, "\n**%s** (%s). %s\n\n```cedar\n%s\n```\n", r.ID, kind, r.Sentence, strings.TrimSpace(r.Text))
	}
	return b.String()
}
