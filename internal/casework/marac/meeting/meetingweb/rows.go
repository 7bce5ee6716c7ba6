package meetingweb

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/meeting"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
)

func date(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("Mon 2 January 2006, 15:04")
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func number64(n int64) string { return strconv.FormatInt(n, 10) }

func seconds(d time.Duration) string { return strconv.Itoa(int(d.Seconds())) }

// minutesOf is a time as a clock shows it: minutes and seconds.
func minutesOf(d time.Duration) string {
	s := int(d.Seconds())
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// timed is by what a time is shown.
type timed struct {
	Now     time.Time
	Minutes int // that a case has
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

func actFields(do, account string) []ui.HiddenField {
	out := []ui.HiddenField{{Name: "do", Value: do}}
	if account != "" {
		out = append(out, ui.HiddenField{Name: "account", Value: account})
	}
	return out
}

func settles(list []string) []ui.HiddenField {
	var out []ui.HiddenField
	for _, one := range list {
		out = append(out, ui.HiddenField{Name: "settles", Value: one})
	}
	return out
}

func links(errs forms.Errors) []ui.Link {
	var out []ui.Link
	for _, e := range errs.List() {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}

// closed tells whether nobody comes or goes any more.
func closed(v runView) bool { return !v.T.Run.Approved.IsZero() }

func lineRows(v runView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, l := range v.T.Lines {
		stands := ui.TagParams{Text: "To be heard", Colour: ui.TagGrey}
		switch {
		case !l.Hearing.Heard.IsZero():
			stands = ui.TagParams{Text: "Heard", Colour: ui.TagGreen}
		case v.T.Run.On == l.ID:
			stands = ui.TagParams{Text: "On the table", Colour: ui.TagTeal}
		case l.State != marac.Listed:
			stands = ui.TagParams{Text: l.State.Label(), Colour: ui.TagGrey}
		}
		idva := l.IDVA
		if l.Hearing.IDVA != "" {
			idva = l.Hearing.IDVA
		}
		rows = append(rows, []ui.TableCell{
			{Content: link(pathOf(v.Seat, l.ID), l.Number)}, {Content: ui.Tag(stands)}, {Content: timer(l.Hearing, timed{v.T.Now, v.T.Goes.Minutes})}, {Text: idva.Label()},
		})
	}
	return rows
}

func boardRows(v runView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, p := range v.T.Board.Places {
		name := or(v.T.Board.Who[p.Account].Name, "Somebody who has left")
		said := p.Reply.Label()
		if p.Sent {
			said += ", information sent"
		}
		stated := "Not yet"
		if !p.Stated.IsZero() {
			stated = "Accepted"
		}
		rows = append(rows, []ui.TableCell{
			{Text: name}, {Text: v.T.Board.Names[p.Of] + ", " + p.Capacity.Label()}, {Text: said}, {Text: stated}, {Content: here(v, p, name)},
		})
	}
	return rows
}

// here is whether somebody is here, with what changes it.
func here(v runView, p marac.Place, name string) templ.Component {
	since := ""
	if !p.Came.IsZero() {
		since = "Since " + p.Came.In(v.Zone).Format("15:04")
	}
	if closed(v) {
		return ui.Text(or(since, "No"))
	}
	if since != "" {
		return act(at(v.Seat)+"/run", "went", p.Account, since+". They went", name, ui.ButtonSecondary)
	}
	return act(at(v.Seat)+"/run", "came", p.Account, "They are here", name, ui.ButtonSecondary)
}

func others(v runView) []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: "Select somebody"}}
	for _, m := range v.T.Board.Others {
		out = append(out, ui.SelectItem{Value: m.Account, Text: v.T.Board.Who[m.Account].Name + ", " + v.T.Board.Names[m.Of] + ", " + m.Capacity.Label()})
	}
	return out
}

// writing is the minutes of a case, or of the meeting, as forms.
type writing struct {
	Seat  *marac.Seat
	Case  marac.CaseID
	Draft meeting.Draft
	Zone  *time.Location
}

// Mark is by which a form without a script is known again when it is sent twice.
func (w writing) Mark() string { return rand.Text() }

func (w writing) saved(s meeting.Section) string {
	if s.Version == 0 {
		return ""
	}
	return "Saved " + s.Saved.In(w.Zone).Format("15:04:05") + " by " + or(w.Draft.Who[s.By], "somebody who has left")
}

func (w writing) writers(n meeting.Name) string { return writers(w.Draft)[string(n)] }

// rowsOf is how high a field is: as its text, from 4 to 20 lines.
func rowsOf(text string) int { return min(max(strings.Count(text, "\n")+2+len(text)/90, 4), 20) }

func personWords(p marac.Identity) string {
	d := p.Details
	name := strings.TrimSpace(d.GivenName + " " + d.FamilyName)
	if d.KnownAs != "" {
		name += ", known as " + d.KnownAs
	}
	if born, err := time.Parse(time.DateOnly, d.Born); err == nil {
		name += ", born " + born.Format("2 January 2006")
	}
	if p.Relation != "" {
		name += ", " + p.Relation
	}
	return name
}

func peopleRows(about []marac.Identity) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, p := range about {
		rows = append(rows, ui.SummaryRow{Key: p.Part.Label(), Value: personWords(p)})
	}
	return rows
}

