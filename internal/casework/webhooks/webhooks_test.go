package webhooks_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/casework/webhooks"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/directory"
)

// world has a program of the midwives, who refer, and one of the advocates, to whom
// they refer. Admin administers the trust.
type world struct {
	*casestest.World

	shares    *sharing.Service
	referrals *referral.Service
	hooks     *webhooks.Service

	sender, receiver, admin policy.Actor
}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{World: casestest.New(t, db, clock, sharing.Rules(), referral.Rules(), interchange.Rules(), webhooks.Rules())}
	w.shares = sharing.New(db, w.Guard, w.Cases, sharing.Config{})
	w.referrals = referral.New(db, w.Guard, w.Cases, w.shares, w.Registry)
	w.hooks = webhooks.New(db, w.Guard, w.Cases, w.shares, webhooks.Config{Site: "https://waymark.example", Member: directory.AtWork{Levels: w.Training}.AtWork})
	w.sender = w.add(t, "records", w.Trust, policy.Service, w.Midwives.ID, policy.Practitioner)
	w.receiver = w.add(t, "caseload", w.Haven, policy.Service, w.Advocates.ID, policy.Practitioner)
	w.admin = w.add(t, "admin", w.Trust, policy.Human, "", policy.Administrator)
	return w
}

func (w *world) add(t *testing.T, name string, agency directory.Agency, kind policy.Kind, team directory.TeamID, role policy.Role) policy.Actor {
	t.Helper()
	n := directory.NewUser{Agency: agency.ID, Username: name + ".fictional", Name: "Fictional " + name, Kind: kind, Roles: []policy.Role{role}}
	actor := policy.Actor{Kind: kind, Name: n.Name, Agency: string(agency.ID), Roles: n.Roles}
	if team != "" {
		n.Teams, actor.Teams = []directory.TeamID{team}, []string{string(team)}
	}
	if kind == policy.Service {
		actor.Only = []policy.Action{interchange.ActFollow, webhooks.ActSubscribe}
	}
	added, err := w.Directory.AddUser(t.Context(), casestest.Operator, n)
	must(t, err)
	actor.Account = added.Account.ID
	return actor
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { fn(t, newWorld(t, db, clock)) })
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) listens(t *testing.T, who policy.Actor, address string) (webhooks.Subscription, string) {
	t.Helper()
	s, secret, err := w.hooks.Subscribe(t.Context(), who, webhooks.NewSubscription{Program: who.Account, Address: address, Events: webhooks.Events()})
	must(t, err)
	return s, secret
}

func (w *world) decision(to sharing.Recipient) sharing.NewShare {
	return sharing.NewShare{
		To: to, Protects: "Maya and her baby", Harm: "threats at home", Basis: sharing.PublicTask, Rationale: "They need this much.",
		Views: sharing.Views{Asked: sharing.Agrees, Words: "I would like that", Present: "nobody else", Informed: sharing.Told},
	}
}

func (w *world) send(t *testing.T) (*cases.File, sharing.ID) {
	t.Helper()
	f := w.Begin(t, w.Actor(t, casestest.Nurse))
	id, err := w.referrals.Send(t.Context(), f, referral.NewReferral{
		Subject: referral.Experiencing, Share: w.decision(sharing.Recipient{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)}),
		Why: "She asked for an advocate", Said: "He reads all my messages", Safety: "Safe at her sister's tonight", Contact: "Text only",
	})
	must(t, err)
	r, err := w.referrals.Get(t.Context(), f, id)
	must(t, err)
	return f, r.Share
}

func (w *world) packet(t *testing.T, id sharing.ID) *sharing.Packet {
	t.Helper()
	p, err := w.shares.Receive(t.Context(), w.Actor(t, casestest.IDVA), id)
	must(t, err)
	return p
}

// system is where programs listen.
type system struct {
	down bool
	gone bool
	got  []webhooks.Parcel
}

func (s *system) Take(_ context.Context, p webhooks.Parcel) (webhooks.Verdict, string) {
	if s.gone {
		return webhooks.Gone, "http 410"
	}
	s.got = append(s.got, p)
	if s.down {
		return webhooks.Failed, "http 503"
	}
	return webhooks.Took, "ok"
}

