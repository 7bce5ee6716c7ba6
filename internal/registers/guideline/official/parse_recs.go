package official

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Recommendations is the list of who should act: which actors each recommendation is for, in
// detail and as a summary table. It means something only beside a pathway, see Attach.
type Recommendations struct {
	File      SourceFile
	List      []Recommendation
	Actors    []ActorRow
	Scope     []Paragraph
	Furniture []Furniture
	Warnings  []Warning
}

var (
	reWhoActs        = regexp.MustCompile(`(?i)^who should take action\??$`)
	reInDetail       = regexp.MustCompile(`(?i)^who should take action in detail\??$`)
	reTableHead      = regexp.MustCompile(`(?i)^\|?\s*who should take action\s*\|\s*recommendations?\b[^|]*\|?$`)
	reRecommendation = regexp.MustCompile(`(?i)^recommendation (\d{1,3})$`)
	reNumbers        = regexp.MustCompile(`^\d{1,3}(\s*([,–-]|and|to)\s*\d{1,3})*\s*,?$`)
	reOneNumber      = regexp.MustCompile(`\d+|[–-]|to`)
	reExplains       = regexp.MustCompile(`(?i)[.:]\s+((the latter|the former|these|this) includes?|includes):?\s`)
)

// maxRecommendations is a limit that no real document comes near.
const maxRecommendations = 200

type recommendationsParser struct {
	file SourceFile
	r    *Recommendations
	cell tableCell // being read
	row  *ActorRow // waiting for its numbers
}

type tableCell struct {
	text string
	Lines
}

func parseRecommendations(source SourceFile, lines []sourceLine) (*Recommendations, error) {
	p := &recommendationsParser{file: source, r: &Recommendations{File: source}}
	blocks, furniture := classify(source.Name, lines)
	p.r.Furniture = furniture
	part := "scope"
	var scope []block
	for _, b := range blocks {
		b = b.asParagraph()
		text := b.text()
		m := reRecommendation.FindStringSubmatch(text)
		switch {
		case reTableHead.MatchString(text):
			part = "table"
			p.r.Furniture = append(p.r.Furniture, Furniture{FurnitureHeading, b.Lines})
		case reInDetail.MatchString(text):
			p.endTable()
			part = "detail"
			p.r.Furniture = append(p.r.Furniture, Furniture{FurnitureHeading, b.Lines})
		case reWhoActs.MatchString(text):
			p.r.Furniture = append(p.r.Furniture, Furniture{FurnitureHeading, b.Lines})
		case m != nil:
			p.endTable()
			part = "detail"
			if err := p.heading(m[1], b); err != nil {
				return nil, err
			}
		case part == "scope":
			scope = append(scope, b)
		case part == "table":
			p.tableLine(b)
		case len(p.r.List) > 0 && len(p.r.List[len(p.r.List)-1].Text) <= longestText:
			rec := &p.r.List[len(p.r.List)-1]
			rec.Text = cleanMarks(joinText(rec.Text, b.marked))
			rec.Lines = rec.Lines.through(b.Lines)
		}
	}
	p.endTable()
	for _, b := range joinParagraphs(scope) {
		text := p.plain(b)
		if !finished(text) {
			p.warn(WarnUnfinished, b.Lines, "%q has no end", clip(text))
		}
		p.r.Scope = append(p.r.Scope, Paragraph{text, b.Lines})
	}
	if err := p.finish(); err != nil {
		return nil, err
	}
	if len(p.r.Actors) == 0 {
		p.warn(WarnMissing, p.r.List[0].Lines, "no summary table of actors stands before the first recommendation")
	}
	carrier := &Version{Recommendations: p.r.List, Actors: p.r.Actors, Scope: p.r.Scope, Furniture: p.r.Furniture, Warnings: p.r.Warnings}
	sweep(carrier, source.Name, lines)
	p.r.Warnings = carrier.Warnings
	return p.r, nil
}

func (p *recommendationsParser) warn(kind WarningKind, at Lines, format string, args ...any) {
	p.r.Warnings = append(p.r.Warnings, Warning{kind, fmt.Sprintf(format, args...), at})
}

func (p *recommendationsParser) plain(b block) string {
	text, strays := plainText(b.marked)
	if strays != "" {
		p.warn(WarnMarkup, b.Lines, "stray %q was left out of %q", strays, clip(text))
	}
	return text
}

