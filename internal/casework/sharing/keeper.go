package sharing

import (
	"context"
	"fmt"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing/sharingdb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part {
	return cases.Part{Code: "packet", Name: "Sent to and received from others"}
}

// Pieces are the packets that a file sent and took in, each item by itself.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	rows, err := sharingdb.New(tx).CopiesOf(ctx, sharingdb.CopiesOfParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	after, err := s.justifiedOf(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	against, err := s.against(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	for _, share := range asShares(rows) {
		c, _, err := s.readCopy(ctx, tx, f.Agency(), share)
		if err != nil {
			return nil, 0, err
		}
		on, way, source := share.SentAt.Format(time.DateOnly), "Sent: ", ""
		if share.From != f.Agency() {
			way, source = "Received: ", share.From
		}
		head := cases.Piece{
			Ref: string(share.ID), On: on, Source: source, Title: way + share.Reason.Label(),
			Lines: []string{"Sent by " + c.Sender, "Lawful basis: " + share.Basis.Label()},
		}
		for _, l := range [][2]string{
			{"Who is protected: ", c.Protects},
			{"From what: ", c.Harm},
			{"Why: ", c.Rationale},
			{"What the person said about it: ", c.Views.Words},
			{"Who was there: ", c.Views.Present},
			{"Why they were not asked: ", c.Views.Why},
			{"Why they were not told: ", c.Views.NotTold},
			{"How they know: ", c.Views.How},
			{"What harm sharing it could do: ", c.Danger},
			{"Why it was sent at once, written down after: ", after[share.ID][0]},
			{"What the person said of it then: ", after[share.ID][1]},
			{"Why it left against an agreement: ", against[share.ID][0]},
			{"What the key contact said of that: ", against[share.ID][1]},
		} {
			if l[1] != "" {
				head.Lines = append(head.Lines, l[0]+l[1])
			}
		}
		out = append(out, head)
		for i, item := range c.Items {
			p := cases.Piece{Ref: fmt.Sprintf("%s/%d", share.ID, i), On: on, Source: source, Title: way + item.Title, Hidden: item.Kind == ContactItem}
			for l := range strings.Lines(item.Text) {
				if l = strings.TrimSpace(l); l != "" {
					p.Lines = append(p.Lines, l)
				}
			}
			out = append(out, p)
		}
	}
	advice, err := s.adviceOf(ctx, tx, f, 1000)
	if err != nil {
		return nil, 0, err
	}
	for _, a := range advice {
		p := cases.Piece{Ref: string(a.ID), On: a.At.Format(time.DateOnly), Title: "Asked of the key contact before sharing", Lines: strings.Split(a.Question, "\n")}
		if a.Says != "" {
			p.Lines = append(p.Lines, a.Adviser+" advised: "+a.Says.Label())
			p.Lines = append(p.Lines, strings.Split(a.Answer, "\n")...)
		}
		out = append(out, p)
	}
	return out, 0, nil
}

// justifiedOf is why something was sent at once from the file, and what the person
// said of it, by share.
func (s *Service) justifiedOf(ctx context.Context, tx *store.Tx, f *cases.File) (map[ID][2]string, error) {
	rows, err := sharingdb.New(tx).JustifiedOfFile(ctx, sharingdb.JustifiedOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	out := map[ID][2]string{}
	for _, row := range rows {
		id := ID(row.ShareID)
		rationale, err := s.db.Vault().Open(ctx, tx, justifiedPlace(f.Agency(), id, "rationale"), row.Rationale)
		if err != nil {
			return nil, err
		}
		views, err := s.db.Vault().Open(ctx, tx, justifiedPlace(f.Agency(), id, "views"), row.Views)
		if err != nil {
			return nil, err
		}
		out[id] = [2]string{rationale, views}
	}
	return out, nil
}

// against is why something left from the file against an agreement, by share, and
// what the key contact said of it.
func (s *Service) against(ctx context.Context, tx *store.Tx, f *cases.File) (map[ID][2]string, error) {
	rows, err := sharingdb.New(tx).OverridesOfFile(ctx, sharingdb.OverridesOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	out := map[ID][2]string{}
	for _, row := range rows {
		id := ID(row.ShareID)
		reason, err := s.db.Vault().Open(ctx, tx, overridePlace(f.Agency(), id, "reason"), row.Reason)
		if err != nil {
			return nil, err
		}
		words, err := s.db.Vault().Open(ctx, tx, overridePlace(f.Agency(), id, "words"), row.Words)
		if err != nil {
			return nil, err
		}
		out[id] = [2]string{reason, words}
	}
	return out, nil
}

// Erase refuses: a packet is what was sent, and stays it.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes the file's copies of what it sent and took in. The envelope
// of what was sent stays, which names nobody: the receiver's copy is theirs.
// It returns [*cases.NotYet] while a receiver still sees what was sent.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q := sharingdb.New(tx)
	agency, file := f.Agency(), string(f.ID())
	rows, err := q.SharesOfFile(ctx, sharingdb.SharesOfFileParams{AgencyID: agency, FileID: file, Limit: 10_000})
	if err != nil {
		return nil, err
	}
	for _, share := range asShares(rows) {
		if share.Open(tx.Now()) {
			return nil, &cases.NotYet{Why: "A share that was sent from this case is open to its receiver until " + share.ExpiresAt.Format("2 January 2006")}
		}
	}
	out := map[string]int64{}
	if out["items of packets"], err = q.DeleteItems(ctx, sharingdb.DeleteItemsParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	if _, err = q.DeleteReceipts(ctx, sharingdb.DeleteReceiptsParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	if _, err = q.DeleteOverrides(ctx, sharingdb.DeleteOverridesParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	if _, err = q.DeleteJustified(ctx, sharingdb.DeleteJustifiedParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	if out["questions to the key contact"], err = q.DeleteAdvice(ctx, sharingdb.DeleteAdviceParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	if _, err = q.DeleteAnswers(ctx, sharingdb.DeleteAnswersParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	if _, err = q.DeleteShareMarks(ctx, sharingdb.DeleteShareMarksParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	out["packets sent or received"], err = q.DeleteCopies(ctx, sharingdb.DeleteCopiesParams{AgencyID: agency, FileID: file})
	return out, err
}
