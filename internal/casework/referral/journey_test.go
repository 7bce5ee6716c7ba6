package referral_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

// world is a partnership with referrals in it.
type world struct {
	*casestest.World
	Sharing   *sharing.Service
	Referrals *referral.Service
}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{World: casestest.New(t, db, clock, sharing.Rules(), referral.Rules())}
	w.Sharing = sharing.New(db, w.Guard, w.Cases, sharing.Config{})
	w.Referrals = referral.New(db, w.Guard, w.Cases, w.Sharing, w.Registry)
	return w
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { fn(t, newWorld(t, db, clock)) })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// decision is a share that lacks nothing.
func decision(to sharing.Recipient) sharing.NewShare {
	return sharing.NewShare{
		To: to, Protects: "Maya and her baby", Harm: "threats at home",
		Basis: sharing.PublicTask, Rationale: "The advocates need this much to make a safe first contact.",
		Views: sharing.Views{Asked: sharing.Agrees, Words: "I would like that", Present: "nobody else", Informed: sharing.Told},
	}
}

func (w *world) advocates() sharing.Recipient {
	return sharing.Recipient{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)}
}

func (w *world) newReferral() referral.NewReferral {
	return referral.NewReferral{
		Subject: referral.Experiencing, Share: decision(w.advocates()),
		Why: "She asked for an advocate", Said: "He reads all my messages", Safety: "Safe at her sister's tonight",
		Contact: "Text only, before noon", Needs: "An interpreter",
	}
}

// send refers a new person of the nurse's and returns the file and the share.
func (w *world) send(t *testing.T) (*cases.File, referral.ID, sharing.ID) {
	t.Helper()
	f := w.Begin(t, w.Actor(t, casestest.Nurse))
	id, err := w.Referrals.Send(t.Context(), f, w.newReferral())
	must(t, err)
	r, err := w.Referrals.Get(t.Context(), f, id)
	must(t, err)
	return f, id, r.Share
}

func (w *world) receive(t *testing.T, who string, id sharing.ID) *sharing.Packet {
	t.Helper()
	p, err := w.Sharing.Receive(t.Context(), w.Actor(t, who), id)
	must(t, err)
	return p
}

func (w *world) state(t *testing.T, f *cases.File, id referral.ID) referral.State {
	t.Helper()
	r, err := w.Referrals.Get(t.Context(), f, id)
	must(t, err)
	return r.State
}

func (w *world) kinds(t *testing.T, f *cases.File) []cases.EventKind {
	t.Helper()
	var kinds []cases.EventKind
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		events, err := w.Cases.Chronology(ctx, tx, f, "", 100)
		for _, e := range events {
			kinds = append(kinds, e.Kind)
		}
		return err
	}))
	return kinds
}

func (w *world) tasks(t *testing.T, f *cases.File) []cases.TaskKind {
	t.Helper()
	var kinds []cases.TaskKind
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		tasks, err := w.Cases.Tasks(ctx, tx, f)
		for _, task := range tasks {
			kinds = append(kinds, task.Kind)
		}
		return err
	}))
	return kinds
}

func (w *world) fileOf(t *testing.T, who string, id cases.ID) *cases.File {
	t.Helper()
	f, err := w.Cases.Open(t.Context(), w.Actor(t, who), id, cases.Care)
	must(t, err)
	return f
}

