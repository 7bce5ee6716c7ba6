package agreements

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"waymark/internal/platform/store"
	"waymark/internal/registers/agreements/agreementsdb"
	"waymark/internal/registers/directory"
)

// Signature is a party of a version: who advises there, and who signed.
type Signature struct {
	Contact
	Names       SignatureNames
	SignedAt    time.Time // zero: not signed
	SignedBy    string
	WithdrawnAt time.Time
	WithdrawnBy string
}

// SignatureNames are the words of a signature: names of people at the party, for
// everybody who reads the agreement, and what they wrote.
type SignatureNames struct {
	Contact   string `json:"contact,omitempty"`
	StandIn   string `json:"stand_in,omitempty"`
	Conflict  string `json:"conflict,omitempty"` // the conflict of interest, in words
	Signer    string `json:"signer,omitempty"`
	Withdrawn string `json:"withdrawn,omitempty"` // why
}

// Version is one version of an agreement.
type Version struct {
	Agreement  ID
	Author     directory.AgencyID
	Number     int
	State      State // on the day it was read
	Document   Document
	Parties    []Signature // by agency
	CreatedAt  time.Time
	CreatedBy  string
	SigningAt  time.Time
	CompleteAt time.Time
	EndedAt    time.Time
	Revision   int64
}

// Signature returns what a party said.
func (v Version) Signature(agency directory.AgencyID) (Signature, bool) {
	for _, p := range v.Parties {
		if p.Agency == agency {
			return p, true
		}
	}
	return Signature{}, false
}

// Unsigned are the parties that have not signed.
func (v Version) Unsigned() []directory.AgencyID {
	var out []directory.AgencyID
	for _, p := range v.Parties {
		if p.SignedAt.IsZero() {
			out = append(out, p.Agency)
		}
	}
	return out
}

// Overdue tells whether a version in force should have been looked at again.
func (v Version) Overdue(today string) bool {
	return v.State == InForce && v.Document.ReviewOn != "" && v.Document.ReviewOn < today
}

// Bound is the version as it binds its parties.
func (v Version) Bound() Bound {
	b := Bound{Agreement: v.Agreement, Version: v.Number, Document: v.Document}
	for _, p := range v.Parties {
		b.Contacts = append(b.Contacts, p.Contact)
	}
	return b
}

// Agreement is an agreement with those of its versions that somebody may read.
type Agreement struct {
	ID       ID
	Author   directory.AgencyID
	Versions []Version // the newest first
}

// Newest is the latest version.
func (a Agreement) Newest() Version {
	if len(a.Versions) == 0 {
		return Version{}
	}
	return a.Versions[0]
}

// InForce is the version in force.
func (a Agreement) InForce() (Version, bool) {
	i := slices.IndexFunc(a.Versions, func(v Version) bool { return v.State == InForce })
	if i < 0 {
		return Version{}, false
	}
	return a.Versions[i], true
}

// Version returns the version with a number; 0 is the one in force, or else the
// latest.
func (a Agreement) Version(number int) (Version, bool) {
	if number == 0 {
		if v, ok := a.InForce(); ok {
			return v, true
		}
		return a.Newest(), len(a.Versions) > 0
	}
	i := slices.IndexFunc(a.Versions, func(v Version) bool { return v.Number == number })
	if i < 0 {
		return Version{}, false
	}
	return a.Versions[i], true
}

// settle says of the versions of one agreement, newest first, where each stands
// on a day.
func settle(versions []Version, today string) {
	later := false // a later one has begun
	for i := range versions {
		v := &versions[i]
		begun := !v.CompleteAt.IsZero() && v.Document.StartOn <= today
		switch {
		case v.State == Complete && !begun:
			v.State = Coming
		case v.State == Complete && later:
			v.State = Superseded
		case v.State == Complete:
			v.State = InForce
		}
		later = later || begun
	}
}

func documentPlace(agency, id string, number int64) store.Place {
	return store.Place{Agency: agency, Table: "agreement_version", Column: "document", Row: id + "/" + count(number)}
}

func wordsPlace(agency, id string, number int64, party string) store.Place {
	return store.Place{Agency: agency, Table: "agreement_party", Column: "words", Row: id + "/" + count(number) + "/" + party}
}

// read puts versions and their parties together. Where the key of the agency that
// wrote one was destroyed, the agreement is gone with it.
func (r *Register) read(ctx context.Context, tx *store.Tx, rows []agreementsdb.AgreementVersion, parties []agreementsdb.AgreementParty) ([]Agreement, error) {
	of := map[string][]Signature{}
	for _, row := range parties {
		s, err := r.signature(ctx, tx, row)
		if errors.Is(err, store.ErrDestroyed) {
			continue
		}
		if err != nil {
			return nil, err
		}
		key := row.AgreementID + "/" + count(row.Number)
		of[key] = append(of[key], s)
	}
	var out []Agreement
	for _, row := range rows {
		v := Version{
			Agreement: ID(row.AgreementID), Author: directory.AgencyID(row.AgencyID), Number: int(row.Number), State: State(row.State),
			Parties: of[row.AgreementID+"/"+count(row.Number)], CreatedAt: row.CreatedAt, CreatedBy: row.CreatedBy,
			SigningAt: row.SigningAt.Time, CompleteAt: row.CompleteAt.Time, EndedAt: row.EndedAt.Time, Revision: row.Version,
		}
		err := r.db.Vault().OpenJSON(ctx, tx, documentPlace(row.AgencyID, row.AgreementID, row.Number), store.Sealed(row.Document), &v.Document)
		if errors.Is(err, store.ErrDestroyed) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if n := len(out); n == 0 || out[n-1].ID != v.Agreement {
			out = append(out, Agreement{ID: v.Agreement, Author: v.Author})
		}
		last := &out[len(out)-1]
		last.Versions = append(last.Versions, v)
	}
	for _, a := range out {
		settle(a.Versions, r.today(tx))
	}
	return out, nil
}

func (r *Register) signature(ctx context.Context, tx *store.Tx, row agreementsdb.AgreementParty) (Signature, error) {
	s := Signature{
		Contact:  Contact{Agency: directory.AgencyID(row.PartyID), Account: row.Contact, StandIn: row.StandIn},
		SignedAt: row.SignedAt.Time, SignedBy: row.SignedBy, WithdrawnAt: row.WithdrawnAt.Time, WithdrawnBy: row.WithdrawnBy,
	}
	for id := range strings.SplitSeq(row.NotFor, ",") {
		if id != "" {
			s.NotFor = append(s.NotFor, directory.AgencyID(id))
		}
	}
	err := r.db.Vault().OpenJSON(ctx, tx, wordsPlace(row.AgencyID, row.AgreementID, row.Number, row.PartyID), store.Sealed(row.Words), &s.Names)
	return s, err
}

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: !t.IsZero()} }
