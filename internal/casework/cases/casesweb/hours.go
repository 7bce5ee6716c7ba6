package casesweb

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/people"
)

// voice tells whether somebody answers on a channel, or nobody does.
func voice(ch people.Channel) bool {
	return slices.Contains([]people.Channel{people.Mobile, people.Landline, people.WorkPhone}, ch)
}

// timed tells whether it matters on which day and at what time a channel is
// used.
func timed(ch people.Channel) bool { return voice(ch) || ch == people.Text }

func dayItems() []ui.CheckboxItem {
	var out []ui.CheckboxItem
	for i := range 7 { // weeks begin on Monday
		d := time.Weekday((i + 1) % 7)
		out = append(out, ui.CheckboxItem{Value: strconv.Itoa(int(d)), Text: d.String()})
	}
	return out
}

func dayValues(h people.Hours) []string {
	var out []string
	for _, d := range h.Days {
		out = append(out, strconv.Itoa(int(d)))
	}
	return out
}

func hourItems(first string) []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: first}}
	for hour := 6; hour <= 22; hour++ {
		text := fmt.Sprintf("%02d:00", hour)
		out = append(out, ui.SelectItem{Value: text, Text: text})
	}
	return out
}

func messageItems() []ui.SelectItem {
	return []ui.SelectItem{{Value: "", Text: "Not asked: leave none"}, {Value: string(people.Yes), Text: "Yes"}, {Value: string(people.No), Text: "No"}}
}

// hoursOf reads the days and times of a channel. What is no weekday is left to
// the check of the hours.
func hoursOf(form url.Values, ch people.Channel) people.Hours {
	h := people.Hours{From: form.Get(string(ch) + "-from"), Until: form.Get(string(ch) + "-until")}
	for _, text := range form[string(ch)+"-day"] {
		n, err := strconv.Atoi(text)
		if err != nil {
			n = -1
		}
		h.Days = append(h.Days, time.Weekday(n))
	}
	return h
}
