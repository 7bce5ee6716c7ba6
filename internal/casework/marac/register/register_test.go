package register_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/register"
	"waymark/internal/casework/repeats"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
	"waymark/internal/registers/people/linkage"
)

// world is a partnership with two MARACs. Cora coordinates the first.
type world struct {
	*casestest.World
	s          *register.Service
	marac      *marac.Service
	sharing    *sharing.Service
	cora, dora policy.Actor
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { fn(t, newWorld(t, db, clock)) })
}

func newWorld(t testing.TB, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{World: casestest.New(t, db, clock, sharing.Rules(), marac.Rules(), register.Rules())}
	w.sharing = sharing.New(db, w.Guard, w.Cases, sharing.Config{})
	w.marac = marac.New(w.Cases, w.Guard, w.Registry.Zone())
	w.s = register.New(w.Cases, w.Guard, w.sharing, w.marac)
	w.cora, w.dora = w.conference(t, "conference"), w.conference(t, "nextdoor")
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) conference(t testing.TB, code string) policy.Actor {
	t.Helper()
	a, err := w.Directory.AddAgency(t.Context(), casestest.Operator, directory.NewAgency{Code: code, Name: "Fictional " + code, Sector: directory.Safeguarding})
	must(t, err)
	team, err := w.Directory.AddTeam(t.Context(), casestest.Operator, directory.NewTeam{Agency: a.ID, Code: "team", Name: "Coordination", TakesReferrals: true})
	must(t, err)
	u, err := w.Directory.AddUser(t.Context(), casestest.Operator, directory.NewUser{
		Agency: a.ID, Username: code, Name: "Fictional of " + code, Kind: policy.Human, Roles: []policy.Role{policy.Specialist}, Teams: []directory.TeamID{team.ID},
		Training: &directory.Trained{Level: 3, AchievedOn: "2025-06-01", Source: "Fictional course"},
	})
	must(t, err)
	must(t, w.marac.SetUp(t.Context(), casestest.Operator, marac.Norms(string(a.ID), string(team.ID)), marac.Published("2020-01-01")))
	return policy.Actor{Account: u.Account.ID, Kind: policy.Human, Name: u.Account.Name, Agency: string(a.ID), Roles: []policy.Role{policy.Specialist}, Level: 3, Teams: []string{string(team.ID)}}
}

func who(part marac.Part, given, family, born string) register.Who {
	return register.Who{Part: part, Identity: marac.Identity{Details: people.Details{GivenName: given, FamilyName: family, Born: born}}}
}

var (
	maya = who(marac.Victim, "Maya", "Example", "1991-03-27")
	rob  = who(marac.Perpetrator, "Rob", "Example", "1988-01-02")
	sam  = who(marac.Perpetrator, "Sam", "Otherwise", "1979-09-12")
	kit  = who(marac.Child, "Kit", "Example", "2018-01-02")
)

func (w *world) to(who policy.Actor) sharing.Recipient {
	return sharing.Recipient{Agency: who.Agency, Team: who.Teams[0]}
}

// referral is a whole referral to the first MARAC about some people.
func (w *world) referral(people ...register.Who) register.NewReferral {
	return register.NewReferral{
		Sheet: register.Sheet{
			People: people, Routes: marac.Routes{Visible: marac.Yes, Judgement: marac.Yes, Escalation: marac.Unknown, Repeat: marac.No},
			Words: marac.CaseWords{
				Reason: "He strangled her", Evidence: map[string]string{"visible": "16 answers of yes", "judgement": "He has said that he will kill her"}, Aware: "She knows", Views: "She wants him kept away",
				Afraid: "Him and his brother", SafeTo: "Her sister", UnsafeTo: "Her aunt", Contact: "01632 960001 after four", Referrer: "Fictional nurse, 01632 960002",
			},
			Crime: marac.Yes, IDVA: marac.ReferredIDVA, Ethnic: "White British",
		},
		Share: sharing.NewShare{
			To: w.to(w.cora), Protects: "Maya and her child", Harm: "being killed", Basis: sharing.PublicTask, Rationale: "To plan together",
			Views: sharing.Views{Asked: sharing.Agrees, Words: "Please do", Present: "nobody else", Informed: sharing.Told},
		},
	}
}

