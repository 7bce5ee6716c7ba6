package pathway_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	measurescontent "waymark/content/measures"
	pathwayscontent "waymark/content/pathways"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/enquiry"
	"waymark/internal/casework/pathway"
	"waymark/internal/platform/measures"
	"waymark/internal/registers/guideline"
	"waymark/internal/registers/provision"
)

// known is what there is, as the program knows it.
func known(t testing.TB) pathway.Known {
	t.Helper()
	kinds, err := measures.ParseKinds(measurescontent.Facts)
	must(t, err)
	registry, err := measures.NewRegistry(london, kinds, nil)
	must(t, err)
	own, err := guideline.Shipped()
	must(t, err)
	ids := map[string]bool{}
	for _, o := range own.Obligations {
		ids[o.ID] = true
	}
	k := pathway.Known{Fact: registry.Possible, Obligation: func(id string) bool { return ids[id] }}
	for _, s := range enquiry.Settings {
		k.Settings = append(k.Settings, s.Code)
	}
	return k
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func shipped(t testing.TB) []pathway.Document {
	t.Helper()
	files, err := pathwayscontent.Pathways()
	must(t, err)
	out := make([]pathway.Document, len(files))
	for i, data := range files {
		out[i], err = pathway.Parse(data, known(t))
		must(t, err)
	}
	return out
}

// There is a pathway for people who experience abuse, for people who harm and
// for children; each assesses the risk to adults, where it is theirs, and to
// children, and high risk leads to MARAC and to an IDVA both.
//
// Proves: B6.6, B6.7
func TestThePathwaysThatShip(t *testing.T) {
	seen := map[pathway.For]bool{}
	for _, d := range shipped(t) {
		seen[d.For] = true
		assessed := map[pathway.Assess]bool{}
		for _, s := range d.Steps {
			assessed[s.Assess] = true
		}
		if !assessed[pathway.Children] || !assessed[pathway.Adults] && d.For != pathway.Child {
			t.Errorf("%s assesses %v", d.ID, assessed)
		}
		if d.ID != "experiencing" {
			continue
		}
		calls := map[string]bool{}
		for _, s := range d.Steps {
			calls[s.ID] = s.Each
		}
		if !calls["marac"] || !calls["idva"] {
			t.Errorf("high risk calls for %v", calls)
		}
	}
	if len(seen) != 3 {
		t.Errorf("there are pathways for %v", seen)
	}
}

// Each line takes a pathway that ships and breaks it in one place.
//
// Proves: B6.6, B6.7
func TestAPathwayThatCannotBeFollowedIsRefused(t *testing.T) {
	files, err := pathwayscontent.Pathways()
	must(t, err)
	whole := string(files[0])
	for name, tt := range map[string]struct{ old, with, says string }{
		"no step for adults":    {`"assesses": "adults",`, ``, "risk to adults (B6.6)"},
		"no step for children":  {`"assesses": "children",`, ``, "risk to children (B6.7)"},
		"another format":        {`waymark-pathway/1`, `waymark-pathway/9`, "can be read"},
		"an unknown element":    {`"for":`, `"gender": "female", "for":`, "unknown field"},
		"an entry that is none": {`"event": "risk.high"`, `"event": "risk.awful"`, `"risk.awful"`},
		"a fact that is none":   {`"fact": "need.recorded"`, `"fact": "need.guessed"`, `"need.guessed"`},
		"a property":            {`"domain": "alcohol"`, `"colour": "red"`, `"colour"`},
		"a value":               {`"subject": "experiencing"`, `"subject": "nobody"`, `"nobody"`},
		"a compartment":         {`"domain": "alcohol"`, `"domain": "entitlement"`, "compartment"},
		"an obligation":         {`"B9.1"`, `"B99.1"`, `"B99.1"`},
		"two things at once":    {`"event": "safety.immediate"`, `"event": "safety.immediate", "party": "child"`, "more than one thing"},
		"no time":               {`"hours": 24`, `"hours": 0`, "within hours or working days"},
		"an id twice":           {`"id": "marac"`, `"id": "idva"`, "no id of its own"},
		"a page":                {`"page": "risk/new"`, `"page": "https://example.org"`, "leads to the page"},
		"a box":                 {`"boxes": [`, `"boxes": [77, `, "box 77"},
		"what follows":          {"\n}\n", "\n}\n{}", "goes on"},
	} {
		broken := strings.Replace(whole, tt.old, tt.with, 1)
		if broken == whole {
			t.Errorf("%s: %q is not in the file", name, tt.old)
			continue
		}
		_, err := pathway.Parse([]byte(broken), known(t))
		var problems pathway.Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", name, err, tt.says)
		}
	}
}

