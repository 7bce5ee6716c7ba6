package forms

import (
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	// maxRepetitions is how often a part of the form may be filled in.
	maxRepetitions = 50
	// maxSpread is how many items a form may have with all its repetitions.
	maxSpread = 5_000
)

// Series is a part of the form that repeats, as answers have it. It stands on the item that holds the
// repetitions: those are its Items, numbered by Nth.
type Series struct {
	Of          *Item // what repeats: a group, or a question with questions under it
	Least, Most int   // how many are shown at least, and may be at most
	Gone        []*Item

	ids []string
}

// The answers to an item of a repetition lie under its linkId, a tab, and the numbers of the repetitions it
// stands in, from outside in; a linkId has no tab. Under the word all in place of the last number lie the
// numbers themselves, in their order, unless they are those that a new form begins with.
const (
	keyTab    = "\t"
	seriesEnd = "all"
)

func keyOf(linkID, at string) string {
	if at == "" {
		return linkID
	}
	return linkID + keyTab + at
}

// originOf is the linkId in a key, and where it stands.
func originOf(key string) (linkID, at string) {
	linkID, at, _ = strings.Cut(key, keyTab)
	return linkID, at
}

func within(at, id string) string {
	if at == "" {
		return id
	}
	return at + "." + id
}

var idText = regexp.MustCompile(`^[1-9][0-9]{0,3}$`)

// numbers are those of a list that can be numbers of repetitions, each once.
func numbers(list []string) []string {
	var ids []string
	for _, id := range list {
		if idText.MatchString(id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		if len(ids) == maxRepetitions+1 {
			break // one too many, so that it can be said
		}
	}
	return ids
}

func countTo(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = strconv.Itoa(i + 1)
	}
	return ids
}

// alone are the types of which a field takes one answer.
var alone = []Type{TypeGroup, TypeBoolean, TypeText, TypeDate, TypeTime, TypeDateTime, TypeQuantity}

// multiplies says whether the item of a form is asked as often as there are repetitions. A question that
// repeats, has none under it and is answered in one line or by choosing takes several answers instead.
func (i *Item) multiplies() bool {
	return i.Repeats && (slices.Contains(alone, i.Type) || slices.ContainsFunc(i.Items, func(c *Item) bool { return c.Type != TypeDisplay }))
}

// least is how many repetitions a new form shows.
func (i *Item) least() int { return min(max(1, i.MinOccurs), maxRepetitions) }

// most is how many repetitions there may be.
func (i *Item) most() int {
	if i.MaxOccurs > 0 {
		return min(i.MaxOccurs, maxRepetitions)
	}
	return maxRepetitions
}

// chain are the items that multiply from the form down to this one, this one included.
func (i *Item) chain() []*Item {
	var all []*Item
	for at := i; at != nil; at = at.parent {
		if at.multiplies() {
			all = append(all, at)
		}
	}
	slices.Reverse(all)
	return all
}

// InSeries says whether the item stands in a part of the form that repeats, or is one: then it has no one answer.
func (i *Item) InSeries() bool { return len(i.chain()) > 0 }

// Spread is the form with every repetition as it stands in the answers: each of its items has a linkId of its
// own, under which its answers lie, and conditions name the answers nearest to them. A form in which nothing
// repeats is its own.
func (q *Questionnaire) Spread(a Answers) *Questionnaire { return q.spreadOut(a, 1) }

// OnPaper is the form with room for several repetitions of each part that repeats.
func (q *Questionnaire) OnPaper() *Questionnaire { return q.spreadOut(nil, 2) }

func (q *Questionnaire) spreadOut(a Answers, least int) *Questionnaire {
	form := q.form()
	if form.order == nil {
		return form
	}
	s := *form
	s.base, s.byLink = form, map[string]*Item{}
	sp := spreading{form: form, q: &s, a: a, least: least, ids: map[string][]string{}, seen: form.seen(a), left: maxSpread}
	s.Items = sp.items(form.Items, nil, "")
	s.cut = sp.left < 0
	for i := range s.All() {
		sp.nearest(i)
	}
	return &s
}

// form is the form itself, where this is one that was spread out.
func (q *Questionnaire) form() *Questionnaire {
	if q.base != nil {
		return q.base
	}
	return q
}

