package appointmentsweb

import (
	"strconv"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/people"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func listRows(v listView, zone *time.Location) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, a := range v.List {
		rows = append(rows, []ui.TableCell{
			{Content: link(v.File.Path()+"/appointments/"+string(a.ID), a.Starts.In(zone).Format("2 January 2006, 15:04"))},
			{Content: standing(a)},
			{Text: whereWords(a, v.Where)},
			{Text: or(v.Names[a.Worker], "somebody else")},
		})
	}
	return rows
}

// colour is that of where an appointment stands.
func colour(s appointments.State) ui.TagColour {
	switch s {
	case appointments.Booked:
		return ui.TagTeal
	case appointments.Asked:
		return ui.TagYellow
	case appointments.Attended:
		return ui.TagGreen
	case appointments.Cancelled, appointments.Declined, appointments.NotCome, appointments.LeftEarly:
	}
	return ui.TagGrey
}

func oneRows(v oneView) []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Key: "When", Value: v.When},
		{Key: "With", Value: v.With},
		{Key: "Who meets them", Value: or(v.Names[v.A.Worker], "somebody else")},
		{Key: "How", Value: v.A.Way.Label()},
	}
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, ui.SummaryRow{Key: key, Value: value})
		}
	}
	if v.A.Way == appointments.AtPlace || v.A.Way == appointments.Elsewhere {
		add("Where", whereWords(v.A, v.Where))
	}
	alone := "They are seen alone"
	if !v.A.Alone {
		alone = "They are not seen alone"
	}
	add("Alone", alone)
	add("Who comes along", v.A.Words.Companions)
	add("About", v.A.Words.About)
	if v.A.Interpreter != appointments.NotSaid {
		add("Language", v.A.Interpreter.Label())
		add("Reference or number", v.A.Words.Ref)
	}
	if v.A.OtherLocality {
		add("Interpreter", "From another locality")
	}
	known := "Not yet"
	if v.A.Told {
		known = or(v.A.Words.By, "Yes")
	}
	add("They know of it", known)
	add("Where it stands", stateWords(v.A))
	if v.A.CancelledBy != appointments.ByNobody {
		add("Who cancelled it", v.A.CancelledBy.Label())
	}
	add("Why it was cancelled", v.A.Words.Off)
	add("Why it was asked for", v.A.Words.Why)
	if v.A.Words.Allow != "" {
		add("A manager decided", v.A.Words.Allow)
	}
	if v.A.Words.Spoke != appointments.NobodyInterpreted {
		add("Who interpreted", v.A.Words.Spoke.Label())
	}
	add("What came of it", v.A.Words.Came)
	return rows
}

func channels() []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: "Choose"}}
	for _, c := range people.Channels() {
		out = append(out, ui.SelectItem{Value: string(c), Text: c.Label()})
	}
	return out
}

// lineRows are the appointments of a day. Where each stands comes early: on a
// telephone the last columns are out of sight, and one may have to be moved.
func lineRows(v calendarView, d day) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, l := range d.Lines {
		cells := []ui.TableCell{
			{Text: l.Starts.In(v.Zone).Format("15:04") + "–" + l.Ends.In(v.Zone).Format("15:04")},
			{Content: standing(appointments.Appointment{State: l.State, MustMove: l.MustMove})},
			{Content: link(l.Path(), "Case "+itoa(l.Number))},
			{Text: l.Name.Name()},
		}
		if v.Everybody {
			cells = append(cells, ui.TableCell{Text: or(v.Names[l.Worker], "somebody else")})
		}
		rows = append(rows, append(cells, ui.TableCell{Text: l.Way.Label()}))
	}
	return rows
}

func lineHead(v calendarView) []ui.TableCell {
	head := []ui.TableCell{{Text: "Time"}, {Text: "Where it stands"}, {Text: "Case"}, {Text: "Person"}}
	if v.Everybody {
		head = append(head, ui.TableCell{Text: "Who meets them"})
	}
	return append(head, ui.TableCell{Text: "How"})
}

func placeRows(list []appointments.Place) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, p := range list {
		state := "Can be booked"
		if !p.Active {
			state = "Closed for bookings"
		}
		name := "Yes"
		if !p.Neutral {
			name = "No: it tells what it is"
		}
		rows = append(rows, []ui.TableCell{
			{Content: link(Places+"/"+p.ID, p.Name)},
			{Text: p.Kind.Label()},
			{Text: name},
			{Text: strconv.Itoa(p.Before) + " before, " + strconv.Itoa(p.After) + " after"},
			{Text: strconv.Itoa(len(p.Rooms))},
			{Text: state},
		})
	}
	return rows
}
