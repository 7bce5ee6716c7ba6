package people

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people/peopledb"
)

// The actions of this package, for the ledger.
const (
	ActAdd     policy.Action = "person.add"
	ActChange  policy.Action = "person.change"
	ActContact policy.Action = "person.contact"
	ActCode    policy.Action = "person.code_word"
)

// ID names a person within an agency.
type ID string

// Subject is the person in a ledger entry.
func (id ID) Subject() audit.Subject { return audit.Subject{Kind: "person", ID: string(id)} }

// Details are what is written down about a person.
type Details struct {
	GivenName   string
	FamilyName  string
	KnownAs     string // the name to use when speaking to them
	Born        string // YYYY-MM-DD, YYYY-MM, YYYY or empty
	Gender      string // in their own words
	Language    string
	AccessNeeds string // formats, interpreters, other needs
}

// Person is one person as an agency knows them.
type Person struct {
	ID     ID
	Agency string
	Details
	Contact ContactSummary
	Version int64
}

// Name is what somebody with these details is called on pages.
func (d Details) Name() string {
	name := strings.TrimSpace(d.GivenName + " " + d.FamilyName)
	switch {
	case d.KnownAs != "" && name != "":
		return d.KnownAs + " (" + name + ")"
	case d.KnownAs != "":
		return d.KnownAs
	case name != "":
		return name
	}
	return "Name not known"
}

// LogValue implements [slog.LogValuer].
func (Person) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// LogValue implements [slog.LogValuer].
func (Details) LogValue() slog.Value { return slog.StringValue("[redacted]") }

const nameMax, textMax = 200, 2000

// Check returns what is wrong with the details as they were typed, by field.
// Everything may be unknown: a person who gave no name is still recorded.
func (d Details) Check() forms.Errors {
	var errs forms.Errors
	for _, f := range []struct{ name, value string }{
		{"given_name", d.GivenName}, {"family_name", d.FamilyName}, {"known_as", d.KnownAs}, {"gender", d.Gender}, {"language", d.Language},
	} {
		if len(f.value) > nameMax {
			errs.Add(f.name, "Shorten this to 200 characters or fewer")
		}
	}
	if len(d.AccessNeeds) > textMax {
		errs.Add("access_needs", "Shorten this to 2,000 characters or fewer")
	}
	if !validBorn(d.Born) {
		errs.Add("born", "Enter a date of birth such as 27 3 1991, or only the year, or leave it empty")
	}
	return errs
}

func validBorn(s string) bool {
	if s == "" {
		return true
	}
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 1850 {
			return true
		}
	}
	return false
}

// nameKey orders names by family name, and without accents' help: the linkage
// of people has its own normalisation.
func (d Details) nameKey() string {
	return strings.ToLower(strings.TrimSpace(d.FamilyName + " " + d.GivenName + " " + d.KnownAs))
}

// Store keeps people. Its methods work in the transaction they are given.
type Store struct {
	vault   *store.Vault
	recheck time.Duration
	marks   markKeys
}

// DefaultRecheck is after how long safe contact must be checked again when a
// deployment does not say otherwise. It is a choice of this project, not a
// figure of the field.
const DefaultRecheck = 90 * 24 * time.Hour

// New makes the store; recheck is after how long safe contact must be checked
// again.
func New(db *store.DB, recheck time.Duration) *Store {
	return &Store{vault: db.Vault(), recheck: recheck, marks: markKeys{keys: map[string][]byte{}}}
}

