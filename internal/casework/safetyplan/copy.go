package safetyplan

import (
	"context"
	"errors"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/safetyplan/safetyplandb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// CopyTitle is the title and the heading of what is printed: it says nothing.
const CopyTitle = "Notes"

// Copy is what is printed for the person.
type Copy struct {
	Sections []CopySection
	// LeftOut is how many lines stand on no copy.
	LeftOut int
}

// CopySection is a part of a copy. On a card it has no heading.
type CopySection struct {
	Heading string
	Entries []CopyEntry
}

// CopyEntry is a question that was answered. On a card it has no heading.
type CopyEntry struct {
	Heading string
	Lines   []string
}

// Compose makes the copy of a plan in a form that can be printed, without any
// line in which something stands that is kept apart or guarded, or a postcode.
// names are those that stand on no card.
func (f *Frame) Compose(form Form, open, apart forms.Answers, guards cases.Guards, names ...string) Copy {
	var hidden secrets
	for _, link := range f.apart {
		hidden.apart(apart.Text(link))
	}
	var c Copy
	keep := func(text string) []string {
		var out []string
		for line := range strings.Lines(text) {
			switch line = strings.TrimSpace(line); {
			case line == "":
			case hidden.in(line), guards.Tell(line), people.TellsPlace(line), form == Card && cases.TellsTopic(line) != "":
				c.LeftOut++
			default:
				out = append(out, line)
			}
		}
		return out
	}
	if form == Card {
		for _, n := range names {
			hidden.name(n)
		}
		for _, link := range f.card {
			if lines := keep(open.Text(link)); len(lines) > 0 {
				c.Sections = append(c.Sections, CopySection{Entries: []CopyEntry{{Lines: lines}}})
			}
		}
		return c
	}
	for _, group := range f.Open.Items {
		if part(group) != "" {
			continue // what to read first, and the card
		}
		section := CopySection{Heading: group.Text}
		for _, link := range questionsIn(group) {
			item := f.Open.Item(link)
			var lines []string
			for _, typed := range open.Values(link) {
				lines = append(lines, keep(item.Words(typed))...)
			}
			if len(lines) > 0 {
				section.Entries = append(section.Entries, CopyEntry{Heading: item.Text, Lines: lines})
			}
		}
		if len(section.Entries) > 0 {
			c.Sections = append(c.Sections, section)
		}
	}
	return c
}

// CopyAct is what happened with a copy.
type CopyAct string

// The acts.
const (
	Chosen  CopyAct = "chosen"
	Printed CopyAct = "printed"
	Given   CopyAct = "given" // handed over, or read out
)

// CopyRecord is a line of what was recorded about the copies of a version.
type CopyRecord struct {
	Plan       ID
	Act        CopyAct
	Form       Form
	Words      string
	On         string
	RecordedAt time.Time
	RecordedBy string
}

// Title says what happened, in words for people.
func (c CopyRecord) Title() string {
	switch {
	case c.Act == Chosen && c.Form == Nothing:
		return "They hold no copy"
	case c.Act == Chosen && c.Form == Spoken:
		return "Safe to hear it read out"
	case c.Act == Chosen && c.Form == Card:
		return "Safe to hold a small card"
	case c.Act == Chosen:
		return "Safe to hold a plain page"
	case c.Form == Spoken:
		return "Read out to the person"
	case c.Act == Printed && c.Form == Card:
		return "A small card was printed"
	case c.Act == Printed:
		return "A plain page was printed"
	case c.Form == Card:
		return "The small card was handed over"
	}
	return "The plain page was handed over"
}

// Choose records how the person said that they can hold a version safely. It
// returns forms.Errors and [ErrHarmingSide].
func (s *Service) Choose(ctx context.Context, f *cases.File, id ID, form Form, words string) error {
	if err := s.May(ctx, f); err != nil {
		return err
	}
	if _, err := s.guard.Act(ctx, f.Actor(), ActWork, f.Resource(), true, f.ID().Subject(), id.Subject()); err != nil {
		return err
	}
	var errs forms.Errors
	if !form.known() {
		errs.Add("copy", "Select how the person can hold it safely")
	}
	checkLength(&errs, "copy_why", words)
	if errs.Any() {
		return errs
	}
	return s.cases.Change(ctx, f, ActWork, func(ctx context.Context, tx *store.Tx) error {
		p, err := s.Get(ctx, tx, f, id)
		if err != nil {
			return err
		}
		if form == Card && s.frame.cardText(s.frame.answers(p.Response)) == "" {
			return forms.Errors{{Field: "copy", Message: "Write the lines of the card in a new version first, or select another form"}}
		}
		return s.choose(ctx, tx, f, id, form, words)
	})
}

func (s *Service) choose(ctx context.Context, tx *store.Tx, f *cases.File, id ID, form Form, words string) error {
	return s.copyRecord(ctx, tx, f, id, CopyRecord{Act: Chosen, Form: form, Words: words, On: tx.Now().Format(time.DateOnly)})
}

// copyRecord keeps what happened with a copy, and says so in the chronology.
func (s *Service) copyRecord(ctx context.Context, tx *store.Tx, f *cases.File, plan ID, c CopyRecord) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	v := s.vault(ctx, tx, f)
	row := safetyplandb.InsertCopyParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), PlanID: string(plan), Act: string(c.Act), Form: string(c.Form),
		Words: v.seal("safety_plan_copy", "words", id, c.Words), HappenedOn: c.On, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
	}
	if v.err != nil {
		return v.err
	}
	if err := safetyplandb.New(tx).InsertCopy(ctx, row); err != nil {
		return err
	}
	_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.PlanCopied, On: c.On, Text: c.Title() + ".", Ref: id})
	return err
}

