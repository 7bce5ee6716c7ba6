package people

import (
	"strconv"
	"strings"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
)

// Near selects the ids of the people of an agency who may be one of several, each
// once: who were born on the same day as one of them, and who are found by a word
// of the family name and one of the given names of any of them. Indexes lead to
// them. It judges nothing and hands nobody out: that is for the list that it
// becomes a part of. Without anything to go by it selects nobody.
func (s *Store) Near(permit audit.Permit, agency string, who []Details) (store.Fragment, error) {
	if !permit.Valid() {
		return store.Fragment{}, audit.ErrNoPermit
	}
	var born, given, family []any
	seen := map[string]bool{}
	add := func(list *[]any, kind, word string, as any) {
		if key := kind + word; word != "" && !seen[key] {
			seen[key] = true
			*list = append(*list, as)
		}
	}
	words := func(list *[]any, kind string, texts ...string) {
		for _, text := range texts {
			for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' || r == '-' }) {
				if w = fold(w); w != "" {
					add(list, kind, w, []byte(w))
				}
			}
		}
	}
	for _, d := range who {
		if len(d.Born) == len("2006-01-02") {
			add(&born, "born", d.Born, d.Born)
		}
		words(&given, "given", d.GivenName, d.KnownAs)
		words(&family, "family", d.FamilyName)
	}
	out := store.Fragment{Args: []any{agency}}
	among := func(column string, values []any) string {
		marks := make([]string, len(values))
		for i, v := range values {
			out.Args = append(out.Args, v)
			marks[i] = "$" + strconv.Itoa(len(out.Args))
		}
		return column + " IN (" + strings.Join(marks, ", ") + ")"
	}
	var parts []string
	if len(born) > 0 {
		parts = append(parts, "SELECT b.id FROM person b WHERE b.agency_id = $1 AND "+among("b.born", born))
	}
	if len(family) > 0 && len(given) > 0 {
		parts = append(parts, "SELECT w.person_id AS id FROM person_word w JOIN person_word o ON o.agency_id = w.agency_id AND o.person_id = w.person_id "+
			"WHERE w.agency_id = $1 AND "+among("w.word", family)+" AND "+among("o.word", given))
	}
	if len(parts) == 0 {
		return store.Fragment{SQL: "SELECT b.id FROM person b WHERE b.agency_id = $1 AND b.id = ''", Args: []any{agency}}, nil
	}
	out.SQL = strings.Join(parts, " UNION ")
	return out, nil
}
