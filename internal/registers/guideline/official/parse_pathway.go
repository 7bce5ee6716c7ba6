package official

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"waymark/internal/registers/guideline/wording"
)

// Limits that no real document comes near; beyond them a file is not one.
const (
	maxBoxes    = 200
	maxSections = 300
	maxTerms    = 2000
)

var (
	reUpdated       = regexp.MustCompile(`(?i)\blast updated:?\s+(.+)$`)
	reStatementLead = regexp.MustCompile(`(?i)^the following quality statements? (is|are) relevant\b`)
	reSeeAlso       = regexp.MustCompile(`(?i)^see also\b`)
	rePointer       = regexp.MustCompile(`(?i)^(see\s|for\s[^.:]*\ssee\s)`)
	reFront         = regexp.MustCompile(`(?i)^(nice pathways? |they are updated |to view the latest version|https?://|<https?://|this document contains a single flowchart)`)
)

// pathwayParser holds a pathway while it is read.
type pathwayParser struct {
	v      *Version
	boxes  []boxPart
	back   map[string][]block // the parts after the boxes, by the key of their heading
	refs   []reference
	loose  []looseStatement
	titles map[string]bool // keys of the quality statements that have their number
}

// boxPart is a box's heading and the blocks under it.
type boxPart struct {
	head block
	body []block
}

// looseStatement is a quality statement that stands in a box without its number.
type looseStatement struct {
	box, index int
	title      string
	Lines
}

func parsePathway(source SourceFile, lines []sourceLine) (*Version, error) {
	blocks, furniture := classify(source.Name, lines)
	p := &pathwayParser{
		v:      &Version{Files: []SourceFile{source}, Furniture: furniture},
		back:   map[string][]block{},
		titles: map[string]bool{},
	}
	for _, b := range blocks {
		if b.kind == numberedBlock {
			p.titles[wording.Key(b.text())] = true
		}
	}
	rest, err := p.front(blocks)
	if err != nil {
		return nil, err
	}
	if err := p.split(rest); err != nil {
		return nil, err
	}
	if len(p.boxes) > maxBoxes {
		return nil, refuse(source.Name, p.boxes[maxBoxes].head.From, fmt.Sprintf("more than %d boxes", maxBoxes))
	}
	sections := 0
	for _, part := range p.boxes {
		p.box(part)
		if sections += len(p.v.Boxes[len(p.v.Boxes)-1].Sections); sections > maxSections {
			return nil, refuse(source.Name, part.head.From, fmt.Sprintf("more than %d sub-headings", maxSections))
		}
	}
	p.nameLooseStatements()
	p.glossary(p.back["glossary"])
	if len(p.v.Glossary) > maxTerms {
		return nil, refuse(source.Name, p.v.Glossary[maxTerms].From, fmt.Sprintf("more than %d glossary terms", maxTerms))
	}
	p.sources(p.back["sources"])
	p.responsibility(p.back["your responsibility"])
	if err := p.cutShort(lines); err != nil {
		return nil, err
	}
	p.resolve()
	warnDocument(p.v)
	sweep(p.v, source.Name, lines)
	p.v.normalise()
	return p.v, nil
}

func (p *pathwayParser) warn(kind WarningKind, at Lines, format string, args ...any) {
	p.v.Warnings = append(p.v.Warnings, Warning{kind, fmt.Sprintf(format, args...), at})
}

func (p *pathwayParser) furniture(kind FurnitureKind, at Lines) {
	p.v.Furniture = append(p.v.Furniture, Furniture{kind, at})
}

// plain finishes a text for the model and reports what strayed in it.
func (p *pathwayParser) plain(b block) string {
	text, strays := plainText(b.marked)
	if strays != "" {
		p.warn(WarnMarkup, b.Lines, "stray %q was left out of %q", strays, clip(text))
	}
	return text
}

// front reads what stands before the first box and returns the rest.
func (p *pathwayParser) front(blocks []block) ([]block, error) {
	for i, b := range blocks {
		text := b.text()
		switch {
		case b.kind == headedBlock && b.number == 1 && headingLike(text):
			if p.v.Updated == (Date{}) {
				return nil, refuse(b.File, b.From, "the first box comes without a line before it that says when the pathway was last updated")
			}
			if p.v.Title == "" {
				return nil, refuse(b.File, b.From, "no title stands before the first box")
			}
			return blocks[i:], nil
		case reUpdated.MatchString(text):
			date, ok := parseDate(reUpdated.FindStringSubmatch(text)[1])
			if !ok {
				return nil, refuse(b.File, b.From, fmt.Sprintf("%q is not a date such as '3 August 2017'", clip(text)))
			}
			if p.v.Updated != (Date{}) && p.v.Updated != date {
				return nil, refuse(b.File, b.From, fmt.Sprintf("a second date, %s; line %d says %s", date, p.v.UpdatedLines.From, p.v.Updated))
			}
			p.v.Updated, p.v.UpdatedLines = date, p.v.UpdatedLines.through(b.Lines)
		case reFront.MatchString(text):
			p.furniture(FurnitureFront, b.Lines)
		case p.v.Title == "" && b.kind == paraBlock:
			p.v.Title, p.v.TitleLines = p.plain(b), b.Lines
		case wording.Key(text) != "" && wording.Key(text) == wording.Key(p.v.Title):
			p.furniture(FurnitureRunning, b.Lines)
		}
		// Anything else is left to the sweep, which reports it.
	}
	return nil, refuse(p.v.Files[0].Name, p.v.Files[0].Lines, "the file ends without a box numbered 1, so it is not a whole pathway overview")
}

