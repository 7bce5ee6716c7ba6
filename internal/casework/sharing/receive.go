package sharing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing/sharingdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Packet is a received share. Holding one is proof that the actor is one of
// those it was addressed to: only [Service.Receive] makes them.
type Packet struct {
	share   Share
	content Content
	file    cases.ID // the receiver's own, once it was taken in
	permit  audit.Permit
	because []string
	newer   ID       // the share that puts it right
	tied    []string // who of the receiver's is tied to the person
	now     time.Time
}

// Share is the envelope.
func (p *Packet) Share() Share { return p.share }

// Content is what it says.
func (p *Packet) Content() Content { return p.content }

// File is the receiver's own file it was taken into, empty while it was not.
func (p *Packet) File() cases.ID { return p.file }

// CorrectedBy is the share that puts this one right, empty when there is none.
func (p *Packet) CorrectedBy() ID { return p.newer }

// State is where it stood when it was opened.
func (p *Packet) State() State { return p.share.State(p.now) }

// Because are the rules by which the actor sees it, in sentences.
func (p *Packet) Because() []string { return slices.Clone(p.because) }

// Permit is what packages below ask for.
func (p *Packet) Permit() audit.Permit {
	if p == nil {
		return audit.Permit{}
	}
	return p.permit
}

// Actor is who opened it.
func (p *Packet) Actor() policy.Actor { return p.Permit().Actor() }

// Resource is what the rules know of the share, for workflows that judge a
// finer action on it.
func (p *Packet) Resource() policy.Resource { return p.share.resource(p.now, p.tied) }

// Receive opens a share that was sent to the actor or to one of their teams.
// To everybody else it is not there: the error is the same as for an id that
// never was, and the refusal is recorded.
func (s *Service) Receive(ctx context.Context, actor policy.Actor, id ID) (*Packet, error) {
	return s.receive(ctx, actor, ActReceive, id)
}

// Print opens a share to be printed, which is a permission of its own and recorded
// as that. The page is marked with who printed it and when.
func (s *Service) Print(ctx context.Context, actor policy.Actor, id ID) (*Packet, error) {
	return s.receive(ctx, actor, ActPrint, id)
}

func (s *Service) receive(ctx context.Context, actor policy.Actor, action policy.Action, id ID) (*Packet, error) {
	p := &Packet{}
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		p.now = tx.Now()
		q := sharingdb.New(tx)
		row, err := q.ShareByID(ctx, string(id))
		if errors.Is(err, sql.ErrNoRows) {
			row, err = sharingdb.Share{}, nil // judged, recorded and answered as somebody else's is
		}
		if err != nil {
			return err
		}
		p.share = asShare(row)
		p.tied, err = q.TiedToShare(ctx, sharingdb.TiedToShareParams{AgencyID: row.ToAgency, ShareID: string(id)})
		return err
	})
	if err != nil {
		return nil, err
	}
	subjects := []audit.Subject{id.Subject()}
	if p.share.ID != "" {
		subjects = append(subjects, p.share.Person.Subject())
	}
	if p.permit, err = s.guard.Open(ctx, actor, action, p.Resource(), string(cases.Sharing), false, subjects...); err != nil {
		return nil, err
	}
	p.because = s.sentences(actor, p.Resource())
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		content, file, err := s.readCopy(ctx, tx, p.share.To.Agency, p.share)
		if err != nil {
			return err
		}
		p.content, p.file = content, cases.ID(file)
		p.newer, err = correctedBy(ctx, sharingdb.New(tx), p.share)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (s *Service) sentences(actor policy.Actor, r policy.Resource) []string {
	return s.guard.Rules().Sentences(s.guard.Rules().Decide(actor, ActReceive, r).Rules...)
}

// AlreadyAcknowledged is returned to the second who acknowledges a share.
type AlreadyAcknowledged struct {
	By string // account
	At time.Time
}

func (e *AlreadyAcknowledged) Error() string {
	return fmt.Sprintf("acknowledged by %s already", e.By)
}

