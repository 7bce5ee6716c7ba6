package linkage

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

var dana = Record{Given: "Dana", Family: "Ferrier", Born: "1991-03-27", Gender: "Woman", Postcode: "ZZ1 4QT", Address: "12 Mill Lane"}

func with(r Record, change func(*Record)) Record {
	r.Aliases = slices.Clone(r.Aliases)
	change(&r)
	return r
}

func TestWhoIsWho(t *testing.T) {
	mo := Record{Given: "Mohammed", Family: "Al-Hussein", Born: "1984-11-02", Gender: "male"}
	tests := []struct {
		name string
		a, b Record
		want Band
	}{
		{"the same", dana, dana, Likely},
		{"spelt otherwise", dana, with(dana, func(r *Record) { r.Family = "Ferrer"; r.Postcode, r.Address = "", "" }), Likely},
		{"with accents", dana, with(dana, func(r *Record) { r.Given = "Dána"; r.Family = "FERRIÉR"; r.Postcode = "zz14qt" }), Likely},
		{"day and month turned", dana, with(dana, func(r *Record) { r.Born = "1991-27-03" }), Likely},
		{"two digits turned", dana, with(dana, func(r *Record) { r.Born = "1919-03-27" }), Likely},
		{"moved and married, the former name an alias", dana, Record{Given: "Dana", Family: "Okoro", Aliases: []string{"Dana Ferrier"}, Born: "1991-03-27", Postcode: "ZZ9 9AA"}, Likely},
		{"an alias on both sides", with(dana, func(r *Record) { r.Aliases = []string{"Dee Ray"} }), Record{Given: "Dee", Family: "Ray", Born: "1991-03-27"}, Likely},
		{"known as", with(dana, func(r *Record) { r.KnownAs = "Dee" }), with(dana, func(r *Record) { r.Given = "Dee" }), Likely},
		{"names in the other order", Record{Given: "Wei", Family: "Chen", Born: "1980-06-05"}, Record{Given: "Chen", Family: "Wei", Born: "1980-06-05"}, Likely},
		{"another transliteration", mo, with(mo, func(r *Record) { r.Given = "Muhamad"; r.Family = "Alhussain" }), Likely},
		{"another script", Record{Given: "Олена", Family: "Шевченко", Born: "1990-02-03"}, Record{Given: "Olena", Family: "Shevchenko", Born: "1990-02-03"}, Likely},
		{"a short form, no date", Record{Given: "Katherine", Family: "Obi", Postcode: "ZZ2 2BB"}, Record{Given: "Katie", Family: "Obi", Postcode: "ZZ2 2BB"}, Possible},
		{"two given names run together", Record{Given: "Anne Marie", Family: "Quill", Born: "1979-01-09"}, Record{Given: "Annemarie", Family: "Quill", Born: "1979-01-09"}, Likely},
		{"a name joined by marriage", Record{Given: "Rosa", Family: "Mensah-Lund", Born: "1979-01-09"}, Record{Given: "Rosa", Family: "Mensah", Born: "1979-01-09"}, Likely},
		{"only the year", Record{Given: "Rosa", Family: "Mensah", Born: "1979"}, Record{Given: "Rosa", Family: "Mensah", Born: "1979-01-09"}, Possible},
		{"a namesake of another age", dana, Record{Given: "Dana", Family: "Ferrier", Born: "1962-10-14", Gender: "Woman"}, Unlikely},
		{"a twin", dana, with(dana, func(r *Record) { r.Given = "Milo" }), Possible},
		{"a twin with nearly her name", dana, with(dana, func(r *Record) { r.Given = "Dania" }), Possible},
		{"a sister", dana, with(dana, func(r *Record) { r.Given, r.Born = "Ruth", "1988-08-30" }), Unlikely},
		{"a housemate", dana, Record{Given: "Ola", Family: "Quist", Born: "1990-12-01", Gender: "woman", Postcode: "ZZ1 4QT", Address: "12, Mill Lane"}, Unlikely},
		{"a mother of her name", dana, with(dana, func(r *Record) { r.Born = "1966-05-19" }), Unlikely},
		{"nothing known", Record{}, Record{}, Unlikely},
		{"nothing known of one", dana, Record{}, Unlikely},
		{"a birthday alone", Record{Born: "1991-03-27"}, dana, Possible},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got := Compare(tc.a, tc.b)
			if got.Band != tc.want {
				t.Errorf("%s with %.1f bits, want %s: %+v", got.Band, got.Weight, tc.want, got)
			}
			if tc.want != Unlikely && !share(Keys(tc.a), Keys(tc.b)) {
				t.Errorf("no key in common: %v and %v", Keys(tc.a), Keys(tc.b))
			}
		})
	}
	for _, r := range []Record{with(dana, func(r *Record) { r.Given = "Milo" }), with(dana, func(r *Record) { r.Given = "Dania" }), with(dana, func(r *Record) { r.Born = "1966-05-19" })} {
		if Compare(dana, r).Apart == "" {
			t.Errorf("%v is of the household of %v, and nothing says so", r, dana)
		}
	}
}

