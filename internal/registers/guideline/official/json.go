package official

import (
	"encoding/json"
	"fmt"
)

// versionJSON is a version on the outside: what `guideline show --format json` prints, and what
// is stored. The first keys are plain strings where a reader wants no more; the keys that end in
// _details hold the same with its place, and are what is read back.
type versionJSON struct {
	Title           string           `json:"title"`
	Updated         Date             `json:"updated"`
	Boxes           []Box            `json:"boxes"`
	Recommendations []Recommendation `json:"recommendations"`
	Statements      []Statement      `json:"statements"`
	Actors          []ActorRow       `json:"actors"`
	Glossary        []Term           `json:"glossary"`
	Pointers        []Pointer        `json:"pointers"`
	Sources         []string         `json:"sources"`
	Responsibility  []string         `json:"responsibility"`
	Warnings        []string         `json:"warnings"`

	Scope                 []Paragraph  `json:"scope"`
	SourceDetails         []Paragraph  `json:"source_details"`
	ResponsibilityDetails []Note       `json:"responsibility_details"`
	WarningDetails        []Warning    `json:"warning_details"`
	TitleLines            Lines        `json:"title_lines"`
	UpdatedLines          Lines        `json:"updated_lines"`
	Furniture             []Furniture  `json:"furniture"`
	Files                 []SourceFile `json:"files"`
}

// MarshalJSON writes the whole version. Lists are never null.
func (v Version) MarshalJSON() ([]byte, error) {
	v = *v.detachedLists()
	v.normalise()
	out := versionJSON{
		Title: v.Title, Updated: v.Updated, Boxes: v.Boxes, Recommendations: v.Recommendations,
		Statements: v.Statements, Actors: v.Actors, Glossary: v.Glossary, Pointers: v.Pointers,
		Sources: []string{}, Responsibility: []string{}, Warnings: []string{},
		Scope: v.Scope, SourceDetails: v.Sources, ResponsibilityDetails: v.Responsibility, WarningDetails: v.Warnings,
		TitleLines: v.TitleLines, UpdatedLines: v.UpdatedLines, Furniture: v.Furniture, Files: v.Files,
	}
	for _, s := range v.Sources {
		out.Sources = append(out.Sources, s.Text)
	}
	for _, n := range v.Responsibility {
		for _, p := range n.Paragraphs {
			out.Responsibility = append(out.Responsibility, p.Text)
		}
	}
	for _, w := range v.Warnings {
		out.Warnings = append(out.Warnings, w.String())
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (v *Version) UnmarshalJSON(data []byte) error {
	var in versionJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("guideline: read a version: %w", err)
	}
	*v = Version{
		Title: in.Title, TitleLines: in.TitleLines, Updated: in.Updated, UpdatedLines: in.UpdatedLines,
		Boxes: in.Boxes, Recommendations: in.Recommendations, Statements: in.Statements, Actors: in.Actors,
		Glossary: in.Glossary, Pointers: in.Pointers, Sources: in.SourceDetails, Responsibility: in.ResponsibilityDetails,
		Scope: in.Scope, Warnings: in.WarningDetails, Furniture: in.Furniture, Files: in.Files,
	}
	v.normalise()
	return nil
}

// detachedLists copies the lists whose elements normalise changes, so that writing a version
// leaves it as it was.
func (v *Version) detachedLists() *Version {
	out := *v
	out.Boxes = append([]Box{}, v.Boxes...)
	for i := range out.Boxes {
		out.Boxes[i].Sections = append([]Section{}, out.Boxes[i].Sections...)
		for j := range out.Boxes[i].Sections {
			out.Boxes[i].Sections[j].Items = copyItems(out.Boxes[i].Sections[j].Items)
		}
	}
	out.Recommendations = append([]Recommendation{}, v.Recommendations...)
	out.Actors = append([]ActorRow{}, v.Actors...)
	out.Glossary = append([]Term{}, v.Glossary...)
	out.Responsibility = append([]Note{}, v.Responsibility...)
	return &out
}

func copyItems(items []Item) []Item {
	out := append([]Item{}, items...)
	for i := range out {
		out[i].Items = copyItems(out[i].Items)
	}
	return out
}

// normalise makes every list a list, so that none is written as null and two versions that hold
// the same compare as equal.
func (v *Version) normalise() {
	fill(&v.Boxes)
	for i := range v.Boxes {
		b := &v.Boxes[i]
		fill(&b.Sections)
		fill(&b.Statements)
		fill(&b.StatementLines)
		fill(&b.Links)
		fill(&b.Recommendations)
		for j := range b.Sections {
			s := &b.Sections[j]
			fillItems(&s.Items)
			fill(&s.Terms)
			fill(&s.Serves)
		}
	}
	fill(&v.Recommendations)
	for i := range v.Recommendations {
		fill(&v.Recommendations[i].Actors)
	}
	fill(&v.Statements)
	fill(&v.Actors)
	for i := range v.Actors {
		fill(&v.Actors[i].Recommendations)
	}
	fill(&v.Glossary)
	for i := range v.Glossary {
		fill(&v.Glossary[i].SameAs)
	}
	fill(&v.Pointers)
	fill(&v.Sources)
	fill(&v.Responsibility)
	for i := range v.Responsibility {
		fill(&v.Responsibility[i].Paragraphs)
	}
	fill(&v.Scope)
	fill(&v.Warnings)
	fill(&v.Furniture)
	fill(&v.Files)
}

func fill[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}

func fillItems(items *[]Item) {
	fill(items)
	for i := range *items {
		fillItems(&(*items)[i].Items)
	}
}
