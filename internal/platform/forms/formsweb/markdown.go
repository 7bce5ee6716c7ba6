package formsweb

import (
	"net/url"
	"regexp"
	"strings"
)

// A text with marks is shown with those that say something: paragraphs, lists, strong and stressed words, and
// links that can be followed safely. Everything else is text. What looks like an element of HTML is left out.

// block is a paragraph, or a list of which each entry is a line.
type block struct {
	list  string // "", "ul" or "ol"
	lines [][]span
}

// span is a run of words.
type span struct {
	text       string
	strong, em bool
	href       string
}

var (
	bulletText  = regexp.MustCompile(`^\s{0,3}[-*+]\s+(.*)$`)
	ordinalText = regexp.MustCompile(`^\s{0,3}[0-9]{1,9}[.)]\s+(.*)$`)
	headingText = regexp.MustCompile(`^\s{0,3}#{1,6}\s+(.*?)\s*#*$`)
	elementText = regexp.MustCompile(`(?s)</?[A-Za-z!][^<>]*>`)
	markText    = regexp.MustCompile(`\\([\\*_\[\]()#+.!-])|\*\*(\S(?:[^*]*\S)?)\*\*|__(\S(?:[^_]*\S)?)__|\*(\S(?:[^*]*\S)?)\*|\b_(\S(?:[^_]*\S)?)_\b|\[([^\[\]]+)\]\(([^()\s]+)\)`)
)

// marked reads a text with marks.
func marked(text string) []block {
	var blocks []block
	var open *block
	for line := range strings.Lines(elementText.ReplaceAllString(text, "")) {
		line = strings.TrimRight(line, " \t\r\n")
		kind, words, strong := "", strings.TrimSpace(line), false
		if m := bulletText.FindStringSubmatch(line); m != nil {
			kind, words = "ul", m[1]
		} else if m := ordinalText.FindStringSubmatch(line); m != nil {
			kind, words = "ol", m[1]
		} else if m := headingText.FindStringSubmatch(line); m != nil {
			words, strong, open = m[1], true, nil // the headings of the page are those of its groups
		}
		switch {
		case words == "":
			open = nil
			continue
		case open == nil || open.list != kind && kind != "":
			blocks = append(blocks, block{list: kind})
			open = &blocks[len(blocks)-1]
			open.lines = append(open.lines, spans(words, strong))
		case kind != "":
			open.lines = append(open.lines, spans(words, false))
		default: // goes on with what stands above
			last := len(open.lines) - 1
			open.lines[last] = append(open.lines[last], spans(" "+words, false)...)
		}
		if strong {
			open = nil
		}
	}
	return blocks
}

func spans(text string, strong bool) []span {
	var all []span
	add := func(s span) {
		if s.text != "" {
			s.strong = s.strong || strong
			all = append(all, s)
		}
	}
	for text != "" {
		m := markText.FindStringSubmatchIndex(text)
		if m == nil {
			add(span{text: text})
			break
		}
		add(span{text: text[:m[0]]})
		part := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return text[m[2*n]:m[2*n+1]]
		}
		switch {
		case part(1) != "":
			add(span{text: part(1)})
		case part(2)+part(3) != "":
			add(span{text: part(2) + part(3), strong: true})
		case part(4)+part(5) != "":
			add(span{text: part(4) + part(5), em: true})
		default:
			add(span{text: part(6), href: safe(part(7))})
		}
		text = text[m[1]:]
	}
	return all
}

// safe is an address that can be followed, or nothing.
func safe(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	switch u.Scheme {
	case "https", "http":
		if u.Host != "" {
			return href
		}
	case "tel", "mailto":
		return href
	}
	return ""
}
