package interchangeweb_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/interchange/carrier"
	"waymark/internal/casework/interchange/interchangeweb"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/auth/authweb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/directory"
)

type world struct {
	*casestest.World
	shares    *sharing.Service
	referrals *referral.Service
	service   *interchange.Service
	site      *webtest.Site
	admin     policy.Actor // of the haven

	program, client, secret string // the trust's
}

var scope = []policy.Action{interchange.ActDeliver, interchange.ActFollow}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	ctx := t.Context()
	w := &world{World: casestest.New(t, db, clock, sharing.Rules(), referral.Rules(), interchange.Rules())}
	w.shares = sharing.New(db, w.Guard, w.Cases, sharing.Config{})
	w.referrals = referral.New(db, w.Guard, w.Cases, w.shares, w.Registry)
	w.service = interchange.New(db, w.Guard, w.Cases, w.shares, w.referrals, interchange.Config{})
	pages := interchangeweb.New(w.service, w.Directory, w.Registry.Zone())
	programs := authweb.New(authweb.Config{Auth: w.Auth, Home: webtest.Home})
	w.site = webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{pages.Routes(), pages.MachineRoutes(), programs.ProgramRoutes()}})
	added, err := w.Directory.AddUser(ctx, casestest.Operator, directory.NewUser{
		Agency: w.Trust.ID, Username: "records.program", Name: "Fictional records", Kind: policy.Service, Roles: []policy.Role{policy.Practitioner}, Teams: []directory.TeamID{w.Midwives.ID},
	})
	must(t, err)
	w.program = added.Account.ID
	given, err := w.Directory.GiveClient(ctx, casestest.Operator, directory.NewToken{Account: w.program, Name: "Referrals", Actions: scope, Until: "2027-01-31"})
	must(t, err)
	w.client, w.secret = given.ID, given.Secret
	admin, err := w.Directory.AddUser(ctx, casestest.Operator, directory.NewUser{Agency: w.Haven.ID, Username: "haven.admin", Name: "Fictional admin", Roles: []policy.Role{policy.Administrator}})
	must(t, err)
	w.admin = policy.Actor{Account: admin.Account.ID, Kind: policy.Human, Agency: string(w.Haven.ID), Roles: []policy.Role{policy.Administrator}}
	return w
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

// machine asks as another program does: without cookies and without a browser's
// headers.
func (w *world) machine(t *testing.T, method, path, body string, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	for k, v := range header {
		r.Header.Set(k, v)
	}
	rec := httptest.NewRecorder()
	w.site.Frame.ServeHTTP(rec, r)
	return rec
}

func (w *world) token(t *testing.T, form url.Values, header map[string]string) (int, map[string]any) {
	t.Helper()
	h := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	for k, v := range header {
		h[k] = v
	}
	a := w.machine(t, http.MethodPost, authweb.TokenPath, form.Encode(), h)
	var out map[string]any
	if err := json.Unmarshal(a.Body.Bytes(), &out); err != nil {
		t.Fatalf("%d: %s", a.Code, a.Body)
	}
	if a.Header().Get("Cache-Control") != "no-store" {
		t.Error("an answer about tokens may be kept")
	}
	return a.Code, out
}

func (w *world) bearer(t *testing.T) string {
	t.Helper()
	status, out := w.token(t, url.Values{"grant_type": {"client_credentials"}, "client_id": {w.client}, "client_secret": {w.secret}}, nil)
	token, _ := out["access_token"].(string)
	if status != http.StatusOK || token == "" {
		t.Fatalf("%d %v", status, out)
	}
	return "Bearer " + token
}

func (w *world) message(t *testing.T) string {
	t.Helper()
	body, err := interchange.Write(interchange.Message{
		ID: "0190b0b0-2222-7000-8000-000000000001", Request: "0190b0b0-2222-7000-8000-000000000002", Kind: interchange.KindNew, Sent: w.Clock.Now(),
		From: interchange.Side{Agency: string(w.Trust.ID), Name: "Fictional Trust"}, Source: "https://records.example/fhir", Target: "https://waymark.example/fhir/$process-message",
		To:     interchange.Side{Agency: string(w.Haven.ID), Name: "Fictional Haven", Team: string(w.Advocates.ID), TeamName: "Advocates"},
		Author: "Fictional Midwife", Subject: referral.Experiencing, Items: []sharing.Item{{Kind: sharing.WhyItem, Title: "Why", Text: "Asked for an advocate"}},
		Share: w.decision(),
	})
	must(t, err)
	return string(body)
}

