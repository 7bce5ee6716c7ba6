package groupsweb

import (
	"strings"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/groups"
	"waymark/internal/platform/web/ui"
)

func who(names map[string]string, accounts []string) string {
	var out []string
	for _, a := range accounts {
		out = append(out, or(names[a], "somebody else"))
	}
	return strings.Join(out, ", ")
}

func listRows(v listView, list []groups.Group) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, g := range list {
		name := ui.TableCell{Text: g.Words.Name}
		if v.Mine[g.ID] {
			name = ui.TableCell{Content: link(g.Path(), g.Words.Name)}
		}
		next := "None is planned"
		if !g.Next.IsZero() {
			next = g.Next.In(v.Zone).Format("Mon 2 January, 15:04")
		}
		runs := who(v.Names, g.Facilitators)
		if !g.Ours {
			next, runs = or(g.Words.Where, "Not known"), g.Words.By
		}
		rows = append(rows, []ui.TableCell{name, {Text: g.Kind.Label()}, {Text: g.Side.Label()}, {Text: next}, {Text: or(g.Words.Language, "Not said")}, {Text: runs}})
	}
	return rows
}

func listHead(ours bool) []ui.TableCell {
	next := "Next session"
	if !ours {
		next = "Where and when"
	}
	return []ui.TableCell{{Text: "Group"}, {Text: "What it is"}, {Text: "For"}, {Text: next}, {Text: "Language"}, {Text: "Run by"}}
}

func groupRows(v oneView) []ui.SummaryRow {
	g := v.Group
	rows := []ui.SummaryRow{{Key: "What it is", Value: g.Kind.Label()}, {Key: "For", Value: g.Side.Label()}, {Key: "Where it stands", Value: g.State.Label()}}
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, ui.SummaryRow{Key: key, Value: value})
		}
	}
	add("What it offers", g.Words.About)
	add("Language", g.Words.Language)
	add("Confidential", g.Confidential.Label())
	if !g.Ours {
		add("Run by", g.Words.By)
		add("Where and when", g.Words.Where)
		add("How one joins", g.Words.Join)
		return rows
	}
	add("Run by", who(v.Names, g.Facilitators))
	add("Where", where(g.Way, g.Place, g.Room, g.Words.Where, v.Where))
	add("A session takes", itoa(g.Minutes)+" minutes")
	places := "No limit"
	if g.Capacity > 0 {
		places = itoa(g.Capacity)
	}
	add("Places", places)
	joins := "At any time"
	if g.Closed {
		joins = "Nobody joins once it has begun"
	}
	add("Joining", joins)
	return rows
}

func where(way appointments.Way, place, room, words string, names map[string]string) string {
	switch {
	case way == appointments.Elsewhere:
		return words
	case room != "":
		return names[place] + ", " + names[room]
	case place != "":
		return names[place]
	}
	return way.Label()
}

func sessionRows(v oneView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, s := range v.Sessions {
		state := "To come"
		switch {
		case s.State == groups.CalledOff:
			state = "Called off"
		case s.Begun(v.Now):
			state = "Has been"
		}
		rows = append(rows, []ui.TableCell{
			{Content: link(v.Group.Path()+"/sessions/"+string(s.ID), s.Starts.In(v.Zone).Format("Mon 2 January 2006, 15:04"))},
			{Text: state},
			{Text: where(s.Way, s.Place, s.Room, v.Group.Words.Where, v.Where)},
		})
	}
	return rows
}

func lineRows(list []groups.Line, zone *time.Location) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, l := range list {
		rows = append(rows, []ui.TableCell{{Text: l.Name.Name()}, {Text: l.Since.In(zone).Format("2 January 2006")}})
	}
	return rows
}

// colour is that of where an offer stands.
func colour(s groups.State) ui.TagColour {
	switch s {
	case groups.Joined:
		return ui.TagGreen
	case groups.Waiting, groups.Asked:
		return ui.TagYellow
	case groups.Thinking:
		return ui.TagTeal
	case groups.NotSafe, groups.Declined, groups.Refused, groups.Left, groups.Withdrawn:
	}
	return ui.TagGrey
}

func memberRows(v overviewView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, m := range v.Members {
		came := 0
		for _, a := range v.Attended {
			if a.Member == m.ID && a.Outcome == groups.Came {
				came++
			}
		}
		rows = append(rows, []ui.TableCell{
			{Content: link(path(v.File)+"/"+string(m.ID), v.Group(m.Group).Words.Name)},
			{Content: standing(m)},
			{Text: v.who(m.Person)},
			{Text: m.Since.In(v.P.service.Zone()).Format("2 January 2006")},
			{Text: itoa(came)},
		})
	}
	return rows
}

func oneRows(v memberView) []ui.SummaryRow {
	g := v.Group(v.M.Group)
	zone := v.P.service.Zone()
	rows := []ui.SummaryRow{{Key: "For", Value: v.who(v.M.Person)}, {Key: "What it is", Value: g.Kind.Label()}}
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, ui.SummaryRow{Key: key, Value: value})
		}
	}
	add("What it offers", g.Words.About)
	add("Confidential", g.Confidential.Label())
	if g.Ours {
		add("Run by", who(v.Names, g.Facilitators))
		if !g.Next.IsZero() {
			add("Next session", g.Next.In(zone).Format("Monday 2 January 2006, 15:04"))
		}
	} else {
		add("Run by", g.Words.By)
		add("Where and when", g.Words.Where)
		add("How one joins", g.Words.Join)
	}
	add("Where it stands", v.M.State.Label())
	add("First offered", v.M.Since.In(zone).Format("2 January 2006"))
	add("Why", v.M.Reason.Label())
	add("What they said", v.M.Words.Text)
	add("Why it was asked for", v.M.Words.Why)
	add("A manager decided", v.M.Words.Allow)
	add("When they left", v.M.Words.Left)
	return rows
}

func attendedRows(v memberView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, a := range v.Attended {
		if a.Member == v.M.ID {
			rows = append(rows, []ui.TableCell{{Text: a.Starts.In(v.P.service.Zone()).Format("2 January 2006, 15:04")}, {Text: a.Outcome.Label()}})
		}
	}
	return rows
}

// brief says what somebody has of groups.
func brief(b groups.Brief) string {
	var out []string
	count := func(n int64, one, many string) {
		switch {
		case n == 1:
			out = append(out, one)
		case n > 1:
			out = append(out, itoa(int(n))+many)
		}
	}
	count(b.Joined, "A place in one group.", " places in groups.")
	count(b.Waiting, "Waits for a place in one group.", " groups in which they wait for a place.")
	count(b.Asked, "A manager is asked about one group.", " groups about which a manager is asked.")
	if len(out) == 0 {
		return "They are in no group."
	}
	return strings.Join(out, " ")
}

func outcomes() []ui.RadioItem {
	var out []ui.RadioItem
	for _, o := range groups.Outcomes() {
		out = append(out, ui.RadioItem{Value: string(o), Text: o.Label()})
	}
	return out
}

// chosen is what is chosen for a line of a register.
func (v registerView) chosen(l groups.Line) string {
	if v.Typed != nil {
		return v.Typed.Get("m-" + string(l.Member))
	}
	return string(l.Outcome)
}

// links lead from the summary of errors to the lines.
func (v registerView) links() []ui.Link {
	var out []ui.Link
	for _, e := range v.Errors.List() {
		to := "register"
		for _, l := range v.Lines {
			if e.Field == string(l.Member) {
				to = "m-" + e.Field
			}
		}
		out = append(out, ui.Link{Text: e.Message, Href: "#" + to})
	}
	return out
}
