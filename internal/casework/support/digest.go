package support

import (
	"context"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Digest is what is planned and agreed in a case.
func (s *Service) Digest(ctx context.Context, tx *store.Tx, f *cases.File, _ time.Time) (cases.Digest, error) {
	d := cases.Digest{Heading: "Agreed and planned"}
	t, err := s.Standing(ctx, tx, f)
	if err != nil {
		return d, err
	}
	if t.ReachedAt.IsZero() {
		d.Lines = append(d.Lines, "Not reached yet since they came.")
	}
	contacts, err := s.Contacts(ctx, tx, f, listMost)
	if err != nil {
		return d, err
	}
	for _, c := range contacts {
		if c.State == Planned {
			d.Lines = append(d.Lines, c.At.In(s.cfg.Zone).Format("Monday 2 January 2006, 15:04")+", "+sentence([]string{c.Channel.Label(), c.Words.Text}))
		}
	}
	actions, err := s.Actions(ctx, tx, f)
	if err != nil {
		return d, err
	}
	for _, a := range actions {
		if a.State == ActionOpen {
			d.Lines = append(d.Lines, "By "+cases.DayInWords(a.Due)+": "+a.Text)
		}
	}
	needs, err := s.Needs(ctx, tx, f)
	for _, n := range needs {
		if n.State == Open && n.Domain.kept() == "" {
			d.Lines = append(d.Lines, "Need: "+sentence([]string{n.Domain.Label(), n.Words.Text}))
		}
	}
	return d, err
}

// Reachable is how the person of a case may be reached, for whoever cannot ask
// the gate at the time.
func (s *Service) Reachable(ctx context.Context, tx *store.Tx, f *cases.File, until time.Time) (cases.Digest, error) {
	d := cases.Digest{Heading: "How to reach them safely"}
	if err := show(ctx, f); err != nil {
		return d, err
	}
	k, err := s.known(ctx, tx, f)
	if err != nil {
		return d, err
	}
	d.Lines = Carried(k, s.Now(), until.In(s.cfg.Zone))
	return d, nil
}

// Carried is what is known of reaching somebody, for whoever reads it until a
// moment and cannot ask [Gate] then. The number of a way stands there only when
// the gate refuses it at neither end for any other reason than hours and
// conditions, which stand beside it. An address stands nowhere, and a letter is
// no way.
func Carried(k Known, from, until time.Time) []string {
	var out []string
	if k.Contact.NeverSpeak != "" {
		out = append(out, "Never speak to: "+k.Contact.NeverSpeak)
	}
	named := false
	for _, w := range k.Contact.Ways {
		if w.Channel == people.Post {
			continue
		}
		why := carries(k, w.Channel, from)
		if why == NoReason {
			why = carries(k, w.Channel, until)
		}
		if why != NoReason {
			out = append(out, w.Channel.Label()+": do not use. "+why.Label()+".")
			continue
		}
		line := w.Channel.Label()
		if w.Channel != people.InPerson { // where they are stands nowhere
			line += ": " + w.Detail
		}
		for _, more := range []string{w.Conditions, w.Hours.Label()} {
			if more != "" {
				line += ". Only: " + more
			}
		}
		if IsVoice(w.Channel) {
			if w.Message == people.Yes {
				line += ". A message may be left"
			} else {
				line += ". Leave no message"
			}
		}
		named = true
		out = append(out, fmt.Sprintf("%s. Last checked on %s.", line, cases.DayInWords(w.CheckedOn)))
	}
	if !named {
		out = append(out, "No way is known to be safe. Wait until they come or call, or ask a professional whom they trust.")
	}
	return out
}

// carries is why the gate refuses a way at a moment, whatever the hours and for
// whoever keeps to its conditions.
func carries(k Known, c people.Channel, at time.Time) Reason {
	v := Gate(k, Reach{Channel: c, At: at, Conditions: true})
	if v.Reason == OutsideHours {
		return NoReason
	}
	return v.Reason
}
