package people

import (
	"context"
	"strings"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people/peopledb"
)

// GuardedPlaces is what must not leave of a person: the address that is guarded
// now and those that were, and the ways of reaching them when these are hidden.
// It answers whether a text tells any of it, and nothing else, so that it can be
// asked on behalf of those who may not read it.
type GuardedPlaces struct{ words []string }

// Tells tells whether something guarded stands in a text, however it is
// written.
func (g GuardedPlaces) Tells(text string) bool {
	if len(g.words) == 0 {
		return false
	}
	written := plain(text)
	for _, w := range g.words {
		if strings.Contains(written, w) {
			return true
		}
	}
	return false
}

// guardedLeast is how many letters and digits something must have to be looked
// for in a text: the number of a house alone stands in every text.
const guardedLeast = 5

func (g *GuardedPlaces) add(texts ...string) {
	for _, t := range texts {
		if w := plain(t); len(w) >= guardedLeast {
			g.words = append(g.words, w)
		}
	}
}

// Guarded reads what must not leave of a person.
func (s *Store) Guarded(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID) (GuardedPlaces, error) {
	if !permit.Valid() {
		return GuardedPlaces{}, audit.ErrNoPermit
	}
	var out GuardedPlaces
	rows, err := peopledb.New(tx).Guarded(ctx, peopledb.GuardedParams{AgencyID: agency, PersonID: string(id)})
	if err != nil {
		return out, err
	}
	hidden := false
	for _, row := range rows {
		table := "person_place"
		if row.ID == "" {
			table, hidden = "person_home", row.Hidden
		}
		a, err := s.openAddress(ctx, tx, agency, id, table, row.ID, row.House, row.Postcode)
		if err != nil {
			return GuardedPlaces{}, err
		}
		out.add(a.House, a.Postcode)
	}
	if !hidden {
		return out, nil
	}
	err = s.eachWay(ctx, tx, agency, id, func(ch Channel, detail string) error {
		out.add(detail)
		by, values := reached(ch, detail)
		for _, v := range values {
			if by == ByPhone {
				v = strings.TrimPrefix(v, "44") // it is written with the country, with a nought, or with neither
			}
			out.add(v)
		}
		return nil
	})
	if err != nil {
		return GuardedPlaces{}, err
	}
	return out, nil
}
