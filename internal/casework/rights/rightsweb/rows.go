package rightsweb

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/rights"
	"waymark/internal/platform/web/ui"
)

// cutPiece takes a choice apart into the part and the record.
func cutPiece(value string) (part, ref string) {
	part, ref, _ = strings.Cut(value, " ")
	return part, ref
}

func toldItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, t := range rights.Tolds() {
		out = append(out, ui.RadioItem{Value: string(t), Text: t.Label()})
	}
	return out
}

func givingItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, g := range rights.Givings() {
		out = append(out, ui.RadioItem{Value: string(g), Text: g.Label()})
	}
	return out
}

func decisionItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, d := range rights.Decisions() {
		out = append(out, ui.RadioItem{Value: string(d), Text: d.Label()})
	}
	return out
}

func reasonItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, r := range rights.Reasons() {
		out = append(out, ui.RadioItem{Value: string(r), Text: r.Label()})
	}
	return out
}

func holdItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, r := range rights.HoldReasons() {
		out = append(out, ui.RadioItem{Value: string(r), Text: r.Label()})
	}
	return out
}

func verdictItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, r := range rights.Verdicts() {
		out = append(out, ui.RadioItem{Value: string(r), Text: r.Label()})
	}
	return out
}

func kindItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, k := range rights.RecordKinds() {
		out = append(out, ui.RadioItem{Value: string(k), Text: k.Label()})
	}
	return out
}

func correctionKindItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, k := range rights.CorrectionKinds() {
		out = append(out, ui.RadioItem{Value: string(k), Text: k.Label()})
	}
	return out
}

func accessRows(v copiesView) []ui.SummaryRow {
	var out []ui.SummaryRow
	for _, a := range v.List {
		out = append(out, ui.SummaryRow{
			Key: a.State.Label(), Value: dueWords(a),
			Actions: []ui.Link{{Text: "Open", HiddenText: "the working copy due on " + dayOf(a.Due), Href: a.Path(v.File)}},
		})
	}
	return out
}

// dueWords say when an answer is due.
func dueWords(a rights.Access) string {
	if a.Stopped() && a.State != rights.Released && a.State != rights.Ended {
		return "The time for the answer stands still. What was asked of the person is awaited"
	}
	return "The answer is due on " + dayOf(a.Due)
}

func timeRows(v workingView) []ui.SummaryRow {
	rows := []ui.SummaryRow{{Key: "The request came", Value: dayOf(v.Access.Received)}}
	for _, s := range v.Access.Times {
		value := dayOf(s.Since) + " to " + dayOf(s.Until) + ". " + s.Why
		switch {
		case s.Months > 0:
			value = months(s.Months) + " more, taken on " + dayOf(s.Since) + ". The person was told: " + s.Why
		case s.Awaited():
			value = "Asked on " + dayOf(s.Since) + ", and awaited. " + s.Why
		}
		rows = append(rows, ui.SummaryRow{Key: s.Kind.Label(), Value: value + " (" + v.Names[s.RecordedBy] + ")"})
	}
	return append(rows, ui.SummaryRow{Key: "The answer", Value: dueWords(v.Access)})
}

func timeItems(kinds []rights.TimeKind) []ui.RadioItem {
	var out []ui.RadioItem
	for _, k := range kinds {
		out = append(out, ui.RadioItem{Value: string(k), Text: k.Label()})
	}
	return out
}

func spanItems(spans []rights.Span) []ui.RadioItem {
	var out []ui.RadioItem
	for _, s := range spans {
		out = append(out, ui.RadioItem{Value: s.ID, Text: s.Kind.Label() + ", asked on " + dayOf(s.Since)})
	}
	return out
}

func talkRows(v workingView) []ui.SummaryRow {
	a := v.Access
	return []ui.SummaryRow{
		{Key: "Is somebody making them ask?", Value: a.Pressed.Label()},
		{Key: "Who else will see it", Value: a.SeenBy},
		{Key: "Is it safe to hold a copy?", Value: a.Holding.Label()},
		{Key: "What they said", Value: a.Talk},
		{Key: "Recorded", Value: day(a.TalkedAt) + " by " + v.Names[a.TalkedBy]},
	}
}

func tags(i rights.Item) string {
	var out []string
	for _, t := range i.Tags {
		out = append(out, t.Label())
	}
	return strings.Join(out, ", ")
}

func decisionColour(d rights.Decision) ui.TagColour {
	switch d {
	case rights.Give:
		return ui.TagGreen
	case rights.GivePart:
		return ui.TagYellow
	case rights.Withhold:
		return ui.TagGrey
	case rights.Undecided:
	}
	return ui.TagRed
}

// run is a run of text on the working copy, left out or not.
type run struct {
	text string
	out  bool
}

// runs divides a line by what is left out of it.
func runs(i rights.Item, line string) []run {
	if i.Decision == rights.Withhold {
		return []run{{line, true}}
	}
	var out []run
	at := 0
	for _, span := range i.Spans(line) {
		if span[0] > at {
			out = append(out, run{line[at:span[0]], false})
		}
		out = append(out, run{line[span[0]:span[1]], true})
		at = span[1]
	}
	if at < len(line) {
		out = append(out, run{line[at:], false})
	}
	return out
}

func why(v workingView, i rights.Item) string {
	return i.Reason.Label() + ". " + i.Note + " (" + v.Names[i.DecidedBy] + ", " + day(i.DecidedAt) + ")"
}

func heading(i rights.Item) string {
	if i.Apart {
		return "Kept apart: " + i.Compartment.Label()
	}
	if i.Title == "" && len(i.Lines) == 0 {
		return "Erased since it was collected"
	}
	if i.On != "" {
		return dayOf(i.On) + ": " + i.Title
	}
	return i.Title
}

