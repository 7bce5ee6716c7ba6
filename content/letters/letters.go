// Package lettercontent carries the texts from which letters are written, as
// data, in Waymark's own words.
//
// # Rules
//
//   - {name} and {worker} are filled in; what stands in square brackets is filled
//     in by whoever writes the letter.
//   - No text and no subject says what the service is for (S13).
package lettercontent

import _ "embed"

// Letters are the texts: a JSON list.
//
//go:embed letters.json
var Letters []byte
