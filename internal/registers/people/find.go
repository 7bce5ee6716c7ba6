package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people/peopledb"
)

// postcodeKey is the kind of the key of a home's postcode. The keys of the ways
// of reaching somebody are of kinds that begin with reachKey.
const (
	postcodeKey = MarkKind("postcode")
	reachKey    = "reach."
)

// keysMost bounds the keys of one way of reaching somebody.
const keysMost = 3

// reachKinds are the kinds of the keys of a way of reaching somebody.
func reachKinds(ch Channel) [keysMost]string {
	var out [keysMost]string
	for i := range out {
		out[i] = reachKey + string(ch) + "." + strconv.Itoa(i)
	}
	return out
}

// key is what a telephone number, an email address or a postcode is found by.
func (m Marker) key(by By, value string) string { return m.of("", "find "+string(by), value).Value }

// reword writes the words of a person's names anew.
func reword(ctx context.Context, q *peopledb.Queries, agency string, id ID, d Details, fresh bool) error {
	if !fresh {
		if _, err := q.DeleteWords(ctx, peopledb.DeleteWordsParams{AgencyID: agency, PersonID: string(id)}); err != nil {
			return err
		}
	}
	for _, w := range nameWords(d) {
		if err := q.InsertWord(ctx, peopledb.InsertWordParams{AgencyID: agency, PersonID: string(id), Word: []byte(w)}); err != nil {
			return err
		}
	}
	return nil
}

// rekey writes the keys of one way of reaching a person anew.
func (s *Store) rekey(ctx context.Context, tx *store.Tx, agency string, id ID, ch Channel, detail string) error {
	q := peopledb.New(tx)
	kinds := reachKinds(ch)
	err := q.DeleteKeysOf(ctx, peopledb.DeleteKeysOfParams{AgencyID: agency, PersonID: string(id), First: kinds[0], Second: kinds[1], Third: kinds[2]})
	if err != nil {
		return err
	}
	by, values := reached(ch, detail)
	if len(values) == 0 {
		return nil
	}
	m, err := s.Marker(ctx, tx, agency)
	if err != nil {
		return err
	}
	for i, v := range values {
		err := q.InsertMark(ctx, peopledb.InsertMarkParams{AgencyID: agency, PersonID: string(id), Kind: kinds[i], Mark: m.key(by, v)})
		if err != nil {
			return err
		}
	}
	return nil
}

// Hits selects the ids of the people of an agency whom a term finds, each once.
// An index leads to them, and to few others. It judges nothing and hands nobody
// out: that is for the list that it becomes a part of.
func (s *Store) Hits(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, t Term) (store.Fragment, error) {
	if !permit.Valid() {
		return store.Fragment{}, audit.ErrNoPermit
	}
	switch t.By {
	case ByName:
		return t.hits(agency), nil
	case ByBirth:
		return store.Fragment{SQL: "SELECT b.id FROM person b WHERE b.agency_id = $1 AND b.born = $2", Args: []any{agency, t.Born}}, nil
	case ByPhone, ByEmail, ByPostcode:
		key, err := s.sought(ctx, tx, agency, t)
		return store.Fragment{SQL: "SELECT DISTINCT m.person_id AS id FROM person_mark m WHERE m.agency_id = $1 AND m.mark = $2", Args: []any{agency, key}}, err
	}
	return store.Fragment{}, fmt.Errorf("people are not found by %q", t.By)
}

// sought is the key of a term. An agency without a secret has no keys yet: it is
// looked for all the same.
func (s *Store) sought(ctx context.Context, tx *store.Tx, agency string, t Term) (string, error) {
	if _, err := peopledb.New(tx).MarkKey(ctx, agency); errors.Is(err, sql.ErrNoRows) {
		return Marker{}.key(t.By, t.value), nil
	} else if err != nil {
		return "", err
	}
	m, err := s.Marker(ctx, tx, agency)
	return m.key(t.By, t.value), err
}

// hits selects those of whose names every word of the term is a word, or the
// beginning of one. The first, the longest, leads.
func (t Term) hits(agency string) store.Fragment {
	var w store.Where
	w.And(store.Fragment{SQL: "w.agency_id = $1", Args: []any{agency}})
	for i, word := range t.words {
		if i == 0 {
			w.And(t.is("w", word))
			continue
		}
		is := t.is("o", word)
		is.SQL = "EXISTS (SELECT 1 FROM person_word o WHERE o.agency_id = w.agency_id AND o.person_id = w.person_id AND " + is.SQL + ")"
		w.And(is)
	}
	where, args := w.SQL()
	return store.Fragment{SQL: "SELECT DISTINCT w.person_id AS id FROM person_word w WHERE " + where, Args: args}
}

