package official

import (
	"regexp"
	"strings"
)

// Text out of a PDF comes with the marks of links, emphasis and page references. Cleaning is
// done in two steps: cleanMarks turns markup into plain words but keeps a private mark where a
// page reference stood, because that tells the linker where the name of a box ends; plainText
// takes the marks and whatever strays away.

// pageMark stands where "[See page 6]" stood. The rune is private; the reader removes it from input.
const pageMark = "\uE000"

var (
	reEscape   = regexp.MustCompile(`\\([\\\[\](){}*_#<>.!+|-])`)
	rePageRef  = regexp.MustCompile(`(?i)\s*\[\s*see\s+page\s+\d+\s*\]`)
	reLink     = regexp.MustCompile(`!?\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)`)
	reLinkTail = regexp.MustCompile(`\]\((?:#|https?:)[^()]*\)`)
	reAutolink = regexp.MustCompile(`<((?:https?://|mailto:)[^<>\s]+)>`)
	reStrong   = regexp.MustCompile(`\*\*([^\s*](?:[^*]*[^\s*])?)\*\*`)
	reEmphasis = regexp.MustCompile(`\*([^\s*](?:[^*]*[^\s*])?)\*`)
	reScore    = regexp.MustCompile(`(^|[\s('"‘“])__?([^\s_](?:[^_]*[^\s_])?)__?($|[\s)'"’”.,;:?!])`)
	reOpened   = regexp.MustCompile(`([(\[])\s+`)
	reGap      = regexp.MustCompile(`\s+([,.;:?!)\]])`)
)

// cleanMarks turns links, emphasis and escapes into plain words. It is applied again when halves
// are joined, so a mark that a page end broke in two goes as well.
func cleanMarks(s string) string {
	if !strings.ContainsAny(s, "[]*_<>\\") {
		return oneSpace(s)
	}
	s = reEscape.ReplaceAllString(s, "$1")
	s = rePageRef.ReplaceAllString(s, pageMark)
	for range 4 { // links nest, but not deeply
		t := reLink.ReplaceAllString(s, "$1")
		if t == s {
			break
		}
		s = t
	}
	s = reAutolink.ReplaceAllString(s, "$1")
	s = reStrong.ReplaceAllString(s, "$1")
	s = reEmphasis.ReplaceAllString(s, "$1")
	s = reScore.ReplaceAllString(s, "$1$2$3")
	return oneSpace(s)
}

func oneSpace(s string) string { return strings.Join(strings.Fields(s), " ") }

// plainText takes page marks and stray marks out of a cleaned text. What strayed is returned,
// so that a warning can name it.
func plainText(s string) (text, strays string) {
	s = strings.ReplaceAll(cleanMarks(s), pageMark, "")
	var found strings.Builder
	s = reLinkTail.ReplaceAllStringFunc(s, func(m string) string { found.WriteString(m); return "" })
	s = dropStrayBrackets(s, &found)
	if strings.Contains(s, "**") {
		found.WriteString("**")
		s = strings.ReplaceAll(s, "**", "")
	}
	s = reGap.ReplaceAllString(oneSpace(s), "$1")
	s = reOpened.ReplaceAllString(s, "$1")
	return strings.TrimSpace(s), clip(found.String())
}

// dropStrayBrackets removes square brackets that have no partner and pairs with nothing inside.
func dropStrayBrackets(s string, found *strings.Builder) string {
	if !strings.ContainsAny(s, "[]") {
		return s
	}
	drop := map[int]bool{}
	var open []int
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[':
			open = append(open, i)
		case ']':
			if len(open) == 0 {
				drop[i] = true
				continue
			}
			from := open[len(open)-1]
			open = open[:len(open)-1]
			if strings.Trim(s[from+1:i], "[] ") == "" {
				drop[from], drop[i] = true, true
			}
		}
	}
	for _, i := range open {
		drop[i] = true
	}
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if drop[i] {
			found.WriteByte(s[i])
			continue
		}
		out.WriteByte(s[i])
	}
	return out.String()
}
