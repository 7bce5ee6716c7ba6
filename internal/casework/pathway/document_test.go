package pathway_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	measurescontent "waymark/content/measures"
	pathwayscontent "waymark/content/pathways"
	"waymark/internal/casework/enquiry"
	"waymark/internal/casework/pathway"
	"waymark/internal/platform/measures"
	"waymark/internal/registers/guideline"
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
