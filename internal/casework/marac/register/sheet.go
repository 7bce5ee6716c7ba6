package register

import (
	"log/slog"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/registers/people"
)

// Route is one of the four routes to MARAC (domain.md, section 4.2).
type Route string

// The routes, by the names under which their evidence is kept.
const (
	VisibleRisk Route = "visible"
	Judgement   Route = "judgement"
	Escalation  Route = "escalation"
	Repeated    Route = "repeat"
)

// Routes lists them.
func Routes() []Route { return []Route{VisibleRisk, Judgement, Escalation, Repeated} }

// Label is the route in words for people.
func (r Route) Label() string {
	switch r {
	case VisibleRisk:
		return "Visible high risk"
	case Judgement:
		return "Professional judgement"
	case Escalation:
		return "Potential escalation"
	case Repeated:
		return "Repeat"
	}
	return string(r)
}

// Of is the answer to a route.
func (r Route) Of(a marac.Routes) marac.Answer {
	switch r {
	case VisibleRisk:
		return a.Visible
	case Judgement:
		return a.Judgement
	case Escalation:
		return a.Escalation
	case Repeated:
		return a.Repeat
	}
	return marac.Unknown
}

// Who is somebody whom a referral is about.
type Who struct {
	Part marac.Part `json:"part"`
	marac.Identity
}

// Sheet is what a referral tells of who is who, and by which routes.
type Sheet struct {
	People   []Who             `json:"people"` // the victim first
	Routes   marac.Routes      `json:"routes"`
	Words    marac.CaseWords   `json:"words"`
	Counted  marac.Counted     `json:"counted"`
	Ethnic   string            `json:"ethnic,omitempty"`   // as they say it themselves
	Incident string            `json:"incident,omitempty"` // YYYY-MM-DD: of the latest abuse, where it is known
	Crime    marac.Answer      `json:"crime"`              // whether that would be a crime if it were reported
	Earlier  string            `json:"earlier,omitempty"`  // an earlier MARAC, when and where
	IDVA     marac.Represented `json:"idva"`
	WhyNot   string            `json:"why_not,omitempty"`   // why there is no IDVA
	CameFrom string            `json:"came_from,omitempty"` // the MARAC that transfers it
	Pack     string            `json:"pack,omitempty"`      // of a transfer: what was shared, decided and done there, and who hands over
}

// LogValue implements [slog.LogValuer].
func (Sheet) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Victim is whom the referral is about.
func (s Sheet) Victim() Who {
	if i := slices.IndexFunc(s.People, func(w Who) bool { return w.Part == marac.Victim }); i >= 0 {
		return s.People[i]
	}
	return Who{Part: marac.Victim}
}

// In are those in a part.
func (s Sheet) In(part marac.Part) []Who {
	var out []Who
	for _, w := range s.People {
		if w.Part == part {
			out = append(out, w)
		}
	}
	return out
}

// Bounds of what is typed: choices of this project.
const (
	peopleMost = 20
	lineMost   = 500
	textMost   = 4000
)

