package enquiry

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/platform/forms"
)

// Form is an enquiry as it was typed: a day is three boxes, a number is text.
type Form struct {
	Enquiry
	Day, Month, Year string
	ChildrenTyped    string
}

// Blank is the form before anything was typed: the day is today, nothing else
// is filled in.
func Blank(today string) Form { return Typed(Enquiry{On: today}) }

// Typed is the form in which a recorded enquiry is corrected.
func Typed(e Enquiry) Form {
	f := Form{Enquiry: e}
	f.ChildKept = false // said by what is recorded, not by a form
	f.Day, f.Month, f.Year = forms.SplitDate(e.On)
	if e.ChildrenNumber != 0 || e.Children == Yes {
		f.ChildrenTyped = strconv.Itoa(e.ChildrenNumber)
	}
	if e.ChildrenNumber == 0 {
		f.ChildrenTyped = ""
	}
	return f
}

// Decode reads the form. It keeps what was typed, right or wrong: [Form.Check]
// tells what is wrong.
func Decode(v url.Values) Form {
	f := Form{Day: v.Get("on-day"), Month: v.Get("on-month"), Year: v.Get("on-year"), ChildrenTyped: v.Get("children_number")}
	f.Enquiry = Enquiry{
		Safe: v.Get("safe"), SafetyDone: v.Get("safety_done"), Acts: codes(v["acts"]), ActWords: v.Get("act_words"),
		Setting: v.Get("setting"), SettingWords: v.Get("setting_words"),
		Prompts: codes(v["prompts"]), Indicators: codes(v["indicators"]),
		Alone: v.Get("alone"), Present: codes(v["present"]), Private: v.Get("private"), FeltSafe: v.Get("felt_safe"),
		Interpreter: v.Get("interpreter"), BookingRef: v.Get("booking_ref"), OperatorNumber: v.Get("operator_number"),
		Asked: v.Get("asked"), WhyNot: v.Get("why_not"), WhyNotSay: v.Get("why_not_words"),
		Said: codes(v["said"]), ToldTo: v.Get("told_to"), Types: codes(v["types"]), Shape: v.Get("shape"),
		Relations: codes(v["relations"]), Time: v.Get("time"),
		Words: v.Get("words"), Wishes: v.Get("wishes"), WishesPresent: v.Get("wishes_present"),
		Children: v.Get("children"), ChildSaid: v.Get("child_said"),
	}
	if f.Day != "" || f.Month != "" || f.Year != "" {
		f.On = forms.JoinDate(f.Day, f.Month, f.Year)
	}
	if n, err := strconv.Atoi(f.ChildrenTyped); err == nil {
		f.ChildrenNumber = n
	}
	return f
}

// Check is [Enquiry.Check] for what was typed.
func (f Form) Check(today string) forms.Errors {
	errs := f.Enquiry.Check(today)
	if _, err := strconv.Atoi(f.ChildrenTyped); err != nil && f.ChildrenTyped != "" {
		errs.Add("children_number", "Enter how many children as a number, or leave it empty")
	}
	return errs
}

// codes are the ticked boxes, each once, in the order in which they were sent.
func codes(sent []string) []string {
	var out []string
	for _, code := range sent {
		if code = strings.TrimSpace(code); code != "" && !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}
