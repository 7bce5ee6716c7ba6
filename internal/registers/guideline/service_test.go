package guideline

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/guideline/official"
)

var operator = policy.Actor{Account: "operator:ada", Kind: policy.Operator, Name: "Ada Fictional"}

// each runs a test of the register on both engines.
func each(t *testing.T, fn func(t *testing.T, s *Service, guard *audit.Guard, clock *storetest.Clock)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s, guard := open(t, db)
		fn(t, s, guard, clock)
	})
}

func open(t *testing.T, db *store.DB) (*Service, *audit.Guard) {
	t.Helper()
	rules, err := policy.New(Rules())
	if err != nil {
		t.Fatal(err)
	}
	guard := audit.NewGuard(audit.New(db), rules)
	s, err := New(db, guard)
	if err != nil {
		t.Fatal(err)
	}
	return s, guard
}

func doImport(t *testing.T, s *Service, want Outcome, version string, files ...official.File) Result {
	t.Helper()
	r, err := s.Import(t.Context(), operator, files...)
	if err != nil {
		t.Fatal(err)
	}
	if r.Outcome != want || r.Version != version {
		t.Errorf("the import was %s as %s, wanted %s as %s", r.Outcome, r.Version, want, version)
	}
	return r
}

func ids(t *testing.T, s *Service) []string {
	t.Helper()
	list, err := s.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, l := range list {
		out = append(out, l.ID)
	}
	return out
}

func ledger(t *testing.T, guard *audit.Guard) []string {
	t.Helper()
	entries, err := guard.Since(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, e := range entries {
		line := []string{e.Actor, string(e.Action), string(e.Outcome), e.Reason}
		for _, s := range e.Subjects {
			line = append(line, s.Kind+"/"+s.ID)
		}
		out = append(out, strings.Join(line, " "))
	}
	return out
}

func newest(t *testing.T, s *Service) *Stored {
	t.Helper()
	v, err := s.Newest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// edited is a file with some of its text changed.
func edited(f official.File, old, new string) official.File {
	f.Data = []byte(strings.Replace(string(f.Data), old, new, 1))
	return f
}

func content(t *testing.T, v *official.Version) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

const (
	fixtureDay   = "2019-03-05"
	fixtureLine  = "last updated: 05 March 2019"
	laterLine    = "last updated: 06 April 2021"
	laterDay     = "2021-04-06"
	fixtureTitle = "Allotment tool sharing overview"
)

func TestBothFilesTogetherMakeOneVersion(t *testing.T) {
	each(t, func(t *testing.T, s *Service, guard *audit.Guard, clock *storetest.Clock) {
		r := doImport(t, s, Imported, fixtureDay, fixtures(t)...)
		want := mustParse(t, fixtures(t)...)
		if diff := cmp.Diff(want.Warnings, r.Warnings); diff != "" {
			t.Errorf("the warnings of the import differ (-parsed +returned):\n%s", diff)
		}
		stored := newest(t, s)
		if diff := cmp.Diff(want, stored.Version); diff != "" {
			t.Errorf("what is stored is not what was read (-read +stored):\n%s", diff)
		}
		if stored.ID != fixtureDay || !stored.ImportedAt.Equal(clock.Now()) || stored.ImportedBy != operator.Account {
			t.Errorf("it is kept as %s, imported by %s at %s", stored.ID, stored.ImportedBy, stored.ImportedAt)
		}
		list, err := s.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != 1 || list[0].Title != fixtureTitle || list[0].Updated != want.Updated || !list[0].HasRecommendations() {
			t.Errorf("the list says %+v", list)
		}
		if diff := cmp.Diff(want.Files, list[0].Files); diff != "" {
			t.Errorf("the files in the list differ:\n%s", diff)
		}
		if diff := cmp.Diff([]string{"operator:ada guideline.import done imported guideline_version/" + fixtureDay}, ledger(t, guard)); diff != "" {
			t.Errorf("the ledger says otherwise:\n%s", diff)
		}
	})
}

func TestTheSameAgainChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *Service, guard *audit.Guard, clock *storetest.Clock) {
		f := fixtures(t)
		doImport(t, s, Imported, fixtureDay, f...)
		before, entries := newest(t, s), ledger(t, guard)
		clock.Advance(time.Hour)
		for name, again := range map[string][]official.File{
			"both":               f,
			"in the other order": {f[1], f[0]},
			"the pathway alone":  f[:1],
			"the list alone":     f[1:],
			"under other names":  {{Name: "a.txt", Data: f[0].Data}, {Name: "b.txt", Data: f[1].Data}},
		} {
			r := doImport(t, s, Unchanged, fixtureDay, again...)
			if len(r.Warnings) != len(before.Version.Warnings) {
				t.Errorf("%s: %d warnings, there are %d", name, len(r.Warnings), len(before.Version.Warnings))
			}
		}
		if newest(t, s) != before {
			t.Error("the version was loaded again, so something was written")
		}
		if diff := cmp.Diff(entries, ledger(t, guard)); diff != "" {
			t.Errorf("the ledger has grown:\n%s", diff)
		}
	})
}

