package sharing

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing/sharingdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// The actions of asking for advice and giving it.
const (
	ActAsk    policy.Action = "share.ask"
	ActAdvise policy.Action = "share.advise"
)

// Says is what a key contact advises.
type Says string

// What they say. It is advice: who shares decides.
const (
	SayShare Says = "share"
	SayLess  Says = "share_less"
	SayNot   Says = "not"
	SayMore  Says = "ask_more"
)

// Sayings lists them in the order in which they are offered.
func Sayings() []Says { return []Says{SayShare, SayLess, SayNot, SayMore} }

// Label is it in words for people.
func (s Says) Label() string {
	switch s {
	case SayShare:
		return "Share it"
	case SayLess:
		return "Share less of it"
	case SayNot:
		return "Do not share it this way"
	case SayMore:
		return "More has to be known first"
	}
	return string(s)
}

// AdviceID names one question.
type AdviceID string

// Subject is it in a ledger entry.
func (id AdviceID) Subject() audit.Subject { return audit.Subject{Kind: "advice", ID: string(id)} }

// Advice is a question to the key contacts of an agency, and their answer.
type Advice struct {
	ID       AdviceID
	File     cases.ID
	Number   int64 // of the case
	person   people.ID
	To       string // the agency it is about, or empty
	Question string
	Due      string
	At       time.Time
	By       string // account
	Share    ID     // it was kept with, empty while nothing was sent
	Says     Says   // empty while it waits
	Answer   string
	Adviser  string // by name
	Answered time.Time
}

// Path is its address for the key contact.
func (a Advice) Path() string { return "/sharing/advice/" + string(a.ID) }

const questionMost, adviceMost = 4000, 20

func advicePlace(agency string, id AdviceID, column string) store.Place {
	return store.Place{Agency: agency, Table: "share_advice", Column: column, Row: string(id)}
}

// AskAdvice puts a question about a file to the key contacts of its agency. It
// stops nobody from sharing meanwhile. to is the agency with which they think of
// sharing, or empty. It returns forms.Errors by the fields question and about.
func (s *Service) AskAdvice(ctx context.Context, f *cases.File, to, question string) (AdviceID, error) {
	if !f.Permit().Valid() {
		return "", audit.ErrNoPermit
	}
	question = strings.TrimSpace(question)
	var id string
	err := s.cases.Do(ctx, f, ActAsk, func(ctx context.Context, tx *store.Tx) (err error) {
		switch {
		case question == "":
			return forms.Errors{{Field: "question", Message: "Enter what you want to know"}}
		case utf8.RuneCountInString(question) > questionMost:
			return forms.Errors{{Field: "question", Message: "Shorten this to 4,000 characters or fewer"}}
		}
		if to != "" {
			_, err := directory.AgencyIn(ctx, tx, directory.AgencyID(to))
			if to == f.Agency() || errors.Is(err, store.ErrNotFound) {
				return forms.Errors{{Field: "about", Message: "Select another agency, or none in particular"}}
			}
			if err != nil {
				return err
			}
		}
		if id, err = tx.NewID(); err != nil {
			return err
		}
		sealed, err := s.db.Vault().Seal(ctx, tx, advicePlace(f.Agency(), AdviceID(id), "question"), question)
		if err != nil {
			return err
		}
		err = sharingdb.New(tx).InsertAdvice(ctx, sharingdb.InsertAdviceParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), ToAgency: to, Question: sealed.Bytes(), DueOn: s.workingDay(tx.Now(), 1),
			AskedAt: tx.Now(), AskedBy: f.Actor().Account, Answer: []byte{}, Adviser: []byte{},
		})
		if err != nil {
			return err
		}
		_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.AdviceAsked, On: tx.Now().Format(time.DateOnly), Text: "Before sharing: " + question, Ref: id})
		return err
	})
	if err != nil {
		return "", err
	}
	return AdviceID(id), nil
}

// AdviceOn is what was asked about a file, the newest first.
func (s *Service) AdviceOn(ctx context.Context, f *cases.File) ([]Advice, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject()); err != nil {
		return nil, err
	}
	var out []Advice
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = s.adviceOf(ctx, tx, f, adviceMost)
		return err
	})
	return out, err
}

