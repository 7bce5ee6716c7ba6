package sharing_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

func (w *world) urgent(t *testing.T) (*cases.File, sharing.ID) {
	t.Helper()
	f := w.Begin(t, w.Actor(t, casestest.Nurse))
	n := w.whole()
	n.Urgent = true
	id, err := w.send(t, f, n)
	must(t, err)
	return f, id
}

// asked are the shares that somebody is asked about, by stage.
func (w *world) asked(t *testing.T, who string) []sharing.Stage {
	t.Helper()
	list, err := w.Sharing.Unanswered(t.Context(), w.Actor(t, who))
	if _, denied := policy.IsDenied(err); err != nil && !denied {
		t.Fatal(err)
	}
	var out []sharing.Stage
	for _, u := range list {
		out = append(out, u.Stage)
	}
	return out
}

func (w *world) home(t *testing.T) []sharing.Stage {
	t.Helper()
	list, err := w.Sharing.Urgent(t.Context(), w.Actor(t, casestest.Nurse))
	must(t, err)
	var out []sharing.Stage
	for _, u := range list {
		out = append(out, u.Stage)
	}
	return out
}

func is(t *testing.T, what string, got []sharing.Stage, want ...sharing.Stage) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

// An urgent share that nobody acknowledges reminds the team, then a manager is
// asked, then the key contact; the sender sees it until a person acknowledges.
// Proves: B6.31
func TestNobodyAcknowledgingIsEscalated(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, id := w.urgent(t)
		is(t, "at once, the sender sees", w.home(t), sharing.InTime)
		is(t, "and the manager is not asked", w.asked(t, casestest.HavenManager))
		w.Clock.Advance(31 * time.Minute)
		is(t, "after half an hour", w.home(t), sharing.Reminded)
		rows, err := w.Sharing.Waiting(t.Context(), w.Actor(t, casestest.IDVA), "", 5)
		must(t, err)
		if len(rows) != 1 || !rows[0].Reminded || !rows[0].Urgent {
			t.Errorf("the team is not reminded: %+v", rows)
		}
		w.Clock.Advance(30 * time.Minute)
		is(t, "after an hour", w.home(t), sharing.WithManager)
		is(t, "the manager", w.asked(t, casestest.HavenManager), sharing.WithManager)
		is(t, "the key contact", w.asked(t, casestest.HavenContact))
		w.Clock.Advance(time.Hour)
		is(t, "after two hours", w.home(t), sharing.WithContact)
		is(t, "the manager goes on", w.asked(t, casestest.HavenManager), sharing.WithContact)
		is(t, "the key contact", w.asked(t, casestest.HavenContact), sharing.WithContact)
		for _, who := range []string{casestest.IDVA, casestest.TrustManager, casestest.KeyContact, casestest.Nurse, casestest.Robot} {
			is(t, who+" is not asked", w.asked(t, who))
		}
		// Being asked opens nothing: the packet is for its addressees.
		for _, who := range []string{casestest.HavenManager, casestest.HavenContact} {
			if _, err := w.receive(t, who, id); err == nil {
				t.Errorf("%s reads the packet", who)
			}
		}
		p, err := w.receive(t, casestest.IDVA, id)
		must(t, err)
		must(t, w.Sharing.Acknowledge(t.Context(), p, nil))
		is(t, "once a person acknowledged it", w.home(t))
		is(t, "nobody is asked", w.asked(t, casestest.HavenContact))
	})
}

// Whoever is tied to the person is passed over, and the next is asked at once.
// Proves: B6.31
func TestTheTiedArePassedOver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		tie := cases.NewTie{Relation: cases.Friend, Person: people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27"}}
		_, id := w.urgent(t)
		must(t, w.Cases.Declare(t.Context(), w.Actor(t, casestest.HavenManager), tie))
		w.Clock.Advance(61 * time.Minute)
		is(t, "the tied manager", w.asked(t, casestest.HavenManager))
		is(t, "the key contact, sooner", w.asked(t, casestest.HavenContact), sharing.WithContact)
		if err := w.Sharing.Chase(t.Context(), w.Actor(t, casestest.HavenManager), id, "I called them"); err == nil {
			t.Error("the tied manager saw to it")
		}
		must(t, w.Cases.Declare(t.Context(), w.Actor(t, casestest.HavenContact), tie))
		is(t, "the tied key contact", w.asked(t, casestest.HavenContact))
		is(t, "and the sender hears that nobody can be asked", w.home(t), sharing.WithNobody)
	})
}

