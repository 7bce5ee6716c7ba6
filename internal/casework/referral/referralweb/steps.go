package referralweb

import (
	"waymark/internal/casework/cases"
	"waymark/internal/platform/web/steps"
)

// The steps of what is sent.
const (
	toStep    = "to"
	whyStep   = "why"
	toldStep  = "told"
	newsStep  = "news"
	stageStep = "stage"
	viewsStep = "views"
	basisStep = "basis"
)

// The fields of the decision to share, by its steps.
var (
	viewsFieldNames = []string{"asked", "view_words", "present", "view_why", "informed", "informed_how", "not_told", "tell_on-day", "tell_on-month", "tell_on-year"}
	basisFieldNames = []string{"grounds", "basis", "rationale", "danger", "urgent"}
)

// sendSteps is a referral in steps. Where there is no time it takes to whom it
// goes, why, and what they are told.
func sendSteps(f *cases.File) steps.Form {
	return steps.New(f.Path()+"/referrals/new", "Send a referral", []steps.Step{
		{Name: toStep, Title: "To whom does it go?", Fields: []string{"subject", "to", "tell"}, Short: true},
		{Name: whyStep, Title: "Why is it shared, and whom does it protect?", Fields: []string{"why", "protects", "harm"}, Short: true},
		{Name: toldStep, Title: "What are they told?", Fields: []string{"safety", "contact", "said", "include_risk", "risk", "children", "needs"}, Short: true},
		{Name: viewsStep, Title: "What does the person say about it?", Fields: viewsFieldNames},
		{Name: basisStep, Title: "May it be shared?", Fields: basisFieldNames},
	})
}

// feedbackSteps is feedback in steps.
func feedbackSteps(f *cases.File) steps.Form {
	return steps.New(f.Path()+"/feedback", "Give feedback to the referrer", []steps.Step{
		{Name: newsStep, Title: "What do you tell them?", Fields: []string{"news"}, Short: true},
		{Name: whyStep, Title: "Why is it shared, and whom does it protect?", Fields: []string{"protects", "harm"}, Short: true},
		{Name: viewsStep, Title: "What does the person say about it?", Fields: viewsFieldNames},
		{Name: basisStep, Title: "May it be shared?", Fields: basisFieldNames},
	})
}

// stageSteps is how far a referral has come, in steps. All but the first are for
// telling the referrer.
func stageSteps(f *cases.File) steps.Form {
	return steps.New(f.Path()+"/referral-stage", "How far it has come", []steps.Step{
		{Name: stageStep, Title: "What do you record?", Fields: []string{"stage", "cause", "words", "tell"}, Short: true, Last: true},
		{Name: whyStep, Title: "Why is it shared, and whom does it protect?", Fields: []string{"protects", "harm"}, Short: true},
		{Name: viewsStep, Title: "What does the person say about it?", Fields: viewsFieldNames},
		{Name: basisStep, Title: "May it be shared?", Fields: basisFieldNames},
	})
}
