package cases_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// The names of the mazes, with the words that a person would say they are made
// of.
var (
	givenNames  = map[string][]string{"Samira": {"samira"}, "Zoë": {"zoe"}, "Anne-Marie": {"annemarie", "anne", "marie"}, "Łukasz": {"lukasz"}, "Jo": {"jo"}, "": nil}
	familyNames = map[string][]string{
		"Jones": {"jones"}, "O’Brien": {"obrien", "o", "brien"}, "de la Cruz": {"de", "la", "cruz", "delacruz"}, "JÖNS": {"jons"}, "Samson": {"samson"},
	}
	births  = []string{"1991-03-27", "1991-03", "1991", "1984-12-01", ""}
	numbers = []string{"07700 900101", "+44 7700 900102", "0044 (0)20 7946 0103"}
	codes   = []string{"ZE1 0AA", "ze10ab"}
)

// asked are searches with the words they ask for, and whether they ask for whole
// ones.
var asked = []struct {
	text, born string
	words      []string
	whole      bool
	kind       string // "", phone, email or postcode
}{
	{text: "sam", words: []string{"sam"}},
	{text: "Sam Jo", words: []string{"sam", "jo"}},
	{text: "JONES samira", words: []string{"jones", "samira"}},
	{text: "jo", words: []string{"jo"}, whole: true},
	{text: "o'brien", words: []string{"obrien"}},
	{text: "O Brien", words: []string{"o", "brien"}},
	{text: "cruz de", words: []string{"cruz", "de"}},
	{text: "DelaCr", words: []string{"delacr"}},
	{text: "Lukasz", words: []string{"lukasz"}},
	{text: "zoé", words: []string{"zoe"}},
	{text: "annemarie", words: []string{"annemarie"}},
	{text: "marie", words: []string{"marie"}},
	{text: "jons", words: []string{"jons"}},
	{text: "nobody", words: []string{"nobody"}},
	{text: "sam", born: "1991-03-27", words: []string{"sam"}},
	{text: "jones", born: "1991-03", words: []string{"jones"}},
	{text: "sam", born: "1984", words: []string{"sam"}},
	{text: "Jones 27.3.1991", born: "", words: []string{"jones"}},
	{text: "1 12 1984"},
	{text: "", born: "1991-03-27"},
	{text: "+447700900101", kind: "phone"},
	{text: "(07700) 900-102", kind: "phone"},
	{text: "020 7946 0103", kind: "phone"},
	{text: "07700 900199", kind: "phone"},
	{text: "Someone@Example.org", kind: "email"},
	{text: "else@example.org", kind: "email"},
	{text: "ZE10AA", kind: "postcode"},
	{text: "ze1 0ab", kind: "postcode"},
	{text: "ZE9 9ZZ", kind: "postcode"},
}

// dated are the dates of birth that stand in the text of a search.
var dated = map[string]string{"Jones 27.3.1991": "1991-03-27", "1 12 1984": "1984-12-01"}

// somebody is a person of a maze as this test knows them.
type somebody struct {
	id           people.ID
	words        []string
	born         string
	phone, email string // in one way of writing
	code         string // empty for a confidential home, too
}

// fits is the slow and obvious way.
func (p somebody) fits(text, born string, words []string, whole bool, kind string) bool {
	if d := dated[text]; d != "" {
		born = d
	}
	agree := born == "" || p.born == "" || strings.HasPrefix(born, p.born) || strings.HasPrefix(p.born, born)
	squeeze := func(s string) string {
		return strings.ToLower(strings.NewReplacer(" ", "", "(0)", "", "(", "", ")", "", "-", "").Replace(s))
	}
	number := squeeze(text)
	for _, lead := range []string{"+44", "0044", "0"} {
		if rest, ok := strings.CutPrefix(number, lead); ok {
			number = rest
			break
		}
	}
	switch {
	case kind == "phone":
		return p.phone != "" && p.phone == number
	case kind == "email":
		return p.email != "" && p.email == strings.ToLower(text)
	case kind == "postcode":
		return p.code != "" && p.code == squeeze(text)
	case len(words) == 0:
		return p.born == born
	}
	for _, w := range words {
		if !slices.ContainsFunc(p.words, func(have string) bool { return have == w || !whole && strings.HasPrefix(have, w) }) {
			return false
		}
	}
	return agree
}

