// Package measurescontent carries the measures that every installation starts
// with, as data: the kinds of fact that casework emits, and the indicators
// declared over them. It holds no code; the measures package parses the files,
// checks them and counts. README.md says what each kind means and when it is
// emitted.
//
// # Rules, kept by the tests of this folder
//
//   - Every kind and dimension is explained in README.md.
//   - The indicators of the quality standard belong to the boxes that name
//     their statement, and each obligation named is one that records are
//     evidence for.
//   - The wording is Waymark's own: no nine words in a row are those of the
//     published documents.
package measurescontent

import _ "embed"

// Facts declares the kinds of fact (JSON).
//
//go:embed facts.json
var Facts []byte

// QS116 declares the indicators of quality standard QS116, and the measures of
// routine enquiry, of safety plans and of support (JSON).
//
//go:embed qs116.json
var QS116 []byte
