package interchange_test

import (
	"strings"
	"testing"

	"waymark/internal/casework/interchange"
)

// What a message says beside what is taken apart is told in words, or it is refused
// with the name of what cannot be told: nothing is lost in silence.
func TestNothingOfAMessageIsLostInSilence(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		good := string(w.written(t, nil))
		patient := func(more string) string {
			return strings.Replace(good, `"resourceType":"Patient",`, `"resourceType":"Patient",`+more+`,`, 1)
		}
		entry := func(resource string) string {
			i := strings.LastIndex(good, "]}")
			return good[:i] + `,{"fullUrl":"urn:uuid:0190b0b0-7777-7000-8000-000000000001","resource":` + resource + `}` + good[i:]
		}
		answer := func(answer string) string {
			return strings.Replace(good, `{"linkId":"why"`, `{"linkId":"theirs","text":"A question of theirs","answer":[`+answer+`]},{"linkId":"why"`, 1)
		}
		request := func(more string) string {
			return strings.Replace(good, `"resourceType":"ServiceRequest",`, `"resourceType":"ServiceRequest",`+more+`,`, 1)
		}
		for name, c := range map[string]struct{ body, want string }{
			"a number":               {answer(`{"valueInteger":7}`), "A question of theirs: 7"},
			"an amount":              {answer(`{"valueQuantity":{"value":3.5,"unit":"weeks"}}`), "A question of theirs: weeks, 3.5"},
			"a moment":               {answer(`{"valueDateTime":"2026-01-31T09:00:00Z"}`), "A question of theirs: 2026-01-31T09:00:00Z"},
			"no":                     {answer(`{"valueBoolean":false}`), "A question of theirs: no"},
			"a marital status":       {patient(`"maritalStatus":{"coding":[{"system":"x","code":"D","display":"Divorced"}]}`), "In their record, marital status: Divorced"},
			"that they died":         {patient(`"deceasedBoolean":true`), "In their record, deceased boolean: yes"},
			"a number of a register": {patient(`"identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9000000009"}]`), "In their record, identifier: 9000000009"},
			"an extension":           {patient(`"extension":[{"url":"https://x.example/Extension-EthnicCategory","valueCodeableConcept":{"text":"Irish"}}]`), "In their record, Extension-EthnicCategory: Irish"},
			"a second language":      {patient(`"communication":[{"language":{"text":"Farsi"}},{"language":{"text":"Dari"}}]`), "Another language: Dari"},
			"an old number":          {patient(`"telecom":[{"system":"phone","value":"01632 960 002","use":"old"}]`), "phone 01632 960 002 (old)"},
			"a country":              {patient(`"address":[{"line":["1 Made Up Lane"],"country":"Exland","use":"temp"}]`), "1 Made Up Lane, Exland (temp)"},
			"a priority":             {strings.Replace(good, `"priority":"routine"`, `"priority":"stat"`, 1), "Priority in the system that sent it: stat"},
			"what is asked for":      {request(`"patientInstruction":"Ring twice"`), "Asked for, patient instruction: Ring twice"},
			"a code without words":   {request(`"reasonCode":[{"coding":[{"system":"x","code":"370995009"}]}]`), "Reason: 370995009"},
			"what was and is not":    {entry(`{"resourceType":"Condition","code":{"text":"Low mood"},"clinicalStatus":{"coding":[{"code":"resolved"}]}}`), "Condition, clinical status: resolved"},
			"a value of another sort": {
				entry(`{"resourceType":"Observation","status":"preliminary","code":{"text":"Score"},"valueInteger":4}`), "Observation, value integer: 4",
			},
			"a status":            {entry(`{"resourceType":"Observation","status":"preliminary","code":{"text":"Score"},"valueInteger":4}`), "Observation, status: preliminary"},
			"another consent":     {strings.Replace(good, `"status":"active","scope"`, `"status":"rejected","scope"`, 1), "in the system that sent it: rejected"},
			"a form not finished": {strings.Replace(good, `"status":"completed"`, `"status":"in-progress"`, 1), "The form was not finished"},
		} {
			come, err := interchange.Read([]byte(c.body))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			said := come.What.Why + "\n" + come.What.Contact + "\n" + come.What.Risk
			if !strings.Contains(said, c.want) {
				t.Errorf("%s: %q is not in %q", name, c.want, said)
			}
		}
		link := func(id string) string { return "QuestionnaireResponse.item.where(linkId='" + id + "').answer" }
		for name, c := range map[string]struct{ body, at string }{
			"a file":                    {answer(`{"valueAttachment":{"contentType":"application/pdf","data":"aGk="}}`), link("theirs") + ".valueAttachment"},
			"a photograph":              {patient(`"photo":[{"contentType":"image/png","data":"aGk="}]`), "Patient.photo"},
			"a ground in words":         {answer(`{"valueString":"x"}]},{"linkId":"serious_risk","answer":[{"valueString":"yes"}`), link("serious_risk")},
			"no such basis":             {strings.Replace(good, `"code":"public_task"`, `"code":"because"`, 1), link("basis") + ".valueCoding"},
			"a question, another value": {answer(`{"valueString":"x"}]},{"linkId":"children","answer":[{"valueDecimal":2.5}`), link("children") + ".valueDecimal"},
			"answers that are void":     {strings.Replace(good, `"status":"completed"`, `"status":"entered-in-error"`, 1), "QuestionnaireResponse.status"},
			"what is void":              {entry(`{"resourceType":"Flag","status":"entered-in-error","code":{"text":"x"}}`), "Flag.status"},
			"a refuted condition":       {entry(`{"resourceType":"Condition","code":{"text":"x"},"verificationStatus":{"coding":[{"code":"entered-in-error"}]}}`), "Condition.status"},
			"what is not to be done":    {request(`"doNotPerform":true`), "ServiceRequest.doNotPerform"},
			"a narrative of its own":    {patient(`"text":{"status":"additional","div":"<div>More</div>"}`), "Patient.text"},
			"what is inside another":    {patient(`"contained":[{"resourceType":"Flag"}]`), "Patient.contained"},
			"no such reason":            {strings.Replace(good, `"code":"new"`, `"code":"perhaps"`, 1), "MessageHeader.reason"},
		} {
			_, err := interchange.Read([]byte(c.body))
			r, is := interchange.AsRefusal(err)
			if !is || r.Status != 422 || r.Issues[0].At != c.at {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