func keysOf[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// peopled gives the files of a maze people with names, numbers and homes.
func (m *maze) peopled(t *testing.T, w *casestest.World) map[people.ID]*somebody {
	t.Helper()
	given, family := keysOf(givenNames), keysOf(familyNames)
	out := map[people.ID]*somebody{}
	for _, agency := range m.agencies {
		permit, err := w.Guard.Allow(t.Context(), policy.Actor{Account: "a", Kind: policy.Human, Agency: agency}, cases.ActWork, "")
		mustDo(t, err)
		mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for _, file := range m.files {
				if m.of[file] != agency {
					continue
				}
				ids := []people.ID{people.ID(file)}
				for i := range m.random.IntN(3) {
					d := people.Details{GivenName: "to be named"}
					p, err := w.People.Add(ctx, tx, permit, agency, d)
					if err != nil {
						return err
					}
					for _, role := range m.some([]string{"perpetrator", "child", "other"}) {
						if _, err := tx.ExecContext(ctx, `INSERT INTO party (agency_id, file_id, person_id, role, relation, relation_sealed, added_at) VALUES ($1, $2, $3, $4, '', $5, $6)`,
							agency, string(file), string(p.ID), role, []byte{}, tx.Now()); err != nil {
							return err
						}
					}
					ids = append(ids, p.ID)
					_ = i
				}
				for _, id := range ids {
					who, err := m.called(ctx, tx, w, permit, agency, id, m.one(given), m.one(family))
					if err != nil {
						return err
					}
					out[id] = who
				}
			}
			return nil
		}))
	}
	return out
}

func (m *maze) called(ctx context.Context, tx *store.Tx, w *casestest.World, permit audit.Permit, agency string, id people.ID, given, family string) (*somebody, error) {
	who := &somebody{id: id, words: slices.Concat(givenNames[given], familyNames[family]), born: m.one(births)}
	p, err := w.People.Get(ctx, tx, permit, agency, id)
	if err != nil {
		return nil, err
	}
	if err := w.People.Change(ctx, tx, permit, agency, id, p.Version, people.Details{GivenName: given, FamilyName: family, Born: who.born}); err != nil {
		return nil, err
	}
	if m.coin() {
		number := m.one(numbers)
		who.phone = map[string]string{numbers[0]: "7700900101", numbers[1]: "7700900102", numbers[2]: "2079460103"}[number]
		f := people.ContactForm{Version: p.Version + 1, Ways: []people.Way{{Channel: people.Mobile, Allowed: people.No, Detail: number + " (ask for her sister)"}}}
		if m.coin() {
			who.email = "someone@example.org"
			f.Ways = append(f.Ways, people.Way{Channel: people.Email, Allowed: people.Yes, Detail: "someone@EXAMPLE.org"})
		}
		if err := w.People.RecordSafeContact(ctx, tx, permit, p, f); err != nil {
			return nil, err
		}
	}
	if m.coin() {
		home := people.Home{Address: people.Address{House: m.one([]string{"7 Test Row", ""}), Postcode: m.one(codes)}, Confidential: m.random.IntN(3) == 0}
		if !home.Confidential {
			who.code = strings.ToLower(strings.ReplaceAll(home.Postcode, " ", ""))
		}
		if err := w.People.RecordHome(ctx, tx, permit, agency, id, home); err != nil {
			return nil, err
		}
	}
	return who, nil
}

// hit names a line of an answer.
type hit struct {
	File   cases.ID
	Person people.ID
	Role   cases.Role
}

