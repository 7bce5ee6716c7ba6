// Package courtcontent carries the kinds of order and condition that a worker
// can record, as data. It holds no code; the court package parses the file.
//
// The list names kinds and says nothing of what a court may order: that is law,
// which differs between the parts of the United Kingdom and changes. A code is
// never given another meaning: records name it.
package courtcontent

import _ "embed"

// Orders are the kinds of order (JSON).
//
//go:embed orders.json
var Orders []byte
