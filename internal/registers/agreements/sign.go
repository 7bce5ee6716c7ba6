package agreements

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/agreements/agreementsdb"
	"waymark/internal/registers/directory"
)

// Advice is what a party says about who advises there.
type Advice struct {
	Contact  string // account of a key contact
	StandIn  string // account, or empty
	NotFor   []directory.AgencyID
	Conflict string // the conflict of interest, in words
}

// conflictMax is the longest text about a conflict of interest, or of a
// withdrawal.
const conflictMax = 500

// Adviser is somebody who may be named: at the actor's own agency.
type Adviser struct {
	Account    string
	Name       string
	KeyContact bool
}

// Advisers are the key contacts and managers of the actor's own agency.
func (r *Register) Advisers(ctx context.Context, actor policy.Actor) ([]Adviser, error) {
	own := Agreement{Author: agencyOf(actor), Versions: []Version{{State: Signing, Parties: []Signature{{Contact: Contact{Agency: agencyOf(actor)}}}}}}
	if _, err := r.guard.Act(ctx, actor, ActSign, own.resource(), true); err != nil {
		return nil, err
	}
	var out []Adviser
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := agreementsdb.New(tx).Advisers(ctx, agreementsdb.AdvisersParams{AgencyID: actor.Agency, Now: nullTime(tx.Now())})
		for _, row := range rows {
			out = append(out, Adviser{Account: row.ID, Name: row.Name, KeyContact: isKeyContact(row.Roles)})
		}
		return err
	})
	return out, err
}

func isKeyContact(roles string) bool {
	return slices.Contains(strings.FieldsFunc(roles, func(c rune) bool { return c == ',' || c == ' ' }), string(policy.KeyContact))
}

// advice checks who is named, and gives their names.
func (r *Register) advice(ctx context.Context, tx *store.Tx, agency directory.AgencyID, v Version, a Advice) (SignatureNames, error) {
	q := agreementsdb.New(tx)
	var errs forms.Errors
	names := SignatureNames{Conflict: strings.TrimSpace(a.Conflict)}
	who := func(account string) (agreementsdb.AtWorkRow, error) {
		row, err := q.AtWork(ctx, agreementsdb.AtWorkParams{AgencyID: string(agency), AccountID: account})
		return row, missing(err)
	}
	switch row, err := who(a.Contact); {
	case errors.Is(err, store.ErrNotFound) || err == nil && !isKeyContact(row.Roles):
		errs.Add("contact", "Select a key contact of your agency, who advises on sharing")
	case err != nil:
		return names, err
	default:
		names.Contact = row.Name
	}
	if a.StandIn != "" {
		switch row, err := who(a.StandIn); {
		case errors.Is(err, store.ErrNotFound), a.StandIn == a.Contact:
			errs.Add("stand_in", "Select somebody else of your agency, or leave it open")
		case err != nil:
			return names, err
		default:
			names.StandIn = row.Name
		}
	}
	for i, other := range a.NotFor {
		if _, party := v.Signature(other); !party || other == agency || slices.Contains(a.NotFor[:i], other) {
			errs.Add("not_for", "Select other parties, each once")
		}
	}
	switch {
	case len(a.NotFor) > 0 && a.StandIn == "":
		errs.Add("stand_in", "Select who advises where the key contact has a conflict of interest")
	case len(a.NotFor) > 0 && names.Conflict == "":
		errs.Add("conflict", "Enter what the conflict of interest is")
	}
	if utf8.RuneCountInString(names.Conflict) > conflictMax {
		errs.Add("conflict", fmt.Sprintf("Shorten this to %d characters or fewer", conflictMax))
	}
	return names, errs.Err()
}

func joinIDs(ids []directory.AgencyID) string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	return strings.Join(out, ",")
}