// Check says what is missing or cannot be, by field. Where somebody acts now, only
// who it is about and why is asked for.
func (s Sheet) Check(now time.Time, actNow bool) forms.Errors {
	var errs forms.Errors
	if s.Victim().Details.Name() == (people.Details{}).Name() {
		errs.Add("victim", "Enter who it is about")
	}
	if len(s.People) > peopleMost {
		errs.Add("people", "A referral names 20 people or fewer")
	}
	for _, w := range s.People {
		for _, e := range w.Details.Check() {
			errs.Add("people", w.Part.Label()+": "+e.Message)
		}
		for _, text := range append([]string{w.Address, w.Relation, w.School}, w.Aliases...) {
			if len(text) > lineMost {
				errs.Add("people", w.Part.Label()+": shorten this to 500 characters or fewer")
			}
		}
	}
	if strings.TrimSpace(s.Words.Reason) == "" {
		errs.Add("why", "Enter why they are referred")
	}
	if actNow {
		return errs
	}
	if len(s.In(marac.Perpetrator)) == 0 {
		errs.Add("people", "Enter who harms them, even if only how they are related is known")
	}
	any := false
	for _, r := range Routes() {
		switch a := r.Of(s.Routes); a {
		case marac.Yes:
			any = true
			if strings.TrimSpace(s.Words.Evidence[string(r)]) == "" {
				errs.Add("evidence_"+string(r), "Enter what shows it")
			}
		case marac.No, marac.Unknown:
		default:
			errs.Add("route_"+string(r), "Select yes, no or not known")
		}
	}
	if !any && !errs.Any() {
		errs.Add("route_judgement", "Select by which route they are referred. Your judgement with its reasons is enough")
	}
	switch s.IDVA {
	case marac.ReferredIDVA, marac.Accepted, marac.TheyDeclined:
	case marac.NoIDVA:
		if s.WhyNot == "" {
			errs.Add("why_not", "Enter why there is no IDVA")
		}
	case marac.NotKnown:
	default:
		errs.Add("idva", "Select whether an IDVA works with them")
	}
	if s.Incident != "" {
		if day, err := time.Parse(time.DateOnly, s.Incident); err != nil || day.After(now) {
			errs.Add("incident-day", "Enter a day that has been, such as 27 3 2026, or leave it empty")
		}
	}
	return errs
}

func said(label, text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return label + ": " + text
}

func block(lines ...string) string {
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return l == "" }), "\n")
}

// Lines are what is said of somebody, one to a line.
func (w Who) Lines() []string {
	d := w.Details
	name := strings.TrimSpace(d.GivenName + " " + d.FamilyName)
	if name == "" {
		name = d.Name()
	}
	born := ""
	if d.Born != "" {
		born = cases.DayInWords(d.Born)
	}
	return slices.DeleteFunc([]string{
		w.Part.Label() + ": " + name, said("Known as", d.KnownAs), said("Other names", strings.Join(w.Aliases, "; ")), said("Born", born), said("Gender", d.Gender),
		said("Relation", w.Relation), said("School", w.School), said("Address", w.Address),
	}, func(l string) bool { return l == "" })
}

func listed(all []Who) string {
	var out []string
	for _, w := range all {
		out = append(out, strings.Join(w.Lines(), "\n"))
	}
	return strings.Join(out, "\n\n")
}

func answered(a marac.Answer) string {
	switch a {
	case marac.Yes:
		return "yes"
	case marac.No:
		return "no"
	case marac.Unknown:
	}
	return "not known"
}

