package interchange_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

func failing(interchange.Parcel) (interchange.Verdict, string) {
	return interchange.Failed, "not-reached"
}

// inUse switches the advocates' endpoint on or off.
func (w *world) inUse(t testing.TB, active bool) {
	t.Helper()
	_, e, err := w.Interchange.MayConfigure(t.Context(), w.Admin, w.Advocates.ID)
	must(t, err)
	e.Active = active
	must(t, w.Interchange.Configure(t.Context(), w.Admin, e))
}

func (w *world) outbox(t testing.TB) []interchange.Outgoing {
	t.Helper()
	rows, err := w.Interchange.Outbox(t.Context(), w.Admin)
	must(t, err)
	return rows
}

// kept is how many messages are kept with what they say.
func (w *world) kept(t testing.TB) (n int) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM interchange_outbox WHERE kind = 'new' AND length(body) > 0`).Scan(&n)
	}))
	return n
}

// What was tried and then withdrawn does not leave any more, whether or not the
// endpoint is in use. Its withdrawal goes as soon as it is.
func TestWhatWasTriedAndWithdrawnDoesNotLeave(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.reached(t, interchange.Endpoint{})
		f, r := w.send(t, w.newReferral())
		p := post{answer: failing}
		w.carry(t, &p)
		w.inUse(t, false)
		must(t, w.Referrals.Withdraw(t.Context(), f, r.ID, r.Version, "She changed her mind"))
		if n := w.kept(t); n != 0 {
			t.Errorf("%d messages are kept with what they say", n)
		}
		p = post{}
		w.Clock.Advance(time.Hour)
		w.carry(t, &p)
		if len(p.got) != 0 {
			t.Fatal("it left although the endpoint is not in use")
		}
		w.inUse(t, true)
		w.carry(t, &p)
		if len(p.got) != 1 || !bytes.Contains(p.got[0].Body, []byte(`"revoked"`)) || bytes.Contains(p.got[0].Body, []byte("advocate")) {
			t.Fatalf("%d messages left, and one withdrawal was wanted", len(p.got))
		}
	})
}

// What is withdrawn while it is on its way is followed by its withdrawal, and not
// overtaken by it.
func TestWhatIsWithdrawnOnItsWayIsFollowed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.reached(t, interchange.Endpoint{})
		f, r := w.send(t, w.newReferral())
		p, inner := post{}, post{}
		p.answer = func(interchange.Parcel) (interchange.Verdict, string) {
			must(t, w.Referrals.Withdraw(t.Context(), f, r.ID, r.Version, "She changed her mind"))
			w.carry(t, &inner)
			return interchange.Failed, "too-slow"
		}
		w.carry(t, &p)
		if len(inner.got) != 0 {
			t.Error("the withdrawal overtook what it takes back")
		}
		p.answer = nil
		w.Clock.Advance(time.Hour)
		w.carry(t, &p)
		if len(p.got) != 2 || !bytes.Contains(p.got[1].Body, []byte(`"revoked"`)) {
			t.Fatalf("%d messages", len(p.got))
		}
		if w.hasTask(t, f, cases.TellAnotherWay) {
			t.Error("somebody is asked to tell what was withdrawn")
		}
	})
}

// What is withdrawn in the database although its message waits, as it could be
// before, does not leave either.
func TestAWithdrawnShareHoldsItsMessageBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.reached(t, interchange.Endpoint{})
		_, r := w.send(t, w.newReferral())
		must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE share SET withdrawn_at = $1 WHERE id = $2`, tx.Now(), string(r.Share))
			return err
		}))
		var p post
		w.carry(t, &p)
		if len(p.got) != 0 || w.kept(t) != 0 || w.outbox(t)[0].State != interchange.Dropped {
			t.Errorf("%d left; the outbox says %+v", len(p.got), w.outbox(t))
		}
	})
}

