package pathwayweb

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/pathway"
	"waymark/internal/platform/web/ui"
)

func day(t time.Time, zone *time.Location) string {
	return cases.DayInWords(t.In(zone).Format(time.DateOnly))
}

// by is until when a step is to be taken: with the time where hours count.
func by(st pathway.Standing, zone *time.Location) string {
	text := day(st.By, zone)
	if st.Step.Within.Hours > 0 && st.State != pathway.Planned && st.Answer.State != pathway.Planned {
		text += ", " + st.By.In(zone).Format("15:04")
	}
	return text
}

func open(s pathway.State) bool {
	return s == pathway.Due || s == pathway.Overdue || s == pathway.Planned
}

func tag(s pathway.State) ui.TagParams {
	colour := ui.TagDefault
	switch s {
	case pathway.Overdue:
		colour = ui.TagRed
	case pathway.Planned:
		colour = ui.TagTeal
	case pathway.Done:
		colour = ui.TagGreen
	case pathway.Declined:
		colour = ui.TagGrey
	case pathway.Due:
	}
	return ui.TagParams{Text: s.Label(), Colour: colour}
}

// why is what calls for a step, with its days.
func why(st pathway.Standing, zone *time.Location) string {
	var parts []string
	for _, w := range st.Why {
		parts = append(parts, w.What.Words()+", "+day(w.At, zone))
	}
	return strings.Join(parts, "; ")
}

func listRows(v listView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, one := range v.Versions {
		version := "As it ships"
		if !one.Ships() {
			version = "Version " + strconv.FormatInt(one.Number, 10)
		}
		rows = append(rows, []ui.TableCell{
			{Content: link(address(one), one.Document.Title)}, {Text: one.Document.For.Label()}, {Text: strconv.Itoa(len(one.Document.Steps))}, {Text: version},
		})
	}
	return rows
}

func steps(v showView) []ui.Step {
	out := make([]ui.Step, len(v.Version.Document.Steps))
	for n, s := range v.Version.Document.Steps {
		out[n] = ui.Step{ID: "step-" + s.ID, Number: strconv.Itoa(n + 1), Title: s.Title, Kind: "action", Content: stepBody(s)}
	}
	return out
}

// wholeOf leads from a case to the pathway that it follows.
func wholeOf(v pathway.Version) string {
	if v.Ships() {
		return "The whole pathway, as it ships"
	}
	return "The whole pathway, version " + strconv.FormatInt(v.Number, 10)
}

func stepRows(s pathway.Step) []ui.SummaryRow {
	rows := []ui.SummaryRow{{Key: "Called for by", Value: s.When.Words()}, {Key: "How soon", Value: s.Soon()}}
	if !s.Unless.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: "Unless", Value: s.Unless.Words()})
	}
	if s.Done.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: "Done when", Value: "a worker says so"})
	} else {
		rows = append(rows, ui.SummaryRow{Key: "Done when", Value: s.Done.Words() + ", or a worker says so"})
	}
	if who := s.Who(); who != "" {
		rows = append(rows, ui.SummaryRow{Key: "Who takes it", Value: who})
	}
	return append(rows, ui.SummaryRow{Key: "Why", Value: s.Serving()})
}

func versionRows(v showView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, one := range v.Versions {
		name, on, state := "As it ships", "", ""
		if !one.Ships() {
			name, on = "Version "+strconv.FormatInt(one.Number, 10), cases.DayInWords(one.PublishedAt.Format(time.DateOnly))
		}
		switch {
		case !one.WithdrawnAt.IsZero():
			state = "Withdrawn on " + cases.DayInWords(one.WithdrawnAt.Format(time.DateOnly))
		case one.Number == v.Versions[0].Number:
			state = "Followed now"
		default:
			state = "An earlier version"
		}
		rows = append(rows, []ui.TableCell{{Content: link(fmt.Sprintf("%s?version=%d", address(one), one.Number), name)}, {Text: on}, {Text: state}})
	}
	return rows
}

func said(v followView, st pathway.Standing) string {
	if st.Answer.ID == "" {
		return ""
	}
	who := v.Names[st.Answer.By]
	if who == "" {
		who = "somebody else"
	}
	text := st.Answer.State.Label() + ", says " + who + " on " + day(st.Answer.At, v.Zone)
	if st.Answer.Words != "" {
		text += ": " + st.Answer.Words
	}
	return text
}

func panelText(b pathway.Brief) string {
	switch {
	case b.Open == 0:
		return "Nothing waits."
	case b.Overdue == 0:
		return fmt.Sprintf("%d open, none overdue.", b.Open)
	}
	return fmt.Sprintf("%d open, %d overdue.", b.Open, b.Overdue)
}

// draftSaid is where a draft stands.
func draftSaid(v draftView) string {
	who := v.By
	if who == "" {
		who = "the operator"
	}
	text := "Nobody follows it yet. Last changed by " + who + " on " + day(v.ChangedAt, v.Zone) + "."
	switch {
	case v.New:
		return text + " It will be a pathway of its own."
	case v.Newest.PublishedAt.After(v.ChangedAt):
		return text + " Another version was published since then: look at it first, because this one would take its place."
	}
	return text + " It will take the place of " + versionName(v.Newest) + "."
}

func versionName(v pathway.Version) string {
	if v.Ships() {
		return "the one that ships"
	}
	return "version " + strconv.FormatInt(v.Number, 10)
}

func aboutRows(v draftView) []ui.SummaryRow {
	d := v.Document
	settings := "Every one"
	if len(d.Settings) > 0 {
		var in []string
		for _, s := range d.Settings {
			in = append(in, inWords(s))
		}
		settings = strings.Join(in, ", ")
	}
	deadlines := "Starting numbers"
	if d.Local {
		deadlines = "Our own"
	}
	return []ui.SummaryRow{
		{Key: "What it is for", Value: d.Summary},
		{Key: "Whom it is for", Value: d.For.Label()},
		{Key: "Settings", Value: settings},
		{Key: "Boxes of the guideline", Value: numbers(d.Boxes)},
		{Key: "Deadlines", Value: deadlines},
	}
}

func partRows(d onDraft) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, one := range parts {
		text := "Nothing is asked"
		if c := condition(&d.Step, one.Name); !c.IsZero() {
			text = c.Words()
		}
		rows = append(rows, ui.SummaryRow{Key: one.Title, Value: text, Actions: []ui.Link{{Href: partAddress(d, one.Name), Text: "Change", HiddenText: strings.ToLower(one.Title)}}})
	}
	return rows
}

func sayOf(d onDraft) string {
	_, of := titleOf(d.Part)
	return of
}
