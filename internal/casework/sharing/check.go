package sharing

import (
	"time"

	"waymark/internal/platform/forms"
	"waymark/internal/registers/people"
)

// NewShare is a share to be sent.
type NewShare struct {
	Reason    Reason
	Answers   ID
	To        Recipient
	Corrects  ID     // the share it puts right
	of        Reason // what that was
	Protects  string // who is protected by it
	Harm      string // from what
	Danger    string // what harm sharing could do, and what is done about it
	Basis     Basis
	Rationale string
	Views     Views
	Grounds   Grounds
	// ActNow sends it before the rest is written down. It is recorded and
	// reviewed the next working day.
	ActNow bool
	// Urgent asks somebody at the receiver much sooner when nobody acknowledges
	// it. What is sent at once is urgent.
	Urgent bool
	// Override is why what the agreements deny, or want asked about first, leaves
	// all the same. It is recorded, and reviewed by the key contact.
	Override string
	Items    []Item
	Person   people.Details
}

const lineMax, textMax, itemMax, itemsMax = 500, 4000, 10_000, 20

// Check returns what is wrong with a share, by field. Acting now leaves only
// what cannot be done without: to whom, why, and what.
func (n NewShare) Check(now time.Time) forms.Errors {
	var errs forms.Errors
	if n.To.Agency == "" || (n.To.Team == "") == (n.To.Account == "") {
		errs.Add("to", "Select the team it goes to")
	}
	if n.Protects == "" {
		errs.Add("protects", "Enter who is protected by this. Letting somebody know is not enough")
	}
	if n.Harm == "" {
		errs.Add("harm", "Enter what they are protected from")
	}
	if !n.ActNow {
		n.checkBasis(&errs)
		n.checkViews(&errs, now)
		n.checkGrounds(&errs)
	}
	n.checkWords(&errs)
	return errs
}

func (n NewShare) checkBasis(errs *forms.Errors) {
	if !known(Bases(), n.Basis) {
		errs.Add("basis", "Select the lawful basis. If there is no time to settle it, choose to act now")
	}
	if n.Rationale == "" {
		errs.Add("rationale", "Enter why it is needed, and why this much. If there is no time, choose to act now")
	}
}

func (n NewShare) checkViews(errs *forms.Errors, now time.Time) {
	v := n.Views
	switch {
	case !known(Answers(), v.Asked):
		errs.Add("asked", "Select what they said when you asked them about sharing")
	case v.Asked == NotYet && v.Why == "":
		errs.Add("view_why", "Enter why they were not asked")
	case v.Asked != NotYet && v.Present == "":
		errs.Add("present", "Enter who was there when they said it, or “nobody else”")
	}
	if !known(InformedWays(), v.Informed) {
		errs.Add("informed", "Select whether they know what is shared and with whom")
	}
	if v.Informed != Unsafe {
		return
	}
	if v.NotTold == "" {
		errs.Add("not_told", "Enter why they were not told")
	}
	if day, err := time.Parse(time.DateOnly, v.TellOn); err != nil || !day.After(now.AddDate(0, 0, -1)) || day.After(now.AddDate(1, 0, 0)) {
		errs.Add("tell_on-day", "Enter a day within the next year on which to look again, such as 27 3 2027")
	}
}

func (n NewShare) checkGrounds(errs *forms.Errors) {
	if n.Views.Asked != Agrees && known(Answers(), n.Views.Asked) && !n.Grounds.Any() {
		errs.Add("grounds", "Select why it may be shared without their agreement, or choose to act now and justify it after")
	}
}

func (n NewShare) checkWords(errs *forms.Errors) {
	for _, f := range []struct{ field, text string }{{"protects", n.Protects}, {"harm", n.Harm}, {"present", n.Views.Present}, {"informed_how", n.Views.How}} {
		if len(f.text) > lineMax {
			errs.Add(f.field, "Shorten this to 500 characters or fewer")
		}
	}
	for _, f := range []struct{ field, text string }{
		{"rationale", n.Rationale}, {"view_words", n.Views.Words}, {"view_why", n.Views.Why}, {"not_told", n.Views.NotTold}, {"override", n.Override}, {"danger", n.Danger},
	} {
		if len(f.text) > textMax {
			errs.Add(f.field, "Shorten this to 4,000 characters or fewer")
		}
	}
	if len(n.Items) == 0 || len(n.Items) > itemsMax {
		errs.Add("why", "Enter what they need to know")
	}
	for _, i := range n.Items {
		switch {
		case !known(ItemKinds(), i.Kind) || i.Text == "":
			errs.Add(string(i.Kind), "Enter what they need to know")
		case len(i.Text) > itemMax:
			errs.Add(string(i.Kind), "Shorten this to 10,000 characters or fewer")
		case len(i.Title) > lineMax:
			errs.Add(string(i.Kind), "Shorten the title to 500 characters or fewer")
		}
	}
}
