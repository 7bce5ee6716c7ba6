package linkage

import (
	"strings"
	"unicode"
)

// folded is how letters beyond a to z are written with these. Diacritics of the
// Latin script and its own letters first, then Greek and Cyrillic in the way that
// names are most often seen in English records: a choice of this project. A letter
// that is not here stays as it is, so that a name in another script still equals
// itself.
var folded = func() map[rune]string {
	out := map[rune]string{}
	for to, from := range map[string]string{
		"a": "àáâãäåāăąǎạảấầẩẫậắằẳẵặ", "b": "ḃ", "c": "çćĉċč", "d": "ďđḋ", "e": "èéêëēĕėęěẹẻẽếềểễệ", "f": "ḟ", "g": "ĝğġģǧ", "h": "ĥħḥ",
		"i": "ìíîïĩīĭįıǐịỉ", "j": "ĵ", "k": "ķ", "l": "ĺļľŀł", "m": "ṁ", "n": "ñńņňŉ", "o": "òóôõöøōŏőơǒọỏốồổỗộớờởỡợ", "p": "ṗ", "r": "ŕŗř",
		"s": "śŝşšșṡṣ", "t": "ţťŧțṫṭ", "u": "ùúûüũūŭůűųưǔụủứừửữự", "w": "ŵẁẃẅ", "y": "ýÿŷỳỵỷỹ", "z": "źżžẓ", "ae": "æ", "oe": "œ", "th": "þ", "ss": "ß", "dh": "ð",
	} {
		for _, r := range from {
			out[r] = to
		}
	}
	for r, to := range map[rune]string{
		'α': "a", 'ά': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'έ': "e", 'ζ': "z", 'η': "i", 'ή': "i", 'θ': "th", 'ι': "i", 'ί': "i", 'κ': "k", 'λ': "l", 'μ': "m",
		'ν': "n", 'ξ': "x", 'ο': "o", 'ό': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'ύ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps", 'ω': "o", 'ώ': "o",
		'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ґ': "g", 'д': "d", 'е': "e", 'ё': "e", 'є': "ie", 'ж': "zh", 'з': "z", 'и': "i", 'і': "i", 'ї': "i", 'й': "i", 'к': "k", 'л': "l",
		'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y",
		'ь': "", 'э': "e", 'ю': "yu", 'я': "ya", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'ђ': "dj", 'џ': "dz",
	} {
		out[r] = to
	}
	return out
}()

