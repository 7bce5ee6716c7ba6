package pathway_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/casework/pathway"
	"waymark/internal/casework/pathway/pathwaytest"
	"waymark/internal/platform/fhirpath"
)

// definitions are those of the JSON schema of FHIR R4, nil when it is not at hand.
func definitions(t *testing.T) map[string]any {
	t.Helper()
	path := os.Getenv("WAYMARK_FHIR_SCHEMA")
	if docs := os.Getenv("WAYMARK_OFFICIAL_DOCS"); path == "" && docs != "" {
		path = filepath.Join(docs, "..", "schemas", "fhir-r4", "fhir-r4-reduced.schema.json")
	}
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	must(t, err)
	var s struct{ Definitions map[string]any }
	must(t, json.Unmarshal(data, &s))
	return s.Definitions
}

// understood are the words of a schema that conforms knows. One that it does not
// would go unnoticed, so it is a fault.
var understood = []string{"$ref", "type", "pattern", "enum", "const", "items", "properties", "required", "additionalProperties", "oneOf", "description"}

// conforms says what is wrong with a value by a rule of the schema.
func conforms(all map[string]any, at string, rule map[string]any, value any) (out []string) {
	bad := func(format string, args ...any) { out = append(out, at+": "+fmt.Sprintf(format, args...)) }
	for word := range rule {
		if !slices.Contains(understood, word) {
			bad("the schema says %q", word)
		}
	}
	if ref, is := rule["$ref"].(string); is {
		to, _ := all[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any)
		if to == nil {
			bad("there is no %s", ref)
			return out
		}
		return append(out, conforms(all, at, to, value)...)
	}
	text, isText := value.(string)
	if list, is := rule["enum"].([]any); is && !slices.Contains(list, value) {
		bad("%v is none of %v", value, list)
	}
	if want, is := rule["const"]; is && want != value {
		bad("%v is not %v", value, want)
	}
	if p, is := rule["pattern"].(string); is && isText && !regexp.MustCompile(p).MatchString(text) {
		bad("%q is not like %s", text, p)
	}
	_, isNumber := value.(float64)
	_, isTruth := value.(bool)
	list, isList := value.([]any)
	if ok, asks := map[string]bool{"string": isText, "number": isNumber, "boolean": isTruth, "array": isList}[fmt.Sprint(rule["type"])]; asks && !ok {
		bad("%v is no %v", value, rule["type"])
	}
	one, _ := rule["items"].(map[string]any)
	for n, v := range list {
		out = append(out, conforms(all, fmt.Sprintf("%s[%d]", at, n), one, v)...)
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
			bad("has %s", name)
			continue
		}
		out = append(out, conforms(all, at+"."+name, of, v)...)
	}
	return out
}

// Every pathway that ships is a PlanDefinition by the schema of FHIR R4, with the
// rules of FHIR that no schema says, and nothing of it is lost.
//
// Proves: B6.1
func TestAPathwayIsAPlanDefinition(t *testing.T) {
	all := definitions(t)
	if all == nil {
		t.Log("left out: the schema of FHIR (neither WAYMARK_FHIR_SCHEMA nor WAYMARK_OFFICIAL_DOCS is set)")
	}
	for _, d := range shipped(t) {
		data, err := pathway.Version{Document: d}.FHIR()
		must(t, err)
		var value map[string]any
		must(t, json.Unmarshal(data, &value))
		plan := map[string]any{"$ref": "#/definitions/PlanDefinition"}
		if all != nil {
			for _, f := range conforms(all, d.ID, plan, value) {
				t.Error(f)
			}
			value["actions"], value["status"] = value["action"], "ready"
			if got := conforms(all, d.ID, plan, value); len(got) != 2 {
				t.Errorf("of a broken plan it says %q", got)
			}
		}
		if name := fmt.Sprint(value["name"]); !regexp.MustCompile(`^[A-Z]([A-Za-z0-9_]){0,254}$`).MatchString(name) {
			t.Errorf("the name %q breaks pdf-0", name)
		}
		actions, _ := value["action"].([]any)
		if len(actions) != len(d.Steps) {
			t.Fatalf("%s has %d actions for %d steps", d.ID, len(actions), len(d.Steps))
		}
		for n, s := range d.Steps {
			a, _ := actions[n].(map[string]any)
			timing, _ := a["timingDuration"].(map[string]any)
			if a["id"] != s.ID || timing["value"] != float64(s.Within.Hours+s.Within.Days) || timing["system"] != "http://unitsofmeasure.org" || timing["code"] == nil {
				t.Errorf("%s is %v", s.ID, a)
			}
			cited := fmt.Sprint(a["documentation"])
			for _, id := range s.Serves {
				if !strings.Contains(cited, id) {
					t.Errorf("%s does not cite %s", s.ID, id)
				}
			}
			conditions, _ := a["condition"].([]any)
			first, _ := conditions[0].(map[string]any)
			expression, _ := first["expression"].(map[string]any)
			if expression["expression"] != s.When.FHIRPath() || expression["description"] != s.When.Words() || expression["language"] != "text/fhirpath" {
				t.Errorf("%s is called for by %v", s.ID, expression)
			}
		}
	}
}

// element is any element of XML.
type element struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Inner   []element  `xml:",any"`
	Text    string     `xml:",chardata"`
}

