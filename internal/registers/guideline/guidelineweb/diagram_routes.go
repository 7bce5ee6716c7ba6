package guidelineweb

import (
	"fmt"
	"slices"
	"strings"
)

// A route leaves a box at a side, runs up or down in a channel between columns, and enters a box at
// a side. Channel i is left of column i. Which side, in which order lines touch a box, and in which
// lane they run is chosen so that few lines cross: each choice is tried, and kept when it helps.
type route struct {
	edge     edge
	from, to end
	straight bool // down to the next row, without a channel
	// oneColumn is set where both boxes are in one column, so that the line can run on either side.
	oneColumn bool
	runs      []*run // one, or two with a crossing under the last row between them
}

// end is where a line touches a box, or turns under the last row.
type end struct {
	node  *node
	other *node
	x, y  int
	left  bool // it lies left of the channel
	above bool // it lies above the channel: the line needs no turn to reach it
}

// run is the part of a route in a channel.
type run struct {
	channel  int
	from, to *end
	x        int // its lane
}

func (r *run) ends() [2]*end { return [2]*end{r.from, r.to} }
func (r *run) top() int      { return min(r.from.y, r.to.y) }
func (r *run) bottom() int   { return max(r.from.y, r.to.y) }

func (d *diagram) route(e edge, from, to *node) *route {
	r := &route{edge: e, from: end{node: from, other: to}, to: end{node: to, other: from}}
	channel := func(list ...int) {
		for _, c := range list {
			r.runs = append(r.runs, &run{channel: c, from: &r.from, to: &r.to})
		}
	}
	switch {
	case !e.See && to.row == from.row+1 && (from.Banner || from.column == to.column):
		r.straight = true
		r.from.x, r.from.y = to.X+to.W-straightFrom, from.Y+from.H
		r.to.x, r.to.y = r.from.x, to.Y
		return r
	case from.Banner || to.Banner:
		column := max(from.column, to.column)
		channel(column)
		for _, e := range []*end{&r.from, &r.to} {
			if e.node.Banner && column > 0 {
				e.above, e.y = true, e.node.Y+e.node.H
			}
		}
	case from.column == to.column:
		r.oneColumn = true
		channel(from.column)
	case to.column == from.column+1:
		channel(to.column)
	case to.column == from.column-1:
		channel(from.column)
	case to.column > from.column:
		channel(from.column+1, to.column)
	default:
		channel(from.column, to.column+1)
	}
	if len(r.runs) == 2 { // it crosses the columns between under the last row
		d.Height += lineHeight
		y := d.Height - lineHeight/2
		r.runs[0].to = &end{y: y, left: r.runs[1].channel < r.runs[0].channel}
		r.runs[1].from = &end{y: y, left: r.runs[1].channel > r.runs[0].channel}
	}
	r.touch()
	return r
}

// straightFrom keeps straight lines clear of the names of groups: they are so far from the right
// side of their boxes.
const straightFrom = 12

// touch sets which sides of its boxes a route touches.
func (r *route) touch() {
	for i, e := range []*end{&r.from, &r.to} {
		e.left = !e.node.Banner && r.runs[i*(len(r.runs)-1)].channel > e.node.column
		e.x = e.node.X
		if e.left { // the box lies left of the channel: the line touches its right side
			e.x += e.node.W
		}
	}
}

// side is one side of a box with the lines that touch it, from the top.
type side struct {
	node *node
	left bool
	ends []*end
}

func sidesOf(routes []*route) []*side {
	var out []*side
	for _, r := range routes {
		if r.straight {
			continue
		}
		for _, e := range []*end{&r.from, &r.to} {
			if e.above {
				continue
			}
			at := slices.IndexFunc(out, func(s *side) bool { return s.node == e.node && s.left == e.left })
			if at < 0 {
				out = append(out, &side{node: e.node, left: e.left})
				at = len(out) - 1
			}
			out[at].ends = append(out[at].ends, e)
		}
	}
	for _, s := range out {
		slices.SortStableFunc(s.ends, func(a, b *end) int { return a.other.Y - b.other.Y })
		s.spread()
	}
	return out
}

// spread puts the ends of a side at equal distances.
func (s *side) spread() {
	for i, e := range s.ends {
		e.y = s.node.Y + s.node.H*(i+1)/(len(s.ends)+1)
	}
}

// arrange makes all the choices.
func (d *diagram) arrange(routes []*route) {
	chooseSides(routes)
	sides := sidesOf(routes)
	chooseOrder(sides, routes)
	level(sides, routes)
	d.lanes(routes)
}

// chooseSides lets a line between boxes of one column run at the right of it where that makes
// fewer lines cross than at the left.
func chooseSides(routes []*route) {
	sidesOf(routes)
	fewest := crossed(routes)
	for _, r := range routes {
		if !r.oneColumn {
			continue
		}
		r.runs[0].channel++
		r.touch()
		sides := sidesOf(routes)
		chooseOrder(sides, routes)
		if n := crossed(routes); n < fewest {
			fewest = n
			continue
		}
		r.runs[0].channel--
		r.touch()
	}
}