func (w *world) file(t testing.TB, actor policy.Actor) *cases.File {
	t.Helper()
	f, err := w.Cases.Begin(t.Context(), actor, cases.NewFile{Person: maya.Details, Kind: cases.Full, Origin: cases.OwnContact})
	must(t, err)
	return f
}

// arrive has it received and acknowledged at a MARAC.
func (w *world) arrive(t testing.TB, at policy.Actor, id sharing.ID) *sharing.Packet {
	t.Helper()
	p, err := w.sharing.Receive(t.Context(), at, id)
	must(t, err)
	must(t, w.sharing.Acknowledge(t.Context(), p, nil))
	p, err = w.sharing.Receive(t.Context(), at, id)
	must(t, err)
	return p
}

// refer refers some people by a worker, and has them taken.
func (w *world) refer(t testing.TB, by string, n register.NewReferral) (*cases.File, marac.CaseID) {
	t.Helper()
	id, err := w.s.Send(t.Context(), w.file(t, w.Actor(t, by)), n)
	must(t, err)
	f, c, err := w.s.Take(t.Context(), w.arrive(t, w.cora, id), nil)
	must(t, err)
	return f, c
}

func (w *world) hear(t testing.TB, f *cases.File, id marac.CaseID) {
	t.Helper()
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		c, err := w.marac.CaseTx(ctx, tx, f, id)
		c.State = marac.Heard
		return errors.Join(err, w.marac.SetTx(ctx, tx, f, c))
	}))
}

func (w *world) meeting(t testing.TB) marac.MeetingID {
	t.Helper()
	id, err := w.marac.Plan(t.Context(), w.cora, w.cora.Agency, marac.Planning{Kind: marac.Scheduled, First: w.Clock.Now().AddDate(0, 0, 9), Minutes: 120, Words: marac.MeetingWords{Where: "Room 4"}})
	must(t, err)
	return id
}

func denied(err error) bool { _, is := policy.IsDenied(err); return is }

func said(t *testing.T, err error, field string) {
	t.Helper()
	errs, ok := forms.AsErrors(err)
	if !ok || !errs.Has(field) {
		t.Errorf("%v, want an error of the field %s", err, field)
	}
}

func (w *world) events(t testing.TB, f *cases.File, kind cases.EventKind) (out []string) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		events, err := w.Cases.Latest(ctx, tx, f, kind, 20)
		for _, e := range events {
			out = append(out, e.Text)
		}
		return err
	}))
	return out
}

func (w *world) tasks(t testing.TB, f *cases.File) (out []cases.TaskKind) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		list, err := w.Cases.Tasks(ctx, tx, f)
		for _, task := range list {
			out = append(out, task.Kind)
		}
		return err
	}))
	return out
}

