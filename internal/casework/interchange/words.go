package interchange

import (
	"encoding/json"
	"slices"
	"strings"

	"waymark/internal/casework/sharing"
)

// person is who it is about. Numbers and addresses become words about how they
// can be reached, which nobody here has checked.
func (r *reader) person(out *Come, p patient) {
	raw := members(r.entries[r.kinds["Patient"][0]].Resource)
	d := &out.Message.Person
	// A name that they had once is not what they are called.
	main := slices.IndexFunc(p.Name, func(n humanName) bool { return n.Use == "official" && n.named() })
	if main < 0 {
		main = slices.IndexFunc(p.Name, func(n humanName) bool { return !slices.Contains(notTheirs, n.Use) && n.named() })
	}
	if main < 0 {
		main = slices.IndexFunc(p.Name, humanName.named)
	}
	for i, n := range p.Name {
		switch {
		case i == main:
			d.FamilyName, d.GivenName = n.Family, strings.Join(n.Given, " ")
		case d.KnownAs == "" && (n.Use == "usual" || n.Use == "nickname" || n.Use == "" && !n.named()):
			d.KnownAs = called(n)
		default:
			r.also = append(r.also, "Another name: "+used(called(n), n.Use))
		}
	}
	for _, one := range elements(raw["name"]) {
		r.also = append(r.also, r.left(one, "Patient.name", "Name", "use", "text", "family", "given")...)
	}
	d.Born, d.Gender = p.BirthDate, p.Gender
	for _, c := range p.Communication {
		words := c.Language.Text
		if words == "" && len(c.Language.Coding) > 0 {
			words = c.Language.Coding[0].Display
			if words == "" {
				words = c.Language.Coding[0].Code
			}
		}
		if d.Language == "" {
			d.Language = words
		} else if words != "" {
			r.also = append(r.also, "Another language: "+words)
		}
	}
	var reach []string
	for i, one := range elements(raw["telecom"]) {
		t := p.Telecom[i]
		reach = append(reach, used(strings.TrimSpace(t.System+" "+t.Value), t.Use))
		reach = append(reach, r.left(one, "Patient.telecom", "of it", "system", "value", "use", "rank")...)
	}
	for i, one := range elements(raw["address"]) {
		a := p.Address[i]
		words := a.Text
		if words == "" {
			words = strings.Join(slices.DeleteFunc(append(slices.Clone(a.Line), a.City, a.District, a.State, a.PostalCode, a.Country), func(s string) bool { return s == "" }), ", ")
		}
		reach = append(reach, used("address "+words, a.Use))
		reach = append(reach, r.left(one, "Patient.address", "of it", "text", "line", "city", "district", "state", "postalCode", "country", "use", "type")...)
	}
	if len(reach) > 0 {
		out.What.Contact = "From the record of the system that sent it. Nobody has checked that it is safe:\n" + strings.Join(reach, "\n")
	}
	if len(p.Contact) > 0 {
		r.also = append(r.also, "Their record names people to get in touch with. Those are not passed on: one of them may be who does harm.")
	}
	r.also = append(r.also, r.left(r.entries[r.kinds["Patient"][0]].Resource, "Patient", "In their record", "name", "telecom", "gender", "birthDate", "address", "communication", "contact", "active")...)
}

// notTheirs are the uses of names that somebody is not called by now.
var notTheirs = []string{"usual", "nickname", "old", "maiden", "temp", "anonymous"}

func (n humanName) named() bool { return n.Family != "" || len(n.Given) > 0 }

func used(words, use string) string {
	if use == "" || words == "" {
		return words
	}
	return words + " (" + use + ")"
}

