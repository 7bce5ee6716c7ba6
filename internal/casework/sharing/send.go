package sharing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing/sharingdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// MaySend judges the sending of a share from a file. Workflows ask it before
// they begin the transaction in which they call [Service.SendTx].
func (s *Service) MaySend(ctx context.Context, f *cases.File) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	_, err := s.guard.Act(ctx, f.Actor(), ActSend, f.Resource(), true, f.ID().Subject())
	return err
}

// SendTx sends a share from a file in the transaction of the workflow. It
// returns forms.Errors for what is missing. Both copies are sealed here, and
// from here on it never changes.
func (s *Service) SendTx(ctx context.Context, tx *store.Tx, f *cases.File, n NewShare) (ID, error) {
	if !f.Permit().Valid() {
		return "", audit.ErrNoPermit
	}
	if errs := n.Check(tx.Now()); errs.Any() {
		return "", errs
	}
	if err := checkRecipient(ctx, tx, f, n); err != nil {
		return "", err
	}
	guarded, err := s.guarded(ctx, tx, f, n)
	if err != nil {
		return "", err
	}
	if guarded.Any() && !n.ActNow {
		return "", guarded
	}
	theirs := "" // the receiver's own file that a correction belongs to
	if n.Corrects != "" {
		if theirs, err = s.checkCorrects(ctx, sharingdb.New(tx), f, n, tx.Now()); err != nil {
			return "", err
		}
	}
	said, err := s.ask(ctx, tx, f, n)
	if err != nil {
		return "", err
	}
	if len(said.Held()) > 0 && n.Override == "" && !n.ActNow {
		return "", forms.Errors{{Field: "override", Message: "Enter why it leaves all the same, or take out what may not go"}}
	}
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	actor, urgent := f.Actor(), n.Urgent || n.ActNow
	times, err := s.timesAt(ctx, tx, n.To.Agency) // its people are asked when nobody acknowledges
	if err != nil {
		return "", err
	}
	remind, manager, contact := times.moments(tx.Now(), urgent)
	err = sharingdb.New(tx).InsertShare(ctx, sharingdb.InsertShareParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), PersonID: string(f.Person()), Reason: string(n.Reason), Answers: string(n.Answers),
		SenderAccount: actor.Account, SenderTeam: f.Team(), ToAgency: n.To.Agency, ToTeam: n.To.Team, ToAccount: n.To.Account,
		Basis: string(n.Basis), Agreement: string(said.Under), Asked: string(n.Views.Asked), Informed: string(n.Views.Informed), TellOn: n.Views.TellOn,
		SeriousRisk: n.Grounds.SeriousRisk, ChildAtRisk: n.Grounds.ChildAtRisk, OtherGround: n.Grounds.Other, ActedNow: n.ActNow,
		DueOn: times.dueOn(tx.Now(), urgent), SentAt: tx.Now(), ExpiresAt: s.until(tx, said),
		Urgent: urgent, RemindAt: nullTime(remind), ManagerAt: nullTime(manager), ContactAt: nullTime(contact),
		Corrects: string(n.Corrects), Incapacity: n.Grounds.Incapacity, CourtOrder: n.Grounds.CourtOrder,
	})
	if errors.Is(err, store.ErrExists) {
		return "", store.ErrConflict // somebody put it right at the same moment
	}
	if err != nil {
		return "", err
	}
	content := Preview(actor.Name, n)
	if err := s.writeCopy(ctx, tx, f.Agency(), ID(id), string(f.ID()), content); err != nil {
		return "", err
	}
	if err := s.writeCopy(ctx, tx, n.To.Agency, ID(id), theirs, content); err != nil {
		return "", err
	}
	if err := s.mark(ctx, tx, f, n.To.Agency, ID(id), n.Person); err != nil {
		return "", err
	}
	if err := keepSaid(ctx, tx, f.Agency(), ID(id), said); err != nil {
		return "", err
	}
	if err := s.keepOverride(ctx, tx, f, ID(id), said, n.Override); err != nil {
		return "", err
	}
	err = sharingdb.New(tx).KeepAdvice(ctx, sharingdb.KeepAdviceParams{AgencyID: f.Agency(), FileID: string(f.ID()), ShareID: id, ToAgency: n.To.Agency})
	if err != nil {
		return "", err
	}
	if n.Corrects != "" {
		if err := s.tellCorrected(ctx, tx, f, n, ID(id), theirs); err != nil {
			return "", err
		}
	}
	code, err := s.follow(ctx, tx, f, ID(id), n, guarded.Any())
	if err != nil {
		return "", err
	}
	return ID(id), f.Permit().Append(tx, ActSend, code, ID(id).Subject(), f.ID().Subject(), f.Person().Subject())
}

