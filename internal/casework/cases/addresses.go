package cases

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// RecordHome replaces where one of the people of a file lives. It returns
// [people.ErrSecondPerson] when that would take the guard of an address away:
// [Service.AskHome] asks for it.
func (s *Service) RecordHome(ctx context.Context, f *File, person people.ID, h people.Home) error {
	return s.Change(ctx, f, ActWork, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.nameIn(ctx, tx, f, person); err != nil {
			return err
		}
		if err := s.people.RecordHome(ctx, tx, f.Permit(), f.agency, person, h); err != nil {
			return err
		}
		if err := s.releaseSettled(ctx, tx, f); err != nil {
			return err
		}
		return s.watch(ctx, tx, f.Permit(), f.agency, f.id)
	})
}

// AskHome asks for an address to be recorded without the guard that is there.
// What was recorded holds until a second person has released it.
func (s *Service) AskHome(ctx context.Context, f *File, person people.ID, h people.Home, why string) error {
	errs := h.Check()
	for _, e := range checkReason("why", why, "Enter why it need not be confidential or hidden any more. Somebody else releases it") {
		errs.Add(e.Field, e.Message)
	}
	if errs.Any() {
		return errs
	}
	return s.Change(ctx, f, ActWork, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.nameIn(ctx, tx, f, person); err != nil {
			return err
		}
		if err := s.people.AskRelease(ctx, tx, f.Permit(), f.agency, person, h, why); err != nil {
			return err
		}
		if err := s.FinishTasks(ctx, tx, f, ReleaseAddress, "it was asked for again"); err != nil {
			return err
		}
		if _, err := s.AddTask(ctx, tx, f, NewTask{Kind: ReleaseAddress, Due: NextWorkingDay(tx.Now()), Team: f.team}); err != nil {
			return err
		}
		return s.address(ctx, tx, f, "Somebody asked to record it without the guard. It takes a second person.", person)
	})
}

// address writes into the chronology that something happened to the address of
// somebody, and never the address.
func (s *Service) address(ctx context.Context, tx *store.Tx, f *File, text string, person people.ID) error {
	_, err := s.Record(ctx, tx, f, Event{Kind: AddressGuarded, On: tx.Now().Format(time.DateOnly), Text: text, Ref: string(person)})
	return err
}

// RetireHome takes a guarded address out of use, at once. One person does it: it
// is what is done when an address has become known.
func (s *Service) RetireHome(ctx context.Context, f *File, person people.ID) error {
	return s.Change(ctx, f, ActWork, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.nameIn(ctx, tx, f, person); err != nil {
			return err
		}
		if err := s.people.RetireHome(ctx, tx, f.Permit(), f.agency, person); err != nil {
			return err
		}
		if err := s.releaseSettled(ctx, tx, f); err != nil {
			return err
		}
		return s.address(ctx, tx, f, "The address that was confidential or hidden was taken out of use.", person)
	})
}

// SettleHome releases an address that somebody else asked for, or refuses to.
// It takes the permission for whereabouts.
func (s *Service) SettleHome(ctx context.Context, f *File, person people.ID, request string, release bool) error {
	w, err := s.MustWhereabouts(ctx, f)
	if err != nil {
		return err
	}
	return s.Change(ctx, f, ActWork, func(ctx context.Context, tx *store.Tx) error {
		p, err := s.PersonIn(ctx, tx, f, person)
		if err != nil {
			return err
		}
		err = s.people.Settle(ctx, tx, w, p, request, release)
		if errors.Is(err, people.ErrSamePerson) {
			return forms.Errors{{Field: "settle", Message: "You asked for this yourself: somebody else releases it"}}
		}
		if err != nil {
			return err
		}
		if err := s.releaseSettled(ctx, tx, f); err != nil {
			return err
		}
		text := "A second person refused to record it without the guard."
		if release {
			text = "A second person released it: it is recorded without the guard it had."
		}
		if err := s.address(ctx, tx, f, text, person); err != nil {
			return err
		}
		return s.watch(ctx, tx, f.Permit(), f.agency, f.id)
	})
}