// Seeing to it is told to the sender by name, and acknowledges nothing.
// Proves: B6.31
func TestSeeingToItAcknowledgesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id := w.urgent(t)
		w.Clock.Advance(61 * time.Minute)
		if errs, ok := forms.AsErrors(w.Sharing.Chase(t.Context(), w.Actor(t, casestest.HavenManager), id, " ")); !ok || !errs.Has("words") {
			t.Error("seen to without a word")
		}
		for _, who := range []string{casestest.TrustManager, casestest.HavenContact, casestest.IDVA} {
			err := w.Sharing.Chase(t.Context(), w.Actor(t, who), id, "x")
			if denied, ok := policy.IsDenied(err); !ok || denied.Known {
				t.Errorf("%s: %v", who, err)
			}
		}
		must(t, w.Sharing.Chase(t.Context(), w.Actor(t, casestest.HavenManager), id, "Lena reads it on the train"))
		var events []cases.Event
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			events, err = w.Cases.Latest(ctx, tx, f, cases.ShareChased, 5)
			return err
		}))
		if len(events) != 1 || events[0].Text != "Fictional havenmanager: Lena reads it on the train" {
			t.Errorf("the sender reads %+v", events)
		}
		is(t, "it still waits", w.home(t), sharing.WithManager)
		list, err := w.Sharing.Unanswered(t.Context(), w.Actor(t, casestest.HavenManager))
		must(t, err)
		if len(list) != 1 || list[0].ChasedBy != w.Actor(t, casestest.HavenManager).Account {
			t.Errorf("%+v", list)
		}
		p, err := w.receive(t, casestest.IDVA, id)
		must(t, err)
		must(t, w.Sharing.Acknowledge(t.Context(), p, nil))
		if err := w.Sharing.Chase(t.Context(), w.Actor(t, casestest.HavenManager), id, "x"); err == nil {
			t.Error("seen to after it was answered")
		}
	})
}

// The clock never goes back, passes over the tied and asks nobody outside.
// Proves: B6.31
func TestWhoseTurnItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sent := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		at := func(name string, after int) int { return rapid.IntRange(after, after+5).Draw(t, name) }
		remind := at("remind", 0)
		manager := at("manager", remind)
		contact := at("contact", manager)
		hours := func(n int) time.Time { return sent.Add(time.Duration(n) * time.Hour) }
		s := sharing.Share{ID: "s", To: sharing.Recipient{Agency: "a", Team: "t"}, SentAt: sent, ExpiresAt: sent.AddDate(1, 0, 0), RemindAt: hours(remind), ManagerAt: hours(manager), ContactAt: hours(contact)}
		var staff []sharing.Responsible
		var tied []string
		for _, name := range []string{"m", "n", "k", "l"} {
			r := sharing.Responsible{Account: name, Manager: rapid.Bool().Draw(t, name+" manages"), Contact: rapid.Bool().Draw(t, name+" advises")}
			if rapid.Bool().Draw(t, name+" in the team") {
				r.Teams = []string{"t"}
			}
			if rapid.Bool().Draw(t, name+" tied") {
				tied = append(tied, name)
			}
			staff = append(staff, r)
		}
		order := []sharing.Stage{sharing.InTime, sharing.Reminded, sharing.WithManager, sharing.WithContact, sharing.WithNobody}
		last := 0
		for h := range 20 {
			turn := sharing.TurnOf(s, hours(h), staff, tied)
			now := slices.Index(order, turn.Stage)
			if now < last {
				t.Fatalf("after %d hours it went back from %s to %s", h, order[last], turn.Stage)
			}
			last = now
			if asks := turn.Stage == sharing.WithManager || turn.Stage == sharing.WithContact; asks != (len(turn.Accounts) > 0) || asks && h < manager {
				t.Fatalf("after %d hours: %+v", h, turn)
			}
			for _, account := range turn.Accounts {
				i := slices.IndexFunc(staff, func(r sharing.Responsible) bool { return r.Account == account })
				if i < 0 || slices.Contains(tied, account) || !staff[i].Manager && !staff[i].Contact {
					t.Fatalf("%s is asked", account)
				}
			}
			free := slices.ContainsFunc(staff, func(r sharing.Responsible) bool { return (r.Manager || r.Contact) && !slices.Contains(tied, r.Account) })
			if h >= manager && free == (turn.Stage == sharing.WithNobody) {
				t.Fatalf("somebody is free: %v, and it is %s", free, turn.Stage)
			}
		}
		s.AcknowledgedAt = hours(1)
		if turn := sharing.TurnOf(s, hours(19), staff, tied); turn.Stage != sharing.InTime || turn.Accounts != nil {
			t.Fatalf("acknowledged, and %+v", turn)
		}
	})
}