func (e element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// of are the elements with a name, wherever they are.
func (e element) of(name string) []element {
	var out []element
	for _, inner := range e.Inner {
		if inner.XMLName.Local == name {
			out = append(out, inner)
		}
		out = append(out, inner.of(name)...)
	}
	return out
}

// Every pathway that ships is BPMN 2.0 with its diagram: each id once, each flow
// between two nodes that name it, everything reached from the start and leading to
// the end, each node and flow drawn once, and no task drawn over another.
//
// Proves: B6.1
func TestAPathwayIsAProcess(t *testing.T) {
	for _, d := range shipped(t) {
		data, err := pathway.Version{Document: d}.BPMN()
		must(t, err)
		var root element
		must(t, xml.Unmarshal(data, &root))
		if root.XMLName != (xml.Name{Space: "http://www.omg.org/spec/BPMN/20100524/MODEL", Local: "definitions"}) {
			t.Fatalf("it is %v", root.XMLName)
		}
		ids, drawn := map[string]element{}, map[string]int{}
		var walk func(element)
		walk = func(e element) {
			if id := e.attr("id"); id != "" {
				if _, twice := ids[id]; twice {
					t.Errorf("%s: two have the id %s", d.ID, id)
				}
				ids[id] = e
			}
			for _, inner := range e.Inner {
				walk(inner)
			}
		}
		walk(root)
		for id := range ids {
			if !regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`).MatchString(id) {
				t.Errorf("%q is no id of XML", id)
			}
		}
		if tasks := root.of("userTask"); len(tasks) != len(d.Steps) {
			t.Errorf("%s has %d tasks for %d steps", d.ID, len(tasks), len(d.Steps))
		}
		forward, back := map[string][]string{}, map[string][]string{}
		for _, f := range root.of("sequenceFlow") {
			from, to := ids[f.attr("sourceRef")], ids[f.attr("targetRef")]
			names := func(e element, what string) bool {
				return slices.ContainsFunc(e.of(what), func(one element) bool { return strings.TrimSpace(one.Text) == f.attr("id") })
			}
			if !names(from, "outgoing") || !names(to, "incoming") {
				t.Errorf("%s: %s is not named by both ends", d.ID, f.attr("id"))
			}
			forward[from.attr("id")] = append(forward[from.attr("id")], to.attr("id"))
			back[to.attr("id")] = append(back[to.attr("id")], from.attr("id"))
			if to.XMLName.Local == "userTask" && len(f.of("conditionExpression")) != 1 {
				t.Errorf("%s: nothing says when %s goes", d.ID, f.attr("id"))
			}
		}
		reached := func(from string, over map[string][]string) map[string]bool {
			seen, next := map[string]bool{from: true}, []string{from}
			for len(next) > 0 {
				one := next[0]
				next = next[1:]
				for _, to := range over[one] {
					if !seen[to] {
						seen[to], next = true, append(next, to)
					}
				}
			}
			return seen
		}
		nodes := slices.Concat(root.of("startEvent"), root.of("inclusiveGateway"), root.of("userTask"), root.of("endEvent"))
		there, home := reached("start", forward), reached("end", back)
		for _, n := range nodes {
			if id := n.attr("id"); !there[id] || !home[id] {
				t.Errorf("%s: %s is not on the way from the start to the end", d.ID, id)
			}
		}
		for _, what := range []string{"BPMNShape", "BPMNEdge"} {
			for _, s := range root.of(what) {
				drawn[s.attr("bpmnElement")]++
				if (what == "BPMNShape") != (len(s.of("Bounds")) == 1) || (what == "BPMNEdge") != (len(s.of("waypoint")) >= 2) {
					t.Errorf("%s: %s is drawn wrongly", d.ID, s.attr("id"))
				}
			}
		}
		for _, n := range slices.Concat(nodes, root.of("sequenceFlow")) {
			if drawn[n.attr("id")] != 1 {
				t.Errorf("%s: %s is drawn %d times", d.ID, n.attr("id"), drawn[n.attr("id")])
			}
		}
		at := map[string]bool{}
		for _, b := range root.of("Bounds") {
			place := b.attr("x") + "," + b.attr("y")
			if at[place] {
				t.Errorf("%s: two are drawn at %s", d.ID, place)
			}
			at[place] = true
		}
	}
}

// A condition as FHIRPath holds on a record exactly when the condition does.
func TestAConditionAsFHIRPathSaysTheSame(t *testing.T) {
	held, not := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		c, facts := someCondition(r, 2), someFacts(r)
		record := map[string][]map[string]string{}
		for _, h := range facts.Happened {
			if h.Event != "" {
				record["event"] = append(record["event"], map[string]string{"kind": string(h.Event)})
				continue
			}
			record["fact"] = append(record["fact"], map[string]string{"kind": h.Fact, "by": h.Where["by"]})
		}
		for role := range facts.Parties {
			record["party"] = append(record["party"], map[string]string{"role": string(role)})
		}
		data, err := json.Marshal(record)
		must(t, err)
		document, err := fhirpath.ParseDocument(data)
		must(t, err)
		expression, err := fhirpath.Parse(c.FHIRPath())
		if err != nil {
			r.Fatalf("%s: %v", c.FHIRPath(), err)
		}
		got, err := expression.Eval(fhirpath.Env{Focus: fhirpath.Collection{document.Root()}})
		must(t, err)
		_, want := pathwaytest.Holds(facts, c, false)
		if len(got) != 1 || got[0].Bool() != want {
			r.Errorf("%s on %s is %v, and the condition is %v", c.FHIRPath(), data, got, want)
		}
		if want {
			held++
		} else {
			not++
		}
	})
	if held == 0 || not == 0 {
		t.Errorf("it held %d times and did not %d", held, not)
	}
}
