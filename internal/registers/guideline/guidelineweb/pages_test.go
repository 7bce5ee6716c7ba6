package guidelineweb_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web/ui"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/guideline"
	"waymark/internal/registers/guideline/official"
)

func TestPagesKeepTheRulesOfTheHouse(t *testing.T) {
	s := open(t)
	s.importOfficial(t, officialFiles(t)...)
	webtest.CheckAll(t, webtest.Walk{
		Frame: s.Frame, Routes: s.routes, Examples: s.examples(), DB: s.DB,
		Forms: map[string]url.Values{"/pathway/readers": {"reader": {"people-who-harm"}}, "/pathway/search": {"words": {"refuge"}}},
	})
}

// Every link of every page leads to a page that is there, and to a place on it that is there.
func TestEveryLinkLeadsToSomethingThatIsThere(t *testing.T) {
	s := open(t)
	s.importOfficial(t, officialFiles(t)...)
	b := s.Anyone(t)
	pages := map[string]*webtest.Answer{}
	get := func(path string) *webtest.Answer {
		if pages[path] == nil {
			pages[path] = b.Get(path)
		}
		return pages[path]
	}
	check := func(from string, a *webtest.Answer) {
		for _, l := range a.Links() {
			path, fragment, _ := strings.Cut(l.Href, "#")
			if path == "/exit" {
				continue
			}
			if !strings.HasPrefix(path, "/") && path != "" {
				t.Errorf("%s: %q leads to %s", from, l.Text, l.Href)
				continue
			}
			to := a
			if path != "" {
				if to = get(path); to.Status != http.StatusOK {
					t.Errorf("%s: %q leads to %s, which is not there", from, l.Text, l.Href)
					continue
				}
			}
			if fragment != "" && !slices.Contains(to.Select("[id]").Attrs("id"), fragment) {
				t.Errorf("%s: %q leads to %s, and there is no such place on that page", from, l.Text, l.Href)
			}
		}
	}
	reached := 0
	for _, path := range s.paths() {
		check(path, get(path).OK(t))
		reached++
	}
	if reached < 60 {
		t.Errorf("only %d pages were looked at", reached)
	}
	for _, r := range s.own.ReadersIn(guideline.ReaderPersonal) {
		check("the page for "+r.ID, b.Post("/pathway/readers", url.Values{"reader": {r.ID}}).OK(t))
	}
	for _, typed := range []string{"refuge", "share", "the", "allotments", "recommendation", "statement", "plot"} {
		check("the search for "+typed, b.Post("/pathway/search", url.Values{"words": {typed}}).OK(t))
	}
}

func TestAPageAsksTheDatabaseAtMostTwice(t *testing.T) {
	webtestEach(t, func(t *testing.T, s *site) {
		s.importOfficial(t, officialFiles(t)...)
		b := s.Anyone(t)
		if n := b.Get("/pathway/6").Queries; n != 2 {
			t.Errorf("the first page of a new version took %d queries", n)
		}
		for _, path := range s.paths() {
			if n := b.Get(path).OK(t).Queries; n > 1 {
				t.Errorf("%s took %d queries", path, n)
			}
		}
		if n := b.Post("/pathway/search", url.Values{"words": {"refuge"}}).OK(t).Queries; n > 1 {
			t.Errorf("a search took %d queries", n)
		}
	})
}

func webtestEach(t *testing.T, fn func(t *testing.T, s *site)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := &site{}
		o := options(s)
		o.DB, o.Clock = db, clock
		s.Site = webtest.New(t, o)
		fn(t, s)
	})
}

