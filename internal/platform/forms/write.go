package forms

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// MarshalJSON writes the response with everything that came in. Names are in the order of the alphabet.
func (r *Response) MarshalJSON() ([]byte, error) {
	o := r.keep.clone()
	for _, set := range []struct{ key, value string }{
		{"resourceType", "QuestionnaireResponse"}, {"id", r.ID}, {"questionnaire", r.Questionnaire}, {"status", string(r.Status)},
	} {
		if err := o.put(set.key, set.value); err != nil {
			return nil, err
		}
	}
	for _, set := range []struct{ key, value string }{{"author", r.Author}, {"source", r.Source}, {"subject", r.Subject}} {
		if err := o.putReference(set.key, set.value); err != nil {
			return nil, err
		}
	}
	if err := o.putTime("authored", r.Authored); err != nil {
		return nil, err
	}
	if err := putList(o, "item", r.Items); err != nil {
		return nil, err
	}
	return encode(o)
}

// MarshalJSON writes the item with everything that came in.
func (i ResponseItem) MarshalJSON() ([]byte, error) {
	o := i.keep.clone()
	if err := o.put("linkId", i.LinkID); err != nil {
		return nil, err
	}
	if err := o.put("text", i.Text); err != nil {
		return nil, err
	}
	if err := o.putRepetition(i.Number); err != nil {
		return nil, err
	}
	if err := putList(o, "answer", i.Answers); err != nil {
		return nil, err
	}
	if err := putList(o, "item", i.Items); err != nil {
		return nil, err
	}
	return encode(o)
}

// MarshalJSON writes the answer with everything that came in.
func (a ResponseAnswer) MarshalJSON() ([]byte, error) {
	o := a.keep.clone()
	if err := a.Value.put(o, "value"); err != nil {
		return nil, err
	}
	if err := o.putProvenance(a.Provenance); err != nil {
		return nil, err
	}
	if err := o.putRepetition(a.Number); err != nil {
		return nil, err
	}
	if err := putList(o, "item", a.Items); err != nil {
		return nil, err
	}
	return encode(o)
}

// putReference sets a reference. One that is there and has not changed stays with all that came with it.
func (o object) putReference(key, reference string) error {
	var r reading
	if r.reference(o, "", key) == reference {
		return nil
	}
	if reference == "" {
		delete(o, key)
		return nil
	}
	inner := object{}
	if err := inner.put("reference", reference); err != nil {
		return err
	}
	raw, err := encode(inner)
	o[key] = raw
	return err
}

func (o object) putTime(key string, t time.Time) error {
	var r reading
	if was := r.time(o, "", key); was.Equal(t) && !(t.IsZero() && o[key] != nil) {
		return nil
	}
	if t.IsZero() {
		delete(o, key)
		return nil
	}
	return o.put(key, t.UTC().Format(time.RFC3339Nano))
}

// putProvenance sets our extension of an answer and leaves those of others alone.
func (o object) putProvenance(p Provenance) error {
	var r reading
	if r.provenance(o, "").is(p) {
		return nil
	}
	if p.isZero() {
		return o.putExtension(extProvenance, nil)
	}
	e, err := p.extension()
	if err != nil {
		return err
	}
	return o.putExtension(extProvenance, e)
}

// putRepetition says which repetition it is, where its place does not.
func (o object) putRepetition(number int) error {
	var r reading
	if r.repetition(o, "") == number {
		return nil
	}
	if number == 0 {
		return o.putExtension(extRepetition, nil)
	}
	e := object{"valuePositiveInt": json.RawMessage(strconv.Itoa(number))}
	if err := e.put("url", extRepetition); err != nil {
		return err
	}
	return o.putExtension(extRepetition, e)
}

// putExtension sets the extension of an address, or takes it away.
func (o object) putExtension(url string, e object) error {
	var r reading
	var others []object
	if _, there := o["extension"]; there {
		others = slices.DeleteFunc(r.list(o, "", "extension"), func(e object) bool { return r.text(e, "", "url") == url })
	}
	if e != nil {
		others = append(others, e)
	}
	return putList(o, "extension", others)
}

func (p Provenance) extension() (object, error) {
	var parts []object
	add := func(url string, fill func(part object) error) error {
		part := object{}
		if err := part.put("url", url); err != nil {
			return err
		}
		parts = append(parts, part)
		return fill(part)
	}
	if p.Who != "" {
		if err := add("who", func(part object) error { return part.putReference("valueReference", p.Who) }); err != nil {
			return nil, err
		}
	}
	if !p.When.IsZero() {
		if err := add("when", func(part object) error { return part.putTime("valueDateTime", p.When) }); err != nil {
			return nil, err
		}
	}
	if p.How != HowUnknown {
		if err := add("how", func(part object) error { return part.put("valueCode", string(p.How)) }); err != nil {
			return nil, err
		}
	}
	e := object{}
	if err := e.put("url", extProvenance); err != nil {
		return nil, err
	}
	return e, putList(e, "extension", parts)
}
