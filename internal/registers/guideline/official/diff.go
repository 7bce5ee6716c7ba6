package official

import (
	"fmt"
	"slices"

	"waymark/internal/registers/guideline/wording"
)

// ChangeKind says what became of something between two versions.
type ChangeKind string

const (
	Added     ChangeKind = "added"
	Removed   ChangeKind = "removed"
	Reworded  ChangeKind = "reworded"
	Moved     ChangeKind = "moved"     // a box under another number
	Reordered ChangeKind = "reordered" // the same entries in another order
)

// Label gives the words for people.
func (k ChangeKind) Label() string {
	switch k {
	case Added:
		return "Added"
	case Removed:
		return "Removed"
	case Reworded:
		return "Reworded"
	case Moved:
		return "Renumbered"
	case Reordered:
		return "In another order"
	}
	return "Changed"
}

// TextChange is a change of one text. What names it where the text does not: a term, a number.
type TextChange struct {
	Kind     ChangeKind
	What     string
	Old, New string
}

// SectionChange is what changed under one sub-heading of a box.
type SectionChange struct {
	Kind               ChangeKind // Reworded when only what stands in it changed
	OldTitle, NewTitle string
	Audience           []TextChange
	Items              []TextChange
}

// BoxChange is what became of one box. A box that moved may have changed as well: its title and
// Sections and Others tell.
type BoxChange struct {
	Kind               ChangeKind
	Old, New           int // its number before and after; zero when there was or is none
	OldTitle, NewTitle string
	Sections           []SectionChange
	Others             []TextChange // quality statements, links, recommendations
}

// Changes is what differs between two versions in what they say; where it stands in the files
// and what was warned of do not count.
type Changes struct {
	OldUpdated, NewUpdated Date
	Title                  []TextChange
	Boxes                  []BoxChange
	Recommendations        []TextChange // What is "recommendation 3"; one change for each actor
	Actors                 []TextChange // rows of the summary
	Statements             []TextChange
	Glossary               []TextChange // What is the term; a term renamed has only that changed
	Pointers               []TextChange
	Sources                []TextChange
	Responsibility         []TextChange
	Scope                  []TextChange
}

// Empty says that the two versions say the same.
func (c Changes) Empty() bool {
	return c.OldUpdated == c.NewUpdated && len(c.Boxes) == 0 && len(slices.Concat(c.Title, c.Recommendations,
		c.Actors, c.Statements, c.Glossary, c.Pointers, c.Sources, c.Responsibility, c.Scope)) == 0
}

// Diff compares two versions, the older first.
func Diff(before, after *Version) Changes {
	return Changes{
		OldUpdated: before.Updated, NewUpdated: after.Updated,
		Title:           diffTexts([]string{before.Title}, []string{after.Title}, ""),
		Boxes:           diffBoxes(before.Boxes, after.Boxes),
		Recommendations: diffRecommendations(before, after),
		Actors:          diffTexts(rowTexts(before), rowTexts(after), ""),
		Statements:      diffTexts(statementTexts(before), statementTexts(after), ""),
		Glossary:        diffGlossary(before.Glossary, after.Glossary),
		Pointers:        diffTexts(pointerTexts(before), pointerTexts(after), ""),
		Sources:         diffTexts(paragraphTexts(before.Sources), paragraphTexts(after.Sources), ""),
		Responsibility:  diffTexts(noteTexts(before), noteTexts(after), ""),
		Scope:           diffTexts(paragraphTexts(before.Scope), paragraphTexts(after.Scope), ""),
	}
}

func rowTexts(v *Version) (out []string) {
	for _, a := range v.Actors {
		out = append(out, a.Name+": "+numberList(a.Recommendations))
	}
	return out
}

func statementTexts(v *Version) (out []string) {
	for _, s := range v.Statements {
		out = append(out, fmt.Sprintf("%d. %s", s.Number, s.Title))
	}
	return out
}

func pointerTexts(v *Version) (out []string) {
	for _, p := range v.Pointers {
		out = append(out, fmt.Sprintf("Box %d: %s", p.Box, p.Text))
	}
	return out
}

func paragraphTexts(list []Paragraph) (out []string) {
	for _, p := range list {
		out = append(out, p.Text)
	}
	return out
}

func noteTexts(v *Version) (out []string) {
	for _, n := range v.Responsibility {
		for _, p := range n.Paragraphs {
			out = append(out, n.Title+": "+p.Text)
		}
	}
	return out
}

func diffRecommendations(before, after *Version) []TextChange {
	var out []TextChange
	for _, r := range before.Recommendations {
		what := fmt.Sprintf("recommendation %d", r.Number)
		if now := after.Recommendation(r.Number); now != nil {
			out = append(out, diffTexts(r.Actors, now.Actors, what)...)
		} else {
			out = append(out, TextChange{Kind: Removed, What: what, Old: r.Text})
		}
	}
	for _, r := range after.Recommendations {
		if before.Recommendation(r.Number) == nil {
			out = append(out, TextChange{Kind: Added, What: fmt.Sprintf("recommendation %d", r.Number), New: r.Text})
		}
	}
	return out
}

// diffGlossary matches terms by name, and a renamed one by its definition. Names and definitions
// may come twice, so each match uses up one.
func diffGlossary(before, after []Term) []TextChange {
	byName, byDefinition := map[string][]int{}, map[string][]int{}
	taken := make([]bool, len(after))
	for j, t := range after {
		byName[wording.Key(t.Term)] = append(byName[wording.Key(t.Term)], j)
		byDefinition[t.Definition] = append(byDefinition[t.Definition], j)
	}
	next := func(list []int) int {
		for _, j := range list {
			if !taken[j] {
				taken[j] = true
				return j
			}
		}
		return -1
	}
	partner := make([]int, len(before))
	for i, t := range before {
		partner[i] = next(byName[wording.Key(t.Term)])
	}
	var out []TextChange
	for i, t := range before {
		j := partner[i]
		if j >= 0 {
			if after[j].Definition != t.Definition {
				out = append(out, TextChange{Kind: Reworded, What: t.Term, Old: t.Definition, New: after[j].Definition})
			}
			continue
		}
		if j = next(byDefinition[t.Definition]); j >= 0 {
			out = append(out, TextChange{Kind: Reworded, What: t.Term, Old: t.Term, New: after[j].Term})
			continue
		}
		out = append(out, TextChange{Kind: Removed, What: t.Term, Old: t.Definition})
	}
	for j, t := range after {
		if !taken[j] {
			out = append(out, TextChange{Kind: Added, What: t.Term, New: t.Definition})
		}
	}
	return out
}
