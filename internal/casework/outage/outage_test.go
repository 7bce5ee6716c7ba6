package outage_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/outage"
	"waymark/internal/casework/risk"
	"waymark/internal/casework/safetyplan"
	"waymark/internal/casework/support"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
	"waymark/internal/registers/questions"
)

type world struct {
	*casestest.World
	packs   *outage.Service
	support *support.Service
	plans   *safetyplan.Service
	meets   *appointments.Service
	key     outage.Key
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := world{World: casestest.New(t, db, clock, outage.Rules(), appointments.Rules(), support.Rules(), safetyplan.Rules(), risk.Rules(), questions.Rules()), key: outage.NewKey()}
		sets, err := questions.New(db, w.Guard)
		must(t, err)
		dangers, err := risk.New(w.Cases, w.Guard, sets)
		must(t, err)
		w.plans, err = safetyplan.New(w.Cases, w.Guard, w.Registry, w.Directory)
		must(t, err)
		london, err := time.LoadLocation("Europe/London")
		must(t, err)
		w.support = support.New(w.Cases, w.Guard, w.Registry, support.Config{Zone: london})
		w.meets = appointments.New(w.Cases, w.Guard, w.Registry, appointments.Config{Zone: london})
		w.packs = outage.New(w.Cases, w.Guard, london, clock.Now, w.support.Reachable, w.meets.Digest, dangers.Digest, w.plans.Digest, w.support.Digest)
		fn(t, w)
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w world) begin(t *testing.T, who, name string, side cases.Side) *cases.File {
	t.Helper()
	return w.BeginFor(t, w.Actor(t, who), people.Details{GivenName: name, FamilyName: "Example", Language: "Welsh"}, side)
}

func (w world) says(t *testing.T, f *cases.File, form people.ContactForm) {
	t.Helper()
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		p, err := w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		form.Version = p.Version
		return w.People.RecordSafeContact(ctx, tx, f.Permit(), p, form)
	}))
}

func (w world) plan(t *testing.T, f *cases.File, answers forms.Answers) {
	t.Helper()
	_, err := w.plans.Make(t.Context(), f, safetyplan.NewPlan{Answers: answers, Made: safetyplan.Together, Present: "nobody else", ReviewOn: w.Clock.Now().AddDate(0, 0, 20).Format(time.DateOnly)})
	must(t, err)
}

func (w world) pack(t *testing.T, who string) outage.File {
	t.Helper()
	f, err := w.packs.Make(t.Context(), w.Actor(t, who), w.key.Groups(), outage.OneDay)
	must(t, err)
	return f
}

var attribute = regexp.MustCompile(`data-([a-z]+)="([^"]*)"`)

// opened is what stands in a pack, as the page in it opens it. end is when it is
// said to end.
func opened(t *testing.T, body []byte, key outage.Key, end func(string) string) ([]byte, error) {
	t.Helper()
	page := string(body)
	at := strings.Index(page, `<div id="sealed"`)
	parts := map[string]string{}
	for _, m := range attribute.FindAllStringSubmatch(page[at:], -1) {
		parts[m[1]] = m[2]
	}
	_, rest, _ := strings.Cut(page[at:], ">")
	text, _, _ := strings.Cut(rest, "</div>")
	decode := func(text string) []byte {
		b, err := base64.StdEncoding.DecodeString(text)
		must(t, err)
		return b
	}
	rounds, err := strconv.Atoi(parts["rounds"])
	must(t, err)
	derived, err := pbkdf2.Key(sha256.New, strings.ReplaceAll(key.Groups(), "-", ""), decode(parts["salt"]), rounds, 32)
	must(t, err)
	block, err := aes.NewCipher(derived)
	must(t, err)
	box, err := cipher.NewGCM(block)
	must(t, err)
	return box.Open(nil, decode(parts["nonce"]), decode(text), []byte(end(parts["until"])))
}

func same(until string) string { return until }

func (w world) read(t *testing.T, f outage.File) (outage.Pack, string) {
	t.Helper()
	plain, err := opened(t, f.Body, w.key, same)
	must(t, err)
	var p outage.Pack
	must(t, json.Unmarshal(plain, &p))
	return p, string(plain)
}