func holdRows(v keepingView, h rights.Hold) []ui.SummaryRow {
	rows := []ui.SummaryRow{{Key: "Why", Value: h.Reason.Label()}, {Key: "Who asked, and what about", Value: h.Words}, {Key: "Set", Value: day(h.SetAt) + " by " + v.Names[h.SetBy]}}
	if !h.LiftedAt.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: "Lifted", Value: day(h.LiftedAt) + " by " + v.Names[h.LiftedBy] + ": " + h.LiftedWhy})
	}
	return rows
}

func keepingRows(v keepingView) []ui.SummaryRow {
	k := v.Keeping
	state := "It is open"
	if !k.Closed.IsZero() {
		state = "It was closed on " + day(k.Closed)
	}
	var kinds []string
	for _, kind := range k.Kinds {
		kinds = append(kinds, kind.Label())
	}
	period, until := "Your agency has decided no period for this. It is kept until it has", "Not known"
	if k.Decided {
		period = months(k.Schedule.Months) + " after it was closed. It rests on: " + k.Schedule.Authority
	}
	switch {
	case k.Held:
		until = "As long as a legal hold stands"
	case k.Until != "":
		until = dayOf(k.Until)
	case k.Decided:
		until = "It begins to count when the case is closed"
	}
	return []ui.SummaryRow{
		{Key: "The case", Value: state}, {Key: "What it counts as", Value: strings.Join(kinds, "; ")}, {Key: "Period", Value: period}, {Key: "Kept until", Value: until},
	}
}

func months(n int) string {
	if n%12 == 0 {
		if n == 12 {
			return "1 year"
		}
		return strconv.Itoa(n/12) + " years"
	}
	if n == 1 {
		return "1 month"
	}
	return strconv.Itoa(n) + " months"
}

func scheduleRows(v recordsView) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, k := range rights.RecordKinds() {
		row := []ui.TableCell{{Text: k.Label()}, {Text: "Not decided: none is destroyed"}, {Text: ""}}
		for _, s := range v.Schedules {
			if s.Kind == k {
				row = []ui.TableCell{{Text: k.Label()}, {Text: months(s.Months)}, {Text: fmt.Sprintf("%s. Decided on %s by %s", s.Authority, day(s.DecidedAt), v.Names[s.DecidedBy])}}
			}
		}
		out = append(out, row)
	}
	return out
}

func dueRows(v recordsView) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, f := range v.Due {
		until := "Not decided"
		if f.Until != "" {
			until = dayOf(f.Until)
		}
		out = append(out, []ui.TableCell{{Content: dueLink(f)}, {Text: day(f.Closed)}, {Text: until}})
	}
	return out
}

func openRows(v recordsView) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, o := range v.Open {
		due := dayOf(o.Due)
		if o.Stopped {
			due = "Stands still: an answer of the person is awaited"
		}
		out = append(out, []ui.TableCell{{Content: openLink(o)}, {Text: o.State.Label()}, {Text: due}})
	}
	return out
}

func certificateRows(v recordsView) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, d := range v.Certificates {
		out = append(out, []ui.TableCell{{Content: certificateLink(d)}, {Text: d.Kind.Label()}, {Text: day(d.DestroyedAt)}})
	}
	return out
}

func certificateFacts(d rights.Destruction, names map[string]string) []ui.SummaryRow {
	return []ui.SummaryRow{
		{Key: "Case", Value: "Number " + strconv.FormatInt(d.Number, 10)},
		{Key: "Kind", Value: d.Kind.Label()},
		{Key: "Schedule", Value: months(d.Months) + " after it was closed. It rests on: " + d.Authority},
		{Key: "Reviewed", Value: day(d.ReviewedAt) + " by " + names[d.ReviewedBy]},
		{Key: "Destroyed", Value: day(d.DestroyedAt) + " by " + names[d.DestroyedBy]},
	}
}

func countRows(d rights.Destruction) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, kind := range slices.Sorted(maps.Keys(d.Counts)) {
		out = append(out, []ui.TableCell{{Text: strings.ToUpper(kind[:1]) + kind[1:]}, {Text: strconv.FormatInt(d.Counts[kind], 10), Format: ui.Numeric}})
	}
	return out
}

func correctionRows(v correctionsView) []ui.SummaryRow {
	var out []ui.SummaryRow
	for _, c := range v.List {
		out = append(out, ui.SummaryRow{
			Key: c.Kind.Label(), Value: c.State.Label() + ". Asked on " + day(c.AskedAt),
			Actions: []ui.Link{{Text: "Open", HiddenText: "what was asked on " + day(c.AskedAt), Href: c.Path(v.File)}},
		})
	}
	return out
}

func askedRows(v correctionView) []ui.SummaryRow {
	c := v.Correction
	asked := c.Asked
	if asked == "" {
		asked = "Erased with what it was about"
	}
	rows := []ui.SummaryRow{{Key: "What is asked for", Value: c.Kind.Label()}, {Key: "What is wrong", Value: asked}, {Key: "Recorded", Value: day(c.AskedAt) + " by " + v.Names[c.AskedBy]}}
	if c.State != rights.CorrectionAsked {
		rows = append(rows, ui.SummaryRow{Key: c.State.Label(), Value: day(c.DecidedAt) + " by " + v.Names[c.DecidedBy] + ": " + c.Reason})
	}
	return rows
}

func pieceText(p *cases.Piece) []string {
	if p == nil {
		return []string{"It is not there any more."}
	}
	return append([]string{p.Title}, p.Lines...)
}
