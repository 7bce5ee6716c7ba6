package authweb

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
)

// Where programs get tokens (RFC 6749, section 4.4), and find out where (RFC 8414).
const (
	TokenPath    = "/oauth/token" //nolint:gosec // an address
	MetadataPath = "/.well-known/oauth-authorization-server"
)

// ProgramRoutes are those for programs.
func (p *Pages) ProgramRoutes() []web.Route {
	return []web.Route{
		{
			Method: http.MethodPost, Pattern: TokenPath, Public: "a client proves itself with its secret", Alike: true, Handler: p.token, Fault: oauthFault,
		},
		{Method: http.MethodGet, Pattern: MetadataPath, Public: "where programs get tokens", Alike: true, Handler: p.metadata, Fault: oauthFault},
	}
}

const jsonType = "application/json"

// oauthError is an error as RFC 6749, section 5.2, words it.
func oauthError(status int, code, words string) web.Answer {
	body, err := json.Marshal(map[string]string{"error": code, "error_description": words})
	if err != nil {
		body = []byte(`{"error":"server_error"}`)
	}
	a := web.Answer{Status: status, Type: jsonType, Body: body, Header: map[string]string{"Pragma": "no-cache"}}
	if status == http.StatusUnauthorized {
		a.Header["WWW-Authenticate"] = `Basic realm="programs", charset="UTF-8"`
	}
	return a
}

func oauthFault(f web.Fault) web.Answer {
	if f.Status >= http.StatusInternalServerError {
		return oauthError(f.Status, "server_error", "Something went wrong here. Try again later")
	}
	return oauthError(f.Status, "invalid_request", "The request cannot be read")
}

// token gives a client a token for some minutes.
func (p *Pages) token(ctx context.Context, r *web.Request) (web.Response, error) {
	if media, _, err := mime.ParseMediaType(r.Header("Content-Type")); err != nil || media != "application/x-www-form-urlencoded" {
		return oauthError(http.StatusBadRequest, "invalid_request", "Send a form"), nil //nolint:nilerr // it is the answer
	}
	body, err := r.Body()
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return oauthError(http.StatusBadRequest, "invalid_request", "The form cannot be read"), nil //nolint:nilerr // it is the answer
	}
	for _, values := range form {
		if len(values) > 1 {
			return oauthError(http.StatusBadRequest, "invalid_request", "A parameter stands twice"), nil
		}
	}
	client, secret, wrong := proof(r, form)
	if wrong != nil {
		return *wrong, nil
	}
	if form.Get("grant_type") != "client_credentials" {
		if form.Get("grant_type") == "" {
			return oauthError(http.StatusBadRequest, "invalid_request", "Say which grant_type"), nil
		}
		return oauthError(http.StatusBadRequest, "unsupported_grant_type", "The grant_type is client_credentials"), nil
	}
	var scope []policy.Action
	for _, s := range strings.Fields(form.Get("scope")) {
		scope = append(scope, policy.Action(s))
	}
	access, err := p.cfg.Auth.GetAccess(ctx, client, secret, scope, r.From())
	switch {
	case errors.Is(err, auth.ErrClient):
		return oauthError(http.StatusUnauthorized, "invalid_client", "The client or its secret is not right"), nil
	case errors.Is(err, auth.ErrScope):
		return oauthError(http.StatusBadRequest, "invalid_scope", "The client was not given that scope"), nil
	case errors.Is(err, auth.ErrTooMany):
		a := oauthError(http.StatusTooManyRequests, "temporarily_unavailable", "Too many tries")
		a.Header["Retry-After"] = "30"
		return a, nil
	case err != nil:
		return nil, err
	}
	given := make([]string, len(access.Actions))
	for i, a := range access.Actions {
		given[i] = string(a)
	}
	out, err := json.Marshal(map[string]any{
		"access_token": access.Token, "token_type": "Bearer", "expires_in": int(access.Lasts.Seconds()), "scope": strings.Join(given, " "),
	})
	return web.Answer{Type: jsonType, Body: out, Header: map[string]string{"Pragma": "no-cache"}}, err
}

// proof is what a client proves itself with: in the header or in the form, and not
// in both.
func proof(r *web.Request, form url.Values) (client, secret string, wrong *web.Answer) {
	refused := func(status int, code, words string) (string, string, *web.Answer) {
		a := oauthError(status, code, words)
		return "", "", &a
	}
	inForm := form.Has("client_id") || form.Has("client_secret")
	if r.Header("Authorization") == "" {
		if !form.Has("client_id") || !form.Has("client_secret") {
			return refused(http.StatusUnauthorized, "invalid_client", "Send the client and its secret")
		}
		return form.Get("client_id"), form.Get("client_secret"), nil
	}
	name, password, ok := r.BasicAuth()
	if !ok {
		return refused(http.StatusUnauthorized, "invalid_client", "Send the client and its secret")
	}
	if inForm && (form.Has("client_secret") || form.Get("client_id") != name) {
		return refused(http.StatusBadRequest, "invalid_request", "Send the secret once")
	}
	// Both are encoded as in a form before they are joined (section 2.3.1).
	client, err := url.QueryUnescape(name)
	secret, secretErr := url.QueryUnescape(password)
	if err != nil || secretErr != nil {
		return refused(http.StatusUnauthorized, "invalid_client", "Send the client and its secret")
	}
	return client, secret, nil
}

func (p *Pages) metadata(_ context.Context, r *web.Request) (web.Response, error) {
	out, err := json.Marshal(map[string]any{
		"issuer": r.Site(), "token_endpoint": r.Site() + TokenPath, "grant_types_supported": []string{"client_credentials"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"}, "response_types_supported": []string{},
	})
	return web.Answer{Type: jsonType, Body: out}, err
}