// What the sender sees before it leaves is what the MARAC reads, and nothing beside
// the share says more than the share does.
func TestThePreviewIsWhatArrives(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		nurse := w.Actor(t, casestest.Nurse)
		f := w.file(t, nurse)
		n := w.referral(maya, rob, kit)
		preview := n.Preview(nurse.Name)
		id, err := w.s.Send(t.Context(), f, n)
		must(t, err)
		if _, err := w.sharing.Receive(t.Context(), w.dora, id); !denied(err) {
			t.Errorf("another MARAC reads it: %v", err)
		}
		p, err := w.sharing.Receive(t.Context(), w.cora, id)
		must(t, err)
		sheet := n.Sheet
		sheet.Count(w.marac.Today(w.Clock.Now()))
		n.Sheet = sheet
		preview = n.Preview(nurse.Name)
		if diff := cmp.Diff(preview.Items, p.Content().Items); diff != "" {
			t.Error(diff)
		}
		r, err := w.s.Of(t.Context(), p)
		must(t, err)
		if diff := cmp.Diff(sheet, r.Sheet, cmpopts.IgnoreFields(marac.Identity{}, "Part"), cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(r.Sheet.Items(), p.Content().Items); diff != "" {
			t.Errorf("what lies beside the share is not what it says: %s", diff)
		}
		mine, err := w.s.OfFile(t.Context(), f)
		must(t, err)
		if len(mine) != 1 || mine[0].Outcome != register.Sent || !cmp.Equal(mine[0].Sheet, r.Sheet) {
			t.Errorf("the sender's copy: %+v", mine)
		}
		if got := w.events(t, f, cases.MARACReferred); len(got) != 1 || !strings.Contains(got[0], "Visible high risk") {
			t.Errorf("the chronology says %v", got)
		}
	})
}

// A missing gate never stops somebody in danger from being referred; a guarded
// address does not leave otherwise.
func TestActNowAndGuardedAddresses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.file(t, w.Actor(t, casestest.Nurse))
		must(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: people.Address{House: "9 Hidden Row", Postcode: "ZZ1 1ZZ"}, Confidential: true}))
		n := w.referral(maya, rob)
		n.Sheet.People = slices.Clone(n.Sheet.People)
		n.Sheet.People[0].Address = "9 Hidden Row, ZZ1 1ZZ"
		_, err := w.s.Send(t.Context(), f, n)
		said(t, err, "contact")
		draft, err := w.s.Draft(t.Context(), f)
		must(t, err)
		if draft.Sheet.Victim().Address != "" {
			t.Errorf("a guarded address is filled in: %q", draft.Sheet.Victim().Address)
		}
		bare := register.NewReferral{
			Sheet: register.Sheet{People: []register.Who{maya}, Words: marac.CaseWords{Reason: "He has a knife"}},
			Share: sharing.NewShare{To: w.to(w.cora), Protects: "Maya", Harm: "being killed"},
		}
		_, err = w.s.Send(t.Context(), f, bare)
		said(t, err, "people")
		bare.Share.ActNow = true
		id, err := w.s.Send(t.Context(), f, bare)
		must(t, err)
		p := w.arrive(t, w.cora, id)
		mf, c, err := w.s.Take(t.Context(), p, nil)
		must(t, err)
		v, err := w.s.Show(t.Context(), mf, c)
		must(t, err)
		if !v.Case.Urgent || v.Case.Routes.Visible != marac.Unknown || v.Case.IDVA != marac.NotKnown {
			t.Errorf("%+v", v.Case)
		}
		if got := w.tasks(t, f); !slices.Contains(got, cases.LinkIDVA) || !slices.Contains(got, cases.ReviewActNow) {
			t.Errorf("the referrer has the tasks %v", got)
		}
		n = w.referral(maya, rob)
		n.Share.To = w.to(w.cora)
		n.Share.To.Team = string(w.Advocates.ID)
		n.Share.To.Agency = string(w.Haven.ID)
		_, err = w.s.Send(t.Context(), f, n)
		said(t, err, "to")
	})
}

// The draft is what the chronology says, and each route stands by itself.
func TestTheDraftIsFilledFromTheChronology(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.file(t, w.Actor(t, casestest.Nurse))
		must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			for _, e := range []cases.Event{
				{Kind: cases.MARACRoute, On: "2026-03-01", Text: "Visible high risk. 15 of 24 answers are yes"},
				{Kind: cases.MARACRoute, On: "2026-03-01", Text: "Professional judgement. He has a gun"},
				{Kind: cases.Disclosed, On: "2026-03-01", Text: "He will not let me leave"},
			} {
				if _, err := w.Cases.Record(ctx, tx, f, e); err != nil {
					return err
				}
			}
			return nil
		}))
		n, err := w.s.Draft(t.Context(), f)
		must(t, err)
		if n.Sheet.Routes != (marac.Routes{Visible: marac.Yes, Judgement: marac.Yes, Escalation: marac.Unknown, Repeat: marac.Unknown}) {
			t.Errorf("%+v", n.Sheet.Routes)
		}
		if !strings.Contains(n.Sheet.Words.Evidence["judgement"], "He has a gun") || n.Sheet.Words.Reason != "He will not let me leave" {
			t.Errorf("%+v", n.Sheet.Words)
		}
	})
}