func (w *world) carry(t *testing.T, s *system) []webhooks.Parcel {
	t.Helper()
	s.got = nil
	for {
		n, err := w.hooks.CarryOut(t.Context(), s)
		must(t, err)
		if n == 0 {
			return s.got
		}
	}
}

// kinds are what was told, by address.
func kinds(t *testing.T, got []webhooks.Parcel) map[string][]webhooks.Event {
	t.Helper()
	out := map[string][]webhooks.Event{}
	for _, p := range got {
		var b webhooks.Body
		must(t, json.Unmarshal(p.Body, &b))
		out[p.Address] = append(out[p.Address], b.Type)
	}
	return out
}

// signed checks a signature as a receiver does who has read Standard Webhooks 1.0.0.
func signed(t *testing.T, p webhooks.Parcel, secret string) bool {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	must(t, err)
	if !strings.HasPrefix(secret, "whsec_") || len(key) < 24 || len(key) > 64 {
		t.Fatal("the secret is not one of the standard")
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(p.ID + "." + p.Timestamp + "."))
	mac.Write(p.Body)
	return slices.Contains(strings.Split(p.Signature, " "), "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// The signature is that of the standard's own example.
func TestASignatureIsThatOfTheStandard(t *testing.T) {
	got, err := webhooks.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil || got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("%q, %v", got, err)
	}
}

// Each thing that happens to a referral is told to the programs of both sides, with
// an id, its kind, the time and a link, and nothing of what.
func TestAProgramIsToldThatSomethingHappenedAndNotWhat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, ours := w.listens(t, w.sender, "https://sender.example/hooks")
		_, theirs := w.listens(t, w.receiver, "https://receiver.example/hooks")
		s := &system{}
		_, share := w.send(t)
		tell := func(event webhooks.Event, both bool) {
			t.Helper()
			got := w.carry(t, s)
			want := map[string][]webhooks.Event{"https://receiver.example/hooks": {event}}
			if both {
				want["https://sender.example/hooks"] = []webhooks.Event{event}
			}
			if told := kinds(t, got); !maps.EqualFunc(told, want, slices.Equal) {
				t.Fatalf("after %s: %v", event, told)
			}
			for _, p := range got {
				var doc map[string]string
				must(t, json.Unmarshal(p.Body, &doc))
				if keys := slices.Sorted(maps.Keys(doc)); !slices.Equal(keys, []string{"id", "link", "timestamp", "type"}) {
					t.Errorf("it says %v", keys)
				}
				if doc["id"] != p.ID || doc["link"] != "https://waymark.example/api/v1/referrals/"+string(share) {
					t.Errorf("%v", doc)
				}
				secret := theirs
				if strings.Contains(p.Address, "sender") {
					secret = ours
				}
				if !signed(t, p, secret) {
					t.Error("it is not signed with the secret of its own")
				}
			}
		}
		tell(webhooks.Received, false)
		must(t, w.referrals.Acknowledge(t.Context(), w.packet(t, share)))
		tell(webhooks.Acknowledged, true)
		own, err := w.referrals.Accept(t.Context(), w.packet(t, share), string(w.Advocates.ID))
		must(t, err)
		tell(webhooks.Decided, true)
		step := func(stage referral.Stage, tell bool) {
			t.Helper()
			last, err := w.referrals.Steps(t.Context(), own)
			must(t, err)
			n := referral.NewStep{Stage: stage, Tell: tell}
			if len(last) > 0 {
				n.After = last[0].ID
			}
			if tell {
				n.Share = w.decision(sharing.Recipient{})
			}
			must(t, w.referrals.Step(t.Context(), own, n))
		}
		step(referral.ContactStage, true)
		tell(webhooks.Stage, true)
		// What is not told to the sender is told to no program.
		step(referral.EngagedStage, false)
		if got := w.carry(t, s); len(got) != 0 {
			t.Errorf("a step that nobody was told of is told to %v", kinds(t, got))
		}
		f, second := w.send(t)
		w.carry(t, s)
		must(t, w.shares.Withdraw(t.Context(), f, second, "not needed"))
		got := w.carry(t, s)
		if len(got) == 0 || kinds(t, got)["https://receiver.example/hooks"][0] != webhooks.Withdrawn {
			t.Errorf("after it was withdrawn: %v", kinds(t, got))
		}
		_, third := w.send(t)
		w.carry(t, s)
		must(t, w.referrals.Acknowledge(t.Context(), w.packet(t, third)))
		must(t, w.referrals.Decline(t.Context(), w.packet(t, third), referral.Reasons()[0], "We are full"))
		told := kinds(t, w.carry(t, s))["https://sender.example/hooks"]
		if !slices.Equal(told, []webhooks.Event{webhooks.Acknowledged, webhooks.Decided}) {
			t.Errorf("after it was declined: %v", told)
		}
	})
}

