package audit

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"io"

	"waymark/internal/platform/policy"
)

// The actions on the ledger as a whole.
const (
	ActHead   policy.Action = "audit.head"
	ActProve  policy.Action = "audit.prove"
	ActExport policy.Action = "audit.export"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "audit", Schema: shapes, Rules: rules} }

var ledger = policy.Resource{Type: "Ledger", ID: "1"}

// SignedHead is a signed head of this moment, for a witness; that it was taken
// is in the ledger.
func (g *Guard) SignedHead(ctx context.Context, actor policy.Actor, s *Signer) ([]byte, error) {
	if _, err := g.Open(ctx, actor, ActHead, ledger, "", true); err != nil {
		return nil, err
	}
	head, err := g.Head(ctx)
	if err != nil {
		return nil, err
	}
	return s.Head(head)
}

// ProofFor is [Log.Prove] for an actor who may.
func (g *Guard) ProofFor(ctx context.Context, actor policy.Actor, s *Signer, seq int64) (Proof, error) {
	if _, err := g.Open(ctx, actor, ActProve, ledger, "", true); err != nil {
		return Proof{}, err
	}
	return g.Prove(ctx, s, seq)
}

// exportStep is how many entries an export reads at a time.
const exportStep = 1000

// exported is one line of an export: the leaf is the text that is hashed.
type exported struct {
	Seq  int64           `json:"seq"`
	Leaf json.RawMessage `json:"leaf"`
}

// Export writes the entries with numbers from up to but not including to, a
// line of JSON each, and returns how many there were; to 0 means to the end as
// it is when the export begins, its own entry included.
func (g *Guard) Export(ctx context.Context, actor policy.Actor, from, to int64, w io.Writer) (int64, error) {
	if _, err := g.Open(ctx, actor, ActExport, ledger, "", true); err != nil {
		return 0, err
	}
	head, err := g.Head(ctx)
	if err != nil {
		return 0, err
	}
	if to <= 0 || to > head.Size {
		to = head.Size
	}
	out := bufio.NewWriter(w)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	var n int64
	for seq := max(from, 0); seq < to; {
		entries, err := g.Since(ctx, seq, int(min(exportStep, to-seq)))
		if err != nil || len(entries) == 0 {
			return n, err
		}
		for _, e := range entries {
			leaf, err := e.leaf()
			if err != nil {
				return n, err
			}
			if err := lines.Encode(exported{Seq: e.Seq, Leaf: leaf}); err != nil {
				return n, err
			}
			n, seq = n+1, e.Seq+1
		}
	}
	return n, out.Flush()
}
