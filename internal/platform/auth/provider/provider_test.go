package provider_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"
	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/auth/provider"
)

const (
	client = "waymark-test"
	back   = "https://waymark.test/sign-in/provider/return"
)

var now = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

// issuer is a provider that signs whatever the test wants said.
type issuer struct {
	t      *testing.T
	url    string
	signs  *ecdsa.PrivateKey
	says   map[string]any
	raw    string // in place of what is signed
	given  url.Values
	answer int
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{t: t, signs: key}
	keys := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: "k", Algorithm: oidc.ES256}}}
	mux := http.NewServeMux()
	mux.Handle("/", keys)
	mux.HandleFunc("POST /token", i.token)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	keys.SetIssuer(s.URL)
	i.url = s.URL
	return i
}

func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || i.answer != 0 {
		http.Error(w, "no", max(i.answer, http.StatusBadRequest))
		return
	}
	i.given = r.PostForm
	raw := i.raw
	if raw == "" {
		raw = sign(i.t, i.signs, i.says)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": raw})
}

func sign(t *testing.T, key crypto.Signer, says map[string]any) string {
	t.Helper()
	text, err := json.Marshal(says)
	if err != nil {
		t.Fatal(err)
	}
	return oidctest.SignIDToken(key, "k", oidc.ES256, string(text))
}

