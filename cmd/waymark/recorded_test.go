package main

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"html"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
)

// somebody is a human being: as one agency knows them, and as another does who
// received a referral, they are two persons with a record each.
type somebody string

// faces tells who is on a page.
type faces struct {
	byWord map[string]people.ID // a word that stands in one person's name only
	byName map[string]somebody  // the names copies of packets were made with
	names  [256][]string        // those names, by the byte they begin with
	who    map[people.ID]somebody
}

// aWord is how long the words are.
const aWord = len("gqaaaaq")

// unmistakable gives every person of the county names that occur nowhere
// else, so that no page can show one of them without its being noticed.
func (c *county) unmistakable(t *testing.T) *faces {
	t.Helper()
	f := &faces{byWord: map[string]people.ID{}, byName: map[string]somebody{}, who: map[people.ID]somebody{}}
	err := c.site.waymark.db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT id, given_name, family_name, known_as FROM person ORDER BY id")
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		var all [][4]string
		for rows.Next() {
			var p [4]string
			if err := rows.Scan(&p[0], &p[1], &p[2], &p[3]); err != nil {
				return err
			}
			all = append(all, p)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		for i, p := range all {
			id, name := people.ID(p[0]), strings.TrimSpace(p[1]+" "+p[2])
			f.who[id] = somebody(name)
			if p[1] == "" || p[2] == "" {
				f.who[id] = somebody(id)
			} else {
				f.byName[name] = f.who[id]
			}
			unique := func(letter, was string) string {
				if was == "" {
					return ""
				}
				word := letter + "q" + string([]byte{'a' + byte(i/17576%26), 'a' + byte(i/676%26), 'a' + byte(i/26%26), 'a' + byte(i%26)}) + "q"
				f.byWord[word] = id
				return word
			}
			if _, err := tx.ExecContext(ctx, "UPDATE person SET given_name = $1, family_name = $2, known_as = $3 WHERE id = $4",
				unique("g", p[1]), unique("f", p[2]), unique("k", p[3]), p[0]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range f.byName {
		f.names[name[0]] = append(f.names[name[0]], name)
	}
	if len(f.who) < 300 {
		t.Fatalf("the county has %d persons only", len(f.who))
	}
	return f
}

// shown are those whose names stand on a page, and the records they stand in.
func (f *faces) shown(body string) (map[somebody]bool, map[people.ID]bool) {
	body = html.UnescapeString(body)
	who, records := map[somebody]bool{}, map[people.ID]bool{}
	for at := range len(body) {
		for _, name := range f.names[body[at]] {
			if strings.HasPrefix(body[at:], name) {
				who[f.byName[name]] = true
			}
		}
		if at+aWord > len(body) || body[at+1] != 'q' || body[at+aWord-1] != 'q' {
			continue
		}
		if id, ok := f.byWord[body[at:at+aWord]]; ok {
			who[f.who[id]], records[id] = true, true
		}
	}
	return who, records
}

// unnamed is the person whom a page is about, where it need not name them: the
// answer to a referral goes to an agency that knows whom it sent, so only the
// entry says it.
func (c *county) unnamed(t *testing.T, f *faces, a address, status int) somebody {
	t.Helper()
	if !strings.Contains(a.pattern, "{share}") || status == http.StatusNotFound || status == http.StatusForbidden {
		return ""
	}
	var person string
	err := c.site.waymark.db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT person_id FROM share WHERE id = $1", anID.FindString(a.path)).Scan(&person)
	})
	if err != nil {
		t.Fatalf("%s: %v", a.path, err)
	}
	return f.who[people.ID(person)]
}

// fault is what is wrong with the entries that an answer left, "" if nothing.
// A page that says that something went wrong shows less than was opened for it,
// and a change names what it changed: theirs may name more than is shown.
func (f *faces) fault(body string, status int, unnamed somebody, entries []audit.Entry, standsFor func(audit.Subject) []people.ID, fewer bool) string {
	who, records := f.shown(body)
	if len(who) == 0 && unnamed != "" {
		who[unnamed] = true
	}
	named, namedRecords, stood := map[somebody]bool{}, map[people.ID]bool{}, map[somebody]bool{}
	n := map[audit.Outcome]int{}
	for _, e := range entries {
		n[e.Outcome]++
		if e.Outcome == audit.Refused {
			continue
		}
		for _, s := range e.Subjects {
			for _, id := range standsFor(s) {
				stood[f.who[id]] = true
			}
			if s.Kind == "person" && f.who[people.ID(s.ID)] != "" {
				named[f.who[people.ID(s.ID)]], namedRecords[people.ID(s.ID)] = true, true
			}
		}
	}
	whole := n[audit.Done] == 0 && (status == http.StatusOK || status == http.StatusUnprocessableEntity)
	switch {
	case n[audit.Done] == 0 && n[audit.Allowed] > 1:
		return fmt.Sprintf("left %d entries", n[audit.Allowed])
	case len(who) > 0 && n[audit.Done] == 0 && n[audit.Allowed] != 1:
		return fmt.Sprintf("shows %d people and left no entry", len(who))
	case whole && !fewer && !maps.Equal(without(who, stood), without(named, stood)):
		return fmt.Sprintf("shows %v and its entry names %v", slices.Collect(maps.Keys(who)), slices.Collect(maps.Keys(named)))
	}
	for s := range who {
		if !named[s] && !stood[s] {
			return fmt.Sprintf("shows %s and no entry names them", s)
		}
	}
	for id := range records {
		if !namedRecords[id] {
			return fmt.Sprintf("shows %s out of a record that no entry names", f.who[id])
		}
	}
	return ""
}

func without(all, some map[somebody]bool) map[somebody]bool {
	out := maps.Clone(all)
	maps.DeleteFunc(out, func(s somebody, _ bool) bool { return some[s] })
	return out
}

// standsFor are those whom a subject is about that is no person. An agency that is
// asked about a case of a MARAC, or took on an action about it, has no person of its
// own to name: the names are those that the case has, and its entry names the case.
// Who reads what was referred is shown the names that were sent, and names the share.
// A name out of a person's own record has to be named by that person all the same.
// Somebody who came to be known to an agency by what was sent here before is whoever
// has that name elsewhere.
func (c *county) standsFor(t *testing.T, f *faces) func(audit.Subject) []people.ID {
	t.Helper()
	queries := map[string]string{
		"marac_case": "SELECT person_id FROM marac_party WHERE case_id = $1",
		"share": "SELECT p.person_id FROM marac_referral r JOIN party p ON p.agency_id = r.agency_id AND p.file_id = r.file_id WHERE r.share_id = $1" +
			" UNION SELECT f.person_id FROM marac_referral r JOIN file f ON f.agency_id = r.agency_id AND f.id = r.file_id WHERE r.share_id = $1",
	}
	return func(s audit.Subject) []people.ID {
		if s.Kind == "person" && f.who[people.ID(s.ID)] == "" {
			f.who[people.ID(s.ID)] = c.newcomer(t, f, s.ID)
			return []people.ID{people.ID(s.ID)}
		}
		query := queries[s.Kind]
		if query == "" {
			return nil
		}
		var out []people.ID
		err := c.site.waymark.db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return store.Each(ctx, tx, query, []any{s.ID}, func(rows *sql.Rows) error {
				var id people.ID
				err := rows.Scan(&id)
				out = append(out, id)
				return err
			})
		})
		if err != nil {
			t.Fatalf("%s %s: %v", s.Kind, s.ID, err)
		}
		return out
	}
}

