// Package provider is the client of a provider of identities that speaks OpenID
// Connect, with which people sign in who have an account there.
//
// # Words
//
//   - A provider is the sign-in of somebody's own organisation, known by its
//     issuer.
//   - acr and amr are what a provider says of how somebody proved themselves
//     (OpenID Connect Core 1.0, section 2; RFC 8176).
//
// # Rules
//
//   - The provider's word is taken on who somebody is, never on what they may do
//     or that they have an account: an administrator vouches for that.
//   - Every sign-in has a state, a nonce and a PKCE verifier of its own.
//   - A second factor counts only if the provider says so in one of the ways that
//     this deployment was told to accept.
package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/store"
)

// Config says which provider is trusted, and with what.
type Config struct {
	Issuer   string // its address, without /.well-known
	ClientID string
	Secret   string
	Label    string // what people call it
	// ACR and AMR are the values of which one says that a second factor was
	// asked for. Without any, nobody signs in.
	ACR, AMR []string
	Clock    store.Clock
	// Client is the HTTP client; nil for one with a time limit.
	Client *http.Client
}

// limit is how long a provider may take to answer.
const limit = 10 * time.Second

// algorithms are those whose keys a provider publishes. None of them is "none",
// and none is keyed with the secret.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA}

// Provider is one provider of identities.
type Provider struct {
	cfg Config

	mu    sync.Mutex
	found *oidc.Provider // once it was asked
}

// New makes the client. The provider is asked at the first sign-in: this
// service starts without it.
func New(c Config) (*Provider, error) {
	switch {
	case c.Issuer == "" || c.ClientID == "":
		return nil, errors.New("a provider of identities needs an issuer and a client id")
	case len(c.ACR)+len(c.AMR) == 0:
		return nil, errors.New("say which acr or amr values of the provider stand for a second factor: without one, nobody could sign in with it")
	case c.Clock == nil:
		c.Clock = store.SystemClock
	}
	if c.Label == "" {
		c.Label = "your organisation"
	}
	if c.Client == nil {
		c.Client = &http.Client{Timeout: limit}
	}
	return &Provider{cfg: c}, nil
}

// Label is what people call it.
func (p *Provider) Label() string { return p.cfg.Label }

// Issuer is its name among providers.
func (p *Provider) Issuer() string { return p.cfg.Issuer }

func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil {
		// The keys are asked for again long after this request.
		ctx := oidc.ClientContext(context.WithoutCancel(ctx), p.cfg.Client)
		found, err := oidc.NewProvider(ctx, p.cfg.Issuer)
		if err != nil {
			return nil, fmt.Errorf("asking the provider of identities: %w", err)
		}
		p.found = found
	}
	return p.found, nil
}

func (p *Provider) flow(found *oidc.Provider, back string) oauth2.Config {
	return oauth2.Config{
		ClientID: p.cfg.ClientID, ClientSecret: p.cfg.Secret, Endpoint: found.Endpoint(),
		RedirectURL: back, Scopes: []string{oidc.ScopeOpenID, "email"},
	}
}

// Ask makes what one sign-in needs to be told apart from others, and the
// address to send the browser to.
func (p *Provider) Ask(ctx context.Context, state, back string) (auth.ProviderAsk, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return auth.ProviderAsk{}, err
	}
	ask := auth.ProviderAsk{Nonce: oauth2.GenerateVerifier(), Verifier: oauth2.GenerateVerifier()}
	options := []oauth2.AuthCodeOption{oidc.Nonce(ask.Nonce), oauth2.S256ChallengeOption(ask.Verifier)}
	if len(p.cfg.ACR) > 0 {
		options = append(options, oauth2.SetAuthURLParam("acr_values", p.cfg.ACR[0]))
	}
	flow := p.flow(found, back)
	ask.URL = flow.AuthCodeURL(state, options...)
	return ask, nil
}

// verified reads a claim that some providers send as a text.
type verified bool

func (v *verified) UnmarshalJSON(text []byte) error {
	*v = string(text) == "true" || string(text) == `"true"`
	return nil
}

// Answer exchanges the code that came back and checks what the provider signed:
// by whom, for whom, when, and for this very sign-in.
func (p *Provider) Answer(ctx context.Context, ask auth.ProviderAsk, code, back string) (auth.Claims, error) {
	if code == "" {
		return auth.Claims{}, errors.New("the provider sent no code")
	}
	found, err := p.discover(ctx)
	if err != nil {
		return auth.Claims{}, err
	}
	ctx = oidc.ClientContext(ctx, p.cfg.Client)
	flow := p.flow(found, back)
	token, err := flow.Exchange(ctx, code, oauth2.VerifierOption(ask.Verifier))
	if err != nil {
		return auth.Claims{}, fmt.Errorf("exchanging the code: %w", err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return auth.Claims{}, errors.New("the provider sent no identity")
	}
	return p.check(ctx, found, ask, raw)
}

func (p *Provider) check(ctx context.Context, found *oidc.Provider, ask auth.ProviderAsk, raw string) (auth.Claims, error) {
	id, err := found.VerifierContext(ctx, &oidc.Config{ClientID: p.cfg.ClientID, SupportedSigningAlgs: algorithms, Now: p.cfg.Clock}).Verify(ctx, raw)
	if err != nil {
		return auth.Claims{}, fmt.Errorf("checking the identity: %w", err)
	}
	if ask.Nonce == "" || id.Nonce != ask.Nonce {
		return auth.Claims{}, errors.New("the identity belongs to another sign-in")
	}
	var said struct {
		Email    string   `json:"email"`
		Verified verified `json:"email_verified"`
		ACR      string   `json:"acr"`
		AMR      []string `json:"amr"`
		Party    string   `json:"azp"`
	}
	if err := id.Claims(&said); err != nil {
		return auth.Claims{}, fmt.Errorf("reading the identity: %w", err)
	}
	if said.Party != "" && said.Party != p.cfg.ClientID || len(id.Audience) > 1 && said.Party == "" {
		return auth.Claims{}, errors.New("the identity was made for another service")
	}
	return auth.Claims{
		Issuer: id.Issuer, Subject: id.Subject, Email: said.Email, EmailVerified: bool(said.Verified),
		Second: said.ACR != "" && slices.Contains(p.cfg.ACR, said.ACR) ||
			slices.ContainsFunc(said.AMR, func(m string) bool { return slices.Contains(p.cfg.AMR, m) }),
	}, nil
}
