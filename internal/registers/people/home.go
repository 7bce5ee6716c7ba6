package people

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people/peopledb"
)

// What is done to where somebody lives, in the ledger.
const (
	ActHomeRetired policy.Action = "person.home_retired"
	ActHomeAsked   policy.Action = "person.home_asked"
	ActHomeSettled policy.Action = "person.home_settled"
)

// Home is where a person lives, as it was recorded.
type Home struct {
	Address
	// Confidential keeps the address out of letters, lists, exports, search
	// and every comparison.
	Confidential bool
	// Hidden keeps back where and how they can be reached altogether, telephone
	// numbers too, as the health service does with a mark of its own.
	Hidden bool
}

// Guarded tells whether the address may not leave.
func (h Home) Guarded() bool { return h.Confidential || h.Hidden }

// Lowers tells whether recording h in place of before takes a guard away. That
// takes two people; everything else is done at once.
func (h Home) Lowers(before Home) bool {
	return before.Confidential && !h.Confidential || before.Hidden && !h.Hidden
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
// more than the file; reading it does. A guarded address that is replaced stays
// guarded: others may live there. It returns [ErrSecondPerson] when a guard would
// be taken away: that is asked for with [Store.AskRelease].
func (s *Store) RecordHome(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID, h Home) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	if errs := h.Check(); errs.Any() {
		return errs
	}
	before, err := s.take(ctx, tx, agency, id)
	if err != nil {
		return err
	}
	if h.Lowers(before) {
		return ErrSecondPerson
	}
	if h != before {
		if err := s.replace(ctx, tx, permit, agency, id, before, h); err != nil {
			return err
		}
	}
	return permit.Append(tx, ActHome, "", id.Subject())
}

// take reads where a person lives, so that nobody else changes it until the
// transaction has ended. It returns [store.ErrNotFound] of nobody.
func (s *Store) take(ctx context.Context, tx *store.Tx, agency string, id ID) (Home, error) {
	n, err := peopledb.New(tx).TakePerson(ctx, peopledb.TakePersonParams{AgencyID: agency, ID: string(id)})
	switch {
	case err != nil:
		return Home{}, err
	case n == 0:
		return Home{}, store.ErrNotFound
	}
	return s.home(ctx, tx, agency, id)
}

// replace puts next in the place of before. An address that was guarded stays so
// after it was left, and a release that waits has nothing to release any more.
func (s *Store) replace(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID, before, next Home) error {
	if _, err := s.settle(ctx, tx, permit, agency, id, "", "replaced"); err != nil {
		return err
	}
	if before.Guarded() && !before.IsZero() && before.Address != next.Address {
		if err := s.keepPlace(ctx, tx, permit, agency, id, "former", before, ""); err != nil {
			return err
		}
	}
	if err := s.setHome(ctx, tx, permit, agency, id, next); err != nil {
		return err
	}
	return s.rereach(ctx, tx, agency, id, before, next)
}

// rereach takes the keys of the ways of reaching somebody who is hidden now away,
// and writes them anew for somebody who is hidden no more.
func (s *Store) rereach(ctx context.Context, tx *store.Tx, agency string, id ID, before, next Home) error {
	switch {
	case next.Hidden && !before.Hidden:
		return peopledb.New(tx).DeleteReachKeys(ctx, peopledb.DeleteReachKeysParams{AgencyID: agency, PersonID: string(id)})
	case before.Hidden && !next.Hidden:
		return s.keyWays(ctx, tx, agency, id)
	}
	return nil
}

func (s *Store) setHome(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID, h Home) error {
	house, postcode, err := s.sealAddress(ctx, tx, agency, id, "person_home", "", h.Address)
	if err != nil {
		return err
	}
	err = peopledb.New(tx).UpsertHome(ctx, peopledb.UpsertHomeParams{
		AgencyID: agency, PersonID: string(id), House: house, Postcode: postcode, Confidential: h.Confidential, Hidden: h.Hidden,
		RecordedAt: tx.Now(), RecordedBy: permit.Actor().Account,
	})
	if err != nil {
		return err
	}
	return s.keyHome(ctx, tx, agency, id, h)
}

// RetireHome takes a guarded address out of use at once: nobody reads it any
// more, and it stays guarded for good. What guards the person stays as well. It
// returns [store.ErrNotFound] where there is none.
func (s *Store) RetireHome(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	before, err := s.take(ctx, tx, agency, id)
	if err != nil {
		return err
	}
	if !before.Guarded() || before.IsZero() {
		return store.ErrNotFound
	}
	if err := s.replace(ctx, tx, permit, agency, id, before, Home{Confidential: before.Confidential, Hidden: before.Hidden}); err != nil {
		return err
	}
	return permit.Append(tx, ActHomeRetired, "", id.Subject())
}

