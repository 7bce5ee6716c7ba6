package guideline

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/store/storetest"
)

func find(t *testing.T, o *Own, typed string) []Finding {
	t.Helper()
	list, total := search(ParseQuery(typed), o.searchable())
	if total < len(list) || total > len(list) && len(list) != findingsMost {
		t.Errorf("%q: %d listed of %d", typed, len(list), total)
	}
	return list
}

func TestQueriesAreBroughtToOneForm(t *testing.T) {
	for typed, want := range map[string]string{
		"":                          "",
		"  \t\n ":                   "",
		"?!… –":                     "",
		"Refuge":                    "refuge",
		"REFUGE refuge":             "refuge",
		"Réfugé":                    "refuge",
		"re\u0301fuge\u0301":        "refuge",
		"women's":                   "womens",
		"women’s":                   "womens",
		"'honour'-based":            "honour based",
		"follow-up":                 "follow up",
		"B6.31":                     "b6 31",
		"ﬁrst":                      "first",
		"İstanbul":                  "istanbul",
		"a b c d e f g h i j k l m": "a b c d e f g h i j",
		"'":                         "",
		"\xff\xfe":                  "",
		"پناہ گاہ":                  "پناہ گاہ",
	} {
		if got := ParseQuery(typed).String(); got != want {
			t.Errorf("%q became %q, wanted %q", typed, got, want)
		}
	}
	if long := ParseQuery(strings.Repeat("ab", 5000)); len(long.Words) != 1 || len(long.Words[0]) != queryMax {
		t.Errorf("a very long word became %d words", len(long.Words))
	}
}

func TestEveryWordMustBeginAWord(t *testing.T) {
	o := shipped(t)
	for typed, want := range map[string]string{
		"acknowledges automatic": "B6.31", // both are there
		"ACKNOWLEDGE auto":       "B6.31", // beginnings, and case
		"key ring":               "B7.6",
		"level 1 receptionist":   "B14.7", // one of the words is in a list below it
		"B6.31":                  "B6.31", // the id itself
		"b7.15a":                 "B7.15a",
	} {
		if got := find(t, o, typed); len(got) == 0 || got[0].ID != want {
			t.Errorf("%q finds %v first, wanted %s", typed, aboutWhat(got), want)
		}
	}
	for _, typed := range []string{"acknowledges zebra", "utomatic", "commissioning strategy commissioning zebra"} {
		if got := find(t, o, typed); len(got) > 0 {
			t.Errorf("%q finds %v", typed, aboutWhat(got))
		}
	}
}

func aboutWhat(list []Finding) []Target {
	var out []Target
	for _, f := range list[:min(len(list), 5)] {
		out = append(out, f.Target)
	}
	return out
}

func TestEveryKindOfTextIsFound(t *testing.T) {
	o := shipped(t)
	for typed, want := range map[string]Target{
		"plan services for your area": {Kind: FoundBox, Box: 2},
		"responding to abuse":         {Kind: FoundStatement, Number: 2},
		"floating support":            {Kind: FoundTerm, Slug: "floating-support"},
		"recommendation 16":           {Kind: FoundRecommendation, Number: 16},
		"caldicott":                   {Kind: FoundItem, Box: 6, ID: "B6.10"},
		"idva":                        {Kind: FoundTerm, Slug: "idvas"},
		"independent domestic":        {Kind: FoundTerm, Slug: "idvas"}, // its other name
	} {
		if got := find(t, o, typed); len(got) == 0 || got[0].Target != want {
			t.Errorf("%q finds %v first, wanted %v", typed, aboutWhat(got), want)
		}
	}
}

func TestWhatAnItemIsPartOfHelpsToFindItButIsNotEnough(t *testing.T) {
	o := shipped(t)
	ask := func(typed string) []string {
		var out []string
		for _, f := range find(t, o, typed) {
			if f.Kind == FoundItem {
				out = append(out, f.ID)
			}
		}
		return out
	}
	if got := ask("senior officers housing"); !slices.Contains(got, "B3.5") {
		t.Errorf("what is nested under senior officers is not found with them: %v", got)
	}
	if got := ask("senior officers"); slices.Contains(got, "B3.5") {
		t.Error("an item is found for words that only its parent has")
	}
}