// What has expired does not leave, and the sender hears that it did not.
func TestWhatHasExpiredDoesNotLeave(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.reached(t, interchange.Endpoint{})
		f, _ := w.send(t, w.newReferral())
		w.inUse(t, false)
		w.Clock.Advance(400 * 24 * time.Hour)
		var p post
		w.carry(t, &p)
		w.inUse(t, true)
		w.carry(t, &p)
		if len(p.got) != 0 || w.kept(t) != 0 || w.outbox(t)[0].State != interchange.Expired {
			t.Errorf("%d left; the outbox says %+v", len(p.got), w.outbox(t))
		}
		if !slices.Contains(w.kinds(t, f), cases.MessageHeldUp) {
			t.Error("the sender does not hear that it did not leave")
		}
	})
}

// A message that cannot be read here is set aside after some tries. Those behind it
// leave, its sender is told, and it can be tried again.
func TestAMessageThatCannotBeReadIsSetAside(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.reached(t, interchange.Endpoint{})
		f, r := w.send(t, w.newReferral())
		var whole []byte
		spoil := func(body []byte) {
			must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				if err := tx.QueryRowContext(ctx, `SELECT body FROM interchange_outbox WHERE share_id = $1`, string(r.Share)).Scan(&whole); err != nil {
					return err
				}
				_, err := tx.ExecContext(ctx, `UPDATE interchange_outbox SET body = $1 WHERE share_id = $2`, body, string(r.Share))
				return err
			}))
		}
		spoil([]byte("spoilt"))
		kept := slices.Clone(whole)
		w.Clock.Advance(time.Second)
		other, next := w.send(t, w.newReferral())
		var p post
		told := 0
		for range 12 {
			if _, err := w.Interchange.CarryOut(t.Context(), &p); err != nil {
				told++
			}
			w.Clock.Advance(20 * time.Minute)
		}
		if len(p.got) != 1 || !bytes.Contains(p.got[0].Body, []byte(next.Share)) {
			t.Fatalf("%d left", len(p.got))
		}
		if told == 0 || told > 6 {
			t.Errorf("whoever runs it was told %d times", told)
		}
		rows := w.outbox(t)
		if rows[1].State != interchange.Aside || !w.hasTask(t, f, cases.TellAnotherWay) || w.hasTask(t, other, cases.TellAnotherWay) {
			t.Errorf("the outbox says %+v", rows)
		}
		spoil(kept)
		must(t, w.Interchange.TryAgain(t.Context(), w.Admin, rows[1].ID))
		w.carry(t, &p)
		if len(p.got) != 2 || !bytes.Contains(p.got[1].Body, []byte(r.Share)) {
			t.Errorf("%d left after it was put right", len(p.got))
		}
	})
}

// Who waits behind a message that does not get through is told, too.
func TestThoseBehindAreTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.reached(t, interchange.Endpoint{})
		first, _ := w.send(t, w.newReferral())
		w.Clock.Advance(time.Second)
		second, _ := w.send(t, w.newReferral())
		p := post{answer: failing}
		for range 8 {
			w.carry(t, &p)
			w.Clock.Advance(time.Hour)
		}
		for _, f := range []*cases.File{first, second} {
			held := 0
			for _, kind := range w.kinds(t, f) {
				if kind == cases.MessageHeldUp {
					held++
				}
			}
			if held != 1 || !w.hasTask(t, f, cases.TellAnotherWay) {
				t.Errorf("told %d times", held)
			}
		}
	})
}

// Messages do not go elsewhere on the word of somebody who does not know the secret.
func TestAnotherAddressNeedsTheSecretAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.reached(t, interchange.Endpoint{})
		_, e, err := w.Interchange.MayConfigure(t.Context(), w.Admin, w.Advocates.ID)
		must(t, err)
		e.Address = "https://attacker.example/fhir"
		errs, is := forms.AsErrors(w.Interchange.Configure(t.Context(), w.Admin, e))
		if !is || !errs.Has("secret") {
			t.Errorf("%v", errs)
		}
	})
}