// Proves: B6.31, B9.2
func TestAReferralIsSentAcknowledgedAcceptedAndAnswered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id, share := w.send(t)
		if got := w.state(t, f, id); got != referral.Sent {
			t.Fatalf("after sending it is %s", got)
		}

		p := w.receive(t, casestest.IDVA, share)
		must(t, w.Referrals.Acknowledge(t.Context(), p))
		if got := w.state(t, f, id); got != referral.Acknowledged {
			t.Fatalf("after the acknowledgement it is %s", got)
		}

		own, err := w.Referrals.Accept(t.Context(), p, string(w.Advocates.ID))
		must(t, err)
		if got := w.state(t, f, id); got != referral.Accepted {
			t.Fatalf("after accepting it is %s", got)
		}
		if own.Agency() != string(w.Haven.ID) || own.Origin() != cases.Referred || own.Team() != string(w.Advocates.ID) {
			t.Errorf("the receiver's file is %s of %s, team %s", own.Origin(), own.Agency(), own.Team())
		}

		own = w.fileOf(t, casestest.Colleague, own.ID())
		_, err = w.Referrals.Feedback(t.Context(), own, referral.NewFeedback{News: "First contact was made", Share: decision(sharing.Recipient{})})
		must(t, err)
		if got := w.state(t, f, id); got != referral.FedBack {
			t.Fatalf("after the feedback it is %s", got)
		}
		for _, kind := range []cases.EventKind{cases.ReferralSent, cases.Acknowledged, cases.ReferralDecided, cases.FeedbackReceived} {
			if !slices.Contains(w.kinds(t, f), kind) {
				t.Errorf("the referrer's chronology lacks %s", kind)
			}
		}
		if slices.Contains(w.tasks(t, own), cases.GiveFeedback) {
			t.Error("the task to give feedback is still open")
		}

		waiting, err := w.Sharing.Waiting(t.Context(), w.Actor(t, casestest.Receptionist), "", 10)
		must(t, err)
		if len(waiting) != 1 || waiting[0].Reason != sharing.Feedback {
			t.Fatalf("in the referrer's inbox: %+v", waiting)
		}
		back := w.receive(t, casestest.Nurse, waiting[0].ID)
		if back.Content().Item(sharing.NewsItem) != "First contact was made" {
			t.Errorf("the feedback says %q", back.Content().Item(sharing.NewsItem))
		}
		must(t, w.Referrals.Acknowledge(t.Context(), back))
		if !slices.Contains(w.kinds(t, own), cases.Acknowledged) {
			t.Error("the service does not hear that its feedback was acknowledged")
		}
	})
}

// Nobody is asked to tell it again.
func TestTheReceiversCaseOpensFilled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, _, share := w.send(t)
		p := w.receive(t, casestest.IDVA, share)
		must(t, w.Referrals.Acknowledge(t.Context(), p))
		own, err := w.Referrals.Accept(t.Context(), p, string(w.Advocates.ID))
		must(t, err)

		own = w.fileOf(t, casestest.HavenManager, own.ID()) // not one of those it was addressed to
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			person, err := w.People.Get(ctx, tx, own.Permit(), own.Agency(), own.Person())
			if err != nil {
				return err
			}
			if person.GivenName != "Maya" || person.Born != "1991-03-27" || person.Language != "English" {
				t.Errorf("the person came as %q, born %s, speaks %s", person.Name(), person.Born, person.Language)
			}
			if person.Contact.State != "unset" {
				t.Errorf("safe contact came as %s: it must count as unsafe until it is checked", person.Contact.State)
			}
			return nil
		}))
		held, err := w.Sharing.Copy(t.Context(), own, share)
		must(t, err)
		if held.Content.Item(sharing.SaidItem) != "He reads all my messages" || held.Content.Item(sharing.ContactItem) != "Text only, before noon" {
			t.Errorf("the case holds %+v", held.Content.Items)
		}
		for _, kind := range []cases.TaskKind{cases.FirstContact, cases.AskSafeContact, cases.GiveFeedback} {
			if !slices.Contains(w.tasks(t, own), kind) {
				t.Errorf("the task %s is missing", kind)
			}
		}
		var source string
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			events, err := w.Cases.Latest(ctx, tx, own, cases.ReferralReceived, 1)
			if len(events) == 1 {
				source = events[0].Source
			}
			return err
		}))
		if source != string(w.Trust.ID) {
			t.Errorf("the chronology says that it came from %q", source)
		}
	})
}

