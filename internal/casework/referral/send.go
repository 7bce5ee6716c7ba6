package referral

import (
	"cmp"
	"context"
	"errors"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral/referraldb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// NewReferral is a referral to be sent.
type NewReferral struct {
	// Offer is the offer it follows and the version at which it was read;
	// empty when it is sent in one step.
	Offer   ID
	Version int64
	Subject Subject
	// Share is to whom it goes and the decision to share. Its items and the
	// person's details are filled in here.
	Share sharing.NewShare
	// PersonVersion is that of the details on the page that was checked, so
	// that nothing goes that was not on it; 0 sends what there is.
	PersonVersion int64

	// Follows is an earlier referral of the same file, after which the person is
	// referred again; empty for none.
	Follows ID
	// Earlier says in the packet what it follows; filled in from Follows.
	Earlier string
	// PassesOn tells that it passes on the referral that the file began with.
	PassesOn bool
	// Tell tells that its sender is told where it went, if the person agrees.
	Tell bool

	passes ID // the referral that it passes on

	Why      string
	Said     string // in their own words
	Safety   string
	Contact  string
	Risk     string // left out unless the sender includes it
	Needs    string
	Children string
}

// Items are what the packet will tell, in the order in which it is read.
func (n NewReferral) Items() []sharing.Item {
	if n.Earlier != "" && n.Why != "" {
		n.Why += "\n\n" + n.Earlier
	}
	var items []sharing.Item
	for _, i := range []sharing.Item{
		{Kind: sharing.WhyItem, Text: n.Why},
		{Kind: sharing.SafetyItem, Text: n.Safety},
		{Kind: sharing.ContactItem, Text: n.Contact},
		{Kind: sharing.SaidItem, Text: n.Said},
		{Kind: sharing.RiskItem, Text: n.Risk},
		{Kind: sharing.ChildrenItem, Text: n.Children},
		{Kind: sharing.NeedsItem, Text: n.Needs},
	} {
		if i.Text != "" {
			i.Title = i.Kind.Label()
			items = append(items, i)
		}
	}
	return items
}

// share is the share that will be sent.
func (n NewReferral) share(person people.Details) sharing.NewShare {
	out := n.Share
	out.Reason, out.Items, out.Person = sharing.Referral, n.Items(), person
	return out
}

// Check returns what is wrong with a referral, by field.
func (n NewReferral) Check(now time.Time) forms.Errors {
	var errs forms.Errors
	if !known(Subjects(), n.Subject) {
		errs.Add("subject", "Select what the support is for")
	}
	if n.Why == "" {
		errs.Add("why", "Enter why you refer them")
	}
	for _, e := range n.share(people.Details{}).Check(now) {
		errs.Add(e.Field, e.Message)
	}
	return errs
}

// Send sends a referral from a file: in one step, or following an offer. It
// returns forms.Errors for what is missing, and [store.ErrConflict] when the
// offer or the person's details were changed since they were read.
func (s *Service) Send(ctx context.Context, f *cases.File, n NewReferral) (ID, error) {
	if err := s.judge(ctx, f, ActSend); err != nil {
		return "", err
	}
	if err := s.sharing.MaySend(ctx, f); err != nil {
		return "", err
	}
	if errs := n.Check(s.db.Clock()()); errs.Any() {
		return "", errs
	}
	passed, err := s.passed(ctx, f, n)
	if err != nil {
		return "", err
	}
	if n.Earlier, err = s.Earlier(ctx, f, n.Follows); err != nil {
		return "", err
	}
	var person people.Person
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		person, err = s.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		return err
	})
	if err != nil {
		return "", err
	}
	if n.PersonVersion != 0 && n.PersonVersion != person.Version {
		return "", store.ErrConflict
	}
	var id ID
	err = s.cases.Change(ctx, f, ActSend, func(ctx context.Context, tx *store.Tx) (err error) {
		n.passes = passed.r.ID
		if id, err = s.send(ctx, tx, f, n, person.Details); err != nil || !n.PassesOn {
			return err
		}
		return s.passOn(ctx, tx, f, n, passed)
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// DeliverTx sends a referral that came from another system, in the transaction of
// whoever brought it and from the file that it is kept in. That is judged by a
// rule of theirs, not by those for workers. Otherwise it is a referral like any
// other. It returns forms.Errors for what is missing.
func (s *Service) DeliverTx(ctx context.Context, tx *store.Tx, f *cases.File, n NewReferral, person people.Details) (ID, error) {
	if !f.Permit().Valid() {
		return "", audit.ErrNoPermit
	}
	if errs := n.Check(tx.Now()); errs.Any() {
		return "", errs
	}
	return s.send(ctx, tx, f, n, person)
}

// Ask asks the agreements in force about a referral before it is sent, as it
// would be sent.
func (s *Service) Ask(ctx context.Context, f *cases.File, n NewReferral, person people.Details) (sharing.Said, error) {
	return s.sharing.Ask(ctx, f, n.share(person))
}

func (s *Service) send(ctx context.Context, tx *store.Tx, f *cases.File, n NewReferral, person people.Details) (ID, error) {
	to := n.Share.To
	name, specialist, err := service(ctx, tx, to)
	if errors.Is(err, store.ErrNotFound) {
		return "", forms.Errors{{Field: "to", Message: "Select the team it goes to"}}
	}
	if err != nil {
		return "", err
	}
	share, err := s.sharing.SendTx(ctx, tx, f, n.share(person))
	if err != nil {
		return "", err
	}
	id, err := s.keepSent(ctx, tx, f, n, share, specialist)
	if err != nil {
		return "", err
	}
	if _, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.ReferralSent, On: today(tx), Text: "To " + name, Ref: string(id)}); err != nil {
		return "", err
	}
	if err := s.cases.Promote(ctx, tx, f); err != nil {
		return "", err
	}
	if err := s.cases.FinishTasks(ctx, tx, f, cases.OfferReferral, "a referral was sent"); err != nil {
		return "", err
	}
	if n.Offer == "" && n.Share.Views.Asked == sharing.Agrees {
		// Sent in one step: who agrees to it was offered it.
		if err := s.emit(ctx, tx, f, "offer.made", id, n.Subject, specialist); err != nil {
			return "", err
		}
	}
	return id, s.emit(ctx, tx, f, "referral.sent", id, n.Subject, specialist)
}

