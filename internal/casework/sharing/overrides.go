package sharing

import (
	"context"
	"database/sql"
	"errors"
	"time"
	"unicode/utf8"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing/sharingdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// ActReview is what a key contact does with what left against an agreement.
const ActReview policy.Action = "share.review"

// Verdict is what a key contact says of what left all the same.
type Verdict string

// The verdicts.
const (
	Justified    Verdict = "justified"
	NotJustified Verdict = "not_justified"
	MendRule     Verdict = "rule"
)

// Verdicts lists them in the order in which they are offered.
func Verdicts() []Verdict { return []Verdict{Justified, MendRule, NotJustified} }

// Label is the verdict in words for people.
func (v Verdict) Label() string {
	switch v {
	case Justified:
		return "It was right to send it"
	case MendRule:
		return "It was right, and the agreement should change"
	case NotJustified:
		return "It should not have left"
	}
	return string(v)
}

// Kind is why the key contact looks at a share.
type Kind string

// The kinds. A missing rule means review, never that it may go: where no agreement
// binds the two agencies, all of a share is looked at.
const (
	Against  Kind = "against"
	Unagreed Kind = "none"
)

// Label is the kind in words for people.
func (k Kind) Label() string {
	switch k {
	case Against:
		return "Against an agreement, or before it was asked"
	case Unagreed:
		return "No agreement in force between the two agencies"
	}
	return string(k)
}

// For is the verdict in words for people, of a share of a kind.
func (v Verdict) For(k Kind) string {
	if v == MendRule && k == Unagreed {
		return "It was right, and the two agencies need an agreement"
	}
	return v.Label()
}

// Override says that something left against what the agreements say, before it was
// reviewed, or where there is no agreement.
type Override struct {
	Share   ID
	Kind    Kind
	File    cases.ID
	Number  int64 // of the case
	person  people.ID
	To      Recipient
	Denied  int64
	Asked   int64 // to be reviewed first
	Contact string
	Reason  string
	Due     string
	At      time.Time
	By      string // account
	Parts   []PartAnswer
	Verdict Verdict
	Words   string
	Decided time.Time
	Decider string
}

// Path is the address of its page.
func (o Override) Path() string { return "/sharing/reviews/" + string(o.Share) }

// overrideMax is the longest reason, or words of a review.
const overrideMax = 4000

// actedNow is the reason where somebody acted at once and gave none.
const actedNow = "Sent at once, to be justified after."

// unagreed is the reason where there is no agreement to leave against.
const unagreed = "No agreement is in force between the two agencies. It was sent on its lawful basis."

func overridePlace(agency string, id ID, column string) store.Place {
	return store.Place{Agency: agency, Table: "share_override", Column: column, Row: string(id)}
}

// keepOverride keeps that parts left all the same, for the key contact to look at
// by the next working day.
func (s *Service) keepOverride(ctx context.Context, tx *store.Tx, f *cases.File, id ID, said Said, reason string) error {
	held, kind := said.Held(), Against
	switch {
	case said.None:
		kind = Unagreed
		if reason == "" {
			reason = unagreed
		}
	case len(held) == 0:
		return nil
	}
	if reason == "" {
		reason = actedNow
	}
	sealed, err := s.db.Vault().Seal(ctx, tx, overridePlace(f.Agency(), id, "reason"), reason)
	if err != nil {
		return err
	}
	p := sharingdb.InsertOverrideParams{
		AgencyID: f.Agency(), ShareID: string(id), FileID: string(f.ID()), Reason: sealed.Bytes(), DueOn: s.workingDay(tx.Now(), 1),
		MadeAt: tx.Now(), MadeBy: f.Actor().Account, Words: []byte{}, Kind: string(kind),
	}
	if len(said.Contacts) > 0 {
		p.Contact = said.Contacts[0]
	}
	for _, part := range held {
		if part.Effect == agreements.Deny {
			p.Denied++
		} else {
			p.Reviewed++
		}
	}
	if err := sharingdb.New(tx).InsertOverride(ctx, p); err != nil || kind == Unagreed {
		return err // what was sent is in the chronology already
	}
	_, err = s.cases.Record(ctx, tx, f, cases.Event{
		Kind: cases.SharedAgainst, On: tx.Now().Format(time.DateOnly), Ref: string(id),
		Text: "Left against what an agreement says, or before the key contact was asked. The key contact looks at it.",
	})
	return err
}

func overrideResource(agency, by string, tied []string) policy.Resource {
	return policy.Resource{Type: "Override", ID: agency, Attrs: policy.Attrs{"agency": agency, "by": by, "tied": tied}}
}

// overridesMost bounds what is listed.
const overridesMost = 100

// ToReview are what left from the actor's agency all the same and nobody has
// looked at, the earliest due first. It names the case by its number and nobody.
func (s *Service) ToReview(ctx context.Context, actor policy.Actor) ([]Override, error) {
	permit, err := s.guard.Act(ctx, actor, ActReview, overrideResource(actor.Agency, "", []string{}), true)
	if err != nil {
		return nil, err
	}
	var out []Override
	var shown []audit.Subject
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := sharingdb.New(tx).OverridesWaiting(ctx, sharingdb.OverridesWaitingParams{AgencyID: actor.Agency, Account: actor.Account, Size: overridesMost})
		for _, row := range rows {
			tied := []string{}
			if row.Tied {
				tied = append(tied, actor.Account)
			}
			if !s.guard.Rules().Decide(actor, ActReview, overrideResource(actor.Agency, row.MadeBy, tied)).Allowed {
				continue
			}
			out = append(out, Override{
				Kind: Kind(row.Kind), Share: ID(row.ShareID), File: cases.ID(row.FileID), Number: row.Number, To: Recipient{Agency: row.ToAgency, Team: row.ToTeam, Account: row.ToAccount},
				Denied: row.Denied, Asked: row.Reviewed, Contact: row.Contact, Due: row.DueOn, At: row.MadeAt, By: row.MadeBy,
			})
			shown = append(shown, ID(row.ShareID).Subject(), cases.ID(row.FileID).Subject())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, permit.Show(ctx, shown...)
}

func tiedTo(ctx context.Context, tx *store.Tx, agency, file string) ([]string, error) {
	tied, err := sharingdb.New(tx).TiedToFile(ctx, sharingdb.TiedToFileParams{AgencyID: agency, FileID: file})
	if tied == nil {
		tied = []string{}
	}
	return tied, err
}

// Override opens one for a key contact of the agency it left from. To everybody
// else it is not there.
func (s *Service) Override(ctx context.Context, actor policy.Actor, id ID) (Override, error) {
	o, resource, err := s.findOverride(ctx, actor, id)
	if err != nil {
		return Override{}, err
	}
	subjects := []audit.Subject{id.Subject()}
	if o.File != "" {
		subjects = append(subjects, o.File.Subject(), o.person.Subject())
	}
	if _, err := s.guard.Open(ctx, actor, ActReview, resource, string(cases.Review), false, subjects...); err != nil {
		return Override{}, err
	}
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := sharingdb.New(tx)
		row, err := q.OverrideByID(ctx, sharingdb.OverrideByIDParams{AgencyID: actor.Agency, ShareID: string(id)})
		if err != nil {
			return err
		}
		if o.Reason, err = s.db.Vault().Open(ctx, tx, overridePlace(actor.Agency, id, "reason"), row.Reason); err != nil {
			return err
		}
		if o.Words, err = s.db.Vault().Open(ctx, tx, overridePlace(actor.Agency, id, "words"), row.Words); err != nil {
			return err
		}
		share, err := q.ShareByID(ctx, string(id))
		if err != nil {
			return err
		}
		o.Parts, err = readSaid(ctx, tx, asShare(share))
		return err
	})
	return o, err
}

