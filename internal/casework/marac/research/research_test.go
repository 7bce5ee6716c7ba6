package research_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/research"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
	"waymark/internal/registers/questions"
)

// world is a partnership with a MARAC. Cora coordinates it; the IDVA sits there for
// Haven, the nurse for the trust.
type world struct {
	*casestest.World
	s       *research.Service
	marac   *marac.Service
	agency  directory.Agency
	cora    policy.Actor
	meeting marac.MeetingID
	n       int
	asked   *agreed
}

// agreed are the agreements of a test: none, until it has some.
type agreed struct{ set *agreements.Set }

func (a *agreed) InForce(context.Context, *store.Tx) (*agreements.Set, error) {
	if a.set == nil {
		return agreements.NewSet(), nil
	}
	return a.set, nil
}

const meetingID marac.MeetingID = "00000000-0000-7000-8000-00000000a001"

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		fn(t, newWorld(t, db, clock))
	})
}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{World: casestest.New(t, db, clock, sharing.Rules(), questions.Rules(), marac.Rules(), research.Rules()), asked: &agreed{}, meeting: meetingID}
	london, err := time.LoadLocation("Europe/London")
	must(t, err)
	sets, err := questions.New(db, w.Guard)
	must(t, err)
	w.marac = marac.New(w.Cases, w.Guard, london)
	w.s = research.New(w.Cases, w.Guard, w.marac, research.Config{Questions: sets, Agreements: w.asked, Zone: london})
	w.agency, err = w.Directory.AddAgency(t.Context(), casestest.Operator, directory.NewAgency{Code: "marac", Name: "Fictional MARAC", Sector: directory.Specialist})
	must(t, err)
	w.cora = w.hire(t, w.agency, "cora", policy.Specialist)
	now := clock.Now()
	w.exec(t, `INSERT INTO marac_meeting (agency_id, id, kind, starts_at, minutes, closes_list, circulate_at, close_at, state, words_sealed, recorded_at, recorded_by, version)
		VALUES ($1, $2, 'scheduled', $3, 15, $4, $4, $5, 'planned', '', $6, '', 1)`,
		string(w.agency.ID), string(meetingID), now.AddDate(0, 0, 7), now, now.AddDate(0, 0, 14), now)
	w.sit(t, casestest.IDVA, "representative")
	w.sit(t, casestest.Nurse, "representative")
	w.exec(t, "UPDATE marac_member SET given = 'without_whereabouts' WHERE account_id = $1", w.nurse(t).Account)
	return w
}

func (w *world) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}))
}

// hire adds somebody to an agency.
func (w *world) hire(t *testing.T, agency directory.Agency, name string, roles ...policy.Role) policy.Actor {
	t.Helper()
	added, err := w.Directory.AddUser(t.Context(), casestest.Operator, directory.NewUser{Agency: agency.ID, Username: name, Name: "Fictional " + name, Kind: policy.Human, Roles: roles})
	must(t, err)
	return policy.Actor{Account: added.Account.ID, Kind: policy.Human, Name: added.Account.Name, Agency: string(agency.ID), Roles: roles, Level: 3}
}

func (w *world) sit(t *testing.T, name, capacity string) {
	t.Helper()
	w.seat(t, w.Actor(t, name), capacity)
}

