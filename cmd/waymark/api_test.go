package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"waymark/internal/casework/gateway"
	"waymark/internal/casework/gateway/gatewayweb"
)

// What programs ask is described, wherever in the table it stands, and what is
// described is in the table.
func TestEveryRouteForProgramsIsDescribed(t *testing.T) {
	c := newCounty(t)
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(gateway.Description(), &doc); err != nil {
		t.Fatal(err)
	}
	var described, there []string
	for path, item := range doc.Paths {
		for method := range item {
			described = append(described, strings.ToUpper(method)+" "+path)
		}
	}
	for _, r := range c.frame.Routes() {
		if strings.HasPrefix(r.Pattern, "/api") {
			there = append(there, r.Method+" "+strings.TrimSuffix(r.Pattern, "{$}"))
			if r.Fault == nil || r.Action == "" && !r.Alike {
				t.Errorf("%s answers as if a person asked", r)
			}
		}
	}
	slices.Sort(described)
	slices.Sort(there)
	if !slices.Equal(described, there) || len(there) == 0 || gatewayweb.Root != "/api/v1" {
		t.Errorf("described: %v\nin the table: %v", described, there)
	}
}