func TestReadingLeavesNothingInTheLedgerAndNoWordsInTheLog(t *testing.T) {
	s := open(t)
	b := s.Anyone(t)
	entries := s.Ledger(t, func() {
		for _, path := range s.paths() {
			b.Get(path)
		}
		b.Post("/pathway/readers", url.Values{"reader": {"people-who-experience-abuse"}}).OK(t)
		b.Post("/pathway/search", url.Values{"words": {"whereabouts"}}).OK(t)
	})
	if len(entries) > 0 {
		t.Errorf("reading public text left %v", webtest.Acts(entries))
	}
	for _, secret := range []string{"whereabouts", "people-who-experience-abuse", "readers/gps", "pathway/6"} {
		if strings.Contains(s.Logged(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestABoxSaysWhoMustActAndWhatToDo(t *testing.T) {
	s := open(t)
	a := s.Anyone(t).Get("/pathway/6").OK(t)
	if got := a.Heading(); got != s.own.Box(6).Title {
		t.Errorf("the heading is %q", got)
	}
	if strings.Contains(a.Title(), s.own.Box(6).Title) || !strings.HasPrefix(a.Title(), "Pathway, box 6") {
		t.Errorf("the title is %q", a.Title())
	}
	a.Says(t, "Box 6 of 16", "Who must act", "Recommendation 4 names:", "Recommendation 7 names:",
		"If you commission health or social care services, you should:", "Quality statements", "Statement 3:", "Statement 4:")
	person := a.One(t, `[id="B6.31"]`)
	if got, want := person.Text(), s.own.Obligation("B6.31"); !strings.Contains(got, "(B6.31, "+want.Class.Label()+")") {
		t.Errorf("the item of B6.31 says %q", got)
	}
	if previous := a.One(t, "a[rel=prev]").Attr("href"); previous != "/pathway/5" {
		t.Errorf("the box before is %s", previous)
	}
	if next := a.One(t, "a[rel=next]").Attr("href"); next != "/pathway/7" {
		t.Errorf("the box after is %s", next)
	}
	if links := s.Anyone(t).Get("/pathway/1").Select("a[rel=prev]"); len(links) > 0 {
		t.Error("there is a box before the first")
	}
	if links := s.Anyone(t).Get("/pathway/16").Select("a[rel=next]"); len(links) > 0 {
		t.Error("there is a box after the last")
	}
}

func TestEveryObligationHasItsAddressAndItsClassInWords(t *testing.T) {
	s := open(t)
	b := s.Anyone(t)
	list, all, glossary, overview := b.Get("/pathway/obligations"), b.Get("/pathway/all"), b.Get("/pathway/glossary"), b.Get("/pathway")
	boxes := map[int]*webtest.Answer{}
	for _, ob := range s.own.Obligations {
		home := glossary
		switch {
		case ob.Place == guideline.PlaceResponsibility:
			home = overview
		case ob.Box() > 0:
			if boxes[ob.Box()] == nil {
				boxes[ob.Box()] = b.Get("/pathway/" + strconv.Itoa(ob.Box()))
			}
			home = boxes[ob.Box()]
			if n := len(all.Select(`[id="` + ob.ID + `"]`)); n != 1 {
				t.Errorf("%s stands %d times on the page with everything", ob.ID, n)
			}
		}
		at := home.Select(`[id="` + ob.ID + `"]`)
		if len(at) != 1 || !strings.Contains(at[0].Text(), ob.ID+", "+ob.Class.Label()) {
			t.Errorf("%s stands %d times at home, as %q", ob.ID, len(at), at.Text())
		}
		row := list.Select(`[id="` + ob.ID + `"]`)
		if len(row) != 1 {
			t.Errorf("%s stands %d times in the list", ob.ID, len(row))
		}
	}
	rows := 0
	for _, row := range list.Select("tbody tr") {
		rows++
		cells := row.Select("td").Texts()
		ob := s.own.Obligation(cells[0])
		if ob == nil || cells[1] != words(ob.Text) || !strings.EqualFold(cells[4], ob.Class.Label()) || cells[3] != ob.Force.Label() {
			t.Errorf("a row says %q", cells)
		}
	}
	if rows != len(s.own.Obligations) {
		t.Errorf("%d rows", rows)
	}
	list.Says(t, "It does not say that it has been met.", "Enforced by the software (60)", "Counted from records (174)", "Attested by a named person (7)")
}

// Whatever the pathway says is on the page of its box and on the page with everything, whole.
func TestNoTextIsLost(t *testing.T) {
	s := open(t)
	b := s.Anyone(t)
	all := b.Get("/pathway/all").Text()
	says := func(page, name, text string) {
		t.Helper()
		if !strings.Contains(page, words(text)) {
			t.Errorf("%s does not say %q", name, text)
		}
		if !strings.Contains(all, words(text)) {
			t.Errorf("the page with everything does not say %q", text)
		}
	}
	for _, box := range s.own.Boxes {
		name := "/pathway/" + strconv.Itoa(box.Number)
		page := b.Get(name).Text()
		says(page, name, box.Title)
		says(page, name, box.Summary)
		for _, section := range box.Sections {
			says(page, name, section.Audience)
			for i := range section.Items {
				for it := range section.Items[i].All() {
					says(page, name, it.Text)
				}
			}
		}
		for _, p := range s.own.PointersIn(box.Number) {
			says(page, name, p.Text)
		}
	}
	glossary := b.Get("/pathway/glossary").Text()
	for _, term := range s.own.Glossary {
		says(glossary, "the glossary", term.Definition)
	}
	statements := b.Get("/pathway/statements").Text()
	for _, st := range s.own.Statements {
		says(statements, "the statements", st.Text)
	}
	recommendations := b.Get("/pathway/recommendations").Text()
	for _, r := range s.own.Recommendations {
		says(recommendations, "the recommendations", r.Text)
		for _, actor := range r.Actors {
			says(recommendations, "the recommendations", actor)
		}
	}
	for _, a := range s.own.Actors {
		says(recommendations, "the summary", a.Name)
	}
	overview := b.Get("/pathway").Text()
	for _, text := range slices.Concat(s.own.Sources, s.own.Responsibility) {
		says(overview, "the overview", text)
	}
}

func TestWordsAreExplainedWhereTheyAreUsed(t *testing.T) {
	s := open(t)
	a := s.Anyone(t).Get("/pathway/9").OK(t)
	link := a.Select(`a[href="#word-1-refuge"]`)
	if len(link) != 1 || link[0].Text() != "refuge" {
		t.Fatalf("the first use of the word is not linked: %q", link.Texts())
	}
	if got := a.One(t, `dt[id="word-1-refuge"] dfn`).Text(); got != "Refuge" {
		t.Errorf("what is explained is %q", got)
	}
	a.Says(t, "Words used here", s.own.Term("refuge").Definition)
}

func TestAHeadingWithoutDutiesLeadsToTheBoxesItStandsFor(t *testing.T) {
	s := open(t)
	for path, want := range map[string][]string{
		"/pathway/13": {"/pathway/14", "/pathway/15"},
		"/pathway/1":  {"/pathway/2", "/pathway/16"},
	} {
		got := s.Anyone(t).Get(path).OK(t).Select("main li a").Attrs("href")
		for _, to := range want {
			if !slices.Contains(got, to) {
				t.Errorf("%s does not lead to %s but to %q", path, to, got)
			}
		}
	}
}

func TestHeadingsLeaveNoLevelOut(t *testing.T) {
	s := open(t)
	s.importOfficial(t, officialFiles(t)...)
	for _, path := range s.paths() {
		before := 0
		for _, h := range s.Anyone(t).Get(path).Select("main h1, main h2, main h3, main h4, main h5, main h6") {
			level := int(h.Tag()[1] - '0')
			if level > before+1 || level == 1 && before > 0 {
				t.Errorf("%s: after a heading of level %d comes %q of level %d", path, before, h.Text(), level)
			}
			before = level
		}
	}
}

func TestTheOfficialTextStandsBesideOurOwnOnceItIsImported(t *testing.T) {
	s := open(t)
	b := s.Anyone(t)
	pages := []string{"/pathway/2", "/pathway/glossary", "/pathway/statements", "/pathway/recommendations"}
	for _, path := range pages {
		if n := len(b.Get(path).Select("#official-text")); n > 0 {
			t.Errorf("%s has official text and none was imported", path)
		}
	}
	b.Get("/pathway").Says(t, "Not imported.")

	s.importOfficial(t, officialFiles(t)[0])
	b.Get("/pathway/recommendations").Says(t, "This version was imported without its list of who should act.")
	s.importOfficial(t, officialFiles(t)[1])
	b.Get("/pathway").Says(t, "Version of 5 March 2019, imported on 2 March 2026.")
	for path, say := range map[string]string{
		"/pathway/2":               "Plot partnerships should count the plots each spring.",
		"/pathway/glossary":        s.official(t).Glossary[0].Definition,
		"/pathway/statements":      s.official(t).Statements[0].Title,
		"/pathway/recommendations": s.official(t).Recommendations[0].Text,
	} {
		details := b.Get(path).One(t, "details")
		if details.Has("open") {
			t.Errorf("%s: the official text is not folded away", path)
		}
		if got := details.Select("summary").Text(); got != "Official text, version of 5 March 2019" {
			t.Errorf("%s: the summary is %q", path, got)
		}
		if !strings.Contains(details.Text(), words(say)) {
			t.Errorf("%s: the official text does not say %q", path, say)
		}
		if strings.Contains(details.Text(), "pathway.txt") || strings.Contains(details.Text(), ":24") {
			t.Errorf("%s shows where in the file it stands", path)
		}
	}
	b.Get("/pathway/2").Says(t, s.own.Box(2).Title) // our own words stay
}

func (s *site) official(t *testing.T) *official.Version {
	t.Helper()
	v, err := s.guideline.Newest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v.Version
}

func TestABoxThatOnlyTheOfficialTextHasIsShownAndNamed(t *testing.T) {
	s := open(t)
	file := officialFiles(t)[0]
	text := "A longer overview\n\nNICE Pathway last updated: 1 May 2020\n\n"
	for n := 1; n <= 17; n++ {
		text += strconv.Itoa(n) + " Box that is number " + strconv.Itoa(n) + "\n\nGardeners should:\n\n- dig in year " + strconv.Itoa(n) + ".\n\n"
	}
	file.Data = []byte(text)
	s.importOfficial(t, file)
	b := s.Anyone(t)
	b.Get("/pathway").Says(t, "Only in the official text", "Box 17: Box that is number 17")
	b.Get("/pathway/17").OK(t).Says(t, "dig in year 17.", "The plain-English text has no such box yet.")
	b.Get("/pathway/18").NotThere(t)
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	s := open(t)
	for _, path := range []string{
		"/pathway/0", "/pathway/17", "/pathway/06", "/pathway/+6", "/pathway/6.0", "/pathway/six", "/pathway/-1",
		"/pathway/99999999999999999999", "/pathway/readers/nobody", "/pathway/6/7",
		"/pathway/readers/people-who-experience-abuse", "/pathway/readers/people-who-harm",
	} {
		s.Anyone(t).Get(path).NotThere(t)
	}
}

func TestWhatTheRecordsShowIsPutIntoABoxForWhoeverAsks(t *testing.T) {
	s := open(t)
	if strings.Contains(s.Anyone(t).Get("/pathway/8").Body, "What the records show") {
		t.Fatal("there is a panel and nobody has set one")
	}
	var asked []string
	s.pages.Measures = func(_ context.Context, actor policy.Actor, box int) (templ.Component, error) {
		asked = append(asked, actor.Name+" "+strconv.Itoa(box))
		if actor.IsZero() {
			return nil, nil
		}
		return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, err := io.WriteString(w, `<h2 class="govuk-heading-m">What the records show</h2>`)
			return err
		}), nil
	}
	manager := s.As(t, webtest.Person{Name: "Mina Fictional", Roles: []policy.Role{policy.Manager}})
	manager.Get("/pathway/8").OK(t).Says(t, "What the records show")
	s.Anyone(t).Get("/pathway/8").OK(t).SaysNot(t, "What the records show")
	if !slices.Equal(asked, []string{"Mina Fictional 8", " 8"}) {
		t.Errorf("asked %q", asked)
	}
	s.pages.Measures = func(context.Context, policy.Actor, int) (templ.Component, error) {
		return nil, errors.New("the counting is broken")
	}
	s.Anyone(t).Get("/pathway/8").Is(t, http.StatusInternalServerError)
}

// The official text of an import shows with the next request, on every page that had been read before,
// and a page that is read again is byte for byte the page that was drawn.
func TestANewEditionShowsAtOnceOnPagesThatWereReadBefore(t *testing.T) {
	webtestEach(t, func(t *testing.T, s *site) {
		files := officialFiles(t)
		steady := func() map[string]string {
			t.Helper()
			out := map[string]string{}
			for _, path := range s.paths() {
				first, again := s.Anyone(t).Get(path).OK(t), s.Anyone(t).Get(path).OK(t)
				if d := cmp.Diff(first.Header, again.Header); d != "" || first.Body != again.Body {
					t.Errorf("%s differs when it is read again:\n%s", path, d)
				}
				out[path] = first.Body
			}
			return out
		}
		changed := func(before, after map[string]string) []string {
			var out []string
			for path, body := range after {
				if body != before[path] {
					out = append(out, path)
				}
			}
			slices.Sort(out)
			return out
		}
		none := steady()
		s.importOfficial(t, files[0])
		alone := steady()
		for _, path := range []string{"/pathway", "/pathway/2", "/pathway/glossary", "/pathway/recommendations", "/pathway/statements"} {
			if !slices.Contains(changed(none, alone), path) {
				t.Errorf("%s does not show what was imported", path)
			}
		}
		// The list of who should act is put to the edition that is there.
		s.importOfficial(t, files[1])
		if got := changed(alone, steady()); !slices.Contains(got, "/pathway/recommendations") {
			t.Errorf("what was attached shows on %q", got)
		}
		newer := files[0]
		newer.Data = []byte(strings.ReplaceAll(string(newer.Data), "5 March 2019", "6 April 2020"))
		s.importOfficial(t, newer)
		s.Anyone(t).Get("/pathway").Says(t, "Version of 6 April 2020")
		s.Anyone(t).Get("/pathway/2").OK(t).Says(t, "Official text, version of 6 April 2020")
	})
}

// A manager sees the measures however often the page was read by others, and others never see them.
func TestMeasuresAreNeverPartOfWhatIsKept(t *testing.T) {
	s := open(t)
	drawn := 0
	s.pages.Measures = func(_ context.Context, actor policy.Actor, _ int) (templ.Component, error) {
		if actor.IsZero() {
			return nil, nil
		}
		drawn++
		return ui.Text("Asked in private: " + strconv.Itoa(drawn)), nil
	}
	manager := s.As(t, webtest.Person{Name: "Mina Fictional", Roles: []policy.Role{policy.Manager}})
	for n := 1; n <= 3; n++ {
		s.Anyone(t).Get("/pathway/8").OK(t).SaysNot(t, "Asked in private", "Mina Fictional")
		manager.Get("/pathway/8").OK(t).Says(t, "Asked in private: "+strconv.Itoa(n))
	}
}
