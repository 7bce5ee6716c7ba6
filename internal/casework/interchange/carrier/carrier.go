package carrier

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"waymark/internal/casework/interchange"
)

// Config is what a deployment decides about what leaves it.
type Config struct {
	// Allow are networks to which messages may go although they are private.
	Allow []netip.Prefix
	// Limit is how long a try may take, with its token; 0 for half a minute.
	Limit time.Duration
}

func (c Config) limit() time.Duration {
	if c.Limit <= 0 {
		return 30 * time.Second
	}
	return c.Limit
}

// answerMost bounds how much of an answer is read.
const answerMost = 1 << 20

// Carrier implements [interchange.Carrier].
type Carrier struct {
	client *http.Client
	limit  time.Duration

	mu     sync.Mutex
	tokens map[[32]byte]*oauth2.Token
}

// ErrNotAllowed is why there is no connection to where nothing may go.
var ErrNotAllowed = errors.New("messages may not go there")

// New makes the carrier.
func New(cfg Config) *Carrier {
	cfg.Limit = cfg.limit()
	return &Carrier{limit: cfg.Limit, tokens: map[[32]byte]*oauth2.Token{}, client: Client(cfg)}
}

// Client is what goes to other systems, and nowhere else: not into private networks,
// not where it is redirected to, not through a proxy.
func Client(cfg Config) *http.Client {
	cfg.Limit = cfg.limit()
	dialer := &net.Dialer{Timeout: cfg.Limit, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !Allowed(at.Addr(), cfg.Allow) {
			return ErrNotAllowed
		}
		return nil
	}}
	return &http.Client{
		Timeout:       cfg.Limit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, Proxy: nil, TLSHandshakeTimeout: cfg.Limit, ResponseHeaderTimeout: cfg.Limit,
			MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true, MaxResponseHeaderBytes: 64 << 10,
		},
	}
}

// shared are networks that are not of the Internet at large and that netip has no
// word for: carrier-grade NAT (RFC 6598), benchmarks (RFC 2544), translation
// (RFC 6052, RFC 8215), 6to4 (RFC 7526), what is reserved (RFC 1112), documentation.
var shared = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("fec0::/10"),
}

// Allowed tells whether messages may go to an address.
func Allowed(a netip.Addr, allow []netip.Prefix) bool {
	a = a.Unmap().WithZone("")
	in := func(p netip.Prefix) bool { return p.Contains(a) }
	if slices.ContainsFunc(allow, in) {
		return true
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && !a.IsLoopback() && !a.IsLinkLocalUnicast() && !slices.ContainsFunc(shared, in)
}

// token is one for an endpoint, which is kept as long as it lasts. It is asked for
// within the try.
func (c *Carrier) token(ctx context.Context, e interchange.Endpoint) (*oauth2.Token, [32]byte, error) {
	key := sha256.Sum256([]byte(strings.Join([]string{string(e.Agency), string(e.Team), e.TokenAddress, e.ClientID, e.Secret, e.Scope}, "\x00")))
	if t := c.kept(key); t != nil {
		return t, key, nil
	}
	cfg := clientcredentials.Config{
		ClientID: e.ClientID, ClientSecret: e.Secret, TokenURL: e.TokenAddress, Scopes: strings.Fields(e.Scope), AuthStyle: oauth2.AuthStyleInHeader,
	}
	t, err := cfg.Token(context.WithValue(ctx, oauth2.HTTPClient, c.client))
	if err != nil {
		return nil, key, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tokens[key] = t
	return t, key, nil
}

// kept is a token that still lasts; those that have ended are forgotten.
func (c *Carrier) kept(key [32]byte) *oauth2.Token {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.tokens, func(_ [32]byte, t *oauth2.Token) bool { return !t.Valid() })
	return c.tokens[key]
}

func (c *Carrier) forget(key [32]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.tokens, key)
}