func (w *world) seat(t *testing.T, a policy.Actor, capacity string) {
	t.Helper()
	w.n++
	w.exec(t, `INSERT INTO marac_member (agency_id, id, account_id, of_agency, capacity, given, since_on, until_on, named_by, named_at, accepted_by, accepted_at, version)
		VALUES ($1, $2, $3, $4, $5, 'everything', '2020-01-01', '', '', $6, '', $6, 1)`, string(w.agency.ID), fmt.Sprintf("m%03d", w.n), a.Account, a.Agency, capacity, w.Clock.Now())
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func woman(name string) people.Details {
	return people.Details{GivenName: name, FamilyName: "Fictional", Born: "1992-02-01", Gender: "woman", AccessNeeds: "Large print", Language: "Welsh"}
}

var him = people.Details{GivenName: "Rex", FamilyName: "Madeup", Born: "1988-05-06"}

// list puts a case on the list of the meeting.
func (w *world) list(t *testing.T, name string) marac.CaseID {
	t.Helper()
	w.n++
	f := w.BeginFor(t, w.cora, woman(name), cases.Experiencing)
	he := w.Add(t, f, cases.Perpetrator, him)
	var id marac.CaseID
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = w.marac.InsertTx(ctx, tx, f, marac.Case{
			Number: fmt.Sprintf("2026/%03d", w.n), On: "2026-01-02", State: marac.Listed, Meeting: w.meeting, Slot: w.n, IDVA: marac.NotKnown,
			Words: marac.CaseWords{Reason: "The reason nobody is told", SafeTo: "Her sister"},
		}, []marac.Identity{
			{Person: f.Person(), Part: marac.Victim, Details: woman(name), Aliases: []string{name + " Former"}, Address: "1 Fictional Road", School: "Fictional School"},
			{Person: he, Part: marac.Perpetrator, Details: him, Address: "2 Madeup Road", Relation: "former partner"},
		})
		return err
	}))
	return id
}

func (w *world) ask(t *testing.T) int {
	t.Helper()
	n, err := w.s.Ask(t.Context(), w.cora, w.meeting, research.Asking{})
	must(t, err)
	return n
}

func (w *world) idva(t *testing.T) policy.Actor  { return w.Actor(t, casestest.IDVA) }
func (w *world) nurse(t *testing.T) policy.Actor { return w.Actor(t, casestest.Nurse) }

func (w *world) names(t *testing.T, a policy.Actor) []*research.Line {
	t.Helper()
	lines, err := w.s.Names(t.Context(), a, w.meeting)
	if _, refused := policy.IsDenied(err); refused { // nothing is asked of them there
		return nil
	}
	must(t, err)
	return lines
}

func (w *world) release(t *testing.T, a policy.Actor, r research.Release) error {
	t.Helper()
	p, err := w.s.Preview(t.Context(), a, w.meeting, r.Lines)
	must(t, err)
	if r.Print == "" {
		r.Print = p.Print
	}
	_, err = w.s.Release(t.Context(), a, w.meeting, r)
	return err
}

func (w *world) pack(t *testing.T) research.Pack {
	t.Helper()
	p, err := w.s.Pack(t.Context(), w.cora, w.meeting, research.Full, false)
	must(t, err)
	return p
}

func said(t *testing.T, err error, field string) {
	t.Helper()
	errs, _ := forms.AsErrors(err)
	if !errs.Has(field) {
		t.Errorf("nothing is said at %s: %v", field, err)
	}
}

// basis is a release with what it rests on.
var basis = research.Release{Basis: sharing.PublicTask, Rationale: "The meeting needs it to plan."}

// Proves: B6.15
func TestAnAgencyIsToldTheIdentitiesAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.list(t, "Ann")
		if n := w.ask(t); n != 2 {
			t.Fatalf("%d lines, for two agencies and one case", n)
		}
		for _, one := range []struct {
			actor   policy.Actor
			address string
		}{{w.idva(t), "1 Fictional Road"}, {w.nurse(t), ""}} { // who sits for the trust is not given everything
			lines := w.names(t, one.actor)
			if len(lines) != 1 || len(lines[0].Who) != 2 {
				t.Fatalf("%s has %d lines", one.actor.Name, len(lines))
			}
			for _, p := range lines[0].Who {
				switch p.Part {
				case marac.Victim:
					if p.Name() != "Ann Fictional" || p.Address != one.address || len(p.Aliases) != 1 {
						t.Errorf("%s is told %q, %v", one.actor.Name, p.Address, p.Aliases)
					}
					if p.Details.AccessNeeds+p.Details.Language != "" {
						t.Errorf("%s is told more than who they are", one.actor.Name)
					}
				case marac.Perpetrator:
					if p.Address != "2 Madeup Road" || p.Relation != "former partner" {
						t.Errorf("of whoever harms %s is told %q and %q", one.actor.Name, p.Address, p.Relation)
					}
				case marac.Child, marac.Other:
					t.Errorf("%s is told of %v", one.actor.Name, p.Part)
				}
			}
			if all := fmt.Sprintf("%+v", lines[0].Who); strings.Contains(all, "reason") || strings.Contains(all, "sister") || strings.Contains(all, "School") {
				t.Errorf("%s is told why, or to whom it is safe to talk", one.actor.Name)
			}
		}
	})
}

func TestAnAgencySeesItsOwnLinesAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.list(t, "Ann")
		w.ask(t)
		hers := w.names(t, w.idva(t))[0]
		_, refused := w.s.Open(t.Context(), w.nurse(t), hers.ID)
		_, never := w.s.Open(t.Context(), w.nurse(t), "00000000-0000-7000-8000-0000000000ff")
		a, isA := policy.IsDenied(refused)
		b, isB := policy.IsDenied(never)
		if !isA || !isB || a.Known || b.Known {
			t.Errorf("another agency's line: %v; one that never was: %v", refused, never)
		}
		for _, who := range []string{casestest.Colleague, casestest.HavenManager, casestest.HavenContact, casestest.Robot} {
			if _, err := w.s.Open(t.Context(), w.Actor(t, who), hers.ID); err == nil {
				t.Errorf("%s does not sit there, and has the line", who)
			}
		}
		if _, err := w.s.Open(t.Context(), w.cora, hers.ID); err == nil {
			t.Error("the coordinator reads what an agency drafts")
		}
		must(t, w.s.Hand(t.Context(), hers, w.Actor(t, casestest.Colleague).Account))
		if lines := w.names(t, w.Actor(t, casestest.Colleague)); len(lines) != 1 {
			t.Errorf("the colleague whom it was handed to has %d lines", len(lines))
		}
		again, err := w.s.Open(t.Context(), w.idva(t), hers.ID)
		must(t, err)
		said(t, w.s.Hand(t.Context(), again, w.nurse(t).Account), "holder")
	})
}

// Proves: B6.22
func TestNothingLeavesWithoutARelease(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.list(t, "Ann")
		w.list(t, "Bea")
		w.ask(t)
		lines := w.names(t, w.idva(t))
		must(t, w.s.Answer(t.Context(), lines[0], research.Answering{Answer: research.IsKnown, Said: map[string]string{"view": "The risk rises.", "reach": "By post"}}))
		must(t, w.s.NothingKnown(t.Context(), lines[1:]))
		for _, c := range w.pack(t).Cases {
			if len(c.Returns) != 0 {
				t.Fatalf("case %s has a return, and nothing was released", c.Number)
			}
		}
		b, err := w.s.Board(t.Context(), w.cora, w.meeting)
		must(t, err)
		if got := b.Agencies[slices.IndexFunc(b.Agencies, func(a research.BoardAgency) bool { return a.Agency == string(w.Haven.ID) })]; got.Open() != 2 {
			t.Errorf("the board tells of a draft: %d are open", got.Open())
		}
		said(t, w.release(t, w.idva(t), research.Release{}), "basis")
		said(t, w.release(t, w.idva(t), research.Release{Print: "another", Basis: basis.Basis, Rationale: basis.Rationale}), "lines")
		must(t, w.release(t, w.idva(t), basis))
		p := w.pack(t)
		if len(p.Cases) != 2 || len(p.Cases[0].Returns) != 1 || p.Cases[0].Returns[0].Answer != research.IsKnown || p.Cases[1].Returns[0].Answer != research.Nothing {
			t.Fatalf("the pack has %+v", len(p.Cases))
		}
		if items := p.Cases[0].Returns[0].Content.Items; len(items) != 2 || items[0].Text != "By post" && items[1].Text != "By post" {
			t.Errorf("the coordinator reads %d items", len(items))
		}
		if waits := p.Cases[0].Waiting; len(waits) != 1 {
			t.Errorf("%v have not answered", waits)
		}
		brief, err := w.s.Pack(t.Context(), w.cora, w.meeting, research.Brief, true)
		must(t, err)
		if items := brief.Cases[0].Returns[0].Content.Items; len(items) != 1 || items[0].Part != "view" {
			t.Errorf("the brief pack has %d items", len(items))
		}
		said(t, w.release(t, w.idva(t), basis), "lines") // nothing is left to send
	})
}

