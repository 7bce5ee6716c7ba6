package pathway

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// canonical is the name by which other systems know pathways; it is a name and
// leads nowhere.
const canonical = "urn:waymark:pathway:"

type fhirPlan struct {
	ResourceType string          `json:"resourceType"`
	ID           string          `json:"id"`
	URL          string          `json:"url"`
	Version      string          `json:"version"`
	Name         string          `json:"name"`
	Title        string          `json:"title"`
	Type         fhirConcept     `json:"type"`
	Status       string          `json:"status"`
	Subject      fhirConcept     `json:"subjectCodeableConcept"`
	Date         string          `json:"date,omitempty"`
	Description  string          `json:"description"`
	Topic        []fhirConcept   `json:"topic,omitempty"`
	Related      []fhirReference `json:"relatedArtifact,omitempty"`
	Action       []fhirAction    `json:"action"`
}

type fhirConcept struct {
	Coding []fhirCoding `json:"coding,omitempty"`
	Text   string       `json:"text,omitempty"`
}

type fhirCoding struct {
	System  string `json:"system"`
	Code    string `json:"code"`
	Display string `json:"display,omitempty"`
}

type fhirReference struct {
	Type     string `json:"type"`
	Label    string `json:"label,omitempty"`
	Citation string `json:"citation,omitempty"`
}

type fhirAction struct {
	ID            string            `json:"id"`
	Prefix        string            `json:"prefix"`
	Title         string            `json:"title"`
	Description   string            `json:"description,omitempty"`
	Text          string            `json:"textEquivalent"`
	Priority      string            `json:"priority"`
	Documentation []fhirReference   `json:"documentation"`
	Condition     []fhirCondition   `json:"condition"`
	Timing        fhirDuration      `json:"timingDuration"`
	Participant   []fhirParticipant `json:"participant,omitempty"`
	Required      string            `json:"requiredBehavior"`
	Cardinality   string            `json:"cardinalityBehavior"`
}

type fhirCondition struct {
	Kind       string         `json:"kind"`
	Expression fhirExpression `json:"expression"`
}

type fhirExpression struct {
	Description string `json:"description"`
	Language    string `json:"language"`
	Expression  string `json:"expression"`
}

type fhirDuration struct {
	Extension []fhirExtension `json:"extension,omitempty"`
	Value     int             `json:"value"`
	Unit      string          `json:"unit"`
	System    string          `json:"system"`
	Code      string          `json:"code"`
}

type fhirExtension struct {
	URL   string `json:"url"`
	Value bool   `json:"valueBoolean"`
}

type fhirParticipant struct {
	Type string      `json:"type"`
	Role fhirConcept `json:"role"`
}

// FHIR is the pathway as a FHIR R4 PlanDefinition (JSON). Its conditions are
// FHIRPath over a record of events (kind), facts (kind and properties) and parties
// (role), with their words beside them. A time in
// working days says so in an extension; without it, it reads as the same number
// of days, which is sooner.
func (v Version) FHIR() ([]byte, error) {
	d := v.Document
	out := fhirPlan{
		ResourceType: "PlanDefinition", ID: d.ID, URL: canonical + d.ID, Version: fmt.Sprint(v.Number), Name: fhirName(d.ID), Title: d.Title, Status: v.status("active", "retired"),
		Type:        fhirConcept{Coding: []fhirCoding{{"http://terminology.hl7.org/CodeSystem/plan-definition-type", "workflow-definition", "Workflow Definition"}}},
		Subject:     fhirConcept{Text: d.For.Label()},
		Description: d.Summary,
	}
	if !v.PublishedAt.IsZero() {
		out.Date = v.PublishedAt.UTC().Format(time.DateOnly)
	}
	for _, b := range d.Boxes {
		out.Topic = append(out.Topic, fhirConcept{Text: fmt.Sprintf("NICE PH50, box %d", b)})
	}
	out.Related = []fhirReference{{Type: "derived-from", Label: "NICE PH50", Citation: "Domestic violence and abuse: multi-agency working (NICE guideline PH50)"}}
	for n, s := range d.Steps {
		out.Action = append(out.Action, s.action(n+1))
	}
	return json.MarshalIndent(out, "", "  ")
}

