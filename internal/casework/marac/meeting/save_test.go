package meeting_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/meeting"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// writer is a page on which somebody types, as the script of the page does it: what was
// sent and not heard of is sent again as it was, before anything else.
type writer struct {
	who     policy.Actor
	text    string // on the page
	base    int64
	own     bool
	upon    string // what it said in the version that is typed upon
	pending *meeting.Typing
	marks   int
}

func (p *writer) heard(sent meeting.Typing, got meeting.Saved) {
	p.pending = nil
	switch {
	case got.State == meeting.Apart:
		p.base, p.own = got.Version, true
	case p.text == sent.Text:
		p.text, p.base, p.own, p.upon = got.Section.Text, got.Section.Version, false, got.Section.Text
	default: // typed on meanwhile
		p.base, p.own = got.Version, true
	}
}

// Whatever two people type at the same time, and whichever answers are lost, everything
// that was acknowledged is among the versions, and every line that somebody wrote and
// nobody took out stands in the section or in a text beside it.
//
// Proves: G7
func TestNothingThatWasSavedIsLost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.list(t, "2026/001", 1)
		run := 0
		rapid.Check(t, func(r *rapid.T) {
			run++
			names := meeting.OfCase()
			name := names[run%len(names)]
			must(t, w.forget(t))
			pages := []*writer{{who: w.cora}, {who: w.chair}, {who: w.chair}}
			acknowledged, wrote, cut := map[string]bool{}, map[string]bool{}, map[string]bool{}
			n := 0
			for range rapid.IntRange(1, 25).Draw(r, "steps") {
				i := rapid.IntRange(0, len(pages)-1).Draw(r, "page")
				p := pages[i]
				switch rapid.SampledFrom([]string{"type", "type", "change", "cut", "send", "send", "send", "lose", "restart", "look"}).Draw(r, "what") {
				case "type":
					n++
					line := fmt.Sprintf("line %d of page %d", n, i)
					wrote[line] = true
					all := linesOf(p.text)
					p.text = strings.Join(slices.Insert(all, rapid.IntRange(0, len(all)).Draw(r, "where"), line), "\n")
				case "change":
					if all := linesOf(p.text); len(all) > 0 {
						k := rapid.IntRange(0, len(all)-1).Draw(r, "which")
						n++
						cut[all[k]] = true
						all[k] = fmt.Sprintf("line %d of page %d instead", n, i)
						wrote[all[k]] = true
						p.text = strings.Join(all, "\n")
					}
				case "cut":
					if all := linesOf(p.text); len(all) > 0 {
						k := rapid.IntRange(0, len(all)-1).Draw(r, "which")
						cut[all[k]] = true
						p.text = strings.Join(slices.Delete(all, k, k+1), "\n")
					}
				case "send", "lose":
					w.send(t, r, p, c, name, acknowledged, i, rapid.Bool().Draw(r, "the answer is lost"))
				case "restart":
					w.s = meeting.New(w.m, w.Guard) // all that it knew it reads anew
				case "look": // the page takes over what others saved, where nothing was typed since
					if p.pending == nil && !p.own {
						s := w.section(t, p.who, c, name)
						if p.upon == p.text {
							p.text, p.base, p.upon = s.Text, s.Version, s.Text
						}
					}
				}
			}
			for i, p := range pages {
				for saved := false; !saved; { // what was not heard of goes first, then what is on the page
					saved = p.pending == nil || p.pending.Text == p.text
					w.send(t, r, p, c, name, acknowledged, i, false)
				}
			}
			w.look(t, r, c, name, acknowledged, wrote, cut)
		})
	})
}

// send sends what is on a page, or again what was not heard of.
func (w *world) send(t *testing.T, r *rapid.T, p *writer, c marac.CaseID, name meeting.Name, acknowledged map[string]bool, i int, lost bool) {
	t.Helper()
	if p.pending == nil {
		p.marks++
		p.pending = &meeting.Typing{Case: c, Name: name, Text: p.text, Base: p.base, Own: p.own, Mark: fmt.Sprintf("page-%d-%d", i, p.marks)}
	}
	sent := *p.pending
	got, err := w.s.Save(t.Context(), w.seat(t, p.who), sent)
	if err != nil {
		r.Fatal(err)
	}
	acknowledged[sent.Text] = true
	if !lost {
		p.heard(sent, got)
	}
}