func TestScreeningAndAnswers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.file(t, w.Actor(t, casestest.Nurse))
		n := w.referral(maya, rob, kit)
		id, err := w.s.Send(t.Context(), f, n)
		must(t, err)
		p, err := w.sharing.Receive(t.Context(), w.cora, id)
		must(t, err)
		if _, _, err := w.s.Take(t.Context(), p, nil); !errors.Is(err, store.ErrConflict) {
			t.Errorf("taken before anybody acknowledged it: %v", err)
		}
		mf, c, err := w.s.Take(t.Context(), w.arrive(t, w.cora, id), nil)
		must(t, err)
		if _, _, err := w.s.Take(t.Context(), p, nil); !errors.Is(err, store.ErrConflict) {
			t.Errorf("taken twice: %v", err)
		}
		v, err := w.s.Show(t.Context(), mf, c)
		must(t, err)
		if !strings.HasSuffix(v.Case.Number, "/001") || v.Case.From != string(w.Trust.ID) || v.Case.Rule != "2020-01-01" || len(v.About) != 3 || v.Referral == nil || v.Case.Counted.Children != 1 {
			t.Errorf("%+v about %d, %v", v.Case, len(v.About), v.Referral)
		}
		must(t, w.s.Screen(t.Context(), mf, c, register.Screened{
			Version: v.Case.Version, Routes: v.Case.Routes, IDVA: marac.Accepted,
			Counted: marac.Counted{Children: 2, BME: marac.Yes, LGBT: marac.No, Disabled: marac.Unknown, Male: marac.No, Young: marac.No, YoungWhoHarms: marac.No},
		}))
		if err := w.s.Screen(t.Context(), mf, c, register.Screened{
			Version: v.Case.Version, Routes: v.Case.Routes, IDVA: marac.Accepted,
			Counted: marac.Counted{BME: marac.No, LGBT: marac.No, Disabled: marac.No, Male: marac.No, Young: marac.No, YoungWhoHarms: marac.No},
		}); !errors.Is(err, store.ErrConflict) {
			t.Errorf("an older page overwrites: %v", err)
		}
		said(t, w.s.Decide(t.Context(), mf, c, register.Decision{Version: 2, Outcome: register.Listed}), "meeting")
		said(t, w.s.Decide(t.Context(), mf, c, register.Decision{Version: 2, Outcome: register.Declined}), "words")
		said(t, w.s.Decide(t.Context(), mf, c, register.Decision{Version: 2, Outcome: register.WrongArea}), "marac")
		said(t, w.s.Decide(t.Context(), mf, c, register.Decision{Version: 2, Outcome: register.Listed, Meeting: "none"}), "meeting")
		m := w.meeting(t)
		must(t, w.s.Decide(t.Context(), mf, c, register.Decision{Version: 2, Outcome: register.Listed, Meeting: m}))
		v, err = w.s.Show(t.Context(), mf, c)
		must(t, err)
		if v.Case.State != marac.Listed || v.Case.Slot != 1 || v.Case.Meeting != m || v.Case.Counted.Children != 2 || len(v.Steps) != 3 {
			t.Errorf("%+v, %d steps", v.Case, len(v.Steps))
		}
		if got := w.events(t, f, cases.MARACAnswered); len(got) != 2 || !strings.HasPrefix(got[0], "Listed for a meeting. The meeting is on") {
			t.Errorf("the referrer reads %q", got)
		}
		// Not taken, after all: the referrer turns elsewhere, and reads why.
		must(t, w.s.Decide(t.Context(), mf, c, register.Decision{Version: 3, Outcome: register.WrongArea, Marac: "Fictional nextdoor", Words: "They live over the border."}))
		mine, err := w.s.OfFile(t.Context(), f)
		must(t, err)
		if mine[0].Outcome != register.WrongArea || mine[0].Answer.Marac != "Fictional nextdoor" || !slices.Contains(w.tasks(t, f), cases.ReferElsewhere) {
			t.Errorf("%+v", mine[0])
		}
		lines, err := w.s.List(t.Context(), w.cora, register.Which{Search: v.Case.Number}, 10)
		must(t, err)
		if len(lines) != 1 || lines[0].State != marac.Declined {
			t.Errorf("%+v", lines)
		}
		// Nobody else reads the register, and not even that it is there.
		nurse := w.Actor(t, casestest.Nurse)
		if lines, err := w.s.List(t.Context(), nurse, register.Which{}, 10); len(lines) != 0 {
			t.Errorf("a nurse lists %v, %v", lines, err)
		}
		if _, err := w.Cases.Open(t.Context(), nurse, mf.ID(), cases.Care); !denied(err) {
			t.Errorf("a nurse opens it: %v", err)
		}
		if _, err := w.Cases.Open(t.Context(), w.cora, f.ID(), cases.Care); !denied(err) {
			t.Errorf("the coordinator opens the nurse's case: %v", err)
		}
	})
}