func TestWhatWasReleasedIsPutRightByALaterOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.list(t, "Ann")
		w.ask(t)
		must(t, w.s.NothingKnown(t.Context(), w.names(t, w.idva(t))))
		must(t, w.release(t, w.idva(t), research.Release{}))
		must(t, w.s.Answer(t.Context(), w.names(t, w.idva(t))[0], research.Answering{Answer: research.IsKnown, Said: map[string]string{"view": "We were wrong."}}))
		if got := w.pack(t).Cases[0].Returns; len(got) != 1 || got[0].Answer != research.Nothing {
			t.Fatal("a draft changed what was released")
		}
		must(t, w.release(t, w.idva(t), basis))
		sent, err := w.s.Sent(t.Context(), w.names(t, w.idva(t))[0])
		must(t, err)
		if len(sent) != 2 || sent[0].Corrects != sent[1].ID || sent[1].Answer != research.Nothing {
			t.Errorf("the agency has %+v", sent)
		}
		if got := w.pack(t).Cases[0].Returns; len(got) != 1 || got[0].ID != sent[0].ID {
			t.Errorf("the meeting has %d returns", len(got))
		}
	})
}

func TestMatchingProposesWithinWhatIsTheirsAndAPersonDecides(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		hers := w.BeginFor(t, w.idva(t), people.Details{GivenName: "Anne", FamilyName: "Fictional", Born: "1992-02-01"}, cases.Experiencing)
		elsewhere := w.BeginFor(t, w.nurse(t), woman("Ann"), cases.Experiencing) // another agency's
		w.list(t, "Ann")
		w.ask(t)
		l := w.names(t, w.idva(t))[0]
		got, err := w.s.Look(t.Context(), []*research.Line{l})
		must(t, err)
		if p := got.Of[l.ID]; len(p) != 1 || p[0].Found.ID != hers.ID() || p[0].Why() == "" || got.More {
			t.Fatalf("%d are proposed", len(p))
		}
		if err := w.s.Decide(t.Context(), l, 0, elsewhere.ID(), elsewhere.Person(), true); err == nil {
			t.Error("a file of another agency is decided on")
		}
		must(t, w.s.Decide(t.Context(), l, 0, hers.ID(), hers.Person(), true))
		if l = w.names(t, w.idva(t))[0]; l.File != hers.ID() || l.Draft.Of(0) != research.IsKnown || l.Row.Draft != research.IsKnown {
			t.Errorf("it is found in %q", l.File)
		}
		must(t, w.s.Undo(t.Context(), l, 0, hers.ID(), hers.Person()))
		if l = w.names(t, w.idva(t))[0]; l.File != "" || l.Row.Draft != "" {
			t.Errorf("undone, it is found in %q, and %q", l.File, l.Row.Draft)
		}
		must(t, w.Cases.Restrict(t.Context(), hers, hers.Version(), []string{w.idva(t).Account}, "A colleague is known to her"))
		w.sit(t, casestest.HavenManager, "deputy")
		l = w.names(t, w.Actor(t, casestest.HavenManager))[0]
		if got, err = w.s.Look(t.Context(), []*research.Line{l}); err != nil || len(got.Of[l.ID]) != 0 {
			t.Errorf("a file that is restricted is proposed: %v", err)
		}
	})
}

