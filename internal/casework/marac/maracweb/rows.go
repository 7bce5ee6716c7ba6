package maracweb

import (
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/marac"
	"waymark/internal/casework/repeats"
	"waymark/internal/platform/web/ui"
)

func date(at time.Time, zone *time.Location) string {
	return at.In(zone).Format("Mon 2 January 2006, 15:04")
}

// day is a day (YYYY-MM-DD) in words.
func day(text string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return t.Format("2 January 2006")
}

func days(n int, after string) string {
	if n == 1 {
		return "1 day " + after
	}
	return itoa(n) + " days " + after
}

func yourMeetings(v homeView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, m := range v.Meetings {
		rows = append(rows, []ui.TableCell{
			{Content: link(m.Meeting.Path(), date(m.Meeting.Starts, v.Zone))}, {Text: v.Names[m.Meeting.Agency]}, {Text: m.Meeting.Kind.Label()}, {Content: reply(m.Meeting, m.Reply)},
		})
	}
	return rows
}

func replyColour(r marac.Reply) ui.TagColour {
	switch r {
	case marac.Comes:
		return ui.TagGreen
	case marac.Asked:
		return ui.TagYellow
	case marac.Apologies:
	}
	return ui.TagGrey
}

func stateColour(s marac.MeetingState) ui.TagColour {
	switch s {
	case marac.Planned:
		return ui.TagTeal
	case marac.Begun:
		return ui.TagGreen
	case marac.Ended, marac.Cancelled:
	}
	return ui.TagGrey
}

func settingsRows(v settingsView) []ui.SummaryRow {
	m := v.Marac
	women := "Not known"
	if m.Women > 0 {
		women = thousands(m.Women)
	}
	return []ui.SummaryRow{
		{Key: "What is referred to it comes to", Value: or(v.Team, "a team that is no more")},
		{Key: "Minutes for each case", Value: itoa(m.Minutes)},
		{Key: "The list closes", Value: days(m.ReferDays, "before a meeting")},
		{Key: "The pack is circulated", Value: days(m.CirculateDays, "before it")},
		{Key: "The pack closes", Value: days(m.CloseDays, "after it")},
		{Key: "Women of 16 and over in the area", Value: women},
	}
}

func ruleRows(v settingsView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	now := v.InForce()
	for _, r := range v.Rules {
		holds := "Before"
		switch {
		case r == now:
			holds = "Holds today"
		case r.Since > v.Today:
			holds = "To come"
		}
		rows = append(rows, []ui.TableCell{
			{Text: day(r.Since)},
			{Text: holds},
			{Text: repeats.Rule(r.Repeat).Label()},
			{Text: itoa(r.Threshold) + " or more answers of yes"},
			{Text: itoa(r.Incidents) + " incidents in " + itoa(r.Months) + " months"},
		})
	}
	return rows
}

func memberRows(m marac.Member) []ui.SummaryRow {
	rows := []ui.SummaryRow{{Key: "Sits as", Value: m.Capacity.Label()}, {Key: "From", Value: day(m.Since)}}
	if m.Until != "" {
		rows = append(rows, ui.SummaryRow{Key: "Until", Value: day(m.Until)})
	}
	if m.Given != "" {
		rows = append(rows, ui.SummaryRow{Key: "Is given", Value: m.Given.Label()})
	}
	if m.Capacity == marac.Observer {
		signed := "Not signed: they attend no meeting"
		if !m.SignedAt.IsZero() {
			signed = "Signed"
		}
		rows = append(rows, ui.SummaryRow{Key: "Conditions for observers", Value: signed})
	}
	return rows
}

// over tells whether somebody sits there no more.
func over(m marac.Member, today string) bool { return m.Until != "" && m.Until < today }

func meetingRows(list []marac.Meeting, zone *time.Location) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, m := range list {
		rows = append(rows, []ui.TableCell{
			{Content: link(m.Path(), date(m.Starts, zone))}, {Text: m.Kind.Label()}, {Content: state(m.State)}, {Text: date(m.ClosesList, zone)}, {Text: date(m.Circulate, zone)},
		})
	}
	return rows
}

func meetingHead() []ui.TableCell {
	return []ui.TableCell{{Text: "When"}, {Text: "Kind"}, {Text: "State"}, {Text: "List closes"}, {Text: "Pack goes out"}}
}

func attendRows(v attendView) []ui.SummaryRow {
	m := v.Meeting
	rows := []ui.SummaryRow{
		{Key: "MARAC", Value: v.Names[m.Agency]},
		{Key: "When", Value: date(m.Starts, v.Zone) + ", " + itoa(m.Minutes) + " minutes"},
		{Key: "Kind", Value: m.Kind.Label()},
		{Key: "State", ValueContent: state(m.State)},
	}
	if m.Words.Where != "" {
		rows = append(rows, ui.SummaryRow{Key: "Where", Value: m.Words.Where})
	}
	if m.Words.Join != "" {
		rows = append(rows, ui.SummaryRow{Key: "How to join", Value: m.Words.Join})
	}
	rows = append(rows, ui.SummaryRow{Key: "The pack is open", Value: "From " + date(m.Circulate, v.Zone) + " to " + date(m.Close, v.Zone)})
	if v.Coordinates {
		rows = append(rows, ui.SummaryRow{Key: "The list closes", Value: date(m.ClosesList, v.Zone)}, ui.SummaryRow{Key: "Cases", Value: fits(int(v.Listed), v.PerCase, m.Minutes)})
	}
	return rows
}

