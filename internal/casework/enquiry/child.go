package enquiry

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/enquiry/enquirydb"
	"waymark/internal/platform/store"
)

// childWords are what a child said at a contact, in the child's own words: they
// lie in their compartment, apart from the other answers.
type childWords struct {
	Said   string `json:"said,omitempty"`   // a child who was there, or who was seen
	Words  string `json:"words,omitempty"`  // the person, when they are a child
	Wishes string `json:"wishes,omitempty"` // the same
}

func (c childWords) isZero() bool { return c == childWords{} }

// and are the words of two records of the same contact, none of them lost.
func (c childWords) and(more childWords) childWords {
	both := func(a, b string) string {
		switch {
		case a == "":
			return b
		case b == "" || a == b:
			return a
		}
		return a + "\n\n" + b
	}
	return childWords{Said: both(c.Said, more.Said), Words: both(c.Words, more.Words), Wishes: both(c.Wishes, more.Wishes)}
}

// apart divides an enquiry into what goes with the file and what a child said.
func (e Enquiry) apart(child bool) (Enquiry, childWords) {
	words := childWords{Said: e.ChildSaid}
	e.ChildSaid = ""
	if child {
		words.Words, words.Wishes = e.Words, e.Wishes
		e.Words, e.Wishes = "", ""
	}
	e.ChildKept = !words.isZero()
	return e, words
}

// with is the enquiry with what a child said.
func (e Enquiry) with(words childWords) Enquiry {
	e.ChildSaid = words.Said
	if words.Words != "" {
		e.Words = words.Words
	}
	if words.Wishes != "" {
		e.Wishes = words.Wishes
	}
	return e
}

// mayBeChild tells whether somebody may have been under 18 on a day, as far as
// their date of birth is known: a doubt counts as yes.
func mayBeChild(born, on string) bool {
	day, err := time.Parse(time.DateOnly, on)
	if err != nil {
		return false
	}
	for _, known := range []struct {
		layout        string
		years, months int
	}{{time.DateOnly, 0, 0}, {"2006-01", 0, 1}, {"2006", 1, 0}} {
		if first, err := time.Parse(known.layout, born); err == nil {
			// What is not known of the day of birth counts as the latest.
			return first.AddDate(18+known.years, known.months, 0).After(day)
		}
	}
	return false
}

func childPlace(f *cases.File, id ID) store.Place {
	return store.Place{Agency: f.Agency(), Table: "enquiry", Column: "child_words", Row: string(id)}
}

func sealChild(ctx context.Context, tx *store.Tx, f *cases.File, id ID, words childWords) (store.Sealed, error) {
	if words.isZero() {
		return nil, nil
	}
	return tx.Vault().SealJSON(ctx, tx, childPlace(f, id), words)
}

// openChild reads what a child said, whoever asks: the caller has decided that
// they may, or gives it to nobody.
func openChild(ctx context.Context, tx *store.Tx, f *cases.File, id ID, sealed store.Sealed) (words childWords, err error) {
	err = tx.Vault().OpenJSON(ctx, tx, childPlace(f, id), sealed, &words)
	return words, err
}

// readChild adds what a child said for those who may read their compartment,
// and says so in the ledger.
func (s *Service) readChild(ctx context.Context, tx *store.Tx, f *cases.File, r Recorded) (Recorded, error) {
	if !r.ChildKept || !s.cases.MayRead(f, cases.ChildWords) {
		return r, nil
	}
	if err := f.Permit().Show(ctx, f.CompartmentSubject(cases.ChildWords)); err != nil {
		return r, err
	}
	words, err := openChild(ctx, tx, f, r.ID, r.child)
	r.Enquiry, r.ChildRead = r.Enquiry.with(words), true
	return r, err
}

// carried are the words of the record that is corrected, where whoever corrects
// it may not read them: they cannot have taken anything out.
func (s *Service) carried(ctx context.Context, tx *store.Tx, f *cases.File, old *Recorded) (childWords, error) {
	if old == nil || !old.ChildKept || old.ChildRead {
		return childWords{}, nil
	}
	return openChild(ctx, tx, f, old.ID, old.child)
}

// childRef names what a child said among the pieces of a file.
const childRef = "/child"

// childPiece is what a child said at a contact, as a piece of its own.
func childPiece(ctx context.Context, tx *store.Tx, f *cases.File, r Recorded) (cases.Piece, error) {
	words, err := openChild(ctx, tx, f, r.ID, r.child)
	p := cases.Piece{
		Ref: string(r.ID) + childRef, On: r.On, Title: "What a child said", Compartment: cases.ChildWords, Erasable: true,
	}
	for _, text := range []string{words.Said, words.Words, words.Wishes} {
		if text != "" {
			p.Lines = append(p.Lines, text)
		}
	}
	return p, err
}

// eraseChild takes what a child said away, and leaves the other answers.
func (s *Service) eraseChild(ctx context.Context, tx *store.Tx, f *cases.File, id ID) error {
	if err := show(ctx, f); err != nil {
		return err
	}
	row, err := enquirydb.New(tx).ByID(ctx, enquirydb.ByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return err
	}
	r, err := s.open(ctx, tx, f, enquirydb.NewestRow(row))
	if err != nil {
		return err
	}
	left := r.Enquiry
	left.ChildKept = false
	return s.setAnswers(ctx, tx, f, id, envelope{Enquiry: left, AskedName: r.AskedName}, []byte{})
}
