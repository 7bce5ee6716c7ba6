package registerweb

import (
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/register"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/people/linkage"
)

func known(s string) string {
	if s == "" {
		return "not known"
	}
	return s
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func day(s string) string { return cases.DayInWords(s) }

func moment(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2 January 2006, 3:04pm")
}

func yes(b bool) []string {
	if b {
		return []string{"yes"}
	}
	return nil
}

// links are the errors of a form for its summary.
func links(errs forms.Errors) []ui.Link {
	var out []ui.Link
	for _, e := range errs.List() {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}

func answerItems() []ui.RadioItem {
	return []ui.RadioItem{{Value: string(marac.Yes), Text: "Yes"}, {Value: string(marac.No), Text: "No"}, {Value: string(marac.Unknown), Text: "Not known"}}
}

func idvaItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, r := range register.Represents() {
		out = append(out, ui.RadioItem{Value: string(r), Text: r.Label()})
	}
	return out
}

func partItems() []ui.SelectItem {
	return []ui.SelectItem{
		{Value: "", Text: "Nobody: leave this out"},
		{Value: string(marac.Perpetrator), Text: "Harms them"},
		{Value: string(marac.Other), Text: "Is feared, or belongs to it in another way"},
		{Value: string(marac.Child), Text: "Child"},
	}
}

func askedItems(v decisionView) []ui.RadioItem {
	var items []ui.RadioItem
	for _, a := range sharing.Answers() {
		item := ui.RadioItem{Value: string(a), Text: a.Label()}
		if a == sharing.NotYet {
			item.Conditional = whyNotAsked(v)
		}
		items = append(items, item)
	}
	return items
}

func informedItems(v decisionView) []ui.RadioItem {
	var items []ui.RadioItem
	for _, i := range sharing.InformedWays() {
		item := ui.RadioItem{Value: string(i), Text: i.Label(), Conditional: howTheyKnow(v)}
		if i == sharing.Unsafe {
			item.Conditional = notTold(v)
		}
		items = append(items, item)
	}
	return items
}

func basisItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, b := range sharing.Bases() {
		items = append(items, ui.RadioItem{Value: string(b), Text: b.Label(), Hint: b.Hint()})
	}
	return items
}

func itemRows(c sharing.Content) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, i := range c.Items {
		row := ui.SummaryRow{Key: i.Title, ValueContent: lines(i.Text)}
		if said, is := sharing.Of(c.Said, string(i.Kind)); is {
			row.ValueContent = answeredBy(i.Text, said)
		}
		rows = append(rows, row)
	}
	return rows
}

func saidColour(e agreements.Effect) ui.TagColour {
	switch e {
	case agreements.Permit:
		return ui.TagGreen
	case agreements.Deny:
		return ui.TagRed
	case agreements.Review:
	}
	return ui.TagYellow
}

func said(list []sharing.Line) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, l := range list {
		rows = append(rows, ui.SummaryRow{Key: l.Key, ValueContent: lines(l.Text)})
	}
	return rows
}

// flagWords say until when further abuse is a repeat, or that it ended.
func flagWords(on, today string) string {
	until := register.Until(on)
	if today <= until {
		return "Flagged until " + day(until) + ": further abuse between the same people is a repeat"
	}
	return "The flag ended on " + day(until)
}

// flagCell is the flag in a list, where its column says what it is.
func flagCell(l register.Line, today string) string {
	if l.Flagged(today) {
		return "Flagged until " + day(register.Until(l.On))
	}
	return "Ended on " + day(register.Until(l.On))
}

func lineRows(v listView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, l := range v.Lines {
		state := l.State.Label()
		if l.Urgent {
			state += ", urgent"
		}
		what := "Not found to be one"
		if l.Repeats != "" {
			what = "Repeat"
		}
		if l.Origin != "" {
			what += ". Transferred from " + l.Origin
		}
		rows = append(rows, []ui.TableCell{
			{Content: lineLink(l)},
			{Text: l.Name.Name()},
			{Text: day(l.On)},
			{Text: known(v.Names[l.From])},
			{Text: state},
			{Text: what},
			{Content: idvaCell(l.IDVA)},
			{Text: flagCell(l, v.Today)},
		})
	}
	return rows
}

func receivedRows(v receivedView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, r := range v.Rows {
		urgent := "No"
		if r.Urgent {
			urgent = "Urgent"
		}
		rows = append(rows, []ui.TableCell{{Content: rowLink(r, known(v.Names[r.From]))}, {Text: r.Sent.Format("2 January 2006")}, {Text: day(r.DueOn)}, {Text: r.State.Label()}, {Text: urgent}})
	}
	return rows
}

func stateItems(v listView) []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: "All"}}
	for _, s := range []marac.State{marac.Screening, marac.Listed, marac.Heard, marac.Declined, marac.Transferred} {
		out = append(out, ui.SelectItem{Value: string(s), Text: s.Label()})
	}
	return out
}

func personRows(o register.Proposal, names map[string]string) []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Key: "Case", Value: o.Number + ", " + o.State.Label()},
		{Key: "Referred", Value: day(o.On) + ", by " + known(names[o.From])},
		{Key: "What it may be", Value: o.Finding.Label() + ". " + o.Why},
		{Key: "The victim", ValueContent: matched(o.Victim)},
	}
	for _, m := range o.Harm {
		rows = append(rows, ui.SummaryRow{Key: "Who harms", ValueContent: matched(m)})
	}
	if o.CameFrom != "" {
		rows = append(rows, ui.SummaryRow{Key: "Transferred from", Value: o.CameFrom})
	}
	return rows
}

