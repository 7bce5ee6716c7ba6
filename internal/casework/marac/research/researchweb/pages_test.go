package researchweb_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/research"
	"waymark/internal/casework/marac/research/researchweb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
	"waymark/internal/registers/questions"
)

const meetingID = "00000000-0000-7000-8000-00000000a001"

type world struct {
	*casestest.World
	s     *research.Service
	marac *marac.Service
	site  *webtest.Site
	cora  policy.Actor
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		fn(t, newWorld(t, db, clock))
	})
}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{World: casestest.New(t, db, clock, sharing.Rules(), questions.Rules(), marac.Rules(), research.Rules())}
	sets, err := questions.New(db, w.Guard)
	must(t, err)
	w.marac = marac.New(w.Cases, w.Guard, time.UTC)
	w.s = research.New(w.Cases, w.Guard, w.marac, research.Config{Questions: sets, Zone: time.UTC})
	w.site = webtest.New(t, webtest.Options{
		DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{researchweb.New(w.s, w.marac, w.Cases, w.Directory).Routes()},
	})
	agency, err := w.Directory.AddAgency(t.Context(), casestest.Operator, directory.NewAgency{Code: "marac", Name: "Fictional MARAC", Sector: directory.Specialist})
	must(t, err)
	added, err := w.Directory.AddUser(t.Context(), casestest.Operator, directory.NewUser{Agency: agency.ID, Username: "cora", Name: "Fictional Cora", Kind: policy.Human, Roles: []policy.Role{policy.Specialist}})
	must(t, err)
	w.cora = policy.Actor{Account: added.Account.ID, Kind: policy.Human, Name: added.Account.Name, Agency: string(agency.ID), Roles: []policy.Role{policy.Specialist}}
	must(t, db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		now := tx.Now()
		_, err := tx.ExecContext(ctx, `INSERT INTO marac_meeting (agency_id, id, kind, starts_at, minutes, closes_list, circulate_at, close_at, state, words_sealed, recorded_at, recorded_by, version)
			VALUES ($1, $2, 'scheduled', $3, 15, $4, $4, $5, 'planned', '', $4, '', 1)`, w.cora.Agency, meetingID, now.AddDate(0, 0, 7), now, now.AddDate(0, 0, 14))
		if err != nil {
			return err
		}
		for i, name := range []string{casestest.IDVA, casestest.Nurse} {
			a := w.Actor(t, name)
			_, err := tx.ExecContext(ctx, `INSERT INTO marac_member (agency_id, id, account_id, of_agency, capacity, given, since_on, until_on, named_by, named_at, accepted_by, accepted_at, version)
				VALUES ($1, $2, $3, $4, 'representative', 'everything', '2020-01-01', '', '', $5, '', $5, 1)`, w.cora.Agency, fmt.Sprintf("m%d", i), a.Account, a.Agency, now)
			if err != nil {
				return err
			}
		}
		return nil
	}))
	return w
}

// list puts cases onto the list of the meeting.
func (w *world) list(t *testing.T, names ...string) {
	t.Helper()
	for i, name := range names {
		d := people.Details{GivenName: name, FamilyName: "Fictional", Born: "1992-02-01"}
		f, err := w.Cases.Begin(t.Context(), w.cora, cases.NewFile{Person: d, Kind: cases.Full, Origin: cases.OwnContact})
		must(t, err)
		must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			_, err := w.marac.InsertTx(ctx, tx, f, marac.Case{Number: fmt.Sprintf("2026/%03d", i+1), On: "2026-01-02", State: marac.Listed, Meeting: meetingID, Slot: i + 1}, []marac.Identity{
				{Person: f.Person(), Part: marac.Victim, Details: d, Address: "1 Fictional Road"},
			})
			return err
		}))
	}
}

const (
	board  = researchweb.Boards + "/" + meetingID
	theirs = researchweb.Home + "/meetings/" + meetingID
)

