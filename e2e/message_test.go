package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"waymark/e2e/harness"
)

// A program of the hospital brings a referral by message, twice, and it arrives once.
// An advocate acknowledges it by name, takes it on, and tells how far it has come; a
// midwife of the team that referred reads that. The program sees each step and
// nothing about the person. B6.2, B6.31.
func TestAReferralByMessageGoesToItsEnd(t *testing.T) {
	s := harness.Demo(t).Serve("--demo")
	p := harness.Open(t, harness.Options{Base: s.URL})
	as := func(role string) { p.Goto("/demo").Click("Sign in as " + role) }

	as("Agency administrator")
	p.Goto("/agency").Click("Maternity records (fictional program)")
	p.Fill("What is the token for?", "Records of the ward")
	p.Choose("interchange.deliver")
	p.Choose("interchange.follow")
	p.Choose("With a client and its secret")
	p.Fill("Last day it works", "2027-05-31")
	p.Click("Make a token")
	p.See("The secret is shown only now")
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
	pictured(p, "message/client")

	as("Midwife")
	p.Goto("/refer")
	team := harness.Evaluate[string](p, `[...document.querySelectorAll("select[name=to] option")].find(o => o.text.includes("Advocates (IDVA)")).value`)
	_, team, _ = strings.Cut(team, "/")
	first := program.post(message(team), http.StatusOK)
	if again := program.post(message(team), http.StatusOK); again != first {
		t.Error("the same message is answered otherwise the second time")
	}
	program.stands("requested")

	as("IDVA")
	p.Goto("/referrals").See("Exmoorland Hospital Trust")
	for _, link := range p.Links() {
		if strings.Contains(link, "/referrals/") {
			p.Goto(link)
			if strings.Contains(p.Text(), "Wilhelmina") {
				break
			}
		}
	}
	p.See("Wilhelmina Quill", "Is afraid to go home on Fridays", "treat every way as unsafe", "by message")
	p.Keeps(harness.Axe, harness.Reflow)
	pictured(p, "message/packet")
	p.Click("I have received this")
	program.stands("received")
	p.Select("Team that will hold the case", "Advocates (IDVA)")
	p.Click("Accept and open a case")
	p.See("Wilhelmina")
	program.stands("accepted")
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
	p.Fill("Why is it needed, and why this much?", "The midwife asks her nothing again. No more than the stage goes.")
	p.Keeps(harness.Axe, harness.Reflow)
	pictured(p, "message/stage")
	p.Click("Check before you send")
	p.Keeps(harness.Axe, harness.Reflow)
	pictured(p, "message/stage-check")
	if strings.Contains(p.Text(), "Why does it leave all the same?") {
		p.Fill("Why does it leave all the same?", "She asked for it herself.")
	}
	p.Click("Record and tell the referrer")
	p.See("Wilhelmina")
	program.stands("in-progress")

	as("Midwife")
	p.Goto("/referrals").See("Lighthouse Advocacy")
	found := false
	for _, link := range p.Links() {
		if strings.Contains(link, "/referrals/") && !found {
			p.Goto(link)
			found = strings.Contains(p.Text(), "They take up the support")
		}
	}
	if !found {
		t.Fatal("the midwife does not hear how far it has come")
	}
	p.DontSee("Is afraid to go home")
	pictured(p, "message/told")
	p.Click("I have received this")
	p.DontSee("I have received this")
	if strings.Contains(s.Output(), "Wilhelmina") || strings.Contains(s.Output(), program.secret) {
		t.Error("the log tells of the person, or the secret")
	}
}

// machine is another system.
type machine struct {
	t                    *testing.T
	base, client, secret string
}

