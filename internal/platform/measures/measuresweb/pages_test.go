package measuresweb_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	measurescontent "waymark/content/measures"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/measures/measuresweb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
)

type site struct {
	*webtest.Site
	reg   *measures.Registry
	pages *measuresweb.Pages
}

// options are those of a site with the measures that ship.
func options(t *testing.T, s *site) webtest.Options {
	t.Helper()
	kinds, err := measures.ParseKinds(measurescontent.Facts)
	if err != nil {
		t.Fatal(err)
	}
	list, err := measures.ParseIndicators(measurescontent.QS116)
	if err != nil {
		t.Fatal(err)
	}
	if s.reg, err = measures.NewRegistry(time.UTC, kinds, list); err != nil {
		t.Fatal(err)
	}
	return webtest.Options{
		Sources: []policy.Source{measures.Rules()},
		Pages: func(_ testing.TB, ws *webtest.Site) [][]web.Route {
			s.pages = measuresweb.New(measures.New(ws.DB, ws.Guard, s.reg, measures.Config{}), ws.Clock.Now)
			return [][]web.Route{s.pages.Routes()}
		},
	}
}

// each gives a site in which the agency north was told of abuse by nine people
// in February 2026 and offered specialist support to three of them, and the
// agency south was told by two people.
func each(t *testing.T, fn func(t *testing.T, s *site)) {
	t.Helper()
	var s site
	webtest.Each(t, options(t, &s), func(t *testing.T, ws *webtest.Site) {
		s.Site = ws
		at := time.Date(2026, time.February, 3, 12, 0, 0, 0, time.UTC)
		err := s.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for i := range 11 {
				agency, id := "north", fmt.Sprint(i)
				if i >= 9 {
					agency = "south"
				}
				facts := []measures.Fact{{
					Kind: "disclosure.experiencing", Agency: agency, Person: id, At: at,
					Source: measures.Source{Kind: "enquiry", ID: id}, Dimensions: measures.Dimensions{"setting": "other"},
				}, {
					Kind: "enquiry.seen", Agency: agency, Person: id, At: at, Source: measures.Source{Kind: "enquiry", ID: id},
					Dimensions: measures.Dimensions{"setting": "antenatal", "indicators": false, "routine": true},
				}}
				if i < 3 {
					facts = append(facts, measures.Fact{
						Kind: "offer.made", Agency: agency, Person: id, At: at, Source: measures.Source{Kind: "offer", ID: id},
						Dimensions: measures.Dimensions{"subject": "experiencing", "to_specialist": true},
					})
				}
				if err := s.reg.Emit(ctx, tx, facts...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		fn(t, &s)
	})
}

var (
	manager      = webtest.Person{Agency: "north", Roles: []policy.Role{policy.Manager}}
	commissioner = webtest.Person{Agency: "county", Roles: []policy.Role{policy.Commissioner}}
	lead         = webtest.Person{Agency: "north", Roles: []policy.Role{policy.Manager, policy.Commissioner}}
)

// row is the table's row whose heading begins with a text.
func row(t *testing.T, a *webtest.Answer, heading string) []string {
	t.Helper()
	for _, tr := range a.Select("tbody tr") {
		if th := tr.Select("th").Text(); strings.HasPrefix(th, heading) {
			return append([]string{th}, tr.Select("td").Texts()...)
		}
	}
	t.Fatalf("no row %q in\n%s", heading, a.Text())
	return nil
}

func TestAManagerSeesTheOwnAgencyExactly(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		b := s.As(t, manager)
		var a *webtest.Answer
		entries := s.Ledger(t, func() { a = b.Get("/measures").OK(t) })
		shown := []string{"measures.read allowed agency:north"}
		for _, in := range s.reg.Indicators() {
			shown = append(shown, "measure:"+in.ID)
		}
		slices.Sort(shown[1:])
		want := []string{strings.Join(shown, " ")}
		if diff := cmp.Diff(want, webtest.Acts(entries)); diff != "" || entries[0].Purpose != "exact_figures" {
			t.Error(diff, entries[0].Purpose)
		}
		if got := row(t, a, "Offered specialist support")[1:5]; !cmp.Equal(got, []string{"3", "9", "33% of people", "3 of 9"}) {
			t.Errorf("got %q", got)
		}
		if got := row(t, a, "Asked routinely: Antenatal care")[1:5]; !cmp.Equal(got, []string{"0", "9", "0% of contacts", "0 of 9"}) {
			t.Errorf("got %q", got)
		}
		if got := row(t, a, "Asked in private")[3]; got != "No records yet" {
			t.Errorf("got %q", got)
		}
		for heading, marked := range map[string]bool{"Referred to specialist support": true, "Offered specialist support": false, "Asked routinely B8.8": false} {
			if got := strings.Contains(row(t, a, heading)[0], "NICE measure"); got != marked {
				t.Errorf("%s is marked: %t", heading, got)
			}
		}
		if text := a.Text(); strings.Contains(text, measures.Mark) || strings.Contains(text, "rounded") || !strings.Contains(text, "read as a floor") {
			t.Errorf("the page says\n%s", text)
		}
		if a.Heading() != "Measures" || !strings.HasPrefix(a.Title(), "Measures") {
			t.Errorf("%q, %q", a.Heading(), a.Title())
		}
		if len(a.Select("nav a")) != 0 && strings.Contains(a.Text(), "All agencies") {
			t.Error("a manager is offered what others see")
		}
	})
}

