package actionsweb

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/actions"
	"waymark/internal/platform/web/ui"
)

// day is a day (YYYY-MM-DD) in words.
func day(text string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return t.Format("2 January 2006")
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// hidden is what stands for words that are not the reader's.
const hidden = "For its agency and the coordinator"

func status(a actions.Action, today string) (string, ui.TagColour) {
	switch {
	case a.State == actions.Done:
		return a.State.Label(), ui.TagGreen
	case a.State != actions.Open:
		return a.State.Label(), ui.TagGrey
	case a.Stage(today) == actions.InTime:
		return "Open", ui.TagTeal
	case a.Stage(today) == actions.Due:
		return "Due", ui.TagYellow
	}
	return a.Stage(today).Label(), ui.TagRed
}

func names(list []actions.Named) string {
	var out []string
	for _, n := range list {
		one := n.Name
		if n.Born != "" {
			one += ", born " + day(n.Born)
		}
		out = append(out, one+" ("+strings.ToLower(n.Part.Label())+")")
	}
	return strings.Join(out, "; ")
}

func mineRows(v mineView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, a := range v.List {
		what := a.Words.What
		if len(what) > 120 {
			what = strings.ToValidUTF8(what[:120], "") + "…"
		}
		rows = append(rows, []ui.TableCell{
			{Content: link(path(a), what)}, {Text: day(a.Due)}, {Content: tagged(a, v.Today)}, {Text: or(v.Names[a.Account], "Nobody yet")}, {Text: v.Agencies[a.Marac] + ", " + a.Number},
		})
	}
	return rows
}

func showRows(v showView) []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Key: "What is done", Value: v.Words.What},
		{Key: "About", Value: or(names(v.Words.About), "The case")},
		{Key: "For", Value: v.Target.Label()},
		{Key: "Agency", Value: v.Agencies[v.Owner]},
		{Key: "By when", Value: day(v.Due)},
		{Key: "Status", Value: statusWords(v.Action, v.Today)},
		{Key: "MARAC and case", Value: v.Agencies[v.Marac] + ", " + v.Number},
	}
	if v.Words.By != "" {
		rows = append(rows, ui.SummaryRow{Key: "Volunteered by", Value: v.Words.By})
	}
	if v.Own {
		rows = append(rows, ui.SummaryRow{Key: "Given to", Value: or(v.Given, "Nobody yet")})
	}
	return rows
}

// said is a step in lines.
func said(s actions.Step) []string {
	var out []string
	if s.Words.To != "" {
		out = append(out, "To "+s.Words.To)
	} else if s.Kind == actions.Given && s.Words.Theirs {
		out = append(out, "Within the agency")
	}
	if s.Words.On != "" {
		out = append(out, "They were told on "+day(s.Words.On)+" by "+s.Words.Teller+". "+s.Words.Safely.Label())
	}
	if s.Words.Text != "" {
		out = append(out, strings.Split(s.Words.Text, "\n")...)
	}
	if s.Words.Back != "" {
		out = append(out, "They said: "+s.Words.Back)
	}
	return out
}

func actionRows(list []actions.Action, names map[string]string, today string, links bool) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, a := range list {
		what := ui.TableCell{Text: or(a.Words.What, hidden)}
		if links {
			what = ui.TableCell{Content: link(path(a), or(a.Words.What, hidden))}
		}
		rows = append(rows, []ui.TableCell{what, {Text: a.Number}, {Text: or(names[a.Owner], "An agency that sits there no more")}, {Text: a.Target.Label()}, {Text: day(a.Due)}, {Content: tagged(a, today)}})
	}
	return rows
}

func actionHead() []ui.TableCell {
	return []ui.TableCell{{Text: "What"}, {Text: "Case"}, {Text: "Agency"}, {Text: "For"}, {Text: "By"}, {Text: "Status"}}
}

