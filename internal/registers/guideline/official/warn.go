package official

import (
	"fmt"
	"slices"

	"waymark/internal/registers/guideline/wording"
)

// Warning is something that a reader of the import should look at: a line that was not placed, a
// judgement that was made, a fault of the text, or two places of the documents that disagree.
type Warning struct {
	Kind WarningKind `json:"kind"`
	Text string      `json:"text"`
	Lines
}

// String gives place and text.
func (w Warning) String() string {
	if w.From == 0 {
		return w.Text
	}
	return w.Where() + ": " + w.Text
}

// WarningKind says what a warning is about.
type WarningKind string

const (
	WarnUnplaced   WarningKind = "unplaced"   // a line that is nowhere in the version
	WarnMissing    WarningKind = "missing"    // a part that such a document has
	WarnJoined     WarningKind = "joined"     // pieces were joined, or not, by judgement
	WarnUnfinished WarningKind = "unfinished" // a text without its beginning or end
	WarnMarkup     WarningKind = "markup"     // marks that strayed into a text
	WarnStatement  WarningKind = "statement"  // a quality statement named by its title
	WarnReference  WarningKind = "reference"  // a reference that leads nowhere
	WarnDisagree   WarningKind = "disagree"   // two places of a document disagree
	// The kinds below come from comparing the documents with each other; Attach makes them anew.
	WarnUnlinked WarningKind = "unlinked" // a box or recommendation without its counterpart
	WarnActors   WarningKind = "actors"   // two places disagree on who should act
)

// Label gives the words for people.
func (k WarningKind) Label() string {
	switch k {
	case WarnUnplaced:
		return "Line not placed"
	case WarnMissing:
		return "Missing"
	case WarnJoined:
		return "Joined by judgement"
	case WarnUnfinished:
		return "Not a whole sentence"
	case WarnMarkup:
		return "Stray marks"
	case WarnStatement:
		return "Quality statement named by its title"
	case WarnReference:
		return "Reference that leads nowhere"
	case WarnDisagree:
		return "Places that disagree"
	case WarnUnlinked:
		return "No counterpart found"
	case WarnActors:
		return "Different actors"
	}
	return "Warning"
}

func (k WarningKind) fromComparing() bool { return k == WarnUnlinked || k == WarnActors }

// warnDocument reports what a pathway overview should have and this one lacks.
func warnDocument(v *Version) {
	add := func(kind WarningKind, at Lines, format string, args ...any) {
		v.Warnings = append(v.Warnings, Warning{kind, fmt.Sprintf(format, args...), at})
	}
	end := Lines{v.Files[0].Name, v.Files[0].Lines, v.Files[0].Lines}
	for _, part := range []struct {
		name string
		none bool
	}{
		{"glossary", len(v.Glossary) == 0},
		{"sources", len(v.Sources) == 0},
		{"notes on responsibility", len(v.Responsibility) == 0},
	} {
		if part.none {
			add(WarnMissing, end, "the file ends without its %s; it may have been cut short", part.name)
		}
	}
	for _, b := range v.Boxes {
		pointed := slices.ContainsFunc(v.Pointers, func(p Pointer) bool { return p.Box == b.Number })
		if !b.NoInformation && len(b.Sections) == 0 && !pointed && len(b.Links) == 0 {
			add(WarnMissing, b.Lines, "box %d is empty and does not say so", b.Number)
		}
	}
	terms := map[string]Lines{}
	for _, t := range v.Glossary {
		key := wording.Key(t.Term)
		if first, twice := terms[key]; twice {
			add(WarnDisagree, t.Lines, "the glossary has %q twice; line %d has it first", clip(t.Term), first.From)
		}
		terms[key] = t.Lines
	}
}

// sweep reports every line of a file that no part of the version covers, so that nothing is lost
// without a word.
func sweep(v *Version, file string, lines []sourceLine) {
	covered := make([]bool, len(lines)+2)
	for _, l := range v.places() {
		if l.File == file && l.From > 0 {
			for n := l.From; n <= min(l.To, len(lines)); n++ {
				covered[n] = true
			}
		}
	}
	for _, l := range lines {
		if !l.blank() && !covered[l.no] {
			text, _ := plainText(l.raw)
			v.Warnings = append(v.Warnings, Warning{WarnUnplaced, fmt.Sprintf("%q could not be placed", clip(text)), Lines{file, l.no, l.no}})
		}
	}
	slices.SortStableFunc(v.Warnings, func(a, b Warning) int { return a.From - b.From })
}

// places lists the line ranges of everything in a version.
func (v *Version) places() []Lines {
	out := []Lines{v.TitleLines, v.UpdatedLines}
	for _, b := range v.Boxes {
		out = append(out, b.Lines)
		out = append(out, b.StatementLines...)
		for _, l := range b.Links {
			out = append(out, l.Lines)
		}
		for _, s := range b.Sections {
			out = append(out, s.Lines, s.AudienceLines)
			for i := range s.Items {
				for _, it := range s.Items[i].All() {
					out = append(out, it.Lines)
				}
			}
		}
	}
	for _, r := range v.Recommendations {
		out = append(out, r.Lines)
	}
	for _, s := range v.Statements {
		out = append(out, s.Lines)
	}
	for _, a := range v.Actors {
		out = append(out, a.Lines)
	}
	for _, t := range v.Glossary {
		out = append(out, t.Lines)
	}
	for _, p := range v.Pointers {
		out = append(out, p.Lines)
	}
	for _, p := range slices.Concat(v.Sources, v.Scope) {
		out = append(out, p.Lines)
	}
	for _, n := range v.Responsibility {
		out = append(out, n.Lines)
		for _, p := range n.Paragraphs {
			out = append(out, p.Lines)
		}
	}
	for _, f := range v.Furniture {
		out = append(out, f.Lines)
	}
	for _, w := range v.Warnings {
		out = append(out, w.Lines)
	}
	return out
}
