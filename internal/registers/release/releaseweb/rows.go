package releaseweb

import (
	"time"

	"waymark/internal/platform/measures"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/release"
)

func day(t time.Time) string { return measures.DayLabel(t.Format(time.DateOnly)) }

func by(names map[string]string, account string) string {
	if name := names[account]; name != "" {
		return name
	}
	return "somebody who has left"
}

func agreeText(v listView) string {
	if len(v.Protocols) == 0 {
		return "Agree how figures may be shared"
	}
	return "Agree it anew"
}

func protocolRows(v listView, p release.Protocol) []ui.SummaryRow {
	return []ui.SummaryRow{
		{Key: "What for", Value: p.Purposes},
		{Key: "With whom", Value: p.Whom},
		{Key: "How they keep them", Value: p.Keeping},
		{Key: "Looked at again by", Value: measures.DayLabel(p.ReviewOn)},
		{Key: "Agreed", Value: day(p.At) + ", " + by(v.Names, p.By)},
	}
}

func whose(r release.Release) string {
	if r.All {
		return "All agencies together"
	}
	return "Our agency"
}

func releaseRows(v listView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, one := range v.Releases {
		rows = append(rows, []ui.TableCell{{Content: link(Path+"/"+one.ID, one.Period.Label())}, {Text: whose(one)}, {Text: one.Whom}, {Text: day(one.At) + ", " + by(v.Names, one.By)}})
	}
	return rows
}

func shownRows(v showView) []ui.SummaryRow {
	r := v.Release
	name := v.Name
	if name == "" {
		name = by(nil, r.By)
	}
	return []ui.SummaryRow{
		{Key: "Of", Value: whose(r)},
		{Key: "To whom", Value: r.Whom},
		{Key: "What for", Value: r.Why},
		{Key: "Made", Value: day(r.At) + ", " + name},
		{Key: "Fingerprint of the file (SHA-256)", Value: r.Digest},
	}
}

func headOf(rows [][]string) []ui.TableCell {
	if len(rows) == 0 {
		return nil
	}
	return cells(rows[0])
}

func linesOf(rows [][]string) [][]ui.TableCell {
	var out [][]ui.TableCell
	for n, row := range rows {
		if n > 0 {
			out = append(out, cells(row))
		}
	}
	return out
}

func cells(row []string) []ui.TableCell {
	out := make([]ui.TableCell, len(row))
	for i, text := range row {
		out[i] = ui.TableCell{Text: text}
	}
	return out
}