func TestARichReturnIsPickedFromTheFileAndFlagsIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.BeginFor(t, w.idva(t), woman("Ann"), cases.Experiencing)
		var picked cases.EventID
		must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) (err error) {
			if picked, err = w.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, On: "2026-01-01", Text: "He came to the door."}); err != nil {
				return err
			}
			_, err = w.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, On: "2026-01-02", Text: "Nobody picks this."})
			return err
		}))
		w.list(t, "Ann")
		w.ask(t)
		l := w.names(t, w.idva(t))[0]
		must(t, w.s.Decide(t.Context(), l, 0, f.ID(), f.Person(), true))
		src, err := w.s.From(t.Context(), f)
		must(t, err)
		if len(src.Entries) != 2 || src.Fill["contact"] == "" {
			t.Errorf("the file offers %d entries", len(src.Entries))
		}
		must(t, w.s.Answer(t.Context(), l, research.Answering{Answer: research.IsKnown, Said: map[string]string{"view": "High."}, Entries: []cases.EventID{picked}}))
		must(t, w.release(t, w.idva(t), basis))
		all := fmt.Sprintf("%#v", w.pack(t).Cases[0].Returns[0].Content.Items)
		if !strings.Contains(all, "He came to the door.") || strings.Contains(all, "Nobody picks this.") {
			t.Errorf("the meeting reads %s", all)
		}
		flags, err := w.s.Flags(t.Context(), f)
		must(t, err)
		if len(flags) != 1 || flags[0].Over || flags[0].Until != w.Clock.Now().AddDate(1, 0, 0).Format(time.DateOnly) {
			t.Errorf("the file has the flags %+v", flags)
		}
		w.Clock.Advance(400 * 24 * time.Hour)
		if flags, err = w.s.Flags(t.Context(), f); err != nil || len(flags) != 1 || !flags[0].Over {
			t.Errorf("after twelve months the file has the flags %+v: %v", flags, err)
		}
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for _, kind := range []cases.EventKind{cases.ResearchReturned, cases.MARACFlagged, cases.SharedAgainst} { // no agreement binds the two
				if list, err := w.Cases.Latest(ctx, tx, f, kind, 2); err != nil || len(list) != 1 {
					t.Errorf("%d entries of %s: %v", len(list), kind, err)
				}
			}
			return nil
		}))
	})
}

func TestWhoIsTiedHasNoLineAndAManagerStandsIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(t, w.Cases.Declare(t.Context(), w.idva(t), cases.NewTie{Relation: cases.Friend, Person: him}))
		w.list(t, "Ann")
		w.ask(t)
		_, err := w.s.Names(t.Context(), w.idva(t), w.meeting)
		if _, denied := policy.IsDenied(err); !denied {
			t.Fatalf("they are tied, and opening the names gives %v", err)
		}
		manager := w.Actor(t, casestest.HavenManager)
		lines := w.names(t, manager)
		if len(lines) != 1 {
			t.Fatalf("nobody else sits there, and their manager has %d lines", len(lines))
		}
		if _, err := w.s.Open(t.Context(), w.idva(t), lines[0].ID); err == nil {
			t.Error("they open it by its address")
		}
		said(t, w.s.Hand(t.Context(), lines[0], w.idva(t).Account), "holder")
		w.seat(t, w.Actor(t, casestest.Colleague), "deputy")
		if lines := w.names(t, manager); len(lines) != 0 {
			t.Errorf("a deputy sits there now, and the manager has %d lines", len(lines))
		}
		if lines := w.names(t, w.Actor(t, casestest.Colleague)); len(lines) != 1 {
			t.Errorf("the deputy has %d lines", len(lines))
		}
	})
}

func TestACaseThatLeavesTheListIsAskedNoMore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.list(t, "Ann")
		w.ask(t)
		l := w.names(t, w.idva(t))[0]
		w.exec(t, "UPDATE marac_case SET state = 'transferred' WHERE id = $1", string(id))
		if rows, err := w.s.List(t.Context(), w.idva(t), ""); err != nil || len(rows) != 0 {
			t.Errorf("%d rows: %v", len(rows), err)
		}
		if _, err := w.s.Open(t.Context(), w.idva(t), l.ID); err == nil {
			t.Error("it is opened")
		}
		w.exec(t, "UPDATE marac_case SET state = 'listed' WHERE id = $1", string(id))
		w.list(t, "Bea") // late
		if n := w.ask(t); n != 2 {
			t.Errorf("%d lines are new for the case that was listed late", n)
		}
		w.Clock.Advance(15 * 24 * time.Hour)
		if rows, err := w.s.List(t.Context(), w.idva(t), ""); err != nil || len(rows) != 0 {
			t.Errorf("the pack has closed, and there are %d rows: %v", len(rows), err)
		}
	})
}

