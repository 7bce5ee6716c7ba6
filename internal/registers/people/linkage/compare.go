package linkage

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Record is what is known of somebody. Every field may be empty.
type Record struct {
	Given, Family, KnownAs string
	Aliases                []string // other names, former ones too, as they are written
	Born                   string   // YYYY-MM-DD, YYYY-MM or YYYY
	Gender                 string   // in words
	Postcode               string
	Address                string // without its postcode, or with it
}

// Band is what a score comes to. It is a proposal and no more.
type Band string

// The bands.
const (
	Likely   Band = "likely"
	Possible Band = "possible"
	Unlikely Band = "unlikely"
)

// Label is the band in words for people.
func (b Band) Label() string {
	switch b {
	case Likely:
		return "Likely the same person"
	case Possible:
		return "Possibly the same person"
	case Unlikely:
		return "Unlikely to be the same person"
	}
	return string(b)
}

// From how many bits a band begins: 2 to the power of 17 is some 130,000 people, the
// order of a register from which one is looked for; Likely asks for 32 times the
// evidence that it takes to find one among them, Possible is content with one
// wrong proposal in some hundred. Choices of this project.
const (
	likelyFrom   = 22.0
	possibleFrom = 10.0
)

// Field is what one field said.
type Field struct {
	Name   string  // given, family, born, gender, postcode, address
	Weight float64 // bits; below zero it speaks against
	Says   string  // in words, without what the field holds
}

// Score is how two records compare.
type Score struct {
	Weight float64 // bits
	Band   Band
	Apart  string // why they may be two people of one household; empty otherwise
	Fields []Field
}

// level is one outcome of a comparison: how likely it is in two records of one
// person, and of two.
type level struct {
	one, two float64
	says     string
}

func (l level) field(name string) Field {
	return Field{Name: name, Weight: math.Log2(l.one / l.two), Says: l.says}
}

// The likelihoods. All are choices of this project.
var (
	givenSame    = level{.85, .008, "The given name is the same"}
	givenForm    = level{.06, .004, "The given names are forms of one name, or said alike"}
	givenClose   = level{.05, .006, "The given names are nearly alike"}
	givenInitial = level{.97, .08, "One given name is an initial and fits the other"}
	givenNear    = level{.02, .02, "The given names are somewhat alike"}
	givenOther   = level{.02, .96, "The given names differ"}

	familySame  = level{.85, .002, "The family name is the same"}
	familyPart  = level{.05, .003, "A part of the family name is the same"}
	familyClose = level{.06, .003, "The family names are spelt nearly alike, or sound alike"}
	familyOther = level{.08, .98, "The family names differ"} // people marry, and part

	bornSame    = level{.93, .00005, "The date of birth is the same"}
	bornFirst   = level{.93, .0009, "The date of birth is the same, a 1 January: it is often written for a day that is not known"}
	bornSwapped = level{.012, .0002, "Day and month of the birth changed places"}
	bornDigits  = level{.03, .0015, "The dates of birth differ in one digit, or two changed places"}
	bornMonth   = level{.95, .0016, "Year and month of the birth are the same; the day is not known"}
	bornYear    = level{.95, .02, "The year of birth is the same; the day is not known"}
	bornNear    = level{.02, .08, "The births are less than two years apart"}
	bornOther   = level{.006, .99, "The dates of birth differ"}
	bornFar     = level{.001, .9, "The dates of birth are ten years apart or more"}

	genderSame  = level{.97, .5, "The gender is the same"}
	genderOther = level{.06, .5, "The gender is written differently"}

	codeSame  = level{.55, .002, "The postcode is the same"} // some hundred people live in one, and families move about within it
	codePart  = level{.15, .05, "The postcodes share their first half"}
	codeOther = level{.3, .94, "The postcodes differ"} // people move

	homeSame = level{.8, .1, "The number or name of the house is the same"} // within a postcode

	unknown = level{1, 1, "Not known of both"}
)

// A different order of the names costs this much.
const swapped = -1.5

// Compare says how much speaks for two records being about one person.
func Compare(a, b Record) Score {
	given, family := names(a, b)
	born := birth(a.Born, b.Born)
	out := Score{Fields: []Field{given.field("given"), family.field("family"), born.field("born"), gender(a.Gender, b.Gender).field("gender")}}
	code, home := place(a, b)
	out.Fields = append(out.Fields, code.field("postcode"), home.field("address"))
	shared := code == codeSame || family == familySame || family == familyPart
	sameDay := born == bornSame || born == bornFirst || born == bornSwapped
	notGiven := given == givenOther || given == givenNear
	switch {
	case (notGiven || given == givenClose) && shared && sameDay:
		out.Apart = "They may be twins: the given names are not the same, and what else is the same is shared in a household."
		out.mute("postcode", "address")
	case notGiven && shared:
		out.Apart = "They may be of one household: the given names differ, and what is the same is shared in it."
		out.mute("family", "postcode", "address")
	case (born == bornOther || born == bornFar) && shared:
		out.Apart = "They may be relatives of one name: the dates of birth differ."
		out.mute("postcode", "address")
	}
	for _, f := range out.Fields {
		out.Weight += f.Weight
	}
	switch {
	case out.Weight >= likelyFrom && out.Apart == "":
		out.Band = Likely
	case out.Weight >= possibleFrom:
		out.Band = Possible
	default:
		out.Band = Unlikely
	}
	return out
}

