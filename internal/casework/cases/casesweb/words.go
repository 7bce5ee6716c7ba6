package casesweb

import (
	"strconv"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/people"
)

// day puts a stored day into words: 27 March 1991, March 1991, 1991.
func day(s string) string { return cases.DayInWords(s) }

// happened is when an entry happened, in words.
func happened(e cases.Event) string {
	if e.About && e.On != "" {
		return "about " + day(e.On)
	}
	return day(e.On)
}

// recorded is when an entry was written; always the time of this place.
func recorded(t time.Time) string {
	return t.In(london).Format("2 January 2006, 3:04pm")
}

// london is where the days of the deployment are counted.
var london = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.UTC
	}
	return l
}()

func number(n int64) string { return strconv.FormatInt(n, 10) }

// who is a colleague's name, or that it is somebody else.
func who(names map[string]string, account string) string {
	if n := names[account]; n != "" {
		return n
	}
	return "somebody of another agency"
}

func dueState(due, today string) ui.DateState {
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

func contactBanner(v showView) ui.SafeContactBannerParams {
	b := ui.SafeContactBannerParams{Link: &ui.Link{Text: "Record safe contact", Href: v.File.Path() + "/contact"}}
	s := v.Contact.Summary
	switch s.State {
	case people.Recorded:
		b.State = ui.SafeContactRecorded
		b.Link.Text = "Ask again and record"
	case people.OutOfDate:
		b.State = ui.SafeContactOutOfDate
		b.Link.Text = "Ask again and record"
	case people.Unset:
		b.State = ui.SafeContactUnset
		return b
	}
	b.CheckedOn, b.NextCheck = day(s.CheckedOn), day(s.NextCheck)
	if v.Contact.Withheld {
		b.Summary = "How they can be reached has a permission of its own. Ask whoever holds the case"
		b.Link = &ui.Link{Text: "Add what they told you", Href: v.File.Path() + "/contact"}
		return b
	}
	if len(v.Contact.Ways) > 0 {
		b.CheckedBy = who(v.Names, v.Contact.Ways[0].CheckedBy)
	}
	if v.Contact.TheyContact {
		b.Summary = "They will contact us"
	}
	for _, w := range v.Contact.Ways {
		if v.Contact.May(w.Channel) {
			text := w.Channel.Label()
			if w.Detail != "" {
				text += ": " + w.Detail
			}
			if when := w.Hours.Label(); when != "" {
				text += ". " + when
			}
			if w.Conditions != "" {
				text += ". " + w.Conditions
			}
			b.Ways = append(b.Ways, text)
		}
		if w.Allowed == people.No {
			b.Never = append(b.Never, w.Channel.Label())
		}
	}
	if v.Contact.NeverSpeak != "" {
		b.Never = append(b.Never, "Never speak to: "+v.Contact.NeverSpeak)
	}
	return b
}

func timeline(events []cases.Event, names map[string]string) []ui.TimelineItem {
	items := make([]ui.TimelineItem, len(events))
	for i, e := range events {
		by := who(names, e.RecordedBy)
		if e.Source != "" {
			by = "another agency, whose share it came with"
		}
		items[i] = ui.TimelineItem{
			Title: e.Kind.Label(), Date: happened(e), Text: e.Text,
			Byline: by + ", " + recorded(e.RecordedAt),
		}
		if e.Struck {
			items[i].Title += " (corrected later)"
			items[i].Content = struckText(e.Text)
		}
	}
	return items
}

func contactTag(state people.State) ui.TagParams {
	switch state {
	case people.Recorded:
		return ui.TagParams{Text: "Recorded", Colour: ui.TagGreen}
	case people.OutOfDate:
		return ui.TagParams{Text: "Out of date: unsafe", Colour: ui.TagRed}
	case people.Unset:
	}
	return ui.TagParams{Text: "Not recorded: unsafe", Colour: ui.TagRed}
}

func allowances() []ui.SelectItem {
	var items []ui.SelectItem
	for _, a := range []people.Allowance{people.NotAsked, people.Yes, people.OnlyIf, people.No} {
		items = append(items, ui.SelectItem{Value: string(a), Text: a.Label()})
	}
	return items
}

func roles() []ui.RadioItem {
	var items []ui.RadioItem
	for _, r := range cases.PartyRoles() {
		items = append(items, ui.RadioItem{Value: string(r), Text: r.Label()})
	}
	return items
}
