package sharing

import (
	"strings"
	"time"

	"waymark/internal/casework/cases"
)

// Line is one thing that a page says, under what it is called.
type Line struct{ Key, Text string }

func said(lines ...Line) []Line {
	var out []Line
	for _, l := range lines {
		if l.Text != "" {
			out = append(out, l)
		}
	}
	return out
}

func inWords(day string) string {
	if day == "" {
		return ""
	}
	return cases.DayInWords(day)
}

// PersonLines are what a packet says of who the person is.
func (c Content) PersonLines() []Line {
	return said(
		Line{"The person", c.Person.Name()},
		Line{"Born", inWords(c.Person.Born)},
		Line{"Gender, in their own words", c.Person.Gender},
		Line{"Language", c.Person.Language},
		Line{"What they need to use a service", c.Person.AccessNeeds},
	)
}

// DecisionLines are the decision to share as the receiver reads it, with views and
// basis apart.
func (c Content) DecisionLines(s Share) []Line {
	urgent, now := "", ""
	if s.ActedNow {
		now = "Sent at once, to be justified after. It is reviewed at the sender's by the next working day."
	} else if s.Urgent {
		urgent = "Somebody is to acknowledge it within the hour."
	}
	return said(
		Line{"Who is protected", c.Protects},
		Line{"From what", c.Harm},
		Line{"Their views on sharing", s.Asked.Label()},
		Line{"In their words", c.Views.Words},
		Line{"Who was there when they said it", c.Views.Present},
		Line{"Why they were not asked", c.Views.Why},
		Line{"Do they know?", s.Informed.Label()},
		Line{"How they know", c.Views.How},
		Line{"Why they were not told", c.Views.NotTold},
		Line{"To be looked at again on", inWords(s.TellOn)},
		Line{"Grounds for sharing without agreement", strings.Join(s.Grounds.Labels(), "\n")},
		Line{"Lawful basis", s.Basis.Label()},
		Line{"Agreement", s.Agreement.Label()},
		Line{"Why it is needed, and why this much", c.Rationale},
		Line{"What harm sharing it could do", c.Danger},
		Line{"Urgent", urgent},
		Line{"Acted now", now},
	)
}

// Lines are the question and what was advised. at says a time in words.
func (a Advice) Lines(at func(time.Time) string) []Line {
	out := []Line{{"The question", a.Question}}
	if a.Says == "" {
		return append(out, Line{"Answer", "None yet. It is due on " + inWords(a.Due) + ". You can share without waiting."})
	}
	return append(out, Line{"Advice", a.Says.Label() + ". " + a.Adviser + ", " + at(a.Answered)}, Line{"Why", a.Answer})
}