func (m machine) do(method, path, kind, body string, want int) string {
	m.t.Helper()
	r, err := http.NewRequestWithContext(m.t.Context(), method, m.base+path, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	if path != "/oauth/token" {
		r.Header.Set("Authorization", "Bearer "+m.token())
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	text, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode != want {
		m.t.Fatalf("%s %s: %d, %v\n%s", method, path, a.StatusCode, err, text)
	}
	return string(text)
}

func (m machine) token() string {
	m.t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {m.client}, "client_secret": {m.secret}}
	var a struct {
		Token string `json:"access_token"`
	}
	text := m.do(http.MethodPost, "/oauth/token", "application/x-www-form-urlencoded", form.Encode(), http.StatusOK)
	if err := json.Unmarshal([]byte(text), &a); err != nil || a.Token == "" {
		m.t.Fatalf("no token: %v", err)
	}
	return a.Token
}

func (m machine) post(body string, want int) string {
	m.t.Helper()
	return m.do(http.MethodPost, "/fhir/$process-message", "application/fhir+json", body, want)
}

// stands fails unless the Task of the referral has a status, and names nobody.
func (m machine) stands(status string) {
	m.t.Helper()
	text := m.do(http.MethodGet, "/fhir/Task?focus:identifier=urn:uuid:"+request, "application/fhir+json", "", http.StatusOK)
	var found struct {
		Entry []struct {
			Resource struct{ Status string }
		}
	}
	if err := json.Unmarshal([]byte(text), &found); err != nil || len(found.Entry) != 1 || found.Entry[0].Resource.Status != status {
		m.t.Errorf("the program does not see that it is %s: %v\n%s", status, err, text)
	}
	for _, word := range []string{"Wilhelmina", "Quill", "Fridays"} {
		if strings.Contains(text, word) {
			m.t.Errorf("a Task says %q", word)
		}
	}
}

const request = "7c1c2f34-0d2b-4c55-9a53-3b0f4d3c9e02"

// message is an urgent referral to a team.
func message(team string) string {
	return strings.NewReplacer("TEAM", team, "REQUEST", request).Replace(`{"resourceType":"Bundle","type":"message","timestamp":"2026-06-15T09:30:00Z","entry":[
 {"fullUrl":"urn:uuid:7c1c2f34-0d2b-4c55-9a53-3b0f4d3c9e01","resource":{"resourceType":"MessageHeader","id":"7c1c2f34-0d2b-4c55-9a53-3b0f4d3c9e01",
  "eventCoding":{"system":"https://fhir.nhs.uk/CodeSystem/message-events-bars","code":"servicerequest-request"},
  "reason":{"coding":[{"system":"https://fhir.nhs.uk/CodeSystem/message-reason-bars","code":"new"}]},
  "source":{"endpoint":"https://records.example/fhir"},"sender":{"reference":"urn:uuid:7c1c2f34-0d2b-4c55-9a53-3b0f4d3c9e03"},"focus":[{"reference":"urn:uuid:REQUEST"}]}},
 {"fullUrl":"urn:uuid:REQUEST","resource":{"resourceType":"ServiceRequest","status":"active","intent":"plan","priority":"urgent",
  "category":[{"coding":[{"system":"https://waymark.invalid/codes/referral-subject","code":"experiencing"}]}],
  "subject":{"reference":"urn:uuid:7c1c2f34-0d2b-4c55-9a53-3b0f4d3c9e04"},"performer":[{"reference":"urn:uuid:7c1c2f34-0d2b-4c55-9a53-3b0f4d3c9e05"}]}},
 {"fullUrl":"urn:uuid:7c1c2f34-0d2b-4c55-9a53-3b0f4d3c9e03","resource":{"resourceType":"Organization","name":"Exmoorland Hospital Trust (fictional)"}},
 {"fullUrl":"urn:uuid:7c1c2f34-0d2b-4c55-9a53-3b0f4d3c9e04","resource":{"resourceType":"Patient","name":[{"family":"Quill","given":["Wilhelmina"]}],"birthDate":"1997"}},
 {"fullUrl":"urn:uuid:7c1c2f34-0d2b-4c55-9a53-3b0f4d3c9e05","resource":{"resourceType":"HealthcareService","identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:TEAM"}]}},
 {"fullUrl":"urn:uuid:7c1c2f34-0d2b-4c55-9a53-3b0f4d3c9e06","resource":{"resourceType":"QuestionnaireResponse","status":"completed","item":[
  {"linkId":"why","answer":[{"valueString":"Is afraid to go home on Fridays."}]},
  {"linkId":"protects","answer":[{"valueString":"Wilhelmina"}]},{"linkId":"harm","answer":[{"valueString":"Being hurt at home"}]}]}}]}`)
}
