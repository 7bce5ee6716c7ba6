package enquiry

import (
	"slices"

	"waymark/internal/registers/training"
)

// Reason is why an enquiry does not count as asked.
type Reason string

// The reasons.
const (
	NotAsked            Reason = "not_asked"
	NotPrivate          Reason = "not_private"
	NotAlone            Reason = "not_alone"
	AloneNotConfirmed   Reason = "alone_not_confirmed"
	RelativeInterpreted Reason = "relative_interpreted"
	InterpreterUnproven Reason = "interpreter_unproven"
	LanguageNotRecorded Reason = "language_not_recorded"
)

// Label is the reason in words for people.
func (r Reason) Label() string {
	switch r {
	case NotAsked:
		return "nobody asked"
	case NotPrivate:
		return "it is not confirmed that it was private"
	case NotAlone:
		return "somebody else was there"
	case AloneNotConfirmed:
		return "it is not recorded who was there"
	case RelativeInterpreted:
		return "a relative or friend interpreted"
	case InterpreterUnproven:
		return "the professional interpreter has neither a booking reference nor an operator's number"
	case LanguageNotRecorded:
		return "it is not recorded whether an interpreter was needed"
	}
	return string(r)
}

// Counts tells whether an enquiry counts as asked, and if not, why: all the
// reasons, in the order of the form. It decides what is counted and which task
// follows, never what may be recorded.
func Counts(e Enquiry) (bool, []Reason) {
	var why []Reason
	if e.Asked != Yes {
		why = append(why, NotAsked)
	}
	switch {
	case slices.ContainsFunc(e.Present, func(c string) bool { return !harmless(c) }):
		why = append(why, NotAlone)
	case e.Alone != Yes && len(e.Present) == 0:
		// Nobody is named, and it is not said that nobody was there.
		why = append(why, AloneNotConfirmed)
	}
	if e.Private != Yes {
		why = append(why, NotPrivate)
	}
	switch e.Interpreter {
	case InterpreterNone, InterpreterClinician:
	case InterpreterProfessional:
		if e.BookingRef == "" && e.OperatorNumber == "" {
			why = append(why, InterpreterUnproven)
		}
	case InterpreterRelative:
		why = append(why, RelativeInterpreted)
	default:
		why = append(why, LanguageNotRecorded)
	}
	return len(why) == 0, why
}

// inPrivate is what the measures call private: nobody could overhear, and
// nobody was there who must not be.
func (e Enquiry) inPrivate() bool {
	_, why := Counts(e)
	return !slices.ContainsFunc(why, func(r Reason) bool {
		return r == NotPrivate || r == NotAlone || r == AloneNotConfirmed || r == RelativeInterpreted
	})
}

// Trained tells whether a training level is one at which people ask (B8.10).
func Trained(level int) bool { return training.Level(level) >= training.Asks }
