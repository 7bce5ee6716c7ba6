package cases

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// Support is what a worker who is affected themselves wrote, and what the one
// colleague they chose answered. It is no file, and nobody else's business:
// not a manager's, not a key contact's, not an administrator's.
type Support struct {
	ID         string
	Account    string
	Reader     string // account; empty: nobody but themselves
	Words      string
	WrittenAt  time.Time
	Answer     string
	AnsweredAt time.Time
}

func supportSubject(id string) audit.Subject { return audit.Subject{Kind: "support", ID: id} }

// AskForSupport keeps what a worker writes about themselves, for the colleague
// of their agency whom they choose, or for themselves alone.
func (s *Service) AskForSupport(ctx context.Context, actor policy.Actor, reader, words string) error {
	permit, err := s.guard.Act(ctx, actor, ActSupportUse, caseload(actor), true)
	if err != nil {
		return err
	}
	errs := checkReason("words", words, "Write what you want to say")
	if reader == actor.Account {
		errs.Add("reader", "Choose a colleague, or nobody")
	}
	if errs.Any() {
		return errs
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if reader != "" {
			agency, err := directory.AgencyOf(ctx, tx, reader)
			if err == nil && string(agency) != actor.Agency {
				err = store.ErrNotFound
			}
			if errors.Is(err, store.ErrNotFound) {
				return forms.Errors{{Field: "reader", Message: "Choose a colleague of your agency, or nobody"}}
			}
			if err != nil {
				return err
			}
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		o := s.opener(ctx, tx, actor.Agency)
		sealed := o.seal("worker_support", "words", id, words)
		if o.err != nil {
			return o.err
		}
		err = casesdb.New(tx).InsertSupport(ctx, casesdb.InsertSupportParams{
			AgencyID: actor.Agency, ID: id, AccountID: actor.Account, ReaderID: reader, Words: sealed, WrittenAt: tx.Now(), Answer: []byte{},
		})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActSupportUse, "", supportSubject(id))
	})
}

// SupportFor are what the actor wrote, and what was written to them.
func (s *Service) SupportFor(ctx context.Context, actor policy.Actor) (own, asked []Support, err error) {
	permit, err := s.guard.Act(ctx, actor, ActSupportUse, caseload(actor), true)
	if err != nil {
		return nil, nil, err
	}
	var shown []audit.Subject
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := casesdb.New(tx)
		o := s.opener(ctx, tx, actor.Agency)
		rows, err := q.SupportOf(ctx, casesdb.SupportOfParams{AgencyID: actor.Agency, AccountID: actor.Account})
		if err != nil {
			return err
		}
		for _, r := range rows {
			own, shown = append(own, asSupport(o, casesdb.SupportAskedRow(r))), append(shown, supportSubject(r.ID))
		}
		toMe, err := q.SupportAsked(ctx, casesdb.SupportAskedParams{AgencyID: actor.Agency, ReaderID: actor.Account})
		if err != nil {
			return err
		}
		for _, r := range toMe {
			asked, shown = append(asked, asSupport(o, r)), append(shown, supportSubject(r.ID))
		}
		return o.err
	})
	if err != nil {
		return nil, nil, err
	}
	return own, asked, permit.Show(ctx, shown...)
}

func asSupport(o *opener, r casesdb.SupportAskedRow) Support {
	return Support{
		ID: r.ID, Account: r.AccountID, Reader: r.ReaderID, WrittenAt: r.WrittenAt, AnsweredAt: r.AnsweredAt.Time,
		Words: o.open("worker_support", "words", r.ID, r.Words), Answer: o.open("worker_support", "answer", r.ID, r.Answer),
	}
}

// AnswerSupport answers a worker who chose the actor. To everybody else what
// they wrote is not there.
func (s *Service) AnswerSupport(ctx context.Context, actor policy.Actor, id, words string) error {
	answered := false
	r := policy.Resource{Type: "Support", ID: id, Attrs: policy.Attrs{"agency": "", "account": "", "reader": ""}}
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := casesdb.New(tx).SupportByID(ctx, casesdb.SupportByIDParams{AgencyID: actor.Agency, ID: id})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		r.Attrs = policy.Attrs{"agency": row.AgencyID, "account": row.AccountID, "reader": row.ReaderID}
		answered = row.AnsweredAt.Valid
		return err
	})
	if err != nil {
		return err
	}
	permit, err := s.guard.Act(ctx, actor, ActSupportAnswer, r, false, supportSubject(id))
	if err != nil {
		return err
	}
	if answered {
		return store.ErrConflict
	}
	if errs := checkReason("answer", words, "Write your answer"); errs.Any() {
		return errs
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		o := s.opener(ctx, tx, actor.Agency)
		sealed := o.seal("worker_support", "answer", id, words)
		if o.err != nil {
			return o.err
		}
		err := store.Changed(casesdb.New(tx).AnswerSupport(ctx, casesdb.AnswerSupportParams{
			AgencyID: actor.Agency, ID: id, Answer: sealed, AnsweredAt: nullTime(tx.Now()),
		}))
		if err != nil {
			return err
		}
		return permit.Append(tx, ActSupportAnswer, "", supportSubject(id))
	})
}
