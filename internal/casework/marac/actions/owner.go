package actions

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/actions/actionsdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// Cursor is where a page of a list ended.
type Cursor struct {
	Due string // YYYY-MM-DD
	ID  ID
}

// After is the cursor behind an action.
func After(a Action) Cursor { return Cursor{Due: a.Due, ID: a.ID} }

// Mine is a page of what the actor's agency took on, as far as it is for them.
type Mine struct {
	List  []Action
	More  bool
	Next  Cursor // where the next page begins, when there is more
	Today string
}

// SizeMost bounds a page.
const SizeMost = 100

// Mine lists what is open, what is due first, or what was answered, the latest first.
// What somebody is tied to is left out. It costs the same few statements however long
// the list is.
func (s *Service) Mine(ctx context.Context, actor policy.Actor, answered bool, after Cursor, size int) (out Mine, err error) {
	size = min(max(size, 1), SizeMost)
	r := policy.Resource{Type: "Caseload", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}
	permit, err := s.guard.Open(ctx, actor, ActOwn, r, string(cases.Sharing), true)
	if err != nil {
		return out, err
	}
	err = s.db().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		out.Today = s.today(tx)
		rows, err := s.owned(ctx, tx, actor, answered, after, out.Today, int32(size)+1) //nolint:gosec // it is bounded
		if err != nil {
			return err
		}
		if len(rows) > size {
			rows, out.More = rows[:size], true
			out.Next = Cursor{Due: rows[size-1].DueOn, ID: ID(rows[size-1].ID)}
		}
		rows, err = s.withoutTies(ctx, tx, actor, rows)
		if err != nil {
			return err
		}
		for _, r := range rows {
			a, err := asAction(ctx, tx, r)
			if err != nil {
				return err
			}
			out.List = append(out.List, a)
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	return out, permit.Show(ctx, subjectsOf(out.List)...)
}

func subjectsOf(list []Action) []audit.Subject {
	var out []audit.Subject
	for _, a := range list {
		out = append(out, a.ID.Subject(), a.Case.Subject())
	}
	return out
}

func (s *Service) owned(ctx context.Context, tx *store.Tx, actor policy.Actor, answered bool, after Cursor, today string, size int32) ([]actionsdb.MaracAction, error) {
	q := actionsdb.New(tx)
	if !answered {
		return q.Owned(ctx, actionsdb.OwnedParams{
			AgencyID: actor.Agency, AccountID: actor.Account, Manages: actor.Has(policy.Manager), Today: today, AfterDue: after.Due, AfterID: string(after.ID), Size: size,
		})
	}
	if after.Due == "" {
		after.Due = "9999-12-31"
	}
	return q.OwnedAnswered(ctx, actionsdb.OwnedAnsweredParams{AgencyID: actor.Agency, AccountID: actor.Account, Today: today, BeforeDue: after.Due, BeforeID: string(after.ID), Size: size})
}

// withoutTies leaves out what the actor is tied to.
func (s *Service) withoutTies(ctx context.Context, tx *store.Tx, actor policy.Actor, rows []actionsdb.MaracAction) ([]actionsdb.MaracAction, error) {
	ties, err := s.cases.TiedWorkers(ctx, tx, []cases.Worker{{Agency: actor.Agency, Account: actor.Account}})
	if err != nil || !ties.Any() {
		return rows, err
	}
	ids := map[string][]marac.CaseID{}
	for _, r := range rows {
		ids[r.MaracID] = append(ids[r.MaracID], marac.CaseID(r.CaseID))
	}
	left := rows
	for agency, of := range ids {
		tied, err := s.marac.TiedTx(ctx, tx, ties, actor.Account, agency, of)
		if err != nil {
			return nil, err
		}
		left = slices.DeleteFunc(slices.Clone(left), func(r actionsdb.MaracAction) bool { return r.MaracID == agency && tied[marac.CaseID(r.CaseID)] })
	}
	return left, nil
}

// Give gives an action to somebody of the agency that took it on; to nobody with an
// empty account. They see it, and no pack. It returns [forms.Errors] for somebody who
// works elsewhere or is tied to the case.
func (s *Service) Give(ctx context.Context, actor policy.Actor, id ID, version int64, account, name string) error {
	return s.act(ctx, actor, ActGive, id, "", func(ctx context.Context, tx *store.Tx, _ audit.Permit, a Action) error {
		if a.State != Open {
			return ErrClosed
		}
		if account != "" {
			wrong := forms.Errors{{Field: "account", Message: "Select somebody who works at your agency. Whoever is tied to the case cannot be given it"}}
			works, err := directory.AgencyOf(ctx, tx, account)
			if errors.Is(err, store.ErrNotFound) || err == nil && string(works) != a.Owner {
				return wrong
			}
			if err != nil {
				return err
			}
			ties, err := s.cases.TiedWorkers(ctx, tx, []cases.Worker{{Agency: a.Owner, Account: account}})
			if err != nil {
				return err
			}
			tied, err := s.marac.TiedTx(ctx, tx, ties, account, a.Marac, []marac.CaseID{a.Case})
			if err != nil {
				return err
			}
			if tied[a.Case] {
				return wrong
			}
		}
		n, err := actionsdb.New(tx).SetAccount(ctx, actionsdb.SetAccountParams{ID: string(id), Version: version, AccountID: account, RecordedAt: tx.Now(), RecordedBy: actor.Account})
		if err := changed(a, n, err); err != nil {
			return err
		}
		return s.step(ctx, tx, a, Given, actor, StepWords{To: name})
	})
}

// Answer is what became of an action. Its faults are those of state, text, on,
// teller, safely and back.
type Answer struct {
	State State
	Text  string // the evidence, or the reason
	// When the person was told.
	On     string // YYYY-MM-DD
	Teller string
	Safely Safely
	Back   string
	// Own is a file of the owner about the same person, into whose chronology it goes.
	Own *cases.File
}

func (n Answer) check(kind Kind, today string) forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Answers(), n.State) {
		errs.Add("state", "Select what became of it")
	}
	text := strings.TrimSpace(n.Text)
	switch {
	case len(text) > answerMost:
		errs.Add("text", "Say it in up to 5,000 characters")
	case text == "" && n.State == Done && kind == Plain:
		errs.Add("text", "Enter what was done, and how that can be seen")
	case text == "" && n.State != Done:
		errs.Add("text", "Enter why")
	}
	if kind != Feedback || n.State != Done {
		return errs
	}
	if _, err := time.Parse(time.DateOnly, n.On); err != nil || n.On > today {
		errs.Add("on", "Enter the day on which they were told, such as 27 3 2027")
	}
	if t := strings.TrimSpace(n.Teller); t == "" || len(t) > 200 {
		errs.Add("teller", "Enter who told them")
	}
	if !slices.Contains([]Safely{Alone, CheckedIt}, n.Safely) {
		errs.Add("safely", "Select how they were told safely. If it could not be done safely, they were not told: select that it was not done")
	}
	if len(n.Back) > answerMost {
		errs.Add("back", "Say it in up to 5,000 characters")
	}
	return errs
}

