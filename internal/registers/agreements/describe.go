package agreements

import (
	"fmt"
	"strings"

	"waymark/internal/registers/directory"
)

// Names puts agencies, and teams of theirs, into words.
type Names func(directory.AgencyID, directory.TeamID) string

// end is a side in words.
func (s Side) words(name Names, everybody string) string {
	text := everybody
	if s.Agency != "" {
		text = name(s.Agency, s.Team)
	}
	if s.Role != "" {
		text += ", as " + strings.ToLower(s.Role.Label()[:1]) + s.Role.Label()[1:]
	}
	return text
}

// Rule is a clause as it is decided by, in words: what stands beside what the
// parties wrote.
func (c Clause) Rule(name Names) []string {
	out := []string{
		c.Effect.Label(),
		"From: " + c.From.words(name, "every party"),
		"To: " + c.To.words(name, "every party"),
	}
	out = append(out, "For: "+orAll(c.Purpose == "", c.Purpose.Label(), "every purpose"))
	out = append(out, "About: "+orAll(c.Subject == "", c.Subject.Label(), "anybody"))
	out = append(out, "What: "+orAll(len(c.Kinds) == 0, joined(c.Kinds), "everything"))
	if len(c.Conditions) > 0 {
		out = append(out, "Only when: "+joined(c.Conditions))
	}
	if c.Days > 0 {
		out = append(out, fmt.Sprintf("The receiver sees it for %d days", c.Days))
	}
	if c.Months > 0 {
		out = append(out, fmt.Sprintf("The receiver keeps it for %d months", c.Months))
	}
	return out
}

func orAll(all bool, text, every string) string {
	if all {
		return every
	}
	return text
}

func joined[T interface{ Label() string }](list []T) string {
	var words []string
	for _, v := range list {
		words = append(words, v.Label())
	}
	return strings.Join(words, "; ")
}

// Change is one difference between two versions, in words.
type Change struct {
	What string
	Old  []string // none: it is new
	New  []string // none: it is gone
}

// Compare lists what differs between two documents.
func Compare(before, after Document, name Names) []Change {
	var out []Change
	note := func(what, a, b string) {
		if a != b {
			out = append(out, Change{What: what, Old: some(a), New: some(b)})
		}
	}
	note("Title", before.Title, after.Title)
	note("What it is for", before.About, after.About)
	note("First day", before.StartOn, after.StartOn)
	note("To be reviewed by", before.ReviewOn, after.ReviewOn)
	note("Parties", strings.Join(partyWords(before, name), "; "), strings.Join(partyWords(after, name), "; "))
	for _, c := range before.Clauses {
		n, still := after.Clause(c.ID)
		switch old, now := lines(c, name), lines(n, name); {
		case !still:
			out = append(out, Change{What: "Clause " + c.ID, Old: old})
		case strings.Join(old, "\n") != strings.Join(now, "\n"):
			out = append(out, Change{What: "Clause " + c.ID, Old: old, New: now})
		}
	}
	for _, c := range after.Clauses {
		if _, was := before.Clause(c.ID); !was {
			out = append(out, Change{What: "Clause " + c.ID, New: lines(c, name)})
		}
	}
	return out
}

func lines(c Clause, name Names) []string { return append([]string{c.Words}, c.Rule(name)...) }

func some(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// PartyWords are the parties in words, each with the teams it is bound with.
func partyWords(d Document, name Names) []string {
	var out []string
	for _, p := range d.Parties {
		text := name(p.Agency, "")
		var teams []string
		for _, t := range p.Teams {
			teams = append(teams, name(p.Agency, t))
		}
		if len(teams) > 0 {
			text = strings.Join(teams, " and ")
		}
		out = append(out, text)
	}
	return out
}
