package measuresweb

import (
	"github.com/a-h/templ"

	"waymark/internal/platform/measures"
	"waymark/internal/platform/web/ui"
)

// head of the table, in the order of cells.
func head() []ui.TableCell {
	return []ui.TableCell{
		{Text: "Measure"},
		{Text: "People counted", Format: ui.Numeric},
		{Text: "Of", Format: ui.Numeric},
		{Text: "Share", Format: ui.Numeric},
		{Text: "Contacts", Format: ui.Numeric},
		{Text: "Note"},
	}
}

func lines(results []measures.Result) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, r := range results {
		for _, row := range r.Rows() {
			out = append(out, cells(row))
		}
	}
	return out
}

func cells(row measures.Row) []ui.TableCell {
	name, note := measureName(row.Indicator), row.Indicator.Note
	if row.Part != "" {
		name, note = ui.Text(row.Indicator.Title+": "+row.PartLabel), ""
	}
	return []ui.TableCell{
		{Content: name},
		{Text: row.Numerator.Persons.String(), Format: ui.Numeric},
		{Text: row.Denominator.Persons.String(), Format: ui.Numeric},
		{Text: share(row), Format: ui.Numeric},
		{Text: row.Numerator.Contacts.String() + " of " + row.Denominator.Contacts.String(), Format: ui.Numeric},
		{Text: note},
	}
}

// share is the percentage with what it is a percentage of.
func share(row measures.Row) string {
	if row.Empty() {
		return "No records yet"
	}
	if _, ok := row.Percent(); ok {
		return row.PercentLabel() + " of " + row.Indicator.Unit.Label()
	}
	return row.PercentLabel()
}

func caption(results []measures.Result) string { return "Measures, " + results[0].Period.Label() }

// hides tells whether a suppressed count is among what is shown.
func hides(results []measures.Result) bool {
	for _, r := range results {
		for _, row := range r.Rows() {
			if row.Hides() {
				return true
			}
		}
	}
	return false
}

func exact(results []measures.Result) bool {
	for _, r := range results {
		if !r.Exact() {
			return false
		}
	}
	return true
}

// definition says how one measure is counted.
func definition(in measures.Indicator) []ui.SummaryRow {
	return []ui.SummaryRow{
		{Key: "Counted", Value: in.Numerator.Words},
		{Key: "Of", Value: in.Denominator.Words},
		{Key: "How", Value: in.Numerator.Link.Label()},
	}
}

// Panel is a table of results with what must be said beside them.
func Panel(results []measures.Result) templ.Component { return panel(results) }
