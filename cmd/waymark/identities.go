package main

import (
	"fmt"
	"os"
	"strings"

	"waymark/internal/platform/auth/provider"
	"waymark/internal/platform/store"
)

// identities are the flags of a provider of identities.
type identities struct {
	OIDCIssuer string   `help:"Address of an OpenID Connect provider that people may sign in with, once an administrator has vouched for them." placeholder:"URL" name:"oidc-issuer" env:"WAYMARK_OIDC_ISSUER" group:"Signing in with a provider of identities"`
	OIDCClient string   `help:"Client id at the provider." placeholder:"ID" name:"oidc-client" env:"WAYMARK_OIDC_CLIENT" group:"Signing in with a provider of identities"`
	OIDCSecret string   `help:"File with the client's secret." placeholder:"FILE" name:"oidc-secret-file" env:"WAYMARK_OIDC_SECRET_FILE" type:"path" group:"Signing in with a provider of identities"`
	OIDCLabel  string   `help:"What people call the provider." placeholder:"NAME" name:"oidc-label" env:"WAYMARK_OIDC_LABEL" group:"Signing in with a provider of identities"`
	OIDCACR    []string `help:"acr values of the provider that stand for a second factor; the first is asked for." placeholder:"VALUE" name:"oidc-acr" env:"WAYMARK_OIDC_ACR" group:"Signing in with a provider of identities"`
	OIDCAMR    []string `help:"amr values of the provider that stand for a second factor, such as mfa." placeholder:"VALUE" name:"oidc-amr" env:"WAYMARK_OIDC_AMR" group:"Signing in with a provider of identities"`
}

// provider is the provider of identities that the flags name, nil for none.
func (c identities) provider(clock store.Clock) (*provider.Provider, error) {
	if c.OIDCIssuer == "" {
		return nil, nil //nolint:nilnil // none is an answer
	}
	secret := ""
	if c.OIDCSecret != "" {
		text, err := os.ReadFile(c.OIDCSecret)
		if err != nil {
			return nil, fmt.Errorf("the secret at the provider of identities: %w", err)
		}
		secret = strings.TrimSpace(string(text))
	}
	p, err := provider.New(provider.Config{
		Issuer: c.OIDCIssuer, ClientID: c.OIDCClient, Secret: secret, Label: c.OIDCLabel, ACR: c.OIDCACR, AMR: c.OIDCAMR, Clock: clock,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUsage, err)
	}
	return p, nil
}
