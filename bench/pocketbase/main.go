// Command pocketbase is the peer of the job "case": a case with everything
// that belongs to it, kept in PocketBase and read by one request that expands
// its relations. Its module is its own, so that nothing of it is in the
// program's.
//
//	pocketbase -data DIR [-events 200] [-assessments 5] [-full]
//
// It makes the database in DIR, prints the address it listens at, on loopback,
// and serves until it is told to end. README.md of the folder above says what
// is compared with what.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func main() {
	data := flag.String("data", "", "the `folder` of the database, which must not be there yet")
	events := flag.Int("events", 200, "entries in the chronology of the case")
	assessments := flag.Int("assessments", 5, "assessments of the case")
	full := flag.Bool("full", false, "wait until a write is on the disk (synchronous=FULL), which PocketBase as it ships does not")
	flag.Parse()
	if err := serve(*data, *events, *assessments, *full); err != nil {
		fmt.Fprintf(os.Stderr, "pocketbase: %v\n", err)
		os.Exit(1)
	}
}

func serve(data string, events, assessments int, full bool) error {
	if data == "" {
		return errors.New("-data is needed")
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		return err
	}
	config := pocketbase.Config{DefaultDataDir: data, HideStartBanner: true}
	if full {
		config.DBConnect = atFull
	}
	app := pocketbase.NewWithConfig(config)
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	if err := fill(app, events, assessments); err != nil {
		return fmt.Errorf("filling the database: %w", err)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Listener, e.InstallerFunc = listener, nil
		return e.Next()
	})
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, func() { os.Exit(0) })
	fmt.Printf("http://%s/\n", listener.Addr())
	return apis.Serve(app, apis.ServeConfig{HttpAddr: listener.Addr().String()})
}

// atFull opens the database as PocketBase does, but for synchronous=FULL.
func atFull(path string) (*dbx.DB, error) {
	return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)"+
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
}

// What the benchmark signs in as, and the case that it asks for.
const (
	worker   = "worker@bench.invalid"
	password = "a password of the benchmark"
	caseID   = "benchmarkcase01"
)

// fill makes the collections and one case with what belongs to it.
func fill(app core.App, events, assessments int) error {
	m := maker{app: app}
	text := func(name string) core.Field { return &core.TextField{Name: name, Max: 5000} }
	to := func(name string, c *core.Collection) core.Field {
		return &core.RelationField{Name: name, CollectionId: c.Id, MaxSelect: 1}
	}
	agencies := m.collection("agencies", "", text("name"))
	users := m.users(to("agency", agencies), text("full_name"))
	persons := m.collection("persons", "", text("given_name"), text("family_name"), text("birth"), text("language"), text("needs"))
	cases := m.collection("cases", "agency = @request.auth.agency", to("agency", agencies), to("person", persons), to("worker", users), text("kind"), text("state"), text("opened"))
	const ofCase = "case.agency = @request.auth.agency"
	parties := m.collection("parties", ofCase, to("case", cases), to("person", persons), text("role"), text("relation"))
	chronology := m.collection("events", ofCase, to("case", cases), to("recorded_by", users), text("kind"), text("on"), text("words"))
	risks := m.collection("assessments", ofCase, to("case", cases), to("assessed_by", users), text("instrument"), text("answers"), text("judgement"), text("reason"), text("on"))
	tasks := m.collection("tasks", ofCase, to("case", cases), to("holder", users), text("kind"), text("due"))

	agency := m.record(agencies, map[string]any{"name": "Fictional Agency"})
	user := m.record(users, map[string]any{"email": worker, "password": password, "verified": true, "agency": agency, "full_name": "Fictional Worker"})
	person := m.record(persons, map[string]any{"given_name": "Fictional", "family_name": "Person", "birth": "1990-01-01", "language": "en", "needs": "none said"})
	m.record(cases, map[string]any{"id": caseID, "agency": agency, "person": person, "worker": user, "kind": "full", "state": "open", "opened": "2026-06-01"})
	other := m.record(persons, map[string]any{"given_name": "Fictional", "family_name": "Other"})
	m.record(parties, map[string]any{"case": caseID, "person": other, "role": "harms", "relation": "former partner"})
	for i := range events {
		m.record(chronology, map[string]any{
			"case": caseID, "recorded_by": user, "kind": "note", "on": "2026-06-01",
			"words": fmt.Sprintf("Note %d. Rang to say that the appointment is moved, and asked how they are.", i+1),
		})
	}
	for i := range assessments {
		m.record(risks, map[string]any{
			"case": caseID, "assessed_by": user, "instrument": "themes", "answers": `{"1":"yes","2":"no","3":"unknown"}`,
			"judgement": "not-high", "reason": fmt.Sprintf("Assessment %d", i+1), "on": "2026-06-01",
		})
	}
	m.record(tasks, map[string]any{"case": caseID, "holder": user, "kind": "review", "due": "2026-07-01"})
	return m.err
}

// maker makes collections and records. After an error it makes nothing more.
type maker struct {
	app core.App
	err error
}

// collection is a new one that may be read by those who are signed in, where
// the rule holds. Relations are indexed.
func (m *maker) collection(name, rule string, fields ...core.Field) *core.Collection {
	c := core.NewBaseCollection(name)
	m.save(c, rule, fields)
	return c
}

func (m *maker) users(fields ...core.Field) *core.Collection {
	c, err := m.app.FindCollectionByNameOrId("users")
	if m.err = errors.Join(m.err, err); m.err != nil {
		return &core.Collection{}
	}
	m.save(c, "", fields)
	return c
}

func (m *maker) save(c *core.Collection, rule string, fields []core.Field) {
	if m.err != nil {
		return
	}
	c.Fields.Add(fields...)
	if rule != "" {
		rule = " && " + rule
	}
	c.ViewRule = types.Pointer(`@request.auth.id != ""` + rule)
	c.ListRule = c.ViewRule
	for _, f := range fields {
		if f.Type() == core.FieldTypeRelation {
			c.AddIndex("idx_"+c.Name+"_"+f.GetName(), false, "`"+f.GetName()+"`", "")
		}
	}
	m.err = m.app.Save(c)
}

// record is a new one, and its id.
func (m *maker) record(c *core.Collection, values map[string]any) string {
	if m.err != nil {
		return ""
	}
	r := core.NewRecord(c)
	r.Load(values)
	m.err = m.app.Save(r)
	return r.Id
}