func TestDuplicatesAndRepeats(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f1, c1 := w.refer(t, casestest.Nurse, w.referral(maya, rob))
		day := w.marac.Today(w.Clock.Now())
		find := func(n register.NewReferral) []register.Proposal {
			t.Helper()
			id, err := w.s.Send(t.Context(), w.file(t, w.Actor(t, casestest.IDVA)), n)
			must(t, err)
			p := w.arrive(t, w.cora, id)
			out, more, err := w.s.Proposals(t.Context(), p)
			must(t, err)
			if more {
				t.Error("not all were looked at")
			}
			must(t, w.sharing.Withdraw(t.Context(), w.fileOf(t, id), id, "It was a trial"))
			return out
		}
		first := func(n register.NewReferral, want register.Finding) {
			t.Helper()
			got := find(n)
			if len(got) == 0 || got[0].ID != c1 || got[0].Finding != want {
				t.Errorf("%+v, want %s", got, want)
			}
		}
		first(w.referral(maya, rob), register.IsDuplicate)
		w.hear(t, f1, c1)
		first(w.referral(maya, rob), register.IsRepeat)
		first(w.referral(maya, rob, sam), register.IsRepeat) // one of two is the same
		first(w.referral(maya, sam), register.OtherHarm)
		renamed := maya
		renamed.Details = people.Details{GivenName: "Maia", FamilyName: "Newname", Born: "1991-03-27"}
		renamed.Aliases = []string{"Maya Example"}
		first(w.referral(renamed, rob), register.IsRepeat)
		twin := maya
		twin.Details.GivenName = "Lena"
		if got := find(w.referral(twin, rob)); len(got) > 0 && got[0].Finding != register.IsApart {
			t.Errorf("a twin is taken for her: %+v", got)
		}
		if got := find(w.referral(who(marac.Victim, "Ola", "Quist", "1960-05-05"), rob)); len(got) != 0 {
			t.Errorf("somebody else whom he harms: %+v", got)
		}
		// The clock.
		for _, tc := range []struct {
			on   string
			want register.Finding
		}{{register.Until(day), register.IsRepeat}, {next(register.Until(day)), register.IsLater}} {
			at, err := time.Parse(time.DateOnly, tc.on)
			must(t, err)
			w.Clock.Advance(at.Add(12 * time.Hour).Sub(w.Clock.Now()))
			first(w.referral(maya, rob), tc.want)
		}
		// What happened within the twelve months is a repeat, told late.
		late := w.referral(maya, rob)
		late.Sheet.Incident = register.Until(day)
		first(late, register.IsRepeat)
	})
}