// releaseSettled ends the task of settling a release when none of the people of
// a file waits for one any more.
func (s *Service) releaseSettled(ctx context.Context, tx *store.Tx, f *File) error {
	agency, file := f.key()
	rows, err := casesdb.New(tx).Dwellings(ctx, casesdb.DwellingsParams{AgencyID: agency, ID: file})
	if err != nil || slices.ContainsFunc(rows, func(r casesdb.DwellingsRow) bool { return r.Asked != "" }) {
		return err
	}
	return s.FinishTasks(ctx, tx, f, ReleaseAddress, "it was settled")
}

// Guards is what must not leave of the people of a file. Letters, shares and
// referrals ask it; it tells nothing but whether a text tells.
type Guards struct{ places []people.GuardedPlaces }

// Tell tells whether an address that is confidential, or was, or anything of
// somebody who is hidden stands in a text.
func (g Guards) Tell(text string) bool {
	for _, p := range g.places {
		if p.Tells(text) {
			return true
		}
	}
	return false
}

// Without is a text without the lines that tell; nothing of it where it tells
// over several lines. cut is true when something was left out.
func (g Guards) Without(text string) (left string, cut bool) {
	if !g.Tell(text) {
		return text, false
	}
	lines := slices.DeleteFunc(strings.Split(text, "\n"), g.Tell)
	if left = strings.Join(lines, "\n"); g.Tell(left) {
		left = ""
	}
	return left, true
}

// Guards reads what must not leave of the people of a file. Of a file without
// such people it reads one query. It needs no permission for whereabouts: it is
// asked so that those without it give nothing away either.
func (s *Service) Guards(ctx context.Context, tx *store.Tx, f *File) (Guards, error) {
	if !f.Permit().Valid() {
		return Guards{}, audit.ErrNoPermit
	}
	agency, file := f.key()
	guarded, err := casesdb.New(tx).GuardedPeople(ctx, casesdb.GuardedPeopleParams{AgencyID: agency, ID: file})
	if err != nil {
		return Guards{}, err
	}
	var g Guards
	for _, id := range guarded {
		places, err := s.people.Guarded(ctx, tx, f.Permit(), agency, people.ID(id))
		if err != nil {
			return Guards{}, err
		}
		g.places = append(g.places, places)
	}
	return g, nil
}

// FearedAt tells whether somebody the person of a file fears is recorded as
// living at an address: what is sent there reaches both.
func (s *Service) FearedAt(ctx context.Context, tx *store.Tx, f *File, address string) (bool, error) {
	if f.side != Experiencing {
		return false, nil
	}
	feared, err := s.Parties(ctx, tx, f, Perpetrator)
	if err != nil {
		return false, err
	}
	for _, id := range partyIDs(feared) {
		if at, err := s.people.LivesAt(ctx, tx, f.Permit(), f.agency, id, address); err != nil || at {
			return at, err
		}
	}
	return false, nil
}

// Dwelling is how where somebody of a file lives is guarded.
type Dwelling struct {
	Person people.ID
	Name   people.Details
	Roles  []Role      // of the people in the file; none for whom it is about
	Known  bool        // something is recorded
	Guard  people.Home // without the address
	Asked  string      // the release that waits for a second person, or nothing
}

// Dwellings are those of the people of a file, the person it is about first,
// without any address.
func (s *Service) Dwellings(ctx context.Context, tx *store.Tx, f *File) ([]Dwelling, error) {
	agency, file := f.key()
	about, err := s.PersonIn(ctx, tx, f, f.person)
	if err != nil {
		return nil, err
	}
	parties, err := s.Parties(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	rows, err := casesdb.New(tx).Dwellings(ctx, casesdb.DwellingsParams{AgencyID: agency, ID: file})
	if err != nil {
		return nil, err
	}
	out := []Dwelling{{Person: f.person, Name: about.Details}}
	for _, p := range parties {
		i := slices.IndexFunc(out, func(d Dwelling) bool { return d.Person == p.Person })
		if i < 0 {
			i, out = len(out), append(out, Dwelling{Person: p.Person, Name: p.Details})
		}
		out[i].Roles = append(out[i].Roles, p.Role)
	}
	for i := range out {
		for _, r := range rows {
			if r.PersonID == string(out[i].Person) {
				out[i].Known, out[i].Guard, out[i].Asked = r.Recorded == 1, people.Home{Confidential: r.Confidential, Hidden: r.Hidden}, r.Asked
			}
		}
	}
	return out, nil
}