// IsZero tells whether no address is recorded.
func (h Home) IsZero() bool { return h.Address.IsZero() }

// Guard is how where a person lives is guarded, without the address: it is what
// everybody who works with them must know.
func (s *Store) Guard(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID) (Home, error) {
	if !permit.Valid() {
		return Home{}, audit.ErrNoPermit
	}
	h, err := s.home(ctx, tx, agency, id)
	h.Address = Address{}
	return h, err
}

// Home returns where a person lives; nothing when that was not recorded.
func (s *Store) Home(ctx context.Context, tx *store.Tx, w Whereabouts, p Person) (Home, error) {
	if err := w.permit.Show(ctx, p.ID.Subject()); err != nil {
		return Home{}, err
	}
	return s.home(ctx, tx, p.Agency, p.ID)
}

func (s *Store) home(ctx context.Context, tx *store.Tx, agency string, id ID) (Home, error) {
	row, err := peopledb.New(tx).Home(ctx, peopledb.HomeParams{AgencyID: agency, PersonID: string(id)})
	if errors.Is(err, sql.ErrNoRows) {
		return Home{}, nil
	}
	if err != nil {
		return Home{}, err
	}
	h := Home{Confidential: row.Confidential, Hidden: row.Hidden}
	h.Address, err = s.openAddress(ctx, tx, agency, id, "person_home", "", row.House, row.Postcode)
	return h, err
}

// Asked is an address that somebody asked to be recorded without the guard that
// is there: it holds once a second person released it.
type Asked struct {
	Home
	ID  string
	Why string
	At  time.Time
	By  string // account
}

// ErrSecondPerson is returned when one person alone would take a guard away.
var ErrSecondPerson = errors.New("it takes a second person to release an address that is guarded")

// ErrSamePerson is returned when whoever asked for a release would settle it.
var ErrSamePerson = errors.New("whoever asked for it cannot release it: it takes a second person")

// AskRelease keeps what was asked for. Until it is settled what was recorded
// holds, with its guard. A later request takes the place of one that waits.
func (s *Store) AskRelease(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID, h Home, why string) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	if errs := h.Check(); errs.Any() {
		return errs
	}
	if _, err := s.take(ctx, tx, agency, id); err != nil {
		return err
	}
	if _, err := s.settle(ctx, tx, permit, agency, id, "", "replaced"); err != nil {
		return err
	}
	if err := s.keepPlace(ctx, tx, permit, agency, id, "asked", h, why); err != nil {
		return err
	}
	return permit.Append(tx, ActHomeAsked, "", id.Subject())
}

// Waiting tells who asked for a release that waits, and when, without the
// address; found is false when none does.
func (s *Store) Waiting(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID) (a Asked, found bool, err error) {
	if !permit.Valid() {
		return Asked{}, false, audit.ErrNoPermit
	}
	row, err := peopledb.New(tx).AskedPlace(ctx, peopledb.AskedPlaceParams{AgencyID: agency, PersonID: string(id)})
	if errors.Is(err, sql.ErrNoRows) {
		return Asked{}, false, nil
	}
	return Asked{Home: Home{Confidential: row.Confidential, Hidden: row.Hidden}, ID: row.ID, At: row.RecordedAt, By: row.RecordedBy}, err == nil, err
}

// Asked is the release that waits, with the address and the reason; found is
// false when none does.
func (s *Store) Asked(ctx context.Context, tx *store.Tx, w Whereabouts, p Person) (a Asked, found bool, err error) {
	if err := w.permit.Show(ctx, p.ID.Subject()); err != nil {
		return Asked{}, false, err
	}
	return s.asked(ctx, tx, p.Agency, p.ID)
}

func (s *Store) asked(ctx context.Context, tx *store.Tx, agency string, id ID) (a Asked, found bool, err error) {
	row, err := peopledb.New(tx).AskedPlace(ctx, peopledb.AskedPlaceParams{AgencyID: agency, PersonID: string(id)})
	if errors.Is(err, sql.ErrNoRows) {
		return Asked{}, false, nil
	}
	if err != nil {
		return Asked{}, false, err
	}
	a = Asked{Home: Home{Confidential: row.Confidential, Hidden: row.Hidden}, ID: row.ID, At: row.RecordedAt, By: row.RecordedBy}
	if a.Address, err = s.openAddress(ctx, tx, agency, id, "person_place", row.ID, row.House, row.Postcode); err != nil {
		return Asked{}, false, err
	}
	a.Why, err = s.vault.Open(ctx, tx, s.place(agency, id, "person_place", "why", row.ID), row.Why)
	return a, err == nil, err
}