// fits says how many cases there are and whether there is time for them.
func fits(n, each, minutes int) string {
	if n == 0 {
		return "None is listed"
	}
	text := itoa(n) + " cases, " + itoa(n*each) + " minutes at " + itoa(each) + " for each"
	if n == 1 {
		text = "1 case, " + itoa(each) + " minutes"
	}
	if n*each > minutes {
		text += ": more than the meeting has"
	}
	return text
}

// absent are the agencies from which nobody comes.
func absent(v attendView) []string {
	comes, asked := map[string]bool{}, []string{}
	for _, p := range v.Board {
		comes[p.Of] = comes[p.Of] || p.Reply == marac.Comes
		asked = append(asked, p.Of)
	}
	var out []string
	for _, of := range asked {
		if name := v.Names[of]; !comes[of] && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func boardRows(v attendView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, p := range v.Board {
		said := p.Reply.Label()
		if p.Sent {
			said += ", information sent"
		}
		rows = append(rows, []ui.TableCell{{Content: who(v.Who[p.Account])}, {Text: v.Names[p.Of]}, {Text: p.Capacity.Label()}, {Content: tag(said, replyColour(p.Reply))}})
	}
	return rows
}

func agendaRows(v agendaView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, l := range v.Lines {
		rows = append(rows, []ui.TableCell{
			{Content: link(v.Seat.Meeting().Path()+"/cases/"+string(l.ID), l.Number)}, {Content: marks(l)}, {Text: l.At.In(v.Zone).Format("15:04")}, {Text: or(v.Names[l.From], "Not shown")},
		})
	}
	return rows
}

// summed is how many cases there are, and whether there is time for them.
func summed(v agendaView) string {
	return fits(len(v.Lines), v.PerCase, v.Seat.Meeting().Minutes)
}

func tiedWords(v agendaView) []string {
	var out []string
	for _, c := range v.Conflicts {
		out = append(out, or(v.Who[c.Account].Name, "Somebody")+" must not hear "+c.Number)
	}
	return out
}

func (v agendaView) links() []ui.Link {
	var out []ui.Link
	for _, e := range v.Errors.List() {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}

func answerWord(a marac.Answer) string {
	switch a {
	case marac.Yes:
		return "Yes"
	case marac.No:
		return "No"
	case marac.Unknown:
	}
	return "Not known"
}

func routeRows(v caseView) []ui.SummaryRow {
	c := v.Case
	var rows []ui.SummaryRow
	for _, r := range []struct {
		name, code string
		is         marac.Answer
	}{
		{"Visible high risk", "visible", c.Routes.Visible}, {"Professional judgement", "judgement", c.Routes.Judgement}, {"Potential escalation", "escalation", c.Routes.Escalation}, {"Repeat", "repeat", c.Routes.Repeat},
	} {
		value := answerWord(r.is)
		if said := c.Words.Evidence[r.code]; said != "" {
			value += ". " + said
		}
		rows = append(rows, ui.SummaryRow{Key: r.name, Value: value})
	}
	return rows
}

func caseRows(v caseView) []ui.SummaryRow {
	c := v.Case
	rows := []ui.SummaryRow{{Key: "Referred on", Value: day(c.On)}}
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, ui.SummaryRow{Key: key, Value: value})
		}
	}
	add("Referred by", v.From)
	add("Who referred", c.Words.Referrer)
	add("Transferred from", c.CameFrom)
	if !v.Without {
		rows = append(rows, ui.SummaryRow{Key: "IDVA", ValueContent: represented(c.IDVA)})
	}
	add("Who represents them", c.Words.Represents)
	add("Why it was referred", c.Words.Reason)
	add("Do they know of the referral?", c.Words.Aware)
	add("What they say of it", c.Words.Views)
	add("Everybody they are afraid of", c.Words.Afraid)
	add("It is safe to talk to", c.Words.SafeTo)
	add("It is not safe to talk to", c.Words.UnsafeTo)
	add("How they can be reached safely", c.Words.Contact)
	add("Shared without agreement because", c.Words.Without)
	return rows
}

func personRows(p marac.Identity) []ui.SummaryRow {
	rows := []ui.SummaryRow{{Key: "Name", Value: p.Details.Name()}}
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, ui.SummaryRow{Key: key, Value: value})
		}
	}
	add("Also known as", strings.Join(p.Aliases, ", "))
	add("Born", day(p.Details.Born))
	add("Relation", p.Relation)
	add("Address", p.Address)
	add("School", p.School)
	return rows
}

func givens() []ui.RadioItem {
	var out []ui.RadioItem
	for _, g := range marac.Givens() {
		out = append(out, ui.RadioItem{Value: string(g), Text: g.Label()})
	}
	return out
}

func replies() []ui.RadioItem {
	return []ui.RadioItem{{Value: string(marac.Comes), Text: "I come"}, {Value: string(marac.Apologies), Text: "I cannot come"}}
}

// thousands is a number with commas.
func thousands(n int) string {
	text := itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func capacity(c marac.Capacity) string {
	if c == marac.IDVA {
		return c.Label()
	}
	return strings.ToLower(c.Label())
}

func memberFields(m marac.Member, do marac.Change) []ui.HiddenField {
	return []ui.HiddenField{{Name: "member", Value: string(m.ID)}, {Name: "do", Value: string(do)}, {Name: "version", Value: itoa(int(m.Version))}}
}

// wrong is what is wrong about one member.
func wrong(v membersView, m marac.Member) string {
	if v.At != string(m.ID) {
		return ""
	}
	return v.Errors.Get("given")
}

func sitsAs(v attendView) string {
	return "You sit as " + capacity(v.Mine.Capacity) + " for " + v.Names[v.Mine.Of] + ". You answered: " + v.Mine.Reply.Label() + "."
}