// Items are what the share tells: everything that the sheet holds, written out, so
// that what is kept beside the share says nothing that did not leave with it.
func (s Sheet) Items() []sharing.Item {
	var routes []string
	for _, r := range Routes() {
		line := r.Label() + ": " + answered(r.Of(s.Routes))
		if e := s.Words.Evidence[string(r)]; e != "" {
			line += ". " + e
		}
		routes = append(routes, line)
	}
	incident := ""
	if s.Incident != "" {
		incident = cases.DayInWords(s.Incident) + ". Would it be a crime if it were reported: " + answered(s.Crime)
	}
	victim := s.Victim()
	who := slices.DeleteFunc(victim.Lines(), func(l string) bool { return strings.HasPrefix(l, "Address: ") })
	c := s.Counted
	var out []sharing.Item
	for _, i := range []sharing.Item{
		{Kind: sharing.WhyItem, Title: sharing.WhyItem.Label(), Text: s.Words.Reason},
		{Kind: sharing.WhyItem, Title: "Who refers, and how to reach them", Text: s.Words.Referrer},
		{Kind: sharing.WhyItem, Title: "Transferred from another MARAC", Text: block(said("From", s.CameFrom), s.Pack)},
		{Kind: sharing.WhyItem, Title: "Who it is about", Text: strings.Join(who, "\n")},
		{Kind: sharing.ContactItem, Title: "Where they live", Text: victim.Address},
		{Kind: sharing.ContactItem, Title: sharing.ContactItem.Label(), Text: s.Words.Contact},
		{Kind: sharing.SafetyItem, Title: "With whom it is safe to talk", Text: block(said("Afraid of", s.Words.Afraid), said("Safe to talk to", s.Words.SafeTo), said("Not safe to talk to", s.Words.UnsafeTo))},
		{Kind: sharing.RiskItem, Title: "Who harms them, and who else is feared", Text: listed(append(s.In(marac.Perpetrator), s.In(marac.Other)...))},
		{Kind: sharing.RiskItem, Title: "By which routes to MARAC", Text: strings.Join(routes, "\n")},
		{Kind: sharing.RiskItem, Title: "The latest abuse", Text: incident},
		{Kind: sharing.RiskItem, Title: "At MARAC before", Text: s.Earlier},
		{Kind: sharing.SaidItem, Title: "What they know and say of it", Text: block(said("Aware of the referral", s.Words.Aware), said("Their views", s.Words.Views), said("Why it is shared without their agreement", s.Words.Without))},
		{Kind: sharing.ChildrenItem, Title: sharing.ChildrenItem.Label(), Text: listed(s.In(marac.Child))},
		{Kind: sharing.NeedsItem, Title: "IDVA", Text: block(s.IDVA.Label(), said("Why", s.WhyNot))},
		{Kind: sharing.NeedsItem, Title: "For the national return", Text: block(
			said("Ethnicity, as they say it", s.Ethnic), "Black or from another minoritised group: "+answered(c.BME), "LGBT+: "+answered(c.LGBT), "Disabled: "+answered(c.Disabled), "Male: "+answered(c.Male),
			"16 or 17 years old: "+answered(c.Young), "Somebody who harms is 17 or younger: "+answered(c.YoungWhoHarms))},
	} {
		if i.Text != "" {
			out = append(out, i)
		}
	}
	return out
}

// Count fills in of the figures for the national return what follows from the
// people named: children, and ages on the day of the referral. What was answered
// stays.
func (s *Sheet) Count(day string) {
	if s.Counted.Children == 0 {
		s.Counted.Children = len(s.In(marac.Child))
	}
	if s.Counted.Young == "" || s.Counted.Young == marac.Unknown {
		s.Counted.Young = between(ageOn(s.Victim().Details.Born, day), 16, 17)
	}
	if s.Counted.YoungWhoHarms == "" || s.Counted.YoungWhoHarms == marac.Unknown {
		all := s.In(marac.Perpetrator)
		out := marac.No
		for _, w := range all {
			switch between(ageOn(w.Details.Born, day), 0, 17) {
			case marac.Yes:
				out = marac.Yes
			case marac.Unknown:
				if out == marac.No {
					out = marac.Unknown
				}
			case marac.No:
			}
		}
		if len(all) == 0 {
			out = marac.Unknown
		}
		s.Counted.YoungWhoHarms = out
	}
	for _, a := range []*marac.Answer{&s.Counted.BME, &s.Counted.LGBT, &s.Counted.Disabled, &s.Counted.Male} {
		if *a == "" {
			*a = marac.Unknown
		}
	}
	if s.Crime == "" {
		s.Crime = marac.Unknown
	}
	for _, a := range []*marac.Answer{&s.Routes.Visible, &s.Routes.Judgement, &s.Routes.Escalation, &s.Routes.Repeat} {
		if *a == "" {
			*a = marac.Unknown
		}
	}
	if s.IDVA == "" {
		s.IDVA = marac.NotKnown
	}
}

// ageOn is the age in years on a day, or -1 where it is not known to the day.
func ageOn(born, day string) int {
	b, err := time.Parse(time.DateOnly, born)
	if err != nil {
		return -1
	}
	d, err := time.Parse(time.DateOnly, day)
	if err != nil || d.Before(b) {
		return -1
	}
	years := d.Year() - b.Year()
	if d.Month() < b.Month() || d.Month() == b.Month() && d.Day() < b.Day() {
		years--
	}
	return years
}

func between(age, from, to int) marac.Answer {
	switch {
	case age < 0:
		return marac.Unknown
	case age >= from && age <= to:
		return marac.Yes
	}
	return marac.No
}