// A program hears of what it may ask about by the rule of interchange: not of other
// teams', nor of what it did not subscribe to, nor after it left the team.
func TestAProgramHearsOfNoMoreThanItMayAsk(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		stranger := w.add(t, "other", w.Trust, policy.Service, "", policy.Practitioner)
		w.listens(t, stranger, "https://other.example/hooks")
		_, _, err := w.hooks.Subscribe(t.Context(), w.receiver, webhooks.NewSubscription{Address: "https://receiver.example/hooks", Events: []webhooks.Event{webhooks.Withdrawn}})
		must(t, err)
		_, share := w.send(t)
		must(t, w.referrals.Acknowledge(t.Context(), w.packet(t, share)))
		if got := w.carry(t, &system{}); len(got) != 0 {
			t.Errorf("told: %v", kinds(t, got))
		}
	})
}

// What is undone is not told.
func TestWhatDidNotHappenIsNotTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.listens(t, w.receiver, "https://receiver.example/hooks")
		boom := errors.New("boom")
		w.shares.Follow(func(context.Context, *store.Tx, sharing.Moment) error { return boom })
		_, share := w.send(t)
		s := &system{}
		w.carry(t, s)
		if err := w.referrals.Acknowledge(t.Context(), w.packet(t, share)); !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if got := w.carry(t, s); len(got) != 0 {
			t.Errorf("told: %v", kinds(t, got))
		}
	})
}

// A program that is down is told later, under the same id and signed anew; it is
// tried less and less often, and after the last try no more until somebody says so.
func TestAProgramThatIsDownIsToldLaterOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sub, secret := w.listens(t, w.receiver, "https://receiver.example/hooks")
		_, _ = w.send(t)
		s := &system{down: true}
		first := w.carry(t, s)
		if len(first) != 1 || len(w.carry(t, s)) != 0 {
			t.Fatal("it is tried once, and not again at once")
		}
		w.Clock.Advance(time.Minute)
		s.down = false
		again := w.carry(t, s)
		if len(again) != 1 || again[0].ID != first[0].ID || string(again[0].Body) != string(first[0].Body) || again[0].Timestamp == first[0].Timestamp || !signed(t, again[0], secret) {
			t.Fatalf("%+v", again)
		}
		w.Clock.Advance(24 * time.Hour)
		if len(w.carry(t, s)) != 0 {
			t.Error("what was taken is told again")
		}

		_, _ = w.send(t)
		s.down = true
		tries, since := 0, w.Clock.Now()
		for range 400 {
			tries += len(w.carry(t, s))
			w.Clock.Advance(10 * time.Minute)
			if got, err := w.hooks.Get(t.Context(), w.receiver, sub.ID); err == nil && !got.Active {
				break
			}
		}
		got, log, err := w.hooks.Log(t.Context(), w.receiver, sub.ID)
		must(t, err)
		if tries != 12 || got.Active || got.Why != "failing" || log[0].State != webhooks.GivenUp || len(log[0].Tries) != 12 {
			t.Errorf("%d tries, then %+v", tries, got)
		}
		if d := w.Clock.Now().Sub(since); d < 24*time.Hour || d > 72*time.Hour {
			t.Errorf("it was given up after %s", d)
		}
		havenAdmin := w.add(t, "haven.admin", w.Haven, policy.Human, "", policy.Administrator)
		if n, err := w.hooks.Stopped(t.Context(), havenAdmin); err != nil || n != 1 {
			t.Errorf("the administrator is told of %d, %v", n, err)
		}
		_, _ = w.send(t) // what happens meanwhile waits
		s.down = false
		if len(w.carry(t, s)) != 0 {
			t.Error("it is told though it is paused")
		}
		must(t, w.hooks.Resume(t.Context(), havenAdmin, sub.ID, got.Version))
		must(t, w.hooks.Again(t.Context(), havenAdmin, sub.ID, log[0].ID))
		told := w.carry(t, s)
		if len(told) != 2 || !slices.ContainsFunc(told, func(p webhooks.Parcel) bool { return p.ID == log[0].ID }) {
			t.Errorf("%d are told", len(told))
		}
		s.gone = true
		must(t, w.hooks.Ping(t.Context(), havenAdmin, sub.ID))
		w.carry(t, s)
		if got, err := w.hooks.Get(t.Context(), havenAdmin, sub.ID); err != nil || got.Active || got.Why != "gone" {
			t.Errorf("after 410: %+v, %v", got, err)
		}
	})
}

