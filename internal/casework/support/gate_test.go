package support_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/internal/casework/support"
	"waymark/internal/registers/people"
)

// monday is a Monday morning.
var monday = time.Date(2026, time.June, 15, 10, 0, 0, 0, time.UTC)

const recheck = 90 * 24 * time.Hour

var allowances = []people.Allowance{people.NotAsked, people.Yes, people.No, people.OnlyIf}

func someHours(r *rapid.T) people.Hours {
	var h people.Hours
	if rapid.IntRange(0, 2).Draw(r, "hours") > 0 {
		return h
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if rapid.IntRange(0, 3).Draw(r, "day") == 0 {
			h.Days = append(h.Days, d)
		}
	}
	times := []string{"", "07:00", "10:00", "14:30", "18:00", "not a time"}
	h.From, h.Until = rapid.SampledFrom(times).Draw(r, "from"), rapid.SampledFrom(times).Draw(r, "until")
	return h
}

func someKnown(r *rapid.T) support.Known {
	b := rapid.Bool()
	k := support.Known{Recheck: recheck, Unconfirmed: rapid.IntRange(0, 4).Draw(r, "unconfirmed") == 0, Referred: b.Draw(r, "referred"), Reached: b.Draw(r, "reached"), Cautioned: b.Draw(r, "cautioned")}
	k.Contact.Withheld, k.Contact.TheyContact = rapid.IntRange(0, 9).Draw(r, "withheld") == 0, rapid.IntRange(0, 4).Draw(r, "they") == 0
	k.Contact.Summary.State = rapid.SampledFrom([]people.State{people.Unset, people.OutOfDate, people.Recorded, people.Recorded}).Draw(r, "state")
	for _, ch := range people.Channels() {
		if b.Draw(r, "spoken about") {
			checked := monday.AddDate(0, 0, -rapid.IntRange(-3, 120).Draw(r, "checked")).Format(time.DateOnly)
			if rapid.IntRange(0, 9).Draw(r, "bad day") == 0 {
				checked = "some day"
			}
			k.Contact.Ways = append(k.Contact.Ways, people.Way{
				Channel: ch, Allowed: rapid.SampledFrom(allowances).Draw(r, "allowed"), Message: rapid.SampledFrom(allowances).Draw(r, "message"),
				Hours: someHours(r), CheckedOn: checked,
			})
		}
	}
	return k
}

func someReach(r *rapid.T) support.Reach {
	b := rapid.Bool()
	return support.Reach{
		Channel: rapid.SampledFrom(people.Channels()).Draw(r, "channel"),
		At:      monday.Add(time.Duration(rapid.IntRange(-30*24*60, 60*24*60).Draw(r, "minutes")) * time.Minute),
		Message: b.Draw(r, "leaves a message"), Conditions: b.Draw(r, "conditions kept"), Cautious: b.Draw(r, "cautious"),
	}
}

// safe says, in other words than the gate, whether a way was said to be safe at
// a moment.
func safe(k support.Known, r support.Reach) bool {
	for _, w := range k.Contact.Ways {
		if w.Channel != r.Channel {
			continue
		}
		day, err := time.Parse(time.DateOnly, w.CheckedOn)
		fresh := err == nil && !day.After(r.At) && r.At.Sub(day) < k.Recheck+24*time.Hour
		return (w.Allowed == people.Yes || w.Allowed == people.OnlyIf && r.Conditions) && fresh && w.Hours.Holds(r.At)
	}
	return false
}

