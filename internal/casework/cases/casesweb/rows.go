package casesweb

import (
	"waymark/internal/casework/cases"
	"waymark/internal/platform/web/ui"
)

func known(s string) string {
	if s == "" {
		return "not known"
	}
	return s
}

func codeHint(has bool) string {
	if has {
		return "One is recorded. Leave this empty to keep it."
	}
	return "To say at the start of a call, so that both know it is safe."
}

func taskRows(tasks []cases.Task, today string) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, t := range tasks {
		rows = append(rows, []ui.TableCell{{Content: taskLink(t)}, {Content: dueDate(t, today)}})
	}
	return rows
}

// taskPath is where a task is done.
func taskPath(f *cases.File, t cases.Task) string {
	if place := t.Kind.Place(); place != "" {
		return f.Path() + place
	}
	return f.Path() + "/tasks/" + string(t.ID)
}

func fileTaskRows(v showView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, t := range v.Tasks {
		rows = append(rows, []ui.TableCell{{Content: taskAct(v, t)}, {Content: dueDate(t, v.Today)}})
	}
	return rows
}

func caseRows(v caseloadView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, r := range v.Rows {
		name := r.Details.Name()
		if r.Kind == cases.Light {
			name += " (asked only)"
		}
		rows = append(rows, []ui.TableCell{
			{Content: rowLink(r)}, {Text: name}, {Text: who(v.Names, r.Lead)}, {Content: rowContact(r)}, {Text: recorded(r.Touched)},
		})
	}
	return rows
}

func personRows(v showView) []ui.SummaryRow {
	p := v.Person
	rows := []ui.SummaryRow{
		{
			Key: "The person this case is about", Value: p.Name() + ", born " + day(p.Born),
			Actions: []ui.Link{
				{Text: "Change", HiddenText: "details", Href: v.File.Path() + "/person"},
				{Text: "Address", HiddenText: "of " + p.Name(), Href: v.File.Path() + "/people/" + string(v.File.Person()) + "/home"},
			},
		},
		{Key: "What they need", Value: known(p.AccessNeeds)},
	}
	for _, party := range v.Parties {
		value := party.Details.Name()
		if party.Relation != "" {
			value += ", " + party.Relation
		}
		if party.Details.Born != "" {
			value += ", born " + day(party.Details.Born)
		}
		rows = append(rows, ui.SummaryRow{
			Key: party.Role.Label(), Value: value,
			Actions: []ui.Link{{Text: "Address", HiddenText: "of " + party.Details.Name(), Href: v.File.Path() + "/people/" + string(party.Person) + "/home"}},
		})
	}
	return rows
}