// What becomes of a referral that a program brought is a task of the team that
// holds its case: a program has no inbox.
func TestNewsOfAProgramsReferralGoToItsTeam(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.receive(t, w.written(t, func(m *interchange.Message) {
			m.Share.Views.Informed, m.Share.Views.NotTold, m.Share.Views.TellOn = sharing.Unsafe, "He is there", w.Clock.Now().AddDate(0, 1, 0).Format(time.DateOnly)
			m.Share.Grounds.SeriousRisk = true
		}))
		must(t, err)
		p, err := w.Sharing.Receive(t.Context(), w.Actor(t, casestest.IDVA), w.inbox(t)[0].ID)
		must(t, err)
		must(t, w.Referrals.Acknowledge(t.Context(), p))
		p, err = w.Sharing.Receive(t.Context(), w.Actor(t, casestest.IDVA), p.Share().ID)
		must(t, err)
		must(t, w.Referrals.Decline(t.Context(), p, referral.Capacity, "We are full this month"))
		nurse := w.Actor(t, casestest.Nurse) // of the team
		f, err := w.Cases.Open(t.Context(), nurse, p.Share().File, cases.Care)
		must(t, err)
		var tasks []cases.Task
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			tasks, err = w.Cases.Tasks(ctx, tx, f)
			return err
		}))
		var kinds []cases.TaskKind
		for _, task := range tasks {
			kinds = append(kinds, task.Kind)
			if task.Team != string(w.Midwives.ID) || task.Account != "" {
				t.Errorf("%s is for %q, %q", task.Kind, task.Team, task.Account)
			}
		}
		if !slices.Contains(kinds, cases.ReferElsewhere) || !slices.Contains(kinds, cases.ReviewUnsafeTel) {
			t.Errorf("the tasks are %v", kinds)
		}
	})
}

// What a program sent urgently and nobody acknowledged stands before those of its
// team, and before nobody else.
//
// Proves: B6.31
func TestAProgramsUrgentReferralIsWatchedByItsTeam(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.receive(t, w.written(t, func(m *interchange.Message) { m.Urgent, m.Share.Urgent = true, true }))
		must(t, err)
		seen := func(who string) int {
			list, err := w.Sharing.Urgent(t.Context(), w.Actor(t, who))
			must(t, err)
			return len(list)
		}
		if n := seen(casestest.Nurse); n != 1 {
			t.Errorf("the team sees %d", n)
		}
		for _, who := range []string{casestest.Midwife, casestest.IDVA} {
			if n := seen(who); n != 0 {
				t.Errorf("%s sees %d", who, n)
			}
		}
		p, err := w.Sharing.Receive(t.Context(), w.Actor(t, casestest.IDVA), w.inbox(t)[0].ID)
		must(t, err)
		must(t, w.Referrals.Acknowledge(t.Context(), p))
		if n := seen(casestest.Nurse); n != 0 {
			t.Errorf("after it was acknowledged the team sees %d", n)
		}
	})
}

