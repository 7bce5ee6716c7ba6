package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// kept is what somebody filled in and the service could not save, to be copied
// from the page that says so, or sent again.
type kept struct {
	path   string
	fields []keptField
	whole  bool // nothing is left out
}

type keptField struct{ name, value string }

// secrets are words in the names of fields that are never put on a page again.
var secrets = []string{"password", "passphrase", "code", "token", "secret"}

// reads tells whether the request asks for something, rather than to change it.
func (r *Request) reads() bool {
	return r.http.Method == http.MethodGet || r.http.Method == http.MethodHead
}

func (r *Request) kept() kept {
	k := kept{path: r.http.URL.EscapedPath(), whole: true}
	if r.reads() {
		return k
	}
	form, err := r.Form()
	if err != nil {
		return kept{}
	}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(strings.ToLower(name), s) }) {
			k.whole = false
			continue
		}
		for _, value := range form[name] {
			k.fields = append(k.fields, keptField{name, value})
		}
	}
	return k
}

// texts are what was typed in words, rather than chosen.
func (k kept) texts() []string {
	var out []string
	for _, f := range k.fields {
		if strings.ContainsAny(f.value, " \n") {
			out = append(out, f.value)
		}
	}
	return out
}