func TestAListAloneGoesToTheNewestVersionThatLacksOne(t *testing.T) {
	each(t, func(t *testing.T, s *Service, guard *audit.Guard, _ *storetest.Clock) {
		f := fixtures(t)
		later := edited(f[0], fixtureLine, laterLine)
		doImport(t, s, Imported, fixtureDay, f[0])
		doImport(t, s, Imported, laterDay, later)
		if newest(t, s).Version.HasRecommendations() {
			t.Fatal("a pathway alone has recommendations")
		}
		doImport(t, s, Attached, laterDay, f[1])
		// The version that was in memory is not shown any more.
		if diff := cmp.Diff(mustParse(t, later, f[1]), newest(t, s).Version); diff != "" {
			t.Errorf("attached is not what both files together give (-together +attached):\n%s", diff)
		}
		doImport(t, s, Unchanged, laterDay, f[1])
		other := edited(f[1], "Recommendation 1", "Recommendation 1 ")
		doImport(t, s, Attached, fixtureDay, other)
		if diff := cmp.Diff([]string{laterDay, fixtureDay}, ids(t, s)); diff != "" {
			t.Error(diff)
		}
		if got := ledger(t, guard); len(got) != 4 || !strings.HasSuffix(got[2], "attached guideline_version/"+laterDay) {
			t.Errorf("the ledger says %q", got)
		}
	})
}

func TestAListWithoutAPlaceIsRefused(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *audit.Guard, _ *storetest.Clock) {
		f := fixtures(t)
		refused := func(want string, files ...official.File) {
			t.Helper()
			_, err := s.Import(t.Context(), operator, files...)
			var r *official.Refused
			if !errors.As(err, &r) || !strings.Contains(r.Reason, want) || r.File != "recommendations.txt" {
				t.Errorf("said %v, wanted %q", err, want)
			}
		}
		refused("no pathway overview has been imported", f[1])
		doImport(t, s, Imported, fixtureDay, f...)
		refused("every imported version has its list", edited(f[1], "Recommendation 1", "Recommendation 1 "))
	})
}

func TestAPathwayThatWasImportedAloneGetsItsListWhenBothCome(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *audit.Guard, _ *storetest.Clock) {
		doImport(t, s, Imported, fixtureDay, fixtures(t)[0])
		doImport(t, s, Attached, fixtureDay, fixtures(t)...)
		doImport(t, s, Unchanged, fixtureDay, fixtures(t)...)
		if diff := cmp.Diff(mustParse(t, fixtures(t)...), newest(t, s).Version); diff != "" {
			t.Error(diff)
		}
	})
}

func TestANewerVersionStaysBesideTheOld(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *audit.Guard, _ *storetest.Clock) {
		f := fixtures(t)
		later := edited(f[0], fixtureLine, laterLine)
		sameDay := edited(f[0], "Map the plots", "Draw the plots")
		doImport(t, s, Imported, laterDay, later, f[1])
		doImport(t, s, Imported, fixtureDay, f...)
		doImport(t, s, Imported, fixtureDay+"-2", sameDay, f[1])
		if diff := cmp.Diff([]string{laterDay, fixtureDay + "-2", fixtureDay}, ids(t, s)); diff != "" {
			t.Errorf("the newest does not come first:\n%s", diff)
		}
		if got := newest(t, s).ID; got != laterDay {
			t.Errorf("the newest is %s, by the date it prints and not by when it was imported", got)
		}
		changes, err := s.Diff(t.Context(), fixtureDay, fixtureDay+"-2")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(changes.Boxes, func(c official.BoxChange) bool { return c.Old == 2 && c.NewTitle == "Draw the plots" }) {
			t.Errorf("the difference does not name the box that was reworded: %s", changes)
		}
		if same, err := s.Diff(t.Context(), laterDay, laterDay); err != nil || !same.Empty() {
			t.Errorf("a version differs from itself: %v, %v", same, err)
		}
	})
}

func TestVersionsAreFoundByIdByItsBeginningAndAsTheNewest(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *audit.Guard, _ *storetest.Clock) {
		if _, err := s.Version(t.Context(), NewestRef); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("with nothing imported the newest is %v", err)
		}
		f := fixtures(t)
		doImport(t, s, Imported, fixtureDay, f...)
		doImport(t, s, Imported, fixtureDay+"-2", edited(f[0], "Map", "Draw"))
		doImport(t, s, Imported, laterDay, edited(f[0], fixtureLine, laterLine))
		for ref, want := range map[string]string{
			"": laterDay, "newest": laterDay, "2021": laterDay, "2": "ambiguous", "2019": "ambiguous",
			"2019-03-05": fixtureDay, "2019-03-05-2": fixtureDay + "-2", "2021-04-06": laterDay,
			"2020": "none", "%": "none", "2019%": "none", "_019-03-05": "none", "oldest": "none",
		} {
			v, err := s.Version(t.Context(), ref)
			var ambiguous *AmbiguousError
			got := ""
			switch {
			case errors.As(err, &ambiguous):
				got = "ambiguous"
				if len(ambiguous.IDs) < 2 || !strings.Contains(err.Error(), fixtureDay+"-2") {
					t.Errorf("%q could be %q", ref, ambiguous.IDs)
				}
			case errors.Is(err, store.ErrNotFound):
				got = "none"
			case err != nil:
				t.Fatal(err)
			default:
				got = v.ID
			}
			if got != want {
				t.Errorf("%q is %s, wanted %s", ref, got, want)
			}
		}
	})
}

func TestARefusedFileChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *Service, guard *audit.Guard, _ *storetest.Clock) {
		f := fixtures(t)
		for name, files := range map[string][]official.File{
			"no file":                        nil,
			"a letter":                       {{Name: "letter.txt", Data: []byte("Dear Sir,\nno.\n")}},
			"a document and a letter":        {f[0], {Name: "letter.txt", Data: []byte("Dear Sir,\nno.\n")}},
			"a pathway cut off in the front": {{Name: "cut.txt", Data: f[0].Data[:200]}},
		} {
			_, err := s.Import(t.Context(), operator, files...)
			var r *official.Refused
			if !errors.As(err, &r) || r.Line < 1 || r.Reason == "" {
				t.Errorf("%s: %v is not a refusal with a line and a reason", name, err)
			}
		}
		if got := ids(t, s); len(got) > 0 {
			t.Errorf("there are versions: %q", got)
		}
		if got := ledger(t, guard); len(got) > 0 {
			t.Errorf("the ledger says %q", got)
		}
	})
}

func TestOnlyOperatorsAndAdministratorsImport(t *testing.T) {
	each(t, func(t *testing.T, s *Service, guard *audit.Guard, _ *storetest.Clock) {
		for _, c := range []struct {
			actor policy.Actor
			may   bool
		}{
			{policy.Actor{}, false},
			{policy.Actor{Account: "nurse", Kind: policy.Human, Roles: []policy.Role{policy.Practitioner}}, false},
			{policy.Actor{Account: "lead", Kind: policy.Human, Roles: []policy.Role{policy.Commissioner, policy.Manager}}, false},
			{policy.Actor{Account: "feed", Kind: policy.Service, Roles: []policy.Role{policy.Administrator}, Only: []policy.Action{ActImport}}, false},
			{policy.Actor{Account: "admin", Kind: policy.Human, Roles: []policy.Role{policy.Administrator}}, true},
			{operator, true},
		} {
			_, err := s.Import(t.Context(), c.actor, fixtures(t)...)
			if _, denied := policy.IsDenied(err); denied == c.may {
				t.Errorf("%q may import: %v, but %v", c.actor.Account, c.may, err)
			}
		}
		want := []string{
			"nobody guideline.import refused no rule permits it",
			"nurse guideline.import refused no rule permits it",
			"lead guideline.import refused no rule permits it",
			"feed guideline.import refused no rule permits it",
			"admin guideline.import done imported guideline_version/" + fixtureDay,
		}
		if diff := cmp.Diff(want, ledger(t, guard)); diff != "" {
			t.Errorf("the ledger does not hold each refusal and the one change:\n%s", diff)
		}
	})
}

func TestFilesThatAreReadBetterNowAreReadAgain(t *testing.T) {
	each(t, func(t *testing.T, s *Service, guard *audit.Guard, _ *storetest.Clock) {
		doImport(t, s, Imported, fixtureDay, fixtures(t)...)
		// An earlier release that cut titles short wrote this.
		err := s.db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE guideline_version SET content = $1`, strings.Replace(content(t, newest(t, s).Version), fixtureTitle, "Allot", 1))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		renamed := fixtures(t)
		renamed[0].Name = "elsewhere.txt"
		doImport(t, s, Reread, fixtureDay, renamed...)
		if diff := cmp.Diff(mustParse(t, fixtures(t)...), newest(t, s).Version); diff != "" {
			t.Errorf("reading again does not mend it:\n%s", diff)
		}
		doImport(t, s, Unchanged, fixtureDay, fixtures(t)...)
		if got := ledger(t, guard); len(got) != 2 || !strings.HasSuffix(got[1], "reread guideline_version/"+fixtureDay) {
			t.Errorf("the ledger says %q", got)
		}
	})
}

func TestAnotherInstanceSeesAnImportAtOnceAndReadsItOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		here, _ := open(t, db)
		there, err := New(db, here.guard)
		if err != nil {
			t.Fatal(err)
		}
		queries := func() (*Stored, int) {
			ctx, count := store.CountQueries(t.Context())
			v, err := there.Newest(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return v, count.N()
		}
		if v, n := queries(); v != nil || n != 1 {
			t.Errorf("with nothing imported: %v after %d queries", v, n)
		}
		doImport(t, here, Imported, fixtureDay, fixtures(t)[0])
		first, n := queries()
		if first == nil || n != 2 {
			t.Errorf("a version that is new here took %d queries", n)
		}
		if again, n := queries(); again != first || n != 1 {
			t.Errorf("a version that is known took %d queries", n)
		}
		doImport(t, here, Attached, fixtureDay, fixtures(t)[1])
		if changed, n := queries(); changed == first || n != 2 || !changed.Version.HasRecommendations() {
			t.Errorf("a version that was changed elsewhere took %d queries", n)
		}
	})
}
