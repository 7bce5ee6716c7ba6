package riskweb

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/risk"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/web/ui"
)

func itoa(n int) string { return strconv.Itoa(n) }

// query is an address with parameters; none of them is about a person.
func query(path string, pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return path + "?" + v.Encode()
}

// address is that of a set, without its version.
func address(canonical string) string {
	at, _, _ := strings.Cut(canonical, "|")
	return at
}

// london is where the days of the deployment are counted.
var london = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.UTC
	}
	return l
}()

// day puts a stored day into words.
func day(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return t.Format("2 January 2006")
}

func moment(t time.Time) string { return t.In(london).Format("2 January 2006, 3:04pm") }

func who(names map[string]string, account string) string {
	if n := names[account]; n != "" {
		return n
	}
	return "somebody who has left"
}

func trained(level int) string {
	if level == 0 {
		return "no training level on record"
	}
	return "training level " + itoa(level)
}

func said(s string) string {
	if s == "" {
		return "Nothing recorded"
	}
	return s
}

// boxes are the three boxes of a day as they were typed.
func boxes(form url.Values, name string) [3]string {
	return [3]string{form.Get(name + "-day"), form.Get(name + "-month"), form.Get(name + "-year")}
}

func joined(b [3]string) string {
	if b == [3]string{} {
		return ""
	}
	return forms.JoinDate(b[0], b[1], b[2])
}

func split(stored string) [3]string {
	d, m, y := forms.SplitDate(stored)
	return [3]string{d, m, y}
}

func judgementItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, j := range risk.Judgements() {
		items = append(items, ui.RadioItem{Value: string(j), Text: j.Label()})
	}
	return items
}

func answerItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, a := range []risk.Answer{risk.Yes, risk.No, risk.Unknown} {
		items = append(items, ui.RadioItem{Value: string(a), Text: a.Label()})
	}
	return items
}

func ruleItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, r := range risk.RepeatRules() {
		items = append(items, ui.RadioItem{Value: string(r), Text: r.Label(), Hint: r.Counts()})
	}
	return items
}

func instrumentItems(list []risk.Instrument) []ui.RadioItem {
	var items []ui.RadioItem
	for _, i := range list {
		items = append(items, ui.RadioItem{
			Value: i.Form.Canonical(), Text: i.Form.Title,
			Hint: i.Rules.Kind.Label() + ". " + i.Rules.For.Label() + ". Version " + i.Form.Version + ".",
		})
	}
	return items
}

func routeRows(routes []risk.Route) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, r := range routes {
		rows = append(rows, []ui.TableCell{{Text: r.Name}, {Text: r.Met.Label()}, {Text: said(r.Evidence)}})
	}
	return rows
}

func findingRows(f risk.Finding) []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Key: "Judgement", Value: f.Judgement.Label()},
		{Key: "Concern and reasons", Value: said(f.Reason)},
		{Key: "How the person sees the danger", Value: said(f.Views)},
		{Key: "Potential escalation", Value: f.Escalation.Label()},
		{Key: "Incidents reported to police in the past 12 months", Value: said(f.Incidents)},
		{Key: "Further abuse since the last referral to MARAC", Value: f.Repeat.Label()},
	}
	for _, d := range []struct{ key, day string }{{"Day of the last referral to MARAC", f.LastReferral}, {"Day of the further abuse", f.RepeatOn}} {
		if d.day != "" {
			rows = append(rows, ui.SummaryRow{Key: d.key, Value: day(d.day)})
		}
	}
	if f.RepeatCrime != risk.NotAsked {
		rows = append(rows, ui.SummaryRow{Key: "Would it be a crime if it were reported?", Value: f.RepeatCrime.Label()})
	}
	return rows
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
		return "due today"
	}
	return "due"
}

func reviewRows(v reviewsView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, d := range v.Rows {
		rows = append(rows, []ui.TableCell{
			{Content: dueLink(d)}, {Content: dueDay(d, v.Today)}, {Text: d.Danger.Label()}, {Text: who(v.Names, d.Lead)},
		})
	}
	return rows
}

func historyRows(v historyView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, h := range v.Rows {
		rows = append(rows, []ui.TableCell{
			{Content: madeLink(v.File, h)}, {Text: h.Title}, {Text: said(h.Made.Danger.Label())}, {Text: who(v.Names, h.Made.RecordedBy)}, {Content: compareLink(v.File, h)},
		})
	}
	return rows
}

