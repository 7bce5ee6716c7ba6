package cases

import (
	"context"
	"time"

	"waymark/internal/platform/store"
)

// Digest is what a capability says of a case in a few lines: what its worker
// needs when Waymark is not at hand. It holds no address, and nothing that lies
// in a compartment.
type Digest struct {
	Heading string
	Lines   []string
}

// Digester makes the digest of a capability, to be read until a moment. One
// without lines is left out.
type Digester func(ctx context.Context, tx *store.Tx, f *File, until time.Time) (Digest, error)