func TestACommissionerSeesAllAgenciesWithSmallNumbersHidden(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a := s.As(t, commissioner).Get("/measures").OK(t)
		if got := row(t, a, "Offered specialist support")[1:5]; !cmp.Equal(got, []string{"[c]", "10", "[c]", "[c] of 10"}) {
			t.Errorf("got %q", got)
		}
		if text := a.Text(); !strings.Contains(text, measures.MarkMeaning) || !strings.Contains(text, "rounded to the nearest 5") {
			t.Errorf("the mark is not explained:\n%s", text)
		}
	})
}

func TestWhoIsBothChooses(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		own := s.As(t, lead).Get("/measures?from-day=1&from-month=2&from-year=2026&to-day=28&to-month=2&to-year=2026").OK(t)
		if got := row(t, own, "Offered")[2]; got != "9" {
			t.Errorf("own agency: %q", got)
		}
		all := own.Click(t, "All agencies").OK(t)
		if got := row(t, all, "Offered")[2]; got != "10" {
			t.Errorf("all agencies: %q", got)
		}
		if got := all.Select("caption").Text(); got != "Measures, 1 February 2026 to 28 February 2026" {
			t.Errorf("the period was lost: %q", got)
		}
		if got := row(t, all.Click(t, "Your agency").OK(t), "Offered")[2]; got != "9" {
			t.Errorf("and back: %q", got)
		}
	})
}

func TestThePeriodIsChosen(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		b := s.As(t, manager)
		if got := b.Get("/measures").OK(t).Select("caption").Text(); got != "Measures, 3 March 2025 to 2 March 2026" {
			t.Errorf("without a choice: %q", got)
		}
		a := b.Get("/measures?view=own&from-day=04&from-month=February&from-year=2026&to-day=1&to-month=3&to-year=2026").OK(t)
		if got := row(t, a, "Offered")[3]; got != "No records yet" {
			t.Errorf("after the records: %q", got)
		}
		if got := a.Select("input[name=from-month]").Attrs("value"); !cmp.Equal(got, []string{"2"}) {
			t.Errorf("the form says %q", got)
		}
	})
}

// faulty fails the test unless the summary leads to the first box of just
// these dates, and each says itself what the summary says.
func faulty(t *testing.T, a *webtest.Answer, boxes ...string) {
	t.Helper()
	links := a.Select(".govuk-error-summary a")
	if len(links) != len(boxes) {
		t.Errorf("%d faults: %q", len(links), links.Texts())
		return
	}
	for i, box := range boxes {
		date := strings.TrimSuffix(box, "-day")
		said := a.One(t, "#"+date+"-error").Text()
		if links[i].Attr("href") != "#"+box || !strings.HasSuffix(said, links[i].Text()) || len(a.Select("input#"+box)) != 1 {
			t.Errorf("%s: the summary says %q at %s, the date %q", date, links[i].Text(), links[i].Attr("href"), said)
		}
	}
}