// In a pack are the open cases that its maker holds and may see, and no others.
func TestAPackHoldsOnesOwnCases(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		own := w.begin(t, casestest.IDVA, "Maya", cases.Experiencing)
		closed := w.begin(t, casestest.IDVA, "Closed", cases.Experiencing)
		w.begin(t, casestest.Colleague, "Colleague's", cases.Experiencing)
		shut := w.begin(t, casestest.IDVA, "Tied", cases.Experiencing)
		w.begin(t, casestest.Nurse, "Elsewhere", cases.Experiencing)
		must(t, w.Cases.CloseCase(t.Context(), closed, closed.Version(), "they asked for it"))
		must(t, w.Cases.DeclareOn(t.Context(), shut, shut.Person(), cases.Relations()[0]))

		f := w.pack(t, casestest.IDVA)
		p, text := w.read(t, f)
		if f.Cases != 1 || len(p.Cases) != 1 || !strings.HasPrefix(p.Cases[0].Title, "Maya Example") {
			t.Fatalf("in the pack are %+v", p.Cases)
		}
		for _, name := range []string{"Closed", "Colleague's", "Tied", "Elsewhere"} {
			if strings.Contains(text, name) {
				t.Errorf("%s stands in it", name)
			}
		}
		for _, want := range []string{"Not identified. That is not a low risk.", "No way is known to be safe", "Language: Welsh"} {
			if !strings.Contains(text, want) {
				t.Errorf("it does not say %q", want)
			}
		}
		entries := w.Ledger(t)
		made := entries[len(entries)-1]
		if made.Action != outage.ActMake || made.Reason != string(outage.OneDay) || !slices.Contains(made.Subjects, own.ID().Subject()) || !slices.Contains(made.Subjects, own.Person().Subject()) || len(made.Subjects) != 2 {
			t.Errorf("the ledger says %+v", made)
		}
	})
}

// The appointments until the pack ends stand in it with their time, and without
// the place: neither one that comes later nor one that was called off does.
func TestTodaysAppointmentsStandInAPack(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.begin(t, casestest.IDVA, "Maya", cases.Experiencing)
		book := func(in time.Duration, way appointments.Way) (string, appointments.ID) {
			at := w.Clock.Now().Add(in)
			id, err := w.meets.Book(t.Context(), f, appointments.Asking{
				Worker: f.Lead(), At: at, Minutes: 30, Way: way, Alone: true, Interpreter: appointments.Shared, Words: appointments.Words{Where: "7 Fictional Row"},
			})
			must(t, err)
			return at.Format("15:04"), id
		}
		today, _ := book(2*time.Hour, appointments.Elsewhere)
		evening, _ := book(7*time.Hour, appointments.Telephone)
		off, id := book(5*time.Hour, appointments.Telephone)
		must(t, w.meets.Cancel(t.Context(), f, id, 1, appointments.ByService, "The worker is ill."))
		later, _ := book(51*time.Hour, appointments.Telephone)

		p, text := w.read(t, w.pack(t, casestest.IDVA))
		var lines []string
		for _, part := range p.Cases[0].Parts {
			if part.Heading == "Appointments" {
				lines = part.Lines
			}
		}
		if len(lines) != 2 || !strings.Contains(lines[0], today) || !strings.Contains(lines[1], evening) {
			t.Errorf("of appointments at %s and %s it says %q", today, evening, lines)
		}
		for _, gone := range []string{off, later, "Row", "is ill"} {
			if strings.Contains(strings.Join(lines, "\n"), gone) || strings.Contains(text, "Fictional Row") {
				t.Errorf("%q stands in it", gone)
			}
		}
	})
}

// Nothing about anybody can be read without the key, nor with another end.
func TestAPackIsSealedAndSoIsItsEnd(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.begin(t, casestest.IDVA, "Maya", cases.Experiencing)
		f := w.pack(t, casestest.IDVA)
		seen, _, _ := strings.Cut(string(f.Body), `<div id="sealed"`)
		for _, word := range []string{"maya", "example", "haven", "risk", "abuse", "violen", "safe", "waymark", "victim", "plan"} {
			if strings.Contains(strings.ToLower(seen), word) {
				t.Errorf("%q can be read without the key", word)
			}
		}
		if _, err := opened(t, f.Body, w.key, same); err != nil {
			t.Errorf("the key does not open it: %v", err)
		}
		if _, err := opened(t, f.Body, outage.NewKey(), same); err == nil {
			t.Error("another key opens it")
		}
		if _, err := opened(t, f.Body, w.key, func(until string) string { return strings.Replace(until, "20", "21", 1) }); err == nil {
			t.Error("its end can be moved")
		}
		if want := w.Clock.Now().AddDate(0, 0, 1); !f.Until.Equal(store.Moment(want)) {
			t.Errorf("it ends at %v, not at %v", f.Until, want)
		}
	})
}

