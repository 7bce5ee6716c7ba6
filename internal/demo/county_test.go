package demo_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	circumstancescontent "waymark/content/circumstances"
	courtcontent "waymark/content/court"
	measurescontent "waymark/content/measures"
	pathwayscontent "waymark/content/pathways"
	"waymark/internal/casework/appointments"
	"waymark/internal/casework/attachments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/circumstances"
	"waymark/internal/casework/court"
	"waymark/internal/casework/enquiry"
	"waymark/internal/casework/groups"
	"waymark/internal/casework/intake"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/letters"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/actions"
	"waymark/internal/casework/marac/meeting"
	"waymark/internal/casework/marac/register"
	"waymark/internal/casework/marac/research"
	"waymark/internal/casework/marac/returns"
	"waymark/internal/casework/oversight"
	"waymark/internal/casework/pathway"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/rights"
	"waymark/internal/casework/risk"
	"waymark/internal/casework/safetyplan"
	"waymark/internal/casework/sharing"
	"waymark/internal/casework/supervision"
	"waymark/internal/casework/support"
	"waymark/internal/casework/waiting"
	"waymark/internal/casework/webhooks"
	"waymark/internal/demo"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
	"waymark/internal/registers/provision"
	"waymark/internal/registers/questions"
	"waymark/internal/registers/release"
	"waymark/internal/registers/settings"
	"waymark/internal/registers/training"
)

// world is a deployment in which the county is made.
type world struct {
	demo.Deps
	Auth    *auth.Service
	Counter *measures.Counter
	IDs     *demo.IDs
}

