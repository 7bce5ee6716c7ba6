package fhirpath

import (
	"slices"
	"strings"
)

// choices are the elements whose name goes on with their type, such as valueString.
var choices = map[string]bool{
	"value": true, "answer": true, "deceased": true, "multipleBirth": true, "effective": true, "onset": true,
	"abatement": true, "performed": true, "occurrence": true, "minValue": true, "maxValue": true, "defaultValue": true,
}

// choiceTypes are the types that such a name can go on with.
var choiceTypes = []string{
	"boolean", "decimal", "integer", "date", "dateTime", "time", "string", "uri", "url", "code", "Coding", "Quantity",
	"Reference", "Attachment", "CodeableConcept", "instant", "canonical", "markdown", "id", "positiveInt", "unsignedInt",
	"Period", "Range", "Identifier", "HumanName", "Address", "ContactPoint", "Age", "Duration", "Expression", "Annotation",
}

// types are the parts of what expressions of question sets look at, as R4 defines them. What is not here
// has the type that its JSON shows.
var types = map[string]map[string]string{
	"Coding":          {"system": "uri", "version": "string", "code": "code", "display": "string", "userSelected": "boolean"},
	"CodeableConcept": {"coding": "Coding", "text": "string"},
	"Quantity":        {"value": "decimal", "comparator": "code", "unit": "string", "system": "uri", "code": "code"},
	"Period":          {"start": "dateTime", "end": "dateTime"},
	"Reference":       {"reference": "string", "type": "uri", "identifier": "Identifier", "display": "string"},
	"Identifier":      {"use": "code", "type": "CodeableConcept", "system": "uri", "value": "string", "period": "Period"},
	"HumanName":       {"use": "code", "text": "string", "family": "string", "given": "string", "prefix": "string", "suffix": "string", "period": "Period"},
	"Address": {
		"use": "code", "type": "code", "text": "string", "line": "string", "city": "string", "district": "string", "state": "string",
		"postalCode": "string", "country": "string", "period": "Period",
	},
	"ContactPoint": {"system": "code", "value": "string", "use": "code", "rank": "positiveInt", "period": "Period"},
	"Attachment":   {"contentType": "code", "url": "url", "title": "string", "creation": "dateTime"},
	"Extension":    {"url": "uri"},
	"Meta":         {"lastUpdated": "instant", "versionId": "id", "profile": "canonical", "tag": "Coding"},
	"Patient": {
		"active": "boolean", "name": "HumanName", "telecom": "ContactPoint", "gender": "code", "birthDate": "date",
		"address": "Address", "maritalStatus": "CodeableConcept", "identifier": "Identifier", "meta": "Meta",
		"generalPractitioner": "Reference", "managingOrganization": "Reference",
	},
	"Practitioner": {
		"active": "boolean", "name": "HumanName", "telecom": "ContactPoint", "gender": "code", "birthDate": "date",
		"address": "Address", "identifier": "Identifier", "meta": "Meta",
	},
	"RelatedPerson": {
		"active": "boolean", "name": "HumanName", "telecom": "ContactPoint", "gender": "code", "birthDate": "date",
		"address": "Address", "identifier": "Identifier", "relationship": "CodeableConcept", "patient": "Reference",
	},
	"Encounter": {
		"status": "code", "class": "Coding", "type": "CodeableConcept", "subject": "Reference", "period": "Period",
		"identifier": "Identifier", "reasonCode": "CodeableConcept",
	},
	"Observation": {
		"status": "code", "code": "CodeableConcept", "category": "CodeableConcept", "subject": "Reference", "issued": "instant",
	},
	"Condition": {
		"clinicalStatus": "CodeableConcept", "verificationStatus": "CodeableConcept", "category": "CodeableConcept",
		"code": "CodeableConcept", "subject": "Reference", "recordedDate": "dateTime",
	},
	"QuestionnaireResponse": {
		"identifier": "Identifier", "questionnaire": "canonical", "status": "code", "subject": "Reference",
		"encounter": "Reference", "authored": "dateTime", "author": "Reference", "source": "Reference",
		"item": "QuestionnaireResponse.item",
	},
	"QuestionnaireResponse.item": {
		"linkId": "string", "definition": "uri", "text": "string", "answer": "QuestionnaireResponse.item.answer",
		"item": "QuestionnaireResponse.item",
	},
	"QuestionnaireResponse.item.answer": {"item": "QuestionnaireResponse.item"},
	"Questionnaire": {
		"url": "uri", "version": "string", "name": "string", "title": "string", "status": "code", "date": "dateTime",
		"identifier": "Identifier", "item": "Questionnaire.item", "code": "Coding",
	},
	"Questionnaire.item": {
		"linkId": "string", "definition": "uri", "code": "Coding", "prefix": "string", "text": "string", "type": "code",
		"required": "boolean", "repeats": "boolean", "readOnly": "boolean", "maxLength": "integer",
		"answerValueSet": "canonical", "answerOption": "Questionnaire.item.answerOption",
		"enableWhen": "Questionnaire.item.enableWhen", "enableBehavior": "code",
		"initial": "Questionnaire.item.initial", "item": "Questionnaire.item",
	},
	"Questionnaire.item.answerOption": {"initialSelected": "boolean"},
	"Questionnaire.item.enableWhen":   {"question": "string", "operator": "code"},
}

// typeOf is the type of a part.
func typeOf(parent, name string) string {
	switch name {
	case "extension", "modifierExtension":
		return "Extension"
	case "id":
		return "id"
	}
	if t := types[parent][name]; t != "" {
		return t
	}
	return ""
}

// choiceType is the type of a part that is called by its whole name, such as valueDate.
func choiceType(parent, name string) string {
	if t := typeOf(parent, name); t != "" {
		return t
	}
	for c := range choices {
		if rest, is := strings.CutPrefix(name, c); is && rest != "" {
			if i := slices.IndexFunc(choiceTypes, func(t string) bool { return strings.ToUpper(t[:1])+t[1:] == rest }); i >= 0 {
				return choiceTypes[i]
			}
		}
	}
	return ""
}

// typeName is a type that an expression names.
type typeName struct{ space, name string }

// above are the types that a type is a special case of.
var above = map[string]string{
	"code": "string", "id": "string", "markdown": "string", "url": "uri", "canonical": "uri", "oid": "uri", "uuid": "uri",
	"positiveInt": "integer", "unsignedInt": "integer", "Age": "Quantity", "Duration": "Quantity", "Count": "Quantity",
}

var systemKinds = []Kind{
	KindBoolean, KindString, KindInteger, KindDecimal, KindDate, KindDateTime, KindTime, KindQuantity,
}

func (t typeName) known() bool {
	system := slices.Contains(systemKinds, Kind(t.name))
	if t.space == "System" {
		return system
	}
	return system && t.space == "" || types[t.name] != nil && !strings.Contains(t.name, ".") || slices.Contains(choiceTypes, t.name)
}

// is says whether a value has the type.
func (t typeName) is(v Value) bool {
	if v.typ == "" && v.kind != KindNone && t.space != "FHIR" && Kind(t.name) == v.kind {
		return true
	}
	if t.space == "System" {
		return false
	}
	of := v.typ
	if of == "" && v.node != nil { // the model does not know it, its JSON does
		switch v.kind {
		case KindBoolean, KindString, KindInteger, KindDecimal:
			of = strings.ToLower(string(v.kind))
		default:
		}
	}
	for ; of != ""; of = above[of] {
		if of == t.name {
			return true
		}
	}
	return false
}
