package supportweb

import (
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/people"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// banner says how the person may be reached, without any number.
func banner(f *cases.File, v reach) ui.SafeContactBannerParams {
	b := ui.SafeContactBannerParams{Link: &ui.Link{Text: "Record safe contact", Href: f.Path() + "/contact"}}
	switch v.Contact.Summary.State {
	case people.Recorded:
		b.State = ui.SafeContactRecorded
	case people.OutOfDate:
		b.State = ui.SafeContactOutOfDate
	case people.Unset:
		return b
	}
	b.CheckedOn, b.NextCheck = day(v.Contact.Summary.CheckedOn), day(v.Contact.Summary.NextCheck)
	b.Link.Text = "Ask again and record"
	if v.Contact.Withheld {
		b.Summary = "How they can be reached has a permission of its own. Ask whoever holds the case"
		return b
	}
	if v.Contact.TheyContact {
		b.Summary = "They will contact us"
	}
	for _, w := range v.Contact.Ways {
		switch {
		case v.Contact.May(w.Channel):
			b.Ways = append(b.Ways, strings.Join(wayWords(w), ". "))
		case w.Allowed == people.No:
			b.Never = append(b.Never, w.Channel.Label())
		}
	}
	if v.Contact.NeverSpeak != "" {
		b.Never = append(b.Never, "Never speak to: "+v.Contact.NeverSpeak)
	}
	return b
}

func wayWords(w people.Way) []string {
	out := []string{w.Channel.Label()}
	for _, text := range []string{w.Hours.Label(), w.Conditions} {
		if text != "" {
			out = append(out, text)
		}
	}
	return out
}

func keepRows(v contactView) []ui.SummaryRow {
	message := "Leave none"
	if !support.IsVoice(v.Contact.Channel) {
		message = "As the way itself says"
	} else if v.Way.Message == people.Yes {
		message = "May be left"
	}
	rows := []ui.SummaryRow{
		{Key: "Number, address or person", Value: or(v.Way.Detail, "None is recorded")},
		{Key: "Name to use", Value: v.Person.Name()},
		{Key: "How and when", Value: or(strings.Join(wayWords(v.Way)[1:], ". "), "Nothing else was said")},
		{Key: "Messages", Value: message},
	}
	if v.Contact.Words.With != "" {
		rows = append(rows, ui.SummaryRow{Key: "Speak to", Value: v.Contact.Words.With})
	}
	if v.reach.Contact.NeverSpeak != "" {
		rows = append(rows, ui.SummaryRow{Key: "Never speak to", Value: v.reach.Contact.NeverSpeak})
	}
	return append(rows, ui.SummaryRow{Key: "Last checked", Value: day(v.Way.CheckedOn)})
}

func contactSummary(v contactView) []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Key: "When", Value: v.At},
		{Key: "With", Value: strings.TrimSpace(v.Contact.Whom.Label() + " " + v.Contact.Words.With)},
		{Key: "What happened", Value: stateWords(v.Contact)},
		{Key: "In words", Value: or(v.Contact.Words.Text, "Nothing recorded")},
		{Key: "Recorded by", Value: or(v.Names[v.Contact.RecordedBy], "somebody else")},
	}
	if v.Contact.Words.Why != "" {
		rows = append(rows, ui.SummaryRow{Key: "Why it could not wait", Value: v.Contact.Words.Why})
	}
	return rows
}

func stateWords(c support.Contact) string {
	switch c.State {
	case support.Done:
		return c.Outcome.Label()
	case support.NotMade:
		return c.State.Label() + ": " + c.Reason.Label()
	case support.Planned, support.Begun, support.CalledOff:
	}
	return c.State.Label()
}

func contactRows(v contactsView, zone *time.Location) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, c := range v.List {
		words := stateWords(c)
		if c.Flagged {
			words += ". It would have been refused"
		}
		rows = append(rows, []ui.TableCell{
			{Content: contactLink(v.File, c.ID, c.At.In(zone).Format("2 January 2006, 15:04"))}, {Text: c.Channel.Label()}, {Text: words}, {Text: or(v.Names[c.RecordedBy], "somebody else")},
		})
	}
	return rows
}

func arrivalRows(v overviewView) []ui.SummaryRow {
	change := []ui.Link{{Text: "Change", HiddenText: "how the case came", Href: v.File.Path() + "/support/arrival"}}
	return []ui.SummaryRow{
		{Key: "How the case came", Value: v.Standing.Came.Label(), Actions: change},
		{Key: "First contact", Value: clockWords(v.Due, v.Reached, v.Late)},
		{Key: "Whom they turn to first", Value: or(v.Names[v.Standing.Primary], "nobody chosen")},
	}
}

func goalRows(v overviewView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, g := range v.Goals {
		text := g.Text
		if g.Apart {
			text = "Kept apart"
		}
		rows = append(rows, []ui.TableCell{{Content: link(v.File.Path()+"/support/goals/"+string(g.ID), text)}, {Text: g.Domain.Label()}, {Text: g.State.Label()}})
	}
	return rows
}

