package support

import (
	"slices"
	"time"

	"waymark/internal/registers/people"
)

// Known is what is known of reaching a person when somebody wants to: plain
// values, so that the gate can be tried with any of them.
type Known struct {
	Contact people.SafeContact
	// Recheck is for how long what was checked counts as safe.
	Recheck time.Duration
	// Unconfirmed tells that a change of how they are reached was asked for in
	// their name, and is not confirmed.
	Unconfirmed bool
	Referred    bool // others referred them, or they wrote on the public pages
	Reached     bool // they were reached before
	Cautioned   bool // the cautious first attempt was made
}

// Reach is a contact somebody wants to make.
type Reach struct {
	Channel people.Channel
	At      time.Time // in the time of the place where days are counted
	// Message tells that a message would be left, were nobody to answer.
	Message bool
	// Conditions tells that the worker has read the conditions of the way and
	// keeps to them.
	Conditions bool
	// Cautious asks for the cautious first attempt.
	Cautious bool
}

// Answer is what the gate says.
type Answer string

// The answers.
const (
	Permitted Answer = "permitted"
	Cautious  Answer = "cautious" // permitted once, as a cautious first attempt
	Refused   Answer = "refused"
)

// Reason is why the gate refuses.
type Reason string

// The reasons.
const (
	NoReason        Reason = ""
	UnknownWay      Reason = "unknown"
	UnsafeWay       Reason = "unsafe"
	Expired         Reason = "expired"
	WithheldFrom    Reason = "withheld"
	NotConfirmed    Reason = "unconfirmed"
	TheyWillContact Reason = "they_contact"
	OutsideHours    Reason = "hours"
	ConditionsFirst Reason = "conditions"
	NoMessage       Reason = "message"
)

// Label is the reason in words for people.
func (r Reason) Label() string {
	switch r {
	case UnknownWay:
		return "Nobody has recorded that this way is safe"
	case UnsafeWay:
		return "This way is recorded as unsafe"
	case Expired:
		return "It was last checked too long ago"
	case WithheldFrom:
		return "How this person can be reached has a permission of its own, which you do not have"
	case NotConfirmed:
		return "A change of how they are reached was asked for in their name, and is not confirmed"
	case TheyWillContact:
		return "They said that they will contact us"
	case OutsideHours:
		return "It is outside the days or times that are safe"
	case ConditionsFirst:
		return "It is safe under conditions only: read them and say that you keep to them"
	case NoMessage:
		return "No message may be left this way"
	case NoReason:
	}
	return ""
}

// Next is what to do instead, in words for people.
func (r Reason) Next() string {
	switch r {
	case UnknownWay, UnsafeWay, Expired:
		return "Ask again safely how they can be reached: when they come, when they call, or through a professional they trust. Record it the same day."
	case WithheldFrom:
		return "Ask whoever holds the case to make the contact, or to open whereabouts to you."
	case NotConfirmed:
		return "Confirm the request first, in person or through a professional they trust. Until then use nothing else."
	case TheyWillContact:
		return "Wait for them. In person or through a professional is possible where that is recorded as safe."
	case OutsideHours:
		return "Plan it for a time that is safe."
	case ConditionsFirst:
		return "Read the conditions of this way, and ask again."
	case NoMessage:
		return "Try without leaving a message."
	case NoReason:
	}
	return ""
}

// Verdict is the answer of the gate, with its reason.
type Verdict struct {
	Answer Answer
	Reason Reason
	// Hours are when the way is safe, when the time was wrong.
	Hours people.Hours
	// CautiousOpen tells that the cautious first attempt is still there to be
	// made.
	CautiousOpen bool
}

// OK tells whether the contact may be made.
func (v Verdict) OK() bool { return v.Answer == Permitted || v.Answer == Cautious }

// voice are the ways on which somebody answers, or nobody does.
var voice = []people.Channel{people.Mobile, people.Landline, people.WorkPhone}

// IsVoice tells whether somebody answers on a channel, or nobody does.
func IsVoice(c people.Channel) bool { return slices.Contains(voice, c) }

// cautiousWays are those by which a cautious first attempt may be made.
var cautiousWays = []people.Channel{people.Mobile, people.Professional}

// CautiousWays are the ways by which a cautious first attempt may be made. A
// telephone at home or at work is not among them: somebody else answers it.
func CautiousWays() []people.Channel { return slices.Clone(cautiousWays) }

// Gate judges one contact. It is the only door: whatever reaches a person, by
// telephone, in writing or at a place, asks it first.
func Gate(k Known, r Reach) Verdict {
	way, recorded := wayOf(k.Contact, r.Channel)
	v := Verdict{Answer: Refused, Reason: judge(k, r, way, recorded), CautiousOpen: k.Referred && !k.Reached && !k.Cautioned}
	switch {
	case v.Reason == NoReason:
		v.Answer = Permitted
	case v.Reason == OutsideHours:
		v.Hours = way.Hours
	case v.CautiousOpen && r.Cautious && cautious(k, r, way, recorded):
		v.Answer, v.Reason = Cautious, NoReason
	}
	return v
}

// cautious tells whether the one cautious attempt may be made this way: it is
// for what nobody could ask yet, never against what somebody said.
func cautious(k Known, r Reach, way people.Way, recorded bool) bool {
	if k.Unconfirmed || k.Contact.Withheld || k.Contact.TheyContact || r.Message || !slices.Contains(cautiousWays, r.Channel) {
		return false
	}
	return !recorded || way.Allowed != people.No && (way.Hours.IsZero() || way.Hours.Holds(r.At))
}

// judge is why a contact is refused, or nothing.
func judge(k Known, r Reach, way people.Way, recorded bool) Reason {
	spoken := r.Channel == people.InPerson || r.Channel == people.Professional
	switch {
	case k.Contact.Withheld:
		return WithheldFrom
	case !recorded || k.Contact.Summary.State == people.Unset || way.Allowed == people.NotAsked:
		return UnknownWay
	case way.Allowed != people.Yes && way.Allowed != people.OnlyIf:
		return UnsafeWay
	case k.Unconfirmed && !spoken:
		return NotConfirmed
	case k.Contact.TheyContact && !spoken:
		return TheyWillContact
	case k.Contact.Summary.State != people.Recorded || expired(way.CheckedOn, k.Recheck, r.At):
		return Expired
	case !way.Hours.Holds(r.At):
		return OutsideHours
	case way.Allowed == people.OnlyIf && !r.Conditions:
		return ConditionsFirst
	case r.Message && IsVoice(r.Channel) && way.Message != people.Yes:
		return NoMessage
	}
	return NoReason
}

func wayOf(c people.SafeContact, ch people.Channel) (people.Way, bool) {
	i := slices.IndexFunc(c.Ways, func(w people.Way) bool { return w.Channel == ch })
	if i < 0 {
		return people.Way{}, false
	}
	return c.Ways[i], true
}

// expired tells whether what was checked on a day no longer counts at a moment.
// A day that cannot be read has expired, and so has one that is to come.
func expired(checked string, recheck time.Duration, at time.Time) bool {
	on, err := time.ParseInLocation(time.DateOnly, checked, at.Location())
	if err != nil || on.After(at) {
		return true
	}
	return !at.Before(on.Add(recheck).AddDate(0, 0, 1))
}