func rateRows(rates []actions.Rate) [][]ui.TableCell {
	var rows [][]ui.TableCell
	num := func(n int64) ui.TableCell { return ui.TableCell{Text: itoa(n), Format: "numeric"} }
	for _, r := range rates {
		share := "Nothing due"
		if p, ok := r.Share(); ok {
			share = fmt.Sprintf("%d%% of %d", p, r.Of())
		}
		rows = append(rows, []ui.TableCell{{Text: r.Name}, num(r.Given), num(r.Done), num(r.InTime), num(r.NotDone), num(r.Gone), num(r.Open), num(r.Overdue), {Text: share, Format: "numeric"}})
	}
	return rows
}

func rateHead() []ui.TableCell {
	var out []ui.TableCell
	for i, t := range []string{"Agency", "Actions", "Done", "In time", "Not done", "No longer possible", "Open", "Overdue", "Done of what was due"} {
		cell := ui.TableCell{Text: t}
		if i > 0 {
			cell.Format = "numeric"
		}
		out = append(out, cell)
	}
	return out
}

func ownerItems(owners []actions.Owner) []ui.RadioItem {
	var out []ui.RadioItem
	for _, o := range owners {
		text := o.Name
		if o.Walled {
			text += " (works with people who harm)"
		}
		out = append(out, ui.RadioItem{Value: o.Agency, Text: text})
	}
	return out
}

func ownItems(rows []cases.Row) []ui.RadioItem {
	var out []ui.RadioItem
	for _, r := range rows {
		out = append(out, ui.RadioItem{Value: string(r.ID), Text: "Case " + itoa(r.Number) + ", " + r.Details.Name()})
	}
	return out
}

func answerHint(a actions.Action) string {
	if a.Kind == actions.Feedback {
		return "Needed when they were not told: say why."
	}
	return "“Not done” is what your agency did not do. “No longer possible” is what nobody could have done any more."
}

func groupRows(g actions.Group, names map[string]string, today string) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, a := range g.List {
		rows = append(rows, []ui.TableCell{{Text: or(a.Words.What, hidden)}, {Text: or(names[a.Owner], "An agency that sits there no more")}, {Text: day(a.Due)}, {Content: tagged(a, today)}})
	}
	return rows
}

func listRows(v listsView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, l := range v.Lists {
		rows = append(rows, []ui.TableCell{
			{Content: link(ListsPath(v.Agency)+"/"+string(l.ID), l.Kind.Label()+", "+l.At.Format("2 January 2006"))}, {Text: itoa(int64(l.Lines)), Format: "numeric"}, {Text: l.State.Label()}, {Text: itoa(int64(l.Taken)), Format: "numeric"},
		})
	}
	return rows
}

func lineRows(l actions.List) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, r := range l.Rows {
		stands := "New"
		if r.Already {
			stands = "There already: it is passed over"
		}
		if len(r.Faults) > 0 {
			stands = ""
		}
		what := strings.TrimSpace(r.Cells["victim_given"] + " " + r.Cells["victim_family"])
		if l.Kind == actions.Actions {
			what = r.Cells["action"]
		}
		rows = append(rows, []ui.TableCell{{Text: strconv.Itoa(r.Line)}, {Text: r.Cells["case_number"]}, {Text: what}, {Content: faults(stands, r.Faults)}})
	}
	return rows
}

func counted(l actions.List) string {
	return fmt.Sprintf("%d lines: %d new, %d there already, %d with something wrong", len(l.Rows), l.New(), l.Already(), l.Faulty())
}

func example(k actions.ListKind) string { return strings.Join(actions.Columns(k), ", ") }

func idvaWords(r marac.Represented) string {
	if r == marac.NotKnown || r == "" {
		return "It is not known yet whether an IDVA works with them. Find that out first."
	}
	return r.Label() + "."
}

func asked(v actions.Panel) bool {
	_, is := v.Feedback()
	return is
}

func aboutWords(a actions.Action) string {
	return "About " + or(names(a.Words.About), "case "+a.Number) + ". By " + day(a.Due) + "."
}

func statusWords(a actions.Action, today string) string {
	text, _ := status(a, today)
	return text
}