// Answer records what became of an action, by name and time. An answer can be
// corrected by another one: both stay to be seen.
func (s *Service) Answer(ctx context.Context, actor policy.Actor, id ID, version int64, n Answer) error {
	return s.act(ctx, actor, ActAnswer, id, string(n.State), func(ctx context.Context, tx *store.Tx, _ audit.Permit, a Action) error {
		today := s.today(tx)
		if err := n.check(a.Kind, today).Err(); err != nil {
			return err
		}
		rows, err := actionsdb.New(tx).SetAnswer(ctx, actionsdb.SetAnswerParams{ID: string(id), Version: version, State: string(n.State), AnsweredOn: today, RecordedAt: tx.Now(), RecordedBy: actor.Account})
		if err := changed(a, rows, err); err != nil {
			return err
		}
		w := StepWords{Text: strings.TrimSpace(n.Text)}
		if a.Kind == Feedback && n.State == Done {
			w.On, w.Teller, w.Safely, w.Back = n.On, strings.TrimSpace(n.Teller), n.Safely, strings.TrimSpace(n.Back)
		}
		if err := s.step(ctx, tx, a, StepKind(n.State), actor, w); err != nil {
			return err
		}
		return s.link(ctx, tx, a, n)
	})
}

// link writes what was done into the chronology of the owner's own file.
func (s *Service) link(ctx context.Context, tx *store.Tx, a Action, n Answer) error {
	if n.Own == nil {
		return nil
	}
	if !n.Own.Permit().Valid() || n.Own.Agency() != a.Owner {
		return audit.ErrNoPermit
	}
	e := cases.Event{Kind: cases.MARACAction, On: tx.Now().In(s.zone).Format(time.DateOnly), Text: n.State.Label() + ": " + a.Words.What + "\n" + strings.TrimSpace(n.Text), Ref: string(a.ID)}
	if _, err := s.cases.Record(ctx, tx, n.Own, e); err != nil {
		return err
	}
	return n.Own.Permit().Append(tx, ActAnswer, "linked", n.Own.ID().Subject(), n.Own.Person().Subject())
}

