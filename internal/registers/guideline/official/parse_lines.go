package official

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxFileSize is the largest document that is read. The official ones are a hundredth of it.
const MaxFileSize = 4 << 20

// maxLines is the most lines a document may have. The official ones have fewer than 500.
const maxLines = 20_000

// sourceLine is one line as it stands in the file.
type sourceLine struct {
	no  int
	raw string
}

func (l sourceLine) blank() bool { return strings.TrimSpace(l.raw) == "" }

// readLines decodes a file. It refuses what is not text, and says in which line.
func readLines(f File) ([]sourceLine, error) {
	if len(f.Data) > MaxFileSize {
		return nil, refuse(f.Name, 1, fmt.Sprintf("the file is larger than %d MiB, which no such document is", MaxFileSize>>20))
	}
	data := bytes.TrimPrefix(f.Data, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, refuse(f.Name, 1, "the file is empty")
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n").Replace(string(data))
	parts := strings.Split(text, "\n")
	if len(parts) > maxLines {
		return nil, refuse(f.Name, maxLines+1, fmt.Sprintf("the file has more than %d lines, which no such document has", maxLines))
	}
	lines := make([]sourceLine, 0, len(parts))
	for i, raw := range parts {
		switch {
		case strings.IndexByte(raw, 0) >= 0:
			return nil, refuse(f.Name, i+1, "the line holds a zero byte, so this is not a text file")
		case !utf8.ValidString(raw):
			return nil, refuse(f.Name, i+1, "the line is not valid UTF-8 text")
		}
		lines = append(lines, sourceLine{no: i + 1, raw: oddSpaces.Replace(raw)})
	}
	return lines, nil
}

// oddSpaces folds spaces that look like others and drops signs that cannot be seen.
var oddSpaces = strings.NewReplacer("\u00a0", " ", "\u2007", " ", "\u202f", " ", "\u2028", " ", "\u2029", " ", "\u0085", " ", "\v", " ",
	"\u00ad", "", "\u200b", "", "\u200c", "", "\u200d", "", "\ufeff", "", pageMark, "")

type blockKind int

const (
	paraBlock     blockKind = iota
	bulletBlock             // "- text", "- - text"
	numberedBlock           // "3. Text"
	headedBlock             // "3 Text": a box heading, if it comes at its turn
)

// block is a line, later several joined lines, by its form alone.
type block struct {
	kind   blockKind
	depth  int // of a bullet: its indent and one more for each marker after the first
	number int // of a numbered or headed block
	marked string
	gap    bool // a blank line or residue stands before it
	Lines
}

// text is the block without page marks.
func (b block) text() string { return strings.TrimSpace(strings.ReplaceAll(b.marked, pageMark, "")) }

var (
	reBullet   = regexp.MustCompile(`^([ \t]*)((?:[-*•◦▪‣][ \t]+)+)(.*)$`)
	reNumbered = regexp.MustCompile(`^[ \t]*(\d{1,3})[.)][ \t]+(\S.*)$`)
	reHeaded   = regexp.MustCompile(`^[ \t]{0,3}(\d{1,3})[ \t]+(\S.*)$`)
	reHashes   = regexp.MustCompile(`^[ \t]*#{1,6}[ \t]+`)
	reRule     = regexp.MustCompile(`^[-*_=•◦▪‣\s\[\]#|]*$`)
	rePageNo   = regexp.MustCompile(`(?i)^(page \d+( of \d+)?|\d+ of \d+|© .*|.*all rights reserved\.?)$`)
)

// classify turns lines into blocks, one for each line that has words, and counts the rest as
// furniture. It looks at the form of each line only; what a line means depends on its neighbours.
func classify(file string, lines []sourceLine) ([]block, []Furniture) {
	var blocks []block
	var furniture []Furniture
	gap := true
	for _, l := range lines {
		if l.blank() {
			gap = true
			continue
		}
		at := Lines{file, l.no, l.no}
		b := classifyLine(l.raw)
		b.Lines, b.gap = at, gap
		switch text := b.text(); {
		case (b.kind == paraBlock || b.kind == bulletBlock) && reRule.MatchString(text):
			furniture = append(furniture, Furniture{FurnitureResidue, at})
			gap = true
			continue
		case b.kind == paraBlock && rePageNo.MatchString(text):
			furniture = append(furniture, Furniture{FurnitureRunning, at})
			gap = true
			continue
		}
		gap = false
		blocks = append(blocks, b)
	}
	return blocks, furniture
}

func classifyLine(raw string) block {
	if m := reBullet.FindStringSubmatch(raw); m != nil {
		return block{
			kind:   bulletBlock,
			depth:  len(strings.ReplaceAll(m[1], "\t", "    ")) + len(strings.Fields(m[2])) - 1,
			marked: cleanMarks(m[3]),
		}
	}
	raw = reHashes.ReplaceAllString(raw, "")
	if m := reNumbered.FindStringSubmatch(raw); m != nil {
		n, _ := strconv.Atoi(m[1])
		return block{kind: numberedBlock, number: n, marked: cleanMarks(m[2])}
	}
	clean := cleanMarks(raw)
	if m := reHeaded.FindStringSubmatch(clean); m != nil {
		n, _ := strconv.Atoi(m[1])
		return block{kind: headedBlock, number: n, marked: m[2]}
	}
	return block{kind: paraBlock, marked: clean}
}

// asParagraph gives a block that turned out not to be what its form said its number back.
func (b block) asParagraph() block {
	switch b.kind {
	case headedBlock:
		b.marked = strconv.Itoa(b.number) + " " + b.marked
	case numberedBlock:
		b.marked = strconv.Itoa(b.number) + ". " + b.marked
	case paraBlock, bulletBlock:
	}
	b.kind, b.number = paraBlock, 0
	return b
}

// join appends another block's words to this one.
func (b block) join(next block) block {
	b.marked = cleanMarks(joinText(b.marked, next.asParagraph().marked))
	b.Lines = b.Lines.through(next.Lines)
	return b
}
