package interchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
)

// What a message may hold. They are choices of this project: a referral is words.
const (
	depthMost  = 40
	tokensMost = 20_000
	entryMost  = 60
)

// Come is a message that was read.
type Come struct {
	ID       string
	BundleID string
	Request  string
	Reason   string
	Status   string   // of the ServiceRequest
	Agencies []string // of ours that say they send it
	Teams    []string // to which it goes, by our ids
	Agency   string   // to which it goes, if it says so by our id
	Author   string
	What     referral.NewReferral
	Message  Message // what of it is about the person and the decision
	Same     []byte  // what is compared when it comes again
}

var fhirID = regexp.MustCompile(`^[A-Za-z0-9\-.]{1,64}$`)

// sound reads through JSON: one object, neither too deep nor too long, no name
// twice, and text that is text.
func sound(body []byte) *Refusal {
	if !utf8.Valid(body) {
		return refuse(badRequest, "structure", "", "It is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	type level struct {
		object bool
		name   bool // the next token is one
		seen   map[string]bool
	}
	var open []level
	for n := 0; ; n++ {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			if len(open) > 0 || n == 0 {
				return refuse(badRequest, "structure", "", "It ends before it is whole")
			}
			return nil
		}
		if err != nil {
			return refuse(badRequest, "structure", "", "It is not JSON")
		}
		if n > tokensMost {
			return refuse(unprocessable, "too-costly", "", "It has too many parts")
		}
		if n > 0 && len(open) == 0 {
			return refuse(badRequest, "structure", "", "Something follows after its end")
		}
		if top := len(open) - 1; top >= 0 && open[top].object {
			if name, is := t.(string); is && open[top].name {
				low := strings.ToLower(name) // as Go matches names
				if open[top].seen[low] {
					return refuse(badRequest, "structure", "", "A name stands twice in one object")
				}
				open[top].seen[low], open[top].name = true, false
				if name == "modifierExtension" || name == "implicitRules" {
					return refuse(unprocessable, "not-supported", name, "It says that it must not be read without rules that are not known here")
				}
				continue
			}
			open[top].name = true
		}
		switch t {
		case json.Delim('{'):
			open = append(open, level{object: true, name: true, seen: map[string]bool{}})
		case json.Delim('['):
			open = append(open, level{})
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		default:
			if n == 0 {
				return refuse(badRequest, "structure", "", "It is not an object")
			}
			if s, is := t.(string); is && strings.ContainsFunc(s, control) {
				return refuse(badRequest, "value", "", "Text has control characters in it")
			}
		}
		if len(open) > depthMost {
			return refuse(unprocessable, "too-costly", "", "It is nested too deeply")
		}
	}
}

func control(c rune) bool { return c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7f }

// Read reads a message. What it returns is as the sender's system says it, and
// checked in its form alone. It returns a *[Refusal].
func Read(body []byte) (Come, error) {
	if r := sound(body); r != nil {
		return Come{}, r
	}
	var b bundle
	if err := json.Unmarshal(body, &b); err != nil {
		return Come{}, refuse(badRequest, "structure", "Bundle", "It does not have the form of a Bundle")
	}
	switch {
	case b.ResourceType != "Bundle" || b.Type != "message":
		return Come{}, refuse(unprocessable, "not-supported", "Bundle.type", "Send a Bundle of the type message")
	case len(b.Entry) == 0:
		return Come{}, refuse(unprocessable, "required", "Bundle.entry", "There is nothing in it")
	case len(b.Entry) > entryMost:
		return Come{}, refuse(unprocessable, "too-costly", "Bundle.entry", fmt.Sprintf("It has more than %d entries", entryMost))
	}
	if _, err := time.Parse(time.RFC3339, b.Timestamp); err != nil {
		return Come{}, refuse(unprocessable, "required", "Bundle.timestamp", "Say when it was put together, with the zone")
	}
	r := &reader{urls: map[string]int{}, kinds: map[string][]int{}, entries: b.Entry}
	if err := r.index(); err != nil {
		return Come{}, err
	}
	return r.read(b)
}

