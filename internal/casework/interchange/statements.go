package interchange

// what this service says of itself, so that another system can find out.

// Capabilities is the CapabilityStatement.
func (s *Service) Capabilities(site string) []byte {
	type (
		m    = map[string]any
		list = []any
	)
	param := func(name, kind, words string) m { return m{"name": name, "type": kind, "documentation": words} }
	return encoded(m{
		"resourceType": "CapabilityStatement", "status": "active", "date": "2026-11-22", "kind": "instance", "fhirVersion": "4.0.1",
		"name": "Waymark", "title": "Referrals as messages", "format": list{MediaType},
		"description":    "Referrals between agencies, shaped after the Booking and Referral Standard. It has not been assured by anybody.",
		"software":       m{"name": "Waymark"},
		"implementation": m{"description": "Waymark", "url": site + "/fhir"},
		"rest": list{m{
			"mode": "server",
			"security": m{
				"service":     list{m{"text": "OAuth 2, client credentials"}},
				"description": "Tokens are given at " + site + "/oauth/token to clients that an administrator made.",
			},
			"resource": list{
				m{
					"type": "Task", "documentation": "Where referrals stand that the teams of the client sent or were sent. Nothing about the person.",
					"interaction": list{m{"code": "read"}, m{"code": "search-type"}},
					"searchParam": list{
						param("_id", "token", "One referral"), param("status", "token", "Of these statuses, with commas"),
						param("focus:identifier", "token", "The referral that your message calls so"), param("_lastUpdated", "date", "With the prefix ge"),
					},
				},
				m{"type": "MessageDefinition", "interaction": list{m{"code": "search-type"}}},
			},
			"operation": list{m{"name": "process-message", "definition": "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message"}},
		}},
		"messaging": list{m{
			"endpoint":         list{m{"protocol": m{"system": "http://terminology.hl7.org/CodeSystem/message-transport", "code": "http"}, "address": site + "/fhir/$process-message"}},
			"supportedMessage": list{m{"mode": "receiver", "definition": definitionURL}, m{"mode": "sender", "definition": definitionURL}},
		}},
	})
}

// Definitions are the messages that are taken here, as a Bundle of
// MessageDefinition.
func (s *Service) Definitions(self string) []byte {
	type m = map[string]any
	focus := func(code, most string) m {
		return m{"code": code, "min": 1, "max": most}
	}
	total := 1
	definition := encoded(m{
		"resourceType": "MessageDefinition", "id": "referral", "url": ownFHIR + "MessageDefinition/referral", "name": "Referral", "title": "A referral",
		"status": "active", "date": "2026-11-22", "parent": []string{definitionURL},
		"description":      "A new referral to a team. What the parts hold is described where this service is documented.",
		"eventCoding":      m{"system": eventSystem, "code": requestEvent},
		"focus":            []m{focus("ServiceRequest", "1")},
		"responseRequired": "always",
	})
	return encoded(bundle{
		ResourceType: "Bundle", Type: "searchset", Total: &total, Link: []link{{Relation: "self", URL: self}},
		Entry: []entry{{FullURL: ownFHIR + "MessageDefinition/referral", Resource: definition}},
	})
}
