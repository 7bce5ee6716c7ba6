package ui

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// Text is escaped text as a component, for the places that take one.
func Text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(s))
		return err
	})
}

// content is what a slot shows: the component if there is one, else the text.
func content(text string, c templ.Component) templ.Component {
	if c != nil {
		return c
	}
	return Text(text)
}

// has says whether a slot shows anything.
func has(text string, c templ.Component) bool { return c != nil || text != "" }

// or is the first of the two that is not empty.
func or(s, fallback string) string {
	if s != "" {
		return s
	}
	return fallback
}

// join puts the parts that are not empty together with single spaces: class lists, lists of ids.
func join(parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		if part == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(part)
	}
	return b.String()
}

// when is s if the condition holds.
func when(condition bool, s string) string {
	if condition {
		return s
	}
	return ""
}

// Link is a link in a list of links: a breadcrumb, an action beside a row, an error in a summary.
type Link struct {
	Text       string
	Href       string
	HiddenText string // read out after the text, not shown: "Change" + "date of birth"
	Content    templ.Component
	Classes    string
	Lang, Dir  string // where the text is in another language than the page
}

// HiddenField is a value a form carries unseen.
type HiddenField struct{ Name, Value string }
