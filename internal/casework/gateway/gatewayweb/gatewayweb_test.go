package gatewayweb_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	pathwayscontent "waymark/content/pathways"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/gateway"
	"waymark/internal/casework/gateway/gatewayweb"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/pathway"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/casework/webhooks"
	"waymark/internal/platform/auth/authweb"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/provision"
)

type world struct {
	*casestest.World

	shares    *sharing.Service
	referrals *referral.Service
	hooks     *webhooks.Service
	site      *webtest.Site
	described *description

	programs map[string]string // clients with their secrets, by name
}

var scope = []policy.Action{interchange.ActFollow, webhooks.ActSubscribe, measures.ActRead, pathway.ActRead, provision.ActRead}

// routes is the table as it is without anything behind it.
func routes() []web.Route {
	return gatewayweb.New(gatewayweb.Config{Gateway: gateway.New(nil, nil, nil)}).Routes()
}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{World: casestest.New(t, db, clock, sharing.Rules(), referral.Rules(), interchange.Rules(), webhooks.Rules(), pathway.Rules(), provision.Rules()), described: read(t), programs: map[string]string{}}
	w.shares = sharing.New(db, w.Guard, w.Cases, sharing.Config{})
	w.referrals = referral.New(db, w.Guard, w.Cases, w.shares, w.Registry)
	systems := interchange.New(db, w.Guard, w.Cases, w.shares, w.referrals, interchange.Config{})
	w.hooks = webhooks.New(db, w.Guard, w.Cases, w.shares, webhooks.Config{Member: directory.AtWork{Levels: w.Training}.AtWork})
	services := provision.New(db, w.Guard)
	ships, err := pathwayscontent.Pathways()
	must(t, err)
	known := pathway.Known{Settings: []string{"antenatal", "general_practice", "housing"}, Fact: w.Registry.Possible, Obligation: func(string) bool { return true }}
	local, err := pathway.New(w.Cases, w.Guard, services, ships, known, w.Registry.Zone())
	must(t, err)
	api := gatewayweb.New(gatewayweb.Config{Gateway: gateway.New(db, w.Guard, systems), Webhooks: w.hooks, Figures: w.Counter, Pathways: local, Services: services})
	programs := authweb.New(authweb.Config{Auth: w.Auth, Home: webtest.Home})
	w.site = webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{api.Routes(), programs.ProgramRoutes()}})
	must(t, services.Keep(t.Context(), w.Actor(t, casestest.HavenManager), provision.Service{Agency: string(w.Haven.ID), Details: provision.Details{
		Name: "Fictional advocacy", Kinds: provision.Kinds()[:1], Sides: []provision.Side{provision.Experiencing}, Places: []provision.Place{provision.Here},
	}}, false))
	w.program(t, "sender", w.Trust, w.Midwives.ID, scope)
	w.program(t, "receiver", w.Haven, w.Advocates.ID, scope)
	w.program(t, "other team", w.Trust, "", scope)
	w.program(t, "other scope", w.Trust, w.Midwives.ID, []policy.Action{interchange.ActDeliver})
	return w
}

func (w *world) program(t *testing.T, name string, agency directory.Agency, team directory.TeamID, actions []policy.Action) {
	t.Helper()
	n := directory.NewUser{Agency: agency.ID, Username: strings.ReplaceAll(name, " ", "."), Name: "Fictional " + name, Kind: policy.Service, Roles: []policy.Role{policy.Practitioner}}
	if team != "" {
		n.Teams = []directory.TeamID{team}
	}
	added, err := w.Directory.AddUser(t.Context(), casestest.Operator, n)
	must(t, err)
	given, err := w.Directory.GiveClient(t.Context(), casestest.Operator, directory.NewToken{Account: added.Account.ID, Name: "It", Actions: actions, Until: "2027-01-31"})
	must(t, err)
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {given.ID}, "client_secret": {given.Secret}}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, authweb.TokenPath, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	w.site.Frame.ServeHTTP(rec, r)
	var out struct {
		Token string `json:"access_token"`
	}
	must(t, json.Unmarshal(rec.Body.Bytes(), &out))
	w.programs[name] = out.Token
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

// ask asks as a program, and holds the answer against the description. The path is
// the described one, with what stands for its parameter after a space.
func (w *world) ask(t *testing.T, who, method, path, body string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	described, rest, _ := strings.Cut(path, " ")
	at := described
	if i := strings.Index(at, "{"); i >= 0 {
		id, query, _ := strings.Cut(rest, "?")
		at, rest = at[:i]+id+at[strings.Index(at, "}")+1:], ""
		if query != "" {
			rest = "?" + query
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), method, at+rest, strings.NewReader(body))
	if token := w.programs[who]; token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	w.site.Frame.ServeHTTP(rec, r)
	w.described.answered(t, method, described, rec.Code, rec.Header(), rec.Body.Bytes())
	for _, word := range []string{"Maya", "threats", "sister", "Text only", "advocate for"} {
		if strings.Contains(rec.Body.String(), word) {
			t.Errorf("%s %s says %q", method, path, word)
		}
	}
	return rec
}

