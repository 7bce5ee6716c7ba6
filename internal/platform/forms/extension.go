package forms

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Where extensions come from: FHIR itself, structured data capture, and ours.
const (
	coreExt = "http://hl7.org/fhir/StructureDefinition/"
	sdcExt  = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
	ownExt  = "https://waymark.invalid/fhir/"

	extControl     = coreExt + "questionnaire-itemControl"
	extOrientation = coreExt + "questionnaire-choiceOrientation"
	extFormat      = coreExt + "entryFormat"
	extExclusive   = coreExt + "questionnaire-optionExclusive"
	extPrefix      = coreExt + "questionnaire-optionPrefix"
	extMin         = coreExt + "minValue"
	extMax         = coreExt + "maxValue"
	extShort       = sdcExt + "sdc-questionnaire-shortText"
	extHidden      = coreExt + "questionnaire-hidden"
	extVariable    = coreExt + "variable"
	extConstraint  = coreExt + "questionnaire-constraint"
	extRegex       = coreExt + "regex"
	extMinLength   = coreExt + "minLength"
	extDecimals    = coreExt + "maxDecimalPlaces"
	extMinOccurs   = coreExt + "questionnaire-minOccurs"
	extMaxOccurs   = coreExt + "questionnaire-maxOccurs"
	extUnit        = coreExt + "questionnaire-unit"
	extUnitOption  = coreExt + "questionnaire-unitOption"
	extMarkdown    = coreExt + "rendering-markdown"
	extOrdinal     = coreExt + "ordinalValue"
	extWeight      = coreExt + "itemWeight"
	extOldOrdinal  = coreExt + "questionnaire-ordinalValue"
	extTranslation = coreExt + "translation"
	extCalculated  = sdcExt + "sdc-questionnaire-calculatedExpression"
	extInitial     = sdcExt + "sdc-questionnaire-initialExpression"
	extEnableWhen  = sdcExt + "sdc-questionnaire-enableWhenExpression"
	extLaunch      = sdcExt + "sdc-questionnaire-launchContext"
	extRepetition  = ownExt + "repetition"
	extOpenLabel   = sdcExt + "sdc-questionnaire-openLabel"
	extCount       = ownExt + "count"
	extProvenance  = ownExt + "answer-provenance"
)

// used are the extensions that the code reads.
var used = []string{
	extControl, extOrientation, extFormat, extExclusive, extPrefix, extMin, extMax, extShort, extCount,
	extHidden, extVariable, extConstraint, extRegex, extMinLength, extDecimals, extMinOccurs, extMaxOccurs, extUnit,
	extOrdinal, extWeight, extOldOrdinal, extTranslation, extCalculated, extInitial, extEnableWhen, extLaunch,
	extOpenLabel, extUnitOption, extMarkdown,
}

// decisive are extensions that would change what is asked, answered or counted, and are not supported. A
// form that has one would be another form here than where it was made, so it is refused.
var decisive = map[string]string{
	coreExt + "questionnaire-usageMode":         "says when a question is shown",
	coreExt + "targetConstraint":                "limits answers by an expression",
	coreExt + "questionnaire-unitValueSet":      "gives the unit of a number from a list kept elsewhere",
	coreExt + "questionnaire-signatureRequired": "asks for a signature",
	coreExt + "cqf-expression":                  "computes a value",
	coreExt + "cqf-calculatedValue":             "computes a value",

	sdcExt + "sdc-questionnaire-answerExpression":              "computes the possible answers",
	sdcExt + "sdc-questionnaire-candidateExpression":           "computes the possible answers",
	sdcExt + "sdc-questionnaire-answerOptionsToggleExpression": "decides by an expression which answers are possible",
	sdcExt + "sdc-questionnaire-minQuantity":                   "limits a quantity",
	sdcExt + "sdc-questionnaire-maxQuantity":                   "limits a quantity",
	sdcExt + "sdc-questionnaire-subQuestionnaire":              "brings in questions from elsewhere",
	sdcExt + "sdc-questionnaire-questionnaireAdaptive":         "lets a server decide what is asked",
}

// extensions checks every extension of an object, at any depth save below the keys that are read on their
// own, and names those that are kept without being used.
func (r *reading) extensions(o object, linkID string, apart ...string) {
	for _, key := range o.names() {
		if slices.Contains(apart, key) {
			continue
		}
		if key == "modifierExtension" || holdsName(o[key], "modifierExtension") {
			r.problems.add(linkID, "a modifierExtension changes what the form means, and it is not supported")
		}
		for _, url := range extensionURLs(key, o[key]) {
			if why, refused := decisive[url]; refused {
				r.problems.add(linkID, "the extension %s %s, which is not supported", url, why)
			} else if !slices.Contains(used, url) {
				r.note(linkID, "the extension %s is kept but not used", url)
			}
		}
	}
}

func (r *reading) note(linkID, format string, args ...any) {
	var p Problems
	p.add(linkID, format, args...)
	if len(r.notices) < maxItems && !slices.Contains(r.notices, p[0]) {
		r.notices = append(r.notices, p[0])
	}
}

