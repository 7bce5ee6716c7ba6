package ui

// Class names a page may hand to the Classes fields. A name that is not here is most likely wrong.
const (
	VisuallyHidden = "govuk-visually-hidden"

	LabelS  = "govuk-label--s"
	LabelM  = "govuk-label--m"
	LabelL  = "govuk-label--l"
	LabelXL = "govuk-label--xl"

	LegendS  = "govuk-fieldset__legend--s"
	LegendM  = "govuk-fieldset__legend--m"
	LegendL  = "govuk-fieldset__legend--l"
	LegendXL = "govuk-fieldset__legend--xl"

	Width2          = "govuk-input--width-2"
	Width3          = "govuk-input--width-3"
	Width4          = "govuk-input--width-4"
	Width5          = "govuk-input--width-5"
	Width10         = "govuk-input--width-10"
	Width20         = "govuk-input--width-20"
	Width30         = "govuk-input--width-30"
	WidthFull       = "govuk-!-width-full"
	WidthTwoThirds  = "govuk-!-width-two-thirds"
	WidthOneHalf    = "govuk-!-width-one-half"
	WidthOneThird   = "govuk-!-width-one-third"
	WidthOneQuarter = "govuk-!-width-one-quarter"

	ButtonSecondary = "govuk-button--secondary"
	ButtonWarning   = "govuk-button--warning"
	ButtonInverse   = "govuk-button--inverse"

	RadiosInline    = "govuk-radios--inline"
	RadiosSmall     = "govuk-radios--small"
	CheckboxesSmall = "govuk-checkboxes--small"

	TableSmall       = "govuk-table--small-text-until-tablet"
	CaptionM         = "govuk-table__caption--m"
	CaptionL         = "govuk-table__caption--l"
	SummaryNoBorder  = "govuk-summary-list--no-border"
	Numeric          = "numeric" // TableCell.Format
	NoVisitedLink    = "govuk-link--no-visited-state"
	MarginBottomNone = "govuk-!-margin-bottom-0"
)