const (
	oneReferral = gatewayweb.Root + "/referrals/{referral} "
	allOfThem   = gatewayweb.Root + "/referrals"
	hooksPath   = gatewayweb.Root + "/webhooks"
	oneHook     = gatewayweb.Root + "/webhooks/{webhook} "
	ping        = gatewayweb.Root + "/webhooks/{webhook}/ping "
	nobodys     = "0190b0b0-9999-7000-8000-000000000000"
	asked       = `{"address":"https://records.example/hooks","events":["referral.received"]}`
)

func (w *world) send(t *testing.T) string {
	t.Helper()
	f := w.Begin(t, w.Actor(t, casestest.Nurse))
	id, err := w.referrals.Send(t.Context(), f, referral.NewReferral{
		Subject: referral.Experiencing, Share: w.decision(sharing.Recipient{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)}),
		Why: "An advocate for her", Said: "He reads all my messages", Safety: "Safe at her sister's tonight", Contact: "Text only",
	})
	must(t, err)
	r, err := w.referrals.Get(t.Context(), f, id)
	must(t, err)
	return string(r.Share)
}

func (w *world) decision(to sharing.Recipient) sharing.NewShare {
	return sharing.NewShare{
		To: to, Protects: "Maya and her baby", Harm: "threats at home", Basis: sharing.PublicTask, Rationale: "They need this much.",
		Views: sharing.Views{Asked: sharing.Agrees, Words: "I would like that", Present: "nobody else", Informed: sharing.Told},
	}
}

func (w *world) packet(t *testing.T, id string) *sharing.Packet {
	t.Helper()
	p, err := w.shares.Receive(t.Context(), w.Actor(t, casestest.IDVA), sharing.ID(id))
	must(t, err)
	return p
}