// Change changes what an action is, and until when: coordinators do. What it was stays
// to be seen among its steps.
func (s *Service) Change(ctx context.Context, actor policy.Actor, id ID, version int64, n NewAction, why string) error {
	return s.act(ctx, actor, ActChange, id, "", func(ctx context.Context, tx *store.Tx, permit audit.Permit, a Action) error {
		if a.State != Open {
			return ErrClosed
		}
		owners, err := s.ownersTx(ctx, tx, a.Marac)
		if err != nil {
			return err
		}
		_, g, err := s.marac.KeptTx(ctx, tx, permit, a.Marac, a.Case)
		if err != nil {
			return err
		}
		n.Owner, n.About = a.Owner, ""
		if !slices.ContainsFunc(owners, func(o Owner) bool { return o.Agency == a.Owner }) {
			owners = append(owners, Owner{Agency: a.Owner}) // it sat there when it took it on
		}
		today := s.today(tx)
		if n.Due == a.Due && n.Due < today {
			today = n.Due // what was due before stays as it was
		}
		errs := n.check(today, owners, nil, g)
		if strings.TrimSpace(why) == "" || len(why) > whatMost {
			errs.Add("why", "Enter why it is changed")
		}
		if err := errs.Err(); err != nil {
			return err
		}
		was := a.Words.What + " (" + a.Target.Label() + ", by " + a.Due + ")"
		a.Words.What, a.Words.Tell, a.Target, a.Due = strings.TrimSpace(n.What), strings.TrimSpace(n.Tell), n.Target, n.Due
		if a.managerOn, a.coordinatorOn, err = clock(a.Due); err != nil {
			return err
		}
		var rows int64
		for _, agency := range copies(a) {
			words, err := tx.Vault().SealJSON(ctx, tx, actionPlace(agency, a.ID), a.Words)
			if err != nil {
				return err
			}
			n, err := actionsdb.New(tx).SetAction(ctx, actionsdb.SetActionParams{
				ID: string(id), AgencyID: agency, Version: version, Target: string(a.Target), DueOn: a.Due, ManagerOn: a.managerOn, CoordinatorOn: a.coordinatorOn, WordsSealed: words.Bytes(),
				RecordedAt: tx.Now(), RecordedBy: actor.Account,
			})
			if err != nil {
				return err
			}
			rows += n
		}
		if err := changed(a, rows, nil); err != nil {
			return err
		}
		return s.step(ctx, tx, a, Changed, actor, StepWords{Text: strings.TrimSpace(why) + "\nBefore: " + was})
	})
}

// Chase asks the owner after an action: it stands on their list.
func (s *Service) Chase(ctx context.Context, actor policy.Actor, id ID, words string) error {
	return s.act(ctx, actor, ActChange, id, "chase", func(ctx context.Context, tx *store.Tx, _ audit.Permit, a Action) error {
		words = strings.TrimSpace(words)
		if words == "" || len(words) > whatMost {
			return forms.Errors{{Field: "words", Message: "Enter what you ask, in up to 2,000 characters"}}
		}
		if a.State != Open {
			return ErrClosed
		}
		return s.step(ctx, tx, a, Chased, actor, StepWords{Text: words})
	})
}