// No number stands in a pack that is not safe for as long as it holds, no
// address, and nothing that a plan keeps apart. The code word is read under the
// permission for whereabouts, and the ledger says so.
func TestNothingUnsafeStandsInAPack(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.begin(t, casestest.IDVA, "Maya", cases.Experiencing)
		w.says(t, f, people.ContactForm{CodeWord: "marigold", NeverSpeak: "her brother", Ways: []people.Way{
			{Channel: people.Mobile, Allowed: people.OnlyIf, Detail: "07700 900001", Conditions: "as the dentist"},
			{Channel: people.Landline, Allowed: people.No, Detail: "01632 960002"},
			{Channel: people.Post, Allowed: people.Yes, Detail: "1 Example Road, EX1 2AB"},
			{Channel: people.InPerson, Allowed: people.Yes, Detail: "at the library in Example Street"},
			{Channel: people.Text, Allowed: people.Yes, Detail: "07700 900003", Conditions: "never from 2 Other Road EX9 9ZZ"},
		}})
		w.plan(t, f, forms.Answers{
			"danger.fear": forms.Give("“He waits outside.”"), "apart.places": forms.Give("Aunt Sefa in Exampleham"), "apart.word": forms.Give("cornflower"),
			"near.out": forms.Give("By the back door\nTo Aunt Sefa in Exampleham by bus\nBack at the old mill, Fictional Lane, by ten"),
		})
		must(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: people.Address{House: "The Old Mill, Fictional Lane"}, Confidential: true}))
		_, text := w.read(t, w.pack(t, casestest.IDVA))
		for _, secret := range []string{"01632", "EX1", "EX9", "900003", "library", "Sefa", "cornflower", "old mill"} {
			if strings.Contains(text, secret) {
				t.Errorf("%q stands in it", secret)
			}
		}
		for _, want := range []string{"07700 900001", "as the dentist", "Leave no message", "Home phone: do not use", "Never speak to: her brother", "marigold", "He waits outside", "What looks like an address, or is kept apart, was left out"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q does not stand in it: %s", want, text)
			}
		}
		if !slices.ContainsFunc(w.Ledger(t), func(e audit.Entry) bool {
			return e.Action == people.ActCode && slices.Contains(e.Subjects, f.Person().Subject())
		}) {
			t.Error("the ledger does not say that the code word was read")
		}

		// What runs out while the pack holds is not in it either.
		w.Clock.Advance(people.DefaultRecheck + 12*time.Hour)
		if _, text := w.read(t, w.pack(t, casestest.IDVA)); strings.Contains(text, "900001") || !strings.Contains(text, "do not use. It was last checked too long ago") {
			t.Errorf("a number that is not safe until the end stands in it: %s", text)
		}
	})
}

// The file of a person who harms has no safety plan in a pack either.
func TestAPackOfWorkWithSomebodyWhoHarmsHasNoPlan(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.begin(t, casestest.IDVA, "Sam", cases.Perpetrating)
		if p, text := w.read(t, w.pack(t, casestest.IDVA)); len(p.Cases) != 1 || strings.Contains(text, "Safety plan") {
			t.Errorf("it holds %s", text)
		}
	})
}

// What is wrong is said by field, and whoever holds nothing or does not work
// with cases gets none.
func TestAPackThatCannotBeMade(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		var errs forms.Errors
		_, err := w.packs.Make(t.Context(), w.Actor(t, casestest.IDVA), "too short", "for ever")
		if !errors.As(err, &errs) || errs.Get("key") == "" || errs.Get("hold") == "" {
			t.Errorf("nothing is said of key and hold: %v", err)
		}
		if _, err = w.packs.Make(t.Context(), w.Actor(t, casestest.IDVA), w.key.Groups(), outage.OneDay); !errors.As(err, &errs) {
			t.Errorf("a pack of nothing: %v", err)
		}
		for _, who := range []string{casestest.Commissioner, casestest.KeyContact, casestest.TrustAdmin, casestest.Robot} {
			if _, err := w.packs.Make(t.Context(), w.Actor(t, who), w.key.Groups(), outage.OneDay); !denied(err) {
				t.Errorf("%s makes one: %v", who, err)
			}
		}
	})
}

func denied(err error) bool {
	_, is := policy.IsDenied(err)
	return is
}