func (s *Service) findOverride(ctx context.Context, actor policy.Actor, id ID) (Override, policy.Resource, error) {
	o, resource := Override{Share: id}, overrideResource("", "", []string{})
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := sharingdb.New(tx).OverrideByID(ctx, sharingdb.OverrideByIDParams{AgencyID: actor.Agency, ShareID: string(id)})
		if errors.Is(err, sql.ErrNoRows) || errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		tied, err := tiedTo(ctx, tx, actor.Agency, row.FileID)
		if err != nil {
			return err
		}
		resource = overrideResource(row.AgencyID, row.MadeBy, tied)
		o = Override{
			Kind: Kind(row.Kind), Share: id, File: cases.ID(row.FileID), Number: row.Number, person: people.ID(row.PersonID), To: Recipient{Agency: row.ToAgency, Team: row.ToTeam, Account: row.ToAccount},
			Denied: row.Denied, Asked: row.Reviewed, Contact: row.Contact, Due: row.DueOn, At: row.MadeAt, By: row.MadeBy,
			Verdict: Verdict(row.Verdict), Decided: row.DecidedAt.Time, Decider: row.DecidedBy,
		}
		return nil
	})
	return o, resource, err
}

// Review records what a key contact says of it, once, and tells whoever works on
// the case. It returns forms.Errors by the fields verdict and words, and
// [store.ErrConflict] when somebody was first.
func (s *Service) Review(ctx context.Context, actor policy.Actor, id ID, v Verdict, words string) error {
	o, resource, err := s.findOverride(ctx, actor, id)
	if err != nil {
		return err
	}
	permit, err := s.guard.Act(ctx, actor, ActReview, resource, false, id.Subject())
	if err != nil {
		return err
	}
	if o.Verdict != "" {
		return store.ErrConflict
	}
	var errs forms.Errors
	if !known(Verdicts(), v) {
		errs.Add("verdict", "Select what you say of it")
	}
	switch {
	case words == "":
		errs.Add("words", "Enter why, for whoever sent it")
	case utf8.RuneCountInString(words) > overrideMax:
		errs.Add("words", "Shorten this to 4,000 characters or fewer")
	}
	if errs.Any() {
		return errs
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		sealed, err := s.db.Vault().Seal(ctx, tx, overridePlace(actor.Agency, id, "words"), words)
		if err != nil {
			return err
		}
		err = store.Changed(sharingdb.New(tx).DecideOverride(ctx, sharingdb.DecideOverrideParams{
			AgencyID: actor.Agency, ShareID: string(id), Verdict: string(v), Words: sealed.Bytes(), DecidedAt: nullTime(tx.Now()), DecidedBy: actor.Account,
		}))
		if err != nil {
			return err
		}
		err = cases.Deliver(ctx, tx, permit, cases.Address{Agency: actor.Agency, File: o.File},
			cases.Event{Kind: cases.SharingReviewed, Text: v.For(o.Kind) + ": " + words, Ref: string(id)}, nil)
		if err != nil {
			return err
		}
		return permit.Append(tx, ActReview, string(v), id.Subject(), o.File.Subject(), o.person.Subject())
	})
}

