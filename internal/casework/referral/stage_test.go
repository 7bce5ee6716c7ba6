package referral_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/directory"
)

// taken is a referral that was accepted: the referrer's file and referral, and
// the receiver's own file.
func (w *world) taken(t *testing.T) (*cases.File, referral.ID, *cases.File) {
	t.Helper()
	f := w.Begin(t, w.Actor(t, casestest.Nurse))
	id, err := w.Referrals.Send(t.Context(), f, w.newReferral())
	must(t, err)
	r, err := w.Referrals.Get(t.Context(), f, id)
	must(t, err)
	p, err := w.Sharing.Receive(t.Context(), w.Actor(t, casestest.IDVA), r.Share)
	must(t, err)
	must(t, w.Referrals.Acknowledge(t.Context(), p))
	own, err := w.Referrals.Accept(t.Context(), p, string(w.Advocates.ID))
	must(t, err)
	return f, id, own
}

func (w *world) last(t *testing.T, own *cases.File) string {
	t.Helper()
	steps, err := w.Referrals.Steps(t.Context(), own)
	must(t, err)
	if len(steps) == 0 {
		return ""
	}
	return steps[0].ID
}

func (w *world) step(t *testing.T, own *cases.File, stage referral.Stage, cause referral.Cause, tell bool) error {
	t.Helper()
	return w.Referrals.Step(t.Context(), own, referral.NewStep{
		Stage: stage, Cause: cause, Words: "Only for us", After: w.last(t, own), Tell: tell, Share: decision(sharing.Recipient{}),
	})
}

// From the waiting list to the end: each stage is a small share of its own, and
// is acknowledged by hand.
//
// Proves: B6.2, B6.31
func TestTheReferrerHearsHowFarItHasCome(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id, own := w.taken(t)
		for _, s := range []struct {
			stage referral.Stage
			cause referral.Cause
			state referral.State
		}{
			{referral.WaitingStage, referral.NoWorkerYet, referral.OnList},
			{referral.ContactStage, "", referral.Contacted},
			{referral.EngagedStage, "", referral.Engaged},
			{referral.EndedStage, referral.Finished, referral.Ended},
		} {
			must(t, w.step(t, own, s.stage, s.cause, true))
			r, err := w.Referrals.Get(t.Context(), f, id)
			must(t, err)
			if r.State != s.state {
				t.Errorf("after %s the referrer sees %s", s.stage, r.State)
			}
			p := w.receive(t, casestest.Nurse, r.Feedback)
			if len(p.Content().Items) != 1 || !strings.HasPrefix(p.Content().Item(sharing.NewsItem), s.stage.Label()) || strings.Contains(p.Content().Item(sharing.NewsItem), "Only for us") {
				t.Errorf("the referrer reads %q", p.Content().Item(sharing.NewsItem))
			}
			if !p.Share().AcknowledgedAt.IsZero() {
				t.Error("it was acknowledged by nobody")
			}
			must(t, w.Referrals.Acknowledge(t.Context(), p))
		}
		if err := w.step(t, own, referral.ContactStage, "", false); !errors.Is(err, store.ErrConflict) {
			t.Errorf("contact after the end: %v", err)
		}
	})
}

// Where nothing is told, and where the person said no, nothing of it is with the
// referrer: neither on their page nor in their inbox or chronology.
func TestTheReferrerHearsNothingWhenThePersonSaidNo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id, own := w.taken(t)
		before := w.kinds(t, f)
		n := referral.NewStep{Stage: referral.EngagedStage, Tell: true, Share: decision(sharing.Recipient{})}
		n.Share.Views.Asked, n.Share.Grounds = sharing.Opposes, sharing.Grounds{SeriousRisk: true}
		if errs, ok := forms.AsErrors(w.Referrals.Step(t.Context(), own, n)); !ok || !errs.Has("tell") {
			t.Fatal("it was told against their will")
		}
		n.Tell = false
		must(t, w.Referrals.Step(t.Context(), own, n))
		if got := w.state(t, f, id); got != referral.Accepted {
			t.Errorf("the referrer sees %s", got)
		}
		if !slices.Equal(before, w.kinds(t, f)) {
			t.Error("the referrer's chronology says something")
		}
		if list, err := w.Sharing.Waiting(t.Context(), w.Actor(t, casestest.Nurse), "", 10); err != nil || len(list) != 0 {
			t.Errorf("%d wait, %v", len(list), err)
		}
		steps, err := w.Referrals.Steps(t.Context(), own)
		must(t, err)
		if len(steps) != 1 || steps[0].Share != "" || steps[0].Stage != referral.EngagedStage {
			t.Errorf("%+v", steps)
		}
	})
}

