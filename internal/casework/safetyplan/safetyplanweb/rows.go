package safetyplanweb

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/safetyplan"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/web/ui"
)

func day(s string) string { return cases.DayInWords(s) }

func on(t time.Time) string { return t.Format("2 January 2006") }

func number(n int64) string { return strconv.FormatInt(n, 10) }

func said(s string) string {
	if s == "" {
		return "Nothing recorded"
	}
	return s
}

func who(names map[string]string, account string) string {
	if n := names[account]; n != "" {
		return n
	}
	return "a former colleague"
}

func state(due, today string) ui.DateState {
	switch {
	case due < today:
		return ui.DateOverdue
	case due == today:
		return ui.DateToday
	}
	return ui.DateLater
}

func dueWords(due, today string) string {
	switch {
	case due < today:
		return "overdue"
	case due == today:
		return "today"
	}
	return ""
}

func dateOf(due, today string) templ.Component {
	return ui.ContextualDate(ui.ContextualDateParams{Text: day(due), DateTime: due, State: state(due, today), Words: dueWords(due, today)})
}

// planRows say of a version when and how it came about.
func planRows(v overview) []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Key: "Version", Value: number(v.Plan.Number) + ", made on " + on(v.Plan.RecordedAt) + " by " + who(v.Names, v.Plan.RecordedBy)},
		{Key: "Made", Value: v.Plan.Made.Label()},
	}
	if v.Plan.Made == safetyplan.Alone {
		rows = append(rows, ui.SummaryRow{Key: "Why without them", Value: said(v.Plan.WhyAlone)})
	}
	return append(rows,
		ui.SummaryRow{Key: "Who was there", Value: said(v.Plan.Present)},
		ui.SummaryRow{Key: "What they think of it", Value: said(v.Plan.Views)},
		ui.SummaryRow{Key: "To be looked at again", ValueContent: dateOf(v.Newest.ReviewOn, v.Today)},
	)
}

// panelRows are the newest version in short.
func panelRows(v overview) []ui.SummaryRow {
	return []ui.SummaryRow{
		{Key: "Version", Value: fmt.Sprintf("%d, made on %s by %s", v.Plan.Number, on(v.Plan.RecordedAt), who(v.Names, v.Plan.RecordedBy))},
		{Key: "Made", Value: v.Plan.Made.Label()},
		{Key: "To be looked at again", ValueContent: dateOf(v.Newest.ReviewOn, v.Today)},
	}
}

// openSteps are those that are not settled.
func openSteps(steps []safetyplan.Step) []safetyplan.Step {
	var out []safetyplan.Step
	for _, s := range steps {
		if s.State == safetyplan.StepOpen {
			out = append(out, s)
		}
	}
	return out
}

// owner is who does a step, by name where it is one of us.
func owner(s safetyplan.Step, names map[string]string) string {
	switch s.Owner {
	case safetyplan.ThePerson:
		return "The person"
	case safetyplan.Worker, safetyplan.Colleague:
		return who(names, s.Account)
	case safetyplan.Other:
		return s.OtherWords
	}
	return ""
}

func stepRows(v overview, steps []safetyplan.Step) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, s := range steps {
		state := templ.Component(dateOf(s.DueOn, v.Today))
		if s.State != safetyplan.StepOpen {
			state = ui.Text(s.State.Label() + " on " + on(s.SettledAt))
		}
		rows = append(rows, []ui.TableCell{{Content: stepLink(v.File, s)}, {Text: owner(s, v.Names)}, {Content: state}})
	}
	return rows
}

func heldRows(list []safetyplan.Held, today string) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, h := range list {
		why := "Its day has come"
		switch {
		case h.Waiting == 1:
			why = "Something has changed"
		case h.Waiting > 1:
			why = strconv.Itoa(h.Waiting) + " things have changed"
		case h.ReviewOn >= today:
			why = ""
		}
		rows = append(rows, []ui.TableCell{{Content: heldLink(h)}, {Text: "Version " + number(h.Version)}, {Content: dateOf(h.LookBy(), today)}, {Text: why}})
	}
	return rows
}

func madeItems() []ui.RadioItem {
	return []ui.RadioItem{
		{Value: string(safetyplan.Together), Text: safetyplan.Together.Label()},
		{Value: string(safetyplan.Alone), Text: safetyplan.Alone.Label(), Hint: "Only if it could not wait. Go through it with them as soon as it is safe."},
	}
}

func copyItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, f := range safetyplan.Forms() {
		out = append(out, ui.RadioItem{Value: string(f), Text: f.Label(), Hint: f.Hint()})
	}
	return out
}

func changeItems() []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: "Select what has changed"}}
	for _, k := range safetyplan.ChangeKinds() {
		out = append(out, ui.SelectItem{Value: string(k), Text: k.Label()})
	}
	return out
}

func ownerItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, o := range safetyplan.Owners() {
		out = append(out, ui.RadioItem{Value: string(o), Text: o.Label()})
	}
	return out
}

// colleagueItems are those who work on the case too.
func colleagueItems(v overview) []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: "Nobody else"}}
	for _, account := range v.File.Workers() {
		if account != v.File.Actor().Account {
			out = append(out, ui.SelectItem{Value: account, Text: who(v.Names, account)})
		}
	}
	return out
}

func stateItems() []ui.RadioItem {
	return []ui.RadioItem{{Value: string(safetyplan.Done), Text: safetyplan.Done.Label()}, {Value: string(safetyplan.NotDone), Text: safetyplan.NotDone.Label()}}
}

// copyTimeline is what was recorded about the copies of a version.
func copyTimeline(v overview) []ui.TimelineItem {
	var out []ui.TimelineItem
	for _, c := range v.Copies {
		out = append(out, ui.TimelineItem{Title: c.Title(), Date: day(c.On), Text: c.Words, Byline: who(v.Names, c.RecordedBy)})
	}
	return out
}

func changeTimeline(v overview) []ui.TimelineItem {
	var out []ui.TimelineItem
	for _, c := range v.Waiting {
		text := c.Words
		out = append(out, ui.TimelineItem{Title: c.Kind.Label(), Date: day(c.On), Text: text, Byline: who(v.Names, c.RecordedBy) + ", recorded on " + on(c.RecordedAt)})
	}
	return out
}

func reviewTimeline(v overview) []ui.TimelineItem {
	var out []ui.TimelineItem
	for _, r := range v.Reviews {
		out = append(out, ui.TimelineItem{Title: "Looked at, and still right", Date: on(r.RecordedAt), Text: r.Reason, Byline: who(v.Names, r.RecordedBy)})
	}
	return out
}

// versionRows list the versions.
func versionRows(v overview) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, n := range v.Versions {
		rows = append(rows, []ui.TableCell{{Content: versionLink(v.File, n)}, {Text: on(n.RecordedAt)}, {Text: who(v.Names, n.RecordedBy)}, {Text: n.Made.Label()}})
	}
	return rows
}

// changedRows are what changed in a part.
func changedRows(s section) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, c := range s.Changes {
		rows = append(rows, ui.SummaryRow{Key: c.Text, ValueContent: beforeAfter(c)})
	}
	return rows
}

func joined(values []string) string {
	if len(values) == 0 {
		return "nothing"
	}
	return strings.Join(values, ", ")
}

// apartRows are what is kept apart, as it was answered.
func apartRows(v apartView) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for i := range v.Frame.Whole.Questions() {
		if text := v.Answers.Text(i.LinkID); text != "" && v.Frame.Open.Item(i.LinkID) == nil {
			rows = append(rows, ui.SummaryRow{Key: i.Text, Value: text})
		}
	}
	return rows
}

func dateInput(name, legend, hint string, typed [3]string, errs forms.Errors) ui.DateInputParams {
	return ui.DateInputParams{
		Group:      ui.Group{Name: name, IDPrefix: name, Legend: legend, Hint: hint, Error: errs.Get(name)},
		NamePrefix: name, ID: name, Day: typed[0], Month: typed[1], Year: typed[2],
		DayError: errs.Has(name), MonthError: errs.Has(name), YearError: errs.Has(name),
	}
}

// waitingWords say that the plan is to be looked at, and until when.
func waitingWords(v overview) string {
	due := v.Waiting[0].DueOn
	text := "The safety plan is to be looked at by " + day(due)
	if due < v.Today {
		text = "The safety plan was to be looked at by " + day(due) + ", and was not"
	}
	if len(v.Waiting) == 1 {
		return text + ": " + strings.ToLower(v.Waiting[0].Kind.Label()[:1]) + v.Waiting[0].Kind.Label()[1:] + "."
	}
	return text + ": " + strconv.Itoa(len(v.Waiting)) + " things have changed."
}

func printText(f safetyplan.Form) string {
	if f == safetyplan.Card {
		return "Print the card"
	}
	return "Print the page"
}

// apartWords say what happens to what is kept apart and does not stand on the
// form.
func apartWords(may bool) string {
	if may {
		return "Safe places and the code word are recorded and do not stand here. Leave them empty to keep them; what you write takes the place of what was there."
	}
	return "Safe places and the code word are recorded, and have a permission of their own. Leave them empty to keep them; what you write is added."
}

func leftOut(n int) string {
	if n == 1 {
		return "1 line is left out: it has something in it that stands on no copy."
	}
	return strconv.Itoa(n) + " lines are left out: they have something in them that stands on no copy."
}
