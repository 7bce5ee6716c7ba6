package e2e

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"waymark/e2e/harness"
)

// listener is a real system of the hospital's, which is told that something happened.
// What comes first finds it down.
type listener struct {
	*httptest.Server
	came chan told
}

type told struct {
	header http.Header
	body   []byte
	taken  bool
}

func listens(t *testing.T) *listener {
	t.Helper()
	l := &listener{came: make(chan told, 100)}
	var up atomic.Bool
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		taken := up.Swap(true)
		l.came <- told{r.Header, body, taken}
		if !taken {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(l.Close)
	return l
}

// A program of the hospital wants to be told, brings a referral by message, and is
// told each time that something happens to it, and not what: it checks the signature,
// asks at the link and sees how far it has come. What found it down comes later, once.
func TestAProgramIsToldAndAsks(t *testing.T) {
	s := harness.Demo(t).Serve("--demo")
	p := harness.Open(t, harness.Options{Base: s.URL})
	as := func(role string) { p.Goto("/demo").Click("Sign in as " + role) }

	as("Agency administrator")
	p.Goto("/agency").Click("Maternity records (fictional program)")
	p.Fill("What is the token for?", "Records of the ward")
	for _, action := range []string{"interchange.deliver", "interchange.follow", "webhook.subscribe", "With a client and its secret"} {
		p.Choose(action)
	}
	p.Fill("Last day it works", "2027-05-31")
	p.Click("Make a token")
	shown := strings.Fields(p.Text())
	after := func(word string) string {
		for i, w := range shown {
			if w == word {
				return shown[i+1]
			}
		}
		t.Fatalf("there is no %q on the page", word)
		return ""
	}
	program := machine{t: t, base: s.URL, client: after("Client:"), secret: after("Secret:")}
	l := listens(t)
	var made struct{ ID, Secret string }
	decode(t, program.do(http.MethodPost, "/api/v1/webhooks", "application/json",
		`{"address":"`+l.URL+`","events":["referral.acknowledged","referral.decided","referral.stage"]}`, http.StatusCreated), &made)

	as("Midwife")
	p.Goto("/refer")
	team := harness.Evaluate[string](p, `[...document.querySelectorAll("select[name=to] option")].find(o => o.text.includes("Advocates (IDVA)")).value`)
	_, team, _ = strings.Cut(team, "/")
	program.post(message(team), http.StatusOK)

	type stands struct {
		Status string
		Stages []struct{ Stage string }
	}
	var ids []string
	hears := func(event string) stands {
		t.Helper()
		got := <-l.came
		if !got.taken {
			first := got
			got = <-l.came
			if got.header.Get("webhook-id") != first.header.Get("webhook-id") || string(got.body) != string(first.body) {
				t.Error("what found it down comes as something else")
			}
		}
		var notice struct{ ID, Type, Link string }
		decode(t, string(got.body), &notice)
		if notice.Type != event || notice.ID != got.header.Get("webhook-id") || !signedWith(t, made.Secret, got) {
			t.Fatalf("told %+v, and not %s", notice, event)
		}
		ids = append(ids, notice.ID)
		at, err := url.Parse(notice.Link)
		if err != nil || !strings.HasPrefix(at.Path, "/api/v1/referrals/") {
			t.Fatalf("the link is %q, %v", notice.Link, err)
		}
		text := program.do(http.MethodGet, at.Path, "application/json", "", http.StatusOK)
		for _, word := range []string{"Wilhelmina", "Quill", "Fridays"} {
			if strings.Contains(text+string(got.body), word) {
				t.Errorf("a program is told %q", word)
			}
		}
		var out stands
		decode(t, text, &out)
		return out
	}

	as("IDVA")
	p.Goto("/referrals")
	for _, link := range p.Links() {
		if strings.Contains(link, "/referrals/") {
			p.Goto(link)
			if strings.Contains(p.Text(), "Wilhelmina") {
				break
			}
		}
	}
	p.Click("I have received this")
	if got := hears("referral.acknowledged"); got.Status != "received" {
		t.Errorf("%+v", got)
	}
	p.Select("Team that will hold the case", "Advocates (IDVA)")
	p.Click("Accept and open a case")
	if got := hears("referral.decided"); got.Status != "accepted" || len(got.Stages) != 0 {
		t.Errorf("%+v", got)
	}
	p.Click("Say how far it has come")
	p.Choose("They take up the support")
	p.Choose("Tell the referrer")
	p.Click("Continue")
	p.Fill("Who is protected by this?", "Wilhelmina")
	p.Fill("What are they protected from?", "Telling it all again")
	p.Click("Continue")
	p.Choose("They agree")
	p.Fill("What did they say, in their words?", "“Tell my midwife that I went.”")
	p.Fill("Who was there when they said it?", "nobody else")
	p.Choose("Yes, they know what is shared and with whom")
	p.Click("Continue")
	p.Choose("Public task")
	p.Fill("Why is it needed, and why this much?", "The midwife asks her nothing again.")
	p.Click("Check before you send")
	if strings.Contains(p.Text(), "Why does it leave all the same?") {
		p.Fill("Why does it leave all the same?", "She asked for it herself.")
	}
	p.Click("Record and tell the referrer")
	if got := hears("referral.stage"); got.Status != "in-progress" || len(got.Stages) != 1 || got.Stages[0].Stage != "engaged" {
		t.Errorf("%+v", got)
	}
	if len(ids) != 3 || ids[0] == ids[1] || ids[1] == ids[2] || len(l.came) != 0 {
		t.Errorf("%v, and %d more", ids, len(l.came))
	}

	as("Agency administrator")
	p.Goto("/agency").Click("Webhooks")
	p.See("Maternity records (fictional program)")
	p.Keeps(harness.Axe, harness.Reflow)
	pictured(p, "webhook/list")
	p.Goto("/agency/webhooks/"+made.ID).See("answered with status 503", "Taken", "A person acknowledged it")
	p.DontSee("whsec_")
	p.Keeps(harness.Axe, harness.Reflow)
	pictured(p, "webhook/log")
	p.Goto("/agency/webhooks/new")
	p.Keeps(harness.Axe, harness.Reflow)
	pictured(p, "webhook/new")
	if strings.Contains(s.Output(), made.Secret) || strings.Contains(s.Output(), l.URL) {
		t.Error("the log tells where a program listens, or its secret")
	}
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}

// signedWith checks a signature as Standard Webhooks 1.0.0 says.
func signedWith(t *testing.T, secret string, got told) bool {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(got.header.Get("webhook-id") + "." + got.header.Get("webhook-timestamp") + "." + string(got.body)))
	return got.header.Get("webhook-signature") == "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