func parseDate(s string) (Date, bool) {
	s = strings.Trim(strings.TrimSpace(s), ".")
	for _, layout := range []string{"2 January 2006", "02 January 2006", "2 Jan 2006", "January 2, 2006", time.DateOnly, "02/01/2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return dateOf(t), true
		}
	}
	return Date{}, false
}

// split parts the document into its boxes and the parts after them.
func (p *pathwayParser) split(blocks []block) error {
	part := ""            // the part after the boxes that is being read
	inStatements := false // under the "Quality standards" of a box
	var prev block        // the block before, whatever it was
	for i, b := range blocks {
		text := b.text()
		key := wording.Key(text)
		after := i+1 >= len(blocks) || blocks[i+1].gap
		switch {
		case b.kind == paraBlock && (key == "glossary" || key == "sources" || key == "your responsibility") &&
			(part != "" || !p.boxesFollow(blocks[i+1:])):
			part = key
			p.furniture(FurnitureHeading, b.Lines)
			continue
		case b.kind == paraBlock && b.gap && after && key != "" && key == wording.Key(p.v.Title):
			p.furniture(FurnitureRunning, b.Lines)
			continue
		case part != "":
			p.back[part] = append(p.back[part], b.asParagraphUnlessBullet())
			continue
		case b.kind == paraBlock && (key == "quality standards" || key == "quality standard"):
			inStatements = true
		case b.kind == headedBlock:
			heading, running, err := p.headsBox(b, prev, after, inStatements)
			if err != nil {
				return err
			}
			if running {
				p.furniture(FurnitureRunning, b.Lines)
				continue
			}
			if heading {
				p.boxes = append(p.boxes, boxPart{head: b})
				inStatements, prev = false, b
				continue
			}
			if !inStatements && opens(text) != opensLower {
				b = b.asParagraph()
			}
		}
		prev = b
		last := &p.boxes[len(p.boxes)-1]
		last.body = append(last.body, b)
	}
	return nil
}

// boxesFollow says whether the next box still comes, so that a heading such as "Sources" belongs
// to a box and does not end them all.
func (p *pathwayParser) boxesFollow(rest []block) bool {
	next := p.boxes[len(p.boxes)-1].head.number + 1
	for i, b := range rest {
		if b.kind == headedBlock && b.number == next && headingLike(b.text()) && b.gap && (i+1 == len(rest) || rest[i+1].gap) {
			return true
		}
	}
	return false
}

func (b block) asParagraphUnlessBullet() block {
	if b.kind == bulletBlock {
		return b
	}
	return b.asParagraph()
}

// headsBox decides whether "N Title" begins a box: it does when it comes at its turn. A number
// that was there already is a page header, a quality statement or an error in the document.
func (p *pathwayParser) headsBox(b, prev block, gapAfter, inStatements bool) (heading, running bool, err error) {
	text := b.text()
	if !headingLike(text) || dangling(prev.text(), false) {
		return false, false, nil
	}
	last := 0
	if len(p.boxes) > 0 {
		last = p.boxes[len(p.boxes)-1].head.number
	}
	alone := b.gap && gapAfter
	switch {
	case inStatements && p.titles[wording.Key(text)]:
		return false, false, nil
	case b.number == last+1:
		return true, false, nil
	case b.number <= last:
		for _, part := range p.boxes {
			if part.head.number != b.number {
				continue
			}
			if wording.Key(part.head.text()) == wording.Key(text) {
				return false, true, nil
			}
			if alone && !inStatements {
				return false, false, refuse(b.File, b.From, fmt.Sprintf("box number %d comes twice; line %d has it first", b.number, part.head.From))
			}
		}
		return false, false, nil
	case alone && !inStatements && b.number <= last+10:
		p.warn(WarnMissing, b.Lines, "box %d follows box %d: %s missing", b.number, last, missing(last+1, b.number-1))
		return true, false, nil
	}
	return false, false, nil
}

func missing(from, to int) string {
	if from == to {
		return fmt.Sprintf("box %d is", from)
	}
	return fmt.Sprintf("boxes %d to %d are", from, to)
}

// headingLike says whether a text can be the title of a box.
func headingLike(s string) bool {
	if opens(s) != opensUpper || len(wording.Words(s)) > 30 {
		return false
	}
	return !strings.ContainsAny(s[len(s)-1:], ".:;,")
}

// cutShort refuses a document whose last words are the beginning of a sentence: a file that was
// not copied whole must not pass for a new edition.
func (p *pathwayParser) cutShort(lines []sourceLine) error {
	end := lastLine(lines)
	cut := func(text string, at Lines) error {
		if at.To != end || finished(text) {
			return nil
		}
		return refuse(at.File, at.To, "the file ends in the middle of a sentence, so it is not whole")
	}
	for i := range p.v.Boxes {
		for j := range p.v.Boxes[i].Sections {
			s := &p.v.Boxes[i].Sections[j]
			if err := cut(s.Audience, s.AudienceLines); err != nil {
				return err
			}
			for k := range s.Items {
				for depth, it := range s.Items[k].All() {
					if depth > 0 && opens(it.Text) != opensUpper && !dangling(it.Text, true) {
						continue // an entry of a list of fragments needs no end
					}
					if err := cut(it.Text, it.Lines); err != nil {
						return err
					}
				}
			}
		}
	}
	for _, n := range p.v.Responsibility {
		for _, para := range n.Paragraphs {
			if err := cut(para.Text, para.Lines); err != nil {
				return err
			}
		}
	}
	return nil
}