// Acknowledge records that a named person has received a share, and tells the
// sender. Only people can; a second one is told who was first, and nothing is
// overwritten. also, when there is one, runs in the same transaction.
func (s *Service) Acknowledge(ctx context.Context, p *Packet, also func(context.Context, *store.Tx) error) error {
	if !p.Permit().Valid() {
		return audit.ErrNoPermit
	}
	actor, share := p.Actor(), p.share
	permit, err := s.guard.Act(ctx, actor, ActAcknowledge, p.Resource(), true, share.ID.Subject())
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := sharingdb.New(tx)
		n, err := q.Acknowledge(ctx, sharingdb.AcknowledgeParams{
			AgencyID: share.From, ID: string(share.ID), Now: nullTime(tx.Now()), Account: actor.Account, OpenAt: tx.Now(),
		})
		if err != nil {
			return err
		}
		if n == 0 {
			return whyNot(ctx, q, share.ID)
		}
		w := &sealer{ctx: ctx, tx: tx, vault: s.db.Vault(), agency: share.From, id: share.ID}
		name := w.seal("share_receipt", "name", "", actor.Name)
		if w.err != nil {
			return w.err
		}
		if err := q.InsertReceipt(ctx, sharingdb.InsertReceiptParams{AgencyID: share.From, ShareID: string(share.ID), Name: name}); err != nil {
			return err
		}
		if also != nil {
			if err := also(ctx, tx); err != nil {
				return err
			}
		}
		if err := s.moved(ctx, tx, Moment{Share: share.ID}); err != nil {
			return err
		}
		err = cases.Deliver(ctx, tx, permit, cases.Address{Agency: share.From, File: share.File},
			cases.Event{Kind: cases.Acknowledged, Text: share.Reason.Label() + " acknowledged", Ref: string(share.ID)}, nil)
		if err != nil {
			return err
		}
		return permit.Append(tx, ActAcknowledge, "", share.ID.Subject(), share.Person.Subject())
	})
}

// whyNot tells why a share could not be acknowledged.
func whyNot(ctx context.Context, q *sharingdb.Queries, id ID) error {
	row, err := q.ShareByID(ctx, string(id))
	if err != nil {
		return err
	}
	if row.AcknowledgedAt.Valid && !row.WithdrawnAt.Valid {
		return &AlreadyAcknowledged{By: row.AcknowledgedBy, At: row.AcknowledgedAt.Time}
	}
	return store.ErrNotFound // closed meanwhile
}

// SettleTx records what became of a share at the receiver, once. It returns
// [store.ErrConflict] when that was decided already, or when it was withdrawn
// meanwhile. permit is the workflow's, for the finer action that it judged.
func (s *Service) SettleTx(ctx context.Context, tx *store.Tx, permit audit.Permit, p *Packet, o Outcome) error {
	if !permit.Valid() || !p.Permit().Valid() {
		return audit.ErrNoPermit
	}
	err := store.Changed(sharingdb.New(tx).Settle(ctx, sharingdb.SettleParams{
		AgencyID: p.share.From, ID: string(p.share.ID), Now: nullTime(tx.Now()), Outcome: string(o), OpenAt: tx.Now(),
	}))
	if err != nil {
		return err
	}
	if err := s.moved(ctx, tx, Moment{Share: p.share.ID, Outcome: o}); err != nil {
		return err
	}
	return permit.Append(tx, ActSettle, string(o), p.share.ID.Subject(), p.share.Person.Subject())
}

// TakeInTx makes the receiver's copy part of a file of their own, where it
// stays for those who work on it, with what has put it right meanwhile.
func (s *Service) TakeInTx(ctx context.Context, tx *store.Tx, p *Packet, f *cases.File) error {
	if !p.Permit().Valid() || !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	if f.Agency() != p.share.To.Agency {
		return store.ErrNotFound
	}
	err := store.Changed(sharingdb.New(tx).TakeIn(ctx, sharingdb.TakeInParams{
		AgencyID: f.Agency(), ShareID: string(p.share.ID), FileID: string(f.ID()),
	}))
	if err != nil {
		return err
	}
	if err := f.Permit().Append(tx, ActTakeIn, "", p.share.ID.Subject(), f.ID().Subject()); err != nil {
		return err
	}
	return s.takeInLater(ctx, tx, p.share, f)
}

// TakeInAnswerTx makes an answer part of the file that the answered share was
// sent from. The sender of the answer knows that file by its address only.
func (s *Service) TakeInAnswerTx(ctx context.Context, tx *store.Tx, f *cases.File, answer, answered ID) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	q := sharingdb.New(tx)
	row, err := q.ShareByID(ctx, string(answered))
	if err != nil {
		return err
	}
	return store.Changed(q.TakeIn(ctx, sharingdb.TakeInParams{AgencyID: row.AgencyID, ShareID: string(answer), FileID: row.FileID}))
}