// Finding is exactly the files that somebody may list, and in them the people
// whom the search fits; by what tells where somebody is, those of whom the
// searcher may read it. Whatever is true of the files, on both engines, and for
// people whose words and keys were written at the next start as well.
// Proves: B6.14, B6.26
func TestFindingIsWhatTheListShowsAndTheSearchFits(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		m := &maze{
			random:   rand.New(rand.NewPCG(43, 5)),
			agencies: []string{string(w.Trust.ID), string(w.Haven.ID)}, accounts: []string{"a", "b", "c", "d", "e"},
			teams: []string{string(w.Midwives.ID), string(w.Advocates.ID), "third"}, of: map[cases.ID]string{},
		}
		mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for n := range someFiles {
				if err := m.file(ctx, tx, n); err != nil {
					return err
				}
			}
			return nil
		}))
		known := m.peopled(t, w)
		hits := m.findEqualsSlowly(t, w, known)
		if hits < 300 {
			t.Errorf("%d people were found in all", hits)
		}
		mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for _, s := range []string{"DELETE FROM person_word", "DELETE FROM person_mark WHERE kind = 'postcode' OR kind LIKE 'reach.%'", "UPDATE person SET keyed = 0"} {
				if _, err := tx.ExecContext(ctx, s); err != nil {
					return err
				}
			}
			return nil
		}))
		n, err := w.People.BuildKeys(t.Context(), w.DB)
		if err != nil || n < someFiles {
			t.Fatalf("wrote the keys of %d people, %v", n, err)
		}
		if again, err := w.People.BuildKeys(t.Context(), w.DB); err != nil || again != 0 {
			t.Errorf("wrote the keys of %d people again, %v", again, err)
		}
		m.findEqualsSlowly(t, w, known)
	})
}

func (m *maze) findEqualsSlowly(t *testing.T, w *casestest.World, known map[people.ID]*somebody) int {
	t.Helper()
	rules, hits := w.Guard.Rules(), 0
	type fileOf struct {
		resource policy.Resource
		side     string
		people   []hit
	}
	var files []fileOf
	read(t, w, func(ctx context.Context, tx *store.Tx) error {
		for _, id := range m.files {
			r, err := cases.ResourceOf(ctx, tx, id)
			if err != nil {
				return err
			}
			side, _ := r.Attrs["side"].(string)
			f := fileOf{resource: r, side: side, people: []hit{{id, people.ID(id), ""}}}
			rows, err := tx.QueryContext(ctx, "SELECT person_id, role FROM party WHERE agency_id = $1 AND file_id = $2", m.of[id], string(id))
			if err != nil {
				return err
			}
			for rows.Next() {
				h := hit{File: id}
				if err := rows.Scan(&h.Person, &h.Role); err != nil {
					return err
				}
				f.people = append(f.people, h)
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil {
				return err
			}
			files = append(files, f)
		}
		return nil
	})
	for i := range 4 * len(asked) {
		a, actor := asked[i%len(asked)], m.actor()
		if i >= len(asked) { // most have a role in which they find
			actor.Kind, actor.Only = policy.Human, nil
			actor.Roles = append(actor.Roles, policy.Practitioner)
			if i%2 == 0 {
				actor.Roles = append(actor.Roles, policy.Manager)
			}
		}
		what, errs := cases.ParseSought(a.text, a.born)
		if errs.Any() {
			t.Fatalf("%q %q: %v", a.text, a.born, errs)
		}
		want := map[hit]bool{}
		for _, f := range files {
			if !rules.Decide(actor, cases.ActList, f.resource).Allowed || a.kind != "" && !rules.Decide(actor, people.ActWhereabouts, f.resource).Allowed {
				continue
			}
			for _, h := range f.people {
				if known[h.Person].fits(a.text, a.born, a.words, a.whole, a.kind) && (a.kind == "" || h.Role == "" || f.side != string(cases.Perpetrating)) {
					want[h] = true
				}
			}
		}
		got, pages := map[hit]bool{}, 0
		var after *cases.Found
		for {
			found, err := w.Cases.Find(t.Context(), actor, what, after, 7)
			if _, denied := policy.IsDenied(err); denied {
				break
			}
			mustDo(t, err)
			for _, f := range found.Found {
				h := hit{f.ID, f.Person, f.Role}
				if got[h] {
					t.Errorf("%q: %v is found twice", a.text, h)
				}
				got[h] = true
			}
			if pages++; !found.More || pages > 50 {
				break
			}
			after = &found.Found[len(found.Found)-1]
		}
		hits += len(got)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q %q by %+v (-fits +found):\n%s", a.text, a.born, actor, d)
		}
	}
	return hits
}