// status is one word for a version that is or may be followed, another for one
// that was withdrawn.
func (v Version) status(followed, withdrawn string) string {
	if v.WithdrawnAt.IsZero() {
		return followed
	}
	return withdrawn
}

// fhirName is an id as FHIR asks for names that programs use.
func fhirName(id string) string {
	var b strings.Builder
	b.WriteString("Waymark")
	for part := range strings.SplitSeq(id, "-") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}

func (s Step) action(number int) fhirAction {
	a := fhirAction{
		ID: s.ID, Prefix: fmt.Sprint(number), Title: s.Title, Description: s.Text, Text: "When: " + s.When.Words() + ". " + s.Soon() + ".",
		Priority: "routine", Required: "could", Cardinality: "single",
		Timing: fhirDuration{Value: s.Within.Hours, Unit: "hours", System: "http://unitsofmeasure.org", Code: "h"},
	}
	if s.Urgent {
		a.Priority = "urgent"
	}
	if s.Each {
		a.Cardinality = "multiple"
	}
	if s.Within.Hours == 0 {
		a.Timing.Value, a.Timing.Unit, a.Timing.Code = s.Within.Days, "working days", "d"
		a.Timing.Extension = []fhirExtension{{URL: canonical + "working-days", Value: true}}
	}
	conditions := []struct {
		kind string
		of   Condition
	}{{"applicability", s.When}, {"applicability", Condition{Not: &s.Unless}}, {"stop", s.Done}}
	if s.Unless.IsZero() {
		conditions[1].of = Condition{}
	}
	for _, c := range conditions {
		if c.of.IsZero() {
			continue
		}
		a.Condition = append(a.Condition, fhirCondition{c.kind, fhirExpression{c.of.Words(), "text/fhirpath", c.of.FHIRPath()}})
	}
	for _, id := range s.Serves {
		a.Documentation = append(a.Documentation, fhirReference{Type: "citation", Label: id, Citation: "Obligation " + id})
	}
	for _, r := range s.Follows {
		a.Documentation = append(a.Documentation, fhirReference{Type: "citation", Label: fmt.Sprintf("PH50 rec. %d", r), Citation: fmt.Sprintf("NICE PH50, recommendation %d", r)})
	}
	for _, k := range s.Takers {
		a.Participant = append(a.Participant, fhirParticipant{"practitioner", fhirConcept{Coding: []fhirCoding{{canonical + "kind-of-service", string(k), k.Label()}}, Text: k.Label()}})
	}
	for _, o := range s.Offers {
		a.Participant = append(a.Participant, fhirParticipant{"practitioner", fhirConcept{Text: o}})
	}
	return a
}

// FHIRPath is a condition as FHIRPath. What a document names are codes that were
// checked, so nothing in them needs an escape.
func (c Condition) FHIRPath() string {
	list := func(all []Condition, with string) string {
		parts := make([]string, len(all))
		for i, inner := range all {
			parts[i] = inner.FHIRPath()
		}
		return "(" + strings.Join(parts, with) + ")"
	}
	one := func(of, name, value string) string { return of + ".where(" + name + " = '" + value + "').exists()" }
	switch {
	case c.Event != "":
		return one("event", "kind", string(c.Event))
	case c.Party != "":
		return one("party", "role", string(c.Party))
	case len(c.All) > 0:
		return list(c.All, " and ")
	case len(c.Any) > 0:
		return list(c.Any, " or ")
	case c.Not != nil:
		return c.Not.FHIRPath() + ".not()"
	}
	text := "fact.where(kind = '" + c.Fact + "'"
	for _, name := range slices.Sorted(maps.Keys(c.Where)) {
		text += " and " + name + " = '" + c.Where[name] + "'"
	}
	return text + ").exists()"
}
