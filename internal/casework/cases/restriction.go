package cases

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// RestrictedError is returned to a colleague for whom a file is closed because
// it is restricted to named workers: they may know that it is there, and whom
// to ask. For everybody else it is not there.
type RestrictedError struct {
	Number int64
	Lead   string // account
	denied *policy.Denied
}

func (e *RestrictedError) Error() string { return e.denied.Error() }

// Unwrap is the refusal.
func (e *RestrictedError) Unwrap() error { return e.denied }

// Restriction is one time a file was restricted.
type Restriction struct {
	ID        string
	SetAt     time.Time
	SetBy     string // account
	Why       string
	LiftedAt  time.Time // zero: it holds
	LiftedBy  string
	LiftedWhy string
}

const reasonMax = 4000

// checkReason is what is wrong with a reason as it was typed.
func checkReason(field, why, ask string) forms.Errors {
	var errs forms.Errors
	switch {
	case strings.TrimSpace(why) == "":
		errs.Add(field, ask)
	case len(why) > reasonMax:
		errs.Add(field, "Shorten this to 4,000 characters or fewer")
	}
	return errs
}

// Restrict closes a file to all but the named workers of its agency and its
// lead. Whoever worked on it and is not named does so no longer. It returns
// forms.Errors by the fields why and workers, and [store.ErrConflict].
func (s *Service) Restrict(ctx context.Context, f *File, version int64, named []string, why string) error {
	if _, err := s.guard.Act(ctx, f.Actor(), ActRestrict, f.Resource(), true, f.id.Subject()); err != nil {
		return err
	}
	if errs := checkReason("why", why, "Write why the case is restricted"); errs.Any() {
		return errs
	}
	return s.Change(ctx, f, ActRestrict, func(ctx context.Context, tx *store.Tx) error {
		agency, file := f.key()
		q := casesdb.New(tx)
		err := store.Changed(q.SetRestricted(ctx, casesdb.SetRestrictedParams{AgencyID: agency, ID: file, Restricted: true, TouchedAt: tx.Now(), Version: version}))
		if err != nil {
			return err
		}
		if err := s.name(ctx, tx, q, f, named); err != nil {
			return err
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		words, err := s.db.Vault().Seal(ctx, tx, s.place(f.agency, "restriction", "set_why", id), why)
		if err != nil {
			return err
		}
		err = q.InsertRestriction(ctx, casesdb.InsertRestrictionParams{
			AgencyID: agency, ID: id, FileID: file, SetAt: tx.Now(), SetBy: f.Actor().Account, SetWhy: words.Bytes(), LiftedWhy: []byte{},
		})
		if err != nil {
			return err
		}
		_, err = s.Record(ctx, tx, f, Event{Kind: RestrictionSet, On: tx.Now().Format(time.DateOnly), Ref: id})
		return err
	})
}

// name makes the named workers, with the lead, those who work on a file.
func (s *Service) name(ctx context.Context, tx *store.Tx, q *casesdb.Queries, f *File, named []string) error {
	agency, file := f.key()
	for _, account := range named {
		if err := s.checkTo(ctx, tx, f, To{Account: account}); err != nil {
			if isRefusedTo(err) {
				return forms.Errors{{Field: "workers", Message: refusedTo}}
			}
			return err
		}
		err := q.InsertInvolvement(ctx, casesdb.InsertInvolvementParams{AgencyID: agency, FileID: file, AccountID: account, Since: tx.Now()})
		if err != nil {
			return err
		}
	}
	for _, account := range f.workers {
		if account == f.lead || slices.Contains(named, account) {
			continue
		}
		if err := q.RemoveInvolvement(ctx, casesdb.RemoveInvolvementParams{AgencyID: agency, FileID: file, AccountID: account}); err != nil {
			return err
		}
	}
	return nil
}

// Lift opens a restricted file again to those who would see it.
func (s *Service) Lift(ctx context.Context, f *File, version int64, why string) error {
	if _, err := s.guard.Act(ctx, f.Actor(), ActLift, f.Resource(), true, f.id.Subject()); err != nil {
		return err
	}
	if errs := checkReason("why", why, "Write why the restriction is lifted"); errs.Any() {
		return errs
	}
	return s.Change(ctx, f, ActLift, func(ctx context.Context, tx *store.Tx) error {
		agency, file := f.key()
		q := casesdb.New(tx)
		err := store.Changed(q.SetRestricted(ctx, casesdb.SetRestrictedParams{AgencyID: agency, ID: file, Restricted: false, TouchedAt: tx.Now(), Version: version}))
		if err != nil {
			return err
		}
		rows, err := q.Restrictions(ctx, casesdb.RestrictionsParams{AgencyID: agency, FileID: file})
		if err != nil {
			return err
		}
		if len(rows) > 0 && !rows[0].LiftedAt.Valid {
			words, err := s.db.Vault().Seal(ctx, tx, s.place(f.agency, "restriction", "lifted_why", rows[0].ID), why)
			if err != nil {
				return err
			}
			err = q.LiftRestriction(ctx, casesdb.LiftRestrictionParams{
				AgencyID: agency, ID: rows[0].ID, LiftedAt: nullTime(tx.Now()), LiftedBy: f.Actor().Account, LiftedWhy: words.Bytes(),
			})
			if err != nil {
				return err
			}
		}
		if actor := f.Actor().Account; !slices.Contains(f.workers, actor) {
			if err := s.notify(ctx, tx, agency, NoticeLifted, f.id, actor, ""); err != nil {
				return err
			}
		}
		_, err = s.Record(ctx, tx, f, Event{Kind: RestrictionLifted, On: tx.Now().Format(time.DateOnly)})
		return err
	})
}

// LiftAs lifts the restriction of a file that the actor may not see for being
// restricted: a service manager, when nobody who is named on it is left. The
// key contact is told.
func (s *Service) LiftAs(ctx context.Context, actor policy.Actor, id ID, why string) error {
	f, err := s.open(ctx, actor, id, ActLift, Supervision)
	if err != nil {
		return err
	}
	if !f.Restricted() {
		return store.ErrConflict
	}
	return s.Lift(ctx, f, f.version, why)
}

// RestrictedNumber is the number of a restricted file, for the page on which
// the restriction is lifted.
func (s *Service) RestrictedNumber(ctx context.Context, actor policy.Actor, id ID) (int64, error) {
	f, err := s.open(ctx, actor, id, ActLift, Supervision)
	if err != nil {
		return 0, err
	}
	if !f.Restricted() {
		return 0, store.ErrConflict
	}
	return f.number, nil
}

// Restrictions are the times a file was restricted, the newest first.
func (s *Service) Restrictions(ctx context.Context, tx *store.Tx, f *File) ([]Restriction, error) {
	if err := f.Permit().Show(ctx, f.id.Subject()); err != nil {
		return nil, err
	}
	agency, file := f.key()
	rows, err := casesdb.New(tx).Restrictions(ctx, casesdb.RestrictionsParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	out := make([]Restriction, len(rows))
	o := s.opener(ctx, tx, agency)
	for i, r := range rows {
		out[i] = Restriction{
			ID: r.ID, SetAt: r.SetAt, SetBy: r.SetBy, LiftedAt: r.LiftedAt.Time, LiftedBy: r.LiftedBy,
			Why: o.open("restriction", "set_why", r.ID, r.SetWhy), LiftedWhy: o.open("restriction", "lifted_why", r.ID, r.LiftedWhy),
		}
	}
	return out, o.err
}

// Slot stands in a list for a restricted file: its number and whom to ask.
type Slot struct {
	ID     ID
	Number int64
	Lead   string
}

// Slots are the restricted files that the actor would see if they were not
// restricted, at most limit of them.
func (s *Service) Slots(ctx context.Context, actor policy.Actor, limit int) ([]Slot, error) {
	m := Mapping(store.Moment(s.db.Clock()()))
	know, err := s.guard.Rules().Scope(actor, ActKnow, m)
	if err != nil {
		return nil, err
	}
	list, err := s.guard.Rules().Scope(actor, ActList, m)
	if err != nil {
		return nil, err
	}
	var w store.Where
	w.And(store.Fragment{SQL: "f.agency_id = $1 AND f.closed_at IS NULL AND f.restricted", Args: []any{actor.Agency}})
	w.And(know)
	list.SQL = "NOT (" + list.SQL + ")"
	w.And(list)
	where, _ := w.SQL()
	query := `SELECT f.id, f.number, f.lead_id FROM file f WHERE ` + where + ` ORDER BY f.number DESC LIMIT ` + w.Arg(limit)
	var out []Slot
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return store.Each(ctx, tx, query, w.Args(), func(rows *sql.Rows) error {
			var slot Slot
			err := rows.Scan(&slot.ID, &slot.Number, &slot.Lead)
			out = append(out, slot)
			return err
		})
	})
	return out, err
}