func needRows(v overviewView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, n := range v.Needs {
		text, state := n.Words.Text, n.State.Label()
		if n.Apart {
			text = "Kept apart"
		}
		if n.Treated != support.TreatedNotSaid {
			state += ". " + n.Treated.Label()
		}
		if n.Abuse != support.AbuseNotSaid {
			state += ". The abuse: " + strings.ToLower(n.Abuse.Label())
		}
		if by := n.Reassess(v.Risk.On); by != "" {
			state += ". Risk looked at again by " + day(by)
		}
		rows = append(rows, []ui.TableCell{{Content: link(v.File.Path()+"/support/needs/"+string(n.ID), n.Domain.Label())}, {Text: text}, {Text: n.Term.Label()}, {Text: state}})
	}
	return rows
}

func actionRows(v overviewView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, a := range v.Actions {
		what := ui.TableCell{Text: a.Text}
		if a.State == support.ActionOpen {
			what = ui.TableCell{Content: link(v.File.Path()+"/support/actions/"+string(a.ID), a.Text)}
		}
		owner := "The person"
		if a.Owner != "" {
			owner = or(v.Names[a.Owner], "somebody else")
		}
		rows = append(rows, []ui.TableCell{what, {Text: owner}, {Content: due(dated(a.Due, v.Today, a.State == support.ActionOpen))}, {Text: strings.TrimSpace(a.State.Label() + ". " + a.Result)}})
	}
	return rows
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

func offerRows(v overviewView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, o := range v.Offers {
		rows = append(rows, []ui.TableCell{{Text: o.Option.Label()}, {Text: o.Answer.Label()}, {Text: o.Text}})
	}
	return rows
}

func shiftRows(v overviewView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, s := range support.Shifts(v.Sets) {
		first, last := "Not asked", "Not asked"
		if s.Asked > 0 {
			first, last = s.First.Words(), s.Last.Words()
		}
		rows = append(rows, []ui.TableCell{{Text: s.Aspect.Label()}, {Text: first}, {Text: last}, {Text: s.Words()}})
	}
	return rows
}

// clockWords says how the clock of the first contact stands.
func clockWords(due, reached string, late bool) string {
	switch {
	case reached != "" && due != "" && late:
		return "Reached on " + reached + ", later than " + due
	case reached != "":
		return "Reached on " + reached
	case due != "":
		return "Due by " + due
	}
	return "No clock runs for it"
}

func panelRows(v panelView) []ui.SummaryRow {
	last, plan := "None is recorded", "There is none"
	if c := v.Brief.Last; c != nil {
		last = c.At.In(v.Zone).Format("2 January 2006, 15:04") + ": " + c.Channel.Label() + ". " + stateWords(*c)
	}
	if v.Brief.Plan != nil {
		plan = or(v.Brief.Plan.Without(), "To be looked at again on "+day(v.Brief.Plan.ReviewOn))
	}
	return []ui.SummaryRow{
		{Key: "First contact", Value: v.Clock}, {Key: "Last contact", Value: last}, {Key: "Open needs", Value: strconv.Itoa(v.Brief.Open)}, {Key: "Plan of support", Value: plan},
	}
}

func loadTiles(l support.Load) []ui.NumericTile {
	tile := func(label string, n int) ui.NumericTile { return ui.NumericTile{Label: label, Value: strconv.Itoa(n)} }
	return []ui.NumericTile{
		tile("Open cases", l.Cases), tile("Weighed by risk", l.Weight), tile("High risk", l.High),
		tile("Risk not identified", l.Unknown), tile("First contact late", l.Late), tile("Something overdue", l.Overdue),
	}
}

func lineRows(v caseloadView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, l := range v.Lines {
		risk := ui.TagParams{Text: l.Level.Label(), Colour: ui.TagGrey}
		if l.Level == support.HighRisk {
			risk.Colour = ui.TagRed
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
		next := "None planned"
		if !l.Next.IsZero() {
			next = l.Next.In(v.Zone).Format("2 January, 15:04")
		}
		soonest := ui.TableCell{Text: "Nothing is due"}
		if l.Soonest != "" {
			soonest = ui.TableCell{Content: due(dated(l.Soonest, v.Today, true))}
		}
		contact := ui.TagParams{Text: "Not recorded: unsafe", Colour: ui.TagRed}
		switch l.Contact {
		case people.Recorded:
			contact = ui.TagParams{Text: "Recorded", Colour: ui.TagGreen}
		case people.OutOfDate:
			contact = ui.TagParams{Text: "Out of date: unsafe", Colour: ui.TagRed}
		case people.Unset:
		}
		rows = append(rows, []ui.TableCell{
			{Content: lineLink(l)}, {Text: l.Name.Name()}, {Content: tag(risk)}, {Text: first}, {Text: next}, soonest, {Content: tag(contact)},
		})
	}
	return rows
}

// planMade says when a plan was made and when it is looked at again.
func planMade(v overviewView) string {
	words := "Made on " + day(v.Plan.RecordedAt.Format(time.DateOnly))
	if v.Plan.Together {
		words += ", together with the person"
	}
	return words + ". To be looked at again on " + day(v.Plan.ReviewOn) + "."
}

// offersMissing says how many offers needs still call for.
func offersMissing(n int) string {
	if n == 1 {
		return "The needs call for one more offer."
	}
	return "The needs call for " + strconv.Itoa(n) + " more offers."
}
