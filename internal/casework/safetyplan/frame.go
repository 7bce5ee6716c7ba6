package safetyplan

import (
	"encoding/json"
	"fmt"
	"slices"

	questioncontent "waymark/content/questions"
	"waymark/internal/platform/forms"
)

// partSystem names the codes of the parts of the question set that are treated
// differently from the others.
const (
	partSystem = "https://waymark.invalid/codes/plan-parts"
	partApart  = "apart"
	partCard   = "card"
	partStart  = "start"
)

// Frame is the question set of a plan, and what of it is treated differently.
type Frame struct {
	Whole *forms.Questionnaire // as it ships
	Open  *forms.Questionnaire // without what is kept apart
	apart []string             // linkIds of what is kept apart
	card  []string             // linkIds of what a card may carry
}

// newFrame reads the question set that ships.
func newFrame(data []byte) (*Frame, error) {
	f := &Frame{}
	var err error
	if f.Whole, err = forms.ParseQuestionnaire(data); err != nil {
		return nil, fmt.Errorf("the question set of a safety plan: %w", err)
	}
	for _, group := range f.Whole.Items {
		switch part(group) {
		case partApart:
			f.apart = append(f.apart, questionsIn(group)...)
		case partCard:
			f.card = append(f.card, questionsIn(group)...)
		default:
		}
	}
	if len(f.apart) == 0 || len(f.card) == 0 {
		return nil, fmt.Errorf("the question set %s does not say what is kept apart and what a card may carry", f.Whole.Canonical())
	}
	if f.Open, err = without(data, partApart); err != nil {
		return nil, fmt.Errorf("the open part of a safety plan: %w", err)
	}
	return f, nil
}

func shippedFrame() (*Frame, error) { return newFrame(questioncontent.SafetyPlan) }

// part is the code of a group, empty for one that is like the others.
func part(i *forms.Item) string {
	for _, c := range i.Codes {
		if c.System == partSystem {
			return c.Code
		}
	}
	return ""
}

func questionsIn(i *forms.Item) []string {
	var out []string
	if i.IsQuestion() {
		out = append(out, i.LinkID)
	}
	for _, under := range i.Items {
		out = append(out, questionsIn(under)...)
	}
	return out
}

// without is the question set, under its own name and version, without the
// groups of a code.
func without(data []byte, code string) (*forms.Questionnaire, error) {
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	var items, kept []json.RawMessage
	if err := json.Unmarshal(doc["item"], &items); err != nil {
		return nil, err
	}
	for _, raw := range items {
		var item struct {
			Code []struct{ System, Code string } `json:"code"`
		}
		if err := json.Unmarshal(raw, &item); err != nil {
			return nil, err
		}
		if len(item.Code) == 0 || item.Code[0].System != partSystem || item.Code[0].Code != code {
			kept = append(kept, raw)
		}
	}
	var err error
	if doc["item"], err = json.Marshal(kept); err != nil {
		return nil, err
	}
	if data, err = json.Marshal(doc); err != nil {
		return nil, err
	}
	return forms.ParseQuestionnaire(data)
}

// split divides answers into those that everybody on the file reads, and those
// that are kept apart.
func (f *Frame) split(a forms.Answers) (open, apart forms.Answers) {
	open, apart = forms.Answers{}, forms.Answers{}
	for link, answer := range a {
		if slices.Contains(f.apart, link) {
			apart[link] = answer
		} else {
			open[link] = answer
		}
	}
	return open, apart
}

// answers reads a response under this frame. A response to another version of
// the questions gives what still stands under the same linkId: it belongs to its
// question for good.
func (f *Frame) answers(r *forms.Response) forms.Answers {
	if r == nil {
		return forms.Answers{}
	}
	if a, err := f.Whole.Answers(r); err == nil {
		return a
	}
	out := forms.Answers{}
	for link, item := range r.ByLink() {
		if q := f.Whole.Item(link); q == nil || !q.IsQuestion() {
			continue
		}
		var values []string
		for _, a := range item.Answers {
			value := a.Value.Text
			if a.Value.Type == forms.ValueCoding {
				value = a.Value.Coding.Code
			}
			values = append(values, value)
		}
		out.Set(link, values...)
	}
	return out
}

// Section is the heading of the part of the frame in which a question stands.
func (f *Frame) Section(linkID string) string {
	for _, group := range f.Whole.Items {
		if slices.Contains(questionsIn(group), linkID) {
			return group.Text
		}
	}
	return ""
}
