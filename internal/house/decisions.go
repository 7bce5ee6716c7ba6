package house

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	decisionName   = regexp.MustCompile(`^([0-9]{4})-[a-z0-9]+(-[a-z0-9]+)*\.md$`)
	decisionTitle  = regexp.MustCompile(`(?m)^# ([0-9]{4})[.:]? .+$`)
	decisionStatus = regexp.MustCompile(`(?m)^Status: *(.*)$`)
	decisionDate   = regexp.MustCompile(`(?m)^Date: *(.*)$`)
	supersededBy   = regexp.MustCompile(`^superseded by ([0-9]{4})$`)
)

// decisionParts are the headings that a record has, each with something under it.
var decisionParts = []string{"Context", "Decision", "Consequences"}

// Decisions checks the architecture decision records: docs/adr/NNNN-title.md, each number once and
// without a gap, a title with the same number, a line "Status: proposed|accepted|rejected|superseded
// by NNNN", a line "Date: YYYY-MM-DD", and the parts Context, Decision and Consequences.
func Decisions(tree fs.FS) ([]string, error) {
	files, err := fs.Glob(tree, "docs/adr/*.md")
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	files = slices.DeleteFunc(files, func(f string) bool { return path.Base(f) == "README.md" })

	var problems []string
	numbers := map[string]bool{}
	for _, file := range files {
		if m := decisionName.FindStringSubmatch(path.Base(file)); m != nil {
			numbers[m[1]] = true
		}
	}
	for i, file := range files {
		bad := func(format string, args ...any) {
			problems = append(problems, file+": "+fmt.Sprintf(format, args...))
		}
		m := decisionName.FindStringSubmatch(path.Base(file))
		if m == nil {
			bad("is not named NNNN-title.md")
			continue
		}
		if want := fmt.Sprintf("%04d", i+1); m[1] != want {
			bad("does not have the next number, %s", want)
		}
		raw, err := fs.ReadFile(tree, file)
		if err != nil {
			return nil, err
		}
		text := string(raw)
		if title := decisionTitle.FindStringSubmatch(text); title == nil || title[1] != m[1] {
			bad("has no title `# %s. …`", m[1])
		}
		switch status := field(decisionStatus, text); {
		case status == "proposed", status == "accepted", status == "rejected":
		case supersededBy.MatchString(status):
			if by := supersededBy.FindStringSubmatch(status)[1]; !numbers[by] || by == m[1] {
				bad("is superseded by %s, which is not another record", by)
			}
		default:
			bad("has no line `Status: proposed`, accepted, rejected or superseded by NNNN")
		}
		if _, err := time.Parse(time.DateOnly, field(decisionDate, text)); err != nil {
			bad("has no line `Date: YYYY-MM-DD`")
		}
		for _, part := range decisionParts {
			if !regexp.MustCompile(`(?m)^#+ ` + part + `\s*\n\s*[^#\s]`).MatchString(text) {
				bad("has no part `## %s` with something in it", part)
			}
		}
	}
	return problems, nil
}

func field(line *regexp.Regexp, text string) string {
	if m := line.FindStringSubmatch(text); m != nil {
		return strings.TrimSpace(m[1])
	}
	return ""
}
