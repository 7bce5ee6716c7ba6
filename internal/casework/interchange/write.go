package interchange

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/registers/people"
)

// Kind is what a message is about.
type Kind string

// The kinds.
const (
	KindNew     Kind = "new"     // a referral
	KindRevoked Kind = "revoked" // it was withdrawn
)

// Label is the kind in words for people.
func (k Kind) Label() string {
	if k == KindRevoked {
		return "Withdrawal of a referral"
	}
	return "Referral"
}

// Side is one of the two between whom a message goes.
type Side struct {
	Agency   string // the id here; empty for one that is not known here
	Name     string
	Team     string
	TeamName string
	System   string // how the other system calls the team
	Value    string
}

// Message is a referral, or its withdrawal, as it travels: what the packet of
// the share says, and no more.
type Message struct {
	ID      string // of the MessageHeader
	Request string // what the referral is called in messages
	Kind    Kind
	Sent    time.Time
	From    Side
	Source  string // the address of the system that sends
	To      Side
	Target  string // the address it is posted to

	Author  string
	Subject referral.Subject
	Urgent  bool
	Share   sharing.NewShare // the decision, without to whom
	Person  people.Details
	Items   []sharing.Item
}

// derived is an id that follows from that of the message, so that a message that
// is made twice is the same.
func derived(message, part string) string {
	sum := sha256.Sum256([]byte("waymark message " + message + " " + part))
	b := sum[:16]
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80 // a UUID of version 8 (RFC 9562)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// The groups of questions in the form that a referral travels in. What stands in
// them is described in docs/interchange.md.
const (
	referralGroup = "referral"
	decisionGroup = "decision"
	personGroup   = "person"
)

// hide is how what travels is to be kept (HL7's v3 Confidentiality and ActCode): as
// restricted as can be, about domestic violence, and out of what the person can open
// online, because somebody else may see their screen.
var hide = &meta{Security: []coding{
	{System: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", Code: "V", Display: "very restricted"},
	{System: "http://terminology.hl7.org/CodeSystem/v3-ActCode", Code: "SDV", Display: "sexual assault, abuse, or domestic violence information sensitivity"},
	{System: "http://terminology.hl7.org/CodeSystem/v3-ActCode", Code: "NOPAT", Display: "no disclosure to patient, family or caregivers without attending provider's authorization"},
}}

// hideWords say it to whoever reads a list of what arrived.
const hideWords = "Hide from online access. "

// Write is the message bundle.
func Write(m Message) ([]byte, error) {
	id := func(part string) string { return derived(m.ID, part) }
	patientRef := reference{Reference: urn(id("patient")), Type: "Patient"}
	request := serviceRequest{
		ResourceType: "ServiceRequest", Meta: hide, ID: m.Request, Status: "active", Intent: "plan", Priority: "routine",
		Category:         []concept{{Coding: []coding{{System: ownCodes + "message-category", Code: "referral"}, {System: ownCodes + "referral-subject", Code: string(m.Subject)}}, Text: hideWords + m.Subject.Label()}},
		Subject:          patientRef,
		OccurrencePeriod: &period{Start: instant(m.Sent)},
		AuthoredOn:       instant(m.Sent),
		Encounter:        to(id("encounter")), BasedOn: []reference{*to(id("care-plan"))},
		Requester: to(id("role")), Performer: []reference{*to(id("service"))},
	}
	reason := "new"
	if m.Kind == KindRevoked {
		request.Status, reason = "revoked", "update"
	}
	if m.Urgent {
		request.Priority = "urgent"
	}
	target := uriIdentifier(m.To.Team)
	if m.To.System != "" {
		target = identifier{System: m.To.System, Value: m.To.Value}
	}
	header := messageHeader{
		ResourceType: "MessageHeader", ID: m.ID, EventCoding: &coding{System: eventSystem, Code: requestEvent},
		Destination: []destination{{Name: m.To.TeamName, Endpoint: m.Target, Receiver: to(id("receiver"))}},
		Sender:      to(id("sender")), Source: source{Name: m.From.Name, Software: "Waymark", Endpoint: m.Source},
		Reason: &concept{Coding: []coding{{System: reasonSystem, Code: reason}}}, Focus: []reference{*to(m.Request)}, Definition: definitionURL,
	}
	parts := []struct {
		id       string
		resource any
	}{
		{m.ID, header},
		{m.Request, request},
		{id("patient"), writePerson(m, id("patient"))},
		{id("encounter"), encounter{ResourceType: "Encounter", ID: id("encounter"), Status: "finished", Class: coding{Display: "A conversation with a worker"}, Subject: patientRef}},
		{id("care-plan"), carePlan{ResourceType: "CarePlan", ID: id("care-plan"), Status: "active", Intent: "plan", Description: m.Subject.Label(), Subject: patientRef}},
		{id("service"), healthcareService{ResourceType: "HealthcareService", ID: id("service"), Identifier: []identifier{target}, ProvidedBy: to(id("receiver")), Name: m.To.TeamName}},
		{id("receiver"), organization{ResourceType: "Organization", ID: id("receiver"), Name: m.To.Name}},
		{id("sender"), organization{ResourceType: "Organization", ID: id("sender"), Identifier: []identifier{uriIdentifier(m.From.Agency)}, Name: m.From.Name}},
		{id("practitioner"), practitioner{ResourceType: "Practitioner", ID: id("practitioner"), Name: []humanName{{Text: m.Author}}}},
		{id("role"), practitionerRole{ResourceType: "PractitionerRole", ID: id("role"), Practitioner: to(id("practitioner")), Organization: to(id("sender"))}},
		{id("consent"), writeViews(m, id("consent"), &patientRef)},
		{id("words"), writeWords(m, id("words"), &patientRef)},
	}
	out := bundle{ResourceType: "Bundle", Meta: hide, ID: id("bundle"), Type: "message", Timestamp: instant(m.Sent)}
	bundleID := uriIdentifier(id("bundle"))
	out.Identifier = &bundleID
	for _, p := range parts {
		if m.Kind == KindRevoked && p.id == id("words") {
			continue // a withdrawal says nothing about anybody
		}
		raw, err := json.Marshal(p.resource)
		if err != nil {
			return nil, fmt.Errorf("writing a message: %w", err)
		}
		out.Entry = append(out.Entry, entry{FullURL: urn(p.id), Resource: raw})
	}
	return json.Marshal(out)
}

// writePerson is the person, without any address or number: how they can be
// reached is told in words, as the packet has it.
func writePerson(m Message, id string) patient {
	p := patient{ResourceType: "Patient", ID: id}
	if m.Kind == KindRevoked {
		return p
	}
	d := m.Person
	if d.FamilyName != "" || d.GivenName != "" {
		name := humanName{Use: "official", Family: d.FamilyName}
		if d.GivenName != "" {
			name.Given = []string{d.GivenName}
		}
		p.Name = append(p.Name, name)
	}
	if d.KnownAs != "" {
		p.Name = append(p.Name, humanName{Use: "usual", Text: d.KnownAs})
	}
	p.BirthDate = d.Born
	if d.Language != "" {
		p.Communication = []communication{{Language: concept{Text: d.Language}, Preferred: true}}
	}
	return p
}

// writeViews is what the person said about sharing. Their agreement is no lawful
// basis, and this says no more than what they said.
func writeViews(m Message, id string, who *reference) consent {
	status := viewed(m.Share.Views.Asked)
	basis := m.Share.Basis.Label()
	if m.Kind == KindRevoked {
		status, basis = "inactive", "Withdrawn"
	}
	return consent{
		ResourceType: "Consent", Meta: hide, ID: id, Status: status, Patient: who, Scope: concept{Text: "What the person said about sharing this"},
		Category: []concept{{Coding: []coding{{Code: "DRC"}}, Text: "Direct care"}}, PolicyRule: &concept{Text: basis},
	}
}

// viewed is the status of a Consent that says what the person said.
func viewed(asked sharing.Asked) string {
	switch asked {
	case sharing.Agrees:
		return "active"
	case sharing.Opposes:
		return "rejected"
	case sharing.NotYet, "":
	}
	return "proposed"
}

func text(link, label, value string) []item {
	if value == "" {
		return nil
	}
	return []item{{LinkID: link, Text: label, Answer: []reply{{ValueString: &value}}}}
}

func choice(link, label, code, display string) []item {
	if code == "" {
		return nil
	}
	return []item{{LinkID: link, Text: label, Answer: []reply{{ValueCoding: &coding{System: ownCodes + strings.ReplaceAll(link, "_", "-"), Code: code, Display: display}}}}}
}

func yes(link, label string, value bool) []item {
	if !value {
		return nil
	}
	return []item{{LinkID: link, Text: label, Answer: []reply{{ValueBoolean: &value}}}}
}

func day(link, label, value string) []item {
	if value == "" {
		return nil
	}
	return []item{{LinkID: link, Text: label, Answer: []reply{{ValueDate: &value}}}}
}

func join(lists ...[]item) []item {
	var out []item
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// writeWords is the form in which the words of the packet travel.
func writeWords(m Message, id string, who *reference) questionnaireResponse {
	var said []item
	for _, i := range m.Items {
		said = append(said, text(string(i.Kind), i.Title, i.Text)...)
	}
	n, v, g := m.Share, m.Share.Views, m.Share.Grounds
	decided := join(
		text("protects", "Who is protected", n.Protects), text("harm", "From what", n.Harm),
		choice("basis", "Lawful basis", string(n.Basis), n.Basis.Label()), text("rationale", "Why, and why this much", n.Rationale),
		choice("asked", "What the person said about sharing", string(v.Asked), v.Asked.Label()),
		text("view_words", "In their words", v.Words), text("present", "Who was there", v.Present), text("view_why", "Why they were not asked", v.Why),
		choice("informed", "Whether they know", string(v.Informed), v.Informed.Label()),
		text("not_told", "Why they were not told", v.NotTold), day("tell_on", "When to look at it again", v.TellOn),
		yes("serious_risk", "Serious risk", g.SeriousRisk), yes("child_at_risk", "A child is at risk", g.ChildAtRisk), yes("other_ground", "Another ground", g.Other),
	)
	about := join(text("gender", "Gender, in their own words", m.Person.Gender), text("access_needs", "Formats, interpreters and other needs", m.Person.AccessNeeds))
	out := questionnaireResponse{ResourceType: "QuestionnaireResponse", Meta: hide, ID: id, Status: "completed", Subject: who, Authored: instant(m.Sent)}
	for _, group := range []item{
		{LinkID: referralGroup, Text: "The referral", Item: said},
		{LinkID: decisionGroup, Text: "The decision to share", Item: decided},
		{LinkID: personGroup, Text: "The person", Item: about},
	} {
		if len(group.Item) > 0 {
			out.Item = append(out.Item, group)
		}
	}
	return out
}