// What a field said holds nothing of the record: it is shown beside it.
func TestNothingOfTheRecordIsInTheWords(t *testing.T) {
	for _, f := range Compare(dana, dana).Fields {
		for _, secret := range []string{"Dana", "Ferrier", "1991", "ZZ1", "Mill"} {
			if strings.Contains(f.Says, secret) {
				t.Errorf("%s says %q", f.Name, f.Says)
			}
		}
	}
}

// people are random records, some of them the same person written otherwise.
func somebody(r *rand.Rand) Record {
	given := []string{"Sarah", "Mohammed", "Agnieszka", "William", "Catherine", "Dana", "Olu", "Zainab", "Séamus", "Jan", "Mary Ann", "Łukasz"}
	family := []string{"Jones", "Smith-Khan", "O'Neill", "Nowak", "Hussain", "Ferrier", "Baptiste", "Ó Murchú", "Wang", "Adeyemi", "Clark", "Clarke"}
	pick := func(of []string) string { return of[r.IntN(len(of))] }
	out := Record{Given: pick(given), Family: pick(family), Born: fmt.Sprintf("%04d-%02d-%02d", 1950+r.IntN(55), 1+r.IntN(12), 1+r.IntN(28)), Gender: pick([]string{"", "woman", "man"})}
	if r.IntN(2) == 0 {
		out.Postcode, out.Address = fmt.Sprintf("ZZ%d %dAA", 1+r.IntN(4), 1+r.IntN(9)), fmt.Sprintf("%d High Street", 1+r.IntN(30))
	}
	switch r.IntN(8) {
	case 0:
		out.Aliases = []string{pick(given) + " " + pick(family)}
	case 1:
		out.Born = out.Born[:4]
	case 2:
		out.Born = ""
	case 3:
		out.KnownAs = pick(given)
	}
	return out
}

// faulty is somebody as another agency wrote them down.
func faulty(r *rand.Rand, x Record) Record {
	for range 1 + r.IntN(2) {
		switch r.IntN(7) {
		case 0:
			x.Given = typo(r, x.Given)
		case 1:
			x.Family = typo(r, x.Family)
		case 2:
			x.Given, x.Family = x.Family, x.Given
		case 3:
			x.Aliases, x.Family = append(slices.Clone(x.Aliases), x.Given+" "+x.Family), "Newname"
		case 4:
			if len(x.Born) == 10 {
				x.Born = x.Born[:4] + "-" + x.Born[8:] + "-" + x.Born[5:7]
			}
		case 5:
			x.Postcode, x.Address = "ZZ7 7ZZ", "1 New Road"
		case 6:
			x.Given = root(strings.ToLower(x.Given))
		}
	}
	return x
}

func typo(r *rand.Rand, s string) string {
	in := []rune(s)
	if len(in) < 3 {
		return s
	}
	i := 1 + r.IntN(len(in)-2)
	switch r.IntN(3) {
	case 0:
		in[i], in[i+1] = in[i+1], in[i]
		return string(in)
	case 1:
		return string(in[:i]) + string(in[i+1:])
	}
	return string(in[:i]) + string(in[i]) + string(in[i:])
}

func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(k string) bool { return slices.Contains(b, k) })
}

// Records that compare as likely share a key: comparing everybody with everybody is
// the slow way, and finds nobody more. The order of two records is of no account.
func TestKeysMissNobodyLikely(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	var all []Record
	for range 250 {
		one := somebody(r)
		all = append(all, one, faulty(r, one))
	}
	keys := make([][]string, len(all))
	for i, x := range all {
		keys[i] = Keys(x)
	}
	likely, possible, missed := 0, 0, 0
	for i, a := range all {
		for j, b := range all[:i] {
			s, back := Compare(a, b), Compare(b, a)
			if s.Weight != back.Weight || s.Band != back.Band || s.Apart != back.Apart {
				t.Fatalf("%+v and %+v: %+v one way, %+v the other", a, b, s, back)
			}
			switch together := share(keys[i], keys[j]); s.Band {
			case Likely:
				likely++
				if !together {
					t.Errorf("likely, and no key in common: %+v and %+v", a, b)
				}
			case Possible:
				possible++
				if !together {
					missed++
				}
			case Unlikely:
			}
		}
	}
	if likely < 100 {
		t.Errorf("only %d likely pairs: the test says little", likely)
	}
	if missed*20 > possible { // a choice: one in twenty of what is only possible may be missed
		t.Errorf("%d of %d possible pairs have no key in common", missed, possible)
	}
}