// Flows tells what went from an agency to others in a time, for the monitoring of
// agreements. Numbers only.
func (s *Service) Flows(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, from, until time.Time) ([]agreements.Flow, error) {
	if !permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	rows, err := sharingdb.New(tx).SentBetween(ctx, sharingdb.SentBetweenParams{AgencyID: agency, SentAt: from, SentAt_2: until})
	if err != nil {
		return nil, err
	}
	var out []agreements.Flow
	at := map[[2]string]int{}
	today := s.day(until)
	for _, row := range rows {
		key := [2]string{Agreement(row.Agreement).first(), row.ToAgency}
		i, has := at[key]
		if !has {
			i = len(out)
			at[key] = i
			out = append(out, agreements.Flow{Agreement: agreements.ID(key[0]), To: directory.AgencyID(row.ToAgency)})
		}
		f := &out[i]
		f.Sent++
		switch {
		case row.AcknowledgedAt.Valid:
			f.Acknowledged++
			f.Minutes += int64(row.AcknowledgedAt.Time.Sub(row.SentAt).Minutes())
		case !row.WithdrawnAt.Valid && row.DueOn < today:
			f.Overdue++
		}
		if Outcome(row.Outcome) == Declined {
			f.Declined++
		}
		if row.Overridden {
			f.Overrides++
		}
	}
	return out, nil
}
