package sharing_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	Sharing *sharing.Service
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, sharing.Rules())}
		w.Sharing = sharing.New(db, w.Guard, w.Cases, sharing.Config{})
		fn(t, w)
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// whole is a share that lacks nothing.
func (w *world) whole() sharing.NewShare {
	return sharing.NewShare{
		Reason: sharing.Referral, To: sharing.Recipient{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)},
		Protects: "Maya and her baby", Harm: "threats at home", Basis: sharing.PublicTask, Rationale: "They need this to call her safely.",
		Views:  sharing.Views{Asked: sharing.Agrees, Words: "Please do", Present: "nobody else", Informed: sharing.Told},
		Items:  []sharing.Item{{Kind: sharing.SaidItem, Title: "What she said", Text: "He reads all my messages"}},
		Person: people.Details{GivenName: "Maya", FamilyName: "Example"},
	}
}

func (w *world) send(t *testing.T, f *cases.File, n sharing.NewShare) (sharing.ID, error) {
	t.Helper()
	must(t, w.Sharing.MaySend(t.Context(), f))
	var id sharing.ID
	err := w.Cases.Change(t.Context(), f, sharing.ActSend, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = w.Sharing.SendTx(ctx, tx, f, n)
		return err
	})
	return id, err
}

// sent sends a whole share from a new file of the nurse's.
func (w *world) sent(t *testing.T) (*cases.File, sharing.ID) {
	t.Helper()
	f := w.Begin(t, w.Actor(t, casestest.Nurse))
	id, err := w.send(t, f, w.whole())
	must(t, err)
	return f, id
}

func (w *world) receive(t *testing.T, who string, id sharing.ID) (*sharing.Packet, error) {
	t.Helper()
	return w.Sharing.Receive(t.Context(), w.Actor(t, who), id)
}

var everybody = []string{
	casestest.Nurse, casestest.Receptionist, casestest.Midwife, casestest.TrustManager, casestest.TrustAdmin, casestest.Commissioner,
	casestest.IDVA, casestest.Colleague, casestest.HavenManager, casestest.Robot,
}

// Proves: B6.14, B6.31
func TestWhoSeesAShare(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, toTeam := w.sent(t)
		named := w.whole()
		named.To = sharing.Recipient{Agency: string(w.Haven.ID), Account: w.Actor(t, casestest.HavenManager).Account}
		toPerson, err := w.send(t, f, named)
		must(t, err)
		for _, c := range []struct {
			share sharing.ID
			see   []string
		}{{toTeam, []string{casestest.IDVA, casestest.Colleague}}, {toPerson, []string{casestest.HavenManager}}} {
			for _, name := range everybody {
				_, err := w.receive(t, name, c.share)
				denied, refused := policy.IsDenied(err)
				if allowed := slices.Contains(c.see, name); allowed != (err == nil) || !allowed && (!refused || denied.Known) {
					t.Errorf("%s, share %s: %v", name, c.share, err)
				}
			}
		}
	})
}

func TestAShareOfOthersIsLikeOneThatIsNot(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, id := w.sent(t)
		before := len(w.Ledger(t))
		ask := func(id sharing.ID) (string, int) {
			ctx, n := store.CountQueries(t.Context())
			_, err := w.Sharing.Receive(ctx, w.Actor(t, casestest.HavenManager), id)
			if err == nil {
				t.Fatal("received")
			}
			return err.Error(), n.N()
		}
		forbidden, n1 := ask(id)
		absent, n2 := ask("0190b0b0-0000-7000-8000-000000000000")
		if forbidden != absent {
			t.Errorf("%q and %q", forbidden, absent)
		}
		if d := n1 - n2; d < -3 || d > 3 { // the refusal that names a person writes one subject more
			t.Errorf("%d and %d statements", n1, n2)
		}
		entries := w.Ledger(t)[before:]
		if len(entries) != 2 || entries[0].Outcome != audit.Refused || entries[1].Outcome != audit.Refused {
			t.Errorf("the refusals left %+v", entries)
		}
	})
}

