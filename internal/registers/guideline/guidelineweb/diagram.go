package guidelineweb

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/registers/guideline"
)

// The documents give the boxes an order and see-also references, and no arrows. The picture is our
// arrangement of both: boxes stand in columns by what they are about, read downwards; lines lead to
// the next box, dashed ones to a see-also. It is worked out from the data, so that the picture never
// says anything else than the list.

// Measures of the picture, in CSS pixels. Nothing is scaled on the screen, so text keeps its size.
const (
	nodeWidth    = 236
	nodePad      = 12
	numberRoom   = 28 // beside the title, for the number
	lineHeight   = 20
	textSize     = 16
	rowGap       = 54
	columnGap    = 60
	sideRoom     = 58 // for lines at the left
	rightRoom    = 6
	edgeRoom     = 4 // so that no stroke is cut off
	bannerHeight = 52
	labelRise    = 12 // of a group's name above its first box
	nodeHeight   = 64 // at least; more when a title needs it
)

// boxGroup is a run of boxes that belong together.
type boxGroup struct {
	Title    string
	Short    string // for the picture, where Title is too long for it
	From, To int
	column   int // of the picture; -1 for the box that stands over all of them
}

// boxGroups is how the boxes are grouped, in the list and in the picture. A box that is in none of
// them comes after them (see grouped).
var boxGroups = []boxGroup{
	{Title: "What this is about", From: 1, To: 1, column: -1},
	{Title: "Plan and work together", From: 2, To: 5, column: 0},
	{Title: "Join up care", From: 6, To: 6, column: 1},
	{Title: "Asking and telling", From: 7, To: 8, column: 1},
	{Title: "Support", From: 9, To: 10, column: 2},
	{Title: "Children and young people", Short: "Children", From: 11, To: 12, column: 2},
	{Title: "Training", From: 13, To: 15, column: 3},
	{Title: "What using services is like", Short: "Using services", From: 16, To: 16, column: 3},
}

// grouped is the groups that the pathway has boxes for, with whatever is in no group at the end.
func grouped(boxes []guideline.OwnBox) []boxGroup {
	var out []boxGroup
	last := 0
	for _, g := range boxGroups {
		if slices.ContainsFunc(boxes, g.has) {
			out = append(out, g)
		}
		last = max(last, g.To)
	}
	more := boxGroup{Title: "More", From: last + 1, To: math.MaxInt, column: 3}
	if slices.ContainsFunc(boxes, more.has) {
		out = append(out, more)
	}
	return out
}

func (g boxGroup) has(b guideline.OwnBox) bool { return b.Number >= g.From && b.Number <= g.To }

// diagram is the picture, ready to be written.
type diagram struct {
	Width, Height int
	Nodes         []node
	Edges         []edge
	Labels        []label
}

// node is one box.
type node struct {
	Number     int
	Title      string
	Href       string
	Banner     bool
	X, Y, W, H int
	Lines      []string

	column, row int
}

// edge is a line from box to box.
type edge struct {
	From, To int
	See      bool // a see-also; otherwise the next box
	Path     string
}

type label struct {
	X, Y int
	Text string
}

// draw works the picture out.
func draw(own *guideline.Own, at addresses) diagram {
	var d diagram
	d.place(own, at)
	var routes []*route
	for _, l := range lines(own) {
		from, to := d.node(l.From), d.node(l.To)
		if from != nil && to != nil {
			routes = append(routes, d.route(l, from, to))
		}
	}
	d.arrange(routes)
	for _, r := range routes {
		r.edge.Path = r.path()
		d.Edges = append(d.Edges, r.edge)
	}
	return d
}