// Sixteen cases: one form says that nothing is known about all but one, one page
// that one, and one page sends it all.
func TestSixteenCasesAreResearchedOnThreePages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var names []string
		for i := range 16 {
			names = append(names, "Ann"+strings.Repeat("a", i))
		}
		w.list(t, names...)
		cora := w.site.SignedIn(t, w.cora.Account)
		cora.Get(researchweb.Boards).OK(t).Says(t, "16")
		cora.Get(board).OK(t).Says(t, "Not asked").SaysNot(t, "Fictional Road", "Anna")
		cora.Post(board, url.Values{}).Follow(t).Says(t, "Asked")

		b := w.site.SignedIn(t, w.Actor(t, casestest.IDVA).Account)
		b.Get(researchweb.Home).OK(t).Says(t, "0 of 16 cases answered")
		b.Get(theirs).OK(t).Says(t, "2026/016").SaysNot(t, "Anna Fictional")
		b.Get(theirs+"/names").OK(t).Says(t, "Anna Fictional", "1 Fictional Road", "Nobody alike")
		b.Post(theirs+"/names", url.Values{}).Is(t, 422).Says(t, "Tick the cases")
		lines, err := w.s.Names(t.Context(), w.Actor(t, casestest.IDVA), meetingID)
		must(t, err)
		ticked := url.Values{}
		for _, l := range lines[1:] {
			ticked.Add("lines", string(l.ID))
		}
		b.Post(theirs+"/names", ticked).Follow(t).Says(t, "Not sent yet: Nothing known")
		one := lines[0].Path()
		b.Get(one).OK(t).Says(t, "Who you are asked about")
		b.Get(one + "/hand").OK(t)
		b.Post(one+"/return", url.Values{"answer": {"cannot"}}).Invalid(t, "why")
		b.Post(one+"/return", url.Values{"answer": {"known"}, "q-view": {"It <rises>."}}).Follow(t)
		b.Get(theirs+"/release").OK(t).Says(t, "It <rises>.", "2026/016")
		packet, err := w.s.Preview(t.Context(), w.Actor(t, casestest.IDVA), meetingID, nil)
		must(t, err)
		b.Post(theirs+"/release", url.Values{"lines": {"yes"}, "print": {packet.Print}}).Invalid(t, "basis", "rationale")
		b.Post(theirs+"/release", url.Values{"lines": {"yes"}, "print": {packet.Print}, "basis": {"public_task"}, "rationale": {"To plan."}}).Follow(t).Says(t, "Sent: Known to us", "Sent: Nothing known")
		b.Get(theirs + "/release").NotThere(t)

		cora.Get(board).OK(t).Says(t, "Known to us", "Nothing known")
		cora.Get(board+"/brief").OK(t).Says(t, "It <rises>.", "Not answered: Fictional Hospital Trust")
		cora.Get(board+"/full/print").OK(t).Says(t, "Printed by Fictional Cora")
		cora.Get(board + "/whole").NotThere(t)
		cora.Post(board+"/chase", url.Values{"agencies": {string(w.Trust.ID)}}).Follow(t)
		w.site.SignedIn(t, w.Actor(t, casestest.Nurse).Account).Get(theirs).OK(t).Says(t, "asked again")
	})
}

func TestAKeyContactReviewsWhatLeftWithoutAnAgreement(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.list(t, "Ann")
		_, err := w.s.Ask(t.Context(), w.cora, meetingID, research.Asking{})
		must(t, err)
		idva := w.Actor(t, casestest.IDVA)
		lines, err := w.s.Names(t.Context(), idva, meetingID)
		must(t, err)
		must(t, w.s.Answer(t.Context(), lines[0], research.Answering{Answer: research.IsKnown, Said: map[string]string{"view": "It rises."}}))
		packet, err := w.s.Preview(t.Context(), idva, meetingID, nil)
		must(t, err)
		_, err = w.s.Release(t.Context(), idva, meetingID, research.Release{Print: packet.Print, ActNow: true})
		must(t, err)
		contact := w.Actor(t, casestest.HavenContact)
		b := w.site.SignedIn(t, contact.Account)
		b.Get(researchweb.Reviews).OK(t).Says(t, "2026/001", "Sent at once").SaysNot(t, "Ann Fictional")
		list, err := w.s.Reviews(t.Context(), contact)
		must(t, err)
		path := researchweb.Reviews + "/" + string(list[0].ID)
		b.Get(path).OK(t).Says(t, "Your own view of the risk").SaysNot(t, "It rises.", "Ann Fictional")
		b.Post(path, url.Values{}).Invalid(t, "verdict", "words")
		b.Post(path, url.Values{"verdict": {"stands"}, "words": {"It was needed."}}).Follow(t).Says(t, "Nothing waits")
		b.Get(path).NotThere(t)
	})
}

func TestWhoDoesNotSitFindsNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.list(t, "Ann")
		_, err := w.s.Ask(t.Context(), w.cora, meetingID, research.Asking{})
		must(t, err)
		lines, err := w.s.Names(t.Context(), w.Actor(t, casestest.IDVA), meetingID)
		must(t, err)
		b := w.site.SignedIn(t, w.Actor(t, casestest.Colleague).Account)
		b.Get(researchweb.Home).OK(t).Says(t, "Nothing is asked of you")
		for _, page := range []string{theirs, theirs + "/names", theirs + "/release", lines[0].Path(), lines[0].Path() + "/return", board, board + "/brief", researchweb.Packs + "/" + meetingID + "/brief"} {
			b.Get(page).NotThere(t)
		}
	})
}

// A page of forty cases for twenty agencies costs no more statements than one of two.
func TestALongListCostsNoMoreQueriesThanAShortOne(t *testing.T) {
	counts := map[int][3]int{}
	for _, n := range []int{2, 40} {
		storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
			w := newWorld(t, db, clock)
			var names []string
			for i := range n {
				names = append(names, "Ann"+strings.Repeat("a", i))
			}
			w.list(t, names...)
			_, err := w.s.Ask(t.Context(), w.cora, meetingID, research.Asking{})
			must(t, err)
			idva := w.Actor(t, casestest.IDVA)
			if _, err := w.s.Names(t.Context(), idva, meetingID); err != nil { // who saw them first is written once
				t.Fatal(err)
			}
			cora, b := w.site.SignedIn(t, w.cora.Account), w.site.SignedIn(t, idva.Account)
			got := [3]int{cora.Get(board).OK(t).Queries, b.Get(theirs + "/names").OK(t).Queries, cora.Get(board + "/full").OK(t).Queries}
			if was, seen := counts[n]; seen && was != got {
				t.Logf("%d cases cost %v here and %v on the other engine", n, got, was)
			}
			counts[n] = got
		})
	}
	for i := range 3 {
		if counts[40][i] > counts[2][i]+2 {
			t.Errorf("page %d: 2 cases cost %d statements, and 40 cost %d", i, counts[2][i], counts[40][i])
		}
	}
}
