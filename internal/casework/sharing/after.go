package sharing

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing/sharingdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// ActJustify is writing down after why something was sent at once.
const ActJustify policy.Action = "share.justify"

// Justification is why something was sent at once, written down after. The packet
// stays as it was sent.
type Justification struct {
	Basis     Basis
	Rationale string
	Views     string // what the person says of it, and who was there
	At        time.Time
	By        string // account
}

func justifiedPlace(agency string, id ID, column string) store.Place {
	return store.Place{Agency: agency, Table: "share_justified", Column: column, Row: string(id)}
}

// Justify keeps it, once. The review of what was done at once stays with whoever
// looks at it. It returns forms.Errors by the fields basis, rationale and views,
// and [store.ErrConflict] for what was not sent at once, or is justified.
func (s *Service) Justify(ctx context.Context, f *cases.File, id ID, j Justification) error {
	j.Rationale, j.Views = strings.TrimSpace(j.Rationale), strings.TrimSpace(j.Views)
	return s.cases.Do(ctx, f, ActJustify, func(ctx context.Context, tx *store.Tx) error {
		q := sharingdb.New(tx)
		share, err := s.ownShare(ctx, q, f, id)
		if err != nil {
			return err
		}
		if !share.ActedNow {
			return store.ErrConflict
		}
		switch _, err := q.Justified(ctx, sharingdb.JustifiedParams{AgencyID: f.Agency(), ShareID: string(id)}); {
		case err == nil:
			return store.ErrConflict
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		var errs forms.Errors
		if !known(Bases(), j.Basis) {
			errs.Add("basis", "Select the lawful basis")
		}
		if j.Rationale == "" {
			errs.Add("rationale", "Enter why it was needed at once, and why this much")
		}
		if j.Views == "" {
			errs.Add("views", "Enter what the person says of it and who was there, or why they cannot be asked")
		}
		for field, text := range map[string]string{"rationale": j.Rationale, "views": j.Views} {
			if len(text) > textMax {
				errs.Add(field, "Shorten this to 4,000 characters or fewer")
			}
		}
		if errs.Any() {
			return errs
		}
		rationale, err := s.db.Vault().Seal(ctx, tx, justifiedPlace(f.Agency(), id, "rationale"), j.Rationale)
		if err != nil {
			return err
		}
		views, err := s.db.Vault().Seal(ctx, tx, justifiedPlace(f.Agency(), id, "views"), j.Views)
		if err != nil {
			return err
		}
		err = q.InsertJustified(ctx, sharingdb.InsertJustifiedParams{
			AgencyID: f.Agency(), ShareID: string(id), FileID: string(f.ID()), Basis: string(j.Basis), Rationale: rationale.Bytes(), Views: views.Bytes(),
			JustifiedAt: tx.Now(), JustifiedBy: f.Actor().Account,
		})
		if err != nil {
			return err
		}
		_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.ShareJustified, On: tx.Now().Format(time.DateOnly), Text: j.Basis.Label() + ". The reasons are with the share.", Ref: string(id)})
		return err
	})
}

// ownShare is a share that was sent from a file. Another is not there.
func (s *Service) ownShare(ctx context.Context, q *sharingdb.Queries, f *cases.File, id ID) (Share, error) {
	row, err := q.ShareByID(ctx, string(id))
	if errors.Is(err, sql.ErrNoRows) || err == nil && (row.AgencyID != f.Agency() || row.FileID != string(f.ID())) {
		return Share{}, store.ErrNotFound
	}
	return asShare(row), err
}

// Viewing is one time that somebody at the receiver opened a share.
type Viewing struct {
	Name    string
	At      time.Time
	Printed bool
}

// viewingsMost bounds how much of the ledger is read for one page of viewings.
const viewingsMost = 200

// Story is what became of a share, for the file it was sent from.
type Story struct {
	Held
	Stage     Stage
	Justified *Justification // nil: it was not sent at once, or is not justified yet
	Advice    []Advice       // that was kept with it
	Viewings  []Viewing      // the newest first
	Earlier   int64          // where earlier viewings may go on; 0 when these are all
}

// Correctable tells whether it can be put right: it is open, and was not put right
// before.
func (s Story) Correctable(now time.Time) bool { return s.Corrected == "" && s.Open(now) }