func TestReceivingIsRecordedWithThePerson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id := w.sent(t)
		p, err := w.receive(t, casestest.IDVA, id)
		must(t, err)
		all := w.Ledger(t)
		last := all[len(all)-1]
		if last.Action != sharing.ActReceive || last.Outcome != audit.Allowed || last.Purpose != "sharing" ||
			!slices.Contains(last.Subjects, id.Subject()) || !slices.Contains(last.Subjects, f.Person().Subject()) {
			t.Errorf("%+v", last)
		}
		if because := p.Because(); len(because) != 1 || !strings.Contains(because[0], "addressed to") {
			t.Errorf("why it can be seen: %q", because)
		}
	})
}

// Proves: B6.31
func TestOnlyPeopleAcknowledge(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, id := w.sent(t)
		if _, err := w.receive(t, casestest.Robot, id); err == nil {
			t.Error("a program received a packet")
		}
		r := policy.Resource{Type: "Share", ID: string(id), Attrs: policy.Attrs{
			"from": string(w.Trust.ID), "sender": "x", "to": string(w.Haven.ID), "team": string(w.Advocates.ID), "account": "", "open": true, "tied": []string(nil),
		}}
		d := w.Guard.Rules().Decide(w.Actor(t, casestest.Robot), sharing.ActAcknowledge, r)
		if d.Allowed || !slices.Equal(d.Rules, []string{"share-acknowledged-by-people"}) {
			t.Errorf("a program: %+v", d)
		}
		if !w.Guard.Rules().Decide(w.Actor(t, casestest.IDVA), sharing.ActAcknowledge, r).Allowed {
			t.Error("a person is refused")
		}
		if err := w.Sharing.Acknowledge(t.Context(), &sharing.Packet{}, nil); !errors.Is(err, audit.ErrNoPermit) {
			t.Errorf("a packet made by hand: %v", err)
		}
		if err := w.Sharing.Acknowledge(t.Context(), nil, nil); !errors.Is(err, audit.ErrNoPermit) {
			t.Errorf("no packet: %v", err)
		}
	})
}

// Looking at a share, listing it or replying to it by machine acknowledges
// nothing.
// Proves: B6.31
func TestReadingIsNotAcknowledging(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id := w.sent(t)
		_, err := w.receive(t, casestest.IDVA, id)
		must(t, err)
		_, err = w.Sharing.Waiting(t.Context(), w.Actor(t, casestest.IDVA), "", 10)
		must(t, err)
		held, err := w.Sharing.Copy(t.Context(), f, id)
		must(t, err)
		if !held.AcknowledgedAt.IsZero() || held.State(w.Clock.Now()) != sharing.Waiting {
			t.Errorf("it is %s", held.State(w.Clock.Now()))
		}
	})
}

// Proves: B6.31
func TestTheSecondAcknowledgementOverwritesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id := w.sent(t)
		one, err := w.receive(t, casestest.IDVA, id)
		must(t, err)
		two, err := w.receive(t, casestest.Colleague, id)
		must(t, err)
		must(t, w.Sharing.Acknowledge(t.Context(), one, nil))
		at := w.Clock.Now()
		w.Clock.Advance(time.Hour)
		var already *sharing.AlreadyAcknowledged
		if err := w.Sharing.Acknowledge(t.Context(), two, nil); !errors.As(err, &already) {
			t.Fatalf("got %v", err)
		}
		if already.By != one.Actor().Account || !already.At.Equal(at) {
			t.Errorf("told %s at %s", already.By, already.At)
		}
		held, err := w.Sharing.Copy(t.Context(), f, id)
		must(t, err)
		if held.Share.AcknowledgedBy != one.Actor().Account || !held.AcknowledgedAt.Equal(at) || held.AcknowledgedBy != "Fictional idva" {
			t.Errorf("it says %s, %s at %s", held.Share.AcknowledgedBy, held.AcknowledgedBy, held.AcknowledgedAt)
		}
	})
}