// A number finds the case it is of, open or closed, and tells a colleague whom
// to ask for a restricted one; a name tells them nothing.
func TestARestrictedCaseIsAnsweredByItsNumberAlone(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse, manager := w.Actor(t, casestest.Nurse), w.Actor(t, casestest.TrustManager)
		f := w.BeginFor(t, nurse, people.Details{GivenName: "Corinne", FamilyName: "Example"}, cases.Experiencing)
		find := func(actor policy.Actor, text string) cases.Findings {
			t.Helper()
			what, errs := cases.ParseSought(text, "")
			if errs.Any() {
				t.Fatal(errs)
			}
			out, err := w.Cases.Find(t.Context(), actor, what, nil, 25)
			mustDo(t, err)
			return out
		}
		number := fmt.Sprintf("case %d", f.Number())
		if out := find(manager, number); len(out.Found) != 1 || out.Slot != nil || out.Found[0].Person != f.Person() {
			t.Errorf("found %+v", out)
		}
		mustDo(t, w.Cases.Restrict(t.Context(), f, f.Version(), nil, "a colleague's sister"))
		if out := find(manager, number); len(out.Found) != 0 || out.Slot == nil || out.Slot.Lead != nurse.Account {
			t.Errorf("a restricted case is found as %+v", out)
		}
		if out := find(manager, "corinne"); len(out.Found) != 0 || out.Slot != nil {
			t.Errorf("a name finds a restricted case as %+v", out)
		}
		if out := find(w.Actor(t, casestest.IDVA), number); len(out.Found) != 0 || out.Slot != nil {
			t.Errorf("another agency finds %+v", out)
		}
		if out := find(nurse, "corinne"); len(out.Found) != 1 {
			t.Errorf("whoever holds it finds %+v", out)
		}
	})
}

// One entry names exactly the people who are shown, an empty answer leaves one
// too, and what was looked for is in none.
func TestASearchLeavesOneEntryWithoutTheSearch(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse := w.Actor(t, casestest.Nurse)
		f := w.BeginFor(t, nurse, people.Details{GivenName: "Quillon", FamilyName: "Example"}, cases.Experiencing)
		child := w.Add(t, f, cases.Child, people.Details{GivenName: "Quillan", FamilyName: "Example"})
		for _, c := range []struct {
			text string
			want []audit.Subject
		}{
			{"quill", []audit.Subject{f.Person().Subject(), child.Subject()}},
			{"quillx", []audit.Subject{{Kind: "agency", ID: nurse.Agency}}},
			{"07700 900999", []audit.Subject{{Kind: "agency", ID: nurse.Agency}}},
		} {
			before := len(w.Ledger(t))
			what, _ := cases.ParseSought(c.text, "")
			_, err := w.Cases.Find(t.Context(), nurse, what, nil, 25)
			mustDo(t, err)
			entries := w.Ledger(t)[before:]
			if len(entries) != 1 || entries[0].Action != cases.ActFind {
				t.Fatalf("%q left %+v", c.text, entries)
			}
			byID := func(a, b audit.Subject) int { return strings.Compare(a.ID, b.ID) }
			slices.SortFunc(c.want, byID)
			slices.SortFunc(entries[0].Subjects, byID)
			if d := cmp.Diff(c.want, entries[0].Subjects); d != "" {
				t.Errorf("%q (-shown +named):\n%s", c.text, d)
			}
			if text := fmt.Sprintf("%+v", entries[0]); strings.Contains(strings.ToLower(text), c.text) || strings.Contains(text, "900999") {
				t.Errorf("the entry holds what was looked for: %s", text)
			}
		}
	})
}