func (w *world) decision() sharing.NewShare {
	return sharing.NewShare{
		To:       sharing.Recipient{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)},
		Protects: "Maya", Harm: "threats", Basis: sharing.PublicTask, Rationale: "They need this much.",
		Views: sharing.Views{Asked: sharing.Agrees, Words: "Yes", Present: "nobody else", Informed: sharing.Told},
	}
}

func status(t *testing.T, body []byte) string {
	t.Helper()
	var doc struct {
		Entry []struct {
			Resource struct {
				ResourceType, Status string
				Focus                struct{ Identifier struct{ Value string } }
			}
		}
	}
	must(t, json.Unmarshal(body, &doc))
	var out []string
	for _, e := range doc.Entry {
		out = append(out, e.Resource.Status+" "+e.Resource.Focus.Identifier.Value)
	}
	return strings.Join(out, ", ")
}

// A program gets a token, brings a referral, and follows it until a person has
// accepted it.
//
// Proves: B6.31.
func TestAProgramBringsAReferralAndFollowsIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		header := map[string]string{
			"Authorization": w.bearer(t), "Content-Type": interchange.MediaType, "X-Request-Id": "60e0b220-8136-4ca5-ae46-1d97ef59d068",
			"NHSD-Target-Identifier": base64.StdEncoding.EncodeToString([]byte(`{"system":"urn:ietf:rfc:3986","value":"urn:uuid:` + string(w.Advocates.ID) + `"}`)),
		}
		a := w.machine(t, http.MethodPost, interchangeweb.ProcessPath, w.message(t), header)
		if a.Code != http.StatusOK || !strings.HasPrefix(a.Header().Get("Content-Type"), interchange.MediaType) || a.Header().Get("X-Request-Id") != header["X-Request-Id"] {
			t.Fatalf("%d %v %s", a.Code, a.Header(), a.Body)
		}
		const focus = " urn:uuid:0190b0b0-2222-7000-8000-000000000002"
		follow := func(want string) {
			t.Helper()
			a := w.machine(t, http.MethodGet, interchangeweb.TaskPath+"?focus:identifier=urn:uuid:0190b0b0-2222-7000-8000-000000000002", "", map[string]string{"Authorization": w.bearer(t)})
			if got := status(t, a.Body.Bytes()); a.Code != http.StatusOK || got != want+focus {
				t.Fatalf("%d %q; want %q\n%s", a.Code, got, want, a.Body)
			}
			for _, word := range []string{"Maya", "advocate", "threats"} {
				if strings.Contains(a.Body.String(), word) {
					t.Errorf("a Task says %q", word)
				}
			}
		}
		follow("requested")
		idva := w.Actor(t, casestest.IDVA)
		rows, err := w.shares.Waiting(t.Context(), idva, "", 10)
		must(t, err)
		p, err := w.shares.Receive(t.Context(), idva, rows[0].ID)
		must(t, err)
		must(t, w.referrals.Acknowledge(t.Context(), p))
		follow("received")
		if p, err = w.shares.Receive(t.Context(), idva, rows[0].ID); err != nil {
			t.Fatal(err)
		}
		_, err = w.referrals.Accept(t.Context(), p, string(w.Advocates.ID))
		must(t, err)
		follow("accepted")

		bearer := map[string]string{"Authorization": w.bearer(t)}
		entries := func() (n int) {
			must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM ledger_subject WHERE kind = 'share' AND id = $1`, string(rows[0].ID)).Scan(&n)
			}))
			return n
		}
		before := entries()
		if a := w.machine(t, http.MethodGet, interchangeweb.TaskPath+"/"+string(rows[0].ID), "", bearer); a.Code != http.StatusOK || entries() != before+1 {
			t.Errorf("one Task: %d, and %d entries for it", a.Code, entries()-before)
		}
		for path, want := range map[string]int{
			interchangeweb.TaskPath + "?status=requested": 200, interchangeweb.TaskPath + "?status=perhaps": 400, interchangeweb.TaskPath + "?_lastUpdated=yesterday": 400,
			interchangeweb.TaskPath + "?_lastUpdated=ge2026-01-01T00:00:00Z": 200, interchangeweb.TaskPath + "/0190b0b0-9999-7000-8000-000000000000": 404,
		} {
			if a := w.machine(t, http.MethodGet, path, "", bearer); a.Code != want || a.Code >= 400 && !strings.Contains(a.Body.String(), "OperationOutcome") {
				t.Errorf("%s: %d %s", path, a.Code, a.Body)
			}
		}
		// A program of an agency that is no side of it sees nothing of it, nor one of
		// another team.
		other := policy.Actor{Account: "other", Kind: policy.Service, Agency: string(w.Trust.ID), Teams: []string{"another"}, Only: scope}
		if list, _, err := w.service.Standings(t.Context(), other, interchange.Question{}); err != nil || len(list) != 0 {
			t.Errorf("another team's program sees %d, %v", len(list), err)
		}
		robot := w.Actor(t, casestest.Robot)
		if list, _, err := w.service.Standings(t.Context(), robot, interchange.Question{Status: []string{"accepted"}}); err != nil || len(list) != 1 {
			t.Errorf("the receiver's program sees %d, %v", len(list), err)
		}
	})
}

// Whoever is not recognised is told so in the words of the standard, and is not led
// to a page for people.
func TestAFaultIsAnOperationOutcome(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		bearer := w.bearer(t)
		for name, c := range map[string]struct {
			method, path, body string
			header             map[string]string
			status             int
		}{
			"no token":          {http.MethodPost, interchangeweb.ProcessPath, w.message(t), map[string]string{"Content-Type": interchange.MediaType}, 401},
			"another token":     {http.MethodGet, interchangeweb.TaskPath, "", map[string]string{"Authorization": "Bearer waymark_access_nothing"}, 401},
			"the secret":        {http.MethodGet, interchangeweb.TaskPath, "", map[string]string{"Authorization": "Bearer " + w.secret}, 401},
			"a form":            {http.MethodPost, interchangeweb.ProcessPath, "a=b", map[string]string{"Authorization": bearer, "Content-Type": "application/x-www-form-urlencoded"}, 415},
			"far too large":     {http.MethodPost, interchangeweb.ProcessPath, strings.Repeat(" ", 2<<20), map[string]string{"Authorization": bearer, "Content-Type": interchange.MediaType}, 413},
			"from another site": {http.MethodPost, interchangeweb.ProcessPath, w.message(t), map[string]string{"Authorization": bearer, "Content-Type": interchange.MediaType, "Sec-Fetch-Site": "cross-site"}, 403},
		} {
			const known = "60e0b220-8136-4ca5-ae46-1d97ef59d068"
			c.header["X-Request-Id"], c.header["X-Correlation-Id"] = known, "not an id"
			a := w.machine(t, c.method, c.path, c.body, c.header)
			if a.Header().Get("X-Request-Id") != known || a.Header().Get("X-Correlation-Id") != "" {
				t.Errorf("%s: it is not said which request it was: %v", name, a.Header())
			}
			if a.Code != c.status || !strings.Contains(a.Body.String(), `"OperationOutcome"`) || !strings.HasPrefix(a.Header().Get("Content-Type"), interchange.MediaType) {
				t.Errorf("%s: %d %s %s", name, a.Code, a.Header().Get("Content-Type"), a.Body)
			}
			if c.status == 401 && !strings.HasPrefix(a.Header().Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%s: does not say how to prove oneself", name)
			}
		}
		if rows, err := w.shares.Waiting(t.Context(), w.Actor(t, casestest.IDVA), "", 10); err != nil || len(rows) != 0 {
			t.Errorf("%d in the inbox, %v", len(rows), err)
		}
		// Somebody who is signed in as a person is no program.
		b := w.site.SignedIn(t, w.Actor(t, casestest.IDVA).Account)
		if a := b.Get(interchangeweb.TaskPath); a.Status != http.StatusForbidden || !strings.Contains(a.Body, "OperationOutcome") {
			t.Errorf("a person: %d", a.Status)
		}
		for _, path := range []string{interchangeweb.Root + "/metadata", interchangeweb.Root + "/MessageDefinition", authweb.MetadataPath} {
			if a := w.machine(t, http.MethodGet, path, "", nil); a.Code != http.StatusOK || !json.Valid(a.Body.Bytes()) {
				t.Errorf("%s: %d", path, a.Code)
			}
		}
	})
}

// Tokens are given as RFC 6749 says, to whoever has the secret, for what the client
// was given, for minutes.
func TestTokensAreGivenToClients(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		grant := url.Values{"grant_type": {"client_credentials"}}
		with := func(more url.Values) url.Values {
			out := url.Values{"grant_type": grant["grant_type"], "client_id": {w.client}, "client_secret": {w.secret}}
			for k, v := range more {
				if out[k] = v; v == nil {
					delete(out, k)
				}
			}
			return out
		}
		basic := func(name, word string) map[string]string {
			return map[string]string{"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+word))}
		}
		for name, c := range map[string]struct {
			form   url.Values
			header map[string]string
			status int
			fault  string
		}{
			"in the header":         {grant, basic(w.client, w.secret), 200, ""},
			"in the form":           {with(nil), nil, 200, ""},
			"for less":              {with(url.Values{"scope": {"interchange.follow"}}), nil, 200, ""},
			"for more":              {with(url.Values{"scope": {"interchange.follow directory.read"}}), nil, 400, "invalid_scope"},
			"another secret":        {grant, basic(w.client, "waymark_another"), 401, "invalid_client"},
			"another client":        {grant, basic("another", w.secret), 401, "invalid_client"},
			"no secret":             {grant, nil, 401, "invalid_client"},
			"twice":                 {with(nil), basic(w.client, w.secret), 400, "invalid_request"},
			"another grant":         {with(url.Values{"grant_type": {"password"}}), nil, 400, "unsupported_grant_type"},
			"no grant":              {with(url.Values{"grant_type": nil}), nil, 400, "invalid_request"},
			"a parameter twice":     {with(url.Values{"scope": {"a", "b"}}), nil, 400, "invalid_request"},
			"something else, Basic": {grant, map[string]string{"Authorization": "Basic !!!"}, 401, "invalid_client"},
		} {
			status, out := w.token(t, c.form, c.header)
			if fault, _ := out["error"].(string); status != c.status || fault != c.fault {
				t.Errorf("%s: %d %v", name, status, out)
			}
			if c.status == 200 && (out["token_type"] != "Bearer" || out["expires_in"] != 600.0) {
				t.Errorf("%s: %v", name, out)
			}
		}
		// A token for less is for less.
		_, out := w.token(t, with(url.Values{"scope": {"interchange.follow"}}), nil)
		less, _ := out["access_token"].(string)
		if a := w.machine(t, http.MethodPost, interchangeweb.ProcessPath, w.message(t), map[string]string{"Authorization": "Bearer " + less, "Content-Type": interchange.MediaType}); a.Code != http.StatusForbidden {
			t.Errorf("a token for asking brings a message: %d", a.Code)
		}
		// It ends by itself, and with its client.
		tasks := func(token string) int {
			return w.machine(t, http.MethodGet, interchangeweb.TaskPath, "", map[string]string{"Authorization": token}).Code
		}
		token := w.bearer(t)
		if code := tasks(token); code != http.StatusOK {
			t.Fatalf("%d", code)
		}
		w.Clock.Advance(auth.AccessLasts)
		if code := tasks(token); code != http.StatusUnauthorized {
			t.Errorf("a token that has ended: %d", code)
		}
		token = w.bearer(t)
		must(t, w.Directory.RevokeToken(t.Context(), casestest.Operator, w.program, w.client))
		if code := tasks(token); code != http.StatusUnauthorized {
			t.Errorf("a token of a client that was taken back: %d", code)
		}
		if status, _ := w.token(t, with(nil), nil); status != http.StatusUnauthorized {
			t.Errorf("a client that was taken back: %d", status)
		}
	})
}

// Trying secrets is slowed down for the client that is tried, and others are not
// kept from theirs.
func TestTryingSecretsIsSlowedDown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		refused := 0
		for range 30 {
			status, out := w.token(t, url.Values{"grant_type": {"client_credentials"}, "client_id": {w.client}, "client_secret": {"waymark_guess"}}, nil)
			if status == http.StatusTooManyRequests {
				refused++
			} else if status != http.StatusUnauthorized {
				t.Fatalf("%d %v", status, out)
			}
		}
		if refused < 15 {
			t.Errorf("%d of 30 tries were held off", refused)
		}
		w.Clock.Advance(10 * time.Minute)
		w.bearer(t)
	})
}

// An administrator says how a team is reached, and sees what waits and why, and
// nobody who is referred.
func TestTheOutboxOnItsPage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin := w.site.SignedIn(t, w.admin.Account)
		path := interchangeweb.Home + "/teams/" + string(w.Advocates.ID)
		form := url.Values{
			"version": {"0"}, "active": {"yes"}, "address": {"http://10.0.0.1/fhir"}, "token_address": {"https://elsewhere.example/token"}, "client_id": {"us"}, "secret": {"hidden word"},
		}
		if a := admin.Post(path, form).Invalid(t, "address"); strings.Contains(a.Body, "hidden word") {
			t.Error("the secret that was typed comes back with the error")
		}
		form.Set("address", "http://127.0.0.1:9/fhir")
		admin.Post(path, form).SeeOther(t, interchangeweb.Home+"?done=kept")
		if a := admin.Get(path).OK(t); strings.Contains(a.Body, "hidden word") {
			t.Error("the secret is shown")
		}
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		_, err := w.referrals.Send(t.Context(), f, referral.NewReferral{Subject: referral.Experiencing, Share: w.decision(), Why: "Asked for an advocate"})
		must(t, err)
		admin.Get(interchangeweb.Home).OK(t).Says(t, "Not tried yet").SaysNot(t, "Asked for an advocate", "Maya")
		refusing := carrier.New(carrier.Config{Allow: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
		for range 2 {
			_, err = w.service.CarryOut(t.Context(), refusing)
			must(t, err)
			w.Clock.Advance(time.Minute)
		}
		a := admin.Get(interchangeweb.Home).OK(t).Says(t, "Tried 2 times", "Advocates")
		again := a.FormValues(t, `form[action*="/again"]`)
		rows, err := w.service.Outbox(t.Context(), w.admin)
		must(t, err)
		admin.Post(interchangeweb.Home+"/messages/"+rows[0].ID+"/again", again).SeeOther(t, interchangeweb.Home+"?done=again")
		now, err := w.service.Outbox(t.Context(), w.admin)
		must(t, err)
		if now[0].NextAt.After(w.Clock.Now()) {
			t.Error("it is not tried at once")
		}
		w.site.SignedIn(t, w.Actor(t, casestest.IDVA).Account).Get(interchangeweb.Home).Denied(t)
		manager := w.site.SignedIn(t, w.Actor(t, casestest.HavenManager).Account)
		manager.Get(interchangeweb.Home).OK(t)
		manager.Get(path).Denied(t)
		w.site.SignedIn(t, w.Actor(t, casestest.TrustAdmin).Account).Get(path).NotThere(t)
	})
}

// Two deployments: what is sent in one arrives in the other over the wire, with a
// token of the other, and the other's restart in between loses nothing.
func TestAReferralGoesFromOneDeploymentToAnother(t *testing.T) {
	each(t, func(t *testing.T, here *world) {
		clock := storetest.NewClock()
		there := newWorld(t, storetest.Open(t, store.SQLite, clock.Now), clock)
		server := httptest.NewUnstartedServer(there.site.Frame)
		address := "http://" + server.Listener.Addr().String()
		must(t, here.service.Configure(t.Context(), here.admin, interchange.Endpoint{
			Team: here.Advocates.ID, Address: address + interchangeweb.ProcessPath, TokenAddress: address + authweb.TokenPath, ClientID: there.client, Secret: there.secret,
			Scope: string(interchange.ActDeliver), KnownSystem: "urn:ietf:rfc:3986", KnownValue: "urn:uuid:" + string(there.Advocates.ID), Active: true,
		}))
		post := carrier.New(carrier.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Limit: 5 * time.Second})
		var files []*cases.File
		for _, why := range []string{"the first", "the second"} {
			f := here.Begin(t, here.Actor(t, casestest.Nurse))
			_, err := here.referrals.Send(t.Context(), f, referral.NewReferral{Subject: referral.Experiencing, Share: here.decision(), Why: why})
			must(t, err)
			files = append(files, f)
			here.Clock.Advance(time.Second)
		}
		_ = server.Listener.Close() // it is down
		if _, err := here.service.CarryOut(t.Context(), post); err != nil {
			t.Fatal(err)
		}
		listener, err := (&listening{}).again(t, strings.TrimPrefix(address, "http://"))
		must(t, err)
		server.Listener = listener
		server.Start()
		defer server.Close()
		here.Clock.Advance(time.Hour)
		for {
			n, err := here.service.CarryOut(t.Context(), post)
			must(t, err)
			if n == 0 {
				break
			}
		}
		idva := there.Actor(t, casestest.IDVA)
		rows, err := there.shares.Waiting(t.Context(), idva, "", 10)
		must(t, err)
		var got []string
		for _, row := range rows {
			p, err := there.shares.Receive(context.Background(), idva, row.ID)
			must(t, err)
			got = append(got, p.Content().Item(sharing.WhyItem))
		}
		if strings.Join(got, ", ") != "the first, the second" {
			t.Errorf("%v arrived", got)
		}
		out, err := here.service.Outbox(t.Context(), here.admin)
		must(t, err)
		if len(out) != len(files) || out[0].State != interchange.Taken || out[1].Tries != 2 {
			t.Errorf("the outbox says %+v", out)
		}
	})
}
