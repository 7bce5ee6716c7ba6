package guideline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	pathwaycontent "waymark/content/guideline"

	"waymark/internal/registers/guideline/official"
	"waymark/internal/registers/guideline/wording"
)

// Own is Waymark's own pathway in plain English: the same boxes, recommendations, statements and
// terms as the official text, under the same numbers. It is read once and not changed.
type Own struct {
	Title           string              `json:"title"`
	Updated         official.Date       `json:"updated"`
	Boxes           []OwnBox            `json:"boxes"`
	Recommendations []OwnRecommendation `json:"recommendations"`
	Statements      []OwnStatement      `json:"statements"`
	Actors          []OwnActor          `json:"actors"`
	Glossary        []OwnTerm           `json:"glossary"`
	Pointers        []OwnPointer        `json:"pointers"`
	Sources         []string            `json:"sources"`
	Responsibility  []string            `json:"responsibility"`
	// ResponsibilityObligations has one list of ids for each note.
	ResponsibilityObligations [][]string `json:"responsibility_obligations"`
	Warnings                  []string   `json:"warnings"`

	Obligations []Obligation `json:"-"`
	Readers     []Reader     `json:"-"`

	obligations map[string]*Obligation
	places      map[string]place // where each obligation of a box stands
	words       termFinder
}

// OwnBox is one box of the pathway.
type OwnBox struct {
	Number          int          `json:"number"`
	Title           string       `json:"title"`
	Summary         string       `json:"summary"`
	Sections        []OwnSection `json:"sections"`
	Statements      []int        `json:"statements"`
	Links           []OwnLink    `json:"links"`
	Recommendations []int        `json:"recommendations"`
}

// OwnSection is the part of a box under one sub-heading, or all of it (Title is then empty).
type OwnSection struct {
	Title    string    `json:"title"`
	Audience string    `json:"audience"`
	Items    []OwnItem `json:"recommendations"`

	// Slug is the anchor of the section, "" where it has no title.
	Slug string `json:"-"`
	// Serves are the recommendations that its obligations come from.
	Serves []int `json:"-"`
	// Terms are the glossary entries that it uses, in the order of their first use.
	Terms []*OwnTerm `json:"-"`
	// AudienceText is the audience with the terms in it.
	AudienceText []Span `json:"-"`
}

// OwnItem is one instruction, with what it introduces nested in it.
type OwnItem struct {
	Text        string    `json:"text"`
	Items       []OwnItem `json:"items"`
	Obligations []string  `json:"obligations"`

	// Spans is the text with the terms in it.
	Spans []Span `json:"-"`
}

// All walks an item and everything nested in it, parents first.
func (it *OwnItem) All() iter.Seq[*OwnItem] {
	return func(yield func(*OwnItem) bool) { it.walk(yield) }
}

func (it *OwnItem) walk(yield func(*OwnItem) bool) bool {
	if !yield(it) {
		return false
	}
	for i := range it.Items {
		if !it.Items[i].walk(yield) {
			return false
		}
	}
	return true
}

// OwnLink is a see-also reference to a box, or to a section of it by its title.
type OwnLink struct {
	Box     int    `json:"box"`
	Section string `json:"section"`
}

// OwnRecommendation is one of the numbered recommendations in a sentence, with who should act.
type OwnRecommendation struct {
	Number int      `json:"number"`
	Text   string   `json:"text"`
	Actors []string `json:"actors"`
}

// OwnStatement is one of the quality statements.
type OwnStatement struct {
	Number int    `json:"number"`
	Title  string `json:"title"`
	Text   string `json:"text"`
}

// OwnActor is a row of the summary of who should act.
type OwnActor struct {
	Name            string `json:"name"`
	Recommendations []int  `json:"recommendations"`
}

// OwnTerm is a glossary entry.
type OwnTerm struct {
	Term        string   `json:"term"`
	Definition  string   `json:"definition"`
	SameAs      []string `json:"same_as"`
	Obligations []string `json:"obligations"`

	// Slug is the anchor of the entry.
	Slug string `json:"-"`
}