func TestOfTwoWhoRecordAStageTheSecondIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, _, own := w.taken(t)
		colleague := w.fileOf(t, casestest.Colleague, own.ID())
		n := referral.NewStep{Stage: referral.ContactStage}
		must(t, w.Referrals.Step(t.Context(), own, n))
		if err := w.Referrals.Step(t.Context(), colleague, referral.NewStep{Stage: referral.WaitingStage, Cause: referral.TheirWish}); !errors.Is(err, store.ErrConflict) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAStageNeedsItsReason(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, _, own := w.taken(t)
		for _, n := range []referral.NewStep{
			{}, {Stage: referral.WaitingStage}, {Stage: referral.WaitingStage, Cause: referral.Finished}, {Stage: referral.EndedStage}, {Stage: referral.ContactStage, Cause: referral.Finished}, {Stage: referral.PassedStage},
		} {
			if _, ok := forms.AsErrors(w.Referrals.Step(t.Context(), own, n)); !ok {
				t.Errorf("%+v was taken", n)
			}
		}
		if err := w.Referrals.Step(t.Context(), f, referral.NewStep{Stage: referral.ContactStage}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a file that began with no referral: %v", err)
		}
	})
}

// third is a service of a third agency that takes referrals.
func (w *world) third(t *testing.T) sharing.Recipient {
	t.Helper()
	a, err := w.Directory.AddAgency(t.Context(), casestest.Operator, directory.NewAgency{Code: "third", Name: "Fictional Third Service", Sector: directory.OtherVoluntary})
	must(t, err)
	team, err := w.Directory.AddTeam(t.Context(), casestest.Operator, directory.NewTeam{Agency: a.ID, Code: "outreach", Name: "Outreach", TakesReferrals: true})
	must(t, err)
	return sharing.Recipient{Agency: string(a.ID), Team: string(team.ID)}
}

// Passing a referral on is a referral of its own; the first sender sees where it
// went if the person agrees, and nothing where they do not.
//
// Proves: B6.2
func TestAReferralIsPassedOn(t *testing.T) {
	for name, agrees := range map[string]bool{"they agree": true, "they do not": false} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				f, id, own := w.taken(t)
				n := w.newReferral()
				n.Share = decision(w.third(t))
				n.PassesOn, n.Tell = true, true
				if !agrees {
					n.Share.Views.Asked, n.Share.Grounds = sharing.Opposes, sharing.Grounds{SeriousRisk: true}
				}
				on, err := w.Referrals.Send(t.Context(), own, n)
				must(t, err)
				passed, err := w.Referrals.Get(t.Context(), own, on)
				must(t, err)
				if passed.PassesOn != id || passed.State != referral.Sent {
					t.Errorf("%+v", passed)
				}
				r, err := w.Referrals.Get(t.Context(), f, id)
				must(t, err)
				if want := map[bool]referral.State{true: referral.PassedOn, false: referral.Accepted}[agrees]; r.State != want {
					t.Errorf("the first sender sees %s, want %s", r.State, want)
				}
				if agrees {
					p := w.receive(t, casestest.Nurse, r.Feedback)
					if got := p.Content().Item(sharing.NewsItem); got != "Passed on to Outreach, Fictional Third Service" {
						t.Errorf("they read %q", got)
					}
				}
				if _, err := w.Referrals.Send(t.Context(), own, n); !errors.Is(err, store.ErrConflict) {
					t.Errorf("passed on twice: %v", err)
				}
				n.PassesOn = true
				if _, err := w.Referrals.Send(t.Context(), f, n); err == nil {
					t.Error("a file that began with no referral passed one on")
				}
			})
		})
	}
}