// ordered numbers the items of a form in which something repeats.
func (q *Questionnaire) ordered() {
	order := map[*Item]int{}
	repeats := false
	for i := range q.All() {
		order[i] = len(order)
		repeats = repeats || i.multiplies()
	}
	if repeats {
		q.order = order
	}
}

// seen are the repetitions of each series that some answer stands in.
func (q *Questionnaire) seen(a Answers) map[string][]string {
	seen := map[string][]string{}
	for _, key := range a.links() {
		linkID, at := originOf(key)
		i := q.byLink[linkID]
		if at == "" || i == nil {
			continue
		}
		ids := strings.Split(at, ".")
		if ids[len(ids)-1] == seriesEnd {
			ids = ids[:len(ids)-1]
		}
		chain, above := i.chain(), ""
		for n, id := range ids {
			if n >= len(chain) || !idText.MatchString(id) {
				break
			}
			series := keyOf(chain[n].LinkID, within(above, seriesEnd))
			if !slices.Contains(seen[series], id) {
				seen[series] = append(seen[series], id)
			}
			above = within(above, id)
		}
	}
	return seen
}

type spreading struct {
	form  *Questionnaire
	q     *Questionnaire
	a     Answers
	least int
	ids   map[string][]string // the repetitions of a series, by its key
	seen  map[string][]string
	left  int
}

func (s *spreading) items(list []*Item, parent *Item, at string) []*Item {
	var out []*Item
	for _, i := range list {
		if s.left--; s.left < 0 {
			return out
		}
		if i.multiplies() {
			out = append(out, s.series(i, parent, at))
			continue
		}
		c := *i
		c.of, c.parent, c.at, c.LinkID = i, parent, at, keyOf(i.LinkID, at)
		c.Items = s.items(i.Items, &c, at)
		s.q.byLink[c.LinkID] = &c
		out = append(out, &c)
	}
	return out
}

func (s *spreading) series(i, parent *Item, at string) *Item {
	c := *i
	c.of, c.parent, c.at, c.LinkID, c.Type = i, parent, at, keyOf(i.LinkID, within(at, seriesEnd)), TypeGroup
	c.variables, c.constraints, c.initially = nil, nil, nil
	ids := numbers(s.a.Values(c.LinkID))
	if len(ids) == 0 {
		ids = countTo(max(min(s.least, i.most()), i.least()))
	}
	c.Series = &Series{Of: i, Least: i.least(), Most: i.most(), ids: ids}
	s.ids[c.LinkID] = ids
	c.Items = nil
	for n, id := range ids {
		if r := s.repetition(i, &c, at, id, n+1); r != nil {
			c.Items = append(c.Items, r)
		}
	}
	for _, id := range s.seen[c.LinkID] {
		if slices.Contains(ids, id) {
			continue
		}
		known := s.q.byLink
		s.q.byLink = map[string]*Item{} // what was removed is not found in the form
		if r := s.repetition(i, &c, at, id, 0); r != nil {
			c.Series.Gone = append(c.Series.Gone, r)
		}
		s.q.byLink = known
	}
	s.q.byLink[c.LinkID] = &c
	if at == "" {
		s.q.byLink[i.LinkID] = &c
	}
	return &c
}

func (s *spreading) repetition(i, series *Item, at, id string, nth int) *Item {
	if s.left--; s.left < 0 {
		return nil
	}
	r := *i
	r.of, r.parent, r.at, r.id, r.Nth = i, series, within(at, id), id, nth
	r.LinkID = keyOf(i.LinkID, r.at)
	r.Repeats, r.Required, r.MinOccurs, r.MaxOccurs = false, false, 0, 0
	r.EnableWhen, r.enabled = nil, nil // the series hangs on them
	r.Initial = nil
	if len(i.Initial) >= nth && nth > 0 {
		r.Initial = i.Initial[nth-1 : nth]
	}
	r.Items = s.items(i.Items, &r, r.at)
	s.q.byLink[r.LinkID] = &r
	return &r
}

