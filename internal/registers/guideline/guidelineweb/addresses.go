package guidelineweb

import (
	"strconv"

	"waymark/internal/registers/guideline"
)

// The addresses of this package. They never change.
const (
	homePath            = "/"
	safetyPath          = "/safety"
	accessibilityPath   = "/accessibility"
	privacyPath         = "/privacy"
	pathwayPath         = "/pathway"
	everythingPath      = "/pathway/all"
	glossaryPath        = "/pathway/glossary"
	statementsPath      = "/pathway/statements"
	recommendationsPath = "/pathway/recommendations"
	obligationsPath     = "/pathway/obligations"
	readersPath         = "/pathway/readers"
	beforePath          = "/pathway/before" // the interruption before the personal question
	questionPath        = "/pathway/question"
	searchPath          = "/pathway/search"       // the interruption before the search, and what was found
	wordsPath           = "/pathway/search/words" // its form
)

func boxPath(number int) string { return pathwayPath + "/" + strconv.Itoa(number) }

func readerPath(id string) string { return readersPath + "/" + id }

// addresses says where things are: on pages of their own or, where everything is on one page, on
// that page.
type addresses struct{ onePage bool }

func (a addresses) on(page, anchor string) string {
	if a.onePage {
		return "#" + anchor
	}
	return page + "#" + anchor
}

func (a addresses) box(number int) string {
	if a.onePage {
		return "#" + boxAnchor(number)
	}
	return boxPath(number)
}

func (a addresses) section(box int, s *guideline.OwnSection) string {
	if s == nil || s.Slug == "" {
		return a.box(box)
	}
	return a.on(boxPath(box), sectionAnchor(s))
}

func (a addresses) term(t *guideline.OwnTerm) string { return a.on(glossaryPath, termAnchor(t.Slug)) }

func (a addresses) statement(number int) string {
	return a.on(statementsPath, statementAnchor(number))
}

func (a addresses) recommendation(number int) string {
	return a.on(recommendationsPath, recommendationAnchor(number))
}

// stated is where an obligation is stated.
func stated(o *guideline.Own, ob guideline.Obligation) string {
	switch ob.Place {
	case guideline.PlaceGlossary:
		return glossaryPath + "#" + ob.ID
	case guideline.PlaceResponsibility:
		return pathwayPath + "#" + ob.ID
	}
	return boxPath(ob.Box()) + "#" + ob.ID
}

func boxAnchor(number int) string                  { return "box-" + strconv.Itoa(number) }
func stepAnchor(number int) string                 { return "step-" + strconv.Itoa(number) }
func sectionAnchor(s *guideline.OwnSection) string { return "part-" + s.Slug }
func termAnchor(slug string) string                { return "term-" + slug }
func statementAnchor(number int) string            { return "statement-" + strconv.Itoa(number) }
func recommendationAnchor(number int) string       { return "recommendation-" + strconv.Itoa(number) }

func wordAnchor(section int, t *guideline.OwnTerm) string {
	return "word-" + strconv.Itoa(section+1) + "-" + t.Slug
}

// officialAnchor is where the imported text begins on a page.
const officialAnchor = "official-text"

// found is where a finding leads.
func found(t guideline.Target) string {
	anchor := ""
	if t.Official {
		anchor = "#" + officialAnchor
	}
	switch t.Kind {
	case guideline.FoundStatement:
		if t.Official {
			return statementsPath + anchor
		}
		return addresses{}.statement(t.Number)
	case guideline.FoundRecommendation:
		if t.Official {
			return recommendationsPath + anchor
		}
		return addresses{}.recommendation(t.Number)
	case guideline.FoundTerm:
		if t.Official {
			return glossaryPath + anchor
		}
		return glossaryPath + "#" + termAnchor(t.Slug)
	case guideline.FoundItem:
		if t.ID != "" {
			return boxPath(t.Box) + "#" + t.ID
		}
	case guideline.FoundBox:
	}
	return boxPath(t.Box) + anchor
}