// SetContact names who advises at the agency that writes a draft. It returns
// forms.Errors by the fields contact, stand_in, not_for and conflict.
func (r *Register) SetContact(ctx context.Context, actor policy.Actor, id ID, number int, a Advice) error {
	_, permit, err := r.judge(ctx, actor, ActWrite, id)
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		v, err := r.version(ctx, tx, id, number, 0, Draft)
		if err != nil {
			return err
		}
		names, err := r.advice(ctx, tx, v.Author, v, a)
		if err != nil {
			return err
		}
		words, err := r.seal(ctx, tx, v, v.Author, names)
		if err != nil {
			return err
		}
		err = store.Changed(agreementsdb.New(tx).SetContact(ctx, agreementsdb.SetContactParams{
			AgencyID: string(v.Author), AgreementID: string(id), Number: int64(number), PartyID: string(v.Author),
			Contact: a.Contact, StandIn: a.StandIn, NotFor: joinIDs(a.NotFor), Words: words,
		}))
		if err != nil {
			return err
		}
		return permit.Append(tx, ActWrite, "contact", id.Subject())
	})
}

// Findings are what the author should know of the latest version, while it is a
// draft, before the parties sign it.
func (r *Register) Findings(ctx context.Context, actor policy.Actor, id ID) ([]Finding, error) {
	if _, _, err := r.judge(ctx, actor, ActDraft, id); err != nil {
		return nil, err
	}
	var out []Finding
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := r.findIn(ctx, tx, id)
		if err != nil {
			return err
		}
		out, err = r.findings(ctx, tx, a.Newest())
		return err
	})
	return out, err
}

func (r *Register) findings(ctx context.Context, tx *store.Tx, v Version) ([]Finding, error) {
	set, err := r.InForce(ctx, tx)
	if err != nil {
		return nil, err
	}
	var others []Bound
	for _, b := range set.Bound() {
		if b.Agreement != v.Agreement { // an earlier version is superseded by this one
			others = append(others, b)
		}
	}
	out := Conflicts(v.Document, others...)
	q := agreementsdb.New(tx)
	for _, p := range v.Parties {
		n, err := q.KeyContactsOf(ctx, agreementsdb.KeyContactsOfParams{AgencyID: string(p.Agency), Now: nullTime(tx.Now())})
		if err != nil {
			return nil, err
		}
		switch {
		case n == 0:
			out = append(out, Finding{Kind: NobodySigns, Party: p.Agency})
		case p.Agency == v.Author && p.Account == "":
			out = append(out, Finding{Kind: NoContact, Party: p.Agency})
		}
	}
	// What must be mended comes first.
	slices.SortStableFunc(out, func(a, b Finding) int {
		switch {
		case a.MustMend() == b.MustMend():
			return 0
		case a.MustMend():
			return -1
		}
		return 1
	})
	return out, nil
}

// StartSigning puts a draft to its parties. From then on it never changes. seen
// says that the author has read what was found. It returns forms.Errors by the
// field seen while something must be mended, or was not seen.
func (r *Register) StartSigning(ctx context.Context, actor policy.Actor, id ID, number int, revision int64, seen bool) error {
	_, permit, err := r.judge(ctx, actor, ActWrite, id)
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		v, err := r.version(ctx, tx, id, number, revision, Draft)
		if err != nil {
			return err
		}
		found, err := r.findings(ctx, tx, v)
		if err != nil {
			return err
		}
		switch {
		case slices.ContainsFunc(found, Finding.MustMend):
			return forms.Errors{{Field: "seen", Message: "Mend what is listed first"}}
		case len(found) > 0 && !seen:
			return forms.Errors{{Field: "seen", Message: "Confirm that you have read where clauses answer differently"}}
		}
		if err := r.setState(ctx, tx, v, Signing, nil); err != nil {
			return err
		}
		return permit.Append(tx, ActWrite, "signing", id.Subject())
	})
}

// setState moves a version on; with changes its times too.
func (r *Register) setState(ctx context.Context, tx *store.Tx, v Version, to State, times func(*agreementsdb.SetStateParams)) error {
	p := agreementsdb.SetStateParams{
		State: string(to), SigningAt: nullTime(v.SigningAt), CompleteAt: nullTime(v.CompleteAt), EndedAt: nullTime(v.EndedAt),
		AgencyID: string(v.Author), AgreementID: string(v.Agreement), Number: int64(v.Number), Was: v.Revision,
	}
	if to == Signing && v.SigningAt.IsZero() {
		p.SigningAt = nullTime(tx.Now())
	}
	if times != nil {
		times(&p)
	}
	return store.Changed(agreementsdb.New(tx).SetState(ctx, p))
}

