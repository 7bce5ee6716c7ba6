package cases

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Compartment is a part of a file that has a permission of its own.
type Compartment string

// The compartments.
const (
	Whereabouts Compartment = "whereabouts"
	Entitlement Compartment = "entitlement"
	ChildWords  Compartment = "child_words"
	Supervised  Compartment = "supervision"
)

// Compartments lists them.
func Compartments() []Compartment {
	return []Compartment{Whereabouts, Entitlement, ChildWords, Supervised}
}

// Label is the compartment in words for people.
func (c Compartment) Label() string {
	switch c {
	case Whereabouts:
		return "Whereabouts and code words"
	case Entitlement:
		return "Immigration and entitlement"
	case ChildWords:
		return "A child’s own words"
	case Supervised:
		return "Supervision notes"
	}
	return string(c)
}

// Action is reading it.
func (c Compartment) Action() policy.Action { return policy.Action("compartment." + string(c)) }

// ParseCompartment reads a compartment as an address names it.
func ParseCompartment(text string) (Compartment, error) {
	if c := Compartment(text); slices.Contains(Compartments(), c) {
		return c, nil
	}
	return "", fmt.Errorf("%q is not a compartment: %w", text, store.ErrNotFound)
}

// ActKeep is the writing of a note in a compartment, in the ledger.
const ActKeep policy.Action = "compartment.write"

// Kept is a note in a compartment.
type Kept struct {
	ID    string
	About people.ID // the person it is about, or empty
	Text  string
	At    time.Time
	By    string // account
}

// Keep writes a note in a compartment. Whoever works with the file may write
// down what they were told; reading it takes the permission.
func (s *Service) Keep(ctx context.Context, f *File, c Compartment, about people.ID, text string) error {
	errs := checkReason("text", text, "Write the note")
	if c == ChildWords && about == "" {
		errs.Add("about", "Select the child")
	}
	if errs.Any() {
		return errs
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if about != "" {
			if _, err := s.nameIn(ctx, tx, f, about); errors.Is(err, store.ErrNotFound) {
				return forms.Errors{{Field: "about", Message: "Select one of the people of this case"}}
			} else if err != nil {
				return err
			}
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		o := s.opener(ctx, tx, f.agency)
		sealed := o.seal("kept_note", "text", id, text)
		if o.err != nil {
			return o.err
		}
		err = casesdb.New(tx).InsertKept(ctx, casesdb.InsertKeptParams{
			AgencyID: f.agency, ID: id, FileID: string(f.id), Compartment: string(c), About: string(about), Text: sealed,
			RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
		})
		if err != nil {
			return err
		}
		return f.permit.Append(tx, ActKeep, string(c), f.id.Subject(), f.person.Subject())
	})
}

// Kept reads a compartment of a file, the newest first. Without its permission
// the refusal is recorded and returned.
func (s *Service) Kept(ctx context.Context, f *File, c Compartment) ([]Kept, error) {
	if !f.Permit().Valid() {
		return nil, audit.ErrNoPermit
	}
	if _, err := s.guard.Open(ctx, f.Actor(), c.Action(), f.Resource(), "", true, f.id.Subject(), f.person.Subject(), compartmentSubject(f, c)); err != nil {
		return nil, err
	}
	var out []Kept
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := casesdb.New(tx).KeptNotes(ctx, casesdb.KeptNotesParams{AgencyID: f.agency, FileID: string(f.id), Compartment: string(c)})
		o := s.opener(ctx, tx, f.agency)
		for _, r := range rows {
			out = append(out, Kept{ID: r.ID, About: people.ID(r.About), Text: o.open("kept_note", "text", r.ID, r.Text), At: r.RecordedAt, By: r.RecordedBy})
		}
		return errors.Join(err, o.err)
	})
	return out, err
}

// CompartmentSubject is a compartment of the file in a ledger entry.
func (f *File) CompartmentSubject(c Compartment) audit.Subject { return compartmentSubject(f, c) }

func compartmentSubject(f *File, c Compartment) audit.Subject {
	return audit.Subject{Kind: "compartment", ID: string(f.id) + "/" + string(c)}
}