// Story opens it, with the newest viewings. It returns [store.ErrNotFound] for a
// share that was not sent from the file.
func (s *Service) Story(ctx context.Context, f *cases.File, id ID) (Story, error) {
	return s.StoryBefore(ctx, f, id, 0)
}

// StoryBefore is Story with the viewings before an earlier page's end.
func (s *Service) StoryBefore(ctx context.Context, f *cases.File, id ID, before int64) (Story, error) {
	held, err := s.Copy(ctx, f, id)
	if err != nil {
		return Story{}, err
	}
	if held.From != f.Agency() {
		return Story{}, store.ErrNotFound
	}
	out := Story{Held: held}
	entries, err := s.guard.About(ctx, id.Subject(), before, viewingsMost)
	if err != nil {
		return Story{}, err
	}
	if len(entries) == viewingsMost {
		out.Earlier = entries[len(entries)-1].Seq
	}
	var accounts []string
	for _, e := range entries {
		if seen(e, held.Share) && !slices.Contains(accounts, e.Actor) {
			accounts = append(accounts, e.Actor)
		}
	}
	names := map[string]string{}
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := sharingdb.New(tx)
		turn, err := turns(ctx, tx, []Share{held.Share})
		if err != nil {
			return err
		}
		out.Stage = turn[id].Stage
		if out.Justified, err = s.justification(ctx, tx, q, held.Share); err != nil {
			return err
		}
		all, err := s.adviceOf(ctx, tx, f, 100)
		if err != nil {
			return err
		}
		out.Advice = slices.DeleteFunc(all, func(a Advice) bool { return a.Share != id })
		if len(accounts) == 0 {
			return nil
		}
		in := among("id", accounts)
		return store.Each(ctx, tx, `SELECT id, name FROM account WHERE `+in.SQL, in.Args, func(rows *sql.Rows) error {
			var account, name string
			err := rows.Scan(&account, &name)
			names[account] = name
			return err
		})
	})
	for _, e := range entries {
		if seen(e, held.Share) {
			out.Viewings = append(out.Viewings, Viewing{Name: names[e.Actor], At: e.At, Printed: e.Action == ActPrint})
		}
	}
	return out, err
}

// seen tells whether an entry of the ledger is somebody at the receiver reading it.
func seen(e audit.Entry, share Share) bool {
	return e.Outcome == audit.Allowed && e.Agency == share.To.Agency && (e.Action == ActReceive || e.Action == ActPrint)
}

func (s *Service) justification(ctx context.Context, tx *store.Tx, q *sharingdb.Queries, share Share) (*Justification, error) {
	row, err := q.Justified(ctx, sharingdb.JustifiedParams{AgencyID: share.From, ShareID: string(share.ID)})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // there is none yet, which is no fault
	}
	if err != nil {
		return nil, err
	}
	j := &Justification{Basis: Basis(row.Basis), At: row.JustifiedAt, By: row.JustifiedBy}
	if j.Rationale, err = s.db.Vault().Open(ctx, tx, justifiedPlace(share.From, share.ID, "rationale"), row.Rationale); err != nil {
		return nil, err
	}
	j.Views, err = s.db.Vault().Open(ctx, tx, justifiedPlace(share.From, share.ID, "views"), row.Views)
	return j, err
}

// correctedBy is the share that puts another right, empty when there is none.
func correctedBy(ctx context.Context, q *sharingdb.Queries, share Share) (ID, error) {
	row, err := q.CorrectionOf(ctx, sharingdb.CorrectionOfParams{Corrects: string(share.ID), AgencyID: share.From, ToAgency: share.To.Agency})
	if errors.Is(err, sql.ErrNoRows) || err == nil && row.WithdrawnAt.Valid {
		return "", nil
	}
	return ID(row.ID), err
}

// NewCorrection is what goes in the place of what was sent.
type NewCorrection struct {
	Wrong    string // what was wrong
	Items    []Item
	Override string
	// ActNow and Urgent are decided anew: that there was no time when something was
	// sent does not tell that there is none to put it right.
	ActNow, Urgent bool
	// The decision where what was sent at once went without; what is empty is taken
	// over.
	Basis     Basis
	Rationale string
	Views     Views
	Grounds   Grounds
}

