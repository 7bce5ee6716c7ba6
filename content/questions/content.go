// Package questioncontent carries the question sets that every installation
// starts with, as data. It holds no code: the forms package parses them.
//
// The wording is Waymark's own. Published checklists belong to their authors, so
// none of their text is here: a set names themes in few words, and beside each
// says in ours what a worker should find out. An agency that is licensed to use
// a published instrument loads it as a question set of its own.
//
// # Words
//
// A theme is one thing to find out about, with the answers yes, no and don't
// know. A follow-up is a text that matters when the answer to its theme is yes.
// A note is free text at the end of each part.
//
// # Rules
//
//   - A file is never changed once it has been released: answers name the version
//     they were given to. A change of wording is a new version in a new file.
//   - LinkIds and codes of themes stay with their theme for good.
//   - No answer is filled in beforehand, and none is required: a list may be left
//     incomplete, and what is not answered shows.
//   - A frame holds the numbers, kinds of answer and counts of an instrument that needs a licence, with labels
//     in our words and none of its own. It is not offered to anybody: whoever has the licence puts the wording
//     in and loads it under an address of their own.
//   - Beside a set stands its rule file: what the answers mean for risk.
//   - Nothing asks for gender, orientation or belief, and nothing that is shown
//     depends on them.
//
// Obligations: B7.24, G10, G11.
package questioncontent

import (
	"embed"
)

// RiskIdentification is the list of 24 themes for identifying risk (a FHIR R4
// Questionnaire). The professional's judgement is not part of it.
//
//go:embed risk-identification.json
var RiskIdentification []byte

//go:embed *.json
var files embed.FS

// Set is a question set that ships, with its rule file.
type Set struct{ Form, Rules []byte }

// names are the instruments that ship, in the order in which they are listed.
var names = []string{"risk-identification", "risk-young-person", "stalking", "frame-checklist-24", "frame-stalking-11", "frame-hark-4"}

// Instruments are the question sets of risk that ship. It fails when a file is missing, which a test would notice.
func Instruments() ([]Set, error) {
	out := make([]Set, len(names))
	for i, name := range names {
		var err error
		if out[i].Form, err = files.ReadFile(name + ".json"); err != nil {
			return nil, err
		}
		if out[i].Rules, err = files.ReadFile(name + ".rules.json"); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Sets are all question sets that ship: the instruments of risk, the frame of a
// safety plan, and what an agency is asked for a MARAC.
func Sets() ([]Set, error) {
	out, err := Instruments()
	return append(out, Set{Form: SafetyPlan}, Set{Form: MaracResearch}), err
}

// MaracResearch is what an agency that knows somebody returns to a MARAC (a FHIR
// R4 Questionnaire). The codes of a question say which kinds of information its
// answer is counted among, and whom it is about.
//
//go:embed marac-research.json
var MaracResearch []byte

// SafetyPlan is the frame of a safety plan (a FHIR R4 Questionnaire). What the
// group with the code "apart" asks is kept apart and stands on no copy; the group
// "card" has the only words that a small card may carry.
//
//go:embed safety-plan.json
var SafetyPlan []byte