// open wires the capabilities as the command does.
func open(t *testing.T) *world {
	t.Helper()
	w := &world{IDs: demo.NewIDs(7)}
	w.Clock = demo.NewClock()
	cfg := storetest.Config(t, store.SQLite)
	cfg.Clock, cfg.Random, cfg.Quick = w.Clock.Now, w.IDs, true
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	rules, err := policy.New(auth.Rules(), directory.Rules(), training.Rules(), agreements.Rules(), measures.Rules(),
		cases.Rules(), enquiry.Rules(), risk.Rules(), safetyplan.Rules(), sharing.Rules(), referral.Rules(), intake.Rules(), oversight.Rules(), attachments.Rules(), rights.Rules(), support.Rules(), questions.Rules(), letters.Rules(), appointments.Rules(), groups.Rules(), settings.Rules(), release.Rules(), provision.Rules(),
		waiting.Rules(), court.Rules(), supervision.Rules(), pathway.Rules(), circumstances.Rules(), interchange.Rules(), webhooks.Rules(), marac.Rules(), returns.Rules(), research.Rules(), register.Rules(), actions.Rules(), meeting.Rules())
	if err != nil {
		t.Fatal(err)
	}
	kinds, kindErr := measures.ParseKinds(measurescontent.Facts)
	indicators, indicatorErr := measures.ParseIndicators(measurescontent.QS116)
	registry, err := measures.NewRegistry(time.UTC, kinds, indicators)
	if err := errors.Join(kindErr, indicatorErr, err); err != nil {
		t.Fatal(err)
	}
	guard := audit.NewGuard(audit.New(db), rules)
	trained := training.New(db, guard)
	w.DB, w.Log = db, guard.Log
	w.Auth = auth.New(db, guard.Log, directory.AtWork{Levels: trained})
	w.Training = trained
	w.Directory = directory.New(db, guard, w.Auth, trained)
	w.Counter = measures.New(db, guard, registry, measures.Config{})
	w.Settings = settings.New(db, guard, w.Counter, nil)
	w.Release = release.New(db, guard, w.Counter, nil)
	w.Provision = provision.New(db, guard)
	w.People = people.New(db, people.DefaultRecheck)
	w.Cases = cases.New(db, guard, w.People)
	sets, err := questions.New(db, guard)
	if err != nil {
		t.Fatal(err)
	}
	if w.Risk, err = risk.New(w.Cases, guard, sets); err != nil {
		t.Fatal(err)
	}
	if w.Plans, err = safetyplan.New(w.Cases, guard, registry, w.Directory); err != nil {
		t.Fatal(err)
	}
	w.Enquiry = enquiry.New(w.Cases, guard, registry, enquiry.Config{})
	w.Agreements = agreements.New(db, guard, nil)
	w.Sharing = sharing.New(db, guard, w.Cases, sharing.Config{Agreements: w.Agreements})
	w.Referral = referral.New(db, guard, w.Cases, w.Sharing, registry)
	w.Intake = intake.New(w.Cases, guard, registry)
	w.Oversight = oversight.New(db, guard, w.People, oversight.Config{})
	w.Attachments = attachments.New(db, guard, w.Cases)
	w.Support = support.New(w.Cases, guard, registry, support.Config{})
	orders, err := court.ParseKinds(courtcontent.Orders)
	if err != nil {
		t.Fatal(err)
	}
	w.Waiting = waiting.New(w.Cases, guard, registry, nil)
	w.Court = court.New(w.Cases, guard, orders, court.Config{})
	w.Supervision = supervision.New(w.Cases, guard, nil)
	guide, err := circumstances.ParseGuide(circumstancescontent.Circumstances)
	if err != nil {
		t.Fatal(err)
	}
	w.Circumstances = circumstances.New(w.Cases, guard, guide, circumstances.Config{})
	w.Interchange = interchange.New(db, guard, w.Cases, w.Sharing, w.Referral, interchange.Config{})
	w.Webhooks = webhooks.New(db, guard, w.Cases, w.Sharing, webhooks.Config{Member: directory.AtWork{Levels: trained}.AtWork})
	w.Letters, err = letters.New(w.Cases, guard, func(ctx context.Context, tx *store.Tx, f *cases.File, channel people.Channel, conditions bool) (letters.Verdict, error) {
		v, err := w.Support.May(ctx, tx, f, support.Reach{Channel: channel, At: w.Support.Now(), Conditions: conditions})
		return letters.Verdict{OK: v.Answer == support.Permitted, Why: v.Reason.Label()}, err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Appointments = appointments.New(w.Cases, guard, registry, appointments.Config{})
	ships, err := pathwayscontent.Pathways()
	if err != nil {
		t.Fatal(err)
	}
	w.Pathways, err = pathway.New(w.Cases, guard, w.Provision, ships, pathway.Known{Settings: []string{"general_practice"}, Fact: registry.Possible, Obligation: func(string) bool { return true }}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	w.Groups = groups.New(w.Cases, guard, registry, w.Appointments)
	w.Marac = marac.New(w.Cases, guard, time.UTC)
	w.Research = research.New(w.Cases, guard, w.Marac, research.Config{Questions: sets, Agreements: w.Agreements, Zone: time.UTC})
	w.Register = register.New(w.Cases, guard, w.Sharing, w.Marac)
	w.Actions = actions.New(w.Cases, w.Marac, guard, time.UTC)
	w.Meetings = meeting.New(w.Marac, guard)
	w.Marac.TrainedBy(trained)
	w.Rights = rights.New(db, guard, w.Cases, registry, w.Attachments, w.Research, w.Register, w.Groups, w.Appointments, w.Plans, w.Support, w.Letters, w.Waiting, w.Court, w.Supervision, w.Pathways, w.Circumstances, w.Risk, w.Enquiry, w.Intake, w.Referral, w.Sharing, w.Oversight)
	w.Rights.Forget(w.Auth)
	return w
}

func seeded(t *testing.T) *world {
	t.Helper()
	w := open(t)
	if err := demo.Seed(t.Context(), w.Deps, 2016); err != nil {
		t.Fatal(err)
	}
	return w
}

// start lets the county run as it is served.
func (w *world) start() {
	w.Clock.Run(func() time.Time { return demo.Start }, time.Time{})
	w.IDs.Run()
}

// rows are the rows of a query as text.
func (w *world) rows(t *testing.T, query string, args ...any) []string {
	t.Helper()
	var out []string
	err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			out = append(out, s)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

func (w *world) count(t *testing.T, query string, args ...any) int {
	t.Helper()
	var n int
	if _, err := fmt.Sscan(w.rows(t, query, args...)[0], &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// signIn signs somebody in as their role card does.
func (w *world) signIn(t *testing.T, username string) policy.Actor {
	t.Helper()
	account, err := w.Auth.AccountNamed(t.Context(), username)
	if err != nil {
		t.Fatalf("%s: %v", username, err)
	}
	permit, err := w.Log.Allow(t.Context(), policy.Actor{Account: "nobody"}, auth.ActTakeRole, "")
	if err != nil {
		t.Fatalf("%s: %v", username, err)
	}
	token, err := w.Auth.SignInAs(t.Context(), permit, account.ID)
	if err != nil {
		t.Fatalf("%s: %v", username, err)
	}
	session, err := w.Auth.Session(t.Context(), token)
	if err != nil {
		t.Fatalf("%s: %v", username, err)
	}
	return session.Actor
}

func TestTheCounty(t *testing.T) {
	w := seeded(t)
	made := fingerprint(t, w)
	w.start()

	t.Run("is the same for the same seed", func(t *testing.T) {
		if diff := cmp.Diff(made, fingerprint(t, seeded(t))); diff != "" {
			t.Errorf("two counties of one seed differ (-first +second):\n%s", diff)
		}
	})

	t.Run("is large enough", func(t *testing.T) {
		for what, least := range map[string]int{"agency": 12, "account": 20, "file": 300, "enquiry": 300, "share": 40, "risk_identification": 20} {
			if n := w.count(t, "SELECT CAST(COUNT(*) AS TEXT) FROM "+what); n < least {
				t.Errorf("%d rows of %s, want at least %d", n, what, least)
			}
		}
	})

	t.Run("has something of every kind to show", func(t *testing.T) {
		for what, query := range map[string]string{
			"light files":               "SELECT CAST(COUNT(*) AS TEXT) FROM file WHERE kind = 'light'",
			"not asked":                 "SELECT CAST(COUNT(*) AS TEXT) FROM enquiry WHERE NOT asked",
			"asked, and does not count": "SELECT CAST(COUNT(*) AS TEXT) FROM enquiry WHERE asked AND NOT counts",
			"asked at level 1":          "SELECT CAST(COUNT(*) AS TEXT) FROM enquiry WHERE level = 1",
			"safe contact unset":        "SELECT CAST(COUNT(*) AS TEXT) FROM person p JOIN file f ON f.agency_id = p.agency_id AND f.person_id = p.id WHERE contact_state <> 'recorded' AND f.kind = 'full'",
			"safe contact out of date":  "SELECT CAST(COUNT(*) AS TEXT) FROM person WHERE contact_state = 'recorded' AND contact_check < '2026-03-01'",
			"safe contact in date":      "SELECT CAST(COUNT(*) AS TEXT) FROM person WHERE contact_state = 'recorded' AND contact_check > '2026-04-01'",
			"risk below level 3":        "SELECT CAST(COUNT(*) AS TEXT) FROM risk_identification WHERE act_now",
			"high risk":                 "SELECT CAST(COUNT(*) AS TEXT) FROM event WHERE kind = 'risk.high'",
			"acts at once":              "SELECT CAST(COUNT(*) AS TEXT) FROM event WHERE kind = 'acted_now'",
			"approximate dates":         "SELECT CAST(COUNT(*) AS TEXT) FROM event WHERE kind = 'note' AND about",
			"hand-overs":                "SELECT CAST(COUNT(*) AS TEXT) FROM event WHERE kind = 'file.handed_over'",
			"children":                  "SELECT CAST(COUNT(*) AS TEXT) FROM party WHERE role = 'child'",
			"several perpetrators":      "SELECT CAST(COUNT(*) AS TEXT) FROM (SELECT 1 AS one FROM party WHERE role = 'perpetrator' GROUP BY agency_id, file_id HAVING COUNT(*) > 1) AS several",
			"tasks done":                "SELECT CAST(COUNT(*) AS TEXT) FROM task WHERE done_at IS NOT NULL",
			"tasks overdue":             "SELECT CAST(COUNT(*) AS TEXT) FROM task WHERE done_at IS NULL AND due_on < '2026-06-15'",
			"tasks to come":             "SELECT CAST(COUNT(*) AS TEXT) FROM task WHERE done_at IS NULL AND due_on >= '2026-06-15'",
			"referrals waiting":         "SELECT CAST(COUNT(*) AS TEXT) FROM share WHERE reason = 'referral' AND acknowledged_at IS NULL AND due_on >= '2026-06-15'",
			"referrals late":            "SELECT CAST(COUNT(*) AS TEXT) FROM share WHERE reason = 'referral' AND acknowledged_at IS NULL AND due_on < '2026-06-15'",
			"referrals acknowledged":    "SELECT CAST(COUNT(*) AS TEXT) FROM referral WHERE state = 'acknowledged'",
			"referrals accepted":        "SELECT CAST(COUNT(*) AS TEXT) FROM referral WHERE state = 'accepted'",
			"referrals declined":        "SELECT CAST(COUNT(*) AS TEXT) FROM referral WHERE state = 'declined'",
			"offers turned down":        "SELECT CAST(COUNT(*) AS TEXT) FROM referral WHERE state = 'declined_by_person'",
			"feedback read":             "SELECT CAST(COUNT(*) AS TEXT) FROM share WHERE reason = 'feedback' AND acknowledged_at IS NOT NULL",
			"feedback unread":           "SELECT CAST(COUNT(*) AS TEXT) FROM share WHERE reason = 'feedback' AND acknowledged_at IS NULL",
		} {
			if w.count(t, query) == 0 {
				t.Errorf("there is nothing to show of: %s", what)
			}
		}
	})

	t.Run("has figures for every measure of the hospital", func(t *testing.T) { figures(t, w) })
	t.Run("gives every role card something to do", func(t *testing.T) { cards(t, w) })
	t.Run("has a restricted case and one that is shut away", func(t *testing.T) { guarded(t, w) })
	t.Run("gives numbers that ring nowhere", func(t *testing.T) { numbers(t, w) })

	t.Run("has a whole ledger", func(t *testing.T) {
		report, err := w.Log.Verify(t.Context())
		if err != nil || len(report.Faults) > 0 {
			t.Errorf("the ledger is not whole: %v, %v", report.Faults, err)
		}
	})

	t.Run("is not made a second time", func(t *testing.T) {
		if err := demo.Seed(t.Context(), w.Deps, 2016); !errors.Is(err, demo.ErrNotEmpty) {
			t.Errorf("got %v, want ErrNotEmpty", err)
		}
	})
}

func figures(t *testing.T, w *world) {
	nia := w.signIn(t, "nia.manager")
	if acts, err := w.Cases.Reviews(t.Context(), nia, 50); err != nil || len(acts) == 0 {
		t.Errorf("nothing waits for the manager's review: %v", err)
	}
	count := func(actor policy.Actor) []measures.Result {
		results, err := w.Counter.Count(t.Context(), actor, measures.Query{Agency: actor.Agency, Exact: true, Period: measures.Period{From: "2025-06-15", To: "2026-06-15"}})
		if err != nil {
			t.Fatal(err)
		}
		return results
	}
	ofSupport := func(r measures.Result) bool {
		return strings.Contains(r.Indicator.ID, ".asked.") || slices.ContainsFunc(r.Indicator.Boxes, func(box int) bool { return box == 9 || box == 10 }) && !strings.HasPrefix(r.Indicator.ID, "QS") && !strings.HasPrefix(r.Indicator.ID, "B9.15") && !strings.HasPrefix(r.Indicator.ID, "B9.2.")
	}
	results := slices.DeleteFunc(count(nia), ofSupport)
	for _, r := range count(w.signIn(t, "carl.manager")) {
		if ofSupport(r) { // the hospital does no advocacy, and nobody asked it for help
			results = append(results, r)
		}
	}
	for _, r := range results {
		if r.Numerator.Persons == 0 || r.Numerator.Persons > r.Denominator.Persons {
			t.Errorf("%s: %d of %d people, want some", r.Indicator.ID, r.Numerator.Persons, r.Denominator.Persons)
		}
	}
}

func cards(t *testing.T, w *world) {
	for _, m := range demo.Cast {
		if m.Card == nil {
			continue
		}
		actor := w.signIn(t, m.Username)
		switch {
		case actor.Has(policy.Administrator):
			members, err := w.Directory.Members(t.Context(), actor, directory.AgencyID(actor.Agency), directory.Page{Size: 50})
			if err != nil || len(members.Items) < 2 {
				t.Errorf("%s looks after %d accounts (%v)", m.Username, len(members.Items), err)
			}
		case actor.Has(policy.Manager), actor.Has(policy.Commissioner):
			if len(w.Counter.Views(actor)) == 0 {
				t.Errorf("%s sees no figures", m.Username)
			}
		case actor.Has(policy.KeyContact):
			notices, err := w.Cases.Notices(t.Context(), actor, 10)
			kinds := map[cases.NoticeKind]bool{}
			for _, n := range notices {
				kinds[n.Kind] = true
			}
			if err != nil || !kinds[cases.NoticeEmergency] || !kinds[cases.NoticeConflict] {
				t.Errorf("%s reviews %v (%v)", m.Username, notices, err)
			}
		default:
			if len(inbox(t, w, actor)) == 0 {
				t.Errorf("%s has nothing to do", m.Username)
			}
		}
	}
	if _, load, err := w.Support.Caseload(t.Context(), w.signIn(t, "lena.idva"), nil, 0); err != nil || load.Cases < 70 || load.Reviews == 0 || load.Late == 0 {
		t.Errorf("the advocate's caseload is %+v (%v), want seventy with reviews overdue and first contacts late", load, err)
	}
	waiting, err := w.Sharing.Waiting(t.Context(), w.signIn(t, "lena.idva"), "", 20)
	if err != nil || len(waiting) < 2 {
		t.Errorf("%d referrals wait for the advocates (%v), want one that waits and one that is late", len(waiting), err)
	}
}

// guarded are the case that is restricted and the one that is shut away.
func guarded(t *testing.T, w *world) {
	slots, err := w.Cases.Slots(t.Context(), w.signIn(t, "nia.manager"), 10)
	if err != nil || len(slots) != 1 {
		t.Errorf("a manager is told of %v restricted cases (%v)", slots, err)
	}
	rows := func(who string) int {
		list, err := w.Cases.Caseload(t.Context(), w.signIn(t, who), cases.All, nil, 500)
		if err != nil {
			t.Error(err)
		}
		n := 0
		for _, r := range list {
			if r.Details.GivenName == "Gemma" && r.Details.FamilyName == "Tolliver" {
				n++
			}
		}
		return n
	}
	if rows("amira.nurse") != 1 || rows("bea.midwife") != 0 {
		t.Error("the case is not shut away from the midwife who lives there, or from her colleague too")
	}
}

func inbox(t *testing.T, w *world, actor policy.Actor) []cases.Task {
	t.Helper()
	var out []cases.Task
	for _, team := range append([]string{""}, actor.Teams...) {
		tasks, err := w.Cases.Inbox(t.Context(), actor, team, cases.Task{}, 50)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, tasks...)
	}
	return out
}

// drama are the numbers kept free by the regulator for films and plays.
var (
	drama  = regexp.MustCompile(`^(01632 960\d{3}|07700 900\d{3})$`)
	number = regexp.MustCompile(`\d[\d ]{8,}\d`)
)

func numbers(t *testing.T, w *world) {
	seen := 0
	for _, m := range demo.Cast {
		actor := w.signIn(t, m.Username)
		if m.Level == 0 {
			continue
		}
		actor.Roles = []policy.Role{policy.Manager, policy.Specialist}
		for _, id := range w.rows(t, "SELECT id FROM file WHERE lead_id = $1", actor.Account) {
			ctx, look := w.Log.BeginLook(t.Context(), actor, cases.ActOpen, "")
			f, err := w.Cases.Open(ctx, actor, cases.ID(id), cases.Supervision)
			if err != nil {
				t.Fatal(err)
			}
			contact, events := everything(ctx, t, w, f)
			if err := look.Commit(ctx); err != nil {
				t.Fatal(err)
			}
			for _, way := range contact.Ways {
				if n := number.FindString(way.Detail); n != "" {
					seen++
					if !drama.MatchString(n) {
						t.Errorf("%q may be somebody's number", n)
					}
				}
			}
			for _, e := range events {
				if n := number.FindString(e.Text); n != "" && !drama.MatchString(n) {
					t.Errorf("%q in a chronology may be somebody's number", n)
				}
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d numbers are on record", seen)
	}
}

func everything(ctx context.Context, t *testing.T, w *world, f *cases.File) (people.SafeContact, []cases.Event) {
	t.Helper()
	var contact people.SafeContact
	var events []cases.Event
	err := w.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		if contact, err = w.Cases.SafeContact(ctx, tx, f, p); err != nil {
			return err
		}
		events, err = w.Cases.Chronology(ctx, tx, f, "", 200)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return contact, events
}

// fingerprint is what two counties are compared by. The head of the ledger
// stands for every identifier, time and act.
func fingerprint(t *testing.T, w *world) []string {
	t.Helper()
	head, err := w.Log.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := []string{fmt.Sprintf("ledger %d %s", head.Size, head.Root)}
	for _, query := range []string{
		"SELECT id || ' ' || given_name || ' ' || family_name || ' ' || born || ' ' || contact_check FROM person ORDER BY id",
		"SELECT id || ' ' || kind || ' ' || happened_on FROM event ORDER BY id",
		"SELECT id || ' ' || kind || ' ' || due_on FROM task ORDER BY id",
		"SELECT id || ' ' || state FROM referral ORDER BY id",
		"SELECT kind || ' ' || COUNT(*) FROM fact GROUP BY kind ORDER BY kind",
	} {
		sum := sha256.New()
		rows := w.rows(t, query)
		for _, row := range rows {
			fmt.Fprintln(sum, row)
		}
		out = append(out, fmt.Sprintf("%d %x %s", len(rows), sum.Sum(nil), query))
	}
	return out
}
