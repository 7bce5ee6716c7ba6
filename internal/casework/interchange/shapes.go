package interchange

import (
	"encoding/json"
	"slices"
	"strings"
)

// The shapes of what is read and written, as far as it is: FHIR R4 (4.0.1).
type (
	bundle struct {
		ResourceType string      `json:"resourceType"`
		Meta         *meta       `json:"meta,omitempty"`
		ID           string      `json:"id,omitempty"`
		Identifier   *identifier `json:"identifier,omitempty"`
		Type         string      `json:"type"`
		Timestamp    string      `json:"timestamp,omitempty"`
		Total        *int        `json:"total,omitempty"`
		Link         []link      `json:"link,omitempty"`
		Entry        []entry     `json:"entry,omitempty"`
	}
	link struct {
		Relation string `json:"relation"`
		URL      string `json:"url"`
	}
	entry struct {
		FullURL  string          `json:"fullUrl"`
		Resource json.RawMessage `json:"resource"`
	}
	identifier struct {
		System string `json:"system,omitempty"`
		Value  string `json:"value,omitempty"`
	}
	// meta says how something is handled, whoever comes to hold it.
	meta struct {
		Security []coding `json:"security,omitempty"`
	}
	coding struct {
		System  string `json:"system,omitempty"`
		Code    string `json:"code,omitempty"`
		Display string `json:"display,omitempty"`
	}
	concept struct {
		Coding []coding `json:"coding,omitempty"`
		Text   string   `json:"text,omitempty"`
	}
	reference struct {
		Reference  string      `json:"reference,omitempty"`
		Type       string      `json:"type,omitempty"`
		Identifier *identifier `json:"identifier,omitempty"`
		Display    string      `json:"display,omitempty"`
	}
	destination struct {
		Name     string     `json:"name,omitempty"`
		Endpoint string     `json:"endpoint"`
		Receiver *reference `json:"receiver,omitempty"`
	}
	source struct {
		Name     string `json:"name,omitempty"`
		Software string `json:"software,omitempty"`
		Endpoint string `json:"endpoint"`
	}
	answered struct {
		Identifier string     `json:"identifier"`
		Code       string     `json:"code"`
		Details    *reference `json:"details,omitempty"`
	}
	messageHeader struct {
		ResourceType string        `json:"resourceType"`
		ID           string        `json:"id,omitempty"`
		EventCoding  *coding       `json:"eventCoding,omitempty"`
		Destination  []destination `json:"destination,omitempty"`
		Sender       *reference    `json:"sender,omitempty"`
		Source       source        `json:"source"`
		Reason       *concept      `json:"reason,omitempty"`
		Response     *answered     `json:"response,omitempty"`
		Focus        []reference   `json:"focus,omitempty"`
		Definition   string        `json:"definition,omitempty"`
	}
	period struct {
		Start string `json:"start,omitempty"`
		End   string `json:"end,omitempty"`
	}
	annotation struct {
		Text string `json:"text"`
	}
	serviceRequest struct {
		ResourceType     string       `json:"resourceType"`
		Meta             *meta        `json:"meta,omitempty"`
		ID               string       `json:"id,omitempty"`
		BasedOn          []reference  `json:"basedOn,omitempty"`
		Status           string       `json:"status"`
		Intent           string       `json:"intent"`
		Category         []concept    `json:"category,omitempty"`
		Priority         string       `json:"priority,omitempty"`
		Subject          reference    `json:"subject"`
		Encounter        *reference   `json:"encounter,omitempty"`
		OccurrencePeriod *period      `json:"occurrencePeriod,omitempty"`
		AuthoredOn       string       `json:"authoredOn,omitempty"`
		Requester        *reference   `json:"requester,omitempty"`
		Performer        []reference  `json:"performer,omitempty"`
		ReasonCode       []concept    `json:"reasonCode,omitempty"`
		Note             []annotation `json:"note,omitempty"`
	}
	humanName struct {
		Use    string   `json:"use,omitempty"`
		Text   string   `json:"text,omitempty"`
		Family string   `json:"family,omitempty"`
		Given  []string `json:"given,omitempty"`
	}
	telecom struct {
		System string `json:"system,omitempty"`
		Value  string `json:"value,omitempty"`
		Use    string `json:"use,omitempty"`
	}
	address struct {
		Text       string   `json:"text,omitempty"`
		Line       []string `json:"line,omitempty"`
		City       string   `json:"city,omitempty"`
		District   string   `json:"district,omitempty"`
		State      string   `json:"state,omitempty"`
		PostalCode string   `json:"postalCode,omitempty"`
		Country    string   `json:"country,omitempty"`
		Use        string   `json:"use,omitempty"`
	}
	communication struct {
		Language  concept `json:"language"`
		Preferred bool    `json:"preferred,omitempty"`
	}
	patient struct {
		ResourceType  string            `json:"resourceType"`
		ID            string            `json:"id,omitempty"`
		Name          []humanName       `json:"name,omitempty"`
		Telecom       []telecom         `json:"telecom,omitempty"`
		Gender        string            `json:"gender,omitempty"`
		BirthDate     string            `json:"birthDate,omitempty"`
		Address       []address         `json:"address,omitempty"`
		Communication []communication   `json:"communication,omitempty"`
		Contact       []json.RawMessage `json:"contact,omitempty"`
	}
	organization struct {
		ResourceType string       `json:"resourceType"`
		ID           string       `json:"id,omitempty"`
		Identifier   []identifier `json:"identifier,omitempty"`
		Name         string       `json:"name,omitempty"`
	}
	healthcareService struct {
		ResourceType string       `json:"resourceType"`
		ID           string       `json:"id,omitempty"`
		Identifier   []identifier `json:"identifier,omitempty"`
		ProvidedBy   *reference   `json:"providedBy,omitempty"`
		Name         string       `json:"name,omitempty"`
	}
	practitioner struct {
		ResourceType string      `json:"resourceType"`
		ID           string      `json:"id,omitempty"`
		Name         []humanName `json:"name,omitempty"`
	}
	practitionerRole struct {
		ResourceType string     `json:"resourceType"`
		ID           string     `json:"id,omitempty"`
		Practitioner *reference `json:"practitioner,omitempty"`
		Organization *reference `json:"organization,omitempty"`
	}
	encounter struct {
		ResourceType string    `json:"resourceType"`
		ID           string    `json:"id,omitempty"`
		Status       string    `json:"status"`
		Class        coding    `json:"class"`
		Subject      reference `json:"subject"`
	}
	carePlan struct {
		ResourceType string    `json:"resourceType"`
		ID           string    `json:"id,omitempty"`
		Status       string    `json:"status"`
		Intent       string    `json:"intent"`
		Description  string    `json:"description,omitempty"`
		Subject      reference `json:"subject"`
	}
	consent struct {
		ResourceType string     `json:"resourceType"`
		Meta         *meta      `json:"meta,omitempty"`
		ID           string     `json:"id,omitempty"`
		Status       string     `json:"status"`
		Scope        concept    `json:"scope"`
		Category     []concept  `json:"category"`
		Patient      *reference `json:"patient,omitempty"`
		PolicyRule   *concept   `json:"policyRule,omitempty"`
	}
	reply struct {
		ValueString  *string `json:"valueString,omitempty"`
		ValueBoolean *bool   `json:"valueBoolean,omitempty"`
		ValueDate    *string `json:"valueDate,omitempty"`
		ValueCoding  *coding `json:"valueCoding,omitempty"`
		Item         []item  `json:"item,omitempty"`

		unknown string // the name of a value that is of another kind
		raw     json.RawMessage
	}
	item struct {
		LinkID string  `json:"linkId"`
		Text   string  `json:"text,omitempty"`
		Answer []reply `json:"answer,omitempty"`
		Item   []item  `json:"item,omitempty"`
	}
	questionnaireResponse struct {
		ResourceType string     `json:"resourceType"`
		Meta         *meta      `json:"meta,omitempty"`
		ID           string     `json:"id,omitempty"`
		Status       string     `json:"status"`
		Subject      *reference `json:"subject,omitempty"`
		Authored     string     `json:"authored,omitempty"`
		Item         []item     `json:"item,omitempty"`
	}
	// told is what else a message may tell in words: Flag, Condition,
	// Observation, Communication.
	told struct {
		Status       string       `json:"status"`
		Verification *concept     `json:"verificationStatus"`
		Code         *concept     `json:"code"`
		ValueString  string       `json:"valueString"`
		Value        *concept     `json:"valueCodeableConcept"`
		Note         []annotation `json:"note"`
		Payload      []payload    `json:"payload"`
	}
	payload struct {
		ContentString string `json:"contentString"`

		raw json.RawMessage
	}
	issue struct {
		Severity   string   `json:"severity"`
		Code       string   `json:"code"`
		Details    *concept `json:"details,omitempty"`
		Expression []string `json:"expression,omitempty"`
	}
	operationOutcome struct {
		ResourceType string  `json:"resourceType"`
		ID           string  `json:"id,omitempty"`
		Issue        []issue `json:"issue"`
	}
	taskOutput struct {
		Type        concept `json:"type"`
		ValueString string  `json:"valueString"`
	}
	task struct {
		ResourceType   string       `json:"resourceType"`
		ID             string       `json:"id,omitempty"`
		Status         string       `json:"status"`
		StatusReason   *concept     `json:"statusReason,omitempty"`
		BusinessStatus *concept     `json:"businessStatus,omitempty"`
		Intent         string       `json:"intent"`
		Priority       string       `json:"priority,omitempty"`
		Code           concept      `json:"code"`
		Focus          reference    `json:"focus"`
		For            reference    `json:"for"`
		AuthoredOn     string       `json:"authoredOn"`
		LastModified   string       `json:"lastModified,omitempty"`
		Requester      reference    `json:"requester"`
		Owner          *reference   `json:"owner,omitempty"`
		Output         []taskOutput `json:"output,omitempty"`
	}
)