func (i *issuer) client(t *testing.T) *provider.Provider {
	t.Helper()
	p, err := provider.New(provider.Config{
		Issuer: i.url, ClientID: client, Secret: "s", Label: "Fictional Trust", ACR: []string{"urn:two"}, AMR: []string{"mfa"},
		Clock: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (i *issuer) honest(ask auth.ProviderAsk) map[string]any {
	return map[string]any{
		"iss": i.url, "aud": client, "sub": "subject-1", "email": "Ada@trust.example", "email_verified": true, "nonce": ask.Nonce,
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "amr": []string{"pwd", "mfa"},
	}
}

func TestWhatAProviderSaysIsChecked(t *testing.T) {
	i := newIssuer(t)
	p := i.client(t)
	ask, err := p.Ask(t.Context(), "the-state", back)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(ask.URL)
	if err != nil {
		t.Fatal(err)
	}
	challenge := sha256.Sum256([]byte(ask.Verifier))
	for name, want := range map[string]string{
		"state": "the-state", "nonce": ask.Nonce, "code_challenge_method": "S256", "response_type": "code", "redirect_uri": back,
		"code_challenge": base64.RawURLEncoding.EncodeToString(challenge[:]), "client_id": client, "scope": "openid email", "acr_values": "urn:two",
	} {
		if got := u.Query().Get(name); got != want || want == "" {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if again, err := p.Ask(t.Context(), "x", back); err != nil || again.Nonce == ask.Nonce || again.Verifier == ask.Verifier {
		t.Errorf("two sign-ins share what tells them apart: %v", err)
	}

	i.says = i.honest(ask)
	got, err := p.Answer(t.Context(), ask, "code", back)
	want := auth.Claims{Issuer: i.url, Subject: "subject-1", Email: "Ada@trust.example", EmailVerified: true, Second: true}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%s %v", d, err)
	}
	if i.given.Get("code_verifier") != ask.Verifier || i.given.Get("code") != "code" {
		t.Errorf("the provider was given %v", i.given)
	}
}

// A claim that was left out, changed or signed by somebody else proves nothing.
func TestDowngradedClaimsAreRefused(t *testing.T) {
	i := newIssuer(t)
	p := i.client(t)
	ask, err := p.Ask(t.Context(), "s", back)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	part := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	with := func(name string, value any) map[string]any {
		says := i.honest(ask)
		says[name] = value
		if value == nil {
			delete(says, name)
		}
		return says
	}
	good := sign(t, i.signs, i.honest(ask))
	// What is public, or known to both, keys no signature: not the secret, and
	// not the provider's key taken for one.
	public, err := x509.MarshalPKIXPublicKey(i.signs.Public())
	if err != nil {
		t.Fatal(err)
	}
	keyed := func(with []byte) string {
		text := part(map[string]any{"alg": "HS256", "kid": "k", "typ": "JWT"}) + "." + part(i.honest(ask))
		mac := hmac.New(sha256.New, with)
		_, _ = mac.Write([]byte(text))
		return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
	asPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	jwk, err := json.Marshal(map[string]any{"kty": "oct", "k": base64.RawURLEncoding.EncodeToString([]byte("x"))})
	if err != nil {
		t.Fatal(err)
	}
	brings := part(map[string]any{"alg": "HS256", "kid": "k", "jwk": json.RawMessage(jwk)}) + "." + part(i.honest(ask)) + "." + base64.RawURLEncoding.EncodeToString([]byte("x"))
	for what, raw := range map[string]string{
		"no algorithm":            part(map[string]any{"alg": "none"}) + "." + part(i.honest(ask)) + ".",
		"keyed with the secret":   part(map[string]any{"alg": "HS256", "kid": "k"}) + "." + part(i.honest(ask)) + "." + base64.RawURLEncoding.EncodeToString([]byte("x")),
		"keyed as it should":      keyed([]byte("s")),
		"keyed with a public key": keyed(asPEM),
		"keyed with its bytes":    keyed(public),
		"brings its own key":      brings,
		"None":                    part(map[string]any{"alg": "None"}) + "." + part(i.honest(ask)) + ".",
		"nOnE, signed":            part(map[string]any{"alg": "nOnE"}) + "." + part(i.honest(ask)) + "." + good[strings.LastIndex(good, ".")+1:],
		"an algorithm of no one":  part(map[string]any{"kid": "k"}) + "." + part(i.honest(ask)) + "." + good[strings.LastIndex(good, ".")+1:],
		"no audience":             sign(t, i.signs, with("aud", nil)),
		"no issuer":               sign(t, i.signs, with("iss", nil)),
		"no end":                  sign(t, i.signs, with("exp", nil)),
		"not yet":                 sign(t, i.signs, with("nbf", now.Add(time.Hour).Unix())),
		"an issuer's neighbour":   sign(t, i.signs, with("iss", i.url+".evil.example")),
		"another's signature":     sign(t, other, i.honest(ask)),
		"no signature":            good[:strings.LastIndex(good, ".")+1],
		"changed claims":          strings.Split(good, ".")[0] + "." + part(with("sub", "subject-2")) + "." + strings.Split(good, ".")[2],
		"another audience":        sign(t, i.signs, with("aud", "another-service")),
		"audiences, no party":     sign(t, i.signs, with("aud", []string{client, "another-service"})),
		"another party":           sign(t, i.signs, with("azp", "another-service")),
		"another issuer":          sign(t, i.signs, with("iss", "https://elsewhere.example")),
		"another sign-in":         sign(t, i.signs, with("nonce", "x")),
		"no nonce":                sign(t, i.signs, with("nonce", nil)),
		"too old":                 sign(t, i.signs, with("exp", now.Add(-time.Minute).Unix())),
		"nothing":                 "x",
	} {
		i.raw = raw
		if got, err := p.Answer(t.Context(), ask, "code", back); err == nil || got.Subject != "" {
			t.Errorf("%s: accepted as %+v", what, got)
		}
	}
	i.raw = ""
	for what, says := range map[string]map[string]any{
		"a list with no words": with("amr", []string{}), "another spelling": with("amr", []string{"MFA", " mfa", "mfa "}),
		"no amr": with("amr", nil), "password only": with("amr", []string{"pwd"}), "another acr": func() map[string]any {
			says := with("amr", nil)
			says["acr"] = "urn:one"
			return says
		}(),
	} {
		i.says = says
		if got, err := p.Answer(t.Context(), ask, "code", back); err != nil || got.Second {
			t.Errorf("%s counts as a second factor, or %v", what, err)
		}
	}
	says := maps.Clone(i.honest(ask))
	delete(says, "amr")
	says["acr"], says["email_verified"] = "urn:two", "false"
	i.says = says
	if got, err := p.Answer(t.Context(), ask, "code", back); err != nil || !got.Second || got.EmailVerified {
		t.Errorf("%v %v", got.Second, err)
	}
}

func TestAProviderThatDoesNotAnswer(t *testing.T) {
	i := newIssuer(t)
	p := i.client(t)
	ask, err := p.Ask(t.Context(), "s", back)
	if err != nil {
		t.Fatal(err)
	}
	i.answer = http.StatusInternalServerError
	if _, err := p.Answer(t.Context(), ask, "code", back); err == nil {
		t.Error("accepted")
	}
	if _, err := p.Answer(t.Context(), ask, "", back); err == nil {
		t.Error("accepted without a code")
	}
	gone, err := provider.New(provider.Config{Issuer: "http://127.0.0.1:1", ClientID: client, AMR: []string{"mfa"}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := gone.Ask(ctx, "s", back); err == nil {
		t.Error("asked nobody")
	}
	for _, c := range []provider.Config{{ClientID: client, AMR: []string{"mfa"}}, {Issuer: "https://x.example", AMR: []string{"mfa"}}, {Issuer: "https://x.example", ClientID: client}} {
		if _, err := provider.New(c); err == nil {
			t.Errorf("%q %q: configured", c.Issuer, c.ClientID)
		}
	}
}
