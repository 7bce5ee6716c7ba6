package guidelineweb_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every node of the diagram is an entry of the list with the same title and the same address, in the
// same order (S30).
func TestTheDiagramShowsWhatTheListShows(t *testing.T) {
	s := open(t)
	for path, prefix := range map[string]string{"/pathway": "/pathway/", "/pathway/all": "#box-"} {
		a := s.Anyone(t).Get(path).OK(t)
		var list, nodes []string
		for i, link := range a.Select("ol.app-steps h4 a") {
			list = append(list, link.Attr("href"))
			if want := prefix + strconv.Itoa(s.own.Boxes[i].Number); link.Attr("href") != want || !strings.HasSuffix(link.Text(), words(s.own.Boxes[i].Title)) {
				t.Errorf("%s: entry %d is %q to %s", path, i+1, link.Text(), link.Attr("href"))
			}
		}
		if len(list) != len(s.own.Boxes) {
			t.Errorf("%s: the list has %d entries", path, len(list))
		}
		for i, node := range a.Select("svg.app-flow a") {
			nodes = append(nodes, node.Attr("href"))
			b := s.own.Boxes[i]
			name := strconv.Itoa(b.Number) + " " + words(b.Title)
			if got := node.Select("title").Text(); got != name {
				t.Errorf("%s: the title of node %d is %q", path, b.Number, got)
			}
			shown := node.Select(".app-flow__number").Text() + " " + strings.Join(node.Select("tspan").Texts(), " ")
			if shown != name {
				t.Errorf("%s: node %d shows %q", path, b.Number, shown)
			}
			if height, err := strconv.Atoi(node.Select("rect")[0].Attr("height")); err != nil || height < 44 {
				t.Errorf("%s: node %d is %d high", path, b.Number, height)
			}
		}
		if !slices.Equal(list, nodes) {
			t.Errorf("%s: the list leads to %q, the diagram to %q", path, list, nodes)
		}
	}
}

func TestTheDiagramCanBeReachedAndPassedWithTheKeyboard(t *testing.T) {
	a := open(t).Anyone(t).Get("/pathway").OK(t)
	svg := a.One(t, "svg.app-flow")
	if len(svg.Select("[aria-hidden=true] a")) > 0 || svg.In("[aria-hidden=true]") || svg.Attr("role") == "img" {
		t.Error("the links of the diagram are hidden from assistive technology")
	}
	if len(svg.Select("path.app-flow__edge")) != len(svg.Select("g[aria-hidden=true] path.app-flow__edge")) {
		t.Error("lines are read out")
	}
	if len(svg.Select("[tabindex]")) > 0 || len(a.Select("[role=application]")) > 0 {
		t.Error("Tab does not go through the diagram in the ordinary way")
	}
	region := a.One(t, ".app-scroll")
	if region.Attr("tabindex") != "0" || region.Attr("role") != "region" || region.Attr("aria-label") == "" {
		t.Error("the diagram is not in a region that can be scrolled with the keyboard")
	}
	if a.One(t, `a[href="#after-diagram"]`).Text() != "Skip the diagram" {
		t.Error("there is no way past the diagram")
	}
	a.Says(t, "draws no arrows", "our arrangement")
	for _, to := range []string{"#list", "#diagram"} {
		if len(a.Select(`nav a[href="`+to+`"]`)) != 1 {
			t.Errorf("the switch does not lead to %s", to)
		}
	}
}
