package riskweb

import (
	"waymark/internal/casework/risk"
	"waymark/internal/platform/web/ui"
)

func said(s string) string {
	if s == "" {
		return "Nothing recorded"
	}
	return s
}

func judgementItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, j := range risk.Judgements() {
		items = append(items, ui.RadioItem{Value: string(j), Text: j.Label()})
	}
	return items
}

func answerItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, a := range []risk.Answer{risk.Yes, risk.No, risk.Unknown} {
		items = append(items, ui.RadioItem{Value: string(a), Text: a.Label()})
	}
	return items
}

func routeRows(routes []risk.Route) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, r := range routes {
		rows = append(rows, []ui.TableCell{{Text: r.Name}, {Text: r.Met.Label()}, {Text: said(r.Evidence)}})
	}
	return rows
}
