package official

import (
	"fmt"
	"iter"
	"time"

	"waymark/internal/registers/guideline/wording"
)

// Lines says where in a file something stands: the file's name and its first and last line,
// counted from one. A sentence that a page end broke in two spans both halves. The zero value
// means that it stands nowhere (a box without a sub-heading has no line for it).
type Lines struct {
	File string `json:"file,omitempty"`
	From int    `json:"line,omitempty"`
	To   int    `json:"end_line,omitempty"`
}

// Where gives "name:12" or "name:12-14". It is not called String because Lines is embedded: a
// link or a term would then print as its place.
func (l Lines) Where() string {
	if l.To > l.From {
		return fmt.Sprintf("%s:%d-%d", l.File, l.From, l.To)
	}
	return fmt.Sprintf("%s:%d", l.File, l.From)
}

// through extends the range to the end of another one.
func (l Lines) through(other Lines) Lines {
	if l.From == 0 {
		return other
	}
	l.To = max(l.To, other.To)
	return l
}

// Date is a day without a time or a place, as the document prints it.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// String gives the ISO form, 2017-08-03.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// Before says whether d is the earlier day.
func (d Date) Before(e Date) bool { return d.String() < e.String() }

// MarshalText writes the ISO form, and nothing for no date.
func (d Date) MarshalText() ([]byte, error) {
	if d == (Date{}) {
		return []byte{}, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	t, err := time.Parse(time.DateOnly, string(b))
	if err != nil {
		return fmt.Errorf("guideline: date: %w", err)
	}
	*d = dateOf(t)
	return nil
}

func dateOf(t time.Time) Date { return Date{t.Year(), t.Month(), t.Day()} }

// Version is one edition of the guideline as its documents give it. Values are not changed
// after they were made: Attach returns a new one.
type Version struct {
	Title        string
	TitleLines   Lines
	Updated      Date
	UpdatedLines Lines

	Boxes           []Box
	Recommendations []Recommendation
	Statements      []Statement
	Actors          []ActorRow
	Glossary        []Term
	Pointers        []Pointer
	Sources         []Paragraph
	Responsibility  []Note
	Scope           []Paragraph // whom the list of who should act says it is for
	Warnings        []Warning

	Furniture []Furniture
	Files     []SourceFile
}

// Box is one numbered box of the flowchart.
type Box struct {
	Number int    `json:"number"`
	Title  string `json:"title"`
	Lines
	Sections        []Section `json:"sections"`
	Statements      []int     `json:"statements"`
	StatementLines  []Lines   `json:"statement_lines"` // one for each of Statements
	Links           []Link    `json:"links"`
	Recommendations []int     `json:"recommendations"`
	NoInformation   bool      `json:"no_information,omitempty"` // the document says it has nothing more
}

// Section is the part of a box under one sub-heading, or the whole box where it has none
// (Title is then empty). A sub-heading makes one section: where a second audience sentence
// stands under it, that sentence is an Item with Leads set, and what it introduces is nested
// in it.
type Section struct {
	Title string `json:"title"`
	Lines
	Audience      string `json:"audience"`
	AudienceLines Lines  `json:"audience_lines,omitzero"`
	Items         []Item `json:"recommendations"`
	// Terms are the glossary entries that the audience sentence sends the reader to.
	Terms []string `json:"terms"`
	// Serves are the numbers of the recommendations that this section states.
	Serves []int `json:"serves"`
}

// Item is one recommendation in full sentences, or, nested, one entry of a list it introduces.
type Item struct {
	Text string `json:"text"`
	Lines
	Leads bool   `json:"leads,omitempty"` // a further audience sentence, see Section
	Items []Item `json:"items"`
}

// All walks an item and everything nested in it, with the depth of each.
func (it *Item) All() iter.Seq2[int, *Item] {
	return func(yield func(int, *Item) bool) { it.walk(0, yield) }
}

func (it *Item) walk(depth int, yield func(int, *Item) bool) bool {
	if !yield(depth, it) {
		return false
	}
	for i := range it.Items {
		if !it.Items[i].walk(depth+1, yield) {
			return false
		}
	}
	return true
}

// Link is a see-also reference from a box to another one, or to a sub-heading of it.
type Link struct {
	Box     int    `json:"box"`
	Section string `json:"section"`
	Lines
}

// Recommendation is one numbered recommendation of the guideline with who should act on it.
type Recommendation struct {
	Number int      `json:"number"`
	Actors []string `json:"actors"` // the parts of Text, an explanation kept with what it explains
	Text   string   `json:"text"`
	Lines
}

// Statement is a quality statement by number.
type Statement struct {
	Number int    `json:"number"`
	Title  string `json:"title"`
	Lines
}

// ActorRow is one row of the summary table: a group of actors and its recommendations.
type ActorRow struct {
	Name            string `json:"name"`
	Recommendations []int  `json:"recommendations"`
	Lines
}

// Term is a glossary entry. SameAs names the entries that say the same: with the same
// definition, or the singular and plural of one word.
type Term struct {
	Term       string   `json:"term"`
	Definition string   `json:"definition"`
	SameAs     []string `json:"same_as"`
	Lines
}

// Pointer is a sentence that sends the reader of a box to guidance outside this document.
type Pointer struct {
	Box     int    `json:"box"`
	Section string `json:"section"`
	Text    string `json:"text"`
	Lines
}

// Paragraph is a whole paragraph, joined over page ends.
type Paragraph struct {
	Text string `json:"text"`
	Lines
}

// Note is a responsibility note: a heading and its paragraphs.
type Note struct {
	Title string `json:"title"`
	Lines
	Paragraphs []Paragraph `json:"paragraphs"`
}

// SourceFile is a file that a version was made from.
type SourceFile struct {
	Name   string   `json:"name"`
	Kind   FileKind `json:"kind"`
	Lines  int      `json:"lines"`
	SHA256 string   `json:"sha256"`
}

// FileKind says which of the documents a file is.
type FileKind string

const (
	PathwayFile         FileKind = "pathway"
	RecommendationsFile FileKind = "recommendations"
)

// Label gives the words for people.
func (k FileKind) Label() string {
	switch k {
	case PathwayFile:
		return "Pathway overview"
	case RecommendationsFile:
		return "Who should act"
	}
	return "Unknown document"
}

// Furniture is a line of a document that carries none of its content and was recognised as such.
type Furniture struct {
	Kind FurnitureKind `json:"kind"`
	Lines
}

// FurnitureKind says what sort of furniture a line is.
type FurnitureKind string

const (
	FurnitureFront   FurnitureKind = "front"   // about the publication, before the first box
	FurnitureHeading FurnitureKind = "heading" // the name of a part, or the lead of a list of statements
	FurnitureEmpty   FurnitureKind = "empty"   // says that a box holds no more
	FurnitureResidue FurnitureKind = "residue" // a link, rule or page reference with no words left
	FurnitureRunning FurnitureKind = "running" // the document's title, a page number or a notice at a page end
)

// Label gives the words for people.
func (k FurnitureKind) Label() string {
	switch k {
	case FurnitureFront:
		return "About the publication"
	case FurnitureHeading:
		return "Heading of a part"
	case FurnitureEmpty:
		return "Nothing more in this box"
	case FurnitureResidue:
		return "Left-over mark"
	case FurnitureRunning:
		return "Page header or footer"
	}
	return "Unknown"
}

// HasRecommendations says whether the list of who should act is attached.
func (v *Version) HasRecommendations() bool { return len(v.Recommendations) > 0 }

// Box finds a box by its number, nil when there is none.
func (v *Version) Box(number int) *Box {
	for i := range v.Boxes {
		if v.Boxes[i].Number == number {
			return &v.Boxes[i]
		}
	}
	return nil
}

// Recommendation finds a recommendation by its number, nil when there is none.
func (v *Version) Recommendation(number int) *Recommendation {
	for i := range v.Recommendations {
		if v.Recommendations[i].Number == number {
			return &v.Recommendations[i]
		}
	}
	return nil
}

// Statement finds a quality statement by its number, nil when there is none.
func (v *Version) Statement(number int) *Statement {
	for i := range v.Statements {
		if v.Statements[i].Number == number {
			return &v.Statements[i]
		}
	}
	return nil
}

// Term finds a glossary entry by its name, whatever its case and punctuation; nil when there
// is none.
func (v *Version) Term(name string) *Term {
	key := wording.Key(name)
	for i := range v.Glossary {
		if wording.Key(v.Glossary[i].Term) == key {
			return &v.Glossary[i]
		}
	}
	return nil
}
