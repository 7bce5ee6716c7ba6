package support_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/internal/casework/support"
	"waymark/internal/registers/people"
)

// Whoever cannot ask the gate is told the number of a way only when the gate
// would let it pass at both ends of the time, to whoever keeps to what stands
// beside it; and never where a letter goes or where somebody is met.
func TestWhatIsCarriedPassesTheGate(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		k := someKnown(r)
		for i := range k.Contact.Ways {
			k.Contact.Ways[i].Detail = "detail-" + string(k.Contact.Ways[i].Channel) + "."
		}
		until := monday.AddDate(0, 0, rapid.IntRange(1, 3).Draw(r, "days"))
		text := strings.Join(support.Carried(k, monday, until), "\n")
		for _, w := range k.Contact.Ways {
			told := strings.Contains(text, w.Detail)
			if told && (w.Channel == people.Post || w.Channel == people.InPerson) {
				r.Fatalf("an address is carried: %s", text)
			}
			pass := w.Channel != people.Post && w.Channel != people.InPerson
			for _, at := range []time.Time{monday, until} {
				v := support.Gate(k, support.Reach{Channel: w.Channel, At: at, Conditions: true})
				pass = pass && (v.Answer == support.Permitted || v.Reason == support.OutsideHours)
			}
			if told != pass {
				r.Fatalf("%s: told %v, and the gate says %v: %s", w.Channel, told, pass, text)
			}
		}
	})
}