// chooseOrder swaps lines that touch the same side of a box as long as that leaves fewer crossings.
func chooseOrder(sides []*side, routes []*route) {
	fewest := crossed(routes)
	for better := true; better; {
		better = false
		for _, s := range sides {
			for i := range s.ends {
				for j := range i {
					s.ends[i], s.ends[j] = s.ends[j], s.ends[i]
					s.spread()
					if n := crossed(routes); n < fewest {
						fewest, better = n, true
						continue
					}
					s.ends[i], s.ends[j] = s.ends[j], s.ends[i]
					s.spread()
				}
			}
		}
	}
}

// portRoom is how near to each other lines may touch a box.
const portRoom = 14

// level takes the bend out of lines between neighbours of one row where there is room for it.
func level(sides []*side, routes []*route) {
	free := func(e *end, y int) bool {
		for _, s := range sides {
			for _, o := range s.ends {
				if o != e && s.node == e.node && s.left == e.left && max(o.y-y, y-o.y) < portRoom {
					return false
				}
			}
		}
		return true
	}
	for _, r := range routes {
		if len(r.runs) != 1 || r.oneColumn || r.from.above || r.to.above || r.from.node.row != r.to.node.row {
			continue
		}
		before, was := crossed(routes), [2]int{r.from.y, r.to.y}
		switch {
		case free(&r.from, r.to.y):
			r.from.y = r.to.y
		case free(&r.to, r.from.y):
			r.to.y = r.from.y
		}
		if crossed(routes) > before {
			r.from.y, r.to.y = was[0], was[1]
		}
	}
}

// crossed counts the crossings that are left when every channel is in its best order.
func crossed(routes []*route) int {
	n := 0
	for _, runs := range channels(routes) {
		n += crossings(bestOrder(runs))
	}
	return n
}

func channels(routes []*route) map[int][]*run {
	out := map[int][]*run{}
	for _, r := range routes {
		for _, u := range r.runs {
			out[u.channel] = append(out[u.channel], u)
		}
	}
	return out
}

// lanes gives the lines in each channel a lane of their own, in the order with the fewest crossings.
func (d *diagram) lanes(routes []*route) {
	for channel, runs := range channels(routes) {
		left, room := sideRoom+channel*(nodeWidth+columnGap)-columnGap, columnGap
		switch {
		case channel == 0:
			left, room = 0, sideRoom
		case left+columnGap > d.Width: // right of the last column
			d.Width = left + columnGap
		}
		for i, u := range bestOrder(runs) {
			u.x = left + room*(i+1)/(len(runs)+1)
		}
	}
}

// mostPermuted is how many lines in one channel are put into every order to find the best one.
const mostPermuted = 6

func bestOrder(runs []*run) []*run {
	best := slices.Clone(runs)
	fewest := crossings(best)
	if fewest == 0 || len(runs) > mostPermuted {
		return best
	}
	permute(slices.Clone(runs), 0, func(order []*run) bool {
		if n := crossings(order); n < fewest {
			best, fewest = slices.Clone(order), n
		}
		return fewest > 0
	})
	return best
}

// permute shows every order of a list, until visit has seen enough.
func permute(list []*run, from int, visit func([]*run) bool) bool {
	if from == len(list) {
		return visit(list)
	}
	for i := from; i < len(list); i++ {
		list[from], list[i] = list[i], list[from]
		more := permute(list, from+1, visit)
		list[from], list[i] = list[i], list[from]
		if !more {
			return false
		}
	}
	return true
}

// crossings counts how often lines cross when their lanes come in this order from the left. Lines
// that would lie on each other count double.
func crossings(order []*run) int {
	n := 0
	for i, upright := range order {
		for j, other := range order {
			if i == j {
				continue
			}
			for _, e := range other.ends() {
				if e.above {
					continue
				}
				passes := e.left && i < j || !e.left && i > j
				if passes && e.y > upright.top() && e.y < upright.bottom() {
					n++
				}
				for _, mine := range upright.ends() {
					if !mine.above && mine.y == e.y && mine.left && !e.left && j < i {
						n += 2
					}
				}
			}
		}
	}
	return n
}

// path is the line as SVG writes it.
func (r *route) path() string {
	var b strings.Builder
	if r.from.above {
		r.from.x = r.runs[0].x
	}
	if r.to.above {
		r.to.x = r.runs[len(r.runs)-1].x
	}
	fmt.Fprintf(&b, "M%d %d", r.from.x, r.from.y)
	for _, u := range r.runs {
		if u.from.y != u.to.y {
			fmt.Fprintf(&b, " H%d V%d", u.x, u.to.y)
		}
	}
	if r.straight {
		fmt.Fprintf(&b, " V%d", r.to.y)
	} else {
		fmt.Fprintf(&b, " H%d", r.to.x)
	}
	return b.String()
}
