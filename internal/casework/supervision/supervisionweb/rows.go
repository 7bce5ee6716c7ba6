package supervisionweb

import (
	"strconv"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/supervision"
	"waymark/internal/casework/support"
	"waymark/internal/platform/web/ui"
)

func day(s string) string { return cases.DayInWords(s) }

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
		d.State, d.Words = ui.DateOverdue, "overdue"
	default:
		d.State, d.Words = ui.DateToday, "today"
	}
	return d
}

func number(n int) ui.TableCell { return ui.TableCell{Text: strconv.Itoa(n)} }

func next(p supervision.Pair, today string) ui.TableCell {
	if p.Next == "" {
		return ui.TableCell{Text: "Nobody supervises them yet"}
	}
	return ui.TableCell{Content: contextual(dated(p.Next, today, true))}
}

func workerRows(v workersView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, l := range v.Loads {
		p := v.Pairs[l.Worker]
		last := "Not yet"
		if p.Last != "" {
			last = day(p.Last)
		}
		rows = append(rows, []ui.TableCell{
			{Content: link(Home+"/"+l.Worker, or(v.Names[l.Worker], "A colleague who has left"))},
			number(l.Cases), number(l.High), number(l.Unknown), number(l.Reviews), number(l.Late),
			{Text: last},
			next(p, v.Today),
		})
	}
	return rows
}

func loadTiles(l support.Load) []ui.NumericTile {
	tile := func(label string, n int) ui.NumericTile { return ui.NumericTile{Label: label, Value: strconv.Itoa(n)} }
	return []ui.NumericTile{
		tile("Open cases", l.Cases), tile("Weighed by risk", l.Weight), tile("High risk", l.High),
		tile("Risk not identified", l.Unknown), tile("Reviews overdue", l.Reviews), tile("First contact late", l.Late),
	}
}

func lineRows(v workerView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, l := range v.Lines {
		risk := ui.TagParams{Text: l.Level.Label(), Colour: ui.TagGrey}
		if l.Level == support.HighRisk {
			risk.Colour = ui.TagRed
		}
		last := "None is recorded"
		if !l.Last.IsZero() {
			last = l.Last.In(v.Zone).Format("2 January 2006")
		}
		first := "No clock"
		switch {
		case !l.Standing.ReachedAt.IsZero():
			first = "Reached"
		case l.Standing.Late(v.Now):
			first = "Late: due by " + l.Standing.Due.In(v.Zone).Format("2 January, 15:04")
		case !l.Standing.Due.IsZero():
			first = "Due by " + l.Standing.Due.In(v.Zone).Format("2 January, 15:04")
		}
		reviews := "None overdue"
		if l.Reviews > 0 {
			reviews = strconv.Itoa(l.Reviews) + " overdue"
		}
		soonest := ui.TableCell{Text: "Nothing is due"}
		if l.Soonest != "" {
			soonest = ui.TableCell{Content: contextual(dated(l.Soonest, v.Today, true))}
		}
		rows = append(rows, []ui.TableCell{
			{Content: link(l.Path()+"/supervision", "Case "+strconv.FormatInt(l.Number, 10))}, {Text: l.Name.Name()}, {Content: tag(risk)}, {Text: reviews}, {Text: first}, {Text: last}, soonest,
		})
	}
	return rows
}

func meetingRows(v workerView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, m := range v.Met {
		rows = append(rows, []ui.TableCell{{Text: day(m.On)}, {Text: or(v.Names[m.Supervisor], "somebody else")}, {Text: day(m.Next)}})
	}
	return rows
}

func pairRows(v workerView) []ui.SummaryRow {
	p := v.Pair
	if p.Worker == "" {
		return []ui.SummaryRow{{Key: "Supervised by", Value: "Nobody yet"}}
	}
	last := "Not yet"
	if p.Last != "" {
		last = day(p.Last)
	}
	often := "Every week"
	if p.Weeks > 1 {
		often = "Every " + strconv.Itoa(p.Weeks) + " weeks"
	}
	due := day(p.Next)
	if p.Overdue(v.Today) {
		due += ": overdue"
	}
	return []ui.SummaryRow{
		{Key: "Supervised by", Value: or(v.Names[p.Supervisor], "somebody else")}, {Key: "How often", Value: often}, {Key: "Last met", Value: last}, {Key: "Next by", Value: due},
	}
}

func actionRows(v overviewView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, a := range v.Actions {
		what := ui.TableCell{Text: a.Text}
		if a.State == supervision.Open {
			what = ui.TableCell{Content: link(path(v.File)+"/actions/"+string(a.ID), a.Text)}
		}
		stands := a.State.Label()
		if a.Result != "" {
			stands += ". " + a.Result
		}
		rows = append(rows, []ui.TableCell{what, {Text: or(v.Names[a.Worker], "somebody else")}, {Content: contextual(dated(a.Due, v.Today, a.State == supervision.Open))}, {Text: stands}})
	}
	return rows
}

func signedRows(v overviewView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, o := range v.Signed {
		rows = append(rows, []ui.TableCell{{Text: o.Subject.Label()}, {Text: o.Verdict.Label()}, {Text: o.Text}, {Text: or(v.Names[o.RecordedBy], "somebody else")}, {Text: day(o.On)}})
	}
	return rows
}
