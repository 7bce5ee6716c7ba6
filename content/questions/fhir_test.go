package questioncontent

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fhirSchema is the JSON schema of FHIR R4, when it is at hand.
func fhirSchema(t *testing.T) (schema, bool) {
	t.Helper()
	path := os.Getenv("WAYMARK_FHIR_SCHEMA")
	if docs := os.Getenv("WAYMARK_OFFICIAL_DOCS"); path == "" && docs != "" {
		path = filepath.Join(docs, "..", "schemas", "fhir-r4", "fhir-r4-reduced.schema.json")
	}
	if path == "" {
		return nil, false
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return s, true
}

// schema is a JSON schema of the few words that the one of FHIR uses. An unknown
// one would go unnoticed, so they are counted.
type schema map[string]any

var understood = []string{"$ref", "type", "pattern", "enum", "const", "items", "properties", "required", "additionalProperties", "oneOf", "description"}

// faults are what is wrong with a value, each with its place.
func (s schema) faults(at string, rule map[string]any, value any) []string {
	var out []string
	bad := func(format string, args ...any) { out = append(out, at+": "+fmt.Sprintf(format, args...)) }
	for word := range rule {
		if !slices.Contains(understood, word) {
			bad("the schema says %q, which this test does not understand", word)
		}
	}
	if ref, is := rule["$ref"].(string); is {
		definitions, _ := s["definitions"].(map[string]any)
		to, _ := definitions[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any)
		if to == nil {
			bad("the schema has no %s", ref)
			return out
		}
		return append(out, s.faults(at, to, value)...)
	}
	if want, is := rule["const"]; is && want != value {
		bad("%v is not %v", value, want)
	}
	if list, is := rule["enum"].([]any); is && !slices.Contains(list, value) {
		bad("%v is none of %v", value, list)
	}
	if pattern, is := rule["pattern"].(string); is {
		if text, isText := value.(string); isText && !regexp.MustCompile(pattern).MatchString(text) {
			bad("%q is not like %s", text, pattern)
		}
	}
	ok := true
	switch rule["type"] {
	case "string":
		_, ok = value.(string)
	case "boolean":
		_, ok = value.(bool)
	case "number":
		_, ok = value.(float64)
	case "array":
		_, ok = value.([]any)
	}
	if !ok {
		bad("%v is no %v", value, rule["type"])
	}
	if list, is := value.([]any); is {
		one, _ := rule["items"].(map[string]any)
		for n, v := range list {
			out = append(out, s.faults(fmt.Sprintf("%s[%d]", at, n), one, v)...)
		}
	}
	properties, isObject := rule["properties"].(map[string]any)
	if !isObject {
		return out
	}
	object, is := value.(map[string]any)
	if !is {
		bad("is no object")
		return out
	}
	required, _ := rule["required"].([]any)
	for _, name := range required {
		if _, there := object[fmt.Sprint(name)]; !there {
			bad("has no %v", name)
		}
	}
	for name, v := range object {
		of, known := properties[name].(map[string]any)
		if !known {
			bad("has %s, which FHIR does not know there", name)
			continue
		}
		out = append(out, s.faults(at+"."+name, of, v)...)
	}
	return out
}

// Every set that ships is a FHIR R4 Questionnaire by the schema.
func TestEverySetThatShipsIsAQuestionnaireByTheSchema(t *testing.T) {
	s, there := fhirSchema(t)
	if !there {
		t.Skip("neither WAYMARK_FHIR_SCHEMA nor WAYMARK_OFFICIAL_DOCS is set, so the sets were not compared with the schema of FHIR")
	}
	sets, err := Sets()
	if err != nil {
		t.Fatal(err)
	}
	definition := map[string]any{"$ref": "#/definitions/Questionnaire"}
	for _, set := range sets {
		var value map[string]any
		if err := json.Unmarshal(set.Form, &value); err != nil {
			t.Fatal(err)
		}
		for _, f := range s.faults(fmt.Sprint(value["name"]), definition, value) {
			t.Error(f)
		}
		// The check notices what is wrong.
		value["items"] = value["item"]
		value["status"] = "ready"
		if got := s.faults("broken", definition, value); len(got) != 2 {
			t.Errorf("of a broken form it says %q", got)
		}
	}
}

// invariants are what FHIR asks of an item (que-1 to que-13), in the order of
// their numbers.
func invariants(item map[string]any, seen map[string]bool) []string {
	var out []string
	has := func(name string) bool { _, there := item[name]; return there }
	kind, _ := item["type"].(string)
	rule := func(n int, holds bool) {
		if !holds {
			out = append(out, fmt.Sprintf("que-%d", n))
		}
	}
	id, _ := item["linkId"].(string)
	list := func(name string) []any { l, _ := item[name].([]any); return l }
	display, group, choice := kind == "display", kind == "group", kind == "choice" || kind == "open-choice"
	rule(1, (!group || has("item")) && (!display || !has("item")))
	rule(2, !seen[id])
	seen[id] = true
	rule(3, !display || !has("code"))
	rule(4, !has("answerOption") || !has("answerValueSet"))
	rule(5, choice || !has("answerValueSet"))
	rule(6, !display || !has("required") && !has("repeats"))
	for _, w := range list("enableWhen") {
		when, _ := w.(map[string]any)
		_, truth := when["answerBoolean"]
		rule(7, when["operator"] != "exists" || truth)
	}
	rule(8, !group && !display || !has("initial"))
	rule(9, !display || !has("readOnly"))
	simple := []string{"boolean", "decimal", "integer", "string", "text", "url", "open-choice"}
	rule(10, !has("maxLength") || slices.Contains(simple, kind))
	rule(11, !has("answerOption") || !has("initial"))
	rule(12, len(list("enableWhen")) < 2 || has("enableBehavior"))
	rule(13, item["repeats"] == true || len(list("initial")) < 2)
	for _, inner := range list("item") {
		under, _ := inner.(map[string]any)
		out = append(out, invariants(under, seen)...)
	}
	return out
}

func TestEverySetThatShipsKeepsTheInvariants(t *testing.T) {
	sets, err := Sets()
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range sets {
		var form struct {
			Name string
			Item []map[string]any
		}
		if err := json.Unmarshal(set.Form, &form); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, i := range form.Item {
			for _, broken := range invariants(i, seen) {
				t.Errorf("%s, under %v: %s", form.Name, i["linkId"], broken)
			}
		}
		if len(seen) < 4 {
			t.Errorf("%s: %d items were looked at", form.Name, len(seen))
		}
	}
	// Each of them notices what breaks it.
	for n, text := range map[int]string{
		1: `{"linkId":"a","type":"group"}`, 2: `{"linkId":"a","type":"group","item":[{"linkId":"a","type":"string"}]}`, 3: `{"linkId":"a","type":"display","code":[]}`,
		4: `{"linkId":"a","type":"choice","answerOption":[],"answerValueSet":"x"}`, 5: `{"linkId":"a","type":"string","answerValueSet":"x"}`, 6: `{"linkId":"a","type":"display","required":true}`,
		7: `{"linkId":"a","type":"string","enableWhen":[{"operator":"exists","answerString":"x"}]}`, 8: `{"linkId":"a","type":"display","initial":[]}`, 9: `{"linkId":"a","type":"display","readOnly":true}`,
		10: `{"linkId":"a","type":"date","maxLength":3}`, 11: `{"linkId":"a","type":"choice","answerOption":[],"initial":[]}`, 12: `{"linkId":"a","type":"string","enableWhen":[{},{}]}`,
		13: `{"linkId":"a","type":"string","initial":[{},{}]}`,
	} {
		var item map[string]any
		if err := json.Unmarshal([]byte(text), &item); err != nil {
			t.Fatal(err)
		}
		if got := invariants(item, map[string]bool{}); !slices.Equal(got, []string{fmt.Sprintf("que-%d", n)}) {
			t.Errorf("%s breaks %q, want que-%d", text, got, n)
		}
	}
}