// look looks at what is kept.
func (w *world) look(t *testing.T, r *rapid.T, c marac.CaseID, name meeting.Name, acknowledged, wrote, cut map[string]bool) {
	t.Helper()
	seat := w.seat(t, w.cora)
	d, err := w.s.Draft(t.Context(), seat, c)
	must(t, err)
	var texts []string
	for _, s := range d.Sections {
		if s.Name == name {
			texts = append(texts, s.Text)
		}
	}
	for _, k := range d.Apart {
		if k.Name == name {
			texts = append(texts, k.Typed)
		}
	}
	shown := map[string]bool{}
	for _, l := range linesOf(strings.Join(texts, "\n")) {
		shown[l] = true
	}
	for l := range wrote {
		if !cut[l] && !shown[l] {
			r.Fatalf("%q is in none of %q", l, texts)
		}
	}
	kept := map[string]bool{"": true}
	for before, more := int64(0), true; more; {
		var list []meeting.Version
		list, _, more, err = w.s.Versions(t.Context(), seat, c, name, before)
		must(t, err)
		for _, v := range list {
			kept[v.Typed], kept[v.Text], before = true, true, v.Number
		}
	}
	for text := range acknowledged {
		if !kept[text] {
			r.Fatalf("%q was acknowledged and is in no version", text)
		}
	}
}

func linesOf(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func (w *world) section(t *testing.T, who policy.Actor, c marac.CaseID, name meeting.Name) meeting.Section {
	t.Helper()
	d, err := w.s.Draft(t.Context(), w.seat(t, who), c)
	must(t, err)
	for _, s := range d.Sections {
		if s.Name == name {
			return s
		}
	}
	return meeting.Section{}
}

// forget empties the minutes, for the next run.
func (w *world) forget(t *testing.T) error {
	t.Helper()
	return w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, table := range []string{"marac_section", "marac_section_version", "marac_minutes_open"} {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestTwoWhoChangeTheSameLineAreBothKeptAndOneSettlesIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.list(t, "2026/001", 1)
		cora, chair := w.seat(t, w.cora), w.seat(t, w.chair)
		save := func(seat *marac.Seat, ty meeting.Typing) meeting.Saved {
			t.Helper()
			ty.Case, ty.Name = c, meeting.Risks
			got, err := w.s.Save(t.Context(), seat, ty)
			must(t, err)
			return got
		}
		first := save(cora, meeting.Typing{Text: "He has a key"})
		a := save(cora, meeting.Typing{Text: "He has a key to the flat", Base: first.Version})
		b := save(chair, meeting.Typing{Text: "He had a key", Base: first.Version})
		if a.State != meeting.Typed || b.State != meeting.Apart || b.Section.Text != "He has a key to the flat" || b.Section.Apart != 1 {
			t.Fatalf("%+v, %+v", a, b)
		}
		// She types on: it stays one text beside the section.
		b = save(chair, meeting.Typing{Text: "He had a key\nThe lock is changed", Base: b.Version, Own: true})
		if b.State != meeting.Apart || b.Section.Apart != 1 {
			t.Fatalf("%+v", b)
		}
		d, err := w.s.Draft(t.Context(), cora, c)
		must(t, err)
		if len(d.Apart) != 1 || d.Apart[0].Typed != "He had a key\nThe lock is changed" || d.Who[d.Apart[0].By] == "" {
			t.Fatalf("%+v", d.Apart)
		}
		if err := w.s.Approve(t.Context(), cora); !errors.Is(err, store.ErrConflict) {
			t.Errorf("minutes of a meeting that goes on: %v", err)
		}
		done := save(cora, meeting.Typing{Text: "He had a key to the flat\nThe lock is changed", Base: b.Section.Version, Settles: []int64{b.Version}})
		if done.State != meeting.Typed || done.Section.Apart != 0 || done.Section.Text != "He had a key to the flat\nThe lock is changed" {
			t.Fatalf("%+v", done)
		}
		if _, err := w.s.Save(t.Context(), cora, meeting.Typing{Case: c, Name: meeting.Risks, Text: strings.Repeat("x", 20_001)}); !isErrors(err) {
			t.Errorf("a text that is too long: %v", err)
		}
		for _, wrong := range []meeting.Typing{{Case: c, Name: "elsewhere"}, {Case: c, Name: meeting.Opening}, {Name: meeting.Risks}, {Case: c, Name: meeting.Risks, Base: 99, Text: "x"}} {
			if _, err := w.s.Save(t.Context(), cora, wrong); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%+v: %v", wrong, err)
			}
		}
	})
}

func isErrors(err error) bool { _, is := forms.AsErrors(err); return is }
