package enquiry_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/casework/enquiry"
)

const today = "2026-03-02"

// safely is an enquiry that counts as asked and found nothing.
func safely() enquiry.Enquiry {
	return enquiry.Enquiry{
		Setting: "antenatal", On: today, Alone: enquiry.Yes, Private: enquiry.Yes, FeltSafe: enquiry.Yes,
		Interpreter: enquiry.InterpreterNone, Asked: enquiry.Yes, Said: []string{enquiry.Neither}, Safe: enquiry.Yes,
	}
}

// but is an enquiry that counts, save for what is changed.
func but(change func(*enquiry.Enquiry)) enquiry.Enquiry {
	e := safely()
	change(&e)
	return e
}

// Proves: B8.3, B8.4, B7.25, B7.26, B7.27
func TestWhatCountsAsAsked(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*enquiry.Enquiry)
		why    []enquiry.Reason
	}{
		"alone, in private, no interpreter needed": {func(*enquiry.Enquiry) {}, nil},
		"a baby in arms was there":                 {func(e *enquiry.Enquiry) { e.Alone, e.Present = enquiry.No, []string{enquiry.WithBaby} }, nil},
		"a professional interpreter with a booking reference": {func(e *enquiry.Enquiry) {
			e.Alone, e.Present = enquiry.No, []string{enquiry.WithInterpreter}
			e.Interpreter, e.BookingRef = enquiry.InterpreterProfessional, "B-17"
		}, nil},
		"a professional interpreter by telephone": {func(e *enquiry.Enquiry) {
			e.Interpreter, e.OperatorNumber = enquiry.InterpreterProfessional, "4711"
		}, nil},
		"a baby and a professional interpreter": {func(e *enquiry.Enquiry) {
			e.Alone, e.Present = enquiry.No, []string{enquiry.WithBaby, enquiry.WithInterpreter}
			e.Interpreter, e.BookingRef = enquiry.InterpreterProfessional, "B-17"
		}, nil},
		"a clinician who shares the language": {func(e *enquiry.Enquiry) { e.Interpreter = enquiry.InterpreterClinician }, nil},
		"whatever was said":                   {func(e *enquiry.Enquiry) { e.Said = []string{enquiry.Declined} }, nil},
		"whether or not they felt safe":       {func(e *enquiry.Enquiry) { e.FeltSafe = enquiry.No }, nil},

		"nobody asked":                  {func(e *enquiry.Enquiry) { e.Asked = enquiry.No }, []enquiry.Reason{enquiry.NotAsked}},
		"it is not said whether":        {func(e *enquiry.Enquiry) { e.Asked = "" }, []enquiry.Reason{enquiry.NotAsked}},
		"not private":                   {func(e *enquiry.Enquiry) { e.Private = enquiry.No }, []enquiry.Reason{enquiry.NotPrivate}},
		"private is not confirmed":      {func(e *enquiry.Enquiry) { e.Private = "" }, []enquiry.Reason{enquiry.NotPrivate}},
		"the partner was there":         {present(enquiry.WithPartner), []enquiry.Reason{enquiry.NotAlone}},
		"somebody of the family":        {present(enquiry.WithFamily), []enquiry.Reason{enquiry.NotAlone}},
		"a friend":                      {present(enquiry.WithFriend), []enquiry.Reason{enquiry.NotAlone}},
		"a child":                       {present(enquiry.WithChild), []enquiry.Reason{enquiry.NotAlone}},
		"another professional":          {present(enquiry.WithOtherProfessional), []enquiry.Reason{enquiry.NotAlone}},
		"a baby and the partner":        {present(enquiry.WithBaby, enquiry.WithPartner), []enquiry.Reason{enquiry.NotAlone}},
		"said alone, named the partner": {func(e *enquiry.Enquiry) { e.Present = []string{enquiry.WithPartner} }, []enquiry.Reason{enquiry.NotAlone}},
		"not alone, nobody named":       {func(e *enquiry.Enquiry) { e.Alone = enquiry.No }, []enquiry.Reason{enquiry.AloneNotConfirmed}},
		"nothing said about who":        {func(e *enquiry.Enquiry) { e.Alone = "" }, []enquiry.Reason{enquiry.AloneNotConfirmed}},
		"a relative interpreted": {
			func(e *enquiry.Enquiry) { e.Interpreter = enquiry.InterpreterRelative },
			[]enquiry.Reason{enquiry.RelativeInterpreted},
		},
		"a relative interpreted, with a reference": {func(e *enquiry.Enquiry) {
			e.Interpreter, e.BookingRef = enquiry.InterpreterRelative, "B-17"
		}, []enquiry.Reason{enquiry.RelativeInterpreted}},
		"a professional without any number": {
			func(e *enquiry.Enquiry) { e.Interpreter = enquiry.InterpreterProfessional },
			[]enquiry.Reason{enquiry.InterpreterUnproven},
		},
		"nothing said about an interpreter": {
			func(e *enquiry.Enquiry) { e.Interpreter = "" },
			[]enquiry.Reason{enquiry.LanguageNotRecorded},
		},
		"everything at once": {func(e *enquiry.Enquiry) {
			e.Asked, e.Private, e.Present, e.Interpreter = enquiry.No, enquiry.No, []string{enquiry.WithPartner}, enquiry.InterpreterRelative
		}, []enquiry.Reason{enquiry.NotAsked, enquiry.NotAlone, enquiry.NotPrivate, enquiry.RelativeInterpreted}},
		"nothing at all": {
			func(e *enquiry.Enquiry) { *e = enquiry.Enquiry{} },
			[]enquiry.Reason{enquiry.NotAsked, enquiry.AloneNotConfirmed, enquiry.NotPrivate, enquiry.LanguageNotRecorded},
		},
	} {
		t.Run(name, func(t *testing.T) {
			counts, why := enquiry.Counts(but(c.change))
			if counts != (c.why == nil) || !slices.Equal(why, c.why) {
				t.Errorf("counts: %v, %v; want %v", counts, why, c.why)
			}
			for _, r := range why {
				if r.Label() == string(r) {
					t.Errorf("%s has no words", r)
				}
			}
		})
	}
}