// What was taken in stays with the receiver when the share has expired.
func TestWhatWasReceivedStaysWithTheReceiversCase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, _, share := w.send(t)
		p := w.receive(t, casestest.IDVA, share)
		must(t, w.Referrals.Acknowledge(t.Context(), p))
		own, err := w.Referrals.Accept(t.Context(), p, "")
		must(t, err)
		w.Clock.Advance(2 * 366 * 24 * time.Hour)
		if _, err := w.Sharing.Receive(t.Context(), w.Actor(t, casestest.IDVA), share); err == nil {
			t.Error("the share is still in the inbox")
		}
		if _, err := w.Sharing.Copy(t.Context(), w.fileOf(t, casestest.IDVA, own.ID()), share); err != nil {
			t.Errorf("the case lost what it received: %v", err)
		}
	})
}

func TestADeclinedReferralGivesItsReasonAndDeletesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id, share := w.send(t)
		p := w.receive(t, casestest.IDVA, share)
		must(t, w.Referrals.Acknowledge(t.Context(), p))
		err := w.Referrals.Decline(t.Context(), p, "", "")
		if errs, ok := forms.AsErrors(err); !ok || !errs.Has("reason") {
			t.Fatalf("declined without a reason: %v", err)
		}
		err = w.Referrals.Decline(t.Context(), p, referral.OtherReason, "")
		if errs, ok := forms.AsErrors(err); !ok || !errs.Has("words") {
			t.Fatalf("another reason without words: %v", err)
		}
		must(t, w.Referrals.Decline(t.Context(), p, referral.Capacity, "Next place in May"))
		r, err := w.Referrals.Get(t.Context(), f, id)
		must(t, err)
		if r.State != referral.Declined || r.Reason != referral.Capacity || r.Words != "Next place in May" {
			t.Errorf("%s, %s, %q", r.State, r.Reason, r.Words)
		}
		if !slices.Contains(w.kinds(t, f), cases.ReferralDecided) || !slices.Contains(w.tasks(t, f), cases.ReferElsewhere) {
			t.Error("the referrer did not hear of it")
		}
		if got := w.receive(t, casestest.Colleague, share).Content().Item(sharing.WhyItem); got == "" {
			t.Error("declining deleted the packet")
		}
	})
}

func TestOfTwoPeopleWhoDecideTheSecondIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id, share := w.send(t)
		one, two := w.receive(t, casestest.IDVA, share), w.receive(t, casestest.Colleague, share)
		if _, err := w.Referrals.Accept(t.Context(), one, ""); !errors.Is(err, store.ErrConflict) {
			t.Errorf("accepted before anybody acknowledged it: %v", err)
		}
		must(t, w.Referrals.Acknowledge(t.Context(), one))
		var first *sharing.AlreadyAcknowledged
		if err := w.Referrals.Acknowledge(t.Context(), two); !errors.As(err, &first) || first.By != one.Actor().Account || first.At.IsZero() {
			t.Errorf("the second to acknowledge got %v", err)
		}
		_, err := w.Referrals.Accept(t.Context(), one, "")
		must(t, err)
		if err := w.Referrals.Decline(t.Context(), two, referral.Capacity, ""); !errors.Is(err, store.ErrConflict) {
			t.Errorf("the second to decide got %v", err)
		}
		if _, err := w.Referrals.Accept(t.Context(), two, ""); !errors.Is(err, store.ErrConflict) {
			t.Errorf("the second to accept got %v", err)
		}
		r, err := w.Referrals.Get(t.Context(), f, id)
		must(t, err)
		if err := w.Referrals.Withdraw(t.Context(), f, id, r.Version, "changed her mind"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("withdrawn after it was accepted: %v", err)
		}
	})
}