func next(day string) string {
	d, _ := time.Parse(time.DateOnly, day)
	return d.AddDate(0, 0, 1).Format(time.DateOnly)
}

// fileOf opens the file that a share was sent from, as its sender.
func (w *world) fileOf(t testing.TB, id sharing.ID) *cases.File {
	t.Helper()
	p, err := w.sharing.Receive(t.Context(), w.cora, id)
	must(t, err)
	f, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.IDVA), p.Share().File, cases.Care)
	must(t, err)
	return f
}

// A person decides whether it is one, and can decide otherwise.
func TestARepeatIsDecidedAndUndone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f1, c1 := w.refer(t, casestest.Nurse, w.referral(maya, rob))
		w.hear(t, f1, c1)
		id, err := w.s.Send(t.Context(), w.file(t, w.Actor(t, casestest.IDVA)), w.referral(maya, rob, kit))
		must(t, err)
		f1, err = w.Cases.Open(t.Context(), w.cora, f1.ID(), cases.Care)
		must(t, err)
		f2, c2, err := w.s.Take(t.Context(), w.arrive(t, w.cora, id), f1)
		must(t, err)
		if f2.ID() != f1.ID() {
			t.Error("it was not taken to the file of the same person")
		}
		parties := 0
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			list, err := w.Cases.Parties(ctx, tx, f2)
			parties = len(list)
			return err
		}))
		if parties != 2 {
			t.Errorf("%d people on the file, want him once and the child", parties)
		}
		found, _, err := w.s.ProposalsFor(t.Context(), f2, c2)
		must(t, err)
		if len(found) != 1 || found[0].ID != c1 || found[0].Finding != register.IsRepeat {
			t.Errorf("%+v", found)
		}
		must(t, w.s.DecideRepeat(t.Context(), f2, c2, 1, c1, "The same two people"))
		v, err := w.s.Show(t.Context(), f2, c2)
		must(t, err)
		if v.Case.Repeats != c1 || v.Case.Routes.Repeat != marac.Yes {
			t.Errorf("%+v", v.Case)
		}
		said(t, w.s.DecideRepeat(t.Context(), f2, c2, 2, "none", ""), "of")
		said(t, w.s.DecideRepeat(t.Context(), f2, c2, 2, c2, ""), "of")
		must(t, w.s.DecideRepeat(t.Context(), f2, c2, 2, "", "It was somebody else"))
		v, err = w.s.Show(t.Context(), f2, c2)
		must(t, err)
		if v.Case.Repeats != "" || v.Case.Routes.Repeat != marac.No || v.Steps[0].Words != "It was somebody else" || len(w.events(t, f2, cases.MARACRepeat)) != 2 {
			t.Errorf("%+v, %+v", v.Case, v.Steps)
		}
	})
}

func TestATransferGoesWithItsPackAndSaysWhereFrom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, c := w.refer(t, casestest.Nurse, w.referral(maya, rob))
		share := w.referral().Share
		share.To = w.to(w.dora)
		n := register.NewTransfer{Version: 1, Origin: "Fictional conference", Share: share}
		_, err := w.s.Transfer(t.Context(), f, c, n)
		said(t, err, "pack")
		n.Pack = "Heard once. A marker is on the address. Her IDVA hands over to the one there."
		id, err := w.s.Transfer(t.Context(), f, c, n)
		must(t, err)
		if _, err := w.s.Transfer(t.Context(), f, c, n); !errors.Is(err, store.ErrConflict) {
			t.Errorf("transferred twice: %v", err)
		}
		there, tc, err := w.s.Take(t.Context(), w.arrive(t, w.dora, id), nil)
		must(t, err)
		v, err := w.s.Show(t.Context(), there, tc)
		must(t, err)
		if v.Case.CameFrom != "Fictional conference" || v.Referral.Sheet.Pack != n.Pack || len(v.About) != 2 || !strings.Contains(v.Referral.Sheet.Earlier, "/001") {
			t.Errorf("%+v %+v", v.Case, v.Referral)
		}
		v, err = w.s.Show(t.Context(), f, c)
		must(t, err)
		if v.Case.State != marac.Transferred {
			t.Errorf("here it is %s", v.Case.State)
		}
	})
}