// slowJaro follows the definition letter by letter.
func slowJaro(a, b string) float64 {
	if a == "" || b == "" {
		if a == b {
			return 1
		}
		return 0
	}
	window := max(len(a), len(b))/2 - 1
	window = max(window, 0)
	used := map[int]bool{}
	var fromA, whereB []int
	for i := range len(a) {
		for j := range len(b) {
			if !used[j] && a[i] == b[j] && abs(i-j) <= window {
				used[j] = true
				fromA, whereB = append(fromA, i), append(whereB, j)
				break
			}
		}
	}
	if len(fromA) == 0 {
		return 0
	}
	inB := slices.Sorted(slices.Values(whereB))
	moved := 0
	for n, i := range fromA {
		if a[i] != b[inB[n]] {
			moved++
		}
	}
	c := float64(len(fromA))
	return (c/float64(len(a)) + c/float64(len(b)) + (c-float64(moved)/2)/c) / 3
}

func TestJaro(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want float64
	}{
		{"martha", "marhta", .944}, {"dixon", "dicksonx", .767}, {"dwayne", "duane", .822}, {"", "", 1}, {"a", "", 0}, {"a", "a", 1},
	} {
		if got := jaro([]rune(tc.a), []rune(tc.b)); math.Abs(got-tc.want) > .001 {
			t.Errorf("%s and %s: %.3f, want %.3f", tc.a, tc.b, got, tc.want)
		}
	}
	if got := winkler("martha", "marhta"); math.Abs(got-.961) > .001 {
		t.Errorf("winkler: %.3f", got)
	}
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		out := make([]byte, r.IntN(9))
		for i := range out {
			out[i] = "abcd"[r.IntN(4)]
		}
		return string(out)
	}
	for range 20000 {
		a, b := word(), word()
		if got, want := jaro([]rune(a), []rune(b)), slowJaro(a, b); got != want {
			t.Fatalf("%q and %q: %v, want %v", a, b, got, want)
		}
		if w := winkler(a, b); w != winkler(b, a) || w < 0 || w > 1 {
			t.Fatalf("%q and %q: %v", a, b, w)
		}
	}
}

// What is unequal in writing only sounds and folds alike.
func TestFolding(t *testing.T) {
	for _, tc := range [][2]string{{"Müller", "muller"}, {"Łukasz", "lukasz"}, {"O’Neill", "oneill"}, {"e\u0301ve", "eve"}, {"Straße", "strasse"}, {"Иван", "ivan"}} {
		if squeezed(tc[0]) != tc[1] {
			t.Errorf("%q folds to %q", tc[0], squeezed(tc[0]))
		}
	}
	for _, tc := range [][2]string{{"mohammed", "muhamad"}, {"philips", "fillips"}, {"shevchenko", "szewczenko"}, {"clark", "clarke"}, {"yusuf", "yousef"}} {
		if sound(tc[0]) != sound(tc[1]) {
			t.Errorf("%q and %q sound as %q and %q", tc[0], tc[1], sound(tc[0]), sound(tc[1]))
		}
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("Dana", "Ferrier", "Dee Ray", "1991-03-27", "ZZ1 4QT")
	f.Add("\u0301", "-", " ", "1-1", "")
	f.Fuzz(func(t *testing.T, given, family, alias, born, code string) {
		a := Record{Given: given, Family: family, Aliases: []string{alias}, Born: born, Postcode: code}
		if s := Compare(a, dana); s.Weight != Compare(dana, a).Weight || math.IsNaN(s.Weight) || math.IsInf(s.Weight, 0) {
			t.Errorf("%+v: %+v", a, s)
		}
		if !slices.IsSorted(Keys(a)) {
			t.Error("keys are not sorted")
		}
	})
}

func BenchmarkCompare(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 5))
	all := make([]Record, 512)
	for i := range all {
		all[i] = somebody(r)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Compare(all[i%512], all[(i*7+1)%512])
	}
}
