package forms

import "strconv"

// Paths says where each item of a file stands, such as item[2].item[0], by linkId. It is for telling people
// where to look, and reads as far as the file can be read.
func Paths(data []byte) map[string]string {
	paths := map[string]string{}
	o, err := readDocument(data)
	if err != nil {
		return paths
	}
	var r reading
	var look func(o object, above string, depth int)
	look = func(o object, above string, depth int) {
		if depth > maxDepth {
			return
		}
		for n, inner := range r.list(o, "", "item") {
			path := above + "item[" + strconv.Itoa(n) + "]"
			if id := r.text(inner, "", "linkId"); id != "" && paths[id] == "" {
				paths[id] = path
			}
			look(inner, path+".", depth+1)
		}
	}
	look(o, "", 1)
	return paths
}