// For a day after a secret was renewed both sign; then the new one alone. No secret
// is in the database as it is.
func TestARenewedSecretAndTheOldOneSignForADay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sub, old := w.listens(t, w.sender, "https://sender.example/hooks")
		fresh, until, err := w.hooks.Rotate(t.Context(), w.admin, sub.ID, sub.Version)
		must(t, err)
		if fresh == old || until.Sub(w.Clock.Now()) != 24*time.Hour {
			t.Fatal("the secret is not renewed for a day")
		}
		if _, _, err := w.hooks.Rotate(t.Context(), w.admin, sub.ID, sub.Version); !errors.Is(err, store.ErrConflict) {
			t.Errorf("of two who renew it the second gets %v", err)
		}
		s := &system{}
		for _, c := range []struct {
			after time.Duration
			old   bool
		}{{0, true}, {25 * time.Hour, false}} {
			w.Clock.Advance(c.after)
			must(t, w.hooks.Ping(t.Context(), w.sender, sub.ID))
			got := w.carry(t, s)
			if len(got) != 1 || !signed(t, got[0], fresh) || signed(t, got[0], old) != c.old {
				t.Errorf("after %s: %+v", c.after, got)
			}
		}
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			var a, b []byte
			err := tx.QueryRowContext(ctx, `SELECT secret, old_secret FROM webhook WHERE id = $1`, sub.ID).Scan(&a, &b)
			for _, kept := range [][]byte{a, b} {
				if strings.Contains(string(kept), "whsec_") || len(kept) == 0 {
					t.Error("a secret is kept as it is, or not at all")
				}
			}
			return err
		}))
	})
}

// A subscription is looked after by its program and the administrators of its agency.
// To everybody else it is not there.
func TestASubscriptionIsItsAgencysAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sub, _ := w.listens(t, w.sender, "https://sender.example/hooks")
		colleague := w.add(t, "second", w.Trust, policy.Service, w.Midwives.ID, policy.Practitioner)
		for name, who := range map[string]policy.Actor{
			"another agency's program": w.receiver, "another program": colleague, "another agency's administrator": w.add(t, "haven.admin", w.Haven, policy.Human, "", policy.Administrator),
			"a worker": w.Actor(t, casestest.Nurse),
		} {
			_, getErr := w.hooks.Get(t.Context(), who, sub.ID)
			_, _, rotateErr := w.hooks.Rotate(t.Context(), who, sub.ID, sub.Version)
			for what, err := range map[string]error{
				"get": getErr, "rotate": rotateErr, "remove": w.hooks.Remove(t.Context(), who, sub.ID), "ping": w.hooks.Ping(t.Context(), who, sub.ID),
				"pause": w.hooks.Pause(t.Context(), who, sub.ID, sub.Version), "again": w.hooks.Again(t.Context(), who, sub.ID, sub.ID),
			} {
				if denied, is := policy.IsDenied(err); !is || denied.Known {
					t.Errorf("%s of %s: %v", what, name, err)
				}
			}
			if list, err := w.hooks.List(t.Context(), who); err == nil && len(list) != 0 {
				t.Errorf("%s sees %d", name, len(list))
			}
		}
		if _, err := w.hooks.Get(t.Context(), w.admin, "0190b0b0-9999-7000-8000-000000000000"); !isDenied(err) {
			t.Errorf("one that nobody made is judged otherwise than somebody else's: %v", err)
		}
		// An administrator adds one for a program of the agency, and for no other.
		_, _, err := w.hooks.Subscribe(t.Context(), w.admin, webhooks.NewSubscription{Program: w.receiver.Account, Address: "https://x.example", Events: webhooks.Events()})
		if errs, is := forms.AsErrors(err); !is || !errs.Has("program") {
			t.Errorf("for another agency's program: %v", err)
		}
		must(t, w.hooks.Remove(t.Context(), w.admin, sub.ID))
		if list, err := w.hooks.List(t.Context(), w.sender); err != nil || len(list) != 0 {
			t.Errorf("%d, %v", len(list), err)
		}
	})
}