// words are the words of a name in plain letters. A hyphen parts words as a space
// does; an apostrophe does not: O'Neill is one word.
func words(name string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	for _, r := range name {
		r = unicode.ToLower(r)
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' || r == '`' || r == '.':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if to, ok := folded[r]; ok {
				b.WriteString(to)
			} else {
				b.WriteRune(r)
			}
		default:
			flush()
		}
	}
	flush()
	return out
}

// squeezed is text without what parts it.
func squeezed(text string) string { return strings.Join(words(text), "") }

// sounds rewrites what is heard alike and spelt differently, in this order. A
// choice of this project: it leans to English spelling and to the ways in which
// Arabic, South Asian and Slavic names are written in it.
var sounds = strings.NewReplacer(
	"tsch", "x", "tch", "x", "sch", "x", "shch", "x", "sh", "x", "ch", "x", "cz", "x", "sz", "x",
	"ph", "f", "gh", "g", "kh", "k", "ck", "k", "qu", "k", "q", "k", "ce", "se", "ci", "si", "cy", "si", "c", "k",
	"th", "t", "dh", "d", "bh", "b", "wh", "w", "zh", "j", "dj", "j", "z", "s", "v", "w", "kn", "n", "wr", "r",
)

// sound is the skeleton of a word: its first letter as it sounds and the
// consonants after it, none of them twice running. Mohammed, Muhammad and Mohamed
// have one.
func sound(word string) string {
	var b strings.Builder
	var last rune
	for i, r := range sounds.Replace(word) {
		if strings.ContainsRune("aeiouy", r) {
			if i == 0 {
				b.WriteByte('a')
			}
			last = 0
			continue
		}
		if r == 'h' && i > 0 || r == last {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// heard is a word as it is said, vowels and all: what differs in doubled letters
// alone, or in ph and f, is one name.
func heard(word string) string {
	var b strings.Builder
	var last rune
	for i, r := range sounds.Replace(word) {
		if r == 'y' {
			r = 'i'
		}
		if r == last || r == 'h' && i > 0 {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// groups are names that people use for one another: short forms, and spellings
// too far apart for a comparison of letters. The first of each is its root. From
// common knowledge of English, Irish, Polish and South Asian usage; a name in two
// groups belongs to the first.
var groups = []string{
	"alexander alex alec sandy sasha aleksander alejandro alexandra alexandria lexi aleksandra oleksandr", "abigail abby abbie gail", "agnieszka aga", "andrew andy drew andrzej andrei andriy",
	"anthony tony antony antonio antoni", "benjamin ben benny", "barbara babs barb basia", "bernadette bernie", "beverley bev beverly", "bridget bridie biddy brigid", "cameron cam",
	"catherine kate katie cathy kathy kathleen kath cath katherine kathryn catriona caitlin kasia katarzyna kateryna katy kay", "charles charlie chuck chas karol", "charlotte lottie charley",
	"christine chris chrissie christina tina krystyna kristina", "christopher kit krzysztof", "daniel dan danny danielle daniela", "david dave davey davie dafydd dai", "deborah debbie deb debra",
	"dominic dom", "dorothy dot dottie dolly", "edward eddie ed ted teddy ned edmund", "eleanor ellie nell nora elinor", "elizabeth liz lizzie beth betty bess eliza elspeth elsie libby lisa elzbieta ela lillibet",
	"emily em millie", "emma emmie", "frances fran frankie", "francis frank franny", "frederick fred freddie", "gabrielle gabby gabriella", "george georgie jerzy", "georgina gina", "gerald gerry jerry gerard",
	"gillian gill jill jillian", "grace gracie", "gregory greg grzegorz", "harold harry hal", "henry hank", "helen nell ellen helena", "irene rene", "isabel isabella bella izzy isobel isabelle",
	"jacqueline jackie jacqui", "james jim jimmy jamie jem seamus", "jane janey jean joan janet janette", "janice jan", "jennifer jen jenny jenni", "jessica jess jessie", "john jack johnny jon ian sean shaun shawn jan juan",
	"joseph joe joey jozef jose", "jonathan jonny nathan", "joanne jo joanna", "joshua josh", "judith judy", "julia julie jules", "kenneth ken kenny", "kimberley kim kimberly", "lawrence larry laurence laurie",
	"leonard len lenny", "lesley les leslie", "louise lou lulu louisa", "lucy lucia", "malgorzata gosia", "margaret maggie meg peggy madge margie greta mags rita", "maria marie mary mia marysia molly polly",
	"martin marty marcin", "matthew matt matty mateusz", "maureen mo", "michael mike mick mickey micky michal mikhail mykhailo miguel", "michelle shell", "mohammed mo mohamed muhammad mohammad mahomed md mohamad mohd",
	"natalie nat natalia natasha", "nicholas nick nicky nico mikolaj", "nicola nikki nicky nicole", "oliver ollie olly", "olivia liv livvy", "pamela pam", "patricia pat trish tricia patsy patty", "patrick paddy padraig pat",
	"paul pawel pablo pavel", "paula pauline", "peter pete piotr pyotr petro pedro", "philip phil phillip pip", "rachel rach raquel", "rebecca becky becca bex", "richard rick ricky dick rich richie",
	"robert rob bob bobby robbie bert", "rosemary rose rosie", "roger rodge", "ronald ron ronnie", "samantha sammy sam", "samuel sam", "sandra sandy", "sarah sally sadie sara", "simon si", "stanley stan stanislaw",
	"stephanie steph steff", "stephen steve steven stevie szczepan", "susan sue susie suzie suzanne susanna zuzanna", "terence terry terrence", "theresa tess tessa terri teresa", "thomas tom tommy tomasz tomas",
	"timothy tim timmy", "valerie val", "victoria vicky vikki tori", "vincent vince vinny", "walter wally", "william bill billy will willy liam wilhelm", "winifred winnie", "yusuf yousef youssef yusef yousuf", "zachary zach zack zak",
	"hussein husain hussain hossein husayn", "abdul abd abdal", "ahmed ahmad achmed", "fatima fatma fatemah fatimah", "aisha ayesha aysha aishah", "said saeed sayed", "omar umar", "usman othman osman uthman",
	"khadija khadijah hadija", "zainab zaynab zeinab zeynep", "amina aminah ameena", "mehmet mahmut", "ibrahim abraham ebrahim", "yevhen evgeny eugene yevgeny", "oksana xenia ksenia", "iryna irina", "olena elena",
}

var roots = func() map[string]string {
	out := map[string]string{}
	for _, g := range groups {
		all := strings.Fields(g)
		for _, w := range all {
			if _, ok := out[w]; !ok {
				out[w] = all[0]
			}
		}
	}
	return out
}()

// root is the name of which a given name is a form, or the name itself.
func root(given string) string {
	if to, ok := roots[given]; ok {
		return to
	}
	return given
}