func TestTheBoardAndRemindersFollowFromTheTime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.list(t, "Ann")
		w.ask(t)
		cell := func() research.Cell {
			b, err := w.s.Board(t.Context(), w.cora, w.meeting)
			must(t, err)
			return b.Agencies[slices.IndexFunc(b.Agencies, func(a research.BoardAgency) bool { return a.Agency == string(w.Haven.ID) })].Of(id)
		}
		if got := cell().Label(); got != "Asked" {
			t.Errorf("it is %s", got)
		}
		w.names(t, w.idva(t))
		if got := cell().Label(); got != "Looked at" {
			t.Errorf("it is %s", got)
		}
		w.Clock.Advance(6 * 24 * time.Hour)
		if got := cell().Label(); got != "Overdue" {
			t.Errorf("it is %s", got)
		}
		must(t, w.s.Chase(t.Context(), w.cora, w.meeting, []string{string(w.Haven.ID)}))
		rows, err := w.s.List(t.Context(), w.idva(t), w.meeting)
		must(t, err)
		if len(rows) != 1 || rows[0].Chased != 1 || !rows[0].Overdue(w.Clock.Now()) {
			t.Errorf("the list has %+v", rows)
		}
		if err := w.s.Chase(t.Context(), w.idva(t), w.meeting, []string{string(w.Haven.ID)}); err == nil {
			t.Error("an agency chases")
		}
		if _, err := w.s.Board(t.Context(), w.idva(t), w.meeting); err == nil {
			t.Error("an agency sees the board")
		}
	})
}

// Proves: B6.14
func TestAReturnIsForTheKeyContactWhereNoAgreementPermitsIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.asked.set = agreements.NewSet(agreements.Bound{Agreement: "a1", Version: 1, Document: agreements.Document{
			Parties: []agreements.Party{{Agency: w.Haven.ID}, {Agency: w.agency.ID}},
			Clauses: []agreements.Clause{
				{ID: "1", Effect: agreements.Permit, Kinds: []agreements.Kind{agreements.Risk}, Words: "Risk may be shared."},
				{ID: "2", Effect: agreements.Deny, Kinds: []agreements.Kind{agreements.Health}, Words: "Health is not shared."},
			},
		}})
		w.list(t, "Ann")
		w.list(t, "Bea")
		w.ask(t)
		lines := w.names(t, w.idva(t))
		must(t, w.s.Answer(t.Context(), lines[0], research.Answering{Answer: research.IsKnown, Said: map[string]string{"view": "It rises."}}))
		must(t, w.release(t, w.idva(t), basis))
		contact := w.Actor(t, casestest.HavenContact)
		if list, err := w.s.Reviews(t.Context(), contact); err != nil || len(list) != 0 {
			t.Fatalf("%d wait for the key contact: %v", len(list), err)
		}
		must(t, w.s.Answer(t.Context(), lines[1], research.Answering{Answer: research.IsKnown, Said: map[string]string{"health": "A broken arm."}}))
		said(t, w.release(t, w.idva(t), basis), "override")
		p, err := w.s.Preview(t.Context(), w.idva(t), w.meeting, nil)
		must(t, err)
		if held := p.Leaving[0].Said.Held(); len(held) != 1 || !slices.Contains(held[0].Words, "Health is not shared.") {
			t.Errorf("the preview names %+v", held)
		}
		must(t, w.release(t, w.idva(t), research.Release{ActNow: true}))
		list, err := w.s.Reviews(t.Context(), contact)
		must(t, err)
		if len(list) != 1 || !list[0].ActedNow {
			t.Fatalf("the key contact has %+v", list)
		}
		if _, err := w.s.ToReview(t.Context(), w.Actor(t, casestest.KeyContact), list[0].ID); err == nil {
			t.Error("the key contact of another agency opens it")
		}
		v, err := w.s.ToReview(t.Context(), contact, list[0].ID)
		must(t, err)
		said(t, w.s.Review(t.Context(), v, "", ""), "verdict")
		must(t, w.s.Review(t.Context(), v, research.Stands, "It was needed."))
		if err := w.s.Review(t.Context(), v, research.NotAgain, "Again."); !errors.Is(err, store.ErrConflict) {
			t.Errorf("reviewed twice: %v", err)
		}
	})
}