func TestAnExpiredOrWithdrawnShareIsNotThere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, withdrawn := w.sent(t)
		expiring, err := w.send(t, f, w.whole())
		must(t, err)
		late, err := w.receive(t, casestest.IDVA, expiring)
		must(t, err)
		must(t, w.Sharing.Withdraw(t.Context(), f, withdrawn, "sent twice"))
		if err := w.Sharing.Withdraw(t.Context(), f, withdrawn, "again"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("withdrawn twice: %v", err)
		}
		if _, err := w.receive(t, casestest.IDVA, withdrawn); err == nil {
			t.Error("the withdrawn one is there")
		}
		w.Clock.Advance(365 * 24 * time.Hour)
		if _, err := w.receive(t, casestest.IDVA, expiring); err == nil {
			t.Error("the expired one is there")
		}
		if err := w.Sharing.Acknowledge(t.Context(), late, nil); err == nil {
			t.Error("the expired one was acknowledged")
		}
		rows, err := w.Sharing.Waiting(t.Context(), w.Actor(t, casestest.IDVA), "", 10)
		must(t, err)
		if len(rows) != 0 {
			t.Errorf("listed: %+v", rows)
		}
		sent, err := w.Sharing.Sent(t.Context(), f)
		must(t, err)
		if len(sent) != 2 || sent[1].State(w.Clock.Now()) != sharing.Withdrawn || sent[0].State(w.Clock.Now()) != sharing.Expired {
			t.Errorf("the sender sees %+v", sent)
		}
	})
}

// The list and the single check agree on every share and everybody.
func TestTheInboxHoldsExactlyWhatCanBeReceived(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		own := w.Begin(t, w.Actor(t, casestest.IDVA))
		var ids []sharing.ID
		add := func(f *cases.File, to sharing.Recipient) {
			n := w.whole()
			n.Reason, n.To = sharing.Feedback, to
			id, err := w.send(t, f, n)
			must(t, err)
			ids = append(ids, id)
		}
		add(f, sharing.Recipient{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)})
		for _, name := range []string{casestest.IDVA, casestest.HavenManager, casestest.Robot} {
			add(f, sharing.Recipient{Agency: string(w.Haven.ID), Account: w.Actor(t, name).Account})
		}
		add(own, sharing.Recipient{Agency: string(w.Trust.ID), Team: string(w.Midwives.ID)})
		for _, name := range []string{casestest.Nurse, casestest.TrustAdmin} {
			add(own, sharing.Recipient{Agency: string(w.Trust.ID), Account: w.Actor(t, name).Account})
		}
		for _, name := range everybody {
			var want, got []sharing.ID
			for _, id := range ids {
				if _, err := w.receive(t, name, id); err == nil {
					want = append(want, id)
				}
			}
			rows, err := w.Sharing.Waiting(t.Context(), w.Actor(t, name), "", 100)
			if _, refused := policy.IsDenied(err); err != nil && !refused {
				t.Fatal(err)
			}
			for _, r := range rows {
				got = append(got, r.ID)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-receives +lists)\n%s", name, diff)
			}
		}
	})
}

func TestTheInboxPagesByKey(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		var want []sharing.ID
		for range 7 {
			id, err := w.send(t, f, w.whole())
			must(t, err)
			want = append(want, id)
		}
		var got []sharing.ID
		for after := sharing.ID(""); ; {
			rows, err := w.Sharing.Waiting(t.Context(), w.Actor(t, casestest.IDVA), after, 3)
			must(t, err)
			if len(rows) == 0 {
				break
			}
			for _, r := range rows {
				got = append(got, r.ID)
			}
			after = rows[len(rows)-1].ID
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// Proves: B6.25
func TestNoWordOfAShareIsReadableInTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		n := w.whole()
		n.Protects, n.Harm, n.Rationale = "MARK protects", "MARK harm", "MARK rationale"
		n.Danger = "MARK danger"
		n.Views = sharing.Views{Asked: sharing.Opposes, Words: "MARK words", Present: "MARK present", Informed: sharing.Unsafe, NotTold: "MARK not told", How: "MARK how", TellOn: "2026-03-09"}
		n.Grounds.SeriousRisk = true
		n.Items = []sharing.Item{{Kind: sharing.WhyItem, Title: "MARK title", Text: "MARK text"}}
		n.Person = people.Details{GivenName: "MARK name"}
		id, err := w.send(t, f, n)
		must(t, err)
		p, err := w.receive(t, casestest.IDVA, id)
		must(t, err)
		must(t, w.Sharing.Acknowledge(t.Context(), p, nil))
		for _, table := range []string{"share", "share_copy", "share_item", "share_receipt"} {
			dump := w.dump(t, table)
			if dump == "" {
				t.Errorf("%s is empty", table)
			}
			if strings.Contains(dump, "MARK") || strings.Contains(dump, "Fictional") {
				t.Errorf("%s can be read: %s", table, dump)
			}
		}
		// Both copies open, each under its own key.
		held, err := w.Sharing.Copy(t.Context(), f, id)
		must(t, err)
		for _, c := range []sharing.Content{p.Content(), held.Content} {
			if c.Protects != "MARK protects" || c.Views.Words != "MARK words" || c.Views.NotTold != "MARK not told" || c.Views.How != "MARK how" || c.Danger != "MARK danger" || c.Person.GivenName != "MARK name" || c.Item(sharing.WhyItem) != "MARK text" {
				t.Error("a copy lost something")
			}
		}
		// Destroying the sender's key leaves the receiver's copy whole.
		must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return w.DB.Vault().DestroyKey(ctx, tx, string(w.Trust.ID))
		}))
		if _, err := w.receive(t, casestest.Colleague, id); err != nil {
			t.Errorf("the receiver's copy: %v", err)
		}
		if _, err := w.Sharing.Copy(t.Context(), f, id); !errors.Is(err, store.ErrDestroyed) {
			t.Errorf("the sender's copy: %v", err)
		}
	})
}