// Sign signs a version for the actor's agency, by name, and says who advises
// there. When the last party has signed, it is complete. It returns forms.Errors
// as [Register.SetContact] does, and [store.ErrConflict] when the agency has
// signed, or there is nothing to sign.
func (r *Register) Sign(ctx context.Context, actor policy.Actor, id ID, number int, a Advice) error {
	_, permit, err := r.judge(ctx, actor, ActSign, id)
	if err != nil {
		return err
	}
	agency := agencyOf(actor)
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		v, err := r.version(ctx, tx, id, number, 0, Signing)
		if err != nil {
			return err
		}
		s, party := v.Signature(agency)
		if !party || !s.SignedAt.IsZero() {
			return store.ErrConflict
		}
		names, err := r.advice(ctx, tx, agency, v, a)
		if err != nil {
			return err
		}
		names.Signer = actor.Name
		words, err := r.seal(ctx, tx, v, agency, names)
		if err != nil {
			return err
		}
		err = store.Changed(agreementsdb.New(tx).Sign(ctx, agreementsdb.SignParams{
			AgencyID: string(v.Author), AgreementID: string(id), Number: int64(number), PartyID: string(agency),
			Contact: a.Contact, StandIn: a.StandIn, NotFor: joinIDs(a.NotFor), Words: words, SignedAt: nullTime(tx.Now()), SignedBy: actor.Account,
		}))
		if err != nil {
			return err
		}
		// Of two who sign at once one is told to look again: each moves the revision.
		to, times := Signing, func(*agreementsdb.SetStateParams) {}
		if len(v.Unsigned()) == 1 {
			to, times = Complete, func(p *agreementsdb.SetStateParams) { p.CompleteAt = nullTime(tx.Now()) }
		}
		if err := r.setState(ctx, tx, v, to, times); err != nil {
			return err
		}
		return permit.Append(tx, ActSign, "signed", id.Subject())
	})
}

// Withdraw takes the signature of the actor's agency back. A version that has not
// begun goes back to be signed; one in force ends, for all. It returns
// forms.Errors by the field reason.
func (r *Register) Withdraw(ctx context.Context, actor policy.Actor, id ID, number int, reason string) error {
	_, permit, err := r.judge(ctx, actor, ActSign, id)
	if err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return forms.Errors{{Field: "reason", Message: "Enter why your agency withdraws, for the other parties"}}
	case utf8.RuneCountInString(reason) > conflictMax:
		return forms.Errors{{Field: "reason", Message: fmt.Sprintf("Shorten this to %d characters or fewer", conflictMax)}}
	}
	agency := agencyOf(actor)
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		v, err := r.version(ctx, tx, id, number, 0, Signing, Coming, InForce)
		if err != nil {
			return err
		}
		s, party := v.Signature(agency)
		if !party || s.SignedAt.IsZero() {
			return store.ErrConflict
		}
		s.Names.Withdrawn = reason
		words, err := r.seal(ctx, tx, v, agency, s.Names)
		if err != nil {
			return err
		}
		err = store.Changed(agreementsdb.New(tx).WithdrawParty(ctx, agreementsdb.WithdrawPartyParams{
			AgencyID: string(v.Author), AgreementID: string(id), Number: int64(number), PartyID: string(agency),
			Words: words, WithdrawnAt: nullTime(tx.Now()), WithdrawnBy: actor.Account,
		}))
		if err != nil {
			return err
		}
		to, times := Signing, func(p *agreementsdb.SetStateParams) { p.CompleteAt.Valid = false }
		if v.State == InForce {
			to, times = Ended, func(p *agreementsdb.SetStateParams) { p.EndedAt = nullTime(tx.Now()) }
		}
		if err := r.setState(ctx, tx, v, to, times); err != nil {
			return err
		}
		return permit.Append(tx, ActSign, "withdrawn", id.Subject())
	})
}