func (w *world) reopen(t testing.TB, f *cases.File) *cases.File {
	t.Helper()
	f, err := w.Cases.Open(t.Context(), w.cora, f.ID(), cases.Care)
	must(t, err)
	return f
}

// Whoever is tied to somebody, or shut out of a restricted case, is shown nothing of it.
func TestWhatIsNotThereIsNotProposed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, _ := w.refer(t, casestest.Nurse, w.referral(maya, rob))
		must(t, w.Cases.Restrict(t.Context(), w.reopen(t, f), w.reopen(t, f).Version(), []string{w.cora.Account}, "A colleague"))
		other := w.cora
		other.Account = "somebody-else"
		if lines, err := w.s.List(t.Context(), other, register.Which{}, 10); err != nil || len(lines) != 0 {
			t.Errorf("%+v, %v", lines, err)
		}
		if lines, err := w.s.List(t.Context(), w.cora, register.Which{}, 10); err != nil || len(lines) != 1 {
			t.Errorf("%+v, %v", lines, err)
		}
	})
}

func TestTheRegisterIsSearchedByNameAndSound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.refer(t, casestest.Nurse, w.referral(who(marac.Victim, "Katherine", "O'Shaughnessy", "1980-01-01"), who(marac.Perpetrator, "Mohammed", "Hussain", "1975-02-02")))
		w.refer(t, casestest.Nurse, w.referral(maya, rob))
		for name, want := range map[string]int{"katherine": 1, "O'Shau": 1, "Kathrin OShaughnessy": 1, "Muhamed Hussein": 1, "example": 1, "Nobody Atall": 0, "Q": 0} {
			lines, err := w.s.List(t.Context(), w.cora, register.Which{Name: name}, 10)
			must(t, err)
			if len(lines) != want {
				t.Errorf("%q finds %d, want %d", name, len(lines), want)
			}
		}
		all, err := w.s.List(t.Context(), w.cora, register.Which{}, 1)
		must(t, err)
		rest, err := w.s.List(t.Context(), w.cora, register.Which{After: &all[0]}, 10)
		must(t, err)
		if len(rest) != 1 || rest[0].ID == all[0].ID {
			t.Errorf("after %s come %+v", all[0].Number, rest)
		}
	})
}

// Over registers made at random the index finds whom a comparison with every case
// finds, as far as they are likely to be the same.
func TestTheIndexFindsWhomComparingAllDoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := newWorld(t, db, clock)
		r := rand.New(rand.NewPCG(5, 8))
		given := []string{"Sarah", "Maya", "Mohammed", "Katherine", "Agnieszka", "Dana"}
		family := []string{"Jones", "Smith-Khan", "O'Neill", "Nowak", "Hussain"}
		some := func(part marac.Part) register.Who {
			return who(part, given[r.IntN(len(given))], family[r.IntN(len(family))], fmt.Sprintf("19%02d-0%d-1%d", 60+r.IntN(3), 1+r.IntN(3), r.IntN(4)))
		}
		type kept struct {
			id    marac.CaseID
			about []register.Who
		}
		var all []kept
		for range 12 {
			one := []register.Who{some(marac.Victim), some(marac.Perpetrator)}
			f, id := w.refer(t, casestest.Nurse, w.referral(one...))
			w.hear(t, f, id)
			all = append(all, kept{id, one})
		}
		for range 8 {
			now := []register.Who{some(marac.Victim), some(marac.Perpetrator)}
			if r.IntN(2) == 0 {
				now[0].Details = all[r.IntN(len(all))].about[0].Details
				now[0].Details.GivenName += "e"
			}
			id, err := w.s.Send(t.Context(), w.file(t, w.Actor(t, casestest.IDVA)), w.referral(now...))
			must(t, err)
			got, _, err := w.s.Proposals(t.Context(), w.arrive(t, w.cora, id))
			must(t, err)
			for _, k := range all {
				likely := linkage.Compare(register.Record(now[0].Identity), register.Record(k.about[0].Identity)).Band == linkage.Likely
				found := slices.ContainsFunc(got, func(p register.Proposal) bool { return p.ID == k.id })
				if likely && !found {
					t.Errorf("%+v is not found for %+v", k.about[0].Details, now[0].Details)
				}
			}
		}
	})
}

