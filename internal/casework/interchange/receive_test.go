package interchange_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// What a program brings lies in the inbox, is acknowledged by a person by name,
// and accepting it opens a file filled from it.
//
// Proves: B6.31.
func TestAReferralThatComesAsAMessageIsOneLikeAnyOther(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		body := w.written(t, nil)
		isFHIR(t, "Bundle", body)
		answer, err := w.receive(t, body)
		must(t, err)
		isFHIR(t, "Bundle", answer)
		rows := w.inbox(t)
		if len(rows) != 1 || rows[0].From != string(w.Trust.ID) || rows[0].Reason != sharing.Referral {
			t.Fatalf("in the inbox: %+v", rows)
		}
		p, err := w.Sharing.Receive(t.Context(), w.Actor(t, casestest.IDVA), rows[0].ID)
		must(t, err)
		c := p.Content()
		if c.Person.GivenName != "Maya" || c.Person.Born != "1994-03" || c.Item(sharing.WhyItem) != "She asked for an advocate" || c.Sender != "Fictional Midwife, by message" {
			t.Errorf("the packet says %+v from %q", c.Items, c.Sender)
		}
		must(t, w.Referrals.Acknowledge(t.Context(), p))
		p, err = w.Sharing.Receive(t.Context(), w.Actor(t, casestest.IDVA), rows[0].ID)
		must(t, err)
		if p.Share().AcknowledgedBy != w.Actor(t, casestest.IDVA).Account {
			t.Errorf("acknowledged by %q", p.Share().AcknowledgedBy)
		}
		f, err := w.Referrals.Accept(t.Context(), p, string(w.Advocates.ID))
		must(t, err)
		var contact people.SafeContact
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			person, err := w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
			if err == nil {
				contact, err = w.Cases.SafeContact(ctx, tx, f, person)
			}
			return err
		}))
		if contact.Summary.State == people.Recorded {
			t.Error("safe contact counts as checked although a message said it")
		}
	})
}

// Numbers and addresses of a record become words, which say that nobody checked.
func TestWaysToReachSomebodyInAMessageAreNotChecked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		body := bytes.Replace(w.written(t, nil), []byte(`"resourceType":"Patient",`),
			[]byte(`"resourceType":"Patient","telecom":[{"system":"phone","value":"01632 960 001"}],"address":[{"line":["1 Made Up Lane"],"city":"Exmoorland"}],`), 1)
		isFHIR(t, "Bundle", body)
		_, err := w.receive(t, body)
		must(t, err)
		p, err := w.Sharing.Receive(t.Context(), w.Actor(t, casestest.IDVA), w.inbox(t)[0].ID)
		must(t, err)
		said := p.Content().Item(sharing.ContactItem)
		for _, want := range []string{"Text only, before noon", "Nobody has checked", "01632 960 001", "1 Made Up Lane"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is not in %q", want, said)
			}
		}
	})
}

// A message that comes twice, be it at the same time, arrives once and gets the
// same answer.
func TestAMessageSentTwiceArrivesOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		body := w.written(t, nil)
		var wg sync.WaitGroup
		answers, faults := make([][]byte, 6), make([]error, 6)
		for i := range answers {
			wg.Go(func() { answers[i], faults[i] = w.receive(t, body) })
		}
		wg.Wait()
		for i := range answers {
			must(t, faults[i])
			if !bytes.Equal(answers[i], answers[0]) {
				t.Errorf("another answer:\n%s\n%s", answers[i], answers[0])
			}
		}
		// Sent again by a system that makes a new Bundle of it.
		var doc map[string]any
		must(t, json.Unmarshal(body, &doc))
		doc["id"], doc["timestamp"] = "another", "2026-11-22T10:00:00Z"
		again, err := json.Marshal(doc)
		must(t, err)
		answer, err := w.receive(t, again)
		must(t, err)
		if !bytes.Equal(answer, answers[0]) {
			t.Error("another answer to the same message in another Bundle")
		}
		if n := len(w.inbox(t)); n != 1 {
			t.Errorf("%d in the inbox", n)
		}
	})
}