// WhoActs tells whether the entry is not a word of the text but a list of who should act.
func (t OwnTerm) WhoActs() bool {
	return strings.HasPrefix(t.Term, "who should ") || len(strings.Fields(t.Term)) > 7
}

// OwnPointer names guidance elsewhere that a box sends its readers to.
type OwnPointer struct {
	Box  int    `json:"box"`
	Text string `json:"text"`
}

// place is where an obligation stands.
type place struct {
	box     *OwnBox
	section *OwnSection
	item    *OwnItem
}

// Shipped reads the pathway that Waymark ships with.
func Shipped() (*Own, error) {
	return ReadOwn(pathwaycontent.Pathway, pathwaycontent.Obligations, pathwaycontent.Readers)
}

// ReadOwn reads a plain-English pathway, its obligations and its kinds of reader. It refuses, with
// every fault it found, what does not hold together: a reference that leads nowhere, a number or an
// anchor that is there twice, a field it does not know.
func ReadOwn(pathway, obligations, readers []byte) (*Own, error) {
	o := &Own{}
	if err := decode(pathway, o); err != nil {
		return nil, fmt.Errorf("the plain-English pathway: %w", err)
	}
	if err := decode(readers, &o.Readers); err != nil {
		return nil, fmt.Errorf("the kinds of reader: %w", err)
	}
	var err error
	if o.Obligations, err = readObligations(obligations); err != nil {
		return nil, err
	}
	o.connect()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("the plain-English pathway does not hold together: %w", err)
	}
	return o, nil
}

func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("there is more after the end")
	}
	return nil
}

// connect fills in what follows from the data.
func (o *Own) connect() {
	o.obligations = map[string]*Obligation{}
	for i := range o.Obligations {
		o.obligations[o.Obligations[i].ID] = &o.Obligations[i]
	}
	for i := range o.Glossary {
		o.Glossary[i].Slug = slug(o.Glossary[i].Term)
	}
	o.words = newTermFinder(o.Glossary)
	o.places = map[string]place{}
	for i := range o.Boxes {
		b := &o.Boxes[i]
		for j := range b.Sections {
			o.connectSection(b, &b.Sections[j])
		}
	}
}

func (o *Own) connectSection(b *OwnBox, s *OwnSection) {
	s.Slug = slug(s.Title)
	use := o.words.begin()
	s.AudienceText = use.spans(s.Audience)
	for i := range s.Items {
		for it := range s.Items[i].All() {
			it.Spans = use.spans(it.Text)
			for _, id := range it.Obligations {
				o.places[id] = place{b, s, it}
				if known := o.obligations[id]; known != nil && known.Recommendation > 0 && !slices.Contains(s.Serves, known.Recommendation) {
					s.Serves = append(s.Serves, known.Recommendation)
				}
			}
		}
	}
	slices.Sort(s.Serves)
	s.Terms = use.found
}

// Box finds a box by its number, nil when there is none.
func (o *Own) Box(number int) *OwnBox {
	for i := range o.Boxes {
		if o.Boxes[i].Number == number {
			return &o.Boxes[i]
		}
	}
	return nil
}

// Recommendation finds a recommendation by its number, nil when there is none.
func (o *Own) Recommendation(number int) *OwnRecommendation {
	for i := range o.Recommendations {
		if o.Recommendations[i].Number == number {
			return &o.Recommendations[i]
		}
	}
	return nil
}

// Statement finds a quality statement by its number, nil when there is none.
func (o *Own) Statement(number int) *OwnStatement {
	for i := range o.Statements {
		if o.Statements[i].Number == number {
			return &o.Statements[i]
		}
	}
	return nil
}