// Add adds a person to an agency.
func (s *Store) Add(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, d Details) (Person, error) {
	if !permit.Valid() {
		return Person{}, audit.ErrNoPermit
	}
	if errs := d.Check(); errs.Any() {
		return Person{}, errs
	}
	id, err := tx.NewID()
	if err != nil {
		return Person{}, err
	}
	own, err := s.sealOwn(ctx, tx, agency, id, d)
	if err != nil {
		return Person{}, err
	}
	err = peopledb.New(tx).InsertPerson(ctx, peopledb.InsertPersonParams{
		AgencyID: agency, ID: id, GivenName: d.GivenName, FamilyName: d.FamilyName, KnownAs: d.KnownAs,
		Born: d.Born, GenderSealed: own[0], LanguageSealed: own[1], AccessNeedsSealed: own[2],
		NameKey: d.nameKey(), CreatedAt: tx.Now(),
	})
	if err != nil {
		return Person{}, err
	}
	p := Person{ID: ID(id), Agency: agency, Details: d, Version: 1}
	if err := s.remark(ctx, tx, agency, p.ID, d, true); err != nil {
		return Person{}, err
	}
	p.Contact = s.summary("unset", "", tx.Now())
	return p, permit.Append(tx, ActAdd, "", p.ID.Subject())
}

// details are the columns that hold somebody's own words, and were plain before
// they were sealed.
var details = store.Plain{Table: "person", Key: []string{"id"}, Row: []string{"id"}, Columns: []string{"gender", "language", "access_needs"}}

// Plain lists the columns that older binaries left unsealed.
func Plain() []store.Plain { return []store.Plain{details} }

// sealOwn seals what is in somebody's own words, in the order of the columns.
func (s *Store) sealOwn(ctx context.Context, tx *store.Tx, agency, id string, d Details) (out [3][]byte, err error) {
	for i, text := range []string{d.Gender, d.Language, d.AccessNeeds} {
		sealed, err := s.vault.Seal(ctx, tx, details.Place(agency, details.Columns[i], id), text)
		if err != nil {
			return out, err
		}
		out[i] = sealed.Bytes()
	}
	return out, nil
}

// Get returns a person of the agency and names them in the ledger.
func (s *Store) Get(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID) (Person, error) {
	if err := permit.Show(ctx, id.Subject()); err != nil {
		return Person{}, err
	}
	row, err := peopledb.New(tx).PersonByID(ctx, peopledb.PersonByIDParams{AgencyID: agency, ID: string(id)})
	if err != nil {
		return Person{}, err
	}
	p := Person{
		ID: id, Agency: agency, Version: row.Version,
		Details: Details{GivenName: row.GivenName, FamilyName: row.FamilyName, KnownAs: row.KnownAs, Born: row.Born},
		Contact: s.summary(row.ContactState, row.ContactCheck, tx.Now()),
	}
	for _, o := range []struct {
		to     *string
		column string
		sealed []byte
		plain  string
	}{
		{&p.Details.Gender, "gender", row.GenderSealed, row.Gender},
		{&p.Details.Language, "language", row.LanguageSealed, row.Language},
		{&p.Details.AccessNeeds, "access_needs", row.AccessNeedsSealed, row.AccessNeeds},
	} {
		if *o.to, err = s.vault.OpenPlain(ctx, tx, details.Place(agency, o.column, string(id)), o.sealed, o.plain); err != nil {
			return Person{}, err
		}
	}
	return p, nil
}

// Change replaces the details of a person. It returns [store.ErrConflict] when
// they were changed since they were read.
func (s *Store) Change(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, id ID, version int64, d Details) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	if errs := d.Check(); errs.Any() {
		return errs
	}
	own, err := s.sealOwn(ctx, tx, agency, string(id), d)
	if err != nil {
		return err
	}
	err = store.Changed(peopledb.New(tx).UpdatePerson(ctx, peopledb.UpdatePersonParams{
		AgencyID: agency, ID: string(id), GivenName: d.GivenName, FamilyName: d.FamilyName, KnownAs: d.KnownAs,
		Born: d.Born, GenderSealed: own[0], LanguageSealed: own[1], AccessNeedsSealed: own[2],
		NameKey: d.nameKey(), Version: version,
	}))
	if err != nil {
		return err
	}
	if err := s.remark(ctx, tx, agency, id, d, false); err != nil {
		return err
	}
	return permit.Append(tx, ActChange, "", id.Subject())
}