// What tells where somebody is costs the same and answers the same, whether
// nobody has it or somebody whose whereabouts are closed to the searcher.
// Proves: B6.26
func TestANumberThatMayNotBeReadIsNoNumber(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		mustDo(t, w.Cases.SetOpenings(t.Context(), w.Actor(t, casestest.KeyContact), cases.Openings{cases.Whereabouts: {policy.Manager}}))
		nurse, manager := w.Actor(t, casestest.Nurse), w.Actor(t, casestest.TrustManager)
		f := w.Begin(t, nurse)
		mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			p, err := w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
			if err != nil {
				return err
			}
			return w.People.RecordSafeContact(ctx, tx, f.Permit(), p, people.ContactForm{Version: p.Version, Ways: []people.Way{{Channel: people.Mobile, Allowed: people.Yes, Detail: "07700 900123"}}})
		}))
		mustDo(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: people.Address{House: "3", Postcode: "ZE1 0AA"}}))
		find := func(actor policy.Actor, text string) (int, int) {
			what, _ := cases.ParseSought(text, "")
			ctx, n := store.CountQueries(t.Context())
			out, err := w.Cases.Find(ctx, actor, what, nil, 25)
			mustDo(t, err)
			return len(out.Found), n.N()
		}
		for _, pair := range [][2]string{{"+44 7700 900123", "+44 7700 900124"}, {"ZE1 0AA", "ZE1 0AB"}} {
			hidden, work := find(nurse, pair[0])
			none, less := find(nurse, pair[1])
			if hidden != 0 || none != 0 || work != less {
				t.Errorf("%s: %d found with %d statements, %d with %d", pair[0], hidden, work, none, less)
			}
			if n, _ := find(manager, pair[0]); n != 1 {
				t.Errorf("%s: who may read it finds %d", pair[0], n)
			}
		}
		mustDo(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: people.Address{House: "3", Postcode: "ZE1 0AA"}, Confidential: true}))
		if n, _ := find(manager, "ZE1 0AA"); n != 0 {
			t.Error("a confidential home is found by its postcode")
		}
	})
}

// Whoever was changed is found by what they are called now, and nobody finds
// what was destroyed.
func TestKeysFollowThePerson(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse := w.Actor(t, casestest.Nurse)
		f := w.Begin(t, nurse)
		found := func(text string) int {
			what, _ := cases.ParseSought(text, "")
			out, err := w.Cases.Find(t.Context(), nurse, what, nil, 25)
			mustDo(t, err)
			return len(out.Found)
		}
		contact := func(version int64, add bool, ways ...people.Way) {
			mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				p, err := w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
				if err != nil {
					return err
				}
				return w.People.RecordSafeContact(ctx, tx, f.Permit(), p, people.ContactForm{Version: version, Ways: ways, Add: add})
			}))
		}
		contact(1, false, people.Way{Channel: people.Mobile, Allowed: people.Yes, Detail: "07700 900123 or 07700 900124"})
		contact(2, true, people.Way{Channel: people.Landline, Allowed: people.No, Detail: "020 7946 0001"})
		for _, number := range []string{"07700900123", "07700900124", "02079460001"} {
			if found(number) != 1 {
				t.Errorf("%s finds nobody", number)
			}
		}
		mustDo(t, w.Cases.ChangePerson(t.Context(), f, 3, people.Details{GivenName: "Nadia", FamilyName: "Sample"}))
		if found("maya") != 0 || found("nad sam") != 1 || found("07700900123") != 1 {
			t.Error("a change of name is not followed, or has taken the number along")
		}
		contact(4, false, people.Way{Channel: people.Mobile, Allowed: people.Yes, Detail: "07700 900125"})
		if found("07700900123") != 0 || found("02079460001") != 0 || found("07700900125") != 1 {
			t.Error("a change of number is not followed")
		}
		mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return w.People.Destroy(ctx, tx, f.Permit(), f.Agency(), f.Person())
		}))
		if found("nadia") != 0 || found("07700900125") != 0 {
			t.Error("who was destroyed is found")
		}
	})
}

