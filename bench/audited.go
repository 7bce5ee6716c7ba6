package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

const auditedJob = "audited"

// shownCase is what a page reads of a case.
type shownCase struct {
	Person  people.Person
	Events  []cases.Event
	Parties []cases.Party
	Tasks   []cases.Task
}

// compareAudited measures the reading of a case whose entry is on the disk
// before the answer, beside the same reading whose entry is thrown away.
func (d *domain) compareAudited(ctx context.Context, o options) ([]comparison, error) {
	actor := policy.Actor{Account: "fictional-reader", Kind: policy.Human, Agency: "fictional-readers", Roles: []policy.Role{policy.Specialist}, Level: 3}
	id, err := d.longCase(ctx, actor, o.notes)
	if err != nil {
		return nil, fmt.Errorf("preparing the case: %w", err)
	}
	right, err := d.readCase(ctx, actor, id, o.notes, false)
	if err != nil {
		return nil, err
	}
	var out []comparison
	for _, clients := range []int{1, 16} {
		reading := func(audited bool) side {
			return func(ctx context.Context) (float64, error) {
				return d.reading(ctx, o, clients, audited, func() error {
					got, err := d.readCase(ctx, actor, id, o.notes, audited)
					if err == nil && !reflect.DeepEqual(got, right) {
						err = errors.New("the case is not what was read of it before")
					}
					return err
				})
			}
		}
		c := comparison{
			Name: auditedJob, Beside: "no entry", Clients: clients,
			Says: fmt.Sprintf("a case is opened under every rule, and the person, %d entries of the chronology, parties and tasks are read; its entry is durable before the answer. Beside it the same, and the entry is thrown away. No page is drawn.", len(right.Events)),
		}
		if err := c.run(ctx, o, reading(true), reading(false)); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// reading has clients read, and holds what the ledger has gained to it.
func (d *domain) reading(ctx context.Context, o options, clients int, audited bool, read func() error) (float64, error) {
	before, err := d.entries(ctx)
	if err != nil {
		return 0, err
	}
	var answered atomic.Int64
	rate, err := busy(ctx, clients, o.length, func(int) error {
		err := read()
		if err == nil && audited {
			answered.Add(1)
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	after, err := d.entries(ctx)
	if err == nil && after-before != answered.Load() {
		err = fmt.Errorf("%d readings were to be in the ledger and %d are", answered.Load(), after-before)
	}
	return rate, errors.Join(err, ctx.Err())
}

// longCase begins a case with a chronology.
func (d *domain) longCase(ctx context.Context, actor policy.Actor, notes int) (cases.ID, error) {
	err := d.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return d.db.Vault().CreateKey(ctx, tx, actor.Agency) })
	if err != nil {
		return "", err
	}
	f, err := d.cases.Begin(ctx, actor, cases.NewFile{
		Person: people.Details{GivenName: "Fictional", FamilyName: "Person"}, Kind: cases.Full, Origin: cases.OwnContact,
	})
	if err != nil {
		return "", err
	}
	return f.ID(), d.cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		for i := range notes {
			_, err := d.cases.Record(ctx, tx, f, cases.Event{
				Kind: cases.Note, On: tx.Now().Format(time.DateOnly), Text: fmt.Sprintf("Note %d. Rang to say that the appointment is moved, and asked how they are.", i+1),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// readCase reads a case as its page does. Only an audited reading is put into
// the ledger.
func (d *domain) readCase(ctx context.Context, actor policy.Actor, id cases.ID, notes int, audited bool) (shownCase, error) {
	ctx, look := d.guard.BeginLook(ctx, actor, cases.ActOpen, "")
	f, err := d.cases.Open(ctx, actor, id, cases.Care)
	if err != nil {
		return shownCase{}, err
	}
	var out shownCase
	err = d.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		var errs [4]error
		out.Person, errs[0] = d.people.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		out.Events, errs[1] = d.cases.Chronology(ctx, tx, f, "", notes)
		out.Parties, errs[2] = d.cases.Parties(ctx, tx, f)
		out.Tasks, errs[3] = d.cases.Tasks(ctx, tx, f)
		return errors.Join(errs[:]...)
	})
	if err != nil || !audited {
		return out, err
	}
	return out, look.Commit(ctx)
}
