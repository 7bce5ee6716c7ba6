package formsweb

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/web/ui"
)

// AgainAt is where on the page its reader goes on when it was sent to add or remove something, as the end of
// an address: to what is new or back, and where something was removed, to what is left. The answers are those
// that were decoded from what was sent.
func AgainAt(q *forms.Questionnaire, a forms.Answers, sent url.Values) string {
	press := sent.Get(forms.AgainField)
	spread := q.Spread(a)
	for i := range spread.All() {
		if i.Series == nil {
			continue
		}
		for _, r := range slices.Concat(i.Items, i.Series.Gone) {
			if press == forms.AgainBack+r.Field() {
				return "#" + place(r)
			}
			if press == forms.AgainTake+r.Field() {
				return "#" + i.Field()
			}
		}
		if press == forms.AgainAdd+i.Field() && len(i.Items) > 0 {
			return "#" + place(i.Items[len(i.Items)-1])
		}
	}
	return ""
}

// place is the id of a repetition on the page. Its field is that of the question, where it is one.
func place(r *forms.Item) string { return r.Field() + "-part" }

// direction is the way a language is written; nothing for one that is not known.
func direction(lang string) string {
	tag, err := language.Parse(lang)
	if err != nil {
		return ""
	}
	script, sure := tag.Script()
	switch {
	case sure == language.No:
		return ""
	case slices.Contains([]string{"Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Mand", "Samr", "Rohg"}, script.String()):
		return "rtl"
	default:
		return "ltr"
	}
}

// repeats says whether something in a part of the form repeats.
func repeats(part []*forms.Item) bool {
	return slices.ContainsFunc(part, func(i *forms.Item) bool { return i.Series != nil || repeats(i.Items) })
}

// here are items of the form as they stand in the form that is spread out.
func here(q *forms.Questionnaire, part []*forms.Item) []*forms.Item {
	var all []*forms.Item
	for _, i := range part {
		if at := q.Item(i.LinkID); at != nil {
			all = append(all, at)
		}
	}
	return all
}

// numbers are those of the repetitions, and of those that were removed.
func numbers(i *forms.Item) []ui.HiddenField {
	var all []ui.HiddenField
	for _, r := range i.Items {
		all = append(all, ui.HiddenField{Name: i.Field(), Value: r.Number()})
	}
	for _, r := range i.Series.Gone {
		all = append(all, ui.HiddenField{Name: i.Series.GoneField(i), Value: r.Number()})
	}
	return all
}

// called is what the parts of a series are called, without a number.
func called(i *forms.Item) string {
	if i.Short != "" {
		return i.Short
	}
	if i.Text != "" {
		return i.Text
	}
	return "Entry"
}

// first are the words of the first answer in a repetition, to know it by.
func (f form) first(r *forms.Item) string {
	if r.IsQuestion() {
		for _, typed := range f.a.Values(r.LinkID) {
			return oneLine(r.Words(typed))
		}
	}
	for _, c := range r.Items {
		if words := f.first(c); words != "" {
			return words
		}
	}
	return ""
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