// Correction is the share that a correction will be: to the same receiver, on the
// same decision, with what is right in the place of what was wrong.
func (s *Service) Correction(old Held, n NewCorrection, now time.Time) NewShare {
	out := NewShare{
		Reason: Correction, Corrects: old.ID, of: old.Reason, To: old.To, Protects: old.Content.Protects, Harm: old.Content.Harm, Danger: old.Content.Danger, Basis: old.Basis,
		Rationale: old.Content.Rationale, Views: old.Content.Views, Grounds: old.Grounds, ActNow: n.ActNow, Urgent: n.Urgent, Override: n.Override, Person: old.Content.Person,
	}
	if out.Views.TellOn != "" && out.Views.TellOn < s.day(now) {
		out.Views.TellOn = s.workingDay(now, 1)
	}
	if old.ActedNow {
		if n.Basis != "" {
			out.Basis = n.Basis
		}
		if n.Rationale != "" {
			out.Rationale = n.Rationale
		}
		if n.Views.Asked != "" || n.Views.Informed != "" {
			out.Views = n.Views
		}
		if n.Grounds.Any() {
			out.Grounds = n.Grounds
		}
	}
	if n.Wrong != "" {
		out.Items = append(out.Items, Item{Kind: WhyItem, Title: "What is put right", Text: n.Wrong})
	}
	for _, i := range n.Items {
		if i.Text != "" {
			out.Items = append(out.Items, i)
		}
	}
	return out
}

// Correct sends a correction of what was sent from a file. What was sent stays,
// and points to it. It returns forms.Errors by the field wrong, the kinds of the
// items and the fields of a decision, and [store.ErrConflict] when there is a newer
// one, or it is not open.
func (s *Service) Correct(ctx context.Context, f *cases.File, id ID, n NewCorrection) (ID, error) {
	if err := s.MaySend(ctx, f); err != nil {
		return "", err
	}
	old, err := s.Copy(ctx, f, id)
	if err != nil {
		return "", err
	}
	if old.From != f.Agency() {
		return "", store.ErrNotFound
	}
	if n.Wrong = strings.TrimSpace(n.Wrong); n.Wrong == "" {
		return "", forms.Errors{{Field: "wrong", Message: "Enter what was wrong, so that they know what changed"}}
	}
	var out ID
	err = s.cases.Change(ctx, f, ActSend, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = s.SendTx(ctx, tx, f, s.Correction(old, n, tx.Now()))
		return err
	})
	return out, err
}

// checkCorrects sees that what is put right is open, went to the same place, and
// was not put right before. It returns the receiver's own file, when there is one.
func (s *Service) checkCorrects(ctx context.Context, q *sharingdb.Queries, f *cases.File, n NewShare, now time.Time) (string, error) {
	old, err := s.ownShare(ctx, q, f, n.Corrects)
	if err != nil {
		return "", err
	}
	newer, err := correctedBy(ctx, q, old)
	if err != nil {
		return "", err
	}
	if newer != "" || !old.Open(now) || old.To != n.To {
		return "", store.ErrConflict
	}
	return q.FileOfCopy(ctx, sharingdb.FileOfCopyParams{AgencyID: n.To.Agency, ShareID: string(n.Corrects)})
}

// correctedText is what a receiver's chronology says of a correction.
const correctedText = "The sender has put right what they sent. Read it under “Referrals received”."

// tellCorrected writes into both files, where the receiver has one, that something
// was put right.
func (s *Service) tellCorrected(ctx context.Context, tx *store.Tx, f *cases.File, n NewShare, id ID, theirs string) error {
	_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.ShareCorrected, On: tx.Now().Format(time.DateOnly), Text: "What was sent was put right, and sent again.", Ref: string(id)})
	if err != nil || theirs == "" {
		return err
	}
	return cases.Deliver(ctx, tx, f.Permit(), cases.Address{Agency: n.To.Agency, File: cases.ID(theirs)},
		cases.Event{Kind: cases.ShareCorrected, Text: correctedText, Ref: string(id)},
		&cases.NewTask{Kind: cases.ReadCorrection})
}

// Preview is exactly what the receiver of a share will read, and nothing else goes.
func Preview(sender string, n NewShare) Content {
	return Content{
		Sender: sender, Protects: n.Protects, Harm: n.Harm, Danger: n.Danger, Rationale: n.Rationale, Views: n.Views, Person: n.Person, Items: n.Items,
	}
}
