package interchange_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/directory"
)

// world is a partnership with interchange in it. Program is the trust's, and Admin
// administers the haven.
type world struct {
	*casestest.World
	Sharing     *sharing.Service
	Referrals   *referral.Service
	Interchange *interchange.Service

	Program, Admin policy.Actor
}

func newWorld(t testing.TB, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{World: casestest.New(t, db, clock, sharing.Rules(), referral.Rules(), interchange.Rules())}
	w.Sharing = sharing.New(db, w.Guard, w.Cases, sharing.Config{})
	w.Referrals = referral.New(db, w.Guard, w.Cases, w.Sharing, w.Registry)
	w.Interchange = interchange.New(db, w.Guard, w.Cases, w.Sharing, w.Referrals, interchange.Config{Site: "https://waymark.example"})
	program := w.add(t, "records.program", w.Trust, policy.Service, w.Midwives.ID, policy.Practitioner)
	program.Only = []policy.Action{interchange.ActDeliver, interchange.ActFollow}
	w.Program = program
	w.Admin = w.add(t, "haven.admin", w.Haven, policy.Human, "", policy.Administrator)
	return w
}

func (w *world) add(t testing.TB, name string, agency directory.Agency, kind policy.Kind, team directory.TeamID, roles ...policy.Role) policy.Actor {
	t.Helper()
	n := directory.NewUser{Agency: agency.ID, Username: name, Name: "Fictional " + name, Kind: kind, Roles: roles}
	actor := policy.Actor{Kind: kind, Name: n.Name, Agency: string(agency.ID), Roles: roles}
	if team != "" {
		n.Teams, actor.Teams = []directory.TeamID{team}, []string{string(team)}
	}
	added, err := w.Directory.AddUser(context.Background(), casestest.Operator, n)
	must(t, err)
	actor.Account = added.Account.ID
	return actor
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { fn(t, newWorld(t, db, clock)) })
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// decision is a share to the advocates that lacks nothing.
func (w *world) decision() sharing.NewShare {
	return sharing.NewShare{
		To:       sharing.Recipient{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)},
		Protects: "Maya and her baby", Harm: "threats at home", Basis: sharing.PublicTask, Rationale: "The advocates need this much to make a safe first contact.",
		Views: sharing.Views{Asked: sharing.Agrees, Words: "I would like that", Present: "nobody else", Informed: sharing.Told},
	}
}

func (w *world) newReferral() referral.NewReferral {
	return referral.NewReferral{
		Subject: referral.Experiencing, Share: w.decision(),
		Why: "She asked for an advocate", Said: "He reads all my messages", Safety: "Safe at her sister's tonight",
		Contact: "Text only, before noon", Needs: "An interpreter",
	}
}

// reached says that the advocates are reached by messages.
func (w *world) reached(t testing.TB, e interchange.Endpoint) {
	t.Helper()
	if e.Address == "" {
		e.Address, e.TokenAddress = "https://elsewhere.example/fhir/$process-message", "https://elsewhere.example/oauth/token"
	}
	e.Team, e.ClientID, e.Secret, e.Active = w.Advocates.ID, "client", "a secret of theirs", true
	must(t, w.Interchange.Configure(t.Context(), w.Admin, e))
}

// send sends a referral of the nurse's and returns its file, itself and the share.
func (w *world) send(t testing.TB, n referral.NewReferral) (*cases.File, referral.Referral) {
	t.Helper()
	f := w.Begin(t, w.Actor(t, casestest.Nurse))
	id, err := w.Referrals.Send(context.Background(), f, n)
	must(t, err)
	r, err := w.Referrals.Get(context.Background(), f, id)
	must(t, err)
	return f, r
}

// post is what a fake system was given, and what it says.
type post struct {
	mu     sync.Mutex
	got    []interchange.Parcel
	answer func(interchange.Parcel) (interchange.Verdict, string)
}