func TestAcceptingAtTheSameMomentOpensOneCase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, _, share := w.send(t)
		one, two := w.receive(t, casestest.IDVA, share), w.receive(t, casestest.Colleague, share)
		must(t, w.Referrals.Acknowledge(t.Context(), one))
		results := make(chan error, 2)
		for _, p := range []*sharing.Packet{one, two} {
			go func() {
				_, err := w.Referrals.Accept(context.WithoutCancel(t.Context()), p, "")
				results <- err
			}()
		}
		a, b := <-results, <-results
		if (a == nil) == (b == nil) || !errors.Is(errors.Join(a, b), store.ErrConflict) {
			t.Errorf("got %v and %v", a, b)
		}
		rows, err := w.Cases.Caseload(t.Context(), w.Actor(t, casestest.HavenManager), cases.All, nil, 10)
		must(t, err)
		if len(rows) != 1 {
			t.Errorf("%d cases were opened", len(rows))
		}
	})
}

func TestAWithdrawnReferralIsNotThereForItsReceivers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id, share := w.send(t)
		p := w.receive(t, casestest.IDVA, share)
		r, err := w.Referrals.Get(t.Context(), f, id)
		must(t, err)
		if err := w.Referrals.Withdraw(t.Context(), f, id, r.Version-1, "sent twice"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("a stale page withdrew it: %v", err)
		}
		must(t, w.Referrals.Withdraw(t.Context(), f, id, r.Version, "sent twice"))
		if _, err := w.Sharing.Receive(t.Context(), w.Actor(t, casestest.IDVA), share); err == nil {
			t.Error("it is still there")
		}
		if err := w.Referrals.Acknowledge(t.Context(), p); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("acknowledged after it was withdrawn: %v", err)
		}
		if !slices.Contains(w.kinds(t, f), cases.ShareWithdrawn) {
			t.Error("the chronology does not say that it was withdrawn")
		}
	})
}

func TestAnOfferAndItsAnswer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		if _, err := w.Referrals.Offer(t.Context(), f, referral.NewOffer{}); err == nil {
			t.Fatal("an empty offer was recorded")
		}
		id, err := w.Referrals.Offer(t.Context(), f, referral.NewOffer{
			Subject: referral.Experiencing, To: w.advocates(), Answer: referral.NotNow, Words: "Maybe when the baby is born",
		})
		must(t, err)
		if got := w.state(t, f, id); got != referral.DeclinedByPerson {
			t.Errorf("it is %s", got)
		}
		n := w.newReferral()
		n.Offer, n.Version = id, 1
		if _, err := w.Referrals.Send(t.Context(), f, n); !errors.Is(err, store.ErrConflict) {
			t.Errorf("what was not wanted was sent: %v", err)
		}
		must(t, w.Referrals.AnswerOffer(t.Context(), f, id, 1, referral.Wants, ""))
		if err := w.Referrals.AnswerOffer(t.Context(), f, id, 1, referral.NotNow, ""); !errors.Is(err, store.ErrConflict) {
			t.Errorf("a stale page changed the answer: %v", err)
		}
		n.Version = 2
		sent, err := w.Referrals.Send(t.Context(), f, n)
		must(t, err)
		if sent != id || w.state(t, f, id) != referral.Sent {
			t.Errorf("%s is %s", sent, w.state(t, f, id))
		}
		r, err := w.Referrals.Get(t.Context(), f, id)
		must(t, err)
		if !r.Specialist || r.Answer != referral.Wants {
			t.Errorf("specialist %t, answer %s", r.Specialist, r.Answer)
		}
	})
}

// An offer that led to a referral is two facts, one sent in one step is one.
func TestOffersAndReferralsAreCounted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		id, err := w.Referrals.Offer(t.Context(), f, referral.NewOffer{Subject: referral.Experiencing, To: w.advocates(), Answer: referral.Wants})
		must(t, err)
		n := w.newReferral()
		n.Offer, n.Version = id, 1
		_, err = w.Referrals.Send(t.Context(), f, n)
		must(t, err)
		w.send(t)
		counts := map[string]int{}
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			rows, err := tx.QueryContext(ctx, `SELECT kind FROM fact`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var kind string
				if err := rows.Scan(&kind); err != nil {
					return err
				}
				counts[kind]++
			}
			return rows.Err()
		}))
		// The one that was sent in one step was agreed to, so it was offered.
		if counts["offer.made"] != 2 || counts["referral.sent"] != 2 {
			t.Errorf("%v", counts)
		}
	})
}