// Whoever is hidden is found by nothing that tells where or how they can be
// reached, whatever is recorded later, and is again once two have ended it.
//
// Proves: B6.26
func TestWhoIsHiddenIsFoundByNameAlone(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		idva := w.Actor(t, casestest.IDVA)
		f := w.Begin(t, idva)
		contact := func(add bool, ways ...people.Way) {
			mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				p, err := w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
				if err != nil {
					return err
				}
				return w.People.RecordSafeContact(ctx, tx, f.Permit(), p, people.ContactForm{Version: p.Version, Ways: ways, Add: add})
			}))
		}
		places := []string{"07700900123", "07700900124", "maya@mail.example", "EX99 1AA"}
		expect := func(when string, want ...string) {
			t.Helper()
			for _, text := range append([]string{"maya"}, places...) {
				what, _ := cases.ParseSought(text, "")
				out, err := w.Cases.Find(t.Context(), idva, what, nil, 25)
				mustDo(t, err)
				if found := len(out.Found) > 0; found != (text == "maya" || slices.Contains(want, text)) {
					t.Errorf("%s: %s is found: %t", when, text, found)
				}
			}
		}
		contact(false, people.Way{Channel: people.Mobile, Allowed: people.Yes, Detail: "07700 900123"}, people.Way{Channel: people.Email, Allowed: people.Yes, Detail: "maya@mail.example"})
		mustDo(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: refuge}))
		expect("before", "07700900123", "maya@mail.example", "EX99 1AA")
		mustDo(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: refuge, Hidden: true}))
		expect("hidden")
		contact(true, people.Way{Channel: people.Landline, Allowed: people.Yes, Detail: "07700 900124"})
		expect("with another number")
		mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, "UPDATE person SET keyed = 0")
			return err
		}))
		_, err := w.People.BuildKeys(t.Context(), w.DB)
		mustDo(t, err)
		expect("written anew")
		mustDo(t, w.Cases.AskHome(t.Context(), f, f.Person(), people.Home{Address: refuge, Confidential: true}, "She uses her telephone again."))
		theirs, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.Colleague), f.ID(), cases.Care)
		mustDo(t, err)
		mustDo(t, w.Cases.SettleHome(t.Context(), theirs, f.Person(), waits(t, w, f), true))
		expect("hidden no more", "07700900123", "07700900124", "maya@mail.example")
	})
}

// Somebody with the same names is proposed, unless their date of birth says
// that they are another.
func TestWhoMayBeTheSameIsProposed(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse := w.Actor(t, casestest.Nurse)
		f := w.Begin(t, nurse) // Maya Example, 1991-03-27
		for _, c := range []struct {
			d    people.Details
			want int
		}{
			{people.Details{GivenName: "maya", FamilyName: "EXAMPLE"}, 1},
			{people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991"}, 1},
			{people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1990-03-27"}, 0},
			{people.Details{GivenName: "May", FamilyName: "Example"}, 0},
			{people.Details{GivenName: "Maya"}, 0},
			{people.Details{}, 0},
		} {
			rows, err := w.Cases.Alike(t.Context(), nurse, c.d)
			if err != nil || len(rows) != c.want || c.want == 1 && rows[0].ID != f.ID() {
				t.Errorf("%q %s: %+v, %v", c.d.Name(), c.d.Born, rows, err)
			}
		}
		if rows, err := w.Cases.Alike(t.Context(), w.Actor(t, casestest.IDVA), people.Details{GivenName: "Maya", FamilyName: "Example"}); err != nil || len(rows) != 0 {
			t.Errorf("another agency is shown %+v, %v", rows, err)
		}
	})
}