func present(who ...string) func(*enquiry.Enquiry) {
	return func(e *enquiry.Enquiry) { e.Alone, e.Present = enquiry.No, who }
}

// What happened is taken whatever it was; only what cannot be is not.
//
// Proves: B8.3, B8.4, B7.27, B10.8, B9.1
func TestOnlyWhatCannotBeIsRefused(t *testing.T) {
	long := strings.Repeat("x", 2001)
	for name, c := range map[string]struct {
		change func(*enquiry.Enquiry)
		wrong  string // the field, empty for none
	}{
		"all there is":                        {func(*enquiry.Enquiry) {}, ""},
		"a service and a day alone":           {func(e *enquiry.Enquiry) { *e = enquiry.Enquiry{Setting: "police", On: today} }, ""},
		"a relative interpreted":              {func(e *enquiry.Enquiry) { e.Interpreter = enquiry.InterpreterRelative }, ""},
		"asked in front of the partner":       {present(enquiry.WithPartner), ""},
		"a professional without a number":     {func(e *enquiry.Enquiry) { e.Interpreter = enquiry.InterpreterProfessional }, ""},
		"experiencing and perpetrating":       {said(enquiry.NotKnown, enquiry.Experiencing, enquiry.Perpetrating), ""},
		"told of it and then said no more":    {said(enquiry.NotKnown, enquiry.Experiencing, enquiry.Declined), ""},
		"not asked, and told":                 {func(e *enquiry.Enquiry) { said("current", enquiry.Experiencing)(e); e.Asked = enquiry.No }, ""},
		"a year ago":                          {func(e *enquiry.Enquiry) { e.On = "2025-03-02" }, ""},
		"acted at once, and no time for more": {func(e *enquiry.Enquiry) { said("", enquiry.Experiencing)(e); e.Acts = []string{"999"} }, ""},

		"no service":                      {func(e *enquiry.Enquiry) { e.Setting = "" }, "setting"},
		"a service nobody offers":         {func(e *enquiry.Enquiry) { e.Setting = "circus" }, "setting"},
		"no day":                          {func(e *enquiry.Enquiry) { e.On = "" }, "on-day"},
		"a month":                         {func(e *enquiry.Enquiry) { e.On = "2026-02" }, "on-day"},
		"no day of the calendar":          {func(e *enquiry.Enquiry) { e.On = "2026-02-31" }, "on-day"},
		"tomorrow":                        {func(e *enquiry.Enquiry) { e.On = "2026-03-03" }, "on-day"},
		"a year of two digits":            {func(e *enquiry.Enquiry) { e.On = "0026-03-02" }, "on-day"},
		"both neither and something":      {said("current", enquiry.Neither, enquiry.Perpetrating), "said"},
		"told, and not said when":         {said("", enquiry.Experiencing), "time"},
		"perpetrating, and not said when": {said("", enquiry.Perpetrating), "time"},
		"words without end":               {func(e *enquiry.Enquiry) { e.Words = long }, "words"},
		"a child's words without end":     {func(e *enquiry.Enquiry) { e.ChildSaid = long }, "child_said"},
		"wishes without end":              {func(e *enquiry.Enquiry) { e.Wishes = long }, "wishes"},
		"done without end":                {func(e *enquiry.Enquiry) { e.SafetyDone = long }, "safety_done"},
		"a thousand children":             {func(e *enquiry.Enquiry) { e.ChildrenNumber = 1000 }, "children_number"},
	} {
		t.Run(name, func(t *testing.T) {
			errs := but(c.change).Check(today)
			if c.wrong == "" && errs.Any() {
				t.Errorf("refused: %v", errs.List())
			}
			if c.wrong != "" && (len(errs.List()) != 1 || !errs.Has(c.wrong)) {
				t.Errorf("got %v, want one about %s", errs.List(), c.wrong)
			}
		})
	}
}