func represented() []ui.RadioItem { return fields.Items(meeting.Represented()) }
func viewsHows() []ui.RadioItem   { return fields.Items(meeting.ViewsHows()) }
func decisions() []ui.RadioItem   { return fields.Items(meeting.Decisions()) }

func heardRows(h meeting.Hearing, zone *time.Location) []ui.SummaryRow {
	return []ui.SummaryRow{
		{Key: "Representation", Value: h.IDVA.Label()}, {Key: "Their views", Value: h.Views.Label()}, {Key: "Decision", Value: h.Decision.Label()}, {Key: "Heard", Value: date(h.Heard, zone)},
	}
}

func (v sectionView) by(account string, when time.Time) string {
	if when.IsZero() {
		return ""
	}
	return or(v.Who[account], "Somebody who has left") + ", " + when.In(v.Zone).Format("2 January 2006, 15:04:05")
}

func (v sectionView) label() string {
	if len(v.Apart) > 0 {
		return "What the section is to say"
	}
	return v.Name.Label()
}

func (v sectionView) button() string {
	if len(v.Apart) > 0 {
		return "Settle it"
	}
	return "Save"
}

// became says what became of a text that was not simply what the section said then.
func became(v meeting.Version) string {
	switch {
	case v.State == meeting.Merged:
		return ". What follows is what they typed"
	case v.State == meeting.Apart && v.Settled != 0:
		return ". Settled by " + number64(v.Settled)
	case v.State == meeting.Apart:
		return ". To be settled"
	}
	return ""
}

func roomWords(r meeting.Room) string {
	switch r.Meeting.State {
	case marac.Planned:
		return "The meeting has not begun"
	case marac.Begun:
		return "No case is open"
	case marac.Ended:
		return "The meeting has ended"
	case marac.Cancelled:
		return "The meeting is cancelled"
	}
	return ""
}

func frontRows(v minutesView) []ui.SummaryRow {
	f := v.Front
	rows := []ui.SummaryRow{{Key: "Meeting", Value: f.Kind.Label() + ", " + date(f.Starts, v.Zone)}}
	for _, one := range []struct{ key, value string }{{"Where", f.Where}, {"Chair", f.Chair}, {"Begun", date(f.Begun, v.Zone)}, {"Ended", date(f.Ended, v.Zone)}} {
		if one.value != "" {
			rows = append(rows, ui.SummaryRow{Key: one.key, Value: one.value})
		}
	}
	return append(rows, ui.SummaryRow{Key: "Cases heard", Value: strconv.Itoa(f.Heard) + " of " + strconv.Itoa(f.Cases)})
}

func cameRows(list []meeting.Came) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, c := range list {
		came := "No"
		switch {
		case c.Here:
			came = "Yes"
		case c.Sent:
			came = "No: apologies, information sent"
		}
		if c.Observer && c.Signed {
			came += ", conditions signed"
		}
		rows = append(rows, []ui.TableCell{{Text: or(c.Name, "Somebody who has left")}, {Text: c.Agency}, {Text: c.Capacity}, {Text: came}})
	}
	return rows
}

func minuteRows(c meeting.Minute, v minutesView) []ui.SummaryRow {
	heard := "Not heard"
	if !c.Heard.IsZero() {
		heard = date(c.Heard, v.Zone)
	}
	rows := []ui.SummaryRow{{Key: "Heard", Value: heard}}
	if c.Decision != "" {
		rows = append(rows, ui.SummaryRow{Key: "Decision", Value: c.Decision.Label()})
	}
	if v.Without {
		return rows
	}
	rows = append(rows, ui.SummaryRow{Key: "Representation", Value: or(c.IDVA.Label(), marac.NotKnown.Label())})
	if c.Views != "" {
		rows = append(rows, ui.SummaryRow{Key: "Their views", Value: c.Views.Label()})
	}
	return append(rows, ui.SummaryRow{Key: "Time", Value: minutesOf(time.Duration(c.Seconds) * time.Second)})
}

// addTo are the sections that something can be added to.
func addTo(v minutesView) []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: "Select a section"}}
	for _, n := range meeting.OfMeeting() {
		out = append(out, ui.SelectItem{Value: whole + "/" + string(n), Text: n.Label()})
	}
	for _, c := range v.Cases {
		for _, n := range meeting.OfCase() {
			out = append(out, ui.SelectItem{Value: string(c.Case) + "/" + string(n), Text: c.Number + ": " + n.Label()})
		}
	}
	return out
}