func TestAnAddressThatIsKeptApartDoesNotLeave(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.BeginFor(t, w.idva(t), woman("Ann"), cases.Experiencing)
		must(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: people.Address{House: "12 Hidden Lane", Postcode: "EX1 1AA"}, Confidential: true}))
		w.list(t, "Ann")
		w.ask(t)
		l := w.names(t, w.idva(t))[0]
		must(t, w.s.Decide(t.Context(), l, 0, f.ID(), f.Person(), true))
		must(t, w.s.Answer(t.Context(), l, research.Answering{Answer: research.IsKnown, Said: map[string]string{"reach": "At 12 Hidden Lane"}}))
		said(t, w.release(t, w.idva(t), basis), "lines")
	})
}

func TestEveryOpeningOfNamesIsInTheLedger(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.list(t, "Ann")
		w.ask(t)
		w.names(t, w.idva(t))
		l, err := w.s.Open(t.Context(), w.idva(t), w.names(t, w.idva(t))[0].ID)
		must(t, err)
		must(t, w.s.NothingKnown(t.Context(), []*research.Line{l}))
		must(t, w.release(t, w.idva(t), research.Release{}))
		w.pack(t)
		did := map[policy.Action]bool{}
		for _, e := range w.Ledger(t) {
			if slices.Contains(e.Subjects, audit.Subject(id.Subject())) {
				did[e.Action] = true
			}
		}
		for _, want := range []policy.Action{research.ActLook, research.ActAnswer, research.ActRelease, research.ActRead} {
			if !did[want] {
				t.Errorf("no entry of %s names the case: %v", want, did)
			}
		}
	})
}

func TestWhoWorksWithPeopleWhoHarmIsShownNoItemThatTellsWhere(t *testing.T) {
	kinds := agreements.Kinds()
	for mask := range 1 << len(kinds) { // every set of kinds, and the slow rule beside it
		if mask%7 != 0 && mask > 1<<10 {
			continue
		}
		var of []agreements.Kind
		tells := mask == 0
		for i, k := range kinds {
			if mask&(1<<i) != 0 {
				of = append(of, k)
				tells = tells || slices.Contains([]agreements.Kind{
					agreements.SafeContact, agreements.Address, agreements.OwnAccount, agreements.Safety, agreements.Whereabouts, agreements.Wishes,
				}, k)
			}
		}
		c := research.Content{Answer: research.IsKnown, Items: []research.Item{{Kinds: of, About: agreements.Experiencing}}}
		if got, seen := c.For(false); seen == tells || seen != (len(got.Items) == 1) {
			t.Fatalf("%v is shown: %v", of, seen)
		}
		if got, seen := c.For(true); !seen || len(got.Items) != 1 {
			t.Fatalf("%v is not shown to those who may read it", of)
		}
	}
}

func TestWhatAFileHasGoesWithIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.BeginFor(t, w.idva(t), woman("Ann"), cases.Experiencing)
		w.list(t, "Ann")
		w.ask(t)
		l := w.names(t, w.idva(t))[0]
		must(t, w.s.Decide(t.Context(), l, 0, f.ID(), f.Person(), true))
		must(t, w.s.Answer(t.Context(), l, research.Answering{Answer: research.IsKnown, Said: map[string]string{"view": "High."}}))
		must(t, w.release(t, w.idva(t), basis))
		var pieces int
		destroy := func(f *cases.File) (gone map[string]int64) {
			must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
				list, _, err := w.s.Pieces(ctx, tx, f)
				if err != nil {
					return err
				}
				pieces = len(list)
				gone, err = w.s.Destroy(ctx, tx, f)
				return err
			}))
			return gone
		}
		if gone := destroy(f); pieces != 2 || gone["returns to a MARAC"] != 1 || gone["flags of a MARAC"] != 1 || gone["matches for a MARAC"] != 1 {
			t.Errorf("of %d pieces %v are gone", pieces, gone)
		}
		if got := w.pack(t).Cases[0].Returns; len(got) != 1 {
			t.Fatal("with the sender's file the MARAC's copy went")
		}
		var hers cases.ID
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.QueryRowContext(ctx, "SELECT file_id FROM marac_case").Scan(&hers)
		}))
		register, err := w.Cases.Open(t.Context(), w.cora, hers, cases.Care)
		must(t, err)
		if gone := destroy(register); pieces != 1 || gone["what agencies returned"] != 1 || gone["whom agencies were asked about"] != 2 {
			t.Errorf("of %d pieces of the register %v are gone", pieces, gone)
		}
		if rows, err := w.s.List(t.Context(), w.nurse(t), ""); err != nil || len(rows) != 0 {
			t.Errorf("the trust is still asked: %v", err)
		}
	})
}

func TestAnybodyWithASeatReadsWhatIsForThemAndNoMore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.list(t, "Ann")
		w.list(t, "Bea")
		w.ask(t)
		for _, l := range w.names(t, w.idva(t)) {
			must(t, w.s.Answer(t.Context(), l, research.Answering{Answer: research.IsKnown, Said: map[string]string{"view": "The risk rises.", "measures": "An alarm.", "reach": "By post."}}))
		}
		must(t, w.release(t, w.idva(t), basis))
		for _, one := range []struct {
			who   policy.Actor
			items int
			name  string
		}{{w.idva(t), 3, "Fictional Haven Service"}, {w.nurse(t), 1, ""}} {
			w.exec(t, `INSERT INTO marac_seat (agency_id, meeting_id, account_id, of_agency, capacity, answer, sent, recorded_at, recorded_by, version)
				VALUES ($1, $2, $3, $4, 'representative', 'accepted', false, $5, '', 1)`, string(w.agency.ID), string(w.meeting), one.who.Account, one.who.Agency, w.Clock.Now())
			seat, err := w.marac.Sit(t.Context(), one.who, w.meeting)
			must(t, err)
			if _, err := w.s.PackFor(t.Context(), seat, research.Full, false); !errors.Is(err, marac.ErrStatement) {
				t.Errorf("%s reads it before the statement: %v", one.who.Name, err)
			}
			must(t, w.marac.Accept(t.Context(), seat))
			seat, err = w.marac.Sit(t.Context(), one.who, w.meeting)
			must(t, err)
			p, err := w.s.PackFor(t.Context(), seat, research.Full, true)
			must(t, err)
			if len(p.Cases) != 2 {
				t.Fatalf("%s has %d cases", one.who.Name, len(p.Cases))
			}
			for _, c := range p.Cases {
				if len(c.Returns) != 1 || len(c.Returns[0].Content.Items) != one.items || c.Returns[0].Name != one.name {
					t.Errorf("%s reads %+v", one.who.Name, c.Returns)
				}
				for _, p := range c.Who {
					if p.Part == marac.Victim && (p.Address == "") != (one.name == "") {
						t.Errorf("%s is told %q", one.who.Name, p.Address)
					}
				}
			}
		}
		must(t, w.Cases.Declare(t.Context(), w.nurse(t), cases.NewTie{Relation: cases.Friend, Person: woman("Ann")}))
		seat, err := w.marac.Sit(t.Context(), w.nurse(t), w.meeting)
		must(t, err)
		if p, err := w.s.PackFor(t.Context(), seat, research.Brief, false); err != nil || len(p.Cases) != 1 {
			t.Errorf("they are tied to one of two, and read %d: %v", len(p.Cases), err)
		}
		var nobody *marac.Seat
		if _, err := w.s.PackFor(t.Context(), nobody, research.Full, false); !errors.Is(err, audit.ErrNoPermit) {
			t.Errorf("without a seat: %v", err)
		}
	})
}
