package official

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAVersionIsReadBackAsItWasWritten(t *testing.T) {
	f := fixtures(t)
	for name, v := range map[string]*Version{"whole": mustParse(t, f...), "pathway alone": mustParse(t, f[0]), "zero": {}} {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var back Version
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		v.normalise()
		if diff := cmp.Diff(*v, back); diff != "" {
			t.Errorf("%s differs (-written +read):\n%s", name, diff)
		}
		again, err := json.Marshal(back)
		if err != nil {
			t.Fatal(err)
		}
		if string(again) != string(data) {
			t.Errorf("%s is written otherwise the second time", name)
		}
	}
}

// shape lists the keys of a JSON object.
func shape(t *testing.T, x any) []string {
	t.Helper()
	object, ok := x.(map[string]any)
	if !ok {
		t.Fatalf("%v is not an object", x)
	}
	var keys []string
	for k := range object {
		keys = append(keys, k)
	}
	return keys
}

func TestTheJSONHasTheKeysThatReadersRelyOn(t *testing.T) {
	data, err := json.Marshal(mustParse(t, fixtures(t)...))
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	has := func(x any, keys ...string) {
		t.Helper()
		got := shape(t, x)
		for _, k := range keys {
			if !slices.Contains(got, k) {
				t.Errorf("key %q is missing from %v", k, got)
			}
		}
	}
	at := func(x any, path ...any) any {
		t.Helper()
		for _, p := range path {
			switch p := p.(type) {
			case string:
				x = x.(map[string]any)[p]
			case int:
				x = x.([]any)[p]
			}
		}
		return x
	}
	has(tree, "title", "updated", "boxes", "recommendations", "statements", "actors", "glossary", "pointers", "sources", "responsibility", "warnings")
	if tree["updated"] != "2019-03-05" {
		t.Errorf("updated is %v", tree["updated"])
	}
	box := at(tree, "boxes", 3)
	has(box, "number", "title", "sections", "statements", "links", "recommendations", "line")
	has(at(box, "sections", 0), "title", "audience", "recommendations", "line")
	has(at(box, "sections", 0, "recommendations", 2), "text", "items", "line")
	has(at(box, "sections", 0, "recommendations", 2, "items", 0), "text", "items", "line")
	has(at(box, "links", 0), "box", "section", "line")
	has(at(tree, "recommendations", 0), "number", "actors", "text", "line")
	has(at(tree, "statements", 0), "number", "title", "line")
	has(at(tree, "actors", 0), "name", "recommendations", "line")
	has(at(tree, "glossary", 0), "term", "definition", "same_as", "line")
	has(at(tree, "pointers", 0), "box", "text", "line")
	for _, key := range []string{"sources", "responsibility", "warnings"} {
		if _, ok := at(tree, key, 0).(string); !ok {
			t.Errorf("%s are not plain strings", key)
		}
	}
	if w := at(tree, "warnings", 0).(string); !strings.Contains(w, "pathway.txt:70") {
		t.Errorf("the warning %q does not say where", w)
	}
}

func TestListsAreNeverNull(t *testing.T) {
	for _, v := range []*Version{{}, {
		Boxes: []Box{{Sections: []Section{{Items: []Item{{}}}}}}, Recommendations: []Recommendation{{}},
		Actors: []ActorRow{{}}, Glossary: []Term{{}}, Responsibility: []Note{{}},
	}, mustParse(t, fixtures(t)...)} {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "null") {
			t.Errorf("null in %s", data)
		}
	}
}

func TestWritingAVersionLeavesItAsItWas(t *testing.T) {
	v := &Version{Boxes: []Box{{Sections: []Section{{Items: []Item{{}}}}}}}
	if _, err := json.Marshal(v); err != nil {
		t.Fatal(err)
	}
	if v.Boxes[0].Links != nil || v.Boxes[0].Sections[0].Items[0].Items != nil || v.Glossary != nil {
		t.Error("writing filled lists of the version itself")
	}
}

func TestADateThatIsNoneIsNotRead(t *testing.T) {
	var v Version
	if err := json.Unmarshal([]byte(`{"updated":"2019-02-31"}`), &v); err == nil {
		t.Error("31 February was read")
	}
}