// Readable are the compartments of a file that the actor may read.
func (s *Service) Readable(f *File) []Compartment {
	var out []Compartment
	for _, c := range Compartments() {
		if s.May(f, c.Action()) {
			out = append(out, c)
		}
	}
	return out
}

// NamedFor are the accounts a compartment was opened to by name.
func (f *File) NamedFor(c Compartment) []string {
	named, _ := f.attrs[string(c)+"_named"].([]string)
	return slices.Clone(named)
}

// Grant opens a compartment of a file to a colleague by name, or closes it to
// them again. Nobody opens one to themselves.
func (s *Service) Grant(ctx context.Context, f *File, c Compartment, account string, open bool) error {
	if _, err := s.guard.Act(ctx, f.Actor(), ActGrant, f.Resource(), true, f.id.Subject()); err != nil {
		return err
	}
	if account == f.Actor().Account && open {
		return forms.Errors{{Field: "account", Message: "Ask the other person who may open it: nobody opens a compartment to themselves"}}
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := casesdb.New(tx)
		reason := string(c)
		if open {
			if err := s.checkTo(ctx, tx, f, To{Account: account}); errors.Is(err, store.ErrNotFound) || isRefusedTo(err) {
				return forms.Errors{{Field: "account", Message: refusedTo}}
			} else if err != nil {
				return err
			}
			err := q.UpsertGrant(ctx, casesdb.UpsertGrantParams{
				AgencyID: f.agency, FileID: string(f.id), Compartment: string(c), AccountID: account, GivenBy: f.Actor().Account, GivenAt: tx.Now(),
			})
			if err != nil {
				return err
			}
		} else {
			reason = "end " + reason
			err := store.Changed(q.EndGrant(ctx, casesdb.EndGrantParams{
				AgencyID: f.agency, FileID: string(f.id), Compartment: string(c), AccountID: account, EndedAt: nullTime(tx.Now()),
			}))
			if err != nil {
				return err
			}
		}
		return f.permit.Append(tx, ActGrant, reason, f.id.Subject(), audit.Subject{Kind: "account", ID: account})
	})
}

// Openings say which roles read which compartment at an agency.
type Openings map[Compartment][]policy.Role

// shipped stands for no agency: the openings that hold where an agency has
// decided nothing.
const shipped = ""

// Openings are those of the actor's agency, and whether it decided them itself.
func (s *Service) Openings(ctx context.Context, actor policy.Actor) (Openings, bool, error) {
	if _, err := s.guard.Act(ctx, actor, ActConfigure, caseload(actor), true); err != nil {
		return nil, false, err
	}
	out, own := Openings{}, true
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := casesdb.New(tx)
		rows, err := q.CompartmentRoles(ctx, actor.Agency)
		if err == nil && len(rows) == 0 {
			own = false
			rows, err = q.CompartmentRoles(ctx, shipped)
		}
		for _, r := range rows {
			if r.Compartment != "" {
				out[Compartment(r.Compartment)] = append(out[Compartment(r.Compartment)], policy.Role(r.Role))
			}
		}
		return err
	})
	return out, own, err
}

// SetOpenings decides for the actor's agency which roles read which
// compartment.
func (s *Service) SetOpenings(ctx context.Context, actor policy.Actor, o Openings) error {
	permit, err := s.guard.Act(ctx, actor, ActConfigure, caseload(actor), true)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := casesdb.New(tx)
		if err := q.DeleteCompartmentRoles(ctx, actor.Agency); err != nil {
			return err
		}
		// The row without a compartment says that the agency has decided, be
		// it that no role reads anything.
		rows := []casesdb.InsertCompartmentRoleParams{{AgencyID: actor.Agency}}
		reason := ""
		for _, c := range Compartments() {
			for _, r := range policy.Roles() {
				if slices.Contains(o[c], r) {
					rows = append(rows, casesdb.InsertCompartmentRoleParams{AgencyID: actor.Agency, Compartment: string(c), Role: string(r)})
					reason += " " + string(c) + ":" + string(r)
				}
			}
		}
		for _, row := range rows {
			if err := q.InsertCompartmentRole(ctx, row); err != nil {
				return err
			}
		}
		return permit.Append(tx, ActConfigure, "openings"+reason, audit.Subject{Kind: "agency", ID: actor.Agency})
	})
}
