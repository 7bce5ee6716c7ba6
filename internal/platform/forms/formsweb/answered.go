package formsweb

import (
	"slices"

	"github.com/a-h/templ"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/web/ui"
)

// record is a response beside its form.
type record struct {
	answers map[string]forms.ResponseItem
	byline  func(forms.Provenance) string
	asked   func(*forms.Item) bool
}

// Answered shows a response to read: each question that is asked, with its answers or that it is not
// answered. An answer that did not come from asking says where it came from. A response to another
// version of the form is shown as it was asked then.
func Answered(q *forms.Questionnaire, r *forms.Response) templ.Component {
	return AnsweredBy(q, r, func(p forms.Provenance) string {
		if p.How == forms.HowAsked || p.How == forms.HowUnknown {
			return ""
		}
		return p.How.Label()
	})
}

// AnsweredBy is Answered with the page's own words for where an answer came from: it knows names and the
// clock of the place.
func AnsweredBy(q *forms.Questionnaire, r *forms.Response, byline func(forms.Provenance) string) templ.Component {
	if r == nil {
		r = &forms.Response{Questionnaire: q.Canonical()}
	}
	a, err := q.Answers(r)
	if err != nil {
		return asAskedThen(r, byline)
	}
	at := q.Spread(a)
	return inLanguage(q, answered(record{q.ByKey(r), byline, at.Asked(a)}, at.Items, 1))
}

// AnsweredPart is what was answered in a part of the question set, such as one of its pages, before it is sent.
func AnsweredPart(q *forms.Questionnaire, part []*forms.Item, r *forms.Response) templ.Component {
	a, err := q.Answers(r)
	if err != nil {
		return asAskedThen(r, func(forms.Provenance) string { return "" })
	}
	at := q.Spread(a)
	return inLanguage(q, answered(record{q.ByKey(r), func(forms.Provenance) string { return "" }, at.Asked(a)}, here(at, part), 2))
}

// section is a run of questions, or a group among them.
type section struct {
	rows  []ui.SummaryRow
	group *forms.Item
}

// sections divides items into runs of questions that make one list, and groups. Texts are not repeated:
// they were there for whoever filled the form in.
func (r record) sections(items []*forms.Item) []section {
	var all []section
	for _, i := range items {
		if i.Type == forms.TypeDisplay || i.Hidden || !r.asked(i) || i.Type == forms.TypeGroup && !asks(i) {
			continue
		}
		if i.Series != nil && !r.filled(i) {
			all = append(all, section{rows: []ui.SummaryRow{row(i.Title(), nil, r.byline)}})
			continue
		}
		if i.Series != nil {
			all = append(all, r.sections(i.Items)...)
			continue
		}
		if i.Type == forms.TypeGroup {
			all = append(all, section{group: i})
			continue
		}
		if len(all) == 0 || all[len(all)-1].group != nil {
			all = append(all, section{})
		}
		last := &all[len(all)-1]
		last.rows = append(last.rows, row(i.Title(), r.answers[i.LinkID].Answers, r.byline))
		for _, under := range r.sections(i.Items) {
			if under.group != nil {
				all = append(all, under)
				continue
			}
			if last = &all[len(all)-1]; last.group != nil {
				all = append(all, section{})
				last = &all[len(all)-1]
			}
			last.rows = append(last.rows, under.rows...)
		}
	}
	return all
}

// filled says whether there is an answer in a part of the form.
func (r record) filled(i *forms.Item) bool {
	return len(r.answers[i.LinkID].Answers) > 0 || slices.ContainsFunc(i.Items, r.filled)
}

func row(title string, answers []forms.ResponseAnswer, byline func(forms.Provenance) string) ui.SummaryRow {
	return ui.SummaryRow{Key: title, ValueContent: values(answers, byline)}
}

func rows(items []forms.ResponseItem, byline func(forms.Provenance) string) []ui.SummaryRow {
	var all []ui.SummaryRow
	for _, i := range items {
		if len(i.Answers) > 0 {
			all = append(all, row(i.Text, i.Answers, byline))
		}
		all = append(all, rows(i.Items, byline)...)
		for _, answer := range i.Answers {
			all = append(all, rows(answer.Items, byline)...)
		}
	}
	return all
}
