package returnsweb

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"waymark/internal/casework/marac/returns"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

func notLooked() error {
	return forms.Errors{{Field: "quarter", Message: "Look at the meetings of the quarter first, and say so"}}
}

// quarterLabel is a quarter in words: that of 2026-Q3 is July to September 2026.
func quarterLabel(code string) string {
	months := map[string]string{"1": "January to March ", "2": "April to June ", "3": "July to September ", "4": "October to December "}
	if len(code) != len("2026-Q3") {
		return code
	}
	return months[code[6:]] + code[:4]
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func standWords(s returns.Stand, names map[string]string) string {
	switch {
	case s.Revision > 0:
		who := names[s.By]
		if who == "" {
			who = "somebody who has left"
		}
		words := "Final, " + measures.DayLabel(s.Made.Format(time.DateOnly)) + ", " + who
		if s.Revision > 1 {
			words = "Final, revised, " + measures.DayLabel(s.Made.Format(time.DateOnly)) + ", " + who
		}
		return words
	case s.Over:
		return "Provisional: to be made final"
	}
	return "Provisional: the quarter goes on"
}

func standRows(v listView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, s := range v.Stands {
		rows = append(rows, []ui.TableCell{{Content: link(Path(v.Agency)+"/"+s.Quarter, quarterLabel(s.Quarter))}, {Text: standWords(s, v.Names)}})
	}
	return rows
}

func lineHead() []ui.TableCell {
	head := []ui.TableCell{{Text: "Meeting"}}
	for _, c := range returns.Cells() {
		head = append(head, ui.TableCell{Text: c.Label, Format: "numeric"})
	}
	return head
}

func lineRows(v showView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, l := range v.Shown.Lines {
		meeting := string(l.Meeting)
		row := []ui.TableCell{{Text: measures.DayLabel(l.On)}}
		if meeting == "" {
			meeting, row[0].Text = none, measures.DayLabel(l.On)+", between meetings"
		}
		for _, c := range returns.Cells() {
			cell := ui.TableCell{Text: number(c.Of(l.Tally)), Format: "numeric"}
			if c.Of(l.Tally) > 0 && v.Shown.Revision == 0 { // what was final may be made of other cases by now
				cell.Content = link(Path(v.Agency)+"/"+v.Now.Quarter+"/"+meeting+"/"+c.Code, cell.Text)
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	total := []ui.TableCell{{Text: "All meetings"}}
	for _, c := range returns.Cells() {
		total = append(total, ui.TableCell{Text: number(c.Of(v.Shown.Total())), Format: "numeric"})
	}
	return append(rows, total)
}

func unknownRows(t returns.Tally) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, u := range []struct {
		what string
		n    int64
	}{
		{"Black and minority ethnic", t.BMEUnknown}, {"LGBT+", t.LGBTUnknown}, {"Disabled", t.DisabledUnknown}, {"Male", t.MaleUnknown},
		{"Whether an IDVA represents them", t.RepresentedUnknown},
	} {
		rows = append(rows, []ui.TableCell{{Text: u.what}, {Text: number(u.n), Format: "numeric"}})
	}
	return rows
}

// fromRows are cases by the agency that referred, the most first.
func fromRows(all agencies, from map[string]int64, show func(int64) measures.Cell) [][]ui.TableCell {
	ids := make([]string, 0, len(from))
	for id := range from {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		if from[a] != from[b] {
			return int(from[b] - from[a])
		}
		if all.name(a) < all.name(b) {
			return -1
		}
		return 1
	})
	var rows [][]ui.TableCell
	for _, id := range ids {
		sector := "Not known"
		if s, ok := all.sectors[id]; ok {
			sector = s.Label()
		}
		rows = append(rows, []ui.TableCell{{Text: all.name(id)}, {Text: sector}, {Text: show(from[id]).String(), Format: "numeric"}})
	}
	return rows
}

func exactly(n int64) measures.Cell { return measures.Exactly(n) }

func perWomen(r returns.Return) string {
	if r.Women == 0 {
		return "Not known: how many women live in the area is in the settings"
	}
	return fmt.Sprintf("%.1f in this quarter, of %d women of 16 and over", float64(r.Total().Cases)*10000/float64(r.Women), r.Women)
}

func shownRows(v showView) []ui.SummaryRow {
	status := "Provisional: the quarter goes on"
	switch {
	case v.Shown.Revision > 0:
		who := v.By
		if who == "" {
			who = "somebody who has left"
		}
		status = fmt.Sprintf("Final, number %d, made %s by %s", v.Shown.Revision, measures.DayLabel(v.Shown.Made.Format(time.DateOnly)), who)
	case v.Final.Revision > 0:
		status = "What the register says now"
	case v.Over:
		status = "Provisional: to be made final"
	}
	return []ui.SummaryRow{
		{Key: "Status", Value: status},
		{Key: "Meetings", Value: strconv.Itoa(meetings(v.Shown))},
		{Key: "Cases for 10,000 women", Value: perWomen(v.Shown)},
	}
}

// meetings is how many meetings there were: what was heard between them is none.
func meetings(r returns.Return) (n int) {
	for _, l := range r.Lines {
		if l.Meeting != "" {
			n++
		}
	}
	return n
}

func caseRows(v casesView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, c := range v.Cases {
		rows = append(rows, []ui.TableCell{{Content: link("/cases/"+string(c.File), c.Number)}, {Text: v.Agencies.name(c.From)}, {Text: number(c.Children), Format: "numeric"}})
	}
	return rows
}

// national are shares of the cases of the United Kingdom in the twelve months to 30
// September 2024, in per cent (domain.md, section 5.6, from SafeLives' Marac data).
var national = map[string]string{"repeats": "31", "not_police": "36.1", "bme": "14.1", "lgbt": "1.6", "disabled": "10.1", "male": "6.4"}

// share is a part of the cases in per cent, made of what may be shown alone.
func share(part, of measures.Cell) string {
	n, ok := part.Shown()
	all, known := of.Shown()
	if !ok || !known || all == 0 {
		return measures.Mark
	}
	return fmt.Sprintf("%.0f%%", float64(n)*100/float64(all))
}

func yearRows(v yearView) [][]ui.TableCell {
	y := v.Year
	all := y.Count(y.Total.Cases)
	row := func(code, label string, n int64) []ui.TableCell {
		cell := y.Count(n)
		part := share(cell, all)
		if y.Total.Cases == 0 {
			part = "–"
		}
		return []ui.TableCell{{Text: label}, {Text: cell.String(), Format: "numeric"}, {Text: part, Format: "numeric"}, {Text: national[code] + "%", Format: "numeric"}}
	}
	return [][]ui.TableCell{
		row("repeats", "Repeats", y.Total.Repeats),
		row("not_police", "Referred by others than the police", y.NotPolice(v.Agencies.sectors)),
		row("bme", "Black and minority ethnic", y.Total.BME),
		row("lgbt", "LGBT+", y.Total.LGBT),
		row("disabled", "Disabled", y.Total.Disabled),
		row("male", "Male victims", y.Total.Male),
	}
}

func volumeRows(v yearView) []ui.SummaryRow {
	y := v.Year
	cases := y.Count(y.Total.Cases)
	rows := []ui.SummaryRow{
		{Key: "Cases heard", Value: cases.String()},
		{Key: "Children in their households", Value: y.Count(y.Total.Children).String()},
		{Key: "Meetings", Value: strconv.Itoa(y.Meetings)},
	}
	if y.Women == 0 {
		rows = append(rows, ui.SummaryRow{Key: "Cases for 10,000 women", Value: "Not known: how many women of 16 and over live in the area is in the MARAC's settings"})
	} else {
		value := measures.Mark
		if n, ok := cases.Shown(); ok {
			value = fmt.Sprintf("%.0f; %d are to be expected, which would be %d cases", float64(n)*10000/float64(y.Women), returns.CasesPer10000, y.Expected())
		}
		rows = append(rows, ui.SummaryRow{Key: "Cases for 10,000 women", Value: value})
	}
	if _, ok := cases.Shown(); ok && y.Total.Cases > 0 {
		rows = append(rows, ui.SummaryRow{Key: "From referral to meeting", Value: fmt.Sprintf("Half within %d days, nine in ten within %d", y.Half, y.Most)})
	}
	rows = append(rows, ui.SummaryRow{Key: "An IDVA works with them", Value: y.Count(y.Total.Represented).String() + ", and of " + y.Count(y.Total.RepresentedUnknown).String() + " it was not recorded"})
	return rows
}

// capacity is what the cases heard need, and what those to be expected would.
func capacityRows(v yearView) [][]ui.TableCell {
	y := v.Year
	var rows [][]ui.TableCell
	add := func(label string, n int64) {
		c := returns.Needs(n, y.Minutes)
		rows = append(rows, []ui.TableCell{
			{Text: label}, {Text: number(c.Cases), Format: "numeric"}, {Text: fmt.Sprintf("%.1f", c.IDVAs), Format: "numeric"}, {Text: fmt.Sprintf("%.1f", c.Admins), Format: "numeric"},
			{Text: number(c.Meetings), Format: "numeric"}, {Text: fmt.Sprintf("%.0f", c.Hours), Format: "numeric"},
		})
	}
	if n, ok := y.Count(y.Total.Cases).Shown(); ok {
		add("What was heard", n)
	}
	if y.Women > 0 {
		add("What is to be expected", y.Expected())
	}
	return rows
}

func seatRows(v yearView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, s := range v.Year.Seats {
		cell := func(n int64) ui.TableCell { return ui.TableCell{Text: number(n), Format: "numeric"} } // workers at meetings, and nobody's cases
		rows = append(rows, []ui.TableCell{{Text: v.Agencies.name(s.Agency)}, cell(s.Asked), cell(s.Came), cell(s.Apologies), cell(s.Sent)})
	}
	return rows
}

// evidenceRows are what the records say of one principle.
func evidenceRows(v yearView, p returns.Principle) []string {
	var out []string
	for _, e := range v.Year.Evidence {
		if e.Principle != p {
			continue
		}
		cell, of := v.Year.Count(e.N), v.Year.Count(e.Of)
		if e.Workers {
			cell, of = measures.Exactly(e.N), measures.Exactly(e.Of)
		}
		words := e.What + ": " + cell.String()
		if e.Of > 0 {
			words += " of " + of.String()
		}
		out = append(out, words)
	}
	if r := v.Year.Review; p == returns.Governance && r.On != "" {
		out = append(out, "Reviewed on "+measures.DayLabel(r.On)+" by "+r.Who+": "+r.Found, "To be reviewed again by "+measures.DayLabel(r.Next))
	}
	return out
}

// sectorRows are referrals by the sector of the agency that made them.
func sectorRows(v yearView) [][]ui.TableCell {
	by := returns.BySector(v.Year.From, v.Agencies.sectors)
	var rows [][]ui.TableCell
	for _, s := range directory.Sectors() {
		if by[s] > 0 {
			rows = append(rows, []ui.TableCell{{Text: s.Label()}, {Text: v.Year.Count(by[s]).String(), Format: "numeric"}})
		}
	}
	return rows
}
