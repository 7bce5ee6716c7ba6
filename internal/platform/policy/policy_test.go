package policy_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

const shapes = `
entity Note {
  agency: String,
  restricted: Boolean,
  floor: Long,
  readers: Set<String>
};
action "note.read", "note.list" appliesTo { principal: [Account], resource: [Note], context: {} };
action "note.burn" appliesTo { principal: [Account], resource: [Note], context: {} };
`

const rules = `
@id("own-agency")
@sentence("People read the notes of their own agency at their level.")
permit (principal, action in [Action::"note.read", Action::"note.list"], resource is Note)
when { principal.roles.contains("practitioner") && resource.agency == principal.agency && principal.level >= resource.floor };

@id("named-reader")
@sentence("A note may name its readers.")
permit (principal, action in [Action::"note.read", Action::"note.list"], resource is Note)
when { resource.readers.contains(principal.account_name) || principal.teams.contains(resource.agency) };

@id("restricted")
@sentence("A restricted note is for specialists.")
forbid (principal, action, resource is Note)
when { resource.restricted }
unless { principal.roles.contains("specialist") || resource.agency != principal.agency };
`

func engine(t testing.TB, schema, text string) *policy.Engine {
	t.Helper()
	e, err := policy.New(policy.Source{Name: "note", Schema: schema, Rules: text})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Cedar has no attribute with the account's id; the tests' rule uses one that
// does not exist to see that this stops the start.
func TestAMisspeltAttributeStopsTheStart(t *testing.T) {
	_, err := policy.New(policy.Source{Name: "note", Schema: shapes, Rules: rules})
	if err == nil || !strings.Contains(err.Error(), "named-reader") {
		t.Errorf("got %v", err)
	}
}

var good = strings.ReplaceAll(rules, "principal.account_name", "principal.agency")

func TestRulesNeedAnIDAndASentence(t *testing.T) {
	for _, text := range []string{
		`permit (principal, action, resource is Note);`,
		`@id("x") permit (principal, action, resource is Note);`,
		`@id("x") @sentence("a") permit (principal, action, resource is Note); @id("x") @sentence("b") permit (principal, action, resource is Note);`,
	} {
		if _, err := policy.New(policy.Source{Name: "note", Schema: shapes, Rules: text}); err == nil {
			t.Errorf("accepted: %s", text)
		}
	}
}

var (
	nurse    = policy.Actor{Account: "nurse", Kind: policy.Human, Agency: "a", Roles: []policy.Role{policy.Practitioner}, Level: 2}
	idva     = policy.Actor{Account: "idva", Kind: policy.Human, Agency: "a", Roles: []policy.Role{policy.Practitioner, policy.Specialist}, Level: 4}
	stranger = policy.Actor{Account: "other", Kind: policy.Human, Agency: "b", Roles: []policy.Role{policy.Practitioner}, Level: 4}
)

func note(agency string, restricted bool, floor int, readers ...string) policy.Resource {
	return policy.Resource{Type: "Note", ID: "1", Attrs: policy.Attrs{"agency": agency, "restricted": restricted, "floor": floor, "readers": readers}}
}

// Proves: B6.14
func TestDecide(t *testing.T) {
	e := engine(t, shapes, good)
	allow := func(who policy.Actor, what policy.Action, on policy.Resource) {
		t.Helper()
		if d := e.Decide(who, what, on); !d.Allowed {
			t.Errorf("%s %s: refused, %s", who.Account, what, d.Reason())
		}
	}
	deny := func(who policy.Actor, what policy.Action, on policy.Resource) {
		t.Helper()
		if d := e.Decide(who, what, on); d.Allowed {
			t.Errorf("%s %s: allowed, %s", who.Account, what, d.Reason())
		}
	}
	allow(nurse, "note.read", note("a", false, 2))
	deny(nurse, "note.read", note("a", false, 3))
	deny(nurse, "note.read", note("a", true, 1))
	allow(idva, "note.read", note("a", true, 3))
	deny(stranger, "note.read", note("a", false, 0))
	allow(stranger, "note.read", note("a", false, 0, "b"))
	deny(nurse, "note.burn", note("a", false, 0))    // nothing permits it
	deny(nurse, "note.unknown", note("a", false, 0)) // not declared
	deny(policy.Actor{}, "note.read", note("a", false, 0, ""))
	// A forbid that cannot be evaluated must not be skipped.
	deny(nurse, "note.read", policy.Resource{Type: "Note", ID: "1", Attrs: policy.Attrs{"agency": "a", "floor": 0, "readers": []string{}}})
	if got := e.Decide(nurse, "note.read", note("a", true, 1)).Rules; !slices.Equal(got, []string{"restricted"}) {
		t.Errorf("reasons: %v", got)
	}
}

func TestPossible(t *testing.T) {
	e := engine(t, shapes, good)
	if !e.Possible(nurse, "note.read").Allowed {
		t.Error("a practitioner may read some note")
	}
	if e.Possible(nurse, "note.burn").Allowed || e.Possible(policy.Actor{}, "note.read").Allowed {
		t.Error("nothing permits this on any note")
	}
	only := engine(t, shapes, `@id("managers") @sentence("Managers burn notes.") permit (principal, action == Action::"note.burn", resource is Note) when { principal.roles.contains("manager") };`)
	if only.Possible(nurse, "note.burn").Allowed {
		t.Error("a practitioner is no manager")
	}
	// The same with what is not known said first.
	late := engine(t, shapes, `@id("managers") @sentence("Managers burn notes.") permit (principal, action == Action::"note.burn", resource is Note) when { resource.agency == principal.agency && (principal.roles.contains("manager") || principal.level > 9) };`)
	if late.Possible(nurse, "note.burn").Allowed {
		t.Error("a practitioner is no manager, whatever is asked first")
	}
}

// What the token of a program does not name, the program cannot do wherever it
// is asked for, on one record or on any. That a list agrees is tested where the
// lists are, in cases.
func TestAProgramDoesWhatItsTokenNamesAndNothingElse(t *testing.T) {
	e := engine(t, shapes, good)
	program := nurse
	program.Kind, program.Only = policy.Service, []policy.Action{"note.list"}
	open := note("a", false, 0)
	for action, want := range map[policy.Action]bool{"note.list": true, "note.read": false} {
		if got := e.Possible(program, action).Allowed; got != want {
			t.Errorf("%s on any note: %v", action, got)
		}
		if got := e.Decide(nurse, action, open); !got.Allowed {
			t.Fatalf("%s is for nobody: %+v", action, got)
		}
		d := e.Decide(program, action, open)
		if d.Allowed != want || !want && !slices.Contains(d.Rules, "token-scope") {
			t.Errorf("%s on one note: %+v", action, d)
		}
	}
	program.Only = nil
	if e.Possible(program, "note.list").Allowed {
		t.Error("a program without a token may do something")
	}
}

var mapping = policy.Mapping{
	Type:    "Note",
	ID:      "n.id",
	Columns: map[string]string{"agency": "n.agency", "restricted": "n.restricted", "floor": "n.floor"},
	Sets:    map[string]string{"readers": "EXISTS (SELECT 1 FROM reader r WHERE r.note_id = n.id AND r.agency = $1)"},
}

func TestARemainderWithoutSQLStopsTheStart(t *testing.T) {
	e := engine(t, shapes, good)
	if err := e.CheckScope("note.read", mapping); err != nil {
		t.Error(err)
	}
	less := mapping
	less.Columns = map[string]string{"agency": "n.agency"}
	if err := e.CheckScope("note.read", less); err == nil {
		t.Error("a list went without one of its rules")
	}
}

type stored struct {
	id string
	r  policy.Resource
}

// A list shows exactly the records that the same rules allow one by one.
func TestScopeAgreesWithDecide(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		e := engine(t, shapes, good)
		var notes []stored
		err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for _, statement := range []string{
				`CREATE TABLE note (id text NOT NULL PRIMARY KEY, agency text NOT NULL, restricted boolean NOT NULL, floor bigint NOT NULL)`,
				`CREATE TABLE reader (note_id text NOT NULL, agency text NOT NULL)`,
			} {
				if _, err := tx.ExecContext(ctx, statement); err != nil {
					return err
				}
			}
			for _, agency := range []string{"a", "b", "c"} {
				for _, restricted := range []bool{false, true} {
					for floor := range 5 {
						for _, readers := range [][]string{{}, {"a"}, {"b", "c"}} {
							id, err := tx.NewID()
							if err != nil {
								return err
							}
							if _, err := tx.ExecContext(ctx, `INSERT INTO note (id, agency, restricted, floor) VALUES ($1, $2, $3, $4)`, id, agency, restricted, floor); err != nil {
								return err
							}
							for _, reader := range readers {
								if _, err := tx.ExecContext(ctx, `INSERT INTO reader (note_id, agency) VALUES ($1, $2)`, id, reader); err != nil {
									return err
								}
							}
							r := note(agency, restricted, floor, readers...)
							r.ID = id
							notes = append(notes, stored{id, r})
						}
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(r *rapid.T) {
			actor := policy.Actor{
				Account: "x", Kind: policy.Human,
				Agency: rapid.SampledFrom([]string{"a", "b", "d"}).Draw(r, "agency"),
				Teams:  rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), rapid.ID).Draw(r, "teams"),
				Roles:  rapid.SliceOfDistinct(rapid.SampledFrom(policy.Roles()), rapid.ID).Draw(r, "roles"),
				Level:  rapid.IntRange(0, 4).Draw(r, "level"),
			}
			action := rapid.SampledFrom([]policy.Action{"note.read", "note.list", "note.burn"}).Draw(r, "action")
			var want []string
			for _, n := range notes {
				if e.Decide(actor, action, n.r).Allowed {
					want = append(want, n.id)
				}
			}
			scope, err := e.Scope(actor, action, mapping)
			if err != nil {
				r.Fatal(err)
			}
			pieces, err := e.Pieces(actor, action, mapping)
			if err != nil {
				r.Fatal(err)
			}
			parts := []store.Fragment{{SQL: "false"}}
			for _, p := range pieces {
				parts = append(parts, p.Where)
			}
			got, err := selected(db, scope)
			if err != nil {
				r.Fatal(err)
			}
			together, err := selected(db, store.Join(parts, " OR "))
			if err != nil {
				r.Fatal(err)
			}
			if !slices.Equal(together, want) {
				r.Errorf("%+v %s\nin %d pieces %d, one by one %d", actor, action, len(pieces), len(together), len(want))
			}
			if !slices.Equal(got, want) {
				r.Errorf("%+v %s\n%s\nlist %d, one by one %d", actor, action, scope.SQL, len(got), len(want))
			}
		})
	})
}