// Both versions of the rule, and the days on which the twelve months end.
func TestTwelveMonthsAndBothRules(t *testing.T) {
	for on, want := range map[string]string{"2026-03-27": "2027-03-27", "2024-02-29": "2025-02-28", "2025-02-28": "2026-02-28", "2023-03-01": "2024-03-01", "2025-12-31": "2026-12-31"} {
		if got := register.Until(on); got != want {
			t.Errorf("%s: until %s, want %s", on, got, want)
		}
		if within, known := repeats.WithinTwelveMonths(on, want); !within || !known {
			t.Errorf("%s: the last day is not within", on)
		}
		if within, _ := repeats.WithinTwelveMonths(on, next(want)); within {
			t.Errorf("%s: the day after the last is within", on)
		}
	}
	each(t, func(t *testing.T, w *world) {
		f, c := w.refer(t, casestest.Nurse, w.referral(maya, rob))
		w.hear(t, f, c)
		w.Clock.Advance(48 * time.Hour)
		rule := marac.Published(w.marac.Today(w.Clock.Now()))
		rule.Repeat = repeats.Crime
		must(t, w.marac.SetRule(t.Context(), w.cora, w.cora.Agency, rule))
		for crime, want := range map[marac.Answer]register.Finding{marac.Yes: register.IsRepeat, marac.No: register.IsLater, marac.Unknown: register.MayRepeat} {
			n := w.referral(maya, rob)
			n.Sheet.Crime = crime
			id, err := w.s.Send(t.Context(), w.file(t, w.Actor(t, casestest.IDVA)), n)
			must(t, err)
			got, _, err := w.s.Proposals(t.Context(), w.arrive(t, w.cora, id))
			must(t, err)
			if len(got) != 1 || got[0].Finding != want {
				t.Errorf("crime %s: %+v, want %s", crime, got, want)
			}
		}
	})
}

// What is destroyed with a file of the MARAC takes its cases and all by which they
// are found; a copy lists what was kept.
func TestWhatIsKeptAndDestroyed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, c := w.refer(t, casestest.Nurse, w.referral(maya, rob, kit))
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			pieces, _, err := w.s.Pieces(ctx, tx, f)
			var all []string
			for _, p := range pieces {
				all = append(all, p.Title)
				all = append(all, p.Lines...)
			}
			text := strings.Join(all, "\n")
			for _, want := range []string{"MARAC case", "He strangled her", "Put on the register"} {
				if want != "Put on the register" && !strings.Contains(text, want) {
					t.Errorf("no %q in %s", want, text)
				}
			}
			return err
		}))
		if err := w.s.Erase(t.Context(), nil, f, string(c)); !errors.Is(err, cases.ErrNotErasable) {
			t.Error(err)
		}
		must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := w.s.Destroy(ctx, tx, f)
			return err
		}))
		for _, table := range []string{"marac_case", "marac_party", "marac_key", "marac_step"} {
			n := -1
			must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n)
			}))
			if n != 0 {
				t.Errorf("%d rows of %s are left", n, table)
			}
		}
	})
}