func isDenied(err error) bool {
	denied, is := policy.IsDenied(err)
	return is && !denied.Known
}

func TestASubscriptionIsCheckedBeforeItIsKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for address, field := range map[string]string{
			"": "address", "http://records.example/hooks": "address", "https://me:secret@records.example": "address", "https://records.example/#x": "address",
			"ftp://records.example": "address", "https://": "address", "https://records.example/" + strings.Repeat("x", 500): "address", "https://records.example": "events",
		} {
			n := webhooks.NewSubscription{Address: address, Events: webhooks.Events()}
			if field == "events" {
				n.Events = []webhooks.Event{"case.read"}
			}
			_, _, err := w.hooks.Subscribe(t.Context(), w.sender, n)
			if errs, is := forms.AsErrors(err); !is || !errs.Has(field) {
				t.Errorf("%q: %v", address, err)
			}
		}
		w.listens(t, w.sender, "https://records.example")
		_, _, err := w.hooks.Subscribe(t.Context(), w.sender, webhooks.NewSubscription{Address: "https://records.example", Events: webhooks.Events()})
		if !errors.Is(err, webhooks.ErrSame) {
			t.Errorf("twice at one address: %v", err)
		}
		for n := range 9 {
			w.listens(t, w.sender, "https://records.example/"+string(rune('a'+n)))
		}
		_, _, err = w.hooks.Subscribe(t.Context(), w.sender, webhooks.NewSubscription{Address: "https://records.example/z", Events: webhooks.Events()})
		if !errors.Is(err, webhooks.ErrMany) {
			t.Errorf("an eleventh: %v", err)
		}
	})
}

// What was told is with the file it is about, goes with it, and is forgotten after
// thirty days.
func TestWhatWasToldIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sub, _ := w.listens(t, w.sender, "https://sender.example/hooks")
		theirs, _ := w.listens(t, w.receiver, "https://receiver.example/hooks")
		f, share := w.send(t)
		must(t, w.referrals.Acknowledge(t.Context(), w.packet(t, share)))
		w.carry(t, &system{})
		must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			pieces, _, err := w.hooks.Pieces(ctx, tx, f)
			if err != nil {
				return err
			}
			if len(pieces) != 1 || pieces[0].Lines[0] != "A person acknowledged it: Taken" {
				t.Errorf("%+v", pieces)
			}
			n, err := w.hooks.Destroy(ctx, tx, f)
			if err == nil && n["notices to programs"] != 3 {
				t.Errorf("%v", n)
			}
			return err
		}))
		must(t, w.hooks.Ping(t.Context(), w.sender, sub.ID))
		w.carry(t, &system{})
		w.Clock.Advance(31 * 24 * time.Hour)
		w.carry(t, &system{})
		for who, id := range map[*policy.Actor]string{&w.sender: sub.ID, &w.receiver: theirs.ID} {
			if _, log, err := w.hooks.Log(t.Context(), *who, id); err != nil || len(log) != 0 {
				t.Errorf("%+v, %v", log, err)
			}
		}
	})
}