// Copies are what was recorded about the copies of a version, the newest first;
// the newest choice holds.
func (s *Service) Copies(ctx context.Context, tx *store.Tx, f *cases.File, id ID) ([]CopyRecord, error) {
	if err := s.show(ctx, f); err != nil {
		return nil, err
	}
	rows, err := safetyplandb.New(tx).Copies(ctx, safetyplandb.CopiesParams{AgencyID: f.Agency(), PlanID: string(id)})
	if err != nil {
		return nil, err
	}
	v := s.vault(ctx, tx, f)
	out := make([]CopyRecord, len(rows))
	for i, r := range rows {
		out[i] = v.copyRecord(safetyplandb.CopiesOfFileRow(r))
	}
	return out, v.err
}

func (v *vault) copyRecord(r safetyplandb.CopiesOfFileRow) CopyRecord {
	return CopyRecord{
		Plan: ID(r.PlanID), Act: CopyAct(r.Act), Form: Form(r.Form), Words: v.open("safety_plan_copy", "words", r.ID, r.Words), On: r.HappenedOn,
		RecordedAt: r.RecordedAt, RecordedBy: r.RecordedBy,
	}
}

// Choice is the form that was chosen last, nothing where none was.
func Choice(records []CopyRecord) Form {
	for _, c := range records {
		if c.Act == Chosen {
			return c.Form
		}
	}
	return Nothing
}

// actOf is the action of making or giving a copy in a form.
func actOf(form Form) policy.Action {
	switch form {
	case Spoken:
		return ActReadOut
	case Card:
		return ActPrintCard
	case Page, Nothing:
	}
	return ActPrintPage
}

// ErrNotChosen is returned for a copy in a form that the person did not say is
// safe.
var ErrNotChosen = errors.New("the person has not said that a copy in this form is safe for them")

// permit judges a copy of a version in a form. A form that was not chosen is
// refused, and the refusal is in the ledger.
func (s *Service) permit(ctx context.Context, f *cases.File, id ID, form Form) error {
	if err := s.May(ctx, f); err != nil {
		return err
	}
	chosen := Nothing
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		// The version is one of this file.
		if _, err := s.Get(ctx, tx, f, id); err != nil {
			return err
		}
		form, err := safetyplandb.New(tx).Choice(ctx, safetyplandb.ChoiceParams{AgencyID: f.Agency(), PlanID: string(id)})
		if err = missing(err); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if form != "" {
			chosen = Form(form)
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = s.guard.Act(ctx, f.Actor(), actOf(form), id.resource(f, chosen), true, f.ID().Subject(), id.Subject())
	if _, denied := policy.IsDenied(err); denied {
		return errors.Join(ErrNotChosen, err)
	}
	return err
}

// Print makes a card or a page for the person, and records that it was made. It
// returns [ErrNotChosen] for a form that they did not say is safe.
func (s *Service) Print(ctx context.Context, f *cases.File, id ID, form Form) (Copy, error) {
	if form != Card && form != Page {
		return Copy{}, store.ErrNotFound // nothing else is printed
	}
	if err := s.permit(ctx, f, id, form); err != nil {
		return Copy{}, err
	}
	place := directory.Place{Agency: directory.AgencyID(f.Agency())}
	places, err := s.directory.PlaceNames(ctx, f.Actor(), place)
	if err != nil {
		return Copy{}, err
	}
	var c Copy
	err = s.cases.Change(ctx, f, actOf(form), func(ctx context.Context, tx *store.Tx) error {
		p, err := s.Get(ctx, tx, f, id)
		if err != nil {
			return err
		}
		apart, err := s.apart(ctx, tx, f, id)
		if err != nil {
			return err
		}
		guards, err := s.cases.Guards(ctx, tx, f)
		if err != nil {
			return err
		}
		names := []string{places[place], f.Actor().Name}
		if form == Card {
			people, err := s.names(ctx, tx, f)
			if err != nil {
				return err
			}
			names = append(names, people...)
		}
		c = s.frame.Compose(form, s.frame.answers(p.Response), apart, guards, names...)
		return s.copyRecord(ctx, tx, f, id, CopyRecord{Act: Printed, Form: form, On: tx.Now().Format(time.DateOnly)})
	})
	return c, err
}

// names are those of the people of the file.
func (s *Service) names(ctx context.Context, tx *store.Tx, f *cases.File) ([]string, error) {
	person, err := s.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
	if err != nil {
		return nil, err
	}
	out := []string{person.GivenName, person.FamilyName, person.KnownAs}
	parties, err := s.cases.Parties(ctx, tx, f)
	for _, p := range parties {
		out = append(out, p.Details.GivenName, p.Details.FamilyName, p.Details.KnownAs)
	}
	return out, err
}

// Give records that a copy was handed over, or that the plan was read out, on a
// day. It returns forms.Errors, and [ErrNotChosen] for a form that the person did
// not say is safe.
func (s *Service) Give(ctx context.Context, f *cases.File, id ID, form Form, on string) error {
	if form != Spoken && form != Card && form != Page {
		return store.ErrNotFound
	}
	if err := s.permit(ctx, f, id, form); err != nil {
		return err
	}
	if _, err := time.Parse(time.DateOnly, on); err != nil || on > s.today() {
		return forms.Errors{{Field: "given_on", Message: "Enter the day it happened, today or before"}}
	}
	return s.cases.Change(ctx, f, actOf(form), func(ctx context.Context, tx *store.Tx) error {
		return s.copyRecord(ctx, tx, f, id, CopyRecord{Act: Given, Form: form, On: on})
	})
}