// selected are the notes that a condition selects.
func selected(db *store.DB, condition store.Fragment) ([]string, error) {
	var out []string
	err := db.Read(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT n.id FROM note n WHERE `+condition.SQL+` ORDER BY n.id`, condition.Args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			out = append(out, id)
		}
		return rows.Err()
	})
	return out, err
}

// Where the mapping can name the records of a set, a piece that asks for them
// says so; without an agency it cannot.
func TestAPieceNamesItsRecordsWhereItCan(t *testing.T) {
	e := engine(t, shapes, good)
	m := mapping
	m.Lists = map[string]string{"readers": "SELECT DISTINCT r.note_id AS id FROM reader r WHERE r.within = " + policy.Within + " AND r.agency = $1"}
	actor := policy.Actor{Account: "x", Kind: policy.Human, Agency: "a", Teams: []string{"b", "c"}, Roles: []policy.Role{policy.Practitioner}, Level: 2}
	for _, agency := range []string{"", "a"} {
		m.Agency = agency
		pieces, err := e.Pieces(actor, "note.read", m)
		if err != nil {
			t.Fatal(err)
		}
		var named []store.Fragment
		for _, p := range pieces {
			if p.IDs.SQL != "" {
				named = append(named, p.IDs)
			}
		}
		// Own agency; named reader; each of the two teams.
		if len(pieces) != 4 || agency == "" && len(named) > 0 {
			t.Errorf("within %q there are %d pieces, %d of them named: %+v", agency, len(pieces), len(named), pieces)
		}
		if agency != "" && (len(named) != 1 || named[0].SQL != "SELECT DISTINCT r.note_id AS id FROM reader r WHERE r.within = $2 AND r.agency = $1" ||
			!slices.Equal(named[0].Args, []any{"a", "a"})) {
			t.Errorf("the records are named by %+v", named)
		}
	}
}