func (p *post) Carry(_ context.Context, parcel interchange.Parcel) (interchange.Verdict, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got = append(p.got, parcel)
	if p.answer == nil {
		return interchange.Took, "ok"
	}
	return p.answer(parcel)
}

func (w *world) carry(t testing.TB, p *post) {
	t.Helper()
	for {
		n, err := w.Interchange.CarryOut(context.Background(), p)
		must(t, err)
		if n == 0 {
			return
		}
	}
}

// written is a message to the advocates as the trust's program brings it.
func (w *world) written(t testing.TB, change func(*interchange.Message)) []byte {
	t.Helper()
	n := w.newReferral()
	m := interchange.Message{
		ID: "0190b0b0-2222-7000-8000-000000000001", Request: "0190b0b0-2222-7000-8000-000000000002", Kind: interchange.KindNew, Sent: w.Clock.Now(),
		From: interchange.Side{Agency: string(w.Trust.ID), Name: "Fictional Hospital Trust"}, Source: "https://records.example/fhir",
		To:     interchange.Side{Agency: string(w.Haven.ID), Name: "Fictional Haven Service", Team: string(w.Advocates.ID), TeamName: "Advocates"},
		Target: "https://waymark.example/fhir/$process-message", Author: "Fictional Midwife", Subject: n.Subject, Share: n.Share, Items: n.Items(),
	}
	m.Person.GivenName, m.Person.FamilyName, m.Person.Born = "Maya", "Fictional", "1994-03"
	if change != nil {
		change(&m)
	}
	body, err := interchange.Write(m)
	must(t, err)
	return body
}

func (w *world) receive(t testing.TB, body []byte) ([]byte, error) {
	t.Helper()
	return w.Interchange.Receive(context.Background(), w.Program, interchange.Incoming{MediaType: interchange.MediaType, Body: body})
}

// inbox are the shares that wait in the advocates' inbox.
func (w *world) inbox(t testing.TB) []sharing.Row {
	t.Helper()
	rows, err := w.Sharing.Waiting(context.Background(), w.Actor(t, casestest.IDVA), "", 100)
	must(t, err)
	return rows
}

// isFHIR checks a document against the published schema, as far as it is there.
func isFHIR(t testing.TB, kind string, doc []byte) {
	t.Helper()
	docs := os.Getenv("WAYMARK_OFFICIAL_DOCS")
	path := os.Getenv("WAYMARK_FHIR_SCHEMA")
	if path == "" && docs != "" {
		path = filepath.Join(docs, "..", "schemas", "fhir-r4", "fhir-r4-reduced.schema.json")
	}
	var v any
	must(t, json.Unmarshal(doc, &v))
	if path == "" {
		t.Log("the schema of FHIR R4 is not at hand: the form was not compared with it")
		return
	}
	schemas.Lock()
	defer schemas.Unlock()
	if schemas.kinds[kind] == nil {
		s, err := jsonschema.NewCompiler().Compile(path + "#/definitions/" + kind)
		must(t, err)
		schemas.kinds[kind] = s
	}
	if err := schemas.kinds[kind].Validate(v); err != nil {
		t.Errorf("it is no %s: %v\n%s", kind, err, doc)
	}
}

var schemas = struct {
	sync.Mutex
	kinds map[string]*jsonschema.Schema
}{kinds: map[string]*jsonschema.Schema{}}

func (w *world) kinds(t testing.TB, f *cases.File) []cases.EventKind {
	t.Helper()
	var kinds []cases.EventKind
	must(t, w.DB.Read(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		events, err := w.Cases.Chronology(ctx, tx, f, "", 100)
		for _, e := range events {
			kinds = append(kinds, e.Kind)
		}
		return err
	}))
	return kinds
}

func (w *world) hasTask(t testing.TB, f *cases.File, kind cases.TaskKind) bool {
	t.Helper()
	has := false
	must(t, w.DB.Read(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		tasks, err := w.Cases.Tasks(ctx, tx, f)
		has = slices.ContainsFunc(tasks, func(task cases.Task) bool { return task.Kind == kind })
		return err
	}))
	return has
}
