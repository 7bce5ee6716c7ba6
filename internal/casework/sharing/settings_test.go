package sharing_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
)

// An agency sets when its people are asked. What was sent keeps its moments, and what
// is sent to others goes by theirs.
//
// Proves: B6.31
func TestAnAgencySetsWhenItsPeopleAreAsked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		f, before := w.urgent(t)
		settings := w.Sharing.Starting()
		settings.UrgentRemind, settings.UrgentManager, settings.UrgentContact = 5, 10, 20
		contact := w.Actor(t, casestest.HavenContact)
		for _, who := range []string{casestest.Nurse, casestest.IDVA, casestest.HavenManager, casestest.Robot, casestest.Commissioner} {
			if err := w.Sharing.Configure(ctx, w.Actor(t, who), settings); err == nil {
				t.Errorf("%s set it", who)
			}
		}
		must(t, w.Sharing.Configure(ctx, contact, settings))
		// The trust decides for what is sent to the trust alone.
		other := w.Sharing.Starting()
		other.UrgentRemind = 60
		other.UrgentManager, other.UrgentContact = 120, 240
		must(t, w.Sharing.Configure(ctx, w.Actor(t, casestest.TrustAdmin), other))
		n := w.whole()
		n.Urgent = true
		after, err := w.send(t, f, n)
		must(t, err)
		for id, want := range map[sharing.ID][3]time.Duration{
			before: {30 * time.Minute, time.Hour, 2 * time.Hour}, after: {5 * time.Minute, 10 * time.Minute, 20 * time.Minute},
		} {
			s, err := w.Sharing.Copy(ctx, f, id)
			must(t, err)
			if got := [3]time.Duration{s.RemindAt.Sub(s.SentAt), s.ManagerAt.Sub(s.SentAt), s.ContactAt.Sub(s.SentAt)}; got != want {
				t.Errorf("%v, want %v", got, want)
			}
		}
		sets, err := w.Sharing.Decided(ctx, contact)
		must(t, err)
		if len(sets) != 1 || sets[0].By != contact.Account || sets[0].Settings != settings {
			t.Errorf("%+v", sets)
		}
	})
}

// Whatever is typed: what is taken is within its bounds and in its order.
func TestTimesOutOfBoundsAreNotTaken(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var s sharing.Settings
		for _, n := range s.Numbers() {
			*n.Value = rapid.IntRange(-5, 300).Draw(rt, n.Field)
		}
		errs := s.Check()
		ordered := s.UrgentRemind <= s.UrgentManager && s.UrgentManager <= s.UrgentContact && s.RemindDays <= s.ManagerDays && s.ManagerDays <= s.ContactDays
		inside := true
		for _, n := range s.Numbers() {
			inside = inside && *n.Value >= n.Least && *n.Value <= n.Most
		}
		if errs.Any() == (ordered && inside) {
			rt.Fatalf("%+v: %v", s, errs)
		}
	})
	if _, is := forms.AsErrors(sharing.ParseSettings(func(string) string { return "soon" }).Check()); !is {
		t.Error("a word was taken for a number")
	}
}
