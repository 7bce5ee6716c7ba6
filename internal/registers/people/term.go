package people

import (
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// By is what somebody is looked for by.
type By string

// The ways of looking for somebody.
const (
	ByName     By = "name"
	ByBirth    By = "birth"
	ByPhone    By = "phone"
	ByEmail    By = "email"
	ByPostcode By = "postcode"
)

// Label is the way in words for people.
func (b By) Label() string {
	switch b {
	case ByName:
		return "a name"
	case ByBirth:
		return "a date of birth"
	case ByPhone:
		return "a telephone number"
	case ByEmail:
		return "an email address"
	case ByPostcode:
		return "a postcode"
	}
	return string(b)
}

// TellsPlace tells whether what somebody is looked for by tells where or how
// they can be reached: it finds only those whose whereabouts may be read.
func (b By) TellsPlace() bool { return b == ByPhone || b == ByEmail || b == ByPostcode }

// Term is what somebody is looked for by, as it was understood.
type Term struct {
	By By
	// Born narrows the search, or is all of it: YYYY-MM-DD, YYYY-MM, YYYY or
	// empty. Whose date of birth is not known is not left out for it.
	Born  string
	words []string
	exact bool   // the words are whole
	value string // the number, address or postcode, written in one way
}

// LogValue implements [slog.LogValuer].
func (Term) LogValue() slog.Value { return slog.StringValue("[redacted]") }

const (
	// wordsMost bounds the words that are looked for at once.
	wordsMost = 6
	// wordsKept bounds the words that are kept of one person.
	wordsKept = 40
	// longEnough is how many letters the longest word must have for the
	// beginnings of words to be looked for: shorter ones are looked for whole,
	// because half of all names begin with them.
	longEnough = 3
)

var (
	numberLike   = regexp.MustCompile(`^[+(]*[0-9][0-9 ().+/-]*$`)
	emailLike    = regexp.MustCompile(`[^\s<>(),;:"]+@[^\s<>(),;:"]+`)
	postcodeLike = regexp.MustCompile(`(?i)^[a-z]{1,2}[0-9][a-z0-9]?\s*[0-9][a-z]{2}$`)
	dayFirst     = regexp.MustCompile(`(?:^|\s)([0-9]{1,2})[./ -]([0-9]{1,2})[./ -]([0-9]{4})(?:\s|$)`)
	wholeDate    = regexp.MustCompile(`^[0-9]{1,2}[./ -][0-9]{1,2}[./ -][0-9]{4}$`)
	yearFirst    = regexp.MustCompile(`(?:^|\s)([0-9]{4})-([0-9]{2})-([0-9]{2})(?:\s|$)`)
)

// ParseTerm understands what was typed into the one box, and the date of birth
// that stands beside it. It returns what is wrong by the fields q and born.
func ParseTerm(text, born string) (Term, forms.Errors) {
	var errs forms.Errors
	text = strings.TrimSpace(text)
	if len(text) > nameMax {
		errs.Add("q", "Shorten this to 200 characters or fewer")
	}
	errs = append(errs, CheckBorn(born)...)
	if errs.Any() {
		return Term{}, errs
	}
	t := Term{Born: born}
	number := ""
	if numberLike.MatchString(text) && !wholeDate.MatchString(text) {
		number = phone(text)
	}
	switch {
	case strings.Contains(text, "@"):
		t.By, t.value = ByEmail, email(text)
		if t.value == "" {
			errs.Add("q", "Enter a whole email address, such as name@example.com")
		}
	case number != "":
		t.By, t.value = ByPhone, number
	case postcodeLike.MatchString(text):
		t.By, t.value = ByPostcode, plain(text)
	default:
		t.byWords(text, &errs)
	}
	return t, errs
}

// CheckBorn returns what is wrong with a date of birth that people are looked
// for by, by the field born.
func CheckBorn(born string) forms.Errors {
	var errs forms.Errors
	if !validBorn(born) {
		errs.Add("born", "Enter a date of birth such as 27 3 1991, or only the year, or leave it empty")
	}
	return errs
}

// byWords takes the words of a name out of a text, and a date of birth.
func (t *Term) byWords(text string, errs *forms.Errors) {
	if m := dayFirst.FindStringSubmatchIndex(text); m != nil {
		t.dated(pad(text[m[2]:m[3]]), pad(text[m[4]:m[5]]), text[m[6]:m[7]], errs)
		text = text[:m[0]] + " " + text[m[1]:]
	} else if m := yearFirst.FindStringSubmatchIndex(text); m != nil {
		t.dated(text[m[6]:m[7]], text[m[4]:m[5]], text[m[2]:m[3]], errs)
		text = text[:m[0]] + " " + text[m[1]:]
	}
	for w := range strings.FieldsSeq(text) {
		if w = fold(w); w != "" && !slices.Contains(t.words, w) {
			t.words = append(t.words, w)
		}
	}
	switch {
	case errs.Any():
	case len(t.words) > wordsMost:
		errs.Add("q", "Use six words or fewer")
	case len(t.words) > 0:
		t.By = ByName
		// The longest word leads to the fewest people.
		slices.SortStableFunc(t.words, func(a, b string) int { return utf8.RuneCountInString(b) - utf8.RuneCountInString(a) })
		t.exact = utf8.RuneCountInString(t.words[0]) < longEnough
	case t.Born == "":
		errs.Add("q", "Enter a name, a date of birth, a case number, a telephone number, an email address or a postcode")
	case len(t.Born) != len("2006-01-02"):
		errs.Add("born", "Enter the whole date of birth, or a name beside it")
	default:
		t.By = ByBirth
	}
}

// dated takes a date that stood in the text.
func (t *Term) dated(day, month, year string, errs *forms.Errors) {
	born := year + "-" + month + "-" + day
	switch {
	case !validBorn(born):
		errs.Add("q", "Enter a date that there is, such as 27 3 1991")
	case t.Born != "" && t.Born != born:
		errs.Add("born", "Enter one date of birth: this is not the one that stands beside the name")
	}
	t.Born = born
}

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// Named is the term that finds people with these names and this date of birth,
// in whole words; false when too little is known of them to ask.
func Named(d Details) (Term, bool) {
	t := Term{By: ByName, Born: d.Born, exact: true}
	for w := range strings.FieldsSeq(d.GivenName + " " + d.FamilyName) {
		if w = fold(w); w != "" && len(t.words) < wordsMost && !slices.Contains(t.words, w) {
			t.words = append(t.words, w)
		}
	}
	slices.SortStableFunc(t.words, func(a, b string) int { return len(b) - len(a) })
	return t, len(t.words) > 1 && validBorn(d.Born)
}

// others are letters that are written with two, or without their stroke.
var others = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// fold keeps the letters and digits of a word, without case, accents,
// apostrophes and hyphens.
func fold(word string) string { return others.Replace(plain(word)) }

// nameWords are the words under which somebody is found: each word of their
// names, the parts of one that is put together, and several written as one.
func nameWords(d Details) []string {
	var out []string
	add := func(text string) {
		if w := fold(text); w != "" && len(out) < wordsKept && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	for _, name := range []string{d.GivenName, d.FamilyName, d.KnownAs} {
		for w := range strings.FieldsSeq(name) {
			add(w)
			for part := range strings.FieldsFuncSeq(norm.NFC.String(w), func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }) {
				add(part)
			}
		}
		add(name)
	}
	return out
}

// phone is a telephone number in one way of writing it, with its country and
// without a plus; empty for what is none.
func phone(text string) string {
	var b strings.Builder
	abroad := false
	for _, r := range text {
		switch {
		case r == '+' && b.Len() == 0:
			abroad = true
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		}
	}
	digits := b.String()
	switch {
	case abroad:
	case strings.HasPrefix(digits, "00"):
		digits = digits[2:]
	case strings.HasPrefix(digits, "0"):
		digits = "44" + digits[1:]
	case len(digits) == 10 && strings.ContainsAny(digits[:1], "1237"): // the zero was left out
		digits = "44" + digits
	}
	if strings.HasPrefix(digits, "440") { // +44 (0)20
		digits = "44" + digits[3:]
	}
	if len(digits) < 9 || len(digits) > 15 {
		return ""
	}
	return digits
}

// email is an address in one way of writing it; empty for what is none.
func email(text string) string { return strings.ToLower(strings.Trim(emailLike.FindString(text), ".")) }

// phones finds telephone numbers in what was written down of one.
var phones = regexp.MustCompile(`[+(]*[0-9][0-9 ().+/-]*[0-9]`)

// reached are the values by which somebody is found who is reached by a channel
// and what was written of it, and what kind they are.
func reached(ch Channel, detail string) (By, []string) {
	switch ch {
	case Mobile, Landline, WorkPhone, Text:
		var out []string
		for _, text := range phones.FindAllString(detail, -1) {
			if n := phone(text); n != "" && len(out) < keysMost && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
		return ByPhone, out
	case Email:
		if address := email(detail); address != "" {
			return ByEmail, []string{address}
		}
	case Post, Professional, InPerson: // another's, or an address
	}
	return "", nil
}

// Narrow is true of the people, p, whose date of birth agrees with that of the
// term as far as both are known.
func (t Term) Narrow() store.Fragment {
	switch len(t.Born) {
	case len("2006-01-02"):
		return store.Fragment{SQL: "p.born IN ($1, $2, $3, '')", Args: []any{t.Born, t.Born[:7], t.Born[:4]}}
	case len("2006-01"):
		return store.Fragment{SQL: "p.born IN ($1, '') OR substr(p.born, 1, 7) = $2", Args: []any{t.Born[:4], t.Born}}
	case len("2006"):
		return store.Fragment{SQL: "p.born = '' OR substr(p.born, 1, 4) = $1", Args: []any{t.Born}}
	}
	return store.Fragment{}
}
