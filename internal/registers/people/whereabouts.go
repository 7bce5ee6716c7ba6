package people

import (
	"context"
	"database/sql"
	"errors"
	"regexp"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people/peopledb"
)

// The actions on whereabouts. ActWhereabouts is declared by the package that
// knows who works with whom.
const (
	ActWhereabouts policy.Action = "compartment.whereabouts"
	ActHome        policy.Action = "person.home"
)

// Whereabouts is the proof that the actor may read how and where somebody can
// be reached: only [Unlock] makes one, and the zero value reads nothing.
type Whereabouts struct{ permit audit.Permit }

// Unlock judges whether whoever holds the permit may read whereabouts and code
// words on a record. Where they may not, the answer holds nothing to be read
// with and nothing was refused: pages leave that part out.
func Unlock(guard *audit.Guard, permit audit.Permit, r policy.Resource) (Whereabouts, bool) {
	if !permit.Valid() || !guard.Rules().Decide(permit.Actor(), ActWhereabouts, r).Allowed {
		return Whereabouts{}, false
	}
	return Whereabouts{permit: permit}, true
}

// postcode is what a postcode looks like, wherever it stands and however it is
// written.
var postcode = regexp.MustCompile(`(?i)\b[a-z]{1,2}[0-9][a-z0-9]?\s*[0-9][a-z]{2}\b`)

// TellsPlace tells whether something like a postcode stands in a text, for what
// leaves Waymark without addresses.
func TellsPlace(text string) bool { return postcode.MatchString(text) }

// Home is where a person lives, as it was recorded.
type Home struct {
	Address
	// Confidential keeps the address out of letters, lists, exports, search
	// and every comparison.
	Confidential bool
}

// Check returns what is wrong with an address, by field.
func (h Home) Check() forms.Errors {
	var errs forms.Errors
	if len(h.House) > nameMax {
		errs.Add("house", "Shorten this to 200 characters or fewer")
	}
	if len(h.Postcode) > 20 {
		errs.Add("postcode", "Shorten the postcode to 20 characters or fewer")
	}
	return errs
}

// RecordHome replaces where a person lives. What is written down needs no
// more than the file; reading it does.
func (s *Store) RecordHome(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID, h Home) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	if errs := h.Check(); errs.Any() {
		return errs
	}
	house, err := s.vault.Seal(ctx, tx, s.place(agency, id, "person_home", "house", ""), h.House)
	if err != nil {
		return err
	}
	postcode, err := s.vault.Seal(ctx, tx, s.place(agency, id, "person_home", "postcode", ""), h.Postcode)
	if err != nil {
		return err
	}
	q := peopledb.New(tx)
	err = q.UpsertHome(ctx, peopledb.UpsertHomeParams{
		AgencyID: agency, PersonID: string(id), House: house.Bytes(), Postcode: postcode.Bytes(), Confidential: h.Confidential,
		RecordedAt: tx.Now(), RecordedBy: permit.Actor().Account,
	})
	if err != nil {
		return err
	}
	if err := q.DeleteHomeMark(ctx, peopledb.DeleteHomeMarkParams{AgencyID: agency, PersonID: string(id)}); err != nil {
		return err
	}
	if !h.Confidential {
		m, err := s.Marker(ctx, tx, agency)
		if err != nil {
			return err
		}
		if err := insertMarks(ctx, q, agency, id, m.Home(h.Address)); err != nil {
			return err
		}
	}
	return permit.Append(tx, ActHome, "", id.Subject())
}

// Home returns where a person lives; nothing when that was not recorded.
func (s *Store) Home(ctx context.Context, tx *store.Tx, w Whereabouts, p Person) (Home, error) {
	if err := w.permit.Show(ctx, p.ID.Subject()); err != nil {
		return Home{}, err
	}
	row, err := peopledb.New(tx).Home(ctx, peopledb.HomeParams{AgencyID: p.Agency, PersonID: string(p.ID)})
	if errors.Is(err, sql.ErrNoRows) {
		return Home{}, nil
	}
	if err != nil {
		return Home{}, err
	}
	h := Home{Confidential: row.Confidential}
	if h.House, err = s.vault.Open(ctx, tx, s.place(p.Agency, p.ID, "person_home", "house", ""), row.House); err != nil {
		return Home{}, err
	}
	h.Postcode, err = s.vault.Open(ctx, tx, s.place(p.Agency, p.ID, "person_home", "postcode", ""), row.Postcode)
	return h, err
}
