// Package pathwayscontent carries the local pathways that ship, as data. It holds
// no code; the pathway package parses and checks the files.
//
// They are this project's own words. Their deadlines are starting numbers that
// no guidance gives; a partnership publishes its own version in their place.
package pathwayscontent

import "embed"

//go:embed *.json
var files embed.FS

// names are the pathways that ship, in the order in which they are listed.
var names = []string{"experiencing", "general-practice", "perpetrating", "children"}

// Pathways are the documents that ship (JSON). It fails when a file is missing,
// which a test would notice.
func Pathways() ([][]byte, error) {
	out := make([][]byte, len(names))
	for i, name := range names {
		var err error
		if out[i], err = files.ReadFile(name + ".json"); err != nil {
			return nil, err
		}
	}
	return out, nil
}