// mark keeps the marks of the person under the receiver's key, by which those
// of its workers who are tied to them are shut out. What names nobody, such as
// feedback, is about the person of the file all the same.
func (s *Service) mark(ctx context.Context, tx *store.Tx, f *cases.File, agency string, id ID, d people.Details) error {
	if d == (people.Details{}) {
		p, err := s.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		d = p.Details
	}
	m, err := s.cases.People().Marker(ctx, tx, agency)
	if err != nil {
		return err
	}
	q := sharingdb.New(tx)
	for _, mark := range m.Person(d) {
		err := q.InsertShareMark(ctx, sharingdb.InsertShareMarkParams{AgencyID: agency, ShareID: string(id), Kind: string(mark.Kind), Mark: mark.Value})
		if err != nil {
			return err
		}
	}
	return nil
}

// follow writes what a share leaves to be done, and returns its code for the
// ledger.
func (s *Service) follow(ctx context.Context, tx *store.Tx, f *cases.File, id ID, n NewShare, guarded bool) (string, error) {
	if n.Views.TellOn != "" && n.Views.Informed == Unsafe && n.Corrects == "" {
		if _, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.ReviewUnsafeTel, Due: n.Views.TellOn}); err != nil {
			return "", err
		}
	}
	if !n.ActNow {
		return string(n.Views.Asked), nil
	}
	task := cases.NewTask{Kind: cases.ReviewActNow, Due: s.workingDay(tx.Now(), 1), Team: f.Team()}
	if _, err := s.cases.AddTask(ctx, tx, f, task); err != nil {
		return "", err
	}
	text := n.Reason.Label() + " sent at once. The reasons are to be written down and reviewed by the next working day."
	if guarded {
		text += " An address or a number that is kept apart stands in it."
	}
	_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.ActedNow, On: tx.Now().Format(time.DateOnly), Ref: string(id), Text: text})
	return "acted_now", err
}