// mute takes away what speaks for one person.
func (s *Score) mute(names ...string) {
	for i, f := range s.Fields {
		if f.Weight > 0 && slices.Contains(names, f.Name) {
			s.Fields[i].Weight, s.Fields[i].Says = 0, f.Says+", which a household shares"
		}
	}
}

// called is one way in which somebody is called.
type called struct{ given, family []string }

// calls are the ways in which somebody is called, the first name on record first.
func (r Record) calls() []called {
	var out []called
	family := words(r.Family)
	add := func(given, family []string) {
		if len(given)+len(family) > 0 {
			out = append(out, called{given, family})
		}
	}
	given := words(r.Given)
	add(given, family)
	if known := words(r.KnownAs); len(known) > 0 {
		if len(known) > 1 && len(family) > 0 && known[len(known)-1] == family[len(family)-1] {
			known = known[:len(known)-1]
		}
		add(known, family)
	}
	for _, alias := range r.Aliases {
		switch w := words(alias); {
		case len(w) > 1: // the last word, or those that a hyphen joins, are the family name
			cut := 1
			if at := strings.LastIndexByte(strings.TrimSpace(alias), ' '); at >= 0 {
				cut = len(words(strings.TrimSpace(alias)[:at]))
			}
			if cut < 1 || cut >= len(w) {
				cut = len(w) - 1
			}
			add(w[:cut], w[cut:])
		case len(w) == 1:
			add(w, family)
			if len(given) > 0 {
				add(given, w)
			}
		}
	}
	return out
}

// names is the best that any two ways of being called come to.
func names(a, b Record) (level, level) {
	x, y := a.calls(), b.calls()
	if len(x) == 0 || len(y) == 0 {
		return unknown, unknown
	}
	bestGiven, bestFamily := level{0, 1, ""}, unknown
	consider := func(g, f level) {
		w, best := bits(g)+bits(f), bits(bestGiven)+bits(bestFamily)
		if w > best || w == best && bits(g) > bits(bestGiven) {
			bestGiven, bestFamily = g, f
		}
	}
	for _, m := range x {
		for _, n := range y {
			consider(givenNames(m.given, n.given), familyNames(m.family, n.family))
			if len(m.given) > 0 && len(m.family) > 0 && len(n.given) > 0 && len(n.family) > 0 {
				for _, g := range []struct{ given, family level }{
					{givenNames(m.family, n.given), familyNames(m.given, n.family)}, {givenNames(m.given, n.family), familyNames(m.family, n.given)},
				} {
					if g.given != givenInitial { // the O of a family name is none
						consider(turned(g.given), turned(g.family))
					}
				}
			}
		}
	}
	return bestGiven, bestFamily
}

// turned is an outcome found with the names in the other order.
func turned(l level) level {
	if bits(l) > 0 {
		l.one *= math.Exp2(swapped)
		l.says += ", with the names in the other order"
	}
	return l
}

func bits(l level) float64 { return math.Log2(l.one / l.two) }

// givenNames compares given names: the first words, or any where the first differ.
func givenNames(a, b []string) level {
	if len(a) == 0 || len(b) == 0 {
		return unknown
	}
	best := given(a[0], b[0])
	if strings.Join(a, "") == strings.Join(b, "") { // Anne Marie, Annemarie
		return givenSame
	}
	if best == givenOther || best == givenNear { // somebody who goes by a middle name
		for i, x := range a {
			for j, y := range b {
				if i+j == 0 || utf8.RuneCountInString(x) < 2 || utf8.RuneCountInString(y) < 2 {
					continue
				}
				if l := given(x, y); (l == givenSame || l == givenForm) && bits(givenForm) > bits(best) {
					best = givenForm
				}
			}
		}
	}
	return best
}

func given(a, b string) level {
	switch {
	case a == b && utf8.RuneCountInString(a) > 1:
		return givenSame
	case utf8.RuneCountInString(a) == 1 || utf8.RuneCountInString(b) == 1:
		if x, _ := utf8.DecodeRuneInString(a); strings.HasPrefix(b, string(x)) {
			return givenInitial
		}
		return givenOther
	case root(a) == root(b), heard(a) == heard(b):
		return givenForm
	}
	alike := len(a) > 3 && len(b) > 3 && sound(a) == sound(b) && len(sound(a)) > 1
	switch w := winkler(a, b); {
	case w >= .92, alike:
		return givenClose
	case w >= .84:
		return givenNear
	}
	return givenOther
}