// lines are the edges that the data asks for: to the next box, and to each box that is referred to.
func lines(own *guideline.Own) []edge {
	var out []edge
	for i := range own.Boxes {
		if i > 0 {
			out = append(out, edge{From: own.Boxes[i-1].Number, To: own.Boxes[i].Number})
		}
	}
	for _, b := range own.Boxes {
		var seen []int
		for _, l := range b.Links {
			if !slices.Contains(seen, l.Box) {
				seen = append(seen, l.Box)
				out = append(out, edge{From: b.Number, To: l.Box, See: true})
			}
		}
	}
	return out
}

// place gives every box its column, row and lines of text.
func (d *diagram) place(own *guideline.Own, at addresses) {
	height := nodeHeight
	for _, g := range grouped(own.Boxes) {
		for _, b := range own.Boxes {
			if g.has(b) {
				n := node{Number: b.Number, Title: b.Title, Href: at.box(b.Number), Banner: g.column < 0, W: nodeWidth, column: g.column, row: -1}
				n.Lines = wrap(b.Title, nodeWidth-2*nodePad-numberRoom)
				height = max(height, len(n.Lines)*lineHeight+2*nodePad)
				d.Nodes = append(d.Nodes, n)
			}
		}
	}
	columns, rows := 1, map[int]int{}
	for i := range d.Nodes {
		n := &d.Nodes[i]
		if !n.Banner {
			n.row = rows[n.column]
			rows[n.column]++
			columns = max(columns, n.column+1)
		}
	}
	d.Width = sideRoom + columns*nodeWidth + (columns-1)*columnGap + rightRoom
	top := edgeRoom
	for i := range d.Nodes {
		if n := &d.Nodes[i]; n.Banner {
			n.X, n.Y, n.W = sideRoom, top, d.Width-sideRoom-rightRoom
			n.Lines = wrap(n.Title, n.W-2*nodePad-numberRoom)
			n.H = max(bannerHeight, len(n.Lines)*lineHeight+2*nodePad)
			d.Height = max(d.Height, n.Y+n.H+edgeRoom)
			top = n.Y + n.H + rowGap
		}
	}
	for i := range d.Nodes {
		if n := &d.Nodes[i]; !n.Banner {
			n.X = sideRoom + n.column*(nodeWidth+columnGap)
			n.Y, n.H = top+n.row*(height+rowGap), height
			d.Height = max(d.Height, n.Y+n.H+edgeRoom)
		}
	}
	for _, g := range grouped(own.Boxes) {
		for _, n := range d.Nodes {
			if n.Number == g.From && !n.Banner {
				d.Labels = append(d.Labels, label{n.X, n.Y - labelRise, cmp.Or(g.Short, g.Title)})
			}
		}
	}
}

func (d *diagram) node(number int) *node {
	for i := range d.Nodes {
		if d.Nodes[i].Number == number {
			return &d.Nodes[i]
		}
	}
	return nil
}

// wrap breaks a title into lines no wider than a width.
func wrap(title string, width int) []string {
	var lines []string
	current := ""
	for _, word := range strings.Fields(title) {
		longer := strings.TrimSpace(current + " " + word)
		if current != "" && textWidth(longer) > float64(width) {
			lines = append(lines, current)
			longer = word
		}
		current = longer
	}
	return append(lines, current)
}

// textWidth estimates the width of a text in Helvetica or a face that is as wide, with some room
// to spare for one that is wider.
func textWidth(s string) float64 {
	total := 0.0
	for _, r := range s {
		switch {
		case strings.ContainsRune("ijl'.,:;|! ", r):
			total += 0.26
		case strings.ContainsRune("frtI()-", r):
			total += 0.33
		case strings.ContainsRune("mwMW", r):
			total += 0.83
		case r >= 'A' && r <= 'Z':
			total += 0.7
		default:
			total += 0.556
		}
	}
	return total * textSize * 1.06
}

// line is the height of the base of a line of a box's text, which stands in its middle.
func (n node) line(i int) string {
	top := n.Y + (n.H-len(n.Lines)*lineHeight)/2
	return strconv.Itoa(top + i*lineHeight + 15)
}