// checkRecipient sees that a share goes to another agency, and to an inbox or
// a person that is there.
func checkRecipient(ctx context.Context, tx *store.Tx, f *cases.File, n NewShare) error {
	wrong := func(message string) error { return forms.Errors{{Field: "to", Message: message}} }
	if n.To.Agency == f.Agency() {
		return wrong("Select a team of another agency. Within your own agency, hand the case over")
	}
	var err error
	if n.To.Team != "" {
		var team directory.Team
		team, err = directory.TeamIn(ctx, tx, directory.AgencyID(n.To.Agency), directory.TeamID(n.To.Team))
		if err == nil && (n.Reason == Referral || n.Reason == MARACReferral) && !team.TakesReferrals {
			return wrong("Select a team that takes referrals")
		}
	} else {
		var agency directory.AgencyID
		agency, err = directory.AgencyOf(ctx, tx, n.To.Account)
		if err == nil && string(agency) != n.To.Agency {
			err = store.ErrNotFound
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return wrong("Select a team that takes referrals")
	}
	return err
}

// copyPlace is where a word of a copy is sealed.
func copyPlace(agency string, id ID, table, column, row string) store.Place {
	return store.Place{Agency: agency, Table: table, Column: column, Row: string(id) + "/" + row}
}

// sealer seals the words of one copy and keeps the first error.
type sealer struct {
	ctx    context.Context
	tx     *store.Tx
	vault  *store.Vault
	agency string
	id     ID
	err    error
}

func (s *sealer) seal(table, column, row, text string) []byte {
	if s.err != nil {
		return nil
	}
	sealed, err := s.vault.Seal(s.ctx, s.tx, copyPlace(s.agency, s.id, table, column, row), text)
	s.err = err
	return sealed.Bytes()
}

func (s *sealer) open(table, column, row string, sealed []byte) string {
	if s.err != nil {
		return ""
	}
	text, err := s.vault.Open(s.ctx, s.tx, copyPlace(s.agency, s.id, table, column, row), sealed)
	s.err = err
	return text
}

func (s *Service) writeCopy(ctx context.Context, tx *store.Tx, agency string, id ID, file string, c Content) error {
	person := ""
	if c.Person != (people.Details{}) {
		b, err := json.Marshal(c.Person)
		if err != nil {
			return err
		}
		person = string(b)
	}
	w := &sealer{ctx: ctx, tx: tx, vault: s.db.Vault(), agency: agency, id: id}
	p := sharingdb.InsertCopyParams{
		AgencyID: agency, ShareID: string(id), FileID: file,
		Sender:      w.seal("share_copy", "sender", "", c.Sender),
		Protects:    w.seal("share_copy", "protects", "", c.Protects),
		Harm:        w.seal("share_copy", "harm", "", c.Harm),
		Rationale:   w.seal("share_copy", "rationale", "", c.Rationale),
		ViewWords:   w.seal("share_copy", "view_words", "", c.Views.Words),
		ViewWhy:     w.seal("share_copy", "view_why", "", c.Views.Why),
		Present:     w.seal("share_copy", "present", "", c.Views.Present),
		NotTold:     w.seal("share_copy", "not_told", "", c.Views.NotTold),
		Person:      w.seal("share_copy", "person", "", person),
		InformedHow: w.seal("share_copy", "informed_how", "", c.Views.How),
		Danger:      w.seal("share_copy", "danger", "", c.Danger),
	}
	if w.err != nil {
		return fmt.Errorf("sealing a copy: %w", w.err)
	}
	q := sharingdb.New(tx)
	if err := q.InsertCopy(ctx, p); err != nil {
		return err
	}
	for i, item := range c.Items {
		row := fmt.Sprint(i)
		arg := sharingdb.InsertItemParams{
			AgencyID: agency, ShareID: string(id), Seq: int64(i), Kind: string(item.Kind),
			Title: w.seal("share_item", "title", row, item.Title), Body: w.seal("share_item", "body", row, item.Text),
		}
		if w.err != nil {
			return fmt.Errorf("sealing an item: %w", w.err)
		}
		if err := q.InsertItem(ctx, arg); err != nil {
			return err
		}
	}
	return nil
}

// readCopy opens an agency's copy of a share.
func (s *Service) readCopy(ctx context.Context, tx *store.Tx, agency string, share Share) (Content, string, error) {
	q := sharingdb.New(tx)
	row, err := q.Copy(ctx, sharingdb.CopyParams{AgencyID: agency, ShareID: string(share.ID)})
	if err != nil {
		return Content{}, "", err
	}
	items, err := q.Items(ctx, sharingdb.ItemsParams{AgencyID: agency, ShareID: string(share.ID)})
	if err != nil {
		return Content{}, "", err
	}
	r := &sealer{ctx: ctx, tx: tx, vault: s.db.Vault(), agency: agency, id: share.ID}
	c := Content{
		Sender:    r.open("share_copy", "sender", "", row.Sender),
		Protects:  r.open("share_copy", "protects", "", row.Protects),
		Harm:      r.open("share_copy", "harm", "", row.Harm),
		Rationale: r.open("share_copy", "rationale", "", row.Rationale),
		Danger:    r.open("share_copy", "danger", "", row.Danger),
		Views: Views{
			Asked: share.Asked, Informed: share.Informed, TellOn: share.TellOn,
			Words:   r.open("share_copy", "view_words", "", row.ViewWords),
			Why:     r.open("share_copy", "view_why", "", row.ViewWhy),
			Present: r.open("share_copy", "present", "", row.Present),
			NotTold: r.open("share_copy", "not_told", "", row.NotTold),
			How:     r.open("share_copy", "informed_how", "", row.InformedHow),
		},
	}
	person := r.open("share_copy", "person", "", row.Person)
	for _, item := range items {
		n := fmt.Sprint(item.Seq)
		c.Items = append(c.Items, Item{
			Kind: ItemKind(item.Kind), Title: r.open("share_item", "title", n, item.Title), Text: r.open("share_item", "body", n, item.Body),
		})
	}
	if r.err != nil {
		return Content{}, "", r.err
	}
	if person != "" {
		if err := json.Unmarshal([]byte(person), &c.Person); err != nil {
			return Content{}, "", fmt.Errorf("the details in share %s: %w", share.ID, err)
		}
	}
	if c.Said, err = readSaid(ctx, tx, share); err != nil {
		return Content{}, "", err
	}
	return c, row.FileID, nil
}
