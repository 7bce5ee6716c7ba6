package ui

// Reasons why an example of the design system is not rendered.
const (
	noAttributes = "no attribute maps: what a page may vary is a field of the params, so the compiler sees it"
	noFalsy      = "a list in Go has no items that are not items"
	noOverride   = "one way to tick an item is enough: nothing is unticked against the values"
	noExplicit   = "saying explicitly what happens anyway is not offered"
)

// notOffered lists the examples that our components do not render, by component and name.
var notOffered = map[string]map[string]string{
	"back-link":   {"attributes": noAttributes},
	"breadcrumbs": {"attributes": noAttributes, "item attributes": noAttributes},
	"button": {
		"attributes": noAttributes, "link attributes": noAttributes,
		"don't prevent double click": noExplicit,
	},
	"character-count": {"attributes": noAttributes, "with textarea maxlength attribute": noAttributes},
	"checkboxes": {
		"attributes": noAttributes, "items with attributes": noAttributes, "label with attributes": noAttributes, "fieldset params": noAttributes,
		"with falsy values":             noFalsy,
		"item checked overrides values": noOverride,
	},
	"date-input": {"attributes": noAttributes, "with input attributes": noAttributes},
	"details":    {"attributes": noAttributes},
	"error-message": {
		"attributes":                   noAttributes,
		"translated":                   "the word before an error comes from Words or Prefix, not from HTML",
		"visually hidden text removed": "an error always begins with the word for error, for people who do not see the colour",
	},
	"error-summary": {
		"attributes": noAttributes, "error list with attributes": noAttributes,
		"autofocus explicitly enabled": noExplicit,
	},
	"exit-this-page": {"testing": noAttributes},
	"fieldset":       {"attributes": noAttributes},
	"footer": {
		"attributes": noAttributes, "with meta item attributes": noAttributes, "with navigation item attributes": noAttributes,
		"with empty meta":       "no heading without anything under it",
		"with empty meta items": "no heading without anything under it",
	},
	"generic-header": {"attributes": noAttributes},
	"hint":           {"attributes": noAttributes},
	"input": {
		"attributes": noAttributes, "with prefix with attributes": noAttributes, "with suffix with attributes": noAttributes,
		"with customised input wrapper": noAttributes,
	},
	"inset-text": {"attributes": noAttributes},
	"label":      {"attributes": noAttributes},
	"language-navigation": {
		"attributes": noAttributes, "item attributes": noAttributes,
		"with translated navigation label": noAttributes, "with language description": noAttributes,
	},
	"notification-banner": {
		"attributes": noAttributes, "custom tabindex": noAttributes,
		"auto-focus explicitly enabled, with type as success": noExplicit,
	},
	"pagination": {"with custom attributes": noAttributes},
	"panel": {
		"attributes": noAttributes, "interruption, with actions classes and attributes": noAttributes, "interruption, button link": noAttributes,
		"interruption, submit action":    "a button with a name and an empty value sends the same as one without a value",
		"interruption, no actions items": "no box without anything in it",
	},
	"password-input": {"attributes": noAttributes},
	"phase-banner":   {"attributes": noAttributes},
	"radios": {
		"attributes": noAttributes, "items with attributes": noAttributes, "label with attributes": noAttributes, "fieldset params": noAttributes,
		"with falsy items":             noFalsy,
		"item checked overrides value": noOverride,
	},
	"select": {
		"attributes": noAttributes, "attributes on items": noAttributes,
		"with falsy items":              noFalsy,
		"with falsy values":             "values are text: false is not one",
		"item selected overrides value": noOverride,
	},
	"service-navigation": {
		"attributes":                               noAttributes,
		"with navigation having empty values":      noFalsy,
		"with navigation having only empty values": noFalsy,
		"with slotted content":                     "only the end of the bar takes a component",
		"with a single navigation item and collapseNavigationOnMobile set to true": "a menu of one item is never folded away",
	},
	"skip-link": {"attributes": noAttributes},
	"summary-list": {
		"attributes": noAttributes, "actions with attributes": noAttributes, "summary card with custom attributes": noAttributes,
		"with falsy values": noFalsy,
	},
	"table": {
		"attributes": noAttributes, "head with attributes": noAttributes, "firstCellIsHeader with attributes": noAttributes, "rows with attributes": noAttributes,
		"with falsy items": noFalsy,
	},
	"tag":          {"attributes": noAttributes},
	"task-list":    {"custom attributes": noAttributes, "with empty values": noFalsy},
	"textarea":     {"attributes": noAttributes},
	"warning-text": {"attributes": noAttributes},
}
