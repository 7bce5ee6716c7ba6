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
	faults  []Issue // what cannot be told
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
	if out.Status != "revoked" { // what a withdrawal says besides is not kept
		r.person(&out, who)
		if err := r.words(&out); err != nil {
			return out, err
		}
		if err := r.rest(out); err != nil {
			return out, err
		}
		if len(r.faults) > 0 {
			return out, &Refusal{Status: unprocessable, Issues: r.faults}
		}
		r.addTo(&out)
	}
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
	if !slices.Contains([]string{"new", "update", "delete"}, out.Reason) {
		return refuse(unprocessable, "code-invalid", "MessageHeader.reason", "It is no reason of a message")
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
	if sr.Priority == "asap" || sr.Priority == "stat" { // here there is urgent alone
		r.also = append(r.also, "Priority in the system that sent it: "+sr.Priority)
	}
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
	raw := r.entries[r.kinds["ServiceRequest"][0]].Resource
	if not, has := members(raw)["doNotPerform"]; has && string(not) != "false" {
		return refuse(unprocessable, "not-supported", "ServiceRequest.doNotPerform", "A referral asks for something")
	}
	// When it was asked for, and what it leads to that is a matter of form, is known
	// without being told.
	r.also = append(r.also, r.left(raw, "ServiceRequest", "Asked for", "status", "intent", "category", "priority", "doNotPerform", "subject", "encounter", "basedOn",
		"occurrencePeriod", "authoredOn", "requester", "performer", "reasonCode", "note", "instantiatesCanonical", "instantiatesUri", "requisition", "replaces", "identifier")...)
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
