package casesweb

import (
	"slices"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/web/ui"
)

// token is the right autocomplete token on a form about oneself, and none on
// one about somebody else (S19).
func token(own bool, name string) string {
	if own {
		return name
	}
	return "off"
}

func caseNumber(n int64) string { return number(n) }

func tieRows(ties []cases.Tie) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, t := range ties {
		words := t.Words
		if t.Own {
			words = "Your own particulars, as a code"
		}
		rows = append(rows, ui.SummaryRow{Key: recorded(t.At), Value: words})
	}
	return rows
}

func workerItems(v accessView) []ui.CheckboxItem {
	var items []ui.CheckboxItem
	for _, c := range v.Colleagues {
		if c.Value != v.File.Lead() {
			items = append(items, ui.CheckboxItem{Value: c.Value, Text: c.Text, Checked: slices.Contains(v.Named, c.Value)})
		}
	}
	return items
}

func compartmentItems() []ui.SelectItem {
	items := []ui.SelectItem{{Value: "", Text: "Choose"}}
	for _, c := range cases.Compartments() {
		items = append(items, ui.SelectItem{Value: string(c), Text: c.Label()})
	}
	return items
}

func namedRows(v accessView) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, c := range cases.Compartments() {
		var names []string
		for _, account := range v.File.NamedFor(c) {
			names = append(names, who(v.Names, account))
		}
		value := "By role only"
		if len(names) > 0 {
			value = "By role, and " + strings.Join(names, ", ")
		}
		rows = append(rows, ui.SummaryRow{Key: c.Label(), Value: value})
	}
	return rows
}

func restrictionRows(v accessView) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, x := range v.Restrictions {
		rows = append(rows, ui.SummaryRow{Key: recorded(x.SetAt), Value: "Restricted by " + who(v.Names, x.SetBy) + ". " + x.Why})
		if !x.LiftedAt.IsZero() {
			rows = append(rows, ui.SummaryRow{Key: recorded(x.LiftedAt), Value: "Lifted by " + who(v.Names, x.LiftedBy) + ". " + x.LiftedWhy})
		}
	}
	return rows
}

func yesNo(b bool) string {
	if b {
		return "Yes"
	}
	return "No"
}

func emergencyRows(e cases.EmergencyAccess, name string, names map[string]string) []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Key: "Who", Value: name},
		{Key: "Why", Value: e.Reason.Label() + ". " + e.Words},
		{Key: "With how the person can be reached", Value: yesNo(e.Reach)},
		{Key: "From and until", Value: recorded(e.GivenAt) + " to " + recorded(e.ExpiresAt)},
		{Key: "Review", Value: e.Verdict.Label()},
	}
	if e.Verdict != cases.NotReviewed {
		rows = append(rows, ui.SummaryRow{Key: "What the review says", Value: e.Review + " (" + who(names, e.ReviewedBy) + ", " + recorded(e.ReviewedAt) + ")"})
	}
	return rows
}

func noticeRows(notices []cases.Notice, today string) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, n := range notices {
		rows = append(rows, []ui.TableCell{{Content: noticeLink(n)}, {Text: "Case " + number(n.Number)}, {Content: noticeDue(n, today)}})
	}
	return rows
}

func reviewRows(v reviewView) []ui.SummaryRow {
	if v.Kind == cases.NoticeEmergency {
		return emergencyRows(v.Emergency, v.Name, nil)
	}
	rows := []ui.SummaryRow{{Key: "Worker", Value: v.Name}, {Key: "Since", Value: recorded(v.At)}}
	if v.Kind == cases.NoticeConflict {
		how := "Found: " + v.Basis.Label()
		if v.Declared {
			how = "Declared: " + v.Basis.Label()
		}
		if v.Basis == cases.IsThem {
			how = strings.Replace(how, v.Basis.Label(), "they are one of the people of the case", 1)
		}
		rows = append(rows, ui.SummaryRow{Key: "How they are tied", Value: how})
	}
	if v.Holds {
		rows = append(rows, ui.SummaryRow{Key: "What to do", Value: "They held this case and do not see it any more. Ask a service manager to hand it to somebody else."})
	}
	return rows
}

