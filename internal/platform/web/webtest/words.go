package webtest

import (
	"regexp"
	"strings"
)

// topic finds the words that somebody standing near must not read in a title,
// a file name or anything else that shows outside of the page (S13). Stems
// stand for their family; abbreviations only for themselves, because "dash" is
// in "dashboard".
var topic = regexp.MustCompile(`(?i)abus|violen|\brefuges?\b|victim|survivor|perpetrat|coerciv|domestic|honour-based|` +
	`\b(marac|idva|isva|dash|dva|dvpn|dvpo|fgm)s?\b`)

// TopicWord is the first word of text that gives the topic away, "" when there
// is none.
func TopicWord(text string) string { return strings.ToLower(topic.FindString(text)) }
