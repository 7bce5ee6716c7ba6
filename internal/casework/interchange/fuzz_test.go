package interchange_test

import (
	"testing"
	"time"

	"waymark/internal/casework/interchange"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
)

// Whatever is posted, reading it ends, and says either what it is or why not.
func FuzzRead(f *testing.F) {
	whole, err := interchange.Write(interchange.Message{
		ID: "0190b0b0-2222-7000-8000-000000000001", Request: "0190b0b0-2222-7000-8000-000000000002", Sent: time.Unix(1_800_000_000, 0), Subject: referral.Experiencing,
		Source: "https://records.example", Target: "https://waymark.example", Items: []sharing.Item{{Kind: sharing.WhyItem, Text: "why"}},
		Share: sharing.NewShare{Protects: "a person", Harm: "harm", Basis: sharing.PublicTask},
	})
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{string(whole), "", "{}", "[]", `{"resourceType":"Bundle","type":"message"}`, `{"resourceType":"Bundle","type":"message","timestamp":"2026-01-01T00:00:00Z","entry":[{}]}`, "\x00", `{"a":{"a":[1,2,{"b":null}]}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		come, err := interchange.Read(body)
		if err == nil {
			if come.ID == "" || come.Request == "" {
				t.Errorf("read without an id: %+v", come)
			}
			again, err := interchange.Read(body)
			if err != nil || string(again.Same) != string(come.Same) {
				t.Errorf("read another way the second time: %v", err)
			}
			return
		}
		r, is := interchange.AsRefusal(err)
		if !is || r.Status < 400 || r.Status > 499 || len(r.Issues) == 0 {
			t.Errorf("%v", err)
		}
	})
}