// newcomer is who was put on record since the names were given out.
func (c *county) newcomer(t *testing.T, f *faces, id string) somebody {
	t.Helper()
	var given, family string
	err := c.site.waymark.db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT given_name, family_name FROM person WHERE id = $1", id).Scan(&given, &family)
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) { // destroyed since
		t.Fatal(err)
	}
	return f.byName[strings.TrimSpace(given+" "+family)]
}

// fewer are pages that show fewer people than they open, each with the reason: their
// entries name all of them.
var fewer = map[string]string{
	"/cases/{case}/marac/refer":            "those of the file are named, whoever of them was typed",
	"/cases/{case}/letters/{letter}":       "where whoever they fear lives is compared with where it would go",
	"/cases/{case}/marac/{marac}/transfer": "the first step asks where to; what goes along, with everybody in it, is on the last",
}

// nameless are pages about somebody on which no name stands, each with the
// reason. Their entries say whom they are about.
var nameless = map[string]string{
	"/cases/{case}/risk/{id}/print":  "paper is found by others",
	"/cases/{case}/chronology/print": "paper is found by others",

	// The case has its number there, as on the screen in the room; who it is about is on the page before.
	"/marac/{agency}/meetings/{meeting}/cases/{case}/actions/new":      "an action is read elsewhere",
	"/marac/{agency}/meetings/{meeting}/cases/{case}/feedback/new":     "an action is read elsewhere",
	"/marac/{agency}/meetings/{meeting}/cases/{case}/plan":             "the case has its number",
	"/marac/{agency}/meetings/{meeting}/run/{case}/sections/{section}": "the case has its number",
	"/marac/{agency}/meetings/{meeting}/run/{case}/since":              "a script's: it tells what to look at again",
}

