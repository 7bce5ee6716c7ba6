package interchange_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

// A referral to a team that is reached by messages is in the outbox as soon as it
// is sent, and says what the packet says.
func TestAReferralLeavesAsAMessage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, before := w.send(t, w.newReferral())
		w.reached(t, interchange.Endpoint{})
		f, r := w.send(t, w.newReferral())
		var p post
		w.carry(t, &p)
		if len(p.got) != 1 {
			t.Fatalf("%d messages left; one referral was sent before the team was reached so", len(p.got))
		}
		isFHIR(t, "Bundle", p.got[0].Body)
		if strings.Contains(string(p.got[0].Body), string(before.Share)) || !strings.Contains(string(p.got[0].Body), string(r.Share)) {
			t.Error("it is another referral")
		}
		if !slices.Contains(w.kinds(t, f), cases.MessageTaken) || slices.Contains(w.kinds(t, f), cases.Acknowledged) {
			t.Errorf("the case says %v", w.kinds(t, f))
		}
		if n := len(w.inbox(t)); n != 2 {
			t.Errorf("%d in the inbox here", n)
		}
		// What was said is not kept in the outbox any more.
		var left int
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM interchange_outbox WHERE length(body) > 0`).Scan(&left)
		}))
		if left != 0 {
			t.Errorf("%d messages are kept with their words", left)
		}
	})
}

// Nothing of an address, of a way that is confidential, or of a compartment is in
// a message, as nothing of them is in the packet.
func TestAMessageHasNothingThatThePacketHasNot(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.reached(t, interchange.Endpoint{})
		nurse := w.Actor(t, casestest.Nurse)
		f := w.Begin(t, nurse)
		secret := []string{"Hidden House", "ZZ99 3VZ", "07700 900461", "blue umbrella"}
		must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			p, err := w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
			if err != nil {
				return err
			}
			return w.People.RecordSafeContact(ctx, tx, f.Permit(), p, people.ContactForm{Version: p.Version, CodeWord: secret[3], Ways: []people.Way{
				{Channel: people.Post, Detail: secret[0] + " " + secret[1], Allowed: people.No}, {Channel: people.Mobile, Detail: secret[2], Allowed: people.No},
			}})
		}))
		_, err := w.Referrals.Send(t.Context(), f, w.newReferral())
		must(t, err)
		var p post
		w.carry(t, &p)
		for _, s := range secret {
			if strings.Contains(string(p.got[0].Body), s) {
				t.Errorf("%q left", s)
			}
		}
		var doc struct {
			Entry []struct{ Resource map[string]any }
		}
		must(t, json.Unmarshal(p.got[0].Body, &doc))
		for _, e := range doc.Entry {
			if e.Resource["resourceType"] == "Patient" && (e.Resource["telecom"] != nil || e.Resource["address"] != nil) {
				t.Error("the person has an address")
			}
			if e.Resource["resourceType"] == "Flag" {
				t.Error("a flag left, and where it is shown there is not known")
			}
		}
	})
}

// A receiver that is down gets everything later, in order, and each once.
func TestAReceiverThatIsDownGetsThemLaterInOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.reached(t, interchange.Endpoint{})
		p := post{answer: func(interchange.Parcel) (interchange.Verdict, string) { return interchange.Failed, "not-reached" }}
		var want []string
		var files []*cases.File
		for range 4 {
			f, r := w.send(t, w.newReferral())
			want, files = append(want, string(r.Share)), append(files, f)
			w.Clock.Advance(time.Second)
		}
		for range 30 { // tried, and tried again ever more rarely
			w.carry(t, &p)
			w.Clock.Advance(20 * time.Minute)
		}
		if n := len(p.got); n < 8 || n > 25 {
			t.Errorf("it was tried %d times in ten hours", n)
		}
		for _, got := range p.got {
			if !bytes.Contains(got.Body, []byte(want[0])) {
				t.Error("a later message was tried before the first got through")
			}
		}
		if !w.hasTask(t, files[0], cases.TellAnotherWay) || !slices.Contains(w.kinds(t, files[0]), cases.MessageHeldUp) {
			t.Error("the sender is not told that it does not get through")
		}
		// The program is started again: what waits is in the database.
		w.Interchange = interchange.New(w.DB, w.Guard, cases.New(w.DB, w.Guard, w.People), w.Sharing, w.Referrals, interchange.Config{})
		first := p.got[0].Body
		p.got, p.answer = nil, nil
		w.Clock.Advance(2 * time.Hour)
		w.carry(t, &p)
		var got []string
		for _, g := range p.got {
			for _, share := range want {
				if bytes.Contains(g.Body, []byte(share)) {
					got = append(got, share)
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if !bytes.Equal(first, p.got[0].Body) {
			t.Error("the message is another one when it is sent again")
		}
	})
}

// A message that is refused is not sent again, does not hold the others up, and
// the sender is asked to tell the team another way.
func TestARefusedMessageHoldsNobodyUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.reached(t, interchange.Endpoint{})
		f, r := w.send(t, w.newReferral())
		w.Clock.Advance(time.Second)
		other, _ := w.send(t, w.newReferral())
		p := post{answer: func(g interchange.Parcel) (interchange.Verdict, string) {
			if bytes.Contains(g.Body, []byte(r.Share)) {
				return interchange.Declined, "http 422"
			}
			return interchange.Took, "ok"
		}}
		w.carry(t, &p)
		if len(p.got) != 2 || !w.hasTask(t, f, cases.TellAnotherWay) || w.hasTask(t, other, cases.TellAnotherWay) {
			t.Errorf("%d tries", len(p.got))
		}
		rows, err := w.Interchange.Outbox(t.Context(), w.Admin)
		must(t, err)
		if len(rows) != 2 || rows[1].State != interchange.Refused || rows[0].State != interchange.Taken {
			t.Errorf("the outbox says %+v", rows)
		}
	})
}

// What was withdrawn before it left does not leave. What may have left is followed
// by its withdrawal, which says nothing about the person.
func TestAWithdrawalFollowsTheReferral(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.reached(t, interchange.Endpoint{})
		f, r := w.send(t, w.newReferral())
		must(t, w.Referrals.Withdraw(t.Context(), f, r.ID, r.Version, "She changed her mind"))
		var p post
		w.carry(t, &p)
		if len(p.got) != 0 {
			t.Fatal("it left although it was withdrawn")
		}
		f, r = w.send(t, w.newReferral())
		w.carry(t, &p)
		must(t, w.Referrals.Withdraw(t.Context(), f, r.ID, r.Version, "She changed her mind"))
		w.carry(t, &p)
		if len(p.got) != 2 {
			t.Fatalf("%d messages", len(p.got))
		}
		last := string(p.got[1].Body)
		isFHIR(t, "Bundle", p.got[1].Body)
		if !strings.Contains(last, `"revoked"`) || !strings.Contains(last, string(r.Share)) || strings.Contains(last, "advocate") || strings.Contains(last, "changed her mind") {
			t.Error(last)
		}
	})
}

// While somebody has a message in hand nobody else takes it, and what they left
// undone is taken up later.
func TestAMessageIsInOneHand(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.reached(t, interchange.Endpoint{})
		w.send(t, w.newReferral())
		inner := &post{}
		p := &post{}
		p.answer = func(interchange.Parcel) (interchange.Verdict, string) {
			_, err := w.Interchange.CarryOut(context.Background(), inner)
			must(t, err)
			return interchange.Took, "ok"
		}
		w.carry(t, p)
		if len(inner.got) != 0 || len(p.got) != 1 {
			t.Errorf("%d and %d", len(inner.got), len(p.got))
		}
	})
}

// What a program brought goes no further, or two systems would send it round and
// round.
func TestWhatCameAsAMessageIsNotCarriedOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.reached(t, interchange.Endpoint{})
		_, err := w.receive(t, w.written(t, nil))
		must(t, err)
		var p post
		w.carry(t, &p)
		if len(p.got) != 0 {
			t.Error("it was carried on")
		}
	})
}

// An endpoint is somewhere on the Internet, and its secret goes nowhere else.
func TestAnEndpointIsCheckedBeforeItIsKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		good := interchange.Endpoint{Team: w.Advocates.ID, Address: "https://elsewhere.example/fhir", TokenAddress: "https://elsewhere.example/token", ClientID: "us", Secret: "hidden", Active: true}
		for field, change := range map[string]func(*interchange.Endpoint){
			"address": func(e *interchange.Endpoint) { e.Address = "http://elsewhere.example/fhir" }, "token_address": func(e *interchange.Endpoint) { e.TokenAddress = "file:///etc/passwd" },
			"client_id": func(e *interchange.Endpoint) { e.ClientID = " " }, "secret": func(e *interchange.Endpoint) { e.Secret = "" },
			"known_value": func(e *interchange.Endpoint) { e.KnownSystem = "x" },
		} {
			e := good
			change(&e)
			errs, is := forms.AsErrors(w.Interchange.Configure(t.Context(), w.Admin, e))
			if !is || !errs.Has(field) {
				t.Errorf("%s: %v", field, errs)
			}
		}
		for _, address := range []string{"https://name:word@elsewhere.example/", "http://10.0.0.1/", "http://localhost/", "//elsewhere.example/", "https:///x"} {
			e := good
			e.Address = address
			if err := w.Interchange.Configure(t.Context(), w.Admin, e); err == nil {
				t.Errorf("%s was kept", address)
			}
		}
		must(t, w.Interchange.Configure(t.Context(), w.Admin, good))
		kept := good
		kept.Secret, kept.Version, kept.Scope = "", 1, "deliver"
		must(t, w.Interchange.Configure(t.Context(), w.Admin, kept))
		moved := kept
		moved.Version, moved.TokenAddress = 2, "https://attacker.example/token"
		if err := w.Interchange.Configure(t.Context(), w.Admin, moved); err == nil {
			t.Error("the secret goes to another system")
		}
		if strings.Contains(fmt.Sprintf("%v %+v", good, good), "hidden") {
			t.Error("the secret is printed")
		}
		if _, _, err := w.Interchange.MayConfigure(t.Context(), w.Actor(t, casestest.TrustAdmin), w.Advocates.ID); err == nil {
			t.Error("another agency's administrator sees it")
		}
	})
}

// A random referral says after its way out of one place and into another exactly
// what it said before, and arrives once.
func TestARandomReferralArrivesAsItWasSent(t *testing.T) {
	clock := storetest.NewClock()
	here, there := newWorld(t, storetest.Open(t, store.SQLite, clock.Now), clock), newWorld(t, storetest.Open(t, store.SQLite, clock.Now), clock)
	here.reached(t, interchange.Endpoint{KnownSystem: "urn:ietf:rfc:3986", KnownValue: "urn:uuid:" + string(there.Advocates.ID)})
	words := rapid.Custom(func(t *rapid.T) string {
		s := rapid.StringOfN(rapid.OneOf(rapid.RuneFrom([]rune("abc <>&\"'{}\\/\n\té–中😀  \u00a0\u2028")), rapid.Rune()), 1, 60, 400).Draw(t, "words")
		s = strings.Map(func(c rune) rune {
			if c < ' ' && c != '\n' && c != '\t' || c >= 0x7f && c < 0xa0 {
				return -1
			}
			return c
		}, s)
		return strings.TrimSpace("x" + s + "y")
	})
	rapid.Check(t, func(rt *rapid.T) {
		maybe := rapid.OneOf(rapid.Just(""), words)
		text := func(name string) string { return words.Draw(rt, name) }
		n := referral.NewReferral{
			Subject: rapid.SampledFrom(referral.Subjects()).Draw(rt, "subject"), Why: text("why"), Said: maybe.Draw(rt, "said"), Safety: maybe.Draw(rt, "safety"),
			Contact: maybe.Draw(rt, "contact"), Risk: maybe.Draw(rt, "risk"), Needs: maybe.Draw(rt, "needs"), Children: maybe.Draw(rt, "children"),
		}
		n.Share = sharing.NewShare{
			To: here.decision().To, Protects: text("protects"), Harm: text("harm"), Basis: rapid.SampledFrom(sharing.Bases()).Draw(rt, "basis"), Rationale: text("rationale"),
			Views:   sharing.Views{Asked: rapid.SampledFrom(sharing.Answers()).Draw(rt, "asked"), Words: maybe.Draw(rt, "words"), Present: text("present"), Why: text("why not"), Informed: rapid.SampledFrom(sharing.InformedWays()).Draw(rt, "informed")},
			Grounds: sharing.Grounds{SeriousRisk: true, ChildAtRisk: rapid.Bool().Draw(rt, "child"), Other: rapid.Bool().Draw(rt, "other")},
			ActNow:  rapid.Bool().Draw(rt, "now"),
		}
		if n.Share.Views.Informed == sharing.Unsafe {
			n.Share.Views.NotTold, n.Share.Views.TellOn = text("not told"), clock.Now().AddDate(0, 1, 0).Format(time.DateOnly)
		}
		person := people.Details{
			GivenName: maybe.Draw(rt, "given"), FamilyName: maybe.Draw(rt, "family"), KnownAs: maybe.Draw(rt, "known as"), Gender: maybe.Draw(rt, "gender"),
			Language: maybe.Draw(rt, "language"), AccessNeeds: maybe.Draw(rt, "needs"), Born: rapid.SampledFrom([]string{"", "1990", "1990-02", "1990-02-03"}).Draw(rt, "born"),
		}
		if n.Check(clock.Now()).Any() || person.Check().Any() {
			rt.Skip("too long for a page")
		}
		f, err := here.Cases.Begin(context.Background(), here.Actor(t, casestest.Nurse), cases.NewFile{Person: person, Kind: cases.Light, Origin: cases.OwnContact, Team: string(here.Midwives.ID)})
		if err != nil {
			rt.Fatal(err)
		}
		id, err := here.Referrals.Send(context.Background(), f, n)
		if err != nil {
			rt.Fatal(err)
		}
		r, err := here.Referrals.Get(context.Background(), f, id)
		if err != nil {
			rt.Fatal(err)
		}
		sent, err := here.Sharing.Copy(context.Background(), f, r.Share)
		if err != nil {
			rt.Fatal(err)
		}
		var got []byte
		p := post{answer: func(g interchange.Parcel) (interchange.Verdict, string) {
			for range 2 { // the answer to the first gets lost
				if _, err := there.receive(t, g.Body); err != nil {
					rt.Fatal(err)
				}
			}
			got = g.Body
			return interchange.Took, "ok"
		}}
		before := len(there.inbox(t))
		here.carry(t, &p)
		isFHIR(t, "Bundle", got)
		rows := there.inbox(t)
		if len(rows) != before+1 {
			rt.Fatalf("%d more in the inbox", len(rows)-before)
		}
		idva := there.Actor(t, casestest.IDVA)
		packet, err := there.Sharing.Receive(context.Background(), idva, rows[len(rows)-1].ID)
		if err != nil {
			rt.Fatal(err)
		}
		want, have := sent.Content, packet.Content()
		want.Sender += ", by message"
		if diff := cmp.Diff(want, have); diff != "" {
			rt.Fatal(diff)
		}
		a, b := sent.Share, packet.Share()
		if a.Basis != b.Basis || a.Asked != b.Asked || a.Informed != b.Informed || a.Grounds != b.Grounds || a.ActedNow != b.ActedNow || a.TellOn != b.TellOn {
			rt.Fatalf("the envelope: %+v and %+v", a, b)
		}
		about, err := there.Referrals.Of(context.Background(), packet)
		if err != nil || about.Subject != n.Subject {
			rt.Fatalf("%+v, %v", about, err)
		}
		if err := there.Referrals.Acknowledge(context.Background(), packet); err != nil {
			rt.Fatal(err)
		}
	})
}

// What travels says that it is to be kept out of what the person can open online,
// in its title and in its metadata.
//
// Proves: B6.26
func TestWhatTravelsIsToBeHiddenOnline(t *testing.T) {
	raw, err := interchange.Write(interchange.Message{ID: "0190b0b0-1111-7000-8000-000000000001", Request: "0190b0b0-1111-7000-8000-000000000002", Kind: interchange.KindNew, Subject: referral.Experiencing})
	if err != nil {
		t.Fatal(err)
	}
	var b struct {
		Meta  struct{ Security []struct{ Code string } }
		Entry []struct {
			Resource struct {
				ResourceType string
				Meta         struct{ Security []struct{ Code string } }
				Category     []struct{ Text string }
			}
		}
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		t.Fatal(err)
	}
	labelled := map[string]bool{}
	for _, e := range b.Entry {
		for _, s := range e.Resource.Meta.Security {
			labelled[e.Resource.ResourceType] = labelled[e.Resource.ResourceType] || s.Code == "NOPAT"
		}
		if e.Resource.ResourceType == "ServiceRequest" && !strings.HasPrefix(e.Resource.Category[0].Text, "Hide from online access") {
			t.Errorf("its title is %q", e.Resource.Category[0].Text)
		}
	}
	if len(b.Meta.Security) != 3 || !labelled["ServiceRequest"] || !labelled["QuestionnaireResponse"] || !labelled["Consent"] {
		t.Errorf("labelled: %v, %v", b.Meta.Security, labelled)
	}
}
