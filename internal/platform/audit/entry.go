package audit

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/internal/platform/policy"
)

// Outcome tells what became of the act.
type Outcome string

// The outcomes.
const (
	Allowed Outcome = "allowed" // a read, or the opening of a record
	Done    Outcome = "done"    // a change, committed with this entry
	Refused Outcome = "refused"
)

// Subject is a record an entry speaks of.
type Subject struct {
	Kind string `json:"kind"` // "person", "case", "share", …
	ID   string `json:"id"`
}

// Entry is one line of the ledger.
type Entry struct {
	Seq      int64         `json:"-"` // from 0, set when written
	At       time.Time     `json:"at"`
	Actor    string        `json:"actor"`
	Kind     policy.Kind   `json:"kind,omitempty"`
	Agency   string        `json:"agency,omitempty"`
	Action   policy.Action `json:"action"`
	Outcome  Outcome       `json:"outcome"`
	Purpose  string        `json:"purpose,omitempty"` // a code
	Reason   string        `json:"reason,omitempty"`  // rules or a code
	Request  string        `json:"request,omitempty"`
	Subjects []Subject     `json:"subjects,omitempty"`
}

// Of starts an entry for an act of an actor.
func Of(actor policy.Actor, action policy.Action, outcome Outcome, subjects ...Subject) Entry {
	return Entry{
		Actor: actor.Account, Kind: actor.Kind, Agency: actor.Agency,
		Action: action, Outcome: outcome, Subjects: subjects,
	}
}

// check refuses an entry that says too little.
func (e Entry) check() error {
	switch {
	case e.Actor == "":
		return fmt.Errorf("a ledger entry for %s has no actor", e.Action)
	case e.Action == "":
		return fmt.Errorf("a ledger entry of %s has no action", e.Actor)
	case e.Outcome != Allowed && e.Outcome != Done && e.Outcome != Refused:
		return fmt.Errorf("a ledger entry for %s has the outcome %q", e.Action, e.Outcome)
	}
	for _, s := range e.Subjects {
		if s.Kind == "" || s.ID == "" {
			return fmt.Errorf("a ledger entry for %s has an incomplete subject", e.Action)
		}
	}
	return nil
}

// normal puts subjects in order and drops those named twice.
func (e *Entry) normal() {
	slices.SortFunc(e.Subjects, func(a, b Subject) int {
		if c := strings.Compare(a.Kind, b.Kind); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	e.Subjects = slices.Compact(e.Subjects)
}

// leaf is the text that is hashed.
func (e Entry) leaf() ([]byte, error) { return json.Marshal(e) }

func parseLeaf(seq int64, body string) (Entry, error) {
	var e Entry
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		return Entry{}, fmt.Errorf("entry %d cannot be read: %w", seq, err)
	}
	e.Seq = seq
	return e, nil
}