// nearest makes the conditions of an item name the answers nearest to it: those that share most of the
// repetitions it stands in, of those the last one before it, and else the first one behind it.
func (s *spreading) nearest(i *Item) {
	if len(i.EnableWhen) == 0 {
		return
	}
	i.EnableWhen = slices.Clone(i.EnableWhen)
	var mine []string
	if i.at != "" {
		mine = strings.Split(i.at, ".")
	}
	for n, c := range i.EnableWhen {
		on := s.form.byLink[c.Question]
		if on == nil {
			continue
		}
		at, shared := "", true
		ours := i.of.chain()
		for d, m := range on.chain() {
			if shared = shared && d < len(mine) && d < len(ours) && ours[d] == m; shared {
				at = within(at, mine[d])
				continue
			}
			ids := s.ids[keyOf(m.LinkID, within(at, seriesEnd))]
			switch {
			case len(ids) == 0:
				at = within(at, "0") // nowhere: it has no answer
			case s.form.order[m] < s.form.order[i.of]:
				at = within(at, ids[len(ids)-1])
			default:
				at = within(at, ids[0])
			}
		}
		i.EnableWhen[n].Question = keyOf(on.LinkID, at)
	}
}

// setSeries keeps the numbers of repetitions, unless they are those that a new form has.
func (a Answers) setSeries(i *Item, at string, ids []string) {
	key := keyOf(i.LinkID, within(at, seriesEnd))
	if slices.Equal(ids, countTo(i.least())) {
		ids = nil
	}
	a.Set(key, ids...)
}

// Kept yields the questions of the form, those of repetitions that were removed among them.
func (q *Questionnaire) Kept() iter.Seq[*Item] {
	var each func(items []*Item, yield func(*Item) bool) bool
	each = func(items []*Item, yield func(*Item) bool) bool {
		for _, i := range items {
			if i.IsQuestion() && !yield(i) || !each(i.Items, yield) {
				return false
			}
			if i.Series != nil && !each(i.Series.Gone, yield) {
				return false
			}
		}
		return true
	}
	return func(yield func(*Item) bool) { each(q.Items, yield) }
}

// Take puts what was typed into a part of the form, such as one of its pages, in the place of what stood there.
func (a Answers) Take(part []*Item, typed Answers) {
	taken := map[string]bool{}
	walk(part, func(i *Item) bool {
		linkID, _ := originOf(i.LinkID)
		taken[linkID] = !i.Hidden && !i.Worked()
		return true
	})
	for key := range a {
		if linkID, _ := originOf(key); taken[linkID] {
			delete(a, key)
		}
	}
	for key, answer := range typed {
		if linkID, _ := originOf(key); taken[linkID] {
			a.Set(key, answer.Values...)
		}
	}
}

// In are the errors of a part of the form, such as one of its pages.
func (e Errors) In(part []*Item) Errors {
	fields := map[string]bool{}
	walk(part, func(i *Item) bool {
		linkID, _ := originOf(i.LinkID)
		fields[fieldOf(linkID)] = true
		return true
	})
	var out Errors
	for _, wrong := range e {
		if fields[FieldOrigin(wrong.Field)] {
			out.Add(wrong.Field, wrong.Message)
		}
	}
	return out
}

// isGiven says whether somebody has answered something in a repetition: anything but what it began with. One in
// which nobody has is not there.
func isGiven(r *Item, a Answers) bool {
	if r.Hidden {
		return false
	}
	if values := a.Values(r.LinkID); r.IsQuestion() && !r.ReadOnly && len(values) > 0 && !slices.Equal(values, r.Initial) {
		return true
	}
	return slices.ContainsFunc(r.Items, func(c *Item) bool { return isGiven(c, a) })
}

// absent says whether the item stands in a repetition in which nobody has answered anything.
func absent(i *Item, a Answers) bool {
	for at := i; at != nil; at = at.parent {
		if at.id != "" && !isGiven(at, a) {
			return true
		}
	}
	return false
}

// origin is the linkId that the item has in the form.
func (i *Item) origin() string {
	linkID, _ := originOf(i.LinkID)
	return linkID
}

// TitleInPlace is the title with the repetitions that the item stands in.
func (i *Item) TitleInPlace() string {
	if place := i.Place(); place != "" {
		return place + ": " + i.Title()
	}
	return i.Title()
}

// Place is in which repetitions the item stands, in words; nothing where nothing repeats.
func (i *Item) Place() string {
	var words []string
	for at := i.parent; at != nil; at = at.parent {
		if at.Nth > 0 {
			words = append(words, at.ownName())
		}
	}
	return strings.Join(words, ", ")
}