// words reads the form in which the words travel.
func (r *reader) words(out *Come) error {
	answers := map[string]reply{}
	var walk func(items []item, depth int) error
	walk = func(items []item, depth int) error {
		for _, i := range items {
			at := "QuestionnaireResponse.item.where(linkId='" + i.LinkID + "').answer"
			for n, a := range i.Answer {
				if slices.Contains(questions, i.LinkID) {
					r.fits(i.LinkID, a, at)
				}
				if _, twice := answers[i.LinkID]; !twice && n == 0 && slices.Contains(questions, i.LinkID) {
					answers[i.LinkID] = a
				} else if slices.Contains(questions, i.LinkID) {
					return refuse(unprocessable, "value", "QuestionnaireResponse.item.where(linkId='"+i.LinkID+"')", "It is answered twice")
				} else if words := a.words(); words != "" || a.unknown != "" || len(a.Item) == 0 {
					r.also = append(r.also, strings.TrimSpace(i.Text+": "+words+r.other(a, at)))
				}
				if err := walk(a.Item, depth+1); err != nil {
					return err
				}
			}
			if err := walk(i.Item, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	for _, at := range r.kinds["QuestionnaireResponse"] {
		var q questionnaireResponse
		if err := json.Unmarshal(r.entries[at].Resource, &q); err != nil {
			return refuse(unprocessable, "structure", "QuestionnaireResponse", "It does not have the form of a QuestionnaireResponse")
		}
		switch q.Status {
		case "completed", "amended":
		case "in-progress", "stopped":
			r.also = append(r.also, "The form was not finished in the system that sent it.")
		default:
			return refuse(unprocessable, "code-invalid", "QuestionnaireResponse.status", "Answers that are not of the form completed, amended, in-progress or stopped are not passed on")
		}
		r.also = append(r.also, r.left(r.entries[at].Resource, "QuestionnaireResponse", "The form", "status", "questionnaire", "subject", "authored", "author", "source", "item", "identifier", "basedOn", "partOf", "encounter")...)
		if err := walk(q.Item, 0); err != nil {
			return err
		}
	}
	w, n := &out.What, &out.Message.Share
	for _, q := range []struct {
		link string
		to   *string
	}{
		{"why", &w.Why},
		{"said", &w.Said},
		{"safety", &w.Safety},
		{"risk", &w.Risk},
		{"needs", &w.Needs},
		{"children", &w.Children},
		{"protects", &n.Protects},
		{"harm", &n.Harm},
		{"rationale", &n.Rationale},
		{"view_words", &n.Views.Words},
		{"present", &n.Views.Present},
		{"view_why", &n.Views.Why},
		{"not_told", &n.Views.NotTold},
		{"tell_on", &n.Views.TellOn},
		{"access_needs", &out.Message.Person.AccessNeeds},
	} {
		*q.to = answers[q.link].words()
	}
	if g := answers["gender"].words(); g != "" {
		if recorded := out.Message.Person.Gender; recorded != "" && recorded != g {
			r.also = append(r.also, "Gender in their record: "+recorded)
		}
		out.Message.Person.Gender = g
	}
	if c := answers["contact"].words(); c != "" {
		w.Contact = strings.TrimPrefix(c+"\n\n"+w.Contact, "\n\n")
		w.Contact = strings.TrimSuffix(w.Contact, "\n\n")
	}
	n.Basis, n.Views.Asked = sharing.Basis(answers["basis"].code()), sharing.Asked(answers["asked"].code())
	n.Views.Informed = sharing.Informed(answers["informed"].code())
	n.Grounds = sharing.Grounds{SeriousRisk: answers["serious_risk"].yes(), ChildAtRisk: answers["child_at_risk"].yes(), Other: answers["other_ground"].yes()}
	return nil
}

// questions are those of the form that are taken apart; docs/interchange.md
// describes them.
var questions = []string{
	"why", "said", "safety", "contact", "risk", "needs", "children",
	"protects", "harm", "basis", "rationale", "asked", "view_words", "present", "view_why", "informed", "not_told", "tell_on",
	"serious_risk", "child_at_risk", "other_ground", "gender", "access_needs",
}

// coded are the answers that are codes of ours, and grounds those that are yes or
// no: said in another way they would not be understood, and be lost.
var (
	coded = map[string]func(string) bool{
		"basis":    func(c string) bool { return slices.Contains(sharing.Bases(), sharing.Basis(c)) },
		"asked":    func(c string) bool { return slices.Contains(sharing.Answers(), sharing.Asked(c)) },
		"informed": func(c string) bool { return slices.Contains(sharing.InformedWays(), sharing.Informed(c)) },
	}
	grounds = []string{"serious_risk", "child_at_risk", "other_ground"}
)

// fits notes what is wrong with the form of an answer that is taken apart.
func (r *reader) fits(link string, a reply, at string) {
	wrong := func(code, at, text string) { r.faults = append(r.faults, Issue{Code: code, At: at, Text: text}) }
	known, isCoded := coded[link]
	switch {
	case a.unknown != "":
		wrong("not-supported", at+"."+a.unknown, "This question is answered with "+kindOf(link))
	case isCoded && a.ValueCoding == nil && (a.words() != "" || len(a.Item) == 0), slices.Contains(grounds, link) && a.ValueBoolean == nil && (a.words() != "" || len(a.Item) == 0):
		wrong("value", at, "This question is answered with "+kindOf(link))
	case isCoded && a.ValueCoding != nil && !known(a.ValueCoding.Code):
		wrong("code-invalid", at+".valueCoding", "It is no answer to this question")
	}
}

func kindOf(link string) string {
	switch {
	case coded[link] != nil:
		return "a valueCoding"
	case slices.Contains(grounds, link):
		return "a valueBoolean"
	}
	return "a valueString"
}

// other is an answer of a kind that is read for questions of others alone, in words.
func (r *reader) other(a reply, at string) string {
	if a.unknown == "" {
		return ""
	}
	return strings.Join(r.flat(a.raw, at+"."+a.unknown), ", ")
}

func (a reply) words() string {
	switch {
	case a.ValueString != nil:
		return *a.ValueString
	case a.ValueDate != nil:
		return *a.ValueDate
	case a.ValueCoding != nil && a.ValueCoding.Display != "":
		return a.ValueCoding.Display
	case a.ValueCoding != nil:
		return a.ValueCoding.Code
	case a.ValueBoolean != nil && *a.ValueBoolean:
		return "yes"
	case a.ValueBoolean != nil:
		return "no"
	}
	return ""
}

func (a reply) code() string {
	if a.ValueCoding == nil {
		return ""
	}
	return a.ValueCoding.Code
}

func (a reply) yes() bool { return a.ValueBoolean != nil && *a.ValueBoolean }

func spoken(what string, c *concept) []string {
	if c == nil {
		return nil
	}
	if c.Text != "" {
		return []string{what + ": " + c.Text}
	}
	for _, one := range c.Coding {
		if one.Display != "" {
			return []string{what + ": " + one.Display}
		}
	}
	for _, one := range c.Coding {
		if one.Code != "" {
			return []string{what + ": " + one.Code}
		}
	}
	return nil
}

// void are the statuses of what must not be read as if it were so.
var void = []string{"entered-in-error", "cancelled", "not-done"}

// rest tells what else there is in words.
func (r *reader) rest(out Come) error {
	for _, kind := range inWords {
		for _, at := range r.kinds[kind] {
			raw := r.entries[at].Resource
			var t told
			if json.Unmarshal(raw, &t) != nil {
				return refuse(unprocessable, "structure", kind, "It does not have the form of a "+kind)
			}
			if slices.Contains(void, t.Status) || slices.ContainsFunc(t.Verification.codes(), func(c string) bool { return slices.Contains(void, c) }) {
				return refuse(unprocessable, "not-supported", kind+".status", "What was entered in error, cancelled or not done is not passed on. Leave it out")
			}
			lines := spoken(kind, t.Code)
			lines = append(lines, spoken(kind, t.Value)...)
			if t.ValueString != "" {
				lines = append(lines, kind+": "+t.ValueString)
			}
			for _, n := range t.Note {
				lines = append(lines, kind+": "+n.Text)
			}
			for _, p := range t.Payload {
				if p.ContentString != "" {
					lines = append(lines, kind+": "+p.ContentString)
				}
				lines = append(lines, r.left(p.raw, kind+".payload", kind, "contentString")...)
			}
			if t.Status != "" && !slices.Contains([]string{"active", "final", "completed"}, t.Status) {
				lines = append(lines, kind+", status: "+t.Status)
			}
			lines = append(lines, r.left(raw, kind, kind, "status", "code", "valueString", "valueCodeableConcept", "note", "payload", "subject", "patient", "encounter", "author", "identifier", "sender", "recipient", "asserter", "recorder", "performer")...)
			if len(lines) == 0 {
				return refuse(unprocessable, "not-supported", kind, "Nothing in it can be shown to the people who read a referral here. Say it in words")
			}
			if kind == "Flag" {
				r.flags = append(r.flags, lines...)
			} else {
				r.also = append(r.also, lines...)
			}
		}
	}
	for _, at := range r.kinds["Consent"] {
		// What they said is an answer of the form. What is not so there is told.
		var c consent
		if json.Unmarshal(r.entries[at].Resource, &c) != nil {
			return refuse(unprocessable, "structure", "Consent", "It does not have the form of a Consent")
		}
		if c.Status != viewed(out.Message.Share.Views.Asked) {
			r.also = append(r.also, "What they said about sharing, in the system that sent it: "+c.Status)
		}
	}
	for _, at := range r.kinds["CarePlan"] {
		lines := r.left(r.entries[at].Resource, "CarePlan", "Plan", "status", "intent", "subject", "identifier", "author", "encounter", "basedOn", "created", "period")
		for _, l := range lines {
			if l != "Plan, description: "+out.Message.Subject.Label() {
				r.also = append(r.also, l)
			}
		}
	}
	for _, at := range r.kinds["Encounter"] {
		r.also = append(r.also, r.left(r.entries[at].Resource, "Encounter", "Contact before", "status", "class", "subject", "identifier", "participant", "serviceProvider", "period", "episodeOfCare")...)
	}
	return nil
}

// addTo puts what was told besides where people read it.
func (r *reader) addTo(out *Come) {
	add := func(to *string, head string, lines []string) {
		if len(lines) == 0 {
			return
		}
		if *to != "" {
			*to += "\n\n"
		}
		*to += head + "\n" + strings.Join(lines, "\n")
	}
	add(&out.What.Why, "Also in the message:", r.also)
	add(&out.What.Risk, "Marked in the system that sent it, not assessed here:", r.flags)
}

// clean brings all text to one form.
func (c *Come) clean() {
	w, n, d := &c.What, &c.Message.Share, &c.Message.Person
	for _, t := range []*string{
		&w.Why, &w.Said, &w.Safety, &w.Contact, &w.Risk, &w.Needs, &w.Children, &c.Author, &c.Message.From.Name,
		&n.Protects, &n.Harm, &n.Rationale, &n.Views.Words, &n.Views.Present, &n.Views.Why, &n.Views.NotTold, &n.Views.TellOn,
		&d.GivenName, &d.FamilyName, &d.KnownAs, &d.Born, &d.Gender, &d.Language, &d.AccessNeeds,
	} {
		*t = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(*t, "\r\n", "\n"), "\r", "\n"))
	}
}