// What is not urgent is asked about on working days.
func TestAnOrdinaryShareIsEscalatedOnWorkingDays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, id := w.sent(t)
		for range 6 * 24 {
			w.Clock.Advance(time.Hour)
			if len(w.asked(t, casestest.HavenManager)) > 0 {
				break
			}
		}
		list, err := w.Sharing.Unanswered(t.Context(), w.Actor(t, casestest.HavenManager))
		must(t, err)
		if len(list) != 1 || list[0].ID != id {
			t.Fatalf("%+v", list)
		}
		if days := w.Clock.Now().Sub(list[0].Sent).Hours() / 24; days < 1.5 || days > 5 || w.Clock.Now().Weekday() == time.Saturday || w.Clock.Now().Weekday() == time.Sunday {
			t.Errorf("asked after %.1f days, on a %s", days, w.Clock.Now().Weekday())
		}
		is(t, "what is not urgent is not on the first page", w.home(t))
	})
}

// However many wait, the first page and the list take the same few statements.
func TestTheClockTakesFewStatements(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		count := func() (home, asked int) {
			ctx, n := store.CountQueries(t.Context())
			if _, err := w.Sharing.Urgent(ctx, w.Actor(t, casestest.Nurse)); err != nil {
				t.Fatal(err)
			}
			home = n.N()
			ctx, n = store.CountQueries(t.Context())
			if _, err := w.Sharing.Unanswered(ctx, w.Actor(t, casestest.HavenManager)); err != nil {
				t.Fatal(err)
			}
			return home, n.N()
		}
		w.urgent(t)
		w.Clock.Advance(2 * time.Hour)
		home, asked := count()
		for range 12 {
			w.urgent(t)
		}
		w.Clock.Advance(2 * time.Hour)
		if h, a := count(); h > home+2 || a > asked+2 { // the ledger names more shares
			t.Errorf("the first page %d and %d, the list %d and %d", home, h, asked, a)
		}
	})
}