// Messages with ids of their own that bring the same referral at once bring it once.
func TestAReferralInTwoMessagesAtOnceArrivesOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var wg sync.WaitGroup
		faults := make([]error, 6)
		for i := range faults {
			body := w.written(t, func(m *interchange.Message) { m.ID = fmt.Sprintf("0190b0b0-2222-7000-8000-00000000010%d", i) })
			wg.Go(func() { _, faults[i] = w.receive(t, body) })
		}
		wg.Wait()
		taken := 0
		for _, err := range faults {
			r, is := interchange.AsRefusal(err)
			if err == nil {
				taken++
			} else if !is || r.Status != 409 {
				t.Error(err)
			}
		}
		if n := len(w.inbox(t)); n != 1 || taken != 1 {
			t.Errorf("%d in the inbox, %d taken", n, taken)
		}
		// The database itself sees to it.
		err := w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO interchange_received (agency_id, message_id, bundle_id, request_id, mark, answer_id, file_id, share_id, received_at, received_by)
				SELECT agency_id, 'another', bundle_id, request_id, mark, answer_id, file_id, '', received_at, received_by FROM interchange_received`)
			return err
		})
		if err == nil {
			t.Error("the referral is there twice")
		}
	})
}

// A program takes back what it brought, and nobody else's. The team sees that it
// was, and not what it said. It is done once, however often it comes, and not once
// somebody has decided. What was brought is not changed.
func TestAProgramTakesBackWhatItBrought(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.receive(t, w.written(t, nil))
		must(t, err)
		id := w.inbox(t)[0].ID
		revoked := func(message, request string) []byte {
			return w.written(t, func(m *interchange.Message) { m.Kind, m.ID, m.Request = interchange.KindRevoked, message, request })
		}
		const brought = "0190b0b0-2222-7000-8000-000000000002"
		refused := func(name string, err error, status int, at string) {
			t.Helper()
			r, is := interchange.AsRefusal(err)
			if !is || r.Status != status || r.Issues[0].At != at {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err = w.receive(t, revoked("0190b0b0-2222-7000-8000-000000000011", "0190b0b0-2222-7000-8000-000000000099"))
		refused("one that never came", err, 422, "MessageHeader.focus")
		other := w.add(t, "another.program", w.Trust, policy.Service, w.Midwives.ID, policy.Practitioner)
		other.Only = w.Program.Only
		_, err = w.Interchange.Receive(t.Context(), other, interchange.Incoming{MediaType: interchange.MediaType, Body: revoked("0190b0b0-2222-7000-8000-000000000012", brought)})
		refused("another program", err, 422, "MessageHeader.focus")
		change := bytes.Replace(w.written(t, func(m *interchange.Message) { m.ID = "0190b0b0-2222-7000-8000-000000000013" }), []byte(`"code":"new"`), []byte(`"code":"update"`), 1)
		_, err = w.receive(t, change)
		refused("a change", err, 422, "MessageHeader.reason")
		if len(w.inbox(t)) != 1 {
			t.Fatal("it is not there any more")
		}
		back := revoked("0190b0b0-2222-7000-8000-000000000014", brought)
		answer, err := w.receive(t, back)
		must(t, err)
		isFHIR(t, "Bundle", answer)
		again, err := w.receive(t, back)
		must(t, err)
		if !bytes.Equal(answer, again) || !strings.Contains(string(answer), "is withdrawn") {
			t.Errorf("%s\n%s", answer, again)
		}
		idva := w.Actor(t, casestest.IDVA)
		rows, err := w.Sharing.Inbox(t.Context(), idva, sharing.WithdrawnBox, "", 10)
		must(t, err)
		if len(w.inbox(t)) != 0 || len(rows) != 1 || rows[0].ID != id {
			t.Errorf("withdrawn: %+v", rows)
		}
		if _, err := w.Sharing.Receive(t.Context(), idva, id); err == nil {
			t.Error("what it said is read all the same")
		}
		list, _, err := w.Interchange.Standings(t.Context(), w.Program, interchange.Question{Status: []string{"cancelled"}})
		must(t, err)
		if len(list) != 1 {
			t.Errorf("%d are cancelled", len(list))
		}
		_, err = w.receive(t, revoked("0190b0b0-2222-7000-8000-000000000015", brought))
		refused("again", err, 409, "ServiceRequest.status")

		_, err = w.receive(t, w.written(t, func(m *interchange.Message) {
			m.ID, m.Request = "0190b0b0-2222-7000-8000-000000000021", "0190b0b0-2222-7000-8000-000000000022"
		}))
		must(t, err)
		p, err := w.Sharing.Receive(t.Context(), idva, w.inbox(t)[0].ID)
		must(t, err)
		must(t, w.Referrals.Acknowledge(t.Context(), p))
		p, err = w.Sharing.Receive(t.Context(), idva, p.Share().ID)
		must(t, err)
		_, err = w.Referrals.Accept(t.Context(), p, string(w.Advocates.ID))
		must(t, err)
		_, err = w.receive(t, revoked("0190b0b0-2222-7000-8000-000000000023", "0190b0b0-2222-7000-8000-000000000022"))
		refused("decided", err, 409, "ServiceRequest.status")
	})
}