// Proves: B6.31
func TestEveryChangeIsInTheLedger(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, _, share := w.send(t)
		p := w.receive(t, casestest.IDVA, share)
		must(t, w.Referrals.Acknowledge(t.Context(), p))
		own, err := w.Referrals.Accept(t.Context(), p, "")
		must(t, err)
		_, err = w.Referrals.Feedback(t.Context(), own, referral.NewFeedback{News: "Contact was made", Share: decision(sharing.Recipient{})})
		must(t, err)
		done := map[policy.Action]string{}
		for _, e := range w.Ledger(t) {
			if e.Outcome == audit.Done {
				done[e.Action] = e.Actor
			}
			for _, s := range e.Subjects {
				if strings.Contains(s.ID, "Maya") {
					t.Errorf("the ledger names a person: %+v", e)
				}
			}
		}
		for _, a := range []policy.Action{
			referral.ActSend, sharing.ActSend, sharing.ActAcknowledge, referral.ActAccept, sharing.ActSettle, sharing.ActTakeIn, cases.ActDeliver, cases.ActBegin, referral.ActFeedback,
		} {
			if done[a] == "" {
				t.Errorf("no entry for %s", a)
			}
		}
		if done[sharing.ActAcknowledge] != p.Actor().Account {
			t.Errorf("acknowledged by %s", done[sharing.ActAcknowledge])
		}
	})
}

// A packet that somebody holds in an old page opens nothing once it is closed.
func TestAnExpiredPacketCannotBeAccepted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id, share := w.send(t)
		p := w.receive(t, casestest.IDVA, share)
		must(t, w.Referrals.Acknowledge(t.Context(), p))
		w.Clock.Advance(366 * 24 * time.Hour)
		if _, err := w.Referrals.Accept(t.Context(), p, ""); !errors.Is(err, store.ErrConflict) {
			t.Errorf("got %v", err)
		}
		if err := w.Referrals.Decline(t.Context(), p, referral.Capacity, ""); !errors.Is(err, store.ErrConflict) {
			t.Errorf("got %v", err)
		}
		if got := w.state(t, f, id); got != referral.Acknowledged {
			t.Errorf("it is %s", got)
		}
		rows, err := w.Cases.Caseload(t.Context(), w.Actor(t, casestest.HavenManager), cases.All, nil, 10)
		must(t, err)
		if len(rows) != 0 {
			t.Errorf("%d cases were opened", len(rows))
		}
	})
}

func TestARefusedSendIsRecorded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := policy.Resource{Type: "File", ID: "f", Attrs: policy.Attrs{
			"agency": string(w.Trust.ID), "team": string(w.Midwives.ID), "lead": "", "workers": []string{}, "restricted": false,
		}}
		before := len(w.Ledger(t))
		for _, name := range []string{casestest.TrustAdmin, casestest.Commissioner, casestest.Midwife, casestest.IDVA, casestest.Robot} {
			for _, a := range []policy.Action{referral.ActOffer, referral.ActSend, referral.ActWithdraw, referral.ActFeedback, sharing.ActSend, sharing.ActWithdraw} {
				if _, err := w.Guard.Act(t.Context(), w.Actor(t, name), a, r, true); err == nil {
					t.Errorf("%s may %s", name, a)
				}
			}
		}
		for _, e := range w.Ledger(t)[before:] {
			if e.Outcome != audit.Refused {
				t.Errorf("%+v", e)
			}
		}
		if n := len(w.Ledger(t)) - before; n != 30 {
			t.Errorf("%d refusals recorded", n)
		}
	})
}

func TestListsOfSharesHaveTheirSQL(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(t, w.Guard.Rules().CheckScope(sharing.ActList, sharing.Mapping()))
	})
}