// extensionURLs lists the extensions that a value carries or, under the name "extension", is. Parts of an
// extension are not extensions of the form.
func extensionURLs(key string, raw json.RawMessage) []string {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		var urls []string
		for _, inner := range list {
			urls = append(urls, extensionURLs(key, inner)...)
		}
		return urls
	}
	var o object
	if json.Unmarshal(raw, &o) != nil {
		return nil
	}
	if key == "extension" {
		var url string
		if json.Unmarshal(o["url"], &url) != nil {
			return nil
		}
		return []string{url}
	}
	var urls []string
	for _, name := range o.names() {
		urls = append(urls, extensionURLs(name, o[name])...)
	}
	return urls
}

// holdsName says whether a name of an object occurs anywhere in a value.
func holdsName(raw json.RawMessage, name string) bool {
	if !bytes.Contains(raw, []byte(name)) && !bytes.Contains(raw, []byte(`\u`)) {
		return false
	}
	var o object
	if json.Unmarshal(raw, &o) == nil {
		for key, inner := range o {
			if key == name || holdsName(inner, name) {
				return true
			}
		}
		return false
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return false
	}
	return slices.ContainsFunc(list, func(inner json.RawMessage) bool { return holdsName(inner, name) })
}

// extension finds an extension of an object by its address, or nil.
func (r *reading) extension(o object, linkID, url string) object {
	for _, e := range r.list(o, linkID, "extension") {
		if r.text(e, linkID, "url") == url {
			return e
		}
	}
	return nil
}

// appearance reads the extensions that say how an item is shown and what its answer may be.
func (r *reading) appearance(i *Item) {
	if e := r.extension(i.keep, i.LinkID, extControl); e != nil {
		r.control(i, e)
	}
	if e := r.extension(i.keep, i.LinkID, extOrientation); e != nil {
		switch o := Orientation(r.text(e, i.LinkID, "valueCode")); o {
		case OrientationHorizontal, OrientationVertical:
			i.Orientation = o
		default:
			r.note(i.LinkID, "the orientation %q is not known and has no effect", o)
		}
	}
	if e := r.extension(i.keep, i.LinkID, extFormat); e != nil {
		i.format = r.text(e, i.LinkID, "valueString")
	}
	if e := r.extension(i.keep, i.LinkID, extShort); e != nil {
		i.Short = r.text(e, i.LinkID, "valueString")
	}
	if e := r.extension(i.keep, i.LinkID, extOpenLabel); e != nil {
		i.OpenLabel = r.text(e, i.LinkID, "valueString")
	}
	r.narrow(i)
	r.units(i)
	r.markdown(i)
	i.Min = r.limit(i, extMin)
	i.Max = r.limit(i, extMax)
}

func (r *reading) control(i *Item, e object) {
	concept := r.object(e, i.LinkID, "valueCodeableConcept")
	for _, c := range r.list(concept, i.LinkID, "coding") {
		switch code := Control(r.text(c, i.LinkID, "code")); {
		case code == "flyover" && i.Type == TypeDisplay:
			i.Control = ControlHelp // it explains, and nothing flies over a page that is read out
		case code == ControlUnit && i.Type == TypeDisplay && i.parent != nil && i.parent.IsQuestion():
			if i.Control = code; i.parent.Unit == "" && len(i.parent.Units) == 0 {
				i.parent.Unit = i.Text
			}
		case code == ControlHelp && i.Type == TypeDisplay,
			code == ControlPage && i.Type == TypeGroup && i.parent == nil,
			code == ControlRadio && i.Type == TypeChoice && !i.Repeats,
			code == ControlCheckbox && i.Type == TypeChoice && i.Repeats,
			code == ControlDropDown && i.Type == TypeChoice && !i.Repeats,
			code == ControlAutocomplete && i.Type == TypeChoice && !i.Repeats,
			code == ControlSlider && (i.Type == TypeInteger || i.Type == TypeDecimal):
			i.Control = code
		default:
			r.note(i.LinkID, "the control %q has no effect on this item: it is shown in the plain way of its type", code)
		}
	}
}

// limits are the types that a limit of a question may have.
var limits = map[Type][]ValueType{
	TypeInteger: {ValueInteger}, TypeDecimal: {ValueDecimal, ValueInteger}, TypeDate: {ValueDate}, TypeTime: {ValueTime},
	TypeDateTime: {ValueDateTime, ValueDate}, TypeQuantity: {ValueDecimal, ValueInteger},
}

// limit reads the lowest or the highest answer.
func (r *reading) limit(i *Item, url string) string {
	e := r.extension(i.keep, i.LinkID, url)
	if e == nil {
		return ""
	}
	v, ok := r.value(e, i.LinkID, "value")
	switch {
	case !ok:
	case !slices.Contains(limits[i.Type], v.Type):
		r.problems.add(i.LinkID, "%s is a limit of another type than the question", strings.TrimPrefix(url, coreExt))
	case i.Type == TypeQuantity && len(i.Units) != 1:
		r.problems.add(i.LinkID, "%s limits a quantity that has not one unit, which is not supported", strings.TrimPrefix(url, coreExt))
	case i.Type == TypeDateTime:
		v.Text, _ = onTheWall(v.Text)
		return v.Text
	default:
		return v.Text
	}
	return ""
}

// markdown reads the text of an item with its marks.
func (r *reading) markdown(i *Item) {
	beside, there := i.keep["_text"]
	if !there || len(objects(beside)) != 1 {
		return
	}
	if e := r.extension(objects(beside)[0], i.LinkID, extMarkdown); e != nil {
		i.Markdown = r.text(e, i.LinkID, "valueMarkdown")
	}
}