// words are answers as they stand in a table.
func words(list []string, asked bool) string {
	switch {
	case !asked:
		return "Not asked in these words"
	case len(list) == 0:
		return "Not answered"
	}
	return strings.Join(list, ", ")
}

func pairRows(v compareView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, p := range v.Pairs {
		if !p.Changed && p.Was && p.Is && !v.All {
			continue
		}
		changed := "Same"
		switch {
		case !p.Was || !p.Is:
			changed = "Not compared"
		case p.Changed:
			changed = "Changed"
		}
		rows = append(rows, []ui.TableCell{{Text: p.Text}, {Text: words(p.Before, p.Was)}, {Text: words(p.After, p.Is)}, {Text: changed}})
	}
	return rows
}

// around are the judgement and the routes of two identifications.
func around(v compareView) [][]ui.TableCell {
	row := func(what, a, b string) []ui.TableCell {
		changed := "Same"
		if a != b {
			changed = "Changed"
		}
		return []ui.TableCell{{Text: what}, {Text: a}, {Text: b}, {Text: changed}}
	}
	rows := [][]ui.TableCell{row("Score", v.Old.Tally.Words(), v.New.Tally.Words())}
	if v.New.Kind != risk.Assessment || v.Old.Kind != risk.Assessment {
		return rows
	}
	rows = append(rows, row("Level", v.Old.Danger.Label(), v.New.Danger.Label()), row("Judgement", v.Old.Finding.Judgement.Label(), v.New.Finding.Judgement.Label()),
		row("How the person sees the danger", said(v.Old.Finding.Views), said(v.New.Finding.Views)))
	was := v.Old.Routes()
	for n, r := range v.New.Routes() {
		rows = append(rows, row("Route: "+r.Name, was[n].Met.Label(), r.Met.Label()))
	}
	return rows
}

// heading is what a page of the questions is called.
func heading(v sitting) string {
	if pages := v.pages(); len(pages) > 1 {
		return v.Form.Title + ": page " + itoa(v.Page+1) + " of " + itoa(len(pages))
	}
	return v.Form.Title
}

// pageName is what a link to a page of the questions says.
func pageName(items []*forms.Item, n int) string {
	for _, i := range items {
		if t := i.Title(); t != "" && i.Type == forms.TypeGroup {
			return t
		}
	}
	return "page " + itoa(n+1)
}

// languageName is a language in its own words where it is known.
func languageName(lang string) string {
	for code, name := range map[string]string{
		"en": "English", "cy": "Cymraeg", "pl": "Polski", "ur": "اردو", "ar": "العربية", "fa": "فارسی", "ro": "Română", "so": "Soomaali", "fr": "Français", "es": "Español", "de": "Deutsch", "uk": "Українська",
	} {
		if lang == code || strings.HasPrefix(lang, code+"-") {
			return name
		}
	}
	return lang
}

func caseNumber(f *cases.File) string { return strconv.FormatInt(f.Number(), 10) }

// judgementLinks are the links of an error summary over fields that are no
// questions: a day leads to its first box.
func judgementLinks(errs forms.Errors) []ui.Link {
	var links []ui.Link
	for _, e := range errs.List() {
		to := e.Field
		switch to {
		case "last_referral", "repeat_on", "review_on", "from":
			to += "-day"
		}
		links = append(links, ui.Link{Text: e.Message, Href: "#" + to})
	}
	return links
}

func incidentsHint(v sitting) string {
	if n := v.Instrument.Rules.Incidents; n > 0 {
		words := itoa(n) + " or more are an escalation by themselves"
		if v.Instrument.Rules.Local {
			return words + ": a local number."
		}
		return words + "."
	}
	return ""
}

func reviewHint(v sitting) string {
	days := v.Instrument.Rules.Reviews
	return "For example, 27 3 2027. You may leave it empty. At the latest it is after " + itoa(days[risk.Grave]) + " days if risk is high, " +
		itoa(days[risk.Open]) + " if something is open, and " + itoa(days[risk.NotSeen]) + " otherwise. These are local numbers to begin with, not national ones."
}

// after is the assessment that the worker has read last.
func (v checkView) after() risk.ID {
	if v.Newer != "" {
		return v.Newer
	}
	return v.Draft.After
}

// asks tells whether there is a question on a page.
func asks(items []*forms.Item) bool {
	return slices.ContainsFunc(items, func(i *forms.Item) bool { return i.IsQuestion() || asks(i.Items) })
}