// Carry implements [interchange.Carrier].
func (c *Carrier) Carry(ctx context.Context, p interchange.Parcel) (interchange.Verdict, string) {
	ctx, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	token, key, err := c.token(ctx, p.Endpoint)
	if err != nil {
		if why := unreached(err); why != "" {
			return interchange.Failed, why
		}
		return interchange.Failed, "no-token"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Endpoint.Address, bytes.NewReader(p.Body))
	if err != nil {
		return interchange.Failed, "not-reached"
	}
	token.SetAuthHeader(req)
	b64 := base64.StdEncoding.EncodeToString
	for name, value := range map[string]string{
		"Content-Type": interchange.MediaType, "Accept": interchange.MediaType + "; version=1.4.0",
		"X-Request-Id": p.ID, "X-Correlation-Id": p.ID, "NHSD-Target-Identifier": b64(p.Target), "NHSD-End-User-Organisation": b64(p.Sender),
		"NHSD-Requesting-Software": b64([]byte(`{"resourceType":"Device","deviceName":[{"name":"Waymark","type":"model-name"}]}`)),
	} {
		req.Header.Set(name, value)
	}
	res, err := c.client.Do(req)
	if err != nil {
		if why := unreached(err); why != "" {
			return interchange.Failed, why
		}
		return interchange.Failed, "not-reached"
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, answerMost+1))
	switch {
	case err != nil:
		return interchange.Failed, "too-slow"
	case len(body) > answerMost:
		return interchange.Failed, "too-large"
	case res.StatusCode == http.StatusUnauthorized:
		c.forget(key) // the next try gets another token
	}
	media, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil || media != interchange.MediaType && media != "application/json" {
		body = nil
	}
	return judge(res.StatusCode, body, p.ID)
}

// unreached is why there is no connection, if that is what is wrong.
func unreached(err error) string {
	var refused *oauth2.RetrieveError
	var timeout net.Error
	switch {
	case errors.Is(err, ErrNotAllowed):
		return "not-allowed"
	case errors.As(err, &refused):
		return ""
	case errors.As(err, &timeout) && timeout.Timeout():
		return "too-slow"
	case errors.As(err, &timeout):
		return "not-reached"
	}
	return ""
}

// final are the statuses that say of a message that it will not be taken. They
// count with an OperationOutcome alone: without one it may be a server in between.
var final = []int{400, 409, 410, 413, 415, 422}

// judge reads what an answer says of a message.
func judge(status int, body []byte, id string) (interchange.Verdict, string) {
	code := fmt.Sprintf("http %d", status)
	var doc struct {
		ResourceType string `json:"resourceType"`
		Entry        []struct {
			Resource struct {
				ResourceType string `json:"resourceType"`
				Response     *struct {
					Identifier string `json:"identifier"`
					Code       string `json:"code"`
				} `json:"response"`
			} `json:"resource"`
		} `json:"entry"`
		Issue []struct {
			Severity string `json:"severity"`
		} `json:"issue"`
	}
	understood := len(body) > 0 && json.Unmarshal(body, &doc) == nil
	switch {
	case status >= 300 && status < 400:
		return interchange.Failed, "redirected"
	case slices.Contains(final, status) && understood && doc.ResourceType == "OperationOutcome" && len(doc.Issue) > 0:
		return interchange.Declined, code
	case status < 200 || status >= 300:
		return interchange.Failed, code
	case !understood:
		return interchange.Failed, "not-understood"
	}
	if doc.ResourceType == "Bundle" && len(doc.Entry) > 0 {
		if r := doc.Entry[0].Resource; r.ResourceType == "MessageHeader" && r.Response != nil && r.Response.Identifier == id {
			switch r.Response.Code {
			case "ok":
				return interchange.Took, "ok"
			case "fatal-error":
				return interchange.Declined, "fatal"
			case "transient-error":
				return interchange.Failed, "transient"
			}
		}
	}
	if doc.ResourceType == "OperationOutcome" && len(doc.Issue) > 0 {
		for _, i := range doc.Issue {
			if i.Severity != "information" && i.Severity != "warning" && i.Severity != "success" {
				return interchange.Failed, "not-understood"
			}
		}
		return interchange.Took, "ok"
	}
	return interchange.Failed, "not-understood"
}
