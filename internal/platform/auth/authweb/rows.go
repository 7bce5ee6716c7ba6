package authweb

import (
	"net/url"
	"time"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/web/ui"
)

// deviceForm is what a form for a device is made from.
type deviceForm struct {
	Kind   string // "get" or "create"
	Action string
	Asking auth.Asking
	Next   string
	Naming bool
	Button string
}

// withNext is an address that leads on to another one.
func withNext(path, next string) string {
	if next == "" {
		return path
	}
	return path + "?" + url.Values{"next": {next}}.Encode()
}

func day(t time.Time) string {
	if t.IsZero() {
		return "Never"
	}
	return t.Format("2 January 2006 at 15:04")
}

func factorRows(list []auth.SecondFactor) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, f := range list {
		rows = append(rows, []ui.TableCell{
			{Text: f.Name}, {Text: f.Kind.Label()}, {Text: day(f.Added)}, {Text: day(f.UsedAt)}, {Content: removeFactor(f.ID, f.Name)},
		})
	}
	return rows
}

func sessionRows(list []auth.Own) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, s := range list {
		change := ui.TableCell{Content: endOne(s.ID, browserOf(s))}
		if s.This {
			change = ui.TableCell{Text: "This one"}
		}
		rows = append(rows, []ui.TableCell{{Text: browserOf(s)}, {Text: day(s.Began)}, {Text: day(s.Seen)}, {Text: s.Factor.Label()}, change})
	}
	return rows
}

func browserOf(s auth.Own) string {
	if s.Browser == "" {
		return "A browser"
	}
	return s.Browser
}
