package oversightweb

import (
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/oversight"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

func number(n int64) string { return strconv.FormatInt(n, 10) }

func links(errs forms.Errors) []ui.Link {
	var out []ui.Link
	for _, e := range errs.List() {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}

func named(w oversight.Worker) string {
	if w.Name == "" {
		return "Somebody who no longer works here"
	}
	return w.Name
}

// trailRows are the entries about one case.
func (p *Pages) trailRows(rows []oversight.Row) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, r := range rows {
		out = append(out, []ui.TableCell{
			{Text: p.when(r.At)},
			{Content: worker(r.Who)},
			{Content: did(r)},
			{Text: dash(r.Purpose)},
			{Text: involved(r)},
			{Text: number(r.Seq), Format: ui.Numeric},
		})
	}
	return out
}

// dayRows are the entries of one worker.
func (p *Pages) dayRows(rows []oversight.Row) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, r := range rows {
		out = append(out, []ui.TableCell{
			{Text: r.At.In(p.oversight.Zone()).Format("3:04pm")},
			{Content: did(r)},
			{Content: about(r.Files, r.People)},
			{Text: dash(r.Purpose)},
			{Text: involved(r)},
			{Text: number(r.Seq), Format: ui.Numeric},
		})
	}
	return out
}

func involved(r oversight.Row) string {
	if r.Refused {
		return "–"
	}
	return r.Involved.Label()
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func peopleWords(n int) string {
	if n == 1 {
		return "1 person"
	}
	return strconv.Itoa(n) + " people"
}

func readRows(reads []oversight.Read) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, r := range reads {
		out = append(out, []ui.TableCell{{Content: fileLink(r.File)}, {Text: number(r.Times), Format: ui.Numeric}, {Text: r.Way.Label()}})
	}
	return out
}

func foundRows(reads []oversight.Read) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, r := range reads {
		out = append(out, []ui.TableCell{{Content: fileLink(r.File)}, {Text: number(r.Times), Format: ui.Numeric}})
	}
	return out
}

func dayLinks(v workerView) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, d := range v.Days {
		out = append(out, []ui.TableCell{
			{Content: link(dayPath(v.Who.Account, d.On), dayWords(d.On))}, {Text: number(d.Entries), Format: ui.Numeric}, {Text: number(d.Refused), Format: ui.Numeric},
		})
	}
	return out
}

func colleagueRows(list []directory.Colleague) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, c := range list {
		out = append(out, []ui.TableCell{{Content: link(workerPath(c.Account), c.Name)}})
	}
	return out
}

func (p *Pages) refusalRows(list []oversight.Refusal) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, r := range list {
		last := p.when(r.Last)
		if r.Times > 1 {
			last += ", the first " + p.when(r.First)
		}
		out = append(out, []ui.TableCell{
			{Content: worker(r.Who)}, {Text: r.What}, {Content: about(r.Files, 0)}, {Text: strconv.Itoa(r.Times), Format: ui.Numeric}, {Text: last},
		})
	}
	return out
}

func (p *Pages) emergencyRows(list []oversight.Emergency, reviewed bool) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, e := range list {
		row := []ui.TableCell{{Content: link(e.Review(), "Case "+number(e.File.Number))}, {Content: worker(e.Who)}, {Text: e.Reason.Label()}, {Text: p.when(e.GivenAt)}}
		if reviewed {
			row = append(row, ui.TableCell{Text: e.Verdict.Label()}, ui.TableCell{Text: named(e.ReviewedBy) + ", " + p.when(e.ReviewedAt)})
		} else {
			row = append(row, ui.TableCell{Text: dayWords(e.DueOn)})
		}
		out = append(out, row)
	}
	return out
}

// period is what a finding is about, in words.
func period(f oversight.Finding) string {
	switch f.Kind {
	case oversight.ManyFiles:
		if t, err := time.Parse("2006-01-02T15", f.Period); err == nil {
			return t.Format("Monday 2 January 2006, ") + t.Format("3pm") + " to " + t.Add(time.Hour).Format("3pm")
		}
	case oversight.Uninvolved:
		return dayWords(f.Period)
	case oversight.TiedReader, oversight.SameSurname:
		if f.Count == 1 {
			return "One case"
		}
	}
	return f.Period
}

func (p *Pages) findingRows(list []oversight.Finding, settled bool) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, f := range list {
		row := []ui.TableCell{
			{Content: link(f.Path(), f.Kind.Label())}, {Content: worker(f.Who)}, {Text: period(f)}, {Text: number(f.Count), Format: ui.Numeric},
		}
		if settled {
			row = append(row, ui.TableCell{Text: f.Verdict.Label() + ": " + named(f.SettledBy) + ", " + p.when(f.SettledAt)})
		} else {
			row = append(row, ui.TableCell{Text: p.when(f.FoundAt)})
		}
		out = append(out, row)
	}
	return out
}

// whatWasSeen says what a finding rests on, and no more.
func whatWasSeen(f oversight.Finding) string {
	who := named(f.Who)
	switch f.Kind {
	case oversight.ManyFiles:
		return who + " opened " + number(f.Count) + " different cases within an hour. Your agency asks to be told from " + number(f.Threshold) + " on."
	case oversight.Uninvolved:
		return who + " opened " + number(f.Count) + " cases as service manager in a day without working on them. Your agency asks to be told from " + number(f.Threshold) + " on."
	case oversight.TiedReader:
		return who + " opened this case before it came to light that they may be tied to it: it seems that whoever has their account " + f.Second() + ". The case is not there for them since."
	case oversight.SameSurname:
		return who + " has the surname of somebody in this case, does not work on it, and " + f.Second() + ". Many people share a surname who are not related."
	}
	return ""
}

func settleItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, v := range oversight.Settlements() {
		items = append(items, ui.RadioItem{Value: string(v), Text: v.Label()})
	}
	return items
}

func wayItems() []ui.RadioItem {
	hints := map[oversight.GivenWay]string{
		oversight.NotGiven: "They do not want it now, it is not safe, or you could not ask them alone.",
		oversight.ReadOut:  "You read it to them. They take nothing with them.",
		oversight.OnPaper:  "They have somewhere safe to keep it. It is never sent.",
	}
	var items []ui.RadioItem
	for _, w := range oversight.GivenWays() {
		items = append(items, ui.RadioItem{Value: string(w), Text: w.Label(), Hint: hints[w]})
	}
	return items
}

func (p *Pages) givenRows(list []oversight.Given) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, g := range list {
		printed := "–"
		if !g.Printed.IsZero() {
			printed = p.when(g.Printed)
		}
		out = append(out, []ui.TableCell{{Content: link(g.Path(), p.when(g.AskedAt))}, {Text: g.Way.Label()}, {Text: named(g.By)}, {Text: printed}})
	}
	return out
}

func lineRows(v oversight.Report) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, l := range v.Lines {
		who := l.Role
		if l.Name != "" {
			who = strings.TrimSpace(l.Name + ", " + l.Role)
		}
		what := l.Told.Label()
		if l.Times > 1 {
			what += " (" + strconv.Itoa(l.Times) + " times)"
		}
		out = append(out, []ui.TableCell{{Text: dayWords(l.On)}, {Text: who}, {Text: what}})
	}
	return out
}

func leftWords(n int) string {
	return strconv.Itoa(n) + " entries are not told here: reviews, refusals, and what could endanger somebody. Do not mention how many."
}

func (p *Pages) askedWords(v oversight.Report) string {
	return "For the person of case " + number(v.File.Number) + ". How it may be given: " + v.Way.Label() + ". Asked " + p.when(v.AskedAt) + " by " + named(v.By) + "."
}
