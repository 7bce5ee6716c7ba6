package guidelineweb

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/registers/guideline"
)

func shipped(t testing.TB) *guideline.Own {
	t.Helper()
	own, err := guideline.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return own
}

func TestThePictureHasALineForEachStepAndEachReference(t *testing.T) {
	own := shipped(t)
	have := map[string]int{}
	for _, e := range draw(own, addresses{}).Edges {
		have[fmt.Sprint(e.From, e.To, e.See)]++
	}
	want := map[string]int{}
	for i, b := range own.Boxes {
		if i > 0 {
			want[fmt.Sprint(own.Boxes[i-1].Number, b.Number, false)] = 1
		}
		for _, l := range b.Links {
			want[fmt.Sprint(b.Number, l.Box, true)] = 1
		}
	}
	if fmt.Sprint(have) != fmt.Sprint(want) {
		t.Errorf("the lines are %v, wanted %v", have, want)
	}
}

func TestThePictureIsTheSameEachTime(t *testing.T) {
	own := shipped(t)
	first := fmt.Sprint(draw(own, addresses{}))
	for range 5 {
		if fmt.Sprint(draw(own, addresses{})) != first {
			t.Fatal("two pictures of the same pathway differ")
		}
	}
}

// Of the shipped pathway two pairs of lines must cross, and no more do: see-also 2 to 7 passes the
// two lines from 5 to 6.
func TestFewLinesOfThePictureCross(t *testing.T) {
	own := shipped(t)
	var d diagram
	d.place(own, addresses{})
	var routes []*route
	for _, l := range lines(own) {
		routes = append(routes, d.route(l, d.node(l.From), d.node(l.To)))
	}
	d.arrange(routes)
	if n := crossed(routes); n > 2 {
		t.Errorf("%d crossings", n)
	}
}

var step = regexp.MustCompile(`([MHV])(\d+)(?: (\d+))?`)

type segment struct{ x1, y1, x2, y2 int }

func segments(path string) []segment {
	var out []segment
	x, y := 0, 0
	for _, m := range step.FindAllStringSubmatch(path, -1) {
		n, _ := strconv.Atoi(m[2])
		s := segment{x, y, x, y}
		switch m[1] {
		case "M":
			x = n
			y, _ = strconv.Atoi(m[3])
			continue
		case "H":
			x = n
		case "V":
			y = n
		}
		s.x2, s.y2 = x, y
		out = append(out, s)
	}
	return out
}

func (s segment) enters(n node) bool {
	return max(s.x1, s.x2) > n.X && min(s.x1, s.x2) < n.X+n.W && max(s.y1, s.y2) > n.Y && min(s.y1, s.y2) < n.Y+n.H
}

// whole holds whatever the data: boxes do not overlap, lines pass through none, all is inside.
func whole(t interface{ Errorf(string, ...any) }, d diagram) {
	for i, n := range d.Nodes {
		if n.X < 0 || n.Y < 0 || n.X+n.W > d.Width || n.Y+n.H > d.Height || n.H < 44 {
			t.Errorf("box %d stands at %d,%d and is %d by %d in a picture of %d by %d", n.Number, n.X, n.Y, n.W, n.H, d.Width, d.Height)
		}
		if len(n.Lines)*lineHeight > n.H {
			t.Errorf("the title of box %d does not fit", n.Number)
		}
		for _, o := range d.Nodes[:i] {
			if (segment{o.X, o.Y, o.X + o.W, o.Y + o.H}).enters(n) {
				t.Errorf("boxes %d and %d overlap", o.Number, n.Number)
			}
		}
	}
	for _, e := range d.Edges {
		list := segments(e.Path)
		if len(list) == 0 {
			t.Errorf("the line from %d to %d is %q", e.From, e.To, e.Path)
		}
		for _, s := range list {
			if min(s.x1, s.x2) < 0 || max(s.x1, s.x2) > d.Width || max(s.y1, s.y2) > d.Height {
				t.Errorf("the line from %d to %d leaves the picture", e.From, e.To)
			}
			for _, n := range d.Nodes {
				if s.enters(n) {
					t.Errorf("the line from %d to %d passes through box %d: %s", e.From, e.To, n.Number, e.Path)
				}
			}
		}
	}
}

func TestNothingInThePictureCoversABox(t *testing.T) { whole(t, draw(shipped(t), addresses{})) }

func TestNothingCoversABoxWhateverThePathway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		own := &guideline.Own{}
		count := rapid.IntRange(1, 22).Draw(t, "boxes")
		for n := 1; n <= count; n++ {
			b := guideline.OwnBox{Number: n, Title: rapid.StringMatching(`([A-Za-z]{1,14} ){1,14}`).Draw(t, "title")}
			for range rapid.IntRange(0, 2).Draw(t, "links") {
				if to := rapid.IntRange(1, count).Draw(t, "to"); to != n {
					b.Links = append(b.Links, guideline.OwnLink{Box: to})
				}
			}
			own.Boxes = append(own.Boxes, b)
		}
		whole(t, draw(own, addresses{}))
	})
}