// familyNames compares family names: whole, and the parts that a hyphen joins.
func familyNames(a, b []string) level {
	if len(a) == 0 || len(b) == 0 {
		return unknown
	}
	x, y := strings.Join(a, ""), strings.Join(b, "")
	if x == y {
		return familySame
	}
	if sound(x) == sound(y) && len(sound(x)) > 2 || winkler(x, y) >= .92 {
		return familyClose
	}
	if len(a) > 1 || len(b) > 1 {
		for _, v := range a {
			if len(v) > 2 && slices.Contains(b, v) {
				return familyPart
			}
		}
	}
	return familyOther
}

// birth compares dates of birth.
func birth(a, b string) level {
	a, b = righted(a), righted(b)
	if len(a) < 4 || len(b) < 4 {
		return unknown
	}
	x, okX := day(a)
	y, okY := day(b)
	if !okX || !okY {
		return unknown
	}
	if len(a) < 10 || len(b) < 10 {
		n := min(len(a), len(b))
		switch {
		case a[:n] == b[:n] && n == 7:
			return bornMonth
		case a[:n] == b[:n]:
			return bornYear
		case abs(x.Year()-y.Year()) >= 10:
			return bornFar
		case abs(x.Year()-y.Year()) <= 2:
			return bornNear
		}
		return bornOther
	}
	switch {
	case a == b && a[5:] == "01-01":
		return bornFirst
	case a == b:
		return bornSame
	case a[:4] == b[:4] && a[5:7] == b[8:] && a[8:] == b[5:7]:
		return bornSwapped
	case slip(digits(a), digits(b)):
		return bornDigits
	}
	switch apart := x.Sub(y).Abs().Hours() / 24; {
	case apart >= 3652:
		return bornFar
	case apart < 730:
		return bornNear
	}
	return bornOther
}

// day reads a date of birth; of one that is not whole, its beginning.
func day(s string) (time.Time, bool) {
	layouts := map[int]string{4: "2006", 7: "2006-01", 10: time.DateOnly}
	t, err := time.Parse(layouts[len(s)], s)
	return t, err == nil && layouts[len(s)] != ""
}

// righted is a date of birth whose day and month were written in the other order,
// as long as no such month tells so.
func righted(s string) string {
	if _, ok := day(s); ok || len(s) != 10 {
		return s
	}
	if other := s[:5] + s[8:] + s[4:7]; len(other) == 10 {
		if _, ok := day(other); ok {
			return other
		}
	}
	return s
}

func digits(s string) string { return strings.ReplaceAll(s, "-", "") }

// slip tells whether one digit was written wrongly, or two beside each other
// changed places.
func slip(a, b string) bool {
	var at []int
	for i := range len(a) {
		if a[i] != b[i] {
			at = append(at, i)
		}
	}
	switch len(at) {
	case 1:
		return true
	case 2:
		i, j := at[0], at[1]
		return j == i+1 && a[i] == b[j] && a[j] == b[i]
	}
	return false
}

// genders are the words for it that are compared. Whoever uses others is not
// compared by gender.
var genders = map[string]string{
	"f": "f", "female": "f", "woman": "f", "girl": "f", "transwoman": "f", "m": "m", "male": "m", "man": "m", "boy": "m", "transman": "m",
}

func gender(a, b string) level {
	x, y := genders[squeezed(a)], genders[squeezed(b)]
	switch {
	case x == "" || y == "":
		return unknown
	case x == y:
		return genderSame
	}
	return genderOther
}

// place compares where people live: a house counts within its postcode alone.
func place(a, b Record) (level, level) {
	x, y := squeezed(a.Postcode), squeezed(b.Postcode)
	home := unknown
	if p, q := house(a.Address), house(b.Address); p != "" && p == q {
		home = homeSame
	}
	switch {
	case x == "" || y == "":
		if home == homeSame && squeezed(a.Address) == squeezed(b.Address) {
			return unknown, level{homeSame.one, .01, "The address is the same"}
		}
		return unknown, unknown
	case x == y:
		return codeSame, home
	case len(x) > 4 && len(y) > 4 && x[:len(x)-3] == y[:len(y)-3]:
		return codePart, unknown
	}
	return codeOther, unknown
}

// house is the number of a house with its letter, or its first word.
func house(address string) string {
	all := words(address)
	for _, w := range all {
		if w[0] >= '0' && w[0] <= '9' {
			return w
		}
	}
	if len(all) > 0 {
		return all[0]
	}
	return ""
}

func abs(n int) int { return max(n, -n) }