// Term finds a glossary entry by its name, nil when there is none.
func (o *Own) Term(name string) *OwnTerm {
	for i := range o.Glossary {
		if o.Glossary[i].Term == name {
			return &o.Glossary[i]
		}
	}
	return nil
}

// Obligation finds an obligation by its id, nil when there is none.
func (o *Own) Obligation(id string) *Obligation { return o.obligations[id] }

// Reader finds a kind of reader by its id, nil when there is none.
func (o *Own) Reader(id string) *Reader {
	for i := range o.Readers {
		if o.Readers[i].ID == id {
			return &o.Readers[i]
		}
	}
	return nil
}

// ReadersIn lists the kinds of reader of a group.
func (o *Own) ReadersIn(g ReaderGroup) []Reader {
	var out []Reader
	for _, r := range o.Readers {
		if r.Group == g {
			out = append(out, r)
		}
	}
	return out
}

// ObligationsIn lists the obligations of one place: a box by its number, the glossary, the notes
// on responsibility.
func (o *Own) ObligationsIn(place string) []Obligation {
	var out []Obligation
	for _, ob := range o.Obligations {
		if ob.Place == place {
			out = append(out, ob)
		}
	}
	return out
}

// BoxesFor lists the boxes that state a recommendation.
func (o *Own) BoxesFor(recommendation int) []*OwnBox {
	var out []*OwnBox
	for i := range o.Boxes {
		if slices.Contains(o.Boxes[i].Recommendations, recommendation) {
			out = append(out, &o.Boxes[i])
		}
	}
	return out
}

// SectionsFor lists the sections of a box that state any of some recommendations.
func (o *Own) SectionsFor(b *OwnBox, recommendations []int) []*OwnSection {
	var out []*OwnSection
	for i := range b.Sections {
		if slices.ContainsFunc(b.Sections[i].Serves, func(n int) bool { return slices.Contains(recommendations, n) }) {
			out = append(out, &b.Sections[i])
		}
	}
	return out
}

// Section finds a section of a box by its title, nil when there is none.
func (b *OwnBox) Section(title string) *OwnSection {
	for i := range b.Sections {
		if b.Sections[i].Title == title {
			return &b.Sections[i]
		}
	}
	return nil
}

// PointersIn lists the guidance elsewhere that a box points to.
func (o *Own) PointersIn(box int) []OwnPointer {
	var out []OwnPointer
	for _, p := range o.Pointers {
		if p.Box == box {
			out = append(out, p)
		}
	}
	return out
}

// SafetyStep is an instruction that every reader is shown.
type SafetyStep struct {
	ID   string // of the first obligation in it
	Box  int
	Text string // a whole sentence
}

// SafetySteps lists them in the order in which they matter. Those that are parts of one instruction
// are one step.
func (o *Own) SafetySteps() []SafetyStep {
	var out []SafetyStep
	lead := ""
	for _, s := range safetySteps {
		at, ok := o.places[s.id]
		if !ok {
			continue // check has refused such a pathway
		}
		if !s.led {
			out = append(out, SafetyStep{s.id, at.box.Number, at.item.Text})
			continue
		}
		part := lowerFirst(strings.TrimRight(at.item.Text, "."))
		if now := leadOf(at); now == lead && len(out) > 0 {
			last := &out[len(out)-1]
			last.Text = strings.TrimRight(last.Text, ".") + "; " + part + "."
		} else {
			lead = now
			out = append(out, SafetyStep{s.id, at.box.Number, lead + " " + part + "."})
		}
	}
	return out
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

// leadOf finds the text that an item is nested under when that ends with a colon.
func leadOf(at place) string {
	for i := range at.section.Items {
		for parent := range at.section.Items[i].All() {
			for j := range parent.Items {
				if &parent.Items[j] == at.item && strings.HasSuffix(parent.Text, ":") {
					return parent.Text
				}
			}
		}
	}
	return ""
}

// slug makes an anchor of a title.
func slug(s string) string { return strings.Join(wording.Words(s), "-") }
