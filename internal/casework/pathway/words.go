package pathway

import (
	"slices"
	"strconv"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/registers/provision"
)

// Words is a condition in words for people.
func (c Condition) Words() string {
	list := func(all []Condition, with string) string {
		var parts []string
		for _, inner := range all {
			text := inner.Words()
			if len(inner.All)+len(inner.Any) > 1 {
				text = "(" + text + ")"
			}
			parts = append(parts, text)
		}
		return strings.Join(parts, with)
	}
	switch {
	case c.Event == cases.SupportBegun:
		return "Support begun"
	case c.Event != "":
		return c.Event.Label()
	case c.Fact != "":
		return c.factWords()
	case c.Party != "":
		return c.Party.Label() + " in the case"
	case len(c.All) > 0:
		return list(c.All, " and ")
	case len(c.Any) > 0:
		return list(c.Any, " or ")
	case c.Not != nil:
		return "not " + c.Not.Words()
	}
	return "nothing"
}

// factNames are the facts that the pathways that ship name, in words.
var factNames = map[string]string{
	"disclosure.experiencing": "Told of abuse that they experience",
	"disclosure.perpetrating": "Told that they harm",
	"disclosure.honour":       "Told of forced marriage or 'honour'",
	"interpreter.needed":      "No language shared",
	"need.recorded":           "A need",
	"support.offer":           "An offer of support",
	"children.asked":          "Children in the household",
	"offer.made":              "A referral offered",
	"referral.sent":           "A referral sent",
	"plan.change":             "A change that bears on the safety plan",
	"appointment.ended":       "An appointment",
	"enquiry.seen":            "Seen",
}

func (c Condition) factWords() string {
	text := factNames[c.Fact]
	if text == "" {
		text = strings.NewReplacer(".", " ", "_", " ").Replace(c.Fact)
	}
	var of []string
	for name, value := range c.Where {
		switch {
		case value == "true":
			value = name
		case value == "false":
			value = "not " + name
		case name == "interpreter":
			value += " interpreter"
		}
		of = append(of, strings.ReplaceAll(value, "_", " "))
	}
	if len(of) == 0 {
		return text
	}
	slices.Sort(of)
	return text + " (" + strings.Join(of, ", ") + ")"
}

// Serving are the obligations and the recommendations behind a step, in words.
func (s Step) Serving() string {
	text := "Serves " + strings.Join(s.Serves, ", ")
	if len(s.Follows) == 0 {
		return text
	}
	var recs []string
	for _, r := range s.Follows {
		recs = append(recs, strconv.Itoa(r))
	}
	word := "; recommendations "
	if len(recs) == 1 {
		word = "; recommendation "
	}
	return text + word + strings.Join(recs, ", ")
}

// Who is who takes a step, in words: kinds of service first.
func (s Step) Who() string {
	var out []string
	for _, k := range s.Takers {
		out = append(out, k.Label())
	}
	return strings.Join(append(out, s.Offers...), ", ")
}

// Soon is how soon a step is to be taken, in words.
func (s Step) Soon() string {
	text := s.Within.Words()
	if s.Each {
		text += ", each time"
	}
	if s.Urgent {
		text += ". Urgent"
	}
	return text
}

// Who is who a gap leaves, in words.
func (g Gap) Who() string {
	var who []string
	if g.Everyone {
		who = append(who, "Everybody")
	}
	for _, t := range g.Are.List() {
		who = append(who, t.Label())
	}
	text := strings.Join(who, "; ")
	if len(g.Places) > 0 && len(g.Places) < len(provision.Places()) {
		var at []string
		for _, one := range g.Places {
			at = append(at, one.Short())
		}
		text += " (" + strings.Join(at, "; ") + ")"
	}
	if g.Settings != nil {
		text += ", seen in " + strings.ReplaceAll(strings.Join(g.Settings, ", "), "_", " ")
	}
	return text
}
