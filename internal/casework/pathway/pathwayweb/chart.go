package pathwayweb

import (
	"strconv"
	"strings"

	"waymark/internal/casework/pathway"
)

// Measures of the flowchart, in CSS pixels. Nothing is scaled on the screen, so
// text keeps its size; what is wider than the screen scrolls.
const (
	chartPad      = 12
	chartLine     = 20
	chartGap      = 26
	chartSpine    = 18
	chartAskX     = 44
	chartAsk      = 280
	chartStepX    = 372
	chartStep     = 280
	chartWidth    = chartStepX + chartStep + 6
	chartMost     = 6   // lines of a condition; the list has the whole of it
	chartLetter   = 8.4 // width of a letter, wide enough for most faces
	chartTop      = 4
	chartStartBox = 44
)

// chart is the flowchart of a pathway: what is asked of the case at the left, the
// step that it calls for at the right. It says nothing that the list does not.
type chart struct {
	Width, Height int
	Start         chartBox
	Rows          []chartRow
	Spine         string // the path of the line that leads from question to question
}

type chartRow struct {
	Ask, Step chartBox
	Number    int
	Href      string
	In, Over  string // paths of the lines
}

type chartBox struct {
	X, Y, W, H int
	Lines      []string
}

// line is the height of the base of a line of a box's text.
func (b chartBox) line(i int) string {
	return strconv.Itoa(b.Y + (b.H-len(b.Lines)*chartLine)/2 + i*chartLine + 15)
}

func (b chartBox) left() string { return strconv.Itoa(b.X + chartPad) }

func draw(d pathway.Document) chart {
	c := chart{Width: chartWidth, Start: chartBox{4, chartTop, chartWidth - 8, chartStartBox, []string{d.For.Label() + ": what is recorded of the case?"}}}
	y := chartTop + chartStartBox + chartGap
	middle := y
	for n, s := range d.Steps {
		words := s.When.Words()
		if !s.Unless.IsZero() {
			words += ", unless " + s.Unless.Words()
		}
		ask := wrap(words, chartAsk)
		if len(ask) > chartMost {
			ask = append(ask[:chartMost-1], ask[chartMost-1]+" …")
		}
		step := wrap(strconv.Itoa(n+1)+". "+s.Title, chartStep)
		step = append(step, wrap(s.Soon(), chartStep)...)
		h := max(len(ask), len(step))*chartLine + 2*chartPad
		middle = y + h/2
		m := strconv.Itoa(middle)
		c.Rows = append(c.Rows, chartRow{
			Ask: chartBox{chartAskX, y, chartAsk, h, ask}, Step: chartBox{chartStepX, y, chartStep, h, step}, Number: n + 1, Href: "#step-" + s.ID,
			In:   "M" + strconv.Itoa(chartSpine) + " " + m + " H" + strconv.Itoa(chartAskX),
			Over: "M" + strconv.Itoa(chartAskX+chartAsk) + " " + m + " H" + strconv.Itoa(chartStepX),
		})
		y += h + chartGap
	}
	c.Height = y - chartGap + 6
	c.Spine = "M" + strconv.Itoa(chartSpine) + " " + strconv.Itoa(chartTop+chartStartBox) + " V" + strconv.Itoa(middle)
	return c
}

// wrap breaks a text into lines that fit into a box.
func wrap(text string, width int) []string {
	most := int(float64(width-2*chartPad) / chartLetter)
	var lines []string
	current := ""
	for _, word := range strings.Fields(text) {
		longer := strings.TrimSpace(current + " " + word)
		if current != "" && len([]rune(longer)) > most {
			lines = append(lines, current)
			longer = word
		}
		current = longer
	}
	return append(lines, current)
}