// After it was declined the person can be referred again; the packet says so.
func TestReferringAgainPointsToTheEarlierOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id, share := w.send(t)
		n := w.newReferral()
		n.Follows = id
		if _, err := w.Referrals.Send(t.Context(), f, n); err == nil {
			t.Fatal("it follows one that is still open")
		}
		p := w.receive(t, casestest.IDVA, share)
		must(t, w.Referrals.Acknowledge(t.Context(), p))
		must(t, w.Referrals.Decline(t.Context(), p, referral.Capacity, "Next place in May"))
		again, err := w.Referrals.Send(t.Context(), f, n)
		must(t, err)
		r, err := w.Referrals.Get(t.Context(), f, again)
		must(t, err)
		why := w.receive(t, casestest.IDVA, r.Share).Content().Item(sharing.WhyItem)
		if r.Follows != id || !strings.Contains(why, "They were referred before, on ") || !strings.Contains(why, "We have no capacity") || strings.Contains(why, "May") {
			t.Errorf("follows %s, %q", r.Follows, why)
		}
		all, err := w.Referrals.OfFile(t.Context(), f)
		must(t, err)
		if after := referral.After(all); len(after) != 1 || after[0].ID != id {
			t.Errorf("%+v", after)
		}
	})
}

func (w *world) facts(t *testing.T, kind string) []string {
	t.Helper()
	var out []string
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT CAST(dimensions AS text) FROM fact WHERE kind = $1 ORDER BY id`, kind)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var d string
			if err := rows.Scan(&d); err != nil {
				return err
			}
			out = append(out, strings.ReplaceAll(d, " ", ""))
		}
		return rows.Err()
	}))
	return out
}

// Offers, answers with their reasons, "not safe to ask" and decisions are facts;
// where nobody could be asked, nothing was offered.
//
// Proves: B9.2
func TestAnswersAndDecisionsAreCounted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		offer := func(a referral.Answer, why referral.Why) referral.ID {
			id, err := w.Referrals.Offer(t.Context(), f, referral.NewOffer{Subject: referral.Experiencing, To: w.advocates(), Answer: a, Why: why})
			must(t, err)
			return id
		}
		for a, why := range map[referral.Answer]referral.Why{referral.NotSafe: referral.NoWhy, referral.Wants: referral.TooSoon, referral.NotNow: referral.Accompanied} {
			_, err := w.Referrals.Offer(t.Context(), f, referral.NewOffer{Subject: referral.Experiencing, To: w.advocates(), Answer: a, Why: why})
			if errs, ok := forms.AsErrors(err); !ok || !errs.Has("why") {
				t.Errorf("%s, %q: %v", a, why, err)
			}
		}
		offer(referral.NotNow, referral.OfServices)
		unsafe := offer(referral.NotSafe, referral.Accompanied)
		if made := w.facts(t, "offer.made"); len(made) != 1 {
			t.Errorf("%d offers", len(made))
		}
		if got := w.state(t, f, unsafe); got != referral.NotAsked {
			t.Errorf("it is %s", got)
		}
		// That it was not safe stays on record: asked later, it is an offer of its own.
		if err := w.Referrals.AnswerOffer(t.Context(), f, unsafe, 1, referral.Wants, ""); !errors.Is(err, store.ErrConflict) || w.state(t, f, unsafe) != referral.NotAsked {
			t.Errorf("%v, it is %s", err, w.state(t, f, unsafe))
		}
		again, err := w.Referrals.Offer(t.Context(), f, referral.NewOffer{Subject: referral.Experiencing, To: w.advocates(), Answer: referral.Wants, After: unsafe})
		must(t, err)
		if _, err := w.Referrals.Offer(t.Context(), f, referral.NewOffer{Subject: referral.Experiencing, To: w.advocates(), Answer: referral.Wants, After: again}); !errors.Is(err, store.ErrConflict) {
			t.Errorf("after what was offered: %v", err)
		}
		if made := w.facts(t, "offer.made"); len(made) != 2 {
			t.Errorf("%d offers, after they could be asked", len(made))
		}
		answered := strings.Join(w.facts(t, "offer.answered"), "\n")
		for _, want := range []string{`"answer":"not_now"`, `"reason":"fears_services"`, `"answer":"not_safe"`, `"reason":"accompanied"`, `"answer":"wants"`} {
			if !strings.Contains(answered, want) {
				t.Errorf("%s is not in\n%s", want, answered)
			}
		}
		_, _, share := w.send(t)
		p := w.receive(t, casestest.IDVA, share)
		must(t, w.Referrals.Acknowledge(t.Context(), p))
		must(t, w.Referrals.Decline(t.Context(), p, referral.Capacity, ""))
		w.taken(t)
		decided := strings.Join(w.facts(t, "referral.decided"), "\n")
		for _, want := range []string{`"outcome":"declined"`, `"reason":"capacity"`, `"outcome":"accepted"`} {
			if !strings.Contains(decided, want) {
				t.Errorf("%s is not in\n%s", want, decided)
			}
		}
	})
}

// Whatever both sides do, in whatever order and with pages of whatever age: the
// referrer sees a state that the table leads to, never one that was not told,
// and a decision stands.
func TestAnyOrderOfActionsKeepsToTheTable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := newWorld(t, db, clock)
		rapid.Check(t, func(r *rapid.T) {
			w.Clock.Advance(time.Hour)
			f, id, share := w.send(t)
			packets := []*sharing.Packet{w.receive(t, casestest.IDVA, share), w.receive(t, casestest.Colleague, share)}
			var own *cases.File
			want, told := referral.Sent, referral.Sent // where it is, and what the referrer may see
			for range rapid.IntRange(1, 12).Draw(r, "actions") {
				p := packets[rapid.IntRange(0, 1).Draw(r, "by")]
				event := referral.Event("")
				var err error
				tell := true
				switch rapid.IntRange(0, 6).Draw(r, "what") {
				case 0:
					event, err = referral.Acknowledge, w.Referrals.Acknowledge(t.Context(), p)
				case 1:
					var made *cases.File
					event = referral.AcceptIt
					if made, err = w.Referrals.Accept(t.Context(), p, ""); err == nil {
						own = made
					}
				case 2:
					event, err = referral.DeclineIt, w.Referrals.Decline(t.Context(), p, referral.Capacity, "")
				case 3:
					now, readErr := w.Referrals.Get(t.Context(), f, id)
					must(t, readErr)
					event, err = referral.WithdrawIt, w.Referrals.Withdraw(t.Context(), f, id, now.Version, "sent twice")
				default:
					if own == nil {
						continue
					}
					stage := rapid.SampledFrom(referral.Stages()).Draw(r, "stage")
					tell = rapid.Bool().Draw(r, "tell")
					n := referral.NewStep{Stage: stage, After: w.last(t, own), Tell: tell, Share: decision(sharing.Recipient{})}
					if causes := referral.Causes(stage); len(causes) > 0 {
						n.Cause = causes[0]
					}
					event = map[referral.Stage]referral.Event{
						referral.WaitingStage: referral.PutOnList, referral.ContactStage: referral.MakeContact, referral.EngagedStage: referral.Engage, referral.EndedStage: referral.EndIt,
					}[stage]
					err = w.Referrals.Step(t.Context(), own, n)
				}
				var already *sharing.AlreadyAcknowledged
				if err != nil {
					if !errors.Is(err, store.ErrConflict) && !errors.Is(err, store.ErrNotFound) && !errors.As(err, &already) {
						r.Fatal(err)
					}
					continue
				}
				next, err := want.Next(event)
				if err != nil {
					r.Fatalf("%s was taken while it was %s", event, want)
				}
				if want = next; tell {
					told = next
				}
			}
			if got := w.state(t, f, id); got != told {
				r.Fatalf("the referrer sees %s, want %s", got, told)
			}
		})
	})
}
