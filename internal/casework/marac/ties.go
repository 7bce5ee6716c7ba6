package marac

import (
	"context"
	"database/sql"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac/maracdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// TiedTx tells to which of some cases of a register an account is tied, through
// somebody they are about. It tells nothing of them, so that it can be asked before
// anything is judged. Of somebody without ties it reads nothing.
func (s *Service) TiedTx(ctx context.Context, tx *store.Tx, ties *cases.TiedWorkers, account, agency string, ids []CaseID) (map[CaseID]bool, error) {
	out := map[CaseID]bool{}
	if !ties.Any() || len(ids) == 0 {
		return out, nil
	}
	args, in := []any{agency}, make([]string, len(ids))
	for i, id := range ids {
		args, in[i] = append(args, string(id)), "$"+strconv.Itoa(i+2)
	}
	var rows []maracdb.MaracParty
	err := store.Each(ctx, tx, "SELECT p.case_id, p.person_id, p.role, p.words_sealed FROM marac_party p WHERE p.agency_id = $1 AND p.case_id IN ("+strings.Join(in, ", ")+")", args,
		func(r *sql.Rows) error {
			one := maracdb.MaracParty{AgencyID: agency}
			err := r.Scan(&one.CaseID, &one.PersonID, &one.Role, &one.WordsSealed)
			rows = append(rows, one)
			return err
		})
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		var one Identity
		if err := tx.Vault().OpenJSON(ctx, tx, partyPlace(agency, CaseID(r.CaseID), people.ID(r.PersonID)), r.WordsSealed, &one); err != nil {
			return nil, err
		}
		if tied(ties, account, []Identity{one}) {
			out[CaseID(r.CaseID)] = true
		}
	}
	return out, nil
}

// Kept is what must not be told of those a case is about to whoever harms, or to those
// who work with them: where anybody but whoever harms lives, how they are reached, and
// addresses that are guarded. It answers whether a text tells any of it.
type Kept struct {
	places []people.GuardedPlaces
	words  []string
	about  []Identity
}

// About are those the case is about, as they were referred.
func (k Kept) About() []Identity { return k.about }

// keptLeast is how many letters and digits something must have to be looked for.
const keptLeast = 5

func (k *Kept) add(texts ...string) {
	for _, t := range texts {
		if w := letters(t); len(w) >= keptLeast {
			k.words = append(k.words, w)
		}
	}
}

// letters are the letters and digits of a text, small.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// numbers are the telephone numbers in what was said of how somebody is reached.
var numbers = regexp.MustCompile(`\+?[0-9][0-9 ()-]{6,}[0-9]`)

// Tells tells whether something that is kept stands in a text, however it is written.
func (k Kept) Tells(text string) bool {
	written := letters(text)
	return slices.ContainsFunc(k.words, func(w string) bool { return strings.Contains(written, w) }) ||
		slices.ContainsFunc(k.places, func(p people.GuardedPlaces) bool { return p.Tells(text) })
}

// KeptTx is a case of a register with what must not be told of it. The permit is of
// whoever was let do something with the case. It returns [store.ErrNotFound].
func (s *Service) KeptTx(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id CaseID) (Case, Kept, error) {
	var k Kept
	if !permit.Valid() {
		return Case{}, k, audit.ErrNoPermit
	}
	q := maracdb.New(tx)
	row, err := q.CaseByID(ctx, maracdb.CaseByIDParams{AgencyID: agency, ID: string(id)})
	if err != nil {
		return Case{}, k, missing(err)
	}
	c, err := asCase(ctx, tx, row)
	if err != nil {
		return c, k, err
	}
	k.add(numbers.FindAllString(c.Words.Contact+"\n"+c.Words.SafeTo, -1)...)
	parties, err := q.PartiesOfCase(ctx, maracdb.PartiesOfCaseParams{AgencyID: agency, CaseID: string(id)})
	if err != nil {
		return c, k, err
	}
	for _, r := range parties {
		one, err := asIdentity(ctx, tx, r)
		if err != nil {
			return c, k, err
		}
		k.about = append(k.about, one)
		if one.Part == Perpetrator {
			continue
		}
		home := one.home()
		k.add(one.Address, home.House, home.Postcode, one.School)
		places, err := s.cases.People().Guarded(ctx, tx, permit, agency, one.Person)
		if err != nil {
			return c, k, err
		}
		k.places = append(k.places, places)
	}
	return c, k, nil
}
