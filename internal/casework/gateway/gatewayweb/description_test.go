package gatewayweb_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi/datamodel"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"waymark/internal/casework/gateway"
)

type object = map[string]any

// description is openapi.json as a test reads it.
type description struct {
	doc     object
	schemas *jsonschema.Compiler
	seen    map[string]bool // method, path and status of what was answered
}

const home = "https://waymark.example/openapi.json"

func read(t *testing.T) *description {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(gateway.Description())))
	must(t, err)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	must(t, c.AddResource(home, doc))
	d, ok := doc.(object)
	if !ok {
		t.Fatal("the description is no object")
	}
	return &description{doc: d, schemas: c, seen: map[string]bool{}}
}

// at is what stands at a place of the document, and the place that it leads to.
func (d *description) at(t *testing.T, keys ...string) (object, []string) {
	t.Helper()
	here := d.doc
	for _, k := range keys {
		next, ok := here[k].(object)
		if !ok {
			return nil, nil
		}
		here = next
	}
	if ref, ok := here["$ref"].(string); ok && len(here) == 1 {
		return d.at(t, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
	return here, keys
}

// check holds a document against the schema at a place.
func (d *description) check(t *testing.T, body []byte, keys []string) {
	t.Helper()
	var at strings.Builder
	for _, k := range keys {
		at.WriteString("/" + url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(k)))
	}
	s, err := d.schemas.Compile(home + "#" + at.String())
	must(t, err)
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
	if err == nil {
		err = s.Validate(v)
	}
	if err != nil {
		t.Errorf("%s: %v\n%s", strings.Join(keys, " "), err, body)
	}
}

// operations are the methods and paths of the description.
func (d *description) operations(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	paths, _ := d.at(t, "paths")
	for path := range paths {
		item, _ := d.at(t, "paths", path)
		for method := range item {
			responses, _ := d.at(t, "paths", path, method, "responses")
			for status := range responses {
				out[strings.ToUpper(method)+" "+path] = append(out[strings.ToUpper(method)+" "+path], status)
			}
		}
	}
	return out
}

// answered holds an answer against what is described of it.
func (d *description) answered(t *testing.T, method, path string, status int, header http.Header, body []byte) {
	t.Helper()
	code := strconv.Itoa(status)
	keys := []string{"paths", path, strings.ToLower(method), "responses", code}
	response, at := d.at(t, keys...)
	if response == nil {
		t.Errorf("%s %s answers %d, which is not described\n%s", method, path, status, body)
		return
	}
	d.seen[method+" "+path+" "+code] = true
	content, _ := response["content"].(object)
	kind := header.Get("Content-Type")
	switch {
	case len(content) == 0 && (len(body) > 0 || kind != ""):
		t.Errorf("%s %s %d: %s with %d bytes, where none are described", method, path, status, kind, len(body))
	case len(content) > 0 && content[kind] == nil:
		t.Errorf("%s %s %d is %q, which is not described", method, path, status, kind)
	case len(content) > 0:
		d.check(t, body, append(slices.Clone(at), "content", kind, "schema"))
	}
	headers, _ := response["headers"].(object)
	for name := range headers {
		if name != "X-Request-Id" && header.Get(name) == "" {
			t.Errorf("%s %s %d has no %s", method, path, status, name)
		}
	}
}

// The description is one by the schema of OpenAPI 3.1, and each schema in it is one
// of JSON Schema 2020-12.
func TestTheDescriptionIsOpenAPI(t *testing.T) {
	d := read(t)
	var official any
	must(t, json.Unmarshal([]byte(datamodel.OpenAPI31SchemaData), &official))
	c := jsonschema.NewCompiler()
	const at = "https://spec.openapis.org/oas/3.1/schema/test"
	if o, ok := official.(object); ok {
		delete(o, "$id") // it may not be fetched, and is at hand
	}
	must(t, c.AddResource(at, official))
	s, err := c.Compile(at)
	must(t, err)
	if err := s.Validate(d.doc); err != nil {
		t.Error(err)
	}
	schemas, _ := d.at(t, "components", "schemas")
	for name := range schemas {
		if _, err := d.schemas.Compile(home + "#/components/schemas/" + name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A schema that takes everything would hold nothing together.
	broken := strings.Replace(string(gateway.Description()), `"openapi": "3.1.0"`, `"openapi": "3.0.0"`, 1)
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(broken))
	if err != nil || s.Validate(v) == nil {
		t.Errorf("another version is taken for one of 3.1: %v", err)
	}
}

// Each example fits its schema, and each scope is an action that a client can be
// given.
func TestExamplesFitTheirSchemas(t *testing.T) {
	d := read(t)
	examples := 0
	var walk func(keys []string, v any)
	walk = func(keys []string, v any) {
		switch v := v.(type) {
		case object:
			if e, ok := v["example"]; ok && v["schema"] != nil {
				body, err := json.Marshal(e)
				must(t, err)
				d.check(t, body, append(slices.Clone(keys), "schema"))
				examples++
			}
			for k, one := range v {
				if k != "example" {
					walk(append(slices.Clone(keys), k), one)
				}
			}
		case []any:
		}
	}
	walk(nil, d.doc)
	if examples < 6 {
		t.Errorf("%d examples", examples)
	}
}

// Each route is described, and each description is a route, with the scope that its
// action wants.
func TestRoutesAndDescriptionAreTheSame(t *testing.T) {
	d := read(t)
	described := d.operations(t)
	scopes, _ := d.at(t, "components", "securitySchemes", "program", "flows", "clientCredentials", "scopes")
	for _, r := range routes() {
		path := strings.TrimSuffix(r.Pattern, "{$}")
		key := r.Method + " " + path
		if described[key] == nil {
			t.Errorf("%s is not described", r)
			continue
		}
		delete(described, key)
		op, _ := d.at(t, "paths", path, strings.ToLower(r.Method))
		var wants string
		if list, _ := op["security"].([]any); len(list) == 1 {
			one, _ := list[0].(object)
			names, _ := one["program"].([]any)
			wants, _ = names[0].(string)
		}
		if wants != string(r.Action) || wants != "" && scopes[wants] == nil {
			t.Errorf("%s wants %q and is described with %q", r, r.Action, wants)
		}
		for _, part := range strings.Split(path, "/") {
			if name, is := strings.CutPrefix(part, "{"); is && !strings.Contains(parameters(op), strings.TrimSuffix(name, "}")) {
				t.Errorf("%s does not say what %s is", r, part)
			}
		}
	}
	for key := range described {
		t.Errorf("%s is described, and no route", key)
	}
}

func parameters(op object) string {
	var names []string
	list, _ := op["parameters"].([]any)
	for _, p := range list {
		one, _ := p.(object)
		name, _ := one["name"].(string)
		names = append(names, name)
	}
	return strings.Join(names, " ")
}
