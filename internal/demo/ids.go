package demo

import (
	crypto "crypto/rand"
	"encoding/binary"
	"math/rand/v2"
	"sync"
)

// IDs is where the database of a demo takes the random bits of its identifiers
// from: from the seed while the county is made, so that it is the same down to
// the last of them, and from the machine as soon as people use it.
type IDs struct {
	mu     sync.Mutex
	seeded *rand.ChaCha8
}

// NewIDs returns a source for a seed.
func NewIDs(seed uint64) *IDs {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return &IDs{seeded: rand.NewChaCha8(key)}
}

// Read implements [io.Reader].
func (s *IDs) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seeded == nil {
		return crypto.Read(p)
	}
	return s.seeded.Read(p)
}

// Run ends the making of the county.
func (s *IDs) Run() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seeded = nil
}