func verdictLegend(v reviewView) string {
	if v.Kind == cases.NoticeEmergency {
		return "Was it justified?"
	}
	return "What is to be done?"
}

func verdictLabel(v reviewView) string {
	if v.Kind == cases.NoticeEmergency {
		return "What you looked at, and why you decide so"
	}
	if v.Kind == cases.NoticeLifted {
		return "What you found"
	}
	return "If they are not tied: how you know"
}

func verdictItems(v reviewView) []ui.RadioItem {
	if v.Kind == cases.NoticeEmergency {
		return []ui.RadioItem{
			{Value: string(cases.Justified), Text: "Justified"},
			{Value: string(cases.NotJustified), Text: "Not justified", Hint: "If it is still open it ends at once."},
		}
	}
	if v.Kind == cases.NoticeLifted {
		return []ui.RadioItem{{Value: "stands", Text: "I have looked at it with them"}}
	}
	items := []ui.RadioItem{{Value: "stands", Text: "It stands: the case stays away from them"}}
	if v.Kind == cases.NoticeConflict && !v.Declared {
		items = append(items, ui.RadioItem{Value: "lift", Text: "They are not tied: it was found wrongly"})
	}
	return items
}

func keptHint(c cases.Compartment) string {
	switch c {
	case cases.ChildWords:
		return "Word for word, and where and when it was said."
	case cases.Supervised:
		return "What supervision of the work on this case brought up."
	case cases.Whereabouts:
		return "Where they are, and who may know."
	case cases.Entitlement:
		return "Status, conditions, what they are entitled to, and what was asked for."
	}
	return ""
}

func askedRows(q cases.Request) []ui.SummaryRow {
	return []ui.SummaryRow{
		{Key: "What was asked for", Value: q.Kind.Label() + ". " + q.Words},
		{Key: "How it came", Value: q.Came.Label() + ", " + day(q.ReceivedOn)},
		{Key: "Who was there", Value: q.Present},
		{Key: "Where it stands", Value: q.State.Label()},
	}
}

func requestRows(v requestsView, q cases.Request) []ui.SummaryRow {
	rows := append(askedRows(q), ui.SummaryRow{Key: "Recorded by", Value: who(v.Names, q.RecordedBy)})
	if q.State != cases.Unverified {
		with := "on their own"
		if q.With != "" {
			with = "with " + q.With
		}
		return append(rows, ui.SummaryRow{
			Key: "What they said", Value: q.What + " (" + q.How.Label() + ", " + with + ", to " + who(v.Names, q.ConfirmedBy) + ")",
		})
	}
	rows[3].Actions = []ui.Link{{Text: "Confirm", HiddenText: "this request", Href: v.File.Path() + "/requests/" + q.ID}}
	return rows
}

func supportRows(s cases.Support, names map[string]string) []ui.SummaryRow {
	reader := "You alone"
	if s.Reader != "" {
		reader = "You and " + who(names, s.Reader)
	}
	rows := []ui.SummaryRow{{Key: "What was written", Value: s.Words}}
	if names[s.Account] == "" || s.Reader == "" {
		rows = append(rows, ui.SummaryRow{Key: "Who reads it", Value: reader})
	}
	if s.Answer != "" {
		rows = append(rows, ui.SummaryRow{Key: "Answer", Value: s.Answer})
	}
	return rows
}

func answerID(v supportView, s cases.Support) string {
	if v.Answering == s.ID {
		return "answer"
	}
	return "answer-" + s.ID
}

func answerError(v supportView, s cases.Support) string {
	if v.Answering == s.ID {
		return v.Errors.Get("answer")
	}
	return ""
}

func keptLinks(v showView) []ui.Link {
	var out []ui.Link
	for _, c := range cases.Compartments() {
		out = append(out, ui.Link{Text: c.Label(), Href: v.File.Path() + "/kept/" + string(c)})
	}
	return out
}
