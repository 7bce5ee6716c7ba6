package referral

import (
	"context"
	"database/sql"
	"errors"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral/referraldb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// OnePage is a referral by somebody who has no case of the person: a general
// practice refers on one page, and the case begins with it.
type OnePage struct {
	Person people.Details
	Team   string // of the actor, which holds the case
	// Number is a telephone of theirs, and Conditions when and how it is safe, as
	// they said today; both empty where they were not asked.
	Number     string
	Conditions string
	// Once is what the page was sent with: sent twice, it arrives once. Empty where
	// it is no page.
	Once string
	NewReferral
}

// errSentOnce ends the second of two sendings of one page.
var errSentOnce = errors.New("this page was sent before")

// sentOnce is the case that began when a page was sent before, if it was.
func (s *Service) sentOnce(ctx context.Context, actor policy.Actor, once string) (cases.ID, error) {
	var id string
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = referraldb.New(tx).FileSentOnce(ctx, referraldb.FileSentOnceParams{AgencyID: actor.Agency, Once: once})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return cases.ID(id), err
}

// again opens the case that began when the page was sent before, and finds what
// was sent from it.
func (s *Service) again(ctx context.Context, actor policy.Actor, id cases.ID) (*cases.File, ID, error) {
	f, err := s.cases.Open(ctx, actor, id, cases.Sharing)
	if err != nil {
		return nil, "", err
	}
	list, err := s.OfFile(ctx, f)
	if err != nil || len(list) == 0 {
		return nil, "", errors.Join(err, store.ErrConflict)
	}
	return f, list[len(list)-1].ID, nil
}

// Check returns what is wrong with it, by field.
func (n OnePage) Check(s *Service) forms.Errors {
	errs := n.NewReferral.Check(s.db.Clock()())
	for _, e := range n.Person.Check() {
		errs.Add(e.Field, e.Message)
	}
	if n.Person.GivenName+n.Person.FamilyName+n.Person.KnownAs == "" {
		errs.Add("given_name", "Enter a name, or what they are called")
	}
	if n.Safety == "" {
		errs.Add("safety", "Enter whether they are safe now, and what was done if they are not")
	}
	if (n.Number == "") != (n.Conditions == "") {
		errs.Add("conditions", "Enter the number with when and how it is safe, or neither")
	}
	return errs
}

// contact is what the service is told of safe contact.
func (n OnePage) contact() string {
	if n.Number == "" {
		return n.Contact
	}
	text := "Telephone " + n.Number + ": " + n.Conditions
	if n.Contact != "" {
		text += "\n" + n.Contact
	}
	return text
}

// Refer begins a case with a referral, both at once: the one is not there
// without the other. It returns forms.Errors for what is missing.
func (s *Service) Refer(ctx context.Context, actor policy.Actor, n OnePage) (*cases.File, ID, error) {
	begin, err := s.cases.MayBegin(ctx, actor)
	if err != nil {
		return nil, "", err
	}
	if errs := n.Check(s); errs.Any() {
		return nil, "", errs
	}
	if n.Once != "" {
		before, err := s.sentOnce(ctx, actor, n.Once)
		if err != nil {
			return nil, "", err
		}
		if before != "" {
			return s.again(ctx, actor, before)
		}
	}
	n.Contact = n.contact()
	n.Follows, n.PassesOn, n.Offer = "", false, ""
	var f *cases.File
	var id ID
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		f, err = s.cases.BeginTx(ctx, tx, begin, cases.NewFile{Person: n.Person, Kind: cases.Light, Origin: cases.OwnContact, Team: n.Team, Side: n.Subject.Side()})
		if err != nil {
			return err
		}
		if n.Once != "" {
			kept, err := referraldb.New(tx).InsertOnce(ctx, referraldb.InsertOnceParams{AgencyID: actor.Agency, Once: n.Once, FileID: string(f.ID())})
			if err != nil {
				return err
			}
			if kept == 0 { // the same page was sent at the same moment, and was first
				return errSentOnce
			}
		}
		// Whoever begins a case works on it, so the rules let them send from it.
		if !s.cases.May(f, ActSend) || !s.cases.May(f, sharing.ActSend) {
			return errors.New("whoever began this case may not refer from it")
		}
		if err := s.asked(ctx, tx, f, n); err != nil {
			return err
		}
		_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.ImmediateSafety, On: today(tx), Text: n.Safety})
		if err != nil {
			return err
		}
		if n.Said != "" {
			if _, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.Disclosed, On: today(tx), Text: n.Said}); err != nil {
				return err
			}
		}
		if id, err = s.send(ctx, tx, f, n.NewReferral, n.Person); err != nil {
			return err
		}
		return f.Permit().Append(tx, ActSend, "", f.ID().Subject(), f.Person().Subject())
	})
	if errors.Is(err, errSentOnce) {
		before, err := s.sentOnce(ctx, actor, n.Once)
		if err != nil {
			return nil, "", err
		}
		return s.again(ctx, actor, before)
	}
	if err != nil {
		return nil, "", err
	}
	return f, id, nil
}

// asked keeps what they said today of safe contact, or the task to ask.
func (s *Service) asked(ctx context.Context, tx *store.Tx, f *cases.File, n OnePage) error {
	if n.Number == "" {
		_, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.AskSafeContact, Due: sharing.WorkingDay(tx.Now(), 1)})
		return err
	}
	p, err := s.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
	if err != nil {
		return err
	}
	err = s.cases.People().RecordSafeContact(ctx, tx, f.Permit(), p, people.ContactForm{
		Ways: []people.Way{{Channel: people.Mobile, Allowed: people.OnlyIf, Detail: n.Number, Conditions: n.Conditions}}, Version: p.Version,
	})
	if err != nil {
		return err
	}
	_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.ContactRecorded, On: today(tx)})
	return err
}
