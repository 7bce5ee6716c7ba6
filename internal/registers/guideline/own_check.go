package guideline

import (
	"errors"
	"fmt"
	"strings"

	"waymark/internal/registers/guideline/official"
)

// check gathers everything that does not hold together.
func (o *Own) check() error {
	var c checker
	c.add(o.Title != "" && o.Updated != official.Date{}, "it has no title or no date")
	anchors := map[string]string{}
	for i := range o.Boxes {
		o.checkBox(&c, i, anchors)
	}
	c.add(len(o.Boxes) > 0, "it has no boxes")
	for i, r := range o.Recommendations {
		c.add(r.Number == i+1, "recommendation %d stands at place %d", r.Number, i+1)
		c.add(r.Text != "" && len(r.Actors) > 0, "recommendation %d has no text or no actors", r.Number)
		c.add(len(o.BoxesFor(r.Number)) > 0, "no box states recommendation %d", r.Number)
	}
	for i, s := range o.Statements {
		c.add(s.Number == i+1, "statement %d stands at place %d", s.Number, i+1)
	}
	for _, a := range o.Actors {
		o.checkNumbers(&c, fmt.Sprintf("the summary row %q", a.Name), a.Recommendations)
	}
	o.checkGlossary(&c)
	for _, p := range o.Pointers {
		c.add(o.Box(p.Box) != nil, "a pointer stands in box %d, which is not there", p.Box)
	}
	c.add(len(o.ResponsibilityObligations) == len(o.Responsibility), "the notes on responsibility and their obligations are not as many")
	o.checkObligations(&c)
	o.checkReaders(&c)
	return errors.Join(c.faults...)
}

type checker struct{ faults []error }

func (c *checker) add(ok bool, format string, args ...any) {
	if !ok {
		c.faults = append(c.faults, fmt.Errorf(format, args...))
	}
}

func (o *Own) checkBox(c *checker, at int, anchors map[string]string) {
	b := &o.Boxes[at]
	name := fmt.Sprintf("box %d", b.Number)
	c.add(b.Number == at+1, "%s stands at place %d", name, at+1)
	c.add(b.Title != "" && b.Summary != "", "%s has no title or no summary", name)
	for i := range b.Sections {
		s := &b.Sections[i]
		c.add(s.Title != "" || len(b.Sections) == 1, "%s has several sections and one of them has no title", name)
		if s.Slug != "" {
			other, twice := anchors[s.Slug]
			c.add(!twice, "%s and %s both have the section %q", other, name, s.Title)
			anchors[s.Slug] = name
		}
	}
	for _, l := range b.Links {
		to := o.Box(l.Box)
		c.add(to != nil, "%s refers to box %d, which is not there", name, l.Box)
		c.add(to == nil || l.Section == "" || to.Section(l.Section) != nil, "%s refers to the section %q of box %d, which is not there", name, l.Section, l.Box)
		c.add(l.Box != b.Number, "%s refers to itself", name)
	}
	for _, n := range b.Statements {
		c.add(o.Statement(n) != nil, "%s names statement %d, which is not there", name, n)
	}
	o.checkNumbers(c, name, b.Recommendations)
}

func (o *Own) checkNumbers(c *checker, who string, recommendations []int) {
	for _, n := range recommendations {
		c.add(o.Recommendation(n) != nil, "%s names recommendation %d, which is not there", who, n)
	}
}

func (o *Own) checkGlossary(c *checker) {
	seen := map[string]string{}
	for _, t := range o.Glossary {
		other, twice := seen[t.Slug]
		c.add(!twice && t.Slug != "", "the terms %q and %q have the same anchor", other, t.Term)
		seen[t.Slug] = t.Term
		c.add(t.Definition != "", "the term %q has no definition", t.Term)
		for _, same := range t.SameAs {
			c.add(o.Term(same) != nil, "the term %q is said to be the same as %q, which is not there", t.Term, same)
		}
	}
}

// checkObligations holds that each obligation is stated, those of boxes in one place.
func (o *Own) checkObligations(c *checker) {
	stated := map[string]int{}
	state := func(where string, ids []string) {
		for _, id := range ids {
			c.add(o.Obligation(id) != nil, "%s states %s, which is not an obligation", where, id)
			stated[id]++
		}
	}
	for i := range o.Boxes {
		for j := range o.Boxes[i].Sections {
			for k := range o.Boxes[i].Sections[j].Items {
				for it := range o.Boxes[i].Sections[j].Items[k].All() {
					state(fmt.Sprintf("box %d", o.Boxes[i].Number), it.Obligations)
				}
			}
		}
	}
	for _, t := range o.Glossary {
		state("the glossary", t.Obligations)
	}
	for _, ids := range o.ResponsibilityObligations {
		state("the notes on responsibility", ids)
	}
	for _, ob := range o.Obligations {
		c.add(stated[ob.ID] > 0, "%s is stated nowhere", ob.ID)
		if at, inBox := o.places[ob.ID]; inBox || ob.Box() > 0 {
			c.add(stated[ob.ID] == 1, "%s is stated %d times", ob.ID, stated[ob.ID])
			c.add(inBox && at.box.Number == ob.Box(), "%s is not stated in its own box", ob.ID)
		}
	}
	for _, s := range safetySteps {
		at, ok := o.places[s.id]
		c.add(ok, "the safety step %s is not in any box", s.id)
		c.add(!ok || !s.led || leadOf(at) != "", "the safety step %s is not nested in an instruction that ends with a colon", s.id)
	}
}

func (o *Own) checkReaders(c *checker) {
	seen := map[string]bool{}
	for _, r := range o.Readers {
		name := fmt.Sprintf("the kind of reader %q", r.ID)
		c.add(r.ID != "" && r.ID == strings.ToLower(slug(r.ID)) && !seen[r.ID], "%s has an id that is not fit for an address, or is there twice", name)
		seen[r.ID] = true
		c.add(r.Group == ReaderWork || r.Group == ReaderDetail || r.Group == ReaderPersonal, "%s is in the group %q", name, r.Group)
		c.add(r.Label != "" && r.Description != "", "%s has no label or no description", name)
		c.add(r.Personal() == (len(r.Advice) > 0), "%s should have advice exactly when it is a personal one", name)
		o.checkNumbers(c, name, r.Recommendations)
		for _, n := range r.Boxes {
			c.add(o.Box(n) != nil, "%s names box %d, which is not there", name, n)
		}
		for _, a := range r.Advice {
			c.add(a.Box == 0 || o.Box(a.Box) != nil, "%s has advice from box %d, which is not there", name, a.Box)
		}
	}
}