// place is where a word of this package is sealed.
func (s *Service) place(agency, table, column, row string) store.Place {
	return store.Place{Agency: agency, Table: table, Column: column, Row: row}
}

// opener opens sealed words and keeps the first error.
type opener struct {
	ctx    context.Context
	tx     *store.Tx
	vault  *store.Vault
	agency string
	err    error
}

func (s *Service) opener(ctx context.Context, tx *store.Tx, agency string) *opener {
	return &opener{ctx: ctx, tx: tx, vault: s.db.Vault(), agency: agency}
}

func (o *opener) open(table, column, row string, sealed []byte) string {
	if o.err != nil {
		return ""
	}
	text, err := o.vault.Open(o.ctx, o.tx, store.Place{Agency: o.agency, Table: table, Column: column, Row: row}, sealed)
	o.err = err
	return text
}

// plain opens what is sealed in a column that was plain before.
func (o *opener) plain(p store.Plain, column string, sealed []byte, words string, row ...string) string {
	if o.err != nil {
		return ""
	}
	text, err := o.vault.OpenPlain(o.ctx, o.tx, p.Place(o.agency, column, row...), sealed, words)
	o.err = err
	return text
}

// seal is the other way round.
func (o *opener) seal(table, column, row, text string) []byte {
	if o.err != nil {
		return []byte{}
	}
	sealed, err := o.vault.Seal(o.ctx, o.tx, store.Place{Agency: o.agency, Table: table, Column: column, Row: row}, text)
	o.err = err
	return sealed.Bytes()
}
