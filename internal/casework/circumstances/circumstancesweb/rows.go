package circumstancesweb

import (
	"strings"

	"waymark/internal/casework/circumstances"
	"waymark/internal/platform/web/ui"
)

func row(rows []ui.SummaryRow, key, value string) []ui.SummaryRow {
	if value == "" {
		return rows
	}
	return append(rows, ui.SummaryRow{Key: key, Value: value})
}

func by(v overviewView, one circumstances.Version) string {
	name := v.Names[one.By]
	if name == "" {
		name = "somebody else"
	}
	return one.At.Format("2 January 2006") + ", " + name
}

func headRows(v overviewView, c circumstances.Circumstance) []ui.SummaryRow {
	var rows []ui.SummaryRow
	rows = row(rows, "In their words", c.Words.What)
	rows = row(rows, "How it bears on the danger", c.Words.How)
	rows = row(rows, "What would help", c.Words.Help)
	rows = row(rows, "Now", c.Words.Bearing.Label())
	rows = row(rows, "Raised", c.Words.Raised.Label())
	return row(rows, "Recorded", by(v, c.Version))
}

func pointedRows(v overviewView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, one := range v.Known.Pointed {
		if one.Apart {
			rows = append(rows, []ui.TableCell{{Text: "Kept apart"}, {Text: ""}, {Text: by(v, one.Version)}})
			continue
		}
		pointer, _ := v.Guide.Pointer(one.Words.Pointer)
		what := one.Words.Answer.Label()
		if one.Words.Text != "" {
			what += ". " + one.Words.Text
		}
		rows = append(rows, []ui.TableCell{{Text: pointer.Title}, {Text: what}, {Text: "Pointed to on " + day(one.Words.On) + ". Recorded " + by(v, one.Version)}})
	}
	return rows
}

func marriageRows(v overviewView) []ui.SummaryRow {
	m := v.Known.Marriage[0]
	var rows []ui.SummaryRow
	rows = row(rows, "What is known", m.Words.Stands.Label())
	rows = row(rows, "Do they agree?", m.Words.Agreement.Label())
	rows = row(rows, "In their words", m.Words.What)
	rows = row(rows, "Must not interpret or be spoken to", m.Words.Never)
	rows = row(rows, "What keeps them safe", m.Words.Safety)
	return row(rows, "Recorded", by(v, m.Version))
}

func capacityRows(v overviewView, c circumstances.Capacity) []ui.SummaryRow {
	if c.Apart {
		return []ui.SummaryRow{{Key: "Capacity", Value: "A note is kept apart: it is read by those who work on the case by name, and by managers"}}
	}
	w := c.Words
	var rows []ui.SummaryRow
	rows = row(rows, "Decision", w.Decision.Label()+". "+w.Which)
	rows = row(rows, "What it came to", w.Result.Label())
	rows = row(rows, "Assessed", strings.Trim(strings.Join([]string{dayOr(w.On, ""), w.By, w.Role}, ", "), ", "))
	rows = row(rows, "Reasons", w.Reasons)
	rows = row(rows, "Best interests decided", w.Best.Label())
	rows = row(rows, "An advocate", w.Advocate.Label())
	rows = row(rows, "Who was there", w.Who)
	return row(rows, "Recorded", by(v, c.Version))
}

func effects(w circumstances.ReportWords) string {
	var said []string
	for _, one := range []struct {
		word string
		k    circumstances.Knowing
	}{{"Fear", w.Fear}, {"Injury", w.Injury}, {"Control", w.Control}} {
		said = append(said, one.word+": "+strings.ToLower(one.k.Label()))
	}
	out := strings.Join(said, ". ")
	if w.Effect != "" {
		out += ". " + w.Effect
	}
	return out
}

func reportRows(v overviewView, d circumstances.Direction) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, one := range v.Known.Reports {
		if one.Words.Direction != d {
			continue
		}
		rows = append(rows, []ui.TableCell{{Text: dayOr(one.Words.On, "Not known")}, {Text: one.Words.Sort.Label() + ". " + one.Words.What}, {Text: one.Words.Source.Label()}, {Text: effects(one.Words)}})
	}
	return rows
}

func patternRows(v overviewView) []ui.SummaryRow {
	p := v.Known.Patterns[0]
	var rows []ui.SummaryRow
	rows = row(rows, "Judgement", p.Words.Verdict.Label())
	rows = row(rows, "Who is afraid of whom", p.Words.Fear)
	rows = row(rows, "Who was hurt", p.Words.Injury)
	rows = row(rows, "Who decides over whose life", p.Words.Control)
	rows = row(rows, "Reasons", p.Words.Reason)
	again := day(p.Words.ReviewOn)
	if p.Words.ReviewOn < v.Today {
		again += ": overdue"
	}
	rows = row(rows, "Looked at again", again)
	rows = row(rows, "Recorded", by(v, p.Version))
	if o, given := v.Known.OpinionOn(p.ID); given {
		said := "Agreed. "
		if !o.Words.Agrees {
			said = "Not agreed. "
		}
		return row(rows, "Second opinion", said+o.Words.Reason+" ("+by(v, o.Version)+")")
	}
	return row(rows, "Second opinion", "Not given yet")
}

// bearing are the circumstances that bear on risk, in words for whoever judges
// it.
func (v overviewView) bearing() []string {
	var out []string
	apart := 0
	for _, c := range v.Known.Heads() {
		switch {
		case c.Apart:
			apart++
		case c.Words.Bearing == circumstances.Bears:
			out = append(out, v.kind(c.Words.Kind)+": "+c.Words.How)
		case c.Words.Bearing == circumstances.Undecided:
			out = append(out, v.kind(c.Words.Kind)+": not known yet whether it bears on the danger")
		}
	}
	if apart > 0 {
		out = append(out, count(apart, "is kept apart", "are kept apart"))
	}
	return out
}

func panelRows(v overviewView) []ui.SummaryRow {
	var rows []ui.SummaryRow
	bears := "None is recorded"
	if n := len(v.Known.Heads()); n > 0 {
		bears = count(n, "is recorded", "are recorded")
	}
	rows = row(rows, "That bear on risk", bears)
	if v.Known.Both() {
		rows = row(rows, "Who does what to whom", "Each is said to have harmed the other")
	}
	if len(v.Known.Patterns) > 0 {
		p := v.Known.Patterns[0]
		said := p.Words.Verdict.Label() + ". Looked at again on " + day(p.Words.ReviewOn)
		if v.awaits() {
			said += ". A second opinion is not given yet"
		}
		rows = row(rows, "Judgement", said)
	}
	return rows
}
