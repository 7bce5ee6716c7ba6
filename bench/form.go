package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/forms/formsweb"
)

const (
	formJob   = "form"
	formItems = 200
)

// compareForms measures a question set of 200 questions shown and checked, beside reading and parsing the JSON
// it came as.
func compareForms(ctx context.Context, o options, dir string) ([]comparison, error) {
	data, err := questionSet(formItems)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "form.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return nil, err
	}
	q, err := forms.ParseQuestionnaire(data)
	if err != nil {
		return nil, err
	}
	given := filledIn(q)
	showAndCheck := func(page *bytes.Buffer) error {
		page.Reset()
		errs := q.Validate(given)
		if err := formsweb.Fields(q, given, errs).Render(ctx, page); err != nil {
			return err
		}
		return errs.Err()
	}
	var first bytes.Buffer
	if err := showAndCheck(&first); err != nil {
		return nil, err
	}
	for i := range q.Questions() {
		if !bytes.Contains(first.Bytes(), []byte(`name="`+i.Field())) {
			return nil, fmt.Errorf("question %s is not on the page", i.LinkID)
		}
	}
	shown := func(ctx context.Context) (float64, error) {
		var page bytes.Buffer
		return busy(ctx, 1, o.length, func(int) error {
			if err := showAndCheck(&page); err != nil {
				return err
			}
			if page.Len() != first.Len() {
				return errors.New("the page is another one")
			}
			return nil
		})
	}
	read := func(ctx context.Context) (float64, error) {
		return busy(ctx, 1, o.length, func(int) error {
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			var set struct {
				Item []map[string]any `json:"item"`
			}
			if err := json.Unmarshal(data, &set); err != nil {
				return err
			}
			if len(set.Item) != formItems/10 {
				return fmt.Errorf("%d groups are read", len(set.Item))
			}
			return nil
		})
	}
	out := comparison{Name: formJob, Beside: "reading and parsing its JSON", Clients: 1}
	if err := out.run(ctx, o, shown, read); err != nil {
		return nil, err
	}
	out.Says = fmt.Sprintf("%d questions, %d kB of JSON, a page of %d kB: shown and checked in %.1f ms, the JSON read and parsed in %.1f ms.",
		formItems, len(data)>>10, first.Len()>>10, 1e3/out.Rate.Waymark, 1e3/out.Rate.Other)
	return []comparison{out}, nil
}

// questionSet is a made-up set: groups of ten questions of several types, of which one hangs on another.
func questionSet(n int) ([]byte, error) {
	type item = map[string]any
	var groups []item
	coding := func(code, words string) item {
		return item{"valueCoding": item{"system": "https://example.invalid/yn", "code": code, "display": words}}
	}
	var group []item
	for i := range n {
		id := fmt.Sprintf("q%d", i+1)
		one := item{"linkId": id, "prefix": fmt.Sprint(i + 1), "text": fmt.Sprintf("Question number %d of a form that somebody fills in", i+1)}
		switch i % 10 {
		case 0, 1, 2, 3, 4:
			one["type"], one["answerOption"] = "choice", []item{coding("yes", "Yes"), coding("no", "No"), coding("unknown", "Don't know")}
		case 5:
			one["type"], one["maxLength"] = "text", 2000
			one["enableWhen"] = []item{{"question": fmt.Sprintf("q%d", i), "operator": "=", "answerCoding": coding("yes", "Yes")["valueCoding"]}}
		case 6:
			one["type"], one["required"] = "string", true
		case 7:
			one["type"] = "date"
		case 8:
			one["type"] = "integer"
			one["extension"] = []item{{"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 0}}
		default:
			one["type"] = "boolean"
		}
		if group = append(group, one); len(group) == 10 {
			groups = append(groups, item{"linkId": fmt.Sprint("g", len(groups)+1), "type": "group", "text": fmt.Sprint("Part ", len(groups)+1), "item": group})
			group = nil
		}
	}
	return json.MarshalIndent(item{
		"resourceType": "Questionnaire", "url": "https://example.invalid/forms/measured", "version": "1", "title": "Measured", "status": "active", "item": groups,
	}, "", "  ")
}

// filledIn answers every question.
func filledIn(q *forms.Questionnaire) forms.Answers {
	a := forms.Answers{}
	for i := range q.Questions() {
		switch i.Type {
		case forms.TypeChoice:
			a.Set(i.LinkID, "yes")
		case forms.TypeDate:
			a.Set(i.LinkID, "2026-03-29")
		case forms.TypeInteger:
			a.Set(i.LinkID, "12")
		case forms.TypeBoolean:
			a.Set(i.LinkID, "true")
		default:
			a.Set(i.LinkID, "Something that was said, in a few words.")
		}
	}
	return a
}