// is true of a word that the term asks for. No text in UTF-8 holds the byte that
// ends the range of a beginning.
func (t Term) is(alias, word string) store.Fragment {
	if t.exact {
		return store.Fragment{SQL: alias + ".word = $1", Args: []any{[]byte(word)}}
	}
	return store.Fragment{SQL: alias + ".word >= $1 AND " + alias + ".word < $2", Args: []any{[]byte(word), append([]byte(word), 0xff)}}
}

// BuildKeys writes the words and keys of the people whom an older binary left
// without, in batches. It may be stopped and run again, and run while work goes
// on. It returns how many people it wrote them for.
func (s *Store) BuildKeys(ctx context.Context, db *store.DB) (int, error) {
	done := 0
	for {
		n := 0
		err := db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			rows, err := peopledb.New(tx).Unkeyed(ctx, unkeyedBatch)
			n = len(rows)
			for _, r := range rows {
				if err := s.build(ctx, tx, r); err != nil {
					return err
				}
			}
			return err
		})
		if err != nil {
			return done, fmt.Errorf("writing by what people are found: %w", err)
		}
		done += n
		if n < unkeyedBatch {
			return done, nil
		}
	}
}

// unkeyedBatch bounds for how many people one transaction writes.
const unkeyedBatch = 200

// build begins with taking the person: where another instance was first, there
// is nothing left to do, and who changes them meanwhile waits.
func (s *Store) build(ctx context.Context, tx *store.Tx, r peopledb.UnkeyedRow) error {
	q, id := peopledb.New(tx), ID(r.ID)
	n, err := q.SetKeyed(ctx, peopledb.SetKeyedParams(r))
	if err != nil || n == 0 {
		return err
	}
	p, err := q.PersonByID(ctx, peopledb.PersonByIDParams(r))
	if err != nil {
		return err
	}
	if err := reword(ctx, q, r.AgencyID, id, Details{GivenName: p.GivenName, FamilyName: p.FamilyName, KnownAs: p.KnownAs}, false); err != nil {
		return err
	}
	// With the key of an agency what was sealed under it has gone.
	if err := s.buildSealed(ctx, tx, r.AgencyID, id); err != nil && !errors.Is(err, store.ErrDestroyed) {
		return err
	}
	return nil
}

// buildSealed writes the keys of what lies sealed: how somebody is reached who is
// not hidden, and the address of a home that is not guarded.
func (s *Store) buildSealed(ctx context.Context, tx *store.Tx, agency string, id ID) error {
	h, err := s.home(ctx, tx, agency, id)
	if err != nil {
		return err
	}
	if !h.Hidden {
		if err := s.keyWays(ctx, tx, agency, id); err != nil {
			return err
		}
	}
	return s.keyHome(ctx, tx, agency, id, h)
}

// keyWays writes the keys of every way of reaching a person.
func (s *Store) keyWays(ctx context.Context, tx *store.Tx, agency string, id ID) error {
	return s.eachWay(ctx, tx, agency, id, func(ch Channel, detail string) error {
		return s.rekey(ctx, tx, agency, id, ch, detail)
	})
}

// eachWay reads the ways of reaching a person, one after another.
func (s *Store) eachWay(ctx context.Context, tx *store.Tx, agency string, id ID, do func(ch Channel, detail string) error) error {
	ways, err := peopledb.New(tx).SafeContacts(ctx, peopledb.SafeContactsParams{AgencyID: agency, PersonID: string(id)})
	if err != nil {
		return err
	}
	for _, w := range ways {
		detail, err := s.vault.Open(ctx, tx, s.place(agency, id, "safe_contact", "detail", w.Channel), w.Detail)
		if err != nil {
			return err
		}
		if err := do(Channel(w.Channel), detail); err != nil {
			return err
		}
	}
	return nil
}

// keyHome writes by what a home is found anew; a guarded one is found by nothing.
func (s *Store) keyHome(ctx context.Context, tx *store.Tx, agency string, id ID, h Home) error {
	q := peopledb.New(tx)
	if err := q.DeleteHomeMark(ctx, peopledb.DeleteHomeMarkParams{AgencyID: agency, PersonID: string(id)}); err != nil || h.Guarded() || h.IsZero() {
		return err
	}
	m, err := s.Marker(ctx, tx, agency)
	if err != nil {
		return err
	}
	marks := m.Home(h.Address)
	if code := plain(h.Postcode); code != "" {
		marks = append(marks, Mark{Kind: postcodeKey, Value: m.key(ByPostcode, code)})
	}
	return insertMarks(ctx, q, agency, id, marks)
}