// No contact is permitted on a way that is unsafe, unknown or expired, nor
// outside the safe times, whoever it is and whatever else is known; save the
// cautious first attempt, to somebody who was referred and never reached, that
// leaves no trace, and once.
func TestTheGatePermitsNothingUnsafe(t *testing.T) {
	permitted, cautious := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		k, reach := someKnown(r), someReach(r)
		// Chance alone seldom finds what may be done.
		switch rapid.IntRange(0, 5).Draw(r, "likely") {
		case 0: // just referred: the one that may be tried with caution
			k.Referred, k.Reached, k.Cautioned, k.Unconfirmed = true, false, false, false
			k.Contact = people.SafeContact{}
			reach.Channel, reach.Cautious, reach.Message = people.Mobile, true, false
		case 1: // well known, the way settled today
			k.Unconfirmed = false
			k.Contact = people.SafeContact{Summary: people.ContactSummary{State: people.Recorded}, Ways: []people.Way{{
				Channel: reach.Channel, Allowed: people.OnlyIf, Message: people.Yes, Hours: someHours(r), CheckedOn: reach.At.Format(time.DateOnly),
			}}}
		}
		for range rapid.IntRange(0, 40).Draw(r, "tries") {
			// Most draws are refused for some reason; ask until one is not, so
			// that what is permitted is looked at too.
			if support.Gate(k, reach).OK() {
				break
			}
			reach = someReach(r)
		}
		v := support.Gate(k, reach)
		switch v.Answer {
		case support.Permitted:
			permitted++
			if !safe(k, reach) {
				r.Errorf("permitted on a way that is not safe: %+v %+v", k, reach)
			}
			if k.Contact.Summary.State != people.Recorded || k.Contact.Withheld {
				r.Errorf("permitted though it is %s, withheld %v", k.Contact.Summary.State, k.Contact.Withheld)
			}
			spoken := reach.Channel == people.InPerson || reach.Channel == people.Professional
			if (k.Unconfirmed || k.Contact.TheyContact) && !spoken {
				r.Errorf("permitted by %s: unconfirmed %v, they contact us %v", reach.Channel, k.Unconfirmed, k.Contact.TheyContact)
			}
			if reach.Message && support.IsVoice(reach.Channel) {
				i := slices.IndexFunc(k.Contact.Ways, func(w people.Way) bool { return w.Channel == reach.Channel })
				if k.Contact.Ways[i].Message != people.Yes {
					r.Error("a message may be left where nobody said so")
				}
			}
		case support.Cautious:
			cautious++
			if !reach.Cautious || !k.Referred || k.Reached || k.Cautioned || k.Unconfirmed || k.Contact.Withheld || k.Contact.TheyContact || reach.Message {
				r.Errorf("a cautious attempt where there is none: %+v %+v", k, reach)
			}
			if !slices.Contains([]people.Channel{people.Mobile, people.Professional}, reach.Channel) {
				r.Errorf("a cautious attempt by %s", reach.Channel)
			}
			for _, w := range k.Contact.Ways {
				if w.Channel == reach.Channel && (w.Allowed == people.No || !w.Hours.IsZero() && !w.Hours.Holds(reach.At)) {
					r.Errorf("a cautious attempt against what was said: %+v", w)
				}
			}
			k.Cautioned = true
			if again := support.Gate(k, reach); again.OK() {
				r.Errorf("and a second one: %+v", again)
			}
		case support.Refused:
			if v.Reason == support.NoReason || v.Reason.Label() == "" || v.Reason.Next() == "" {
				r.Errorf("refused without a reason and what to do: %+v", v)
			}
		}
	})
	if permitted == 0 || cautious == 0 {
		t.Errorf("of all that was tried %d were permitted and %d were cautious: the property says nothing", permitted, cautious)
	}
}

func fresh(w people.Way) support.Known {
	w.CheckedOn = "2026-06-01"
	return support.Known{Recheck: recheck, Contact: people.SafeContact{Summary: people.ContactSummary{State: people.Recorded}, Ways: []people.Way{w}}}
}

func TestTheGateSaysWhy(t *testing.T) {
	yes := people.Way{Channel: people.Mobile, Allowed: people.Yes}
	weekdays := yes
	weekdays.Hours = people.Hours{Days: []time.Weekday{time.Monday, time.Tuesday}, From: "10:00", Until: "14:00"}
	onlyIf := yes
	onlyIf.Allowed, onlyIf.Conditions = people.OnlyIf, "Let it ring twice"
	unconfirmed, they, old := fresh(yes), fresh(yes), fresh(yes)
	unconfirmed.Unconfirmed, they.Contact.TheyContact = true, true
	old.Contact.Ways[0].CheckedOn = "2026-01-01"
	at := func(hour int) support.Reach {
		return support.Reach{Channel: people.Mobile, At: time.Date(2026, time.June, 15, hour, 0, 0, 0, time.UTC)}
	}
	message, kept := at(10), at(10)
	message.Message, kept.Conditions = true, true
	for name, c := range map[string]struct {
		known support.Known
		reach support.Reach
		want  support.Reason
	}{
		"safe":                               {fresh(yes), at(10), support.NoReason},
		"nothing recorded":                   {support.Known{Recheck: recheck}, at(10), support.UnknownWay},
		"another way recorded":               {fresh(people.Way{Channel: people.Text, Allowed: people.Yes}), at(10), support.UnknownWay},
		"recorded as unsafe":                 {fresh(people.Way{Channel: people.Mobile, Allowed: people.No}), at(10), support.UnsafeWay},
		"checked too long ago":               {old, at(10), support.Expired},
		"a minute before":                    {fresh(weekdays), at(9), support.OutsideHours},
		"as it begins":                       {fresh(weekdays), at(10), support.NoReason},
		"as it ends":                         {fresh(weekdays), at(14), support.OutsideHours},
		"another day":                        {fresh(weekdays), support.Reach{Channel: people.Mobile, At: monday.AddDate(0, 0, 2)}, support.OutsideHours},
		"conditions not read":                {fresh(onlyIf), at(10), support.ConditionsFirst},
		"conditions kept":                    {fresh(onlyIf), kept, support.NoReason},
		"a message nobody spoke of":          {fresh(yes), message, support.NoMessage},
		"a change that is not confirmed":     {unconfirmed, at(10), support.NotConfirmed},
		"they will contact us":               {they, at(10), support.TheyWillContact},
		"the day before it would be too old": {fresh(yes), support.Reach{Channel: people.Mobile, At: time.Date(2026, time.August, 30, 23, 0, 0, 0, time.UTC)}, support.NoReason},
		"the day after it is too old":        {fresh(yes), support.Reach{Channel: people.Mobile, At: time.Date(2026, time.August, 31, 0, 0, 0, 0, time.UTC)}, support.Expired},
	} {
		if got := support.Gate(c.known, c.reach); got.Reason != c.want || (c.want == support.NoReason) != got.OK() {
			t.Errorf("%s: %+v, want %q", name, got, c.want)
		}
	}
}