// What is not taken is refused in words, and nothing of it is kept.
func TestWhatIsNotAReferralForATeamHereIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		good := string(w.written(t, nil))
		swap := func(old, replacement string) string {
			t.Helper()
			if !strings.Contains(good, old) {
				t.Fatalf("%s is not in the message", old)
			}
			return strings.ReplaceAll(good, old, replacement)
		}
		nobody := "0190b0b0-9999-7000-8000-000000000000"
		for name, c := range map[string]struct {
			body, media, target string
			status              int
			code                string
		}{
			"nothing":              {"", "", "", 400, "structure"},
			"no JSON":              {"<Bundle/>", "", "", 400, "structure"},
			"half of it":           {good[:len(good)/2], "", "", 400, "structure"},
			"two":                  {good + good, "", "", 400, "structure"},
			"a list":               {"[" + good + "]", "", "", 400, "structure"},
			"a name twice":         {strings.Replace(good, `"type":"message"`, `"type":"message","Type":"batch"`, 1), "", "", 400, "structure"},
			"not text":             {strings.Replace(good, "Maya", "Ma\xffya", 1), "", "", 400, "structure"},
			"control characters":   {strings.Replace(good, "Maya", `Ma\u0000ya`, 1), "", "", 400, "value"},
			"too deep":             {strings.Replace(good, `"type":"message"`, `"type":"message","x":`+strings.Repeat("[", 200)+strings.Repeat("]", 200), 1), "", "", 422, "too-costly"},
			"too many parts":       {strings.Replace(good, `"type":"message"`, `"type":"message","x":[`+strings.Repeat("1,", 30000)+`1]`, 1), "", "", 422, "too-costly"},
			"another media type":   {good, "application/json", "", 415, "not-supported"},
			"a form":               {good, "application/x-www-form-urlencoded", "", 415, "not-supported"},
			"no message":           {swap(`"type":"message"`, `"type":"transaction"`), "", "", 422, "not-supported"},
			"another event":        {swap("servicerequest-request", "booking-request"), "", "", 422, "not-supported"},
			"an answer":            {swap(`"code":"servicerequest-request"`, `"code":"servicerequest-response"`), "", "", 422, "not-supported"},
			"a withdrawal":         {swap(`"status":"active","intent":"plan","category"`, `"status":"revoked","intent":"plan","category"`), "", "", 422, "not-supported"},
			"an order":             {swap(`"intent":"plan","category"`, `"intent":"order","category"`), "", "", 422, "value"},
			"no such status":       {swap(`"status":"active","intent":"plan","category"`, `"status":"perhaps","intent":"plan","category"`), "", "", 422, "code-invalid"},
			"no such priority":     {swap(`"priority":"routine"`, `"priority":"soon"`), "", "", 422, "code-invalid"},
			"a modifier":           {swap(`"resourceType":"Patient",`, `"resourceType":"Patient","modifierExtension":[],`), "", "", 422, "not-supported"},
			"what cannot be shown": {swap(`"resourceType":"CarePlan"`, `"resourceType":"DocumentReference"`), "", "", 422, "not-supported"},
			"no team here":         {swap(string(w.Advocates.ID), nobody), "", "", 422, "not-found"},
			"a closed team":        {swap(string(w.Advocates.ID), string(w.Midwives.ID)), "", "", 422, "not-found"},
			"another target":       {good, "", "eyJzeXN0ZW0iOiJ4IiwidmFsdWUiOiJ5In0=", 422, "conflict"},
			"no target":            {good, "", "%%%", 400, "value"},
			"of another agency":    {swap(string(w.Trust.ID), string(w.Haven.ID)), "", "", 403, "forbidden"},
			"without the reasons":  {swap(`"linkId":"rationale"`, `"linkId":"rationale-x"`), "", "", 422, "required"},
			"for no subject":       {swap(`"code":"experiencing"`, `"code":"neither"`), "", "", 422, "required"},
			"far too long":         {swap("She asked for an advocate", strings.Repeat("word ", 3000)), "", "", 422, "too-long"},
			"no date of birth":     {swap("1994-03", "1994-13"), "", "", 422, "value"},
			"two of one address":   {swap(`"linkId":"harm"`, `"linkId":"protects"`), "", "", 422, "value"},
		} {
			media := c.media
			if media == "" {
				media = interchange.MediaType + "; charset=utf-8"
			}
			_, err := w.Interchange.Receive(t.Context(), w.Program, interchange.Incoming{MediaType: media, Target: c.target, Body: []byte(c.body)})
			r, is := interchange.AsRefusal(err)
			if !is {
				t.Errorf("%s: %v", name, err)
				continue
			}
			isFHIR(t, "OperationOutcome", interchange.Outcome(r.Issues...))
			if r.Status != c.status || !slices.ContainsFunc(r.Issues, func(i interchange.Issue) bool { return i.Code == c.code }) {
				t.Errorf("%s: %d %+v", name, r.Status, r.Issues)
			}
		}
		if n := len(w.inbox(t)); n != 0 {
			t.Fatalf("%d in the inbox", n)
		}
		// None of them kept the message itself from arriving.
		_, err := w.receive(t, []byte(good))
		must(t, err)

		// Another message under its id, and the referral in another message.
		_, err = w.receive(t, []byte(swap("Maya", "Mary")))
		if r, is := interchange.AsRefusal(err); !is || r.Status != 409 {
			t.Errorf("the id again: %v", err)
		}
		_, err = w.receive(t, []byte(swap("0190b0b0-2222-7000-8000-000000000001", "0190b0b0-2222-7000-8000-000000000009")))
		if r, is := interchange.AsRefusal(err); !is || r.Status != 409 {
			t.Errorf("the referral again: %v", err)
		}
		if n := len(w.inbox(t)); n != 1 {
			t.Errorf("%d in the inbox", n)
		}
	})
}