func TestSnippetsKeepTheTextAndMarkTheWords(t *testing.T) {
	o := shipped(t)
	texts := map[Target]string{}
	for _, e := range o.searchable().entries {
		texts[e.target] = e.text
	}
	for _, typed := range []string{"staff", "police", "share", "children young", "honour", "the", "a"} {
		q := ParseQuery(typed)
		for _, f := range find(t, o, typed) {
			whole := strings.TrimSuffix(strings.TrimPrefix(spanText(f.Snippet), "… "), " …")
			if !strings.Contains(texts[f.Target], whole) {
				t.Errorf("%q: the snippet %q is not in the text of %v", typed, whole, f.Target)
			}
			if len(whole) > snippetLen+60 {
				t.Errorf("%q: a snippet of %d bytes", typed, len(whole))
			}
			for _, s := range f.Snippet {
				plain := foldWord(s.Text)
				if s.Mark && !slices.ContainsFunc(q.Words, func(w string) bool { return strings.HasPrefix(plain, w) }) {
					t.Errorf("%q: %q is marked", typed, s.Text)
				}
			}
		}
	}
	marked := find(t, o, "caldicott")[0].Snippet
	if !slices.ContainsFunc(marked, func(s Span) bool { return s.Mark && s.Text == "Caldicott" }) {
		t.Errorf("the word that was searched for is not marked: %v", marked)
	}
}

func TestTheOfficialTextIsSearchedOnceItIsImported(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *audit.Guard, _ *storetest.Clock) {
		ask := func() Findings {
			f, err := s.Search(t.Context(), ParseQuery("allotments"))
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		if f := ask(); f.Total != 0 || f.Version != "" {
			t.Errorf("before the import: %+v", f)
		}
		doImport(t, s, Imported, fixtureDay, fixtures(t)...)
		f := ask()
		if f.Total == 0 || f.Version != fixtureDay {
			t.Fatalf("after the import: %+v", f)
		}
		if first := f.List[0]; !first.Official || first.Box != 1 || first.Kind != FoundBox {
			t.Errorf("the first is %+v", first)
		}
		if f, err := s.Search(t.Context(), Query{}); err != nil || f.Total != 0 {
			t.Errorf("no words find %d, %v", f.Total, err)
		}
	})
}

func FuzzSearch(f *testing.F) {
	for _, s := range []string{
		"", "refuge", "Réfuge re\u0301fuge", "women's women’s", "B6.31", "ﬁ İ ß ǅ", "\xff", "a'b'c''d", "ʼn", "\u0301\u0301",
		"٣ 3 ³", strings.Repeat("x ", 300), "'honour'-based", "\u1e9e", "Ω Ω", "🙂 refuge",
	} {
		f.Add(s)
	}
	own, err := Shipped()
	if err != nil {
		f.Fatal(err)
	}
	texts := own.searchable()
	f.Fuzz(func(t *testing.T, typed string) {
		q := ParseQuery(typed)
		if len(q.Words) > queryWordsMax {
			t.Errorf("%d words", len(q.Words))
		}
		for i, w := range q.Words {
			if w == "" || !utf8.ValidString(w) || slices.Contains(q.Words[:i], w) {
				t.Errorf("the words are %q", q.Words)
			}
		}
		if again := ParseQuery(q.String()); !slices.Equal(again.Words, q.Words) && len(q.String()) <= queryMax {
			t.Errorf("%q is %q, and that is %q", typed, q.Words, again.Words)
		}
		// A text is found by each of its own words.
		for _, word := range q.Words {
			if utf8.RuneCountInString(typed) > queryMax {
				break
			}
			one := new(index)
			one.add(Target{Kind: FoundBox}, "", typed)
			if list, _ := search(Query{Words: []string{word}}, one); len(list) != 1 {
				t.Errorf("%q is not found by its word %q", typed, word)
			}
		}
		list, total := search(q, texts)
		if len(list) > total || len(list) > findingsMost {
			t.Errorf("%d listed of %d", len(list), total)
		}
		for _, found := range list {
			if !utf8.ValidString(spanText(found.Snippet)) {
				t.Errorf("the snippet %q is broken", spanText(found.Snippet))
			}
		}
	})
}