// TestEveryReadIsRecorded follows every link as everybody who has a card, and
// sends every form they find. Whoever is named on what comes back is named by
// the one entry that it left, and nobody else is.
func TestEveryReadIsRecorded(t *testing.T) {
	c := newCounty(t)
	f := c.unmistakable(t)
	stands := c.standsFor(t, f)
	opened, showing := map[string]int{}, map[string]int{}
	check := func(a address, send func() *webtest.Answer) *webtest.Answer {
		before := c.entries(t)
		answer := send()
		if fault := f.fault(answer.Body, answer.Status, c.unnamed(t, f, a, answer.Status), c.entriesSince(t, before), stands, fewer[a.pattern] != ""); fault != "" && !strings.HasSuffix(a.pattern, "/content") && (nameless[a.pattern] == "" || !strings.HasPrefix(fault, "shows [] and its entry names [")) {
			t.Errorf("%s: %s %s gives %d, %s", a.by, a.method, a.path, answer.Status, fault)
		}
		if answer.Status < http.StatusBadRequest || answer.Status == http.StatusUnprocessableEntity || answer.Status == http.StatusConflict {
			opened[a.method+" "+a.pattern]++
			if who, _ := f.shown(answer.Body); len(who) > 0 {
				showing[a.method+" "+a.pattern]++
			}
		}
		return answer
	}
	walkers, most := cards(), likePages
	if soak() {
		walkers, most = everybody(), 10*likePages
	}
	var forms []address
	for _, who := range walkers {
		b := c.as(t, who)
		for _, a := range c.crawl(t, who, most, func(a address) *webtest.Answer {
			return check(a, func() *webtest.Answer { return b.Get(a.path) })
		}) {
			if a.method == http.MethodPost {
				forms = append(forms, a)
			}
		}
	}
	// A form may end the session or the case, so each is sent by somebody who
	// has just come, and all of them last. After those of the agency some may
	// work there no more; what is dropped cannot be gone on with, and of planned
	// contacts there are few: they come first, before their cases are closed. What a
	// program was told is sent again before it is told no more, and what nobody has
	// taken is chased before somebody does.
	slices.SortStableFunc(forms, func(a, b address) int {
		late := func(a address) int {
			return 2*strings.Count(a.pattern, "/agency") + strings.Count(a.pattern, "/drop") - strings.Count(a.pattern, "/deliveries/{delivery}") - strings.Count(a.pattern, "/contacts/{contact}") - strings.Count(a.pattern, "/untaken/{ask}")
		}
		return cmp.Compare(late(a), late(b))
	})
	for _, a := range forms {
		b := c.as(t, a.by)
		check(a, func() *webtest.Answer { return b.Post(a.path, a.form) })
		check(a, func() *webtest.Answer { return b.Post(a.path, nil) })
	}
	for _, r := range c.frame.Routes() {
		// A page without an action cannot show anybody: the ledger refuses it.
		// One's own account shows nobody else, and its tests are its own.
		_, nowhere := unlinked[r.Pattern]
		nowhere = nowhere || r.Fault != nil // where programs ask; interchangeweb tests it
		if r.Action != "" && r.Action != auth.ActOwn && !nowhere && opened[r.String()] == 0 {
			t.Errorf("nobody found %s: it was not seen whom it shows", r)
		}
		// The bytes of a picture have no words to be looked for.
		if strings.Contains(r.Pattern, "{case}") && !strings.HasSuffix(r.Pattern, "/content") && r.Method == http.MethodGet && nameless[r.Pattern] == "" && showing[r.String()] == 0 {
			t.Errorf("%s showed nobody: this test would not notice what it leaves out", r)
		}
	}
}