// A message that is urgent does not wait for the reasons: they are reviewed.
func TestAnUrgentMessageArrivesWithoutTheReasons(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.receive(t, w.written(t, func(m *interchange.Message) {
			m.Urgent, m.Share = true, sharing.NewShare{Protects: "Maya", Harm: "being killed"}
		}))
		must(t, err)
		p, err := w.Sharing.Receive(t.Context(), w.Actor(t, casestest.IDVA), w.inbox(t)[0].ID)
		must(t, err)
		if !p.Share().ActedNow {
			t.Error("it is not marked for review")
		}
	})
}

// Who is not a program of the agency with a token for it brings nothing.
//
// Proves: B6.31.
func TestOnlyAProgramWithATokenForItBringsMessages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		body := w.written(t, nil)
		other := w.Program
		other.Only = []policy.Action{interchange.ActFollow}
		for name, actor := range map[string]policy.Actor{"a nurse": w.Actor(t, casestest.Nurse), "an administrator": w.Admin, "a token for something else": other, "nobody": {}} {
			_, err := w.Interchange.Receive(t.Context(), actor, interchange.Incoming{MediaType: interchange.MediaType, Body: body})
			if _, denied := policy.IsDenied(err); !denied {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err := w.receive(t, body)
		must(t, err)
		program := w.Program
		program.Only = w.Guard.Rules().Actions()
		id := w.inbox(t)[0].ID
		if _, err := w.Sharing.Receive(t.Context(), program, id); err == nil {
			t.Error("a program reads what was sent")
		}
		for _, action := range []policy.Action{sharing.ActAcknowledge, sharing.ActReceive, referral.ActAccept, referral.ActDecline} {
			if w.Guard.Rules().Possible(program, action).Allowed {
				t.Errorf("a program may %s", action)
			}
		}
	})
}

// When the sender's case is destroyed, what leads to it goes; that the message
// came stays, so that it is not taken for a new one.
func TestADestroyedCaseLeavesThatTheMessageCame(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		body := w.written(t, nil)
		answer, err := w.receive(t, body)
		must(t, err)
		left := func() (file string) {
			must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				return tx.QueryRowContext(ctx, `SELECT file_id || share_id || request_id FROM interchange_received`).Scan(&file)
			}))
			return file
		}
		f, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.TrustManager), cases.ID(left()[:36]), cases.Supervision)
		must(t, err)
		must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			pieces, _, err := w.Interchange.Pieces(ctx, tx, f)
			if err != nil || len(pieces) != 1 {
				t.Errorf("%d pieces, %v", len(pieces), err)
			}
			_, err = w.Interchange.Destroy(ctx, tx, f)
			return err
		}))
		if ids := left(); ids != "" {
			t.Errorf("%q is left", ids)
		}
		again, err := w.receive(t, body)
		must(t, err)
		if !bytes.Equal(again, answer) || len(w.inbox(t)) != 1 {
			t.Error("it is taken for a new one")
		}
	})
}