func TestAPeriodThatIsNoneComesBack(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		b := s.As(t, manager)
		for query, fields := range map[string][]string{
			"from-day=31&from-month=2&from-year=2026&to-day=1&to-month=3&to-year=2026": {"from-day"},
			"from-day=1&from-month=2&from-year=2026":                                   {"to-day"},
			"from-year=2026&to-year=2026":                                              {"from-day", "to-day"},
			"from-day=2&from-month=2&from-year=2026&to-day=1&to-month=2&to-year=2026":  {"to-day"},
		} {
			entries := s.Ledger(t, func() {
				a := b.Get("/measures?" + query).Invalid(t)
				if len(a.Select("table")) != 0 {
					t.Errorf("%s: figures are shown", query)
				}
				faulty(t, a, fields...)
			})
			if len(entries) != 0 {
				t.Errorf("%s: %q", query, webtest.Acts(entries))
			}
		}
		a := b.Get("/measures?from-day=%3Cb%3E&from-month=2&from-year=2026&to-day=1&to-month=3&to-year=2026").Invalid(t)
		faulty(t, a, "from-day")
		if got := a.Select("input[name=from-day]").Attrs("value"); !cmp.Equal(got, []string{"<b>"}) {
			t.Errorf("what was typed came back as %q", got)
		}
	})
}

func TestOthersDoNotSeeFigures(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.Anyone(t).Get("/measures").SignInFirst(t)
		nurse := s.As(t, webtest.Person{Agency: "north", Roles: []policy.Role{policy.Practitioner, policy.Specialist, policy.Administrator, policy.KeyContact}})
		entries := s.Ledger(t, func() { nurse.Get("/measures").Denied(t) })
		if len(entries) != 1 || entries[0].Outcome != audit.Refused {
			t.Errorf("%q", webtest.Acts(entries))
		}
		for who, path := range map[*webtest.Browser]string{
			s.As(t, manager):      "/measures?view=all",
			s.As(t, commissioner): "/measures?view=own",
		} {
			entries := s.Ledger(t, func() { who.Get(path).Denied(t) })
			if len(entries) != 1 || entries[0].Outcome != audit.Refused {
				t.Errorf("%s: %q", path, webtest.Acts(entries))
			}
		}
	})
}

func TestThePageTakesABoundedNumberOfStatements(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		// A statement a measure, a second of those with a breakdown, and the session, the
		// work and the ledger around them.
		most := 4
		for _, in := range s.reg.Indicators() {
			if most++; in.By != "" {
				most++
			}
		}
		if n := s.As(t, manager).Get("/measures").OK(t).Queries; n > most {
			t.Errorf("%d statements, and %d are enough", n, most)
		}
	})
}

func TestABoxShowsItsMeasuresToThoseWhoMaySeeThem(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		asManager := policy.Actor{Account: "m", Kind: policy.Human, Agency: "north", Roles: []policy.Role{policy.Manager}}
		for _, c := range []struct {
			who  policy.Actor
			box  int
			want []string
		}{
			{asManager, 8, []string{"QS1.P", "QS3.P.offered", "QS3.P.referred", "QS4.P.offered", "QS4.P.referred", "B8.8", "B6.2.asked.taken", "B6.2.asked.moved", "B6.2.asked.declined", "B6.2.asked.unreached"}},
			{asManager, 14, []string{"QS2.P"}},
			{asManager, 2, nil},
			{policy.Actor{Account: "c", Kind: policy.Human, Roles: []policy.Role{policy.Commissioner}}, 14, []string{"QS2.P"}},
			{policy.Actor{Account: "n", Kind: policy.Human, Agency: "north", Roles: []policy.Role{policy.Practitioner}}, 8, nil},
			{policy.Actor{}, 8, nil},
		} {
			entries := s.Ledger(t, func() {
				panel, err := s.pages.BoxPanel(t.Context(), c.who, c.box)
				if err != nil {
					t.Fatal(err)
				}
				if (panel == nil) != (c.want == nil) {
					t.Fatalf("%s, box %d: a panel: %t", c.who.Account, c.box, panel != nil)
				}
				if panel == nil {
					return
				}
				var b bytes.Buffer
				if err := panel.Render(t.Context(), &b); err != nil {
					t.Fatal(err)
				}
				for _, in := range s.reg.Indicators() {
					wanted := strings.Contains(strings.Join(c.want, " ")+" ", in.ID+" ")
					if strings.Contains(b.String(), ">"+in.ID+"<") != wanted {
						t.Errorf("%s, box %d: %s is there: %t", c.who.Account, c.box, in.ID, !wanted)
					}
				}
			})
			if len(entries) != min(1, len(c.want)) {
				t.Errorf("%s, box %d: %q", c.who.Account, c.box, webtest.Acts(entries))
			}
		}
	})
}

func TestAPanelOfNothingSaysSo(t *testing.T) {
	var b bytes.Buffer
	if err := measuresweb.Panel(nil).Render(t.Context(), &b); err != nil || !strings.Contains(b.String(), "No measures are declared") {
		t.Errorf("%s, %v", b.String(), err)
	}
}