// However many there are, an index leads to those who are looked for, and from
// them to their files.
func TestPeopleAreFoundThroughIndexes(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		manager := w.Actor(t, casestest.TrustManager)
		w.Begin(t, w.Actor(t, casestest.Nurse))
		if w.DB.Engine() == store.PostgreSQL { // it goes by what it knows of its tables
			filled(t, w)
		}
		for _, c := range []struct{ text, born, index string }{
			{"sam jo", "", "person_word_word"}, {"", "1991-03-27", "person_born"}, {"07700 900123", "", "person_mark_found"}, {"158", "", "number"},
		} {
			what, errs := cases.ParseSought(c.text, c.born)
			if errs.Any() {
				t.Fatal(errs)
			}
			plan := findPlan(t, w, manager, what)
			leads := []string{c.index}
			if what.Number == 0 {
				leads = append(leads, "file_person", "party_found")
			}
			for _, lead := range leads {
				if !strings.Contains(plan, lead) {
					t.Errorf("%q: nothing goes by %s, in\n%s", c.text, lead, plan)
				}
			}
			for _, table := range []string{"file", "person", "party", "person_word", "person_mark"} {
				for _, alias := range []string{"a", "b", "f", "m", "o", "p", "w", "y"} {
					if strings.Contains(plan, "SCAN "+alias+"\n") || strings.Contains(plan, "Seq Scan on "+table+" "+alias+" ") {
						t.Errorf("%q: the whole table %s is gone through, in\n%s", c.text, alias, plan)
					}
				}
			}
		}
	})
}

// filled gives an agency on PostgreSQL some thousand cases, and lets the database
// look at them.
func filled(t *testing.T, w *casestest.World) {
	t.Helper()
	mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, s := range []string{
			`INSERT INTO person (agency_id, id, given_name, family_name, known_as, born, gender, language, access_needs, contact_state, contact_check, name_key, created_at, version, keyed)
			SELECT $1, 'p' || i, 'Someone', 'Example', '', to_char(DATE '1950-01-01' + i, 'YYYY-MM-DD'), '', '', '', 'unset', '', '', now(), 1, 1 FROM generate_series(1, 8000) AS i`,
			`INSERT INTO file (agency_id, id, number, person_id, kind, origin, team_id, lead_id, restricted, opened_at, touched_at, version, side)
			SELECT $1, 'f' || i, 1000 + i, 'p' || i, 'full', 'contact', '', 'nobody', false, now(), now(), 1, 'experiencing' FROM generate_series(1, 8000) AS i`,
			`INSERT INTO person_word (agency_id, person_id, word) SELECT $1, 'p' || i, decode(md5((i / 3 + n)::text), 'hex') FROM generate_series(1, 8000) AS i, generate_series(1, 3) AS n`,
			`INSERT INTO person_mark (agency_id, person_id, kind, mark) SELECT $1, 'p' || i, 'reach.mobile.0', md5(i::text) FROM generate_series(1, 8000) AS i`,
			`INSERT INTO party (agency_id, file_id, person_id, role, relation, relation_sealed, added_at) SELECT $1, 'f' || i, 'p' || (8001 - i), 'other', '', '', now() FROM generate_series(1, 8000) AS i`,
			`INSERT INTO involvement (agency_id, file_id, account_id, since) SELECT $1, 'f' || i, 'nobody', now() FROM generate_series(1, 8000) AS i`,
		} {
			if _, err := tx.ExecContext(ctx, s, string(w.Trust.ID)); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, "ANALYZE")
		return err
	}))
}

// findPlan is how a database goes about a search.
func findPlan(t *testing.T, w *casestest.World, actor policy.Actor, what cases.Sought) string {
	t.Helper()
	var out strings.Builder
	explain := func(ctx context.Context, tx *store.Tx) error {
		query, args, err := w.Cases.FindQuery(ctx, tx, actor, what)
		if err != nil {
			return err
		}
		if w.DB.Engine() == store.PostgreSQL {
			query = "EXPLAIN " + query
		} else {
			query = "EXPLAIN QUERY PLAN " + query
		}
		rows, err := tx.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		for rows.Next() {
			row := make([]any, len(columns))
			for i := range row {
				row[i] = new(any)
			}
			if err := rows.Scan(row...); err != nil {
				return err
			}
			if step, ok := row[len(row)-1].(*any); ok {
				fmt.Fprintln(&out, *step)
			}
		}
		return rows.Err()
	}
	mustDo(t, w.DB.Write(t.Context(), explain))
	return out.String()
}
