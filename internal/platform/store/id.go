package store

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"sync"
	"time"
)

// idSource makes UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of
// milliseconds, then random bits, so that they sort by time and cannot be
// guessed. Within one millisecond a counter in the first random bits keeps
// them in order.
type idSource struct {
	mu     sync.Mutex
	random io.Reader
	ms     int64
	seq    uint16
}

func (s *idSource) next(now time.Time) (string, error) {
	var u [16]byte
	if _, err := io.ReadFull(s.random, u[6:]); err != nil {
		return "", fmt.Errorf("making an id: %w", err)
	}
	ms := now.UnixMilli()
	s.mu.Lock()
	if ms > s.ms {
		// Half the counter's room is left for what follows in this millisecond.
		s.ms, s.seq = ms, binary.BigEndian.Uint16(u[6:8])&0x07ff
	} else if s.seq++; s.seq > 0x0fff {
		s.ms, s.seq = s.ms+1, 0
	}
	ms, seq := s.ms, s.seq
	s.mu.Unlock()

	binary.BigEndian.PutUint16(u[0:2], uint16(ms>>32)) //nolint:gosec // 48 bits by definition
	binary.BigEndian.PutUint32(u[2:6], uint32(ms))     //nolint:gosec // the lower 32 of them
	binary.BigEndian.PutUint16(u[6:8], 0x7000|seq)
	u[8] = u[8]&0x3f | 0x80

	var b [36]byte
	hex.Encode(b[0:8], u[0:4])
	b[8] = '-'
	hex.Encode(b[9:13], u[4:6])
	b[13] = '-'
	hex.Encode(b[14:18], u[6:8])
	b[18] = '-'
	hex.Encode(b[19:23], u[8:10])
	b[23] = '-'
	hex.Encode(b[24:36], u[10:16])
	return string(b[:]), nil
}
