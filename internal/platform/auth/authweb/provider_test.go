package authweb_test

import (
	"context"
	"net/url"
	"testing"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/auth/authweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
)

// elsewhere is a provider that says what the test wants.
type elsewhere struct{ claims auth.Claims }

func (*elsewhere) Label() string { return "Fictional Trust" }

func (*elsewhere) Ask(_ context.Context, state, back string) (auth.ProviderAsk, error) {
	return auth.ProviderAsk{URL: "https://id.trust.example/auth?" + url.Values{"state": {state}, "back": {back}}.Encode(), Nonce: "n", Verifier: "v"}, nil
}

func (e *elsewhere) Answer(context.Context, auth.ProviderAsk, string, string) (auth.Claims, error) {
	return e.claims, nil
}

func TestSigningInWithAProvider(t *testing.T) {
	e := &elsewhere{}
	o := options()
	pages := o.Pages
	o.Pages = func(t testing.TB, s *webtest.Site) [][]web.Route {
		tables := pages(t, s)
		tables[0] = authweb.New(authweb.Config{Auth: s.Auth, Home: webtest.Home, Away: away, Issuer: "Local Services", Provider: e}).Routes()
		return tables
	}
	webtest.Each(t, o, func(t *testing.T, s *webtest.Site) {
		id := ada(t, s)
		permit, err := s.Guard.Allow(t.Context(), webtest.Operator, auth.ActCreate, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return s.Auth.Vouch(ctx, tx, permit, id, "https://id.trust.example", "ada@trust.example")
		}); err != nil {
			t.Fatal(err)
		}
		e.claims = auth.Claims{Issuer: "https://id.trust.example", Subject: "s1", Email: "ada@trust.example", EmailVerified: true, Second: true}
		b := s.Anyone(t)
		b.Get("/sign-in").OK(t).Says(t, "Sign in with Fictional Trust")
		goes := func(b *webtest.Browser) string {
			t.Helper()
			u, err := url.Parse(b.Get("/sign-in/provider?next=/desk/7").Header.Get("Location"))
			if err != nil || u.Host != "id.trust.example" {
				t.Fatalf("sent to %v, %v", u, err)
			}
			return "/sign-in/provider/return?" + url.Values{"state": {u.Query().Get("state")}, "code": {"c"}}.Encode()
		}
		back := goes(b)
		// Somebody else's way back, as in a link that an attacker sends.
		s.Anyone(t).Get(back).Invalid(t, "username").Says(t, "could not be signed in")
		before := b.Copy()
		b.Get(back).SeeOther(t, "/desk/7").Follow(t).OK(t).Says(t, "Ada Fictional")
		before.Get("/desk/7").SignInFirst(t)
		b.Get(back).Invalid(t, "username") // once
		b.Get("/desk/7").OK(t)

		e.claims.Second = false
		c := s.Anyone(t)
		c.Get(goes(c)).Invalid(t, "username").SaysNot(t, "Ada")
		c.Get("/desk/7").SignInFirst(t)
	})
}
