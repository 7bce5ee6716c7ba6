package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"waymark/internal/platform/store"
	"waymark/internal/platform/web/ui"
)

// contentSecurity allows our own files and nothing else, no inline script or
// style (S1).
const contentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// broughtSecurity goes with what is not a page of ours: nothing in it runs,
// loads or is sent anywhere, whatever a browser takes it for.
const broughtSecurity = "default-src 'none'; sandbox; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// setHeaders puts the headers of S1 and S4 on every answer, errors and assets
// included.
func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", contentSecurity)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Permissions-Policy", "geolocation=(), camera=(), microphone=(), display-capture=(), browsing-topics=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Robots-Tag", "noarchive")
}

func assetRoute() Route {
	return Route{
		Method: http.MethodGet, Pattern: "/assets/{name}",
		Public: "style sheets, scripts and icons of every page", Alike: true, Handler: asset,
	}
}

func asset(_ context.Context, r *Request) (Response, error) {
	file, ok := ui.FindAsset(r.Path("name"))
	if !ok {
		return nil, store.ErrNotFound
	}
	c := Content{Type: file.ContentType, Body: file.Body, Forever: true, varies: file.Gzip != nil}
	if c.varies && takesGzip(r.http.Header.Values("Accept-Encoding")) {
		c.Body, c.Gzipped = file.Gzip, true
	}
	return c, nil
}

// takesGzip reads Accept-Encoding as far as it concerns gzip (RFC 9110, section
// 12.5.3): named, or covered by *, and not with a weight of nought.
func takesGzip(headers []string) bool {
	var named, any bool
	for item := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		coding, params, _ := strings.Cut(item, ";")
		weight, hasWeight := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(params), " ", ""), "q=")
		q, err := strconv.ParseFloat(weight, 64)
		takes := !hasWeight || err == nil && q > 0
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			if !takes {
				return false
			}
			named = true
		case "*":
			any = takes
		}
	}
	return named || any
}