func (w *world) entries(t *testing.T, share string) (n int) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM ledger_subject WHERE kind = 'share' AND id = $1`, share).Scan(&n)
	}))
	return n
}

func decoded[T any](t *testing.T, rec *httptest.ResponseRecorder) T {
	t.Helper()
	var out T
	must(t, json.Unmarshal(rec.Body.Bytes(), &out))
	return out
}

// A program learns what became of a referral, step by step, and nothing about the
// person. Each reading is in the ledger; to every other program it is not there, and
// that it asked is in the ledger, too.
//
// Proves: B6.31.
func TestAProgramLearnsWhatBecameOfAReferral(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		share := w.send(t)
		stands := func(status string, stages int) gateway.Referral {
			t.Helper()
			got := decoded[gateway.Referral](t, w.ask(t, "sender", http.MethodGet, oneReferral+share, ""))
			if got.Status != status || len(got.Stages) != stages || got.Direction != gateway.Sent || got.ID != share {
				t.Fatalf("%+v; want %s with %d stages", got, status, stages)
			}
			return got
		}
		stands("requested", 0)
		must(t, w.referrals.Acknowledge(t.Context(), w.packet(t, share)))
		if got := stands("received", 0); got.AcknowledgedAt == nil || got.DecidedAt != nil {
			t.Errorf("%+v", got)
		}
		own, err := w.referrals.Accept(t.Context(), w.packet(t, share), string(w.Advocates.ID))
		must(t, err)
		stands("accepted", 0)
		must(t, w.referrals.Step(t.Context(), own, referral.NewStep{Stage: referral.ContactStage, Tell: true, Share: w.decision(sharing.Recipient{})}))
		if got := stands("in-progress", 1); got.Stages[0].Stage != "contact" {
			t.Errorf("%+v", got.Stages)
		}
		// What the receiver keeps to itself is not told.
		steps, err := w.referrals.Steps(t.Context(), own)
		must(t, err)
		must(t, w.referrals.Step(t.Context(), own, referral.NewStep{Stage: referral.EngagedStage, After: steps[0].ID}))
		stands("in-progress", 1)

		list := decoded[struct{ Referrals []gateway.Referral }](t, w.ask(t, "receiver", http.MethodGet, allOfThem+" ?status=in-progress,requested", ""))
		if len(list.Referrals) != 1 || list.Referrals[0].Direction != gateway.Received {
			t.Errorf("the receiver's program sees %+v", list)
		}
		for query, n := range map[string]int{
			"?status=rejected": 0, "?reference=" + share: 1, "?reference=urn:uuid:" + nobodys: 0, "?changed_since=2020-01-01T00:00:00Z": 1,
			"?changed_since=" + url.QueryEscape(w.Clock.Now().Add(time.Hour).Format(time.RFC3339)): 0, "?after=" + share: 0,
		} {
			if got := decoded[struct{ Referrals []gateway.Referral }](t, w.ask(t, "sender", http.MethodGet, allOfThem+" "+query, "")); len(got.Referrals) != n {
				t.Errorf("%s: %d", query, len(got.Referrals))
			}
		}
		before := w.entries(t, share)
		w.ask(t, "sender", http.MethodGet, oneReferral+share, "")
		if w.entries(t, share) == before {
			t.Error("that a program read it is not in the ledger")
		}
		before = w.entries(t, share)
		ours := w.ask(t, "other team", http.MethodGet, oneReferral+share, "")
		if w.entries(t, share) == before {
			t.Error("that a program asked for what it may not see is not in the ledger")
		}
		nobody := w.ask(t, "other team", http.MethodGet, oneReferral+nobodys, "")
		if w.entries(t, nobodys) != 1 {
			t.Error("that a program asked for what never was is not in the ledger")
		}
		if ours.Code != http.StatusNotFound || ours.Body.String() != nobody.Body.String() {
			t.Errorf("one that is not there looks otherwise than one that is another team's: %d %s, %d %s", ours.Code, ours.Body, nobody.Code, nobody.Body)
		}
		if got := decoded[struct{ Referrals []gateway.Referral }](t, w.ask(t, "other team", http.MethodGet, allOfThem, "")); len(got.Referrals) != 0 {
			t.Errorf("another team's program sees %d", len(got.Referrals))
		}
	})
}

// Fifty are told at once, and the link leads to the others, each once.
func TestAListIsToldInPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		for range 53 {
			_, err := w.referrals.Send(t.Context(), f, referral.NewReferral{
				Subject: referral.Experiencing, Share: w.decision(sharing.Recipient{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)}), Why: "An advocate for her",
			})
			must(t, err)
		}
		type page struct {
			Referrals []gateway.Referral
			Links     struct{ Next string }
		}
		seen := map[string]bool{}
		first := decoded[page](t, w.ask(t, "sender", http.MethodGet, allOfThem+" ?status=requested", ""))
		_, query, _ := strings.Cut(first.Links.Next, "?")
		second := decoded[page](t, w.ask(t, "sender", http.MethodGet, allOfThem+" ?"+query, ""))
		for _, r := range append(first.Referrals, second.Referrals...) {
			seen[r.ID] = true
		}
		if len(first.Referrals) != 50 || len(second.Referrals) != 3 || len(seen) != 53 || second.Links.Next != "" {
			t.Errorf("%d, %d, %d", len(first.Referrals), len(second.Referrals), len(seen))
		}
	})
}

// Whatever is asked, what is answered is described; and whatever is described, a
// program can be answered.
func TestEveryAnswerIsDescribedAndEveryDescriptionAnswered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		share := w.send(t)
		made := w.ask(t, "sender", http.MethodPost, hooksPath, asked, "Content-Type", "application/json")
		hook := decoded[struct{ ID, Secret string }](t, made)
		if made.Code != http.StatusCreated || !strings.HasPrefix(hook.Secret, "whsec_") {
			t.Fatalf("%d %s", made.Code, made.Body)
		}
		reads := []string{
			gatewayweb.Root + "/", gatewayweb.Root + "/openapi.json", allOfThem, oneReferral + share, gatewayweb.Root + "/services", gatewayweb.Root + "/measures", gatewayweb.Root + "/pathways",
			hooksPath, oneHook + hook.ID,
		}
		bad := func(path string) string {
			if !strings.Contains(path, " ") {
				path += " "
			}
			return path + "?nonsense=1"
		}
		for _, path := range reads {
			got := w.ask(t, "sender", http.MethodGet, path, "", "X-Request-Id", nobodys)
			if got.Code != http.StatusOK || got.Header().Get("X-Request-Id") != nobodys || strings.Contains(got.Body.String(), "whsec_") && strings.Contains(path, "webhooks") {
				t.Errorf("%s: %d %v", path, got.Code, got.Header())
			}
			if again := w.ask(t, "sender", http.MethodGet, path, "", "If-None-Match", got.Header().Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
				t.Errorf("%s with what it was: %d", path, again.Code)
			}
			if got := w.ask(t, "sender", http.MethodGet, bad(path), ""); got.Code != http.StatusBadRequest || !strings.Contains(got.Body.String(), `"nonsense"`) {
				t.Errorf("%s with what nobody looks at: %d %s", path, got.Code, got.Body)
			}
		}
		for _, c := range []struct {
			method, path, body string
			header             []string
			status             int
		}{
			{http.MethodGet, oneReferral + nobodys, "", nil, 404},
			{http.MethodGet, allOfThem + " ?status=perhaps", "", nil, 400},
			{http.MethodGet, allOfThem + " ?status=requested&status=received", "", nil, 400},
			{http.MethodGet, allOfThem + " ?changed_since=yesterday", "", nil, 400},
			{http.MethodGet, allOfThem + " ?after=x", "", nil, 400},
			{http.MethodGet, gatewayweb.Root + "/measures ?period=2026-02-03", "", nil, 400},
			{http.MethodGet, gatewayweb.Root + "/measures ?period=2199", "", nil, 400},
			{http.MethodGet, gatewayweb.Root + "/measures ?period=2025-Q4", "", nil, 200},
			{http.MethodGet, oneHook + nobodys, "", nil, 404},
			{http.MethodPost, hooksPath, asked, []string{"Content-Type", "application/json"}, 409},
			{http.MethodPost, hooksPath, asked, []string{"Content-Type", "text/plain"}, 415},
			{http.MethodPost, hooksPath, strings.Repeat(" ", 20<<10), []string{"Content-Type", "application/json"}, 413},
			{http.MethodPost, hooksPath, strings.Repeat(" ", 2<<20), []string{"Content-Type", "application/json"}, 413},
			{http.MethodPost, hooksPath, "{", []string{"Content-Type", "application/json"}, 400},
			{http.MethodPost, hooksPath, asked + asked, []string{"Content-Type", "application/json"}, 400},
			{http.MethodPost, hooksPath, `{"address":"https://x.example","events":[],"secret":"mine"}`, []string{"Content-Type", "application/json"}, 400},
			{http.MethodPost, hooksPath, `{"address":"http://x.example","events":["case.read"]}`, []string{"Content-Type", "application/json"}, 400},
			{http.MethodPost, ping + hook.ID, "", nil, 202},
			{http.MethodPost, ping + nobodys, "", nil, 404},
			{http.MethodPost, ping + hook.ID + "?x=1", "", nil, 400},
			{http.MethodDelete, oneHook + nobodys, "", nil, 404},
			{http.MethodDelete, oneHook + hook.ID + "?x=1", "", nil, 400},
			{http.MethodDelete, oneHook + hook.ID, "", nil, 204},
			{http.MethodDelete, oneHook + hook.ID, "", nil, 404},
		} {
			if got := w.ask(t, "sender", c.method, c.path, c.body, c.header...); got.Code != c.status {
				t.Errorf("%s %s: %d, want %d\n%s", c.method, c.path, got.Code, c.status, got.Body)
			}
		}
		changes := map[string]string{http.MethodPost + " " + hooksPath: "", http.MethodPost + " " + strings.TrimSpace(ping): nobodys, http.MethodDelete + " " + strings.TrimSpace(oneHook): nobodys}
		everywhere := func(who string, status int) {
			t.Helper()
			for _, path := range reads[2:] {
				if got := w.ask(t, who, http.MethodGet, path, ""); got.Code != status {
					t.Errorf("%s of %q: %d", path, who, got.Code)
				}
			}
			for key, id := range changes {
				method, path, _ := strings.Cut(key, " ")
				if got := w.ask(t, who, method, path+" "+id, ""); got.Code != status {
					t.Errorf("%s of %q: %d", key, who, got.Code)
				}
			}
		}
		everywhere("", http.StatusUnauthorized)
		everywhere("other scope", http.StatusForbidden)
		for w.ask(t, "sender", http.MethodGet, gatewayweb.Root+"/services", "").Code == http.StatusOK {
		}
		everywhere("sender", http.StatusTooManyRequests)
		w.Clock.Advance(time.Second)
		if got := w.ask(t, "sender", http.MethodGet, gatewayweb.Root+"/services", ""); got.Code != http.StatusOK {
			t.Errorf("a second later: %d", got.Code)
		}
		for op, statuses := range w.described.operations(t) {
			for _, status := range statuses {
				if status != "5XX" && !w.described.seen[op+" "+status] {
					t.Errorf("%s is described to answer %s, and nothing makes it", op, status)
				}
			}
		}
	})
}

// What a program is told is what is described of it.
func TestANoticeIsAsDescribed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ask(t, "receiver", http.MethodPost, hooksPath, asked, "Content-Type", "application/json")
		w.send(t)
		told := 0
		_, err := w.hooks.CarryOut(t.Context(), took(func(p webhooks.Parcel) {
			told++
			w.described.check(t, p.Body, []string{"webhooks", "notice", "post", "requestBody", "content", "application/json", "schema"})
		}))
		if err != nil || told != 1 {
			t.Errorf("%d, %v", told, err)
		}
	})
}

type took func(webhooks.Parcel)

func (fn took) Take(_ context.Context, p webhooks.Parcel) (webhooks.Verdict, string) {
	fn(p)
	return webhooks.Took, "ok"
}
