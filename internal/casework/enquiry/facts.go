package enquiry

import (
	"slices"
	"time"

	"waymark/internal/platform/measures"
)

// about is what the facts of an enquiry have in common.
type about struct {
	Agency, Person, File string
	ID                   ID
	At                   time.Time
	Level                int
}

// facts are what an enquiry says to the measures (content/measures/README.md).
func facts(e Enquiry, a about) []measures.Fact {
	var out []measures.Fact
	add := func(kind string, d measures.Dimensions) {
		out = append(out, measures.Fact{
			Kind: kind, Agency: a.Agency, Person: a.Person, File: a.File, At: a.At,
			Source: measures.Source{Kind: "enquiry", ID: string(a.ID)}, Dimensions: d,
		})
	}
	add("enquiry.seen", measures.Dimensions{"setting": e.Setting, "indicators": e.ShowedSigns(), "routine": e.Routine()})
	if e.Asked == Yes {
		counts, _ := Counts(e)
		add("enquiry.asked", measures.Dimensions{
			"setting": e.Setting, "indicators": e.ShowedSigns(), "routine": e.Routine(),
			"private": e.inPrivate(), "counts": counts, "level": a.Level,
		})
	}
	abuse := e.Abuse()
	if abuse && e.Says(Experiencing) {
		add("disclosure.experiencing", measures.Dimensions{"setting": e.Setting})
	}
	if abuse && e.Says(Perpetrating) {
		add("disclosure.perpetrating", measures.Dimensions{"setting": e.Setting})
	}
	if e.Asked == Yes || abuse {
		add("response", measures.Dimensions{"level": a.Level})
	}
	if e.Children != "" {
		add("children.asked", measures.Dimensions{"answer": e.Children})
	}
	if by := e.interpreting(); by != "" {
		add("interpreter.needed", measures.Dimensions{"by": by})
	}
	for _, about := range []string{"forced_marriage", "honour"} {
		if abuse && slices.Contains(e.Types, about) {
			add("disclosure.honour", measures.Dimensions{"about": about})
		}
	}
	return out
}

// interpreting is who bridged the language of the person, empty where nobody was
// needed: none where there should have been somebody.
func (e Enquiry) interpreting() string {
	switch {
	case e.Asked == Yes && e.Interpreter != InterpreterNone:
		return e.Interpreter
	case e.Asked == No && e.WhyNot == "no_interpreter":
		return InterpreterNone
	}
	return ""
}