// Proves: B6.20, B6.28
func TestAdviceIsAskedAndAnsweredAndStopsNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		if _, err := w.Sharing.AskAdvice(ctx, f, "", " "); err == nil {
			t.Error("asked nothing")
		}
		id, err := w.Sharing.AskAdvice(ctx, f, string(w.Haven.ID), "MARK question")
		must(t, err)
		for _, to := range []string{"somewhere else", f.Agency()} {
			_, err := w.Sharing.AskAdvice(ctx, f, to, "About nobody")
			if errs, ok := forms.AsErrors(err); !ok || !errs.Has("about") {
				t.Errorf("about %s: %v", to, err)
			}
		}
		third, err := w.Directory.AddAgency(ctx, casestest.Operator, directory.NewAgency{Code: "third", Name: "Fictional Third Service", Sector: directory.OtherVoluntary})
		must(t, err)
		other, err := w.Sharing.AskAdvice(ctx, f, string(third.ID), "About another agency")
		must(t, err)
		contact := w.Actor(t, casestest.KeyContact)
		list, err := w.Sharing.AdviceWanted(ctx, contact)
		must(t, err)
		if len(list) != 2 || list[0].ID != id || list[0].Number != f.Number() || list[0].Question != "" {
			t.Fatalf("%+v", list)
		}
		now := w.whole()
		now.ActNow = true
		share, err := w.send(t, f, now) // asking does not keep anybody from acting
		must(t, err)
		a, err := w.Sharing.Advice(ctx, contact, id)
		must(t, err)
		if a.Question != "MARK question" || a.Share != share {
			t.Errorf("%+v", a)
		}
		for who, actor := range map[string]policy.Actor{
			"the nurse": w.Actor(t, casestest.Nurse), "another agency's": w.Actor(t, casestest.HavenContact), "a manager": w.Actor(t, casestest.TrustManager),
		} {
			_, err := w.Sharing.Advice(ctx, actor, id)
			if denied, ok := policy.IsDenied(err); !ok || denied.Known {
				t.Errorf("%s: %v", who, err)
			}
			if err := w.Sharing.Advise(ctx, actor, id, sharing.SayShare, "x"); err == nil {
				t.Errorf("%s answered", who)
			}
		}
		if errs, ok := forms.AsErrors(w.Sharing.Advise(ctx, contact, id, "", "")); !ok || !errs.Has("says") || !errs.Has("answer") {
			t.Error("answered without a word")
		}
		must(t, w.Sharing.Advise(ctx, contact, id, sharing.SayLess, "MARK answer"))
		if err := w.Sharing.Advise(ctx, contact, id, sharing.SayNot, "again"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("answered twice: %v", err)
		}
		on, err := w.Sharing.AdviceOn(ctx, f)
		must(t, err)
		if len(on) != 2 || on[1].Says != sharing.SayLess || on[1].Answer != "MARK answer" || on[1].Adviser != contact.Name || on[0].ID != other || on[0].Share != "" {
			t.Errorf("%+v", on)
		}
		tasks, err := w.Cases.Inbox(ctx, w.Actor(t, casestest.Nurse), "", cases.Task{}, 10)
		must(t, err)
		if !slices.ContainsFunc(tasks, func(task cases.Task) bool { return task.Kind == cases.ReadAdvice }) {
			t.Errorf("nobody tells who asked: %+v", tasks)
		}
		story, err := w.Sharing.Story(ctx, f, share)
		must(t, err)
		if len(story.Advice) != 1 || story.Advice[0].Answer != "MARK answer" {
			t.Errorf("the share does not keep it: %+v", story.Advice)
		}
		p, err := w.receive(t, casestest.IDVA, share)
		must(t, err)
		for _, i := range p.Content().Items {
			if strings.Contains(i.Text, "MARK") {
				t.Error("the receiver reads the advice")
			}
		}
		for _, table := range []string{"share_advice", "event"} {
			if strings.Contains(w.dump(t, table), "MARK") {
				t.Errorf("%s can be read", table)
			}
		}
		pieces, _, err := w.pieces(t, f)
		must(t, err)
		if !slices.ContainsFunc(pieces, func(p cases.Piece) bool {
			return slices.Contains(p.Lines, "MARK question") && slices.Contains(p.Lines, "MARK answer")
		}) {
			t.Error("the person's copy has no advice")
		}
	})
}

// A key contact who asked, or is tied, does not answer.
func TestWhoAskedOrIsTiedDoesNotAdvise(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		id, err := w.Sharing.AskAdvice(t.Context(), f, "", "May I?")
		must(t, err)
		own := w.Actor(t, casestest.KeyContact)
		own.Account = w.Actor(t, casestest.Nurse).Account
		if err := w.Sharing.Advise(t.Context(), own, id, sharing.SayShare, "x"); err == nil {
			t.Error("who asked answered")
		}
		contact := w.Actor(t, casestest.KeyContact)
		must(t, w.Cases.Declare(t.Context(), contact, cases.NewTie{Relation: cases.Friend, Person: people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27"}}))
		if list, err := w.Sharing.AdviceWanted(t.Context(), contact); err != nil || len(list) != 0 {
			t.Errorf("who is tied lists %d (%v)", len(list), err)
		}
		if err := w.Sharing.Advise(t.Context(), contact, id, sharing.SayShare, "x"); err == nil {
			t.Error("who is tied answered")
		}
	})
}