func said(when string, what ...string) func(*enquiry.Enquiry) {
	return func(e *enquiry.Enquiry) { e.Said, e.Time = what, when }
}

// Proves: B8.8
func TestTheEightServicesAskEverybody(t *testing.T) {
	eight := []string{"antenatal", "postnatal", "reproductive", "sexual_health", "alcohol_drug", "mental_health", "childrens", "vulnerable_adults"}
	for _, s := range enquiry.Settings {
		routine := enquiry.Enquiry{Setting: s.Code}.Routine()
		if routine != slices.Contains(eight, s.Code) {
			t.Errorf("%s: routine %v", s.Code, routine)
		}
		if !(enquiry.Enquiry{Setting: s.Code, Prompts: []string{enquiry.Routine}}).Routine() {
			t.Errorf("%s: a service that asks everybody of its own accord is not routine", s.Code)
		}
	}
}

// Proves: B8.1
func TestSignsAreOfferedInWordsAndNoneIsNeeded(t *testing.T) {
	if len(enquiry.Indicators) < 12 {
		t.Errorf("only %d themes", len(enquiry.Indicators))
	}
	seen := map[string]bool{}
	for _, i := range enquiry.Indicators {
		if i.Label == "" || seen[i.Code] {
			t.Errorf("%q", i.Code)
		}
		seen[i.Code] = true
		if !(enquiry.Enquiry{Indicators: []string{i.Code}}).ShowedSigns() {
			t.Errorf("%s is no sign", i.Code)
		}
	}
	if counts, why := enquiry.Counts(safely()); !counts {
		t.Errorf("without a sign it does not count: %v", why)
	}
}

// Proves: B8.10
func TestLevelTwoAsks(t *testing.T) {
	var got []bool
	for level := range 5 {
		got = append(got, enquiry.Trained(level))
	}
	if diff := cmp.Diff([]bool{false, false, true, true, true}, got); diff != "" {
		t.Error(diff)
	}
}

// filled is a form with something in every field.
func filled() url.Values {
	return url.Values{
		"safe": {"no"}, "safety_done": {"went to her sister's"}, "acts": {"999", "other"}, "act_words": {"stayed with her"},
		"setting": {"other"}, "setting_words": {"a library"}, "on-day": {"2"}, "on-month": {"3"}, "on-year": {"2026"},
		"prompts": {"signs", "raised"}, "indicators": {"injury", "companion"},
		"alone": {"no"}, "present": {"baby", "interpreter"}, "private": {"yes"}, "felt_safe": {"yes"},
		"interpreter": {"professional"}, "booking_ref": {"B-17"}, "operator_number": {"4711"},
		"asked": {"yes"}, "why_not": {"other"}, "why_not_words": {"at first there was no room"},
		"said": {"experiencing", "perpetrating"}, "told_to": {"the receptionist"}, "types": {"physical", "fgm"}, "shape": {"pattern"},
		"relations": {"partner", "family"}, "time": {"current"}, "words": {"he hits me"}, "wishes": {"to be safe"},
		"wishes_present": {"nobody"}, "children": {"yes"}, "children_number": {"2"}, "child_said": {"I hide in the wardrobe"},
	}
}

