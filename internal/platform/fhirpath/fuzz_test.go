package fhirpath

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// FuzzExpression: whatever is written, it is refused with a place, or it gives something or an error within
// its limits, and the same thing twice.
func FuzzExpression(f *testing.F) {
	for _, s := range oracle(f) {
		_, text, _ := strings.Cut(s.Line, " ")
		f.Add(text)
	}
	f.Add("item.aggregate($total)")
	f.Add("@2026-02-30T25:61:00+99:99")
	f.Add("2.power(1000000).power(1000000)")
	f.Add("'\\uD800' & `x\\u0000`")
	env := environment(f, "response")
	env.Limits = Limits{Steps: 20_000, Results: 1_000, Text: 10_000}
	f.Fuzz(func(t *testing.T, text string) {
		x, err := Parse(text)
		var e *Error
		if err != nil {
			if !errors.As(err, &e) || e.Reason == "" || e.Position < 1 || e.Position > len([]rune(text))+1 {
				t.Fatalf("refused without a place in it: %v", err)
			}
			return
		}
		one, errOne := x.Eval(env)
		two, errTwo := x.Eval(env)
		if (errOne == nil) != (errTwo == nil) || len(one) != len(two) {
			t.Fatalf("evaluated twice, it differs: %d, %v and %d, %v", len(one), errOne, len(two), errTwo)
		}
		if errOne != nil && !errors.As(errOne, &e) {
			t.Fatalf("an error without a place: %v", errOne)
		}
		for i := range one {
			if one[i].key() != two[i].key() {
				t.Fatal("evaluated twice, a value differs")
			}
		}
	})
}

// FuzzDocument: whatever comes in, it is refused, or expressions about it end.
func FuzzDocument(f *testing.F) {
	for _, name := range []string{"response", "patient", "questionnaire", "empty"} {
		data, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"item":[null,{"_answer":[null,{"extension":[]}],"valueDecimal":1e999}],"value":[[1]]}`))
	var all []*Expression
	for _, text := range []string{
		"descendants().count()", "repeat(item).linkId", "item.answer.weight().sum()", "item.answer.value.sum()",
		"descendants().value.toString()", "item.answer.value.ofType(date) < today()", "item.distinct().count()",
	} {
		x, err := Parse(text)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, x)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := ParseDocument(data)
		if err != nil {
			return
		}
		root := Collection{d.Root()}
		env := Env{Focus: root, Now: now0, Variables: map[string]Collection{"questionnaire": root}, Limits: Limits{Steps: 50_000}}
		for _, x := range all {
			c, err := x.Eval(env)
			var e *Error
			if err != nil && !errors.As(err, &e) {
				t.Fatalf("%s: an error without a place: %v", x, err)
			}
			for _, v := range c {
				_, _, _ = v.Text(), v.Kind(), v.key()
			}
		}
	})
}