type reader struct {
	entries []entry
	urls    map[string]int
	kinds   map[string][]int
	also    []string // told in words besides
	flags   []string
}

// read kinds: those that are taken apart, and those that are told in words. What
// else there is cannot be shown to a person, so that it would be lost.
var (
	oneEach = []string{"MessageHeader", "ServiceRequest", "Patient"}
	passed  = []string{
		"Organization", "Practitioner", "PractitionerRole", "HealthcareService", "Encounter", "CarePlan", "Consent", "Location", "Endpoint",
		"QuestionnaireResponse", "Questionnaire",
	}
	inWords = []string{"Flag", "Condition", "Observation", "Communication"}
)

func (r *reader) index() error {
	for i, e := range r.entries {
		var head struct {
			ResourceType string `json:"resourceType"`
			ID           string `json:"id"`
		}
		at := fmt.Sprintf("Bundle.entry[%d]", i)
		if err := json.Unmarshal(e.Resource, &head); err != nil || head.ResourceType == "" {
			return refuse(unprocessable, "structure", at+".resource", "Every entry has a resource")
		}
		if !strings.HasPrefix(e.FullURL, "urn:uuid:") {
			return refuse(unprocessable, "invariant", at+".fullUrl", "Every entry has a fullUrl of its own that begins with urn:uuid:")
		}
		if _, twice := r.urls[e.FullURL]; twice {
			return refuse(unprocessable, "invariant", at+".fullUrl", "Two entries have the same fullUrl")
		}
		r.urls[e.FullURL] = i
		if i == 0 && head.ResourceType != "MessageHeader" {
			return refuse(unprocessable, "invariant", at, "The MessageHeader comes first")
		}
		if !slices.Contains(oneEach, head.ResourceType) && !slices.Contains(passed, head.ResourceType) && !slices.Contains(inWords, head.ResourceType) {
			return refuse(unprocessable, "not-supported", at, "This cannot be shown to the people who read a referral here. Say it in words")
		}
		r.kinds[head.ResourceType] = append(r.kinds[head.ResourceType], i)
	}
	for _, kind := range oneEach {
		if len(r.kinds[kind]) != 1 {
			return refuse(unprocessable, "required", kind, "There is exactly one "+kind+" in a message")
		}
	}
	return nil
}

// get reads the resource that a reference leads to, if it is of the kind.
func (r *reader) get(ref *reference, kind string, into any) bool {
	if ref == nil {
		return false
	}
	i, ok := r.urls[ref.Reference]
	if !ok || !slices.Contains(r.kinds[kind], i) {
		return false
	}
	return json.Unmarshal(r.entries[i].Resource, into) == nil
}

func (r *reader) only(kind string, into any) error {
	if err := json.Unmarshal(r.entries[r.kinds[kind][0]].Resource, into); err != nil {
		return refuse(unprocessable, "structure", kind, "It does not have the form of a "+kind)
	}
	return nil
}

func (r *reader) read(b bundle) (Come, error) {
	var (
		header messageHeader
		sr     serviceRequest
		who    patient
		out    Come
	)
	for kind, into := range map[string]any{"MessageHeader": &header, "ServiceRequest": &sr, "Patient": &who} {
		if err := r.only(kind, into); err != nil {
			return out, err
		}
	}
	if err := r.header(&out, header); err != nil {
		return out, err
	}
	if b.Identifier != nil {
		out.BundleID = b.Identifier.Value
	}
	if len(out.BundleID) > 200 {
		return out, refuse(unprocessable, "too-long", "Bundle.identifier", "It is too long")
	}
	if err := r.request(&out, sr, header); err != nil {
		return out, err
	}
	if !r.get(&sr.Subject, "Patient", &patient{}) {
		return out, refuse(unprocessable, "value", "ServiceRequest.subject", "It leads to the Patient of the message")
	}
	r.person(&out, who)
	if err := r.words(&out); err != nil {
		return out, err
	}
	if err := r.rest(); err != nil {
		return out, err
	}
	r.addTo(&out)
	out.clean()
	var err error
	out.Same, err = canonical(r.entries)
	return out, err
}