func (s *Service) adviceOf(ctx context.Context, tx *store.Tx, f *cases.File, limit int32) ([]Advice, error) {
	rows, err := sharingdb.New(tx).AdviceOfFile(ctx, sharingdb.AdviceOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: limit})
	if err != nil {
		return nil, err
	}
	var out []Advice
	for _, row := range rows {
		a := Advice{
			ID: AdviceID(row.ID), File: f.ID(), Number: f.Number(), person: f.Person(), To: row.ToAgency, Due: row.DueOn, At: row.AskedAt, By: row.AskedBy,
			Share: ID(row.ShareID), Says: Says(row.Says), Answered: row.AnsweredAt.Time,
		}
		if err := s.openAdvice(ctx, tx, f.Agency(), &a, row.Question, row.Answer, row.Adviser); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

func (s *Service) openAdvice(ctx context.Context, tx *store.Tx, agency string, a *Advice, question, answer, adviser []byte) error {
	for _, w := range []struct {
		column string
		sealed []byte
		into   *string
	}{{"question", question, &a.Question}, {"answer", answer, &a.Answer}, {"adviser", adviser, &a.Adviser}} {
		text, err := s.db.Vault().Open(ctx, tx, advicePlace(agency, a.ID, w.column), w.sealed)
		if err != nil {
			return err
		}
		*w.into = text
	}
	return nil
}

// AdviceWanted are the questions that wait at the actor's agency, the earliest due
// first. It names the case by its number and nobody.
func (s *Service) AdviceWanted(ctx context.Context, actor policy.Actor) ([]Advice, error) {
	permit, err := s.guard.Act(ctx, actor, ActAdvise, overrideResource(actor.Agency, "", []string{}), true)
	if err != nil {
		return nil, err
	}
	var out []Advice
	var shown []audit.Subject
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := sharingdb.New(tx).AdviceWaiting(ctx, sharingdb.AdviceWaitingParams{AgencyID: actor.Agency, Account: actor.Account, Size: overridesMost})
		for _, row := range rows {
			tied := []string{}
			if row.Tied {
				tied = append(tied, actor.Account)
			}
			if !s.guard.Rules().Decide(actor, ActAdvise, overrideResource(actor.Agency, row.AskedBy, tied)).Allowed {
				continue
			}
			a := Advice{ID: AdviceID(row.ID), File: cases.ID(row.FileID), Number: row.Number, To: row.ToAgency, Due: row.DueOn, At: row.AskedAt, By: row.AskedBy}
			out, shown = append(out, a), append(shown, a.ID.Subject(), a.File.Subject())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, permit.Show(ctx, shown...)
}

// findAdvice reads what a question is judged by. To everybody else, one that is not
// there and one of another agency are the same.
func (s *Service) findAdvice(ctx context.Context, actor policy.Actor, id AdviceID) (a Advice, words [3][]byte, r policy.Resource, err error) {
	a, r = Advice{ID: id}, overrideResource("", "", []string{})
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := sharingdb.New(tx).AdviceByID(ctx, sharingdb.AdviceByIDParams{AgencyID: actor.Agency, ID: string(id)})
		if errors.Is(err, sql.ErrNoRows) || errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		tied, err := tiedTo(ctx, tx, actor.Agency, row.FileID)
		if err != nil {
			return err
		}
		r = overrideResource(row.AgencyID, row.AskedBy, tied)
		a = Advice{
			ID: id, File: cases.ID(row.FileID), Number: row.Number, person: people.ID(row.PersonID), To: row.ToAgency, Due: row.DueOn, At: row.AskedAt, By: row.AskedBy,
			Share: ID(row.ShareID), Says: Says(row.Says), Answered: row.AnsweredAt.Time,
		}
		words = [3][]byte{row.Question, row.Answer, row.Adviser}
		return nil
	})
	return a, words, r, err
}

// Advice opens a question for a key contact of the agency. To everybody else it is
// not there.
func (s *Service) Advice(ctx context.Context, actor policy.Actor, id AdviceID) (Advice, error) {
	a, words, resource, err := s.findAdvice(ctx, actor, id)
	if err != nil {
		return Advice{}, err
	}
	subjects := []audit.Subject{id.Subject()}
	if a.File != "" {
		subjects = append(subjects, a.File.Subject()) // the page names nobody
	}
	if _, err := s.guard.Open(ctx, actor, ActAdvise, resource, string(cases.Review), false, subjects...); err != nil {
		return Advice{}, err
	}
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return s.openAdvice(ctx, tx, actor.Agency, &a, words[0], words[1], words[2])
	})
	return a, err
}

// Advise answers a question, once, by name. Whoever asked finds a task, and the
// chronology says what was advised. It returns forms.Errors by the fields says and
// answer, and [store.ErrConflict] when somebody was first.
func (s *Service) Advise(ctx context.Context, actor policy.Actor, id AdviceID, says Says, answer string) error {
	a, _, resource, err := s.findAdvice(ctx, actor, id)
	if err != nil {
		return err
	}
	permit, err := s.guard.Act(ctx, actor, ActAdvise, resource, false, id.Subject())
	if err != nil {
		return err
	}
	if a.Says != "" {
		return store.ErrConflict
	}
	var errs forms.Errors
	if !known(Sayings(), says) {
		errs.Add("says", "Select what you advise")
	}
	switch answer = strings.TrimSpace(answer); {
	case answer == "":
		errs.Add("answer", "Enter why, for whoever asked")
	case utf8.RuneCountInString(answer) > questionMost-200:
		errs.Add("answer", "Shorten this to 3,800 characters or fewer")
	}
	if errs.Any() {
		return errs
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		words, err := s.db.Vault().Seal(ctx, tx, advicePlace(actor.Agency, id, "answer"), answer)
		if err != nil {
			return err
		}
		name, err := s.db.Vault().Seal(ctx, tx, advicePlace(actor.Agency, id, "adviser"), actor.Name)
		if err != nil {
			return err
		}
		err = store.Changed(sharingdb.New(tx).AnswerAdvice(ctx, sharingdb.AnswerAdviceParams{
			AgencyID: actor.Agency, ID: string(id), Says: string(says), Answer: words.Bytes(), Adviser: name.Bytes(), AnsweredAt: nullTime(tx.Now()), AnsweredBy: actor.Account,
		}))
		if err != nil {
			return err
		}
		err = cases.Deliver(ctx, tx, permit, cases.Address{Agency: actor.Agency, File: a.File},
			cases.Event{Kind: cases.AdviceGiven, Text: says.Label() + ": " + answer, Ref: string(id)}, &cases.NewTask{Kind: cases.ReadAdvice, Account: a.By})
		if err != nil {
			return err
		}
		return permit.Append(tx, ActAdvise, string(says), id.Subject(), a.File.Subject(), a.person.Subject())
	})
}
