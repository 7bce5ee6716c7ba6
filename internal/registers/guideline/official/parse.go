package official

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// File is a document as it was handed in. Name is what messages call it by.
type File struct {
	Name string
	Data []byte
}

// Parsed is what a set of files held. With a pathway and a list of who should act, the pathway
// has the list attached and both are set.
type Parsed struct {
	Pathway         *Version
	Recommendations *Recommendations
}

// Refused says why a file cannot be read as one of the documents, and where.
type Refused struct {
	File   string
	Line   int
	Reason string
}

func (e *Refused) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason) }

func refuse(file string, line int, reason string) *Refused {
	return &Refused{File: file, Line: max(line, 1), Reason: reason}
}

// Parse reads the documents of one version: a pathway overview, with or without the list of who
// should act. The error is a *Refused that names file, line and reason; a list without its
// pathway is refused too, and is for ParseFiles and Attach.
func Parse(files ...File) (*Version, error) {
	p, err := ParseFiles(files...)
	if err != nil {
		return nil, err
	}
	if p.Pathway == nil {
		return nil, refuse(files[0].Name, 1, "this is the list of who should act alone; the pathway overview is missing")
	}
	return p.Pathway, nil
}

// ParseFiles reads a pathway overview, a list of who should act, or both, in any order, telling
// them apart by what they hold. The error is a *Refused.
func ParseFiles(files ...File) (Parsed, error) {
	var p Parsed
	if len(files) == 0 {
		return p, refuse("", 1, "no file was given")
	}
	for i, f := range files {
		if slices.ContainsFunc(files[:i], func(g File) bool { return g.Name == f.Name }) {
			f.Name += fmt.Sprintf(" (%d)", i+1) // places in two files must not be mistaken
		}
		lines, err := readLines(f)
		if err != nil {
			return Parsed{}, err
		}
		kind, err := recognise(f.Name, lines)
		if err != nil {
			return Parsed{}, err
		}
		source := SourceFile{Name: f.Name, Kind: kind, Lines: lastLine(lines), SHA256: Fingerprint(f.Data)}
		switch kind {
		case PathwayFile:
			if p.Pathway != nil {
				return Parsed{}, refuse(f.Name, 1, "a second pathway overview; "+p.Pathway.Files[0].Name+" is one already")
			}
			if p.Pathway, err = parsePathway(source, lines); err != nil {
				return Parsed{}, err
			}
		case RecommendationsFile:
			if p.Recommendations != nil {
				return Parsed{}, refuse(f.Name, 1, "a second list of who should act; "+p.Recommendations.File.Name+" is one already")
			}
			if p.Recommendations, err = parseRecommendations(source, lines); err != nil {
				return Parsed{}, err
			}
		}
	}
	if p.Pathway != nil {
		p.Pathway = Attach(p.Pathway, p.Recommendations)
	}
	return p, nil
}

// Fingerprint tells one file from another: the SHA-256 of its bytes, in hexadecimal.
func Fingerprint(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func lastLine(lines []sourceLine) int {
	for i := len(lines) - 1; i >= 0; i-- {
		if !lines[i].blank() {
			return lines[i].no
		}
	}
	return 0
}

// recognise tells which document a file is: a pathway has the line that says when it was last
// updated or a box numbered 1; a list of who should act has its headings.
func recognise(file string, lines []sourceLine) (FileKind, error) {
	first := 0
	updated, boxes, acts, numbered := 0, 0, 0, 0
	for _, l := range lines {
		if l.blank() {
			continue
		}
		if first == 0 {
			first = l.no
		}
		b := classifyLine(l.raw)
		text := b.text()
		switch {
		case reUpdated.MatchString(text) && updated == 0:
			updated = l.no
		case b.kind == headedBlock && b.number == 1 && headingLike(text) && boxes == 0:
			boxes = l.no
		case reWhoActs.MatchString(text) && acts == 0:
			acts = l.no
		case reRecommendation.MatchString(text):
			numbered++
		}
	}
	switch {
	case updated > 0 && boxes > 0:
		return PathwayFile, nil
	case numbered > 0:
		return RecommendationsFile, nil
	case acts > 0:
		return "", refuse(file, acts, "the list of who should act has no 'Recommendation 1' heading after this line")
	case updated > 0:
		return "", refuse(file, lastLine(lines), "the file ends without a box numbered 1, so it is not a whole pathway overview")
	case boxes > 0:
		return "", refuse(file, boxes, "the first box comes without a line before it that says when the pathway was last updated")
	}
	return "", refuse(file, first, fmt.Sprintf("%q begins neither a pathway overview nor a list of who should act", clip(strings.TrimSpace(lines[first-1].raw))))
}

// clip shortens a text for a message.
func clip(s string) string {
	const most = 60
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return strings.TrimSpace(string(r[:most])) + "…"
}