func TestTheFormIsReadWhole(t *testing.T) {
	f := enquiry.Decode(filled())
	if errs := f.Check(today); errs.Any() {
		t.Fatal(errs.List())
	}
	want := enquiry.Enquiry{
		Safe: "no", SafetyDone: "went to her sister's", Acts: []string{"999", "other"}, ActWords: "stayed with her",
		Setting: "other", SettingWords: "a library", On: today, Prompts: []string{"signs", "raised"}, Indicators: []string{"injury", "companion"},
		Alone: "no", Present: []string{"baby", "interpreter"}, Private: "yes", FeltSafe: "yes",
		Interpreter: "professional", BookingRef: "B-17", OperatorNumber: "4711",
		Asked: "yes", WhyNot: "other", WhyNotSay: "at first there was no room",
		Said: []string{"experiencing", "perpetrating"}, ToldTo: "the receptionist", Types: []string{"physical", "fgm"}, Shape: "pattern",
		Relations: []string{"partner", "family"}, Time: "current", Words: "he hits me", Wishes: "to be safe", WishesPresent: "nobody",
		Children: "yes", ChildrenNumber: 2, ChildSaid: "I hide in the wardrobe",
	}
	if diff := cmp.Diff(want, f.Enquiry); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(f, enquiry.Typed(f.Enquiry)); diff != "" {
		t.Errorf("the form of a correction is another one: %s", diff)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(filled().Encode())
	f.Add("")
	f.Add("setting=antenatal&on-day=2&on-month=march&on-year=2026&asked=yes")
	f.Add("setting=antenatal&on-day=31&on-month=2&on-year=2026&said=neither&said=experiencing")
	f.Add("children_number=-1&children=yes&acts=%00&types=fgm&types=fgm")
	f.Add("on-day=1&on-year=99999999999999999999&children_number=99999999999999999999")
	f.Fuzz(func(t *testing.T, query string) {
		sent, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		form := enquiry.Decode(sent)
		counts, why := enquiry.Counts(form.Enquiry)
		if counts != (len(why) == 0) {
			t.Errorf("counts %v for the reasons %v", counts, why)
		}
		if counts && (form.Asked != enquiry.Yes || form.Private != enquiry.Yes || form.Interpreter == enquiry.InterpreterRelative) {
			t.Errorf("this counts: %+v", form.Enquiry)
		}
		if form.Check(today).Any() {
			return
		}
		if form.On > today || form.Setting == "" {
			t.Errorf("this was taken: %+v", form.Enquiry)
		}
		again := enquiry.Typed(form.Enquiry)
		if diff := cmp.Diff(form.Enquiry, enquiry.Decode(values(again)).Enquiry); diff != "" {
			t.Errorf("a correction that changes nothing changes something: %s", diff)
		}
	})
}

// values is what a browser sends for a form that nobody touched.
func values(f enquiry.Form) url.Values {
	v := url.Values{
		"on-day": {f.Day}, "on-month": {f.Month}, "on-year": {f.Year}, "children_number": {f.ChildrenTyped},
		"acts": f.Acts, "prompts": f.Prompts, "indicators": f.Indicators, "present": f.Present, "said": f.Said, "types": f.Types, "relations": f.Relations,
	}
	for name, value := range map[string]string{
		"safe": f.Safe, "safety_done": f.SafetyDone, "act_words": f.ActWords, "setting": f.Setting, "setting_words": f.SettingWords,
		"alone": f.Alone, "private": f.Private, "felt_safe": f.FeltSafe, "interpreter": f.Interpreter, "booking_ref": f.BookingRef,
		"operator_number": f.OperatorNumber, "asked": f.Asked, "why_not": f.WhyNot, "why_not_words": f.WhyNotSay, "told_to": f.ToldTo,
		"shape": f.Shape, "time": f.Time, "words": f.Words, "wishes": f.Wishes, "wishes_present": f.WishesPresent, "children": f.Children, "child_said": f.ChildSaid,
	} {
		v.Set(name, value)
	}
	return v
}
