package courtweb

import (
	"strings"

	"waymark/internal/casework/court"
	"waymark/internal/platform/web/ui"
)

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// dated is a day, with whether it has passed.
func dated(on, today string, open bool) ui.ContextualDateParams {
	d := ui.ContextualDateParams{Text: day(on), DateTime: on}
	switch {
	case !open || on > today:
	case on < today:
		d.State, d.Words = ui.DateOverdue, "passed"
	default:
		d.State, d.Words = ui.DateToday, "today"
	}
	return d
}

func hearingRows(v overviewView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, h := range v.Hearings {
		what := strings.Trim(h.Court.Label()+". "+h.Words.Place, ". ")
		first := ui.TableCell{Text: what}
		if h.State == court.Ahead {
			first = ui.TableCell{Content: link(path(v.File)+"/hearings/"+string(h.ID), what)}
		}
		goes := h.Attends.Label()
		if h.Words.With != "" {
			goes += ", with " + h.Words.With
		}
		stands := h.State.Label()
		if h.Words.Outcome != "" {
			stands += ". " + h.Words.Outcome
		}
		rows = append(rows, []ui.TableCell{
			first,
			{Content: when(dated(h.On, v.Today, h.State == court.Ahead), h.At)},
			{Text: h.Words.Purpose},
			{Text: goes},
			{Text: strings.Trim(h.Measures.Label()+". "+h.Words.Measures, ". ")},
			{Text: stands},
		})
	}
	return rows
}

func orderRows(v overviewView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, o := range v.Orders {
		served := "Not served, as far as is known"
		if o.ServedOn != "" {
			served = day(o.ServedOn)
		} else if o.State != court.Made {
			served = "Not served"
		}
		ends := ui.TableCell{Text: "No end is known"}
		if o.ExpiresOn != "" {
			ends = ui.TableCell{Content: when(dated(o.ExpiresOn, v.Today, o.State == court.Made), "")}
		}
		stands := o.State.Label()
		if o.Words.Note != "" {
			stands += ". " + o.Words.Note
		}
		rows = append(rows, []ui.TableCell{
			{Content: link(path(v.File)+"/orders/"+string(o.ID), v.Kind(o.Kind))}, {Text: or(o.Words.Conditions, "Not recorded")}, {Text: served}, ends, {Text: stands},
		})
	}
	return rows
}

func aheadRows(v aheadView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, d := range v.Dates {
		what := "Hearing. " + court.Court(d.What).Label()
		if d.Ends {
			what = "Order ends. " + v.Kind(d.What)
		}
		rows = append(rows, []ui.TableCell{
			{Content: when(dated(d.On, v.Today, true), d.At)}, {Text: what}, {Content: link(d.Path(), "Case "+itoa(d.Number))}, {Text: or(v.Names[d.Lead], "somebody else")},
		})
	}
	return rows
}

func panelRows(v panelView) []ui.SummaryRow {
	next, orders := "None is ahead", "None is in force"
	if v.Brief.NextHearing != "" {
		next = day(v.Brief.NextHearing)
		if v.Brief.NextHearing < v.Today {
			next += ": record what came of it"
		}
	}
	if v.Brief.Orders > 0 {
		orders = itoa(v.Brief.Orders) + " in force"
		if end := v.Brief.NextEnd; end != "" {
			orders += ". The first ends on " + day(end)
		}
	}
	return []ui.SummaryRow{{Key: "Next hearing", Value: next}, {Key: "Orders", Value: orders}}
}
