// Package pathwaycontent carries the pathway that every installation starts
// with, as data. It holds no code: the guideline register parses the files and
// decides what to do with them.
//
// The wording is Waymark's own. It is written from the table of obligations and
// not from the published documents, so that a fresh install has a complete
// pathway without the official text. An owner of that text imports it
// separately and both are shown side by side; box numbers, recommendation
// numbers, statement numbers and glossary terms are therefore the same in both.
//
// # Words
//
// A box is one step of the pathway. An item is one instruction in it, addressed
// as "you" to the readers that the section's audience sentence names. An
// obligation is a row of obligations.csv with a stable id.
//
// # Rules, all kept by the tests of this folder
//
//   - Each obligation of a box stands behind exactly one item, in the section
//     of its recommendation, and the item keeps its strength: should, must,
//     may, could, think about, do not.
//   - Obligations of the glossary (G1 to G13) are named by the terms that state
//     them; those of the document itself (R1 to R3) are listed beside the
//     responsibility notes, one list for each note.
//   - No nine words in a row are those of the published documents, save the
//     glossary terms, which are the names by which the two versions meet.
//   - No telephone number but 999: which helplines are shown is for each
//     partnership to set.
package pathwaycontent

import _ "embed"

// Pathway is Waymark's own plain-English version of the pathway (JSON).
//
//go:embed pathway.json
var Pathway []byte

// Obligations is the table of obligations that everything refers to by id
// (CSV with a header line).
//
//go:embed obligations.csv
var Obligations []byte

// Readers is the list of kinds of reader for "show me what I must do" (JSON).
// The ids appear in addresses, so they never change.
//
//go:embed readers.json
var Readers []byte
