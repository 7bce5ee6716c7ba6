package official

import (
	"fmt"
	"strings"

	"waymark/internal/registers/guideline/wording"
)

// A page end parts a sentence in two: a blank line stands in the middle of it, and what follows
// often got a list mark of its own. Joining decides for each block whether it goes on with the
// one before it. The evidence is how the one ends and how the other begins; where that does not
// settle it, the join is reported.

// longestText is more than any paragraph has; nothing is joined to a longer one.
const longestText = 10_000

// joined is a block made of one or more, with the reason when a join was a judgement.
type joined struct {
	block
	doubts []string
}

const (
	doubtLeaning = "read as going on with the recommendation before it, since it begins by referring back and a page ended between them"
	doubtUpper   = "read as going on with the unfinished recommendation before it, across a page end"
	doubtApart   = "kept apart from the list entry before it, although a page ended between them and neither is a full sentence"
)

// joinBroken joins what page ends broke among the blocks of one box. The first block is the
// box's heading.
func joinBroken(blocks []block) []joined {
	var out []joined
	sentences := false // some bullet before was a full sentence, so that all should be
	for _, b := range blocks {
		if len(out) > 0 {
			prev := &out[len(out)-1]
			goesOn, doubt := continues(prev.block, b, sentences)
			if doubt != "" {
				prev.doubts = append(prev.doubts, fmt.Sprintf("line %d was %s", b.From, doubt))
			}
			if goesOn {
				prev.block = prev.block.join(b)
				continue
			}
			if prev.kind == bulletBlock && opens(prev.text()) == opensUpper && finished(prev.text()) {
				sentences = true
			}
		}
		out = append(out, joined{block: b})
	}
	return out
}

func continues(prev, b block, sentences bool) (goesOn bool, doubt string) {
	was, text := prev.text(), b.text()
	if text == "" || len(was) > longestText || fixedPhrase(text) || fixedPhrase(was) {
		return false, ""
	}
	if strings.ContainsRune(".,;:?!)", rune(text[0])) && b.kind != numberedBlock {
		return true, ""
	}
	switch b.kind {
	case paraBlock:
		return continuesParagraph(prev, b), ""
	case bulletBlock:
		return continuesBullet(prev, b, sentences)
	case headedBlock: // a figure in the middle of a sentence
		return prev.kind != headedBlock && !finished(was) && opens(text) == opensLower, ""
	case numberedBlock:
	}
	return false, ""
}

// continuesParagraph: no heading, audience or paragraph begins in lower case. One that begins
// with a capital goes on only if what was before it cannot be the end.
func continuesParagraph(prev, b block) bool {
	was, text := prev.text(), b.text()
	switch opens(text) {
	case opensLower:
		return true
	case opensOther:
		return !finished(was) && prev.kind != headedBlock
	case opensUpper:
	}
	if prev.kind == headedBlock || prev.kind == numberedBlock {
		return false
	}
	if dangling(was, false) {
		return true
	}
	return prev.kind == bulletBlock && opens(was) == opensUpper && !finished(was) &&
		finished(text) && !strings.HasSuffix(text, ":") && !reSeeAlso.MatchString(text) && !rePointer.MatchString(text)
}

// continuesBullet: a list mark after a page end may be one the page end made.
func continuesBullet(prev, b block, sentences bool) (goesOn bool, doubt string) {
	was, text := prev.text(), b.text()
	lower := opens(text) == opensLower
	fragment := opens(was) == opensLower
	if prev.kind != bulletBlock {
		// A heading or an audience goes on; a list under a sub-heading does not.
		return prev.kind == paraBlock && b.gap && lower && (dangling(was, false) || !finished(was) && finished(text) && strings.HasSuffix(text, ":")), ""
	}
	if !b.gap {
		return !fragment && lower && dangling(was, true), ""
	}
	switch {
	case dangling(was, fragment):
		return true, ""
	case lower && fragment:
		if finished(was) {
			return false, ""
		}
		return false, doubtApart
	case lower && !finished(was):
		return true, ""
	case lower:
		return false, ""
	case !finished(was) && !fragment && sentences:
		return true, doubtUpper
	case finished(was) && !strings.HasSuffix(was, ":") && leans(text):
		return true, doubtLeaning
	}
	return false, ""
}

// fixedPhrase names the lines that stand for themselves and never go on with anything.
func fixedPhrase(text string) bool {
	switch wording.Key(text) {
	case "no additional information", "quality standards", "quality standard", "glossary", "sources", "your responsibility":
		return true
	}
	return reStatementLead.MatchString(text)
}

// joinParagraphs joins paragraphs of running text that page ends broke: sources, notes and the
// opening of the list of who should act. A heading is short and has no end of its own.
func joinParagraphs(blocks []block) []block {
	var out []block
	for _, b := range blocks {
		if len(out) > 0 {
			prev := &out[len(out)-1]
			was, text := prev.text(), b.text()
			unfinished := !finished(was)
			switch {
			case fixedPhrase(text) || len(was) > longestText:
			case unfinished && (opens(text) != opensUpper || dangling(was, false) || !short(was) && finished(text)),
				opens(text) == opensLower && b.kind == paraBlock:
				*prev = prev.join(b)
				continue
			}
		}
		out = append(out, b)
	}
	return out
}

// short is the length up to which a line can be a heading.
func short(s string) bool { return len(wording.Words(s)) <= 18 }
