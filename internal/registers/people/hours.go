package people

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/internal/platform/store"
)

// Hours are the days and the times of day at which a way is safe. They are
// counted where the person lives: a caller hands over times of that place.
type Hours struct {
	Days  []time.Weekday `json:"days,omitempty"`  // none: every day
	From  string         `json:"from,omitempty"`  // HH:MM; empty: from the morning
	Until string         `json:"until,omitempty"` // HH:MM; empty: to the evening
}

const clockTime = "15:04"

func (h Hours) valid() bool {
	for _, text := range []string{h.From, h.Until} {
		if text == "" {
			continue
		}
		if at, err := time.Parse(clockTime, text); err != nil || at.Format(clockTime) != text {
			return false
		}
	}
	for _, d := range h.Days {
		if d < time.Sunday || d > time.Saturday {
			return false
		}
	}
	return h.From == "" || h.Until == "" || h.From < h.Until
}

// Holds tells whether a moment lies within them. Hours that were written
// wrongly hold never.
func (h Hours) Holds(at time.Time) bool {
	if !h.valid() {
		return false
	}
	clock := at.Format(clockTime)
	return (len(h.Days) == 0 || slices.Contains(h.Days, at.Weekday())) && (h.From == "" || clock >= h.From) && (h.Until == "" || clock < h.Until)
}

// IsZero tells that nothing was said about days and times.
func (h Hours) IsZero() bool { return len(h.Days) == 0 && h.From == "" && h.Until == "" }

// Label is when the way is safe, in words for people; empty when nothing was
// said.
func (h Hours) Label() string {
	var parts []string
	var days []string
	for i := range 7 { // weeks begin on Monday
		d := time.Weekday((i + 1) % 7)
		if slices.Contains(h.Days, d) {
			days = append(days, d.String())
		}
	}
	if len(days) > 0 {
		parts = append(parts, strings.Join(days, ", "))
	}
	if h.From != "" {
		parts = append(parts, "from "+h.From)
	}
	if h.Until != "" {
		parts = append(parts, "until "+h.Until)
	}
	return strings.Join(parts, " ")
}

// wayMore is what is kept of a way besides its number and conditions.
type wayMore struct {
	Hours   Hours     `json:"hours"`
	Message Allowance `json:"message,omitempty"`
}

func (s *Store) sealMore(ctx context.Context, tx *store.Tx, p Person, w Way) ([]byte, error) {
	body, err := json.Marshal(wayMore{w.Hours, w.Message})
	if err != nil {
		return nil, err
	}
	sealed, err := s.vault.Seal(ctx, tx, s.place(p.Agency, p.ID, "safe_contact", "more", string(w.Channel)), string(body))
	return sealed.Bytes(), err
}

func (s *Store) openMore(ctx context.Context, tx *store.Tx, p Person, w *Way, sealed store.Sealed) error {
	if len(sealed) == 0 { // recorded before days and times were asked
		return nil
	}
	body, err := s.vault.Open(ctx, tx, s.place(p.Agency, p.ID, "safe_contact", "more", string(w.Channel)), sealed)
	if err != nil {
		return err
	}
	var more wayMore
	if err := json.Unmarshal([]byte(body), &more); err != nil {
		return fmt.Errorf("the hours of a way of reaching somebody: %w", err)
	}
	w.Hours, w.Message = more.Hours, more.Message
	return nil
}

// Recheck is for how long what was checked counts as safe.
func (s *Store) Recheck() time.Duration { return s.recheck }