func (w *world) dump(t *testing.T, table string) string {
	t.Helper()
	var b strings.Builder
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT * FROM `+table)
		if err != nil {
			return err
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				return err
			}
			for _, v := range values {
				fmt.Fprintf(&b, "%s|", *v.(*any))
			}
		}
		return rows.Err()
	}))
	return b.String()
}

// A statement that changed what was sent would have to be written here first.
func TestNoStatementChangesWhatWasSent(t *testing.T) {
	sql, err := os.ReadFile("queries.sql")
	must(t, err)
	text := strings.Join(strings.Fields(string(sql)), " ")
	if strings.Contains(text, "UPDATE share_item") || strings.Contains(text, "UPDATE share_receipt") {
		t.Error("items are changed")
	}
	// What an agency keeps of a share goes with its own file, and only then: a
	// statement that takes away more than one file's rows must be written here.
	for _, name := range regexp.MustCompile(`-- name: (\w+) :\w+ DELETE`).FindAllStringSubmatch(text, -1) {
		if !slices.Contains([]string{"DeleteItems", "DeleteReceipts", "DeleteShareMarks", "DeleteCopies", "DeleteAnswers", "DeleteOverrides", "DeleteAdvice", "DeleteJustified"}, name[1]) {
			t.Errorf("%s deletes what was sent", name[1])
		}
	}
	if n := strings.Count(text, "DELETE"); n != 8 {
		t.Errorf("%d statements delete", n)
	}
	allowed := []string{
		"share SET acknowledged_at = sqlc.arg(now), acknowledged_by = sqlc.arg(account)", "share SET settled_at = sqlc.arg(now), outcome = sqlc.arg(outcome)",
		"share SET withdrawn_at = sqlc.arg(now)", "share_copy SET file_id = sqlc.arg(file_id)",
		"share_override SET verdict = $3, words = $4, decided_at = $5, decided_by = $6", // what the key contact says afterwards
		"share_advice SET says = $3, answer = $4, adviser = $5, answered_at = $6, answered_by = $7", "share_advice SET share_id = sqlc.arg(share_id)", "share_advice SET share_id = ''",
	}
	var got []string
	for _, m := range regexp.MustCompile(`UPDATE (.*?) WHERE`).FindAllStringSubmatch(text, -1) {
		got = append(got, m[1])
	}
	if diff := cmp.Diff(allowed, got); diff != "" {
		t.Error(diff)
	}
	files, err := os.ReadDir(".")
	must(t, err)
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		code, err := os.ReadFile(file.Name())
		must(t, err)
		if strings.Contains(string(code), "UPDATE ") || strings.Contains(string(code), "DELETE ") {
			t.Errorf("%s changes rows itself", file.Name())
		}
	}
}

// Proves: B6.11, B6.12, B6.13, B6.20, B6.22, B6.24
func TestWhatAShareNeeds(t *testing.T) {
	now := storetest.Start
	base := (&world{World: &casestest.World{}}).whole
	for name, c := range map[string]struct {
		change func(*sharing.NewShare)
		want   string // the field that says what is missing
	}{
		"nothing is missing":                  {func(*sharing.NewShare) {}, ""},
		"it names nobody who is protected":    {func(n *sharing.NewShare) { n.Protects = "" }, "protects"},
		"it does not say from what":           {func(n *sharing.NewShare) { n.Harm = "" }, "harm"},
		"it has no basis":                     {func(n *sharing.NewShare) { n.Basis = "" }, "basis"},
		"consent is no basis":                 {func(n *sharing.NewShare) { n.Basis = "consent" }, "basis"},
		"it has no reasons":                   {func(n *sharing.NewShare) { n.Rationale = "" }, "rationale"},
		"nobody says whether they were asked": {func(n *sharing.NewShare) { n.Views.Asked = "" }, "asked"},
		"who was there is missing":            {func(n *sharing.NewShare) { n.Views.Present = "" }, "present"},
		"they were not asked and nobody says why": {func(n *sharing.NewShare) {
			n.Views = sharing.Views{Asked: sharing.NotYet, Informed: sharing.Told}
			n.Grounds.SeriousRisk = true
		}, "view_why"},
		"without agreement and without a ground": {func(n *sharing.NewShare) { n.Views.Asked = sharing.Opposes }, "grounds"},
		"without agreement at serious risk":      {func(n *sharing.NewShare) { n.Views.Asked = sharing.Opposes; n.Grounds.SeriousRisk = true }, ""},
		"without agreement for a child at risk":  {func(n *sharing.NewShare) { n.Views.Asked = sharing.Opposes; n.Grounds.ChildAtRisk = true }, ""},
		"nobody says whether they know":          {func(n *sharing.NewShare) { n.Views.Informed = "" }, "informed"},
		"they do not know and nobody says why":   {func(n *sharing.NewShare) { n.Views.Informed = sharing.Unsafe; n.Views.TellOn = "2026-03-09" }, "not_told"},
		"telling them later has no day":          {func(n *sharing.NewShare) { n.Views.Informed = sharing.Unsafe; n.Views.NotTold = "he has her phone" }, "tell_on-day"},
		"that day is past": {func(n *sharing.NewShare) {
			n.Views.Informed = sharing.Unsafe
			n.Views.NotTold = "x"
			n.Views.TellOn = "2026-01-01"
		}, "tell_on-day"},
		"it goes nowhere": {func(n *sharing.NewShare) { n.To = sharing.Recipient{} }, "to"},
		"it says nothing": {func(n *sharing.NewShare) { n.Items = nil }, "why"},
		"acting now leaves the rest for later": {func(n *sharing.NewShare) {
			n.ActNow, n.Basis, n.Rationale, n.Views = true, "", "", sharing.Views{}
		}, ""},
		"acting now still needs a purpose": {func(n *sharing.NewShare) { n.ActNow, n.Harm = true, "" }, "harm"},
	} {
		t.Run(name, func(t *testing.T) {
			n := base()
			n.To = sharing.Recipient{Agency: "a", Team: "b"}
			c.change(&n)
			errs := n.Check(now)
			switch {
			case c.want == "" && errs.Any():
				t.Errorf("refused for %v", errs)
			case c.want != "" && (!errs.Has(c.want) || len(errs) != 1):
				t.Errorf("got %v, want %s", errs, c.want)
			}
		})
	}
}

// Proves: B6.13, B6.20
func TestActingNowSendsAndIsReviewed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		n := w.whole()
		n.ActNow, n.Basis, n.Rationale, n.Views = true, "", "", sharing.Views{}
		id, err := w.send(t, f, n)
		must(t, err)
		if _, err := w.receive(t, casestest.IDVA, id); err != nil {
			t.Error(err)
		}
		inbox, err := w.Cases.Inbox(t.Context(), w.Actor(t, casestest.Receptionist), string(w.Midwives.ID), cases.Task{}, 10)
		must(t, err)
		if len(inbox) != 1 || inbox[0].Kind != cases.ReviewActNow || inbox[0].Due != "2026-03-03" {
			t.Errorf("the team's inbox: %+v", inbox)
		}
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			events, err := w.Cases.Latest(ctx, tx, f, cases.ActedNow, 5)
			if len(events) != 1 || events[0].Ref != string(id) {
				t.Errorf("the chronology: %+v", events)
			}
			return err
		}))
		if !slices.ContainsFunc(w.Ledger(t), func(e audit.Entry) bool { return e.Action == sharing.ActSend && e.Reason == "acted_now" }) {
			t.Error("the ledger does not say so")
		}
	})
}

// Proves: B6.12
func TestWhoCannotBeToldNowIsToldLater(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		n := w.whole()
		n.Views.Informed, n.Views.NotTold, n.Views.TellOn = sharing.Unsafe, "he has her phone", "2026-03-20"
		_, err := w.send(t, f, n)
		must(t, err)
		tasks, err := w.Cases.Inbox(t.Context(), w.Actor(t, casestest.Nurse), "", cases.Task{}, 10)
		must(t, err)
		if len(tasks) != 1 || tasks[0].Kind != cases.ReviewUnsafeTel || tasks[0].Due != "2026-03-20" {
			t.Errorf("%+v", tasks)
		}
	})
}

func TestAShareGoesOnlyWhereItCanBeReceived(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		for name, to := range map[string]sharing.Recipient{
			"its own agency":                {Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)},
			"a team without an inbox":       {Agency: string(w.Trust.ID), Team: string(w.Midwives.ID)},
			"a team of somebody else":       {Agency: string(w.Trust.ID), Team: string(w.Advocates.ID)},
			"a person of another agency":    {Agency: string(w.Trust.ID), Account: w.Actor(t, casestest.Colleague).Account},
			"an agency that does not exist": {Agency: "0190b0b0-0000-7000-8000-000000000000", Team: string(w.Midwives.ID)},
		} {
			n := w.whole()
			n.To = to
			_, err := w.send(t, f, n)
			if errs, ok := forms.AsErrors(err); !ok || !errs.Has("to") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestAFileWithoutProofSendsNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		err := w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := w.Sharing.SendTx(ctx, tx, &cases.File{}, w.whole())
			return err
		})
		if !errors.Is(err, audit.ErrNoPermit) {
			t.Errorf("got %v", err)
		}
		if err := w.Sharing.MaySend(t.Context(), &cases.File{}); !errors.Is(err, audit.ErrNoPermit) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAFileHoldsItsOwnSharesOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, id := w.sent(t)
		for _, name := range []string{casestest.Nurse, casestest.IDVA} {
			other := w.Begin(t, w.Actor(t, name))
			if _, err := w.Sharing.Copy(t.Context(), other, id); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
			if err := w.Sharing.Withdraw(t.Context(), other, id, "x"); !errors.Is(err, store.ErrConflict) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestWorkingDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := storetest.Start.AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "day"))
		n := rapid.IntRange(1, 20).Draw(t, "n")
		day, err := time.Parse(time.DateOnly, sharing.WorkingDay(from, n))
		if err != nil {
			t.Fatal(err)
		}
		if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			t.Errorf("%s is a %s", day, day.Weekday())
		}
		working := 0
		for d := from.Truncate(24 * time.Hour); d.Before(day); {
			d = d.AddDate(0, 0, 1)
			if d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
				working++
			}
		}
		if working != n {
			t.Errorf("%d working days after %s is %s: %d", n, from, day, working)
		}
	})
}

func TestEveryWordHasALabel(t *testing.T) {
	var labels []string
	for _, b := range sharing.Bases() {
		labels = append(labels, b.Label(), b.Hint())
		if strings.Contains(strings.ToLower(b.Label()), "consent") {
			t.Errorf("%s is offered as a basis", b)
		}
	}
	for _, k := range sharing.ItemKinds() {
		labels = append(labels, k.Label())
	}
	for _, a := range sharing.Answers() {
		labels = append(labels, a.Label())
	}
	for _, l := range labels {
		if l == "" || strings.Contains(l, "_") {
			t.Errorf("a word without a label: %q", l)
		}
	}
}
