// Package circumstancescontent carries the circumstances that bear on risk and
// support, what to ask about each, and where specialist advice is to be had, as
// data in Waymark's own words. It holds no code; the circumstances package
// parses the file.
//
// # Rules
//
//   - A circumstance is chosen because somebody spoke of it. None is inferred
//     from who a person is, and no question depends on it.
//   - A pointer names where its reason stands by number, and copies no sentence
//     of it. It names sectors of the directory; which services there are is local.
//   - A code is never given another meaning: records name it.
package circumstancescontent

import _ "embed"

// Circumstances are the circumstances and the pointers (JSON).
//
//go:embed circumstances.json
var Circumstances []byte