// canonical is what entries say, whatever the order of names and the space
// between them. What stands around them changes when a message is sent again.
func canonical(entries []entry) ([]byte, error) {
	raw, err := json.Marshal(entries)
	if err != nil {
		return nil, fmt.Errorf("comparing a message: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("comparing a message: %w", err)
	}
	return json.Marshal(v)
}

func (r *reader) header(out *Come, h messageHeader) error {
	if h.EventCoding == nil || h.EventCoding.System != eventSystem {
		return refuse(unprocessable, "not-supported", "MessageHeader.event", "Only messages about referrals are taken here")
	}
	if h.EventCoding.Code != requestEvent {
		return refuse(unprocessable, "not-supported", "MessageHeader.event", "An answer to a referral is given by a person, on the page of the referral. Programs do not accept or decline")
	}
	out.ID = h.ID
	if out.ID == "" {
		out.ID = strings.TrimPrefix(r.entries[0].FullURL, "urn:uuid:")
	}
	if !fhirID.MatchString(out.ID) {
		return refuse(unprocessable, "value", "MessageHeader.id", "It is not an id")
	}
	if h.Source.Endpoint == "" {
		return refuse(unprocessable, "required", "MessageHeader.source.endpoint", "Say which system sends it")
	}
	if h.Reason != nil {
		for _, c := range h.Reason.Coding {
			if c.System == reasonSystem {
				out.Reason = c.Code
			}
		}
	}
	if out.Reason == "" {
		return refuse(unprocessable, "required", "MessageHeader.reason", "Say whether it is new")
	}
	var sender organization
	if !r.get(h.Sender, "Organization", &sender) {
		return refuse(unprocessable, "required", "MessageHeader.sender", "It leads to the Organization that sends it, in the message")
	}
	out.Agencies = own(sender.Identifier)
	out.Message.From.Name = sender.Name
	for _, d := range h.Destination {
		var receiver organization
		if r.get(d.Receiver, "Organization", &receiver) {
			if ids := own(receiver.Identifier); len(ids) > 0 {
				out.Agency = ids[0]
			}
		}
	}
	if len(h.Focus) != 1 {
		return refuse(unprocessable, "required", "MessageHeader.focus", "It leads to the ServiceRequest, and to nothing else")
	}
	return nil
}

// own are the ids among identifiers that can be ours.
func own(ids []identifier) []string {
	var out []string
	for _, i := range ids {
		if id, is := strings.CutPrefix(i.Value, "urn:uuid:"); is && i.System == uriSystem {
			out = append(out, id)
		}
	}
	return out
}

func (r *reader) request(out *Come, sr serviceRequest, h messageHeader) error {
	if !r.get(&h.Focus[0], "ServiceRequest", &serviceRequest{}) {
		return refuse(unprocessable, "value", "MessageHeader.focus", "It leads to the ServiceRequest of the message")
	}
	out.Request = strings.TrimPrefix(h.Focus[0].Reference, "urn:uuid:")
	if !fhirID.MatchString(out.Request) {
		return refuse(unprocessable, "value", "ServiceRequest.id", "It is not an id")
	}
	out.Status = sr.Status
	switch {
	case !slices.Contains([]string{"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}, sr.Status):
		return refuse(unprocessable, "code-invalid", "ServiceRequest.status", "It is no status")
	case sr.Intent != "plan":
		return refuse(unprocessable, "value", "ServiceRequest.intent", "The intent of a referral is plan")
	case len(sr.Category) != 1:
		return refuse(unprocessable, "required", "ServiceRequest.category", "There is exactly one")
	case !slices.Contains([]string{"", "routine", "urgent", "asap", "stat"}, sr.Priority):
		return refuse(unprocessable, "code-invalid", "ServiceRequest.priority", "It is no priority")
	}
	out.Message.Urgent = sr.Priority != "" && sr.Priority != "routine"
	for _, c := range sr.Category[0].Coding {
		if c.System == ownCodes+"referral-subject" {
			out.Message.Subject = referral.Subject(c.Code)
		}
	}
	for _, p := range sr.Performer {
		var s healthcareService
		if r.get(&p, "HealthcareService", &s) {
			out.Teams = append(out.Teams, own(s.Identifier)...)
		} else if p.Identifier != nil {
			out.Teams = append(out.Teams, own([]identifier{*p.Identifier})...)
		}
	}
	for _, c := range sr.ReasonCode {
		r.also = append(r.also, spoken("Reason", &c)...)
	}
	for _, n := range sr.Note {
		r.also = append(r.also, "Note: "+n.Text)
	}
	var role practitionerRole
	var worker practitioner
	if r.get(sr.Requester, "PractitionerRole", &role) {
		r.get(role.Practitioner, "Practitioner", &worker)
	} else {
		r.get(sr.Requester, "Practitioner", &worker)
	}
	if len(worker.Name) > 0 {
		out.Author = called(worker.Name[0])
	}
	return nil
}

func called(n humanName) string {
	if n.Text != "" {
		return n.Text
	}
	return strings.TrimSpace(strings.Join(n.Given, " ") + " " + n.Family)
}

// person is who it is about. Numbers and addresses become words about how they
// can be reached, which nobody here has checked.
func (r *reader) person(out *Come, p patient) {
	d := &out.Message.Person
	for _, n := range p.Name {
		switch {
		case n.Use == "usual" || n.Use == "nickname" || n.Family == "" && len(n.Given) == 0:
			if d.KnownAs == "" {
				d.KnownAs = called(n)
			}
		case d.FamilyName == "" && d.GivenName == "":
			d.FamilyName, d.GivenName = n.Family, strings.Join(n.Given, " ")
		default:
			r.also = append(r.also, "Another name: "+called(n))
		}
	}
	d.Born, d.Gender = p.BirthDate, p.Gender
	for _, c := range p.Communication {
		words := c.Language.Text
		if words == "" && len(c.Language.Coding) > 0 {
			words = c.Language.Coding[0].Display + c.Language.Coding[0].Code
		}
		if d.Language == "" {
			d.Language = words
		}
	}
	var reach []string
	for _, t := range p.Telecom {
		reach = append(reach, strings.TrimSpace(t.System+" "+t.Value))
	}
	for _, a := range p.Address {
		words := a.Text
		if words == "" {
			words = strings.Join(append(slices.Clone(a.Line), a.City, a.District, a.PostalCode), ", ")
		}
		reach = append(reach, "address "+words)
	}
	if len(reach) > 0 {
		out.What.Contact = "From the record of the system that sent it. Nobody has checked that it is safe:\n" + strings.Join(reach, "\n")
	}
	if len(p.Contact) > 0 {
		r.also = append(r.also, "Their record names people to get in touch with. Those are not passed on: one of them may be who does harm.")
	}
}

// words reads the form in which the words travel.
func (r *reader) words(out *Come) error {
	answers := map[string]reply{}
	var walk func(items []item, depth int) error
	walk = func(items []item, depth int) error {
		for _, i := range items {
			for n, a := range i.Answer {
				if _, twice := answers[i.LinkID]; !twice && n == 0 && slices.Contains(questions, i.LinkID) {
					answers[i.LinkID] = a
				} else if slices.Contains(questions, i.LinkID) {
					return refuse(unprocessable, "value", "QuestionnaireResponse.item.where(linkId='"+i.LinkID+"')", "It is answered twice")
				} else {
					r.also = append(r.also, strings.TrimSpace(i.Text+": "+a.words()))
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
	return nil
}

// rest tells what else there is in words.
func (r *reader) rest() error {
	for _, kind := range inWords {
		for _, at := range r.kinds[kind] {
			var t told
			if json.Unmarshal(r.entries[at].Resource, &t) != nil {
				return refuse(unprocessable, "structure", kind, "It does not have the form of a "+kind)
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
				lines = append(lines, kind+": "+p.ContentString)
			}
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
