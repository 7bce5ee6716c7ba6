package forms

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// ErrNoTranslation is returned for a language that a form does not speak.
var ErrNoTranslation = errors.New("the form is not written in that language")

// Languages are those that the form speaks: the one it is written in, where it says so, and those into
// which parts of it are translated.
func (q *Questionnaire) Languages() []string {
	var all []string
	if q.Language != "" {
		all = append(all, q.Language)
	}
	var found []string
	eachTranslation(q.keep, func(lang, _ string) { found = append(found, lang) })
	slices.Sort(found)
	for _, lang := range slices.Compact(found) {
		if !slices.Contains(all, lang) {
			all = append(all, lang)
		}
	}
	return all
}

// In is the form in another language. What is not translated stays as it is. Answers fit both: they hang on
// linkIds and codes.
func (q *Questionnaire) In(lang string) (*Questionnaire, error) {
	if lang == q.Language {
		return q, nil
	}
	if !slices.Contains(q.Languages(), lang) {
		return nil, ErrNoTranslation
	}
	whole, err := encode(q)
	if err != nil {
		return nil, err
	}
	var o object
	if err := json.Unmarshal(whole, &o); err != nil {
		return nil, err
	}
	if err := translate(o, lang); err != nil {
		return nil, err
	}
	if err := o.put("language", lang); err != nil {
		return nil, err
	}
	data, err := encode(o)
	if err != nil {
		return nil, err
	}
	in, err := ParseQuestionnaire(data)
	if err != nil {
		return nil, err
	}
	return in.At(q.launch), nil
}

// translation is the text of an element in a language.
func translation(beside json.RawMessage, do func(lang, text string)) {
	var e struct {
		Extension []struct {
			URL   string `json:"url"`
			Parts []struct {
				URL    string `json:"url"`
				Code   string `json:"valueCode"`
				String string `json:"valueString"`
				Mark   string `json:"valueMarkdown"`
			} `json:"extension"`
		} `json:"extension"`
	}
	if json.Unmarshal(beside, &e) != nil {
		return
	}
	for _, x := range e.Extension {
		if x.URL != extTranslation {
			continue
		}
		var lang, text string
		for _, p := range x.Parts {
			switch p.URL {
			case "lang":
				lang = p.Code
			case "content":
				text = p.String + p.Mark
			}
		}
		if lang != "" && strings.TrimSpace(text) != "" {
			do(lang, text)
		}
	}
}

func eachTranslation(o object, do func(lang, text string)) {
	for _, name := range o.names() {
		if strings.HasPrefix(name, "_") {
			translation(o[name], do)
		}
		for _, inner := range objects(o[name]) {
			eachTranslation(inner, do)
		}
	}
}

// objects are the objects in a value: itself, or those of a list.
func objects(raw json.RawMessage) []object {
	var one object
	if json.Unmarshal(raw, &one) == nil && one != nil {
		return []object{one}
	}
	var list []json.RawMessage
	var all []object
	if json.Unmarshal(raw, &list) == nil {
		for _, inner := range list {
			all = append(all, objects(inner)...)
		}
	}
	return all
}

// translate puts the texts of a language where those of the form are.
func translate(o object, lang string) error {
	for _, name := range o.names() {
		base, beside := strings.CutPrefix(name, "_")
		if beside {
			if _, there := o[base]; !there {
				continue
			}
			var err error
			translated := false
			translation(o[name], func(in, text string) {
				if in == lang && err == nil {
					translated, err = true, o.put(base, text)
				}
			})
			if err == nil && translated {
				err = o.translateMarks(name, lang)
			}
			if err != nil {
				return err
			}
			continue
		}
		all := objects(o[name])
		if len(all) == 0 {
			continue
		}
		for _, inner := range all {
			if err := translate(inner, lang); err != nil {
				return err
			}
		}
		var err error
		if strings.HasPrefix(strings.TrimSpace(string(o[name])), "[") {
			o[name], err = encode(all)
		} else {
			o[name], err = encode(all[0])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// translateMarks puts the text with marks into a language, where it is translated. Where it is not, the plain
// words are: nobody reads one language where another was asked for.
func (o object) translateMarks(beside, lang string) error {
	all := objects(o[beside])
	if len(all) != 1 {
		return nil
	}
	var r reading
	var kept []object
	for _, e := range r.list(all[0], "", "extension") {
		if r.text(e, "", "url") == extMarkdown {
			there := false
			var err error
			translation(e["_valueMarkdown"], func(in, text string) {
				if in == lang {
					there, err = true, e.put("valueMarkdown", text)
				}
			})
			if err != nil {
				return err
			}
			if !there {
				continue
			}
		}
		kept = append(kept, e)
	}
	if err := putList(all[0], "extension", kept); err != nil {
		return err
	}
	raw, err := encode(all[0])
	o[beside] = raw
	return err
}