// UnmarshalJSON reads an answer, and notes a value of a kind that is not among
// those above.
func (a *reply) UnmarshalJSON(raw []byte) error {
	type plain reply
	if err := json.Unmarshal(raw, (*plain)(a)); err != nil {
		return err
	}
	for name, value := range members(raw) {
		if strings.HasPrefix(name, "value") && !slices.Contains([]string{"valueString", "valueBoolean", "valueDate", "valueCoding"}, name) {
			a.unknown, a.raw = name, value
		}
	}
	return nil
}

// UnmarshalJSON reads a payload, and keeps it as it came.
func (p *payload) UnmarshalJSON(raw []byte) error {
	type plain payload
	err := json.Unmarshal(raw, (*plain)(p))
	p.raw = slices.Clone(raw)
	return err
}

func (c *concept) codes() []string {
	var out []string
	if c != nil {
		for _, one := range c.Coding {
			out = append(out, one.Code)
		}
	}
	return out
}

// The systems and names of the standard that messages are shaped after.
const (
	eventSystem   = "https://fhir.nhs.uk/CodeSystem/message-events-bars"
	reasonSystem  = "https://fhir.nhs.uk/CodeSystem/message-reason-bars"
	definitionURL = "https://fhir.nhs.uk/MessageDefinition/bars-message-servicerequest-request-referral"
	requestEvent  = "servicerequest-request"
	responseEvent = "servicerequest-response"
	taskCode      = "http://hl7.org/fhir/CodeSystem/task-code"
	// uriSystem is the system of identifiers that are URIs themselves.
	uriSystem = "urn:ietf:rfc:3986"
	// ownCodes is where the codes of this project are named. It leads nowhere.
	ownCodes = "https://waymark.invalid/codes/"
	ownFHIR  = "https://waymark.invalid/fhir/"
)

// MediaType is what messages and answers are sent as.
const MediaType = "application/fhir+json"

// urn is an id as an identifier or a reference says it.
func urn(id string) string { return "urn:uuid:" + id }

func uriIdentifier(id string) identifier { return identifier{System: uriSystem, Value: urn(id)} }

func to(id string) *reference { return &reference{Reference: urn(id)} }
