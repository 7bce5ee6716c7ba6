package forms

import "slices"

// Score is a count that a question set declares: how many of these questions have that answer. It is
// declared by an extension of the form with the parts name, title, counted, unknown (which may be absent)
// and question, once for each.
type Score struct {
	Name      string
	Title     string
	Counted   Coding
	Unknown   Coding // the answer that says it is not known
	Questions []*Item
}

// Tally is what a count came to. Its four numbers add up to Of, and none is ever taken for another.
type Tally struct {
	Of         int // questions
	Counted    int // answered with what is counted
	Otherwise  int // answered with something else that is known
	Unknown    int // answered that it is not known
	Unanswered int

	// LinkIds of each, in the order asked.
	CountedLinks, UnknownLinks, UnansweredLinks []string
}

// Answered is how many questions have an answer that is known.
func (t Tally) Answered() int { return t.Counted + t.Otherwise }

// AtMost is what the count would be if everything that is not known turned out to count.
func (t Tally) AtMost() int { return t.Counted + t.Unknown + t.Unanswered }

// Complete says whether every question has an answer that is known.
func (t Tally) Complete() bool { return t.Answered() == t.Of }

// Scores are the counts that the form declares.
func (q *Questionnaire) Scores() []*Score { return q.scores }

// Score finds a count by its name, or nil.
func (q *Questionnaire) Score(name string) *Score {
	for _, s := range q.scores {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// Count counts. An answer that is not one of the question's is no answer.
func (s *Score) Count(a Answers) Tally {
	t := Tally{Of: len(s.Questions)}
	for _, i := range s.Questions {
		o := i.Option(a.Text(i.LinkID))
		switch {
		case !a.Answered(i.LinkID) || o == nil:
			t.Unanswered++
			t.UnansweredLinks = append(t.UnansweredLinks, i.LinkID)
		case o.Coding.Is(s.Counted):
			t.Counted++
			t.CountedLinks = append(t.CountedLinks, i.LinkID)
		case s.Unknown.Code != "" && o.Coding.Is(s.Unknown):
			t.Unknown++
			t.UnknownLinks = append(t.UnknownLinks, i.LinkID)
		default:
			t.Otherwise++
		}
	}
	return t
}

func (r *reading) scores(q *Questionnaire) []*Score {
	var all []*Score
	for _, e := range r.list(q.keep, "", "extension") {
		if r.text(e, "", "url") != extCount {
			continue
		}
		s := &Score{}
		for _, part := range r.list(e, "", "extension") {
			r.scorePart(q, s, part)
		}
		switch {
		case s.Name == "" || s.Title == "":
			r.problems.add("", "a count has no name or no title")
		case s.Counted.Code == "" || len(s.Questions) == 0:
			r.problems.add("", "the count %q does not say what it counts", s.Name)
		case slices.ContainsFunc(all, func(other *Score) bool { return other.Name == s.Name }):
			r.problems.add("", "the count %q stands twice", s.Name)
		}
		for _, i := range s.Questions {
			r.countable(s, i)
		}
		all = append(all, s)
	}
	return all
}

func (r *reading) scorePart(q *Questionnaire, s *Score, part object) {
	switch url := r.text(part, "", "url"); url {
	case "name":
		s.Name = r.text(part, "", "valueString")
	case "title":
		s.Title = r.text(part, "", "valueString")
	case "counted", "unknown":
		v, ok := r.value(part, "", "value")
		switch {
		case !ok || v.Type != ValueCoding:
			r.problems.add("", "what is %s in a count is not a coding", url)
		case url == "counted":
			s.Counted = v.Coding
		default:
			s.Unknown = v.Coding
		}
	case "question":
		linkID := r.text(part, "", "valueString")
		i := q.byLink[linkID]
		switch {
		case i == nil:
			r.problems.add(linkID, "is counted and is not in the form")
		case slices.Contains(s.Questions, i):
			r.problems.add(linkID, "is counted twice")
		default:
			s.Questions = append(s.Questions, i)
		}
	default:
		r.problems.add("", "a count has a part %q, which is not known", url)
	}
}

// countable checks that a count means the same every time: over questions with one answer, which are
// always asked and offer what is counted.
func (r *reading) countable(s *Score, i *Item) {
	offers := func(c Coding) bool { return i.optionOf(Value{Type: ValueCoding, Coding: c}) != nil }
	switch {
	case i.Type != TypeChoice || i.Repeats:
		r.problems.add(i.LinkID, "is counted and is not a choice of one")
	case s.Counted.Code != "" && !offers(s.Counted), s.Unknown.Code != "" && !offers(s.Unknown):
		r.problems.add(i.LinkID, "is counted and does not offer the answers that the count %q names", s.Name)
	}
	for at := i; at != nil; at = at.parent {
		if at.multiplies() {
			r.problems.add(i.LinkID, "is counted and stands in a group that repeats")
			return
		}
		if len(at.EnableWhen) > 0 || at != i && at.IsQuestion() {
			r.problems.add(i.LinkID, "is counted and is not always asked")
			return
		}
	}
}