// What is written of a document is the same document.
func TestADocumentIsWrittenAsItWasRead(t *testing.T) {
	for _, d := range shipped(t) {
		text, err := json.Marshal(d)
		must(t, err)
		again, err := pathway.Parse(text, known(t))
		must(t, err)
		twice, err := json.Marshal(again)
		must(t, err)
		if string(text) != string(twice) {
			t.Errorf("%s is another one after reading it", d.ID)
		}
	}
}

// Whatever a file holds, it is read or refused, and never more than that.
func FuzzParse(f *testing.F) {
	files, err := pathwayscontent.Pathways()
	if err != nil {
		f.Fatal(err)
	}
	for _, data := range files {
		f.Add(data)
	}
	f.Add([]byte(`{"pathway":"waymark-pathway/1","steps":[{"when":{"not":{"not":{"not":{}}}}}]}`))
	f.Add([]byte(`[]`))
	k := known(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := pathway.Parse(data, k)
		if err != nil {
			return
		}
		d.Follow(pathway.Facts{}, nil, monday, london)
	})
}

// What the pathways that ship call for, of what boxes 6 to 12 and 15 speak of; each
// step cites what it serves and which recommendation it follows.
//
// Proves: B6.1, B6.2, B6.4, B6.5, B7.24, B9.5, B9.8, B15.1, G6
func TestWhatThePathwaysThatShipCallFor(t *testing.T) {
	need := func(domain string) pathway.Happening {
		return pathway.Happening{Fact: "need.recorded", Where: map[string]string{"domain": domain, "term": "immediate"}, At: monday}
	}
	told := func(kind, name, value string) pathway.Happening {
		return pathway.Happening{Fact: kind, Where: map[string]string{name: value}, At: monday}
	}
	children := map[cases.Role]time.Time{cases.Child: monday}
	documents := map[string]pathway.Document{}
	for _, d := range shipped(t) {
		documents[d.ID] = d
		for _, s := range d.Steps {
			if len(s.Serves) == 0 || len(s.Follows) == 0 || s.Title == "" {
				t.Errorf("%s of %s cites nothing: %v, %v", s.ID, d.ID, s.Serves, s.Follows)
			}
		}
	}
	for name, tt := range map[string]struct {
		pathway string
		facts   pathway.Facts
		steps   []string
		takers  []provision.Kind
	}{
		"high risk: MARAC and an IDVA, both":      {"experiencing", pathway.Facts{Happened: []pathway.Happening{happened(cases.HighRisk, monday)}}, []string{"marac", "idva", "safety-plan"}, []provision.Kind{provision.MARAC, provision.IDVA}},
		"a child":                                 {"children", pathway.Facts{Happened: []pathway.Happening{happened(cases.Disclosed, monday)}, Parties: children}, []string{"safeguarding-lead", "childrens-service"}, []provision.Kind{provision.ChildrensCare, provision.ChildrenService}},
		"care and support needs":                  {"experiencing", pathway.Facts{Happened: []pathway.Happening{need("daily")}}, []string{"adult-safeguarding", "capacity"}, []provision.Kind{provision.AdultCare}},
		"drink":                                   {"experiencing", pathway.Facts{Happened: []pathway.Happening{need("alcohol")}}, []string{"alcohol"}, []provision.Kind{provision.Alcohol}},
		"drugs":                                   {"experiencing", pathway.Facts{Happened: []pathway.Happening{need("drugs")}}, []string{"drugs"}, []provision.Kind{provision.Drugs}},
		"mental health":                           {"experiencing", pathway.Facts{Happened: []pathway.Happening{need("mental_health")}}, []string{"mental-health"}, []provision.Kind{provision.MentalHealth, provision.Practice}},
		"forced marriage":                         {"experiencing", pathway.Facts{Happened: []pathway.Happening{happened(cases.MarriageTold, monday)}}, []string{"forced-marriage"}, []provision.Kind{provision.ForcedMarriage}},
		"'honour'":                                {"experiencing", pathway.Facts{Happened: []pathway.Happening{told("disclosure.honour", "about", "honour")}}, []string{"forced-marriage"}, []provision.Kind{provision.ForcedMarriage}},
		"entitlement, of everybody":               {"experiencing", pathway.Facts{Happened: []pathway.Happening{happened(cases.SupportBegun, monday)}}, []string{"safety-plan", "support-plan", "circumstances", "local-group"}, []provision.Kind{provision.Entitlement, provision.SupportGroup}},
		"no shared language":                      {"experiencing", pathway.Facts{Happened: []pathway.Happening{told("interpreter.needed", "by", "relative")}}, []string{"interpreter"}, []provision.Kind{provision.Interpreting}},
		"an interpreter at an appointment":        {"experiencing", pathway.Facts{Happened: []pathway.Happening{told("appointment.ended", "interpreter", "professional")}}, []string{"interpreter"}, []provision.Kind{provision.Interpreting}},
		"none was needed there":                   {"experiencing", pathway.Facts{Happened: []pathway.Happening{told("appointment.ended", "interpreter", "none")}}, nil, nil},
		"a release":                               {"experiencing", pathway.Facts{Happened: []pathway.Happening{told("plan.change", "change", "release")}}, []string{"release"}, []provision.Kind{provision.Prison}},
		"nowhere to live":                         {"experiencing", pathway.Facts{Happened: []pathway.Happening{need("housing")}}, []string{"housing"}, []provision.Kind{provision.Refuge, provision.Housing}},
		"somebody who harms":                      {"perpetrating", pathway.Facts{Happened: []pathway.Happening{happened(cases.Disclosed, monday)}}, []string{"safety-of-others", "children", "offer-programme"}, []provision.Kind{provision.ChildrensCare, provision.Programme}},
		"somebody who harms, and drinks":          {"perpetrating", pathway.Facts{Happened: []pathway.Happening{need("alcohol")}}, []string{"substances"}, []provision.Kind{provision.Alcohol, provision.Drugs}},
		"told in general practice":                {"general-practice", pathway.Facts{Happened: []pathway.Happening{told("disclosure.experiencing", "setting", "general_practice")}}, []string{"practice-today", "practice-children", "practice-refer", "practice-record"}, []provision.Kind{provision.ChildrensCare, provision.DomesticAbuse, provision.IDVA}},
		"told elsewhere":                          {"general-practice", pathway.Facts{Happened: []pathway.Happening{told("disclosure.experiencing", "setting", "police")}}, nil, nil},
		"a child whose family needs interpreting": {"children", pathway.Facts{Happened: []pathway.Happening{told("interpreter.needed", "by", "none")}, Parties: children}, []string{"childs-interpreter"}, []provision.Kind{provision.Interpreting}},
	} {
		var steps []string
		var takers []provision.Kind
		for _, st := range documents[tt.pathway].Follow(tt.facts, nil, monday, london) {
			steps, takers = append(steps, st.Step.ID), append(takers, st.Step.Takers...)
		}
		if !slices.Equal(steps, tt.steps) || !slices.Equal(takers, tt.takers) {
			t.Errorf("%s: calls for %v taken by %v, want %v by %v", name, steps, takers, tt.steps, tt.takers)
		}
	}
}