// Settle releases an address that somebody else asked for, or refuses to. It
// returns [ErrSamePerson], and [store.ErrConflict] when it was settled before.
func (s *Store) Settle(ctx context.Context, tx *store.Tx, w Whereabouts, p Person, request string, release bool) error {
	if !w.permit.Valid() {
		return audit.ErrNoPermit
	}
	before, err := s.take(ctx, tx, p.Agency, p.ID)
	if err != nil {
		return err
	}
	a, found, err := s.asked(ctx, tx, p.Agency, p.ID)
	switch {
	case err != nil:
		return err
	case !found || a.ID != request:
		return store.ErrConflict
	case release && a.By == w.permit.Actor().Account:
		return ErrSamePerson
	}
	state := "refused"
	if release {
		state = "released"
	}
	if _, err := s.settle(ctx, tx, w.permit, p.Agency, p.ID, request, state); err != nil {
		return err
	}
	if release {
		if err := s.replace(ctx, tx, w.permit, p.Agency, p.ID, before, a.Home); err != nil {
			return err
		}
	}
	return w.permit.Append(tx, ActHomeSettled, state, p.ID.Subject())
}

// settle ends a request; of an empty id, the one that waits, if one does.
func (s *Store) settle(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID, request, state string) (int64, error) {
	q := peopledb.New(tx)
	if request == "" {
		row, err := q.AskedPlace(ctx, peopledb.AskedPlaceParams{AgencyID: agency, PersonID: string(id)})
		if errors.Is(err, sql.ErrNoRows) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		request = row.ID
	}
	return q.SettlePlace(ctx, peopledb.SettlePlaceParams{
		AgencyID: agency, ID: request, PersonID: string(id), State: state,
		SettledAt: sql.NullTime{Time: tx.Now(), Valid: true}, SettledBy: permit.Actor().Account,
	})
}

func (s *Store) keepPlace(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID, state string, h Home, why string) error {
	row, err := tx.NewID()
	if err != nil {
		return err
	}
	house, postcode, err := s.sealAddress(ctx, tx, agency, id, "person_place", row, h.Address)
	if err != nil {
		return err
	}
	reason, err := s.vault.Seal(ctx, tx, s.place(agency, id, "person_place", "why", row), why)
	if err != nil {
		return err
	}
	return peopledb.New(tx).InsertPlace(ctx, peopledb.InsertPlaceParams{
		AgencyID: agency, ID: row, PersonID: string(id), State: state, House: house, Postcode: postcode, Why: reason.Bytes(),
		Confidential: h.Confidential, Hidden: h.Hidden, RecordedAt: tx.Now(), RecordedBy: permit.Actor().Account,
	})
}

func (s *Store) sealAddress(ctx context.Context, tx *store.Tx, agency string, id ID, table, row string, a Address) (house, postcode []byte, err error) {
	h, err := s.vault.Seal(ctx, tx, s.place(agency, id, table, "house", row), a.House)
	if err != nil {
		return nil, nil, err
	}
	p, err := s.vault.Seal(ctx, tx, s.place(agency, id, table, "postcode", row), a.Postcode)
	return h.Bytes(), p.Bytes(), err
}

func (s *Store) openAddress(ctx context.Context, tx *store.Tx, agency string, id ID, table, row string, house, postcode []byte) (a Address, err error) {
	if a.House, err = s.vault.Open(ctx, tx, s.place(agency, id, table, "house", row), house); err != nil {
		return Address{}, err
	}
	a.Postcode, err = s.vault.Open(ctx, tx, s.place(agency, id, table, "postcode", row), postcode)
	return a, err
}

// StandsIn tells whether an address stands in a text: its postcode with the
// number or name of the house.
func (a Address) StandsIn(text string) bool {
	code, house := plain(a.Postcode), houseOf(a.House)
	written := plain(text)
	return len(code) >= guardedLeast && house != "" && strings.Contains(written, code) && strings.Contains(written, house)
}

// LivesAt tells whether an address is the one that is recorded of a person,
// however it is written. It tells nothing else of it.
func (s *Store) LivesAt(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID, address string) (bool, error) {
	if !permit.Valid() {
		return false, audit.ErrNoPermit
	}
	h, err := s.home(ctx, tx, agency, id)
	return h.StandsIn(address), err
}
