package main

import (
	"crypto/tls"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

// transport is how the pages are reached.
type transport struct {
	TLSCert string         `help:"Certificate (PEM, with the chain) to serve HTTPS with; read anew when it changes." type:"existingfile" placeholder:"FILE" name:"tls-cert" env:"WAYMARK_TLS_CERT"`
	TLSKey  string         `help:"Its private key." type:"existingfile" placeholder:"FILE" name:"tls-key" env:"WAYMARK_TLS_KEY"`
	Site    *url.URL       `help:"Address by which people know this service, as https://waymark.example: links to be handed on and passkeys are made for it. Without it, for the host that a request names, so let the proxy pass on no other." placeholder:"URL" env:"WAYMARK_SITE"`
	Proxy   []netip.Prefix `help:"Network of a proxy in front, as 10.1.2.3/32, whose word on where a request came from is taken. This machine's own addresses need not be named." placeholder:"CIDR" env:"WAYMARK_PROXY"`
}

// known is the address by which people know the service, "" if it was not said.
func (c transport) known() (string, error) {
	if c.Site == nil {
		return "", nil
	}
	u := *c.Site
	if (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("%w: --site is an address without a path, as https://waymark.example", errUsage)
	}
	return u.Scheme + "://" + u.Host, nil
}

// scheme is how an address begins.
func (c transport) scheme() string {
	if c.TLSCert != "" {
		return "https"
	}
	return "http"
}

// config is nil without a certificate.
func (c transport) config() (*tls.Config, error) {
	if c.TLSCert == "" && c.TLSKey == "" {
		return nil, nil
	}
	if c.TLSCert == "" || c.TLSKey == "" {
		return nil, fmt.Errorf("%w: --tls-cert and --tls-key go together", errUsage)
	}
	pair := &certificate{cert: c.TLSCert, key: c.TLSKey}
	if _, err := pair.get(nil); err != nil {
		return nil, fmt.Errorf("the certificate: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.get}, nil
}

// certificate is a pair of files, read again when either changes. A pair that
// cannot be read, as in the middle of being renewed, leaves the last one in use.
type certificate struct {
	cert, key string

	mu   sync.Mutex
	read time.Time // of the newer file, when it was read
	pair *tls.Certificate
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	changed, err := c.changed()
	if err == nil && c.pair != nil && changed.Equal(c.read) {
		return c.pair, nil
	}
	if err == nil {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(c.cert, c.key); err == nil {
			c.pair, c.read = &pair, changed
		}
	}
	if c.pair == nil {
		return nil, err
	}
	return c.pair, nil
}

func (c *certificate) changed() (time.Time, error) {
	var newest time.Time
	for _, path := range []string{c.cert, c.key} {
		info, err := os.Stat(path)
		if err != nil {
			return newest, err
		}
		if info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	return newest, nil
}