// saidBy are the fields of a comparison that say something.
func saidBy(s linkage.Score) []string {
	var out []string
	for _, f := range s.Fields {
		if f.Weight != 0 || f.Name == "file" {
			out = append(out, f.Says)
		}
	}
	return out
}

func duplicateItems(v showView) []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: "Select a case"}}
	for _, o := range v.Proposals {
		out = append(out, ui.SelectItem{Value: string(o.ID), Text: o.Number + ": " + o.Finding.Label()})
	}
	return out
}

func repeatItems(v showView) []ui.RadioItem {
	var out []ui.RadioItem
	for _, o := range v.Proposals {
		if len(o.Harm) > 0 {
			out = append(out, ui.RadioItem{Value: string(o.ID), Text: "It repeats " + o.Number, Hint: o.Finding.Label() + ". " + o.Why})
		}
	}
	return append(out, ui.RadioItem{Value: "none", Text: "It repeats no earlier case"})
}

func meetingItems(v showView) []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: "Select a meeting"}}
	for _, m := range v.Meetings {
		text := m.Starts.In(v.Zone).Format("2 January 2006, 15:04")
		if m.Kind == marac.Emergency {
			text += " (emergency meeting)"
		}
		out = append(out, ui.SelectItem{Value: string(m.ID), Text: text})
	}
	return out
}

func outcomeItems(v showView) []ui.RadioItem {
	return []ui.RadioItem{
		{Value: string(register.Listed), Text: "List it for a meeting", Conditional: whichMeeting(v)},
		{Value: string(register.Duplicate), Text: "It is the same as one that is being dealt with", Conditional: whichCase(v)},
		{Value: string(register.WrongArea), Text: "It belongs to another MARAC", Hint: "The referrer is told which, and gets a task to refer there. To send it on yourself, with what is known here, transfer it instead.", Conditional: whichMarac(v)},
		{Value: string(register.Declined), Text: "It is not taken", Hint: "Nothing is deleted. The referrer is told why, and gets a task to look for another way."},
	}
}

// criteria are the routes with their evidence and the rule of the day.
func criteria(v showView) []ui.SummaryRow {
	rule := map[register.Route]string{
		register.VisibleRisk: "The rule of the day: " + strconv.Itoa(v.Rule.Threshold) + " answers of yes or more",
		register.Judgement:   "Stands alone, with its reasons",
		register.Escalation:  "The rule of the day: " + strconv.Itoa(v.Rule.Incidents) + " incidents or more in " + strconv.Itoa(v.Rule.Months) + " months",
		register.Repeated:    "The rule of the day: " + v.Rule.Repeat.Label(),
	}
	var rows []ui.SummaryRow
	for _, r := range register.Routes() {
		text := answerWords(r.Of(v.Case.Routes))
		if e := v.Case.Words.Evidence[string(r)]; e != "" {
			text += ". " + e
		}
		rows = append(rows, ui.SummaryRow{Key: r.Label(), ValueContent: lines(text + "\n" + rule[r])})
	}
	return rows
}

func answerWords(a marac.Answer) string {
	switch a {
	case marac.Yes:
		return "Yes"
	case marac.No:
		return "No"
	case marac.Unknown:
	}
	return "Not known"
}

func aboutRows(v showView) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, part := range []marac.Part{marac.Victim, marac.Perpetrator, marac.Other, marac.Child} {
		for _, a := range v.About {
			if a.Part == part {
				rows = append(rows, ui.SummaryRow{Key: part.Label(), ValueContent: lines(strings.Join(register.Who{Part: part, Identity: a}.Lines(), "\n"))})
			}
		}
	}
	return rows
}

func stepRows(v showView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, st := range v.Steps {
		rows = append(rows, []ui.TableCell{{Text: moment(st.At, v.Zone)}, {Text: st.StepLabel()}, {Text: st.Words}, {Text: v.By[st.By]}})
	}
	return rows
}

// screened are the answers as they were typed, or as the case has them.
func (v showView) screened() register.Screened {
	if v.Screened != nil {
		return *v.Screened
	}
	return register.Screened{Version: v.Case.Version, Routes: v.Case.Routes, IDVA: v.Case.IDVA, Counted: v.Case.Counted, Urgent: v.Case.Urgent}
}

// chosen is the case that this one repeats, as the form has it.
func (v showView) chosen() string {
	switch {
	case v.Chosen != "":
		return v.Chosen
	case v.Case.Repeats != "":
		return string(v.Case.Repeats)
	case v.Case.Routes.Repeat == marac.No:
		return "none"
	}
	return ""
}

func partOf(w register.Who) string { return string(w.Part) }

func bornOf(w register.Who) [3]string {
	d, m, y := forms.SplitDate(w.Details.Born)
	return [3]string{d, m, y}
}

func split(value string) [3]string {
	d, m, y := forms.SplitDate(value)
	return [3]string{d, m, y}
}

func aliases(w register.Who) string { return strings.Join(w.Aliases, "; ") }

func answerText(a register.Answer) string {
	out := ""
	for _, l := range []string{a.Meeting, a.Marac, a.Words} {
		if l != "" && out != "" {
			out += ". "
		}
		out += l
	}
	return out
}

func sheetRows(s register.Sheet) []ui.SummaryRow { return itemRows(sharing.Content{Items: s.Items()}) }

func routeHint(r register.Route) string {
	switch r {
	case register.VisibleRisk:
		return "Many answers of yes in an identification of risk. Judgement never lowers the count."
	case register.Judgement:
		return "You are seriously concerned. Say of what, and why. This can stand alone."
	case register.Escalation:
		return "Incidents become more, or graver."
	case register.Repeated:
		return "Further abuse between the same people within twelve months of the last referral."
	}
	return ""
}
