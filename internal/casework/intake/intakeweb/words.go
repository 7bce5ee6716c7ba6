package intakeweb

import (
	"strconv"

	"waymark/internal/casework/intake"
	"waymark/internal/platform/web/ui"
)

// sayItems are yes, no and not sure; hint stands beside the answer that asks for
// something to be done first.
func sayItems(beside intake.Say, hint string) []ui.RadioItem {
	var out []ui.RadioItem
	for _, s := range intake.Says() {
		item := ui.RadioItem{Value: string(s), Text: s.Label()}
		if s == beside {
			item.Hint = hint
		}
		out = append(out, item)
	}
	return out
}

func whoItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, w := range intake.Whos() {
		out = append(out, ui.RadioItem{Value: string(w), Text: w.Label()})
	}
	return out
}

func agreedItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, a := range intake.Agreeds() {
		out = append(out, ui.RadioItem{Value: string(a), Text: a.Label()})
	}
	return out
}

func replyItems(v formView) []ui.RadioItem {
	var out []ui.RadioItem
	for _, r := range intake.Replies() {
		item := ui.RadioItem{Value: string(r), Text: v.you(r.Label(), r.Other())}
		if r == intake.Reach {
			item.Conditional = reachFields(v)
		}
		out = append(out, item)
	}
	return out
}

func meansItems() []ui.CheckboxItem {
	var out []ui.CheckboxItem
	for _, m := range intake.MeansList() {
		out = append(out, ui.CheckboxItem{Value: string(m), Text: m.Label()})
	}
	return out
}

func meansValues(list []intake.Means) []string {
	var out []string
	for _, m := range list {
		out = append(out, string(m))
	}
	return out
}

func doorItems(doors []intake.Door) []ui.RadioItem {
	var out []ui.RadioItem
	for _, d := range doors {
		out = append(out, ui.RadioItem{Value: d.Value(), Text: d.Public.Name, Hint: d.Public.What})
	}
	return out
}

// chosen is the service that was chosen.
func (v formView) chosen() []intake.Door {
	for _, d := range v.Doors {
		if d.Agency == v.Ask.To.Agency && d.Team == v.Ask.To.Team {
			return []intake.Door{d}
		}
	}
	return nil
}

func doorName(v formView) string {
	for _, d := range v.chosen() {
		return d.Public.Name
	}
	return "the service"
}

func direction(kind string) string {
	if kind == "tel" || kind == "email" {
		return "ltr"
	}
	return ""
}

// checkContact are the answers on safe contact, as whoever typed them reads them.
func checkContact(v formView) []ui.SummaryRow {
	w := v.Ask.Words
	var out []ui.SummaryRow
	add := func(key, value string) {
		if value != "" {
			out = append(out, ui.SummaryRow{Key: key, Value: value})
		}
	}
	if !v.self() {
		add("Do they know that you ask?", w.Agreed.Label())
	}
	add("May a service get in touch?", v.you(w.Reply.Label(), w.Reply.Other()))
	if w.Reply == intake.Reach {
		for _, m := range w.Means {
			add("How", m.Label())
		}
		add("When", w.When)
		add("Who else may answer", w.Answer)
		add("May they say which service it is?", w.Who.Label())
		add("May they leave a message?", w.Voice.Label())
		add("Telephone", w.Number)
		add("E-mail", w.Address)
	}
	if w.Reply == intake.Through {
		add("Through", w.Trusted)
	}
	add("What must never be done", w.Never)
	return out
}

func checkAbout(v formView) []ui.SummaryRow {
	w := v.Ask.Words
	var out []ui.SummaryRow
	rows := [][2]string{
		{"Name", w.Name},
		{"Danger now", w.Danger.Label()},
		{"Language", w.Language},
		{"Afraid of", w.Feared},
		{"What you write", w.Text},
		{"Your name", w.Asker},
		{"Your work, or how you know them", w.Role},
		{"How you can be reached", w.Back},
	}
	for _, row := range rows {
		if row[1] != "" {
			out = append(out, ui.SummaryRow{Key: row[0], Value: row[1]})
		}
	}
	return out
}

func lineRows(lines []intake.Line) []ui.SummaryRow {
	var out []ui.SummaryRow
	for _, l := range lines {
		out = append(out, ui.SummaryRow{Key: l.Label, Value: l.Text})
	}
	return out
}

func boxItems(v inboxView) []ui.NavItem {
	var items []ui.NavItem
	for _, b := range intake.Boxes() {
		items = append(items, ui.NavItem{Text: b.Label(), Href: Inbox + "?box=" + string(b), Current: b == v.Box})
	}
	return items
}

func dueState(a intake.Ask, today string) ui.DateState {
	switch {
	case a.State != intake.Arrived && a.State != intake.Acknowledged:
		return ""
	case a.DueOn < today:
		return ui.DateOverdue
	case a.DueOn == today:
		return ui.DateToday
	}
	return ""
}

func dueWords(a intake.Ask, today string) string {
	switch {
	case a.State != intake.Arrived && a.State != intake.Acknowledged:
		return ""
	case a.DueOn < today:
		return "overdue"
	case a.DueOn == today:
		return "today"
	}
	return ""
}

func inboxRows(v inboxView) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, a := range v.Rows {
		held := v.Names[a.HeldBy]
		if held == "" && a.HeldBy != "" {
			held = "a colleague"
		}
		out = append(out, []ui.TableCell{
			{Content: rowLink(a)}, {Text: a.Who.Staff()}, {Text: v.Teams[a.Team]}, {Text: moment(a.Arrived)}, {Content: rowDue(a, v.Today)}, {Content: rowState(a)}, {Text: held},
		})
	}
	return out
}

func alikeItems(v askView) []ui.RadioItem {
	out := []ui.RadioItem{{Value: "new", Text: "No, or I am not sure: open a new case", Checked: v.Typed.Into == ""}}
	for _, a := range v.Alike {
		item := ui.RadioItem{Value: string(a.File), Text: "Case " + strconv.FormatInt(a.Number, 10), HintContent: caseLink(a.File, a.Number)}
		if a.Closed {
			item.Text += ", closed"
		}
		out = append(out, item)
	}
	return out
}

func reasonItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, r := range intake.Reasons() {
		out = append(out, ui.RadioItem{Value: string(r), Text: r.Label()})
	}
	return out
}

func doorRows(list []teamDoor) []ui.SummaryRow {
	var out []ui.SummaryRow
	for _, t := range list {
		out = append(out, ui.SummaryRow{Key: t.Name, Value: t.takes(), Actions: []ui.Link{{Text: "Change", HiddenText: t.Name, Href: t.path()}}})
	}
	return out
}

func doorValues(d intake.Door) []string {
	var out []string
	for value, is := range map[string]bool{"self": d.Self, "known": d.Known, "work": d.Work} {
		if is {
			out = append(out, value)
		}
	}
	return out
}