// heading begins a recommendation. Numbers are addresses, so one that comes twice is refused.
func (p *recommendationsParser) heading(number string, b block) error {
	n, _ := strconv.Atoi(number)
	last := 0
	if len(p.r.List) > 0 {
		rec := p.r.List[len(p.r.List)-1]
		if last = rec.Number; rec.Text == "" {
			return refuse(b.File, rec.From, fmt.Sprintf("recommendation %d names nobody who should act", rec.Number))
		}
	}
	for _, r := range p.r.List {
		if r.Number == n {
			return refuse(b.File, b.From, fmt.Sprintf("recommendation %d comes twice; line %d has it first", n, r.From))
		}
	}
	if n != last+1 {
		p.warn(WarnMissing, b.Lines, "recommendation %d follows recommendation %d", n, last)
	}
	if len(p.r.List) >= maxRecommendations {
		return refuse(b.File, b.From, fmt.Sprintf("more than %d recommendations", maxRecommendations))
	}
	p.r.List = append(p.r.List, Recommendation{Number: n, Lines: b.Lines})
	return nil
}

func (p *recommendationsParser) finish() error {
	for i := range p.r.List {
		rec := &p.r.List[i]
		if rec.Text == "" {
			return refuse(rec.File, rec.From, fmt.Sprintf("recommendation %d names nobody who should act", rec.Number))
		}
		rec.Text = p.plain(block{marked: rec.Text, Lines: rec.Lines})
		if dangling(rec.Text, false) {
			if i == len(p.r.List)-1 {
				return refuse(rec.File, rec.To, "the file ends in the middle of a sentence, so it is not whole")
			}
			p.warn(WarnUnfinished, rec.Lines, "%q has no end", clip(rec.Text))
		}
		rec.Actors = splitActors(rec.Text)
	}
	return nil
}

// tableLine reads a line of the summary table. Its rows are split over lines, so it is read as a
// stream of cells: a name, then its numbers.
func (p *recommendationsParser) tableLine(b block) {
	cells := strings.Split(b.marked, "|")
	for i, c := range cells {
		if c = strings.TrimSpace(c); c != "" {
			p.cell.text = joinText(p.cell.text, c)
			p.cell.Lines = p.cell.Lines.through(b.Lines)
		}
		numbersDone := p.row != nil && reNumbers.MatchString(p.cell.text) && !strings.HasSuffix(p.cell.text, ",")
		if i < len(cells)-1 || numbersDone || len(p.cell.text) > longestText {
			p.endCell()
		}
	}
}

func (p *recommendationsParser) endCell() {
	cell := p.cell
	p.cell = tableCell{}
	switch {
	case cell.text == "" || strings.Trim(cell.text, "-: ") == "":
		return
	case reNumbers.MatchString(cell.text):
		if p.row == nil {
			return // the sweep reports numbers that belong to nobody
		}
		p.row.Recommendations = numbers(cell.text)
		p.row.Lines = p.row.Lines.through(cell.Lines)
		p.r.Actors = append(p.r.Actors, *p.row)
		p.row = nil
	default:
		p.dropRow()
		p.row = &ActorRow{Name: p.plain(block{marked: cell.text, Lines: cell.Lines}), Lines: cell.Lines}
	}
}

func (p *recommendationsParser) dropRow() {
	if p.row != nil {
		p.warn(WarnUnplaced, p.row.Lines, "%q stands in the summary table without the numbers of its recommendations", clip(p.row.Name))
		p.row = nil
	}
}

func (p *recommendationsParser) endTable() {
	p.endCell()
	p.dropRow()
}

// numbers reads "1, 2, 5–7". A range that runs backwards is its two ends.
func numbers(s string) []int {
	var out []int
	through := false
	for _, m := range reOneNumber.FindAllString(s, -1) {
		n, err := strconv.Atoi(m)
		if err != nil {
			through = true
			continue
		}
		if through && len(out) > 0 {
			for k := out[len(out)-1] + 1; k < n; k++ {
				out = append(out, k)
			}
		}
		through = false
		out = append(out, n)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// splitActors parts a detail into its actors at semicolons outside brackets. A list that explains
// the last of them ("The latter includes: …") has semicolons of its own and stays with it.
func splitActors(s string) []string {
	end := len(s)
	if at := reExplains.FindStringIndex(s); at != nil {
		end = at[0]
	}
	var out []string
	depth, from := 0, 0
	for i, r := range s[:end] {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ';' && depth <= 0:
			out = append(out, s[from:i])
			from = i + 1
		}
	}
	out = append(out, s[from:])
	kept := out[:0]
	for _, a := range out {
		a = strings.TrimSpace(a)
		if rest, ok := strings.CutPrefix(a, "and "); ok {
			a = rest
		}
		if a != "" {
			kept = append(kept, a)
		}
	}
	return kept
}
