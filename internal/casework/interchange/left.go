package interchange

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// What a message says beside what is taken apart is told in words, so that it is
// not lost. It need not be pretty: a person reads it once.

// formal are the elements of every resource that say nothing about anybody. The
// narrative repeats what the elements say, unless its status says otherwise.
var formal = []string{"resourceType", "id", "meta", "language", "text", "contained", "extension"}

// members are the elements of an object; none for what is no object.
func members(raw json.RawMessage) map[string]json.RawMessage {
	var out map[string]json.RawMessage
	_ = json.Unmarshal(raw, &out) // what is no object has none
	return out
}

// elements are those of a list; none for what is no list.
func elements(raw json.RawMessage) []json.RawMessage {
	var out []json.RawMessage
	_ = json.Unmarshal(raw, &out) // what is no list has none
	return out
}

// left tells what of an object is not among the elements that are read elsewhere,
// each in a line that begins with what it is of. What cannot be told it notes as a
// fault.
func (r *reader) left(raw json.RawMessage, at, of string, read ...string) []string {
	all := members(raw)
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		// What begins so is about the element of the name behind it.
		if slices.Contains(read, name) || slices.Contains(formal, name) || strings.HasPrefix(name, "_") {
			continue
		}
		if words := r.flat(all[name], at+"."+name); len(words) > 0 {
			lines = append(lines, of+", "+apart(name)+": "+strings.Join(words, ", "))
		}
	}
	if text := members(all["text"]); string(text["status"]) == `"additional"` {
		r.cannot(at+".text", "The narrative says more than the elements do, and is not shown. Say it in words of the form")
	}
	if _, has := all["contained"]; has {
		r.cannot(at+".contained", "What is contained in another resource is not read. Send it as an entry")
	}
	for _, e := range elements(all["extension"]) {
		m := members(e)
		var url string
		_ = json.Unmarshal(m["url"], &url) // without one it has no name
		delete(m, "url")
		name := url[strings.LastIndexByte(url, '/')+1:]
		for _, value := range slices.Sorted(maps.Keys(m)) {
			if words := r.flat(m[value], at+".extension"); len(words) > 0 {
				lines = append(lines, of+", "+name+": "+strings.Join(words, ", "))
			}
		}
	}
	return lines
}

func (r *reader) cannot(at, text string) {
	r.faults = append(r.faults, Issue{Code: "not-supported", At: at, Text: text})
}

// flat is what a value says, in pieces.
func (r *reader) flat(raw json.RawMessage, at string) []string {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
		return nil
	case raw[0] == '[':
		var out []string
		for _, one := range elements(raw) {
			out = append(out, r.flat(one, at)...)
		}
		return out
	case raw[0] != '{':
		return scalar(raw)
	}
	m := members(raw)
	if _, data := m["data"]; data || m["contentType"] != nil {
		r.cannot(at, "A file cannot be shown here. Say in words what is in it")
		return nil
	}
	for _, name := range []string{"text", "display"} { // of concepts, codings and references: words instead of codes
		if words := scalar(m[name]); len(words) > 0 && m["value"] == nil {
			return words
		}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if name == "system" || name == "id" {
			continue // where a code is from
		}
		words := r.flat(m[name], at+"."+name)
		if len(words) > 0 && !slices.Contains([]string{"code", "coding", "value", "unit", "reference"}, name) && !strings.HasPrefix(name, "value") {
			words[0] = apart(name) + " " + words[0]
		}
		out = append(out, words...)
	}
	return out
}

// scalar is what a value says that is neither list nor object.
func scalar(raw json.RawMessage) []string {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if len(raw) == 0 || d.Decode(&v) != nil {
		return nil
	}
	switch v := v.(type) {
	case string:
		if v = strings.TrimSpace(v); v != "" {
			return []string{v}
		}
	case bool:
		if v {
			return []string{"yes"}
		}
		return []string{"no"}
	case json.Number:
		return []string{v.String()}
	}
	return nil
}

// apart is the name of an element as words: maritalStatus becomes marital status.
func apart(name string) string {
	var b strings.Builder
	for _, c := range name {
		if unicode.IsUpper(c) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