func (s *Service) emit(ctx context.Context, tx *store.Tx, f *cases.File, kind string, id ID, subject Subject, specialist bool) error {
	return s.facts.Emit(ctx, tx, measures.Fact{
		Kind: kind, Agency: f.Agency(), Person: string(f.Person()), File: string(f.ID()), At: tx.Now(),
		Source:     measures.Source{Kind: "referral", ID: string(id)},
		Dimensions: measures.Dimensions{"subject": string(subject), "to_specialist": specialist},
	})
}

// keepSent keeps where the referral stands: on the offer it follows, or anew.
func (s *Service) keepSent(ctx context.Context, tx *store.Tx, f *cases.File, n NewReferral, share sharing.ID, specialist bool) (ID, error) {
	q := referraldb.New(tx)
	to := n.Share.To
	if n.Offer != "" {
		r, err := s.get(ctx, tx, f, n.Offer)
		if err != nil {
			return "", err
		}
		state, err := r.State.Next(SendIt)
		if err != nil {
			return "", err
		}
		return r.ID, store.Changed(q.SetSent(ctx, referraldb.SetSentParams{
			AgencyID: f.Agency(), ID: string(r.ID), State: string(state), ShareID: string(share), SentAt: nullTime(tx.Now()),
			ToAgency: to.Agency, ToTeam: to.Team, ToAccount: to.Account, Specialist: specialist, Subject: string(n.Subject), Version: n.Version,
			Follows: string(cmp.Or(n.Follows, r.Follows)), PassesOn: string(n.passes),
		}))
	}
	state, err := None.Next(SendIt)
	if err != nil {
		return "", err
	}
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	return ID(id), q.InsertReferral(ctx, referraldb.InsertReferralParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), ShareID: string(share), Subject: string(n.Subject),
		ToAgency: to.Agency, ToTeam: to.Team, ToAccount: to.Account, Specialist: specialist, State: string(state),
		SentAt: nullTime(tx.Now()), DecisionWords: []byte{}, CreatedBy: f.Actor().Account, CreatedAt: tx.Now(), Follows: string(n.Follows), PassesOn: string(n.passes),
	})
}

// Withdraw takes back an offer, or a referral that nobody has decided on. It
// returns [store.ErrConflict] when it was changed since version was read.
func (s *Service) Withdraw(ctx context.Context, f *cases.File, id ID, version int64, reason string) error {
	if err := s.judge(ctx, f, ActWithdraw); err != nil {
		return err
	}
	if err := s.sharing.MayWithdraw(ctx, f); err != nil {
		return err
	}
	if reason == "" {
		return forms.Errors{{Field: "reason", Message: "Enter why it is withdrawn"}}
	}
	if len(reason) > wordsMax {
		return forms.Errors{{Field: "reason", Message: "Shorten this to 4,000 characters or fewer"}}
	}
	return s.cases.Change(ctx, f, ActWithdraw, func(ctx context.Context, tx *store.Tx) error {
		r, err := s.get(ctx, tx, f, id)
		if err != nil {
			return err
		}
		state, err := r.State.Next(WithdrawIt)
		if err != nil {
			return err
		}
		err = store.Changed(referraldb.New(tx).SetWithdrawn(ctx, referraldb.SetWithdrawnParams{
			AgencyID: f.Agency(), ID: string(id), State: string(state), Version: version,
		}))
		if err != nil {
			return err
		}
		if r.Share != "" {
			return s.sharing.WithdrawTx(ctx, tx, f, r.Share, reason)
		}
		_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.OfferAnswered, On: today(tx), Text: "The offer is withdrawn: " + reason, Ref: string(id)})
		return err
	})
}

// RecallTx takes a referral back for the program that brought it, in the
// transaction of its message; whoever calls it has judged that. It returns
// [store.ErrConflict] when somebody has decided on it, or it was withdrawn already.
func (s *Service) RecallTx(ctx context.Context, tx *store.Tx, permit audit.Permit, share sharing.ID) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	q := referraldb.New(tx)
	agency := permit.Actor().Agency
	row, err := q.ReferralByShare(ctx, referraldb.ReferralByShareParams{AgencyID: agency, ShareID: string(share)})
	if err != nil {
		return err
	}
	state, err := State(row.State).Next(WithdrawIt)
	if err != nil {
		return err
	}
	err = store.Changed(q.SetWithdrawn(ctx, referraldb.SetWithdrawnParams{AgencyID: agency, ID: row.ID, State: string(state), Version: row.Version}))
	if err != nil {
		return err
	}
	return s.sharing.RecallTx(ctx, tx, permit, cases.ID(row.FileID), share)
}
