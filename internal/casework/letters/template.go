package letters

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	lettercontent "waymark/content/letters"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/registers/people"
)

// Way is how a letter reaches the person.
type Way string

// The ways.
const (
	Post  Way = "post"
	Hand  Way = "hand"
	Email Way = "email"
	Text  Way = "text"
)

// Ways lists them in the order in which they are offered.
func Ways() []Way { return []Way{Hand, Post, Email, Text} }

// Label is the way in words for people.
func (w Way) Label() string {
	switch w {
	case Post:
		return "By post"
	case Hand:
		return "By hand, when they come"
	case Email:
		return "As an email"
	case Text:
		return "As a text message"
	}
	return string(w)
}

// Paper tells whether it is printed.
func (w Way) Paper() bool { return w == Post || w == Hand }

// channel is what the gate knows of a way; empty for what is handed over.
func (w Way) channel() people.Channel {
	switch w {
	case Post:
		return people.Post
	case Email:
		return people.Email
	case Text:
		return people.Text
	case Hand:
	}
	return ""
}

// Template is a text to begin with.
type Template struct {
	Code    string `json:"code"`
	Title   string `json:"title"`
	Ways    []Way  `json:"ways"`
	Subject string `json:"subject"`
	Body    string `json:"body"`
}

// parse reads the texts that ship.
func parse(data []byte) ([]Template, error) {
	var out []Template
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("the texts of letters: %w", err)
	}
	for _, t := range out {
		if t.Code == "" || t.Title == "" || len(t.Ways) == 0 {
			return nil, fmt.Errorf("the text %q of letters is not whole", t.Code)
		}
		for _, w := range t.Ways {
			if !slices.Contains(Ways(), w) {
				return nil, fmt.Errorf("the text %q of letters names the way %q", t.Code, w)
			}
		}
		if told := cases.TellsTopic(t.Subject + " " + t.Body); told != "" {
			return nil, fmt.Errorf("the text %q of letters says %q", t.Code, told)
		}
	}
	return out, nil
}

// shipped are the texts that ship.
func shipped() ([]Template, error) { return parse(lettercontent.Letters) }

// For fills in what is known: the name of the person, as they want to be
// called, and that of the worker.
func (t Template) For(name, worker string) Draft {
	fill := strings.NewReplacer("{name}", name, "{worker}", worker)
	return Draft{Template: t.Code, Subject: fill.Replace(t.Subject), Body: fill.Replace(t.Body)}
}

// Draft is a letter as it was typed.
type Draft struct {
	Template string
	Way      Way
	Subject  string
	Body     string
	// Holding tells that the person said it is safe to hold, for what is handed
	// over.
	Holding bool
	// Conditions tells that the worker keeps to the conditions of the way.
	Conditions bool
}

// Bounds of what is typed, in bytes; a text message is one that telephones
// show whole.
const (
	subjectMost = 150
	bodyMost    = 8000
	textMost    = 300
)

// gap is what is still to be filled in.
var gap = regexp.MustCompile(`\[[^\]\n]{0,60}\]|\{(name|worker)\}`)

// Check returns what is wrong with a letter, by the fields way, subject, body
// and holding.
func (d Draft) Check() forms.Errors {
	var errs forms.Errors
	body := strings.TrimSpace(d.Body)
	switch {
	case !slices.Contains(Ways(), d.Way):
		errs.Add("way", "Select how it reaches them")
	case d.Way == Hand && !d.Holding:
		errs.Add("holding", "Ask whether it is safe for them to hold it. If not, tell them instead")
	}
	switch {
	case d.Way == Text && strings.TrimSpace(d.Subject) != "":
		errs.Add("subject", "A text message has no subject: leave this empty")
	case d.Way != Text && strings.TrimSpace(d.Subject) == "":
		errs.Add("subject", "Write a subject that says nothing to anybody else, such as “Your time on Monday”")
	case len(d.Subject) > subjectMost:
		errs.Add("subject", "Shorten the subject to 150 characters or fewer")
	case gap.MatchString(d.Subject):
		errs.Add("subject", "Fill in "+gap.FindString(d.Subject))
	case cases.TellsTopic(d.Subject) != "":
		errs.Add("subject", "Leave out “"+cases.TellsTopic(d.Subject)+"”: others can read the subject")
	}
	switch {
	case body == "":
		errs.Add("body", "Write the letter")
	case len(d.Body) > bodyMost:
		errs.Add("body", "Shorten this to 8,000 characters or fewer")
	case d.Way == Text && len(body) > textMost:
		errs.Add("body", "Shorten the message to 300 characters or fewer")
	case gap.MatchString(d.Body):
		errs.Add("body", "Fill in "+gap.FindString(d.Body))
	case d.Way == Text && cases.TellsTopic(d.Body) != "":
		errs.Add("body", "Leave out “"+cases.TellsTopic(d.Body)+"”: a message shows on a locked telephone")
	}
	return errs
}
