package official

import (
	"fmt"
	"strings"
)

// String tells the changes in plain text, one below the other, for a terminal or a page.
func (c Changes) String() string {
	if c.Empty() {
		return "The two versions say the same.\n"
	}
	var b strings.Builder
	if c.OldUpdated != c.NewUpdated {
		fmt.Fprintf(&b, "Last updated: %s, now %s\n", c.OldUpdated, c.NewUpdated)
	}
	for _, box := range c.Boxes {
		box.write(&b)
	}
	for _, part := range []struct {
		name string
		list []TextChange
	}{
		{"Title", c.Title},
		{"Who should act", c.Recommendations},
		{"Summary of actors", c.Actors},
		{"Quality statements", c.Statements},
		{"Glossary", c.Glossary},
		{"Guidance elsewhere", c.Pointers},
		{"Sources", c.Sources},
		{"Responsibility", c.Responsibility},
		{"Whom it is for", c.Scope},
	} {
		if len(part.list) > 0 {
			fmt.Fprintf(&b, "%s\n", part.name)
			writeTexts(&b, "  ", part.list)
		}
	}
	return b.String()
}

func (c BoxChange) write(b *strings.Builder) {
	switch c.Kind {
	case Added:
		fmt.Fprintf(b, "Box %d %q: added\n", c.New, c.NewTitle)
	case Removed:
		fmt.Fprintf(b, "Box %d %q: removed\n", c.Old, c.OldTitle)
	case Moved:
		fmt.Fprintf(b, "Box %d %q: was box %d\n", c.New, c.NewTitle, c.Old)
	default:
		fmt.Fprintf(b, "Box %d %q: reworded\n", c.New, c.NewTitle)
	}
	if c.Old > 0 && c.New > 0 && c.OldTitle != c.NewTitle {
		fmt.Fprintf(b, "  title was: %s\n  title now: %s\n", c.OldTitle, c.NewTitle)
	}
	for _, s := range c.Sections {
		s.write(b)
	}
	for _, o := range c.Others {
		fmt.Fprintf(b, "  %s were: %s\n  %s now: %s\n", o.What, orNone(o.Old), o.What, orNone(o.New))
	}
}

func (s SectionChange) write(b *strings.Builder) {
	indent := "  "
	title := s.NewTitle
	if s.Kind == Removed {
		title = s.OldTitle
	}
	if s.OldTitle+s.NewTitle != "" {
		fmt.Fprintf(b, "  Under %q", title)
		switch {
		case s.Kind != Reworded:
			fmt.Fprintf(b, " (%s)", s.Kind)
		case s.OldTitle != s.NewTitle:
			fmt.Fprintf(b, ", before %q", s.OldTitle)
		}
		b.WriteString("\n")
		indent = "    "
	}
	writeTexts(b, indent, s.Audience)
	writeTexts(b, indent, s.Items)
}

func writeTexts(b *strings.Builder, indent string, list []TextChange) {
	for _, t := range list {
		what := ""
		if t.What != "" {
			what = " " + t.What
		}
		switch t.Kind {
		case Added:
			fmt.Fprintf(b, "%s+%s %s\n", indent, what, strings.TrimSpace(t.New))
		case Removed:
			fmt.Fprintf(b, "%s-%s %s\n", indent, what, strings.TrimSpace(t.Old))
		case Reordered:
			fmt.Fprintf(b, "%s~%s in another order\n", indent, what)
		default:
			fmt.Fprintf(b, "%s~%s was: %s\n%s %s now: %s\n", indent, what, strings.TrimSpace(t.Old),
				indent, strings.Repeat(" ", len(what)), strings.TrimSpace(t.New))
		}
	}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
